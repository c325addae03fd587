"""Conditions on respondents: `firm_type=biotech`, `challenges__geopolitics>=4`."""

import datetime
import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from survey.errors import usage
from survey.ingest.option_cells import TICKED, UNTICKED, joined_reader
from survey.instrument import Instrument, Option, Question
from survey.instrument.scale import Point
from survey.wording import near_misses, normalise

if TYPE_CHECKING:
    import pandas as pd

_EXPRESSION = re.compile(r"\s*([^=<>!]+?)\s*(!=|>=|<=|==?|<|>)\s*(.+?)\s*", re.DOTALL)
_ORDER: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


@dataclass(frozen=True)
class Condition:
    """One condition on one question (or one item or option of it).

    `points`: those of a scale, which have labels; `unordered`: answers that are neither more nor less than
    others, such as a scale's "don't know".
    """

    question: Question
    part: Option | None
    comparison: str
    values: tuple[Any, ...]
    points: tuple[Point, ...] = ()
    unordered: tuple[float, ...] = ()

    @classmethod
    def of(
        cls,
        instrument: Instrument,
        question: Question,
        part: Option | None,
        comparison: str,
        values: tuple[Any, ...],
    ) -> "Condition":
        """Make it with the answers that have no order."""
        scale = instrument.scale_of(question) if question.kind == "rating" else None
        unordered = tuple(point.value for point in scale.unrated) if scale else ()
        return cls(question, part, comparison, values, tuple(scale.points) if scale else (), unordered)

    def holds(self, data: "pd.DataFrame") -> "pd.Series[bool]":
        """Tell for every row of answers whether the condition holds; no answer never holds."""
        if self.question.kind == "multiple" and self.part is None:
            return self._ticked(data)
        name = f"{self.question.id}__{self.part.id}" if self.part else self.question.id
        answers, values = data[name], self.values
        if self.question.traits.cells == "date":
            values = tuple(map(datetime.datetime.fromisoformat, values))
        if self.comparison in _ORDER:
            mask = _ORDER[self.comparison](answers, values[0]) & ~answers.isin(self.unordered)
        else:
            mask = answers.isin(values)
            if self.comparison == "!=":
                mask = ~mask
        return mask.fillna(False).astype(bool) & answers.notna()

    def _ticked(self, data: "pd.DataFrame") -> "pd.Series[bool]":
        """Any of the options ticked; for "!=" none of them, each of them answered."""
        options = data[[f"{self.question.id}__{value}" for value in self.values]]
        ticked = options.fillna(False).any(axis=1)
        return options.notna().all(axis=1) & ~ticked if self.comparison == "!=" else ticked

    def text(self, lang: str = "en") -> str:
        """Say the condition with the labels of the instrument."""
        subject = self.question.named(lang)
        if self.part is not None:
            subject = f"{subject} / {self.part.said(lang)}"
        known: dict[Any, str] = {part.id: part.said(lang) for part in self.question.options}
        if self.comparison not in _ORDER:
            known |= {point.value: point.said(lang) for point in self.points}
        labels = " / ".join(known[value] if value in known else _written(value) for value in self.values)
        return f"{subject} {self.comparison} {labels}"


def _written(value: Any) -> str:
    """A value of a condition as whoever wrote it would: 9, not 9.0."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def parse_condition(text: str, instrument: Instrument) -> Condition:
    """Read one condition; what cannot be read, or names what is not there, is a `UsageError`."""
    match = _EXPRESSION.fullmatch(text)
    if not match:
        raise usage("where_unreadable", text=text)
    name, comparison, wanted = match.groups()
    comparison = "=" if comparison == "==" else comparison
    question_id, part_id = instrument.part_named(name)
    question = instrument.question(question_id)
    part = question.part(part_id) if part_id else None
    words = [word.strip() for word in wanted.split(",") if word.strip()]
    if not words:
        raise usage("where_unreadable", text=text)
    ordered = question.traits.ordered
    if ordered and question.traits.split and part is None:
        raise usage("where_needs_item", question=question.id, known=list(question.answer_columns[:3]))
    if comparison in _ORDER and (not ordered or len(words) > 1):
        raise usage("where_no_order", text=text, question=question.id)
    if ordered:
        read = _day if question.traits.cells == "date" else _number
        return Condition.of(instrument, question, part, comparison, tuple(read(word, text) for word in words))
    if part is not None and question.kind == "single":  # firm_type__biotech=1 says firm_type=biotech
        if len(words) > 1:
            raise usage("where_unreadable", text=text)
        chosen = _truth(words[0], text) == (comparison == "=")
        return Condition(question, None, "=" if chosen else "!=", (part.id,))
    if part is not None:
        return Condition(question, part, comparison, tuple(_truth(word, text) for word in words))
    if question.kind == "text":
        return Condition(question, None, comparison, (wanted, *words))
    return Condition(question, None, comparison, _options(question, wanted, words))


def _options(question: Question, wanted: str, words: list[str]) -> tuple[str, ...]:
    """Give the options named: ids or labels, with commas between them and perhaps within them."""
    forms = {normalise(form): option.id for option in question.options for form in option.forms}
    chosen = [forms.get(normalise(word)) for word in words]
    if None not in chosen:
        return tuple(option for option in chosen if option)
    together = joined_reader(question)(wanted).value
    if together:
        return tuple(option.id for option in question.options if option.id in together)
    unknown = next(word for word, option in zip(words, chosen, strict=True) if option is None)
    near = near_misses(unknown, forms) or [option.id for option in question.options]
    raise usage("unknown_option", option=unknown, question=question.id, known=near)


def _number(word: str, text: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if math.isnan(value):
        raise usage("where_no_number", text=text, value=word)
    return value


def _day(word: str, text: str) -> str:
    """A day as it is kept in a condition: 2026-01-31."""
    try:
        return datetime.date.fromisoformat(word).isoformat()
    except ValueError:
        raise usage("where_no_day", text=text, value=word) from None


def _truth(word: str, text: str) -> bool:
    if normalise(word) in TICKED:
        return True
    if normalise(word) in UNTICKED:
        return False
    raise usage("where_no_number", text=text, value=word)
