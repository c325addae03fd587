"""Joint displays: which questions of a survey and which codes of interviews speak to the same topic.

A display is of one study of coded segments (`codebook`), or of several (`voices`): each has its people and
its codebook, and stands beside the survey on its own. What they say to each other
(they agree, only one speaks, they contradict) is a judgement. It is kept here, with its reason, by whoever
read all of it; nothing computes it.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from survey.errors import Place, Problem
from survey.instrument.case_schemas import CaseFacts
from survey.instrument.interview_schemas import InterviewCodebook, SchemaReference
from survey.instrument.labelled_parts import Labelled
from survey.instrument.loading import find_schema
from survey.instrument.model import Instrument
from survey.instrument.proposition_schemas import Propositions
from survey.instrument.schema import Fault, Id, Schema, Strict, Text, Wording, doubles
from survey.messages import message
from survey.wording import near_misses

Mark = Literal["agree", "silent", "contradict"]
ONE_VOICE = "interviewees"  # the id of the voice of a display of one codebook


class SurveyItem(Strict):
    """An item of a rating, or an option of a single or select-all question."""

    question: Id
    item: Id

    @property
    def id(self) -> str:
        """The name of its column in the answers."""
        return f"{self.question}__{self.item}"


class Evidence(Strict):
    """What speaks to a topic in one study.

    `codes` are codes, subthemes or themes of its codebook; `segments` are further segments that belong here
    though they are coded otherwise, by their ids.
    """

    codes: tuple[Id, ...] = ()
    segments: tuple[Text, ...] = ()

    @property
    def names_any(self) -> bool:
        """Whether it names anything."""
        return bool(self.codes or self.segments)


class VoiceEvidence(Evidence):
    """What speaks to a topic in the study of one voice, by the id of the voice."""

    id: Id


class Topic(Evidence, Labelled):
    """One matter that survey and interviews may both speak to.

    Where a display is of several studies, `voices` say what speaks to it in each, in place of `codes` and
    `segments`. `mark` and `reason` are the researcher's.
    """

    items: tuple[SurveyItem, ...] = ()
    voices: tuple[VoiceEvidence, ...] = ()
    mark: Mark
    reason: Wording


class Voice(Labelled):
    """People who speak beside the survey: their codebook, and what has to be known of them (`note`)."""

    codebook: SchemaReference
    note: Wording | None = None


class JointDisplay(Schema):
    """A crosswalk from the codes of one codebook, or of several voices, to the questions of a survey."""

    kind: Literal["joint-display"]
    survey: SchemaReference
    codebook: SchemaReference | None = None
    voices: tuple[Voice, ...] = ()
    assumption: Wording | None = None
    topics: Annotated[tuple[Topic, ...], Field(min_length=1)]

    @property
    def every_voice(self) -> tuple[Voice, ...]:
        """The voices; a display of one codebook has one, the interviewees."""
        if self.voices or self.codebook is None:
            return self.voices
        label = {lang: message("joint_voice_interviewees", lang) for lang in self.languages}
        return (Voice(id=ONE_VOICE, label=label, codebook=self.codebook),)

    def evidence(self, topic: Topic) -> dict[str, Evidence]:
        """What speaks to a topic in the study of each voice, by the id of the voice."""
        if not self.voices:
            return {ONE_VOICE: topic}
        named: dict[str, Evidence] = {one.id: one for one in topic.voices}
        return {voice.id: named.get(voice.id, Evidence()) for voice in self.voices}

    def faults(self) -> Iterator[Fault]:
        """Find doubles, topics of nothing, voices that there are not, marks that one side cannot have."""
        yield from super().faults()
        yield from doubles((), "voices", self.voices)
        yield from doubles((), "topics", self.topics)
        if bool(self.codebook) == bool(self.voices):
            yield (), "joint_codebook_or_voices", {}
        known = [voice.id for voice in self.voices]
        for position, topic in enumerate(self.topics):
            path = ("topics", position)
            parts: list[tuple[tuple[str | int, ...], Evidence]] = [(path, topic)]
            parts += [((*path, "voices", place), one) for place, one in enumerate(topic.voices)]
            sides = bool(topic.items) + sum(one.names_any for _, one in parts)
            if not sides:
                yield path, "topic_of_nothing", {"id": topic.id}
            elif topic.mark != "silent" and sides < 2:
                yield (*path, "mark"), "topic_one_sided", {"id": topic.id, "mark": topic.mark}
            if known and topic.names_any:
                yield path, "topic_without_voice", {"id": topic.id, "known": known}
            for place, one in enumerate(topic.voices):
                if one.id not in known:
                    values = {"id": topic.id, "voice": one.id, "known": known or "-"}
                    yield (*path, "voices", place, "id"), "topic_voice_unknown", values
            listings: list[tuple[tuple[str | int, ...], Iterable[object]]] = [
                ((*path, "items"), topic.items),
                ((*path, "voices"), topic.voices),
                *(((*where, "codes"), one.codes) for where, one in parts),
                *(((*where, "segments"), one.segments) for where, one in parts),
            ]
            for where, listing in listings:
                listed = [getattr(one, "id", one) for one in listing]
                for double in dict.fromkeys(one for one in listed if listed.count(one) > 1):
                    yield where, "id_twice", {"id": double}

    def faults_between(
        self, instrument: Instrument, codebooks: Mapping[str, InterviewCodebook]
    ) -> Iterator[Fault]:
        """Find items that the survey does not have, and codes that the codebook of a voice does not have."""
        parts = {
            question.id: [part.id for part in question.parts]
            for question in instrument.questions
            if question.traits.shares
        }
        codes = {
            voice: list(dict.fromkeys(unit.id for unit in (*book.codes, *book.subthemes, *book.themes)))
            for voice, book in codebooks.items()
        }
        for position, topic in enumerate(self.topics):
            for place, item in enumerate(topic.items):
                path = ("topics", position, "items", place)
                if item.question not in parts:
                    yield path, "topic_unknown", _unknown(topic, item.question, list(parts), instrument)
                elif item.item not in parts[item.question]:
                    yield path, "topic_unknown", _unknown(topic, item.item, parts[item.question], instrument)
            for voice, part in self.evidence(topic).items():
                inside = [one.id for one in topic.voices]
                below = ("voices", inside.index(voice)) if voice in inside else ()
                for place, code in enumerate(part.codes):
                    if code not in codes[voice]:
                        path = ("topics", position, *below, "codes", place)
                        yield path, "topic_unknown", _unknown(topic, code, codes[voice], codebooks[voice])


def _unknown(topic: Topic, name: str, known: list[str], schema: Schema) -> dict[str, object]:
    near = near_misses(name, known) or known[:10] or "-"
    return {"id": topic.id, "name": name, "reference": schema.reference, "near": near}


def check_joint_display(path: Path, schema: JointDisplay) -> list[Problem]:
    """Check a joint display against the survey and codebooks that it names: packaged, or in its folder."""
    voices = schema.every_voice
    wanted: list[tuple[str | None, type[Schema]]]
    wanted = [(schema.survey, Instrument), *((voice.codebook, InterviewCodebook) for voice in voices)]
    (instrument, *books), problems = _named(path, wanted)
    codebooks = {
        voice.id: book
        for voice, book in zip(voices, books, strict=True)
        if isinstance(book, InterviewCodebook)
    }
    if isinstance(instrument, Instrument) and len(codebooks) == len(voices):
        problems += _located(path, schema.faults_between(instrument, codebooks))
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
