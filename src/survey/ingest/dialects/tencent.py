"""Tencent Survey (腾讯问卷)."""

import re

from survey.files.grid import Grid
from survey.ingest.dialects.roles import NOT_KEPT, by_header
from survey.ingest.dialects.table import Signs, evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable

ROLES = by_header(
    {
        "编号": "key",
        "开始答题时间": "started",
        "结束答题时间": "submitted",
        "答题时长": "duration",
        "地理位置国家和地区": "location",
        "地理位置省": NOT_KEPT,
        "地理位置市": NOT_KEPT,
        "自定义字段": NOT_KEPT,
        "用户IP": "ip",
        "IP": "ip",
        "语言": "language",
        "昵称": "name",
        "用户昵称": "name",
        "清洗数据结果": NOT_KEPT,
        "智能清洗数据无效概率": NOT_KEPT,
    }
)

# How several options stand in one cell is not verified: whatever stands between them is accepted.
HABITS = Habits(free_other=True, brackets="〖〗")

_NUMBERED = re.compile(r"^\d+\.\s*")
_SIGNS = " :：—"
_ROW = re.compile(rf"(.+?)[{_SIGNS}]*[:：—][{_SIGNS}]*[^:：—]+", re.DOTALL)


def detect(grid: Grid) -> Signs:
    """By a column that no other platform has (开始答题时间, ...) beside one more of its own."""
    headers = headers_of(grid)
    own = evidence(headers, ("开始答题时间",), ("结束答题时间",), ("地理位置国家和地区",), least=1)
    wanted = ("编号",), ("开始答题时间",), ("结束答题时间",), ("答题时长",), ("地理位置国家和地区",)
    return evidence(headers, *wanted, least=2) if own else None


def read(grid: Grid) -> RawTable:
    """Read one header row, questions numbered "3."."""
    rows = {header: _ROW.fullmatch(_NUMBERED.sub("", header)) for header in headers_of(grid)}
    stems = {header: row[1] if row else "" for header, row in rows.items()}

    def naming(_place: int, header: str) -> RawColumn:
        bare = _NUMBERED.sub("", header)
        stem = stems[header]
        if not stem or list(stems.values()).count(stem) < 2:
            return named(header, bare)
        row = bare.removeprefix(stem).strip(_SIGNS)
        return named(header, f"{stem}: {row}", bare, row_of=stem)

    return table_of(grid, roles=ROLES, naming=naming, habits=HABITS, unverified=("unverified_tencent",))
