"""Events and states of one company that do not go together: places, words, roles."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations, product

from survey.instrument.case_schemas import CaseFacts
from survey.instrument.fact_rules import CompanyFacts, FigureFact
from survey.interviews.case_facts import measures_with
from survey.interviews.disagreement import Disagreement, names_and_values
from survey.interviews.figure_disagreements import HALF
from survey.messages import message
from survey.wording import normalise


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
            replace(figure, answer="yes" if figure.amount.low > HALF else "no")
            for figure in known.of_measures(measure.above_half)
            if figure.amount and not figure.amount.low <= HALF < figure.amount.high
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
                    values["printed"] = names_and_values(facts, shown)
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
