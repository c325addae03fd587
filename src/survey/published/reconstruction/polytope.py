"""The polytope of the tables of counts with published margins: its rows with their bounds, and its moves.

A table holds the people of each pattern of groups, each split by the answers that figures tie to the groups,
and how often each other answer was given. `Polytope` lays it out as one vector for `lattice.Walks`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import lgamma
from typing import TYPE_CHECKING

import numpy as np

from survey.instrument import Question
from survey.published.bounds.integer_program import Program, Undecided, total
from survey.published.bounds.joint_table import JointTable, exclusive_options
from survey.published.bounds.margins import Margins, Unit
from survey.published.findings.assumptions import Assumptions
from survey.published.findings.figures import EVERYONE, Counts, Figure
from survey.published.reconstruction.lattice import Directions, Walks, lattice_kernel, short_directions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]

_LEAST_WEIGHT = 0.05

Sparse = dict[int, int]


@dataclass(frozen=True)
class AnswerRows:
    """A unit and its rows: `rows[slot][code]`; `tied`: it has a slot per pattern, else one for everybody."""

    unit: Unit
    tied: bool
    rows: tuple[tuple[int, ...], ...]
    alone: bool  # an exclusive option


class Polytope:
    """The tables of some margins, for several combinations of bases at once."""

    def __init__(self, margins: Margins, assumptions: Assumptions, combinations: Sequence[Mapping[str, int]]):
        """Lay out the rows: people, answers, figures, and what exclusive options leave."""
        self.margins, self.assumptions, self.combinations = margins, assumptions, combinations
        self.counts = [margins.counts(bases) for bases in combinations]
        self.patterns = len(margins.patterns)
        self.width = self.patterns
        self.answers: list[AnswerRows] = []
        self.blocks: list[list[AnswerRows]] = []  # units that share rows, because of exclusive options
        # Units that share people, with a row per slot for the people whom exclusive options leave.
        self.slacks: list[tuple[list[AnswerRows], tuple[int, ...]]] = []
        for question in margins.questions:
            self._lay_out(question)
        self.figures: list[tuple[Figure, int]] = []  # with the row of each
        for figure in margins.figures:
            if self._has_row(figure):
                self.figures.append((figure, self._new_row()))
        self.width += 1  # the idle row

    def _new_row(self) -> int:
        self.width += 1
        return self.width - 1

    def _lay_out(self, question: Question) -> None:
        exclusive = exclusive_options(question)
        by_group = [one for one in self.margins.about(question) if one.group != EVERYONE]
        units = self.margins.units(question)
        tied = {unit for unit in units if any(self.margins.counted(one, unit) for one in by_group)}
        if tied and exclusive:
            tied = set(units)
        answers = []
        for unit in units:
            slots = self.patterns if unit in tied else 1
            rows = tuple(tuple(self._new_row() for _ in unit.codes) for _ in range(slots))
            answers.append(AnswerRows(unit, unit in tied, rows, unit.part in exclusive))
        self.answers += answers
        if not exclusive:
            self.blocks += [[one] for one in answers]
            return
        self.blocks.append(answers)
        alone = [one for one in answers if one.alone]
        shared = [[one, *alone] for one in answers if not one.alone] or [alone]
        for units_in in shared:
            self.slacks.append((units_in, tuple(self._new_row() for _ in units_in[0].rows)))

    def _has_row(self, figure: Figure) -> bool:
        """Whether a figure is held by a row; bases are held by every direction."""
        banner = self.margins.banner
        if figure.is_size:
            return False
        if banner is not None and figure.question == banner.id:
            counts = self.margins.overall.get(figure.claim)
            return counts is None or counts.met
        return True

    # -- ends and weights ---------------------------------------------------------------------------------

    def _range(self, figure: Figure, counts: Mapping[str, Counts]) -> tuple[int, int]:
        low, high, _ = counts[figure.claim]
        return low, high

    def ends(self, walks: Sequence[int]) -> tuple["Whole", "Whole"]:
        """The low and high end of every row, for walks at the combinations of these numbers."""
        low = np.zeros((len(walks), self.width), dtype=np.int64)
        high = np.full((len(walks), self.width), self.margins.size, dtype=np.int64)
        for at, combination in enumerate(walks):
            for figure, row in self.figures:
                low[at, row], high[at, row] = self._range(figure, self.counts[combination])
        return low, high

    @cached_property
    def fixed(self) -> tuple[int, ...]:
        """The rows of figures that have one value in each combination."""
        return tuple(
            row
            for figure, row in self.figures
            if all(low == high for low, high in (self._range(figure, one) for one in self.counts))
        )

    def weights(self) -> tuple["Whole", "NDArray[np.float64]"]:
        """Log weights by count, and which table each row has.

        Given the people of a slot, the answers of a unit are Dirichlet-multinomial with the parameters
        `alphas`: where these are 1 every split of the people has the same chance, whatever their number.
        """
        size = self.margins.size
        tables = [np.zeros(size + 1)]
        which = np.zeros(self.width, dtype=np.int64)
        people = np.zeros(size + 1)
        for answers in self.answers:
            if answers.tied:
                whole = sum(self.alphas(answers.unit))
                people += np.array([lgamma(n + 1) - lgamma(n + whole) for n in range(size + 1)])
        tables.append(people)
        which[: self.patterns] = 1
        for answers in self.answers:
            for at, alpha in enumerate(self.alphas(answers.unit)):
                if abs(alpha - 1) < 1e-9:
                    continue
                tables.append(np.array([lgamma(n + alpha) - lgamma(n + 1) for n in range(size + 1)]))
                for slot in answers.rows:
                    which[slot[at]] = len(tables) - 1
        return which, np.array(tables)

    def alphas(self, unit: Unit) -> list[float]:
        """The parameters of a unit's codes: the assumed weights, the smallest made 1."""
        given = self.assumptions.weights.get(unit.question, {})
        if not given:
            return [1.0] * len(unit.codes)
        if self.margins.instrument.question(unit.question).kind == "multiple":
            share = given.get(unit.part)
            shares = [0.5, 0.5] if share is None else [1 - share, share]
        else:
            typical = sum(given.values()) / len(given)
            shares = [given.get(str(code), typical) for code in unit.codes]
        least = min((share for share in shares if share > 0), default=1.0)
        return [max(share / least, _LEAST_WEIGHT) for share in shares]

    # -- what a change does -------------------------------------------------------------------------------

    @cached_property
    def _counted(self) -> dict[Unit, list[tuple[int, set[int], set[int]]]]:
        """The figures of each unit: row, the slots and the codes that each counts."""
        counted: dict[Unit, list[tuple[int, set[int], set[int]]]] = {one.unit: [] for one in self.answers}
        for answers in self.answers:
            for figure, row in self.figures:
                if self.margins.counted(figure, answers.unit):
                    slots = self.margins.inside(figure.group) if answers.tied else [0]
                    codes = {answers.unit.codes.index(code) for code in figure.codes}
                    counted[answers.unit].append((row, set(slots), codes))
        return counted

    @cached_property
    def banner_figures(self) -> list[tuple[int, set[int]]]:
        """The figures on groups: row, and the patterns that each counts."""
        banner = self.margins.banner.id if self.margins.banner else None
        return [
            (row, set(self.margins.inside(figure.item)) & set(self.margins.inside(figure.group)))
            for figure, row in self.figures
            if figure.question == banner
        ]

    def people_change(self, pattern: int) -> Sparse:
        """One more respondent of a pattern, answers apart: the rows that change."""
        return {pattern: 1, **{row: 1 for row, counted in self.banner_figures if pattern in counted}}

    def answer_change(self, answers: AnswerRows, slot: int, code: int, by: int = 1) -> Sparse:
        """`by` more respondents of a slot with an answer: the rows that change, people apart."""
        change = {answers.rows[slot][code]: by}
        for row, slots, codes in self._counted[answers.unit]:
            if slot in slots and code in codes:
                change[row] = change.get(row, 0) + by
        for units, rows in self.slacks:
            if code == 1 and answers in units:
                change[rows[slot]] = change.get(rows[slot], 0) - by
        return change

    def _sum(self, *changes: Sparse) -> Sparse:
        sums: Sparse = {}
        for change in changes:
            for row, by in change.items():
                sums[row] = sums.get(row, 0) + by
        return {row: by for row, by in sums.items() if by}

    # -- ways -----------------------------------------------------------------------------------------------

    def answer_directions(self, rng: "np.random.Generator", tied: bool) -> Directions:
        """Changes of answers, people unchanged: a part per block, so that all blocks move at once."""
        parts = [self._block_directions(block, rng) for block in self.blocks if block[0].tied == tied]
        return Directions.of(parts, self.width - 1)

    def _block_directions(self, block: Sequence[AnswerRows], rng: "np.random.Generator") -> list[Sparse]:
        changes = []
        for answers in block:
            for slot in range(len(answers.rows)):
                for to in range(len(answers.unit.codes)):
                    for source in range(to):
                        more = self.answer_change(answers, slot, to)
                        less = self.answer_change(answers, slot, source, -1)
                        changes.append(self._sum(more, less))
        effects = [tuple(change.get(row, 0) for row in self.fixed) for change in changes]
        kept = [row for row in range(len(self.fixed)) if any(effect[row] for effect in effects)]
        effects = [tuple(effect[row] for row in kept) for effect in effects]
        directions = {}
        for direction in short_directions(effects, rng):
            rows = self._sum(*({r: by * n for r, by in changes[at].items()} for at, n in direction.items()))
            if rows:
                directions[tuple(sorted(rows.items()))] = rows
        return list(directions.values())

    @cached_property
    def _memberships(self) -> list[Sparse]:
        """Each pattern as a column: everybody, each group, and the fixed figures on the groups."""
        columns = []
        for at, pattern in enumerate(self.margins.patterns):
            held = {-1: 1}
            held |= {-2 - place: 1 for place, one in enumerate(self.margins.groups) if one in pattern}
            held |= {row: 1 for row in self.people_change(at) if row in self.fixed}
            columns.append(held)
        return columns

    def whole_basis(self) -> Directions:
        """A basis of every change, of people and answers that are tied to them together.

        Steps along sums of it reach every table of a combination.
        """
        parts: list[tuple[Sparse, Sparse]] = []  # what a cell holds fixed, and all it changes
        tied = [answers for answers in self.answers if answers.tied]
        for at in range(self.patterns):
            change = self._sum(
                self.people_change(at),
                *(self.answer_change(answers, at, 0) for answers in tied),
                *({rows[at]: 1} for units, rows in self.slacks if units[0].tied),
            )
            held = {key: by for key, by in self._memberships[at].items() if key < 0}
            parts.append((held, change))
        for answers in self.answers:
            for slot in range(len(answers.rows)):
                for code in range(1, len(answers.unit.codes)):
                    more = self.answer_change(answers, slot, code)
                    parts.append(({}, self._sum(more, self.answer_change(answers, slot, 0, -1))))
        fixed = set(self.fixed)
        columns = [held | {row: by for row, by in change.items() if row in fixed} for held, change in parts]
        basis = [
            self._sum(*({row: by * n for row, by in parts[at][1].items()} for at, n in vector.items()))
            for vector in lattice_kernel(columns)
        ]
        return Directions.of([basis], self.width - 1)

    # -- starts ---------------------------------------------------------------------------------------------

    def starts(self, walks: Sequence[int], rng: "np.random.Generator") -> "Whole":
        """A far-off table for each walk, by integer programs with random costs. Raises `Undecided`."""
        state = np.zeros((len(walks), self.width), dtype=np.int64)
        solved: dict[tuple[int, int], dict[int, int]] = {}
        for at, combination in enumerate(walks):
            for row, value in self._tied_start(combination, rng).items():
                state[at, row] = value
            for number, block in enumerate(self.blocks):
                if not block[0].tied:
                    key = number, at % 2
                    if key not in solved:
                        solved[key] = self._block_start(block, rng)
                    for row, value in solved[key].items():
                        state[at, row] = value
        self._fill(state)
        return state

    def _tied_start(self, combination: int, rng: "np.random.Generator") -> dict[int, int]:
        bases = {group: (base,) for group, base in self.combinations[combination].items()}
        table = JointTable(self.margins, bases)
        cells = dict(enumerate(table.people))
        for answers in self.answers:
            if answers.tied:
                slots = table.cells(answers.unit.question)[answers.unit]
                for rows, slot in zip(answers.rows, slots, strict=True):
                    cells |= dict(zip(rows, slot.values(), strict=True))
        return _solved(table.program, cells, rng)

    def _block_start(self, block: Sequence[AnswerRows], rng: "np.random.Generator") -> dict[int, int]:
        margins, program = self.margins, Program()
        question = margins.instrument.question(block[0].unit.question)
        slots = margins.cells(program, question, [margins.size], [answers.unit for answers in block])
        cells: dict[int, int] = {}
        for answers in block:
            (slot,) = slots[answers.unit]
            cells |= dict(zip(answers.rows[0], slot.values(), strict=True))
            for figure in margins.about(question):
                if margins.counted(figure, answers.unit):
                    low, high, _ = margins.overall[figure.claim]
                    program.keep(total([slot[code] for code in figure.codes]), low, high)
        return _solved(program, cells, rng)

    def _fill(self, state: "Whole") -> None:
        """Work out the rows of figures and slacks from people and answers."""
        for row, counted in self.banner_figures:
            state[:, row] = state[:, sorted(counted)].sum(axis=1)
        for answers in self.answers:
            for row, slots, codes in self._counted[answers.unit]:
                cells = [answers.rows[slot][code] for slot in sorted(slots) for code in sorted(codes)]
                state[:, row] = state[:, cells].sum(axis=1)
        for units, rows in self.slacks:
            for slot, row in enumerate(rows):
                there = state[:, slot] if units[0].tied else self.margins.size
                state[:, row] = there - state[:, [one.rows[slot][1] for one in units]].sum(axis=1)

    def walks(self, chosen: Sequence[int], rng: "np.random.Generator") -> Walks:
        """Start a walk at each of the combinations of these numbers."""
        low, high = self.ends(chosen)
        table, weights = self.weights()
        return Walks(self.starts(chosen, rng), low, high, table, weights, rng)


def _solved(program: Program, cells: Mapping[int, int], rng: "np.random.Generator") -> dict[int, int]:
    """Solve with random costs; a value for each row."""
    for variable in cells.values():
        program.cost[variable] = float(rng.uniform(-1, 1))
    solved = program.solve(gap=0.2)
    if solved is None:
        raise Undecided
    return {row: int(solved[variable]) for row, variable in cells.items()}
