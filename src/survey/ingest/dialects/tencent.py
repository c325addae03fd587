"""Tencent Survey (腾讯问卷)."""

import re

from survey.files.grid import Grid
from survey.ingest.dialects.table import evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable

# How several options stand in one cell is not verified: whatever stands between them is accepted.
HABITS = Habits(free_other=True, brackets="〖〗")

_NUMBERED = re.compile(r"^\d+\.\s*")


def detect(grid: Grid) -> str | None:
    """By its columns on the time of answering."""
    wanted = ("编号",), ("开始答题时间",), ("结束答题时间",), ("答题时长",)
    return evidence(headers_of(grid), *wanted, least=3)


def read(grid: Grid) -> RawTable:
    """Read one header row, questions numbered "3."."""

    def naming(_place: int, header: str) -> RawColumn:
        return named(header, _NUMBERED.sub("", header))

    return table_of(grid, dialect="tencent", naming=naming, habits=HABITS, unverified=("unverified_tencent",))
