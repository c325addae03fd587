"""Tests: every test and every other comparison of the report in one table that can be filtered."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from survey.document import Column, Key, Sheet, Table
from survey.instrument import Question
from survey.report.survey.changes_since import change_tests
from survey.report.survey.context import SurveyContext
from survey.report.survey.explained import need_tables
from survey.report.survey.kind_tests import compared, compared_rankings, kind_frames
from survey.report.survey.nonresponse import sensitivity_tables
from survey.report.survey.similar import equivalence_columns, equivalence_notes, verdict_text
from survey.report.survey.weighted import pooled_bases, weighted_columns
from survey.statistics.group_members import group_label
from survey.statistics.hypotheses import holm

# What a row shows, by the kind of its result: its value and limits, p and adjusted p, statistic.
_MEASURES: dict[str, tuple[str, ...]] = {
    "value": ("difference", "effect", "rank", "phi", "proportion"),
    "ci_low": ("difference_low", "marginal_low", "ci_low"),
    "ci_high": ("difference_high", "marginal_high", "ci_high"),
}

_COEFFICIENTS = (
    "cronbach_alpha",
    "mcdonald_omega",
    "cronbach_alpha_keyed",
    "mcdonald_omega_keyed",
    "item_rest",
)


def sheets(context: SurveyContext) -> list[Sheet]:
    """One row per test: what, compared with what, the difference with its interval, p and p adjusted."""
    frames = [frame for frame in _frames(context) if len(frame)]
    if not frames:
        return []
    table = pd.concat(frames, ignore_index=True)
    alpha = 1 - context.confidence
    table["reliable"] = [context.say("word_yes") if p < alpha else "" for p in table["p_adjusted"]]
    level = context.percent_level
    value = context.column("value", "number", measures=_MEASURES["value"])
    table["value_key"] = _value_keys(context.table("tests", "", "", table, [value], "test"), value)
    columns = [
        context.column("test_label", heading=context.say("col_test")),
        context.column("question_label", heading=context.say("col_question")),
        context.column("what", heading=context.say("col_what")),
        context.column("against", heading=context.say("col_compared_with")),
        context.column("base", "count", context.say("col_sample"), measures=()),
        *weighted_columns(context, measures=()),
        context.column("value_label", heading=context.say("col_measure")),
        replace(value, keys="value_key"),
        *(
            context.column(end, "number", context.say(f"col_{end}", level=level), measures=_MEASURES[end])
            for end in ("ci_low", "ci_high")
        ),
        context.column("p_value", "p"),
        context.column("p_adjusted", "p"),
        context.column("reliable"),
        *equivalence_columns(context),
        context.column("statistic", "number"),
        context.column("df", "value"),
        context.column("note"),
    ]
    if context.minimum:
        columns = [column for column in columns if column.key not in ("statistic", "df")]
    names = ["reliable"] if context.minimum else _notes(context)
    if context.equivalent_within is not None:
        table["verdict_label"] = [verdict_text(context, verdict) for verdict in table["verdict"]]
    beside = sensitivity_tables(context)
    sections = [*need_tables(context), *beside]
    names += ["models"] if sections else []
    names += ["sensitivity"] if beside else []
    values = {"level": level, "minimum": context.min_base, "alpha": f"{100 * alpha:.3g}%"}
    return [
        Sheet(
            context.say("sheet_tests"),
            context.say("tests_title"),
            subtitle=context.say("tests_subtitle", alpha=f"{100 * alpha:.3g}%"),
            tables=(
                context.table("tests", context.say("tests_title"), "", table, columns, "test"),
                *sections,
            ),
            footnotes=context.footnotes(*names, **values) + equivalence_notes(context),
            appendix=True,
        )
    ]


def _value_keys(tests: Table, value: Column) -> list[Key | None]:
    """What identifies the value of each row: that of a coefficient is kept as `statistic`."""
    rows = zip(tests.keys(value), tests.data.get("test", [""] * len(tests.data)), strict=True)
    return [replace(key, measure="statistic") if key and test in _COEFFICIENTS else key for key, test in rows]


def _notes(context: SurveyContext) -> list[str]:
    names = ["reliable", *(["weighted_tests"] if context.by_weight else [])]
    if context.banners:
        names += [
            f"fisher{context.by_weight}",
            *(["group_ratings"] if context.batteries else []),
            "association",
        ]
        names += ["columns_tests"] if context.compare == "columns" else []
        kinds = {(banner.kind, stub.kind) for banner in context.banners for stub in context.stubs(banner)}
        names += ["association_single"] if ("single", "single") in kinds else []
        names += ["group_numbers"] if context.of_kind("number") else []
        names += ["group_kinds"] if any(compared(context, banner) for banner in context.banners) else []
    names += ["item_tests", "reliability"] if context.batteries else []
    names += ["rank_sets"] if context.ranked else []
    return [*names, *(["together"] if context.asked_of_kind("multiple") else [])]


def _frames(context: SurveyContext) -> Iterator[pd.DataFrame]:
    """The rows by kind: groups, items, whole questions, ranks, options ticked together."""
    for banner in context.banners:
        for stub in context.crossed(banner):
            yield _group_rows(context, stub, banner)
    if context.minimum:
        return
    for banner in context.banners:
        yield from _banner_frames(context, banner)
    for asked, rows in change_tests(context):
        yield _row_frame(context, rows, asked)
    for battery in context.batteries:
        yield _item_rows(context, battery, context.items(battery))
        yield _item_rows(context, battery, context.rating_pairs(battery))
        yield _item_rows(context, battery, context.reliability(battery))
    for question in context.ranked:
        yield _rank_rows(context, question)
    for question in context.asked_of_kind("multiple"):
        yield from _together_rows(context, question)


def _banner_frames(context: SurveyContext, banner: Question) -> Iterator[pd.DataFrame]:
    """The rows of the groups of a banner, but for each against all others."""
    for stub in context.stubs(banner):
        if context.compare == "columns":
            yield _column_rows(context, stub, banner)
        if stub.kind == "rating":
            yield _rating_rows(context, stub, banner)
    yield from _association_rows(context, banner)
    for question in context.of_kind_by("number", banner):
        yield _number_rows(context, question, banner, context.group_numbers(question, banner))
    for question in compared_rankings(context, banner):
        yield _group_rows(context, question, banner)
        if context.compare == "columns":
            yield _column_rows(context, question, banner)
    for question in compared(context, banner):
        for table in kind_frames(context, question, banner):
            yield _number_rows(context, question, banner, table)


def _row_frame(
    context: SurveyContext, frame: pd.DataFrame, question: Question, **fields: Any
) -> pd.DataFrame:
    """A frame of results as rows of the table: its ids stay, what is shown is added."""
    blank = float("nan")
    defaults: dict[str, Any] = {"p_value": blank, "p_adjusted": blank, "statistic": blank, "df": blank}
    defaults |= {"ci_low": blank, "ci_high": blank, "note": ""}
    missing = {name: value for name, value in defaults.items() if name not in frame and name not in fields}
    return frame.assign(question_label=question.named(context.lang), **missing, **fields)


def _group_rows(context: SurveyContext, stub: Question, banner: Question) -> pd.DataFrame:
    """Each group against all others, by the shares."""
    table = context.crosstab(stub, banner)
    bases = table["base"].astype(float) + table["complement_base"].astype(float)
    return _row_frame(
        context,
        table,
        stub,
        result="crosstab",
        what=table["stub_label"],
        against=[
            context.say("group_against_others", group=_group(context, banner, code))
            for code in table["banner_code"]
        ],
        test_label=[context.say(f"test_{name or 'fisher_exact'}") for name in table["method"]],
        value_label=context.say("effect_difference"),
        base=bases,
        **pooled_bases(table, "complement_"),
        value=table["difference"].astype(float),
        ci_low=table["difference_low"].astype(float),
        ci_high=table["difference_high"].astype(float),
    )


def _group(context: SurveyContext, banner: Question, code: str) -> str:
    return group_label(banner.part(code), context.only, context.lang)


def _column_rows(context: SurveyContext, stub: Question, banner: Question) -> pd.DataFrame:
    """Every two groups against each other."""
    table = context.columns(stub, banner)
    groups = [
        context.say("group_against_group", group=row.banner_label, other=row.other_label)
        for row in table.itertuples()
    ]
    methods = {name: context.say(f"test_{name}") for name in set(table["method"]) if name}
    return _row_frame(
        context,
        table,
        stub,
        result="columns",
        what=table["stub_label"],
        against=groups,
        test_label=[methods.get(name, context.say("test_z_overlap")) for name in table["method"]],
        value_label=context.say("effect_difference"),
        base=table["base"] + table["other_base"] - table["overlap"],
        **pooled_bases(table, "other_", apart=table["overlap"] == 0),
        value=table["difference"].astype(float),
    )


def _rating_rows(context: SurveyContext, battery: Question, banner: Question) -> pd.DataFrame:
    """The ratings of each group against all others, over all points."""
    table = context.group_ratings(battery, banner)
    return _row_frame(
        context,
        table,
        battery,
        result="test",
        what=[battery.part(item).said(context.lang) for item in table["item"]],
        against=[
            context.say("group_against_others", group=_group(context, banner, group))
            for group in table["group"]
        ],
        test_label=[context.say(f"test_{name}") for name in table["test"]],
        value_label=[context.say(f"effect_{name}") if name else "" for name in table["effect_name"]],
        value=table["effect"].astype(float),
    )


def _number_rows(
    context: SurveyContext, question: Question, banner: Question, table: pd.DataFrame
) -> pd.DataFrame:
    """What has a mean in the groups of a banner: means and ranks."""
    against = []
    for row in table.itertuples():
        group, other = (code and _group(context, banner, code) for code in (row.group, row.other_group))
        if other:
            against.append(context.say("group_against_group", group=group, other=other))
        else:
            against.append(
                context.say("group_against_others", group=group) if group else context.say("all_groups")
            )
    return _row_frame(
        context,
        table,
        question,
        result="test",
        what=[
            question.part(item).said(context.lang) if item else question.named(context.lang)
            for item in table["item"]
        ],
        against=against,
        test_label=[context.say(f"number_test_{name}") for name in table["test"]],
        value_label=[context.say(f"effect_{name}") if name else "" for name in table["effect_name"]],
        value=table["effect"].astype(float),
    )


def _item_rows(context: SurveyContext, battery: Question, table: pd.DataFrame) -> pd.DataFrame:
    """Tests of a battery: items against each other, all items, reliability."""
    what, against = [], []
    for row in table.itertuples():
        what.append(battery.part(row.item).said(context.lang) if row.item else context.say("all_items"))
        other = battery.part(row.other_item).said(context.lang) if row.other_item else ""
        against.append(context.say("item_rest") if row.test == "item_rest" else other)
    frame = _row_frame(
        context,
        table,
        battery,
        result="test",
        what=what,
        against=against,
        test_label=[context.say(f"test_{name}") for name in table["test"]],
        value_label=[context.say(f"effect_{name}") if name else "" for name in table["effect_name"]],
        value=table["effect"].astype(float),
    )
    coefficients = frame["test"].isin(_COEFFICIENTS)  # they are no statistic of a test: shown as values
    frame.loc[coefficients, "value"] = frame.loc[coefficients, "statistic"].astype(float)
    frame.loc[coefficients, "value_label"] = context.say("effect_coefficient")
    frame.loc[coefficients, "statistic"] = float("nan")
    return frame


def associated(context: SurveyContext, banner: Question) -> list[Question]:
    """The questions whose association with a banner is tested."""
    return context.stubs(banner)


def association_tests(context: SurveyContext, banner: Question) -> list[tuple[Question, pd.DataFrame]]:
    """The tests of each question with a banner; Holm's adjustment is of the one that is reported."""
    stubs = associated(context, banner)
    whole = [context.association(stub, banner) for stub in stubs]
    adjusted = holm([association.p_value for association in whole])
    by_stub = []
    for stub, association, p_adjusted in zip(stubs, whole, adjusted, strict=True):
        tests = association.tests.copy()
        tests["p_adjusted"] = [
            p_adjusted if name == association.reported else float("nan") for name in tests["method"]
        ]
        by_stub.append((stub, tests.assign(question=stub.id, banner=banner.id, base=association.base)))
    return by_stub


def _association_rows(context: SurveyContext, banner: Question) -> Iterator[pd.DataFrame]:
    """Whether a question goes together with the banner as a whole."""
    for stub, table in association_tests(context, banner):
        yield _row_frame(
            context,
            table,
            stub,
            result="association_test",
            what=context.say("whole_question", question=stub.named(context.lang)),
            against=context.say("whole_question", question=banner.named(context.lang)),
            test_label=[context.say(f"association_test_{name}") for name in table["method"]],
            value_label=[context.say(f"effect_{name}") if name else "" for name in table["effect_name"]],
            value=table["effect"].astype(float),
        )


def _rank_rows(context: SurveyContext, question: Question) -> pd.DataFrame:
    """The rank of each item, and the ranks it may truly have."""
    table = context.ranks(question)
    return _row_frame(
        context,
        table,
        question,
        result="rank_set",
        what=table["label"],
        against=context.say("all_items"),
        test_label=context.say("test_rank_set"),
        value_label=context.say("col_rank"),
        value=table["rank"].astype(float),
        ci_low=table["marginal_low"].astype(float),
        ci_high=table["marginal_high"].astype(float),
    )


def _together_rows(context: SurveyContext, question: Question) -> Iterator[pd.DataFrame]:
    """Options ticked together; of a banner, the share of each group that is in another one too."""
    if len(question.groups) > 1:
        table = context.together(question)
        yield _row_frame(
            context,
            table[table["base"] > 0],
            question,
            result="cooccurrence",
            what=table.loc[table["base"] > 0, "label"],
            against=table.loc[table["base"] > 0, "other_label"],
            test_label=context.say("test_together"),
            value_label=context.say("effect_phi"),
            value=table.loc[table["base"] > 0, "phi"].astype(float),
        )
    if question.id in {banner.id for banner in context.banners}:
        table = context.overlaps(question)
        table = table[(table["code"] != table["other_code"]) & (table["base"] > 0)]
        yield _row_frame(
            context,
            table,
            question,
            result="overlap",
            what=table["label"],
            against=table["other_label"],
            test_label=context.say("test_overlap"),
            value_label=context.say("effect_overlap"),
            value=table["proportion"].astype(float),
        )
