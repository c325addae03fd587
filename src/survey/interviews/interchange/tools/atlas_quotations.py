"""ATLAS.ti: quotations as its quotation manager exports them, after scripts that read these; one a row.

The codes of a quotation stand in one cell, one to a line; a code in a category is written "Category: Code".
"""

import re

from survey.files.grid import Book
from survey.interviews.interchange.tool_files import ToolFile, tree
from survey.interviews.interchange.tool_tables import ToolTable, file_of, table_with, with_participant
from survey.interviews.raw_rows import RawRow

TOOL = "ATLAS.ti"
_HEADERS = {
    "document": ("document", "document name", "dokument", "文档"),
    "code": ("codes", "code", "kodes", "编码", "代码"),
    "text": ("quotation content", "text content", "zitatinhalt", "引文内容"),
    "id": ("id", "quotation id"),
    "gist": ("comment", "kommentar", "注释", "评论"),
    "coder": ("created by", "creator", "author", "erstellt von", "创建者"),
}
_KNOWN = (
    *("quotation name", "name", "reference", "document groups", "code groups", "created", "modified"),
    *("modified by", "start position", "end position", "density", "number of codes", "quotation type"),
)


def _table(book: Book, sheet: str | None) -> ToolTable | None:
    return table_with(book, _HEADERS, ("document", "code", "text"), sheet)


def of_tables(book: Book, sheet: str | None = None) -> bool:
    """Tell whether a book holds quotations of ATLAS.ti."""
    return _table(book, sheet) is not None


def read(book: Book, sheet: str | None = None, participant: str | None = None) -> ToolFile:
    """Read the quotations; those without a code are counted."""
    table = _table(book, sheet)
    assert table is not None  # of_tables has looked
    table = with_participant(table, participant, book.file)
    coded = file_of(book, TOOL)
    names: dict[str, str] = {}
    marks: dict[str, int] = {}
    for row, values in table.rows():
        number = table.table.numbers[row]
        given = [name.strip() for name in re.split(r"[\r\n;]+", values.get("code", "")) if name.strip()]
        if not given:
            coded.unread["uncoded"] += 1
            continue
        names |= {name: name for name in given}
        mark = values.get("id", f"a{number}")
        values["segment"] = mark if marks.setdefault(mark, number) == number else f"{mark} ({number})"
        coded.unread["comments"] += "gist" in values
        kept = {name: value for name, value in values.items() if name not in ("code", "id")}
        codes = tuple((name, table.cell("code", row)) for name in dict.fromkeys(given))
        coded.rows.append(RawRow(book.file, number, kept, codes, {}, table.table.sheet))
    coded.nodes = tree(coded.place, names, {}, step=": ")
    coded.notices += table.unread(_KNOWN)
    return coded
