"""What every report owes its readers: a finding first, few words, no ids, a grey appendix."""

import re

import pytest
from openpyxl import load_workbook

import survey
from survey.instrument import load_instrument
from survey.messages import LANGUAGES
from tests.paths import FINDINGS, ROOT, SAMPLE

SEGMENTS = ROOT / "data" / "interviews" / "segments.xlsx"
CLAIMS = ROOT / "data" / "interviews" / "claims.csv"
REPORTS = {
    "survey": lambda lang: survey.analyze(SAMPLE, lang=lang),
    "quality": lambda lang: survey.quality_report(SAMPLE, lang=lang),
    "audit": lambda lang: survey.audit_report(survey.audit(FINDINGS, lang=lang)),
    "findings": lambda lang: survey.findings_report(FINDINGS, lang=lang),
    "interviews": lambda lang: survey.analyze_interviews(
        SEGMENTS, claims=CLAIMS, responses=SAMPLE, draws=20, lang=lang
    ),
}
FIRST = {"quality": ("Quality", "数据质量"), "audit": ("Claims", "表述核查")}
MOST_SHEETS = {"survey": 12, "quality": 3, "audit": 4, "findings": 7, "interviews": 14}
# Tables that hold ids on purpose: to be read by machine, or to say what they mean.
MACHINE = {"data", "codebook"}
_HASH = re.compile(r"@\d|[0-9a-f]{40}|\.(csv|xlsx|yaml)\b|^survey ")
_MANY_WORDS, _MANY_CHARACTERS = 250, 400


@pytest.fixture(scope="module", params=[(name, lang) for lang in LANGUAGES for name in REPORTS], ids=str)
def made(request):
    """One report in one language: its name, its language, and the report."""
    name, lang = request.param
    return name, lang, REPORTS[name](lang)


def above(sheet):
    """What stands on a sheet outside its tables."""
    return [sheet.name, sheet.title, sheet.subtitle, sheet.question, *sheet.findings, *sheet.lines]


def cells(table):
    """Headings and texts of a table as a reader sees them."""
    yield table.title
    for column in table.columns:
        yield column.heading
        yield from (value for value in table.data[column.key] if isinstance(value, str))


def texts(report, *left_out):
    """Every text of a report: sheets, tables, pictures, charts, notes."""
    for sheet in report.sheets:
        yield from above(sheet)
        for table in sheet.tables:
            if table.name not in left_out:
                yield from cells(table)
        for drawn in (*sheet.pictures, *sheet.charts):
            yield from (drawn.title, drawn.subtitle, drawn.alt)
    for note in report.notes:
        yield from (note.topic, note.text)


def ids():
    """The ids that would betray an instrument, a codebook or a file of findings: those no word looks like."""
    instrument = load_instrument("executive-survey")
    named = {question.id for question in instrument.questions}
    named |= {part.id for question in instrument.questions for part in question.parts}
    book = survey.read_segments(SEGMENTS).codebook
    named |= {unit.id for level in (book.aims, book.themes, book.subthemes, book.codes) for unit in level}
    findings = survey.read_findings(FINDINGS)
    claims = {figure.claim for figure in findings.parsed()}
    claims |= {statement.claim for statement in findings.parsed_statements()}
    claims |= {statement.rule for statement in findings.parsed_statements()}
    return {name for name in named | claims if "_" in name or re.fullmatch(r"[A-Z]\d\d", name)}


def test_the_first_sheet_is_the_summary_or_the_claims(made):
    name, lang, report = made
    wanted = FIRST.get(name, ("Summary", "摘要"))[LANGUAGES.index(lang)]
    assert report.sheets[0].name == wanted
    assert report.sheets[0].one_page
    assert not report.sheets[0].appendix
    assert len(report.sheets) <= MOST_SHEETS[name]


def test_the_first_screen_has_few_words(made):
    """Outside the tables, and in the tables of the Summary; the claims are the table themselves."""
    name, _, report = made
    sheet = report.sheets[0]
    shown = above(sheet)
    if name != "audit":
        shown += [str(text) for table in sheet.tables for text in cells(table)]
    assert sum(len(re.findall(r"[A-Za-z]{2,}", text)) for text in shown) <= _MANY_WORDS
    assert sum(len(re.findall("[\u4e00-\u9fff]", text)) for text in above(sheet)) <= _MANY_CHARACTERS


def test_no_id_reaches_a_reader(made):
    _, _, report = made
    betraying = re.compile(r"(?<![\w/.-])(" + "|".join(sorted(map(re.escape, ids()))) + r")(?![\w/.-])")
    left = {text for text in texts(report, *MACHINE) if not _HASH.search(text) and betraying.search(text)}
    assert not left


def test_no_half_width_brackets_among_chinese_characters(made):
    """What a questionnaire or a codebook says itself is its own: the labels are set aside."""
    _, lang, report = made
    if lang != "zh":
        return
    instrument = load_instrument("executive-survey")
    labels = {part.said("zh") for question in instrument.questions for part in question.parts}
    labels |= {question.said("zh") for question in instrument.questions}
    labels = sorted((label for label in labels if "(" in label), key=len, reverse=True)
    bracket = re.compile("[\u4e00-\u9fff\uff0c\u3002\u201d]\\s?[()]|[()]\\s?[\u4e00-\u9fff\uff0c\u3002]")
    wrong = []
    for text in texts(report, *MACHINE):
        for label in labels:
            text = text.replace(label, "")
        if bracket.search(text):
            wrong.append(text)
    assert not wrong


def test_the_appendix_stands_last_under_grey_tabs(made, tmp_path):
    _, _, report = made
    greys = [sheet.appendix for sheet in report.sheets]
    assert greys == sorted(greys)
    assert greys[-1]
    book = load_workbook(survey.write_report(report, tmp_path / "r.xlsx", pictures=False))
    tabs = [sheet.sheet_properties.tabColor is not None for sheet in book.worksheets]
    assert tabs == greys


def test_notes_stand_once_and_sheets_name_their_numbers(made):
    _, _, report = made
    assert len(set(report.notes)) == len(report.notes) > 0
    numbers = {number for sheet in report.sheets for number in sheet.footnotes}
    assert numbers <= set(range(1, len(report.notes) + 1))
    assert not any(sheet.notes for sheet in report.sheets)


def test_the_reasons_of_claims_have_at_most_fifteen_words():
    for lang in LANGUAGES:
        shown = REPORTS["audit"](lang).sheets[0].tables[0].data
        assert max(len(text.split()) for text in shown["short"]) <= 15
        assert shown["short"].str.len().max() <= (90 if lang == "en" else 30)
