"""Hidden rows, columns and sheets are read all the same, and said, in every format of workbooks."""

import odf.opendocument
import odf.style
import odf.table
import odf.text
import openpyxl
import pytest
import xlwt

import survey
from survey.files import hidden_parts as module
from survey.files.grid import read_book
from survey.files.hidden_parts import hidden_parts, in_sheet
from tests.ingest.conftest import CANTEEN
from tests.office import converted

ROWS = [
    ["id", "diet", "visits", "remark"],
    *([str(n), "Everything", n, f"said {n}"] for n in range(1, 8)),
]
HIDDEN_ROWS = {3, 5, 6}  # as Excel numbers them
HIDDEN_COLUMNS = {2}  # C, counted from 0


def xlsx(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "A & B"
    for row in ROWS:
        sheet.append(row)
    for row in HIDDEN_ROWS:
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["C"].hidden = True
    book.create_sheet("old").append(["something"])
    book["old"].sheet_state = "veryHidden"
    book.create_sheet("empty").sheet_state = "hidden"
    book.save(path)


def xls(path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("A & B")
    for i, row in enumerate(ROWS):
        for j, value in enumerate(row):
            sheet.write(i, j, value)
    for row in HIDDEN_ROWS:
        sheet.row(row - 1).hidden = 1
    sheet.col(2).hidden = 1
    book.add_sheet("old").write(0, 0, "something")
    book.get_sheet(1).visibility = 2
    book.save(str(path))


def ods(path):
    book = odf.opendocument.OpenDocumentSpreadsheet()
    gone = odf.style.Style(name="away", family="table")
    gone.addElement(odf.style.TableProperties(display="false"))
    book.automaticstyles.addElement(gone)
    table = odf.table.Table(name="A & B")
    table.addElement(odf.table.TableColumn(numbercolumnsrepeated=2))
    table.addElement(odf.table.TableColumn(visibility="collapse"))
    table.addElement(odf.table.TableColumn(numbercolumnsrepeated=16_000))
    for number, row in enumerate(ROWS, 1):
        hides = {"visibility": "filter"} if number in HIDDEN_ROWS else {}
        line = odf.table.TableRow(**hides)
        for value in row:
            kind = (
                {"valuetype": "float", "value": value} if isinstance(value, int) else {"valuetype": "string"}
            )
            cell = odf.table.TableCell(**kind)
            cell.addElement(odf.text.P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    table.addElement(odf.table.TableRow(numberrowsrepeated=1_000_000, visibility="collapse"))
    book.spreadsheet.addElement(table)
    other = odf.table.Table(name="old", stylename=gone)
    line = odf.table.TableRow()
    cell = odf.table.TableCell(valuetype="string")
    cell.addElement(odf.text.P(text="something"))
    line.addElement(cell)
    other.addElement(line)
    book.spreadsheet.addElement(other)
    book.save(str(path))


FORMATS = {"xlsx": xlsx, "xls": xls, "ods": ods}


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_hidden_is_read_and_said_with_its_addresses(name, tmp_path):
    path = tmp_path / f"x.{name}"
    FORMATS[name](path)
    found = survey.read_responses(path, CANTEEN)
    assert found.data["visits"].tolist() == [1, 2, 3, 4, 5, 6, 7]
    told = {problem.key: problem for problem in found.problems}
    assert told["rows_hidden"].values == {"count": 3, "names": ["3", "5-6"]}
    assert told["columns_hidden"].values == {"count": 1, "names": ["C"]}
    assert told["sheets_hidden"].values == {"count": 1, "names": ["old"]}
    assert "sheet_hidden" not in told
    assert "sheet 'A & B': Rows that are hidden" in told["rows_hidden"].text()
    assert "3 行（3、5-6）" in told["rows_hidden"].text("zh")


@pytest.mark.parametrize("name", FORMATS)
def test_libreoffice_hides_alike(name, tmp_path):
    """Another program writes the file that ours looks at."""
    xlsx(tmp_path / "made.xlsx")
    folder = tmp_path / "out"
    folder.mkdir()
    parts = hidden_parts(converted(tmp_path / "made.xlsx", name, folder).read_bytes())
    assert (parts["A & B"].rows, parts["A & B"].columns) == (HIDDEN_ROWS, HIDDEN_COLUMNS)
    assert parts["old"].sheet
    assert not parts["A & B"].sheet


def test_the_only_sheet_hidden_is_read_and_said(tmp_path):
    xlsx(tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    book["empty"].sheet_state = "visible"
    book["A & B"].sheet_state = "hidden"
    book.save(tmp_path / "x.xlsx")
    assert "sheet_hidden" in {
        problem.key for problem in survey.read_responses(tmp_path / "x.xlsx", CANTEEN).problems
    }


def test_rows_without_a_number_are_counted():
    xml = b'<sheetData><row><c/></row><x:row hidden="true"/><row r="9"/><row hidden=\'1\'></row></sheetData>'
    assert in_sheet(xml).rows == {2, 10}
    assert in_sheet(b'<cols><col min="2" max="16384" hidden="1"/></cols>').columns == set(range(1, 16_384))
    assert in_sheet(b'<row r="1" hidden="0"/>').rows == set()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" * 100, b"a,b\n1,2\n"])
def test_what_is_no_workbook_hides_nothing(content):
    assert hidden_parts(content) == {}


@pytest.mark.parametrize(
    ("hide", "looked"),
    [
        (lambda sheet: None, False),
        (lambda sheet: setattr(sheet.row_dimensions[3], "hidden", True), True),
        (lambda sheet: setattr(sheet.column_dimensions["C"], "hidden", True), True),
    ],
    ids=["nothing", "row", "column"],
)
def test_a_sheet_that_hides_nothing_is_not_unpacked_again(tmp_path, monkeypatch, hide, looked):
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    hide(book.active)
    book.save(tmp_path / "some.xlsx")
    opened = []
    may_hide = module._may_hide
    monkeypatch.setattr(module, "_may_hide", lambda *where: opened.append(where) or may_hide(*where))
    found = read_book(tmp_path / "some.xlsx").hidden
    assert bool(opened) == looked
    assert found == hidden_parts((tmp_path / "some.xlsx").read_bytes())
    assert bool(found) == looked
