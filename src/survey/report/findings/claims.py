"""The claims of a publication in plain words: what is claimed, where, whether it holds, and why."""

import re
from dataclasses import replace

import pandas as pd

from survey.document import Column, Sentence, Sheet, Table
from survey.messages import ENGLISH
from survey.published.audit.statements import CONTRADICTED, NOT_ASKED, SUPPORTED, UNDETERMINED
from survey.published.findings.figures import EVERYONE
from survey.published.findings.statement_kinds import OTHERS, Statement
from survey.report.findings.context import FindingsContext

# Of the 250 words of a screen, without who the report is from; all claims stand under the tests.
_MOST_WORDS = 205.0
_ORDER = (CONTRADICTED, UNDETERMINED, SUPPORTED)  # what a reader must know comes first
_GOOD = ("exact", "bound holds")


def sheets(context: FindingsContext) -> list[Sheet]:
    """The claims on one screen: those that fail first, then those that stay open."""
    sheet = Sheet(
        context.say("audit_sheet_claims"),
        claims_title(context),
        subtitle=context.about_text,
        findings=tuple(audit_findings(context)),
        footnotes=context.footnotes("claims"),
        one_page=True,
    )
    table = claims_table(context)
    if table is None:
        return [sheet]
    every = shown = len(table.data)
    more = context.say("claims_more", count=every, sheet=context.say("sheet_tests"))
    if _words_of(sheet, table, every) > _MOST_WORDS:
        fitting = (
            rows for rows in range(every) if _words_of(sheet, table, rows) + _words(more) <= _MOST_WORDS
        )
        shown = max([1, *fitting])
    lines: tuple[str, ...] = ()
    if shown < every:
        lines = (context.say("claims_more", count=every - shown, sheet=context.say("sheet_tests")),)
    return [replace(sheet, tables=(replace(table, data=table.data.head(shown)),), lines=lines)]


def _words_of(sheet: Sheet, table: Table, rows: int) -> float:
    """How much there is to read on the sheet with so many rows of its table."""
    texts = [sheet.name, sheet.title, sheet.subtitle, *sheet.findings, table.title]
    for column in table.columns:
        texts += [column.heading, *map(str, table.data[column.key].head(rows))]
    return sum(map(_words, texts))


def _words(text: str) -> float:
    """How much there is to read: words, of which Chinese writes one in 1.6 characters."""
    return len(re.findall("[A-Za-z]{2,}", text)) + len(re.findall("[\u4e00-\u9fff]", text)) / 1.6


def claims_title(context: FindingsContext) -> Sentence:
    """How many claims hold, fail and stay open; of the figures where nothing is claimed."""
    verdicts = verdict_kinds(context)
    if not verdicts:
        return figures_sentence(context)
    counts = {kind: verdicts.count(kind) for kind in _ORDER}
    return context.sentence("claims_title", all=len(verdicts), **counts)


def figures_sentence(context: FindingsContext) -> Sentence:
    """How many published figures some whole count prints."""
    good, every = len(good_figures(context)), len(context.audit.figures)
    return context.sentence("claims_figures_all" if good == every else "claims_figures", good=good, all=every)


def good_figures(context: FindingsContext) -> pd.DataFrame:
    """The figures that whole counts print as they stand."""
    figures = context.audit.figures
    return figures[figures["verdict"].isin(_GOOD)]


def verdict_kinds(context: FindingsContext) -> list[str]:
    """Whether each claim holds, fails or stays open."""
    return [str(verdict).partition(":")[0] for verdict in context.audit.statements["verdict"]]


def audit_findings(context: FindingsContext) -> list[Sentence]:
    """What was found of figures and of the sizes of groups."""
    stop = context.say("known_stop")
    lines = [figures_sentence(context)] if len(context.audit.statements) else []
    rest = context.audit.figures["verdict"].value_counts().drop(list(_GOOD), errors="ignore")
    for verdict, count in rest.items():
        lines.append(
            context.sentence("claims_figures_rest", count=count, verdict=context.verdict(str(verdict)))
        )
    bases = context.audit.bases
    kept = bases[bases["verdict"] == "survives"].groupby("group").size() if len(bases) else pd.Series()
    if len(kept):
        known = int((kept == 1).sum())
        key = "claims_sizes_all" if known == len(kept) else "claims_sizes"
        lines.append(context.sentence(key, known=known, all=len(kept), most=int(kept.max())))
    return [Sentence(f"{line}{stop}", line.keys) for line in lines]


def claims_table(context: FindingsContext) -> Table | None:
    """One row per claim, the failing ones first."""
    frame = claim_rows(context)
    if frame.empty:
        return None
    columns = (
        Column("what", context.say("claims_col_claim")),
        Column("locator", context.say("audit_col_locator")),
        Column("shown", context.say("audit_col_verdict")),
        Column("short", context.say("audit_col_why")),
    )
    return Table(
        "claims", context.say("claims_table"), "", frame, columns, "audited_statement", filtered=False
    )


def claim_rows(context: FindingsContext) -> pd.DataFrame:
    """The statements of the audit in plain words, those that fail first."""
    statements = {one.claim: one for one in context.audit.findings.parsed_statements()}
    frame = context.audit.statements
    kinds = verdict_kinds(context)
    frame = frame.assign(
        what=[claim_text(context, statements[claim]) for claim in frame["finding"]],
        shown=[
            context.say("claims_not_asked" if verdict == NOT_ASKED else f"claims_{kind}")
            for kind, verdict in zip(kinds, frame["verdict"], strict=True)
        ],
        place=[_ORDER.index(kind) for kind in kinds],
    )
    return frame.sort_values("place", kind="stable", ignore_index=True)


def claim_text(context: FindingsContext, statement: Statement) -> str:
    """A claim in plain words, in the language of the report."""
    question = context.question(statement.question)
    labels = {part.id: context.brief(question, part.id) for part in question.parts} if question else {}
    group = statement.group if statement.group not in (EVERYONE, "groups", "") else ""
    group_label = context.people_brief(group) if group else ""
    named = [
        context.say("claimed_others") if item == OTHERS else labels.get(item, item)
        for item in statement.named
    ]
    early, late = (
        context.joined_names([labels.get(item, item) for item in side]) for side in statement.sides
    )
    values = {
        "item": labels.get(statement.item, ""),
        "other": labels.get(statement.other, ""),
        "items": context.name_inside(question) if question else "",
        "all": len(question.groups or question.parts) if question else 0,
        "rank": statement.published,
        "published": statement.published,
        "early": early,
        "late": late,
        "labels": context.joined_names(named),
        "listed": [context.say("quoted_name", name=name) for name in named],
        "group": context.say("claimed_in_group", name=group_label) if group else "",
        "name": group_label,
    }
    if statement.kind is not None:
        return context.say(f"claimed_{statement.kind.name}", **values)
    subject = [values["item"] or (question.named(context.lang) if question else ""), group_label]
    shown = context.say("item_separator").join(str(part) for part in subject if part)
    if context.lang == ENGLISH:  # the names of rules are English
        return context.say("about_entry", name=shown, value=statement.rule.replace("_", " "))
    return context.say("claimed_without_rule", subject=shown)
