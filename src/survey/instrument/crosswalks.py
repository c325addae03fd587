"""Crosswalks: how answers under one version of an instrument are carried to a newer one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field

from survey.errors import Place, Problem
from survey.instrument.loading import read_schema
from survey.instrument.model import Instrument
from survey.instrument.option import Option
from survey.instrument.question import Grid, Question
from survey.instrument.scale import PointValue
from survey.instrument.schema import Fault, Id, Schema, Strict, Version, Wording


class Carry(Strict):
    """What becomes of one question, or of one option or item of it (`part`).

    `to` names what it is called now. Several names are a split, which no answer can follow: its answers are
    listed as not carried. Several parts with the same `to` are a merge. `values` recodes points of a scale.
    What no line speaks of keeps its id.
    """

    question: Id
    part: Id | None = None
    to: Id | tuple[Id, ...] | None = None
    values: dict[str, PointValue] = Field(default_factory=dict)
    dropped: bool = False
    note: Wording | None = None

    @property
    def target(self) -> str | None:
        """The one name that answers are carried to; None where they cannot be carried."""
        if self.dropped or isinstance(self.to, tuple):
            return None
        return self.to or self.part or self.question


class VersionCrosswalk(Schema):
    """From one version of an instrument (`from`) to another (`version`); `id` is the instrument's."""

    kind: Literal["version-crosswalk"]
    from_version: Version = Field(alias="from")
    carries: tuple[Carry, ...] = ()

    @property
    def lock_name(self) -> str:
        """A crosswalk is no version of its own."""
        return ""

    def question(self, question_id: str) -> Carry | None:
        """What becomes of a question as a whole; None where no line speaks of it."""
        return next((one for one in self.carries if one.question == question_id and not one.part), None)

    def part(self, question_id: str, part_id: str) -> Carry | None:
        """What becomes of an option or item; None where no line speaks of it."""
        carries = (carry for carry in self.carries if (carry.question, carry.part) == (question_id, part_id))
        return next(carries, None)

    def renamed(self, old: Instrument, new: Instrument) -> Instrument:
        """The old version under the names of the new one; parts that became one are the new one's."""
        news = {question.id: question for question in new.questions}
        names = {carry.question: carry.target for carry in self.carries if not carry.part and carry.target}
        listed: list[Question | Grid] = []
        for one in old.listed:
            name = names.get(one.id, one.id)
            if isinstance(one, Grid) or name not in news:
                listed.append(one)
                continue
            parts = self._renamed_parts(one, news[name])
            update: dict[str, object] = {"id": name, one.traits.parts: parts} if parts else {"id": name}
            if one.asked_if and one.asked_if.question in names:
                update["asked_if"] = one.asked_if.model_copy(
                    update={"question": names[one.asked_if.question]}
                )
            listed.append(one.model_copy(update=update))
        return old.model_copy(update={"listed": tuple(listed)})

    def _renamed_parts(self, question: Question, goal: Question) -> tuple[Option, ...]:
        """The parts of a question under their new names, each once."""
        goals = {part.id: part for part in goal.parts}
        targets = [
            (carry.target if (carry := self.part(question.id, part.id)) else part.id) or part.id
            for part in question.parts
        ]
        renamed: dict[str, Option] = {}
        for part, target in zip(question.parts, targets, strict=True):
            merged = targets.count(target) > 1 and target in goals
            renamed.setdefault(target, goals[target] if merged else part.model_copy(update={"id": target}))
        return tuple(renamed.values())

    def faults_between(self, old: Instrument, new: Instrument) -> Iterator[Fault]:
        """Find lines that name what the old version does not have, or lead to what the new one has not."""
        olds = {question.id: question for question in old.questions}
        news = {question.id: question for question in new.questions}
        for position, carry in enumerate(self.carries):
            path = ("carries", position)
            source = olds.get(carry.question)
            if source is None:
                values = {"name": carry.question, "reference": old.reference, "known": list(olds)}
                yield (*path, "question"), "carry_unknown", values
                continue
            if carry.part and carry.part not in _ids(source):
                values = {"name": carry.part, "reference": old.reference, "known": _ids(source) or "-"}
                yield (*path, "part"), "carry_unknown", values
            whole = self.question(carry.question)
            target = news.get((whole.target if whole else None) or carry.question)
            allowed = list(news) if not carry.part else _ids(target) if target else []
            for name in carry.to if isinstance(carry.to, tuple) else (carry.to,):
                if name is not None and name not in allowed:
                    values = {"name": name, "reference": new.reference, "known": list(allowed) or "-"}
                    yield (*path, "to"), "carry_unknown", values
            if carry.values and source.kind == "rating" and target and target.scale in new.scales:
                points = [point.value for point in new.scale_of(target).points]
                for value in carry.values.values():
                    if value not in points:
                        values = {"name": str(value), "reference": new.reference, "known": str(points)}
                        yield (*path, "values"), "carry_unknown", values


def _ids(question: Question) -> list[str]:
    return [part.id for part in question.parts]


def find_crosswalks(folder: Path, instrument_id: str) -> list[VersionCrosswalk]:
    """Read the crosswalks of an instrument: the files of the folder `crosswalk` beside its versions."""
    crosswalks = []
    for path in sorted((folder / "crosswalk").glob("*.yaml")):
        crosswalk = read_schema(path)
        if isinstance(crosswalk, VersionCrosswalk) and crosswalk.id == instrument_id:
            crosswalks.append(crosswalk)
    return crosswalks


def check_crosswalk(path: Path, crosswalk: VersionCrosswalk) -> list[Problem]:
    """Check a crosswalk file against the two versions it stands between, in the folder above it."""
    folder = path.resolve().parent.parent
    versions: dict[str, Instrument] = {}
    problems = []
    for version in (crosswalk.from_version, crosswalk.version):
        file = folder / f"{version}.yaml"
        schema = read_schema(file) if file.is_file() else None
        if isinstance(schema, Instrument):
            versions[version] = schema
        else:
            values = {"version": version, "folder": folder.name}
            problems.append(Problem("carry_no_version", Place(file=str(path)), values))
    if not problems:
        old, new = versions[crosswalk.from_version], versions[crosswalk.version]
        problems = [
            Problem(key, Place(file=str(path), subject=".".join(map(str, where))), values)
            for where, key, values in crosswalk.faults_between(old, new)
        ]
    return problems
