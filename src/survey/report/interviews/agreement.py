"""Agreement between coders, where the approach of the codebook asks for it; else why it is not there."""

import pandas as pd

from survey.document import Column, Form, Sheet
from survey.interviews.agreement import COEFFICIENTS, calls_for_agreement, coder_agreement, coders_of
from survey.report.interviews.context import InterviewPlan

_DRAWS = 1000


def agreement(plan: InterviewPlan) -> list[Sheet]:
    """Four coefficients for every code with their intervals, prevalence beside them."""
    title = plan.say("agreement_title")
    approach = plan.say(f"coded_approach_{plan.codebook.approach.replace('-', '_')}")
    lines = [plan.say(f"agreement_why_{plan.codebook.approach.replace('-', '_')}", approach=approach)]
    coders = coders_of(plan.segments)
    if not calls_for_agreement(plan.codebook):
        if len(coders) > 1:
            lines.append(plan.say("agreement_asked_for", count=len(coders)))
        return [_sheet(plan, title, lines)]
    if len(coders) < 2:
        return [_sheet(plan, title, [*lines, plan.say("agreement_too_few", count=len(coders))])]
    found = coder_agreement(
        plan.segments, confidence=plan.confidence, draws=_DRAWS, seed=plan.seed, lang=plan.lang
    )
    lines += [plan.say("agreement_coders", coders=plan.listed(coders)), plan.say("agreement_unit")]
    columns = [
        plan.column("label"),
        plan.column("code"),
        plan.column("coders", "count", plan.say("agreement_col_coders")),
        plan.column("units", "count", plan.say("agreement_col_units")),
        plan.column("decisions", "count", plan.say("agreement_col_decisions")),
        plan.column("n_yes", "count", plan.say("agreement_col_n_yes")),
        plan.column("prevalence", "share", plan.say("agreement_col_prevalence")),
    ]
    shown = found.copy()
    for name in COEFFICIENTS:
        form: Form = "share" if name == "agreement" else "number"
        heading = plan.say(f"agreement_col_{name}")
        low, high = f"{name}_low", f"{name}_high"
        shown[name] = _worded(plan, found[name], found["units"])
        columns += [
            Column(name, heading, form),
            Column(low, plan.say("agreement_limit_low", name=heading, level=plan.percent_level), form),
            Column(high, plan.say("agreement_limit_high", name=heading, level=plan.percent_level), form),
        ]
    columns.append(plan.column("note"))
    notes = tuple(plan.say(f"agreement_note_{topic}") for topic in ("read", "prevalence", "undefined"))
    notes = (plan.say("agreement_note_how", draws=_DRAWS, seed=plan.seed), *notes)
    return [_sheet(plan, title, lines, shown, columns, notes)]


def _worded(plan: InterviewPlan, values: "pd.Series[float]", units: "pd.Series[int]") -> list[object]:
    """The values of a coefficient; "undefined" in words where there are units and nothing varies."""
    return [
        plan.say("agreement_undefined") if pd.isna(value) and count else value
        for value, count in zip(values, units, strict=True)
    ]


def _sheet(
    plan: InterviewPlan,
    title: str,
    lines: list[str],
    data: "pd.DataFrame | None" = None,
    columns: list[Column] | None = None,
    notes: tuple[str, ...] = (),
) -> Sheet:
    tables = () if data is None else (plan.shown("agreement", title, data, columns or [], "coder_agreement"),)
    name = plan.say("agreement_sheet")
    return Sheet(name, title, base_text=plan.base_text, lines=tuple(lines), tables=tables, notes=notes)
