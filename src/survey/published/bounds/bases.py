"""Bases that were not printed: which are possible for a group alone, and which in one joint table."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from survey.published.bounds.conflicts import smallest_conflict
from survey.published.bounds.integer_program import Undecided
from survey.published.bounds.joint_table import JointTable
from survey.published.bounds.margins import Margins, refuse_many_bases
from survey.published.findings.figures import EVERYONE

MOST_COMBINATIONS = 400
MOST_BASES = 400  # of all groups: each is held against one joint table, which takes up to a second


@dataclass(frozen=True)
class GroupBase:
    """One base at which the shares of a group are possible together.

    `survives`: some joint table has it. Where none has, `lines` are the lines of figures that cannot hold
    together at this base, and `smallest` whether it is proved that no fewer lines exclude it.
    """

    group: str
    base: int
    survives: bool
    lines: tuple[int, ...] = ()
    smallest: bool = False


@dataclass(frozen=True)
class RecoveredBases:
    """The bases of all groups, and the combinations of bases that fit one joint table.

    `combinations` is None where there are too many to try each; `possible` says how many there would be.
    """

    bases: tuple[GroupBase, ...]
    combinations: tuple[dict[str, int], ...] | None
    possible: int

    def alone(self, group: str) -> tuple[int, ...]:
        """The bases that are possible for a group on its own."""
        return tuple(one.base for one in self.bases if one.group == group)

    def surviving(self) -> dict[str, tuple[int, ...]]:
        """The bases of each group that some joint table has."""
        groups = dict.fromkeys(one.group for one in self.bases)
        return {
            group: tuple(one.base for one in self.bases if one.group == group and one.survives)
            for group in groups
        }


def surviving_bases(margins: Margins) -> dict[str, tuple[int, ...]]:
    """Find the bases of each group that some joint table has, those not decided included.

    Raises
    ------
    FindingsError
        So many are possible that the search would take hours.
    """
    candidates = {group: tuple(margins.admissible[group]) for group in margins.groups}
    refuse_many_bases(sum(map(len, candidates.values())), MOST_BASES)
    return {
        group: tuple(base for base in bases if _fits(margins, {**candidates, group: (base,)}))
        for group, bases in candidates.items()
    }


def recover_bases(margins: Margins, surviving: Mapping[str, tuple[int, ...]]) -> RecoveredBases:
    """Say of every base that is possible alone what removes it, and list the combinations of the rest."""
    rows = []
    for group in margins.groups:
        for base in margins.admissible[group]:
            if base in surviving[group]:
                rows.append(GroupBase(group, base, True))
                continue
            conflict = smallest_conflict(_tied(margins), _holding(margins, group, base))
            rows.append(GroupBase(group, base, False, conflict.lines, conflict.smallest))
    possible = prod(len(bases) for bases in surviving.values()) if surviving else 0
    listed = tuple(joint_combinations(margins, surviving)) if possible <= MOST_COMBINATIONS else None
    return RecoveredBases(tuple(rows), listed, possible)


def _tied(margins: Margins) -> list[int]:
    """The lines that can exclude a base: those of the banner, and of questions with a figure by group."""
    by_group = {figure.question for figure in margins.figures if figure.group != EVERYONE}
    if margins.banner:
        by_group.add(margins.banner.id)
    return [figure.line for figure in margins.figures if figure.question in by_group]


def _fits(margins: Margins, bases: Mapping[str, tuple[int, ...]]) -> bool:
    try:
        return JointTable(margins, bases).feasible
    except Undecided:
        return True


def _holding(margins: Margins, group: str, base: int) -> Callable[[frozenset[int]], bool]:
    """Give the question whether some lines can hold together where a group has this base."""

    def agree(lines: frozenset[int]) -> bool:
        kept = tuple(figure for figure in margins.figures if figure.line in lines)
        fewer = Margins(margins.instrument, kept, margins.size)
        bases = {one: (base,) if one == group else tuple(fewer.admissible[one]) for one in fewer.groups}
        return JointTable(fewer, bases).feasible

    return agree


def joint_combinations(
    margins: Margins, surviving: Mapping[str, tuple[int, ...]]
) -> Iterator[dict[str, int]]:
    """List the combinations of bases that fit one joint table, those not decided included."""
    for bases in product(*surviving.values()) if surviving else ():
        combination = dict(zip(surviving, bases, strict=True))
        if _fits(margins, {group: (base,) for group, base in combination.items()}):
            yield combination
