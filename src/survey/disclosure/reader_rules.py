"""Rules of a questionnaire that a reader knows: which answers exclude each other, and who was asked."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from survey.disclosure.reader_programs import REST, Limit, Part
from survey.ingest import Responses
from survey.instrument import Question
from survey.statistics.crosstabs import memberships


def kept_limits(
    responses: Responses, answers: Mapping[Part, Sequence[str]], banner: Question | None, only: str | None
) -> list[Limit]:
    """The rules about the parts of `answers` that every respondent kept: others would say what is not so."""
    questions = responses.instrument.questions
    stated = chain.from_iterable(_rules(responses, question) for question in questions)
    limits = [*stated, *(_of_groups(banner, only) if banner else ())]
    inside = memberships(responses, banner, only=only) if banner else None
    return [
        limit
        for limit in limits
        if {part for part, _, _ in limit.terms} <= set(answers) and _is_kept(responses, limit, inside)
    ]


def _rules(responses: Responses, question: Question) -> Iterator[Limit]:
    if question.kind == "multiple":
        ticks = {option.id: (Part(question.id, option.id), (option.id,)) for option in question.options}
        for one in question.options:
            for other in question.options if one.exclusive else ():
                if other.id != one.id:
                    yield Limit(((*ticks[one.id], 1), (*ticks[other.id], 1)), 1)
        if question.most:
            yield Limit(tuple((*tick, 1) for tick in ticks.values()), question.most)
    if question.asked_if:
        yield from _route(responses, question)


def _route(responses: Responses, question: Question) -> Iterator[Limit]:
    """Who answered this is among those whose answer to the deciding question lets them be asked."""
    rule = question.asked_if
    assert rule is not None
    decides = responses.instrument.question(rule.question)
    if decides.kind in ("number", "text"):
        return
    names = [part.id for part in question.parts] if question.kind == "rating" else [""]
    names = [option.id for option in question.options] if question.kind == "multiple" else names
    for name in names:
        answered = (Part(question.id, name), None, 1)
        if decides.kind == "multiple":
            for code in map(str, rule.none):
                yield Limit((answered, (Part(decides.id, code), (code,), 1)), 1)
            if rule.any:
                ticks = ((Part(decides.id, str(code)), (str(code),), -1) for code in rule.any)
                yield Limit((answered, *ticks), 0)
            continue
        letting = tuple(
            str(code)
            for code in _codes(responses, decides)
            if (not rule.any or code in rule.any)
            and code not in rule.none
            and (rule.at_least is None or code >= rule.at_least)
            and (rule.at_most is None or code <= rule.at_most)
        )
        yield Limit((answered, (Part(decides.id, rule.item or ""), letting, -1)), 0)


def _codes(responses: Responses, question: Question) -> list[Any]:
    if question.kind == "rating":
        return [point.value for point in responses.instrument.scale_of(question).points]
    return [option.id for option in question.options]


def _of_groups(banner: Question, only: str | None) -> Iterator[Limit]:
    """What the groups say of the ticks they are made of, as far as those are parts of their own."""
    for group in banner.groups:
        for option in banner.options:
            tick = (Part(banner.id, option.id), (option.id,))
            if only and option.id == group.id and banner.kind == "multiple":
                yield Limit(((*tick, -1),), -1, within=group.id)
            elif option.exclusive or only == "exclusive":
                yield Limit(((*tick, 1),), 0, within=group.id)


def _is_kept(responses: Responses, limit: Limit, inside: Any) -> bool:
    import numpy as np

    total = np.zeros(len(responses))
    for part, answers, factor in limit.terms:
        total += factor * _gave(responses, part, answers)
    within = np.ones(len(responses), dtype=bool) if not limit.within else inside[limit.within].to_numpy() == 1
    return bool((total[within] <= limit.most).all())


def _gave(responses: Responses, part: Part, answers: tuple[str, ...] | None) -> Any:
    """Per respondent 1 where one of these answers (None: any) was given to the part, else 0."""
    question = responses.instrument.question(part.question)
    values = responses.data[f"{part.question}__{part.item}" if part.item else part.question]
    if answers is None:
        return values.notna().to_numpy().astype(float)
    if question.kind == "multiple":
        wanted = values.eq(other=REST not in answers)
    else:
        wanted = values.astype(str).isin(answers) & values.notna()
    return wanted.fillna(value=False).to_numpy().astype(float)
