# ruff: noqa: E501 - tables are wide
"""Further platforms, cell by cell: what each writes in a way of its own, and what must not be taken for it."""

import csv
from pathlib import Path
from typing import Any

import pytest

import survey
from survey import read_responses
from survey.files.grid import grid_of
from survey.ingest.dialects import DIALECTS
from tests.helpers import answers, missing
from tests.ingest.conftest import Read
from tests.ingest.dialects.exports import EXPORTS
from tests.ingest.dialects.test_same_answers import CLUB, expected, found, written

NEW = list(EXPORTS)[list(EXPORTS).index("googleforms_zh_tw") : list(EXPORTS).index("plain")]


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_of_one_dialect(name: str) -> None:
    """Whatever the order of the list: none of these layouts claims the file of another."""
    dialect, make = EXPORTS[name]
    grid = grid_of("f.xlsx", "S", map(tuple, make()), hidden=False)
    claims = [one.name for one in DIALECTS if one.name != "plain" and one.detect(grid)]
    new = {EXPORTS[one][0] for one in NEW} - {"googleforms", "surveymonkey", "redcap"}
    assert new & set(claims) <= {dialect}
    assert (claims or ["plain"])[0] == dialect
    assert dialect not in new or claims == [dialect]


@pytest.mark.parametrize("name", NEW)
def test_text_tables_are_the_same(tmp_path: Path, name: str) -> None:
    """A .csv, in which every cell is text."""
    path = tmp_path / f"{name}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(EXPORTS[name][1]())
    assert found(read_responses(path, CLUB)) == expected()


@pytest.mark.parametrize("name", ["typeform", "sosci_labels"])
def test_an_export_becomes_a_report(tmp_path: Path, name: str) -> None:
    report = survey.analyze(read_responses(written(tmp_path / "e.xlsx", EXPORTS[name][1]()), CLUB))
    assert report.sheets


def test_translated_times_of_google_forms(tmp_path: Path) -> None:
    for name in ("googleforms_zh_tw", "googleforms_de"):
        submitted = read_responses(written(tmp_path / f"{name}.xlsx", EXPORTS[name][1]()), CLUB).meta[
            "submitted"
        ]
        assert str(submitted[11]) == "2026-04-12 09:05:03"


def test_typeform_keeps_the_words_of_an_other_where_they_belong(read: Read) -> None:
    responses = read("""
    | # | How do you eat? | Other   | Tea | Milk | Juice (apple/pear, cold) | Start Date (UTC)    | Submit Date (UTC)   | Network ID |
    | a | Everything      |         | Tea |      |                          | 2026-04-03 09:00:00 | 2026-04-03 09:05:00 | n |
    | b |                 | Raw     |     | Milk |                          | 2026-04-03 09:00:00 | 2026-04-03 09:05:00 | n |
    | c |                 |         |     |      |                          | 2026-04-03 09:00:00 | 2026-04-03 09:05:00 | n |
    """)
    assert answers(responses, "diet") == ["everything", "other", None]
    assert answers(responses, "diet__other__text") == [None, "Raw", None]
    assert answers(responses, "drinks__milk") == [False, True, None]


def test_typeform_choices_of_another_question_are_not_ours(read: Read) -> None:
    """Its choices stand without their question: one label in common is no evidence, most of ours are."""
    responses = read("""
    | # | How do you eat? | Tea | Coffee | Cake | How many visits a month? | Milk | Juice (apple/pear, cold) | Tea, with milk | Beer | Start Date (UTC)    | Submit Date (UTC)   |
    | a | Everything      | Tea |        |      | 3                        | Milk |                          |                | Beer | 2026-04-03 09:00:00 | 2026-04-03 09:05:00 |
    | b | No meat         |     | Coffee | Cake | 4                        |      | Juice (apple/pear, cold) |                |      | 2026-04-03 09:00:00 | 2026-04-03 09:05:00 |
    """)
    assert answers(responses, "drinks__tea") == [None, None]
    assert answers(responses, "drinks__milk") == [True, False]
    told = [
        problem.values["header"]
        for problem in responses.problems
        if problem.key.startswith("column_unmatched")
    ]
    assert told == ["Tea", "Coffee", "Cake", "Beer"]


def test_central_options_of_another_question_are_not_ours(tmp_path: Path) -> None:
    head = [
        "SubmissionDate",
        "member",
        "shop",
        "shop/ball",
        "shop/run",
        "about-shop2/ball",
        "instanceID",
        "KEY",
        "FormVersion",
    ]
    rows = [
        head,
        *(["2026-04-03T01:05:04Z", "full", "ball", 1, 0, 1, f"u{n}", f"u{n}", "1"] for n in range(3)),
    ]
    responses = read_responses(written(tmp_path / "c.xlsx", rows), CLUB)
    assert answers(responses, "sports__ball") == [None] * 3
    assert answers(responses, "member") == ["full"] * 3


def test_typeform_choices_joined_in_one_cell(read: Read) -> None:
    """As a newer file has them, with a sign before the first."""
    responses = read("""
    | # | How do you eat? | What do you drink?    | Start Date (UTC)    | Submit Date (UTC)   | Network ID |
    | a | Everything      | / Tea, with milk / Milk | 2026-04-03 09:00:00 | 2026-04-03 09:05:00 | n |
    | b |                 |                       | 2026-04-03 09:00:00 | 2026-04-03 09:05:00 | n |
    """)
    assert answers(responses, "drinks__tea_with_milk") == [True, None]
    assert answers(responses, "drinks__tea") == [False, None]


def test_sosci_ticks_tests_and_kinds_of_missing(read: Read) -> None:
    responses = read("""
    | CASE | QUESTNNR | MODE      | STARTED             | diet | drinks_tea | drinks_milk | TIME001 | LASTDATA            | FINISHED | LASTPAGE |
    | 101  | base     | interview | 2026-04-03 09:00:00 | 1    | 2          | 1           | 30      | 2026-04-03 09:05:00 | 1        | 3 |
    | 102  | base     | pretest   | 2026-04-03 09:00:00 | 2    | 2          | 2           | 30      | 2026-04-03 09:05:00 | 1        | 3 |
    | 103  | base     | interview | 2026-04-03 09:00:00 | -9   | -9         | -9          | 30      | 2026-04-03 09:05:00 | 0        | 1 |
    | 104  | base     | interview | 2026-04-03 09:00:00 | -1   | 1          | 2           | 30      | 2026-04-03 09:05:00 | 1        | 3 |
    """)
    assert answers(responses, "drinks__tea") == [True, None, False]
    assert answers(responses, "drinks__milk") == [False, None, True]
    assert missing(responses, "diet") == ["", "skipped", "refused"]
    assert dict(responses.provenance.screening.counts) == {"test": 1}
    assert responses.meta["finished"].tolist() == [True, False, True]


def test_alchemer_tells_a_tick_from_its_words(read: Read) -> None:
    responses = read("""
    | Response ID | Time Started        | Date Submitted      | Status  | How do you eat?  | Other - Write In:How do you eat? | Tea, with milk:What do you drink? | Nothing:What do you drink? |
    | 1           | 2026-04-03 09:00:00 | 2026-04-03 09:05:00 | Complete | Other - Write In | Stone: soup                      | Tea, with milk                    | |
    | 2           | 2026-04-03 09:00:00 | 2026-04-03 09:05:00 | Partial  | No meat          |                                  |                                   | Nothing |
    """)
    assert answers(responses, "diet") == ["other", "vegetarian"]
    assert answers(responses, "diet__other__text") == ["Stone: soup", None]
    assert answers(responses, "drinks__tea_with_milk") == [True, False]
    assert responses.meta["finished"].tolist() == [True, False]


def test_surveymonkey_numbers_of_a_battery_are_no_ticks(read: Read) -> None:
    """Rows with one number throughout, rising from row to row, as ticks have it: points of the scale."""
    responses = read("""
    | Respondent ID | Collector ID | How do you eat? | What do you drink? |      | How good are the dishes? |       |
    |               |              | Response        | Tea                | Milk | Soup                     | Bread |
    | 11            | 4            | 2               | 1                  | 3    | 2                        | 4     |
    | 12            | 4            | 1               |                    | 3    | 2                        | 4     |
    | 13            | 4            | 3               | 1                  |      | 2                        |       |
    """)
    assert answers(responses, "drinks__milk") == [True, True, False]
    assert answers(responses, "diet") == ["vegetarian", "everything", "other"]
    assert answers(responses, "dishes__soup") == [2, 2, 2]
    assert answers(responses, "dishes__bread") == [4, 4, None]


def test_redcap_labels_with_quotes_and_any_key(read: Read) -> None:
    responses = read("""
    | Participant | Survey Timestamp    | How do you eat? | What do you drink? (choice='Tea') | What do you drink? (choice=Milk) | Complete?  |
    | P-7         | 2026-04-03 09:05:03 | No meat         | Checked                           | Unchecked                        | Complete   |
    | P-8         | [not completed]     |                 | Unchecked                         | Unchecked                        | Incomplete |
    """)
    assert responses.meta["key"].tolist() == ["P-7", "P-8"]
    assert answers(responses, "drinks__tea") == [True, None]
    assert not [problem for problem in responses.problems if problem.key == "about_unreadable"]


def test_central_joined_cells_are_compared_with_the_columns(tmp_path: Path) -> None:
    rows = [list(row) for row in EXPORTS["odk_central_split"][1]()]
    column = rows[0].index("about-sports/run")
    rows[1][column] = 1  # against the codes in the joined cell
    path = written(tmp_path / "c.xlsx", rows)
    responses = read_responses(path, CLUB)
    assert [problem.key for problem in responses.problems if "joined" in problem.key] == ["joined_disagrees"]
    assert answers(responses, "sports__run")[0] is True


def test_surveycto_a_question_that_begins_like_another_is_no_option_of_it(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        [
            "SubmissionDate",
            "member",
            "sports",
            "sports_ball",
            "sports_run",
            "sports_note",
            "formdef_version",
            "KEY",
        ]
    ]
    for number in range(3):
        rows.append(["Apr 3, 2026 9:05:03 AM", "full", "ball", 1, 0, f"text {number}", "1", f"uuid:{number}"])
    responses = read_responses(written(tmp_path / "s.xlsx", rows), CLUB)
    assert answers(responses, "sports__ball") == [True] * 3
    assert [
        problem.values["header"]
        for problem in responses.problems
        if problem.key.startswith("column_unmatched")
    ] == ["sports_note"]


TWO = """
kind: survey
id: two
version: "1.0.0"
languages: [en]
title: {en: "Two"}
questions:
  - id: a
    kind: multiple
    short: {en: "First"}
    text: {en: "First?"}
    options: [{id: red, label: {en: "Red"}}, {id: green, label: {en: "Green"}}, {id: none, label: {en: "None"}}]
  - id: b
    kind: multiple
    short: {en: "Second"}
    text: {en: "Second?"}
    options: [{id: blue, label: {en: "Blue"}}, {id: none, label: {en: "None"}}, {id: black, label: {en: "Black"}}]
"""


def test_typeform_a_label_of_two_questions_side_by_side_is_that_of_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(TWO, encoding="utf-8")
    head = ["#", "Red", "Green", "None", "Blue", "None", "Black", "Start Date (UTC)", "Submit Date (UTC)"]
    times = ["2026-04-03 09:00:00", "2026-04-03 09:05:00"]
    rows = [
        head,
        ["x", "Red", None, None, None, "None", None, *times],
        ["y", None, None, "None", "Blue", None, "Black", *times],
    ]
    responses = read_responses(written(tmp_path / "t.xlsx", rows), tmp_path / "two.yaml")
    assert answers(responses, "a__none") == [False, True]
    assert answers(responses, "b__none") == [True, False]
    assert answers(responses, "b__blue") == [False, True]
