"""Integer programs over counts of people: the one module that knows scipy's HiGHS."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Terms = Iterable[tuple[int, float]]

_INFEASIBLE = 2
_SOLVED = 0


class Undecided(Exception):  # noqa: N818 - a state of the search, not an error of the user
    """The solver stopped before it knew whether there is a solution."""


@dataclass
class Program:
    """An integer program under construction: variables of zero or more, rows with a low and a high end."""

    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    _entries: list[tuple[int, int, float]] = field(default_factory=list)
    _low: list[float] = field(default_factory=list)
    _high: list[float] = field(default_factory=list)

    def variable(self, upper: float = float("inf"), *, whole: bool = True, cost: float = 0.0) -> int:
        """Add a variable from 0 to `upper` and give its number."""
        self.upper.append(upper)
        self.whole.append(whole)
        self.cost.append(cost)
        return len(self.upper) - 1

    def variables(self, count: int, upper: float = float("inf")) -> list[int]:
        """Add `count` whole variables."""
        return [self.variable(upper) for _ in range(count)]

    def keep(self, terms: Terms, low: float, high: float) -> None:
        """Hold the sum of `(variable, factor)` between `low` and `high`."""
        row = len(self._low)
        self._entries += ((row, variable, factor) for variable, factor in terms)
        self._low.append(low)
        self._high.append(high)

    def pull(self, variable: int, target: float) -> None:
        """Make every unit that `variable` lies away from `target` cost 1, and 4 where it lies far away.

        The steeper part spreads what cannot be avoided over many variables instead of one.
        """
        infinity = float("inf")
        near = max(1.0, target**0.5) / 2
        above = [self.variable(near, whole=False, cost=1.0), self.variable(whole=False, cost=4.0)]
        below = [self.variable(near, whole=False, cost=1.0), self.variable(whole=False, cost=4.0)]
        self.keep([(variable, 1.0), *total(above, -1.0)], -infinity, target)
        self.keep([(variable, 1.0), *total(below)], target, infinity)

    def solve(self, *, seconds: float, gap: float = 0.0) -> "NDArray[np.int64] | None":
        """Give the values of a cheapest solution (within `gap`), or None where there is provably none.

        Raises
        ------
        Undecided
            The time ran out without either.
        """
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        rows, columns, factors = zip(*self._entries, strict=True) if self._entries else ((), (), ())
        shape = (len(self._low), len(self.upper))
        held = csr_array((np.array(factors, dtype=float), (rows, columns)), shape=shape)
        result = milp(
            np.array(self.cost),
            integrality=np.array(self.whole, dtype=int),
            bounds=Bounds(0, np.array(self.upper)),
            constraints=LinearConstraint(held, np.array(self._low), np.array(self._high)),
            options={"time_limit": seconds, "mip_rel_gap": gap},
        )
        if result.x is not None and result.status in (_SOLVED, 1):
            return np.asarray(np.rint(result.x), dtype=np.int64)
        if result.status == _INFEASIBLE:
            return None
        raise Undecided


def total(variables: Sequence[int], factor: float = 1.0) -> list[tuple[int, float]]:
    """Write a sum of variables as terms."""
    return [(variable, factor) for variable in variables]
