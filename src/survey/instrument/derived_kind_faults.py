"""What is wrong with the options of a derived variable: one function for each kind of rule."""

import math
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from survey.instrument.derived import (
    BAND_ENDS,
    CONDITIONS,
    MOST_CELLS,
    Derived,
    DerivedOption,
    as_number,
    band_ends,
    scored_columns,
)
from survey.instrument.question import Question
from survey.instrument.questionnaire import Questionnaire
from survey.instrument.route_faults import contradicted, decided_faults, unknown_fault
from survey.instrument.schema import Fault, KeyPath


def bands_faults(
    path: KeyPath, survey: Questionnaire, rule: Derived, sources: Sequence[Question]
) -> Iterator[Fault]:
    """Find bands that hold nothing, share numbers, or leave some out between them."""
    source = sources[0]
    dated = source.kind == "date"
    limits = source.limits
    whole = dated or source.kind == "nps" or bool(limits and limits.whole)
    least, most = _span(survey, source)
    bands: list[tuple[float, float, int]] = []
    for position, option in enumerate(rule.options):
        where = (*path, "options", position)
        own = {"id": rule.id, "option": option.id}
        if option.at_most is not None and option.below is not None:
            yield (*where, "below"), "derived_band_two_ends", own
            continue
        if fault := next(_limit_faults(where, option, own, dated=dated), None):
            yield fault
            continue
        low, high = band_ends(option, whole=whole)
        low = low if least is None else max(low, least)
        high = high if most is None else min(high, most + 1 if dated else math.nextafter(most, math.inf))
        if low >= high or (whole and not dated and math.ceil(low) >= high):
            yield where, "derived_band_empty", {**own, "source": source.id}
        else:
            bands.append((low, high, position))
    bands.sort()
    for (_, end, one), (start, _, other) in pairwise(bands):
        told = {"id": rule.id, "option": rule.options[other].id, "other": rule.options[one].id}
        if start < end:
            yield (*path, "options", other), "derived_bands_overlap", told
        elif (math.ceil(end) < math.ceil(start)) if whole else end < start:
            yield (*path, "options", other), "derived_bands_gap", told


def _span(survey: Questionnaire, source: Question) -> tuple[float | None, float | None]:
    """The least and the most that answers may be, as bands count them; None where there is no limit."""
    if source.kind == "nps":
        least, *_, most = survey.points_of(source)
        return least, most
    limits = source.limits
    if limits is None:
        return None, None
    if source.kind != "date":
        return limits.minimum, limits.maximum
    return _day_limit(limits.earliest), _day_limit(limits.latest)


def _day_limit(text: str | None) -> float | None:
    """A limit as a number of days; None of what is no day, which is told where the question is checked."""
    return None if text is None or _day(text) is None else as_number(text)


def _limit_faults(
    where: KeyPath, option: DerivedOption, own: dict[str, Any], *, dated: bool
) -> Iterator[Fault]:
    for name in BAND_ENDS:
        value = getattr(option, name)
        if value is None:
            continue
        told = {**own, "value": value}
        if isinstance(value, str) != dated:
            yield (*where, name), ("derived_band_needs_day" if dated else "derived_band_needs_number"), told
        elif dated and _day(value) is None:
            yield (*where, name), "derived_band_needs_day", told


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def options_faults(
    path: KeyPath, _: Questionnaire, rule: Derived, sources: Sequence[Question]
) -> Iterator[Fault]:
    """Find answers that the source does not have or that stand twice, and options that hold them all."""
    source = sources[0]
    codes = [option.id for option in source.options]
    owner: dict[str, str] = {}
    for position, option in enumerate(rule.options):
        where = (*path, "options", position, "any")
        own = {"id": rule.id, "option": option.id, "source": source.id}
        chosen = [str(code) for code in option.any]
        for place, code in enumerate(chosen):
            if code not in codes:
                key, listed = unknown_fault("derived_code_unknown", code, codes)
                yield (*where, place), key, {**own, "code": code, **listed}
            first = owner.setdefault(code, option.id)
            if first != option.id and rule.kind == "recode":
                yield (*where, place), "derived_code_twice", {**own, "code": code, "other": first}
        if chosen and set(codes) <= set(chosen):
            yield where, "derived_net_of_all", own


def condition_faults(
    path: KeyPath, survey: Questionnaire, rule: Derived, sources: Sequence[Question]
) -> Iterator[Fault]:
    """Find conditions on answers that a question cannot hold, or that no answer can meet together."""
    by_id = {source.id: source for source in sources}
    for position, option in enumerate(rule.options):
        faults: list[Fault] = []
        for name in CONDITIONS:
            for place, route in enumerate(getattr(option, name)):
                where = (*path, "options", position, name, place)
                faults += decided_faults(survey, where, rule.id, by_id[route.question], route)
        yield from faults
        ways = [(*option.all_of, route) for route in option.any_of] or [option.all_of]
        contradictions = [contradicted(survey, way, by_id) for way in ways] if not faults else []
        if contradictions and all(contradictions):
            values = {"id": rule.id, "option": option.id, "other": contradictions[0]}
            yield (*path, "options", position), "derived_condition_never", values


def score_faults(
    path: KeyPath, survey: Questionnaire, rule: Derived, sources: Sequence[Question]
) -> Iterator[Fault]:
    """Find items that are not there, or that no sum can be made of."""
    ratings = [source for source in sources if source.kind == "rating"]
    known = [item.id for source in ratings for item in source.items]
    for place, name in enumerate(rule.items):
        if name not in known:
            key, listed = unknown_fault("derived_item_unknown", name, known)
            yield (*path, "items", place), key, {"id": rule.id, "name": name, **listed}
    scales = {survey.scale_of(source).values if source.kind == "rating" else () for source in sources}
    if len(scales) > 1:
        yield (*path, "of"), "derived_score_scales", {"id": rule.id, "known": list(rule.sources)}
    count = len(scored_columns(rule, sources))
    if rule.least and rule.least > max(count, 1):
        yield (*path, "least"), "derived_score_least", {"id": rule.id, "least": rule.least, "count": count}


def cross_faults(
    path: KeyPath, _: Questionnaire, rule: Derived, sources: Sequence[Question]
) -> Iterator[Fault]:
    """Find questions crossed with themselves, and more cells than a table can show."""
    cells = math.prod(len(source.groups) for source in sources)
    names = [source.id for source in sources]
    if len(set(names)) < len(names):
        yield (*path, "of"), "derived_cross_twice", {"id": rule.id, "known": names}
    elif cells > MOST_CELLS:
        yield (*path, "of"), "derived_cross_many", {"id": rule.id, "count": cells, "most": MOST_CELLS}
