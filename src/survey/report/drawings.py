"""The drawings: one function for each kind of picture, from a contract frame to marks on a sketch.

Each says whether there was anything to draw. Sizes are inches. Colours are safe for the colour-blind and
never the only signal: every mark carries its number, every group its place.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from survey.report.canvas import EDGE, GREY, INK, SOFT, Box, Sketch, ink_on
from survey.report.counts import Count, as_float, base_range, percent, whole
from survey.report.texts import width, wrap

_LABELS = 3.4  # width of the labels at the left, with the edge
_LABEL_COLUMNS = 40  # characters of a label that fit there
_LINE = 0.155  # height of a line of label text
_LEGEND_LINE = 0.24
_ROOM_FOR_PERCENT = 0.29  # inches of a segment that can hold its percentage
_AXIS = 0.5  # height of the scale below a drawing
_NO_COUNT = (math.nan, math.nan, math.nan)


def _wrapped(text: str) -> list[str]:
    return wrap(text, _LABEL_COLUMNS)


def _row_height(labels: Sequence[Sequence[str]], least: float) -> float:
    return max(least, max(map(len, labels), default=1) * _LINE + 0.12)


def _label_rows(sketch: Sketch, labels: Sequence[Sequence[str]], right: float, top: float, row: float) -> None:
    """Write the labels of rows, right-aligned beside them."""
    for place, lines in enumerate(labels):
        sketch.text(right - 0.09, top + row * (place + 0.5), "\n".join(lines), ha="right")


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
    points = [(int(value), str(label)) for value, label in details.get("points") or ()]
    values = [value for value, _ in points] or sorted({code for _, code in cells})
    shown = [cells[item, value] for item in order for value in values if (item, value) in cells]
    if all(math.isnan(share) for _, _, share in shown):
        return False
    half, odd = divmod(len(values), 2)
    low, neutral, high = values[:half], values[half : half + odd], values[half + odd :]
    colours = dict(zip(values, _scale_colours(len(values)), strict=True))
    left, right, apart = (_reach(cells, order, side) for side in (low, high, neutral))
    apart = apart if neutral else 0.0
    wide, top_column, gap = 10.6, 0.62, 0.3 if neutral else 0.0
    unit = (wide - _LABELS - 0.3 - gap - top_column) / (left + right + apart)
    labels = _item_labels(sketch, order, cells)
    row = _row_height(labels, 0.32)
    legend = _legend_rows(sketch, points or [(value, str(value)) for value in values], wide)
    top = len(legend) * _LEGEND_LINE + 0.3
    high_inches = row * len(order)
    sketch.open(wide, top + high_inches + _AXIS, sketch.own_word("base"))
    _draw_legend(sketch, legend, colours)
    _label_rows(sketch, labels, _LABELS, top, row)
    zero = _LABELS + left * unit
    _percent_scale(
        *(sketch, (_LABELS, top, (left + right) * unit, high_inches), -left, right),
        lambda share: zero + share * unit,
    )
    _stack(sketch, cells, order, low[::-1], colours, zero, -unit, top, row)
    _stack(sketch, cells, order, high, colours, zero, unit, top, row)
    middle = _LABELS + (left + right) * unit / 2
    sketch.text(middle, top + high_inches + 0.34, sketch.word("share"), ha="center", color=GREY)
    _top_sums(sketch, cells, order, values, _LABELS + (left + right) * unit + top_column - 0.08, top, row)
    starts = [zero]
    if neutral:
        start = _LABELS + (left + right) * unit + top_column + gap
        starts.append(start)
        box = (start, top, apart * unit, high_inches)
        _percent_scale(sketch, box, 0, apart, lambda share: start + share * unit)
        _stack(sketch, cells, order, neutral, colours, start, unit, top, row)
        sketch.text(start, top - 0.1, sketch.word("neutral"), color=GREY, size=8.5)
    sketch.lines([((x, top), (x, top + high_inches)) for x in starts], INK, 1.0)
    return True


def _battery_cells(frame: Any) -> dict[tuple[str, int], Count]:
    cells = {}
    columns = (frame[name].tolist() for name in ("item", "code", "n", "base", "proportion"))
    for item, code, n, base, share in zip(*columns, strict=True):
        value = as_float(code)
        if value == value // 1:  # every other row is no point of the scale
            cells[str(item), int(value)] = (as_float(n), as_float(base), as_float(share))
    return cells


def _share(cells: dict[tuple[str, int], Count], item: str, value: int) -> float:
    share = cells.get((item, value), _NO_COUNT)[2]
    return 0.0 if math.isnan(share) else share


def _reach(cells: dict[tuple[str, int], Count], order: Sequence[str], side: Sequence[int]) -> float:
    """Find how far the bars of one side go, rounded up to whole tenths."""
    sums = (sum(_share(cells, item, value) for value in side) for item in order)
    return max(0.1, math.ceil(max(sums) * 10 - 1e-9) / 10)


def _item_labels(sketch: Sketch, order: Sequence[str], cells: dict[tuple[str, int], Count]) -> list[list[str]]:
    """Give the items' labels; with their bases where these differ or nothing else says the base."""
    bases = {item: base for (item, _), (_, base, _) in cells.items()}
    named = sketch.picture.details.get("items") or {}
    say_base = len({bases.get(item, 0.0) for item in order}) > 1 or not sketch.own_word("base")
    labels = []
    for item in order:
        text = sketch.label(item, named.get(item, item))
        labels.append(_wrapped(f"{text} ({base_range([bases.get(item, 0.0)])})" if say_base else text))
    return labels


def _stack(
    sketch: Sketch,
    cells: dict[tuple[str, int], Count],
    order: Sequence[str],
    values: Sequence[int],
    colours: dict[int, Any],
    zero: float,
    unit: float,
    top: float,
    row: float,
) -> None:
    """Stack the points from zero outwards, the percentage inside each segment that has room for it."""
    boxes, fills = [], []
    for place, item in enumerate(order):
        start = zero
        for value in values:
            end = start + _share(cells, item, value) * unit
            boxes.append((start, top + row * (place + 0.13), end - start, row * 0.74))
            fills.append(colours[value])
            if abs(end - start) >= _ROOM_FOR_PERCENT:
                told = percent(*cells[item, value])
                sketch.text(
                    *((start + end) / 2, top + row * (place + 0.5), told),
                    ha="center", size=8, color=ink_on(colours[value]),
                )  # fmt: skip
            start = end
    sketch.boxes(boxes, fills)


def _top_sums(
    sketch: Sketch,
    cells: dict[tuple[str, int], Count],
    order: Sequence[str],
    values: Sequence[int],
    right: float,
    top: float,
    row: float,
) -> None:
    """Write the share of the top box beside each bar, from the counts and not from rounded parts."""
    box = values[len(values) - int(sketch.picture.details.get("top") or 0) :]
    if not box:
        return
    sketch.text(right, top - 0.1, sketch.word("top", top=len(box)), ha="right", color=GREY, size=8.5)
    for place, item in enumerate(order):
        counts = [cells[item, value] for value in box if (item, value) in cells]
        base = counts[0][1] if counts else 0.0
        told = percent(sum(n for n, _, _ in counts), base, sum(share for _, _, share in counts))
        sketch.text(right, top + row * (place + 0.5), told if base else "[x]", ha="right", bold=True)


def _legend_rows(
    sketch: Sketch, points: Sequence[tuple[int, str]], wide: float
) -> list[list[tuple[float, str, int]]]:
    """Arrange the legend, lowest point first, in as few rows as hold it."""
    rows: list[list[tuple[float, str, int]]] = [[]]
    x = EDGE
    for value, label in points:
        label = sketch.label(value, label)
        text = label if str(value) in label else f"{value} {label}"
        needed = 0.5 + 0.069 * width(text)
        if x + needed > wide and rows[-1]:
            rows.append([])
            x = EDGE
        rows[-1].append((x, text, value))
        x += needed
    return rows


def _draw_legend(sketch: Sketch, rows: Sequence[Sequence[tuple[float, str, int]]], colours: Any) -> None:
    placed = [
        (x, _LEGEND_LINE * (number + 0.5), text, colours[value])
        for number, row in enumerate(rows)
        for x, text, value in row
    ]
    sketch.boxes([(x, y - 0.07, 0.18, 0.14) for x, y, _, _ in placed], [colour for *_, colour in placed])
    for x, y, text, _ in placed:
        sketch.text(x + 0.25, y, text, size=8.5)


def _scale_colours(count: int) -> list[Any]:
    """Run from orange over grey to blue, the ends darkest."""
    import seaborn

    half, odd = divmod(count, 2)
    if half <= 1:
        low, high = ["#e08214"] * half, ["#2171b5"] * half
    else:
        low = list(seaborn.color_palette("blend:#b35806,#f7c48a", half))
        high = list(seaborn.color_palette("blend:#a6cbe8,#0b559f", half))
    return [*low, *(["#bdbdbd"] * odd), *high]


# -- importance: dot and interval ------------------------------------------------------------------------


def importance(sketch: Sketch) -> bool:
    """Draw each item's share as a dot with its interval, with share, count and base written beside it."""
    import seaborn

    frame = sketch.picture.data
    names = ("item", "label", "base", "n_top", "proportion", "ci_low", "ci_high")
    rows = [
        (sketch.label(item, label), *map(as_float, numbers))
        for item, label, *numbers in zip(*(frame[name].tolist() for name in names), strict=True)
    ]
    if all(math.isnan(share) for _, _, _, share, _, _ in rows):
        return False
    labels = [_wrapped(label) for label, *_ in rows]
    row, top = _row_height(labels, 0.28), 0.08
    wide, beside = 9.6, 1.75
    box = (_LABELS, top, wide - _LABELS - beside, row * len(rows))
    sketch.open(wide, top + box[3] + _AXIS, sketch.own_word("base"))
    _label_rows(sketch, labels, _LABELS, top, row)
    _percent_scale(sketch, box, 0, 1, lambda share: box[0] + share * box[2])
    sketch.text(box[0] + box[2] / 2, top + box[3] + 0.34, sketch.word("share"), ha="center", color=GREY)
    colour = seaborn.color_palette("colorblind")[0]
    axes = sketch.axes(box)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    places = list(range(len(rows)))
    axes.hlines(places, [low for *_, low, _ in rows], [high for *_, high in rows], color=colour, linewidth=2, alpha=0.6)
    for ends in ([low for *_, low, _ in rows], [high for *_, high in rows]):
        axes.plot(ends, places, "|", color=colour, markersize=7, markeredgewidth=1.4)
    shares = [share for _, _, _, share, _, _ in rows]
    seaborn.scatterplot(x=shares, y=places, ax=axes, s=50, color=colour, zorder=3, legend=False, clip_on=False)
    axes.set_axis_off()
    for place, (_, base, n, share, _, _) in enumerate(rows):
        y = top + row * (place + 0.5)
        sketch.text(wide - beside + 0.72, y, percent(n, base, share, digits=1), ha="right", bold=True)
        sketch.text(wide - beside + 0.84, y, f"{whole(n)} / {whole(base)}", size=8.5, color=GREY)
    return True


# -- heat map of a cross-tabulation ----------------------------------------------------------------------


@dataclass
class _Grid:
    """A matrix to be drawn: the shares that colour it, the texts in its cells, and its headings."""

    rows: list[str]
    columns: list[tuple[str, str]]  # heading and, on a line of its own, the base
    shares: list[list[float]]
    texts: list[list[str]]
    over: str = ""  # stands above the headings
    total: bool = False  # the first column stands apart


def heatmap(sketch: Sketch) -> bool:
    """Draw a cross-tabulation: options or items down, groups across, share and count in each cell."""
    frame, details = sketch.picture.data, sketch.picture.details
    names = ("stub_code", "stub_label", "banner_code", "banner_label", "n", "base", "proportion")
    cells: dict[tuple[str, str], Count] = {}
    stubs: dict[str, str] = {}
    groups: dict[str, str] = {}
    for stub, stub_label, group, group_label, *numbers in zip(*(frame[name].tolist() for name in names), strict=True):
        stubs.setdefault(str(stub), sketch.label(stub, stub_label))
        groups.setdefault(str(group), sketch.label(group, group_label))
        n, base, share = map(as_float, numbers)
        cells[str(stub), str(group)] = (n, base, share)
    if all(math.isnan(share) for _, _, share in cells.values()):
        return False
    total = {str(stub): count for stub, count in (details.get("total") or {}).items()}
    if total:
        groups = {"": sketch.word("all"), **groups}  # no group has an empty id
    for stub in stubs if total else ():
        n, base = map(as_float, total.get(stub, (math.nan, math.nan)))
        cells[stub, ""] = (n, base, n / base if base else math.nan)
    least = as_float(details.get("min_base") or 0)
    counts = [[cells.get((stub, group), _NO_COUNT) for group in groups] for stub in stubs]
    bases = {group: [cells.get((stub, group), _NO_COUNT)[1] for stub in stubs] for group in groups}
    grid = _Grid(
        rows=list(stubs.values()),
        columns=[(label, f"({base_range(bases[group])})") for group, label in groups.items()],
        shares=[[share for _, _, share in line] for line in counts],
        texts=[[_cell_text(*count, least) for count in line] for line in counts],
        over=sketch.own_word("x"),
        total=bool(total),
    )
    any_low = any("[low]" in text for line in grid.texts for text in line)
    low = sketch.word("low", min_base=whole(least)) if any_low else ""
    _draw_grid(sketch, grid, sketch.own_word("base"), sketch.word("cells"), low)
    return True


def _cell_text(n: float, base: float, share: float, least: float) -> str:
    if math.isnan(share):
        return "[x]"
    return f"{percent(n, base, share)} ({whole(n)})" + (" [low]" if base < least else "")


def _draw_grid(sketch: Sketch, grid: _Grid, *under: str) -> None:
    """Draw a matrix with seaborn, the text in each cell in the ink that has the better contrast."""
    import seaborn

    longest = max(len(text) for line in grid.texts for text in line)
    cell = max(0.1 + 0.076 * longest, min(1.35, 8.0 / len(grid.columns)))
    headings = [[*wrap(text, int(cell * 13)), base] if base else wrap(text, int(cell * 13)) for text, base in grid.columns]
    top = max(map(len, headings)) * _LINE + 0.12 + (0.22 if grid.over else 0)
    labels = [_wrapped(text) for text in grid.rows]
    row = _row_height(labels, 0.34)
    box = (_LABELS, top, cell * len(grid.columns), row * len(grid.rows))
    sketch.open(max(7.0, _LABELS + box[2] + EDGE), top + box[3] + EDGE, *under)
    if grid.over:
        sketch.text(_LABELS, 0.08, grid.over, color=GREY)
    _label_rows(sketch, labels, _LABELS, top, row)
    for place, lines in enumerate(headings):
        x = _LABELS + cell * (place + 0.5)
        sketch.text(x, top - 0.05, "\n".join(lines), ha="center", va="bottom", size=8.5, color=GREY)
    shades = seaborn.color_palette("blend:#f4f8fb,#9ecae1,#2171b5,#08306b", as_cmap=True)
    highest = max(0.05, *(share for line in grid.shares for share in line if not math.isnan(share)))
    sketch.boxes([box], "#efefef")
    _seaborn_heatmap(sketch, grid.shares, sketch.axes(box), shades, highest)
    for i, line in enumerate(grid.texts):
        for j, text in enumerate(line):
            share = grid.shares[i][j]
            ink = INK if math.isnan(share) else ink_on(shades(share / highest))
            sketch.text(_LABELS + cell * (j + 0.5), top + row * (i + 0.5), text, ha="center", color=ink)
    if grid.total:
        x = _LABELS + cell
        sketch.lines([((x, top), (x, top + box[3]))], "white", 6)


def _seaborn_heatmap(sketch: Sketch, shares: list[list[float]], axes: Any, shades: Any, highest: float) -> None:
    """Let seaborn colour the cells. It renders the figure to look at tick labels: there are none, so coarsely."""
    import seaborn

    figure: Any = sketch.figure
    hidden = [artist for artist in figure.axes[0].get_children() if artist.get_visible()]
    for artist in hidden:
        artist.set_visible(False)
    resolution, figure.dpi = figure.dpi, 10
    seaborn.heatmap(
        shares, ax=axes, cmap=shades, vmin=0, vmax=highest, cbar=False, linewidths=1.2, linecolor="white",
        xticklabels=False, yticklabels=False,
    )  # fmt: skip
    figure.dpi = resolution
    for artist in hidden:
        artist.set_visible(True)
    axes.set_axis_off()
    axes.set_zorder(-1)
    figure.axes[0].patch.set_visible(False)


# -- overlaps of groups ----------------------------------------------------------------------------------


def overlaps(sketch: Sketch) -> bool:
    """Draw how groups overlap: a matrix of pairs, or every combination with its count where these are given."""
    from survey.report.combinations import combinations

    frame = sketch.picture.data
    names = ("code", "label", "other_code", "other_label", "n", "base", "proportion")
    labels: dict[str, str] = {}
    cells: dict[tuple[str, str], Count] = {}
    for code, label, other, other_label, *numbers in zip(*(frame[name].tolist() for name in names), strict=True):
        labels.setdefault(str(code), sketch.label(code, label))
        labels.setdefault(str(other), sketch.label(other, other_label))
        n, base, share = map(as_float, numbers)
        cells[str(code), str(other)] = (n, base, share)
    if not any(n > 0 for n, _, _ in cells.values()):
        return False
    sizes = {code: cells.get((code, code), _NO_COUNT)[0] for code in labels}
    if patterns := sketch.picture.details.get("patterns"):
        combinations(sketch, labels, sizes, patterns)
        return True
    counts = [[cells.get((code, other), _NO_COUNT) for other in labels] for code in labels]
    texts = [[_cell_text(*count, 0) for count in line] for line in counts]
    shares = [[share for _, _, share in line] for line in counts]
    for place, code in enumerate(labels):
        texts[place][place] = f"n\u00a0=\u00a0{whole(sizes[code])}"
        shares[place][place] = math.nan
    if all(math.isnan(share) for line in shares for share in line):
        shares[0][0] = 0.0  # a single group
    grid = _Grid(
        rows=[f"{label} ({base_range([sizes[code]])})" for code, label in labels.items()],
        columns=[(label, "") for label in labels.values()],
        shares=shares,
        texts=texts,
        over=sketch.word("also"),
    )
    _draw_grid(sketch, grid, sketch.own_word("base"), sketch.word("rows"))
    return True
