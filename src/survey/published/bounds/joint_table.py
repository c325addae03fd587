"""Every joint table that published margins allow: what a sum of its cells can be, at least and at most."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from math import inf

from survey.instrument import Question
from survey.instrument.shares import shown_share
from survey.published.bounds.integer_program import Extent, Program, Undecided, total
from survey.published.bounds.margins import Margins, Unit
from survey.published.findings.figures import EVERYONE, Code, Figure, counted_codes

Terms = list[tuple[int, float]]


class JointTable:
    """Respondents by the groups they belong to, each pattern split by the answers to some questions.

    Bases are given as candidates for each group; where there are several the program chooses one. Figures
    that no count meets take the nearest count. Questions without a figure by group do not tie to the groups
    and are left out unless they are asked for.
    """

    def __init__(
        self, margins: Margins, bases: Mapping[str, Sequence[int]], asked: Collection[tuple[str, str]] = ()
    ) -> None:
        """Write the program; `asked` are question and item of what must be split by group, figures or not."""
        self.margins = margins
        self.program = Program()
        self.people = self.program.variables(len(margins.patterns), margins.size)
        self.program.keep(total(self.people), margins.size, margins.size)
        self._picks = {group: self._pick(group, bases[group]) for group in margins.groups}
        self._cells: dict[str, dict[Unit, list[dict[Code, int]]]] = {}
        for question in margins.questions:
            if units := _tied_units(margins, question, asked):
                sizes = [total([one]) for one in self.people]
                self._cells[question.id] = margins.cells(self.program, question, sizes, units)
        for figure in margins.figures:
            self._hold(figure)

    def _pick(self, group: str, candidates: Sequence[int]) -> dict[int, int]:
        picks = {base: self.program.variable(1) for base in candidates}
        self.program.keep(total([*picks.values()]), 1, 1)
        sized = self.inside(group)
        self.program.keep([*sized, *((pick, -base) for base, pick in picks.items())], 0, 0)
        return picks

    def inside(self, *groups: str) -> Terms:
        """The people who belong to all these groups; no group named: everybody."""
        patterns = enumerate(self.margins.patterns)
        named = {group for group in groups if group != EVERYONE}
        return total([self.people[at] for at, pattern in patterns if named <= pattern])

    def cells(self, question: str) -> dict[Unit, list[dict[Code, int]]]:
        """The variables of a question: for each unit and pattern one for each answer."""
        return self._cells[question]

    def answering(self, question: str, item: str, codes: Collection[Code], *groups: str | None) -> Terms:
        """Those who belong to all these groups and give one of the answers; None: those of no group.

        Of the banner the item is a group with figures, and the answer is to be in it.
        """
        if self.margins.banner is not None and question == self.margins.banner.id:
            return [] if None in groups else self.inside(item, *(group for group in groups if group))
        cells = next(cells for unit, cells in self._cells[question].items() if unit.part in ("", item))
        slots = zip(self.margins.patterns, cells, strict=True)
        named = {group for group in groups if group not in (EVERYONE, None)}
        wanted = [cell for pattern, cell in slots if (not pattern if None in groups else named <= pattern)]
        return total([cell[code] for cell in wanted for code in codes])

    def _hold(self, figure: Figure) -> None:
        banner = self.margins.banner
        if figure.is_size:
            return  # the sample is the whole table; the size of a group is its base
        if banner is not None and figure.question == banner.id:
            terms = self.inside(figure.item, figure.group)
            if figure.group == EVERYONE and not figure.counts_at(self.margins.size).met:
                return
        elif any(self.margins.counted(figure, unit) for unit in self._cells.get(figure.question, ())):
            terms = self.answering(figure.question, figure.item, figure.codes, figure.group)
        else:
            return
        if figure.group == EVERYONE:
            low, high, _ = figure.counts_at(self.margins.size)
            self.program.keep(terms, low, high)
            return
        picks = self._picks[figure.group].items()
        counts = {base: figure.counts_at(base) for base, _ in picks}
        self.program.keep([*terms, *((pick, -counts[base].low) for base, pick in picks)], 0, inf)
        self.program.keep([*terms, *((pick, -counts[base].high) for base, pick in picks)], -inf, 0)

    @cached_property
    def feasible(self) -> bool:
        """Whether there is any such table. Raises `Undecided` where that was not decided."""
        return self.program.solve() is not None

    def extent(self, terms: Terms) -> Extent | None:
        """Find the range of a sum of people, with whole factors; None where there is no such table."""
        return self.program.extent(terms)

    @contextmanager
    def holding(self, sums: Sequence[tuple[Terms, int]]) -> Iterator[None]:
        """Hold some sums at a number for as long as the block runs."""
        with self.program.extended():
            for terms, value in sums:
                self.program.keep(terms, value, value)
            yield


def _tied_units(margins: Margins, question: Question, asked: Collection[tuple[str, str]]) -> tuple[Unit, ...]:
    """The units that tie to the groups or are asked for; all where an exclusive option ties them."""
    units = margins.units(question)
    by_group = [figure for figure in margins.about(question) if figure.group != EVERYONE]
    wanted = tuple(
        unit
        for unit in units
        if any(margins.counted(figure, unit) for figure in by_group)
        or any(one == question.id and unit.part in ("", item) for one, item in asked)
    )
    return units if wanted and exclusive_options(question) else wanted


def item_table(margins: Margins, question: Question) -> tuple[Program, dict[Unit, dict[Code, int]]]:
    """Write the program of a question on its own, not split by group: a cell for each unit and code."""
    program = Program()
    cells = margins.cells(program, question, [margins.size])
    units = {unit: slots[0] for unit, slots in cells.items()}
    for figure in margins.about(question):
        if figure.group == EVERYONE:
            unit = next(unit for unit in units if margins.counted(figure, unit))
            low, high, _ = figure.counts_at(margins.size)
            program.keep(total([units[unit][code] for code in figure.codes]), low, high)
    return program, units


def all_high(
    margins: Margins,
    program: Program,
    question: Question,
    items: Sequence[str],
    sizes: Sequence[Terms | int],
    cells: Mapping[Unit, Sequence[Mapping[Code, int]]],
) -> Terms:
    """Add how many of each slot choose, or rate high, all of some items: anything that their counts allow."""
    alone = exclusive_options(question)
    excess, together_rows = len(items) - 1.0, list[int]()
    for at, size in enumerate(sizes):
        high = []
        for one in items:
            unit = next(unit for unit in cells if unit.part in ("", one))
            high.append(total([cells[unit][at][code] for code in high_codes(margins, question, one)]))
        together = program.variable(0 if len(items) > 1 and set(items) & alone else margins.size)
        together_rows.append(together)
        rest = [(variable, -factor) for terms in high for variable, factor in terms]
        if not isinstance(size, int):
            rest += [(variable, excess * factor) for variable, factor in size]
        if not set(items) & alone:
            lone = [cells[unit][at][1] for unit in cells if unit.part in alone]
            rest += [(variable, -excess) for variable in lone]
        known = -excess * size if isinstance(size, int) else 0.0
        program.keep([(together, 1.0), *gathered(rest)], known, inf)
        for terms in high:
            fewer = [(variable, -factor) for variable, factor in terms]
            program.keep([(together, 1.0), *fewer], -margins.size, 0)
    return total(together_rows)


def gathered(terms: Terms) -> Terms:
    """Add up the factors of each variable."""
    factors: dict[int, float] = {}
    for variable, factor in terms:
        factors[variable] = factors.get(variable, 0.0) + factor
    return [*factors.items()]


def untied(margins: Margins, question: Question, item: str) -> bool:
    """Whether nothing ties an answer to the groups or to another item: it has any count in any group."""
    if question == margins.banner or exclusive_options(question):
        return False
    unit = next(unit for unit in margins.units(question) if unit.part in ("", item))
    return not any(one.group != EVERYONE and margins.counted(one, unit) for one in margins.figures)


def overall_extent(margins: Margins, question: Question, item: str, codes: Collection[Code]) -> Extent:
    """Find how many of all respondents may give one of these answers, by the figures on all of them.

    Raises
    ------
    Undecided
        The search was given up.
    """
    program, units = item_table(margins, question)
    unit = next(unit for unit in units if unit.part in ("", item))
    extent = program.extent(total([units[unit][code] for code in codes]))
    if extent is None:  # the figures hold together, so this is a table the solver lost
        raise Undecided
    return extent


def exclusive_options(question: Question) -> set[str]:
    """The options of a select-all question that go with no other."""
    if question.kind != "multiple":
        return set()
    return {option.id for option in question.options if option.exclusive}


def high_codes(margins: Margins, question: Question, item: str) -> tuple[Code, ...]:
    """The answers that count as high or chosen: the top box of a scale, the option itself."""
    return counted_codes(margins.instrument, question, item, shown_share(margins.instrument, question))
