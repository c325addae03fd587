"""Writes binary workbooks (.xlsb) for tests: the records of [MS-XLSB] that a table needs, and no others."""

import datetime
import struct
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>"""
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
DATE, PERCENT = 1, 2  # the styles
ERRORS = {"#N/A": 0x2A, "#DIV/0!": 0x07}


class Shown(NamedTuple):
    """A number in a style, or an error by its name."""

    value: Any
    style: int = 0


def record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(body), b""
    while True:
        size, low = size >> 7, size & 0x7F
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return head + length + body


def wide(text: str) -> bytes:
    raw = text.encode("utf-16-le", "surrogatepass")
    return struct.pack("<I", len(raw) // 2) + raw


def cell(place: int, value: Any, texts: list[str]) -> bytes:  # noqa: PLR0911 - a type, a record
    style = 0
    if isinstance(value, Shown):
        value, style = value
    head = struct.pack("<II", place, style)
    if value is None:
        return record(1, head)
    if isinstance(value, bool):
        return record(4, head + bytes([value]))
    if isinstance(value, datetime.datetime):
        days = (value - datetime.datetime(1899, 12, 30)) / datetime.timedelta(days=1)
        return record(5, struct.pack("<II", place, DATE) + struct.pack("<d", days))
    if isinstance(value, int) and abs(value) < 2**29:
        return record(2, head + struct.pack("<i", value << 2 | 2))
    if isinstance(value, int | float):
        return record(5, head + struct.pack("<d", value))
    if value in ERRORS:
        return record(3, head + bytes([ERRORS[value]]))
    if value.startswith("="):  # a formula with its stored text, and no formula at all
        return record(8, head + wide(value[1:]) + bytes(10))
    if len(value) % 2:
        return record(6, head + wide(value))
    texts.append(value)
    return record(7, head + struct.pack("<I", len(texts) - 1))


def sheet_part(
    rows: list[list[Any]], texts: list[str], hidden_rows: set[int], hidden_columns: set[int]
) -> bytes:
    width = max(map(len, rows), default=1)
    part = record(129) + record(148, struct.pack("<IIII", 0, max(len(rows) - 1, 0), 0, width - 1))
    part += record(390)
    for place in sorted(hidden_columns):
        part += record(60, struct.pack("<IIIIH", place, place, 2560, 0, 1))
    part += record(391) + record(145)
    for number, row in enumerate(rows):
        flags = 0x10 if number + 1 in hidden_rows else 0
        part += record(0, struct.pack("<IIHBBB", number, 0, 300, 0, flags, 0) + struct.pack("<I", 0))
        part += b"".join(cell(place, value, texts) for place, value in enumerate(row))
    return part + record(146) + record(130)


def relation(name: str, sort: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{OFFICE}/{sort}" Target="{target}"/>'


def write_binary(
    path: Path,
    sheets: dict[str, list[list[Any]]],
    *,
    states: dict[str, int] | None = None,
    hidden_rows: set[int] | None = None,
    hidden_columns: set[int] | None = None,
) -> Path:
    """Write sheets; `states`: 1 is hidden; hidden rows count from 1, columns from 0, in each sheet."""
    texts: list[str] = []
    parts = [
        sheet_part(rows, texts, hidden_rows or set(), hidden_columns or set()) for rows in sheets.values()
    ]
    book = record(131) + record(153, struct.pack("<II", 0, 0) + wide("")) + record(143)
    relations = ""
    for number, name in enumerate(sheets, 1):
        state = (states or {}).get(name, 0)
        book += record(156, struct.pack("<II", state, number) + wide(f"rId{number}") + wide(name))
        relations += relation(f"rId{number}", "worksheet", f"worksheets/sheet{number}.bin")
    book += record(144) + record(132)
    relations += relation("rIdS", "sharedStrings", "sharedStrings.bin")
    relations += relation("rIdF", "styles", "/xl/styles.bin")
    strings = record(159, struct.pack("<II", len(texts), len(texts)))
    strings += b"".join(record(19, b"\0" + wide(text)) for text in texts) + record(160)
    style = "<HHHHHBBH"
    own = record(44, struct.pack("<H", 164) + wide("yyyy\\-mm\\-dd hh:mm:ss"))
    styles = record(278) + record(615, struct.pack("<I", 1)) + own + record(616)
    styles += record(617, struct.pack("<I", 3))
    for form in (0, 164, 9):
        styles += record(47, struct.pack(style, 0, form, 0, 0, 0, 0, 0, 0) + bytes(2))
    styles += record(618) + record(279)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
            'Target="xl/workbook.bin"/></Relationships>',
        )
        archive.writestr("xl/workbook.bin", book)
        archive.writestr(
            "xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>'
        )
        archive.writestr("xl/sharedStrings.bin", strings)
        archive.writestr("xl/styles.bin", styles)
        for number, part in enumerate(parts, 1):
            archive.writestr(f"xl/worksheets/sheet{number}.bin", part)
    return path
