"""Plain worksheets to fill in: a row of headings, rows as high as their texts need, printed to the width."""

from functools import cache
from typing import TYPE_CHECKING, Any

from survey.files.saving import clean_text, plain_cell

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LINE = 15  # points
_MOST_LINES = 27  # a row of Excel is at most 409 points high


@cache
def font(**settings: Any) -> Any:
    """The font of a cell."""
    from openpyxl.styles import Font

    return Font(name="Calibri", **settings)


@cache
def wrapping() -> Any:
    """The alignment of a cell whose text takes several lines."""
    from openpyxl.styles import Alignment

    return Alignment(wrap_text=True, vertical="top")


def _wrapped(sheet: "Worksheet", value: Any) -> Any:
    cell = plain_cell(sheet, value)
    if isinstance(value, str):
        cell.font, cell.alignment = font(), wrapping()
    return cell


def append_row(sheet: "Worksheet", row: int, values: list[Any], widths: list[int]) -> None:
    """Add the next row, `row`, as high as its longest cell needs; Chinese characters are twice as wide."""
    from unicodedata import east_asian_width

    sheet.append([_wrapped(sheet, value) for value in values])
    lines = 1
    for value, width in zip(values, widths, strict=True):
        needed = 0
        for line in str(value or "").splitlines():
            signs = sum(1 + (east_asian_width(sign) in "WF") for sign in line)
            needed += max(1, -(-signs * 11 // (width * 10)))  # a tenth is lost where lines break at words
        lines = max(lines, needed)
    sheet.row_dimensions[row].height = min(lines, _MOST_LINES) * LINE


def fit_to_width(sheet: "Worksheet") -> None:
    """Print a sheet lying, as wide as the page."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def head_row(sheet: "Worksheet", headings: list[str], widths: list[int]) -> None:
    """Write the headings into the first row, which every printed page repeats; widths in characters."""
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter

    for number, (text, width) in enumerate(zip(headings, widths, strict=True), start=1):
        cell = sheet.cell(1, number)
        cell.value = clean_text(text)
        cell.data_type = "s"
        cell.font = font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6EE")
        cell.alignment = wrapping()
        sheet.column_dimensions[get_column_letter(number)].width = width
    fit_to_width(sheet)
    sheet.print_title_rows = "1:1"
