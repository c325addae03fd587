"""The power that exact tests have: how often they reject when two shares differ by so much.

A test is taken to find a difference where it rejects on the side on which the difference is. All possible
samples are added up, each with its probability; nothing is simulated.
"""

from typing import Any

_TIE = 1 + 1e-7  # as in R's and scipy's exact tests: tables as rare but for rounding count as such


def fisher_power(
    base: int, other_base: int, share: float, other_share: float, levels: list[float]
) -> list[float]:
    """The power of Fisher's two-sided test at each level; `share` is the larger one, of the first group."""
    import numpy as np
    from scipy.special import gammaln, xlog1py, xlogy

    def log_ways(n: int, k: Any) -> Any:
        return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)

    power = np.zeros(len(levels))
    for total in range(base + other_base + 1):
        n = np.arange(max(0, total - other_base), min(base, total) + 1)
        ways = log_ways(base, n) + log_ways(other_base, total - n)
        null = np.exp(ways - log_ways(base + other_base, total))
        order = np.argsort(null)
        sums = np.cumsum(null[order])
        p_values = sums[np.searchsorted(null[order], null * _TIE, side="right") - 1]
        chances = np.exp(
            ways
            + xlogy(n, share)
            + xlog1py(base - n, -share)
            + xlogy(total - n, other_share)
            + xlog1py(other_base - total + n, -other_share)
        )
        above = n * other_base > (total - n) * base
        power += [float(chances[above & (p_values <= level)].sum()) for level in levels]
    return [float(one) for one in power]


def mcnemar_power(base: int, discordant: float, difference: float, levels: list[float]) -> list[float]:
    """The power of the exact McNemar test at each level.

    `discordant` of the respondents (a fraction) answer the two items differently, and `difference` more of
    all respondents have the first item than the second.
    """
    import numpy as np
    from scipy.stats import binom

    counts = np.arange(base + 1)
    chances = binom.pmf(counts, base, discordant)
    least = [
        binom.isf(level / 2, counts, 0.5) + 1 for level in levels
    ]  # from here on twice the tail is below
    first = (1 + difference / discordant) / 2
    return [float((chances * binom.sf(from_here - 1, counts, min(first, 1.0))).sum()) for from_here in least]
