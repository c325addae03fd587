"""The files of one report: which endings there are, all or none, the date of making, and the same bytes."""

import errno
import io
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from pptx import Presentation

from survey.document import Chart, Report, Sheet, TitleBlock
from survey.errors import UsageError
from survey.render import write_pictures, write_report
from tests.render.samples import LABELLED, options, pictures, report, table

ENDINGS = (".xlsx", ".html", ".pptx")
BLOCK = TitleBlock(
    title="Firms abroad",
    client="A & B",
    fieldwork="1-30 Apr 2027",
    data_source="Our panel",
    footer="Confidential",
)


def logo(kind="PNG"):
    """A small picture."""
    result = io.BytesIO()
    Image.new("RGB", (60, 20), "navy").save(result, kind)
    return result.getvalue()


def made(**fields):
    """A report with everything that may stand in one."""
    chart = Chart("shares", "bar", "Licences lead", "label", ("proportion",), "Bars.", accent=(0,))
    sheet = Sheet(
        *("Needs", "Needs of the firms", "What do you need?", "20 who answered"),
        tables=(table(options(), LABELLED),),
        pictures=(pictures()["importance"],),
        charts=(chart,),
    )
    return report(sheet, **{"title_block": BLOCK} | fields)


def paths(folder):
    return [folder / f"report{ending}" for ending in ENDINGS]


def test_one_report_becomes_three_files(tmp_path):
    assert write_report(made(), paths(tmp_path)) == tuple(paths(tmp_path))
    assert openpyxl.load_workbook(tmp_path / "report.xlsx")["Needs"]
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert len(Presentation(tmp_path / "report.pptx").slides) > 1
    assert write_report(made(), str(tmp_path / "one.HTML")) == tmp_path / "one.HTML"


def test_an_unknown_ending_names_the_three_and_nothing_is_written(tmp_path):
    with pytest.raises(UsageError) as refused:
        write_report(made(), [tmp_path / "a.xlsx", tmp_path / "b.pdf", tmp_path / "c", tmp_path])
    problems = [problem.key for problem in refused.value.problems]
    assert problems == ["output_ending", "output_ending", "target_is_folder"]
    text = str(refused.value)
    assert "b.pdf" in text
    assert all(ending in text for ending in ENDINGS)
    assert list(tmp_path.iterdir()) == []


def test_a_file_named_twice_or_not_at_all_is_refused(tmp_path):
    twice = [tmp_path / "a.html", tmp_path / "x" / ".." / "a.html"]
    for targets, key in (([], "output_none"), (twice, "output_twice")):
        with pytest.raises(UsageError) as refused:
            write_report(made(), targets)
        assert refused.value.problems[0].key == key
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failing", ENDINGS)
def test_all_files_are_written_or_none(tmp_path, monkeypatch, failing):
    """What is there stays as it was, wherever it fails."""

    def fail(*_, **__):
        raise OSError(errno.ENOSPC, "disk full")

    name = {".xlsx": "excel.fill_workbook", ".html": "page.fill_page", ".pptx": "slides.fill_deck"}[failing]
    monkeypatch.setattr(f"survey.render.{name}", fail)
    former = tmp_path / "report.html"
    former.write_text("former")
    with pytest.raises(UsageError, match="no space left"):
        write_report(made(), paths(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert former.read_text() == "former"


def test_a_file_that_cannot_be_moved_brings_back_those_before_it(tmp_path, monkeypatch):
    for path in paths(tmp_path):
        path.write_text(f"former {path.suffix}")
    move = Path.replace

    def stuck(self, target):
        if Path(target).name == "report.pptx" and self.read_bytes()[:2] == b"PK":
            raise OSError(errno.EBUSY, "in use")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", stuck)
    with pytest.raises(UsageError, match="another program uses it"):
        write_report(made(), paths(tmp_path))
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        f"report{ending}": f"former {ending}" for ending in ENDINGS
    }


def dates_in(path):
    """The dates of making that a file carries, inside what is inside it too."""
    if path.suffix == ".html":
        return {path.read_text(encoding="utf-8").partition('name="date" content="')[2][:10]}
    found = set()

    def look(content):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                part = archive.read(name)
                if name == "docProps/core.xml":
                    text = part.decode()
                    for word in ("created", "modified"):
                        found.add(text.partition(f"<dcterms:{word}")[2].partition(">")[2][:10])
                elif name.endswith(".xlsx"):
                    look(part)

    look(path.read_bytes())
    return found


def test_files_carry_the_day_they_are_made(tmp_path, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    before = f"{datetime.now(UTC):%Y-%m-%d}"
    for path in write_report(made(), paths(tmp_path)):
        assert dates_in(path) <= {before, f"{datetime.now(UTC):%Y-%m-%d}"}, path.suffix


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_with_a_fixed_date_the_bytes_are_the_same(tmp_path, monkeypatch, lang):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    first, second = tmp_path / "first", tmp_path / "second"
    written = write_report(made(lang=lang), paths(first))
    monkeypatch.setattr("time.time", lambda: 1.9e9)
    again = write_report(made(lang=lang), paths(second))
    for one, other in zip(written, again, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.suffix
        assert dates_in(one) == {"2027-01-15"}


def test_a_date_that_is_none_is_refused(tmp_path, monkeypatch):
    for wrong in ("yesterday", "1e400", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
            write_report(made(), tmp_path / "a.html")
    assert list(tmp_path.iterdir()) == []


# -- who it is from --------------------------------------------------------------------------------------


def test_the_head_stands_in_every_file(tmp_path):
    block = TitleBlock(**{**vars(BLOCK), "logo": logo()})
    book, page, deck = write_report(made(title_block=block), paths(tmp_path))
    sheets = openpyxl.load_workbook(book).worksheets
    assert {sheet.oddHeader.left.text for sheet in sheets} == {"Firms abroad"}
    assert {sheet.oddHeader.right.text for sheet in sheets} == {"A && B"}  # one ampersand would begin a code
    assert {sheet.oddFooter.center.text for sheet in sheets} == {"Confidential"}
    assert len(sheets[0]._images) == 1
    text = page.read_text(encoding="utf-8")
    for told in ("Firms abroad", "A &amp; B", "1-30 Apr 2027", "Our panel", "Confidential", "data:image/png"):
        assert told in text, told
    slides = list(Presentation(deck).slides)
    first = " ".join(shape.text_frame.text for shape in slides[0].shapes if shape.has_text_frame)
    for told in ("Firms abroad", "A & B", "1-30 Apr 2027", "Our panel"):
        assert told in first, told
    assert any(shape.shape_type == 13 for shape in slides[0].shapes)  # the logo
    for slide in slides[1:]:
        assert any("Confidential" in s.text_frame.text for s in slide.shapes if s.has_text_frame)


def test_nothing_is_said_where_nobody_says_it(tmp_path):
    (page,) = write_report(made(title_block=TitleBlock()), [tmp_path / "a.html"])
    text = page.read_text(encoding="utf-8")
    assert "<title>A survey</title>" in text
    assert "None" not in text.partition("<body")[2].partition("<main")[0]


@pytest.mark.parametrize(
    ("name", "content", "key"), [("no.png", b"", "logo_unreadable"), ("l.gif", b"GIF89a", "logo_kind")]
)
def test_a_logo_that_is_none_is_refused(tmp_path, name, content, key):
    if content:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError) as refused:
        TitleBlock(logo=tmp_path / name)
    assert refused.value.problems[0].key == key


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_read_at_once(tmp_path, kind):
    (tmp_path / "logo").write_bytes(logo(kind))
    block = TitleBlock(logo=str(tmp_path / "logo"))
    (tmp_path / "logo").unlink()
    assert block.logo_type == f"image/{kind.lower()}"
    assert block.logo_bytes == logo(kind)


def test_texts_come_on_one_line():
    assert TitleBlock(title=" a\n b ").title == "a b"
    assert TitleBlock(client="c").completed(client="other", title="t") == TitleBlock(client="c", title="t")


# -- pictures as files -----------------------------------------------------------------------------------


def test_pictures_become_files(tmp_path):
    folder = write_pictures(made(), tmp_path / "pictures")
    assert sorted(path.name for path in folder.iterdir()) == ["shares.png", "shares.svg"]
    with Image.open(folder / "shares.png") as image:
        assert image.width > 1200  # two pixels for one
    (folder / "stale.png").write_bytes(b"old")
    write_pictures(made(), folder)
    assert sorted(path.name for path in folder.iterdir()) == ["shares.png", "shares.svg"]
    (folder / "mine.txt").write_text("mine")
    with pytest.raises(UsageError):
        write_pictures(made(), folder)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_protected_file_is_refused_before_any_work(tmp_path):
    path = tmp_path / "a.html"
    path.touch(mode=0o444)
    with pytest.raises(UsageError):
        write_report(Report("en", ()), path)
