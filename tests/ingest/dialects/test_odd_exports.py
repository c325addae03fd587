# ruff: noqa: E501, PT017 - tables are wide; either outcome is right
"""Exports that somebody or something has spoilt: an error of ours or a whole result, never a traceback."""

import datetime
import random
from pathlib import Path
from typing import Any

import pytest

from survey import SurveyError, read_responses
from survey.ingest.map_proposal import propose_map
from tests.helpers import accounted
from tests.ingest.dialects.exports import EXPORTS
from tests.ingest.dialects.test_same_answers import CLUB, written

ODD: list[Any] = [
    None, "", " ", 0, 1, -3, 9e307, 1.5, True, "x", "其他〖", "其他〖a〗b〗", "〗〖", "┋┋", ";;;", ", , ,", "1,2,3", "999", "A9",
    "N/A", "(跳过)", "-oth-", "Other", "[]", "()", "第题", "1、", "—", "/", "___1", "_TEXT", "Q1_1_TEXT", "{", '{"ImportId":"x"}',
    "2026-99-99", "0/0/0", "下午", "秒", "5:99", "1" * 400, "٣", "²", "Ⅻ", "\u200b", datetime.datetime(1980, 1, 1),
    datetime.time(1, 2), datetime.date(2026, 4, 3), "Timestamp", "序号", "Response", "record_id",
]  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_mutated_cells_give_an_error_or_a_whole_account(tmp_path: Path, name: str) -> None:
    dialect, make = EXPORTS[name]
    draw = random.Random(name)
    read = 0
    for _ in range(10):
        rows = [list(row) for row in make()]
        for _ in range(draw.randint(1, 4)):
            row = draw.choice(rows)
            row[draw.randrange(len(row))] = draw.choice(ODD)
        if draw.random() < 0.3:
            del rows[draw.randrange(len(rows))]
        path = written(tmp_path / "odd.xlsx", rows)
        try:
            responses = read_responses(path, CLUB, set_aside=True, keep_personal=draw.random() < 0.5)
        except SurveyError as error:
            assert error.text("zh")
        else:
            read += 1
            counts = accounted(responses)
            assert counts.pop("read") == sum(counts.values())
            assert all(problem.text("en") and problem.text("zh") for problem in responses.problems)
        try:
            assert propose_map(path, CLUB, dialect=dialect)
        except SurveyError as error:
            assert error.text("en")
    assert read > 1, dialect


@pytest.mark.parametrize(
    "rows", [[["a"]], [["id"], [None]], [[1, 2]], [["Timestamp"]], [["序号", "提交答卷时间", "所用时间"]]]
)
@pytest.mark.parametrize("dialect", sorted({dialect for dialect, _ in EXPORTS.values()}))
def test_a_dialect_named_for_what_is_none(tmp_path: Path, dialect: str, rows: list[list[Any]]) -> None:
    path = written(tmp_path / "odd.xlsx", rows)
    with pytest.raises(SurveyError):
        read_responses(path, CLUB, dialect=dialect)
