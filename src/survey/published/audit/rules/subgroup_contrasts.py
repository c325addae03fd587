"""Rules about some of the respondents against the rest: a group of the banner, or an answer to a question."""

from collections.abc import Collection, Iterator
from fractions import Fraction
from itertools import product

from survey.instrument import Question
from survey.published.audit.statements import (
    CONTRADICTED,
    SUPPORTED,
    UNDETERMINED,
    StatementResult,
    StatementTester,
    minus,
    rule,
    worst_of,
)
from survey.published.bounds.integer_program import OPTIMAL, UNPROVED, Extent, Undecided
from survey.published.bounds.joint_table import JointTable, gathered, high_codes
from survey.published.findings.figures import EVERYONE
from survey.published.findings.statement_kinds import Statement

Ends = tuple[Fraction, Fraction]


def share_difference(size: int, count: int, first: int, others: int) -> Ends:
    """Between which ends the difference of two shares lies: `first` people, and `others` apart from them.

    Of `size` respondents `count` give the answer, anybody. The ends occur: for the most, as many as can be
    of the first give it, and of the others only those whom nobody else is left to be.

    Examples
    --------
    >>> [float(end) for end in share_difference(10, 4, 5, 5)]
    [-0.8, 0.8]
    """

    def most(here: int, there: int) -> Fraction:
        return min(Fraction(1), Fraction(count, here)) - max(Fraction(0), 1 - Fraction(size - count, there))

    return -most(others, first), most(first, others)


def _joined(spans: Collection[Ends]) -> Ends | None:
    return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else None


def _sizes(
    tester: StatementTester, question: Question, first: Collection[str], others: Collection[str] | None
) -> Iterator[tuple[int, int]]:
    """The sizes that two sets of people may have, neither empty: by their answers to a question.

    `others` None: everybody else. Else the least others for each size of the first: the more there are, the
    less their shares can differ.
    """
    size = tester.known.margins.size
    here = tester.reached(question, first, EVERYONE)[0][1]
    left = [part.id for part in question.parts if part.id not in (*first, *(others or ()))]
    there = tester.reached(question, others, EVERYONE)[0][1] if others else Extent(1, size, OPTIMAL)
    rest = tester.reached(question, left, EVERYONE)[0][1] if others and left else Extent(0, 0, OPTIMAL)
    for count in range(max(1, int(here.low)), int(here.high) + 1):
        least = max(1, int(there.low), size - count - int(rest.high))
        if least <= min(int(there.high), size - count):
            yield count, least


def _counts_to_try(overall: Extent, size: int, first: int, others: int) -> set[int]:
    """The counts among all respondents at which a difference can be at an end: it is linear between them."""
    low, high = int(overall.low), int(overall.high)
    return {low, high, *(one for one in (first, others, size - first, size - others) if low <= one <= high)}


def contrast(
    tester: StatementTester,
    question: Question,
    items: Collection[str],
    apart: Question,
    first: Collection[str],
    others: Collection[str] | None = None,
) -> Ends | None:
    """By how many of some items those of the first answers choose more on average than the others.

    `others` None: everybody else. One item: the difference of shares. What ties the items to each other or to
    the answers is left out, so that the ends may be outer ones. None where one side is empty in every table.
    """
    size = tester.known.margins.size
    overall = [tester.counts(question, item, EVERYONE)[0][1] for item in items]
    spans = []
    for here, there in _sizes(tester, apart, first, others):
        lows, highs = [], []
        for one in overall:
            counts = _counts_to_try(one, size, here, there)
            ends = [share_difference(size, count, here, there) for count in counts]
            lows.append(min(low for low, _ in ends))
            highs.append(max(high for _, high in ends))
        spans.append((sum(lows, Fraction(0)), sum(highs, Fraction(0))))
    return _joined(spans)


def group_contrast(
    tester: StatementTester, question: Question, items: Collection[str], group: str
) -> Ends | None:
    """By how many of some items the people of a group of the banner choose more on average than the rest.

    At each size of the group the ends are reached. None where nobody is outside of it in any table.
    """
    size, spans = tester.known.margins.size, []
    for base, table in tester.tables(question, items, group):
        if base == size:
            continue
        extents = []
        for at in (0, 1):  # what surely is, and what may be, where no figure is about a group
            inside = [term for item in items for term in tester.chosen(table, question, item, group)[at]]
            everyone = [
                term for item in items for term in tester.chosen(table, question, item, EVERYONE)[1 - at]
            ]
            ours, theirs = (
                [(cell, factor * one) for cell, one in terms]
                for terms, factor in ((inside, size), (everyone, base))
            )
            extents.append(table.extent(gathered(minus(ours, theirs))))
        if extents[0] is None or extents[1] is None:
            raise Undecided
        scale = base * (size - base)
        spans.append((Fraction(int(extents[0].low), scale), Fraction(int(extents[1].high), scale)))
    return _joined(spans)


def banner_contrast(
    tester: StatementTester, question: Question, item: str, first: Collection[str], others: Collection[str]
) -> Ends | None:
    """By how much a share is higher in some groups of a single-choice banner than in others.

    At each size of the groups the ends are reached. None where one side is empty in every table.
    """
    known, spans = tester.known, []
    groups = [*first, *others]
    for sizes in product(*(known.bases[group] for group in groups)):
        here, there = sum(sizes[: len(first)]), sum(sizes[len(first) :])
        bases = {**known.bases, **{group: (base,) for group, base in zip(groups, sizes, strict=True)}}
        if not here or not there:
            continue
        table = JointTable(known.margins, bases, [(question.id, item)])
        codes = high_codes(known.margins, question, item)
        ours, theirs = (
            [
                (cell, factor * one)
                for group in side
                for cell, one in table.answering(question.id, item, codes, group)
            ]
            for side, factor in ((first, there), (others, here))
        )
        extent = table.extent(gathered(minus(ours, theirs)))
        if extent is not None:
            scale = here * there
            spans.append((Fraction(int(extent.low), scale), Fraction(int(extent.high), scale)))
    return _joined(spans)


def _against_rest(tester: StatementTester, statement: Statement, items: Collection[str]) -> Ends | None:
    """The contrast of the subgroup of a statement with everybody else."""
    question = tester.question(statement)
    apart, option = tester.subgroup(statement)
    if apart == tester.known.margins.banner:
        return group_contrast(tester, question, items, option)
    return contrast(tester, question, items, apart, [option])


def _lone(tester: StatementTester, statement: Statement, sign: int) -> StatementResult:
    """Judge that a share is higher (lower: `sign` -1) in a subgroup than among the others."""
    side = "higher" if sign > 0 else "lower"
    test = tester.say(f"audit_test_subgroup_{side}")
    ends = _against_rest(tester, statement, [statement.item])
    if ends is None:
        return _nobody(tester, test)
    verdict = _by_sign(ends, sign)
    text = tester.between_text(*(f"{100 * float(end):.1f}" for end in ends))
    reason = tester.say("audit_subgroup", subgroup=tester.subgroup_label(statement), points=text)
    short = tester.say(f"audit_short_subgroup_{verdict}", points=text)
    return StatementResult(verdict, (reason,), test, (), short)


def _nobody(tester: StatementTester, test: str) -> StatementResult:
    reason = tester.say("audit_nobody_to_compare")
    return StatementResult(UNDETERMINED, (reason,), test, (), reason)


def _by_sign(ends: Ends, sign: int = 1) -> str:
    """Whether a difference is above 0 in every table, in none, or in some; below with the sign -1."""
    low, high = sorted(sign * end for end in ends)
    return SUPPORTED if low > 0 else CONTRADICTED if high <= 0 else UNDETERMINED


@rule("higher_in_subgroup")
def higher_in_subgroup(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that a share is higher in a subgroup than among the others."""
    return _lone(tester, statement, 1)


@rule("lower_in_subgroup")
def lower_in_subgroup(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that a share is lower in a subgroup than among the others."""
    return _lone(tester, statement, -1)


@rule("most_services")
def most_services(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that the people of a subgroup tick more options on average than the others."""
    test = tester.say("audit_test_ticks")
    ends = _against_rest(tester, statement, tester.rivals(tester.question(statement)))
    if ends is None:
        return _nobody(tester, test)
    verdict = _by_sign(ends)
    text = tester.between_text(*(f"{float(end):.2f}" for end in ends))
    reason = tester.say("audit_ticks", subgroup=tester.subgroup_label(statement), range=text)
    short = tester.say(f"audit_short_ticks_{verdict}", range=text)
    return StatementResult(verdict, (reason,), test, (), short)


@rule("differs_by_stage")
def differs_by_stage(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that the first items have higher shares in the early half of the stages, the second in the late.

    Of an odd number of stages the one in the middle is in neither half.
    """
    question, stages = tester.question(statement), tester.known.question(statement.group)
    options = [option.id for option in stages.options]
    half = len(options) // 2
    early, late = options[:half], options[len(options) - half :]
    by_banner = stages == tester.known.margins.banner and {*early, *late} <= set(tester.known.margins.groups)
    verdicts, reasons = [], []
    for items, sign in zip(statement.sides, (1, -1), strict=True):
        for item in items:
            if by_banner:
                ends = banner_contrast(tester, question, item, early, late)
            else:
                ends = contrast(tester, question, [item], stages, early, late) if half else None
            if ends is None:
                return _nobody(tester, tester.say("audit_test_stage"))
            verdicts.append(_by_sign(ends, sign))
            text = tester.between_text(*(f"{100 * float(end):.1f}" for end in ends))
            reasons.append(tester.say("audit_stage", item=tester.label(question, item), points=text))
    verdict = worst_of(verdicts)
    short = tester.say(f"audit_short_stage_{verdict}")
    return StatementResult(verdict, tuple(reasons), tester.say("audit_test_stage"), (), short)


@rule("leaning")
def leaning(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that no named item has a lower count in a subgroup than any other."""
    question, test = tester.question(statement), tester.say("audit_test_leaning")
    apart, option = tester.subgroup(statement)
    rest = tester.rivals(question, *statement.named)
    pairs = [(item, other) for item in statement.named for other in rest]
    if apart == tester.known.margins.banner:
        return tester.order(
            statement, pairs, test, lambda item, other: tester.gap(question, item, other, option)
        )
    people = tester.counts(apart, option, EVERYONE)[0][1]
    sizes = range(max(1, int(people.low)), int(people.high) + 1)
    if not sizes:
        return _nobody(tester, test)
    size = tester.known.margins.size

    def gap(item: str, other: str) -> Extent:
        first, second = (tester.counts(question, one, EVERYONE)[0][1] for one in (item, other))
        lows = [max(0, first.low + base - size) - min(base, second.high) for base in sizes]
        highs = [min(base, first.high) - max(0, second.low + base - size) for base in sizes]
        return Extent(min(lows), max(highs), UNPROVED)

    return tester.order(statement, pairs, test, gap)
