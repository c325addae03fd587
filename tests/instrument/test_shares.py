"""What a share counts, and the word that findings files have for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import survey
from survey.instrument.shares import RESPONDENTS, SELECTING, Statistic, known_statistics, shown_share
from tests.paths import EXAMPLES

WORDS = {
    "respondents": RESPONDENTS,
    "share_selecting": SELECTING,
    "share_rated_4": Statistic("rated", 4),
    "share_rated_-2": Statistic("rated", -2),
    "share_rated_0": Statistic("rated", 0),
    "top_2_box": Statistic("top_box", 2),
    "top_10_box": Statistic("top_box", 10),
}


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_read_and_written(word):
    assert Statistic.parse(word) == WORDS[word]
    assert str(WORDS[word]) == word


@pytest.mark.parametrize(
    "word",
    [
        "",
        "top_0_box",
        "top_two",
        "top_2_boxes",
        "share_rated_",
        "share_rated_04",
        "Respondents",
        "rank",
        "top_box",
    ],
)
def test_other_words_mean_nothing(word):
    assert Statistic.parse(word) is None


@given(st.text() | st.from_regex(r"(share_rated_|top_)-?\d+(_box)?", fullmatch=True))
def test_every_word_that_means_something_is_the_one_that_is_written(word):
    statistic = Statistic.parse(word)
    assert statistic is None or str(statistic) == word


def test_what_a_question_may_be_counted_by():
    seven = survey.load_instrument(EXAMPLES / "seven-points.yaml")
    battery, region = seven.question("agreement"), seven.question("region")
    assert known_statistics(seven, region) == (SELECTING,)
    assert [str(one) for one in known_statistics(seven, battery)] == [
        *(f"share_rated_{point}" for point in range(1, 8)),
        *(f"top_{points}_box" for points in range(1, 7)),
    ]
    assert shown_share(seven, region) == SELECTING
    assert shown_share(seven, battery) == Statistic("top_box", seven.scale_of(battery).top)
    everything = survey.load_instrument(EXAMPLES / "everything.yaml")
    assert known_statistics(everything, everything.question("spent")) == ()
