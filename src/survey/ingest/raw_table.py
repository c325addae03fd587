"""What a dialect hands over: named columns of raw cells, each of which keeps its address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from survey.errors import Place
from survey.files.distinct_values import Coded
from survey.files.grid import unless_blank
from survey.ingest.layout import PLAIN, Habits

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True)
class Labelled:
    """A cell of a file that says what its codes mean; `zero_one`: its column has only the codes 0 and 1."""

    code: int | float | str
    label: str
    zero_one: bool = False


class DeclaredMissing(str):
    """The word for no answer, of a code that a file declares missing; `label`: what the file calls the code.

    A scale may know the label ("don't know"), and then it is an answer all the same.
    """

    label: str

    def __new__(cls, word: str, label: str) -> "DeclaredMissing":
        """Make it of the word and of the label."""
        made = super().__new__(cls, word)
        made.label = label
        return made


@dataclass(frozen=True)
class RawColumn:
    """One column: its header as written, its letter in the sheet, its raw cells.

    A dialect may add other names of the column (`also`, the better first), what it says of the respondent
    (`role`), the number of the question it belongs to (`group`), and that it is the text of an "other".
    `row_of`: the stem of the matrix it is a row of, so that the label of a row alone says nothing.
    `otherwise`: what it is where none of its other names heads a question. `form`: the form it stands in,
    where an export holds several.
    """

    header: str
    letter: str
    values: Sequence[Any]
    also: tuple[str, ...] = ()
    role: str = ""
    group: str = ""
    text: bool = False
    row_of: str = ""
    otherwise: str = ""
    form: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names by which it is known, the better first."""
        return self.also if self.otherwise else (self.header, *self.also)

    @cached_property
    def cells(self) -> Coded[Any]:
        """The raw cells, each different one once; blank ones are None."""
        return self.values if isinstance(self.values, Coded) else Coded.of(self.values).map(unless_blank)


@dataclass(frozen=True)
class RawTable:
    """Columns of one sheet; `numbers` are the row numbers of the respondents, `merged` the merged ranges.

    `dialect` is the layout it was read by, `reason` why, `unverified` the messages on what nobody verified.
    """

    file: str
    sheet: str
    columns: list[RawColumn]
    numbers: list[int]
    header_row: int
    blank_rows: int = 0
    merged: tuple[str, ...] = ()
    dialect: str = "plain"
    reason: tuple[str, ...] = ()
    habits: Habits = PLAIN
    unverified: tuple[str, ...] = ()

    @property
    def of_no_platform(self) -> bool:
        """Tell whether no platform laid the table out, so that it has no columns of its own."""
        return self.dialect == "plain" or self.habits.plain

    def only(self, rows: "npt.NDArray[Any]") -> "RawTable":
        """The same table with only some of its rows (counted from 0)."""
        columns = [replace(column, values=column.cells.at(rows).present()) for column in self.columns]
        return replace(self, columns=columns, numbers=[self.numbers[row] for row in rows.tolist()])

    def place(self, column: RawColumn, row: int | None = None, subject: str = "") -> Place:
        """Give the address of a cell (`row` counts respondents from 0), or of the header.

        In a DataFrame, which has no sheet, it is the position of the row and the name of the column.
        """
        number = None if row is None else self.numbers[row]
        if self.sheet:
            cell = f"{column.letter}{self.header_row if number is None else number}"
        else:
            cell = f"[{column.letter!r}]" if number is None else f"[{number}, {column.letter!r}]"
        return Place(file=self.file, sheet=self.sheet, cell=cell, subject=subject, row=number)


def column_letter(position: int) -> str:
    """Name a column, counted from 0, as Excel does: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
