"""Routing, choices and limits: who was asked, and answers that the instrument did not allow."""

from typing import TYPE_CHECKING, Any

from survey.errors import Problem
from survey.instrument import Question

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from survey.ingest.conversion import Conversion

    Mask = npt.NDArray[np.bool_]


def route(conversion: "Conversion") -> None:
    """Turn the blanks of those who were not asked into `not_asked`; tell answers of those who were not.

    Where the deciding answer is missing, nothing is known: a row of zeros is then no answer, which is told.
    Answers stay as they are.
    """
    joined = {target.question.id for _, target in conversion.match.answers if target.part is None}
    for question in conversion.instrument.questions:
        if question.asked_if is not None and (apart := _not_asked(conversion, question)) is not None:
            _mark(conversion, question, apart, one_cell=question.id in joined)
        if question.kind == "multiple" and (question.least or question.most):
            _count_choices(conversion, question)


def _mark(conversion: "Conversion", question: Question, apart: "Mask", *, one_cell: bool) -> None:
    """Mark the blanks of those who were not asked; of a joined cell, which is one, count only the first."""
    answered, counted = apart & False, apart & False
    _untick(conversion, question, apart)
    for name in [name for name in question.columns if name in conversion.missing]:
        kinds = conversion.missing[name]
        given = conversion.values[name].where(lambda value: value not in (None, False))
        answered |= apart & given & kinds.where(lambda kind: not kind)
        for kind in ("empty", "skipped"):
            blank = apart & kinds.where(kind.__eq__)
            count = int((blank & ~counted if one_cell and question.kind == "multiple" else blank).sum())
            conversion.counts["missing", kind] -= count
            conversion.counts["missing", "not_asked"] += count
        blank = apart & kinds.where(lambda kind: kind in ("empty", "skipped"))
        counted |= blank
        if blank.any():
            conversion.missing[name] = kinds.put(blank, "not_asked")
    if answered.any():
        values = {"question": question.id, "count": int(answered.sum())}
        conversion.doubts.append(Problem("answered_not_asked", values=values))


def _untick(conversion: "Conversion", question: Question, apart: "Mask") -> None:
    """Make rows of zeros what they are of those who were not asked, or of whom nothing says so: no answer."""
    ticks = _ticked(conversion, question) if question.kind == "multiple" else {}
    if not ticks:
        return
    zeros = ~_any(list(ticks.values()))
    unknown = zeros & _unknown(conversion, question)
    told = unknown & False
    for code in ticks:
        name = f"{question.id}__{code}"
        unticked = conversion.values[name].where(lambda value: value is False)
        told |= unknown & unticked
        for kind, gone in (("not_asked", zeros & apart & unticked), ("empty", unknown & unticked)):
            if gone.any():
                conversion.values[name] = conversion.values[name].put(gone, None)
                conversion.missing[name] = conversion.missing[name].put(gone, kind)
                conversion.counts["mapped", "answer"] -= int(gone.sum())
                conversion.counts["missing", kind] += int(gone.sum())
    if told.any():
        assert question.asked_if is not None
        values = {"question": question.id, "decides": question.asked_if.question, "count": int(told.sum())}
        conversion.doubts.append(Problem("zeros_of_unknown", values=values))


def _unknown(conversion: "Conversion", question: Question) -> "Mask":
    """Tell for every respondent whether the answer that decides on a question was left blank."""
    rule = question.asked_if
    assert rule is not None
    decides = conversion.instrument.question(rule.question)
    if decides.kind == "multiple":
        names = [f"{decides.id}__{option.id}" for option in decides.options]
    elif decides.kind == "ranking":  # who ranked any option left the others out: they have no place
        names = list(decides.answer_columns)
    else:
        names = [f"{decides.id}__{rule.item}" if rule.item else decides.id]
    blank = [
        conversion.missing[name].where(lambda kind: kind in ("empty", "skipped"))
        for name in names
        if name in conversion.missing
    ]
    return ~_any([~one for one in blank])


def _not_asked(conversion: "Conversion", question: Question) -> "Mask | None":
    """Tell for every respondent whether the question was not to be asked; None where nobody can know.

    Who was not asked what decides is not asked what hangs on it. An option of a ranking that was left out
    beside others has no place, which is neither any place nor above or below one.
    """
    rule = question.asked_if
    assert rule is not None
    decides = conversion.instrument.question(rule.question)
    if decides.kind != "multiple":
        name = f"{decides.id}__{rule.item}" if rule.item else decides.id
        if name not in conversion.values:
            return None
        chosen = conversion.values[name]
        aside: set[Any] = set()
        if decides.kind == "rating":
            aside = {point.value for point in conversion.instrument.scale_of(decides).unrated}
        wrong = chosen.where(lambda value: value is not None and not _holds(question, {value}, aside))
        gone = chosen.where(lambda value: value is None)
        if decides.kind == "ranking":
            there = [one for one in decides.answer_columns if one in conversion.values]
            ranked = _any([conversion.values[one].where(lambda rank: rank is not None) for one in there])
            if rule.any or rule.at_least is not None or rule.at_most is not None:
                wrong |= gone & ranked
            gone &= ~ranked
        return wrong | (gone & conversion.missing[name].where("not_asked".__eq__))
    ticks = _ticked(conversion, decides)
    if not ticks:
        return None
    first = f"{decides.id}__{next(iter(ticks))}"
    names = {code: f"{decides.id}__{code}" for code in ticks}
    touched = _any(
        [conversion.values[name].where(lambda value: value is not None) for name in names.values()]
    )
    wrong = _any([ticks[code] for code in rule.none if code in ticks] or [touched & False])
    if rule.any:
        wrong |= ~_any([ticks[code] for code in rule.any if code in ticks] or [touched & False])
    return (touched & wrong) | (~touched & conversion.missing[first].where("not_asked".__eq__))


def _ticked(conversion: "Conversion", question: Question) -> "dict[str, Mask]":
    """Tell for every option that has a column who ticked it."""
    names = [(option.id, f"{question.id}__{option.id}") for option in question.options]
    return {code: conversion.values[name].where(bool) for code, name in names if name in conversion.values}


def _any(masks: "list[Mask]") -> "Mask":
    import numpy as np

    mask: Mask = np.logical_or.reduce(masks)
    return mask


def _holds(question: Question, chosen: set[Any], unordered: set[Any]) -> bool:
    """Whether answers let a question be asked; what has no order is neither at least nor at most anything."""
    rule = question.asked_if
    assert rule is not None
    if rule.any and not chosen & set(rule.any):
        return False
    if chosen & set(rule.none):
        return False
    if chosen & unordered and (rule.at_least is not None or rule.at_most is not None):
        return False
    if rule.at_least is not None and any(value < rule.at_least for value in chosen):
        return False
    return rule.at_most is None or not any(value > rule.at_most for value in chosen)


def _count_choices(conversion: "Conversion", question: Question) -> None:
    """Tell how many chose fewer or more options than allowed; an exclusive one is always enough."""
    ticks = _ticked(conversion, question)
    if not ticks:
        return
    names = [f"{question.id}__{code}" for code in ticks]
    counted = _any([conversion.values[name].where(lambda value: value is not None) for name in names])
    chosen = sum(ticked.astype(int) for ticked in ticks.values())
    for option in question.options:
        if option.exclusive and option.id in ticks:
            counted &= ~ticks[option.id]
    few = int((counted & (chosen < (question.least or 0))).sum())
    many = int((counted & (chosen > question.most)).sum()) if question.most is not None else 0
    if few:
        values = {"question": question.id, "count": few, "limit": question.least}
        conversion.doubts.append(Problem("choices_too_few", values=values))
    if many:
        values = {"question": question.id, "count": many, "limit": question.most}
        conversion.doubts.append(Problem("choices_too_many", values=values))
