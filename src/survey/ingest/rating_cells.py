"""Cells of ratings: a point of a scale by its number, its label, or both."""

import re
from typing import Any

from survey.ingest.cell_values import Read, Reader, as_text, unread
from survey.ingest.labels import Labels
from survey.ingest.layout import PLAIN, Habits
from survey.ingest.number_cells import NUMBER, plain_minus
from survey.ingest.raw_table import Labelled
from survey.instrument import Scale
from survey.wording import near_misses, normalise, quoted

# A point with the highest one behind it: 4/5, 4 of 5; stars, and those that are left empty.
_OF_THE_HIGHEST = re.compile(r"([+-]?\d{1,4})\s*(?:/|of|out of|von|sur)\s*([+-]?\d{1,4})")


_STARS = re.compile(r"([★⭐]+)[☆✩]*")


_BRACKETS = frozenset({"()", "[]"})


_LABEL_AND_NUMBER = re.compile(r"(.+?)\s*[(\[]\s*([+-]?\d{1,9}(?:\.[05])?)\s*[)\]]")


_NUMBER_AND_LABEL = re.compile(r"([+-]?\d{1,9})(?:\.0+)?\s*[-–—.:、)=]*\s*(.+)")


_HALF_AND_LABEL = re.compile(r"([+-]?\d{1,9}(?:\.5)?)(?:\.0+)?\s*[-–—.:、)=]*\s*(.+)")


_HALF_WITH_COMMA = re.compile(r"([+-]?\d{1,9}),([05])")


def rating_reader(scale: Scale, habits: Habits = PLAIN) -> Reader:  # noqa: C901 - a kind, a branch
    """Read a point of a scale: a number, a label, or both where they agree ("5 - very important").

    Where an export writes positions, a number is the position of the point, 1 the first.
    """
    lookup = Labels(
        (point.id, (*point.label.values(), *point.aliases), point.label) for point in scale.points
    )
    by_form = {
        normalise(form): point.value
        for point in scale.points
        for form in (*point.label.values(), *point.aliases)
    }
    values = tuple(point.value for point in scale.points)
    points: dict[float, float | int] = {float(value): value for value in values}
    with_label = _NUMBER_AND_LABEL if scale.is_whole else _HALF_AND_LABEL
    bare = all(NUMBER.fullmatch(form) for form in by_form)
    bounds: dict[str, Any] = {"low": scale.values[0], "high": scale.values[-1]}

    def at_place(place: float) -> Read | None:
        inside = float(place).is_integer() and 0 < place <= len(values)
        return Read(values[int(place) - 1]) if inside else None

    def read(raw: Any) -> Read:  # noqa: PLR0911 - a way of writing, an answer
        if isinstance(raw, Labelled):  # codes count only where the scale has no words that could contradict
            meaning = read(raw.label)
            return read(raw.code) if meaning.key and bare else meaning
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            return unread("cell_not_on_scale", raw, **bounds)
        text = normalise(as_text(raw))
        if text in by_form:
            return Read(by_form[text])
        if (coded := habits.codes.fullmatch(text) if habits.codes else None) is not None:
            return at_place(int(coded[1])) or unread("cell_not_on_scale", raw, **bounds)
        text = plain_minus(text.removesuffix("\u5206").rstrip())  # "5\u5206": five points
        text = _counted(text if scale.is_whole else _HALF_WITH_COMMA.sub(r"\1.\2", text), scale)
        if NUMBER.fullmatch(text):
            value = float(text)
            placed = at_place(value) if habits.rating_positions else None
            meaning = Read(points[value]) if value in points else unread("cell_not_on_scale", raw, **bounds)
            return placed or meaning
        both = with_label.fullmatch(text)
        if both and float(both[1]) in points:
            label = both[2][1:-1].strip() if both[2][0] + both[2][-1] in _BRACKETS else both[2]
            if by_form.get(label) == float(both[1]) or (bare and not NUMBER.fullmatch(label)):
                return Read(points[float(both[1])])
            return unread("cell_number_against_label", raw, number=both[1], label=quoted(label))
        behind = _LABEL_AND_NUMBER.fullmatch(text)
        if behind and by_form.get(behind[1]) == float(behind[2]):
            return Read(points[float(behind[2])])
        if (point := lookup.find(text)) is not None:
            return Read(points[float(point)])
        labels = [form for point in scale.points for form in (*point.label.values(), *point.aliases)]
        return unread("cell_not_on_scale", raw, lambda: near_misses(as_text(raw), labels), **bounds)

    return read


def _counted(text: str, scale: Scale) -> str:
    """The number of a point written with the highest one behind it, or in stars; any other text as it is."""
    highest = scale.values[-1]
    if (stars := _STARS.fullmatch(text)) is not None and scale.values[0] == 1:
        return str(len(stars[1])) if len(text) in (len(stars[1]), highest) else text
    of = _OF_THE_HIGHEST.fullmatch(text)
    return of[1] if of and int(of[2]) == highest else text
