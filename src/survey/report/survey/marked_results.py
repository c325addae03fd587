"""The frames of a report by kind of result: what the draws of a reconstruction are measured by."""

from collections.abc import Callable, Iterator

import pandas as pd

from survey.instrument import Question
from survey.report.survey import crosstabs, inference, summary
from survey.report.survey.context import SurveyContext
from survey.report.survey.sample_size import precision_table

Frames = Callable[[SurveyContext], Iterator[pd.DataFrame]]


def _of_kinds(context: SurveyContext, *kinds: str) -> list[Question]:
    return [question for question in context.instrument.questions if question.kind in kinds]


def _frequencies(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from map(context.frequencies, _of_kinds(context, "single", "multiple", "rating"))


def _importance(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from map(context.importance, context.batteries)


def _crosstabs(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from map(context.crosstab, context.stubs if context.banner else ())


def _tests(context: SurveyContext) -> Iterator[pd.DataFrame]:
    for battery in context.batteries:
        yield context.items(battery)
        yield context.rating_pairs(battery)
        yield context.reliability(battery)
        if context.banner is not None:
            yield crosstabs.group_ratings(context, battery)


def _rank_sets(context: SurveyContext) -> Iterator[pd.DataFrame]:
    for question in inference.ranked_questions(context):
        yield inference.sets_of(context, question)


def _associations(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from (table for _, table in inference.association_tests(context))


def _cooccurrences(context: SurveyContext) -> Iterator[pd.DataFrame]:
    for question in inference.ticked_questions(context):
        yield inference.together_of(context, question)


def _overlaps(context: SurveyContext) -> Iterator[pd.DataFrame]:
    if context.banner is not None and context.banner.kind == "multiple":
        table = context.overlaps(context.banner)
        yield table[table["code"] != table["other_code"]]


def _mentions(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from map(context.mentions, _of_kinds(context, "multiple"))


def _mention_summaries(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from map(context.mention_summary, _of_kinds(context, "multiple"))


def _precision(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield precision_table(context)


def _sentences(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield summary.sentence_counts(context)


# By kind; what identifies a result stands in IDS (`survey.tables`), what is measured in KINDS (`marks`).
FRAMES: dict[str, Frames] = {
    "frequency": _frequencies,
    "importance": _importance,
    "crosstab": _crosstabs,
    "test": _tests,
    "rank_set": _rank_sets,
    "association_test": _associations,
    "cooccurrence": _cooccurrences,
    "overlap": _overlaps,
    "mention": _mentions,
    "mention_summary": _mention_summaries,
    "precision": _precision,
    "sentence": _sentences,
}
