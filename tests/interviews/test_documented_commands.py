"""Every command on the page about interviews is run, on small files called as the page calls them."""

import re
import shlex
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import survey
from survey.cli import main
from survey.instrument.loading import parse_schema
from tests.interviews.projects import own_guid, project
from tests.interviews.tool_databases import qualcoder
from tests.paths import ROOT

PAGE = (ROOT / "docs" / "interviews.md").read_text(encoding="utf-8")
LINES = re.findall(r"^\$ survey (.+?)(?:\s+#.*)?$", PAGE, re.MULTILINE)
BLOCKS = re.findall(r"^```yaml\n(kind: .+?)^```", PAGE, re.MULTILINE | re.DOTALL)
ROWS = [
    *(
        "segment,participant,group,Role,coder,code,gist,text",
        "s1,P1,North,guest,Ann,too_salty,Salty,It is salty",
    ),
    *("s1,P1,North,guest,Bo,too_salty,,It is salty", "s2,P1,North,guest,Ann,too_salty,Salt,Less salt 😀"),
    *("s3,P1,North,guest,Bo,taste,Taste,No taste", "s4,P2,South,cook,Ann,too_salty,Salt,Salt sells"),
]
TEXT = "It is salty.\r\n😀 Less salt.\r\n"


def nvivo_project(path: Path) -> Path:
    """A REFI-QDA project as NVivo writes it: UTF-16 units, a CR LF is two, a case with an attribute."""
    words = "Less salt."
    start = len(TEXT[: TEXT.index(words)].encode("utf-16-le")) // 2
    body = f"""<Users><User guid="{own_guid(90)}" name="Ann"/></Users>
    <CodeBook><Codes><Code guid="{own_guid(1)}" name="Too salty" isCodable="true"/></Codes></CodeBook>
    <Variables><Variable guid="{own_guid(60)}" name="Role" typeOfVariable="Text"/></Variables>
    <Cases><Case guid="{own_guid(70)}" name="P1">
      <VariableValue><VariableRef targetGUID="{own_guid(60)}"/><TextValue>guest</TextValue></VariableValue>
      <SourceRef targetGUID="{own_guid(80)}"/></Case></Cases>
    <Sources><TextSource guid="{own_guid(80)}" name="P1" plainTextPath="internal://80.txt">
      <PlainTextSelection guid="{own_guid(100)}" startPosition="{start}" endPosition="{start + len(words)}"
        creatingUser="{own_guid(90)}"><Coding guid="{own_guid(600)}" creatingUser="{own_guid(90)}">
        <CodeRef targetGUID="{own_guid(1)}"/></Coding></PlainTextSelection></TextSource></Sources>"""
    return project(path, body, {"sources/80.txt": b"\xef\xbb\xbf" + TEXT.encode()}, tool="NVivo")


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> Path:
    """The files that the page names, each small and whole."""
    folder = tmp_path_factory.mktemp("files")
    guide, codebook = BLOCKS
    (folder / "my-guide.yaml").write_text(guide, encoding="utf-8")
    (folder / "my-codebook.yaml").write_text(codebook, encoding="utf-8")
    (folder / "coded.csv").write_text("\n".join(ROWS), encoding="utf-8")
    segments = survey.read_segments(folder / "coded.csv", folder / "my-codebook.yaml")
    survey.write_segments(segments, folder / "segments.xlsx")
    survey.export_consensus(segments, folder / "decide.xlsx")
    book = load_workbook(folder / "decide.xlsx")
    sheet = book.worksheets[0]
    place = [cell.value for cell in sheet[1]].index("Decision") + 1
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, place).value = "yes"
    book.save(folder / "decide.xlsx")
    agreed = survey.apply_consensus(segments, folder / "decide.xlsx")
    survey.write_segments(agreed, folder / "agreed.xlsx")
    nvivo_project(folder / "study.qdpx")
    survey.export_codes(survey.read_codes(folder / "study.qdpx"), folder / "codebook.yaml")
    rows = {
        "code_name": [{"cid": 1, "name": "Too salty"}],
        "source": [{"id": 1, "name": "P1", "fulltext": "It is salty."}],
        "code_text": [
            {"ctid": 1, "cid": 1, "fid": 1, "seltext": "salty", "pos0": 6, "pos1": 11, "owner": "Ann"}
        ],
    }
    qualcoder(folder / "study.qda", rows)
    (folder / "names.txt").write_text("Acme\n张伟\n", encoding="utf-8")
    people = pd.DataFrame({"participant": ["P1", "P2"], "group": ["North", "South"]})
    people.to_excel(folder / "people.xlsx", index=False)
    code = survey.load_codebook("interview-codebook").code_ids[0]
    (folder / "highlights.csv").write_text(
        f"id,document,tag,content\n1,P1.docx,{code},One\n2,P2.docx,{code},Two\n", encoding="utf-8"
    )
    (folder / "transcripts").mkdir()
    (folder / "transcripts" / "P1.txt").write_text("It is salty. Less salt 😀. No taste.", encoding="utf-8")
    (folder / "exports").mkdir()
    lines = "<Files\\\\P1> - § 1 reference coded  [6.78% Coverage]", "Reference 1 - 6.78% Coverage", "Salt"
    export = "\r\n\r\n".join(lines)
    (folder / "exports" / "Too salty.txt").write_bytes(export.encode("utf-16"))
    (folder / "my-survey.yaml").write_text(
        "kind: survey\nid: clinic\nversion: 1.0.0\nlanguages: [en]\ntitle: {en: Clinic}\nquestions:\n"
        "  - {id: wishes, kind: multiple, short: {en: Wishes}, text: {en: What?}, options:"
        " [{id: salt, label: {en: Less salt}}, {id: more, label: {en: More}}]}\n",
        encoding="utf-8",
    )
    (folder / "my-display.yaml").write_text(
        "kind: joint-display\nid: mine\nversion: 1.0.0\nlanguages: [en]\ntitle: {en: Mine}\n"
        "survey: clinic@1.0.0\ncodebook: canteen@1.0.0\ntopics:\n"
        "  - {id: salt, label: {en: Salt}, items: [{question: wishes, item: salt}], codes: [too_salty],"
        " mark: agree, reason: {en: Both.}}\n",
        encoding="utf-8",
    )
    answers = pd.DataFrame({"wishes / salt": [1, 1, 0], "wishes / more": [0, 1, 1]})
    answers.to_excel(folder / "responses.xlsx", index=False)
    (folder / "data").symlink_to(ROOT / "data")
    return folder


def test_the_page_has_a_guide_and_a_codebook_and_starts_with_what_there_is():
    assert [block.split("\n", 1)[0] for block in BLOCKS] == [
        "kind: interview-guide",
        "kind: interview-codebook",
    ]
    start = PAGE[: PAGE.index("## ")]
    assert "I have an NVivo project" in start
    assert "I have transcripts" in start
    assert len(LINES) > 30


def test_the_guide_and_the_codebook_of_the_chinese_page_are_valid():
    page = (ROOT / "docs" / "zh" / "interviews.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```yaml\n(kind: .+?)^```", page, re.MULTILINE | re.DOTALL)
    own = [parse_schema(block, "mine.yaml") for block in blocks]
    assert [one.reference for one in own] == [parse_schema(block, "mine.yaml").reference for block in BLOCKS]
    assert all(one.languages == ("zh",) for one in own)


@pytest.mark.parametrize("line", dict.fromkeys(LINES))
def test_a_command_of_the_page_runs(line, files, tmp_path, monkeypatch):
    folder = tmp_path / "work"
    shutil.copytree(files, folder, symlinks=True)
    monkeypatch.chdir(folder)
    words = shlex.split(line)
    if words[1] == "analyze":  # pictures and orders of interviews have tests of their own
        words += ["--no-pictures", "--draws", "20"]
    result = CliRunner().invoke(main, words)
    strict = "--strict" in words
    assert result.exit_code in ((0, 1) if strict else (0,)), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    if "-o" in words:
        assert (folder / words[words.index("-o") + 1]).exists()
