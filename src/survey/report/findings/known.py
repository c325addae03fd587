"""The report of what is known without a data set: published figures, and what follows from them alone."""

from collections.abc import Callable, Hashable, Iterator

import pandas as pd

from survey.document import Column, Picture, Sentence, Sheet, Table
from survey.instrument import Question
from survey.messages.number_forms import all_of
from survey.published.audit.feasible_margins import known_comparisons, known_pairs, unpublished
from survey.published.bounds.queries import FIXED, Quantity, bound_row
from survey.report.findings import audit as audited
from survey.report.findings import claims
from survey.report.findings.context import FindingsContext
from survey.report.mark_words import range_text
from survey.tables import contract_frame

_MOST_NAMED = 3  # so many of the highest of a question stand in a sentence
_MOST_ITEMS = 12  # rows of a table that the first screen can bear
_MOST_FINDINGS = 4
_THRESHOLDS = ((3 / 4, "three_quarters"), (2 / 3, "two_thirds"), (1 / 2, "half"))


def known_sheets(context: FindingsContext) -> tuple[Sheet, ...]:
    """Build the sheets: what the figures say of each question, then their audit."""
    return tuple(sheet for build in FINDINGS_SHEETS for sheet in build(context))


# -- the Summary ---------------------------------------------------------------------------------------


def summary(context: FindingsContext) -> list[Sheet]:
    """One screen: a finding as its title, findings, the shares that are fixed, a picture."""
    title, tables, pictures = claims.claims_title(context), [], []
    if context.ranges is not None:
        batteries = [question for question in context.asked if question.kind == "rating"]
        title = next(filter(None, (_threshold(context, one) for one in batteries)), title)
        tables = [_fixed_table(context, question) for question in context.asked]
        pictures = [_picture(context, battery, title) for battery in batteries[:1]]
        loose = [question.named(context.lang) for question in unpublished(context.proved)]
        if loose:
            text = context.say("known_unpublished", questions=context.say("item_separator").join(loose))
            context.silences.append((context.say("topic_silence"), text))
    return [
        Sheet(
            context.say("sheet_summary"),
            title,
            subtitle=context.about_text,
            findings=tuple(_findings(context))[:_MOST_FINDINGS],
            tables=tuple(table for table in tables if table)[:2],
            footnotes=context.footnotes("no_data", "known", level=context.percent_level),
            pictures=tuple(pictures),
            one_page=True,
        )
    ]


def _findings(context: FindingsContext) -> Iterator[Sentence]:
    """Sentences: how far shares reach, which are highest, how groups overlap, which claims hold."""
    if context.ranges is not None:
        asked = context.asked
        yield from _only(_reach(context, question) for question in asked if question.kind == "rating")
        yield from _only(_highest(context, question) for question in asked if question.kind == "multiple")
        yield from _several(context)
    verdicts = claims.verdict_kinds(context)
    if verdicts:
        yield Sentence(f"{claims.claims_title(context)}{context.say('known_stop')}")
    yield from claims.audit_findings(context)


def _only(lines: Iterator[Sentence | None]) -> list[Sentence]:
    """The first sentence of a kind, if there is any."""
    return [line for line in lines if line is not None][:1]


def _fixed(context: FindingsContext, question: Question) -> pd.DataFrame:
    """The shares of a question that count and base fix, the highest first."""
    table = context.by_question[question.id]
    return table[table["ci_low"].notna()].sort_values("low", ascending=False, kind="stable")


def _values(context: FindingsContext, battery: Question, fixed: pd.DataFrame) -> dict[str, object]:
    first, last = fixed.iloc[0], fixed.iloc[-1]
    return {
        "items": context.name_inside(battery),
        "all": len(context.by_question[battery.id]),
        "top": context.top_text(battery),
        "highest": context.brief(battery, first["item"]),
        "high": context.percent(first["fixed_count"], first["fixed_base"]),
        "lowest": context.brief(battery, last["item"]),
        "low": context.percent(last["fixed_count"], last["fixed_base"]),
    }


def _threshold(context: FindingsContext, battery: Question) -> Sentence | None:
    """How many items a share clears with its lower limit; None where the figures leave it open."""
    fixed = _fixed(context, battery)
    if len(fixed) < len(context.by_question[battery.id]) or len(fixed) < 2:
        return None
    for share, name in _THRESHOLDS:
        count = int((fixed["ci_low"] > share).sum())
        if 2 * count >= len(fixed):
            much = context.say(f"more_than_{name}")
            return context.sentence(
                "known_title_clear", **_values(context, battery, fixed), count=count, much=much
            )
    return None


def _reach(context: FindingsContext, battery: Question) -> Sentence | None:
    """From where to where the fixed shares of a battery reach."""
    fixed = _fixed(context, battery)
    if len(fixed) < 2:
        return None
    values = _values(context, battery, fixed) | {"items": battery.named(context.lang)}
    return context.sentence("finding_range", **values)


def _highest(context: FindingsContext, question: Question) -> Sentence | None:
    """The highest shares of a select-all question that are fixed."""
    fixed = _fixed(context, question)
    if fixed.empty:
        return None
    parts = [
        context.say(
            "share_of_name",
            name=context.brief(question, row["item"]),
            share=context.percent(row["fixed_count"], row["fixed_base"]),
        )
        for row in fixed.head(_MOST_NAMED).to_dict("records")
    ]
    values = {"items": context.name_inside(question), "all": len(context.by_question[question.id])}
    return context.sentence("known_highest", parts=all_of(parts, context.lang), **values)


def _several(context: FindingsContext) -> list[Sentence]:
    """How many are in several groups at least; nothing where it may be nobody."""
    banner = context.known.margins.banner
    span = context.proved.several() if len(context.known.margins.groups) > 1 else None
    if span is None or banner is None or banner.kind != "multiple" or not span.low:
        return []
    values = {"low": int(span.low), "size": context.known.margins.size}
    return [context.sentence("known_several", noun=banner.group_noun(context.lang), **values)]


def _fixed_table(context: FindingsContext, question: Question) -> Table | None:
    """The shares of a question that are fixed: share with its bar, interval and n."""
    fixed = _fixed(context, question).head(_MOST_ITEMS)
    if fixed.empty:
        return None
    contract = "known_rating" if question.kind == "rating" else "known_share"
    fixed = fixed.assign(
        interval=[
            context.interval(low, high) for low, high in zip(fixed["ci_low"], fixed["ci_high"], strict=True)
        ]
    )
    columns = (
        Column("label", question.named(context.lang)),
        Column("low", context.say("col_percent"), "share", bar=True),
        Column("interval", context.say("col_interval", level=context.percent_level), "range"),
        Column("fixed_base", context.say("col_sample"), "count"),
    )
    title = context.section_text(question)
    name = f"summary_{question.id}"
    return Table(name, title, "", fixed, columns, contract, sorted_by="low", filtered=False)


def _picture(context: FindingsContext, question: Question, title: str) -> Picture:
    """Dots with intervals for the items whose share is fixed."""
    fixed = _fixed(context, question)
    frame = contract_frame(
        "importance",
        [
            {
                **{name: row[name] for name in ("question", "item", "label", "ci_low", "ci_high")},
                **{"n_top": int(row["fixed_count"]), "base": int(row["fixed_base"])},
                **{"proportion": row["low"], "rank": row["rank_low"]},
            }
            for row in fixed.to_dict("records")
        ],
    )
    short = question.named(context.lang)
    alt = context.say("alt_empty", question=short)
    if len(fixed):
        values = _values(context, question, fixed)
        alt = context.say("known_alt", question=short, **values)
    words = {"share": context.say("word_share"), "base": ""}
    words["empty"] = context.say("alt_empty", question=short)
    subtitle = context.say(
        "picture_of_shares", question=context.section_text(question), level=context.percent_level
    )
    return Picture(
        f"known_{question.id}",
        "importance",
        frame,
        alt,
        title,
        words,
        subtitle=subtitle,
        footer=context.about_text,
    )


# -- all shares ------------------------------------------------------------------------------------------


def topline(context: FindingsContext) -> list[Sheet]:
    """Every question with figures: its shares, the ranges of the groups, the points of its batteries."""
    if context.ranges is None or not context.asked:
        return []
    batteries = [question for question in context.asked if question.kind == "rating"]
    names = ["known_ranges", *(["known_groups"] if context.by_group else [])]
    return [
        Sheet(
            context.say("sheet_topline"),
            context.say("known_title_topline", **_verdict_counts(context)),
            subtitle=context.say("known_subtitle_topline"),
            tables=(_topline_table(context), *(_points_table(context, one) for one in batteries)),
            footnotes=context.footnotes(*names),
        )
    ]


def _verdict_counts(context: FindingsContext) -> dict[str, int]:
    verdicts = pd.concat([*context.by_question.values(), *context.by_group.values()])["verdict"]
    counts = {name: int((verdicts == name).sum()) for name in (FIXED, "bounded")}
    return counts | {"all": len(verdicts), "open": len(verdicts) - sum(counts.values())}


def _span_text(context: FindingsContext, row: dict[Hashable, object]) -> str:
    """A share as the figures leave it, in whole percent; empty where they say nothing."""
    if row["verdict"] not in (FIXED, "bounded"):
        return ""
    return context.interval(float(str(row["low"])), float(str(row["high"])))


def _topline_table(context: FindingsContext) -> Table:
    """One row per option or item under the head of its question, a column per group."""
    groups = list(context.known.margins.groups) if context.by_group else []
    rows: list[dict[str, object]] = []
    for question in context.asked:
        heading = context.section_text(question, wording=True)
        rows.append({"label": heading, "section": True})
        cells = {}
        if question.id in context.by_group:
            of_groups = context.by_group[question.id].to_dict("records")
            cells = {(row["item"], row["group"]): _span_text(context, row) for row in of_groups}
        table = context.by_question[question.id]
        for row in table.sort_values("low", ascending=False, kind="stable").to_dict("records"):
            rank = (row.get("rank_low", float("nan")), row.get("rank_high", float("nan")))
            rows.append(
                {
                    "label": row["label"],
                    "section": False,
                    "published": row["published"],
                    "all": _span_text(context, row),
                    "interval": context.interval(row["ci_low"], row["ci_high"]),
                    "rank": "" if rank[0] != rank[0] else range_text("count", *rank, context.lang),
                    **{f"group_{at}": cells.get((row["item"], group), "") for at, group in enumerate(groups)},
                }
            )
    columns = [
        Column("label", context.say("col_question_and_answer")),
        Column("published", context.say("known_col_published"), "range"),
        Column("all", context.say("col_all"), "range"),
        Column("interval", context.say("col_interval", level=context.percent_level), "range"),
        Column("rank", context.say("known_col_rank"), "range"),
        *(Column(f"group_{at}", context.group_brief(group), "range") for at, group in enumerate(groups)),
    ]
    title = context.say("topline_shares")
    data = pd.DataFrame(rows).fillna({column.key: "" for column in columns})
    return Table("topline", title, "", data, tuple(columns), "known_share", filtered=False)


def _points_table(context: FindingsContext, battery: Question) -> Table:
    """One row per item of a battery: the range of every point, of mean and median."""
    table = context.by_question[battery.id].sort_values("low", ascending=False, kind="stable")
    columns = [Column("label", battery.named(context.lang))]
    for point in context.instrument.scale_of(battery).rated:
        name = f"point_{point.value}"
        table[name] = [_point(context, battery, item, point.value) for item in table["item"]]
        columns.append(Column(name, point.numbered(context.lang), "range"))
    for name in ("mean", "median"):
        ends = zip(table[f"{name}_low"], table[f"{name}_high"], strict=True)
        table[name] = [
            "" if low != low else range_text("number", low, high, context.lang) for low, high in ends
        ]
        columns.append(Column(name, context.say(f"known_col_{name}"), "range"))
    title = context.say("answers_title", question=battery.named(context.lang))
    name = f"points_{battery.id}"
    return Table(name, title, "", table, tuple(columns), "known_rating", filtered=False)


def _point(context: FindingsContext, question: Question, item: str, value: float) -> str:
    span = context.proved.share(question, item, codes=(value,))
    return context.interval(float(span.low), float(span.high)) if span else ""


def data(context: FindingsContext) -> list[Sheet]:
    """Every share of all respondents and of each group in one table, to filter and to read by machine."""
    if context.ranges is None or not context.asked:
        return []
    frames = [
        table.assign(
            result="known_rating" if "rank_low" in table else "known_share",
            question_label=question.named(context.lang),
        )
        for question in context.asked
        for table in (context.by_question[question.id], context.by_group.get(question.id))
        if table is not None
    ]
    everybody = context.say("col_all")
    table = context.worded(pd.concat(frames, ignore_index=True)).assign(
        group_label=lambda rows: rows["group_label"].fillna("").replace("", everybody),
        group=lambda rows: rows["group"].fillna("all"),
    )
    words = ("published", "count", "base", "verdict")
    numbers = [f"{name}_{end}" for name in ("rank", "mean", "median") for end in ("low", "high")]
    columns = [
        Column("question_label", context.say("col_question")),
        Column("label", context.say("col_item")),
        Column("group_label", context.say("col_group")),
        *(Column(name, context.say(f"known_col_{name}")) for name in words),
        Column("low", context.say("known_col_low"), "share"),
        Column("high", context.say("known_col_high"), "share"),
        Column("ci_low", context.say("col_ci_low", level=context.percent_level), "share"),
        Column("ci_high", context.say("col_ci_high", level=context.percent_level), "share"),
        *(Column(name, context.say(f"known_col_{name}"), "number") for name in numbers if name in table),
    ]
    title = context.say("data_title")
    return [
        Sheet(
            context.say("sheet_data"),
            title,
            subtitle=context.say("known_subtitle_data"),
            tables=(Table("data", title, "", table, tuple(columns)),),
            footnotes=context.footnotes("known_counts"),
            appendix=True,
        )
    ]


# -- comparisons ------------------------------------------------------------------------------------


def tests(context: FindingsContext) -> list[Sheet]:
    """The tests of the audit, with every two items and every two groups compared."""
    return audited.tests(context, *_compared_tables(context))


def _compared_tables(context: FindingsContext) -> list[Table]:
    """The p-values of every two items, and what is known of every two groups."""
    if context.ranges is None:
        return []
    quantities = (("pairs", known_pairs(context.proved)), ("comparisons", known_comparisons(context.proved)))
    tables = []
    for name, asked in quantities:
        rows = [_compared_row(context, quantity) for quantity in asked]
        if not rows:
            continue
        frame = context.worded(pd.DataFrame(rows))
        columns = [Column("what", context.say("known_col_compared")), *audited.range_columns(context)]
        title = context.say(f"known_title_{name}")
        tables.append(context.whole(f"known_{name}", title, frame, columns, "bound"))
    return tables


def _compared_row(context: FindingsContext, quantity: Quantity) -> dict[str, object]:
    row = bound_row(context.known, quantity, context.lang)
    span = context.known.span(quantity)
    return {
        **row,
        "what": audited.quantity_text(context, quantity),
        "unit": context.say(f"audit_unit_{row['unit']}"),
        "range": audited.range_of(quantity.unit, float(span.low), float(span.high), context.lang),
        "status": context.say("audit_status_" + str(row["status"]).replace(" ", "_")),
    }


# The sheets in their order: what follows from the figures, then the audit of them.
FINDINGS_SHEETS: tuple[Callable[[FindingsContext], list[Sheet]], ...] = (
    summary,
    topline,
    claims.sheets,
    audited.figures,
    tests,
    data,
    audited.notes,
)
