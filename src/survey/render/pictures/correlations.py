"""The drawing of correlations: every two items as a cell, coloured by how closely they go together.

Colour is never the only signal: each cell says its number, as long as there is room; the sign is in the hue.
"""

import math

from survey.render.colours import ink_on, two_sided
from survey.render.pictures.canvas import EDGE, GREY, LABELS, Sketch, label_lines, row_height
from survey.render.pictures.printed import as_float

_MOST_WRITTEN = 16  # items up to which a cell has room for its number
_MISSING, _NONE = "ECECEC", "\u2013"


def correlations(sketch: Sketch) -> bool:
    """Draw the lower half of the matrix: items down, the same by their numbers across."""
    frame = sketch.picture.data
    names = ("question", "item", "label", "other_question", "other_item", "other_label", "correlation")
    labels: dict[tuple[str, str], str] = {}
    values: dict[tuple[tuple[str, str], tuple[str, str]], float] = {}
    for question, item, label, other, other_item, other_label, value in zip(
        *(frame[name].tolist() for name in names), strict=True
    ):
        one, two = (str(question), str(item)), (str(other), str(other_item))
        labels.setdefault(one, sketch.label(item or question, label))
        labels.setdefault(two, sketch.label(other_item or other, other_label))
        values[one, two] = as_float(value)
    if all(math.isnan(value) for value in values.values()):
        return False
    places = list(labels)
    written = len(places) <= _MOST_WRITTEN
    lines = [label_lines(f"{number}  {labels[one]}") for number, one in enumerate(places, 1)]
    row = row_height(lines, 0.32 if written else 0.17)
    cell = max(row, 0.42) if written else row
    top, wide = 0.22, LABELS + cell * (len(places) - 1) + EDGE
    sketch.open(max(7.0, wide), top + row * len(places) + EDGE, sketch.own_word("base"))
    sketch.row_labels(lines, top, row)
    for across in range(len(places) - 1):
        x = LABELS + cell * (across + 0.5)
        sketch.text(x, 0.1, str(across + 1), ha="center", size=8.5 if written else 7, color=GREY)
    boxes, fills, texts = [], [], []
    for down, two in enumerate(places):
        for across, one in enumerate(places[:down]):
            value = values.get((one, two), math.nan)
            fill = _MISSING if math.isnan(value) else two_sided(value)
            box = (LABELS + cell * across, top + row * down, cell, row)
            boxes.append(box)
            fills.append(fill)
            texts.append((box, _NONE if math.isnan(value) else f"{value:.2f}", fill))
    sketch.boxes(boxes, fills)
    for (left, high, across_by, down_by), text, fill in texts if written else []:
        x, y = left + across_by / 2, high + down_by / 2
        sketch.text(x, y, text.replace("-", "\u2212"), ha="center", color=ink_on(fill))
    return True
