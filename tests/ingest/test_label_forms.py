# ruff: noqa: E501 - rows are wide
"""Labels as platforms leave them: with HTML, with text filled in, cut, or with their stem in a row above."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from survey import DataError, Responses, read_responses
from survey.ingest.labels import Labels, without_markup
from tests.helpers import answers

INSTRUMENT = """
kind: survey
id: own
version: "1.0.0"
languages: [en, zh]
title: {en: Own, zh: 自}
scales:
  five:
    points: [{value: 1, label: {en: Low, zh: 低}}, {value: 2, label: {en: Middle, zh: 中}}, {value: 3, label: {en: High, zh: 高}}]
questions:
  - {id: size, kind: single, short: {en: Size, zh: 规模}, text: {en: How large is your company?, zh: 贵公司规模多大？}, options: [
      {id: small, label: {en: Small & young companies, zh: 小}}, {id: large, label: {en: Large companies, zh: 大}},
      {id: other, label: {en: Other, zh: 其他}, text: true}]}
  - {id: worth, kind: rating, short: {en: Worth, zh: 价值}, text: {en: How good is the food you chose?, zh: 您选的餐如何？}, scale: five,
     items: [{id: food, label: {en: Food, zh: 餐}}, {id: rooms, label: {en: Rooms, zh: 房}}]}
  - {id: tools, kind: multiple, short: {en: Tools, zh: 工具}, text: {en: Which tools do you use?, zh: 用哪些工具？}, options: [
      {id: pen, label: {en: Pen, zh: 笔}}, {id: phone, label: {en: Phone, zh: 电话}}]}
  - {id: stay, kind: rating, short: {en: Stay, zh: 住}, text: {en: "How was ${e://Field/hotel}?", zh: "${e://Field/hotel} 如何？"}, scale: five,
     items: [{id: bed, label: {en: The bed there, zh: 床铺情况}}, {id: view, label: {en: The view there, zh: 窗外景色}}]}
"""
Read = Callable[..., Responses]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(INSTRUMENT, encoding="utf-8")
    return path


@pytest.fixture
def read(own: Path) -> Read:
    def read(*lines: str, **options: object) -> Responses:
        path = own.parent / "export.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return read_responses(path, own, **options)  # type: ignore[arg-type]

    return read


@pytest.mark.parametrize(
    "header",
    [
        "<p>How large is your <b>company</b>?</p>",
        "<span style='color:red'>How large is your company?</span>&nbsp;*",
        "How large is your company?<br/>",
        "How large is ${e://Field/name} company?",
        "How large is {{field:abc-1}} company?",
        "How large is [field:name] company?",
        "How large is your com…",
        "How large is your com...",
        "<p>贵公司规模多大？</p>",
    ],
)
def test_headers(read: Read, header: str) -> None:
    responses = read(
        f'"{header}"', "<b>Small &amp; young</b> companies", "Large companies", "Small & young com…"
    )
    assert answers(responses, "size") == ["small", "large", "small"]


@pytest.mark.parametrize(
    "header",
    [
        "How was the Grand Hotel? [The bed there]",
        "How was ${q://QID1/X}? [The bed there]",
        "How was it? - The bed there",
    ],
)
def test_a_heading_that_was_filled_in(read: Read, header: str) -> None:
    assert answers(read(f'"{header}"', "High"), "stay__bed") == [3]


def test_a_stem_that_was_cut_before_its_rows(read: Read) -> None:
    responses = read("How good is the food… [Food],How good is the food… [Rooms]", "High,Low")
    assert answers(responses, "worth__food") == [3]
    assert answers(responses, "worth__rooms") == [1]


def test_what_may_be_two_things_is_neither(read: Read) -> None:
    responses = read("size,H… [Food],How…", "Small & young companies,High,x")
    assert answers(responses, "worth__food") == [None]
    labels = Labels([("a", ["Going abroad alone"], {}), ("b", ["Going abroad together"], {})])
    assert labels.find("Going abroad…") is None
    assert labels.find("Going abroad al…") == "a"


def test_markup_alone_changes() -> None:
    for text in ("a < b", "R&D", "x <3 y", "no  meat", "A&B <-> C"):
        assert without_markup(text) == text


def test_html_in_joined_cells(read: Read) -> None:
    responses = read("Timestamp,Which tools do you use?", '4/1/2026 9:00:00,"<b>Pen</b>, <i>Phone</i>"')
    assert answers(responses, "tools__phone") == [True]


@pytest.mark.parametrize("merged", [True, False])
def test_stems_over_two_rows_of_headers(own: Path, tmp_path: Path, merged: bool) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["respondent", "size", "How good is the food you chose?", None, "Which tools do you use?", None],
        [None, None, "Food", "Rooms", "Pen", "Phone"],
        ["a", "Large companies", "High", "Low", "x", None],
        ["b", "Large companies", "Low", None, None, "x"],
    ):
        sheet.append(row)
    if merged:
        for cells in ("A1:A2", "B1:B2", "C1:D1", "E1:F1"):
            sheet.merge_cells(cells)
    book.save(tmp_path / "two.xlsx")
    responses = read_responses(tmp_path / "two.xlsx", own)
    assert answers(responses, "worth__food") == [3, 1]
    assert answers(responses, "worth__rooms") == [1, None]
    assert answers(responses, "tools__phone") == [False, True]
    assert responses.meta["row"].tolist() == [3, 4]


def test_a_first_respondent_is_no_second_header(read: Read) -> None:
    responses = read("size,,worth__food", "Large companies,note,High", "Large companies,,Low")
    assert answers(responses, "worth__food") == [3, 1]


def test_near_misses_look_at_label_rows_too(read: Read) -> None:
    own = "StartDate,EndDate,Status,Finished,ResponseId"
    ids = ",".join('"{""ImportId"":""x""}"' for _ in range(7))
    row = "2026-04-01 09:00:00,2026-04-01 09:10:00,IP Address,True,R_1,High,Small"
    responses = read(
        f"{own},Q1_1,Q7", f"{own},How good is the food you chose? - Food,How big is your company?", ids, row
    )
    (told,) = [one for one in responses.problems if one.key == "column_unmatched_near"]
    assert (told.values["header"], told.values["near"][0]) == ("Q7", "How large is your company?")


@pytest.mark.parametrize(
    "lines",
    [
        ["Timestamp,How large is your company?"]
        + [f"4/{n}/2026 9:00:00,{c}" for n, c in enumerate(["Family firm"] * 5 + ["Large companies"], 1)],
        ["ID,Start time,Completion time,How large is your company?"]
        + [
            f"{n},4/1/26 9:00:00,4/1/26 9:01:00,{c}"
            for n, c in enumerate(["Family firm"] * 5 + ["A club"], 1)
        ],
        ["编号,开始答题时间,结束答题时间,答题时长,1.贵公司规模多大？"]
        + [
            f"{n},01-Apr-2026 09:00:00,01-Apr-2026 09:01:00,60,{c}"
            for n, c in enumerate(["Family firm"] * 5 + ["大"], 1)
        ],
    ],
)
def test_an_option_renamed_in_mid_field_is_flagged(read: Read, lines: list[str]) -> None:
    responses = read(*lines)
    (told,) = [one for one in responses.problems if one.key == "other_repeated"]
    assert (told.values["value"], told.values["count"]) == ("Family firm", 5)


@pytest.mark.parametrize("header", ["w_trim", "wt", "weight_final", "Gewicht", "样本权数", "WGT"])
def test_weights_are_told_as_what_they_look_like(read: Read, tmp_path: Path, header: str) -> None:
    responses = read(f"size,{header}", "Large companies,0.8", "Large companies,1.3", "Large companies,0.9")
    (told,) = [one for one in responses.problems if one.key == "column_looks_weight"]
    assert (told.values["low"], told.values["high"], told.values["mean"]) == ("0.8", "1.3", "1")
    assert "looks like weights" in str(told)
    by_hand = tmp_path / "map.yaml"
    by_hand.write_text(f'columns: {{"{header}": weight}}', encoding="utf-8")
    mapped = read(f"size,{header}", "Large companies,0.8", "Large companies,1.3", mapping=by_hand)
    assert mapped.meta["weight"].tolist() == [0.8, 1.3]


def test_words_under_such_a_header_are_no_weights(read: Read) -> None:
    responses = read("size,weight", "Large companies,heavy", "Large companies,light")
    assert "column_looks_weight" not in {one.key for one in responses.problems}


def test_rows_under_headers_that_are_not_ours_are_not_denied(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read("Sector,size", "a,", "b,")
    (problem,) = caught.value.problems
    assert problem.key == "rows_without_columns"
    assert "Sector" in str(problem)
