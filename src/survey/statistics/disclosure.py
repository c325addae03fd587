"""What a reader can work back from printed counts: linear programs over the joint table that nobody prints.

The joint table says how many respondents follow each combination of groups and give each answer to each
part: a part is a question, an item, or one option of a select-all question. A printed count is an
equation over it; a hidden one is a sum whose least and largest value the program finds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, floor
from typing import Any

from survey.errors import usage

MOST_PATTERNS = 2048
MEMBERS = ""  # the part whose count is that of the members of a group
REST = ""  # answered, and gave none of the answers that are told apart
EVERYBODY = ""  # the group that everybody is in


@dataclass(frozen=True)
class Cell:
    """A printed count: `n` of `base` respondents in `group` gave one of `answers` to `part`.

    `other_n` of `other_base` did so outside the group; both are 0 where nothing is said of the others.
    `bases_hidden`: the bases are not printed either.
    """

    part: str
    answers: tuple[str, ...]
    group: str
    n: int
    base: int
    other_n: int = 0
    other_base: int = 0
    bases_hidden: bool = False

    @property
    def total(self) -> int:
        """The count inside and outside the group."""
        return self.n + self.other_n

    def is_small(self, minimum: int) -> bool:
        """Whether a count or base of the cell is 1 to `minimum` - 1."""
        return any(0 < count < minimum for count in (self.n, self.other_n)) or self.has_small_base(minimum)

    def has_small_base(self, minimum: int) -> bool:
        """Whether a base of the cell is 1 to `minimum` - 1."""
        return any(0 < base < minimum for base in (self.base, self.other_base))


@dataclass(frozen=True)
class Knowledge:
    """What is printed: cells, the answers to each part (`REST` among them where others are possible).

    `size` links the parts: it is the number of respondents, who all answered some of them. Without it each
    part stands alone. `totals` says that the reader knows every count inside and outside its group
    together. `unknown` says how many of them have no known group; `partly` that a respondent may
    be in one group and unknown for another.
    """

    cells: Sequence[Cell]
    answers: Mapping[str, Sequence[str]]
    size: int | None = None
    totals: bool = False
    unknown: int = 0
    partly: bool = False


class JointTable:
    """The variables of a joint table and the equations that printed counts are over it."""

    def __init__(self, known: Knowledge) -> None:
        """Lay out the variables for what is known."""
        self.known = known
        self.groups = list(dict.fromkeys(cell.group for cell in known.cells if cell.group != EVERYBODY))
        self.every_pattern = self._patterns()
        self._set_patterns(self._apart())

    def _patterns(self) -> Any:
        import numpy as np

        known = self.known
        grouped = [cell for cell in known.cells if cell.group != EVERYBODY and cell.part != MEMBERS]
        wholes = {cell.base + cell.other_base for cell in grouped}
        partly = known.partly if known.size is not None else len(wholes) > 1
        states = (1, 0, -1) if partly else (1, 0)
        if len(states) ** len(self.groups) > MOST_PATTERNS:
            raise usage("suppress_groups", groups=len(self.groups))
        patterns = np.array(list(product(states, repeat=len(self.groups))), dtype=int)
        if self.groups and not partly and known.unknown:
            patterns = np.vstack([patterns, np.full((1, len(self.groups)), -1)])
        return patterns

    def _apart(self) -> bool:
        """Whether the groups may exclude each other: a reader who knows that knows more."""
        sums: dict[tuple[str, tuple[str, ...]], int] = {}
        wholes = []
        for cell in self.known.cells:
            if cell.group != EVERYBODY and cell.part != MEMBERS:
                key = (cell.part, cell.answers)
                sums[key] = sums.get(key, 0) + cell.base
                wholes.append(cell.base + cell.other_base)
        return bool(wholes) and max(sums.values()) <= min(wholes)

    def _set_patterns(self, apart: bool) -> None:
        patterns = self.every_pattern
        self.apart = apart
        self.patterns = patterns[(patterns == 1).sum(axis=1) <= 1] if apart else patterns
        width = len(self.patterns)
        self.starts: dict[str, int] = {}
        start = width if self.known.size is not None else 0  # first how many follow each pattern
        for part, answers in self.known.answers.items():
            self.starts[part] = start
            start += width * (len(answers) + (self.known.size is not None))
        self.variables = start

    def _places(self, group: str, state: int) -> Any:
        import numpy as np

        if group == EVERYBODY:
            return np.arange(len(self.patterns))
        return np.flatnonzero(self.patterns[:, self.groups.index(group)] == state)

    def sum_of(self, part: str, answers: Iterable[str] | None, group: str, state: int = 1) -> Any:
        """The variables that a count adds up; `answers` None: everybody who answered the part."""
        import numpy as np

        places = self._places(group, state)
        if part == MEMBERS:
            return places
        names = list(self.known.answers[part])
        chosen = range(len(names)) if answers is None else [names.index(answer) for answer in answers]
        start, width = self.starts[part], len(self.patterns)
        return np.concatenate([start + width * at + places for at in chosen])

    def _printed(self, hidden: "set[int]") -> Iterator[tuple[Any, int]]:
        import numpy as np

        for place, cell in enumerate(self.known.cells):
            inside, outside = (cell.part, cell.group, 1), (cell.part, cell.group, 0)
            if cell.part == MEMBERS:
                if place not in hidden:
                    yield self.sum_of(cell.part, None, cell.group), cell.n
                continue
            if not cell.bases_hidden:
                yield self.sum_of(inside[0], None, *inside[1:]), cell.base
                if cell.group != EVERYBODY:
                    yield self.sum_of(outside[0], None, *outside[1:]), cell.other_base
            if self.known.totals and cell.group != EVERYBODY:
                both = [self.sum_of(cell.part, cell.answers, cell.group, state) for state in (1, 0)]
                yield np.concatenate(both), cell.total
            if place not in hidden:
                yield self.sum_of(inside[0], cell.answers, *inside[1:]), cell.n
                if cell.group != EVERYBODY:
                    yield self.sum_of(outside[0], cell.answers, *outside[1:]), cell.other_n

    def _linked(self) -> Iterator[tuple[Any, Any, int]]:
        """The respondents of each pattern are those of every part, with or without an answer to it."""
        import numpy as np

        size, width = self.known.size, len(self.patterns)
        if size is None:
            return
        yield np.arange(width), np.ones(width), size
        for part, answers in self.known.answers.items():
            for place in range(width):
                own = self.starts[part] + place + width * np.arange(len(answers) + 1)
                yield np.append(own, place), np.append(np.ones(len(own)), -1.0), 0
        if self.groups:
            unknown = np.flatnonzero((self.patterns == -1).all(axis=1))
            yield unknown, np.ones(len(unknown)), self.known.unknown

    def limits(self, aim: Any, hidden: "set[int]") -> tuple[int, int]:
        """The least and the largest whole number that the sum of the variables `aim` may be.

        By linear programming: limits of the relaxed program, rounded inwards.
        """
        import numpy as np
        from scipy.optimize import linprog
        from scipy.sparse import csr_array

        equations: dict[tuple[int, ...], tuple[Any, Any, int]] = {}
        for places, value in self._printed(hidden):
            equations[tuple(places.tolist())] = (places, np.ones(len(places)), value)
        rows = [*equations.values(), *self._linked()]
        at = np.repeat(np.arange(len(rows)), [len(row[0]) for row in rows])
        columns, factors = np.concatenate([row[0] for row in rows]), np.concatenate([row[1] for row in rows])
        matrix = csr_array((factors, (at, columns)), shape=(len(rows), self.variables))
        wanted = np.zeros(self.variables)
        wanted[aim] = 1
        given = {"A_eq": matrix, "b_eq": np.array([row[2] for row in rows], dtype=float)}
        found = [linprog(sign * wanted, method="highs", **given) for sign in (1, -1)]
        if any(one.status for one in found):
            if self.apart:  # they do overlap
                self._set_patterns(False)
                raise _OverlappingError
            raise usage("suppress_contradiction", cell=", ".join(self.known.answers))
        return ceil(found[0].fun - 1e-6), floor(-found[1].fun + 1e-6)

    def cell_limits(self, place: int, hidden: "set[int]", *, outside: bool = False) -> tuple[int, int]:
        """The least and the largest count that a hidden cell, or its complement, may have."""
        cell = self.known.cells[place]
        answers = None if cell.part == MEMBERS else cell.answers
        try:
            return self.limits(self.sum_of(cell.part, answers, cell.group, 0 if outside else 1), hidden)
        except _OverlappingError:
            return self.limits(self.sum_of(cell.part, answers, cell.group, 0 if outside else 1), hidden)


class _OverlappingError(Exception):
    """Groups that were taken to exclude each other cannot."""


def protect(known: Knowledge, hidden: "set[int]", minimum: int, places: Sequence[int]) -> list[int]:
    """Hide further cells of `places` until each of those hidden is safe; give those that cannot be.

    Safe is a hidden count that may be as large as `minimum`, or as all it could be where that is smaller,
    and that may also differ from what it is; likewise the count of its complement. The cell hidden next is
    the one with the smallest count among those in the same group or row as the first exposed one. Cells that
    are exposed with every one of `places` hidden follow from their bases alone.
    """
    table = JointTable(known)
    waiting = [place for place in places if place in hidden]
    exposed: list[int] = []
    while waiting:  # hiding more never exposes what was safe, so that one look at each is enough
        if _is_safe(table, waiting[0], hidden, minimum):
            waiting.pop(0)
            continue
        shown = [place for place in places if place not in hidden]
        if not shown:
            exposed.append(waiting.pop(0))
            continue
        chosen = _next(known.cells, waiting[0], shown)
        hidden.add(chosen)
        waiting.append(chosen)
    return exposed


def _next(cells: Sequence[Cell], exposed: int, shown: Sequence[int]) -> int:
    target = cells[exposed]

    def distance(place: int) -> tuple[bool, bool, bool, int, int]:
        cell = cells[place]
        other_row = (cell.part, cell.answers) != (target.part, target.answers)
        apart = other_row and (cell.group != target.group or cell.part != target.part)
        return cell.part != target.part, apart, cell.n == 0, cell.n, place

    return min(shown, key=distance)


def _is_safe(table: JointTable, place: int, hidden: "set[int]", minimum: int) -> bool:
    cells = table.known.cells
    cell = cells[place]
    low, high = table.cell_limits(place, hidden)
    room = cell.total if cell.other_base else cell.base
    if cell.n and (low == high or high < min(minimum, cell.base, room)):
        return False
    if not (cell.other_n and cell.other_base):
        return True
    if _total_is_printed(table.known, cell, hidden):
        least, most = cell.total - high, cell.total - low
    else:
        least, most = table.cell_limits(place, hidden, outside=True)
    return least < most and most >= min(minimum, cell.other_base, room)


def _total_is_printed(known: Knowledge, cell: Cell, hidden: "set[int]") -> bool:
    return known.totals or any(
        other.group == EVERYBODY and (other.part, other.answers) == (cell.part, cell.answers)
        for place, other in enumerate(known.cells)
        if place not in hidden and other.base == cell.base + cell.other_base
    )
