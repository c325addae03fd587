"""The house: which way imports go, what is public, and what start-up costs."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import survey

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "survey"

# What every room may know.
GROUND = {
    *("errors", "messages", "arguments", "rounding", "tables", "reasons", "result_ids"),
    *("wording", "resources", "document", "quiet", "progress", "settings"),
}
READ = GROUND | {"instrument", "files", "ingest"}
COUNTED = READ | {"weights", "counts", "statistics"}

# Each room and the rooms it may import; its own is always allowed.
ALLOWED = {
    **dict.fromkeys(GROUND, GROUND),
    "files": GROUND,
    "instrument": GROUND | {"files"},
    "ingest": GROUND | {"instrument", "files"},
    "export": READ,
    "drafting": READ,
    "weights": READ - {"resources", "files"},
    "counts": (READ | {"weights"}) - {"resources"},
    "statistics": (READ | {"weights", "counts"}) - {"files", "resources"},
    "models": COUNTED - {"files", "resources"},
    "disclosure": COUNTED - {"files", "resources"},
    "published": COUNTED,
    "interviews": COUNTED,
    "render": {"document", "messages", "rounding", "errors", "arguments", "files", "progress"},
    "report": COUNTED | {"models", "disclosure", "published", "interviews", "render"},
    "cli": COUNTED
    | {"models", "disclosure", "published", "interviews", "render", "report", "export", "drafting"},
    "__main__": {"cli"},
}

# Names of modules that may stand more than once; so may the sheets of a report, commands and pictures.
MANY = {"__main__", "__init__", "model", "reading", "context"}
FREE = ("report/", "cli/", "render/pictures/")
PAIRS = {"page"}  # a writer of questionnaires and one of reports


def module_name(path: Path) -> str:
    """The dotted name of a file of the package."""
    parts = ("survey", *path.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in SOURCE.rglob("*.py")}


def imports_of(path: Path, *, tables: bool = True) -> set[str]:
    """The modules a file imports: in every form, also inside functions, for types only; `tables`: by name."""
    name = module_name(path)
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                full = f"{base}.{alias.name}"
                found.add(full if full in MODULES else base)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif tables and isinstance(node, ast.Constant) and isinstance(node.value, str):
            named = node.value.partition(":")[0]  # tables of what loads when it is first used
            if named in MODULES and named != "survey":
                found.add(named)
    return found - {name}


def in_package(names: set[str]) -> set[str]:
    """Those of some imports that are modules of the package."""
    return {name for name in names if name.startswith("survey.")}


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_go_one_way(path):
    room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    if room == "__init__":
        return
    used = {name.split(".")[1] for name in in_package(imports_of(path))}
    assert used <= ALLOWED[room] | {room}


def test_every_form_of_import_is_seen(tmp_path, monkeypatch):
    module = SOURCE / "ingest" / "seen.py"
    code = (
        "import survey.cli\nfrom survey import report\nfrom ..export import page\nfrom . import reading\n"
        "def late():\n    from survey.render.excel import cells\n    return import_module('survey.wording')\n"
        "TABLE = {'a': 'survey.published.audit:audit'}\n"
    )
    monkeypatch.setattr(Path, "read_text", lambda self, **_: code)
    assert imports_of(module) == {
        *("survey.cli", "survey.report", "survey.export.page", "survey.ingest.reading"),
        *("survey.render.excel.cells", "survey.wording", "survey.published.audit"),
    }


def test_nothing_imports_in_a_circle():
    """Not inside a room either; a table of names that load later is no import."""
    graph = {
        name: in_package(imports_of(path, tables=False)) & set(MODULES)
        for name, path in MODULES.items()
        if name != "survey"
    }
    TopologicalSorter(graph).prepare()  # names the modules of a circle


def test_a_module_name_stands_once():
    names: dict[str, list[str]] = {}
    for path in SOURCE.rglob("*.py"):
        where = path.relative_to(SOURCE).as_posix()
        if path.stem not in MANY | PAIRS and not where.startswith(FREE):
            names.setdefault(path.stem, []).append(where)
    assert not {name: places for name, places in names.items() if len(places) > 1}


def test_statistics_know_neither_files_nor_commands_nor_drawing():
    for path in (SOURCE / "statistics").glob("*.py"):
        assert not {"openpyxl", "click", "pathlib", "io", "os", "matplotlib", "seaborn"} & {
            name.split(".")[0] for name in imports_of(path)
        }


@pytest.mark.parametrize("page", ["docs/functions.md", "docs/zh/functions.md"])
def test_every_public_name_loads_and_is_documented(page):
    table = [
        line for line in (ROOT / page).read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    ]
    for name in survey.__all__:
        if name != "__version__":
            assert any(f"`{name}`" in line for line in table), f"{name} is not in the table of {page}"
            assert getattr(survey, name).__doc__, name


def test_no_public_name_is_also_a_submodule():
    for name in MODULES:
        import_module(name)
    modules = {path.stem for path in SOURCE.iterdir()}
    assert not modules & set(survey.__all__)
    assert all(not isinstance(getattr(survey, name), ModuleType) for name in survey.__all__)


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


def test_analysis_does_not_load_what_takes_longest_to_load():
    code = (
        "import survey, sys\n"
        "survey.analyze(survey.read_responses(sys.argv[1]))\n"
        "print({'pingouin', 'seaborn', 'statsmodels', 'scipy.stats'} & set(sys.modules) or 'none')"
    )
    workbook = ROOT / "data" / "responses" / "executive-survey-2026-reconstructed.xlsx"
    loaded = subprocess.run(
        [sys.executable, "-c", code, str(workbook)], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "none"
