"""The dialect that CONTRIBUTING shows works as printed, and so does the map of the page on exports."""

import re
from pathlib import Path

import pytest

from survey import load_instrument, read_responses
from survey.files.grid import Grid
from survey.ingest import dialects
from survey.ingest.dialects.roles import _BY_FORM, ROLES
from survey.ingest.dialects.table import evidence, headers_of, table_of
from survey.ingest.layout import Habits
from survey.ingest.mapping import read_mapping
from survey.ingest.matching import META_HEADERS
from survey.ingest.raw_table import RawTable
from tests.helpers import answers, workbook
from tests.ingest.conftest import CANTEEN
from tests.paths import ROOT


def test_the_example_of_a_dialect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.split("## A dialect")[1].split("## ")[0]
    code = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    assert code
    names = {
        "Grid": Grid, "RawTable": RawTable, "Habits": Habits, "evidence": evidence, "headers_of": headers_of,
        "table_of": table_of,
    }  # fmt: skip
    exec(code[1], names)
    paper = dialects.Dialect("paper", names["detect"], names["read"])  # type: ignore[arg-type]
    monkeypatch.setattr(dialects, "DIALECTS", (paper, *dialects.DIALECTS))
    monkeypatch.setitem(_BY_FORM, "paper", {"response number": "key", "date taken": "submitted"})
    table = "| Response number | Date taken | diet | drinks |\n| 7 | 2026-04-03 | Stone soup | Tea + Milk |"
    responses = read_responses(workbook(tmp_path / "paper.xlsx", table), CANTEEN)
    assert responses.provenance.dialect == "paper"
    assert answers(responses, "diet__other__text") == ["Stone soup"]
    assert answers(responses, "drinks__milk") == [True]
    assert responses.meta["key"].tolist() == ["7"]


def test_the_map_of_the_page_on_exports(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    path = tmp_path / "map.yaml"
    path.write_text(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[0], encoding="utf-8")
    amended = read_mapping(path).applied(load_instrument("executive-survey@1.0.0"))
    assert "Young biotech company" in amended.question("firm_type").part("biotech").aliases


def test_the_page_names_every_dialect() -> None:
    text = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    assert {d.name for d in dialects.DIALECTS} == set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE))


def test_every_role_is_a_column_of_meta() -> None:
    assert {role for roles in ROLES.values() for role in roles.values()} <= {*META_HEADERS, "not_kept"}
