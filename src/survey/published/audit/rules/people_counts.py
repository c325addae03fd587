"""Rules about how many choose something: everyone, most, nobody, as many as printed."""

from collections.abc import Iterable
from fractions import Fraction

from survey.instrument import Question
from survey.published.audit.statements import (
    CONTRADICTED,
    SUPPORTED,
    UNDETERMINED,
    StatementResult,
    StatementTester,
    rule,
    worst_of,
)
from survey.published.bounds.integer_program import Extent
from survey.published.findings.figures import count_range
from survey.published.findings.printed_counts import numbers_text
from survey.published.findings.statement_kinds import Statement
from survey.rounding import printed_range

Counts = list[tuple[int, Extent]]  # how many of a group, at each size that it may have


def _judged(counts: Counts, wanted: Iterable[tuple[float, float]]) -> str:
    """Whether every count lies between its wanted ends, none can, or some may."""
    verdicts = []
    for (_, extent), (least, most) in zip(counts, wanted, strict=True):
        inside = least <= extent.low and extent.high <= most
        outside = extent.high < least or extent.low > most
        verdicts.append(SUPPORTED if inside else CONTRADICTED if outside else UNDETERMINED)
    return verdicts[0] if len(set(verdicts)) == 1 else UNDETERMINED


def _counts_text(tester: StatementTester, counts: Counts) -> str:
    """Counts in words: each range beside its base."""
    return tester.listed(
        tester.say("audit_of_base", range=printed_range(extent.low, extent.high), base=base)
        for base, extent in counts
    )


def _result(
    tester: StatementTester, verdict: str, reason: str, counts: Counts, test: str, **values: object
) -> StatementResult:
    """A verdict with its counts: in full, and in a few words."""
    text = _counts_text(tester, counts)
    why = tester.say(reason, counts=text, **values)
    return StatementResult(verdict, (why,), tester.say(test, **values), (), why)


@rule("everybody_is", "faced_by_everyone")
def faced_by_everyone(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that nobody is without an item."""
    question, item, group = tester.question(statement), statement.item, statement.group
    counts = tester.counts(question, item, group)
    verdict = _judged(counts, [(base, base) for base, _ in counts])
    ends = [base - end for base, extent in counts for end in (extent.low, extent.high)]
    bases = numbers_text([base for base, _ in counts], tester.lang)
    reason = tester.say("audit_without", range=printed_range(min(ends), max(ends)), base=bases)
    return StatementResult(verdict, (reason,), tester.say("audit_test_everyone"), (), reason)


@rule("all_of")
def all_of(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that everyone chooses one of the named options."""
    question = tester.question(statement)
    counts = tester.reached(question, statement.named, statement.group)
    verdict = _judged(counts, [(base, base) for base, _ in counts])
    every = {part.id for part in question.parts} <= set(statement.named)
    reason = "audit_all_named" if every and question.kind == "single" else "audit_reached"
    return _result(tester, verdict, reason, counts, "audit_test_all_of")


@rule("covers")
def covers(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that somebody chooses each of the named options."""
    question = tester.question(statement)
    verdicts, reasons = [], []
    for item in statement.named:
        counts = tester.counts(question, item, statement.group)
        verdicts.append(_judged(counts, [(1, base) for base, _ in counts]))
        values = {"item": tester.label(question, item), "counts": _counts_text(tester, counts)}
        reasons.append(tester.say("audit_item_counts", **values))
    verdict = worst_of(verdicts)
    short = tester.say(f"audit_short_covers_{verdict}")
    return StatementResult(verdict, tuple(reasons), tester.say("audit_test_covers"), (), short)


def _majority(tester: StatementTester, base: int) -> int:
    """The least count that is more than the share called most."""
    return int(Fraction(str(tester.thresholds.majority)) * base) + 1


@rule("rated_high_by_most")
def rated_high_by_most(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that more than `majority` rate an item high, or choose it."""
    counts = tester.counts(tester.question(statement), statement.item, statement.group)
    return _by_most(tester, counts)


@rule("chosen_by_most")
def chosen_by_most(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that more than `majority` choose at least one of the named options."""
    return _by_most(tester, tester.reached(tester.question(statement), statement.named, statement.group))


def _by_most(tester: StatementTester, counts: Counts) -> StatementResult:
    verdict = _judged(counts, [(_majority(tester, base), base) for base, _ in counts])
    share = f"{100 * tester.thresholds.majority:g}"
    return _result(tester, verdict, "audit_most", counts, "audit_test_most", share=share)


@rule("approximately")
def approximately(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that the share prints the value said, rounded half up at its decimals."""
    counts = tester.counts(tester.question(statement), statement.item, statement.group)
    verdict = _judged(counts, [count_range(statement.published, base) for base, _ in counts])
    shares = [Fraction(100 * end, base) for base, extent in counts for end in (extent.low, extent.high)]
    text = tester.between_text(*(f"{float(end):.2f}" for end in (min(shares), max(shares))))
    values = {"share": text, "published": statement.published}
    return _result(tester, verdict, "audit_printed_share", counts, "audit_test_approximately", **values)


@rule("nobody_without_need")
def nobody_without_need(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that in every group of the banner nobody chooses no option at all."""
    question = tester.question(statement)
    items = tester.rivals(question)
    verdicts, reasons = [], []
    for group in tester.groups():
        counts = tester.reached(question, items, group)
        verdicts.append(_judged(counts, [(base, base) for base, _ in counts]))
        without = [(base, Extent(base - one.high, base - one.low, one.status)) for base, one in counts]
        values = {"item": tester.group_label(group), "counts": _counts_text(tester, without)}
        reasons.append(tester.say("audit_item_counts", **values))
    verdict = worst_of(verdicts)
    if not verdicts:
        reasons.append(tester.say("audit_no_group"))
    elif verdict == SUPPORTED and (unknown := tester.unpublished_groups()):
        verdict = UNDETERMINED
        names = tester.listed(map(tester.group_label, unknown))
        reasons.append(tester.say("audit_group_unpublished", group=names))
    short = tester.say(f"audit_short_nobody_{verdict}")
    return StatementResult(verdict, tuple(reasons), tester.say("audit_test_nobody"), (), short)


@rule("concentrated_demand")
def concentrated_demand(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge that each named option, and no other, is chosen by more than `majority`.

    The reason also says what share of all ticks the named ones hold: the concentration ratio.
    """
    question, group = tester.question(statement), statement.group
    verdicts, doubtful = [], []
    for item in tester.rivals(question):
        counts = tester.counts(question, item, group)
        least = [_majority(tester, base) for base, _ in counts]
        if item in statement.named:
            wanted = [(one, base) for one, (base, _) in zip(least, counts, strict=True)]
        else:
            wanted = [(0, one - 1) for one in least]
        verdicts.append(_judged(counts, wanted))
        if verdicts[-1] != SUPPORTED:
            values = {"item": tester.label(question, item), "counts": _counts_text(tester, counts)}
            doubtful.append(tester.say("audit_item_counts", **values))
    verdict = worst_of(verdicts)
    share = f"{100 * tester.thresholds.majority:g}"
    reasons = doubtful or [tester.say("audit_concentrated", share=share)]
    low, high = _concentration(tester, question, statement.named, group)
    limit = Fraction(str(tester.thresholds.concentration))
    strict = SUPPORTED if low > limit else CONTRADICTED if high <= limit else UNDETERMINED
    text = tester.between_text(f"{100 * float(low):.1f}", f"{100 * float(high):.1f}")
    values = {"range": text, "limit": f"{100 * float(limit):g}"}
    reasons.append(tester.say(f"audit_concentration_{strict}", **values))
    short = tester.say(f"audit_short_concentrated_{verdict}", share=share)
    test = tester.say("audit_test_concentrated", share=share)
    return StatementResult(verdict, tuple(reasons), test, (), short)


def _concentration(
    tester: StatementTester, question: Question, named: tuple[str, ...], group: str
) -> tuple[Fraction, Fraction]:
    """Between which ends the share of all ticks lies that some options hold.

    The ends are reached where the ticks of the named options are known; else they may be outer ones.
    """
    lows, highs = [], []
    items = tester.rivals(question)
    for _, table in tester.tables(question, items, group):
        sums = []
        for which in (named, [item for item in items if item not in named]):
            sides = [tester.chosen(table, question, item, group) for item in which]
            sums.append(tester.summed(table, sides))
        ours, rest = sums
        lows.append(Fraction(int(ours.low), int(ours.low + rest.high) or 1))
        highs.append(Fraction(int(ours.high), int(ours.high + rest.low) or 1))
    return min(lows, default=Fraction(0)), max(highs, default=Fraction(1))
