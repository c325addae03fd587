"""Sheets of data quality: the rules, and the rows they found."""

from survey.document import Sheet
from survey.ingest.quality import Quality, screen
from survey.report.survey.context import Plan


def found_by_rules(plan: Plan) -> Quality:
    """What the rules found: as told when rows were left out, else looked for now."""
    if plan.quality is None:
        stands = plan.responses
        plan.quality = screen(stands, lang=plan.lang)[1]
    return plan.quality


def rules(plan: Plan) -> list[Sheet]:
    """One sheet with a row for each rule, and one with a row for each row found."""
    quality = found_by_rules(plan)
    table = quality.rules.copy()
    table["action"] = [plan.say(f"quality_action_{action}") for action in table["action"]]
    table["label"] = [plan.say(f"quality_rule_{name}") for name in table["rule"]]
    columns = [
        plan.column("label", heading=plan.say("col_rule")),
        plan.column("n", "count", plan.say("col_found")),
        plan.column("base", "count"),
        plan.column("action"),
        plan.column("setting", "number"),
        plan.column("rule", heading="id"),
        plan.column("note"),
    ]
    title = plan.say("quality_rules_title")
    base_text = plan.say("quality_rules_base", total=quality.total, out=quality.left_out)
    sheets = [
        Sheet(
            plan.say("sheet_quality_rules"),
            title,
            base_text=base_text,
            tables=(plan.shown("quality_rules", title, base_text, table, columns, "quality_rule"),),
            notes=(plan.say("note_quality_rules"),),
        )
    ]
    if len(quality.rows):
        rows = quality.rows.copy()
        rows["label"] = [plan.say(f"quality_rule_{name}") for name in rows["rule"]]
        shown = [
            plan.column("label", heading=plan.say("col_rule")),
            *(plan.column(name) for name in ("source", "sheet")),
            plan.column("row", "count"),
            *(plan.column(name) for name in ("key", "detail")),
        ]
        title = plan.say("quality_rows_title")
        sheets.append(
            Sheet(
                plan.say("sheet_quality_rows"),
                title,
                base_text=base_text,
                tables=(plan.shown("quality_rows", title, base_text, rows, shown, "quality_row"),),
            )
        )
    return sheets
