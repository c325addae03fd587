"""Quantiles of the studentized range, the distribution behind Games and Howell's intervals."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_NODES = 8  # of an interpolation; also so many quantiles are computed one by one


def studentized_ranges(confidence: float, groups: int, dfs: list[float]) -> list[float]:
    """The quantile of the studentized range for each of some degrees of freedom.

    One takes a tenth of a second. Of many only those at `_NODES` values of 1 / df are computed, the others
    interpolated: the difference is below 1e-5.
    """
    import numpy as np
    from numpy.polynomial import Chebyshev
    from scipy.stats import studentized_range

    inverse = 1 / np.asarray(dfs, float)
    known = inverse[~np.isnan(inverse)]
    if len(known) <= _NODES or known.max() - known.min() < 1e-9:
        return [
            float(studentized_range.ppf(confidence, groups, df)) if df == df else float("nan") for df in dfs
        ]

    def quantiles(nodes: "npt.NDArray[np.float64]") -> "npt.NDArray[np.float64]":
        return np.array([studentized_range.ppf(confidence, groups, 1 / node) for node in nodes])

    # Not scipy's BarycentricInterpolator, which draws the order of its nodes: the last digits would change.
    curve = Chebyshev.interpolate(quantiles, _NODES - 1, domain=[known.min(), known.max()])
    return [float(value) for value in curve(inverse)]
