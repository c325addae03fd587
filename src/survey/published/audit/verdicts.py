"""What published numbers fix: every figure, every base, every statement, and the bounds of the rest."""

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from survey.arguments import check_lang
from survey.instrument.shares import shown_share
from survey.messages import enumerated, message
from survey.published.audit.rules import judge
from survey.published.audit.statements import NOT_ASKED, NOT_TESTABLE, UNDETERMINED, StatementTester
from survey.published.bounds.integer_program import Undecided
from survey.published.bounds.margins import margins_of, undecided
from survey.published.bounds.queries import (
    FeasibleMargins,
    Quantity,
    bound_row,
    feasible_margins,
    group_share,
    memberships,
    overlap,
    rated_together,
)
from survey.published.findings.figures import EVERYONE, Figure
from survey.published.findings.printed_counts import audit_figures, numbers_text
from survey.published.findings.reading import Findings, FindingsLike, findings_of
from survey.published.findings.statement_kinds import Statement
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

_TOGETHER = 3  # so many of the highest items are asked for together


@dataclass(frozen=True, eq=False)
class Audit:
    """What came of the audit of one findings file. Every frame has the key `finding`.

    Attributes
    ----------
    figures
        One row per figure, under the `audited_figure` contract: the counts that print it at its bases under
        each habit of rounding. `verdict` is "exact", "only if rounded twice", "only if truncated", "bound
        holds", "impossible" or "no base"; `reason` no_base, stated_count, other_rounding,
        rounding_contradicted, parts_add_up or parts_differ.
    bases
        One row per group and base at which the shares of the group are possible together, under the
        `group_base` contract; `verdict` is "survives" or "removed" by the joint table, `lines` the lines that
        remove it, `reason` contradicted, with irreducible where they were not proved to be the fewest.
    combinations
        One row per combination of bases that fits one joint table, a column per group; None where there are
        too many to try.
    statements
        One row per statement, under the `audited_statement` contract: `verdict` is "supported",
        "contradicted", "undetermined", "undetermined: not testable" or "undetermined: not asked" (`why` names
        the question that would test it); `why` says it in numbers, `short` in at most fifteen words.
    bounds
        One row per quantity, under the `bound` contract; `finding` is the statement it belongs to, if any,
        `reason` not_proved where the solver did not settle both ends.
    findings
        What was audited.
    quantities
        The quantities of `bounds`, row by row.
    known
        The margins with what was found of them; None without the number of respondents.
    """

    figures: "pd.DataFrame"
    bases: "pd.DataFrame"
    combinations: "pd.DataFrame | None"
    statements: "pd.DataFrame"
    bounds: "pd.DataFrame"
    findings: Findings
    lang: str = "en"
    assumptions: tuple[str, ...] = field(default=())
    quantities: tuple[Quantity, ...] = field(default=(), repr=False)
    known: FeasibleMargins | None = field(default=None, repr=False)


def audit(findings: FindingsLike, *, lang: str = "en") -> Audit:
    r"""Audit published findings: one row per figure, base, statement and bound, each with its verdict.

    Parameters
    ----------
    findings
        What was published, or the path of its CSV file.
    lang
        The language of notes and of `why`. Verdicts are ids and stay English.

    Raises
    ------
    UsageError
        There is no such file or language.
    FindingsError
        The file is wrong, or its figures contradict each other: the error names the fewest lines that do.

    Examples
    --------
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from survey.published.findings.reading import COLUMNS
    >>> size = "N,,figure,,,all,respondents,=,20,0,,,"
    >>> share = "A,,figure,firm_type,biotech,all,share_selecting,=,55,0,,,"
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "figures.csv"
    ...     _ = path.write_text("\n".join([",".join(COLUMNS), size, share]))
    ...     survey.audit(path).figures[["finding", "verdict"]].values.tolist()
    [['N', 'exact'], ['A', 'exact']]
    """
    check_lang(lang)
    findings = findings_of(findings)
    figures, size = findings.parsed(), findings.respondents
    if size is None:
        return _without_size(findings, lang)
    try:
        known = feasible_margins(findings)
        assumptions = _assumptions(known, findings, lang)
        statements, quantities = _statements(known, findings, assumptions, lang)
        asked = [("", quantity) for quantity in _standing(known)] + quantities
        bounded = [bound_row(known, quantity, lang, finding) for finding, quantity in asked]
    except Undecided:
        raise undecided(margins_of(findings), findings.file) from None
    return Audit(
        contract_frame("audited_figure", audit_figures(figures, size, known.bases, lang)),
        contract_frame("group_base", _bases(known, lang)),
        _combinations(known),
        contract_frame("audited_statement", statements),
        contract_frame("bound", bounded),
        findings,
        lang,
        assumptions,
        tuple(quantity for _, quantity in asked),
        known,
    )


def _without_size(findings: Findings, lang: str) -> Audit:
    """Without the number of respondents only figures with a base of their own can be told."""
    why = message("audit_no_size", lang)
    statements = [
        {**_statement_row(statement), "verdict": UNDETERMINED, "why": why, "short": why}
        for statement in findings.parsed_statements()
    ]
    return Audit(
        contract_frame("audited_figure", audit_figures(findings.parsed(), None, {}, lang)),
        contract_frame("group_base", []),
        None,
        contract_frame("audited_statement", statements),
        contract_frame("bound", []),
        findings,
        lang,
        (why,),
    )


def _assumptions(known: FeasibleMargins, findings: Findings, lang: str) -> tuple[str, ...]:
    """Say what every verdict rests on."""
    unmet = [
        _figure_text(known, figure, lang)
        for figure in known.margins.figures
        if not any(figure.counts_at(base).met for base in _bases_at(known, figure.group))
    ]
    sentences = [
        message("audit_assumes_answers", lang, size=known.margins.size),
        message("audit_assumes_half_up", lang),
    ]
    if known.margins.groups:
        sentences.append(message("audit_assumes_groups", lang))
    if unmet:
        sentences.append(
            message("audit_assumes_nearest", lang, claims=message("item_separator", lang).join(unmet))
        )
    level = findings.thresholds.level
    sentences.append(message("audit_assumes_level", lang, level=f"{level:g}"))
    return tuple(sentences)


def _figure_text(known: FeasibleMargins, figure: Figure, lang: str) -> str:
    """A figure in words: of what, of whom, and its published value."""
    banner = known.margins.banner
    parts = [] if figure.is_size else [known.question(figure.question).part(figure.item).said(lang)]
    parts += [banner.part(figure.group).said(lang)] if banner and figure.group != EVERYONE else []
    return f"{message('item_separator', lang).join(parts)} {figure.printed}"


def _bases_at(known: FeasibleMargins, group: str) -> tuple[int, ...]:
    return (known.margins.size,) if group == EVERYONE else known.bases.get(group, ())


def _bases(known: FeasibleMargins, lang: str) -> list[dict[str, object]]:
    """One row per group and base; a removed one with the lines that remove it."""
    margins, claims = known.margins, {one.line: one.claim for one in known.margins.figures}
    rows: list[dict[str, object]] = []
    for one in known.recovered.bases:
        own = [figure.claim for figure in margins.figures if figure.group == one.group]
        alone, surviving = known.recovered.alone(one.group), known.recovered.surviving()[one.group]
        remark = ("", "")
        if not one.survives:
            code = "contradicted" if one.smallest else "contradicted irreducible"
            key = "audit_base_removed" if one.smallest else "audit_base_removed_irreducible"
            figures = [figure for figure in margins.figures if figure.line in one.lines]
            excluded = message("item_separator", lang).join(
                message(
                    "audit_base_line",
                    lang,
                    claim=figure.claim,
                    subject=figure.subject,
                    low=(
                        counts := figure.counts_at(one.base if figure.group == one.group else margins.size)
                    ).low,
                    high=counts.high,
                    base=one.base if figure.group == one.group else margins.size,
                )
                for figure in figures
            )
            remark = (code, message(key, lang, lines=excluded, count=len(figures)))
        rows.append(
            {
                "finding": enumerated(own, lang),
                "group": one.group,
                "base": one.base,
                "smallest": one.base == min(surviving, default=None),
                "unique": len(alone) == 1,
                "verdict": "survives" if one.survives else "removed",
                "lines": enumerated((f"{claims[line]} ({line})" for line in one.lines), lang),
                **remarks(remark),
            }
        )
    return rows


def _combinations(known: FeasibleMargins) -> "pd.DataFrame | None":
    import pandas as pd

    if known.recovered.combinations is None:
        return None
    return pd.DataFrame(list(known.recovered.combinations), columns=list(known.margins.groups))


def _statement_row(statement: Statement) -> dict[str, object]:
    return {
        "finding": statement.claim,
        **{name: getattr(statement, name) for name in ("line", "locator", "question", "item", "group")},
        "statement": statement.wording,
        "rule": statement.rule,
        **dict.fromkeys(("verdict", "why", "short", "test", "bases", "assumptions"), ""),
    }


def _statements(
    known: FeasibleMargins, findings: Findings, assumptions: tuple[str, ...], lang: str
) -> tuple[list[dict[str, object]], list[tuple[str, Quantity]]]:
    tester = StatementTester(known, findings.thresholds, lang)
    rows, asked = [], []
    for statement in findings.parsed_statements():
        row = _statement_row(statement)
        result = judge(tester, statement, findings)
        row |= {
            "verdict": result.verdict,
            "why": message("item_separator", lang).join(result.why),
            "short": result.short,
            "test": result.test,
        }
        if result.verdict not in (NOT_TESTABLE, NOT_ASKED):
            row |= {
                "bases": _bases_text(known, statement.group, result.asked, lang),
                "assumptions": message("finding_note_separator", lang).join(assumptions),
            }
        rows.append(row)
        asked += [(statement.claim, quantity) for quantity in result.asked]
    return rows, asked


def _bases_text(known: FeasibleMargins, group: str, asked: tuple[Quantity, ...], lang: str) -> str:
    """The bases that a verdict rests on, by group."""
    named = dict.fromkeys([group, *(one for quantity in asked for one in quantity.arguments)])
    groups = [one for one in named if one in known.bases]
    parts = [f"{one} {numbers_text(known.bases[one], lang)}" for one in groups]
    if not parts:
        parts = [message("audit_base_everyone", lang, size=known.margins.size)]
    return message("item_separator", lang).join(parts)


def _standing(known: FeasibleMargins) -> list[Quantity]:
    """The quantities that every audit bounds: overlaps, memberships, the top of a battery, those outside."""
    margins = known.margins
    asked: list[Quantity] = []
    if margins.banner and margins.banner.kind == "multiple" and margins.groups:
        free = [option.id for option in margins.banner.groups if option.id in margins.groups]
        asked += [overlap(one, other) for one, other in combinations(free, 2)]
        if len(free) > 2:
            asked.append(overlap(*free))
        asked += [memberships(count) for count in range(len(free) + 1)]
    for question in margins.questions:
        if question.kind == "rating" and margins.about(question):
            items = _top_items(known, question.id)
            if len(items) > 1:
                asked.append(rated_together(question.id, *items))
    by_group = {
        (one.question, one.item): None for one in margins.figures if one.group != EVERYONE and not one.is_size
    }
    if margins.banner and margins.banner.kind == "multiple":
        published = {(one.question, one.item) for one in margins.figures if one.group == EVERYONE}
        asked += [
            group_share(question, item, None)
            for question, item in by_group
            if (question, item) in published and question != margins.banner.id
        ]
    return asked


def _top_items(known: FeasibleMargins, question_id: str) -> list[str]:
    """The items of a battery with the highest published top boxes, the highest first."""
    margins = known.margins
    question = margins.instrument.question(question_id)
    statistic = shown_share(margins.instrument, question)
    shares = {
        figure.item: figure.counts_at(margins.size).low
        for figure in margins.about(question)
        if figure.statistic == statistic and figure.group == EVERYONE and not figure.is_bound
    }
    return sorted(shares, key=lambda item: -shares[item])[:_TOGETHER]


def summary_lines(audit: Audit) -> list[str]:
    """Tell an audit in lines: how many figures of each verdict, the bases, every statement."""
    lang = audit.lang

    def verdict(name: str) -> str:
        return message(verdict_key(name), lang)

    lines = [message("audit_heading_figures", lang, count=len(audit.figures))]
    for name, rows in audit.figures.groupby("verdict", sort=False):
        claims = rows["finding"].tolist()
        listed = message("list_separator", lang).join(
            claims if str(name) not in ("exact", "bound holds") else []
        )
        key = "audit_line_claims" if listed else "audit_line_count"
        lines.append(message(key, lang, verdict=verdict(str(name)), count=len(claims), claims=listed))
    if len(audit.bases):
        lines.append(message("audit_heading_bases", lang))
    for group, rows in audit.bases.groupby("group", sort=False):
        kept, removed = (rows.loc[rows["verdict"] == name] for name in ("survives", "removed"))
        bases = numbers_text(kept["base"].tolist(), lang)
        gone = message("item_separator", lang).join(
            message("audit_line_gone", lang, base=row.base, lines=row.lines) for row in removed.itertuples()
        )
        key = "audit_line_base_removed" if gone else "audit_line_base"
        lines.append(message(key, lang, group=group, bases=bases, removed=gone))
    if audit.combinations is not None and len(audit.bases):
        lines.append(message("audit_line_combinations", lang, count=len(audit.combinations)))
    if len(audit.statements):
        lines.append(message("audit_heading_statements", lang, count=len(audit.statements)))
    for row in audit.statements.itertuples():
        values = {"finding": row.finding, "statement": row.statement, "verdict": verdict(str(row.verdict))}
        lines.append(message("audit_line_statement", lang, **values))
    return lines


def verdict_key(verdict: str) -> str:
    """The key of a verdict's wording."""
    return "audit_verdict_" + verdict.replace(":", "").replace(" ", "_")
