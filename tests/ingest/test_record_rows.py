"""Several rows of one record: events and repeated forms are no further respondents, and never pooled."""

from pathlib import Path

import pytest

from survey import DataError, Responses, read_responses
from tests.helpers import accounted, answers

INSTRUMENT = """
kind: survey
id: clinic
version: "1.0.0"
languages: [en]
title: {en: Clinic}
questions:
  - {id: mood, kind: single, short: {en: Mood}, text: {en: How are you?}, options: [
      {id: well, label: {en: Well}}, {id: ill, label: {en: Ill}}]}
  - {id: tools, kind: multiple, short: {en: Tools}, text: {en: Which tools?}, options: [
      {id: pen, label: {en: Pen}}, {id: other, label: {en: Other}, text: true}]}
  - {id: age, kind: number, short: {en: Age}, text: {en: How old?}}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(INSTRUMENT, encoding="utf-8")
    return path


def read(own: Path, *lines: str, **options: bool) -> Responses:
    path = own.parent / "export.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    responses = read_responses(path, own, **options)  # type: ignore[arg-type]
    counts = accounted(responses)
    assert counts.pop("read") == sum(counts.values())
    return responses


@pytest.mark.parametrize("set_aside", [False, True])
@pytest.mark.parametrize(
    ("head", "marks"),
    [
        ("record_id,redcap_event_name,mood,tools___1,tools___2,age", ("first,", "second,")),
        ("Record ID,Event Name,How are you?,Which tools? (choice=Pen),Which tools? (choice=Other),How old?,"
         "Complete?", ("First,", "Second,")),
        ("record_id,redcap_repeat_instrument,redcap_repeat_instance,mood,tools___1,tools___2,age",
         ("clinic,1,", "clinic,2,")),
    ],
)  # fmt: skip
def test_answers_of_one_record_at_several_events_are_not_pooled(
    own: Path, head: str, marks: tuple[str, str], set_aside: bool
) -> None:
    labelled = "Complete?" in head
    cells = "Well,Checked,Unchecked,40,Complete" if labelled else "1,1,0,40"
    other = "Ill,Checked,Unchecked,40,Complete" if labelled else "2,1,0,40"
    rows = [f"{record},{mark}{one}" for record, one in ((1, cells), (2, other)) for mark in marks]
    with pytest.raises(DataError) as caught:
        read(own, head, *rows, set_aside=set_aside)
    (problem,) = caught.value.problems
    assert problem.key == "records_in_several_waves"
    assert (problem.values["records"], problem.values["count"]) == (2, 4)
    assert marks[0].split(",")[0] in str(problem)
    assert len(read(own, head, *rows[::2])) == 2


def test_rows_of_repeated_forms_without_an_answer_of_ours_are_left_out(own: Path) -> None:
    head = "record_id,redcap_repeat_instrument,redcap_repeat_instance,mood,tools___1,tools___2,age,dose"
    rows = ["1,,,1,1,0,40,", "1,visits,1,,,,,5", "1,visits,2,,0,0,,6", "2,,,2,0,1,50,"]
    responses = read(own, head, *rows)
    assert answers(responses, "age") == [40, 50]
    assert answers(responses, "tools__pen") == [True, False]
    screening = responses.provenance.screening
    assert screening is not None
    assert dict(screening.counts) == {"repeat_row": 2}
    (told,) = [one for one in responses.problems if one.key == "rows_left_out"]
    assert "2 of repeated forms" in str(told)


def test_events_with_other_questions_each_are_told(own: Path) -> None:
    head = "record_id,redcap_event_name,mood,tools___1,tools___2,age"
    responses = read(own, head, "1,first,1,,,", "1,second,,,,40", "2,first,2,,,", "2,second,,,,50")
    assert len(responses) == 4
    (told,) = [one for one in responses.problems if one.key == "records_in_several_rows"]
    assert "2 records stand in 4 rows (first, second)" in str(told)
    one_event = read(own, head, "1,first,1,,,", "2,first,2,,,")
    assert "records_in_several_rows" not in {one.key for one in one_event.problems}


def test_what_is_written_beside_an_option_that_is_not_ticked_is_told(own: Path) -> None:
    head = "id,mood,tools__pen,tools__other,tools__other__text"
    responses = read(own, head, "1,Well,1,0,paper", "2,Well,0,1,mail", "3,Ill,1,0,", "4,Ill,,,ink")
    assert answers(responses, "tools__other") == [False, True, False, None]
    (told,) = [one for one in responses.problems if one.key == "texts_without_tick"]
    assert (told.values["count"], told.values["texts"], told.place.cell) == (2, 3, "E2")
    right = read(own, head, "1,Well,1,0,", "2,Well,0,1,mail")
    assert "texts_without_tick" not in {one.key for one in right.problems}
