"""A questionnaire in the making: questions that can still change, and how sure each guess is."""

from dataclasses import dataclass, field
from typing import Any

SURE = 0.8  # from here on a guess counts as sure

Words = dict[str, str]  # language to text


@dataclass(frozen=True)
class Guess:
    """Why one column is what it was taken for: `reason` names a message, `values` fill it."""

    column: str
    letter: str
    kind: str
    reason: str
    confidence: float
    values: dict[str, Any] = field(default_factory=dict)
    question: str = ""
    item: str = ""


@dataclass
class SketchPart:
    """An option or an item; `ask` names a message that asks the author for something."""

    id: str
    label: Words
    aliases: list[str] = field(default_factory=list)
    exclusive: bool = False
    text: bool = False
    text_aliases: list[str] = field(default_factory=list)
    ask: str = ""
    fixed: bool = False


@dataclass
class SketchScale:
    """The points of a scale: value, label, other ways it is written; `unrated` those that rate nothing."""

    id: str
    points: list[tuple[int | float, Words, list[str]]]
    top: int
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    unrated: list[tuple[int | float, Words, list[str]]] = field(default_factory=list)


@dataclass
class SketchQuestion:
    """One question; `columns` leads from the header of a column to the name it has in `Responses.data`.

    A grid (`kind` "grid") has `rows`, and `answer` says what each of them takes; `made_of` are the questions
    that its columns would be without it. `ask` names a message that asks the author for something.
    """

    id: str
    kind: str
    short: Words
    text: Words
    aliases: list[str] = field(default_factory=list)
    help: Words = field(default_factory=dict)
    required: bool = False
    least: int | None = None
    most: int | None = None
    limits: dict[str, Any] = field(default_factory=dict)
    ranks: int | None = None
    total: int | None = None
    asked_if: dict[str, Any] = field(default_factory=dict)
    options: list[SketchPart] = field(default_factory=list)
    items: list[SketchPart] = field(default_factory=list)
    rows: list[SketchPart] = field(default_factory=list)
    answer: str = ""
    scale: str = ""
    guesses: list[Guess] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    made_of: list["SketchQuestion"] = field(default_factory=list)
    fixed: bool = False
    missing: dict[str, list[str]] = field(default_factory=dict)
    ask: str = ""


@dataclass
class Sketch:
    """All that is drafted of one file; `coded` are the codes that stand for words in it."""

    id: str
    title: Words
    languages: list[str]
    questions: list[SketchQuestion] = field(default_factory=list)
    scales: dict[str, SketchScale] = field(default_factory=dict)
    missing: dict[str, list[str]] = field(default_factory=dict)
    meta: dict[str, list[str]] = field(default_factory=dict)
    asides: list[Guess] = field(default_factory=list)
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    coded: list[str] = field(default_factory=list)

    @property
    def guesses(self) -> list[Guess]:
        """Every guess, in the order of the questions, then what is no question."""
        return [*(guess for question in self.questions for guess in question.guesses), *self.asides]
