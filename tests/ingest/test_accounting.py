"""Every raw cell is accounted for: cells read = mapped + missing by kind + refused, in any table."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from survey import DataError, Problem, Responses, from_frame, load_instrument, read_responses
from survey.errors import Place
from survey.messages import Phrase
from tests.helpers import accounted, missing, told
from tests.ingest.conftest import CANTEEN, Read

SURVEY = load_instrument(CANTEEN)


def assert_identity(responses: Responses) -> None:
    table = responses.accounting
    assert table is not None
    assert table.columns.tolist() == ["category", "kind", "cells"]
    by_category = table.groupby("category")["cells"].sum()
    parts = [by_category[name] for name in ("mapped", "missing", "refused", "left_out")]
    assert by_category["read"] == sum(parts)


def test_the_categories_are_always_all_there(read: Read) -> None:
    table = read("| diet |\n| other |").accounting
    assert table is not None
    assert list(zip(table["category"], table["kind"], table["cells"], strict=True)) == [
        ("read", "", 1),
        ("mapped", "answer", 1),
        ("mapped", "about_respondent", 0),
        ("missing", "skipped", 0),
        ("missing", "empty", 0),
        ("missing", "not_asked", 0),
        ("missing", "refused", 0),
        ("refused", "unreadable_cell", 0),
        ("refused", "unknown_column", 0),
        ("refused", "not_kept", 0),
        ("left_out", "rows", 0),
    ]


def test_one_table_counted_by_hand(read: Read) -> None:
    responses = read(
        """
        | id | diet       | drinks__tea | drinks__milk | dishes__soup | weather | remark    |
        |----|------------|-------------|--------------|--------------|---------|-----------|
        | 1  | other      | x           |              | 5            | rain    | fine      |
        | 2  | (skipped)  |             |              | 9            |         |           |
        |    | fish       | x           | maybe        | no comment   | sun     | (skipped) |
        """,
        set_aside=True,
    )
    assert accounted(responses) == {
        "read": 21,
        "mapped answer": 6,  # diet, soup, remark of the first; tea of the first and third; the first's milk
        "mapped about_respondent": 2,
        "missing skipped": 2,
        "missing empty": 4,  # an id, two drinks, a remark
        "missing refused": 1,
        "refused unreadable_cell": 3,
        "refused unknown_column": 3,
    }


def test_a_joined_cell_counts_once(read: Read) -> None:
    assert accounted(read("| drinks |\n| Tea, Milk |")) == {"read": 1, "mapped answer": 1}


HEADERS = [
    *("diet", "diet__other__text", "drinks__tea", "drinks__milk", "drinks__juice", "drinks__nothing"),
    *("dishes__soup", "dishes__bread", "visits", "remark", "id", "started", "weather", "wind"),
]
CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        ["other", "fish", "x", "1", "Tea", "Very good", "5 - Very good", "(skipped)", " ", "maybe"]
    ),
    st.sampled_from(["no comment", "(empty)", "#N/A", "=1+1", "Tea, with milk; Milk", "Tea; Wine"]),
    st.booleans(),
    st.integers(-2, 7),
    st.floats(-10, 10),
    st.dates(),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12),
)


@st.composite
def tables(draw: st.DrawFn) -> list[list[Any]]:
    headers: list[Any] = draw(st.lists(st.sampled_from(HEADERS), min_size=1, max_size=8, unique=True))
    if draw(st.booleans()) and not any(header.startswith("drinks__") for header in headers):
        headers.append("drinks")
    headers += [None] * draw(st.integers(0, 1))
    row = st.lists(CELLS, min_size=len(headers), max_size=len(headers))
    return [headers, *draw(st.lists(row, min_size=1, max_size=6))]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
@example([["diet", None], ["other", None], [None, "="]])
@example([["drinks__tea", "drinks__milk"], ["x", "maybe"], [None, "(empty)"], [0, None]])
def test_the_identity_holds_for_any_table(rows: list[list[Any]]) -> None:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "r.xlsx"
        book.save(path)
        problems = told(lambda: read_responses(path, SURVEY, set_aside=True))
        if problems:
            assert problems[0].key in (
                "headers_unknown",
                "headers_unknown_near",
                "no_answers",
                "no_respondents",
                "rows_without_columns",
                "rows_left_out",
            )
        else:
            check_nothing_vanished(read_responses(path, SURVEY, set_aside=True), path)


def check_nothing_vanished(responses: Responses, path: Path) -> None:
    assert_identity(responses)
    counts = accounted(responses)
    whole = [
        problem
        for problem in responses.problems
        if problem.key.startswith(("codes_", "ticks_two", "numbers_", "fractions_"))
        and "cells" in problem.values
    ]
    cells = [
        problem for problem in responses.problems if problem.place.cell and problem.key.startswith("cell_")
    ]
    refused = [*whole, *cells]
    several = sum(len(list(problem.each())) for problem in cells)
    several += sum(problem.values["cells"] for problem in whole)
    assert counts.get("refused unreadable_cell", 0) == several
    if refused:
        with pytest.raises(DataError) as caught:
            read_responses(path, SURVEY)
        assert list(caught.value.problems) == refused
    else:
        assert read_responses(path, SURVEY).data.equals(responses.data)
    assert responses.data.columns.tolist() == list(SURVEY.columns)
    for column in SURVEY.columns:
        kinds = missing(responses, column)
        assert [kind == "" for kind in kinds] == responses.data[column].notna().tolist()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_the_identity_holds_for_any_frame(rows: list[list[Any]]) -> None:
    import pandas as pd

    frame = pd.DataFrame(rows[1:], columns=rows[0], dtype=object)
    problems = told(lambda: from_frame(frame, SURVEY, set_aside=True))
    if problems:
        assert [problem.key.removesuffix("_near") for problem in problems] == ["headers_unknown_frame"]
    else:
        assert_identity(from_frame(frame, SURVEY, set_aside=True))


def test_counts_in_sentences_are_grouped() -> None:
    place = Place(file="r.csv", sheet="r", cell="B2", row=2)
    refused = Problem("cell_not_option", place, {"value": "x"}, tuple(range(2, 1_000_003)))
    assert "cell B2 and 1,000,000 more cells of the column" in refused.text()
    assert "另外 1,000,000 处" in refused.text("zh")
    left_out = {"count": 12_345, "reasons": [Phrase("row_rule_spam", (("n", 12_345),))], "rows": ["3", "7-9"]}
    told = Problem("rows_left_out", Place(), left_out)
    assert told.text() == "Rows left out: 12,345 (12,345 spam); in the sheet 3, 7-9."
    assert told.text("zh") == "剔除 12,345 行（垃圾答卷 12,345 行），行号 3、7-9。"
    codes = {"codes": ["1-4"], "count": 4, "question": "size", "cells": 1_234_567}
    assert "as a whole (1,234,567 cells)" in Problem("codes_without_labels", Place(), codes).text()
