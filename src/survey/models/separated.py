"""Whether the usual likelihood has no largest value: which terms it would push to infinity."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def endless_terms(patterns: Any, by_point: Any) -> "npt.NDArray[np.bool_]":
    """Tell of each term whether its maximum-likelihood estimate is infinite.

    `patterns` (patterns x terms, no intercept) and how many of each gave each point (patterns x points,
    lowest first; of yes and no: no, yes), for cumulative logits with one effect a term. A direction in which
    no respondent's probability falls, and which moves the term, is looked for by linear programs.

    References
    ----------
    Albert, A. & Anderson, J. A. (1984), Biometrika 71, 1-10. Konis, K. (2007), Linear programming algorithms
    for detecting separated data, Oxford.
    """
    import numpy as np
    from scipy.optimize import linprog

    given = np.asarray(by_point)
    given = given[:, given.sum(axis=0) > 0]  # a point that nobody gave has no threshold of its own
    terms, cuts = patterns.shape[1], given.shape[1] - 1
    endless = np.zeros(terms, bool)
    if cuts < 1 or not terms:
        return endless
    rows = []
    for pattern, counts in zip(patterns, given, strict=True):
        for point in np.flatnonzero(counts):
            # A threshold above the answer may not fall below what the terms add, one below it not rise above.
            for cut, sign in ((point, -1.0), (point - 1, 1.0)):
                if 0 <= cut < cuts:
                    thresholds = np.zeros(cuts)
                    thresholds[cut] = sign
                    rows.append(np.concatenate([thresholds, -sign * pattern]))
    limits = np.unique(np.array(rows), axis=0)
    # Without any direction that some respondent gains by, no term has one: one program instead of many.
    gain = linprog(
        limits.sum(axis=0), A_ub=limits, b_ub=np.zeros(len(limits)), bounds=(-1, 1), method="highs"
    )
    if gain.status == 0 and gain.fun > -1e-6:
        return endless
    for term in range(terms):
        for sign in (1.0, -1.0):
            aim = np.zeros(cuts + terms)
            aim[cuts + term] = -sign
            way = linprog(aim, A_ub=limits, b_ub=np.zeros(len(limits)), bounds=(-1, 1), method="highs")
            endless[term] |= bool(way.status == 0 and -way.fun > 1e-6)
    return endless
