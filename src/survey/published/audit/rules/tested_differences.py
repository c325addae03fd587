"""Rules about differences: of an item from the others, of a group from the others, tested or not."""

from itertools import combinations
from math import comb

from survey.published.audit.statements import (
    CONTRADICTED,
    SUPPORTED,
    UNDETERMINED,
    StatementResult,
    StatementTester,
    rule,
    worst_of,
)
from survey.published.bounds.integer_program import OPTIMAL
from survey.published.bounds.queries import Quantity, group_difference, group_p_value, item_p_value
from survey.published.bounds.significance import PInterval, item_interval
from survey.published.findings.figures import EVERYONE
from survey.published.findings.statement_kinds import Statement
from survey.rounding import printed_p


@rule("significantly_higher_than_every_other_item")
def every_item(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that an item is significantly higher than each other, by the exact McNemar test."""
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
        *(worst_of(verdicts), tuple(reasons), tester.say("audit_test_mcnemar"), tuple(asked)),
        _short_of_tests(tester, verdicts),
    )


def _short_of_tests(tester: StatementTester, verdicts: list[str]) -> str:
    """Against how many others a share is significantly higher, or surely not."""
    verdict, count = worst_of(verdicts), {name: verdicts.count(name) for name in (SUPPORTED, CONTRADICTED)}
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


@rule("significantly_higher_than_other_groups")
def other_groups(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that a group is significantly higher than each other, by the z test with their overlap."""
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
    verdict = worst_of(verdicts)
    if not verdicts:
        short = tester.say("audit_no_other_group")
        reasons.append(short)
    if verdict == SUPPORTED and (unknown := tester.unpublished_groups()):
        verdict = UNDETERMINED
        names = tester.listed(map(tester.group_label, unknown))
        reasons.append(tester.say("audit_group_unpublished", group=names))
        short = tester.say("audit_short_unpublished", count=len(unknown))
    return StatementResult(verdict, tuple(reasons), tester.say(test), tuple(asked), short)


@rule("highest_across_groups", "characteristic_of_group")
def highest(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that the share of a group is not below that of any other."""
    return _extreme(tester, statement, 1)


@rule("lower_than_other_groups")
def lowest(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that the share of a group is not above that of any other."""
    return _extreme(tester, statement, -1)


def _extreme(tester: StatementTester, statement: Statement, sign: int) -> StatementResult:
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
    short = tester.say(f"audit_short_{side}_{worst_of(verdicts)}", all=len(verdicts), count=count)
    return _against_each(tester, verdicts, reasons, f"audit_test_{side}", asked, short)


@rule("distinct_profiles", "one_size_does_not_fit")
def distinct_profiles(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that some item differs between some two groups, at `level` divided by all such comparisons.

    A comparison with a share that was not published is not tried: it leaves a claim open that no other
    settles.
    """
    question, margins = tester.question(statement), tester.known.margins
    groups = [group for group in margins.groups if any(tester.known.bases[group])]
    every = len(tester.rivals(question)) * comb(len(groups) + len(tester.unpublished_groups()), 2)
    published = {(figure.item, figure.group) for figure in margins.about(question)}
    pairs = [
        (item, *pair)
        for item in tester.rivals(question)
        for pair in combinations(groups, 2)
        if {(item, group) for group in pair} <= published
    ]
    if not every:
        reason = tester.say("audit_no_other_group")
        return StatementResult(UNDETERMINED, (reason,), tester.say("audit_test_profiles"), (), reason)
    level = tester.thresholds.level / every
    tested = [(pair, tester.known.group_interval(question.id, *pair)) for pair in pairs]
    intervals = [(pair, interval) for pair, interval in tested if interval is not None]
    differ = [_differs(interval, level) for _, interval in intervals]
    never = differ.count(CONTRADICTED)
    verdict = SUPPORTED if SUPPORTED in differ else CONTRADICTED if never == every else UNDETERMINED
    counts = {"all": every, "tested": len(pairs), "count": differ.count(SUPPORTED), "never": never}
    reasons = [tester.say("audit_profiles", level=f"{level:.5f}", **counts)]
    asked: tuple[Quantity, ...] = ()
    if least := min(intervals, key=lambda one: one[1].low, default=None):
        (item, group, other), interval = least
        asked = (group_p_value(question.id, item, group, other),)
        values = {"group": tester.group_label(group), "other": tester.group_label(other)}
        text = tester.between_text(printed_p(interval.low), printed_p(interval.high))
        reasons.append(
            tester.say("audit_profiles_nearest", item=tester.label(question, item), p=text, **values)
        )
    short = tester.say(f"audit_short_profiles_{verdict}", **counts)
    return StatementResult(verdict, tuple(reasons), tester.say("audit_test_profiles"), asked, short)


def _differs(interval: PInterval, level: float) -> str:
    """Whether two shares differ significantly in every table, in none, or in some."""
    if interval.status != OPTIMAL:
        return UNDETERMINED
    return SUPPORTED if interval.high < level else CONTRADICTED if interval.low >= level else UNDETERMINED
