"""One table in every format and encoding, told by content: the same answers."""

import datetime
import os

import odf.opendocument
import odf.table
import odf.text
import openpyxl
import pytest
import xlwt
from click.testing import CliRunner

import survey
from survey.cli import main
from survey.errors import DataError, UsageError
from survey.files.grid import Uncached, read_book
from survey.ingest.map_proposal import propose_map
from tests.helpers import encrypted
from tests.paths import EXAMPLES

EVERYTHING = EXAMPLES / "everything.yaml"
ROWS = [
    ["respondent", "visit", "rooms__coins", "rooms__maps", "enjoyment__light", "minutes", "remark"],
    ["001", "first", 1, 0, 7, 45, "None"],
    ["002", "经常来", 0, 1, 3, 0, 'a, "b"; c\n二'],
    ["003", None, 0, 0, None, 12.0, "NA"],
]


def as_text(separator, rows=ROWS, *, end="\r\n"):
    def cell(value):
        said = "" if value is None else str(value)
        return '"' + said.replace('"', '""') + '"' if set(said) & set('",;\t|\n') else said

    return end.join(separator.join(map(cell, row)) for row in rows) + end


def xlsx(path):
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(path)
    return path.read_bytes()


def xls(path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for i, row in enumerate(ROWS):
        for j, value in enumerate(row):
            if value is not None:
                sheet.write(i, j, value)
    book.save(str(path))
    return path.read_bytes()


def ods(path):
    book = odf.opendocument.OpenDocumentSpreadsheet()
    table = odf.table.Table(name="Data")
    for row in ROWS:
        line = odf.table.TableRow()
        for value in row:
            kind = {} if value is None else {"valuetype": "string"}
            if isinstance(value, int | float):
                kind = {"valuetype": "float", "value": value}
            cell = odf.table.TableCell(**kind)
            for part in str(value).split("\n") if value is not None else []:
                cell.addElement(odf.text.P(text=part))
            line.addElement(cell)
        table.addElement(line)
    for _ in range(2):
        blank = odf.table.TableRow(numberrowsrepeated=500_000)
        blank.addElement(odf.table.TableCell(numbercolumnsrepeated=16_000))
        table.addElement(blank)
    book.spreadsheet.addElement(table)
    book.save(str(path))
    return path.read_bytes()


FORMATS = {
    "xlsx": xlsx,
    "xls": xls,
    "ods": ods,
    **{
        f"{name} {encoding}": lambda path, s=separator, e=encoding: as_text(s).encode(e)
        for name, separator in (("csv", ","), ("tsv", "\t"), ("semicolons", ";"), ("bars", "|"))
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030")
    },
    "csv utf-16 without mark": lambda path: as_text(",").encode("utf-16-le"),
    "csv with sep=": lambda path: ("sep=;\r\n" + as_text(";")).encode(),
    "csv with line feeds": lambda path: as_text(",", end="\n").encode(),
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("ending", ["xlsx", "xls", "csv", "dat"])
def test_the_same_answers_whatever_the_format_and_the_name(name, ending, tmp_path):
    content = FORMATS[name](tmp_path / "made")
    path = tmp_path / f"responses.{ending}"
    path.write_bytes(content)
    found = survey.read_responses(path, EVERYTHING)
    assert found.meta["key"].tolist() == ["001", "002", "003"]
    assert [None if value != value else value for value in found.data["visit"]] == ["first", "regular", None]
    assert found.data["rooms__coins"].tolist() == [True, False, False]
    assert found.data["enjoyment__light"].fillna(0).tolist() == [7, 3, 0]
    assert found.data["minutes"].tolist() == [45, 0, 12]
    assert found.data["remark"].tolist() == ["None", 'a, "b"; c\n二', "NA"]
    assert found.accounting["cells"].iloc[0] == found.accounting["cells"].iloc[1:].sum() == 21


def test_addresses_in_text_files(tmp_path):
    path = tmp_path / "responses.csv"
    path.write_text("visit,minutes\nfirst,5\nagain,never\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        survey.read_responses(path, EVERYTHING)
    assert "responses.csv, sheet 'responses', cell B3 (minutes): 'never'" in str(caught.value)


def test_dates_and_times_of_an_open_workbook(tmp_path):
    book = odf.opendocument.OpenDocumentSpreadsheet()
    table = odf.table.Table(name="Data")
    line = odf.table.TableRow()
    for kind in (
        {"valuetype": "date", "datevalue": "2026-05-01"},
        {"valuetype": "date", "datevalue": "2026-05-01T10:20:30"},
        {"valuetype": "time", "timevalue": "PT01H02M03S"},
        {"valuetype": "boolean", "booleanvalue": "true"},
        {"valuetype": "percentage", "value": 0.5},
    ):
        line.addElement(odf.table.TableCell(**kind))
    table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(str(tmp_path / "x.ods"))
    (grid,) = read_book(tmp_path / "x.ods").grids
    assert list(grid.rows) == [
        (
            datetime.datetime(2026, 5, 1),
            datetime.datetime(2026, 5, 1, 10, 20, 30),
            datetime.timedelta(hours=1, minutes=2, seconds=3),
            True,
            0.5,
        )
    ]


def test_an_encrypted_workbook_opens_with_its_password(tmp_path):
    path = tmp_path / "responses.xlsx"
    path.write_bytes(encrypted(xlsx(tmp_path / "made.xlsx"), "Geheim1"))
    with pytest.raises(DataError, match="encrypted"):
        survey.read_responses(path, EVERYTHING)
    with pytest.raises(UsageError, match="does not open"):
        survey.read_responses(path, EVERYTHING, password="geheim1")
    assert len(survey.read_responses(path, EVERYTHING, password="Geheim1")) == 3
    assert "minutes: minutes" in propose_map(path, EVERYTHING, password="Geheim1").replace('"', "")


def test_a_workbook_that_is_only_protected_opens_for_everybody(tmp_path):
    path = tmp_path / "responses.xlsx"
    path.write_bytes(encrypted(xlsx(tmp_path / "made.xlsx"), "VelvetSweatshop"))
    assert len(survey.read_responses(path, EVERYTHING)) == 3


def test_an_old_workbook_with_a_password_is_named_for_what_it_is(tmp_path):
    """Where the record on who wrote it stands, the record on how it is encrypted is put (RC4, 40 bits)."""
    content = xls(tmp_path / "made.xls")
    at = content.index(b"\x5c\x00\x70\x00")
    filepass = b"\x2f\x00\x36\x00" + b"\x01\x00\x01\x00\x01\x00" + bytes(range(48))
    filler = b"\x5c\x00\x36\x00" + b" " * 54
    path = tmp_path / "responses.xls"
    path.write_bytes(content[:at] + filepass + filler + content[at + 116 :])
    with pytest.raises(DataError, match="encrypted"):
        survey.read_responses(path, EVERYTHING)
    with pytest.raises(UsageError, match="does not open"):
        survey.read_responses(path, EVERYTHING, password="geheim1")


def test_the_password_is_not_printed_in_the_report(tmp_path):
    from click.testing import CliRunner

    from survey.cli import main

    path = tmp_path / "responses.xlsx"
    path.write_bytes(encrypted(xlsx(tmp_path / "made.xlsx"), "Geheim1"))
    target = tmp_path / "report.xlsx"
    arguments = ["analyze", str(path), "--instrument", str(EVERYTHING), "-o", str(target), "--no-pictures"]
    done = CliRunner().invoke(main, [*arguments, "--password", "Geheim1"])
    assert done.exit_code == 0, done.output
    cells = [
        str(c)
        for sheet in openpyxl.load_workbook(target)
        for row in sheet.iter_rows(values_only=True)
        for c in row
    ]
    assert not any("Geheim1" in cell for cell in cells)


def test_values_of_an_old_workbook(tmp_path):
    """Dates, times, truth values and errors; a stray cell in the last corner costs nothing."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    day, clock = xlwt.easyxf(num_format_str="YYYY-MM-DD hh:mm"), xlwt.easyxf(num_format_str="hh:mm:ss")
    for place, value in enumerate(["a", 1.5, True, "", 7]):
        sheet.write(0, place, value)
    sheet.write(0, 5, datetime.datetime(2026, 5, 1, 10, 20), day)
    sheet.write(0, 6, datetime.time(1, 2, 3), clock)
    sheet.row(0).set_cell_error(7, 42)  # #N/A
    sheet.write(65_535, 255, "far")
    book.save(str(tmp_path / "x.xls"))
    (grid,) = read_book(tmp_path / "x.xls").grids
    moment, time = datetime.datetime(2026, 5, 1, 10, 20), datetime.time(1, 2, 3)
    assert list(grid.rows[0])[:8] == ["a", 1.5, True, None, 7, moment, time, Uncached("#N/A")]
    assert grid.numbers == [1, 65_536]
    assert grid.rows[1][255] == "far"


def test_errors_of_an_open_workbook_are_no_text(tmp_path):
    book = odf.opendocument.OpenDocumentSpreadsheet()
    table = odf.table.Table(name="Data")
    line = odf.table.TableRow()
    cell = odf.table.TableCell(valuetype="string")
    cell.setAttrNS(
        "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0", "value-type", "error"
    )
    cell.addElement(odf.text.P(text="#N/A"))
    line.addElement(cell)
    table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(str(tmp_path / "x.ods"))
    (grid,) = read_book(tmp_path / "x.ods").grids
    assert list(grid.rows) == [(Uncached("#N/A"),)]


def test_a_password_hash_of_endless_turns_is_refused(tmp_path):
    path = tmp_path / "responses.xlsx"
    content = encrypted(xlsx(tmp_path / "made.xlsx"), "Geheim1")
    path.write_bytes(content.replace(b'spinCount="100000"', b'spinCount="99999999"'.ljust(20)[:20]))
    if b'spinCount="100000"' not in content:
        pytest.skip("the turns are written otherwise")
    with pytest.raises(DataError, match="spinCount"):
        survey.read_responses(path, EVERYTHING, password="Geheim1")


@pytest.mark.parametrize("epoch_1904", [False, True])
def test_dates_of_both_calendars(epoch_1904, tmp_path):
    book = openpyxl.Workbook()
    if epoch_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["visit", "started"])
    book.active.append(["first", datetime.datetime(2026, 5, 1, 12, 0)])
    book.save(tmp_path / "x.xlsx")
    found = survey.read_responses(tmp_path / "x.xlsx", EVERYTHING)
    assert str(found.meta["started"].iloc[0]).replace("T", " ").startswith("2026-05-01 12:00")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name")
@pytest.mark.parametrize("name", ["-", "pipe.xlsx"])
def test_a_stream_is_named_for_what_it_is(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.xlsx")
    with pytest.raises(UsageError) as caught:
        survey.read_responses(name)
    assert caught.value.problems[0].key == "file_is_stream"
    assert CliRunner().invoke(main, ["analyze", name]).exit_code == 2


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["问题一,问题二\n甲,乙\n", "Age,姓名\n1,张\n"])
def test_utf_16_without_a_mark_read_from_the_right_end(encoding, text):
    from survey.files.formats import decoded

    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize("content", [b"a,b\n1,\x002\n" * 10, b"a,b\n1,2\x00,\n" * 10, b"ab,\x00\n" * 40])
def test_zeros_among_plain_text_make_it_no_utf_16(content):
    from survey.files.formats import decoded

    text = decoded(content)
    assert text is None or text.startswith("a")
