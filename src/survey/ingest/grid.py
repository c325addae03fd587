"""From a workbook to grids: the cells of every sheet as they are, and what the file says of itself."""

import hashlib
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from survey.errors import DataError, Place, Problem, usage

# The hidden sheet in which a workbook of ours names its instrument, data sheet and origin (key, value).
SURVEY_SHEET = "_survey"

_FORMULA = re.compile(rb"<f[\s>/]")
_KINDS_OF_FILE = (
    (b"\xd0\xcf\x11\xe0", "file_is_ole"),
    (b"<html", "file_is_html"),
    (b"<!doctype html", "file_is_html"),
    (b"%pdf", "file_is_pdf"),
)


@dataclass(frozen=True)
class Uncached:
    """A formula whose value the file does not hold."""

    formula: str


@dataclass(frozen=True)
class Grid:
    """One sheet: its rows as tuples of raw values, `numbers` the row numbers in the file.

    The first row is the header; rows without any value are not here (`blank_rows` counts those inside).
    """

    file: str
    sheet: str
    rows: list[tuple[Any, ...]]
    numbers: list[int]
    blank_rows: int = 0
    hidden: bool = False


@dataclass(frozen=True)
class Book:
    """A file: its grids, what its hidden sheet says, and the SHA-256 of its bytes."""

    file: str
    grids: list[Grid]
    sha256: str
    says: dict[str, str] = field(default_factory=dict)


def is_blank(value: Any) -> bool:
    """Tell whether a raw cell holds nothing: no value, or white space only."""
    return value is None or (isinstance(value, str) and not value.strip("\u200b\ufeff \t\r\n\xa0\u3000"))


def read_book(path: str | Path) -> Book:
    """Read every sheet of an .xlsx workbook. The file is only read.

    Raises
    ------
    UsageError
        There is no such file, or it is a folder.
    DataError
        It is no workbook, or a damaged one; the message says what it is, where that can be told.
    """
    path = Path(path)
    if path.is_dir():
        raise usage("file_is_folder", path=path)
    if not path.is_file():
        raise usage("file_not_found", path=path)
    place = Place(file=path.name)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(Problem("file_unreadable", place, {"told": error.strerror})) from None
    if not content:
        raise DataError(Problem("file_empty", place))
    if not content.startswith(b"PK"):
        start = content[:200].lstrip().lower()
        key = next((key for magic, key in _KINDS_OF_FILE if start.startswith(magic)), "file_not_workbook")
        raise DataError(Problem(key, place))
    try:
        grids = _read_sheets(path)
    except Exception as error:  # openpyxl raises whatever the damage makes it raise
        told = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        raise DataError(Problem("workbook_damaged", place, {"told": told})) from None
    says: dict[str, str] = {}
    for grid in grids:
        if grid.sheet == SURVEY_SHEET:
            says = {str(row[0]): str(row[1]) for row in grid.rows if len(row) > 1 and not is_blank(row[1])}
    grids = [grid for grid in grids if grid.sheet != SURVEY_SHEET]
    return Book(path.name, grids, hashlib.sha256(content).hexdigest(), says)


def _read_sheets(path: Path) -> list[Grid]:
    import warnings

    from openpyxl import load_workbook

    with zipfile.ZipFile(path) as archive:
        has_formulas = any(
            _FORMULA.search(archive.read(name))
            for name in archive.namelist()
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions it does not keep
        book = load_workbook(path, read_only=True, data_only=True)
        formulas = load_workbook(path, read_only=True) if has_formulas else None
        try:
            grids = []
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                rows = [tuple(row) for row in sheet.iter_rows(values_only=True)]
                if formulas is not None:
                    other = formulas[sheet.title]
                    other.reset_dimensions()
                    rows = [
                        _with_uncached(values, written)
                        for values, written in zip(rows, other.iter_rows(values_only=True), strict=False)
                    ]
                grids.append(_grid(path.name, sheet.title, rows, hidden=sheet.sheet_state != "visible"))
            return grids
        finally:
            book.close()
            if formulas is not None:
                formulas.close()


def _with_uncached(values: tuple[Any, ...], written: tuple[Any, ...]) -> tuple[Any, ...]:
    """Mark the cells that hold a formula and no value."""
    return tuple(
        Uncached(str(formula)) if value is None and formula is not None else value
        for value, formula in zip(values, written, strict=False)
    )


def _grid(file: str, sheet: str, rows: list[tuple[Any, ...]], *, hidden: bool) -> Grid:
    filled = [(number, row) for number, row in enumerate(rows, 1) if not all(map(is_blank, row))]
    blank = filled[-1][0] - filled[0][0] + 1 - len(filled) if filled else 0
    return Grid(file, sheet, [row for _, row in filled], [number for number, _ in filled], blank, hidden)
