"""Rules of a questionnaire that a reader knows: what may be ticked together, who was asked, who must answer.

A rule is a tuple of limits, the strictest first: the first that everybody kept is what the reader knows, for
others would say what is not so.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from survey.counts.row_counts import Counts
from survey.disclosure.reader_groups import group_rules
from survey.disclosure.reader_knowledge import Limit, Part, Term
from survey.disclosure.reader_routes import Deciders, required_rules, route_rules, set_rules
from survey.instrument import Question

Rule = tuple[Limit, ...]


def stated_rules(
    counts: Counts,
    answers: Mapping[Part, Sequence[str]],
    banners: Sequence[Question],
    only: str | None,
) -> tuple[list[Rule], Deciders]:
    """The rules about the parts of `answers`; and what decides who is asked, or in which group one is.

    What decides and is printed nowhere is a part, too: two questions asked of those with 3 years and of those
    with fewer are answered by different people.

    Where there are several banners, each is a row of the tables of the others, an item of a rating whose
    points are the groups is one of its own, and a banner may decide who is asked something: what its groups
    answered to it is a rule too.
    """
    instrument = counts.instrument
    deciders = Deciders.of(counts, answers, banners)
    known = {*answers, *deciders.answers}
    names = {part.question for part in known}
    questions = [question for question in instrument.questions if question.id in names]
    rules = chain(
        *(_choices(question) for question in questions),
        *(required_rules(deciders, question) for question in questions),
        *(route_rules(deciders, question) for question in questions),
        *(set_rules(deciders, question) for question in questions),
        group_rules(deciders, banners, only),
    )
    return [rule for rule in rules if all(limit.parts <= known for limit in rule)], deciders


def _choices(question: Question) -> Iterator[Rule]:
    """How a select-all question may be ticked: `least`, `most`, and options that exclude all others.

    One that does is always enough, and all that is allowed: so the limits are as narrow as can be.
    """
    if question.kind != "multiple":
        return
    parts = {option.id: Part(question.id, option.id) for option in question.options}
    alone = [option.id for option in question.options if option.exclusive]
    others = [option.id for option in question.options if not option.exclusive]

    def ticks(codes: Sequence[str], factor: int) -> tuple[Term, ...]:
        return tuple((parts[code], (code,), factor) for code in codes)

    order = list(parts.values())
    for part, following in zip(order, [*order[1:], order[0]], strict=True) if len(order) > 1 else ():
        yield (Limit(((part, None, 1), (following, None, -1)), 0),)  # answered as a whole
    for code in (others or alone[:1]) if alone else ():
        excluding = ticks([code] if others else [], 1) + ticks(alone, 1)
        yield Limit(((parts[code], None, -1), *excluding), 0), Limit(excluding, 1)
    least, most = question.least or 0, question.most or 0
    for part in order:
        if least and others:
            yield (Limit(((part, None, least), *ticks(others, -1), *ticks(alone, -least)), 0),)
        if most:
            chosen = ticks(others, 1) + ticks(alone, most)
            yield Limit(((part, None, -most), *chosen), 0), Limit(chosen, most)
