"""The power that exact tests have: how often they reject when two shares differ by so much.

A test is taken to find a difference where it rejects on the side on which the difference is. All possible
samples are added up, each with its probability; nothing is simulated.
"""

from survey.statistics.fisher import TIE, log_ways


def fisher_power(
    base: int, other_base: int, share: float, other_share: float, levels: list[float]
) -> list[float]:
    """The power of Fisher's two-sided test at each level; `share` is the larger one, of the first group."""
    import numpy as np
    from scipy.special import xlog1py, xlogy

    power = np.zeros(len(levels))
    for total in range(base + other_base + 1):
        n = np.arange(max(0, total - other_base), min(base, total) + 1)
        ways = log_ways(base, n) + log_ways(other_base, total - n)
        null = np.exp(ways - log_ways(base + other_base, total))
        order = np.argsort(null)
        sums = np.cumsum(null[order])
        p_values = sums[np.searchsorted(null[order], null * TIE, side="right") - 1]
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
    from scipy.special import bdtr, bdtrc, bdtrik, xlog1py, xlogy

    counts = np.arange(base + 1)
    ways = log_ways(base, counts)
    chances = np.exp(ways + xlogy(counts, discordant) + xlog1py(base - counts, -discordant))
    first, powers = min((1 + difference / discordant) / 2, 1.0), []
    for level in levels:
        # Beyond this count twice the tail is within the level.
        above = np.ceil(np.nan_to_num(bdtrik(1 - level / 2, counts, 0.5)))  # no number where none differ
        above -= (above > 0) & (bdtr(above - 1, counts, 0.5) >= 1 - level / 2)
        powers.append(float((chances * bdtrc(above, counts, first)).sum()))
    return powers
