"""From a file to a schema: references, versions, and files that are no YAML, no text, or no schema at all."""

import os
import random
from pathlib import Path

import pytest

from survey.errors import InstrumentError, SurveyError, UsageError
from survey.instrument import Instrument, list_instruments, load_instrument, load_schema, read_schema
from survey.instrument.loading import parse_schema
from tests.helpers import told
from tests.paths import EXECUTIVE

GOOD = (Path(__file__).parents[1] / "ingest" / "canteen.yaml").read_text(encoding="utf-8")
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

GARBAGE: dict[str, bytes] = {
    "nothing": b"",
    "white space": b"\n \n",
    "a comment": b"# nothing here\n",
    "a word": b"survey",
    "a number": b"12",
    "a list": b"- kind: survey\n- id: x\n",
    "null": b"~",
    "two documents": b"kind: survey\n---\nkind: survey\n",
    "tabs": b"kind: survey\n\tid: x\n",
    "a zero byte": b"kind: sur\x00vey\n",
    "a control character": b"kind: \x07\n",
    "an unclosed quote": b'kind: "survey\n',
    "an unclosed bracket": b"kind: [survey\n",
    "an unknown tag": b"kind: !strange survey\n",
    "a python tag": b"!!python/object/apply:os.system ['true']\n",
    "a broken number": b"kind: survey\nid: !!int x\n",
    "an empty number": b"kind: survey\nid: !!int ''\n",
    "a broken truth value": b"kind: survey\nid: !!bool maybe\n",
    "a broken date": b"kind: survey\nid: !!timestamp soon\n",
    "broken binary": b"kind: survey\nid: !!binary '%'\n",
    "a number too long": b"kind: survey\nid: " + b"9" * 5000 + b"\n",
    "a merge key": b"base: &b {kind: survey}\n<<: *b\n",
    "an anchor within itself": b"kind: survey\nid: &a [*a]\n",
    "a mapping within itself": b"&a\nkind: survey\nid: *a\n",
    "anchors without end": LAUGHS.encode(),
    "anchors without end in a survey": f"kind: survey\n{LAUGHS}".encode(),
    "numbers as keys": b"1: a\n2.5: b\ntrue: c\n~: d\nkind: survey\n",
    "a list as key": b"? [a, b]\n: c\nkind: survey\n",
    "a mapping as key": b"? {a: b}\n: c\nkind: survey\n",
    "a kind that is a list": b"kind: [survey]\n",
    "a kind that is a mapping": b"kind: {survey: yes}\n",
    "questions that are a word": b"kind: survey\nquestions: many\n",
    "questions that are numbers": b"kind: survey\nquestions: [1, 2]\n",
    "questions that are null": b"kind: survey\nquestions: [~, {}]\n",
    "brackets": b"kind: survey\nid: " + b"[" * 99 + b"]" * 99,
    "more brackets": b"[" * 100_000,
    "closed brackets": b"[" * 100_000 + b"]" * 100_000,
    "braces": b"{a: " * 50_000 + b"1" + b"}" * 50_000,
    "dashes": b"- " * 100_000 + b"x",
    "random bytes": random.Random(1).randbytes(3000),
    "Latin-1": "kind: survey\ntitle: caf\xe9\n".encode("latin-1"),
    "UTF-16": "kind: survey\n".encode("utf-16"),
    "GBK": "kind: survey\ntitle: 午餐\n".encode("gbk"),
    "a workbook": b"PK\x03\x04" + bytes(50),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_is_an_error_of_ours(tmp_path: Path, name: str) -> None:
    path = tmp_path / "garbage.yaml"
    path.write_bytes(GARBAGE[name])
    with pytest.raises(InstrumentError) as caught:
        read_schema(path)
    assert str(caught.value).startswith(str(path))
    for problem in caught.value.problems:
        assert problem.place.file == str(path)
        assert "object at 0x" not in str(problem)
        assert "Node(" not in str(problem)
        assert len(str(problem)) < 1000


@pytest.mark.parametrize("name", ["Latin-1", "UTF-16", "GBK"])
def test_text_that_is_not_utf8(tmp_path: Path, name: str) -> None:
    path = tmp_path / "garbage.yaml"
    path.write_bytes(GARBAGE[name])
    with pytest.raises(InstrumentError, match=r"not UTF-8 text\. Save it as UTF-8") as caught:
        read_schema(path)
    assert caught.value.exit_code == 1


@pytest.mark.parametrize(
    ("name", "key", "line"),
    [
        ("a broken number", "yaml_tag", 2),
        ("a number too long", "yaml_number", 2),
        ("an anchor within itself", "yaml_deep", 2),
        ("a list as key", "yaml_key", 1),
        ("tabs", "yaml_unreadable", 2),
        ("two documents", "yaml_unreadable", 2),
        ("more brackets", "yaml_deep", 1),
        ("anchors without end", "yaml_large", None),
    ],
)
def test_yaml_that_cannot_be_read_is_told_with_its_line(
    tmp_path: Path, name: str, key: str, line: int | None
) -> None:
    path = tmp_path / "garbage.yaml"
    path.write_bytes(GARBAGE[name])
    with pytest.raises(InstrumentError) as caught:
        read_schema(path)
    (problem,) = caught.value.problems
    assert problem.key == key
    assert problem.place.line is not None
    assert line in (None, problem.place.line)


def test_a_schema_cut_off_or_changed_anywhere(tmp_path: Path) -> None:
    """Whatever is done to a good file: an error of ours, or still a schema."""
    chance = random.Random(5)
    path = tmp_path / "hurt.yaml"
    for _ in range(300):
        hurt = list(GOOD)
        start = chance.randrange(len(hurt))
        hurt[start : start + chance.choice([0, 1, 5, 40])] = chance.choice(
            ["", "\t", "[", "{", ":", "&a ", "*a ", "\n", '"', "5", "- "]
        )
        path.write_text("".join(hurt), encoding="utf-8")
        assert {problem.place.file for problem in told(lambda: read_schema(path))} <= {str(path)}


def test_anchors_that_are_used_sensibly_are_read(tmp_path: Path) -> None:
    path = tmp_path / "anchors.yaml"
    path.write_text(
        GOOD.replace("scale: taste", "scale: &t taste").replace("id: visits", "id: visits # *t"),
        encoding="utf-8",
    )
    assert isinstance(read_schema(path), Instrument)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    (tmp_path / "plain.yaml").write_text(GOOD, encoding="utf-8")
    assert load_instrument(path).content_hash == load_instrument(tmp_path / "plain.yaml").content_hash


# -- references ------------------------------------------------------------------------------------------


def test_an_instrument_comes_back_as_it_is() -> None:
    instrument = load_instrument("executive-survey")
    assert load_instrument(instrument) is instrument


@pytest.mark.parametrize("reference", ["executive-survey", "executive-survey@1.0.0", "executive-survey@"])
def test_a_reference(reference: str) -> None:
    assert load_instrument(reference).id == "executive-survey"


def test_a_path_as_text_or_path_with_any_ending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("mine.yaml", "mine.yml", "mine.txt", "mine"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
        assert load_instrument(tmp_path / name).id == "canteen"
        assert load_instrument(str(tmp_path / name)).id == "canteen"
    monkeypatch.chdir(tmp_path)
    assert load_instrument("mine.yaml").id == "canteen"
    assert load_instrument("./mine").id == "canteen"


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("executive-survy", "There is no instrument 'executive-survy'. Did you mean: executive-survey?"),
        (
            "zzz",
            "Did you mean: buyers, case-facts, clinical, deals, executive-survey, interview-codebook",
        ),
        ("", "There is no instrument ''"),
        ("@1.0.0", "There is no instrument ''"),
        ("executive-survey@7.0.0", "'executive-survey' has no version 7.0.0. There are: 1.0.0"),
        ("executive-survey@1.0", "has no version 1.0."),
        ("executive-survey@1.0.0@2", "has no version 1.0.0@2."),
        ("nowhere.yaml", "There is no file 'nowhere.yaml'. Check the path."),
        ("some/where", "There is no file 'some/where'"),
        ("./", "'.' is a folder"),
        ("a\0b/c", "There is no file"),
    ],
)
def test_a_reference_to_nothing(reference: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_schema(reference)
    assert told in str(caught.value)


def test_a_name_no_file_can_have() -> None:
    with pytest.raises(SurveyError):
        load_schema("x/" * 50 + "x" * 5000 + ".yaml")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(GOOD, encoding="utf-8")

    def denied(self: Path, **_: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", denied)
    with pytest.raises(InstrumentError, match=r"mine\.yaml: The file cannot be read \(permission denied\)"):
        read_schema(path)


def test_what_is_no_survey_is_told() -> None:
    with pytest.raises(UsageError, match="is of kind interview-codebook, not a survey"):
        load_instrument("interview-codebook@1.0.0")


def test_the_list_is_sorted_by_id_and_rising_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b/1.10.0", "b/1.9.0", "a/2.0.0", "b/notes", "b/1.0.0--1.1.0", "c/1.0.0"):
        path = tmp_path / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"\xef\xbb\xbfkind: 'survey'\n" if name == "c/1.0.0" else b"# \xff\nkind: survey\n")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "1.0.0.yaml").write_text("no: kind\n")
    monkeypatch.setattr("survey.instrument.loading.resource_folder", lambda name: tmp_path)
    assert [(known.id, known.version) for known in list_instruments()] == [
        ("a", "2.0.0"),
        ("b", "1.9.0"),
        ("b", "1.10.0"),
        ("c", "1.0.0"),
    ]
    assert list_instruments("interview-guide") == []


def test_every_packaged_schema_loads() -> None:
    known = list_instruments()
    assert {entry.id for entry in known} >= {"executive-survey", "interview-guide", "interview-codebook"}
    for entry in known:
        schema = load_schema(f"{entry.id}@{entry.version}")
        assert (schema.id, schema.version, schema.kind) == (entry.id, entry.version, entry.kind)
        name = entry.id if entry.kind == "survey-module" else entry.version
        assert os.fspath(entry.path).endswith(f"{name}.yaml")


def test_two_that_say_the_same_are_equal_wherever_they_stand():
    from_file = load_instrument(EXECUTIVE)
    from_text = parse_schema(EXECUTIVE.read_text(encoding="utf-8"), "anywhere")
    assert from_file.folder != from_text.folder
    assert from_file == from_text
    assert from_file != load_instrument("executive-survey@1.1.0")
    assert from_file != "executive-survey@1.0.0"
