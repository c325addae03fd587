"""One published figure: what it counts, in which group, and which integer counts print it."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import NamedTuple

from survey.instrument import Instrument, Question
from survey.instrument.shares import RESPONDENTS, Statistic, known_statistics
from survey.rounding import decimals_of, nearest_count

COMPARATORS = ("=", "<", "<=", ">", ">=")
EVERYONE = "all"

Code = int | float | str


class Counts(NamedTuple):
    """The counts a figure allows at one base, both ends included; not `met`: the nearest that there is."""

    low: int
    high: int
    met: bool


def counted_codes(
    instrument: Instrument, question: Question, item: str, statistic: Statistic
) -> tuple[Code, ...]:
    """List the answer codes that a statistic counts: `top_2_box` the upper two points; () if it fits not."""
    if statistic not in known_statistics(instrument, question):
        return ()
    if question.kind == "multiple":
        return (1,)
    if question.kind == "single":
        return (item,)
    if statistic.kind == "rated":
        return (statistic.number,)
    return instrument.scale_of(question).values[-statistic.number :]


@cache
def count_range(published: str, base: int) -> tuple[int, int]:
    """Give the lowest and the highest count whose share of `base` prints as `published`, rounded half up.

    The lowest is above the highest where no count does. The same as `rounding.counts_printing`, in closed
    form: 100 count / base lies from half a unit of the last digit below the value to just under half above.
    """
    scale = 10 ** decimals_of(published)
    units = int(Fraction(published) * scale)
    low = -((1 - 2 * units) * base // (200 * scale))
    high = -(-(2 * units + 1) * base // (200 * scale)) - 1
    return max(0, low), min(base, high)


@dataclass(frozen=True)
class Figure:
    """A figure as printed, with what it counts.

    `codes` are the answer codes in the numerator: scale points, option ids, or 1 for an option ticked.
    """

    claim: str
    locator: str
    question: str
    item: str
    group: str
    statistic: Statistic
    comparator: str
    published: str
    stated_count: int | None
    stated_base: int | None
    codes: tuple[Code, ...]
    line: int

    @property
    def is_size(self) -> bool:
        """Whether it says how many respondents there are, not a share."""
        return self.statistic == RESPONDENTS

    @property
    def is_bound(self) -> bool:
        """Whether it is a bound ("below 50%") and no value."""
        return self.comparator != "="

    @property
    def digits(self) -> int:
        """The decimals printed."""
        return decimals_of(self.published)

    @property
    def subject(self) -> str:
        """What it speaks of: question, item and group."""
        parts = (self.question, self.item, self.group if self.group != EVERYONE else "")
        return " / ".join(part for part in parts if part)

    @property
    def printed(self) -> str:
        """The value with its bound, as "69.0" or "< 50"."""
        return f"{self.comparator} {self.published}" if self.is_bound else self.published

    def holds(self, value: Fraction) -> bool:
        """Whether an exact value (a percentage, a number of respondents) keeps the bound."""
        limit = Fraction(self.published)
        return {
            "=": value == limit,
            "<": value < limit,
            "<=": value <= limit,
            ">": value > limit,
            ">=": value >= limit,
        }[self.comparator]

    def counts_at(self, base: int) -> Counts:
        """Give the counts out of `base` that meet it; a stated count leaves only itself.

        Where no count does, the nearest one, not `met`; for a number of respondents an empty range.
        """
        if self.is_size:
            low, high = self._bounded(base)
            return Counts(low, high, low <= high)
        if self.is_bound:
            low, high = self._bounded(base)
            nearest = 0 if self.comparator in ("<", "<=") else base
        else:
            low, high = count_range(self.published, base)
            nearest = nearest_count(self.published, base)
        if self.stated_count is not None:
            stated = min(self.stated_count, base)
            return Counts(stated, stated, stated == self.stated_count and low <= stated <= high)
        return Counts(low, high, True) if low <= high else Counts(nearest, nearest, False)

    def _bounded(self, base: int) -> tuple[int, int]:
        limit = Fraction(self.published) if self.is_size else Fraction(self.published) * base / 100
        low, high = {
            "=": (ceil(limit), floor(limit)),
            "<": (0, ceil(limit) - 1),
            "<=": (0, floor(limit)),
            ">": (floor(limit) + 1, base),
            ">=": (ceil(limit), base),
        }[self.comparator]
        return max(0, low), min(base, high)
