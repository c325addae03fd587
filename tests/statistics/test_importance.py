"""Importance shares: top boxes, moments, ranks and ties."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import survey
from tests.paths import EXAMPLES
from tests.statistics.helpers import SOME_EXAMPLES, check_table, close, overlapping_groups

STATISTICS = ("base", "n_top", "proportion", "mean", "sd", "median", "rank")


def test_as_in_r(overlapping, reference):
    table = survey.importance_shares(overlapping)
    assert len(table) == len(reference["importance"]) == 8
    exact = survey.importance_shares(overlapping, confidence=0.9, interval="wilson").set_index("item")
    for row in table.itertuples():
        known = reference["importance"][row.item]
        assert row.n_top == known["n"]
        for name in STATISTICS[2:]:
            assert close(getattr(row, name), known[name]), (row.item, name)
        assert close((row.ci_low, row.ci_high), (known["wilson_low"], known["wilson_high"]))
        assert close(exact.ci_low[row.item], known["wilson90_low"])


def test_ties_share_the_better_rank_and_are_named():
    table = survey.importance_shares(
        overlapping_groups(
            hurdles__law=[5, 5], hurdles__staff=[4, 1], hurdles__trust=[1, 5], hurdles__capital=[1, 2]
        )
    ).set_index("item")
    assert table["rank"].dropna().to_dict() == {"law": 1, "staff": 2, "trust": 2, "capital": 4}
    # two respondents tell no two items apart: every rank is possible for each
    assert table["rank_low"].dropna().tolist() == [1] * 4
    assert table["rank_high"].dropna().tolist() == [4] * 4
    assert table.note["staff"] == "tied with: Trust"
    assert table.note["law"] == ""
    assert table.note["language"] == "no answers"
    assert pd.isna(table.loc["language", "rank"])


def test_equal_shares_of_different_bases_are_a_tie():
    # 1 of 3 and 2 of 6 are equal as fractions, whatever floating point makes of them.
    table = survey.importance_shares(
        overlapping_groups(hurdles__law=[5, 1, 1, None, None, None], hurdles__staff=[5, 5, 1, 1, 1, 1])
    )
    assert table["rank"].head(2).tolist() == [1, 1]
    assert table["note"].head(2).tolist() == ["tied with: Staff", "tied with: Law"]


def test_the_top_box_is_the_scale_s_or_the_one_asked_for():
    told = overlapping_groups(hurdles__law=[3, 4, 5, 5])
    by_top = {top: survey.importance_shares(told, top=top)["n_top"][0] for top in (None, 1, 2, 3, 4)}
    assert by_top == {None: 3, 1: 2, 2: 3, 3: 4, 4: 4}
    frame = pd.DataFrame({"agreement__first": [5, 6, 7]})
    seven = survey.from_frame(frame, EXAMPLES / "seven-points.yaml")
    assert survey.importance_shares(seven)["n_top"][0] == 1
    assert survey.importance_shares(seven, top=3)["n_top"][0] == 3
    frame = pd.DataFrame({"visits__ours": [0, 1, 2, 3]})
    four = survey.from_frame(frame, EXAMPLES / "no-defaults.yaml")
    assert survey.importance_shares(four, "visits")["n_top"][0] == 2
    assert survey.importance_shares(four, "visits")["median"][0] == 1.5


@pytest.mark.parametrize("top", [0, -1, 5, 99])
def test_a_top_box_outside_the_scale_is_refused(overlapping, top):
    with pytest.raises(survey.UsageError, match="does not fit a scale of 5"):
        survey.importance_shares(overlapping, top=top)
    with pytest.raises(survey.UsageError, match="does not fit"):
        survey.crosstab(overlapping, "hurdles", top=top)
    with pytest.raises(survey.UsageError, match="does not fit"):
        survey.compare_items(overlapping, top=top)


def test_one_rating_has_no_sd():
    row = survey.importance_shares(overlapping_groups(hurdles__law=[4])).iloc[0]
    assert (row["mean"], row["median"], row["rank"]) == (4, 4, 1)
    assert pd.isna(row["sd"])


RATING = st.one_of(st.none(), st.integers(1, 5))


@SOME_EXAMPLES
@given(st.lists(st.tuples(RATING, RATING, RATING), min_size=1, max_size=25), st.integers(1, 4))
def test_ranks_follow_the_shares(rows, top):
    told = overlapping_groups(
        **{f"hurdles__{name}": [row[at] for row in rows] for at, name in enumerate(("law", "staff", "trust"))}
    )
    table = survey.importance_shares(told, top=top)
    check_table(table, "importance")
    known = table.dropna(subset=["rank"])
    assert known["proportion"].is_monotonic_decreasing
    for row in known.itertuples():
        assert row.rank == 1 + (known["n_top"] * row.base > row.n_top * known["base"]).sum()
        assert 1 <= row.rank_low <= row.rank_high <= len(known)
        assert 1 <= row.mean <= 5
