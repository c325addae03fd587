"""Tables on a sheet: headings, rows, section heads, marks of numbers, bars; where they stand for charts."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.formatting.rule import DataBarRule
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableStyleInfo

from survey.document import Column, Table
from survey.messages import message
from survey.render.excel.cells import Look, Styles, dress, is_missing, plain_number, put_text, put_value
from survey.render.excel.charts import PlacedColumn, PlacedTable
from survey.render.texts import clean, one_line, width, wrap

_TEXT_COLUMN = (9, 44)
_NUMBER_COLUMN = (11, 24)
_PAGE, _UPRIGHT = 150.0, 105.0  # characters that a sheet may be wide without scrolling, or on paper
_FILTER_BUTTON = 3  # columns
_HEADING_LENGTH = 255
_DENSE = 200  # rows: a longer table has one line a row
_BAR = "FFBDD7EE"


@dataclass(frozen=True)
class Block:
    """A table ready to be written: its headings are unique, its values and marks plain, row by row."""

    name: str
    title: str
    base_text: str
    columns: tuple[Column, ...]
    headings: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    marks: list[list[tuple[str, ...]]]  # of each column
    heads: list[str]  # what the numbers of a row are that heads others; "" of all other rows
    filtered: bool = True
    links: tuple[str, ...] = ()  # the sheets that the first column links to

    @property
    def sections(self) -> list[bool]:
        """Whether each row heads a section."""
        return [bool(measure) for measure in self.heads]

    @property
    def has_blanks(self) -> bool:
        """Whether any cell is empty."""
        return any(is_missing(value) for row in self.rows for value in row)

    def is_apart(self, place: int) -> bool:
        """Whether a column of texts stands behind one of numbers, which it would touch."""
        forms = [column.form for column in self.columns[max(place - 1, 0) : place + 1]]
        return forms[-1] == "text" and forms[0] != "text"

    @property
    def is_dense(self) -> bool:
        """Whether it is so long that every row is one line."""
        return len(self.rows) > _DENSE


def block_of(table: Table, lang: str) -> Block:
    """Make a table of a document ready to be written.

    Raises
    ------
    ValueError
        It shows no column, or one that its frame has not.
    """
    frame, columns = table.data, table.columns
    wanted = [name for column in columns for name in (column.key, column.marks) if name]
    if unknown := [name for name in wanted if name not in frame.columns]:
        raise ValueError(f"table {table.name!r} has no column {unknown}")
    if not columns:
        raise ValueError(f"table {table.name!r} shows no column")
    values = [frame[column.key].tolist() for column in columns]
    return Block(
        table.name,
        table.title,
        table.base_text,
        columns,
        unique_headings([column.heading for column in columns], lang),
        list(zip(*values, strict=True)),
        [table.marks(column) if column.marks else [] for column in columns],
        table.head_measures,
        table.filtered,
    )


def unique_headings(wanted: Sequence[str], lang: str) -> tuple[str, ...]:
    """Make headings that Excel takes: on one line, not empty, not too long, unique whatever the case."""
    headings: list[str] = []
    taken: set[str] = set()
    for number, text in enumerate(wanted, 1):
        base = one_line(text) or message("report_column", lang, number=number)
        base = base if len(base) <= _HEADING_LENGTH - 8 else base[: _HEADING_LENGTH - 9] + "\u2026"
        heading, count = base, 1
        while heading.casefold() in taken:
            count += 1
            heading = f"{base} ({count})"
        taken.add(heading.casefold())
        headings.append(heading)
    return tuple(headings)


def column_widths(block: Block) -> list[float]:
    """How wide the columns of a table want to be, in characters; long texts share what is left of a page."""
    widths, longer = [], []
    for place, (column, heading) in enumerate(zip(block.columns, block.headings, strict=True)):
        least, most = _TEXT_COLUMN if column.form == "text" else _NUMBER_COLUMN
        button = _FILTER_BUTTON if block.filtered else 1
        word = _heading_width(heading, least, most, button)
        texts = (row[place] for row in block.rows if isinstance(row[place], str))
        longest = max((_widest_line(text) for text in texts), default=0) + 2
        wanted = max(word, longest) if column.form == "text" else max(word, min(longest, 14))
        widths.append(float(max(least, min(wanted, most))) + 2 * block.is_apart(place))
        longer.append(max(0.0, wanted - most) if column.form == "text" else 0.0)
    page = _PAGE if block.filtered else _UPRIGHT
    room, needed = max(0.0, page - sum(widths)), sum(longer)
    share = min(1.0, room / needed) if needed else 0.0
    return [wide + share * more for wide, more in zip(widths, longer, strict=True)]


def _heading_width(heading: str, least: int, most: int, button: int) -> int:
    """How wide a column is in which no line of its heading comes near the heading beside it."""
    word = max((width(part) for part in wrap(heading, 12)), default=0) + button + 3
    for wide in range(max(word, least), most):
        room = wide - button
        if max((width(part) for part in wrap(heading, room - 1)), default=0) <= room - 3:
            return wide
    return word


def _widest_line(text: str) -> int:
    return max(map(width, clean(text).split("\n")), default=0)


class TableWriter:
    """Writes tables into one sheet; `heights` are those of the rows that are written."""

    def __init__(self, sheet: Any, styles: Styles, table_names: set[str], heights: dict[int, float]) -> None:
        """Take an openpyxl worksheet and the names that tables of the workbook have already."""
        self.sheet = sheet
        self.styles = styles
        self._table_names = table_names
        self._heights = heights

    def put(self, block: Block, row: int, column: int = 1) -> tuple[PlacedTable, int]:
        """Write a table with its headings at a row and column; give where it stands and the row below it."""
        last_column = column + len(block.columns) - 1
        letters = [get_column_letter(place) for place in range(column, last_column + 1)]
        widths = [self.sheet.column_dimensions[letter].width for letter in letters]
        self._put_headings(block, row, column, widths)
        below = self._put_rows(block, row + 1, column, widths)
        self._put_bars(block, row + 1, letters)
        self._put_frame(block, f"{letters[0]}{row}:{letters[-1]}{below - 1}")
        values = list(zip(*block.rows, strict=True)) or [()] * len(block.columns)
        named = zip(block.columns, block.headings, letters, values, strict=True)
        columns = {
            shown.key: PlacedColumn(heading, shown.form, letter, own) for shown, heading, letter, own in named
        }
        return PlacedTable(self.sheet.title, row, columns), below

    def _put_headings(self, block: Block, row: int, column: int, widths: Sequence[float]) -> None:
        tallest, button = self.styles.line_height, _FILTER_BUTTON if block.filtered else 0
        for place, (heading, wide) in enumerate(zip(block.headings, widths, strict=True)):
            named = self.styles.heading_apart if block.is_apart(place) else self.styles.heading
            style = named if block.columns[place].form == "text" else self.styles.count
            put_text(self.sheet.cell(row, column + place), heading, style, self.styles.lang)
            tallest = max(tallest, self.styles.height(heading, wide - button - 1))
        self._end_row(row, tallest)

    def _put_rows(self, block: Block, row: int, column: int, widths: Sequence[float]) -> int:
        """Write the rows; a table that has none says so in its only row. Give the row below."""
        nothing = (message("report_no_rows", self.styles.lang), *([None] * (len(block.columns) - 1)))
        rows = block.rows or [nothing]
        heads = block.heads if block.rows else [""]
        dense, plain = block.is_dense, not block.filtered
        whole = [_are_whole(column, block, place) for place, column in enumerate(block.columns)]
        looks: dict[tuple[int, tuple[str, ...], str], Look] = {}
        for number, (values, head) in enumerate(zip(rows, heads, strict=True)):
            tallest = self.styles.line_height
            for place, value in enumerate(values):
                own = block.marks[place]
                marks = own[number] if own and number < len(own) else ()
                if dense and not marks and is_missing(value):
                    continue
                key = (place, marks, head)
                if key not in looks:
                    shown = block.columns[place]
                    apart = block.is_apart(place)
                    looks[key] = Look(
                        *(shown.form, marks, bool(head), shown.total, plain, dense),
                        is_weighted=head not in ("", "base"),
                        is_apart=apart,
                        is_whole=whole[place] and not head,
                    )
                look = looks[key]
                text = put_value(self.sheet.cell(row, column + place), value, look, self.styles)
                if text and not dense:
                    tallest = max(tallest, self.styles.height(text, widths[place]))
            if block.links:
                cell = self.sheet.cell(row, column)
                dress(cell, self.styles.entry)
                link(cell, block.links[number])
            if not dense:
                self._end_row(row, tallest)
            row += 1
        return row

    def _put_bars(self, block: Block, first: int, letters: Sequence[str]) -> None:
        """Draw bars into the cells of a share, from 0 to 100 %; not into the heads of sections."""
        rows = [number for number, is_head in enumerate(block.sections) if not is_head]
        for column, letter in zip(block.columns, letters, strict=True):
            if column.bar and rows:
                cells = " ".join(f"{letter}{first + a}:{letter}{first + b}" for a, b in _runs(rows))
                rule = DataBarRule(  # type: ignore[no-untyped-call]
                    "num", 0, "num", 1, _BAR, minLength=0, maxLength=100
                )
                self.sheet.conditional_formatting.add(cells, rule)

    def _put_frame(self, block: Block, cells: str) -> None:
        """Make a real table of the cells, with buttons to filter where it has them."""
        table = ExcelTable(displayName=self._table_name(block.name), ref=cells)
        style = "TableStyleLight1" if block.filtered else None
        table.tableStyleInfo = TableStyleInfo(name=style, showRowStripes=False)
        table._initialise_columns()  # type: ignore[attr-defined]
        for shown, heading in zip(table.tableColumns, block.headings, strict=True):
            shown.name = heading  # else openpyxl makes a cell of every blank to find the headings
        if not block.filtered:
            table.autoFilter = None
        self.sheet.add_table(table)

    def _table_name(self, name: str) -> str:
        """Make a table name that Excel takes and that no other table of the workbook has."""
        base = "tbl_" + (re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "table")[:200]
        unique, count = base, 1
        while unique.casefold() in self._table_names:
            count += 1
            unique = f"{base}_{count}"
        self._table_names.add(unique.casefold())
        return unique

    def _end_row(self, row: int, height: float) -> None:
        tallest = max(height, self._heights.get(row, 0.0))
        self.sheet.row_dimensions[row].height = self._heights[row] = tallest


def _are_whole(column: Column, block: Block, place: int) -> bool:
    """Whether a column of numbers has whole ones alone: all of a column have as many decimals."""
    if column.form != "number":
        return False
    own = [values[place] for values, head in zip(block.rows, block.heads, strict=True) if not head]
    numbers = [number for number in map(plain_number, own) if number is not None]
    return all(math.isfinite(number) and number == int(number) for number in numbers)


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """The first and last of every run of rising numbers."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def link(cell: Any, name: str) -> None:
    """Let a cell lead to a sheet of the same workbook."""
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(name)}!A1")
