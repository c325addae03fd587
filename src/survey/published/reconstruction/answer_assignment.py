"""Assigning answers: from counts to rows, for one draw or many, so that one person's answers hang together.

Arrays are draw x respondent. An answer is the position of its code in `Unit.codes`.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from survey.instrument import Question
from survey.published.bounds.joint_table import exclusive_options
from survey.published.bounds.margins import Margins, Unit
from survey.published.findings.assumptions import Assumptions
from survey.published.reconstruction.polytope import Polytope
from survey.published.reconstruction.targets import Targets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_TICKING_ALONE = 0.8  # of those in no group, who say so by an exclusive option such as "not decided"
_CHANCE = 1.2  # scale of the chance in a choice that leans
_SHIFT = 0.2  # scale of the shifts by group in one draw
_FARTHEST = 31.0  # likings are cut here, so that a slot and a liking make one sorting key
_SLOT = 64.0


class UnitCounts(NamedTuple):
    """How often each answer of a unit is given: draw x slot x code. `tied`: a slot per pattern, else one."""

    unit: Unit
    counts: "Whole"
    tied: bool


class Assignment:
    """Respondents under construction: the pattern of groups of each, and the answers given so far."""

    def __init__(
        self,
        margins: Margins,
        assumptions: Assumptions,
        pattern: "Whole",
        *,
        correlation: "Floats",
        tick_correlation: "Floats",
        leaning: "Floats",
        rng: "np.random.Generator",
    ) -> None:
        """Give each respondent a level of answering; correlations and leaning have a value a draw."""
        self.margins, self.assumptions, self.pattern, self.rng = margins, assumptions, pattern, rng
        self.correlation, self.tick_correlation, self.leaning = correlation, tick_correlation, leaning
        self.shape = pattern.shape
        self.level = rng.normal(size=self.shape)
        self.member = margins.membership[pattern]  # draw x respondent x group
        self.columns: dict[str, Whole] = {}
        self._ticked: dict[str, Flags] = {}

    # -- groups -----------------------------------------------------------------------------------------

    def answer_banner(self) -> None:
        """Give everyone the groups of their pattern, and the options of the banner that are no groups."""
        banner = self.margins.banner
        if banner is not None:
            (self._choose_banner if banner.kind == "single" else self._tick_banner)(banner)

    def _choose_banner(self, banner: Question) -> None:
        (unit,) = self.margins.units(banner)
        named = [next(iter(pattern), "") for pattern in self.margins.patterns]
        chosen = np.array([unit.codes.index(name) if name else -1 for name in named])[self.pattern]
        rest = [at for at, option in enumerate(banner.options) if option.id not in self.margins.groups]
        if rest:
            open_rows = chosen < 0
            chosen = np.where(open_rows, np.array(rest)[self._picks(unit, rest, open_rows)], chosen)
        self.columns[banner.id] = chosen
        self._ticked = {str(code): chosen == at for at, code in enumerate(unit.codes)}

    def _picks(self, unit: Unit, rest: list[int], open_rows: "Flags") -> "Whole":
        """Which of the options that are no groups everyone of no group chooses: positions in `rest`."""
        raise NotImplementedError

    def _tick_banner(self, banner: Question) -> None:
        ticks = {group: self.member[:, :, at] for at, group in enumerate(self.margins.groups)}
        alone = np.zeros(self.shape, dtype=bool)
        for option in banner.options:
            if option.exclusive and option.id in ticks:
                alone |= ticks[option.id]
        for exclusive in (False, True):
            for unit, option in zip(self.margins.units(banner), banner.options, strict=True):
                if option.exclusive == exclusive and option.id not in ticks:
                    share = self._tick_share(unit, exclusive)
                    free = ~np.any([alone, *ticks.values()], axis=0) if exclusive else ~alone
                    ticks[option.id] = free & (self.rng.random(self.shape) < share)
        for option in banner.options:
            self.columns[f"{banner.id}__{option.id}"] = ticks[option.id].astype(np.int64)
        self._ticked = {option.id: ticks[option.id] for option in banner.options}

    def _tick_share(self, unit: Unit, exclusive: bool) -> "Floats | float":
        """How many of those who may tick an option of the banner that is no group do so."""
        raise NotImplementedError

    # -- answers ----------------------------------------------------------------------------------------

    def answer(self, question: Question, units: Sequence[UnitCounts]) -> None:
        """Answer one question as often as `units` say."""
        {"single": self._choose, "multiple": self._tick, "rating": self._rate}[question.kind](question, units)

    def _slots(self, tied: bool) -> "Whole":
        return self.pattern if tied else np.zeros(self.shape, dtype=np.int64)

    def _liking(self, level: "Floats", correlation: "Floats") -> "Floats":
        """A latent liking: the respondent's own level, a shift by group, chance."""
        shift = self.rng.normal(size=(self.shape[0], self.member.shape[2])) * self.leaning[:, None]
        by_group = np.einsum("drg,dg->dr", self.member, shift)
        share = correlation[:, None]
        chance = self.rng.normal(size=self.shape)
        return np.asarray(np.sqrt(share) * level + np.sqrt(1 - share) * (chance + by_group))

    def _cut(self, answers: UnitCounts, liking: "Floats") -> "Whole":
        """Cut the liking of each slot so that every code, the lowest first, gets its count."""
        counts = answers.counts
        order = _sorted(self._slots(answers.tied), liking)
        codes = np.arange(len(answers.unit.codes))
        laid = np.repeat(np.tile(codes, counts.shape[0] * counts.shape[1]), counts.ravel())
        given = np.empty(self.shape, dtype=np.int64)
        np.put_along_axis(given, order, laid.reshape(self.shape), axis=1)
        return given

    def _rate(self, question: Question, units: Sequence[UnitCounts]) -> None:
        for answers in units:
            liking = self._liking(self.level, self.correlation)
            self.columns[answers.unit.column] = self._cut(answers, liking)

    def _tick(self, question: Question, units: Sequence[UnitCounts]) -> None:
        """Tick, exclusive options first and never with others."""
        exclusive = exclusive_options(question)
        level = (self.level + self.rng.normal(size=self.shape)) / 2**0.5
        alone = np.zeros(self.shape, dtype=bool)
        for answers in sorted(units, key=lambda answers: answers.unit.part not in exclusive):
            liking = np.where(alone, -np.inf, self._liking(level, self.tick_correlation))
            ticks = self._cut(answers, liking)
            if answers.unit.part in exclusive:
                alone |= ticks == 1
            self.columns[answers.unit.column] = ticks

    def _choose(self, question: Question, units: Sequence[UnitCounts]) -> None:
        """Give out the options of a single question one after the other, the rarest first."""
        ((unit, counts, tied),) = units
        slots, scores = self._slots(tied), self._scores(unit)
        order = self._option_order(counts)
        sizes = counts.sum(axis=2)
        first = np.take_along_axis(np.cumsum(sizes, axis=1) - sizes, slots, axis=1)
        places = np.broadcast_to(np.arange(self.shape[1]), self.shape)
        chosen = np.full(self.shape, -1, dtype=np.int64)
        for turn in range(len(unit.codes)):
            option = np.take_along_axis(order[:, :, turn], slots, axis=1)
            own = np.take_along_axis(scores, option[:, :, None], axis=2)[:, :, 0]
            rivals = scores.copy()
            np.put_along_axis(rivals, option[:, :, None], -np.inf, axis=2)
            best = rivals.max(axis=2) if len(unit.codes) > 1 else 0
            wish = np.where(chosen < 0, own - best, -np.inf)
            rank = np.empty(self.shape, dtype=np.int64)
            np.put_along_axis(rank, _sorted(slots, -wish), places, axis=1)
            wanted = np.take_along_axis(counts, order[:, :, turn, None], axis=2)[:, :, 0]
            chosen = np.where(rank - first < np.take_along_axis(wanted, slots, axis=1), option, chosen)
        self.columns[unit.column] = chosen

    def _option_order(self, counts: "Whole") -> "Whole":
        """The options in the order in which they are given out, draw x slot x turn."""
        raise NotImplementedError

    def _scores(self, unit: Unit) -> "Floats":
        """How well each option suits each respondent by the groups they are in, with chance."""
        options: Mapping[str, Sequence[str]] = self.assumptions.leanings.get(unit.question, {})
        step = np.log(self.assumptions.leaning_strength) / 2
        scores = np.zeros((*self.shape, len(unit.codes)))
        for at, code in enumerate(unit.codes if options else ()):
            for group, has in self._ticked.items():
                fits = has if group in options.get(str(code), ()) else ~has
                scores[:, :, at] += np.where(fits, step, -step)
        scores -= np.logaddexp.reduce(scores, axis=2, keepdims=True)
        return scores + self.rng.gumbel(0, _CHANCE, scores.shape)


class OneAssignment(Assignment):
    """The respondents of one draw, pattern by pattern, as near to the targets as the figures leave them."""

    def __init__(self, targets: Targets, people: Sequence[int]) -> None:
        """Lay out `people`, how many there are of each pattern."""
        dependence = np.array([targets.assumptions.dependence])
        self._targets = targets
        super().__init__(
            targets.margins,
            targets.assumptions,
            np.repeat(np.arange(len(people)), people)[None],
            correlation=dependence,
            tick_correlation=dependence / 2,
            leaning=np.array([_SHIFT]),
            rng=targets.rng,
        )

    def _picks(self, unit: Unit, rest: list[int], open_rows: "Flags") -> "Whole":
        weights = self._targets.weights(Unit(unit.question, "", tuple(unit.codes[at] for at in rest)))
        picks = np.zeros(self.shape, dtype=np.int64)
        picks[open_rows] = self.rng.choice(len(rest), open_rows.sum(), p=weights)
        return picks

    def _tick_share(self, unit: Unit, exclusive: bool) -> float:
        weights = self.assumptions.weights.get(unit.question, {})
        if exclusive:
            return weights.get(unit.part, _TICKING_ALONE if self.margins.groups else 0.1)
        return weights.get(unit.part) or float(self.rng.uniform(0.1, 0.35))

    def _option_order(self, counts: "Whole") -> "Whole":
        return np.argsort(counts, axis=2, kind="stable")

    def _tick(self, question: Question, units: Sequence[UnitCounts]) -> None:
        """Tick, then move ticks so that nobody is left without one, as far as that goes."""
        super()._tick(question, units)
        exclusive = exclusive_options(question)
        columns = [answers.unit.column for answers in units if answers.unit.part not in exclusive]
        ticks = np.array([self.columns[column][0] for column in columns])
        alone = np.zeros(self.shape[1], dtype=bool)
        for answers in units:
            if answers.unit.part in exclusive:
                alone |= self.columns[answers.unit.column][0] == 1
        slots = self._slots(units[0].tied)[0]
        for slot in range(units[0].counts.shape[1]):
            self._fill_the_empty(ticks, np.flatnonzero(slots == slot), alone)
        for column, ticked in zip(columns, ticks, strict=True):
            self.columns[column] = ticked[None]

    def _fill_the_empty(self, ticks: "Whole", inside: "Whole", alone: "Flags") -> None:
        """Move a tick from someone with several to someone of the same slot with none, while that goes."""
        for row in inside[~alone[inside]]:
            spare = np.where(ticks[:, inside] == 1, ticks[:, inside].sum(axis=0), 0)
            if ticks[:, row].any() or spare.max(initial=0) < 2:
                continue
            givers = np.argwhere(spare >= min(3, spare.max()))
            item, giver = givers[self.rng.integers(len(givers))]
            ticks[item, inside[giver]], ticks[item, row] = 0, 1


class ManyAssignments(Assignment):
    """The respondents of many draws, shuffled: `states` holds a table of counts for each draw."""

    def __init__(
        self,
        polytope: Polytope,
        states: "Whole",
        correlation: "Floats",
        leaning: "Floats",
        rng: "np.random.Generator",
    ) -> None:
        """Lay out the people of every state."""
        people = states[:, : polytope.patterns]
        patterns = np.tile(np.arange(polytope.patterns), len(people))
        laid = np.repeat(patterns, people.ravel()).reshape(len(states), polytope.margins.size)
        self._polytope, self._states = polytope, states
        super().__init__(
            polytope.margins,
            polytope.assumptions,
            rng.permuted(laid, axis=1),
            correlation=correlation,
            tick_correlation=correlation,
            leaning=leaning,
            rng=rng,
        )

    def answer_all(self) -> None:
        """Answer every question that is made of counts."""
        self.answer_banner()
        for question in self.margins.questions:
            rows = [one for one in self._polytope.answers if one.unit.question == question.id]
            units = [UnitCounts(one.unit, self._states[:, np.array(one.rows)], one.tied) for one in rows]
            self.answer(question, units)

    def _picks(self, unit: Unit, rest: list[int], open_rows: "Flags") -> "Whole":
        alphas = np.array(self._polytope.alphas(unit))[rest]
        shares = self.rng.dirichlet(alphas, self.shape[0]).cumsum(axis=1)
        picks = (self.rng.random(self.shape)[:, :, None] > shares[:, None, :]).sum(axis=2)
        return np.asarray(np.minimum(picks, len(rest) - 1))

    def _tick_share(self, unit: Unit, exclusive: bool) -> "Floats":
        without, having = self._polytope.alphas(unit)
        shares: Floats = np.asarray(self.rng.beta(having, without, self.shape[0]))
        return shares[:, None]

    def _option_order(self, counts: "Whole") -> "Whole":
        rarest = np.argsort(counts.sum(axis=1), axis=1, kind="stable")
        return np.broadcast_to(rarest[:, None, :], counts.shape)


def _sorted(slots: "Whole", liking: "Floats") -> "Whole":
    """Order the respondents of each draw by slot, and within it by liking."""
    return np.argsort(slots * _SLOT + np.clip(liking, -_FARTHEST, _FARTHEST), axis=1, kind="stable")


def all_units(margins: Margins) -> tuple[Unit, ...]:
    """Every column that is made of counts, in the order of the instrument."""
    kinds = ("single", "multiple", "rating")
    return tuple(
        unit
        for question in margins.instrument.questions
        if question.kind in kinds
        for unit in margins.units(question)
    )
