"""Matrices of who is coded with what: ours, anybody's, and those of NVivo's matrix coding queries.

A row is a person, or one person as one coder sees them; a column is a code; a cell is 0 or 1, a count,
blank, or a mark such as "x". NVivo puts a number or letter before its labels ("1 : Ann", "A : Trust"), and
counts references. There are no passages in a matrix: each row is one segment without words.
"""

import re
from collections.abc import Sequence
from typing import Any

from survey.errors import DataError, Problem
from survey.files.grid import Book, Uncached, is_blank
from survey.ingest.cell_values import as_text
from survey.ingest.dialects.table import table_of
from survey.ingest.raw_table import RawColumn, RawTable
from survey.interviews.interchange.tool_files import ToolFile
from survey.interviews.interchange.tool_tables import file_of, way_key, way_nodes
from survey.interviews.raw_rows import RawRow
from survey.interviews.segment_tables import meaning_of
from survey.wording import normalise

TOOL = "0/1 matrix"
TURNS = True  # rows may be the codes, which only a codebook can tell
_ABOUT = ("participant", "group", "coder", "document", "gist")  # columns that are no codes
_YES = ("x", "✓", "✔", "√", "yes", "true", "是", "有", "●")
_NO = ("0", "no", "false", "否", "无", "-", "–", "○")
_WHOLE = re.compile(r"([0-9]{1,8})(?:\.0+)?")
_NVIVO = re.compile(r"(?:\d{1,4}|[A-Z]{1,3})\s?:\s(.+)")


def of_tables(book: Book, sheet: str | None = None) -> bool:
    """Tell whether the first sheet with content (or the one named) is a matrix of marks, most of them."""
    table = _table(book, sheet)
    return table is not None and _holds_marks(table)


def _table(book: Book, sheet: str | None) -> RawTable | None:
    grids = [grid for grid in book.grids if grid.rows and sheet in (None, grid.sheet)]
    return table_of(grids[0]) if grids else None


def _holds_marks(table: RawTable) -> bool:
    """Whether rows have names, no column holds codes as words, and the others hold marks, most of them."""
    codes = _code_columns(table)
    meanings = [meaning_of(column.header) for column in table.columns]
    return (
        bool(codes and table.numbers)
        and not {*meanings} - {"", *_ABOUT}
        and all(
            sum(_mark(cell) is None for cell in column.values) * 2 <= len(column.values) for column in codes
        )
        and any(_mark(cell) for column in codes for cell in column.values)
        and any(_mark(cell) is None or isinstance(cell, str) for cell in _named_by(table).values)
    )


def _named_by(table: RawTable) -> RawColumn:
    """The column that names the rows: the one so headed, else the first."""
    return next(
        (column for column in table.columns if meaning_of(column.header) == "participant"), table.columns[0]
    )


def _code_columns(table: RawTable) -> list[RawColumn]:
    if not table.columns:
        return []
    named_by = _named_by(table)
    return [
        column
        for column in table.columns
        if column is not named_by and column.header and not meaning_of(column.header)
    ]


def _mark(cell: Any) -> bool | None:
    """Whether a cell says yes; None where it is no mark."""
    if is_blank(cell):
        return False
    if isinstance(cell, Uncached):
        return None
    if isinstance(cell, bool | int | float):
        return cell > 0 if cell >= 0 and cell == int(cell) else None
    word = normalise(str(cell))
    if word in _YES or word in _NO:
        return word in _YES
    number = _WHOLE.fullmatch(word)
    return int(number[1]) > 0 if number else None


def read(
    book: Book, sheet: str | None = None, participant: str | None = None, *, turned: bool = False
) -> ToolFile:
    """Read a matrix; everybody named in it was interviewed. `turned`: rows are codes, columns people.

    Raises
    ------
    DataError
        A cell is no mark, a row has no name, or one name stands in several rows of one coder.
    """
    del participant  # the rows are named by the column so headed, or the first
    table = _table(book, sheet)
    assert table is not None  # of_tables has looked
    coded = file_of(book, TOOL)
    codes = _code_columns(table)
    names = [
        " ".join(as_text(cell).split()) if not is_blank(cell) else "" for cell in _named_by(table).values
    ]
    heads = [column.header for column in codes]
    if _prefixed(names) and _prefixed(heads):
        coded.tool = "NVivo"
        names, heads = _unprefixed(names), _unprefixed(heads)
    _check_cells(table, codes)
    _check_names(table, names)
    if any(_count(cell) > 1 for column in codes for cell in column.values):
        coded.notices.append(Problem("matrix_counts", coded.place))
    if turned:
        _add_turned(coded, table, names, heads, codes)
    else:
        _add_rows(coded, table, names, heads, codes)
    return coded


def _count(cell: Any) -> int:
    word = "" if is_blank(cell) or isinstance(cell, Uncached) else normalise(as_text(cell))
    number = _WHOLE.fullmatch(word)
    return int(number[1]) if number else 0


def _prefixed(labels: Sequence[str]) -> bool:
    return bool(labels) and all(_NVIVO.fullmatch(label) for label in labels)


def _unprefixed(labels: Sequence[str]) -> list[str]:
    """Labels of NVivo without what counts them, and without the folders above them."""
    matches = [_NVIVO.fullmatch(label) for label in labels]
    return [match[1].rpartition("\\")[2].strip() for match in matches if match]


def _column(table: RawTable, meaning: str) -> RawColumn | None:
    return next((column for column in table.columns if meaning_of(column.header) == meaning), None)


def _check_cells(table: RawTable, codes: Sequence[RawColumn]) -> None:
    faults = []
    for column in codes:
        for row, cell in enumerate(column.values):
            if _mark(cell) is None:
                written = cell.formula if isinstance(cell, Uncached) else as_text(cell)
                key = "cell_formula" if isinstance(cell, Uncached) else "matrix_cell"
                faults.append(Problem(key, table.place(column, row), {"value": written[:40]}))
    if faults:
        raise DataError(*faults)


def _check_names(table: RawTable, names: Sequence[str]) -> None:
    coders = _column(table, "coder")
    seen: dict[tuple[str, str], int] = {}
    faults = []
    for row, name in enumerate(names):
        key = normalise(name), "" if coders is None else normalise(as_text(coders.values[row]))
        place = table.place(_named_by(table), row)
        if not name:
            faults.append(Problem("person_nameless", place))
        elif seen.setdefault(key, row) != row:
            values = {"participant": name, "other": table.place(_named_by(table), seen[key]).cell}
            faults.append(Problem("person_twice", place, values))
    if faults:
        raise DataError(*faults)


def _add_rows(
    coded: ToolFile, table: RawTable, names: Sequence[str], heads: Sequence[str], codes: Sequence[RawColumn]
) -> None:
    coded.nodes = way_nodes(coded.place, [(head,) for head in heads])
    people: dict[str, dict[str, str | None]] = {}
    about = {meaning: _column(table, meaning) for meaning in ("group", "coder", "document", "gist")}
    for row, name in enumerate(names):
        values = {
            meaning: as_text(column.values[row]).strip()
            for meaning, column in about.items()
            if column is not None and not is_blank(column.values[row])
        }
        people.setdefault(name, {"participant": name, "group": None})
        people[name]["group"] = values.pop("group", None) or people[name]["group"]
        given = tuple(
            (way_key((head,)), table.place(column, row).cell)
            for head, column in zip(heads, codes, strict=True)
            if _mark(column.values[row])
        )
        if given:
            values |= {"participant": name, "segment": name}
            coded.rows.append(RawRow(coded.file, table.numbers[row], values, given, {}, table.sheet))
    coded.people = [
        RawRow(coded.file, number, about) for number, about in enumerate(people.values(), start=1)
    ]


def _add_turned(
    coded: ToolFile, table: RawTable, names: Sequence[str], heads: Sequence[str], codes: Sequence[RawColumn]
) -> None:
    coded.nodes = way_nodes(coded.place, [(name,) for name in names])
    for head, column in zip(heads, codes, strict=True):
        given = tuple(
            (way_key((name,)), table.place(column, row).cell)
            for row, name in enumerate(names)
            if _mark(column.values[row])
        )
        if given:
            values = {"participant": head, "segment": head}
            coded.rows.append(RawRow(coded.file, table.header_row, values, given, {}, table.sheet))
    coded.people = [
        RawRow(coded.file, number, {"participant": head, "group": None})
        for number, head in enumerate(heads, start=1)
    ]
