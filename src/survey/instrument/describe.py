"""An instrument as plain text: what `survey instrument show` prints."""

from collections.abc import Callable, Iterator

from survey.instrument.case_schemas import CaseFacts
from survey.instrument.crosswalks import VersionCrosswalk
from survey.instrument.interview_schemas import InterviewCodebook, InterviewGuide
from survey.instrument.joint_displays import JointDisplay
from survey.instrument.labelled_parts import theory_labels
from survey.instrument.model import Instrument
from survey.instrument.proposition_schemas import Propositions
from survey.instrument.question import GridRow, Question
from survey.instrument.schema import Schema, Wording
from survey.instrument.survey_modules import SurveyModule
from survey.messages import enumerated


def describe(schema: Schema, lang: str = "en") -> str:
    """Write a schema as text in `lang`: one line per question, option, item, point or code, ids first."""
    lines = [f"{schema.reference}  ({schema.kind})", _text(schema.title, lang)]
    if schema.description:
        lines.append(_text(schema.description, lang))
    lines += [f"SHA-256 {schema.content_hash}", ""]
    return "\n".join([*lines, *_BODIES[type(schema)](schema, lang)]).rstrip()


def _text(wording: Wording | None, lang: str) -> str:
    """The wording in `lang`, or in the first language there is."""
    return (wording or {}).get(lang) or next(iter((wording or {}).values()), "")


def _survey(schema: Instrument, lang: str) -> Iterator[str]:
    for question in schema.questions:
        if isinstance(question, GridRow) and question.row == question.grid.rows[0]:
            yield f"{question.grid.id}  [grid, {question.grid.answer}]  {question.grid.said(lang)}"
        named = f", scale {question.scale}" if question.scale else ""
        named += f", places {question.places}" if question.kind == "ranking" else ""
        named += _keys(question, lang)
        mark = " *" if question.assumption else ""
        yield f"{question.id}  [{question.kind}{named}]{mark}  {question.said(lang)}"
        for part in question.parts:
            marks = [name for name in ("exclusive", "reverse", "pinned") if getattr(part, name)]
            told = f"  ({', '.join(marks)})" if marks else ""
            yield f"    {part.id}  {part.said(lang)}{told}{' *' if part.assumption else ''}"
        yield ""
    for rule in schema.derived_rules:
        yield f"{rule.id}  [{rule.kind}]{' *' if rule.assumption else ''}  {schema.formula(rule, lang)}"
        made = next(one for one in schema.variables if one.id == rule.id)
        yield from (f"    {option.id}  {option.said(lang)}" for option in made.options)
        yield ""
    for scale_id, scale in schema.scales.items():
        yield f"scale {scale_id}  [top box: highest {scale.top}]{' *' if scale.assumption else ''}"
        for point in scale.points:
            aside = "" if point.substantive else "  (not substantive)"
            yield f"    {point.value}  {_text(point.label, lang)}{aside}"
        yield ""
    yield from _assumptions(schema, lang)


def _module(schema: SurveyModule, lang: str) -> Iterator[str]:
    yield f"for {schema.base}" + (f", after {schema.after}" if schema.after else "")
    yield from [f"needs {enumerated(schema.needs, lang)}"] * bool(schema.needs)
    yield ""
    yield from _survey(schema.alone, lang)


def _keys(question: Question, lang: str) -> str:
    """What else limits the answers to a question, or says how it is shown, as the file writes it."""
    keys = ("total", "tolerance", "least", "most")
    entries = [f"{name} {value:g}" for name in keys if (value := getattr(question, name, None)) is not None]
    for name in ("limits", "other"):
        if model := getattr(question, name, None):
            fields = model.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
            texts = (
                f"{key} {_text(value, lang) if isinstance(value, dict) else value}"
                for key, value in fields.items()
            )
            entries.append(f"{name}: {', '.join(texts)}")
    entries += [f"missing {kind}: {', '.join(words)}" for kind, words in question.missing.items()]
    return "".join(f", {entry}" for entry in entries)


def _assumptions(schema: Instrument, lang: str) -> Iterator[str]:
    """What `*` stands for: the assumptions of the project, each with what it concerns."""
    assumptions: list[tuple[str, Wording | None]] = [(q.id, q.assumption) for q in schema.questions]
    assumptions += [(f"{q.id} / {part.id}", part.assumption) for q in schema.questions for part in q.parts]
    assumptions += [(rule.id, rule.assumption) for rule in schema.derived]
    assumptions += [(f"scale {scale_id}", scale.assumption) for scale_id, scale in schema.scales.items()]
    yield from _assumption_lines(assumptions, lang)


def _assumption_lines(assumptions: list[tuple[str, Wording | None]], lang: str) -> Iterator[str]:
    for subject, wording in assumptions:
        if wording:
            yield f"* {subject + ': ' if subject else ''}{_text(wording, lang)}"


def _guide(schema: InterviewGuide, lang: str) -> Iterator[str]:
    for aim in schema.research_questions:
        yield f"{aim.id}  {_text(aim.text, lang)}"
    yield ""
    if schema.consent:
        yield f"consent  {_text(schema.consent.statement, lang)}"
        yield from (f"    - {_text(point, lang)}" for point in schema.consent.points)
        yield ""
    if schema.timing:
        timing = schema.timing
        each = f"{timing.announced_questions} x {timing.minutes_per_question} min"
        yield f"timing  {timing.announced_minutes} min ({each})  {_text(timing.note, lang)}".rstrip()
        yield ""
    for name, fields in (("header", schema.header), ("background", schema.background)):
        if fields:
            yield name
            yield from (f"    {field.id}  {_text(field.label, lang)}" for field in fields)
            yield ""
    for section in schema.sections:
        yield f"{section.id}  {_text(section.title, lang)}"
        for question in schema.questions:
            if question.section == section.id:
                mark = " *" if question.assumption else ""
                yield f"    {question.id}  [{question.research_question}]  {_text(question.text, lang)}{mark}"
                yield from (f"        - {_text(probe, lang)}" for probe in question.probes)
        yield ""
    yield from _assumption_lines(
        [("", schema.assumption), *((q.id, q.assumption) for q in schema.questions)], lang
    )


def _codebook(schema: InterviewCodebook, lang: str) -> Iterator[str]:
    yield f"approach  {schema.approach}    guide  {schema.guide or '-'}"
    yield ""
    themes = {theme.id: theme for theme in schema.themes}
    for subtheme in schema.subthemes:
        yield f"{subtheme.id}  {_text(subtheme.label, lang)}  [{_text(themes[subtheme.theme].label, lang)}]"
        for code in schema.codes:
            if code.subtheme == subtheme.id:
                mark = " *" if code.assumption else ""
                published = "" if code.published is None else "  (not in the published table)"
                published = "  (published)" if code.published else published
                yield f"    {code.id}  {_text(code.label, lang)}{published}{mark}"
                for wording, sign in ((code.definition, ""), (code.use_when, "+ "), (code.not_when, "- ")):
                    yield f"        {sign}{_text(wording, lang)}"
                answers = [*code.guide_questions, *([f"<> {code.opposite}"] if code.opposite else [])]
                if answers:
                    yield f"        {'  '.join(answers)}"
                if code.theory:
                    yield f"        ({enumerated(schema.theories_of(code, lang), lang)})"
        yield ""
    for tension in schema.tensions:
        yield f"{tension.between[0]} ~ {tension.between[1]}  {_text(tension.reason, lang)}"
    yield from [""] * bool(schema.tensions)
    assumptions = [("", schema.assumption), *((part.id, part.assumption) for part in schema.subthemes)]
    yield from _assumption_lines([*assumptions, *((code.id, code.assumption) for code in schema.codes)], lang)


def _crosswalk(schema: VersionCrosswalk, lang: str) -> Iterator[str]:
    yield f"{schema.id}@{schema.from_version} -> {schema.reference}"
    for carry in schema.carries:
        name = f"{carry.question} / {carry.part}" if carry.part else carry.question
        several = carry.to if isinstance(carry.to, tuple) else (carry.to,) if carry.to else ()
        recoded = enumerated((f"{old}={new}" for old, new in carry.values.items()), lang)
        parts = [f"-> {enumerated(several, lang)}"] if several else []
        parts += [f"[{recoded}]"] * bool(recoded) + ["-> -"] * carry.dropped + [_text(carry.note, lang)]
        yield "    " + "  ".join([name, *filter(None, parts)])


def _joint_display(schema: JointDisplay, lang: str) -> Iterator[str]:
    yield " + ".join([schema.survey, *(voice.codebook for voice in schema.every_voice)])
    for voice in schema.voices:
        yield f"{voice.id}  {voice.said(lang)}  {_text(voice.note, lang)}".rstrip()
    for topic in schema.topics:
        yield f"{topic.id}  {_text(topic.label, lang)}  [{topic.mark}]"
        yield from (f"    {item.question} / {item.item}" for item in topic.items)
        for voice_id, part in schema.evidence(topic).items():
            who = f"{voice_id}: " if schema.voices else ""
            for listed in (part.codes, part.segments):
                if listed:
                    yield f"    {who}{enumerated(listed, lang)}"
        yield f"    = {_text(topic.reason, lang)}"
    yield ""
    yield from _assumption_lines([("", schema.assumption)], lang)


def _case_facts(schema: CaseFacts, lang: str) -> Iterator[str]:
    for company in schema.companies:
        yield f"{company.id}  {company.said(lang)}"
        for fact in schema.facts:
            if fact.company == company.id:
                about = [schema.label(part, lang) for part in (fact.event, fact.measure, fact.of) if part]
                text = f"{enumerated(about, lang)}: {fact.said(lang)}"
                yield f"    {fact.id}  {fact.date or '-'}  {text}  [{fact.place}]"
        yield ""


def _propositions(schema: Propositions, lang: str) -> Iterator[str]:
    for one in schema.propositions:
        yield f"{one.id}  [{one.rule}]  {_text(one.statement, lang)}  ({one.place})"
        for sign, codes in (("+", one.codes_for), ("-", one.codes_against), ("+ !", one.codes_denied)):
            if codes:
                yield f"    {sign} {enumerated(codes, lang)}"
        if one.theory:
            yield f"    ({enumerated(theory_labels(schema.theories, one.theory, lang), lang)})"
        if one.facts:
            yield f"    = {one.facts.rule}"
    yield ""
    yield from _assumption_lines([("", schema.assumption)], lang)


_BODIES: dict[type[Schema], Callable[..., Iterator[str]]] = {
    Instrument: _survey,
    SurveyModule: _module,
    InterviewGuide: _guide,
    InterviewCodebook: _codebook,
    JointDisplay: _joint_display,
    VersionCrosswalk: _crosswalk,
    CaseFacts: _case_facts,
    Propositions: _propositions,
}
