"""Convergence diagnostics of the chains: autocorrelation, effective sample size, split R-hat.

References
----------
Vehtari, Gelman, Simpson, Carpenter, Buerkner (2021), Rank-normalization, folding, and localization: an
improved R-hat, Bayesian Analysis 16: formulas 1 to 4 and 10 to 12, without ranks. Walks of one combination
of bases have one target; chains are compared with the mean of their combination.
Geyer (1992), Practical Markov chain Monte Carlo, Statistical Science 7: the initial monotone sequence.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations as pairs_of
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from survey.messages import message
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from survey.published.reconstruction.polytope import Polytope

    Floats = NDArray[np.float64]

LAGS = 5
_MOST_PAIRS = 66  # of groups, whose overlaps are watched


class ChainStatistics(NamedTuple):
    """What the values of one quantity say of the mixing; nan where there are too few."""

    lags: tuple[float, ...]
    effective: float
    r_hat: float


def chain_statistics(values: "Floats", strata: "NDArray[np.int64]") -> ChainStatistics:
    """Judge values, chain x time; chains of one stratum have one target."""
    nan = float("nan")
    chains, long = values.shape
    if long < 4 or np.ptp(values) == 0:
        return ChainStatistics((nan,) * LAGS, nan, nan)
    half = long // 2
    halves = np.concatenate([values[:, :half], values[:, -half:]])
    within, between = _variances(halves, np.concatenate([strata, strata]))
    if within == 0:
        return ChainStatistics((nan,) * LAGS, nan, nan)
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
    return ChainStatistics(tuple(lags), float(min(effective, chains * long)), r_hat)


def _variances(values: "Floats", strata: "NDArray[np.int64]") -> tuple[float, float]:
    """The variance within chains, and that of their means about the mean of the stratum."""
    means = values.mean(axis=1)
    names = np.unique(strata)
    apart = sum(((means[strata == one] - means[strata == one].mean()) ** 2).sum() for one in names)
    free = len(means) - len(names)
    return float(values.var(axis=1, ddof=1).mean()), float(apart / free) if free else 0.0


def _monitored(polytope: "Polytope") -> Iterator[tuple[str, "NDArray[np.int64]"]]:
    """The counts to watch: overlaps, those in no group, open answers; each with its rows to add up."""
    margins = polytope.margins
    patterns = margins.patterns
    if margins.banner and margins.banner.kind == "multiple":
        for one, other in list(pairs_of(margins.groups, 2))[:_MOST_PAIRS]:
            both = [at for at, pattern in enumerate(patterns) if {one, other} <= pattern]
            if both:
                yield f"overlap({one}, {other})", np.array(both)
        if margins.groups:
            yield "memberships(0)", np.array([at for at, pattern in enumerate(patterns) if not pattern])
    for answers in polytope.answers:
        codes = answers.unit.codes
        for at, code in enumerate(codes):
            if len(codes) == 2 and at == 0:
                continue
            name = f"{answers.unit.column}={code}" if len(codes) > 2 else answers.unit.column
            yield name, np.array([slot[at] for slot in answers.rows])
            if answers.tied and len(codes) == 2 and frozenset() in patterns:
                yield f"{name} in none", np.array([answers.rows[patterns.index(frozenset())][at]])


def mixing_of(
    polytope: "Polytope", states: "NDArray[np.int64]", chain: "NDArray[np.int64]", chosen: Sequence[int]
) -> tuple["pd.DataFrame", "pd.DataFrame"]:
    """The mixing and the trace of every monitored count that moves, under their contracts.

    `states` has a row per draw, `chain` the chain of each, `chosen` the stratum of each chain.
    """
    import pandas as pd

    draws, chains = len(states), len(chosen)
    rows, traces = [], []
    whole = draws // chains  # the last, unfinished turn of the chains is left out of the judgement
    for name, cells in _monitored(polytope):
        values = states[:, cells].sum(axis=1)
        if np.ptp(values) == 0:
            continue
        by_chain = values[: whole * chains].reshape(whole, chains).T.astype(float)
        statistics = chain_statistics(by_chain, np.array(chosen))
        few = statistics.effective != statistics.effective
        remark = ("too_few_draws", message("mixing_few")) if few else ("", "")
        rows.append(
            {
                **{"quantity": name, "draws": draws, "chains": chains, "combinations": len(set(chosen))},
                **{"mean": values.mean(), "minimum": values.min(), "maximum": values.max()},
                **{f"lag_{lag}": statistics.lags[lag - 1] for lag in range(1, LAGS + 1)},
                **{"effective": statistics.effective, "r_hat": statistics.r_hat},
                **remarks(remark),
            }
        )
        numbers = np.arange(1, draws + 1)
        traces.append(pd.DataFrame({"draw": numbers, "chain": chain + 1, "quantity": name, "value": values}))
    trace = pd.concat(traces, ignore_index=True) if traces else contract_frame("trace", [])
    return contract_frame("mixing", rows), trace
