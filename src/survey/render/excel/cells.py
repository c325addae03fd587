"""The cells of a report workbook: styles, formats, and values that stay what they are."""

import math
import re
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.workbook import Workbook

from survey.messages import message
from survey.render.texts import clean, has_chinese, width, wrap

MOST_CHARACTERS = 32_767
TALLEST_ROW = 409.0
_LATIN_FIT, _CHINESE_FIT = 1.08, 0.94
HIDDEN = "[c]"

# Fractions inside, percentages at the door. Excel rounds half up what it shows; the cell keeps the fraction.
# "_)" leaves the room of a bracket, so that numbers in brackets and without stand one below the other.
FORMATS = {
    "text": "General",
    "range": "General",
    "count": "0_)",
    "share": "0%_)",
    "points": "+0_);-0_);0_)",
    "number": "0.00_)",
    "value": "General",
    "p": '[<0.001]"<0.001"_);0.000_)',
}
# A section of a format, for numbers above, below and at zero or as its condition says: condition and number.
_SECTION_PARTS = re.compile(r"(\[[^\]]*\])?([^;]+)")
_ROUNDING = 1e-6  # of a sum of weights that is a whole number
_WEIGHTED_COUNT, _WHOLE = "0.0_)", "0_)"
_INK, _GREY, _LINK_INK, _ACCENT = "FF1F1F1F", "FF595959", "FF0B4F9E", "FF0B559F"
_UP, _DOWN, _SECTION = "FFD6E6F4", "FFFBE0C4", "FFF2F2F2"
_ARROWS = {"up": "\u25b2", "down": "\u25bc"}


@dataclass(frozen=True)
class Look:
    """What a cell of a table shows beside its value: its form, the marks of its number, and its place."""

    form: str
    marks: tuple[str, ...] = ()
    is_head: bool = False  # in the row that heads a section
    is_total: bool = False  # in the column about everybody
    is_plain: bool = False  # in a table without lines between its rows
    is_dense: bool = False  # in a long table: one line each, not wrapped
    is_weighted: bool = False  # in a head whose numbers are bases by weight
    is_apart: bool = False  # a text behind a number, which stands at its right
    is_whole: bool = False  # a number in a column of whole ones

    @cached_property
    def name(self) -> str:
        """The name of its style, so that a reader can restyle all cells of a sort at once."""
        flags = ("is_head", "is_total", "is_plain", "is_dense", "is_weighted", "is_apart", "is_whole")
        own = [flag.removeprefix("is_") for flag in flags if getattr(self, flag)]
        return " ".join(["Survey", self.form, *self.marks, *own])


@dataclass(frozen=True)
class Styles:
    """The named styles of one workbook; those of tables are made when they are first used."""

    book: Workbook
    lang: str
    title: str = "Survey title"
    subtitle: str = "Survey subtitle"
    about: str = "Survey about"
    line: str = "Survey line"
    line_across: str = "Survey line across"
    warning: str = "Survey warning"
    finding: str = "Survey finding"
    finding_number: str = "Survey finding number"
    link: str = "Survey link"
    entry: str = "Survey entry"
    heading: str = "Survey heading"
    heading_apart: str = "Survey heading apart"
    count: str = "Survey number heading"
    made: set[str] = field(default_factory=set, compare=False)

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

    def unfixed(self, style: str) -> str:
        """The style of a sentence that rests on results which published figures do not fix."""
        name = f"{style} unfixed"
        if name not in self.made:
            self.made.add(name)
            known = next(own for own in self.book._named_styles if own.name == style)  # type: ignore[attr-defined]
            font = copy(known.font)
            font.i, font.color = True, Font(color=_GREY).color
            self.book.add_named_style(
                NamedStyle(name, font=font, alignment=copy(known.alignment), border=copy(known.border))
            )
        return name

    def of(self, look: Look) -> str:
        """The name of the style of a cell of a table, made where it is new."""
        name = look.name
        if name not in self.made:
            self.made.add(name)
            self.book.add_named_style(_body_style(look, message("excel_font", self.lang), self.lang))
        return name


def _body_style(look: Look, font: str, lang: str) -> NamedStyle:
    unfixed, tested = "unfixed" in look.marks, [mark for mark in look.marks if mark in _ARROWS]
    fill = _SECTION if look.is_head else (_UP if tested == ["up"] else _DOWN) if tested else ""
    ink = _GREY if unfixed or (look.is_head and look.form != "text") else _INK
    bold = bool(tested) or look.is_total or (look.is_head and look.form == "text" and not look.is_weighted)
    lines = not (look.is_head or look.is_plain)
    align = Alignment(
        horizontal="left", vertical="top", wrap_text=not look.is_dense, indent=int(look.is_apart)
    )
    if look.form != "text":
        align = Alignment(horizontal="right", vertical="top")
    return NamedStyle(
        look.name,
        font=Font(
            font, 11, bold=bold and not (look.is_head and look.form != "text"), italic=unfixed, color=ink
        ),
        border=Border(bottom=Side("hair", color="FFBFBFBF")) if lines and not look.is_dense else Border(),
        fill=PatternFill("solid", fill) if fill else PatternFill(),
        alignment=align,
        number_format=_number_format(look, lang),
    )


def _number_format(look: Look, lang: str) -> str:
    """The format of a number with its marks: arrow before it, brackets round it, letters behind it."""
    shown = _WHOLE if look.is_whole else FORMATS[look.form]
    if look.is_head and look.form != "text":
        shown = _WEIGHTED_COUNT if look.is_weighted else message("report_cell_base", lang, number="0_)")
    arrows = "".join(f'"{_ARROWS[mark]} "' for mark in look.marks if mark in _ARROWS)
    letters = "".join(mark for mark in look.marks if mark.isupper())
    behind = f'" {letters}"' if letters else ""
    if look.form == "text" and (arrows or behind):
        return f"{arrows}@{behind}"
    return ";".join(
        f"{condition}{arrows}{_bracketed(number, lang) if 'small' in look.marks else number}{behind}"
        for condition, number in _SECTION_PARTS.findall(shown)
    )


def _bracketed(number: str, lang: str) -> str:
    """The section of a number format in the brackets of a small base."""
    return message("report_cell_small", lang, number=number.replace("_)", ""))


def add_styles(book: Workbook, lang: str) -> Styles:
    """Give a workbook the named styles of a report, every one with a named font."""
    name = message("excel_font", lang)
    top = Alignment(horizontal="left", vertical="top", wrap_text=True)
    one_line = Alignment(vertical="top")
    linked = Font(name, 11, underline="single", color=_LINK_INK)
    styles = Styles(book, lang)
    shown = [
        NamedStyle(styles.title, font=Font(name, 16, bold=True, color=_INK), alignment=one_line),
        NamedStyle(styles.subtitle, font=Font(name, 12, bold=True, color=_INK), alignment=one_line),
        NamedStyle(styles.about, font=Font(name, 11, color=_GREY), alignment=one_line),
        NamedStyle(styles.line, font=Font(name, 11), alignment=top),
        NamedStyle(styles.line_across, font=Font(name, 11), alignment=one_line),
        NamedStyle(
            *(styles.warning, Font(name, 11, bold=True, color="FF7A1F00"), PatternFill("solid", "FFFFF2CC")),
            alignment=one_line,
        ),
        NamedStyle(styles.finding, font=Font(name, 11, color=_INK), alignment=top),
        NamedStyle(
            styles.finding_number,
            font=Font(name, 11, bold=True, color=_ACCENT),
            alignment=Alignment(horizontal="left", vertical="top"),
        ),
        NamedStyle(styles.link, font=linked, alignment=one_line),
        NamedStyle(styles.entry, font=linked, alignment=top),
    ]
    sides = ((styles.heading, "left", 0), (styles.heading_apart, "left", 1), (styles.count, "right", 0))
    for heading, side, indent in sides:
        shown.append(
            NamedStyle(
                heading,
                font=Font(name, 11, bold=True, color=_INK),
                border=Border(bottom=Side("medium", color=_INK)),
                alignment=Alignment(horizontal=side, vertical="bottom", wrap_text=True, indent=indent),
            )
        )
    for style in shown:
        book.add_named_style(style)
    return styles


# The style arrays of each workbook by the name of the style: looking a name up costs openpyxl more than the
# cell itself does. Cells share them: whoever changes one cell gives it its own before (`_apart`).
_ARRAYS: WeakKeyDictionary[Workbook, dict[str, Any]] = WeakKeyDictionary()


def dress(cell: Any, style: str) -> None:
    """Give a cell a named style of its workbook."""
    arrays = _ARRAYS.setdefault(cell.parent.parent, {})
    if style in arrays:
        cell._style = arrays[style]
    else:
        cell.style = style
        arrays[style] = cell._style


def _apart(cell: Any) -> Any:
    """The cell, with a style array that it shares with no other."""
    cell._style = copy(cell._style)
    return cell


def put_text(cell: Any, text: str, style: str, lang: str) -> str:
    """Write a text that stays a text, whatever it starts with; give back what was written."""
    text = clean(text)
    if len(text) > MOST_CHARACTERS:
        mark = message("report_text_cut", lang, count=len(text), most=MOST_CHARACTERS)
        text = text[: MOST_CHARACTERS - len(mark)] + mark
    # Past openpyxl, which looks at every text again, and takes "=..." for a formula and "#N/A" for an error.
    cell._value, cell.data_type = text, "s"
    dress(cell, style)
    if text.startswith(("=", "+", "-", "@")):
        _apart(cell).quotePrefix = True  # stays text also when somebody edits the cell
    return text


def put_value(cell: Any, value: Any, look: Look, styles: Styles) -> str:
    """Write one value of a table as it looks, a blank for a missing one; give back the text, if any."""
    style = styles.of(look)
    if "hidden" in look.marks:
        return put_text(cell, HIDDEN, style, styles.lang)
    if is_missing(value):
        dress(cell, style)
        return ""
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        value = message("report_yes" if value else "report_no", styles.lang)
    number = plain_number(value)
    if number is None:
        return put_text(cell, str(value), style, styles.lang)
    if math.isinf(number):
        return put_text(cell, "\u221e" if number > 0 else "-\u221e", style, styles.lang)
    cell._value = 100 * number if look.form == "points" and not look.is_head else number
    dress(cell, style)
    if look.form == "count" and not look.marks and abs(number - round(number)) > _ROUNDING:
        _apart(cell).number_format = _WEIGHTED_COUNT
    elif look.form == "points" and 0 < abs(100 * number) < 0.5:  # shown as 0: without "+" or "-" before it
        _apart(cell).number_format = _number_format(look, styles.lang).replace("+0", "0").replace("-0", "0")
    return ""


def is_missing(value: Any) -> bool:
    """Tell None, NaN, NA and NaT, whatever library they come from, and empty text."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value
    return math.isnan(value) if isinstance(value, float) else type(value).__name__ in ("NAType", "NaTType")


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
