"""The hidden sheets of our workbooks: what a workbook says of itself, and the words of its drop-downs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from survey.files.saving import clean_text, plain_cell
from survey.wording import is_blank_text

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

# What a workbook of ours says of itself: its instrument, its data sheet, where its answers come from.
SURVEY_SHEET = "_survey"
LISTS_SHEET = "_lists"


def write_pairs(book: "Workbook", pairs: Mapping[str, str]) -> None:
    """Add the hidden sheet of keys and values, one pair a row, in the order of the keys."""
    sheet = _hidden(book, SURVEY_SHEET)
    for key in sorted(pairs):
        sheet.append([plain_cell(sheet, key), plain_cell(sheet, pairs[key])])


def read_pairs(rows: Iterable[Sequence[Any]]) -> dict[str, str]:
    """Read the rows of that sheet; one without a key or a value says nothing."""
    pairs = (tuple("" if cell is None else str(cell) for cell in row[:2]) for row in rows if len(row) > 1)
    return {key: value for key, value in pairs if not is_blank_text(key) and not is_blank_text(value)}


def write_list(book: "Workbook", words: Sequence[str], name: str = "") -> str:
    """Keep words in a column of their own; give their range, for a drop-down.

    Below a `name` they are kept once, however often they are wanted; without one they fill the first column.
    """
    from openpyxl.utils import get_column_letter, quote_sheetname

    sheet = book[LISTS_SHEET] if LISTS_SHEET in book.sheetnames else _hidden(book, LISTS_SHEET)
    head = [clean_text(name)] if name else []
    names = [cell.value for cell in sheet[1] if cell.value]
    if name and head[0] in names:
        number = names.index(head[0]) + 1
    else:
        number = len(names) + 1
        for row, word in enumerate((*head, *words), start=1):
            cell = sheet.cell(row, number)
            cell.value = clean_text(word)
            cell.data_type = "s"
    letter, first = get_column_letter(number), len(head) + 1
    return f"{quote_sheetname(LISTS_SHEET)}!${letter}${first}:${letter}${len(head) + len(words)}"


def _hidden(book: "Workbook", name: str) -> "Worksheet":
    sheet: Worksheet = book.create_sheet(name)
    sheet.sheet_state = "hidden"
    return sheet
