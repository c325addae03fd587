"""The share of the spread of some values, or of their ranks, that lies between groups, and its interval."""

from math import nan
from typing import Any

from survey.statistics.weighted_means import Between

_TIGHT = 1e-12
_MOST = 1 - 1e-6  # an eta squared above has no limits: noncentralities so large are past computing


def eta_squared(groups: list[Any], *, confidence: float = 0.95) -> tuple[float, float, float]:
    """Give eta squared of two or more groups of values, and its limits; of midranks it is epsilon squared.

    The limits are the noncentralities of F under which an F this large, or this small, is not too rare, as
    shares of the spread: noncentrality / (noncentrality + n). The F of equal spreads misses in one direction
    where small groups spread more, Welch's in another; so the lower limit is the lower and the upper the
    higher of the two, and the lower is above 0 only where Welch's test, too, has p below half of
    1 - confidence. Where a group does not vary, the F of equal spreads alone. Where eta squared itself, which
    is too large on average, lies above the limits, it is the upper one. Blank (nan) where no group varies, or
    hardly any.

    References
    ----------
    Smithson, M. (2003), Confidence Intervals, chapter 4. Steiger, J. H. (2004), Psychological Methods 9,
    164-182. Welch, B. L. (1951), Biometrika 38, 330-336. Kelley, T. L. (1935); Tomczak, M. & Tomczak, E.
    (2014), Trends in Sport Sciences 1, 19-25 (epsilon squared).
    """
    import numpy as np

    values = np.concatenate(groups)
    sizes = np.array([len(group) for group in groups])
    means, variances = (np.array([of(group) for group in groups]) for of in (np.mean, _variance))
    whole, within = float(((values - values.mean()) ** 2).sum()), float((variances * (sizes - 1)).sum())
    between = float((sizes * (means - values.mean()) ** 2).sum())
    if not whole:
        return nan, nan, nan
    value = min(1.0, between / whole)
    if value > _MOST:
        return value, nan, nan
    df = len(groups) - 1, len(values) - len(groups)
    tests: list[tuple[float, float, float]] = [(between / df[0] / (within / df[1]), *df)]
    if (variances > 0).all() and sizes.min() > 1:
        tests.append(welch_f(sizes, means, variances))
    return value, *_limits(value, tests, len(values), confidence)


def weighted_eta_squared(groups: Between, *, confidence: float = 0.95) -> tuple[float, float, float]:
    """The same of weighted groups: squares by weight, and effective bases for the numbers of respondents.

    Welch's F takes the variances of the weighted means.
    """
    if not groups.whole:
        return nan, nan, nan
    value = min(1.0, groups.between / groups.whole)
    if value > _MOST:
        return value, nan, nan
    size, df1 = float(groups.sizes.sum()), len(groups.sizes) - 1
    df2 = size - len(groups.sizes)
    tests: list[tuple[float, float, float]] = [(value / (1 - value) * df2 / df1, df1, df2)]
    if (groups.variances > 0).all():
        tests.append(weighted_welch_f(groups))
    return value, *_limits(value, tests, size, confidence)


def weighted_welch_f(groups: Between) -> tuple[float, int, float]:
    """Welch's F of weighted means that all vary, and its degrees of freedom."""
    return welch_f(groups.sizes, groups.means, groups.variances * groups.sizes)


def _limits(
    value: float, tests: list[tuple[float, float, float]], size: float, confidence: float
) -> tuple[float, float]:
    """The outer limits that some tests (F and its degrees of freedom) leave to a share of the spread."""
    tail = (1 - confidence) / 2
    low, high = (
        [
            ncp / (ncp + size)
            for ncp in (noncentrality(statistic, df1, df2, share) for statistic, df1, df2 in tests)
        ]
        for share in (1 - tail, tail)
    )
    return min(*low, value), max(*high, value)


def _variance(group: Any) -> float:
    return float(group.var(ddof=1)) if len(group) > 1 else 0.0


def welch_f(sizes: Any, means: Any, variances: Any) -> tuple[float, int, float]:
    """Welch's F of groups that all vary, and its degrees of freedom."""
    groups = len(sizes)
    weights = sizes / variances
    total = weights.sum()
    middle = (weights * means).sum() / total
    unsure = float((((1 - weights / total) ** 2) / (sizes - 1)).sum())
    square = float((weights * (means - middle) ** 2).sum()) / (groups - 1)
    statistic = square / (1 + 2 * (groups - 2) * unsure / (groups**2 - 1))
    return statistic, groups - 1, (groups**2 - 1) / (3 * unsure)


def noncentrality(statistic: float, df1: float, df2: float, share: float) -> float:
    """The noncentrality under which this share of F is no larger; 0 where none is."""
    from scipy.optimize import brentq
    from scipy.special import fdtr, ncfdtr

    if fdtr(df1, df2, statistic) <= share:
        return 0.0

    def excess(ncp: float) -> float:
        return float(ncfdtr(df1, df2, ncp, statistic)) - share

    upper = 1.0 + df1 * statistic
    while excess(upper) > 0:
        upper *= 2
    return float(brentq(excess, 0.0, upper, xtol=_TIGHT, rtol=_TIGHT))
