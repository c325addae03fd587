"""Fisher's exact test of two groups: the tables with the same margins, summed.

To load `scipy.stats` for this one sum would be a sixth of the time of a small report. The tests compare with
`scipy.stats.fisher_exact`, and with R.

References
----------
Fisher, R. A. (1935), The Design of Experiments.
"""

from typing import Any

TIE = 1 + 1e-7  # as in R's exact tests: tables as rare but for rounding count as such


def log_ways(n: Any, k: Any) -> Any:
    """The logarithm of the number of ways to choose k of n."""
    from scipy.special import gammaln

    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


def fisher_p(n: int, base: int, other_n: int, other_base: int) -> float:
    """The two-sided p-value: all tables with these margins that are no more probable than this one.

    Examples
    --------
    >>> round(fisher_p(3, 4, 1, 4), 4)
    0.4857
    """
    import numpy as np

    total = n + other_n
    fewest, most = max(0, total - other_base), min(base, total)
    before = np.arange(fewest, most, dtype=float)  # each count but the last; the ratio leads to the next one
    ratios = (total - before) * (base - before) / ((before + 1) * (other_base - total + before + 1))
    logs = np.concatenate([[0.0], np.cumsum(np.log(ratios))])
    weights = np.exp(logs - logs.max())
    rarer = weights <= weights[n - fewest] * TIE
    return 1.0 if rarer.all() else float(weights[rarer].sum() / weights.sum())
