"""Drawings of an audit: intervals of p-values, and which bases remain."""

import math
from typing import Any

from survey.render.colours import ACCENT, LOWER
from survey.render.pictures.canvas import EDGE, GREY, INK, LABELS, SOFT, Sketch, label_lines, row_height
from survey.render.pictures.printed import as_float
from survey.rounding import printed_p, printed_range

_BLUE, _ORANGE = ACCENT, LOWER
_LEAST = 1e-4  # smaller p-values are drawn here, and said
_NUMBER = 0.27  # inches that a base takes beside the next one


def p_intervals(sketch: Sketch) -> bool:
    """Draw each comparison as the range of its p-value, on a logarithmic scale with the level marked."""
    frame, level = sketch.picture.data, as_float(sketch.picture.details.get("level", 0.05))
    if not frame[["low", "high"]].notna().all(axis=1).any():
        return False
    frame = frame.dropna(subset=["low", "high"])
    labels = [label_lines(sketch.label(code, label)) for code, label in _pairs(frame, "quantity", "label")]
    ends = [(as_float(low), as_float(high)) for low, high in _pairs(frame, "low", "high")]
    proved = frame["proved"].tolist()
    row, top, wide, beside = row_height(labels, 0.26), 0.3, 10.0, 1.7
    high, room = row * len(labels), wide - LABELS - beside
    sketch.open(wide, top + high + 0.5, sketch.own_word("base"))

    def at(p: float) -> float:
        return LABELS + room * (1 + math.log10(min(1.0, max(_LEAST, p))) / 4)

    sketch.row_labels(labels, top, row)
    ticks = (1e-4, 1e-3, 1e-2, 0.1, 1.0)
    sketch.lines([((at(tick), top), (at(tick), top + high)) for tick in ticks], SOFT)
    for tick in ticks:
        text = f"<{tick:g}" if tick == _LEAST else f"{tick:g}"
        sketch.text(at(tick), top + high + 0.14, text, ha="center", size=8, color=GREY)
    sketch.lines([((at(level), top - 0.06), (at(level), top + high))], INK, 1.2)
    sketch.text(at(level), top - 0.16, sketch.word("level", level=f"{level:g}"), ha="center", size=8.5)
    boxes, colours = [], []
    for place, ((low, top_p), sure) in enumerate(zip(ends, proved, strict=True)):
        middle = top + row * (place + 0.5)
        boxes.append((at(low) - 0.02, middle - 0.06, at(top_p) - at(low) + 0.04, 0.12))
        colours.append(_BLUE if sure else _ORANGE)
        text = printed_range(printed_p(low), printed_p(top_p))
        sketch.text(wide - beside + 0.12, middle, text if sure else f"{text} *", size=8.5)
    sketch.boxes(boxes, colours)
    if not all(proved):
        sketch.text(EDGE, top + high + 0.38, f"* {sketch.word('unproved')}", size=8.5, color=GREY)
    return True


def surviving_bases(sketch: Sketch) -> bool:
    """Draw the bases of each group on a line from 0 to the sample: a square where it stays, else a cross."""
    frame, size = sketch.picture.data, int(sketch.picture.details.get("size", 0))
    if frame.empty or not size:
        return False
    groups = dict(_pairs(frame, "group", "label"))
    labels = [label_lines(sketch.label(group, label)) for group, label in groups.items()]
    row, top, wide = row_height(labels, 0.52), 0.3, 9.6
    high, room = row * len(labels), wide - LABELS - 0.4
    sketch.open(wide, top + high + 0.45, sketch.own_word("base"))

    def at(base: float) -> float:
        return LABELS + room * base / size

    sketch.row_labels(labels, top, row)
    sketch.text(at(0), top + high + 0.16, "0", ha="center", size=8, color=GREY)
    sketch.text(at(size), top + high + 0.16, str(size), ha="center", size=8, color=GREY)
    rows = {group: top + row * (place + 0.5) for place, group in enumerate(groups)}
    sketch.lines([((at(0), y), (at(size), y)) for y in rows.values()], SOFT)
    marks = [(str(group), int(base), stays) for (group, base), stays in zip(
        _pairs(frame, "group", "base"), frame["survives"].tolist(), strict=True)]  # fmt: skip
    kept = [(at(base) - 0.055, rows[group] - 0.055, 0.11, 0.11) for group, base, stays in marks if stays]
    if kept:
        sketch.boxes(kept, _BLUE)
    arm = 0.055
    crossed = [(at(base), rows[group]) for group, base, stays in marks if not stays]
    strokes = [((x - arm, y - sign * arm), (x + arm, y + sign * arm)) for x, y in crossed for sign in (1, -1)]
    if strokes:
        sketch.lines(strokes, _ORANGE, 1.6)
    if len(marks) <= 12 * len(groups):
        taken: dict[tuple[str, float], float] = {}  # where the last number above or below a line stands
        for group, base, stays in sorted(marks):
            colour = INK if stays else _ORANGE
            free = [side for side in (-0.15, 0.16) if at(base) - taken.get((group, side), -1.0) > _NUMBER]
            if free:
                taken[group, free[0]] = at(base)
                sketch.text(at(base), rows[group] + free[0], str(base), ha="center", size=8.5, color=colour)
    sketch.text(LABELS, top + high + 0.34, sketch.word("bases_key"), size=8.5, color=GREY)
    return True


def _pairs(frame: Any, first: str, second: str) -> list[tuple[Any, Any]]:
    return list(zip(frame[first].tolist(), frame[second].tolist(), strict=True))
