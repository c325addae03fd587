"""Tables of the interviews against base R and jieba (tests/reference/interviews.md)."""

import pandas as pd
import pytest

import survey
from tests.paths import ROOT

REFERENCE = ROOT / "tests" / "reference"


@pytest.fixture(scope="module")
def segments():
    return survey.read_segments(REFERENCE / "interviews-data.csv", "interview-codebook@1.0.0")


@pytest.fixture(scope="module")
def expected():
    kinds = {"key": str, "other": str}
    return pd.read_csv(REFERENCE / "interviews.csv", dtype=kinds, keep_default_na=False)


def of(expected, topic, statistic):
    rows = expected[(expected["topic"] == topic) & (expected["statistic"] == statistic)]
    values = [float(value) for value in rows["value"]]
    return dict(zip(zip(rows["key"], rows["other"], strict=True), values, strict=True))


def test_the_framework_is_a_crosstab_of_the_segments(segments, expected):
    table = survey.framework_matrix(segments)
    cells = list(zip(table["participant"], table["code"], strict=True))
    assert dict(zip(cells, table["n_segments"], strict=True)) == of(expected, "framework", "n_segments")
    known = set(segments.data["gist"].dropna())
    own = {cell: len(set(gists) & known) for cell, gists in zip(cells, table["gists"], strict=True)}
    assert own == of(expected, "framework", "gists")


def test_people_with_a_code_by_an_attribute(segments, expected):
    table = survey.compare_cases(segments, level="code", by="Role")
    for statistic in ("n", "base"):
        wanted = of(expected, "attribute", statistic)
        own = dict(zip(zip(table["code"], table["group"], strict=True), table[statistic], strict=True))
        assert {cell: own[cell] for cell in wanted} == wanted
    used = {code for code, _ in of(expected, "attribute", "n")}
    assert table.loc[~table["code"].isin(used), "n"].sum() == 0


def test_codes_on_the_same_passages(segments, expected):
    table = survey.code_cooccurrence(segments, within="passages")
    assert set(table["base"]) == {of(expected, "passages", "base")["", ""]}
    pairs = list(zip(table["code"], table["other_code"], strict=True))
    for statistic in ("n", "jaccard", "phi"):
        own = dict(zip(pairs, table[statistic], strict=True))
        wanted = of(expected, "passages", statistic)
        assert {pair: own[pair] for pair in wanted} == pytest.approx(wanted)
    assert len(of(expected, "passages", "n")) == 36


def test_english_words_are_counted_as_r_counts_them(segments, expected):
    table = survey.word_counts(segments)
    latin = table[table["word"].str.fullmatch("[a-z]+")]
    everybody = latin[latin["group"] == ""].set_index("word")
    for statistic in ("n", "n_participants"):
        wanted = {
            word: value for (word, group), value in of(expected, "words", statistic).items() if not group
        }
        assert everybody[statistic].to_dict() == wanted
    groups = latin[latin["group"] != ""]
    own = dict(zip(zip(groups["word"], groups["group"], strict=True), groups["n"], strict=True))
    assert own == {cell: value for cell, value in of(expected, "words", "n").items() if cell[1]}


def test_chinese_words_are_those_of_jieba(segments):
    jieba = pd.read_csv(REFERENCE / "interviews-words.csv").set_index("word")
    table = survey.word_counts(segments)
    table = table[(table["group"] == "") & table["word"].str.fullmatch("[\u4e00-\u9fff]+")].set_index("word")
    assert table[["n", "n_participants"]].astype(int).to_dict() == jieba.to_dict()


@pytest.mark.parametrize("keyword", ["customer", "firm", "people", "the"])
def test_words_stand_in_context_where_r_finds_them(segments, expected, keyword):
    rows = expected[(expected["topic"] == "kwic") & (expected["key"] == keyword)]
    table = survey.keyword_in_context(segments, keyword, window=10_000)
    own = sorted(zip(table["segment"], table["before"].str.len(), strict=True))
    assert own == sorted(zip(rows["other"], rows["value"].astype(float), strict=True))
    texts = segments.data.drop_duplicates("segment").set_index("segment")["text"]
    for row in table.itertuples():
        assert row.before + row.keyword + row.after == texts[row.segment]
