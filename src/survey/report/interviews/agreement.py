"""Agreement between coders, where the approach of the codebook asks for it; else why it is not there."""

import pandas as pd

from survey.document import Column, Form, Table
from survey.interviews.agreement import COEFFICIENTS, calls_for_agreement, coder_agreement, coders_of
from survey.report.interviews.context import InterviewContext

_DRAWS = 1000


def agreement_lines(context: InterviewContext) -> list[str]:
    """Whether agreement is shown, and why or why not; for the notes."""
    approach = context.say(f"coded_approach_{context.codebook.approach.replace('-', '_')}")
    lines = [context.say(f"agreement_why_{context.codebook.approach.replace('-', '_')}", approach=approach)]
    coders = coders_of(context.segments)
    if not calls_for_agreement(context.codebook):
        return lines + ([context.say("agreement_asked_for", count=len(coders))] if len(coders) > 1 else [])
    if len(coders) < 2:
        return [*lines, context.say("agreement_too_few", count=len(coders))]
    return [
        *lines,
        context.say("agreement_coders", coders=context.listed(coders)),
        context.say("agreement_unit"),
    ]


def agreement_tables(context: InterviewContext) -> tuple[list[Table], tuple[int, ...]]:
    """Four coefficients for every code with their intervals, prevalence beside them; and their notes."""
    if not calls_for_agreement(context.codebook) or len(coders_of(context.segments)) < 2:
        return [], ()
    coefficients = coder_agreement(
        context.segments, confidence=context.confidence, draws=_DRAWS, seed=context.seed, lang=context.lang
    )
    columns = [
        context.column("label"),
        context.column("coders", "count", context.say("agreement_col_coders")),
        context.column("units", "count", context.say("agreement_col_units")),
        context.column("decisions", "count", context.say("agreement_col_decisions")),
        context.column("n_yes", "count", context.say("agreement_col_n_yes")),
        context.column("prevalence", "share", context.say("agreement_col_prevalence")),
    ]
    shown = coefficients.copy()
    for name in COEFFICIENTS:
        form: Form = "share" if name == "agreement" else "number"
        heading = context.say(f"agreement_col_{name}")
        low, high = f"{name}_low", f"{name}_high"
        shown[name] = _worded(context, coefficients[name], coefficients["units"])
        columns += [
            Column(name, heading, form),
            Column(low, context.say("agreement_limit_low", name=heading, level=context.percent_level), form),
            Column(
                high, context.say("agreement_limit_high", name=heading, level=context.percent_level), form
            ),
        ]
    columns.append(context.column("note"))
    names = [f"agreement_{topic}" for topic in ("how", "read", "prevalence", "undefined")]
    footnotes = context.footnotes(*names, draws=_DRAWS, seed=context.seed)
    title = context.say("agreement_title")
    return [context.shown("agreement", title, shown, columns, "coder_agreement")], footnotes


def _worded(context: InterviewContext, values: "pd.Series[float]", units: "pd.Series[int]") -> list[object]:
    """The values of a coefficient; "undefined" in words where there are units and nothing varies."""
    return [
        context.say("agreement_undefined") if pd.isna(value) and count else value
        for value, count in zip(values, units, strict=True)
    ]
