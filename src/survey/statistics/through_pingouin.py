"""The one translator for pingouin: nobody else knows what its columns are called."""

from typing import Any

from survey.quiet import without_warnings


def wilcoxon(first: Any, second: Any) -> tuple[float, float, float]:
    """Compare paired ratings: W, the two-sided p-value, and the rank-biserial correlation."""
    with without_warnings():  # pingouin's own imports warn of deprecations
        import pingouin

        row = pingouin.wilcoxon(first, second, alternative="two-sided").iloc[0]
    return float(_named(row, "W_val", "W-val")), float(_named(row, "p_val", "p-val")), float(row["RBC"])


def _named(row: Any, *names: str) -> Any:
    """pingouin renamed its columns in 0.6: take the one that is there."""
    for name in names:
        if name in row.index:
            return row[name]
    raise KeyError(names[0])
