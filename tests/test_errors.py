"""The tree of errors, how problems are told, and the catalogue they are told from."""

import pickle
import re
import string
from pathlib import Path

import pytest
import yaml

from survey.errors import (
    DataError,
    FindingsError,
    InstrumentError,
    Place,
    Problem,
    SurveyError,
    UsageError,
    usage,
)
from survey.messages import PARTS, message

SOURCE = Path(__file__).parents[1] / "src" / "survey"
TEXTS = {name: (SOURCE / "messages" / f"{name}.yaml").read_text(encoding="utf-8") for name in PARTS}
CATALOGUE: dict[str, dict[str, str]] = {
    key: forms for text in TEXTS.values() for key, forms in yaml.safe_load(text).items()
}
OF_LANGUAGES = yaml.safe_load(
    (SOURCE / "messages" / "en" / "language.yaml").read_text(encoding="utf-8")
).keys()


def fields(text: str) -> set[str]:
    """The names of the {placeholders} in a message."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


# -- the catalogue ---------------------------------------------------------------------------------------


def faults_of(key: str, forms: dict[str, str]) -> list[str]:
    """What is wrong with one message."""
    rules = {
        "languages": tuple(forms) == ("en", "zh"),  # those written together; another has its folder
        "placeholders differ": len({frozenset(fields(text)) for text in forms.values()}) == 1,
        "names of placeholders": all(
            re.fullmatch(r"[a-z][a-z0-9_]*(\.(by|the|each))?", name) for name in fields(forms["en"])
        ),
        "empty": key == "finding_note_separator" or all(text.strip() for text in forms.values()),
    }
    return [f"{key}: {fault}" for fault, holds in rules.items() if not holds]


@pytest.mark.parametrize("part", PARTS)
def test_every_message_stands_in_every_language_with_the_same_placeholders(part: str) -> None:
    messages = yaml.safe_load(TEXTS[part])
    assert messages
    assert [fault for key, forms in messages.items() for fault in faults_of(key, forms)] == []


def test_a_fault_of_a_message_is_seen() -> None:
    assert faults_of("a", {"en": "{x}", "zh": "{x}"}) == []
    assert faults_of("a", {"zh": "{x}", "en": "{y} "}) == ["a: languages", "a: placeholders differ"]
    assert faults_of("a", {"en": "{X}", "zh": " "}) == [
        *("a: placeholders differ", "a: names of placeholders", "a: empty"),
    ]


def test_no_message_stands_twice() -> None:
    assert set(PARTS) == {path.stem for path in (SOURCE / "messages").glob("*.yaml")}
    text = "\n".join(TEXTS.values())
    keys = re.findall(r'^"?([a-z0-9_]+)"?:', text, re.MULTILINE)
    assert len(keys) == len(set(keys)) == len(CATALOGUE)


# Where a key stands in the source: the first argument of what tells it, named `key`, or in a fault.
USES = re.compile(
    r"""\b(?:message|usage|unfit|Problem|_bad|say|_unknown)\(\s*(?:\([^()]*\),\s*|path,\s*|where,\s*)?["']([a-z0-9_]+)["'](?=\s*[,)])"""
    r"""|\bkey\s*=\s*["']([a-z0-9_]+)["']"""
    r"""|\byield\s+.*?,\s*["']([a-z0-9_]+_[a-z0-9_]+)["'],\s*\{"""
)
SOURCES = sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=[str(path.relative_to(SOURCE)) for path in SOURCES])
def test_every_key_used_is_in_the_catalogue(path: Path) -> None:
    used = {next(filter(None, found)) for found in USES.findall(path.read_text(encoding="utf-8"))}
    assert used <= CATALOGUE.keys() | OF_LANGUAGES


def test_every_family_of_keys_has_members() -> None:
    """Where a key is put together (`f"origin_{key}"`), the catalogue has keys that begin so."""
    everything = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    families = set(re.findall(r"""\b(?:message|say|usage)\(\s*f["']([a-z0-9_]+_)\{""", everything))
    assert "origin_" in families
    for family in families:
        assert any(key.startswith(family) for key in CATALOGUE), family


def test_the_uses_are_found() -> None:
    """The pattern above is no net full of holes: it finds the keys of the rooms we know."""
    everything = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    used = {next(filter(None, found)) for found in USES.findall(everything)}
    assert {
        "file_not_found",
        "yaml_key_twice",
        "cell_not_option",
        "id_twice",
        "placed",
        "where_empty",
    } <= used
    assert len(used) > 60


def test_every_message_of_reading_is_used() -> None:
    text = "\n".join(TEXTS.values())
    everything = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    for title in ("asking for what is not there", "schema files", "reading responses"):
        section = text.split(f"# -- {title}")[1].split("\n# -- ")[0]
        for key in re.findall(r"^([a-z0-9_]+):", section, re.MULTILINE):
            assert f'"{key.removesuffix("_near")}"' in everything, key


def test_a_language_that_is_not_there_falls_back_to_english() -> None:
    assert message("and_more", "fr", count=3) == "(3 more.)"


def test_values_may_have_any_name_and_any_text() -> None:
    assert "'zh'" in Problem("wording_missing", values={"lang": "zh"}).text("en")
    assert "'id'" in Problem("yaml_key_twice", values={"key": "id"}).text("en")
    assert "{x}" in str(usage("where_unreadable", text="{x}"))
    assert "'id'" in str(usage("yaml_key_twice", key="id"))


# -- places and problems ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place(), ""),
        (Place(file="r.xlsx"), "r.xlsx"),
        (Place(file="i.yaml", line=12), "i.yaml, line 12"),
        (Place(file="r.xlsx", sheet="Data", cell="G41"), "r.xlsx, sheet 'Data', cell G41"),
        (
            Place(file="r.xlsx", sheet="Data", cell="G41", subject="challenges / Geopolitics"),
            "r.xlsx, sheet 'Data', cell G41 (challenges / Geopolitics)",
        ),
        (Place(file="r.xlsx", subject="challenges"), "r.xlsx, challenges"),
    ],
)
def test_a_place_in_words(place: Place, text: str) -> None:
    assert place.text() == text


def test_a_problem_says_place_problem_and_remedy_in_each_language() -> None:
    place = Place(file="r.xlsx", sheet="Data", cell="G41", subject="challenges / geopolitics")
    problem = Problem("cell_not_on_scale", place, {"value": "Imp", "low": 1, "high": 5})
    assert str(problem) == (
        "r.xlsx, sheet 'Data', cell G41 (challenges / geopolitics): "
        "'Imp' is not on the scale 1-5. Use a point of the scale or its label; or put it "
        "under the `aliases` of a point or into a map (--map), or under `missing` if it stands for no answer."
    )
    assert problem.text("zh").startswith("r.xlsx")
    assert "单元格 G41" in problem.text("zh")
    assert str(Problem("where_empty")).startswith("No condition was given.")


def test_several_problems_are_told_one_to_a_line_and_the_rest_counted() -> None:
    problems = [Problem("yaml_key_twice", Place(line=line), {"key": "a"}) for line in range(1, 24)]
    error = InstrumentError(*problems)
    assert error.problems == tuple(problems)
    lines = str(error).splitlines()
    assert len(lines) == 21
    assert lines[0].startswith("line 1: ")
    assert lines[-1] == "(3 more.)"
    assert len(error.text(limit=None).splitlines()) == 23
    assert error.text("zh", limit=2).splitlines()[-1] == message("and_more", "zh", count=21)
    assert str(UsageError()) == ""


@pytest.mark.parametrize(
    ("kind", "code"),
    [(SurveyError, 1), (UsageError, 2), (InstrumentError, 1), (DataError, 1), (FindingsError, 1)],
)
def test_the_tree_and_its_exit_codes(kind: type[SurveyError], code: int) -> None:
    assert issubclass(kind, SurveyError)
    assert kind.exit_code == code
    drawing = (SOURCE / "errors.py").read_text(encoding="utf-8").split('"""')[1]
    assert re.search(rf"{kind.__name__} +.*\({code}\)|exit code {code}|{kind.__name__} +carries", drawing)


def test_an_error_travels_between_processes() -> None:
    error = DataError(Problem("file_empty", Place(file="r.xlsx")))
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.problems, str(again)) == (DataError, error.problems, str(error))
