"""Native charts: over the real cells, with cached values, readable from the top down."""

import math

import numpy as np
import openpyxl
import pandas as pd
import pytest

from survey.document import Chart, Column, Sheet
from survey.render import write_report
from survey.render.colours import from_hex, luminance, readable_ink, scale_colours
from tests.render.samples import LABELLED, options, report, table

BARS = Chart("shares", "bar", "Shares of needs", "label", ("proportion",), "Bars.")


def charted(tmp_path, chart, frame, columns):
    made = report(Sheet("It's needs", "Needs", tables=(table(frame, columns),), charts=(chart,)))
    book = openpyxl.load_workbook(write_report(made, tmp_path / "report.xlsx"))
    (drawn,) = book["It's needs"]._charts
    return book["It's needs"], drawn


def points(count=5):
    frame = pd.DataFrame({"item": ["Cost", "Rules"], **{f"p{i}": [1 / count, None] for i in range(count)}})
    columns = [Column("item", "Item"), *(Column(f"p{i}", f"Point {i}", "share") for i in range(count))]
    return frame, columns


def test_bars_refer_to_the_cells_and_carry_their_values(tmp_path):
    sheet, chart = charted(tmp_path, BARS, options(["A", "B", "C"]), LABELLED)
    (found,) = sheet.tables.values()
    first = sheet[found.ref.split(":")[0]].row
    (series,) = chart.series
    assert series.cat.strRef.f == f"'It''s needs'!$A${first + 1}:$A${first + 3}"
    assert series.val.numRef.f == f"'It''s needs'!$C${first + 1}:$C${first + 3}"
    assert series.tx.strRef.f == f"'It''s needs'!$C${first}"
    assert [point.v for point in series.cat.strRef.strCache.pt] == ["A", "B", "C"]
    assert [float(point.v) for point in series.val.numRef.numCache.pt] == pytest.approx([0.6, 0.55, 0.5])
    assert series.tx.strRef.strCache.pt[0].v == "Share"


def test_a_chart_is_readable(tmp_path):
    _, chart = charted(tmp_path, BARS, options(), LABELLED)
    assert chart.barDir == "bar"
    assert not chart.x_axis.delete
    assert chart.y_axis.delete  # every bar carries its number
    assert chart.x_axis.tickLblSkip == 1
    assert chart.x_axis.scaling.orientation == "maxMin"
    assert chart.title.overlay is False
    assert chart.y_axis.number_format.formatCode == "0%"
    assert chart.series[0].dLbls.showVal
    assert chart.series[0].dLbls.numFmt == "0%"
    assert chart.legend is None


def test_stacked_bars_fill_the_width_and_have_a_legend(tmp_path):
    chart = Chart("all", "stacked", "All answers", "item", tuple(f"p{i}" for i in range(5)), "Stacked.")
    _, drawn = charted(tmp_path, chart, *points())
    assert (drawn.grouping, drawn.overlap, len(drawn.series)) == ("percentStacked", 100, 5)
    assert drawn.legend.position == "b"
    assert [point.idx for point in drawn.series[0].val.numRef.numCache.pt] == [0]  # the blank has no value


def test_cached_values_are_plain_numbers(tmp_path):
    frame = options(["A", "B", "C", "D"])
    frame["proportion"] = pd.Series([np.float64(0.5), math.inf, "below", 1], dtype=object)
    _, drawn = charted(tmp_path, BARS, frame, LABELLED)
    assert [(point.idx, float(point.v)) for point in drawn.series[0].val.numRef.numCache.pt] == [
        (0, 0.5),
        (3, 1.0),
    ]


def test_a_chart_can_stop_at_the_first_rows(tmp_path):
    chart = Chart("shares", "bar", "Shares", "label", ("proportion",), "Bars.", rows=2)
    _, drawn = charted(tmp_path, chart, options(["A", "B", "C"]), LABELLED)
    assert drawn.series[0].val.numRef.numCache.ptCount == 2


def test_a_series_that_is_not_shown_is_named(tmp_path):
    chart = Chart("shares", "bar", "Shares", "label", ("base",), "Bars.")
    with pytest.raises(ValueError, match="'shares' needs the column 'base'"):
        charted(tmp_path, chart, options(), LABELLED)


@pytest.mark.parametrize("count", range(1, 12))
def test_labels_stand_out_from_their_segments(count):
    for colour in scale_colours(count):
        shade = from_hex(colour)
        light, dark = sorted((luminance(shade), luminance(from_hex(readable_ink(shade)))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5
