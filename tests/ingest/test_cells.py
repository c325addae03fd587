"""What one cell means, read from real workbooks: numbers, labels, codes; what is refused, and where."""

import json
from collections.abc import Iterable

import pytest

from survey import DataError
from survey.ingest import option_cells
from survey.ingest.cell_values import Read as Meaning
from survey.ingest.cell_values import remembered
from survey.wording import near_misses
from tests.helpers import answers, missing
from tests.ingest.conftest import Read


@pytest.mark.parametrize(
    "cell",
    [
        "5",
        "5.0",
        '"5"',
        '"5.0"',
        '"５"',
        '"⑤"',
        '" 5 "',
        '"\\u00a05\\u200b"',
        "5 - Very good",
        "5 – very good",
        "5: Very good",
        "5.Very good",
        "5、非常好",
        "5. 非常好",
        "５：非常好",
        "Very good",
        "VERY  GOOD",
        "非常好",
        "=2+3 -> 5",
        '=A1 -> "very good"',
    ],
)
def test_rating_says_five(read: Read, cell: str) -> None:
    assert answers(read(f"| dishes__soup |\n| {cell} |"), "dishes__soup") == [5]


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("6", "cell_not_on_scale"),
        ("0", "cell_not_on_scale"),
        ("-5", "cell_not_on_scale"),
        ("4.5", "cell_not_on_scale"),
        ('"4,5"', "cell_number_against_label"),
        ("Verry good", "cell_not_on_scale_near"),
        ("delicious", "cell_not_on_scale"),
        ("5 - Very bad", "cell_number_against_label"),
        ("5 stars", "cell_number_against_label"),
        ("TRUE", "cell_not_on_scale"),
        ("2026-05-01", "cell_not_on_scale"),
        ("#N/A", "cell_formula"),
        ("#DIV/0!", "cell_formula"),
        ("=1+4", "cell_formula"),
        (json.dumps("5" * 5000), "cell_not_on_scale"),
        (json.dumps("5" * 5000 + " good"), "cell_not_on_scale"),
        (json.dumps("very long " * 3000), "cell_not_on_scale"),
    ],
)
def test_rating_refuses(read: Read, cell: str, key: str) -> None:
    with pytest.raises(DataError) as caught:
        read(f"| visits | dishes__soup |\n| 1 | 3 |\n| 2 | {cell} |")
    (problem,) = caught.value.problems
    assert (problem.key, problem.place.sheet, problem.place.cell) == (key, "Data", "B3")
    assert problem.place.subject == "dishes / soup"
    assert str(problem).startswith("responses.xlsx, sheet 'Data', cell B3 (dishes / soup): ")
    assert len(str(problem)) < 400


def test_refusal_proposes_what_may_have_been_meant(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read("""
            | dishes__soup | diet       | drinks                              |
            | Verry good   | Vegetarien | Tea; Jiuce (apple/pear, cold); Milk |
        """)
    assert [problem.values["near"] for problem in caught.value.problems] == [
        ["Very good", "Very bad"],
        ["vegetarian"],
        ["Juice (apple/pear, cold)"],
    ]
    assert "Did you mean: Very good, Very bad?" in str(caught.value)
    assert "是否指：Very good、Very bad？" in caught.value.text("zh")


@pytest.mark.parametrize(
    ("cell", "option"),
    [
        ("vegetarian", "vegetarian"),
        ("VEGETARIAN", "vegetarian"),
        ("No meat", "vegetarian"),
        ("no\u2003meat", "vegetarian"),
        ('"no\\nmeat"', "vegetarian"),
        ("素食", "vegetarian"),
        ("2", "vegetarian"),
        ("2.0", "vegetarian"),
        ('"2"', "vegetarian"),
        ('"２"', "vegetarian"),
    ],
)
def test_single_choice(read: Read, cell: str, option: str) -> None:
    assert answers(read(f"| diet |\n| {cell} |"), "diet") == [option]


@pytest.mark.parametrize("cell", ["meat", "TRUE", "2026-05-01", "No meat, Everything", "#REF!"])
def test_single_choice_refuses(read: Read, cell: str) -> None:
    with pytest.raises(DataError, match=r"cell A2 \(diet\)"):
        read(f"| diet |\n| {cell} |")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12", 12.0),
        ("-0.5", -0.5),
        ("1e-7", 1e-7),
        ("1e59", 1e59),
        ('"12"', 12.0),
        ('"１２"', 12.0),
        ('"1,200"', 1200.0),
        ('"１，２００．５"', 1200.5),
        ('" +3 "', 3.0),
    ],
)
def test_number(read: Read, cell: str, number: float) -> None:
    assert answers(read(f"| visits |\n| {cell} |\n| 950 |"), "visits") == [number, 950.0]


@pytest.mark.parametrize(
    "cell",
    [
        "often",
        '"1,2,3"',
        '"1 20"',
        '"12 times"',
        "TRUE",
        "2026-05-01",
        '"inf"',
        '"nan"',
        json.dumps("9" * 400),
    ],
)
def test_number_refuses(read: Read, cell: str) -> None:
    with pytest.raises(DataError) as caught:
        read(f"| visits |\n| {cell} |")
    assert [problem.key for problem in caught.value.problems] == ["cell_not_number"]


@pytest.mark.parametrize("cell", ["1.7e308", "-1e200", '"1e60"'])
def test_a_number_too_large_to_compute_with_is_refused(read: Read, cell: str) -> None:
    with pytest.raises(DataError, match=r"cell A2 \(visits\).* below 1e\+60") as caught:
        read(f"| visits |\n| {cell} |")
    assert [problem.key for problem in caught.value.problems] == ["cell_number_too_large"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("None", "None"),
        ("NA", "NA"),
        ("nan", "nan"),
        ('"001"', "001"),
        ("5.0", "5"),
        ("TRUE", "True"),
        ("2026-05-01", "2026-05-01T00:00:00"),
        ('"=1+1"', None),
        ('"  as it stands "', "  as it stands "),
        ('"two\\nlines"', "two\nlines"),
        ('"two_x000D_\\nlines"', "two\nlines"),
        ("😀 好", "😀 好"),
    ],
)
def test_text_stays_text(read: Read, cell: str, text: str | None) -> None:
    if text is None:
        with pytest.raises(DataError, match="no usable value"):
            read(f"| remark |\n| {cell} |")
    else:
        assert answers(read(f"| remark |\n| {cell} |"), "remark") == [text]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("", "empty"),
        ('" "', "empty"),
        ('"\\u3000\\u200b\\n"', "empty"),
        ('"\\u2003\\ufe0f"', "empty"),
        ('=A1 -> ""', "empty"),
        ("(skipped)", "skipped"),
        ("(SKIPPED)", "skipped"),
        ("（跳过）", "skipped"),
        ("no comment", "refused"),
        ("(refused)", "refused"),
        ("(not asked)", "not_asked"),
        ("(empty)", "empty"),
    ],
)
@pytest.mark.parametrize("column", ["diet", "dishes__soup", "remark", "visits", "drinks__tea", "drinks"])
def test_missing_by_kind_in_every_kind_of_question(read: Read, column: str, cell: str, kind: str) -> None:
    responses = read(f"| {column} | diet__other__text |\n| {cell} | answered |")
    for name in [column] if column != "drinks" else ["drinks__tea", "drinks__nothing"]:
        assert answers(responses, name) == [None]
        assert missing(responses, name) == [kind]


def test_a_code_for_missing_is_no_number_and_no_point(read: Read) -> None:
    responses = read("| dishes__soup | visits |\n| 99 | 99 |\n| 5 | 3 |")
    assert missing(responses, "dishes__soup") == ["refused", ""]
    assert missing(responses, "visits") == ["refused", ""]


def test_every_bad_cell_is_listed_in_reading_order(read: Read) -> None:
    table = """
        | diet  | drinks__tea | dishes__soup | visits | drinks__milk |
        |-------|-------------|--------------|--------|--------------|
        | fish  | maybe       | 7            | lots   | Tea          |
        | other | 1           | 3            | 2      | 0            |
        | 9     | 1           | 3            | some   | 0            |
    """
    with pytest.raises(DataError) as caught:
        read(table)
    assert [problem.place.cell for problem in caught.value.problems] == [
        "A2",
        "B2",
        "C2",
        "D2",
        "E2",
        "A4",
        "D4",
    ]
    assert caught.value.problems[4].key == "cell_other_option"
    assert caught.value.exit_code == 1


def test_set_aside_keeps_the_rest_and_lists_what_was_set_aside(read: Read) -> None:
    responses = read(
        """
        | diet  | drinks__tea | drinks__milk | dishes__soup |
        |-------|-------------|--------------|--------------|
        | fish  | maybe       | 1            | 7            |
        | other | 1           | 0            | 3            |
        """,
        set_aside=True,
    )
    assert answers(responses, "diet") == [None, "other"]
    assert missing(responses, "diet") == ["refused", ""]
    assert answers(responses, "drinks__tea") == [None, True]
    assert answers(responses, "drinks__milk") == [True, False]
    assert answers(responses, "dishes__soup") == [None, 3]
    assert [problem.place.cell for problem in responses.problems[:3]] == ["A2", "B2", "D2"]


def test_setting_every_cell_aside_leaves_no_answers_and_still_lists_them(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read("| diet |\n| fish |\n| fowl |", set_aside=True)
    assert [problem.key for problem in caught.value.problems] == [
        "no_answers",
        "cell_not_option",
        "cell_not_option",
    ]


def test_the_same_in_one_column_is_said_once_with_count_and_first_address(read: Read) -> None:
    rows = "\n".join(["| fish | 7 |", "| other | 7 |", "| fish | 9 |"])
    with pytest.raises(DataError) as caught:
        read(f"| diet | dishes__soup |\n{rows}")
    told = [(problem.place.cell, problem.rows) for problem in caught.value.problems]
    assert told == [("A2", (2, 4)), ("B2", (2, 3)), ("B4", (4,))]
    assert "cell A2 and 1 more cell of the column (diet): 'fish' is not an option" in str(caught.value)
    assert "单元格 A2 及本列另外 1 处（diet）" in caught.value.text("zh")
    cells = [one.place.cell for problem in caught.value.problems for one in problem.each()]
    assert cells == ["A2", "A4", "B2", "B3", "B4"]


def test_more_than_twenty_problems_are_counted_and_all_are_carried(read: Read) -> None:
    rows = "\n".join(f"| fish {number} |" for number in range(25))
    with pytest.raises(DataError) as caught:
        read(f"| diet |\n{rows}")
    assert len(caught.value.problems) == 25
    assert str(caught.value).endswith("(5 more.)")
    assert caught.value.text(limit=None).count("\n") == 24


def test_of_very_many_values_of_a_column_an_error_names_the_first_and_counts_the_rest(read: Read) -> None:
    rows = "\n".join(f"| fish {number % 5000} | soup {number % 60} |" for number in range(6000))
    with pytest.raises(DataError) as caught:
        read(f"| diet | dishes__soup |\n{rows}")
    keys = [problem.key for problem in caught.value.problems]
    assert (len(keys), keys[-2:]) == (102, ["values_more", "values_more"])
    first, second = caught.value.problems[-2:]
    assert first.values == {"values": 4950, "cells": 4950 + 1000 - 50}
    assert second.values == {"values": 10, "cells": 1000}
    assert (first.place.cell, first.place.subject) == ("", "diet")
    assert "diet: 4,950 more values of this column cannot be read (5,900 cells)" in str(first)
    kept = read(f"| diet | dishes__soup |\n{rows}\n| other | 1 |", set_aside=True).problems
    assert sum(problem.key.startswith("cell_") for problem in kept) == 5060  # each is told where it is kept


def test_what_may_have_been_meant_is_sought_for_what_is_named(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    """150,000 different bad cells took 30 s: for each the nearest labels were sought."""
    sought: list[str] = []

    def proposed(word: str, known: Iterable[str]) -> list[str]:
        sought.append(word)
        return near_misses(word, known)

    monkeypatch.setattr(option_cells, "near_misses", proposed)
    with pytest.raises(DataError):
        read("| diet |\n" + "\n".join(f"| fish {number} |" for number in range(500)))
    assert len(sought) == 50


def test_a_reader_reads_the_same_cell_once() -> None:
    seen: list[object] = []
    reader = remembered(lambda raw: seen.append(raw) or Meaning(raw))  # type: ignore[func-returns-value]
    assert [reader(raw).value for raw in (1, 1.0, True, "1", 1, "1")] == [1, 1.0, True, "1", 1, "1"]
    assert [type(raw) for raw in seen] == [int, float, bool, str]


def test_a_lost_formula_is_refused_also_where_respondents_are_told(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read("| id | diet |\n| =ROW() | other |")
    (problem,) = caught.value.problems
    assert (problem.key, problem.place.cell, problem.values) == ("cell_formula", "A2", {"value": "=ROW()"})
