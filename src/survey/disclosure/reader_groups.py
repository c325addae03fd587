"""What is known of the members of groups: what they answered to the questions that the groups are made of."""

from collections.abc import Iterator, Sequence

from survey.disclosure.reader_knowledge import REST, Group, Limit, Part
from survey.disclosure.reader_routes import Deciders
from survey.instrument import Instrument, Question
from survey.instrument.derived import CELL, Derived, DerivedOption, band_ends

Rule = tuple[Limit, ...]


def can_be_protected(instrument: Instrument, banner: Question) -> bool:
    """Whether it is known here what the groups of a banner say of the questions they are made of.

    It is of those that were asked; of bands of a number, recodes and nets of a question that was asked (or
    of one item of a rating), and of single questions crossed. Conditions over several questions, and what is
    derived of derived variables, are not followed.
    """
    rule = instrument.rule_of(banner.id)
    if rule is None or rule.kind not in _LINKS:
        return rule is None
    sources = instrument.sources_of(rule)
    if any(instrument.rule_of(source.id) for source in sources):
        return False
    if rule.kind == "bands":
        return True
    kinds = ("single", "multiple") if rule.kind == "net" else ("single",)
    batteries = {source.item_of[0] for source in sources} - {""}
    rated = all(instrument.question(name).kind == "rating" for name in batteries) and rule.kind != "cross"
    return all(source.kind in kinds for source in sources) and (not batteries or rated)


def _part_of(source: Question) -> Part:
    """A question that groups are made of: it is one part, or an item of a rating is."""
    return Part(*source.item_of) if source.item_of[0] else Part(source.id)


def group_rules(deciders: Deciders, banners: Sequence[Question], only: str | None) -> Iterator[Rule]:
    """What the groups say of the answers that they are made of, as far as those are parts of their own."""
    instrument = deciders.instrument
    for banner in banners:
        rule = instrument.rule_of(banner.id)
        if rule is not None:
            for limit in _LINKS[rule.kind](deciders, rule, banner):
                yield (limit,)
            continue
        yield from ((limit,) for limit in _of_ticks(banner, only))
        if only is None or (banner.kind == "single" and only == "exclusive"):
            yield from ((limit,) for limit in _of_members(banner))


def _of_ticks(banner: Question, only: str | None) -> Iterator[Limit]:
    """What the groups say of the ticks they are made of."""
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


def _grouping(rule: Derived, banner: Question) -> list[DerivedOption]:
    """The options of a rule that are groups: one that excludes the others is none."""
    groups = {group.id for group in banner.groups}
    return [option for option in rule.options if option.id in groups]


def _of_bands(deciders: Deciders, rule: Derived, banner: Question) -> Iterator[Limit]:
    """Who is in a band gave a number in it; of whom that is unknown, none in any."""
    part = Part(rule.sources[0])
    steps = deciders.steps.get(part)
    if steps is None:
        return
    for option in _grouping(rule, banner):
        low, end = band_ends(option)
        codes, inside = steps.between(low, end, within=False), Group(banner.id, option.id)
        yield Limit(((part, codes, -1),), -1, within=inside)
        yield Limit(((part, codes, 1),), 0, within=inside, state=0)
        yield Limit(((part, codes, 1),), 0, within=inside, state=-1)


def _of_answers(deciders: Deciders, rule: Derived, banner: Question) -> Iterator[Limit]:
    """Groups made of the answers to a single question, each of one or of several (nets)."""
    part = _part_of(deciders.instrument.sources_of(rule)[0])
    every = deciders.all_of(part)
    for option in _grouping(rule, banner):
        codes, inside = _codes(rule, option, every), Group(banner.id, option.id)
        yield Limit(((part, codes, -1),), -1, within=inside)
        yield Limit(((part, codes, 1),), 0, within=inside, state=0)
        yield Limit(((part, codes, 1),), 0, within=inside, state=-1)
        if rule.kind == "net":
            yield Limit(((part, None, -1),), -1, within=inside, state=0)
            yield Limit(((part, None, 1),), 0, within=inside, state=-1)


def _codes(rule: Derived, option: DerivedOption, every: Sequence[str]) -> tuple[str, ...]:
    if option.otherwise:
        others = {str(code) for one in rule.options for code in one.any}
        return tuple(code for code in every if code not in others)
    return tuple(code for code in every if code in set(map(str, option.any)))


def _of_nets(deciders: Deciders, rule: Derived, banner: Question) -> Iterator[Limit]:
    """Who is in a net ticked any of its options; who is not answered them all and ticked none."""
    source = deciders.instrument.sources_of(rule)[0]
    if source.kind != "multiple":
        yield from _of_answers(deciders, rule, banner)
        return
    for option in _grouping(rule, banner):
        inside = Group(banner.id, option.id)
        parts = [(Part(source.id, str(code)), (str(code),)) for code in option.any]
        yield Limit(tuple((part, code, -1) for part, code in parts), -1, within=inside)
        for part, code in parts:
            yield Limit(((part, (REST,), -1),), -1, within=inside, state=0)
            yield Limit(((part, code, 1),), 0, within=inside, state=-1)
        answered = tuple((part, None, 1) for part, _ in parts)
        yield Limit(answered, len(parts) - 1, within=inside, state=-1)


def _of_cells(deciders: Deciders, rule: Derived, banner: Question) -> Iterator[Limit]:
    """Who is in a cell of crossed questions gave all its answers; who is in none left one of them out."""
    sources = deciders.instrument.sources_of(rule)
    for group in banner.options:
        inside, codes = Group(banner.id, group.id), group.id.split(CELL)
        given = [(Part(source.id), (code,)) for source, code in zip(sources, codes, strict=True)]
        for part, code in given:
            yield Limit(((part, code, -1),), -1, within=inside)
        answered = tuple((part, None, 1) for part, _ in given)
        yield Limit(answered, len(given) - 1, within=inside, state=-1)


_LINKS = {"bands": _of_bands, "recode": _of_answers, "net": _of_nets, "cross": _of_cells}
