"""What counts hand to statistics: answers by the patterns of groups, pairs of patterns, values of numbers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]
    Members = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GroupTable:
    """Patterns of a banner x indicators of a question.

    `members`: patterns x options of the banner, 1.0 in it, 0.0 outside it, nan unknown; `counts`: patterns x
    indicators. Respondents of whom nothing is known may be left out.
    """

    members: "Members"
    counts: "Whole"


@dataclass(frozen=True, eq=False)
class PatternPairs:
    """The patterns of two questions and how many respondents have which two.

    `first`, `second`: patterns x parts (1.0, 0.0, nan), ascending; `rows`, `columns`: which two patterns, in
    that order; `counts`: how many respondents have them.
    """

    first: "Members"
    second: "Members"
    rows: "Whole"
    columns: "Whole"
    counts: "Whole"

    def turned(self) -> "PatternPairs":
        """The second question first."""
        import numpy as np

        order = np.lexsort((self.rows, self.columns))
        rows, columns, counts = self.columns[order], self.rows[order], self.counts[order]
        return PatternPairs(self.second, self.first, rows, columns, counts)


@dataclass(frozen=True, eq=False)
class ValueTable:
    """The values of a number that occur, by the pattern of a banner. `exact`: whether they are unrounded.

    `members` (rows x options of the banner) is None where none was asked for.
    """

    members: "Members | None"
    values: "npt.NDArray[np.float64]"
    counts: "Whole"
    exact: bool = True
