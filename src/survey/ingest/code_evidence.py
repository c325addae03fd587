"""What numbers in place of answers mean: positions of options only where the file itself bears it out.

A code is taken for the position of an option where a platform wrote it, exactly 1 to k are used and the
question has k options; a label that is a number goes before.
Codes with a gap, from 0 or beyond the options say that somebody numbered them otherwise: nobody can tell how,
so all columns of the question are refused, and a map says what each code means.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from survey.files.distinct_values import Coded
from survey.ingest.cell_values import Read, Reader, as_text
from survey.ingest.joined_answers import code_of
from survey.ingest.layout import Habits
from survey.ingest.option_cells import UNTICKED, yes_and_no
from survey.ingest.raw_table import Labelled
from survey.instrument import Question, Scale
from survey.wording import normalise, runs

# So many cells outside a scale are no slips of the keyboard.
_NO_SLIP = 3
_OPEN_ENDED = re.compile(
    r"(\d{1,4})\s*(?:\+|(?:or|and|und|oder) (?:more|over|above|mehr|darüber)\b|plus\b|"
    r"[^\W\d]{0,2}(?:及以上|或以上|以上|及更多))"
)
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


@dataclass
class _Used:
    """The codes that stand in a column.

    `labelled`: those that are the label or alias of an option, with the place of the option. `unread`: those
    that are none. `words`: whether other words stand beside them. `by_word`: the places of options that the
    platform has a word for.
    """

    labelled: dict[int, int] = field(default_factory=dict)
    unread: set[int] = field(default_factory=set)
    words: bool = False
    by_word: set[int] = field(default_factory=set)

    @property
    def codes(self) -> set[int]:
        """All of them."""
        return {*self.labelled, *self.unread}

    @property
    def shifted(self) -> list[int]:
        """The codes that are the label of an option at another place."""
        return sorted(code for code, place in self.labelled.items() if code != place)


def option_codes(
    question: Question, column: Column, habits: Habits, *, joined: bool, coded: Callable[[], bool]
) -> Codes:
    """Look at the codes of a single-choice question, or of a select-all question in one cell.

    `coded`: whether the other choices of the file are in numbers. A label is better evidence than a place.
    """
    used = _used(question, column, habits, joined=joined)
    if used.words or not used.codes:
        return Codes()
    if used.shifted:
        return _numbers_as_labels(question, used, habits, coded)
    if not used.unread:
        return Codes()
    truths = None if joined else yes_and_no(question)
    if truths and (used.codes == {0, 1} or not habits.positions):
        return _yes_and_no_codes(used.codes, *truths)
    return (
        _as_positions(question, used, column, habits)
        if habits.positions
        else _unlabelled(question, used, joined=joined)
    )


def _as_positions(question: Question, used: _Used, column: Column, habits: Habits) -> Codes:
    """Decide on numbers of a platform that are no labels."""
    size = len(question.options)
    if used.codes | used.by_word == set(range(1, size + 1)):
        return Codes(positions=True)
    left = [option for place, option in enumerate(question.options, 1) if place not in used.by_word]
    if used.by_word and used.codes == set(range(1, len(left) + 1)):  # those without a word of their own
        pairs = [(as_text(raw), code_of(raw, habits)) for raw, _, _ in column.standing()]
        return Codes(decided={normalise(text): Read(left[number - 1].id) for text, number in pairs if number})
    values = {"question": question.id, "codes": runs(sorted(used.codes)), "count": size}
    return Codes(key="codes_not_positions", values=values)


def _unlabelled(question: Question, used: _Used, *, joined: bool) -> Codes:
    """Decide on numbers of a table of no platform; of those among labels their cells are refused."""
    open_ended = {} if joined else _open_ended(question, used.unread)
    if open_ended or used.labelled:
        return Codes(decided=open_ended)
    values = {"question": question.id, "codes": runs(sorted(used.codes)), "count": len(question.options)}
    return Codes(key="codes_without_labels", values=values)


def _numbers_as_labels(question: Question, used: _Used, habits: Habits, coded: Callable[[], bool]) -> Codes:
    """Decide on numbers that are labels of options as well as places of others: "1" behind "0"."""
    places = set(range(1, len(question.options) + 1))
    first = used.shifted[0]
    values: dict[str, Any] = {
        "question": question.id,
        "codes": runs(sorted(used.codes)),
        "count": len(places),
        "label": first,
        "option": question.options[used.labelled[first] - 1].id,
        "others": runs(sorted(used.unread)),
    }
    if not used.unread:
        as_places = habits.positions and used.codes <= places and coded()
        return Codes(key="codes_or_labels", values=values) if as_places else Codes()
    open_ended = _open_ended(question, used.unread)
    if open_ended and not used.codes <= places:  # 0 is the place of none
        return Codes(decided=open_ended)
    return Codes(key="codes_against_labels", values=values)


def _open_ended(question: Question, codes: set[int]) -> dict[str, Read]:
    """What numbers mean that begin the label of an open class: 3 for "3 or more"; {} if one begins none."""
    meant: dict[str, Read] = {}
    for code in codes:
        fitting = {
            option.id
            for option in question.options
            for form in option.forms
            if (match := _OPEN_ENDED.match(normalise(form))) and int(match[1]) == code
        }
        if len(fitting) != 1:
            return {}
        meant[str(code)] = Read(fitting.pop())
    return meant


def _yes_and_no_codes(codes: set[int], yes: str, no: str) -> Codes:
    """0 and 1 say no and yes where both are in use; in a plain table other numbers say nothing."""
    if codes == {0, 1}:
        return Codes(decided={"1": Read(yes), "0": Read(no)})
    return Codes(key="codes_not_yes_no", values={"codes": runs(sorted(codes))}) if codes else Codes()


def _used(question: Question, column: Column, habits: Habits, *, joined: bool) -> _Used:
    places = {option.id: place for place, option in enumerate(question.options, 1)}
    used = _Used()
    for raw, _, read in column.standing():
        if read.missing:
            continue
        if normalise(as_text(raw)) in habits.words and not read.key and not joined:
            used.by_word.add(places[read.value])
            continue
        pieces = pieces_of(as_text(raw), habits) if joined else [raw]
        numbers = [code_of(piece, habits) for piece in pieces]
        there = {number for number in numbers if number is not None}
        chosen = read.value if isinstance(read.value, frozenset) else {read.value}
        if None in numbers:
            used.words = used.words or not read.key
        elif read.key or read.text is not None:  # no option, nor what somebody wrote beside one
            used.unread |= there
        elif {places.get(option) for option in chosen} == there:
            used.labelled |= {number: number for number in there}
        elif joined:
            used.words = True
        else:
            used.labelled[there.pop()] = places[read.value]
    return used


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
    aliases = {normalise(alias) for point in scale.points for alias in point.aliases}
    for column in columns:
        for raw, count, read in column.standing():
            if read.missing or isinstance(raw, Labelled | bool):
                continue
            form = normalise(as_text(raw))
            if habits.codes and (match := habits.codes.fullmatch(form)):
                lettered |= set() if form in aliases else {int(match[1])}
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
