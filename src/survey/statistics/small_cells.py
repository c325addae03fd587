"""P-values of tables of counts, exact where a cell is expected to hold few: the chi-square is for large ones.

References
----------
Cochran, W. G. (1954), Biometrics 10, 417-451 (an expected count of 5). Fisher, R. A. (1935).
"""

from typing import Any

from survey.messages import message
from survey.statistics.association_tables import ItemTables
from survey.statistics.column_comparisons import exact_test

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
        return exact_test(n, n_row, n_column - n, base - n_row, "fisher")
    return float(chdtrc(1, chi_square))


def p_of_columns(table: ItemTables, chi: Any, draws: int, random: Any) -> tuple[Any, bool]:
    """The p-values of the r x 2 tables of a single question, and whether any is from draws.

    Where a cell is expected to hold few, the counts are drawn with the margins as they are (a permutation of
    the respondents), and p = (1 + as extreme) / (1 + draws).
    """
    import numpy as np
    from scipy.special import chdtrc

    p_values = chdtrc(table.df, chi)
    both, rows, columns, bases = (part[0] for part in table.observed)
    yes = both.sum(axis=0)
    least = (rows * np.minimum(yes, rows.sum(axis=0) - yes) / np.maximum(bases, 1)).min(axis=0)
    for place in np.flatnonzero(least < LEAST_EXPECTED):
        sizes = rows[:, place].astype(np.int64)
        drawn = random.multivariate_hypergeometric(sizes, int(yes[place]), size=draws, method="marginals")
        others = (np.broadcast_to(part[:, place], drawn.shape)[..., None] for part in (rows, columns, bases))
        reached = table.chi_squares((drawn[..., None].astype(float), *others))[:, 0]
        p_values[place] = (1 + (reached >= chi[place] * (1 - 1e-9)).sum()) / (1 + draws)
    return p_values, bool((least < LEAST_EXPECTED).any())
