"""Projects that are damaged or could hurt: told, never a traceback, nothing read from outside."""

import random
import struct
import zipfile
from io import BytesIO

import pytest

from survey.interviews import read_segments
from survey.interviews.interchange import export_project, read_codes, read_project
from tests.helpers import told
from tests.interviews.projects import PLAIN, own_guid, project, segments_of, small_codebook
from tests.interviews.test_projects import CODES, selection

GOOD = f"""{CODES}<Sources><TextSource guid="{own_guid(80)}" name="B1" plainTextPath="internal://80.txt">
  {selection(100, (3, 9), 2)}</TextSource></Sources>"""


def packed(parts, **settings):
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, **settings) as archive:
        for name, part in parts:
            archive.writestr(name, part)
    return content.getvalue()


QDE = b'<Project name="x"><CodeBook><Codes><Code guid="1" name="A"/></Codes></CodeBook></Project>'
HURTFUL = {
    "nothing": (b"", "refi_damaged"),
    "text": (b"hello", "refi_damaged"),
    "cut": (packed([("project.qde", QDE)])[:60], "refi_damaged"),
    "no project": (packed([("sources/a.txt", b"a")]), "refi_no_project"),
    "two projects": (packed([("project.qde", QDE), ("b/project.qde", QDE)]), "refi_no_project"),
    "upwards": (packed([("project.qde", QDE), ("../../evil.txt", b"a")]), "refi_path"),
    "absolute": (packed([("project.qde", QDE), ("/etc/evil.txt", b"a")]), "refi_path"),
    "drive": (packed([("project.qde", QDE), ("C:\\evil.txt", b"a")]), "refi_path"),
    "bomb": (packed([("project.qde", QDE), ("sources/a.txt", b"0" * 90_000_000)]), "archive_bomb"),
    "many": (packed([("project.qde", QDE), *((f"s/{n}", b"") for n in range(5001))]), "archive_entries"),
    "entities": (packed([("project.qde", b'<!DOCTYPE p [<!ENTITY a "b">]>' + QDE)]), "xml_doctype"),
    "utf-16 entities": (
        packed([("project.qde", '<!DOCTYPE p [<!ENTITY a "b">]><Project/>'.encode("utf-16"))]),
        "xml_doctype",
    ),
    "no xml": (packed([("project.qde", b"\x00\x01")]), "refi_no_xml"),
    "other xml": (packed([("project.qde", b"<CodeBook/>")]), "refi_root"),
    "no codes": (packed([("project.qde", b"<Project/>")]), "refi_no_codes"),
}


def keys_of(path):
    return [problem.key for problem in told(lambda: read_project(path, small_codebook()))]


@pytest.mark.parametrize("name", HURTFUL)
def test_what_is_wrong_is_told_in_both_languages(tmp_path, name):
    content, key = HURTFUL[name]
    path = tmp_path / "study.qdpx"
    path.write_bytes(content)
    problems = told(lambda: read_project(path))
    assert [problem.key for problem in problems] == [key]
    assert "study.qdpx" in problems[0].text("en")
    assert problems[0].text("zh") != problems[0].text("en")


def test_texts_in_no_unicode_are_told(tmp_path):
    path = project(tmp_path / "study.qdpx", GOOD, {"sources/80.txt": PLAIN.encode("gb18030", "replace")})
    assert keys_of(path) == ["refi_text_no_unicode"]


def test_an_encrypted_archive_is_told(tmp_path):
    path = project(tmp_path / "study.qdpx", GOOD, {"sources/80.txt": PLAIN.encode()})
    content = bytearray(path.read_bytes())
    place = content.index(b"PK\x01\x02")
    content[place + 8 : place + 10] = struct.pack("<H", 1)
    path.write_bytes(content)
    assert [problem.key for problem in told(lambda: read_project(path))] == ["file_encrypted"]


def test_huge_numbers_and_strange_values_are_told_or_left_out(tmp_path):
    odd = GOOD.replace('startPosition="3"', f'startPosition="{"9" * 6000}"')
    path = project(tmp_path / "study.qdpx", odd, {"sources/80.txt": PLAIN.encode()})
    assert [problem.key for problem in told(lambda: read_project(path, small_codebook()))] == [
        "refi_position"
    ]
    outside = GOOD.replace('endPosition="9"', f'endPosition="{"9" * 30}"').replace("80.txt", "81.txt")
    path = project(tmp_path / "study.qdpx", outside)
    assert keys_of(path) == ["refi_span"]


def test_edited_footers_do_no_harm(tmp_path):
    for footer in (
        'survey: {"segment": 5, "start": "x", "made": "nonsense", "quote": []}',
        'survey: {"segment": "S1", "start": -1, "end": 1e400}',
        "survey: {broken",
        "survey: " + '{"a":' * 3000 + "1" + "}" * 3000,
        "survey: []",
    ):
        body = GOOD.replace("<Coding", f"<Description>{footer}</Description><Coding", 1)
        path = project(tmp_path / "study.qdpx", body, {"sources/80.txt": PLAIN.encode()})
        found = read_project(path, small_codebook())
        assert found.data["text"].tolist() == [PLAIN[3:9]]
        assert found.data["quote"].tolist() == found.data["segment"].tolist()


def test_cut_and_changed_files_never_end_in_a_traceback(tmp_path):
    rows = [
        {"segment": f"S{n}", "code": code, "coder": "Ann", "gist": "g", "text": PLAIN}
        for n, code in enumerate(("costs", "funds", "people"))
    ]
    whole = export_project(segments_of(rows), tmp_path / "good.qdpx")
    with zipfile.ZipFile(whole) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    dice = random.Random(6)
    path = tmp_path / "changed.qdpx"
    for turn in range(300):
        if turn % 2:
            content = bytearray(whole.read_bytes())
            for _ in range(dice.randint(1, 6)):
                content[dice.randrange(len(content))] = dice.randrange(256)
            path.write_bytes(content[: dice.randint(20, len(content))] if turn % 4 == 1 else content)
        else:
            xml = parts["project.qde"].decode()
            words = xml.split('"')
            for _ in range(dice.randint(1, 8)):
                one, other = (dice.randrange(1, len(words), 2) for _ in range(2))
                words[one] = dice.choice(["", "-1", "0", "99", "true", "x", "{}", words[other]])
            path.write_bytes(packed([*({**parts, "project.qde": '"'.join(words)}).items()]))
        for read in (read_project, read_codes, read_segments):
            for problem in told(lambda read=read: read(path)):
                assert problem.text("en")
                assert problem.text("zh")
