"""The drawing of marginal effects: how much a share changes with a group, the others held."""

import math

from survey.render.colours import ACCENT
from survey.render.pictures.canvas import EDGE, GREY, INK, LABELS, SOFT, Sketch, label_lines, row_height
from survey.render.pictures.printed import as_float

_QUIET = "7C858E"  # grey of what no test sets apart


def marginal_effects(sketch: Sketch) -> bool:
    """Draw each effect as a dot with its interval around zero, in points, written beside it.

    `details["accent"]` lists the rows (`row_id`) whose effect is reliable.
    """
    frame = sketch.picture.data
    ids = [str(row) for row in frame["row_id"].tolist()]
    names = ("marginal", "marginal_low", "marginal_high")
    middles, lows, highs = ([as_float(value) for value in frame[name].tolist()] for name in names)
    if not ids or all(map(math.isnan, middles)):
        return False
    labels = [
        label_lines(sketch.label(row, label)) for row, label in zip(ids, frame["row_label"], strict=True)
    ]
    row, top, wide, beside = row_height(labels, 0.3), 0.24, 7.6, 1.5
    left, room, high = LABELS, wide - LABELS - beside, row * len(labels)
    sketch.open(wide, top + high + 0.28)
    sketch.row_labels(labels, top, row)
    ends = [abs(value) for value in (*middles, *lows, *highs) if not math.isnan(value)]
    reach = max(0.1, math.ceil(10 * max(ends)) / 10)

    def at(value: float) -> float:
        return left + room * (value + reach) / (2 * reach)

    step = next(step for step in (0.1, 0.2, 0.5, 1.0) if room * step / (2 * reach) >= 0.5)
    ticks = [i * step for i in range(-int(reach / step + 1e-9), int(reach / step + 1e-9) + 1)]
    sketch.lines([((at(tick), top), (at(tick), top + high)) for tick in ticks], SOFT)
    sketch.lines([((at(0), top), (at(0), top + high))], GREY, 1.2)
    for tick in ticks:
        sketch.text(at(tick), top + high + 0.13, _points(tick), ha="center", size=8, color=GREY)
    accent = set(sketch.picture.details.get("accent", ()))
    for place, own in enumerate(ids):
        y, colour = top + row * (place + 0.5), ACCENT if own in accent else _QUIET
        if not math.isnan(lows[place]):
            sketch.lines([((at(lows[place]), y), (at(highs[place]), y))], colour, 2.2)
            between = (
                f"{_points(lows[place])} \u2026 {_points(highs[place])}"  # a dash beside a minus misleads
            )
            sketch.text(wide - EDGE, y, between, ha="right", size=8.5, color=GREY)
        if not math.isnan(middles[place]):
            sketch.dots([(at(middles[place]), y)], colour, radius=0.062)
            ink = ACCENT if own in accent else INK
            x = wide - beside + 0.5
            sketch.text(x, y, _points(middles[place]), ha="right", bold=True, size=10, color=ink)
    return True


def _points(value: float) -> str:
    """A change in whole points with its sign: "+12", with a real minus."""
    return f"{100 * value:+.0f}".replace("+0", "0").replace("-0", "0").replace("-", "\u2212")
