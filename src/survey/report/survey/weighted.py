"""What a report says of weights: both bases in a line, how they were made, and the section on Quality."""

from survey.document import Table
from survey.instrument.derived import CROSSED
from survey.report.survey.context import SurveyContext
from survey.weights import weighting
from survey.weights.raking import RAKED


def weighting_tables(context: SurveyContext) -> list[Table]:
    """Shares against their targets, and what the weights cost; none where there are no weights."""
    if context.rows is None or context.rows.weights is None or context.minimum:
        return []
    rows = weighting(context.rows, lang=context.lang)
    rows["asked"] = [_named(context, name) for name in rows["question"]]
    made = len(rows) > 1
    columns = [
        *([context.column("asked", heading=context.say("col_question"))] if made else []),
        context.column("label", heading=context.say("col_weighted_who")),
    ]
    if made:
        columns += [
            context.column("n", "count"),
            context.column("proportion", "share", context.say("col_unweighted_share")),
            context.column("target", "share", context.say("col_target")),
            context.column("weighted", "share", context.say("col_weighted_share")),
            context.column("gap", "points", context.say("col_gap")),
        ]
    columns += [
        context.column("base", "count", context.say("col_base")),
        context.column("effective_base", "value", context.say("col_effective_base")),
        context.column("deff", "number", context.say("col_deff")),
        context.column("smallest", "number", context.say("col_smallest_weight")),
        context.column("largest", "number", context.say("col_largest_weight")),
        *([context.column("trimmed", "count", context.say("col_trimmed"))] if made else []),
        context.column("note"),
    ]
    rows["effective_base"] = rows["effective_base"].round(1)
    title = context.say("weighting_title")
    return [context.table("weighting", title, "", rows, columns, "weighting")]


def _named(context: SurveyContext, target: str) -> str:
    """What a target is about, in words; "" of the last row."""
    parts = [context.instrument.question(part).named(context.lang) for part in target.split(CROSSED) if part]
    return context.say("cross_name_separator").join(parts)


def weighting_notes(context: SurveyContext) -> tuple[int, ...]:
    """The note on weights: where they are from, what they cost, and which standard error is shown."""
    if not context.counts.weighted:
        return ()
    made = context.responses.provenance.weighting if context.rows is not None else None
    if made is not None and made.source == RAKED:
        asked = dict.fromkeys(share.question for share in made.shares)
        targets = context.listed(_named(context, name) for name in asked)
        how = context.say("weights_by_raking", targets=targets)
    else:
        how = context.say("weights_by_column", name=made.name if made else "weight")
    return context.footnotes("weights", how=how, both=context.weighted_text)
