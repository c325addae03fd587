"""The cells of tables for pages and slides: as a reader sees them, and as a program reads them."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from survey.document import Column, Table
from survey.files.guarded_text import guarded
from survey.messages import message
from survey.render.texts import clean, one_line
from survey.rounding import round_fraction

_MOST_ROWS = 500  # a longer table is downloaded, not shown


@dataclass(frozen=True)
class CellView:
    """A cell: its text, the value behind it (for sorting and CSV), and how it looks.

    `before` is an arrow, `after` letters; `spoken` says what the arrow says, for who does not see it.
    """

    text: str
    value: str
    looks: str = ""
    bar: str = ""
    before: str = ""
    after: str = ""
    spoken: str = ""


@dataclass(frozen=True)
class RowsView:
    """Rows under their heads: the cells of these (n, then bases by weight), and the rows."""

    heads: tuple[tuple[CellView, ...], ...]
    rows: tuple[tuple[CellView, ...], ...]


@dataclass(frozen=True)
class TableView:
    """A table for the page. `csv` is the whole of it where it is too long to be shown."""

    id: str
    title: str
    base: str
    headings: tuple[tuple[str, bool], ...]  # text, and whether numbers stand under it
    groups: tuple[RowsView, ...]
    rows: int
    marks: tuple[str, ...]
    csv: str = ""
    filtered: bool = True
    widths: tuple[str, ...] = field(default=())


def table_view(table: Table, lang: str) -> TableView:
    """Make the view of a table."""
    columns = table.columns
    values = {column.key: table.data[column.key].tolist() for column in columns}
    marks = {column.key: table.marks(column) for column in columns}
    headings = tuple((one_line(column.heading), column.form != "text") for column in columns)
    heads = table.head_measures
    common: dict[str, Any] = {
        "id": f"t-{table.name}",
        "title": one_line(table.title),
        "base": clean(table.base_text),
        "headings": headings,
        "rows": heads.count(""),
        "filtered": table.filtered,
    }
    if len(heads) > _MOST_ROWS:
        return TableView(groups=(), marks=(), csv=_csv(table, columns), **common)
    groups: list[RowsView] = []
    above: list[tuple[CellView, ...]] = []
    rows: list[tuple[CellView, ...]] = []
    for number, measure in enumerate(heads):
        cells = tuple(
            _head_cell(values[column.key][number], column, measure, lang)
            if measure
            else cell_view(values[column.key][number], column, marks[column.key][number], lang)
            for column in columns
        )
        if measure == "base" and (above or rows):
            groups.append(RowsView(tuple(above), tuple(rows)))
            above, rows = [], []
        (above if measure else rows).append(cells)
    groups.append(RowsView(tuple(above), tuple(rows)))
    used = {
        "letters" if mark.isupper() else mark
        for codes in marks.values()
        for cell_marks in codes
        for mark in cell_marks
    }
    order = ("up", "down", "letters", "small", "hidden", "unfixed")
    return TableView(groups=tuple(groups), marks=tuple(mark for mark in order if mark in used), **common)


def table_lines(table: Table, lang: str) -> Iterator[list[str]]:
    """The rows of a table as texts for a terminal, its headings first; shares to a tenth of a percent."""
    yield [one_line(column.heading) for column in table.columns]
    for row in table.data.to_dict("records"):
        yield [_line_text(row[column.key], column.form, lang) for column in table.columns]


def _line_text(value: Any, form: str, lang: str) -> str:
    number = plain_number(value)
    return f"{100 * number:.1f}%" if form == "share" and number is not None else shown(value, form, lang)


def cell_view(value: Any, column: Column, marks: tuple[str, ...], lang: str) -> CellView:
    """Make the view of one cell."""
    if "hidden" in marks:
        return CellView("[c]", "", "hidden")
    text = shown(value, column.form, lang)
    looks = " ".join(mark for mark in marks if not mark.isupper())
    if "small" in marks and text:
        text = f"({text})"
    arrow = {"up": "\u25b2", "down": "\u25bc"}.get(next((m for m in marks if m in ("up", "down")), ""), "")
    number = plain_number(value)
    share = number if column.bar and number is not None and column.form == "share" else None
    return CellView(
        text=text,
        value=_raw(value),
        looks=looks,
        bar="" if share is None else f"{100 * min(max(share, 0), 1):.1f}%",
        before=arrow,
        after=" ".join(mark for mark in marks if mark.isupper()),
        spoken=message("page_spoken_up" if arrow == "\u25b2" else "page_spoken_down", lang) if arrow else "",
    )


def _head_cell(value: Any, column: Column, measure: str, lang: str) -> CellView:
    """The cell of a row that heads others: its numbers are n, or bases by weight."""
    if column.form == "text" or isinstance(value, str):
        return CellView(shown(value, "text", lang), _raw(value))
    text = shown(value, "count", lang)
    return CellView(f"n\u00a0=\u00a0{text}" if text and measure == "base" else text, _raw(value))


def shown(value: Any, form: str, lang: str) -> str:
    """A value as a reader sees it: whole percent and points, rounded half up; nothing for what is missing."""
    if is_missing(value):
        return ""
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        return message("report_yes" if value else "report_no", lang)
    number = plain_number(value)
    if number is None or form == "text":
        return clean(str(value))
    if math.isinf(number):
        return "\u221e" if number > 0 else "-\u221e"
    return _WRITTEN.get(form, _WRITTEN["value"])(number)


def _count(number: float) -> str:
    is_whole = abs(number - round(number)) < 1e-6  # a sum of weights may be so nearly
    return f"{number:.0f}" if is_whole else f"{number:.1f}"


_WRITTEN: dict[str, Callable[[float], str]] = {
    "share": lambda share: f"{_whole(100 * share)}%",
    "points": lambda share: f"{_whole(100 * share):+d}".replace("+0", "0"),
    "count": _count,
    "p": lambda p: "<0.001" if p < 0.001 else f"{p:.3f}",
    "number": lambda number: f"{number:.2f}",
    "value": lambda number: f"{number:.6g}",
}


def _whole(number: float) -> int:
    """Round half away from nothing, the tiny error of a fraction in the machine taken away first."""
    size = int(round_fraction(Fraction(abs(number)).limit_denominator(10**7), 0))
    return size if number >= 0 else -size


def _raw(value: Any) -> str:
    """A value as a program reads it."""
    if is_missing(value):
        return ""
    number = plain_number(value)
    if number is None:
        return clean(str(value))
    return str(int(number)) if float(number).is_integer() else repr(number)


def is_missing(value: Any) -> bool:
    """Tell None, NaN, NA and NaT, whatever library they come from, and empty text."""
    if (
        value is None
        or type(value).__name__ in ("NAType", "NaTType")
        or (isinstance(value, str) and not value)
    ):
        return True
    return isinstance(value, float) and math.isnan(value)


def plain_number(value: Any) -> int | float | None:
    """Give a plain Python number for any numeric scalar (numpy's too), None for everything else."""
    if isinstance(value, str) or is_missing(value):
        return None
    plain = value.item() if hasattr(value, "item") else value
    return plain if isinstance(plain, int | float) else None


def _csv(table: Table, columns: tuple[Column, ...]) -> str:
    """A table as CSV: headings as shown, values as they are."""
    lines = [",".join(_quoted(one_line(column.heading)) for column in columns)]
    values = [table.data[column.key].tolist() for column in columns]
    marks = [table.marks(column) for column in columns]
    for number in range(len(table.data)):
        cells = [
            "" if "hidden" in marks[place][number] else _raw(column[number])
            for place, column in enumerate(values)
        ]
        lines.append(",".join(map(_quoted, cells)))
    return "\r\n".join(lines)


def _quoted(text: str) -> str:
    """A cell of CSV; one that a spreadsheet would calculate gets an apostrophe."""
    if plain_text_number(text) is None:
        text = guarded(text)
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\r\n') else text


def plain_text_number(text: str) -> float | None:
    """Read a number from its text, or nothing."""
    try:
        return float(text)
    except ValueError:
        return None
