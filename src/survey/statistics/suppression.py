"""Small cells of a published table: hidden, with enough others that nobody can work them back.

What a reader knows is written as a linear program over the joint table that nobody prints: how many
respondents follow each combination of groups and answer each row. A hidden count is safe when the largest
value it may have, given everything left in the table, is not small.
"""

from dataclasses import dataclass, field
from itertools import product
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from survey.errors import usage
from survey.messages import message
from survey.statistics.crosstabs import holm

if TYPE_CHECKING:
    import pandas as pd

_MOST_PATTERNS = 2048
_HIDDEN = {
    "frequency": ("n", "proportion", "ci_low", "ci_high"),
    "crosstab": (
        *("n", "proportion", "ci_low", "ci_high", "complement_n"),
        *("difference", "difference_low", "difference_high", "method", "p_value", "p_adjusted"),
    ),
}
_BASES = ("base", "complement_base")


def suppress(table: "pd.DataFrame", minimum: int = 5, *, lang: str = "en") -> "pd.DataFrame":
    """Give the same rows with small cells hidden, and with them enough others to keep them hidden.

    For a table of `frequencies` or `crosstab` (against the complement). A row is small where its count, or
    that of its complement, is 1 to `minimum` - 1, or where one of its bases is; a count of 0 says nothing
    about anybody and stays. A hidden row loses its count and everything that gives it away: shares, limits,
    differences, p-values, the count of the complement; a small base too, with that of the complement. `note`
    begins with [c] there. Holm's adjustment is made anew over the tests that are left, since the old
    one would tell about the hidden.

    Protection: the reader is taken to know the rule, the total of every row and of every base, and that
    groups overlap in some way, or exclude each other where their bases allow it. A hidden count is safe
    when, given all that, it may be as large as `minimum`, or as the total of its row where that is
    smaller, and when it may also differ from what it is. Feasible limits come from linear programming
    (HiGHS), rounded to whole numbers. Rows are hidden, the smallest count first, until every hidden one
    is safe. Tables are protected one at a time: a table of other cells of the same respondents (overlaps,
    a subset, other groups) may tell more.

    Raises
    ------
    UsageError
        Another kind of table, a minimum that is no whole number of 1 or more, hidden cells already, or so
        many groups that their combinations (over 2,048) cannot be checked.

    References
    ----------
    Hundepool, A. et al. (2012), Statistical Disclosure Control, chapter 4 (secondary suppression, audit).
    """
    if isinstance(minimum, bool) or not isinstance(minimum, int) or minimum < 1:
        raise usage("minimum_unusable", minimum=minimum)
    kind = "crosstab" if "complement_n" in table.columns else "frequency"
    if not {"note" if kind == "crosstab" else "code", *_HIDDEN[kind], "base"} <= set(table.columns):
        raise usage("suppress_kind", known=", ".join(_HIDDEN))
    if table["n"].isna().any():
        raise usage("suppress_twice")
    cells = _cells(table, kind)
    hidden = _small(cells, minimum)
    for block in _blocks(cells, kind):
        _protect(block, cells, hidden, minimum)
    return _blanked(table, kind, cells, hidden, minimum, lang)


def feasible(table: "pd.DataFrame", hidden: "set[int]", place: int) -> tuple[int, int]:
    """The least and the largest value that the count of a row may have when the rows `hidden` are hidden.

    `table` is the table as it was, `place` and `hidden` are positions of rows. This is the audit of
    `suppress`: what somebody finds out who knows all the rest and the totals of rows and bases.
    """
    kind = "crosstab" if "complement_n" in table.columns else "frequency"
    cells = _cells(table, kind)
    block = next(block for block in _blocks(cells, kind) if place in block.rows)
    return _Program(block, cells).limits(place, hidden)


@dataclass(frozen=True)
class _Cell:
    stub: str
    group: str
    n: int
    base: int
    other_n: int
    other_base: int

    @property
    def total(self) -> int:
        return self.n + self.other_n


@dataclass
class _Block:
    """Rows of the table that tell about each other: all rows of a single question, or of one item."""

    rows: list[int] = field(default_factory=list)
    exhaustive: bool = False  # the stubs exclude each other and add up to the base
    totals: bool = True  # the total of a row is known apart from its groups


def _cells(table: "pd.DataFrame", kind: str) -> list[_Cell]:
    if kind == "frequency":  # the base is the one group; nobody is outside it
        items = table["item"].astype(str) + "|"
        columns = (items + table["code"].astype(str), items, table["n"], table["base"])
        return [_Cell(str(s), "", int(n), int(base), 0, 0) for s, _, n, base in zip(*columns, strict=True)]
    names = ("stub_code", "banner_code", "n", "base", "complement_n", "complement_base")
    lists = [table[name].tolist() for name in names]
    return [
        _Cell(str(s), str(g), int(n), int(base), int(other), int(other_base))
        for s, g, n, base, other, other_base in zip(*lists, strict=True)
    ]


def _blocks(cells: list[_Cell], kind: str) -> list[_Block]:
    """Split the rows; stubs that add up to every base belong together (a single question, the points)."""
    by_stub: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        by_stub.setdefault(cell.stub, []).append(place)
    families: dict[str, list[list[int]]] = {}
    for stub, rows in by_stub.items():
        family = stub.split("|")[0] if kind == "frequency" else ""
        families.setdefault(family, []).append(rows)
    blocks, totals = [], kind == "crosstab"
    for stubs in families.values():
        groups = zip(*stubs, strict=True)
        if all(_adds_up([cells[place] for place in column]) for column in groups):
            blocks.append(_Block([at for rows in stubs for at in rows], exhaustive=True, totals=totals))
        else:
            blocks += [_Block(rows, totals=totals) for rows in stubs]
    return blocks


def _adds_up(column: list[_Cell]) -> bool:
    bases = {(cell.base, cell.other_base) for cell in column}
    sums = (sum(cell.n for cell in column), sum(cell.other_n for cell in column))
    return bases == {sums}


def _small(cells: list[_Cell], minimum: int) -> set[int]:
    def small(count: int) -> bool:
        return 0 < count < minimum

    return {
        place
        for place, cell in enumerate(cells)
        if any(map(small, (cell.n, cell.other_n, cell.base, cell.other_base)))
    }


class _Program:
    """The joint table behind one block: variables, and what a reader knows about them."""

    def __init__(self, block: _Block, cells: list[_Cell]) -> None:
        import numpy as np

        self.cells = cells
        self.rows, self.totals = block.rows, block.totals
        self.stubs = list(dict.fromkeys(cells[place].stub for place in block.rows))
        self.groups = list(dict.fromkeys(cells[place].group for place in block.rows))
        wholes = {cells[place].base + cells[place].other_base for place in block.rows}
        # Where some did not answer for every group, membership has a third state: not known.
        states = (1, 0) if len(wholes) == 1 else (1, 0, -1)
        if len(states) ** len(self.groups) > _MOST_PATTERNS:
            raise usage("suppress_groups", groups=len(self.groups))
        patterns = np.array(list(product(states, repeat=len(self.groups))))
        # Groups that add to no more than everybody may exclude each other (a single question, exclusive
        # followers): a reader who knows that knows more, so that it is taken as known.
        bases = {(cells[at].stub, cells[at].group): cells[at].base for at in block.rows}
        sums = [sum(base for (stub, _), base in bases.items() if stub == one) for one in self.stubs]
        self.apart = max(sums) <= min(wholes)
        self.every_pattern = patterns
        self.patterns = patterns[(patterns == 1).sum(axis=1) <= 1] if self.apart else patterns
        self.answers = [*self.stubs] if block.exhaustive else [*self.stubs, ""]  # "": answered, not this row

    def _sum(self, group: str, state: int, stub: str | None) -> Any:
        """The coefficients of a count: those in that state of a group, with that answer (None: any)."""
        import numpy as np

        chosen = self.patterns[:, self.groups.index(group)] == state
        answers = np.array([stub is None or answer == stub for answer in self.answers])
        return np.outer(chosen, answers).ravel().astype(float)

    def limits(self, place: int, hidden: set[int]) -> tuple[int, int]:
        """The feasible limits of the count of a hidden row, as whole numbers."""
        import numpy as np
        from scipy.optimize import linprog

        equal: list[Any] = []
        values: list[float] = []

        def know(coefficients: Any, value: int) -> None:
            equal.append(coefficients)
            values.append(value)

        for at in self.rows:
            cell = self.cells[at]
            know(self._sum(cell.group, 1, None), cell.base)
            know(self._sum(cell.group, 0, None), cell.other_base)
            inside, outside = self._sum(cell.group, 1, cell.stub), self._sum(cell.group, 0, cell.stub)
            if self.totals:
                know(inside + outside, cell.total)
            if at not in hidden:
                know(inside, cell.n)
        aim = self._sum(self.cells[place].group, 1, self.cells[place].stub)
        known = np.unique(np.column_stack([equal, values]), axis=0)
        given = {"A_eq": known[:, :-1], "b_eq": known[:, -1]}
        found = [linprog(sign * aim, method="highs", **given) for sign in (1, -1)]
        if any(one.status for one in found):
            if self.apart:  # they do overlap
                self.apart, self.patterns = False, self.every_pattern
                return self.limits(place, hidden)
            raise usage("suppress_contradiction", cell=self.cells[place].stub)
        return ceil(found[0].fun - 1e-6), floor(-found[1].fun + 1e-6)


def _protect(block: _Block, cells: list[_Cell], hidden: set[int], minimum: int) -> None:
    """Hide further rows of the block until every hidden one is safe, or no row is left."""
    if not hidden.intersection(block.rows):
        return
    program = _Program(block, cells)

    def safe(place: int) -> bool:
        low, high = program.limits(place, hidden)
        cell = cells[place]
        if cell.n and (low == high or high < min(minimum, cell.base, _room(cell))):
            return False
        others = cell.total - high, cell.total - low  # the count of the complement
        return not (cell.other_n and cell.other_base) or (
            others[0] < others[1] and others[1] >= min(minimum, cell.other_base, _room(cell))
        )

    while True:
        exposed = [place for place in block.rows if place in hidden and not safe(place)]
        shown = [place for place in block.rows if place not in hidden]
        if not exposed or not shown:
            return
        target = cells[exposed[0]]
        # Those that touch the exposed one first (the same group, the same stub), the smallest count first.
        hidden.add(
            min(
                shown,
                key=lambda place: (
                    (cells[place].group != target.group) + (cells[place].stub != target.stub) > 1,
                    cells[place].n == 0,
                    cells[place].n,
                    place,
                ),
            )
        )


def _room(cell: _Cell) -> int:
    """The most a count may be for a reader who knows the total of its row."""
    return cell.total if cell.other_base else cell.base


def _blanked(
    table: "pd.DataFrame", kind: str, cells: list[_Cell], hidden: set[int], minimum: int, lang: str
) -> "pd.DataFrame":
    import numpy as np

    found = table.copy()
    mask = np.array([place in hidden for place in range(len(table))], dtype=bool)
    low_base = np.array(
        [any(0 < base < minimum for base in (cell.base, cell.other_base)) for cell in cells], dtype=bool
    )
    for name in (*_HIDDEN[kind], *_BASES):
        if name not in found.columns:
            continue
        out = mask & low_base if name in _BASES else mask
        if name == "method":
            found[name] = [("" if gone else value) for gone, value in zip(out, found[name], strict=True)]
        elif name in ("n", "complement_n", *_BASES):
            found[name] = found[name].astype("Int64").mask(out)
        else:
            found[name] = found[name].astype(float).mask(out)
    if kind == "crosstab":
        found["p_adjusted"] = holm(found["p_value"].to_numpy())
    notes = found["note"].tolist() if "note" in found.columns else [""] * len(found)
    said = message("note_suppressed", lang, minimum=minimum)
    found["note"] = [said if gone else note for gone, note in zip(mask, notes, strict=True)]
    return found
