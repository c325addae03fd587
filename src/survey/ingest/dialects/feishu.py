"""Feishu (飞书): the table behind a form, several options in one cell."""

from collections import Counter

from survey.files.grid import Grid
from survey.ingest.dialects.roles import NOT_KEPT, by_header
from survey.ingest.dialects.table import Signs, evidence, headers_of, named, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawColumn, RawTable

ROLES = by_header(
    {
        "序号": "key",
        "编号": "key",
        "提交人": "name",
        "提交者": "name",
        "填写人": "name",
        "提交时间": "submitted",
        "开始填写时间": "started",
        "填写时长": "duration",
        "创建人": NOT_KEPT,
        "创建时间": NOT_KEPT,
        "修改人": NOT_KEPT,
        "最后更新时间": NOT_KEPT,
        "父记录": NOT_KEPT,
    }
)

HABITS = Habits(separator=",", free_other=True)


def detect(grid: Grid) -> Signs:
    """By who submitted beside the time of it."""
    return evidence(headers_of(grid), ("提交人", "提交者"), ("提交时间",))


def read(grid: Grid) -> RawTable:
    """Read one header row; "stem-row" is a row where several headers have that stem."""
    stems = Counter(header.rpartition("-")[0] for header in headers_of(grid))

    def naming(_place: int, header: str) -> RawColumn:
        stem, _, row = header.rpartition("-")
        return named(header, f"{stem}: {row}", row_of=stem) if stem and stems[stem] > 1 else named(header)

    return table_of(grid, roles=ROLES, naming=naming, habits=HABITS, unverified=("unverified_layout",))
