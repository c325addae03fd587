"""From a workbook to grids: the cells of every sheet as they are, and what the file says of itself."""

import errno
import hashlib
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, overload

from survey.arguments import path_of
from survey.errors import DataError, Place, Problem, usage
from survey.files.archives import is_archive, unpacked_table
from survey.files.binary_workbooks import WORKBOOK, BinarySheet, read_xlsb
from survey.files.distinct_values import Coded
from survey.files.formats import (
    MOST_COLUMNS,
    MOST_ROWS,
    decoded,
    decrypted,
    is_encrypted,
    is_ods,
    is_ole,
    read_ods,
    read_text,
    read_xls,
)
from survey.files.guard import PROLOG, check_archive, check_xml, without_blanks
from survey.files.hidden_parts import Hidden, hidden_parts
from survey.files.hidden_sheet import LISTS_SHEET, SURVEY_SHEET, read_pairs
from survey.files.labelled_files import Dictionary, is_labelled, read_labelled
from survey.files.parquet_files import MAGIC, read_parquet
from survey.files.plain_values import Percent
from survey.files.scanning import Outline, percent_styles
from survey.progress import advance
from survey.quiet import without_warnings
from survey.wording import is_blank_text, public_name

_ROWS_AT_ONCE = 500
_MOST_CELLS = 100_000_000  # rows times columns: a million responses to a hundred questions
_HEAVY = 8_000_000  # bytes of a sheet from which it is worth dropping what holds nothing
# A formula or an error value in the XML of a sheet, with or without a namespace prefix.
_FORMULA_OR_ERROR = re.compile(rb"""<(?:\w+:)?f[\s>/]|\st=["']e["']""")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s+ref=["']([A-Z0-9:]+)["']""")
# A number longer than Python makes one of: infinite, as it would be rounded.
_LONG_NUMBER = re.compile(rb"<v>\s*-?[0-9]{400,}\s*</v>")
_SIGNS_OF_THEM = (b"<f", b":f", b'"e"', b"'e'")
_KINDS_OF_FILE = (
    (b"<html", "file_is_html"),
    (b"<!doctype html", "file_is_html"),
    (b"<table", "file_is_html"),
    (b"%pdf", "file_is_pdf"),
    (b"<?xml", "file_is_xml"),
    (b"sqlite format 3\0", "file_is_database"),
)


# Lines of YAML that begin a survey's schema; a table would have them in its first column.
_SCHEMA_KIND = re.compile(r"^kind: *[\"']?survey[\"']? *(?:#.*)?\r?$", re.MULTILINE)
_SCHEMA_ID = re.compile(r"^id: *[\"']?[a-z][\w-]*[\"']? *(?:#.*)?\r?$", re.MULTILINE)
_HEAD = 20_000  # characters


@dataclass(frozen=True)
class Uncached:
    """A cell without a usable value: a formula whose result the file does not hold, or an error ("#N/A")."""

    formula: str


@dataclass(frozen=True)
class Grid:
    """One sheet: its columns of raw values by position (from 0), `numbers` the row numbers in the file.

    The first row is the header; rows and columns without any value are not here (`blank_rows` counts the rows
    inside), and cells in which nothing is visible are None. `bare`: it is known to hide no row
    and no column. `dictionary`: what a file of SPSS or Stata says of its columns; it has no sheet, its header
    is row 0 and its cases are numbered from 1.
    """

    file: str
    sheet: str
    columns: dict[int, Coded[Any]]
    numbers: list[int]
    blank_rows: int = 0
    hidden: bool = False
    merged: tuple[str, ...] = ()
    bare: bool = False
    dictionary: Dictionary | None = None

    @property
    def rows(self) -> "Rows":
        """The same row by row."""
        return Rows(self)


class Rows(Sequence[tuple[Any, ...]]):
    """The rows of a grid as tuples of one length, each made when it is asked for."""

    def __init__(self, grid: Grid) -> None:
        """Look at a grid."""
        self._grid = grid
        self._width = max(grid.columns, default=-1) + 1

    def __len__(self) -> int:
        """Count the rows."""
        return len(self._grid.numbers)

    @overload
    def __getitem__(self, row: int) -> tuple[Any, ...]: ...
    @overload
    def __getitem__(self, row: slice) -> list[tuple[Any, ...]]: ...
    def __getitem__(self, row: int | slice) -> "tuple[Any, ...] | list[tuple[Any, ...]]":
        """One row, or several."""
        if isinstance(row, slice):
            return [self[one] for one in range(*row.indices(len(self)))]
        if row >= len(self):
            raise IndexError(row)
        cells: list[Any] = [None] * self._width
        for place, column in self._grid.columns.items():
            cells[place] = column[row]
        return tuple(cells)


@dataclass(frozen=True)
class Book:
    """A file: its grids, what its hidden sheet says, the SHA-256 of its bytes, what its sheets hide."""

    file: str
    grids: list[Grid]
    sha256: str
    says: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, Hidden] = field(default_factory=dict)


def is_blank(value: Any) -> bool:
    """Tell whether a raw cell holds nothing: no value, or nothing visible."""
    return value is None or (isinstance(value, str) and is_blank_text(value))


def unless_blank(value: Any) -> Any:
    """A raw cell, None where nothing in it is visible."""
    return None if is_blank(value) else value


def read_book(path: str | Path, *, password: str | None = None) -> Book:
    """Read every sheet of a file, which is told by its content and not by its name. It is only read.

    Workbooks: .xlsx, .xlsm and .xlsb (macros are not run, links not followed), .xls, .ods; encrypted ones
    with `password`. Text: .csv and .tsv in UTF-8, UTF-16, GB18030 or cp1252, as one sheet named after the
    file. SPSS and Stata with their labels: .sav, .zsav, .dta. Tables and coded responses: .parquet. A .zip
    that holds one of these is read as that one.

    Raises
    ------
    UsageError
        There is no such file, or it is a folder.
    DataError
        It is no table, a damaged one, or would unpack to too much; the message says what it is, where that
        can be told.
    """
    path = path_of(path)
    place = Place(file=path.name)
    content = _content_of(path, place)
    digest = hashlib.sha256(content).hexdigest()
    if is_archive(content):
        content = unpacked_table(content, place)
    if content.startswith(MAGIC):
        rows, said = read_parquet(content, place)
        return Book(path.name, [grid_of(path.name, _sheet_of(path), rows, hidden=False)], digest, said)
    if is_ole(content) and is_encrypted(content):
        content = decrypted(content, password, place)
    try:
        if content.startswith(b"PK"):
            grids = _read_sheets(content, path.name)
        else:
            grids = _read_others(content, path, place)
    except DataError:
        raise
    except MemoryError:
        raise DataError(Problem("file_too_much_memory", place)) from None
    except Exception as error:  # openpyxl raises whatever the damage makes it raise
        raise DataError(Problem("workbook_damaged", place, {"told": error})) from None
    if grids is None:
        raise DataError(Problem("file_not_workbook", place))
    bare = {grid.sheet for grid in grids if grid.bare}
    says = _says(grids)
    own = (SURVEY_SHEET, LISTS_SHEET) if says else (SURVEY_SHEET,)
    grids = [grid for grid in grids if grid.sheet not in own]
    return Book(path.name, grids, digest, says, hidden_parts(content, bare))


def _content_of(path: Path, place: Place) -> bytes:
    try:
        if path.is_dir():
            raise usage("file_is_folder", path=path)
        if not path.is_file():
            raise usage(
                "file_is_stream" if path.exists() or str(path) == "-" else "file_not_found", path=path
            )
        content = path.read_bytes()
    except OSError as error:
        raise DataError(Problem("file_unreadable", place, {"told": error})) from None
    except ValueError:  # a name with a zero byte
        refused = OSError(errno.EINVAL, "")
        raise DataError(Problem("file_unreadable", place, {"told": refused})) from None
    if not content:
        raise DataError(Problem("file_empty", place))
    return content


def _says(grids: list[Grid]) -> dict[str, str]:
    """What the hidden sheet says, key by key."""
    says: dict[str, str] = {}
    for grid in grids:
        if grid.sheet == SURVEY_SHEET:
            says = read_pairs(grid.rows)
    return says


def _read_others(content: bytes, path: Path, place: Place) -> list[Grid]:
    """Read what is no archive: an old workbook, or text."""
    if is_labelled(content):
        values, dictionary = read_labelled(content, place)
        heads = [variable.name for variable in dictionary.variables]
        return [_of_columns(path.name, heads, values, dictionary)]
    if is_ole(content):
        sheets = read_xls(content, place, Uncached)
        return [grid_of(path.name, name, rows, hidden=False) for name, rows in sheets]
    start = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    key = next((key for magic, key in _KINDS_OF_FILE if start.startswith(magic)), "")
    text = None if key else decoded(content)
    if text is None:
        raise DataError(Problem(key or "file_not_workbook", place))
    if _SCHEMA_KIND.search(text[:_HEAD]) and _SCHEMA_ID.search(text[:_HEAD]):
        raise DataError(Problem("file_is_instrument", place))
    return [grid_of(path.name, _sheet_of(path), read_text(text, place), hidden=False)]


def _sheet_of(path: Path) -> str:
    """What the only table of a file that has no sheets is called."""
    return public_name(path.stem)[:31] or "-"


def _of_columns(file: str, heads: list[str], values: list[list[Any]], dictionary: Dictionary) -> Grid:
    """Make a grid of the columns of a labelled file: its header is row 0, its cases are numbered from 1."""
    columns = {
        place: Coded.of([head, *column])
        for place, (head, column) in enumerate(zip(heads, values, strict=True))
    }
    numbers = list(range(1 + max(map(len, values), default=0))) if heads else []
    grid = _filled(file, "", columns, numbers, hidden=False, merged=())
    return replace(grid, bare=True, dictionary=dictionary)


def _read_sheets(content: bytes, file: str) -> list[Grid] | None:
    """Read the sheets; None where the archive holds no workbook at all."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        place = Place(file=file)
        check_archive(archive, len(content), place)
        if is_ods(archive):
            return [
                grid_of(file, name, rows, hidden=False) for name, rows in read_ods(content, place, Uncached)
            ]
        names = archive.namelist()
        if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
            return None
        for name in names:
            if name.endswith((".xml", ".rels")):
                with archive.open(name) as opened:
                    check_xml(name, opened.read(PROLOG), place)
        if WORKBOOK in names:
            return [_of_binary(file, sheet) for sheet in read_xlsb(archive, place, Uncached)]
        grids = _scanned(archive, content, file)
    return _parsed(content, file) if grids is None else grids


def _of_binary(file: str, sheet: BinarySheet) -> Grid:
    """Make a grid of a sheet of a binary workbook."""
    hidden = sheet.state != "visible"
    grid = _filled(file, sheet.name, sheet.columns, sheet.numbers, hidden=hidden, merged=sheet.merged)
    return replace(grid, bare=not (sheet.hidden_rows or sheet.hidden_columns))


def _scanned(archive: zipfile.ZipFile, content: bytes, file: str) -> list[Grid] | None:
    """Read the sheets the fast way; None where one of them must go the long way."""
    with without_warnings():  # openpyxl warns of styles and extensions it does not keep
        try:
            outline = Outline(archive, content, Place(file=file), Uncached)
            grids = []
            for name, state, part in outline.sheets:
                columns, numbers, merged, bare = outline.scan(part)
                grid = _filled(file, name, columns, numbers, hidden=state != "visible", merged=merged)
                grids.append(replace(grid, bare=bare))
        except DataError:
            raise
        except Exception:  # Odd, or whatever the damage makes it raise: openpyxl says what is wrong
            return None
    return grids


def _parsed(content: bytes, file: str) -> list[Grid]:
    """Read the sheets through openpyxl, row by row."""
    from openpyxl import load_workbook

    closer = False
    merged: dict[str, tuple[str, ...]] = {}
    lighter: dict[str, bytes] = {}
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                xml = archive.read(name)
                if len(xml) > _HEAVY:
                    lighter[name] = without_blanks(xml)
                if _LONG_NUMBER.search(xml):
                    lighter[name] = _LONG_NUMBER.sub(b"<v>1e999</v>", lighter.get(name, xml))
                closer = closer or _needs_a_closer_look(xml)
                if b"mergeCell " in xml:
                    merged[name] = tuple(ref.decode() for ref in _MERGED.findall(xml))
    if lighter:
        content = _replaced(content, lighter)
    with without_warnings():  # openpyxl warns of styles and extensions it does not keep
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        formulas = load_workbook(BytesIO(content), read_only=True) if closer else None
        with closing(book), closing(formulas) if formulas else nullcontext():
            grids = []
            percents = percent_styles(book)
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                written = formulas[sheet.title] if formulas else None
                rows: Iterable[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
                if written:
                    rows = _looked_at(sheet, written)
                elif percents:
                    rows = (tuple(map(_shown, row)) for row in sheet.iter_rows())
                part = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
                hidden = sheet.sheet_state != "visible"
                grids.append(grid_of(file, sheet.title, rows, hidden=hidden, merged=merged.get(part, ())))
            return grids


def _replaced(content: bytes, parts: dict[str, bytes]) -> bytes:
    """The same archive with other content of some parts."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            target.writestr(name, parts[name] if name in parts else source.read(name))
    return made.getvalue()


def _needs_a_closer_look(xml: bytes) -> bool:
    """Tell whether a sheet holds formulas or errors; plain searches first, which are far faster."""
    return any(sign in xml for sign in _SIGNS_OF_THEM) and _FORMULA_OR_ERROR.search(xml) is not None


def _looked_at(sheet: Any, written: Any) -> Iterator[tuple[Any, ...]]:
    """Give the rows with `Uncached` for errors and for formulas that were stored without their result.

    A formula may have the empty text as its stored result: that is a blank, not a lost value.
    """
    written.reset_dimensions()
    for values, formulas in zip(sheet.iter_rows(), written.iter_rows(), strict=True):
        row = []
        for cell, formula in zip(values, formulas, strict=True):
            if cell.data_type == "e":
                row.append(Uncached(str(cell.value)))
            elif cell.value is None and formula.data_type == "f" and cell.data_type != "str":
                row.append(Uncached(_as_written(formula.value)))
            else:
                row.append(_shown(cell))
        yield tuple(row)


def _shown(cell: Any) -> Any:
    """The value of a cell of openpyxl; a number that it shows as a percentage as such."""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in str(cell.number_format):
        return Percent(value)
    return value


def _as_written(formula: Any) -> str:
    """Give the text of a formula; a shared one or a data table may have none of its own."""
    return formula if isinstance(formula, str) else str(getattr(formula, "text", None) or "=")


def grid_of(
    file: str, sheet: str, rows: Iterable[tuple[Any, ...]], *, hidden: bool, merged: tuple[str, ...] = ()
) -> Grid:
    """Turn rows into columns, a block of rows at a time."""
    numbers: list[int] = []
    columns: dict[int, list[Any]] = defaultdict(list)

    def filled() -> Iterator[tuple[Any, ...]]:
        for number, row in enumerate(rows, 1):
            if number > MOST_ROWS:
                raise ValueError(f"sheet '{sheet}' has a row below {MOST_ROWS}")
            if not all(map(is_blank, row)):
                numbers.append(number)
                yield row

    source, row_count = filled(), 0
    while block := list(islice(source, _ROWS_AT_ONCE)):
        for place, cells in enumerate(zip_longest(*block)):
            if cells.count(None) < len(cells):
                column = columns[place]
                column += [None] * (row_count - len(column))
                column += cells
        if len(columns) > MOST_COLUMNS:
            raise DataError(Problem("table_too_wide", Place(file=file, sheet=sheet), {"limit": MOST_COLUMNS}))
        row_count += len(block)
        advance("rows", row_count)
    coded = {
        place: Coded.of([*column, *[None] * (row_count - len(column))])
        for place, column in sorted(columns.items())
    }
    return _filled(file, sheet, coded, numbers, hidden=hidden, merged=merged)


def _filled(
    file: str,
    sheet: str,
    columns: dict[int, Coded[Any]],
    numbers: list[int],
    *,
    hidden: bool,
    merged: tuple[str, ...],
) -> Grid:
    """Make a grid; rows and columns in which nothing stands are left out."""
    import numpy as np

    if len(columns) * len(numbers) > _MOST_CELLS:
        raise DataError(Problem("table_too_large", Place(file=file, sheet=sheet), {"limit": _MOST_CELLS}))
    columns = {place: column.map(_tidied) for place, column in columns.items()}
    some = np.zeros(len(numbers), np.bool_)
    for column in columns.values():
        some |= column.filled()
    if not some.all():
        columns = {place: column.at(some) for place, column in columns.items()}
        numbers = [number for number, here in zip(numbers, some.tolist(), strict=True) if here]
    columns = {place: column for place, column in columns.items() if column.filled().any()}
    blank = numbers[-1] - numbers[0] + 1 - len(numbers) if numbers else 0
    return Grid(file, sheet, columns, numbers, blank, hidden, merged)


def _tidied(value: Any) -> Any:
    """Drop the carriage returns that the format writes as `_x000D_` and openpyxl leaves so."""
    if isinstance(value, str):
        if "_x000D_" in value:
            value = value.replace("_x000D_\n", "\n").replace("_x000D_", "\n")
        return None if is_blank_text(value) else value
    return value
