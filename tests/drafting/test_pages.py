"""The two stopwatches: the commands of the pages run on the files the pages make, in their order."""

import re
import shlex

import pytest
from click.testing import CliRunner

from survey.cli import main
from tests.paths import ROOT


@pytest.mark.parametrize(
    ("page", "report"),
    [
        ("own-survey", "canteen-report"),
        ("zh/own-survey", "食堂报告"),
        ("qualtrics-to-report", "office-report"),
    ],
)
def test_from_file_to_report_in_two_commands(page, report, tmp_path, monkeypatch):
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for block in re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        exec(compile(block, page, "exec"), {})
    commands = re.search(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[1].splitlines()
    assert len(commands) == 2
    for line in commands:
        words = shlex.split(line.removeprefix("$ survey "))
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, done.output
    assert (tmp_path / f"{report}.xlsx").is_file()


@pytest.mark.parametrize(("page", "lang"), [("own-survey", "en"), ("zh/own-survey", "zh")])
def test_the_schema_on_the_page_is_valid(page, lang):
    import yaml

    from survey.instrument import Instrument

    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    block = re.search(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[1]
    head = {"kind": "survey", "id": "x", "version": "1.0.0", "languages": [lang], "title": {lang: "X"}}
    schema = Instrument.model_validate(yaml.safe_load(block) | head, strict=False)
    assert list(schema.faults()) == []


def test_the_page_shows_what_the_reference_says():
    """The table of the eight sets is the output of tests/reference/drafting.py."""
    table = (ROOT / "tests" / "reference" / "drafting.md").read_text(encoding="utf-8")
    rows = [line for line in table.splitlines() if line.startswith("|")]
    page = (ROOT / "docs" / "own-survey.md").read_text(encoding="utf-8")
    assert len(rows) == 11
    assert "\n".join(rows) in page
    right, columns = (int(re.findall(r"\d+", rows[-1])[place]) for place in (1, 0))
    assert right >= 0.9 * columns
    assert rows[-1].endswith("| 0 |")
