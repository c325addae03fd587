"""Sharp bounds, from the published margins alone, of what was not published."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from survey.arguments import check_lang, unfit
from survey.errors import usage
from survey.instrument import Question
from survey.messages import message
from survey.published.bounds.bases import RecoveredBases, recover_bases, surviving_bases
from survey.published.bounds.integer_program import OPTIMAL, UNPROVED, Extent, Undecided, total
from survey.published.bounds.joint_table import (
    JointTable,
    Terms,
    all_high,
    gathered,
    high_codes,
    item_table,
    overall_extent,
    untied,
)
from survey.published.bounds.margins import Margins, group_bases, margins_of
from survey.published.bounds.significance import PInterval, group_interval, item_interval
from survey.published.findings.figures import EVERYONE, Code
from survey.published.findings.reading import Findings, FindingsLike, findings_of
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

FIXED, BOUNDED, OPEN = "fixed", "bounded", "open"
_NONE = "none"


@dataclass(frozen=True)
class Span:
    """A range with what the solver says of it; `least` and `most` are what it would be without findings."""

    low: Fraction | float
    high: Fraction | float
    status: str
    least: float
    most: float

    @property
    def verdict(self) -> str:
        """Whether the margins fix it, bound it or leave it open."""
        if self.low == self.high and self.status == OPTIMAL:
            return FIXED
        return OPEN if self.low <= self.least and self.high >= self.most else BOUNDED


@dataclass(frozen=True, eq=False)
class FeasibleMargins:
    """The margins of some findings, and the bases that fit one joint table; each found once."""

    margins: Margins
    file: str = ""
    given: Mapping[str, int] | None = None
    _spans: dict[str, "Span"] = field(default_factory=dict)
    _intervals: dict[tuple[str, ...], PInterval | None] = field(default_factory=dict)
    _extents: dict[tuple[str, str, tuple[Code, ...]], Extent] = field(default_factory=dict)

    def span(self, quantity: "Quantity") -> "Span":
        """The range of a quantity, computed once."""
        key = str(quantity)
        if key not in self._spans:
            self._spans[key] = quantity.span(self)
        return self._spans[key]

    def group_interval(self, question: str, item: str, group: str, other: str) -> PInterval | None:
        """The p-values of two groups, computed once; None where there is no table."""
        key = (question, item, group, other)
        if key not in self._intervals:
            self._intervals[key] = group_interval(self.margins, self.bases, (question, item), (group, other))
        return self._intervals[key]

    def answering(self, question: Question, item: str, codes: Collection[Code]) -> Extent:
        """How many of all respondents may give one of these answers, found once. May raise `Undecided`."""
        key = (question.id, item, tuple(codes))
        if key not in self._extents:
            self._extents[key] = self._answering(question, item, codes)
        return self._extents[key]

    def _answering(self, question: Question, item: str, codes: Collection[Code]) -> Extent:
        if untied(self.margins, question, item):
            return overall_extent(self.margins, question, item, codes)
        if question == self.margins.banner:
            if item not in self.margins.groups:
                return Extent(0, self.margins.size, OPTIMAL)
            table = JointTable(self.margins, self.bases)
            extent = table.extent(table.inside(item))
        else:
            table = JointTable(self.margins, self.bases, [(question.id, item)])
            extent = table.extent(table.answering(question.id, item, codes, EVERYONE))
        if extent is None:  # the figures hold together, so this is a table the solver lost
            raise Undecided
        return extent

    @cached_property
    def recovered(self) -> RecoveredBases:
        """The bases of every group, alone and jointly."""
        return recover_bases(self.margins, self._surviving)

    @cached_property
    def _surviving(self) -> dict[str, tuple[int, ...]]:
        return surviving_bases(self.margins)

    @cached_property
    def bases(self) -> dict[str, tuple[int, ...]]:
        """The candidates of each group: those that survive, or the one that was given."""
        bases = dict(self._surviving)
        for group, base in (self.given or {}).items():
            self.check_group(group)
            if base not in bases[group]:
                known = list(map(str, bases[group]))
                raise usage("bounds_base_impossible", group=group, base=base, known=known)
            bases[group] = (base,)
        if self.given and not JointTable(self.margins, bases).feasible:
            given = [f"{group} {base}" for group, base in self.given.items()]
            raise usage("bounds_bases_impossible", bases=given)
        return bases

    def check_group(self, group: str) -> None:
        """Refuse a group that no figure speaks of."""
        if group not in self.margins.groups:
            known = list(self.margins.groups) or "-"
            raise usage("bounds_group_unknown", group=group, known=known)

    def question(self, question_id: str, *items: str) -> Question:
        """Find a question of counts, and check that it has these items."""
        question = self.margins.instrument.question(question_id, "single", "multiple", "rating")
        for item in items:
            question.part(item)
        return question

    def answered(self, question_id: str, item: str) -> Question:
        """Find the question of an item whose answers are split by group; of the banner, of a known group."""
        question = self.question(question_id, item)
        if question == self.margins.banner:
            self.check_group(item)
        return question


def feasible_margins(findings: Findings, bases: Mapping[str, int] | None = None) -> FeasibleMargins:
    """Take findings as margins. Raises `FindingsError` where they contradict each other."""
    margins = margins_of(findings)
    group_bases(margins, findings.file)
    return FeasibleMargins(margins, findings.file, bases)


@dataclass(frozen=True)
class Quantity:
    """Something that data would tell and the margins may only bound; made by `overlap` and the like."""

    name: str
    arguments: tuple[str, ...]
    unit: str
    span: Callable[[FeasibleMargins], Span]

    def __str__(self) -> str:
        """Write it as it is called."""
        return f"{self.name}({', '.join(self.arguments)})"


def overlap(group: str, *others: str) -> Quantity:
    """Ask how many respondents belong to all of these groups."""

    def span(known: FeasibleMargins) -> Span:
        for one in (group, *others):
            known.check_group(one)
        table = JointTable(known.margins, known.bases)
        return _people(known, table, table.inside(group, *others))

    return Quantity("overlap", (group, *others), "respondents", span)


def memberships(count: int) -> Quantity:
    """Ask how many respondents belong to exactly `count` of the groups with published figures."""

    def span(known: FeasibleMargins) -> Span:
        if not isinstance(count, int) or not 0 <= count <= len(known.margins.groups):
            raise usage("bounds_memberships", count=count, groups=len(known.margins.groups))
        table = JointTable(known.margins, known.bases)
        patterns = zip(known.margins.patterns, table.people, strict=True)
        return _people(known, table, total([people for pattern, people in patterns if len(pattern) == count]))

    return Quantity("memberships", (str(count),), "respondents", span)


def rated_together(question: str, item: str, *others: str) -> Quantity:
    """Ask which share of all respondents rates these items high together, or ticks these options together.

    High is the top box of the scale. For the intersection of several items the ends of Frechet are sharp;
    here the counts of the items may themselves be ranges that tie.
    """

    def span(known: FeasibleMargins) -> Span:
        items = (item, *others)
        asked = known.question(question, *items)
        margins, size = known.margins, known.margins.size
        if asked == margins.banner:
            people = overlap(*items).span(known)
            ends = Fraction(people.low) / size, Fraction(people.high) / size
            return Span(*ends, people.status, 0, 1)
        by_group = any(figure.group != "all" for figure in margins.about(asked))
        if by_group:
            table = JointTable(margins, known.bases, [(asked.id, one) for one in items])
            program, sizes = table.program, [total([one]) for one in table.people]
            cells = table.cells(asked.id)
        else:
            program, units = item_table(margins, asked)
            cells = {unit: [codes] for unit, codes in units.items()}
        extent = program.extent(
            all_high(margins, program, asked, items, sizes if by_group else [size], cells)
        )
        if extent is None:
            raise usage("bounds_nothing", quantity=f"rated_together({', '.join((question, *items))})")
        return Span(Fraction(extent.low, size), Fraction(extent.high, size), extent.status, 0, 1)

    return Quantity("rated_together", (question, item, *others), "share", span)


def group_share(question: str, item: str, group: str | None) -> Quantity:
    """Ask which share of a group gives an answer; `group` None: of those in none of the groups."""

    def span(known: FeasibleMargins) -> Span:
        asked = known.answered(question, item)
        return answering_share(known, asked, item, high_codes(known.margins, asked, item), group)

    return Quantity("group_share", (question, item, _NONE if group is None else group), "share", span)


def answering_share(
    known: FeasibleMargins, question: Question, item: str, codes: Collection[Code], group: str | None
) -> Span:
    """Find the share of a group (None: of those in no group) that gives one of these answers.

    Where nothing but the count among all respondents ties the answer, the ends are those of Frechet.
    """
    if group is not None:
        known.check_group(group)
    spans: list[Span] = []
    if group is not None and untied(known.margins, question, item):
        low, high, status = overall_extent(known.margins, question, item, codes)
        for base in filter(None, known.bases[group]):
            ends = Fraction(max(0, low + base - known.margins.size), base), Fraction(min(base, high), base)
            spans.append(Span(*ends, status, 0, 1))
    else:
        for base, table in _tables(known, (question.id, item), group):
            extent = table.extent(table.answering(question.id, item, codes, group)) if base else None
            if extent is not None:
                ends = Fraction(extent.low, base), Fraction(extent.high, base)
                spans.append(Span(*ends, extent.status, 0, 1))
                if (spans[-1].low, spans[-1].high) == (0, 1):
                    break  # no other base can widen it
    return _joined(spans, f"group_share({question.id}, {item}, {group})", 0, 1)


def group_difference(question: str, item: str, group: str, other: str) -> Quantity:
    """Ask by how much the share of one group is above that of another, as a fraction."""

    def span(known: FeasibleMargins) -> Span:
        asked = known.answered(question, item)
        codes = high_codes(known.margins, asked, item)
        for one in (group, other):
            known.check_group(one)
        spans = []
        for first in known.bases[group]:
            for second in known.bases[other]:
                if not first or not second:
                    continue  # nobody has no share
                bases = {**known.bases, group: (first,), other: (second,)}
                table = JointTable(known.margins, bases, [(asked.id, item)])
                terms = [(cell, second * one) for cell, one in table.answering(asked.id, item, codes, group)]
                terms += [(cell, -first * one) for cell, one in table.answering(asked.id, item, codes, other)]
                extent = table.extent(gathered(terms))
                if extent is not None:
                    scale = first * second
                    ends = Fraction(extent.low, scale), Fraction(extent.high, scale)
                    spans.append(Span(*ends, extent.status, -1, 1))
        return _joined(spans, f"group_difference({question}, {item}, {group}, {other})", -1, 1)

    return Quantity("group_difference", (question, item, group, other), "difference", span)


def item_p_value(question: str, item: str, other: str) -> Quantity:
    """Ask for the exact McNemar p-value of two items of the same respondents."""

    def span(known: FeasibleMargins) -> Span:
        known.question(question, item, other)
        interval = item_interval(known.margins, question, item, other, known.bases)
        if interval is None:
            raise usage("bounds_nothing", quantity=f"item_p_value({question}, {item}, {other})")
        return Span(interval.low, interval.high, interval.status, 0, 1)

    return Quantity("item_p_value", (question, item, other), "p", span)


def group_p_value(question: str, item: str, group: str, other: str) -> Quantity:
    """Ask for the p-value of two groups that may overlap: the z test of `crosstab(compare="columns")`."""

    def span(known: FeasibleMargins) -> Span:
        known.answered(question, item)
        for one in (group, other):
            known.check_group(one)
        interval = known.group_interval(question, item, group, other)
        if interval is None:
            raise usage("bounds_nothing", quantity=f"group_p_value({question}, {item}, {group}, {other})")
        return Span(interval.low, interval.high, interval.status, 0, 1)

    return Quantity("group_p_value", (question, item, group, other), "p", span)


def bounds(
    findings: FindingsLike, *quantities: Quantity, bases: Mapping[str, int] | None = None, lang: str = "en"
) -> "pd.DataFrame":
    """One row per quantity: the least and the most it can be in any data with the published margins.

    Parameters
    ----------
    findings
        What was published, or the path of its CSV file.
    quantities
        Made by `overlap`, `memberships`, `rated_together`, `group_share`, `group_difference`, `item_p_value`
        and `group_p_value` of this module.
    bases
        Group -> base, where it is known; otherwise every base that fits one joint table is allowed.
    lang
        The language of the notes.

    Returns
    -------
    pandas.DataFrame
        Under the `bound` contract. `low` and `high` are respondents, or fractions for shares, differences and
        p-values (`unit`). `verdict` is "fixed" (one value), "bounded" or "open" (the margins say nothing).
        `status` is "optimal" where both ends are attained by some joint table, which the solver proved, and
        "not proved" otherwise (`reason` is not_proved).

    Raises
    ------
    UsageError
        An unknown question, item, group or language, what is no quantity, or bases that fit no joint table.
    FindingsError
        The figures contradict each other.

    Examples
    --------
    >>> from survey import bounds, read_findings
    >>> from survey.published.bounds import overlap
    >>> from survey.resources import resource_folder
    >>> findings = read_findings(resource_folder("findings") / "executive-survey-2026.csv")
    >>> frame = bounds(findings, overlap("licensing", "newco"), bases={"newco": 82})
    >>> frame[["low", "high", "status"]].values.tolist()
    [[35.0, 82.0, 'optimal']]
    """
    check_lang(lang)
    for quantity in quantities:
        if not isinstance(quantity, Quantity):
            raise unfit("quantity_needed", quantity)
    known = feasible_margins(findings_of(findings), bases)
    return contract_frame("bound", [bound_row(known, quantity, lang) for quantity in quantities])


def bound_row(known: FeasibleMargins, quantity: Quantity, lang: str, finding: str = "") -> dict[str, object]:
    """Write the row of one quantity."""
    span = known.span(quantity)
    unproved = [] if span.status == OPTIMAL else [("not_proved", message("audit_not_proved", lang))]
    return {
        "finding": finding,
        "quantity": str(quantity),
        "unit": quantity.unit,
        "low": float(span.low),
        "high": float(span.high),
        "verdict": span.verdict,
        "status": span.status,
        "bases": _bases_text(known.bases),
        **remarks(*unproved),
    }


def _bases_text(bases: Mapping[str, tuple[int, ...]]) -> str:
    return "; ".join(f"{group} {'/'.join(map(str, some))}" for group, some in bases.items())


def _people(known: FeasibleMargins, table: JointTable, terms: Terms) -> Span:
    extent = table.extent(terms)
    if extent is None:
        raise usage("bounds_nothing", quantity="-")
    return Span(Fraction(extent.low), Fraction(extent.high), extent.status, 0, known.margins.size)


def _tables(
    known: FeasibleMargins, asked: tuple[str, str], group: str | None
) -> Iterator[tuple[int, JointTable]]:
    """Give the joint tables at every base of a group; None: at every number of those in no group."""
    if group is not None:
        for base in known.bases[group]:
            yield base, JointTable(known.margins, {**known.bases, group: (base,)}, [asked])
        return
    table = JointTable(known.margins, known.bases, [asked])
    patterns = zip(known.margins.patterns, table.people, strict=True)
    nobody = total([people for pattern, people in patterns if not pattern])
    extent = table.extent(nobody)
    for base in range(max(1, extent.low), extent.high + 1) if extent else ():
        with table.holding([(nobody, base)]):
            yield base, table


def _joined(spans: list[Span], quantity: str, least: float, most: float) -> Span:
    if not spans:
        raise usage("bounds_nothing", quantity=quantity)
    proved = all(span.status == OPTIMAL for span in spans)
    low, high = min(span.low for span in spans), max(span.high for span in spans)
    return Span(low, high, OPTIMAL if proved else UNPROVED, least, most)
