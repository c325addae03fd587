"""Infeasible figures: the smallest set of lines that cannot hold together, by minimal hitting sets.

Whatever cannot hold together must contain a line of every correction set (the lines left out of a largest
agreeing set). The fewest lines that hit all correction sets found so far either cannot hold together, and are
then the smallest conflict there is, or grow to a new agreeing set.

References
----------
Ignatiev, Previti, Liffiton, Marques-Silva (2015), Smallest MUS extraction with minimal hitting set
dualization, CP 2015.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from survey.published.bounds.integer_program import Program, Undecided, total

_MOST_TRIES = 1_000  # sets of lines


class Conflict(NamedTuple):
    """Lines that cannot hold together; none can be spared. `smallest`: no fewer lines do it, proved."""

    lines: tuple[int, ...]
    smallest: bool


def smallest_conflict(
    lines: Iterable[int], agree: Callable[[frozenset[int]], bool], *, tries: int = _MOST_TRIES
) -> Conflict:
    """Find the fewest lines that cannot hold together, given that all of them cannot.

    Parameters
    ----------
    lines
        Numbers of the lines.
    agree
        Whether some lines can hold together; it may raise `Undecided`, and the result is then not proved.
    tries
        How often to ask before the search for the smallest is given up, and some set is given from which no
        line can be spared.
    """
    lines = list(dict.fromkeys(lines))
    sure, asked = True, 0

    def fits(some: frozenset[int]) -> bool:
        nonlocal sure, asked
        asked += 1
        try:
            return agree(some)
        except Undecided:
            sure = False
            return True

    corrections: list[frozenset[int]] = []
    while asked < tries:
        core = _hitting(lines, corrections)
        if not fits(core):
            return Conflict(tuple(line for line in lines if line in core), sure)
        for line in lines:
            if line not in core and fits(core | {line}):
                core |= {line}
        if len(core) == len(lines):  # all of them fit, as far as could be told
            return Conflict(tuple(lines), False)
        corrections.append(frozenset(lines) - core)
    kept = frozenset(lines)
    for line in lines:
        if not fits(kept - {line}):
            kept -= {line}
    return Conflict(tuple(line for line in lines if line in kept), False)


def _hitting(lines: list[int], corrections: list[frozenset[int]]) -> frozenset[int]:
    """The fewest lines of which every correction set has one."""
    if not corrections:
        return frozenset()
    program = Program()
    picks = {line: program.variable(1, cost=1.0) for line in lines}
    for correction in corrections:
        program.keep(total([picks[line] for line in correction]), 1, len(lines))
    solved = program.solve()
    if solved is None:
        raise Undecided
    return frozenset(line for line, pick in picks.items() if solved[pick])
