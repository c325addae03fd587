"""The drawings: one function for each kind of picture, from a contract frame to marks on a figure.

Each returns whether there was anything to draw. Sizes are inches. Colours are safe for the colour-blind and
never the only signal: every mark carries its number, every group its place.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from survey.report.texts import width, wrap
from survey.rounding import round_fraction

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from survey.report.figures import Sketch

_LABELS = 3.35  # width of the labels at the left
_LABEL_COLUMNS = 40  # characters of a label that fit there
_LINE = 0.165  # height of a line of label text
_INK, _GREY, _SOFT = "#1f1f1f", "#4d4d4d", "#d0d0d0"
_MOST_PATTERNS = 18

Count = tuple[float, float, float]  # n, base, proportion


# -- diverging stacked bars ------------------------------------------------------------------------------


def diverging(sketch: "Sketch") -> bool:
    """Draw the items of a battery as bars around zero: low points left, high right, the neutral one apart."""
    details = sketch.picture.details
    cells = _battery_cells(sketch.picture.data)
    order = [str(item) for item in details.get("order") or dict.fromkeys(item for item, _ in cells)]
    points = [(int(value), str(label)) for value, label in details.get("points") or ()]
    points = points or [(code, str(code)) for code in sorted({code for _, code in cells})]
    shares = {key: share for key, (_, _, share) in cells.items()}
    if not order or not points or not any(not math.isnan(share) for share in shares.values()):
        return False
    half, odd = divmod(len(points), 2)
    low, high = points[:half], points[half + odd :]
    neutral = points[half : half + odd]
    labels = _item_labels(sketch, order, cells)
    row = max(0.34, max(text.count("\n") + 1 for text in labels) * _LINE + 0.1)
    colours = dict(zip([value for value, _ in points], _scale_colours(len(points)), strict=True))

    def reach(side: Sequence[tuple[int, str]]) -> float:
        sums = (sum(_filled(shares, item, value) for value, _ in side) for item in order)
        return max(0.1, math.ceil(max(sums, default=0) * 10 - 1e-9) / 10)

    left, right, apart = (reach(side) for side in (low, high, neutral))
    wide, top_column = 11.0, 0.6
    gap = 0.3 if neutral else 0.0
    inches = wide - _LABELS - 0.35 - gap - top_column
    unit = inches / (left + right + (apart if neutral else 0))
    legend_rows, place_legend = _legend(sketch, points, colours, wide)
    high_inches = legend_rows * 0.24 + 0.3 + row * len(order) + 0.5
    sketch.open(wide, high_inches, sketch.own_word("base"))
    place_legend()
    body_top = legend_rows * 0.24 + 0.3
    body = sketch.axes(_LABELS, body_top, unit * (left + right), row * len(order))
    _bars(body, order, low[::-1], shares, colours, cells, sign=-1)
    _bars(body, order, high, shares, colours, cells, sign=1)
    _body_axes(body, labels, (-left, right))
    body.axvline(0, color=_INK, linewidth=1.0)
    body.set_xlabel(sketch.word("share"), fontsize=9)
    top = int(details.get("top") or 0)
    if top:
        _top_sums(sketch, body, order, [value for value, _ in points[-top:]], cells, right, unit)
    if neutral:
        start = _LABELS + unit * (left + right) + top_column + gap
        panel = sketch.axes(start, body_top, unit * apart, row * len(order))
        _bars(panel, order, neutral, shares, colours, cells, sign=1)
        _body_axes(panel, [""] * len(order), (0, apart))
        panel.axvline(0, color=_INK, linewidth=1.0)
        panel.set_title(sketch.word("neutral"), fontsize=9, color=_GREY, pad=5, loc="left")
    return True


def _battery_cells(frame: Any) -> dict[tuple[str, int], Count]:
    cells = {}
    columns = (frame[name].tolist() for name in ("item", "code", "n", "base", "proportion"))
    for item, code, n, base, share in zip(*columns, strict=True):
        try:
            value = int(float(code))
        except (TypeError, ValueError):
            continue  # a row that is no point of the scale
        cells[str(item), value] = (_float(n), _float(base), _float(share))
    return cells


def _item_labels(sketch: "Sketch", order: Sequence[str], cells: dict[tuple[str, int], Count]) -> list[str]:
    """Give the items' labels; with their bases where these differ or nothing else says the base."""
    bases = {item: base for (item, _), (_, base, _) in cells.items()}
    named = sketch.picture.details.get("items") or {}
    say_base = len({bases.get(item) for item in order}) > 1 or not sketch.own_word("base")
    labels = []
    for item in order:
        text = sketch.label(item, named.get(item, item))
        labels.append(_wrapped(f"{text} (n = {_whole(bases.get(item, 0))})" if say_base else text))
    return labels


def _bars(
    axes: "Axes",
    order: Sequence[str],
    points: Sequence[tuple[int, str]],
    shares: dict[tuple[str, int], float],
    colours: dict[int, Any],
    cells: dict[tuple[str, int], Count],
    *,
    sign: int,
) -> None:
    """Stack the points from zero outwards, the percentage inside each segment that has room for it."""
    ends = [0.0] * len(order)
    for value, _ in points:
        widths = [_filled(shares, item, value) for item in order]
        starts = [end * sign for end in ends]
        axes.barh(
            *(range(len(order)), [part * sign for part in widths]),
            left=starts, height=0.74, color=colours[value], edgecolor="white", linewidth=0.8,
        )  # fmt: skip
        for place, (item, part) in enumerate(zip(order, widths, strict=True)):
            if part >= 0.035:
                middle = (ends[place] + part / 2) * sign
                axes.text(
                    *(middle, place, _percent(*cells[item, value])),
                    ha="center", va="center", fontsize=8, color=_ink_on(colours[value]),
                )  # fmt: skip
        ends = [end + part for end, part in zip(ends, widths, strict=True)]


def _body_axes(axes: "Axes", labels: Sequence[str], limits: tuple[float, float]) -> None:
    import seaborn

    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_xlim(*limits)
    axes.set_yticks(range(len(labels)), labels, fontsize=9)
    _percent_axis(axes, *limits)
    seaborn.despine(ax=axes, left=True, bottom=True)


def _percent_axis(axes: "Axes", first: float, last: float) -> None:
    step = next(step for step in (0.05, 0.1, 0.2, 0.25, 0.5, 1.0) if (last - first) / step <= 8 or step == 1.0)
    ticks = [index * step for index in range(math.ceil(first / step), math.floor(last / step + 1e-9) + 1)]
    axes.set_xticks(ticks, [f"{abs(tick) * 100:.0f}%" for tick in ticks], fontsize=8)
    axes.xaxis.grid(visible=True, color=_SOFT, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)


def _top_sums(
    sketch: "Sketch",
    axes: "Axes",
    order: Sequence[str],
    values: Sequence[int],
    cells: dict[tuple[str, int], Count],
    right: float,
    unit: float,
) -> None:
    """Write the share of the top box beside each bar, from the counts and not from rounded parts."""
    x = right + 0.5 / unit
    axes.text(
        *(x, -0.62, sketch.word("top", top=len(values))),
        ha="right", va="bottom", fontsize=8.5, color=_GREY,
    )  # fmt: skip
    for place, item in enumerate(order):
        there = [cells[item, value] for value in values if (item, value) in cells]
        if not there:
            continue
        n, base = sum(count for count, _, _ in there), there[0][1]
        text = _percent(n, base, sum(share for _, _, share in there))
        axes.text(x, place, text, ha="right", va="center", fontsize=9, fontweight="bold")


def _legend(
    sketch: "Sketch", points: Sequence[tuple[int, str]], colours: dict[int, Any], wide: float
) -> tuple[int, Any]:
    """Plan the legend, lowest point first: how many rows it needs, and the function that draws it."""
    texts = []
    for value, label in points:
        label = sketch.label(value, label)
        texts.append(label if str(value) in label else f"{value} {label}")
    rows: list[list[tuple[float, str, int]]] = [[]]
    x = 0.14
    for text, (value, _) in zip(texts, points, strict=True):
        needed = 0.26 + 0.082 * width(text) + 0.2
        if x + needed > wide and rows[-1]:
            rows.append([])
            x = 0.14
        rows[-1].append((x, text, value))
        x += needed

    def place() -> None:
        from matplotlib.patches import Rectangle

        axes = sketch.axes(0, 0, wide, 0.24 * len(rows))
        axes.set_axis_off()
        axes.set_xlim(0, wide)
        axes.set_ylim(0.24 * len(rows), 0)
        for number, row in enumerate(rows):
            for left, text, value in row:
                y = 0.24 * number + 0.12
                axes.add_patch(Rectangle((left, y - 0.07), 0.18, 0.14, facecolor=colours[value]))
                axes.text(left + 0.25, y, text, va="center_baseline", fontsize=8.5)

    return len(rows), place


def _scale_colours(count: int) -> list[Any]:
    """Run from orange over grey to blue, the ends darkest."""
    import seaborn

    half, odd = divmod(count, 2)
    warm = seaborn.color_palette("blend:#b35806,#f7c48a", max(half, 1))[:half]
    cool = seaborn.color_palette("blend:#a6cbe8,#0b559f", max(half, 1))[:half]
    if half == 1:
        warm, cool = [(0.88, 0.51, 0.08)], [(0.13, 0.44, 0.71)]
    return [*warm, *(["#bdbdbd"] * odd), *cool]


# -- importance: dot and interval ------------------------------------------------------------------------


def importance(sketch: "Sketch") -> bool:
    """Draw each item's share as a dot with its interval, with share, count and base written beside it."""
    import seaborn

    frame = sketch.picture.data
    names = ("item", "label", "base", "n_top", "proportion", "ci_low", "ci_high")
    rows = list(zip(*(frame[name].tolist() for name in names), strict=True))
    if not any(not math.isnan(_float(row[4])) for row in rows):
        return False
    labels = [_wrapped(sketch.label(item, label)) for item, label, *_ in rows]
    row = max(0.3, max(text.count("\n") + 1 for text in labels) * _LINE + 0.08)
    wide, beside = 10.0, 1.65
    sketch.open(wide, 0.1 + row * len(rows) + 0.5, sketch.own_word("base"))
    axes = sketch.axes(_LABELS, 0.1, wide - _LABELS - beside, row * len(rows))
    colour = seaborn.color_palette("colorblind")[0]
    shares = [_float(line[4]) for line in rows]
    lows, highs = ([_float(line[place]) for line in rows] for place in (5, 6))
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.hlines(range(len(rows)), lows, highs, color=colour, linewidth=2.2, alpha=0.55)
    for ends in (lows, highs):
        axes.plot(ends, range(len(rows)), "|", color=colour, markersize=7, markeredgewidth=1.4)
    seaborn.scatterplot(x=shares, y=list(range(len(rows))), ax=axes, s=52, color=colour, zorder=3, legend=False)
    axes.set_yticks(range(len(rows)), labels, fontsize=9)
    _percent_axis(axes, 0, 1)
    axes.set_xlabel(sketch.word("share"), fontsize=9)
    axes.set_ylabel("")
    for place, (_, _, base, n, share, *_) in enumerate(rows):
        text = _percent(_float(n), _float(base), _float(share), digits=1)
        axes.text(1.03, place, text, va="center", fontsize=9, fontweight="bold")
        counted = f"{_whole(n)} / {_whole(base)}"
        axes.text(1.03 + 0.6 / (wide - _LABELS - beside), place, counted, va="center", fontsize=8.5, color=_GREY)
    seaborn.despine(ax=axes, left=True, bottom=True)
    return True


# -- heat map of a cross-tabulation ----------------------------------------------------------------------


@dataclass
class _Grid:
    """A matrix to be drawn: shares that colour it, the texts in its cells, and its headings."""

    rows: list[str]
    columns: list[str]
    shares: list[list[float]]
    texts: list[list[tuple[str, str]]]
    apart: int = 0  # so many first columns stand apart (the total)
    plain: frozenset[tuple[int, int]] = frozenset()  # cells without colour


def heatmap(sketch: "Sketch") -> bool:
    """Draw a cross-tabulation: options or items down, groups across, share and count in each cell."""
    frame, details = sketch.picture.data, sketch.picture.details
    names = ("stub_code", "stub_label", "banner_code", "banner_label", "n", "base", "proportion")
    cells: dict[tuple[str, str], Count] = {}
    stubs: dict[str, str] = {}
    groups: dict[str, str] = {}
    for stub, stub_label, group, group_label, *count in zip(*(frame[n].tolist() for n in names), strict=True):
        stubs.setdefault(str(stub), sketch.label(stub, stub_label))
        groups.setdefault(str(group), sketch.label(group, group_label))
        cells[str(stub), str(group)] = (_float(count[0]), _float(count[1]), _float(count[2]))
    total = details.get("total") or {}
    if not any(not math.isnan(share) for _, _, share in cells.values()):
        return False
    all_groups = ["", *groups] if total else [*groups]  # no banner code is empty: "" is the total
    for stub in stubs if total else ():
        n, base = (_float(value) for value in total.get(stub, (math.nan, math.nan)))
        cells[stub, ""] = (n, base, n / base if base else math.nan)
    bases = {g: [cells[s, g][1] for s in stubs if (s, g) in cells] for g in all_groups}
    least = _float(details.get("min_base") or 0)
    missing = (math.nan, math.nan, math.nan)
    counts = [[cells.get((stub, group), missing) for group in all_groups] for stub in stubs]
    named = {"": sketch.word("all"), **groups}
    grid = _Grid(
        rows=[_wrapped(label) for label in stubs.values()],
        columns=[f"{named[group]} ({_range(bases[group])})" for group in all_groups],
        shares=[[share for _, _, share in line] for line in counts],
        texts=[[_cell_text(*count, least) for count in line] for line in counts],
        apart=1 if total else 0,
    )
    lines = [text for text in (sketch.own_word("base"), sketch.word("cells")) if text]
    if least and any("[low]" in text for line in grid.texts for _, text in line):
        lines.append(sketch.word("low", min_base=_whole(least)))
    _draw_grid(sketch, grid, ". ".join(text.rstrip(".\u3002") for text in lines), title=sketch.own_word("x"))
    return True


def _cell_text(n: float, base: float, share: float, least: float) -> tuple[str, str]:
    if math.isnan(share):
        return "[x]", ""
    return _percent(n, base, share), f"{_whole(n)} [low]" if base < least else _whole(n)


def _draw_grid(sketch: "Sketch", grid: _Grid, subtitle: str, title: str = "") -> "Axes":
    """Draw a matrix with seaborn, the text in each cell in the ink that has the better contrast."""
    import seaborn

    count = len(grid.columns)
    cell = max(0.72, min(1.3, 9.0 / count))
    headings = [wrap(text, int(cell * 12.5)) for text in grid.columns]
    head = max(map(len, headings)) * _LINE + 0.12 + (0.25 if title else 0)
    row = max(0.42, max(text.count("\n") + 1 for text in grid.rows) * _LINE + 0.08)
    wide = max(6.5, _LABELS + cell * count + 0.15)
    sketch.open(wide, head + row * len(grid.rows) + 0.15, subtitle)
    axes = sketch.axes(_LABELS, head, cell * count, row * len(grid.rows))
    shades = seaborn.color_palette("blend:#f4f8fb,#9ecae1,#2171b5,#08306b", as_cmap=True)
    seen = [share for line in grid.shares for share in line if not math.isnan(share)]
    highest = max(0.05, *seen) if seen else 1.0
    resolution, sketch.figure.dpi = sketch.figure.dpi, 20  # seaborn renders once to look for overlaps
    seaborn.heatmap(
        *([[math.nan if (i, j) in grid.plain else s for j, s in enumerate(line)] for i, line in enumerate(grid.shares)],),
        ax=axes, cmap=shades, vmin=0, vmax=highest, cbar=False, linewidths=1.2, linecolor="white",
        xticklabels=False, yticklabels=False,
    )  # fmt: skip
    sketch.figure.dpi = resolution
    axes.set_facecolor("#f0f0f0")
    axes.xaxis.tick_top()
    axes.set_xticks([i + 0.5 for i in range(count)], ["\n".join(lines) for lines in headings], fontsize=8.5)
    axes.set_yticks([i + 0.5 for i in range(len(grid.rows))], grid.rows, fontsize=9, rotation=0)
    axes.tick_params(length=0, pad=4)
    for i, (line, shares) in enumerate(zip(grid.texts, grid.shares, strict=True)):
        for j, ((large, small), share) in enumerate(zip(line, shares, strict=True)):
            plain = math.isnan(share) or (i, j) in grid.plain
            ink = _INK if plain else _ink_on(shades(share / highest))
            up = 0.19 if small else 0.0
            axes.text(j + 0.5, i + 0.5 - up, large, ha="center", va="center", fontsize=9, color=ink)
            if small:
                axes.text(j + 0.5, i + 0.5 + 0.22, small, ha="center", va="center", fontsize=7.5, color=ink)
    if grid.apart and grid.apart < count:
        axes.axvline(grid.apart, color="white", linewidth=7)
    if title:
        axes.set_title(title, fontsize=9, color=_GREY, loc="left", pad=head * 72 - 16)
    return axes


# -- overlaps of groups ----------------------------------------------------------------------------------


def overlaps(sketch: "Sketch") -> bool:
    """Draw how groups overlap: a matrix of pairs, or every combination with its count where these are given."""
    frame = sketch.picture.data
    names = ("code", "label", "other_code", "other_label", "n", "base", "proportion")
    labels: dict[str, str] = {}
    cells: dict[tuple[str, str], Count] = {}
    for code, label, other, other_label, *count in zip(*(frame[n].tolist() for n in names), strict=True):
        labels.setdefault(str(code), sketch.label(code, label))
        labels.setdefault(str(other), sketch.label(other, other_label))
        cells[str(code), str(other)] = (_float(count[0]), _float(count[1]), _float(count[2]))
    if not any(n > 0 for n, _, _ in cells.values()):
        return False
    sizes = {code: cells.get((code, code), (math.nan,))[0] for code in labels}
    patterns = sketch.picture.details.get("patterns")
    if patterns:
        _combinations(sketch, labels, sizes, patterns)
        return True
    codes = list(labels)
    counts = [[cells.get((code, other), (math.nan,) * 3) for other in codes] for code in codes]
    texts = [
        [(f"n = {_whole(n)}", "") if code == other else (_percent(n, base, share), _whole(n) if not math.isnan(n) else "")
         for other, (n, base, share) in zip(codes, line, strict=True)]
        for code, line in zip(codes, counts, strict=True)
    ]  # fmt: skip
    grid = _Grid(
        rows=[_wrapped(f"{labels[code]} (n = {_whole(sizes[code])})") for code in codes],
        columns=[labels[code] for code in codes],
        shares=[[share for _, _, share in line] for line in counts],
        texts=texts,
        plain=frozenset((i, i) for i in range(len(codes))),
    )
    lines = [text for text in (sketch.own_word("base"), sketch.word("rows")) if text]
    _draw_grid(sketch, grid, ". ".join(text.rstrip(".\u3002") for text in lines), title=sketch.word("also"))
    return True


def _combinations(
    sketch: "Sketch", labels: dict[str, str], sizes: dict[str, float], patterns: Sequence[tuple[Any, float]]
) -> None:
    """Draw combinations as columns: how many respondents above, dots for the groups they are in below."""
    import seaborn

    ranked = sorted(
        ((frozenset(str(code) for code in codes), float(n)) for codes, n in patterns if n > 0),
        key=lambda pair: (-pair[1], len(pair[0]), sorted(pair[0])),
    )
    shown, rest = ranked[:_MOST_PATTERNS], ranked[_MOST_PATTERNS:]
    everybody = sum(n for _, n in ranked)
    codes = sorted(labels, key=lambda code: -sizes[code] if not math.isnan(sizes[code]) else 0)
    rows = [_wrapped(labels[code]) for code in codes]
    row = max(0.34, max(text.count("\n") + 1 for text in rows) * _LINE + 0.1)
    column, bars = 0.46, 2.3
    sizes_wide = 1.7
    left = _LABELS + sizes_wide + 0.25
    wide = max(8.5, left + column * len(shown) + 0.3)
    lines = [sketch.own_word("base")]
    if rest:
        lines.append(sketch.word("more_patterns", count=len(rest), n=_whole(sum(n for _, n in rest))))
    subtitle = ". ".join(text.rstrip(".\u3002") for text in lines if text)
    sketch.open(wide, bars + 0.12 + row * len(codes) + 0.62, subtitle)
    blue, orange = seaborn.color_palette("colorblind")[0], seaborn.color_palette("colorblind")[1]
    above = sketch.axes(left, 0.1, column * len(shown), bars)
    xs = range(len(shown))
    above.bar(xs, [n for _, n in shown], width=0.66, color=blue)
    tallest = max(n for _, n in shown)
    for x, (_, n) in zip(xs, shown, strict=True):
        above.text(x, n + tallest * 0.02, _whole(n), ha="center", va="bottom", fontsize=8.5, fontweight="bold")
        share = _percent(n, everybody, n / everybody)
        above.text(x, n + tallest * 0.1, share, ha="center", va="bottom", fontsize=7.5, color=_GREY)
    above.set_xlim(-0.5, len(shown) - 0.5)
    above.set_ylim(0, tallest * 1.22)
    above.set_xticks([])
    above.set_yticks([])
    above.set_ylabel(f"{sketch.word('respondents')} (n = {_whole(everybody)})", fontsize=9)
    seaborn.despine(ax=above, left=True)
    below = sketch.axes(left, bars + 0.12, column * len(shown), row * len(codes))
    below.set_xlim(-0.5, len(shown) - 0.5)
    below.set_ylim(len(codes) - 0.5, -0.5)
    for place in range(0, len(codes), 2):
        below.axhspan(place - 0.5, place + 0.5, color="#f1f4f7", linewidth=0, zorder=0)
    empty = [(x, y) for x in xs for y in range(len(codes)) if codes[y] not in shown[x][0]]
    full = [(x, y) for x in xs for y in range(len(codes)) if codes[y] in shown[x][0]]
    below.scatter(*zip(*empty, strict=True), s=42, facecolors="white", edgecolors="#9a9a9a", linewidths=0.9, zorder=2) \
        if empty else None
    for x in xs:
        ys = [y for column_x, y in full if column_x == x]
        if len(ys) > 1:
            below.plot([x, x], [min(ys), max(ys)], color=_INK, linewidth=2, zorder=2)
    if full:
        below.scatter(*zip(*full, strict=True), s=62, color=_INK, zorder=3)
    below.set_yticks([])
    none = [x for x in xs if not shown[x][0]]
    below.set_xticks(none, ["\n".join(wrap(sketch.word("none_of_these"), 10)) for _ in none], fontsize=7.5)
    below.tick_params(length=0)
    seaborn.despine(ax=below, left=True, bottom=True)
    beside = sketch.axes(_LABELS, bars + 0.12, sizes_wide, row * len(codes))
    lengths = [0 if math.isnan(sizes[code]) else sizes[code] for code in codes]
    longest = max(*lengths, 1)
    beside.barh(range(len(codes)), lengths, height=0.56, color=orange)
    beside.set_xlim(0, longest * 1.35)
    beside.set_ylim(len(codes) - 0.5, -0.5)
    for place, length in enumerate(lengths):
        beside.text(length + longest * 0.03, place, _whole(length), va="center", fontsize=8.5, fontweight="bold")
    beside.set_yticks(range(len(codes)), rows, fontsize=9)
    beside.set_xticks([])
    beside.tick_params(length=0, pad=4)
    beside.set_xlabel(sketch.word("group_size"), fontsize=9)
    seaborn.despine(ax=beside, left=True, bottom=True)


# -- small things ----------------------------------------------------------------------------------------


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _filled(shares: dict[tuple[str, int], float], item: str, value: int) -> float:
    share = shares.get((item, value), math.nan)
    return 0.0 if math.isnan(share) else share


def _percent(n: float, base: float, share: float, digits: int = 0) -> str:
    """Print a share as a percentage, rounded half up; exactly, where count and base are whole numbers."""
    if math.isnan(share):
        return "[x]"
    if base and n == int(n) and base == int(base):
        exact = Fraction(int(n), int(base))
    else:
        exact = Fraction(share).limit_denominator(10**9)
    return f"{round_fraction(100 * exact, digits):.{digits}f}%"


def _whole(number: Any) -> str:
    value = _float(number)
    if math.isnan(value):
        return "0"
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}"


def _range(bases: Sequence[float]) -> str:
    known = sorted(base for base in bases if not math.isnan(base))
    if not known:
        return "n = 0"
    first, last = _whole(known[0]), _whole(known[-1])
    return f"n = {first}" if first == last else f"n = {first}\u2013{last}"


def _wrapped(text: str) -> str:
    return "\n".join(wrap(text, _LABEL_COLUMNS))


def _ink_on(colour: Any) -> str:
    """Choose dark or white text, whichever has the better contrast on this colour (WCAG 2)."""
    from matplotlib.colors import to_rgb

    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in to_rgb(colour))
    return "black" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "white"
