"""What one raw cell means: an answer, a kind of missing, or neither.

Every reader here takes a raw cell and gives a `Read`. Readers are pure; the same raw cell always means the
same, so that a column is read once per different value (`Coded.map`).
"""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from survey.files.grid import Uncached, is_blank
from survey.files.plain_values import Percent
from survey.ingest.raw_table import DeclaredMissing, Labelled
from survey.instrument import Instrument
from survey.wording import normalise, quoted

# How a missing answer may be written under every instrument, beside the words of its own.
MISSING_WORDS = {
    "skipped": "(skipped)",
    "empty": "(empty)",
    "not_asked": "(not asked)",
    "refused": "(refused)",
}

WHOLE = re.compile(r"([+-]?\d+)\.0+")  # pandas writes 3 as 3.0 in a column with gaps


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


def remembered(reader: Reader) -> Reader:
    """The same reader, which reads what it has read before no second time: numbers are looked at twice."""
    known: dict[tuple[type, Any], Read] = {}

    def read(raw: Any) -> Read:
        key = (type(raw), raw)
        meaning = known.get(key)
        if meaning is None:
            meaning = known[key] = reader(raw)
        return meaning

    return read


# A cell with nothing in it. A written "(empty)" is missing of the same kind, but another object.
BLANK = Read(missing="empty")


def as_text(raw: Any) -> str:
    """Write a raw cell as text: 5.0 as "5", dates in ISO form, a code as its label, a formula as it is."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, Labelled):
        return raw.label
    if isinstance(raw, Percent):
        return str(raw)
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime.datetime | datetime.date | datetime.time):
        return raw.isoformat()
    return raw.formula if isinstance(raw, Uncached) else str(raw)


def unread(key: str, raw: Any, near: "Callable[[], Iterable[str]] | None" = None, **values: Any) -> Read:
    """A cell that cannot be read: the message of what is wrong, with what stands in it."""
    return Read(key=key, values={"value": quoted(as_text(raw)), **values}, near=near)


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
            return Read(missing=kind) if kind else unread("cell_formula", raw.formula)
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
    form = normalise(raw.label if isinstance(raw, DeclaredMissing) else as_text(raw))
    whole = WHOLE.fullmatch(form)
    return whole[1] if whole else form


def text_reader(raw: Any) -> Read:
    """Keep a text as it is: "None" and "NA" are text."""
    return Read(as_text(raw))
