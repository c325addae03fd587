"""Projects that a tool keeps in a database: told for what they are, or read; never "open it in Excel"."""

import sqlite3
from contextlib import closing

import pytest

import survey
from survey.interviews.databases import database_in, tool_of_database
from tests.helpers import told

# The tables that tell the tools apart, with a column each.
TABLES = {
    "taguette": "documents highlights highlight_tags tags projects users",
    "qualcoder": "project source code_name code_text code_cat cases case_text attribute",
    "rqda": "freecode coding source cases caselinkage project",
    "other": "customers orders",
}


def database(path, tables):
    with closing(sqlite3.connect(path)) as connection:
        for name in tables.split():
            connection.execute(f"CREATE TABLE {name} (id INTEGER)")
        connection.commit()
    return path


@pytest.mark.parametrize("tool", TABLES)
def test_a_database_is_told_by_its_tables_whatever_its_name(tmp_path, tool):
    path = database(tmp_path / "a study, of #1?.xlsx", TABLES[tool])
    before = path.read_bytes()
    assert tool_of_database(path) == tool
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [path.name]  # no journal beside it


def test_the_folder_of_a_project_is_known_by_its_database(tmp_path):
    folder = tmp_path / "study.qda"
    folder.mkdir()
    assert database_in(folder) is None
    database(folder / "data.qda", TABLES["qualcoder"])
    assert database_in(folder) == folder / "data.qda"


@pytest.mark.parametrize("read", [survey.read_segments, survey.read_codes])
def test_a_database_of_something_else_is_no_workbook(tmp_path, read):
    path = database(tmp_path / "shop.db", TABLES["other"])
    (problem,) = told(lambda: read(path))
    assert problem.key == "database_other"
    for lang in ("en", "zh"):
        assert "SQLite" in problem.text(lang)
        assert "Excel workbook" not in problem.text(lang)


def test_a_damaged_database_is_told(tmp_path):
    path = tmp_path / "study.qda"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 900)
    (problem,) = told(lambda: survey.read_segments(path))
    assert problem.key == "database_other"


EXPORT = "id,document,tag,content\n" + "".join(f"{n},P{n % 7}.txt,tag {n % 40},words\n" for n in range(400))


def test_an_export_under_no_codebook_says_so_once(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(EXPORT, encoding="utf-8")
    for set_aside in (False, True):
        (problem,) = told(lambda aside=set_aside: survey.read_segments(path, set_aside=aside))
        assert problem.key == "codebook_needed"
        for lang in ("en", "zh"):
            assert "--codebook" in problem.text(lang)
            assert "interviews codebook" in problem.text(lang)
            assert "40" in problem.text(lang)
    assert survey.read_segments(path, survey.read_codes(path)).data["segment"].nunique() == 400


def test_a_few_slips_in_a_file_under_our_codebook_are_told_one_by_one(tmp_path):
    codes = survey.load_codebook("interview-codebook").code_ids[:6]
    rows = "".join(f"P{n},{code},words\n" for n, code in enumerate([*codes, "slip", "slipp", "slippp", "s"]))
    path = tmp_path / "ours.csv"
    path.write_text("participant,code,gist\n" + rows, encoding="utf-8")
    assert [problem.key for problem in told(lambda: survey.read_segments(path))] == ["code_unknown"] * 4
