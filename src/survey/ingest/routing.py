"""Routing, choices and limits: who was asked, and answers that the instrument did not allow."""

from typing import TYPE_CHECKING, Any

from survey.errors import Problem
from survey.instrument import Question

if TYPE_CHECKING:
    from survey.ingest.convert import Conversion


def route(done: "Conversion") -> None:
    """Turn the blanks of those who were not asked into `not_asked`; tell answers of those who were not.

    Where the deciding answer is missing, nothing is known and nothing changes. Answers stay as they are.
    """
    joined = {target.question.id for _, target in done.match.answers if target.part is None}
    for question in done.instrument.questions:
        if question.asked_if is not None and (asked := _asked(done, question)) is not None:
            _mark(done, question, asked, one_cell=question.id in joined)
        if question.kind == "multiple" and (question.least or question.most):
            _count_choices(done, question)


def _mark(done: "Conversion", question: Question, asked: list[bool | None], *, one_cell: bool) -> None:
    columns = [name for name in question.columns if name in done.missing]
    answered = 0
    for row, was_asked in enumerate(asked):
        if was_asked is not False:
            continue
        cells = [(name, done.missing[name][row]) for name in columns]
        answered += any(not kind and done.values[name][row] not in (None, False) for name, kind in cells)
        blank = [(name, kind) for name, kind in cells if kind in ("empty", "skipped")]
        counted = blank[:1] if one_cell and question.kind == "multiple" else blank
        for _, kind in counted:
            done.counts["missing", kind] -= 1
            done.counts["missing", "not_asked"] += 1
        for name, _ in blank:
            done.missing[name][row] = "not_asked"
    if answered:
        values = {"question": question.id, "count": answered}
        done.doubts.append(Problem("answered_not_asked", values=values))


def _asked(done: "Conversion", question: Question) -> list[bool | None] | None:
    """Tell for every respondent whether the question was to be asked; None where nobody can know."""
    rule = question.asked_if
    assert rule is not None
    decides = done.instrument.question(rule.question)
    if decides.kind == "multiple":
        names = [(option.id, f"{decides.id}__{option.id}") for option in decides.options]
        known = [(code, name) for code, name in names if name in done.values]
        if not known:
            return None
        size = len(done.table.numbers)
        rows: list[set[Any] | None] = []
        for row in range(size):
            answers = [(code, done.values[name][row]) for code, name in known]
            touched = any(value is not None for _, value in answers)
            rows.append({code for code, value in answers if value} if touched else None)
    else:
        first = f"{decides.id}__{rule.item}" if rule.item else decides.id
        cells = done.values.get(first)
        if cells is None:
            return None
        rows = [None if value is None else {value} for value in cells]
    # Who was not asked what decides is not asked what hangs on it.
    kinds = done.missing[known[0][1] if decides.kind == "multiple" else first]
    return [
        (False if kind == "not_asked" else None) if chosen is None else _holds(question, chosen)
        for chosen, kind in zip(rows, kinds, strict=True)
    ]


def _holds(question: Question, chosen: set[Any]) -> bool:
    rule = question.asked_if
    assert rule is not None
    if rule.any and not chosen & set(rule.any):
        return False
    if chosen & set(rule.none):
        return False
    if rule.at_least is not None and any(value < rule.at_least for value in chosen):
        return False
    return rule.at_most is None or not any(value > rule.at_most for value in chosen)


def _count_choices(done: "Conversion", question: Question) -> None:
    """Tell how many chose fewer or more options than allowed; an exclusive one is always enough."""
    exclusive = {option.id for option in question.options if option.exclusive}
    answers = [(option.id, done.values.get(f"{question.id}__{option.id}")) for option in question.options]
    known = [(name, cells) for name, cells in answers if cells is not None]
    few = many = 0
    for row in range(len(done.table.numbers) if known else 0):
        cells = [(name, values[row]) for name, values in known]
        chosen = {name for name, value in cells if value}
        if all(value is None for _, value in cells) or chosen & exclusive:
            continue
        few += question.least is not None and len(chosen) < question.least
        many += question.most is not None and len(chosen) > question.most
    if few:
        values = {"question": question.id, "count": few, "limit": question.least}
        done.doubts.append(Problem("choices_too_few", values=values))
    if many:
        values = {"question": question.id, "count": many, "limit": question.most}
        done.doubts.append(Problem("choices_too_many", values=values))
