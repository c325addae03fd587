"""A tally as a file: the same comes back, nobody is in it, and damage or malice is one clear error."""

import io
import json
import random
import zipfile
from dataclasses import fields, replace

import numpy as np
import pytest

import survey
from survey.counts.tally_files import packed, unpacked
from survey.errors import Place
from tests.counts.shapes import instrument_of, responses_of
from tests.helpers import rewrite
from tests.paths import EXAMPLES, SAMPLE

pytestmark = pytest.mark.filterwarnings("ignore:.*not anonymous by itself")

SHAPES = {
    "plain": ({"groups": 3, "items": 4, "numbers": 2}, {"rows": 40}),
    "no_group": ({"groups": 0}, {"rows": 10}),
    "nobody": ({"groups": 2}, {"rows": 0}),
    "sixty_items": ({"groups": 2, "items": 60, "points": 7}, {"rows": 20}),
}


@pytest.mark.parametrize("name", SHAPES)
def test_the_same_tally_comes_back_and_adds_up(name, tmp_path):
    has, answers = SHAPES[name]
    responses = responses_of(instrument_of(**has), **answers)
    weights = np.random.default_rng(1).lognormal(size=len(responses))
    heavy = replace(
        responses, meta=responses.meta.assign(weight=weights / max(weights.mean() if len(weights) else 1, 1))
    )
    for number, one in enumerate((responses, heavy)):
        counted = survey.tally(one, banners=["sector"], where="sector!=s0")
        path = survey.write_tally(counted, tmp_path / f"{number}.tally")
        again = survey.read_tally(path)
        assert again == counted
        assert again.subset_text() == counted.subset_text()
        assert again + counted == counted + again == counted + counted
        other = survey.write_tally(again, tmp_path / f"{number}-again.tally")
        assert other.read_bytes() == path.read_bytes()


def test_tables_that_were_full_come_back_full(tmp_path, monkeypatch):
    from survey.counts import batch_counts

    monkeypatch.setattr(batch_counts, "MOST_GROUPS", 2)
    counted = survey.tally(responses_of(instrument_of(groups=3), 40))
    monkeypatch.undo()
    assert counted.groups["models"].full
    again = survey.read_tally(survey.write_tally(counted, tmp_path / "a.tally"))
    assert again.groups["models"].full
    assert not len(again.groups["models"])


def test_the_file_is_as_the_page_says(tmp_path):
    counted = survey.tally(SAMPLE)
    with zipfile.ZipFile(survey.write_tally(counted, tmp_path / "a.tally")) as archive:
        described = json.loads(archive.read("tally.json"))
        assert described["format"] == 1
        assert described["definition"]["instrument"]["id"] == "executive-survey"
        assert described["respondents"] == 137
        assert "not anonymous by itself" in described["notice"][0]
        pairs = np.load(io.BytesIO(archive.read("arrays/pairs.npy")), allow_pickle=False)
        assert np.array_equal(pairs, counted.pairs)
        arrays = [name for name in archive.namelist() if name != "tally.json"]
        assert all(name.startswith("arrays/") for name in arrays)
        for name in arrays:
            np.load(io.BytesIO(archive.read(name)), allow_pickle=False)


def test_nothing_that_somebody_wrote_is_in_it(tmp_path):
    import pandas as pd

    instrument = survey.load_instrument(EXAMPLES / "everything.yaml")
    frame = pd.DataFrame(
        {name: pd.Series([None] * 3, dtype=object) for name in instrument.columns}
        | {"remark": ["My name is Ada Lovelace"] * 3, "visit": ["first", "Ada Lovelace", "again"]}
    )
    counted = survey.tally(frame, instrument, set_aside=True)
    assert [one.value for one in counted.refusals] == ["Ada Lovelace"]
    path = survey.write_tally(counted, tmp_path / "a.tally")
    with zipfile.ZipFile(path) as archive:
        assert not any(b"Lovelace" in archive.read(name) for name in archive.namelist())
    assert survey.read_tally(path).base("remark") == 3


@pytest.mark.filterwarnings("default:.*not anonymous by itself")
def test_small_counts_warn_where_a_tally_is_made_and_written(tmp_path):
    counted = survey.tally(SAMPLE)
    assert counted.problems[-1].key == "tally_small_counts"
    assert "survey.suppress" in counted.problems[-1].text()
    with pytest.warns(UserWarning, match="not anonymous by itself"):
        survey.write_tally(counted, tmp_path / "a.tally")
    import warnings

    many = sum([counted] * 5)
    assert not many.small_counts
    assert not many.problems
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        survey.write_tally(many, tmp_path / "b.tally")


# -- damage and malice -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def content():
    return packed(survey.tally(responses_of(instrument_of(groups=2, items=2), 12)))


def told(content):
    with pytest.raises(survey.DataError) as error:
        unpacked(content, Place(file="a.tally"))
    assert len(error.value.problems) == 1
    assert str(error.value).startswith("a.tally: ")
    return error.value.problems[0].key


def test_every_cut_is_one_clear_error(content):
    for length in [0, 1, 4, 100, *range(200, len(content), max(1, len(content) // 60)), len(content) - 1]:
        assert told(content[:length]) in ("tally_file_damaged", "tally_file_foreign")


def test_changed_bytes_are_an_error_or_change_nothing(content):
    whole = unpacked(content, Place(file="a.tally"))
    draw = random.Random(7)
    for _ in range(300):
        changed = bytearray(content)
        for _ in range(draw.choice([1, 1, 4, 30])):
            changed[draw.randrange(len(changed))] = draw.randrange(256)
        problems = 1
        try:
            found = unpacked(bytes(changed), Place(file="a.tally"))
        except survey.DataError as error:
            found, problems = whole, len(error.problems)
        assert found == whole
        assert problems == 1


def edited(content, tmp_path, name, change):
    path = tmp_path / "edited.tally"
    path.write_bytes(content)
    return rewrite(path, name, change).read_bytes()


def in_json(change):
    def changed(text):
        described = json.loads(text)
        change(described)
        return json.dumps(described).encode()

    return changed


def array(values):
    made = io.BytesIO()
    np.save(made, values)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "change", "key"),
    [
        ("tally.json", lambda _: None, "tally_file_foreign"),
        ("tally.json", lambda _: b"[]", "tally_file_foreign"),
        ("tally.json", lambda _: b"{" * 100_000, "tally_file_damaged"),
        ("tally.json", in_json(lambda one: one.update(format=2)), "tally_file_newer"),
        ("tally.json", in_json(lambda one: one.pop("respondents")), "tally_file_damaged"),
        ("tally.json", in_json(lambda one: one.update(respondents=-1)), "tally_file_damaged"),
        ("tally.json", in_json(lambda one: one.update(respondents=10**30)), "tally_file_damaged"),
        ("tally.json", in_json(lambda one: one.update(respondents=3)), "tally_file_damaged"),
        ("tally.json", in_json(lambda one: one["definition"].update(banners=[["x"]])), "tally_file_damaged"),
        ("tally.json", in_json(lambda one: one["definition"].update(content_hash="0")), "tally_file_damaged"),
        (
            "tally.json",
            in_json(lambda one: one["definition"]["instrument"].pop("questions")),
            "tally_file_damaged",
        ),
        ("arrays/pairs.npy", lambda _: None, "tally_file_damaged"),
        ("arrays/pairs.npy", lambda _: b"", "tally_file_damaged"),
        ("arrays/pairs.npy", lambda text: text[:-8], "tally_file_damaged"),
        ("arrays/pairs.npy", lambda _: array(np.zeros((1, 2, 2), np.int64)), "tally_file_damaged"),
        ("arrays/pairs.npy", lambda _: array(np.zeros(3)), "tally_file_damaged"),
        ("arrays/pairs.npy", lambda text: text.replace(b"(1,", b"(9,"), "tally_file_damaged"),
        ("arrays/pairs.npy", lambda text: text.replace(b"'<i8'", b"'|O8'"), "tally_file_damaged"),
        ("arrays/pairs.npy", lambda text: text[:-8] + b"\xff" * 8, "tally_file_damaged"),
        ("arrays/missing.npy", lambda text: text[:-8] + b"\xff" * 8, "tally_file_damaged"),
        ("arrays/groups.models.keys.npy", lambda text: text[:-8] + b"\x7f" * 8, "tally_file_damaged"),
        ("arrays/groups.models.keys.npy", lambda text: text[:-16] + text[-8:] * 2, "tally_file_damaged"),
    ],
)
def test_a_hostile_part_is_one_clear_error(content, tmp_path, name, change, key):
    assert told(edited(content, tmp_path, name, change)) == key


def test_foreign_files_and_bombs_are_refused(content, tmp_path):
    assert told(b"") == "tally_file_foreign"
    assert told(SAMPLE.read_bytes()) == "tally_file_foreign"
    assert told(b"PAR1" + bytes(100)) == "tally_file_foreign"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tally.json", "{}")
        archive.writestr("arrays/pairs.npy", bytes(100_000_000))
    assert told(made.getvalue()) == "archive_bomb"


def test_paths_that_cannot_be_are_refused(tmp_path):
    counted = survey.tally(SAMPLE)
    with pytest.raises(survey.UsageError, match=r"does not end in \.tally"):
        survey.write_tally(counted, tmp_path / "a.xlsx")
    (tmp_path / "folder.tally").mkdir()
    with pytest.raises(survey.UsageError, match="This is a folder"):
        survey.write_tally(counted, tmp_path / "folder.tally")
    with pytest.raises(survey.UsageError, match="is a folder"):
        survey.read_tally(tmp_path / "folder.tally")
    with pytest.raises(survey.UsageError, match="no file"):
        survey.read_tally(tmp_path / "nothing.tally")
    assert [one.name for one in tmp_path.iterdir()] == ["folder.tally"]


def test_every_block_is_compared():
    counted = survey.tally(responses_of(instrument_of(groups=2), 20))
    for part in fields(counted):
        value = getattr(counted, part.name)
        if part.name in ("definition", "refusals", "notices"):
            continue
        if isinstance(value, bool):
            other = not value
        elif isinstance(value, int | np.ndarray):
            other = value + 1
        elif isinstance(value, tuple):
            other = (*value, "x")
        else:
            key, one = next(iter(value.items()))
            other = {**value, key: one + one}
        assert replace(counted, **{part.name: other}) != counted, part.name
