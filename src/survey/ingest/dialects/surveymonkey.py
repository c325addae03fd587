"""SurveyMonkey: a row of questions over a row of options."""

import re

from survey.files.grid import Grid
from survey.ingest.dialects.roles import NOT_KEPT, by_header, role_of
from survey.ingest.dialects.table import Signs, evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable

ROLES = by_header(
    {
        "Respondent ID": "key",
        "RespondentID": "key",
        "Collector ID": "channel",
        "CollectorID": "channel",
        "Start Date": "started",
        "StartDate": "started",
        "End Date": "submitted",
        "EndDate": "submitted",
        "Date Created": "started",
        "Date Modified": "submitted",
        "IP Address": "ip",
        "Email Address": "email",
        "First Name": NOT_KEPT,
        "FirstName": NOT_KEPT,
        "Last Name": "name",
        "LastName": "name",
        "Custom Data": NOT_KEPT,
        "Custom Data 1": NOT_KEPT,
        "CustomData": NOT_KEPT,
        "Response Status": "finished",
    }
)

# Answers may be exported as numbers: the place of an option, the weight of a point.
HABITS = Habits(separator=", ", other_in_tick=True, positions=True, missing={"N/A": "skipped"})

_NO_STEM = re.compile(r"Unnamed: \d+.*")
_NO_OPTION = ("response", "open-ended response", "date / time", "")


def detect(grid: Grid) -> Signs:
    """By respondent and collector."""
    wanted = ("Respondent ID", "RespondentID"), ("Collector ID", "CollectorID")
    return evidence(headers_of(grid), *wanted)


def _two_rows(grid: Grid) -> bool:
    """Tell whether a second row heads the options: nothing stands there under the respondent's id."""
    headers, second = headers_of(grid), headers_of(grid, 1)
    own = [place for place, header in enumerate(headers) if role_of(ROLES, header) == "key"]
    return len(grid.rows) > 1 and not any(place < len(second) and second[place] for place in own)


def read(grid: Grid) -> RawTable:
    """Carry the stem of a question over its options; "Response" is the question itself."""
    two = _two_rows(grid)
    options = headers_of(grid, 1) if two else []
    stem = ""

    def naming(place: int, header: str) -> RawColumn:
        nonlocal stem
        if header and not _NO_STEM.fullmatch(header):
            stem = header
        option = options[place] if place < len(options) else ""
        if option.casefold() in _NO_OPTION:
            return named(stem)
        return named(f"{stem}: {option}", f"{stem} {option} text", row_of=stem)

    return table_of(grid, roles=ROLES, header_rows=2 if two else 1, naming=naming, habits=HABITS)
