"""The odds ratios of two questions, option by option, as a figure of matplotlib to save or restyle."""

from typing import TYPE_CHECKING, Any

from survey.messages import message
from survey.render.pictures.fonts import FONT_NAMES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_STRONGEST = 3  # eight times, or an eighth: the ends of the colours


def odds_ratio_picture(cells: "pd.DataFrame", *, lang: str = "en") -> "Figure":
    """Draw the odds ratio of every pair of options: its logarithm as a colour, the ratio written in.

    Parameters
    ----------
    cells
        One row per pair of options, under the `association` contract: the `cells` of an `Association`.
    lang
        The language of the title; the labels are those of the table.
    """
    import numpy as np
    import seaborn
    from matplotlib.figure import Figure
    from matplotlib.font_manager import get_font_names

    there = set(get_font_names())
    settings: dict[str, Any] = {"family": ["DejaVu Sans", *(name for name in FONT_NAMES if name in there)]}
    rows = dict(zip(cells["row_code"], cells["row_label"], strict=True))
    columns = dict(zip(cells["column_code"], cells["column_label"], strict=True))
    ratios = cells.pivot(index="column_code", columns="row_code", values="odds_ratio")
    ratios = ratios.reindex(index=list(columns), columns=list(rows)).astype(float)
    with np.errstate(divide="ignore"):
        logs = np.log2(ratios).clip(-_STRONGEST, _STRONGEST)  # one with an empty cell is 0 or inf
    drawing = Figure(figsize=(3 + 1.3 * len(rows), 1.5 + 0.45 * len(columns)), layout="constrained")
    axes = drawing.subplots()
    seaborn.heatmap(
        logs, ax=axes, cmap="vlag", vmin=-_STRONGEST, vmax=_STRONGEST, annot=ratios, fmt=".2g", cbar=False
    )
    axes.set_xticklabels(list(rows.values()), rotation=20, ha="right", **settings)
    axes.set_yticklabels(list(columns.values()), rotation=0, **settings)
    axes.set(xlabel="", ylabel="")
    axes.set_title(message("association_picture", lang), loc="left", **settings)
    return drawing
