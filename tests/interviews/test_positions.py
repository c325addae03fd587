"""Positions in texts that tools count differently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.errors import UsageError
from survey.interviews.interchange.positions import (
    STANDARD,
    Claim,
    Counting,
    choose,
    counting_named,
    counting_of_project,
    decoded,
    scale_of,
)
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
    assert (chosen.counting, chosen.telling, chosen.agreeing, chosen.grounds) == (way, 4, 4, "words")


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


LINES = [
    "The café is quiet 😀 on Friday evenings.",
    "She closes it alone 𠮷.",
    "周五夜晚很安静😀。",
    "Rain.",
] * 3
TEXT = "\r\n".join(LINES)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_without_words_the_edges_of_lines_and_words_decide(way):
    """Selections that repeat nothing: whole lines, and a few words inside them."""
    claims, want = [], []
    place = 0
    for line in LINES:
        for words in (line, *line.split(" ")[1:3]):
            start = TEXT.index(words, place)
            spans = (counted(TEXT, start, way), counted(TEXT, start + len(words), way))
            claims.append(Claim(*spans))
            want.append(words)
        place += len(line) + 2
    chosen = choose(TEXT, mark=True, claims=claims)
    assert [chosen.scale.words(claim.start, claim.end) for claim in claims] == want
    assert (chosen.counting, chosen.grounds, chosen.open) == (way, "edges", False)
    assert chosen.whole > chosen.other_whole


def test_without_any_evidence_the_standard_holds_and_the_doubt_is_told():
    hanzi = "夜晚安静\r\n" + "安静夜晚灯光下雨" * 3
    claims = [Claim(9, 12), Claim(13, 15)]  # between signs of Chinese, whichever way
    chosen = choose(hanzi, mark=False, claims=claims)
    assert (chosen.counting, chosen.grounds, chosen.differing) == (STANDARD, "standard", 2)
    assert chosen.open
    tool = choose(hanzi, mark=False, claims=claims, tool=Counting(pairs_as_one=True))
    assert (tool.counting, tool.grounds, tool.open) == (Counting(pairs_as_one=True), "tool", True)
    beside = choose(hanzi, mark=False, claims=claims, tool=STANDARD, project=Counting(pairs_as_one=True))
    assert (beside.counting, beside.grounds, beside.open) == (Counting(pairs_as_one=True), "project", True)
    assert not choose(PLAIN[:5], mark=False, claims=[Claim(0, 3)]).open


def test_a_text_overrules_what_a_tool_is_known_to_do():
    claims = claims_in(STANDARD, told=False) * 2
    chosen = choose(HARD, mark=False, claims=claims, tool=Counting(utf16=True))
    assert (chosen.counting, chosen.grounds) == (STANDARD, "edges")


def test_what_the_user_names_is_taken():
    claims = claims_in(STANDARD, told=True)
    chosen = choose(HARD, mark=False, claims=claims, named=counting_named("utf16+crlf-as-one"))
    assert (chosen.counting, chosen.grounds) == (Counting(utf16=True, pairs_as_one=True), "named")
    assert counting_named("standard") == STANDARD
    with pytest.raises(UsageError, match="bytes"):
        counting_named("bytes")


def test_texts_that_contradict_each_other_decide_nothing_for_a_third():
    one = choose(HARD, mark=False, claims=claims_in(STANDARD, told=True))
    other = choose(HARD, mark=False, claims=claims_in(Counting(utf16=True), told=True))
    assert counting_of_project([one, one], None) == STANDARD
    assert counting_of_project([other], None) == Counting(utf16=True)
    assert counting_of_project([one, other], None) is None


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
