"""A .zip that holds one export is read as that export; any other is one clear error with its remedy."""

import zipfile
from pathlib import Path

import pytest

from survey import DataError, draft_instrument, read_responses
from survey.cli import main
from survey.files.grid import read_book
from survey.ingest.map_proposal import propose_map
from tests.files.binary_workbook import write_binary
from tests.helpers import encrypted
from tests.ingest.dialects.exports import EXPORTS
from tests.ingest.dialects.test_same_answers import CLUB, expected, found, written

CSV = b"id,member,visits\n1,full,3\n2,guest,4\n"


def packed(path: Path, **entries: bytes | str) -> Path:
    """A .zip; the names of its files may be any text."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def keys(path: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        read_book(path)
    assert all(problem.text("en") and problem.text("zh") for problem in caught.value.problems)
    assert all(str(problem).startswith(path.name) for problem in caught.value.problems)
    return [problem.key for problem in caught.value.problems]


@pytest.mark.parametrize("ending", ["xlsx", "xlsb", "csv"])
def test_an_export_in_a_zip_is_the_export(tmp_path: Path, ending: str) -> None:
    rows = EXPORTS["surveymonkey"][1]()
    inside = tmp_path / f"Survey.{ending}"
    if ending == "xlsx":
        written(inside, rows)
    elif ending == "xlsb":
        write_binary(inside, {"Sheet": rows})
    else:
        quoted = [
            ['"{}"'.format("" if one is None else str(one).replace('"', '""')) for one in row] for row in rows
        ]
        inside.write_text("\n".join(map(",".join, quoted)), encoding="utf-8")
    path = packed(
        tmp_path / "Data_All.zip", **{f"CSV/{inside.name}": inside.read_bytes(), "readme.pdf": "%PDF"}
    )
    responses = read_responses(path, CLUB)
    assert found(responses) == expected()
    (source,) = responses.provenance.files
    assert (source.name, source.dialect) == ("Data_All.zip", "surveymonkey")
    assert draft_instrument(path).instrument.questions
    assert propose_map(path, CLUB)


def test_what_a_system_adds_does_not_count(tmp_path: Path) -> None:
    extra = {
        "__MACOSX/._answers.csv": b"\0\5\26\7",
        ".DS_Store": b"\0",
        "pictures/a.csv.png": b"\x89PNG",
        "media/": b"",
    }
    path = packed(tmp_path / "export (1).ZIP", **{"answers.csv": CSV}, **extra)
    responses = read_responses(path, CLUB)
    assert responses.data["visits"].tolist() == [3, 4]
    assert read_book(path).grids[0].sheet == "export (1)"


def test_a_zip_by_any_name_and_an_encrypted_workbook_in_it(tmp_path: Path) -> None:
    whole = written(tmp_path / "r.xlsx", EXPORTS["plain"][1]()).read_bytes()
    path = packed(tmp_path / "responses.csv", **{"r.xlsx": encrypted(whole, "pw")})
    assert found(read_responses(path, CLUB, password="pw")) == expected()
    assert keys(path) == ["file_encrypted"]


def test_text_counts_where_nothing_else_is_a_table(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", **{"data.txt": CSV, "notes.md": "-"})
    assert len(read_responses(path, CLUB)) == 2
    path = packed(tmp_path / "b.zip", **{"data.csv": CSV, "readme.txt": "Read me."})
    assert len(read_responses(path, CLUB)) == 2


def test_the_command_reads_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = packed(tmp_path / "a.zip", **{"data.csv": CSV})
    with pytest.raises(SystemExit) as stopped:
        main(["check", str(path), "--instrument", str(CLUB)])
    assert stopped.value.code == 0
    assert capsys.readouterr().out


WRONG: dict[str, tuple[dict[str, bytes], str]] = {
    "two tables": ({"a.csv": CSV, "b.xlsx": b"PK"}, "zip_several"),
    "no table": ({"a.png": b"\x89PNG", "b.html": b"<html>"}, "zip_no_table"),
    "a folder alone": ({"empty/": b""}, "zip_no_table"),
    "only what a system adds": ({"__MACOSX/._a.csv": CSV}, "zip_no_table"),
    "an archive in it": ({"a.csv": CSV, "more.zip": b"PK"}, "zip_nested"),
    "an archive of another kind": ({"a.csv.gz": b"\x1f\x8b"}, "zip_nested"),
    "a path above": ({"../../a.csv": CSV}, "zip_outside"),
    "a path from the root": ({"/etc/a.csv": CSV}, "zip_outside"),
    "a path of Windows": ({"C:\\a.csv": CSV}, "zip_outside"),
    "a path of Windows above": ({"..\\a.csv": CSV}, "zip_outside"),
    "a table of no byte": ({"a.csv": b""}, "file_empty"),
    "a page named .csv": ({"a.csv": b"<html><table>"}, "file_is_html"),
    "a bomb": ({"a.csv": bytes(70_000_000)}, "archive_bomb"),
    "many files": ({f"{number}.png": b"" for number in range(5_001)}, "archive_entries"),
}


@pytest.mark.parametrize("name", WRONG)
def test_any_other_zip_is_one_clear_error(tmp_path: Path, name: str) -> None:
    entries, key = WRONG[name]
    assert keys(packed(tmp_path / "export.zip", **entries)) == [key]


def test_an_archive_under_the_name_of_a_table(tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner.zip", **{"a.csv": CSV}).read_bytes()
    assert keys(packed(tmp_path / "outer.zip", **{"a.xlsx": inner})) == ["zip_nested"]


def test_an_encrypted_zip(tmp_path: Path) -> None:
    content = bytearray(packed(tmp_path / "a.zip", **{"a.csv": CSV}).read_bytes())
    for sign, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(sign) + offset] |= 1
    (tmp_path / "a.zip").write_bytes(content)
    assert keys(tmp_path / "a.zip") == ["zip_encrypted"]


def test_one_that_lies_about_its_size_or_is_cut_off(tmp_path: Path) -> None:
    whole = packed(tmp_path / "a.zip", **{"a.csv": CSV * 100}).read_bytes()
    lying = bytearray(whole)
    lying[lying.index(b"PK\1\2") + 24] = 9  # the size in the directory
    (tmp_path / "a.zip").write_bytes(lying)
    assert keys(tmp_path / "a.zip") == ["workbook_damaged"]
    (tmp_path / "a.zip").write_bytes(whole[:-30])
    assert keys(tmp_path / "a.zip") == ["workbook_damaged"]


def test_names_of_chinese_windows_are_told_as_they_were_meant(tmp_path: Path) -> None:
    content = packed(tmp_path / "a.zip", **{"xxxx.csv": CSV, "yyyy.csv": CSV}).read_bytes()
    content = content.replace(b"xxxx", "答卷".encode("gb18030")).replace(b"yyyy", "汇总".encode("gb18030"))
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_book(tmp_path / "a.zip")
    assert caught.value.problems[0].values["names"] == ["答卷.csv", "汇总.csv"]


def test_documents_are_no_archives_of_exports(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.docx", **{"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"})
    assert keys(path) == ["file_not_workbook"]


def test_an_entry_without_a_name_is_no_traceback(tmp_path: Path) -> None:
    """Python 3.11 takes the last sign of a name that may be empty."""
    path = packed(tmp_path / "a.zip", aa=b"-", bb=CSV)
    content = path.read_bytes().replace(b"aa", b"")  # the lengths of names no longer fit: damaged on purpose
    (tmp_path / "b.zip").write_bytes(content)
    (tmp_path / "c.zip").write_bytes(_renamed(path.read_bytes()))
    for name in ("b.zip", "c.zip"):
        with pytest.raises(DataError):
            read_book(tmp_path / name)


def _renamed(content: bytes) -> bytes:
    """The bytes of an archive with its first name made empty: `aa` becomes a NUL, at which names end."""
    return content.replace(b"aa", b"\x00a")
