"""Whatever YAML a user hands over is bounded alike: depth, parts, digits; with the line, and in few words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from survey.errors import SurveyError
from survey.ingest.mapping import read_mapping
from survey.instrument import load_instrument, read_schema
from survey.instrument.report_plans import load_plan
from survey.instrument.yaml_values import MOST_DIGITS, MOST_NODES, parse_values
from survey.published.findings.assumptions import read_sidecar
from survey.weights.target_shares import target_problems


def read_targets(path: Path) -> None:
    problems = target_problems(path, load_instrument("executive-survey"))
    if problems:
        raise SurveyError(*problems)


READERS: dict[str, Callable[[Path], Any]] = {
    "a map": read_mapping,
    "a plan": load_plan,
    "a schema": read_schema,
    "targets": read_targets,
    "a sidecar": read_sidecar,
}
LONG = "1" + "0" * 5000

HURTFUL = {
    "lists in lists": (f"x: {'[' * 3000}{']' * 3000}\n", "yaml_deep"),
    "lists over many lines": ("[\n" * 3000, "yaml_deep"),
    "mappings in mappings": ("columns: " + "{a: " * 3000 + "1" + "}" * 3000 + "\n", "yaml_deep"),
    "a mapping that holds itself": ("columns: &b\n  x: *b\n", "yaml_deep"),
    "a billion laughs": (
        "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)),
        "yaml_large",
    ),
    "a list as a key": ("? [a, b]\n: 1\n", "yaml_key"),
    "no YAML": ("columns: [\n", "yaml_unreadable"),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", HURTFUL)
def test_every_reader_refuses_it_alike(tmp_path: Path, reader: str, name: str) -> None:
    text, key = HURTFUL[name]
    path = tmp_path / "hurtful.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SurveyError) as caught:
        READERS[reader](path)
    problem = next(problem for problem in caught.value.problems if problem.key == key)
    assert problem.place.file == str(path)
    assert problem.place.line is not None
    assert len(str(problem)) < 400 + len(str(path))


@pytest.mark.parametrize("reader", ["a plan", "a schema", "targets"])
@pytest.mark.parametrize(
    "number",
    [LONG, f"-{LONG}", "0x" + "f" * 5000, ":".join(["59"] * 2000), f"{LONG}.0", "1.0e+400", "1" + "0" * 15],
)
def test_numbers_of_too_many_digits(tmp_path: Path, reader: str, number: str) -> None:
    path = tmp_path / "long.yaml"
    path.write_text(f"kind: report-plan\nx: {number}\n", encoding="utf-8")
    with pytest.raises(SurveyError) as caught:
        READERS[reader](path)
    (problem,) = caught.value.problems
    assert (problem.key, problem.place.line) == ("yaml_number", 2)
    for lang in ("en", "zh"):
        assert len(problem.text(lang)) < 300 + len(str(path))


def test_what_people_write_is_read() -> None:
    largest = "9" * MOST_DIGITS
    text = f"a: [{largest}, -{largest}, 0.1234567890123456789, .inf, '{LONG}', null, on, 2026-01-01]\n"
    data, located = parse_values(text, "good.yaml")
    assert data == {
        "a": (
            int(largest),
            -int(largest),
            0.1234567890123456789,
            float("inf"),
            LONG,
            None,
            "on",
            "2026-01-01",
        )
    }
    assert located(("a", 3)).line == 1


def test_texts_stay_as_they_are_written() -> None:
    text = f"a: [007, 1e400, .nan, {LONG}, ~, '~', '']\n"
    assert parse_values(text, "good.yaml", as_texts=True)[0] == {
        "a": ("007", "1e400", ".nan", LONG, None, "~", "")
    }


def test_as_many_parts_as_are_allowed() -> None:
    rows = MOST_NODES // 2 - 1
    data, _ = parse_values("x:\n" + "- [a]\n" * rows, "large.yaml")
    assert len(data["x"]) == rows
    with pytest.raises(SurveyError, match="more than 200,000 parts"):
        parse_values("x:\n" + "- [a]\n" * (rows + 1), "large.yaml")


def test_a_file_without_end_is_refused_before_it_is_built() -> None:
    with pytest.raises(SurveyError, match="more than 200,000 parts"):
        parse_values("- \n" * (3 * MOST_NODES), "large.yaml")


def test_a_sidecar_may_leave_a_line_empty_and_tells_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("source:\nlicence: CC BY 4.0\nwave: 2026\n", encoding="utf-8")
    assert (read_sidecar(path).source, read_sidecar(path).wave) == ("", "2026")
    path.write_text("source: us\naudit:\n  level: 7\n", encoding="utf-8")
    with pytest.raises(SurveyError) as caught:
        read_sidecar(path)
    assert [problem.place.line for problem in caught.value.problems] == [3]


def test_null_in_a_map_is_no_word(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text("columns: \n  a: null\n  b: ~\n  c: 'null'\n  d:\nvalues:\n", encoding="utf-8")
    assert read_mapping(path).columns == {"a": None, "b": None, "c": "null", "d": None}
