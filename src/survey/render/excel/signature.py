"""Who a workbook is from, on paper: the head and foot of every printed page, and the logo on the first."""

from io import BytesIO
from typing import Any

from openpyxl.drawing.image import Image
from openpyxl.workbook import Workbook

from survey.document import Report, TitleBlock
from survey.render.texts import one_line

_LONGEST = 100  # characters of a text at the head or foot: Excel takes 255 for all three of them
_LOGO_HEIGHT = 40  # pixels


def sign(book: Workbook, report: Report) -> None:
    """Set head and foot of every sheet: title and client above, sheet, footer and page below."""
    block = report.title_block
    sheets: list[Any] = book.worksheets
    for sheet in sheets:
        sheet.oddHeader.left.text = _plain(block.title)
        sheet.oddHeader.right.text = _plain(block.client)
        sheet.oddFooter.center.text = _plain(block.footer)
    if block.logo_bytes:
        _put_logo(book, block)


def _plain(text: str) -> str | None:
    """A text that no code of Excel hides in: an ampersand begins one."""
    short = one_line(text)
    short = short if len(short) <= _LONGEST else short[: _LONGEST - 1] + "\u2026"
    return short.replace("&", "&&") or None


def _put_logo(book: Workbook, block: TitleBlock) -> None:
    """Put the logo at the right end of the first sheet's title."""
    sheet: Any = book.worksheets[0]
    logo = Image(BytesIO(block.logo_bytes))
    wide, high = logo.width, logo.height
    logo.width, logo.height = round(wide * _LOGO_HEIGHT / high), _LOGO_HEIGHT
    used = max(sheet.max_column, 1)
    logo.anchor = f"{sheet.cell(1, used + 1).column_letter}1"
    sheet.add_image(logo)
