"""Rules about the items of one question: their ranks, their order, and which go together."""

from fractions import Fraction
from itertools import combinations, pairwise
from math import ceil

from survey.published.audit.statements import (
    CONTRADICTED,
    SUPPORTED,
    UNDETERMINED,
    StatementResult,
    StatementTester,
    rule,
    worst_of,
)
from survey.published.findings.figures import EVERYONE
from survey.published.findings.statement_kinds import OTHERS, Statement
from survey.rounding import printed_range

_THIRD = 3  # among the highest: no more than a third of the items, rounded up, is as high


@rule("rank")
def rank(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge the rank of an item; a tie counts as the rank."""
    return _placed(tester, statement, statement.rank, statement.rank, "audit_test_rank")


@rule("among_the_highest")
def among_the_highest(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that the rank is in the upper third of the items, rounded up."""
    worst = ceil(len(tester.rivals(tester.question(statement))) / _THIRD)
    return _placed(tester, statement, 1, worst, "audit_test_among")


@rule("among_the_lowest")
def among_the_lowest(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that the place from below is in the lower third of the items, rounded up."""
    worst = ceil(len(tester.rivals(tester.question(statement))) / _THIRD)
    return _placed(tester, statement, 1, worst, "audit_test_among_lowest", from_below=True)


def _placed(
    tester: StatementTester,
    statement: Statement,
    best: int,
    worst: int,
    test: str,
    *,
    from_below: bool = False,
) -> StatementResult:
    question, item, group = tester.question(statement), statement.item, statement.group
    low, high, ties = tester.places(question, item, group, from_below=from_below)
    below = "_below" if from_below else ""
    outside = high < best or low > worst
    verdict = SUPPORTED if best <= low and high <= worst else CONTRADICTED if outside else UNDETERMINED
    items = 1 + len(tester.rivals(question, item))
    reasons = [tester.say(f"audit_rank{below}", range=printed_range(low, high), items=items)]
    if ties:
        tied = tester.listed(tester.label(question, other) for other in ties)
        reasons.append(tester.say("audit_shared", rank=low, others=tied))
    place = f"audit_short_rank{below}" if low == high else f"audit_short_ranks{below}"
    short = tester.say(place, low=low, high=high, items=items)
    if ties:
        short += tester.say("audit_short_shared", count=len(ties))
    return StatementResult(verdict, tuple(reasons), tester.say(test, worst=worst), (), short)


@rule("rank_order")
def rank_order(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that no item has a lower count than the next."""
    named = [item for item in statement.named if item != OTHERS]
    pairs = list(pairwise(named))
    if statement.named[-1] == OTHERS:
        pairs += [(named[-1], other) for other in tester.rivals(tester.question(statement), *named)]
    return tester.order(statement, pairs, tester.say("audit_test_order"))


@rule("top_k")
def top_k(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that no named item has a lower count than any other."""
    rest = tester.rivals(tester.question(statement), *statement.named)
    pairs = [(item, other) for item in statement.named for other in rest]
    return tester.order(statement, pairs, tester.say("audit_test_top"))


@rule("tied_with")
def tied_with(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that two items have the same count."""
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


@rule("similar_to")
def similar_to(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that two shares differ by at most `similar_points`."""
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


@rule("interrelated")
def interrelated(tester: StatementTester, statement: Statement) -> StatementResult:
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
    verdict = worst_of(verdicts)
    counts = {name: verdicts.count(name) for name in (SUPPORTED, CONTRADICTED, UNDETERMINED)}
    lows, highs = zip(*ends, strict=True) if ends else ((-1.0,), (1.0,))
    text = tester.between_text(f"{min(lows):.2f}", f"{max(highs):.2f}")
    reason = tester.say("audit_interrelated", range=text, all=len(verdicts), **counts)
    short = tester.say(f"audit_short_interrelated_{verdict}", all=len(verdicts), **counts)
    return StatementResult(verdict, (reason,), test, (), short)
