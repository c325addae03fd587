"""What a reader can work back from printed counts: linear programs over the joint table that nobody prints.

The joint table says how many respondents follow each combination of groups and give each answer to each
part: a part is a question, an item, or one option of a select-all question. A printed count is an
equation over it; a hidden one is a sum whose least and largest value the program finds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import ceil, floor
from typing import Any, NamedTuple

from survey.errors import usage

MOST_PATTERNS = 2048


class Part(NamedTuple):
    """What is answered as one: a question (no `item`), an item, or an option of a select-all question."""

    question: str
    item: str = ""


class Group(NamedTuple):
    """A group of respondents: an answer to the question whose groups are told apart."""

    banner: str = ""
    code: str = ""


MEMBERS = Part("", "members")  # the part whose count is that of the members of a group
REST = ""  # answered, and gave none of the answers that are told apart
EVERYBODY = Group()  # the group that everybody is in

# How many groups a respondent may be in; who is in none or in several is seen nowhere else.
_NUMBERS = {
    "one": lambda groups: groups == 1,
    "exclusive": lambda groups: groups <= 1,
    "mixed": lambda groups: groups != 1,
    "any": lambda groups: groups >= 0,
}


@dataclass(frozen=True)
class Cell:
    """A printed count: `n` of `base` respondents in `group` gave one of `answers` to `part`.

    `other_n` of `other_base` did so outside the group; both are 0 where nothing is said of the others.
    `question` tells apart the bases: those of a question and group that are equal are one number. `counted`:
    the answers that the base counts; None for any.
    """

    part: Part
    answers: tuple[str, ...]
    group: Group
    n: int
    base: int
    other_n: int = 0
    other_base: int = 0
    question: str = ""
    counted: tuple[str, ...] | None = None

    @property
    def total(self) -> int:
        """The count inside and outside the group."""
        return self.n + self.other_n

    @property
    def unit(self) -> tuple[str, Group, int, int]:
        """The cells that print the same base: to hide it in one is to hide it in all."""
        group = EVERYBODY if self.part == MEMBERS else self.group
        return self.question, group, self.base, self.other_base

    def is_small(self, minimum: int) -> bool:
        """Whether a count or base of the cell is 1 to `minimum` - 1."""
        return any(0 < count < minimum for count in (self.n, self.other_n)) or self.has_small_base(minimum)

    def has_small_base(self, minimum: int) -> bool:
        """Whether a base of the cell is 1 to `minimum` - 1."""
        return any(0 < base < minimum for base in (self.base, self.other_base))


@dataclass(frozen=True)
class Limit:
    """A rule that everybody keeps: the counts of `terms` are at most `most` for each respondent.

    A term is a part, answers to it (None: any answer) and a factor. `within`: only for those who are in this
    group, or (`state` 0) are not, or (-1) of whom it is unknown.
    """

    terms: tuple[tuple[Part, tuple[str, ...] | None, int], ...]
    most: int
    within: Group = EVERYBODY
    state: int = 1


@dataclass(frozen=True)
class Grouping:
    """The groups of one banner, and how many of them a respondent may be in.

    `membership` is "one", "exclusive" (one or none), "mixed" (none or several) or "any". `unknown` says how
    many respondents have no known group; `partly` that one may be in a group and unknown for another.
    """

    groups: tuple[Group, ...]
    membership: str
    unknown: int = 0
    partly: bool = False


@dataclass(frozen=True)
class Knowledge:
    """What is printed: cells, the answers to each part (`REST` among them where others are possible).

    `size` links the parts: it is the number of respondents, who all answered some of them. Without it each
    part stands alone. `totals` says that the reader knows every count and base inside and outside its group
    together. `groupings` are the banners whose groups the cells count; where there are none, the groups of
    the cells are those of one banner, and a respondent is in as few of them as the bases allow.
    """

    cells: Sequence[Cell]
    answers: Mapping[Part, Sequence[str]]
    size: int | None = None
    totals: bool = False
    groupings: Sequence[Grouping] = ()
    limits: Sequence[Limit] = ()

    @property
    def groups(self) -> list[Group]:
        """The groups in their order."""
        return list(dict.fromkeys(cell.group for cell in self.cells if cell.group != EVERYBODY))

    @property
    def guesses(self) -> list[str]:
        """How many groups a respondent may be in, as far as the bases allow, strictest first."""
        sums: dict[tuple[Part, tuple[str, ...]], int] = {}
        wholes = []
        for cell in self.cells:
            if cell.group != EVERYBODY and cell.part != MEMBERS:
                key = (cell.part, cell.answers)
                sums[key] = sums.get(key, 0) + cell.base
                wholes.append(cell.base + cell.other_base)
        if not wholes or max(sums.values()) > min(wholes):
            return ["any"]
        return [*(["one"] if set(sums.values()) == set(wholes) else []), "exclusive", "any"]


def patterns_of(groups: int, membership: str, *, partly: bool, unknown: bool) -> Any:
    """One row per combination of groups: 1 in it, 0 outside, -1 unknown.

    Raises
    ------
    UsageError
        More combinations than can be checked.
    """
    import numpy as np

    if membership in ("one", "exclusive") and not partly:
        patterns = np.eye(groups, dtype=int)
        if membership == "exclusive" or not groups:
            patterns = np.vstack([np.zeros((1, groups), dtype=int), patterns])
    else:
        states = (1, 0, -1) if partly else (1, 0)
        if len(states) ** groups > MOST_PATTERNS:
            raise usage("suppress_groups", groups=groups)
        patterns = np.array(list(product(states, repeat=groups)), dtype=int)
        known = (patterns != -1).all(axis=1)
        if membership != "any":
            patterns = patterns[~known | _NUMBERS[membership]((patterns == 1).sum(axis=1))]
    if groups and not partly and unknown:
        patterns = np.vstack([patterns, np.full((1, groups), -1)])
    return patterns


def joint_patterns(groupings: Sequence[Grouping]) -> Any:
    """One row per combination of the groups of all banners.

    Raises
    ------
    UsageError
        More combinations than can be checked.
    """
    import numpy as np

    patterns = np.zeros((1, 0), dtype=int)
    for grouping in groupings:
        groups, unknown = len(grouping.groups), bool(grouping.unknown)
        own = patterns_of(groups, grouping.membership, partly=grouping.partly, unknown=unknown)
        if len(patterns) * len(own) > MOST_PATTERNS:
            raise usage("suppress_groups", groups=patterns.shape[1] + groups)
        patterns = np.hstack([np.repeat(patterns, len(own), axis=0), np.tile(own, (len(patterns), 1))])
    return patterns


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
            limits = [(0, self.ceiling)] * self.variables
            aims = [self.aim(*key) for key in keys]
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

    def limits(self, key: "Key", hidden: "set[int]", bare: "set[int]") -> tuple[int, int]:
        """The least and the largest whole number that a count or base may be.

        By linear programming: limits of the relaxed program, rounded inwards.
        """
        most = self._solve([key], None, -1, hidden, bare)[self.aim(*key)].sum()
        least = self._solve([key], None, 1, hidden, bare)[self.aim(*key)].sum()
        return ceil(least - 1e-6), floor(most + 1e-6)

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


Key = tuple[int, str, int]  # a cell, "count" or "base", inside its group (1) or outside (0)


@dataclass(frozen=True)
class Wish:
    """What a hidden number is, and how large it must seem to be able to be."""

    value: int
    least: int

    @property
    def aim(self) -> int:
        """Large enough, and not what it is."""
        return max(self.least, self.value + 1)


_NO_LIMIT = 100_000


def protect(known: Knowledge, hidden: "set[int]", bare: "set[int]", minimum: int) -> list[int]:
    """Hide further cells until each of those hidden is safe; give those that cannot be.

    `hidden` are the places of cells whose count is not printed, `bare` those whose bases are not either; both
    grow. Safe is a hidden number that may be as large as `minimum`, or as all it could be where that is
    smaller, and that may also differ from what it is; likewise that of its complement. The cell hidden next
    is the one with the smallest count among those in the same group or row as the first exposed one; the
    base hidden next is the smallest of the same question. Cells that are exposed with everything hidden
    follow from what the reader knows besides: the number of respondents, or totals.
    """
    table = JointTable(known)
    exposed: list[int] = []
    waiting, fresh = sorted(hidden), sorted(hidden)
    unsure: dict[Key, Wish] = {}
    while waiting:  # hiding more never exposes what was safe, so that one look at each is enough
        if fresh:
            wishes: dict[Key, Wish] = {}
            for place in fresh:
                wishes |= _wishes(known, place, bare, minimum)
            shown = table.shown_open(wishes, hidden, bare)
            unsure |= {key: wish for key, wish in wishes.items() if key not in shown}
            fresh = []
        place = waiting[0]
        faults = []
        for key in [key for key in unsure if key[0] == place]:
            if table.is_open(key, unsure[key], hidden, bare):
                del unsure[key]
            else:
                faults.append(key[1])
                break
        if not faults and not (known.totals and not known.groupings):
            faults = _undoubted(table, known, place, (hidden, bare), minimum)
        if not faults:
            waiting.pop(0)
            continue
        bases = _bases_of_members(known.cells, place, hidden, bare)
        single = [] if bases or faults[0] == "base" else _next_cell(known.cells, place, hidden)
        if not single:
            bases = bases or _next_unit(known.cells, place, bare)
        more = single or bases
        bare |= set(bases)
        if not more:
            exposed.append(waiting.pop(0))
        fresh = more
        waiting += [one for one in more if one not in waiting]
        hidden |= set(more)
    return exposed


def _undoubted(
    table: JointTable, known: Knowledge, place: int, out: "tuple[set[int], set[int]]", minimum: int
) -> list[str]:
    """What is known of a hidden small number of a cell to who knows the rule: something hidden is small."""
    hidden, bare = out
    wishes = _wishes(known, place, bare, minimum)
    small = [(key, wish.value) for key, wish in wishes.items() if 0 < wish.value < minimum]
    # With a table in which it is larger, and still small, it is in doubt: that was seen before.
    asked = [(key, value) for key, value in small if value == minimum - 1 or wishes[key].least <= value]
    if not asked:
        return []
    every: dict[Key, Wish] = {}
    for one in sorted(hidden):
        every |= _wishes(known, one, bare, minimum)
    others = sorted(every, key=lambda key: (not 0 < every[key].value < minimum, key))
    for key, value in asked:
        rest = [other for other in others if other != key]
        if not table.is_in_doubt(key, value, rest, hidden, bare, minimum - 1):
            return [key[1]]
    return []


def _bases_of_members(cells: Sequence[Cell], exposed: int, hidden: "set[int]", bare: "set[int]") -> list[int]:
    """Bases that tell how many members a group has, where that is hidden: they go first, the smallest."""
    if cells[exposed].part != MEMBERS:
        return []
    groups = {cells[place].group for place in hidden if cells[place].part == MEMBERS}
    shown = [
        cell
        for place, cell in enumerate(cells)
        if place not in bare and cell.part != MEMBERS and cell.group in groups
    ]
    if not shown:
        return []
    unit = min(shown, key=lambda cell: cell.base).unit
    return [place for place, cell in enumerate(cells) if cell.unit == unit]


def _next_cell(cells: Sequence[Cell], exposed: int, hidden: "set[int]") -> list[int]:
    target = cells[exposed]

    def distance(place: int) -> tuple[bool, bool, bool, int, int]:
        cell = cells[place]
        other_row = (cell.part, cell.answers) != (target.part, target.answers)
        apart = other_row and (cell.group != target.group or cell.part != target.part)
        return cell.part != target.part, apart, cell.n == 0, cell.n, place

    shown = [place for place in range(len(cells)) if place not in hidden]
    return [min(shown, key=distance)] if shown else []


def _next_unit(cells: Sequence[Cell], exposed: int, bare: "set[int]") -> list[int]:
    target = cells[exposed]
    shown = [
        cells[place] for place in range(len(cells)) if place not in bare and cells[place].part != MEMBERS
    ]
    if not shown:
        return []
    unit = min(
        shown,
        key=lambda cell: (
            cell.question != target.question,
            cell.group == EVERYBODY,
            cell.base == 0,
            cell.base,
        ),
    ).unit
    return [place for place, cell in enumerate(cells) if cell.unit == unit]


def _wishes(known: Knowledge, place: int, bare: "set[int]", minimum: int) -> dict[Key, Wish]:
    """What must hold of the hidden numbers of a cell; bases first: where they are known, so is a ceiling."""
    cell = known.cells[place]
    least, least_base = minimum, minimum
    if known.size is not None:
        least = least_base = min(minimum, known.size)
    elif known.totals or not cell.other_base:
        least = min(minimum, cell.total if known.totals else cell.base)
        least_base = min(minimum, cell.base + cell.other_base)
    wishes = {}
    if place in bare and cell.part != MEMBERS:
        for state, base in ((1, cell.base), (0, cell.other_base)):
            if base:
                wishes[place, "base", state] = Wish(base, least_base if base < minimum else 0)
    for state, count in ((1, cell.n), (0, cell.other_n)):
        if count:
            wishes[place, "count", state] = Wish(count, least)
    return wishes


def units_of(cells: Sequence[Cell], places: "Iterable[int]") -> Iterator[int]:
    """The cells that print the same bases as these."""
    wanted = {cells[place].unit for place in places}
    return (place for place, cell in enumerate(cells) if cell.unit in wanted)
