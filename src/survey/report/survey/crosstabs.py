"""One sheet for each question by the banner, and all tests in one table."""

from dataclasses import replace
from typing import Any

import pandas as pd

from survey.document import Column, Picture, Sheet
from survey.instrument import Question
from survey.report.context import once
from survey.report.survey.context import LOW, OPEN, SurveyContext
from survey.statistics import compare_group_ratings
from survey.statistics.column_comparisons import column_letters
from survey.statistics.crosstabs import group_label
from survey.tables import has_reason


def crossed(context: SurveyContext) -> list[Sheet]:
    """`Needs by model` and its like: total first, then the groups, each against the rest."""
    return [_cross_sheet(context, stub) for stub in context.stubs] if context.banner else []


def _cross_sheet(context: SurveyContext, stub: Question) -> Sheet:
    assert context.banner is not None
    noun, short = context.banner.group_noun(context.lang), stub.named(context.lang)
    wide, columns = cross_columns(context, stub)
    title = context.say("cross_title", stub=short, noun=noun)
    base_text = context.say("cross_base", base=context.base_text(stub), noun=noun)
    base_text = context.sentences(base_text, context.only_text)
    return Sheet(
        context.say("sheet_cross", short=short, noun=noun),
        title,
        question=stub.said(context.lang),
        base_text=base_text,
        tables=(
            context.table(
                f"crosstab_{stub.id}_{context.banner.id}", title, base_text, pd.DataFrame(wide), columns
            ),
        ),
        notes=tuple(cross_notes(context, stub)),
        pictures=(heatmap_picture(context, stub),) if stub.kind != "single" else (),
    )


def cross_columns(context: SurveyContext, stub: Question) -> tuple[dict[str, list[Any]], list[Column]]:
    """A cross-tab side by side: a row per row of the stub, the total first, then each group."""
    assert context.banner is not None
    banner = context.banner
    noun, short = banner.group_noun(context.lang), stub.named(context.lang)
    total = _total(context, stub)
    wide: dict[str, list[Any]] = {
        "stub_code": list(total),
        "stub_label": [part.said(context.lang) for part in stub.parts],
        "total_n": [n for n, _ in total.values()],
        "total_base": [base for _, base in total.values()],
        "total_share": [n / base if n is not None and base else None for n, base in total.values()],
    }
    columns = [
        Column("stub_label", short),
        Column("total_n", context.say("col_total_n"), "count"),
        Column("total_base", context.say("col_total_base"), "count"),
        Column("total_share", context.say("col_total_share"), "share"),
    ]
    if context.marks and not context.minimum:
        wide["total_margins"] = [_total_margins(context, stub, code) for code in total]
        columns.append(Column("total_margins", context.say("col_total_margins")))
    rows = [
        {**row, "against": _against(context, stub, row)} for row in context.crosstab(stub).to_dict("records")
    ]
    letters = column_letters(list(banner.groups)) if context.compare == "columns" else {}
    for group in banner.groups:
        cells = [row for row in rows if row["banner_code"] == group.id]
        said = group_label(group, context.only, context.lang)
        if letters:
            said = context.say("group_letter", group=said, letter=letters[group.id])
        head = context.say("banner_head", banner=_capital(noun.by), group=said)
        for key, form in _CELL_COLUMNS:
            wide[f"{group.id}_{key}"] = [cell[key] for cell in cells]
            said = context.say(f"col_{key}", level=context.percent_level)
            said += _base_mark(context, stub, group.id, key)
            columns.append(
                Column(
                    f"{group.id}_{key}", context.say("banner_column", head=head, column=said), form, group.id
                )
            )
        if letters:
            wide[f"{group.id}_letters"] = _letters(context, stub, group.id)
            heading = context.say("banner_column", head=head, column=context.say("col_letters"))
            columns.append(
                replace(context.open_column(f"{group.id}_letters", "text", heading), part=group.id)
            )
    return wide, columns


def cross_notes(context: SurveyContext, stub: Question) -> list[str]:
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
        *context.open_note(),
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


_CELL_COLUMNS: tuple[tuple[str, Any], ...] = (
    ("n", "count"),
    ("base", "count"),
    ("proportion", "share"),
    ("ci_low", "share"),
    ("ci_high", "share"),
    ("against", "text"),
)


def _capital(noun: str) -> str:
    return noun[:1].upper() + noun[1:]


def _against(context: SurveyContext, stub: Question, row: Any) -> str:
    """Say how a cell stands to its complement: higher or lower only where it survives adjustment."""
    words = []
    if has_reason(row["reason"], "suppressed"):
        words.append("[c]")
    elif has_reason(row["reason"], "small_base"):
        words.append(LOW)
    elif row["p_adjusted"] < 1 - context.confidence:
        words.append(context.say("against_higher" if row["difference"] > 0 else "against_lower"))
    else:
        words.append(context.say("against_same" if row["method"] else "against_untested"))
    words.append(_cell_mark(context, stub, row))
    return " ".join(filter(None, words))


def _cell_mark(context: SurveyContext, stub: Question, row: Any) -> str:
    """What the margins say of the share of a cell; nothing where it is fixed."""
    ids = (stub.id, row["stub_code"], row["banner"], row["banner_code"])
    if context.marks and not context.minimum:
        return context.bracket("crosstab", ids, "proportion")
    return OPEN if context.is_open(stub, row["stub_code"], row["banner_code"]) else ""


def _total_margins(context: SurveyContext, stub: Question, code: str) -> str:
    """What the margins say of the share among all respondents."""
    if stub.kind == "rating":
        return context.margins_text(context.asks("importance", (stub.id, code), "proportion"))
    return context.margins_text(context.asks("frequency", (stub.id, "", code), "proportion"))


def _base_mark(context: SurveyContext, stub: Question, group: str, key: str) -> str:
    """The mark in the heading of a column that hangs on the base of its group, where that is not fixed."""
    if (
        key not in ("n", "base", "ci_low", "ci_high")
        or not context.marks
        or context.banner is None
        or context.minimum
    ):
        return ""
    told = context.bracket("crosstab", (stub.id, stub.parts[0].id, context.banner.id, group), "base")
    return f" {told if key == 'base' else OPEN}" if told else ""


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
        said = [words["base"]] if "base" in words else []
        words["base"] = context.sentences(*said, context.say("protected_note", minimum=context.minimum))
    details = {"total": _total(context, stub), "min_base": context.min_base}
    title = context.say("picture_heatmap", stub=short, noun=noun)
    return Picture(f"heatmap_{stub.id}", "heatmap", table, alt, title, words, details)


_TEST_NOTES = (
    *(
        "note_item_tests",
        "note_rating_pairs",
        "note_group_tests",
        "note_group_ratings",
        "note_effects",
        "note_alpha",
        "note_omega",
    ),
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
    columns = [
        context.column("what"),
        context.column("against", heading=context.say("col_compared_with")),
        context.column("question"),
        context.column("test"),
        context.column("base", "count"),
        context.column("statistic", "number"),
        context.column("df", "count"),
        context.column("p_value", "p"),
        context.column("p_adjusted", "p"),
        context.column("effect_name"),
        context.column("effect", "number"),
        context.column("ci_low", "number", context.say("col_limit_low", level=level)),
        context.column("ci_high", "number", context.say("col_limit_high", level=level)),
        context.column("note"),
        *context.margins_columns(),
    ]
    title = context.say("comparisons_title")
    base_text = context.sentences(context.say("comparisons_base"), context.only_text)
    return [
        Sheet(
            context.say("sheet_comparisons"),
            title,
            base_text=base_text,
            tables=(context.table("comparisons", title, base_text, table, columns, "test"),),
            notes=(*map(context.say, _TEST_NOTES), *context.open_note()),
        )
    ]


def _test_names(context: SurveyContext, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        test=[context.say(f"test_{name}") for name in frame["test"]],
        effect_name=[context.say(f"effect_{name}") if name else "" for name in frame["effect_name"]],
    )


def _named_items(context: SurveyContext, battery: Question, tests: pd.DataFrame) -> pd.DataFrame:
    """Put labels in place of ids: what is compared, and with what."""
    what, against = [], []
    for row in tests.itertuples():
        what.append(battery.part(row.item).said(context.lang) if row.item else context.say("all_items"))
        other = battery.part(row.other_item).said(context.lang) if row.other_item else ""
        against.append(context.say("item_rest") if row.test == "item_rest" else other)
    mark = OPEN if context.reconstructed else ""  # a paired result hangs on the joint table
    if context.marks:
        tests = tests.assign(margins=[_test_margins(context, row) for row in tests.to_dict("records")])
    named = tests.assign(question=battery.named(context.lang), what=what, against=against, mark=mark)
    return _test_names(context, named)


def _test_margins(context: SurveyContext, row: Any) -> str:
    """What the margins say of a test; of a coefficient without a p-value, of the coefficient."""
    ids = (row["question"], row["item"], row["other_item"], row["test"])
    is_test = row["p_value"] == row["p_value"]
    measures = ("p_value", "p_adjusted", "effect") if is_test else ("statistic",)
    return context.margins_text(context.asks("test", ids, *measures))


def _group_tests(context: SurveyContext, stub: Question) -> pd.DataFrame:
    """The group-against-rest tests of a cross-tab as rows of the test table."""
    assert context.banner is not None
    table = context.crosstab(stub)
    noun = _capital(context.banner.group_noun(context.lang).by)
    rest = context.say("against_rest")
    frame = pd.DataFrame(
        {
            "question": stub.named(context.lang),
            "what": table["stub_label"],
            "against": [
                context.say("group_rest", noun=noun, group=group, rest=rest)
                for group in table["banner_label"]
            ],
            "test": "fisher_exact",
            "base": table["base"] + table["complement_base"],
            "statistic": float("nan"),
            "df": float("nan"),
            "p_value": table["p_value"],
            "p_adjusted": table["p_adjusted"],
            "effect_name": "difference",
            "effect": table["difference"].astype(float),
            "ci_low": table["difference_low"].astype(float),
            "ci_high": table["difference_high"].astype(float),
            "reason": table["reason"],
            "note": table["note"],
            "mark": [
                OPEN
                if context.is_open(stub, row.stub_code, row.banner_code)
                or context.is_open(stub, row.stub_code)
                else ""
                for row in table.itertuples()
            ],
        }
    )
    ids = [table[name].tolist() for name in ("stub", "stub_code", "banner", "banner_code")]
    frame = context.with_margins(frame, "crosstab", ids, "difference", "p_value", "p_adjusted")
    return _test_names(context, frame)


def _group_ratings(context: SurveyContext, battery: Question) -> pd.DataFrame:
    """The ratings of each group against the rest, all points of the scale, as rows of the test table."""
    assert context.banner is not None
    banner, noun = context.banner, _capital(context.banner.group_noun(context.lang).by)
    table = group_ratings(context, battery)
    ids = ["question", "item", "by", "group"]
    table = context.with_margins(table, "group_rating", ids, "p_value", "p_adjusted", "effect")
    rest = context.say("against_rest")
    named = table.assign(
        question=battery.named(context.lang),
        what=[battery.part(item).said(context.lang) for item in table["item"]],
        against=[
            context.say(
                "group_rest",
                noun=noun,
                group=group_label(banner.part(group), context.only, context.lang),
                rest=rest,
            )
            for group in table["group"]
        ],
        mark=OPEN if context.reconstructed else "",
    )
    return _test_names(context, named)


@once
def group_ratings(context: SurveyContext, battery: Question) -> pd.DataFrame:
    """Ratings of each group against the rest."""
    assert context.banner is not None
    arguments: dict[str, Any] = {"confidence": context.confidence, "min_base": context.min_base}
    return compare_group_ratings(
        context.responses,
        battery.id,
        banner=context.banner.id,
        only=context.only,
        lang=context.lang,
        **arguments,
    )
