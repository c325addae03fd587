"""The report as an Excel workbook: titled, linked, printable sheets with real tables, pictures and charts.

The rules are those of accessible spreadsheets: one table per sheet at the left edge and nothing below it,
what must be known above it, numbers that stay numbers, text that stays text.
"""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from openpyxl.workbook import Workbook

from survey.arguments import path_of, unfit
from survey.document import Report, Sheet
from survey.errors import Place, Problem, UsageError
from survey.files.saving import UNDATED, check_target, save_workbook
from survey.render.excel.alt_text import amended
from survey.render.excel.cells import add_styles
from survey.render.excel.sheet_writer import SheetWriter, Workplace
from survey.render.texts import clean, one_line

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_NAME_LENGTH = 31
_RESERVED = "history"  # Excel keeps this name for itself


def write_report(report: Report, path: str | Path, *, pictures: bool = True) -> Path:
    """Write a report as a workbook, whole or not at all, and say where it is.

    The same report gives the same bytes (as long as lxml is installed both times or neither: openpyxl uses it
    unless OPENPYXL_LXML is "False" when it is first imported). A missing folder is made; a file that stands
    at `path` is replaced only when the new one is complete.

    Parameters
    ----------
    report
        What to write: sheets with their tables, pictures and charts.
    path
        Where to write it; the name ends in ".xlsx".
    pictures
        Whether pictures are drawn. Native charts are always there.

    Raises
    ------
    UsageError
        `report` is no report, or the path is a folder, has another ending, or cannot be written to.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> responses = survey.from_frame(pd.DataFrame({"firm_type": ["biotech"] * 6}), "executive-survey")
    >>> report = survey.quality_report(responses)
    >>> with TemporaryDirectory() as folder:
    ...     survey.write_report(report, Path(folder) / "quality.xlsx").name
    'quality.xlsx'
    """
    if not isinstance(report, Report):
        raise unfit("report_needed", report)
    path = path_of(path)
    check_target(path)
    if path.exists() and not os.access(path, os.W_OK):
        raise UsageError(Problem("report_not_writable", Place(file=str(path))))
    book, chart_texts = _book(report, pictures=pictures)
    date = _date(report.properties.get("date", ""))
    return save_workbook(book, path, date=date, amend=amended(book, chart_texts))


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


def _book(report: Report, *, pictures: bool) -> tuple[Workbook, dict[str, list[str]]]:
    """Build the workbook and collect the alternative texts of its charts, by sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    styles = add_styles(book, report.lang)
    names = sheet_names(report)
    if not names:
        book.create_sheet("1")  # Excel opens no workbook without a sheet
    notes = (name for name, sheet in zip(names, report.sheets, strict=True) if _is_of_notes(sheet))
    place = Workplace(names, next(notes, ""), {} if pictures else None)
    chart_texts: dict[str, list[str]] = {}
    for number, (sheet, name) in enumerate(zip(report.sheets, names, strict=True)):
        writer = SheetWriter(book.create_sheet(name), styles, place)
        others: list[tuple[str, str, str]] | None = None
        if number == 0:
            later = zip(names[1:], report.sheets[1:], strict=True)
            others = [(other, linked.title, linked.base_text) for other, linked in later]
        writer.write(sheet, warning=report.warning, others=others)
        chart_texts[name] = writer.chart_texts
    book.active = 0
    _set_properties(book, report)
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


def _date(text: str) -> datetime:
    """Read the report's date; a fixed one where it has none, for there is no clock in a report."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return UNDATED
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
