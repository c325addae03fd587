"""Statements in words against everything the margins allow, by the closed table of `claims`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, pairwise
from math import ceil, sqrt

from survey.instrument import Question
from survey.messages import message
from survey.published.bounds.integer_program import OPTIMAL, UNPROVED, Extent, Undecided, total
from survey.published.bounds.joint_table import JointTable, Terms, high_codes, untied
from survey.published.bounds.queries import (
    FeasibleMargins,
    Quantity,
    group_difference,
    group_p_value,
    item_p_value,
    rated_together,
)
from survey.published.bounds.significance import PInterval, item_interval
from survey.published.findings.assumptions import Thresholds
from survey.published.findings.figures import EVERYONE
from survey.published.findings.printed_counts import numbers_text
from survey.published.findings.statement_kinds import OTHERS, Statement
from survey.rounding import printed_p, printed_range

SUPPORTED, CONTRADICTED, UNDETERMINED = "supported", "contradicted", "undetermined"
NOT_TESTABLE = "undetermined: not testable"


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

    def judge(self, statement: Statement) -> StatementResult:
        """Judge a statement by the rule of its kind."""
        kind, group, item = statement.kind, statement.group, statement.item
        if kind is None:
            return StatementResult(
                NOT_TESTABLE, (self.say("audit_no_rule"),), "", (), self.say("audit_short_no_rule")
            )
        if kind.across or group != EVERYONE:
            if group not in self.known.margins.groups:
                return self.undecided_group("audit_group_unpublished", group)
            if not any(self.known.bases[group]):
                return self.undecided_group("audit_group_empty", group)
        by_group = kind.across or _RULES[kind.name] is _faced_by_everyone
        of_banner = self.question(statement) == self.known.margins.banner
        if by_group and of_banner and item not in self.known.margins.groups:
            return self.undecided_group("audit_group_unpublished", item)
        return _RULES[kind.name](self, statement)

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
            extent = table.extent(_minus(*sides))
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
        low = table.extent(_minus(sides[0][0], sides[1][1]))
        high = table.extent(_minus(sides[0][1], sides[1][0]))
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

    def places(self, question: Question, item: str, group: str = EVERYONE) -> tuple[int, int, list[str]]:
        """The best and the worst rank of an item over all joint tables, and the items it always ties with."""
        gaps = {other: self.gap(question, other, item, group) for other in self.rivals(question, item)}
        low = 1 + sum(gap.low > 0 for gap in gaps.values())
        high = 1 + sum(gap.high > 0 for gap in gaps.values())
        return low, high, [other for other, gap in gaps.items() if gap.low == gap.high == 0]

    def order(self, statement: Statement, pairs: Iterable[tuple[str, str]], test: str) -> StatementResult:
        """Judge that each first item is not below its second; a tie is said."""
        question, group = self.question(statement), statement.group
        verdicts, ties = [], []
        doubtful: dict[tuple[str, Extent], list[str]] = {}
        for item, other in pairs:
            gap = self.gap(question, item, other, group)
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
        verdict = _worst(verdicts)
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

    # -- groups -----------------------------------------------------------------------------------------

    def other_groups(self, group: str) -> list[str]:
        """The other groups of the banner with published figures, and anybody in them."""
        bases = self.known.bases
        return [one for one in self.known.margins.groups if one != group and any(bases[one])]

    def unpublished_groups(self) -> list[str]:
        """The groups of the banner that no figure speaks of; nothing can hold against each of them."""
        banner = self.known.margins.banner
        every = [option.id for option in banner.groups] if banner else []
        return [one for one in every if one not in self.known.margins.groups]


def _phi(count: int, others: int, both: Fraction, size: int) -> float:
    """The correlation of two ticks, of so many respondents each and together; 0 where one does not vary."""
    spread = count * (size - count) * others * (size - others)
    value = float(size * both - count * others) / sqrt(spread) if spread else 0.0
    return max(-1.0, min(1.0, value))


def _minus(terms: Terms, others: Terms) -> Terms:
    """One sum less another."""
    return [*terms, *((cell, -factor) for cell, factor in others)]


def _worst(verdicts: Iterable[str]) -> str:
    """Every part must hold: one contradicted contradicts the whole."""
    listed = list(verdicts)
    if CONTRADICTED in listed:
        return CONTRADICTED
    return SUPPORTED if listed and all(one == SUPPORTED for one in listed) else UNDETERMINED


def _rank(tester: StatementTester, statement: Statement) -> StatementResult:
    return _placed(tester, statement, statement.rank, statement.rank, "audit_test_rank")


def _among_the_highest(tester: StatementTester, statement: Statement) -> StatementResult:
    items = len(tester.rivals(tester.question(statement)))
    return _placed(tester, statement, 1, ceil(items / 3), "audit_test_among")


def _placed(
    tester: StatementTester, statement: Statement, best: int, worst: int, test: str
) -> StatementResult:
    question, item, group = tester.question(statement), statement.item, statement.group
    low, high, ties = tester.places(question, item, group)
    outside = high < best or low > worst
    verdict = SUPPORTED if best <= low and high <= worst else CONTRADICTED if outside else UNDETERMINED
    items = 1 + len(tester.rivals(question, item))
    reasons = [tester.say("audit_rank", range=printed_range(low, high), items=items)]
    if ties:
        tied = tester.listed(tester.label(question, other) for other in ties)
        reasons.append(tester.say("audit_shared", rank=low, others=tied))
    place = "audit_short_rank" if low == high else "audit_short_ranks"
    short = tester.say(place, low=low, high=high, items=items)
    if ties:
        short += tester.say("audit_short_shared", count=len(ties))
    return StatementResult(verdict, tuple(reasons), tester.say(test, worst=worst), (), short)


def _rank_order(tester: StatementTester, statement: Statement) -> StatementResult:
    named = [item for item in statement.named if item != OTHERS]
    pairs = list(pairwise(named))
    if statement.named[-1] == OTHERS:
        pairs += [(named[-1], other) for other in tester.rivals(tester.question(statement), *named)]
    return tester.order(statement, pairs, tester.say("audit_test_order"))


def _top_k(tester: StatementTester, statement: Statement) -> StatementResult:
    rest = tester.rivals(tester.question(statement), *statement.named)
    pairs = [(item, other) for item in statement.named for other in rest]
    return tester.order(statement, pairs, tester.say("audit_test_top"))


def _tied_with(tester: StatementTester, statement: Statement) -> StatementResult:
    question, other = tester.question(statement), statement.other
    gap = tester.gap(question, statement.item, other, statement.group)
    outside = gap.low > 0 or gap.high < 0
    verdict = CONTRADICTED if outside else SUPPORTED if gap.low == gap.high else UNDETERMINED
    values = {"item": tester.label(question, statement.item), "other": tester.label(question, other)}
    text = tester.between_text(gap.low, gap.high)
    reason = tester.say("audit_tied", **values) if verdict == SUPPORTED else ""
    reason = reason or tester.say("audit_gap", range=text, **values)
    sizes = printed_range(*sorted((abs(int(gap.low)), abs(int(gap.high))))) if outside else ""
    short = tester.say(f"audit_short_tie_{verdict}", range=sizes)
    return StatementResult(verdict, (reason,), tester.say("audit_test_tie"), (), short)


def _similar_to(tester: StatementTester, statement: Statement) -> StatementResult:
    question, other, group = tester.question(statement), statement.other, statement.group
    gap = tester.gap(question, statement.item, other, group)
    base = min(tester.known.bases[group]) if group != EVERYONE else tester.known.margins.size
    limit = tester.thresholds.similar_points
    ends = [Fraction(100 * end, base) for end in (gap.low, gap.high)]
    far = ends[0] > limit or ends[1] < -limit
    near = max(abs(end) for end in ends) <= limit
    verdict = SUPPORTED if near else CONTRADICTED if far and group == EVERYONE else UNDETERMINED
    text = tester.between_text(*(f"{float(end):.1f}" for end in ends))
    reason = tester.say("audit_similar", range=text, other=tester.label(question, other), limit=f"{limit:g}")
    key = "audit_short_similar" if ends[0] == ends[1] else "audit_short_similar_range"
    if ends[0] == ends[1]:
        text = f"{abs(float(ends[0])):.0f}"
    else:
        text = tester.between_text(*(f"{float(end):.0f}" for end in ends))
    short = tester.say(key, range=text, limit=f"{limit:g}")
    test = tester.say("audit_test_similar", limit=f"{limit:g}")
    return StatementResult(verdict, (reason,), test, (), short)


def _interrelated(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that every two items go together: their top boxes correlate above 0 in every joint table."""
    question, test = tester.question(statement), tester.say("audit_test_interrelated")
    if statement.group != EVERYONE:
        reason = tester.say("audit_items_in_group")
        return StatementResult(UNDETERMINED, (reason,), test, (), reason)
    verdicts, ends = [], []
    for item, other in combinations(tester.rivals(question), 2):
        low, high = tester.top_box_correlation(question, item, other)
        verdicts.append(SUPPORTED if low > 0 else CONTRADICTED if high <= 0 else UNDETERMINED)
        ends.append((low, high))
    verdict = _worst(verdicts)
    counts = {name: verdicts.count(name) for name in (SUPPORTED, CONTRADICTED, UNDETERMINED)}
    lows, highs = zip(*ends, strict=True) if ends else ((-1.0,), (1.0,))
    text = tester.between_text(f"{min(lows):.2f}", f"{max(highs):.2f}")
    reason = tester.say("audit_interrelated", range=text, all=len(verdicts), **counts)
    short = tester.say(f"audit_short_interrelated_{verdict}", all=len(verdicts), **counts)
    return StatementResult(verdict, (reason,), test, (), short)


def _faced_by_everyone(tester: StatementTester, statement: Statement) -> StatementResult:
    question, item, group = tester.question(statement), statement.item, statement.group
    margins = tester.known.margins
    table = JointTable(margins, tester.known.bases, [(question.id, item)])
    codes = high_codes(margins, question, item)
    terms = table.inside(group) + [
        (cell, -factor) for cell, factor in table.answering(question.id, item, codes, group)
    ]
    without = table.extent(terms)
    if without is None:
        raise Undecided
    verdict = CONTRADICTED if without.low > 0 else SUPPORTED if without.high == 0 else UNDETERMINED
    bases = (margins.size,) if group == EVERYONE else tester.known.bases[group]
    values = {"range": printed_range(without.low, without.high), "base": numbers_text(bases, tester.lang)}
    reason = tester.say("audit_without", **values)
    return StatementResult(verdict, (reason,), tester.say("audit_test_everyone"), (), reason)


def _every_item(tester: StatementTester, statement: Statement) -> StatementResult:
    question, item = tester.question(statement), statement.item
    if statement.group != EVERYONE:
        reason = tester.say("audit_items_in_group")
        return StatementResult(UNDETERMINED, (reason,), tester.say("audit_test_mcnemar"), (), reason)
    reasons, verdicts, asked = [], [], []
    level = tester.thresholds.level
    for other in tester.rivals(question, item):
        interval = item_interval(tester.known.margins, question.id, item, other, tester.known.bases)
        if interval is None:
            continue
        verdicts.append(_significant(interval, level))
        reasons.append(_test_text(tester, tester.label(question, other), interval))
        asked.append(item_p_value(question.id, item, other))
    return StatementResult(
        *(_worst(verdicts), tuple(reasons), tester.say("audit_test_mcnemar"), tuple(asked)),
        _short_of_tests(tester, verdicts),
    )


def _short_of_tests(tester: StatementTester, verdicts: list[str]) -> str:
    """Against how many others a share is significantly higher, or surely not."""
    verdict, count = _worst(verdicts), {name: verdicts.count(name) for name in (SUPPORTED, CONTRADICTED)}
    number = count[CONTRADICTED if verdict == CONTRADICTED else SUPPORTED]
    if not number:
        return tester.say("audit_short_significant_none")
    return tester.say(f"audit_short_significant_{verdict}", all=len(verdicts), count=number)


def _significant(interval: PInterval | None, level: float) -> str:
    """Significantly higher in every table, in none, or neither; None: there is no table."""
    if interval is None:
        return UNDETERMINED
    return CONTRADICTED if interval.never(level) else SUPPORTED if interval.always(level) else UNDETERMINED


def _test_text(tester: StatementTester, other: str, interval: PInterval) -> str:
    ends = (printed_p(interval.low), printed_p(interval.high))
    points = [f"{100 * float(end):.1f}" for end in (interval.difference_low, interval.difference_high)]
    values = {"other": other, "p": tester.between_text(*ends), "points": tester.between_text(*points)}
    key = "audit_p" if interval.status == OPTIMAL else "audit_p_unproved"
    return tester.say(key, **values)


def _other_groups(tester: StatementTester, statement: Statement) -> StatementResult:
    question, item, group = tester.question(statement), statement.item, statement.group
    reasons, verdicts, asked = [], [], []
    level = tester.thresholds.level
    for other in tester.other_groups(group):
        interval = tester.known.group_interval(question.id, item, group, other)
        verdicts.append(_significant(interval, level))
        if interval is not None:
            reasons.append(_test_text(tester, tester.group_label(other), interval))
            asked.append(group_p_value(question.id, item, group, other))
    short = _short_of_tests(tester, verdicts)
    return _against_each(tester, verdicts, reasons, "audit_test_groups", asked, short)


def _against_each(
    tester: StatementTester,
    verdicts: list[str],
    reasons: list[str],
    test: str,
    asked: list[Quantity],
    short: str,
) -> StatementResult:
    """A verdict over the published groups; groups without figures leave it open unless it is contradicted."""
    verdict = _worst(verdicts)
    if not verdicts:
        short = tester.say("audit_no_other_group")
        reasons.append(short)
    if verdict == SUPPORTED and (unknown := tester.unpublished_groups()):
        verdict = UNDETERMINED
        names = tester.listed(map(tester.group_label, unknown))
        reasons.append(tester.say("audit_group_unpublished", group=names))
        short = tester.say("audit_short_unpublished", count=len(unknown))
    return StatementResult(verdict, tuple(reasons), tester.say(test), tuple(asked), short)


def _highest(tester: StatementTester, statement: Statement, sign: int = 1) -> StatementResult:
    question, item, group = statement.question, statement.item, statement.group
    reasons, verdicts, asked = [], [], []
    for other in tester.other_groups(group):
        quantity = group_difference(question, item, group, other)
        span = tester.known.span(quantity)
        asked.append(quantity)
        low, high = sorted((sign * float(span.low), sign * float(span.high)))
        verdicts.append(CONTRADICTED if high < 0 else SUPPORTED if low >= 0 else UNDETERMINED)
        points = tester.between_text(*(f"{100 * float(end):.1f}" for end in (span.low, span.high)))
        reasons.append(tester.say("audit_points", other=tester.group_label(other), points=points))
    side = "highest" if sign > 0 else "lowest"
    count = verdicts.count(CONTRADICTED)
    short = tester.say(f"audit_short_{side}_{_worst(verdicts)}", all=len(verdicts), count=count)
    return _against_each(tester, verdicts, reasons, f"audit_test_{side}", asked, short)


def _lowest(tester: StatementTester, statement: Statement) -> StatementResult:
    return _highest(tester, statement, -1)


_RULES: dict[str, Callable[[StatementTester, Statement], StatementResult]] = {
    "rank": _rank,
    "rank_order": _rank_order,
    "top_k": _top_k,
    "tied_with": _tied_with,
    "similar_to": _similar_to,
    "interrelated": _interrelated,
    "among_the_highest": _among_the_highest,
    "significantly_higher_than_every_other_item": _every_item,
    "faced_by_everyone": _faced_by_everyone,
    "highest_across_groups": _highest,
    "lower_than_other_groups": _lowest,
    "characteristic_of_group": _highest,
    "significantly_higher_than_other_groups": _other_groups,
}
