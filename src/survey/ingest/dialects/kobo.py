"""KoboToolbox: names or labels, select-all questions joined, in columns, or both."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from survey.files.grid import Grid
from survey.ingest.dialects.roles import NOT_KEPT, Roles, by_header
from survey.ingest.dialects.table import Signs, evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable

ROLES = by_header(
    {
        "_uuid": "key",
        "_id": "key",
        "start": "started",
        "end": NOT_KEPT,
        "today": NOT_KEPT,
        "_submission_time": "submitted",
        "deviceid": "device",
        "username": "name",
        "_submitted_by": "name",
        "_validation_status": NOT_KEPT,
        "_notes": NOT_KEPT,
        "_status": NOT_KEPT,
        "__version__": NOT_KEPT,
        "_version_": NOT_KEPT,
        "_tags": NOT_KEPT,
        "_index": NOT_KEPT,
        "_geolocation": "location",
        "meta/instanceID": NOT_KEPT,
        "formhub/uuid": NOT_KEPT,
        "_xform_id_string": NOT_KEPT,
        "_parent_index": NOT_KEPT,
        "_parent_table_name": NOT_KEPT,
    }
)


class Further(NamedTuple):
    """What more a layout knows of a header: names, and whether it is "joined", a "part" or unknown ("")."""

    names: list[str]
    kind: str = ""


MoreNames = Callable[[str], Further]

HABITS = Habits(separator=" ", missing={"n/a": "empty"})


def detect(grid: Grid) -> Signs:
    """By the columns the server adds."""
    headers = headers_of(grid)
    wanted = ("_id",), ("_uuid",), ("_submission_time",), ("_index",), ("__version__",)
    return evidence(headers, *wanted, least=2)


def read(grid: Grid) -> RawTable:
    """Read `q` and `q/option`, groups before them dropped; where a question stands both ways, its columns."""
    table = read_names(grid, ROLES)
    return replace(table, unverified=("unverified_kobo",))


def read_names(grid: Grid, roles: Roles, *, more: MoreNames | None = None) -> RawTable:
    """Read columns named as in the form; `more` says what else is known of a header."""
    headers = headers_of(grid)
    there = set(headers)
    parents: dict[str, set[str]] = defaultdict(set)
    for header in headers:
        parent, _, last = header.rpartition("/")
        parents[last].add(parent)
    identity = next((name for name in ("_uuid", "_id", "KEY") if name in there), "")

    def naming(_place: int, header: str) -> RawColumn:
        steps = header.split("/")
        parent = header.rpartition("/")[0]
        # A part of a question of its own, or named as a part of another: its last step alone says nothing.
        stem = steps[-2] if parent and (parent in there or len(parents[steps[-1]] - {""}) > 1) else ""
        also = ["/".join(steps[place:]) for place in range(1, len(steps))]
        further = more(header) if more else Further([])
        also += further.names
        if further.kind == "part":
            return named(header, *further.names)  # an option alone may be that of another question
        if further.kind == "joined" or any(
            other.startswith(f"{header}/") for other in there if other != header
        ):
            return named(header, *also, role="joined")
        base = re.sub(r"[_ ]other$", "", header)
        if base != header and {base, f"{base}/other"} & there:  # the text beside "other"
            return named(f"{header} text", *(f"{name} text" for name in also))
        return named(header, *also, row_of=stem)

    table = table_of(grid, roles=roles, naming=naming, habits=HABITS)
    for place, column in enumerate(table.columns):
        if column.role == "key" and column.header != identity:
            table.columns[place] = RawColumn(column.header, column.letter, column.values, role=NOT_KEPT)
    return table
