"""Joint displays: which questions of a survey and which codes of interviews speak to the same topic.

What the two say to each other (they agree, one is silent, they contradict) is a judgement. It is kept here,
with its reason, by whoever read both; nothing computes it.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from survey.errors import Place, Problem
from survey.instrument.case_schemas import CaseFacts, Propositions
from survey.instrument.interview_schemas import InterviewCodebook, Labelled, SchemaReference
from survey.instrument.loading import find_schema
from survey.instrument.model import Instrument
from survey.instrument.schema import Fault, Id, Schema, Strict, Text, Wording, doubles
from survey.wording import near_misses

Mark = Literal["agree", "silent", "contradict"]


class SurveyItem(Strict):
    """An item of a rating, or an option of a single or select-all question."""

    question: Id
    item: Id

    @property
    def id(self) -> str:
        """The name of its column in the answers."""
        return f"{self.question}__{self.item}"


class Topic(Labelled):
    """One matter that survey and interviews may both speak to.

    `codes` are codes, subthemes or themes of the codebook; `segments` are further segments that belong here
    though they are coded otherwise, by their ids. `mark` and `reason` are the researcher's.
    """

    items: tuple[SurveyItem, ...] = ()
    codes: tuple[Id, ...] = ()
    segments: tuple[Text, ...] = ()
    mark: Mark
    reason: Wording


class JointDisplay(Schema):
    """A crosswalk from the codes of a codebook to the questions of a survey, topic by topic."""

    kind: Literal["joint-display"]
    survey: SchemaReference
    codebook: SchemaReference
    assumption: Wording | None = None
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]

    def faults(self) -> Iterator[Fault]:
        """Find doubles, topics of nothing, and marks that one side alone cannot have."""
        yield from super().faults()
        yield from doubles((), "topics", self.topics)
        for position, topic in enumerate(self.topics):
            path = ("topics", position)
            has_evidence = bool(topic.codes or topic.segments)
            if not topic.items and not has_evidence:
                yield path, "topic_of_nothing", {"id": topic.id}
            elif topic.mark != "silent" and not (topic.items and has_evidence):
                yield (*path, "mark"), "topic_one_sided", {"id": topic.id, "mark": topic.mark}
            for name in ("items", "codes", "segments"):
                listed = [getattr(one, "id", one) for one in getattr(topic, name)]
                for double in dict.fromkeys(one for one in listed if listed.count(one) > 1):
                    yield (*path, name), "id_twice", {"id": double}

    def faults_between(self, instrument: Instrument, codebook: InterviewCodebook) -> Iterator[Fault]:
        """Find items that the survey does not have and codes that the codebook does not have."""
        parts = {
            question.id: [part.id for part in question.parts]
            for question in instrument.questions
            if question.traits.shares
        }
        units = (*codebook.codes, *codebook.subthemes, *codebook.themes)
        codes = list(dict.fromkeys(unit.id for unit in units))
        for position, topic in enumerate(self.topics):
            for place, item in enumerate(topic.items):
                path = ("topics", position, "items", place)
                if item.question not in parts:
                    yield path, "topic_unknown", _unknown(topic, item.question, list(parts), instrument)
                elif item.item not in parts[item.question]:
                    yield path, "topic_unknown", _unknown(topic, item.item, parts[item.question], instrument)
            for place, code in enumerate(topic.codes):
                if code not in codes:
                    path = ("topics", position, "codes", place)
                    yield path, "topic_unknown", _unknown(topic, code, codes, codebook)


def _unknown(topic: Topic, name: str, known: list[str], schema: Schema) -> dict[str, object]:
    near = near_misses(name, known) or known[:10] or "-"
    return {"id": topic.id, "name": name, "reference": schema.reference, "near": near}


def check_joint_display(path: Path, schema: JointDisplay) -> list[Problem]:
    """Check a joint display against the survey and the codebook that it names: packaged, or in its folder."""
    wanted = ((schema.survey, Instrument), (schema.codebook, InterviewCodebook))
    (instrument, codebook), problems = _named(path, wanted)
    if isinstance(instrument, Instrument) and isinstance(codebook, InterviewCodebook):
        problems += _located(path, schema.faults_between(instrument, codebook))
    return problems


def check_propositions(path: Path, schema: Propositions) -> list[Problem]:
    """Check propositions against the codebook and the facts that they name: packaged, or in its folder."""
    wanted = ((schema.codebook, InterviewCodebook), (schema.facts, CaseFacts))
    (codebook, facts), problems = _named(path, wanted)
    known = codebook if isinstance(codebook, InterviewCodebook) else None
    faults = schema.faults_between(known, facts if isinstance(facts, CaseFacts) else None)
    return problems + _located(path, faults)


def _named(
    path: Path, wanted: Iterable[tuple[str | None, type[Schema]]]
) -> tuple[list[Schema | None], list[Problem]]:
    """The schemas that a file names, and a problem for each that is not there; one may name none."""
    schemas: list[Schema | None] = []
    problems = []
    for reference, model in wanted:
        named = find_schema(reference, path.parent) if reference else None
        if reference and not isinstance(named, model):
            problems.append(Problem("topic_no_schema", Place(file=str(path)), {"reference": reference}))
        schemas.append(named)
    return schemas, problems


def _located(path: Path, faults: Iterable[Fault]) -> list[Problem]:
    return [
        Problem(key, Place(file=str(path), subject=".".join(map(str, where))), values)
        for where, key, values in faults
    ]
