"""The report of coded interviews: its sheets, its words, its bytes; and the command that writes it."""

import re
import shlex
from dataclasses import replace

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import survey
from survey.cli import main
from survey.render.pictures import draw
from survey.report.interviews import INTERVIEW_SHEETS
from tests.helpers import keys_of
from tests.interviews.samples import CLAIMS, SEGMENTS, SHAPES, THREE_GROUPS, canteen, shipped


@pytest.fixture(scope="module")
def report():
    return survey.analyze_interviews(shipped(), claims=CLAIMS)


def table(report, name):
    return report.sheet(name).tables[0].data


def notes(report):
    return "\n".join(table(report, "Notes")["what"])


def test_the_sheets(report):
    assert [sheet.name for sheet in report.sheets] == [
        *("Summary", "Codes", "Matrix", "Framework", "Claims"),
        *("Cases", "Saturation", "Co-occurrence", "Quotations", "Both sides", "Segments"),
        *("COREQ \N{MIDDLE DOT} SRQR", "Notes", "Codebook"),
    ]
    assert [sheet.name for sheet in report.sheets if not sheet.appendix] == [
        *("Summary", "Codes", "Matrix", "Framework", "Claims"),
    ]
    assert len(INTERVIEW_SHEETS) == len(report.sheets) + 1  # there are no responses to put beside


def test_every_number_is_known_by_one_key(report):
    others = ("Framework", "Both sides", "Segments", "COREQ \N{MIDDLE DOT} SRQR", "Notes", "Codebook")
    assert keys_of(report, *others) > 1000


def test_the_base_is_always_shown(report):
    for sheet in report.sheets[:-2]:
        assert sheet.subtitle.startswith("14 people interviewed")
    assert "B 7, D 7" in report.sheets[0].subtitle
    for name in ("Matrix", "Codes", "Co-occurrence"):
        assert (table(report, name)["base"] == 14).all()


def test_the_summary_says_what_was_found(report):
    said = notes(report)
    for part in (
        "Coded segments: 149; different quotations: 129",
        "8 of 14 people (B 5/7, D 3/7)",
        "No code has evidence from everybody; the most is 8 of 14",
        "Codes in the published codebook: 20; with an extract: 16. Resting on nobody, 4: Overseas fund;",
        "Overseas fund; Getting more resources; Funding; Knowledge-based resources.",
        "With extracts, but not in the published codebook, 8: ",
        "stand in more than one place: 18; given to different people: 10, of these to different groups: 1",
        "Q10 is given to B3, D3 within Other institutions support: the 6 segments there hold 5 different",
        "D4 with 20 of 149 segments (13.4%), D7 with 6",
        "All segments of B6 stand in one document",
        "does not hold, 6 of 14 people",
        "does not hold, 9 of 14 people",
        "not a sample of anybody",
    ):
        assert part in said


def test_the_matrix_names_who_said_nothing(report):
    row = table(report, "Matrix").set_index("code").loc["internationalization_motivation"]
    assert row["silent"] == "D2"
    assert (row["n"], row["person_D2"], row["person_D4"]) == (13, 0, 6)


def test_there_is_no_p_value_anywhere(report):
    for sheet in report.sheets:
        for shown in sheet.tables:
            assert not [column for column in shown.columns if column.form == "p" or "p_value" in column.key]
    assert "not a sample" in notes(report)


WORDS = canteen(
    """
    | participant | code  | gist         | text             |
    |-------------|-------|--------------|------------------|
    | a           | fresh | Likes salads | I love the salad |
    | b           | fresh | Likes fruit  | Fruit is great   |
    """
)


@pytest.mark.parametrize(
    ("settings", "gist", "text"),
    [({}, True, False), ({"quotations": True}, True, True), ({"gists": False}, False, False)],
)
def test_gists_are_shown_and_quotations_are_not_unless_asked_for(settings, gist, text, tmp_path):
    path = survey.write_report(survey.analyze_interviews(WORDS, **settings), tmp_path / "r.xlsx")
    book = load_workbook(path)
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert any("Likes salads" in cell for cell in cells) == gist
    assert any("I love the salad" in cell for cell in cells) == text


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_a_report(shape, lang, tmp_path):
    report = survey.analyze_interviews(SHAPES[shape](), lang=lang, draws=50)
    survey.write_report(report, tmp_path / "r.xlsx", pictures=False)
    assert all(line for sheet in report.sheets for line in sheet.lines)
    for sheet in report.sheets:
        for picture in sheet.pictures:
            assert draw(picture, lang).startswith(b"\x89PNG")


def test_the_chinese_report_has_no_english_words_of_ours():
    report = survey.analyze_interviews(shipped(), lang="zh", claims=CLAIMS, draws=50)
    for sheet in report.sheets:
        headings = [column.heading for shown in sheet.tables for column in shown.columns]
        for text in (sheet.name, sheet.title, *headings):
            words = re.findall(r"[A-Za-z]{4,}", text)
            assert set(words) <= {
                "Jaccard",
                "SHA",
                "interview",
                "codebook",
                "appendix",
                "section",
                "COREQ",
                "SRQR",
            }, text


def test_another_codebook_has_no_published_table():
    report = survey.analyze_interviews(canteen(THREE_GROUPS), draws=50)
    shown = report.sheet("Codes").tables[0]
    assert "published" not in [column.key for column in shown.columns]
    said = notes(report)
    assert "published" not in "\n".join(report.sheets[0].findings)
    assert "Coded under two opposites, Too salty / Too bland: a. Read both." in said
    assert "purpose" in said


def test_columns_grow_with_the_groups():
    report = survey.analyze_interviews(SHAPES["three groups"](), draws=50)
    headings = [column.heading for column in report.sheet("Cases").tables[0].columns]
    for group in ("All", "North", "South", "West"):
        assert f"{group}: People" in headings
    assert "4 people interviewed (North 2, South 1, West 1)" in notes(report)


def test_same_segments_same_bytes(tmp_path):
    first, second = (
        survey.write_report(survey.analyze_interviews(shipped(), draws=50), tmp_path / name).read_bytes()
        for name in ("a.xlsx", "b.xlsx")
    )
    assert first == second


# -- the command -----------------------------------------------------------------------------------------


def run(*words):
    return CliRunner().invoke(main, ["interviews", "analyze", *words])


def test_the_command_writes_a_report_beside_the_others(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = [str(SEGMENTS), "--draws", "50", "--seed", "9", "--no-pictures"]
    done = run(*words)
    assert done.exit_code == 0, done.output
    path = tmp_path / "reports" / "segments-report.xlsx"
    assert done.stdout.strip().endswith(str(path.relative_to(tmp_path)))
    rows = {row[1]: row[2] for row in load_workbook(path)["Notes"].iter_rows(values_only=True)}
    assert shlex.split(rows["Command"])[3:] == [
        *(str(SEGMENTS), "--no-pictures", "--draws", "50", "--seed", "9")
    ]


def test_the_command_in_chinese_with_statements(tmp_path):
    done = run(
        str(SEGMENTS),
        "-o",
        str(tmp_path / "r.xlsx"),
        "--lang",
        "zh",
        "--claims",
        str(CLAIMS),
        "--draws",
        "50",
    )
    assert done.exit_code == 0, done.output
    assert "表述核对" in load_workbook(tmp_path / "r.xlsx").sheetnames


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (["none.xlsx"], 2, "none.xlsx"),
        ([str(SEGMENTS), "-o", "report.pdf"], 2, ".xlsx"),
        ([str(SEGMENTS), "-o", str(SEGMENTS)], 2, "never written to"),
        ([str(SEGMENTS), "-o", "r.xlsx", "--base-size", "0"], 2, "base_size"),
        ([str(SEGMENTS), "-o", "r.xlsx", "--threshold", "5"], 2, "0.05"),
        ([str(SEGMENTS), "-o", "r.xlsx", "--similarity", "90"], 2, "0.9"),
        ([str(SEGMENTS), "-o", "r.xlsx", "--confidence", "95"], 2, "95"),
        ([str(SEGMENTS), "-o", "r.xlsx", "--coder", "Anna"], 2, "Anna"),
        ([str(SEGMENTS), "-o", "r.xlsx", "--claims", str(SEGMENTS)], 1, "claim"),
    ],
)
def test_errors_are_told_and_nothing_is_written(words, code, part, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert done.exit_code == code
    assert part in done.stderr
    assert "Traceback" not in done.output
    assert not list(tmp_path.rglob("*.xlsx"))


@pytest.mark.parametrize("rows", ["", "P1,no_such_code,x\n"])
def test_a_file_without_segments_gives_no_report_on_nobody(rows, tmp_path):
    path = tmp_path / "s.csv"
    path.write_text(f"participant,code,gist\n{rows}", encoding="utf-8")
    done = run(str(path), "-o", str(tmp_path / "r.xlsx"), "--set-aside")
    assert done.exit_code == 1
    assert "s.csv: There is no coded segment to count." in done.stderr
    assert ("no_such_code" in done.stderr) == bool(rows)
    assert not (tmp_path / "r.xlsx").exists()


def test_the_command_warns_of_addresses(tmp_path):
    for gist, warned in (("ask jane@firm.cn", True), ("ask nobody", False)):
        path = tmp_path / "s.csv"
        path.write_text(f"participant,code,gist\nP1,profit,{gist}\n", encoding="utf-8")
        done = run(str(path), "-o", str(tmp_path / "r.xlsx"), "--no-pictures", "--draws", "10")
        assert done.exit_code == 0, done.output
        assert ("survey interviews check" in done.stderr) == warned
        assert "jane" not in done.stderr


@pytest.mark.parametrize(("last", "shown"), [("Jane.docx", False), ("Li_Na.docx", True)])
def test_a_document_of_one_person_may_bear_the_name(last, shown):
    rows = f"| a | fresh | Li_Na.docx |\n| b | fresh | {last} |"
    said = f"| participant | code | document |\n|---|---|---|\n{rows}"
    report = survey.analyze_interviews(canteen(said), draws=10)
    documents = [table for table in report.sheet("Quotations").tables if table.name == "documents"]
    assert bool(documents) == shown
    assert not documents or list(documents[0].data["document"]) == ["Li_Na.docx", "Li_Na.docx"]
    assert ("document" in {column.key for column in report.sheet("Segments").tables[0].columns}) == shown
    assert ("Li_Na" in repr(report.sheet("Summary"))) is False


@pytest.mark.parametrize(("lang", "word"), [("en", "Texts alike within"), ("zh", "相似文本")])
def test_texts_alike_are_told_as_a_proposal(lang, word):
    words = "There was no other way than to trust them"
    said = f"| participant | code | text |\n|---|---|---|\n| a | fresh | {words} |\n| b | fresh | {words}! |"
    report = survey.analyze_interviews(canteen(said), lang=lang, draws=10)
    lines = report.sheets[-2].tables[0].data["what"].tolist()
    assert any(word in line and "s0" in line and "s1" in line for line in lines)
    assert not any("2 different quotations" in line and "hold" in line for line in lines)


def test_one_coder_alone(tmp_path):
    data = shipped().data.copy()
    data["coder"] = ["one", "two"] * (len(data) // 2) + ["one"] * (len(data) % 2)
    path = survey.write_segments(replace(shipped(), data=data), tmp_path / "two.xlsx")
    done = run(str(path), "-o", str(tmp_path / "r.xlsx"), "--coder", "two", "--draws", "50", "--no-pictures")
    assert done.exit_code == 0, done.output
    shown = load_workbook(tmp_path / "r.xlsx")["Notes"]
    assert any("Coded segments: 74" in str(row[2]) for row in shown.iter_rows(values_only=True))


def test_a_matrix_of_many_people_is_printed_over_several_pages(tmp_path):
    """Shrunk to one page forty people cannot be read: the labels are repeated on each page instead."""
    rows = "\n".join(f"| person {n} | fresh |" for n in range(40))
    report = survey.analyze_interviews(canteen(f"| participant | code |\n|---|---|\n{rows}"), draws=10)
    book = load_workbook(survey.write_report(report, tmp_path / "r.xlsx", pictures=False))
    sheet = book["Matrix"]
    assert str(sheet.print_area).count(",") >= 2
    assert sheet.print_title_cols == "$A:$A"
