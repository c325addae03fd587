"""The wheel alone: built, installed in a fresh environment, away from the checkout, and used."""

import os
import subprocess
import sys
import venv
import zipfile

import pytest

from tests.paths import ROOT, SAMPLE

USE = """
import survey
from survey.instrument import list_instruments, load_schema
kinds = {load_schema(known.path).kind for known in list_instruments()}
ours = {"survey", "survey-module", "interview-guide", "interview-codebook", "joint-display", "case-facts"}
ours |= {"propositions"}
assert kinds == ours, kinds
assert "site-packages" in survey.__file__, survey.__file__
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_instruments_and_findings_travel_inside(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    folders = (ROOT / "data" / name for name in ("findings", "interviews"))
    data = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    for path in [*ROOT.glob("instruments/**/*.yaml"), *data]:
        inside = path.relative_to(ROOT).as_posix().removeprefix("data/")
        assert f"survey/_resources/{inside}" in names
    assert "survey/messages/ground.yaml" in names
    assert "survey/py.typed" in names


def test_the_wheel_installed_alone_analyses_a_workbook(wheel, tmp_path):
    environment = tmp_path / "venv"
    venv.create(environment)  # pip from outside, and nothing compiled that is never imported: half the time
    folder = environment / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", folder / "python"]
    subprocess.run([*pip, "install", "-q", "--no-compile", wheel], check=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run([folder / "python", "-c", USE], cwd=elsewhere, env=clean, check=True)
    done = subprocess.run(
        [folder / "survey", "analyze", SAMPLE],
        cwd=elsewhere,
        env=clean,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "executive-survey-2026-reconstructed-report.xlsx" in done.stdout
    report = elsewhere / "reports" / "executive-survey-2026-reconstructed-report.xlsx"
    with zipfile.ZipFile(report) as archive:
        assert any(name.startswith("xl/media/") for name in archive.namelist())
        assert b"Published" in archive.read("xl/workbook.xml")  # the packaged findings were found
