"""Files in each other's place: an instrument as responses, a workbook as an instrument, a program as one."""

import pandas as pd
import pytest

import survey
from survey import DataError, InstrumentError

SCHEMA = """# Drafted
kind: survey
id: clients
version: "1.0.0"
questions:
  - {id: sector, kind: single, text: {en: "Which, of these?"}}
"""
PROGRAM = '"""Make it."""\nimport random\n\nrows = []\nfor n in range(9):\n    rows.append((n, "a"))\n'
R_PROGRAM = "library(readr)\ndata <- read_csv('a.csv')\nshares <- table(data$x)\nprint(shares)\n"


@pytest.mark.parametrize("use", [survey.draft_instrument, survey.read_responses])
@pytest.mark.parametrize("ending", ["yaml", "csv"])
def test_an_instrument_is_no_file_of_responses(tmp_path, use, ending):
    path = tmp_path / f"clients.{ending}"
    path.write_text(SCHEMA, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        use(path)
    assert "instrument (YAML)" in str(caught.value)
    assert "this file as the instrument" in str(caught.value)
    assert "问卷文件（YAML）" in caught.value.text("zh")


def test_a_table_with_the_words_of_an_instrument_is_read(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("kind,id\n" + "".join(f"survey {n % 2},{n}\n" for n in range(12)), encoding="utf-8")
    assert len(survey.draft_instrument(path).guesses) == 2


@pytest.mark.parametrize("ending", ["xlsx", "xlsm", "yaml"])
def test_a_workbook_is_no_instrument(tmp_path, ending):
    book = tmp_path / "clients.xlsx"
    pd.DataFrame({"Sector": ["Trade", "Mining"]}).to_excel(book, index=False)
    path = book.rename(tmp_path / f"clients.{ending}")
    with pytest.raises(InstrumentError) as caught:
        survey.load_instrument(path)
    assert "is a workbook" in str(caught.value)
    assert path.name in str(caught.value)
    assert "这是工作簿" in caught.value.text("zh")


def test_a_workbook_beside_the_caller_is_no_name_of_an_instrument(tmp_path, monkeypatch):
    pd.DataFrame({"Sector": ["Trade", "Mining"]}).to_excel(tmp_path / "clients.xlsx", index=False)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InstrumentError, match="is a workbook"):
        survey.load_instrument("clients.xlsx")


def test_other_bytes_are_still_no_text(tmp_path):
    path = tmp_path / "clients.yaml"
    path.write_bytes("kind: survey # Größe".encode("cp1252"))
    with pytest.raises(InstrumentError, match="UTF-8"):
        survey.load_instrument(path)


@pytest.mark.parametrize("text", [PROGRAM, R_PROGRAM])
def test_a_program_is_no_table(tmp_path, text):
    path = tmp_path / "make.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        survey.draft_instrument(path)
    assert "lines of a program" in str(caught.value)
    assert "程序代码" in caught.value.text("zh")


def test_one_column_of_words_is_a_table(tmp_path):
    path = tmp_path / "one.csv"
    words = ["Trade", "import duties", "for us: fine", "Mining (coal)"]
    path.write_text("What hinders you?\n" + "".join(f"{words[n % 4]}\n" for n in range(20)), encoding="utf-8")
    assert len(survey.draft_instrument(path).guesses) == 1
