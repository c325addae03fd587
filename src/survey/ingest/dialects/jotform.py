"""Jotform: one header row, rows of a matrix as "question >> row", several options a line each in one cell."""

from survey.files.grid import Grid
from survey.ingest.dialects.roles import NOT_KEPT, by_header
from survey.ingest.dialects.table import Signs, evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable

ROLES = by_header(
    {
        "Submission Date": "submitted",
        "Submission ID": "key",
        "Submission IP": "ip",
        "Last Update Date": NOT_KEPT,
        "Flow Status": NOT_KEPT,
        "Flow Id": NOT_KEPT,
    }
)

HABITS = Habits(separator="\n", free_other=True)


def detect(grid: Grid) -> Signs:
    """By the date of a submission beside its id or address."""
    return evidence(headers_of(grid), ("Submission Date",), ("Submission ID", "Submission IP"))


def read(grid: Grid) -> RawTable:
    """Read one header row."""

    def naming(_place: int, header: str) -> RawColumn:
        stem, sign, row = (part.strip() for part in header.rpartition(">>"))
        return named(header, f"{stem}: {row}", row_of=stem) if sign else named(header)

    return table_of(grid, roles=ROLES, naming=naming, habits=HABITS, unverified=("unverified_layout",))
