"""Maps made by hand, and the proposal that `survey match` writes."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from survey import DataError, UsageError, load_instrument, read_responses
from survey.cli import main
from survey.ingest.map_proposal import propose_map
from survey.ingest.mapping import read_mapping
from tests.helpers import accounted, answers, workbook
from tests.ingest.conftest import CANTEEN, Read

TABLE = """
| Eating           | What do you dring? | Soup quality | internal | Soup |
|------------------|--------------------|--------------|----------|------|
| No meat at all   | Tea; Cocoa         | so so        | x1       |      |
| Everything       | Milk               | Good         | x2       |      |
"""
MAP = """
columns:
  "Eating": diet
  "What do you dring?": drinks
  "soup  QUALITY": dishes__soup
  internal: null
  Soup: null
values:
  diet:
    "No meat at all": vegetarian
  drinks:
    Cocoa: juice
  dishes:
    "so so": 3
"""


@pytest.fixture
def mapped(tmp_path: Path):
    def mapped(text: str) -> Path:
        path = tmp_path / "map.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return mapped


def test_a_map_says_what_headers_and_labels_mean(read: Read, mapped) -> None:
    responses = read(TABLE, mapping=mapped(MAP))
    assert answers(responses, "diet") == ["vegetarian", "everything"]
    assert answers(responses, "drinks__juice") == [True, False]
    assert answers(responses, "dishes__soup") == [3, 4]
    assert responses.instrument == load_instrument(CANTEEN)  # the labels of the map are not its own
    assert accounted(responses)["refused not_kept"] == 4
    assert not [problem for problem in responses.problems if problem.key.startswith("column_")]


def test_a_header_that_says_otherwise_is_overridden_and_told(read: Read, mapped) -> None:
    responses = read("| diet | drinks |\n| 3 | Tea |", mapping=mapped("columns: {diet: visits}"))
    assert answers(responses, "visits") == [3.0]
    (problem,) = [problem for problem in responses.problems if problem.key == "map_overrides"]
    assert (problem.place.cell, problem.values["told"], problem.values["other"]) == ("A1", "visits", "diet")


def test_a_label_of_another_option_is_refused(read: Read, mapped) -> None:
    with pytest.raises(UsageError) as caught:
        read(TABLE, mapping=mapped("values:\n  drinks:\n    Tea: milk\n"))
    (problem,) = caught.value.problems
    assert (problem.key, problem.place.line) == ("map_against_label", 3)


def test_unknown_ids_are_told_all_at_once_with_lines(read: Read, mapped) -> None:
    text = "columns:\n  A: diett\nvalues:\n  nothing_such: {a: b}\n  diet:\n    x: vegetarien\n"
    text += "  visits:\n    few: some\n  dishes:\n    none: {missing: gone}\n"
    with pytest.raises(UsageError) as caught:
        read(TABLE, mapping=mapped(text))
    assert [(problem.key, problem.place.line) for problem in caught.value.problems] == [
        ("map_missing_form", 10)
    ]
    with pytest.raises(UsageError) as caught:
        read(TABLE, mapping=mapped(text.replace("{missing: gone}", "{missing: skipped}")))
    assert [
        (problem.key, problem.place.line, problem.values.get("near")) for problem in caught.value.problems
    ] == [
        ("map_unknown_column", 2, ["diet"]),
        ("map_unknown_question", 4, "-"),
        ("map_unknown_option", 6, ["vegetarian"]),
        ("map_no_number", 8, None),
    ]


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("- a\n", "map_form", 1),
        ("columns:\n  a: [b]\n", "map_form", 2),
        ("colums: {}\n", "schema_key_unknown", 1),
        ("columns:\n  a: diet\n  A: visits\n", "yaml_key_twice", 3),
        ("columns: {a: diet\n", "yaml_unreadable", 2),
        ("values:\n  diet: x\n", "map_form", 2),
    ],
)
def test_what_is_no_map(read: Read, mapped, text: str, key: str, line: int) -> None:
    with pytest.raises(UsageError) as caught:
        read(TABLE, mapping=mapped(text))
    assert [(problem.key, problem.place.line) for problem in caught.value.problems] == [(key, line)]


def test_a_map_that_is_not_there(read: Read, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.yaml"):
        read(TABLE, mapping=tmp_path / "none.yaml")


def test_a_header_of_the_map_that_is_not_in_the_file_is_told(read: Read, mapped) -> None:
    responses = read("| diet |\n| other |", mapping=mapped("columns:\n  gone: null\n"))
    (problem,) = [problem for problem in responses.problems if problem.key == "map_unused"]
    assert problem.place.line == 2


def test_the_proposal_can_be_read_and_fills_in_nothing_near(tmp_path: Path) -> None:
    path = workbook(tmp_path / "odd.xlsx", TABLE)
    text = propose_map(path, CANTEEN)
    said = yaml.safe_load(text)
    assert said["columns"] == {"Soup": "dishes__soup"}
    assert '# "What do you dring?": null' in text
    assert "near: drinks" in text
    # The lines that wait for a hand, uncommented and filled in, are a map.
    mended = text.replace('  # "What do you dring?": null', '  "What do you dring?": drinks')
    mended = mended.replace('  # "Eating": null', '  "Eating": diet')
    again = tmp_path / "again.yaml"
    again.write_text(mended, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_responses(path, CANTEEN, mapping=again)
    assert {problem.place.cell for problem in caught.value.problems} == {"A2", "B2"}


def test_the_proposal_lists_labels_that_are_not_understood(tmp_path: Path) -> None:
    path = workbook(tmp_path / "odd.xlsx", "| diet | drinks |\n| No meet | Tea; Cocoa |\n| Fish | Milk |")
    text = propose_map(path, CANTEEN)
    assert '# "No meet": ""  # first in A2; near: vegetarian' in text
    assert '# "Fish": ""  # first in A3; one of: everything, vegetarian, other' in text
    assert '# "cocoa": ""  # first in B2' in text


def test_the_proposal_of_an_export_that_matches_is_its_map(tmp_path: Path) -> None:
    path = workbook(tmp_path / "good.xlsx", "| id | How do you eat? | dishes__soup |\n| 1 | Other | 3 |")
    out = tmp_path / "map.yaml"
    out.write_text(propose_map(path, CANTEEN), encoding="utf-8")
    responses = read_responses(path, CANTEEN, mapping=out)
    assert answers(responses, "diet") == ["other"]
    assert responses.meta["key"].tolist() == ["1"]
    assert not [problem for problem in responses.problems if problem.key.startswith("map_")]


def test_the_command_writes_a_map_once(tmp_path: Path) -> None:
    path = workbook(tmp_path / "odd.xlsx", "| Firm | position |\n| Biotech | Director |")
    out = tmp_path / "map.yaml"
    first = CliRunner().invoke(main, ["match", str(path), "-o", str(out)])
    assert first.exit_code == 0, first.output
    assert yaml.safe_load(out.read_text("utf-8"))["columns"] == {"position": "position"}
    again = CliRunner().invoke(main, ["match", str(path), "-o", str(out)])
    assert again.exit_code == 2
    assert "edited" in again.output
    shown = CliRunner().invoke(main, ["match", str(path), "--lang", "zh"])
    assert "未匹配" in shown.output


def test_nothing_matches_and_an_instrument_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "odd.xlsx", "| Foo | Bar |\n| 1 | 2 |")
    with pytest.raises(DataError):
        propose_map(path)
    assert '# "Foo": null' in propose_map(path, CANTEEN)


def test_analyze_takes_several_files_a_dialect_and_a_map(tmp_path: Path) -> None:
    one = workbook(tmp_path / "one.xlsx", "| Firm | 您的职位是？ |\n" + "| Biotech | 总监 |\n" * 6)
    two = workbook(tmp_path / "two.xlsx", "| Firm | position |\n" + "| 大型制药企业 | director |\n" * 6)
    rules = tmp_path / "map.yaml"
    rules.write_text("columns: {Firm: firm_type}\n", encoding="utf-8")
    out = tmp_path / "report.xlsx"
    arguments = [
        str(one),
        str(two),
        "--map",
        str(rules),
        "--dialect",
        "plain",
        "-o",
        str(out),
        "--no-pictures",
    ]
    done = CliRunner().invoke(main, ["analyze", *arguments])
    assert done.exit_code == 0, done.output
    assert out.exists()
    wrong = CliRunner().invoke(main, ["analyze", str(one), "--dialect", "paper", "-o", str(out)])
    assert (wrong.exit_code, "wjx_text" in wrong.output) == (2, True)


def test_a_map_holds_also_where_the_questions_were_looked_up_before(tmp_path: Path, executive: str) -> None:
    """A copy of an instrument keeps nothing that was computed of the original."""
    instrument = load_instrument(executive)
    assert instrument.question("firm_type").part("biotech").aliases == ()
    before = instrument.content_hash
    path = tmp_path / "map.yaml"
    path.write_text("values: {firm_type: {Young biotech company: biotech}}", encoding="utf-8")
    amended = read_mapping(path).applied(instrument)
    assert amended.question("firm_type").part("biotech").aliases == ("Young biotech company",)
    assert instrument.content_hash == before != amended.content_hash
    (tmp_path / "r.csv").write_text("firm_type\nYoung biotech company\n", encoding="utf-8")
    responses = read_responses(tmp_path / "r.csv", instrument, mapping=path)
    assert answers(responses, "firm_type") == ["biotech"]
