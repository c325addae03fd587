"""The report of what is known without a data set: published figures, and what follows from them alone."""

from collections.abc import Callable

import pandas as pd

from survey.document import Column, Form, Picture, Sheet
from survey.instrument import Question
from survey.instrument.schema import GroupNoun
from survey.published.audit.feasible_margins import known_comparisons, known_pairs, unpublished
from survey.published.audit.verdicts import Audit, summary_lines
from survey.published.bounds.queries import FIXED, Quantity, bound_row
from survey.report.findings import audit as audited
from survey.report.findings.context import FindingsContext
from survey.report.mark_words import range_text
from survey.tables import contract_frame

_SHOWN = 3  # so many of the highest of a question stand in the Summary


def known_sheets(audit: Audit, confidence: float, command: str) -> tuple[Sheet, ...]:
    """Build the sheets: what each question gives, what groups and items give, then those of the audit."""
    context = FindingsContext(audit=audit, lang=audit.lang, confidence=confidence, command=command)
    return tuple(sheet for build in FINDINGS_SHEETS for sheet in build(context))


def contents(context: FindingsContext) -> list[Sheet]:
    """The first sheet: what this report is and is not."""
    title = context.say("known_report_title", name=context.audit.findings.said(context.lang))
    lines = [context.say("known_no_data"), context.say("known_legend", level=context.percent_level)]
    return [Sheet(context.say("sheet_contents"), title, lines=tuple(lines))]


def summary(context: FindingsContext) -> list[Sheet]:
    """Sentences: what leads, how groups overlap, which statements hold, what nothing is known of."""
    lines = [context.say("known_no_data")]
    pictures: tuple[Picture, ...] = ()
    if context.ranges is not None:
        lines += [line for question in context.asked for line in _leading(context, question)]
        lines += [line for question in context.asked for line in _cells_line(context, question)]
        lines += _overlap_lines(context)
        pictures = tuple(
            _picture(context, question) for question in context.asked if question.kind == "rating"
        )
        loose = [question.named(context.lang) for question in unpublished(context.proved)]
        if loose:
            lines.append(
                context.say("known_unpublished", questions=context.say("item_separator").join(loose))
            )
    lines += [line.strip() for line in summary_lines(context.audit)]
    return [
        Sheet(
            context.say("sheet_summary"),
            context.say("known_title_summary"),
            base_text=context.base_text,
            lines=tuple(lines),
            notes=(context.say("note_interval", level=context.percent_level),),
            pictures=pictures,
        )
    ]


# -- questions --------------------------------------------------------------------------------------


def _leading(context: FindingsContext, question: Question) -> list[str]:
    """The highest shares that are fixed, with count, interval and, of a battery, the rank."""
    table = context.by_question[question.id]
    fixed = table[table["ci_low"].notna()].sort_values("low", ascending=False, kind="stable")
    if fixed.empty:
        return []
    parts = [_share_text(context, row) for row in fixed.head(_SHOWN).to_dict("records")]
    shares = context.say("item_separator").join(parts)
    values = {"question": question.named(context.lang), "parts": shares}
    return [context.say("known_leading", **values, fixed=len(fixed), all=len(table))]


def _share_text(context: FindingsContext, row: dict[str, object]) -> str:
    values = {name: float(str(row[name])) for name in ("low", "ci_low", "ci_high")}
    text = context.say("known_share", label=row["label"], count=row["count"], base=row["base"], **values)
    if "rank_low" in row and row["rank_low"] == row["rank_low"]:
        rank = range_text("count", float(str(row["rank_low"])), float(str(row["rank_high"])), context.lang)
        text = context.say("known_ranked", text=text, rank=rank)
    return text


def questions(context: FindingsContext) -> list[Sheet]:
    """One sheet for each question with figures."""
    asked = context.asked if context.ranges is not None else []
    return [_question_sheet(context, question) for question in asked]


def _question_sheet(context: FindingsContext, question: Question) -> Sheet:
    table = _ranged(context, context.by_question[question.id])
    short = question.named(context.lang)
    columns = [Column("label", short), *_share_columns(context)]
    if question.kind == "rating":
        for name, form in _RATED:
            table[name] = [
                _range(form, low, high, context.lang)
                for low, high in zip(table[f"{name}_low"], table[f"{name}_high"], strict=True)
            ]
            columns.append(Column(name, context.say(f"known_col_{name}")))
        for point in context.instrument.scale_of(question).points:
            table[f"point_{point.value}"] = [
                _point(context, question, item, point.value) for item in table["item"]
            ]
            columns.append(Column(f"point_{point.value}", point.numbered(context.lang)))
    title = context.say("known_title_question", question=short)
    contract = "known_rating" if question.kind == "rating" else "known_share"
    shown = context.whole(f"known_{question.id}", title, table, columns, contract)
    pictures = (_picture(context, question),) if question.kind == "rating" else ()
    return Sheet(
        short,
        title,
        question=question.said(context.lang),
        base_text=context.base_text,
        tables=(shown,),
        notes=_notes(context),
        pictures=pictures,
    )


def _point(context: FindingsContext, question: Question, item: str, value: int) -> str:
    span = context.proved.share(question, item, codes=(value,))
    return _range("share", float(span.low), float(span.high), context.lang) if span else ""


def _range(form: Form, low: float, high: float, lang: str) -> str:
    return "" if low != low or high != high else range_text(form, low, high, lang)


def _ranged(context: FindingsContext, table: pd.DataFrame) -> pd.DataFrame:
    """The table with its range and its verdict in words."""
    ends = zip(table["low"].astype(float), table["high"].astype(float), strict=True)
    return context.worded(table).assign(range=[_range("share", *one, context.lang) for one in ends])


def _share_columns(context: FindingsContext) -> list[Column]:
    return [
        *(Column(name, context.say(f"known_col_{name}")) for name in _SHARE_COLUMNS),
        Column("low", context.say("known_col_low"), "share"),
        Column("high", context.say("known_col_high"), "share"),
        Column("ci_low", context.say("col_ci_low", level=context.percent_level), "share"),
        Column("ci_high", context.say("col_ci_high", level=context.percent_level), "share"),
    ]


def _notes(context: FindingsContext) -> tuple[str, ...]:
    return (context.say("known_note_range"), context.say("known_note_wilson", level=context.percent_level))


def _picture(context: FindingsContext, question: Question) -> Picture:
    """Dots with intervals for the items whose share is fixed."""
    table = context.by_question[question.id]
    fixed = table[table["ci_low"].notna()].sort_values("low", ascending=False, kind="stable")
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
        shares = (_share_text(context, row) for row in fixed.to_dict("records"))
        alt = context.say("known_alt", question=short, parts=context.say("item_separator").join(shares))
    title = context.say("picture_importance", question=short, level=context.percent_level)
    words = {"share": context.say("word_share"), "base": context.say("known_word_base")}
    words["empty"] = context.say("alt_empty", question=short)
    return Picture(f"known_{question.id}", "importance", frame, alt, title, words)


# -- groups -----------------------------------------------------------------------------------------


def by_group(context: FindingsContext) -> list[Sheet]:
    """One sheet for each question by the groups with figures."""
    if context.ranges is None:
        return []
    banner = context.known.margins.banner
    sheets = []
    for question_id, table in context.by_group.items():
        assert banner is not None
        question = context.known.question(question_id)
        noun, short = banner.group_noun(context.lang), question.named(context.lang)
        columns = [
            Column("label", short),
            Column("group_label", context.say("col_group")),
            *_share_columns(context),
        ]
        title = context.say("cross_title", stub=short, noun=noun)
        name = f"known_{question_id}_by_group"
        sheets.append(
            Sheet(
                context.say("sheet_cross", short=short, noun=noun),
                title,
                question=question.said(context.lang),
                base_text=context.base_text,
                lines=tuple(_cells_line(context, question)),
                tables=(context.whole(name, title, _ranged(context, table), columns, "known_share"),),
                notes=(*_notes(context), context.say("known_note_bases")),
            )
        )
    return sheets


def _cells_line(context: FindingsContext, question: Question) -> list[str]:
    table = context.by_group.get(question.id)
    if table is None:
        return []
    banner = context.known.margins.banner
    counts = {name: int((table["verdict"] == name).sum()) for name in (FIXED, "bounded", "open")}
    noun = banner.group_noun(context.lang) if banner else GroupNoun("", by="", the="")
    values = {"question": question.named(context.lang), "noun": noun, "all": len(table)}
    return [context.say("known_cells", **values, **counts)]


def _overlap_lines(context: FindingsContext) -> list[str]:
    """Every overlap of two groups, and how many are in several."""
    lines = []
    span = context.proved.several() if len(context.known.margins.groups) > 1 else None
    banner = context.known.margins.banner
    if span is not None and banner is not None and banner.kind == "multiple":
        values = {"range": range_text("count", float(span.low), float(span.high), context.lang)}
        lines.append(context.say("known_several", noun=banner.group_noun(context.lang), **values))
    for quantity, row in zip(context.audit.quantities, context.audit.bounds.itertuples(), strict=True):
        if quantity.name == "overlap" and len(quantity.arguments) == 2:
            one, other = map(context.group, quantity.arguments)
            shown = range_text("count", row.low, row.high, context.lang)
            lines.append(context.say("known_overlap", one=one, other=other, range=shown))
    return lines


# -- comparisons ------------------------------------------------------------------------------------


def compared(context: FindingsContext) -> list[Sheet]:
    """The p-values of every two items, and what is known of every two groups."""
    if context.ranges is None:
        return []
    quantities = (("pairs", known_pairs(context.proved)), ("comparisons", known_comparisons(context.proved)))
    sheets = []
    for name, asked in quantities:
        rows = [_compared_row(context, quantity) for quantity in asked]
        if not rows:
            continue
        table = context.worded(pd.DataFrame(rows))
        columns = [
            Column("what", context.say("col_what")),
            Column("against", context.say("col_compared_with")),
            *([Column("group_of", context.say("col_item"))] if name == "comparisons" else []),
            Column("unit", context.say("audit_col_unit")),
            Column("range", context.say("audit_col_range")),
            Column("low", context.say("audit_col_low"), "number"),
            Column("high", context.say("audit_col_high"), "number"),
            Column("verdict", context.say("audit_col_verdict")),
            Column("status", context.say("audit_col_status")),
        ]
        title = context.say(f"known_title_{name}")
        shown = context.whole(f"known_{name}", title, table, columns, "bound")
        notes = (context.say(f"known_note_{name}"), context.say("audit_bounds_line"))
        sheet = context.say(f"known_sheet_{name}")
        sheets.append(Sheet(sheet, title, base_text=context.base_text, tables=(shown,), notes=notes))
    return sheets


def _compared_row(context: FindingsContext, quantity: Quantity) -> dict[str, object]:
    row = bound_row(context.known, quantity, context.lang)
    span = context.known.span(quantity)
    question = context.known.question(quantity.arguments[0])
    item, first, *rest = quantity.arguments[1:]
    named = [question.part(item).said(context.lang)]
    if rest:
        named = [context.group(first), context.group(rest[0]), *named]
    else:
        named.append(question.part(first).said(context.lang))
    unit = context.say(f"audit_unit_{row['unit']}")
    method = context.say(f"audit_method_{rest[1]}") if len(rest) > 1 else ""
    return {
        **row,
        "what": named[0],
        "against": named[1],
        "group_of": named[-1],
        "unit": f"{unit}{method}",
        "range": audited.range_of(quantity.unit, float(span.low), float(span.high), context.lang),
        "status": context.say("audit_status_" + str(row["status"]).replace(" ", "_")),
    }


# The sheets in their order: what follows from the figures, then the audit of them.
FINDINGS_SHEETS: tuple[Callable[[FindingsContext], list[Sheet]], ...] = (
    contents,
    summary,
    questions,
    by_group,
    compared,
    audited.bounds,
    audited.bases,
    audited.statements,
    audited.figures,
    audited.method,
)

_RATED: tuple[tuple[str, Form], ...] = (("rank", "count"), ("mean", "number"), ("median", "number"))
_SHARE_COLUMNS = ("published", "finding", "count", "base", "verdict", "range")
