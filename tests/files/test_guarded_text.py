"""Text that a spreadsheet would run: led by an apostrophe in CSV, and read back as it was."""

import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import survey
from survey.files.guarded_text import guarded, unguarded

RUN = ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"]
LED = ["'=1+1", "''=1", "'\uff1d1"]
PLAIN = ["plain", "'tis", "'", "a=b", "中文", "5"]
SCHEMA = """
kind: survey
id: opinions
version: "1.0.0"
languages: [en]
title: {en: Opinions}
questions:
  - {id: channel, kind: single, text: {en: "Channel?"}, short: {en: Channel},
     options: [{id: shop, label: {en: "=Shop"}}, {id: web, label: {en: Web}}]}
  - {id: why, kind: text, text: {en: "Why?"}, short: {en: Why}}
"""


@pytest.mark.parametrize("text", [*RUN, *LED])
def test_what_begins_a_formula_is_led_by_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", PLAIN)
def test_other_text_stays(text: str) -> None:
    assert guarded(text) == unguarded(text) == text


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_the_way_back_is_not_ambiguous(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_a_nul_hides_nothing() -> None:
    assert guarded("\x00=1+1") == "\ufffd=1+1"


@pytest.fixture
def responses(tmp_path: Path) -> survey.Responses:
    (tmp_path / "opinions.yaml").write_text(SCHEMA, encoding="utf-8")
    texts = [*RUN, *LED, *PLAIN]
    frame = pd.DataFrame({"channel": ["shop"] * len(texts), "why": texts})
    return survey.from_frame(frame, tmp_path / "opinions.yaml")


def test_a_coded_file_is_read_back_as_it_was(tmp_path: Path, responses: survey.Responses) -> None:
    survey.export_responses(responses, tmp_path / "coded.csv")
    lines = (tmp_path / "coded.csv").read_text(encoding="utf-8-sig")
    assert "'=1+1" in lines
    assert ",=1+1" not in lines
    again = survey.read_responses(tmp_path / "coded.csv", instrument=responses.instrument)
    assert again.data["why"].tolist() == responses.data["why"].tolist()


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_r_reads_it_as_it_was(tmp_path: Path, responses: survey.Responses, locale: str) -> None:
    survey.export_responses(responses, tmp_path / "coded.r")
    code = 'source("coded.r", encoding = "UTF-8"); writeLines(as.character(nchar(responses$why, "chars")))'
    ended = subprocess.run(
        ["Rscript", "-e", f"{code}; writeLines(levels(responses$channel)[1])"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "LC_ALL": locale},
        capture_output=True,
        text=True,
        check=True,
    )
    *lengths, label = ended.stdout.split()
    assert [int(length) for length in lengths] == [len(text) for text in responses.data["why"]]
    assert label == "=Shop"
