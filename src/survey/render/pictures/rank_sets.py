"""The drawing of rank sets: which places an item may hold."""

from survey.render.colours import ACCENT, mixed
from survey.render.pictures.canvas import GREY, PAPER, SOFT, Sketch, label_lines, row_height
from survey.render.pictures.printed import as_float


def ranks(sketch: Sketch) -> bool:
    """Draw each item's rank as a dot and its confidence set as a bar over the places, best place left."""
    frame = sketch.picture.data
    frame = frame[frame["marginal_low"].notna()]
    if not len(frame):
        return False
    labels = [
        label_lines(sketch.label(item, label))
        for item, label in zip(frame["item"], frame["label"], strict=True)
    ]
    names = ("rank", "marginal_low", "marginal_high", "simultaneous_low", "simultaneous_high")
    places, lows, highs, outer_lows, outer_highs = (
        [as_float(value) for value in frame[name].tolist()] for name in names
    )
    count = len(labels)
    row, top, left, wide, beside = row_height(labels, 0.3), 0.34, 3.3, 9.6, 1.2
    room, high = wide - left - beside, row * count
    sketch.open(wide, top + high + 0.36, sketch.own_word("base"))
    sketch.row_labels(labels, top, row)
    unit = room / count

    def at(rank: float) -> float:
        return left + (rank - 0.5) * unit

    sketch.lines([((at(n + 1), top), (at(n + 1), top + high)) for n in range(count)], SOFT)
    for number in range(1, count + 1):
        sketch.text(at(number), top - 0.12, str(number), ha="center", size=8.5, color=GREY)
    sketch.text(left + room / 2, top + high + 0.18, sketch.word("rank"), ha="center", color=GREY)
    ys = [top + row * (number + 0.5) for number in range(count)]
    outer = list(zip(outer_lows, outer_highs, ys, strict=True))
    sketch.lines([((at(low), y), (at(high), y)) for low, high, y in outer], ACCENT, 1.2)
    ends = [(at(end), y) for low, high, y in outer for end in (low, high)]
    sketch.lines([((x, y - 0.05), (x, y + 0.05)) for x, y in ends], ACCENT, 1.2)
    thick = [
        (at(low), y - 0.045, max(at(high) - at(low), 0.02), 0.09)
        for low, high, y in zip(lows, highs, ys, strict=True)
    ]
    sketch.boxes(thick, mixed(ACCENT, PAPER, 0.45))
    sketch.dots(((at(place), y) for place, y in zip(places, ys, strict=True)), ACCENT, radius=0.06)
    for number, y in enumerate(ys):
        text = f"{places[number]:.0f}"
        sketch.text(wide - beside + 0.3, y, text, size=9, bold=True, ha="right")
        interval = f"{lows[number]:.0f}\u2013{highs[number]:.0f}"
        sketch.text(wide - beside + 0.42, y, interval, size=8.5, color=GREY)
    return True
