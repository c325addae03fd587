# ruff: noqa: E501 - rows are wide
"""Rows that are no respondents are left out while reading: the same by script, by frame and by every command."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import Workbook

import survey
from survey import DataError, Responses, from_frame, read_responses, screen
from survey.cli import main
from survey.ingest.provenance import RuleCount, Screening
from tests.helpers import accounted, answers, table_rows

INSTRUMENT = """
kind: survey
id: own
version: "1.0.0"
languages: [en, zh]
title: {en: Own, zh: 自}
scales:
  five:
    points: [{value: 1, label: {en: Low, zh: 低}}, {value: 2, label: {en: Lower, zh: 较低}},
             {value: 3, label: {en: Middle, zh: 一般}}, {value: 4, label: {en: Higher, zh: 较高}},
             {value: 5, label: {en: High, zh: 高}}]
questions:
  - {id: size, kind: single, short: {en: Size, zh: 规模}, text: {en: How large?, zh: 多大？}, options: [
      {id: small, label: {en: Small, zh: 小}}, {id: large, label: {en: Large, zh: 大}}, {id: total, label: {en: Total, zh: 合计}}]}
  - {id: worth, kind: rating, short: {en: Worth, zh: 价值}, text: {en: How good is it?, zh: 如何？}, scale: five,
     items: [{id: food, label: {en: Food, zh: 餐}}, {id: rooms, label: {en: Rooms, zh: 房}}]}
  - {id: spend, kind: number, short: {en: Spend, zh: 花费}, text: {en: How much?, zh: 多少？}}
  - {id: remark, kind: text, short: {en: Remark, zh: 备注}, text: {en: Anything else?, zh: 还有？}}
"""
QUALTRICS = """\
StartDate,EndDate,Status,Finished,ResponseId,DistributionChannel,Q1,Q2
Start Date,End Date,Response Type,Finished,Response ID,Distribution Channel,How large?,How much?
"{""ImportId"":""a""}","{""ImportId"":""b""}","{""ImportId"":""c""}","{""ImportId"":""d""}","{""ImportId"":""e""}","{""ImportId"":""f""}","{""ImportId"":""g""}","{""ImportId"":""h""}"
2026-04-01 09:00:00,2026-04-01 09:10:00,IP Address,True,R_1,anonymous,Small,10
2026-04-01 09:00:00,2026-04-01 09:10:00,Survey Preview,True,R_2,anonymous,Large,900
2026-04-01 09:00:00,2026-04-01 09:10:00,Spam,True,R_3,anonymous,Large,900
2026-04-01 09:00:00,2026-04-01 09:10:00,IP Address,True,R_4,preview,Large,900
2026-04-01 09:00:00,2026-04-01 09:10:00,IP Address,True,R_5,anonymous,Large,30
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(INSTRUMENT, encoding="utf-8")
    return path


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(QUALTRICS, encoding="utf-8")
    return path


def read(own: Path, table: str) -> Responses:
    book = Workbook()
    for row in table_rows(table):
        book.worksheets[0].append(row)
    path = own.parent / "table.xlsx"
    book.save(path)
    responses = read_responses(path, own)
    counts = accounted(responses)
    assert counts.pop("read") == sum(counts.values())
    return responses


def reasons(responses: Responses) -> dict[str, int]:
    screening = responses.provenance.screening
    return {} if screening is None else dict(screening.counts)


def test_a_script_leaves_out_what_a_command_does(own: Path, export: Path) -> None:
    responses = read_responses(export, own)
    assert responses.meta["key"].tolist() == ["R_1", "R_5"]
    assert answers(responses, "spend") == [10.0, 30.0]
    assert responses.provenance.screening == Screening((RuleCount("preview", 2), RuleCount("spam", 1)), 5)
    (told,) = [one for one in responses.problems if one.key == "rows_left_out"]
    assert "Rows left out: 3 (2 preview, 1 spam); in the sheet 5-7." in told.text()
    assert "剔除 3 行（预览 2 行、垃圾答卷 1 行），行号 5-7。" in told.text("zh")
    assert accounted(responses)["left_out rows"] == 3 * 8
    stayed, quality = screen(responses)
    assert (len(stayed), quality.total, quality.left_out) == (2, 5, 3)
    line = quality.rules.set_index("rule").loc["test_rows"]
    assert (line["n"], line["base"]) == (3, 5)
    assert "3 of 5 rows were left out (2 preview, 1 spam)" in survey.analyze(responses).warning


def test_every_command_has_the_same_respondents(own: Path, export: Path, tmp_path: Path) -> None:
    def run(*words: object) -> str:
        result = CliRunner().invoke(main, [str(word) for word in words])
        assert result.exit_code == 0, result.output
        return result.output

    told = run("check", export, "--instrument", own)
    assert told.count("Rows left out: 3 (2 preview, 1 spam)") == 1
    assert "rows were left out" not in told
    run("export", export, "--instrument", own, "--to", "csv", "-o", tmp_path / "coded.csv")
    coded = list(csv.DictReader(io.StringIO((tmp_path / "coded.csv").read_text(encoding="utf-8-sig"))))
    assert [row["spend"] for row in coded] == ["10", "30"]
    run("tally", export, "--instrument", own, "-o", tmp_path / "own.tally")
    assert len(survey.read_tally(tmp_path / "own.tally")) == 2
    assert "Q1" in run("match", export, "--instrument", own)
    run("analyze", export, "--instrument", own, "-o", tmp_path / "report.xlsx")


def test_a_frame_takes_a_dialect(own: Path, export: Path) -> None:
    frame = pd.read_csv(export, dtype=object)
    assert len(frame) == 7
    frame.index = [f"row {number}" for number in range(7)]
    responses = from_frame(frame, own, dialect="qualtrics")
    assert responses.data.index.tolist() == ["row 2", "row 6"]
    assert answers(responses, "size") == ["small", "large"]
    assert reasons(responses) == {"preview": 2, "spam": 1}
    assert responses.data.reset_index(drop=True).equals(read_responses(export, own).data)
    frame.loc["row 2", "Q2"] = "much"
    with pytest.raises(DataError) as caught:
        from_frame(frame, own, dialect="qualtrics")
    assert [problem.place.cell for problem in caught.value.problems] == ["[2, 'Q2']"]
    with pytest.raises(survey.UsageError, match="wjx_text"):
        from_frame(frame, own, dialect="nonsense")


def test_an_instrument_may_keep_them(own: Path, export: Path) -> None:
    own.write_text(INSTRUMENT + "quality: {test_rows: {action: flag}}\n", encoding="utf-8")
    responses = read_responses(export, own)
    assert len(responses) == 5
    rows = screen(responses)[1].rows
    assert rows.loc[rows["rule"] == "test_rows", "row"].tolist() == [5, 6, 7]


def test_where_nobody_is_left_it_is_said(own: Path, export: Path) -> None:
    export.write_text(QUALTRICS.replace("IP Address", "Spam"), encoding="utf-8")
    with pytest.raises(DataError, match="No row is left"):
        read_responses(export, own)


BODY = """
    | respondent | size  | worth__food | worth__rooms | spend | remark |
    | a1         | Small | 1           | 2            | 10    |        |
    | a2         | Large | 3           | 2            | 20    | fine   |
    | a3         | Small | 5           | 5            | 60    |        |
    | a4         | Large |             |              |       |        |
"""


@pytest.mark.parametrize(
    ("below", "rule"),
    [
        ("| Total | | 9 | 9 | 90 | |", "summary_row"),
        ("| Average | | 3 | 3 | 30 | |", "summary_row"),
        ("| 合计 | | 9 | 9 | 90 | |", "summary_row"),
        *(
            (f"| {label} | | 9 | 9 | 90 | |", "summary_row")
            for label in ("合 计", "合计（30人）", "合计：30人", "Total (n=30)", "Overall", "人均", "最大值")
        ),
        *((f"| {line} | | | | | |", "note_row") for line in ("填表人：李四", "制表日期：2027-03-01")),
        ("| 平均值： | | 3 | 3 | 30 | |", "summary_row"),
        ("| | Mean | 3 | 3 | 30 | |", "summary_row"),
        ("| | | 3 | 3 | 30 | |", "summary_row"),
        ("| | | 9 | 9 | 90 | |", "summary_row"),
        ("| Note: asked in April 2026 | | | | | |", "note_row"),
        ("| 注：2026 年 4 月调查 | | | | | |", "note_row"),
        ("| All members of the office were asked in spring | | | | | |", "note_row"),
        ("| * preliminary | | | | | |", "note_row"),
        ("| respondent | size | worth__food | worth__rooms | spend | remark |", "header_again"),
    ],
)
def test_what_stands_below_a_table_is_no_respondent(own: Path, below: str, rule: str) -> None:
    responses = read(own, f"{BODY}\n{below}")
    assert len(responses) == 4
    assert reasons(responses) == {rule: 1}
    assert answers(responses, "spend") == [10.0, 20.0, 60.0, None]


def test_totals_and_notes_one_below_the_other(own: Path) -> None:
    lines = "| Total | | 9 | 9 | 90 | |\n| Average | | 3 | 3 | 30 | |\n| | | | | | |\n| Source: our office | | | | | |"
    responses = read(own, f"{BODY}\n{lines}")
    assert len(responses) == 4
    assert reasons(responses) == {"summary_row": 2, "note_row": 1}


@pytest.mark.parametrize(
    "below",
    [
        "| a5 | Small | | | | |",
        "| a5 | | | | | |",
        "| a5 | Total | 3 | 3 | 30 | |",  # an option of this question
        "| | | 4 | 1 | 7 | |",
        "| | | | | | Source: what my colleague told me |",
        "| a5 | | | | | Average food, I am afraid |",
        "| Ann | Small | 3 | 3 | 30 | |",
    ],
)
def test_a_last_respondent_stays_one(own: Path, below: str) -> None:
    responses = read(own, f"{BODY}\n{below}")
    assert len(responses) == 5
    assert reasons(responses) == {}


def test_totals_between_the_rows_are_no_respondents(own: Path) -> None:
    blocks = """
        | respondent | size     | worth__food | worth__rooms | spend | remark |
        | a1         | Small    | 1           | 2            | 10    |        |
        | a2         | Small    | 3           | 2            | 20    | fine   |
        | Subtotal   |          |             |              | 30    |        |
        | a3         | Large    | 5           | 5            | 60    |        |
        | a4         | Large    | 4           | 1            | 5     |        |
        | {}         |          |             |              | 65    |        |
        | {}         |          |             |              | 95    |        |
        | a5         | Small    | 2           | 2            | 1     |        |
    """
    for labels in (
        ("小计", "合计"),
        ("Zwischensumme", "Gesamtsumme"),
        ("Subtotal", "Overall"),
        ("Average", "人均"),
    ):
        responses = read(own, blocks.format(*labels))
        assert reasons(responses) == {"summary_row": 3}
        assert answers(responses, "spend") == [10.0, 20.0, 60.0, 5.0, 1.0]


def test_subtotals_as_excel_writes_them_into_the_column_of_the_groups(own: Path) -> None:
    responses = read(
        own,
        """
        | size        | worth__food | worth__rooms | spend |
        | Small       | 1           | 2            | 10    |
        | Small       | 3           | 2            | 20    |
        | Small Total |             |              | 30    |
        | Large       | 5           | 5            | 60    |
        | Large Total |             |              | 60    |
        | Grand Total |             |              | 90    |
        """,
    )
    assert reasons(responses) == {"summary_row": 3}
    assert answers(responses, "size") == ["small", "small", "large"]


def test_what_is_called_total_is_a_respondent_where_it_answers(own: Path) -> None:
    firms = """
        | company        | size  | worth__food | worth__rooms | spend | remark  |
        | Shell          | Small | 1           | 2            | 10    |         |
        | Total Energies | Large | 3           | 2            | 20    |         |
        | Total          | Small | 5           | 5            | 30    |         |
        | Average Joe's  |       | 4           | 4            | 70    |         |
        | Max            |       | 4           | 2            |       |         |
        | Eni            | Large | 2           | 1            | 4     |         |
        | Total          | Small | 3           | 3            | 20    | Average |
    """
    responses = read(own, firms)
    assert reasons(responses) == {}
    assert answers(responses, "spend") == [10.0, 20.0, 30.0, 70.0, None, 4.0, 20.0]
    second = "| company | worth__food | worth__rooms | spend |\n| Cy | 4 | 5 | 10 |\n| Average Joe | | 5 | |"
    assert len(read(own, second)) == 2


def test_a_total_of_names_is_known_by_its_numbers(own: Path) -> None:
    table = """
        | company | worth__food | worth__rooms | spend |
        | Shell   | 1           | 2            | 10    |
        | Total   | 3           | 2            | 20    |
        | Eni     | 5           | 5            | 30    |
        | Total   | {}          | {}           | {}    |
        | BP      | 2           | 2            | 7     |
    """
    assert answers(read(own, table.format(4, 1, 9)), "spend") == [10.0, 20.0, 30.0, 9.0, 7.0]
    for numbers in ((9, 9, 60), (3, 3, 61), ("", "", 60), (30, 30, 20)):  # sums, off the scale, a sum alone
        filled = table.format(*numbers)
        expected = [10.0, 20.0, 30.0, 7.0]
        if numbers[0] == 3:  # means of the battery, but not of the spend: an answer like any other
            expected.insert(3, 61.0)
        assert answers(read(own, filled), "spend") == expected


def test_the_answer_to_a_text_question_is_no_label(own: Path) -> None:
    table = """
        | respondent | size  | worth__food | spend | remark |
        | a1         | Small | 1           | 10    | Total  |
        | a2         |       | 3           | 20    | 合计   |
        | a3         | Large | 5           | 30    |        |
        | a4         |       | 4           | 70    | Sum    |
    """
    assert len(read(own, table)) == 4
    below = "| | | | 130 | 合计 |"
    assert reasons(read(own, f"{table}\n{below}")) == {"summary_row": 1}


def test_counts_of_ticks_below_a_table(tmp_path: Path) -> None:
    path = tmp_path / "ticks.csv"
    instrument = tmp_path / "ticks.yaml"
    instrument.write_text(
        INSTRUMENT
        + "  - {id: used, kind: multiple, short: {en: Used, zh: 用}, text: {en: Which?, zh: 哪？}, options: [\n"
        + "      {id: pen, label: {en: Pen, zh: 笔}}, {id: pin, label: {en: Pin, zh: 针}}]}\n",
        encoding="utf-8",
    )
    rows = ["编号,size,used__pen,used__pin,spend", "1,小,√,,5", "2,大,√,√,6", "3,大,√,√,7", "4,小,√,,8"]
    ends = {
        "合计,,4,2,26": {"summary_row": 1},
        "合计,,4,2,26\n填表人：张三,,,审核：李四,\n2027年3月1日,,,,": {"summary_row": 1, "note_row": 2},
        "N,4,4,4,4\n均值,,1,0.5,6.5": {"summary_row": 2},
        ",,4,2,26": {"summary_row": 1},
    }
    for below, found in ends.items():
        path.write_text("\n".join([*rows, below]), encoding="utf-8")
        responses = read_responses(path, instrument)
        assert reasons(responses) == found
        assert answers(responses, "used__pin") == [None, True, True, None] or answers(
            responses, "used__pin"
        ) == [False, True, True, False]


def test_a_row_of_sums_without_a_label(own: Path) -> None:
    assert reasons(read(own, f"{BODY}\n| | | | | 90 | |")) == {"summary_row": 1}
    assert reasons(read(own, f"{BODY}\n| | | | | 90 | |\n| Source: our office | | | | | |")) == {
        "summary_row": 1,
        "note_row": 1,
    }
    assert reasons(read(own, f"{BODY}\n| | | | | 91 | |")) == {}
    assert reasons(read(own, f"{BODY}\n| a5 | | | | 90 | |")) == {}
    narrow = "| spend |\n| 1 |\n| 1 |\n| 1 |\n| 3 |"  # nothing but numbers: 3 may be an answer
    assert answers(read(own, narrow), "spend") == [1.0, 1.0, 1.0, 3.0]


def test_any_number_of_notes_and_lines_of_no_kind_below_a_total(own: Path) -> None:
    notes = "\n".join(f"| 备注：第{number}条说明 | | | | | |" for number in range(15))
    responses = read(own, f"{BODY}\n| 合计 | | 9 | 9 | 90 | |\n{notes}")
    assert reasons(responses) == {"summary_row": 1, "note_row": 15}
    lines = "| Confidential | | | | | |\n| End of report | | | | | |\n| 单位：元 | | | | | |\n| 2027年3月1日 | | | | | |"
    responses = read(own, f"{BODY}\n| Total | | 9 | 9 | 90 | |\n{lines}")
    assert reasons(responses) == {"summary_row": 1, "note_row": 4}
    respondent = "| a31 | | | | | |"
    assert len(read(own, f"{BODY}\n| Total | | 9 | 9 | 90 | |\n{respondent}")) == 5


def test_the_words_are_of_three_languages_at_least(own: Path) -> None:
    for label in (
        "Zwischensumme",
        "Mittelwert",
        "Durchschnitt",
        "Anzahl",
        "共计",
        "户均",
        "样本量",
        "Base:",
        "n=4",
    ):
        assert reasons(read(own, f"{BODY}\n| {label} | | 3 | 3 | 3 | |")) == {"summary_row": 1}
    for note in ("Quelle: eigene Erhebung", "Stand: 2027", "共4份", "统计口径：全体", "4 responses"):
        assert reasons(read(own, f"{BODY}\n| {note} | | | | | |")) == {"note_row": 1}


def test_in_a_csv_and_in_a_frame_too(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("id,size,spend\n1,Small,10\n2,Large,20\nAverage,,15\n", encoding="utf-8")
    assert len(read_responses(path, own)) == 2
    frame = pd.read_csv(path)
    assert from_frame(frame, own).data.index.tolist() == [0, 1]
    wjx = (
        "序号,提交答卷时间,所用时间,来源,1、多大？,2、多少？\n1,2026/4/1 9:00:00,60秒,微信,小,5\n合计,,,,,5\n"
    )
    path.write_text(wjx, encoding="utf-8")
    responses = read_responses(path, own)
    assert (len(responses), reasons(responses)) == (1, {"summary_row": 1})
