"""What NVivo exports of a code as text, laid out after an export of the program and examples of its help."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document

import survey
from survey.cli import main
from survey.errors import DataError
from survey.interviews import read_segments
from tests.interviews.projects import small_codebook

WINDOWS = """<Files\\\\Firms\\\\B1> - § 4 references coded  [6,78% Coverage]

Reference 1 - 3,20% Coverage

Prices rise 😀.

They rose twice:
Reference 7 - 5% more each year

Reference 2 - 1,00% Coverage

资金不足。

References 3-4 - 2,58% Coverage

 Prices rise 😀, he said.\u00a0

<Files\\\\Firms\\\\D1> - § 1 reference coded  [0,05% Coverage]

Reference 1 - 0,05% Coverage

We pay more.

"""


def exported(path: Path, text: str, encoding: str = "utf-16", end: str = "\r\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.replace("\n", end).encode(encoding))
    return path


def keys(segments):
    return sorted({problem.key for problem in segments.problems})


def told(path, *settings) -> list[tuple[str, int | None]]:
    with pytest.raises(DataError) as caught:
        read_segments(path, *settings)
    return [(problem.key, problem.place.line) for problem in caught.value.problems]


def test_a_code_of_nvivo_for_windows(tmp_path):
    segments = read_segments(exported(tmp_path / "Talent.txt", WINDOWS), small_codebook())
    data = segments.data
    assert list(data["code"]) == ["talent"] * 4
    assert list(data["participant"]) == ["B1", "B1", "B1", "D1"]
    assert list(data["text"]) == [
        "Prices rise 😀.\n\nThey rose twice:\nReference 7 - 5% more each year",
        "资金不足。",
        "Prices rise 😀, he said.",
        "We pay more.",
    ]
    assert list(data["row"]) == [3, 10, 14, 20]
    assert segments.origin["format"] == "NVivo"
    assert keys(segments) == ["nvivo_users"]


@pytest.mark.parametrize(
    ("source", "reference"),
    [
        (
            "<Internals\\Interviews\\Barbara>\n\n1 reference coded  [4.06% Coverage]",
            "Reference 1 - 4.06% Coverage",
        ),
        (
            "Files\\\\round 1\\\\Barbara - § 1 reference coded [ 4.06% Coverage]",
            "Reference 1 - 4.06% Coverage",
        ),
        ("<Files\\\\Barbara> - § 1 reference coded  [4.06% Coverage]", "Reference 1 - 4.06% Coverage"),
        # words of other languages are ours: lines are told by signs and numbers
        ("<Dateien\\\\Barbara> - § 1 Referenz codiert  [4,06 % Abdeckung]", "Referenz 1 - 4,06 % Abdeckung"),
        ("<文件\\\\Barbara> - § 1 个参考点已编码 [4.06% 覆盖率]", "参考点 1 - 4.06% 覆盖率"),
        ("<文件\\\\Barbara> - § 1 个参考点 [覆盖率 4.06%]", "参考点 1 - 覆盖率 4.06%"),
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize(("encoding", "end"), [("utf-16", "\r\n"), ("utf-8-sig", "\n"), ("utf-8", "\r\n")])
def test_layouts_of_other_programs_versions_and_languages(tmp_path, source, reference, gap, encoding, end):
    text = gap.join([source, reference, "We go.", ""])
    path = exported(tmp_path / "Talent.txt", text, encoding, end)
    segments = read_segments(path, small_codebook())
    assert list(segments.data["text"]) == ["We go."]
    assert list(segments.data["participant"]) == ["Barbara"]
    assert keys(segments) == []


@pytest.mark.parametrize("inside", [False, True])
def test_a_code_as_a_document_of_word(tmp_path, inside):
    paper = Document()
    lines = [line for line in WINDOWS.split("\n") if line]
    if inside:  # of a table
        cell = paper.add_table(1, 1).cell(0, 0)
        cell.text = "\n".join(lines)
    else:
        for line in lines:
            paper.add_paragraph(line)
    paper.save(tmp_path / "Talent.docx")
    segments = read_segments(tmp_path / "Talent.docx", small_codebook())
    assert list(segments.data["participant"]) == ["B1", "B1", "B1", "D1"]
    assert segments.data["text"].iloc[3] == "We pay more."


def code(*references: tuple[str, str]) -> str:
    """An export with one passage after the other, as source and words."""
    lines = []
    for place, (source, words) in enumerate(references):
        before = [one for one, _ in references[:place] if one == source]
        if not before:
            count = sum(one == source for one, _ in references)
            lines += [f"<Files\\\\{source}> - § {count} references coded  [1.00% Coverage]", ""]
        lines += [f"Reference {len(before) + 1} - 0.50% Coverage", "", words, ""]
    return "\n".join(lines)


def test_a_folder_of_exports_is_a_project(tmp_path):
    folder = tmp_path / "study"
    exported(folder / "Money" / "资金.txt", code(("B1", "Same."), ("B1", "Same."), ("D\\1", "Other.")))
    exported(folder / "Money" / "Costs & <prices>.txt", code(("B1", "Same."), ("B\\1", "Third.")))
    exported(folder / "notes.txt", "Nothing of NVivo.")
    exported(folder / ".hidden.txt", code(("B9", "Hidden.")))
    segments = read_segments(folder, small_codebook())
    data = segments.data
    assert list(zip(data["segment"], data["code"], data["document"], strict=True)) == [
        ("n1", "costs", "B1"),
        ("n2", "costs", "B / 1"),
        ("n1", "funds", "B1"),
        ("n3", "funds", "B1"),
        ("n4", "funds", "D / 1"),
    ]
    assert keys(segments) == ["nvivo_files_unread"]
    made = read_segments(folder)
    assert {subtheme.label["en"] for subtheme in made.codebook.subthemes} == {"Money"}
    assert survey.read_codes(folder).code_ids == made.codebook.code_ids


def test_people_of_a_list_are_found_in_the_names_of_sources(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("participant,group\nB1,B\nD1,D\nD2,D\n", encoding="utf-8")
    path = exported(tmp_path / "Talent.txt", code(("Interview B1", "x y"), ("D1, second talk", "z")))
    segments = read_segments(path, small_codebook(), participants=people)
    assert segments.bases == {"B": 1, "D": 2}
    assert list(segments.data["participant"]) == ["B1", "D1"]


def test_what_is_cut_edited_or_without_words_is_told(tmp_path):
    cut = WINDOWS.replace("§ 4 references", "§ 9 references")
    assert "nvivo_count" in keys(read_segments(exported(tmp_path / "Talent.txt", cut), small_codebook()))
    headed = "Talent\nWhat people say\n\n" + WINDOWS
    assert "nvivo_before" in keys(read_segments(exported(tmp_path / "Talent.txt", headed), small_codebook()))
    area = code(("B1", "Page 1 : (136,153) - (502,293)"), ("B1", ""), ("B1", "We go."))
    segments = read_segments(exported(tmp_path / "Talent.txt", area), small_codebook())
    assert list(segments.data["text"]) == ["We go."]
    assert keys(segments) == ["refi_count_pdfselection", "refi_count_wordless"]
    bare = WINDOWS.replace("Reference 1 - 3,20% Coverage", "").replace("Reference 1 - 0,05% Coverage", "")
    assert told(exported(tmp_path / "Talent.txt", bare), small_codebook()) == [
        ("nvivo_no_reference", 1),
        ("nvivo_no_reference", 18),
    ]
    assert told(exported(tmp_path / "Strange.txt", WINDOWS), small_codebook()) == [
        ("refi_code_unknown", None)
    ]


def test_other_texts_and_documents_are_no_exports(tmp_path):
    exported(tmp_path / "a.txt", "participant,code\nB1,Talent\n", "utf-8")
    assert read_segments(tmp_path / "a.txt", small_codebook(), set_aside=True).origin["input"] == "a.txt"
    (tmp_path / "b.txt").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "c.docx").write_bytes(b"PK\x05\x06")
    Document().save(tmp_path / "d.docx")
    for name in ("b.txt", "c.docx", "d.docx"):
        with pytest.raises(DataError):
            read_segments(tmp_path / name, small_codebook())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_commands_take_an_export_of_nvivo(tmp_path, lang):
    folder = tmp_path / "study"
    exported(folder / "Talent.txt", code(("B1", "Write to me@example.org"), ("B2", "We go.")))
    exported(folder / "资金.txt", code(("B1", "Money is short.")))
    run = CliRunner()
    book = str(tmp_path / "codebook.yaml")
    for words in (
        ["check", str(folder)],
        ["codebook", str(folder), "-o", book],
        ["analyze", str(folder), "--codebook", book, "-o", str(tmp_path / "report.xlsx")],
        ["convert", str(folder), "--codebook", book, "-o", str(tmp_path / "segments.xlsx")],
    ):
        result = run.invoke(main, ["interviews", *words, "--lang", lang])
        assert result.exit_code == 0, result.output
        if words[0] == "check":
            assert "m… (" in result.output
    assert len(read_segments(tmp_path / "segments.xlsx").data) == 3
