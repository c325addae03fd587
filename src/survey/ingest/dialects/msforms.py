"""Microsoft Forms, in English and Chinese."""

import re

from survey.files.grid import Grid
from survey.ingest.dialects.roles import NOT_KEPT
from survey.ingest.dialects.table import evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable

HABITS = Habits(separator=";", free_other=True)

_QUIZ = re.compile(r"^(?:Points|Feedback|分数|反馈|积分)\s*[-–—:]\s*")


def detect(grid: Grid) -> str | None:
    """By the identity and the two times of every response."""
    wanted = ("ID",), ("Start time", "开始时间"), ("Completion time", "完成时间")
    return evidence(headers_of(grid), *wanted)


def read(grid: Grid) -> RawTable:
    """Read one header row; what a quiz adds to each question is not kept."""

    def naming(_place: int, header: str) -> RawColumn:
        return named(header, role=NOT_KEPT if _QUIZ.match(header) else "")

    return table_of(grid, dialect="msforms", naming=naming, habits=HABITS)
