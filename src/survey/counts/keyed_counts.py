"""Counts by patterns that occur: sparse, additive, and bounded by a stated number of different patterns."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]

_MANTISSA = 52
# How many bits of a number are kept where there are more different values than a table may have rows.
LADDER = (52, 20, 16, 12, 10)


@dataclass(frozen=True, eq=False)
class KeyedCounts:
    """One row per key that occurs: `keys` (rows x width, ascending, each once), `sums` (measures x rows).

    More than `limit` different keys are not kept: then `full` is true and there are no rows. Whether that is
    so hangs on the set of keys alone, so that sums are the same however the rows were split.
    """

    keys: "Whole"
    sums: "Whole"
    limit: int
    full: bool = False

    def __len__(self) -> int:
        """Count the different keys."""
        return len(self.keys)

    def __add__(self, other: "KeyedCounts") -> "KeyedCounts":
        """Add the counts of the same keys."""
        if self.full or other.full:
            return self.emptied(full=True)
        if not len(self) or not len(other):
            return self if len(self) else other
        import numpy as np

        keys, sums = grouped(
            np.concatenate([self.keys, other.keys]), np.concatenate([self.sums, other.sums], axis=1)
        )
        return bounded(keys, sums, self.limit)

    def emptied(self, *, full: bool) -> "KeyedCounts":
        """The same without rows."""
        return KeyedCounts(self.keys[:0], self.sums[:, :0], self.limit, full)

    def same_as(self, other: "KeyedCounts") -> bool:
        """Whether both hold the same counts."""
        import numpy as np

        return (
            (self.limit, self.full) == (other.limit, other.full)
            and np.array_equal(self.keys, other.keys)
            and np.array_equal(self.sums, other.sums)
        )


def bounded(keys: "Whole", sums: "Whole", limit: int) -> KeyedCounts:
    """Make a table of ascending keys; without rows where there are more than `limit`."""
    found = KeyedCounts(keys, sums, limit)
    return found.emptied(full=True) if len(keys) > limit else found


def grouped(keys: "Whole", sums: "npt.NDArray[Any]") -> "tuple[Whole, npt.NDArray[Any]]":
    """Bring equal keys together: ascending keys, each once, and the sums of their rows (axis 1)."""
    import numpy as np

    # The first column of a key counts most; a stable sort is fast over runs that are sorted already.
    order = np.lexsort(keys.T[::-1]) if keys.shape[1] > 1 else np.argsort(keys[:, 0], kind="stable")
    keys = keys[order]
    new = np.ones(len(keys), np.bool_)
    new[1:] = (keys[1:] != keys[:-1]).any(axis=1)
    if new.all():
        return keys, sums[:, order]
    return keys[new], np.add.reduceat(sums[:, order], np.flatnonzero(new), axis=1)


@dataclass(frozen=True, eq=False)
class ValueCounts:
    """One row per group pattern and value of a number: the last column of a key is the value.

    `bits` bits of the fraction of every value are kept: 52, all of them, unless there are more than `limit`
    different rows; then so many as fit, and a value stands for all that begin like it. Where ten bits (three
    digits) do not fit either, there are no rows and the table is `full`.
    """

    table: KeyedCounts
    bits: int = _MANTISSA

    def __add__(self, other: "ValueCounts") -> "ValueCounts":
        """Add the counts of the same values, at the precision of the coarser."""
        bits = min(self.bits, other.bits)
        one, two = self.coarser(bits).table, other.coarser(bits).table
        if one.full or two.full:
            return unkept(one)
        import numpy as np

        if not len(one) or not len(two):
            return ValueCounts(one if len(one) else two, bits)
        keys, sums = grouped(
            np.concatenate([one.keys, two.keys]), np.concatenate([one.sums, two.sums], axis=1)
        )
        return value_counts(keys, sums, one.limit, bits)

    def coarser(self, bits: int) -> "ValueCounts":
        """The same with fewer bits of every value."""
        if bits >= self.bits:
            return self
        keys, sums = grouped(_cut(self.table.keys, bits), self.table.sums)
        return ValueCounts(KeyedCounts(keys, sums, self.table.limit), bits)

    @property
    def values(self) -> "npt.NDArray[np.float64]":
        """The value of every row; where bits were dropped, the middle of those it stands for."""
        return numbers_of(self.table.keys[:, -1], self.bits)

    def same_as(self, other: "ValueCounts") -> bool:
        """Whether both hold the same counts."""
        return self.bits == other.bits and self.table.same_as(other.table)


def value_counts(keys: "Whole", sums: "Whole", limit: int, bits: int = _MANTISSA) -> ValueCounts:
    """Make a table of grouped keys, with as many bits of the values as let it have at most `limit` rows.

    Bits are dropped at the end, and what was dropped once is dropped again to no effect: the result does not
    hang on the order in which tables are added.
    """
    for fewer in LADDER:
        if fewer > bits:
            continue
        if fewer < bits:
            keys, sums = grouped(_cut(keys, fewer), sums)
        if len(keys) <= limit:
            return ValueCounts(KeyedCounts(keys, sums, limit), fewer)
    return unkept(KeyedCounts(keys, sums, limit))


def unkept(table: KeyedCounts) -> ValueCounts:
    """The table of values of which too many differ."""
    return ValueCounts(table.emptied(full=True), LADDER[-1])


def _cut(keys: "Whole", bits: int) -> "Whole":
    import numpy as np

    cut = keys.copy()
    cut[:, -1] &= ~np.int64((1 << (_MANTISSA - bits)) - 1)
    return cut


def number_keys(values: "npt.NDArray[np.float64]") -> "Whole":
    """Write numbers as the bits they are made of (-0.0 as 0.0), so that they can be keys."""
    import numpy as np

    return np.ascontiguousarray(values + 0.0).view(np.int64)


def numbers_of(keys: "Whole", bits: int = _MANTISSA) -> "npt.NDArray[np.float64]":
    """The numbers that keys stand for."""
    import numpy as np

    dropped = _MANTISSA - bits
    middle = np.int64(1 << (dropped - 1)) if dropped else np.int64(0)
    there = np.ascontiguousarray(keys)
    found: Any = np.where(there == 0, there, there | middle).view(np.float64)
    return found  # type: ignore[no-any-return]
