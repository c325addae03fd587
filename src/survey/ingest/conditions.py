"""Conditions on respondents: `firm_type=biotech`, `challenges__geopolitics>=4`."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from survey.errors import usage
from survey.instrument import Instrument, Option, Question
from survey.wording import near_misses, normalise

if TYPE_CHECKING:
    import pandas as pd

    from survey.ingest.responses import Responses

_EXPRESSION = re.compile(r"\s*([^=<>!]+?)\s*(!=|>=|<=|=|<|>)\s*(.+?)\s*")
_ORDER: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


@dataclass(frozen=True)
class Condition:
    """One condition on one question (or one item or option of it)."""

    question: Question
    part: Option | None
    comparison: str
    values: tuple[Any, ...]

    def holds(self, responses: "Responses") -> "pd.Series[bool]":
        """Tell for every respondent whether the condition holds; no answer never holds."""
        if self.question.kind == "multiple":
            return self._ticked(responses)
        name = f"{self.question.id}__{self.part.id}" if self.part else self.question.id
        answers = responses.data[name]
        answered = answers.notna()
        if self.comparison in _ORDER:
            found = _ORDER[self.comparison](answers, self.values[0])
        else:
            found = answers.isin(self.values)
            if self.comparison == "!=":
                found = ~found
        return found.fillna(False).astype(bool) & answered

    def _ticked(self, responses: "Responses") -> "pd.Series[bool]":
        options = responses.columns_of(self.question)
        answered = options.notna().any(axis=1)
        if self.part is not None:
            ticked = options[self.part.id].isin(self.values)
        else:
            ticked = options[list(self.values)].fillna(False).any(axis=1)
        return answered & (~ticked if self.comparison == "!=" else ticked)

    def text(self, lang: str = "en") -> str:
        """Say the condition with the labels of the instrument."""
        subject = self.question.named(lang)
        if self.part is not None:
            subject = f"{subject} / {self.part.said(lang)}"
        known = {part.id: part.said(lang) for part in self.question.options}
        said = " / ".join(str(known.get(value, value)) for value in self.values)
        return f"{subject} {self.comparison} {said}"


def parse_condition(text: str, instrument: Instrument) -> Condition:
    """Read one condition; what cannot be read, or names what is not there, is a `UsageError`."""
    found = _EXPRESSION.fullmatch(text)
    if not found:
        raise usage("where_unreadable", text=text)
    name, comparison, wanted = found.groups()
    question_id, _, part_id = name.partition("__")
    question = instrument.question(question_id)
    part = question.part(part_id) if part_id else None
    words = [word.strip() for word in wanted.split(",") if word.strip()]
    if question.kind == "rating" and part is None:
        items = ", ".join(f"{question.id}__{item.id}" for item in question.items[:3])
        raise usage("where_needs_item", question=question.id, known=items)
    if comparison in _ORDER and (question.kind not in ("rating", "number") or len(words) > 1):
        raise usage("where_no_order", text=text, question=question.id)
    if question.kind in ("rating", "number"):
        return Condition(question, part, comparison, tuple(_number(word, text) for word in words))
    if part is not None:
        return Condition(question, part, comparison, tuple(_truth(word, text) for word in words))
    if question.kind == "text":
        return Condition(question, None, comparison, tuple(words))
    forms = {normalise(form): option.id for option in question.options for form in option.forms}
    whole = forms.get(normalise(wanted))  # a label may hold a comma
    if whole is not None:
        return Condition(question, None, comparison, (whole,))
    chosen = []
    for word in words:
        if normalise(word) not in forms:
            known = [option.id for option in question.options]
            near = near_misses(word, known) or known
            raise usage("unknown_option", option=word, question=question.id, known=", ".join(near))
        chosen.append(forms[normalise(word)])
    return Condition(question, None, comparison, tuple(chosen))


def _number(word: str, text: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise usage("where_no_number", text=text, value=word) from None


def _truth(word: str, text: str) -> bool:
    if word.casefold() in ("1", "true", "yes"):
        return True
    if word.casefold() in ("0", "false", "no"):
        return False
    raise usage("where_no_number", text=text, value=word)
