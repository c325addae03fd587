"""Is the first row a row of headers? What is wrong is told with its row."""

import re
from collections.abc import Sequence
from typing import Any

from survey.errors import DataError, Place, Problem
from survey.files.distinct_values import Coded
from survey.files.grid import Grid, is_blank
from survey.ingest.cell_values import as_text
from survey.ingest.raw_table import RawTable
from survey.wording import normalise

_NUMBER = re.compile(r"[+-]?\d[\d.,]*(?:e[+-]?\d+)?%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*", re.IGNORECASE)
_ROWS_ABOVE = 6


def check_headers(grid: Grid, table: RawTable) -> None:
    """Refuse a table whose first row is no header, stands below a title, or is followed by another header.

    Raises
    ------
    DataError
        With the row, what it holds, and what to do.
    """
    place = Place(file=grid.file, sheet=grid.sheet)
    if not table.numbers:
        raise DataError(Problem("no_respondents", place))
    if table.dialect != "plain":
        return
    _check_title(grid)
    heads = [column for column in table.columns if column.header]
    likely = [column.header for column in heads if _is_answer(column.header, column.cells)]
    if len(likely) >= max(2, len(heads) / 2) and not _is_numbering(likely):
        line = Place(file=grid.file, sheet=grid.sheet, line=table.header_row)
        raise DataError(Problem("draft_no_header", line, {"shown": ", ".join(likely[:3])}))
    second = [column.cells[0] for column in heads if _is_second_header(column.cells)]
    numeric = [column for column in heads if _mostly_numbers(list(column.cells)[1:])]
    if len(second) >= 2 and len(second) >= 0.6 * len(numeric):
        line = Place(file=grid.file, sheet=grid.sheet, line=table.numbers[0])
        shown = ", ".join(as_text(cell)[:40] for cell in second[:3])
        raise DataError(Problem("draft_two_headers", line, {"shown": shown}))


def _check_title(grid: Grid) -> None:
    """A row with one or two cells above a row that fills the width of the table is a title."""
    widths = [sum(not is_blank(cell) for cell in row) for row in grid.rows[: _ROWS_ABOVE + 1]]
    widest = max(widths)
    if widest < 4 or widths[0] > max(1, widest // 4):
        return
    row = next(place for place, width in enumerate(widths) if width >= 0.75 * widest)
    if row:
        line = Place(file=grid.file, sheet=grid.sheet, line=grid.numbers[0])
        raise DataError(Problem("draft_title_above", line, {"row": grid.numbers[row]}))


def _is_answer(header: str, cells: Coded[Any]) -> bool:
    """Tell whether a header is a number, a date, or one of the answers below it."""
    if _NUMBER.fullmatch(header.strip()) and not re.fullmatch(r"(?:19|20)\d\d", header.strip()):
        return True
    form = normalise(header)
    return any(
        number > 1 and raw is not None and normalise(as_text(raw)) == form
        for raw, number in zip(cells.kinds, cells.numbers().tolist(), strict=True)
    )


def _is_numbering(headers: list[str]) -> bool:
    """Tell whether headers count on from one to the next: items may be called 1, 2, 3."""
    numbers = [int(header) for header in headers if header.strip().isdigit()]
    return len(numbers) == len(headers) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _mostly_numbers(cells: Sequence[Any]) -> bool:
    filled = [cell for cell in cells if not is_blank(cell)]
    numbers = sum(_NUMBER.fullmatch(as_text(cell).strip()) is not None for cell in filled)
    return len(filled) >= 2 and numbers >= 0.9 * len(filled)


def _is_second_header(cells: Coded[Any]) -> bool:
    """Tell whether the first cell is words above a column of numbers."""
    first = cells[0]
    if not isinstance(first, str) or len(first.strip()) < 4 or _NUMBER.fullmatch(first.strip()):
        return False
    return _mostly_numbers(list(cells)[1:])
