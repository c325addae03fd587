"""Files that hurt, one function and one line of a table each, and the process that is given them.

`HOSTILE` holds groups of them; `outcomes` gives every file of a group to the real command in a process of its
own, forked from one that has everything loaded, with 1 GiB of memory and 20 seconds of a processor.
"""

import json
import os
import re
import stat
import struct
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import openpyxl

from tests.helpers import encrypted
from tests.paths import EXAMPLES

EVERYTHING = EXAMPLES / "everything.yaml"
MEMORY, SECONDS = 2**30, 20


class Hostile(NamedTuple):
    """A file: what makes it, how the command ends, what it says (or how many respondents it counts)."""

    make: Callable[[], bytes | Callable[[Path], None]]
    ends: int
    says: str | int
    name: str = "responses.xls"


HEADER = ["visit", "minutes", "remark"]


def workbook(rows=3, *, change=None):
    """A plain workbook of so many respondents; `change` may do more to it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADER)
    for number in range(rows):
        sheet.append(["first", number, "text"])
    if change:
        change(book, sheet)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def amended(content, **parts):
    """The same workbook with parts changed (a function of the old bytes) or added (bytes)."""
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            change = parts.pop(name, None)
            old = source.read(name)
            target.writestr(name, change(old) if callable(change) else change or old)
        for name, new in parts.items():
            target.writestr(name, new)
    return made.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(change, rows=3):
    return amended(workbook(rows), **{SHEET: change})


def rows_added(xml):
    """Put XML in before the end of the rows."""
    return lambda old: old.replace(b"</sheetData>", xml + b"</sheetData>")


def styled_blanks(old):
    line = b"".join(b'<c r="%s%%d" s="0"/>' % chr(65 + k).encode() for k in range(20))
    return rows_added(b"".join(b'<row r="%d">%s</row>' % (n, line % ((n,) * 20)) for n in range(10, 50_010)))(
        old
    )


def whitespace_bomb():
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(workbook())) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name != SHEET:
                target.writestr(name, source.read(name))
        with target.open(SHEET, "w", force_zip64=True) as part:
            part.write(b"<worksheet>")
            for _ in range(1000):
                part.write(b" " * 1_000_000)
    return made.getvalue()


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x ['
    + b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"lol" * 10) for n in range(10))
    + b"]>"
)


def doctype(declaration):
    return lambda old: declaration + re.sub(rb"^<\?xml[^>]*\?>", b"", old)


def merged(book, sheet):
    for number in range(10, 40_010):
        sheet.merged_cells.ranges.add(openpyxl.worksheet.cell_range.CellRange(f"A{number}:B{number}"))


def hidden(book, sheet):
    sheet.row_dimensions[3].hidden = True
    book.create_sheet("more").sheet_state = "hidden"


def error_cells(book, sheet):
    sheet["B3"] = "#N/A"
    sheet["B3"].data_type = "e"


def far_cell(old):
    return rows_added(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')(old)


def old(change=None):
    """An old workbook of three respondents; `change` may do more to its bytes."""
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for i, row in enumerate([HEADER, *[["first", n, "text"] for n in range(3)]]):
        for j, value in enumerate(row):
            sheet.write(i, j, value)
    made = BytesIO()
    book.save(made)
    return change(made.getvalue()) if change else made.getvalue()


def claims(kind, at, value):
    """Give a record of an old workbook another number of four bytes, counted from the start of its data."""

    def change(content):
        place = content.index(kind) + 4 + at
        return content[:place] + value.to_bytes(4, "little") + content[place + 4 :]

    return change


def lying(content):
    """Give the sheet's directory entry a size that is not its own."""
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    return content[: at + 24] + (10).to_bytes(4, "little") + content[at + 28 :]


# -- workbooks -----------------------------------------------------------------------------------------------


def in_workbook(**parts):
    """A workbook with other parts."""
    return lambda: amended(workbook(), **parts)


def cell_of(value, *, kind="", style=""):
    """A workbook whose second cell of the second row holds this XML."""
    tag = b'<c r="B2"' + kind.encode() + style.encode() + b">" + value + b"</c>"
    return lambda: with_sheet(lambda old: re.sub(rb'<c r="B2"[^>]*>.*?</c>', lambda _: tag, old))


def deep_part(name):
    return in_workbook(**{name: b"<a>" * 200_000 + b"</a>" * 200_000})


def styled_rows(old):
    return rows_added(b"".join(b'<row r="%d" s="1" customFormat="1"/>' % n for n in range(5, 1_048_577)))(old)


def shared_formulas(old):
    change = rows_added(b'<row r="9"><c r="A9"><f t="shared" ref="A9:XFD1048576" si="0">A9+1</f></c></row>')
    return change(old)


def with_names(*names):
    """A workbook whose sheets have these names, the first of them the data, the others empty."""

    def change(book, sheet):
        for _ in names[1:]:
            book.create_sheet()

    def make():
        xml = "".join(
            f'<sheet xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
            f'name="{name}" sheetId="{n}" state="visible" r:id="rId{n}"/>'
            for n, name in enumerate(names, 1)
        ).encode()

        def renamed(old):
            return re.sub(rb"<sheets>.*</sheets>", lambda _: b"<sheets>" + xml + b"</sheets>", old)

        return amended(workbook(change=change), **{"xl/workbook.xml": renamed})

    return make


def merged_header(book, sheet):
    sheet.insert_rows(1)
    sheet["A1"] = "Museum"
    sheet.merge_cells("A1:C1")


def moments(*days, epoch=None):
    """A workbook whose second column holds dates by their numbers."""

    def change(book, sheet):
        if epoch:
            book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        for row, day in enumerate(days, 2):
            sheet.cell(row, 2, day).number_format = "yyyy-mm-dd"

    return lambda: workbook(change=change)


def wide(columns):
    """A text table of so many columns."""
    return lambda: b",".join(b"c%d" % n for n in range(columns)) + b"\n" + b"," * (columns - 1) + b"\n"


def many_sheets(number):
    return lambda: workbook(change=lambda book, _: [book.create_sheet(f"more {n}") for n in range(number)])


def linked_target(target):
    def change(old):
        return re.sub(rb'Target="/?(?:xl/)?worksheets/sheet1.xml"', b'Target="' + target + b'"', old)

    return in_workbook(**{"xl/_rels/workbook.xml.rels": change})


def spun(content):
    """An encrypted workbook whose password is to be hashed two billion times."""
    return re.sub(rb'spinCount="(\d+)"', lambda found: b'spinCount="' + b"9" * len(found[1]) + b'"', content)


# -- OpenDocument, SPSS, Stata, Parquet ----------------------------------------------------------------------

ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Data">%s</table:table></office:spreadsheet></office:body></office:document-content>'
)


def ods_cell(text, attributes=""):
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'


def ods(rows, *, head=""):
    """An OpenDocument spreadsheet of three respondents and more rows of XML."""
    lines = [HEADER, *[["first", n, "text"] for n in range(3)]]
    plain = "".join(f"<table:table-row>{''.join(map(ods_cell, line))}</table:table-row>" for line in lines)

    def make():
        made = BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", head + ODS % (plain + rows))
        return made.getvalue()

    return make


def ods_row(cells, attributes=""):
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


BILLION = 'table:number-%s-repeated="1000000000"'


def sav(change=None):
    """A file of SPSS of three respondents; `change` may do more to its bytes."""

    def make():
        import pandas
        import pyreadstat

        path = Path(os.environ.get("TMPDIR", "/tmp")) / f"hostile-{os.getpid()}.sav"
        frame = pandas.DataFrame(
            {"visit": ["first"] * 3, "minutes": [1.0, 2.0, 3.0], "remark": ["a", "b", "c"]}
        )
        pyreadstat.write_sav(frame, str(path))
        content = path.read_bytes()
        path.unlink()
        return change(content) if change else content

    return make


def at(place, piece):
    """Put other bytes at a place."""
    return lambda content: content[:place] + piece + content[place + len(piece) :]


def parquet(metadata=None, *, columns=0, change=None):
    def make():
        import pyarrow as pa
        import pyarrow.parquet as pq

        data = {"visit": ["first"] * 3, "minutes": [1, 2, 3], **{f"c{n}": [1, 1, 1] for n in range(columns)}}
        made = BytesIO()
        pq.write_table(pa.table(data).replace_schema_metadata(metadata), made)
        return change(made.getvalue()) if change else made.getvalue()

    return make


# -- archives and places -------------------------------------------------------------------------------------

CSV = b"visit,minutes,remark\n" + b"first,1,text\n" * 3


def packed(*entries):
    """A .zip of these names and contents, the same name as often as it stands there."""

    def make():
        made = BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in entries:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # of a name that is there
                    archive.writestr(name, content)
        return made.getvalue()

    return make


def packed_link():
    """A .zip whose only table is a link to a file of the system."""
    entry = zipfile.ZipInfo("responses.csv")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return packed((entry, b"/etc/passwd"))()


def inflating(size):
    """A .zip of one table that unpacks to so many bytes."""

    def make():
        made = BytesIO()
        with (
            zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open("a.csv", "w", force_zip64=True) as part,
        ):
            for _ in range(size // 10_000_000):
                part.write(bytes(10_000_000))
        return made.getvalue()

    return make


def folder():
    return lambda path: path.mkdir()


def pipe():
    return lambda path: os.mkfifo(path)


def link(target=None):
    """A link to somewhere, or to itself."""
    return lambda: lambda path: path.symlink_to(target or path)


def long_cells(sign):
    """A text table with a header and a cell of a million times this."""
    return lambda: b"visit,minutes," + sign * 1_000_000 + b"\nfirst,1," + sign * 1_000_000 + b"\nfirst,2,b\n"


# -- definitions, tallies, projects, schemas -----------------------------------------------------------------


def qsf(elements):
    return lambda: b'{"SurveyEntry": {"SurveyName": "x"}, "SurveyElements": ' + elements + b"}"


LAUGHS = b"kind: survey\na0: &a0 [x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, 12)
)


HOSTILE: dict[str, dict[str, Hostile]] = {
"workbooks that are broken or swollen": {
    "truncated": Hostile(lambda: workbook()[:-300], 1, "cannot be opened"),
    "half": Hostile(lambda: workbook()[: len(workbook()) // 2], 1, "cannot be opened"),
    "empty": Hostile(lambda: b"", 1, "0 bytes"),
    "random bytes": Hostile(lambda: os.urandom(20_000), 1, "no table that|cannot be opened|No column"),
    "random archive": Hostile(lambda: b"PK\x03\x04" + os.urandom(20_000), 1, "cannot be opened"),
    "old container": Hostile(lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(20_000), 1, "cannot be opened"),
    "old workbook": Hostile(old, 0, 3),
    "old workbook cut short": Hostile(lambda: old(lambda c: c[: len(c) // 2]), 1, "cannot be opened"),
    "old workbook of a million rows claimed": Hostile(lambda: old(claims(b"\x00\x02\x0e\x00", 4, 2**31)), 0, 3),
    "old workbook of endless texts claimed": Hostile(lambda: old(claims(b"\xfc\x00", 4, 2**31 - 1)), 1, "cannot be opened"),
    "old workbook of endless sectors claimed": Hostile(
        lambda: old(lambda c: c[:44] + b"\xff\xff\xff\x7f" + c[48:]), 0, 3),
    "a million rows claimed": Hostile(
        lambda: with_sheet(lambda old: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', old)), 0, 3),
    "one cell claimed": Hostile(lambda: with_sheet(lambda old: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', old)), 0, 3),
    "one stray cell in the last column": Hostile(lambda: with_sheet(far_cell), 0, 3),
    "a million styled blanks": Hostile(lambda: with_sheet(styled_blanks), 0, 3),
    "a million blanks below": Hostile(
        lambda: with_sheet(rows_added(b"".join(b'<row r="%d" spans="1:3"/>' % n for n in range(10, 1_000_010)))), 0, 3),
    "entity bomb": Hostile(lambda: with_sheet(doctype(ENTITIES)), 1, "document type"),
    "entity bomb in the texts": Hostile(lambda: amended(workbook(), **{"xl/workbook.xml": doctype(ENTITIES)}), 1, "document type"),
    "external entity": Hostile(
        lambda: with_sheet(doctype(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')), 1, "document type"),
    "entity bomb in UTF-16": Hostile(
        lambda: with_sheet(lambda old: (ENTITIES.decode() + "<worksheet/>").encode("utf-16")), 1, "document type"),
    "whitespace bomb": Hostile(whitespace_bomb, 1, "unpack"),
    "zip of thousands": Hostile(
        lambda: amended(workbook(), **{f"xl/x{n}.bin": b"" for n in range(6000)}), 1, "parts"),
    "a size that lies": Hostile(lambda: lying(workbook()), 1, "cannot be opened"),
    "40,000 merges": Hostile(lambda: workbook(change=merged), 0, 3),
    "hidden rows and sheets": Hostile(lambda: workbook(change=hidden), 0, 3),
    "error cells": Hostile(lambda: workbook(change=error_cells), 1, "B3"),
    "formula without a value": Hostile(lambda: workbook(change=lambda b, s: s.__setitem__("B3", "=1+1")), 1, "B3"),
    "duplicate columns": Hostile(lambda: workbook(change=lambda b, s: s.__setitem__("D1", "visit")), 1, "D1"),
    "a long cell": Hostile(
        lambda: with_sheet(rows_added(b'<row r="9"><c r="A9" t="inlineStr"><is><t>first</t></is></c>'
                                      b'<c r="C9" t="inlineStr"><is><t>' + b"x" * 40_000 + b"</t></is></c></row>")), 0, 4),
    "control characters": Hostile(
        lambda: b"visit,minutes,remark\nfirst,1,a\x07b\x0bc\nfirst,2,ok\n" + b"first,3,text\n" * 60, 0, 62),
    "several sheets": Hostile(
        lambda: workbook(change=lambda b, s: [b.copy_worksheet(s)]), 2, "Several sheets"),
    "macros": Hostile(lambda: amended(workbook(), **{"xl/vbaProject.bin": os.urandom(5000)}), 0, 3),
    "external links": Hostile(
        lambda: amended(workbook(), **{"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}), 0, 3),
    "csv named xls": Hostile(lambda: b"visit,minutes\nfirst,1\nagain,2\n", 0, 2),
    "html named xls": Hostile(lambda: b"<html><table><tr><td>visit</td></tr></table></html>", 1, "web page"),
    "xml named xls": Hostile(lambda: b'<?xml version="1.0"?><Workbook/>', 1, "XML file"),
    "an endless line": Hostile(lambda: b"visit\n" + b'"' + b"x" * 30_000_000, 1, "cannot"),
    "a million commas": Hostile(lambda: b"visit\n" + b"," * 30_000_000, 1, "more than|more memory"),
},
"workbooks": {
    "deep XML in the sheet": Hostile(deep_part(SHEET), 1, "no filled cell"),
    "deep XML in the styles": Hostile(deep_part("xl/styles.xml"), 0, 3),
    "deep XML in the texts": Hostile(deep_part("xl/sharedStrings.xml"), 0, 3),
    "deep XML in the list of sheets": Hostile(deep_part("xl/workbook.xml"), 1, "no filled cell"),
    "deep XML in the relations": Hostile(deep_part("xl/_rels/workbook.xml.rels"), 1, "cannot be opened"),
    "a million empty styled rows": Hostile(lambda: with_sheet(styled_rows), 0, 3),
    "a text out of range": Hostile(cell_of(b"<v>99999</v>", kind=' t="s"'), 1, "cannot be opened"),
    "a text before the first": Hostile(cell_of(b"<v>-5</v>", kind=' t="s"'), 1, "cannot be opened|B2"),
    "a text of an endless number": Hostile(cell_of(b"<v>" + b"9" * 5000 + b"</v>", kind=' t="s"'), 1, "cannot be opened"),
    "a style out of range": Hostile(cell_of(b"<v>1</v>", style=' s="99999"'), 0, 3),
    "a number of 5,000 digits": Hostile(cell_of(b"<v>" + b"7" * 5000 + b"</v>"), 1, "B2"),
    "a fraction of 5,000 digits": Hostile(cell_of(b"<v>1." + b"7" * 5000 + b"</v>"), 1, "B2"),
    "10^308": Hostile(cell_of(b"<v>1e308</v>"), 1, "B2"),
    "10^999": Hostile(cell_of(b"<v>1e999</v>"), 1, "B2"),
    "no number": Hostile(cell_of(b"<v>NaN</v>"), 1, "B2|cannot be opened"),
    "a zero byte in a text": Hostile(cell_of(b"<is><t>a\0b</t></is>", kind=' t="inlineStr"'), 1, "cannot be opened"),
    "an escaped zero byte": Hostile(cell_of(b"<is><t>_x0000_</t></is>", kind=' t="inlineStr"'), 1, "B2"),
    "formulas in a circle": Hostile(
        lambda: workbook(change=lambda b, s: (s.__setitem__("B2", "=B3"), s.__setitem__("B3", "=B2"))), 1, "B2"),
    "a formula for every cell": Hostile(lambda: with_sheet(shared_formulas), 1, "A9"),
    "a formula into another file": Hostile(cell_of(b"<f>[1]Sheet1!$A$1</f><v>2</v>"), 0, 3),
    "turned and broken sheet names": Hostile(with_names("a\u202egpj", "b&#10;c"), 0, 3, "responses.xlsx"),
    "one sheet name twice": Hostile(with_names("Sheet", "Sheet"), 0, 3, "responses.xlsx"),
    "dates 0, below 0 and beyond": Hostile(moments(0, -5, 2_958_466), 1, "B2"),
    "dates from 1904": Hostile(moments(0, 1, 2, epoch=True), 1, "B2"),
    "a merged header": Hostile(lambda: workbook(change=merged_header), 0, 3),
    "encrypted": Hostile(lambda: encrypted(workbook(), "pw"), 1, "password"),
    "encrypted with endless turns": Hostile(lambda: spun(encrypted(workbook(), "pw")), 1, "password"),
    "encrypted and cut short": Hostile(lambda: encrypted(workbook(), "pw")[:-3000], 1, "cannot be opened|password"),
    "a relation out of the archive": Hostile(linked_target(b"../../../../etc/passwd"), 1, "no filled cell"),
    "a relation into the network": Hostile(linked_target(b"http://a.example/sheet1.xml"), 1, "no filled cell"),
    "a thousand sheets": Hostile(many_sheets(1000), 0, 3),
    "a part twice": Hostile(lambda: packed(*[("[Content_Types].xml", b"")] * 2, ("xl/workbook.xml", b""))(), 1, "twice|same name"),
    "16,384 columns": Hostile(
        lambda: workbook(change=lambda b, s: [s.cell(1, n, f"c{n}") for n in range(4, 16_385)]), 0, 3),
},
"open and old": {
    "a cell a billion times": Hostile(ods(ods_row(ods_cell("x", BILLION % "columns"))), 1, "more than 20,000,000"),
    "a cell a thousand times in a billion rows": Hostile(
        ods(ods_row(ods_cell("x", 'table:number-columns-repeated="1000"'), BILLION % "rows")), 1, "more than"),
    "a blank a billion times": Hostile(ods(ods_row("<table:table-cell " + BILLION % "columns" + "/>", BILLION % "rows")), 0, 3),
    "a billion blank rows a thousand times": Hostile(ods(ods_row("", BILLION % "rows") * 1000), 0, 3),
    "16,384 blanks in a million rows": Hostile(
        ods(ods_row('<table:table-cell table:number-columns-repeated="16384"/>' + ods_cell("x"), 'table:number-rows-repeated="1000000"')), 1, "more than"),
    "a row fewer than none times": Hostile(ods(ods_row(ods_cell("first"), 'table:number-rows-repeated="-5"')), 1, "cannot be opened"),
    "cells that take back what is counted": Hostile(
        ods(ods_row("".join(ods_cell("x", f'table:number-columns-repeated="{times}"') for times in (15_000_000, -15_000_000) * 12))),
        1, "cannot be opened"),
    "a billion spaces": Hostile(ods(ods_row(ods_cell("first") + ods_cell('<text:s text:c="1000000000"/>'))), 0, 4),
    "deep spans": Hostile(ods(ods_row(ods_cell("first") + ods_cell("<text:span>" * 100_000 + "</text:span>" * 100_000))), 1, "cannot be opened"),
    "no number in a cell": Hostile(ods(ods_row('<table:table-cell office:value-type="float" office:value="x"/>')), 1, "cannot be opened"),
    "a number of 5,000 digits of ods": Hostile(
        ods(ods_row(ods_cell("first") + f'<table:table-cell office:value-type="float" office:value="{"9" * 5000}"/>')), 1, "B5"),
    "entities of ods": Hostile(ods("", head=ENTITIES.decode()), 1, "document type"),
    "an ods without content": Hostile(packed(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")), 1, "cannot be opened"),
    "a million commas in a header": Hostile(wide(1_000_000), 1, "more than 16,384 columns", "responses.csv"),
    "a cell of 100 MB": Hostile(lambda: CSV + b"first,1," + b"x" * 100_000_000 + b"\n", 1, "cannot|more memory", "responses.csv"),
    "a cell of 9 MB": Hostile(lambda: CSV + b"first,1," + b"x" * 9_000_000 + b"\n", 0, 4, "responses.csv"),
    "UTF-16 without a mark": Hostile(lambda: CSV.decode().encode("utf-16-le"), 0, 3, "responses.csv"),
    "UTF-16 of half a sign": Hostile(lambda: CSV.decode().encode("utf-16") + b"x", 1, "no table|cannot", "responses.csv"),
    "a zero byte in a table": Hostile(lambda: CSV + b"first,\0,x\n", 1, "B5|minutes", "responses.csv"),
    "quotes alone": Hostile(lambda: b'"' * 1_000_001, 1, "No column is headed", "responses.csv"),
    "a number of 5,000 digits of text": Hostile(lambda: CSV + b"first," + b"8" * 5000 + b",x\n", 1, "B5", "responses.csv"),
    "a number of 5,000 full-width digits": Hostile(lambda: CSV + b"first," + "８".encode() * 5000 + b",x\n", 1, "B5", "responses.csv"),
    "an option of 5,000 digits": Hostile(lambda: CSV + b"9" * 5000 + b",1,x\n", 1, "A5", "responses.csv"),
    **{f"cells of a million {sign!r}": Hostile(long_cells(sign.encode()), 0, 2, "responses.csv")
       for sign in (" ", "x", "(", "-", ".", "a@", "1", "\uff08", "[", "_")},
    "a workbook named csv": Hostile(workbook, 0, 3, "responses.csv"),
},
"statistics programs": {
    "sav of nothing": Hostile(lambda: b"$FL2@(#)", 1, "cannot"),
    "sav with a random head": Hostile(sav(at(8, os.urandom(160))), 1, "cannot"),
    "sav of two billion cases": Hostile(sav(at(80, struct.pack("<i", 2**31 - 1))), 0, 3),
    "sav of two billion variables": Hostile(sav(at(68, struct.pack("<i", 2**31 - 1))), 0, 3),
    "sav cut short": Hostile(sav(lambda content: content[:-100]), 1, "cannot"),
    "dta of nothing": Hostile(lambda: b"<stata_dta>" + bytes(500), 1, "cannot"),
    "dta of random bytes": Hostile(lambda: b"\x73\x02\x01\x00" + os.urandom(20_000), 1, "cannot"),
    "parquet of nothing": Hostile(lambda: b"PAR1PAR1", 1, "cannot"),
    "parquet cut short": Hostile(parquet(change=lambda content: content[:-20]), 1, "cannot"),
    "parquet with a long foot": Hostile(parquet(change=lambda content: content[:-8] + b"\xff\xff\xff\x7fPAR1"), 1, "cannot"),
    "parquet with deep metadata": Hostile(parquet({b"survey": b"[" * 100_000}), 0, 3),
    "parquet with huge metadata": Hostile(parquet({b"survey": b'{"instrument": "' + b"x" * 5_000_000 + b'"}'}), 0, 3),
    "parquet with a huge number in its metadata": Hostile(parquet({b"survey": b'{"a": ' + b"1" * 5000 + b"}"}), 0, 3),
    "parquet of 5,000 columns": Hostile(parquet(columns=5_000), 0, 3),
},
"archives and places": {
    "a way out of the archive": Hostile(packed(("../../responses.csv", CSV)), 1, "outside", "responses.zip"),
    "a link in the archive": Hostile(packed_link, 1, "No column is headed", "responses.zip"),
    "an archive in an archive": Hostile(packed(("a.zip", packed(("a.csv", CSV))())), 1, "archive", "responses.zip"),
    "a bomb under a mild ratio": Hostile(inflating(1_000_000_000), 1, "unpack", "responses.zip"),
    "two of one name": Hostile(packed(("a.csv", CSV), ("a.csv", CSV)), 1, "twice|name", "responses.zip"),
    "a folder named as a workbook": Hostile(folder, 1, "folder", "responses.xlsx"),
    "a pipe": Hostile(pipe, 2, "pipe|stream", "responses.xlsx"),
    **{f"a pipe named {name}": Hostile(pipe, 2, "stream", name)
       for name in ("a.csv", "counts.tally", "project.qdpx", "survey.qsf", "schema.yaml")},
    "a device without an end": Hostile(link("/dev/zero"), 2, "pipe|stream|device", "responses.xlsx"),
    "a link to itself": Hostile(link(), 2, "no file|not found|There is no|link", "responses.xlsx"),
    "a link to nothing": Hostile(link("/nowhere/at/all.xlsx"), 2, "There is no|not found", "responses.xlsx"),
    "a turned name with a line end": Hostile(lambda: b"", 1, "0 bytes", "a\u202e\nfdp.xlsx"),
},
"definitions, tallies, projects, schemas": {
    "deep JSON": Hostile(lambda: b"[" * 100_000, 1, "cannot be read", "survey.qsf"),
    "JSON with a long number": Hostile(qsf(b"[" + b"1" * 5000 + b"]"), 1, "cannot be read", "survey.qsf"),
    "JSON of a million elements": Hostile(qsf(b"[" + b"{}," * 1_000_000 + b"{}]"), 1, "no question", "survey.qsf"),
    "JSON of a payload that is deep": Hostile(
        qsf(b'[{"Element": "SQ", "PrimaryAttribute": "QID1", "Payload": {"Choices": ' + b"[" * 90 + b"]" * 90 + b"}}]"), 1, "draft", "survey.qsf"),
    "deep XML of LimeSurvey": Hostile(lambda: b"<a>" * 200_000 + b"</a>" * 200_000, 1, "no survey", "survey.lss"),
    "entities of LimeSurvey": Hostile(lambda: ENTITIES + b"<document>&e9;</document>", 1, "document type", "survey.lss"),
    "a tally of deep JSON": Hostile(packed(("tally.json", b"[" * 100_000)), 1, "tally", "counts.tally"),
    "a tally that is none": Hostile(packed(("a.npy", b"")), 1, "tally", "counts.tally"),
    "deep XML of a project": Hostile(
        packed(("project.qde", b"<Project>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</Project>")), 1, "no codes", "project.qdpx"),
    "entities of a project": Hostile(packed(("project.qde", ENTITIES + b"<Project/>")), 1, "document type", "project.qdpx"),
    "deep YAML": Hostile(lambda: b"kind: " + b"[" * 100_000, 1, "deep|levels", "schema.yaml"),
    "a billion laughs": Hostile(lambda: LAUGHS, 1, "more than 200,000 parts", "schema.yaml"),
    "a tag that runs code": Hostile(lambda: b"kind: !!python/object/apply:os.system [id]\n", 1, "must be one of", "schema.yaml"),
    "a number of 5,000 digits of YAML": Hostile(lambda: b"kind: " + b"9" * 5000 + b"\n", 1, "at most 15 digits", "schema.yaml"),
},
}  # fmt: skip


class Outcome(NamedTuple):
    """How the command ended with a file: its code (below 0: killed by a signal), all it said, what it left."""

    code: int
    text: str
    left: list[str]
    folder: Path
    seconds: float


# Runs in the child: loads everything once, then forks for every file.
CHILD = """
import json, os, resource, sys, traceback
memory, seconds, cases, warm = json.load(sys.stdin)
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
from survey.cli import main

def run(argv, said):
    pid = os.fork()
    if pid:
        return pid
    code = 99
    try:
        handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, 1), os.dup2(handle, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        main(argv)
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush(), sys.stderr.flush()
        os._exit(code)

try:
    main(warm)  # what it loads, the others have
except SystemExit:
    pass
ended = []
for argv, said in cases:
    _, status, used = os.wait4(run(argv, said), 0)
    ended.append((os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime))
print("ENDED", json.dumps(ended))
"""


def placed(hostile: Hostile, folder: Path) -> Path:
    """Put a file where it is to be read."""
    folder.mkdir(parents=True)
    path = folder / hostile.name
    made = hostile.make()
    if callable(made):
        made(path)
    else:
        path.write_bytes(made)
    return path


def names_in(folder: Path) -> list[str]:
    """What a folder holds."""
    return sorted(path.name for path in folder.iterdir())


def command(path: Path, lang: str) -> list[str]:
    """The command that reads a file, told by its ending."""
    report = str(path.parent / "report.xlsx")
    if path.suffix in (".qsf", ".lss"):
        return ["instrument", "draft", str(path), "-o", str(path.parent / "drafted.yaml"), "--lang", lang]
    if path.suffix == ".tally":
        return ["analyze", str(path), "-o", report, "--no-pictures", "--lang", lang]
    if path.suffix == ".qdpx":
        return ["interviews", "check", str(path), "--lang", lang]
    if path.suffix == ".yaml":
        return ["instrument", "validate", str(path), "--lang", lang]
    options = ["--instrument", str(EVERYTHING), "-o", report, "--no-pictures", "--lang", lang]
    return ["analyze", str(path), *options]


def outcomes(files: dict[str, Hostile], folder: Path) -> dict[str, list[Outcome]]:
    """How the command ends with each file, in English and, where that is an error, in Chinese."""
    warm = folder / "warm.xlsx"
    warm.write_bytes(workbook())
    paths = {name: placed(hostile, folder / str(n)) for n, (name, hostile) in enumerate(files.items())}
    before = {name: names_in(path.parent) for name, path in paths.items()}
    runs = [
        (name, lang, folder / f"{n}-{lang}.txt")
        for n, name in enumerate(files)
        for lang in (("en", "zh") if files[name].ends else ("en",))
    ]
    cases = [(command(paths[name], lang), str(said)) for name, lang, said in runs]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OPENPYXL_LXML": "False"}
    child = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=json.dumps([MEMORY, SECONDS, cases, command(warm, "en")]),
        capture_output=True,
        text=True,
        timeout=3600,
        env=environment,
        check=False,
    )
    assert "ENDED" in child.stdout, child.stderr[-2000:]
    ended = json.loads(child.stdout.rpartition("ENDED")[2])
    found: dict[str, list[Outcome]] = {}
    for (name, _, said), (code, seconds) in zip(runs, ended, strict=True):
        left = [each for each in names_in(paths[name].parent) if each not in before[name]]
        text = said.read_text(encoding="utf-8", errors="replace")
        found.setdefault(name, []).append(Outcome(code, text, left, paths[name].parent, seconds))
    return found
