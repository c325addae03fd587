"""All needs at once: the effect of a group that all needs share, and whether effects differ by need."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang, check_seed
from survey.counts import Tally
from survey.counts.row_counts import RowCounts
from survey.errors import usage
from survey.ingest import ResponsesLike, responses_of
from survey.messages import message
from survey.models.design import (
    Design,
    Remark,
    check_draws,
    design_of,
    stub_of,
    usable_terms,
)
from survey.models.separated import endless_terms
from survey.statistics.hypotheses import holm
from survey.statistics.indicators import answered
from survey.statistics.intervals import check_confidence
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

# The row that asks whether effects differ by need, among the terms.
BY_NEED = "by_need"
LEAST = 10  # respondents: standard errors by clusters of fewer mean nothing


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


@dataclass(frozen=True)
class Stacked:
    """Respondents x needs.

    `terms`: respondents x terms of the model; `yes`: 1.0 or 0.0; `known`: whether the need was answered.
    `kept`, `silent`: as `usable_terms` gives them; `empty`: why there is no model; `left_out`: the needs that
    do not vary; `answered`: who answered the stub and all terms, needs that do not vary included.
    """

    design: Design
    terms: Any
    yes: Any
    known: Any
    kept: list[int]
    silent: dict[int, Remark]
    empty: Remark | None
    left_out: list[str]
    answered: int

    @classmethod
    def of(cls, counts: RowCounts, design: Design, lang: str) -> "Stacked":
        """Lay the answers out, without needs that do not vary and respondents without all terms."""
        import numpy as np

        places: Any = design.places
        marks = counts.indicators(design.stub)[places >= 0]
        yes, no = marks @ design.layout.yes.T, marks @ design.layout.no.T
        own_terms = np.array([design.same_item(place) for place in range(len(design.stub.parts))], bool)
        varies = (yes.sum(axis=0) > 0) & (no.sum(axis=0) > 0) & ~own_terms
        stays = (yes + no)[:, varies].any(axis=1)
        own = places[places >= 0][stays]
        yes, known = yes[stays][:, varies].astype(float), (yes + no)[stays][:, varies] > 0
        sizes = np.bincount(own, minlength=len(design.patterns))
        kept, silent = usable_terms(design, sizes, 1, lang)
        left_out = [
            part.said(lang)
            for part, stays_in in zip(design.stub.parts, varies | own_terms, strict=True)
            if not stays_in
        ]
        terms = design.patterns[own][:, kept]
        answered_all = int((places >= 0).sum())
        stacked = cls(design, terms, yes, known, kept, silent, None, left_out, answered_all)
        return replace(stacked, empty=stacked._emptiness(lang))

    def _emptiness(self, lang: str) -> Remark | None:
        import numpy as np

        if not self.yes.size:
            return "no_variation untested", message("all_needs_no_variation", lang)
        if not self.design.terms:
            return "no_variation untested", message("model_no_terms", lang)
        if not self.kept:
            return "untested", message("model_no_terms", lang)
        if len(self.yes) < max(LEAST, len(self.kept) + 2):
            return "too_few_answers untested", message("model_too_few", lang, base=len(self.yes))
        needs = np.eye(self.yes.shape[1])[:, 1:]
        patterns, of_rows = np.unique(self.terms, axis=0, return_inverse=True)
        table = np.zeros((len(patterns), *self.yes.shape[1:], 2), int)
        np.add.at(table, of_rows.reshape(-1), np.stack([self.known - self.yes, self.yes], axis=2).astype(int))
        rows = np.hstack([np.tile(needs, (len(patterns), 1)), np.repeat(patterns, len(needs), axis=0)])
        endless = endless_terms(rows, table.reshape(-1, 2))
        if endless.any():
            return "separated untested", message("all_needs_separated", lang)
        return None

    @property
    def own(self) -> list[int]:
        """The places among the kept terms of those of `by`."""
        return [place for place, at in enumerate(self.kept) if not self.design.terms[at].held]


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


def fit_gee(terms: Any, yes: Any, known: Any) -> tuple[Any, Any] | None:
    """Effects common to all needs and their standard errors, respondents as clusters; None if it fails.

    `terms`: respondents x terms; `yes`, `known`: respondents x needs. With working independence the estimates
    are those of logistic regression; the sandwich sums the scores of each respondent.
    """
    import numpy as np

    fit = _common_fit(terms, yes, known)
    if fit is None:
        return None
    logits, params, inverse = fit
    rest = known * (yes - 1 / (1 + np.exp(-logits)))
    scores = np.hstack([rest, terms * rest.sum(axis=1, keepdims=True)])
    se = np.sqrt(np.diag(inverse @ scores.T @ scores @ inverse))[yes.shape[1] :]
    effects = params[yes.shape[1] :]
    if not (np.isfinite(effects).all() and np.isfinite(se).all() and (se > 0).all()):
        return None
    return effects, se


def _common_fit(terms: Any, yes: Any, known: Any) -> tuple[Any, Any, Any] | None:
    """Logistic regression with an intercept a need and effects common to all, by Newton's method.

    Logits (respondents x needs), the parameters, intercepts first, and their inverse information; None where
    it does not converge.
    """
    import numpy as np

    needs, asked = yes.shape[1], np.asarray(known, float)
    share = np.clip((yes * asked).sum(axis=0) / asked.sum(axis=0), 1e-6, 1 - 1e-6)
    params = np.concatenate([np.log(share / (1 - share)), np.zeros(terms.shape[1])])
    for _ in range(_MOST_STEPS):
        logits = params[:needs][None, :] + (terms @ params[needs:])[:, None]
        share = 1 / (1 + np.exp(-np.clip(logits, -35, 35)))
        spread, rest = asked * share * (1 - share), asked * (yes - share)
        crossed = spread.T @ terms
        information = np.block(
            [
                [np.diag(spread.sum(axis=0)), crossed],
                [crossed.T, terms.T @ (terms * spread.sum(axis=1)[:, None])],
            ]
        )
        try:
            inverse = np.linalg.inv(information)
        except np.linalg.LinAlgError:
            return None
        step = inverse @ np.concatenate([rest.sum(axis=0), terms.T @ rest.sum(axis=1)])
        if np.abs(step).max() < 1e-10:
            return logits, params, inverse
        params = params + step * min(1.0, _LONGEST_STEP / np.abs(step).max())
    return None


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


_CELLS = 2_000_000
_MOST_STEPS = 50
_LONGEST_STEP = 2.0


def permutation(stacked: Stacked, draws: int, seed: int) -> float:
    """The p-value of the sum of score statistics, rows of memberships permuted among respondents."""
    import numpy as np

    patterns, of_rows = np.unique(stacked.terms, axis=0, return_inverse=True)
    order = np.argsort(of_rows.reshape(-1), kind="stable")
    starts = np.searchsorted(of_rows.reshape(-1)[order], np.arange(len(patterns)))
    # Respondents stand in an order of their answers, so that theirs in the file changes no number.
    answers = np.stack([stacked.yes * stacked.known, stacked.known.astype(float)], axis=2)
    by_pattern = answers[order]
    flat = by_pattern.reshape(len(answers), -1)
    observed = differing(patterns, np.add.reduceat(by_pattern, starts, axis=0)[None])[0]
    flat = flat[np.lexsort(flat.T[::-1])]
    rng = np.random.default_rng(seed)
    at_once = max(1, _CELLS // max(1, flat.size))
    extreme = 0
    for first in range(0, draws, at_once):
        shuffles = np.array([rng.permutation(len(flat)) for _ in range(min(at_once, draws - first))])
        tables = np.add.reduceat(flat[shuffles], starts, axis=1).reshape(
            len(shuffles), len(patterns), *answers.shape[1:]
        )
        extreme += int((differing(patterns, tables) >= observed - 1e-8).sum())
    return (1 + extreme) / (1 + draws)


def differing(patterns: Any, tables: Any) -> Any:
    """The sum over needs of the score statistics of effects of their own, of many tables at once.

    `patterns`: patterns x terms; `tables`: tables x patterns x needs x (yes, answered).
    """
    import numpy as np

    yes, sizes = tables[..., 0], tables[..., 1]
    levels = np.log((yes.sum(axis=1) + 0.5) / (sizes.sum(axis=1) - yes.sum(axis=1) + 0.5))
    slopes = np.zeros((len(tables), patterns.shape[1]))
    squares = (patterns[:, :, None] * patterns[:, None, :]).reshape(len(patterns), -1)
    shape = (patterns.shape[1], patterns.shape[1])
    for _ in range(_MOST_STEPS):
        logits = levels[:, None, :] + (slopes @ patterns.T)[:, :, None]
        share = 1 / (1 + np.exp(-np.clip(logits, -35, 35)))
        spread, rest = sizes * share * (1 - share), yes - sizes * share
        total = np.maximum(spread.sum(axis=1), 1e-12)
        means = np.einsum("bgj,gk->bjk", spread, patterns) / total[:, :, None]
        whole = (spread.sum(axis=2) @ squares).reshape(-1, *shape)
        centred = whole - np.einsum("bjk,bjl,bj->bkl", means, means, total)
        level_score = rest.sum(axis=1)
        score = rest.sum(axis=2) @ patterns - np.einsum("bjk,bj->bk", means, level_score)
        step = np.linalg.solve(centred + 1e-9 * np.eye(shape[0]), score[:, :, None])[:, :, 0]
        level_step = level_score / total - np.einsum("bjk,bk->bj", means, step)
        longest = np.maximum(np.abs(step).max(axis=1), np.abs(level_step).max(axis=1))
        scale = np.minimum(1, _LONGEST_STEP / np.maximum(longest, 1e-300))[:, None]
        slopes += scale * step
        levels += scale * level_step
        if longest.max() < 1e-7:
            break
    scores = np.einsum("bgj,gk->bjk", rest, patterns)
    own = np.einsum("bgj,gm->bjm", spread, squares).reshape(*scores.shape, shape[1])
    own -= np.einsum("bjk,bjl,bj->bjkl", means, means, total)
    return np.einsum("bjk,bjkl,bjl->b", scores, np.linalg.pinv(own, rcond=1e-8, hermitian=True), scores)


def wild_bootstrap(stacked: Stacked, draws: int, seed: int) -> float:
    """The same sum with other terms held, judged by random signs of the respondents' scores.

    The memberships are first freed of what the terms that are held say of them, need by need, and the scores
    of what the common effects take up; so the held terms may have another effect on each need.
    """
    import numpy as np

    fit = _common_fit(stacked.terms, stacked.yes, stacked.known)
    assert fit is not None  # else the stack is empty and nothing is tested
    share = 1 / (1 + np.exp(-fit[0]))
    known = stacked.known.astype(float)
    spread, rest = known * share * (1 - share), known * (stacked.yes - share)
    own = stacked.terms[:, stacked.own]
    held = np.delete(stacked.terms, stacked.own, axis=1)
    held = np.column_stack([np.ones(len(held)), held])
    scores, information = [], []
    for need in range(stacked.yes.shape[1]):
        weights = spread[:, need][:, None]
        free = own - held @ (np.linalg.pinv(held.T @ (held * weights)) @ (held.T @ (own * weights)))
        scores.append(free * rest[:, need][:, None])
        information.append(free.T @ (free * weights))
    per_person = np.stack(scores, axis=1)  # respondents x needs x terms
    informed = np.stack(information)
    taken = informed @ np.linalg.pinv(informed.sum(axis=0))
    per_person = per_person - np.einsum("jkl,il->ijk", taken, per_person.sum(axis=1))
    inverse = np.linalg.pinv(informed, rcond=1e-8, hermitian=True)

    def statistic(sums: Any) -> Any:
        return np.einsum("bjk,jkl,bjl->b", sums, inverse, sums)

    observed = statistic(per_person.sum(axis=0)[None])[0]
    flat = per_person.reshape(len(per_person), -1)
    flat = flat[np.lexsort(flat.T[::-1])]
    rng = np.random.default_rng(seed)
    signs = rng.integers(0, 2, (draws, len(flat))) * 2.0 - 1.0
    sums = (signs @ flat).reshape(draws, *per_person.shape[1:])
    return (1 + int((statistic(sums) >= observed - 1e-8).sum())) / (1 + draws)
