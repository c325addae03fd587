"""Drawings of groups: a cross-tabulation as a heat map, and how groups overlap.

Colour is never the only signal: each cell says its share and its count, in the ink that stands out.
"""

import math
from dataclasses import dataclass

from survey.render.colours import ink_on, shade
from survey.render.pictures.canvas import (
    EDGE,
    GREY,
    LABEL_LINE,
    LABELS,
    Sketch,
    label_lines,
    row_height,
)
from survey.render.pictures.printed import NO_COUNT, Count, as_float, base_range, percent, whole
from survey.render.pictures.upset import combinations
from survey.render.texts import longest_word, wrap

_MISSING, _APART = "ECECEC", 0.08
_HEADING_COLUMNS = 13  # characters of a heading to an inch


@dataclass
class _Grid:
    """A matrix to be drawn: the shares that colour it, the texts in its cells, and its headings."""

    rows: list[str]
    columns: list[tuple[str, str]]  # heading and, on a line of its own, the base
    shares: list[list[float]]
    texts: list[list[str]]
    over: str = ""  # stands above the headings
    apart: int = 0  # so many first columns stand apart


def heatmap(sketch: Sketch) -> bool:
    """Draw a cross-tabulation: options or items down, groups across, share and count in each cell."""
    frame, details = sketch.picture.data, sketch.picture.details
    names = ("stub_code", "stub_label", "banner_code", "banner_label")
    numbered = ("n", "base", "proportion", "effective_base")
    least = as_float(details.get("min_base") or 0)
    cells: dict[tuple[str, str], Count] = {}
    few: dict[tuple[str, str], bool] = {}  # whose share rests on few: by the effective base
    stubs: dict[str, str] = {}
    groups: dict[str, str] = {}
    for stub, stub_label, group, group_label, *numbers in zip(
        *(frame[name].tolist() for name in (*names, *numbered)), strict=True
    ):
        stubs.setdefault(str(stub), sketch.label(stub, stub_label))
        groups.setdefault(str(group), sketch.label(group, group_label))
        n, base, share, effective = map(as_float, numbers)
        cells[str(stub), str(group)] = (n, base, share)
        few[str(stub), str(group)] = _is_low(effective, share, least)
    if all(math.isnan(share) for _, _, share in cells.values()):
        return False
    total = {str(stub): count for stub, count in (details.get("total") or {}).items()}
    if total:
        groups = {"": sketch.word("all"), **groups}  # no group has an empty id
    for stub in stubs if total else ():
        n, base, share, effective = map(as_float, total.get(stub, (math.nan,) * 4))
        cells[stub, ""] = (n, base, share)
        few[stub, ""] = _is_low(effective, share, least)
    counts = [[cells.get((stub, group), NO_COUNT) for group in groups] for stub in stubs]
    bases = {group: [cells.get((stub, group), NO_COUNT)[1] for stub in stubs] for group in groups}
    grid = _Grid(
        rows=list(stubs.values()),
        columns=[(label, f"({base_range(bases[group])})") for group, label in groups.items()],
        shares=[[share for _, _, share in line] for line in counts],
        texts=[
            [
                _cell_text(cells.get((stub, group), NO_COUNT), low=few.get((stub, group), False))
                for group in groups
            ]
            for stub in stubs
        ],
        over=sketch.own_word("x"),
        apart=1 if total else 0,
    )
    low = sketch.word("low", min_base=whole(least)) if any(few.values()) else ""
    _draw_grid(sketch, grid, sketch.own_word("base"), sketch.word("cells"), low)
    return True


def _cell_text(count: Count, *, low: bool = False) -> str:
    n, _, share = count
    if math.isnan(share):
        return "[c]" if math.isnan(n) else "\u2013"
    return f"{percent(*count)} ({whole(n)})" + (" [low]" if low else "")


def _is_low(base: float, share: float, least: float) -> bool:
    return not math.isnan(share) and base < least


def _draw_grid(sketch: Sketch, grid: _Grid, *under: str) -> None:
    """Draw a matrix, the text in each cell in the ink that has the better contrast."""
    longest = max(len(text) for line in grid.texts for text in line)
    word = max(longest_word(text) for text, _ in grid.columns) / _HEADING_COLUMNS
    least = max(min(1.35, 5.4 / len(grid.columns)), min(word, 1.6, max(0.9, 8.4 / len(grid.columns))))
    cell = max(0.1 + 0.076 * longest, least)
    limit = int(cell * _HEADING_COLUMNS + 0.01)
    headings = [[*wrap(text, limit), base] if base else wrap(text, limit) for text, base in grid.columns]
    top = max(map(len, headings)) * LABEL_LINE + 0.12 + (0.22 if grid.over else 0)
    labels = [label_lines(text) for text in grid.rows]
    row = row_height(labels, 0.34)
    box = (LABELS, top, cell * len(grid.columns), row * len(grid.rows))
    sketch.open(max(7.0, LABELS + box[2] + EDGE + _APART), top + box[3] + EDGE, *under)
    if grid.over:
        sketch.text(LABELS, 0.08, grid.over, color=GREY)
    sketch.row_labels(labels, top, row)
    for place, lines in enumerate(headings):
        x = LABELS + cell * (place + 0.5) + (_APART if place >= grid.apart > 0 else 0)
        sketch.text(x, top - 0.05, "\n".join(lines), ha="center", va="bottom", size=8.5, color=GREY)
    highest = max(0.5, *(share for line in grid.shares for share in line if not math.isnan(share)))
    fills = [
        [_MISSING if math.isnan(share) else shade(share / highest) for share in line] for line in grid.shares
    ]
    cells = [
        (LABELS + cell * j + (_APART if j >= grid.apart > 0 else 0), top + row * i, cell, row)
        for i in range(len(grid.rows))
        for j in range(len(grid.columns))
    ]
    sketch.boxes(cells, [fill for line in fills for fill in line])
    for i, line in enumerate(grid.texts):
        for j, text in enumerate(line):
            x = LABELS + cell * (j + 0.5) + (_APART if j >= grid.apart > 0 else 0)
            sketch.text(x, top + row * (i + 0.5), text, ha="center", color=ink_on(fills[i][j]))


def overlaps(sketch: Sketch) -> bool:
    """Draw how groups overlap: a matrix of pairs, or every combination with its count where given."""
    frame = sketch.picture.data
    names = ("code", "label", "other_code", "other_label", "n", "base", "proportion")
    labels: dict[str, str] = {}
    cells: dict[tuple[str, str], Count] = {}
    for code, label, other, other_label, *numbers in zip(
        *(frame[name].tolist() for name in names), strict=True
    ):
        labels.setdefault(str(code), sketch.label(code, label))
        labels.setdefault(str(other), sketch.label(other, other_label))
        n, base, share = map(as_float, numbers)
        cells[str(code), str(other)] = (n, base, share)
    if not any(n > 0 for n, _, _ in cells.values()):
        return False
    sizes = {code: cells.get((code, code), NO_COUNT)[0] for code in labels}
    if patterns := sketch.picture.details.get("patterns"):
        combinations(sketch, labels, sizes, patterns, sketch.picture.details.get("weights") or {})
        return True
    counts = [[cells.get((code, other), NO_COUNT) for other in labels] for code in labels]
    texts = [[_cell_text(count) for count in line] for line in counts]
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
