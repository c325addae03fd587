"""The workbook of an audit: Contents, Figures, Bases, Statements, Bounds, Method."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from survey.document import Column, Form, Picture, Sheet, Table
from survey.published.audit.verdicts import summary_lines
from survey.report.findings.context import FindingsContext
from survey.report.mark_words import range_text
from survey.rounding import RULES

if TYPE_CHECKING:
    from survey.published.audit.verdicts import Audit
    from survey.published.bounds.queries import Quantity

_PACKAGES = ("numpy", "pandas", "scipy", "openpyxl", "matplotlib")
_LISTED = 40  # combinations of bases that are listed one by one


def audit_sheets(audit: "Audit", command: str = "") -> tuple[Sheet, ...]:
    """Build the sheets of an audit, in its language."""
    context = FindingsContext(audit=audit, lang=audit.lang, command=command)
    return tuple(sheet for build in AUDIT_SHEETS for sheet in build(context))


def _sheet(
    context: FindingsContext,
    name: str,
    table: Table | None,
    lines: tuple[str, ...] = (),
    pictures: tuple[Picture, ...] = (),
) -> list[Sheet]:
    return [
        Sheet(
            context.say(f"audit_sheet_{name}"),
            context.say(f"audit_title_{name}"),
            base_text=context.base_text,
            lines=lines,
            tables=(table,) if table else (),
            pictures=pictures,
        )
    ]


def _table(
    context: FindingsContext, name: str, frame: pd.DataFrame, columns: list[tuple[str, Form]], contract: str
) -> Table:
    """A frame of the audit with its columns under the headings of the catalogue."""
    headed = [context.column(key, form) for key, form in columns]
    return context.whole(name, context.say(f"audit_title_{name}"), frame, headed, contract)


def contents(context: FindingsContext) -> list[Sheet]:
    """The first sheet: what the audit found, in lines."""
    title = context.say("audit_report_title", name=context.audit.findings.said(context.lang))
    return [Sheet(context.say("sheet_contents"), title, lines=tuple(summary_lines(context.audit)))]


def figures(context: FindingsContext) -> list[Sheet]:
    """Each figure with the counts that print it."""
    frame = context.audit.figures
    statistics = {figure.claim: figure.statistic for figure in context.audit.findings.parsed()}
    ids = zip(frame["question"], frame["item"], frame["group"], strict=True)
    frame = frame.assign(
        what=[context.subject(*one) for one in ids],
        statistic=[context.statistic_text(statistics[finding]) for finding in frame["finding"]],
        base_from=[context.say(f"audit_from_{one}") if one else "" for one in frame["base_from"]],
    )
    columns: list[tuple[str, Form]] = [
        ("what", "text"),
        ("finding", "text"),
        ("line", "count"),
        ("locator", "text"),
        ("statistic", "text"),
        ("published", "text"),
        ("verdict", "text"),
        ("base", "text"),
        ("base_from", "text"),
        *((rule, "text") for rule in RULES),
        ("note", "text"),
    ]
    table = _table(context, "figures", context.worded(frame), columns, "audited_figure")
    return _sheet(context, "figures", table, (context.say("audit_figures_line"),))


def bases(context: FindingsContext) -> list[Sheet]:
    """Each possible base of each group, and the combinations that remain."""
    frame = context.audit.bases
    labels = [context.group(one) for one in frame["group"]]
    yes = {True: context.say("audit_yes"), False: ""}
    shown = context.worded(frame).assign(
        label=labels,
        smallest=[yes[bool(one)] for one in frame["smallest"]],
        unique=[yes[bool(one)] for one in frame["unique"]],
    )
    columns: list[tuple[str, Form]] = [
        ("label", "text"),
        ("base", "count"),
        ("verdict", "text"),
        ("smallest", "text"),
        ("unique", "text"),
        ("lines", "text"),
        ("finding", "text"),
        ("note", "text"),
    ]
    lines = [context.say("audit_bases_line"), *_combination_lines(context)]
    pictures: tuple[Picture, ...] = ()
    if len(frame):
        title = context.say("audit_picture_bases")
        data = frame[["group", "base"]].assign(label=labels, survives=frame["verdict"] == "survives")
        alt = context.say("audit_alt_bases", lines=" ".join(_base_sentences(context, frame)))
        details = {"size": context.audit.findings.respondents}
        pictures = (Picture("bases", "bases", data, alt, title, details=details),)
    table = _table(context, "bases", shown, columns, "group_base") if len(frame) else None
    return _sheet(context, "bases", table, tuple(lines), pictures)


def _base_sentences(context: FindingsContext, frame: pd.DataFrame) -> list[str]:
    kept = frame[frame["verdict"] == "survives"]
    return [
        f"{context.group(str(group))}: {', '.join(map(str, rows['base']))}."
        for group, rows in kept.groupby("group", sort=False)
    ]


def _combination_lines(context: FindingsContext) -> list[str]:
    combinations = context.audit.combinations
    if combinations is None or combinations.empty or not len(combinations.columns):
        return []
    lines = [context.say("audit_line_combinations", count=len(combinations))]
    if len(combinations) <= _LISTED:
        names = ", ".join(map(str, combinations.columns))
        listed = context.say("item_separator").join(
            "/".join(map(str, row)) for row in combinations.itertuples(index=False)
        )
        lines.append(context.say("audit_combinations_listed", groups=names, listed=listed))
    return lines


def statements(context: FindingsContext) -> list[Sheet]:
    """Each statement with its verdict and the reason in numbers."""
    frame = context.audit.statements
    ids = zip(frame["question"], frame["item"], frame["group"], strict=True)
    frame = context.worded(frame.assign(what=[context.subject(*one) for one in ids]))
    columns: list[tuple[str, Form]] = [
        ("what", "text"),
        ("finding", "text"),
        ("line", "count"),
        ("locator", "text"),
        ("statement", "text"),
        ("verdict", "text"),
        ("why", "text"),
        ("test", "text"),
        ("bases", "text"),
        ("assumptions", "text"),
    ]
    table = _table(context, "statements", frame, columns, "audited_statement")
    return _sheet(
        context, "statements", table if len(frame) else None, (context.say("audit_statements_line"),)
    )


def range_of(unit: str, low: float, high: float, lang: str = "en") -> str:
    """Write a range as a reader sees it: people, percentages, points or p-values."""
    return range_text(_FORMS[unit], low, high, lang)


def bounds(context: FindingsContext) -> list[Sheet]:
    """Each quantity with its bounds, and a picture of the p-values."""
    frame = context.audit.bounds
    shown = context.worded(frame).assign(
        unit=[context.say(f"audit_unit_{one}") for one in frame["unit"]],
        status=[context.say("audit_status_" + one.replace(" ", "_")) for one in frame["status"]],
        range=[range_of(row.unit, row.low, row.high, context.lang) for row in frame.itertuples()],
    )
    columns: list[tuple[str, Form]] = [
        ("quantity", "text"),
        ("unit", "text"),
        ("range", "text"),
        ("low", "number"),
        ("high", "number"),
        ("verdict", "text"),
        ("status", "text"),
        ("finding", "text"),
        ("bases", "text"),
        ("note", "text"),
    ]
    table = _table(context, "bounds", shown, columns, "bound")
    return _sheet(
        context,
        "bounds",
        table if len(frame) else None,
        (context.say("audit_bounds_line"),),
        _p_pictures(context),
    )


def _p_pictures(context: FindingsContext) -> tuple[Picture, ...]:
    frame = context.audit.bounds
    tests = frame[frame["unit"] == "p"].reset_index(drop=True)
    if tests.empty:
        return ()
    quantities = [quantity for quantity in context.audit.quantities if quantity.unit == "p"]
    data = tests.assign(
        label=[_comparison(context, *row) for row in zip(tests["finding"], quantities, strict=True)],
        proved=tests["status"] == "optimal",
    )
    lines = " ".join(f"{row.label}: {range_of('p', row.low, row.high)}." for row in data.head(8).itertuples())
    level = context.audit.findings.thresholds.level
    title, alt = context.say("audit_picture_p"), context.say("audit_alt_p", lines=lines)
    return (Picture("p_intervals", "p_intervals", data, alt, title, details={"level": level}),)


def _comparison(context: FindingsContext, finding: str, quantity: "Quantity") -> str:
    """A comparison in words: the statement, what is compared with what."""
    question_id, _, *others = quantity.arguments
    question = context.question(question_id)
    if question is None:
        return str(quantity)
    if quantity.name == "item_p_value":
        other = question.part(others[0]).said(context.lang)
        return context.say("audit_compared_item", finding=finding, other=other)
    values = {"other": context.group(others[1]), "method": context.say(f"audit_method_{others[2]}").strip()}
    return context.say("audit_compared_group", finding=finding, **values)


def method(context: FindingsContext) -> list[Sheet]:
    """What every verdict assumes, the rules, versions."""
    findings = context.audit.findings
    rows = [
        (context.say("method_instrument"), context.instrument.reference),
        (context.say("method_instrument_hash"), context.instrument.content_hash),
        (context.say("origin_findings"), findings.file),
        (context.say("method_findings_hash"), findings.hash),
    ]
    rows += [(context.say("origin_source"), findings.source)] if findings.source else []
    rows += [(context.say("method_command"), context.command)] if context.command else []
    rows += [(context.say("audit_assumption"), text) for text in context.audit.assumptions]
    rows += [
        (context.say(f"audit_method_topic_{topic}"), context.say(f"audit_method_text_{topic}"))
        for topic in ("figures", "bases", "statements", "tests", "bounds")
    ]
    rows += context.versions(_PACKAGES)
    frame = pd.DataFrame(rows, columns=["topic", "what"])
    headings = (Column("topic", context.say("col_topic")), Column("what", context.say("col_statement")))
    title = context.say("audit_title_method")
    table = Table("method", title, "", frame, headings)
    return [Sheet(context.say("audit_sheet_method"), title, tables=(table,))]


# The sheets in their order.
AUDIT_SHEETS: tuple[Callable[[FindingsContext], list[Sheet]], ...] = (
    contents,
    figures,
    bases,
    statements,
    bounds,
    method,
)


_FORMS: dict[str, Form] = {"respondents": "count", "p": "p", "share": "share", "difference": "points"}
