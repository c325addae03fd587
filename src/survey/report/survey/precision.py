"""Precision: what this sample can show, and which one the next wave needs."""

from typing import Any

import pandas as pd

from survey.document import Sheet
from survey.instrument import Question
from survey.report.context import once
from survey.report.survey.context import SurveyContext
from survey.report.survey.weighted import weighted_columns
from survey.statistics import precision
from survey.statistics.finite_population import Population

_POWER = 0.8


@once
def precision_table(context: SurveyContext, banner: Question | None) -> pd.DataFrame:
    """Margins of error, differences and samples; `planned` tells rows of the same base apart."""
    by = banner.id if banner else None
    table = precision(
        context.counts,
        banner=by,
        questions=[question.id for question in context.asked_questions],
        power=_POWER,
        confidence=context.confidence,
        population=_population(context, banner),
        lang=context.lang,
    )
    if by is None:
        table = table[table["group"] == ""].reset_index(drop=True)
    rows = zip(table["what"], table["margin"], strict=True)
    return table.assign(planned=[f"{margin:g}" if what == "sample" else "" for what, margin in rows])


def _population(context: SurveyContext, banner: Question | None) -> Population | None:
    """How many there are, of all and of the groups of a banner."""
    return context.population.of_all if banner is None else context.population.of_banner(banner)


def precision_rows(context: SurveyContext) -> pd.DataFrame:
    """The rows of all respondents once, then those of the groups of each banner."""
    tables = [precision_table(context, banner) for banner in context.banners or (None,)]
    tables = [tables[0], *(table[table["group"] != ""] for table in tables[1:])]
    return pd.concat(tables, ignore_index=True)


def sheets(context: SurveyContext) -> list[Sheet]:
    """Margin of error per base, smallest detectable differences, and the sample for a planned margin."""
    table = precision_rows(context)
    rows = table.to_dict("records")
    table = table.assign(
        subject=[_subject(context, row) for row in rows],
        what_label=[context.say(f"precision_kind_{row['what']}") for row in rows],
        marks=["small" if _is_small(context, row) else "" for row in rows],
    )
    columns = [
        context.column("subject", heading=context.say("col_precision_subject")),
        context.column("what_label", heading=context.say("col_precision_what")),
        context.column("base", "count", context.say("col_sample"), marks="marks"),
        *weighted_columns(context),
        context.column("other_base", "count"),
        *([context.column("other_effective_base", "count")] if context.counts.weighted else []),
        *([context.column("population", "count")] if table["population"].notna().any() else []),
        context.column("margin", "share"),
        context.column("smallest_difference", "share"),
        context.column("exact_power", "share"),
        context.column("first_step_power", "share"),
        context.column("hypotheses", "count"),
        context.column("needed_base", "count"),
        context.column("note"),
    ]
    title = context.say("precision_title")
    return [
        Sheet(
            context.say("sheet_precision"),
            title,
            subtitle=context.say("precision_subtitle", level=context.percent_level),
            tables=(context.table("precision", title, "", table, columns, "precision"),),
            footnotes=context.footnotes(
                *("precision_margin", "precision_difference", "precision_sample"),
                *(["precision_weighted"] if context.counts.weighted else []),
                "precision_limits" if not context.population.is_known else "precision_finite",
                level=context.percent_level,
                power=f"{100 * _POWER:g}%",
                alpha=f"{100 * (1 - context.confidence):.3g}%",
            ),
            appendix=True,
        )
    ]


def _is_small(context: SurveyContext, row: Any) -> bool:
    return bool(row["what"] == "group" and row["effective_base"] < context.small_base)


def _subject(context: SurveyContext, row: Any) -> str:
    """Name the base: all respondents, a question, or a group of a banner."""
    if not row["question"]:
        return context.say("precision_all")
    if not row["group"]:
        return context.instrument.question(row["question"]).named(context.lang)
    question = context.instrument.with_shares(row["question"])
    named = question.named(context.lang)
    return context.say("banner_head", banner=named, group=question.part(row["group"]).said(context.lang))
