"""Rules of a questionnaire that a reader knows: which answers exclude each other, and who was asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from survey.counts.row_counts import Counts
from survey.disclosure.reader_programs import EVERYBODY, REST, Group, Limit, Part
from survey.instrument import Instrument, Question
from survey.statistics.group_members import members_of


def kept_limits(
    counts: Counts, answers: Mapping[Part, Sequence[str]], banners: Sequence[Question], only: str | None
) -> list[Limit]:
    """The rules about the parts of `answers` that every respondent kept: others would say what is not so.

    Where there are several banners, each is a row of the tables of the others, and an item of a rating whose
    points are the groups is one of its own: what its groups answered to it is a rule too.

    Raises
    ------
    UsageError
        A tally does not have what tells whether a rule was kept.
    """
    instrument = counts.instrument
    stated = chain.from_iterable(_rules(instrument, question) for question in instrument.questions)
    stated = chain(stated, *(_of_groups(banner, only) for banner in banners))
    of_items = [banner for banner in banners if banner.item_of[0] and only != "mixed"]
    defined = chain(*(_of_members(banner) for banner in (banners if len(banners) > 1 else of_items)))
    known = set(answers)
    return [
        *(limit for limit in stated if _parts(limit) <= known and _is_kept(counts, limit, only)),
        *(limit for limit in defined if _parts(limit) <= known),
    ]


def _parts(limit: Limit) -> set[Part]:
    return {part for part, _, _ in limit.terms}


def _rules(instrument: Instrument, question: Question) -> Iterator[Limit]:
    if question.kind == "multiple":
        ticks = {option.id: (Part(question.id, option.id), (option.id,)) for option in question.options}
        for one in question.options:
            for other in question.options if one.exclusive else ():
                if other.id != one.id:
                    pair = ((*ticks[one.id], 1), (*ticks[other.id], 1))
                    yield Limit(pair, 1)
                    yield Limit(((ticks[one.id][0], None, -1), *pair), 0)  # of those who answered
        if question.least:
            chosen = [(*tick, -1) for tick in ticks.values()]
            for part, _ in ticks.values():  # of whoever answered it
                yield Limit(((part, None, question.least), *chosen), 0)
        if question.most:
            chosen = [(*tick, 1) for tick in ticks.values()]
            yield Limit(tuple(chosen), question.most)
            for part, _ in ticks.values():
                yield Limit(((part, None, -question.most), *chosen), 0)
    if question.asked_if:
        yield from _route(instrument, question)


def _route(instrument: Instrument, question: Question) -> Iterator[Limit]:
    """Who answered this is among those whose answer to the deciding question lets them be asked."""
    rule = question.asked_if
    assert rule is not None
    decides = instrument.question(rule.question)
    if decides.kind in ("number", "text"):
        return
    names = [part.id for part in question.parts] if question.kind == "rating" else [""]
    names = [option.id for option in question.options] if question.kind == "multiple" else names
    scale = instrument.scale_of(question) if question.kind == "rating" else None
    rated = tuple(point.id for point in scale.rated) if scale and scale.unrated else None
    for name in names:
        answered = (Part(question.id, name), rated, 1)
        if decides.kind == "multiple":
            for code in map(str, rule.none):
                yield Limit((answered, (Part(decides.id, code), (code,), 1)), 1)
            if rule.any:
                ticks = ((Part(decides.id, str(code)), (str(code),), -1) for code in rule.any)
                yield Limit((answered, *ticks), 0)
            continue
        letting = tuple(
            str(code)
            for code in _codes(instrument, decides)
            if (not rule.any or code in rule.any)
            and code not in rule.none
            and (rule.at_least is None or code >= rule.at_least)
            and (rule.at_most is None or code <= rule.at_most)
        )
        yield Limit((answered, (Part(decides.id, rule.item or ""), letting, -1)), 0)


def _codes(instrument: Instrument, question: Question) -> list[Any]:
    if question.kind == "rating":
        return [point.value for point in instrument.scale_of(question).points]
    return [option.id for option in question.options]


def _of_groups(banner: Question, only: str | None) -> Iterator[Limit]:
    """What the groups say of the ticks they are made of, as far as those are parts of their own."""
    for group in banner.groups:
        inside = Group(banner.id, group.id)
        for option in banner.options:
            tick = (Part(banner.id, option.id), (option.id,))
            if only and option.id == group.id and banner.kind == "multiple":
                yield Limit(((*tick, -1),), -1, within=inside)
            elif option.id != group.id and (option.exclusive or only == "exclusive"):
                yield Limit(((*tick, 1),), 0, within=inside)


def _of_members(banner: Question) -> Iterator[Limit]:
    """What the groups of a banner answered to it: who is in a group, who is not, who gave no answer."""
    several = banner.kind == "multiple"
    question, item = banner.item_of if banner.item_of[0] else (banner.id, "")
    for group in banner.groups:
        part = Part(question, group.id if several else item)
        inside = Group(banner.id, group.id)
        yield Limit(((part, (group.id,), -1),), -1, within=inside)
        yield Limit(((part, (group.id,), 1),), 0, within=inside, state=0)
        if several:
            yield Limit(((part, (REST,), -1),), -1, within=inside, state=0)
        yield Limit(((part, None, 1),), 0, within=inside, state=-1)


def _is_kept(counts: Counts, limit: Limit, only: str | None) -> bool:
    """Whether everybody kept a rule: its terms are a tick of groups, two parts, or one part and several."""
    import numpy as np

    first, *others = [_Given.of(counts, part, answers) for part, answers, _ in limit.terms]
    factors = [factor for _, _, factor in limit.terms]
    if limit.within != EVERYBODY:
        return _is_kept_within(counts, counts.instrument.with_shares(limit.within.banner), only, limit)
    if factors[0] < 0:  # so many ticks at most of whoever answered a part, and all who ticked did
        rule = Limit(limit.terms[1:], -factors[0])
        answered = all(one.together(counts, first) == one.together(counts, one) for one in others)
        return answered and _is_kept(counts, rule, only)
    if factors == [1, 1] and limit.most == 1:  # not both
        return first.together(counts, others[0]) == 0
    at_least = limit.terms[0][1] is None and others[0].question.id == first.question.id
    if at_least or set(factors) == {1}:  # so many ticks at least, or at most
        least, most = (factors[0], None) if at_least else (0, limit.most)
        ticked = counts.tick_counts(first.question)  # groups x exclusive options
        ticks = np.add.outer(*map(np.arange, ticked.shape))
        return not ticked[(ticks < least) | (ticks > (ticks if most is None else most))].sum()
    if factors == [1, -1]:  # the one only with the other
        return first.together(counts, others[0]) == first.together(counts, first)
    # The one only with any of the others, ticks of one question.
    decides = others[0].question
    table = counts.group_table(decides, first.question)
    names = {part.item for part, _, _ in limit.terms[1:]}
    places = [place for place, option in enumerate(decides.options) if option.id in names]
    outside = ~(table.members[:, places] == 1).any(axis=1)
    return int(table.counts[outside].sum(axis=0) @ first.indicators) == 0


def _is_kept_within(counts: Counts, banner: Question, only: str | None, limit: Limit) -> bool:
    """Whether all of a group have a tick of their own question (`most` -1), or nobody has (0)."""
    ((part, _, _),) = limit.terms
    members, sizes = counts.group_patterns(banner)
    ids = [group.id for group in banner.groups]
    inside = members_of(banner, members, only)[:, ids.index(limit.within.code)] == 1
    ticked = members[:, [option.id for option in banner.options].index(part.item or limit.within.code)] == 1
    return not bool((sizes[inside & (~ticked if limit.most else ticked)]).sum())


@dataclass(frozen=True)
class _Given:
    """Who gave one of some answers (or any) to a part: weights of the indicators of its question."""

    question: Question
    indicators: Any

    @classmethod
    def of(cls, counts: Counts, part: Part, answers: tuple[str, ...] | None) -> "_Given":
        """Lay the answers out."""
        import numpy as np

        question = counts.instrument.question(part.question)
        name = f"{part.question}__{part.item}" if part.item else part.question
        weights: list[int] = []
        for column in counts.definition.columns.of_block(question):
            for code in column.codes:
                if question.kind == "multiple":
                    wanted = answers is None or code == (REST not in answers)
                else:
                    wanted = answers is None or str(code) in answers
                weights.append(int(column.name == name and wanted))
        return cls(question, np.array(weights, np.int64))

    def together(self, counts: Counts, other: "_Given") -> int:
        """How many gave both."""
        return int(self.indicators @ counts.joint(self.question, other.question) @ other.indicators)
