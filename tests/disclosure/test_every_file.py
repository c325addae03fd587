"""A page and a deck say nothing that the workbook does not say: what the attack on it finds holds for them.

The files are read as somebody would who was sent them: cells of tables with the values behind them, the data
for download, texts of pictures, alternative texts, notes of slides, the workbooks inside charts.
"""

import html
import io
import re
import zipfile
from html.parser import HTMLParser

import pytest
from openpyxl import load_workbook
from pptx import Presentation

import survey
from survey.document import TitleBlock
from tests.disclosure.test_hidden_cells import gaps, people, sample, sevens
from tests.paths import ROOT

SHAPES = {
    "sample": (sample, {}),
    "sample in Chinese, 20": (sample, {"lang": "zh", "suppress": 20}),
    "sample by a single question": (sample, {"banner": "position"}),
    "overlapping": (lambda: people(60), {}),
    "overlapping, gaps": (gaps, {}),
    "seven points": (sevens, {}),
    "three respondents": (lambda: people(3), {}),
}
NUMBER = re.compile(r"\d+(?:\.\d+)?")
BLOCK = TitleBlock(title="T", fieldwork="now", data_source="us")


class _Page(HTMLParser):
    """What a page says: cells with the values behind them, and every text outside scripts and styles."""

    def __init__(self):
        super().__init__()
        self.values, self.texts, self.within = [], [], []

    def handle_starttag(self, tag, attributes):
        self.within.append(tag)
        if tag in ("td", "th") and "data-v" in dict(attributes):
            self.values.append(dict(attributes)["data-v"])
        self.texts += [text for name, text in attributes if name in ("aria-label", "alt", "title") and text]

    def handle_endtag(self, tag):
        while self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"style", "script"} & set(self.within):
            self.texts.append(data)


def numbers_in(texts):
    """Every number that stands in some texts, to ten digits: files round the last ones differently."""
    return {f"{float(match):.10g}" for text in texts for match in NUMBER.findall(str(text))}


def said_by_the_page(path):
    """The numbers of a page: those of its texts, those behind its cells, and those to be downloaded."""
    text = path.read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    tables = re.findall(r'<script type="text/csv">(.*?)</script>', text, re.DOTALL)
    return numbers_in(page.texts), numbers_in(page.values) | numbers_in(map(html.unescape, tables))


def said_by_the_deck(path):
    """The numbers of a deck: those of all its texts, notes and alternative texts, and those inside charts."""
    texts, inside = [], []
    for slide in Presentation(path).slides:
        for part in (slide, slide.notes_slide) if slide.has_notes_slide else (slide,):
            texts += part._element.xpath(".//a:t/text()")
            texts += part._element.xpath(".//@descr") + part._element.xpath(".//@title")
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".xlsx"):
                book = load_workbook(io.BytesIO(archive.read(name)))
                inside += [cell for sheet in book for row in sheet.values for cell in row if cell is not None]
            elif name.startswith("ppt/charts/") and name.endswith(".xml"):
                inside += re.findall(r"<c:v>([^<]*)</c:v>", archive.read(name).decode())
    return numbers_in(texts), numbers_in(inside)


def said_by_the_workbook(path):
    """The numbers of a workbook: those in cells and texts, and how cells show them."""
    values = [
        cell for sheet in load_workbook(path) for row in sheet.values for cell in row if cell is not None
    ]
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    sizes = [abs(number) for number in numbers]
    shares = {
        str(whole) for size in sizes if size <= 1 for whole in (round(100 * size), int(100 * size + 0.5))
    }
    rounded = numbers_in(f"{size:.{digits}}" for size in sizes for digits in ("1f", "2f", "3f", "6g"))
    with zipfile.ZipFile(path) as archive:
        drawings = [archive.read(name).decode() for name in archive.namelist() if "/drawing" in name]
    told = numbers_in([*values, *re.findall(r'descr="([^"]*)"', "".join(drawings))])
    return told, shares | rounded


@pytest.mark.parametrize("shape", SHAPES)
def test_page_and_deck_say_no_number_that_the_workbook_does_not(shape, tmp_path):
    make, settings = SHAPES[shape]
    report = survey.analyze(make(), title_block=BLOCK, **{"suppress": 5} | settings)
    book, page, deck = survey.write_report(
        report, [tmp_path / f"r{end}" for end in (".xlsx", ".html", ".pptx")]
    )
    written, shown = said_by_the_workbook(book)
    free = {str(number) for number in range(1, 41)}  # of notes, slides, places; counts are looked at below
    scale = {"0", "20", "40", "60", "80", "100", "50", "25", "75"}
    for texts, values in (said_by_the_page(page), said_by_the_deck(deck)):
        assert values <= written | {"0"}
        assert texts <= written | shown | free | scale | {"2026"}  # the year of making


def test_a_number_that_stands_in_one_file_alone_is_seen(tmp_path):
    """The check can fail: page and deck of the same data in full say more than the workbook that hides."""
    told = people(60)
    hiding = survey.write_report(survey.analyze(told, suppress=5), tmp_path / "hiding.xlsx")
    whole = survey.analyze(told, title_block=BLOCK)
    page, deck = survey.write_report(whole, [tmp_path / "whole.html", tmp_path / "whole.pptx"])
    written, _ = said_by_the_workbook(hiding)
    for _, values in (said_by_the_page(page), said_by_the_deck(deck)):
        assert not values <= written


def test_the_files_of_the_command_hide_alike(tmp_path, monkeypatch):
    from tests.cli.helpers import run

    monkeypatch.chdir(tmp_path)
    data = str(ROOT / "data" / "responses" / "executive-survey-2026-reconstructed.xlsx")
    code, _, err = run("analyze", data, "--suppress", "-o", "a.xlsx", "-o", "a.html", "-o", "a.pptx")
    assert code == 0, err
    assert "[c]" in (tmp_path / "a.html").read_text(encoding="utf-8")
