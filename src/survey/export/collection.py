"""A workbook to be filled in: one sheet for each language, drop-downs, protected headings."""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from survey.export.form_wording import choices, instruction, language_name, own_language
from survey.files.hidden_sheet import write_list, write_pairs
from survey.files.saving import check_target, clean_text, describe_workbook, save_workbook
from survey.ingest.column_targets import META_HEADERS
from survey.ingest.headers import Headers
from survey.instrument import Instrument, Option, Question, load_instrument
from survey.messages import message
from survey.wording import normalise

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

_DAY_ZERO = datetime.date(1899, 12, 30)  # of the serial numbers of days
_FIRST_DAY, _LAST_DAY = "1900-03-01", "9999-12-31"  # that spreadsheets agree on
_LAST_ROW = 5001  # drop-downs reach so far; what stands below is read all the same


def export_collection(instrument: "Instrument | str | Path", path: str | Path) -> Path:
    """Write a workbook for respondents or enumerators: one row per respondent, one sheet per language.

    Headings are protected (without a password), answers have drop-downs that warn and do not forbid, and the
    hidden sheet says which instrument it is, so that `read_responses` needs no mapping. Sheets filled in
    several languages are read together. The same instrument gives the same bytes.

    Parameters
    ----------
    instrument
        `ID`, `ID@VERSION`, the path of a YAML file, or an `Instrument`.
    path
        Where it goes; the name ends in ".xlsx".

    Raises
    ------
    UsageError
        There is no such instrument, or the path is a folder, does not end in .xlsx, or cannot be written.

    Examples
    --------
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     survey.export_collection("executive-survey", Path(folder) / "collect.xlsx").name
    'collect.xlsx'
    """
    from openpyxl import Workbook

    check_target(path)
    schema = load_instrument(instrument)
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets = {lang: book.create_sheet(language_name(lang)[:31]) for lang in schema.languages}
    for lang, sheet in sheets.items():
        _fill(book, sheet, schema, lang)
    pairs = {
        "data_sheets": "\n".join(sheet.title for sheet in sheets.values()),
        "instrument": schema.reference,
        "instrument_hash": schema.content_hash,
    }
    write_pairs(book, pairs)
    describe_workbook(book, schema.titled(schema.languages[0]), schema.reference)
    return save_workbook(book, path)


def _fill(book: "Workbook", sheet: "Worksheet", schema: Instrument, lang: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    known = Headers(schema)
    own = own_language(lang)
    forms = (message("heading_respondent", own), *META_HEADERS["key"])
    key = next(form for form in forms if not known.find(form))
    headings: list[tuple[str, Question | None, Option | None, bool]] = [(key, None, None, False)]
    for asked in schema.questions:
        headings += [
            (_heading(known, asked, part, is_text, lang), asked, part, is_text)
            for part, is_text in _columns(asked)
        ]
    for number, (heading, question, _, is_text) in enumerate(headings, start=1):
        letter = get_column_letter(number)
        cell = sheet.cell(1, number)
        cell.value = clean_text(heading)
        cell.data_type = "s"
        cell.font = Font(name="Calibri", bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6EE")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.protection = Protection(locked=True)
        column = sheet.column_dimensions[letter]
        if question is not None and not is_text and question.traits.cells == "date":
            column.number_format = "yyyy-mm-dd"
        column.width = 16 if question is None else 24
        column.protection = Protection(locked=False)
        if question is None:
            continue
        check = _check(book, schema, question, is_text, lang) or DataValidation(allow_blank=True)
        about = question.said(lang) + " " + instruction(schema, question, lang)
        check.promptTitle = question.named(lang)[:32]
        check.prompt = clean_text(about)[:255]
        check.showInputMessage = True
        check.errorStyle = "warning"
        check.error = message("form_not_in_list", own)
        check.showErrorMessage = bool(check.type)
        check.add(f"{letter}2:{letter}{_LAST_ROW}")
        sheet.add_data_validation(check)
    sheet.row_dimensions[1].height = 75
    sheet.freeze_panes = "B2"
    sheet.protection.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(sheet.protection, allowed, False)  # False: not forbidden


def _columns(question: Question) -> list[tuple[Option | None, bool]]:
    """The columns of a question: its parts or itself, then the texts beside options such as "other"."""
    parts: list[tuple[Option | None, bool]] = [(None, False)]
    if question.traits.split:
        parts = [(part, False) for part in question.parts]
    return parts + [(part, True) for part in question.parts if part.text]


def _heading(known: Headers, question: Question, part: Option | None, is_text: bool, lang: str) -> str:
    """The heading a reader understands best among those that mean this column alone."""
    column = question.id + (f"__{part.id}" if part else "") + ("__text" if is_text else "")
    if part is None or (question.is_lone_rating and not is_text):
        forms = [question.said(lang), question.heading(lang), question.named(lang)]
    else:
        forms = [f"{question.heading(lang)}: {part.said(lang)}", f"{question.said(lang)}: {part.said(lang)}"]
        forms = [f"{form}: text" for form in forms] if is_text else forms
    return next((form for form in forms if known.find(form) == {column}), column)


def _check(
    book: "Workbook", schema: Instrument, question: Question, is_text: bool, lang: str
) -> "DataValidation | None":
    """The drop-down or limit of a column; None where anything may be written."""
    from openpyxl.worksheet.datavalidation import DataValidation

    cells = "text" if is_text else question.traits.cells
    if cells == "text":
        return None
    limited = {"number": _number_check, "date": _days_check}
    if cells in limited:
        return limited[cells](question)
    words = choices(schema, question, lang)
    name = f"{lang} {question.scale or question.id}"
    if cells == "tick":
        words = list(_tick_words(question, lang))
        name = f"{lang} {'/'.join(words)}"
    return DataValidation(type="list", formula1=write_list(book, words, name))


def _number_check(question: Question) -> "DataValidation | None":
    """The limit of a column of numbers; None where there is none."""
    limits = question.number_limits
    if limits is None or (limits.minimum is None and limits.maximum is None):
        return None
    return _between("whole" if limits.whole else "decimal", limits.minimum, limits.maximum)


def _between(kind: Literal["whole", "decimal"], low: float | None, high: float | None) -> "DataValidation":
    """A number from `low` to `high`, of which one may be left open."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if low is not None and high is not None:
        return DataValidation(type=kind, operator="between", formula1=str(low), formula2=str(high))
    if low is not None:
        return DataValidation(type=kind, operator="greaterThanOrEqual", formula1=str(low))
    return DataValidation(type=kind, operator="lessThanOrEqual", formula1=str(high))


def _days_check(question: Question) -> "DataValidation":
    """The limit of a column of dates, as the serial numbers of a spreadsheet."""
    from openpyxl.worksheet.datavalidation import DataValidation

    limits = question.limits
    ends = (limits.earliest, limits.latest) if limits else (None, None)
    first, last = ends[0] or _FIRST_DAY, ends[1] or _LAST_DAY
    low, high = (str((datetime.date.fromisoformat(day) - _DAY_ZERO).days) for day in (first, last))
    return DataValidation(type="date", operator="between", formula1=low, formula2=high)


def _tick_words(question: Question, lang: str) -> tuple[str, str]:
    """The words for ticked and not: Yes and No, unless an option is called so, which would be read as it."""
    own = own_language(lang)
    forms = {normalise(form) for option in question.options for form in option.forms}
    pairs = ((message("form_yes", own), message("form_no", own)), ("1", "0"), ("TRUE", "FALSE"), ("✓", "☐"))
    return next((pair for pair in pairs if not forms & set(map(normalise, pair))), pairs[-1])
