"""The frames of a report by kind of result: what the draws of a reconstruction are measured by."""

from collections.abc import Callable, Iterable, Iterator

import pandas as pd

from survey.report.survey.context import SurveyContext
from survey.report.survey.correlated import correlated_questions
from survey.report.survey.explained import (
    bundles_of,
    common_effects_of,
    estimates_of,
    explained,
    same_bundles,
)
from survey.report.survey.kind_tests import compared, compared_rankings, kind_frames
from survey.report.survey.precision import precision_rows
from survey.report.survey.summary import sentence_counts
from survey.report.survey.tests import association_tests

Frames = Callable[[SurveyContext], Iterator[pd.DataFrame]]


def _frequencies(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from map(context.frequencies, context.closed)


def _importance(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from map(context.importance, context.batteries)


def _crosstabs(context: SurveyContext) -> Iterator[pd.DataFrame]:
    for banner in context.banners:
        stubs = [*context.crossed(banner), *compared_rankings(context, banner)]
        yield from (context.crosstab(stub, banner) for stub in stubs)


def _tests(context: SurveyContext) -> Iterator[pd.DataFrame]:
    for battery in context.batteries:
        yield context.items(battery)
        yield context.rating_pairs(battery)
        yield context.reliability(battery)
        for banner in context.banners:
            if battery in context.stubs(banner):
                yield context.group_ratings(battery, banner)
    for banner in context.banners:
        yield from (
            context.group_numbers(question, banner) for question in context.of_kind_by("number", banner)
        )
        for question in compared(context, banner):
            yield from kind_frames(context, question, banner)


def _rank_sets(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from map(context.ranks, context.ranked)


def _associations(context: SurveyContext) -> Iterator[pd.DataFrame]:
    for banner in context.banners:
        yield from (table for _, table in association_tests(context, banner))


def _correlations(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from (context.correlated(*questions) for questions in correlated_questions(context))


def _cooccurrences(context: SurveyContext) -> Iterator[pd.DataFrame]:
    several = [question for question in context.asked_of_kind("multiple") if len(question.groups) > 1]
    yield from map(context.together, several)


def _overlaps(context: SurveyContext) -> Iterator[pd.DataFrame]:
    for banner in context.banners:
        if banner.kind == "multiple":
            table = context.overlaps(banner)
            yield table[table["code"] != table["other_code"]]


def _mentions(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from map(context.mentions, context.asked_of_kind("multiple"))


def _mention_summaries(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from map(context.mention_summary, context.asked_of_kind("multiple"))


def _precision(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield precision_rows(context)


def _sentences(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield sentence_counts(context)


def _needs(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from (estimates_of(context, stub, banner) for stub, banner in explained(context))


def _common_effects(context: SurveyContext) -> Iterator[pd.DataFrame]:
    tables = (common_effects_of(context, stub, banner) for stub, banner in explained(context))
    yield from (table for table in tables if table is not None)


def _bundles(context: SurveyContext) -> Iterator[pd.DataFrame]:
    pairs = explained(context)
    yield from (bundles_of(context, stub, banner) for stub, banner in pairs if stub.kind == "multiple")


# By kind; what identifies a result stands in IDS (`survey.tables`), what is measured in KINDS (`marks`).
FRAMES: dict[str, Frames] = {
    "frequency": _frequencies,
    "importance": _importance,
    "crosstab": _crosstabs,
    "test": _tests,
    "rank_set": _rank_sets,
    "association_test": _associations,
    "correlation": _correlations,
    "cooccurrence": _cooccurrences,
    "overlap": _overlaps,
    "mention": _mentions,
    "mention_summary": _mention_summaries,
    "precision": _precision,
    "sentence": _sentences,
    "model_need": _needs,
    "all_need": _common_effects,
    "reach": _bundles,
}

# Kinds of which each data set would have rows of its own: the others are asked for those of the first.
FOLLOWED: dict[str, Callable[[SurveyContext, Iterable[tuple[str, ...]]], Iterator[pd.DataFrame]]] = {
    "reach": same_bundles,
}
