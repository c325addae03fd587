"""Excel's binary workbooks (.xlsb): records instead of XML, read in Python alone, which cannot abort.

The records are those of [MS-XLSB]. Only what a table needs is looked at: not formulas, not links, not the
size that a sheet claims.
"""

import posixpath
import re
import struct
import zipfile
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from xml.etree import ElementTree

from survey.errors import DataError, Place, Problem
from survey.files.distinct_values import Coded
from survey.files.plain_values import Percent

WORKBOOK = "xl/workbook.bin"
_RELATIONS = "xl/_rels/workbook.bin.rels"
_LAST_ROW, _LAST_COLUMN = 1_048_575, 16_383  # counted from 0
_MOST_CELLS = 20_000_000
_MOST_PLACES = 100_000_000  # rows times columns
# Numbers of records.
_ROW, _BLANK, _COLUMNS, _MERGED = 0, 1, 60, 176
_BOOK_PROPERTIES, _SHEET = 153, 156
_SHARED_TEXT = 19
_FORMAT, _STYLE, _STYLES_BEGIN, _STYLES_END = 44, 47, 617, 618
_SHORT = range(12, 19)  # as 1 to 7, in the column after that of the cell before
_RICH_TEXT = 62
_RK, _ERROR, _TRUTH, _REAL, _TEXT, _SHARED = (2,), (3, 11), (4, 10), (5, 9), (6, 8, _RICH_TEXT), (7,)
_CELLS = frozenset({*range(2, 12), *_SHORT, _RICH_TEXT})
_ERRORS = {
    **{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!"},
    **{0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA"},
}
_STATES = {0: "visible", 1: "hidden", 2: "veryHidden"}


class BinarySheet(NamedTuple):
    """One sheet: its columns by position (from 0), the numbers of its rows, what is merged or hidden.

    `hidden_rows` are numbers as in the sheet, `hidden_columns` are counted from 0.
    """

    name: str
    state: str
    columns: dict[int, Coded[Any]]
    numbers: list[int]
    merged: tuple[str, ...]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]


@dataclass
class _Book:
    """What a workbook says: its sheets (name, state, part), epoch, shared texts, formats of its styles."""

    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    from_1904: bool = False
    texts_part: str = ""
    texts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)


def read_xlsb(
    archive: zipfile.ZipFile, place: Place, lost: Callable[[str], Any], *, but: Collection[str] = ()
) -> list[BinarySheet]:
    """Read the sheets; `lost` makes the value of a cell that holds an error. Sheets `but` come without cells.

    Raises
    ------
    DataError
        A sheet has more cells than can be read.
    """
    book = _outline(archive)
    if any(name not in but for name, _, _ in book.sheets):
        book.texts = _shared_texts(archive, book)
    reader = _Reader(book, lost, place)
    return [
        reader.sheet(name, state, b"" if name in but else archive.read(part))
        for name, state, part in book.sheets
    ]


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a part: number and body."""
    at, end = 0, len(content)
    while at < end:
        kind = content[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (content[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while True:
            byte = content[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift == 28:
                break
        if at + size > end:
            raise ValueError("a record ends beyond its part")
        yield kind, content[at : at + size]
        at += size


def _wide(body: bytes, at: int) -> str:
    """A text with its length before it."""
    (size,) = struct.unpack_from("<I", body, at)
    if at + 4 + 2 * size > len(body):
        raise ValueError("a text ends beyond its record")
    return body[at + 4 : at + 4 + 2 * size].decode("utf-16-le", "replace")


def _outline(archive: zipfile.ZipFile) -> _Book:
    spelt = {name.lower(): name for name in archive.namelist()}  # the case of a part's name says nothing
    targets: dict[str, tuple[str, str]] = {}  # what a relation is of, and the part
    for node in ElementTree.fromstring(archive.read(_RELATIONS)):
        sort = node.get("Type", "").rpartition("/")[2]
        part = posixpath.normpath(posixpath.join("/xl", node.get("Target", ""))).lstrip("/")
        targets[node.get("Id", "")] = sort, spelt.get(part.lower(), part)
    parts = dict(targets.values())
    book = _Book()
    book.texts_part = parts.get("sharedStrings", "")
    if "styles" in parts:
        book.styles = _styles(archive.read(parts["styles"]))
    for kind, body in _records(archive.read(WORKBOOK)):
        if kind == _BOOK_PROPERTIES:
            book.from_1904 = bool(body[0] & 1)
        elif kind == _SHEET:
            (state,) = struct.unpack_from("<I", body)
            relation = _wide(body, 8)
            name = _wide(body, 12 + len(relation.encode("utf-16-le")))
            sort, part = targets[relation]
            if sort == "worksheet":
                book.sheets.append((name, _STATES.get(state, "hidden"), part))
    return book


def _shared_texts(archive: zipfile.ZipFile, book: _Book) -> list[str]:
    if not book.texts_part:
        return []
    records = _records(archive.read(book.texts_part))
    return [_wide(body, 1) for kind, body in records if kind == _SHARED_TEXT]


def _styles(content: bytes) -> list[str]:
    """The number format of every style of a cell."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    formats = dict(BUILTIN_FORMATS)
    styles: list[str] = []
    inside = False
    for kind, body in _records(content):
        if kind == _FORMAT:
            formats[struct.unpack_from("<H", body)[0]] = _wide(body, 2)
        elif kind in (_STYLES_BEGIN, _STYLES_END):
            inside = kind == _STYLES_BEGIN
        elif kind == _STYLE and inside:
            styles.append(formats.get(struct.unpack_from("<H", body, 2)[0], ""))
    return styles


class _Table:
    """The cells of one sheet, as they come; `column` is that of the last one."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.cells: dict[int, tuple[list[int], list[Any]]] = defaultdict(lambda: ([], []))
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.merged: list[str] = []
        self.count, self.column = 0, -1

    @property
    def size(self) -> int:
        """Rows times columns."""
        return len(self.cells) * len(self.rows)

    def put(self, value: Any) -> None:
        """Put a value into the row and column where the reading is."""
        if not self.rows or not 0 <= self.column <= _LAST_COLUMN:
            raise ValueError("a cell outside the sheet")
        if value is not None:
            self.count += 1
            places, values = self.cells[self.column]
            places.append(len(self.rows) - 1)
            values.append(value)

    def blank(self, body: bytes) -> None:
        """Pass over a cell that has a style alone."""
        (self.column,) = struct.unpack_from("<I", body)

    def row(self, body: bytes) -> None:
        """Begin a row."""
        (row,) = struct.unpack_from("<I", body)
        if row > _LAST_ROW or (self.rows and row < self.rows[-1]):
            raise ValueError("rows out of order")
        self.rows.append(row + 1)
        self.column = -1
        if body[11] & 0x10:
            self.hidden_rows.add(row + 1)

    def column_widths(self, body: bytes) -> None:
        """Take columns that are hidden."""
        first, last = struct.unpack_from("<II", body)
        if body[16] & 1:
            self.hidden_columns |= set(range(first, min(last, _LAST_COLUMN) + 1))

    def merge(self, body: bytes) -> None:
        """Take a range of cells that are merged."""
        from openpyxl.utils import get_column_letter

        first, last, left, right = struct.unpack_from("<IIII", body)
        corners = [(left, first), (right, last)]
        self.merged.append(":".join(f"{get_column_letter(column + 1)}{row + 1}" for column, row in corners))

    def columns(self) -> dict[int, Coded[Any]]:
        """The columns, each as long as there are rows."""
        columns = {}
        for column, (places, values) in sorted(self.cells.items()):
            cells: list[Any] = [None] * len(self.rows)
            for place, value in zip(places, values, strict=True):
                cells[place] = value
            columns[column] = Coded.of(cells)
        return columns


_TAKES = {
    _ROW: _Table.row,
    _BLANK: _Table.blank,
    _COLUMNS: _Table.column_widths,
    _MERGED: _Table.merge,
}


class _Reader:
    """Reads sheets, a record at a time."""

    def __init__(self, book: _Book, lost: Callable[[str], Any], place: Place) -> None:
        from openpyxl.styles.numbers import is_date_format, is_timedelta_format
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

        self.book, self.lost, self.place = book, lost, place
        self.epoch = MAC_EPOCH if book.from_1904 else WINDOWS_EPOCH
        bare = [re.sub(r'"[^"]*"|\\.', "", style) for style in book.styles]
        self.percents = {style for style, form in enumerate(bare) if "%" in form}
        self.dates = {style for style, form in enumerate(book.styles) if is_date_format(form)}
        self.durations = {style for style, form in enumerate(book.styles) if is_timedelta_format(form)}

    def sheet(self, name: str, state: str, content: bytes) -> BinarySheet:
        """Read one sheet from its part."""
        table = _Table()
        for kind, body in _records(content):
            if kind in _CELLS:
                table.column, value = self._cell(kind, body, table.column)
                table.put(value)
                if table.count > _MOST_CELLS or table.size > _MOST_PLACES:
                    place = Place(file=self.place.file, sheet=name)
                    raise DataError(Problem("table_too_large", place, {"limit": _MOST_CELLS}))
            elif kind in _TAKES:
                _TAKES[kind](table, body)
        hidden = frozenset(table.hidden_rows), frozenset(table.hidden_columns)
        return BinarySheet(name, state, table.columns(), table.rows, tuple(table.merged), *hidden)

    def _cell(self, kind: int, body: bytes, before: int) -> tuple[int, Any]:  # noqa: PLR0911 - a kind, a value
        """The column of a cell and its value."""
        column, at = before + 1, 4
        if kind in _SHORT:
            kind -= 11
            style = int.from_bytes(body[0:3], "little")
        else:
            (column,) = struct.unpack_from("<I", body)
            style, at = int.from_bytes(body[4:7], "little"), 8
        if kind in _SHARED:
            (number,) = struct.unpack_from("<I", body, at)
            return column, self.book.texts[number] or None
        if kind in _RK:
            return column, self._number(_rk(struct.unpack_from("<i", body, at)[0]), style)
        if kind in _REAL:
            return column, self._number(struct.unpack_from("<d", body, at)[0], style)
        if kind in _TRUTH:
            return column, body[at] == 1
        if kind in _TEXT:
            return column, _wide(body, at + (kind == _RICH_TEXT)) or None
        if kind in _ERROR:
            return column, self.lost(_ERRORS.get(body[at], "#ERROR"))
        return column, None

    def _number(self, number: float, style: int) -> Any:
        if style in self.percents:
            return Percent(number)
        if style in self.dates:
            from openpyxl.utils.datetime import from_excel

            try:
                return from_excel(number, self.epoch, timedelta=style in self.durations)
            except (OverflowError, ValueError):
                return number
        return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _rk(raw: int) -> float:
    """A number of 30 bits: an integer or the first bits of a real one, perhaps times 100."""
    if raw & 2:
        number = float(raw >> 2)
    else:
        (number,) = struct.unpack("<d", struct.pack("<Q", (raw & 0xFFFFFFFC) << 32))
    return number / 100 if raw & 1 else number
