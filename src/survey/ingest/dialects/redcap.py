"""REDCap: raw codes or labels, select-all questions in columns."""

import re
from dataclasses import replace

from survey.files.grid import Grid
from survey.ingest.dialects.roles import NOT_KEPT, by_header
from survey.ingest.dialects.table import evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable

ROLES = by_header(
    {
        "record_id": "key",
        "Record ID": "key",
        "redcap_event_name": NOT_KEPT,
        "Event Name": NOT_KEPT,
        "redcap_repeat_instrument": NOT_KEPT,
        "redcap_repeat_instance": NOT_KEPT,
        "Repeat Instrument": NOT_KEPT,
        "Repeat Instance": NOT_KEPT,
        "redcap_survey_identifier": NOT_KEPT,
        "Survey Identifier": NOT_KEPT,
        "redcap_data_access_group": NOT_KEPT,
        "Data Access Group": NOT_KEPT,
        "Survey Timestamp": "submitted",
        "Complete?": "finished",
    }
)

HABITS = Habits(
    positions=True,
    numbered_part=re.compile(r"(?P<head>.+?)___(?P<n>\d+)(?P<text>)"),
)

_CHOICE = re.compile(r"^(.*?)\s*\(choice=(.*)\)$", re.DOTALL)


def detect(grid: Grid) -> str | None:
    """By the record's id beside option columns, events or the state of a form."""
    headers = headers_of(grid)
    own = evidence(headers, ("record_id", "Record ID"))
    more = [
        header
        for header in headers
        if re.search(r"___\w+$|_complete$|^redcap_|\(choice=.*\)$|^Complete\?$", header)
    ]
    return f"{own}, {more[0]}" if own and more else None


def read(grid: Grid) -> RawTable:
    """Read `field___code` or `text (choice=label)`; `form_complete` tells who finished."""

    def naming(_place: int, header: str) -> RawColumn:
        if header.endswith("_complete"):
            return named(header, role="finished")
        if header.endswith("_timestamp"):
            return named(header, role="submitted")
        choice = _CHOICE.match(header)
        return named(header, f"{choice[1]}: {choice[2]}") if choice else named(header)

    table = table_of(grid, roles=ROLES, naming=naming, habits=HABITS, unverified=("unverified_redcap",))
    return replace(table, columns=_by_form(table.columns))


def _by_form(columns: list[RawColumn]) -> list[RawColumn]:
    """Say of every column which form it stands in: a form ends with the column of its state."""
    ends = [place for place, column in enumerate(columns) if column.role == "finished"]
    forms = [next((columns[end].header for end in ends if end >= place), "") for place in range(len(columns))]
    return [replace(column, form=form) for column, form in zip(columns, forms, strict=True)]
