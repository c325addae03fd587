"""Native charts that a reader can restyle, over the real cells of a table, with their values cached.

openpyxl writes references only; previewers that do not calculate would show an empty chart. Here every
reference carries the texts and numbers it points at.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.chart import BarChart
from openpyxl.chart.data_source import (
    AxDataSource,
    NumData,
    NumDataSource,
    NumRef,
    NumVal,
    StrData,
    StrRef,
    StrVal,
)
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.utils import quote_sheetname

from survey.document import Chart
from survey.render.colours import ACCENT, REST, SERIES, from_hex, readable_ink, stack_colours
from survey.render.excel.cells import plain_number
from survey.render.texts import one_line, width, wrap

_AXIS_FORMATS = {"share": "0%", "points": "+0%;-0%;0%", "count": "0", "number": "0.0", "p": "0.000"}
_LABEL_FORMATS = {"share": "0%", "points": "+0%;-0%;0%", "count": "0", "number": "0.0", "p": "0.000"}
_INSIDE_FORMAT = '[<0.035]"";0%'  # a narrower segment has no room for its percentage
CHART_WIDTH = 24.0  # cm
_TITLE_WIDTH = 70  # characters of a title that stand in one line


@dataclass(frozen=True)
class PlacedColumn:
    """A column of a table as it stands on a sheet: its heading, form, place and values, top to bottom."""

    heading: str
    form: str
    letter: str
    values: Sequence[Any]


@dataclass(frozen=True)
class PlacedTable:
    """Where a table stands: the sheet's title, the row of its headings, its columns by key."""

    sheet: str
    heading_row: int
    columns: dict[str, PlacedColumn]

    def column(self, key: str, chart: str) -> PlacedColumn:
        """Find a column by its key; say which chart asked for one that is not shown."""
        if key not in self.columns:
            raise ValueError(f"chart {chart!r} needs the column {key!r}, shown are {sorted(self.columns)}")
        return self.columns[key]


def native_chart(chart: Chart, table: PlacedTable) -> BarChart:
    """Build a horizontal bar chart over the cells of a table that has at least one row."""
    categories = table.column(chart.categories, chart.name)
    columns = [table.column(key, chart.name) for key in chart.series]
    last = (
        len(categories.values)
        if chart.rows is None
        else min(chart.first + chart.rows, len(categories.values))
    )
    part = slice(chart.first, last)
    labels = categories.values[part]
    stacked = chart.kind == "stacked"
    drawn: Any = BarChart()
    drawn.type = "bar"
    drawn.grouping = "percentStacked" if stacked else "clustered"
    drawn.overlap = 100 if stacked else -10
    drawn.gapWidth = 45
    drawn.varyColors = False
    drawn.roundedCorners = False
    apart = [ACCENT] if len(columns) == 1 else [SERIES[at % len(SERIES)] for at in range(len(columns))]
    colours = stack_colours(len(columns), chart.aside, ordered=chart.ordered) if stacked else apart
    for number, (column, colour) in enumerate(zip(columns, colours, strict=True)):
        series = _series(number, column, categories, table, part, colour, inside=stacked)
        if chart.accent is not None and not stacked:
            series.dPt = [_pale(row) for row in range(len(labels)) if row not in chart.accent]
        drawn.series.append(series)
    _axes(drawn, columns[0].form if columns else "number", stacked=stacked)
    drawn.graphical_properties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    titles = [one_line(chart.title), one_line(chart.subtitle)]
    above = 0.9 + 0.55 * sum(len(wrap(text, _TITLE_WIDTH)) for text in titles if text)
    if len(columns) < 2:
        drawn.legend = None
    else:
        drawn.legend.position = "b"
        drawn.legend.overlay = False
    bars = 1 if stacked else max(len(columns), 1)
    per_row = max(0.25 + 0.42 * bars, 1.0 if _longest(labels) > 44 else 0.0)
    drawn.width = CHART_WIDTH
    drawn.height = min(above + 1.0 + per_row * len(labels) + (1.0 if len(columns) > 1 else 0.0), 45.0)
    drawn.title = _title(*titles, top=0.3 / drawn.height)
    drawn.layout = Layout(manualLayout=_plot_area(labels, drawn.height, above, legend=len(columns) > 1))
    built: BarChart = drawn
    return built


def _longest(labels: Sequence[Any]) -> int:
    return max((width(one_line(str(label))) for label in labels), default=0)


def _plot_area(labels: Sequence[Any], height: float, above: float, *, legend: bool) -> ManualLayout:
    """Leave room for the labels at the left: up to two fifths of the chart, else long ones are cut."""
    left = min(0.4, 0.03 + _longest(labels) * 0.0075)
    top, bottom = above / height, (1.8 if legend else 0.6) / height
    return ManualLayout(
        layoutTarget="inner",
        xMode="edge",
        yMode="edge",
        x=round(left, 3),
        y=round(top, 3),
        w=round(0.96 - left, 3),
        h=round(1 - top - bottom, 3),
    )


def _series(
    number: int,
    column: PlacedColumn,
    categories: PlacedColumn,
    table: PlacedTable,
    part: slice,
    colour: str,
    *,
    inside: bool,
) -> Series:
    rows = len(categories.values[part])
    first, last = table.heading_row + 1 + part.start, table.heading_row + part.start + rows
    heading = _reference(table, column, table.heading_row, table.heading_row)
    labels = [StrVal(idx=i, v=one_line(str(text))) for i, text in enumerate(categories.values[part])]
    numbers = [
        NumVal(idx=i, v=repr(plain))
        for i, value in enumerate(column.values[part])
        if (plain := plain_number(value)) is not None and math.isfinite(plain)
    ]
    cache = NumData(formatCode=_AXIS_FORMATS.get(column.form, "General"), ptCount=rows, pt=numbers)
    series = Series(
        idx=number,
        order=number,
        tx=SeriesLabel(StrRef(heading, StrData(ptCount=1, pt=[StrVal(idx=0, v=column.heading)]))),
        cat=AxDataSource(
            strRef=StrRef(_reference(table, categories, first, last), StrData(ptCount=rows, pt=labels))
        ),
        val=NumDataSource(numRef=NumRef(_reference(table, column, first, last), cache)),
        invertIfNegative=False,
        spPr=GraphicalProperties(solidFill=colour, ln=LineProperties(solidFill="FFFFFF", w=6350)),
    )
    series.dLbls = _labels(column.form, readable_ink(from_hex(colour)) if inside else "262626", inside=inside)
    return series


def _reference(table: PlacedTable, column: PlacedColumn, first: int, last: int) -> str:
    start, end = (f"${column.letter}${row}" for row in (first, last))
    return f"{quote_sheetname(table.sheet)}!{start}" + ("" if first == last and start == end else f":{end}")


def _labels(form: str, ink: str, *, inside: bool) -> DataLabelList:
    shown = _LABEL_FORMATS.get(form, "General")
    labels = DataLabelList(showVal=True, numFmt=_INSIDE_FORMAT if inside and form == "share" else shown)
    for other in ("showSerName", "showCatName", "showLegendKey", "showPercent", "showBubbleSize"):
        setattr(labels, other, False)
    labels.position = "ctr" if inside else "outEnd"
    labels.txPr = _ink_text(ink, 900)
    return labels


def _title(text: str, subtitle: str = "", *, top: float = 0.02) -> Title:
    """Write a title of moderate size, and under it what the data are; it does not lie over the bars."""
    looks = (
        (text, CharacterProperties(sz=1200, b=True, solidFill="262626")),
        (subtitle, CharacterProperties(sz=900, b=False, solidFill="595959")),
    )
    paragraphs = [
        Paragraph(pPr=ParagraphProperties(algn="l", defRPr=look), r=[RegularTextRun(rPr=look, t=line)])
        for line, look in looks
        if line
    ]
    at_the_left = ManualLayout(xMode="edge", yMode="edge", x=0.01, y=round(top, 4))
    return Title(tx=Text(rich=RichText(p=paragraphs)), layout=Layout(manualLayout=at_the_left), overlay=False)


def _ink_text(colour: str, size: int) -> RichText:
    properties = CharacterProperties(sz=size, solidFill=colour)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=properties), endParaRPr=properties)])


def _axes(drawn: BarChart, form: str, *, stacked: bool) -> None:
    labels, values = drawn.x_axis, drawn.y_axis
    for axis in (labels, values):
        axis.delete = False
        axis.title = None
        axis.txPr = _ink_text("262626", 900)
    labels.scaling.orientation = "maxMin"  # the first row of the table on top
    labels.tickLblSkip = 1
    labels.tickLblPos = "low"
    labels.majorTickMark = "none"
    values.crosses = "max"  # with the labels turned round, the far end is the bottom
    values.number_format = "0%" if stacked else _AXIS_FORMATS.get(form, "General")
    values.numFmt.sourceLinked = False
    values.majorGridlines = None
    values.delete = True  # every bar carries its number
    labels.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill="BFBFBF", w=6350))
    if form == "share" and not stacked:
        values.scaling.min = 0


def _pale(row: int) -> DataPoint:
    """A bar that does not bear the accent."""
    return DataPoint(idx=row, invertIfNegative=False, spPr=GraphicalProperties(solidFill=REST))
