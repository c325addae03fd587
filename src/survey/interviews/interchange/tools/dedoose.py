"""Dedoose: the export of excerpts, after scripts that read and write it; a row is an excerpt.

Codes stand in columns of their own, "Code: Work\\Pay Applied", with True or False, and together in "Codes
Applied Combined", by their last names alone. "Excerpt Range" gives a place in the file as Dedoose shows it,
no position here.
"""

import re
from typing import Any

from survey.errors import DataError, Problem
from survey.files.grid import Book
from survey.interviews.interchange.tool_files import ToolFile
from survey.interviews.interchange.tool_tables import (
    ToolTable,
    file_of,
    table_with,
    way_key,
    way_nodes,
    with_participant,
)
from survey.interviews.raw_rows import RawRow
from survey.wording import normalise

TOOL = "Dedoose"
_HEADERS = {
    "document": ("media title",),
    "text": ("excerpt copy", "excerpt"),
    "range": ("excerpt range",),
    "coder": ("excerpt creator",),
    "combined": ("codes applied combined",),
}
_KNOWN = ("excerpt date", "resource creator", "resource date")
_CODE = re.compile(r"Code:\s*(.+?)\s+(Applied|Range|Weight)", re.IGNORECASE)
_YES = ("true", "1", "yes")
_NO = ("false", "0", "no")


def _table(book: Book, sheet: str | None) -> ToolTable | None:
    table = table_with(book, _HEADERS, ("document", "text"), sheet)
    return table if table and ("combined" in table.columns or _codes(table)) else None


def _codes(table: ToolTable) -> dict[int, tuple[str, ...]]:
    """The ways to the codes, by the position of the column that says whether they were given."""
    matches = {
        place: _CODE.fullmatch(column.header.strip()) for place, column in enumerate(table.table.columns)
    }
    return {
        place: tuple(step.strip() for step in match[1].split("\\") if step.strip())
        for place, match in matches.items()
        if match and match[2].lower() == "applied"
    }


def of_tables(book: Book, sheet: str | None = None) -> bool:
    """Tell whether a book holds excerpts of Dedoose."""
    return _table(book, sheet) is not None


def read(book: Book, sheet: str | None = None, participant: str | None = None) -> ToolFile:
    """Read the excerpts: excerpts with the same place and words are one segment, whoever made them.

    Raises
    ------
    DataError
        A column of a code holds neither true nor false: all such cells.
    """
    table = _table(book, sheet)
    assert table is not None  # of_tables has looked
    coded = file_of(book, TOOL)
    applied = _codes(table)
    table = with_participant(table, participant, book.file)
    table = ToolTable(table.table, {**table.columns, **{f"code {place}": place for place in applied}})
    ways: list[tuple[str, ...]] = [*applied.values()]
    marks: dict[Any, str] = {}
    faults = []
    for row, values in table.rows():
        number = table.table.numbers[row]
        given = []
        for place, way in applied.items():
            written = normalise(values.pop(f"code {place}", "false"))
            if written in _YES:
                given.append((way, table.cell(f"code {place}", row)))
            elif written not in _NO:
                problem_place = table.table.place(table.table.columns[place], row)
                faults.append(Problem("matrix_cell", problem_place, {"value": written[:40]}))
        if not applied:
            names = [name.strip() for name in values.get("combined", "").split(",") if name.strip()]
            given = [((name,), table.cell("combined", row)) for name in names]
            ways += [way for way, _ in given]
        if not given:
            coded.unread["uncoded"] += 1
            continue
        span = tuple(values.get(name) for name in ("document", "range", "text"))
        values["segment"] = marks.setdefault(span, f"d{number}")
        kept = {name: value for name, value in values.items() if name not in ("combined", "range")}
        codes = tuple((way_key(way), cell) for way, cell in given)
        coded.rows.append(RawRow(book.file, number, kept, codes, {}, table.table.sheet))
    if faults:
        raise DataError(*faults)
    coded.nodes = way_nodes(coded.place, ways)
    others = [column.header for column in table.table.columns if _CODE.fullmatch(column.header.strip())]
    coded.notices += table.unread((*_KNOWN, *others))
    return coded
