"""The one translator for ordinalcorr: nobody else knows what its functions are called."""

from typing import Any

from survey.quiet import without_warnings

_STEP = 1e-4  # of numerical derivatives


def polychoric(table: Any) -> tuple[float, float]:
    """Give the polychoric correlation of a table without empty rows and columns, and its variance.

    Two steps: thresholds from the margins, then the likelihood of the table. ordinalcorr has no variance;
    here it is that of the delta method: what each respondent adds to the estimate, thresholds included.
    """
    import numpy as np

    counts = np.asarray(table, np.int64)
    rows, columns = (np.repeat(places.ravel(), counts.ravel()) for places in np.indices(counts.shape))
    with without_warnings():
        import ordinalcorr

        value = float(ordinalcorr.polychoric(rows, columns))
    if abs(value) > 1 - 2 * _STEP:
        return value, float("nan")
    shares = counts / counts.sum()
    slope = (_score(value + _STEP, shares) - _score(value - _STEP, shares)) / (2 * _STEP)
    if not slope < 0:  # an empty cell lets the estimate run to its end
        return value, float("nan")
    variance = 0.0
    for place in np.argwhere(counts):
        cell = np.zeros(counts.shape)
        cell[tuple(place)] = 1
        more, less = ((1 - step) * shares + step * cell for step in (_STEP, -_STEP))
        adds = -(_score(value, more) - _score(value, less)) / (2 * _STEP) / slope
        variance += float(shares[tuple(place)]) * adds**2
    return value, variance / max(1.0, float(counts.sum()) - 3)


def _score(rho: float, shares: Any) -> float:
    """The slope of the log-likelihood of shares of cells, thresholds from their margins."""
    corners = [_thresholds(shares.sum(axis=axis)) for axis in (1, 0)]
    high, low = (_log_likelihood(rho + step, shares, *corners) for step in (_STEP, -_STEP))
    return (high - low) / (2 * _STEP)


def _thresholds(sizes: Any) -> Any:
    import numpy as np
    from scipy.special import ndtri

    return np.concatenate(([-100.0], ndtri(np.cumsum(sizes)[:-1] / sizes.sum()), [100.0]))


def _log_likelihood(rho: float, shares: Any, rows: Any, columns: Any) -> float:
    import numpy as np
    from ordinalcorr.polytomous import bivariate_normal_cdf

    grid, other_grid = np.meshgrid(rows, columns, indexing="ij")
    below = bivariate_normal_cdf(grid, other_grid, rho)
    expected = np.maximum(np.diff(np.diff(below, axis=0), axis=1), 1e-12)
    return float((shares * np.log(expected)).sum())
