"""Pictures: every kind, every length of scale, empty, Chinese with and without a font, and the same bytes."""

import io
import math
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import matplotlib
import pandas as pd
import pytest
from PIL import Image

import survey
from survey.document import Chart, Column, Picture
from survey.render import pictures as drawing
from survey.render.colours import ACCENT, REST, SERIES, from_hex, ink_on, luminance, scale_colours
from survey.render.drawings import Drawings
from survey.render.pictures import DRAWINGS, chinese_font, draw, lacks_font
from survey.render.pictures.canvas import DPI, Sketch
from survey.render.pictures.charts import chart_picture
from survey.render.pictures.fonts import _best, _rank
from survey.render.pictures.odds_ratios import odds_ratio_picture
from survey.render.pictures.printed import base_range, percent
from survey.render.texts import clean, width, wrap
from tests.render.samples import (
    CHINESE_ITEMS,
    ITEMS,
    battery,
    crosstab,
    importance,
    options,
    overlap,
    pictures,
    table,
)

NEEDS_FONT = pytest.mark.skipif(chinese_font() is None, reason="no Chinese font is installed")


def test_a_picture_is_kept_by_itself_and_not_by_a_number_that_is_used_again():
    """A chart of a page is a picture that nobody else keeps: the next one may get its place in memory."""
    drawings = Drawings("en")
    kinds = pictures()
    names = [name for name in kinds for _ in range(3)]
    for name in names:
        assert drawings.svg(replace(kinds[name])) == draw(kinds[name], "en", form="svg").decode()
    assert len(drawings._drawn) == len(names)


def opened(png):
    image = Image.open(io.BytesIO(png))
    assert image.format == "PNG"
    assert not image.info.get("Software")
    return image


def texts_of(picture, lang="en", monkeypatch=None):
    """The texts that a picture shows."""

    shown = []
    original = Sketch.text
    monkeypatch.setattr(
        Sketch,
        "text",
        lambda self, x, y, text, **look: shown.append(text) or original(self, x, y, text, **look),
    )
    draw(picture, lang)
    return [" ".join(text.split()) for text in shown]


@pytest.mark.parametrize("name", pictures())
def test_every_kind_draws_and_gives_the_same_bytes(name):
    picture = pictures()[name]
    png = draw(picture, "en")
    assert png == draw(picture, "en")
    image = opened(png)
    assert image.width > 600
    assert image.convert("RGB").getpixel((1, 1)) == (255, 255, 255)
    assert len(image.convert("RGB").getcolors(1 << 20)) > 20


def test_every_kind_has_a_drawing():
    from typing import get_args

    from survey.document import PictureKind

    assert set(DRAWINGS) == set(get_args(PictureKind))


@pytest.mark.parametrize("points", range(2, 12))
def test_scales_of_any_length(points, monkeypatch):
    labels = [(i, f"Point {i}") for i in range(1, points + 1)]
    details = {"points": labels, "order": list(ITEMS), "items": ITEMS, "top": 2}
    picture = Picture("p", "diverging", battery(points, base=40), "", "Points", {}, details)
    shown = texts_of(picture, monkeypatch=monkeypatch)
    assert ("Neutral" in shown) == (points % 2 == 1)
    assert [text for text in shown if text.startswith("Point ")] == [label for _, label in labels]


def test_the_top_box_comes_from_the_counts(monkeypatch):
    frame = battery(5, {"cost": "Cost"}, 8)
    frame["n"] = [
        0,
        3,
        0,
        1,
        4,
    ]  # 12.5 % and 50 %: rounded one by one they would give 63 % as well; 3/8 is 38 %
    frame["proportion"] = frame["n"] / 8
    details = {"points": [(i, str(i)) for i in range(1, 6)], "items": {"cost": "Cost"}, "top": 2}
    shown = texts_of(Picture("p", "diverging", frame, "", "P", {}, details), monkeypatch=monkeypatch)
    assert {"63%", "38%", "50%", "13%", "Top 2", "Respondents: n = 8"} <= set(shown)


def test_differing_bases_stand_beside_the_items(monkeypatch):
    frame = battery()
    frame.loc[frame["item"] == "staff", "base"] = 19
    shown = texts_of(replace(pictures()["diverging"], data=frame), monkeypatch=monkeypatch)
    assert {"Cost (n = 20)", "Staff (n = 19)"} <= set(shown)


def test_importance_says_share_count_and_base(monkeypatch):
    shown = texts_of(pictures()["importance"], monkeypatch=monkeypatch)
    assert {"75%", "40–90%", "20", "Cost", "Share", "Interval", "n"} <= set(shown)


def test_the_heat_map_has_bases_totals_and_marks_low_ones(monkeypatch):
    shown = texts_of(pictures(x="Ways abroad", all="Everybody")["heatmap"], monkeypatch=monkeypatch)
    assert {"Everybody (n = 20)", "Going alone (n = 3)", "Ways abroad", "33% (1) [low]", "55% (11)"} <= set(
        shown
    )
    assert any("fewer than 5" in text for text in shown)
    assert "10% (1)" in shown


def test_combinations_say_how_many_are_in_none(monkeypatch):
    shown = texts_of(pictures()["combinations"], monkeypatch=monkeypatch)
    assert {"none of these", "Respondents: n = 20", "n=9", "45%"} <= set(shown)


def test_many_combinations_leave_the_rare_ones_out_aloud(monkeypatch):
    codes = ["alone", "partner", "licence"]
    patterns = [((codes[i % 3], f"other{i}"), 30 - i) for i in range(25)]
    picture = replace(pictures()["combinations"], details={"patterns": patterns})
    assert any(
        "7 rarer combinations with 63 respondents" in text
        for text in texts_of(picture, monkeypatch=monkeypatch)
    )


@pytest.mark.parametrize("name", pictures())
def test_nothing_to_show_is_said(name, monkeypatch):
    picture = pictures(empty="Nobody answered.")[name]
    nothing = {"n": 0, "base": 0, "n_top": 0, "proportion": math.nan, "low": math.nan, "high": math.nan}
    nothing["marginal"] = math.nan
    for frame in (picture.data.iloc[:0], picture.data.assign(**nothing)):
        bare = replace(picture, data=frame, details={})
        assert "Nobody answered." in texts_of(bare, monkeypatch=monkeypatch)
        monkeypatch.undo()


def test_one_group_one_item_and_missing_cells_draw():
    lone = overlap().iloc[:1]
    opened(draw(Picture("o", "overlaps", lone, "", "One"), "en"))
    opened(draw(Picture("i", "importance", importance({"a": "A"}), "", "One"), "en"))
    frame = crosstab()
    frame.loc[0, ["proportion", "base", "n"]] = [math.nan, 0, 0]
    opened(draw(Picture("h", "heatmap", frame, "", "Some"), "en"))


def test_awkward_labels_are_drawn_as_they_are(monkeypatch):
    labels = {
        "money": "$5 to $10 million",
        "emoji": "Happy 😀\x00",
        "arabic": "مرحبا",
        "long": "x" * 200,
        "none": "",
    }
    picture = replace(pictures()["importance"], data=importance(labels))
    shown = texts_of(picture, monkeypatch=monkeypatch)
    assert "$5 to $10 million" in shown
    assert "none" in shown  # the id where the label is empty


@NEEDS_FONT
@pytest.mark.parametrize("name", pictures())
def test_chinese_is_drawn(name, monkeypatch):
    picture = pictures(CHINESE_ITEMS)[name]
    assert not lacks_font(picture, "zh")
    opened(draw(picture, "zh"))
    if name in ("diverging", "importance", "heatmap"):
        assert "成本" in texts_of(picture, "zh", monkeypatch)


@pytest.mark.parametrize("name", pictures())
def test_without_a_chinese_font_ids_and_english_words_are_drawn(name, monkeypatch):
    monkeypatch.setattr(drawing, "chinese_font", lambda: None)
    picture = pictures(CHINESE_ITEMS, share="占比", base="基数")[name]
    assert lacks_font(picture, "zh")
    shown = texts_of(picture, "zh", monkeypatch)
    assert all(text.isascii() or set(text) & set("–−…→") for text in "".join(shown).split())
    if name == "importance":
        assert {"cost", "rules", "Share"} <= set(shown)


def test_english_pictures_need_no_chinese_font(monkeypatch):
    monkeypatch.setattr(drawing, "chinese_font", lambda: None)
    assert not lacks_font(pictures()["heatmap"], "en")


def test_the_better_font_is_chosen(tmp_path):
    files = {
        name: tmp_path / f"{i}.ttf"
        for i, name in enumerate(["SimSun", "Noto Sans CJK JP", "Noto Sans CJK SC"])
    }
    for path in files.values():
        path.touch()
    assert _best((name, str(path)) for name, path in files.items()) == "Noto Sans CJK SC"
    files["Noto Sans CJK SC"].unlink()
    assert _best((name, str(path)) for name, path in files.items()) == "Noto Sans CJK JP"
    assert _best([("DejaVu Sans", str(tmp_path))]) is None
    assert _rank("msyh") is not None


def test_the_users_settings_are_left_alone():
    with matplotlib.rc_context({"axes.facecolor": "red", "figure.dpi": 33, "font.size": 40}):
        before = dict(matplotlib.rcParams)
        mine = draw(pictures()["heatmap"], "en")
        assert dict(matplotlib.rcParams) == before
    assert mine == draw(pictures()["heatmap"], "en")


def drawn_as_figure(size, top, marks):
    """The marks as a figure of matplotlib draws them on axes that fill it, under its own settings."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.collections import LineCollection, PolyCollection
    from matplotlib.figure import Figure

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        figure = Figure(figsize=size, dpi=DPI, facecolor="white")
        canvas = FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, size[0]), ylim=(size[1] - top, -top))
        axes.set_axis_off()
        for layer, (kind, places, look) in enumerate(marks):
            if kind == "dots":
                axes.scatter(*zip(*places, strict=True), zorder=layer, clip_on=False, **look)
            else:
                collection = {"lines": LineCollection, "areas": PolyCollection}[kind]
                axes.add_collection(collection(places, zorder=layer, **look), autolim=False)
        canvas.draw()
        return Image.frombytes("RGBA", canvas.get_width_height(), bytes(canvas.buffer_rgba())).convert("RGB")


def test_marks_are_drawn_to_the_pixel_as_a_figure_of_matplotlib_draws_them():
    sketch = Sketch(pictures()["bars"], "en", {})
    sketch.size, sketch._top = (3.333, 2.217), 0.41  # no whole number of pixels
    boxes = [(0.3 + 0.371 * i, 0.1, 0.3, 0.1 * i) for i in range(1, 6)]
    fills = ["336699", "CC3311", "EEEEEE", "FFFFFF", "009988"]
    curve = [(0.01 * i, 0.9 + 0.4 * math.sin(i / 9)) for i in range(300)]  # long enough to be simplified
    lines = [[(0.2, 0.35), (3.2, 0.35)], [(0.5, -0.3), (2.9, 1.7)]]
    points = [(0.5 + 0.213 * i, 1.2 + 0.037 * i) for i in range(8)]
    corners = [(0.2, 1.0), (2.1, 1.1), (1.7, 1.6)]
    sketch.area(corners, "DDEEFF")
    sketch.boxes(boxes, fills)
    sketch.lines([curve], "333333", 1.3)
    sketch.lines(lines, "AA3377", 0.7, dashed=True)
    sketch.dots(points, "CC3311", radius=0.061)
    sketch.lines(lines, "000000", 0.4)
    squares = [((x, y), (x + w, y), (x + w, y + h), (x, y + h)) for x, y, w, h in boxes]
    filled = {"facecolors": [f"#{fill}" for fill in fills], "edgecolors": "white", "linewidths": 0.8}
    dashed = {"colors": "#AA3377", "linewidths": 0.7, "linestyles": (0, (4, 2)), "capstyle": "butt"}
    dots = {"s": (2 * 72 * 0.061) ** 2, "facecolor": "#CC3311", "edgecolor": "white", "linewidth": 0.8}
    expected = drawn_as_figure(
        sketch.size,
        sketch._top,
        [
            ("areas", [corners], {"facecolors": "#DDEEFF", "edgecolors": "none"}),
            ("areas", squares, filled),
            ("lines", [curve], {"colors": "#333333", "linewidths": 1.3, "capstyle": "butt"}),
            ("lines", lines, dashed),
            ("dots", points, dots),
            ("lines", lines, {"colors": "black", "linewidths": 0.4, "capstyle": "butt"}),
        ],
    )
    with matplotlib.rc_context({"path.simplify_threshold": 1.0, "agg.path.chunksize": 101}):
        shown = sketch._rendered()
    assert shown.size == expected.size == (639, 425)
    assert shown.tobytes() == expected.tobytes()


def test_text_in_cells_stands_out():
    for step in range(256):
        grey = f"{step:02x}{step:02x}{step:02x}"
        ink = {"000000": 0.0, "FFFFFF": 1.0}[ink_on(grey)]
        light, dark = sorted((luminance(from_hex(grey)), ink), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def contrast(first, second):
    """The contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    light, dark = sorted((luminance(from_hex(colour)) + 0.05 for colour in (first, second)), reverse=True)
    return light / dark


def test_the_palette_is_told_apart_without_colour():
    assert contrast(ACCENT, REST) >= 3
    by_lightness = sorted(SERIES, key=lambda colour: luminance(from_hex(colour)))
    assert all(contrast(a, b) >= 1.25 for a, b in pairwise(by_lightness))
    for points in range(2, 12):
        colours = scale_colours(points)
        assert len(set(colours)) == points
        assert points > 5 or all(contrast(a, b) >= 1.25 for a, b in pairwise(colours) if points > 2)


# -- SVG -------------------------------------------------------------------------------------------------

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", pictures())
def test_a_picture_as_svg_has_text_title_and_description(name, monkeypatch):
    picture = pictures()[name]
    svg = draw(picture, "en", form="svg")
    assert svg == draw(picture, "en", form="svg")
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"picture-{picture.name}-title picture-{picture.name}-desc"
    assert (root.find(f"{SVG}title").text, root.find(f"{SVG}desc").text) == (picture.title, picture.alt)
    written = [text.text for text in root.iter(f"{SVG}text")]
    pieces = " ".join(texts_of(picture, monkeypatch=monkeypatch)).split()
    assert sorted(" ".join(written).split()) == sorted(pieces)
    wide, high = (float(root.get(side)) for side in ("width", "height"))
    for text in root.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x")) <= wide
        assert 0 <= float(text.get("y")) <= high
    assert b"<script" not in svg
    assert b"http" not in svg.replace(b"http://www.w3.org/2000/svg", b"")


def test_what_is_written_in_an_svg_stays_text():
    picture = replace(pictures()["importance"], title='<b>"R&D"</b>\x00', data=importance({"a": "<script>"}))
    root = ElementTree.fromstring(draw(picture, "en", form="svg"))
    assert root.find(f"{SVG}title").text == '<b>"R&D"</b>\ufffd'
    assert not [element for element in root.iter() if element.tag.endswith(("script", "}b"))]


def test_title_subtitle_and_footer_frame_the_drawing():
    picture = replace(pictures()["importance"], title="Cost leads", subtitle="n = 20", footer="Source: us.")
    bare = replace(picture, title="", subtitle="", footer="")
    places = {}
    for text in ElementTree.fromstring(draw(picture, "en", form="svg")).iter(f"{SVG}text"):
        places[text.text] = float(text.get("y"))
    assert places["Cost leads"] < places["n = 20"] < places["Cost"] < places["Staff"] < places["Source: us"]
    assert "Cost leads" not in draw(bare, "en", form="svg").decode()


def test_only_what_is_marked_bears_the_accent():
    picture = replace(pictures()["importance"], details={"accent": ["cost"]})
    root = ElementTree.fromstring(draw(picture, "en", form="svg"))
    dots = {
        group.get("fill"): len(group)
        for group in root.iter(f"{SVG}g")
        if group.find(f"{SVG}circle") is not None
    }
    assert dots[f"#{ACCENT}"] == 1
    assert sum(dots.values()) == 3


@pytest.mark.parametrize("copies", [1, 3, 6])
@pytest.mark.parametrize("label", ["Licensing (License-out)", "Co-development", "\u6388\u6743(License-out)"])
def test_headings_of_a_heat_map_break_no_word(label, copies):
    frame = crosstab()
    groups = [frame.assign(banner_code=f"{copy}_" + frame["banner_code"]) for copy in range(copies)]
    data = pd.concat(groups, ignore_index=True).assign(banner_label=label)
    root = ElementTree.fromstring(draw(replace(pictures()["heatmap"], data=data), "en", form="svg"))
    lines = [text.text for text in root.iter(f"{SVG}text")]
    for word in ("License-", "out", "development", "Licensing"):
        assert word not in label or any(word in line for line in lines), lines


def test_an_overlong_word_is_cut_at_a_joint():
    assert wrap("Co-development", 11) == ["Co-", "development"]
    assert wrap("NewCo(License-out)", 13) == ["NewCo", "(License-out)"]
    assert wrap("Biopharmaceutical", 9) == ["Biopharma", "ceutical"]
    assert wrap("-aaaa", 3) == ["-aa", "aa"]


# -- charts as pictures ----------------------------------------------------------------------------------


def test_a_chart_becomes_a_picture_of_its_rows(monkeypatch):
    frame = options(["A", "B", "C", "D"]).assign(marks=["", "hidden", "", ""])
    columns = (Column("label", "Option"), Column("proportion", "Share", "share", marks="marks"))
    shown = Chart("c", "bar", "A leads", "label", ("proportion",), "Bars.", rows=3, accent=(0,))
    picture = chart_picture(shown, table(frame, columns))
    assert picture.data["series_0"].isna().tolist() == [False, True, False]
    texts = texts_of(picture, monkeypatch=monkeypatch)
    assert texts == ["A leads", "A", "B", "C", "60%", "50%"]
    svg = draw(picture, "en", form="svg").decode()
    assert (svg.count(f'fill="#{ACCENT}"'), svg.count(f'fill="#{REST}"')) == (1, 1)


def test_percentages_are_rounded_half_up_from_the_counts():
    assert percent(1, 8, 0.125, digits=0) == "13%"
    assert percent(1, 200, 0.005, digits=0) == "1%"
    assert percent(29, 42, 29 / 42, digits=1) == "69.0%"
    assert percent(1.5, 3.0, 0.5) == "50%"
    assert percent(0, 0, math.nan) == "\u2013"
    assert base_range([3, 5, math.nan]) == "n\xa0=\xa03–5"


def test_text_is_wrapped_between_words_and_chinese_characters():
    assert wrap("one two three", 7) == ["one two", "three"]
    assert wrap("需要了解监管要求，很难", 8) == ["需要了解", "监管要", "求，很难"]
    assert wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert wrap("a\n\nb", 9) == ["a", "", "b"]
    assert wrap("the base (n\xa0=\xa042)", 12) == ["the base", "(n\xa0=\xa042)"]
    assert width("ab需") == 4
    assert clean("a\x07\r\nb") == "a\ufffd\nb"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_odds_ratios_are_drawn_as_they_stand_in_the_table(lang, overlapping):
    cells = survey.association(overlapping, "size", "channels", draws=9, lang=lang).cells
    cells.loc[0, "odds_ratio"] = math.inf
    (axes,) = odds_ratio_picture(cells, lang=lang).axes
    across, down = cells["row_label"].unique(), cells["column_label"].unique()
    assert [text.get_text() for text in axes.get_xticklabels()] == across.tolist()
    assert [text.get_text() for text in axes.get_yticklabels()] == down.tolist()
    ratios = cells.pivot(index="column_label", columns="row_label", values="odds_ratio").loc[down, across]
    assert [text.get_text() for text in axes.texts] == [f"{ratio:.2g}" for ratio in ratios.to_numpy().ravel()]
    axes.figure.savefig(io.BytesIO())


def test_numbers_of_neighbouring_bases_are_not_printed_over_each_other(monkeypatch):
    bases = (20, 84, 85, 112, 113)
    frame = pd.DataFrame({"group": "alone", "label": "Alone", "base": bases, "survives": True})
    heights = {}
    monkeypatch.setattr(Sketch, "text", lambda self, x, y, text, **look: heights.update({text: y}))
    draw(replace(pictures()["bases"], data=frame, details={"size": 137}), "en")
    assert heights["20"] == heights["84"] == heights["112"] < heights["85"] == heights["113"]
