"""A column as codes: what stands in it once each, and which of these stands where.

Answers repeat. What is done once per different cell instead of once per cell costs next to nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

T = TypeVar("T")
S = TypeVar("S")


class Coded(Sequence[T], Generic[T]):
    """A sequence that holds `kinds[codes[place]]` at every place. Every change gives a new one.

    A kind may stand for nothing any more, and two kinds may be equal; what counts is what stands where.
    """

    __slots__ = ("codes", "kinds")

    def __init__(self, codes: "npt.NDArray[np.integer[Any]]", kinds: Sequence[T]) -> None:
        """Take the codes and what they stand for."""
        self.codes = codes
        self.kinds = kinds

    @classmethod
    def of(cls, values: Iterable[T]) -> "Coded[T]":
        """Find out the kinds: equal values of one type are of one kind (1, 1.0 and True are three)."""
        import numpy as np

        values = list(values)
        types = set(map(type, values))
        plain = types <= {str, type(None)}
        codes: dict[Any, int] = _Numbering()
        keys = values if plain else list(zip(map(type, values), values, strict=True))
        numbers = np.fromiter(map(codes.__getitem__, keys), np.int32, len(keys))
        return cls(narrow(numbers, len(codes)), list(codes) if plain else [value for _, value in codes])

    @classmethod
    def same(cls, value: T, size: int) -> "Coded[T]":
        """The same value everywhere."""
        import numpy as np

        return cls(np.zeros(size, np.uint8), [value])

    def __len__(self) -> int:
        """Count the places."""
        return len(self.codes)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> "Coded[T]": ...
    def __getitem__(self, place: "int | slice") -> "T | Coded[T]":
        """What stands at a place; a slice is again such a sequence."""
        if isinstance(place, slice):
            return Coded(self.codes[place], self.kinds)
        return self.kinds[int(self.codes[place])]

    def __iter__(self) -> Iterator[T]:
        """Go through the places."""
        return map(self.kinds.__getitem__, self.codes.tolist())

    def __eq__(self, other: object) -> bool:
        """Equal to every list of the same values."""
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Show the values."""
        return f"Coded({list(self)!r})"

    def map(self, change: Callable[[T], S]) -> "Coded[S]":
        """Change every kind."""
        return Coded(self.codes, list(map(change, self.kinds)))

    def where(self, test: Callable[[T], object]) -> "npt.NDArray[np.bool_]":
        """Tell for every place whether the test holds."""
        import numpy as np

        held: npt.NDArray[np.bool_] = np.array([bool(test(kind)) for kind in self.kinds], np.bool_)[
            self.codes
        ]
        return held

    def filled(self) -> "npt.NDArray[np.bool_]":
        """Tell for every place whether something stands there."""
        import numpy as np

        there = [kind is not None for kind in self.kinds]
        filled: npt.NDArray[np.bool_] = np.array(there, np.bool_)[self.codes]
        return filled

    def numbers(self) -> "npt.NDArray[np.intp]":
        """Count the places of every kind."""
        import numpy as np

        return np.bincount(self.codes, minlength=len(self.kinds))

    def at(self, places: "npt.NDArray[Any] | Sequence[int]") -> "Coded[T]":
        """Keep some places, by position or as a mask."""
        return Coded(self.codes[places], self.kinds)

    def present(self) -> "Coded[T]":
        """Keep only the kinds that stand somewhere, in the order in which they first do."""
        import numpy as np

        size = len(self.codes)
        first = np.full(len(self.kinds), size)
        first[self.codes[::-1]] = np.arange(size - 1, -1, -1)  # of several the last is written
        order = np.argsort(first, kind="stable")[: int((first < size).sum())]
        renamed = np.empty(len(self.kinds), np.int32)
        renamed[order] = np.arange(len(order))
        codes = narrow(renamed[self.codes], len(order))
        return Coded(codes, [self.kinds[code] for code in order.tolist()])

    def put(self, places: "npt.NDArray[Any] | Sequence[int]", value: T) -> "Coded[T]":
        """Write one value at some places."""
        import numpy as np

        codes = self.codes.astype(np.int32)
        codes[places] = len(self.kinds)
        return Coded(codes, [*self.kinds, value])


class _Numbering(dict[Any, int]):
    """Numbers what it is asked for in the order of the first time."""

    def __missing__(self, key: Any) -> int:
        """Give the next number."""
        self[key] = number = len(self)
        return number


def narrow(codes: "npt.NDArray[Any]", kinds: int) -> "npt.NDArray[Any]":
    """The same codes in as few bytes as so many kinds need."""
    import numpy as np

    return codes.astype(np.min_scalar_type(max(kinds - 1, 0)), copy=False)
