"""What stands in examples/ runs: scripts as a reader starts them, notebooks cell by cell."""

import json
import subprocess
import sys

import pytest

from tests.paths import ROOT

SCRIPTS = sorted((ROOT / "examples").glob("*.py"))
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))
# What a script writes, and words that it must print.
WRITTEN = {"report": {"report.xlsx", "report.html", "report.pptx"}, "own_survey": {"canteen-report.xlsx"}}
PRINTED = {
    "report": "report.pptx",
    "shares_and_tests": "small_base untested",
    "own_survey": "Visits a month",
    "published_claims": "contradicted",
    "interviews": "people_base",
}


def test_there_are_examples():
    assert {script.stem for script in SCRIPTS} == set(PRINTED)
    assert len(NOTEBOOKS) == 2


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_script_runs(script, tmp_path):
    ran = subprocess.run(
        [sys.executable, script, tmp_path], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert ran.returncode == 0, ran.stderr
    assert PRINTED[script.stem] in ran.stdout
    assert WRITTEN.get(script.stem, set()) <= {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_a_notebook_runs(notebook, monkeypatch):
    """Its cells of code in order, in one namespace; it is kept without outputs, which would grow old."""
    monkeypatch.chdir(notebook.parent)
    names = {}
    cells = [
        cell
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    assert len(cells) >= 4
    for cell in cells:
        assert not cell["outputs"]
        exec(compile("".join(cell["source"]), notebook.name, "exec"), names)
    assert len(names["responses"]) == 137
