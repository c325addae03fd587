"""Figures of one company that do not go together: of one date, growth, sums and shares."""

import math
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

from survey.instrument.case_schemas import CaseFacts, Term
from survey.instrument.fact_rules import CompanyFacts, FigureFact
from survey.instrument.printed_amounts import Amount
from survey.interviews.case_facts import measures_with
from survey.interviews.counting import distinct
from survey.interviews.disagreement import Computed, Disagreement, Key, by_date

HALF = 0.5  # as a share: more than half
_TENS = (10.0, 100.0, 1000.0)


def same_date(_: CaseFacts, known: CompanyFacts) -> Iterator[Disagreement]:
    """Two figures of one measure, subject and date."""
    for (measure, _of, date), figures in by_date(known).items():
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
    for (measure, of, _date), figures in by_date(known).items():
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
    groups = by_date(known)
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
                    "computed": Computed(made, share=True),
                    "first": first,
                    "last": last,
                    "before": before,
                    "after": after,
                }
                implied = _before_growth(last, rate)
                values["implied"] = Computed(implied) if implied else "-"
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
    groups = by_date(known)
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


def sums(facts: CaseFacts, known: CompanyFacts) -> Iterator[Disagreement]:
    """Parts against the amount that they are to add up to."""
    amounts = _with_growth(facts, known)
    for (name, of, date), figures in by_date(known).items():
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
        values = {"printed": whole, "computed": Computed(total), "date": whole.date}
        yield Disagreement("sum", known.company, whole.measure, whole.date, ids, values)
        return


def share(facts: CaseFacts, known: CompanyFacts) -> Iterator[Disagreement]:
    """A share against its parts and their whole."""
    groups = by_date(known)

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
                values = {"printed": figure, "computed": Computed(made, share=True)}
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
