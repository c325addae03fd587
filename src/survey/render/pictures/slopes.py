"""The drawing of waves: one row per share, in it each wave as a dot with its interval, the newest lowest."""

import math
from itertools import pairwise

from survey.render.colours import ACCENT
from survey.render.pictures.canvas import EDGE, GREY, INK, LABELS, SOFT, Sketch, label_lines
from survey.render.pictures.printed import as_float
from survey.rounding import printed_share

_QUIET = "9AA1A9"  # grey of waves before, and of what no test sets apart


def slopes(sketch: Sketch) -> bool:
    """Draw the shares of each row over the waves, joined by a line, the last two written beside them.

    `data` has a row per share and wave (`row_id`, `row_label`, `place`, `n`, `base`, `proportion`, `ci_low`,
    `ci_high`); `details["accent"]` lists the rows whose change since the wave before is reliable.
    """
    frame = sketch.picture.data
    if frame.empty or frame["proportion"].isna().all():
        return False
    ids = list(dict.fromkeys(frame["row_id"].astype(str)))
    waves = int(frame["place"].max())
    parts = {own: frame[frame["row_id"].astype(str) == own] for own in ids}
    labels = [label_lines(sketch.label(own, parts[own]["row_label"].iloc[0])) for own in ids]
    step, top, wide, beside = 0.17, 0.24, 7.6, 1.2
    row = max(step * waves + 0.16, 0.17 * max(map(len, labels)) + 0.12)
    left, room, high = LABELS, wide - LABELS - beside, row * len(ids)
    sketch.open(wide, top + high + 0.28)
    sketch.row_labels(labels, top, row)

    def at(share: float) -> float:
        return left + room * share

    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    sketch.lines([((at(tick), top), (at(tick), top + high)) for tick in ticks], SOFT)
    for tick in ticks:
        sketch.text(at(tick), top + high + 0.13, f"{100 * tick:.0f}%", ha="center", size=8, color=GREY)
    accent = set(sketch.picture.details.get("accent", ()))
    for place, own in enumerate(ids):
        colour = ACCENT if own in accent else _QUIET
        middle = top + row * (place + 0.5)
        dots = []
        for entry in parts[own].to_dict("records"):
            share = as_float(entry["proportion"])
            if math.isnan(share):
                continue
            y = middle + step * (entry["place"] - (waves + 1) / 2)
            last = entry["place"] == waves
            ink = colour if last else _QUIET
            sketch.lines(
                [((at(as_float(entry["ci_low"])), y), (at(as_float(entry["ci_high"])), y))], ink, 2.0
            )
            dots.append((at(share), y, ink, share))
        if not dots:
            continue
        steps = [(a[:2], b[:2]) for a, b in pairwise(dots)]
        sketch.lines(steps[:-1], _QUIET, 1.2)
        sketch.lines(steps[-1:], colour, 1.2)
        for x, y, ink, _ in dots:
            sketch.dots([(x, y)], ink, radius=0.058)
        shown = [f"{printed_share(round(share * 1e6), 10**6, 0)}%" for *_, share in dots[-2:]]
        text = " \u2192 ".join(shown)
        bold = own in accent
        sketch.text(wide - EDGE, middle, text, ha="right", size=9.5, bold=bold, color=colour if bold else INK)
    return True
