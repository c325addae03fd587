"""Every combination of overlapping groups with its count: columns above, dots for the groups below."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from survey.render.colours import ACCENT, REST
from survey.render.pictures.canvas import EDGE, GREY, INK, LABELS, PAPER, Sketch, label_lines, row_height
from survey.render.pictures.printed import percent, whole
from survey.render.texts import wrap

_MOST = 18
_SIZES, _COLUMN, _BARS = 1.75, 0.5, 2.0  # inches
_BAND, _EMPTY = "EFF3F6", "8A8A8A"


class _Pattern(NamedTuple):
    """The groups of a combination, who is in it and in no other group, and their weight."""

    group: frozenset[str]
    n: float
    weight: float


def combinations(
    sketch: Sketch,
    labels: dict[str, str],
    sizes: dict[str, float],
    patterns: Sequence[tuple[Any, float]],
    weights: Mapping[Any, float],
) -> None:
    """Draw combinations, the commonest first, and beside them the groups with their sizes, the largest first.

    `patterns` pairs the codes of the groups that respondents are in, and in no other, with their number, and
    `weights` with their weight, by which shares are, where there are weights.
    """
    ranked = sorted(
        (
            _Pattern(frozenset(str(code) for code in codes), float(n), float(weights.get(codes, n)))
            for codes, n in patterns
            if n > 0
        ),
        key=lambda pattern: (-pattern.weight, len(pattern.group), sorted(pattern.group)),
    )
    shown, rest = ranked[:_MOST], ranked[_MOST:]
    everybody = sum(pattern.n for pattern in ranked)
    codes = sorted(labels, key=lambda code: -sizes[code] if not math.isnan(sizes[code]) else 0.0)
    rows = [label_lines(labels[code]) for code in codes]
    row = row_height(rows, 0.34)
    left, top = LABELS + _SIZES + 0.3, _BARS + 0.1
    sizes_of_drawing = max(8.0, left + _COLUMN * len(shown) + EDGE), top + row * len(codes) + 0.5
    rarer = (
        sketch.word("more_patterns", count=len(rest), n=whole(sum(pattern.n for pattern in rest)))
        if rest
        else ""
    )
    counted = f"{sketch.word('respondents')}: n = {whole(everybody)}"
    sketch.open(*sizes_of_drawing, sketch.own_word("base") or counted, rarer)
    xs = [left + _COLUMN * (place + 0.5) for place in range(len(shown))]
    ys = [top + row * (place + 0.5) for place in range(len(codes))]
    end = left + _COLUMN * len(shown)
    _columns(sketch, shown, (everybody, sum(pattern.weight for pattern in ranked)), xs)
    sketch.lines([((left, _BARS), (end, _BARS))], INK, 0.8)
    sketch.text(
        left - 0.08,
        _BARS - 0.1,
        sketch.own_word("bars") or sketch.word("respondents"),
        ha="right",
        color=GREY,
    )
    sketch.boxes([(EDGE, y - row / 2, end - EDGE, row) for y in ys[::2]], _BAND, edge=_BAND)
    members = [
        (x, y, code in group)
        for x, (group, _, _) in zip(xs, shown, strict=True)
        for y, code in zip(ys, codes, strict=True)
    ]
    for x in xs:
        reach = [y for at, y, member in members if member and at == x]
        if len(reach) > 1:
            sketch.lines([((x, min(reach)), (x, max(reach)))], INK, 2)
    _dots(sketch, members)
    for x, (group, _, _) in zip(xs, shown, strict=True):
        if not group:
            text = "\n".join(wrap(sketch.word("none"), 9))
            sketch.text(x, ys[-1] + row / 2 + 0.06, text, ha="center", va="top", size=7.5, color=GREY)
    _sizes(sketch, [sizes[code] for code in codes], rows, ys)
    sketch.text(LABELS, ys[-1] + row / 2 + 0.16, sketch.word("size"), color=GREY)


def _columns(
    sketch: Sketch, shown: "Sequence[_Pattern]", everybody: tuple[float, float], xs: Sequence[float]
) -> None:
    """Draw the number of respondents in each combination, with its share of all: their number and weight."""
    tallest = max((pattern.weight for pattern in shown), default=1.0) or 1.0
    boxes = []
    for x, (_, n, weight) in zip(xs, shown, strict=True):
        high = (_BARS - 0.42) * weight / tallest
        share = weight / everybody[1] if everybody[1] else math.nan
        boxes.append((x - _COLUMN * 0.34, _BARS - high, _COLUMN * 0.68, high))
        sketch.text(x, _BARS - high - 0.25, percent(n, everybody[0], share), ha="center", bold=True)
        sketch.text(x, _BARS - high - 0.09, f"n={whole(n)}", ha="center", size=7, color=GREY)
    sketch.boxes(boxes, REST)


def _dots(sketch: Sketch, members: Sequence[tuple[float, float, bool]]) -> None:
    """Mark the groups of each combination: full dots for those it is in, empty ones for the others."""
    sketch.dots(((x, y) for x, y, member in members if not member), PAPER, edge=_EMPTY, wide=0.9)
    sketch.dots(((x, y) for x, y, member in members if member), INK, radius=0.065, edge=INK)


def _sizes(
    sketch: Sketch, sizes: Sequence[float], rows: Sequence[Sequence[str]], ys: Sequence[float]
) -> None:
    lengths = [0.0 if math.isnan(size) else size for size in sizes]
    longest = max(*lengths, 1.0)
    boxes = []
    for length, lines, y in zip(lengths, rows, ys, strict=True):
        wide = (_SIZES - 0.4) * length / longest
        boxes.append((LABELS, y - 0.1, wide, 0.2))
        sketch.text(LABELS - 0.09, y, "\n".join(lines), ha="right")
        sketch.text(LABELS + wide + 0.06, y, whole(length), bold=True, size=8.5)
    sketch.boxes(boxes, ACCENT)
