"""How often the smallest p-value of an association rejects when nothing goes together, groups being small.

Run: python benchmarks/small_cells.py. Groups of 5, 8, 60 and 12, which may overlap, of 137 respondents (or,
of a single question, of 85), beside eleven options of the same share. Bonferroni over all pairs (or tables),
level 5 %, 1,000 samples, seed 1. `chi_square`: every p-value that of the chi-square, as until November 2026;
`exact`: as now.
"""

from functools import lru_cache

import numpy as np
from scipy.special import chdtrc

from survey.statistics.association_tables import ItemTables, Observed
from survey.statistics.small_cells import p_of_columns, p_of_pair

GROUPS, OPTIONS, DRAWS = (5, 8, 60, 12), 11, 1_000
cached = lru_cache(maxsize=None)(p_of_pair)


def tables(first: np.ndarray, second: np.ndarray, kind: str) -> ItemTables:
    """The tables of two sets of ticks."""
    both, size = first.T @ second, len(first)
    rows = np.broadcast_to(first.sum(axis=0)[:, None], both.shape)
    columns = np.broadcast_to(second.sum(axis=0), both.shape)
    return ItemTables(Observed((both, rows, columns, np.full(both.shape, size)), size), kind, 0.5)


def overlapping(share: float) -> dict[str, float]:
    """Select-all groups: one 2 x 2 table a pair."""
    random, size = np.random.default_rng(1), 137
    rejected = {"chi_square": 0, "exact": 0}
    for _ in range(DRAWS):
        first = np.zeros((size, len(GROUPS)))
        for column, members in enumerate(GROUPS):
            first[random.choice(size, members, replace=False), column] = 1
        second = (random.random((size, OPTIONS)) < share).astype(float)
        table = tables(first, second, "multiple")
        chi = table.chi_squares(table.observed)[0]
        both, rows, columns, _ = (part[0].ravel() for part in table.observed)
        exact = min(
            cached(int(n), int(row), int(column), size, round(float(one), 6))
            for n, row, column, one in zip(both, rows, columns, chi, strict=True)
            if 0 < column < size
        )
        rejected["chi_square"] += chdtrc(1, chi.max()) * len(chi) <= 0.05
        rejected["exact"] += exact * len(chi) <= 0.05
    return {name: count / DRAWS for name, count in rejected.items()}


def single(share: float) -> dict[str, float]:
    """Groups of a single question: one 4 x 2 table an option."""
    random, size = np.random.default_rng(1), sum(GROUPS)
    rejected = {"chi_square": 0, "exact": 0}
    first = np.repeat(np.eye(len(GROUPS)), GROUPS, axis=0)
    for _ in range(DRAWS):
        second = (random.random((size, OPTIONS)) < share).astype(float)
        table = tables(first, second, "single")
        chi = table.chi_squares(table.observed)[0]
        exact, _ = p_of_columns(table, chi, 1_999, random)
        rejected["chi_square"] += chdtrc(table.df, chi.max()) * len(chi) <= 0.05
        rejected["exact"] += exact.min() * len(chi) <= 0.05
    return {name: count / DRAWS for name, count in rejected.items()}


if __name__ == "__main__":
    for share in (0.03, 0.05, 0.1, 0.3, 0.5):
        for kind, simulate in (("select-all groups", overlapping), ("single question", single)):
            print(share, kind, {name: round(float(value), 3) for name, value in simulate(share).items()})
