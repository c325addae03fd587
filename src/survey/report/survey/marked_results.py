"""The results of a report that margins can say something of: what identifies each, and what is measured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from survey.report.survey import crosstabs, inference, summary
from survey.report.survey.context import Plan
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
    frames: Callable[[Plan], Iterator[pd.DataFrame]]


def _of_kinds(plan: Plan, *kinds: str) -> "list[Question]":
    return [question for question in plan.instrument.questions if question.kind in kinds]


def _frequencies(plan: Plan) -> Iterator[pd.DataFrame]:
    for question in _of_kinds(plan, "single", "multiple", "rating"):
        yield plan.frequencies(question)


def _importance(plan: Plan) -> Iterator[pd.DataFrame]:
    yield from map(plan.importance, plan.batteries)


def _crosstabs(plan: Plan) -> Iterator[pd.DataFrame]:
    yield from map(plan.crosstab, plan.stubs if plan.banner else ())


def _tests(plan: Plan) -> Iterator[pd.DataFrame]:
    for battery in plan.batteries:
        yield plan.items(battery)
        yield plan.rating_pairs(battery)
        yield plan.reliability(battery)


def _group_ratings(plan: Plan) -> Iterator[pd.DataFrame]:
    if plan.banner is not None:
        for battery in plan.batteries:
            yield crosstabs.group_ratings(plan, battery)


def _rank_sets(plan: Plan) -> Iterator[pd.DataFrame]:
    for question in inference.ranked_questions(plan):
        yield inference.sets_of(plan, question)


def _associations(plan: Plan) -> Iterator[pd.DataFrame]:
    for stub, table in inference.association_tests(plan):
        yield table.assign(question=stub.id, banner=plan.banner.id if plan.banner else "")


def _together(plan: Plan) -> Iterator[pd.DataFrame]:
    yield from (inference.together_of(plan, question) for question in inference.ticked_questions(plan))


def _overlaps(plan: Plan) -> Iterator[pd.DataFrame]:
    if plan.banner is not None and plan.banner.kind == "multiple":
        table = plan.overlaps(plan.banner)
        yield table[table["code"] != table["other_code"]]


def _mentions(plan: Plan) -> Iterator[pd.DataFrame]:
    yield from map(plan.mentions, _of_kinds(plan, "multiple"))


def _mention_summaries(plan: Plan) -> Iterator[pd.DataFrame]:
    yield from map(plan.mention_summary, _of_kinds(plan, "multiple"))


def _precision(plan: Plan) -> Iterator[pd.DataFrame]:
    banner = plan.banner.id if plan.banner else None
    table = precision(plan.responses, banner=banner, confidence=plan.confidence)
    yield table.assign(planned=planned(table))


def _sentences(plan: Plan) -> Iterator[pd.DataFrame]:
    yield summary.sentence_counts(plan)


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
