"""Statements held against the people behind their codes."""

import pandas as pd
import pytest

import survey
from survey.errors import FindingsError, UsageError
from survey.tables import CONTRACTS
from tests.interviews.samples import CLAIMS, SHAPES, canteen, shipped


def test_the_statements_of_the_interviews():
    found = survey.check_claims(shipped(), CLAIMS).set_index("claim")
    support, market = found.loc["government_support_all"], found.loc["market_share_all"]
    assert (support["n"], support["base"], support["verdict"]) == (6, 14, "does not hold")
    assert (market["n"], market["base"], market["verdict"]) == (9, 14, "does not hold")
    policy = found.loc["policy_support"]
    assert policy["verdict"] == "read both"
    assert "A058" in policy["segments"]
    assert "T031" in policy["other_segments"]
    assert "D1" in found.loc["no_operation_abroad", "participants"]
    profit, partners = found.loc["profit_at_home"], found.loc["partners"]
    assert "A048" in profit["segments"]
    assert "T025" in profit["other_segments"]
    assert "T036" in partners["segments"]
    assert "T042" in partners["other_segments"]


def claims(*rows):
    names = ["claim", "rule", "code", "statement", "other_code", "who", "value"]
    return pd.DataFrame([[*row, *[None] * (len(names) - len(row))] for row in rows], columns=names)


@pytest.mark.parametrize(
    ("rule", "code", "who", "value", "verdict"),
    [
        ("everyone", "taste", None, None, "holds"),
        ("everyone", "too_salty", None, None, "does not hold"),
        ("everyone", "too_salty", "North", None, "holds"),
        ("everyone", "too_salty", "a", None, "holds"),
        ("most", "too_salty", None, None, "undecided"),  # half is not most; c may speak of it, too
        ("most", "too_bland", "South", None, "undecided"),
        ("most", "too_salty", "North", None, "holds"),
        ("nobody", "too_salty", "West", None, "holds"),
        ("nobody", "fresh", None, None, "does not hold"),
        ("count", "too_salty", None, "2", "undecided"),
        ("count", "too_salty", None, 3.0, "undecided"),
        ("count", "too_salty", None, 4.0, "does not hold"),
        ("count", "taste", None, "4", "holds"),
        ("count", "fresh", "South", "1", "holds"),  # c has a segment of it: nothing is open
    ],
)
def test_rules(rule, code, who, value, verdict):
    segments = SHAPES["three groups"]()
    found = survey.check_claims(segments, claims(["c", rule, code, "It is so", None, who, value]))
    assert tuple(found.columns) == CONTRACTS["interview_claim"]
    assert found["verdict"].tolist() == [verdict]


def test_nobody_interviewed_is_not_everyone():
    found = survey.check_claims(SHAPES["nobody"](), claims(["c", "everyone", "fresh", "All"]))
    assert found["verdict"].tolist() == ["does not hold"]


def test_a_disputed_quotation_is_told():
    table = """
    | segment | participant | code  | quote |
    |---------|-------------|-------|-------|
    | s1      | a           | fresh | Q1    |
    | s2      | b           | fresh | Q1    |
    """
    found = survey.check_claims(canteen(table), claims(["c", "everyone", "fresh", "All"]))
    assert found["verdict"].item() == "holds"
    assert found["reason"].item() == "disputed"


def test_all_problems_of_a_table_are_told_at_once():
    wrong = claims(
        ["one", "always", "freshh", "x"],
        ["one", "both_sides", "fresh", "x"],
        ["two", "count", "fresh", None, None, "East", "some"],
    )
    with pytest.raises(FindingsError) as caught:
        survey.check_claims(SHAPES["three groups"](), wrong)
    told = str(caught.value)
    for part in ("always", "freshh", "'one' stands twice", "other_code", "'statement'", "'some'", "East"):
        assert part in told


def test_tables_that_are_none(tmp_path):
    segments = SHAPES["no group"]()
    with pytest.raises(UsageError):
        survey.check_claims(segments, tmp_path / "none.csv")
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    with pytest.raises((FindingsError, survey.DataError)):
        survey.check_claims(segments, tmp_path / "empty.csv")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FindingsError, match="claim, rule, code, statement"):
        survey.check_claims(segments, tmp_path / "other.csv")
    (tmp_path / "head.csv").write_text("claim,rule,code,statement\n", encoding="utf-8")
    assert survey.check_claims(segments, tmp_path / "head.csv").empty


COARSE = """
| segment | participant | code      |
|---------|-------------|-----------|
| s1      | a           | too_salty |
| s2      | b           | taste     |
| s3      | c           | taste     |
| s3      | c           | too_bland |
| s4      | d           | fresh     |
"""


@pytest.mark.parametrize(
    ("rule", "code", "value", "verdict"),
    [
        ("nobody", "too_bland", None, "does not hold"),
        ("nobody", "too_salty", None, "does not hold"),
        ("nobody", "taste", None, "does not hold"),
        ("everyone", "too_salty", None, "does not hold"),  # with b they would still be two of four
        ("most", "too_salty", None, "does not hold"),
        ("count", "too_salty", "2", "undecided"),
        ("count", "too_salty", "1", "undecided"),
        ("count", "too_salty", "3", "does not hold"),
        ("count", "fresh", "3", "does not hold"),
    ],
)
def test_segments_at_the_subtheme_leave_a_statement_undecided(rule, code, value, verdict):
    segments = canteen(COARSE)
    checked = survey.check_claims(segments, claims(["c", rule, code, "So", None, None, value])).iloc[0]
    assert checked["verdict"] == verdict
    assert (checked["reason"] == "coded_above") == (verdict == "undecided")
    assert ("s2 (b)" in checked["note"]) == (verdict == "undecided")
    assert "s3" not in checked["note"]  # it has a code of the subtheme


@pytest.mark.parametrize(("rule", "who"), [("nobody", "b"), ("everyone", "b"), ("most", "b")])
def test_one_person_who_is_coded_coarsely_alone(rule, who):
    checked = survey.check_claims(
        canteen(COARSE), claims(["c", rule, "too_salty", "So", None, who, None]), lang="en"
    )
    assert checked["verdict"].tolist() == ["undecided"]


def test_the_report_says_what_is_undecided():
    report = survey.analyze_interviews(
        canteen(COARSE), claims=claims(["c", "count", "too_salty", "Two", None, None, 2]), draws=10
    )
    assert "? undecided" in report.sheet("Claims").tables[0].data["verdict"].tolist()
    assert "1 has to be read" in " ".join(report.sheets[0].findings)
