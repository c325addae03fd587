"""Derived variables: the rules by which they are made of others, and the order in which.

What each kind of rule takes and makes stands in `derived_forms`; `survey.ingest.deriving` computes them.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from survey.instrument.option import Option
from survey.instrument.question import AskedIf, Question
from survey.instrument.schema import Id, OptionCode, Strict, Text, Wording, text_in

# Between the ids of crossed questions, and between those of their options (which may name columns in SPSS).
CROSSED = "*"
CELL = "."
# A cross of more groups fills no table that anybody reads.
MOST_CELLS = 60

BAND_ENDS = ("at_least", "at_most", "below")
CONDITIONS = ("all_of", "any_of")

# What a derived variable is made by: `derived_forms` has a line for each.
DerivedKind = Literal["bands", "recode", "net", "condition", "score", "cross"]


class DerivedOption(Strict):
    """One option of a derived variable, and who is in it.

    A band: `at_least`, `at_most` (both included) and `below`, numbers or days ("2026-01-31"). A recode or a
    net: `any` of the options or points of its source. A condition: `all_of` these hold, and `any_of` those,
    as in `asked_if`. `otherwise`: whoever is certainly in no other option.
    """

    id: Id
    label: Wording
    at_least: float | int | Text | None = None
    at_most: float | int | Text | None = None
    below: float | int | Text | None = None
    any: tuple[OptionCode | int | float, ...] = ()
    all_of: tuple[AskedIf, ...] = ()
    any_of: tuple[AskedIf, ...] = ()
    otherwise: bool = False

    def said(self, lang: str) -> str:
        """The label in `lang`, or in the first language there is."""
        return text_in(self.label, lang)

    @property
    def forms(self) -> tuple[str, ...]:
        """Every way the option may be written: its id, its labels."""
        return (self.id, *self.label.values())


class Derived(Strict):
    """A variable that nobody was asked: what it is made `of`, and how.

    `bands` of a number or date, a `recode` (each answer in one option at most) or `net` (an answer may be in
    several) of a question, a `condition` across questions (the first option that holds), a `score` of items
    (`take` their mean or sum where at `least` so many are answered), a `cross` of several questions (every
    combination of their options).
    """

    id: Id
    kind: DerivedKind
    of: Text | tuple[Text, ...] = ()
    items: tuple[Id, ...] = ()
    take: Literal["mean", "sum"] | None = None
    least: Annotated[int, Field(ge=1)] | None = None
    options: tuple[DerivedOption, ...] = ()
    short: Wording
    group: Wording | None = None
    text: Wording | None = None
    assumption: Wording | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """What `of` names."""
        return (self.of,) if isinstance(self.of, str) else self.of


def routes_of(option: DerivedOption) -> tuple[AskedIf, ...]:
    """Every condition of an option."""
    return (*option.all_of, *option.any_of)


def read_by(rule: Derived) -> tuple[str, ...]:
    """The ids of the variables that a rule reads, each once; of an item that of its rating."""
    names = [name.partition("__")[0] for name in rule.sources]
    names += [route.question for option in rule.options for route in routes_of(option)]
    return tuple(dict.fromkeys(names))


def ordered_rules(rules: Iterable[Derived]) -> list[Derived]:
    """The rules in an order in which each reads what stands before it; those in a circle are left out."""
    waiting = {rule.id: rule for rule in rules}
    ordered: list[Derived] = []
    while ready := [rule for rule in waiting.values() if not set(read_by(rule)) & waiting.keys()]:
        ordered += ready
        for rule in ready:
            del waiting[rule.id]
    return ordered


def circle_of(rule: Derived, rules: Collection[Derived]) -> list[str]:
    """The ids of the rules by way of which a rule reads itself, its own among them; else none."""

    def reached_from(start: Derived) -> set[str]:
        by_id = {one.id: one for one in rules}
        reached: set[str] = set()
        waiting = [start.id]
        while waiting:
            new = {name for name in read_by(by_id[waiting.pop()]) if name in by_id} - reached
            reached |= new
            waiting += new
        return reached

    reached = reached_from(rule)
    if rule.id not in reached:
        return []
    return [one.id for one in rules if one.id in reached and rule.id in reached_from(one)]


def roots_of(rules: Iterable[Derived], variable: str, asked: Collection[str]) -> frozenset[str]:
    """The questions asked that a variable is made of in the end; of one that was asked itself."""
    made = {rule.id: rule.sources or read_by(rule) for rule in rules}
    roots, waiting = set(), [variable]
    while waiting:
        name = waiting.pop()
        name = name if name in asked else name.partition("__")[0]  # of an item its rating
        if name in made:
            waiting += made[name]
        else:
            roots.add(name)
    return frozenset(roots)


def scored_columns(rule: Derived, sources: Sequence[Question]) -> list[tuple[Question, Option | None, str]]:
    """What a score is made of: question, item (None where it has none) and column of each."""
    columns: list[tuple[Question, Option | None, str]] = []
    for source in sources:
        if source.kind == "rating":
            for item in source.items:
                if not rule.items or item.id in rule.items:
                    columns.append((source, item, f"{source.id}__{item.id}"))
        else:
            columns.append((source, None, source.id))
    return columns


def band_ends(option: DerivedOption, *, whole: bool = False) -> tuple[float, float]:
    """A band as numbers, the first in it and the first beyond it; days count from the first of 1970."""
    low, high, below = (as_number(getattr(option, name)) for name in BAND_ENDS)
    start = -math.inf if low is None else low
    if below is not None:
        return start, below
    if high is None:
        return start, math.inf
    return start, math.floor(high) + 1.0 if whole else math.nextafter(high, math.inf)


def as_number(value: float | str | None) -> float | None:
    """The end of a band as a number; a day counts from the first of 1970."""
    if isinstance(value, str):
        return float((date.fromisoformat(value) - date(1970, 1, 1)).days)
    return value
