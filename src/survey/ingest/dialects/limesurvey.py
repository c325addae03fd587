"""LimeSurvey: question codes, full text or both as headers; answer codes or full answers."""

import datetime
import re
from dataclasses import replace

from survey.files.grid import Grid
from survey.ingest.dialects.roles import NOT_KEPT, by_header
from survey.ingest.dialects.table import Signs, evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable

ROLES = by_header(
    {
        "id": "key",
        "Response ID": "key",
        "submitdate": "submitted",
        "Date submitted": "submitted",
        "lastpage": NOT_KEPT,
        "Last page": NOT_KEPT,
        "startlanguage": "language",
        "Start language": "language",
        "seed": NOT_KEPT,
        "Seed": NOT_KEPT,
        "token": NOT_KEPT,
        "Access code": NOT_KEPT,
        "startdate": "started",
        "Date started": "started",
        "datestamp": NOT_KEPT,
        "Date last action": NOT_KEPT,
        "ipaddr": "ip",
        "IP address": "ip",
        "refurl": NOT_KEPT,
        "Referrer URL": NOT_KEPT,
        "interviewtime": "duration",
        "Total time": "duration",
        "firstname": NOT_KEPT,
        "lastname": "name",
        "email": "email",
        "First name": NOT_KEPT,
        "Last name": "name",
        "Email address": "email",
    }
)

HABITS = Habits(
    dated_if_finished=True,
    no_date=datetime.date(1980, 1, 1),
    other_in_tick=True,
    positions=True,
    codes=re.compile(r"(?:a|ao|sq)0*(\d{1,4})"),
    words=frozenset({"-oth-", "other", "其他", "其它"}),
    missing={"N/A": "not_asked"},
    numbered_part=re.compile(
        r"(?P<head>[^\[]+)\[(?:SQ0*(?P<n>\d+)|(?P<rank>\d+))\](?P<text>)", re.IGNORECASE
    ),
    coded_headers=re.compile(r"[A-Za-z]\w*(?:\[\w+\])*"),
)

_CODE = re.compile(r"^([A-Za-z]\w*)(?:\[([^\]]*)\])?\.\s+(.*)$", re.DOTALL)
_QUOTED = re.compile(r'"([=@].*)"', re.DOTALL)


def detect(grid: Grid) -> Signs:
    """By the columns on every response, as codes or in full."""
    codes = ("submitdate",), ("lastpage",), ("startlanguage",)
    full = ("Date submitted",), ("Last page",), ("Start language",)
    headers = headers_of(grid)
    return evidence(headers, *codes, least=2) or evidence(headers, *full, least=2)


def read(grid: Grid) -> RawTable:
    """Read `Q1[SQ001]`, `text [sub]` or `Q1[SQ001]. text [sub]`; "=..." and "@..." lose their quotes."""

    def naming(_place: int, header: str) -> RawColumn:
        both = _CODE.match(header)
        also = [both[3], f"{both[1]}[{both[2]}]" if both[2] else both[1]] if both else []
        return named(header, *also)

    table = table_of(grid, roles=ROLES, naming=naming, habits=HABITS)
    columns = [replace(column, values=column.cells.map(_unquoted)) for column in table.columns]
    return replace(table, columns=columns)


def _unquoted(cell: object) -> object:
    match = _QUOTED.fullmatch(cell) if isinstance(cell, str) else None
    return match[1] if match else cell
