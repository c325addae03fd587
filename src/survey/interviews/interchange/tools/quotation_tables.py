r"""Tables of quotations that other programs export: one row here per program, one reader for all.

MAXQDA: retrieved segments, or the overview of coded segments; a row is a code on a segment, its code the way
to it ("Work > Pay"). Beginning and end are paragraphs or pages, no positions.

Dedoose: the export of excerpts; codes stand in columns of their own, "Code: Work\Pay Applied", with True or
False, and together in "Codes Applied Combined", by their last names alone. "Excerpt Range" gives a place in
the file as Dedoose shows it, no position here.

ATLAS.ti: the quotations of its quotation manager; the codes of a quotation stand in one cell, one to a line,
a code in a category as "Category: Code".

Headers are those that public scripts reading such exports name, in English and German; the Chinese ones are
our guess.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from survey.errors import DataError, Problem
from survey.files.grid import Book
from survey.interviews.interchange.tool_files import ToolFile, tree
from survey.interviews.interchange.tool_tables import (
    ToolTable,
    file_of,
    table_with,
    way_key,
    way_nodes,
    with_participant,
)
from survey.interviews.raw_rows import RawRow
from survey.wording import normalise

_YES = ("true", "1", "yes")
_NO = ("false", "0", "no")
Way = tuple[str, ...]


@dataclass(frozen=True)
class QuotationTable:
    """How a program lays out its table of quotations.

    Attributes
    ----------
    TOOL
        What the program is called.
    headers
        How the columns are headed, by what they mean: `document`, `text`, `code`, `gist`, `coder`, `group`,
        `id` (of the quotation); what else is named here only helps to tell quotations apart.
    needed
        Without these columns it is no table of this program.
    silent
        Other columns of the program, which are left without a word.
    same
        Rows that agree in these columns are one segment; () where each row is one.
    between
        What stands between the codes of a cell (a pattern); "" where a cell is one code.
    step
        What stands between the steps of the way to a code.
    whole
        Codes keep the whole way as their name, instead of standing below each other.
    column
        The pattern of the header of a column that says whether the code it names was given. Where there are
        such columns, `code` is not read.
    quiet_column
        That of further columns of a code, which say nothing here.
    """

    TOOL: str
    headers: Mapping[str, Sequence[str]]
    needed: Sequence[str]
    silent: Sequence[str] = ()
    same: Sequence[str] = ()
    between: str = ""
    step: str = ""
    whole: bool = False
    column: re.Pattern[str] | None = None
    quiet_column: re.Pattern[str] | None = None
    kept: frozenset[str] = field(
        default=frozenset({"document", "text", "gist", "coder", "group", "participant"})
    )

    def of_tables(self, book: Book, sheet: str | None = None) -> bool:
        """Tell whether a book holds a table of this program."""
        return self._table(book, sheet) is not None

    def _table(self, book: Book, sheet: str | None) -> ToolTable | None:
        table = table_with(book, self.headers, self.needed, sheet)
        return table if table and ("code" in table.columns or self._code_columns(table)) else None

    def _code_columns(self, table: ToolTable) -> dict[int, Way]:
        """The ways to the codes that have columns of their own, by the position of the column."""
        if self.column is None:
            return {}
        matches = {
            position: self.column.fullmatch(column.header.strip())
            for position, column in enumerate(table.table.columns)
        }
        return {position: self._way(match[1]) for position, match in matches.items() if match}

    def _way(self, written: str) -> Way:
        steps = [written] if self.whole or not self.step else written.split(self.step)
        return tuple(step.strip() for step in steps if step.strip())

    def read(self, book: Book, sheet: str | None = None, participant: str | None = None) -> ToolFile:
        """Read the quotations: one row per row of the table; those without a code are counted.

        Raises
        ------
        UsageError
            There is no column headed as `participant` says.
        DataError
            A column of a code says neither that it was given nor that it was not: all such cells.
        """
        table = self._table(book, sheet)
        assert table is not None  # of_tables has looked
        code_columns = self._code_columns(table)
        table = with_participant(table, participant, book.file)
        table = ToolTable(table.table, {**table.columns, **{f"code {at}": at for at in code_columns}})
        coded = file_of(book, self.TOOL)
        ways: dict[Way, None] = dict.fromkeys(code_columns.values())
        marks: dict[tuple[object, ...], str] = {}
        faults: list[Problem] = []
        for row, values in table.rows():
            number = table.table.numbers[row]
            given, wrong = self._given(table, row, values, code_columns)
            faults += wrong
            if not given:
                coded.unread["uncoded"] += not wrong
                continue
            ways |= {way: None for way, _ in given}
            coded.unread["comments"] += "gist" in values
            kept = {name: value for name, value in values.items() if name in self.kept}
            kept["segment"] = self._mark(values, number, marks)
            codes = tuple((way_key(way), cell) for way, cell in given)
            coded.rows.append(RawRow(book.file, number, kept, codes, {}, table.table.sheet))
        if faults:
            raise DataError(*faults)
        names = {way_key(way): way_key(way) for way in ways}
        coded.nodes = (
            tree(coded.place, names, {}, step=self.step) if self.whole else way_nodes(coded.place, ways)
        )
        if "group" in table.columns:
            coded.notices.append(Problem("refi_group_from", coded.place, {"variable": table.header("group")}))
        coded.notices += table.unread((*self.silent, *self._quiet_headers(table)))
        return coded

    def _given(
        self, table: ToolTable, row: int, values: Mapping[str, str], code_columns: Mapping[int, Way]
    ) -> tuple[list[tuple[Way, str]], list[Problem]]:
        """The codes of a row, each once with its cell, and the cells that say neither yes nor no."""
        if not code_columns:
            written = values.get("code", "")
            names = re.split(self.between, written) if self.between else [written]
            read = dict.fromkeys(way for name in names if (way := self._way(name)))
            return [(way, table.cell("code", row)) for way in read], []
        given, faults = [], []
        for position, way in code_columns.items():
            mark = normalise(values.get(f"code {position}", "false"))
            if mark in _YES:
                given.append((way, table.cell(f"code {position}", row)))
            elif mark not in _NO:
                place = table.table.place(table.table.columns[position], row)
                faults.append(Problem("matrix_cell", place, {"value": mark[:40]}))
        return given, faults

    def _mark(self, values: Mapping[str, str], number: int, marks: dict[tuple[object, ...], str]) -> str:
        """The id of the segment a row belongs to: its own, else one made of the row that was first."""
        own = values.get("id", f"{self.TOOL[0].lower()}{number}")
        span = tuple(values.get(name) for name in self.same) or (number,)
        if span not in marks:
            marks[span] = f"{own} ({number})" if own in marks.values() else own
        return marks[span]

    def _quiet_headers(self, table: ToolTable) -> list[str]:
        headers = [column.header for column in table.table.columns]
        pattern = self.quiet_column
        return [header for header in headers if pattern and pattern.fullmatch(header.strip())]


TABLES = (
    QuotationTable(
        "MAXQDA",
        headers={
            "document": ("document name", "dokumentname", "文档名称", "文档名", "文件名称"),
            "code": ("code", "代码", "编码"),
            "text": ("segment", "coded segment", "preview", "vorschau", "片段", "编码片段", "已编码片段"),
            "group": ("document group", "dokumentgruppe", "文档组", "文件组"),
            "gist": ("comment", "kommentar", "评论", "注释"),
            "begin": ("beginning", "anfang", "开始", "起始"),
            "finish": ("end", "ende", "结束"),
            "coder": ("created by", "erstellt von", "author", "autor", "创建者", "作者"),
        },
        needed=("document", "code", "text"),
        silent=(
            *("color", "colour", "farbe", "weight", "weight score", "gewicht", "modified by"),
            *("bearbeitet von", "modified", "bearbeitet am", "created", "erstellt am", "erstellt", "area"),
            *("fläche", "coverage %", "abdeckungsgrad %", "other codes assigned to segment", "颜色", "权重"),
            *("创建日期", "面积", "覆盖率 %"),
        ),
        same=("group", "document", "begin", "finish", "text"),
        step=" > ",
    ),
    QuotationTable(
        "Dedoose",
        headers={
            "document": ("media title",),
            "text": ("excerpt copy", "excerpt"),
            "range": ("excerpt range",),
            "coder": ("excerpt creator",),
            "code": ("codes applied combined",),
        },
        needed=("document", "text"),
        silent=("excerpt date", "resource creator", "resource date"),
        same=("document", "range", "text"),
        between=",",
        step="\\",
        column=re.compile(r"Code:\s*(.+?)\s+Applied", re.IGNORECASE),
        quiet_column=re.compile(r"Code:\s*(.+?)\s+(Applied|Range|Weight)", re.IGNORECASE),
    ),
    QuotationTable(
        "ATLAS.ti",
        headers={
            "document": ("document", "document name", "dokument", "文档"),
            "code": ("codes", "code", "kodes", "编码", "代码"),
            "text": ("quotation content", "text content", "zitatinhalt", "引文内容"),
            "id": ("id", "quotation id"),
            "gist": ("comment", "kommentar", "注释", "评论"),
            "coder": ("created by", "creator", "author", "erstellt von", "创建者"),
        },
        needed=("document", "code", "text"),
        silent=(
            *("quotation name", "name", "reference", "document groups", "code groups", "created", "modified"),
            *("modified by", "start position", "end position", "density", "number of codes"),
            "quotation type",
        ),
        between=r"[\r\n;]+",
        step=": ",
        whole=True,
    ),
)
