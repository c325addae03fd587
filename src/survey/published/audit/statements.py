"""What the rules of statements share: the tester over all joint tables, and the register of rules."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf, sqrt
from typing import NamedTuple

from survey.instrument import Question
from survey.messages import message
from survey.published.bounds.integer_program import OPTIMAL, UNPROVED, Extent, Undecided, total
from survey.published.bounds.joint_table import (
    JointTable,
    Terms,
    exclusive_options,
    gathered,
    high_codes,
    untied,
)
from survey.published.bounds.queries import FeasibleMargins, Quantity, rated_together
from survey.published.findings.assumptions import Thresholds
from survey.published.findings.figures import EVERYONE
from survey.published.findings.statement_kinds import Statement

SUPPORTED, CONTRADICTED, UNDETERMINED = "supported", "contradicted", "undetermined"
NOT_TESTABLE = "undetermined: not testable"
NOT_ASKED = "undetermined: not asked"


@dataclass(frozen=True)
class StatementResult:
    """What came of a statement: `why` in numbers, `short` in a few words; `asked` is what it rests on."""

    verdict: str
    why: tuple[str, ...]
    test: str
    asked: tuple[Quantity, ...] = ()
    short: str = ""


@dataclass
class StatementTester:
    """Judges statements over all joint tables; each gap between two items is found once."""

    known: FeasibleMargins
    thresholds: Thresholds
    lang: str = "en"
    _gaps: dict[tuple[str, str, str, str], Extent] = field(default_factory=dict)

    def say(self, key: str, **values: object) -> str:
        """Fill a message."""
        return message(key, self.lang, **values)

    def undecided_group(self, key: str, group: str) -> StatementResult:
        """Nothing can be said: there are no figures of a group, or nobody in it."""
        reason = self.say(key, group=self.group_label(group))
        return StatementResult(UNDETERMINED, (reason,), "", (), reason)

    def question(self, statement: Statement) -> Question:
        """The question of a statement."""
        return self.known.question(statement.question)

    def label(self, question: Question, item: str) -> str:
        """The wording of an item."""
        return question.part(item).said(self.lang)

    def subgroup(self, statement: Statement) -> tuple[Question, str]:
        """Question and answer of the people that a statement is about; those of a group: the banner."""
        question_id, option = statement.subgroup
        if question_id:
            return self.known.question(question_id), option
        banner = self.known.margins.banner
        assert banner is not None, "a group is an option of the banner"
        return banner, statement.group

    def banner_group(self, statement: Statement) -> str:
        """The group of the banner that a statement is about; empty where it is about others or all."""
        banner = self.known.margins.banner
        question_id, option = statement.subgroup
        if banner is None or (question_id and question_id != banner.id):
            return ""
        group = option or statement.group
        return group if group in {one.id for one in banner.options} else ""

    def subgroup_label(self, statement: Statement) -> str:
        """The wording of the people that a statement is about."""
        question, option = self.subgroup(statement)
        return question.part(option).said(self.lang)

    def groups(self) -> list[str]:
        """The groups of the banner with published figures, and anybody in them."""
        return [group for group in self.known.margins.groups if any(self.known.bases[group])]

    def group_label(self, group: str) -> str:
        """The wording of a group."""
        banner = self.known.margins.banner
        return banner.part(group).said(self.lang) if banner else group

    def listed(self, texts: Iterable[str]) -> str:
        """Join texts to a list."""
        return self.say("list_separator").join(texts)

    # -- items of one question --------------------------------------------------------------------------

    def rivals(self, question: Question, *items: str) -> list[str]:
        """The other items that are ranked with these: all but exclusive options."""
        parts = question.groups if question.kind == "multiple" else question.parts
        return [part.id for part in parts if part.id not in items]

    def gap(self, question: Question, item: str, other: str, group: str) -> Extent:
        """By how many respondents `item` is above `other` in a group, over all joint tables."""
        key = (question.id, item, other, group)
        if key not in self._gaps:
            gap = self._gap(question, item, other, group)
            self._gaps[key] = gap
            self._gaps[question.id, other, item, group] = Extent(-gap.high, -gap.low, gap.status)
        return self._gaps[key]

    def _gap(self, question: Question, item: str, other: str, group: str) -> Extent:
        margins = self.known.margins
        codes = [high_codes(margins, question, one) for one in (item, other)]
        if question == margins.banner:
            return self._group_gap(question, item, other, group)
        if group != EVERYONE or question.kind == "single" or not self._apart(question, item, other):
            table = JointTable(margins, self.known.bases, [(question.id, item), (question.id, other)])
            answers = zip((item, other), codes, strict=True)
            sides = [table.answering(question.id, one, these, group) for one, these in answers]
            extent = table.extent(minus(*sides))
        else:
            first, second = (
                self.known.answering(question, one, these)
                for one, these in zip((item, other), codes, strict=True)
            )
            proved = first.status == second.status == OPTIMAL
            ends = first.low - second.high, first.high - second.low
            extent = Extent(*ends, OPTIMAL if proved else UNPROVED)
        if extent is None:  # the figures hold together, so this is a table the solver lost
            raise Undecided
        return extent

    def _group_gap(self, banner: Question, item: str, other: str, group: str) -> Extent:
        """By how many the people of one group, all or those of `group`, are more than those of another."""
        table = JointTable(self.known.margins, self.known.bases)
        sides = [self._belonging(table, banner, one, group) for one in (item, other)]
        low = table.extent(minus(sides[0][0], sides[1][1]))
        high = table.extent(minus(sides[0][1], sides[1][0]))
        if low is None or high is None:
            raise Undecided
        return Extent(low.low, high.high, OPTIMAL if low.status == high.status == OPTIMAL else UNPROVED)

    def _belonging(self, table: JointTable, banner: Question, item: str, group: str) -> tuple[Terms, Terms]:
        """Those of `group` who surely belong to an item of the banner, and those who may.

        Where no figure is about the item that is nobody, and everybody; for a choice that goes with no
        group those of none.
        """
        margins = self.known.margins
        if item in margins.groups:
            return table.inside(item, group), table.inside(item, group)
        if banner.kind == "multiple" and not banner.part(item).exclusive:
            return [], table.inside(group)
        patterns = zip(table.people, margins.patterns, strict=True)
        return [], total([people for people, groups in patterns if not groups and group == EVERYONE])

    def _apart(self, question: Question, item: str, other: str) -> bool:
        """Whether nothing ties the counts of two items to each other, or one of them is fixed."""
        margins = self.known.margins
        if untied(margins, question, item) or untied(margins, question, other):
            return True
        ends = (
            self.known.answering(question, one, high_codes(margins, question, one)) for one in (item, other)
        )
        return any(extent.low == extent.high for extent in ends)

    def places(
        self, question: Question, item: str, group: str = EVERYONE, *, from_below: bool = False
    ) -> tuple[int, int, list[str]]:
        """The best and the worst rank of an item over all joint tables, and the items it always ties with.

        `from_below` counts the places from the lowest item.
        """
        gaps = {}
        for other in self.rivals(question, item):
            pair = (item, other) if from_below else (other, item)
            gaps[other] = self.gap(question, *pair, group)
        low = 1 + sum(gap.low > 0 for gap in gaps.values())
        high = 1 + sum(gap.high > 0 for gap in gaps.values())
        return low, high, [other for other, gap in gaps.items() if gap.low == gap.high == 0]

    def order(
        self,
        statement: Statement,
        pairs: Iterable[tuple[str, str]],
        test: str,
        gap_of: Callable[[str, str], Extent] | None = None,
    ) -> StatementResult:
        """Judge that each first item is not below its second; a tie is said. `gap_of`: of other people."""
        question, group = self.question(statement), statement.group
        verdicts, ties = [], []
        doubtful: dict[tuple[str, Extent], list[str]] = {}
        for item, other in pairs:
            gap = gap_of(item, other) if gap_of else self.gap(question, item, other, group)
            verdicts.append(SUPPORTED if gap.low >= 0 else CONTRADICTED if gap.high < 0 else UNDETERMINED)
            named = self.label(question, item), self.label(question, other)
            if gap.low == gap.high == 0:
                ties.append(self.say("audit_tied", item=named[0], other=named[1]))
            elif verdicts[-1] != SUPPORTED or gap.low == 0:
                doubtful.setdefault((named[0], gap), []).append(named[1])
        reasons = ties + [
            self.say(
                "audit_gaps",
                item=item,
                others=self.listed(others),
                range=self.between_text(gap.low, gap.high),
            )
            for (item, gap), others in doubtful.items()
        ]
        verdict = worst_of(verdicts)
        reasons = reasons or [self.say("audit_order_holds")]
        return StatementResult(verdict, tuple(reasons), test, (), self.say(f"audit_short_order_{verdict}"))

    def top_box_correlation(self, question: Question, item: str, other: str) -> tuple[float, float]:
        """Between which ends the correlation of two top boxes lies: from their counts, and those in both."""
        margins = self.known.margins
        sides = [
            self.known.answering(question, one, high_codes(margins, question, one)) for one in (item, other)
        ]
        both = rated_together(question.id, item, other).span(self.known)
        counts = [
            (count, others, Fraction(together) * margins.size)
            for count in {sides[0].low, sides[0].high}
            for others in {sides[1].low, sides[1].high}
            for together in {both.low, both.high}
        ]
        values = [_phi(*cell, margins.size) for cell in counts]
        return min(values), max(values)

    def between_text(self, low: object, high: object) -> str:
        """Write a range in words, for ends that may be negative."""
        return str(low) if low == high else self.say("audit_range", low=low, high=high)

    # -- people -----------------------------------------------------------------------------------------

    def tables(self, question: Question, items: Collection[str], group: str) -> Iterable["SizedTable"]:
        """Give the joint table at each possible size of a group, split by these items, where there is one."""
        margins = self.known.margins
        everyone = group == EVERYONE
        for base in (margins.size,) if everyone else filter(None, self.known.bases[group]):
            bases: Mapping[str, Sequence[int]] = self.known.bases
            bases = bases if everyone else {**bases, group: (base,)}
            asked = [] if question == margins.banner else [(question.id, item) for item in items]
            table = JointTable(margins, bases, asked)
            if everyone or len(self.known.bases[group]) == 1 or table.feasible:
                yield SizedTable(base, table)

    def chosen(self, table: JointTable, question: Question, item: str, group: str) -> tuple[Terms, Terms]:
        """Those of a group who surely choose an item (or rate it high), and those who may."""
        if question == self.known.margins.banner:
            return self._belonging(table, question, item, group)
        terms = table.answering(question.id, item, high_codes(self.known.margins, question, item), group)
        return terms, terms

    def summed(self, table: JointTable, sides: Iterable[tuple[Terms, Terms]]) -> Extent:
        """How many ticks several items have together, of those who surely and those who may choose them."""
        least, most = [], []
        for surely, maybe in sides:
            least += surely
            most += maybe
        return ends_of(table, gathered(least), gathered(most))

    def counts(self, question: Question, item: str, group: str) -> list[tuple[int, Extent]]:
        """How many of a group choose an item, at each size of the group."""
        if group == EVERYONE:
            codes = high_codes(self.known.margins, question, item)
            return [(self.known.margins.size, self.known.answering(question, item, codes))]
        return [
            (base, ends_of(table, *self.chosen(table, question, item, group)))
            for base, table in self.tables(question, [item], group)
        ]

    def reached(self, question: Question, items: Collection[str], group: str) -> list[tuple[int, Extent]]:
        """How many of a group choose at least one of some options, at each size of the group.

        Of a select-all question this lies between the largest of their counts and the sum of all (Boole),
        in every pattern of groups.
        """
        return [
            (base, ends_of(table, *self._reach(table, question, items, group)))
            for base, table in self.tables(question, items, group)
        ]

    def _reach(
        self, table: JointTable, question: Question, items: Collection[str], group: str
    ) -> tuple[Terms, Terms]:
        margins = self.known.margins
        if question == margins.banner and question.kind == "multiple":
            named = [item for item in items if item in margins.groups]
            patterns = zip(table.people, margins.patterns, strict=True)
            inside = total(
                [people for people, one in patterns if one.intersection(named) and group in (EVERYONE, *one)]
            )
            return inside, inside if len(named) == len(items) else table.inside(group)
        sides = [self.chosen(table, question, item, group) for item in items]
        if question.kind == "single":
            least, most = ([term for side in which for term in side] for which in zip(*sides, strict=True))
            return gathered(least), [(cell, 1.0) for cell, _ in gathered(most)]
        reached = []
        without = exclusive_options(question) - set(items)  # who ticks one of them ticks nothing else
        for people, pattern in zip(table.people, margins.patterns, strict=True):
            if group not in (EVERYONE, *pattern):
                continue
            some = table.program.variable(margins.size)
            at = margins.patterns.index(pattern)
            slots = table.cells(question.id).items()
            cells = [by_pattern[at][1] for unit, by_pattern in slots if unit.part in items]
            alone = [by_pattern[at][1] for unit, by_pattern in slots if unit.part in without]
            table.program.keep([(some, 1.0), *total(alone), (people, -1.0)], -inf, 0)
            table.program.keep([(some, 1.0), *total(cells, -1.0)], -inf, 0)
            for cell in cells:
                table.program.keep([(some, 1.0), (cell, -1.0)], 0, inf)
            reached.append(some)
        return total(reached), total(reached)

    # -- groups -----------------------------------------------------------------------------------------

    def other_groups(self, group: str) -> list[str]:
        """The other groups of the banner with published figures, and anybody in them."""
        return [one for one in self.groups() if one != group]

    def unpublished_groups(self) -> list[str]:
        """The groups of the banner that no figure speaks of; nothing can hold against each of them."""
        banner = self.known.margins.banner
        every = [option.id for option in banner.groups] if banner else []
        return [one for one in every if one not in self.known.margins.groups]


class SizedTable(NamedTuple):
    """A joint table in which a group has one size."""

    base: int
    table: JointTable


Rule = Callable[[StatementTester, Statement], StatementResult]
RULES: dict[str, Rule] = {}


def rule(*names: str) -> Callable[[Rule], Rule]:
    """Register a function as the rule of these kinds of statement."""

    def register(function: Rule) -> Rule:
        RULES.update(dict.fromkeys(names, function))
        return function

    return register


def ends_of(table: JointTable, least: Terms, most: Terms) -> Extent:
    """Between which ends a count lies of which some surely are and others may be. May raise `Undecided`."""
    low = table.extent(least)
    high = low if most is least or most == least else table.extent(most)
    if low is None or high is None:  # the figures hold together, so this is a table the solver lost
        raise Undecided
    return Extent(low.low, high.high, OPTIMAL if low.status == high.status == OPTIMAL else UNPROVED)


def _phi(count: int, others: int, both: Fraction, size: int) -> float:
    """The correlation of two ticks, of so many respondents each and together; 0 where one does not vary."""
    spread = count * (size - count) * others * (size - others)
    value = float(size * both - count * others) / sqrt(spread) if spread else 0.0
    return max(-1.0, min(1.0, value))


def minus(terms: Terms, others: Terms) -> Terms:
    """One sum less another."""
    return [*terms, *((cell, -factor) for cell, factor in others)]


def worst_of(verdicts: Iterable[str]) -> str:
    """Every part must hold: one contradicted contradicts the whole."""
    listed = list(verdicts)
    if CONTRADICTED in listed:
        return CONTRADICTED
    return SUPPORTED if listed and all(one == SUPPORTED for one in listed) else UNDETERMINED
