"""The estimates of `model_needs` alone, without limits and bootstrap: what many data sets are measured by.

A reconstruction is marked by what a hundred data sets with the same figures give. Numbers are those of
`model_needs`; all options of a question are fitted at once.
"""

from typing import TYPE_CHECKING, Any

from survey.counts.row_counts import Counts
from survey.instrument import Question
from survey.messages import ENGLISH
from survey.models.design import Design, design_of
from survey.models.firth import judge_firth_often
from survey.models.needs import adjust_needs
from survey.models.option_model import OptionModel, Settings, marginal_effects, normal_p
from survey.models.proportional_odds import assumption_statistic, fit_quickly, merged_points
from survey.models.rated_needs import ASSUMPTION, rated_marginals
from survey.statistics.indicators import top_points

if TYPE_CHECKING:
    import pandas as pd

MEASURES = ("n_yes", "marginal", "odds_ratio", "p_value", "p_adjusted")


def estimates_of_needs(counts: Counts, stub: Question, by: str, *, min_events: int = 5) -> "pd.DataFrame":
    """One row per option of the stub and term, as `model_needs` has them; nan where it has no number.

    `min_events` as there.
    """
    import pandas as pd

    design = design_of(counts, stub, by, ())
    settings = Settings(0.95, min_events, 0, 1, ENGLISH)
    models = [OptionModel.of(design, place, settings, []) for place in range(len(stub.parts))]
    rows: list[dict[str, Any]] = []
    for model, effects in zip(models, _effects(design, models, stub, counts), strict=True):
        code = stub.parts[model.place].id
        names = [term.id for term in design.terms] or [""]
        names += [ASSUMPTION] if stub.kind == "rating" else []
        start = {"stub": stub.id, "stub_code": code, "by": by, "n_yes": model.n_yes}
        rows += [{**start, "term": name, **effects.get(name, {})} for name in names]
    adjust_needs(rows, {term.id for term in design.terms})
    return pd.DataFrame(rows, columns=["stub", "stub_code", "by", "term", *MEASURES])


Effects = dict[str, dict[str, float]]  # by term


def _effects(
    design: Design, models: list[OptionModel], stub: Question, counts: Counts
) -> list[dict[str, dict[str, float]]]:
    """What each option gives by term."""
    effects: list[Effects] = [{} for _ in models]
    by_firth = [at for at, model in enumerate(models) if not model.empty and model.kept]
    if stub.kind == "rating":
        top = top_points(counts.instrument, stub, None)
        rated = {at: _rated(models[at], top) for at in by_firth}
        effects = [rated.get(at) or {} for at in range(len(models))]
        least = models[0].settings.min_events if models else 0
        by_firth = [
            at for at, own in rated.items() if own is None and _rarer(models[at]) >= least
        ]  # the top box stands in
    alike: dict[tuple[int, ...], list[int]] = {}
    for at in by_firth:
        alike.setdefault(tuple(models[at].kept), []).append(at)
    for places in alike.values():
        for at, own in zip(places, _by_firth(design, [models[at] for at in places]), strict=True):
            effects[at] = own
    return effects


def _rarer(model: OptionModel) -> int:
    return min(model.n_yes, model.base - model.n_yes)


def _by_firth(design: Design, models: list[OptionModel]) -> list[Effects]:
    """Options with the same terms, all at once."""
    import numpy as np

    kept = models[0].kept
    answers = [design.yes_and_no(model.place) for model in models]
    yes, no = (np.array([own[side] for own in answers], float) for side in (0, 1))
    estimates, p_values = judge_firth_often(models[0].patterns, yes, no)
    marginal = {}
    for at in kept:
        on, off = (table[:, kept] for table in design.switched(at))
        marginal[at] = marginal_effects(estimates, on, off, yes + no)
    return [
        {
            design.terms[at].id: {
                "marginal": float(marginal[at][option]),
                "odds_ratio": float(np.exp(estimates[option, 1 + own])),
                "p_value": float(p_values[option, own]),
            }
            for own, at in enumerate(kept)
            if at not in model.silent and p_values[option, own] == p_values[option, own]
        }
        for option, model in enumerate(models)
    ]


def _rated(model: OptionModel, top: int) -> Effects | None:
    """An item by proportional odds, with the test of that assumption; None where it has no such fit."""
    import numpy as np
    from scipy.stats import chi2

    fit = fit_quickly(model.patterns, model.by_point)
    if not fit.converged:
        return None
    marginals = rated_marginals(model, fit, top)
    effects: Effects = {}
    for own, at in enumerate(model.kept):
        if at in model.silent:
            continue
        effect = float(fit.coefficients[own])
        row = {"odds_ratio": float(np.exp(effect))}
        row["p_value"] = normal_p(effect / float(np.sqrt(fit.covariance[own, own])))
        if marginals is not None:
            row["marginal"] = marginals[own][0]
        effects[model.design.terms[at].id] = row
    merged = merged_points(model.by_point, model.settings.min_events)
    statistic, df = assumption_statistic(model.patterns, merged)
    if df:
        effects[ASSUMPTION] = {"p_value": float(chi2.sf(statistic, df))}
    return effects
