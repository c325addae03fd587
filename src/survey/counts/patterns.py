"""Patterns of answers as single whole numbers: which groups somebody is in, which options somebody ticked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from survey.instrument import Instrument, Question

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]

_MOST = 1 << 62
# Digits of a pattern: what is known of an option or an item.
UNKNOWN, NO, YES = 0, 1, 2


@dataclass(frozen=True)
class PatternSpace:
    """The patterns of one question, each a number whose digits are answers.

    A single question is one digit: 0 no answer, k its k-th option. Options of a select-all question and items
    of a battery are a digit each: `UNKNOWN`, `NO`, `YES`; an item's YES is the scale's own top box.
    """

    question: Question
    columns: tuple[str, ...]
    sizes: tuple[int, ...]
    tops: tuple[int, ...]  # of an item: the first code in the top box; 0 elsewhere

    @classmethod
    def of(cls, instrument: Instrument, question: Question, *, top: int | None = None) -> "PatternSpace":
        """Lay the digits out; `top` points of a rating are its top box, its scale's own where None."""
        columns = question.answer_columns
        size = len(question.options) + 1 if question.kind == "single" else 3
        first_of_top = 0
        if question.kind == "rating":
            scale = instrument.scale_of(question)
            first_of_top = len(scale.values) - (top or scale.top) + 1
        return cls(question, columns, (size,) * len(columns), (first_of_top,) * len(columns))

    @property
    def size(self) -> int:
        """How many patterns could be."""
        product = 1
        for size in self.sizes:
            product *= size
        return product

    @staticmethod
    def fits(size: int) -> bool:
        """Whether so many patterns can be told apart by a machine word."""
        return size < _MOST

    @property
    def countable(self) -> bool:
        """Whether a pattern is a number that a machine word holds."""
        return self.fits(self.size)

    def encode(self, codes: "Mapping[str, npt.NDArray[Any]]") -> "Whole":
        """The pattern of every respondent, from the codes of the columns."""
        import numpy as np

        kind = np.int32 if self.size < 1 << 31 else np.int64
        found: npt.NDArray[Any] = np.zeros(len(codes[self.columns[0]]), kind)
        for digit, size in zip(self.digits(codes), self.sizes, strict=True):
            found *= size
            found += digit.astype(kind, copy=False)
        return found

    def digits(self, codes: "Mapping[str, npt.NDArray[Any]]") -> "Iterator[npt.NDArray[Any]]":
        """The digits of every respondent, a column at a time."""
        import numpy as np

        for column, top in zip(self.columns, self.tops, strict=True):
            digit = codes[column]
            yield (digit > 0).view(np.uint8) + (digit >= top).view(np.uint8) if top else digit

    def decode(self, patterns: "Whole") -> "npt.NDArray[np.int64]":
        """The digits of patterns: patterns x columns."""
        import numpy as np

        rest = np.asarray(patterns, np.int64)
        found = np.empty((len(rest), len(self.sizes)), np.int64)
        for place in range(len(self.sizes) - 1, -1, -1):
            rest, found[:, place] = np.divmod(rest, self.sizes[place])
        return found

    def members(self, patterns: "Whole") -> "npt.NDArray[np.float64]":
        """Patterns x options (or items) of the question: 1.0 in it, 0.0 outside it, nan unknown."""
        return self.members_of_digits(self.decode(patterns))

    def members_of_digits(self, digits: "npt.NDArray[np.int64]") -> "npt.NDArray[np.float64]":
        """The same from the digits of patterns."""
        import numpy as np

        if self.question.kind == "single":
            options = np.arange(1, len(self.question.options) + 1)
            found = (digits == options).astype(float)
            found[digits[:, 0] == UNKNOWN] = np.nan
        else:
            found = np.where(digits == UNKNOWN, np.nan, (digits == YES).astype(float))
        members: npt.NDArray[np.float64] = found
        return members
