"""Wenjuanwang (问卷网): All_Data_Readable.csv with words, All_Data_Original.csv with numbers alone."""

import re

from survey.files.grid import Grid
from survey.ingest.dialects.roles import NOT_KEPT, by_header
from survey.ingest.dialects.table import Signs, evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable

ROLES = by_header(
    {
        "start": "started",
        "finish": "submitted",
        "开始时间": "started",
        "结束时间": "submitted",
        "提交时间": "submitted",
        "完成时间": "submitted",
        "答题时间": "submitted",
        "答题时长": "duration",
        "序号": "key",
        "编号": "key",
        "答卷编号": "key",
        "来源": "channel",
        "来源渠道": "channel",
        "渠道": "channel",
        "IP": "ip",
        "IP地址": "ip",
        "答题IP": "ip",
        "昵称": "name",
        "用户名": "name",
        "姓名": "name",
        "邮箱": "email",
        "地理位置": "location",
        "省份": NOT_KEPT,
        "城市": NOT_KEPT,
        "设备": NOT_KEPT,
        "浏览器": NOT_KEPT,
        "操作系统": NOT_KEPT,
    }
)

# How the words of an "other" and several options in one cell are written is not verified: most is accepted.
HABITS = Habits(
    free_other=True,
    brackets="〖〗",
    positions=True,
    rating_positions=True,
    numbered_part=re.compile(r"(?P<head>Q\d+)_[AR](?P<n>\d+)(?P<text>)", re.IGNORECASE),
)

_CODED = re.compile(r"Q\d+(?:_[AR]\d+)?", re.IGNORECASE)
_NUMBERED = re.compile(r"^Q\d+\s*[_.、:：]\s*", re.IGNORECASE)
_TIMES = ("开始时间", "结束时间", "提交时间", "完成时间", "答题时间")


def detect(grid: Grid) -> Signs:
    """By the time taken beside a date, or by start and finish beside columns headed Q1, Q3_A1, Q5_R2."""
    headers = headers_of(grid)
    coded = next((header for header in headers if _CODED.fullmatch(header)), "")
    if coded and (times := evidence(headers, ("start",), ("finish",))):
        return (*times, coded)
    return evidence(headers, ("答题时长",), _TIMES)


def read(grid: Grid) -> RawTable:
    """Read one header row: a matrix and a select-all question have a column each, "stem_row"."""

    def naming(_place: int, header: str) -> RawColumn:
        bare = _NUMBERED.sub("", header)
        stem, _, part = bare.rpartition("_")
        return named(header, bare, f"{stem}: {part}") if stem else named(header, bare)

    return table_of(grid, roles=ROLES, naming=naming, habits=HABITS, unverified=("unverified_wenjuanwang",))
