"""What is wrong with one question, or with one grid: its parts, its limits, how tables show it."""

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from survey.instrument.kinds import QuestionKind
from survey.instrument.option import Option
from survey.instrument.question import Grid, Limits, Question
from survey.instrument.questionnaire import Questionnaire
from survey.instrument.route_faults import routing_faults
from survey.instrument.scale import Point
from survey.instrument.schema import Fault, KeyPath, doubles
from survey.instrument.short_names import short_faults
from survey.wording import normalise

# The limits that cells may have, by what they hold.
_LIMITS = {"number": ("minimum", "maximum", "whole", "unit"), "date": ("earliest", "latest")}

# What is said where a question lacks the parts of its kind, and where it has those of another.
_PART_FAULTS = {
    "options": ("options_needed", "options_not_here"),
    "items": ("items_needed", "items_not_here"),
}

# What a question may say beside what every question does, by the kinds that have it; a group is what may be
# a banner, by its options or its points.
_OWN_KEYS: dict[str, tuple[QuestionKind, ...]] = {
    **{"least": ("multiple",), "most": ("multiple",), "ranks": ("ranking",), "scale": ("rating",)},
    **{"total": ("constant_sum",), "tolerance": ("constant_sum",)},
    "group": ("single", "multiple", "rating", "ranking", "nps"),
}


def question_faults(survey: Questionnaire, path: KeyPath, question: Question) -> Iterator[Fault]:
    """Find what a question lacks of its kind, what it has of another, and what contradicts itself."""
    values = {"question": question.id, "kind": question.kind}
    is_rating = question.kind == "rating"
    for name, (needed, not_here) in _PART_FAULTS.items():
        if bool(getattr(question, name)) != (question.traits.parts == name):
            yield path, not_here if getattr(question, name) else needed, values
    if is_rating and question.scale not in survey.scales:
        known = list(survey.scales) or "-"
        yield (*path, "scale"), "scale_unknown", {**values, "scale": question.scale, "known": known}
    yield from short_faults(path, question.short)
    yield from doubles(path, question.traits.parts or "options", question.parts)
    yield from _retired_faults(survey, path, question)
    yield from _limit_faults(survey, path, question)
    yield from _table_faults(survey, path, question)
    yield from _missing_faults(survey, path, question)
    if question.asked_if:
        yield from routing_faults(survey, (*path, "asked_if"), question, question.asked_if)


def grid_faults(survey: Questionnaire, path: KeyPath, grid: Grid) -> Iterator[Fault]:
    """Find what no row could be asked with, and rows that cannot be told apart."""
    fields = {name: getattr(grid, name) for name in type(grid).model_fields if name in Question.model_fields}
    whole = Question.model_construct(**{**fields, "kind": grid.answer})
    yield from question_faults(survey, path, whole)
    yield from doubles(path, "rows", grid.rows)
    for position, row in enumerate(grid.rows):
        where = (*path, "rows", position)
        if f"{grid.id}__{row.id}" in survey.retired:
            yield (*where, "id"), "id_retired", {"id": f"{grid.id}__{row.id}"}
        yield from short_faults(where, row.short or {})


def _retired_faults(survey: Questionnaire, path: KeyPath, question: Question) -> Iterator[Fault]:
    if question.id in survey.retired:
        yield (*path, "id"), "id_retired", {"id": question.id}
    for position, part in enumerate(question.parts):
        name = f"{question.id}__{part.id}"
        if name in survey.retired:
            where = "items" if question.items else "options"
            yield (*path, where, position, "id"), "id_retired", {"id": name}


def _limit_faults(survey: Questionnaire, path: KeyPath, question: Question) -> Iterator[Fault]:
    values: dict[str, Any] = {"question": question.id, "kind": question.kind}
    for name, kinds in _OWN_KEYS.items():
        if getattr(question, name) is not None and question.kind not in kinds:
            yield (*path, name), "key_not_here", {**values, "name": name, "own": list(kinds)}
    if question.kind == "ranking" and question.places > len(question.options):
        yield (*path, "ranks"), "ranks_impossible", {**values, "count": len(question.options)}
    if question.kind == "constant_sum" and question.total is None:
        yield path, "total_needed", values
    if question.total is not None and (question.tolerance or 0) >= question.total:
        yield (*path, "tolerance"), "tolerance_impossible", {**values, "total": question.total}
    if (question.least or 1) > min(question.most or 10**6, max(len(question.options), 1)):
        yield (*path, "least"), "choices_impossible", values
    elif question.kind == "multiple" and (question.most or 0) > len(question.options):
        yield (*path, "most"), "choices_beyond", {**values, "count": len(question.options)}
    if question.limits:
        yield from _number_limit_faults(survey, (*path, "limits"), question, question.limits)


def _number_limit_faults(
    survey: Questionnaire, path: KeyPath, question: Question, limits: Limits
) -> Iterator[Fault]:
    """Find limits that a question cannot have, and limits that nothing lies between."""
    values = {"question": question.id, "kind": question.kind}
    known = _LIMITS.get(question.traits.cells, ()) if not question.traits.split else ()
    if not known:
        yield path, "limits_not_here", values
        return
    for name in limits.model_fields_set - set(known):
        yield (*path, name), "limit_not_here", {**values, "name": name, "known": list(known)}
    for low, high in ((limits.minimum, limits.maximum), (limits.earliest, limits.latest)):
        if low is not None and high is not None and low > high:  # type: ignore[operator]
            yield path, "limits_impossible", values
    for name in ("earliest", "latest"):
        day = getattr(limits, name)
        if day is not None and not _is_day(day):
            yield (*path, name), "limit_no_day", {**values, "value": day}


def _table_faults(survey: Questionnaire, path: KeyPath, question: Question) -> Iterator[Fault]:
    """Find what says how tables show a question where it cannot."""
    values: dict[str, Any] = {"question": question.id, "kind": question.kind}
    if question.fixed and not question.parts:
        yield (*path, "fixed"), "fixed_not_here", values
    if question.other and question.traits.cells not in ("option", "tick"):
        yield (*path, "other"), "other_not_here", values
    elif question.other and not question.gathers:
        yield (*path, "other"), "other_and_fixed", values
    where = "items" if question.items else "options"
    for position, part in enumerate(question.parts):
        at, own = (*path, where, position), {**values, "id": part.id}
        if part.exclusive and question.traits.cells not in ("option", "tick"):
            yield (*at, "exclusive"), "exclusive_not_here", own
        if part.text_aliases and not part.text:
            yield (*at, "text_aliases"), "text_aliases_alone", own
        if part.reverse and not question.items:
            yield (*at, "reverse"), "reverse_not_here", own
        if part.pinned and (part.fixed or question.fixed):
            yield (*at, "pinned"), "pinned_and_fixed", own
    if question.items and all(item.reverse for item in question.items):
        yield (*path, "items"), "reverse_all", values


def _missing_faults(survey: Questionnaire, path: KeyPath, question: Question) -> Iterator[Fault]:
    """Find what would stand both for an answer to a question and for none, or for two kinds of none."""
    scaled = survey.has_scale(question)
    parts: Sequence[Option | Point] = survey.scale_of(question).points if scaled else question.options
    owner = {normalise(form): part.id for part in parts for form in part.forms}
    for kind, words in question.missing.items():
        for position, word in enumerate(words):
            first = owner.setdefault(normalise(word), kind)
            if first != kind:
                values = {"question": question.id, "form": word, "other": first, "kind": kind}
                yield (*path, "missing", kind, position), "missing_is_answer", values


def _is_day(text: str) -> bool:
    """Whether a text names a day that there is."""
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True
