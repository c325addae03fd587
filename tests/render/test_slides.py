"""The deck: opened again by python-pptx and by LibreOffice; charts that can be edited, notes, templates."""

import io
import shutil
import subprocess

import openpyxl
import pandas as pd
import pytest
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Inches

import survey
from survey.document import Chart, Column, Note, Report, Sentence, Sheet, TitleBlock
from survey.errors import UsageError
from survey.render import write_report
from survey.render.colours import ACCENT, GREY, REST
from tests.office import converted
from tests.paths import SAMPLE
from tests.render.samples import options, pictures, report, table
from tests.render.test_page import banner_table, made

SCALE = [f"point_{point}" for point in range(1, 6)]


@pytest.fixture
def deck(tmp_path):
    """Write a report as a deck and open it again."""

    def write(document, **settings):
        return Presentation(write_report(document, tmp_path / "deck.pptx", **settings))

    return write


def titles(deck):
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def charts(deck):
    """Every chart with the frame it stands in."""
    return [
        (shape, shape.chart)
        for slide in deck.slides
        for shape in slide.shapes
        if getattr(shape, "has_chart", False)
    ]


def embedded(chart):
    """The rows of the workbook inside a chart."""
    book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


def bars(count, **fields):
    """A report of one chart with that many bars, the marks of a table beside it."""
    frame = options([f"Option {number}" for number in range(count)])
    frame = frame.assign(proportion=[(count - n) / (count + 1) for n in range(count)], marks="")
    columns = (Column("label", "Option"), Column("proportion", "Share", "share", marks="marks"))
    chart = Chart("c", "bar", "One leads", "label", ("proportion",), "Bars.", **fields)
    return report(Sheet("S", "S", tables=(table(frame, columns),), charts=(chart,)))


# -- what is on it ---------------------------------------------------------------------------------------


def test_the_slides_go_from_head_to_method(deck):
    written = titles(deck(made()))
    assert written[0] == 'Firms "abroad" & <at> home'
    assert written[1] == "Licences are what most firms need"
    assert {"Needs", "Licences lead", "Overlaps"} <= set(written)
    assert written[-1] == "Method"
    assert "Long" not in written  # the appendix


def test_charts_are_native_with_their_data_inside(deck):
    ((frame, chart),) = charts(deck(made()))
    assert embedded(chart) == [[None, "Share"], ["Licences", 0.6], ["Money", 0.55]]
    assert frame._element.xpath(".//p:cNvPr/@descr") == ["Bars."]
    assert list(chart.plots[0].categories) == ["Licences", "Money"]
    assert not chart.has_title
    assert not chart.has_legend
    assert not chart.value_axis.visible
    labels = chart.plots[0].series[0].data_labels
    assert (labels.number_format, labels.show_value) == ("0%", True)
    series = chart.plots[0].series[0]
    assert str(series.format.fill.fore_color.rgb) == ACCENT
    assert str(series.points[1].format.fill.fore_color.rgb) == REST


def test_every_picture_chart_and_table_has_an_alternative_text(deck):
    shown = 0
    for slide in deck(made(title_block=TitleBlock(title="T"))).slides:
        for shape in slide.shapes:
            if shape.shape_type == 13 or shape.has_chart or shape.has_table:
                shown += 1
                assert shape._element.xpath(".//p:cNvPr")[0].get("descr")
    assert shown >= 4


def test_notes_carry_wording_base_and_test(deck):
    chart = Chart(
        "c", "bar", "T", "label", ("proportion",), "Bars.", notes=("What?", "n = 20", "Fisher's test")
    )
    sheet = Sheet(
        "S", "S", tables=(table(options(), (Column("label", "O"), Column("proportion", "P", "share"))),)
    )
    with_notes = report(Sheet(**{**vars(sheet), "charts": (chart,)}))
    without = report(
        Sheet(**{**vars(sheet), "charts": (Chart(**{**vars(chart), "notes": ()}),), "question": "Why?"})
    )
    assert _notes(deck(with_notes)) == ["What?\nn = 20\nFisher's test\nBars."]
    assert _notes(deck(without)) == ["Why?\n20 respondents who answered\nBars."]


def test_notes_find_the_head_of_the_section_and_the_notes_by_number(deck):
    frame = pd.DataFrame(
        {
            "label": ["Needs: what do you need?", "Licences", "Money"],
            "n": [20, 0.6, 0.5],
            "section": [True, False, False],
        }
    )
    rows = table(frame, (Column("label", "Option"), Column("n", "Share", "share")), base_text="")
    chart = Chart("c", "bar", "T", "label", ("n",), "Bars.", table="needs", first=1, rows=2)
    sheets = (Sheet("A", "A", tables=(rows,), footnotes=(2,)), Sheet("B", "B", charts=(chart,)))
    document = report(*sheets, notes=(Note("One", "of others"), Note("Test", "Fisher's")))
    assert _notes(deck(document)) == ["Needs: what do you need?\nn = 20\nTest: Fisher's\nBars."]


def _notes(deck):
    return [
        slide.notes_slide.notes_text_frame.text
        for slide in deck.slides
        if any(getattr(shape, "has_chart", False) for shape in slide.shapes)
    ]


@pytest.mark.parametrize(("count", "slides"), [(1, 1), (14, 1), (15, 2), (60, 5)])
def test_many_bars_go_on_over_several_slides(deck, count, slides):
    shown = charts(deck(bars(count, accent=(0, count - 1))))
    assert len(shown) == slides
    labels = [label for _, chart in shown for label in chart.plots[0].categories]
    assert labels == [f"Option {number}" for number in range(count)]
    first, last = shown[0][1].plots[0].series[0], shown[-1][1].plots[0].series[0]
    if count > 1:
        grey = first.points[1].format.fill
        assert str(grey.fore_color.rgb) == REST
    assert str(last.format.fill.fore_color.rgb) == ACCENT


def test_a_stacked_chart_runs_over_the_scale(deck):
    frame = pd.DataFrame(
        {"label": ["Law", "Staff"]} | {name: [0.1, 0.2] for name in SCALE[:4]} | {SCALE[4]: [0.6, 0.2]}
    )
    columns = [Column("label", "Item"), *(Column(name, name, "share") for name in SCALE)]
    chart = Chart("c", "stacked", "All answers", "label", tuple(SCALE), "Parts.")
    ((_, shown),) = charts(deck(report(Sheet("S", "S", tables=(table(frame, columns),), charts=(chart,)))))
    assert shown.has_legend
    assert len({str(series.format.fill.fore_color.rgb) for series in shown.plots[0].series}) == 5
    assert embedded(shown)[1] == ["Law", 0.1, 0.1, 0.1, 0.1, 0.6]


def test_hidden_numbers_are_in_no_part_of_the_deck(deck, tmp_path):
    document = bars(4)
    sheet = document.sheets[1]
    frame = sheet.tables[0].data.assign(marks=["", "hidden", "", ""], proportion=[0.5, 0.123456, 0.25, 0.125])
    hiding = report(
        Sheet(
            "S", "S", findings=("One.",), tables=(table(frame, sheet.tables[0].columns),), charts=sheet.charts
        )
    )
    ((_, chart),) = charts(deck(hiding))
    assert [row[1] for row in embedded(chart)] == ["Share", 0.5, None, 0.25, 0.125]
    import zipfile

    def parts(content):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                part = archive.read(name)
                yield part
                if name.endswith(".xlsx"):
                    yield from parts(part)

    for ending in (".pptx", ".html", ".xlsx"):
        path = write_report(hiding, tmp_path / f"hiding{ending}")
        content = path.read_bytes()
        if ending != ".xlsx":  # its cells are the composer's, who hides them
            for part in [content] if ending == ".html" else parts(content):
                assert b"123456" not in part, ending


def test_a_table_shows_arrows_and_whole_percent(deck):
    sheet = Sheet("S", "S", findings=("One.",), tables=(banner_table(),))
    (drawn,) = [s.table for slide in deck(report(sheet)).slides for s in slide.shapes if s.has_table]
    cells = [[cell.text for cell in row.cells] for row in drawn.rows]
    assert cells[0] == ["Question", "All", "Going alone"]
    assert ["Law", "78%", "\u25bc 50%"] in cells
    assert ["Money", "25%", "[c]"] in cells


@pytest.mark.parametrize("sheets", [(), (Sheet("Empty", ""),)], ids=len)
def test_hardly_anything_makes_a_deck_too(deck, sheets):
    assert len(deck(Report("en", sheets)).slides) >= 1


def test_without_pictures_there_are_charts(deck):
    shown = deck(made(), pictures=False)
    assert charts(shown)
    assert not [s for slide in shown.slides for s in slide.shapes if s.shape_type == 13]


def test_long_texts_go_on_over_several_slides(deck):
    notes = tuple(Note(f"Topic {n}", "A long sentence about a method. " * 8) for n in range(20))
    written = titles(deck(report(notes=notes)))
    parts = [title for title in written if title.startswith("Method (")]
    assert len(parts) > 3
    assert parts[-1] == f"Method ({len(parts)}/{len(parts)})"


@pytest.mark.parametrize(("words", "lines"), [(6, 1), (20, 2), (34, 3)])
def test_what_stands_below_a_long_line_under_the_title_makes_room_for_it(deck, words, lines):
    sentences = (Sentence("One finding."),)
    shown = deck(report(Sheet("S", "A title", subtitle="weighted " * words, findings=sentences)))
    head, body = [box for box in shown.slides[1].shapes if box.has_text_frame and not box.is_placeholder][:2]
    assert head.height == pytest.approx(Inches(0.32 + 0.24 * (lines - 1)), abs=2)
    assert body.top >= head.top + head.height


# -- reconstructed data ----------------------------------------------------------------------------------


def shown_text(slide):
    """What stands on a slide for all to see, its notes aside."""
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def in_italics(frame):
    """The texts in grey italics."""
    runs = [run for paragraph in frame.paragraphs for run in paragraph.runs]
    return [run.text for run in runs if run.font.italic and str(run.font.color.rgb) == GREY]


@pytest.mark.parametrize(
    ("lang", "note", "source"),
    [
        (
            "en",
            "Reconstructed from published figures, not answers of respondents",
            "Source of the data: reconstructed from figures of PharmCube (2026)",
        ),
        ("zh", "由公布数字重构，并非受访者答卷", "数据来源：由公布数字重构，数字出自PharmCube (2026)"),
    ],
)
def test_every_slide_says_that_the_data_are_reconstructed(deck, lang, note, source):
    whole = survey.analyze(survey.read_responses(SAMPLE), lang=lang)
    slides = list(deck(whole).slides)
    kinds = {shape.shape_type for slide in slides for shape in slide.shapes}
    assert {3, 13, 19} <= kinds  # charts, pictures, tables
    for slide in slides:
        assert shown_text(slide).count(note) == 1
        assert source in shown_text(slide)
    findings = [text for shape in slides[1].shapes for text in in_italics(shape.text_frame)]
    assert findings == [text for text in (whole.sheets[0].title, *whole.sheets[0].findings) if text.unfixed]


def test_a_slide_says_once_what_the_data_are(deck):
    from dataclasses import replace

    note = "Made up"
    drawn = replace(pictures()["importance"], footer="Fisher's test \u00b7 Made up")
    sheets = (Sheet("S", "S", findings=("One.",), pictures=(drawn,)),)
    block = TitleBlock(data_source="ACME", footer="Draft")
    _, findings, picture = deck(report(*sheets, data_note=note, title_block=block)).slides
    assert "Made up \u00b7 Source of the data: ACME \u00b7 Draft" in shown_text(findings)
    assert "\nFisher's test \u00b7 Made up \u00b7 Draft" in f"\n{shown_text(picture)}"


def test_what_figures_do_not_fix_is_in_grey_italics(deck):
    open_text, fixed_text = Sentence("Open.", unfixed=True), Sentence("Fixed.")
    title = Sentence("An  open title", unfixed=True)
    sheet = Sheet("S", title, findings=(open_text, fixed_text), tables=(banner_table(),))
    _, summary, numbers = deck(report(sheet)).slides
    assert [text for shape in summary.shapes for text in in_italics(shape.text_frame)] == [
        "An open title",
        "Open.",
    ]
    (drawn,) = [shape.table for shape in numbers.shapes if shape.has_table]
    assert [text for row in drawn.rows for cell in row.cells for text in in_italics(cell.text_frame)] == [
        "(20%)"
    ]


@pytest.mark.parametrize("count", [3, 20])
def test_labels_of_bars_are_in_grey_italics_where_figures_do_not_fix_them(deck, count):
    document = bars(count)
    sheet = document.sheets[1]
    marks = ["unfixed"] + [""] * (count - 2) + ["unfixed small"]
    frame = sheet.tables[0].data.assign(marks=marks)
    marked = report(Sheet("S", "S", tables=(table(frame, sheet.tables[0].columns),), charts=sheet.charts))
    series = [chart.plots[0].series[0] for _, chart in charts(deck(marked))]
    labels = [label for one in series for label in one._element.iter(qn("c:dLbl"))]
    assert len(labels) == 2
    for label in labels:
        (font,) = label.iter(qn("a:defRPr"))
        assert font.get("i") == "1"
        assert [colour.get("val") for colour in font.iter(qn("a:srgbClr"))] == [GREY]
        assert label.find(qn("c:numFmt")).get("formatCode") == "0%"
        assert label.find(qn("c:showVal")).get("val") == "1"
    places = [label.find(qn("c:idx")).get("val") for label in labels]
    assert places == ["0", str(count // len(series) - 1)]


def test_parts_of_stacked_bars_keep_their_ink_in_italics(deck):
    frame = pd.DataFrame({"label": ["Law"]} | {name: [0.2] for name in SCALE} | {"marks": ["unfixed"]})
    columns = [Column("label", "Item"), *(Column(name, name, "share", marks="marks") for name in SCALE)]
    chart = Chart("c", "stacked", "All answers", "label", tuple(SCALE), "Parts.")
    ((_, shown),) = charts(deck(report(Sheet("S", "S", tables=(table(frame, columns),), charts=(chart,)))))
    for series in shown.plots[0].series:
        (label,) = series._element.iter(qn("c:dLbl"))
        ink = [colour.get("val") for colour in label.iter(qn("a:srgbClr"))]
        assert ink == [str(series.data_labels.font.color.rgb)]
        assert [font.get("i") for font in label.iter(qn("a:defRPr"))] == ["1"]


def test_the_first_slide_of_a_template_without_a_subtitle_says_it_too(deck, tmp_path):
    bare = Presentation()
    for layout in list(bare.slide_layouts):
        if layout.name != "Title Only":
            bare.slide_layouts.remove(layout)
    bare.save(tmp_path / "house.pptx")
    assert "Made up." in shown_text(deck(made(), template=tmp_path / "house.pptx").slides[0])


# -- templates -------------------------------------------------------------------------------------------


def house(path, *, keep=lambda layout: True):
    """A firm's deck: narrow, with a slide of its own, some layouts left out."""
    deck = Presentation()
    deck.slide_master.name = "House of Us"
    deck.slides.add_slide(deck.slide_layouts[1]).shapes.title.text = "An old slide"
    for layout in list(deck.slide_layouts):
        if layout.name != "Title and Content" and not keep(layout):
            deck.slide_layouts.remove(layout)
    deck.save(path)
    return path


def test_the_firms_own_master_is_used(deck, tmp_path):
    shown = deck(made(), template=house(tmp_path / "house.pptx"))
    assert (shown.slide_width, shown.slide_height) == (Inches(10), Inches(7.5))
    assert shown.slide_master.name == "House of Us"
    assert "An old slide" not in titles(shown)
    assert shown.slides[0].slide_layout.name == "Title Slide"
    assert {slide.slide_layout.name for slide in list(shown.slides)[1:]} == {"Title Only"}
    for slide in shown.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= shown.slide_width
            assert shape.top + shape.height <= shown.slide_height + Inches(0.1)


def test_a_template_without_layouts_for_slides_is_refused(tmp_path):
    bare = house(tmp_path / "bare.pptx", keep=lambda layout: layout.name == "Blank")
    opened = Presentation(bare)
    for layout in opened.slide_layouts:
        for shape in list(layout.placeholders):
            shape._element.getparent().remove(shape._element)
    opened.save(bare)
    with pytest.raises(UsageError) as refused:
        write_report(made(), tmp_path / "deck.pptx", template=bare)
    assert [problem.key for problem in refused.value.problems] == ["template_layouts"]


@pytest.mark.parametrize("content", [None, b"", b"no deck", b"PK\x03\x04"])
def test_what_is_no_template_is_refused_in_one_sentence(tmp_path, content):
    path = tmp_path / "house.pptx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        write_report(made(), tmp_path / "deck.pptx", template=path)
    key = "template_refused" if content is None else "template_no_deck"
    assert [problem.key for problem in refused.value.problems] == [key]
    assert "Error" not in str(refused.value)  # the name of a class tells a reader nothing
    assert not (tmp_path / "deck.pptx").exists()


def test_a_template_needs_a_deck(tmp_path):
    with pytest.raises(UsageError) as refused:
        write_report(made(), tmp_path / "page.html", template=house(tmp_path / "house.pptx"))
    assert [problem.key for problem in refused.value.problems] == ["template_without_deck"]


# -- in LibreOffice --------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_impress_opens_every_slide(tmp_path, lang):
    path = write_report(made(lang), tmp_path / "deck.pptx")
    pdf = converted(path, "pdf", tmp_path)
    text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout
    assert text.count("\f") == len(Presentation(path).slides)
    assert "Licences lead" in text
    assert "60%" in text  # the label of a bar


def test_pictures_of_a_deck_have_no_title_of_their_own(deck, tmp_path):
    from PIL import Image

    drawn = pictures()["importance"]
    shown = deck(report(Sheet("S", "S", pictures=(drawn,))))
    (blob,) = [s.image.blob for slide in shown.slides for s in slide.shapes if s.shape_type == 13]
    from survey.render.pictures import draw

    assert Image.open(io.BytesIO(blob)).height < Image.open(io.BytesIO(draw(drawn, "en"))).height
