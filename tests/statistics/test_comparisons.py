"""Items against each other: R's numbers, pingouin's, and cases worked by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import survey
from survey.statistics.intervals import paired_difference_interval
from tests.paths import EXAMPLES, ROOT
from tests.statistics.helpers import SOME_EXAMPLES, by_pair, check_table, close, groups, overlapping_groups


@pytest.fixture(scope="module")
def pingouin():
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pingouin

        yield pingouin


@pytest.mark.parametrize("battery", ["hurdles", "channels"])
def test_items_as_in_r(overlapping, reference, battery):
    table = survey.compare_items(overlapping, battery)
    known = reference[f"compare {battery}"]
    pairs = table["test"] == "mcnemar_exact"
    named = table.set_axis([*table["test"][~pairs], *by_pair(table[pairs]).index])
    assert list(named.index) == list(
        dict.fromkeys(["cochran_q", *(["friedman"] if battery == "hurdles" else []), *known])
    )
    for row in named.itertuples():
        for name, value in known[row.Index].items():
            if not name.startswith("cmh_"):
                assert close(getattr(row, name), value), (row.Index, name)
    # The same statistic by another way: generalised Cochran-Mantel-Haenszel, respondents as strata.
    assert close(table["statistic"][0], known["cochran_q"]["cmh_statistic"])
    assert close(table["p_value"][0], known["cochran_q"]["cmh_p_value"])


def test_ratings_as_in_r(overlapping, reference):
    table = by_pair(survey.compare_ratings(overlapping))
    known = reference["wilcoxon hurdles"]
    assert table.index.tolist() == list(known)
    for row in table.itertuples():
        for name, value in known[row.Index].items():
            assert close(getattr(row, name), value), (row.Index, name)


def test_ratings_as_in_pingouin(overlapping):
    ours, theirs = (survey.compare_ratings(overlapping, through=name) for name in ("scipy", "pingouin"))
    pd.testing.assert_frame_equal(ours, theirs, rtol=1e-8, atol=1e-8)
    few = overlapping_groups(hurdles__law=[5, 5, 1, 3, 2], hurdles__staff=[4, 3, 4, 2, 2])
    ours, theirs = (survey.compare_ratings(few, through=name) for name in ("scipy", "pingouin"))
    pd.testing.assert_frame_equal(ours, theirs, rtol=1e-8, atol=1e-8)
    with pytest.raises(survey.UsageError, match="There are: scipy, pingouin"):
        survey.compare_ratings(overlapping, through="spss")


def test_cochran_and_friedman_as_in_pingouin(overlapping, pingouin):
    columns = overlapping.columns_of(overlapping.instrument.question("hurdles"))
    complete = columns.dropna().astype(int).reset_index(names="respondent")
    long = complete.melt(id_vars="respondent", var_name="item", value_name="rating")
    long["top"] = (long["rating"] >= 4).astype(int)
    table = survey.compare_items(overlapping).set_index("test")
    found = pingouin.friedman(data=long, dv="rating", within="item", subject="respondent").iloc[0]
    names = {"Q": "statistic", "W": "effect", "ddof1": "df"}
    for theirs, ours in names.items():
        assert close(table.loc["friedman", ours], found[theirs])
    found = pingouin.cochran(data=long, dv="top", within="item", subject="respondent").iloc[0]
    assert close(table.loc["cochran_q", "statistic"], found["Q"])
    assert close(table.loc["cochran_q", "df"], found["dof"])


def test_mcnemar_by_hand():
    # Six discordant respondents, five one way: p = 2 (1 + 6) / 64.
    rows = [[1, 0, 0, 0]] * 5 + [[0, 1, 0, 0]] + [[1, 1, 0, 0]] * 2 + [[0, 0, 0, 0]] * 2
    row = by_pair(survey.compare_items(groups(*rows), "channels")).loc["agents|branches"]
    assert (row["statistic"], row["base"]) == (5, 10)
    assert row["p_value"] == pytest.approx(14 / 64)
    assert row["effect"] == pytest.approx(0.4)
    assert (row["reason"], row["note"]) == ("discordant_pairs", "discordant 5 : 1")


def test_no_discordant_pair_is_p_1():
    table = survey.compare_items(groups([1, 1, 0, 0], [0, 0, 1, 1]), "channels", min_base=1)
    row = by_pair(table).loc["agents|branches"]
    assert (row["p_value"], row["effect"], row["base"]) == (1, 0, 2)
    assert row["note"] == "no respondent answers the two differently"
    assert row["reason"] == "no_discordant_pair"


def test_all_discordant_one_way():
    table = survey.compare_items(groups(*[[1, 0, 0, 0]] * 4), "channels", min_base=1)
    row = by_pair(table).loc["agents|branches"]
    assert row["p_value"] == pytest.approx(2 / 16)
    assert (row["effect"], row["ci_high"]) == (1, 1)


def test_tango_s_interval_is_a_choice(overlapping):
    usual, other = (survey.compare_items(overlapping, interval=name) for name in ("newcombe", "tango"))
    pairs = usual["test"] == "mcnemar_exact"
    assert (usual["ci_low"][pairs] != other["ci_low"][pairs]).any()
    same = [name for name in usual if name not in ("ci_low", "ci_high")]
    pd.testing.assert_frame_equal(usual[same], other[same])
    row = other[pairs].iloc[0]
    first, second = map(int, row["note"].removeprefix("discordant ").split(" : "))
    limits = paired_difference_interval(0, first, second, row["base"] - first - second, interval="tango")
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(limits)
    with pytest.raises(survey.UsageError, match="There are: newcombe, tango"):
        survey.compare_items(overlapping, interval="wald")


def test_the_paired_interval_of_the_paper():
    # Newcombe (1998), Statistics in Medicine 17, 2635-2650, Table II, method 10: 36, 12, 2, 0 of 50.
    low, high = paired_difference_interval(36, 12, 2, 0)
    assert (round(low, 4), round(high, 4)) == (0.0569, 0.3404)


def test_an_exclusive_option_is_no_item():
    ticked = {"markets__asia": [1, 0, 0], "markets__europe": [0, 1, 0], "markets__nowhere": [0, 0, 1]}
    told = survey.from_frame(pd.DataFrame(ticked), EXAMPLES / "no-defaults.yaml")
    table = survey.compare_items(told, "markets")
    assert table[["item", "other_item"]].values.tolist() == [["", ""], ["asia", "europe"]]


def test_cochran_by_hand():
    # Column totals 3, 1, 0, 0 of respondents with one tick or two: Q = 3 (4 * 10 - 16) / (16 - 6) = 7.2.
    table = survey.compare_items(groups([1, 0, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0]), "channels", min_base=1)
    row = table.iloc[0]
    assert row["statistic"] == pytest.approx(3 * (4 * (9 + 1) - 16) / (4 * 4 - (1 + 1 + 4)))
    assert row["df"] == 3
    assert row["effect"] == pytest.approx(row["statistic"] / 9)


def test_kendall_s_w_is_1_when_all_agree():
    told = overlapping_groups(hurdles__law=[5, 5, 4], hurdles__staff=[3, 4, 2], hurdles__trust=[1, 2, 1])
    row = survey.compare_items(told, min_base=1).set_index("test").loc["friedman"]
    assert row["effect"] == pytest.approx(1)
    assert row["statistic"] == pytest.approx(3 * 2)
    assert row["reason"] == "left_out"
    assert "without items nobody rated: Capital" in row["note"]


def test_wilcoxon_by_hand():
    # Differences 3, 2, 1, -1: signed ranks 4, 3, 1.5 against 1.5.
    told = overlapping_groups(hurdles__law=[5, 5, 5, 3, 2], hurdles__staff=[2, 3, 4, 4, 2])
    row = by_pair(survey.compare_ratings(told)).loc["law|staff"]
    assert row["statistic"] == 1.5
    assert row["effect"] == pytest.approx((8.5 - 1.5) / 10)
    assert row["base"] == 5


@pytest.mark.parametrize("size", [2, 7, 13, 14, 60])
@pytest.mark.parametrize("points", [5, 1000], ids=["ties", "hardly a tie"])
def test_wilcoxon_is_exact_with_few_respondents(size, points):
    """Over all patterns of signs, ties and equal ratings or not; with more respondents it is scipy's."""
    from itertools import product

    from scipy.stats import rankdata, wilcoxon

    from survey.statistics.signed_ranks import _signed_ranks

    ratings = np.random.default_rng(size).integers(1, points, (size, 2)).astype(float)
    ratings[0] = (1, 2)  # one pair at least that differs
    values = tuple(range(1, points))
    table = np.zeros((len(values), len(values)), np.int64)
    np.add.at(table, tuple(ratings.astype(int).T - 1), 1)
    statistic, p_value, effect = _signed_ranks(table, values, "scipy")
    moved = np.diff(ratings)[:, 0]
    ranks = rankdata(abs(moved[moved != 0]))
    sums = [ranks[moved[moved != 0] > 0].sum(), ranks[moved[moved != 0] < 0].sum()]
    assert statistic == min(sums)
    assert effect == pytest.approx((sums[1] - sums[0]) / sum(sums))
    if size > 13:
        assert p_value == pytest.approx(wilcoxon(ratings[:, 0], ratings[:, 1], correction=True).pvalue)
        return
    patterns = np.array([*product((0, 1), repeat=len(ranks))]) @ ranks
    assert p_value == pytest.approx(min(1, 2 * (patterns <= statistic).mean()))


def test_wilcoxon_sign_follows_the_first_item():
    told = overlapping_groups(hurdles__law=[1, 1, 2], hurdles__staff=[5, 4, 2], hurdles__trust=[1, 1, 2])
    table = by_pair(survey.compare_ratings(told, min_base=1))
    assert table.effect["law|staff"] == -1
    assert table.effect["staff|trust"] == 1
    assert table.p_value["law|trust"] == 1
    assert table.note["law|trust"] == "no respondent answers the two differently"
    assert table.reason["law|trust"] == "no_discordant_pair"


def test_a_pair_nobody_rated_is_there_with_base_0():
    told = overlapping_groups(hurdles__law=[5, None], hurdles__staff=[None, 4])
    table = survey.compare_ratings(told)
    assert len(table) == 28
    assert set(table["base"]) == {0}
    assert table["p_value"].isna().all()
    assert set(table["note"]) == {"too few complete answers: not computed"}
    assert set(table["reason"]) == {"too_few_answers not_computed"}


def test_nobody_answered_means_base_0():
    told = overlapping_groups(size=["small"] * 4)
    table = survey.compare_items(told)
    assert table["test"].tolist() == ["cochran_q", "friedman"]
    assert table["base"].tolist() == [0, 0]
    assert table["note"][0].startswith("needs two items: not computed; without items nobody rated: Capital, ")
    assert table["reason"].tolist() == [
        "too_few_items not_computed left_out",
        "too_few_items too_few_answers not_computed left_out",
    ]


def test_an_item_alone_cannot_be_compared():
    told = survey.from_frame(pd.DataFrame({"calls__weekly": [0, 3]}), EXAMPLES / "no-defaults.yaml")
    table = survey.compare_items(told, "calls", min_base=1)
    assert table["note"].tolist() == [
        "needs two items: not computed",
        "needs three items and two complete answers: not computed",
    ]
    assert table["reason"].tolist() == ["too_few_items not_computed"] * 2
    assert table["base"].tolist() == [2, 2]
    assert survey.compare_ratings(told, "calls").empty


TICKS = st.lists(st.lists(st.integers(0, 1), min_size=4, max_size=4), min_size=1, max_size=20)


@SOME_EXAMPLES
@given(TICKS)
def test_every_table_of_ticks_gives_defined_numbers(rows):
    table = survey.compare_items(groups(*rows), "channels", min_base=1)
    check_table(table, "test")
    assert len(table) == 1 + 6
    assert table["p_value"].notna().all()
    pairs = table[table["test"] == "mcnemar_exact"]
    assert pairs["effect"].between(-1, 1).all()
    assert (pairs["ci_low"] <= pairs["effect"]).all()
    assert (pairs["effect"] <= pairs["ci_high"]).all()
    assert (pairs["ci_high"] - pairs["ci_low"] > 0).all()  # no discordant respondent is no certainty


def test_wilcoxon_of_few_respondents_as_in_r():
    """R writes out all patterns of signs; its own wilcox.test is exact without ties and zeros only."""
    from survey.statistics.signed_ranks import _signed_ranks

    reference = pd.read_csv(ROOT / "tests" / "reference" / "inference.csv")
    known = reference[reference["topic"] == "wilcoxon"].pivot(
        index="key", columns="statistic", values="value"
    )
    differences = {
        "no_ties": [3, -1, 6, 8, 4, -2, 12, 10],  # twice those in R: ranks are the same
        "ties": [3, 2, 1, -1, 1, 2, 2, 4],
        "zeros": [0, 1, 2, 2, 0, -1, 3, 1, 1, 4],
    }
    for name, moved in differences.items():
        table = np.zeros((14, 14), np.int64)
        for one in moved:
            table[max(0, one), max(0, -one)] += 1
        statistic, p_value, _ = _signed_ranks(table, tuple(range(14)), "scipy")
        assert statistic == known.loc[name, "statistic"]
        assert p_value == pytest.approx(known.loc[name, "exact"], rel=1e-10)
        assert (abs(p_value - known.loc[name, "r"]) < 1e-10) == (name == "no_ties")
        assert abs(known.loc[name, "normal"] - p_value) > 1e-4  # what R gives where there are ties
