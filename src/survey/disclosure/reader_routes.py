"""Who was asked, as the questionnaire says it: by choices, by points and by numbers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import ceil, floor, inf
from typing import Any

from survey.counts.row_counts import Counts
from survey.disclosure.reader_knowledge import REST, Limit, Part
from survey.errors import UsageError
from survey.instrument import Instrument, Question
from survey.instrument.derived import band_ends
from survey.instrument.question import AskedIf, Limits


@dataclass(frozen=True)
class Steps:
    """A number as the parts of its line that rules tell apart: below the first end, on it, up to the next.

    `kept` are the places of those that may be, by what the questionnaire allows or somebody answered.
    """

    ends: tuple[float, ...]
    kept: tuple[int, ...] = ()

    def places(self, numbers: Any) -> Any:
        """In which part each number lies."""
        import numpy as np

        return np.searchsorted(self.ends, numbers, "left") + np.searchsorted(self.ends, numbers, "right")

    @property
    def answers(self) -> list[str]:
        """The parts, as answers."""
        return [str(place) for place in self.kept]

    def between(self, low: float, high: float, *, within: bool = True) -> tuple[str, ...]:
        """Those from one end to another, both included (`within` False: that one apart)."""
        first, last = (int(self.places([end])[0]) for end in (low, high))
        beyond = not within and high < inf
        return tuple(str(place) for place in self.kept if first <= place <= last - beyond)

    def allowed(self, limits: Limits | None, *, whole: bool) -> Iterator[int]:
        """The places of the parts that hold a number that is allowed."""
        low, high = (limits.minimum, limits.maximum) if limits else (None, None)
        least, most = -inf if low is None else float(low), inf if high is None else float(high)
        for place, end in enumerate(self.ends):
            if least <= end <= most and (not whole or end == floor(end)):
                yield 2 * place + 1
        for place, (start, end) in enumerate(pairwise((-inf, *self.ends, inf))):
            first, last = max(start, least), min(end, most)
            if whole:
                first = first if first == -inf else ceil(first) + (ceil(first) == start)
                last = last if last == inf else floor(last) - (floor(last) == end)
            if first < last or (first == last and (whole or start < first < end)):
                yield 2 * place


# A select-all question of no more options that decides who is asked counts as all sets of ticks there may be.
MOST_TICKED = 6
SETS = "*"
_BETWEEN = " "


@dataclass(frozen=True)
class Deciders:
    """What rules speak of: the parts that are printed, and those beside them that decide who was asked.

    `answers` holds the answers to the latter, `steps` how those that are numbers are cut.
    """

    instrument: Instrument
    printed: Mapping[Part, Sequence[str]]
    answers: Mapping[Part, Sequence[str]]
    steps: Mapping[Part, Steps]

    @classmethod
    def of(
        cls, counts: Counts, printed: Mapping[Part, Sequence[str]], banners: Sequence[Question]
    ) -> "Deciders":
        """Find what decides on the questions of some parts, on what decides on these, and so on."""
        instrument = counts.instrument
        names = list(dict.fromkeys(part.question for part in printed))
        ends: dict[Part, set[float]] = {}
        answers: dict[Part, Sequence[str]] = {}
        for name in names:  # grows
            rule = instrument.question(name).asked_if
            if rule is None:
                continue
            decides = instrument.question(rule.question)
            names += [decides.id] if decides.id not in names else []
            if decides.traits.measured:
                cut = {float(end) for end in (rule.at_least, rule.at_most) if end is not None}
                ends.setdefault(Part(decides.id, rule.item or ""), set()).update(cut)
                continue
            answers |= {
                part: codes
                for part, codes in _coded(counts, decides, rule.item).items()
                if part not in printed and codes
            }
        for banner in banners:
            for part, cuts in _of_bands(instrument, banner).items():
                if part in ends:  # else no other number says anything of it
                    ends[part] |= cuts
        steps = {part: _steps(counts, part, tuple(sorted(cuts))) for part, cuts in ends.items()}
        answers |= {part: own.answers for part, own in steps.items()}
        return cls(instrument, printed, answers, steps)

    def all_of(self, part: Part) -> Sequence[str]:
        """The answers to a part; none to one that no rule speaks of."""
        return self.printed.get(part) or self.answers.get(part) or ()


def _coded(counts: Counts, question: Question, item: str | None) -> dict[Part, Sequence[str]]:
    """The parts of a question that decides, with their answers."""
    if question.kind == "multiple":
        ids = [option.id for option in question.options]
        parts: dict[Part, Sequence[str]] = {Part(question.id, code): (code, REST) for code in ids}
        if len(ids) <= MOST_TICKED:
            sets = (chosen for size in range(len(ids) + 1) for chosen in combinations(ids, size))
            parts[Part(question.id, SETS)] = tuple(map(_BETWEEN.join, sets))
        return parts
    columns = counts.definition.columns
    name = f"{question.id}__{item}" if item else question.id
    codes = [*columns.by_name[name].codes, *(columns.unrated[name].codes if name in columns.unrated else ())]
    return {Part(question.id, item or ""): tuple(map(str, codes))}


def _of_bands(instrument: Instrument, banner: Question) -> dict[Part, set[float]]:
    """The number that the groups of a banner are bands of, with the ends of these."""
    rule = instrument.rule_of(banner.id)
    if rule is None or rule.kind != "bands":
        return {}
    ends = {end for option in rule.options for end in band_ends(option)}
    return {Part(rule.sources[0]): ends - {-inf, inf}}


def _steps(counts: Counts, part: Part, ends: tuple[float, ...]) -> Steps:
    question = counts.instrument.question(part.question)
    limits = question.number_limits
    steps = Steps(ends)
    kept = set(steps.allowed(limits, whole=bool(limits and limits.whole)))
    try:
        values = counts.number_values(f"{part.question}__{part.item}" if part.item else part.question).values
        kept |= set(map(int, steps.places(values)))
    except UsageError:  # a tally has not kept them
        kept = set(range(2 * len(ends) + 1))
    return Steps(ends, tuple(sorted(kept)))


def ticked_in(answer: str) -> set[str]:
    """The options that a set of ticks has."""
    return set(answer.split(_BETWEEN)) - {""}


def decided_by(deciders: Deciders, rule: AskedIf) -> Part:
    """The part whose answers decide: a question or item, or the sets of ticks of a select-all question."""
    sets = Part(rule.question, SETS)
    return sets if sets in deciders.answers else Part(rule.question, rule.item or "")


def letting(deciders: Deciders, rule: AskedIf) -> tuple[str, ...]:
    """The answers to what decides that let a question be asked; none where it is not one part."""
    part = decided_by(deciders, rule)
    low = -inf if rule.at_least is None else rule.at_least
    high = inf if rule.at_most is None else rule.at_most
    if part in deciders.steps:
        return deciders.steps[part].between(low, high)
    limited = (low, high) != (-inf, inf)
    question = deciders.instrument.question(rule.question)
    aside = {str(point.value) for point in deciders.instrument.unrated_of(question)} if limited else set()
    chosen, refused = set(map(str, rule.any)), set(map(str, rule.none)) | aside
    given = {code: ticked_in(code) if part.item == SETS else {code} for code in deciders.all_of(part)}
    return tuple(
        code
        for code, own in given.items()
        if (not chosen or own & chosen) and not own & refused and (not limited or low <= float(code) <= high)
    )


def set_rules(deciders: Deciders, question: Question) -> Iterator[tuple[Limit, ...]]:
    """What ticks have to do with sets of them, and which sets there may be."""
    sets = Part(question.id, SETS)
    every = deciders.all_of(sets)
    alone = {option.id for option in question.options if option.exclusive}
    for option in question.options if every else ():
        part = Part(question.id, option.id)
        tick, among = (part, (option.id,)), (sets, tuple(one for one in every if option.id in ticked_in(one)))
        yield (Limit(((*tick, 1), (*among, -1)), 0),)
        yield (Limit(((*tick, -1), (*among, 1)), 0),)
        yield (Limit(((part, None, 1), (sets, None, -1)), 0),)
        yield (Limit(((part, None, -1), (sets, None, 1)), 0),)
    for answer in every:
        ticked = ticked_in(answer)
        few = len(ticked) < (question.least or 0) and not ticked & alone
        many = len(ticked) > (question.most or len(question.options))
        if few or many or (ticked & alone and len(ticked) > 1):
            yield (Limit(((sets, (answer,), 1),), 0),)


def parts_of(question: Question) -> list[Part]:
    """What is answered of a question one by one."""
    names = [part.id for part in question.parts] if question.traits.split else [""]
    return [Part(question.id, name) for name in names]


def route_rules(deciders: Deciders, question: Question) -> Iterator[tuple[Limit, ...]]:
    """Who answered this is among those whose answer to the deciding question lets them be asked.

    Or, where some left that blank, whoever answered this did not give an answer that forbids it.
    """
    rule = question.asked_if
    if rule is None:
        return
    decides = deciders.instrument.question(rule.question)
    ticks = [(Part(decides.id, str(code)), str(code)) for code in rule.any]
    for part in parts_of(question):
        answered = (part, None, 1)
        by = decided_by(deciders, rule)
        if decides.kind != "multiple" or by.item == SETS:
            codes = letting(deciders, rule)
            others = tuple(code for code in deciders.all_of(by) if code not in codes)
            yield Limit((answered, (by, codes, -1)), 0), Limit((answered, (by, others, 1)), 1)
            continue
        for code in map(str, rule.none):
            refusing = Part(decides.id, code)
            yield (
                Limit((answered, (refusing, (REST,), -1)), 0),
                Limit((answered, (refusing, (code,), 1)), 1),
            )
        if ticks:
            chosen = tuple((tick, (code,), -1) for tick, code in ticks)
            without = tuple((tick, (REST,), 1) for tick, _ in ticks)
            yield Limit((answered, *chosen), 0), Limit((answered, *without), len(ticks))


def required_rules(deciders: Deciders, question: Question) -> Iterator[tuple[Limit, ...]]:
    """Whoever was asked answered what had to be answered."""
    if not question.required:
        return
    rule = question.asked_if
    for part in parts_of(question):
        if rule is None:
            yield (Limit(((part, None, -1),), -1),)
            continue
        decides = deciders.instrument.question(rule.question)
        by = decided_by(deciders, rule)
        if decides.kind != "multiple" or by.item == SETS:
            asked = (by, letting(deciders, rule), 1)
            yield (Limit((asked, (part, None, -1)), 0),)
            continue
        refused = tuple((Part(decides.id, str(code)), (str(code),), -1) for code in rule.none)
        first = Part(decides.id, decides.options[0].id)
        asked_by: Iterable[Any] = [(Part(decides.id, str(code)), (str(code),), 1) for code in rule.any]
        for asked in asked_by or [(first, None, 1)]:
            yield (Limit((asked, *refused, (part, None, -1)), 0),)
