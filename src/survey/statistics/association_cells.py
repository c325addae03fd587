"""Every pair of options of two questions: the 2 x 2 table, its chi-square and its odds ratio."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from survey.counts.row_counts import Counts
from survey.messages import message
from survey.statistics import small_cells
from survey.statistics.association_tables import Observed, Side
from survey.statistics.cooccurrence import constant
from survey.statistics.hypotheses import first_of_complements
from survey.statistics.weighted_association import WeightedTables, pair_by_weight
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def association_cells(
    counts: Counts,
    observed: Observed,
    weighted: WeightedTables | None,
    sides: list[Side],
    numbers: Callable[[int, int, int, int], dict[str, Any]],
    lang: str,
) -> "pd.DataFrame":
    """One row per pair of options: the counts of the 2 x 2 table, and its `numbers` or those by weight."""
    first, second = sides
    rows: list[dict[str, Any]] = []
    _, chosen, chosen_of_second, bases = observed.tables
    one, two = (first.question, first.options), (second.question, second.options)
    same = (
        first_of_complements(counts, *one, chosen, bases, *two),
        first_of_complements(counts, *two, chosen_of_second.T, bases.T, *one).T,
    )
    shown: dict[tuple[int, int], dict[str, Any]] = {}  # of each hypothesis the row that stands first
    for i, option in enumerate(first.options):
        for j, other in enumerate(second.options):
            n, n_row, n_column, base = (int(counts[i, j]) for counts in observed.tables)
            row: dict[str, Any] = {
                "row": first.question.id,
                "row_code": option.id,
                "row_label": option.said(lang),
                "column": second.question.id,
                "column_code": other.id,
                "column_label": other.said(lang),
                "n": n,
                "n_row": n_row,
                "n_column": n_column,
                "base": base,
            }
            rows.append(row)
            if weighted is not None:
                row |= weighted.columns((i, j))
            if not (0 < n_row < base and 0 < n_column < base):
                row |= constant(base, [n_row, n_column], "untested", lang)
                continue
            if weighted is not None:
                row |= pair_by_weight(weighted, (i, j), lang)
            else:
                row |= numbers(n, n_row, n_column, base)
            _shown_once(row, shown, (int(same[0][i, j]), int(same[1][i, j])), lang)
    for row in rows:
        if "p_value" in row:
            row["p_adjusted"] = min(1.0, len(shown) * row["p_value"])
    return contract_frame("association", rows)


def pair_numbers(
    n: int, n_row: int, n_column: int, base: int, *, zero_cells: float, confidence: float, lang: str
) -> dict[str, Any]:
    """The chi-square, p-value, odds ratio and interval of a 2 x 2 table, with `reason` and `note`."""
    import numpy as np
    from scipy.special import ndtri

    row: dict[str, Any] = {}
    table = np.array([n, n_row - n, n_column - n, base - n_row - n_column + n], dtype=float)
    if (table == 0).any():
        key = "association_zero_cells" if zero_cells else "association_empty_cell"
        code = "empty_cell" if zero_cells else "empty_cell no_interval"
        row |= remarks((code, message(key, lang, value=f"{zero_cells:g}")))
        table = np.where(table == 0, zero_cells, table)
    a, b, c, d = table
    chi = table.sum() * (a * d - b * c) ** 2 / ((a + b) * (c + d) * (a + c) * (b + d))
    row |= {"chi_square": chi, "p_value": small_cells.p_of_pair(n, n_row, n_column, base, chi)}
    if small_cells.has_small_cell(n_row, n_column, base):
        row |= remarks((row.get("reason", ""), row.get("note", "")), small_cells.remark(lang), lang=lang)
    if not table.all():
        return row | {"odds_ratio": 0.0 if a * d == 0 else float("inf")}
    ratio = a * d / (b * c)
    width = ndtri((1 + confidence) / 2) * np.sqrt((1 / table).sum())
    limits = {"ci_low": ratio * np.exp(-width), "ci_high": ratio * np.exp(width)}
    return row | {"odds_ratio": ratio, **limits}


def _shown_once(
    row: dict[str, Any], shown: dict[tuple[int, int], dict[str, Any]], hypothesis: tuple[int, int], lang: str
) -> None:
    """Keep the first row of a hypothesis; the others show its p-value and say whose it is."""
    if "p_value" not in row:
        return
    first = shown.setdefault(hypothesis, row)
    if first is not row:
        names = f"{first['row_label']} · {first['column_label']}"
        repeated = ("same_comparison", message("note_same_comparison", lang, other=names))
        row |= {"p_value": first["p_value"]}
        row |= remarks((row.get("reason", ""), row.get("note", "")), repeated, lang=lang)
