"""What every report owes its readers: a finding first, few words, no ids, a grey appendix.

Held over every kind of report in both languages, of the packaged survey and of one made here, whose ids look
like no word: whatever id reaches a reader is seen.
"""

import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

import survey
from survey.instrument import load_instrument
from survey.messages import LANGUAGES
from tests.paths import FINDINGS, ROOT, SAMPLE

SEGMENTS = ROOT / "data" / "interviews" / "segments.xlsx"
CLAIMS = ROOT / "data" / "interviews" / "claims.csv"
MADE = Path(__file__).parent / "libraries.yaml"


@cache
def made_survey():
    """140 respondents of the survey made here, with gaps; the two districts differ."""
    random = np.random.default_rng(3)
    instrument = load_instrument(MADE)
    north = random.random(140) < 0.6
    frame = {"kxplace": np.where(north, "kxnorth", "kxsouth")}
    none = random.random(140) < 0.1
    for name, share in (("kxlend", 0.7), ("kxread", 0.3), ("kxhelp", 0.2)):
        likely = np.where(north & (name == "kxread"), 0.8, share)
        frame[f"kxused__{name}"] = ((random.random(140) < likely) & ~none).astype(int)
    frame["kxused__kxnone"] = none.astype(int)
    for item, shares in (("kxstock", 0.2), ("kxhours", 0.6), ("kxstaff", 0.9)):
        rated = np.where(random.random(140) < shares, 4, 2) + random.integers(0, 2, 140)
        frame[f"kxrated__{item}"] = np.where(random.random(140) < 0.05, None, rated)
    frame["kxyears"] = random.integers(0, 40, 140)
    frame["kxwish"] = np.where(random.random(140) < 0.2, "More seats", None)
    return survey.from_frame(pd.DataFrame(frame), instrument)


REPORTS = {
    "survey": lambda lang: survey.analyze(SAMPLE, lang=lang),
    "hidden": lambda lang: survey.analyze(SAMPLE, lang=lang, suppress=5),
    "quality": lambda lang: survey.quality_report(SAMPLE, lang=lang),
    "audit": lambda lang: survey.audit_report(survey.audit(FINDINGS, lang=lang)),
    "findings": lambda lang: survey.findings_report(FINDINGS, lang=lang),
    "interviews": lambda lang: survey.analyze_interviews(
        SEGMENTS, claims=CLAIMS, responses=SAMPLE, draws=20, lang=lang
    ),
    "made": lambda lang: survey.analyze(made_survey(), lang=lang, open_text=True),
    "made, hidden": lambda lang: survey.analyze(made_survey(), lang=lang, suppress=5),
    "made, letters": lambda lang: survey.analyze(made_survey(), lang=lang, compare="columns"),
    "made, quality": lambda lang: survey.quality_report(made_survey(), lang=lang),
}
_QUALITY = ("Quality", "数据质量")
FIRST = {"quality": _QUALITY, "made, quality": _QUALITY, "audit": ("Claims", "表述核查")}
MOST_SHEETS = {"quality": 3, "made, quality": 3, "audit": 4, "findings": 7, "interviews": 16}
# Tables that hold ids on purpose: to be read by machine, or to say what they mean.
MACHINE = {"data", "codebook"}
CHINESE = "[\u4e00-\u9fff]"
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


@cache
def own_words():
    """What people said in interviews, and what others claim of them: their words, the longest first."""
    said = [*survey.read_segments(SEGMENTS).data["gist"], *pd.read_csv(CLAIMS)["statement"]]
    return sorted({text for text in said if isinstance(text, str) and text}, key=len, reverse=True)


def texts(report, *left_out):
    """Every text of a report but for the words of others: sheets, tables, pictures, charts, notes."""
    for text in every_text(report, *left_out):
        for words in (words for words in own_words() if words in text):
            text = text.replace(words, "")
        yield text


def every_text(report, *left_out):
    for sheet in report.sheets:
        yield from above(sheet)
        for table in sheet.tables:
            if table.name not in left_out:
                yield from cells(table)
        for picture in sheet.pictures:
            yield from (picture.title, picture.subtitle, picture.alt, picture.footer)
        for chart in sheet.charts:
            yield from (chart.title, chart.subtitle, chart.alt, *chart.notes)
    yield report.warning
    for note in report.notes:
        yield from (note.topic, note.text)


def parts_of(instrument):
    """Everything of a questionnaire that has an id: questions, options, items."""
    return [part for question in instrument.questions for part in (question, *question.parts)]


@cache
def ids(lang):
    """Every id of the instruments, the codebook and the findings, but those that are words of the reports.

    A word of the reports is what stands in a label, whatever the case, and what is a plain word of English.
    """
    packaged, book = load_instrument("executive-survey@1.1.0"), survey.read_segments(SEGMENTS).codebook
    findings = survey.read_findings(FINDINGS)
    units = [unit for level in (book.aims, book.themes, book.subthemes, book.codes) for unit in level]
    named = {part.id for part in (*parts_of(packaged), *parts_of(made_survey().instrument), *units)}
    named |= {"kxsurvey", "kxscale", *packaged.scales}
    named |= {figure.claim for figure in findings.parsed()}
    named |= {statement.claim for statement in findings.parsed_statements()}
    named |= {statement.rule for statement in findings.parsed_statements() if "_" in statement.rule}
    wordings = [part.said(lang) for part in (*parts_of(packaged), *units)]
    words = set(re.findall(r"[a-z]+", " ".join(map(str, wordings)).casefold()))
    return {name for name in named if name and name.casefold() not in words | PLAIN}


# Ids that are plain words, and stand as such in sentences of the reports.
PLAIN = {"position", "challenges", "needs", "gaps", "agreement", "importance", "undecided", "other", "all"}


def test_the_first_sheet_is_the_summary_or_the_claims(made):
    name, lang, report = made
    wanted = FIRST.get(name, ("Summary", "摘要"))[LANGUAGES.index(lang)]
    assert report.sheets[0].name == wanted
    assert report.sheets[0].one_page
    assert not report.sheets[0].appendix
    assert len(report.sheets) <= MOST_SHEETS.get(name, 12)


def test_the_first_screen_has_few_words(made):
    """All that stands on it, tables included: at most 250 words, or 400 characters of Chinese."""
    _, _, report = made
    sheet = report.sheets[0]
    shown = [*above(sheet), *(str(text) for table in sheet.tables for text in cells(table))]
    shown += [text for picture in sheet.pictures for text in (picture.title, picture.subtitle)]
    assert sum(len(re.findall(r"[A-Za-z]{2,}", text)) for text in shown) <= _MANY_WORDS
    assert sum(len(re.findall(CHINESE, text)) for text in shown) <= _MANY_CHARACTERS


def test_titles_and_findings_have_no_brackets_no_p_and_whole_percent(made):
    _, _, report = made
    for sheet in report.sheets:
        for text in (sheet.title, *sheet.findings):
            assert not re.search(r"\d\.\d+%|\bp\b", re.sub(r"@[\d.]+", "", text)), text
            if not sheet.appendix:
                assert not re.search(r"[()（）\[\]]", text), text


def test_percent_is_spelled_in_one_way(made):
    _, _, report = made
    wrong = [text for text in texts(report, *MACHINE) if re.search(r"\d\s%|\d per ?cent\b|\d％", text)]
    assert not wrong


def test_no_id_reaches_a_reader(made):
    _, lang, report = made
    betraying = re.compile(
        r"(?<![A-Za-z0-9_/.-])(" + "|".join(sorted(map(re.escape, ids(lang)))) + r")(?![A-Za-z0-9_-])"
    )
    left = {text for text in texts(report, *MACHINE) if not _HASH.search(text) and betraying.search(text)}
    left = {
        text for text in left if "已知的个人属性" not in text and "attributes known" not in text
    }  # their own names
    assert not left


def test_no_half_width_brackets_among_chinese_characters(made):
    """What a questionnaire or a codebook says itself is its own: the labels are set aside."""
    _, lang, report = made
    if lang != "zh":
        return
    labels = {part.said("zh") for part in parts_of(load_instrument("executive-survey@1.1.0"))}
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
