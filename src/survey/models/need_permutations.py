"""Whether needs differ at all: answers of whole respondents permuted, and a wild bootstrap."""

from typing import Any

from survey.models.stacked_needs import CELLS, LONGEST_STEP, MOST_STEPS, Stacked, common_fit


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
    at_once = max(1, CELLS // max(1, flat.size))
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
    for _ in range(MOST_STEPS):
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
        scale = np.minimum(1, LONGEST_STEP / np.maximum(longest, 1e-300))[:, None]
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

    fit = common_fit(stacked.terms, stacked.yes, stacked.known)
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
