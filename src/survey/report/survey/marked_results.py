"""The results of a report that margins can say something of: what identifies each, and what is measured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from survey.report.survey import crosstabs, inference, summary
from survey.report.survey.context import SurveyContext
from survey.report.survey.sample_size import planned
from survey.statistics import precision

if TYPE_CHECKING:
    from survey.instrument import Question


@dataclass(frozen=True)
class Result:
    """One kind of result: the columns that identify a row, what is measured, and its frames in a report."""

    name: str
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    frames: Callable[[SurveyContext], Iterator[pd.DataFrame]]


def _of_kinds(context: SurveyContext, *kinds: str) -> "list[Question]":
    return [question for question in context.instrument.questions if question.kind in kinds]


def _frequencies(context: SurveyContext) -> Iterator[pd.DataFrame]:
    for question in _of_kinds(context, "single", "multiple", "rating"):
        yield context.frequencies(question)


def _importance(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from map(context.importance, context.batteries)


def _crosstabs(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from map(context.crosstab, context.stubs if context.banner else ())


def _tests(context: SurveyContext) -> Iterator[pd.DataFrame]:
    for battery in context.batteries:
        yield context.items(battery)
        yield context.rating_pairs(battery)
        yield context.reliability(battery)


def _group_ratings(context: SurveyContext) -> Iterator[pd.DataFrame]:
    if context.banner is not None:
        for battery in context.batteries:
            yield crosstabs.group_ratings(context, battery)


def _rank_sets(context: SurveyContext) -> Iterator[pd.DataFrame]:
    for question in inference.ranked_questions(context):
        yield inference.sets_of(context, question)


def _associations(context: SurveyContext) -> Iterator[pd.DataFrame]:
    for stub, table in inference.association_tests(context):
        yield table.assign(question=stub.id, banner=context.banner.id if context.banner else "")


def _together(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from (inference.together_of(context, question) for question in inference.ticked_questions(context))


def _overlaps(context: SurveyContext) -> Iterator[pd.DataFrame]:
    if context.banner is not None and context.banner.kind == "multiple":
        table = context.overlaps(context.banner)
        yield table[table["code"] != table["other_code"]]


def _mentions(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from map(context.mentions, _of_kinds(context, "multiple"))


def _mention_summaries(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield from map(context.mention_summary, _of_kinds(context, "multiple"))


def _precision(context: SurveyContext) -> Iterator[pd.DataFrame]:
    banner = context.banner.id if context.banner else None
    table = precision(context.responses, banner=banner, confidence=context.confidence)
    yield table.assign(planned=planned(table))


def _sentences(context: SurveyContext) -> Iterator[pd.DataFrame]:
    yield summary.sentence_counts(context)


RESULTS = (
    Result("frequency", ("question", "item", "code"), ("proportion",), _frequencies),
    Result(
        "importance",
        ("question", "item"),
        ("proportion", "rank", "median", "mean", "sd", "rank_low", "rank_high"),
        _importance,
    ),
    Result(
        "crosstab",
        ("stub", "stub_code", "banner", "banner_code"),
        ("proportion", "base", "difference", "p_value", "p_adjusted"),
        _crosstabs,
    ),
    Result(
        "test",
        ("question", "item", "other_item", "test"),
        ("p_value", "p_adjusted", "statistic", "effect"),
        _tests,
    ),
    Result(
        "group_rating",
        ("question", "item", "by", "group"),
        ("p_value", "p_adjusted", "effect"),
        _group_ratings,
    ),
    Result(
        "rank_set",
        ("question", "item"),
        ("rank", "marginal_low", "marginal_high", "simultaneous_low", "simultaneous_high"),
        _rank_sets,
    ),
    Result("association", ("question", "banner", "method"), ("p_value", "p_adjusted"), _associations),
    Result("together", ("question", "code", "other_code"), ("n", "phi"), _together),
    Result("overlap", ("question", "code", "other_code"), ("n", "proportion"), _overlaps),
    Result("mention", ("question", "code"), ("share_of_mentions",), _mentions),
    Result("mention_summary", ("question",), ("mean_mentions", "ticked_nothing"), _mention_summaries),
    Result(
        "precision",
        ("what", "question", "item", "group", "planned"),
        ("base", "margin", "smallest_difference", "needed_base"),
        _precision,
    ),
    Result("sentence", ("what", "question"), ("value",), _sentences),
)
