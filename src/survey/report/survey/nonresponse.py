"""What hangs on who answered: effects if skipped answers had been given, without careless ones, the frame."""

import pandas as pd

from survey.counts.row_counts import RowCounts
from survey.document import Table
from survey.instrument import Question
from survey.models import response_rates
from survey.models.design import design_of
from survey.models.option_model import Settings
from survey.models.sensitivity import beside
from survey.report.context import once
from survey.report.survey.context import SurveyContext
from survey.report.survey.explained import DRAWS, explained, needs_of

_MOST_EFFECTS = 10  # rows, where no more are reliable


def examined(context: SurveyContext) -> list[tuple[Question, Question]]:
    """The explained questions of which it is asked: select-all ones, of respondents who are real."""
    if context.rows is None or context.reconstructed:
        return []
    return [(stub, banner) for stub, banner in explained(context) if stub.kind == "multiple"]


@once
def sensitivity_of(context: SurveyContext, stub: Question, banner: Question) -> pd.DataFrame:
    """The effects on a question beside what could become of them, p-values of the models with them."""
    assert isinstance(context.counts, RowCounts)  # of a tally nothing is examined
    settings = Settings(context.confidence, context.min_base, DRAWS, 1, context.lang)
    whole = needs_of(context, stub, banner)
    design = design_of(context.counts, stub, banner.id, ())
    table = beside(context.counts, design, settings, whole.drop(columns="by"), banner.id)
    return table.assign(
        by=banner.id,
        question_label=stub.named(context.lang),
        p_value=whole["p_value"],
        p_adjusted=whole["p_adjusted"],
    )


def changes(context: SurveyContext) -> pd.DataFrame | None:
    """All effects, the surest first; None where nobody skipped an option and nobody was careless."""
    tables = [sensitivity_of(context, stub, banner) for stub, banner in examined(context)]
    if not tables:
        return None
    table = pd.concat(tables, ignore_index=True)
    table = table[table["marginal"].notna()]
    touched = (table["missing"] > 0) | (table["screened_base"] != table["base"])
    if not touched.any():
        return None
    return table.sort_values("p_value", kind="stable", ignore_index=True)


def sensitivity_tables(context: SurveyContext) -> list[Table]:
    """The surest effects and how they would change; the others are counted, and stand in Data."""
    whole = changes(context)
    if whole is None:
        return []
    alpha = 1 - context.confidence
    sure = (whole["p_adjusted"] < alpha) | (whole["screened_p_adjusted"] < alpha)
    places = [at for at, is_sure in enumerate(sure) if is_sure]
    places += [at for at, is_sure in enumerate(sure) if not is_sure][: max(0, _MOST_EFFECTS - len(places))]
    rows = whole.loc[sorted(places)].reset_index(drop=True)
    rows["standing"] = [context.say(f"sensitivity_{name}") if name else "" for name in _standing(rows, alpha)]
    if rest := len(whole) - len(rows):
        rows.loc[len(rows), "stub_label"] = context.say("sensitivity_rest", count=rest)
        rows = rows.fillna(dict.fromkeys(("question_label", "term_label", "standing", "note"), ""))
    columns = [
        context.column("question_label", heading=context.say("col_question")),
        context.column("stub_label", heading=context.say("col_what")),
        context.column("term_label", heading=context.say("col_term")),
        context.column("base", "count", context.say("col_sample")),
        context.column("marginal", "points", context.say("col_marginal")),
        context.column("p_adjusted", "p"),
        context.column("missing", "count", context.say("col_skipped")),
        context.column("worst_low", "points", context.say("col_worst_low")),
        context.column("worst_high", "points", context.say("col_worst_high")),
        context.column("screened_base", "count", context.say("col_screened_base")),
        context.column("screened_marginal", "points", context.say("col_screened_marginal")),
        context.column("screened_p_adjusted", "p", context.say("col_screened_p")),
        context.column("standing", heading=context.say("col_standing")),
        context.column("note"),
    ]
    title = context.say("sensitivity_title")
    return [context.table("sensitivity", title, "", rows, columns, "sensitivity")]


def _standing(rows: pd.DataFrame, alpha: float) -> list[str]:
    """What becomes of each effect that is reliable, or would be without careless respondents."""
    standings = []
    for row in rows.to_dict("records"):
        is_sure, stays = row["p_adjusted"] < alpha, row["screened_p_adjusted"] < alpha
        turns = row["worst_low"] <= 0 <= row["worst_high"]
        name = "holds" if stays else "careless"
        if is_sure and turns:
            name = "skipped" if stays else "both"
        standings.append(name if is_sure else "without" if stays else "")
    return standings


@once
def rates_of(context: SurveyContext, question: str) -> pd.DataFrame:
    """Who of the frame answered, by the kinds of one question."""
    table = response_rates(
        context.counts,
        question,
        population=context.sampling_frame[question],
        confidence=context.confidence,
        lang=context.lang,
    )
    name = context.instrument.question(question).named(context.lang)
    return table.assign(question_label=name, test="fisher_exact")


def rate_tables(context: SurveyContext) -> list[Table]:
    """Who of the frame answered, where a frame is known."""
    if not context.sampling_frame:
        return []
    data = pd.concat([rates_of(context, name) for name in context.sampling_frame], ignore_index=True)
    level = context.percent_level
    columns = [
        context.column("question_label", heading=context.say("col_question")),
        context.column("label", heading=context.say("col_kind_of_firm")),
        context.column("population", "count", context.say("col_in_frame")),
        context.column("n", "count", context.say("col_answered_of_frame")),
        context.column("proportion", "share", context.say("col_response_rate"), bar=True),
        context.column("ci_low", "share", context.say("col_ci_low", level=level)),
        context.column("ci_high", "share", context.say("col_ci_high", level=level)),
        context.column("p_value", "p"),
        context.column("p_adjusted", "p"),
        context.column("note"),
    ]
    return [context.table("response_rates", context.say("rates_title"), "", data, columns, "response_rate")]
