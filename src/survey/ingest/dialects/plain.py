"""A plain table: one header row, one row per respondent. Also our own template."""

import re

from survey.files.grid import Grid
from survey.ingest.dialects.table import Signs, headers_of, named, table_of
from survey.ingest.raw_table import RawColumn, RawTable

_NUMBER = re.compile(r"[+-]?\d[\d.,]*%?")


def detect(grid: Grid) -> Signs:
    """Every grid with a first row can be read as a plain table."""
    return ("one header row",) if grid.rows else None


def read(grid: Grid) -> RawTable:
    """Take the first row as headers and every other as a respondent; columns empty throughout are left.

    Where the first row holds stems over several columns each, the second heads these columns.
    """
    stems = _stems(grid)
    if not stems:
        return table_of(grid)
    parts = headers_of(grid, 1)

    def naming(place: int, header: str) -> RawColumn:
        part = parts[place] if place < len(parts) else ""
        stem = stems.get(place, "")
        if not (stem and part):
            return named(header or part)
        return named(f"{stem}: {part}", f"{stem} {part} text", row_of=stem)

    return table_of(grid, header_rows=2, naming=naming)


def _stems(grid: Grid) -> dict[int, str]:
    """The stem above each column that two rows head; none where one row does.

    A stem is merged over its columns, or blank in all but the first of them. Below it stand texts; below all
    other headers nothing.
    """
    heads, parts = headers_of(grid), headers_of(grid, 1)
    if len(grid.numbers) < 3 or not any(parts):
        return {}
    filled = [place for place, column in grid.columns.items() if column[1:].filled().any()]
    stems: dict[int, str] = {}
    stem, first = "", 0
    for place in range(max(filled, default=-1) + 1):
        head = heads[place] if place < len(heads) else ""
        if head:
            stem, first = head, place
        elif stem and place < len(parts) and parts[place]:
            stems |= {first: stem, place: stem}
    below = {place for place, part in enumerate(parts) if part}
    cells = [grid.columns[place][1] for place in below]
    texts = all(isinstance(cell, str) and not _NUMBER.fullmatch(cell.strip()) for cell in cells)
    return stems if stems and below == set(stems) and len(stems) < len(filled) and texts else {}
