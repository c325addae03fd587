"""What one raw cell means: an answer, a kind of missing, or neither.

Every reader here takes a raw cell and gives a `Read`. Readers are pure; the same raw cell always means the
same, so that a column is read once per different value (`Coded.map`).
"""

import datetime
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from survey.files.grid import Uncached, is_blank
from survey.ingest.joined_answers import Splitter, as_position, ways_text
from survey.ingest.labels import Labels
from survey.ingest.layout import PLAIN, Habits
from survey.ingest.raw_table import Labelled
from survey.instrument import Instrument, Option, Question, Scale
from survey.instrument.schema import Limits
from survey.wording import near_misses, normalise, quoted

TICKED = frozenset(
    {
        *("1", "1.0", "true", "x", "✓", "✔", "√", "☑", "yes", "y", "是", "ticked", "checked", "selected"),
        *("chosen", "mentioned", "quoted", "marked", "选中", "已选", "提及"),
    }
)
UNTICKED = frozenset(
    {
        *("0", "0.0", "false", "no", "n", "否", "☐", "unticked", "unchecked", "not selected", "未选"),
        *("not chosen", "not mentioned", "not quoted", "not marked", "未选中", "未提及"),
    }
)
_YES = frozenset({"yes", "是", "ja", "oui", "sí", "si", "有", "true"})
_NO = frozenset({"no", "否", "不是", "nein", "non", "没有", "无", "false"})

# How a missing answer may be written under every instrument, beside the words of its own.
MISSING_WORDS = {
    "skipped": "(skipped)",
    "empty": "(empty)",
    "not_asked": "(not asked)",
    "refused": "(refused)",
}

_TOO_LARGE = 1e308
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?")  # R writes 100000 as 1e+05
_WHOLE = re.compile(r"([+-]?\d+)\.0+")  # pandas writes 3 as 3.0 in a column with gaps
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NUMBER_AND_LABEL = re.compile(r"([+-]?\d{1,9})(?:\.0+)?\s*[-–—.:、)=]*\s*(.+)")


@dataclass(frozen=True)
class Read:
    """The meaning of a cell: `value`, or `missing` (its kind), or `key` (the message of what is wrong).

    `text` is what the respondent wrote beside an option such as "other", where the same cell holds it. `near`
    proposes what may have been meant; it is asked only for what is told to a user.
    """

    value: Any = None
    missing: str = ""
    key: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    text: str | None = None
    near: "Callable[[], Iterable[str]] | None" = None

    @cached_property
    def fault(self) -> tuple[str, dict[str, Any]]:
        """The message of what is wrong and its values, with what may have been meant."""
        near = list(self.near()) if self.near else []
        return (f"{self.key}_near", {**self.values, "near": near}) if near else (self.key, self.values)


Reader = Callable[[Any], Read]

# A cell with nothing in it. A written "(empty)" is missing of the same kind, but another object.
BLANK = Read(missing="empty")


def as_text(raw: Any) -> str:
    """Write a raw cell as text: 5.0 as "5", dates in ISO form, a code as its label, a formula as it is."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, Labelled):
        return raw.label
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime.datetime | datetime.date | datetime.time):
        return raw.isoformat()
    return raw.formula if isinstance(raw, Uncached) else str(raw)


def _bad(key: str, raw: Any, near: "Callable[[], Iterable[str]] | None" = None, **values: Any) -> Read:
    return Read(key=key, values={"value": quoted(as_text(raw)), **values}, near=near)


def yes_and_no(question: Question) -> tuple[str, str] | None:
    """The option that says yes and the one that says no, where a question has these two alone."""
    yes = [option.id for option in question.options if not _YES.isdisjoint(map(normalise, option.forms))]
    no = [option.id for option in question.options if not _NO.isdisjoint(map(normalise, option.forms))]
    return (yes[0], no[0]) if len(yes) == len(no) == 1 and len(question.options) == 2 else None


def guarded(
    instrument: Instrument,
    reader: Reader,
    missing: Mapping[str, str] | None = None,
    decided: Mapping[str, Read] | None = None,
) -> Reader:
    """Let a reader see only cells that hold something: blanks, missing codes and lost formulas come first.

    `missing` are the words of the export, which come before the reader; those of the instrument come after.
    `decided` says before all else what cells mean, by their normalised text.
    """
    export_words = {normalise(word): kind for word, kind in (missing or {}).items()}
    tokens = {normalise(word): kind for kind, word in MISSING_WORDS.items()}
    tokens |= {normalise(word): kind for kind, words in instrument.missing.items() for word in words}

    def read(raw: Any) -> Read:  # noqa: PLR0911 - a rule, an answer
        if is_blank(raw):
            return BLANK
        if decided and (meant := decided.get(_key_of(raw))) is not None:
            return meant
        if isinstance(raw, Uncached):
            kind = tokens.get(normalise(raw.formula))
            return Read(missing=kind) if kind else _bad("cell_formula", raw.formula)
        if export_words and (kind := export_words.get(normalise(as_text(raw)))):
            return Read(missing=kind)
        label = raw.label if isinstance(raw, Labelled) else None
        if label and (kind := tokens.get(normalise(label))) and reader(label).key:
            return Read(missing=kind)
        meaning = reader(raw)
        if meaning.key or reader is text_reader:  # what a question has an answer for is one
            kind = tokens.get(normalise(as_text(raw)))
            if kind:
                return Read(missing=kind)
        return meaning

    return read


def _key_of(raw: Any) -> str:
    """A cell as those who decide its meaning write it: 1.0 as "1"."""
    form = normalise(as_text(raw))
    whole = _WHOLE.fullmatch(form)
    return whole[1] if whole else form


def single_reader(question: Question, habits: Habits = PLAIN) -> Reader:
    """Read an option of a single-choice question by id, label or alias, or as the export writes it."""
    labels = Labels((option.id, option.forms, option.label) for option in question.options)
    known = [form for option in question.options for form in option.forms]
    position = as_position(question, habits)
    texts = [option.id for option in question.options if option.text]
    other = texts[0] if len(texts) == 1 else ""

    def read(raw: Any) -> Read:
        text = as_text(raw)
        option = labels.find(text) or position(text)
        if option is None and isinstance(raw, Labelled):
            option = labels.find(str(raw.code))
        if option is None and (whole := _WHOLE.fullmatch(normalise(text))):
            option = labels.find(whole[1])
        if option is not None:
            return Read(option)
        if other and normalise(text) in habits.words:
            return Read(other)
        if habits.brackets and text.endswith(habits.brackets[1]):
            label, _, other_text = text.rstrip()[:-1].partition(habits.brackets[0])
            option = labels.find(label)
            if option is not None and question.part(option).text:
                return Read(option, text=other_text)
        if habits.free_other and other and isinstance(raw, str) and not near_misses(text, known):
            return Read(other, text=text)
        return _bad("cell_not_option", raw, lambda: near_misses(text, known))

    return read


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
    points = set(scale.values)
    bare = all(_NUMBER.fullmatch(form) for form in by_form)
    bounds: dict[str, Any] = {"low": scale.values[0], "high": scale.values[-1]}

    def at_place(place: float) -> Read | None:
        inside = float(place).is_integer() and 0 < place <= len(scale.values)
        return Read(scale.values[int(place) - 1]) if inside else None

    def read(raw: Any) -> Read:  # noqa: PLR0911 - a way of writing, an answer
        if isinstance(raw, Labelled):  # codes count only where the scale has no words that could contradict
            meaning = read(raw.label)
            return read(raw.code) if meaning.key and bare else meaning
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            return _bad("cell_not_on_scale", raw, **bounds)
        text = normalise(as_text(raw))
        if text in by_form:
            return Read(by_form[text])
        if (coded := habits.codes.fullmatch(text) if habits.codes else None) is not None:
            return at_place(int(coded[1])) or _bad("cell_not_on_scale", raw, **bounds)
        text = text.removesuffix("\u5206").rstrip()  # "5\u5206": five points
        if _NUMBER.fullmatch(text):
            value = float(text)
            placed = at_place(value) if habits.rating_positions else None
            meaning = Read(int(value)) if value in points else _bad("cell_not_on_scale", raw, **bounds)
            return placed or meaning
        both = _NUMBER_AND_LABEL.fullmatch(text)
        if both and int(both[1]) in points:
            if by_form.get(both[2]) == int(both[1]):
                return Read(int(both[1]))
            return _bad("cell_number_against_label", raw, number=both[1], label=quoted(both[2]))
        if (point := lookup.find(text)) is not None:
            return Read(int(point))
        labels = [form for point in scale.points for form in (*point.label.values(), *point.aliases)]
        return _bad("cell_not_on_scale", raw, lambda: near_misses(as_text(raw), labels), **bounds)

    return read


def number_reader(raw: Any) -> Read:
    """Read a number, also from text ("1,200", "1e+05", full-width digits); of a labelled code the code."""
    if isinstance(raw, Labelled):
        found = number_reader(raw.label)
        return number_reader(raw.code) if found.key else found
    text = "" if isinstance(raw, bool | datetime.date | datetime.time) else normalise(as_text(raw))
    written = _NUMBER.fullmatch(text) or _GROUPED.fullmatch(text)
    value = float(text.replace(",", "")) if written else math.nan
    if isinstance(raw, float):  # also one that Python writes as 1e-07
        value = raw
    # Not nan, and nothing a workbook could not hold; + 0.0 makes -0.0 the 0.0 it equals.
    return Read(value + 0.0) if abs(value) < _TOO_LARGE else _bad("cell_not_number", raw)


def limited(reader: Reader, limits: Limits) -> Reader:
    """Refuse numbers outside the limits of the question, and broken ones where it wants whole numbers."""

    def read(raw: Any) -> Read:
        meaning = reader(raw)
        if meaning.key or meaning.value is None:
            return meaning
        low, high = limits.minimum, limits.maximum
        outside = (low is not None and meaning.value < low) or (high is not None and meaning.value > high)
        if outside or (limits.whole and meaning.value != int(meaning.value)):
            bounds = "-" if low is None else f"{low:g}", "-" if high is None else f"{high:g}"
            key = "cell_not_whole" if not outside else "cell_out_of_range"
            return _bad(key, raw, low=bounds[0], high=bounds[1])
        return meaning

    return read


def text_reader(raw: Any) -> Read:
    """Keep a text as it is: "None" and "NA" are text."""
    return Read(as_text(raw))


def tick_reader(question: Question, option: Option, habits: Habits = PLAIN) -> Reader:
    """Read the cell of one option: ticked or not. The option's own label means ticked."""
    own = {normalise(form) for form in option.forms}
    labels = Labels((one.id, one.forms, one.label) for one in question.options)

    def read(raw: Any) -> Read:  # noqa: PLR0911 - a rule, an answer
        text = normalise(as_text(raw))
        if text in own or text in TICKED:
            return Read(True)
        if text in UNTICKED:
            return Read(False)
        meant = labels.find(text)
        if meant == option.id:
            return Read(True)
        if meant is not None:
            return _bad("cell_other_option", raw, option=option.id, other=meant)
        if isinstance(raw, Labelled) and raw.zero_one:
            return Read(bool(raw.code))
        if habits.other_in_tick and option.text:
            return Read(True, text=as_text(raw))
        return _bad("cell_not_tick", raw)

    return read


def joined_reader(question: Question, habits: Habits = PLAIN) -> Reader:
    """Read a joined cell: see `survey.ingest.joined_answers`."""
    splitter = Splitter(question, habits, as_position(question, habits))

    def read(raw: Any) -> Read:
        ways, rest = splitter.split(as_text(raw))
        if len(ways) == 1:
            chosen, text = ways[0]
            return Read(chosen, text=text or None)
        if ways:
            return _bad("cell_split_ambiguous", raw, ways=ways_text(ways))
        return _bad("cell_not_split", raw, lambda: splitter.near(rest), rest=quoted(rest, 60))

    return read
