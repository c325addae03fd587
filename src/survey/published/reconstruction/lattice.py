"""Hit-and-run walks over lattice points: which integer moves keep given sums, and many walks at once.

A state is a vector of rows (counts and sums of counts), each between a low and a high end. A direction is a
whole-numbered change of rows that leaves every fixed sum alone. A step takes a random direction and moves to
a random place on the line through the state, as far as the ends allow (hit-and-run): every state on the line
has the same chance, or a chance by its weight.

References
----------
Hara, Aoki, Takemura (2012), Running Markov chain without Markov basis: sums of randomly many vectors of a
lattice basis, of random sign, make a walk that reaches every state.
Diaconis, Sturmfels (1998), Algebraic algorithms for sampling from conditional distributions, Ann. Stat. 26.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

_FAR = 1 << 40
_PAIRS = 20_000


def lattice_kernel(columns: Sequence[Mapping[int, int]]) -> list[dict[int, int]]:
    """Give a basis of all whole-numbered combinations of columns that add up to nothing.

    `columns` are sparse: row -> entry. A basis vector is column -> factor. (Column echelon form by Euclid's
    algorithm; every step is unimodular, so that the basis spans the whole lattice.)
    """
    pivots: dict[int, tuple[dict[int, int], dict[int, int]]] = {}
    basis = []
    for at, column in enumerate(columns):
        vector, made_of = {row: entry for row, entry in column.items() if entry}, {at: 1}
        while vector:
            row = min(vector)
            if row not in pivots:
                pivots[row] = vector, made_of
                break
            other, other_made_of = pivots[row]
            times = vector[row] // other[row]
            _add(vector, other, -times)
            _add(made_of, other_made_of, -times)
            if row in vector:
                pivots[row] = vector, made_of
                vector, made_of = dict(other), dict(other_made_of)
        else:
            basis.append(made_of)
    return basis


def _add(vector: dict[int, int], other: Mapping[int, int], times: int) -> None:
    for key, entry in other.items():
        vector[key] = vector.get(key, 0) + times * entry
        if not vector[key]:
            del vector[key]


def short_directions(
    effects: Sequence[tuple[int, ...]], rng: "np.random.Generator", most: int = 300
) -> list[dict[int, int]]:
    """Give sums of one, two or four changes, with signs, that together have no effect: change -> factor.

    `effects` are the effects of each change on the fixed sums. All directions where there are at most `most`
    of four changes, else so many at random, so that the short ones are not drowned.
    """
    nothing = tuple(0 for _ in effects[0]) if effects else ()
    directions = {_key({at: 1}): {at: 1} for at, effect in enumerate(effects) if effect == nothing}
    pairs: dict[tuple[int, ...], list[dict[int, int]]] = {}
    for first, second in _some_pairs(len(effects), rng):
        for sign in (1, -1):
            both = zip(effects[first], effects[second], strict=True)
            effect = tuple(one + sign * other for one, other in both)
            direction = {first: 1, second: sign}
            if effect == nothing:
                directions[_key(direction)] = direction
                continue
            if next(one for one in effect if one) < 0:
                effect = tuple(-one for one in effect)
                direction = {at: -factor for at, factor in direction.items()}
            pairs.setdefault(effect, []).append(direction)
    many = sum(len(like) * (len(like) - 1) // 2 for like in pairs.values())
    groups = [like for like in pairs.values() if len(like) > 1]
    if many <= most:
        chosen = [(like[i], like[j]) for like in groups for i in range(len(like)) for j in range(i)]
    else:
        sizes = np.array([len(like) * (len(like) - 1) / 2 for like in groups])
        picks = rng.choice(len(groups), most, p=sizes / sizes.sum())
        chosen = []
        for pick in picks.tolist():
            one, other = rng.choice(len(groups[pick]), 2, replace=False).tolist()
            chosen.append((groups[pick][one], groups[pick][other]))
    for one, other in chosen:
        direction = dict(one)
        _add(direction, other, -1)
        if direction:
            directions[_key(direction)] = direction
    return list(directions.values())


def _key(direction: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
    """The same for a direction and its opposite."""
    items = sorted(direction.items())
    sign = 1 if items[0][1] > 0 else -1
    return tuple((at, sign * factor) for at, factor in items)


def _some_pairs(count: int, rng: "np.random.Generator") -> list[tuple[int, int]]:
    if count * (count - 1) // 2 <= _PAIRS:
        return [(first, second) for first in range(count) for second in range(first)]
    drawn = rng.integers(count, size=(_PAIRS, 2))
    return [(int(first), int(second)) for first, second in drawn if first != second]


@dataclass(frozen=True)
class Directions:
    """Directions as arrays: which rows each touches, by how much; `parts` are those that may go together.

    `rows` and `factors` have one line per direction, filled up with a row that is never bounded. A part is a
    first direction and a number of them; directions of different parts touch different rows.
    """

    rows: "Whole"
    factors: "Whole"
    parts: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, parts: Sequence[Sequence[Mapping[int, int]]], idle: int) -> "Directions":
        """Pack sparse directions (row -> factor), part by part; `idle` is the row that is never bounded."""
        parts = [part for part in parts if part]
        every = [direction for part in parts for direction in part]
        wide = max((len(direction) for direction in every), default=1)
        rows = np.full((len(every), wide), idle, dtype=np.int64)
        factors = np.zeros((len(every), wide), dtype=np.int64)
        for at, direction in enumerate(every):
            rows[at, : len(direction)] = list(direction)
            factors[at, : len(direction)] = list(direction.values())
        starts = np.cumsum([0, *(len(part) for part in parts)]).tolist()
        return cls(rows, factors, tuple((starts[at], len(part)) for at, part in enumerate(parts)))

    def drawn(self, walks: int, rng: "np.random.Generator") -> tuple["Whole", "Whole"]:
        """Draw a direction of each part for each walk: rows and factors, walk x part x touched."""
        first, count = np.array(self.parts, dtype=np.int64).T
        picks = first + np.floor(rng.random((walks, len(self.parts))) * count).astype(np.int64)
        return self.rows[picks], self.factors[picks]


@dataclass
class Walks:
    """Many walks side by side: the state of each in a line of `state`, between `low` and `high`.

    The last row is idle. `weights` holds tables of log weights by count, the first of them all zero, and
    `table` which of them each row has.
    """

    state: "Whole"
    low: "Whole"
    high: "Whole"
    table: "Whole"
    weights: "NDArray[np.float64]"
    rng: "np.random.Generator"

    def step(self, rows: "Whole", factors: "Whole") -> None:
        """Move every walk along its directions (walk x part x touched), to a random place of each line."""
        walk = np.arange(len(self.state))[:, None, None]
        now = self.state[walk, rows]
        down, up = now - self.low[walk, rows], self.high[walk, rows] - now
        size = np.abs(factors)
        up, down = np.where(factors > 0, up, down), np.where(factors > 0, down, up)
        idle = size == 0
        size[idle] = 1
        up[idle] = down[idle] = _FAR
        most, least = (up // size).min(axis=2), -(down // size).min(axis=2)
        most[most >= _FAR] = 0  # a direction that touches nothing
        least[least <= -_FAR] = 0
        far = np.floor(self.rng.random(most.shape) * (most - least + 1)).astype(np.int64) + least
        moved = now + far[:, :, None] * factors
        table = self.table[rows]
        if table.any():
            gain = (self.weights[table, moved] - self.weights[table, now]).sum(axis=2)
            refused = np.log(self.rng.random(gain.shape)) >= gain
            moved = np.where(refused[:, :, None], now, moved)
        self.state[walk, rows] = moved

    def leap(self, basis: Directions, chance: float = 0.5) -> None:
        """Move every walk along a sum of randomly many basis vectors of random sign."""
        walks, width = self.state.shape
        direction = np.zeros((walks, width), dtype=np.int64)
        many = self.rng.geometric(chance, walks)
        walk = np.repeat(np.arange(walks), many)
        picks = self.rng.integers(len(basis.rows), size=len(walk))
        signs = self.rng.choice(np.array([-1, 1]), len(walk))
        np.add.at(direction, (walk[:, None], basis.rows[picks]), basis.factors[picks] * signs[:, None])
        direction[:, -1] = 0
        self.step(np.broadcast_to(np.arange(width), (walks, 1, width)), direction[:, None, :])
