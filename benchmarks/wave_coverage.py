"""How often the interval of two waves' difference holds the truth, and its test rejects a true null.

Run: python benchmarks/wave_coverage.py > wave-coverage.csv. Level 95 %, tests at 5 %, seed 1, 10,000 samples
a line. The later wave has `base` respondents, the earlier one `other_base`; none, half or all of the smaller
wave are in `both`, and their two answers have a `correlation`. `share` is that of the earlier wave; the later
one has the same or a tenth more (`difference`).

held          how often the interval that `compare_waves` gives holds the true difference
below, above  how often it lies below or above it
rejected      how often the p-value is below .05: the size of the test where `difference` is 0, else its power
untested      how often nobody or everybody ticks, which is not tested and counts as not rejected

Counts that occur again are computed once.
"""

import csv
import sys
from collections import Counter
from datetime import date
from functools import cache
from itertools import product
from math import sqrt

import numpy as np
import scipy

from survey.statistics.overlapping_shares import SharedGroups
from survey.statistics.wave_comparisons import compare_counts

SAMPLES = 10_000
SIZES = (8, 8), (30, 30), (137, 137), (12, 137)
PARTS, SHARES = ("none", "half", "all"), (0.05, 0.2, 0.5)
CORRELATIONS, DIFFERENCES = (0.0, 0.5), (0.0, 0.1)
COLUMNS = (
    *("base", "other_base", "both", "share", "correlation", "difference", "method"),
    *("held", "below", "above", "rejected", "untested", "run"),
)


@cache
def compared(shares):
    """The method, the limits and the p-value of a table of counts; nan where it is not tested."""
    limits, method, p_value = compare_counts(shares)
    untested = shares.n + shares.other_n in (0, shares.base + shares.other_base)
    return method, *limits(confidence=0.95), float("nan") if untested else p_value


def samples(rng, sizes, both, then, now, correlation):
    """How often each table of counts comes in all samples."""
    yes_yes = then * now + correlation * sqrt(then * (1 - then) * now * (1 - now))
    cells = [yes_yes, now - yes_yes, then - yes_yes, 1 - now - then + yes_yes]  # both, gained, lost, neither
    panel = rng.multinomial(both, cells, SAMPLES)
    alone = [rng.binomial(n - both, p, SAMPLES) for n, p in zip(sizes, (now, then), strict=True)]
    both_yes, gained, lost = panel[:, 0], panel[:, 1], panel[:, 2]
    columns = both_yes + gained + alone[0], both_yes + lost + alone[1], both_yes, gained, lost
    counts = zip(*(column.tolist() for column in columns), strict=True)
    return Counter(
        SharedGroups(n, sizes[0], other_n, sizes[1], both, both_yes, (gained, lost))
        for n, other_n, both_yes, gained, lost in counts
    )


def lines():
    """One line per setting."""
    run = f"{date.today()} numpy {np.__version__} scipy {scipy.__version__}"
    rng = np.random.default_rng(1)
    for sizes, part, share, difference, correlation in product(
        SIZES, PARTS, SHARES, DIFFERENCES, CORRELATIONS
    ):
        if part == "none" and correlation:
            continue
        both = {"none": 0, "half": min(sizes) // 2, "all": min(sizes)}[part]
        counted, methods = Counter(), set()
        for shares, times in samples(rng, sizes, both, share, share + difference, correlation).items():
            method, low, high, p_value = compared(shares)
            methods.add(method)
            side = "above" if low > difference + 1e-12 else "below" if high < difference - 1e-12 else "held"
            counted[side] += times
            counted["rejected"] += times * (p_value < 0.05)
            counted["untested"] += times * (p_value != p_value)
        ids = (*sizes, part, share, correlation if both else "", difference, *methods)
        yield *ids, *(f"{counted[name] / SAMPLES:.4f}" for name in COLUMNS[7:-1]), run


if __name__ == "__main__":
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines():
        writer.writerow(line)
        sys.stdout.flush()
