"""Tests over every joint table that the margins allow: the least and the largest p-value.

Two items of the same respondents are compared by the exact McNemar test. Two groups that may overlap are
compared by the z test that cross-tabs use, whose variance has the overlap.

References
----------
McNemar (1947), Psychometrika 12, 153-157; the exact test is binomial on the discordant pairs.
Of the z test: see `survey.statistics.overlapping_shares`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import product

from survey.instrument import Question
from survey.published.bounds.integer_program import OPTIMAL, UNPROVED, Extent, total
from survey.published.bounds.joint_table import (
    JointTable,
    all_high,
    exclusive_options,
    gathered,
    high_codes,
    item_table,
    untied,
)
from survey.published.bounds.margins import Margins
from survey.published.findings.figures import EVERYONE, Code
from survey.statistics.overlapping_shares import SharedGroups, z_p

_MOST_EXACT = 1_000  # discordant answers whose p-value is a fraction; of more it is right to 11 digits
_MOST_PAIRS = 40_000  # pairs of item counts that are tried one by one
_MOST_TIED = 36  # pairs of item counts that are held one by one in the joint table
_MOST_COUNTS = 6  # counts of a group that are tried one by one, before only the ends are


@dataclass(frozen=True)
class PInterval:
    """The p-values (two-sided) and differences that occur over the joint tables.

    The differences are shares of the first minus shares of the second, as fractions. `best` is the least
    p-value of a table in which the first is higher, None where it never is; `worst` is the largest of all
    tables, counted as 1 where the first is not higher. `status` is "optimal" where both ends are attained and
    proved.
    """

    low: float
    high: float
    difference_low: Fraction
    difference_high: Fraction
    best: float | None
    worst: float
    status: str

    def never(self, level: float) -> bool:
        """Whether the first is significantly higher in no table; False where that is not proved."""
        if self.difference_high <= 0:
            return True
        return self.status == OPTIMAL and (self.best is None or self.best >= level)

    def always(self, level: float) -> bool:
        """Whether the first is significantly higher in every table; False where that is not proved."""
        return self.status == OPTIMAL and self.worst < level

    def joined(self, other: "PInterval") -> "PInterval":
        """The interval over the tables of both."""
        bests = [one for one in (self.best, other.best) if one is not None]
        return PInterval(
            min(self.low, other.low),
            max(self.high, other.high),
            min(self.difference_low, other.difference_low),
            max(self.difference_high, other.difference_high),
            min(bests, default=None),
            max(self.worst, other.worst),
            OPTIMAL if self.status == other.status == OPTIMAL else UNPROVED,
        )


@cache
def mcnemar_p(only_first: int, only_second: int) -> float:
    """Give the two-sided exact McNemar p-value of two discordant counts; 1 where there are none.

    Examples
    --------
    >>> mcnemar_p(7, 0)
    0.015625
    """
    discordant, fewer = only_first + only_second, min(only_first, only_second)
    if discordant > _MOST_EXACT:
        from scipy.special import bdtr

        return min(1.0, 2 * float(bdtr(fewer, discordant, 0.5)))
    tail = ways = 1
    for count in range(fewer):
        ways = ways * (discordant - count) // (count + 1)
        tail += ways
    return float(min(Fraction(1), Fraction(2 * tail, 2**discordant)))


# -- two items of the same respondents ------------------------------------------------------------------


def item_interval(
    margins: Margins,
    question_id: str,
    item: str,
    other: str,
    bases: Mapping[str, tuple[int, ...]] | None = None,
) -> PInterval | None:
    """Find the exact McNemar p-values of two items over all joint tables; None where there is no table.

    The number of respondents who choose both runs over the whole of its Frechet range for every pair of
    counts: nothing that is published of all respondents together ties two items. Figures by group of both
    do; then every pair of counts is held in the joint table at these bases where there are few pairs. Where
    there are many the interval is an outer one and called not proved.
    """
    question = margins.instrument.question(question_id)
    by_group = any(figure.group != EVERYONE for figure in margins.about(question))
    free = [untied(margins, question, one) for one in (item, other)]
    if by_group and bases is not None and question.kind != "single" and not any(free):
        exact = _tied_interval(margins, question, (item, other), bases)
        if exact is not None:
            return exact
    ends = []
    for one, is_free in zip((item, other), free, strict=True):
        extent = _count(margins, question, one, bases if by_group and not is_free else None)
        if extent is None:
            return None
        ends.append(extent)
    size = margins.size
    proved = all(extent.status == OPTIMAL for extent in ends)
    proved &= not by_group or (bases is not None and any(free))
    counts: list[Iterable[int]] = [range(extent.low, extent.high + 1) for extent in ends]
    if (ends[0].high - ends[0].low + 1) * (ends[1].high - ends[1].low + 1) > _MOST_PAIRS:
        proved = False
        even = max(extent.low for extent in ends)
        counts = [{extent.low, min(even, extent.high), extent.high} for extent in ends]
    apart = question.kind == "single" or {item, other} & exclusive_options(question)
    interval: PInterval | None = None
    for first in counts[0]:
        for second in counts[1]:
            least, most = max(0, first + second - size), min(first, second)
            if apart:
                most = 0
            if least > most:
                continue
            here = _paired(first, second, (least, most), size, OPTIMAL if proved else UNPROVED)
            interval = here if interval is None else interval.joined(here)
    return interval


def _count(
    margins: Margins, question: Question, item: str, bases: Mapping[str, tuple[int, ...]] | None
) -> Extent | None:
    """How many choose an item: in the joint table at these bases, or by the figures on all respondents."""
    codes = high_codes(margins, question, item)
    if bases is not None:
        table = JointTable(margins, bases, [(question.id, item)])
        return table.extent(table.answering(question.id, item, codes, EVERYONE))
    program, units = item_table(margins, question)
    unit = next(unit for unit in units if unit.part in ("", item))
    return program.extent(total([units[unit][code] for code in codes]))


def _paired(first: int, second: int, both: tuple[int, int], size: int, status: str) -> PInterval:
    """The interval at fixed counts, those who choose both running from the one end to the other."""
    ps = [mcnemar_p(first - one, second - one) for one in both]
    difference = Fraction(first - second, size)
    higher = difference > 0
    return PInterval(
        *(min(ps), max(ps), difference, difference),
        *(min(ps) if higher else None, max(ps) if higher else 1.0),
        status,
    )


def _tied_interval(
    margins: Margins, question: Question, items: tuple[str, str], bases: Mapping[str, tuple[int, ...]]
) -> PInterval | None:
    """The interval in the joint table, at every pair of counts; None where there are many or no pairs."""
    table = JointTable(margins, bases, [(question.id, one) for one in items])
    codes = [high_codes(margins, question, one) for one in items]
    answers = [
        table.answering(question.id, one, these, EVERYONE) for one, these in zip(items, codes, strict=True)
    ]
    first, second = (table.extent(terms) for terms in answers)
    if first is None or second is None:
        return None
    pairs = [*product(range(first.low, first.high + 1), range(second.low, second.high + 1))]
    if len(pairs) > _MOST_TIED:
        return None
    sizes = [total([one]) for one in table.people]
    both = all_high(margins, table.program, question, items, sizes, table.cells(question.id))
    proved = first.status == second.status == OPTIMAL
    interval: PInterval | None = None
    for pair in pairs:
        with table.holding(list(zip(answers, pair, strict=True))):
            extent = table.extent(both)
        if extent is None:
            continue
        status = OPTIMAL if proved and extent.status == OPTIMAL else UNPROVED
        here = _paired(*pair, (extent.low, extent.high), margins.size, status)
        interval = here if interval is None else interval.joined(here)
    return interval


# -- two groups that may overlap -------------------------------------------------------------------------


def group_interval(
    margins: Margins,
    bases: Mapping[str, tuple[int, ...]],
    asked: tuple[str, str],
    groups: tuple[str, str],
) -> PInterval | None:
    """Find the p-values for one answer (`asked`: question, item) in two groups at these bases.

    At fixed bases and counts the variance is the larger of two sums that are linear in the overlap and in
    those of the overlap who give the answer, so that integer programs give both ends. A count that is not
    published is tried at every value where there are few, else at its ends and where the shares are nearest:
    the interval is then one that occurs, but its ends are not proved. None where there is no table.
    """
    question = margins.instrument.question(asked[0])
    codes = high_codes(margins, question, asked[1])
    interval: PInterval | None = None
    for first in bases[groups[0]]:
        for second in bases[groups[1]]:
            if not first or not second:
                continue  # nobody has no share
            fixed = {**bases, groups[0]: (first,), groups[1]: (second,)}
            table = JointTable(margins, fixed, (asked,))
            interval = _joined(interval, _at_bases(table, (*asked, codes), groups, (first, second)))
    return interval


Asked = tuple[str, str, tuple[Code, ...]]


def _joined(interval: PInterval | None, other: PInterval | None) -> PInterval | None:
    """The interval over the tables of both, either of which may have none."""
    return interval.joined(other) if interval and other else interval or other


def _at_bases(
    table: JointTable, asked: Asked, groups: tuple[str, str], bases: tuple[int, int]
) -> PInterval | None:
    answers = [table.answering(*asked, group) for group in groups]
    extents = [table.extent(terms) for terms in answers]
    first, second = extents
    if first is None or second is None:
        return None
    counts = [_tried(first, second, *bases), _tried(second, first, *reversed(bases))]
    proved = all(one.high - one.low < _MOST_COUNTS and one.status == OPTIMAL for one in (first, second))
    interval: PInterval | None = None
    for pair in product(counts[0], counts[1]):
        held = None if len(counts[0]) == len(counts[1]) == 1 else pair
        with table.holding(list(zip(answers, held, strict=True)) if held else []):
            here = _at_counts(table, asked, groups, bases, pair)
        if here is not None:
            interval = _joined(interval, here if proved else replace(here, status=UNPROVED))
    return interval


def _tried(own: Extent, other: Extent, base: int, other_base: int) -> list[int]:
    """The counts to try: all where they are few, else the ends and those nearest to the other share."""
    if own.high - own.low < _MOST_COUNTS:
        return list(range(own.low, own.high + 1))
    even = other.low * base // other_base
    return sorted({min(max(one, own.low), own.high) for one in (own.low, even, even + 1, own.high)})


def _at_counts(
    table: JointTable,
    asked: Asked,
    groups: tuple[str, str],
    bases: tuple[int, int],
    counts: tuple[int, int],
) -> PInterval | None:
    """The interval at fixed bases and counts, which the table holds.

    Both forms of the variance fall with the overlap. In units of 2 / (S^2 a b), S being a + b, P how many
    give the answer in either group and Q = S - P, the homogeneous one falls by P Q for everybody in both
    groups, the other by Q^2 for everybody in both who gives the answer and by P^2 for who does not.
    """
    (a, b), size, yes = bases, sum(bases), sum(counts)
    no = size - yes
    both, both_yes = table.inside(*groups), table.answering(*asked, *groups)
    apart = SharedGroups(counts[0], a, counts[1], b)
    unit = Fraction(2, size**2 * a * b)
    falls = [
        [(cell, yes * no * factor) for cell, factor in both],
        gathered(
            [
                *((cell, yes**2 * factor) for cell, factor in both),
                *((cell, (no**2 - yes**2) * factor) for cell, factor in both_yes),
            ]
        ),
    ]
    forms = [(form / unit, terms) for form, terms in zip((apart.homogeneous, apart.own), falls, strict=True)]
    ends = [table.extent(terms) for terms in falls]
    if None in ends:
        return None
    largest = max(top - end.low for (top, _), end in zip(forms, ends, strict=True) if end)
    smallest, status = table.program.least_of_largest(forms)
    ps = [z_p(apart.difference, variance * unit) for variance in (largest, smallest)]
    higher = apart.difference > 0
    return PInterval(
        *(min(ps), max(ps), apart.difference, apart.difference),
        *(min(ps) if higher else None, max(ps) if higher else 1.0),
        OPTIMAL if all(end and end.status == OPTIMAL for end in ends) and status == OPTIMAL else UNPROVED,
    )
