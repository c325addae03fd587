"""How well walks have mixed: autocorrelation, effective sample size, split R-hat.

References
----------
Vehtari, Gelman, Simpson, Carpenter, Buerkner (2021), Rank-normalization, folding, and localization: an
improved R-hat, Bayesian Analysis 16: formulas 1 to 4 and 10 to 12, without ranks. Walks of one combination
of bases have one target; chains are compared with the mean of their combination.
Geyer (1992), Practical Markov chain Monte Carlo, Statistical Science 7: the initial monotone sequence.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LAGS = 5


class Mixed(NamedTuple):
    """What the values of one quantity say of the mixing; nan where there are too few."""

    lags: tuple[float, ...]
    effective: float
    r_hat: float


def mixed(values: "Floats", strata: "NDArray[np.int64]") -> Mixed:
    """Judge values, chain x time; chains of one stratum have one target."""
    nan = float("nan")
    chains, long = values.shape
    if long < 4 or np.ptp(values) == 0:
        return Mixed((nan,) * LAGS, nan, nan)
    half = long // 2
    halves = np.concatenate([values[:, :half], values[:, -half:]])
    within, between = _variances(halves, np.concatenate([strata, strata]))
    if within == 0:
        return Mixed((nan,) * LAGS, nan, nan)
    r_hat = float(np.sqrt(((half - 1) / half * within + between) / within))
    within, between = _variances(values, strata)
    whole = (long - 1) / long * within + between
    centred = values - values.mean(axis=1, keepdims=True)
    most = min(long - 1, 200)
    lagged = [(centred[:, : long - lag] * centred[:, lag:]).sum() / chains / long for lag in range(most + 1)]
    own = [1 - (within - one * long / (long - 1)) / whole for one in lagged]
    own[0] = 1.0
    total, last = 0.0, float("inf")
    for lag in range(0, most, 2):
        pair = own[lag] + own[lag + 1]
        if pair < 0:
            break
        last = min(last, pair)
        total += last
    effective = chains * long / max(2 * total - 1, 1 / np.log10(max(chains * long, 11)))
    lags = [float(own[lag]) if lag < len(own) else nan for lag in range(1, LAGS + 1)]
    return Mixed(tuple(lags), float(min(effective, chains * long)), r_hat)


def _variances(values: "Floats", strata: "NDArray[np.int64]") -> tuple[float, float]:
    """The variance within chains, and that of their means about the mean of the stratum."""
    means = values.mean(axis=1)
    names = np.unique(strata)
    apart = sum(((means[strata == one] - means[strata == one].mean()) ** 2).sum() for one in names)
    free = len(means) - len(names)
    return float(values.var(axis=1, ddof=1).mean()), float(apart / free) if free else 0.0
