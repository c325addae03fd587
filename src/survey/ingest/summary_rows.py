"""Rows of totals and averages, below a table or between its rows, known by their label and their numbers.

A row headed "Total" is no respondent where nobody speaks in it: it has no answer in words, and its numbers
are no answers, or the sums (means, counts) of rows above. A firm that is called Total has answers.
"""

import datetime
import math
import re
from typing import TYPE_CHECKING, Any

from survey.files.grid import Uncached
from survey.ingest.cell_values import Reader, as_text, text_reader
from survey.ingest.column_targets import Match, Target
from survey.ingest.number_cells import limited, number_reader
from survey.ingest.option_cells import joined_reader, single_reader, tick_reader
from survey.ingest.rating_cells import rating_reader
from survey.ingest.raw_table import RawColumn, RawTable
from survey.ingest.row_words import EXACT, LIKE_A_NAME, is_note, summary_label
from survey.instrument import Instrument
from survey.wording import skeleton

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]

_FORMULA = re.compile(r"=\s*(?:sum|subtotal|average|count|median|stdev|max|min)", re.IGNORECASE)
_STAMPS = frozenset({"started", "submitted", "ip", "device"})  # what a platform writes of a respondent
_MOST_ROWS = 1 / 2
_MOST_BLOCKS = 50
_FEWEST_ABOVE = 3  # rows of which a total may be known by its numbers alone
_NEAR = 1e-6


class Summaries:
    """The columns of a table as rows of totals are looked for."""

    def __init__(self, table: RawTable, match: Match, instrument: Instrument) -> None:
        """Look at a table, its columns and the instrument."""
        self.table = table
        self.instrument = instrument
        self.targets = {id(column): target for column, target in match.answers}
        self.roles = {id(column): name for column, name in match.meta}
        self._numbers: dict[int, npt.NDArray[np.float64]] = {}
        self._readers: dict[int, Reader] = {}
        self._summaries: list[int] = []

    def labelled(self) -> "Mask":
        """The rows that a label and its evidence tell to be no respondents."""
        import numpy as np

        size = len(self.table.numbers)
        rows = np.zeros(size, np.bool_)
        for column in self.table.columns:
            rows |= column.cells.where(_strength)
        for row in rows.nonzero()[0].tolist():
            filled = self.filled(row)
            labels = [
                (place, column, strength)
                for place, column in enumerate(filled)
                if (strength := _strength(column.cells[row]))
            ]
            rows[row] = any(self._is_summary(row, filled, *label) for label in labels)
            if rows[row]:
                self._summaries.append(row)
        return rows

    def filled(self, row: int) -> list[RawColumn]:
        """The columns in which a row holds more than a dash."""
        return [column for column in self.table.columns if _says_something(column.cells[row])]

    def target(self, column: RawColumn) -> Target | None:
        """What a column holds of the instrument; None where nothing."""
        return self.targets.get(id(column))

    def speaks(self, column: RawColumn, row: int) -> bool:
        """Tell whether a cell says in words, or by a stamp of the platform, that somebody answered."""
        raw, target = column.cells[row], self.target(column)
        if target is None:
            return self.roles.get(id(column)) in _STAMPS
        if isinstance(raw, bool | datetime.date | datetime.time):
            return True
        if not isinstance(raw, str) or number_reader(raw).value is not None:
            return False
        if target.question.traits.cells == "text" or target.text:
            return not (summary_label(raw) or is_note(raw))
        return not self._reader(column, target)(raw).key

    def is_answer(self, column: RawColumn, row: int) -> bool:
        """Tell whether a cell is an answer that the question of its column allows."""
        target = self.target(column)
        return target is not None and not self._reader(column, target)(column.cells[row]).key

    def is_aggregate(self, row: int, *, label: RawColumn | None = None, strength: int = 0) -> bool:
        """Tell whether the numbers of a row are the sums or the means of rows above it.

        That two of them are sums nobody's answers do by chance; a single one, or means, only where the row is
        blank in a column that all rows above fill.
        """
        filled = [column for column in self.filled(row) if column is not label]
        answers = [
            column for column in filled if self.target(column) is not None and not self._is_text(column)
        ]
        numbers = [column for column in answers if not _is_formula(column.cells[row])]
        if not numbers:
            return bool(answers)
        return any(
            self._of_block(row, start, numbers, (label, strength)) for start in self._block_starts(row)
        )

    def _of_block(
        self, row: int, start: int, numbers: list[RawColumn], headed: tuple[RawColumn | None, int]
    ) -> bool:
        label, strength = headed
        above = self._respondents(start, row)
        if len(above) < (1 if strength else _FEWEST_ABOVE):
            return False
        common = set.intersection(*(self._ways(column, above, row) for column in numbers))
        if "sum" in common and (len(numbers) > 1 or self._leaves_out(row, above)):
            return True
        if not common or not self._leaves_out(row, above):
            return False
        if "only" in common:  # the total of one row, which names its group
            return label is not None and self._names_group(label, row, above[-1])
        several = strength >= LIKE_A_NAME or (not strength and len(numbers) > 1)
        return "mean" in common if several else "exact mean" in common

    def _is_summary(
        self, row: int, filled: list[RawColumn], place: int, label: RawColumn, strength: int
    ) -> bool:
        if self.target(label) is not None and not self._is_text(label) and self.is_answer(label, row):
            return False  # an option of the question
        others = [column for column in filled if column is not label]
        if any(self.speaks(column, row) for column in others):
            return False
        numbers = [column for column in others if self.target(column) is not None]
        if strength >= LIKE_A_NAME and not place and not self._is_text(label):
            if self._holds_ids(label) or any(not self.is_answer(column, row) for column in numbers):
                return True
            if strength == EXACT and (not numbers or self._lacks_choices(row, numbers)):
                return True
        return bool(numbers) and self.is_aggregate(row, label=label, strength=strength)

    def _is_text(self, column: RawColumn) -> bool:
        target = self.target(column)
        return target is not None and (target.question.traits.cells == "text" or target.text)

    def _lacks_choices(self, row: int, numbers: list[RawColumn]) -> bool:
        """Tell whether a row answers no single-choice question, though most rows do."""
        chosen = {id(column) for column in numbers}
        singles = [
            column
            for column in self.table.columns
            if (target := self.target(column)) is not None
            and target.question.traits.cells == "option"
            and not target.text
        ]
        usual = [one for one in singles if one.cells.filled().mean() >= _MOST_ROWS]
        return bool(usual) and all(id(column) not in chosen for column in usual)

    def _holds_ids(self, column: RawColumn) -> bool:
        """Tell whether a column has ids, most with a digit, and no names."""
        texts = [as_text(raw) for raw in column.cells.kinds if raw is not None]
        return sum(any(map(str.isdigit, text)) for text in texts) >= len(texts) * _MOST_ROWS

    def _block_starts(self, row: int) -> list[int]:
        """The rows from which a total may count: below each of the last summaries before it; the first."""
        before = [one + 1 for one in self._summaries if one < row][-_MOST_BLOCKS:]
        return [*reversed(before), 0]

    @staticmethod
    def _names_group(label: RawColumn, row: int, above: int) -> bool:
        """Tell whether a label says the group that stands above it: "North total" below "North"."""
        group = label.cells[above]
        return group is not None and skeleton(as_text(group)) in skeleton(as_text(label.cells[row]))

    def _leaves_out(self, row: int, above: list[int]) -> bool:
        """Tell whether a row is blank in a column that all rows above it fill."""
        for column in self.table.columns:
            known = id(column) in self.targets or id(column) in self.roles
            if known and column.cells[row] is None and column.cells.at(above).filled().all():
                return True
        return False

    def _respondents(self, start: int, row: int) -> list[int]:
        summaries = set(self._summaries)
        return [one for one in range(start, row) if one not in summaries]

    def _ways(self, column: RawColumn, above: list[int], row: int) -> set[str]:
        """By which statistics a number may have been made of the cells above it."""
        import numpy as np

        value = number_reader(column.cells[row]).value
        if value is None:
            return set()
        numbers = self._column_numbers(column)[above]
        numbers = numbers[~np.isnan(numbers)]
        ways: set[str] = set()
        if not len(numbers):  # ticks
            return {"sum"} if value and value == int(column.cells.at(above).filled().sum()) else ways
        if len(above) == 1:
            return {"only"} if value == numbers[0] else ways
        total, mean = math.fsum(numbers), math.fsum(numbers) / len(numbers)
        if abs(value - total) < max(_NEAR, _NEAR * abs(total)) and abs(total) > abs(numbers).max():
            ways.add("sum")
        rounded = (round(mean, 1), round(mean, 2), mean)
        if any(abs(value - one) < _NEAR for one in rounded):
            ways.add("mean")
            if value != int(value) and (numbers == numbers.round()).all() and len(numbers) >= _FEWEST_ABOVE:
                ways.add("exact mean")
        return ways

    def _column_numbers(self, column: RawColumn) -> "npt.NDArray[np.float64]":
        import numpy as np

        if id(column) not in self._numbers:
            kinds = [_number(raw) for raw in column.cells.kinds]
            self._numbers[id(column)] = np.array(kinds, np.float64)[column.cells.codes]
        return self._numbers[id(column)]

    def _reader(self, column: RawColumn, target: Target) -> Reader:
        if id(column) not in self._readers:
            self._readers[id(column)] = self._make_reader(target)
        return self._readers[id(column)]

    def _make_reader(self, target: Target) -> Reader:
        """The reader of a column; of what can be no total, one that takes everything for an answer."""
        question, habits = target.question, self.table.habits
        cells = "text" if target.text else question.traits.cells
        if cells == "point":
            return rating_reader(self.instrument.scale_of(question), habits)
        if cells == "option":
            return single_reader(question, habits)
        if cells == "tick":
            return (
                tick_reader(question, target.part, habits) if target.part else joined_reader(question, habits)
            )
        if cells == "number":
            return limited(number_reader, question.limits) if question.limits else number_reader
        return text_reader


def _strength(raw: Any) -> int:
    return summary_label(raw) if isinstance(raw, str) and not raw[:1].isdigit() else 0


def _says_something(raw: Any) -> bool:
    return raw is not None and (not isinstance(raw, str) or bool(skeleton(raw)))


def _is_formula(raw: Any) -> bool:
    return isinstance(raw, Uncached) and _FORMULA.match(raw.formula) is not None


def _number(raw: Any) -> float:
    if raw is None or isinstance(raw, bool):
        return math.nan
    value = number_reader(raw).value
    return math.nan if value is None else value
