"""Rankings whose cells name options: all of them in one cell, the first on top, or a column for each rank."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from typing import NamedTuple

from survey.drafting.joined_options import cut, joined_options
from survey.drafting.profile import Profile
from survey.ingest.cell_values import as_text
from survey.ingest.layout import Habits
from survey.instrument.scale import place_forms
from survey.wording import normalise

_ARROWS = ("→", "->", "⇒", "➔", " > ", "＞")
_RANK = re.compile(r"rank(?:ing|ed)?|place|choice|priority|排名|排序|名次|第", re.IGNORECASE)
_FEWEST_CELLS = 5  # of fewer it may be chance
_MOST_OPTIONS = 30
_EITHER_WAY = 0.1  # of the cells: so many name two options now this way round, now the other


class Order(NamedTuple):
    """The options of ranked cells with how many name them, the places, the sign between them, how sure."""

    options: dict[str, int]
    places: int
    sign: str
    confidence: float


def ordered_cells(profile: Profile, habits: Habits) -> Order | None:
    """Tell whether cells name options in an order: an arrow says so, else the same number in changing orders.

    The options of a select-all question stand in the order of the questionnaire; where every cell names all
    of them, in different orders, they were ranked.
    """
    texts = [text for text, count in profile.counts.items() for _ in range(count)]
    arrow = next((sign for sign in _ARROWS if sum(sign in text for text in profile.counts) > 1), "")
    if arrow:
        cells = [cut(text, arrow) for text in texts]
        of_platform = habits != Habits()  # elsewhere an arrow may lead from one place to another
        return _order(cells, arrow, 0.95 if of_platform else 0.7)
    joined = joined_options(profile, habits)
    if joined is None or len(texts) < _FEWEST_CELLS:
        return None
    cells = [cut(text, joined.sign) for text in texts]
    lengths = set(map(len, cells))
    if len(lengths) > 1 or min(lengths) < 3 or not _turned_round(cells):
        return None
    order = _order(cells, joined.sign, 0.85)
    return order if order is None or order.places == len(order.options) else order._replace(confidence=0.7)


def _order(cells: Sequence[Sequence[str]], sign: str, sure: float) -> Order | None:
    options = Counter(piece for cell in cells for piece in cell)
    twice = any(len(set(cell)) < len(cell) for cell in cells)
    if twice or not 1 < len(options) <= _MOST_OPTIONS or len(options) > sum(map(len, cells)) / 2:
        return None
    return Order(dict(options), max(map(len, cells)), sign, sure)


def _turned_round(cells: Sequence[Sequence[str]]) -> bool:
    """Tell whether options stand in no fixed order: two of them come now this way round, now the other."""
    before = Counter(pair for cell in cells for pair in combinations(cell, 2))
    least = max(2, _EITHER_WAY * len(cells))
    return any(before[second, first] >= least for (first, second), count in before.items() if count >= least)


def is_rank(head: str) -> bool:
    """Tell whether what stands before a number says that it is a rank, and not what was asked."""
    return _RANK.fullmatch(head.strip(" _.-")) is not None


def place_of(text: str, places: int) -> int | None:
    """The place that a cell or a header names ("1st choice", "Rank 2"), 1 the first."""
    form = normalise(text)
    most = min(places, _MOST_OPTIONS)
    return next((place for place in range(1, most + 1) if form in _forms(place)), None)


@cache
def _forms(place: int) -> frozenset[str]:
    return frozenset({str(place), *map(normalise, place_forms(place))})


def option_of_each_rank(members: Sequence[Profile], tails: Sequence[str]) -> Order | None:
    """The options of columns that are headed by the ranks 1, 2, 3 and so on and hold the option of each.

    Nobody names an option twice, nobody leaves a rank out before another one, and the columns share options.
    """
    if len(members) < 2 or [place_of(tail, len(tails)) for tail in tails] != list(range(1, len(tails) + 1)):
        return None
    if any(one.numbers or one.dates or not one.counts for one in members):
        return None
    rows = [[as_text(cell).strip() for cell in row] for row in _filled(members)]
    shared = Counter(text for one in members for text in one.counts)
    if len(rows) < _FEWEST_CELLS or sum(count > 1 for count in shared.values()) < len(shared) / 2:
        return None
    words = not all(tail.strip().isdigit() for tail in tails)
    return _order(rows, "", 0.95 if words else 0.8)


def _filled(members: Sequence[Profile]) -> Iterator[list[object]]:
    """The filled cells of every row that has some; a gap before an answer gives the same cell twice."""
    for row in zip(*(one.column.cells for one in members), strict=True):
        kept = [cell for cell in row if cell is not None]
        if kept:
            yield kept if None not in row[: len(kept)] else [kept[0], kept[0]]
