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


def test_remarks_of_the_transcriber_are_no_quotation():
    remark = "[points to the kitchen behind the long glass wall, and waits]"
    table = f"""
    | segment | participant | code  | text                                                                 |
    |---------|-------------|-------|----------------------------------------------------------------------|
    | s1      | a           | fresh | {remark}                                                             |
    | s2      | b           | fresh | They bake over there {remark} from four in the morning, each of them |
    | s3      | c           | fresh | My first week I burnt everything. {remark} That oven was mine.       |
    | s4      | a           | fresh | {LONG} (laughs)                                                      |
    | s5 | b | fresh | We went abroad because the home market (sighs) pays too little for drugs |
    | s6      | c           | fresh | 【指着玻璃墙后面的厨房，停了一会儿，然后继续往下说了很久】 |
    | s7      | d           | fresh | 【指着玻璃墙后面的厨房，停了一会儿，然后继续往下说了很久】对。 |
    """
    rows = survey.attribution_conflicts(canteen(table))
    assert rows["segments"].tolist() == [("s4", "s5")]


def test_likeness_is_not_handed_on_from_text_to_text():
    """A short text inside two long ones, which are unlike, is a row with each; no row has both long ones."""
    short = "the home market pays too little for what we make"
    table = f"""
    | segment | participant | code  | text                                                                 |
    |---------|-------------|-------|----------------------------------------------------------------------|
    | s1      | a           | fresh | {short}                                                              |
    | s2      | b           | fresh | Every spring we said it again: {short}, and every spring nobody came |
    | s3      | c           | fresh | My uncle built the plant on borrowed money. {short}. So he sold it.  |
    | s4      | d           | fresh | {short.upper()}!                                                     |
    """
    rows = survey.attribution_conflicts(canteen(table))
    assert sorted(rows["segments"]) == [("s1", "s2", "s4"), ("s1", "s3", "s4")]
    assert rows["similarity"].between(0.5, 1).all()


def test_a_chain_of_rewordings_is_cut_where_its_ends_are_unlike():
    words = ["we", "sell", "what", "we", "make", "here", "and", "we", "make", "what", "they", "want", "there"]
    said = [" ".join([*("abroad",) * n, *words[n:]]) for n in range(0, 9, 2)]
    lines = "\n".join(f"| s{n} | p{n} | fresh | {text} |" for n, text in enumerate(said))
    rows = survey.attribution_conflicts(
        canteen("| segment | participant | code | text |\n|---|---|---|---|\n" + lines), similarity=0.75
    )
    assert len(rows) > 1
    assert (rows["similarity"] >= 0.75).all()
