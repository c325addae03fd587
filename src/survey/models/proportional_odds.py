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

    The library starts where `fit_quickly` ends: its own numerical derivatives take a hundred times longer.

    References
    ----------
    McCullagh, P. (1980), Journal of the Royal Statistical Society B 42, 109-142.
    """
    import numpy as np
    import pandas as pd

    quick = fit_quickly(patterns, by_point)
    given = by_point[:, quick.points]
    at, point = np.nonzero(given)
    often = given[at, point]
    rows, codes = np.repeat(patterns[at], often, axis=0), np.repeat(point, often)
    start = None
    if quick.converged:
        start = np.concatenate([quick.coefficients, quick.thresholds[:1], np.log(np.diff(quick.thresholds))])
    with without_warnings():
        from statsmodels.miscmodels.ordinal_model import OrderedModel

        ordered = pd.Series(pd.Categorical(codes, categories=range(len(quick.points)), ordered=True))
        model = OrderedModel(ordered, rows, distr="logit")
        result = model.fit(start_params=start, method="bfgs", disp=False, gtol=1e-7, maxiter=500)
        terms = patterns.shape[1]
        # statsmodels keeps the steps between thresholds as logarithms: the covariance of the thresholds
        # themselves follows by their derivatives.
        raw = np.asarray(result.params, float)
        steps = np.exp(raw[terms + 1 :])
        thresholds = raw[terms] + np.concatenate([[0.0], np.cumsum(steps)])
        turn = np.eye(len(raw))
        for place in range(1, len(quick.points) - 1):
            turn[terms + place, terms] = 1.0
            turn[terms + place, terms + 1 : terms + 1 + place] = steps[:place]
        covariance = turn @ np.asarray(result.cov_params(), float) @ turn.T
    return OrdinalFit(
        coefficients=raw[:terms],
        thresholds=thresholds,
        covariance=covariance,
        log_likelihood=float(result.llf),
        points=quick.points,
        converged=bool(np.isfinite(covariance).all() and (np.diag(covariance) > 0).all()),
    )


_MOST_STEPS = 60


def fit_quickly(patterns: Any, by_point: Any) -> OrdinalFit:
    """The same fit by Newton's method, with derivatives written out: for the many draws of a reconstruction.

    The logarithm of the likelihood is concave (Pratt 1981), so that halved steps find its top where there is
    one; where a term separates the ratings there is none, and `converged` is False.

    References
    ----------
    Pratt, J. W. (1981), Journal of the American Statistical Association 76, 103-106.
    """
    import numpy as np

    points = np.flatnonzero(by_point.sum(axis=0))
    curve = _Curve.of(patterns, by_point[:, points].astype(float))
    terms, cuts = patterns.shape[1], len(points) - 1
    totals = np.cumsum(by_point.sum(axis=0)[points])
    values = np.concatenate([np.log(totals[:-1] / (totals[-1] - totals[:-1])), np.zeros(terms)])
    height, converged = curve.height(values), False
    covariance = np.full((cuts + terms, cuts + terms), np.nan)
    for _ in range(_MOST_STEPS):
        score, information = curve.slopes(values)
        try:
            covariance = np.linalg.inv(information)
        except np.linalg.LinAlgError:
            break
        step = covariance @ score
        if np.abs(step).max() < 1e-9:
            converged = True
            break
        while curve.height(values + step) < height - 1e-12 * abs(height) and np.abs(step).max() > 1e-9:
            step = step / 2
        values, height = values + step, curve.height(values + step)
        if height == float("-inf"):  # some answer has become impossible: there is no top
            break
    order = [*range(cuts, cuts + terms), *range(cuts)]
    return OrdinalFit(
        coefficients=values[cuts:],
        thresholds=values[:cuts],
        covariance=covariance[np.ix_(order, order)],
        log_likelihood=height,
        points=points,
        converged=converged and bool((np.diag(covariance) > 0).all()),
    )


@dataclass(frozen=True)
class _Curve:
    """The log-likelihood of thresholds and effects.

    `given`: patterns x points; `edges`: patterns x the edges of the points x (thresholds, effects), those at
    both ends of the scale being 0 for the thresholds.
    """

    given: Any
    edges: Any

    @classmethod
    def of(cls, patterns: Any, given: Any) -> "_Curve":
        import numpy as np

        cuts = given.shape[1] - 1
        edges = np.zeros((len(patterns), cuts + 2, cuts + patterns.shape[1]))
        edges[:, 1:-1, :cuts] = np.eye(cuts)
        edges[:, :, cuts:] = -patterns[:, None, :]
        return cls(given, edges)

    def below(self, values: Any) -> Any:
        """The share at or below each edge."""
        import numpy as np

        shares = 1 / (1 + np.exp(-np.clip(self.edges @ values, -35, 35)))
        shares[:, 0], shares[:, -1] = 0.0, 1.0
        return shares

    def height(self, values: Any) -> float:
        """The log-likelihood; minus infinity where thresholds are not in order."""
        import numpy as np

        share = np.diff(self.below(values), axis=1)
        return float((self.given * np.log(share)).sum()) if (share > 0).all() else float("-inf")

    def slopes(self, values: Any) -> tuple[Any, Any]:
        """The first derivatives, and the second with the sign turned: the observed information."""
        import numpy as np

        below = self.below(values)
        share, slope = np.diff(below, axis=1), below * (1 - below)
        often, squared = self.given / share, self.given / share**2
        end, start = ((0, 0), (0, 1)), ((0, 0), (1, 0))
        lean = np.pad(often, start) - np.pad(often, end)  # upper edge of one point, lower of the next
        weights = (np.pad(squared, end) + np.pad(squared, start)) * slope**2 - lean * slope * (1 - 2 * below)
        own = np.einsum("ge,gep,geq->pq", weights, self.edges, self.edges)
        both = squared * slope[:, 1:] * slope[:, :-1]
        mixed = np.einsum("gk,gkp,gkq->pq", both, self.edges[:, 1:], self.edges[:, :-1])
        return np.einsum("ge,gep->p", lean * slope, self.edges), own - mixed - mixed.T


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
    fit = fit or fit_quickly(patterns, by_point)
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
