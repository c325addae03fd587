"""Saving: the same content gives the same bytes, text stays text, and a failure destroys nothing."""

import datetime
import errno
import os
import shutil
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from survey import UsageError
from survey.files.saving import (
    clean_text,
    plain_cell,
    save_through,
    save_together,
    save_workbook,
    text_writer,
)
from tests.paths import ROOT, SAMPLE


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


# -- links, what killed runs left, disks that are full -----------------------------------------------------


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    kept, link = tmp_path / "elsewhere" / "kept.xlsx", tmp_path / "link.xlsx"
    link.symlink_to(kept)
    for value in ("first", "second"):  # a link that leads nowhere, then one to a file
        save_workbook(book(value), link)
        assert link.is_symlink()
        assert first_row(kept) == [value]
    assert [path.name for path in kept.parent.iterdir()] == ["kept.xlsx"]


def test_a_ring_of_links_is_refused(tmp_path: Path) -> None:
    one, other = tmp_path / "one.xlsx", tmp_path / "other.xlsx"
    one.symlink_to(other)
    other.symlink_to(one)
    with pytest.raises(UsageError) as caught:
        save_workbook(book("a"), one)
    assert caught.value.problems[0].key == "target_unwritable"
    assert one.is_symlink()


def test_what_killed_runs_left_goes_once_it_is_a_day_old(tmp_path: Path) -> None:
    names = {
        "old": f".survey-{'a' * 16}.xlsx",
        "folder": f".survey-{'b' * 16}",
        "fresh": f".survey-{'c' * 16}.xlsx",
        "mine": ".survey-notes.xlsx",
    }
    for name in ("old", "fresh", "mine"):
        (tmp_path / names[name]).write_text(name)
    (tmp_path / names["folder"]).mkdir()
    (tmp_path / names["folder"] / "a.png").write_text("half a picture")
    day_before = (tmp_path / names["old"]).stat().st_mtime - 2 * 24 * 60 * 60
    for name in ("old", "folder", "mine"):
        os.utime(tmp_path / names[name], (day_before, day_before))
    save_workbook(book("a"), tmp_path / "w.xlsx")
    assert {path.name for path in tmp_path.iterdir()} == {names["fresh"], names["mine"], "w.xlsx"}


@pytest.mark.parametrize("damage", ["empty", "cut", "turned"])
def test_what_is_not_whole_does_not_take_the_place(tmp_path: Path, damage: str) -> None:
    whole = save_workbook(book("a"), tmp_path / "whole.xlsx").read_bytes()
    turned = whole[:200] + bytes(byte ^ 255 for byte in whole[200:240]) + whole[240:]
    damaged = {"empty": b"", "cut": whole[: len(whole) // 2], "turned": turned}[damage]
    path = tmp_path / "w.xlsx"
    path.write_text("what was there")
    with pytest.raises(UsageError) as caught:
        save_through(path, lambda target: target.write_bytes(damaged))
    assert "space" in str(caught.value)
    assert path.read_text() == "what was there"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["w.xlsx", "whole.xlsx"]


def test_with_several_files_a_former_one_never_lacks_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / name for name in ("a.txt", "b.txt", "c.txt")]
    for path in paths:
        path.write_text("former")
    move, moved = Path.replace, []

    def watched(self: Path, target: Path) -> Path:
        assert all(path.exists() for path in paths)
        moved.append(target)
        return move(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    save_together([(path, text_writer("new")) for path in paths])
    assert moved == paths
    assert [path.read_text() for path in paths] == ["new"] * 3
    assert sorted(tmp_path.iterdir()) == paths


@pytest.mark.parametrize("step", ["copy", "move"])
@pytest.mark.parametrize("fails", [0, 1, 2])
def test_with_several_files_all_are_replaced_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, fails: int
) -> None:
    paths = [tmp_path / name for name in ("a.txt", "b.txt", "c.txt")]
    for path in paths[:2]:  # there is no c yet
        path.write_text("former")
    move, copy = Path.replace, shutil.copy2

    def no_link(self: Path, target: Path) -> None:
        raise OSError("no hard links here")

    def half_copied(source: Path, target: Path) -> None:
        copy(source, target)
        if step == "copy" and Path(source) == paths[min(fails, 1)]:
            raise OSError(errno.ENOSPC, "no space")

    def moved(self: Path, target: Path) -> Path:
        if step == "move" and target == paths[fails] and self.read_text() == "new":
            raise OSError(errno.EACCES, "open elsewhere")
        return move(self, target)

    monkeypatch.setattr(Path, "hardlink_to", no_link)
    monkeypatch.setattr(shutil, "copy2", half_copied)
    monkeypatch.setattr(Path, "replace", moved)
    with pytest.raises(UsageError, match="unchanged"):
        save_together([(path, text_writer("new")) for path in paths])
    assert sorted(tmp_path.iterdir()) == paths[:2]
    assert [path.read_text() for path in paths[:2]] == ["former"] * 2


WRITERS = {
    "analyze": ("analyze", SAMPLE, "-o", "OUT.xlsx", "-o", "OUT.html", "-o", "OUT.pptx"),
    "check": ("check", SAMPLE, "-o", "OUT.xlsx"),
    "sav": ("export", SAMPLE, "--to", "sav", "-o", "OUT.sav"),
    "csv": ("export", SAMPLE, "--to", "csv", "-o", "OUT.csv"),
    "parquet": ("export", SAMPLE, "--to", "parquet", "-o", "OUT.parquet"),
    "r": ("export", SAMPLE, "--to", "r", "-o", "OUT.r"),
    "tally": ("tally", SAMPLE, "-o", "OUT.tally"),
    "xlsform": ("instrument", "export", "executive-survey", "--to", "xlsform", "-o", "OUT.xlsx"),
    "page": ("instrument", "export", "executive-survey", "--to", "html", "-o", "OUT.html"),
    "guide": ("interviews", "guide", "-o", "OUT.docx"),
    "project": (
        "interviews",
        "export",
        ROOT / "data" / "interviews" / "segments.xlsx",
        "--to",
        "qdpx",
        "-o",
        "OUT.qdpx",
    ),
}

ON_A_FULL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
from survey.cli import run
run()
"""


@pytest.mark.skipif(os.name != "posix", reason="no limit on the size of files")
@pytest.mark.parametrize("room", [0, 2000])
@pytest.mark.parametrize("writer", WRITERS)
def test_on_a_full_disk_what_was_there_stays(tmp_path: Path, writer: str, room: int) -> None:
    words = [str(word).replace("OUT", str(tmp_path / "out")) for word in WRITERS[writer]]
    targets = [Path(word) for word in words if word.startswith(str(tmp_path))]
    for target in targets:
        target.write_text("what was there")
    ended = subprocess.run(
        [sys.executable, "-c", ON_A_FULL_DISK, str(room), *words], capture_output=True, text=True, cwd=ROOT
    )
    assert ended.returncode == 2, ended.stderr
    assert "Traceback" not in ended.stderr
    assert "unchanged" in ended.stderr
    assert "Written" not in ended.stdout
    assert [target.read_text() for target in targets] == ["what was there"] * len(targets)
    assert sorted(tmp_path.iterdir()) == sorted(targets)


def analysis(target: Path) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-m", "survey", "analyze", SAMPLE, "--no-pictures", "-o", target]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)


def is_whole(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return archive.testzip() is None and "xl/workbook.xml" in archive.namelist()


def test_a_killed_run_leaves_the_former_file_or_a_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_text("what was there")
    run = analysis(path)
    while run.poll() is None and not list(tmp_path.glob(".survey-*")):  # it has begun to write
        time.sleep(0.001)
    run.kill()
    run.wait()
    assert path.read_bytes() == b"what was there" or is_whole(path)


def test_two_runs_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    assert [run.wait() for run in [analysis(path), analysis(path)]] == [0, 0]
    assert is_whole(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.xlsx"]
