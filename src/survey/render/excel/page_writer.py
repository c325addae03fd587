"""A sheet of one page: findings and tables at the left, pictures and links to other sheets at the right."""

from collections.abc import Sequence

from openpyxl.utils import get_column_letter

from survey.document import Picture, Sheet
from survey.render.excel.cells import dress, put_text
from survey.render.excel.placed_sheet import SIDE_COLUMN_PIXELS, PlacedSheet
from survey.render.excel.table_writer import Block, block_of, column_widths, link
from survey.render.texts import one_line

# The layout: columns for numbers, texts and the other columns of tables, a gap, then pictures.
_PAGE_COLUMNS = (3.5, 62.0, 10.0, 14.0, 12.0)
_PAGE_TEXT = 52.0  # at most, of texts behind the first column
_PAGE_GAP = 2.5
_PAGE_PICTURE, _PAGE_PICTURE_HIGH = 640, 620  # pixels
_LINKS_ACROSS, _LINK_COLUMNS = 3, 3


class PageWriter(PlacedSheet):
    """Writes a sheet of one page."""

    def write(self, sheet: Sheet, *, warning: str, others: Sequence[tuple[str, str, str]] | None) -> None:
        """Title and findings, the tables below them, pictures beside them, links to all other sheets."""
        pictures = self.drawn_pictures(sheet)
        blocks = [block_of(table, self.styles.lang) for table in sheet.tables]
        wide = [*_page_widths(blocks), _PAGE_GAP]
        for number, column_wide in enumerate(wide, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = column_wide
        title = one_line(sheet.title) or self.sheet.title
        self._put_text(title, self._sentence(sheet.title, self.styles.title), height=24)
        if sheet.subtitle:
            self._put_text(sheet.subtitle, self.styles.about, height=self.styles.line_height)
        if warning:
            self._put_text(warning, self.styles.warning, height=self.styles.line_height)
            for number in range(2, len(wide)):
                dress(self.sheet.cell(self._row - 1, number), self.styles.warning)
        self._end_row(8.0)
        first = self._row
        self._put_findings(sheet)
        for table, block in zip(sheet.tables, blocks, strict=True):
            self._put_second(block.title, self.styles.subtitle)
            place, self._row = self._tables.put(block, self._row, 2)
            self._place.tables[table.name] = place
            self._end_row(8.0)
        for text in sheet.lines:
            self._put_second(text, self._sentence(text, self.styles.line), wrapped=True)
        if sheet.footnotes and self._place.notes_sheet:
            self._put_second(self._notes_text(sheet), self.styles.link)
            link(self.sheet.cell(self._row - 1, 2), self._place.notes_sheet)
        if self.sheet.title != self._place.names[0]:
            self._put_second(self._say("report_back", name=self._place.names[0]), self.styles.link)
            link(self.sheet.cell(self._row - 1, 2), self._place.names[0])
        last = self._put_right(pictures, [name for name, _, _ in others or ()], len(wide) + 1, first)
        side = len(wide) + _LINK_COLUMNS
        if pictures:
            side = len(wide) + max(_PAGE_PICTURE // SIDE_COLUMN_PIXELS + 1, _LINKS_ACROSS * _LINK_COLUMNS)
        self.sheet.print_area = f"A1:{get_column_letter(side)}{max(self._row - 1, last)}"
        self._set_page([], [])
        self.sheet.page_setup.fitToHeight = 1

    def _put_findings(self, sheet: Sheet) -> None:
        if not sheet.findings:
            return
        self._put_second(self._say("report_findings"), self.styles.subtitle)
        for number, text in enumerate(sheet.findings, 1):
            put_text(self.sheet.cell(self._row, 1), str(number), self.styles.finding_number, self.styles.lang)
            self._put_second(text, self._sentence(text, self.styles.finding), wrapped=True)
        self._end_row(8.0)

    def _put_second(self, text: str, style: str, *, wrapped: bool = False) -> None:
        """Write a text into the second column of the next row."""
        written = put_text(self.sheet.cell(self._row, 2), text, style, self.styles.lang)
        high = self.styles.height(written, _PAGE_COLUMNS[1]) + 3 if wrapped else self.styles.line_height
        self._end_row(high)

    def _put_right(
        self,
        pictures: Sequence[tuple[Picture, bytes, str]],
        others: Sequence[str],
        column: int,
        row: int,
    ) -> int:
        """Place the pictures, and under them links to the other sheets; give the last row."""
        for picture, image, _ in pictures:
            _, high = self._put_picture(
                picture, image, row, column, widest=_PAGE_PICTURE, highest=_PAGE_PICTURE_HIGH
            )
            row = self._row_below(row, high + 10) + 1
        if not others:
            return row
        put_text(
            self.sheet.cell(row, column), self._say("report_sheets"), self.styles.subtitle, self.styles.lang
        )
        down = -(-len(others) // _LINKS_ACROSS) if pictures else len(others)
        rows: list[int] = []
        while len(rows) < down:  # not into the low rows between the tables at the left
            row += 1
            if self._heights.get(row, self.styles.line_height) >= self.styles.line_height:
                rows.append(row)
        for number, name in enumerate(others):
            across, along = divmod(number, down)
            cell = self.sheet.cell(rows[along], column + across * _LINK_COLUMNS)
            put_text(cell, name, self.styles.link, self.styles.lang)
            link(cell, name)
        return row


def _page_widths(blocks: Sequence[Block]) -> list[float]:
    """The widths of a page of findings and tables: as laid out, but for texts behind the first column."""
    columns = max((len(block.columns) for block in blocks), default=4)
    wide = [*_PAGE_COLUMNS, *([_PAGE_COLUMNS[-1]] * (columns + 1 - len(_PAGE_COLUMNS)))]
    for block in blocks:
        for place, (column, own) in enumerate(zip(block.columns, column_widths(block), strict=True), 1):
            if place > 1 and column.form == "text":
                wide[place] = max(wide[place], min(own, _PAGE_TEXT))
    return wide
