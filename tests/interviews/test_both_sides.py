"""Opposites, directions and tensions: who is on both sides; a tension is never called a contradiction."""

import csv
from dataclasses import replace

import pytest

import survey
from survey.instrument.interview_schemas import InterviewCodebook
from survey.instrument.loading import parse_schema
from survey.instrument.versions import diff_instruments
from survey.tables import CONTRACTS
from tests.interviews.samples import FINE, FLAT, SEGMENTS, SHAPES, canteen, refusal, shipped
from tests.paths import ROOT

BOOK = FLAT.read_text(encoding="utf-8")
TENSE = """
tensions:
  - {id: fresh_or_salty, between: [fresh, too_salty], reason: {en: "Fresh food needs no salt"}}
theories:
  - {id: hunger, label: {en: "Hunger"}}
"""
TABLE = """
| segment | participant | code      | direction |
|---------|-------------|-----------|-----------|
| s1      | a           | fresh     | for       |
| s2      | a           | too_salty | for       |
| s3      | b           | too_salty | for       |
| s4      | b           | too_bland | against   |
| s5      | c           | too_salty | mixed     |
| s6      | c           | too_bland | for       |
| s7      | d           | fresh     | for       |
| s8      | d           | fresh     | against   |
| s9      | d           | too_salty | against   |
"""
PEOPLE = "a=North b=North c=South d=South"


def tense(table=TABLE, people=PEOPLE):
    """Segments under the flat codebook with a tension."""
    return replace(canteen(table, people), codebook=parse_schema(BOOK + TENSE, "tense.yaml"))


def of_kind(frame, kind, scope="participant"):
    return frame[(frame["kind"] == kind) & (frame["scope"] == scope)]


# -- the package ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "column"), [(SEGMENTS, "people"), (FINE, "people_fine")])
def test_the_same_people_as_found_by_hand(path, column):
    with (ROOT / "tests" / "reference" / "interview-tensions.csv").open(encoding="utf-8") as file:
        pairs = list(csv.DictReader(file))
    assert [pair["kind"] for pair in pairs].count("tension") == 24
    frame = survey.both_sides(path)
    assert of_kind(frame, "opposite").empty
    for pair in pairs:
        own = frame[(frame["code"] == pair["code"]) & (frame["other_code"] == pair["other_code"])]
        assert set(own["kind"]) <= {pair["kind"]}
        people = set(filter(None, pair[column].split("; ")))
        if (column, pair["code"]) == ("people_fine", "partnership"):
            people.add("B2")
        assert set(own.loc[own["scope"] == "participant", "who"]) == people, pair
        if column == "people":
            companies = set(filter(None, pair["companies"].split("; ")))
            assert set(own.loc[own["scope"] == "group", "who"]) == companies, pair
    assert (frame.loc[frame["kind"] == "tension", "why"] != "").all()


def test_one_person_for_and_against_one_code():
    frame = of_kind(survey.both_sides(FINE), "direction")
    assert frame[["who", "code", "segments", "other_segments"]].values.tolist() == [
        ["D4", "government_support", ("T029",), ("T031",)]
    ]
    coarse = of_kind(survey.both_sides(SEGMENTS), "direction")
    assert ("D4", "government_resources") in set(zip(coarse["who"], coarse["code"], strict=True))


def test_the_new_version_of_the_codebook_marks_them_and_changes_no_code():
    found = diff_instruments("interview-codebook@1.0.0", "interview-codebook@1.1.0")
    assert (found.bump, found.honest) == ("minor", True)
    moved = found.changes
    assert (moved["where"].str.startswith("tensions.") & (moved["class"] == "minor")).sum() == 24
    assert moved.loc[moved["where"].str.contains(r"codes\..*\.theory"), "class"].eq("patch").all()
    old, new = (survey.load_codebook(f"interview-codebook@{version}") for version in ("1.0.0", "1.1.0"))
    assert [code.model_copy(update={"theory": ()}) for code in new.codes] == list(old.codes)
    assert new.theories_of(new.code("low_margin"), "zh") == ("推力",)
    assert new.in_tension_with("market_share") == ("profit", "overseas_fund")


# -- another study -------------------------------------------------------------------------------------------


def test_a_person_and_a_company_of_another_study():
    frame = survey.both_sides(tense())
    assert tuple(frame.columns) == CONTRACTS["both_sides"]
    assert of_kind(frame, "opposite")["who"].tolist() == ["c"]  # b speaks against being too bland
    assert of_kind(frame, "direction")[["who", "code"]].values.tolist() == [["d", "fresh"]]
    tension = of_kind(frame, "tension")
    assert tension["who"].tolist() == ["a", "d"]  # whatever the direction: the reader sees both
    assert tension["why"].unique().tolist() == ["Fresh food needs no salt"]
    groups = frame[frame["scope"] == "group"]
    assert groups[["kind", "who"]].values.tolist() == [["tension", "North"], ["tension", "South"]]  # d alone


def test_a_pair_that_is_named_is_what_the_codebook_says_of_it():
    pairs = [("too_salty", "fresh"), ("too_bland", "too_salty"), ("fresh", "too_bland")]
    frame = survey.both_sides(tense(), pairs=pairs)
    kinds = frame.drop_duplicates("kind").set_index("kind")[["code", "other_code"]].agg(tuple, axis=1)
    assert kinds["tension"] == ("too_salty", "fresh")
    assert kinds["opposite"] == ("too_bland", "too_salty")
    assert set(frame["kind"]) <= {"tension", "opposite", "named"}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape(shape):
    frame = survey.both_sides(SHAPES[shape]())
    assert tuple(frame.columns) == CONTRACTS["both_sides"]


def test_the_report_calls_no_tension_a_contradiction():
    report = survey.analyze_interviews(tense(), draws=20)
    sheet = report.sheet("Both sides")
    assert sheet.title.startswith("2 people may contradict themselves; 2 speak to both sides of a tension")
    counts, apart, tension = sheet.tables
    assert counts.data.set_index("who").loc["d", ["n_opposite", "n_direction", "n_tension"]].tolist() == [
        0,
        1,
        1,
    ]
    assert set(apart.data["kind"]) == {"opposite", "direction"}
    assert set(tension.data["kind"]) == {"tension"}
    said = "\n".join(report.sheet("Notes").tables[0].data["what"])
    assert "In a tension, not in contradiction, between Fresh and Too salty: a; d." in said
    assert "Both for and against Fresh: d. Read both." in said
    chinese = survey.analyze_interviews(shipped(), draws=20, lang="zh")
    assert chinese.sheet("两面").tables[-1].title.startswith("张力")
    none = survey.analyze_interviews(canteen("| participant | code |\n|---|---|\n| a | fresh |"), draws=5)
    assert "Both sides" not in [sheet.name for sheet in none.sheets]


# -- wrong codebooks and their versions ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[fresh, too_salty]", "[fresh, too_salti]", "'too_salti' is no code, subtheme, theme or aim"),
        ("[fresh, too_salty]", "[fresh, fresh]", "names 'fresh' twice"),
        ("[fresh, too_salty]", "[too_bland, too_salty]", "which are opposites"),
        (
            "theories:",
            "  - {id: again, between: [too_salty, fresh], reason: {en: Again}}\ntheories:",
            "'again' lies between the same two parts as 'fresh_or_salty'",
        ),
        ("id: hunger", "id: thirst", "the theory 'hunger', which is not among `theories`"),
        (
            "theories:",
            "  - {id: fresh_or_salty, between: [too_bland, fresh], reason: {en: Again}}\ntheories:",
            "fresh_or_salty",
        ),
    ],
)
def test_what_is_wrong_is_told(old, new, told):
    text = BOOK.replace("    subtheme: taste\n", "    subtheme: taste\n    theory: [hunger]\n", 1) + TENSE
    assert isinstance(parse_schema(text, "right.yaml"), InterviewCodebook)
    assert told in refusal(lambda changed: parse_schema(changed, "wrong.yaml"), text, old, new)


def test_versions_of_opposites_tensions_and_theories():
    old = parse_schema(BOOK + TENSE, "old.yaml")
    for change, bump in (
        (("[fresh, too_salty]", "[fresh, too_bland]"), "minor"),
        (("tensions:", "aliases_none:"), None),
        (("Fresh food needs", "Good food needs"), "patch"),
        (("    opposite: too_bland\n", ""), "minor"),
        (("    subtheme: taste\n", "    subtheme: taste\n    theory: [hunger]\n"), "patch"),
        (('  - {id: hunger, label: {en: "Hunger"}}', '  - {id: thirst, label: {en: "Thirst"}}'), "patch"),
    ):
        text = (BOOK + TENSE).replace(*change, 1)
        if change[0].startswith("    opposite"):
            text = text.replace("    opposite: too_salty\n", "")
        if bump is None:
            text = BOOK
            bump = "minor"
        assert diff_instruments(old, parse_schema(text, "new.yaml")).bump == bump, change


def test_show_and_the_workbook_have_them(tmp_path):
    from openpyxl import load_workbook

    from survey.instrument.describe import describe

    said = describe(survey.load_codebook("interview-codebook"), "zh")
    assert "market_share ~ profit  主要动机之争" in said
    assert "（推力）" in said or "(推力)" in said
    book = load_workbook(survey.export_segments_template("interview-codebook", tmp_path / "t.xlsx"))
    rows = list(book["Codebook"].values)
    assert rows[0][9:11] == ("In tension with", "Theory")
    share = next(row for row in rows if row[2] == "market_share")
    assert share[9:11] == ("profit\noverseas_fund", "market seeking")
    back = survey.read_codes(survey.export_codes("interview-codebook", tmp_path / "c.qdc"))
    assert back.code("technology").theory == ("springboard", "strategic asset seeking")
