"""Seeded targets for what the margins leave open: where among all solutions one reconstruction shall lie.

Nothing here is data. The targets only keep a solution of the margins away from the corners of what is
possible: patterns as the leanings suggest, shares that differ a little between groups, ratings spread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from survey.published.bounds.margins import Margins, Unit
from survey.published.findings.assumptions import Assumptions
from survey.published.findings.figures import EVERYONE, Counts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_ROUNDS = 200
_TINY = 1e-9


@dataclass(frozen=True)
class Targets:
    """Seeded targets under the assumptions; `counts` are those of the figures at the chosen bases."""

    margins: Margins
    bases: Mapping[str, int]
    counts: Mapping[str, Counts]
    assumptions: Assumptions
    rng: "np.random.Generator"

    def patterns(self) -> "Floats":
        """How many each pattern should have: groups independent but for the leanings, raked to the bases."""
        shares = np.array([self.bases[group] for group in self.margins.groups]) / self.margins.size
        odds = np.clip(shares, 0.01, 0.99) / (1 - np.clip(shares, 0.01, 0.99))
        weights = np.zeros(len(self.margins.membership))
        for weight, leaning in self._leanings():
            probability = odds * leaning / (1 + odds * leaning)
            weights += weight * np.where(self.margins.membership, probability, 1 - probability).prod(axis=1)
        weights *= self.rng.lognormal(0, 0.2, len(weights))
        sets = [(self.margins.membership[:, at], share) for at, share in enumerate(shares)]
        return _raked(weights, sets) * self.margins.size

    def _leanings(self) -> list[tuple[float, "Floats"]]:
        """Each option of the questions that lean, with its weight and the odds factor it gives each group."""
        groups, strength = self.margins.groups, self.assumptions.leaning_strength
        leanings = []
        for question_id, options in self.assumptions.leanings.items():
            for part in self.margins.instrument.question(question_id).parts:
                leant = options.get(part.id, ())
                factors = np.array([strength**0.5 if group in leant else strength**-0.5 for group in groups])
                weight = self.assumptions.weights.get(question_id, {}).get(part.id, 1.0)
                leanings.append((weight, factors))
        return leanings or [(1.0, np.ones(len(groups)))]

    def unit(self, unit: Unit, people: Sequence[int], slots: Sequence[tuple[int, ...]]) -> "Floats":
        """How many of each slot (row) should give each code (column), given the people in each pattern."""
        overall = self._overall(unit)
        shifts = self._shifts(unit, overall)
        sizes = np.array([sum(people[at] for at in slot) for slot in slots], dtype=float)
        if len(slots) == 1:
            return np.asarray(sizes[:, None] * overall)
        many = np.sqrt(np.maximum(self.margins.membership.sum(axis=1, keepdims=True), 1))
        logits = np.log(overall + _TINY) + self.margins.membership @ shifts / many
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        return np.asarray(sizes[:, None] * shares)

    def weights(self, unit: Unit) -> "Floats":
        """The rough weights of the codes, before any figure."""
        given = self.assumptions.weights.get(unit.question, {})
        if self.margins.instrument.question(unit.question).kind == "multiple":
            share = given.get(unit.part) or self.rng.uniform(0.2, 0.6)
            return np.array([1 - share, share])
        typical = sum(given.values()) / len(given) if given else 1.0
        weights = np.array([given.get(str(code), typical or 1.0) for code in unit.codes]) + _TINY
        weights *= self.rng.lognormal(0, 0.15, len(weights))
        return np.asarray(weights / weights.sum())

    def _overall(self, unit: Unit) -> "Floats":
        """The share of each code among all, raked to the figures on all respondents."""
        size, shares, sets = self.margins.size, self.weights(unit), []
        for figure in self.margins.figures:
            if figure.group != EVERYONE or not self.margins.counted(figure, unit):
                continue
            inside = np.isin(np.array(unit.codes, dtype=object), np.array(figure.codes, dtype=object))
            low, high, _ = self.counts[figure.claim]
            aim = (low + high) / 2 / size
            if figure.is_bound:
                aim = self.rng.uniform(low + 0.35 * (high - low), low + 0.95 * (high - low)) / size
            sets.append((inside, aim))
        return _raked(shares, sets)

    def _shifts(self, unit: Unit, overall: "Floats") -> "Floats":
        """By how much each group (row) moves the log odds of each code (column)."""
        groups = self.margins.groups
        shifts = self.rng.normal(0, 0.25, (len(groups), len(unit.codes)))
        for figure in self.margins.figures:
            if figure.group in groups and self.margins.counted(figure, unit) and not figure.is_bound:
                inside = np.isin(np.array(unit.codes, dtype=object), np.array(figure.codes, dtype=object))
                low, high, _ = self.counts[figure.claim]
                share = (low + high) / 2 / self.bases[figure.group]
                at = groups.index(figure.group)
                shifts[at, ~inside] = 0
                shifts[at, inside] = _log_odds(share) - _log_odds(float(overall[inside].sum()))
        return shifts


def _log_odds(share: float) -> float:
    from math import log

    share = min(max(share, 0.005), 0.995)
    return log(share / (1 - share))


def _raked(weights: "Floats", sets: Sequence[tuple["NDArray[np.bool_]", float]]) -> "Floats":
    """Scale weights, to a sum of 1, until each set of cells has its share (as nearly as that goes)."""
    import numpy as np

    shares = weights / weights.sum()
    for _ in range(_ROUNDS if sets else 0):
        for inside, aim in sets:
            now = shares[inside].sum()
            if _TINY < now < 1 - _TINY:
                shares = np.where(inside, shares * aim / now, shares * (1 - aim) / (1 - now))
    return np.asarray(shares / max(shares.sum(), _TINY))
