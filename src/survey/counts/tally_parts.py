"""Parts of a tally that add up: sums of complete cases, refused cells; and how much of each is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]

# Different patterns of a banner (each is a row of all indicators); of a question, alone or with a banner; the
# values of a number, which are kept to fewer digits first (with a banner: as many rows as patterns).
MOST_GROUPS = 2_048


MOST_PATTERNS = 262_144


MOST_VALUES = 65_536


@dataclass(frozen=True, eq=False)
class CompleteCases:
    """Sums over those who answered every part of a question that anybody answered (`asked`, one per part).

    `pairs`: joint table of all codes of all parts. `totals`: histogram of the sum of the answers (the
    `steps` of points, or ticks), the lowest possible sum first. `ties`: over respondents and points, how
    often so many parts were answered alike. Exclusive options take no part.
    """

    asked: "npt.NDArray[np.bool_]"
    n: "Whole"
    pairs: "Whole"
    totals: "Whole"
    ties: "Whole"

    def __add__(self, other: "CompleteCases") -> "CompleteCases":
        """Add; where one side lacks a part that the other has, nobody of it answered every part."""
        asked = self.asked | other.asked
        kept = [one for one in (self, other) if (one.asked == asked).all()]
        if len(kept) == 2:
            names = ("n", "pairs", "totals", "ties")
            return CompleteCases(asked, *(getattr(self, name) + getattr(other, name) for name in names))
        blank = CompleteCases(asked, self.n * 0, self.pairs * 0, self.totals * 0, self.ties * 0)
        return kept[0] if kept else blank


@dataclass(frozen=True)
class Refusal:
    """Cells of a column that could not be counted, with the same value; `key`: the message that says why."""

    source: str
    column: str
    key: str
    value: str
    n: int


_MOST_REFUSALS = 1_000


def add_refusals(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """One per file, column, reason and value; past a thousand those of a column together, without value."""
    sums: dict[tuple[str, str, str, str], int] = {}
    for one in refusals:
        key = (one.source, one.column, one.key, one.value)
        if key not in sums and len(sums) >= _MOST_REFUSALS:
            key = (*key[:3], "...")
        sums[key] = sums.get(key, 0) + one.n
    return tuple(Refusal(*key, n) for key, n in sums.items())
