# ruff: noqa: E501 - headers are wide
"""What words say of a column goes before what its name looks like; a bare row label is no battery."""

from collections.abc import Callable
from pathlib import Path

import pytest

from survey import DataError, Responses, read_responses
from tests.helpers import answers

INSTRUMENT = """
kind: survey
id: shop
version: "1.0.0"
languages: [en, zh]
title: {en: Shop, zh: 商店}
scales:
  five:
    points: [{value: 1, label: {en: Low, zh: 低}}, {value: 2, label: {en: Lower, zh: 较低}},
             {value: 3, label: {en: Middle, zh: 一般}}, {value: 4, label: {en: Higher, zh: 较高}},
             {value: 5, label: {en: High, zh: 高}}]
questions:
  - {id: browser, kind: single, short: {en: Browser, zh: 浏览器}, text: {en: Which browser?, zh: 用哪个浏览器？}, options: [
      {id: fox, label: {en: Fox, zh: 狐}}, {id: owl, label: {en: Owl, zh: 鹰}}]}
  - {id: importance, kind: rating, short: {en: Importance, zh: 重要}, text: {en: How important is it?, zh: 有多重要？},
     scale: five, items: [{id: price, label: {en: Price, zh: 价格}}, {id: taste, label: {en: Taste, zh: 味道}},
                          {id: place, label: {en: Place, zh: 地点}}]}
  - {id: tools, kind: multiple, short: {en: Tools, zh: 工具}, text: {en: Which tools?, zh: 用哪些工具？}, options: [
      {id: pen, label: {en: Pen, zh: 笔}}, {id: phone, label: {en: Phone, zh: 电话}}]}
"""
Read = Callable[..., Responses]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a CSV, given line by line, under the instrument above."""
    own = tmp_path / "shop.yaml"
    own.write_text(INSTRUMENT, encoding="utf-8")

    def read(*lines: str, **options: object) -> Responses:
        path = tmp_path / "export.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return read_responses(path, own, **options)  # type: ignore[arg-type]

    return read


def qualtrics(tags: str, labels: str, cells: list[str], ids: str = "") -> list[str]:
    own = "StartDate,EndDate,Status,Finished,ResponseId"
    said = ids.split(",") if ids else ["QID1"] * len(tags.split(","))
    row = ",".join(f'"{{""ImportId"":""{one}""}}"' for one in (*"abcde", *said))
    head = [f"{own},{tags}", f"{own},{labels}", row]
    return head + [
        f"2026-04-01 09:00:00,2026-04-01 09:10:00,IP Address,True,R_{n},{c}" for n, c in enumerate(cells)
    ]


def left(responses: Responses) -> list[str]:
    return [one.values["header"] for one in responses.problems if one.key.startswith("column_unmatched")]


def set_aside(responses: Responses) -> list[str]:
    return [
        name for one in responses.problems if one.key == "columns_of_platform" for name in one.values["names"]
    ]


@pytest.mark.parametrize(
    "tag", ["Q_browser", "Q_Language", "PC_Version", "TO_DO", "WHAT_DO_1", "SC1", "Status", "Q4_Browser"]
)
def test_a_tag_that_looks_like_the_platforms_own_is_read_by_its_label(read: Read, tag: str) -> None:
    if tag == "Status":  # twice: the platform's, and ours
        lines = qualtrics("Q1", "Which browser?", ["Fox", "Owl"])
        lines = [line.replace("Status,", "Kind,", 1) for line in lines]
        lines[0] = lines[0].replace("Q1", "Status")
    else:
        lines = qualtrics(tag, "Which browser?", ["Fox", "Owl"])
    responses = read(*lines)
    assert answers(responses, "browser") == ["fox", "owl"]
    assert tag not in left(responses) + set_aside(responses)


def test_a_tag_that_is_nobodys_is_told_as_unknown_and_not_dropped(read: Read) -> None:
    responses = read(
        *qualtrics(
            "Q1,Q_mood,App_Version,IN_DO_2", "Which browser?,Your mood,Release,What now", ["Fox,1,2,3"]
        )
    )
    assert left(responses) == ["Q_mood", "App_Version", "IN_DO_2"]
    assert set_aside(responses) == []


def test_what_the_platform_adds_is_set_aside_by_name(read: Read) -> None:
    added = ["Q_TotalDuration", "SC0", "T_First Click", "T_Last Click", "T_Page Submit", "T_Click Count",
             "M_Browser", "M_Version", "M_Operating System", "M_Resolution", "Q1_DO"]  # fmt: skip
    ids = ",".join(["QID1", *("x" for _ in added[:-1]), "QID1_DO"])
    labels = ",".join(["Which browser?", *(f"Added {n}" for n in range(len(added)))])
    responses = read(*qualtrics(",".join(["Q1", *added]), labels, ["Fox" + ",1" * len(added)], ids))
    assert answers(responses, "browser") == ["fox"]
    assert set_aside(responses) == added
    assert left(responses) == []


WJX = "序号,提交答卷时间,所用时间,来源,"
ROW = "1,2026/4/1 9:00:11,300秒,微信,"


@pytest.mark.parametrize(
    ("head", "cells", "price", "taste"),
    [
        # Another battery with our rows, by text and by number, numbered and not.
        ("7、您准备好了吗？—价格,7、味道,8、用哪个浏览器？", "高,低,狐", None, None),
        ("7、您准备好了吗？—价格,7、味道,8、用哪个浏览器？", "5,1,1", None, None),
        ("您准备好了吗？—价格,味道,用哪个浏览器？", "高,低,狐", None, None),
        # Both: ours stands second, and first.
        ("7、您准备好了吗？—价格,7、味道,9、有多重要？—价格,9、味道", "高,低,低,高", 1, 5),
        ("7、有多重要？—价格,7、味道,9、您准备好了吗？—价格,9、味道", "高,低,低,高", 5, 1),
        ("有多重要？—价格,味道,您准备好了吗？—价格,味道", "高,低,低,高", 5, 1),
        ("7、您准备好了吗？—价格,7、味道,9、有多重要？—价格,9、味道", "5,1,1,5", 1, 5),
        # The rows without a number, behind a numbered first one.
        ("7、您准备好了吗？—价格,味道,8、用哪个浏览器？", "高,低,狐", None, None),
        ("7、您准备好了吗？—价格,味道,9、有多重要？—价格,味道", "高,低,低,高", 1, 5),
        ("7、有多重要？—价格,味道,9、您准备好了吗？—价格,味道", "高,低,低,高", 5, 1),
        ("7、您准备好了吗？—价格,味道,9、有多重要？—价格,味道", "5,1,1,5", 1, 5),
        # Where no stem is known anywhere, the number says what belongs together.
        ("7、价格,7、味道,7、地点", "5,1,3", 5, 1),
    ],
)
def test_a_row_belongs_to_the_stem_it_stands_under(
    read: Read, head: str, cells: str, price: int | None, taste: int | None
) -> None:
    more = ["2,2026/4/1 9:01:11,300秒,微信," + cells] if "狐" in cells or "5" not in cells else []
    if cells == "5,1,1":
        more = ["2,2026/4/1 9:01:11,300秒,微信,5,1,2"]
    responses = read(WJX + head, ROW + cells, *more)
    assert answers(responses, "importance__price")[0] == price
    assert answers(responses, "importance__taste")[0] == taste
    if "浏览器" in head:
        assert answers(responses, "browser")[0] == "fox"
        assert left(responses) == head.split(",")[:2]


BRACKETS = INSTRUMENT.replace("zh: 价格}", "zh: 价格（含税）}").replace("zh: 地点}", "zh: 地点(门店)}")


@pytest.mark.parametrize(
    "head",
    [
        "7、有多重要？—价格（含税）,味道,地点(门店)",
        "7、有多重要？—地点(门店),价格（含税）,味道",
        "有多重要？—地点(门店),价格（含税）,味道",
        "7、有多重要？—味道,价格（含税）,地点(门店)",
        "7、有多重要？—味道,7、价格（含税）,7、地点(门店)",
        "有多重要？—价格（含税）,味道,地点(门店),用哪些工具？(笔),2(电话)",
        "7、有多重要？—地点(门店),味道,价格（含税）,8、用哪些工具？(笔),8、(电话)",
        "7、有多重要？—价格（含税）,7、有多重要？—味道,7、有多重要？—地点(门店)",
    ],
)
def test_brackets_in_the_rows_of_a_matrix_by_number(tmp_path: Path, head: str) -> None:
    own = tmp_path / "shop.yaml"
    own.write_text(BRACKETS, encoding="utf-8")
    labels = {
        "价格": (5, "price"),
        "味道": (1, "taste"),
        "地点": (3, "place"),
        "笔": (1, ""),
        "电话": (0, ""),
    }
    cells = [next(code for label, (code, _) in labels.items() if label in one) for one in head.split(",")]
    path = tmp_path / "export.csv"
    path.write_text(f"{WJX}{head}\n{ROW}{','.join(map(str, cells))}", encoding="utf-8")
    responses = read_responses(path, own, dialect="wjx_number")
    assert [answers(responses, f"importance__{part}")[0] for code, part in labels.values() if part] == [
        5,
        1,
        3,
    ]
    assert left(responses) == []
    if "笔" in head:
        assert answers(responses, "tools__pen")[0] is True
        assert answers(responses, "tools__phone")[0] is False


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (
            "_id,_uuid,_index,readiness/price,readiness/taste,importance/price,importance/taste",
            "1,u1,1,5,1,1,5",
        ),
        (
            "_id,_uuid,_index,a/readiness/price,a/importance/price,a/readiness/taste,a/importance/taste",
            "1,u1,1,5,1,1,5",
        ),
        (
            "_id,_uuid,_index,a/gadgets,a/gadgets/pen,a/gadgets/phone,importance/price,importance/taste",
            "1,u1,1,pen,1,0,1,5",
        ),
    ],
)
def test_a_part_of_another_question_of_kobo_is_not_ours(read: Read, head: str, row: str) -> None:
    responses = read(head, row)
    assert (answers(responses, "importance__price"), answers(responses, "importance__taste")) == ([1], [5])
    assert answers(responses, "tools__pen") == [None]


def test_a_battery_of_one_is_headed_by_its_question(tmp_path: Path) -> None:
    own = tmp_path / "one.yaml"
    own.write_text(
        INSTRUMENT.split("questions:")[0]
        + "questions:\n  - {id: overall, kind: rating, short: {en: All, zh: 总}, text: {en: How was it?, zh: 如何？}, "
        "scale: five, items: [{id: all, label: {en: Taken together, zh: 总体}}]}\n",
        encoding="utf-8",
    )
    for head in (
        "How was it?",
        "Q3. How was it? *",
        "overall",
        "overall__all",
        "How was it? [Taken together]",
        "如何？",
    ):
        path = tmp_path / "one.csv"
        path.write_text(f"{head}\n5\nLow\n", encoding="utf-8")
        assert answers(read_responses(path, own), "overall__all") == [5, 1]


def test_who_ticked_only_an_option_that_is_not_ours_was_asked(read: Read) -> None:
    """The column of a reworded option is told; who ticked it alone did not leave the question out."""
    exports = [
        qualtrics(
            "T_1,T_2,T_3",
            "Which tools? - Pen,Which tools? - Phone,Which tools? - Letters",
            ["1,,", ",,1", ",,"],
        ),
        [
            "Respondent ID,Collector ID,Which tools?,,",
            ",,Pen,Phone,Letters",
            "1,1,Pen,,",
            "2,1,,,Letters",
            "3,1,,,",
        ],
        ["id,Which tools? [Pen],Which tools? [Phone],Which tools? [Letters]", "1,x,,", "2,,,x", "3,,,"],
    ]
    for lines in exports:
        responses = read(*lines)
        assert answers(responses, "tools__pen") == [True, False, None]
        assert len(left(responses)) == 1


WITH_TEXT = INSTRUMENT.replace(
    "{en: Phone, zh: 电话}}", "{en: Phone, zh: 电话}}, {id: other, label: {en: Other, zh: 其他}, text: true}"
)


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        (
            "record_id,redcap_event_name,tools___1,tools___2,tools___3,tools_other",
            ["1,a,1,0,1,Axe", "2,a,0,1,0,"],
        ),
        (
            "Record ID,Event Name,Which tools? (choice=Pen),Which tools? (choice=Phone),Which tools? (choice=Other),Other",
            ["1,a,Checked,Unchecked,Checked,Axe", "2,a,Unchecked,Checked,Unchecked,"],
        ),
        ("tools__pen,tools__phone,tools__other,Which tools? [Other]", ["1,0,1,Axe", "0,1,0,"]),
        ("tools__pen,tools__phone,Other (please specify),tools__other", ["1,0,Axe,1", "0,1,,0"]),
        ("tools__pen,tools__phone,Tools: Other,tools__other", ["TRUE,NA,Axe,TRUE", "NA,TRUE,NA,NA"]),
    ],
)
def test_the_text_of_an_other_may_be_headed_like_its_tick(
    tmp_path: Path, read: Read, head: str, rows: list[str]
) -> None:
    (tmp_path / "shop.yaml").write_text(WITH_TEXT, encoding="utf-8")
    responses = read(head, *rows)
    assert answers(responses, "tools__other") == [True, False]
    assert answers(responses, "tools__other__text") == ["Axe", None]
    assert [one.key for one in responses.problems].count("text_beside_tick") == 1
    assert left(responses) == []


@pytest.mark.parametrize("rows", [["1,1", "0,1"], ["Axe,Saw", "Saw,"], [",", ","]])
def test_two_columns_of_an_other_that_both_hold_ticks_or_texts_are_a_fault(
    tmp_path: Path, read: Read, rows: list[str]
) -> None:
    (tmp_path / "shop.yaml").write_text(WITH_TEXT, encoding="utf-8")
    with pytest.raises(DataError, match="same answers as cell C1"):
        read("tools__pen,tools__phone,tools__other,Tools: Other", *(f"1,0,{row}" for row in rows))
