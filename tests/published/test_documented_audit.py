"""The page on what the numbers fix: its output is the audit's own, its table that of the code."""

import contextlib
import io
import re

from survey.published.audit import summary_lines
from survey.published.claims import KINDS
from tests.paths import ROOT

PAGE = (ROOT / "docs" / "what-the-numbers-fix.md").read_text(encoding="utf-8")


def block(language):
    return re.search(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[1]


def test_output_of_the_command_is_as_printed(audited):
    command, *printed = block("console").splitlines()
    assert command == "$ survey audit data/findings/executive-survey-2026.csv -o audit.xlsx"
    assert printed == [*summary_lines(audited), "Audit written: audit.xlsx"]


def test_bounds_run_and_are_as_printed(monkeypatch):
    monkeypatch.chdir(ROOT)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(block("python"), "what-the-numbers-fix.md", "exec"), {})
    assert said.getvalue() == block("text")


def test_table_of_rules_is_closed():
    section = PAGE.split("## Statements")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(KINDS)


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#\s]+)", PAGE):
        assert (ROOT / "docs" / target).exists(), target
