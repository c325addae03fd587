"""What dated events and printed figures of a company can decide: the closed table `FACT_RULES`.

A rule looks at the facts of one company and says whether what it stands for holds there. Adding one is a
function and a line in the table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from survey.instrument.printed_amounts import Amount


@dataclass(frozen=True)
class EventFact:
    """An event: its first and last possible day (None where no date is given), where, and of what subject."""

    fact: str
    kind: str
    printed: str
    first: date | None
    last: date | None
    places: tuple[str, ...] = ()
    of: str = ""


@dataclass(frozen=True)
class FigureFact:
    """A figure: the range that its printed value allows, or the answer that it stands for."""

    fact: str
    measure: str
    of: str
    date: str
    value: str
    amount: Amount | None = None
    answer: str = ""
    outlook: bool = False
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class CompanyFacts:
    """What is known of one company."""

    company: str
    events: tuple[EventFact, ...] = ()
    figures: tuple[FigureFact, ...] = ()

    def first(self, kinds: tuple[str, ...]) -> EventFact | None:
        """The earliest dated event of some kinds: the one that was over first."""
        dated = [event for event in self.events if event.kind in kinds and event.last is not None]
        return min(dated, key=lambda event: (event.last, event.first), default=None)

    def of_measures(self, measures: tuple[str, ...]) -> list[FigureFact]:
        """The figures of some measures, without forecasts."""
        return [figure for figure in self.figures if figure.measure in measures and not figure.outlook]


class FactQuestion(Protocol):
    """What a rule is asked: `FactTest` of the schema is one."""

    @property
    def events(self) -> tuple[str, ...]:
        """Kinds of events."""

    @property
    def then(self) -> tuple[str, ...]:
        """Kinds of events that come after them."""

    @property
    def measures(self) -> tuple[str, ...]:
        """Measures."""

    @property
    def places(self) -> tuple[str, ...]:
        """Places."""

    @property
    def yes_in(self) -> tuple[str, ...]:
        """Companies in which the answer is to be yes; in all others no."""

    @property
    def value(self) -> int | None:
        """A number."""


class Outcome(NamedTuple):
    """Whether it holds (None: the facts do not say), by which facts, and the dates that were compared."""

    holds: bool | None
    facts: tuple[str, ...] = ()
    dates: tuple[date, ...] = ()


_SILENT = Outcome(None)


def in_order(known: CompanyFacts, test: FactQuestion) -> Outcome:
    """The first of some events is over before the first of some others begins."""
    one, other = known.first(test.events), known.first(test.then)
    if not (one and other and one.first and one.last and other.first and other.last):
        return _SILENT
    sure = one.last < other.first, other.last < one.first
    return Outcome(sure[0] if any(sure) else None, (one.fact, other.fact), (one.first, other.first))


def first_at(known: CompanyFacts, test: FactQuestion) -> Outcome:
    """The first of some events happened at one of some places."""
    event = known.first(test.events)
    if event is None or not event.places:
        return _SILENT
    return Outcome(bool(set(event.places) & set(test.places)), (event.fact,))


def all_at(known: CompanyFacts, test: FactQuestion) -> Outcome:
    """All of some events happened at some places, as far as it is said where."""
    events = [event for event in known.events if event.kind in test.events and event.places]
    elsewhere = [event for event in events if not set(event.places) <= set(test.places)]
    if not events:
        return _SILENT
    return Outcome(not elsewhere, tuple(event.fact for event in elsewhere or events))


def at_least(known: CompanyFacts, test: FactQuestion) -> Outcome:
    """There are so many of some events. Fewer decide nothing where there is none at all."""
    events = tuple(event.fact for event in known.events if event.kind in test.events)
    return Outcome(len(events) >= (test.value or 1), events) if events else _SILENT


def positive(known: CompanyFacts, test: FactQuestion) -> Outcome:
    """Some figure of a measure is above zero. Figures of one date that differ in their sign say nothing."""
    figures = [figure for figure in known.of_measures(test.measures) if figure.amount]
    signs: dict[tuple[str, str, str], set[bool]] = {}
    for figure in figures:
        signs.setdefault(_what(figure), set()).add(_is_positive(figure))
    figures = [figure for figure in figures if len(signs[_what(figure)]) == 1]
    above = tuple(figure.fact for figure in figures if _is_positive(figure))
    if not figures:
        return _SILENT
    return Outcome(bool(above), above or tuple(figure.fact for figure in figures))


def negative(known: CompanyFacts, test: FactQuestion) -> Outcome:
    """No figure of a measure is above zero."""
    above = positive(known, test)
    return above if above.holds is None else Outcome(not above.holds, above.facts)


def _what(figure: FigureFact) -> tuple[str, str, str]:
    return figure.measure, figure.of, figure.date


def _is_positive(figure: FigureFact) -> bool:
    return figure.amount is not None and figure.amount.low > 0


def equal(known: CompanyFacts, test: FactQuestion) -> Outcome:
    """Two measures agree at every date at which there are figures of both."""
    pairs = [
        (one, other)
        for one in known.of_measures(test.measures[:1])
        for other in known.of_measures(test.measures[1:2])
        if one.date == other.date and one.amount and other.amount
    ]
    apart = [(one, other) for one, other in pairs if not one.amount.agrees(other.amount)]  # type: ignore
    if not pairs:
        return _SILENT
    return Outcome(not apart, tuple(figure.fact for pair in apart or pairs for figure in pair))


def answers(known: CompanyFacts, test: FactQuestion) -> Outcome:
    """The answers to some measures are yes in the companies named, and no in the others."""
    figures = [figure for figure in known.of_measures(test.measures) if figure.answer]
    wanted = "yes" if known.company in test.yes_in else "no"
    given = {figure.answer for figure in figures}
    facts = tuple(figure.fact for figure in figures)
    return Outcome(given == {wanted}, facts) if len(given) == 1 else Outcome(None, facts)


class FactRule(NamedTuple):
    """How a rule is decided, and the keys of a test that it cannot do without."""

    decide: Callable[[CompanyFacts, FactQuestion], Outcome]
    needs: tuple[str, ...]


# A new rule is a function above and a line here; docs/propositions.md lists them.
FACT_RULES: dict[str, FactRule] = {
    "in_order": FactRule(in_order, ("events", "then")),
    "first_at": FactRule(first_at, ("events", "places")),
    "all_at": FactRule(all_at, ("events", "places")),
    "at_least": FactRule(at_least, ("events", "value")),
    "positive": FactRule(positive, ("measures",)),
    "negative": FactRule(negative, ("measures",)),
    "equal": FactRule(equal, ("measures",)),
    "answers": FactRule(answers, ("measures",)),
}
