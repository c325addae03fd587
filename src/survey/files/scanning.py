"""A fast way through a workbook: the XML that Excel and most programs write, cut up without a parser.

A cell without the number of its row (`B" t="s"><v>17</v></c>`) is looked up in a dictionary: what was seen
before costs next to nothing, what is new is read once, to the value openpyxl would give. Whatever is not
written in one of the forms known here is `Odd` and left to openpyxl, which is far slower and knows them all.
"""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from survey.errors import Place
from survey.files.distinct_values import Coded, narrow
from survey.files.plain_values import Percent
from survey.files.sheet_xml import (
    ATTRIBUTES,
    DECLARED,
    MAIN,
    Odd,
    Texts,
    check_xml,
    number_of,
    rich_text,
    text_of_xml,
)
from survey.progress import advance

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_BLOCK = 65_536  # bytes cut up at once: what the cache of a processor holds
_BATCH = 500_000  # cells sorted into their columns at once
_MOST_KNOWN = 50_000  # cells remembered: ids, moments and free text never come again
_LONGEST_ROW = 1_000_000
_LONGEST_FRAME = 20_000_000  # what stands before and after the rows
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384

_SHEET = re.compile(DECLARED + rb"<worksheet(\s[^<>]*)>")
_ROW = re.compile(rb'\s*<row r="([1-9]\d{0,6})"(' + ATTRIBUTES + rb")")
_EMPTY_ROW = rb"<row" + ATTRIBUTES + rb"/>"
_EMPTY_ROWS = re.compile(rb"(?:\s*" + _EMPTY_ROW + rb")+\s*")
_CELL = re.compile(
    rb'([A-Z]{1,3})\0"(?: s="(\d{1,6})")?(?: t="([a-zA-Z]+)")?(?: s="(\d{1,6})")?\s?'
    rb"(?:/>|>(<f" + ATTRIBUTES + rb"(?:/>|>([^<]*)</f>))?"
    rb'(?:<v(?: xml:space="preserve")?>([^<]*)</v>|<v/>|<is>(.*)</is>|<is/>)?</c>)\s*',
    re.DOTALL,
)
# The commonest forms, in one look: a shared text or a whole number; a text with nothing special in it.
_USUAL = re.compile(rb'([A-Z]{1,3})\0"(?: s="(\d{1,6})")?(?: t="s"><v>(\d{1,9})|><v>(-?\d{1,18}))</v></c>')
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:[A-Z]+(\d+)"')
_MERGED = re.compile(rb'<mergeCell ref="([A-Z0-9:]+)"')
_DATA = re.compile(rb"<(?:row|sheetData)[\s/>]")


class ScannedSheet(NamedTuple):
    """One sheet: its columns by position (from 0), the numbers of its rows, and the merged ranges.

    `bare`: nothing in it says of a row with cells, or of a column, whether it is hidden.
    """

    columns: dict[int, Coded[Any]]
    numbers: list[int]
    merged: tuple[str, ...]
    bare: bool


class Outline:
    """What a workbook says of its sheets, and what is needed to read their cells."""

    def __init__(
        self, archive: zipfile.ZipFile, content: bytes, place: Place, error: Callable[[str], Any]
    ) -> None:
        """Read it through openpyxl; `error` makes the value of a cell that holds no usable one."""
        from openpyxl.reader.excel import ExcelReader
        from openpyxl.styles.stylesheet import apply_stylesheet
        from openpyxl.xml.constants import SHARED_STRINGS

        reader: Any = ExcelReader(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        with reader.archive:
            reader.read_manifest()
            reader.read_workbook()
            apply_stylesheet(reader.archive, reader.wb)
            strings = reader.package.find(SHARED_STRINGS)
            # A sheet of charts alone holds no cells.
            self.sheets = [
                (sheet.name, sheet.state, relation.target)
                for sheet, relation in reader.parser.find_sheets()
                if relation.target in reader.valid_files and "chartsheet" not in relation.Type
            ]
        self.archive = archive
        self.texts = Texts(archive, strings.PartName[1:] if strings is not None else "", place)
        self.dates: set[int] = reader.wb._date_formats
        self.percents = percent_styles(reader.wb)
        self.special = {*self.dates, *self.percents}
        self.durations: set[int] = reader.wb._timedelta_formats
        self.epoch = reader.wb.epoch
        self.error = error

    def scan(self, part: str) -> ScannedSheet:
        """Read the cells of one sheet.

        Raises
        ------
        Odd
            Something in it is not written in a form known here.
        """
        with self.archive.open(part) as stream:
            return _Scanner(self).scan(stream)

    def value(self, kind: bytes, style: int, raw: bytes) -> Any:
        """The value of a cell, of what its type, style and `<v>` say."""
        if kind == b"s":
            return self.texts[raw]
        if kind == b"n":
            number = number_of(raw)
            if style in self.percents:
                return Percent(number)
            return self._moment(number, style) if style in self.dates else number
        if kind == b"str":
            return text_of_xml(raw)
        if kind == b"e":
            return self.error(text_of_xml(raw))
        if kind == b"b" and raw in (b"0", b"1"):
            return raw == b"1"
        raise Odd

    def _moment(self, number: float, style: int) -> Any:
        from openpyxl.utils.datetime import from_excel

        try:
            return from_excel(number, self.epoch, timedelta=style in self.durations)
        except (OverflowError, ValueError):
            raise Odd from None


class _Column:
    """What was found in one column so far: the kinds, and rows and codes of every batch."""

    def __init__(self, place: int) -> None:
        self.place = place
        self.kinds: list[Any] = [None]
        self.before = 0  # how many there were a batch ago
        self.rows: list[npt.NDArray[Any]] = []
        self.codes: list[npt.NDArray[Any]] = []

    def whole(self, size: int) -> Coded[Any]:
        """The column as a whole."""
        import numpy as np

        codes = np.zeros(size, np.min_scalar_type(len(self.kinds) - 1))
        for rows, batch in zip(self.rows, self.codes, strict=True):
            codes[rows] = batch
        return Coded(codes, self.kinds)


class _Known(dict[bytes, int]):
    """Cells by what they look like without the number of their row, numbered; `new` were never seen."""

    def __init__(self) -> None:
        self.new: list[bytes] = []

    def __missing__(self, piece: bytes) -> int:
        self[piece] = number = len(self)
        self.new.append(piece)
        return number


class _Scanner:
    """One sheet while it is read: blocks of bytes to rows, rows to pieces, pieces to columns and codes."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self.columns: dict[bytes, _Column] = {}
        self.known = _Known()
        self.numbers: list[int] = []
        self.looks: set[bytes] = set()  # what the tags of rows say beside their number
        self.done = 0  # rows sorted into the columns
        self.places, self.codes = [-1], [0]  # of every piece, by its number
        self.known[b""] = 0  # what stands before the cells of a row
        self.lasting = 1
        self.batch: list[npt.NDArray[np.int32]] = []
        self.waiting = 0
        self.last: int | None = None  # the number of the last row, as the sheet says

    def _forget(self, fleeting: set[int]) -> None:
        """Begin a new batch without what was known of some columns."""
        places, codes = self.places, self.codes
        kept = {piece: number for piece, number in self.known.items() if places[number] not in fleeting}
        self.places = [places[number] for number in kept.values()]
        self.codes = [codes[number] for number in kept.values()]
        self.known.clear()
        self.known.update(zip(kept, range(len(kept)), strict=True))
        self.lasting = len(kept)
        self.batch, self.waiting = [], 0

    def scan(self, stream: IO[bytes]) -> ScannedSheet:
        """Read a sheet as a whole."""
        head, start = b"", -1
        while start < 0:
            block = stream.read(_BLOCK)
            head += block
            start = head.find(b"<sheetData>")
            if not block or len(head) > _LONGEST_FRAME:
                raise Odd
        head, rest = head[: start + 11], head[start + 11 :]
        opening = _SHEET.match(head)
        if opening is None or MAIN not in opening[1]:
            raise Odd
        if extent := _DIMENSION.search(head):
            self.last = int(extent[1])
        tail = self._rows(stream, rest) + stream.read(_LONGEST_FRAME)
        if stream.read(1) or _DATA.search(tail):
            raise Odd
        rows = b"".join(b"<row" + look + b"/>" for look in self.looks)
        check_xml(head + rows + tail)
        self._sort()
        size = len(self.numbers)
        columns = {column.place: column.whole(size) for column in self.columns.values()}
        merged = tuple(ref.decode() for ref in _MERGED.findall(tail))
        if any(now <= before for before, now in pairwise(self.numbers)) or self.numbers[-1:] > [_LAST_ROW]:
            raise Odd
        bare = not any(b"hidden" in tag for tag in (head, *self.looks))
        return ScannedSheet(dict(sorted(columns.items())), self.numbers, merged, bare)

    def _rows(self, stream: IO[bytes], rest: bytes) -> bytes:
        """Read the rows; give what begins with the end of the data."""
        while True:
            if b"\0" in rest:  # stands in no XML: here it marks where the number of a row was
                raise Odd
            end = rest.find(b"</sheetData>")
            rows = (rest if end < 0 else rest[:end]).split(b"</row>")
            left = rows.pop()
            if rows:
                self._cells(rows)
                advance("rows", self.numbers[-1], self.last)
            elif left:
                left = re.sub(_EMPTY_ROW, b"", left).lstrip()
            if end >= 0:
                if left.strip() and not _EMPTY_ROWS.fullmatch(left):
                    raise Odd
                return rest[end:]
            block = stream.read(_BLOCK)
            if not block or len(left) > _LONGEST_ROW:
                raise Odd
            rest = left + block

    def _cells(self, rows: list[bytes]) -> None:
        """Take some rows, each without its end."""
        import numpy as np

        pieces: list[bytes] = []
        for row in rows:
            head, _, cells = row.partition(b">")
            match = _ROW.fullmatch(head)
            if match is None:
                blank = _EMPTY_ROWS.match(row)
                head, _, cells = row[blank.end() :].partition(b">") if blank else (b"", b"", b"")
                match = _ROW.fullmatch(head)
                if match is None:
                    raise Odd
            number = match[1]
            short = cells.replace(number + b'"', b'\0"')
            cut = short.split(b'<c r="')
            if len(number) == 1 or len(cells) - len(short) != (len(number) - 1) * (len(cut) - 1):
                # Something else ends like the number of the row, or nobody can tell.
                short = re.sub(rb'(<c r="[A-Z]{1,3})' + number + b'"', b'\\1\0"', cells)
                cut = short.split(b'<c r="')
            pieces += cut
            self.numbers.append(int(number))
            self.looks.add(match[2])
        codes = np.fromiter(map(self.known.__getitem__, pieces), np.int32, len(pieces))
        self._learn()
        self.batch.append(codes)
        self.waiting += len(codes)
        if self.waiting > _BATCH or len(self.known) - self.lasting > _MOST_KNOWN:
            self._sort()

    def _learn(self) -> None:
        """Read what was never seen: give each piece its place (the column) and its code (the value)."""
        texts, special = self.outline.texts, self.outline.special
        places, codes, columns = [], [], self.columns
        for piece in self.known.new:
            usual = _USUAL.fullmatch(piece)
            letters, style, text, whole = usual.groups() if usual else (b"", b"", b"", b"")
            if text:
                value: Any = texts[text]
            elif usual and (not style or int(style) not in special):
                value = int(whole)
            else:
                letters, value = self._read(piece)
                if not letters:
                    places.append(-1)
                    codes.append(0)
                    continue
            column = columns.get(letters)
            if column is None:
                column = columns[letters] = _Column(column_place(letters))
            places.append(column.place)
            codes.append(0 if value is None else len(column.kinds))
            if value is not None:
                column.kinds.append(value)
        self.places += places
        self.codes += codes
        self.known.new = []

    def _read(self, piece: bytes) -> tuple[bytes, Any]:
        """Read a cell in any of the forms known: the letters of its column and its value."""
        match = _CELL.fullmatch(piece)
        if match is None:
            if piece.strip():
                raise Odd
            return b"", None
        letters, style, kind, late, formula, formula_text, raw, rich = match.groups()
        if style and late:
            raise Odd
        if rich is not None:
            if kind != b"inlineStr" or formula:
                raise Odd
            return letters, rich_text(rich)
        if raw:
            return letters, self.outline.value(kind or b"n", int(style or late or 0), raw)
        if kind == b"e":
            raise Odd
        if formula and kind != b"str":  # its result was never stored
            if not formula.startswith(b"<f>"):
                raise Odd
            return letters, self.outline.error("=" + text_of_xml(formula_text))
        return letters, None

    def _sort(self) -> None:
        """Sort what waits into the columns."""
        import numpy as np

        pieces = np.concatenate(self.batch) if self.batch else np.empty(0, np.int32)
        places = np.array(self.places, np.int16)[pieces]
        begins = places < 0
        rows = np.cumsum(begins, dtype=np.int32) + np.int32(self.done - 1)
        # Every row begins once, and its cells stand from left to right.
        if begins.sum() != len(self.numbers) - self.done or (np.diff(places)[~begins[1:]] <= 0).any():
            raise Odd
        codes = np.array(self.codes, np.int32)[pieces]
        order = np.argsort(places, kind="stable")  # rows stay in order within a column
        bounds = np.searchsorted(places[order], np.arange(_LAST_COLUMN + 1))
        fleeting = set()
        for column in self.columns.values():
            mine = order[bounds[column.place] : bounds[column.place + 1]]
            column.rows.append(rows[mine])
            column.codes.append(narrow(codes[mine], len(column.kinds)))
            if 2 * (len(column.kinds) - column.before) > len(mine):  # most never come again
                fleeting.add(column.place)
            column.before = len(column.kinds)
        self.done = len(self.numbers)
        self._forget(fleeting)


def percent_styles(book: Any) -> set[int]:
    """The numbers of the styles of a workbook that show a number as a percentage."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    formats = dict(BUILTIN_FORMATS)
    formats |= dict(enumerate(book._number_formats, BUILTIN_FORMATS_MAX_SIZE))
    return {
        place
        for place, style in enumerate(book._cell_styles)
        if "%" in re.sub(r'"[^"]*"|\\.', "", formats.get(style.numFmtId, ""))
    }


def column_place(letters: bytes) -> int:
    """The position of a column, counted from 0: A is 0, AA is 26."""
    from openpyxl.utils import column_index_from_string

    try:
        place: int = column_index_from_string(letters.decode())
    except ValueError:
        raise Odd from None
    if place > _LAST_COLUMN:
        raise Odd
    return place - 1
