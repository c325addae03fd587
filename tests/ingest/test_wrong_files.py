"""Files that are no workbook of responses: each gives one clear message, never a traceback."""

import random
import zipfile
from pathlib import Path

import pytest

from survey import DataError, Instrument, SurveyError, UsageError, read_responses
from tests.helpers import answers, rewrite, told, workbook

DATA = "| diet |\n| other |"
NO_DATA: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "file_empty"),
    "text": (b"hello, this is text", "headers_unknown"),
    "xml": (b"<?xml version='1.0'?><Workbook/>", "file_is_xml"),
    "html": (b"\xef\xbb\xbf\r\n <!DOCTYPE HTML><html></html>", "file_is_html"),
    "html table named .xls": (b"<table><tr><td>diet</td></tr></table>", "file_is_html"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "file_is_pdf"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(100), "file_not_workbook"),
    "old xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "workbook_damaged"),
    "random bytes": (random.Random(1).randbytes(5000), "file_not_workbook"),
    "PK and nothing": (b"PK", "workbook_damaged"),
    "PK and random bytes": (b"PK\x03\x04" + random.Random(2).randbytes(5000), "workbook_damaged"),
    "empty zip": (b"PK\x05\x06" + bytes(18), "file_not_workbook"),
}


@pytest.mark.parametrize("name", NO_DATA)
def test_a_file_that_is_no_workbook(canteen: Instrument, tmp_path: Path, name: str) -> None:
    content, key = NO_DATA[name]
    path = tmp_path / "responses.xlsx"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_responses(path, canteen)
    (problem,) = caught.value.problems
    assert problem.key == key
    assert str(problem).startswith("responses.xlsx")
    assert path.read_bytes() == content


def test_there_is_no_such_file(tmp_path: Path, canteen: Instrument) -> None:
    with pytest.raises(UsageError, match=r"There is no file '.*nowhere\.xlsx'") as caught:
        read_responses(tmp_path / "nowhere.xlsx", canteen)
    assert caught.value.exit_code == 2


def test_a_folder(tmp_path: Path, canteen: Instrument) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        read_responses(tmp_path, canteen)


def test_a_name_no_file_can_have(canteen: Instrument) -> None:
    with pytest.raises(SurveyError):
        read_responses("x" * 5000, canteen)


def test_a_file_that_may_not_be_read(
    tmp_path: Path, canteen: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "r.xlsx", DATA)

    def denied(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(DataError, match=r"cannot be read \(permission denied\)"):
        read_responses(path, canteen)


def test_a_workbook_by_any_other_name(tmp_path: Path, canteen: Instrument) -> None:
    for name in ("responses", "responses.xls", "responses.zip", "答卷 (1).XLSX"):
        assert len(read_responses(workbook(tmp_path / name, DATA), canteen)) == 1


@pytest.mark.parametrize("entries", [["word/document.xml", "[Content_Types].xml"], ["content.xml"]])
def test_a_zip_that_is_no_workbook(tmp_path: Path, canteen: Instrument, entries: list[str]) -> None:
    path = tmp_path / "r.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for entry in entries:
            archive.writestr(entry, "<x/>")
    with pytest.raises(DataError) as caught:
        read_responses(path, canteen)
    assert caught.value.problems[0].key == "file_not_workbook"


def test_a_workbook_cut_off_anywhere(tmp_path: Path, canteen: Instrument) -> None:
    whole = workbook(tmp_path / "whole.xlsx", DATA).read_bytes()
    path = tmp_path / "cut.xlsx"
    for length in range(1, len(whole), len(whole) // 40):
        path.write_bytes(whole[:length])
        with pytest.raises(DataError):
            read_responses(path, canteen)


def test_a_workbook_with_bytes_turned_over(tmp_path: Path, canteen: Instrument) -> None:
    """Whatever the damage: an error of ours, or the file is still readable."""
    whole = workbook(tmp_path / "whole.xlsx", DATA).read_bytes()
    chance = random.Random(3)
    path = tmp_path / "hurt.xlsx"
    for _ in range(150):
        hurt = bytearray(whole)
        for place in chance.sample(range(len(hurt)), 3):
            hurt[place] = chance.randrange(256)
        path.write_bytes(hurt)
        told(lambda: read_responses(path, canteen))


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet"),
        ("xl/worksheets/sheet1.xml", b""),
        ("xl/worksheets/sheet1.xml", b"\x00\x01"),
        ("xl/worksheets/sheet1.xml", None),
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/workbook.xml", None),
        ("[Content_Types].xml", None),
        ("xl/_rels/workbook.xml.rels", None),
        ("xl/styles.xml", b"<nothing/>"),
    ],
)
def test_a_workbook_with_a_broken_part(
    tmp_path: Path, canteen: Instrument, part: str, content: bytes | None
) -> None:
    path = rewrite(workbook(tmp_path / "r.xlsx", DATA), part, lambda _: content)
    problems = told(lambda: read_responses(path, canteen))
    assert [str(problem).startswith("r.xlsx: ") for problem in problems] in ([], [True])


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="A2" t="s"><v>99</v></c>',
        b'<c r="A2" t="n"><v>five</v></c>',
        b'<c r="ZZZZ2"><v>5</v></c>',
        b'<c r="A0"><v>5</v></c>',
        b'<c r="A2" s="9999"><v>5</v></c>',
        b'<c r="A2" t="d"><v>someday</v></c>',
        b'<c r="A2" t="inlineStr"><is><t>a\x01b</t></is></c>',
        b'<c r="A2" t="b"><v>maybe</v></c>',
    ],
)
def test_a_workbook_with_a_broken_cell(tmp_path: Path, canteen: Instrument, cell: bytes) -> None:
    def put(xml: bytes) -> bytes:
        head, tail = xml.split(b'<row r="2">')
        return head + b'<row r="2">' + cell + tail[tail.index(b"</row>") :]

    path = rewrite(workbook(tmp_path / "r.xlsx", DATA), "xl/worksheets/sheet1.xml", put)
    with pytest.raises(DataError, match=r"^r\.xlsx"):
        read_responses(path, canteen)


def test_a_row_beyond_the_last_one(tmp_path: Path, canteen: Instrument) -> None:
    path = workbook(tmp_path / "r.xlsx", DATA)
    rewrite(
        path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'<row r="2">', b'<row r="2000000000">')
    )
    with pytest.raises(DataError, match="below 1048576"):
        read_responses(path, canteen)


@pytest.mark.parametrize(
    ("sheets", "key"),
    [
        ({"Data": ""}, "workbook_empty"),
        ({"Data": "", "More": '| " " | "\\n" |'}, "workbook_empty"),
        ({"Data": "| diet | visits |"}, "no_respondents"),
        ({"Data": "| diet | visits |\n| | |\n| | |"}, "no_respondents"),
        ({"Data": "| id | diet | visits |\n| 1 | | |\n| 2 | | |"}, "no_answers"),
        ({"Data": "| diet | visits |\n| (skipped) | no comment |"}, "no_answers"),
        ({"Data": "| a | b |\n| 1 | 2 |"}, "headers_unknown"),
        ({"Data": "| a | b |\n| diet | 2 |"}, "headers_unknown"),
    ],
)
def test_a_workbook_without_answers(
    tmp_path: Path, canteen: Instrument, sheets: dict[str, str], key: str
) -> None:
    path = workbook(tmp_path / "r.xlsx", sheets)
    with pytest.raises(DataError) as caught:
        read_responses(path, canteen)
    (problem,) = caught.value.problems
    assert problem.key == key
    assert problem.place.file == "r.xlsx"


@pytest.mark.parametrize(
    "title",
    ["| Results | |", "| Results | |\n| of April | |", "| Canteen survey | 2027-03-01 |\n| | |\n| n = 2 | |"],
)
def test_a_header_below_a_title_is_taken(tmp_path: Path, canteen: Instrument, title: str) -> None:
    path = workbook(
        tmp_path / "r.xlsx", {"Data": f"{title}\n| diet | visits |\n| No meat | 2 |\n| Fine food | 5 |"}
    )
    with pytest.raises(DataError) as caught:
        read_responses(path, canteen)
    line = 2 + title.count("\n") + 2
    assert [problem.place.cell for problem in caught.value.problems] == [f"A{line}"]
    responses = read_responses(path, canteen, set_aside=True)
    assert answers(responses, "visits") == [2, 5]
    (told,) = [one for one in responses.problems if one.key == "header_below"]
    assert told.place.line == line - 2
    assert str(told.values["count"]) in told.text("zh")


@pytest.mark.parametrize("title", ["Export of March", "Export of March;;", "Canteen, the survey"])
def test_a_platform_below_a_title(tmp_path: Path, canteen: Instrument, title: str) -> None:
    path = tmp_path / "gf.csv"
    header = "Timestamp;How do you eat?;How many visits a month?"
    path.write_text(f"{title}\n{header}\n2027/3/1 10:00:00;No meat;3\n2027/3/1 10:01:00;No meat;4\n")
    responses = read_responses(path, canteen)
    assert answers(responses, "diet") == ["vegetarian"] * 2
    assert responses.provenance.files[0].dialect == "googleforms"


def test_reading_never_writes(tmp_path: Path, canteen: Instrument) -> None:
    path = workbook(tmp_path / "r.xlsx", DATA)
    before = path.read_bytes(), path.stat().st_mtime_ns
    read_responses(path, canteen)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["r.xlsx"]
