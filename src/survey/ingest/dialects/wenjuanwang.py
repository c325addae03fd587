"""Wenjuanwang (问卷网): All_Data_Readable.csv with words, All_Data_Original.csv with numbers alone."""

import re

from survey.files.grid import Grid
from survey.ingest.dialects.table import evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable

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
_TIMES = ("开始时间", "结束时间", "提交时间", "完成时间", "开始答题时间", "结束答题时间", "答题时间")


def detect(grid: Grid) -> str | None:
    """By the time taken beside a date, or by start and finish beside columns headed Q1, Q3_A1, Q5_R2."""
    headers = headers_of(grid)
    coded = next((header for header in headers if _CODED.fullmatch(header)), "")
    if coded and (times := evidence(headers, ("start",), ("finish",))):
        return f"{times}, {coded}"
    return evidence(headers, ("答题时长",), _TIMES)


def read(grid: Grid) -> RawTable:
    """Read one header row: a matrix and a select-all question have a column each, "stem_row"."""

    def naming(_place: int, header: str) -> RawColumn:
        bare = _NUMBERED.sub("", header)
        stem, _, part = bare.rpartition("_")
        return named(header, bare, f"{stem}: {part}") if stem else named(header, bare)

    return table_of(
        grid, dialect="wenjuanwang", naming=naming, habits=HABITS, unverified=("unverified_wenjuanwang",)
    )
