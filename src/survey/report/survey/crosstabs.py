"""One sheet for each question by the banner, and all tests in one table."""

from typing import Any

import pandas as pd

from survey.document import Column, Form, Picture, Sheet
from survey.instrument import Question
from survey.report.context import once
from survey.report.survey.context import HIDDEN, LOW, SurveyContext, covered
from survey.statistics import compare_group_ratings
from survey.statistics.column_comparisons import column_letters
from survey.statistics.crosstabs import group_label
from survey.tables import has_reason


def crossed(context: SurveyContext) -> list[Sheet]:
    """`Needs by model` and its like: total first, then the groups, each against the rest."""
    return [_cross_sheet(context, stub) for stub in context.crossed]


def _cross_sheet(context: SurveyContext, stub: Question) -> Sheet:
    assert context.banner is not None
    noun, short = context.banner.group_noun(context.lang), stub.named(context.lang)
    wide, columns = _cross_columns(context, stub)
    table = pd.DataFrame(wide)
    for part in ("total", *(group.id for group in context.banner.groups)):
        own = [column.key for column in columns if column.part == part and column.form != "text"]
        table = covered(table, f"{part}_n", own)
    name = f"crosstab_{stub.id}_{context.banner.id}"
    title = context.say("cross_title", stub=short, noun=noun)
    base_text = context.say("cross_base", base=context.base_text(stub), noun=noun)
    base_text = context.sentences(base_text, context.only_text)
    return Sheet(
        context.say("sheet_cross", short=short, noun=noun),
        title,
        question=stub.said(context.lang),
        base_text=base_text,
        tables=(context.table(name, title, base_text, table, columns, "crosstab"),),
        notes=(*_cross_notes(context, stub), *context.hidden_note()),
        pictures=(heatmap_picture(context, stub),) if stub.kind != "single" else (),
    )


def _cross_columns(context: SurveyContext, stub: Question) -> tuple[dict[str, list[Any]], list[Column]]:
    """A cross-tab side by side: a row per row of the stub, the total first, then each group."""
    assert context.banner is not None
    banner = context.banner
    noun = banner.group_noun(context.lang)
    wide, columns = _total_columns(context, stub)
    rows = [{**row, "against": _against(context, row)} for row in context.crosstab(stub).to_dict("records")]
    letters = column_letters(list(banner.groups)) if context.compare == "columns" else {}
    for group in banner.groups:
        cells = [row for row in rows if row["banner_code"] == group.id]
        group_text = group_label(group, context.only, context.lang)
        if letters:
            group_text = context.say("group_letter", group=group_text, letter=letters[group.id])
        head = context.say("banner_head", banner=_capital(noun.by), group=group_text)
        ids = {"banner": banner.id, "banner_code": group.id}
        for key, form, measure in _CELL_COLUMNS:
            wide[f"{group.id}_{key}"] = [cell[key] for cell in cells]
            column_text = context.say(f"col_{key}", level=context.percent_level)
            heading = context.say("banner_column", head=head, column=column_text)
            name = f"{group.id}_{key}"
            columns.append(Column(name, heading, form, group.id, ids=ids, measures=(measure,)))
        if letters:
            wide[f"{group.id}_letters"] = _letters(context, stub, group.id)
            heading = context.say("banner_column", head=head, column=context.say("col_letters"))
            name, ids = f"{group.id}_letters", {**ids, "other_code": ""}
            columns.append(
                Column(name, heading, part=group.id, result="columns", ids=ids, measures=("letter",))
            )
    return wide, columns


def _total_columns(context: SurveyContext, stub: Question) -> tuple[dict[str, list[Any]], list[Column]]:
    """What a row of the stub is, and its count, base and share among all respondents."""
    total = _total(context, stub)
    codes, is_rating = list(total), stub.kind == "rating"
    size = len(codes)
    wide: dict[str, list[Any]] = {
        "stub": [stub.id] * size,
        "stub_code": codes,
        "stub_label": [part.said(context.lang) for part in stub.parts],
        "question": [stub.id] * size,
        "item": codes if is_rating else [""] * size,
        "code": codes,
        "total_n": [n for n, _ in total.values()],
        "total_base": [base for _, base in total.values()],
        "total_share": [n / base if n is not None and base else None for n, base in total.values()],
    }
    forms: tuple[tuple[str, Form, str], ...] = (
        ("n", "count", "n_top" if is_rating else "n"),
        ("base", "count", "base"),
        ("share", "share", "proportion"),
    )
    kind = "importance" if is_rating else "frequency"
    columns = [
        context.column(f"total_{key}", form, part="total", result=kind, measures=(measure,))
        for key, form, measure in forms
    ]
    return wide, [Column("stub_label", stub.named(context.lang)), *columns]


def _cross_notes(context: SurveyContext, stub: Question) -> list[str]:
    """What stands below a cross-tab: what is compared, how it was tested, what the marks mean."""
    assert context.banner is not None
    banner = context.banner
    noun = banner.group_noun(context.lang)
    letters = context.compare == "columns"
    tests = int(context.crosstab(stub)["p_value"].notna().sum())
    notes = [
        context.say("note_complement", noun=noun),
        context.say("note_fisher", tests=tests, alpha=f"{1 - context.confidence:g}"),
        context.say("note_low", minimum=context.min_base),
        context.say("note_interval", level=context.percent_level),
        context.say("note_not_cause", noun=noun),
    ]
    if banner.kind == "multiple":
        key = "note_groups_overlap_letters" if letters else "note_groups_overlap"
        notes.insert(0, context.say(key, noun=noun))
    if letters:
        tests = int(context.columns(stub)["p_value"].notna().sum())
        notes.insert(1, context.say("note_letters", tests=tests, alpha=f"{1 - context.confidence:.3g}"))
    if stub.kind == "rating":
        scale = context.instrument.scale_of(stub)
        top = [point.numbered(context.lang) for point in scale.top_points]
        notes.insert(0, context.say("note_top_box", points=" / ".join(top)))
    return notes


def _letters(context: SurveyContext, stub: Question, group: str) -> list[str]:
    """For every row of the stub the letters of the groups that this one exceeds."""
    table = context.columns(stub)
    higher = table["banner_code"].where(table["difference"] > 0, table["other_code"])
    own = table[(table["letter"] != "") & (higher == group)]
    return [" ".join(own.loc[own["stub_code"] == part.id, "letter"]) for part in stub.parts]


# The columns of a group: each with its form, and what it shows or tells of.
_CELL_COLUMNS: tuple[tuple[str, Form, str], ...] = (
    ("n", "count", "n"),
    ("base", "count", "base"),
    ("proportion", "share", "proportion"),
    ("ci_low", "share", "ci_low"),
    ("ci_high", "share", "ci_high"),
    ("against", "text", "proportion"),
)


def _capital(noun: str) -> str:
    return noun[:1].upper() + noun[1:]


def _against(context: SurveyContext, row: Any) -> str:
    """Say how a cell stands to its complement: higher or lower only where it survives adjustment."""
    if has_reason(row["reason"], "suppressed"):
        return HIDDEN
    if has_reason(row["reason"], "small_base"):
        return LOW
    if row["p_adjusted"] < 1 - context.confidence:
        return context.say("against_higher" if row["difference"] > 0 else "against_lower")
    return context.say("against_same" if row["method"] else "against_untested")


def _total(context: SurveyContext, stub: Question) -> dict[str, tuple[int | None, int | None]]:
    """Count and base of every row of the stub over all respondents; None where it is hidden."""
    key, count, parts = ("code", "n", stub.parts) if stub.kind != "rating" else ("item", "n_top", stub.items)
    table = (context.importance(stub) if stub.kind == "rating" else context.frequencies(stub)).set_index(key)
    return {part.id: (_whole(table[count][part.id]), _whole(table["base"][part.id])) for part in parts}


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


@once
def heatmap_picture(context: SurveyContext, stub: Question) -> Picture:
    """Shares of every group, with the bases in the headings."""
    assert context.banner is not None
    table = context.crosstab(stub)
    noun, short = context.banner.group_noun(context.lang), stub.named(context.lang)
    filled = table[(table["base"] >= max(1, context.min_base)) & table["n"].notna()]
    alt = context.say("alt_empty", question=short)
    if len(table) and not len(filled) and table["base"].any():
        alt = context.say("alt_low", stub=short, noun=noun, minimum=context.min_base)
    if len(filled):
        row = filled.loc[filled["proportion"].idxmax()]
        alt = context.say(
            "alt_heatmap",
            stub=short,
            noun=noun,
            label=row["stub_label"],
            group=row["banner_label"],
            share=context.share(int(row["n"]), int(row["base"])),
        )
    hidden = any(has_reason(reason, "suppressed") for reason in table["reason"])
    if hidden:  # the highest may be a hidden one
        alt = context.say("alt_heatmap_hidden", stub=short, noun=noun)
    alt = context.sentences(alt, context.only_text)
    words = context.picture_words(stub, "all", "share")
    if hidden:
        words["base"] = context.sentences(words.get("base", ""), *context.hidden_note())
    details = {"total": _total(context, stub), "min_base": context.min_base}
    title = context.say("picture_heatmap", stub=short, noun=noun)
    return Picture(f"heatmap_{stub.id}", "heatmap", table, alt, title, words, details)


_TEST_NOTES = (
    "note_item_tests",
    "note_rating_pairs",
    "note_group_tests",
    "note_group_ratings",
    "note_effects",
    "note_alpha",
    "note_omega",
)


def comparisons(context: SurveyContext) -> list[Sheet]:
    """Every test of the report in one table: items against items, groups against the rest, reliability."""
    frames = []
    for battery in context.batteries:
        frames += [_named_items(context, battery, context.items(battery))]
        frames += [_named_items(context, battery, context.rating_pairs(battery))]
        frames += [_named_items(context, battery, context.reliability(battery))]
    if context.banner is not None:
        frames += [_group_tests(context, stub) for stub in context.stubs]
        frames += [_group_ratings(context, stub) for stub in context.stubs if stub.kind == "rating"]
    if not frames:
        return []
    table = pd.concat([frame for frame in frames if len(frame)], ignore_index=True)
    level = context.percent_level
    low, high = (context.say(f"col_limit_{end}", level=level) for end in ("low", "high"))
    columns = [
        context.column("what"),
        context.column("against", heading=context.say("col_compared_with")),
        context.column("question_label", heading=context.say("col_question")),
        context.column("test_label", heading=context.say("col_test")),
        context.column("base", "count", measures=()),  # of a group and the rest: both bases together
        context.column("statistic", "number"),
        context.column("df", "count"),
        context.column("p_value", "p"),
        context.column("p_adjusted", "p"),
        context.column("effect_label", heading=context.say("col_effect_name")),
        context.column("effect", "number", measures=("difference", "effect")),
        context.column("ci_low", "number", low, measures=("difference_low", "ci_low")),
        context.column("ci_high", "number", high, measures=("difference_high", "ci_high")),
        context.column("note"),
    ]
    title = context.say("comparisons_title")
    base_text = context.sentences(context.say("comparisons_base"), context.only_text)
    return [
        Sheet(
            context.say("sheet_comparisons"),
            title,
            base_text=base_text,
            tables=(context.table("comparisons", title, base_text, table, columns, "test"),),
            notes=tuple(map(context.say, _TEST_NOTES)),
        )
    ]


def _worded(context: SurveyContext, frame: pd.DataFrame, question: Question, kind: str) -> pd.DataFrame:
    """A frame of tests with what they are in words beside its ids."""
    names = frame["effect_name"]
    return frame.assign(
        result=kind,
        question_label=question.named(context.lang),
        test_label=[context.say(f"test_{name}") for name in frame["test"]],
        effect_label=[context.say(f"effect_{name}") if name else "" for name in names],
    )


def _named_items(context: SurveyContext, battery: Question, tests: pd.DataFrame) -> pd.DataFrame:
    """Tests of a battery with what is compared, and with what, in words."""
    what, against = [], []
    for row in tests.itertuples():
        what.append(battery.part(row.item).said(context.lang) if row.item else context.say("all_items"))
        other = battery.part(row.other_item).said(context.lang) if row.other_item else ""
        against.append(context.say("item_rest") if row.test == "item_rest" else other)
    return _worded(context, tests.assign(what=what, against=against), battery, "test")


def _group_tests(context: SurveyContext, stub: Question) -> pd.DataFrame:
    """The group-against-rest tests of a cross-tab as rows of the test table."""
    assert context.banner is not None
    table = context.crosstab(stub)
    noun = _capital(context.banner.group_noun(context.lang).by)
    rest = context.say("against_rest")
    ids = ["stub", "stub_code", "banner", "banner_code"]
    frame = table[[*ids, "p_value", "p_adjusted", "reason", "note"]].assign(
        what=table["stub_label"],
        against=[
            context.say("group_rest", noun=noun, group=group, rest=rest) for group in table["banner_label"]
        ],
        test="fisher_exact",
        base=table["base"] + table["complement_base"],
        statistic=float("nan"),
        df=float("nan"),
        effect_name="difference",
        effect=table["difference"].astype(float),
        ci_low=table["difference_low"].astype(float),
        ci_high=table["difference_high"].astype(float),
    )
    return _worded(context, frame, stub, "crosstab")


def _group_ratings(context: SurveyContext, battery: Question) -> pd.DataFrame:
    """The ratings of each group against the rest, all points of the scale, as rows of the test table."""
    assert context.banner is not None
    banner, noun = context.banner, _capital(context.banner.group_noun(context.lang).by)
    table = group_ratings(context, battery)
    rest = context.say("against_rest")
    groups = [group_label(banner.part(group), context.only, context.lang) for group in table["group"]]
    named = table.assign(
        what=[battery.part(item).said(context.lang) for item in table["item"]],
        against=[context.say("group_rest", noun=noun, group=group, rest=rest) for group in groups],
    )
    return _worded(context, named, battery, "test")


@once
def group_ratings(context: SurveyContext, battery: Question) -> pd.DataFrame:
    """Ratings of each group against the rest."""
    assert context.banner is not None
    arguments: dict[str, Any] = {"confidence": context.confidence, "min_base": context.min_base}
    return compare_group_ratings(
        context.counts,
        battery.id,
        by=context.banner.id,
        only=context.only,
        lang=context.lang,
        **arguments,
    )
