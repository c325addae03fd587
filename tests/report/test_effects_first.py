"""Large counts: findings are chosen and ordered by the size of a difference, whatever its p."""

import numpy as np
import pandas as pd
import pytest

import survey
from survey.instrument.question import GroupNoun
from survey.messages import message
from survey.report.survey.titles import points_text
from survey.statistics.fallbacks import (
    FALLBACKS,
    LEAST_DIFFERENCE,
    is_small_difference,
    leads_with_effects,
)
from tests.counts.shapes import instrument_of

pytest.importorskip("pyarrow")
pytestmark = pytest.mark.filterwarnings("ignore:.*not anonymous by itself:UserWarning")
ROWS = 120_000
INSTRUMENT = instrument_of(groups=3, needs=5, items=4, numbers=0, text=False)


def counted(needs, ratings, *, rows=ROWS, groups=3, instrument=INSTRUMENT):
    """A tally in which need k is ticked by .4 of everybody and by `needs[k]` more of those in group 0.

    `ratings` are the shares of the top box of the items. Every share is met to one respondent.
    """
    random = np.random.default_rng(5)
    frame = {"sector": np.array(["s0", "s1", "s2"])[random.permutation(rows) % 3]}
    in_group = np.arange(rows) % 2 == 0
    for group in range(groups):
        frame[f"models__g{group}"] = in_group if group == 0 else random.permutation(rows) % 3 == 0
    frame["models__undecided"] = np.zeros(rows, bool)
    shuffled = random.permutation(rows)
    turn = np.empty(rows, np.int64)
    for side in (in_group, ~in_group):  # the turn of everybody among those inside, and among those outside
        own = shuffled[side[shuffled]]
        turn[own] = np.arange(len(own))
    half = rows // 2
    for need, more in enumerate(needs):
        frame[f"needs__n{need}"] = (turn + 997 * need) % half < half * (0.4 + np.where(in_group, more, 0))
    frame["needs__n4"] = np.zeros(rows, bool)
    for item, share in enumerate(ratings):
        high = (turn + 1009 * item) % half < half * share
        frame[f"ratings__i{item}"] = np.where(high, 5, 2)
    return survey.tally(pd.DataFrame(frame), instrument)


@pytest.fixture(scope="module")
def little():
    """Everything is significant, nothing is large."""
    return counted((0.02, -0.015, 0.025, 0.01), (0.52, 0.505, 0.51, 0.5))


@pytest.fixture(scope="module")
def mixed():
    """Everything is significant, two differences between groups and one of the items are large."""
    return counted((0.02, -0.08, 0.025, 0.12), (0.5, 0.62, 0.61, 0.3))


def text_of(report):
    """Everything that a report says, but for the sheets of data and tests."""
    sheets = [sheet for sheet in report.sheets if sheet.name not in ("Data", "Tests", "Notes")]
    words = [text for sheet in sheets for text in (sheet.title, *sheet.findings)]
    words += [picture.title for sheet in sheets for picture in sheet.pictures]
    return [str(word) for word in [*words, *(chart.title for sheet in sheets for chart in sheet.charts)]]


def test_significant_is_not_large(little):
    table = survey.crosstab(little, "needs")
    own = table[table["banner_code"] == "g0"].set_index("stub_code")
    reliable = own["p_adjusted"] < 0.05
    assert reliable[["n0", "n1", "n2", "n3"]].all()
    assert (own.loc[reliable, "reason"] == "small_difference").all()
    assert own.loc[reliable, "note"].str.contains("less than 3 points").all()
    assert (own["difference"].abs() < LEAST_DIFFERENCE).all()


def test_small_differences_are_never_a_headline(little):
    report = survey.analyze(little)
    summary = report.sheet("Summary")
    assert summary.title == "Ratings: all 4 lie within 2.0 points"
    assert not [table for table in summary.tables if table.name == "summary_differences"]
    for word in (
        "ranks first",
        "trail",
        "more common",
        "less common",
        "apart by",
        "more often",
        "less often",
    ):
        assert not [text for text in text_of(report) if word in text], word
    banner = report.sheet("By Models")
    assert banner.title == "No group of Models differs from all others by 3 points or more"
    marks = banner.tables[0].data[["g0_marks", "g1_marks", "g2_marks"]].to_numpy().ravel()
    assert not {mark for text in marks for mark in text.split()} & {"up", "down"}
    tests = report.sheet("Tests").tables[0].data
    assert (tests["p_adjusted"] < 0.05).sum() >= 4  # what is significant is told there
    assert not [picture for picture in report.sheet("Charts").pictures if picture.name.startswith("heatmap")]


def test_findings_are_ordered_by_size_and_name_it(mixed):
    report = survey.analyze(mixed)
    summary = report.sheet("Summary")
    table = next(table for table in summary.tables if table.name == "summary_differences").data
    assert table["stub_code"].tolist() == ["n3", "n1"]
    assert table["difference"].tolist() == pytest.approx([0.12, -0.08], abs=1e-4)
    sentences = [str(sentence) for sentence in summary.findings]
    assert sentences[0].startswith("Ratings: ")  # from 62% to 30%
    assert (
        "Need 3 is more common in Group 0: 52%, against 40% of all others, 12.0 points more." in sentences[1]
    )
    assert "1 more difference by Models is of 3 points or more." in sentences[1]
    ranks = survey.rank_sets(mixed, "ratings").set_index("item")
    assert ranks.loc["i2", "simultaneous_low"] == 2  # surely second, and close all the same
    title = "Ratings: Item 1 and Item 2 top the 4; the others are 12.0 points or more behind the first"
    assert title in text_of(report)
    assert summary.title in {title, "Up to 12.0 points apart by Models: answers on needs"}
    rows = report.sheet("By Models").tables[0].data
    rows = rows[~rows["section"].astype(bool)].set_index("stub_code")
    assert [rows.loc[code, "g0_marks"] for code in ("n0", "n1", "n2", "n3")] == ["", "down", "", "up"]


@pytest.mark.parametrize(
    ("needs", "ratings", "title"),
    [
        ((0, 0, 0, 0.2), (0.5, 0.4, 0.4, 0.4), "Up to 20.0 points apart by Models: answers on needs"),
        ((0, 0, 0, 0.05), (0.5, 0.4, 0.4, 0.4), "Ratings: Item 0 ranks first of 4, 10.0 points ahead"),
        (
            (0, 0, 0, 0),
            (0.5, 0.4, 0.49, 0.495),
            "Ratings: Item 1 trails the first by 10.0 points; the other 3 are close",
        ),
        (
            (0, 0, 0, 0),
            (0.5, 0.47, 0.49, 0.485),
            "Ratings: Item 1 trails the first by 3.0 points; the other 3 are close",
        ),
        ((0, 0, 0, 0), (0.5, 0.471, 0.49, 0.485), "Ratings: all 4 lie within 2.9 points"),
    ],
)
def test_the_title_is_the_largest_difference(needs, ratings, title):
    assert survey.analyze(counted(needs, ratings)).sheet("Summary").title == title


def test_letters_need_a_large_difference_too(little, mixed):
    small, large = (survey.crosstab(data, "needs", compare="columns") for data in (little, mixed))
    assert (small["p_adjusted"] < 0.05).any()
    assert set(small["letter"]) == {""}
    lettered = large[large["letter"] != ""]
    assert len(lettered)
    assert (lettered["difference"].abs() >= LEAST_DIFFERENCE).all()


def test_chinese_names_the_size_too():
    keys = ["title_first_by", "title_groups_differ_by", "finding_group_higher_by", "finding_chosen_first_by"]
    values = dict.fromkeys(("items", "labels", "all", "label", "group", "share", "rest", "questions"), "x")
    values["noun"] = GroupNoun("x", by="x", the="x", each="x")
    for key in keys:
        assert "12.0个百分点" in message(key, "zh", points="12.0", **values)


def test_up_to_the_limit_tests_decide_alone():
    limit = FALLBACKS["small_difference"].above
    assert [leads_with_effects(count) for count in (0, 137, limit, limit + 1)] == [False, False, False, True]
    assert not is_small_difference(limit, 0.001)
    assert is_small_difference(limit + 1, -0.0299)
    assert not is_small_difference(limit + 1, 53 / 100 - 50 / 100)
    assert not is_small_difference(limit + 1, 0.03)
    assert points_text(-0.0724) == "7.2"
    at_limit = counted((0.1, 0, 0, 0), (0.6, 0.5, 0.5, 0.5), rows=limit)
    report = survey.analyze(at_limit)
    assert report.sheet("Summary").title == "Ratings: Item 0 ranks first of 4"
    assert not [note for note in report.notes if note.topic == "Sizes first"]
    assert "" in {survey.crosstab(at_limit, "needs")["reason"].iloc[0]}
    beyond = survey.analyze(counted((0.1, 0, 0, 0), (0.6, 0.5, 0.5, 0.5), rows=limit + 2))
    assert [note for note in beyond.notes if note.topic == "Sizes first"]


def test_nobody_twice_and_one_group():
    """A group that nobody is in, and one that everybody is in, say nothing of size."""
    alone = instrument_of(groups=1, needs=5, items=0, numbers=0, text=False)
    report = survey.analyze(counted((0.0, 0.0, 0.2, 0.0), (), groups=1, instrument=alone))
    assert report.sheet("Summary").title == "Up to 20.0 points apart by Models: answers on needs"
    without = instrument_of(groups=0, needs=0, items=4, numbers=0, text=False)
    frame = pd.DataFrame({f"ratings__i{n}": np.full(ROWS, 4) for n in range(4)} | {"sector": ["s0"] * ROWS})
    report = survey.analyze(survey.tally(frame, without))
    assert report.sheet("Summary").title == "Ratings: all 4 lie within 0.0 points"


def test_nobody_at_all():
    """A tally of nobody has a report too, and so have three respondents."""
    for rows in (0, 4):
        report = survey.analyze(counted((0.1, 0, 0, 0), (0.6, 0.5, 0.5, 0.5), rows=rows))
        assert not [note for note in report.notes if note.topic == "Sizes first"]
