"""The schemas of a case study: facts of its companies, and the propositions that are to be judged on them.

::

    CaseFacts      company, measure, kind of event, subject <- fact
    Propositions   codes of a codebook, facts <- proposition

Every reference points to the left, by id. A fact keeps its value as printed, with the place and the basis;
its date, its answer and its places are a reading of it.
"""

import calendar
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from survey.instrument.fact_rules import FACT_RULES, CompanyFacts, EventFact, FigureFact
from survey.instrument.labelled_parts import Labelled, Named, unknown_part
from survey.instrument.loading import load_kind
from survey.instrument.printed_amounts import Amount, read_amount
from survey.instrument.schema import Fault, Id, Schema, Strict, Text, Wording, by_id, doubles, text_in

StatementId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
_ONE = r"[0-9]{4}(-(H[12]|Q[1-4]|(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?))?"
# A day, a month, a quarter, a half year, a year, or from one to another: 2021-12-10, 2022-H1, 2017/2021.
FactDate = Annotated[str, StringConstraints(pattern=rf"^{_ONE}(/{_ONE})?$")]
Form = Literal["money", "share", "count", "state", "text"]


def _limits(one: str) -> tuple[date, date]:
    """The first and last day of a date without a slash."""
    year, _, part = one.partition("-")
    if part[:1] in ("H", "Q"):
        months = 6 if part[0] == "H" else 3
        last = months * int(part[1])
        return date(int(year), last - months + 1, 1), _month_end(int(year), last)
    month, _, day = part.partition("-")
    if day:
        limit = _month_end(int(year), int(month)).day
        exact = date(int(year), int(month), min(int(day), limit))
        return exact, exact
    return date(int(year), int(month or 1), 1), _month_end(int(year), int(month or 12))


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def date_limits(text: str) -> tuple[date, date] | None:
    """The first and the last day that a date of a fact means; None where there is none."""
    if not text:
        return None
    first, _, last = text.partition("/")
    return _limits(first)[0], _limits(last or first)[1]


class Company(Named):
    """A company or other case, by the name of its group among the interviewees.

    `aside`: it is only told of. Nobody of it is interviewed, and no test speaks of it that does not name it.
    """

    aside: bool = False


class EventKind(Labelled):
    """A kind of event; `abroad`: it is abroad wherever it is; `once`: a company, or subject, has just one."""

    abroad: bool = False
    once: bool = False


class Subject(Labelled):
    """What a figure is about, where it is not the whole company: a product, a team, a place of listing."""


class Term(Strict):
    """A measure, of the whole company or of one subject."""

    measure: Id
    of: Id | None = None


class Share(Strict):
    """What a share is a share of: the sum of some terms, divided by another."""

    parts: Annotated[tuple[Term, ...], Field(min_length=1)]
    whole: Term


class OneOf(Strict):
    """Measures of which just one is to have a value, for every subject that they speak of."""

    measures: Annotated[tuple[Id, ...], Field(min_length=2)]
    value: Text


class Measure(Labelled):
    """What figures measure, and how it hangs together with other measures.

    `growth_of`: it is the growth of that measure on the period before (over several years: compound, a year).
    `sums`: each a list of measures that add up to it. `share`: what it is a share of. `implied_by`: measures
    of which any amount above zero means a yes to this one. `above_half`: shares of which more than a half
    means a yes to it, and less a no. `first_of`: kinds of events of which it names the first place.
    `never_same_as`: measures that cannot have the same words. `one_of`: measures of which one has a value.
    """

    form: Form
    growth_of: Id | None = None
    sums: tuple[tuple[Id, ...], ...] = ()
    share: Share | None = None
    implied_by: tuple[Id, ...] = ()
    above_half: tuple[Id, ...] = ()
    first_of: tuple[Id, ...] = ()
    never_same_as: tuple[Id, ...] = ()
    one_of: OneOf | None = None


class Fact(Strict):
    """One dated event (`event`, `what`) or figure (`measure`, `value` as printed, `unit`), and its place.

    `people` and `segments` are those who say it, where the basis is an interview. `answer` is what the value
    of a state means, `places` where it happened or what it names; `outlook` that it was still to come.
    """

    id: StatementId
    company: Text
    event: Id | None = None
    measure: Id | None = None
    of: Id | None = None
    date: FactDate | None = None
    value: Text | None = None
    unit: Text | None = None
    what: Wording | None = None
    answer: Literal["yes", "no"] | None = None
    places: tuple[Id, ...] = ()
    outlook: bool = False
    place: Text
    basis: Literal["document", "chapter", "interview"]
    people: tuple[Text, ...] = ()
    segments: tuple[Text, ...] = ()
    note: Wording | None = None

    @cached_property
    def amount(self) -> Amount | None:
        """The values that could have been printed so; None for an event or where no amount is printed."""
        return read_amount(self.value, self.unit or "") if self.value and self.measure else None

    def said(self, lang: str) -> str:
        """What happened, or the value as printed with its unit."""
        if self.what:
            return text_in(self.what, lang)
        return " ".join(part for part in (self.value, self.unit) if part)


class FactTest(Strict):
    """What facts are to decide: a rule of `FACT_RULES` and what it looks at.

    `companies`: those it speaks of, all where none is named. `yes_in`: the companies in which the answer is
    to be yes; in the others it is to be no.
    """

    rule: Id
    companies: tuple[Text, ...] = ()
    events: tuple[Id, ...] = ()
    then: tuple[Id, ...] = ()
    measures: tuple[Id, ...] = ()
    places: tuple[Id, ...] = ()
    yes_in: tuple[Text, ...] = ()
    value: Annotated[int, Field(gt=0)] | None = None

    def faults(self, path: tuple[str | int, ...], owner: str) -> Iterator[Fault]:
        """Find a rule that there is not, and keys that it needs."""
        yield from unknown_part((*path, "rule"), "fact_rule_unknown", owner, self.rule, FACT_RULES)
        for name in FACT_RULES[self.rule].needs if self.rule in FACT_RULES else ():
            if not getattr(self, name):
                yield path, "rule_needs", {"id": owner, "rule": self.rule, "key": name}


class Beside(Labelled):
    """What interviewees say who speak to some codes, and the facts that would have to agree with it."""

    codes: Annotated[tuple[Id, ...], Field(min_length=1)]
    facts: FactTest


class CaseFacts(Schema):
    """Dated events and printed figures of the companies of a study, and how its measures hang together.

    `home` are the places at which nothing is abroad.
    """

    kind: Literal["case-facts"]
    companies: Annotated[tuple[Company, ...], Field(min_length=1)]
    events: tuple[EventKind, ...] = ()
    measures: tuple[Measure, ...] = ()
    subjects: tuple[Subject, ...] = ()
    places: tuple[Labelled, ...] = ()
    home: tuple[Id, ...] = ()
    beside: tuple[Beside, ...] = ()
    facts: Annotated[tuple[Fact, ...], Field(min_length=1)]

    def fact(self, fact_id: str) -> Fact:
        """Find a fact by id. Raises `UsageError` with what there is."""
        return by_id(self.facts, fact_id, "unknown_fact", fact=fact_id, facts=self.reference)

    def label(self, part_id: str, lang: str) -> str:
        """The label of a measure, kind of event, subject, place or company."""
        return text_in(self._labels[part_id], lang) if part_id in self._labels else part_id

    @cached_property
    def _labels(self) -> dict[str, Wording]:
        """The labels of companies, measures, kinds of events, subjects and places; the first of equal ids."""
        parts: tuple[Company | Labelled, ...] = (*self.companies, *self.measures, *self.events)
        parts += (*self.subjects, *self.places)
        return {part.id: part.label for part in reversed(parts)}

    def is_abroad(self, fact: Fact) -> bool:
        """Whether an event is abroad: by its kind, or because none of its places is home."""
        kinds = {kind.id for kind in self.events if kind.abroad}
        return fact.event in kinds or bool(
            self.home and fact.places and not set(fact.places) & set(self.home)
        )

    @property
    def cases(self) -> tuple[str, ...]:
        """The companies of the study, without those that are only told of."""
        return tuple(company.id for company in self.companies if not company.aside)

    @cached_property
    def by_company(self) -> dict[str, CompanyFacts]:
        """The facts of each company as the rules take them, companies in the order of the file."""
        known = {}
        counts = {measure.id for measure in self.measures if measure.form == "count"}
        for company in self.companies:
            own = [fact for fact in self.facts if fact.company == company.id]
            known[company.id] = CompanyFacts(
                company.id,
                tuple(_event(fact) for fact in own if fact.event),
                tuple(_figure(fact, fact.measure in counts) for fact in own if fact.measure),
            )
        return known

    def faults(self) -> Iterator[Fault]:
        """Find doubles, references that lead nowhere, and values that are no amount."""
        yield from super().faults()
        for name in ("companies", "events", "measures", "subjects", "places", "beside", "facts"):
            yield from doubles((), name, getattr(self, name))
        for place, name in enumerate(self.home):
            yield from unknown_part(("home", place), "place_unknown", "home", name, self._ids("places"))
        for place, measure in enumerate(self.measures):
            yield from self._measure_faults(("measures", place), measure)
        for place, fact in enumerate(self.facts):
            yield from self._fact_faults(("facts", place), fact)
        for place, one in enumerate(self.beside):
            yield from one.facts.faults(("beside", place, "facts"), one.id)
            yield from self.test_faults(("beside", place, "facts"), one.id, one.facts)

    def _ids(self, name: str) -> list[str]:
        return [part.id for part in getattr(self, name)]

    def _measure_faults(self, path: tuple[str | int, ...], measure: Measure) -> Iterator[Fault]:
        terms = [*measure.share.parts, measure.share.whole] if measure.share else []
        if measure.growth_of == measure.id:
            yield (*path, "growth_of"), "growth_of_itself", {"id": measure.id}
        named = [measure.growth_of] if measure.growth_of else []
        named += [part for parts in measure.sums for part in parts]
        named += [*measure.implied_by, *measure.above_half, *(term.measure for term in terms)]
        named += [*measure.never_same_as, *(measure.one_of.measures if measure.one_of else ())]
        for name in named:
            yield from unknown_part(path, "measure_unknown", measure.id, name, self._ids("measures"))
        for name in [term.of for term in terms if term.of]:
            yield from unknown_part(path, "subject_unknown", measure.id, name, self._ids("subjects"))
        for name in measure.first_of:
            yield from unknown_part(path, "event_unknown", measure.id, name, self._ids("events"))

    @cached_property
    def _names_currencies(self) -> bool:
        """Whether some figure has a currency: one without it could then be compared with none of them."""
        return any(fact.amount and fact.amount.unit for fact in self.facts)

    def _fact_faults(self, path: tuple[str | int, ...], fact: Fact) -> Iterator[Fault]:
        if bool(fact.event) == bool(fact.measure):
            yield path, "fact_of_two_kinds", {"id": fact.id}
        references = (
            ("company", "company_unknown", "companies", (fact.company,)),
            ("event", "event_unknown", "events", (fact.event,)),
            ("measure", "measure_unknown", "measures", (fact.measure,)),
            ("of", "subject_unknown", "subjects", (fact.of,)),
            ("places", "place_unknown", "places", fact.places),
        )
        for key, fault, name, values in references:
            for value in filter(None, values):
                yield from unknown_part((*path, key), fault, fact.id, value, self._ids(name))
        forms = {measure.id: measure.form for measure in self.measures}
        form = forms.get(fact.measure or "", "")
        if fact.event and fact.what is None:
            yield path, "fact_lacks", {"id": fact.id, "key": "what"}
        if form and not (fact.value or fact.what):
            yield path, "fact_lacks", {"id": fact.id, "key": "value"}
        elif form == "state" and fact.answer is None:
            yield path, "fact_lacks", {"id": fact.id, "key": "answer"}
        elif form in ("money", "share", "count") and fact.amount is None:
            yield (*path, "value"), "fact_no_amount", {"id": fact.id, "value": fact.value or "-"}
        elif form == "money" and fact.amount and not fact.amount.unit and self._names_currencies:
            yield (*path, "value"), "fact_no_currency", {"id": fact.id, "value": fact.value}
        yield from _date_faults((*path, "date"), fact)

    def test_faults(self, path: tuple[str | int, ...], owner: str, test: FactTest) -> Iterator[Fault]:
        """Find what a test names and these facts do not have."""
        for key, fault, name in (
            ("companies", "company_unknown", "companies"),
            ("yes_in", "company_unknown", "companies"),
            ("events", "event_unknown", "events"),
            ("then", "event_unknown", "events"),
            ("measures", "measure_unknown", "measures"),
            ("places", "place_unknown", "places"),
        ):
            for value in getattr(test, key):
                yield from unknown_part((*path, key), fault, owner, value, self._ids(name))


def _date_faults(path: tuple[str | int, ...], fact: Fact) -> Iterator[Fault]:
    """Find a day that there is not, and a span that ends before it begins."""
    for limit in (fact.date or "").split("/"):
        parts = limit.split("-")
        if len(parts) == 3 and int(parts[2]) > _month_end(int(parts[0]), int(parts[1])).day:
            yield path, "fact_no_day", {"id": fact.id, "value": limit}
    if (limits := date_limits(fact.date or "")) and limits[0] > limits[1]:
        yield path, "fact_date_reversed", {"id": fact.id, "value": fact.date}


def _event(fact: Fact) -> EventFact:
    first, last = date_limits(fact.date or "") or (None, None)
    return EventFact(fact.id, fact.event or "", fact.date or "", first, last, fact.places, fact.of or "")


def _figure(fact: Fact, is_count: bool) -> FigureFact:
    amount = fact.amount.counted() if fact.amount and is_count else fact.amount
    about = (fact.id, fact.measure or "", fact.of or "", fact.date or "", fact.value or "")
    return FigureFact(*about, amount, fact.answer or "", fact.outlook, fact.places)


def load_case_facts(reference: str | Path | CaseFacts) -> CaseFacts:
    """Load the facts of companies: `ID`, `ID@VERSION`, a path, or such facts, which come back as they are.

    Parameters
    ----------
    reference
        `ID`, `ID@VERSION`, the path of a YAML file, or `CaseFacts`.

    Raises
    ------
    UsageError
        There is no such schema, or it is of another kind.
    InstrumentError
        The file is wrong; every problem carries file and line.

    Examples
    --------
    >>> import survey
    >>> [company.id for company in survey.load_case_facts("case-facts@1.0.0").companies]
    ['B', 'D']
    """
    return load_kind(reference, CaseFacts, "not_case_facts")
