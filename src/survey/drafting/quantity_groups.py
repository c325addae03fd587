"""Columns of numbers that make one question together: ranks of options, and parts of a constant sum.

What tells is the rows: every respondent gave the ranks 1, 2, 3 and so on once each, or numbers with one sum.
"""

from collections import Counter
from typing import NamedTuple

from survey.drafting.profile import Profile
from survey.ingest.cell_values import as_text

_FEWEST_ROWS = 5  # of fewer rows it may be chance
_FEWEST_PARTS = 3
_SAME_SUM = 0.95  # of the rows: the others were filled in wrongly


class Quantities(NamedTuple):
    """What columns are together: the kind, the places of a ranking or the total of a sum, rows looked at."""

    kind: str
    number: float
    rows: int


def quantities_of(members: list[Profile]) -> Quantities | None:
    """Tell whether columns are ranks or shares of a sum; None where the rows do not say so."""
    if len(members) < _FEWEST_PARTS or any(
        one.labelled or len(one.numbers) != one.different for one in members
    ):
        return None
    cells = [
        [None if raw is None else one.numbers.get(as_text(raw).strip()) for raw in one.column.cells]
        for one in members
    ]
    rows = [[number for number in row if number is not None] for row in zip(*cells, strict=True)]
    rows = [row for row in rows if row]
    if len(rows) < _FEWEST_ROWS:
        return None
    if all(sorted(row) == list(range(1, len(row) + 1)) for row in rows) and max(map(len, rows)) > 1:
        return Quantities("ranking", max(map(len, rows)), len(rows))
    sums = Counter(round(sum(row), 6) for row in rows)
    total, count = sums.most_common(1)[0]
    varied = len({tuple(row) for row in rows}) > 1
    if total in (10, 100, 1000) and varied and count >= _SAME_SUM * len(rows):
        return Quantities("constant_sum", total, len(rows))
    return None
