# ruff: noqa: E501 - rows are wide
"""NA, N/A, 不适用: an option, a platform's word, R's gap, or refused until a map or `missing` says what it is."""

from pathlib import Path

import pytest

from survey import DataError, Responses, frequencies, read_responses
from survey.ingest.map_proposal import propose_map
from tests.helpers import accounted, answers, missing

INSTRUMENT = """
kind: survey
id: own
version: "1.0.0"
languages: [en]
title: {en: Own}
scales:
  five:
    points: [{value: 1, label: {en: Low}}, {value: 2, label: {en: Middle}}, {value: 3, label: {en: High}}]
questions:
  - {id: size, kind: single, short: {en: Size}, text: {en: How large?}, options: [
      {id: small, label: {en: Small}}, {id: large, label: {en: Large}}]}
  - {id: branch, kind: single, short: {en: Branch}, text: {en: Which branch?}, missing: {skipped: ["-"]}, options: [
      {id: east, label: {en: East}}, {id: none_of, label: {en: Not applicable}, aliases: [N/A]}]}
  - {id: worth, kind: rating, short: {en: Worth}, text: {en: How good is it?}, scale: five, items: [
      {id: food, label: {en: Food}}, {id: rooms, label: {en: Rooms}}]}
  - {id: tools, kind: multiple, short: {en: Tools}, text: {en: Which tools?}, options: [
      {id: pen, label: {en: Pen}}, {id: phone, label: {en: Phone}}]}
  - {id: spend, kind: number, short: {en: Spend}, text: {en: How much?}}
  - {id: remark, kind: text, short: {en: Remark}, text: {en: Anything else?}}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(INSTRUMENT, encoding="utf-8")
    return path


def read(own: Path, *lines: str, **options: object) -> Responses:
    path = own.parent / "export.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_responses(path, own, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("word", ["NA", "NaN", "nan", "<NA>", "NULL", "#NULL!", "."])
def test_what_programs_write_all_over_a_table_is_empty_and_told_once(own: Path, word: str) -> None:
    rows = ["small,NA,1,NA,NA,NA,NA", "NA,2,NA,TRUE,FALSE,5,none", "large,3,3,FALSE,FALSE,1e+05,NA"]
    responses = read(
        own,
        "size,worth__food,worth__rooms,tools__pen,tools__phone,spend,remark",
        *(row.replace("NA", word) for row in rows),
    )
    assert answers(responses, "size") == ["small", None, "large"]
    assert missing(responses, "worth__food") == ["empty", "", ""]
    assert answers(responses, "tools__pen") == [None, True, False]
    assert answers(responses, "spend") == [None, 5, 100_000]
    assert answers(responses, "remark") == [None, "none", None]
    (told,) = [one for one in responses.problems if one.key == "gaps_of_programs"]
    assert told.values == {"word": word, "count": 8, "columns": 7}


@pytest.mark.parametrize(
    "lines",
    [
        ("size,worth__food", "NA,1", "large,NA", "small,"),  # a blank: R leaves none
        ("size,worth__food", "NA,1", "large,2"),  # one column
        ("size,worth__food", "N/A,1", "large,N/A"),
        ("size,worth__food", "不适用,1", "large,Not applicable"),
    ],
)
def test_elsewhere_it_is_refused_until_somebody_says_what_it_is(own: Path, lines: tuple[str, ...]) -> None:
    with pytest.raises(DataError) as caught:
        read(own, *lines)
    words = {problem.values["value"] for problem in caught.value.problems}
    by_hand = own.parent / "map.yaml"
    said = ", ".join(f'"{word}": {{missing: not_asked}}' for word in words)
    by_hand.write_text(f"values: {{size: {{{said}}}, worth: {{{said}}}}}", encoding="utf-8")
    responses = read(own, *lines, mapping=by_hand)
    assert "not_asked" in missing(responses, "size") + missing(responses, "worth__food")
    assert answers(responses, "size")[1] == "large"


def test_match_proposes_what_reads_like_no_answer(own: Path) -> None:
    path = own.parent / "export.csv"
    path.write_text("size,worth__food\nN/A,1\nlarge,Not applicable\n", encoding="utf-8")
    text = propose_map(path, own)
    assert '# "N/A": {missing: skipped}' in text
    assert '# "Not applicable": {missing: not_asked}' in text
    by_hand = own.parent / "map.yaml"
    by_hand.write_text(text.replace('    # "', '    "'), encoding="utf-8")
    responses = read_responses(path, own, mapping=by_hand)
    assert missing(responses, "size") == ["skipped", ""]
    assert missing(responses, "worth__food") == ["", "not_asked"]


def test_an_option_of_that_name_is_an_answer(own: Path) -> None:
    """Also in a table of R, and in an export of a platform that has such a word."""
    responses = read(own, "branch,size,worth__food", "N/A,NA,NA", "Not applicable,small,1", "-,large,2")
    assert answers(responses, "branch") == ["none_of", "none_of", None]
    assert missing(responses, "branch")[2] == "skipped"
    lime = read(
        own, "id,submitdate,lastpage,startlanguage,branch,size", "1,,3,en,N/A,N/A", "2,,3,en,East,Small"
    )
    assert answers(lime, "branch") == ["none_of", "east"]
    assert missing(lime, "size") == ["not_asked", ""]


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (
            ("Respondent ID,Collector ID,How good is it?,", ",,Food,Rooms", "1,1,N/A,Low", "2,1,High,Low"),
            "skipped",
        ),
        (
            ("id,submitdate,lastpage,startlanguage,worth__food,worth__rooms", "1,,3,en,N/A,1", "2,,3,en,3,1"),
            "not_asked",
        ),
        (("_id,_uuid,_index,worth/food,worth/rooms", "1,u,1,n/a,1", "2,v,2,3,1"), "empty"),
    ],
)
def test_a_word_of_the_platform(own: Path, lines: tuple[str, ...], kind: str) -> None:
    responses = read(own, *lines)
    assert answers(responses, "worth__food") == [None, 3]
    assert missing(responses, "worth__food") == [kind, ""]


def test_a_map_for_one_question_leaves_others_on_the_same_scale_alone(own: Path) -> None:
    by_hand = own.parent / "map.yaml"
    by_hand.write_text(
        'values: {spend: {none: 0, "N/A": {missing: refused}}, worth: {top: 3}}', encoding="utf-8"
    )
    responses = read(own, "spend,worth__food", "none,top", "N/A,2", "7,1", mapping=by_hand)
    assert answers(responses, "spend") == [0, None, 7]
    assert missing(responses, "spend") == ["", "refused", ""]
    assert answers(responses, "worth__food") == [3, 2, 1]


R_TABLE = ("size,tools__pen,tools__phone", "small,{0},NA", "large,NA,NA", "small,{0},{1}", "NA,NA,{1}")
KOBO = ("_id,_uuid,_index,size,tools/pen,tools/phone", "1,u,1,small,1,n/a", "2,v,2,large,n/a,n/a")


@pytest.mark.parametrize(
    ("lines", "pen", "phone", "words"),
    [
        ([line.format("1", "1") for line in R_TABLE], [1, None, 1, 0], [0, None, 1, 1], ["NA"]),
        ([line.format("TRUE", "TRUE") for line in R_TABLE], [1, None, 1, 0], [0, None, 1, 1], ["NA"]),
        ([line.format("Pen", "Phone") for line in R_TABLE], [1, None, 1, 0], [0, None, 1, 1], ["NA"]),
        (KOBO, [1, None], [0, None], ["n/a"]),
        (
            (
                "序号,提交答卷时间,所用时间,来源,size,tools__pen,tools__phone",
                "1,2026/4/1 9:00:00,60秒,微信,1,1,-2",
                "2,2026/4/1 9:00:00,60秒,微信,2,-3,-3",
                "3,2026/4/1 9:00:00,60秒,微信,2,-3,1",
            ),
            [1, None, 0],
            [0, None, 1],
            ["-2", "-3"],
        ),
    ],
)
def test_a_missing_word_beside_a_tick_is_unticked_where_nothing_else_says_so(
    own: Path, lines: list[str], pen: list[int | None], phone: list[int | None], words: list[str]
) -> None:
    responses = read(own, *lines)
    assert answers(responses, "tools__pen") == pen
    assert answers(responses, "tools__phone") == phone
    (told,) = [one for one in responses.problems if one.key == "words_unticked"]
    assert told.values["words"] == words
    assert told.values["count"] == pen.count(0) + phone.count(0)
    counts = accounted(responses)
    assert counts.pop("read") == sum(counts.values())
    assert set(frequencies(responses, "tools")["base"]) == {sum(tick is not None for tick in pen)}


def test_a_missing_word_of_the_instrument_or_a_map_beside_a_tick_is_unticked(own: Path) -> None:
    own.write_text(INSTRUMENT.replace("scales:", 'missing: {skipped: ["-9"]}\nscales:', 1), encoding="utf-8")
    responses = read(own, "size,tools__pen,tools__phone", "small,1,-9", "small,-9,-9", "large,-9,1")
    assert answers(responses, "tools__pen") == [True, None, False]
    assert missing(responses, "tools__phone") == ["", "skipped", ""]


@pytest.mark.parametrize(
    ("rows", "phone"),
    [
        (("1,-9", "0,1"), [None, True]),  # 0 is unticked
        (("1,-9", "1,", ",1", "1,"), [None, False, True, False]),  # a blank is
        (("1,(not asked)", "1,(not asked)", ",1"), [None, None, True]),  # our own words
    ],
)
def test_it_stays_missing_where_the_layout_says_unticked_otherwise(
    own: Path, rows: tuple[str, ...], phone: list[bool | None]
) -> None:
    own.write_text(INSTRUMENT.replace("scales:", 'missing: {skipped: ["-9"]}\nscales:', 1), encoding="utf-8")
    responses = read(own, "size,tools__pen,tools__phone", *(f"small,{row}" for row in rows))
    assert answers(responses, "tools__phone") == phone
    assert "words_unticked" not in {one.key for one in responses.problems}


def test_a_missing_word_under_an_option_of_another_form_is_no_tick(own: Path) -> None:
    responses = read(own, *("size,tools__pen,tools__phone,tools__mail", "small,1,NA,NA", "large,NA,NA,NA"))
    assert answers(responses, "tools__pen") == [True, None]
