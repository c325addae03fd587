"""The drawing of rank sets: which places an item may hold."""

from survey.render.pictures.canvas import GREY, SOFT, Sketch, label_lines, row_height
from survey.render.pictures.printed import as_float


def ranks(sketch: Sketch) -> bool:
    """Draw each item's rank as a dot and its confidence set as a bar over the places, best place left."""
    import seaborn

    frame = sketch.picture.data
    frame = frame[frame["rank"].notna()]
    if not len(frame):
        return False
    labels = [
        label_lines(sketch.label(item, label))
        for item, label in zip(frame["item"], frame["label"], strict=True)
    ]
    names = ("rank", "marginal_low", "marginal_high", "simultaneous_low", "simultaneous_high")
    place, low, high, outer_low, outer_high = ([as_float(v) for v in frame[name].tolist()] for name in names)
    count = len(labels)
    row, top, left, wide, beside = row_height(labels, 0.28), 0.34, 3.3, 9.6, 1.3
    box = (left, top, wide - left - beside, row * count)
    sketch.open(wide, top + box[3] + 0.45, sketch.own_word("base"))
    sketch.row_labels(labels, top, row)
    unit = box[2] / count

    def at(rank: float) -> float:
        return box[0] + (rank - 0.5) * unit

    sketch.lines([((at(n + 1), top), (at(n + 1), top + box[3])) for n in range(count)], SOFT)
    for number in range(1, count + 1):
        sketch.text(at(number), top - 0.12, str(number), ha="center", size=8.5, color=GREY)
    sketch.text(box[0] + box[2] / 2, top + box[3] + 0.2, sketch.word("rank"), ha="center", color=GREY)
    colour = seaborn.color_palette("colorblind")[0]
    axes = sketch.axes(box)
    axes.set_xlim(0.5, count + 0.5)
    axes.set_ylim(count - 0.5, -0.5)
    rows = list(range(count))
    axes.hlines(rows, outer_low, outer_high, color=colour, linewidth=1.2, alpha=0.5)
    axes.hlines(rows, low, high, color=colour, linewidth=6, alpha=0.45)
    for ends in (outer_low, outer_high):
        axes.plot(ends, rows, "|", color=colour, markersize=7, markeredgewidth=1.2, clip_on=False)
    axes.plot(place, rows, "o", color=colour, markersize=7, zorder=3, clip_on=False)
    axes.set_axis_off()
    for number in rows:
        text = f"{place[number]:.0f}  ({low[number]:.0f}-{high[number]:.0f})"
        sketch.text(wide - beside + 0.25, top + row * (number + 0.5), text, size=9)
    return True
