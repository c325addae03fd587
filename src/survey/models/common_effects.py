"""All needs at once: the effect of a group that all needs share, and whether effects differ by need."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang, check_seed
from survey.counts import Tally
from survey.counts.row_counts import RowCounts
from survey.errors import usage
from survey.ingest import ResponsesLike, responses_of
from survey.messages import message
from survey.models.design import Remark, check_draws, design_of, stub_of
from survey.models.need_permutations import permutation, wild_bootstrap
from survey.models.stacked_needs import Stacked, fit_gee
from survey.statistics.hypotheses import holm
from survey.statistics.indicators import answered
from survey.statistics.intervals import check_confidence
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

# The row that asks whether effects differ by need, among the terms.
BY_NEED = "by_need"


def all_needs(
    responses: "ResponsesLike",
    stub: str,
    *,
    by: str | None = None,
    adjust: Sequence[str] = (),
    draws: int = 1999,
    seed: int = 1,
    confidence: float = 0.95,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per term: what a group adds to every need alike; then one row, `by_need`: do effects differ?

    The needs are stacked and modelled together by logistic regression with an intercept for each need and one
    effect for each term; respondents are clusters (GEE, working independence), so that `se` knows that the
    needs of a firm hang together. `base`: the respondents of the model, who answered the stub and all terms;
    who left some needs out counts for the others. `odds_ratio` with `ci_low` and `ci_high`; `p_value` is
    Wald's for one term, `p_adjusted` Holm's over the terms of `by`.

    The row `by_need` asks whether the effects of `by` differ between the needs at all. Its statistic sums,
    over the needs, score statistics of effects of their own. Without `adjust` it is judged by permuting whole
    rows of memberships among respondents; with `adjust` by a cluster wild bootstrap of the scores. There is
    no joint Wald test: with so many restrictions it rejects half of all data sets in which nothing differs.

    Parameters
    ----------
    responses
        Responses, or the path of their file; a tally does not keep which needs are ticked together.
    stub
        A select-all question, or a rating battery (as top box).
    by
        A single or select-all question, or an item (`battery__item`) by its points: the groups; the
        instrument's default banner where None.
    adjust
        Further single or select-all questions, or items, whose options are held, such as firm type.
    draws, seed
        Permutations, or bootstrap samples; p = (1 + as extreme) / (1 + draws).
    confidence
        Level of the intervals.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    Fewer than 10 respondents have no model (too_few_answers). Else:
    untested, no_answer, nobody, no_variation, no_complement, collinear, separated, too_few_answers,
    too_few_items, not_converged, left_out, held, unweighted,
    same_item.

    Raises
    ------
    UsageError
        No such question, one of them twice, a tally, or an argument outside its range.

    References
    ----------
    Liang, K.-Y. & Zeger, S. L. (1986), Biometrika 73, 13-22. Kline, P. & Santos, A. (2012), Journal of
    Econometric Methods 1, 23-41.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frame = pd.DataFrame({"firm_type": ["biotech", "big_pharma"] * 10})
    >>> frame["capability_gaps"] = ["one_stop_service", "one_stop_service; authentic_overseas_resources"] * 10
    >>> frame.loc[:2, "capability_gaps"] = "understanding_of_pain_points"
    >>> responses = survey.from_frame(frame, "executive-survey")
    >>> survey.all_needs(responses, "capability_gaps", by="firm_type", draws=9)["term"].tolist()
    ['biopharma', 'big_pharma', 'by_need']
    """
    check_confidence(confidence)
    check_draws(draws)
    check_seed(seed)
    if isinstance(responses, Tally):
        raise usage("all_needs_tally")
    counts = RowCounts(responses_of(responses))
    check_lang(lang, *counts.instrument.languages)
    question = stub_of(counts, stub, "multiple", "rating")
    design = design_of(counts, question, by, adjust)
    stacked = Stacked.of(counts, design, lang)
    general = [("unweighted", message("model_unweighted", lang))] if counts.weighted else []
    if without_terms := answered(counts, question) - stacked.answered:
        general.append(("left_out", message("model_left_out", lang, count=without_terms)))
    if gaps := int((~stacked.known).sum()):
        general.append(("left_out", message("all_needs_gaps", lang, count=gaps)))
    if stacked.left_out:
        general.append(("left_out", message("all_needs_left_out", lang, needs=stacked.left_out)))
    if own_terms := [part.said(lang) for at, part in enumerate(question.parts) if design.same_item(at)]:
        general.append(("same_item", message("all_needs_same_item", lang, needs=own_terms)))
    fit = None if stacked.empty else fit_gee(stacked.terms, stacked.yes, stacked.known)
    if fit is None and stacked.empty is None:
        reason = ("not_converged untested", message("model_not_converged", lang))
        stacked = replace(stacked, empty=reason)
    rows = _term_rows(stacked, fit, confidence, general, lang)
    rows.append(_by_need_row(stacked, draws, seed, general, lang))
    frame = contract_frame(
        "all_need", [{"stub": question.id, "base": len(stacked.yes), **row} for row in rows]
    )
    numbers = ("coefficient", "se", "odds_ratio", "ci_low", "ci_high", "p_value", "p_adjusted")
    return frame.astype(dict.fromkeys(numbers, float))


def _term_rows(
    stacked: Stacked, fit: tuple[Any, Any] | None, confidence: float, general: list[Remark], lang: str
) -> list[dict[str, Any]]:
    """The rows of the terms, from their effects and standard errors."""
    import numpy as np
    from scipy.stats import norm

    z = float(norm.isf((1 - confidence) / 2))
    rows: list[dict[str, Any]] = []
    for at, term in enumerate(stacked.design.terms):
        row: dict[str, Any] = {"term": term.id, "term_label": term.label(lang)}
        parts = [("held", message("model_held", lang))] if term.held else []
        if at in stacked.silent or fit is None:
            parts.insert(0, stacked.silent.get(at) or stacked.empty or ("", ""))
        else:
            own = stacked.kept.index(at)
            effect, se = fit[0][own], fit[1][own]
            row |= {
                "coefficient": effect,
                "se": se,
                "odds_ratio": np.exp(effect),
                "method": "gee_independence",
            }
            row |= {"ci_low": np.exp(effect - z * se), "ci_high": np.exp(effect + z * se)}
            row["p_value"] = float(2 * norm.sf(abs(effect / se)))
        rows.append({**row, **remarks(*parts, *general, lang=lang)})
    own_rows = [
        row
        for row, term in zip(rows, stacked.design.terms, strict=True)
        if not term.held and "p_value" in row
    ]
    for row, adjusted in zip(own_rows, holm([row["p_value"] for row in own_rows]), strict=True):
        row["p_adjusted"] = adjusted
    return rows or [{"term": "", "term_label": "", **remarks(*filter(None, [stacked.empty]), *general)}]


def _by_need_row(stacked: Stacked, draws: int, seed: int, general: list[Remark], lang: str) -> dict[str, Any]:
    """Do the effects of `by` differ by need?"""
    row: dict[str, Any] = {"term": BY_NEED, "term_label": message("all_needs_by_need", lang)}
    reason = stacked.empty
    if reason is None and stacked.yes.shape[1] < 2:
        reason = ("too_few_items untested", message("all_needs_one_need", lang))
    if reason is None and not stacked.own:
        reason = ("untested", message("model_no_terms", lang))
    if reason is not None:
        return {**row, **remarks(reason, *general, lang=lang)}
    if any(term.held for term in stacked.design.terms):
        p_value, method = wild_bootstrap(stacked, draws, seed), "wild_bootstrap"
    else:
        p_value, method = permutation(stacked, draws, seed), "permutation"
    return {**row, "p_value": p_value, "p_adjusted": p_value, "method": method, **remarks(*general)}
