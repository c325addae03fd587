"""Intervals for shares, and for differences of shares between disjoint groups."""

from numbers import Real
from typing import Any

from survey.errors import usage
from survey.statistics.design_intervals import DESIGN_INTERVALS, design_limits
from survey.statistics.finite_population import FEW_LEFT, correction, hypergeometric_limits

# Our names for the intervals of statsmodels; its own default is the Wald interval, which is not here.
INTERVALS = {
    "wilson": "wilson",
    "clopper_pearson": "beta",
    "agresti_coull": "agresti_coull",
    "jeffreys": "jeffreys",
}

HYPERGEOMETRIC = "hypergeometric"  # of a finite population alone
_FINITE = ("wilson", HYPERGEOMETRIC)

PAIRED_INTERVALS = ("newcombe", "tango")


def check_confidence(confidence: float) -> None:
    """Refuse a confidence level outside (0, 1): 95 means .95 and is told so."""
    if isinstance(confidence, bool) or not isinstance(confidence, Real) or not 0 < confidence < 1:
        raise usage("confidence_outside", confidence=confidence)


def check_min_base(min_base: int, *, least: int = 0) -> None:
    """Refuse a minimum base that is no whole number, or below `least`."""
    if isinstance(min_base, bool) or not isinstance(min_base, int) or min_base < least:
        raise usage("min_base_too_small", minimum=min_base, least=least)


def share_interval(
    count: Any,
    base: Any,
    *,
    interval: str = "wilson",
    confidence: float = 0.95,
    population: Any = None,
    variance: Any = None,
    respondents: Any = None,
) -> tuple[Any, Any]:
    """Give the limits of a share, as fractions; nan where the base is 0. Arrays or numbers.

    `interval`: "wilson" (score; the default, close to nominal coverage also for small bases),
    "clopper_pearson" (guaranteed coverage, wider), "agresti_coull" or "jeffreys"; "logit" and "korn_graubard"
    rest on the linearised variance, as those of R's survey package do, which without weights is
    p(1 - p)/(n - 1).

    Of weighted shares `base` is the effective base and `count` the share of it; `variance` is their
    linearised variance, `respondents` how many there are.

    With `population`, how many there are of whom the base is a random sample (nan: not known), "wilson" has
    its variance times (N - base) / (N - 1) and limits no wider than what is certain; fewer than 10 who were
    not asked take the limits of "hypergeometric": the exact ones, guaranteed, by inversion of both tails
    (those of "clopper_pearson" where N is not known).

    References
    ----------
    Wilson, E. B. (1927). Brown, L., Cai, T. & DasGupta, A. (2001), Statistical Science 16(2), 101-133.
    Wright, T. (1991), Exact Confidence Bounds when Sampling from Small Finite Universes, Springer.
    """
    import numpy as np

    check_confidence(confidence)
    check_interval(interval, finite=population is not None)
    counts, bases = np.asarray(count, dtype=float), np.asarray(base, dtype=float)
    if population is not None:
        return _finite_limits(counts, bases, np.asarray(population, dtype=float), interval, confidence)
    safe = np.where(bases > 0, bases, 1.0)
    if interval == "wilson":
        low, high = _wilson(counts, safe, confidence)
    elif interval in DESIGN_INTERVALS:
        size = safe if respondents is None else respondents
        own = counts / safe
        spread = own * (1 - own) / np.maximum(safe - 1, 1) if variance is None else variance
        low, high = design_limits(own, spread, size, safe, interval=interval, confidence=confidence)
    else:
        from statsmodels.stats.proportion import proportion_confint

        low, high = proportion_confint(counts, safe, alpha=1 - confidence, method=INTERVALS[interval])
    empty = bases <= 0
    # The limits of 0 of n and n of n are 0 and 1; floating point may miss them by 1e-17.
    low = np.where(empty, np.nan, np.where(counts == 0, 0.0, np.clip(low, 0, 1)))
    high = np.where(empty, np.nan, np.where(counts == safe, 1.0, np.clip(high, 0, 1)))
    return low[()], high[()]


def check_interval(interval: str, *, finite: bool = False) -> None:
    """Refuse an interval that is not known, or not with a finite population, or only with one."""
    known = (*INTERVALS, *DESIGN_INTERVALS, HYPERGEOMETRIC)
    if interval not in known:
        raise usage("interval_unknown", interval=interval, known=list(known))
    if interval == HYPERGEOMETRIC and not finite:
        raise usage("interval_needs_population", interval=interval)
    if finite and interval not in _FINITE:
        raise usage("interval_without_population", interval=interval, known=list(_FINITE))


def _finite_limits(counts: Any, bases: Any, sizes: Any, interval: str, confidence: float) -> tuple[Any, Any]:
    """The limits of shares of finite populations; nan sizes are not known."""
    import numpy as np

    counts, bases, sizes = np.broadcast_arrays(counts, bases, sizes)
    left, known = sizes - bases, ~np.isnan(sizes)
    if (left < 0).any():
        raise usage("population_small", population=int(sizes[left < 0][0]), base=int(bases[left < 0][0]))
    safe = np.where(bases > 0, bases, 1.0)
    low, high = _wilson(counts, safe, confidence, shrink=correction(bases, np.maximum(sizes, safe)))
    if interval == HYPERGEOMETRIC and not known.all():
        exact = share_interval(counts, bases, interval="clopper_pearson", confidence=confidence)
        low, high = (np.where(known, one, other) for one, other in zip((low, high), exact, strict=True))
    shares = counts / np.maximum(sizes, safe), (left + counts) / np.maximum(sizes, safe)
    low = np.array(np.where(known, np.maximum(low, shares[0]), low))
    high = np.array(np.where(known, np.minimum(high, shares[1]), high))
    exactly = known & (left > 0) & (bases > 0) & ((interval == HYPERGEOMETRIC) | (left < FEW_LEFT))
    for place in np.argwhere(exactly):
        at = tuple(place)
        whole = int(counts[at]), int(bases[at]), int(sizes[at])
        low[at], high[at] = hypergeometric_limits(*whole, confidence)
    asked_all = known & (left == 0)
    low, high = (np.where(asked_all, counts / safe, limit) for limit in (low, high))
    low = np.where(bases <= 0, np.nan, np.where(counts == 0, 0.0, np.clip(low, 0, 1)))
    high = np.where(bases <= 0, np.nan, np.where(counts == safe, 1.0, np.clip(high, 0, 1)))
    return low[()], high[()]


def _wilson(counts: Any, bases: Any, confidence: float, shrink: Any = None) -> tuple[Any, Any]:
    """The Wilson limits as statsmodels computes them, whose import alone takes a third of a small report.

    `shrink`: the part of the variance that a finite population leaves.
    """
    import numpy as np
    from scipy.special import ndtri

    z = -ndtri((1 - confidence) / 2)
    if shrink is not None:
        z = z * np.sqrt(shrink)
    shares = counts / bases
    shrunk = 1 + z**2 / bases
    middle = (shares + z**2 / (2 * bases)) / shrunk
    spread = z * np.sqrt(shares * (1.0 - shares) / bases + z**2 / (4.0 * bases**2))
    spread /= shrunk
    return np.clip(middle - spread, 0, 1), np.clip(middle + spread, 0, 1)


def difference_interval(
    count: int,
    base: int,
    other_count: int,
    other_base: int,
    *,
    confidence: float = 0.95,
    populations: tuple[float, float] | None = None,
) -> tuple[float, float]:
    """Give the limits of the difference of two shares of disjoint groups; nan where a base is 0.

    Newcombe's hybrid score interval: the Wilson limits of both shares combined. With `populations`, how many
    there are of either group (nan: not known), each share has the limits of its own population.

    References
    ----------
    Newcombe, R. G. (1998), Statistics in Medicine 17, 873-890, method 10.
    """
    from math import sqrt

    check_confidence(confidence)
    if not base or not other_base:
        return float("nan"), float("nan")
    share, other_share = count / base, other_count / other_base
    sides = (float(count), float(base)), (float(other_count), float(other_base))
    if populations is None:
        (low, high), (other_low, other_high) = (_wilson(*side, confidence) for side in sides)
    else:
        (low, high), (other_low, other_high) = (
            share_interval(*side, confidence=confidence, population=population)
            for side, population in zip(sides, populations, strict=True)
        )
    difference = share - other_share
    down = sqrt((share - low) ** 2 + (other_high - other_share) ** 2)
    up = sqrt((other_share - other_low) ** 2 + (high - share) ** 2)
    # As above: floating point may miss -1, 1 and the difference itself by 1e-16.
    return max(-1.0, min(difference - down, difference)), min(1.0, max(difference + up, difference))


def paired_difference_interval(
    both: int,
    first: int,
    second: int,
    neither: int,
    *,
    interval: str = "newcombe",
    confidence: float = 0.95,
) -> tuple[float, float]:
    """Give the limits of the difference of two shares among the same respondents; nan where there are none.

    `both`, `first` only, `second` only and `neither` count the respondents; the difference is (first -
    second) / all of them. "newcombe", the hybrid score interval: the Wilson limits of both shares, combined
    with their correlation, continuity-corrected; or "tango": the differences that a score test keeps.

    References
    ----------
    Newcombe, R. G. (1998), Statistics in Medicine 17, 2635-2650, method 10. Tango, T. (1998), Statistics in
    Medicine 17, 891-908.
    """
    from math import sqrt

    check_confidence(confidence)
    if interval not in PAIRED_INTERVALS:
        raise usage("interval_unknown", interval=interval, known=list(PAIRED_INTERVALS))
    base = both + first + second + neither
    if not base:
        return float("nan"), float("nan")
    if interval == "tango":
        return _tango(first, second, base, confidence)
    one, other = both + first, both + second
    (low, high), (other_low, other_high) = (
        share_interval(count, base, confidence=confidence) for count in (one, other)
    )
    share, other_share = one / base, other / base
    margins = one * (base - one) * other * (base - other)
    crossed = both * neither - first * second
    corrected = max(crossed - base / 2, 0) if crossed > 0 else crossed
    phi = corrected / sqrt(margins) if margins else 0.0
    below, other_above = share - low, other_high - other_share
    above, other_below = high - share, other_share - other_low
    down = sqrt(max(0.0, below**2 - 2 * phi * below * other_above + other_above**2))
    up = sqrt(max(0.0, above**2 - 2 * phi * above * other_below + other_below**2))
    difference = (first - second) / base
    return max(-1.0, difference - down), min(1.0, difference + up)


def _tango(first: int, second: int, base: int, confidence: float) -> tuple[float, float]:
    """The differences between which the score statistic stays within the normal quantile."""
    from math import sqrt

    from scipy.optimize import brentq
    from scipy.special import ndtri

    z = -float(ndtri((1 - confidence) / 2))
    estimate = (first - second) / base

    def beyond(difference: float, side: int) -> float:
        # The largest likelihood at this difference has `only` as the share of those with the second alone.
        middle = -(first + second) + (2 * base - first + second) * difference
        last = -second * difference * (1 - difference)
        only = (sqrt(max(0.0, middle**2 - 8 * base * last)) - middle) / (4 * base)
        variance = base * (2 * only + difference * (1 - difference))
        return base * (estimate - difference) - side * z * sqrt(max(0.0, variance))

    near = 1e-9  # at the estimate itself the variance may be 0
    low = -1.0 if estimate == -1 else brentq(beyond, -1.0, estimate - near, args=(1,), xtol=1e-14)
    high = 1.0 if estimate == 1 else brentq(beyond, estimate + near, 1.0, args=(-1,), xtol=1e-14)
    return float(low), float(high)
