"""A plain table: one header row, one row per respondent. Also our own template."""

from survey.ingest.columns import RawTable
from survey.ingest.dialects.parts import table_of
from survey.ingest.grid import Grid


def detect(grid: Grid) -> str | None:
    """Every grid with a first row can be read as a plain table."""
    return "one header row" if grid.rows else None


def read(grid: Grid) -> RawTable:
    """Take the first row as headers and every other as a respondent; columns empty throughout are left."""
    return table_of(grid)
