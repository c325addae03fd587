"""Qualtrics: three header rows (tag, label, import id) or one."""

import re
from dataclasses import replace

from survey.files.grid import Grid
from survey.ingest.dialects.roles import NOT_KEPT, by_header, role_of
from survey.ingest.dialects.table import Signs, evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable, column_letter

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
# What Qualtrics adds by itself, by name: no other column is taken for its own because of how it begins.
_EMBEDDED = (
    "AmbiguousTextPresent", "AmbiguousTextQuestions", "BallotBoxStuffing", "CHL", "DL",
    "DataPolicyViolations", "DuplicateRespondent", "EED", "JFE", "Language", "PopulateResponse",
    "PopulateValidation", "QuotaClass", "RecaptchaScore", "RelevantIDDuplicate",
    "RelevantIDDuplicateScore", "RelevantIDFraudScore", "RelevantIDLastStartDate", "SkipCensus",
    "StraightliningCount", "StraightliningPercentage", "StraightliningQuestions", "TerminateFlag",
    "TotalDuration", "URL", "UnansweredPercentage", "UnansweredQuestions",
)  # fmt: skip
# Sets of columns of which Qualtrics adds all: page timers, browser data.
_SETS = (
    ("First Click", "Last Click", "Page Submit", "Click Count"),
    ("Browser", "Version", "Operating System", "Resolution"),
)
_NPS_GROUP = "_NPS_GROUP"  # promoter, passive or detractor, beside the score itself
_SCORE = re.compile(r"SC\d+")
_ORDER = re.compile(r"(.+)_DO(?:_.+)?")
_ORDER_ID = re.compile(r'"ImportId"\s*:\s*"[^"]*_DO\b')


def _added(headers: list[str], ids: list[str], place: int) -> bool:
    """Tell whether a column is one that Qualtrics adds: by its name, its set, or its import id."""
    header = headers[place]
    if header in {f"Q_{name}" for name in _EMBEDDED} or _SCORE.fullmatch(header):
        return True
    if header.endswith(_NPS_GROUP) and header.removesuffix(_NPS_GROUP) in headers:
        return True
    stem, _, ending = header.rpartition("_")
    for names in _SETS:
        if ending in names and {f"{stem}_{name}" for name in names} <= set(headers):
            return True
    order = _ORDER.fullmatch(header)
    if order is None:
        return False
    if place < len(ids) and _IMPORT_ID.match(ids[place]):
        return _ORDER_ID.search(ids[place]) is not None
    others = [other for other in headers if other and not _ORDER.fullmatch(other)]
    return any(other == order[1] or other.startswith(f"{order[1]}_") for other in others)


def _ids_row(grid: Grid) -> int:
    """The position of the row of import ids; 0 where there is none."""
    for row in (1, 2):
        if sum(_IMPORT_ID.match(cell) is not None for cell in headers_of(grid, row)) > 1:
            return row
    return 0


def detect(grid: Grid) -> Signs:
    """By the row of import ids, or by the columns on every response."""
    if _ids_row(grid):
        return ("ImportId",)
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
    headers, labels = headers_of(grid), headers_of(grid, 1) if ids == 2 else []
    id_row = headers_of(grid, ids) if ids else []

    def naming(place: int, header: str) -> RawColumn:
        label = labels[place] if place < len(labels) else ""
        also = (_SELECTED.sub("", label), _SELECTED.sub("", header))
        if _added(headers, id_row, place):
            return named(header, *also, otherwise=NOT_KEPT)
        return named(header, *also)

    unverified = () if ids else ("unverified_qualtrics",)
    table = table_of(
        grid,
        roles=ROLES,
        header_rows=ids + 1,
        naming=naming,
        habits=HABITS,
        unverified=unverified,
    )
    by_letter = {column_letter(place): label for place, label in enumerate(labels)}
    columns = [_unless_asked(column, by_letter.get(column.letter, "")) for column in table.columns]
    return replace(table, columns=columns)


def _unless_asked(column: RawColumn, label: str) -> RawColumn:
    """A column named as one of the platform's own, whose label may be that of a question all the same."""
    if not column.role or not label or label == column.header or role_of(ROLES, label):
        return column
    return replace(column, role="", otherwise=column.role, also=(label,))
