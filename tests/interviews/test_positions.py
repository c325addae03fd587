"""Positions in texts that tools count differently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.interviews.interchange.positions import STANDARD, Claim, Counting, choose, decoded, scale_of
from tests.interviews.projects import HARD, PLAIN

WORDS = ["We sell 𠮷 abroad.", "第二段", "😀 We", "访谈B1："]


def counted(text: str, upto: int, counting: Counting) -> int:
    """The position of a code point of the stored text in a way of counting, worked out another way."""
    part = text[:upto]
    if counting.pairs_as_one:
        part = part.replace("\r\n", "\n")
    length = len(part.encode("utf-16-le")) // 2 if counting.utf16 else len(part)
    return length + counting.mark


def claims_in(counting: Counting, *, told: bool) -> list[Claim]:
    """Selections of the words as a tool that counts so would write them."""
    found = []
    for words in WORDS:
        start = HARD.index(words)
        ends = start + len(words)
        found.append(
            Claim(counted(HARD, start, counting), counted(HARD, ends, counting), words if told else "")
        )
    return found


WAYS = [
    Counting(utf16, pairs, mark)
    for utf16 in (False, True)
    for pairs in (False, True)
    for mark in (False, True)
]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_words_beside_selections_tell_how_a_tool_counted(way):
    chosen = choose(HARD, mark=True, claims=claims_in(way, told=True))
    found = [chosen.scale.words(claim.start, claim.end) for claim in claims_in(way, told=False)]
    assert found == WORDS
    assert (chosen.counting, chosen.telling, chosen.agreeing, chosen.open) == (way, 4, 4, False)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_scales_agree_with_counting_by_hand(way):
    scale = scale_of(HARD, way)
    assert scale.text == PLAIN
    for place in range(len(HARD) + 1):
        if HARD[place - 1 : place + 1] == "\r\n" and place:
            continue
        plain = len(HARD[:place].replace("\r\n", "\n"))
        assert scale.place(counted(HARD, place, way)) == plain
    assert scale.place(counted(HARD, len(HARD), way) + 1) is None


def test_without_words_the_standard_holds_and_the_doubt_is_told():
    claims = [Claim(4, 8), Claim(9, 12)]
    chosen = choose(HARD, mark=False, claims=claims)
    assert chosen.counting == STANDARD
    assert chosen.open
    assert not choose(PLAIN[:5], mark=False, claims=[Claim(0, 3)]).open


def test_positions_inside_a_pair_count_against_a_way():
    text = "😀😀ab"
    chosen = choose(text, mark=False, claims=[Claim(4, 6)])  # in code points the text has only 4
    assert (chosen.counting.utf16, chosen.scale.words(4, 6)) == (True, "ab")


def test_short_or_other_names_of_selections_are_no_evidence():
    chosen = choose(HARD, mark=False, claims=[Claim(0, 2, "1"), Claim(0, 5, "Quotation 1:7"), Claim(0, 5)])
    assert (chosen.counting, chosen.telling) == (STANDARD, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_texts_are_decoded_with_or_without_a_mark(encoding):
    assert decoded(HARD.encode(encoding)) == (HARD, encoding != "utf-8")


@given(
    st.text(alphabet="aé访😀𠮷\r\n ", max_size=30),
    st.integers(0, 30),
    st.integers(0, 30),
    st.sampled_from(WAYS),
)
def test_every_place_in_every_text_is_found_again(text, one, other, way):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    scale = scale_of(text, way)
    if "\n" in text[start : start + 1] and text[start - 1 : start] == "\r":
        return  # inside a line end
    if "\n" in text[end : end + 1] and text[end - 1 : end] == "\r":
        return
    words = text[start:end].replace("\r\n", "\n").replace("\r", "\n")
    found = scale.words(counted(text, start, way), counted(text, end, way))
    assert found == words
