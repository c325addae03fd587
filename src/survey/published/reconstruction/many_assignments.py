"""From tables of counts to rows, for many draws at once: who of a pattern gives which answer.

Arrays are draw x respondent. An answer is the position of its code in `Unit.codes`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from survey.instrument import Question
from survey.published.bounds.margins import Margins, Unit
from survey.published.reconstruction.polytope import Placed, Space

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

_CLIP = 31.0
_STEP = 64.0
_FIXED_CHOICE = 1.2  # scale of the chance in a choice that leans


@dataclass
class Answers:
    """Respondents of many draws under construction: `states` holds a table of counts for each."""

    space: Space
    states: "Whole"
    correlation: "Floats"
    leaning: "Floats"
    rng: "np.random.Generator"
    columns: dict[str, "Whole"] = field(default_factory=dict)
    _ticked: dict[str, "NDArray[np.bool_]"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Lay out the respondents, shuffled, each with a level of answering of their own."""
        margins = self.space.margins
        self.shape = len(self.states), margins.size
        people = self.states[:, : self.space.patterns]
        kinds = np.tile(np.arange(self.space.patterns), len(people))
        laid = np.repeat(kinds, people.ravel()).reshape(self.shape)
        self.pattern = self.rng.permuted(laid, axis=1)
        self.factor = self.rng.normal(size=self.shape)
        rows = [[group in pattern for group in margins.groups] for pattern in margins.patterns]
        member = np.array(rows, dtype=bool).reshape(len(rows), len(margins.groups))
        self.member = member[self.pattern]

    def fill(self) -> None:
        """Answer every question that is made of counts."""
        if self.space.margins.banner is not None:
            self._fill_banner(self.space.margins.banner)
        for question in self.space.margins.questions:
            placed = [one for one in self.space.placed if one.unit.question == question.id]
            {"single": self._choose, "multiple": self._tick, "rating": self._rate}[question.kind](placed)

    # -- groups ---------------------------------------------------------------------------------------------

    def _fill_banner(self, banner: Question) -> None:
        margins = self.space.margins
        if banner.kind == "single":
            (unit,) = margins.units(banner)
            named = [next(iter(pattern), "") for pattern in margins.patterns]
            rest = [at for at, option in enumerate(banner.options) if option.id not in margins.groups]
            places = [unit.codes.index(name) if name else -1 for name in named]
            chosen = np.array(places)[self.pattern]
            if rest:
                alphas = np.array(self.space.alphas(unit))[rest]
                shares = self.rng.dirichlet(alphas, self.shape[0]).cumsum(axis=1)
                picks = (self.rng.random(self.shape)[:, :, None] > shares[:, None, :]).sum(axis=2)
                picks = np.minimum(picks, len(rest) - 1)
                chosen = np.where(chosen < 0, np.array(rest)[picks], chosen)
            self.columns[banner.id] = chosen
            self._ticked = {str(code): chosen == at for at, code in enumerate(unit.codes)}
            return
        ticks = {group: self.member[:, :, at] for at, group in enumerate(margins.groups)}
        taken = np.zeros(self.shape, dtype=bool)
        for option in banner.options:
            if option.exclusive and option.id in ticks:
                taken |= ticks[option.id]
        for exclusive in (False, True):
            for unit, option in zip(margins.units(banner), banner.options, strict=True):
                if option.exclusive == exclusive and option.id not in ticks:
                    without, having = self.space.alphas(unit)
                    share = self.rng.beta(having, without, self.shape[0])[:, None]
                    free = ~np.any([taken, *ticks.values()], axis=0) if exclusive else ~taken
                    ticks[option.id] = free & (self.rng.random(self.shape) < share)
        for option in banner.options:
            self.columns[f"{banner.id}__{option.id}"] = ticks[option.id].astype(np.int64)
        self._ticked = {option.id: ticks[option.id] for option in banner.options}

    # -- answers --------------------------------------------------------------------------------------------

    def _counts(self, placed: Placed) -> "Whole":
        """The counts of a unit: draw x slot x code."""
        return self.states[:, np.array(placed.rows)]

    def _slots(self, placed: Placed) -> "Whole":
        return self.pattern if placed.tied else np.zeros(self.shape, dtype=np.int64)

    def _liking(self, factor: "Floats") -> "Floats":
        """A latent liking: the respondent's own level, a shift by group, chance."""
        draws, groups = self.shape[0], self.member.shape[2]
        shift = self.rng.normal(size=(draws, groups)) * self.leaning[:, None]
        by_group = np.einsum("drg,dg->dr", self.member, shift)
        share = self.correlation[:, None]
        chance = self.rng.normal(size=self.shape)
        return np.asarray(np.sqrt(share) * factor + np.sqrt(1 - share) * (chance + by_group))

    def _hand_out(self, placed: Placed, liking: "Floats") -> "Whole":
        """Cut the liking of each slot so that every code, the lowest first, gets its count."""
        order = _sorted(self._slots(placed), liking)
        codes = np.arange(len(placed.unit.codes))
        counts = self._counts(placed)
        laid = np.repeat(np.tile(codes, counts.shape[0] * counts.shape[1]), counts.ravel())
        answers = np.empty(self.shape, dtype=np.int64)
        np.put_along_axis(answers, order, laid.reshape(self.shape), axis=1)
        return answers

    def _rate(self, placed: Sequence[Placed]) -> None:
        for one in placed:
            self.columns[one.unit.column] = self._hand_out(one, self._liking(self.factor))

    def _tick(self, placed: Sequence[Placed]) -> None:
        """Hand out ticks, exclusive options first and never with others."""
        factor = (self.factor + self.rng.normal(size=self.shape)) / 2**0.5
        taken = np.zeros(self.shape, dtype=bool)
        for one in sorted(placed, key=lambda one: not one.alone):
            liking = np.where(taken, -np.inf, self._liking(factor))
            answers = self._hand_out(one, liking)
            if one.alone:
                taken |= answers == 1
            self.columns[one.unit.column] = answers

    def _choose(self, placed: Sequence[Placed]) -> None:
        """Give out the options of a single question one after the other, the rarest first."""
        (one,) = placed
        counts, slots = self._counts(one), self._slots(one)
        scores = self._scores(one.unit)
        answers = np.full(self.shape, -1, dtype=np.int64)
        rarest = np.argsort(counts.sum(axis=1), axis=1, kind="stable")
        draws = np.arange(self.shape[0])
        for place in range(counts.shape[2]):
            code = rarest[:, place]
            own = scores[draws, :, code]
            rivals = scores.copy()
            rivals[draws, :, code] = -np.inf
            best = rivals.max(axis=2) if counts.shape[2] > 1 else 0
            wish = np.where(answers < 0, own - best, -np.inf)
            order = _sorted(slots, -wish)
            sizes = counts.sum(axis=2)
            first = np.cumsum(sizes, axis=1) - sizes
            rank = np.empty(self.shape, dtype=np.int64)
            np.put_along_axis(rank, order, np.broadcast_to(np.arange(self.shape[1]), self.shape), axis=1)
            rank -= np.take_along_axis(first, slots, axis=1)
            wanted = counts[draws, :, code]
            answers = np.where(rank < np.take_along_axis(wanted, slots, axis=1), code[:, None], answers)
        self.columns[one.unit.column] = answers

    def _scores(self, unit: Unit) -> "Floats":
        """How well each option suits each respondent by the groups they are in, with chance."""
        assumptions = self.space.assumptions
        options: Mapping[str, Sequence[str]] = assumptions.leanings.get(unit.question, {})
        step = np.log(assumptions.leaning_strength) / 2 if options else 0.0
        scores = np.zeros((*self.shape, len(unit.codes)))
        if options:
            for at, code in enumerate(unit.codes):
                for group, has in self._ticked.items():
                    fits = has if group in options.get(str(code), ()) else ~has
                    scores[:, :, at] += np.where(fits, step, -step)
        scores -= np.logaddexp.reduce(scores, axis=2, keepdims=True)
        return scores + self.rng.gumbel(0, _FIXED_CHOICE, scores.shape)


def _sorted(slots: "Whole", liking: "Floats") -> "Whole":
    """Order the respondents of each draw by slot, and within it by liking."""
    return np.argsort(slots * _STEP + np.clip(liking, -_CLIP, _CLIP), axis=1, kind="stable")


def all_units(margins: Margins) -> tuple[Unit, ...]:
    """Every column that is made of counts, in the order of the instrument."""
    kinds = ("single", "multiple", "rating")
    return tuple(
        unit
        for question in margins.instrument.questions
        if question.kind in kinds
        for unit in margins.units(question)
    )
