"""The columns of an instrument as small whole numbers: what is counted, and where it stands in Z'Z."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from survey.instrument import Instrument, Question

# Code 0 is "no answer"; code k stands for `codes[k - 1]`.
NO_ANSWER = 0
ANSWERED = "answered"
UNRATED = "unrated"


@dataclass(frozen=True)
class CodeColumn:
    """One column as codes. `codes`: option ids, points of a scale, (False, True), or ("answered",).

    `cells` is what the column holds, as the kind of its question has it; "answered" tells, once per question
    with a column for each part, who answered any; "unrated" holds the points of the column `source` that rate
    nothing ("don't know"), which are no answer there: so nothing that is computed from ratings takes them for
    one.
    """

    name: str
    question: str
    part: str
    cells: str
    codes: tuple[Any, ...]
    source: str = ""
    derived: bool = False  # computed from others, and read from no source


@dataclass(frozen=True)
class CodeColumns:
    """The code columns of an instrument, in its order, and their indicators: one per column and code.

    Let Z be respondents x indicators; a respondent has at most one indicator of each column, and the sum over
    those of a column says who answered it.
    """

    columns: tuple[CodeColumn, ...]

    @classmethod
    def of(cls, instrument: Instrument) -> "CodeColumns":
        """Lay the columns of an instrument out."""
        made = {rule.id for rule in instrument.rules}
        return cls(
            tuple(
                replace(column, derived=question.id in made)
                for question in instrument.variables
                for column in _columns(instrument, question)
            )
        )

    @cached_property
    def by_name(self) -> dict[str, CodeColumn]:
        """Every column by its name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def offsets(self) -> dict[str, int]:
        """Where the indicators of a column begin."""
        offsets, at = {}, 0
        for column in self.columns:
            offsets[column.name] = at
            at += len(column.codes)
        return offsets

    @cached_property
    def size(self) -> int:
        """How many indicators there are."""
        return sum(len(column.codes) for column in self.columns)

    def span(self, name: str) -> slice:
        """Where the indicators of a column stand."""
        start = self.offsets[name]
        return slice(start, start + len(self.by_name[name].codes))

    def block(self, question: Question) -> slice:
        """Where the indicators of a question stand: of its parts in order, then who answered any of them.

        Of a question with one column they are its codes: who answered it is their sum.
        """
        return slice(self.offsets[question.answer_columns[0]], self.span(question.id).stop)

    def of_block(self, question: Question) -> list[CodeColumn]:
        """The columns of the indicators in `block`."""
        names = dict.fromkeys((*question.answer_columns, question.id))
        return [self.by_name[name] for name in names]

    @cached_property
    def answers(self) -> tuple[CodeColumn, ...]:
        """The columns that a data set has: without those that are made of others."""
        return tuple(column for column in self.columns if column.cells not in (ANSWERED, UNRATED))

    @cached_property
    def unrated(self) -> dict[str, CodeColumn]:
        """The columns of what rates nothing, by the column of the data that holds it."""
        return {column.source: column for column in self.columns if column.cells == UNRATED}

    @cached_property
    def given(self) -> tuple[CodeColumn, ...]:
        """Those of them that are read: the others are derived from these."""
        return tuple(column for column in self.answers if not column.derived)


def _columns(instrument: Instrument, question: Question) -> Iterator[CodeColumn]:
    cells = question.traits.cells
    codes: tuple[Any, ...] = (ANSWERED,)
    if cells == "option":
        codes = tuple(option.id for option in question.options)
    elif cells == "tick":
        codes = (False, True)
    elif cells == "point":
        codes = instrument.points_of(question)
    if question.traits.split:
        for part, name in zip(question.parts, question.answer_columns, strict=True):
            yield CodeColumn(name, question.id, part.id, cells, codes)
        yield CodeColumn(question.id, question.id, "", ANSWERED, (ANSWERED,))
        aside = tuple(point.value for point in instrument.unrated_of(question))
        if aside:
            for part, name in zip(question.parts, question.answer_columns, strict=True):
                yield CodeColumn(f"{name}__{UNRATED}", question.id, part.id, UNRATED, aside, name)
    else:
        yield CodeColumn(question.id, question.id, "", cells, codes)
    for name in question.text_columns:
        part_id = name.removeprefix(f"{question.id}__").removesuffix("__text")
        yield CodeColumn(name, question.id, part_id, "text", (ANSWERED,))
