"""The page on what the numbers fix: its output is the audit's own, its table that of the code."""

import contextlib
import io
import re
from dataclasses import replace

import pytest

from survey.messages import message
from survey.published.audit.verdicts import summary_lines
from survey.published.findings.statement_kinds import KINDS
from tests.paths import ROOT

FOLDERS = {lang: ROOT / "docs" / folder for lang, folder in {"en": "", "zh": "zh"}.items()}
PAGES = {
    lang: (folder / "what-the-numbers-fix.md").read_text(encoding="utf-8") for lang, folder in FOLDERS.items()
}


def blocks(lang, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGES[lang], re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("lang", PAGES)
def test_output_of_the_command_is_as_printed(audited, lang):
    command, *printed = blocks(lang, "console")[0].splitlines()
    wanted = "$ survey audit data/findings/executive-survey-2026.csv -o audit.xlsx"
    assert command.removesuffix(f" --lang {lang}") == wanted
    written = message("audit_written", lang, path="audit.xlsx")
    lines = summary_lines(replace(audited, lang=lang))
    if lang == "zh":  # the lists that the audit, made in English, holds
        lines = [line.replace(", ", "、") for line in lines]
    assert printed == [*lines, written]


@pytest.mark.parametrize(("lang", "number"), [("en", 0), ("en", 1), ("zh", 1)])
def test_examples_run_and_are_as_printed(monkeypatch, lang, number):
    """Bounds and marks; the first block and its output are the same on both pages."""
    monkeypatch.chdir(ROOT)
    code, printed = (blocks(lang, language)[number] for language in ("python", "text"))
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(code, "what-the-numbers-fix.md", "exec"), {})
    assert said.getvalue() == printed


def test_the_bounds_are_the_same_in_both_languages():
    assert blocks("en", "text")[0] == blocks("zh", "text")[0]


@pytest.mark.parametrize(
    ("lang", "heading", "end"), [("en", "Statements", "| choice |"), ("zh", "表述", "| 选项 |")]
)
def test_table_of_rules_is_closed(lang, heading, end):
    section = PAGES[lang].split(f"## {heading}\n")[1].split("\n## ")[0].split(end)[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(KINDS)


@pytest.mark.parametrize("lang", PAGES)
def test_links_lead_somewhere(lang):
    for target in re.findall(r"\]\(([^)#\s]+)", PAGES[lang]):
        assert (FOLDERS[lang] / target).exists(), target
