"""Microsoft Forms, in English and Chinese."""

import re

from survey.files.grid import Grid
from survey.ingest.dialects.roles import NOT_KEPT, by_header
from survey.ingest.dialects.table import Signs, evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable

ROLES = by_header(
    {
        "ID": "key",
        "Start time": "started",
        "Completion time": "submitted",
        "Email": "email",
        "Name": "name",
        "Last modified time": NOT_KEPT,
        "Language": "language",
        "Total points": NOT_KEPT,
        "Quiz feedback": NOT_KEPT,
        "Grade posted time": NOT_KEPT,
        "开始时间": "started",
        "完成时间": "submitted",
        "电子邮件": "email",
        "姓名": "name",
        "名称": "name",
        "上次修改时间": NOT_KEPT,
        "总分": NOT_KEPT,
        "测验反馈": NOT_KEPT,
        "语言": "language",
    }
)

HABITS = Habits(separator=";", free_other=True)

_QUIZ = re.compile(r"^(?:Points|Feedback|分数|反馈|积分)\s*[-–—:]\s*")


def detect(grid: Grid) -> Signs:
    """By the identity and the two times of every response."""
    wanted = ("ID",), ("Start time", "开始时间"), ("Completion time", "完成时间")
    return evidence(headers_of(grid), *wanted)


def read(grid: Grid) -> RawTable:
    """Read one header row; what a quiz adds to each question is not kept."""

    def naming(_place: int, header: str) -> RawColumn:
        return named(header, role=NOT_KEPT if _QUIZ.match(header) else "")

    return table_of(grid, roles=ROLES, naming=naming, habits=HABITS)
