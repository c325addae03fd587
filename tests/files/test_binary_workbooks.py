"""Binary workbooks (.xlsb): the same cells as python-calamine gives, and what that one loses."""

import datetime
import random
import struct
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from survey import DataError, read_responses
from survey.files.grid import Uncached, read_book
from survey.files.plain_values import Percent
from tests.files.binary_workbook import PERCENT, Shown, cell, record, write_binary
from tests.helpers import rewrite, told
from tests.ingest.dialects.exports import EXPORTS
from tests.ingest.dialects.test_same_answers import CLUB, expected, found

DAY = datetime.datetime(2026, 4, 3, 9, 5, 3)
ROWS = [
    ["head", "text", "number", "truth", "when"],
    ["a", "=the result of a formula", 2.5, True, DAY],
    [None, "好的，谢谢", -7, False, None],
    ["\N{GRINNING FACE}", "x" * 40_000, 1e300, None, DAY],
]


def test_every_cell_is_that_of_another_reader(tmp_path: Path) -> None:
    path = write_binary(tmp_path / "r.xlsb", {"A": ROWS, "B": [["x", 1]]}, states={"B": 1})
    other = CalamineWorkbook.from_path(path)
    book = read_book(path)
    assert [grid.sheet for grid in book.grids] == other.sheet_names == ["A", "B"]
    assert [grid.hidden for grid in book.grids] == [False, True]
    for grid in book.grids:
        theirs = other.get_sheet_by_name(grid.sheet).to_python()
        assert [["" if one is None else one for one in row] for row in grid.rows] == theirs


def test_errors_and_percentages_are_kept(tmp_path: Path) -> None:
    path = write_binary(tmp_path / "r.xlsb", {"A": [["a", "b"], [Shown(0.1, PERCENT), "#N/A"]]})
    (grid,) = read_book(path).grids
    share, error = grid.rows[1]
    assert isinstance(share, Percent)
    assert (str(share), error) == ("10%", Uncached("#N/A"))
    assert CalamineWorkbook.from_path(path).get_sheet_by_name("A").to_python()[1] == [0.1, ""]


def test_hidden_rows_and_columns_are_told(tmp_path: Path) -> None:
    rows = EXPORTS["plain"][1]()
    path = write_binary(tmp_path / "r.xlsb", {"A": rows}, hidden_rows={3}, hidden_columns={2})
    notices = {problem.key: problem.values for problem in read_responses(path, CLUB).problems}
    plain = {problem.key for problem in read_responses(write_binary(path, {"A": rows}), CLUB).problems}
    assert [key for key in notices if key.startswith("hidden") or "hidden" in key]
    assert not [key for key in plain if "hidden" in key]


@pytest.mark.parametrize("name", ["surveymonkey", "wjx_text", "plain"])
def test_an_export_saved_as_a_binary_workbook(tmp_path: Path, name: str) -> None:
    path = write_binary(tmp_path / "答卷.xlsb", {"Sheet1": EXPORTS[name][1]()})
    responses = read_responses(path, CLUB)
    assert found(responses) == expected()
    assert responses.provenance.dialect == EXPORTS[name][0]


def row(number: int) -> bytes:
    return record(0, struct.pack("<IIHBBB", number, 0, 300, 0, 0, 0) + struct.pack("<I", 0))


HURTFUL = {
    "a cell outside the sheet": row(0) + cell(16_384, 1, []),
    "a row outside the sheet": row(1_048_576) + cell(0, 1, []),
    "rows that go back": row(5) + cell(0, 1, []) + row(2) + cell(0, 1, []),
    "a cell before any row": cell(0, 1, []),
    "a text that is longer than its record": row(0)
    + record(6, struct.pack("<II", 0, 0) + b"\xff\xff\xff\x7f"),
    "a shared text that is not there": row(0) + record(7, struct.pack("<III", 0, 0, 9)),
    "a record longer than its part": row(0) + b"\x05\xff\xff\xff\x7f",
    "a part that breaks off": row(0) + cell(0, 1, []) + b"\x85",
}


@pytest.mark.parametrize("name", HURTFUL)
def test_hurtful_sheets_are_one_clear_error(tmp_path: Path, name: str) -> None:
    path = write_binary(tmp_path / "r.xlsb", {"A": [["a"], [1]]})
    rewrite(path, "xl/worksheets/sheet1.bin", lambda _: HURTFUL[name])
    with pytest.raises(DataError) as caught:
        read_book(path)
    assert [problem.key for problem in caught.value.problems] == ["workbook_damaged"]


def test_far_cells_are_refused_before_they_take_memory(tmp_path: Path) -> None:
    """One cell in every row, each in a column of its own: 10,000 times 10,000 as a table."""
    path = write_binary(tmp_path / "r.xlsb", {"A": [["a"], [1]]})
    diagonal = b"".join(row(place) + cell(place, 1, []) for place in range(10_100))
    rewrite(path, "xl/worksheets/sheet1.bin", lambda _: diagonal)
    with pytest.raises(DataError) as caught:
        read_book(path)
    assert caught.value.problems[0].key == "table_too_large"
    rewrite(path, "xl/worksheets/sheet1.bin", lambda _: row(1_048_575) + cell(16_383, 1, []))
    assert read_book(path).grids[0].numbers == [1_048_576]


def test_bytes_turned_over_give_an_error_of_ours_or_a_result(tmp_path: Path) -> None:
    whole = write_binary(tmp_path / "whole.xlsb", {"A": EXPORTS["plain"][1]()}).read_bytes()
    chance = random.Random(3)
    path = tmp_path / "hurt.xlsb"
    for _ in range(25):
        hurt = bytearray(whole)
        for place in chance.sample(range(len(hurt)), 3):
            hurt[place] = chance.randrange(256)
        path.write_bytes(hurt)
        told(lambda: read_responses(path, CLUB))
    for _ in range(25):  # the records themselves, past the check sums of the archive
        write_binary(path, {"A": [["a", "b"], [1, "text"]]})
        for part in ("xl/worksheets/sheet1.bin", "xl/workbook.bin", "xl/styles.bin", "xl/sharedStrings.bin"):
            rewrite(
                path,
                part,
                lambda old: bytes(chance.choice((one, one, one, chance.randrange(256))) for one in old),
            )
        told(lambda: read_responses(path, CLUB))


def test_half_a_sign_is_replaced_as_in_every_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsb"
    write_binary(path, {"Sheet": [["id", "remark\ud800"], [1, "half \udf5e a sign"]]})
    (grid,) = read_book(path).grids
    assert [row[1] for row in grid.rows] == ["remark\ufffd", "half \ufffd a sign"]
