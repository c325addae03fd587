"""The closed table of rules: one function for each kind of statement, and how a statement is judged."""

from survey.published.audit.rules import (  # noqa: F401 - each registers its rules
    item_order,
    people_counts,
    subgroup_contrasts,
    tested_differences,
)
from survey.published.audit.statements import (
    NOT_ASKED,
    NOT_TESTABLE,
    RULES,
    StatementResult,
    StatementTester,
    rule,
)
from survey.published.findings.reading import Findings
from survey.published.findings.statement_kinds import GROUP, Statement


@rule("explained_by", "any_one_decides", "answers_mean", "one_response_per_firm")
def not_testable(tester: StatementTester, statement: Statement) -> StatementResult:
    """Judge what no count of these answers can show; a question that would is named by the findings."""
    reason, short = tester.say("audit_no_rule"), tester.say("audit_short_no_rule")
    return StatementResult(NOT_TESTABLE, (reason,), "", (), short)


def judge(tester: StatementTester, statement: Statement, findings: Findings) -> StatementResult:
    """Judge a statement by the rule of its kind; or name the question that was not asked."""
    missing = findings.missing_question(statement)
    if missing is not None:
        values = {"question": missing.said(tester.lang), "id": missing.id, "where": missing.reference}
        key = "audit_not_asked_version" if missing.reference else "audit_not_asked_yet"
        short = tester.say("audit_short_not_asked", id=missing.id)
        return StatementResult(NOT_ASKED, (tester.say(key, **values),), "", (), short)
    kind, item = statement.kind, statement.item
    if kind is None:
        return not_testable(tester, statement)
    if group := tester.banner_group(statement):
        if group not in tester.known.margins.groups:
            return tester.undecided_group("audit_group_unpublished", group)
        if not any(tester.known.bases[group]):
            return tester.undecided_group("audit_group_empty", group)
    if kind.of == GROUP or RULES[kind.name] is people_counts.faced_by_everyone:
        of_banner = kind.question and tester.question(statement) == tester.known.margins.banner
        if of_banner and item not in tester.known.margins.groups:
            return tester.undecided_group("audit_group_unpublished", item)
    return RULES[kind.name](tester, statement)
