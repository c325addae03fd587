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
        ("most", "too_salty", None, None, "does not hold"),  # half is not most
        ("most", "too_salty", "North", None, "holds"),
        ("nobody", "too_salty", "West", None, "holds"),
        ("nobody", "fresh", None, None, "does not hold"),
        ("count", "too_salty", None, "2", "holds"),
        ("count", "too_salty", None, 3.0, "does not hold"),
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
