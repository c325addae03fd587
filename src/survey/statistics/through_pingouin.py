"""The one translator for pingouin: nobody else knows what its columns are called."""

from typing import Any

from survey.quiet import without_warnings


def wilcoxon(first: Any, second: Any) -> tuple[float, float, float]:
    """Compare paired ratings: W, the two-sided p-value, and the rank-biserial correlation."""
    with without_warnings():  # pingouin's own imports warn of deprecations
        import pingouin

        row = pingouin.wilcoxon(first, second, alternative="two-sided").iloc[0]
    return float(_named(row, "W_val", "W-val")), float(_named(row, "p_val", "p-val")), float(row["RBC"])


def welch_anova(groups: list[Any]) -> tuple[float, float]:
    """Compare the means of several groups by Welch's test: F and p."""
    with without_warnings():
        import pingouin

        row = pingouin.welch_anova(data=_stacked(groups), dv="value", between="group").iloc[0]
    return float(row["F"]), float(_named(row, "p_unc", "p-unc"))


def games_howell(groups: list[Any]) -> list[tuple[float, float, float, float]]:
    """Compare every two groups, in the order of `itertools.combinations`: t, df, p of all, standard error."""
    with without_warnings():
        import pingouin

        table = pingouin.pairwise_gameshowell(data=_stacked(groups), dv="value", between="group")
    return [
        (float(row["T"]), float(row["df"]), float(row["pval"]), float(row["se"]))
        for _, row in table.sort_values(["A", "B"]).iterrows()
    ]


def kruskal_wallis(groups: list[Any]) -> tuple[float, float]:
    """Compare the ranks of several groups: H, corrected for ties, and p."""
    with without_warnings():
        import pingouin

        row = pingouin.kruskal(data=_stacked(groups), dv="value", between="group").iloc[0]
    return float(row["H"]), float(_named(row, "p_unc", "p-unc"))


def mann_whitney_u(first: Any, second: Any) -> tuple[float, float]:
    """Compare the ranks of two groups: U of the first, and p: exact where few and without ties."""
    with without_warnings():
        import pingouin

        row = pingouin.mwu(first, second, alternative="two-sided").iloc[0]
    return float(_named(row, "U_val", "U-val")), float(_named(row, "p_val", "p-val"))


def hedges_g(first: Any, second: Any, confidence: float) -> tuple[float, float, float]:
    """Give the standardised difference of two means, corrected for few, and its limits."""
    with without_warnings():
        import pingouin

        value = float(pingouin.compute_effsize(first, second, eftype="hedges"))
        size = {"nx": len(first), "ny": len(second), "confidence": float(confidence), "decimals": 15}
        low, high = pingouin.compute_esci(stat=value, eftype="cohen", **size)
    return value, float(low), float(high)


def _stacked(groups: list[Any]) -> Any:
    """One row per value with the place of its group."""
    import numpy as np
    import pandas as pd

    places = np.repeat(range(len(groups)), [len(values) for values in groups])
    return pd.DataFrame({"value": np.concatenate(groups), "group": places})


def _named(row: Any, *names: str) -> Any:
    """pingouin renamed its columns in 0.6: take the one that is there."""
    for name in names:
        if name in row.index:
            return row[name]
    raise KeyError(names[0])
