"""Quantiles of the studentized range, the distribution behind Games and Howell's intervals."""

_NODES = 8  # of an interpolation; also so many quantiles are computed one by one


def studentized_ranges(confidence: float, groups: int, dfs: list[float]) -> list[float]:
    """The quantile of the studentized range for each of some degrees of freedom.

    One takes a tenth of a second. Of many only those at `_NODES` values of 1 / df are computed, the others
    interpolated: the difference is below 1e-5.
    """
    import numpy as np
    from scipy.interpolate import BarycentricInterpolator
    from scipy.stats import studentized_range

    inverse = 1 / np.asarray(dfs, float)
    known = inverse[~np.isnan(inverse)]
    if len(known) <= _NODES or known.max() - known.min() < 1e-9:
        return [
            float(studentized_range.ppf(confidence, groups, df)) if df == df else float("nan") for df in dfs
        ]
    angles = np.cos((2 * np.arange(_NODES) + 1) / (2 * _NODES) * np.pi)
    nodes = (known.min() + known.max()) / 2 + (known.max() - known.min()) / 2 * angles
    quantiles = [studentized_range.ppf(confidence, groups, 1 / node) for node in nodes]
    return [float(value) for value in BarycentricInterpolator(nodes, quantiles)(inverse)]
