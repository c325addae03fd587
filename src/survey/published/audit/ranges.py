"""Feasible ranges of the results of a report: the least and the most of each over every joint table."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from survey.instrument import Question
from survey.published.audit.statements import StatementTester
from survey.published.bounds.integer_program import OPTIMAL, UNPROVED, Extent, Program, Undecided, total
from survey.published.bounds.joint_table import JointTable, Terms, high_codes, item_table, untied
from survey.published.bounds.queries import (
    FIXED,
    FeasibleMargins,
    Span,
    answering_share,
    item_p_value,
    overlap,
    rated_together,
)
from survey.published.findings.figures import EVERYONE, Code, Figure


@dataclass(frozen=True, eq=False)
class Ranges:
    """The proved ranges of shares, bases, ranks, means and the like; None where nothing is proved.

    A range holds for every data set with the published margins. Its ends occur in some such data where the
    status is "optimal". A question without any figure is open: no program is solved for it.
    """

    known: FeasibleMargins
    _shares: dict[tuple[str, str, str, tuple[Code, ...]], Span | None] = field(default_factory=dict)

    @cached_property
    def _tester(self) -> StatementTester:
        from survey.published.findings.assumptions import Thresholds

        return StatementTester(self.known, Thresholds())

    def spoken_of(self, question: Question) -> bool:
        """Whether any published figure is about a question; of the banner also one by group."""
        margins = self.known.margins
        return bool(margins.about(question)) or (question == margins.banner and bool(margins.groups))

    def share(
        self, question: Question, item: str, group: str = EVERYONE, codes: Collection[Code] = ()
    ) -> Span | None:
        """The share of a group that gives one of the answers; where none is named, the top box."""
        codes = tuple(codes or high_codes(self.known.margins, question, item))
        key = (question.id, item, group, codes)
        if key not in self._shares:
            self._shares[key] = self._share(question, item, group, codes)
        return self._shares[key]

    def _share(self, question: Question, item: str, group: str, codes: tuple[Code, ...]) -> Span | None:
        margins = self.known.margins
        if question == margins.banner:
            return self._banner_share(item, group)
        if group != EVERYONE and group not in margins.groups:
            return _open(0, 1)
        if not self.spoken_of(question):
            return _open(0, 1)
        try:
            if group == EVERYONE:
                span = _of(self.known.answering(question, item, codes), margins.size)
            elif not any(self.known.bases[group]):
                return None  # nobody is in the group
            else:
                span = answering_share(self.known, question, item, codes, group)
        except Undecided:
            return None
        return span if self._met(question, item, group, codes) else _unproved(span)

    def _met(self, question: Question, item: str, group: str, codes: Collection[Code]) -> bool:
        """Whether no figure of just this share takes a count that does not print it."""
        bases = self.known.bases.get(group, (self.known.margins.size,))

        def about(figure: Figure) -> bool:
            same = (figure.question, figure.item, figure.group) == (question.id, item, group)
            return same and set(figure.codes) == set(codes)

        return all(
            figure.counts_at(base).met
            for figure in self.known.margins.figures
            if about(figure)
            for base in bases
        )

    def _banner_share(self, item: str, group: str) -> Span | None:
        """The share of everyone who is in a group; of another group, its overlap."""
        size = self.known.margins.size
        if group != EVERYONE:
            return None
        span = self.base(item)
        return span and Span(Fraction(span.low) / size, Fraction(span.high) / size, span.status, 0, 1)

    def base(self, group: str = EVERYONE) -> Span:
        """How many respondents are in a group."""
        margins = self.known.margins
        if group == EVERYONE:
            return Span(margins.size, margins.size, OPTIMAL, 0, margins.size)
        if group in margins.groups:
            bases = self.known.bases[group]
            return Span(min(bases), max(bases), OPTIMAL, 0, margins.size)
        banner = margins.banner
        alone = banner is not None and group in {option.id for option in banner.options if option.exclusive}
        if not margins.groups or banner is None or not (alone or banner.kind == "single"):
            return _open(0, margins.size)
        outside = self._outside
        return (
            _open(0, margins.size)
            if outside is None
            else Span(0, outside.high, outside.status, 0, margins.size)
        )

    @cached_property
    def _outside(self) -> Extent | None:
        """How many are in none of the groups with figures."""
        return self._members(lambda groups: groups == 0)

    def several(self) -> Span | None:
        """How many respondents are in more than one group; None where a group has no figure."""
        margins = self.known.margins
        banner = margins.banner
        if banner is None or {group.id for group in banner.groups} - set(margins.groups):
            return None
        extent = self._members(lambda groups: groups > 1)
        return extent and Span(extent.low, extent.high, extent.status, 0, margins.size)

    def _members(self, wanted: Callable[[int], bool]) -> Extent | None:
        table = JointTable(self.known.margins, self.known.bases)
        patterns = zip(self.known.margins.patterns, table.people, strict=True)
        try:
            return table.extent(total([people for pattern, people in patterns if wanted(len(pattern))]))
        except Undecided:
            return None

    def both(self, question: Question, item: str, other: str) -> Span | None:
        """How many respondents choose, or rate high, two parts of a question."""
        margins = self.known.margins
        size = margins.size
        if not self.spoken_of(question):
            return _open(0, size)
        try:
            if question == margins.banner:
                if not {item, other} <= set(margins.groups):
                    most = min(self.base(item).high, self.base(other).high)
                    return Span(0, most, UNPROVED if most < size else OPTIMAL, 0, size)
                return self.known.span(overlap(item, other))
            codes = [high_codes(margins, question, one) for one in (item, other)]
            if untied(margins, question, item) or untied(margins, question, other):
                ends = [
                    self.known.answering(question, one, these)
                    for one, these in zip((item, other), codes, strict=True)
                ]
                low, high = max(0, sum(end.low for end in ends) - size), min(end.high for end in ends)
                proved = all(end.status == OPTIMAL for end in ends)
                return Span(low, high, OPTIMAL if proved else UNPROVED, 0, size)
            span = self.known.span(rated_together(question.id, item, other))
        except Undecided:
            return None
        return Span(span.low * size, span.high * size, span.status, 0, size)

    def mean_mentions(self, question: Question) -> Span | None:
        """How many options each respondent ticks on average of a select-all question, no exclusive ones."""
        options = question.groups
        if not self.spoken_of(question):
            return _open(0, len(options))
        spans = [self.share(question, option.id) for option in options]
        low = sum((Fraction(span.low) for span in spans if span), Fraction(0))
        high = sum((Fraction(span.high) if span else Fraction(1) for span in spans), Fraction(0))
        proved = low == high and all(span and span.status == OPTIMAL for span in spans)
        return Span(low, high, OPTIMAL if proved else UNPROVED, 0, len(options))

    def p_value(self, question: Question, item: str, other: str) -> Span | None:
        """The exact McNemar p-value of two items; None where its interval is not proved."""
        if not self.spoken_of(question):
            return _open(0, 1)
        try:
            span = self.known.span(item_p_value(question.id, item, other))
        except Undecided:
            return None
        return span if span.status == OPTIMAL else None

    def gap(self, question: Question, item: str, other: str) -> Span | None:
        """By how much the share of one item is above that of another."""
        if not self.spoken_of(question):
            return _open(-1, 1)
        try:
            extent = self._tester.gap(question, item, other, EVERYONE)
        except Undecided:
            return None
        size = self.known.margins.size
        return Span(Fraction(extent.low, size), Fraction(extent.high, size), extent.status, -1, 1)

    def settled(self, question: Question, item: str, group: str) -> bool:
        """Whether the whole table of a group and its complement by an answer is fixed."""
        spans = (self.share(question, item), self.share(question, item, group))
        return all(span and span.verdict == FIXED for span in (*spans, self.base(group)))

    def rank(self, question: Question, item: str) -> Span | None:
        """The rank by top-box share, or by the share of those who chose; ties share the better rank."""
        items = len(self._tester.rivals(question)) or 1
        if not self.spoken_of(question):
            return _open(1, items)
        try:
            low, high, _ = self._tester.places(question, item)
        except Undecided:
            return None
        # Each end is a bound; that all gaps take it in the same table is only sure where they agree.
        return Span(low, high, OPTIMAL if low == high else UNPROVED, 1, items)

    def ties(self, question: Question, item: str) -> list[str]:
        """The items that have the same count in every joint table."""
        try:
            return self._tester.places(question, item)[2]
        except Undecided:
            return []

    # -- ratings ----------------------------------------------------------------------------------------

    def mean(self, battery: Question, item: str) -> Span | None:
        """The mean of the ratings of an item."""
        values = self.known.margins.instrument.scale_of(battery).values
        if not self.spoken_of(battery):
            return _open(min(values), max(values))
        program, cells = self._rated(battery, item)
        terms = [(cell, int(code) * factor) for code, sums in cells.items() for cell, factor in sums]
        try:
            extent = program.extent(terms)
        except Undecided:
            return None
        if extent is None:
            return None
        size = self.known.margins.size
        ends = Fraction(extent.low, size), Fraction(extent.high, size)
        return Span(*ends, extent.status, min(values), max(values))

    def median(self, battery: Question, item: str) -> Span | None:
        """The median of the ratings of an item: of an even number, half-way between the middle two."""
        values = self.known.margins.instrument.scale_of(battery).values
        if not self.spoken_of(battery):
            return _open(min(values), max(values))
        program, cells = self._rated(battery, item)
        size = self.known.margins.size
        least, most = [], []  # how many rate it so low or lower
        try:
            for at in range(len(values)):
                extent = program.extent([term for code in values[: at + 1] for term in cells[code]])
                if extent is None:
                    return None
                least.append(extent.low)
                most.append(extent.high)
        except Undecided:
            return None
        places = sorted({(size + 1) // 2, size // 2 + 1})
        lows = [
            next(value for value, count in zip(values, most, strict=True) if count >= at) for at in places
        ]
        highs = [
            next(value for value, count in zip(values, least, strict=True) if count >= at) for at in places
        ]
        ends = sum(map(Fraction, lows)) / len(places), sum(map(Fraction, highs)) / len(places)
        proved = len(places) == 1 or ends[0] == ends[1]  # the middle two may not both be so low in one table
        return Span(*ends, OPTIMAL if proved else UNPROVED, min(values), max(values))

    def _rated(self, battery: Question, item: str) -> tuple[Program, dict[Code, Terms]]:
        """The program of the ratings of an item, and how many give each rating."""
        margins = self.known.margins
        if untied(margins, battery, item):
            program, units = item_table(margins, battery)
            unit = next(unit for unit in units if unit.part == item)
            cells: dict[Code, Terms] = {code: total([cell]) for code, cell in units[unit].items()}
            return program, cells
        table = JointTable(margins, self.known.bases, [(battery.id, item)])
        values = margins.instrument.scale_of(battery).values
        answers: dict[Code, Terms] = {
            code: table.answering(battery.id, item, (code,), EVERYONE) for code in values
        }
        return table.program, answers


def _open(least: float, most: float) -> Span:
    """Nothing is published of it."""
    return Span(least, most, OPTIMAL, least, most)


def _of(extent: Extent, size: int) -> Span:
    return Span(Fraction(extent.low, size), Fraction(extent.high, size), extent.status, 0, 1)


def _unproved(span: Span) -> Span:
    return Span(span.low, span.high, UNPROVED, span.least, span.most)
