"""Every question as 1, 0 and no answer; which question is meant."""

import pytest

import survey
from survey.statistics.indicators import (
    asked_parts,
    banner_of,
    battery_of,
    complete_answers,
    indicators,
    ratings,
    top_points,
)
from tests.paths import EXAMPLES
from tests.statistics.helpers import groups, overlapping_groups


def yes_of(told, question, **options):
    return indicators(told, told.instrument.question(question), **options)


def test_no_answer_is_neither_yes_nor_no():
    told = overlapping_groups(size=["small", None], channels__agents=[1, 0], hurdles__law=[4, None])
    assert yes_of(told, "size").fillna(-1).values.tolist() == [[1, 0, 0], [-1, -1, -1]]
    assert yes_of(told, "channels")["agents"].tolist() == [1, 0]
    assert yes_of(told, "channels")["online"].isna().all()
    assert yes_of(told, "hurdles")["law"].fillna(-1).tolist() == [1, -1]
    assert yes_of(told, "hurdles", top=1)["law"].fillna(-1).tolist() == [0, -1]


def test_the_responses_are_not_touched():
    told = groups([1, 0, 1, 0], [None, None, None, None])
    before = told.data.copy(deep=True)
    found = yes_of(told, "channels")
    found.iloc[:, :] = 7
    given = ratings(told, told.instrument.question("hurdles"))
    given.iloc[:, :] = 7
    assert told.data.equals(before)


def test_complete_answers_of_no_parts_are_nobody_s():
    told = overlapping_groups(hurdles__law=[4, None], hurdles__staff=[1, 2])
    question = told.instrument.question("hurdles")
    answers = ratings(told, question)
    asked, absent = asked_parts(question, answers)
    assert [item.id for item in asked] == ["law", "staff"]
    assert len(absent) == 6
    assert complete_answers(answers, asked).tolist() == [[4, 1]]
    assert complete_answers(answers, absent).shape == (0, 6)
    assert complete_answers(answers, []).shape == (0, 0)


def test_which_battery_and_banner_are_meant(overlapping):
    assert battery_of(overlapping, None).id == "hurdles"
    assert battery_of(overlapping, "channels", "multiple").id == "channels"
    assert banner_of(overlapping, None).id == "channels"
    assert banner_of(overlapping, "size").id == "size"
    assert top_points(overlapping, battery_of(overlapping, None), None) == 2
    with pytest.raises(survey.UsageError, match="'size' is a single question; this needs one of kind rating"):
        battery_of(overlapping, "size")
    with pytest.raises(survey.UsageError, match="'hurdles' is a rating question"):
        banner_of(overlapping, "hurdles")


@pytest.mark.parametrize(
    "ask",
    [
        survey.importance_shares,
        survey.compare_items,
        survey.compare_ratings,
        survey.reliability,
        lambda told: survey.crosstab(told, "visits"),
        survey.overlaps,
    ],
)
def test_without_a_default_the_question_must_be_named(ask):
    import pandas as pd

    told = survey.from_frame(pd.DataFrame({"visits__ours": [1, 2]}), EXAMPLES / "no-defaults.yaml")
    with pytest.raises(
        survey.UsageError, match=r"no-defaults@1\.0\.0 declares no default (battery|banner)\. Name a"
    ):
        ask(told)
