"""Old answers under a newer version: what keeps its id, renames, merges, splits, recodes, losses."""

import pandas as pd
import pytest

import survey
from survey.errors import InstrumentError, UsageError
from survey.instrument import read_schema
from tests.paths import EXAMPLES, ROOT, SAMPLE

BASE = (EXAMPLES / "everything.yaml").read_text(encoding="utf-8")

NEW = (
    BASE.replace('version: "1.0.0"', 'version: "2.0.0"')
    .replace("id: again", "id: before")  # renamed option
    .replace('      - {id: regular, label: {en: "Yes, regularly", zh: "经常来"}}\n', "")  # merged into it
    .replace("{id: coins, label: {en: \"Coins, medals\"", "{id: papers, label: {en: \"Papers\"")
    .replace('      - {id: maps, label: {en: "Maps/globes", zh: "地图/地球仪"}}\n', "")
    .replace("      - {id: ships,", '      - {id: boats, label: {en: "B", zh: "船"}}\n      - {id: vessels,')
    .replace("  - id: habits", "  - id: customs")
    .replace("id: cinema", "id: film")
    .replace("scale: three", "scale: two")
    .replace(
        "questions:\n",
        '  two:\n    top: 1\n    points:\n      - {value: 0, label: {en: "No", zh: "否"}}\n'
        '      - {value: 1, label: {en: "Yes", zh: "是"}}\nquestions:\n',
        1,
    )
)  # fmt: skip

CROSSWALK = """
kind: version-crosswalk
id: everything
from: "1.0.0"
version: "2.0.0"
languages: [en]
title: {en: "To two"}
carries:
  - {question: visit, part: again, to: before}
  - {question: visit, part: regular, to: before}
  - {question: rooms, part: coins, to: papers}
  - {question: rooms, part: maps, to: papers}
  - {question: rooms, part: ships, to: [boats, vessels], note: {en: "one became two"}}
  - {question: habits, to: customs, values: {0: 0, 1: 1, 2: 1}}
  - {question: habits, part: cinema, to: film}
  - {question: remark, dropped: true}
"""


@pytest.fixture
def old():
    frame = pd.DataFrame(
        {
            "visit": ["first", "again", "regular", "other", None],
            "visit__other__text": [None, None, None, "by night", None],
            "rooms__coins": [1, 0, 0, None, 0],
            "rooms__maps": [1, 1, 0, None, 0],
            "rooms__ships": [0, 1, 1, None, 0],
            "rooms__none": [0, 0, 0, None, 1],
            "habits__theatre": [0, 1, 2, "(refused)", None],
            "habits__cinema": [2, 2, 2, 2, 0],
            "minutes": [5, None, 30, 2, 1],
            "remark": ["a", None, "b", None, None],
        }
    )
    return survey.from_frame(frame, EXAMPLES / "everything.yaml")


@pytest.fixture
def folder(tmp_path):
    home = tmp_path / "everything"
    (home / "crosswalk").mkdir(parents=True)
    (home / "1.0.0.yaml").write_text(BASE, encoding="utf-8")
    (home / "2.0.0.yaml").write_text(NEW, encoding="utf-8")
    (home / "crosswalk" / "1.0.0--2.0.0.yaml").write_text(CROSSWALK, encoding="utf-8")
    return home


def cells(column):
    return [None if pd.isna(value) else value for value in column]


def test_renames_merges_splits_and_recodes(old, folder):
    new = survey.carry_over(old, folder / "2.0.0.yaml")
    assert new.instrument.reference == "everything@2.0.0"
    assert list(new.data.columns) == list(new.instrument.columns)
    assert cells(new.data["visit"]) == ["first", "before", "before", "other", None]
    assert cells(new.data["visit__other__text"])[3] == "by night"
    assert cells(new.data["rooms__papers"]) == [True, True, False, None, False]
    assert cells(new.data["rooms__boats"]) == cells(new.data["rooms__vessels"]) == [None] * 5
    assert set(new.missing["rooms__boats"]) == {"not_asked"}
    assert cells(new.data["customs__theatre"]) == [0, 1, 1, None, None]
    assert cells(new.missing["customs__theatre"])[3:] == ["refused", "empty"]
    assert cells(new.data["customs__film"]) == [1, 1, 1, 1, 0]
    assert cells(new.data["minutes"]) == [5.0, None, 30.0, 2.0, 1.0]
    told = {
        problem.values["column"]: problem.values["answers"]
        for problem in new.problems
        if problem.key == "carry_lost"
    }
    assert told == {"rooms__ships": 4, "remark": 2}
    assert new.provenance.carried_from == "everything@1.0.0"
    assert new.data.index.equals(old.data.index)
    assert old.instrument.version == "1.0.0"  # never mutated


def test_points_without_a_counterpart_are_refused_and_counted(old, folder):
    path = folder / "crosswalk" / "1.0.0--2.0.0.yaml"
    path.write_text(CROSSWALK.replace(", values: {0: 0, 1: 1, 2: 1}", ""), encoding="utf-8")
    new = survey.carry_over(old, folder / "2.0.0.yaml")
    assert cells(new.data["customs__film"]) == [None, None, None, None, 0]
    assert cells(new.missing["customs__film"]) == ["refused"] * 4 + [""]
    lost = {p.values["column"]: p.values["answers"] for p in new.problems if p.key == "carry_lost"}
    assert (lost["habits__theatre"], lost["habits__cinema"]) == (1, 4)


def test_without_a_crosswalk_only_harmless_changes_are_carried(old, tmp_path):
    path = tmp_path / "new.yaml"
    path.write_text(NEW, encoding="utf-8")
    with pytest.raises(UsageError, match="No crosswalk leads"):
        survey.carry_over(old, path)
    path.write_text(
        BASE.replace('"1.0.0"', '"1.0.1"').replace("A museum's visitors", "Visitors"), encoding="utf-8"
    )
    assert survey.carry_over(old, path).data.equals(old.data)


def test_strangers_and_wrong_lines_are_told(old, folder):
    with pytest.raises(UsageError, match="another instrument"):
        survey.carry_over(old, "executive-survey@1.1.0")
    path = folder / "crosswalk" / "1.0.0--2.0.0.yaml"
    path.write_text(
        CROSSWALK.replace("to: papers", "to: paper").replace("question: remark", "question: remarks"),
        encoding="utf-8",
    )
    with pytest.raises(InstrumentError) as caught:
        survey.carry_over(old, folder / "2.0.0.yaml")
    assert len(caught.value.problems) == 3
    assert "'remarks' is not in everything@1.0.0" in str(caught.value)


def test_a_chain_of_crosswalks(old, folder):
    third = NEW.replace('version: "2.0.0"', 'version: "3.0.0"').replace("id: papers", "id: sheets")
    (folder / "3.0.0.yaml").write_text(third, encoding="utf-8")
    step = folder / "crosswalk" / "2.0.0--3.0.0.yaml"
    step.write_text(
        'kind: version-crosswalk\nid: everything\nfrom: "2.0.0"\nversion: "3.0.0"\nlanguages: [en]\n'
        'title: {en: "On"}\ncarries:\n  - {question: rooms, part: papers, to: sheets}\n',
        encoding="utf-8",
    )
    new = survey.carry_over(old, folder / "3.0.0.yaml")
    assert cells(new.data["rooms__sheets"]) == [True, True, False, None, False]
    assert new.provenance.carried_from == "everything@1.0.0"


def test_the_sample_under_the_next_version():
    old = survey.read_responses(SAMPLE)
    new = survey.carry_over(old, "executive-survey@1.1.0")
    assert new.data[list(old.data.columns)].equals(old.data)
    assert not [problem for problem in new.problems if problem.key == "carry_lost"]
    assert set(new.missing["expansion_stage"]) == set(new.missing["support_needs__other"]) == {"not_asked"}
    before = survey.frequencies(old, "support_needs").set_index("code")["n"]
    after = survey.frequencies(new, "support_needs").set_index("code")["n"]
    assert after[before.index].equals(before)


def test_an_unknown_version_is_a_loud_error(tmp_path):
    from tests.helpers import workbook

    path = workbook(
        tmp_path / "x.xlsx", "| visit |\n|---|\n| first |", says={"instrument": "executive-survey@9.9.9"}
    )
    with pytest.raises(UsageError, match=r"has no version 9\.9\.9"):
        survey.read_responses(path)


def test_crosswalk_files_are_checked_against_their_versions(folder):
    from survey.instrument.locking import check_schemas

    path = folder / "crosswalk" / "1.0.0--2.0.0.yaml"
    assert read_schema(path).kind == "version-crosswalk"
    assert check_schemas((path,))
    path.write_text(CROSSWALK.replace('from: "1.0.0"', 'from: "0.1.0"'), encoding="utf-8")
    with pytest.raises(InstrumentError, match=r"0\.1\.0 is not in the folder"):
        check_schemas((path,))
    assert check_schemas((ROOT / "instruments" / "executive-survey" / "crosswalk",))


# -- who was asked ---------------------------------------------------------------------------------------


def read(**columns):
    return survey.from_frame(pd.DataFrame(columns), EXAMPLES / "everything.yaml", set_aside=True)


def test_blanks_of_those_not_asked_are_not_asked():
    found = read(
        rooms=["coins", "none", None, "none"],
        enjoyment__light=[5, None, None, 4],
        spent=[None, None, None, 3],
    )
    assert list(found.missing["enjoyment__light"]) == ["", "not_asked", "empty", ""]
    # the last gave an answer that should not be there: it counts, and the next question hangs on it
    assert list(found.missing["spent"]) == ["empty", "not_asked", "empty", ""]
    keys = [
        (p.key, p.values["question"], p.values["count"])
        for p in found.problems
        if p.key == "answered_not_asked"
    ]
    assert keys == [("answered_not_asked", "enjoyment", 1)]
    assert found.accounting["cells"].iloc[0] == found.accounting["cells"].iloc[1:].sum() == 12


def test_without_the_deciding_answer_nothing_is_known():
    found = read(enjoyment__light=[5, None], visit=["first", "first"])
    assert list(found.missing["enjoyment__light"]) == ["", "empty"]


def test_choices_out_of_bounds_are_told_and_kept():
    found = read(
        rooms__coins=[1, 0, 1, 0],
        rooms__maps=[1, 0, 0, 0],
        rooms__ships=[1, 0, 0, 0],
        rooms__other=[1, 0, 0, 0],
        rooms__none=[0, 0, 0, 1],
    )
    told = {p.key: p.values["count"] for p in found.problems if p.key.startswith("choices")}
    assert told == {"choices_too_many": 1, "choices_too_few": 1}
    assert found.data.filter(like="rooms__").drop(columns="rooms__other__text").sum().sum() == 6


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (601, "cell_out_of_range"),
        (-1, "cell_out_of_range"),
        (2.5, "cell_not_whole"),
        ("x", "cell_not_number"),
    ],
)
def test_numbers_outside_their_limits_are_refused_with_address(value, key):
    found = survey.from_frame(
        pd.DataFrame({"minutes": [0, value, 600]}, dtype=object), EXAMPLES / "everything.yaml", set_aside=True
    )
    assert key in [problem.key for problem in found.problems]
    assert cells(found.data["minutes"]) == [0.0, None, 600.0]
    assert found.missing["minutes"].iloc[1] == "refused"


def test_a_changed_band_needs_no_crosswalk_and_is_derived_anew(tmp_path):
    text = (EXAMPLES / "every-kind.yaml").read_text(encoding="utf-8")
    newer = text.replace('version: "1.0.0"', 'version: "2.0.0"')
    newer = newer.replace("below: 50}", "below: 60}").replace("at_least: 50}", "at_least: 60}")
    (tmp_path / "newer.yaml").write_text(newer, encoding="utf-8")
    frame = pd.DataFrame({"spend": [10, 49, 50, 59, 60]})
    old = survey.from_frame(frame, EXAMPLES / "every-kind.yaml")
    carried = survey.carry_over(old, tmp_path / "newer.yaml")
    assert old.data["spenders"].tolist() == ["low", "low", "high", "high", "high"]
    assert carried.data["spenders"].tolist() == ["low", "low", "low", "low", "high"]
    assert carried.instrument.version == "2.0.0"
    # What was asked still wants its crosswalk.
    asked = newer.replace("id: north", "id: far_north").replace(
        "any: [north, west]", "any: [far_north, west]"
    )
    (tmp_path / "asked.yaml").write_text(asked, encoding="utf-8")
    with pytest.raises(survey.UsageError, match="No crosswalk leads"):
        survey.carry_over(old, tmp_path / "asked.yaml")
