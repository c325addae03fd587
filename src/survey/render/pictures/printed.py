"""Counts, bases and shares as a picture prints them: rounded half up, from the counts themselves."""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from survey.rounding import printed_range, round_fraction

Count = tuple[float, float, float]  # n, base, proportion
_SAME = 1e-9  # of two shares
NO_COUNT: Count = (math.nan, math.nan, math.nan)


def as_float(value: Any) -> float:
    """Read any number; NaN for what is none or missing."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def percent(n: float, base: float, share: float, *, digits: int = 0) -> str:
    """Print a share as a percentage, exact where it is that of whole counts; a dash for none."""
    if math.isnan(share):
        return "\u2013"
    whole_counts = bool(base) and float(n).is_integer() and float(base).is_integer()
    if whole_counts and math.isclose(n / base, share, abs_tol=_SAME):
        exact = Fraction(int(n), int(base))
    else:  # weighted: the count is of respondents
        exact = Fraction(share).limit_denominator(10**9)
    return f"{round_fraction(100 * exact, digits):.{digits}f}%"


def whole(number: float) -> str:
    """Print a count: without decimals, with one where it is weighted, 0 where it is missing."""
    if math.isnan(number):
        return "0"
    return f"{number:.0f}" if float(number).is_integer() else f"{number:.1f}"


def base_range(bases: Sequence[float]) -> str:
    """Print a base, or the range of several, in one piece that does not break across lines."""
    known = sorted(base for base in bases if not math.isnan(base)) or [0.0]
    return f"n\u00a0=\u00a0{printed_range(whole(known[0]), whole(known[-1]))}"
