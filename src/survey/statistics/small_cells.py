"""P-values of tables of counts, exact where a cell is expected to hold few: the chi-square is for large ones.

References
----------
Cochran, W. G. (1954), Biometrics 10, 417-451 (an expected count of 5). Fisher, R. A. (1935).
"""

from typing import Any

from survey.messages import message
from survey.statistics.association_tables import ItemTables
from survey.statistics.fisher import fisher_p, log_ways

LEAST_EXPECTED = 5
CODE = "exact_small_cells"


def remark(lang: str) -> tuple[str, str]:
    """What `reason` and `note` say of a p-value that is not that of the chi-square."""
    return CODE, message("association_small_cells", lang, least=LEAST_EXPECTED)


def has_small_cell(n_row: int, n_column: int, base: int) -> bool:
    """Whether a cell of a 2 x 2 table is expected to hold fewer than 5 under independence."""
    return min(n_row, base - n_row) * min(n_column, base - n_column) < LEAST_EXPECTED * base


def p_of_pair(n: int, n_row: int, n_column: int, base: int, chi_square: float) -> float:
    """The p-value of a 2 x 2 table: Fisher's where a cell is expected to hold few, else of the chi-square."""
    from scipy.special import chdtrc

    if has_small_cell(n_row, n_column, base):
        return fisher_p(n, n_row, n_column - n, base - n_row)
    return float(chdtrc(1, chi_square))


def p_of_columns(table: ItemTables, chi: Any, draws: int, random: Any) -> tuple[Any, bool]:
    """The p-values of the r x 2 tables of a single question, and whether any is not the chi-square's.

    Where a cell is expected to hold few: how probable a chi-square as large is among all tables with the same
    margins, which is what permuting the respondents gives. Where there are more than `MOST_TABLES` of them
    they are drawn, and p = (1 + as extreme) / (1 + draws).
    """
    import numpy as np
    from scipy.special import chdtrc

    p_values = chdtrc(table.df, chi)
    both, rows, columns, bases = (part[0] for part in table.observed)
    yes = both.sum(axis=0)
    least = (rows * np.minimum(yes, rows.sum(axis=0) - yes) / np.maximum(bases, 1)).min(axis=0)
    for place in np.flatnonzero(least < LEAST_EXPECTED):
        sizes = rows[:, place].astype(np.int64)
        tables, weights = tables_with(sizes, int(yes[place]))
        if tables is None:
            tables = random.multivariate_hypergeometric(
                sizes, int(yes[place]), size=draws, method="marginals"
            )
        others = (np.broadcast_to(part[:, place], tables.shape)[..., None] for part in (rows, columns, bases))
        reached = table.chi_squares((tables[..., None].astype(float), *others))[:, 0] >= chi[place] * (
            1 - 1e-9
        )
        if weights is None:
            p_values[place] = (1 + reached.sum()) / (1 + draws)
        else:
            p_values[place] = min(1.0, float(weights[reached].sum()))
    return p_values, bool((least < LEAST_EXPECTED).any())


MOST_TABLES = 200_000


def tables_with(sizes: Any, total: int) -> tuple[Any, Any]:
    """All ways to take `total` of groups of these sizes, and probabilities; None where they are many."""
    import numpy as np

    order = np.argsort(sizes, kind="stable")
    tables, left = np.zeros((1, 0), np.int64), np.array([total])
    after = sizes.sum()
    for size in sizes[order].tolist():
        after -= size
        taken = np.arange(size + 1)
        fits = (taken <= left[:, None]) & (left[:, None] - taken <= after)
        rows, counts = fits.nonzero()
        if len(rows) > MOST_TABLES:
            return None, None
        tables, left = np.column_stack([tables[rows], counts]), left[rows] - counts

    weights = np.exp(log_ways(sizes[order], tables).sum(axis=1) - log_ways(sizes.sum(), total))
    return tables[:, np.argsort(order)], weights
