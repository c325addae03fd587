"""The dialect that CONTRIBUTING shows works as printed, and so does the map of the page on exports."""

import ast
import importlib
import re
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from survey import load_instrument, read_responses
from survey.files.grid import Grid
from survey.ingest import dialects
from survey.ingest.column_targets import META_HEADERS
from survey.ingest.dialects.roles import EVENT, NOT_KEPT, REPEAT, by_header
from survey.ingest.dialects.table import evidence, headers_of, table_of
from survey.ingest.layout import Habits
from survey.ingest.mapping import read_mapping
from survey.ingest.raw_table import RawTable
from tests.helpers import answers, workbook
from tests.ingest.conftest import CANTEEN
from tests.paths import ROOT
from tests.test_architecture import SOURCE

IMPORTS = """
from survey.files.grid import Grid
from survey.ingest.dialects.roles import NOT_KEPT, by_header
from survey.ingest.dialects.table import evidence, headers_of, table_of
from survey.ingest.layout import Habits
from survey.ingest.raw_table import RawTable
"""


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dialect of CONTRIBUTING as what it says it is: one new file, and one line in the table."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.split("## A dialect")[1].split("## ")[0]
    code = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    assert code
    folder = tmp_path / "dialects"
    folder.mkdir()
    (folder / "paper.py").write_text(IMPORTS + code[1], encoding="utf-8")
    monkeypatch.setattr(dialects, "__path__", [*dialects.__path__, str(folder)])
    module = importlib.import_module("survey.ingest.dialects.paper")
    line = dialects.Dialect("paper", module.detect, module.read)
    monkeypatch.setattr(dialects, "DIALECTS", (line, *dialects.DIALECTS))
    yield
    del sys.modules["survey.ingest.dialects.paper"], dialects.paper


@pytest.mark.usefixtures("paper")
def test_the_example_of_a_dialect(tmp_path: Path) -> None:
    table = """
    | Response number | Date taken | Pen  | diet       | drinks     |
    | 7               | 2026-04-03 | blue | Stone soup | Tea + Milk |
    """
    responses = read_responses(workbook(tmp_path / "paper.xlsx", table), CANTEEN)
    assert responses.provenance.dialect == "paper"
    assert answers(responses, "diet__other__text") == ["Stone soup"]
    assert answers(responses, "drinks__milk") == [True]
    assert responses.meta["key"].tolist() == ["7"]
    assert responses.meta["submitted"].tolist() == [datetime(2026, 4, 3)]
    assert "Pen" not in responses.meta


def test_what_others_know_of_respondents_a_new_dialect_says_by_its_habits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Previews, dates that stand for none, who finished, the same answers in words."""

    def table(habits: Habits) -> Callable[[Grid], RawTable]:
        roles = by_header({"No": "key", "When": "submitted", "Way": "channel", "State": "status"})
        return lambda grid: table_of(grid, roles=roles, habits=habits)

    def by(header: str) -> Callable[[Grid], str | None]:
        return lambda grid: evidence(headers_of(grid), (header,))

    habits = Habits(
        no_date=date(1999, 9, 9),
        statuses={"x": "test"},
        preview_channels=frozenset({"draft"}),
        dated_if_finished=True,
    )
    coded = Habits(positions=True, worded_as="words")
    new = (
        dialects.Dialect("rows", by("State"), table(habits)),
        dialects.Dialect("words", by("In words"), table(Habits())),
        dialects.Dialect("numbers", by("In numbers"), table(coded)),
    )
    monkeypatch.setattr(dialects, "DIALECTS", (*new, *dialects.DIALECTS))
    rows = """
    | No | When       | Way   | State | diet       |
    | a  | 2026-04-03 | web   | x     | Vegetarian |
    | b  | 1999-09-09 | draft |       | Vegetarian |
    | c  | 1999-09-09 | web   |       | Vegetarian |
    | d  | 2026-04-03 | web   |       | Vegetarian |
    """
    responses = read_responses(workbook(tmp_path / "rows.xlsx", rows), CANTEEN)
    assert dict(responses.provenance.screening.counts) == {"preview": 1, "test": 1}
    assert responses.meta["finished"].tolist() == [False, True]
    assert responses.meta["submitted"].isna().tolist() == [True, False]
    files = [
        workbook(tmp_path / "words.xlsx", "| No | In words | diet |\n| 1 | - | Vegetarian |"),
        workbook(tmp_path / "numbers.xlsx", "| No | In numbers | diet |\n| 1 | - | 2 |"),
    ]
    assert len(read_responses(files, CANTEEN)) == 1


def test_no_other_module_names_a_dialect() -> None:
    """Their names stand beside the dialects alone; "plain" is a word as well."""
    names = {dialect.name for dialect in dialects.DIALECTS} - {"plain"}
    names |= {dialect.read.__module__.rpartition(".")[2] for dialect in dialects.DIALECTS} - {"plain"}
    for path in SOURCE.rglob("*.py"):
        if path.parent != SOURCE / "ingest" / "dialects":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
            assert not names & texts, path


@pytest.mark.parametrize(
    ("page", "wording"), [("exports.md", "Young biotech company"), ("zh/exports.md", "初创生物科技公司")]
)
def test_the_map_of_the_page_on_exports(page: str, wording: str, tmp_path: Path) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    path = tmp_path / "map.yaml"
    path.write_text(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[-1], encoding="utf-8")
    amended = read_mapping(path).applied(load_instrument("executive-survey@1.0.0"))
    assert wording in amended.question("firm_type").part("biotech").aliases


@pytest.mark.parametrize("page", ["exports.md", "zh/exports.md"])
def test_the_page_names_every_dialect(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    table = text.split("\n## ")[0]
    assert {d.name for d in dialects.DIALECTS} == set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE))


def test_every_role_is_a_column_of_meta() -> None:
    modules = [sys.modules[dialect.read.__module__] for dialect in dialects.DIALECTS]
    roles = {role for module in modules for role in getattr(module, "ROLES", {}).values()}
    assert {"key", "submitted", NOT_KEPT} < roles <= {*META_HEADERS, NOT_KEPT, EVENT, REPEAT}
