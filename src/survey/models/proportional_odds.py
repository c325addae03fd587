"""Proportional odds for ratings: the one translator for statsmodels' OrderedModel, and a test of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from survey.quiet import without_warnings

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class OrdinalFit:
    """A fit of cumulative logits: effects by term, thresholds, the covariance of both, log-likelihood.

    A positive effect goes with higher ratings. `points`: the columns of the scale that anybody gave.
    """

    coefficients: "Numbers"
    thresholds: "Numbers"
    covariance: "Numbers"
    log_likelihood: float
    points: "npt.NDArray[np.int64]"
    converged: bool


def fit_proportional_odds(patterns: Any, by_point: Any) -> OrdinalFit:
    """Fit one item: patterns x terms, and how many of each pattern gave each point (patterns x points).

    References
    ----------
    McCullagh, P. (1980), Journal of the Royal Statistical Society B 42, 109-142.
    """
    import numpy as np
    import pandas as pd

    points = np.flatnonzero(by_point.sum(axis=0))
    given = by_point[:, points]
    at, point = np.nonzero(given)
    often = given[at, point]
    rows, codes = np.repeat(patterns[at], often, axis=0), np.repeat(point, often)
    with without_warnings():
        from statsmodels.miscmodels.ordinal_model import OrderedModel

        ordered = pd.Series(pd.Categorical(codes, categories=range(len(points)), ordered=True))
        model = OrderedModel(ordered, rows, distr="logit")
        result = model.fit(method="bfgs", disp=False, gtol=1e-7, maxiter=500)
        terms = patterns.shape[1]
        # statsmodels keeps the steps between thresholds as logarithms: the covariance of the thresholds
        # themselves follows by their derivatives.
        raw = np.asarray(result.params, float)
        steps = np.exp(raw[terms + 1 :])
        thresholds = raw[terms] + np.concatenate([[0.0], np.cumsum(steps)])
        turn = np.eye(len(raw))
        for place in range(1, len(points) - 1):
            turn[terms + place, terms] = 1.0
            turn[terms + place, terms + 1 : terms + 1 + place] = steps[:place]
        covariance = turn @ np.asarray(result.cov_params(), float) @ turn.T
    return OrdinalFit(
        coefficients=raw[:terms],
        thresholds=thresholds,
        covariance=covariance,
        log_likelihood=float(result.llf),
        points=points,
        converged=bool(np.isfinite(covariance).all() and (np.diag(covariance) > 0).all()),
    )


def merged_points(by_point: Any, least: int) -> Any:
    """Neighbouring points put together until every cut has `least` answers on both sides of it."""
    import numpy as np

    totals = by_point.sum(axis=0)
    below = np.cumsum(totals)[:-1]
    cuts = [cut + 1 for cut, count in enumerate(below) if count >= least and totals.sum() - count >= least]
    # Cuts between which nobody answered are one.
    kept: list[int] = []
    for cut in cuts:
        if not kept or totals[kept[-1] : cut].sum() > 0:
            kept.append(cut)
    return np.add.reduceat(by_point, [0, *kept], axis=1) if kept else by_point.sum(axis=1, keepdims=True)


def assumption_statistic(patterns: Any, by_point: Any, fit: OrdinalFit | None = None) -> "tuple[float, int]":
    """Test whether every term has the same effect at every cut of the scale: score statistic and its df.

    Points are taken as they are: see `merged_points`. The statistic is that of Rao at the fit with equal
    effects (`fit`, where it is known) against one effect a term and cut; nan and 0 where the scale has a
    single cut.

    References
    ----------
    Peterson, B. & Harrell, F. E. (1990), Applied Statistics 39, 205-217.
    """
    import numpy as np

    terms, cuts = patterns.shape[1], by_point.shape[1] - 1
    if cuts < 2 or not terms:
        return float("nan"), 0
    fit = fit or fit_proportional_odds(patterns, by_point)
    if not fit.converged:
        return float("nan"), 0
    sizes = by_point.sum(axis=1)
    below = 1 / (1 + np.exp(-(fit.thresholds[None, :] - (patterns @ fit.coefficients)[:, None])))
    slopes = below * (1 - below)
    shares = np.diff(np.column_stack([np.zeros(len(below)), below, np.ones(len(below))]), axis=1)
    # Derivatives of the share of each point by the parameters: thresholds, then an effect a cut and term.
    by_cut = np.zeros((len(below), cuts + 1, cuts))
    for cut in range(cuts):
        by_cut[:, cut, cut] = slopes[:, cut]
        by_cut[:, cut + 1, cut] = -slopes[:, cut]
    by_effect = -(by_cut[:, :, :, None] * patterns[:, None, None, :]).reshape(len(below), cuts + 1, -1)
    slope = np.concatenate([by_cut, by_effect], axis=2)
    score = np.einsum("gk,gkp->p", by_point / shares, slope)
    information = np.einsum("g,gkp,gkq,gk->pq", sizes, slope, slope, 1 / shares)
    statistic = float(score @ np.linalg.pinv(information, hermitian=True) @ score)
    return statistic, terms * (cuts - 1)
