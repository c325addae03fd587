"""Mean, spread and quantiles of values that are counted: sums of whole numbers are exact."""

from collections.abc import Sequence
from fractions import Fraction
from math import fsum, sqrt
from typing import Any

NAN = float("nan")


def moments(values: Sequence[float], counts: Any) -> tuple[float, float, float]:
    """Mean, standard deviation (n - 1) and median of whole or half numbers; nan where there are too few."""
    given = [(value, int(n)) for value, n in zip(values, counts, strict=True) if n]
    base = sum(n for _, n in given)
    if not base:
        return NAN, NAN, NAN
    total = sum(value * n for value, n in given)
    squares = sum(value * value * n for value, n in given)
    spread = sqrt((base * squares - total * total) / (base * (base - 1))) if base > 1 else NAN
    return (
        total / base,
        spread,
        quantile([value for value, _ in given], [n for _, n in given], Fraction(1, 2)),
    )


def quantile(values: Sequence[float], counts: Sequence[int], share: Fraction) -> float:
    """A quantile of rising values, interpolated linearly between order statistics (type 7)."""
    base = sum(counts)
    below, part = divmod((base - 1) * share, 1)
    low, high = _at(values, counts, int(below)), _at(values, counts, min(int(below) + 1, base - 1))
    return float(low + (high - low) * float(part)) if part else float(low)


def _at(values: Sequence[float], counts: Sequence[int], place: int) -> float:
    """The value at a place (from 0) among all in order."""
    seen = 0
    for value, n in zip(values, counts, strict=True):
        seen += n
        if place < seen:
            return value
    return values[-1]


def float_moments(values: Sequence[float], counts: Sequence[int]) -> tuple[float, float]:
    """Mean and standard deviation (n - 1) of any numbers; the spread is nan for one value."""
    base = sum(counts)
    mean = fsum(value * n for value, n in zip(values, counts, strict=True)) / base
    squares = fsum((value - mean) ** 2 * n for value, n in zip(values, counts, strict=True))
    return mean, sqrt(squares / (base - 1)) if base > 1 else NAN
