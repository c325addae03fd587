"""What this sample can show, and which one the next wave needs."""

from typing import TYPE_CHECKING, Any

from survey.document import Sheet
from survey.report.survey.context import LOW, OPEN, SurveyContext
from survey.statistics import precision

if TYPE_CHECKING:
    import pandas as pd

_POWER = 0.8


def precision_sheet(context: SurveyContext) -> list[Sheet]:
    """Margin of error per base, smallest detectable differences, and the sample for a planned margin."""
    banner = context.banner.id if context.banner else None
    table = precision(
        context.responses, banner=banner, power=_POWER, confidence=context.confidence, lang=context.lang
    )
    if banner is None:
        table = table[table["group"] == ""].reset_index(drop=True)
    rows = table.to_dict("records")
    ids = ["what", "question", "item", "group", planned(table)]
    measures = ("base", "margin", "smallest_difference", "needed_base")
    table = context.with_margins(table, "precision", ids, *measures)
    table["subject"] = [_subject(context, row) for row in rows]
    table["what"] = [context.say(f"precision_kind_{row['what']}") for row in rows]
    low = [row["what"] == "group" and row["base"] < context.min_base for row in rows]
    # How many answer two items differently hangs on the joint table, which the figures do not fix.
    is_open = [context.reconstructed and not context.marks and row["what"] == "pair" for row in rows]
    marks = zip(low, is_open, strict=True)
    table["mark"] = [LOW if is_low else OPEN if open_pair else "" for is_low, open_pair in marks]
    columns = [
        context.column("subject", heading=context.say("col_precision_subject")),
        context.column("what", heading=context.say("col_precision_what")),
        context.column("base", "count"),
        context.column("other_base", "count"),
        context.column("margin", "share"),
        context.column("smallest_difference", "share"),
        context.column("needed_base", "count"),
        context.column("note"),
        *([context.column("margins")] if context.marks else []),
        context.column("mark"),
    ]
    title = context.say("precision_title")
    base_text = context.say("precision_base", total=len(context.responses))
    base_text = context.sentences(base_text, context.subset_text, context.whole_text)
    power, level = f"{100 * _POWER:g} %", context.percent_level
    return [
        Sheet(
            context.say("sheet_precision"),
            title,
            base_text=base_text,
            tables=(context.table("precision", title, base_text, table, columns, "precision"),),
            notes=(
                context.say("note_precision_margin", level=level),
                context.say("note_precision_difference", power=power, alpha=f"{1 - context.confidence:.3g}"),
                context.say("note_precision_sample"),
                context.say("note_precision_limits"),
                *context.open_note(),
            ),
        )
    ]


def planned(table: "pd.DataFrame") -> list[str]:
    """The planned margin of a row of a sample to plan, which tells rows of the same base apart."""
    told = zip(table["what"], table["margin"], strict=True)
    return [f"{margin:g}" if what == "sample" else "" for what, margin in told]


def _subject(context: SurveyContext, row: Any) -> str:
    """Name the base: all respondents, a question, or a group of the banner."""
    if not row["question"]:
        return context.say("precision_all")
    question = context.instrument.question(row["question"])
    named = question.named(context.lang)
    if not row["group"]:
        return named
    return context.say("banner_head", banner=named, group=question.part(row["group"]).said(context.lang))
