"""Charts of a report as pictures, for where nothing draws them from cells: bars, and stacked bars."""

import math
from fractions import Fraction

import pandas as pd

from survey.document import Chart, Picture, PictureKind, Table
from survey.render.charted import chart_data
from survey.render.colours import ACCENT, REST, SERIES, ink_on, stack_colours
from survey.render.pictures.canvas import EDGE, GREY, INK, LABELS, Sketch, label_lines, row_height
from survey.render.pictures.printed import as_float, whole
from survey.render.texts import width
from survey.rounding import round_fraction

_WIDE, _BESIDE, _THICK, _LEGEND = 9.6, 0.9, 0.62, 0.26
_ROOM_FOR_PERCENT = 0.3


def chart_picture(chart: Chart, table: Table) -> Picture:
    """The picture of a chart over the rows of its table."""
    shown = chart_data(chart, table)
    columns: dict[str, tuple[object, ...]] = {"label": shown.labels}
    columns |= {f"series_{number}": line for number, line in enumerate(shown.values)}
    details = {
        "series": list(shown.headings),
        "form": shown.form,
        "accent": chart.accent,
        "aside": chart.aside,
        "ordered": chart.ordered,
    }
    kind: PictureKind = "stacked_bars" if chart.kind == "stacked" else "bars"
    frame = pd.DataFrame(columns)
    return Picture(chart.name, kind, frame, chart.alt, chart.title, {}, details, subtitle=chart.subtitle)


def bars(sketch: Sketch) -> bool:
    """Draw a bar for each row and series, its number at its end; several series get a legend."""
    frame, details = sketch.picture.data, sketch.picture.details
    series = [sketch.label(number, name) for number, name in enumerate(details.get("series") or (), 1)]
    values = [[as_float(value) for value in frame[f"series_{n}"].tolist()] for n in range(len(series))]
    numbers = [value for line in values for value in line if not math.isnan(value)]
    if not numbers:
        return False
    form = str(details.get("form"))
    labels = [label_lines(sketch.label(n, text)) for n, text in enumerate(frame["label"].tolist(), 1)]
    bar = 0.26 if len(series) == 1 else 0.17
    row = row_height(labels, bar * len(series) + 0.09)
    lowest, highest = min(0.0, *numbers), max(0.0, *numbers)
    if form == "share" and lowest == 0:
        highest = max(highest, 0.5)
    unit = (_WIDE - LABELS - _BESIDE) / ((highest - lowest) or 1.0)
    zero = LABELS - lowest * unit
    top = 0.06 + (_LEGEND if len(series) > 1 else 0)
    sketch.open(_WIDE, top + row * len(labels) + 0.06, sketch.own_word("base"))
    if len(series) > 1:
        _legend(sketch, series, SERIES)
    sketch.row_labels(labels, top, row)
    accent = details.get("accent")
    boxes, fills = [], []
    for number, line in enumerate(values):
        for place, value in enumerate(line):
            if math.isnan(value):
                continue
            middle = top + row * (place + 0.5) + bar * (number - (len(series) - 1) / 2)
            marked = accent is None or place in accent
            own = (ACCENT if marked else REST) if len(series) == 1 else SERIES[number % len(SERIES)]
            left, wide = (zero, value * unit) if value >= 0 else (zero + value * unit, -value * unit)
            boxes.append((left, middle - bar * 0.42, wide, bar * 0.84))
            fills.append(own)
            text, bold = _number(value, form), marked and len(series) == 1
            x = zero + max(value, 0) * unit + 0.06
            sketch.text(x, middle, text, size=9.5 if len(series) == 1 else 8, bold=bold)
    sketch.boxes(boxes, fills)
    sketch.lines([((zero, top), (zero, top + row * len(labels)))], GREY, 0.8)
    return True


def stacked_bars(sketch: Sketch) -> bool:
    """Draw each row as a bar of 100 %, the share inside each part that has room for it."""
    frame, details = sketch.picture.data, sketch.picture.details
    series = [sketch.label(number, name) for number, name in enumerate(details.get("series") or (), 1)]
    values = [[as_float(value) for value in frame[f"series_{n}"].tolist()] for n in range(len(series))]
    if not any(value > 0 for line in values for value in line):
        return False
    labels = [label_lines(sketch.label(n, text)) for n, text in enumerate(frame["label"].tolist(), 1)]
    row, room = row_height(labels, 0.36), _WIDE - LABELS - EDGE
    colours = stack_colours(
        len(series), int(details.get("aside") or 0), ordered=bool(details.get("ordered", True))
    )
    legend_rows = _legend_rows(series)
    top = 0.1 + _LEGEND * len(legend_rows)
    sketch.open(_WIDE, top + row * len(labels) + 0.06, sketch.own_word("base"))
    _legend(sketch, series, colours)
    sketch.row_labels(labels, top, row)
    boxes, fills = [], []
    for place in range(len(labels)):
        shares = [0.0 if math.isnan(line[place]) else line[place] for line in values]
        left, total = LABELS, sum(shares) or 1.0
        for share, colour in zip(shares, colours, strict=True):
            wide = room * share / total
            boxes.append((left, top + row * place + row * (1 - _THICK) / 2, wide, row * _THICK))
            fills.append(colour)
            if wide >= _ROOM_FOR_PERCENT:
                middle = left + wide / 2
                text = _number(share, "share")
                sketch.text(
                    middle, top + row * (place + 0.5), text, ha="center", size=8.5, color=ink_on(colour)
                )
            left += wide
    sketch.boxes(boxes, fills)
    return True


def _number(value: float, form: str) -> str:
    if form in ("share", "points"):
        rounded = int(round_fraction(Fraction(100 * value).limit_denominator(10**7), 0))
        return f"{rounded}%" if form == "share" else f"{rounded:+d}"
    return whole(value) if form == "count" else f"{value:.2f}"


def _legend_rows(series: list[str]) -> list[list[tuple[float, int]]]:
    """Where each entry of a legend stands, in as few rows as hold them all."""
    rows: list[list[tuple[float, int]]] = [[]]
    x = EDGE
    for number, name in enumerate(series):
        needed = 0.5 + 0.069 * width(name)
        if x + needed > _WIDE and rows[-1]:
            rows.append([])
            x = EDGE
        rows[-1].append((x, number))
        x += needed
    return rows


def _legend(sketch: Sketch, series: list[str], colours: tuple[str, ...] | list[str]) -> None:
    """Write the legend above a drawing."""
    for line, entries in enumerate(_legend_rows(series)):
        y = 0.1 + _LEGEND * line
        for x, number in entries:
            sketch.boxes([(x, y - 0.07, 0.18, 0.14)], colours[number % len(colours)])
            sketch.text(x + 0.25, y, series[number], size=8.5, color=INK)
