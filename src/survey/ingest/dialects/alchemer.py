"""Alchemer (SurveyGizmo): a column per option and per row of a grid, headed "option:question"."""

import re
from dataclasses import replace

from survey.files.grid import Grid
from survey.ingest.dialects.roles import NOT_KEPT, by_header
from survey.ingest.dialects.table import Signs, evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable

ROLES = by_header(
    {
        "Response ID": "key",
        "Time Started": "started",
        "Date Submitted": "submitted",
        "Status": "finished",
        "Contact ID": NOT_KEPT,
        "Legacy Comments": NOT_KEPT,
        "Comments": NOT_KEPT,
        "Language": "language",
        "Referer": NOT_KEPT,
        "Extended Referer": NOT_KEPT,
        "SessionID": NOT_KEPT,
        "User Agent": NOT_KEPT,
        "Tags": NOT_KEPT,
        "IP Address": "ip",
        "Longitude": NOT_KEPT,
        "Latitude": "location",
        "Country": NOT_KEPT,
        "City": NOT_KEPT,
        "State/Region": NOT_KEPT,
        "Postal": NOT_KEPT,
    }
)

HABITS = Habits(separator=", ", other_in_tick=True)

_WRITE_IN = re.compile(r"\s*-\s*Write[ -]?In(?:\s*\((?:Required|Optional)\))?:?\s*$", re.IGNORECASE)


def detect(grid: Grid) -> Signs:
    """By the id and the two times of a response."""
    return evidence(headers_of(grid), ("Response ID",), ("Time Started",), ("Date Submitted",))


def read(grid: Grid) -> RawTable:
    """Read one header row; an option or a question may hold a colon itself.

    The option that asks for words has its tick and its words in two columns of one header.
    """
    seen: set[str] = set()

    def naming(_place: int, header: str) -> RawColumn:
        again = header in seen
        seen.add(header)
        if ":" not in header:
            return named(header)
        pieces = header.split(":")
        also = []
        for place in range(1, len(pieces)):
            part = _WRITE_IN.sub("", ":".join(pieces[:place]))
            stem = ":".join(pieces[place:])
            also += [f"{stem} {part} text"] if again else [f"{stem}: {part}", f"{stem} {part} text"]
        return named(f"{header} text" if again else header, *also)

    table = table_of(grid, roles=ROLES, naming=naming, habits=HABITS, unverified=("unverified_layout",))
    columns = [replace(column, values=column.cells.map(_bare)) for column in table.columns]
    return replace(table, columns=columns)


def _bare(cell: object) -> object:
    """An answer "Other - Write In" without what the platform adds to the option."""
    return _WRITE_IN.sub("", cell) if isinstance(cell, str) and _WRITE_IN.search(cell) else cell
