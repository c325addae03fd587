"""Importance shares: top boxes, moments, ranks and ties."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import survey
from tests.paths import EXAMPLES
from tests.statistics.helpers import SOME_EXAMPLES, check_table, close, overlapping_groups

STATISTICS = ("base", "n_top", "proportion", "mean", "sd", "median")


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


def test_ranks_are_of_those_who_answered_every_item(overlapping):
    """Some items have gaps: ranks and their limits are of the same respondents, as of those alone."""
    table = survey.importance_shares(overlapping).set_index("item")
    complete = overlapping.data.filter(like="hurdles__").dropna()
    top = (complete.astype(int) >= 4).sum()
    ranks = {name.removeprefix("hurdles__"): 1 + int((top > n).sum()) for name, n in top.items()}
    assert table["rank"].to_dict() == ranks
    alone = survey.importance_shares(survey.from_frame(complete, overlapping.instrument)).set_index("item")
    for column in ("rank", "rank_low", "rank_high"):
        assert table[column].to_dict() == alone[column].to_dict()
    assert set(alone["reason"]) <= {"", "tie"}
    assert table["reason"].str.contains("common_respondents").all()
    assert f"ranked among the {len(complete)} respondents" in table["note"].iloc[0]
    sets = survey.rank_sets(overlapping, "hurdles").set_index("item")
    assert sets["rank"].to_dict() == ranks
    assert (sets["marginal_low"] <= sets["rank"]).all()
    assert (sets["rank"] <= sets["marginal_high"]).all()


@pytest.mark.parametrize("counted", [False, True])
def test_a_routed_item(counted):
    """Simpson's case: B is asked of 20 of 100; by its own respondents it leads, among those it does not."""
    rows = [(5, 5, 5)] * 9 + [(5, 3, 5)] * 9 + [(2, 5, 5), (2, 3, 3)]
    rows += [(5, None, 3)] * 22 + [(2, None, 5)] * 31 + [(2, None, 3)] * 27
    told = overlapping_groups(
        **{f"hurdles__{name}": [row[at] for row in rows] for at, name in enumerate(("law", "staff", "trust"))}
    )
    data = survey.tally(told) if counted else told
    table = survey.importance_shares(data).dropna(subset=["rank"]).set_index("item")
    assert table["proportion"].to_dict() == {"staff": 0.5, "trust": 0.5, "law": 0.4}
    assert table["base"].to_dict() == {"staff": 20, "trust": 100, "law": 100}
    assert table["rank"].to_dict() == {"trust": 1, "law": 2, "staff": 3}
    assert (table["rank_low"] <= table["rank"]).all()
    assert (table["rank"] <= table["rank_high"]).all()
    assert table["rank_low"]["staff"] == 3
    assert set(table["reason"]) == {"common_respondents"}
    title = str(survey.analyze(data).sheets[0].title)
    assert "among the 20 who answered every item" in title


@pytest.mark.parametrize("rated", [0, 4, 5])
def test_few_who_rated_all_give_no_limits(rated):
    told = overlapping_groups(
        hurdles__law=[5] * 10 + [None] * (10 - rated) + [1] * rated,
        hurdles__staff=[None] * 10 + [4] * 10,
    )
    for table, low in (
        (survey.importance_shares(told), "rank_low"),
        (survey.rank_sets(told), "marginal_low"),
    ):
        known = table.dropna(subset=["rank"]).set_index("item")
        assert known[low].isna().all() == (rated < 5)
        reason = "common_respondents" if rated == 5 else "different_bases no_interval"
        assert known["reason"].str.removeprefix("tie ").unique().tolist() == [reason]
        assert known["rank"].to_dict() == {"staff": 1, "law": 2} if rated else {"law": 1, "staff": 1}
    survey.analyze(told)


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
    assert table["note"].str.startswith(("tied with: Staff", "tied with: Law")).sum() == 2


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
    of_common = known["reason"].str.contains("common_respondents").any()
    for row in known.itertuples():
        if not of_common:
            assert row.rank == 1 + (known["n_top"] * row.base > row.n_top * known["base"]).sum()
        if "different_bases" in row.reason:
            assert pd.isna(row.rank_low)
        else:
            assert 1 <= row.rank_low <= row.rank <= row.rank_high <= len(known)
        assert 1 <= row.mean <= 5
