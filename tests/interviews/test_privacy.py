"""What would name a person: found, counted and placed, never shown whole."""

import pandas as pd
import pytest

import survey
from survey.interviews.privacy import read_names
from survey.tables import CONTRACTS
from tests.helpers import workbook
from tests.interviews.conftest import SEGMENTS

CODEBOOK = "interview-codebook"


def found(texts, names=(), **columns):
    """What is found in the gists of one person."""
    frame = pd.DataFrame({"participant": ["P1"] * len(texts), "code": "profit", "gist": texts, **columns})
    return survey.check_privacy(survey.segments_from_frame(frame, CODEBOOK), names=names)


@pytest.mark.parametrize(
    "text",
    [
        "write to j.doe+x@mail.example.org soon",
        "邮箱是abc@qq.com。",
        "ＡＢＣ＠ｑｑ．ｃｏｍ",
        "jane (at) firm.cn",
    ],
)
def test_mail_addresses(text):
    assert found([text])["kind"].tolist() == ["email"]


@pytest.mark.parametrize("text", ["no@where", "@handle", "at 5 @ 3 dollars", "a@b", "10 @ 20.5"])
def test_what_is_no_mail_address(text):
    assert found([text]).empty


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "电话１３８１２３４５６７８找我",
        "138-1234-5678",
        "+86 138 1234 5678",
        "0086-13812345678",
        "010-12345678",
        "(021) 6234 5678",
        "0755 8234 5678",
        "400-123-4567",
        "+44 20 7946 0958",
        "+1 (415) 555-2671",
        "0044 20 7946 0958",
        "415-555-2671",
        "(415) 555-2671",
    ],
)
def test_phone_numbers(text):
    assert found([f"call {text}, please"])["kind"].tolist() == ["phone"]


@pytest.mark.parametrize(
    "text",
    [
        "from 2019-2020 to 2026-11-24",
        "10,000+ staff, 35 to 40 percent",
        "110105194912310021",
        "ISBN 978-3-16-148410-0",
        "http://etheses.dur.ac.uk/16250/",
        "12345678901234567890",
        "+35 and +12,000",
        "1.3812345678 billion",
        "phase 1/2, 24 months, NCT01234567",
    ],
)
def test_numbers_that_are_no_phone_numbers(text):
    assert found([text]).empty


@pytest.mark.parametrize(
    ("name", "text", "times"),
    [
        ("张伟", "我和张伟、张 伟谈过", 2),
        ("欧阳小明", "欧阳·小明", 1),
        ("Ann", "Ann, ANN and annual plans by Joanna", 2),
        ("Ann", "请Ann看一下", 1),
        ("Ann", "B1_Ann.docx", 1),
        ("Jane Smith", "with jane\n smith's team", 1),
        ("Wei-Lin Chen", "Wei Lin Chen", 1),
        ("Ａｃｍｅ", "acme drugs", 1),
        ("Société X", "the SOCIÉTÉ X case", 1),
        ("C++ Co.", "c++ co. and others", 1),
    ],
)
def test_names_of_the_list(name, text, times):
    (row,) = found([text], ["Nobody Else", name]).itertuples()
    assert (row.kind, row.n, row.entry) == ("name", times, 2)


def test_names_that_are_not_there():
    assert found(["annual plans", "伟大", "smith"], ["Ann", "张伟", "Jane Smith"]).empty


@pytest.mark.parametrize("name", ["", "X", "李", "- -"])
def test_a_name_of_one_letter_is_refused(name):
    with pytest.raises(survey.UsageError, match="everywhere"):
        found(["x"], [name])


def test_nothing_is_shown_whole():
    table = found(["mail jane.doe@firm.cn or 13812345678 or 张伟"], ["张伟"])
    assert table["shown"].tolist() == ["j… (16)", "1… (11)", "张… (2)"]
    text = table.to_csv()
    assert not any(secret in text for secret in ("jane", "1381", "张伟"))


def test_every_text_is_looked_at_and_every_cell_once(tmp_path):
    people = "| participant | group | note | email |\n| Ann | Ann Co | ask Ann | a@b.cn |\n"
    rows = (
        "| segment | participant | code | document | gist | text | same quote as |\n"
        "| 1 | Ann | profit; technology | Ann.docx | Ann | x Ann Ann | Ann |\n"
        "| 2 | Ann | profit | | y | | Ann |\n"
    )
    path = workbook(tmp_path / "s.xlsx", {"A": rows, "B": people})
    segments = survey.read_segments(path, CODEBOOK, keep_personal=True)
    table = survey.check_privacy(segments, names=["Ann"])
    first = table[table["row"].eq(2).fillna(False)]
    assert list(zip(first["column"], first["n"], strict=True)) == [
        ("participant", 1),
        ("document", 1),
        ("quote", 1),
        ("gist", 1),
        ("text", 2),
    ]
    assert table.loc[table["row"].isna(), "column"].tolist() == [
        "participants",
        "participants / group",
        "participants / note",
        "participants / email",
        "participants / email",
    ]
    assert table["kind"].value_counts().to_dict() == {"name": 10, "email": 1, "personal": 1}


def test_no_segment_no_finding(canteen):
    none = survey.segments_from_frame(pd.DataFrame(columns=["participant", "code"]), canteen)
    table = survey.check_privacy(none, names=["张伟"])
    assert table.empty
    assert list(table.columns) == list(CONTRACTS["privacy"])


def test_our_own_segments_name_nobody(published):
    assert survey.check_privacy(published).empty
    assert survey.check_privacy(SEGMENTS).empty


def test_a_brand_in_our_gists_would_be_found():
    table = survey.check_privacy(SEGMENTS, names=["blockbusters"])
    assert table[["cell", "column", "n"]].values.tolist() == [["G21", "gist", 1]]


def test_lists_of_names(tmp_path):
    lines = tmp_path / "names.txt"
    lines.write_text("\ufeff# brands\nAcme\n\n  Smith, Jane \n张伟\n", encoding="utf-8")
    assert read_names(lines) == ["Acme", "Smith, Jane", "张伟"]
    chinese = tmp_path / "gb.txt"
    chinese.write_bytes("张伟\n李小龙\n".encode("gb18030"))
    assert read_names(chinese) == ["张伟", "李小龙"]
    table = workbook(tmp_path / "names.xlsx", "| Acme | x |\n| 张伟 | y |\n")
    assert read_names(table) == ["Acme", "张伟"]
    columns = tmp_path / "names.csv"
    columns.write_text("Acme,1\nBeta,2\n", encoding="utf-8")
    assert read_names(columns) == ["Acme", "Beta"]
    assert len(found(["Acme"], lines)) == 1
    with pytest.raises(survey.UsageError):
        read_names(tmp_path / "nowhere.txt")


def test_a_long_text_takes_no_time():
    import time

    start = time.process_time()  # of this process alone, whatever else the machine does
    found(["a" * 32_000, "1 " * 16_000, "a." * 16_000, "(" * 32_000], ["Ann", "张伟"])
    assert time.process_time() - start < 5
