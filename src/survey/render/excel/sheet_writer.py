"""One sheet of a report workbook: what must be known, then the table, then pictures and charts beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from openpyxl.drawing.fill import Blip
from openpyxl.drawing.geometry import PresetGeometry2D
from openpyxl.drawing.image import Image
from openpyxl.drawing.picture import PictureFrame
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo

from survey.document import Chart, Column, Picture, Sheet
from survey.messages import message
from survey.render.drawings import Drawings
from survey.render.excel.cells import Styles, dress, is_missing, put_text, put_value
from survey.render.excel.charts import PlacedColumn, PlacedTable, native_chart
from survey.render.texts import clean, one_line, width, wrap

_MANY_COLUMNS = 8  # more of them need frozen panes
_WIDEST_PAGE = 270.0  # characters: more would print too small to read
_TALLEST_FROZEN = 260.0  # points: more above the frozen line would leave no room to scroll
_FIRST_COLUMN, _LINES_ONLY = 70, 110
_TEXT_COLUMN = (9, 44)
_NUMBER_COLUMN = (10, 24)
_FILTER_BUTTON = 3  # columns
_SIDE_COLUMN_PIXELS = 64
_PIXELS_PER_POINT = 96 / 72
_CM_PER_PIXEL = 2.54 / 96
_EMU_PER_PIXEL = 9525
_HEADING_LENGTH = 255
_A4 = 9


@dataclass(frozen=True)
class _Block:
    """A table ready to be written: its headings are unique, its values plain, row by row."""

    name: str
    title: str
    base_text: str
    columns: tuple[Column, ...]
    headings: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    links: tuple[str, ...] = ()  # the sheets that the first column links to

    @property
    def has_blanks(self) -> bool:
        return any(is_missing(value) for row in self.rows for value in row)


class SheetWriter:
    """Writes one sheet from top to bottom; `chart_texts` are the alternative texts of its charts."""

    def __init__(self, sheet: Any, styles: Styles, table_names: set[str], drawings: Drawings | None) -> None:
        """Take an empty openpyxl worksheet and what the workbook has already.

        `table_names` are the names of its tables. Without `drawings` no picture is drawn at all.
        """
        self.sheet = sheet
        self.styles = styles
        self.chart_texts: list[str] = []
        self._table_names = table_names
        self._drawings = drawings
        self._row = 1
        self._heights: dict[int, float] = {}

    def write(
        self, sheet: Sheet, *, warning: str, home: str, others: Sequence[tuple[str, str, str]] | None
    ) -> None:
        """Write a sheet; `others` lists name, title and base of the sheets that the first one links to."""
        blocks = self._blocks(sheet, others)
        wanted = sheet.pictures if self._drawings is not None else ()
        pictures = [(picture, *self._picture(picture)) for picture in wanted]
        if sheet.charts and not sheet.tables:
            raise ValueError(f"sheet {sheet.name!r} has charts but no table")
        own = blocks[len(blocks) - len(sheet.tables) :]
        charts = sheet.charts if own and own[0].rows else ()
        intro = self._intro(sheet, blocks, warning)
        captions = [
            *(self._say("report_picture", cell="ZZ99", alt=picture.alt) for picture, *_ in pictures),
            *(self._say("report_chart", cell="ZZ99", alt=chart.alt) for chart in charts),
        ]
        self._set_widths(blocks, [text for text, _ in intro] + captions)
        self._put(one_line(sheet.title) or self.sheet.title, self.styles.title, height=21)
        for text, style in intro:
            self._put(text, style)
        if self.sheet.title != home:
            self._link_home(home)
        first_caption = self._row
        if blocks:
            for caption in captions:  # their rows are kept free: the cells are known when all rows are
                self._put(caption, self.styles.line)
            for line in (line for _, _, line in pictures if line):
                self._put(line, self.styles.line)
            places = self._put_blocks(blocks)
            first = places[-len(own)] if own else None
            below_headings = places[0].heading_row + 1
            side = max(len(block.columns) for block in blocks) + 2
            beside = self._put_beside(pictures, charts, first, side, below_headings, first_caption)
            # The table first, then each picture and chart on a page of its own: all stay legible.
            pages = self._pages(blocks, side - 2)
            if beside or len(pages) > 1:
                self.sheet.print_area = ",".join([*pages, *beside])
        else:
            self._put_below(pictures)
        self._set_page(blocks)

    def _picture(self, picture: Picture) -> tuple[bytes, str]:
        """Draw a picture, or find it drawn; the line beside it is mostly empty."""
        drawings = self._drawings if self._drawings is not None else Drawings(self.styles.lang)
        return drawings.png(picture), drawings.font_line(picture)

    def _say(self, key: str, **values: Any) -> str:
        return message(key, self.styles.lang, **values)

    # -- what stands above the table -------------------------------------------------------------------

    def _blocks(self, sheet: Sheet, others: Sequence[tuple[str, str, str]] | None) -> list[_Block]:
        blocks = [self._contents(others)] if others is not None else []
        for table in sheet.tables:
            frame, columns = table.data, table.columns
            if unknown := [column.key for column in columns if column.key not in frame.columns]:
                raise ValueError(f"table {table.name!r} has no column {unknown}")
            if not columns:
                raise ValueError(f"table {table.name!r} shows no column")
            values = [frame[column.key].tolist() for column in columns]
            blocks.append(
                _Block(
                    table.name,
                    table.title,
                    table.base_text,
                    columns,
                    self._headings([column.heading for column in columns]),
                    list(zip(*values, strict=True)),
                )
            )
        return blocks

    def _contents(self, others: Sequence[tuple[str, str, str]]) -> _Block:
        columns = tuple(
            Column(key, self._say(f"report_contents_{key}")) for key in ("sheet", "title", "base")
        )
        headings = tuple(column.heading for column in columns)
        links = tuple(name for name, _, _ in others)
        return _Block("contents", "", "", columns, headings, [*others], links)

    def _headings(self, wanted: Sequence[str]) -> tuple[str, ...]:
        """Make headings that Excel takes: on one line, not empty, not too long, unique whatever the case."""
        headings: list[str] = []
        taken: set[str] = set()
        for number, text in enumerate(wanted, 1):
            base = one_line(text) or self._say("report_column", number=number)
            base = base if len(base) <= _HEADING_LENGTH - 8 else base[: _HEADING_LENGTH - 9] + "\u2026"
            heading, count = base, 1
            while heading.casefold() in taken:
                count += 1
                heading = f"{base} ({count})"
            taken.add(heading.casefold())
            headings.append(heading)
        return tuple(headings)

    def _intro(self, sheet: Sheet, blocks: Sequence[_Block], warning: str) -> list[tuple[str, str]]:
        """List the lines above the table, each with its style."""
        line = self.styles.line
        intro = [(warning, self.styles.warning)] if warning else []
        if sheet.question:
            intro.append((self._say("report_question", question=sheet.question), line))
        own = sheet.tables
        if base_text := sheet.base_text or (own[0].base_text if len(own) == 1 else ""):
            intro.append((self._say("report_base", base=base_text), line))
        intro += [(text, line) for text in sheet.lines]
        notes = list(dict.fromkeys([*sheet.notes, *(note for table in own for note in table.notes)]))
        if notes:
            key = "report_notes" if blocks else "report_notes_only"
            intro.append((self._say(key, count=len(notes)), line))
            numbered = enumerate(notes, 1)
            intro += [(self._say("report_note", number=number, note=note), line) for number, note in numbered]
        if any(block.has_blanks for block in blocks):
            intro.append((self._say("report_blank"), line))
        return intro

    def _put(self, text: str, style: str, *, height: float | None = None) -> None:
        """Write a text into the first column of the next row."""
        written = put_text(self.sheet.cell(self._row, 1), text, style, self.styles.lang)
        wide = self.sheet.column_dimensions["A"].width
        self._end_row(height if height is not None else self.styles.height(written, wide))

    def _end_row(self, height: float) -> None:
        self.sheet.row_dimensions[self._row].height = self._heights[self._row] = height
        self._row += 1

    def _link_home(self, home: str) -> None:
        cell = self.sheet.cell(self._row, 1)
        text = self._say("report_back", name=home)
        self._put(text, self.styles.link)
        _link(cell, home)

    # -- the tables -------------------------------------------------------------------------------------

    def _put_blocks(self, blocks: Sequence[_Block]) -> list[PlacedTable]:
        """Write the tables, one below the other where there are several; say where they stand."""
        places = []
        for number, block in enumerate(blocks):
            if len(blocks) > 1 and block.title:
                if number:
                    self._end_row(self.styles.line_height)
                self._put(block.title, self.styles.subtitle)
                if block.base_text:
                    self._put(self._say("report_base", base=block.base_text), self.styles.line)
            self._end_row(self.styles.line_height)
            values = list(zip(*block.rows, strict=True)) or [()] * len(block.columns)
            named = enumerate(zip(block.columns, block.headings, values, strict=True), 1)
            columns = {
                column.key: PlacedColumn(heading, column.form, get_column_letter(place), shown)
                for place, (column, heading, shown) in named
            }
            places.append(PlacedTable(self.sheet.title, self._row, columns))
            self._put_table(block)
        return places

    def _put_table(self, block: _Block) -> None:
        """Write headings and rows as a real table; one that has no rows says so in its only row."""
        first_row, lang = self._row, self.styles.lang
        widths = [
            self.sheet.column_dimensions[get_column_letter(i + 1)].width for i in range(len(block.columns))
        ]
        tallest = self.styles.line_height
        for place, (heading, wide) in enumerate(zip(block.headings, widths, strict=True), 1):
            style = self.styles.heading if block.columns[place - 1].form == "text" else self.styles.count
            put_text(self.sheet.cell(self._row, place), heading, style, lang)
            tallest = max(tallest, self.styles.height(heading, wide - _FILTER_BUTTON))
        self._end_row(tallest)
        forms = [column.form for column in block.columns]
        nothing = (self._say("report_no_rows"), *([None] * (len(forms) - 1)))
        for number, row in enumerate(block.rows or [nothing]):
            tallest = self.styles.line_height
            for place, (value, form, wide) in enumerate(zip(row, forms, widths, strict=True), 1):
                cell = self.sheet.cell(self._row, place)
                text = put_value(cell, value, form, lang)
                if text:
                    tallest = max(tallest, self.styles.height(text, wide))
            if block.links:
                cell = self.sheet.cell(self._row, 1)
                dress(cell, self.styles.entry)
                _link(cell, block.links[number])
            self._end_row(tallest)
        last = f"{get_column_letter(len(forms))}{self._row - 1}"
        table = Table(displayName=self._table_name(block.name), ref=f"A{first_row}:{last}")
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
        self.sheet.add_table(table)
        self._heading_row = first_row

    def _table_name(self, name: str) -> str:
        """Make a table name that Excel takes and that no other table of the workbook has."""
        base = "tbl_" + (re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "table")[:200]
        unique, count = base, 1
        while unique.casefold() in self._table_names:
            count += 1
            unique = f"{base}_{count}"
        self._table_names.add(unique.casefold())
        return unique

    def _set_widths(self, blocks: Sequence[_Block], lines: Sequence[str]) -> None:
        dimensions = self.sheet.column_dimensions
        if not blocks:
            dimensions["A"].width = _LINES_ONLY
            return
        widths: dict[int, int] = {}
        for block in blocks:
            for place, (column, heading) in enumerate(zip(block.columns, block.headings, strict=True)):
                least, most = _TEXT_COLUMN if column.form == "text" else _NUMBER_COLUMN
                word = max((width(part) for part in wrap(heading, 12)), default=0) + _FILTER_BUTTON + 2
                texts = (row[place] for row in block.rows if isinstance(row[place], str))
                longest = max((_widest_line(text) for text in texts), default=0) + 2
                wanted = max(word, longest) if column.form == "text" else max(word, min(longest, 14))
                widths[place] = max(widths.get(place, 0), least, min(wanted, most))
        widths[0] = max(widths[0], min(_FIRST_COLUMN, max(map(_widest_line, lines), default=0) + 2))
        for place, wide in widths.items():
            dimensions[get_column_letter(place + 1)].width = wide

    def _pages(self, blocks: Sequence[_Block], last: int) -> list[str]:
        """The cells of the table page by page: a wide one is torn between parts that belong together."""
        wide = [self.sheet.column_dimensions[get_column_letter(place + 1)].width for place in range(last)]
        starts, used = [0], wide[0]
        columns = blocks[0].columns if len(blocks) == 1 else ()
        for place in range(1, len(columns)):
            part = columns[place].part
            if part and part != columns[place - 1].part:
                own = sum(wide[at] for at in range(place, last) if columns[at].part == part)
                if used + own > _WIDEST_PAGE:
                    starts.append(place)
                    used = wide[0]
            used += wide[place]
        ends = [*(start - 1 for start in starts[1:]), last - 1]
        first = [1, *[self._heading_row] * (len(starts) - 1)]
        return [
            f"{get_column_letter(start + 1)}{row}:{get_column_letter(end + 1)}{self._row - 1}"
            for start, end, row in zip(starts, ends, first, strict=True)
        ]

    # -- pictures and charts ----------------------------------------------------------------------------

    def _put_beside(
        self,
        pictures: Sequence[tuple[Picture, bytes, str]],
        charts: Sequence[Chart],
        table: PlacedTable | None,
        side: int,
        first_row: int,
        caption_row: int,
    ) -> list[str]:
        """Place pictures, then charts, one below the other beside the table; give the cells they cover."""
        row = first_row  # not higher: the row of headings is repeated on every printed page
        covered = []
        shown: list[tuple[Picture, bytes, str] | Chart] = [*pictures, *charts]
        for drawn in shown:
            cell = f"{get_column_letter(side)}{row}"
            if isinstance(drawn, Chart):
                key, alt = "report_chart", drawn.alt
                wide, high = self._put_chart(drawn, table, cell)
            else:
                key, alt = "report_picture", drawn[0].alt
                wide, high = self._put_picture(drawn[0], drawn[1], row, side)
            caption = self._say(key, cell=cell, alt=alt)
            put_text(self.sheet.cell(caption_row, 1), caption, self.styles.line, self.styles.lang)
            caption_row += 1
            last = self._row_below(row, high)
            covered.append(f"{cell}:{get_column_letter(side + wide // _SIDE_COLUMN_PIXELS)}{last}")
            row = last + 2
        return covered

    def _put_chart(self, chart: Chart, table: PlacedTable | None, cell: str) -> tuple[int, int]:
        """Place a native chart; give its width and height in pixels of the screen."""
        if table is None:
            raise ValueError(f"chart {chart.name!r} has no table")
        drawn = native_chart(chart, table)
        drawn.anchor = cell
        self.sheet.add_chart(drawn)
        self.chart_texts.append(chart.alt)
        wide, high = (round(size / _CM_PER_PIXEL) for size in (drawn.width, drawn.height))
        return wide, high

    def _put_below(self, pictures: Sequence[tuple[Picture, bytes, str]]) -> None:
        """Place pictures below the lines of a sheet without a table, each under its caption."""
        for picture, image, line in pictures:
            self._end_row(self.styles.line_height)
            self.sheet.row_breaks.append(Break(self._row - 1))
            cell = f"A{self._row + (2 if line else 1)}"
            self._put(self._say("report_picture", cell=cell, alt=picture.alt), self.styles.line)
            if line:
                self._put(line, self.styles.line)
            _, high = self._put_picture(picture, image, self._row, 1)
            self._row = self._row_below(self._row, high) + 1

    def _row_below(self, row: int, pixels: int) -> int:
        """Find the row in which something that high, placed at the top of `row`, ends."""
        left = pixels / _PIXELS_PER_POINT
        while (left := left - self._heights.get(row, self.styles.line_height)) > 0:
            row += 1
        return row

    def _put_picture(self, picture: Picture, image: bytes, row: int, column: int) -> tuple[int, int]:
        """Place a picture with its alternative text; give its width and height in pixels of the screen."""
        from survey.render.pictures import DPI

        drawn = Image(BytesIO(image))
        wide, high = (round(size * 96 / DPI) for size in (drawn.width, drawn.height))
        drawn.width, drawn.height = wide, high
        frame = PictureFrame()
        shown = frame.nvPicPr.cNvPr
        shown.id = 1000 + len(self.sheet._images)
        shown.name = one_line(picture.name)
        shown.descr = one_line(picture.alt)
        frame.blipFill.blip = Blip(cstate="print")
        frame.spPr.prstGeom = PresetGeometry2D(prst="rect")
        size = XDRPositiveSize2D(wide * _EMU_PER_PIXEL, high * _EMU_PER_PIXEL)
        marker = AnchorMarker(col=column - 1, row=row - 1)
        drawn.anchor = OneCellAnchor(_from=marker, ext=size, pic=frame)
        self.sheet.add_image(drawn)
        return wide, high

    # -- the printed page -------------------------------------------------------------------------------

    def _set_page(self, blocks: Sequence[_Block]) -> None:
        sheet = self.sheet
        sheet.sheet_view.showGridLines = False
        sheet.sheet_format.defaultRowHeight = self.styles.line_height
        sheet.sheet_format.customHeight = True
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = _A4
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 0
        sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6, header=0.3, footer=0.3)
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.oddFooter.left.text = "&A"
        sheet.oddFooter.right.text = "&P / &N"
        if len(blocks) == 1:
            sheet.print_title_rows = f"{self._heading_row}:{self._heading_row}"
            if any(column.part for column in blocks[0].columns):
                sheet.print_title_cols = "A:A"
            if len(blocks[0].columns) > _MANY_COLUMNS:
                above = sum(height for row, height in self._heights.items() if row <= self._heading_row)
                sheet.freeze_panes = f"B{self._heading_row + 1}" if above <= _TALLEST_FROZEN else "B1"


def _link(cell: Any, name: str) -> None:
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(name)}!A1")


def _widest_line(text: str) -> int:
    return max(map(width, clean(text).split("\n")), default=0)
