"""The page on what the numbers fix: its output is the audit's own, its table that of the code."""

import contextlib
import io
import re

import pytest

from survey.published.audit.verdicts import summary_lines
from survey.published.findings.statement_kinds import KINDS
from tests.paths import ROOT

PAGE = (ROOT / "docs" / "what-the-numbers-fix.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_output_of_the_command_is_as_printed(audited):
    command, *printed = blocks("console")[0].splitlines()
    assert command == "$ survey audit data/findings/executive-survey-2026.csv -o audit.xlsx"
    assert printed == [*summary_lines(audited), "Audit written: audit.xlsx"]


@pytest.mark.parametrize("number", [0, 1], ids=["bounds", "marks"])
def test_examples_run_and_are_as_printed(monkeypatch, number):
    monkeypatch.chdir(ROOT)
    code, printed = (blocks(language)[number] for language in ("python", "text"))
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(code, "what-the-numbers-fix.md", "exec"), {})
    assert said.getvalue() == printed


def test_table_of_rules_is_closed():
    section = PAGE.split("## Statements")[1].split("\n## ")[0].split("| choice |")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(KINDS)


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#\s]+)", PAGE):
        assert (ROOT / "docs" / target).exists(), target
