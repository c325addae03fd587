"""Sheets of data quality: the rules, and the rows they found."""

from survey.document import Sheet
from survey.ingest.quality import Quality, screen
from survey.report.survey.context import SurveyContext


def quality_of(context: SurveyContext) -> Quality:
    """What the rules found: as told when rows were left out, else looked for now."""
    if context.quality is None:
        assert context.rows is not None  # `analyze` looks at tallies before
        context.quality = screen(context.rows, lang=context.lang)[1]
    return context.quality


def rules(context: SurveyContext) -> list[Sheet]:
    """One sheet with a row for each rule, and one with a row for each row found."""
    quality = quality_of(context)
    table = quality.rules.copy()
    table["action"] = [context.say(f"quality_action_{action}") for action in table["action"]]
    table["label"] = [context.say(f"quality_rule_{name}") for name in table["rule"]]
    columns = [
        context.column("label", heading=context.say("col_rule")),
        context.column("n", "count", context.say("col_found")),
        context.column("base", "count"),
        context.column("action"),
        context.column("setting", "number"),
        context.column("rule", heading="id"),
        context.column("note"),
    ]
    title = context.say("quality_rules_title")
    base_text = context.say("quality_rules_base", total=quality.total, out=quality.left_out)
    sheets = [
        Sheet(
            context.say("sheet_quality_rules"),
            title,
            base_text=base_text,
            tables=(context.table("quality_rules", title, base_text, table, columns, "quality_rule"),),
            notes=(context.say("note_quality_rules"),),
        )
    ]
    if len(quality.rows):
        rows = quality.rows.copy()
        rows["label"] = [context.say(f"quality_rule_{name}") for name in rows["rule"]]
        shown = [
            context.column("label", heading=context.say("col_rule")),
            *(context.column(name) for name in ("source", "sheet")),
            context.column("row", "count"),
            *(context.column(name) for name in ("key", "detail")),
        ]
        title = context.say("quality_rows_title")
        sheets.append(
            Sheet(
                context.say("sheet_quality_rows"),
                title,
                base_text=base_text,
                tables=(context.table("quality_rows", title, base_text, rows, shown, "quality_row"),),
            )
        )
    return sheets
