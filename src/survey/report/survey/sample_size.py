"""What this sample can show, and which one the next wave needs."""

from typing import TYPE_CHECKING, Any

from survey.document import Sheet
from survey.report.survey.context import LOW, OPEN, Plan
from survey.statistics import precision

if TYPE_CHECKING:
    import pandas as pd

_POWER = 0.8


def precision_sheet(plan: Plan) -> list[Sheet]:
    """Margin of error per base, smallest detectable differences, and the sample for a planned margin."""
    banner = plan.banner.id if plan.banner else None
    table = precision(plan.responses, banner=banner, power=_POWER, confidence=plan.confidence, lang=plan.lang)
    if banner is None:
        table = table[table["group"] == ""].reset_index(drop=True)
    rows = table.to_dict("records")
    ids = ["what", "question", "item", "group", planned(table)]
    measures = ("base", "margin", "smallest_difference", "needed_base")
    table = plan.with_margins(table, "precision", ids, *measures)
    table["subject"] = [_subject(plan, row) for row in rows]
    table["what"] = [plan.say(f"precision_kind_{row['what']}") for row in rows]
    low = [row["what"] == "group" and row["base"] < plan.min_base for row in rows]
    # How many answer two items differently hangs on the joint table, which the figures do not fix.
    is_open = [plan.reconstructed and not plan.marks and row["what"] == "pair" for row in rows]
    marks = zip(low, is_open, strict=True)
    table["mark"] = [LOW if is_low else OPEN if open_pair else "" for is_low, open_pair in marks]
    columns = [
        plan.column("subject", heading=plan.say("col_precision_subject")),
        plan.column("what", heading=plan.say("col_precision_what")),
        plan.column("base", "count"),
        plan.column("other_base", "count"),
        plan.column("margin", "share"),
        plan.column("smallest_difference", "share"),
        plan.column("needed_base", "count"),
        plan.column("note"),
        *([plan.column("margins")] if plan.marks else []),
        plan.column("mark"),
    ]
    title = plan.say("precision_title")
    base_text = plan.say("precision_base", total=len(plan.responses))
    base_text = plan.sentences(base_text, plan.subset_text, plan.whole_text)
    power, level = f"{100 * _POWER:g} %", plan.percent_level
    return [
        Sheet(
            plan.say("sheet_precision"),
            title,
            base_text=base_text,
            tables=(plan.shown("precision", title, base_text, table, columns, "precision"),),
            notes=(
                plan.say("note_precision_margin", level=level),
                plan.say("note_precision_difference", power=power, alpha=f"{1 - plan.confidence:.3g}"),
                plan.say("note_precision_sample"),
                plan.say("note_precision_limits"),
                *plan.open_note(),
            ),
        )
    ]


def planned(table: "pd.DataFrame") -> list[str]:
    """The planned margin of a row of a sample to plan, which tells rows of the same base apart."""
    told = zip(table["what"], table["margin"], strict=True)
    return [f"{margin:g}" if what == "sample" else "" for what, margin in told]


def _subject(plan: Plan, row: Any) -> str:
    """Name the base: all respondents, a question, or a group of the banner."""
    if not row["question"]:
        return plan.say("precision_all")
    question = plan.instrument.question(row["question"])
    named = question.named(plan.lang)
    if not row["group"]:
        return named
    return plan.say("banner_head", banner=named, group=question.part(row["group"]).said(plan.lang))
