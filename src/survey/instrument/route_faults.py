"""What is wrong with a route: only an earlier question can decide who is asked, by what it can hold."""

from collections.abc import Iterator
from math import inf, isfinite
from typing import Any

from survey.instrument.question import AskedIf, Question
from survey.instrument.questionnaire import Questionnaire
from survey.instrument.schema import Fault, KeyPath


def routing_faults(
    survey: Questionnaire, path: KeyPath, question: Question, asked_if: AskedIf
) -> Iterator[Fault]:
    """Find routes that lead from nowhere: only an earlier question can decide, by what it can hold."""
    earlier: dict[str, Question] = {}
    for other in survey.questions:
        if question.id in (other.id, getattr(other.whole, "id", "")):
            break
        earlier[other.id] = other
    grid = next((one for one in survey.grids if one.id == asked_if.question), None)
    if grid is not None and asked_if.item is not None:  # a row of a grid decides
        name = f"{grid.id}__{asked_if.item}"
        if name not in earlier and asked_if.item not in {row.id for row in grid.rows}:
            rows = [row.id for row in grid.rows]
            yield (*path, "item"), "route_item", {"question": question.id, "other": grid.id, "known": rows}
            return
        asked_if = asked_if.model_copy(update={"question": name, "item": None})
    decides = earlier.get(asked_if.question)
    values: dict[str, Any] = {"question": question.id, "other": asked_if.question}
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
    if by_part != (asked_if.item is not None) or (
        asked_if.item and asked_if.item not in {part.id for part in decides.parts}
    ):
        known = [part.id for part in decides.parts if by_part] or "-"
        yield (*path, "item"), "route_item", {**values, "known": known}
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
