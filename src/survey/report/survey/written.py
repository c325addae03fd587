"""What respondents wrote in their own words, where it is asked for."""

import pandas as pd

from survey.document import Sheet
from survey.report.survey.context import SurveyContext
from survey.report.survey.topline import text_columns, text_rows
from survey.wording import without_personal

_LONGEST = 32_000  # signs of a text; a cell of a workbook holds little more


def sheets(context: SurveyContext) -> list[Sheet]:
    """What was written, question by question, sorted, so that no line leads to its respondent.

    Addresses and numbers of persons are struck out: they do lead there.
    """
    if not context.open_text or context.rows is None:
        return []
    labels = [str(row["label"]) for row in text_rows(context)]
    rows = [
        {"label": label, "text": text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."}
        for label, (_, _, name) in zip(labels, text_columns(context), strict=True)
        for text in sorted(without_personal(str(text)) for text in context.rows.data[name].dropna())
    ]
    if not rows:
        return []
    title = context.say("written_title")
    columns = [
        context.column("label", heading=context.say("col_question")),
        context.column("text", heading=context.say("col_written")),
    ]
    return [
        Sheet(
            context.say("sheet_written"),
            title,
            tables=(context.table("written", title, "", pd.DataFrame(rows), columns),),
            footnotes=context.footnotes("written"),
        )
    ]
