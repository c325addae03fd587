"""Groups compared by scores, rankings, sums and dates: frames, marks in tables, sentences."""

from collections.abc import Iterator

import pandas as pd

from survey.document import Key, Sentence
from survey.instrument import Question
from survey.report.context import once
from survey.report.survey.context import SurveyContext
from survey.report.survey.group_words import apart, group_text
from survey.result_ids import IDS
from survey.statistics.column_comparisons import column_letters

# The kinds whose groups are each compared with all others, and the tests that decide on a mark.
_MEANS = ("welch_t", "permutation_t", "overlap_t")
_DECIDING = {"nps": _MEANS, "ranking": _MEANS, "constant_sum": _MEANS, "date": ("mann_whitney",)}


def compared(context: SurveyContext, banner: Question) -> list[Question]:
    """The questions of these kinds whose groups of a banner are compared; none where cells are hidden."""
    if context.minimum:
        return []
    questions = [question for kind in _DECIDING for question in context.of_kind_by(kind, banner)]
    return [question for question in questions if question.id != banner.id]


def compared_rankings(context: SurveyContext, banner: Question) -> list[Question]:
    """The rankings among them: their shares of first ranks are compared as any share."""
    return [question for question in compared(context, banner) if question.kind == "ranking"]


def kind_frames(context: SurveyContext, question: Question, banner: Question) -> Iterator[pd.DataFrame]:
    """The tests of a question: each group against all others, and every two where columns are compared."""
    yield context.group_numbers(question, banner)
    if context.compare == "columns":
        yield context.group_columns(question, banner)


@once
def kind_marks(
    context: SurveyContext, question: Question, banner: Question, measure: str
) -> dict[tuple[str, str], list[str]]:
    """The marks of a measure by option ("" where there is none) and group: arrows, and letters of columns."""
    if question not in compared(context, banner):
        return {}
    first = measure == "first"
    if first:
        cells = context.crosstab(question, banner)
        cells = cells.assign(item=cells["stub_code"], group=cells["banner_code"], effect=cells["difference"])
        cells = cells[apart(cells, context.confidence)]
    else:
        cells = _reliable(context, context.group_numbers(question, banner), question)
    marks: dict[tuple[str, str], list[str]] = {}
    for row in cells.itertuples():
        marks.setdefault((row.item, row.group), []).append("up" if row.effect > 0 else "down")
    if context.compare != "columns":
        return marks
    if first:
        pairs = context.columns(question, banner)
        pairs = pairs.assign(item=pairs["stub_code"], group=pairs["banner_code"], effect=pairs["difference"])
        pairs = pairs.assign(other_group=pairs["other_code"])[pairs["letter"] != ""]
    else:
        pairs = _reliable(context, context.group_columns(question, banner), question)
    letters = column_letters(list(banner.groups))
    for row in pairs.itertuples():
        higher, lower = (row.group, row.other_group) if row.effect > 0 else (row.other_group, row.group)
        marks.setdefault((row.item, higher), []).append(letters[lower])
    arrows = ("up", "down")
    return {cell: sorted(own, key=lambda mark: (mark not in arrows, mark)) for cell, own in marks.items()}


def _reliable(context: SurveyContext, table: pd.DataFrame, question: Question) -> pd.DataFrame:
    """The rows of the deciding test with a reliable difference."""
    deciding = table["test"].isin(_DECIDING[question.kind]) & (table["p_adjusted"] < 1 - context.confidence)
    return table[deciding]


@once
def _surest(context: SurveyContext, question: Question, banner: Question) -> "tuple[float, Sentence] | None":
    """The surest difference of a group from all others: its p, and a sentence; None where there is none."""
    table = context.group_numbers(question, banner)
    rows = table[table["test"].isin(_MEANS) & (table["p_adjusted"] < 1 - context.confidence)]
    if not len(rows):
        return None
    row = rows.sort_values(["p_adjusted", "p_value"], kind="stable").iloc[0]
    size = abs(float(row["effect"]))
    sentence = context.sentence(
        f"finding_{row['effect_name']}_{'higher' if row['effect'] > 0 else 'lower'}",
        Key("test", tuple(str(row[name]) for name in IDS["test"]), "p_adjusted"),
        question=question.named(context.lang),
        item=context.brief(question, row["item"]) if row["item"] else "",
        group=group_text(context, banner, row["group"]),
        points=f"{100 * size:.1f}",
        ranks=f"{size:.1f}",
        days=f"{size:.0f}",
    )
    return float(row["p_adjusted"]), sentence


def surest_difference(context: SurveyContext, banner: Question) -> Sentence | None:
    """The surest of all questions of these kinds by a banner."""
    surest = [_surest(context, question, banner) for question in compared(context, banner)]
    return min((one for one in surest if one), key=lambda one: one[0], default=(1.0, None))[1]


def kind_differences(context: SurveyContext) -> list[Sentence]:
    """These sentences, one a banner."""
    sentences = [surest_difference(context, banner) for banner in context.banners]
    return [sentence for sentence in sentences if sentence is not None]
