"""How often intervals of the net promoter score hold it: the plain one, an adjusted one, the score interval.

`python benchmarks/net_promoter_coverage.py` prints, for populations and sample sizes, the share of samples
whose interval holds the true score, at 95 %. "wald": the score give or take 1.96 standard errors of a mean of
-1, 0 and 1. "adjusted": the same with one promoter and one detractor added (Bonett & Price 2012). "score":
what `survey.net_promoter` gives (Tango 1998). Coverage is exact: every sample of promoters and detractors
counts with its probability, so that there is no noise of a simulation.
"""

from itertools import product
from math import sqrt

import numpy as np
from scipy.stats import multinomial, norm

from survey.statistics.intervals import paired_difference_interval

SHARES = [(0.45, 0.22), (0.1, 0.6), (0.8, 0.05), (0.33, 0.33), (0.95, 0.01)]  # promoters, detractors
SIZES = [5, 10, 20, 30, 50]
Z = float(norm.isf(0.025))


def wald(first: int, second: int, size: int, added: int = 0) -> tuple[float, float]:
    """The interval of a mean of -1, 0 and 1, with so many promoters and detractors added."""
    first, second, size = first + added, second + added, size + 2 * added
    score = (first - second) / size
    half = Z * sqrt(max(0.0, (first + second) / size - score**2) / size)
    return score - half, score + half


def main() -> None:
    """Print a line per population and size."""
    print("promoters detractors  size    wald  adjusted   score")
    for (up, down), size in product(SHARES, SIZES):
        held = np.zeros(3)
        for first in range(size + 1):
            for second in range(size + 1 - first):
                rest = size - first - second
                chance = multinomial.pmf([first, second, rest], size, [up, down, 1 - up - down])
                limits = (
                    wald(first, second, size),
                    wald(first, second, size, 1),
                    paired_difference_interval(0, first, second, rest, interval="tango"),
                )
                held += chance * np.array([low <= up - down <= high for low, high in limits])
        print(f"{up:9.2f} {down:10.2f} {size:5d}  {held[0]:.3f}     {held[1]:.3f}   {held[2]:.3f}")


if __name__ == "__main__":
    main()
