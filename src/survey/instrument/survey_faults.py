"""What is wrong with a survey as a whole: doubles, names that clash, references that lead nowhere."""

from collections.abc import Iterator

from survey.instrument.derived_faults import derived_faults
from survey.instrument.derived_forms import FORMS
from survey.instrument.kinds import kinds_with
from survey.instrument.question import Grid, Question, Row
from survey.instrument.question_faults import grid_faults, question_faults
from survey.instrument.questionnaire import Questionnaire
from survey.instrument.scale import scale_faults
from survey.instrument.schema import Fault, KeyPath, Wording, doubles, text_in
from survey.instrument.short_names import reserved_shorts, short_faults
from survey.wording import normalise


def survey_faults(survey: Questionnaire) -> Iterator[Fault]:
    """Find contradictions between parts: references that lead nowhere, doubles, unusable names."""
    yield from doubles((), "questions", survey.listed)
    for scale_id, scale in survey.scales.items():
        yield from scale_faults(("scales", scale_id), scale_id, scale)
    for position, listed in enumerate(survey.listed):
        path = ("questions", position)
        if isinstance(listed, Grid):
            yield from grid_faults(survey, path, listed)
        else:
            yield from question_faults(survey, path, listed)
    yield from _derived_faults(survey)
    yield from _default_faults(survey)
    yield from _meta_faults(survey)
    yield from _name_faults(survey)


def _derived_faults(survey: Questionnaire) -> Iterator[Fault]:
    """Find derived variables that cannot be made, named or told apart."""
    yield from derived_faults(survey)
    for position, rule in enumerate(survey.derived):
        yield from short_faults(("derived", position), rule.short)
        yield from doubles(("derived", position), "options", rule.options)
        for name in (rule.id, *(f"{rule.id}__{option.id}" for option in rule.options)):
            if name in survey.retired:
                yield ("derived", position, "id"), "id_retired", {"id": name}


def _name_faults(survey: Questionnaire) -> Iterator[Fault]:
    """Find short names that two variables share, or that a sheet has."""
    named: list[tuple[KeyPath, Wording]] = [
        (("questions", position, *below, "short"), one.short)
        for position, listed in enumerate(survey.listed)
        for below, one in _named_parts(listed)
        if one.short
    ]
    named += [(("derived", place, "short"), rule.short) for place, rule in enumerate(survey.derived)]
    reserved = reserved_shorts()
    for lang in survey.languages:
        seen: set[str] = set()
        for path, wording in named:
            short = normalise(text_in(wording, lang))
            if short in seen:
                yield path, "short_twice", {"short": short}
            if short in reserved:
                yield path, "short_reserved", {"short": short}
            seen.add(short)


def _meta_faults(survey: Questionnaire) -> Iterator[Fault]:
    """Find headers that stand for two things beside the answers."""
    owner: dict[str, str] = {}
    for name, headers in survey.meta.items():
        for position, header in enumerate(headers):
            first = owner.setdefault(normalise(header), name)
            if first != name:
                values = {"header": header, "name": name, "other": first}
                yield ("meta", name, position), "meta_twice", values


def _default_faults(survey: Questionnaire) -> Iterator[Fault]:
    wanted = {"banner": kinds_with(banner=True), "battery": ("rating",)}
    kinds: dict[str, str] = {rule.id: FORMS[rule.kind].makes or "single" for rule in survey.derived}
    kinds |= {question.id: question.kind for question in survey.questions}
    for name, allowed in wanted.items():
        question_id = getattr(survey.defaults, name)
        if question_id is not None and kinds.get(question_id) not in allowed:
            values = {"name": name, "question": question_id, "kinds": list(allowed)}
            yield ("defaults", name), "default_unusable", values


def _named_parts(listed: Question | Grid) -> Iterator[tuple[KeyPath, Question | Grid | Row]]:
    """What of an entry has a short name: itself, and the rows of a grid."""
    yield (), listed
    for position, row in enumerate(listed.rows if isinstance(listed, Grid) else ()):
        yield ("rows", position), row
