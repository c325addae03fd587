"""The drawing of mixing: how monitored counts wander over the draws, and how alike neighbours are."""

from itertools import pairwise

from survey.render.colours import ACCENT, LOWER
from survey.render.pictures.canvas import GREY, INK, LABELS, SOFT, Sketch, label_lines
from survey.render.pictures.printed import as_float

_BLUE, _ORANGE = ACCENT, LOWER
_ROW, _TOP, _WIDE, _BARS, _TEXT = 0.9, 0.35, 11.4, 1.7, 1.5
_GAP = 0.4


def mixing(sketch: Sketch) -> bool:
    """Draw each quantity as a row: its value along every chain (two chains in colour), its autocorrelation.

    `data` is a frame under the trace contract; `details` has under `mixing` the rows of the mixing contract
    and under `shown` the chains in colour.
    """
    frame = sketch.picture.data
    judged = {str(row["quantity"]): row for row in sketch.picture.details.get("mixing", [])}
    if frame.empty or not judged:
        return False
    names = [name for name in dict.fromkeys(frame["quantity"].tolist()) if name in judged]
    labels = [label_lines(name.replace("__", " / ").replace("_", " ")) for name in names]
    sketch.open(_WIDE, _TOP + _ROW * len(names) + 0.35, sketch.own_word("base"))
    sketch.row_labels(labels, _TOP, _ROW)
    room = _WIDE - LABELS - _BARS - _TEXT - 2 * _GAP
    bars = LABELS + room + _GAP
    sketch.text(LABELS + room / 2, 0.16, sketch.word("trace"), ha="center", size=8.5, color=GREY)
    sketch.text(bars + _BARS / 2, 0.16, sketch.word("autocorrelation"), ha="center", size=8.5, color=GREY)
    for place, name in enumerate(names):
        top = _TOP + _ROW * place + 0.1
        _trace(sketch, frame[frame["quantity"] == name], (LABELS, top, room, _ROW - 0.2))
        _bars(sketch, judged[name], (bars, top, _BARS, _ROW - 0.2))
        effective, r_hat = (as_float(judged[name][key]) for key in ("effective", "r_hat"))
        values = {"effective": f"{effective:.0f}", "draws": judged[name]["draws"], "r_hat": f"{r_hat:.2f}"}
        text = sketch.word("mixing_said" if effective == effective else "mixing_few", **values)
        sketch.text(_WIDE - _TEXT, top + (_ROW - 0.2) / 2, text.replace(" | ", "\n"), size=8.5)
    under = _TOP + _ROW * len(names) + 0.1
    sketch.text(bars, under, "1", ha="left", size=8, color=GREY)
    sketch.text(bars + _BARS, under, "5", ha="right", size=8, color=GREY)
    return True


def _trace(sketch: Sketch, frame: object, box: tuple[float, float, float, float]) -> None:
    left, top, wide, high = box
    chains: dict[int, list[float]] = {}
    for chain, value in zip(frame["chain"].tolist(), frame["value"].tolist(), strict=True):  # type: ignore[index]
        chains.setdefault(int(chain), []).append(as_float(value))
    low = min(min(values) for values in chains.values())
    span = max(max(values) for values in chains.values()) - low or 1
    longest = max(len(values) for values in chains.values())
    shown = [int(one) for one in sketch.picture.details.get("shown", [])]

    def line(values: list[float]) -> list[tuple[tuple[float, float], tuple[float, float]]]:
        places = [
            (left + wide * at / max(1, longest - 1), top + high * (1 - (value - low) / span))
            for at, value in enumerate(values)
        ]
        return list(pairwise(places)) or [(places[0], (places[0][0] + 0.03, places[0][1]))]

    sketch.lines([one for name, values in chains.items() if name not in shown for one in line(values)], SOFT)
    for name, colour in zip(shown, (_BLUE, _ORANGE), strict=False):
        if name in chains:
            sketch.lines(line(chains[name]), colour, 1.2)
    beside = left + wide + 0.04
    sketch.text(beside, top, f"{low + span:g}", va="top", size=7.5, color=GREY)
    sketch.text(beside, top + high, f"{low:g}", va="bottom", size=7.5, color=GREY)


def _bars(sketch: Sketch, judged: dict[str, object], box: tuple[float, float, float, float]) -> None:
    left, top, wide, high = box
    lags = [as_float(judged[f"lag_{lag}"]) for lag in range(1, 6)]
    zero = top + high / 2
    step = wide / len(lags)
    sketch.lines([((left, zero), (left + wide, zero))], INK)
    boxes = []
    for at, value in enumerate(lags):
        if value == value:
            reach = high / 2 * max(-1.0, min(1.0, value))
            boxes.append((left + step * (at + 0.2), min(zero, zero - reach), step * 0.6, abs(reach)))
    if boxes:
        sketch.boxes(boxes, _BLUE)
