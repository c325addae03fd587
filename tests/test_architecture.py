"""The house: which way imports go, what is public, and what start-up costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import survey

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "survey"

# Each room and the rooms it may import; its own is always allowed.
GROUND = {"errors", "messages", "rounding", "tables", "wording", "resources", "saving"}
ALLOWED = {
    **dict.fromkeys(GROUND, GROUND),
    "instrument": GROUND,
    "ingest": GROUND | {"instrument"},
    "fielding": GROUND | {"instrument", "ingest"},
    "statistics": (GROUND | {"instrument", "ingest"}) - {"saving", "resources"},
    "interviews": GROUND | {"instrument", "ingest", "statistics"},
    "report": GROUND,
    "published": GROUND | {"instrument", "ingest", "statistics"},
    "sheets": GROUND | {"instrument", "ingest", "statistics", "interviews", "published", "report"},
    "analysis": GROUND
    | {"instrument", "ingest", "statistics", "interviews", "published", "report", "sheets"},
    "cli": GROUND
    | {"instrument", "ingest", "fielding", "statistics", "interviews", "published", "report", "analysis"},
    "__main__": {"cli"},
}


def imports_of(path: Path) -> set[str]:
    """The modules a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_go_one_way(path):
    relative = path.relative_to(SOURCE)
    room = relative.parts[0].removesuffix(".py")
    if room == "__init__":
        return
    used = {name.split(".")[1] for name in imports_of(path) if name.startswith("survey.")}
    assert used <= ALLOWED[room] | {room}


def test_statistics_know_neither_files_nor_commands():
    for path in (SOURCE / "statistics").glob("*.py"):
        assert not {"openpyxl", "click", "pathlib", "io", "os"} & {
            name.split(".")[0] for name in imports_of(path)
        }


def test_every_public_name_loads_and_is_documented():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in survey.__all__:
        value = getattr(survey, name)
        if callable(value) and not isinstance(value, type):
            assert f"`{name}`" in readme, f"{name} is not in the table of the README"
            assert value.__doc__, name


def test_no_public_name_is_also_a_submodule():
    modules = {path.stem for path in SOURCE.iterdir()}
    assert not modules & set(survey.__all__)


def test_unknown_names_are_attribute_errors():
    with pytest.raises(AttributeError, match="nonsense"):
        survey.nonsense  # noqa: B018
    assert "analyze" in dir(survey)


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import survey", {"pandas", "numpy", "yaml", "click", "pydantic", "openpyxl"}),
        ("import survey.cli", {"pandas", "numpy", "yaml", "pydantic", "openpyxl"}),
        (
            "import survey; survey.read_responses",
            {"scipy", "statsmodels", "seaborn", "matplotlib", "pingouin"},
        ),
        ("import survey; survey.analyze; survey.write_report", {"seaborn", "matplotlib", "pingouin"}),
    ],
)
def test_heavy_libraries_wait_until_they_are_used(statement, unwanted):
    code = f"{statement}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not unwanted & set(done.stdout.split())


def test_analysis_does_not_load_pingouin():
    code = (
        "import survey, sys\n"
        "survey.analyze(survey.read_responses(sys.argv[1]))\n"
        "assert 'pingouin' not in sys.modules and 'seaborn' not in sys.modules"
    )
    workbook = ROOT / "data" / "responses" / "executive-survey-2026-reconstructed.xlsx"
    subprocess.run([sys.executable, "-c", code, str(workbook)], check=True)
