# ruff: noqa: E501 - rows are wide
"""Numbers as the world writes them: the column decides what its commas and points are, or it is refused."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from survey import DataError, Responses, read_responses
from survey.files.grid import read_book
from tests.helpers import answers, missing

INSTRUMENT = """
kind: survey
id: own
version: "1.0.0"
languages: [en]
title: {en: Own}
missing: {refused: ["99"]}
scales:
  likely:
    points: [{value: 0, label: {en: Not at all likely}}, {value: 1, label: {en: "1"}}, {value: 2, label: {en: Extremely likely}}]
questions:
  - {id: spend, kind: number, short: {en: Spend}, text: {en: How much?}}
  - {id: other, kind: number, short: {en: Other}, text: {en: How much else?}}
  - {id: share, kind: number, short: {en: Share}, text: {en: What per cent?}, limits: {minimum: 0, maximum: 100}}
  - {id: part, kind: number, short: {en: Part}, text: {en: What part?}, limits: {minimum: 0, maximum: 1}}
  - {id: heads, kind: number, short: {en: Heads}, text: {en: How many?}, limits: {whole: true}, missing: {skipped: ["-1"]}}
  - {id: sales, kind: number, short: {en: Sales}, text: {en: Sales?}, limits: {unit: {en: 万元}}}
  - {id: size, kind: single, short: {en: Size}, text: {en: How large?}, options: [
      {id: s1, label: {en: 1-5}}, {id: s2, label: {en: 6-10}}, {id: s3, label: {en: "10+"}}]}
  - {id: reads, kind: single, short: {en: Reads}, text: {en: Read?}, options: [{id: not_now, label: {en: "No"}}, {id: daily, label: {en: "Yes"}}]}
  - {id: tools, kind: multiple, short: {en: Tools}, text: {en: Which?}, options: [{id: pen, label: {en: Pen}}, {id: pin, label: {en: Pin}}]}
  - {id: likely, kind: rating, short: {en: Likely}, text: {en: How likely?}, scale: likely, items: [{id: us, label: {en: Us}}]}
  - {id: remark, kind: text, short: {en: Remark}, text: {en: Else?}}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.yaml"
    path.write_text(INSTRUMENT, encoding="utf-8")
    return path


def csv_of(own: Path, column: str, cells: list[str], **more: list[str]) -> Path:
    path = own.parent / "numbers.csv"
    columns = {"id": [str(n) for n in range(len(cells))], column: cells, **more}
    rows = zip(*([name, *values] for name, values in columns.items()), strict=True)
    path.write_text("\n".join("\t".join(row) for row in rows), encoding="utf-8")
    return path


def read(own: Path, column: str, cells: list[str], **more: list[str]) -> list[Any]:
    return answers(read_responses(csv_of(own, column, cells, **more), own), column)


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["12,5", "1.250", "1.250,50"], [12.5, 1250, 1250.5]),
        (["12.5", "1,250", "1,250.50"], [12.5, 1250, 1250.5]),
        (["0,812", "4,812"], [0.812, 4.812]),
        (["0.812", "4.812"], [0.812, 4.812]),
        (["950", "1,200", "12,500"], [950, 1200, 12500]),
        (["-950", "-1,200", "\u221212,500"], [-950, -1200, -12500]),
        (["1,234,567", "4,812"], [1234567, 4812]),
        (["1.234.567", "4.812"], [1234567, 4812]),
        (["4.812", "3.125"], [4.812, 3.125]),
        (["1'250.50", "1’250"], [1250.5, 1250]),
        (["$4,812", "$3,200"], [4812, 3200]),
        (["¥1,200", "￥2，400", "RMB 300", "12元"], [1200, 2400, 300, 12]),
        (["10万", "1.5亿", "3千", "200万元"], [100_000, 150_000_000, 3000, 2_000_000]),
        (["1e+05", "2.00E+06", "150000"], [100_000, 2_000_000, 150_000]),
        (["2,00E+06", "3,5"], [2_000_000, 3.5]),
        (["10k", "2 million", "1.5 bn"], [10_000, 2_000_000, 1_500_000_000]),
        (["-1.250,5", "+3,25"], [-1250.5, 3.25]),
        (["10 %", "12.5%"], [10, 12.5]),
        (["\u22125.5", "\u2013 3", "-1"], [-5.5, -3, -1]),
        (["(3)", "(1,250)", "$(2,000)", "($400)", "950"], [-3, -1250, -2000, -400, 950]),
        (["1e\u221203", "2"], [0.001, 2]),
        (["1 724", "950", "12\u202f500", "1\u00a0250,50"], [1724, 950, 12500, 1250.5]),
        (["1,00,452", "12,34,567.5", "950"], [100452, 1234567.5, 950]),
        (["1.724", "950", "1.250,5"], [1724, 950, 1250.5]),
        (["1.724", "950", "0.5"], [1.724, 950, 0.5]),
    ],
)
def test_the_column_decides(own: Path, cells: list[str], numbers: list[float]) -> None:
    assert read(own, "spend", cells) == numbers


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        (["12,5", "12.5"], "numbers_mixed"),
        (["1,250.50", "1.250,50"], "numbers_mixed"),
        (["0,4", "1,250.5"], "numbers_mixed"),
        (["4,812", "4.812"], "numbers_mixed"),
        (["4,812", "3,200"], "numbers_open"),
        (["4,812", "1500"], "numbers_open"),
        (["1.724", "950"], "numbers_open_beside"),
        (["2.963", "452"], "numbers_open_beside"),
        (["-2.963", "-452"], "numbers_open_beside"),
    ],
)
def test_what_the_column_leaves_open_is_refused_whole(own: Path, cells: list[str], key: str) -> None:
    path = csv_of(own, "spend", [*cells, "7", ""], share=["1"] * 4)
    if key.startswith("numbers_open"):
        path = csv_of(own, "spend", [*cells, "", ""], share=["1"] * 4)
    with pytest.raises(DataError) as caught:
        read_responses(path, own)
    (problem,) = caught.value.problems
    assert (problem.key, problem.place.subject) == (key, "spend")
    assert cells[0] in str(problem)
    responses = read_responses(path, own, set_aside=True)
    assert answers(responses, "spend") == [None] * 4
    assert missing(responses, "spend")[:2] == ["refused", "refused"]
    assert answers(responses, "share") == [1.0] * 4


def test_limits_and_other_columns_decide_what_the_column_leaves_open(own: Path) -> None:
    assert read(own, "share", ["4,812", "3,200"]) == [4.812, 3.2]
    assert read(own, "heads", ["4,812", "3,200"]) == [4812, 3200]
    assert read(own, "spend", ["4,812", "3,200"], other=["1,5", "2,25"]) == [4.812, 3.2]
    assert read(own, "spend", ["4,812", "3,200"], other=["1.5", "2.25"]) == [4812, 3200]
    by_hand = own.parent / "map.yaml"
    by_hand.write_text('values: {spend: {"4,812": 4812, "3,200": 3200}}', encoding="utf-8")
    path = csv_of(own, "spend", ["4,812", "3,200"])
    assert answers(read_responses(path, own, mapping=by_hand), "spend") == [4812, 3200]


def test_points_alone_are_decimal_and_that_is_said_where_it_may_be_doubted(own: Path) -> None:
    responses = read_responses(csv_of(own, "spend", ["1.250", "3.400"]), own)
    assert answers(responses, "spend") == [1.25, 3.4]
    (told,) = [one for one in responses.problems if one.key == "numbers_doubtful"]
    assert "'1.250' were read as 1.25" in str(told)
    assert "1250" in str(told)


def test_points_beside_smaller_whole_numbers_are_decimal(own: Path) -> None:
    responses = read_responses(csv_of(own, "spend", ["1.724", "2.963", "1", "0"]), own)
    assert answers(responses, "spend") == [1.724, 2.963, 1, 0]
    assert "numbers_doubtful" in {one.key for one in responses.problems}
    many = [f"{1 + number / 1000:.3f}" for number in range(101, 150) if number % 10]
    responses = read_responses(csv_of(own, "spend", many), own)
    assert answers(responses, "spend") == [float(text) for text in many]
    assert "numbers_doubtful" not in {one.key for one in responses.problems}


def test_minus_signs_on_a_scale(own: Path) -> None:
    text = own.read_text(encoding="utf-8").replace(
        "{value: 0, label: {en: Not at all likely}}",
        "{value: -1, label: {en: Bad}}, {value: 0, label: {en: Not at all likely}}",
    )
    own.write_text(text, encoding="utf-8")
    assert read(own, "likely__us", ["\u22121", "0", "2"]) == [-1, 0, 2]


@pytest.mark.parametrize(
    ("cells", "key", "evidence"),
    [
        (["28%", "0.28", "4%"], "fractions_beside_per_cents", ["'28%'", "'0.28'"]),
        (["0.04", "37 %", "1"], "fractions_beside_per_cents", ["'37 %'", "'0.04'"]),
        (["0.28", "0.04", "0.5"], "fractions_or_per_cents", ["'0.28'", "100"]),
        (["1", "0", "0.5"], "fractions_or_per_cents", ["'0.5'", "100"]),
        (["0,28", "0,5", ""], "fractions_or_per_cents", ["'0,28'", "100"]),
    ],
)
def test_fractions_are_no_per_cents(own: Path, cells: list[str], key: str, evidence: list[str]) -> None:
    path = csv_of(own, "share", cells, remark=["fine"] * 3)
    with pytest.raises(DataError) as caught:
        read_responses(path, own)
    (problem,) = caught.value.problems
    assert (problem.key, problem.place.subject) == (key, "share")
    assert all(text in str(problem) for text in evidence)
    responses = read_responses(path, own, set_aside=True)
    assert answers(responses, "share") == [None] * 3
    by_hand = own.parent / "map.yaml"
    lines = [f'"{cell}": {n}' for n, cell in enumerate(cells) if cell]
    by_hand.write_text(f"values: {{share: {{{', '.join(lines)}}}}}", encoding="utf-8")
    expected = [n if cell else None for n, cell in enumerate(cells)]
    assert answers(read_responses(path, own, mapping=by_hand), "share") == expected


def test_per_cents_that_say_what_they_are(own: Path) -> None:
    assert read(own, "share", ["28%", "28", "4"]) == [28, 28, 4]
    assert read(own, "share", ["0.5%", "0.28%"]) == [0.5, 0.28]
    assert read(own, "share", ["1", "0", "1"]) == [1, 0, 1]
    assert read(own, "part", ["28%", "0.28", "1"]) == [0.28, 0.28, 1]
    assert read(own, "spend", ["0.28", "0.5"]) == [0.28, 0.5]
    responses = read_responses(csv_of(own, "share", ["0.5", "12", "30"]), own)
    assert answers(responses, "share") == [0.5, 12, 30]
    assert "fractions_doubtful" in {one.key for one in responses.problems}


def test_formatted_cells_beside_fractions(own: Path, tmp_path: Path) -> None:
    book = Workbook()
    for row in (["id", "share"], [1, 0.28], [2, 0.04], [3, 0.5]):
        book.worksheets[0].append(row)
    book.worksheets[0]["B2"].number_format = "0%"
    book.save(tmp_path / "mixed.xlsx")
    with pytest.raises(DataError, match=r"'28%' is a per cent, and beside it stands '0.04'"):
        read_responses(tmp_path / "mixed.xlsx", own)


@pytest.mark.parametrize(
    ("cells", "points"),
    [
        (["2/2", "1/2", "0/2"], [2, 1, 0]),
        (["2 of 2", "1 out of 2", "0"], [2, 1, 0]),
    ],
)
def test_a_point_with_the_highest_behind_it(own: Path, cells: list[str], points: list[int]) -> None:
    assert read(own, "likely__us", cells) == points
    with pytest.raises(DataError):
        read(own, "likely__us", ["1/5", "2/5", "0/5"])


def test_stars_are_points_from_1(own: Path) -> None:
    text = own.read_text(encoding="utf-8")
    start, end = text.index("{value: 0, label"), text.index("]\nquestions:")
    points = "{value: 1, label: {en: Bad}}, {value: 2, label: {en: So}}, {value: 3, label: {en: Good}}"
    own.write_text(text[:start] + points + text[end:], encoding="utf-8")
    assert read(own, "likely__us", ["★", "★★☆", "★★★"]) == [1, 2, 3]
    with pytest.raises(DataError):
        read(own, "likely__us", ["★★☆☆", "★", "★"])


def test_a_unit_that_counts_in_multiples(own: Path) -> None:
    assert read(own, "sales", ["10万元", "10万", "10"]) == [10, 10, 10]


def percents(path: Path) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["id", "share", "part", "spend", "remark"])
    for number in range(3):
        sheet.append([number, 0.1 + number / 10, 0.5, 0.25, 0.1])
        for column, form in (("B", "0%"), ("C", "0.0%"), ("D", "0.00"), ("E", "0%")):
            sheet[f"{column}{number + 2}"].number_format = form
    book.save(path)
    return path


def check_percents(responses: Responses) -> None:
    assert answers(responses, "share") == [10, 20, 30]
    assert answers(responses, "part") == [0.5] * 3
    assert answers(responses, "spend") == [0.25] * 3
    assert answers(responses, "remark") == ["10%"] * 3


def test_a_cell_shown_as_per_cent_is_what_it_shows(own: Path, tmp_path: Path) -> None:
    check_percents(read_responses(percents(tmp_path / "percent.xlsx"), own))
    by_rows = Workbook()  # a formula without a result: read through openpyxl
    percents(tmp_path / "percent.xlsx")
    from openpyxl import load_workbook

    by_rows = load_workbook(tmp_path / "percent.xlsx")
    by_rows.worksheets[0]["G1"] = "=1/0"
    by_rows.worksheets[0]["G1"].data_type = "e"
    by_rows.worksheets[0]["G1"].value = "#DIV/0!"
    by_rows.save(tmp_path / "rows.xlsx")
    check_percents(read_responses(tmp_path / "rows.xlsx", own))


def test_per_cents_in_an_old_workbook(tmp_path: Path, own: Path) -> None:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    forms = [xlwt.easyxf(num_format_str=form) for form in ("General", "0%", "0.0%", "0.00", "0%")]
    for place, header in enumerate(["id", "share", "part", "spend", "remark"]):
        sheet.write(0, place, header)
    for number in range(3):
        for place, value in enumerate([number, 0.1 + number / 10, 0.5, 0.25, 0.1]):
            sheet.write(number + 1, place, value, forms[place])
    book.save(str(tmp_path / "a.xls"))
    check_percents(read_responses(tmp_path / "a.xls", own))


def test_per_cents_in_opendocument(tmp_path: Path, own: Path) -> None:
    import zipfile

    cell = '<table:table-cell office:value-type="percentage" office:value="0.1"><text:p>10%</text:p></table:table-cell>'
    head = '<table:table-cell office:value-type="string"><text:p>share</text:p></table:table-cell>'
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    xml = (
        f'<office:document-content{names}><office:body><office:spreadsheet><table:table table:name="A">'
        f"<table:table-row>{head}</table:table-row><table:table-row>{cell}</table:table-row>"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", xml)
    assert str(read_book(tmp_path / "a.ods").grids[0].rows[1][0]) == "10%"
    assert answers(read_responses(tmp_path / "a.ods", own), "share") == [10]


def test_truth_in_other_languages(own: Path) -> None:
    for yes, no in (("WAHR", "FALSCH"), ("VRAI", "FAUX"), ("VERDADERO", "FALSO"), ("TRUE", "FALSE")):
        assert read(own, "tools__pen", [yes, no], tools__pin=[yes, yes]) == [True, False]
        assert read(own, "reads", [yes, no]) == ["daily", "not_now"]


@pytest.mark.parametrize(
    "cell",
    ["2 (Extremely likely)", "2 [extremely likely]", "Extremely likely (2)", "2 - Extremely likely", "2.0"],
)
def test_a_point_with_its_label(own: Path, cell: str) -> None:
    assert read(own, "likely__us", [cell, "1"]) == [2, 1]


def test_a_point_with_the_label_of_another_is_refused(own: Path) -> None:
    with pytest.raises(DataError) as caught:
        read(own, "likely__us", ["0 (Extremely likely)"])
    assert caught.value.problems[0].key == "cell_number_against_label"


@pytest.mark.parametrize("cell", ["5-Jan", "Jan-05", "01-May", "1 May"])
def test_a_date_that_excel_made_of_a_label_is_said(own: Path, cell: str) -> None:
    with pytest.raises(DataError) as caught:
        read(own, "size", [cell, "10+"])
    (problem,) = caught.value.problems
    assert (problem.key, problem.values["option"]) == ("cell_excel_date", "s1")
    by_hand = own.parent / "map.yaml"
    by_hand.write_text(f'values: {{size: {{"{cell}": s1}}}}', encoding="utf-8")
    responses = read_responses(csv_of(own, "size", [cell, "10+"]), own, mapping=by_hand)
    assert answers(responses, "size") == ["s1", "s3"]


def test_a_date_cell_that_excel_made_of_a_label(own: Path, tmp_path: Path) -> None:
    book = Workbook()
    for row in (
        ["id", "size"],
        [1, datetime.datetime(2026, 1, 5)],
        [2, datetime.datetime(2026, 6, 10)],
        [3, "10+"],
    ):
        book.worksheets[0].append(row)
    book.save(tmp_path / "dates.xlsx")
    with pytest.raises(DataError) as caught:
        read_responses(tmp_path / "dates.xlsx", own)
    assert [one.values["option"] for one in caught.value.problems] == ["s1", "s2"]
    by_hand = tmp_path / "map.yaml"
    by_hand.write_text('values: {size: {"2026-01-05": s1, "2026-06-10": s2}}', encoding="utf-8")
    assert answers(read_responses(tmp_path / "dates.xlsx", own, mapping=by_hand), "size") == [
        "s1",
        "s2",
        "s3",
    ]


def test_ids_that_excel_cut_are_said(own: Path) -> None:
    path = own.parent / "ids.csv"
    path.write_text("id\tspend\n1.23457E+11\t1\n1.23457E+11\t2\nA1\t3\n", encoding="utf-8")
    (told,) = [one for one in read_responses(path, own).problems if one.key == "ids_scientific"]
    assert told.values["count"] == 2


def test_missing_codes_of_a_question_and_of_the_instrument(own: Path) -> None:
    responses = read_responses(
        csv_of(own, "heads", ["-1", "99", "99.0", "3"], spend=["-1", "99", "5", "6"]), own
    )
    assert answers(responses, "heads") == [None, None, None, 3]
    assert missing(responses, "heads") == ["skipped", "refused", "refused", ""]
    assert answers(responses, "spend") == [-1, None, 5, 6]


@pytest.mark.parametrize(
    ("cells", "codes", "count"),
    [
        (["10", "20", "0", "-99", "-99"], ["-99"], 2),
        (["10", "20", "5", "-9", "-8"], ["-9", "-8"], 2),
        (["10", "20", "5", "999", "999"], ["999"], 2),
        (["1500", "2000", "1700", "99999", "99999"], ["99999"], 2),
    ],
)
def test_numbers_that_look_like_codes_for_no_answer_are_told(
    own: Path, cells: list[str], codes: list[str], count: int
) -> None:
    responses = read_responses(csv_of(own, "spend", cells), own)
    assert answers(responses, "spend") == [float(cell) for cell in cells]
    (told,) = [one for one in responses.problems if one.key == "numbers_look_missing"]
    assert (told.values["codes"], told.values["count"]) == (codes, count)
    assert "{missing: skipped}" in told.text()
    assert "{missing: skipped}" in told.text("zh")


@pytest.mark.parametrize(
    "cells",
    [
        ["10", "20", "30", "-12", "-13"],  # no codes
        ["-5.5", "20", "30", "-9", "-4"],  # below zero as others are
        ["10", "20", "500", "999", "999"],  # not far from the next
        ["10", "20", "30", "99", "5"],  # once
        ["-99", "-99", "1", "2", "1"],  # too few other numbers to tell
    ],
)
def test_numbers_among_others_like_them_are_no_codes(own: Path, cells: list[str]) -> None:
    responses = read_responses(csv_of(own, "spend", cells), own)
    assert "numbers_look_missing" not in {one.key for one in responses.problems}
