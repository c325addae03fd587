"""How a printed share comes from a count."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from survey.rounding import (
    RULES,
    counts_printing,
    decimals_of,
    nearest_count,
    printed_share,
    round_fraction,
)

BASES = st.integers(1, 400)
DIGITS = st.integers(0, 3)


@st.composite
def shares(draw):
    base = draw(BASES)
    return draw(st.integers(0, base)), base


@pytest.mark.parametrize(
    ("count", "base", "digits", "rule", "printed"),
    [
        (29, 42, 1, "half_up", "69.0"),
        (29, 42, 1, "rounded_twice", "69.1"),
        (29, 42, 0, "half_up", "69"),
        (55, 137, 1, "half_up", "40.1"),
        (55, 137, 1, "rounded_twice", "40.2"),
        (1, 8, 0, "half_up", "13"),
        (1, 8, 0, "half_even", "12"),
        (1, 8, 0, "truncated", "12"),
        (1, 8, 1, "half_up", "12.5"),
        (2, 3, 2, "truncated", "66.66"),
        (0, 7, 1, "half_up", "0.0"),
        (7, 7, 1, "half_up", "100.0"),
        (199, 200, 0, "half_up", "100"),
    ],
)
def test_known_shares(count, base, digits, rule, printed):
    assert printed_share(count, base, digits, rule) == printed


@pytest.mark.parametrize(("published", "decimals"), [("69", 0), ("69.0", 1), ("69.34", 2), ("100", 0)])
def test_decimals_are_those_printed(published, decimals):
    assert decimals_of(published) == decimals


@pytest.mark.parametrize(
    ("published", "base", "counts"),
    [("69.1", 42, []), ("69.0", 42, [29]), ("40.1", 137, [55]), ("50", 200, [99, 100]), ("60.0", 7, [])],
)
def test_known_counts(published, base, counts):
    assert counts_printing(published, base) == counts


@pytest.mark.parametrize(
    ("published", "base", "count"), [("69.1", 42, 29), ("50", 3, 1), ("100", 9, 9), ("0.4", 10, 0)]
)
def test_known_nearest_counts(published, base, count):
    assert nearest_count(published, base) == count


@given(shares(), DIGITS, st.sampled_from(RULES))
def test_count_is_among_those_that_print_its_share(share, digits, rule):
    count, base = share
    assert count in counts_printing(printed_share(count, base, digits, rule), base, rule)


@given(shares(), DIGITS, st.sampled_from(RULES))
def test_rounding_stays_within_one_unit(share, digits, rule):
    exact = Fraction(100 * share[0], share[1])
    away = Fraction(round_fraction(exact, digits, rule)) - exact
    unit = Fraction(1, 10**digits)
    limits = {
        "half_up": (-unit / 2, unit / 2),
        "half_even": (-unit / 2, unit / 2),
        "truncated": (-unit, Fraction(0)),
        "rounded_twice": (-unit / 2, unit * Fraction(11, 20)),
    }
    low, high = limits[rule]
    assert low <= away <= high


@given(shares(), DIGITS)
def test_rules_agree_away_from_ties(share, digits):
    exact = Fraction(100 * share[0], share[1])
    assume((exact * 10**digits) % 1 != Fraction(1, 2))
    assert round_fraction(exact, digits, "half_up") == round_fraction(exact, digits, "half_even")


@given(shares(), DIGITS, st.sampled_from(RULES))
def test_printed_value_has_its_digits_and_reads_back(share, digits, rule):
    printed = printed_share(*share, digits, rule)
    assert decimals_of(printed) == digits
    assert Decimal(printed) == round_fraction(Fraction(100 * share[0], share[1]), digits, rule)


@given(BASES, DIGITS, st.sampled_from(RULES))
def test_printed_shares_rise_with_the_count(base, digits, rule):
    printed = [Decimal(printed_share(count, base, digits, rule)) for count in range(base + 1)]
    assert printed == sorted(printed)


@given(shares(), DIGITS)
def test_counts_that_print_a_share_have_no_gap_and_nothing_outside(share, digits):
    count, base = share
    printed = printed_share(count, base, digits)
    found = counts_printing(printed, base)
    assert found == [other for other in range(base + 1) if printed_share(other, base, digits) == printed]


@given(BASES, st.decimals("0", "100", places=1))
def test_nearest_count_is_never_farther_than_another(base, value):
    exact = Fraction(value) * base / 100
    nearest = nearest_count(str(value), base)
    assert abs(nearest - exact) == min(abs(count - exact) for count in range(base + 1))
