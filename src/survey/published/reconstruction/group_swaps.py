"""Moves of the chain that swap groups between respondents and keep every figure, for many chains at once.

As many respondents of one pattern as of another swap some of the groups in which the patterns differ.
For each question that figures tie to groups they keep their answers where no figure ties it to a swapped
group, swap them as well where none ties it to another group in which they differ, and must answer alike
where both do. Their number is drawn first, then the patterns among those that have so many respondents, then
how many of them give each answer, every possible number with the same chance; whether the swap is made is
decided as by Metropolis and Hastings.

References
----------
Hastings (1970), Monte Carlo sampling methods using Markov chains and their applications, Biometrika 57.
"""

from typing import TYPE_CHECKING

import numpy as np

from survey.published.findings.figures import EVERYONE
from survey.published.reconstruction.lattice import Walks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survey.published.reconstruction.polytope import Polytope

    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]

_SHARE = 8  # at most this part of the respondents in one swap
_SIGNS = np.array([-1, -1, 1, 1])


class GroupSwaps:
    """What swaps need to know of a polytope: patterns as sets of bits, rows of the tied answers."""

    def __init__(self, polytope: "Polytope") -> None:
        """Look up rows."""
        margins = polytope.margins
        together = margins.banner is not None and margins.banner.kind == "multiple"
        bit = {group: 1 << at if together else 0 for at, group in enumerate(margins.groups)}
        self._sets = np.array([sum(bit[one] for one in pattern) for pattern in margins.patterns])
        self._order = np.argsort(self._sets)
        self._groups = len(margins.groups)
        self._tied = [answers for answers in polytope.answers if answers.tied]
        self._codes = np.array([len(one.unit.codes) for one in self._tied], dtype=np.int64)
        wide = int(self._codes.max(initial=1))
        self._idle = polytope.width - 1
        self._most = float(np.log(max(2.0, margins.size / _SHARE) + 1))
        self._rows = np.full((len(self._tied), polytope.patterns, wide), polytope.width - 1)
        for at, answers in enumerate(self._tied):
            self._rows[at, :, : self._codes[at]] = np.array(answers.rows)
        ties = [
            {one.group for one in margins.figures if margins.counted(one, answers.unit)} - {EVERYONE}
            for answers in self._tied
        ]
        self._ties = np.array([sum(bit[group] for group in some) for some in ties], dtype=np.int64)
        self._banner_rows = [row for row, _ in polytope.banner_figures]
        self._banner = np.zeros((polytope.patterns, len(self._banner_rows)), dtype=np.int64)
        for at, (_, counted) in enumerate(polytope.banner_figures):
            self._banner[sorted(counted), at] = 1
        self._slacks = [
            (np.array(rows), np.array([self._tied.index(one) for one in units]))
            for units, rows in polytope.slacks
            if units[0].tied
        ]

    @property
    def possible(self) -> bool:
        """Whether two respondents can swap some groups and not be each other."""
        return bool(np.bitwise_count(self._sets).max() > 1)

    def step(self, walks: Walks) -> None:
        """Try one swap in every walk."""
        state, rng = walks.state, walks.rng
        count = len(state)
        many = np.exp(rng.random(count) * self._most).astype(np.int64)
        enough = state[:, : len(self._sets)] >= many[:, None]
        first, second = _any_of(enough, rng), _any_of(enough, rng)
        one, other = self._sets[first], self._sets[second]
        apart = one ^ other
        given = apart & rng.integers(1 << self._groups, size=count)
        kept = apart ^ given
        third, fourth = self._pattern(one ^ given), self._pattern(other ^ given)
        at = np.flatnonzero((given != 0) & (kept != 0) & (third >= 0) & (fourth >= 0) & enough.any(axis=1))
        if len(at):
            four = np.stack([first, second, third, fourth], axis=1)[at]
            self._swap(walks, at, many[at], four, given[at], kept[at])

    def _pattern(self, sets: "Whole") -> "Whole":
        """The number of the pattern with these groups; -1 where there is none."""
        place = np.searchsorted(self._sets, sets, sorter=self._order)
        nearest = self._order[np.minimum(place, len(self._order) - 1)]
        return np.where(self._sets[nearest] == sets, nearest, -1)

    def _swap(
        self, walks: Walks, at: "Whole", many: "Whole", four: "Whole", given: "Whole", kept: "Whole"
    ) -> None:
        """Try it in the walks `at`: `many` from each of the first two of `four` patterns to the last two."""
        state, rng = walks.state, walks.rng
        people = state[at, : len(self._sets)]
        walk = at[:, None]
        moved_people = many[:, None] * _SIGNS
        later = people.copy()
        np.put_along_axis(later, four, np.take_along_axis(people, four, axis=1) + moved_people, axis=1)
        enough = (people >= many[:, None]).sum(axis=1), (later >= many[:, None]).sum(axis=1)
        chance = 2 * (np.log(enough[0]) - np.log(np.maximum(enough[1], 1)))
        rows, factors = [four], [moved_people]
        ticks = None
        if self._tied:
            answers, moved, odds = self._answers_moved(state, walk, many, four, sides=(given, kept), rng=rng)
            chance += odds
            rows.append(answers.reshape(len(at), -1))
            factors.append(moved.reshape(len(at), -1))
            ticks = moved[:, :, :, 1] if moved.shape[3] > 1 else None  # walk x side x unit
        if self._banner_rows:
            rows.append(np.broadcast_to(self._banner_rows, (len(at), len(self._banner_rows))))
            factors.append((self._banner[four] * moved_people[:, :, None]).sum(axis=1))
        for slack, units in self._slacks:
            rows.append(slack[four])
            factors.append(moved_people - (0 if ticks is None else ticks[:, :, units].sum(axis=2)))
        self._decide(walks, at, np.concatenate(rows, axis=1), np.concatenate(factors, axis=1), chance)

    def _answers_moved(
        self,
        state: "Whole",
        walk: "Whole",
        many: "Whole",
        four: "Whole",
        *,
        sides: tuple["Whole", "Whole"],
        rng: "np.random.Generator",
    ) -> tuple["Whole", "Whole", "Floats"]:
        """Draw who answers what: rows and changes, walk x side x unit x code, and the log odds of the way."""
        ties_given, ties_kept = ((self._ties & some[:, None]) != 0 for some in sides)
        alike = ties_given & ties_kept
        swapped = np.where(ties_given, ~ties_kept, ~ties_kept & (rng.random(alike.shape) < 0.5))
        rows = self._rows[:, four].transpose(1, 2, 0, 3)
        counts = np.where(rows < self._idle, state[walk[:, :, None, None], rows], 0)
        both = np.minimum(counts[:, 0], counts[:, 1])
        together = alike[:, :, None]
        first, odds = _split(np.where(together, both, counts[:, 0]), many, rng)
        second, odds_of_second = _split(counts[:, 1], many, rng)
        second = np.where(together, first, second)
        swap = swapped[:, :, None]
        third, fourth = np.where(swap, second, first), np.where(swap, first, second)
        moved = np.stack([-first, -second, third, fourth], axis=1)
        after = counts[:, 2] + third, counts[:, 3] + fourth
        both = np.minimum(*after)
        odds = odds - _ways(np.where(together, both, after[0]), many, third)
        odds += np.where(alike, 0.0, odds_of_second - _ways(after[1], many, fourth))
        return rows, moved, odds.sum(axis=1)

    @staticmethod
    def _decide(walks: Walks, at: "Whole", rows: "Whole", factors: "Whole", chance: "Floats") -> None:
        """Make each swap that fits, with the chance of Metropolis and Hastings."""
        walk = at[:, None]
        now = walks.state[walk, rows]
        moved = now + factors
        fits = ((moved >= walks.low[walk, rows]) & (moved <= walks.high[walk, rows])).all(axis=1)
        table = walks.table[rows]
        safe = np.clip(moved, 0, walks.weights.shape[1] - 1)
        gain = (walks.weights[table, safe] - walks.weights[table, now]).sum(axis=1)
        made = fits & (np.log(walks.rng.random(len(at))) < gain + chance)
        walks.state[walk[made], rows[made]] = moved[made]


def _range(counts: "Whole", left: "Whole", later: "Whole", code: int) -> tuple["Whole", "Whole"]:
    """How few and how many of those left can give an answer, if the rest finds other answers."""
    return np.maximum(0, left - later[..., code]), np.minimum(left, counts[..., code])


def _split(counts: "Whole", many: "Whole", rng: "np.random.Generator") -> tuple["Whole", "Floats"]:
    """Draw how many of `many` give each answer, at most `counts`: walk x unit x code; log of the ways."""
    later = counts[..., ::-1].cumsum(axis=-1)[..., ::-1] - counts
    split = np.zeros_like(counts)
    left = np.broadcast_to(many[:, None], counts.shape[:-1])
    ways = np.zeros(left.shape)
    for code in range(counts.shape[-1]):
        low, high = _range(counts, left, later, code)
        room = np.maximum(high - low + 1, 1)
        split[..., code] = low + np.floor(rng.random(left.shape) * room).astype(np.int64)
        ways += np.log(room)
        left = left - split[..., code]
    return split, ways


def _ways(counts: "Whole", many: "Whole", split: "Whole") -> "Floats":
    """The log of the ways from which `_split` would have drawn this one."""
    later = counts[..., ::-1].cumsum(axis=-1)[..., ::-1] - counts
    left = np.broadcast_to(many[:, None], counts.shape[:-1])
    ways = np.zeros(left.shape)
    for code in range(counts.shape[-1]):
        low, high = _range(counts, left, later, code)
        ways += np.log(np.maximum(high - low + 1, 1))
        left = left - split[..., code]
    return ways


def _any_of(possible: "Flags", rng: "np.random.Generator") -> "Whole":
    """Draw one of those that are possible, each with the same chance; the first where none is."""
    before = possible.cumsum(axis=-1)
    return np.asarray(
        (np.floor(rng.random(before.shape[:-1]) * before[..., -1])[..., None] >= before).sum(axis=-1)
        * (before[..., -1] > 0)
    )
