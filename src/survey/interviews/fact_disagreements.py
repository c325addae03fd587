"""Where facts of companies disagree: from their values and dates, and from how measures hang together.

Each way to disagree is a function and a line in `RELATIONS`. None knows a study: what belongs together stands
in the file of facts. Amounts are compared as ranges of what could have been printed so.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.instrument.case_schemas import CaseFacts, Term
from survey.instrument.fact_rules import CompanyFacts, FigureFact
from survey.instrument.printed_amounts import Amount
from survey.interviews.case_facts import FactsLike, case_facts_of, measures_with
from survey.interviews.counting import distinct
from survey.messages import message
from survey.messages.number_forms import percent
from survey.tables import contract_frame
from survey.wording import normalise

if TYPE_CHECKING:
    import pandas as pd

_TENS = (10.0, 100.0, 1000.0)


@dataclass(frozen=True)
class Disagreement:
    """Facts of one company that cannot hold together; `values` fill the sentence of the kind."""

    kind: str
    company: str
    measure: str
    date: str
    facts: tuple[str, ...]
    values: dict[str, Any]


def fact_disagreements(facts: FactsLike, *, lang: str = "en") -> "pd.DataFrame":
    """One row per disagreement of facts, company by company: what cannot hold together, and why.

    `kind` says how: two figures of one measure and date that differ (`figures`), in the sign (`sign`) or by a
    power of ten (`factor_of_ten`); figures of a measure that carry no date and do not fit others
    (`undated`); a growth against two amounts (`growth`); parts against a sum (`sum`; also where a growth
    gives the parts); a share against what it is a share of (`share`); yes and no (`state`); a place called
    first against dated events (`first_place`); the same words for two measures that exclude each other
    (`same_words`); more than one, or none, where one is to have a value (`several`, `nobody`); an event that
    happens once and stands twice (`once`). `printed` and `computed` are the two sides in words; `facts`
    are the ids of all that take part.

    Parameters
    ----------
    facts
        Facts of companies: `ID`, `ID@VERSION`, a path, or what `load_case_facts` gave.
    lang
        Language of labels and of `why`.

    Raises
    ------
    UsageError
        There are no such facts or language.
    InstrumentError
        The file is wrong; every problem carries file and line.

    Examples
    --------
    >>> import survey
    >>> found = survey.fact_disagreements("case-facts")
    >>> found.query("kind == 'factor_of_ten'")[["company", "measure", "date", "facts"]].values.tolist()
    [['D', 'net_profit', '2020', ('F102', 'F103')]]
    """
    facts = case_facts_of(facts)
    check_lang(lang, *facts.languages)
    rows = []
    for known in facts.by_company.values():
        seen = set()
        for relation in RELATIONS:
            for one in relation(facts, known):
                if (one.kind, one.facts) in seen:
                    continue
                seen.add((one.kind, one.facts))
                rows.append(_row(facts, one, lang))
    return contract_frame("fact_disagreement", rows)


def _row(facts: CaseFacts, one: Disagreement, lang: str) -> dict[str, object]:
    places = distinct(facts.fact(fact).place for fact in one.facts)
    values = {
        key: value(lang) if callable(value) else _worded(facts, value, lang)
        for key, value in one.values.items()
    }
    label = facts.label(one.measure, lang)
    return {
        "kind": one.kind,
        "company": one.company,
        "measure": one.measure,
        "label": label,
        "date": one.date,
        "facts": one.facts,
        "printed": values["printed"],
        "computed": values["computed"],
        "places": places,
        "why": message(_sentence(one), lang, label=label, **values),
    }


def _sentence(one: Disagreement) -> str:
    """The sentence of a disagreement; a growth from which no amount follows has one of its own."""
    nothing = one.kind == "growth" and one.values["implied"] == "-"
    return "growth_from_nothing" if nothing else f"disagree_{one.kind}"


def _worded(facts: CaseFacts, value: Any, lang: str) -> Any:
    """Figures as printed, in a list; an amount as a number."""
    if isinstance(value, FigureFact):
        return facts.fact(value.fact).said(lang)
    if isinstance(value, tuple):
        return message("list_separator", lang).join(distinct(_worded(facts, one, lang) for one in value))
    if isinstance(value, _Computed):
        return value.text(lang)
    return value


@dataclass(frozen=True)
class _Computed:
    """A computed range, as text in the unit of what it stands against."""

    amount: Amount
    share: bool = False

    def text(self, lang: str) -> str:
        if self.share:
            return percent(round(self.amount.middle, 4), lang, 1)
        value, unit = self.amount.middle, self.amount.unit
        scales = (part.split() for part in message("amount_scales", lang).split(", "))
        size, scale = next(((int(size), word) for size, word in scales if abs(value) >= int(size)), (1, ""))
        number = f"{value / size:.4g}" if scale else f"{value:.6g}" if unit else f"{value:.10g}"
        name = message(f"unit_{unit}", lang) if unit else ""
        return " ".join(message("amount", lang, number=number, scale=scale, unit=name).split())


# -- figures of one measure and date ---------------------------------------------------------------------

Key = tuple[str, str, str]


def _by_date(known: CompanyFacts) -> dict[Key, list[FigureFact]]:
    """The figures of a company that are amounts, by measure, subject and date; forecasts apart."""
    groups: dict[Key, list[FigureFact]] = defaultdict(list)
    for figure in known.figures:
        if figure.amount and not figure.outlook:
            groups[figure.measure, figure.of, figure.date].append(figure)
    return groups


def same_date(_: CaseFacts, known: CompanyFacts) -> Iterator[Disagreement]:
    """Two figures of one measure, subject and date."""
    for (measure, _of, date), figures in _by_date(known).items():
        for one, other in combinations(figures, 2) if date else ():
            first, second = one.amount, other.amount
            if not first or not second or first.agrees(second):
                continue
            kind = _kind(first, second)
            values = {"printed": one, "computed": other, "date": date}
            yield Disagreement(kind, known.company, measure, date, (one.fact, other.fact), values)


def _kind(one: Amount, other: Amount) -> str:
    first, second = one.without_sign(), other.without_sign()
    if first.agrees(second):
        return "sign"
    for ten in _TENS:
        if first.times(ten).agrees(second) or second.times(ten).agrees(first):
            return "factor_of_ten"
    return "figures"


def undated(_: CaseFacts, known: CompanyFacts) -> Iterator[Disagreement]:
    """Figures without a date that do not fit another figure of the measure: how many values there are."""
    by_measure: dict[tuple[str, str], list[FigureFact]] = defaultdict(list)
    for (measure, of, _date), figures in _by_date(known).items():
        by_measure[measure, of] += figures
    for (measure, _of), figures in by_measure.items():
        open_figures = [figure for figure in figures if not figure.date]
        apart = [
            figure
            for figure in figures
            if any(one is not figure and not _agree(one, figure) for one in open_figures)
        ]
        odd = [figure for figure in open_figures if any(not _agree(figure, one) for one in figures)]
        if odd:
            listed = tuple(dict.fromkeys([*odd, *apart]))
            values: dict[str, Any] = {"count": len(listed), "undated": len(odd), "printed": tuple(odd)}
            values["computed"] = tuple(one for one in listed if one not in odd)
            yield Disagreement(
                "undated", known.company, measure, "", tuple(one.fact for one in listed), values
            )


def _agree(one: FigureFact, other: FigureFact) -> bool:
    return not (one.amount and other.amount) or one.amount.agrees(other.amount)


# -- growth ------------------------------------------------------------------------------------------------


def _date_before(date: str) -> tuple[str, str, int]:
    """The date that a growth is measured from, that which it leads to, and over how many years."""
    first, _, last = date.partition("/")
    if last:
        return first, last, max(1, int(last[:4]) - int(first[:4]))
    return f"{int(date[:4]) - 1}{date[4:]}", date, 1


def _positive(amount: Amount) -> Amount | None:
    """An amount by its size, where its sign is sure and it is not nothing."""
    if amount.high < 0:
        amount = amount.without_sign()
    return amount if amount.low > 0 else None


def growth(facts: CaseFacts, known: CompanyFacts) -> Iterator[Disagreement]:
    """A growth against the two amounts that it leads from and to."""
    groups = _by_date(known)
    for measure in measures_with(facts, "growth_of"):
        for (name, of, date), rates in groups.items():
            if name != measure.id or not date:
                continue
            before, after, years = _date_before(date)
            base = measure.growth_of or ""
            for rate, last, first in product(
                rates, groups.get((base, of, after), ()), groups.get((base, of, before), ())
            ):
                made = _growth_of(first, last, years)
                if made is None or rate.amount is None or made.agrees(rate.amount):
                    continue
                values = {
                    "printed": rate,
                    "computed": _Computed(made, share=True),
                    "first": first,
                    "last": last,
                    "before": before,
                    "after": after,
                }
                implied = _before_growth(last, rate)
                values["implied"] = _Computed(implied) if implied else "-"
                ids = (rate.fact, last.fact, first.fact)
                yield Disagreement("growth", known.company, measure.id, date, ids, values)


def _growth_of(first: FigureFact, last: FigureFact, years: int) -> Amount | None:
    one = _positive(first.amount) if first.amount else None
    two = _positive(last.amount) if last.amount else None
    if one is None or two is None or one.unit != two.unit:
        return None
    low, high = two.low / one.high, two.high / one.low
    return Amount(low ** (1 / years) - 1, high ** (1 / years) - 1)


def _before_growth(last: FigureFact, rate: FigureFact) -> Amount | None:
    """The amount that growth led from; None where it could be anything."""
    if not last.amount or not rate.amount or rate.amount.low <= -1 or not math.isfinite(rate.amount.high):
        return None
    ends = [end / (1 + part) for end in (last.amount.low, last.amount.high)
            for part in (rate.amount.low, rate.amount.high)]  # fmt: skip
    return Amount(min(ends), max(ends), last.amount.unit)


def _with_growth(facts: CaseFacts, known: CompanyFacts) -> dict[Key, list[tuple[Amount, tuple[str, ...]]]]:
    """Every amount by measure, subject and date with the facts behind it; also those that a growth gives."""
    groups = _by_date(known)
    amounts: dict[Key, list[tuple[Amount, tuple[str, ...]]]] = defaultdict(list)
    for key, figures in groups.items():
        amounts[key] += [(figure.amount, (figure.fact,)) for figure in figures if figure.amount]
    for measure in measures_with(facts, "growth_of"):
        for (name, of, date), rates in groups.items():
            if name != measure.id or not date or "/" in date:
                continue
            before = _date_before(date)[0]
            for rate, last in product(rates, groups.get((measure.growth_of or "", of, date), ())):
                if (given := _before_growth(last, rate)) and math.isfinite(given.high):
                    amounts[measure.growth_of or "", of, before].append((given, (rate.fact, last.fact)))
    return amounts


# -- sums and shares ---------------------------------------------------------------------------------------


def sums(facts: CaseFacts, known: CompanyFacts) -> Iterator[Disagreement]:
    """Parts against the amount that they are to add up to."""
    amounts = _with_growth(facts, known)
    for (name, of, date), figures in _by_date(known).items():
        measure = next(one for one in facts.measures if one.id == name)
        for parts, figure in product(measure.sums, figures) if date else ():
            listed = [amounts.get((part, of, date), []) for part in parts]
            yield from _first_apart(facts, known, figure, listed)


def _first_apart(
    _: CaseFacts,
    known: CompanyFacts,
    whole: FigureFact,
    parts: "list[list[tuple[Amount, tuple[str, ...]]]]",
) -> Iterator[Disagreement]:
    """The first choice of parts that does not add up to a figure."""
    for chosen in product(*parts):
        total = Amount(
            sum(amount.low for amount, _ in chosen),
            sum(amount.high for amount, _ in chosen),
            chosen[0][0].unit,
        )
        units = {amount.unit for amount, _ in chosen}
        if len(units) > 1 or whole.amount is None or total.agrees(whole.amount):
            continue
        ids = distinct([whole.fact, *(fact for _, facts in chosen for fact in facts)])
        values = {"printed": whole, "computed": _Computed(total), "date": whole.date}
        yield Disagreement("sum", known.company, whole.measure, whole.date, ids, values)
        return


def share(facts: CaseFacts, known: CompanyFacts) -> Iterator[Disagreement]:
    """A share against its parts and their whole."""
    groups = _by_date(known)

    def of_term(term: Term, date: str) -> list[FigureFact]:
        return groups.get((term.measure, term.of or "", date), [])

    for measure in measures_with(facts, "share"):
        terms = measure.share
        for (name, _of, date), figures in groups.items():
            if name != measure.id or not date or terms is None:
                continue
            choices = [of_term(term, date) for term in terms.parts]
            for figure, whole, *parts in product(figures, of_term(terms.whole, date), *choices):
                made = _share_of(parts, whole)
                if made is None or figure.amount is None or made.agrees(figure.amount):
                    continue
                values = {"printed": figure, "computed": _Computed(made, share=True)}
                values |= {"parts": tuple(parts), "whole": whole}
                ids = distinct([figure.fact, *(part.fact for part in parts), whole.fact])
                yield Disagreement("share", known.company, measure.id, date, ids, values)


def _share_of(parts: list[FigureFact], whole: FigureFact) -> Amount | None:
    amounts = [part.amount for part in parts if part.amount]
    if not whole.amount or whole.amount.low <= 0 or any(one.unit != whole.amount.unit for one in amounts):
        return None
    if not math.isfinite(whole.amount.high):
        return None
    low, high = sum(one.low for one in amounts), sum(one.high for one in amounts)
    return Amount(low / whole.amount.high, high / whole.amount.low)


_HALF = 0.5

# -- states and places -------------------------------------------------------------------------------------


def state(facts: CaseFacts, known: CompanyFacts) -> Iterator[Disagreement]:
    """Yes and no at one date or at none, and either against an amount that means the other."""
    for measure in facts.measures:
        if measure.form != "state":
            continue
        own = [figure for figure in known.of_measures((measure.id,)) if figure.answer]
        means_yes = [
            replace(figure, answer="yes")
            for figure in known.of_measures(measure.implied_by)
            if figure.amount and figure.amount.low > 0
        ]
        halves = [
            replace(figure, answer="yes" if figure.amount.low > _HALF else "no")
            for figure in known.of_measures(measure.above_half)
            if figure.amount and not figure.amount.low <= _HALF < figure.amount.high
        ]
        yes = [figure for figure in [*own, *means_yes, *halves] if figure.answer == "yes"]
        no = [figure for figure in [*own, *halves] if figure.answer == "no"]
        apart = [(one, other) for one in yes for other in no if _same_time(one, other)]
        if apart:
            yes = list(dict.fromkeys(one for one, _ in apart))
            no = list(dict.fromkeys(other for _, other in apart))
            ids = tuple(figure.fact for figure in (*no, *yes))
            values = {"printed": tuple(no), "computed": tuple(yes)}
            yield Disagreement("state", known.company, measure.id, no[0].date, ids, values)


def _same_time(one: FigureFact, other: FigureFact) -> bool:
    """At one date; of what carries none any time may be meant."""
    return one.date == other.date or not (one.date and other.date)


def first_place(facts: CaseFacts, known: CompanyFacts) -> Iterator[Disagreement]:
    """Places that are called first and are not where the first dated event was."""
    for measure in measures_with(facts, "first_of"):
        event = known.first(measure.first_of)
        if event is None or not event.places:
            continue
        named = [figure for figure in known.of_measures((measure.id,)) if figure.places]
        apart = [figure for figure in named if not set(figure.places) & set(event.places)]
        if apart:
            values = {
                "printed": tuple(apart),
                "computed": _place_names(facts, event.places),
                "date": event.printed,
            }
            ids = (*(figure.fact for figure in apart), event.fact)
            yield Disagreement("first_place", known.company, measure.id, event.printed, ids, values)


def _place_names(facts: CaseFacts, places: tuple[str, ...]) -> Callable[[str], str]:
    return lambda lang: message("list_separator", lang).join(facts.label(place, lang) for place in places)


# -- words and roles ---------------------------------------------------------------------------------------


def same_words(facts: CaseFacts, known: CompanyFacts) -> Iterator[Disagreement]:
    """Two measures that cannot say the same of one subject, and do: a strength that is a weakness."""
    for measure in measures_with(facts, "never_same_as"):
        own = known.of_measures((measure.id,))
        for one, other in product(own, known.of_measures(measure.never_same_as)):
            if one.of == other.of and one.value and normalise(one.value) == normalise(other.value):
                values = {"printed": one, "computed": _label_of(facts, other.measure)}
                ids = (one.fact, other.fact)
                yield Disagreement("same_words", known.company, measure.id, one.date, ids, values)


def one_of(facts: CaseFacts, known: CompanyFacts) -> Iterator[Disagreement]:
    """Nobody, or several at one place, where just one of some measures is to have a value."""
    for measure in measures_with(facts, "one_of"):
        wanted = measure.one_of
        figures = known.of_measures(wanted.measures) if wanted else []
        for of in dict.fromkeys(figure.of for figure in figures):
            named = [figure for figure in figures if figure.of == of]
            having = [figure for figure in named if wanted and figure.value == wanted.value]
            meets = [(one, other) for one, other in combinations(having, 2) if _share_place(one, other)]
            apart = list(dict.fromkeys(figure for pair in meets for figure in pair))
            values = {"subject": _label_of(facts, of), "computed": wanted.value if wanted else ""}
            for kind, shown in (("several", apart), ("nobody", [] if having else named)):
                if shown:
                    ids = tuple(figure.fact for figure in shown)
                    values["printed"] = _names_and_values(facts, shown)
                    yield Disagreement(kind, known.company, measure.id, "", ids, dict(values))


def once(facts: CaseFacts, known: CompanyFacts) -> Iterator[Disagreement]:
    """An event that happens just once, to a company or to one subject, and stands there again."""
    for kind in (kind for kind in facts.events if kind.once):
        by_subject: dict[str, list[str]] = defaultdict(list)
        for event in known.events:
            if event.kind == kind.id:
                by_subject[event.of].append(event.fact)
        for of, ids in by_subject.items():
            if len(ids) > 1:
                values = {"printed": _what_happened(facts, ids), "computed": _label_of(facts, of)}
                yield Disagreement("once", known.company, kind.id, "", tuple(ids), values)


def _share_place(one: FigureFact, other: FigureFact) -> bool:
    """Whether both may be of one place; where none is named all are meant."""
    return not (one.places and other.places) or bool(set(one.places) & set(other.places))


def _label_of(facts: CaseFacts, part: str) -> Callable[[str], str]:
    return lambda lang: facts.label(part, lang) if part else ""


def _what_happened(facts: CaseFacts, ids: list[str]) -> Callable[[str], str]:
    return lambda lang: message("list_separator", lang).join(facts.fact(one).said(lang) for one in ids)


def _names_and_values(facts: CaseFacts, figures: list[FigureFact]) -> Callable[[str], str]:
    def said(lang: str) -> str:
        parts = [(facts.label(one.measure, lang), facts.fact(one.fact).said(lang)) for one in figures]
        pairs = [message("facts_named", lang, name=name, value=value) for name, value in parts]
        return message("list_separator", lang).join(pairs)

    return said


# A new way to disagree is a function above and a line here, and its sentence `disagree_<kind>`.
RELATIONS: tuple[Callable[[CaseFacts, CompanyFacts], Iterator[Disagreement]], ...] = (
    same_date,
    undated,
    growth,
    sums,
    share,
    state,
    first_place,
    same_words,
    one_of,
    once,
)
