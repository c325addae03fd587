"""One sheet for each question by the banner, and all tests in one table."""

from dataclasses import replace
from typing import Any

import pandas as pd

from survey.document import Column, Picture, Sheet
from survey.instrument import Question
from survey.report.survey.context import LOW, OPEN, Plan, once
from survey.statistics import compare_group_ratings
from survey.statistics.column_comparisons import column_letters
from survey.statistics.crosstabs import group_label


def crossed(plan: Plan) -> list[Sheet]:
    """`Needs by model` and its like: total first, then the groups, each against the rest."""
    return [_cross_sheet(plan, stub) for stub in plan.stubs] if plan.banner else []


def _cross_sheet(plan: Plan, stub: Question) -> Sheet:
    assert plan.banner is not None
    noun, short = plan.banner.group_noun(plan.lang), stub.named(plan.lang)
    wide, columns = cross_columns(plan, stub)
    title = plan.say("cross_title", stub=short, noun=noun)
    base_text = plan.say("cross_base", base=plan.base_text(stub), noun=noun)
    base_text = plan.sentences(base_text, plan.only_text)
    return Sheet(
        plan.say("sheet_cross", short=short, noun=noun),
        title,
        question=stub.said(plan.lang),
        base_text=base_text,
        tables=(
            plan.shown(f"crosstab_{stub.id}_{plan.banner.id}", title, base_text, pd.DataFrame(wide), columns),
        ),
        notes=tuple(cross_notes(plan, stub)),
        pictures=(heatmap_picture(plan, stub),) if stub.kind != "single" else (),
    )


def cross_columns(plan: Plan, stub: Question) -> tuple[dict[str, list[Any]], list[Column]]:
    """A cross-tab side by side: a row per row of the stub, the total first, then each group."""
    assert plan.banner is not None
    banner = plan.banner
    noun, short = banner.group_noun(plan.lang), stub.named(plan.lang)
    total = _total(plan, stub)
    wide: dict[str, list[Any]] = {
        "stub_code": list(total),
        "stub_label": [part.said(plan.lang) for part in stub.parts],
        "total_n": [n for n, _ in total.values()],
        "total_base": [base for _, base in total.values()],
        "total_share": [n / base if n is not None and base else None for n, base in total.values()],
    }
    columns = [
        Column("stub_label", short),
        Column("total_n", plan.say("col_total_n"), "count"),
        Column("total_base", plan.say("col_total_base"), "count"),
        Column("total_share", plan.say("col_total_share"), "share"),
    ]
    if plan.marks and not plan.minimum:
        wide["total_margins"] = [_total_margins(plan, stub, code) for code in total]
        columns.append(Column("total_margins", plan.say("col_total_margins")))
    rows = [{**row, "against": _against(plan, stub, row)} for row in plan.crosstab(stub).to_dict("records")]
    letters = column_letters(list(banner.groups)) if plan.compare == "columns" else {}
    for group in banner.groups:
        cells = [row for row in rows if row["banner_code"] == group.id]
        said = group_label(group, plan.only, plan.lang)
        if letters:
            said = plan.say("group_letter", group=said, letter=letters[group.id])
        head = plan.say("banner_head", banner=_capital(noun), group=said)
        for key, form in _CELL_COLUMNS:
            wide[f"{group.id}_{key}"] = [cell[key] for cell in cells]
            said = plan.say(f"col_{key}", level=plan.percent_level)
            said += _base_mark(plan, stub, group.id, key)
            columns.append(
                Column(f"{group.id}_{key}", plan.say("banner_column", head=head, column=said), form, group.id)
            )
        if letters:
            wide[f"{group.id}_letters"] = _letters(plan, stub, group.id)
            heading = plan.say("banner_column", head=head, column=plan.say("col_letters"))
            columns.append(replace(plan.open_column(f"{group.id}_letters", "text", heading), part=group.id))
    return wide, columns


def cross_notes(plan: Plan, stub: Question) -> list[str]:
    """What stands below a cross-tab: what is compared, how it was tested, what the marks mean."""
    assert plan.banner is not None
    banner = plan.banner
    noun = banner.group_noun(plan.lang)
    letters = plan.compare == "columns"
    tests = int(plan.crosstab(stub)["p_value"].notna().sum())
    notes = [
        plan.say("note_complement", noun=noun),
        plan.say("note_fisher", tests=tests, alpha=f"{1 - plan.confidence:g}"),
        plan.say("note_low", minimum=plan.min_base),
        plan.say("note_interval", level=plan.percent_level),
        plan.say("note_not_cause", noun=noun),
        *plan.open_note(),
    ]
    if banner.kind == "multiple":
        key = "note_groups_overlap_letters" if letters else "note_groups_overlap"
        notes.insert(0, plan.say(key, noun=noun))
    if letters:
        tests = int(plan.columns(stub)["p_value"].notna().sum())
        notes.insert(1, plan.say("note_letters", tests=tests, alpha=f"{1 - plan.confidence:.3g}"))
    if stub.kind == "rating":
        scale = plan.instrument.scale_of(stub)
        top = [point.numbered(plan.lang) for point in scale.top_points]
        notes.insert(0, plan.say("note_top_box", points=" / ".join(top)))
    return notes


def _letters(plan: Plan, stub: Question, group: str) -> list[str]:
    """For every row of the stub the letters of the groups that this one exceeds."""
    table = plan.columns(stub)
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


def _against(plan: Plan, stub: Question, row: Any) -> str:
    """Say how a cell stands to its complement: higher or lower only where it survives adjustment."""
    words = []
    if row["note"].startswith("[c]"):
        words.append("[c]")
    elif row["note"].startswith(LOW):
        words.append(LOW)
    elif row["p_adjusted"] < 1 - plan.confidence:
        words.append(plan.say("against_higher" if row["difference"] > 0 else "against_lower"))
    else:
        words.append(plan.say("against_same" if row["method"] else "against_untested"))
    words.append(_cell_mark(plan, stub, row))
    return " ".join(filter(None, words))


def _cell_mark(plan: Plan, stub: Question, row: Any) -> str:
    """What the margins say of the share of a cell; nothing where it is fixed."""
    ids = (stub.id, row["stub_code"], row["banner"], row["banner_code"])
    if plan.marks and not plan.minimum:
        return plan.bracket("crosstab", ids, "proportion")
    return OPEN if plan.is_open(stub, row["stub_code"], row["banner_code"]) else ""


def _total_margins(plan: Plan, stub: Question, code: str) -> str:
    """What the margins say of the share among all respondents."""
    if stub.kind == "rating":
        return plan.margins_text(plan.asks("importance", (stub.id, code), "proportion"))
    return plan.margins_text(plan.asks("frequency", (stub.id, "", code), "proportion"))


def _base_mark(plan: Plan, stub: Question, group: str, key: str) -> str:
    """The mark in the heading of a column that hangs on the base of its group, where that is not fixed."""
    if key not in ("n", "base", "ci_low", "ci_high") or not plan.marks or plan.banner is None or plan.minimum:
        return ""
    told = plan.bracket("crosstab", (stub.id, stub.parts[0].id, plan.banner.id, group), "base")
    return f" {told if key == 'base' else OPEN}" if told else ""


def _total(plan: Plan, stub: Question) -> dict[str, tuple[int | None, int | None]]:
    """Count and base of every row of the stub over all respondents; None where it is hidden."""
    key, count, parts = ("code", "n", stub.parts) if stub.kind != "rating" else ("item", "n_top", stub.items)
    table = (plan.importance(stub) if stub.kind == "rating" else plan.frequencies(stub)).set_index(key)
    return {part.id: (_whole(table[count][part.id]), _whole(table["base"][part.id])) for part in parts}


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


@once
def heatmap_picture(plan: Plan, stub: Question) -> Picture:
    """Shares of every group, with the bases in the headings."""
    assert plan.banner is not None
    table = plan.crosstab(stub)
    noun, short = plan.banner.group_noun(plan.lang), stub.named(plan.lang)
    filled = table[(table["base"] >= max(1, plan.min_base)) & table["n"].notna()]
    alt = plan.say("alt_empty", question=short)
    if len(table) and not len(filled) and table["base"].any():
        alt = plan.say("alt_low", stub=short, noun=noun, minimum=plan.min_base)
    if len(filled):
        row = filled.loc[filled["proportion"].idxmax()]
        alt = plan.say(
            "alt_heatmap",
            stub=short,
            noun=noun,
            label=row["stub_label"],
            group=row["banner_label"],
            share=plan.share(int(row["n"]), int(row["base"])),
        )
    if hidden := bool(table["note"].str.startswith("[c]").any()):  # the highest may be a hidden one
        alt = plan.say("alt_heatmap_hidden", stub=short, noun=noun)
    alt = plan.sentences(alt, plan.only_text)
    words = plan.picture_words(stub, "all", "share")
    if hidden:
        said = [words["base"]] if "base" in words else []
        words["base"] = plan.sentences(*said, plan.say("protected_note", minimum=plan.minimum))
    details = {"total": _total(plan, stub), "min_base": plan.min_base}
    title = plan.say("picture_heatmap", stub=short, noun=noun)
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


def comparisons(plan: Plan) -> list[Sheet]:
    """Every test of the report in one table: items against items, groups against the rest, reliability."""
    frames = []
    for battery in plan.batteries:
        frames += [_named_items(plan, battery, plan.items(battery))]
        frames += [_named_items(plan, battery, plan.rating_pairs(battery))]
        frames += [_named_items(plan, battery, plan.reliability(battery))]
    if plan.banner is not None:
        frames += [_group_tests(plan, stub) for stub in plan.stubs]
        frames += [_group_ratings(plan, stub) for stub in plan.stubs if stub.kind == "rating"]
    if not frames:
        return []
    table = pd.concat([frame for frame in frames if len(frame)], ignore_index=True)
    level = plan.percent_level
    columns = [
        plan.column("what"),
        plan.column("against", heading=plan.say("col_compared_with")),
        plan.column("question"),
        plan.column("test"),
        plan.column("base", "count"),
        plan.column("statistic", "number"),
        plan.column("df", "count"),
        plan.column("p_value", "p"),
        plan.column("p_adjusted", "p"),
        plan.column("effect_name"),
        plan.column("effect", "number"),
        plan.column("ci_low", "number", plan.say("col_limit_low", level=level)),
        plan.column("ci_high", "number", plan.say("col_limit_high", level=level)),
        plan.column("note"),
        *plan.margins_columns(),
    ]
    title = plan.say("comparisons_title")
    base_text = plan.sentences(plan.say("comparisons_base"), plan.only_text)
    return [
        Sheet(
            plan.say("sheet_comparisons"),
            title,
            base_text=base_text,
            tables=(plan.shown("comparisons", title, base_text, table, columns, "test"),),
            notes=(*map(plan.say, _TEST_NOTES), *plan.open_note()),
        )
    ]


def _test_names(plan: Plan, frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        test=[plan.say(f"test_{name}") for name in frame["test"]],
        effect_name=[plan.say(f"effect_{name}") if name else "" for name in frame["effect_name"]],
    )


def _named_items(plan: Plan, battery: Question, tests: pd.DataFrame) -> pd.DataFrame:
    """Put labels in place of ids: what is compared, and with what."""
    what, against = [], []
    for by in tests["by"]:
        first, _, second = by.partition("|")
        what.append(battery.part(first).said(plan.lang) if second else plan.say("all_items"))
        rest = second == "rest" and "item_rest" in set(tests["test"])
        other = plan.say("item_rest") if rest else battery.part(second).said(plan.lang) if second else ""
        against.append(other)
    mark = OPEN if plan.reconstructed else ""  # a paired result hangs on the joint table
    if plan.marks:
        tests = tests.assign(margins=[_test_margins(plan, row) for row in tests.to_dict("records")])
    named = tests.assign(question=battery.named(plan.lang), what=what, against=against, mark=mark)
    return _test_names(plan, named)


def _test_margins(plan: Plan, row: Any) -> str:
    """What the margins say of a test; of a coefficient without a p-value, of the coefficient."""
    ids = (row["question"], row["by"], row["test"])
    is_test = row["p_value"] == row["p_value"]
    measures = ("p_value", "p_adjusted", "effect") if is_test else ("statistic",)
    return plan.margins_text(plan.asks("test", ids, *measures))


def _group_tests(plan: Plan, stub: Question) -> pd.DataFrame:
    """The group-against-rest tests of a cross-tab as rows of the test table."""
    assert plan.banner is not None
    table = plan.crosstab(stub)
    noun = _capital(plan.banner.group_noun(plan.lang))
    rest = plan.say("against_rest")
    frame = pd.DataFrame(
        {
            "question": stub.named(plan.lang),
            "what": table["stub_label"],
            "against": [
                plan.say("group_rest", noun=noun, group=group, rest=rest) for group in table["banner_label"]
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
            "note": table["note"],
            "mark": [
                OPEN
                if plan.is_open(stub, row.stub_code, row.banner_code) or plan.is_open(stub, row.stub_code)
                else ""
                for row in table.itertuples()
            ],
        }
    )
    ids = [table[name].tolist() for name in ("stub", "stub_code", "banner", "banner_code")]
    frame = plan.with_margins(frame, "crosstab", ids, "difference", "p_value", "p_adjusted")
    return _test_names(plan, frame)


def _group_ratings(plan: Plan, battery: Question) -> pd.DataFrame:
    """The ratings of each group against the rest, all points of the scale, as rows of the test table."""
    assert plan.banner is not None
    banner, noun = plan.banner, _capital(plan.banner.group_noun(plan.lang))
    table = group_ratings(plan, battery)
    ids = ["question", "by", "test", [banner.id] * len(table)]
    table = plan.with_margins(table, "group_rating", ids, "p_value", "p_adjusted", "effect")
    rest = plan.say("against_rest")
    pairs = [by.split("|") for by in table["by"]]
    named = table.assign(
        question=battery.named(plan.lang),
        what=[battery.part(item).said(plan.lang) for item, _ in pairs],
        against=[
            plan.say(
                "group_rest",
                noun=noun,
                group=group_label(banner.part(group), plan.only, plan.lang),
                rest=rest,
            )
            for _, group in pairs
        ],
        mark=OPEN if plan.reconstructed else "",
    )
    return _test_names(plan, named)


@once
def group_ratings(plan: Plan, battery: Question) -> pd.DataFrame:
    """Ratings of each group against the rest."""
    assert plan.banner is not None
    arguments: dict[str, Any] = {"confidence": plan.confidence, "min_base": plan.min_base}
    return compare_group_ratings(
        plan.responses, battery.id, by=plan.banner.id, only=plan.only, lang=plan.lang, **arguments
    )
