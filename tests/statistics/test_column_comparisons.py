"""Column against column: the overlap in the variance, exact tests for disjoint groups, letters."""

import csv
from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from scipy.stats import mannwhitneyu

import survey
from survey.statistics.column_comparisons import column_letters, exact_test, overlap_difference_interval
from survey.statistics.intervals import difference_interval
from tests.conftest import REFERENCE
from tests.paths import EXAMPLES
from tests.statistics.helpers import by_pair, check_table, close, groups, overlapping_groups


@pytest.fixture(scope="module")
def known():
    found = defaultdict(lambda: defaultdict(dict))
    with (REFERENCE / "tables.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["topic"]][row["key"]][row["statistic"]] = float(row["value"])
    return found


def test_columns_as_in_r(overlapping, known):
    table = survey.crosstab(overlapping, "size", compare="columns")
    check_table(table, "columns")
    assert len(table) == len(known["columns"]) == 3 * 6
    for row in table.itertuples():
        expected = known["columns"][f"{row.stub_code}|{row.banner_code}|{row.other_code}"]
        for name, value in expected.items():
            assert close(getattr(row, name), value), row


def test_the_variance_is_that_of_a_clustered_regression(overlapping):
    # The respondents' own contributions around separate means: GEE with one cluster per respondent.
    from statsmodels.genmod.cov_struct import Independence
    from statsmodels.genmod.generalized_estimating_equations import GEE

    data = overlapping.data[["channels__agents", "channels__branches"]].astype(float)
    size = (overlapping.data["size"] == "small").astype(float)[overlapping.data["size"].notna()]
    rows = [
        (who, at, size[who])
        for who in size.index
        for at, name in enumerate(data.columns)
        if data.loc[who].notna().all() and data.loc[who, name] == 1
    ]
    long = pd.DataFrame(rows, columns=["who", "column", "yes"])
    design = np.column_stack([np.ones(len(long)), long["column"]])
    fit = GEE(long["yes"], design, groups=long["who"], cov_struct=Independence()).fit()
    one, other = (set(long.loc[long["column"] == at, "who"]) for at in (0, 1))
    shares = [long.loc[long["column"] == at, "yes"].mean() for at in (0, 1)]
    own = sum(
        (
            (who in one) * (size[who] - shares[0]) / len(one)
            - (who in other) * (size[who] - shares[1]) / len(other)
        )
        ** 2
        for who in size.index
    )
    assert fit.bse.iloc[1] ** 2 == pytest.approx(own)
    row = survey.crosstab(overlapping, "size", compare="columns").iloc[0]
    assert row["difference"] == pytest.approx(-fit.params.iloc[1])
    assert row["overlap"] == len(one & other)
    # The interval uses the same covariance: between the two limits lies about 2 x 1.96 standard errors.
    assert row["ci_high"] - row["ci_low"] == pytest.approx(2 * 1.96 * own**0.5, rel=0.1)


def test_the_interval_is_newcombe_s_for_disjoint_groups():
    assert overlap_difference_interval(7, 12, 1, 10, 0, 0) == pytest.approx(difference_interval(7, 12, 1, 10))
    low, high = overlap_difference_interval(7, 12, 6, 11, 6, 11)
    apart = difference_interval(7, 12, 6, 11)
    assert apart[0] < low < 7 / 12 - 6 / 11 < high < apart[1]  # the shared respondents narrow it


def test_letters_stand_for_the_lower_column():
    told = overlapping_groups(
        size=["small"] * 20 + ["large"] * 20,
        channels__agents=[1] * 20 + [0] * 20,
        channels__branches=[0] * 18 + [1] * 22,
        channels__partners=[0] * 40,
        channels__online=[1] * 40,
    )
    table = survey.crosstab(told, "size", compare="columns").set_index(
        ["stub_code", "banner_code", "other_code"]
    )
    row = table.loc[("small", "agents", "branches")]
    assert (row["difference"] > 0, row["letter"], row["overlap"]) == (True, "B", 2)
    row = table.loc[("large", "agents", "branches")]
    assert (row["difference"] < 0, row["letter"]) == (True, "A")
    assert table["note"]["small", "agents", "partners"].startswith("[low] 0")
    assert table["reason"]["small", "agents", "partners"] == "small_base untested"
    assert (table.loc[table["letter"] != "", "p_adjusted"] < 0.05).all()


def test_letters_go_on_after_z():
    many = [type("Group", (), {"id": str(at)}) for at in range(54)]
    letters = list(column_letters(many).values())
    assert letters[:2] == ["A", "B"]
    assert letters[25:28] == ["Z", "AA", "AB"]
    assert letters[51:54] == ["AZ", "BA", "BB"]


def test_the_same_respondents_twice_are_not_tested():
    told = groups(*[[1, 1, 0, 0]] * 6, *[[0, 0, 1, 0]] * 6)
    told = survey.from_frame(
        told.data.astype(object)
        .assign(size=["small", "large"] * 6)
        .drop(columns=[name for name in told.data if name.startswith("hurdles")]),
        EXAMPLES / "overlapping-groups.yaml",
    )
    row = survey.crosstab(told, "size", compare="columns").iloc[0]
    assert row["note"] == "both groups hold the same respondents: not tested"
    assert row["reason"] == "same_respondents untested"
    assert pd.isna(row["p_value"])
    assert (row["ci_low"], row["difference"], row["ci_high"]) == (0, 0, 0)


def test_disjoint_columns_can_be_tested_exactly(overlapping):
    table = survey.crosstab(overlapping, "channels", banner="size", compare="columns", test="fisher")
    assert set(table["overlap"]) == {0}
    assert set(table["method"]) == {"fisher_exact"}
    mixed = survey.crosstab(overlapping, "size", compare="columns", test="fisher")
    assert (mixed.loc[mixed["overlap"] > 0, "method"] == "z_overlap").all()


def test_boschloo_as_in_r(known):
    for key, found in known["boschloo"].items():
        (n, no), (other, other_no) = (map(int, row.split(":")) for row in key.split("|"))
        # scipy searches the largest probability by simulation of the common share: close, not equal.
        p_value = exact_test(n, n + no, other, other + other_no, "boschloo")
        assert p_value == pytest.approx(found["p_value"], rel=2e-3)


def test_columns_change_sides_and_double_as_they_should(statistics_frame, overlapping):
    table = survey.crosstab(overlapping, "size", compare="columns")
    twice = survey.from_frame(
        pd.concat([statistics_frame, statistics_frame]), EXAMPLES / "overlapping-groups.yaml"
    )
    doubled = survey.crosstab(twice, "size", compare="columns")
    assert (doubled["overlap"] == 2 * table["overlap"]).all()
    assert doubled["difference"].to_numpy() == pytest.approx(table["difference"].to_numpy())
    from scipy.stats import norm

    z, z_doubled = (norm.isf(one["p_value"] / 2) for one in (table, doubled))
    assert z_doubled == pytest.approx(z * 2**0.5, rel=1e-6)


def test_exclusive_and_mixed_followers_make_up_the_group(overlapping):
    whole, exclusive, mixed = (
        survey.crosstab(overlapping, "size", only=o) for o in (None, "exclusive", "mixed")
    )
    complete = overlapping.data.filter(like="channels__").notna().all(axis=1)
    assert (exclusive["base"] + mixed["base"] <= whole["base"]).all()
    assert (exclusive["base"] + mixed["base"] >= whole["base"] - int((~complete).sum())).all()
    assert exclusive["banner_label"][0] == "Agents, no other"
    assert mixed["banner_label"][0] == "Agents, with others"
    told = overlapping_groups(
        size=["small"] * 3, channels__agents=[1, 1, 1], channels__branches=[0, 1, None],
        channels__partners=[0, 0, 0], channels__online=[0, 0, 0],
    )  # fmt: skip
    row = survey.crosstab(told, "size", only="exclusive").iloc[0]
    assert (row["base"], row["complement_base"]) == (1, 1)  # the third is not known to be either


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"compare": "rows"}, "cannot be compared|Nothing can be compared with 'rows'"),
        ({"test": "z"}, "no test 'z'"),
        ({"compare": "columns", "test": "wilson"}, "no test 'wilson'"),
        ({"only": "pure"}, "exclusive, mixed"),
    ],
)
def test_what_cannot_be_compared_is_told(overlapping, arguments, said):
    with pytest.raises(survey.UsageError, match=said):
        survey.crosstab(overlapping, "size", **arguments)


def test_ratings_of_groups_as_in_r(overlapping, known):
    table = by_pair(survey.compare_group_ratings(overlapping, min_base=2))
    assert set(table["by"]) == {"channels"}
    assert list(table.index) == list(known["mann_whitney"])
    for key, expected in known["mann_whitney"].items():
        for name, value in expected.items():
            assert close(table[name][key], value), (key, name)


def test_cliff_s_delta_by_hand():
    from survey.statistics.ratings import cliff_delta

    # 3 and 4 against 1, 3, 5: above 1 + 2, below 1 + 1, of six pairs.
    delta, low, high = cliff_delta([0, 0, 1, 1, 0], [1, 0, 1, 0, 1])
    assert delta == pytest.approx(1 / 6)
    assert low < delta < high
    assert cliff_delta([0, 3], [2, 0])[0] == 1
    assert cliff_delta([1, 1, 1, 0], [0, 0, 0, 1])[0] == -1


def test_cliff_s_delta_as_from_all_pairs():
    """Cliff's estimates from the matrix of all pairs, which the histograms give without it."""
    from survey.statistics.ratings import cliff_delta, mann_whitney

    rng = np.random.default_rng(8)
    for n, m in ((2, 2), (3, 40), (60, 25)):
        first, second = (rng.integers(0, 7, size) for size in (n, m))
        above = np.sign(first[:, None] - second)
        delta = above.mean()
        rows, columns = (((above.mean(axis=axis) - delta) ** 2).sum() for axis in (1, 0))
        variance = m**2 * rows + n**2 * columns - ((above - delta) ** 2).sum()
        variance = max(variance / (n * m * (n - 1) * (m - 1)), (1 - delta**2) / (n * m - 1))
        z = 1.959963984540054
        root = z * np.sqrt(variance * ((1 - delta**2) ** 2 + z**2 * variance))
        low = (delta - delta**3 - root) / (1 - delta**2 + z**2 * variance)
        sides = [np.bincount(side, minlength=7).tolist() for side in (first, second)]
        counted = cliff_delta(*sides)
        assert counted[0] == pytest.approx(delta, abs=1e-15)
        if abs(delta) < 1:
            assert counted[1] == pytest.approx(max(-1.0, low), abs=1e-12)
        whole = mannwhitneyu(first, second, alternative="two-sided", method="asymptotic")
        assert mann_whitney(*sides) == pytest.approx(whole.pvalue, abs=1e-14)


def test_scale_quality_as_in_r(overlapping, known):
    from survey.statistics.reliability import _omega

    table = survey.reliability(overlapping).set_index(["test", "item"])["statistic"]
    assert table["mcdonald_omega", ""] == pytest.approx(known["omega"]["hurdles"]["omega"], abs=1e-5)
    for item, expected in known["item_rest"].items():
        assert close(table["item_rest", item], expected["r"])
    scale = pd.read_csv(REFERENCE / "tables-scale.csv").to_numpy(dtype=float)
    centred = scale - scale.mean(axis=0)
    scatter = (len(scale) * centred.T @ centred).tolist()
    assert _omega(scatter, len(scale), "en")["statistic"] == pytest.approx(
        known["omega"]["scale"]["omega"], abs=1e-5
    )
