"""Saving: the same content gives the same bytes, text stays text, and a failure destroys nothing."""

import datetime
import os
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from survey import UsageError
from survey.files.saving import clean_text, plain_cell, save_workbook


def book(*values: object) -> Workbook:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append([plain_cell(sheet, value) for value in values])
    return made


def first_row(path: Path) -> list[object]:
    return [cell.value for cell in load_workbook(path).worksheets[0][1]]


# -- text ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("plain 好 😀", "plain 好 😀"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("dos\r\nold\rmac", "dos\nold\nmac"),
        ("a\x00b\x1fc\x0bd", "a\ufffdb\ufffdc\ufffdd"),
        ("lone \ud800 surrogate", "lone \ufffd surrogate"),
        ("\ufffe\uffff", "\ufffd\ufffd"),
        ("x" * 32_767, "x" * 32_767),
        ("x" * 32_768, "x" * (32_767 - 23) + " [... 32768 characters]"),
        ("", ""),
    ],
)
def test_clean_text(text: str, clean: str) -> None:
    assert clean_text(text) == clean
    assert clean_text(clean) == clean


@pytest.mark.parametrize(
    "value", ["=1+1", "+1", "-1", "@x", "#N/A", "#REF!", "TRUE", "5", "2026-05-01", "'", " x "]
)
def test_text_stays_text(tmp_path: Path, value: str) -> None:
    path = save_workbook(book(value), tmp_path / "w.xlsx")
    cell = load_workbook(path).worksheets[0]["A1"]
    assert (cell.value, cell.data_type) == (value, "s")


def test_other_values_pass_as_they_are(tmp_path: Path) -> None:
    values = [5, 0.1, True, None, datetime.datetime(2026, 5, 1)]
    assert first_row(save_workbook(book(*values, "end"), tmp_path / "w.xlsx")) == [*values, "end"]


@given(st.text(st.characters(), min_size=1))
def test_any_text_can_be_saved_and_read_again(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = save_workbook(book(text), tmp_path_factory.getbasetemp() / "any.xlsx")
    assert first_row(path) == [clean_text(text)]


# -- bytes -----------------------------------------------------------------------------------------------


def test_the_same_content_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = save_workbook(book("a", 1), tmp_path / "first.xlsx").read_bytes()
    clock = datetime.datetime(2031, 7, 1, 12, 30, 30)

    class Later(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> "datetime.datetime":  # type: ignore[override]
            return clock.replace(tzinfo=tz)

    monkeypatch.setattr("openpyxl.packaging.core.datetime.datetime", Later)
    monkeypatch.setattr("zipfile.time.time", lambda: clock.timestamp())
    assert save_workbook(book("a", 1), tmp_path / "second.xlsx").read_bytes() == first
    assert save_workbook(book("a", 2), tmp_path / "third.xlsx").read_bytes() != first


def test_the_date_is_the_one_given_not_the_clock(tmp_path: Path) -> None:
    date = datetime.datetime(2026, 4, 30)
    path = save_workbook(book("a"), tmp_path / "w.xlsx", date=date)
    properties = load_workbook(path).properties
    assert (properties.created, properties.modified) == (date, date)
    with zipfile.ZipFile(path) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = archive.namelist()
    assert names[0] == "[Content_Types].xml"
    assert names[1:] == sorted(names[1:])


def test_parts_may_be_amended_on_the_way(tmp_path: Path) -> None:
    def amend(name: str, content: bytes) -> bytes:
        return content.replace(b"before", b"after") if "sheet1" in name else content

    assert first_row(save_workbook(book("before"), tmp_path / "w.xlsx", amend=amend)) == ["after"]


# -- places ----------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name != "posix", reason="file modes are of POSIX")
def test_the_file_has_the_usual_mode(tmp_path: Path) -> None:
    path = save_workbook(book("a"), tmp_path / "w.xlsx")
    (tmp_path / "other").touch()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((tmp_path / "other").stat().st_mode)


@pytest.mark.parametrize("path", [".", "folder", "file/w.xlsx", "x" * 300 + ".xlsx"])
def test_where_nothing_can_be_written(tmp_path: Path, path: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("here")
    with pytest.raises(UsageError) as caught:
        save_workbook(book("a"), tmp_path / path)
    assert caught.value.problems[0].key in ("target_is_folder", "target_unwritable")
    assert sorted(entry.name for entry in tmp_path.rglob("*")) == ["file", "folder"]
    assert (tmp_path / "file").read_text() == "here"


@pytest.mark.parametrize(
    "failure", [OSError("told without a number"), KeyError("of another kind"), KeyboardInterrupt()]
)
def test_a_failure_leaves_what_was_there(tmp_path: Path, failure: BaseException) -> None:
    path = tmp_path / "w.xlsx"
    path.write_text("what was there")

    def amend(name: str, content: bytes) -> bytes:
        raise failure

    with pytest.raises((UsageError, KeyError, KeyboardInterrupt)):
        save_workbook(book("a"), path, amend=amend)
    assert path.read_text() == "what was there"
    assert [entry.name for entry in tmp_path.iterdir()] == ["w.xlsx"]


def test_an_existing_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    path.write_text("what was there")
    assert save_workbook(book("new"), path) == path
    assert first_row(path) == ["new"]
