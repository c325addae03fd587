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


NOMINAL = entries("Phone", "E-mail", "Shop")


def test_a_matrix_whose_answers_have_no_order_is_a_grid(tmp_path):
    payload = {
        **{"QuestionText": "Where do you order?", "DataExportTag": "Q3", "QuestionType": "Matrix"},
        **{"Selector": "Likert", "SubSelector": "SingleAnswer"},
        "RecodeValues": {"1": "1", "2": "2", "3": "9"},
        **{"Choices": entries("Bread", "Milk"), "Answers": NOMINAL},
        "Validation": {"Settings": {"ForceResponse": "ON"}},
    }
    draft = qsf(tmp_path / "office.qsf", payload)
    (grid,) = draft.instrument.grids
    assert (grid.answer, grid.required) == ("single", True)
    assert [option.aliases for option in grid.options] == [("1",), ("2",), ("9",)]
    assert draft.guesses["reason"].tolist() == ["definition_grid"]
    assert draft.sure == 0
    ordered = qsf(tmp_path / "office.qsf", payload | {"Answers": entries("1 Bad", "2", "3 Good")})
    assert [question.kind for question in ordered.instrument.questions] == ["rating"]


LSS = """<document><LimeSurveyDocType>Survey</LimeSurveyDocType>
<surveys><rows><row><language>en</language><additional_languages>zh-Hans</additional_languages></row></rows></surveys>
<questions><rows>
<row><qid>1</qid><type>F</type><title>Q1</title><question>Where?</question><mandatory>Y</mandatory></row>
<row><qid>2</qid><type>:</type><title>Q2</title><question>What for?</question></row>
<row><qid>3</qid><type>C</type><title>Q3</title><question>Did it come?</question></row>
<row><qid>4</qid><type>F</type><title>Q4</title><question>How much do you agree?</question></row>
</rows></questions>
<subquestions><rows>
<row><qid>11</qid><parent_qid>1</parent_qid><title>SQ001</title><question>Bread</question></row>
<row><qid>12</qid><parent_qid>1</parent_qid><title>SQ002</title><question>Milk</question></row>
<row><qid>21</qid><parent_qid>2</parent_qid><title>SQ001</title><question>Phone</question></row>
<row><qid>22</qid><parent_qid>2</parent_qid><title>SQ002</title><question>Mail</question></row>
<row><qid>23</qid><parent_qid>2</parent_qid><title>X1</title><question>Orders</question><scale_id>1</scale_id></row>
<row><qid>24</qid><parent_qid>2</parent_qid><title>X2</title><question>Returns</question><scale_id>1</scale_id></row>
<row><qid>31</qid><parent_qid>3</parent_qid><title>SQ001</title><question>On time</question></row>
<row><qid>41</qid><parent_qid>4</parent_qid><title>SQ001</title><question>It is good</question></row>
</rows></subquestions>
<answers><rows>
<row><qid>1</qid><code>A1</code><answer>Shop</answer><sortorder>1</sortorder></row>
<row><qid>1</qid><code>A2</code><answer>Online</answer><sortorder>2</sortorder></row>
<row><qid>4</qid><code>A1</code><answer>Disagree</answer><sortorder>1</sortorder></row>
<row><qid>4</qid><code>A2</code><answer>Agree</answer><sortorder>2</sortorder></row>
<row><qid>4</qid><code>A3</code><answer>Strongly agree</answer><sortorder>3</sortorder></row>
<row><qid>4</qid><code>A4</code><answer>Don't know</answer><sortorder>4</sortorder></row>
</rows></answers>
<question_attributes><rows>
<row><qid>2</qid><attribute>multiflexible_checkbox</attribute><value>1</value></row>
</rows></question_attributes></document>"""


def test_arrays_of_limesurvey(tmp_path):
    (tmp_path / "orders.lss").write_text(LSS, encoding="utf-8")
    draft = survey.draft_instrument(tmp_path / "orders.lss")
    made = draft.instrument
    assert [(grid.id, grid.answer, grid.required) for grid in made.grids] == [
        *(("q1", "single", True), ("q2", "multiple", False), ("q3", "single", False)),
    ]
    assert made.question("q4").kind == "rating"
    assert [point.label["en"] for point in made.scale_of(made.question("q4")).unrated] == ["Don't know"]
    (tmp_path / "made.yaml").write_text(draft.yaml, encoding="utf-8")
    (tmp_path / "export.csv").write_text(
        "id,submitdate,lastpage,startlanguage,Q1[SQ001],Q1[SQ002],Q2[SQ001_X1],Q2[SQ001_X2],Q2[SQ002_X1],"
        "Q2[SQ002_X2],Q3[SQ001],Q4[SQ001]\n"
        "1,2026-04-01 09:00:00,3,en,A1,A2,1,0,0,1,Y,A4\n"
        "2,2026-04-01 09:00:00,3,en,A2,A2,0,0,1,1,U,A3\n",
        encoding="utf-8",
    )
    responses = survey.read_responses(tmp_path / "export.csv", tmp_path / "made.yaml")
    assert responses.data["q1__bread"].tolist() == ["shop", "online"]
    assert responses.data["q2__mail__orders"].tolist() == [False, True]
    assert responses.data["q3__on_time"].tolist() == ["yes", "uncertain"]
    assert responses.data["q4__it_is_good"].tolist() == [99, 3]
