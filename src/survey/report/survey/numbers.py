"""Sheets of number questions, and how many answered the open ones."""

from survey.document import Form, Key, Sheet
from survey.instrument import Question
from survey.report.survey.context import SurveyContext
from survey.statistics import number_summary
from survey.wording import without_personal

_LONGEST = 32_000  # signs of a text; a cell of a workbook holds little more


def numbers(context: SurveyContext) -> list[Sheet]:
    """One sheet for each number question, by its short name: all respondents, then each group."""
    asked = [question for question in context.instrument.questions if question.kind == "number"]
    return [_number_sheet(context, question) for question in asked]


def _number_sheet(context: SurveyContext, question: Question) -> Sheet:
    banner = context.banner.id if context.banner else None
    table = number_summary(
        context.counts, question.id, banner=banner, confidence=context.confidence, lang=context.lang
    )
    table = context.sized(table, "base")
    level = context.percent_level
    measures: tuple[tuple[str, Form], ...] = (
        *(("base", "count"), ("mean", "number")),
        *(("ci_low", "number"), ("ci_high", "number"), ("sd", "number"), ("q1", "number")),
        *(("median", "number"), ("q3", "number"), ("minimum", "number"), ("maximum", "number")),
    )
    columns = [context.column("banner_label", heading=context.say("col_group"))]
    for name, form in measures:
        heading = context.say(f"col_{name}", level=level) if name.startswith("ci_") else None
        columns.append(context.column(name, form, heading))
    columns += [context.column("note"), context.column("mark")]
    short = question.named(context.lang)
    base_text = context.base_text(question)
    title = context.say("number_title", question=short)
    return Sheet(
        short,
        title,
        question=question.said(context.lang),
        base_text=base_text,
        tables=(context.table(f"number_{question.id}", title, base_text, table, columns, "number"),),
        notes=(context.say("note_number", level=level),),
    )


def number_lines(context: SurveyContext, question: Question) -> list[str]:
    """The sentence of the Summary: median, and mean with its interval; none where fewer than two answered."""
    row = number_summary(context.counts, question.id, confidence=context.confidence).iloc[0]
    if row["base"] < 2:
        return []
    numbers = {name: f"{row[name]:.4g}" for name in ("median", "mean", "ci_low", "ci_high")}
    values = {
        "question": question.named(context.lang),
        "level": context.percent_level,
        "base": int(row["base"]),
    }
    key = Key("number", (question.id, "", ""), "mean")
    return [context.sentence("summary_number", key, **values, **numbers)]


def texts(context: SurveyContext) -> list[Sheet]:
    """One sheet that says how many wrote something; what they wrote only where it is asked for."""
    import pandas as pd

    rows = []
    written: dict[str, list[str]] = {}
    for question in context.instrument.questions:
        names = (question.id,) if question.kind == "text" else question.text_columns
        for name in names:
            n = context.counts.written(name)
            part = next((part for part in question.parts if f"{question.id}__{part.id}__text" == name), None)
            label = question.named(context.lang) + (f" / {part.said(context.lang)}" if part else "")
            if context.open_text and context.rows is not None:
                written[label] = [str(text) for text in context.rows.data[name].dropna()]
            ids = {"question": question.id, "item": part.id if part else "", "label": label}
            rows.append({**ids, "n": n, "base": len(context.counts)})
    if not rows:
        return []
    title = context.say("texts_title")
    base_text = context.say("texts_base", total=len(context.responses))
    columns = [
        context.column("label", heading=context.say("col_question")),
        context.column("n", "count", context.say("col_answers_written")),
        context.column("base", "count", context.say("col_respondents")),
    ]
    table = pd.DataFrame(rows)
    shown = context.table("texts", title, base_text, table, columns, "text")
    notes = [] if context.open_text else [context.say("note_texts")]
    counted = Sheet(
        context.say("sheet_texts"),
        title,
        base_text=base_text,
        tables=(shown,),
        notes=tuple(notes),
    )
    return [counted, *_written(context, written)] if context.open_text else [counted]


def _written(context: SurveyContext, written: dict[str, list[str]]) -> list[Sheet]:
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
    title = context.say("written_title")
    base_text = context.say("texts_base", total=len(context.responses))
    columns = [
        context.column("label", heading=context.say("col_question")),
        context.column("text", heading=context.say("col_written")),
    ]
    shown = context.table("written", title, base_text, pd.DataFrame(rows), columns)
    note = context.say("note_written")
    return [Sheet(context.say("sheet_written"), title, base_text=base_text, tables=(shown,), notes=(note,))]
