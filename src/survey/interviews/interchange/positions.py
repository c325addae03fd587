"""Where a passage stands in a text, whatever the tool that wrote it counted.

The standard counts Unicode code points of a text with line feeds and without a byte order mark. Tools are
known that count UTF-16 units, a CR LF as one, or the mark too. Where the ways differ for a text, the words a
tool repeats beside its selections decide; where it repeats none, the standard's way is taken and said.
"""

import codecs
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

_BREAK = re.compile("\r\n?")
_LEAST = 3  # a name shorter than this says nothing of the words
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Counting(NamedTuple):
    """One way to count: UTF-16 units instead of code points, CR LF as one, the byte order mark as one."""

    utf16: bool = False
    pairs_as_one: bool = False
    mark: bool = False


STANDARD = Counting()


class Claim(NamedTuple):
    """A selection as the file has it: start, end, and the words it repeats (often cut short, or none)."""

    start: int
    end: int
    words: str = ""


@dataclass(frozen=True)
class Scale:
    """A text with line feeds, and where each of its code points starts in the count of the file."""

    text: str
    starts: Sequence[int]

    def place(self, position: int, *, ends: bool = False) -> int | None:
        """The code point at a position; None where it lies past the end.

        A position inside a pair goes to the pair's start, or where it `ends` a passage, past the pair.
        """
        if position > self.starts[-1]:
            return None
        point = bisect_left(self.starts, position)
        return point if self.starts[point] == position or ends else max(point - 1, 0)

    def exact(self, position: int) -> bool:
        """Whether a code point starts (or the text ends) at a position."""
        place = bisect_left(self.starts, position)
        return place < len(self.starts) and self.starts[place] == position

    def words(self, start: int, end: int) -> str:
        """The words between two positions; those up to the end where the second lies past it."""
        first, last = self.place(start), self.place(end, ends=True)
        return self.text[first:last] if first is not None else ""


@dataclass(frozen=True)
class Chosen:
    """The scale, how it counts, and the grounds: selections whose words agree, of those that can tell.

    `open` says that another way of counting would give other passages and no words decide.
    """

    scale: Scale
    counting: Counting
    agreeing: int
    telling: int
    open: bool


def decoded(raw: bytes) -> tuple[str, bool]:
    """The text of a file and whether a byte order mark stood before it. Raises `UnicodeDecodeError`."""
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding), True
    return raw.decode("utf-8"), False


def scale_of(text: str, counting: Counting = STANDARD) -> Scale:
    """Count through a text as it is stored, line ends and all."""
    plain = _BREAK.sub("\n", text)
    if not counting.mark and "\r\n" not in text and (not counting.utf16 or max(text, default="") <= "\uffff"):
        return Scale(plain, range(len(plain) + 1))
    starts = []
    position = int(counting.mark)
    for place, character in enumerate(text):
        if character == "\n" and place and text[place - 1] == "\r":
            position += not counting.pairs_as_one
            continue
        starts.append(position)
        position += 2 if counting.utf16 and character > "\uffff" else 1
    return Scale(plain, [*starts, position])


def choose(text: str, mark: bool, claims: Sequence[Claim], first: Counting = STANDARD) -> Chosen:
    """Find how the positions of a text were counted, from the words that its selections repeat.

    Parameters
    ----------
    text
        The text as stored, without a byte order mark.
    mark
        Whether one stood before it.
    claims
        The selections.
    first
        What is taken where nothing decides: the standard's way, or what the tool is known to do.
    """
    ways = {
        "utf16": (False, True) if max(text, default="") > "\uffff" else (False,),
        "pairs_as_one": (False, True) if "\r\n" in text else (False,),
        "mark": (False, True) if mark else (False,),
    }
    countings = [Counting(*way) for way in product(*ways.values())]
    countings.sort(key=lambda counting: counting != first)
    scales = [scale_of(text, counting) for counting in countings]
    long_claims = [claim for claim in claims if len(_squeezed(claim.words)) >= _LEAST]
    agrees = [[_agrees(scale, claim) for claim in long_claims] for scale in scales]
    missed = [
        sum(not scale.exact(position) for claim in claims for position in claim[:2]) for scale in scales
    ]
    best = max(range(len(scales)), key=lambda place: (sum(agrees[place]), -missed[place], -place))
    telling = sum(any(way) for way in zip(*agrees, strict=True))
    spans = {tuple(scale.words(claim.start, claim.end) for claim in claims) for scale in scales}
    decided = telling > 0 or all(missed[place] for place in range(len(scales)) if place != best)
    return Chosen(scales[best], countings[best], sum(agrees[best]), telling, len(spans) > 1 and not decided)


def _squeezed(text: str) -> str:
    """Text without white space or a closing ellipsis: names of selections are cut and their lines joined."""
    return "".join(text.split()).removesuffix("...").removesuffix("…")


def _agrees(scale: Scale, claim: Claim) -> bool:
    """Whether the words repeated are those found: all of them, or the first ones where they are cut short."""
    repeated, stored = _squeezed(claim.words), _squeezed(scale.words(claim.start, claim.end))
    cut = claim.words.rstrip().endswith(("...", "…"))
    return stored == repeated or (
        bool(stored) and stored.startswith(repeated) and (cut or len(repeated) >= 20)
    )
