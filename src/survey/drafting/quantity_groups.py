"""Columns of numbers that make one question together: ranks of options, and parts of a constant sum.

What tells is the rows: every respondent gave the ranks 1, 2, 3 and so on once each, or numbers with one sum.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from survey.drafting.orders import place_of
from survey.drafting.profile import Profile
from survey.ingest.cell_values import as_text

_FEWEST_ROWS = 5  # of fewer rows it may be chance
_FEWEST_PARTS = 3
_TOTALS = (10, 100, 1000)
_SAME_SUM = 0.95  # of the rows: the others were filled in wrongly


class Quantities(NamedTuple):
    """What columns are together: the kind, the places of a ranking or the total of a sum, rows looked at."""

    kind: str
    number: float
    rows: int


def quantities_of(members: list[Profile]) -> Quantities | None:
    """Tell whether columns are ranks or shares of a sum; None where the rows do not say so."""
    if len(members) < _FEWEST_PARTS or any(one.labelled for one in members):
        return None
    rows = _rows(members)
    if rows is None or len(rows) < _FEWEST_ROWS:
        return None
    if all(sorted(row) == list(range(1, len(row) + 1)) for row in rows) and max(map(len, rows)) > 1:
        return Quantities("ranking", max(map(len, rows)), len(rows))
    total = _one_sum(rows)
    if total in _TOTALS:
        return Quantities("constant_sum", total, len(rows))
    return None


def add_up(members: Sequence[Profile]) -> bool:
    """Tell whether the numbers of every row have one sum, as parts do; two columns only a round one."""
    rows = _rows([one for one in members if one.numbers])
    if rows is None or len(rows) < _FEWEST_ROWS:
        return False
    total = _one_sum(rows)
    return total in _TOTALS or (total is not None and len(members) >= _FEWEST_PARTS)


def _rows(members: list[Profile]) -> list[list[float]] | None:
    """The numbers of every row that has any; None where an answer is no number."""
    numbers = [_numbers(one, len(members)) for one in members]
    if not members or any(len(known) != one.different for known, one in zip(numbers, members, strict=True)):
        return None
    cells = [
        [None if raw is None else known.get(as_text(raw).strip()) for raw in one.column.cells]
        for known, one in zip(numbers, members, strict=True)
    ]
    rows = [[number for number in row if number is not None] for row in zip(*cells, strict=True)]
    return [row for row in rows if row]


def _one_sum(rows: list[list[float]]) -> float | None:
    """The sum that nearly all rows have, where they are not all the same."""
    total, count = Counter(round(sum(row), 6) for row in rows).most_common(1)[0]
    varied = len({tuple(row) for row in rows}) > 1
    return total if varied and count >= _SAME_SUM * len(rows) else None


def _numbers(profile: Profile, places: int) -> dict[str, float]:
    """The number that each answer is, or the place that it names: "1st choice"."""
    if profile.numbers:
        return profile.numbers
    named = {text: place_of(text, places) for text in profile.counts}
    return {text: float(place) for text, place in named.items() if place is not None}
