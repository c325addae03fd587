"""What becomes of a table while it is read: answers, kinds of missing, refusals, and what is doubtful."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from survey.errors import Problem
from survey.files.distinct_values import Coded
from survey.ingest.cell_values import Read
from survey.ingest.matching import Match
from survey.ingest.raw_table import RawColumn, RawTable
from survey.instrument import Instrument


class Refused(NamedTuple):
    """Cells of one column that cannot be read, all for the same reason."""

    column: RawColumn
    subject: str
    read: Read
    rows: list[int]

    def problem(self, table: RawTable, row: int) -> Problem:
        """Say what is wrong with one of them."""
        key, values = self.read.fault
        return Problem(key, table.place(self.column, row, self.subject), values)


@dataclass
class Conversion:
    """One table read under one instrument; `about` is what it says of the respondents beside the answers.

    `schema` is the instrument without the labels that a map added.
    """

    instrument: Instrument
    schema: Instrument
    table: RawTable
    match: Match
    values: dict[str, Coded[Any]] = field(default_factory=dict)
    missing: dict[str, Coded[str]] = field(default_factory=dict)
    about: dict[str, Coded[Any]] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    disagreed: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    strays: int = 0

    @property
    def bad(self) -> list[Problem]:
        """The cells that cannot be read, each with its address, row by row."""
        order = {id(column): position for position, column in enumerate(self.table.columns)}
        cells = [(row, order[id(one.column)], one) for one in self.refused for row in one.rows]
        cells.sort(key=lambda cell: cell[:2])
        return [*(one.problem(self.table, row) for row, _, one in cells), *self.disagreed]

    @property
    def misfit(self) -> tuple[int, int]:
        """How badly the instrument fits: headers and options unmatched first, then parts absent."""
        faults = len(self.match.faults) + len(self.match.unmatched)
        options = {(one.subject, one.read.values.get("value")) for one in self.refused}
        return faults + len(options), len(self.match.absent)

    @property
    def answered(self) -> int:
        """Count the cells that hold an answer."""
        return self.counts["mapped", "answer"]
