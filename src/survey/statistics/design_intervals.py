"""Intervals of shares from the linearised variance of a weighted share, as R's survey package has them.

References
----------
Korn, E. L. & Graubard, B. I. (1998), Survey Methodology 24, 193-201. Rust, K. F. & Rao, J. N. K. (1996),
Statistical Methods in Medical Research 5, 283-310 (the logit). Lumley, T. (2010), Complex Surveys, 2.3.
"""

from typing import Any

DESIGN_INTERVALS = ("logit", "korn_graubard")


def design_limits(
    share: Any, variance: Any, respondents: Any, effective: Any, *, interval: str, confidence: float
) -> tuple[Any, Any]:
    """The limits of shares with their linearised variances, of so many respondents; arrays.

    "logit": on the logit scale with the quantile of t on respondents - 1; "korn_graubard": Clopper and
    Pearson's at the effective base p (1 - p) / variance. They equal svyciprop(method = "logit") and "beta".
    A share of 0 or 1 has no variance, for which R has no limits: those of Clopper and Pearson at Kish's
    `effective` base.
    """
    import numpy as np
    from scipy.special import expit, stdtrit

    shares, variances, degrees, sizes = (
        np.asarray(values, dtype=float) for values in (share, variance, respondents, effective)
    )
    degrees = degrees - 1
    spread = shares * (1 - shares)
    usable = (spread > 0) & (variances > 0) & (degrees > 0)
    safe = np.where(usable, variances, 1.0)
    if interval == "korn_graubard":
        return exact_limits(shares, np.where(usable, spread / safe, sizes), confidence)
    inside = np.where(usable, shares, 0.5)
    middle = np.log(inside / (1 - inside))
    half = stdtrit(np.where(usable, degrees, 1.0), (1 + confidence) / 2) * np.sqrt(safe)
    half /= np.where(usable, spread, 0.25)
    low, high = exact_limits(shares, sizes, confidence)
    return np.where(usable, expit(middle - half), low), np.where(usable, expit(middle + half), high)


def exact_limits(share: Any, base: Any, confidence: float) -> tuple[Any, Any]:
    """Clopper and Pearson's limits of shares of bases that need not be whole; nan where a base is 0."""
    import numpy as np
    from scipy.special import betaincinv

    shares, bases = np.asarray(share, dtype=float), np.asarray(base, dtype=float)
    alpha = 1 - confidence
    yes, no = shares * bases, (1 - shares) * bases
    low = betaincinv(np.where(yes > 0, yes, 1.0), no + 1, alpha / 2)
    high = betaincinv(yes + 1, np.where(no > 0, no, 1.0), 1 - alpha / 2)
    empty = ~(bases > 0)
    low, high = np.where(yes > 0, low, 0.0), np.where(no > 0, high, 1.0)
    return np.where(empty, np.nan, low), np.where(empty, np.nan, high)
