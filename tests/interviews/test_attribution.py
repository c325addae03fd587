"""The same quotation in several places: by its id in our data, by its text in anybody's."""

import pytest

import survey
from survey.errors import UsageError
from tests.interviews.samples import canteen, shipped


def test_eighteen_quotations_are_shared_and_ten_are_in_conflict():
    found = survey.attribution_conflicts(shipped())
    assert len(found) == 18
    assert set(found["by"]) == {"id"}
    disputed = found[found["conflict"]]
    assert len(disputed) == 10
    assert set(disputed["quote"]) == {*("Q02", "Q03", "Q05", "Q06", "Q07", "Q08", "Q09", "Q10", "Q12", "Q15")}
    across = disputed[disputed["across_groups"]]
    assert across["quote"].tolist() == ["Q10"]
    assert across["participants"].item() == ("B3", "D3")
    inside = disputed[disputed["within_code"].map(bool)]
    assert inside[["quote", "within_code"]].values.tolist() == [["Q10", ("institutional_support",)]]
    assert found["quote"].iloc[0] == "Q10"


LONG = "We went abroad because the home market pays too little for new drugs."
TEXTS = f"""
| segment | participant | code      | text                                                           |
|---------|-------------|-----------|----------------------------------------------------------------|
| s1      | a           | too_salty | {LONG}                                                         |
| s2      | b           | too_salty | "{LONG.upper().replace(".", "!")}"                             |
| s3      | c           | fresh     | We went abroad, since the home market pays too little for new drugs! |
| s4      | d           | fresh     | Something else altogether was said about the food here.        |
| s5      | d           | too_bland | Yes.                                                           |
| s6      | a           | too_bland | Yes.                                                           |
"""


def test_near_duplicate_texts_are_found_whatever_case_and_punctuation():
    found = survey.attribution_conflicts(canteen(TEXTS, "a=North b=South c=South d=South"), similarity=0.85)
    assert len(found) == 1
    row = found.iloc[0]
    assert (row["by"], row["segments"], row["participants"]) == ("text", ("s1", "s2", "s3"), ("a", "b", "c"))
    assert row["conflict"]
    assert row["across_groups"]
    assert row["within_code"] == ("too_salty",)
    assert 0.85 <= row["similarity"] < 1


def test_a_stricter_similarity_leaves_the_reworded_one_out():
    found = survey.attribution_conflicts(canteen(TEXTS), similarity=0.99)
    assert found["segments"].tolist() == [("s1", "s2")]
    assert found["similarity"].tolist() == [1.0]


def test_a_cut_of_a_quotation_is_found():
    table = f"""
    | segment | participant | code  | text                              |
    |---------|-------------|-------|-----------------------------------|
    | s1      | a           | fresh | {LONG} And nobody asked us to.    |
    | s2      | b           | fresh | the home market pays too little   |
    """
    found = survey.attribution_conflicts(canteen(table))
    assert found["segments"].tolist() == [("s1", "s2")]


def test_chinese_texts_are_compared_too():
    table = """
    | segment | participant | code  | text                                   |
    |---------|-------------|-------|----------------------------------------|
    | s1      | a           | fresh | 国内市场价格太低，新药得不到应有的回报。   |
    | s2      | b           | fresh | 国内市场价格太低 新药得不到应有的回报     |
    | s3      | b           | fresh | 是的。                                  |
    | s4      | a           | fresh | 是的。                                  |
    """
    found = survey.attribution_conflicts(canteen(table))
    assert found["segments"].tolist() == [("s1", "s2")]


def test_a_shared_id_is_not_found_a_second_time_by_its_text():
    table = f"""
    | segment | participant | code  | quote | text   |
    |---------|-------------|-------|-------|--------|
    | s1      | a           | fresh | Q1    | {LONG} |
    | s2      | a           | taste | Q1    | {LONG} |
    """
    found = survey.attribution_conflicts(canteen(table))
    assert found[["by", "conflict"]].values.tolist() == [["id", False]]


@pytest.mark.parametrize("similarity", [0.5, 90, 0])
def test_a_similarity_outside_its_range(similarity):
    with pytest.raises(UsageError, match="similarity"):
        survey.attribution_conflicts(canteen(TEXTS), similarity=similarity)
