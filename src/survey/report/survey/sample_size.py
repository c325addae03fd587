"""What this sample can show, and which one the next wave needs."""

from typing import TYPE_CHECKING, Any

from survey.document import Sheet
from survey.report.context import once
from survey.report.survey.context import LOW, SurveyContext
from survey.statistics import precision

if TYPE_CHECKING:
    import pandas as pd

_POWER = 0.8


@once
def precision_table(context: SurveyContext) -> "pd.DataFrame":
    """Margins of error, differences and samples; `planned` tells rows of the same base apart."""
    banner = context.banner.id if context.banner else None
    table = precision(
        context.counts, banner=banner, power=_POWER, confidence=context.confidence, lang=context.lang
    )
    if banner is None:
        table = table[table["group"] == ""].reset_index(drop=True)
    rows = zip(table["what"], table["margin"], strict=True)
    return table.assign(planned=[f"{margin:g}" if what == "sample" else "" for what, margin in rows])


def precision_sheet(context: SurveyContext) -> list[Sheet]:
    """Margin of error per base, smallest detectable differences, and the sample for a planned margin."""
    table = precision_table(context)
    rows = table.to_dict("records")
    low = [row["what"] == "group" and row["base"] < context.min_base for row in rows]
    table = table.assign(
        subject=[_subject(context, row) for row in rows],
        what_label=[context.say(f"precision_kind_{row['what']}") for row in rows],
        mark=[LOW if is_low else "" for is_low in low],
    )
    columns = [
        context.column("subject", heading=context.say("col_precision_subject")),
        context.column("what_label", heading=context.say("col_precision_what")),
        context.column("base", "count"),
        context.column("other_base", "count"),
        context.column("margin", "share"),
        context.column("smallest_difference", "share"),
        context.column("needed_base", "count"),
        context.column("note"),
        context.column("mark"),
    ]
    title = context.say("precision_title")
    base_text = context.say("precision_base", total=len(context.responses))
    base_text = context.sentences(base_text, context.subset_text, context.whole_text)
    level = context.percent_level
    return [
        Sheet(
            context.say("sheet_precision"),
            title,
            base_text=base_text,
            tables=(context.table("precision", title, base_text, table, columns, "precision"),),
            notes=(
                context.say("note_precision_margin", level=level),
                context.say("note_precision_difference", power=_POWER, alpha=f"{1 - context.confidence:.3g}"),
                context.say("note_precision_sample"),
                context.say("note_precision_limits"),
            ),
        )
    ]


def _subject(context: SurveyContext, row: Any) -> str:
    """Name the base: all respondents, a question, or a group of the banner."""
    if not row["question"]:
        return context.say("precision_all")
    question = context.instrument.question(row["question"])
    named = question.named(context.lang)
    if not row["group"]:
        return named
    return context.say("banner_head", banner=named, group=question.part(row["group"]).said(context.lang))
