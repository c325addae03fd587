"""A plain table: one header row, one row per respondent. Also our own template."""

from survey.ingest.columns import RawColumn, RawTable, column_letter
from survey.ingest.grid import Grid, is_blank


def detect(grid: Grid) -> str | None:
    """Every grid with a first row can be read as a plain table."""
    return "one header row" if grid.rows else None


def read(grid: Grid) -> RawTable:
    """Take the first row as headers and every other as a respondent; columns empty throughout are left."""
    header, *body = grid.rows
    width = max(map(len, grid.rows))
    columns = []
    for position in range(width):
        heading = header[position] if position < len(header) else None
        values = [row[position] if position < len(row) else None for row in body]
        if is_blank(heading) and all(map(is_blank, values)):
            continue
        name = "" if is_blank(heading) else str(heading)
        columns.append(RawColumn(name, column_letter(position), values))
    return RawTable(grid.file, grid.sheet, columns, grid.numbers[1:], grid.numbers[0], grid.blank_rows)
