"""Association of select-all questions: how fast, how much memory, and how often it cries wolf.

Run: python benchmarks/association.py            (speed and memory, half a minute)
     python benchmarks/association.py simulate   (rejection under independence, some minutes; writes a CSV)
"""

import argparse
import csv
import resource
import time
from pathlib import Path

import numpy as np
from scipy.special import chdtrc

from survey.statistics.association_tables import (
    ItemTables,
    Observed,
    Patterns,
    eigenvalue_squares,
    permutations,
)

HERE = Path(__file__).parent
GROUPS = (42, 90, 29, 41)
SHARES = (0.76, 0.68, 0.55, 0.42, 0.30, 0.45, 0.50, 0.35, 0.40, 0.15, 0.28)


def ticks(random, size, shares, correlation):
    """Ticks with one common factor: latent normals correlated by `correlation`, cut at the shares."""
    from scipy.special import ndtri

    common = random.standard_normal((size, 1))
    own = random.standard_normal((size, len(shares)))
    latent = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own
    return (latent < ndtri(np.asarray(shares))).astype(float)


def plain_loop(first, second, draws, random):
    """What a careful user would write: one permutation after the other, the sum alone."""
    size = len(first)
    rows, columns = first.sum(axis=0)[:, None], second.sum(axis=0)[None]
    below = rows * (size - rows) * columns * (size - columns)

    def total(one):
        both = one.T @ second
        return (size * (size * both - rows * columns) ** 2 / below).sum()

    seen = total(first)
    return (1 + sum(total(first[random.permutation(size)]) >= seen for _ in range(draws))) / (1 + draws)


def counted(first, second):
    """The tables of two sets of ticks, and their patterns."""
    one, rows = np.unique(first, axis=0, return_inverse=True)
    other, columns = np.unique(second, axis=0, return_inverse=True)
    keys, counts = np.unique(rows.ravel() * len(other) + columns.ravel(), return_counts=True)
    patterns = Patterns(one, other, keys // len(other), keys % len(other), counts)
    both, size = first.T @ second, len(first)
    rows = np.broadcast_to(first.sum(axis=0)[:, None], both.shape)
    columns = np.broadcast_to(second.sum(axis=0), both.shape)
    observed = Observed((both, rows, columns, np.full(both.shape, size)), size)
    return ItemTables(observed, "multiple", 0.5), patterns


def speed():
    random = np.random.default_rng(1)
    first = ticks(random, 137, [count / 137 for count in GROUPS], 0)
    second = ticks(random, 137, SHARES, 0.3)
    times = {"loop": [], "ours": []}
    for _ in range(9):
        start = time.perf_counter()
        plain_loop(first, second, 1999, np.random.default_rng(2))
        times["loop"].append(time.perf_counter() - start)
        start = time.perf_counter()
        table, patterns = counted(first, second)
        permutations(table, patterns, table.chi_squares(table.observed), 1999, np.random.default_rng(2))
        times["ours"].append(time.perf_counter() - start)
    loop, ours = (float(np.median(times[name])) for name in ("loop", "ours"))
    print(f"137 x (4, 11), 1,999 draws: plain loop {1000 * loop:.0f} ms, ours {1000 * ours:.0f} ms")
    print(f"ratio {ours / loop:.2f} (at most 3)")


def memory():
    random = np.random.default_rng(3)
    table, patterns = counted(
        ticks(random, 100_000, (0.3, 0.6, 0.2, 0.3), 0), ticks(random, 100_000, SHARES, 0.3)
    )
    chi = table.chi_squares(table.observed)
    for draws in (20, 200):
        start = time.perf_counter()
        permutations(table, patterns, chi, draws, random)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"100,000 respondents, {draws} draws: {time.perf_counter() - start:.1f} s, peak {peak:.0f} MiB")


def simulate(samples=2000, draws=199):
    """Rejection at 5 % under independence: of ours, and of a Pearson chi-square on the table of ticks."""
    rows = []
    for correlation in (0.0, 0.3, 0.6):
        random = np.random.default_rng(int(100 * correlation) + 7)
        hits = {"permutation_sum": 0, "rao_scott": 0, "rao_scott_null": 0, "naive_chi_square_on_ticks": 0}
        for _ in range(samples):
            first = np.zeros((137, 4))
            for column, count in enumerate(GROUPS):
                first[random.choice(137, count, replace=False), column] = 1
            second = ticks(random, 137, SHARES, correlation)
            table, patterns = counted(first, second)
            chi = table.chi_squares(table.observed)
            p_values = permutations(table, patterns, chi, draws, random).p_values
            hits["permutation_sum"] += p_values["permutation_sum"] <= 0.05
            for name in ("rao_scott", "rao_scott_null"):
                squares = eigenvalue_squares(table, patterns, null=name.endswith("null"))
                hits[name] += chdtrc(44**2 / squares, 44 * chi.sum() / squares) <= 0.05
            counts = first.T @ second
            expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
            naive = ((counts - expected) ** 2 / expected).sum()
            hits["naive_chi_square_on_ticks"] += chdtrc(3 * 10, naive) <= 0.05
        for name, count in hits.items():
            rows.append((correlation, name, samples, round(count / samples, 4)))
            print(*rows[-1])
    with (HERE / "association-size.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("item_correlation", "method", "samples", "rejected_at_5_percent"), *rows]
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", nargs="?", choices=["simulate"])
    if parser.parse_args().what:
        simulate()
    else:
        speed()
        memory()
