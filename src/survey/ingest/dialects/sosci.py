"""SoSci Survey: names of variables, often over a row of their labels; codes, or the answers in words."""

import re

from survey.files.grid import Grid
from survey.ingest.dialects.roles import NOT_KEPT, by_header
from survey.ingest.dialects.table import Signs, evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable

ROLES = by_header(
    {
        "CASE": "key",
        "SERIAL": NOT_KEPT,
        "REF": "channel",
        "QUESTNNR": NOT_KEPT,
        "MODE": "status",
        "LANGUAGE": "language",
        "STARTED": "started",
        "TIME_SUM": "duration",
        "TIME_RSI": NOT_KEPT,
        "MAILSENT": NOT_KEPT,
        "LASTDATA": "submitted",
        "STATUS": NOT_KEPT,
        "FINISHED": "finished",
        "Q_VIEWER": NOT_KEPT,
        "LASTPAGE": NOT_KEPT,
        "MAXPAGE": NOT_KEPT,
        "MISSING": NOT_KEPT,
        "MISSREL": NOT_KEPT,
        "DEG_TIME": NOT_KEPT,
        "DEG_MISS": NOT_KEPT,
        "DEGRADE": NOT_KEPT,
    }
)

HABITS = Habits(
    positions=True,
    ticks={
        **{"1": False, "2": True, "not checked": False, "checked": True},
        **{"nicht gewählt": False, "ausgewählt": True},
    },
    missing={"-9": "skipped", "-1": "refused", "[NA] nicht beantwortet": "skipped"},
    statuses={"pretest": "test", "debug": "test", "admin": "test"},
)

_PAGE_TIME = re.compile(r"TIME\d{3}")
_ORDER = re.compile(r"\w+_CP")  # the place of a page or a drawn text
_TITLE = re.compile(r"^[^:]+:\s*", re.DOTALL)


def detect(grid: Grid) -> Signs:
    """By the variables around those of the questions."""
    wanted = ("CASE",), ("QUESTNNR",), ("MODE",), ("STARTED",), ("LASTPAGE",)
    return evidence(headers_of(grid), *wanted, least=3) if "QUESTNNR" in headers_of(grid) else None


def read(grid: Grid) -> RawTable:
    """Read names and labels; the label is "title: row" or "title: option"."""
    headers, second = headers_of(grid), headers_of(grid, 1)
    case = headers.index("CASE") if "CASE" in headers else -1
    labels = second if 0 <= case < len(second) and not second[case].isdigit() and second[case] else []

    def naming(place: int, header: str) -> RawColumn:
        if _PAGE_TIME.fullmatch(header) or _ORDER.fullmatch(header):
            return named(header, otherwise=NOT_KEPT)
        label = labels[place] if place < len(labels) else ""
        title = _TITLE.match(label)
        return named(header, label, row_of=title[0].rstrip(": ") if title else "") if label else named(header)

    return table_of(grid, roles=ROLES, header_rows=2 if labels else 1, naming=naming, habits=HABITS)
