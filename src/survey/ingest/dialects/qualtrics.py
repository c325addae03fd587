"""Qualtrics: three header rows (tag, label, import id) or one."""

import re

from survey.files.grid import Grid
from survey.ingest.dialects.roles import NOT_KEPT, by_header
from survey.ingest.dialects.table import evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable

ROLES = by_header(
    {
        "StartDate": "started",
        "EndDate": "submitted",
        "RecordedDate": NOT_KEPT,
        "Status": "status",
        "IPAddress": "ip",
        "Progress": "progress",
        "Duration (in seconds)": "duration",
        "Finished": "finished",
        "ResponseId": "key",
        "RecipientLastName": "name",
        "RecipientFirstName": NOT_KEPT,
        "RecipientEmail": "email",
        "ExternalReference": NOT_KEPT,
        "ExternalDataReference": NOT_KEPT,
        "LocationLatitude": "location",
        "LocationLongitude": NOT_KEPT,
        "DistributionChannel": "channel",
        "UserLanguage": "language",
        "Start Date": "started",
        "End Date": "submitted",
        "Response Type": "status",
        "IP Address": "ip",
        "Recorded Date": NOT_KEPT,
        "Response ID": "key",
        "Recipient Last Name": "name",
        "Recipient First Name": NOT_KEPT,
        "Recipient Email": "email",
        "External Data Reference": NOT_KEPT,
        "Location Latitude": "location",
        "Location Longitude": NOT_KEPT,
        "Distribution Channel": "channel",
        "User Language": "language",
    }
)

HABITS = Habits(
    separator=",",
    positions=True,
    missing={"-99": "skipped"},
    statuses={
        **{"1": "preview", "9": "preview", "17": "preview"},
        **{"2": "test", "10": "test", "8": "spam", "12": "spam"},
    },
    preview_channels=frozenset({"preview", "test"}),
    numbered_part=re.compile(r"(?P<head>.+?)_(?P<n>\d+)(?P<text>_TEXT)?", re.IGNORECASE),
)

_IMPORT_ID = re.compile(r'\{\s*"ImportId"\s*:')
_SELECTED = re.compile(r"\s*-\s*Selected Choice\b", re.IGNORECASE)
# What Qualtrics adds by itself: display orders, page timers, browser data.
_ADDED = re.compile(
    r".*(?:_DO(?:_.*)?|_(?:First|Last) Click|_Page Submit|_Click Count|_Browser|_Version|_Operating System|"
    r"_Resolution)|Q_.*|SC\d+"
)


def _ids_row(grid: Grid) -> int:
    """The position of the row of import ids; 0 where there is none."""
    for row in (1, 2):
        if sum(_IMPORT_ID.match(cell) is not None for cell in headers_of(grid, row)) > 1:
            return row
    return 0


def detect(grid: Grid) -> str | None:
    """By the row of import ids, or by the columns on every response."""
    if _ids_row(grid):
        return "ImportId"
    wanted = ("StartDate", "Start Date"), ("EndDate", "End Date"), ("Status", "Response Type")
    more = ("Finished",), ("ResponseId", "Response ID"), ("RecordedDate", "Recorded Date")
    common = evidence(headers_of(grid), *wanted, *more, ("Duration (in seconds)",), least=3)
    names = headers_of(grid)
    own = evidence(
        names, ("ResponseId", "Response ID"), ("Duration (in seconds)",), ("RecordedDate",), least=1
    )
    monkey = evidence(names, ("Respondent ID", "RespondentID"), ("Collector ID", "CollectorID"), least=1)
    return common if common and own and not monkey else None


def read(grid: Grid) -> RawTable:
    """Read tags and labels together: a column is known by either, and both must mean the same."""
    ids = _ids_row(grid)
    labels = headers_of(grid, 1) if ids == 2 else []

    def naming(place: int, header: str) -> RawColumn:
        label = labels[place] if place < len(labels) else ""
        if _ADDED.fullmatch(header) and not label.strip().endswith("?"):
            return named(header, role=NOT_KEPT)
        plain = _SELECTED.sub("", label)
        return named(header, plain, _SELECTED.sub("", header))

    unverified = () if ids else ("unverified_qualtrics",)
    return table_of(
        grid,
        roles=ROLES,
        header_rows=ids + 1,
        naming=naming,
        habits=HABITS,
        unverified=unverified,
    )
