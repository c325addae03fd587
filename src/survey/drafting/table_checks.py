"""Is the first row a row of headers? What is wrong is told with its row."""

import re
from collections.abc import Sequence
from typing import Any

from survey.errors import DataError, Place, Problem
from survey.files.distinct_values import Coded
from survey.files.grid import Grid, is_blank
from survey.ingest.cell_values import as_text
from survey.ingest.raw_table import RawColumn, RawTable
from survey.wording import normalise

_NUMBER = re.compile(r"[+-]?\d[\d.,]*(?:e[+-]?\d+)?%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*", re.IGNORECASE)
_TOTAL = re.compile(r"(?:grand |sub)?totals?|sums?|averages?|means?|合计|总计|小计|平均(?:值|分)?|汇总")
_ROWS_ABOVE = 6
_CODE = re.compile(
    r"\s*(?:import \w|from [\w.]+ import\b|def \w+\(|class \w+.*:|return\b|"
    r"(?:if|for|while|with|elif|try|else)\b.*:\s*$|"
    r"[\w.\[\]\"']+(?:, \w+)* (?:[+-]?=|<-) |(?:const|let|var|function) \w|[\w.]+\(.*[)(,\[{]?\s*$|"
    r"library\(|#!|# |//|[)\]}]+[,;)]?\s*$|@\w+)"
)
_LINES_LOOKED_AT = 200
_FEWEST_CODE = 3


def check_headers(grid: Grid, table: RawTable) -> None:
    """Refuse a table whose first row is no header, stands below a title, or is followed by another header.

    Raises
    ------
    DataError
        With the row, what it holds, and what to do.
    """
    place = Place(file=grid.file, sheet=grid.sheet)
    _check_code(grid)
    if not table.numbers:
        raise DataError(Problem("no_respondents", place))
    if table.dialect != "plain":
        return
    _check_title(grid)
    heads = [column for column in table.columns if column.header]
    likely = [column.header for column in heads if _is_answer(column.header, column.cells)]
    if len(likely) >= max(2, len(heads) / 2) and not _is_numbering(likely):
        line = Place(file=grid.file, sheet=grid.sheet, line=table.header_row)
        raise DataError(Problem("draft_no_header", line, {"shown": likely[:3]}))
    second = [column.cells[0] for column in heads if _is_second_header(column.cells)]
    numeric = [column for column in heads if _mostly_numbers(list(column.cells)[1:])]
    below = _below_merged(table)
    if below or (len(second) >= 2 and len(second) >= 0.6 * len(numeric)):
        second = below or second
        line = Place(file=grid.file, sheet=grid.sheet, line=table.numbers[0])
        shown = [as_text(cell)[:40] for cell in second[:3]]
        raise DataError(Problem("draft_two_headers", line, {"shown": shown}))
    last = next((cell for column in heads if not is_blank(cell := column.cells[-1])), None)
    if len(table.numbers) > 3 and last is not None and _is_total(last, heads):
        line = Place(file=grid.file, sheet=grid.sheet, line=table.numbers[-1])
        raise DataError(Problem("draft_total_row", line, {"shown": as_text(last)[:40]}))


def _check_code(grid: Grid) -> None:
    """Refuse what is plainly a program: most of its lines are code, whatever signs cut them into cells."""
    rows = grid.rows[:_LINES_LOOKED_AT]
    lines = [as_text(next(cell for cell in row if not is_blank(cell))) for row in rows]
    alone = sum(sum(not is_blank(cell) for cell in row) == 1 for row in rows)
    code = [line.strip() for line in lines if _CODE.match(line)]
    if len(code) >= max(_FEWEST_CODE, 0.4 * len(lines)) and alone >= len(lines) / 2:
        raise DataError(Problem("draft_no_table", Place(file=grid.file), {"shown": [code[0][:40]]}))


def _below_merged(table: RawTable) -> list[Any]:
    """The cells below a header that spans several columns: it stands over the first, or is said of each."""
    named: dict[str, list[Any]] = {}
    spanning = ""
    for column in table.columns:
        spanning = normalise(column.header) or spanning
        named.setdefault(spanning, []).append(column.cells)
    cells = [cells for columns in named.values() if len(columns) > 1 for cells in columns]
    first = [column[0] for column in cells]
    words = {normalise(as_text(cell)) for cell in first if isinstance(cell, str) and not is_blank(cell)}
    distinct = len(cells) > 1 and len(words) == len(cells) and len(table.numbers) > 3
    return first if distinct and not any(map(_comes_again, cells)) else []


def _comes_again(cells: Coded[Any]) -> bool:
    """Tell whether the first cell of a column is an answer: it comes again, or no answer does."""
    forms = [normalise(as_text(cell)) for cell in cells if not is_blank(cell)]
    again = len(set(forms)) > 0.6 * len(forms) and not _mostly_numbers(list(cells)[1:])
    return forms.count(normalise(as_text(cells[0]))) > 1 or again


def _is_total(cell: Any, heads: Sequence[RawColumn]) -> bool:
    """Tell whether the last row sums the others up: it begins with such a word, which stands nowhere else."""
    if not isinstance(cell, str) or _TOTAL.fullmatch(normalise(cell)) is None:
        return False
    number = sum(
        normalise(as_text(other)) == normalise(cell) for other in heads[0].cells if not is_blank(other)
    )
    return number <= 1


def _check_title(grid: Grid) -> None:
    """A row with one or two cells above a row that fills the width of the table is a title."""
    widths = [sum(not is_blank(cell) for cell in row) for row in grid.rows[: _ROWS_ABOVE + 1]]
    widest = max(widths)
    if widths[0] > max(1, widest // 4):
        return
    if widest < 4:  # a narrow table: all of the next row are words, below it stand numbers
        bare = [[as_text(cell).strip() for cell in row if not is_blank(cell)] for row in grid.rows[1:4]]
        numbers = [any(map(_NUMBER.fullmatch, row)) for row in bare]
        if widest < 2 or len(bare) < 3 or len(bare[0]) < widest or numbers != [False, True, True]:
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
