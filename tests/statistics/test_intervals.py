"""Intervals against R, published tables and what must hold for every count and base."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import UsageError
from survey.statistics.intervals import (
    INTERVALS,
    difference_interval,
    paired_difference_interval,
    share_interval,
)
from tests.conftest import REFERENCE
from tests.statistics.helpers import close

COUNTED = st.integers(1, 2000).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))
CONFIDENCE = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99, 0.999])


def test_shares_as_in_r(reference):
    for topic in ("share", "frequency", "importance"):
        for known in reference[topic].values():
            n, base = known["n"], known["base"]
            assert close(share_interval(n, base), (known["wilson_low"], known["wilson_high"]))
            at90 = share_interval(n, base, confidence=0.9)
            assert close(at90, (known["wilson90_low"], known["wilson90_high"]))
            exact = share_interval(n, base, interval="clopper_pearson")
            assert close(exact, (known["exact_low"], known["exact_high"]))


def test_differences_as_in_r(reference):
    assert len(reference["difference"]) == 8
    for key, known in reference["difference"].items():
        first, second = ([int(number) for number in part.split("/")] for part in key.split("-"))
        assert close(difference_interval(*first, *second), (known["low"], known["high"]))


@pytest.mark.parametrize(
    ("n", "base", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(n, base, low, high):
    # Newcombe, R. G. (1998), Statistics in Medicine 17, 857-872, Table I, method 3.
    assert [round(limit, 4) for limit in share_interval(n, base)] == [low, high]


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_as_published(counts, low, high):
    # Newcombe, R. G. (1998), Statistics in Medicine 17, 873-890, Table II, method 10.
    assert [round(limit, 4) for limit in difference_interval(*counts)] == [low, high]


def test_nothing_and_everything_are_exactly_0_and_1():
    for interval in INTERVALS:
        low, high = share_interval([0, 7], [7, 7], interval=interval)
        assert low[0] == 0.0
        assert high[1] == 1.0
        assert 0 < high[0] < 1
        assert low[1] == pytest.approx(1 - high[0])


def test_an_empty_base_has_no_limits():
    low, high = share_interval([0, 1], [0, 2])
    assert math.isnan(low[0])
    assert math.isnan(high[0])
    assert not math.isnan(low[1])
    assert all(math.isnan(limit) for limit in share_interval(0, 0))
    assert all(math.isnan(limit) for limit in difference_interval(0, 0, 1, 2))
    assert all(math.isnan(limit) for limit in difference_interval(1, 2, 0, 0))


@given(COUNTED, CONFIDENCE, st.sampled_from(sorted(INTERVALS)))
def test_limits_enclose_the_share(counted, confidence, interval):
    n, base = counted
    low, high = share_interval(n, base, confidence=confidence, interval=interval)
    assert 0 <= low <= n / base <= high <= 1
    mirrored = share_interval(base - n, base, confidence=confidence, interval=interval)
    assert (1 - high, 1 - low) == pytest.approx(mirrored, abs=1e-9)


@given(COUNTED, CONFIDENCE)
def test_the_exact_interval_is_the_wider_one_at_the_ends(counted, confidence):
    base = counted[1]
    wilson = share_interval(0, base, confidence=confidence)[1]
    narrower = share_interval(0, base, confidence=min(confidence, 0.5))[1]
    assert narrower <= wilson
    low, high = share_interval(counted[0] * 2, base * 2, confidence=confidence)
    once = share_interval(*counted, confidence=confidence)
    assert high - low < once[1] - once[0]


@given(COUNTED, COUNTED, CONFIDENCE)
def test_limits_enclose_the_difference(first, second, confidence):
    low, high = difference_interval(*first, *second, confidence=confidence)
    assert -1 <= low <= first[0] / first[1] - second[0] / second[1] <= high <= 1
    swapped = difference_interval(*second, *first, confidence=confidence)
    assert (-high, -low) == pytest.approx(swapped, abs=1e-9)


def test_floating_point_does_not_pass_minus_one():
    assert difference_interval(0, 3, 10, 10)[0] == -1.0


def test_arrays_and_numbers_agree():
    low, high = share_interval(np.array([1, 2]), np.array([3, 4]))
    assert (low[1], high[1]) == share_interval(2, 4)


@pytest.mark.parametrize("confidence", [95, 1, 0, -0.95, math.nan, math.inf])
def test_a_confidence_outside_0_to_1_is_refused(confidence):
    with pytest.raises(UsageError, match=r"Write 0\.95 for 95%"):
        share_interval(1, 2, confidence=confidence)
    with pytest.raises(UsageError, match=r"outside 0 to 1"):
        difference_interval(1, 2, 1, 2, confidence=confidence)


def test_an_unknown_interval_is_told_what_there_is():
    with pytest.raises(UsageError, match=r"'wald'\. There are: wilson, clopper_pearson"):
        share_interval(1, 2, interval="wald")


def test_tango_as_in_r():
    with (REFERENCE / "tables.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["topic"] == "tango"]
    assert len(rows) == 2 * 6
    for row in rows:
        counts = map(int, row["key"].split("|"))
        found = paired_difference_interval(*counts, interval="tango")
        assert found[row["statistic"] == "ci_high"] == pytest.approx(float(row["value"]), abs=1e-7)


@pytest.mark.parametrize("counts", [(3, 0, 0, 0), (0, 0, 0, 3), (1, 0, 0, 2)])
def test_tango_without_discordant_respondents(counts):
    # The score statistic is then difference * sqrt(n) / sqrt(1 - ...): the limit is z^2 / (n + z^2).
    z = 1.959963984540054
    low, high = paired_difference_interval(*counts, interval="tango")
    assert (-low, high) == pytest.approx([z**2 / (3 + z**2)] * 2)


def test_tango_turns_with_the_items_and_stays_inside():
    for counts in ((5, 4, 1, 3), (0, 5, 0, 0), (0, 0, 5, 0), (0, 1, 0, 0)):
        both, first, second, neither = counts
        low, high = paired_difference_interval(*counts, interval="tango")
        turned = paired_difference_interval(both, second, first, neither, interval="tango")
        assert (-turned[1], -turned[0]) == pytest.approx((low, high))
        assert -1 <= low <= (first - second) / sum(counts) <= high <= 1
    assert all(value != value for value in paired_difference_interval(0, 0, 0, 0, interval="tango"))
    with pytest.raises(UsageError, match="There are: newcombe, tango"):
        paired_difference_interval(1, 1, 1, 1, interval="wald")


def test_wilson_and_newcombe_are_those_of_statsmodels_to_the_bit():
    """Computed without it, for its import takes longer than they do."""
    from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

    random = np.random.default_rng(1)
    for _ in range(300):
        base, other = (int(n) for n in random.integers(1, 2000, 2))
        count, second = int(random.integers(0, base + 1)), int(random.integers(0, other + 1))
        confidence = float(random.choice([0.8, 0.95, 0.99]))
        alpha = 1 - confidence
        low, high = share_interval(count, base, confidence=confidence)
        own_low, own_high = proportion_confint(float(count), float(base), alpha=alpha, method="wilson")
        assert (low, high) == (own_low if count else 0.0, own_high if count < base else 1.0)
        ends = confint_proportions_2indep(
            count, base, second, other, method="newcomb", compare="diff", alpha=alpha
        )
        difference = count / base - second / other
        wanted = max(-1.0, min(ends[0], difference)), min(1.0, max(ends[1], difference))
        assert difference_interval(count, base, second, other, confidence=confidence) == wanted
