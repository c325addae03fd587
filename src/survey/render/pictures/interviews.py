"""Drawings of coded interviews: who spoke to what, the thematic map, and saturation.

Colour is never the only signal: every cell and every part of the map carries its count.
"""

import math
from typing import Any

from survey.render.colours import ACCENT, LOWER, REST, SERIES, ink_on, mixed
from survey.render.pictures.canvas import EDGE, GREY, INK, LABEL_LINE, SOFT, Point, Sketch
from survey.render.pictures.printed import as_float, whole
from survey.render.texts import width, wrap

_BAND = mixed("9ECAE1", "FFFFFF", 0.5)
_EMPTY, _LEAST, _MOST = "E7EBEF", "D6E6F4", "2171B5"
_LABEL_COLUMNS = 66  # characters
_GROUP_COLOURS = SERIES


def _shade(share: float) -> str:
    """A blue between light and dark; grey-white for nothing."""
    return mixed(_LEAST, _MOST, min(1.0, share)) if share > 0 else _EMPTY


def _labels(texts: list[str]) -> tuple[list[list[str]], float]:
    """Break labels into lines, mostly one each, and give the room they need."""
    lines = [wrap(text, _LABEL_COLUMNS) for text in texts]
    longest = max((width(line) for label in lines for line in label), default=0)
    return lines, EDGE + 0.15 + 0.078 * longest


def _row_height(labels: list[list[str]]) -> float:
    """Give the height of rows, closer than elsewhere: a whole codebook is to fit a page."""
    return max(map(len, labels), default=1) * LABEL_LINE + 0.06


# -- codes by participant --------------------------------------------------------------------------------


def code_matrix(sketch: Sketch) -> bool:
    """Draw units down and people across; a cell says how many quotations there are, a blank one none."""
    frame = sketch.picture.data
    if frame.empty or not frame["present"].any():
        return False
    rows = {row.code: sketch.label(row.code, row.label) for row in frame.itertuples()}
    people = {row.participant: row.group for row in frame.itertuples()}
    counts = {(row.code, row.participant): int(row.n_quotations) for row in frame.itertuples()}
    total = sketch.picture.details.get("total") or {}
    labels, room = _labels(list(rows.values()))
    longest = max(width(str(person)) for person in people)
    cell = min(0.62, max(0.34, 0.085 * longest + 0.1))
    heads = {person: wrap(str(person), max(3, int(cell / 0.082))) for person in people}
    row, beside, gap = _row_height(labels), 0.75, 0.14
    xs, x, last = {}, room, None
    for person, group in people.items():
        group = str(group)
        x += gap if last is not None and group != last else 0
        xs[person], x, last = x, x + cell, group
    wide = max(7.0, x + beside + EDGE)
    more = sketch.own_word("more")
    top = 0.17 + 0.14 * max(map(len, heads.values()))
    sketch.open(
        wide, top + row * len(rows) + EDGE, sketch.own_word("base"), sketch.word("matrix_cells"), more
    )
    for place, lines in enumerate(labels):
        sketch.text(room - 0.09, top + row * (place + 0.5), "\n".join(lines), ha="right")
    for person, left in xs.items():
        text = "\n".join(heads[person])
        sketch.text(left + cell / 2, top - 0.05, text, ha="center", va="bottom", size=8.5, color=GREY)
    most = max(counts.values())
    boxes, colours = [], []
    for place, code in enumerate(rows):
        for person, left in xs.items():
            n = counts.get((code, person), 0)
            shade = _shade((n / most) ** 0.7 if n else 0.0)
            boxes.append((left, top + row * place, cell, row))
            colours.append(shade)
            if n:
                middle = top + row * (place + 0.5)
                sketch.text(left + cell / 2, middle, str(n), ha="center", size=8.5, color=ink_on(shade))
        if code in total:
            n, base = total[code]
            sketch.text(
                x + 0.1, top + row * (place + 0.5), f"{n} / {base}", size=8.5, color=INK if n else GREY
            )
    sketch.boxes(boxes, colours)
    return True


# -- the thematic map ------------------------------------------------------------------------------------

_COLUMNS = (("aim", 1.45), ("theme", 1.75), ("subtheme", 2.75))
_BAR, _COUNTS = 2.1, 0.55


def thematic_map(sketch: Sketch) -> bool:
    """Draw aims, themes and subthemes as boxes beside their codes, each with the people behind it.

    A box spans the codes below it and is the darker the more of the people speak to it; a code has a bar as
    long as their number, split by group.
    """
    frame, groups = sketch.picture.data, [str(one) for one in sketch.picture.details.get("groups") or ()]
    if frame.empty or not (frame["n"] > 0).any():
        return False
    spans, codes, count = _spans(frame)
    names, room = _labels([sketch.label(row.code, row.label) for _, row in codes])
    row = _row_height(names)
    left = EDGE
    starts = {}
    for level, wide in _COLUMNS:
        starts[level] = (left, wide)
        left += wide + 0.06
    bar = left + room
    all_wide = bar + _BAR + _COUNTS + EDGE
    base = max(frame["base"].max(), 1)
    top = 0.34
    sketch.open(all_wide, top + row * count + EDGE, sketch.own_word("base"), sketch.own_word("note"))
    if len(groups) > 1:
        _legend(sketch, groups, all_wide - EDGE)
    _draw_groups(sketch, spans, starts, (top, row), base)
    _draw_codes(sketch, list(zip(codes, names, strict=True)), groups, (bar, top, row), base)
    return True


def _draw_groups(
    sketch: Sketch,
    spans: list[tuple[str, Any, int, int]],
    starts: dict[str, tuple[float, float]],
    rows: tuple[float, float],
    base: float,
) -> None:
    """Draw the boxes of aims, themes and subthemes; `rows` is where they begin, how high one is."""
    top, row = rows
    boxes, colours, branches = [], [], []
    for level, unit, first, length in spans:
        x, wide = starts[level]
        y, high = top + row * first, row * length
        shade = _shade(unit.n / base)
        boxes.append((x, y + 0.02, wide, high - 0.04))
        colours.append(shade)
        text = f"{sketch.label(unit.code, unit.label)}  {unit.n}/{unit.base}"
        most = max(1, int((high - 0.04) / 0.145))
        lines = _fitted(text, int(wide * 13.4), most)
        sketch.text(x + wide / 2, y + high / 2, "\n".join(lines), ha="center", size=8, color=ink_on(shade))
        branches.append(((x + wide, y + high / 2), (x + wide + 0.06, y + high / 2)))
    sketch.lines(branches, SOFT)
    sketch.boxes(boxes, colours)


def _draw_codes(
    sketch: Sketch,
    codes: list[tuple[tuple[int, Any], list[str]]],
    groups: list[str],
    origin: tuple[float, float, float],
    base: float,
) -> None:
    """Draw the codes with their bars; `origin` is where the bars and the first row begin, how high one is."""
    bar, top, row = origin
    bars, bar_colours, hollow = [], [], []
    for (place, unit), lines in codes:
        middle = top + row * (place + 0.5)
        ink = INK if unit.n else GREY
        sketch.text(bar - 0.09, middle, "\n".join(lines), ha="right", size=8.5, color=ink)
        x = bar
        parts = list(unit.groups) if len(groups) > 1 else []
        parts.append(unit.n - sum(parts))  # people of no known group
        for number, n in enumerate(parts):
            length = _BAR * n / base
            if n > 0:
                bars.append((x, middle - 0.09, length, 0.18))
                known = number < len(parts) - 1 or len(parts) == 1
                colour = _GROUP_COLOURS[number % len(_GROUP_COLOURS)] if known else REST
                bar_colours.append(colour)
                if len(groups) > 1:
                    sketch.text(x + length / 2, middle, str(n), ha="center", size=7.5, color=ink_on(colour))
            x += max(length, 0)
        hollow.append((bar, middle - 0.09, _BAR, 0.18))
        sketch.text(bar + _BAR + 0.08, middle, f"{unit.n}/{unit.base}", size=8.5, color=ink)
    if hollow:
        sketch.boxes(hollow, _EMPTY)
    if bars:
        sketch.boxes(bars, bar_colours)


def _spans(frame: Any) -> tuple[list[tuple[str, Any, int, int]], list[tuple[int, Any]], int]:
    """First row and number of rows of every box, the row of every code, and how many rows there are."""
    units = list(frame.itertuples())
    rows: list[int] = []
    place = -1
    for number, unit in enumerate(units):
        after = units[number + 1].level if number + 1 < len(units) else ""
        depth = {"aim": 0, "theme": 1, "subtheme": 2, "code": 3}
        if unit.level == "code" or depth.get(after, 0) <= depth[unit.level]:  # a leaf: a row of its own
            place += 1
            rows.append(place)
        else:
            rows.append(place + 1)
    spans = []
    for number, unit in enumerate(units):
        if unit.level == "code":
            continue
        below = [rows[number]]
        for other, at in zip(units[number + 1 :], rows[number + 1 :], strict=True):
            if _depth(other.level) <= _depth(unit.level):
                break
            below.append(at)
        spans.append((unit.level, unit, min(below), max(below) - min(below) + 1))
    return (
        spans,
        [(at, unit) for at, unit in zip(rows, units, strict=True) if unit.level == "code"],
        place + 1,
    )


def _depth(level: str) -> int:
    return ("aim", "theme", "subtheme", "code").index(level)


def _fitted(text: str, limit: int, most: int) -> list[str]:
    """Break a text into at most `most` lines, the last one cut with an ellipsis; the count stays."""
    lines = wrap(text, limit)
    if len(lines) <= most:
        return lines
    label, _, count = text.rpartition("  ")
    while len(lines) > most and label:
        label = label[:-1]
        lines = wrap(f"{label.rstrip()}\u2026  {count}", limit)
    return lines


def _legend(sketch: Sketch, groups: list[str], right: float) -> None:
    x = max(EDGE, right - sum(0.38 + 0.085 * width(group) for group in groups))
    for number, group in enumerate(groups):
        sketch.boxes([(x, 0.08, 0.16, 0.14)], _GROUP_COLOURS[number % len(_GROUP_COLOURS)])
        sketch.text(x + 0.21, 0.15, group, size=8.5)
        x += 0.38 + 0.085 * width(group)


# -- saturation ------------------------------------------------------------------------------------------


def saturation(sketch: Sketch) -> bool:
    """Draw codes over interviews: the order as given, the mean and the middle of all orders behind it."""
    frame = sketch.picture.data
    if frame.empty or not frame["cumulative"].max():
        return False
    columns = ("new", "cumulative", "mean_cumulative", "low_cumulative", "high_cumulative")
    new, given, mean, low, high = ([as_float(value) for value in frame[name]] for name in columns)
    count, most = len(given), max(given)
    wide, top, tall, left = 9.6, 0.85, 3.6, 0.75
    unit = (wide - left - 0.3) / count
    sketch.open(wide, top + tall + 0.62, sketch.own_word("base"))

    def x_at(place: float) -> float:
        return left + unit * (place + 0.5)

    def y_at(codes: float) -> float:
        return top + tall * (1 - codes / most)

    step = next(one for one in (1, 2, 5, 10, 20, 50, 100, 1000) if most / one <= 8)
    ticks = range(0, int(most) + 1, step)
    sketch.lines([((left, y_at(tick)), (wide - 0.3, y_at(tick))) for tick in ticks], SOFT)
    for tick in ticks:
        sketch.text(left - 0.08, y_at(tick), str(tick), ha="right", size=8, color=GREY)
    every = math.ceil(count / 30)
    for place, person in enumerate(frame["participant"]):
        if place % every == 0:
            sketch.text(x_at(place), top + tall + 0.13, str(place + 1), ha="center", size=8, color=GREY)
            if unit * every > 0.085 * width(str(person)) + 0.06:
                sketch.text(x_at(place), top + tall + 0.29, str(person), ha="center", size=8, color=GREY)
    middle = left + (wide - left - 0.3) / 2
    sketch.text(middle, top + tall + 0.48, sketch.word("interviews"), ha="center", color=GREY)
    sketch.text(EDGE, top - 0.16, sketch.word("codes"), color=GREY)
    bars = {place: n for place, n in enumerate(new) if n}
    boxes = [(x_at(place) - unit * 0.3, y_at(n), unit * 0.6, tall * n / most) for place, n in bars.items()]
    sketch.boxes(boxes, "C6C6C6")
    for place, n in bars.items() if unit > 0.2 else ():
        y = y_at(n) + (0.1 if tall * n / most > 0.2 else -0.09)
        sketch.text(x_at(place), y, whole(n), ha="center", size=8)
    xs = [x_at(place) for place in range(count)]
    _draw_curves(
        sketch,
        *(
            [(x, y_at(value)) for x, value in zip(xs, values, strict=True)]
            for values in (given, mean, low, high)
        ),
    )
    reached = as_float(sketch.picture.details.get("reached"))
    if not math.isnan(reached):
        x = x_at(reached - 1)
        sketch.lines([((x, top), (x, top + tall))], INK, 1.0)
        sketch.text(x, top - 0.12, sketch.word("reached"), ha="center", size=8.5)
    _keys(sketch)
    return True


def _draw_curves(
    sketch: Sketch, given: list[Point], mean: list[Point], low: list[Point], high: list[Point]
) -> None:
    """Draw the band between the middle orders, the mean of all orders, and the order as given."""
    sketch.area([*high, *reversed(low)], _BAND)
    sketch.lines([mean], ACCENT, 1.6, dashed=True)
    sketch.lines([given], LOWER, 2)
    sketch.dots(given, LOWER, radius=0.04)


def _keys(sketch: Sketch) -> None:
    """Say what the lines are, above the drawing."""
    x, y = EDGE, 0.16
    for word, colour, thick, dashes in (
        ("given", LOWER, 0.04, 1),
        ("mean", ACCENT, 0.03, 3),
        ("band", _BAND, 0.13, 1),
        ("new", "C6C6C6", 0.13, 1),
    ):
        length = 0.3 / (2 * dashes - 1)
        sketch.boxes(
            [(x + 2 * place * length, y - thick / 2, length, thick) for place in range(dashes)], colour
        )
        text = sketch.word(word)
        sketch.text(x + 0.38, y, text, size=8.5)
        x += 0.52 + 0.074 * width(text)
