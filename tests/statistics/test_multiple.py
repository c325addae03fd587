"""Select-all questions: mentions, overlaps, patterns of groups."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import survey
from survey.statistics.multiple import group_patterns
from tests.paths import EXAMPLES
from tests.statistics.helpers import SOME_EXAMPLES, check_table, close, groups, overlapping_groups


def test_as_in_r(overlapping, reference):
    known = reference["mentions channels"]
    summary = survey.mention_summary(overlapping, "channels").iloc[0]
    for name, value in known["all"].items():
        assert close(summary[name], value), name
    for row in survey.mentions(overlapping, "channels").itertuples():
        assert row.n == known[row.code]["n"]
        assert close(row.share_of_mentions, known[row.code]["share_of_mentions"])
    for row in survey.overlaps(overlapping).itertuples():
        expected = reference["overlap channels"][f"{row.code}|{row.other_code}"]
        assert (row.n, row.base) == (expected["n"], expected["base"])


def test_exclusive_options_are_answers_but_no_mentions():
    frame = pd.DataFrame(
        {"markets__asia": [1, 1, 0, 0], "markets__europe": [1, 0, 0, 0], "markets__nowhere": [0, 0, 1, 0]}
    )
    told = survey.from_frame(frame, EXAMPLES / "no-defaults.yaml")
    table = survey.mentions(told, "markets")
    assert table["n"].tolist() == [2, 1, 1]
    assert table["base"].tolist() == [4, 4, 4]
    assert table["mentions"].tolist() == [3, 3, 3]
    assert table["share_of_mentions"].tolist()[:2] == pytest.approx([2 / 3, 1 / 3])
    assert pd.isna(table["share_of_mentions"][2])
    summary = survey.mention_summary(told, "markets").iloc[0]
    assert (summary["base"], summary["mentions"], summary["ticked_nothing"]) == (4, 3, 1)
    assert summary["mean_mentions"] == 0.75
    assert survey.overlaps(told, "markets")["code"].unique().tolist() == ["asia", "europe"]


def test_overlaps_by_hand():
    table = survey.overlaps(groups([1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 1, 0])).set_index(
        ["code", "other_code"]
    )
    assert table.loc[("agents", "branches"), ["n", "base"]].tolist() == [2, 3]
    assert table.proportion["branches", "agents"] == 1
    assert table.n["agents", "agents"] == table.base["agents", "agents"] == 3
    assert table.base["online", "agents"] == 0
    assert pd.isna(table.proportion["online", "agents"])


def test_options_of_a_single_question_do_not_overlap():
    table = survey.overlaps(overlapping_groups(size=["small", "small", "large", None]), "size")
    apart = table[table["code"] != table["other_code"]]
    assert apart["n"].sum() == 0
    assert table[table["code"] == table["other_code"]]["n"].tolist() == [2, 0, 1]


def test_patterns_count_every_respondent_once():
    told = groups([1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0])
    question = told.instrument.question("channels")
    assert group_patterns(told, question) == [(("agents", "branches"), 2), ((), 1), (("agents",), 1)]


TICKS = st.lists(st.lists(st.sampled_from([0, 1, None]), min_size=4, max_size=4), min_size=1, max_size=15)


@SOME_EXAMPLES
@given(TICKS)
def test_shares_of_mentions_add_to_1_and_overlaps_are_symmetric(rows):
    told = groups(*rows)
    table = survey.mentions(told, "channels")
    check_table(table, "mention")
    if table["mentions"][0]:
        assert table["share_of_mentions"].sum() == pytest.approx(1)
    else:
        assert table["share_of_mentions"].isna().all()
    overlap = survey.overlaps(told)
    check_table(overlap, "overlap")
    square = overlap.pivot(index="code", columns="other_code", values="n")
    assert (square == square.T).all(axis=None)
    assert (overlap["n"][overlap["code"] == overlap["other_code"]] == table["n"].to_numpy()).all()
    summary = survey.mention_summary(told, "channels").iloc[0]
    assert summary["base"] + summary["no_answer"] == len(rows)
    assert summary["mentions"] == table["n"].sum()
    counted = group_patterns(told, told.instrument.question("channels"))
    assert sum(number for _, number in counted) == summary["base"]
