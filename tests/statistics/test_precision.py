"""What a sample can show: against R's power.prop.test and statsmodels."""

import pytest
from scipy.stats import norm

import survey
from survey.statistics.precision import needed_base, smallest_difference, smallest_paired_difference
from tests.statistics.test_column_comparisons import known  # noqa: F401

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
