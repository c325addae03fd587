"""Documentation runs: README blocks, docstring examples, commands as printed."""

import doctest
import importlib
import pkgutil
import re
import shlex

import click
import pytest
import yaml
from openpyxl import load_workbook

import survey
from survey.cli import main
from survey.messages import message
from tests.cli.helpers import run
from tests.paths import ROOT, SAMPLE

README = (ROOT / "README.md").read_text(encoding="utf-8")
README_ZH = (ROOT / "README.zh.md").read_text(encoding="utf-8")
MODULES = [name for _, name, _ in pkgutil.walk_packages(survey.__path__, "survey.") if "__main__" not in name]


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", [README, README_ZH], ids=["en", "zh"])
def test_the_two_commands_stand_alone_and_in_order(text):
    assert [block.strip() for block in blocks(text, "sh")] == [
        "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/survey analyze "
        + SAMPLE.relative_to(ROOT).as_posix(),
        ".venv/bin/pip install -e '.[dev]' && .venv/bin/pytest -n 2",
    ]


@pytest.mark.parametrize("text", [README, README_ZH], ids=["en", "zh"])
def test_python_blocks_run(text, tmp_path, monkeypatch):
    found = blocks(text, "python")
    assert found
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    for block in found:
        exec(compile(block, "README.md", "exec"), {})
    assert (tmp_path / "reports" / "by-script.xlsx").is_file()


@pytest.mark.parametrize("text", [README, README_ZH], ids=["en", "zh"])
def test_commands_in_console_blocks_exist(text):
    assert check_commands(text)


def check_commands(text):
    """Check that the commands of console blocks exist, with their options; give the lines."""
    lines = [
        line for block in blocks(text, "console") for line in block.splitlines() if line.startswith("$ ")
    ]
    for line in lines:
        words = shlex.split(line.removeprefix("$ "), comments=True)
        command: click.Command = main
        assert words.pop(0) == "survey"
        while isinstance(command, click.Group):
            found = command.get_command(click.Context(command), words.pop(0))
            assert found, line
            command = found
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("-")} <= known, line
    return lines


PAGES = [*sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "zh").glob("*.md"))]
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
# Pages that are walks: each block needs what the blocks above it made, commands among them.
WALKS = [page for page in PAGES if page.name == "next-year.md"]


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page not in WALKS], ids=lambda page: page.relative_to(ROOT).as_posix()
)
def test_pages_run_and_name_commands_that_exist(page, tmp_path, monkeypatch):
    text = page.read_text(encoding="utf-8")
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    for block in blocks(text, "python"):
        exec(compile(block, page.name, "exec"), {})
    check_commands(text)


@pytest.mark.parametrize("page", WALKS, ids=lambda page: page.parent.name)
def test_a_walk_can_be_followed_block_by_block(page, tmp_path, monkeypatch):
    """Code runs, files stand under their names, commands say what is printed below them."""
    text = page.read_text(encoding="utf-8")
    (tmp_path / "data").symlink_to(ROOT / "data")
    (tmp_path / "instruments").symlink_to(ROOT / "instruments")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    commands = 0
    for language, block in re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if language == "python":
            exec(compile(block, page.name, "exec"), names)
        elif language == "console":
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                line, *printed = part.splitlines()
                words = shlex.split(line, comments=True)
                code, out, err = run(*words[1:])
                assert code == ("leaves with 1" in line), err
                assert set(printed) <= {*out.splitlines(), *err.splitlines()}, out
                commands += 1
        else:
            head, _, content = block.partition("\n")
            (tmp_path / head.removeprefix("# ")).write_text(content, encoding="utf-8")
    assert commands == len(check_commands(text)) > 5
    assert {path.suffix for path in tmp_path.glob("*trend.*")} == {".xlsx", ".html", ".pptx"}
    lang = "zh" if page.parent.name == "zh" else "en"
    assert message("waves_reconstructed", lang) in (tmp_path / "trend.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", "CONTRIBUTING.md", *NAMES])
def test_links_and_pictures_lead_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target:
            assert (ROOT / name).parent.joinpath(target).exists(), target


@pytest.mark.parametrize(("text", "lang"), [(README, "en"), (README_ZH, "zh")], ids=["en", "zh"])
def test_the_readme_shows_the_first_lines_of_the_summary(text, lang):
    report = survey.analyze(survey.read_responses(SAMPLE), lang=lang)
    shown = re.search(r"<!-- summary:.*?-->\n(.*?)<!-- /summary -->", text, re.DOTALL)
    assert shown
    lines = [
        line.removeprefix("> ").strip()
        for line in shown[1].splitlines()
        if line.startswith("> ") and line[2:]
    ]
    summary = (report.sheets[0].title, *report.sheets[0].findings)
    assert len(lines) >= 4
    assert tuple(lines) == summary[: len(lines)]


def test_the_readmes_show_three_pictures():
    """What LibreOffice and Chromium make of them differs with their versions: held is that they are there."""
    for text in (README, README_ZH):
        shown = set(re.findall(r"\((reports/pictures/[^)]+)\)", text))
        assert shown == {f"reports/pictures/{name}.png" for name in ("summary", "tables", "page")}
        assert all((ROOT / name).read_bytes().startswith(b"\x89PNG") for name in shown)


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name, tmp_path, monkeypatch):
    module = importlib.import_module(name)
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)  # what an example writes is not left in the checkout
    failed, _ = doctest.testmod(module)
    assert not failed


def test_the_example_question_of_contributing_is_valid():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    from survey.instrument import Question

    question = yaml.safe_load(blocks(text, "yaml")[0])[0]
    assert Question.model_validate(question, strict=False).kind == "single"


def test_the_example_sheet_of_contributing_works(monkeypatch):
    from survey.document import Sheet
    from survey.report import survey as composition
    from survey.report.survey.context import SurveyContext

    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    source = next(block for block in blocks(text, "python") if "def positions" in block)
    space = {"SurveyContext": SurveyContext, "Sheet": Sheet}
    exec(compile(source, "CONTRIBUTING.md", "exec"), space)
    monkeypatch.setattr(composition, "SHEETS", (*composition.SHEETS, space["positions"]))
    report = survey.analyze(survey.read_responses(SAMPLE))
    assert report.sheets[-1].tables[0].data["n"].sum() == 137


def test_citation_names_both_source_works():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["version"] == survey.__version__
    assert {reference["year"] for reference in cited["references"]} == {2025, 2026}


def test_the_sample_says_it_is_a_reconstruction():
    book = load_workbook(SAMPLE)
    words = " ".join(str(row[0]) for row in book.worksheets[0].iter_rows(values_only=True))
    assert "reconstructed" in words.lower()
    assert "licence" in words.lower()
    assert "reconstructed" in (book.properties.description or "").lower()
    assert "reconstructed" in SAMPLE.name
    hidden = book["_survey"]
    assert hidden.sheet_state == "hidden"
    said = {row[0]: row[1] for row in hidden.iter_rows(values_only=True)}
    assert said["reconstructed"] == "yes"
    assert said["licence"]
