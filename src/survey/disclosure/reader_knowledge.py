"""What a reader knows of a report with hidden cells: printed counts, groups, and rules that everybody keeps.

The joint table says how many respondents follow each combination of groups and give each answer to each
part: a part is a question, an item, or one option of a select-all question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from survey.errors import usage

MOST_PATTERNS = 2048


class Part(NamedTuple):
    """What is answered as one: a question (no `item`), an item, or an option of a select-all question."""

    question: str
    item: str = ""


class Group(NamedTuple):
    """A group of respondents: an answer to the question whose groups are told apart."""

    banner: str = ""
    code: str = ""


MEMBERS = Part("", "members")  # the part whose count is that of the members of a group
REST = ""  # answered, and gave none of the answers that are told apart
Term = tuple[Part, tuple[str, ...] | None, int]  # of a limit: a part, answers to it (None: any), a factor
EVERYBODY = Group()  # the group that everybody is in

# How many groups a respondent may be in; who is in none or in several is seen nowhere else.
_NUMBERS = {
    "one": lambda groups: groups == 1,
    "exclusive": lambda groups: groups <= 1,
    "mixed": lambda groups: groups != 1,
    "any": lambda groups: groups >= 0,
}


@dataclass(frozen=True)
class Cell:
    """A printed count: `n` of `base` respondents in `group` gave one of `answers` to `part`.

    `other_n` of `other_base` did so outside the group; both are 0 where nothing is said of the others.
    `question` tells apart the bases: those of a question and group that are equal are one number. `counted`:
    the answers that the base counts; None for any.
    """

    part: Part
    answers: tuple[str, ...]
    group: Group
    n: int
    base: int
    other_n: int = 0
    other_base: int = 0
    question: str = ""
    counted: tuple[str, ...] | None = None

    @property
    def total(self) -> int:
        """The count inside and outside the group."""
        return self.n + self.other_n

    @property
    def unit(self) -> tuple[str, Group, int, int]:
        """The cells that print the same base: to hide it in one is to hide it in all."""
        group = EVERYBODY if self.part == MEMBERS else self.group
        return self.question, group, self.base, self.other_base

    def is_small(self, minimum: int) -> bool:
        """Whether a count or base of the cell is 1 to `minimum` - 1."""
        return any(0 < count < minimum for count in (self.n, self.other_n)) or self.has_small_base(minimum)

    def has_small_base(self, minimum: int) -> bool:
        """Whether a base of the cell is 1 to `minimum` - 1."""
        return any(0 < base < minimum for base in (self.base, self.other_base))


@dataclass(frozen=True)
class Limit:
    """A rule that everybody keeps: the counts of `terms` are at most `most` for each respondent.

    A term is a part, answers to it (None: any answer) and a factor. `within`: only for those who are in this
    group, or (`state` 0) are not, or (-1) of whom it is unknown.
    """

    terms: tuple[Term, ...]
    most: int
    within: Group = EVERYBODY
    state: int = 1

    @property
    def parts(self) -> set[Part]:
        """The parts that it is about."""
        return {part for part, _, _ in self.terms}


@dataclass(frozen=True)
class Grouping:
    """The groups of one banner, and how many of them a respondent may be in.

    `membership` is "one", "exclusive" (one or none), "mixed" (none or several) or "any". `unknown` says how
    many respondents have no known group; `partly` that one may be in a group and unknown for another.
    """

    groups: tuple[Group, ...]
    membership: str
    unknown: int = 0
    partly: bool = False


@dataclass(frozen=True)
class Knowledge:
    """What is printed: cells, the answers to each part (`REST` among them where others are possible).

    `size` links the parts: it is the number of respondents, who all answered some of them. Without it each
    part stands alone. `totals` says that the reader knows every count and base inside and outside its group
    together. `groupings` are the banners whose groups the cells count; where there are none, the groups of
    the cells are those of one banner, and a respondent is in as few of them as the bases allow.
    """

    cells: Sequence[Cell]
    answers: Mapping[Part, Sequence[str]]
    size: int | None = None
    totals: bool = False
    groupings: Sequence[Grouping] = ()
    limits: Sequence[Limit] = ()

    @property
    def groups(self) -> list[Group]:
        """The groups in their order."""
        return list(dict.fromkeys(cell.group for cell in self.cells if cell.group != EVERYBODY))

    @property
    def guesses(self) -> list[str]:
        """How many groups a respondent may be in, as far as the bases allow, strictest first."""
        sums: dict[tuple[Part, tuple[str, ...]], int] = {}
        wholes = []
        for cell in self.cells:
            if cell.group != EVERYBODY and cell.part != MEMBERS:
                key = (cell.part, cell.answers)
                sums[key] = sums.get(key, 0) + cell.base
                wholes.append(cell.base + cell.other_base)
        if not wholes or max(sums.values()) > min(wholes):
            return ["any"]
        return [*(["one"] if set(sums.values()) == set(wholes) else []), "exclusive", "any"]


def patterns_of(groups: int, membership: str, *, partly: bool, unknown: bool) -> Any:
    """One row per combination of groups: 1 in it, 0 outside, -1 unknown.

    Raises
    ------
    UsageError
        More combinations than can be checked.
    """
    import numpy as np

    if membership in ("one", "exclusive") and not partly:
        patterns = np.eye(groups, dtype=int)
        if membership == "exclusive" or not groups:
            patterns = np.vstack([np.zeros((1, groups), dtype=int), patterns])
    else:
        states = (1, 0, -1) if partly else (1, 0)
        if len(states) ** groups > MOST_PATTERNS:
            raise usage("suppress_groups", groups=groups)
        patterns = np.array(list(product(states, repeat=groups)), dtype=int)
        known = (patterns != -1).all(axis=1)
        if membership != "any":
            patterns = patterns[~known | _NUMBERS[membership]((patterns == 1).sum(axis=1))]
    if groups and not partly and unknown:
        patterns = np.vstack([patterns, np.full((1, groups), -1)])
    return patterns


def joint_patterns(groupings: Sequence[Grouping]) -> Any:
    """One row per combination of the groups of all banners.

    Raises
    ------
    UsageError
        More combinations than can be checked.
    """
    import numpy as np

    patterns = np.zeros((1, 0), dtype=int)
    for grouping in groupings:
        groups, unknown = len(grouping.groups), bool(grouping.unknown)
        own = patterns_of(groups, grouping.membership, partly=grouping.partly, unknown=unknown)
        if len(patterns) * len(own) > MOST_PATTERNS:
            raise usage("suppress_groups", groups=patterns.shape[1] + groups)
        patterns = np.hstack([np.repeat(patterns, len(own), axis=0), np.tile(own, (len(patterns), 1))])
    return patterns
