"""How often the intervals of eta squared and of epsilon squared hold the value of the population.

Normal and skewed (log-normal) values of groups whose means rise evenly, with equal spreads and with spreads
of which the smallest or the largest group's is twice another's. `equal` is the interval from the F of equal
spreads alone, `wider` that of the package; `low`, `high`: how often the value lies below and above
the latter.

    python benchmarks/eta_coverage.py [samples] > benchmarks/eta-coverage.csv
"""

import sys

import numpy as np
from scipy.stats import rankdata

from survey.statistics.eta_squared import eta_squared, noncentrality

SIZES = ((8, 12, 29), (29, 42, 41, 25), (60, 60, 60))
DISTANCES = (0.0, 0.7, 1.5)  # of the first mean and the last, in standard deviations
SKEW = 0.8
_LARGE = 400_000  # values of a group that stand for its population


def drawn(random, shape, size):
    """Values with mean 0 and standard deviation 1."""
    values = random.standard_normal(size)
    if shape == "normal":
        return values
    square = np.exp(SKEW**2)
    return (np.exp(SKEW * values) - np.sqrt(square)) / np.sqrt((square - 1) * square)


def truth(groups, sizes):
    """Eta squared of groups that are as large as `sizes` say, from many values of each."""
    shares = np.array(sizes) / sum(sizes)
    means, variances = (np.array([of(group) for group in groups]) for of in (np.mean, np.var))
    between = (shares * (means - shares @ means) ** 2).sum()
    return between / (between + shares @ variances)


def population_ranks(groups, sizes):
    """The place of every value among all groups, each weighing as `sizes` say."""
    values = np.concatenate(groups)
    weights = np.repeat(np.array(sizes) / _LARGE, _LARGE)
    order = np.argsort(values)
    places = np.empty(len(values))
    places[order] = np.cumsum(weights[order])
    return np.split(places, len(groups))


def of_equal_spreads(groups, value):
    """The limits from the F of equal spreads alone."""
    size, df1 = sum(map(len, groups)), len(groups) - 1
    statistic = value / df1 / ((1 - value) / (size - df1 - 1))
    low, high = (noncentrality(statistic, df1, size - df1 - 1, share) for share in (0.975, 0.025))
    return min(low / (low + size), value), max(high / (high + size), value)


def main():
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    random = np.random.default_rng(1)
    print("effect,sizes,distance,spreads,shape,value,equal,wider,low,high,width_equal,width")
    for sizes in SIZES:
        count = len(sizes)
        spreads = {"equal": np.ones(count), "falling": np.linspace(2, 1, count)}
        spreads["rising"] = spreads["falling"][::-1]
        ends = np.cumsum(sizes)[:-1]
        for distance in DISTANCES:
            means = np.linspace(0, distance, count)
            for name, of_group in spreads.items():
                for shape in ("normal", "skewed"):
                    whole = [
                        m + s * drawn(random, shape, _LARGE) for m, s in zip(means, of_group, strict=True)
                    ]
                    known = {"eta": truth(whole, sizes) if distance else 0.0}
                    known["epsilon"] = truth(population_ranks(whole, sizes), sizes)
                    lines = {"eta": [], "epsilon": []}
                    for _ in range(samples):
                        groups = [
                            m + s * drawn(random, shape, n)
                            for m, s, n in zip(means, of_group, sizes, strict=True)
                        ]
                        ranks = np.split(rankdata(np.concatenate(groups)), ends)
                        for effect, sides in (("eta", groups), ("epsilon", ranks)):
                            value, low, high = eta_squared(sides)
                            lines[effect].append((*of_equal_spreads(sides, value), low, high))
                    for effect, limits in lines.items():
                        one, other, low, high = np.array(limits).T
                        value = known[effect]
                        held = ((one <= value) & (value <= other)).mean()
                        wider = ((low <= value) & (value <= high)).mean()
                        misses = f"{(value < low).mean():.3f},{(value > high).mean():.3f}"
                        widths = f"{(other - one).mean():.3f},{(high - low).mean():.3f}"
                        print(
                            f"{effect},{'+'.join(map(str, sizes))},{distance},{name},{shape},{value:.3f},"
                            f"{held:.3f},{wider:.3f},{misses},{widths}",
                            flush=True,
                        )


if __name__ == "__main__":
    main()
