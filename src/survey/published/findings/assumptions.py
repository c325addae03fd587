"""What stands beside a findings file: where it comes from, and what a reconstruction assumes.

The sidecar is a YAML file of the same name. It is optional; without it every unpublished distribution
starts out uniform.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from survey.errors import FindingsError, InstrumentError, Place, Problem
from survey.instrument import Instrument, Question
from survey.instrument.type_faults import type_problems
from survey.instrument.yaml_values import parse_values, read_text
from survey.wording import near_misses


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Assumptions(_Part):
    """The project's own guesses about what is not published: a reconstruction uses them, no result does.

    Attributes
    ----------
    leanings
        Question -> option -> groups of the banner that respondents with this option lean to.
    leaning_strength
        The odds by which they do; 1 is not at all.
    weights
        Question -> option or scale point -> rough weight. For a select-all question the share, from 0 to 1,
        of those who may tick the option.
    dependence
        How strongly answers of one respondent hang together: the share of a latent rating that one common
        factor explains, from 0 to 0.9.
    """

    note: dict[str, str] = {}
    leanings: dict[str, dict[str, tuple[str, ...]]] = {}
    leaning_strength: Annotated[float, Field(ge=1, le=100)] = 4.0
    weights: dict[str, dict[str, Annotated[float, Field(ge=0)]]] = {}
    dependence: Annotated[float, Field(ge=0, le=0.9)] = 0.3


class Thresholds(_Part):
    """Where an audit draws the line that a statement leaves to the reader.

    Attributes
    ----------
    level
        The level of "significantly", two-sided, for each comparison on its own.
    similar_points
        The largest difference, in percentage points, that is called similar.
    majority
        The share of respondents that more than it are called most.
    concentration
        The share of all ticks that a few options must hold more of to be called concentrated, strictly.
    """

    level: Annotated[float, Field(gt=0, lt=1)] = 0.05
    similar_points: Annotated[float, Field(ge=0, le=100)] = 5.0
    majority: Annotated[float, Field(gt=0, lt=1)] = 0.5
    concentration: Annotated[float, Field(gt=0, lt=1)] = 0.5


class MissingQuestion(_Part):
    """A question that was not asked and would test a statement: its id, what it asks, where it is asked.

    Attributes
    ----------
    id
        The id that a version has for it, or should have.
    text
        What it asks, by language.
    reference
        The version of the instrument that asks it; empty where none does yet.
    """

    id: str
    text: dict[str, str]
    reference: str = ""

    def said(self, lang: str) -> str:
        """What it asks in `lang`, else in the first language there is."""
        return self.text.get(lang) or next(iter(self.text.values()), self.id)


class Sidecar(_Part):
    """Where the findings come from, what a reconstruction assumes, and what an audit draws its lines by."""

    title: dict[str, str] = {}
    instrument: str = ""
    wave: str = ""
    source: str = ""
    licence: str = ""
    reconstruction: Assumptions = Assumptions()
    audit: Thresholds = Thresholds()
    not_asked: dict[str, MissingQuestion] = {}  # by statement


def read_sidecar(path: Path) -> Sidecar:
    """Read the sidecar at `path`; a file that is not there gives the empty one.

    Raises
    ------
    FindingsError
        It is not YAML, or a key or value is not known.
    """
    if not path.is_file():
        return Sidecar()
    try:
        data, located = parse_values(read_text(path), str(path), as_texts=True)
    except InstrumentError as error:
        raise FindingsError(*error.problems) from None
    if isinstance(data, dict):
        data = {key: value for key, value in data.items() if value is not None}  # `source:` says nothing
    try:
        return Sidecar.model_validate(data or {})
    except ValidationError as error:
        raise FindingsError(*type_problems(error.errors(), data, Sidecar, located)) from None


def assumption_problems(assumptions: Assumptions, instrument: Instrument, file: str) -> Iterator[Problem]:
    """Find what the assumptions name and the instrument does not have."""
    place = Place(file=file)
    questions = {question.id: question for question in instrument.questions}
    for question_id in (*assumptions.leanings, *assumptions.weights):
        if question_id not in questions:
            near = near_misses(question_id, questions) or list(questions)
            values = {"question": question_id, "instrument": instrument.reference, "known": near}
            yield Problem("unknown_question", place, values)
    yield from _leaning_problems(assumptions, instrument, place)
    for question_id, weights in assumptions.weights.items():
        if question_id in questions:
            yield from _weight_problems(questions[question_id], weights, instrument, place)


def _unknown(name: str, known: list[str], owner: str, place: Place) -> Problem:
    values = {"option": name, "question": owner, "known": near_misses(name, known) or known}
    return Problem("unknown_option", place, values)


def _leaning_problems(assumptions: Assumptions, instrument: Instrument, place: Place) -> Iterator[Problem]:
    questions = {question.id: question for question in instrument.questions}
    banner = questions.get(instrument.defaults.banner or "")
    groups = [option.id for option in banner.groups] if banner else []
    for question_id, options in assumptions.leanings.items():
        known = [part.id for part in questions[question_id].parts] if question_id in questions else []
        for option, leant in options.items():
            if known and option not in known:
                yield _unknown(option, known, question_id, place)
            for group in leant:
                if group not in groups:
                    yield _unknown(group, groups, banner.id if banner else "-", place)


def _weight_problems(
    question: Question, weights: dict[str, float], instrument: Instrument, place: Place
) -> Iterator[Problem]:
    known = [part.id for part in question.options]
    if question.kind == "rating":
        known = [str(value) for value in instrument.scale_of(question).values]
    for code, weight in weights.items():
        if code not in known:
            yield _unknown(code, known, question.id, place)
        if question.kind == "multiple" and weight > 1:
            values = {
                "where": f"reconstruction.weights.{question.id}.{code}",
                "value": f"{weight:g}",
                "limit": 1,
            }
            yield Problem("schema_too_large", place, values)
