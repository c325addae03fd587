"""What a report says of weights: both bases in a line, how they were made, and the section on Quality."""

from collections.abc import Mapping
from math import inf
from typing import TYPE_CHECKING, Any

from survey.document import Column, Table
from survey.ingest.provenance import Weighting
from survey.instrument.derived import CROSSED
from survey.report.survey.context import SurveyContext
from survey.weights import weighting
from survey.weights.target_shares import RAKED

if TYPE_CHECKING:
    import pandas as pd


def weighting_tables(context: SurveyContext) -> list[Table]:
    """Shares against their targets, and what the weights cost; none where there are no weights."""
    if context.rows is None or context.rows.weights is None or context.minimum:
        return []
    rows = weighting(context.rows, lang=context.lang)
    rows["asked"] = [_named(context, name) for name in rows["question"]]
    rows["gap"] = rows["gap"].round(6) + 0.0
    rows["effective_base"] = rows["effective_base"].round(1)
    targets, cost = rows.iloc[:-1].reset_index(drop=True), rows.iloc[-1:].reset_index(drop=True)
    shares = [
        context.column("asked", heading=context.say("col_question")),
        context.column("label", heading=context.say("col_weighted_who")),
        context.column("n", "count"),
        context.column("proportion", "share", context.say("col_unweighted_share")),
        context.column("target", "share", context.say("col_target")),
        context.column("weighted", "share", context.say("col_weighted_share")),
        context.column("gap", "points", context.say("col_gap")),
        context.column("note"),
    ]
    costs = [
        context.column("label", heading=context.say("col_weighted_of")),
        context.column("base", "count", context.say("col_base")),
        context.column("effective_base", "value", context.say("col_effective_base")),
        context.column("deff", "number", context.say("col_deff")),
        context.column("smallest", "number", context.say("col_smallest_weight")),
        context.column("largest", "number", context.say("col_largest_weight")),
        *([context.column("trimmed", "count", context.say("col_trimmed"))] if len(targets) else []),
        context.column("note"),
    ]
    made = context.table("weighting", context.say("weighting_title"), "", targets, shares, "weighting")
    title = context.say("weighting_cost_title")
    return [
        *([made] if len(targets) else []),
        context.table("weighting_cost", title, "", cost, costs, "weighting"),
    ]


BASES = ("weighted_base", "effective_base")


def weighted_columns(context: SurveyContext, marks: str = "", **fields: Any) -> list[Column]:
    """The columns of both bases by weight, to stand behind that of n; none where there are no weights."""
    names = BASES if context.counts.weighted else ()
    return [context.column(name, "count", marks=marks, **fields) for name in names]


def weighted_heads(
    context: SurveyContext, head: Mapping[str, Any], bases: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The head of a section, and below it a row for each base by weight; the head alone without weights.

    `bases` are the numbers of these rows by column, for each of `BASES`.
    """
    if not context.counts.weighted:
        return [dict(head)]
    plain = {name: "" for name in head if name.endswith("marks")}
    below = [
        {**head, **plain, "head_measure": name, "label": context.say(f"col_{name}"), **bases[name]}
        for name in BASES
    ]
    return [{**head, "head_measure": "base"}, *below]


def pooled_bases(table: "pd.DataFrame", side: str, apart: "pd.Series[bool] | None" = None) -> dict[str, Any]:
    """The bases by weight of those in a group or in what it is compared with; blank where these share any.

    The sum of squared weights behind an effective base is weighted_base squared over effective_base.
    """
    sums = table["weighted_base"] + table[f"{side}weighted_base"]
    squares = sum(
        (table[f"{own}weighted_base"] ** 2 / table[f"{own}effective_base"]).fillna(0.0) for own in ("", side)
    )
    effective = (sums**2 / squares).where(squares > 0, 0.0)
    bases = {"weighted_base": sums, "effective_base": effective}
    return bases if apart is None else {name: values.where(apart) for name, values in bases.items()}


def head_count(context: SurveyContext) -> int:
    """How many rows head a section."""
    return 1 + (len(BASES) if context.counts.weighted else 0)


def _named(context: SurveyContext, target: str) -> str:
    """What a target is about, in words; "" of the last row."""
    parts = [context.instrument.question(part).named(context.lang) for part in target.split(CROSSED) if part]
    return context.say("cross_name_separator").join(parts)


def _limits_text(context: SurveyContext, made: Weighting) -> str:
    """How far weights were allowed to go, and how many were cut; "" where none was."""
    if not made.trimmed or made.bounds is None:
        return ""
    low, high = made.bounds
    key = "weights_limited" if high < inf else "weights_limited_below"
    return context.say(key, low=f"{low:g}", high=f"{high:g}", trimmed=made.trimmed)


def weighting_notes(context: SurveyContext) -> tuple[int, ...]:
    """The note on weights: where they are from, what they cost, and which standard error is shown."""
    if not context.counts.weighted:
        return ()
    made = context.responses.provenance.weighting if context.rows is not None else None
    if made is not None and made.source == RAKED:
        asked = dict.fromkeys(share.question for share in made.shares)
        targets = context.listed(_named(context, name) for name in asked)
        how = context.sentences(
            context.say("weights_by_raking", targets=targets),
            context.say("weights_begun", name=made.name) if made.name != RAKED else "",
            _limits_text(context, made),
        )
    else:
        how = context.say("weights_by_column", name=made.name if made else "weight")
    weights = context.counts.provenance.weighting
    raked = ""
    if weights is not None and weights.targets:
        raked = context.say("sentence_separator") + context.say("note_weights_raked")
    return context.footnotes("weights", how=how, both=context.weighted_text, raked=raked)
