"""SPSS and Stata files as responses: labels, declared missing codes, sets; and Parquet."""

import pandas as pd
import pyreadstat
import pytest

import survey
from survey import DataError
from survey.files.distinct_values import Coded
from survey.files.grid import Grid, read_book
from survey.files.labelled_files import Dictionary, ResponseSet, Variable
from survey.ingest.dialects import read_grid
from survey.ingest.missing_words import missing_kind
from survey.ingest.number_cells import number_reader
from survey.ingest.option_cells import tick_reader
from survey.ingest.rating_cells import rating_reader
from survey.ingest.raw_table import Labelled
from survey.instrument import load_instrument
from tests.helpers import answers, missing
from tests.paths import ROOT, SAMPLE

OFFICE = """
kind: survey
id: office
version: "1.0.0"
languages: [en]
title: {en: "Office"}
missing: {refused: ["Don't know"]}
scales:
  agree:
    top: 1
    points:
      - {value: 1, label: {en: "Disagree"}}
      - {value: 2, label: {en: "Neither"}}
      - {value: 3, label: {en: "Agree"}}
questions:
  - id: site
    kind: single
    short: {en: "Site"}
    text: {en: "Which site?"}
    options: [{id: north, label: {en: "North"}}, {id: south, label: {en: "South"}, aliases: ["2"]}]
  - id: tools
    kind: multiple
    short: {en: "Tools"}
    text: {en: "Which tools?"}
    options: [{id: phone, label: {en: "Phone"}}, {id: mail, label: {en: "Mail"}}]
  - id: rate
    kind: rating
    short: {en: "Rate"}
    text: {en: "Do you agree?"}
    scale: agree
    items: [{id: pay, label: {en: "The pay is fair"}}]
  - {id: age, kind: number, short: {en: "Age"}, text: {en: "How old are you?"}}
  - {id: remark, kind: text, short: {en: "Remark"}, text: {en: "Anything else?"}}
"""
FRAME = pd.DataFrame(
    {
        "id": [11, 12, 13, 14],
        "SITE": [1, 2, -9, None],
        "T1": [1, 0, 1, -8],
        "T2": [0, 1, 1, -8],
        "pay": [3, 1, 2, -7],
        "age": [30, 98, 97, 45.5],
        "REMARK": ["fine", "", "NA", "x"],
    }
)
LABELS = ["id", "Which site?", "Tools: Phone", "Tools: Mail", "The pay is fair", "How old are you?", ""]
CODES = {
    "SITE": {1: "North", 2: "South", -9: "Refused"},
    "T1": {0: "No mark", 1: "A mark", -8: "Inapplicable"},
    "T2": {0: "not chosen", 1: "chosen", -8: "Inapplicable"},
    "pay": {1: "Disagree", 2: "Neither", 3: "Agree", -7: "No answer"},
    "age": {97: "Don't know", 98: "98 or older"},
}


@pytest.fixture
def office(tmp_path):
    path = tmp_path / "office.yaml"
    path.write_text(OFFICE, encoding="utf-8")
    return load_instrument(path)


def test_a_sav_is_read_by_its_labels(tmp_path, office):
    ranges = {name: [{"lo": -9, "hi": -1}] for name in ("SITE", "T1", "T2", "pay")}
    pyreadstat.write_sav(
        FRAME,
        str(tmp_path / "office.sav"),
        column_labels=LABELS,
        variable_value_labels=CODES,
        missing_ranges=ranges,
    )
    responses = survey.read_responses(tmp_path / "office.sav", office)
    assert answers(responses, "site") == ["north", "south", None, None]
    assert missing(responses, "site") == ["", "", "refused", "empty"]
    assert answers(responses, "tools__phone") == [True, False, True, None]
    assert missing(responses, "tools__mail")[3] == "not_asked"
    assert answers(responses, "rate__pay") == [3, 1, 2, None]
    assert missing(responses, "rate__pay")[3] == "skipped"
    assert answers(responses, "age") == [30, 98, None, 45.5]
    assert missing(responses, "age")[2] == "refused"
    assert responses.meta["key"].tolist() == ["11", "12", "13", "14"]
    assert responses.meta["row"].tolist() == [1, 2, 3, 4]
    assert responses.provenance.dialect == "labelled"


def test_a_dta_is_read_by_its_labels(tmp_path, office):
    frame = FRAME.assign(SITE=[1, 2, 1, None], T1=[1, 0, 1, 0], T2=[0, 1, 1, 0], pay=[3, 1, 2, 2])
    codes = {name: {code: text for code, text in said.items() if code >= 0} for name, said in CODES.items()}
    for version in (10, 15):
        path = tmp_path / f"office{version}.dta"
        pyreadstat.write_dta(
            frame, str(path), column_labels=LABELS, variable_value_labels=codes, version=version
        )
        responses = survey.read_responses(path, office)
        assert answers(responses, "site") == ["north", "south", "north", None]
        assert answers(responses, "tools__mail") == [False, True, True, False]
        assert answers(responses, "rate__pay") == [3, 1, 2, 2]
        assert answers(responses, "remark") == ["fine", None, "NA", "x"]


def test_what_is_written_for_spss_comes_back(tmp_path):
    responses = survey.read_responses(SAMPLE)
    for name in ("a.sav", "a.parquet", "a.csv"):
        survey.export_responses(responses, tmp_path / name)
        again = survey.read_responses(tmp_path / name, responses.instrument.reference)
        pd.testing.assert_frame_equal(again.data, responses.data, check_dtype=False)


def test_an_unknown_label_is_refused_with_its_variable_and_case(tmp_path, office):
    frame = pd.DataFrame({"site": [1, 2], "pay": [1, 3]})
    codes = {"site": {1: "East", 2: "Westwards"}, "pay": {1: "Very bad", 3: "Very good"}}
    pyreadstat.write_sav(frame, str(tmp_path / "x.sav"), variable_value_labels=codes)
    with pytest.raises(DataError) as caught:
        survey.read_responses(tmp_path / "x.sav", office)
    told = [problem.text() for problem in caught.value.problems]
    # South has the alias 2, so the code is its word; a label never moves to a point by its number.
    assert [problem.place.cell for problem in caught.value.problems] == [
        "[1, 'site']",
        "[1, 'pay']",
        "[2, 'pay']",
    ]
    assert "East" in told[0]
    assert "Very bad" in told[1]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (Labelled(0, "Whatever", True), False),
        (Labelled(1, "Whatever", True), True),
        (Labelled(1, "not chosen"), False),
        (Labelled(2, "chosen"), True),
        (Labelled(1, "Whatever"), None),
        (Labelled(1, "Phone"), True),
    ],
)
def test_a_labelled_tick(office, cell, value):
    question = office.question("tools")
    assert tick_reader(question, question.part("phone"))(cell).value is value


def test_codes_stand_for_points_only_where_the_scale_has_no_words(office):
    scale = office.scales["agree"]
    assert rating_reader(scale)(Labelled(3, "Fully agree")).key
    bare = scale.model_copy(
        update={
            "points": tuple(
                point.model_copy(update={"label": {"en": str(point.value)}}) for point in scale.points
            )
        }
    )
    assert rating_reader(bare)(Labelled(3, "Fully agree")).value == 3


def test_a_labelled_number_is_its_code():
    assert number_reader(Labelled(98, "98 or older")).value == 98
    assert number_reader(Labelled(3, "4")).value == 4


def test_a_set_of_categories_is_one_joined_column(office):
    codes = {1: "Phone", 2: "Mail"}
    dictionary = Dictionary(
        "spss",
        "",
        (Variable("m1", "First", codes), Variable("m2", "Second", codes, ((9, 9),)), Variable("age")),
        (ResponseSet("tools", "", ("m1", "m2"), None),),
    )
    columns = {
        0: Coded.of(["m1", 1, 2, None]),
        1: Coded.of(["m2", 2, 9, None]),
        2: Coded.of(["age", 1, 2, 3]),
    }
    table = read_grid(Grid("x.sav", "", columns, [0, 1, 2, 3], dictionary=dictionary))
    assert [column.header for column in table.columns] == ["tools", "age"]
    assert list(table.columns[0].values) == ["Phone\nMail", "Mail", None]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Refused", "refused"),
        ("Don’t know", "refused"),
        ("Not applicable", "not_asked"),
        ("No answer", "skipped"),
        ("拒绝回答", "refused"),
        ("不适用", "not_asked"),
        ("未回答", "skipped"),
        ("Naval base", ""),
        ("Missing", "empty"),
    ],
)
def test_what_a_label_of_a_missing_code_says(label, kind):
    assert missing_kind(label) == kind


def test_an_empty_sav_and_a_damaged_one(tmp_path, office):
    pyreadstat.write_sav(FRAME.iloc[:0], str(tmp_path / "empty.sav"))
    with pytest.raises(DataError, match="no row below"):
        survey.read_responses(tmp_path / "empty.sav", office)
    content = (tmp_path / "empty.sav").read_bytes()
    for size in (8, 100, len(content) // 2):
        (tmp_path / "cut.sav").write_bytes(content[:size])
        with pytest.raises(DataError, match="cannot be read"):
            survey.read_responses(tmp_path / "cut.sav", office)


def test_parquet_is_a_plain_table(tmp_path):
    frame = pd.DataFrame({"a": [1.0, None], "b": [["x", "y"], []], "c": pd.to_datetime(["2026-01-02", None])})
    frame.to_parquet(tmp_path / "x.parquet")
    (grid,) = read_book(tmp_path / "x.parquet").grids
    assert grid.rows[1][:2] == (1, "x; y")
    assert grid.rows[1][2].isoformat() == "2026-01-02T00:00:00"
    (tmp_path / "y.parquet").write_bytes(b"PAR1" + bytes(50) + b"PAR1")
    with pytest.raises(DataError, match="cannot be read"):
        read_book(tmp_path / "y.parquet")


def test_the_page_names_the_endings():
    text = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    assert ".sav" in text
    assert ".dta" in text
