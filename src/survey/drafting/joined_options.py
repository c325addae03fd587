"""Several answers in one cell: the sign between them, and the options they are made of."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from survey.drafting.profile import Profile
from survey.ingest.layout import Habits

_SIGNS = ("┋", "|", ";", "；", "\n", "、", ", ", ",", "，")
_COMMAS = (",", ", ", "，", "、")
_MOST_OPTIONS = 60
_LONGEST = 150
_REPEATED = 2.0  # how often an option stands in the cells, on average


@dataclass(frozen=True)
class Joined:
    """The sign between the answers of a cell, and the options with the number of cells they stand in."""

    sign: str
    options: dict[str, int]
    several: int  # cells with more than one

    @property
    def repeated(self) -> float:
        """How often an option stands in the cells, on average."""
        return sum(self.options.values()) / len(self.options)


def joined_options(profile: Profile, habits: Habits) -> Joined | None:
    """Find the options of joined cells; None where the cells hold one answer each, or free text."""
    if profile.dates or profile.times or profile.numbers:
        return None
    signs = (habits.separator, *_SIGNS) if habits.separator else _SIGNS
    for sign in dict.fromkeys(signs):
        several = sum(cells for text, cells in profile.counts.items() if len(cut(text, sign)) > 1)
        if several < 2 or several < profile.filled / 20:
            continue
        options, several = _options(profile.counts, sign)
        if several < 2 or several < profile.filled / 20:
            continue
        joined = Joined(sign, options, several)
        own = sign == habits.separator
        words = sum(len(option.split()) for option in options) / len(options)
        if len(options) > _MOST_OPTIONS or max(map(len, options)) > _LONGEST or len(options) < 2:
            continue
        if own and sign == " " and any(not re.fullmatch(r"[\w.-]+", option) for option in options):
            continue
        comma = sign in _COMMAS and not own
        if comma and (not _varied(profile.counts, sign) or _decimals(profile.counts)):
            continue
        # Sentences hold commas too, but their parts do not come again.
        if joined.repeated >= (3 if comma else _REPEATED) and words < 12:
            return joined
    return None


def cut(text: str, sign: str) -> list[str]:
    """Cut a cell at a sign that stands in no bracket."""
    pieces, depth, piece = [], 0, ""
    place = 0
    while place < len(text):
        if text[place] in "([（【":
            depth += 1
        elif text[place] in ")]）】":
            depth = max(depth - 1, 0)
        if not depth and text.startswith(sign, place) and not _in_a_number(text, place, sign):
            pieces.append(piece)
            piece = ""
            place += len(sign)
            continue
        piece += text[place]
        place += 1
    return [one.strip() for one in (*pieces, piece) if one.strip()]


def _in_a_number(text: str, place: int, sign: str) -> bool:
    """Tell whether a comma parts the thousands of a number: 2,600."""
    before, after = text[place - 1 : place], text[place + 1 : place + 4]
    return sign == "," and before.isdigit() and len(after) == 3 and after.isdigit()


def _decimals(counts: dict[str, int]) -> bool:
    """Tell whether commas stand before decimals, as in 4,8: codes of options would rise within a cell."""
    cells = [text.split(",") for text in counts]
    if not all(len(pieces) < 3 and all(map(str.isdecimal, pieces)) for pieces in cells):
        return False
    return any(int(pieces[0]) >= int(pieces[1]) for pieces in cells if len(pieces) == 2)


def _varied(counts: dict[str, int], sign: str) -> bool:
    """Tell whether pieces of joined cells stand alone or in many ways; "Ind,Near Dem" is one label."""
    cells = [cut(text, sign) for text in counts]
    joined = [pieces for pieces in cells if len(pieces) > 1]
    pieces = {piece for cell in joined for piece in cell}
    alone = {cell[0] for cell in cells if len(cell) == 1}
    return bool(pieces & alone) or len(joined) > len(pieces)


def _options(counts: dict[str, int], sign: str) -> tuple[dict[str, int], int]:
    """The options, and how many cells hold several; pieces that never stand apart are one option."""
    cells = [(cut(text, sign), number) for text, number in counts.items()]
    while pair := _inseparable(cells):
        cells = [(_merged(pieces, pair, sign), number) for pieces, number in cells]
    options: Counter[str] = Counter()
    for pieces, number in cells:
        for piece in dict.fromkeys(pieces):
            options[piece] += number
    return dict(options), sum(number for pieces, number in cells if len(pieces) > 1)


def _inseparable(cells: list[tuple[list[str], int]]) -> tuple[str, str] | None:
    """Two pieces that never stand apart, the second of which begins in the middle of a text."""
    alone: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for pieces, number in cells:
        for piece in pieces:
            alone[piece] += number
        for pair in pairwise(pieces):
            pairs[pair] += number
    for (first, second), number in pairs.items():
        goes_on = second[:1].islower() or second[:1].isdigit() or second.lower().startswith(("and ", "or "))
        goes_on = goes_on or (number > 2 and not second.isascii())  # Chinese has no small letters
        if number == alone[first] == alone[second] and goes_on and first != second:
            return first, second
    return None


def _merged(pieces: list[str], pair: tuple[str, str], sign: str) -> list[str]:
    out: list[str] = []
    for piece in pieces:
        if out and (out[-1], piece) == pair:
            out[-1] = f"{out[-1]}{sign}{piece}"
        else:
            out.append(piece)
    return out
