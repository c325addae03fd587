"""What a sample can show: against R's power.prop.test and statsmodels."""

import pandas as pd
import pytest
from scipy.stats import norm

import survey
from survey.statistics.exact_power import fisher_power, mcnemar_power
from survey.statistics.planning_formulas import (
    group_powers,
    needed_base,
    smallest_difference,
    smallest_paired_difference,
)
from tests.paths import EXAMPLES, ROOT, SAMPLE
from tests.statistics.test_column_comparisons import known  # noqa: F401
from tests.weighted_answers import library, library_frame

Z, POWER = norm.isf(0.025), norm.ppf(0.8)


def test_smallest_difference_as_in_r(known):  # noqa: F811
    for size, expected in known["power"].items():
        found = smallest_difference(int(size), int(size), Z, POWER)
        # R counts only the side the difference is on, as here.
        assert found == pytest.approx(expected["smallest_difference"], abs=1e-7)


@pytest.mark.parametrize(("base", "other"), [(42, 95), (29, 108), (90, 47)])
def test_unequal_groups_as_in_statsmodels(base, other):
    from statsmodels.stats.proportion import power_proportions_2indep

    found = smallest_difference(base, other, Z, POWER)
    power = power_proportions_2indep(found, 0.5, base, ratio=other / base, alternative="two-sided")
    assert power.power == pytest.approx(0.8, abs=1e-5)  # statsmodels counts both sides


def test_the_paired_difference_solves_connor_s_equation():
    found = smallest_paired_difference(137, 0.3, Z, POWER)
    needed = (Z * 0.3**0.5 + POWER * (0.3 - found**2) ** 0.5) ** 2 / found**2
    assert needed == pytest.approx(137)


def test_textbook_samples():
    assert [needed_base(margin, Z) for margin in (0.03, 0.05, 0.1)] == [1068, 385, 97]


def test_twice_the_sample_has_the_margin_over_root_two(overlapping):
    table = survey.precision(overlapping)
    row = table[(table["what"] == "base") & (table["question"] == "size")].iloc[0]
    assert row["margin"] == pytest.approx(Z * (0.25 / row["base"]) ** 0.5)
    assert smallest_difference(3, 2, Z, POWER) != smallest_difference(3, 2, Z, POWER)  # nan: not to be had


@pytest.mark.parametrize("arguments", [{"power": 80}, {"margins": (5,)}, {"power": 0.01}])
def test_percentages_are_refused(overlapping, arguments):
    with pytest.raises(survey.UsageError, match="fractions between 0 and 1"):
        survey.precision(overlapping, **arguments)


@pytest.fixture(scope="module")
def powers():
    reference = pd.read_csv(ROOT / "tests" / "reference" / "inference.csv")
    return reference[reference["topic"].str.endswith("_power")]


@pytest.mark.parametrize(("topic", "of"), [("fisher_power", fisher_power), ("mcnemar_power", mcnemar_power)])
def test_power_of_exact_tests_as_in_r(powers, topic, of):
    """R tests every sample with fisher.test or binom.test."""
    stored = powers[powers["topic"] == topic].pivot(index="key", columns="statistic", values="value")
    assert len(stored) in (2, 3)
    for key, row in stored.iterrows():
        one, other, difference = map(float, key.split("|"))
        if topic == "fisher_power":
            power = of(int(one), int(other), 0.5 + difference, 0.5, [0.05, 0.05 / 44])
        else:
            power = of(int(one), other, difference, [0.05, 0.05 / 28])
        assert power == pytest.approx([row["exact"], row["first_step"]], abs=1e-9)


def test_what_exact_tests_and_holm_leave_of_the_power(overlapping):
    """The promised .80 is that of one normal test."""
    table = survey.precision(survey.read_responses(SAMPLE))
    for row in table[table["smallest_difference"].notna()].itertuples():
        assert 0.68 < row.exact_power < 0.8
        assert 0.01 < row.first_step_power < 0.4
        assert row.first_step_power < row.exact_power
    groups = table[table["what"] == "group"]
    assert set(groups["hypotheses"]) == {44}  # eleven needs by four models
    assert table.loc[table["what"] == "pair", "hypotheses"].tolist() == [28]
    assert table.loc[~table["what"].isin(["group", "pair"]), "exact_power"].isna().all()
    small = survey.precision(overlapping.where("size=small"))
    assert small["exact_power"].isna().equals(small["smallest_difference"].isna())


def test_two_groups_test_each_item_once():
    frame = pd.DataFrame({"region": ["north", "south"] * 30, "agreement__first": [1, 7, 7, 2] * 15})
    frame["agreement__second"] = [7, 1, 1, 1, 7, 2] * 10
    table = survey.precision(survey.from_frame(frame, EXAMPLES / "seven-points.yaml"), banner="region")
    assert set(table.loc[table["what"] == "group", "hypotheses"]) == {2}  # the third item was not asked


def test_many_respondents_have_the_power_of_the_approximation(overlapping):
    tables = [
        survey.precision(survey.from_frame(pd.concat([frame] * 60), overlapping.instrument))
        for frame in (overlapping.data,)
    ]
    rows = tables[0][tables[0]["exact_power"].notna()]
    assert rows["reason"].str.contains("normal_power").all()
    assert rows["exact_power"].to_numpy() == pytest.approx(0.8, abs=1e-6)
    exact = fisher_power(900, 1000, 0.5 + smallest_difference(900, 1000, Z, POWER), 0.5, [0.05, 0.05 / 44])
    normal = group_powers(1900, 2000, smallest_difference(1900, 2000, Z, POWER), Z, 44, "en")
    assert exact == pytest.approx([normal["exact_power"], normal["first_step_power"]], abs=0.03)


def test_a_battery_of_one_item_has_no_pair():
    told = survey.from_frame(pd.DataFrame({"calls__weekly": [0, 3] * 10}), EXAMPLES / "no-defaults.yaml")
    row = survey.precision(told).query("what == 'pair' and question == 'calls'").iloc[0]
    assert (row["base"], row["reason"]) == (20, "too_few_items not_computed")
    report = survey.analyze(told)
    tests = report.sheet("Tests").tables[0].data
    assert not (tests["result"] == "rank_set").loc[tests["question"] == "calls"].any()
    assert "ranks_calls" not in {picture.name for sheet in report.sheets for picture in sheet.pictures}


@pytest.mark.parametrize("through", [lambda data: data, lambda data: survey.tally(data, weight="weight")])
def test_weighted_margins_are_those_of_the_effective_base(through):
    """Against Kish's formula on the weights themselves, group by group."""
    frame = library_frame(80)
    responses = library(80)
    table = survey.precision(through(responses), banner="branch", questions=["branch", "service"])
    weights = frame["weight"] / frame["weight"].mean()
    z = 1.959963984540054

    def kish(own):
        return own.sum() ** 2 / (own**2).sum()

    base = table[(table["what"] == "base") & (table["question"] == "branch")].iloc[0]
    assert base["base"] == 80
    assert base["effective_base"] == pytest.approx(kish(weights), rel=1e-5)
    assert base["margin"] == pytest.approx(z * (0.25 / kish(weights)) ** 0.5, rel=1e-5)
    assert base["reason"] == "effective_base"
    groups = table[table["what"] == "group"].set_index("group")
    for group in ("centre", "east", "west"):
        own, rest = (weights[(frame["branch"] == group) == inside] for inside in (True, False))
        row = groups.loc[group]
        assert row["margin"] == pytest.approx(z * (0.25 / kish(own)) ** 0.5, rel=1e-5)
        assert row["other_effective_base"] == pytest.approx(kish(rest), rel=1e-5)
        assert row["weighted_base"] == pytest.approx(own.sum(), rel=1e-5)
    sample = table[(table["what"] == "sample") & (table["group"] == "")].set_index("margin")
    plain = survey.precision(responses.unweighted(), banner="branch", questions=["branch"])
    plain = plain[(plain["what"] == "sample") & (plain["group"] == "")].set_index("margin")
    deff = 80 / kish(weights)
    for margin in (0.03, 0.05, 0.1):
        assert sample.loc[margin, "needed_base"] == pytest.approx(
            plain.loc[margin, "needed_base"] * deff, abs=2
        )
    assert (table.loc[table["what"] == "pair", "reason"].str.contains("unweighted")).all()
    assert table["exact_power"].isna()[table["what"] != "pair"].all()


def test_equal_weights_change_no_margin():
    responses = library(40, weights=False)
    same = responses.with_weights([3.0] * 40, "w")
    pd.testing.assert_frame_equal(
        survey.precision(same, banner="uses"), survey.precision(responses, banner="uses")
    )


def test_a_group_without_weight_has_no_margin():
    frame = library_frame(40)
    responses = library(40, weights=frame["weight"].where(frame["branch"] != "west", 0.0))
    table = survey.precision(responses, banner="branch", questions=["branch"])
    west = table[(table["what"] == "group") & (table["group"] == "west")].iloc[0]
    assert west["base"] > 0
    assert west["effective_base"] == 0
    assert west[["margin", "smallest_difference"]].isna().all()
    assert west["reason"] == "no_weight"
    assert not ((table["what"] == "sample") & (table["group"] == "west")).any()
