"""Firth's penalised logistic regression: the one translator for firthmodels, and the same for many samples.

Estimate, profile limits and the p-value of the penalised likelihood ratio come from the library. Its standard
errors do not: they come from an information that the penalty enlarges, while those of R's logistf and brglm2
are from the information of the data. A bootstrap asks for thousands of estimates and nothing else: those are
found for all samples at once.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from survey.quiet import without_warnings

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LogisticFit:
    """What a penalised fit gives, by term; `intercept` apart. Limits that were not reached are nan."""

    coefficients: "Numbers"
    intercept: float
    se: "Numbers"
    low: "Numbers"
    high: "Numbers"
    p_values: "Numbers"
    converged: bool


def fit_firth(patterns: Any, yes: Any, no: Any, *, confidence: float, limits: bool = True) -> LogisticFit:
    """Fit one option: patterns x terms, and how many of each pattern said yes and no.

    `limits=False` leaves the profile limits out.

    References
    ----------
    Firth, D. (1993), Biometrika 80, 27-38. Heinze, G. & Schemper, M. (2002), Statistics in Medicine 21,
    2409-2419.
    """
    import numpy as np

    rows = np.vstack([patterns, patterns])
    answers = np.repeat([1, 0], len(patterns))
    weights = np.concatenate([yes, no]).astype(float)
    kept = weights > 0
    terms = list(range(patterns.shape[1]))
    with without_warnings():  # what did not converge is nan, and is said
        from firthmodels import FirthLogisticRegression

        model = FirthLogisticRegression(backend="numpy")
        model.fit(rows[kept], answers[kept], sample_weight=weights[kept])
        model.lrt(terms)
        ends = np.full((len(terms) + 1, 2), np.nan)
        for term in terms if limits and model.converged_ else ():
            # Far out every share is 0 or 1 and the terms cannot be told apart: that limit is not reached.
            with suppress(np.linalg.LinAlgError):
                ends[term] = model.conf_int(alpha=1 - confidence, method="pl", features=[term])[term]
    design = np.column_stack([patterns, np.ones(len(patterns))])
    share = 1 / (1 + np.exp(-(design @ np.append(model.coef_, model.intercept_))))
    information = design.T @ (design * ((yes + no) * share * (1 - share))[:, None])
    return LogisticFit(
        coefficients=model.coef_,
        intercept=float(model.intercept_),
        se=np.sqrt(np.diag(np.linalg.inv(information)))[:-1],
        low=ends[:-1, 0],
        high=ends[:-1, 1],
        p_values=model.lrt_pvalues_[:-1],
        converged=bool(model.converged_),
    )


_MOST_STEPS = 60
_LONGEST_STEP = 2.0
_TOLERANCE = 1e-8


def fit_firth_often(patterns: Any, yes: Any, no: Any, held: Any = None) -> "Numbers":
    """Firth's estimates of many samples: samples x (intercept, terms); nan where a term cannot be told apart.

    `yes` and `no`: samples x patterns; `held`: the place of a term of each sample that is kept at 0, -1 for
    none, the penalty being that of all terms. Newton's method on the penalised score, as the library does
    it, for all samples that have not converged yet.
    """
    import numpy as np

    design = np.column_stack([np.ones(len(patterns)), patterns])
    width = design.shape[1]
    squares = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    yes, sizes = np.asarray(yes, float), np.asarray(yes, float) + np.asarray(no, float)
    present = (sizes > 0).astype(float) @ squares
    estimates = np.zeros((len(yes), width))
    free = np.ones((len(yes), width), bool)
    if held is not None:
        free[np.flatnonzero(held >= 0), 1 + held[held >= 0]] = False
    # A sample in which a term does not vary, or two go together, has no estimate.
    full = np.linalg.matrix_rank(present.reshape(-1, width, width)) == width
    estimates[~full] = np.nan
    open_ = np.flatnonzero(full)
    for _ in range(_MOST_STEPS):
        if not len(open_):
            break
        beta, own = estimates[open_], free[open_]
        share = 1 / (1 + np.exp(-np.clip(beta @ design.T, -35, 35)))
        spread = sizes[open_] * share * (1 - share)
        information = (spread @ squares).reshape(-1, width, width)
        inverse = np.linalg.inv(information)
        leverage = spread * (inverse.reshape(len(open_), -1) @ squares.T)
        score = (yes[open_] - sizes[open_] * share + leverage * (0.5 - share)) @ design * own
        if not own.all():
            both = own[:, :, None] & own[:, None, :]
            inverse = np.linalg.inv(np.where(both, information, np.eye(width)))
        step = (inverse @ score[:, :, None])[:, :, 0]
        step *= np.minimum(1, _LONGEST_STEP / np.maximum(np.abs(step).max(axis=1, keepdims=True), 1e-300))
        estimates[open_] = beta + step
        open_ = open_[np.abs(step).max(axis=1) > _TOLERANCE]
    estimates[open_] = np.nan
    return estimates


def judge_firth_often(patterns: Any, yes: Any, no: Any) -> "tuple[Numbers, Numbers]":
    """Estimates of many samples, as `fit_firth_often`, and the p-values of their terms: samples x terms.

    They are those of the penalised likelihood ratio that `fit_firth` gives.
    """
    import numpy as np
    from scipy.stats import chi2

    samples, terms = len(yes), patterns.shape[1]
    often_yes, often_no = (np.repeat(np.asarray(counts, float), 1 + terms, axis=0) for counts in (yes, no))
    held = np.tile(np.arange(-1, terms), samples)
    estimates = fit_firth_often(patterns, often_yes, often_no, held)
    logits = np.clip(estimates[:, :1] + estimates[:, 1:] @ patterns.T, -35, 35)
    share = 1 / (1 + np.exp(-logits))
    sizes = often_yes + often_no
    design = np.column_stack([np.ones(len(patterns)), patterns])
    information = np.einsum("sg,gk,gl->skl", sizes * share * (1 - share), design, design)
    known = np.isfinite(estimates).all(axis=1)
    penalty = np.full(len(estimates), np.nan)
    penalty[known] = np.linalg.slogdet(information[known])[1] / 2
    likelihood = (often_yes * logits - sizes * np.log1p(np.exp(logits))).sum(axis=1) + penalty
    likelihood = likelihood.reshape(samples, 1 + terms)
    ratio = np.maximum(0, 2 * (likelihood[:, :1] - likelihood[:, 1:]))
    return estimates[:: 1 + terms], chi2.sf(ratio, 1)
