# ruff: noqa: E501 - rows are wide
"""A zero is an answer only of those who were asked and who opened the form."""

from pathlib import Path

import pytest

from survey import Responses, frequencies, read_responses
from tests.helpers import accounted, answers, missing

INSTRUMENT = """
kind: survey
id: fair
version: "1.0.0"
languages: [en]
title: {en: Fair}
questions:
  - {id: went, kind: single, short: {en: Went}, text: {en: Did you go?}, options: [
      {id: went_there, label: {en: I went}}, {id: at_home, label: {en: I did not}}]}
  - {id: halls, kind: multiple, short: {en: Halls}, text: {en: Which halls?}, asked_if: {question: went, any: [went_there]},
     options: [{id: north, label: {en: North}}, {id: south, label: {en: South}}]}
  - {id: tools, kind: multiple, short: {en: Tools}, text: {en: Which tools?},
     options: [{id: pen, label: {en: Pen}}, {id: phone, label: {en: Phone}}]}
  - {id: remark, kind: text, short: {en: Remark}, text: {en: Anything else?}}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(INSTRUMENT, encoding="utf-8")
    return path


def read(own: Path, *lines: str) -> Responses:
    path = own.parent / "export.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    responses = read_responses(path, own)
    counts = accounted(responses)
    assert counts.pop("read") == sum(counts.values())
    return responses


@pytest.mark.parametrize(
    ("head", "yes", "home"),
    [
        ("id,went,halls__north,halls__south", "went_there,{}", "at_home,0,0"),
        ("_id,_uuid,_index,went,halls/north,halls/south", "u,1,went_there,{}", "u,1,at_home,0,0"),
        ("record_id,redcap_event_name,went,halls___1,halls___2", "e,1,{}", "e,2,0,0"),
    ],
)
def test_zeros_of_those_who_were_not_asked_are_no_answer(own: Path, head: str, yes: str, home: str) -> None:
    rows = [yes.format("1,0"), yes.format("0,0"), home, yes.format("0,1"), home]
    responses = read(own, head, *(f"{number},{row}" for number, row in enumerate(rows, 1)))
    assert answers(responses, "halls__north") == [True, False, None, False, None]
    assert missing(responses, "halls__south") == ["", "", "not_asked", "", "not_asked"]
    table = frequencies(responses, "halls")
    assert set(table["base"]) == {3}


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("id,went,halls__north,halls__south,remark", "{},{},so"),
        ("_id,_uuid,_index,went,halls/north,halls/south,remark", "u,1,{},{},so"),
        ("record_id,redcap_event_name,went,halls___1,halls___2,remark", "e,{},{},so"),
    ],
)
def test_zeros_say_nothing_where_the_filter_is_blank(own: Path, head: str, row: str) -> None:
    codes = {"yes": "1", "no": "2"} if "redcap" in head else {"yes": "went_there", "no": "at_home"}
    given = [("yes", "1,0"), ("", "0,0"), ("", "0,1"), ("no", "0,0"), ("yes", "0,0")]
    rows = [row.format(codes.get(went, ""), halls) for went, halls in given]
    responses = read(own, head, *(f"{number},{one}" for number, one in enumerate(rows, 1)))
    assert answers(responses, "halls__north") == [True, None, False, None, False]
    assert missing(responses, "halls__south") == ["", "empty", "", "not_asked", ""]
    assert set(frequencies(responses, "halls")["base"]) == {3}
    (told,) = [one for one in responses.problems if one.key == "zeros_of_unknown"]
    assert "In 1 row 'went' is blank and 'halls' holds nothing but zeros" in str(told)


def test_zeros_stay_where_the_file_does_not_have_the_filter(own: Path) -> None:
    responses = read(own, "id,halls__north,halls__south,tools__pen", "1,0,0,1", "2,1,0,0")
    assert answers(responses, "halls__north") == [False, True]


def test_a_tick_of_somebody_who_was_not_asked_stays_and_is_told(own: Path) -> None:
    responses = read(own, "id,went,halls__north,halls__south", "1,at_home,1,0", "2,went_there,1,1")
    assert answers(responses, "halls__north") == [True, True]
    assert "answered_not_asked" in {problem.key for problem in responses.problems}


@pytest.mark.parametrize(
    "head",
    [
        "record_id,went,tools___1,tools___2,form_complete",
        "id,went,tools__pen,tools__phone,weather",
        "_id,_uuid,_index,went,tools/pen,tools/phone",
    ],
)
def test_zeros_of_a_form_that_was_never_opened_are_no_answer(own: Path, head: str) -> None:
    rows = ["1,1,0", "2,0,1", ",0,0", "1,0,0", ",0,0"]
    words = {"1": "went_there", "2": "at_home", "": ""}
    lines = []
    for number, row in enumerate(rows, 1):
        went, ticks = row.split(",", 1)
        before = f"{number}," + ("u,1," if head.startswith("_id") else "")
        after = (
            (",2" if went else ",0")
            if head.endswith("_complete")
            else ","
            if head.endswith("weather")
            else ""
        )
        lines.append(f"{before}{went if head.startswith('record') else words[went]},{ticks}{after}")
    responses = read(own, head, *lines)
    assert len(responses) == 5
    assert answers(responses, "tools__pen") == [True, False, None, False, None]
    assert missing(responses, "tools__pen") == ["", "", "empty", "", "empty"]
    (told,) = [one for one in responses.problems if one.key == "zeros_of_no_answer"]
    assert told.values["count"] == 2


def test_each_form_of_an_export_by_itself(own: Path) -> None:
    """The first form was filled in by all; the second, of nothing but check boxes, has only its state."""
    responses = read(
        own,
        "record_id,went,first_complete,tools___1,tools___2,second_complete",
        "1,1,2,1,0,2",
        "2,2,2,0,0,2",
        "3,1,2,0,0,0",
        "4,1,2,0,0,",
    )
    assert answers(responses, "tools__pen") == [True, False, None, None]
    assert missing(responses, "went") == [""] * 4


def test_where_nothing_else_is_asked_zeros_are_an_answer(own: Path) -> None:
    responses = read(own, "id,tools__pen,tools__phone,remark", "1,1,0,", "2,0,0,", "3,0,0,none")
    assert answers(responses, "tools__pen") == [True, False, False]
