"""What a tally counts: instrument, banners, conditions and weight; only tallies of the same can be added."""

from dataclasses import dataclass
from functools import cached_property

from survey.counts.code_columns import CodeColumns
from survey.counts.patterns import PatternSpace
from survey.errors import Problem, UsageError
from survey.ingest.conditions import Condition
from survey.instrument import Instrument, Question
from survey.instrument.kinds import kinds_with

MEASURES = ("n", "w", "w2")
# Weights, and their squares, are rounded to multiples of this: sums of them are exact.
WEIGHT_UNIT = 2.0**-24

# The kinds whose answers are patterns of yes and no: ticked, or in the top box of the scale.
SEVERAL = kinds_with(split=True, shares=True)


@dataclass(frozen=True)
class Definition:
    """What a tally counts, fixed when it is made. Only tallies of one definition can be added.

    `banners`: the variables, crossed ones (`a*b`) among them. `subset`: the conditions that all respondents
    meet. `weight`: the name of the weights; "" where there are none.
    """

    instrument: Instrument
    banners: tuple[str, ...] = ()
    subset: tuple[Condition, ...] = ()
    weight: str = ""

    @cached_property
    def columns(self) -> CodeColumns:
        """The columns that are counted."""
        return CodeColumns.of(self.instrument)

    @property
    def measures(self) -> tuple[str, ...]:
        """What is summed."""
        return MEASURES if self.weight else MEASURES[:1]

    @cached_property
    def spaces(self) -> dict[str, PatternSpace]:
        """The patterns of every banner and of every question of several parts."""
        several = [question.id for question in self.questions(*SEVERAL)]
        return {
            name: PatternSpace.of(self.instrument, self.instrument.with_shares(name))
            for name in (*self.banners, *several)
        }

    def questions(self, *kinds: str) -> list[Question]:
        """The questions of some kinds."""
        return [question for question in self.instrument.variables if question.kind in kinds]

    @cached_property
    def pattern_keys(self) -> tuple[tuple[str, str], ...]:
        """The blocks of `patterns`: banner ("" for none) and question of several parts."""
        return tuple(
            (banner, question.id)
            for question in self.questions(*SEVERAL)
            for banner in ("", *self.banners)
            if question.id != banner
        )

    @cached_property
    def number_keys(self) -> tuple[tuple[str, str], ...]:
        """The blocks of `numbers`: banner ("" for none) and column of quantities."""
        return tuple(
            (banner, column)
            for question in self.questions(*kinds_with(measured=True))
            for column in question.answer_columns
            for banner in ("", *self.banners)
        )


def differences(one: Definition, other: Definition) -> list[Problem]:
    """What keeps two tallies from being added, each with what both say."""
    if one is other:
        return []
    pairs = {
        "tally_instruments": (one.instrument.id, other.instrument.id),
        "tally_versions": (one.instrument.reference, other.instrument.reference),
        "tally_contents": (one.instrument.content_hash[:12], other.instrument.content_hash[:12]),
        "tally_banners": (_banners(one), _banners(other)),
        "tally_conditions": (_conditions(one), _conditions(other)),
        "tally_weights": (one.weight, other.weight),
    }
    found = [
        Problem(
            key, values={"one": first or "-", "other": second or "-", "instrument": one.instrument.reference}
        )
        for key, (first, second) in pairs.items()
        if first != second
    ]
    return found[:1] if found and found[0].key in list(pairs)[:3] else found


def _banners(definition: Definition) -> str:
    return ", ".join(sorted(definition.banners))


def _conditions(definition: Definition) -> str:
    """The conditions as they would be typed, in one order."""
    return ", ".join(sorted(map(condition_text, definition.subset)))


def condition_text(condition: Condition) -> str:
    """A condition by ids, as `parse_condition` reads it."""
    subject = condition.question.id + (f"__{condition.part.id}" if condition.part else "")
    return f"{subject}{condition.comparison}{','.join(str(value) for value in condition.values)}"


def refuse_different(one: Definition, other: Definition) -> None:
    """Refuse to add tallies of different definitions (`UsageError`)."""
    if problems := differences(one, other):
        raise UsageError(*problems)
