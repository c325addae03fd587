"""Needs that are chosen or not: Firth's penalised likelihood, and marginal effects by resampling."""

from typing import Any

from survey.messages import message
from survey.models.design import Remark
from survey.models.firth import fit_firth, fit_firth_often
from survey.models.option_model import OptionModel, marginal_effects
from survey.models.separated import endless_terms


def firth_rows(model: OptionModel, *parts: Remark) -> list[dict[str, Any]]:
    """The rows of an option, or of the top box of an item, by Firth's penalised likelihood."""
    import numpy as np

    if model.empty:
        return model.without_numbers(model.empty)
    settings, lang = model.settings, model.lang
    yes, no = model.design.yes_and_no(model.place)
    if not model.kept:
        return [model.line(term, model.silent[at]) for at, term in enumerate(model.design.terms)]
    fit = fit_firth(model.patterns, yes, no, confidence=settings.confidence)
    endless = endless_terms(model.patterns, np.column_stack([no, yes]))
    marginal, low, high, lost = _marginals(model, yes, no, fit.intercept, fit.coefficients)
    rows = []
    for at, term in enumerate(model.design.terms):
        if at in model.silent:
            rows.append(model.line(term, model.silent[at]))
            continue
        own = model.kept.index(at)
        if not fit.converged or fit.p_values[own] != fit.p_values[own]:
            note = message("model_not_converged", lang)
            rows.append(model.line(term, ("not_converged untested", note)))
            continue
        said = list(parts)
        if endless[own]:
            said.append(("separated", message("model_separated", lang)))
        if fit.low[own] != fit.low[own] or fit.high[own] != fit.high[own]:
            said.append(("no_interval", message("model_no_limits", lang)))
        if lost[own]:
            key = "model_no_resamples" if low[own] != low[own] else "model_resamples_left_out"
            code = "no_interval" if low[own] != low[own] else "resamples_left_out"
            said.append((code, message(key, lang, count=int(lost[own]), draws=settings.draws)))
        values = {
            "coefficient": fit.coefficients[own],
            "se": fit.se[own],
            "odds_ratio": np.exp(fit.coefficients[own]),
            "ci_low": np.exp(fit.low[own]),
            "ci_high": np.exp(fit.high[own]),
            "marginal": marginal[own],
            "marginal_low": low[own],
            "marginal_high": high[own],
            "p_value": fit.p_values[own],
            "method": "firth",
        }
        rows.append(model.line(term, *said, **values))
    return rows


def _marginals(model: OptionModel, yes: Any, no: Any, intercept: float, coefficients: Any) -> tuple[Any, ...]:
    """Average marginal effects of the terms kept, their limits, and the samples that are left out.

    Respondents are drawn with replacement: as many as there are of each pattern and answer, a multinomial
    draw. The limits include the estimate.
    """
    import numpy as np

    settings = model.settings
    rng = np.random.default_rng([settings.seed, model.place])
    cells = np.concatenate([yes, no])
    samples = rng.multinomial(model.base, cells / model.base, size=settings.draws)
    often_yes, often_no = samples[:, : len(yes)], samples[:, len(yes) :]
    estimates = fit_firth_often(model.patterns, often_yes, often_no)
    whole = np.concatenate([[intercept], coefficients])[None, :]
    tail = (1 - settings.confidence) / 2
    marginal, low, high, lost = [], [], [], []
    for at in model.kept:
        on, off = (table[:, model.kept] for table in model.design.switched(at))
        point = float(marginal_effects(whole, on, off, (yes + no)[None, :])[0])
        effects = marginal_effects(estimates, on, off, often_yes + often_no)
        known = effects[~np.isnan(effects)]
        lost.append(settings.draws - len(known))
        enough = 2 * len(known) >= settings.draws
        ends = np.quantile(known, [tail, 1 - tail]) if enough else (np.nan, np.nan)
        marginal.append(point)
        low.append(min(point, ends[0]) if enough else np.nan)
        high.append(max(point, ends[1]) if enough else np.nan)
    return marginal, low, high, lost
