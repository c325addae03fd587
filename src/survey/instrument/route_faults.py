"""What is wrong with a route: only an earlier question can decide who is asked, by what it can hold."""

from collections.abc import Iterator, Mapping, Sequence
from math import inf, isfinite
from typing import Any

from survey.instrument.question import AskedIf, Question
from survey.instrument.questionnaire import Questionnaire
from survey.instrument.schema import Fault, KeyPath
from survey.wording import near_misses


def unknown_fault(key: str, name: str, known: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """What is said of a name that is not known: the nearest there are, or all of them where none is near."""
    near = near_misses(name, known)
    return (f"{key}_near", {"near": near}) if near else (key, {"known": list(known) or "-"})


def routing_faults(
    survey: Questionnaire, path: KeyPath, question: Question, asked_if: AskedIf
) -> Iterator[Fault]:
    """Find routes that lead from nowhere: only an earlier question can decide, by what it can hold."""
    earlier: dict[str, Question] = {}
    values: dict[str, Any]
    for other in survey.questions:
        if question.id in (other.id, getattr(other.whole, "id", "")):
            break
        earlier[other.id] = other
    grid = next((one for one in survey.grids if one.id == asked_if.question), None)
    if grid is not None and asked_if.item is not None:  # a row of a grid decides
        name = f"{grid.id}__{asked_if.item}"
        if name not in earlier and asked_if.item not in {row.id for row in grid.rows}:
            rows = [row.id for row in grid.rows]
            key, listed = unknown_fault("route_item_unknown", asked_if.item, rows)
            values = {"question": question.id, "other": grid.id, "item": asked_if.item}
            yield (*path, "item"), key, {**values, **listed}
            return
        asked_if = asked_if.model_copy(update={"question": name, "item": None})
    decides = earlier.get(asked_if.question)
    values = {"question": question.id, "other": asked_if.question}
    if decides is None:
        yield (*path, "question"), "route_not_earlier", {**values, "known": list(earlier) or "-"}
        return
    yield from decided_faults(survey, path, question.id, decides, asked_if)


def decided_faults(
    survey: Questionnaire, path: KeyPath, name: str, decides: Question, asked_if: AskedIf
) -> Iterator[Fault]:
    """Find what a condition of `name` asks of a question that its answers cannot meet."""
    values: dict[str, Any] = {"question": name, "other": asked_if.question}
    by_part = decides.traits.split and decides.traits.cells != "tick"
    parts = [part.id for part in decides.parts if by_part]
    if by_part != (asked_if.item is not None):
        yield (*path, "item"), "route_item", {**values, "known": parts or "-"}
        return
    if asked_if.item is not None and asked_if.item not in parts:
        key, listed = unknown_fault("route_item_unknown", asked_if.item, parts)
        yield (*path, "item"), key, {**values, "item": asked_if.item, **listed}
        return
    ordered = decides.traits.cells in ("point", "number")
    limited = asked_if.at_least is not None or asked_if.at_most is not None
    if limited and not ordered:
        yield path, "route_of_days" if decides.kind == "date" else "route_no_order", values
    elif limited:
        yield from _route_end_faults(survey, path, decides, asked_if, values)
    yield from _route_code_faults(survey, path, decides, asked_if, values)
    if not (asked_if.any or asked_if.none or ordered or limited):
        yield path, "route_empty", values


def contradicted(
    survey: Questionnaire, routes: Sequence[AskedIf], questions: Mapping[str, Question]
) -> str | None:
    """The question of which no answer meets all the conditions that are to hold together, if any."""
    asked: dict[tuple[str, str | None], list[AskedIf]] = {}
    for route in routes:
        asked.setdefault((route.question, route.item), []).append(route)
    together = ((questions[name], own) for (name, _), own in asked.items())
    return next((question.id for question, own in together if not _can_meet(survey, question, own)), None)


def _can_meet(survey: Questionnaire, question: Question, routes: Sequence[AskedIf]) -> bool:
    """Whether one answer to a question, or to one item of it, can meet every condition."""
    least = max((route.at_least for route in routes if route.at_least is not None), default=-inf)
    most = min((route.at_most for route in routes if route.at_most is not None), default=inf)
    excluded = {code for route in routes for code in route.none}
    if question.kind == "multiple":  # several may be ticked
        return all(set(route.any) - excluded for route in routes if route.any)
    codes: set[str | float] = {option.id for option in question.options}
    if question.traits.cells == "point" and survey.has_scale(question):
        points = {point.value for point in survey.scale_of(question).points}
        codes = {value for value in points if least <= value <= most}
    elif not codes or question.kind != "single":
        return least <= most
    for route in routes:
        codes &= set(route.any) or codes
    return bool(codes - excluded)


def _route_end_faults(
    survey: Questionnaire, path: KeyPath, decides: Question, asked_if: AskedIf, values: dict[str, Any]
) -> Iterator[Fault]:
    """Find numbers between which no answer can be."""
    low, high = _ends_of(survey, decides)
    least = low if asked_if.at_least is None else asked_if.at_least
    most = high if asked_if.at_most is None else asked_if.at_most
    if max(low, least) > min(high, most):
        ends = f"{low:g} - {high:g}" if isfinite(low) and isfinite(high) else ""
        yield path, "route_never_ends" if ends else "route_never", {**values, "ends": ends}


def _ends_of(survey: Questionnaire, question: Question) -> tuple[float, float]:
    """The least and the greatest answer that a question allows."""
    if question.traits.cells == "point":
        points = survey.points_of(question) if survey.has_scale(question) else ()
        return (points[0], points[-1]) if points else (-inf, inf)
    limits = question.number_limits
    low, high = (limits.minimum, limits.maximum) if limits else (None, None)
    return -inf if low is None else low, inf if high is None else high


def _route_code_faults(
    survey: Questionnaire, path: KeyPath, decides: Question, asked_if: AskedIf, values: dict[str, Any]
) -> Iterator[Fault]:
    """Find answers that the deciding question cannot hold."""
    codes: set[str | float] = {option.id for option in decides.options}
    if decides.traits.cells == "point":
        scaled = survey.has_scale(decides)
        codes = {point.value for point in survey.scale_of(decides).points} if scaled else set()
    for name in ("any", "none"):
        for code in getattr(asked_if, name):
            if code not in codes:
                known = list(map(str, codes)) or "-"
                yield (*path, name), "route_code", {**values, "code": code, "known": known}
