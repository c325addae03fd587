"""REDCap: raw codes or labels, select-all questions in columns."""

import re
from dataclasses import replace

from survey.files.grid import Grid
from survey.ingest.dialects.roles import EVENT, NOT_KEPT, REPEAT, by_header
from survey.ingest.dialects.table import Signs, evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable

ROLES = by_header(
    {
        "record_id": "key",
        "Record ID": "key",
        "redcap_event_name": EVENT,
        "Event Name": EVENT,
        "redcap_repeat_instrument": REPEAT,
        "redcap_repeat_instance": REPEAT,
        "Repeat Instrument": REPEAT,
        "Repeat Instance": REPEAT,
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

_CHOICE = re.compile(r"^(.*?)\s*\(choice='?(.*?)'?\)$", re.DOTALL)
_NOT_COMPLETED = "[not completed]"  # in place of a time


def detect(grid: Grid) -> Signs:
    """By the record's id beside option columns, events or the state of a form, or by labels of both."""
    headers = headers_of(grid)
    labelled = [header for header in headers if header == "Complete?" or _CHOICE.match(header)]
    if "Complete?" in labelled and len(set(labelled)) > 1:
        return tuple(labelled[:2])
    own = evidence(headers, ("record_id", "Record ID"))
    more = [
        header
        for header in headers
        if re.search(r"___\w+$|_complete$|^redcap_|\(choice=.*\)$|^Complete\?$", header)
    ]
    return (*own, more[0]) if own and more else None


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
    columns = [
        replace(column, values=column.cells.map(_completed)) if column.role == "submitted" else column
        for column in table.columns
    ]
    return replace(table, columns=_by_form(_with_key(columns)))


def _completed(cell: object) -> object:
    return None if isinstance(cell, str) and cell.strip() == _NOT_COMPLETED else cell


def _with_key(columns: list[RawColumn]) -> list[RawColumn]:
    """The record's id stands first, whatever its label is where labels head the columns."""
    first = columns[0] if columns else None
    labelled = any(column.header == "Complete?" for column in columns)
    if first is None or not labelled or first.role or any(column.role == "key" for column in columns):
        return columns
    return [replace(first, otherwise="key", also=(first.header,)), *columns[1:]]


def _by_form(columns: list[RawColumn]) -> list[RawColumn]:
    """Say of every column which form it stands in: a form ends with the column of its state."""
    ends = [place for place, column in enumerate(columns) if column.role == "finished"]
    forms = [next((columns[end].header for end in ends if end >= place), "") for place in range(len(columns))]
    return [replace(column, form=form) for column, form in zip(columns, forms, strict=True)]
