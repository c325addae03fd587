"""A plain table: one header row, one row per respondent. Also our own template."""

from survey.ingest.cells import as_text
from survey.ingest.columns import RawColumn, RawTable, column_letter
from survey.ingest.grid import Grid, is_blank


def detect(grid: Grid) -> str | None:
    """Every grid with a first row can be read as a plain table."""
    return "one header row" if grid.rows else None


def read(grid: Grid) -> RawTable:
    """Take the first row as headers and every other as a respondent; columns empty throughout are left."""
    header, *body = grid.rows
    headings = {position: as_text(cell) for position, cell in enumerate(header) if not is_blank(cell)}
    unheaded = {
        position
        for row in body
        for position, cell in enumerate(row)
        if cell is not None and position not in headings and not is_blank(cell)
    }
    columns = []
    for position in sorted(headings.keys() | unheaded):
        values = [row[position] if position < len(row) else None for row in body]
        columns.append(RawColumn(headings.get(position, ""), column_letter(position), values))
    numbers = grid.numbers[1:]
    return RawTable(grid.file, grid.sheet, columns, numbers, grid.numbers[0], grid.blank_rows, grid.merged)
