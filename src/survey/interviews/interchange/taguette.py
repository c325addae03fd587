"""Codebooks in tables (CSV, Excel): a tag per row as Taguette writes them, or the codes of highlights."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO

from survey.errors import DataError, Place, Problem
from survey.files.grid import Book, Grid, is_blank
from survey.interviews.interchange.code_trees import Node, guid
from survey.interviews.interchange.footers import writable
from survey.interviews.segment_tables import holds_segments, meaning_of

HEADERS = ("tag", "parent", "description")
_NAMES = ("tag", "name", "path")
_LONGEST = 200  # a tag of Taguette
_JOINED = re.compile("[;；\n|]")  # between several codes in a cell


@dataclass(frozen=True)
class _Row:
    """One row of the table: its line, the tag, its parent ("" for none) and its description."""

    line: int
    tag: str
    parent: str
    description: str


def codes_table(nodes: tuple[Node, ...]) -> str:
    """The text of a CSV file that Taguette imports: parents before their children."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADERS)

    def write(node: Node, parent: str) -> None:
        name = writable(node.name)[:_LONGEST]
        writer.writerow((name, parent, node.description))
        for child in node.children:
            write(child, name)

    for node in nodes:
        write(node, "")
    return text.getvalue()


def codes_in_tables(book: Book) -> tuple[Node, ...]:
    """The tree of codes in a file of tables: one of codes, or one of highlights, each with its code.

    A table of codes has a column `tag` (or `name`, `path`), perhaps `parent`, `description`. Without a column
    of parents, a tag "a.b" lies below the tag "a" where there is one.

    Raises
    ------
    DataError
        No column holds the codes; in a table of codes, a code is nameless, stands twice or lies below one
        that is not there: all of them, with their lines.
    """
    grids = [grid for grid in book.grids if grid.rows]
    for grid in grids:
        headers = _header(grid, str)
        if "parent" not in [header.lower() for header in headers] and holds_segments(headers):
            return _codes_of_highlights(grid, [meaning_of(header) for header in headers], book.file)
    return _codes_of_table(grids[0] if grids else book.grids[0], book.file)


def _header(grid: Grid, form: Callable[[str], str]) -> list[str]:
    row = grid.rows[0] if grid.rows else ()
    return ["" if is_blank(cell) else form(str(cell).strip()) for cell in row]


def _codes_of_highlights(grid: Grid, meant: list[str], file: str) -> tuple[Node, ...]:
    """The codes that stand on highlights, in order of first appearance."""
    written = (
        part.strip()
        for row in grid.rows[1:]
        for name, cell in zip(meant, row, strict=False)
        if name == "code" and not is_blank(cell)
        for part in _JOINED.split(str(cell))
    )
    lines = {tag: number for number, tag in enumerate(dict.fromkeys(tag for tag in written if tag), 2)}
    if not lines:
        raise DataError(Problem("refi_no_codes", Place(file=file)))
    rows = [_Row(line, tag, _prefix(tag, lines), "") for tag, line in lines.items()]
    return _tree(rows, {row.tag: row.parent for row in rows})


def _codes_of_table(grid: Grid, file: str) -> tuple[Node, ...]:
    """The codes of a table that lists them."""
    place = Place(file=file)
    header = _header(grid, str.lower)
    rows = _rows(grid, header, _name_column(header, place))
    problems = []
    lines: dict[str, int] = {}
    for row in rows:
        where = Place(file=file, line=row.line)
        if not row.tag:
            problems.append(Problem("codes_no_name", where))
        elif row.tag in lines:
            problems.append(Problem("codes_twice", where, {"code": row.tag, "other": lines[row.tag]}))
        lines.setdefault(row.tag, row.line)
    parents = {row.tag: row.parent or ("" if "parent" in header else _prefix(row.tag, lines)) for row in rows}
    problems += _parent_problems(rows, parents, file)
    if problems:
        raise DataError(*problems)
    if not rows:
        raise DataError(Problem("refi_no_codes", place))
    return _tree(rows, parents)


def _tree(rows: list[_Row], parents: dict[str, str]) -> tuple[Node, ...]:
    below: dict[str, list[_Row]] = {}
    for row in rows:
        below.setdefault(parents[row.tag], []).append(row)

    def node(row: _Row) -> Node:
        children = tuple(map(node, below.get(row.tag, [])))
        return Node(guid("tag", row.tag), row.tag, True, row.description, children)

    return tuple(map(node, below[""]))


def _name_column(header: list[str], place: Place) -> str:
    """The one column that holds the names of the codes."""
    named = [name for name in _NAMES if name in header]
    if not named:
        raise DataError(Problem("codes_no_column", place))
    if len(named) > 1:
        raise DataError(Problem("codes_columns_several", place, {"columns": list(named)}))
    return named[0]


def _parent_problems(rows: list[_Row], parents: dict[str, str], file: str) -> Iterator[Problem]:
    for row in rows:
        where = Place(file=file, line=row.line)
        if parents[row.tag] not in ("", *parents):
            values = {"code": row.tag, "parent": parents[row.tag]}
            yield Problem("codes_parent_unknown", where, values)
        elif _circles(row.tag, parents):
            yield Problem("codes_parent_circle", where, {"code": row.tag})


def _rows(grid: Grid, header: list[str], named: str) -> list[_Row]:
    def cell(row: tuple[object, ...], name: str) -> str:
        place = header.index(name) if name in header else len(row)
        return "" if place >= len(row) or is_blank(row[place]) else str(row[place]).strip()

    return [
        _Row(number, cell(row, named), cell(row, "parent"), writable(cell(row, "description")))
        for row, number in zip(grid.rows[1:], grid.numbers[1:], strict=True)
    ]


def _prefix(tag: str, known: dict[str, int]) -> str:
    """The nearest tag that a dotted tag lies below; "" where there is none."""
    while "." in tag:
        tag = tag.rpartition(".")[0]
        if tag in known:
            return tag
    return ""


def _circles(tag: str, parents: dict[str, str]) -> bool:
    """Whether the way up from a tag never ends."""
    seen = set()
    while tag:
        if tag in seen:
            return True
        seen.add(tag)
        tag = parents.get(tag, "")
    return False
