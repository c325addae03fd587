"""How often the intervals of Cramer's V and of correlations hold the truth, beside the usual ones.

Run: python benchmarks/pair_coverage.py. Writes pair-coverage.csv; level 95 %, seed 1. Samples: 2,000 per
line, of the polychoric correlation 200. Ratings are normal variables cut into points.
"""

import csv
from pathlib import Path

import numpy as np
from ordinalcorr.polytomous import bivariate_normal_cdf
from scipy.special import chdtr, chndtrinc

from survey.statistics.coefficients import Correlation, CountedPairs
from survey.statistics.contingency import chi_squares, cramers_v
from survey.statistics.through_ordinalcorr import polychoric

SIZES, SAMPLES, SLOW_SAMPLES = (30, 137, 500), 2_000, 200
CUTS = {
    "5 points, even": (-1, -0.3, 0.3, 1),
    "5 points, most agree": (-2.3, -1.6, -0.9, 0.2),
    "7 points": (-1.5, -1, -0.3, 0.3, 1, 1.5),
    "2 points": (0.0,),
}
SHAPES = ((2, 2), (3, 3), (3, 5), (5, 5))


def rating_shares(cuts, rho):
    """The joint table of two ratings whose normal variables have this correlation."""
    ends = np.concatenate(([-100.0], cuts, [100.0]))
    below = bivariate_normal_cdf(*np.meshgrid(ends, ends, indexing="ij"), rho)
    shares = np.clip(np.diff(np.diff(below, axis=0), axis=1), 0, None)
    return shares / shares.sum()


def linear_shares(rows, columns, v, *, even):
    """A table with this V and a linear trend; None where there is none."""
    sides = [np.full(n, 1 / n) if even else np.arange(1, n + 1) ** 1.5 for n in (rows, columns)]
    first, second = (side / side.sum() for side in sides)
    scores = [np.linspace(-1, 1, len(side)) for side in (first, second)]
    away = [score - share @ score for score, share in zip(scores, (first, second), strict=True)]
    plain = np.outer(first, second)
    moved = plain * np.outer(*away)
    shares = plain + moved * v / np.sqrt((moved**2 / plain).sum() / (min(rows, columns) - 1))
    return None if (shares < 0).any() else shares


def kept(table):
    """A table without empty rows and columns."""
    return table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]


def v_lines(random):
    """Coverage of V: noncentral limits, and the same with the degrees of freedom added."""
    for rows, columns in SHAPES:
        for even in (True, False):
            for size in SIZES:
                for v in (0.0, 0.1, 0.2, 0.3, 0.5):
                    shares = linear_shares(rows, columns, v, even=even)
                    if shares is None:
                        continue
                    held = {"noncentral": 0, "noncentral_adjusted": 0}
                    count = 0
                    for draw in random.multinomial(size, shares.ravel(), size=SAMPLES):
                        table = kept(draw.reshape(rows, columns))
                        if min(table.shape) < 2:
                            continue
                        count += 1
                        chi = float(chi_squares(table[None].astype(float))[0])
                        _, low, high = cramers_v(chi, table.shape, size)
                        held["noncentral"] += low - 1e-12 <= v <= high + 1e-12
                        df = (table.shape[0] - 1) * (table.shape[1] - 1)
                        least = size * (min(table.shape) - 1)
                        ends = [
                            0.0 if chdtr(df, chi) <= p else float(chndtrinc(chi, df, p))
                            for p in (0.975, 0.025)
                        ]
                        low, high = (((end + df) / least) ** 0.5 for end in ends)
                        held["noncentral_adjusted"] += low <= v <= high
                    shape = f"{rows}x{columns} {'even' if even else 'skewed'}"
                    yield from (
                        ("cramers_v", shape, size, v, name, count, n / count) for name, n in held.items()
                    )


def correlation_lines(random):
    """Coverage of Pearson's and Spearman's correlation: Fisher's variance alone, and the larger of two."""
    for name, cuts in CUTS.items():
        points = np.arange(1.0, len(cuts) + 2)
        for size in SIZES:
            for rho in (0.0, 0.3, 0.6, 0.85):
                shares = rating_shares(cuts, rho)
                for method in ("pearson", "spearman"):
                    truth = truth_of(shares, points, method)
                    held = {"usual": 0, "larger": 0}
                    count = 0
                    for draw in random.multinomial(size, shares.ravel(), size=SAMPLES):
                        pairs = CountedPairs.of_table(draw.reshape(shares.shape), points, points)
                        if not pairs.varies:
                            continue
                        ranks = method == "spearman"
                        own = (pairs.ranked() if ranks else pairs).correlation()
                        low, high = own.interval(ranks=ranks)
                        if low != low:
                            continue
                        count += 1
                        held["larger"] += low <= truth <= high
                        low, high = Correlation(own.value, own.base, 0.0).interval()
                        held["usual"] += low <= truth <= high
                    yield from (
                        (method, name, size, round(truth, 3), how, count, n / count)
                        for how, n in held.items()
                    )


def truth_of(shares, points, method):
    """The correlation in the population."""
    if method == "spearman":
        margin = shares.sum(axis=0)
        points = np.cumsum(margin) - margin / 2
    middle = shares.sum(axis=0) @ points
    away = points - middle
    return float(away @ shares @ away / (shares.sum(axis=0) @ away**2))


def polychoric_lines(random):
    """Coverage of the polychoric correlation: the delta method, thresholds included."""
    for name, cuts in CUTS.items():
        for size in SIZES:
            for rho in (0.0, 0.5, 0.8):
                shares = rating_shares(cuts, rho)
                held = count = 0
                for draw in random.multinomial(size, shares.ravel(), size=SLOW_SAMPLES):
                    table = kept(draw.reshape(shares.shape))
                    if min(table.shape) < 2:
                        continue
                    low, high = Correlation(*_polychoric(table, size)).interval()
                    if low == low:
                        count += 1
                        held += low <= rho <= high
                yield "polychoric", name, size, rho, "delta", count, held / count


def _polychoric(table, size):
    value, variance = polychoric(table)
    return value, size, variance


if __name__ == "__main__":
    random = np.random.default_rng(1)
    target = Path(__file__).with_name("pair-coverage.csv")
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("coefficient", "answers", "respondents", "truth", "interval", "samples", "coverage"))
        for lines in (v_lines, correlation_lines, polychoric_lines):
            for *line, coverage in lines(random):
                writer.writerow((*line, f"{coverage:.4f}"))
