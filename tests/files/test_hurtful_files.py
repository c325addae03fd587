"""Files that hurt, each given to the real command in a child process with 1 GiB and 20 seconds of a processor."""

import os
import re
import subprocess
import sys
import zipfile
from io import BytesIO

import openpyxl
import pytest

from tests.paths import EXAMPLES

if sys.platform != "linux":
    pytest.skip("the limits are set the way Linux knows them", allow_module_level=True)

EVERYTHING = EXAMPLES / "everything.yaml"
CODE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
from survey.cli import run
sys.argv = ["survey", "analyze", sys.argv[1], "--instrument", sys.argv[2], "-o", sys.argv[3], "--no-pictures"]
run()
"""
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


# What is made, how the command ends, and what it says (or how many respondents it counts).
HURTFUL = {
    "truncated": (lambda: workbook()[:-300], 1, "cannot be opened"),
    "half": (lambda: workbook()[: len(workbook()) // 2], 1, "cannot be opened"),
    "empty": (lambda: b"", 1, "0 bytes"),
    "random bytes": (lambda: os.urandom(20_000), 1, "no table that|cannot be opened|No column"),
    "random archive": (lambda: b"PK\x03\x04" + os.urandom(20_000), 1, "cannot be opened"),
    "old container": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(20_000), 1, "cannot be opened"),
    "old workbook": (old, 0, 3),
    "old workbook cut short": (lambda: old(lambda c: c[: len(c) // 2]), 1, "cannot be opened"),
    "old workbook of a million rows claimed": (lambda: old(claims(b"\x00\x02\x0e\x00", 4, 2**31)), 0, 3),
    "old workbook of endless texts claimed": (lambda: old(claims(b"\xfc\x00", 4, 2**31 - 1)), 1, "cannot be opened"),
    "old workbook of endless sectors claimed": (
        lambda: old(lambda c: c[:44] + b"\xff\xff\xff\x7f" + c[48:]), 0, 3),
    "a million rows claimed": (
        lambda: with_sheet(lambda old: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', old)), 0, 3),
    "one cell claimed": (lambda: with_sheet(lambda old: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', old)), 0, 3),
    "one stray cell in the last column": (lambda: with_sheet(far_cell), 0, 3),
    "a million styled blanks": (lambda: with_sheet(styled_blanks), 0, 3),
    "a million blanks below": (
        lambda: with_sheet(rows_added(b"".join(b'<row r="%d" spans="1:3"/>' % n for n in range(10, 1_000_010)))), 0, 3),
    "entity bomb": (lambda: with_sheet(doctype(ENTITIES)), 1, "document type"),
    "entity bomb in the texts": (lambda: amended(workbook(), **{"xl/workbook.xml": doctype(ENTITIES)}), 1, "document type"),
    "external entity": (
        lambda: with_sheet(doctype(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>')), 1, "document type"),
    "entity bomb in UTF-16": (
        lambda: with_sheet(lambda old: (ENTITIES.decode() + "<worksheet/>").encode("utf-16")), 1, "document type"),
    "whitespace bomb": (whitespace_bomb, 1, "unpack"),
    "zip of thousands": (
        lambda: amended(workbook(), **{f"xl/x{n}.bin": b"" for n in range(6000)}), 1, "parts"),
    "a size that lies": (lambda: lying(workbook()), 1, "cannot be opened"),
    "40,000 merges": (lambda: workbook(change=merged), 0, 3),
    "hidden rows and sheets": (lambda: workbook(change=hidden), 0, 3),
    "error cells": (lambda: workbook(change=error_cells), 1, "B3"),
    "formula without a value": (lambda: workbook(change=lambda b, s: s.__setitem__("B3", "=1+1")), 1, "B3"),
    "duplicate columns": (lambda: workbook(change=lambda b, s: s.__setitem__("D1", "visit")), 1, "D1"),
    "a long cell": (
        lambda: with_sheet(rows_added(b'<row r="9"><c r="A9" t="inlineStr"><is><t>first</t></is></c>'
                                      b'<c r="C9" t="inlineStr"><is><t>' + b"x" * 40_000 + b"</t></is></c></row>")), 0, 4),
    "control characters": (
        lambda: b"visit,minutes,remark\nfirst,1,a\x07b\x0bc\nfirst,2,ok\n" + b"first,3,text\n" * 60, 0, 62),
    "several sheets": (
        lambda: workbook(change=lambda b, s: [b.copy_worksheet(s)]), 2, "Several sheets"),
    "macros": (lambda: amended(workbook(), **{"xl/vbaProject.bin": os.urandom(5000)}), 0, 3),
    "external links": (
        lambda: amended(workbook(), **{"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}), 0, 3),
    "csv named xls": (lambda: b"visit,minutes\nfirst,1\nagain,2\n", 0, 2),
    "html named xls": (lambda: b"<html><table><tr><td>visit</td></tr></table></html>", 1, "web page"),
    "xml named xls": (lambda: b'<?xml version="1.0"?><Workbook/>', 1, "XML file"),
    "an endless line": (lambda: b"visit\n" + b'"' + b"x" * 30_000_000, 1, "cannot"),
    "a million commas": (lambda: b"visit\n" + b"," * 30_000_000, 1, "more than"),
}  # fmt: skip


@pytest.mark.parametrize("name", HURTFUL)
def test_a_clear_error_or_a_correct_result(name, tmp_path):
    make, code, said = HURTFUL[name]
    path = tmp_path / "responses.xls"
    path.write_bytes(make())
    report = tmp_path / "report.xlsx"
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", CODE, str(path), str(EVERYTHING), str(report)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, env=environment, check=False)
    told = done.stdout + done.stderr
    assert "Traceback" not in told, told[-2000:]
    assert done.returncode == code, told[-2000:]
    if code:
        assert re.search(said, told), told[-2000:]
        assert "Nothing was written" in told
        assert not report.exists()
    else:
        sheet = openpyxl.load_workbook(report)["Summary"]
        text = " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
        assert re.search(rf"\b{said} respondents", text), text
