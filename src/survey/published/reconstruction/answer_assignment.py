"""From counts to rows: who of a pattern gives which answer, so that one person's answers hang together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from survey.instrument import Question
from survey.published.bounds.margins import Unit
from survey.published.reconstruction.targets import Guesses

if TYPE_CHECKING:
    from numpy.typing import NDArray

Tally = Mapping[Unit, "NDArray[np.int64]"]

_TICKING_ALONE = 0.8  # of those in no group, who say so by an exclusive option such as "not decided"


@dataclass
class Rows:
    """The respondents under construction: one pattern each, in order, and the columns filled so far."""

    guesses: Guesses
    people: Sequence[int]
    columns: dict[str, "NDArray[Any]"] = field(default_factory=dict)
    ticked: dict[str, "NDArray[np.bool_]"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Lay out the respondents pattern by pattern, each with a level of answering of their own."""
        self.size = int(sum(self.people))
        self.rng = self.guesses.rng
        self.pattern = np.repeat(np.arange(len(self.people)), self.people)
        self.factor = self.rng.normal(size=self.size)

    def fill_banner(self) -> None:
        """Give everyone the groups of their pattern, and the rest of the banner's options plausibly."""
        banner = self.guesses.margins.banner
        if banner is None:
            return
        (self._choose_banner if banner.kind == "single" else self._tick_banner)(banner)

    def _choose_banner(self, banner: Question) -> None:
        margins = self.guesses.margins
        named = [next(iter(pattern), "") for pattern in margins.patterns]
        chosen = np.array(named, dtype=object)[self.pattern]
        rest = [option.id for option in banner.options if option.id not in margins.groups]
        if rest:
            weights = self.guesses.weights(Unit(banner.id, "", tuple(rest)))
            open_rows = chosen == ""
            chosen[open_rows] = self.rng.choice(np.array(rest, dtype=object), open_rows.sum(), p=weights)
        self.columns[banner.id] = chosen
        self.ticked = {option.id: chosen == option.id for option in banner.options}

    def _tick_banner(self, banner: Question) -> None:
        margins, weights = self.guesses.margins, self.guesses.assumptions.weights.get(banner.id, {})
        member = self.guesses.member[self.pattern]
        ticks = {group: member[:, at] for at, group in enumerate(margins.groups)}
        alone = np.zeros(self.size, dtype=bool)
        for option in banner.options:
            if option.exclusive and option.id in ticks:
                alone |= ticks[option.id]
        for option in banner.options:
            if option.id not in ticks and not option.exclusive:
                share = weights.get(option.id) or self.rng.uniform(0.1, 0.35)
                ticks[option.id] = ~alone & (self.rng.random(self.size) < share)
        for option in banner.options:
            if option.id not in ticks:
                nothing = ~np.any([*ticks.values()], axis=0) if ticks else np.ones(self.size, dtype=bool)
                share = weights.get(option.id, _TICKING_ALONE if margins.groups else 0.1)
                ticks[option.id] = nothing & (self.rng.random(self.size) < share)
        for option in banner.options:
            self.columns[f"{banner.id}__{option.id}"] = ticks[option.id].astype(int)
        self.ticked = {option.id: ticks[option.id] for option in banner.options}

    def fill(self, question: Question, slots: Sequence[tuple[int, ...]], tally: Tally) -> None:
        """Hand out the answers of one question: `tally` has a row per slot and a column per code."""
        rows = [np.flatnonzero(np.isin(self.pattern, slot)) for slot in slots]
        if question.kind == "multiple":
            self._tick(question, rows, tally)
        for unit, counts in tally.items():
            if question.kind == "rating":
                self._rate(unit, rows, counts)
            elif question.kind == "single":
                self._choose(unit, rows, counts)

    def _liking(self, explained: float, factor: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """A latent liking: the respondent's own level, a small shift by group, chance."""
        member = self.guesses.member[self.pattern]
        shift = member @ self.rng.normal(0, 0.2, member.shape[1])
        chance = self.rng.normal(size=self.size)
        return np.asarray(explained**0.5 * factor + (1 - explained) ** 0.5 * (chance + shift))

    def _rate(self, unit: Unit, rows: Sequence["NDArray[np.int64]"], counts: "NDArray[np.int64]") -> None:
        """Cut the latent liking so that every point gets its count."""
        liking = self._liking(self.guesses.assumptions.dependence, self.factor)
        column = np.zeros(self.size, dtype=int)
        for inside, row in zip(rows, counts, strict=True):
            order = inside[np.argsort(liking[inside], kind="stable")]
            column[order] = np.repeat(np.array(unit.codes, dtype=int), row)
        self.columns[unit.column] = column

    def _choose(self, unit: Unit, rows: Sequence["NDArray[np.int64]"], counts: "NDArray[np.int64]") -> None:
        """Draw without replacement for one option after the other, the rarest first."""
        scores = self.guesses.leaning_scores(unit, self.ticked, self.size)
        scores = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
        scores += self.rng.gumbel(0, 1.2, scores.shape)
        column = np.full(self.size, "", dtype=object)
        for inside, row in zip(rows, counts, strict=True):
            left = inside
            for at in np.argsort(row, kind="stable"):
                rivals = np.delete(scores[left], at, axis=1).max(axis=1, initial=-np.inf)
                order = np.argsort(rivals - scores[left, at], kind="stable")
                column[left[order[: row[at]]]] = unit.codes[at]
                left = left[np.sort(order[row[at] :])]
        self.columns[unit.column] = column

    def _tick(self, question: Question, rows: Sequence["NDArray[np.int64]"], tally: Tally) -> None:
        """Hand out ticks, exclusive options first and never with others."""
        exclusive = {option.id for option in question.options if option.exclusive}
        alone = np.zeros(self.size, dtype=bool)
        factor = (self.factor + self.rng.normal(size=self.size)) / 2**0.5
        for unit in sorted(tally, key=lambda unit: unit.part not in exclusive):
            liking = self._liking(self.guesses.assumptions.dependence / 2, factor)
            column = np.zeros(self.size, dtype=int)
            for inside, row in zip(rows, tally[unit], strict=True):
                free = inside[~alone[inside]]
                order = free[np.argsort(-liking[free], kind="stable")]
                column[order[: row[1]]] = 1
            if unit.part in exclusive:
                alone |= column == 1
            self.columns[unit.column] = column
        names = [unit.column for unit in tally if unit.part not in exclusive]
        self._leave_nobody_empty(names, rows, alone)

    def _leave_nobody_empty(
        self, names: list[str], rows: Sequence["NDArray[np.int64]"], alone: "NDArray[np.bool_]"
    ) -> None:
        """Move a tick from someone with several to someone of the same slot with none, while that goes."""
        ticks = np.array([self.columns[name] for name in names])
        for inside in rows:
            for row in inside[~alone[inside]]:
                spare = np.where(ticks[:, inside] == 1, ticks[:, inside].sum(axis=0), 0)
                if ticks[:, row].any() or spare.max(initial=0) < 2:
                    continue
                givers = np.argwhere(spare >= min(3, spare.max()))
                item, giver = givers[self.rng.integers(len(givers))]
                ticks[item, inside[giver]], ticks[item, row] = 0, 1
        for name, column in zip(names, ticks, strict=True):
            self.columns[name] = column
