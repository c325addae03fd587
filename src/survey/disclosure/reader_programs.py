"""What a reader can work back from printed counts: linear programs over the joint table that nobody prints.

A printed count is an equation over it; a hidden one is a sum whose least and largest value the program finds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil, floor
from typing import Any

from survey.disclosure.reader_knowledge import (
    EVERYBODY,
    MEMBERS,
    Group,
    Grouping,
    Knowledge,
    Part,
    joint_patterns,
)
from survey.errors import usage

Key = tuple[int, str, int]  # a cell, "count" or "base", inside its group (1) or outside (0)
_NO_LIMIT = 100_000
_WEIGHTLESS = 1e-7


@dataclass(frozen=True)
class Wish:
    """What a hidden number is, and how large it must seem to be able to be."""

    value: int
    least: int

    @property
    def aim(self) -> int:
        """Large enough, and not what it is."""
        return max(self.least, self.value + 1)


@dataclass
class _Rows:
    """Rows of a program: places of variables with their factors, what they add up to, and what prints it."""

    places: list[Any] = field(default_factory=list)
    factors: list[Any] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    sources: list[tuple[str, int]] = field(default_factory=list)  # ("", -1): nothing can hide it

    def add(self, places: Any, value: int, source: tuple[str, int] = ("", -1), factors: Any = 1.0) -> None:
        """Add a row."""
        import numpy as np

        self.places.append(places)
        self.factors.append(np.broadcast_to(factors, places.shape))
        self.values.append(value)
        self.sources.append(source)

    def matrix(self, variables: int) -> Any:
        """All rows as one sparse matrix."""
        import numpy as np
        from scipy.sparse import csr_array

        if not self.places:
            return csr_array((0, variables))
        at = np.repeat(np.arange(len(self.places)), [len(row) for row in self.places])
        entries = (np.concatenate(self.factors), (at, np.concatenate(self.places)))
        return csr_array(entries, shape=(len(self.places), variables))


class JointTable:
    """The variables of a joint table, the equations that printed counts are over it, and its limits."""

    def __init__(self, known: Knowledge) -> None:
        """Lay out the variables for what is known."""
        self.known = known
        self.guesses = [] if known.groupings else known.guesses
        self._state = (-1, -1)
        self._ends: dict[tuple[Key, int], tuple[float, list[tuple[str, int]]]] = {}
        self._lay_out()

    def _lay_out(self) -> None:
        import numpy as np

        known = self.known
        self.groupings = known.groupings or [self._guessed()]
        self.groups = [group for grouping in self.groupings for group in grouping.groups]
        self.patterns = joint_patterns(self.groupings)
        width = len(self.patterns)
        self.aims: dict[Key, Any] = {}
        self.starts: dict[Part, int] = {}
        start = width if known.size is not None else 0  # first how many follow each pattern
        for part, answers in known.answers.items():
            self.starts[part] = start
            start += width * (len(answers) + (known.size is not None))
        self.variables = start
        rows, below = _Rows(), _Rows()
        self._print(rows)
        self._link(rows)
        self._limit(below)
        self.equations, self.values = rows.matrix(start), np.array(rows.values, dtype=float)
        self.below, self.bounds = below.matrix(start), np.array(below.values, dtype=float)
        self.sources = rows.sources

    def _guessed(self) -> Grouping:
        """The groups of the cells as those of one banner, by the strictest guess that is left."""
        grouped = [cell for cell in self.known.cells if cell.group != EVERYBODY and cell.part != MEMBERS]
        wholes = {cell.base + cell.other_base for cell in grouped}
        return Grouping(tuple(self.known.groups), self.guesses[0], partly=len(wholes) > 1)

    def _places(self, group: Group, state: int) -> Any:
        import numpy as np

        if group == EVERYBODY:
            return np.arange(len(self.patterns))
        return np.flatnonzero(self.patterns[:, self.groups.index(group)] == state)

    def _sum(self, part: Part, answers: Iterable[str] | None, places: Any) -> Any:
        """The variables of these patterns that a count adds up; `answers` None: of any answer to the part."""
        import numpy as np

        if part == MEMBERS:
            return places
        names = list(self.known.answers[part])
        chosen = range(len(names)) if answers is None else [names.index(answer) for answer in answers]
        start, width = self.starts[part], len(self.patterns)
        return np.concatenate([np.empty(0, dtype=int), *(start + width * at + places for at in chosen)])

    def _print(self, rows: _Rows) -> None:
        import numpy as np

        for place, cell in enumerate(self.known.cells):
            states = (1,) if cell.group == EVERYBODY or cell.part == MEMBERS else (1, 0)
            counts = [self.aim(place, "count", state) for state in states]
            for aim, value in zip(counts, (cell.n, cell.other_n), strict=False):
                rows.add(aim, value, ("count", place))
            if cell.part == MEMBERS:
                continue
            bases = [self.aim(place, "base", state) for state in states]
            for aim, value in zip(bases, (cell.base, cell.other_base), strict=False):
                rows.add(aim, value, ("base", place))
            if self.known.totals and len(states) > 1:
                rows.add(np.concatenate(counts), cell.total)
                rows.add(np.concatenate(bases), cell.base + cell.other_base)

    def aim(self, place: int, what: str, state: int = 1) -> Any:
        """The variables that the count or the base of a cell adds up, inside its group (1) or outside (0)."""
        key = place, what, state
        if key not in self.aims:
            cell = self.known.cells[place]
            answers = cell.counted if what == "base" else None if cell.part == MEMBERS else cell.answers
            self.aims[key] = self._sum(cell.part, answers, self._places(cell.group, state))
        return self.aims[key]

    def _link(self, rows: _Rows) -> None:
        """The respondents of each pattern are those of every part, with or without an answer to it."""
        import numpy as np

        size, width = self.known.size, len(self.patterns)
        if size is None:
            return
        rows.add(np.arange(width), size)
        for part, answers in self.known.answers.items():
            for place in range(width):
                own = self.starts[part] + place + width * np.arange(len(answers) + 1)
                rows.add(np.append(own, place), 0, factors=np.append(np.ones(len(own)), -1.0))
        first = 0
        for grouping in self.groupings:
            own = self.patterns[:, first : first + len(grouping.groups)]
            if grouping.groups:
                rows.add(np.flatnonzero((own == -1).all(axis=1)), grouping.unknown)
            first += len(grouping.groups)

    def _limit(self, rows: _Rows) -> None:
        import numpy as np

        for limit in self.known.limits:
            for place in self._places(limit.within, limit.state):
                places, factors = [np.array([place])], [np.array([-float(limit.most)])]
                for part, answers, factor in limit.terms:
                    places.append(self._sum(part, answers, np.array([place])))
                    factors.append(np.full(len(places[-1]), float(factor)))
                rows.add(np.concatenate(places), 0, factors=np.concatenate(factors))

    @cached_property
    def ceiling(self) -> int:
        """More than any count may be: for bases that nothing else fixes."""
        known = (max(cell.total, cell.base + cell.other_base) for cell in self.known.cells)
        return max(_NO_LIMIT, 10 * max(self.known.size or 0, *known, 0))

    def _solve(
        self,
        keys: "Sequence[Key]",
        caps: Any,
        sign: int,
        hidden: "set[int]",
        bare: "set[int]",
        *,
        small: "tuple[Key, int] | None" = None,
    ) -> Any:
        """A table in which the sum of some numbers is least (`sign` 1) or largest (-1).

        With `caps` each number adds to the sum no more than its cap, so that many are large at once. `small`:
        a number that is to be 1 to so many; None where there is no such table.
        """
        import numpy as np
        from scipy.optimize import linprog
        from scipy.sparse import block_array, csr_array, eye_array

        out = {"count": hidden, "base": bare, "": set()}
        while True:
            kept = np.array([place not in out[kind] for kind, place in self.sources])
            equations, values, below, bounds = (
                self.equations[kept],
                self.values[kept],
                self.below,
                self.bounds,
            )
            limits, aims = [(0, self.ceiling)] * self.variables, [self.aim(*key) for key in keys]
            if small is not None:
                own = _Rows()
                own.add(self.aim(*small[0]), small[1])
                own.add(self.aim(*small[0]), -1, factors=-1.0)
                sides = [below, own.matrix(self.variables)]
                below = block_array([[side] for side in sides if side.shape[0]])
                bounds = np.append(bounds, np.array(own.values, dtype=float))
            if caps is None:
                wanted = np.zeros(self.variables)
                wanted[np.concatenate(aims)] = sign
            else:
                wanted = np.append(np.zeros(self.variables), np.full(len(aims), float(sign)))
                limits += [(0, cap) for cap in caps]
                rows = _Rows()
                for aim in aims:
                    rows.add(aim, 0)
                equations = block_array([[equations, csr_array((len(values), len(aims)))]])
                sums = block_array([[-rows.matrix(self.variables), eye_array(len(aims))]])
                below = block_array([[below, csr_array((len(bounds), len(aims)))]]) if len(bounds) else None
                below = block_array([[below], [sums]]) if below is not None else sums
                bounds = np.append(bounds, np.zeros(len(aims)))
            given = {"A_ub": csr_array(below), "b_ub": bounds} if len(bounds) else {}
            solution = linprog(
                wanted, A_eq=csr_array(equations), b_eq=values, bounds=limits, method="highs", **given
            )
            if not solution.status:
                self.weights = dict(zip(np.flatnonzero(kept), np.abs(solution.eqlin.marginals), strict=False))
                return solution.x[: self.variables]
            if small is not None:
                return None
            if len(self.guesses) < 2:
                cells = [
                    " / ".join(filter(None, part if any(part) else answers))
                    for part, answers in self.known.answers.items()
                ]
                raise usage("suppress_contradiction", cell=cells)
            self.guesses.pop(0)  # groups that were taken to exclude each other cannot
            self._lay_out()

    @property
    def is_possible(self) -> bool:
        """Whether there is a table with everything that is known, nothing hidden."""
        import numpy as np
        from scipy.optimize import linprog

        below = {"A_ub": self.below, "b_ub": self.bounds} if len(self.bounds) else {}
        wanted, limits = np.zeros(self.variables), (0, self.ceiling)
        solution = linprog(
            wanted, A_eq=self.equations, b_eq=self.values, bounds=limits, method="highs", **below
        )
        return not solution.status

    def limits(self, key: "Key", hidden: "set[int]", bare: "set[int]") -> tuple[int, int]:
        """The least and the largest whole number that a count or base may be.

        By linear programming: limits of the relaxed program, rounded inwards.
        """
        least, most = (self._end(key, sign, hidden, bare)[0] for sign in (1, -1))
        return ceil(least - 1e-6), floor(most + 1e-6)

    def binding(
        self, key: "Key", hidden: "set[int]", bare: "set[int]", signs: Sequence[int]
    ) -> "set[tuple[str, int]]":
        """The printed numbers, as cells and what they print, that limit a count or base from below or above.

        To hide any other leaves the limit as it is: the dual program gives it no weight.
        """
        return {source for sign in signs for source in self._end(key, sign, hidden, bare)[1] if source[0]}

    def _end(
        self, key: "Key", sign: int, hidden: "set[int]", bare: "set[int]"
    ) -> tuple[float, list[tuple[str, int]]]:
        """The least (`sign` 1) or largest (-1) that a number may be, and the rows that say so."""
        state = len(hidden), len(bare)  # both only grow
        if self._state != state:
            self._state, self._ends = state, {}
        if (key, sign) not in self._ends:
            value = self._solve([key], None, sign, hidden, bare)[self.aim(*key)].sum()
            rows = [self.sources[row] for row, weight in self.weights.items() if weight > _WEIGHTLESS]
            self._ends[key, sign] = float(value), rows
        return self._ends[key, sign]

    def shown_open(self, wishes: "Mapping[Key, Wish]", hidden: "set[int]", bare: "set[int]") -> "set[Key]":
        """Those of some numbers that are seen to be open, in tables that make many of them large at once."""
        left, opened = dict(wishes), set()
        while left:
            solution = self._solve(list(left), [wish.aim for wish in left.values()], -1, hidden, bare)
            now = {key for key, wish in left.items() if solution[self.aim(*key)].sum() > wish.aim - 1e-6}
            if not now:
                break
            opened |= now
            left = {key: wish for key, wish in left.items() if key not in now}
        return opened

    def is_open(self, key: "Key", wish: "Wish", hidden: "set[int]", bare: "set[int]") -> bool:
        """Whether a number may differ from what it is, and be as large as wished."""
        low, high = self.limits(key, hidden, bare)
        return low < high and high >= wish.least

    def is_in_doubt(
        self, key: "Key", value: int, others: "Sequence[Key]", hidden: "set[int]", bare: "set[int]", most: int
    ) -> bool:
        """Whether a small number (1 to `most`) may be another for who knows that some hidden number is small.

        It may be where another small value fits; or where another hidden number is small while it is not what
        it is. Values between two that fit do, too.
        """
        low, high = self.limits(key, hidden, bare)
        if (value < high and value < most) or (low < value and value > 1):
            return True
        aim = self.aim(*key)
        for other in others:
            for sign in (1, -1):
                solution = self._solve([key], None, sign, hidden, bare, small=(other, most))
                if solution is None:
                    break
                if abs(solution[aim].sum() - value) > 1 - 1e-6:
                    return True
        return False
