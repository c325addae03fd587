"""A plain table: one header row, one row per respondent. Also our own template."""

from survey.files.grid import Grid
from survey.ingest.dialects.table import table_of
from survey.ingest.raw_table import RawTable


def detect(grid: Grid) -> str | None:
    """Every grid with a first row can be read as a plain table."""
    return "one header row" if grid.rows else None


def read(grid: Grid) -> RawTable:
    """Take the first row as headers and every other as a respondent; columns empty throughout are left."""
    return table_of(grid)
