"""Segments in a table: our own workbook, anybody's sheet or CSV file, an export of Taguette."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from survey.errors import DataError, Problem, usage
from survey.files.grid import Book, Grid, Uncached, is_blank
from survey.ingest.cell_values import as_text
from survey.ingest.dialects.table import table_of
from survey.ingest.raw_table import RawColumn, RawTable
from survey.interviews.raw_rows import RawRow
from survey.messages import LANGUAGES, message
from survey.wording import near_misses, normalise, skeleton

# How the columns may be headed, beside the headings of our own workbook in every language.
HEADERS: dict[str, tuple[str, ...]] = {
    "segment": ("segment id", "id", "no.", "编号", "片段编号"),
    "participant": (
        "participant id",
        "interviewee",
        "respondent",
        "pseudonym",
        "speaker",
        "case",
        "受访者编号",
        "访谈对象",
        "参与者",
    ),
    "code": ("codes", "tag", "tags", "代码", "标签", "code id"),
    "direction": ("stance", "for or against", "valence", "立场", "态度"),
    "same_quote_as": ("same_quote_as", "same quotation as"),
    "quote": ("quote id", "quotation id"),
    "coder": ("coded by", "编码人"),
    "document": ("file", "locator", "transcript", "文件", "出处"),
    "gist": ("paraphrase", "summary", "大意", "概述", "摘要", "概要"),
    "text": ("content", "quotation", "excerpt", "verbatim", "引文", "内容", "摘录"),
    "start": ("from", "start offset"),
    "end": ("to", "end offset"),
    "group": ("company", "firm", "公司", "企业", "分组"),
}
# Columns about people that are not kept unless asked for: participants appear by pseudonym only.
PERSONAL: tuple[str, ...] = (
    *(
        "name",
        "full name",
        "first name",
        "last name",
        "real name",
        "email",
        "e-mail",
        "email address",
        "mail",
    ),
    *("phone", "telephone", "mobile", "phone number", "wechat", "address"),
    *("姓名", "真实姓名", "邮箱", "电子邮件", "电话", "手机", "手机号", "联系电话", "微信", "地址"),
)
_PERSONAL = {skeleton(form) for form in PERSONAL}
_PEOPLE_SHEETS = {
    skeleton(name)
    for name in ("participants", "people", "interviewees", "respondents", "受访者", "受访者名单", "名单")
}
_LONGEST_ATTRIBUTE = 60  # signs; what is longer is no attribute of a person
_NUMBERED = re.compile(r"\s*[(_-]?\d{1,3}\)?$")


def heading(name: str, lang: str) -> str:
    """The heading of a column in our workbook."""
    return message(f"segment_heading_{name}", lang)


@cache
def _forms() -> dict[str, str]:
    """Every heading that is understood, and what it means."""
    own = {heading(name, lang): name for lang in LANGUAGES for name in HEADERS}
    return own | {form: name for name, forms in HEADERS.items() for form in forms}


@cache
def _by_skeleton() -> dict[str, str]:
    return {skeleton(form): name for form, name in _forms().items()}


def meaning_of(header: str) -> str:
    """Say what a header means, "" where it means nothing here; "code 2" is one more column of codes."""
    meaning = _by_skeleton().get(skeleton(header), "")
    if not meaning and _by_skeleton().get(skeleton(_NUMBERED.sub("", normalise(header)))) == "code":
        meaning = "code"
    return meaning


def is_personal(header: str) -> bool:
    """Tell whether a column, by its header, holds what would name a person."""
    return skeleton(header) in _PERSONAL


@dataclass(frozen=True)
class Tables:
    """What a file of tables holds: the rows of segments, those of people (None where it lists none)."""

    rows: list[RawRow]
    people: list[RawRow] | None
    notices: list[Problem]


def find_tables(
    book: Book, *, sheet: str | None = None, participant: str | None = None, people_apart: bool = False
) -> Tables:
    """Find the sheet of the segments and that of the people by their headers, and give their rows.

    `participant` is the header of the column that says who speaks, where it is headed in another way;
    `people_apart` says that the people are listed elsewhere.

    Raises
    ------
    UsageError
        There is no such sheet or column, or several sheets could hold segments.
    DataError
        No sheet has the columns that segments need, two columns mean the same, or cells have no value.
    """
    tables = {grid.sheet: table_of(grid) for grid in book.grids if grid.rows}
    wanted = sheet or book.says.get("data_sheet")
    if wanted is not None and wanted not in tables:
        known = [grid.sheet for grid in book.grids] or "-"
        raise usage("sheet_not_found", sheet=wanted, file=book.file, known=known)
    meant = {name: _meanings(table, participant) for name, table in tables.items()}
    fitting = [name for name in tables if _can_hold(meant[name]) and wanted in (None, name)]
    if len(fitting) > 1:
        raise usage("segment_sheets_several", file=book.file, known=list(fitting))
    if not fitting:
        raise DataError(_nothing_fits(book, tables, wanted))
    table = tables[fitting[0]]
    if participant is not None and "participant" not in meant[fitting[0]]:
        headers = [column.header for column in table.columns]
        known = list(near_misses(participant, headers) or headers)
        raise usage("participant_column_unknown", column=participant, file=book.file, known=known)
    faults = _headers_twice(table, meant[fitting[0]])
    people = None
    others = {name: one for name, one in meant.items() if name not in fitting and not people_apart}
    listing = _people_sheet(book, others)
    if listing is not None:
        people = list(_person_rows(tables[listing], faults))
    about = _about_people(table, meant[fitting[0]])
    rows = list(_segment_rows(table, meant[fitting[0]], about, faults))
    if faults:
        raise DataError(*faults)
    notices = [*_left_out(table, meant[fitting[0]], about)]
    if any(normalise(column.header) in _TAGS for column in table.columns):
        rows, untagged = _tagged(rows)
        notices += untagged
    return Tables(rows, people, notices)


def _meanings(table: RawTable, participant: str | None) -> list[str]:
    """What each column holds; `participant` heads the one that says who speaks."""
    meanings = [meaning_of(column.header) for column in table.columns]
    if participant is not None:
        for place, column in enumerate(table.columns):
            if normalise(column.header) == normalise(participant):
                meanings = ["" if meaning == "participant" else meaning for meaning in meanings]
                meanings[place] = "participant"
    return _one_group(table, meanings)


_TAGS = ("tag", "tags")  # by this heading of the codes an export of Taguette is known


def holds_segments(headers: list[str]) -> bool:
    """Tell whether a table with these headers has a code for a person or a document in each row."""
    return _can_hold([meaning_of(header) for header in headers])


def _can_hold(meant: list[str]) -> bool:
    return "code" in meant and ("participant" in meant or "document" in meant)


def _people_sheet(book: Book, meant: dict[str, list[str]]) -> str | None:
    """Find the sheet that lists the people: the one the hidden sheet names, else the one that can be it.

    A sheet called so may head its pseudonyms "id". Of several that could be it the one called so counts, then
    the one with groups; None where no sheet lists anybody.

    Raises
    ------
    UsageError
        Several sheets could be it: without the right one the base would be wrong.
    """
    called = [name for name in meant if skeleton(name) in _PEOPLE_SHEETS]
    able = [
        name
        for name, one in meant.items()
        if "code" not in one and ("participant" in one or (name in called and "segment" in one))
    ]
    named = book.says.get("participants_sheet")
    if named in able:
        return named
    for fewer in (
        [name for name in able if name in called],
        [name for name in able if "group" in meant[name]],
    ):
        if len(fewer) == 1:
            return fewer[0]
    if len(able) > 1:
        raise usage("people_sheets_several", file=book.file, known=list(able))
    return able[0] if able else None


def _nothing_fits(book: Book, tables: dict[str, RawTable], wanted: str | None) -> Problem:
    if not tables:
        return Problem("workbook_empty", RawRow(book.file, 1, {}).place())
    table = tables[wanted] if wanted else next(iter(tables.values()))
    place = RawRow(book.file, table.header_row, {}, sheet=table.sheet).place()
    headers = [column.header for column in table.columns if column.header]
    return Problem("segments_no_table", place, {"headers": [header[:40] for header in headers[:12]] or "-"})


def _headers_twice(table: RawTable, meant: list[str]) -> list[Problem]:
    """Find columns that mean the same; only codes may have several."""
    seen: dict[str, RawColumn] = {}
    faults = []
    for column, name in zip(table.columns, meant, strict=True):
        if name and name != "code" and seen.setdefault(name, column) is not column:
            other = table.place(seen[name]).cell
            faults.append(
                Problem("header_twice", table.place(column), {"header": column.header, "other": other})
            )
    return faults


def _text(table: RawTable, column: RawColumn, row: int, faults: list[Problem]) -> str | None:
    """A cell as text, None where it is blank; a formula without its result is a fault."""
    raw = column.values[row]
    if is_blank(raw):
        return None
    if isinstance(raw, Uncached):
        faults.append(Problem("cell_formula", table.place(column, row), {"value": raw.formula[:80]}))
        return None
    text = as_text(raw)
    return text if column.header and meaning_of(column.header) in ("text", "gist") else text.strip()


def _one_group(table: RawTable, meant: list[str]) -> list[str]:
    """Of several columns that could be the group, the one called so, else the first; others are attributes.

    Columns of one header stay what they mean: that is a fault.
    """
    places = [place for place, name in enumerate(meant) if name == "group"]
    headers = [normalise(table.columns[place].header) for place in places]
    if len(set(headers)) < len(headers):
        return meant
    own = {normalise(heading("group", lang)) for lang in LANGUAGES}
    called = [place for place, header in zip(places, headers, strict=True) if header in own]
    kept = (called or places)[:1]
    return ["" if place in places and place not in kept else name for place, name in enumerate(meant)]


def _about_people(table: RawTable, meant: list[str]) -> list[RawColumn]:
    """Columns of a table of segments that say something of the people: always the same of one person.

    A company beside the group always does. Of another column it is known only where somebody has several
    rows, and only of short texts.
    """
    speaks = "participant" if "participant" in meant else "document"
    who = table.columns[meant.index(speaks)].values
    about = []
    for column, name in zip(table.columns, meant, strict=True):
        if name or not column.header or _near_headers(column.header):  # misspelt, rather
            continue
        held: dict[str, list[str]] = {}
        for person, cell in zip(who, column.values, strict=True):
            if not is_blank(person) and not is_blank(cell):
                held.setdefault(normalise(as_text(person)), []).append(as_text(cell).strip())
        constant = all(
            len(set(texts)) == 1 and len(texts[0]) <= _LONGEST_ATTRIBUTE for texts in held.values()
        )
        several = any(len(texts) > 1 for texts in held.values())
        if held and constant and (several or meaning_of(column.header) == "group"):
            about.append(column)
    return about


def _segment_rows(
    table: RawTable, meant: list[str], about: list[RawColumn], faults: list[Problem]
) -> Iterator[RawRow]:
    for row, number in enumerate(table.numbers):
        values: dict[str, str | None] = {}
        at: dict[str, str] = {}
        codes = []
        for column, name in zip(table.columns, meant, strict=True):
            if not name:
                continue
            text = _text(table, column, row, faults)
            cell = table.place(column, row).cell
            at.setdefault(name, cell)
            if name != "code":
                values[name] = text
            elif text is not None:
                codes.append((text, cell))
        if codes or any(value is not None for value in values.values()):
            known = {column.header: _text(table, column, row, faults) for column in about}
            yield RawRow(table.file, number, values, tuple(codes), at, table.sheet, known)


def _person_rows(table: RawTable, faults: list[Problem]) -> Iterator[RawRow]:
    """The rows of a list of people: who, in which group, and every other column under its own header."""
    meant = _meant_of_people(table)
    faults += _headers_twice(table, meant)
    for row, number in enumerate(table.numbers):
        values: dict[str, str | None] = {}
        at = {}
        for column, meaning in zip(table.columns, meant, strict=True):
            name = meaning or column.header
            if name:
                values[name] = _text(table, column, row, faults)
                at[name] = table.place(column, row).cell
        if any(value is not None for value in values.values()):
            yield RawRow(table.file, number, values, (), at, table.sheet)


def _meant_of_people(table: RawTable) -> list[str]:
    """What the columns of a list of people mean; where none is called so, its ids are the pseudonyms."""
    meant = [meaning_of(column.header) for column in table.columns]
    if "participant" not in meant:
        meant = ["participant" if name == "segment" else name for name in meant]
    return _one_group(table, [name if name in ("participant", "group") else "" for name in meant])


def _near_headers(header: str) -> list[str]:
    """The known headers that one may have been meant for; none where it is known itself."""
    return [] if meaning_of(header) else near_misses(header, _forms())


def _left_out(table: RawTable, meant: list[str], about: list[RawColumn]) -> Iterator[Problem]:
    """Tell of columns that mean nothing here, and of merged cells, whose values stand only once."""
    for column, name in zip(table.columns, meant, strict=True):
        filled = sum(not is_blank(cell) for cell in column.values)
        if name or not filled:
            continue
        if column in about:
            yield Problem("segment_column_about_people", table.place(column), {"header": column.header})
            continue
        if not column.header:
            details = {"letter": column.letter, "filled": filled}
            yield Problem("column_headless", table.place(column), details)
            continue
        near = _near_headers(column.header)
        key = "segment_column_unknown_near" if near else "segment_column_unknown"
        values = {"header": column.header, "filled": filled, "near": list(near)}
        yield Problem(key, table.place(column), values)
    if table.merged:
        place = RawRow(table.file, 1, {}, sheet=table.sheet).place()
        ranges = table.merged[:5]
        yield Problem("cells_merged", place, {"count": len(table.merged), "ranges": ranges})


def _tagged(rows: list[RawRow]) -> tuple[list[RawRow], list[Problem]]:
    """Leave out highlights without a tag, which Taguette exports too, and say how many."""
    bare = [row for row in rows if not row.codes]
    if not bare:
        return rows, []
    place = RawRow(bare[0].source, bare[0].row, {}, sheet=bare[0].sheet).place()
    lines = [str(row.row) for row in bare[:10]]
    notice = Problem("highlights_untagged", place, {"count": len(bare), "rows": lines})
    return [row for row in rows if row.codes], [notice]


def people_of(grids: list[Grid], file: str) -> list[RawRow]:
    """The people a file of its own lists: the first sheet with a column of participants.

    Raises
    ------
    DataError
        No sheet has such a column, or cells have no value.
    """
    faults: list[Problem] = []
    for grid in grids:
        table = table_of(grid) if grid.rows else None
        if table and "participant" in _meant_of_people(table):
            people = list(_person_rows(table, faults))
            if faults:
                raise DataError(*faults)
            return people
    raise DataError(Problem("people_no_table", RawRow(file, 1, {}).place()))
