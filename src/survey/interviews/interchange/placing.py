"""Passages put where their words stand: the position a tool stored is held against the words it stored.

A tool may count in more than one way, even within one project (what was marked by hand, what was coded
automatically): each passage may be placed by any of the ways of its tool, and is placed by none whose text
is not the words stored beside it. Then the words themselves are looked for.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from survey.errors import Place, Problem
from survey.interviews.interchange.positions import Claim, Counting, Scale, scale_of

_BREAK = re.compile("\r\n?|\u2028|\u2029")  # line ends as tools store them; the last two are those of Qt


@dataclass(frozen=True)
class Placement:
    """Where a passage stands in a text, in code points, and its words; no place where it has none.

    `how` says on what grounds: its words stand "there"; no words are stored ("unchecked"); they stand once
    "elsewhere"; they are "lost".
    """

    start: int | None
    end: int | None
    words: str
    how: str


def scales_of(text: str) -> list[Scale]:
    """Every way of counting that makes a difference in a text, code points first."""
    mark = text.startswith("\ufeff")
    words = text.removeprefix("\ufeff")
    ways = (
        (False, True) if max(words, default="") > "\uffff" else (False,),
        (False, True) if "\r\n" in words else (False,),
        (True, False) if mark else (False,),
    )
    return [scale_of(words, Counting(*way)) for way in product(*ways)]


def place_all(
    claims: Sequence[Claim], scales: Sequence[Scale], *, one_too_many: bool = False
) -> list[Placement]:
    """Place the passages of a text: one placement per claim, in their order.

    Parameters
    ----------
    claims
        Positions as stored, and the words stored beside them.
    scales
        The ways the tool may count, all of the same text. For a passage whose words are not stored, the way
        counts that most others agree with, the first where none does.
    one_too_many
        The words may begin with one character that stands before the passage (RQDA stores them so after a
        text was edited).
    """
    agreeing = [[_agreement(scale, claim, one_too_many) for claim in claims] for scale in scales]
    order = sorted(range(len(scales)), key=lambda way: -sum(map(bool, agreeing[way])))
    squeezed: _Squeezed | None = None
    placements = []
    for number, claim in enumerate(claims):
        way = max(order, key=lambda way: agreeing[way][number])  # the first of the best
        if agreeing[way][number] or not _squeeze(claim.words):
            placements.append(_placed(scales[way], claim, checked=agreeing[way][number] > 0))
            continue
        squeezed = squeezed or _Squeezed(scales[0].text)
        span = squeezed.only(claim.words)
        if span is None:
            placements.append(Placement(None, None, _BREAK.sub("\n", claim.words), "lost"))
        else:
            placements.append(Placement(*span, scales[0].text[slice(*span)], "elsewhere"))
    return placements


def placement_notices(placements: Sequence[Placement], place: Place) -> list[Problem]:
    """Say how many passages of a text do not stand where the file says they do."""
    counts = Counter(placement.how for placement in placements)
    return [
        Problem(f"passages_{how}", place, {"count": counts[how], "all": len(placements)})
        for how in ("elsewhere", "lost", "unchecked")
        if counts[how]
    ]


def _placed(scale: Scale, claim: Claim, *, checked: bool) -> Placement:
    start, end = scale.place(claim.start), scale.place(claim.end, ends=True)
    while start is not None and scale.starts[start + 1 : start + 2] == scale.starts[start : start + 1]:
        start += 1  # a line feed that was put in between two paragraphs
    if start is None or end is None or start >= end:
        return Placement(None, None, "", "lost")
    return Placement(start, end, scale.text[start:end], "there" if checked else "unchecked")


def _agreement(scale: Scale, claim: Claim, one_too_many: bool) -> int:
    """How well a way of counting fits the words stored: 2 to the letter, 1 but for white space, else 0."""
    placement = _placed(scale, claim, checked=True)
    fits = 0
    for words in (claim.words, claim.words[1:]) if one_too_many else (claim.words,):
        words = _BREAK.sub("\n", words)
        if _squeeze(words) and _squeeze(words) == _squeeze(placement.words):
            fits = max(fits, 1 + (words == placement.words))
    return fits


def _squeeze(text: str) -> str:
    """Text without white space: tools keep line ends of a passage in their own ways."""
    return "".join(text.split())


class _Squeezed:
    """A text without white space, and where each character of it stands in the text."""

    def __init__(self, text: str) -> None:
        self.places = [place for place, character in enumerate(text) if not character.isspace()]
        self.text = "".join(text[place] for place in self.places)

    def only(self, words: str) -> tuple[int, int] | None:
        """Start and end of the only stretch of the text with these words; None where there is no such one."""
        wanted = _squeeze(words)
        first = self.text.find(wanted)
        if first < 0 or self.text.find(wanted, first + 1) >= 0:
            return None
        return self.places[first], self.places[first + len(wanted) - 1] + 1
