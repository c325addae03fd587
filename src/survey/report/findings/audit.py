"""The workbook of an audit: Claims first, then Figures, Tests and Notes."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from survey.document import Column, Form, Picture, Sheet, Table
from survey.messages import enumerated
from survey.published.findings.figures import EVERYONE
from survey.report.findings import claims
from survey.report.findings.context import FindingsContext
from survey.report.mark_words import range_text
from survey.rounding import RULES

if TYPE_CHECKING:
    from survey.published.bounds.queries import Quantity
    from survey.published.findings.figures import Figure

_PACKAGES = ("numpy", "pandas", "scipy", "openpyxl", "matplotlib")
_LISTED = 40  # combinations of sizes that are listed one by one


def audit_sheets(context: FindingsContext) -> tuple[Sheet, ...]:
    """Build the sheets of an audit, in its language."""
    return tuple(sheet for build in AUDIT_SHEETS for sheet in build(context))


def _headed(context: FindingsContext, columns: list[tuple[str, Form]]) -> list[Column]:
    return [context.column(key, form) for key, form in columns]


# -- figures and the sizes of groups -----------------------------------------------------------------


def figures(context: FindingsContext) -> list[Sheet]:
    """Each figure with the counts that print it, then each possible size of each group."""
    sizes = _sizes_table(context)
    return [
        Sheet(
            context.say("audit_sheet_figures"),
            claims.figures_sentence(context),
            subtitle=context.about_text,
            tables=(_figures_table(context), *([sizes] if sizes else [])),
            footnotes=context.footnotes("figures", *(["sizes"] if sizes else [])),
            pictures=_size_pictures(context),
            appendix=True,
        )
    ]


def _figures_table(context: FindingsContext) -> Table:
    frame = context.audit.figures
    statistics = {figure.claim: figure.statistic for figure in context.audit.findings.parsed()}
    ids = zip(frame["question"], frame["item"], frame["group"], strict=True)
    frame = frame.assign(
        what=[context.subject(*row) for row in ids],
        statistic=[context.statistic_text(statistics[finding]) for finding in frame["finding"]],
        base_from=[context.say(f"audit_from_{source}") if source else "" for source in frame["base_from"]],
        note=[
            context.say("item_separator").join(context.say(f"audit_reason_{code}") for code in codes.split())
            for codes in frame["reason"]
        ],
    )
    columns: list[tuple[str, Form]] = [
        ("what", "text"),
        ("locator", "text"),
        ("statistic", "text"),
        ("published", "text"),
        ("verdict", "text"),
        ("note", "text"),
        ("base", "text"),
        ("base_from", "text"),
        *((rule, "text") for rule in RULES),
    ]
    title = context.say("audit_title_figures")
    shown = _headed(context, columns)
    return context.whole("figures", title, context.worded(frame), shown, "audited_figure")


def _sizes_table(context: FindingsContext) -> Table | None:
    """Each possible size of each group, and what rules out the others."""
    frame = context.audit.bases
    if frame.empty:
        return None
    figures_by_line = {figure.line: figure for figure in context.audit.findings.parsed()}
    known = context.audit.known
    lines = [one.lines if not one.survives else () for one in known.recovered.bases] if known else []
    yes = {True: context.say("audit_yes"), False: ""}
    shown = context.worded(frame).assign(
        label=[context.group(group) for group in frame["group"]],
        smallest=[yes[bool(is_smallest)] for is_smallest in frame["smallest"]],
        unique=[yes[bool(is_unique)] for is_unique in frame["unique"]],
        lines=[
            context.say("item_separator").join(
                figure_text(context, figures_by_line[line]) for line in of_size if line in figures_by_line
            )
            for of_size in lines
        ],
    )
    columns: list[tuple[str, Form]] = [
        ("label", "text"),
        ("base", "count"),
        ("verdict", "text"),
        ("smallest", "text"),
        ("unique", "text"),
        ("lines", "text"),
    ]
    return context.whole(
        "bases", context.say("audit_title_bases"), shown, _headed(context, columns), "group_base"
    )


def figure_text(context: FindingsContext, figure: "Figure") -> str:
    """A published figure in words, with its value."""
    subject = context.subject(figure.question, figure.item, figure.group)
    mark = "" if figure.is_size else "%"
    return f"{subject} {figure.printed}{mark}"


def _size_pictures(context: FindingsContext) -> tuple[Picture, ...]:
    frame = context.audit.bases
    if frame.empty:
        return ()
    labels = [context.group(group) for group in frame["group"]]
    kept = frame[frame["verdict"] == "survives"]
    sentences = [
        f"{context.group(str(group))}: {enumerated(rows['base'], context.lang)}."
        for group, rows in kept.groupby("group", sort=False)
    ]
    title = context.say("audit_picture_bases")
    data = frame[["group", "base"]].assign(label=labels, survives=frame["verdict"] == "survives")
    alt = context.say("audit_alt_bases", lines=" ".join(sentences))
    details = {"size": context.audit.findings.respondents}
    return (Picture("bases", "bases", data, alt, title, details=details),)


def _combination_texts(context: FindingsContext) -> list[str]:
    """How many sizes of groups go together, and which."""
    combinations = context.audit.combinations
    if combinations is None or combinations.empty or not len(combinations.columns):
        return []
    lines = [context.say("sizes_together", count=len(combinations))]
    if len(combinations) <= _LISTED:
        names = context.listed(context.group_brief(str(group)) for group in combinations.columns)
        listed = context.say("item_separator").join(
            "/".join(map(str, row)) for row in combinations.itertuples(index=False)
        )
        lines.append(context.say("audit_combinations_listed", groups=names, listed=listed))
    return lines


# -- tests and ranges ----------------------------------------------------------------------------------


def tests(context: FindingsContext, *further: Table) -> list[Sheet]:
    """The reasons of each claim in full, and the range of every quantity they rest on."""
    tables = [*_reason_tables(context), *_range_tables(context), *further]
    names = ["reasons"] if len(context.audit.statements) else []
    names += ["ranges", "range_tests"] if len(context.audit.bounds) or further else []
    if not tables:
        return []
    return [
        Sheet(
            context.say("sheet_tests"),
            context.say("audit_title_tests"),
            subtitle=context.say("audit_subtitle_tests"),
            tables=tuple(tables),
            footnotes=context.footnotes(*names),
            pictures=_p_pictures(context),
            appendix=True,
        )
    ]


def _reason_tables(context: FindingsContext) -> list[Table]:
    frame = claims.claim_rows(context)
    if frame.empty:
        return []
    frame = context.worded(frame)
    columns = [
        context.column("what", heading=context.say("claims_col_claim")),
        *_headed(context, [("locator", "text"), ("verdict", "text"), ("why", "text"), ("test", "text")]),
    ]
    title = context.say("audit_title_statements")
    return [context.whole("statements", title, frame, columns, "audited_statement")]


def range_of(unit: str, low: float, high: float, lang: str = "en") -> str:
    """Write a range as a reader sees it: people, percentages, points or p-values."""
    return range_text(_FORMS[unit], low, high, lang)


def range_columns(context: FindingsContext) -> list[Column]:
    """The columns of a table of ranges behind those that say of what."""
    return _headed(
        context,
        [
            ("unit", "text"),
            ("range", "range"),
            ("verdict", "text"),
            ("status", "text"),
            ("low", "number"),
            ("high", "number"),
        ],
    )


def _range_tables(context: FindingsContext) -> list[Table]:
    frame = context.audit.bounds
    if frame.empty:
        return []
    shown = context.worded(frame).assign(
        what=[quantity_text(context, quantity) for quantity in context.audit.quantities],
        unit=[context.say(f"audit_unit_{unit}") for unit in frame["unit"]],
        status=[context.say("audit_status_" + status.replace(" ", "_")) for status in frame["status"]],
        range=[range_of(row.unit, row.low, row.high, context.lang) for row in frame.itertuples()],
    )
    columns = [context.column("what", heading=context.say("audit_col_quantity")), *range_columns(context)]
    return [context.whole("bounds", context.say("audit_title_bounds"), shown, columns, "bound")]


def quantity_text(context: FindingsContext, quantity: "Quantity") -> str:
    """What a range is about, in words."""
    name, arguments = quantity.name, quantity.arguments
    if name == "overlap":
        groups = context.joined_names([context.group_brief(group) for group in arguments])
        return context.say("quantity_overlap", groups=groups)
    if name == "memberships":
        return context.say("quantity_memberships", count=int(arguments[0]))
    question = context.known.question(arguments[0])
    labels = {part.id: context.brief(question, part.id) for part in question.parts}
    if name == "rated_together":
        items = context.joined_names([labels[item] for item in arguments[1:]])
        return context.say(f"quantity_rated_together_{question.kind}", items=items)
    item, first, *others = arguments[1:]
    if name == "group_share":
        whole = {"none": "_none", EVERYONE: "_all"}.get(first, "")
        group = "" if whole else context.group_brief(first)
        return context.say(f"quantity_group_share{whole}", item=labels[item], group=group)
    if name == "item_p_value":
        return context.say("quantity_item_p_value", item=labels[item], other=labels[first])
    values = {"group": context.group_brief(first), "other": context.group_brief(others[0])}
    return context.say("quantity_groups", item=labels[item], **values)


def _p_pictures(context: FindingsContext) -> tuple[Picture, ...]:
    frame = context.audit.bounds
    tested = frame[frame["unit"] == "p"].reset_index(drop=True)
    if tested.empty:
        return ()
    quantities = [quantity for quantity in context.audit.quantities if quantity.unit == "p"]
    data = tested.assign(
        label=[quantity_text(context, quantity) for quantity in quantities],
        proved=tested["status"] == "optimal",
    )
    lines = " ".join(f"{row.label}: {range_of('p', row.low, row.high)}." for row in data.head(3).itertuples())
    level = context.audit.findings.thresholds.level
    title, alt = context.say("audit_picture_p"), context.say("audit_alt_p", lines=lines)
    return (Picture("p_intervals", "p_intervals", data, alt, title, details={"level": level}),)


# -- notes ---------------------------------------------------------------------------------------------


def notes(context: FindingsContext) -> list[Sheet]:
    """Every note once, by its number; what every verdict assumes; from what the report was made."""
    findings = context.audit.findings
    rows: list[tuple[int | None, str, str]] = [
        (number, note.topic, note.text) for number, note in enumerate(context.notes, 1)
    ]
    unnumbered = [(context.say("audit_assumption"), text) for text in context.audit.assumptions]
    unnumbered += [(context.say("topic_sizes"), text) for text in _combination_texts(context)]
    unnumbered += context.silences
    unnumbered += [
        (context.say("method_instrument"), context.instrument.reference),
        (context.say("method_instrument_hash"), context.instrument.content_hash),
        (context.say("origin_findings"), findings.file),
        (context.say("method_findings_hash"), findings.hash),
        (context.say("origin_source"), findings.source),
        (context.say("method_command"), context.command),
        *context.versions(_PACKAGES),
    ]
    rows += [(None, topic, text) for topic, text in unnumbered if text]
    frame = pd.DataFrame(rows, columns=["number", "topic", "what"])
    columns = [
        Column("number", context.say("col_number"), "count"),
        Column("topic", context.say("col_topic")),
        Column("what", context.say("col_statement")),
    ]
    title = context.say("notes_title")
    table = Table("notes", title, "", frame, tuple(columns))
    subtitle = context.say("notes_subtitle")
    return [Sheet(context.say("sheet_notes"), title, subtitle=subtitle, tables=(table,), appendix=True)]


# The sheets in their order.
AUDIT_SHEETS: tuple[Callable[[FindingsContext], list[Sheet]], ...] = (
    claims.sheets,
    figures,
    tests,
    notes,
)


_FORMS: dict[str, Form] = {"respondents": "count", "p": "p", "share": "share", "difference": "points"}
