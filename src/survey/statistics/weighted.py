"""Weights: the effective base, linearised variances, intervals and tests of weighted shares.

Everything here is made of three sums over respondents: how many they are, their weights, and their squared
weights. So a tally gives the same numbers as the responses.

References
----------
Kish, L. (1965), Survey Sampling, 11.7 (effective size). Rao, J. N. K. & Scott, A. J. (1984), Annals of
Statistics 12, 46-60. Korn, E. L. & Graubard, B. I. (1998), Survey Methodology 24, 193-201. Zou, G. Y. &
Donner, A. (2008), Statistics in Medicine 27, 1693-1702.
"""

from math import sqrt
from typing import TYPE_CHECKING, Any

from survey.counts.row_counts import Counts
from survey.messages import message
from survey.statistics.intervals import share_interval
from survey.tables import remarks

if TYPE_CHECKING:
    import pandas as pd


def effective_base(weights: Any, squares: Any) -> Any:
    """Kish's effective base from the sums of weights and of squared weights; 0 where there is no weight.

    >>> float(effective_base(4.0, 4.0)), float(effective_base(4.0, 8.0))
    (4.0, 2.0)
    """
    import numpy as np

    sums, of_squares = np.asarray(weights, float), np.asarray(squares, float)
    return np.where(of_squares > 0, sums**2 / np.where(of_squares > 0, of_squares, 1.0), 0.0)[()]


def share_variance(base: Any, yes: Any, no: Any, yes_squares: Any, no_squares: Any) -> Any:
    """The linearised variance of a weighted share; nan where it has no base of two or no weight.

    n/(n - 1) times the sum of (w (y - p) / sum w)^2 over the `base` respondents, from the sums of weights and
    of squared weights of those who say yes, and no.
    """
    import numpy as np

    bases, total = np.asarray(base, float), np.asarray(yes, float) + np.asarray(no, float)
    usable = (bases > 1) & (total > 0)
    safe, own = np.where(usable, bases, 2.0), np.where(usable, total, 1.0)
    share = np.asarray(yes, float) / own
    spread = (1 - share) ** 2 * np.asarray(yes_squares, float) + share**2 * np.asarray(no_squares, float)
    return np.where(usable, safe / (safe - 1) * spread / own**2, np.nan)[()]


def difference_limits(
    share: float,
    effective: float,
    other_share: float,
    other_effective: float,
    *,
    correlation: float = 0.0,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """The limits of the difference of two weighted shares; nan where one of them has no weight.

    The Wilson limits of both at their effective bases, combined as Newcombe does; where the two share
    respondents, with the `correlation` of their linearised estimates.

    >>> low, high = difference_limits(0.5, 40, 0.25, 60)
    >>> round(low, 4), round(high, 4)
    (0.0565, 0.4228)
    """
    if not (effective > 0 and other_effective > 0):
        return float("nan"), float("nan")
    (low, high), (other_low, other_high) = (
        share_interval(own * size, size, confidence=confidence)
        for own, size in ((share, effective), (other_share, other_effective))
    )
    bounded = max(-1.0, min(1.0, correlation))
    below, above = share - low, high - share
    other_below, other_above = other_share - other_low, other_high - other_share
    down = sqrt(max(0.0, below**2 - 2 * bounded * below * other_above + other_above**2))
    up = sqrt(max(0.0, above**2 - 2 * bounded * above * other_below + other_below**2))
    difference = share - other_share
    return max(-1.0, difference - down), min(1.0, difference + up)


def f_p_value(statistic: float, base: int) -> float:
    """The p-value of a statistic on F(1, base - 1); nan for fewer than two respondents.

    >>> round(f_p_value(3.84, 1000), 3)
    0.05
    """
    from scipy.special import fdtrc

    return float(fdtrc(1, base - 1, statistic)) if base > 1 else float("nan")


def rao_scott_f(weights: Any, squares: Any, base: int) -> float:
    """The second-order Rao-Scott statistic of a 2 x 2 table of weights, to be held against F(1, base - 1).

    `weights`, `squares`: the sums of weights and of squared weights of its four cells, row by row. Pearson's
    chi-square of the weighted table, with as many respondents as it has, over its design effect, as R's
    svychisq has it (cells without weight take no part in the design effect). nan where a margin is 0.
    """
    import numpy as np

    sums, of_squares = np.asarray(weights, float), np.asarray(squares, float)
    shares = sums / sums.sum()
    rows, columns = shares.reshape(2, 2).sum(axis=1), shares.reshape(2, 2).sum(axis=0)
    if base < 2 or not (rows.all() and columns.all()):
        return float("nan")
    chi_square = base * (shares[0] * shares[3] - shares[1] * shares[2]) ** 2 / (rows.prod() * columns.prod())
    held = shares > 0
    contrast = np.where(held, np.array([1.0, -1.0, -1.0, 1.0]) / np.where(held, shares, 1.0), 0.0)
    linear = contrast - (contrast * shares).sum()
    variance = base / (base - 1) * (of_squares * linear**2).sum() / sums.sum() ** 2
    effect = variance / ((contrast**2 * shares).sum() / base)
    return float(chi_square / effect) if effect > 0 else float("nan")


def say_unweighted(frame: "pd.DataFrame", counts: Counts, lang: str = "en") -> "pd.DataFrame":
    """Say in every row of a result that it does not use the weights that the data carry; else leave it."""
    if not counts.weighted:
        return frame
    note = ("unweighted", message("note_unweighted", lang))
    texts = [
        remarks((str(reason), str(own)), note, lang=lang)
        for reason, own in zip(frame["reason"], frame["note"], strict=True)
    ]
    return frame.assign(**{name: [text[name] for text in texts] for name in ("reason", "note")})
