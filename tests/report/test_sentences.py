"""What can be held of the sentences of a survey's report: signs, spelling, length, and no ids."""

import re

import numpy as np
import pandas as pd
import pytest
import yaml

import survey
from survey.messages import LANGUAGES
from tests.paths import ROOT, SAMPLE

CATALOGUE = yaml.safe_load((ROOT / "src/survey/messages/survey_report.yaml").read_text(encoding="utf-8"))
TESTED = {"en": "Test: ", "zh": "\u68c0\u9a8c\uff1a"}
CHINESE = r"[\u4e00-\u9fff]"


def ordinary():
    """160 respondents of the packaged survey, with gaps."""
    random = np.random.default_rng(11)
    sample = survey.read_responses(SAMPLE)
    rows = random.integers(0, len(sample), 160)
    frame = sample.data.astype(object).iloc[rows].reset_index(drop=True)
    for question in sample.instrument.questions:
        frame.loc[random.random(160) < 0.04, list(question.columns)] = None
    return survey.from_frame(frame, sample.instrument)


@pytest.fixture(scope="module", params=["reconstructed", "ordinary"])
def responses(request):
    return survey.read_responses(SAMPLE) if request.param == "reconstructed" else ordinary()


def texts_of(report):
    """Every text that a reader of the sheets before the appendix sees, but for the long table."""
    for sheet in report.sheets:
        yield from (sheet.name, sheet.title, sheet.subtitle, *sheet.findings, *sheet.lines)
        if sheet.appendix or sheet.name in ("Data", "数据"):
            continue
        for table in sheet.tables:
            yield table.title
            yield from (column.heading for column in table.columns)
            for column in table.columns:
                if column.form == "text":
                    yield from map(str, table.data[column.key])
        for picture in sheet.pictures:
            yield from (picture.title, picture.subtitle, picture.footer, picture.alt)
        for chart in sheet.charts:
            yield from (chart.title, chart.subtitle, chart.alt)
    yield report.warning


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_id_reaches_a_reader(responses, lang):
    ids = {part.id for question in responses.instrument.questions for part in (question, *question.parts)}
    ids = {name for name in ids if "_" in name}
    for text in texts_of(survey.analyze(responses, lang=lang)):
        assert not ids & set(re.findall(r"[a-z_]+", text)), text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_titles_and_findings_have_whole_percent_no_brackets_and_no_p(responses, lang):
    report = survey.analyze(responses, lang=lang)
    found = 0
    for sheet in report.sheets:
        for text in (sheet.title, *sheet.findings):
            assert not re.search(r"\d\.\d|\d %|\bp\b", re.sub(r"@[\d.]+", "", text)), text
            found += 1
            if not sheet.appendix:
                assert not re.search(r"[()（）\[\]]", text), text
    assert found > 12


@pytest.mark.parametrize("key", CATALOGUE)
def test_chinese_has_no_half_width_signs_between_its_characters(key):
    text = CATALOGUE[key].get("zh", "")
    assert not re.search(rf"{CHINESE}[(),:;?!]|[(),:;?!]{CHINESE}", text), text


@pytest.mark.parametrize("key", CATALOGUE)
def test_percent_is_spelled_in_one_way(key):
    for text in CATALOGUE[key].values():
        assert not re.search(r"\d %|\} %|per cent|\bpercent\b(?! of)", text.replace("whole percent", "")), (
            text
        )


def test_a_threshold_is_said_only_of_items_whose_lower_limit_clears_it(responses):
    line = survey.analyze(responses).sheets[0].findings[0]
    shares = survey.importance_shares(responses)
    limits = {"three quarters": 3 / 4, "two thirds": 2 / 3, "half": 1 / 2}
    (said,) = [limit for words, limit in limits.items() if f"more than {words}" in line]
    clear = int((shares["ci_low"] > said).sum())
    assert line.startswith(f"Challenges: {'each' if clear == 8 else clear} of 8 ")


def test_nothing_leads_where_sets_of_ranks_overlap(responses):
    """Whatever a title names as trailing cannot be first; whatever may be first is not called behind."""
    title = survey.analyze(responses).sheets[0].title
    sets = survey.rank_sets(responses, "challenges")
    behind = sets[sets["simultaneous_low"] > 1]
    labels = [re.sub(r"\s*\([^()]*\)$", "", label) for label in behind["label"]]
    assert 0 < len(labels) <= 3
    assert all(label in title for label in labels)
    first = [label for label in sets["label"] if label not in set(behind["label"])]
    assert not any(re.sub(r"\s*\([^()]*\)$", "", label) in title for label in first)


def test_a_title_of_groups_names_no_question_without_a_test(responses):
    title = survey.analyze(responses).sheet("By model").title
    frames = [
        survey.crosstab(responses, name)
        for name in ("firm_type", "position", "support_needs", "capability_gaps", "challenges")
    ]
    apart = pd.concat(frames).query("p_adjusted < 0.05")["stub"].unique()
    words = {"firm_type": "firm type", "position": "position", "support_needs": "needs"}
    words |= {"capability_gaps": "gaps", "challenges": "challenges"}
    for name, word in words.items():
        assert (word in title) == (name in apart)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_picture_and_chart_says_its_own_and_where_its_data_are_from(responses, lang):
    block = survey.TitleBlock(data_source="ACME panel")
    sheets = survey.analyze(responses, lang=lang, title_block=block).sheets
    pictures = {picture.name: picture for sheet in sheets for picture in sheet.pictures}
    maps = [picture for picture in pictures.values() if picture.kind == "heatmap"]
    assert maps
    assert len({picture.title for picture in maps}) == len(maps)
    for picture in pictures.values():
        assert "ACME panel" in picture.footer
        rests_on_test = bool(picture.details.get("accent")) or picture.kind in ("heatmap", "ranks")
        assert (TESTED[lang] in picture.footer) == rests_on_test, picture.name
    for chart in (chart for sheet in sheets for chart in sheet.charts):
        assert not re.search(r"[,.\uff0c\u3002]\s*$", chart.subtitle), chart.subtitle


@pytest.mark.parametrize("lang", LANGUAGES)
def test_how_to_read_the_long_table_is_said_there_and_nowhere_else(responses, lang, tmp_path):
    report = survey.analyze(responses, lang=lang)
    holders = [sheet for sheet in report.sheets if any("weighted_base" in line for line in sheet.lines)]
    assert [[table.name for table in sheet.tables] for sheet in holders] == [["data"]]
    assert not any("weighted_base" in note.text for note in report.notes)


@pytest.mark.parametrize("key", CATALOGUE)
def test_the_name_of_a_question_is_never_counted_in_english(key):
    """A battery may be named by any noun: "Worry", "Agreement", "Access"."""
    wording = CATALOGUE[key].get("en", "")
    if key.startswith(("title_", "finding_")) and "{items}" in wording:
        assert wording.startswith("{items}: ")


def test_composed_chinese_has_no_half_width_brackets_but_in_labels(responses):
    report = survey.analyze(responses, lang="zh")
    parts = [part for question in responses.instrument.questions for part in (question, *question.parts)]
    labels = sorted({part.said("zh") for part in parts}, key=len, reverse=True)
    seen = 0
    for text in texts_of(report):
        for label in labels:
            text = text.replace(label, "")
        assert not re.search(rf"{CHINESE}[()]|[()]{CHINESE}", text), text
        seen += bool(re.search(CHINESE, text))
    assert seen > 50
