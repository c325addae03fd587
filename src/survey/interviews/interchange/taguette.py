"""The codebook of Taguette as a table (CSV, Excel): a tag per row, with its parent and description."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from survey.errors import DataError, Place, Problem
from survey.files.grid import Grid, is_blank, read_book
from survey.interviews.interchange.code_trees import Node, guid
from survey.interviews.interchange.footers import writable

HEADERS = ("tag", "parent", "description")
_NAMES = ("tag", "name", "path")
_LONGEST = 200  # a tag of Taguette


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


def read_codes_table(path: Path, *, password: str | None = None) -> tuple[Node, ...]:
    """The tree of codes in a table with a column `tag` (or `name`, `path`), perhaps `parent`, `description`.

    Without a column of parents, a tag "a.b" lies below the tag "a" where there is one.

    Raises
    ------
    DataError
        No column holds the codes; a code is nameless, stands twice or lies below one that is not there: all
        of them, with their lines.
    """
    grid = read_book(path, password=password).grids[0]
    place = Place(file=path.name)
    header = ["" if is_blank(cell) else str(cell).strip().lower() for row in grid.rows[:1] for cell in row]
    rows = _rows(grid, header, _name_column(header, place))
    problems = []
    lines: dict[str, int] = {}
    for row in rows:
        where = Place(file=path.name, line=row.line)
        if not row.tag:
            problems.append(Problem("codes_no_name", where))
        elif row.tag in lines:
            problems.append(Problem("codes_twice", where, {"code": row.tag, "other": lines[row.tag]}))
        lines.setdefault(row.tag, row.line)
    parents = {row.tag: row.parent or ("" if "parent" in header else _prefix(row.tag, lines)) for row in rows}
    problems += _parent_problems(rows, parents, path.name)
    if problems:
        raise DataError(*problems)
    if not rows:
        raise DataError(Problem("refi_no_codes", place))
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
        raise DataError(Problem("codes_columns_several", place, {"columns": ", ".join(named)}))
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
