"""Integer programs over counts of people: the one module that knows scipy's HiGHS."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import blake2b
from math import ceil, inf, isfinite, nan
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Terms = Iterable[tuple[int, float]]

# Work is counted, not clocked, so that a loaded machine gives the same answer, later. Every program of the
# published findings and of the tests is decided at the first node of the search, in less than a second.
MOST_NODES = 10_000
# The first node takes the longer the larger a program is: a select-all question of five options by ten
# overlapping groups has 110,000 factors in its rows, and takes minutes.
MOST_ENTRIES = 150_000
# The same programs come up again: in the statements and the tables of one audit, in its report, in another
# language. So many outcomes are kept; the oldest make room.
MOST_KEPT = 4_000
_INFEASIBLE = 2
_SOLVED = 0
_NEAR = 1e-6

# What the solver knows of a range, from best to worst.
OPTIMAL = "optimal"
UNPROVED = "not proved"


class Extent(NamedTuple):
    """The least and the most that a whole-numbered sum can be.

    `status` is "optimal" where both ends are attained by a solution, "not proved" where the search was given
    up: the true range lies inside.
    """

    low: int
    high: int
    status: str


class _Outcome(NamedTuple):
    """What the solver says of a program: the values of a solution, its cost, how far the cost is proved."""

    x: "NDArray[np.float64] | None"
    fun: float
    status: int
    bound: float | None


_outcomes: dict[bytes, _Outcome] = {}


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

    @contextmanager
    def extended(self) -> Iterator[None]:
        """Take away again every row and variable that is added while the block runs."""
        lists: tuple[list[Any], ...] = (
            self.upper,
            self.whole,
            self.cost,
            self._entries,
            self._low,
            self._high,
        )
        lengths = [len(one) for one in lists]
        try:
            yield
        finally:
            for one, length in zip(lists, lengths, strict=True):
                del one[length:]

    def solve(self, *, gap: float = 0.0) -> "NDArray[np.int64] | None":
        """Give the values of a cheapest solution (within `gap`), or None where there is provably none.

        Raises
        ------
        Undecided
            The search was given up without either.
        """
        import numpy as np

        result = self._milp(self.cost, gap)
        if result.x is not None:  # the best so far where the search was given up
            return np.asarray(np.rint(result.x), dtype=np.int64)
        if result.status == _INFEASIBLE:
            return None
        raise Undecided

    def extent(self, terms: Terms) -> Extent | None:
        """Find the least and the most of a sum with whole factors; None where nothing is feasible.

        Raises
        ------
        Undecided
            The search was given up without any bound.
        """
        cost = [0.0] * len(self.upper)
        for variable, factor in terms:
            cost[variable] += factor
        ends, status = [], OPTIMAL
        for sign in (1, -1):
            result = self._milp([sign * one for one in cost], 0.0)
            if result.status == _INFEASIBLE:
                return None
            if result.status == _SOLVED:
                ends.append(sign * round(result.fun))
                continue
            if result.bound is None or not isfinite(result.bound):
                raise Undecided
            ends.append(sign * ceil(result.bound - _NEAR))
            status = UNPROVED
        return Extent(ends[0], ends[1], status)

    def least_of_largest(self, forms: Sequence[tuple[Fraction, Terms]]) -> tuple[Fraction, str]:
        """Find the least that the largest of some forms can be, each a number less a sum of whole factors.

        There is a solution: whoever asks has the ends of the sums. The second value is "not proved" where the
        search was given up; the first is then a bound.

        Raises
        ------
        Undecided
            The search was given up without any bound.
        """
        sums = [(top, list(terms)) for top, terms in forms]
        with self.extended():
            largest = self.variable(whole=False)
            for top, terms in sums:
                self.keep([(largest, 1.0), *terms], float(top), inf)
            result = self._milp([0.0] * largest + [1.0], 0.0)
        if result.status == _SOLVED and result.x is not None:
            values = [round(value) for value in result.x]
            return max(
                top - sum(int(factor) * values[at] for at, factor in terms) for top, terms in sums
            ), OPTIMAL
        if result.bound is None or not isfinite(result.bound):
            raise Undecided
        return Fraction(result.bound), UNPROVED

    def _milp(self, cost: Sequence[float], gap: float) -> _Outcome:
        """Solve the program with these costs; one that was solved before is remembered."""
        import numpy as np

        if len(self._entries) > MOST_ENTRIES:
            raise Undecided
        rows, columns, factors = zip(*self._entries, strict=True) if self._entries else ((), (), ())
        arrays = [
            *(np.array(part, dtype=np.int64) for part in (rows, columns, self.whole)),
            *(np.array(part, dtype=float) for part in (factors, self._low, self._high, self.upper, cost)),
        ]
        digest = blake2b(repr((gap, MOST_NODES, *map(len, arrays))).encode())
        for part in arrays:
            digest.update(part.tobytes())
        key = digest.digest()
        if key not in _outcomes:
            while len(_outcomes) >= MOST_KEPT:
                _outcomes.pop(next(iter(_outcomes)), None)
            _outcomes[key] = _solved(*arrays, gap=gap)
        return _outcomes[key]


def _solved(
    rows: "NDArray[np.int64]",
    columns: "NDArray[np.int64]",
    whole: "NDArray[np.int64]",
    factors: "NDArray[np.float64]",
    *ends_and_cost: "NDArray[np.float64]",
    gap: float,
) -> _Outcome:
    """Hand a program to HiGHS."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    low, high, upper, cost = ends_and_cost
    result = milp(
        cost,
        integrality=whole,
        bounds=Bounds(0, upper),
        constraints=LinearConstraint(
            csr_array((factors, (rows, columns)), (len(low), len(upper))), low, high
        ),
        options={"node_limit": MOST_NODES, "mip_rel_gap": gap},
    )
    return _Outcome(
        result.x,
        nan if result.fun is None else result.fun,
        result.status,
        getattr(result, "mip_dual_bound", None),
    )


def total(variables: Sequence[int], factor: float = 1.0) -> list[tuple[int, float]]:
    """Write a sum of variables as terms."""
    return [(variable, factor) for variable in variables]
