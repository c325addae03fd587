"""Tables of MAXQDA, Dedoose, ATLAS.ti and NVivo, and 0/1 matrices, read and written."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from survey.errors import DataError, UsageError
from survey.interviews import read_segments
from tests.interviews.projects import SEGMENTS, segments_of, small_codebook

GERMAN = (
    *("Farbe", "Kommentar", "Dokumentgruppe", "Dokumentname", "Code", "Anfang", "Ende", "Gewicht", "Segment"),
    *("Bearbeitet von", "Bearbeitet am", "Erstellt von", "Erstellt am", "Fläche", "Abdeckungsgrad %"),
)
ENGLISH = (
    *("Color", "Comment", "Document group", "Document name", "Code", "Beginning", "End", "Weight score"),
    *("Segment", "Modified by", "Modified", "Created by", "Created", "Area", "Coverage %"),
)
CHINESE = (
    *("颜色", "评论", "文档组", "文档名称", "代码", "开始", "结束", "权重"),
    *("片段", "", "", "创建者", "创建日期", "面积", "覆盖率 %"),
)


def table(path: Path, *rows) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def keys(segments):
    return sorted({problem.key for problem in segments.problems})


# -- MAXQDA ----------------------------------------------------------------------------------------------


def maxqda(path, headers, *rows):
    """Rows of group, document, code, text, coder, comment."""
    listed = [
        ("", comment, group, document, code, "3", "3", "0", text, "", "", coder, "2026-01-01", "12", "0,4")
        for group, document, code, text, coder, comment in rows
    ]
    return table(path, headers, *listed)


@pytest.mark.parametrize("headers", [GERMAN, ENGLISH, CHINESE])
def test_segments_of_maxqda_in_three_languages(tmp_path, headers):
    rows = [
        ("B", "B1.docx", "Money > Costs & <prices>", "Zu teuer 😀, sagt er.\nImmer.", "AK", ""),
        ("B", "B1.docx", "Money > 资金", "Zu teuer 😀, sagt er.\nImmer.", "AK", "wichtig"),
        ("D", "D1", "Talent", "Wir finden niemanden.", "BM", ""),
    ]
    segments = read_segments(maxqda(tmp_path / "s.csv", headers, *rows), small_codebook())
    data = segments.data
    assert list(data["code"]) == ["costs", "funds", "talent"]
    assert data["segment"].iloc[0] == data["segment"].iloc[1]  # one passage, two codes
    assert list(data["participant"]) == ["B1", "B1", "D1"]
    assert list(data["coder"]) == ["AK", "AK", "BM"]
    assert segments.bases == {"B": 1, "D": 1}
    assert data["text"].iloc[0] == "Zu teuer 😀, sagt er.\nImmer."
    assert keys(segments) == ["refi_count_comments", "refi_group_from"]


def test_a_codebook_is_made_of_the_ways_of_maxqda(tmp_path):
    rows = [("B", "B1", "Work > Pay > Late", "x", "AK", ""), ("B", "B1", "Work > Pay", "y", "AK", "")]
    path = maxqda(tmp_path / "s.csv", ENGLISH, *rows)
    segments = read_segments(path)
    assert list(segments.data["code"]) == ["late", "pay"]
    assert list(segments.data["level"]) == ["code", "subtheme"]
    assert survey.read_codes(path).code_ids == segments.codebook.code_ids == ("late",)


def test_an_unknown_code_of_many_rows_is_one_error(tmp_path):
    rows = [("B", "B1", "Strange", f"text {n}", "AK", "") for n in range(200)]
    with pytest.raises(DataError) as caught:
        read_segments(maxqda(tmp_path / "s.csv", ENGLISH, *rows), small_codebook())
    (problem,) = caught.value.problems
    assert (problem.key, problem.values["count"]) == ("refi_code_unknown", 200)


def test_a_column_of_a_table_may_say_who_speaks_and_others_are_told(tmp_path):
    path = table(
        tmp_path / "s.csv",
        ("Document name", "Code", "Segment", "Who", "Age"),
        ("group talk", "Talent", "We stay.", "P1", "40"),
        ("group talk", "Talent", "We go.", "P2", "50"),
    )
    segments = read_segments(path, small_codebook(), participant="who")
    assert list(segments.data["participant"]) == ["P1", "P2"]
    assert keys(segments) == ["segment_column_unknown"]
    with pytest.raises(UsageError):
        read_segments(path, small_codebook(), participant="nobody")


# -- Dedoose ---------------------------------------------------------------------------------------------

DEDOOSE = (
    *("Media Title", "Excerpt Range", "Excerpt Creator", "Excerpt Date", "Excerpt Copy", "Resource Creator"),
    *("Resource Date", "Codes Applied Combined", "Code: Money Applied", "Code: Money Range"),
    *("Code: Money Weight", "Code: Money\\资金 Applied", "Code: Talent Applied"),
)


def excerpt(title, creator, text, money, funds, talent):
    return (title, "0-9", creator, "1/1/2026", text, "x", "1/1/2026", "", money, "", "", funds, talent)


def test_excerpts_of_dedoose_with_columns_of_codes(tmp_path):
    path = table(
        tmp_path / "DedooseChartExcerpts.csv",
        DEDOOSE,
        excerpt("B1.docx", "ann", "Money is short.", "True", "True", "False"),
        excerpt("B1.docx", "bo", "Money is short.", "False", "True", "False"),
        excerpt("B2.docx", "bo", "Nothing.", "False", "False", "False"),
    )
    segments = read_segments(path, small_codebook())
    data = segments.data
    assert list(zip(data["segment"], data["coder"], data["code"], strict=True)) == [
        ("d2", "ann", "money"),
        ("d2", "ann", "funds"),
        ("d2", "bo", "funds"),
    ]
    assert "refi_count_uncoded" in keys(segments)
    assert "segment_column_unknown" not in keys(segments)


def test_a_cell_of_dedoose_that_says_neither_is_named(tmp_path):
    path = table(tmp_path / "s.csv", DEDOOSE, excerpt("B1", "ann", "x", "perhaps", "1", "0"))
    with pytest.raises(DataError) as caught:
        read_segments(path, small_codebook())
    assert caught.value.problems[0].key == "matrix_cell"
    assert caught.value.problems[0].place.cell == "I2"


def test_excerpts_of_dedoose_with_the_names_of_codes_alone(tmp_path):
    headers = ("Media Title", "Excerpt Copy", "Codes Applied Combined")
    path = table(tmp_path / "s.csv", headers, ("B1", "We go.", "Talent, 资金"), ("B2", "We stay.", ""))
    segments = read_segments(path, small_codebook())
    assert list(segments.data["code"]) == ["talent", "funds"]


# -- ATLAS.ti --------------------------------------------------------------------------------------------


def test_quotations_of_atlas(tmp_path):
    headers = ("ID", "Document", "Quotation Name", "Quotation Content", "Codes", "Comment", "Reference",
               "Document Groups", "Created by", "Created")  # fmt: skip
    path = table(
        tmp_path / "quotations.csv",
        headers,
        ("1:1", "B1.docx", "", "Money 😀 is short.", "Money: 资金\nTalent", "look", "3 - 3", "B", "ann", ""),
        ("1:2", "B1.docx", "", "No code.", "", "", "4 - 4", "B", "ann", ""),
        ("2:1", "B2.docx", "", "People leave.", "talent", "", "1 - 1", "B", "bo", ""),
    )
    segments = read_segments(path, small_codebook())
    data = segments.data
    assert list(data["segment"]) == ["1:1", "1:1", "2:1"]
    assert list(data["code"]) == ["funds", "talent", "talent"]
    assert list(data["participant"]) == ["B1", "B1", "B2"]
    assert data["gist"].iloc[0] == "look"
    assert keys(segments) == ["refi_count_comments", "refi_count_uncoded"]
    assert "Money: 资金" in {code.label["en"] for code in read_segments(path).codebook.codes}


# -- matrices --------------------------------------------------------------------------------------------

MATRIX = [("participant", "group", "costs", "资金", "Talent"), ("P1", "B", 1, 0, 1), ("P2", "D", 0, "", 0)]


def test_a_matrix_is_read_with_those_who_say_nothing(tmp_path):
    segments = read_segments(table(tmp_path / "m.csv", *MATRIX), small_codebook())
    assert list(segments.data["code"]) == ["costs", "talent"]
    assert segments.bases == {"B": 1, "D": 1}
    assert segments.data["text"].isna().all()
    assert keys(segments) == []


@pytest.mark.parametrize("yes", ["x", "TRUE", "✓", "是", "3"])
def test_marks_and_counts_say_yes(tmp_path, yes):
    path = table(tmp_path / "m.csv", ("", "Talent", "costs"), ("P1", yes, ""), ("P2", "", "0"))
    segments = read_segments(path, small_codebook())
    assert list(segments.data["participant"]) == ["P1"]
    assert keys(segments) == (["matrix_counts"] if yes == "3" else [])


def test_two_coders_of_a_matrix_see_one_segment(tmp_path):
    rows = [
        ("participant", "coder", "costs", "Talent"),
        ("P1", "ann", 1, 0),
        ("P1", "bo", 1, 1),
        ("P2", "ann", 0, 1),
    ]
    segments = read_segments(table(tmp_path / "m.csv", *rows), small_codebook())
    assert segments.data["segment"].nunique() == 2
    assert set(segments.data["coder"]) == {"ann", "bo"}
    again = [*rows, ("p1", "ANN", 0, 1)]
    with pytest.raises(DataError) as caught:
        read_segments(table(tmp_path / "m.csv", *again), small_codebook())
    assert caught.value.problems[0].key == "person_twice"


def test_a_matrix_of_nvivo_is_turned_where_its_rows_are_the_codes(tmp_path):
    upright = [("", "A : Costs & <prices>", "B : Talent"), ("1 : Ann", 2, 0), ("2 : Bo", 0, 1)]
    turned = [("", "A : Ann", "B : Bo"), ("1 : Costs & <prices>", 2, 0), ("2 : Talent", 0, 1)]
    for rows in (upright, turned):
        segments = read_segments(table(tmp_path / "m.csv", *rows), small_codebook())
        data = segments.data
        assert list(zip(data["participant"], data["code"], strict=True)) == [
            ("Ann", "costs"),
            ("Bo", "talent"),
        ]
        assert segments.origin["format"] == "NVivo"
        assert "matrix_counts" in keys(segments)


@pytest.mark.parametrize(
    "rows",
    [
        [("participant", "costs"), ("P1", "perhaps")],
        [("participant", "costs"), ("P1", 0)],
        [("participant", "costs"), ("P1", 0.5)],
        [("participant", "quote"), ("P1", 1)],
    ],
)
def test_other_tables_are_no_matrix(tmp_path, rows):
    with pytest.raises(DataError) as caught:
        read_segments(table(tmp_path / "m.csv", *rows), small_codebook())
    assert {problem.key for problem in caught.value.problems} == {"segments_no_table"}


@pytest.mark.parametrize("value", ["maybe", "-1", "0.5", "NA"])
def test_a_cell_of_a_matrix_that_is_no_mark_is_named(tmp_path, value):
    rows = [("name", "Talent", "costs"), ("P1", "1", "0"), ("P2", "1.0", value)]
    with pytest.raises(DataError) as caught:
        read_segments(table(tmp_path / "m.csv", *rows), small_codebook())
    (problem,) = caught.value.problems
    assert (problem.key, problem.place.cell, problem.values["value"]) == ("matrix_cell", "C3", value)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_matrix_goes_out_and_comes_back(tmp_path, ending):
    whole = read_segments(SEGMENTS)
    path = survey.export_matrix(whole, tmp_path / f"m{ending}")
    back = read_segments(path, whole.codebook)
    pairs = set(zip(whole.data["participant"], whole.data["code"], strict=True))
    assert set(zip(back.data["participant"], back.data["code"], strict=True)) == pairs
    assert list(back.participants.index) == list(whole.participants.index)
    assert back.bases == whole.bases
    assert path.read_bytes() == survey.export_matrix(whole, tmp_path / f"n{ending}").read_bytes()


def test_a_matrix_of_silent_people_and_of_subthemes(tmp_path):
    segments = segments_of(
        [{"segment": "S1", "code": "people", "participant": "P1"}],
        {"P1": {"group": None}, "=P2": {"group": "B"}},
    )
    path = survey.export_matrix(segments, tmp_path / "m.csv")
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert rows == [
        ["participant", "group", "costs", "funds", "talent", "people"],
        ["P1", "", "0", "0", "0", "1"],
        ["=P2", "B", "0", "0", "0", "0"],
    ]
    with pytest.raises(UsageError):
        survey.export_matrix(segments, tmp_path / "m.txt")


def test_the_command_writes_a_matrix(tmp_path):
    target = tmp_path / "m.csv"
    run = CliRunner()
    result = run.invoke(main, ["interviews", "export", str(SEGMENTS), "--to", "matrix", "-o", str(target)])
    assert result.exit_code == 0, result.output
    assert len(target.read_text(encoding="utf-8-sig").splitlines()) == 15
    result = run.invoke(main, ["interviews", "export", str(SEGMENTS), "--to", "matrix", "-o", "m.txt"])
    assert result.exit_code == 2
    assert ".csv / .xlsx" in result.output
