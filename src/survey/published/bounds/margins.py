"""Published margins as constraints on a joint table of groups and answers, and the group bases that fit.

Respondents fall into patterns, one per set of groups they belong to (one per option where the banner is a
single choice). Every unit (an option of a select-all question, an item of a battery, a single question)
splits each pattern by answer code. A figure holds a sum of such cells between two counts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from survey.errors import FindingsError, Place, Problem
from survey.instrument import Instrument, Question
from survey.published.bounds.integer_program import Program, Undecided, total
from survey.published.findings.figures import EVERYONE, Code, Counts, Figure
from survey.published.findings.reading import Findings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from survey.published.bounds.conflicts import Conflict

Pattern = frozenset[str]

MOST_GROUPS = 12
MOST_SEARCHED = 100_000  # numbers of respondents that a group may have, of all groups


@dataclass(frozen=True)
class Unit:
    """What one column of answers splits into. `part` is empty for a single question."""

    question: str
    part: str
    codes: tuple[Code, ...]

    @property
    def column(self) -> str:
        """The column of `Responses.data`."""
        return f"{self.question}__{self.part}" if self.part else self.question


@dataclass(frozen=True)
class Margins:
    """Published figures as constraints on the joint table of `size` respondents."""

    instrument: Instrument
    figures: tuple[Figure, ...]
    size: int

    @cached_property
    def banner(self) -> Question | None:
        """The question whose options are the groups."""
        banner = self.instrument.defaults.banner
        return self.instrument.question(banner) if banner else None

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The options of the banner that a figure speaks of, in the order of the instrument."""
        if self.banner is None:
            return ()
        named = {figure.group for figure in self.figures}
        named |= {figure.item for figure in self.figures if figure.question == self.banner.id}
        return tuple(option.id for option in self.banner.options if option.id in named)

    @cached_property
    def patterns(self) -> tuple[Pattern, ...]:
        """Every set of groups that one respondent can belong to; the empty one is "none of them"."""
        if self.banner is None or not self.groups:
            return (frozenset(),)
        if self.banner.kind == "single":
            rest = [frozenset[str]()] if len(self.groups) < len(self.banner.options) else []
            return (*rest, *(frozenset([group]) for group in self.groups))
        alone = {option.id for option in self.banner.options if option.exclusive}
        free = [group for group in self.groups if group not in alone]
        mixed = (frozenset(some) for count in range(len(free) + 1) for some in combinations(free, count))
        return (*mixed, *(frozenset([group]) for group in self.groups if group in alone))

    @cached_property
    def membership(self) -> "NDArray[np.bool_]":
        """Which pattern (row) belongs to which group (column)."""
        import numpy as np

        rows = [[group in pattern for group in self.groups] for pattern in self.patterns]
        return np.array(rows, dtype=bool).reshape(len(rows), len(self.groups))

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions besides the banner that are made of counts."""
        kinds = ("single", "multiple", "rating")
        asked = (question for question in self.instrument.questions if question.kind in kinds)
        return tuple(question for question in asked if question != self.banner)

    def units(self, question: Question) -> tuple[Unit, ...]:
        """The units of a question, each with its answer codes in order."""
        if question.kind == "single":
            return (Unit(question.id, "", tuple(option.id for option in question.options)),)
        codes: tuple[Code, ...] = (0, 1)
        if question.kind == "rating":
            codes = self.instrument.scale_of(question).values
        return tuple(Unit(question.id, part.id, codes) for part in question.parts)

    def about(self, question: Question) -> tuple[Figure, ...]:
        """The figures of a question."""
        return tuple(figure for figure in self.figures if figure.question == question.id)

    def slots(self, question: Question) -> tuple[tuple[int, ...], ...]:
        """How a question is split: by pattern, or not at all where no figure is by group."""
        every = range(len(self.patterns))
        by_group = any(figure.group != EVERYONE for figure in self.about(question))
        return tuple((one,) for one in every) if by_group else (tuple(every),)

    def inside(self, group: str) -> list[int]:
        """The positions of the patterns that belong to a group."""
        return [at for at, pattern in enumerate(self.patterns) if group in (EVERYONE, *pattern)]

    def counted(self, figure: Figure, unit: Unit) -> bool:
        """Whether a figure speaks of this unit."""
        return figure.question == unit.question and unit.part in ("", figure.item)

    @cached_property
    def admissible(self) -> dict[str, dict[int, dict[str, Counts]]]:
        """For each group the bases to consider, each with the counts of its figures by claim.

        These are the bases at which most of the group's different values can be printed: all of them where
        there is such a base. A stated base or group size leaves only itself.
        """
        return {group: self._admissible(group) for group in self.groups}

    @cached_property
    def unprinted(self) -> tuple[str, ...]:
        """The groups whose base no figure says."""
        said = {
            figure.group
            for figure in self.figures
            if figure.stated_base is not None or (figure.is_size and not figure.is_bound)
        }
        return tuple(group for group in self.groups if group not in said)

    def _admissible(self, group: str) -> dict[int, dict[str, Counts]]:
        own = [figure for figure in self.figures if figure.group == group]
        sizes = [figure.counts_at(self.size) for figure in own if figure.is_size]
        sizes += [
            Counts(figure.stated_base, figure.stated_base, True)
            for figure in own
            if figure.stated_base is not None
        ]
        shares = [
            figure
            for figure in self.figures
            if self.banner
            and figure.question == self.banner.id
            and figure.item == group
            and figure.group == EVERYONE
        ]
        own = [figure for figure in own if not figure.is_size]
        by_score: dict[int, dict[int, dict[str, Counts]]] = {}
        for base in range(1 if own else 0, self.size + 1):  # a share needs somebody it is a share of
            if not all(size.low <= base <= size.high for size in sizes):
                continue
            counts = {figure.claim: figure.counts_at(base) for figure in own}
            met = {(figure.comparator, figure.published) for figure in own if counts[figure.claim].met}
            score = len(met)
            for figure in shares:
                printed = figure.counts_at(self.size)
                score += printed.met and printed.low <= base <= printed.high
            by_score.setdefault(score, {})[base] = counts
        return by_score[max(by_score)] if by_score else {}

    @cached_property
    def overall(self) -> dict[str, Counts]:
        """The counts of the figures on all respondents, by claim."""
        return {
            figure.claim: figure.counts_at(self.size) for figure in self.figures if figure.group == EVERYONE
        }

    def counts(self, bases: Mapping[str, int]) -> dict[str, Counts]:
        """The counts of every figure at the given group bases, by claim."""
        counts = dict(self.overall)
        for group, base in bases.items():
            counts |= self.admissible[group][base]
            for figure in self.figures:
                if figure.group == group and figure.is_size:
                    counts[figure.claim] = Counts(base, base, True)
        return counts

    def solve_bases(self) -> dict[str, int] | None:
        """Find the smallest group bases at which one joint table meets all figures; None if there are none.

        Raises
        ------
        Undecided
            The search was given up.
        """
        if not all(self.admissible.values()):
            return None
        program = Program()
        people = program.variables(len(self.patterns), self.size)
        program.keep(total(people), self.size, self.size)
        chosen: dict[str, dict[int, int]] = {}
        for group in self.groups:
            picks = {base: program.variable(1, cost=base) for base in self.admissible[group]}
            program.keep(total([*picks.values()]), 1, 1)
            sized = total([people[at] for at in self.inside(group)])
            program.keep([*sized, *((pick, -base) for base, pick in picks.items())], 0, 0)
            chosen[group] = picks
        for figure, terms in self.held(program, people):
            if figure.group == EVERYONE:
                low, high, _ = self.overall[figure.claim]
                program.keep(terms, low, high)
                continue
            at_base = self.admissible[figure.group]
            picks = chosen[figure.group]
            infinity = float("inf")
            lows = [(pick, -at_base[base][figure.claim].low) for base, pick in picks.items()]
            highs = [(pick, -at_base[base][figure.claim].high) for base, pick in picks.items()]
            program.keep([*terms, *lows], 0, infinity)
            program.keep([*terms, *highs], -infinity, 0)
        solved = program.solve()
        if solved is None:
            return None
        return {
            group: next(base for base, pick in chosen[group].items() if solved[pick]) for group in self.groups
        }

    def held(
        self, program: Program, people: Sequence[int]
    ) -> Iterator[tuple[Figure, list[tuple[int, float]]]]:
        """Add the cells of every question with figures; give each figure with its sum of cells."""
        for figure in self.figures:
            if self.banner and figure.question == self.banner.id:
                both = set(self.inside(figure.item)) & set(self.inside(figure.group))
                counts = self.overall.get(figure.claim)
                if counts is None or counts.met:
                    yield figure, total([people[at] for at in sorted(both)])
            elif figure.is_size and figure.group == EVERYONE:
                yield figure, total(people)
        for question in self.questions:
            if figures := self.about(question):
                sizes = [total([people[at] for at in slot]) for slot in self.slots(question)]
                cells = self.cells(program, question, sizes)
                for figure in figures:
                    yield figure, self.summed(figure, question, cells)

    def cells(
        self,
        program: Program,
        question: Question,
        sizes: Sequence[list[tuple[int, float]] | int],
        units: Sequence[Unit] | None = None,
    ) -> dict[Unit, list[dict[Code, int]]]:
        """Add a variable for each unit, slot and code; `sizes` are the slots' people, known or variable."""
        units = self.units(question) if units is None else units
        exclusive = {
            option.id for option in question.options if option.exclusive and question.kind == "multiple"
        }
        cells: dict[Unit, list[dict[Code, int]]] = {}
        for unit in units:
            cells[unit] = [{code: program.variable(self.size) for code in unit.codes} for _ in sizes]
            for size, slot in zip(sizes, cells[unit], strict=True):
                _fill(program, total([*slot.values()]), size)
        alone = [unit for unit in cells if unit.part in exclusive]
        for unit in cells:
            if alone and (unit.part not in exclusive or unit is alone[0]):
                others = alone if unit.part in exclusive else [unit, *alone]
                for at, size in enumerate(sizes):
                    slack = program.variable(self.size)
                    _fill(program, total([*(cells[one][at][1] for one in others), slack]), size)
        return cells

    def summed(
        self, figure: Figure, question: Question, cells: Mapping[Unit, list[dict[Code, int]]]
    ) -> list[tuple[int, float]]:
        """The cells that a figure counts."""
        unit = next(unit for unit in cells if self.counted(figure, unit))
        inside = set(self.inside(figure.group))
        slots = [at for at, slot in enumerate(self.slots(question)) if inside.issuperset(slot)]
        return total([cells[unit][at][code] for at in slots for code in figure.codes])


def _fill(program: Program, terms: list[tuple[int, float]], size: list[tuple[int, float]] | int) -> None:
    """Make the terms add up to a size, known or variable."""
    if isinstance(size, int):
        program.keep(terms, size, size)
    else:
        program.keep([*terms, *((variable, -factor) for variable, factor in size)], 0, 0)


def margins_of(findings: Findings) -> Margins:
    """Take the figures as margins. Raises `FindingsError` without a sample size or with too many groups."""
    if findings.respondents is None:
        raise FindingsError(Problem("findings_no_size", Place(file=findings.file)))
    margins = Margins(findings.instrument, findings.parsed(), findings.respondents)
    if margins.banner and margins.banner.kind == "multiple" and len(margins.groups) > MOST_GROUPS:
        values = {"groups": len(margins.groups), "most": MOST_GROUPS}
        raise FindingsError(Problem("findings_too_many_groups", Place(file=findings.file), values))
    if margins.unprinted:
        refuse_many_bases(margins.size * len(margins.unprinted), MOST_SEARCHED, findings.file)
    return margins


def refuse_many_bases(count: int, most: int, file: str = "") -> None:
    """Refuse to look at more bases of groups than the work allows (`FindingsError`)."""
    if count > most:
        raise FindingsError(Problem("findings_bases", Place(file=file), {"count": count, "most": most}))


def group_bases(margins: Margins, file: str = "") -> dict[str, int]:
    """Find the smallest group bases that fit together.

    Raises
    ------
    FindingsError
        No data meet all figures: the error names lines that cannot hold together, none of which can be
        spared. Or that was not decided.
    """
    try:
        bases = margins.solve_bases()
        if bases is not None:
            return bases
        raise FindingsError(*_conflict(margins, file))
    except Undecided:
        raise undecided(margins, file) from None


def undecided(margins: Margins, file: str) -> FindingsError:
    """What is raised where the search was given up before it knew whether any data meet the figures."""
    values = {"groups": len(margins.groups), "size": margins.size}
    return FindingsError(Problem("findings_undecided", Place(file=file), values))


def _conflict(margins: Margins, file: str) -> list[Problem]:
    """Find the fewest figures that cannot hold together, or, unproved, some of which none can be spared.

    Where the others still contradict each other the same is done with them, so that all is told at once.
    """
    from survey.published.bounds.conflicts import smallest_conflict

    def agree(lines: frozenset[int]) -> bool:
        fewer = tuple(figure for figure in margins.figures if figure.line in lines)
        return Margins(margins.instrument, fewer, margins.size).solve_bases() is not None

    left, problems = [figure.line for figure in margins.figures], list[Problem]()
    while True:
        conflict = smallest_conflict(left, agree)
        problems += _conflict_problems(margins, conflict, file)
        left = [line for line in left if line not in conflict.lines]
        try:
            if agree(frozenset(left)):
                return problems
        except Undecided:
            return problems


def _conflict_problems(margins: Margins, conflict: "Conflict", file: str) -> Iterator[Problem]:
    kept = [figure for figure in margins.figures if figure.line in conflict.lines]
    for figure in kept:
        others = [other.claim for other in kept if other is not figure]
        values = {"subject": figure.subject or figure.statistic, "others": others, "size": margins.size}
        values |= {"statistic": figure.statistic, "printed": figure.printed}
        place = Place(file=file, line=figure.line, subject=figure.claim)
        proved = "findings_conflict_smallest" if conflict.smallest else "findings_conflict"
        yield Problem(proved if others else "findings_alone", place, values)
