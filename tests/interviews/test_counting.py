"""What is counted: people, quotations, levels, groups; and the facts of the interviews."""

import pandas as pd
import pytest

import survey
from survey.errors import UsageError
from survey.interviews.counting import LEVELS
from survey.tables import CONTRACTS
from tests.interviews.samples import SHAPES, canteen, reference, shipped


@pytest.fixture(scope="module")
def segments():
    return shipped()


def people_of(segments, code, group=""):
    for level in LEVELS:
        frame = survey.compare_cases(segments, level=level)
        found = frame[(frame["code"] == code) & (frame["group"] == group)]
        if len(found):
            return found.iloc[0]
    raise KeyError(code)


# -- the interviews that travel with the package ----------------------------------------------------------


def test_four_codes_of_the_published_table_rest_on_nobody_and_eight_others_have_extracts(segments):
    codes = survey.codebook_evidence(segments).query("level == 'code'")
    published = codes[codes["published"].eq(True)]
    assert len(published) == 20
    assert set(published.loc[published["verdict"] == "nobody", "code"]) == {
        *("overseas_fund", "more_resources", "funding", "knowledge_based_resources")
    }
    others = codes[codes["published"].eq(False)]
    assert len(others) == 8
    assert (others["n_segments"] > 0).all()
    assert "knowledge_and_funding" in set(others["code"])


def test_the_published_codebook_has_eleven_subthemes_four_themes_two_aims(segments):
    evidence = survey.codebook_evidence(segments)
    published = evidence[evidence["published"].eq(True)].groupby("level").size()
    assert published.to_dict() == {"code": 20, "subtheme": 11, "theme": 4, "aim": 2}
    assert (evidence["base"] == 14).all()


@pytest.mark.parametrize(
    ("code", "n", "in_b", "in_d"),
    [
        ("government_support", 6, 3, 3),
        ("market_oriented_motivation", 9, 5, 4),
        ("fierce_competition", 8, 5, 3),
        ("foreign_revenue_none", 3, 0, 3),
        ("overseas_fund", 0, 0, 0),
        ("international_location", 14, 7, 7),
    ],
)
def test_people_behind_a_code_against_those_interviewed(segments, code, n, in_b, in_d):
    told = people_of(segments, code), people_of(segments, code, "B"), people_of(segments, code, "D")
    assert [(row["n"], row["base"]) for row in told] == [(n, 14), (in_b, 7), (in_d, 7)]


def test_one_quotation_counts_once_within_a_code(segments):
    row = people_of(segments, "institutional_support")
    assert (row["n_segments"], row["n_quotations"], row["n"], row["n_undisputed"]) == (6, 5, 6, 3)


def test_no_code_is_spoken_to_by_everybody(segments):
    codes = survey.compare_cases(segments, level="code").query("group == ''")
    assert codes["n"].max() == 8


def test_voices_are_uneven(segments):
    voices = survey.voices(segments)
    every = voices[voices["document"] == ""].set_index("participant")["n_segments"]
    assert every.sum() == 149
    assert (every["D4"], every["D7"], every.idxmax(), every.idxmin()) == (20, 6, "D4", "D7")
    chapters = voices[voices["document"].str.startswith("section")].groupby("participant")["n_segments"].sum()
    assert chapters[chapters == 0].index.tolist() == ["B6"]


def test_people_and_companies_on_both_sides_of_a_matter_that_is_named(segments):
    pairs = [("knowledge_and_funding", "government_resources"), ("foreign_revenue_none", "location")]
    found = survey.both_sides(segments, pairs=pairs)
    people = found[found["scope"] == "participant"].set_index(["code", "who"])
    policy = people.loc[("knowledge_and_funding", "D4")]
    assert "A058" in policy["segments"]
    assert "T031" in policy["other_segments"]
    hosts = people.loc[("foreign_revenue_none", "D1")]
    assert (hosts["segments"], hosts["other_segments"]) == (("A009",), ("A043",))


# -- other shapes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("level", LEVELS)
def test_contracts_and_identities_hold_in_every_shape(shape, level):
    segments = SHAPES[shape]()
    size = len(segments.participants)
    matrix, cases = survey.code_matrix(segments, level=level), survey.compare_cases(segments, level=level)
    assert tuple(matrix.columns) == CONTRACTS["code_matrix"]
    assert tuple(cases.columns) == CONTRACTS["case_comparison"]
    units = cases["code"].nunique()
    assert len(matrix) == units * size
    assert len(cases) == units * (1 + len(segments.groups))
    total = cases[cases["group"] == ""].set_index("code")
    assert (total["base"] == size).all()
    present = matrix.groupby("code", sort=False)["present"].sum().reindex(total.index, fill_value=0)
    assert present.astype(int).tolist() == total["n"].tolist()
    in_groups = cases[cases["group"] != ""].groupby("code", sort=False)["n"].sum().reindex(total.index)
    known = segments.participants["group"].notna().all()
    if segments.groups and known:
        assert in_groups.tolist() == total["n"].tolist()
    assert (total["n_undisputed"] <= total["n"]).all()
    assert (total["n_quotations"] <= total["n_segments"]).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_every_table_bears_every_shape(shape):
    segments = SHAPES[shape]()
    evidence = survey.codebook_evidence(segments)
    assert tuple(evidence.columns) == CONTRACTS["codebook_evidence"]
    assert set(evidence["verdict"]) <= {"nobody", "one person", "one group", "several"}
    pairs = survey.code_cooccurrence(segments)
    codes = len(segments.codebook.codes)
    assert len(pairs) == codes * (codes - 1) / 2
    assert pairs["jaccard"].dropna().between(0, 1).all()
    assert pairs["reason"].str.endswith("undefined").eq(pairs["phi"].isna()).all()
    cases = survey.compare_cases(segments)
    nobody = (cases["group"] == "") & (cases["n"] == 0)
    assert (cases["reason"] == "nobody").eq(nobody).all()
    assert tuple(survey.voices(segments).columns) == CONTRACTS["voice"]
    assert tuple(survey.both_sides(segments).columns) == CONTRACTS["both_sides"]
    assert tuple(survey.attribution_conflicts(segments).columns) == CONTRACTS["attribution"]


def test_a_subtheme_counts_from_itself_upwards():
    segments = canteen("| participant | code |\n|---|---|\n| a | taste |\n| b | fresh |")
    assert people_of(segments, "fresh")["n"] == 1
    assert [people_of(segments, unit)["n"] for unit in ("taste", "lunch", "food")] == [2, 2, 2]
    evidence = survey.codebook_evidence(segments).set_index("code")
    assert "Taste" in evidence.loc["too_salty", "note"]
    assert evidence.loc["too_salty", "reason"] == "coded_above"
    assert evidence["published"].isna().all()


def test_several_coders_count_a_person_once():
    table = """
    | segment | participant | code      | coder |
    |---------|-------------|-----------|-------|
    | s1      | a           | too_salty | one   |
    | s1      | a           | too_salty | two   |
    | s2      | b           | too_salty | two   |
    | s2      | b           | fresh     | one   |
    """
    segments = canteen(table)
    both, one = people_of(segments, "too_salty"), people_of(segments.coded_by("one"), "too_salty")
    assert (both["n"], both["n_segments"], both["base"]) == (2, 2, 2)
    assert (one["n"], one["n_segments"], one["base"]) == (1, 1, 2)


def test_the_verdict_says_on_whom_a_code_rests():
    table = """
    | participant | code      |
    |-------------|-----------|
    | a           | too_salty |
    | b           | too_salty |
    | a           | fresh     |
    """
    apart = survey.codebook_evidence(canteen(table, "a=North b=South")).set_index("code")["verdict"]
    assert apart[["too_salty", "too_bland", "fresh", "taste"]].tolist() == [
        *("several", "nobody", "one person", "several")
    ]
    together = survey.codebook_evidence(canteen(table, "a=North b=North c=South")).set_index("code")
    assert together.loc["too_salty", "verdict"] == "one group"
    assert together.loc["too_salty", "by_group"] == "North 2/2, South 0/1"


READ_TWICE = """
| segment | participant | code      | coder | quote | document | start | end |
|---------|-------------|-----------|-------|-------|----------|-------|-----|
| s1      | a           | too_salty | Ann   |       |          |       |     |
| s1      | a           | too_bland | Bo    |       |          |       |     |
| s2      | b           | too_salty | Ann   |       |          |       |     |
| s2      | b           | too_bland | Ann   |       |          |       |     |
| s3      | c           | too_salty | Ann   | q     |          |       |     |
| s4      | c           | too_bland | Bo    | q     |          |       |     |
| s5      | d           | too_salty | Ann   |       | D        | 0     | 40  |
| s6      | d           | too_bland | Bo    |       | D        | 5     | 40  |
| s7      | e           | too_salty | Ann   |       | E        | 0     | 40  |
| s8      | e           | too_bland | Bo    |       | E        | 50    | 90  |
| s9      | f           | too_salty |       |       |          |       |     |
| s9      | f           | too_bland | Bo    |       |          |       |     |
"""


def test_what_two_coders_make_of_one_passage_is_no_contradiction_of_the_speaker():
    """a, c, d: one passage, quotation or stretch, read in two ways; b: one coder gave both; e: two."""
    segments = canteen(READ_TWICE.replace("|       |", "|  |"), "a=N b=S c=N d=N e=S f=S")
    rows = survey.both_sides(segments)
    assert rows[rows["scope"] == "participant"]["who"].tolist() == ["b", "e", "f"]
    assert rows[rows["scope"] == "group"]["who"].tolist() == ["N", "S"]  # a and c face each other
    alone = survey.both_sides(canteen(READ_TWICE, "a=N b=S c=S d=S e=S f=S"))
    assert alone[alone["scope"] == "group"]["who"].tolist() == ["S"]


def test_both_sides_tell_a_person_and_a_group():
    segments = SHAPES["three groups"]()
    found = survey.both_sides(segments)
    assert found[["scope", "who", "n_code", "n_other"]].values.tolist() == [
        ["participant", "a", 1, 1],
        ["group", "North", 2, 1],
    ]
    alone = survey.both_sides(canteen(THREE_OF_ONE, "a=North d=West"))
    assert alone["scope"].tolist() == ["participant"]


THREE_OF_ONE = """
| participant | code      |
|-------------|-----------|
| a           | too_salty |
| a           | too_bland |
| d           | too_bland |
"""


def test_shuffled_rows_change_nothing(segments):
    from dataclasses import replace

    shuffled = replace(segments, data=segments.data.sample(frac=1, random_state=7).reset_index(drop=True))
    for compute in (survey.compare_cases, survey.code_matrix, survey.code_cooccurrence):
        pd.testing.assert_frame_equal(compute(segments), compute(shuffled))
    first, second = survey.codebook_evidence(segments), survey.codebook_evidence(shuffled)
    pd.testing.assert_frame_equal(first, second)


def test_an_unknown_level_or_code_is_named():
    segments = SHAPES["no group"]()
    for compute in (survey.code_matrix, survey.compare_cases, survey.code_cooccurrence):
        with pytest.raises(UsageError, match="subthemes"):
            compute(segments, level="subthemes")
    with pytest.raises(UsageError, match="too_salty"):
        survey.both_sides(segments, pairs=[("too_saltyy", "fresh")])
    with pytest.raises(UsageError, match="95"):
        survey.compare_cases(segments, confidence=95)


def test_exact_limits_phi_and_jaccard_are_those_of_r(segments):
    limits = {}
    for level in LEVELS:
        frame = survey.compare_cases(segments, level=level)
        for row in frame.itertuples():
            limits[f"{row.n}/{row.base}"] = (row.ci_low, row.ci_high)
    compared = 0
    for key, told in reference()["exact"].items():
        if key in limits:
            assert limits[key] == pytest.approx((told["low"], told["high"]), abs=1e-9)
            compared += 1
    assert compared >= 8
    pairs = survey.code_cooccurrence(segments)
    pairs = {f"{row.code} {row.other_code}": row for row in pairs.itertuples()}
    assert len(reference()["phi"]) == 24 * 23 / 2
    for key, told in reference()["phi"].items():
        assert pairs[key].phi == pytest.approx(told["phi"], abs=1e-9)
        assert pairs[key].jaccard == pytest.approx(told["jaccard"], abs=1e-9)
