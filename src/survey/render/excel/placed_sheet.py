"""What every sheet of a workbook can do: put texts, pictures and charts in rows, and set the page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from openpyxl.drawing.fill import Blip
from openpyxl.drawing.geometry import PresetGeometry2D
from openpyxl.drawing.image import Image
from openpyxl.drawing.picture import PictureFrame
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from survey.document import Chart, Picture, Sheet, is_unfixed
from survey.messages import message
from survey.render.drawings import Drawings
from survey.render.excel.cells import Styles, put_text
from survey.render.excel.charts import PlacedTable, native_chart
from survey.render.excel.table_writer import Block, TableWriter
from survey.render.texts import one_line

NARROW = 125.0  # characters that an upright page can bear
_TALLEST_FROZEN = 260.0  # points: more above the frozen line would leave no room to scroll
CM_PER_PIXEL = 2.54 / 96
_EMU_PER_PIXEL = 9525
_A4 = 9
PIXELS_PER_POINT = 96 / 72
SIDE_COLUMN_PIXELS = 64


@dataclass
class Workplace:
    """What the sheets of one workbook share: names of sheets, tables, pictures that are drawn.

    `names` are those of the sheets in order; `tables` those that stand already, by the name of the document.
    Without `drawings` no picture is drawn at all.
    """

    names: tuple[str, ...]
    notes_sheet: str = ""
    drawings: Drawings | None = None
    table_names: set[str] = field(default_factory=set)
    tables: dict[str, PlacedTable] = field(default_factory=dict)


class PlacedSheet:
    """A sheet that is written from top to bottom; `chart_texts` are the alternative texts of its charts."""

    def __init__(self, sheet: Any, styles: Styles, place: Workplace) -> None:
        """Take an empty openpyxl worksheet, and what the workbook has already."""
        self.sheet = sheet
        self.styles = styles
        self.chart_texts: list[str] = []
        self._place = place
        self._row = 1
        self._heights: dict[int, float] = {}
        self._over = (
            styles.about,
            styles.warning,
            styles.link,
        )  # lines that stand over the cells beside them
        self._tables = TableWriter(sheet, styles, place.table_names, self._heights)

    def drawn_pictures(self, sheet: Sheet) -> list[tuple[Picture, bytes, str]]:
        """The pictures as images, each with the line on its fonts; none without `drawings`."""
        drawings = self._place.drawings
        if drawings is None:
            return []
        return [(picture, drawings.png(picture), drawings.font_line(picture)) for picture in sheet.pictures]

    def _say(self, key: str, **values: Any) -> str:
        return message(key, self.styles.lang, **values)

    def _sentence(self, text: str, style: str) -> str:
        """The style of a text, or of one that rests on what published figures do not fix."""
        return self.styles.unfixed(style) if is_unfixed(text) else style

    def _put_text(self, text: str, style: str, *, height: float | None = None, wide: float = 0.0) -> None:
        """Write a text into the first column of the next row."""
        written = put_text(self.sheet.cell(self._row, 1), text, style, self.styles.lang)
        self._end_row(height if height is not None else self.styles.height(written, wide))

    def _end_row(self, height: float) -> None:
        self.sheet.row_dimensions[self._row].height = self._heights[self._row] = height
        self._row += 1

    def _notes_text(self, sheet: Sheet) -> str:
        numbers = self._say("list_separator").join(map(str, sorted(set(sheet.footnotes))))
        return self._say("report_footnotes", numbers=numbers, sheet=self._place.notes_sheet)

    def _table_of(self, chart: Chart, own: Sequence[Block]) -> PlacedTable:
        """The table whose cells a chart draws."""
        name = chart.table or own[0].name
        if name not in self._place.tables:
            raise ValueError(f"chart {chart.name!r} has no table")
        return self._place.tables[name]

    def _put_chart(self, chart: Chart, table: PlacedTable, cell: str) -> tuple[int, int]:
        """Place a native chart; give its width and height in pixels of the screen."""
        drawn = native_chart(chart, table)
        drawn.anchor = cell
        self.sheet.add_chart(drawn)
        self.chart_texts.append(chart.alt)
        wide, high = (round(size / CM_PER_PIXEL) for size in (drawn.width, drawn.height))
        return wide, high

    def _put_picture(
        self, picture: Picture, image: bytes, row: int, column: int, *, widest: int = 0, highest: int = 0
    ) -> tuple[int, int]:
        """Place a picture, at most so wide and high, with its alternative text; give its size in pixels."""
        from survey.render.pictures import DPI

        drawn = Image(BytesIO(image))
        wide, high = (size * 96 / DPI for size in (drawn.width, drawn.height))
        shrunk = min(1.0, widest / wide if widest else 1.0, highest / high if highest else 1.0)
        wide, high = round(wide * shrunk), round(high * shrunk)
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

    def _row_below(self, row: int, pixels: float) -> int:
        """Find the row in which something that high, placed at the top of `row`, ends."""
        left = pixels / PIXELS_PER_POINT
        while (left := left - self._heights.get(row, self.styles.line_height)) > 0:
            row += 1
        return row

    def _high(self, first: int, after: int) -> float:
        """How high the rows from one to before another are, in points."""
        return sum(self._heights.get(row, self.styles.line_height) for row in range(first, after))

    def _set_page(self, blocks: Sequence[Block], places: Sequence[PlacedTable]) -> None:
        sheet = self.sheet
        sheet.sheet_view.showGridLines = False
        sheet.sheet_format.defaultRowHeight = self.styles.line_height
        sheet.sheet_format.customHeight = True
        wide = sum(sheet.column_dimensions[name].width for name in list(sheet.column_dimensions))
        upright = bool(blocks) and wide <= NARROW and not (sheet._images or sheet._charts)
        sheet.page_setup.orientation = "portrait" if upright else "landscape"
        sheet.page_setup.paperSize = _A4
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 0
        sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6, header=0.3, footer=0.3)
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.oddFooter.left.text = "&A"
        sheet.oddFooter.right.text = "&P / &N"
        if len(blocks) == 1:
            heading = places[0].heading_row
            sheet.print_title_rows = f"{heading}:{heading}"
            above = sum(height for row, height in self._heights.items() if row <= heading)
            sheet.freeze_panes = f"B{heading + 1}" if above <= _TALLEST_FROZEN else "B1"
