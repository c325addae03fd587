"""Google Forms: the sheet of responses or its CSV, headed in English, Chinese (both scripts) or German."""

from dataclasses import replace

from survey.files.grid import Grid
from survey.ingest.dialects.roles import NOT_KEPT, by_header
from survey.ingest.dialects.table import Signs, headers_of, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawTable
from survey.wording import normalise

ROLES = by_header(
    {
        "Timestamp": "submitted",
        "时间戳记": "submitted",
        "时间戳": "submitted",
        "Email Address": "email",
        "Email": "email",
        "Username": "email",
        "电子邮件地址": "email",
        "Score": NOT_KEPT,
        "分数": NOT_KEPT,
        "時間戳記": "submitted",
        "電子郵件地址": "email",
        "電子郵件": "email",
        "使用者名稱": "email",
        "分數": NOT_KEPT,
        "Zeitstempel": "submitted",
        "E-Mail-Adresse": "email",
        "Nutzername": "email",
        "Punktzahl": NOT_KEPT,
    }
)

HABITS = Habits(separator=", ", free_other=True)

_GERMAN = "zeitstempel"  # whose days stand before the months
_FIRST = ("timestamp", "时间戳记", "时间戳", "時間戳記", _GERMAN)


def detect(grid: Grid) -> Signs:
    """By its first column, the time stamp."""
    headers = headers_of(grid)
    return (headers[0],) if headers and normalise(headers[0]) in _FIRST else None


def read(grid: Grid) -> RawTable:
    """Read one header row; grids are headed "stem [row]"."""
    first = normalise((headers_of(grid) or [""])[0])
    unverified = ("unverified_googleforms",) if first != "timestamp" else ()
    habits = replace(HABITS, month_first=first != _GERMAN)
    return table_of(grid, roles=ROLES, habits=habits, unverified=unverified)
