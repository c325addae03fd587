"""How often intervals of a share of a finite population hold it: exact enumeration of every sample.

`python benchmarks/population_coverage.py` prints, for populations N and samples n, the mean and the smallest
coverage at 95 % over every number K of 0 to N that may say yes, each sample counted with its hypergeometric
probability: there is no noise of a simulation. "plain": Wilson's interval as of an endless population;
"corrected": its variance times (N - n)/(N - 1), cut at what is certain; "used": what
`survey.statistics.intervals.share_interval` gives (the corrected one, the exact one where fewer than ten are
left); "exact": the hypergeometric one. The last column is the mean width of the used over that of the plain.
"""

from math import sqrt

import numpy as np
from scipy.stats import hypergeom, norm

from survey.statistics.intervals import share_interval

CASES = [
    *((600, 137), (600, 300), (600, 550), (200, 50), (200, 137), (400, 20), (60, 20), (60, 45), (40, 10)),
    *((30, 20), (29, 20), (25, 20), (22, 20), (21, 20), (146, 137), (147, 137), (600, 137), (5, 3), (4, 4)),
]
Z = float(norm.isf(0.025))


def corrected(count: int, base: int, size: int) -> tuple[float, float]:
    """The corrected score interval, without the exact one in its place."""
    z2, share = Z**2 * (size - base) / max(size - 1, 1), count / base
    middle = (share + z2 / (2 * base)) / (1 + z2 / base)
    half = sqrt(z2 * (share * (1 - share) / base + z2 / (4 * base**2))) / (1 + z2 / base)
    return max(middle - half, count / size), min(middle + half, (size - base + count) / size)


def held(limits: list[tuple[float, float]], base: int, size: int) -> tuple[float, float]:
    """The mean and the smallest coverage over every K."""
    low, high = (np.array(ends) for ends in zip(*limits, strict=True))
    every, counts = np.arange(size + 1), np.arange(base + 1)
    chance = hypergeom.pmf(counts, size, every[:, None], base)
    share = every[:, None] / size
    coverage = (chance * ((low - 1e-12 <= share) & (share <= high + 1e-12))).sum(axis=1)
    return float(coverage.mean()), float(coverage.min())


def main() -> None:
    """Print a line per population and sample."""
    print("   N    n   plain         corrected     used          exact         width")
    for size, base in dict.fromkeys(CASES):
        counts = np.arange(base + 1)
        plain = list(zip(*share_interval(counts, np.full(base + 1, base)), strict=True))
        used = list(zip(*share_interval(counts, np.full(base + 1, base), population=size), strict=True))
        exact = list(
            zip(
                *share_interval(counts, np.full(base + 1, base), population=size, interval="hypergeometric"),
                strict=True,
            )
        )
        own = [corrected(int(count), base, size) for count in counts]
        cells = [held(limits, base, size) for limits in (plain, own, used, exact)]
        width = np.mean([high - low for low, high in used]) / np.mean([high - low for low, high in plain])
        texts = "  ".join(f"{mean:.3f}, {least:.3f}" for mean, least in cells)
        print(f"{size:4d} {base:4d}   {texts}  {width:.2f}")


if __name__ == "__main__":
    main()
