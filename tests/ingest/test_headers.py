"""Which column holds what: ids, labels in two languages, case and white space; what matches nothing."""

import pandas as pd
import pytest

from survey import DataError, Instrument, load_instrument, screen
from survey.ingest.headers import Headers
from tests.helpers import answers, missing
from tests.ingest.conftest import Read


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("diet", "diet"),
        ("Diet", "diet"),
        ("  DIET  ", "diet"),
        ("How do you eat?", "diet"),
        ("how  do\tyou eat?", "diet"),
        ("饮食", "diet"),
        ("您的饮食习惯?", "diet"),
        ("您的饮食习惯？", "diet"),
        ("Ｄｉｅｔ", "diet"),
        ("\ufeffdiet", "diet"),
        ("di\u200bet", "diet"),
        ("q1", "diet"),
        ("drinks", "drinks"),
        ("drinks__tea_with_milk", "drinks__tea_with_milk"),
        ("tea_with_milk", "drinks__tea_with_milk"),
        ("Tea, with milk", "drinks__tea_with_milk"),
        ("奶茶", "drinks__tea_with_milk"),
        ("Drinks: Tea, with milk", "drinks__tea_with_milk"),
        ("What do you drink? [Juice (apple/pear, cold)]", "drinks__juice"),
        ("饮料:果汁(苹果/梨)", "drinks__juice"),
        ("饮料 - 果汁（苹果/梨）", "drinks__juice"),
        ("dishes__soup", "dishes__soup"),
        ("Soup", "dishes__soup"),
        ("汤", "dishes__soup"),
        ("How good are the dishes? - Soup", "dishes__soup"),
        ("diet__other__text", "diet__other__text"),
        ("Diet: Other (text)", "diet__other__text"),
        ("Visits", "visits"),
        ("Remark", "remark"),
    ],
)
def test_header_names_a_column(canteen: Instrument, header: str, column: str) -> None:
    assert Headers(canteen).find(header) == {column}


@pytest.mark.parametrize(
    "header", ["", "?!", "x", "Diets", "dishes", "How good are the dishes?", "soup bread"]
)
def test_header_of_nothing(canteen: Instrument, header: str) -> None:
    assert Headers(canteen).find(header) == set()


def test_every_form_of_every_column_of_the_packaged_instrument(executive: str) -> None:
    instrument = load_instrument(executive)
    headers = Headers(instrument)
    for question in instrument.questions:
        for part in question.parts if question.kind in ("multiple", "rating") else ():
            column = f"{question.id}__{part.id}"
            heads = (question.id, *question.text.values(), *question.short.values())
            joined = [
                f"{head}{sign}{form}" for head in heads for form in part.forms for sign in (": ", "_", " [")
            ]
            for form in (column, *part.forms, *joined):
                for header in (form, form.upper(), f"  {form.replace(' ', chr(160) * 2)}\n"):
                    assert headers.find(header) == {column}, header


def test_headers_in_any_language_and_layout_read_alike(read: Read) -> None:
    ids = read("""
        | respondent | diet       | drinks__tea | drinks__milk | dishes__soup | visits |
        |------------|------------|-------------|--------------|--------------|--------|
        | 7          | vegetarian | 1           | 0            | 5            | 12     |
    """)
    labels = read("""
        | visits | 编号 | How do you eat? | 茶  | Drinks: Milk | "  DISHES  -  soup " |
        |--------|------|-----------------|-----|--------------|----------------------|
        | 12     | 7    | vegetarian      | 1   | 0            | 5                    |
    """)
    assert ids.data.equals(labels.data)
    assert ids.missing.equals(labels.missing)
    assert ids.meta["key"].tolist() == labels.meta["key"].tolist() == ["7"]


def test_two_columns_for_the_same_are_a_fault(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read("""
            | diet       | visits | Diet       | 次数 |
            |------------|--------|------------|------|
            | vegetarian | 1      | everything | 1    |
        """)
    assert [
        (problem.key, problem.place.cell, problem.values["other"]) for problem in caught.value.problems
    ] == [
        ("header_twice", "C1", "A1"),
        ("header_twice", "D1", "B1"),
    ]


def test_a_joined_column_beside_its_own_options_is_a_fault(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read("""
            | drinks | drinks__tea |
            |--------|-------------|
            | Tea    | 1           |
        """)
    (problem,) = caught.value.problems
    assert (problem.key, problem.place.cell, problem.values["other"]) == ("header_twice", "B1", "A1")


def test_setting_cells_aside_does_not_choose_between_two_columns(read: Read) -> None:
    with pytest.raises(DataError, match="same answers as cell A1"):
        read("| diet | Diet |\n| other | other |", set_aside=True)


def test_columns_that_match_nothing_are_notices_with_proposals(read: Read) -> None:
    responses = read("""
        | diet  | Vists | weather |     | diet_ |
        |-------|-------|---------|-----|-------|
        | other | 3     | rain    | 12  |       |
        | other |       | sun     |     |       |
    """)
    unmatched = [problem for problem in responses.problems if problem.key.startswith("column_")]
    told = [
        (problem.place.cell, problem.key, problem.values["filled"], len(problem.values["near"]))
        for problem in unmatched
    ]
    assert told == [
        ("B1", "column_unmatched_near", 1, 1),
        ("C1", "column_unmatched", 2, 0),
        ("D1", "column_headless", 1, 0),
        ("E1", "column_unmatched_near", 0, 1),
    ]
    assert "Did you mean: visits ('How many visits a month?')?" in str(unmatched[0])
    assert "是否指：visits（“每月几次?”）？" in unmatched[0].text("zh")


def test_a_near_id_of_a_part_is_shown_with_question_and_part(read: Read) -> None:
    responses = read("| diet | drinks_te | dishes__brea |\n| other | 1 | 2 |")
    told = {
        one.values["header"]: str(one) for one in responses.problems if one.key == "column_unmatched_near"
    }
    assert "drinks__tea ('What do you drink? / Tea')" in told["drinks_te"]
    assert "dishes__bread ('How good are the dishes? / Bread')" in told["dishes__brea"]


def test_where_no_header_is_known_near_ids_are_shown_with_their_questions(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read("| vists | how do you eat |\n| 1 | other |".replace("how do you eat", "do eat you how"))
    assert "vists (near: visits ('How many visits a month?'))" in str(caught.value)
    assert "vists（近似：visits（“每月几次?”））" in caught.value.text("zh")


def test_questions_and_options_without_a_column_are_missing_and_listed(read: Read) -> None:
    responses = read("""
        | drinks__tea | drinks__milk | dishes__soup |
        |-------------|--------------|--------------|
        | 1           | 0            | 5            |
        | 0           | 0            | 4            |
    """)
    for column in ("diet", "diet__other__text", "drinks__juice", "dishes__bread", "visits", "remark"):
        assert answers(responses, column) == [None, None]
        assert missing(responses, column) == ["not_asked", "not_asked"]
    assert answers(responses, "drinks__milk") == [False, False]
    assert [str(problem) for problem in responses.problems] == [
        "The question 'diet' has no column: its answers are missing (not asked).",
        "The question 'drinks' has no column for: tea_with_milk, juice, nothing. "
        "These are missing (not asked).",
        "The question 'dishes' has no column for: bread. These are missing (not asked).",
        "The question 'visits' has no column: its answers are missing (not asked).",
        "The question 'remark' has no column: its answers are missing (not asked).",
    ]


def test_a_single_question_without_the_text_of_its_other_says_so(read: Read) -> None:
    responses = read("| diet |\n| other |")
    assert missing(responses, "diet__other__text") == ["not_asked"]
    assert responses.problems[0].values == {"question": "diet", "parts": ["other__text"]}


def test_a_very_long_header_does_not_flood_the_notice(read: Read) -> None:
    responses = read(f"| diet | {'what a header ' * 2000} |\n| other | 1 |")
    assert all(len(str(problem)) < 300 for problem in responses.problems)


def test_what_is_told_of_a_respondent_goes_to_meta(read: Read) -> None:
    responses = read("""
        | No. | 开始时间         | Submitted  | 用时 | diet  | id  |
        |-----|------------------|------------|------|-------|-----|
        | 12  | 2026-04-01       | yesterday  | 95.5 | other | 1   |
        | A7  |                  | 2026-04-02 |      | other | 2   |
    """)
    assert responses.meta["key"].tolist() == ["12", "A7"]
    assert responses.meta["started"].tolist() == [pd.Timestamp("2026-04-01"), pd.NaT]
    assert responses.meta["submitted"].tolist() == [pd.NaT, pd.Timestamp("2026-04-02")]
    assert responses.meta["duration"].tolist() == [95.5, pd.NA]
    assert responses.meta["row"].tolist() == [2, 3]
    assert set(responses.meta["source"]) == {"responses.xlsx"}
    assert [p.values["header"] for p in responses.problems if p.key == "column_unmatched"] == ["id"]


def test_doubled_keys_are_kept_and_told(read: Read) -> None:
    responses = read("| id | diet |\n| 1 | other |\n| 1.0 | other |\n| b | other |\n| | other |\n| | other |")
    rows = screen(responses)[1].rows
    assert rows.loc[rows["rule"] == "duplicate_key", ["row", "key"]].values.tolist() == [[3, "1"]]
    assert len(responses) == 5


AMBIGUOUS = """
kind: survey
id: twins
version: "1.0.0"
languages: [en]
title: {en: "Twins"}
scales:
  s: {top: 1, points: [{value: 1, label: {en: "Low"}}, {value: 2, label: {en: "High"}}]}
questions:
  - {id: now, kind: rating, short: {en: "Now"}, text: {en: "Now?"}, scale: s, items: [
      {id: pay, label: {en: "Pay"}}, {id: text, label: {en: "Text"}}]}
  - {id: later, kind: rating, short: {en: "Later"}, text: {en: "Later?"}, scale: s, items: [
      {id: pay, label: {en: "Pay"}}, {id: text, label: {en: "Text"}}]}
  - {id: picks, kind: multiple, short: {en: "Picks"}, text: {en: "Which?"}, options: [
      {id: a_b, label: {en: "First"}}, {id: ab, label: {en: "Second"}}, {id: text, label: {en: "Third"}}]}
  - {id: duration, kind: number, short: {en: "Length"}, text: {en: "How long?"}}
"""


@pytest.fixture
def twins(tmp_path) -> str:
    path = tmp_path / "twins.yaml"
    path.write_text(AMBIGUOUS)
    return str(path)


def test_a_header_that_may_mean_two_columns_is_a_fault(read_as, twins) -> None:
    with pytest.raises(DataError) as caught:
        read_as(twins, "| Pay | later__text |\n| 1 | 2 |")
    (problem,) = caught.value.problems
    assert (problem.key, problem.values["known"]) == ("header_ambiguous", ["later__pay", "now__pay"])


def test_ids_that_look_alike_without_punctuation_are_told_apart(read_as, twins) -> None:
    responses = read_as(twins, "| picks__a_b | picks__ab | now: pay |\n| 1 | 0 | 2 |")
    assert answers(responses, "picks__a_b") == [True]
    assert answers(responses, "picks__ab") == [False]
    assert answers(responses, "now__pay") == [2]


def test_an_option_or_item_may_be_called_text(read_as, twins) -> None:
    responses = read_as(twins, "| picks__text | now__text |\n| 1 | 2 |")
    assert answers(responses, "picks__text") == [True]
    assert answers(responses, "now__text") == [2]
    assert list(responses.columns_of(responses.instrument.question("picks"))) == ["a_b", "ab", "text"]


def test_a_question_may_be_called_as_what_is_told_of_a_respondent(read_as, twins) -> None:
    responses = read_as(twins, "| 用时 | duration | started |\n| 95 | 3 | then |")
    assert answers(responses, "duration") == [3.0]
    assert responses.meta["duration"].tolist() == [95.0]
    assert responses.meta["started"].isna().tolist() == [True]
    (told,) = [problem for problem in responses.problems if problem.key == "about_unreadable"]
    assert (told.place.cell, told.values["value"]) == ("C2", "then")
