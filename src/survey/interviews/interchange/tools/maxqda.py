"""MAXQDA: retrieved segments or the overview of coded segments as a table; a row is a code on a segment.

Columns as scripts that read such exports name them, in English and German; the Chinese ones are our guess.
Codes are written as the way to them, "Work > Pay". Beginning and end are paragraphs or pages, no positions.
"""

from typing import Any

from survey.errors import Problem
from survey.files.grid import Book
from survey.interviews.interchange.tool_files import ToolFile
from survey.interviews.interchange.tool_tables import (
    ToolTable,
    file_of,
    table_with,
    way_key,
    way_nodes,
    with_participant,
)
from survey.interviews.raw_rows import RawRow

TOOL = "MAXQDA"
_HEADERS = {
    "document": ("document name", "dokumentname", "文档名称", "文档名", "文件名称"),
    "code": ("code", "代码", "编码"),
    "text": ("segment", "coded segment", "preview", "vorschau", "片段", "编码片段", "已编码片段"),
    "group": ("document group", "dokumentgruppe", "文档组", "文件组"),
    "gist": ("comment", "kommentar", "评论", "注释"),
    "begin": ("beginning", "anfang", "开始", "起始"),
    "finish": ("end", "ende", "结束"),
    "coder": ("created by", "erstellt von", "author", "autor", "创建者", "作者"),
}
_KNOWN = (
    *("color", "colour", "farbe", "weight", "weight score", "gewicht", "modified by", "bearbeitet von"),
    *("modified", "bearbeitet am", "created", "erstellt am", "erstellt", "area", "fläche", "coverage %"),
    *("abdeckungsgrad %", "other codes assigned to segment", "颜色", "权重", "创建日期", "面积", "覆盖率 %"),
)


def _table(book: Book, sheet: str | None) -> ToolTable | None:
    return table_with(book, _HEADERS, ("document", "code", "text"), sheet)


def of_tables(book: Book, sheet: str | None = None) -> bool:
    """Tell whether a book holds coded segments of MAXQDA."""
    return _table(book, sheet) is not None


def read(book: Book, sheet: str | None = None, participant: str | None = None) -> ToolFile:
    """Read the segments: rows with the same place and words are one segment."""
    table = _table(book, sheet)
    assert table is not None  # of_tables has looked
    table = with_participant(table, participant, book.file)
    coded = file_of(book, TOOL)
    ways = []
    marks: dict[Any, str] = {}
    for row, values in table.rows():
        number = table.table.numbers[row]
        if "code" not in values:
            coded.unread["uncoded"] += 1
            continue
        way = tuple(step.strip() for step in values["code"].split(" > ") if step.strip())
        ways.append(way)
        span = tuple(values.get(name) for name in ("group", "document", "begin", "finish", "text"))
        values["segment"] = marks.setdefault(span, f"m{number}")
        coded.unread["comments"] += "gist" in values
        kept = {name: value for name, value in values.items() if name not in ("code", "begin", "finish")}
        codes = ((way_key(way), table.cell("code", row)),)
        coded.rows.append(RawRow(book.file, number, kept, codes, {}, table.table.sheet))
    coded.nodes = way_nodes(coded.place, ways)
    if "group" in table.columns:
        coded.notices.append(Problem("refi_group_from", coded.place, {"variable": table.header("group")}))
    coded.notices += table.unread(_KNOWN)
    return coded
