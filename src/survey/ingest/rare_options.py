"""Options that few chose, shown together: responses as tables show them, under an instrument that says so."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from survey.ingest.responses import Responses
from survey.instrument import Instrument, Option, Question
from survey.instrument.option import OTHER
from survey.messages import ENGLISH, LANGUAGES, message

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Gathered:
    """The options of one question that stand together: fewer than `below` chose each of them."""

    question: Question
    options: tuple[Option, ...]
    below: int


def with_rare_together(responses: Responses) -> tuple[Responses, tuple[Gathered, ...]]:
    """Put the options that few chose together, where the schema says so (`other: {below: n}`).

    They become the option "other", which may be there already. One alone stays as it is, and so do options
    that exclude all others, keep their place (`fixed`), are pinned, have room for text, or decide who is
    asked a question. What is derived of them stays as it is.
    """
    gathered = tuple(
        filter(None, (_rare(responses, question) for question in responses.instrument.questions))
    )
    for one in gathered:
        responses = _together(responses, one)
    return responses, gathered


def _rare(responses: Responses, question: Question) -> Gathered | None:
    """The options of a question that stand together; None where none do."""
    if question.other is None:
        return None
    routed = _deciding(responses.instrument, question)
    counts = _counts(responses, question)
    rare = [
        option
        for option in question.movable
        if option.id not in routed and counts[option.id] < question.other.below
    ]
    there = OTHER in counts and OTHER not in routed
    if len(rare) + there < 2 or not rare or (OTHER in counts and not there):
        return None
    return Gathered(question, tuple(rare), question.other.below)


def _deciding(instrument: Instrument, question: Question) -> set[str]:
    """The options by which it is decided who is asked another question."""
    routes = [other.asked_if for other in instrument.questions if other.asked_if]
    own = [route for route in routes if route.question == question.id]
    return {str(code) for route in own for code in (*route.any, *route.none)}


def _counts(responses: Responses, question: Question) -> dict[str, int]:
    """How many chose each option."""
    columns = responses.columns_of(question)
    if question.kind == "single":
        chosen = columns[question.id].value_counts()
        return {option.id: int(chosen.get(option.id, 0)) for option in question.options}
    return {option.id: int(columns[option.id].fillna(False).sum()) for option in question.options}


def _together(responses: Responses, gathered: Gathered) -> Responses:
    """One question with its rare options as one: its answers, and its place in the instrument."""
    question, gone = gathered.question, {option.id for option in gathered.options}
    there = next((option for option in question.options if option.id == OTHER), None)
    count = len(gone) + (there is not None)
    label = {
        lang: message("rare_options", lang if lang in LANGUAGES else ENGLISH, count=count)
        for lang in responses.instrument.languages
    }
    other = (there or Option(id=OTHER, label=label)).model_copy(update={"label": label, "pinned": "last"})
    kept = [option for option in question.options if option.id not in gone and option.id != OTHER]
    shown = question.model_copy(update={"options": (*kept, other), "other": None})
    instrument = responses.instrument.showing(shown)
    data, missing = _columns(responses, question, shown, [*gone, *([OTHER] if there else [])])
    order = list(instrument.columns)
    return replace(responses, data=data[order], missing=missing[order], instrument=instrument)


def _columns(
    responses: Responses, question: Question, shown: Question, members: list[str]
) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """The answers and the kinds of missing with the members of "other" as one column or code."""
    import pandas as pd

    data, missing = responses.data.copy(), responses.missing.copy()
    if question.kind == "single":
        codes = pd.CategoricalDtype([option.id for option in shown.options])
        answers: Any = data[question.id].astype(object)
        data[question.id] = answers.where(~answers.isin(members), OTHER).astype(codes)
        return data, missing
    own = [f"{question.id}__{member}" for member in members]
    ticked = data[own].fillna(False).any(axis=1)
    known = data[own].notna().any(axis=1)
    name = f"{question.id}__{OTHER}"
    kinds = missing[own[0]].astype(object).where(~known, "")
    data[name] = ticked.astype("boolean").where(known, pd.NA)
    missing[name] = kinds.astype(missing[own[0]].dtype)
    return data, missing
