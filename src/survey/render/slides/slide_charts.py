"""Native charts of slides: bars without frames, labelled directly, the accent on what a test supports."""

from typing import Any

from survey.document import Chart
from survey.render.charted import ChartData
from survey.render.colours import ACCENT, GREY, INK, PAPER, REST, SERIES, ink_on, stack_colours
from survey.render.slides.master import Room, rgb

_FORMATS = {"share": "0%", "points": "+0%;-0%;0%", "count": "0", "number": "0.00", "p": "0.000"}
_INSIDE = '[<0.035]"";0%'  # a narrower part has no room for its percentage
_POINT = 12_700


def add_chart(slide: Any, chart: Chart, data: ChartData, room: Room) -> Any:
    """Add a chart to a slide; give its frame."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE

    stacked = chart.kind == "stacked"
    number_format = _FORMATS.get(data.form, "General")
    content: Any = CategoryChartData(number_format=number_format)  # type: ignore[no-untyped-call]
    content.categories = list(data.labels)
    for heading, values in zip(data.headings, data.values, strict=True):
        content.add_series(heading, values)
    kind = XL_CHART_TYPE.BAR_STACKED_100 if stacked else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(kind, *room, content)
    drawn = frame.chart
    size = (14 if len(data.labels) <= 10 else 12) * _POINT
    drawn.font.size = size
    drawn.has_title = False
    _legend(drawn, shown=len(data.headings) > 1)
    _axes(drawn, data)
    plot = drawn.plots[0]
    plot.gap_width = 45
    plot.overlap = 100 if stacked else -5
    plot.vary_by_categories = False
    colours = (
        stack_colours(len(data.headings), chart.aside, ordered=chart.ordered) if stacked else list(SERIES)
    )
    for number, series in enumerate(plot.series):
        colour = colours[number % len(colours)] if stacked or len(data.headings) > 1 else ACCENT
        _fill(series.format, colour)
        if chart.accent is not None and not stacked and len(data.headings) == 1:
            for place in range(len(data.labels)):
                if place not in chart.accent:
                    _fill(series.points[place].format, REST)
        inside = colour if stacked else ""
        _labels(series, number_format, size, inside=inside)
        _label_unfixed(series, data.unfixed[number], size, inside=inside)
    return frame


def _fill(look: Any, colour: str) -> None:

    look.fill.solid()
    look.fill.fore_color.rgb = rgb(colour)
    look.line.color.rgb = rgb(PAPER)


def _legend(drawn: Any, *, shown: bool) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION

    drawn.has_legend = shown
    if shown:
        drawn.legend.position = XL_LEGEND_POSITION.TOP
        drawn.legend.include_in_layout = False


def _axes(drawn: Any, data: ChartData) -> None:
    """The first row on top, its label at the left; no scale, for bars carry their numbers."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION, XL_TICK_MARK

    labels, values = drawn.category_axis, drawn.value_axis
    labels.reverse_order = True
    labels.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    labels.major_tick_mark = XL_TICK_MARK.NONE
    labels.format.line.color.rgb = rgb(GREY)
    labels.tick_labels.font.color.rgb = rgb(INK)
    values.visible = False
    values.has_major_gridlines = False
    numbers = [number for line in data.values for number in line if number is not None]
    if data.form == "share" and min(numbers, default=0) >= 0:
        values.minimum_scale = 0


def _labels(series: Any, number_format: str, size: int, *, inside: str) -> None:
    """Write the numbers: at the ends of bars, or inside parts that have room."""
    from pptx.enum.chart import XL_LABEL_POSITION

    labels = series.data_labels
    labels.show_value = True
    labels.number_format = _INSIDE if inside and number_format == "0%" else number_format
    labels.number_format_is_linked = False
    labels.position = XL_LABEL_POSITION.CENTER if inside else XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size = size
    labels.font.bold = not inside
    labels.font.color.rgb = rgb(ink_on(inside) if inside else INK)


def _label_unfixed(series: Any, unfixed: tuple[bool, ...], size: int, *, inside: str) -> None:
    """Write in grey italics the numbers that published figures do not fix; inside a part in its own ink."""
    from lxml import etree
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.oxml.ns import qn

    for place in (place for place, is_open in enumerate(unfixed) if is_open):
        label = series.points[place].data_label
        label.font.italic, label.font.bold, label.font.size = True, not inside, size
        label.font.color.rgb = rgb(ink_on(inside) if inside else GREY)
        label.position = XL_LABEL_POSITION.CENTER if inside else XL_LABEL_POSITION.OUTSIDE_END
        shown = series.data_labels.number_format
        written = etree.Element(qn("c:numFmt"), formatCode=shown, sourceLinked="0")
        label._dLbl.find(qn("c:idx")).addnext(written)
