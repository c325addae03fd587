"""How numbers are printed, and how a printed share came from a count: rounding rules, and what they allow.

Shares are exact fractions here (`count` of `base`), so that no float decides a tie.
"""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import floor

_WHOLE: dict[str, Callable[[Fraction], int]] = {
    "half_up": lambda value: floor(value + Fraction(1, 2)),
    "half_even": round,
    "truncated": floor,
}
RULES = (*_WHOLE, "rounded_twice")


def round_fraction(value: Fraction, digits: int, rule: str = "half_up") -> Decimal:
    """Round an exact fraction, zero or more, to `digits` decimals by one of `RULES`.

    `rounded_twice` rounds half up to one decimal more first, then half up again (69.048 -> 69.05 -> 69.1).
    """
    if rule == "rounded_twice":
        return round_fraction(Fraction(round_fraction(value, digits + 1)), digits)
    return Decimal(f"{_WHOLE[rule](value * 10**digits)}e-{digits}")  # exact, whatever the decimal context


def printed_share(count: int, base: int, digits: int, rule: str = "half_up") -> str:
    """Print `count` of `base` as a percentage with `digits` decimals, without the percent sign."""
    return f"{round_fraction(Fraction(100 * count, base), digits, rule):.{digits}f}"


def printed_range(low: object, high: object) -> str:
    """Print a range: one number where both ends are printed alike."""
    return str(low) if str(low) == str(high) else f"{low}\N{EN DASH}{high}"


def printed_p(p_value: float) -> str:
    """Print a p-value with four decimals, or that it is smaller."""
    return "<.0001" if p_value < 0.0001 else f"{p_value:.4f}".removeprefix("0")


def decimals_of(published: str) -> int:
    """Count the decimals of a published value as printed: "69.0" has one, "69" has none."""
    return len(published.partition(".")[2])


def counts_printing(published: str, base: int, rule: str = "half_up") -> list[int]:
    """List every integer count whose share of `base` prints as `published` under `rule`."""
    digits = decimals_of(published)
    middle = Fraction(published) * base / 100
    reach = Fraction(base, 100 * 10**digits) + 1
    return [
        count
        for count in range(max(0, floor(middle - reach)), min(base, floor(middle + reach)) + 1)
        if printed_share(count, base, digits, rule) == published
    ]


def nearest_count(published: str, base: int) -> int:
    """Give the count whose share of `base` lies nearest to `published`; the lower one in a tie."""
    exact = Fraction(published) * base / 100
    below = min(base, floor(exact))
    return min((below, min(base, below + 1)), key=lambda count: (abs(count - exact), count))
