"""What the dialects share: the columns of a grid, and which headers a layout is known by."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from survey.files.distinct_values import Coded
from survey.files.grid import Grid, is_blank
from survey.ingest.cell_values import as_text
from survey.ingest.dialects.roles import NO_ROLES, Roles, role_of
from survey.ingest.layout import PLAIN, Habits
from survey.ingest.raw_table import RawColumn, RawTable, column_letter
from survey.wording import normalise

# What a dialect makes of one header: a column without its cells, or None to go on with the header as it is.
Naming = Callable[[int, str], RawColumn]
# The headers by which a dialect recognises a grid; None where it is not of this dialect.
Signs = tuple[str, ...] | None


def headers_of(grid: Grid, row: int = 0) -> list[str]:
    """The texts of one header row, "" where it is blank."""
    if row >= len(grid.rows):
        return []
    return ["" if is_blank(cell) else as_text(cell).strip() for cell in grid.rows[row]]


def evidence(headers: Iterable[str], *wanted: tuple[str, ...], least: int | None = None) -> Signs:
    """Name the headers by which a layout is known: one of each group; None where too few are there."""
    there = {normalise(header): header for header in headers if header}
    matches = [
        next((there[normalise(form)] for form in forms if normalise(form) in there), "") for forms in wanted
    ]
    hits = [header for header in matches if header]
    return tuple(hits) if len(hits) >= (len(wanted) if least is None else least) else None


def table_of(
    grid: Grid,
    *,
    roles: Roles = NO_ROLES,
    header_rows: int = 1,
    naming: Naming | None = None,
    habits: Habits = PLAIN,
    unverified: tuple[str, ...] = (),
) -> RawTable:
    """Make the table of a grid: those blank throughout left out, the others named by `roles` or `naming`."""
    headings = headers_of(grid)
    for row in range(1, header_rows):
        more = headers_of(grid, row)
        headings += [""] * (len(more) - len(headings))
    body = {place: column[header_rows:].present() for place, column in grid.columns.items()}
    blank = Coded.same(None, max(len(grid.numbers) - header_rows, 0))
    named = {position for position, header in enumerate(headings) if header}
    if header_rows > 1:
        for row in range(1, header_rows):
            named |= {position for position, header in enumerate(headers_of(grid, row)) if header}
    unheaded = {place for place, cells in body.items() if cells.filled().any()}
    columns = []
    for position in sorted({*named, *unheaded}):
        header = headings[position] if position < len(headings) else ""
        values = body.get(position, blank)
        letter = column_letter(position)
        role = role_of(roles, header) if header else ""
        if role or naming is None:
            columns.append(RawColumn(header, letter, values, role=role))
            continue
        columns.append(replace(naming(position, header), letter=letter, values=values))
    return RawTable(
        grid.file,
        grid.sheet,
        columns,
        grid.numbers[header_rows:],
        grid.numbers[0],
        grid.blank_rows,
        grid.merged,
        habits=habits,
        unverified=unverified,
    )


def named(header: str, *also: str, **more: Any) -> RawColumn:
    """A column by its names, without letter and cells; `more` as of `RawColumn`."""
    return RawColumn(header, "", [], also=also, **more)
