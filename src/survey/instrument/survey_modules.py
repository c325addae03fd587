"""Modules of a survey: questions that a fielding may take or leave, kept apart from its versions.

A module names the version that it is written for. `survey.instrument.composition` puts it in its place there.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from survey.instrument.interview_schemas import SchemaReference
from survey.instrument.model import Instrument
from survey.instrument.question import Grid, Question
from survey.instrument.scale import Scale
from survey.instrument.schema import Fault, Id, Schema, SchemaId, Wording, doubles


class SurveyModule(Schema):
    """Optional questions of one version of a survey (`for`), asked behind one of its questions (`after`).

    Without `after` they come last. `needs` names modules whose questions decide who is asked these, or
    without which their answers cannot be read. `assumption` holds of questions that say none of their own.
    """

    kind: Literal["survey-module"]
    base: SchemaReference = Field(alias="for")
    after: Id | None = None
    needs: tuple[SchemaId, ...] = ()
    assumption: Wording | None = None
    scales: dict[Id, Scale] = {}
    questions: Annotated[
        tuple[Annotated[Question | Grid, Field(discriminator="kind")], ...], Field(min_length=1)
    ]

    @property
    def lock_name(self) -> str:
        """Modules stand side by side in one folder, so a version alone names none."""
        return self.reference

    @property
    def marked(self) -> tuple[Question | Grid, ...]:
        """The questions, each with what it assumes."""
        assumed = {"assumption": self.assumption}
        return tuple(one if one.assumption else one.model_copy(update=assumed) for one in self.questions)

    @property
    def alone(self) -> Instrument:
        """Its questions as a survey of their own, to be shown; scales and routes may lead out of it."""
        shared = {name: getattr(self, name) for name in Schema.model_fields}
        return Instrument.model_construct(
            **{**shared, "kind": "survey", "scales": self.scales, "listed": self.marked}
        )

    def faults(self) -> Iterator[Fault]:
        """Find what is wrong whatever the survey: doubles, and answers that are required."""
        yield from super().faults()
        yield from doubles((), "questions", self.questions)
        for position, question in enumerate(self.questions):
            if question.required:
                values = {"question": question.id, "module": self.reference}
                yield ("questions", position, "required"), "module_required", values
        for position, name in enumerate(self.needs):
            if name == self.id or name in self.needs[:position]:
                yield ("needs", position), "module_needs_itself", {"module": name}
