"""Workbooks as people really send them: gaps, stray cells, merged headers, formulas, one respondent."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from survey import Instrument, read_responses
from tests.helpers import accounted, answers, missing, rewrite, workbook
from tests.ingest.conftest import Read


def test_one_respondent(read: Read) -> None:
    responses = read("| diet | dishes__soup |\n| other | 5 |")
    assert len(responses) == 1
    assert repr(responses) == "<Responses: 1 respondents, canteen@1.0.0>"


def test_blank_rows_are_no_respondents_and_do_not_move_addresses(read: Read) -> None:
    responses = read("""
        |       |        |
        |       |        |
        | diet  | visits |
        |       |        |
        | other | 1      |
        |       | " "    |
        | other | 2      |
    """)
    assert responses.meta["row"].tolist() == [5, 7]
    assert responses.meta.index.tolist() == [0, 1]
    assert answers(responses, "visits") == [1.0, 2.0]


def test_blank_columns_are_left_out(read: Read) -> None:
    responses = read("|  | diet |  | visits |\n|  | other |  | 1 |")
    assert accounted(responses) == {"read": 2, "mapped answer": 2}


def test_ragged_rows(read: Read) -> None:
    responses = read("""
        | diet  | visits | remark |
        | other |
        | other | 2 | "yes" | 12 |
    """)
    assert answers(responses, "visits") == [None, 2.0]
    assert missing(responses, "remark") == ["empty", ""]
    assert accounted(responses) == {
        "read": 8,
        "mapped answer": 4,
        "missing empty": 2,
        "refused unknown_column": 2,
    }


def test_a_merged_header_leaves_its_second_column_unmatched(tmp_path: Path, canteen: Instrument) -> None:
    path = workbook(tmp_path / "r.xlsx", "| diet | | visits |\n| other | note | 3 |")
    book = load_workbook(path)
    book["Data"].merge_cells("A1:B1")
    book.save(path)
    responses = read_responses(path, canteen)
    assert answers(responses, "diet") == ["other"]
    assert answers(responses, "visits") == [3.0]
    (problem,) = [problem for problem in responses.problems if problem.key == "column_headless"]
    assert problem.place.cell == "B1"


@pytest.mark.parametrize("cell", ["XFD1", "XFD3", "A1048576", "XFD1048576"])
def test_a_stray_cell_far_away_costs_little(tmp_path: Path, canteen: Instrument, cell: str) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["visits", "remark"])
    for number in range(2000):
        sheet.append([number, "text"])
    sheet[cell] = 7
    path = tmp_path / "r.xlsx"
    book.save(path)
    responses = read_responses(path, canteen, set_aside=True)
    assert len(responses) == (2001 if cell == "A1048576" else 2000)  # one in no known column is no respondent
    counts = accounted(responses)
    strays = 1 if cell == "XFD1048576" else 0
    assert counts["read"] == len(responses) * (2 if cell.startswith("A") else 3) + strays
    assert counts["read"] == sum(counts.values()) - counts["read"]


@pytest.mark.parametrize("size", ["A1", "A1:A1", "A1:XFD1048576", "nonsense"])
def test_a_sheet_that_lies_about_its_size(tmp_path: Path, canteen: Instrument, size: str) -> None:
    path = workbook(tmp_path / "r.xlsx", "| diet | visits |\n| other | 3 |\n| other | 4 |")
    rewrite(
        path,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<dimension ref="A1:B3"', f'<dimension ref="{size}"'.encode()),
    )
    assert answers(read_responses(path, canteen), "visits") == [3.0, 4.0]


def test_formulas_with_results_are_read_as_their_results(read: Read) -> None:
    responses = read("""
        | =A9 -> "diet" | visits    | remark             | dishes__soup |
        |---------------|-----------|--------------------|--------------|
        | =A8 -> other  | =1+2 -> 3 | =IF(1,"") -> ""    | 5            |
        | other         | 4         | =A1&"x" -> "dietx" | 4            |
    """)
    assert answers(responses, "diet") == ["other", "other"]
    assert answers(responses, "visits") == [3.0, 4.0]
    assert answers(responses, "remark") == [None, "dietx"]
    assert missing(responses, "remark") == ["empty", ""]


def test_formulas_without_results_are_refused_one_by_one(read: Read) -> None:
    responses = read(
        """
        | diet  | visits | remark  | weather |
        |-------|--------|---------|---------|
        | other | =1+2   | =A1&"x" | =A2     |
        | other | 4      | text    | #REF!   |
        """,
        set_aside=True,
    )
    refused = [problem for problem in responses.problems if problem.key == "cell_formula"]
    assert [(problem.place.cell, problem.values["value"]) for problem in refused] == [
        ("B2", "=1+2"),
        ("C2", '=A1&"x"'),
    ]
    assert accounted(responses) == {
        "read": 8,
        "mapped answer": 4,
        "refused unreadable_cell": 2,
        "refused unknown_column": 2,
    }


@pytest.mark.parametrize(
    "attributes", ['t="shared" ref="B2:B3" si="0"', 't="array" ref="B2:B3"', 't="dataTable" ref="B2"']
)
def test_formulas_of_every_kind_without_results(tmp_path: Path, canteen: Instrument, attributes: str) -> None:
    path = workbook(tmp_path / "r.xlsx", "| diet | visits |\n| other | =1+2 |\n| other | 4 |")
    rewrite(
        path,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<f>1+2</f>", f"<f {attributes}>1+2</f>".encode()),
    )
    responses = read_responses(path, canteen, set_aside=True)
    (problem,) = [problem for problem in responses.problems if problem.key == "cell_formula"]
    assert problem.place.cell == "B2"
    assert "object at" not in str(problem)


def test_a_sheet_written_with_a_namespace_prefix(tmp_path: Path, canteen: Instrument) -> None:
    """As some programs write them: `<x:c>` instead of `<c>`."""
    path = workbook(tmp_path / "r.xlsx", "| diet | visits |\n| other | =1+2 |")

    def prefix(xml: bytes) -> bytes:
        for name in ("worksheet", "sheetData", "row", "c", "f", "v", "is", "t"):
            for mark in ("<", "</"):
                for end in (" ", ">", "/"):
                    xml = xml.replace(f"{mark}{name}{end}".encode(), f"{mark}x:{name}{end}".encode())
        return xml.replace(b" xmlns=", b" xmlns:x=")

    rewrite(path, "xl/worksheets/sheet1.xml", prefix)
    responses = read_responses(path, canteen, set_aside=True)
    assert answers(responses, "diet") == ["other"]
    assert missing(responses, "visits") == ["refused"]


def test_numbers_as_keys(read: Read) -> None:
    responses = read("| 编号 | diet |\n| 1 | other |\n| 2.0 | other |\n| 2.5 | other |\n| TRUE | other |")
    assert responses.meta["key"].tolist() == ["1", "2", "2.5", "True"]


def test_very_long_text_is_kept(read: Read) -> None:
    text = "好😀 " * 8000
    responses = read(f"| remark | visits |\n| {text} | 3 |")
    assert answers(responses, "remark") == [text.strip()]


def test_a_hidden_row_column_or_sheet_is_read_like_any_other(tmp_path: Path, canteen: Instrument) -> None:
    path = workbook(tmp_path / "r.xlsx", {"Note": "| x |", "Data": "| diet | visits |\n| other | 3 |"})
    book = load_workbook(path)
    book["Data"].sheet_state = "veryHidden"
    book["Data"].row_dimensions[2].hidden = True
    book["Data"].column_dimensions["B"].hidden = True
    book.save(path)
    assert answers(read_responses(path, canteen), "visits") == [3.0]


def test_a_row_with_nothing_in_a_known_column_is_no_respondent(read: Read) -> None:
    responses = read("""
        | diet  | visits | notes   |
        | other | 1      |         |
        |       |        | scribble |
    """)
    assert len(responses) == 1
    assert accounted(responses) == {"read": 4, "mapped answer": 2, "refused unknown_column": 2}
    told = next(problem for problem in responses.problems if problem.key == "rows_stray")
    assert "left out: 1 (3); their filled cells: 1." in str(told)


def test_merged_cells_are_told(tmp_path: Path, canteen: Instrument) -> None:
    book = Workbook()
    for row in (["diet", "visits"], ["other", 1], [None, 2], [None, 3]):
        book.worksheets[0].append(row)
    book.worksheets[0].merge_cells("A2:A4")
    book.save(tmp_path / "merged.xlsx")
    responses = read_responses(tmp_path / "merged.xlsx", canteen)
    assert missing(responses, "diet") == ["", "empty", "empty"]
    assert any("A2:A4" in str(problem) for problem in responses.problems)


def test_a_file_of_another_content_of_the_instrument_says_so(tmp_path: Path, canteen: Instrument) -> None:
    book = workbook(tmp_path / "data.xlsx", "| diet |\n| other |")
    changed = load_workbook(book)
    hidden = changed.create_sheet("_survey")
    hidden.append(["instrument", canteen.reference])
    hidden.append(["instrument_hash", "0" * 64])
    changed.save(book)
    problems = read_responses(book, canteen).problems
    assert any(problem.key == "instrument_changed" for problem in problems)


def test_points_with_a_chinese_counter(read: Read) -> None:
    assert answers(read("| dishes__soup |\n| 5\u5206 |"), "dishes__soup") == [5]
