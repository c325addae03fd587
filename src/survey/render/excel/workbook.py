"""The report as an Excel workbook: titled, linked, printable sheets with real tables, pictures and charts.

The rules are those of accessible spreadsheets: one table per sheet at the left edge and nothing below it,
what must be known above it, numbers that stay numbers, text that stays text.
"""

import re
from datetime import datetime
from pathlib import Path

from openpyxl.workbook import Workbook

from survey.document import Report, Sheet
from survey.files.saving import pack_archive
from survey.progress import advance
from survey.render.drawings import Drawings
from survey.render.excel.alt_text import amended
from survey.render.excel.cells import add_styles
from survey.render.excel.page_writer import PageWriter
from survey.render.excel.placed_sheet import Workplace
from survey.render.excel.sheet_writer import SheetWriter
from survey.render.excel.signature import sign
from survey.render.texts import clean, one_line

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_NAME_LENGTH = 31
_RESERVED = "history"  # Excel keeps this name for itself

_GREY_TAB = "A6A6A6"  # of appendices


def fill_workbook(report: Report, target: Path, date: datetime, drawings: Drawings | None) -> None:
    """Write a report as a workbook into an empty file; without `drawings` it has no pictures.

    The same report and date give the same bytes (as long as lxml is installed both times or neither: openpyxl
    uses it unless OPENPYXL_LXML is "False" when it is first imported).
    """
    book, chart_texts = _book(report, drawings)
    book.properties.created = book.properties.modified = date
    pack_archive(book.save, target, date=date, amend=amended(book, chart_texts))


def sheet_names(report: Report) -> tuple[str, ...]:
    """Give every sheet of a report, in order, a name that Excel takes.

    At most 31 characters (as UTF-16 counts them), none of ``[ ] : * ? / \\``, no apostrophe at either end,
    unique whatever the letter case; a name that is taken gets " (2)", " (3)" ...
    """
    names: list[str] = []
    taken = {_RESERVED}
    for number, sheet in enumerate(report.sheets, 1):
        wanted = _FORBIDDEN.sub("-", one_line(sheet.name)).strip("' ") or str(number)
        name, count = _shortened(wanted, _NAME_LENGTH), 1
        while name.casefold() in taken:
            count += 1
            ending = f" ({count})"
            name = _shortened(wanted, _NAME_LENGTH - len(ending)) + ending
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def _shortened(name: str, most: int) -> str:
    """Cut a name to so many UTF-16 units, an ellipsis showing that it was cut."""
    if _units(name) <= most:
        return name
    while _units(name) > most - 1:
        name = name[:-1]
    return name.rstrip("' ") + "\u2026"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _book(report: Report, drawings: Drawings | None) -> tuple[Workbook, dict[str, list[str]]]:
    """Build the workbook and collect the alternative texts of its charts, by sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    styles = add_styles(book, report.lang)
    names = sheet_names(report)
    if not names:
        book.create_sheet("1")  # Excel opens no workbook without a sheet
    notes = (name for name, sheet in zip(names, report.sheets, strict=True) if _is_of_notes(sheet))
    place = Workplace(names, next(notes, ""), drawings)
    chart_texts: dict[str, list[str]] = {}
    for number, (sheet, name) in enumerate(zip(report.sheets, names, strict=True)):
        advance("sheets", number, len(names))
        worksheet = book.create_sheet(name)
        if sheet.appendix:
            worksheet.sheet_properties.tabColor = _GREY_TAB
        writer = (PageWriter if sheet.one_page else SheetWriter)(worksheet, styles, place)
        others: list[tuple[str, str, str]] | None = None
        if number == 0:
            later = zip(names[1:], report.sheets[1:], strict=True)
            others = [(other, linked.title, linked.base_text) for other, linked in later]
        writer.write(sheet, warning=report.warning, others=others)
        chart_texts[name] = writer.chart_texts
    book.active = 0
    _set_properties(book, report)
    sign(book, report)
    return book, chart_texts


def _is_of_notes(sheet: Sheet) -> bool:
    return any(table.name == "notes" for table in sheet.tables)


def _set_properties(book: Workbook, report: Report) -> None:
    given = {key: clean(value) for key, value in report.properties.items()}
    properties = book.properties
    properties.title = given.get("title") or (one_line(report.sheets[0].title) if report.sheets else None)
    properties.subject = given.get("subject")
    properties.creator = given.get("creator")
    properties.lastModifiedBy = given.get("creator")
    properties.description = given.get("description")
    properties.keywords = given.get("keywords")
    properties.language = report.lang
