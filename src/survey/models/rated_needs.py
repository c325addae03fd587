"""Needs that are rated: a proportional odds model, what it rests on, and its marginal effects."""

from typing import Any

from survey.messages import message
from survey.models.design import Remark
from survey.models.firth_needs import firth_rows
from survey.models.option_model import OptionModel, normal_p, normal_quantile
from survey.models.proportional_odds import (
    OrdinalFit,
    assumption_statistic,
    fit_proportional_odds,
    merged_points,
)
from survey.models.separated import endless_terms
from survey.tables import remarks

# The row of a rating that tests the assumption of its model, among the terms.
ASSUMPTION = "proportional_odds"


def rated_rows(model: OptionModel, top: int) -> list[dict[str, Any]]:
    """The rows of an item: its terms by proportional odds, and the test of that assumption."""
    import numpy as np

    if model.empty:
        return [*model.without_numbers(model.empty), _assumption_row(model, model.empty)]
    settings, lang = model.settings, model.lang
    if not model.kept:
        lines = [model.line(term, model.silent[at]) for at, term in enumerate(model.design.terms)]
        return [*lines, _assumption_row(model, ("untested", message("model_no_terms", lang)))]
    by_point = model.by_point
    is_endless = bool(endless_terms(model.patterns, by_point).any())
    fit = None if is_endless else fit_proportional_odds(model.patterns, by_point)
    if fit is None or not fit.converged:
        code = "separated" if is_endless else "not_converged"
        note = message(f"model_top_box_{code}", lang)
        yes = model.n_yes
        if min(yes, model.base - yes) < settings.min_events:
            few = message(
                "model_few_events", lang, count=min(yes, model.base - yes), minimum=settings.min_events
            )
            lines = model.without_numbers((f"{code} few_events untested", f"{note}; {few}"))
        else:
            lines = firth_rows(model, (code, note))
        return [*lines, _assumption_row(model, (f"{code} untested", note))]
    test = _assumption_row(model, None, fit)
    doubt = [("not_proportional", test["note"])] if "not_proportional" in test["reason"].split() else []
    marginals = rated_marginals(model, fit, top)
    z = normal_quantile(settings.confidence)
    rows = []
    for at, term in enumerate(model.design.terms):
        if at in model.silent:
            rows.append(model.line(term, model.silent[at]))
            continue
        own = model.kept.index(at)
        effect, se = float(fit.coefficients[own]), float(np.sqrt(fit.covariance[own, own]))
        said = list(doubt)
        if marginals is None:
            said.append(("not_computed", message("model_no_top_box", lang)))
        values = {
            "coefficient": effect,
            "se": se,
            "odds_ratio": np.exp(effect),
            "ci_low": np.exp(effect - z * se),
            "ci_high": np.exp(effect + z * se),
            "p_value": normal_p(effect / se),
            "method": "proportional_odds",
        }
        if marginals is not None:
            middle, spread = marginals[own]
            values |= {
                "marginal": middle,
                "marginal_low": max(-1.0, middle - z * spread),
                "marginal_high": min(1.0, middle + z * spread),
            }
        rows.append(model.line(term, *said, **values))
    return [*rows, test]


def rated_marginals(model: OptionModel, fit: OrdinalFit, top: int) -> list[tuple[float, float]] | None:
    """Average marginal effects on the top box, with standard errors by the delta method."""
    import numpy as np

    below = int((fit.points < model.design.points - top).sum())
    if below in (0, len(fit.points)):
        return None
    sizes = model.by_point.sum(axis=1)
    weights = sizes / sizes.sum()
    slots = len(fit.coefficients)

    def side(patterns: Any) -> tuple[float, Any]:
        share = 1 / (1 + np.exp(fit.thresholds[below - 1] - patterns @ fit.coefficients))
        slope = weights * share * (1 - share)
        gradient = np.zeros(slots + len(fit.thresholds))
        gradient[:slots] = slope @ patterns
        gradient[slots + below - 1] = -slope.sum()
        return float(weights @ share), gradient

    effects = []
    for at in model.kept:
        (on, up), (off, down) = (side(table[:, model.kept]) for table in model.design.switched(at))
        turn = up - down
        effects.append((on - off, float(np.sqrt(turn @ fit.covariance @ turn))))
    return effects


def _assumption_row(
    model: OptionModel, remark: Remark | None, fit: OrdinalFit | None = None
) -> dict[str, Any]:
    """The row that tests proportional odds; with a remark it is not tested."""
    from scipy.stats import chi2

    settings, lang = model.settings, model.lang
    label = message("model_assumption", lang)
    row: dict[str, Any] = {"term": ASSUMPTION, "term_label": label}
    if remark is None:
        merged = merged_points(model.by_point, settings.min_events)
        statistic, df = float("nan"), 0
        if not endless_terms(model.patterns, merged).any():
            known = fit if merged.shape == model.by_point.shape else None
            statistic, df = assumption_statistic(model.patterns, merged, known)
        if df:
            row |= {"p_value": float(chi2.sf(statistic, df)), "method": "score"}
            if row["p_value"] < 1 - settings.confidence:
                values = {"statistic": f"{statistic:.1f}", "df": df, "p": f"{row['p_value']:.3f}"}
                remark = ("not_proportional", message("model_not_proportional", lang, **values))
        else:
            remark = ("untested too_few_answers", message("model_one_cut", lang))
    parts = [remark] if remark else []
    return {**row, **remarks(*parts, *model.general, lang=lang)}
