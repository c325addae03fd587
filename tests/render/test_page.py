"""The page: read as a file and in a browser, where there is one: by eye, keyboard and ear, and on paper."""

import csv
import io
import re
import shutil
import subprocess

import pandas as pd
import pytest

import survey
from survey.document import Chart, Column, Note, Report, Sentence, Sheet, TitleBlock
from survey.render import write_report
from survey.render.cell_views import shown, table_view
from tests.browser import NEEDS_CHROMIUM, Visit, launch
from tests.paths import SAMPLE
from tests.render.samples import LABELLED, one_table, options, pictures, report, table

BLOCK = TitleBlock(title='Firms "abroad" & <at> home', client="ACME", footer="Draft\\1", data_source="us")
WORDS = {"en": ("Search this table", "Download as CSV"), "zh": ("在本表中查找", "下载CSV")}


def banner_table():
    """Two questions by two groups, with every mark that a number may have."""
    rows = [
        ("Hurdles", True, 40, 12, ""),
        ("Law", False, 0.775, 0.5, "down"),
        ("Staff", False, 0.5, 0.125, "small"),
        ("Money", False, 0.25, None, "hidden"),
        ("Needs", True, 38, 11, ""),
        ("Advice", False, 0.6, 0.9, "up A"),
        ("Licences", False, 0.1, 0.2, "unfixed small"),
    ]
    names = ("label", "section", "everybody", "group", "marks")
    frame = pd.DataFrame(rows, columns=names)
    columns = (
        Column("label", "Question"),
        Column("everybody", "All", "share", bar=True),
        Column("group", "Going alone", "share", marks="marks"),
    )
    return table(frame, columns, "by_ways", title="All questions by way", base_text="")


def long_table(count=30):
    """A table that has a search."""
    labels = [f"Option {number}" for number in range(count)]
    frame = pd.DataFrame(
        {"label": labels, "n": range(count), "proportion": [n / count for n in range(count)]}
    )
    return table(frame, LABELLED, "long")


def made(lang="en", **fields):
    """A report with everything that a page shows."""
    chart = Chart(
        "c", "bar", "Licences lead", "label", ("proportion",), "Bars.", "n = 20", "needs", accent=(0,)
    )
    drawn = pictures()
    head = Sheet(
        *("Summary", "Licences are what most firms need"),
        findings=("Most firms want licences.", "Nobody wants <b>money</b>."),
        tables=(table(options(), LABELLED),),
        pictures=(drawn["importance"], drawn["combinations"]),
        footnotes=(1, 2),
        one_page=True,
    )
    sheets = (
        head,
        Sheet("By way", "All questions by way", subtitle="% of those who answered", tables=(banner_table(),)),
        Sheet("Charts & more", "Charts", charts=(chart,)),
        Sheet(
            "Long", "A long table", "What?", "all", ("One.",), (long_table(),), ("Half up.",), appendix=True
        ),
    )
    notes = (Note("Interval", "Wilson's."), Note("Test", "Fisher's, 5%."))
    return Report(lang, sheets, **{"warning": "Made up.", "notes": notes, "title_block": BLOCK} | fields)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Pages to open: the one made by hand, and the report of the sample, in both languages."""
    folder = tmp_path_factory.mktemp("pages")
    responses = survey.read_responses(SAMPLE)
    written = {}
    for lang in ("en", "zh"):
        written[f"by hand {lang}"] = write_report(made(lang), folder / f"hand-{lang}.html")
        whole = survey.analyze(responses, lang=lang, title_block=BLOCK)
        written[f"sample {lang}"] = write_report(whole, folder / f"sample-{lang}.html")
    return written


@pytest.fixture(scope="module")
def browser():
    """Chromium, for all tests of this module."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        chromium = launch(running)
        yield chromium
        chromium.close()


PAGES = ["by hand en", "by hand zh", "sample en", "sample zh"]
WIDTHS = [390, 1280]


# -- the file --------------------------------------------------------------------------------------------


def test_the_page_needs_nothing_else(files):
    for path in files.values():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http" not in re.sub(r'http-equiv="Content-Security-Policy"', "", text)
        assert not re.search(r'(?:src|href)="(?!data:|#)', text)
        assert "@import" not in text
        assert "url(" not in text


def test_what_is_written_stays_text(tmp_path):
    evil = '<script>alert("x")</script>{{ 1 + 1 }}</style>'
    sheet = Sheet("S", evil, evil, evil, (evil,), (table(options([evil, "=1+1"]), LABELLED),), (evil,))
    text = write_report(
        report(sheet, title_block=TitleBlock(title=evil, footer=evil)), tmp_path / "a.html"
    ).read_text()
    assert "<script>alert" not in text
    assert "{{ 1 + 1 }}" in text
    assert text.count("</style>") == 1
    assert text.count("<script") == 2


@pytest.mark.parametrize("appendix", [False, True])
def test_sentences_that_figures_do_not_fix_are_marked(tmp_path, appendix):
    open_text, fixed_text = Sentence("Open & shut.", unfixed=True), Sentence("Fixed.")
    texts = {"findings": (open_text, fixed_text), "lines": (fixed_text, open_text), "appendix": appendix}
    text = write_report(report(Sheet("S", open_text, **texts)), tmp_path / "a.html").read_text()
    marked = re.findall(r'<(\w+) class="unfixed">([^<]*)<', text)
    assert marked == [(tag, "Open &amp; shut.") for tag in ("h2", "li", "p")]
    assert "<li>Fixed.</li>" in text
    assert "<p>Fixed.</p>" in text
    assert re.search(r"[ ,]\.unfixed \{ font-style: italic; color: var\(--grey\)", text)


def test_the_page_of_the_sample_marks_what_its_workbook_marks(files):
    responses = survey.read_responses(SAMPLE)
    for lang in ("en", "zh"):
        first = survey.analyze(responses, lang=lang).sheets[0]
        text = files[f"sample {lang}"].read_text(encoding="utf-8")
        marked = re.findall(r'<(?:h1|li) class="unfixed">([^<]*)<', text)
        assert marked == [str(line) for line in (first.title, *first.findings) if line.unfixed]
        assert len(marked) == 4


def test_numbers_are_whole_percent_and_keep_what_stands_behind():
    view = table_view(banner_table(), "en")
    heads = [[cell.text for head in group.heads for cell in head] for group in view.groups]
    assert heads == [["Hurdles", "n\xa0=\xa040", "n\xa0=\xa012"], ["Needs", "n\xa0=\xa038", "n\xa0=\xa011"]]
    cells = {row[0].text: row for group in view.groups for row in group.rows}
    law, staff, money, advice = (cells[name] for name in ("Law", "Staff", "Money", "Advice"))
    assert (law[1].text, law[1].value, law[1].bar) == ("78%", "0.775", "77.5%")
    assert (law[2].before, law[2].text, law[2].spoken) == ("\u25bc", "50%", "reliably lower:")
    assert (staff[2].text, staff[2].value) == ("(13%)", "0.125")
    assert (money[2].text, money[2].value) == ("[c]", "")
    assert (advice[2].before, advice[2].after) == ("\u25b2", "A")
    assert view.marks == ("up", "down", "letters", "small", "hidden", "unfixed")


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        *((0.285, "share", "29%"), (0.145, "share", "15%"), (1, "share", "100%"), (None, "share", "")),
        *((0.345, "points", "+35"), (-0.005, "points", "-1"), (12.0, "count", "12"), (12.5, "count", "12.5")),
        *(
            (0.0004, "p", "<0.001"),
            (0.05, "p", "0.050"),
            (1.25, "number", "1.25"),
            (float("inf"), "number", "∞"),
        ),
        *((True, "text", "yes"), ("a\x00", "text", "a\ufffd"), (1234567.0, "value", "1.23457e+06")),
    ],
)
def test_how_values_are_shown(value, form, text):
    assert shown(value, form, "en") == text


def test_a_table_too_long_to_show_is_there_to_download(tmp_path):
    path = write_report(one_table(long_table(600).data), tmp_path / "a.html")
    text = path.read_text(encoding="utf-8")
    assert "Option 599" in text
    assert text.count("<tr>") < 20
    assert "600 rows" in text


@pytest.mark.parametrize(
    "sheets", [(), (Sheet("Empty", ""),), (Sheet("None", "None", tables=(table(options([]), LABELLED),)),)]
)
def test_hardly_anything_makes_a_page_too(tmp_path, sheets):
    assert write_report(report(*sheets), tmp_path / "a.html").exists()
    assert write_report(Report("en", sheets), tmp_path / "b.html").exists()


# -- in the browser --------------------------------------------------------------------------------------


@NEEDS_CHROMIUM
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_the_page_opens_without_overflow_complaint_or_request(files, browser, name, width):
    with Visit(browser, files[name], width=width) as visit:
        page = visit.page
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert visit.said == []
        assert visit.asked == [files[name].as_uri()]
        assert page.locator("h1").count() == 1
        assert page.locator("html").get_attribute("lang") == ("zh-Hans" if name.endswith("zh") else "en")


@NEEDS_CHROMIUM
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_wrong(files, browser, name, width, dark):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with Visit(browser, files[name], width=width, dark=dark) as visit:
        visit.page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        found = axe.run(visit.page, options={"resultTypes": ["violations"]}).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found] == []


@NEEDS_CHROMIUM
@pytest.mark.parametrize("width", WIDTHS)
def test_the_keyboard_reaches_every_control(files, browser, width):
    with Visit(browser, files["by hand en"], width=width) as visit:
        page = visit.page
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        wanted = "a[href], button, input, summary, [tabindex='0']"
        count = page.evaluate(
            "wanted => [...document.querySelectorAll(wanted)].map((e, i) => e.dataset.nth = i).length", wanted
        )
        reached = []
        for _ in range(count + 5):
            page.keyboard.press("Tab")
            place = page.evaluate(
                "() => { const e = document.activeElement; const s = getComputedStyle(e);"
                " return [e.dataset.nth ?? null, s.outlineStyle]; }"
            )
            if place[0] is not None:
                assert place[1] != "none", page.evaluate("document.activeElement.outerHTML")
                reached.append(int(place[0]))
        assert set(reached) == set(range(count))
        assert reached[:count] == sorted(reached[:count])  # in the order of the page


@NEEDS_CHROMIUM
def test_tables_sort_inside_their_sections(files, browser):
    with Visit(browser, files["by hand en"]) as visit:
        rows = visit.page.locator("#t-by_ways tbody tr th")
        before = rows.all_inner_texts()
        header = visit.page.locator("#t-by_ways thead th").nth(2)
        header.locator("button").focus()
        visit.page.keyboard.press("Enter")
        assert header.get_attribute("aria-sort") == "descending"
        assert rows.all_inner_texts() == ["Hurdles", "Law", "Staff", "Money", "Needs", "Advice", "Licences"]
        visit.page.keyboard.press("Enter")
        assert header.get_attribute("aria-sort") == "ascending"
        assert rows.all_inner_texts() == ["Hurdles", "Staff", "Law", "Money", "Needs", "Licences", "Advice"]
        assert before[0] == "Hurdles"


@NEEDS_CHROMIUM
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tables_are_searched(files, browser, lang):
    with Visit(browser, files[f"by hand {lang}"]) as visit:
        page = visit.page
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        search, _ = WORDS[lang]
        page.get_by_label(search).fill("option 1")
        visible = page.locator("#t-long tbody tr:visible")
        assert visible.count() == 11  # 1 and 10 to 19
        page.get_by_label(search).fill("")
        assert visible.count() == 30


@NEEDS_CHROMIUM
def test_rows_of_bases_are_neither_searched_nor_counted(browser, tmp_path):
    responses = survey.read_responses(SAMPLE)
    weights = pd.Series([1 + row % 3 for row in range(len(responses))])
    report = survey.analyze(responses.with_weights(weights, "w"))
    with Visit(browser, write_report(report, tmp_path / "weighted.html")) as visit:
        page = visit.page
        page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        box = page.locator(".table", has=page.locator("tbody tr.section + tr.section")).first
        answers, heads = box.locator("tbody tr:not(.section)"), box.locator("tbody tr.section:visible")
        box.get_by_label(WORDS["en"][0]).fill(answers.first.locator("th").inner_text())
        shown = box.locator("tbody tr:not(.section):visible").count()
        assert box.locator("output").inner_text() == f"{shown} of {answers.count()} rows"
        assert heads.count() > 1  # every row of bases stays above what is shown
        box.get_by_label(WORDS["en"][0]).fill("nothing of the kind")
        assert heads.count() == 0


@NEEDS_CHROMIUM
def test_csv_is_the_table(files, browser):
    with Visit(browser, files["by hand en"]) as visit:
        with visit.page.expect_download() as started:
            visit.page.locator(".table[data-name='by_ways'] .tools button").click()
        assert started.value.suggested_filename == "by_ways.csv"
        text = started.value.path().read_bytes().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        assert rows[0] == ["Question", "All", "Going alone"]
        assert rows[1:4] == [["Hurdles", "40", "12"], ["Law", "0.775", "0.5"], ["Staff", "0.5", "0.125"]]
        assert rows[4] == ["Money", "0.25", ""]  # hidden


@NEEDS_CHROMIUM
def test_the_whole_data_are_downloaded(browser, tmp_path):
    frame = long_table(600).data.assign(label=[f'=1+{n}, "x"</script>' for n in range(600)])
    path = write_report(one_table(frame), tmp_path / "a.html")
    with Visit(browser, path) as visit:
        with visit.page.expect_download() as started:
            visit.page.locator(".table.only button").click()
        rows = list(csv.reader(io.StringIO(started.value.path().read_bytes().decode("utf-8-sig"))))
        assert visit.said == []
    assert len(rows) == 601
    assert rows[600] == ['\'=1+599, "x"</script>', "599", repr(599 / 600)]


@NEEDS_CHROMIUM
def test_a_link_opens_what_it_leads_to(files, browser):
    with Visit(browser, files["by hand en"]) as visit:
        details = visit.page.locator("section.appendix details").first
        assert details.get_attribute("open") is None
        visit.page.locator("nav li.appendix a").first.click()
        visit.page.wait_for_function("document.querySelector('section.appendix details').open")


@NEEDS_CHROMIUM
def test_without_scripts_the_page_is_read_all_the_same(files, browser):
    with Visit(browser, files["by hand en"], scripts=False) as visit:
        assert visit.page.get_by_text("Most firms want licences.").is_visible()
        assert visit.page.locator("#t-by_ways").is_visible()
        assert visit.page.locator("button").count() == 0


@NEEDS_CHROMIUM
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@pytest.mark.parametrize("name", ["by hand en", "sample zh"])
def test_printed_pages_have_running_heads_and_no_appendix(files, browser, name, tmp_path):
    with Visit(browser, files[name]) as visit:
        visit.page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "page.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    sheets = text.split("\f")[:-1]
    assert len(sheets) > 1
    for number, sheet in enumerate(sheets, 1):
        assert 'Firms "abroad" & <at> home · ACME' in sheet
        assert "Draft\\1" in sheet
        assert re.search(rf"{number} ?/ ?{len(sheets)}\b", sheet)
    assert "Option 29" not in text
    assert WORDS["en"][1] not in text
    assert WORDS["zh"][1] not in text


@NEEDS_CHROMIUM
def test_pictures_can_be_read_at_390_pixels(files, browser):
    """They scroll in their frame instead of shrinking."""
    with Visit(browser, files["by hand en"], width=390) as visit:
        sizes = visit.page.evaluate(
            "[...document.querySelectorAll('.picture svg')].map(svg => svg.getBoundingClientRect().width"
            " / svg.viewBox.baseVal.width)"
        )
        assert min(sizes) > 0.55  # letters of nine points stay above five
