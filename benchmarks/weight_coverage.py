"""How often intervals of weighted shares and differences hold the truth, and tests reject a true null.

Run: python benchmarks/weight_coverage.py > weight-coverage.csv. Level 95 %, seed 1. Weights are lognormal
with a coefficient of variation of `cv`; where they are "related", those who say yes have twice the weight on
average, and the true share is that of the weighted population. What is measured:

share        coverage of "naive" (Wilson at the number of respondents), "wilson" (at the effective base),
             "logit" and "korn_graubard"; 10,000 samples
difference   coverage of the interval, and how often the test rejects at 5 % where nothing differs: a group
             against the rest ("rao_scott_f"), two groups that share a third of their respondents
             ("overlap_f"), two items of the same respondents ("paired_f"); 2,000 samples
"""

import csv
import sys
from itertools import product

import numpy as np

from survey.statistics.intervals import share_interval
from survey.statistics.weighted import (
    PairedSums,
    ShareSums,
    difference_limits,
    effective_base,
    f_p_value,
    share_variance,
)
from survey.statistics.weighted_comparisons import compare_weighted_groups, compare_weighted_pairs

SAMPLES, FEWER = 10_000, 2_000
SIZES, SPREADS, SHARES = (30, 137), (0.3, 0.6, 1.2), (0.05, 0.2, 0.5)


def weights_of(rng, shape, cv):
    """Lognormal weights with a mean of 1."""
    sigma = np.sqrt(np.log1p(cv**2))
    return rng.lognormal(-(sigma**2) / 2, sigma, shape)


def share_lines(rng):
    """The coverage of the intervals of a share."""
    for size, cv, share, related in product(SIZES, SPREADS, SHARES, (False, True)):
        yes = rng.random((SAMPLES, size)) < share
        weights = weights_of(rng, yes.shape, cv) * np.where(related & yes, 2.0, 1.0)
        true = 2 * share / (1 + share) if related else share
        sums = [(weights**power * side).sum(axis=1) for power in (1, 2) for side in (yes, ~yes)]
        own = sums[0] / (sums[0] + sums[1])
        effective = effective_base(sums[0] + sums[1], sums[2] + sums[3])
        variance = share_variance(size, *sums)
        cells = {"naive": share_interval(own * size, np.full(SAMPLES, size))}
        for interval in ("wilson", "logit", "korn_graubard"):
            cells[interval] = share_interval(
                *(own * effective, effective), interval=interval, variance=variance, respondents=size
            )
        for name, (low, high) in cells.items():
            held = ((low - 1e-12 <= true) & (true <= high + 1e-12)).mean()
            yield ("share", size, cv, share, "related" if related else "apart", name, held, "")


def sums_of(yes, weights, inside):
    """The sums of those inside."""
    parts = [inside & yes, inside & ~yes]
    whole = [(weights[part] ** power).sum() for power in (1, 2) for part in parts]
    return ShareSums(True, parts[0].sum(), inside.sum(), *whole)


def group_lines(rng):
    """Groups against the rest, groups that overlap, items: coverage and size, of no difference."""
    for size, cv, share in product(SIZES, SPREADS, SHARES):
        held, rejected = dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0)
        tested = dict.fromkeys(KINDS, 0)
        for _ in range(FEWER):
            yes, other = (rng.random(size) < share for _ in range(2))
            other = np.where(rng.random(size) < 0.5, yes, other)
            weights = weights_of(rng, size, cv)
            third = np.arange(size) % 3 == 0
            for name, low, high, p_value in compared(yes, other, weights, third):
                held[name] += low <= 0 <= high
                tested[name] += p_value == p_value
                rejected[name] += p_value < 0.05
        for name in KINDS:
            size_of_test = rejected[name] / FEWER
            yield ("difference", size, cv, share, "apart", name, held[name] / FEWER, size_of_test)


KINDS = ("rao_scott_f", "overlap_f", "paired_f")


def compared(yes, other, weights, third):
    """The three comparisons of one sample: name, limits, p-value."""
    how = {"confidence": 0.95, "min_base": 0, "lang": "en"}
    row = compare_weighted_groups(sums_of(yes, weights, third), sums_of(yes, weights, ~third), **how)
    yield "rao_scott_f", row["difference_low"], row["difference_high"], row["p_value"]
    # Three patterns of two groups: in both, in the first alone, in the second alone.
    patterns = [np.arange(len(yes)) % 3 == place for place in range(3)]
    cells = [sums_of(yes, weights, pattern) for pattern in patterns]
    names = ("n", "base", "yes", "no", "yes_squares", "no_squares")
    answers = ShareSums(True, *(np.array([getattr(cell, name) for cell in cells]) for name in names))
    member = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    groups = [type("Group", (), {"id": name}) for name in "ab"]
    (row,) = compare_weighted_pairs(answers, member, groups, **how)
    yield "overlap_f", row["ci_low"], row["ci_high"], row["p_value"]
    parts = [yes & other, yes & ~other, ~yes & other, ~yes & ~other]
    sums = [np.array([(weights[part] ** power).sum() for part in parts]) for power in (1, 2)]
    pair = PairedSums(np.array(len(yes)), *sums)
    one, second = pair.shares
    effective = float(pair.effective_base)
    low, high = difference_limits(one, effective, second, effective, correlation=float(pair.correlation))
    yield "paired_f", low, high, f_p_value(float(pair.t) ** 2, len(yes))


def main():
    """Write a line per case."""
    rng = np.random.default_rng(1)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("what", "n", "cv", "share", "weights", "method", "coverage", "size"))
    for line in (*share_lines(rng), *group_lines(rng)):
        writer.writerow(
            [f"{one:.4f}" if isinstance(one, float) and one not in SPREADS + SHARES else one for one in line]
        )


if __name__ == "__main__":
    main()
