"""Tables that other tools export: the sheet with their columns, its rows as text, codes that are a way."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey.errors import DataError, Place, Problem, usage
from survey.files.grid import Book, Uncached, is_blank
from survey.ingest.cell_values import as_text
from survey.ingest.dialects.table import table_of
from survey.ingest.raw_table import RawTable
from survey.interviews.interchange.code_trees import Node
from survey.interviews.interchange.tool_files import ToolFile, tree
from survey.wording import near_misses, normalise, skeleton


@dataclass(frozen=True)
class ToolTable:
    """A sheet of an export; `columns` are the positions of those that mean something, by meaning."""

    table: RawTable
    columns: Mapping[str, int]

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Place (from 0) and filled cells of each row, as text by meaning.

        Raises
        ------
        DataError
            A cell holds an error, or a formula without its result: all of them.
        """
        faults = []
        for row in range(len(self.table.numbers)):
            values = {}
            for meaning, position in self.columns.items():
                column = self.table.columns[position]
                raw = column.values[row]
                if isinstance(raw, Uncached):
                    place = self.table.place(column, row)
                    faults.append(Problem("cell_formula", place, {"value": raw.formula[:80]}))
                elif not is_blank(raw):
                    values[meaning] = as_text(raw)
            if values:
                yield row, values
        if faults:
            raise DataError(*faults)

    def header(self, meaning: str) -> str:
        """A header as written."""
        return self.table.columns[self.columns[meaning]].header

    def cell(self, meaning: str, row: int) -> str:
        """The address of a cell; rows count from 0."""
        return self.table.place(self.table.columns[self.columns[meaning]], row).cell

    def unread(self, known: Iterable[str]) -> Iterator[Problem]:
        """Say which filled columns mean nothing here, but for those that are `known` of the tool."""
        silent = {skeleton(header) for header in known}
        used = set(self.columns.values())
        for position, column in enumerate(self.table.columns):
            filled = sum(not is_blank(cell) for cell in column.values)
            if filled and position not in used and skeleton(column.header) not in silent:
                values = {"header": column.header or column.letter, "filled": filled, "near": ""}
                yield Problem("segment_column_unknown", self.table.place(column), values)


def table_with(
    book: Book, headers: Mapping[str, Sequence[str]], needed: Sequence[str], sheet: str | None = None
) -> ToolTable | None:
    """The first sheet with all `needed` columns, headed in a way given; None where there is none."""
    meanings = {skeleton(form): meaning for meaning, forms in headers.items() for form in forms}
    for grid in book.grids:
        if not grid.rows or sheet not in (None, grid.sheet):
            continue
        table = table_of(grid)
        columns: dict[str, int] = {}
        for position, column in enumerate(table.columns):
            if meaning := meanings.get(skeleton(column.header), ""):
                columns.setdefault(meaning, position)
        if all(meaning in columns for meaning in needed):
            return ToolTable(table, columns)
    return None


def with_participant(tool_table: ToolTable, participant: str | None, file: str) -> ToolTable:
    """The same table with the column so headed as that of who speaks (`UsageError` where there is none)."""
    if participant is None:
        return tool_table
    headers = [column.header for column in tool_table.table.columns]
    position = next(
        (place for place, header in enumerate(headers) if normalise(header) == normalise(participant)), None
    )
    if position is None:
        known = list(near_misses(participant, headers) or headers)
        raise usage("participant_column_unknown", column=participant, file=file, known=known)
    columns = {meaning: place for meaning, place in tool_table.columns.items() if place != position}
    return ToolTable(tool_table.table, {**columns, "participant": position})


def file_of(book: Book, tool: str) -> ToolFile:
    """An empty file of a tool, to be filled from a book."""
    return ToolFile(tool, book.file, book.file.rpartition(".")[0] or book.file, book.sha256)


def way_nodes(place: Place, ways: Iterable[tuple[str, ...]]) -> tuple[Node, ...]:
    """The tree of codes from the ways to them; the identifier of a code is its way, joined by `way_key`.

    What stands on a way and is no code itself only groups.
    """
    names: dict[str, str] = {}
    parents: dict[str, str | None] = {}
    codes = list(dict.fromkeys(ways))
    for way in codes:
        for length in range(1, len(way) + 1):
            key = way_key(way[:length])
            names[key] = way[length - 1]
            parents[key] = way_key(way[: length - 1]) if length > 1 else None
    return tree(place, names, parents, set(names) - {way_key(way) for way in codes})


def way_key(way: tuple[str, ...]) -> str:
    """The identifier of a code in a table."""
    return " > ".join(way)
