"""Both ways through a workbook, the fast one and openpyxl, give the same cells, value by value."""

import datetime
import random
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from benchmarks.fuzz import repacked
from benchmarks.reading import write
from survey import DataError
from survey.files import grid as grids
from survey.files.distinct_values import Coded
from survey.files.grid import Grid
from tests.ingest.dialects.exports import EXPORTS
from tests.office import converted
from tests.paths import SAMPLE, SAMPLE_REPORT

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def fast(content: bytes) -> list[Grid] | None:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return grids._scanned(archive, content, "x")


def slow(content: bytes) -> list[Grid]:
    return grids._parsed(content, "x")


def spelled(grid: Grid) -> tuple[Any, ...]:
    """A grid with the type of every value: 1 is not 1.0 is not True."""
    rows = [[(type(cell).__name__, cell) for cell in row] for row in grid.rows]
    return grid.sheet, rows, grid.numbers, grid.blank_rows, grid.hidden, grid.merged


def alike(content: bytes) -> list[Grid]:
    found = fast(content)
    assert found is not None, "left to openpyxl"
    assert list(map(spelled, found)) == list(map(spelled, slow(content)))
    return found


def saved(book: openpyxl.Workbook) -> bytes:
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def of_rows(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return saved(book)


def of_shared_texts(rows: list[list[Any]], folder: Path) -> bytes:
    write(folder / "x.xlsx", iter(rows))
    return (folder / "x.xlsx").read_bytes()


def with_cells(cells: str) -> bytes:
    """A workbook whose sheet has these cells in row 15, styled 0 (plain) to 3 (date, duration, text)."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["head", "other"])
    for place, look in enumerate(("yyyy-mm-dd h:mm:ss", "[h]:mm:ss", "@"), 1):
        sheet.cell(1, place).number_format = look
    content = saved(book)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        xml = archive.read(SHEET)
    row = f'<row r="15">{cells}</row></sheetData>'.encode()
    return repacked(content, SHEET, xml.replace(b"</sheetData>", row))


# -- real workbooks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [SAMPLE, SAMPLE_REPORT], ids=lambda path: path.name)
def test_our_own_workbooks(path: Path) -> None:
    assert alike(path.read_bytes())


@pytest.mark.parametrize("name", EXPORTS)
def test_every_export(name: str) -> None:
    alike(of_rows(EXPORTS[name][1]()))


def test_what_libreoffice_saves(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(SAMPLE)
    sheet = book["Responses"]
    values = [
        datetime.datetime(2026, 4, 1, 9, 5, 3), datetime.timedelta(hours=30), True, 0.1, "a\n\"15\" <&> '好'",
        "=1/0", "=1+2", " spaced ", None, "x" * 5000, -1e-7,
    ]  # fmt: skip
    for row in range(2, 40):
        for place, value in enumerate(values, 40):
            sheet.cell(row, place).value = value
    sheet.row_dimensions[5].hidden = True
    sheet.merge_cells("BA2:BB3")
    book.save(tmp_path / "x.xlsx")
    folder = tmp_path / "out"
    folder.mkdir()
    alike(converted(tmp_path / "x.xlsx", "xlsx", folder).read_bytes())


def test_values_of_every_kind() -> None:
    values = [
        0, -3, 12345678901234567890, 0.5, 1.0, 1e300, -1e-300, True, False, "", " ", "None", "NA", "001", "5",
        "15", '15"', '3.5" disk 15"', "a & b < c > d", "]]>", "l1\nl2", "tab\there", "  two  ", "好（15）",
        "𝔘", "_x000D_", "_x0041_", "\u200b", datetime.datetime(2026, 4, 1, 12), datetime.date(1899, 12, 31),
        datetime.time(9, 5), datetime.timedelta(hours=50, seconds=1), "#N/A", "x" * 32767,
    ]  # fmt: skip
    alike(of_rows([values[place:] + values[:place] for place in range(len(values))]))


def test_the_epoch_of_1904() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.worksheets[0].append([datetime.datetime(2026, 4, 1, 12), 5])
    (grid,) = alike(saved(book))
    assert grid.rows[0] == (datetime.datetime(2026, 4, 1, 12), 5)


def test_several_sheets_gaps_and_merges() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cell, value in {"B3": "a", "D3": "b", "AB7": 1, "XFD9": 2, "B1048576": 3}.items():
        sheet[cell] = value
    sheet.merge_cells("B3:C3")
    book.create_sheet("hidden").sheet_state = "hidden"
    book.create_sheet("empty")
    book.create_chartsheet("chart").add_chart(openpyxl.chart.BarChart())
    first, hidden, empty = alike(saved(book))
    assert first.numbers == [3, 7, 9, 1_048_576]
    assert sorted(first.columns) == [1, 3, 27, 16_383]
    assert hidden.hidden
    assert not empty.rows


def test_more_cells_than_are_sorted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.files.scanning._BATCH", 40)
    monkeypatch.setattr("survey.files.scanning._BLOCK", 200)
    monkeypatch.setattr("survey.files.scanning._MOST_KNOWN", 10)
    chance = random.Random(1)
    rows = [[number, f"id {number}", chance.choice(["a", "b", None]), "same"] for number in range(300)]
    rows[7][1] = 'size 8"'  # the eighth row
    alike(of_rows(rows))


# -- one cell in every form ----------------------------------------------------------------------------------

FORMS = {
    "a number": '<c r="A15"><v>15</v></c>',
    "styled like its row": '<c r="A15" s="1"><v>15</v></c><c r="B15" s="3"><v>15</v></c>',
    "styled nearly like its row": '<c r="A15" s="115"><v>46113</v></c><c r="B15" s="3"><v>1</v></c>',
    "type before style": '<c r="A15" t="n" s="1"><v>46113.5</v></c>',
    "a date": '<c r="A15" s="1"><v>46113.5</v></c>',
    "a time": '<c r="A15" s="1"><v>0.5</v></c>',
    "a duration": '<c r="A15" s="2"><v>1.5</v></c>',
    "exponents": '<c r="A15"><v>1E5</v></c><c r="B15"><v>1.5e-7</v></c>',
    "truth": '<c r="A15" t="b"><v>1</v></c><c r="B15" t="b"><v>0</v></c>',
    "an error": '<c r="A15" t="e"><v>#SPILL!</v></c>',
    "text of a formula": '<c r="A15" t="str"><f>B1&amp;"x"</f><v>a &amp; "b"</v></c>',
    "a formula with its result": '<c r="A15"><f>1+1</f><v>2</v></c>',
    "a formula without": '<c r="A15"><f>IF(B2="x",1,"15")</f></c>',
    "a formula with the empty text": '<c r="A15" t="str"><f>""</f><v></v></c>',
    "a shared formula with its result": '<c r="A15"><f t="shared" ref="A15:A16" si="0">B1</f><v>7</v></c>',
    "an array formula": '<c r="A15"><f t="array" ref="A15">SUM(B1)</f><v>7</v></c>',
    "blank and styled": '<c r="A15" s="1"/><c r="B15" s="1"></c><c r="C15"><v></v></c><c r="D15"><v/></c>',
    "inline": '<c r="A15" t="inlineStr"><is><t>a &lt; 15" &#22909; &#x597d;</t></is></c>',
    "inline, spaced": '<c r="A15" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>',
    "inline, empty": '<c r="A15" t="inlineStr"><is><t/></is></c><c r="B15" t="inlineStr"><is/></c>',
    "inline, of several looks": '<c r="A15" t="inlineStr"><is><r><rPr><sz val="15"/></rPr><t>a 15"</t></r>'
    "<r><t>b</t></r></is></c>",
    "CDATA": '<c r="A15" t="inlineStr"><is><t><![CDATA[a<b]]></t></is></c>',
    "line ends": '<c r="A15" t="inlineStr"><is><t>a\r\nb\rc&#13;d_x000D_\ne</t></is></c>',
    "white space between": '\n  <c r="A15"><v>1</v></c>\n  <c r="B15"><v>2</v></c>\n',
    "an ISO date": '<c r="A15" t="d"><v>2026-04-01T10:00:00</v></c>',
}  # fmt: skip
LEFT_TO_OPENPYXL = {"an ISO date"}
STRINGS_OF = {
    "plain": "<si><t>15</t></si>",
    "spaced": '<si><t xml:space="preserve"> a "15" </t></si>',
    "empty": "<si><t/></si>",
    "of several looks": '<si><r><t>a</t></r><r><rPr><b/></rPr><t xml:space="preserve"> b</t></r></si>',
    "with its reading": '<si><t>東</t><rPh sb="0" eb="1"><t>ヒガシ</t></rPh></si>',
    "escaped": "<si><t>a &amp; b &#22909; _x005F_x000D_</t></si>",
    "white space between": "\n <si>\n <t>a</t>\n </si>\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_one_cell(name: str) -> None:
    content = with_cells(FORMS[name])
    if name in LEFT_TO_OPENPYXL:
        assert fast(content) is None
    else:
        alike(content)


@pytest.mark.parametrize("name", STRINGS_OF)
def test_one_shared_text(name: str, tmp_path: Path) -> None:
    content = of_shared_texts([["head", "text"]], tmp_path)
    head = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    texts = f"{head}<si><t>head</t></si>{STRINGS_OF[name]}<si><t>last</t></si></sst>"
    alike(repacked(content, STRINGS, texts.encode()))


NOT_AS_WRITTEN = {
    "another row": '<c r="A16"><v>1</v></c>',
    "no address": "<c><v>1</v></c>",
    "no number in the address": '<c r="A"><v>1</v></c>',
    "a number elsewhere": '<c r="A" s="115"><v>1</v></c>',
    "our own mark": '<c r="A\0"><v>1</v></c>',
    "from right to left": '<c r="B15"><v>1</v></c><c r="A15"><v>2</v></c>',
    "twice": '<c r="A15"><v>1</v></c><c r="A15"><v>2</v></c>',
    "a comment": '<c r="A15"><!-- 1 --><v>1</v></c>',
    "quoted otherwise": "<c r='A15'><v>1</v></c>",
    "no such text": '<c r="A15" t="s"><v>99</v></c>',
    "no number": '<c r="A15"><v>one</v></c>',
    "no end": '<c r="A15"><v>1</v>',
    "an entity of its own": '<c r="A15" t="str"><v>&own;</v></c>',
    "a control character": '<c r="A15" t="str"><v>\x01</v></c>',
    "a date before time": '<c r="A15" s="1"><v>-99999999</v></c>',
    "text between": 'x<c r="A15"><v>1</v></c>',
    "a row again": '</row><row r="15"><c r="A15"><v>1</v></c>',
    "a row before": '</row><row r="3"><c r="A3"><v>1</v></c>',
    "a column too far": '<c r="XFE15"><v>1</v></c>',
    "the end of the data in a comment": '</row><!-- </sheetData> --><row r="16"><c r="A16"><v>1</v></c>',
}


@pytest.mark.parametrize("name", NOT_AS_WRITTEN)
def test_what_is_not_as_programs_write_it_is_left_to_openpyxl(name: str) -> None:
    assert fast(with_cells(NOT_AS_WRITTEN[name])) is None


def other_byte(xml: bytes, chance: random.Random) -> bytes:
    """The same with one byte of the cells changed to one that means something in XML."""
    first, last = (b"<si>", b"</sst>") if b"<sst" in xml else (b"<row", b"</sheetData>")
    place = chance.randrange(xml.index(first), xml.index(last))
    return xml[:place] + bytes([chance.choice(b'0123456789AsnbeEr "<>/&;=.-\xe5')]) + xml[place + 1 :]


@pytest.mark.parametrize("seed", range(8))
def test_changed_at_random(seed: int, tmp_path: Path) -> None:
    """Whatever the fast way reads at all, openpyxl reads, and reads the same."""
    chance = random.Random(seed)
    rows = [[number, "a b", '15" & <', 5, None, f"text {number}"] for number in range(40)]
    content = of_shared_texts(rows, tmp_path)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in (SHEET, STRINGS)}
    read = 0
    for _ in range(40):
        name = chance.choice([SHEET, SHEET, STRINGS])
        changed = repacked(content, name, other_byte(parts[name], chance))
        if fast(changed) is not None:
            alike(changed)
            read += 1
    assert read


# -- size ----------------------------------------------------------------------------------------------------


def test_a_table_that_would_be_too_large() -> None:
    """A cell further right in every row: few cells, and a grid of a hundred million."""
    rows = "".join(
        f'</row><row r="{number}"><c r="{get_column_letter(1 + number % 16_000)}{number}"><v>1</v></c>'
        for number in range(16, 16_016)
    )
    with pytest.raises(DataError, match="more than"):
        fast(with_cells('<c r="A15"><v>1</v></c>' + rows))


# -- columns as codes ----------------------------------------------------------------------------------------


def test_coded() -> None:
    values = [1, 1.0, True, None, "a", "a", 1, None]
    coded = Coded.of(values)
    assert list(map(type, coded)) == list(map(type, values))
    assert coded == values
    assert coded[4:] == ["a", "a", 1, None]
    assert list(coded.numbers()) == [2, 1, 1, 2, 2]
    assert coded.filled().tolist() == [value is not None for value in values]
    assert coded.put([0, 3], "x") == ["x", 1.0, True, "x", "a", "a", 1, None]
    assert coded[3:].present().kinds == [None, "a", 1]
    assert Coded.of([]).present() == []
    assert Coded.of(range(300)).at([299, 0]).present().kinds == [299, 0]
