"""Grids and points that rate nothing, drafted from definitions."""

import json

import pytest

import survey
from tests.paths import EXAMPLES


@pytest.mark.parametrize("name", ["grids", "shop"])
def test_an_xlsform_of_ours_comes_back(name, tmp_path):
    before = survey.load_instrument(EXAMPLES / f"{name}.yaml")
    survey.export_xlsform(before, tmp_path / "form.xlsx")
    draft = survey.draft_instrument(tmp_path / "form.xlsx")
    after = draft.instrument
    assert not draft.doubts or name == "shop"
    assert after.columns == before.columns
    for was, now in zip(before.questions, after.questions, strict=True):
        assert (now.kind, now.text, now.asked_if) == (was.kind, was.text, was.asked_if)
        for part, other in zip(was.parts, now.parts, strict=True):
            assert (part.id, part.label, part.text, part.exclusive) == (
                *(other.id, other.label, other.text, other.exclusive),
            )
    if name == "shop":
        scale = after.scale_of(after.question("service"))
        assert [point.id for point in scale.unrated] == ["98", "99"]
        assert [point.id for point in scale.rated] == ["1", "2", "3", "4", "5"]


def qsf(path, payload):
    survey_of = {
        "SurveyEntry": {"SurveyName": "Office", "SurveyLanguage": "EN"},
        "SurveyElements": [{"Element": "SQ", "PrimaryAttribute": "QID1", "Payload": payload}],
    }
    path.write_text(json.dumps(survey_of), encoding="utf-8")
    return survey.draft_instrument(path)


def entries(*labels):
    return {str(place): {"Display": label} for place, label in enumerate(labels, 1)}


def test_a_matrix_of_ticks_is_a_grid(tmp_path):
    payload = {
        **{"QuestionText": "What for?", "DataExportTag": "Q2", "QuestionType": "Matrix"},
        **{"Selector": "Likert", "SubSelector": "MultipleAnswer"},
        **{"Choices": entries("Phone", "E-mail"), "Answers": entries("Orders", "Returns", "Nothing")},
        "Validation": {"Settings": {"ForceResponse": "ON"}},
    }
    draft = qsf(tmp_path / "office.qsf", payload)
    (grid,) = draft.instrument.grids
    assert (grid.answer, grid.required) == ("multiple", True)
    assert [row.aliases for row in grid.rows] == [("Q2_1",), ("Q2_2",)]
    assert [question.kind for question in draft.instrument.questions] == ["multiple", "multiple"]
    assert "kind: grid" in draft.yaml
    assert draft.guesses["kind"].tolist() == ["grid"]


@pytest.mark.parametrize(
    ("answers", "codes", "rated", "unrated"),
    [
        (("Low", "High", "Don't know"), {}, ["1", "2"], ["3"]),
        (
            ("Not applicable", "Low", "Middle", "High"),
            {"1": "9", "2": "1", "3": "2", "4": "3"},
            ["1", "2", "3"],
            ["9"],
        ),
        (("Low", "High"), {}, ["1", "2"], []),
    ],
)
def test_points_that_rate_nothing_stand_behind_the_others(tmp_path, answers, codes, rated, unrated):
    payload = {
        **{"QuestionText": "How much?", "DataExportTag": "Q1", "QuestionType": "Matrix"},
        **{"Selector": "Likert", "SubSelector": "SingleAnswer", "RecodeValues": codes},
        **{"Choices": entries("Pay", "Hours"), "Answers": entries(*answers)},
    }
    instrument = qsf(tmp_path / "office.qsf", payload).instrument
    scale = instrument.scale_of(instrument.questions[0])
    assert [point.id for point in scale.rated] == rated
    assert [point.id for point in scale.unrated] == unrated
