"""Every respondent and need, one below the other, and the common effects fitted to them."""

from dataclasses import dataclass, replace
from typing import Any

from survey.counts.row_counts import RowCounts
from survey.messages import message
from survey.models.design import Design, Remark, usable_terms
from survey.models.separated import endless_terms

LEAST = 10  # respondents: standard errors by clusters of fewer mean nothing


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


def fit_gee(terms: Any, yes: Any, known: Any) -> tuple[Any, Any] | None:
    """Effects common to all needs and their standard errors, respondents as clusters; None if it fails.

    `terms`: respondents x terms; `yes`, `known`: respondents x needs. With working independence the estimates
    are those of logistic regression; the sandwich sums the scores of each respondent.
    """
    import numpy as np

    fit = common_fit(terms, yes, known)
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


def common_fit(terms: Any, yes: Any, known: Any) -> tuple[Any, Any, Any] | None:
    """Logistic regression with an intercept a need and effects common to all, by Newton's method.

    Logits (respondents x needs), the parameters, intercepts first, and their inverse information; None where
    it does not converge.
    """
    import numpy as np

    needs, asked = yes.shape[1], np.asarray(known, float)
    share = np.clip((yes * asked).sum(axis=0) / asked.sum(axis=0), 1e-6, 1 - 1e-6)
    params = np.concatenate([np.log(share / (1 - share)), np.zeros(terms.shape[1])])
    for _ in range(MOST_STEPS):
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
        params = params + step * min(1.0, LONGEST_STEP / np.abs(step).max())
    return None


CELLS = 2_000_000


MOST_STEPS = 50


LONGEST_STEP = 2.0
