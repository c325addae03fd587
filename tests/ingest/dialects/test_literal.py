# ruff: noqa: E501 - tables are wide
"""Small exports typed by hand from what is known of each platform, so that no rule of ours made them."""

from pathlib import Path

import pytest

from survey import DataError
from tests.helpers import accounted, answers, missing
from tests.ingest.conftest import Read
from tests.paths import ROOT

YES, NO, NONE = True, False, None


def keys(responses) -> set[str]:
    return {problem.key for problem in responses.problems}


def test_wenjuanxing_by_text(read: Read) -> None:
    responses = read("""
        | 序号 | 提交答卷时间       | 所用时间 | 来源 | 来源详情 | 来自IP            | 1、您的饮食习惯? | 2、您喝什么?        | 3、菜品如何?—汤 | 3、面包 | 4、每月几次? | 总分 |
        |------|--------------------|----------|------|----------|-------------------|------------------|---------------------|-----------------|---------|--------------|------|
        | 1    | 2026/4/3 9:05:07   | 312秒    | 微信 | N/A      | 1.2.3.4(广东-深圳) | 素食             | 茶┋果汁(苹果/梨)    | 非常好          | 差      | 4            | 9    |
        | 2    | 2026/4/13 19:05:07 | 95秒     | 链接 | N/A      | 1.2.3.4(广东-深圳) | 其他〖生酮┋低碳〗 | (跳过)              | (空)            | 一般    | （跳过）     | 3    |
    """)
    assert answers(responses, "diet") == ["vegetarian", "other"]
    assert answers(responses, "diet__other__text") == [NONE, "生酮┋低碳"]
    assert answers(responses, "drinks__juice") == [YES, NONE]
    assert missing(responses, "drinks__juice") == ["", "skipped"]
    assert answers(responses, "dishes__soup") == [5, NONE]
    assert missing(responses, "dishes__soup") == ["", "empty"]
    assert answers(responses, "dishes__bread") == [2, 3]
    assert missing(responses, "visits") == ["", "skipped"]
    meta = responses.meta
    assert meta["duration"].tolist() == [312.0, 95.0]
    assert meta["submitted"].astype(str).tolist() == ["2026-04-03 09:05:07", "2026-04-13 19:05:07"]
    assert meta["device"].tolist() == ["d1", "d1"]
    assert meta["channel"].tolist() == ["微信", "链接"]
    assert "ip" not in meta
    assert accounted(responses)["refused not_kept"] == 4  # 来源详情 and 总分


def test_wenjuanxing_by_number(read: Read) -> None:
    responses = read("""
        | 序号 | 提交答卷时间     | 所用时间 | 来源 | 来自IP  | 1、您的饮食习惯? | 2、(茶) | 2、(奶茶) | 2、(牛奶) | 2、(果汁(苹果/梨)) | 3、菜品如何?—汤 | 3、面包 |
        |------|------------------|----------|------|---------|------------------|---------|-----------|-----------|-------------------|-----------------|---------|
        | 1    | 2026/4/3 9:05:07 | 312秒    | 微信 | 1.2.3.4 | 2                | 1       | 0         | 0         | 1                 | 5               | 2       |
        | 2    | 2026/4/3 9:06:07 | 95秒     | 微信 | 1.2.3.4 | 3                | -3      | -3        | -3        | -3                | -2              | 3       |
        | 3    | 2026/4/3 9:07:07 | 95秒     | 微信 | 1.2.3.4 | 1                | 0       | 0         | 1         | 0                 | 4               | 3       |
    """)
    assert answers(responses, "diet") == ["vegetarian", "other", "everything"]
    assert answers(responses, "drinks__tea") == [YES, NONE, NO]
    assert answers(responses, "drinks__juice") == [YES, NONE, NO]
    assert answers(responses, "drinks__milk") == [NO, NONE, YES]
    assert missing(responses, "drinks__milk") == ["", "skipped", ""]
    assert missing(responses, "dishes__soup") == ["", "empty", ""]
    assert answers(responses, "dishes__bread") == [2, 3, 3]
    assert "unverified_wjx_number" in keys(responses)


def test_wenjuanxing_by_number_in_the_older_form(read: Read) -> None:
    responses = read("""
        | 序号 | 提交答卷时间     | 所用时间 | 来源 | 来自IP  | 第1题 您的饮食习惯? | 第2题(茶) | 第2题(牛奶) |
        |------|------------------|----------|------|---------|---------------------|-----------|-------------|
        | 1    | 2026/4/3 9:05:07 | 312秒    | 微信 | 1.2.3.4 | 1                   | 1         | 0           |
    """)
    assert answers(responses, "diet") == ["everything"]
    assert answers(responses, "drinks__tea") == [YES]


def test_tencent(read: Read) -> None:
    responses = read("""
        | 编号 | 开始答题时间         | 结束答题时间         | 答题时长 | 地理位置省 | 1.您的饮食习惯? | 2.您喝什么? | 3.备注 |
        |------|----------------------|----------------------|----------|------------|-----------------|-------------|--------|
        | 1    | 03-Apr-2026 09:01:02 | 03-Apr-2026 09:05:07 | 245      | 广东       | 素食            | 茶,奶茶     | None   |
    """)
    assert answers(responses, "diet") == ["vegetarian"]
    assert (answers(responses, "drinks__tea"), answers(responses, "drinks__tea_with_milk")) == ([YES], [YES])
    assert answers(responses, "remark") == ["None"]
    assert responses.meta["started"].astype(str).tolist() == ["2026-04-03 09:01:02"]
    assert responses.meta["duration"].tolist() == [245.0]


@pytest.mark.parametrize(
    "own",
    [["开始答题时间", "答题时长"], ["编号", "结束答题时间"], ["地理位置国家和地区", "编号", "答题时长"]],
)
def test_tencent_with_few_of_its_columns_is_not_read_as_another_platform(read: Read, own: list[str]) -> None:
    about = {"编号": "1", "答题时长": "245", "地理位置国家和地区": "中国"}
    cells = [about.get(header, "03-Apr-2026 09:01:02") for header in own]
    table = f"| {' | '.join(own)} | 1.您的饮食习惯? |\n| {' | '.join(cells)} | {{}} |"
    responses = read(table.format("素食"))
    assert responses.provenance.dialect == "tencent"
    assert answers(responses, "diet") == ["vegetarian"]
    # Of Wenjuanwang numbers would be positions: here nothing says so.
    with pytest.raises(DataError):
        read(table.format("3"))


def test_wenjuanwang_in_words(read: Read) -> None:
    responses = read("""
        | 序号 | 开始时间           | 提交时间           | 答题时长 | IP      | Q1_您的饮食习惯? | Q2_您喝什么?_茶 | Q2_您喝什么?_牛奶 | 您喝什么?_果汁(苹果/梨) | Q3_菜品如何?_汤 | Q4.备注 |
        | 1    | 2026/4/3 9:01:07   | 2026/4/3 9:05:07   | 0:04:00  | 1.2.3.4 | 素食             | 茶              |                   | 果汁(苹果/梨)           | 非常好          | NA      |
        | 2    | 2026/4/3 19:01:07  | 2026/4/3 19:05:07  | 95       | 1.2.3.4 | 只喝汤           |                 | 牛奶              |                         |                 |         |
    """)
    assert answers(responses, "diet") == ["vegetarian", "other"]
    assert answers(responses, "diet__other__text") == [NONE, "只喝汤"]
    assert answers(responses, "drinks__juice") == [YES, NO]
    assert answers(responses, "drinks__milk") == [NO, YES]
    assert answers(responses, "dishes__soup") == [5, NONE]
    assert answers(responses, "remark") == ["NA", NONE]
    assert responses.meta["duration"].tolist() == [240.0, 95.0]
    assert {"dialect_told", "unverified_wenjuanwang"} <= keys(responses)
    assert responses.provenance.dialect == "wenjuanwang"
    assert not {"ip", "name", "email"} & set(responses.meta)


def test_wenjuanwang_in_numbers_needs_a_map(read: Read, tmp_path: Path) -> None:
    table = """
        | start            | finish           | Q6 | Q2_A1 | Q2_A2 | Q3_R1 |
        | 2026-04-03 09:01 | 2026-04-03 09:05 | 2  | 1     | 0     | 5     |
        | 2026-04-03 10:01 | 2026-04-03 10:05 | 3  | 0     | 1     | 1     |
        | 2026-04-03 11:01 | 2026-04-03 11:05 | 1  | 0     | 1     | 2     |
    """
    with pytest.raises(DataError, match="Q2_A1"):
        read(table)
    by_hand = tmp_path / "map.yaml"
    by_hand.write_text(
        "columns: {Q6: diet, Q2_A1: drinks__tea, Q2_A2: drinks__milk, Q3_R1: dishes__soup}", encoding="utf-8"
    )
    responses = read(table, mapping=by_hand)
    assert answers(responses, "diet") == ["vegetarian", "other", "everything"]
    assert answers(responses, "drinks__milk") == [NO, YES, YES]
    assert answers(responses, "dishes__soup") == [5, 1, 2]
    assert responses.meta["submitted"].astype(str).tolist()[0].startswith("2026-04-03 09:05")


def test_microsoft_forms_keeps_a_label_with_its_commas(read: Read) -> None:
    responses = read("""
        | ID | Start time     | Completion time | Email       | Name | How do you eat? | What do you drink?                       |
        |----|----------------|-----------------|-------------|------|-----------------|------------------------------------------|
        | 1  | 4/13/26 9:01:00 | 4/13/26 21:05:07 | a@b.example | Ann  | No meat         | Tea, with milk;Juice (apple/pear, cold); |
        | 2  | 4/14/26 9:01:00 | 4/14/26 9:05:07 | b@b.example | Bo   | Only soup       | Milk;                                    |
    """)
    assert answers(responses, "drinks__tea_with_milk") == [YES, NO]
    assert answers(responses, "drinks__tea") == [NO, NO]
    assert answers(responses, "diet") == ["vegetarian", "other"]
    assert answers(responses, "diet__other__text") == [NONE, "Only soup"]
    assert responses.meta["submitted"].astype(str).tolist() == ["2026-04-13 21:05:07", "2026-04-14 09:05:07"]
    assert not {"email", "name"} & set(responses.meta)
    assert "other_texts" in keys(responses)


def test_a_near_miss_is_never_taken_for_an_other(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read(
            "| Timestamp | How do you eat? |\n| 4/13/2026 9:05:07 | No meet |\n| 4/13/2026 9:05:07 | Other |"
        )
    (problem,) = caught.value.problems
    assert (problem.key, problem.place.cell, problem.values["near"]) == (
        "cell_not_option_near",
        "B2",
        ["No meat"],
    )


def test_google_forms(read: Read) -> None:
    responses = read("""
        | Timestamp            | What do you drink? *                      | How good are the dishes? [Soup] |
        |----------------------|-------------------------------------------|---------------------------------|
        | 4/3/2026 9:05:07     | Tea, Juice (apple/pear, cold), Milk       | Very good                       |
        | 2026/04/14 9:05:07 下午 GMT+8 | Tea, with milk, Milk             | Bad                             |
    """)
    assert answers(responses, "drinks__juice") == [YES, NO]
    assert answers(responses, "drinks__tea") == [YES, NO]
    assert answers(responses, "drinks__tea_with_milk") == [NO, YES]
    assert answers(responses, "dishes__soup") == [5, 2]
    assert responses.meta["submitted"].astype(str).tolist() == ["2026-04-03 09:05:07", "2026-04-14 21:05:07"]
    assert "dates_doubtful" in keys(responses)


def test_qualtrics_with_three_header_rows_and_a_preview(read: Read) -> None:
    responses = read(r"""
        | StartDate           | EndDate             | Status         | Progress | Duration (in seconds) | Finished | ResponseId | DistributionChannel | QID1                               | Q7_1                                      | Q7_3                                       | Q7_TEXT_x     |
        | Start Date          | End Date            | Response Type  | Progress | Duration (in seconds) | Finished | Response ID | Distribution Channel | How do you eat? - Selected Choice | What do you drink? - Selected Choice - Tea | What do you drink? - Selected Choice - Milk | Anything else? |
        | {"ImportId":"a"}    | {"ImportId":"b"}    | {"ImportId":"c"} | {"ImportId":"d"} | {"ImportId":"e"} | {"ImportId":"f"} | {"ImportId":"g"} | {"ImportId":"h"} | {"ImportId":"QID1"} | {"ImportId":"QID2_1"} | {"ImportId":"QID2_3"} | {"ImportId":"QID3"} |
        | 2026-04-03 09:01:00 | 2026-04-03 09:05:07 | IP Address     | 100      | 247                   | True     | R_1        | anonymous           | No meat                            | Tea                                       |                                            | NA            |
        | 2026-04-03 10:01:00 | 2026-04-03 10:05:07 | Survey Preview | 50       | 12                    | False    | R_2        | preview             | Everything                         |                                           | Milk                                       |               |
    """)
    assert answers(responses, "diet") == ["vegetarian"]
    assert answers(responses, "drinks__tea") == [YES]
    assert answers(responses, "remark") == ["NA"]
    meta = responses.meta
    assert meta["status"].tolist() == [""]
    assert meta["progress"].tolist() == [100.0]
    assert meta["finished"].tolist() == [True]
    assert meta["row"].tolist() == [4]
    assert dict(responses.provenance.screening.counts) == {"preview": 1}


def test_surveymonkey(read: Read) -> None:
    responses = read("""
        | Respondent ID | Collector ID | Start Date | End Date  | IP Address | How do you eat? |                        | What do you drink? |      | How good are the dishes? |      |
        |               |              |            |           |            | Response        | Other                  | Tea                | Milk | Soup                     | Bread |
        | 118000000001  | 40           | 46115.5    | 46115.525 | 1.2.3.4    | Other           | raw                    | Tea                |      | Good                     | Bad  |
        | 118000000002  | 40           | 46116.5    | 46116.525 | 1.2.3.4    | No meat         |                        |                    | Milk | Good                     |      |
    """)
    assert answers(responses, "diet") == ["other", "vegetarian"]
    assert answers(responses, "diet__other__text") == ["raw", NONE]
    assert answers(responses, "drinks__tea") == [YES, NO]
    assert answers(responses, "dishes__bread") == [2, NONE]
    assert responses.meta["submitted"].astype(str).tolist() == ["2026-04-03 12:36:00", "2026-04-04 12:36:00"]
    assert responses.meta["key"].tolist() == ["118000000001", "118000000002"]


def test_surveymonkey_asks_for_the_text_of_an_other(read: Read) -> None:
    responses = read("""
        | Respondent ID | Collector ID | Start Date | End Date  | How do you eat?        |                        | What do you drink? |      |
        |               |              |            |           | Response               | Other (please specify) | Tea                | Milk |
        | 118000000001  | 40           | 46115.5    | 46115.525 | Other (please specify) | raw                    | Tea                |      |
    """)
    assert answers(responses, "diet") == ["other"]
    assert answers(responses, "diet__other__text") == ["raw"]


def test_wenjuanxing_asks_for_the_text_of_an_other(read_as: Read) -> None:
    head = "| 序号 | 提交答卷时间     | 所用时间 | 来源 | 1、您是哪类会员？ |"
    words = read_as(
        str(ROOT / "tests" / "ingest" / "dialects" / "club.yaml"),
        head
        + """ 2、您参加哪些运动（可多选）？ |
        | 1    | 2026/4/3 9:05:07 | 312秒    | 微信 | 其他（请注明）〖顾问〗 | 跑步/步行┋其他运动（请补充）〖太极┋拳〗 |
        """,
    )
    numbers = read_as(
        str(ROOT / "tests" / "ingest" / "dialects" / "club.yaml"),
        head
        + """ 2、(跑步/步行) | 2、(其他运动（请补充）) | 2、(其他运动（请补充）:) |
        | 1    | 2026/4/3 9:05:07 | 312秒    | 微信 | 3 | 1 | 1 | 太极┋拳 |
        | 2    | 2026/4/3 9:05:08 | 312秒    | 微信 | 1 | 1 | 0 |         |
        | 3    | 2026/4/3 9:05:09 | 312秒    | 微信 | 2 | 1 | 0 |         |
        """,
    )
    for responses in (words, numbers):
        assert answers(responses, "member")[0] == "other"
        assert answers(responses, "sports__run")[0] == YES
        assert answers(responses, "sports__other")[0] == YES
        assert answers(responses, "sports__other__text")[0] == "太极┋拳"
    assert answers(words, "member__other__text") == ["顾问"]


def test_kobo(read: Read) -> None:
    responses = read("""
        | start                         | g/diet     | g/drinks          | g/drinks/tea | g/drinks/milk | g/drinks/tea_with_milk | dishes/soup | _id | _uuid | _submission_time    | _index |
        | 2026-04-03T09:01:00.000+08:00 | vegetarian | tea tea_with_milk | "1"          | "0"           | "1"                    | 4           | 7   | ab-1  | 2026-04-03T01:05:07 | 1      |
        | 2026-04-03T09:01:00.000+08:00 | everything |                   |              |               |                        | 5           | 8   | ab-2  | 2026-04-03T01:05:07 | 2      |
    """)
    assert answers(responses, "drinks__tea") == [YES, NONE]
    assert answers(responses, "drinks__milk") == [NO, NONE]
    assert answers(responses, "dishes__soup") == [4, 5]
    assert responses.meta["key"].tolist() == ["ab-1", "ab-2"]
    assert responses.meta["started"].astype(str).tolist() == ["2026-04-03 09:01:00"] * 2


def test_kobo_joined_cells_are_compared_with_the_columns(read: Read) -> None:
    responses = read("""
        | drinks   | drinks/tea | drinks/milk | _id | _uuid | _index |
        | tea milk | 1          | 1           | 1   | u1    | 1      |
        | tea      | 1          | 1           | 2   | u2    | 2      |
    """)
    assert answers(responses, "drinks__milk") == [YES, YES]
    (problem,) = [problem for problem in responses.problems if problem.key == "joined_disagrees"]
    assert (problem.place.cell, problem.values["count"]) == ("A3", 1)


def test_positions_on_a_scale_that_does_not_begin_at_one_are_told(read_as: Read) -> None:
    responses = read_as(
        str(ROOT / "tests" / "instruments" / "no-defaults.yaml"),
        """
        | 序号 | 提交答卷时间     | 所用时间 | 来源 | 来自IP  | 1、How often are there visits?—Ours | 1、Theirs |
        | 1    | 2026/4/3 9:05:07 | 312秒    | 微信 | 1.2.3.4 | 1                                   | 4         |
        | 2    | 2026/4/3 9:05:08 | 312秒    | 微信 | 1.2.3.5 | 2                                   | 3         |
        """,
    )
    assert (answers(responses, "visits__ours"), answers(responses, "visits__theirs")) == ([0, 1], [3, 2])
    assert "codes_by_position" in keys(responses)


def test_limesurvey_in_full_and_not_asked(read: Read) -> None:
    responses = read("""
        | Response ID | Date submitted      | Last page | Start language | How do you eat- | How do you eat- [Other] | What do you drink- [Tea] | What do you drink- [Milk] |
        | 1           | 2026-04-03 09:05:07 | 3         | en             | Other           | raw                     | Yes                      | No                        |
        | 2           |                     | 1         | zh-Hans        | No meat         |                         | N/A                      | N/A                       |
    """)
    assert answers(responses, "diet__other__text") == ["raw", NONE]
    assert answers(responses, "drinks__tea") == [YES, NONE]
    assert missing(responses, "drinks__tea") == ["", "not_asked"]
    assert responses.meta["finished"].tolist() == [True, False]
    assert responses.meta["language"].tolist() == ["en", "zh-Hans"]


def test_limesurvey_in_full_leaves_an_unticked_other_blank(read_as: Read) -> None:
    responses = read_as(
        str(Path(__file__).parent / "club.yaml"),
        """
        | Response ID | Date submitted      | Last page | Start language | Which sports do you play (all that apply)? [Running / walking] | Which sports do you play (all that apply)? [Other sport] |
        | 1           | 2026-04-03 09:05:07 | 3         | en             | Yes | rowing |
        | 2           | 2026-04-03 09:06:07 | 3         | en             | No  |        |
        | 3           | 2026-04-03 09:07:07 | 3         | en             | N/A |        |
        """,
    )
    assert answers(responses, "sports__other") == [YES, NO, NONE]
    assert missing(responses, "sports__other") == ["", "", "empty"]
    assert answers(responses, "sports__run") == [YES, NO, NONE]
    assert "layout_mixed_zero" not in keys(responses)


def test_redcap_numbers_are_positions_and_that_is_said(read: Read) -> None:
    responses = read("""
        | record_id | redcap_survey_identifier | form_timestamp   | diet | drinks___1 | drinks___2 | drinks___3 | drinks___4 | drinks___5 | form_complete |
        | 1         |                          | 2026-04-03 09:05 | 2    | 1          | 0          | 0          | 0          | 0          | 2             |
        | 2         |                          | 2026-04-03 09:06 | 1    | 0          | 0          | 1          | 0          | 0          | 0             |
    """)
    assert answers(responses, "drinks__tea") == [YES, NO]
    assert answers(responses, "drinks__milk") == [NO, YES]
    assert responses.meta["finished"].tolist() == [True, False]
    assert "parts_by_position" in keys(responses)


def test_an_unknown_dialect_is_told_with_those_there_are(read: Read) -> None:
    with pytest.raises(Exception, match="wjx_text"):
        read("| diet |\n| other |", dialect="nonsense")


def test_a_dialect_named_reads_what_detection_would_not(read: Read) -> None:
    plain = "| nr | 1、您的饮食习惯? |\n| 1 | (跳过) |\n| 2 | 其他〖生酮〗 |\n| 3 | 素食 |"
    responses = read(plain, dialect="wjx_text")
    assert answers(responses, "diet") == [NONE, "other", "vegetarian"]
    assert answers(responses, "diet__other__text") == [NONE, "生酮", NONE]


@pytest.mark.parametrize(
    "header",
    ["1、您的饮食习惯?", "Q3. How do you eat?", "第5题 您的饮食习惯？", "12) HOW DO  YOU EAT?", "How do you eat? *", "*您的饮食习惯？",
     "How do you eat? (required)", "您的饮食习惯？[单选题]", "您的饮食习惯? / How do you eat?", "How do you eat?\n您的饮食习惯？",
     "1. 您的饮食习惯? How do you eat? *", "How do you\u200b eat?", "Ｈow do you eat？"],
)  # fmt: skip
def test_headers_as_people_decorate_them(read: Read, header: str) -> None:
    import json

    cell = json.dumps(header)
    assert answers(read(f"| {cell} |\n| A. 素食 |\n| 素食 / No meat |\n| 3、其他 |"), "diet") == [
        "vegetarian",
        "vegetarian",
        "other",
    ]
