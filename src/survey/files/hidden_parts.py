"""What a workbook hides: rows, columns and sheets. They are read all the same; that they are hidden is said.

Filters of Excel hide rows, and whoever looks at the sheet sees fewer answers than it holds.
"""

import re
import struct
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from io import BytesIO

from survey.errors import Place
from survey.files.binary_workbooks import WORKBOOK, read_xlsb

_SIGNS = (b"collapse", b"filter", b"display=")
_TAG = re.compile(rb"<(?:\w+:)?(row|col)(?=[\s/>])([^<>]*)>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^<>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)>")
_ATTRIBUTE = re.compile(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_STYLE = re.compile(rb"<style:style\s([^<>]*)>\s*<style:table-properties\s([^<>]*)>")
_HIDES = re.compile(rb"""hidden=["'](?:1|true)["']""")
_LONGEST_SIGN = len(b'hidden="true"')
_TRUE = (b"1", b"true")
_MOST_COLUMNS = 16_384
_PIECE = 1_000_000
# Records of an old workbook: the sheets, where one begins, and what its rows and columns look like.
_BOUNDSHEET, _BOF, _EOF, _ROW, _COLINFO = 0x85, 0x809, 0x0A, 0x208, 0x7D
_LOOKED_AT = frozenset({_BOUNDSHEET, _BOF, _EOF, _ROW, _COLINFO})


@dataclass(frozen=True)
class Hidden:
    """What one sheet hides: rows (numbers as in the sheet), columns (counted from 0), or all of itself."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    sheet: bool = False


def hidden_parts(content: bytes, bare: Collection[str] = ()) -> dict[str, Hidden]:
    """Give what each sheet of a workbook hides, by its name; sheets that hide nothing are not there.

    Of the sheets `bare` it is known that no row with cells and no column in them is hidden.
    A file that is damaged, or no workbook, hides nothing: whoever reads its cells says what is wrong.
    """
    try:
        if content.startswith(b"PK"):
            with zipfile.ZipFile(BytesIO(content)) as archive:
                sheets = _sheets(archive, bare)
                return {name: hidden for name, hidden in sheets if hidden != Hidden()}
        if content.startswith(b"\xd0\xcf\x11\xe0"):
            return {name: hidden for name, hidden in _old(content) if hidden != Hidden()}
    except Exception:  # whatever the damage makes it raise
        return {}
    return {}


def _sheets(archive: zipfile.ZipFile, bare: Collection[str]) -> Iterator[tuple[str, Hidden]]:
    names = archive.namelist()
    if WORKBOOK in names:
        return _binary(archive, bare)
    return _open(archive) if "content.xml" in names else _excel(archive, bare)


def _binary(archive: zipfile.ZipFile, bare: Collection[str]) -> Iterator[tuple[str, Hidden]]:
    for sheet in read_xlsb(archive, Place(), str, but=bare):
        hidden = sheet.state != "visible"
        yield sheet.name, Hidden(sheet.hidden_rows, sheet.hidden_columns, hidden)


def _attributes(text: bytes) -> dict[bytes, bytes]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(text)}


def _excel(archive: zipfile.ZipFile, bare: Collection[str]) -> Iterator[tuple[str, Hidden]]:
    from html import unescape

    parts = {}
    for relation in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels")):
        attributes = _attributes(relation)
        parts[attributes.get(b"Id", b"")] = attributes.get(b"Target", b"").decode().removeprefix("/xl/")
    for sheet in _SHEET.findall(archive.read("xl/workbook.xml")):
        attributes = _attributes(sheet)
        link = next((value for name, value in attributes.items() if name.endswith(b":id")), b"")
        part = f"xl/{parts[link]}"
        name = unescape(attributes[b"name"].decode())
        looked = name not in bare and _may_hide(archive, part)
        hidden = in_sheet(archive.read(part)) if looked else Hidden()
        yield name, replace(hidden, sheet=attributes.get(b"state", b"visible") != b"visible")


def _may_hide(archive: zipfile.ZipFile, part: str) -> bool:
    """Look for the attribute in pieces, so that a large sheet need not be held as a whole."""
    before = b""
    with archive.open(part) as opened:
        while piece := opened.read(_PIECE):
            if _HIDES.search(before + piece):
                return True
            before = piece[-_LONGEST_SIGN:]
    return False


def in_sheet(xml: bytes) -> Hidden:
    """Give what the XML of one .xlsx sheet hides."""
    rows: set[int] = set()
    columns: set[int] = set()
    number = 0
    for kind, text in _TAG.findall(xml):
        attributes = _attributes(text)
        hides = attributes.get(b"hidden") in _TRUE
        if kind == b"row":
            number = int(attributes.get(b"r", number + 1))
            if hides:
                rows.add(number)
        elif hides:
            columns.update(range(int(attributes[b"min"]) - 1, min(int(attributes[b"max"]), _MOST_COLUMNS)))
    return Hidden(frozenset(rows), frozenset(columns))


def _open(archive: zipfile.ZipFile) -> Iterator[tuple[str, Hidden]]:
    """Look through an OpenDocument spreadsheet, where rows and columns are repeated by a number."""
    from xml.etree import ElementTree

    xml = archive.read("content.xml")
    if not any(sign in xml for sign in _SIGNS):
        return
    table = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    away = {
        _attributes(head).get(b"style:name", b"").decode()
        for head, body in _STYLE.findall(xml)
        if _attributes(body).get(b"table:display") == b"false"
    }
    gone = False
    name = ""
    row = column = 0
    rows: set[int] = set()
    columns: set[int] = set()
    for event, node in ElementTree.iterparse(BytesIO(xml), events=("start", "end")):
        if event == "start" and node.tag == f"{table}table":
            name = node.get(f"{table}name", "")
            gone = node.get(f"{table}style-name") in away
            row, column, rows, columns = 0, 0, set(), set()
        elif event == "start" and node.tag in (f"{table}table-row", f"{table}table-column"):
            of_rows = node.tag == f"{table}table-row"
            times = int(node.get(f"{table}number-{'rows' if of_rows else 'columns'}-repeated", 1))
            hides = node.get(f"{table}visibility", "visible") != "visible"
            if of_rows:
                if hides and times < _MOST_COLUMNS:  # the rest of the sheet is no row of anybody
                    rows.update(range(row + 1, row + times + 1))
                row += times
            else:
                if hides:
                    columns.update(range(column, min(column + times, _MOST_COLUMNS)))
                column += times
        elif event == "end" and node.tag == f"{table}table":
            yield name, Hidden(frozenset(rows), frozenset(columns), gone)
        elif event == "end":
            node.clear()


def _old(content: bytes) -> Iterator[tuple[str, Hidden]]:
    """Walk through the records of an old .xls: each is its kind, its length and so many bytes."""
    import olefile

    with olefile.OleFileIO(BytesIO(content)) as container:
        stream = container.openstream("Workbook").read()
    names: dict[int, tuple[str, bool]] = {}
    rows: set[int] = set()
    columns: set[int] = set()
    start = place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        if kind not in _LOOKED_AT:
            place += 4 + length
            continue
        data = stream[place + 4 : place + 4 + length]
        if kind == _BOUNDSHEET and length > 8:
            wide = data[7] & 1
            text = data[8 : 8 + data[6] * (1 + wide)]
            name = text.decode("utf-16-le" if wide else "latin-1")
            names[struct.unpack_from("<I", data)[0]] = name, data[4] & 3 != 0
        elif kind == _BOF:
            start, rows, columns = place, set(), set()
        elif kind == _ROW and length >= 16 and struct.unpack_from("<I", data, 12)[0] & 0x20:
            rows.add(struct.unpack_from("<H", data)[0] + 1)
        elif kind == _COLINFO and length >= 10 and struct.unpack_from("<H", data, 8)[0] & 1:
            first, last = struct.unpack_from("<HH", data)
            columns.update(range(first, min(last + 1, _MOST_COLUMNS)))
        elif kind == _EOF and start in names:
            name, away = names[start]
            yield name, Hidden(frozenset(rows), frozenset(columns), away)
        place += 4 + length
