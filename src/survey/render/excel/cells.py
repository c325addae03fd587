"""The cells of a report workbook: styles, formats, and values that stay what they are."""

import math
from copy import copy
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.workbook import Workbook

from survey.messages import message
from survey.render.texts import clean, has_chinese, width, wrap

MOST_CHARACTERS = 32_767
TALLEST_ROW = 409.0
_LATIN_FIT, _CHINESE_FIT = 1.08, 0.94

# Fractions inside, percentages at the door. Excel rounds half up what it shows; the cell keeps the fraction.
FORMATS = {
    "text": "General",
    "count": "0",
    "share": "0.0%",
    "points": "+0.0%;-0.0%;0.0%",
    "number": "0.00",
    "value": "General",
    "p": '[<0.001]"<0.001";0.000',
}
_WEIGHTED_COUNT = "0.0"
_TITLE, _SUBTITLE, _LINE, _WARNING, _LINK, _ENTRY, _HEADING, _COUNT = (
    f"Survey {part}"
    for part in ("title", "subtitle", "line", "warning", "link", "entry", "heading", "number heading")
)


def body_style(form: str) -> str:
    """Name the style of a table cell of this form."""
    return f"Survey {form}"


@dataclass(frozen=True)
class Styles:
    """The names of the styles of one workbook, so that a reader can restyle all cells of a sort at once."""

    lang: str
    title: str = _TITLE
    subtitle: str = _SUBTITLE
    line: str = _LINE
    warning: str = _WARNING
    link: str = _LINK
    entry: str = _ENTRY
    heading: str = _HEADING
    count: str = _COUNT

    @property
    def line_height(self) -> float:
        """Height of one line of text, in points."""
        return float(message("excel_line_height", self.lang))

    def height(self, text: str, columns: float) -> float:
        """Estimate the height, in points, of a text wrapped in a column that many characters wide."""
        # A column's width counts digits; Latin letters are narrower, Chinese ones a little wider than two.
        limit = max(int(columns * (_CHINESE_FIT if has_chinese(text) else _LATIN_FIT)), 2)
        if width(text) <= limit and "\n" not in text:
            return self.line_height
        lines = len(wrap(text[:4000], limit))
        return min(TALLEST_ROW, self.line_height * lines)


def add_styles(book: Workbook, lang: str) -> Styles:
    """Give a workbook the named styles of a report, every one with a named font."""
    name = message("excel_font", lang)
    thin, hair = Side("thin", color="FF44546A"), Side("hair", color="FF7F7F7F")
    top = Alignment(horizontal="left", vertical="top", wrap_text=True)
    linked = Font(name, 11, underline="single", color="FF0B4F9E")
    shown = [
        NamedStyle(_TITLE, font=Font(name, 14, bold=True), alignment=Alignment(vertical="top")),
        NamedStyle(_SUBTITLE, font=Font(name, 12, bold=True), alignment=Alignment(vertical="top")),
        NamedStyle(_LINE, font=Font(name, 11), alignment=top),
        NamedStyle(
            *(_WARNING, Font(name, 11, bold=True, color="FF7A1F00"), PatternFill("solid", "FFFFF2CC")),
            alignment=top,
        ),
        NamedStyle(_LINK, font=linked, alignment=top),
        NamedStyle(_ENTRY, font=linked, border=Border(bottom=hair), alignment=top),
    ]
    for heading, side, indent in (
        (_HEADING, "left", 0),
        (_COUNT, "right", 2),
    ):  # indented: the filter's button
        shown.append(
            NamedStyle(
                *(heading, Font(name, 11, bold=True, color="FF1F2A44"), PatternFill("solid", "FFDCE6F2")),
                border=Border(bottom=thin, top=thin),
                alignment=Alignment(horizontal=side, vertical="bottom", wrap_text=True, indent=indent),
            )
        )
    for form, number_format in FORMATS.items():
        aligned = top if form == "text" else Alignment(horizontal="right", vertical="top", indent=1)
        shown.append(
            NamedStyle(
                body_style(form),
                font=Font(name, 11),
                border=Border(bottom=hair),
                alignment=aligned,
                number_format=number_format,
            )
        )
    for style in shown:
        book.add_named_style(style)
    return Styles(lang)


# The style arrays of each workbook by the name of the style: looking a name up costs openpyxl more than the
# cell itself does.
_ARRAYS: WeakKeyDictionary[Workbook, dict[str, Any]] = WeakKeyDictionary()


def dress(cell: Any, style: str) -> None:
    """Give a cell a named style of its workbook."""
    arrays = _ARRAYS.setdefault(cell.parent.parent, {})
    if style in arrays:
        cell._style = copy(arrays[style])
    else:
        cell.style = style
        arrays[style] = copy(cell._style)


def put_text(cell: Cell, text: str, style: str, lang: str) -> str:
    """Write a text that stays a text, whatever it starts with; give back what was written."""
    text = clean(text)
    if len(text) > MOST_CHARACTERS:
        mark = message("report_text_cut", lang, count=f"{len(text):,}", most=f"{MOST_CHARACTERS:,}")
        text = text[: MOST_CHARACTERS - len(mark)] + mark
    cell.value = text
    cell.data_type = "s"  # openpyxl takes "=..." for a formula and "#N/A" for an error
    dress(cell, style)
    if text.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True  # stays text also when somebody edits the cell
    return text


def put_value(cell: Cell, value: Any, form: str, lang: str) -> str:
    """Write one value of a table in its form, a blank for a missing one; give back the text, if any."""
    style = body_style(form)
    if is_missing(value):
        dress(cell, style)
        return ""
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        value = message("report_yes" if value else "report_no", lang)
    number = plain_number(value)
    if number is None:
        return put_text(cell, str(value), style, lang)
    if math.isinf(number):
        return put_text(cell, "\u221e" if number > 0 else "-\u221e", style, lang)
    cell.value = number
    dress(cell, style)
    if form == "count" and number != int(number):
        cell.number_format = _WEIGHTED_COUNT
    return ""


def is_missing(value: Any) -> bool:
    """Tell None, NaN, NA and NaT, whatever library they come from, and empty text."""
    if (
        value is None
        or (isinstance(value, str) and not value)
        or type(value).__name__ in ("NAType", "NaTType")
    ):
        return True
    return isinstance(value, float) and math.isnan(value)


def plain_number(value: Any) -> int | float | None:
    """Give a plain Python number for any numeric scalar (numpy's too), None for everything else."""
    if isinstance(value, str) or is_missing(value):
        return None
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, int | float):
        return plain
    try:
        return float(plain) if hasattr(plain, "__float__") else None
    except (TypeError, ValueError):
        return None
