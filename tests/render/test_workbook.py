"""The workbook: reopened, and held against the rules for report workbooks."""

import math
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from survey.document import Chart, Column, Picture, Report, Sheet, Table
from survey.errors import UsageError
from survey.render import write_report
from survey.render.excel.cells import FORMATS, MOST_CHARACTERS
from survey.render.excel.workbook import sheet_names
from tests.office import converted
from tests.render.samples import LABELLED, battery, one_table, options, pictures, report, table

ROOT = Path(__file__).parents[2]


@pytest.fixture
def written(tmp_path):
    """Write a report and open it again."""

    def write(made, **options):
        return openpyxl.load_workbook(write_report(made, tmp_path / "report.xlsx", **options))

    return write


def full_report(lang="en"):
    shown = pictures()
    chart = Chart("shares", "bar", "Shares", "label", ("proportion",), 'Bars of "shares" & more.')
    wide = pd.DataFrame({f"c{i}": [i, i + 1] for i in range(12)})
    columns = [Column(f"c{i}", f"Column {i}", "count") for i in range(12)]
    return report(
        Sheet("Summary", "Summary", lines=("Most firms want licences.",), pictures=(shown["diverging"],)),
        Sheet(
            *("Needs", "Needs of the firms", "What do you need?", "20 who answered", ("Two sentences.",)),
            (table(options(), LABELLED, notes=("From the counts.",)),),
            notes=("Half up.",),
            pictures=(shown["importance"], shown["diverging"]),
            charts=(chart,),
        ),
        Sheet("Wide", "A wide table", tables=(table(wide, columns, "wide"),)),
        lang=lang,
        warning="Made up.",
        properties={
            "title": "Firms",
            "creator": "Us",
            "date": "2026-03-01",
            "subject": "S",
            "keywords": "a, b",
        },
    )


def column_a(sheet):
    return [row[0].value for row in sheet.iter_rows(max_col=1) if row[0].value is not None]


def the_table(sheet):
    (found,) = sheet.tables.values()
    return found, [[cell.value for cell in row] for row in sheet[found.ref]]


# -- what stands where -----------------------------------------------------------------------------------


def test_a_sheet_reads_from_title_to_table(written):
    sheet = written(full_report())["Needs"]
    lines = column_a(sheet)
    assert lines[:7] == [
        *("Needs of the firms", "Made up.", "Question as asked: What do you need?", "Base: 20 who answered"),
        *("Two sentences.", "Notes: this sheet has 2, given above its table.", "[note 1] Half up."),
    ]
    assert lines[7] == "[note 2] From the counts."
    assert sheet["A1"].font.b
    found, cells = the_table(sheet)
    assert cells == [["Option", "Count", "Share"], ["Licences", 12, 0.6], ["Money", 11, 0.55]]
    first, last = found.ref.split(":")
    assert first.startswith("A")
    assert sheet.max_row == sheet[last].row  # nothing below
    assert sheet.cell(sheet[first].row - 1, 1).value is None  # an empty row above


def test_every_table_is_named_and_every_cell_has_a_font(written):
    book = written(full_report())
    names = [name for sheet in book for name in sheet.tables]
    assert names == ["tbl_contents", "tbl_needs", "tbl_wide"]
    for sheet in book:
        assert not sheet.merged_cells.ranges
        for row in sheet.iter_rows():
            assert {cell.font.name for cell in row if cell.has_style} <= {"Calibri"}
            assert all(cell.has_style for cell in row if cell.value is not None)
        found = [sheet[ref.ref] for ref in sheet.tables.values()]
        assert all(cell.has_style for block in found for row in block for cell in row)


def test_chinese_reports_have_a_chinese_font_and_wording(written):
    sheet = written(full_report("zh"), pictures=False)["Needs"]
    assert {cell.font.name for row in sheet.iter_rows() for cell in row if cell.has_style} == {
        "Microsoft YaHei"
    }
    assert "问题原文：What do you need?" in column_a(sheet)


def test_contents_link_to_every_sheet_and_every_sheet_links_back(written):
    made = report(Sheet("It's 50%: [a/b]", "One"), Sheet("Needs", "Two", base_text="all"))
    book = written(made)
    first = book.worksheets[0]
    found, cells = the_table(first)
    assert cells == [["Sheet", "Title", "Base"], ["It's 50%- -a-b-", "One", None], ["Needs", "Two", "all"]]
    start = first[found.ref.split(":")[0]].row + 1
    links = [first.cell(row, 1).hyperlink for row in (start, start + 1)]
    assert [link.location for link in links] == ["'It''s 50%- -a-b-'!A1", "'Needs'!A1"]
    assert all(link.target is None for link in links)
    for sheet in book.worksheets[1:]:
        (back,) = [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]
        assert back.location == "'Contents'!A1"
        assert sheet[back.ref].value == "Back to 'Contents'"


def test_the_workbook_opens_on_the_first_sheet_in_a1(written):
    book = written(full_report())
    assert book.active.title == "Contents"
    for sheet in book:
        assert {choice.activeCell for choice in sheet.sheet_view.selection} <= {"A1", None}


def test_printing_and_freezing(written):
    book = written(full_report())
    for sheet in book:
        wide = sum(sheet.column_dimensions[name].width for name in list(sheet.column_dimensions))
        upright = wide <= 125 and not sheet._images and sheet.title != "Summary"
        assert sheet.page_setup.orientation == ("portrait" if upright else "landscape")
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    found, _ = the_table(book["Wide"])
    heading = book["Wide"][found.ref.split(":")[0]].row
    assert book["Wide"].print_title_rows == f"${heading}:${heading}"
    assert book["Wide"].freeze_panes == f"B{heading + 1}"
    assert book["Needs"].freeze_panes.startswith("B")
    assert (
        len(book["Needs"].print_area.split(",")) == 4
    )  # the table, two pictures and a chart on their own pages


def test_wrapped_rows_are_high_enough(written):
    lines = ("A sentence that goes on. " * 20, "一句话说个没完没了，" * 20)
    sheet = written(one_table(options(["Short", "长标签" * 30]), lines=lines))["Needs"]
    latin, chinese = (next(row for row in range(1, 20) if sheet.cell(row, 1).value == line) for line in lines)
    wide = sheet.column_dimensions["A"].width
    assert sheet.row_dimensions[latin].height >= 15 * (len(lines[0]) // (1.08 * wide))
    assert sheet.row_dimensions[chinese].height >= 15 * (2 * len(lines[1]) // wide)
    assert sheet.cell(latin, 1).alignment.wrap_text
    assert sheet.row_dimensions[sheet.max_row].height >= 30


def test_two_tables_stand_below_each_other_under_their_titles(written):
    tables = (
        table(options(), LABELLED, "one", title="First"),
        table(options(), LABELLED, "two", title="Second"),
    )
    sheet = written(report(Sheet("Both", "Both", tables=tables)))["Both"]
    refs = [found.ref for found in sheet.tables.values()]
    assert len(refs) == 2
    assert {"First", "Second"} < set(column_a(sheet))
    assert sheet.print_title_rows is None


def test_an_empty_table_says_so(written):
    chart = Chart("shares", "bar", "Shares", "label", ("proportion",), "Bars.")
    sheet = written(one_table(options([]), charts=(chart,)))["Needs"]
    _, cells = the_table(sheet)
    assert cells == [["Option", "Count", "Share"], ["None: this table has no rows.", None, None]]
    assert not sheet._charts


def test_a_report_of_one_sheet_and_of_none(written):
    assert not written(report())["Contents"].tables  # there is nothing to link to
    assert written(Report("en", ())).sheetnames == ["1"]


# -- numbers and text ------------------------------------------------------------------------------------


def test_numbers_stay_numbers_in_their_form(written):
    values = {"text": "a", "count": 7, "share": 0.125, "points": -0.05, "number": 3.14159, "p": 0.0004}
    frame = pd.DataFrame({form: [value] for form, value in values.items()})
    sheet = written(one_table(frame, [Column(form, form, form) for form in values]))["Needs"]
    row = [cell for cell in sheet[sheet.max_row] if cell.value is not None]
    assert [cell.value for cell in row] == list((values | {"points": -5.0}).values())  # whole points
    assert [cell.number_format for cell in row] == [FORMATS[form] for form in values]
    assert FORMATS["share"] == "0%_)"  # whole percent, with the room of a bracket behind it
    assert FORMATS["p"] == '[<0.001]"<0.001"_);0.000_)'


def test_marks_stand_at_numbers_below_and_at_zero_too(written, tmp_path):
    marks = ["small"] * 3 + ["down small B"]
    frame = pd.DataFrame({"d": [0.12, -0.13, 0.0, -0.13], "p": [0.2, 0.0001, 0.0, 1.0], "marks": marks})
    columns = [Column("d", "d", "points", marks="marks"), Column("p", "p", "p", marks="marks")]
    sheet = written(one_table(frame, columns))["Needs"]
    forms = [[cell.number_format for cell in row[:2]] for row in list(sheet.rows)[-4:]]
    assert forms[0] == ['"("+0")";"("-0")";"("0")"', '[<0.001]"(""<0.001"")";"("0.000")"']
    assert forms[3][0] == ";".join(f'"▼ ""("{number}")"" B"' for number in ("+0", "-0", "0"))
    page = converted(tmp_path / "report.xlsx", "html", tmp_path).read_text(encoding="utf-8")
    shown = re.findall(r">((?:▼ )?\([-+<0-9.&lt;]+\)(?: B)?)<", page)
    small = ["(+12)", "(0.200)", "(-13)", "(&lt;0.001)", "(0)", "(&lt;0.001)"]
    assert shown == [*small, "▼ (-13) B", "▼ (1.000) B"]


def test_numbers_of_a_column_have_as_many_decimals(written):
    frame = pd.DataFrame(
        {
            "rank": [2.0, 1.55, -1.0],
            "median": [120.0, 0.0, 3.0],
            "gap": [2.0, None, math.inf],
            "marks": ["small"] * 3,
            "head": [False] * 3,
        }
    )
    columns = [Column("rank", "rank", "number"), Column("median", "median", "number", marks="marks")]
    sheet = written(one_table(frame, [*columns, Column("gap", "gap", "number")]))["Needs"]
    forms = [[cell.number_format for cell in row[:3]] for row in list(sheet.rows)[-3:]]
    assert [row[0] for row in forms] == ["0.00_)"] * 3
    assert [row[1] for row in forms] == ['"("0")"'] * 3  # all are whole, and brackets stay
    assert forms[0][2] == "0.00_)"


def test_missing_values_are_blank_and_explained(written):
    missing = [None, math.nan, pd.NA, pd.NaT, pd.Series([None], dtype="Int64")[0], ""]
    frame = pd.DataFrame({"label": [f"row {i}" for i in range(6)], "n": pd.Series(missing, dtype=object)})
    sheet = written(one_table(frame, LABELLED[:2]))["Needs"]
    assert [row[1] for row in the_table(sheet)[1][1:]] == [None] * 6
    assert any(line.startswith("Blank cells: ") for line in column_a(sheet))
    assert not any(
        line.startswith("Blank cells: ") for line in column_a(written(one_table(options()))["Needs"])
    )


def test_other_values_are_shown_as_what_they_are(written):
    frame = pd.DataFrame({"n": [math.inf, -math.inf, True, "below 50 %", 2.5, 3.0]}, dtype=object)
    sheet = written(one_table(frame, [Column("n", "n", "count")]))["Needs"]
    assert [row[0] for row in the_table(sheet)[1][1:]] == ["∞", "-∞", "yes", "below 50 %", 2.5, 3]
    assert sheet.cell(sheet.max_row - 1, 1).number_format == "0.0_)"  # a weighted count


@pytest.mark.parametrize("text", ["=1+1", "+1", "-x", "@SUM(A1)", "#N/A", "=HYPERLINK(1)", "#REF!", "1e5"])
def test_text_stays_text_everywhere(written, text):
    columns = [Column("label", text), Column("n", "n", "count")]
    made = report(
        Sheet("Needs", text, text, text, (text,), (table(options([text]), columns),), (text,)), warning=text
    )
    book = written(made)
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type in ("s", "n") for cell in row)
            assert all(cell.data_type == "s" for cell in row if isinstance(cell.value, str))
    cell = book["Needs"].cell(book["Needs"].max_row, 1)
    assert cell.value == text
    assert cell.quotePrefix == text.startswith(("=", "+", "-", "@"))


def test_what_a_file_cannot_hold_is_replaced(written):
    sheet = written(one_table(options(["a\x00b\x1f\ud800c\ufffe", "two\r\nlines\rthree"])))["Needs"]
    assert [row[0] for row in the_table(sheet)[1][1:]] == ["a�b��c�", "two\nlines\nthree"]


def test_long_text_is_cut_aloud(written):
    sheet = written(one_table(options(["x" * 40_000])))["Needs"]
    text = sheet.cell(sheet.max_row, 1).value
    assert len(text) == MOST_CHARACTERS
    assert text.endswith("[cut: the text has 40,000 characters, a cell holds 32,767]")
    assert sheet.row_dimensions[sheet.max_row].height <= 409


def test_headings_are_unique_and_on_one_line(written):
    wanted = ["Share", "share", "", "a\nb", "y" * 300, "Share"]
    frame = pd.DataFrame({f"c{i}": [1] for i in range(len(wanted))})
    book = written(one_table(frame, [Column(f"c{i}", text, "count") for i, text in enumerate(wanted)]))
    found, cells = the_table(book["Needs"])
    assert cells[0][:4] == ["Share", "share (2)", "Column 3", "a b"]
    assert cells[0][5] == "Share (3)"
    assert len(cells[0][4]) <= 255
    assert [column.name for column in found.tableColumns] == cells[0]


def test_table_names_are_valid_and_unique(written):
    names = ["Q1", "q1", "a-b c", "需求", ""]
    sheets = [Sheet(f"S{i}", "S", tables=(table(options(), LABELLED, name),)) for i, name in enumerate(names)]
    made = [name for sheet in written(report(*sheets)) for name in sheet.tables]
    assert made == ["tbl_contents", "tbl_Q1", "tbl_q1_2", "tbl_a_b_c", "tbl_table", "tbl_table_2"]


def test_sheet_names_are_valid_unique_and_stable(written):
    wanted = [
        "A" * 40,
        "A" * 41,
        "needs",
        "Needs",
        "a[b]:*?/\\c",
        "''",
        "History",
        "x\x00y",
        "😀" * 20,
        "'quoted'",
    ]
    made = Report("en", tuple(Sheet(name, "T") for name in wanted))
    names = sheet_names(made)
    assert names == sheet_names(made)
    assert len({name.casefold() for name in names}) == len(wanted)
    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\\x00]", name)
        assert name == name.strip("'")
        assert name.casefold() != "history"
    assert names[0] == "A" * 30 + "…"
    assert names[3] == "Needs (2)"
    assert written(made).sheetnames == list(names)


def test_a_column_that_is_not_there_is_the_callers_mistake(written):
    with pytest.raises(ValueError, match=r"no column \['nonsense'\]"):
        written(one_table(options(), [Column("nonsense", "N")]))
    with pytest.raises(ValueError, match="charts but no table"):
        written(report(Sheet("S", "S", charts=(Chart("c", "bar", "C", "label", ("n",), "C"),))))


# -- pictures and charts ---------------------------------------------------------------------------------


def test_pictures_and_charts_have_alternative_text_and_a_sentence(written, tmp_path):
    sheet = written(full_report())["Needs"]
    lines = column_a(sheet)
    start = next(i for i, line in enumerate(lines) if line.startswith("Picture at"))
    found, _ = the_table(sheet)
    beside = sheet[found.ref.split(":")[0]].row + 1
    assert lines[start] == f"Picture at cell E{beside}: Dots."
    assert re.fullmatch(r"Picture at cell E\d+: Bars\.", lines[start + 1])
    assert re.fullmatch(r'Chart at cell E\d+: Bars of "shares" & more\.', lines[start + 2])
    with zipfile.ZipFile(tmp_path / "report.xlsx") as archive:
        drawing = archive.read("xl/drawings/drawing2.xml").decode()
    assert re.findall(r'descr=[\'"](.*?)[\'"] ?/?>', drawing) == [
        "Bars of &quot;shares&quot; &amp; more.",
        "Dots.",
        "Bars.",
    ]
    first, second = (image.anchor._from for image in sheet._images)
    assert (first.col, first.row) == (second.col, beside - 1) == (4, beside - 1)
    assert second.row > first.row


def test_without_a_table_pictures_stand_below_the_lines(written):
    sheet = written(full_report())["Summary"]
    (image,) = sheet._images
    assert (
        sheet.cell(image.anchor._from.row, 1).value == f"Picture at cell A{image.anchor._from.row + 1}: Bars."
    )


def test_without_figures_no_picture_is_drawn_but_charts_are(written):
    book = written(full_report(), pictures=False)
    assert not any(sheet._images for sheet in book)
    assert len(book["Needs"]._charts) == 1
    assert not any(line.startswith("Picture") for line in column_a(book["Needs"]))


def test_a_picture_on_two_sheets_is_drawn_once(written, monkeypatch):
    drawn = []
    from survey.render import pictures

    draw = pictures.draw
    monkeypatch.setattr(
        pictures,
        "draw",
        lambda picture, lang, **form: drawn.append(picture.name) or draw(picture, lang, **form),
    )
    written(full_report())
    assert sorted(drawn) == ["points", "shares"]


def test_a_missing_chinese_font_is_told_beside_the_picture(written, monkeypatch):
    from survey.render import pictures

    monkeypatch.setattr(pictures, "chinese_font", lambda: None)
    lines = column_a(written(full_report("zh"))["Needs"])
    told = [line for line in lines if "Noto Sans CJK SC" in line]
    assert len(told) == 2
    assert all(line.startswith("本机未找到中文字体") for line in told)


# -- the file --------------------------------------------------------------------------------------------


def test_document_properties(written):
    properties = written(full_report()).properties
    assert (properties.title, properties.creator, properties.subject) == ("Firms", "Us", "S")
    assert properties.keywords == "a, b"
    assert properties.created.isoformat() == properties.modified.isoformat() == "2026-03-01T00:00:00"
    assert written(report()).properties.title == "A survey"


def test_the_same_report_gives_the_same_bytes_in_a_fresh_process(tmp_path):
    code = (
        "import sys\n"
        "from survey.render import write_report\n"
        "from tests.render.test_workbook import full_report\n"
        "write_report(full_report(), sys.argv[1])"
    )
    paths = [tmp_path / "one.xlsx", tmp_path / "two.xlsx"]
    for seed, path in zip("12", paths, strict=True):
        command = [sys.executable, "-c", code, str(path)]
        subprocess.run(
            command,
            check=True,
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": "", "HOME": str(tmp_path), "SOURCE_DATE_EPOCH": "9"},
        )
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with zipfile.ZipFile(paths[0]) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_failing_save_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"old")

    def fail(*arguments, **values):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("openpyxl.Workbook.save", fail)
    with pytest.raises(UsageError, match="no space left"):
        write_report(full_report(), path, pictures=False)
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["report.xlsx"]


def test_a_failing_picture_leaves_the_old_file(tmp_path):
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"old")
    unheard_of = Picture("x", "unheard of", battery(), "", "")
    broken = report(Sheet("S", "S", pictures=(unheard_of,)))
    with pytest.raises(KeyError):
        write_report(broken, path)
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["report.xlsx"]


def test_folders_are_made_and_bad_targets_refused(tmp_path):
    path = write_report(report(), tmp_path / "new" / "deep" / "report.xlsx")
    assert path.exists()
    for bad, told in (
        (tmp_path, "This is a folder"),
        (tmp_path / "report.csv", "none that a report is written with"),
    ):
        with pytest.raises(UsageError, match=told) as caught:
            write_report(report(), bad)
        assert str(bad) in str(caught.value)
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError):
        write_report(report(), tmp_path / "file" / "report.xlsx")


def test_a_file_that_may_not_be_written_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"old")
    monkeypatch.setattr("os.access", lambda *arguments, **values: False)
    with pytest.raises(UsageError, match="protected, or open in another program"):
        write_report(report(), path)
    assert path.read_bytes() == b"old"


def test_libreoffice_opens_it(tmp_path):
    path = write_report(full_report(), tmp_path / "report.xlsx")
    assert converted(path, "pdf", tmp_path).stat().st_size > 10_000


def test_a_table_stays_under_its_title_and_pages_break_between_questions(tmp_path):
    """40 questions of 6 rows on a wide sheet: no break before the first, all others at heads of questions."""
    groups = [f"g{number}" for number in range(9)]
    row = dict.fromkeys(groups, 0.5)
    rows = [{"label": f"{at}", "section": at % 6 == 0, **row} for at in range(240)]
    columns = [Column("label", "Answer"), *(Column(g, f"Large company · Vice {g}", "share") for g in groups)]
    table = Table("wide", "Wide", "", pd.DataFrame(rows), tuple(columns), filtered=False)
    write_report(Report("en", (Sheet("Wide", "Wide", tables=(table,)),)), tmp_path / "wide.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "wide.xlsx")["Wide"]
    heading = int(sheet.print_title_rows.partition(":")[0].strip("$"))
    breaks = [one.id for one in sheet.row_breaks.brk]
    assert breaks
    assert min(breaks) > heading
    assert all((row - heading) % 6 == 0 for row in breaks)  # the row after it heads a question
