"""Files that are no .xlsx, told by their content: text tables, old and open workbooks, encrypted ones."""

import csv
import datetime
import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from itertools import islice
from typing import Any

from survey.errors import DataError, Place, Problem, usage
from survey.files.guard import check_archive, check_xml
from survey.files.guarded_text import unguarded
from survey.files.plain_values import Percent

Rows = Iterator[tuple[Any, ...]]
Sheets = list[tuple[str, list[tuple[Any, ...]]]]
# What stands for a cell that holds an error instead of a value.
Lost = Callable[[str], Any]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_TURNS = 10_000_000  # of the hash of a password: what the format allows; more would take hours
# What Excel encrypts with where a workbook is only to be protected against changes: it opens for everybody.
_EVERYBODYS = "VelvetSweatshop"
_SEPARATORS = ",;\t|"
_MOST_CELLS = 20_000_000
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a sheet
_MOST_BLANKS = 100  # in a row: more of them look the same
_LONGEST_CELL = 10_000_000
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?")


def is_ole(content: bytes) -> bool:
    """Tell whether this is an OLE container: an old .xls, or an encrypted workbook."""
    return content.startswith(_OLE[:4])


def is_encrypted(content: bytes) -> bool:
    """Tell whether an OLE container holds an encrypted .xlsx, or is an old workbook with a password."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return True
    import msoffcrypto

    try:
        return bool(msoffcrypto.OfficeFile(BytesIO(content)).is_encrypted())
    except Exception:  # whatever a damaged container makes it raise
        return False


def decrypted(content: bytes, password: str | None, place: Place) -> bytes:
    """Open an encrypted workbook with its password.

    Raises
    ------
    DataError
        It needs a password and none was given, or it is damaged.
    UsageError
        The password is wrong.
    """
    if any(int(turns) > _MOST_TURNS for turns in re.findall(rb'spinCount="(\d{1,30})"', content)):
        raise DataError(_damaged(ValueError("spinCount"), place))
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError

    opened = BytesIO()
    try:
        file = msoffcrypto.OfficeFile(BytesIO(content))
        file.load_key(password=_EVERYBODYS if password is None else password)
        file.decrypt(opened)
    except (InvalidKeyError, DecryptionError):
        if password is None:
            raise DataError(Problem("file_encrypted", place)) from None
        raise usage("password_wrong", path=place.file) from None
    except Exception as error:  # whatever a damaged container makes it raise
        raise DataError(_damaged(error, place)) from None
    return opened.getvalue()


def read_xls(content: bytes, place: Place, lost: Lost) -> Sheets:
    """Read an old .xls workbook (BIFF) through xlrd, which is Python alone and cannot abort the process.

    Rows end with their last cell, so that neither a claimed size nor a stray cell costs anything.
    """
    import xlrd

    try:
        book = _opened(content)
        kinds = {
            xlrd.XL_CELL_DATE: lambda value: _moment(value, book.datemode),
            xlrd.XL_CELL_BOOLEAN: bool,
            xlrd.XL_CELL_ERROR: lambda value: lost(xlrd.error_text_from_code.get(value, "#ERROR")),
        }
        percents = _percent_styles(book)
        return [
            (sheet.name, [_xls_row(sheet, row, kinds, percents) for row in range(sheet.nrows)])
            for sheet in book.sheets()
        ]
    except Exception as error:  # xlrd raises whatever the damage makes it raise
        raise DataError(_damaged(error, place)) from None


def _opened(content: bytes) -> Any:
    """An old workbook with the formats of its cells; without them where these are damaged."""
    import xlrd

    try:
        return xlrd.open_workbook(
            file_contents=content, logfile=StringIO(), ragged_rows=True, formatting_info=True
        )
    except Exception:  # whatever odd styles make it raise: the values are read all the same
        return xlrd.open_workbook(file_contents=content, logfile=StringIO(), ragged_rows=True)


def _percent_styles(book: Any) -> set[int]:
    """The numbers of the styles of an old workbook that show a number as a percentage."""
    formats = {key: form.format_str or "" for key, form in book.format_map.items()}
    return {place for place, style in enumerate(book.xf_list) if "%" in formats.get(style.format_key, "")}


def _xls_row(
    sheet: Any, row: int, kinds: dict[int, Callable[[Any], Any]], percents: set[int]
) -> tuple[Any, ...]:
    cells = [
        _plain(kinds[kind](value) if kind in kinds else value)
        for kind, value in zip(sheet.row_types(row), sheet.row_values(row), strict=True)
    ]
    if percents:
        for place, value in enumerate(cells):
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if number and sheet.cell_xf_index(row, place) in percents:
                cells[place] = Percent(value)
    return tuple(cells)


def _moment(value: float, calendar: int) -> Any:
    """A date as openpyxl would give it; below one day it is a time, and what is no date stays a number."""
    import xlrd.xldate

    try:
        moment = xlrd.xldate.xldate_as_datetime(value, calendar)
    except (ValueError, OverflowError):
        return value
    return moment.time() if 0 <= value < 1 else moment


def _damaged(error: Exception, place: Place) -> Problem:
    return Problem("workbook_damaged", place, {"told": error})


def _plain(value: Any) -> Any:
    """A cell as openpyxl would give it: nothing for the empty text, whole numbers without a fraction."""
    if value == "" or value is None:
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def is_ods(archive: zipfile.ZipFile) -> bool:
    """Tell whether an archive is an OpenDocument spreadsheet."""
    names = archive.namelist()
    return "mimetype" in names and archive.read("mimetype").strip().endswith(b"opendocument.spreadsheet")


def read_ods(content: bytes, place: Place, lost: Lost) -> Sheets:
    """Read an OpenDocument spreadsheet: the values as stored, repeated rows and cells written out."""
    from xml.etree import ElementTree

    with zipfile.ZipFile(BytesIO(content)) as archive:
        check_archive(archive, len(content), place)
        xml = archive.read("content.xml")
    check_xml("content.xml", xml, place)
    sheets: Sheets = []
    rows: list[tuple[Any, ...]] = []
    row: list[Any] = []
    cells = 0
    try:
        for event, node in ElementTree.iterparse(BytesIO(xml), events=("start", "end")):
            if event == "start" and node.tag == f"{_TABLE}table":
                rows = []
                sheets.append((node.get(f"{_TABLE}name", ""), rows))
            elif event == "start" and node.tag == f"{_TABLE}table-row":
                row = []
            elif event == "end" and node.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                value = _ods_value(node, lost)
                times = _repeats(node, "number-columns-repeated")
                cells += times if value is not None else 0
                _refuse_more(cells, place)
                row += [value] * (times if value is not None else min(times, MOST_COLUMNS - len(row)))
            elif event == "end" and node.tag == f"{_TABLE}table-row":
                while row and row[-1] is None:
                    row.pop()
                times = _repeats(node, "number-rows-repeated")
                cells += len(row) * (times - 1)
                _refuse_more(cells, place)
                rows += [tuple(row)] * (times if row else min(times, MOST_ROWS - len(rows)))
                node.clear()
    except (ElementTree.ParseError, ValueError) as error:
        raise DataError(_damaged(error, place)) from None
    return [(name, _without_tail(sheet_rows)) for name, sheet_rows in sheets]


def _repeats(node: Any, name: str) -> int:
    """How often a cell or a row stands there; fewer than none is damage."""
    times = int(node.get(f"{_TABLE}{name}", 1))
    if times < 0:
        raise ValueError(name)
    return times


def _refuse_more(cells: int, place: Place) -> None:
    if cells > _MOST_CELLS:
        raise DataError(Problem("table_too_large", place, {"limit": _MOST_CELLS}))


def _without_tail(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    last = next((place for place in range(len(rows), 0, -1) if rows[place - 1]), 0)
    return rows[:last]


def _ods_value(node: Any, lost: Lost) -> Any:  # noqa: PLR0911 - a type, a value
    kind = node.get(f"{_OFFICE}value-type")
    if kind == "percentage":
        return Percent(node.get(f"{_OFFICE}value"))
    if kind in ("float", "currency"):
        return _plain(float(node.get(f"{_OFFICE}value")))
    if kind == "boolean":
        return node.get(f"{_OFFICE}boolean-value") == "true"
    if kind == "date":
        return datetime.datetime.fromisoformat(node.get(f"{_OFFICE}date-value")[:26])
    if kind == "time":
        match = _DURATION.fullmatch(node.get(f"{_OFFICE}time-value", ""))
        if match:
            hours, minutes, seconds = (int(part or 0) for part in match.groups())
            return datetime.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    text = node.get(f"{_OFFICE}string-value")
    if text is None:
        text = "\n".join("".join(_spelled(part)) for part in node.findall(f"{_TEXT}p"))
    if node.get(f"{_CALC}value-type") == "error":
        return lost(text or "#ERROR")
    return text or None


def _spelled(node: Any) -> Iterator[str]:
    """The text of a paragraph: runs of blanks, tabs and line breaks are elements of their own."""
    yield node.text or ""
    for child in node:
        if child.tag == f"{_TEXT}s":
            yield " " * min(int(child.get(f"{_TEXT}c", 1)), _MOST_BLANKS)
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif child.tag != f"{_OFFICE}annotation":
            yield from _spelled(child)
        yield child.tail or ""


_CHINESE = re.compile(r"[\u3400-\u9fff]")
_IN_A_WORD = re.compile(
    r"(?<![\u3400-\u9fff])[\u3400-\u9fff](?=[a-z])|(?<=[a-z])[\u3400-\u9fff](?![\u3400-\u9fff])"
)


def decoded(content: bytes) -> str | None:
    """The text of a file: UTF-8, UTF-16, GB18030 or Western Windows (cp1252); None where it is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif _is_wide(content[:200]):
        is_little = content[1:200:2].count(0) > content[:200:2].count(0)  # the zeros stand behind
        encodings = ["utf-16-le" if is_little else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "gb18030", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030" and _is_western(text):
            continue
        odd = sum(character < " " and character not in "\t\r\n\f" for character in text[:5000])
        return None if odd > len(text[:5000]) / 50 else text
    return None


def _is_wide(start: bytes) -> bool:
    """Tell whether zero bytes are halves of signs of UTF-16: of Latin ones, or of commas between Chinese."""
    zeros = start.count(0)
    return zeros > 0 and (zeros > len(start) / 4 or not _is_utf8(start))


def _is_utf8(start: bytes) -> bool:
    try:
        start[:-3].decode("utf-8-sig")  # the last sign may be cut in two
    except UnicodeDecodeError as error:
        return error.start > len(start) - 7
    return True


def _is_western(text: str) -> bool:
    """Tell whether text read as GB18030 is of another code page: lone characters inside Latin words."""
    chinese = len(_CHINESE.findall(text))
    return chinese > 0 and len(_IN_A_WORD.findall(text)) > chinese / 2


def read_text(text: str, place: Place) -> list[tuple[Any, ...]]:
    """Read a table of text: the separator (comma, semicolon, tab, bar) that cuts the first lines best.

    Every cell is text, as it is written, less the apostrophe that keeps a spreadsheet from running it; an
    empty one is None. Quotes, and line ends within them, are as in RFC 4180.
    """
    first_line = re.match(r"sep=(.)\r?\n", text)
    separator = first_line[1] if first_line else _separator(text)
    if first_line:
        text = text[first_line.end() :]
    rows: list[tuple[Any, ...]] = []
    cells = 0
    try:
        for row in _records(text, separator):
            cells += len(row)
            if cells > _MOST_CELLS:
                raise DataError(Problem("table_too_large", place, {"limit": _MOST_CELLS}))
            rows.append(tuple(unguarded(cell) or None for cell in row))
    except csv.Error as error:
        raise DataError(_damaged(error, place)) from None
    return rows


def _records(text: str, separator: str) -> Iterator[list[str]]:
    """The records of a text table, with cells of any length.

    The limit of Python's reader is one of the whole process: it stays as it is, and from the first record
    that has a longer cell on a slower reader takes over.
    """
    count = 0
    try:
        for record in csv.reader(StringIO(text, newline=""), delimiter=separator):
            yield record
            count += 1
    except csv.Error:
        yield from islice(_long_records(text, separator), count, None)


def _long_records(text: str, separator: str) -> Iterator[list[str]]:
    """The records as `csv.reader` cuts them, whatever the length of a cell; `csv.Error` at 10 million."""
    rest = re.escape(separator)
    cell = re.compile(
        rf'(?:"(?P<quoted>[^"]*+(?:""[^"]*+)*+)"?)?+(?P<plain>[^{rest}\r\n]*+)(?P<end>{rest}|\r\n|\r|\n|\Z)'
    )
    record: list[str] = []
    for match in cell.finditer(text):
        quoted, plain, end = match.group("quoted", "plain", "end")
        if len(match[0]) > _LONGEST_CELL:
            raise csv.Error(f"field larger than field limit ({_LONGEST_CELL})")
        if record or quoted is not None or plain or end == separator:
            record.append((quoted or "").replace('""', '"') + plain)
        elif not end:
            return
        if end != separator:
            yield record
            record = []


def _separator(text: str) -> str:
    """The separator by which the most of the first rows have as many cells as the first, more than one.

    Where no other row is like the first, which is a title, the rows are compared with one another.
    """
    head = text[:200_000]
    best = (0, 0, ",")
    among_themselves = (0, 0, ",")
    for separator in _SEPARATORS:
        try:
            widths = [len(row) for row in islice(_records(head, separator), 50)]
        except csv.Error:
            continue
        width = widths[0] if widths else 0
        if width > 1 and (widths.count(width), width) > best[:2]:
            best = (widths.count(width), width, separator)
        usual = max(widths, key=widths.count, default=0)
        if usual > 1 and (widths.count(usual), usual) > among_themselves[:2]:
            among_themselves = (widths.count(usual), usual, separator)
    return best[2] if best[0] > 1 or among_themselves[0] <= best[0] else among_themselves[2]
