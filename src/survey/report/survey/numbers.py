"""Sheets of number questions, and how many answered the open ones."""

from survey.document import Form, Sheet
from survey.instrument import Question
from survey.report.survey.context import OPEN, Plan
from survey.statistics import number_summary
from survey.wording import without_personal

_LONGEST = 32_000  # signs of a text; a cell of a workbook holds little more


def numbers(plan: Plan) -> list[Sheet]:
    """One sheet for each number question, by its short name: all respondents, then each group."""
    asked = [question for question in plan.instrument.questions if question.kind == "number"]
    return [_number_sheet(plan, question) for question in asked]


def _number_sheet(plan: Plan, question: Question) -> Sheet:
    banner = plan.banner.id if plan.banner else None
    table = number_summary(
        plan.responses, question.id, banner=banner, confidence=plan.confidence, lang=plan.lang
    )
    marks = ["[low]" if base < plan.min_base else "" for base in table["base"]]
    table = table.assign(mark=marks)
    level = plan.percent_level
    measures: tuple[tuple[str, Form], ...] = (
        *(("base", "count"), ("mean", "number")),
        *(("ci_low", "number"), ("ci_high", "number"), ("sd", "number"), ("q1", "number")),
        *(("median", "number"), ("q3", "number"), ("minimum", "number"), ("maximum", "number")),
    )
    columns = [plan.column("banner_label", heading=plan.say("col_group"))]
    for name, form in measures:
        heading = plan.say(f"col_{name}", level=level) if name.startswith("ci_") else None
        columns.append(plan.column(name, form, heading))
    columns += [plan.column("note"), plan.column("mark")]
    if plan.reconstructed:  # no number is published of numbers, and a reconstruction leaves them empty
        said = plan.say("margins_open") if plan.marks else OPEN
        table = table.assign(margins=said)
        columns.append(plan.column("margins"))
    short = question.named(plan.lang)
    base_text = plan.base_text(question)
    title = plan.say("number_title", question=short)
    return Sheet(
        short,
        title,
        question=question.said(plan.lang),
        base_text=base_text,
        tables=(plan.shown(f"number_{question.id}", title, base_text, table, columns, "number"),),
        notes=(plan.say("note_number", level=level), *plan.open_note()),
    )


def number_lines(plan: Plan, question: Question) -> list[str]:
    """The sentence of the Summary: median, and mean with its interval; none where fewer than two answered."""
    row = number_summary(plan.responses, question.id, confidence=plan.confidence).iloc[0]
    if row["base"] < 2:
        return []
    numbers = {name: f"{row[name]:.4g}" for name in ("median", "mean", "ci_low", "ci_high")}
    said = {"question": question.named(plan.lang), "level": plan.percent_level, "base": int(row["base"])}
    return [plan.sentence(plan.say("summary_number", **said, **numbers))]


def texts(plan: Plan) -> list[Sheet]:
    """One sheet that says how many wrote something; what they wrote only where it is asked for."""
    import pandas as pd

    rows = []
    written: dict[str, list[str]] = {}
    for question in plan.instrument.questions:
        names = (question.id,) if question.kind == "text" else question.text_columns
        for name in names:
            answers = plan.responses.data[name]
            part = next((part for part in question.parts if f"{question.id}__{part.id}__text" == name), None)
            label = question.named(plan.lang) + (f" / {part.said(plan.lang)}" if part else "")
            written[label] = [str(text) for text in answers.dropna()]
            rows.append({"label": label, "n": int(answers.notna().sum()), "base": len(answers)})
    if not rows:
        return []
    title = plan.say("texts_title")
    base_text = plan.say("texts_base", total=len(plan.responses))
    columns = [
        plan.column("label", heading=plan.say("col_question")),
        plan.column("n", "count", plan.say("col_answers_written")),
        plan.column("base", "count", plan.say("col_respondents")),
    ]
    table = pd.DataFrame(rows)
    if plan.reconstructed:
        table["margins"] = plan.say("margins_open") if plan.marks else OPEN
        columns.append(plan.column("margins"))
    shown = plan.shown("texts", title, base_text, table, columns)
    notes = [] if plan.open_text else [plan.say("note_texts")]
    counted = Sheet(
        plan.say("sheet_texts"),
        title,
        base_text=base_text,
        tables=(shown,),
        notes=(*notes, *plan.open_note()),
    )
    return [counted, *_written(plan, written)] if plan.open_text else [counted]


def _written(plan: Plan, written: dict[str, list[str]]) -> list[Sheet]:
    """What was written, question by question, sorted, so that no line leads to its respondent.

    Addresses and numbers of persons are struck out: they do lead there.
    """
    import pandas as pd

    rows = [
        {"label": label, "text": text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."}
        for label, texts in written.items()
        for text in sorted(without_personal(text) for text in texts)
    ]
    if not rows:
        return []
    title = plan.say("written_title")
    base_text = plan.say("texts_base", total=len(plan.responses))
    columns = [
        plan.column("label", heading=plan.say("col_question")),
        plan.column("text", heading=plan.say("col_written")),
    ]
    shown = plan.shown("written", title, base_text, pd.DataFrame(rows), columns)
    note = plan.say("note_written")
    return [Sheet(plan.say("sheet_written"), title, base_text=base_text, tables=(shown,), notes=(note,))]
