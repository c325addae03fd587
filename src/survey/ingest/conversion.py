"""What becomes of a table while it is read: answers, kinds of missing, refusals, and what is doubtful."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from survey.errors import Problem
from survey.files.distinct_values import Coded
from survey.ingest.cell_values import Read
from survey.ingest.column_targets import Match
from survey.ingest.raw_table import RawColumn, RawTable
from survey.instrument import Instrument, Question
from survey.wording import normalise


class Refused(NamedTuple):
    """Cells of one column that cannot be read, all for the same reason."""

    column: RawColumn
    subject: str
    read: Read
    rows: list[int]

    def problem(self, table: RawTable) -> Problem:
        """Say what is wrong with them: once, with the rows of all."""
        key, values = self.read.fault
        rows = tuple(table.numbers[row] for row in self.rows)
        return Problem(key, table.place(self.column, self.rows[0], self.subject), values, rows)


class Contradicted(NamedTuple):
    """Columns of one question that are refused as a whole: they contradict themselves, or say nothing."""

    columns: list[RawColumn]
    question: str
    key: str
    values: dict[str, Any]

    def problem(self, table: RawTable) -> Problem:
        """Say why, at the header of the first of them."""
        letters = [column.letter for column in self.columns]
        cells = sum(int(column.cells.filled().sum()) for column in self.columns)
        values = {**self.values, "question": self.question, "columns": letters, "cells": cells}
        return Problem(self.key, table.place(self.columns[0], subject=self.question), values)


# Values of a column that an error names: more of them are one fault, that of the column.
_MOST_NAMED = 50


@dataclass
class Conversion:
    """One table read under one instrument; `about` is what it says of the respondents beside the answers.

    `schema` is the instrument without the labels that a map added, `decided` what single cells of a question
    mean by the map. `strays` are the cells of rows that are no respondents, `left_out` counts the rows that
    rules leave out; `further_words` stand for no answer in this table, beside those of its platform.
    """

    instrument: Instrument
    schema: Instrument
    table: RawTable
    match: Match
    values: dict[str, Coded[Any]] = field(default_factory=dict)
    missing: dict[str, Coded[str]] = field(default_factory=dict)
    about: dict[str, Coded[Any]] = field(default_factory=dict)
    decided: Mapping[str, Mapping[str, Read]] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    contradicted: list[Contradicted] = field(default_factory=list)
    disagreed: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    further_words: Mapping[str, str] = field(default_factory=dict)
    strays: int = 0
    left_out: dict[str, int] = field(default_factory=dict)

    def words(self, question: Question) -> dict[str, str]:
        """The words of the export for no answer, without those that are an option or a point here."""
        on_scale = question.traits.cells == "point"
        parts = self.instrument.scale_of(question).points if on_scale else question.options
        own = {normalise(form) for part in parts for form in part.forms}
        words = {**self.table.habits.missing, **self.further_words}
        return {word: kind for word, kind in words.items() if normalise(word) not in own}

    @property
    def bad(self) -> list[Problem]:
        """The cells that cannot be read: those of one column and value once, in the order of their first."""
        whole = [one.problem(self.table) for one in self.contradicted]
        return [*whole, *(one.problem(self.table) for one in self._in_order()), *self.disagreed]

    @property
    def first_bad(self) -> list[Problem]:
        """The same for an error: of many different values of a column the first, and how many more."""
        named: Counter[int] = Counter()
        kept, more = [], defaultdict[int, list[Refused]](list)
        for one in self._in_order():
            named[id(one.column)] += 1
            if named[id(one.column)] <= _MOST_NAMED:
                kept.append(one.problem(self.table))
            else:
                more[id(one.column)].append(one)
        whole = [one.problem(self.table) for one in self.contradicted]
        return [*whole, *kept, *(self._further(group) for group in more.values()), *self.disagreed]

    def _further(self, group: list[Refused]) -> Problem:
        place = replace(self.table.place(group[0].column, subject=group[0].subject), cell="", row=None)
        cells = sum(len(one.rows) for one in group)
        return Problem("values_more", place, {"values": len(group), "cells": cells})

    def _in_order(self) -> list[Refused]:
        """What is refused, in the order in which its first cells stand."""
        order = {id(column): position for position, column in enumerate(self.table.columns)}
        return sorted(self.refused, key=lambda one: (one.rows[0], order[id(one.column)]))

    @property
    def misfit(self) -> tuple[int, int]:
        """How badly the instrument fits: headers and options unmatched first, then parts absent."""
        faults = len(self.match.faults) + len(self.match.unmatched)
        options = {(one.subject, one.read.values.get("value")) for one in self.refused}
        return faults + len(options) + len(self.contradicted), len(self.match.absent)

    @property
    def answered(self) -> int:
        """Count the cells that hold an answer."""
        return self.counts["mapped", "answer"]
