"""What numbers in place of answers mean: positions of options only where the file itself bears it out.

A code is taken for the position of an option where exactly 1 to k are used and the question has k options.
Codes with a gap, from 0 or beyond the options say that somebody numbered them otherwise: nobody can tell how,
so all columns of the question are refused, and a map says what each code means.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from survey.files.distinct_values import Coded
from survey.ingest.cell_values import UNTICKED, Read, Reader, as_text, yes_and_no
from survey.ingest.joined_answers import code_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import Labelled
from survey.instrument import Question, Scale
from survey.wording import normalise, runs

# So many cells outside a scale are no slips of the keyboard.
_NO_SLIP = 3
_WHOLE_NUMBER = re.compile(r"([+-]?\d{1,6})(?:\.0+)?")


@dataclass(frozen=True)
class Codes:
    """How numbers in the columns of a question are read.

    `positions`: as positions. `decided`: what single cells mean, by their normalised text. `key`, `values`:
    the message of why they cannot be read; then all columns of the question are refused.
    """

    positions: bool = False
    decided: Mapping[str, Read] = field(default_factory=dict)
    key: str = ""
    values: dict[str, Any] = field(default_factory=dict)


class Column(NamedTuple):
    """The cells of a column, and what each means where no number is a position."""

    cells: Coded[Any]
    reader: Reader

    def standing(self) -> list[tuple[Any, int, Read]]:
        """Every different cell that stands somewhere: how often, and what it means."""
        counts = self.cells.numbers().tolist()
        return [
            (raw, count, self.reader(raw))
            for raw, count in zip(self.cells.kinds, counts, strict=True)
            if count and raw is not None
        ]


class _Used(NamedTuple):
    """The codes that stand in a column: `read`, whether all could be read by label or alias; `labels`,
    whether other words stand beside them; `by_word`, the places of options that the platform has a word for.
    """

    codes: set[int]
    read: bool
    labels: bool
    by_word: set[int]


def option_codes(question: Question, column: Column, habits: Habits, *, joined: bool) -> Codes:
    """Look at the codes of a single-choice question, or of a select-all question in one cell."""
    truths = None if joined else yes_and_no(question)
    if not (habits.positions or truths):
        return Codes()
    used = _used(question, column, habits, joined=joined)
    if used.read or used.labels:
        return Codes()
    if truths and (used.codes == {0, 1} or not habits.positions):
        return _yes_and_no_codes(used.codes, *truths)
    size = len(question.options)
    if used.codes | used.by_word == set(range(1, size + 1)):
        return Codes(positions=True)
    left = [option for place, option in enumerate(question.options, 1) if place not in used.by_word]
    if used.by_word and used.codes == set(range(1, len(left) + 1)):  # those without a word of their own
        pairs = [(as_text(raw), code_of(raw, habits)) for raw, _, _ in column.standing()]
        return Codes(decided={normalise(text): Read(left[number - 1].id) for text, number in pairs if number})
    values = {"question": question.id, "codes": runs(sorted(used.codes)), "count": size}
    return Codes(key="codes_not_positions", values=values)


def _yes_and_no_codes(codes: set[int], yes: str, no: str) -> Codes:
    """0 and 1 say no and yes where both are in use; in a plain table other numbers say nothing."""
    if codes == {0, 1}:
        return Codes(decided={"1": Read(yes), "0": Read(no)})
    return Codes(key="codes_not_yes_no", values={"codes": runs(sorted(codes))}) if codes else Codes()


def _used(question: Question, column: Column, habits: Habits, *, joined: bool) -> _Used:
    places = {option.id: place for place, option in enumerate(question.options, 1)}
    codes: set[int] = set()
    by_word: set[int] = set()
    all_read, labels = True, False
    for raw, _, read in column.standing():
        if read.missing:
            continue
        if normalise(as_text(raw)) in habits.words and not read.key and not joined:
            by_word.add(places[read.value])
            continue
        numbers = [code_of(piece, habits) for piece in (pieces_of(as_text(raw), habits) if joined else [raw])]
        there = {number for number in numbers if number is not None}
        chosen = read.value if isinstance(read.value, frozenset) else {read.value}
        if None in numbers:
            labels = labels or not read.key
        elif read.key:
            all_read = False
            codes |= there
        else:
            labels = labels or {places.get(option) for option in chosen} != there
            codes |= there
    return _Used(codes, all_read, labels, by_word)


def pieces_of(text: str, habits: Habits) -> list[str]:
    """The pieces of a joined cell, as the platform separates them, or by whatever stands between them."""
    separator = habits.separator.strip()
    pieces = text.split(separator) if separator else re.split(r"[\s,;|、┋]+", text)
    return [piece for piece in pieces if piece.strip()]


def tick_codes(columns: Sequence[Column], own_forms: Sequence[set[str]], habits: Habits) -> list[Codes]:
    """Look at the codes of a select-all question with one column per option; one answer per column.

    1 and 2 in one column, and nothing that says unticked, are two codes of which one means "not chosen":
    where any column of the question has both, none can be read. A platform that writes codes may tick an
    option by the option's own code: the only one in its column.
    """
    codes = []
    for column, forms in zip(columns, own_forms, strict=True):
        numbers: set[int] = set()
        unticked = False
        for raw, _, read in column.standing():
            form = normalise(as_text(raw))
            if read.missing or isinstance(raw, Labelled) or form in forms:
                continue
            unticked = unticked or form in UNTICKED
            number = code_of(raw, Habits())
            if number:
                numbers.add(number)
        if len(numbers) > 1 and 1 in numbers and not unticked:
            values = {"codes": runs(sorted(numbers))}
            return [Codes(key="ticks_two_codes", values=values)] * len(columns)
        own = habits.positions and len(numbers) == 1 and numbers != {1}
        codes.append(Codes(decided={str(number): Read(True) for number in numbers} if own else {}))
    return codes


def rating_codes(scale: Scale, columns: Sequence[Column], habits: Habits) -> Codes:
    """Look at the numbers of a battery, all its columns together."""
    numbers: Counter[int] = Counter()
    lettered: set[int] = set()
    for column in columns:
        for raw, count, read in column.standing():
            if read.missing or isinstance(raw, Labelled | bool):
                continue
            form = normalise(as_text(raw))
            if habits.codes and (match := habits.codes.fullmatch(form)):
                lettered.add(int(match[1]))
            elif (match := _WHOLE_NUMBER.fullmatch(form)) is not None:
                numbers[int(match[1])] += count
            elif not read.key:
                return Codes()  # words, which need no numbers
    values: set[float] = {point.value for point in scale.points}
    rated, aside = set(scale.values), values - set(scale.values)
    places, least = set(range(1, len(values) + 1)), set(range(1, len(scale.rated) + 1))
    if lettered and not least <= lettered <= places:
        return _not_the_scale(lettered, scale)
    used: set[float] = set(numbers)
    points = values
    if habits.rating_positions and points != places and used and not (rated == least and used <= points):
        if least <= used <= places:
            return Codes(positions=True)
        return Codes() if used <= points and not used <= places else _not_the_scale(used, scale)
    beyond = used - points
    shifted = used - aside in ({point + step for point in rated} for step in (-1, 1))
    no_slip = shifted and all(numbers[int(code)] >= _NO_SLIP for code in beyond)
    by_platform = habits.positions or habits.rating_positions
    return _not_the_scale(used, scale) if beyond and (by_platform or no_slip) else Codes()


def _not_the_scale(used: "set[int] | set[float]", scale: Scale) -> Codes:
    values = {"codes": runs(sorted(used)), "points": runs([point.value for point in scale.points])}
    return Codes(key="codes_not_scale", values=values)
