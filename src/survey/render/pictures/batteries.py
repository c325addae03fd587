"""Drawings of batteries: one function for each kind of picture, from a contract frame to marks on a sketch.

Each says whether there was anything to draw. Sizes are inches. Colours are safe for the colour-blind and
never the only signal: every mark carries its number, every group its place.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

from survey.render.colours import ACCENT, ink_on, scale_colours
from survey.render.pictures.canvas import (
    EDGE,
    GREY,
    INK,
    LABELS,
    SOFT,
    Box,
    Sketch,
    label_lines,
    row_height,
)
from survey.render.pictures.printed import NO_COUNT, Count, as_float, base_range, percent, whole
from survey.render.texts import width
from survey.rounding import printed_range

_LEGEND_LINE = 0.24
_ROOM_FOR_PERCENT = 0.29  # inches of a segment that can hold its percentage
_QUIET = "7C858E"  # grey of what no test sets apart


def _percent_scale(sketch: Sketch, box: Box, first: float, last: float, at: Callable[[float], float]) -> None:
    """Draw a grid of percentages behind a drawing, as fine as there is room for."""
    _, top, wide, high = box
    unit = wide / (last - first)
    step = next((step for step in (0.05, 0.1, 0.2, 0.25, 0.5) if step * unit >= 0.52), 1.0)
    bottom = top + high
    ticks = [i * step for i in range(math.ceil(first / step - 1e-9), math.floor(last / step + 1e-9) + 1)]
    sketch.lines([((at(tick), top), (at(tick), bottom)) for tick in ticks], SOFT)
    for tick in ticks:
        sketch.text(at(tick), bottom + 0.13, f"{abs(tick) * 100:.0f}%", ha="center", size=8, color=GREY)


# -- diverging stacked bars ------------------------------------------------------------------------------


def diverging(sketch: Sketch) -> bool:
    """Draw the items of a battery as bars around zero: low points left, high right, the neutral one apart."""
    details = sketch.picture.details
    cells = _battery_cells(sketch.picture.data)
    order = [str(item) for item in details.get("order") or dict.fromkeys(item for item, _ in cells)]
    points = [(as_float(value), str(label)) for value, label in details.get("points") or ()]
    values = [value for value, _ in points] or sorted({code for _, code in cells})
    shown = [cells[item, value] for item in order for value in values if (item, value) in cells]
    if all(math.isnan(share) for _, _, share in shown):
        return False
    half, odd = divmod(len(values), 2)
    low, neutral, high = values[:half], values[half : half + odd], values[half + odd :]
    colours = dict(zip(values, scale_colours(len(values)), strict=True))
    left, right, apart = (_reach(cells, order, side) for side in (low, high, neutral))
    apart = apart if neutral else 0.0
    wide, top_column, gap = 8.8, 0.62, 0.3 if neutral else 0.0
    unit = (wide - LABELS - 0.3 - gap - top_column) / (left + right + apart)
    labels, counted = _item_labels(sketch, order, cells)
    row = row_height(labels, 0.32)
    legend = _legend_rows(sketch, points or [(value, f"{value:g}") for value in values], wide)
    top = len(legend) * _LEGEND_LINE + 0.3
    high_inches = row * len(order)
    base = sketch.own_word("base") or ("" if sketch.picture.subtitle else counted)
    sketch.open(wide, top + high_inches + 0.1, base)
    _draw_legend(sketch, legend, colours)
    sketch.row_labels(labels, top, row)
    zero = LABELS + left * unit
    _stack(sketch, cells, order, low[::-1], colours, axis=(zero, -unit), rows=(top, row))
    _stack(sketch, cells, order, high, colours, axis=(zero, unit), rows=(top, row))
    _top_sums(sketch, cells, order, values, LABELS + (left + right) * unit + top_column - 0.08, (top, row))
    starts = [zero]
    if neutral:
        start = LABELS + (left + right) * unit + top_column + gap
        starts.append(start)
        _stack(sketch, cells, order, neutral, colours, axis=(start, unit), rows=(top, row))
        sketch.text(start, top - 0.1, sketch.word("neutral"), color=GREY, size=8.5)
    sketch.lines([((x, top), (x, top + high_inches)) for x in starts], INK, 1.0)
    return True


def _battery_cells(frame: Any) -> dict[tuple[str, float], Count]:
    cells = {}
    columns = (frame[name].tolist() for name in ("item", "code", "n", "base", "proportion"))
    for item, code, n, base, share in zip(*columns, strict=True):
        value = as_float(code)
        if value == value:  # every other row is no point of the scale
            cells[str(item), value] = (as_float(n), as_float(base), as_float(share))
    return cells


def _share(cells: dict[tuple[str, float], Count], item: str, value: float) -> float:
    share = cells.get((item, value), NO_COUNT)[2]
    return 0.0 if math.isnan(share) else share


def _reach(cells: dict[tuple[str, float], Count], order: Sequence[str], side: Sequence[float]) -> float:
    """Find how far the bars of one side go, rounded up to whole tenths."""
    sums = (sum(_share(cells, item, value) for value in side) for item in order)
    return max(0.1, math.ceil(max(sums) * 10 - 1e-9) / 10)


def _item_labels(
    sketch: Sketch, order: Sequence[str], cells: dict[tuple[str, float], Count]
) -> tuple[list[list[str]], str]:
    """Give the items' labels, with their bases where these differ; and the sentence about a common base."""
    bases = {item: base for (item, _), (_, base, _) in cells.items()}
    named = sketch.picture.details.get("items") or {}
    differ = len({bases.get(item, 0.0) for item in order}) > 1
    labels = []
    for item in order:
        text = sketch.label(item, named.get(item, item))
        labels.append(label_lines(f"{text} ({base_range([bases.get(item, 0.0)])})" if differ else text))
    return labels, "" if differ else f"{sketch.word('respondents')}: {base_range(list(bases.values()))}"


def _stack(
    sketch: Sketch,
    cells: dict[tuple[str, float], Count],
    order: Sequence[str],
    values: Sequence[float],
    colours: dict[float, Any],
    *,
    axis: tuple[float, float],
    rows: tuple[float, float],
) -> None:
    """Stack the points from zero outwards, the percentage inside each segment that has room for it.

    `axis` is where zero stands and how long a share of 1 is, `rows` where they begin and how high one is.
    """
    (zero, unit), (top, row) = axis, rows
    boxes, fills = [], []
    for place, item in enumerate(order):
        start = zero
        for value in values:
            end = start + _share(cells, item, value) * unit
            boxes.append((start, top + row * (place + 0.13), end - start, row * 0.74))
            fills.append(colours[value])
            if abs(end - start) >= _ROOM_FOR_PERCENT:
                text = percent(*cells[item, value])
                sketch.text(
                    *((start + end) / 2, top + row * (place + 0.5), text),
                    ha="center", size=8, color=ink_on(colours[value]),
                )  # fmt: skip
            start = end
    sketch.boxes(boxes, fills)


def _top_sums(
    sketch: Sketch,
    cells: dict[tuple[str, float], Count],
    order: Sequence[str],
    values: Sequence[float],
    right: float,
    rows: tuple[float, float],
) -> None:
    """Write the share of the top box beside each bar, from the counts and not from rounded parts."""
    top, row = rows
    box = values[len(values) - int(sketch.picture.details.get("top") or 0) :]
    if not box:
        return
    sketch.text(right, top - 0.1, sketch.word("top", top=len(box)), ha="right", color=GREY, size=8.5)
    for place, item in enumerate(order):
        counts = [cells[item, value] for value in box if (item, value) in cells]
        base = counts[0][1] if counts else 0.0
        text = percent(sum(n for n, _, _ in counts), base, sum(share for _, _, share in counts))
        sketch.text(right, top + row * (place + 0.5), text if base else "\u2013", ha="right", bold=True)


def _legend_rows(
    sketch: Sketch, points: Sequence[tuple[float, str]], wide: float
) -> list[list[tuple[float, str, float]]]:
    """Arrange the legend, lowest point first, in as few rows as hold it."""
    rows: list[list[tuple[float, str, float]]] = [[]]
    x = EDGE
    for value, label in points:
        label = sketch.label(value, label)
        text = label if f"{value:g}" in label else f"{value:g} {label}"
        needed = 0.5 + 0.069 * width(text)
        if x + needed > wide and rows[-1]:
            rows.append([])
            x = EDGE
        rows[-1].append((x, text, value))
        x += needed
    return rows


def _draw_legend(sketch: Sketch, rows: Sequence[Sequence[tuple[float, str, float]]], colours: Any) -> None:
    placed = [
        (x, _LEGEND_LINE * (number + 0.5), text, colours[value])
        for number, row in enumerate(rows)
        for x, text, value in row
    ]
    sketch.boxes([(x, y - 0.07, 0.18, 0.14) for x, y, _, _ in placed], [colour for *_, colour in placed])
    for x, y, text, _ in placed:
        sketch.text(x + 0.25, y, text, size=8.5)


# -- importance: dot and interval ------------------------------------------------------------------------


def importance(sketch: Sketch) -> bool:
    """Draw each item's share as a dot with its interval, share, interval and base written beside it.

    `details["accent"]` lists the items in the accent, where others are to be grey.
    """
    frame = sketch.picture.data
    items = [str(item) for item in frame["item"].tolist()]
    labels = [
        label_lines(sketch.label(item, label))
        for item, label in zip(items, frame["label"].tolist(), strict=True)
    ]
    names = ("base", "n_top", "proportion", "ci_low", "ci_high")
    bases, counts, shares, lows, highs = (
        [as_float(value) for value in frame[name].tolist()] for name in names
    )
    if all(map(math.isnan, shares)):
        return False
    row, top, wide, beside = row_height(labels, 0.3), 0.24, 7.2, 1.75
    box = (LABELS, top, wide - LABELS - beside, row * len(labels))
    sketch.open(wide, top + box[3] + 0.28, sketch.own_word("base"))
    sketch.row_labels(labels, top, row)
    _percent_scale(sketch, box, 0, 1, lambda share: box[0] + share * box[2])
    columns = (wide - beside + 0.62, wide - beside + 1.32, wide - EDGE)
    for x, word in zip(columns, ("share_short", "interval", "base_short"), strict=True):
        sketch.text(x, top - 0.1, sketch.word(word), ha="right", size=8, color=GREY)
    accent = sketch.picture.details.get("accent")
    marked = set(items) if accent is None else {str(item) for item in accent}
    for colour, chosen in ((_QUIET, set(items) - marked), (ACCENT, marked)):
        rows = [
            (top + row * (place + 0.5), lows[place], shares[place], highs[place])
            for place, item in enumerate(items)
            if item in chosen and not math.isnan(shares[place])
        ]
        ranges = [((box[0] + low * box[2], y), (box[0] + high * box[2], y)) for y, low, _, high in rows]
        sketch.lines((line for line in ranges if not math.isnan(line[0][0])), colour, 2.2)
        sketch.dots(((box[0] + share * box[2], y) for y, _, share, _ in rows), colour, radius=0.062)
    numbers = zip(items, bases, counts, shares, lows, highs, strict=True)
    for place, (item, base, n, share, low, high) in enumerate(numbers):
        y = top + row * (place + 0.5)
        ink = ACCENT if accent is not None and item in marked else INK
        sketch.text(columns[0], y, percent(n, base, share), ha="right", bold=True, size=10, color=ink)
        if not math.isnan(low):
            between = printed_range(f"{100 * low:.0f}", f"{100 * high:.0f}")
            sketch.text(columns[1], y, f"{between}%", ha="right", size=8.5, color=GREY)
        sketch.text(columns[2], y, whole(base), ha="right", size=8.5, color=GREY)
    return True
