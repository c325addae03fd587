"""The schemas of the qualitative half: an interview guide and a codebook.

::

    InterviewGuide       research question <- section <- question, with its probes
    InterviewCodebook    aim <- theme <- subtheme <- code; two of any level <- tension

Every reference points to the left, by id. A code names the questions of the guide that it may answer; whether
they exist is for whoever holds both files to compare.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from survey.instrument.labelled_parts import Labelled, Theory, theory_faults, theory_labels, unknown_part
from survey.instrument.loading import load_kind
from survey.instrument.schema import Fault, Id, Schema, Strict, Text, Wording, by_id, doubles

# Ids as printed: Q1 and RQ1. A number may be missing, and stays missing.
GuideQuestionId = Annotated[str, StringConstraints(pattern=r"^Q[1-9][0-9]*$")]
ResearchQuestionId = Annotated[str, StringConstraints(pattern=r"^RQ[1-9][0-9]*$")]
SectionLetter = Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
SchemaReference = Annotated[
    str,
    StringConstraints(
        pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*@(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$"
    ),
]
Minutes = Annotated[int, Field(gt=0)]

# How themes are made (Braun and Clarke 2021): by reflection, from a codebook, or by coders who agree.
Approach = Literal["reflexive", "codebook", "coding-reliability"]


class FormField(Labelled):
    """One line that is filled in before the questions begin."""


class ResearchQuestion(Strict):
    """What the interviews are to answer."""

    id: ResearchQuestionId
    text: Wording


class Section(Strict):
    """A part of the guide, with the letter it is printed under and the research questions it serves."""

    id: Id
    letter: SectionLetter
    title: Wording
    research_questions: Annotated[tuple[ResearchQuestionId, ...], Field(min_length=1)]


class GuideQuestion(Strict):
    """One question and the probes that may follow it."""

    id: GuideQuestionId
    section: Id
    research_question: ResearchQuestionId
    text: Wording
    probes: tuple[Wording, ...] = ()
    assumption: Wording | None = None

    def said(self, lang: str) -> str:
        """The question as asked in `lang`."""
        return self.text.get(lang) or next(iter(self.text.values()))


class Consent(Strict):
    """What the interviewee agrees to beforehand, point by point."""

    statement: Wording
    points: Annotated[tuple[Wording, ...], Field(min_length=1)]


class ActualMinutes(Strict):
    """How long the interviews took: the usual range (shortest, longest) and the longest of all."""

    usual: tuple[Minutes, Minutes]
    longest: Minutes


class Timing(Strict):
    """What the guide announces about its length, beside what the interviews took. All in minutes."""

    announced_minutes: Minutes
    announced_questions: Annotated[int, Field(gt=0)]
    minutes_per_question: Minutes
    actual_minutes: ActualMinutes | None = None
    note: Wording | None = None


class InterviewGuide(Schema):
    """A semi-structured interview: what is told, filled in and asked, in the order of the conversation."""

    kind: Literal["interview-guide"]
    assumption: Wording | None = None
    research_questions: Annotated[tuple[ResearchQuestion, ...], Field(min_length=1)]
    consent: Consent | None = None
    timing: Timing | None = None
    header: tuple[FormField, ...] = ()
    background: tuple[FormField, ...] = ()
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    questions: Annotated[tuple[GuideQuestion, ...], Field(min_length=1)]

    @property
    def question_ids(self) -> tuple[str, ...]:
        """The ids of the questions as printed, in order."""
        return tuple(question.id for question in self.questions)

    def question(self, question_id: str) -> GuideQuestion:
        """Find a question by id. Raises `UsageError` with what there is."""
        values = {"question": question_id, "instrument": self.reference}
        return by_id(self.questions, question_id, "unknown_question", **values)

    def faults(self) -> Iterator[Fault]:
        """Find contradictions between parts: doubles, and references that lead nowhere."""
        yield from super().faults()
        for name in ("research_questions", "header", "background", "sections", "questions"):
            yield from doubles((), name, getattr(self, name))
        served = {section.id: section.research_questions for section in self.sections}
        wanted = [question.id for question in self.research_questions]
        for position, section in enumerate(self.sections):
            for place, wanted_id in enumerate(section.research_questions):
                where = ("sections", position, "research_questions", place)
                yield from unknown_part(where, "research_question_unknown", section.id, wanted_id, wanted)
        for position, question in enumerate(self.questions):
            path = ("questions", position, "section")
            yield from unknown_part(path, "section_unknown", question.id, question.section, served)
            path = ("questions", position, "research_question")
            wanted_id = question.research_question
            yield from unknown_part(path, "research_question_unknown", question.id, wanted_id, wanted)
            serves = served.get(question.section, (wanted_id,))
            if wanted_id in wanted and wanted_id not in serves:
                values = {"id": question.id, "section": question.section, "known": list(serves)}
                yield path, "research_question_elsewhere", {**values, "value": wanted_id}


class Aim(Labelled):
    """The widest level of the codebook."""


class Theme(Labelled):
    """A pattern across the interviews, under an aim."""

    aim: Id


class Codable(Labelled):
    """What a segment may carry. `published` says whether a published codebook, if there is one, lists it."""

    aliases: tuple[Text, ...] = ()
    published: bool | None = None

    @property
    def forms(self) -> tuple[str, ...]:
        """Every way it may be written in a file: its id, its labels, its aliases.

        Two codes may share a label ("Positive" under two subthemes): then only their ids tell them apart.
        """
        return (self.id, *self.label.values(), *self.aliases)


class Subtheme(Codable):
    """A part of a theme; on a segment it is a coarser code."""

    theme: Id
    assumption: Wording | None = None


class Code(Codable):
    """One code: what it means, when to use it and when another is meant.

    `opposite` is the code for the other side of the same matter; whoever compares people reads both together.
    `theory` names the theories that a deductive code comes from; a code without one comes from the material.
    """

    definition: Wording
    use_when: Wording
    not_when: Wording
    subtheme: Id
    guide_questions: tuple[GuideQuestionId, ...] = ()
    opposite: Id | None = None
    theory: tuple[Text, ...] = ()
    assumption: Wording | None = None


class Tension(Strict):
    """Two codes, subthemes, themes or aims that pull against each other, and why both can be meant at once.

    Who speaks to both does not contradict himself; opposites are codes that exclude each other (`opposite`).
    """

    id: Id
    between: tuple[Id, Id]
    reason: Wording


class InterviewCodebook(Schema):
    """A codebook in four levels, and the guide whose answers it codes (none, where another tool made it).

    `theories` lists what codes may name as their theory; where it is left out any name stands for itself.
    """

    kind: Literal["interview-codebook"]
    guide: SchemaReference | None = None
    approach: Approach
    assumption: Wording | None = None
    aims: Annotated[tuple[Aim, ...], Field(min_length=1)]
    themes: Annotated[tuple[Theme, ...], Field(min_length=1)]
    subthemes: Annotated[tuple[Subtheme, ...], Field(min_length=1)]
    codes: Annotated[tuple[Code, ...], Field(min_length=1)]
    tensions: tuple[Tension, ...] = ()
    theories: tuple[Theory, ...] = ()

    @property
    def code_ids(self) -> tuple[str, ...]:
        """The ids of the codes, in order."""
        return tuple(code.id for code in self.codes)

    @property
    def subtheme_ids(self) -> tuple[str, ...]:
        """The ids of the subthemes, in order: each may stand in the place of a code, only coarser."""
        return tuple(subtheme.id for subtheme in self.subthemes)

    def code(self, code_id: str) -> Code:
        """Find a code by id. Raises `UsageError` with what there is."""
        return by_id(self.codes, code_id, "unknown_code", code=code_id, codebook=self.reference)

    def in_tension_with(self, part_id: str) -> tuple[str, ...]:
        """The ids of the parts that a code, subtheme, theme or aim is in tension with, in order."""
        pairs = [tension.between for tension in self.tensions if part_id in tension.between]
        return tuple(other if one == part_id else one for one, other in pairs)

    def theories_of(self, code: Code, lang: str) -> tuple[str, ...]:
        """The theories that a code comes from, in words; a name that is not listed stands for itself."""
        return theory_labels(self.theories, code.theory, lang)

    def faults(self) -> Iterator[Fault]:
        """Find contradictions between parts: doubles, parents that are not there, lone opposites."""
        yield from super().faults()
        yield from doubles((), "theories", self.theories)
        for name in ("aims", "themes", "subthemes", "codes", "tensions"):
            faults = doubles((), name, getattr(self, name))
            yield from (fault for fault in faults if fault[1] != "wording_shared")  # the ids tell them apart
        aims, themes, subthemes = (
            [part.id for part in level] for level in (self.aims, self.themes, self.subthemes)
        )
        for position, theme in enumerate(self.themes):
            yield from unknown_part(("themes", position, "aim"), "aim_unknown", theme.id, theme.aim, aims)
        for position, subtheme in enumerate(self.subthemes):
            path = ("subthemes", position, "theme")
            yield from unknown_part(path, "theme_unknown", subtheme.id, subtheme.theme, themes)
        for position, code in enumerate(self.codes):
            path = ("codes", position, "subtheme")
            yield from unknown_part(path, "subtheme_unknown", code.id, code.subtheme, subthemes)
            if code.id in subthemes:
                yield ("codes", position, "id"), "id_twice", {"id": code.id}
            yield from self._opposite_faults(("codes", position, "opposite"), code)
            yield from theory_faults(("codes", position, "theory"), code.id, code.theory, self.theories)
        yield from self._tension_faults([*aims, *themes, *subthemes, *self.code_ids])

    def _tension_faults(self, known: list[str]) -> Iterator[Fault]:
        opposites = {frozenset((code.id, code.opposite)) for code in self.codes}
        before: dict[frozenset[str], str] = {}
        for position, tension in enumerate(self.tensions):
            path = ("tensions", position, "between")
            for end in tension.between:
                yield from unknown_part(path, "tension_unknown", tension.id, end, known)
            pair = frozenset(tension.between)
            other = before.setdefault(pair, tension.id)
            if len(pair) == 1:
                yield path, "tension_of_one", {"id": tension.id, "value": tension.between[0]}
            elif pair in opposites:
                yield path, "tension_of_opposites", {"id": tension.id, "values": list(tension.between)}
            elif other != tension.id:
                yield path, "tension_twice", {"id": tension.id, "other": other}

    def _opposite_faults(self, path: tuple[str | int, ...], code: Code) -> Iterator[Fault]:
        if code.opposite is None:
            return
        answers = {other.id: other.opposite for other in self.codes if other.id != code.id}
        yield from unknown_part(path, "opposite_unknown", code.id, code.opposite, answers)
        if answers.get(code.opposite, code.id) != code.id:
            values = {"id": code.id, "value": code.opposite, "answer": answers[code.opposite] or "-"}
            yield path, "opposite_not_mutual", values


def load_guide(reference: str | Path | InterviewGuide) -> InterviewGuide:
    """Load an interview guide: `ID`, `ID@VERSION`, a path, or a guide, which comes back as it is.

    Parameters
    ----------
    reference
        `ID`, `ID@VERSION`, the path of a YAML file, or a guide.

    Raises
    ------
    UsageError
        There is no such guide, or the schema is of another kind.
    InstrumentError
        The file is wrong; every problem carries file and line.

    Examples
    --------
    >>> import survey
    >>> len(survey.load_guide("interview-guide").questions)
    21
    """
    return load_kind(reference, InterviewGuide, "not_a_guide")


def load_codebook(reference: str | Path | InterviewCodebook) -> InterviewCodebook:
    """Load a codebook of interviews: `ID`, `ID@VERSION`, a path, or a codebook, which comes back as it is.

    Parameters
    ----------
    reference
        `ID`, `ID@VERSION`, the path of a YAML file, or a codebook.

    Raises
    ------
    UsageError
        There is no such codebook, or the schema is of another kind.
    InstrumentError
        The file is wrong; every problem carries file and line.

    Examples
    --------
    >>> import survey
    >>> survey.load_codebook("interview-codebook").approach
    'codebook'
    """
    return load_kind(reference, InterviewCodebook, "not_a_codebook")
