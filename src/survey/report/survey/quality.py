"""Quality: what the rules found, how many answered, where every cell of the data went."""

from dataclasses import replace

import pandas as pd

from survey.document import Column, Sheet, Table
from survey.errors import Problem
from survey.ingest.quality import Quality, screen
from survey.ingest.responses import MISSING_KINDS
from survey.messages.echoes import one_line
from survey.report.survey.context import SurveyContext
from survey.report.survey.nonresponse import rate_tables
from survey.report.survey.weighted import weighting_tables
from survey.statistics.indicators import answered
from survey.wording import public_name


def quality_of(context: SurveyContext) -> Quality:
    """What the rules found: as handed over when rows were left out, else looked for now."""
    if context.quality is None:
        assert context.rows is not None  # `analyze` looks at tallies before
        context.quality = screen(context.rows, lang=context.lang)[1]
    return context.quality


def sheets(context: SurveyContext) -> list[Sheet]:
    """One sheet: the rules, the rows they found, answers and gaps by question, every cell that was read."""
    tables = [_rules_table(context), *rate_tables(context), *weighting_tables(context), *_row_tables(context)]
    return [quality_sheet(context, [*tables, _answer_table(context), *_cell_tables(context)])]


def check_sheets(context: SurveyContext) -> list[Sheet]:
    """The same where it is a workbook of its own: one screen, and the rows and notices on a sheet behind."""
    further = _row_tables(context)
    tables = [_rules_table(context), _answer_table(context)]
    for table in _cell_tables(context, every_cell=True):
        (further if table.name == "quality_notices" else tables).append(table)
    first = replace(quality_sheet(context, tables), appendix=False, one_page=True)
    if not further:
        return [first]
    title = context.say("quality_rows_title")
    rows = Sheet(
        *(context.say("sheet_rows"), title),
        subtitle=first.title,
        tables=tuple(further),
        footnotes=context.footnotes("quality_rules"),
        appendix=True,
    )
    return [first, rows]


def quality_sheet(context: SurveyContext, tables: list[Table]) -> Sheet:
    """A sheet of these tables under what the rules found."""
    quality = quality_of(context)
    title = context.say("quality_found", total=quality.total, out=quality.left_out)
    return Sheet(
        context.say("sheet_quality"),
        title,
        subtitle=context.say("about_separator").join(_identity(context)),
        tables=tuple(tables),
        footnotes=context.footnotes(
            *("quality_rules", "missing_kinds", "zero_rows"),
            *(["response_rates"] if context.sampling_frame else []),
        ),
        appendix=True,
    )


def _rules_table(context: SurveyContext) -> Table:
    """One row per rule: what it found, and whether that was left out."""
    table = quality_of(context).rules.copy()
    table["action"] = [context.say(f"quality_action_{action}") for action in table["action"]]
    table["label"] = [context.say(f"quality_rule_{name}") for name in table["rule"]]
    table["setting"] = [round(value, 3) if isinstance(value, float) else value for value in table["setting"]]
    columns = [
        context.column("label", heading=context.say("col_rule")),
        context.column("n", "count", context.say("col_found")),
        context.column("base", "count", context.say("col_looked_at")),
        context.column("action"),
        context.column("setting", "value"),
        context.column("note"),
    ]
    title = context.say("quality_rules_title")
    return context.table("quality_rules", title, "", table, columns, "quality_rule")


def _row_tables(context: SurveyContext) -> list[Table]:
    """One row per respondent that a rule found."""
    quality = quality_of(context)
    if not len(quality.rows):
        return []
    rows = quality.rows.copy()
    rows["label"] = [context.say(f"quality_rule_{name}") for name in rows["rule"]]
    for name in ("source", "sheet"):
        values = rows[name]
        rows[name] = [one_line(public_name(one)) if isinstance(one, str) else one for one in values]
    columns = [
        context.column("label", heading=context.say("col_rule")),
        context.column("row", "count"),
        *(context.column(name) for name in ("key", "detail", "source", "sheet")),
    ]
    title = context.say("quality_rows_title")
    return [context.table("quality_rows", title, "", rows, columns, "quality_row")]


def _answer_table(context: SurveyContext) -> Table:
    """For every question, how many answered, and how many did not by kind."""
    rows: list[dict[str, object]] = []
    for question in context.asked_questions:
        counts = {"answered": answered(context.counts, question)}
        counts |= context.counts.unanswered_kinds(question)
        rows.append({"label": question.named(context.lang), **counts})
    shown = ["answered", *(kind for kind in MISSING_KINDS if any(row[kind] for row in rows))]
    columns = [Column("label", context.say("col_question"))]
    headings = [context.say(f"missing_{name}") for name in shown]
    columns += [
        context.column(name, "count", heading[:1].upper() + heading[1:])
        for name, heading in zip(shown, headings, strict=True)
    ]
    title = context.say("quality_answers_title")
    return context.table("quality_answers", title, "", pd.DataFrame(rows), columns)


def _cell_tables(context: SurveyContext, *, every_cell: bool = False) -> list[Table]:
    """Where the cells of the file went, what was noticed, what could not be read: grouped or cell by cell."""
    tables = []
    accounting = context.responses.accounting
    if accounting is not None:
        rows = [
            {"what": context.say(f"cells_{row.category}_{row.kind}".rstrip("_")), "count": row.cells}
            for row in accounting.itertuples()
        ]
        columns = [context.column("what"), context.column("count", "count")]
        title = context.say("quality_cells_title")
        tables.append(context.table("quality_cells", title, "", pd.DataFrame(rows), columns))
    if context.responses.problems:
        problems = [
            cell
            for problem in context.responses.problems
            for cell in (problem.each() if every_cell else [problem])
        ]
        rows = [_problem_row(problem, context.lang) for problem in problems]
        columns = [context.column("what", heading=context.say("col_notice")), context.column("place")]
        title = context.say("quality_notices_title")
        tables.append(context.table("quality_notices", title, "", pd.DataFrame(rows), columns))
    return tables


def _problem_row(problem: Problem, lang: str) -> dict[str, object]:
    text = Problem(problem.key, values=problem.values).text(lang)
    file, sheet = public_name(problem.place.file), public_name(problem.place.sheet)
    place = replace(problem.place, file=file, sheet=sheet)
    return {"what": text, "place": place.text(lang, cells=len(problem.rows))}


def _identity(context: SurveyContext) -> list[str]:
    """The identity in one sentence: cells read = mapped + missing by kind + refused."""
    accounting = context.responses.accounting
    not_shown = [context.not_shown_text] if context.left_out else []
    if accounting is None:
        return not_shown
    totals = accounting.groupby("category", sort=False)["cells"].sum()
    values = {name: int(totals.get(name, 0)) for name in ("read", "mapped", "missing", "refused", "left_out")}
    lines = [context.say("identity_left_out" if values["left_out"] else "identity", **values)]
    if context.responses.subset:
        lines.append(context.say("identity_of_file"))
    return [*lines, *not_shown]
