"""A weighted report: both bases, the section Weighting on Quality, and how the weights were made."""

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from tests.paths import EXAMPLES
from tests.weighted_answers import library

SCHOOLS = survey.load_instrument(EXAMPLES / "schools.yaml")
TARGETS = {"stype": {"e": 0.2, "m": 0.3, "h": 0.5}}


@pytest.fixture(scope="module")
def raked():
    frame = pd.DataFrame({"stype": ["e", "e", "m", "h"] * 15, "sch_wide": ["yes", "no", "no"] * 20})
    return survey.rake(survey.from_frame(frame, SCHOOLS), TARGETS, bounds=(0.45, 1.9))


def texts(report):
    lines = []
    for sheet in report.sheets:
        lines += [sheet.title, sheet.subtitle]
        for table in sheet.tables:
            lines += [table.title, *(str(cell) for row in table.data.astype(str).to_numpy() for cell in row)]
    return lines + [note.text for note in report.notes]


@pytest.mark.parametrize(
    ("lang", "words", "never", "how"),
    [
        ("en", "weighted: effective base", "not weighted", "Weights were made by raking"),
        ("zh", "已加权：60 位受访者的有效基数为", "· 未加权", "权重由迭代加权"),
    ],
)
def test_both_bases_and_how_weights_were_made(raked, lang, words, never, how):
    report = survey.analyze(raked, lang=lang)
    summary = report.sheets[0].subtitle or ""
    assert any(words in text for text in [*texts(report), summary])
    assert not any(never in text for text in [summary, *[sheet.subtitle for sheet in report.sheets[:1]]])
    assert any(how in note.text for note in report.notes)


def test_quality_shows_what_weights_do_and_cost(raked):
    report = survey.analyze(raked)
    tables = {table.name: table for sheet in report.sheets for table in sheet.tables}
    shown = tables["weighting"].data
    expected = survey.weighting(raked)
    assert shown["weighted"].tolist() == expected["weighted"].tolist()[:-1]
    assert shown["asked"].tolist() == ["Type", "Type", "Type"]
    cost = tables["weighting_cost"].data
    assert cost["effective_base"].tolist() == [round(expected["effective_base"].iloc[-1], 1)]


def test_without_weights_nothing_is_said_of_them():
    frame = pd.DataFrame({"stype": ["e", "m", "h"] * 5})
    for responses in (
        survey.from_frame(frame, SCHOOLS),
        survey.from_frame(frame, SCHOOLS).with_weights([2.0] * 15, "w"),
    ):
        report = survey.analyze(responses)
        assert not any("effective base" in text for text in texts(report) if "Kish" not in text)
        assert not [note for note in report.notes if note.topic == "Weights"]


def test_a_column_is_named_in_the_notes():
    frame = pd.DataFrame({"stype": ["e", "m", "h"] * 5, "w_final": [1.0, 2.0, 0.5] * 5})
    report = survey.analyze(survey.from_frame(frame, SCHOOLS))
    assert any("'w_final'" in note.text for note in report.notes if note.topic == "Weights")


def cells(report):
    data = next(sheet for sheet in report.sheets if sheet.name in {"Data", "数据"})
    return data.tables[0].data.drop(columns="key")


def test_a_weighted_tally_has_the_report_of_its_responses(raked):
    wanted, found = (cells(survey.analyze(data)) for data in (raked, survey.tally(raked, weight="weight")))
    same = [name for name in wanted if wanted[name].dtype.kind not in "fO"]
    assert len(wanted) > 20
    assert wanted[["n", "base"]].equals(found[["n", "base"]])
    assert (wanted[same] == found[same]).all(axis=None)
    by_target = wanted["reason"].astype(str).str.contains("target")
    for name in ("value", "weighted_base"):
        assert np.allclose(wanted[name].astype(float), found[name].astype(float), atol=1e-5, equal_nan=True)
    assert by_target.any()


def test_tests_are_named_as_those_of_weights(raked):
    notes = {note.topic: note.text for note in survey.analyze(raked, banner="sch_wide").notes}
    assert "Rao and Scott" in notes["Groups, weighted"]
    assert "Groups" not in notes
    plain = {note.topic: note.text for note in survey.analyze(raked.unweighted(), banner="sch_wide").notes}
    assert "Fisher" in plain["Groups"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_hidden_cells_are_of_respondents_and_that_is_said(raked, lang):
    """Weighted shares beside hidden counts could give these away: the report leaves the weights out."""
    hidden = survey.analyze(raked, suppress=5, lang=lang)
    plain = survey.analyze(raked.unweighted(), suppress=5, lang=lang)
    pd.testing.assert_frame_equal(cells(hidden), cells(plain))
    said = {"en": "does not use them", "zh": "未予采用"}[lang]
    assert any(said in text for text in texts(hidden))
    assert not any(said in text for text in texts(plain))
    tally = survey.analyze(survey.tally(raked, weight="weight"), suppress=5, lang=lang)
    assert any(said in text for text in texts(tally))


@pytest.mark.parametrize("weights", [(), ("--rake", "{stype: {e: 0.2, m: 0.3, h: 0.5}}")])
def test_the_command_says_that_hidden_cells_left_the_weights_out(tmp_path, weights):
    frame = pd.DataFrame({"stype": ["e", "e", "m", "h"] * 15, "sch_wide": ["yes", "no", "no"] * 20})
    file, target = tmp_path / "schools.csv", tmp_path / "report.xlsx"
    frame.to_csv(file, index=False)
    words = ["analyze", str(file), "--instrument", str(EXAMPLES / "schools.yaml"), "-o", str(target)]
    result = CliRunner().invoke(main, [*words, "--suppress", *weights])
    assert result.exit_code == 0
    assert ("leave --suppress out" in result.stderr) == bool(weights)


def test_the_note_says_where_raking_began_and_what_limits_did(raked):
    def note(responses):
        return next(one.text for one in survey.analyze(responses).notes if one.topic == "Weights")

    assert "kept between 0.45 and 1.9 times their mean, which cut" in note(raked)
    assert "started from" not in note(raked)
    drawn = raked.unweighted().with_weights([1, 2, 3] * 20, "drawn")
    begun = note(survey.rake(drawn, TARGETS))
    assert "Raking started from the weights of the column 'drawn'." in begun
    assert "kept" not in begun
    open_above = survey.rake(raked.unweighted(), TARGETS, bounds=(0.5, float("inf")))
    assert "kept from 0.5 times their mean on, which cut 30 of them" in note(open_above)


def captions(report):
    """What stands below each chart and picture of a report that is one question's, by its name."""
    charts = {chart.name: chart.subtitle for sheet in report.sheets for chart in sheet.charts}
    return charts | {one.name: one.footer for sheet in report.sheets for one in sheet.pictures}


def kish(responses, columns):
    """How many answered any of some columns, and their effective base, by Kish's formula."""
    own = responses.weights[responses.data[columns].notna().any(axis=1)]
    return f"{own.sum() ** 2 / (own**2).sum():.1f}", len(own)


@pytest.mark.parametrize("size", [60, 7])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_caption_has_the_effective_base_of_its_question(size, lang):
    responses = library(size, missing=0.3)
    told = captions(survey.analyze(responses, banner="uses", lang=lang))
    words = {
        "en": "weighted: effective base {} of {} respondents",
        "zh": "已加权：{1} 位受访者的有效基数为 {0}",
    }[lang]
    asked = {
        **{"chart_branch": ["branch"], "chart_member": ["member"], "chart_recommend": ["recommend"]},
        **{"chart_service": ["service__staff"], "chart_answers_service": ["service__staff"]},
        **{"points_service": ["service__staff"], "overlaps_uses": ["uses__books"]},
        **{"chart_uses": ["uses__books"], "chart_budget": ["budget__stock", "budget__people"]},
    }
    assert asked.keys() <= told.keys()
    for name, columns in asked.items():
        assert words.format(*kish(responses, columns)) in told[name]
    assert len({kish(responses, columns) for columns in asked.values()}) > 3


@pytest.mark.parametrize(("lang", "raking"), [("en", "raking"), ("zh", "迭代加权")])
def test_only_where_something_was_raked_it_is_said(raked, lang, raking):
    frame = pd.DataFrame({"stype": ["e", "m", "h"] * 5, "w_final": [1.0, 2.0, 0.5] * 5})
    column = survey.from_frame(frame, SCHOOLS)
    weighted = (column, survey.tally(column, weight="weight"), library(3), library(60))
    for responses, made in [*((one, False) for one in weighted), (raked, True)]:
        topics = {"Weights", "加权"}
        notes = [one.text for one in survey.analyze(responses, lang=lang).notes if one.topic in topics]
        assert notes
        assert all((raking in text) == made and text == text.strip() for text in notes)
        assert any("Intervals" in text or "区间" in text for text in notes)
    counted = survey.analyze(survey.tally(raked, weight="weight"), lang=lang)
    assert any(raking in note.text for note in counted.notes if note.topic in topics)
