"""Where a passage stands in a text, whatever the tool that wrote it counted.

The standard counts Unicode code points of a text with line feeds and without a byte order mark. Tools are
known that count UTF-16 units, a CR LF as one, or the mark too. Where the ways differ for a text, the words a
tool repeats beside its selections decide; where it repeats none, the text does: people mark whole words and
lines, so a way of counting that cuts words is unlikely. Where neither decides, what the tool is known to do
is taken, else the standard's way, and that is said.
"""

import codecs
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from survey.errors import usage

_BREAK = re.compile("\r\n?")
_LEAST = 3  # a name shorter than this says nothing of the words
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


# What an end of a passage says for a way of counting: at the edge of a line or beside punctuation, at the
# edge of a word, beside white space that it takes in, between two signs of a script without spaces, inside a
# word, inside what is one sign. Words that are repeated weigh most.
_LINE, _WORD, _SPACE, _UNTOLD, _INSIDE, _BROKEN = 2, 1, -1, 0, -2, -4
_AGREES = 10
# Two ways are told apart where one is ahead by so much: one passage cut inside two words against one that is
# whole decides, a single edge does not.
DECISIVE = 4


class Counting(NamedTuple):
    """One way to count: UTF-16 units instead of code points, CR LF as one, the byte order mark as one."""

    utf16: bool = False
    pairs_as_one: bool = False
    mark: bool = False

    @property
    def named(self) -> str:
        """As `positions=` names it."""
        return "+".join(name for name, field in NAMES.items() if getattr(self, field)) or "standard"


STANDARD = Counting()
# What tools are known to do, by a word of the name they give themselves (`origin`).
OF_TOOLS = {"nvivo": Counting(utf16=True), "atlas": Counting(pairs_as_one=True)}
# The words of `positions=` for a way of counting.
NAMES = {"utf16": "utf16", "crlf-as-one": "pairs_as_one", "mark": "mark"}


def counting_of_tool(origin: str) -> Counting | None:
    """How a tool is known to count; None where nothing is known."""
    return next((way for name, way in OF_TOOLS.items() if name in origin.lower()), None)


def counting_named(positions: str) -> Counting:
    """The way of counting that a user names: "standard", or words of `NAMES` joined by "+".

    Raises
    ------
    UsageError
        It is none of them.
    """
    parts = positions.strip().lower().split("+")
    if parts == ["standard"]:
        return STANDARD
    if not all(part in NAMES for part in parts):
        raise usage("positions_unknown", positions=positions, known=["standard", *NAMES])
    return Counting(**{NAMES[part]: True for part in parts})


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
    """The scale, how it counts, and the grounds.

    Attributes
    ----------
    scale, counting
        The scale that was taken, and its way of counting.
    grounds
        "only" where all ways give the same passages, "named" by the user, "words" that selections repeat,
        "edges" of words and lines, "project" (the other texts of the project), "tool" (what it is known to
        do), "standard" where there is nothing to go by.
    agreeing, telling
        Selections whose repeated words agree, of those that agree in any way.
    whole, other_whole
        Passages that begin and end at edges of words or lines, in this way and in the next likely one.
    differing
        Selections that another way would read otherwise.
    matters
        The ways (fields of `Counting`) on which the passages hang.
    """

    scale: Scale
    counting: Counting
    grounds: str
    agreeing: int = 0
    telling: int = 0
    whole: int = 0
    other_whole: int = 0
    differing: int = 0
    matters: frozenset[str] = frozenset()

    @property
    def open(self) -> bool:
        """Whether the passages may be others: another way gives others and nothing here decides."""
        return self.grounds in ("project", "tool", "standard")


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


def choose(
    text: str,
    mark: bool,
    claims: Sequence[Claim],
    *,
    tool: Counting | None = None,
    project: Counting | None = None,
    named: Counting | None = None,
) -> Chosen:
    """Find how the positions of a text were counted.

    Parameters
    ----------
    text
        The text as stored, without a byte order mark.
    mark
        Whether one stood before it.
    claims
        The selections.
    tool
        What the tool is known to do; None where nothing is known.
    project
        How the other texts of the project were counted, where they decide it.
    named
        What the user says; then nothing is looked for.
    """
    marked = mark or (named is not None and named.mark)
    choices = {
        "utf16": (False, True) if max(text, default="") > "\uffff" else (False,),
        "pairs_as_one": (False, True) if "\r\n" in text else (False,),
        "mark": (False, True) if marked else (False,),
    }
    countings = [Counting(*way) for way in product(*choices.values())]

    def here(way: Counting) -> Counting:
        """A way of counting without what makes no difference in this text."""
        return Counting(*(used and len(choices[name]) > 1 for name, used in way._asdict().items()))

    if named is not None:
        return Chosen(scale_of(text, here(named)), here(named), "named")
    scales = {way: scale_of(text, way) for way in countings}
    spans = {way: [scale.words(claim.start, claim.end) for claim in claims] for way, scale in scales.items()}
    agrees = {way: [_agrees(scale, claim) for claim in claims] for way, scale in scales.items()}
    ends = {
        way: [
            (_edge(scale, claim.start, starts=True), _edge(scale, claim.end, starts=False))
            for claim in claims
        ]
        for way, scale in scales.items()
    }
    scores = {way: _AGREES * sum(agrees[way]) + sum(map(sum, ends[way])) for way in countings}
    wanted = [(name, here(way)) for name, way in (("project", project), ("tool", tool)) if way is not None]
    wanted.append(("standard", STANDARD))
    best = max(scores.values())
    likely = [way for way in countings if best - scores[way] < DECISIVE]
    if len({tuple(spans[way]) for way in likely}) == 1:
        chosen = next((way for _, way in wanted if way in likely), max(likely, key=scores.__getitem__))
        grounds = "only"
    else:
        named_grounds = next(((name, way) for name, way in wanted if way in likely), None)
        grounds, chosen = named_grounds or ("standard", max(likely, key=scores.__getitem__))
    others = [way for way in countings if spans[way] != spans[chosen]]
    if grounds == "only" and others:
        grounds = "words" if sum(agrees[chosen]) else "edges"
    next_best = max(others, key=scores.__getitem__) if others else chosen
    return Chosen(
        scales[chosen],
        chosen,
        grounds,
        agreeing=sum(agrees[chosen]),
        telling=sum(any(way) for way in zip(*agrees.values(), strict=True)),
        whole=sum(min(pair) > 0 for pair in ends[chosen]),
        other_whole=sum(min(pair) > 0 for pair in ends[next_best]),
        differing=sum(
            len(set(read)) > 1 for read in zip(*(spans[way] for way in [chosen, *others]), strict=True)
        ),
        matters=_deciding(spans),
    )


def _deciding(spans: dict[Counting, list[str]]) -> frozenset[str]:
    """The ways of counting on which the passages hang: without one of them they are others."""
    return frozenset(
        name for name in NAMES.values() for way in spans if spans[way] != spans[way._replace(**{name: False})]
    )


def counting_of_project(texts: Sequence[Chosen], tool: Counting | None) -> Counting | None:
    """How a project was counted, as far as its texts decide it; None where they contradict each other.

    What no text decides is what the tool is known to do, else the standard's way.
    """
    decided = [text for text in texts if text.grounds in ("words", "edges")]
    values = {
        name: {getattr(text.counting, name) for text in decided if name in text.matters}
        for name in NAMES.values()
    }
    if not decided or any(len(found) > 1 for found in values.values()):
        return None
    return (tool or STANDARD)._replace(**{name: found.pop() for name, found in values.items() if found})


def _edge(scale: Scale, position: int, *, starts: bool) -> int:
    """What a position says for a way of counting, as the start or the end of a passage."""
    if not scale.exact(position):
        return _BROKEN
    place = scale.place(position) or 0
    outside, inside = scale.text[place - 1 : place], scale.text[place : place + 1]
    if not starts:
        outside, inside = inside, outside
    if inside.isspace() or not inside:
        return _SPACE
    if outside in ("", "\n") or _closes(outside if starts else inside):
        return _LINE
    if outside.isspace():
        return _WORD
    if not (outside.isalnum() and inside.isalnum()):
        return _WORD
    return _UNTOLD if min(outside, inside) > "\u2e7f" else _INSIDE


def _closes(sign: str) -> bool:
    """Whether a sign ends a sentence."""
    return sign in ".!?\u2026\u3002\uff01\uff1f\uff1b;"


def _squeezed(text: str) -> str:
    """Text without white space or a closing ellipsis: names of selections are cut and their lines joined."""
    return "".join(text.split()).removesuffix("...").removesuffix("…")


def _agrees(scale: Scale, claim: Claim) -> bool:
    """Whether the words repeated are those found: all of them, or the first ones where they are cut short."""
    repeated, stored = _squeezed(claim.words), _squeezed(scale.words(claim.start, claim.end))
    if len(repeated) < _LEAST:
        return False
    cut = claim.words.rstrip().endswith(("...", "…"))
    return stored == repeated or (
        bool(stored) and stored.startswith(repeated) and (cut or len(repeated) >= 20)
    )


FURTHEST = 1 << 53  # no text is so long
