"""Margins of error, needed samples and the smallest differences that tests find: formulas of planning."""

from math import ceil, sqrt
from typing import Any

from survey.messages import message
from survey.statistics.exact_power import fisher_power, mcnemar_power
from survey.statistics.fallbacks import exact_power_fallback
from survey.tables import remarks


def margin_of_error(base: float, z: float, population: int | None = None) -> float:
    """Half the width of the interval of a share of one half, the widest there is."""
    if population is None:
        return z * sqrt(0.25 / base)
    return z * sqrt(0.25 / base * (population - base) / max(population - 1, 1))


def needed_base(margin: float, z: float, population: int | None = None, deff: float = 1.0) -> int:
    """How many respondents give a margin of error, for a share of one half; `deff` is what weights cost."""
    base = z**2 * 0.25 / margin**2 * deff
    if deff != 1:  # a tally has about six digits of weights, and no more decide on a respondent
        base *= 1 - 1e-5
    if population is not None:
        base /= 1 + (base - 1) / population
    return ceil(round(base, 9))


def group_powers(
    base: int, other_base: int, difference: float, z: float, hypotheses: int, lang: str
) -> dict[str, Any]:
    """The power of Fisher's test for this difference from one half, alone and at Holm's first step."""
    from scipy.special import ndtr, ndtri

    level = 2 * float(ndtr(-z))
    levels, remark = [level, level / hypotheses], {}
    if code := exact_power_fallback(base + other_base):
        share = 0.5 + difference
        pooled = (share * base + 0.5 * other_base) / (base + other_base)
        null = sqrt(pooled * (1 - pooled) * (1 / base + 1 / other_base))
        spread = sqrt(share * (1 - share) / base + 0.25 / other_base)
        powers = [float(ndtr((difference + ndtri(one / 2) * null) / spread)) for one in levels]
        remark = remarks((code, message(f"fallback_{code}", lang)))
    else:
        powers = fisher_power(base, other_base, 0.5 + difference, 0.5, levels)
    return {"hypotheses": hypotheses, "exact_power": powers[0], "first_step_power": powers[1], **remark}


def pair_powers(
    base: int, discordant: float, difference: float, z: float, hypotheses: int, lang: str
) -> tuple[dict[str, Any], tuple[str, str]]:
    """The same of McNemar's test for two items, and what is to be said of it."""
    from scipy.special import ndtr, ndtri

    level = 2 * float(ndtr(-z))
    levels, remark = [level, level / hypotheses], ("", "")
    if code := exact_power_fallback(base):
        spread = sqrt(max(discordant - difference**2, 1e-12))
        powers = [
            float(ndtr((difference * sqrt(base) + ndtri(one / 2) * sqrt(discordant)) / spread))
            for one in levels
        ]
        remark = (code, message(f"fallback_{code}", lang))
    else:
        powers = mcnemar_power(base, discordant, difference, levels)
    return {"hypotheses": hypotheses, "exact_power": powers[0], "first_step_power": powers[1]}, remark


def smallest_difference(base: float, other_base: float, z: float, z_power: float) -> float:
    """The difference from a share of one half in the complement that is found; nan where even .5 is not."""

    def lacks(difference: float) -> float:
        share = 0.5 + difference
        pooled = (share * base + 0.5 * other_base) / (base + other_base)
        null = z * sqrt(pooled * (1 - pooled) * (1 / base + 1 / other_base))
        return difference - null - z_power * sqrt(share * (1 - share) / base + 0.25 / other_base)

    low, high = 0.0, 0.5
    if not lacks(high) > 0 > lacks(low):
        return float("nan")
    while high - low > 1e-14:  # halved here: scipy.optimize would be a tenth of what every report imports
        middle = (low + high) / 2
        low, high = (low, middle) if lacks(middle) > 0 else (middle, high)
    return (low + high) / 2


def smallest_paired_difference(base: int, discordant: float, z: float, z_power: float) -> float:
    """The same for two shares of the same respondents, `discordant` of whom (a fraction) differ.

    The positive root d of d sqrt(base) = z sqrt(discordant) + z_power sqrt(discordant - d^2).
    """
    slope, null = sqrt(base), z * sqrt(discordant)
    if discordant * slope <= null + z_power * sqrt(discordant - discordant**2):
        return float("nan")
    whole = base + z_power**2
    return (slope * null + sqrt((slope * null) ** 2 - whole * (null**2 - z_power**2 * discordant))) / whole
