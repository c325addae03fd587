"""The kinds of derived variables: what each takes, and the question it makes; a new one is a line here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from survey.instrument.derived import BAND_ENDS, CELL, CONDITIONS, Derived, read_by
from survey.instrument.derived_kind_faults import (
    bands_faults,
    condition_faults,
    cross_faults,
    options_faults,
    score_faults,
)
from survey.instrument.derived_words import (
    bands_words,
    condition_words,
    cross_words,
    options_words,
    score_words,
)
from survey.instrument.option import Option
from survey.instrument.question import Question
from survey.instrument.questionnaire import Questionnaire
from survey.instrument.schema import Fault, KeyPath
from survey.messages import message


@dataclass(frozen=True)
class Form:
    """What one kind of derived variable takes and makes.

    `takes`: the kinds of its sources, None where conditions name them; `most`: how many of them; `says`: the
    keys of its options; `fewest`: how many options; `makes`: the kind of question it is, "" where that hangs
    on the sources; `further`: the keys of the variable itself; `faults`, `words`: what is wrong with it, and
    what it does.
    """

    takes: tuple[str, ...] | None
    most: int
    says: tuple[str, ...]
    fewest: int
    makes: str
    further: tuple[str, ...]
    faults: Callable[[KeyPath, Questionnaire, Derived, Sequence[Question]], Iterator[Fault]]
    words: Callable[[Questionnaire, Derived, Sequence[Question], str], str]


# What each kind takes and makes; a new kind is one line here.
FORMS: dict[str, Form] = {
    "bands": Form(("number", "date", "nps"), 1, BAND_ENDS, 2, "single", (), bands_faults, bands_words),
    "recode": Form(("single",), 1, ("any", "otherwise"), 2, "single", (), options_faults, options_words),
    "net": Form(("single", "multiple"), 1, ("any",), 1, "multiple", (), options_faults, options_words),
    "condition": Form(
        None, 0, (*CONDITIONS, "otherwise"), 2, "single", (), condition_faults, condition_words
    ),
    "score": Form(
        ("rating", "number"), 99, (), 0, "number", ("items", "take", "least"), score_faults, score_words
    ),
    "cross": Form(("single", "multiple"), 9, (), 0, "", (), cross_faults, cross_words),
}


def named_sources(
    survey: Questionnaire, rule: Derived, known: Mapping[str, Question]
) -> list[Question | None]:
    """The questions that a rule reads, of those known; None in the place of what is not among them.

    An nps stands as itself where the rule takes one, else as its scores.
    """
    if rule.sources:
        takes = FORMS[rule.kind].takes or ()
        whole = {name: known[name] for name in rule.sources if name in known and known[name].kind in takes}
        return [whole.get(name) or survey.source(name, known) for name in rule.sources]
    return [known.get(name) for name in read_by(rule)]


def sources_of(survey: Questionnaire, rule: Derived, known: Mapping[str, Question]) -> list[Question]:
    """The questions that a rule reads, all of them known."""
    return [source for source in named_sources(survey, rule, known) if source is not None]


def made_kind(rule: Derived, sources: Sequence[Question]) -> str:
    """The kind of question that a derived variable is."""
    if made := FORMS[rule.kind].makes:
        return made
    return "single" if all(source.kind == "single" for source in sources) else "multiple"


def made_options(rule: Derived, sources: Sequence[Question], languages: Sequence[str]) -> tuple[Option, ...]:
    """The options of a derived variable: those of its rule, or every combination of those crossed."""
    if rule.kind == "cross":
        cells = product(*(source.groups for source in sources))
        return tuple(
            Option.model_construct(
                id=CELL.join(option.id for option in cell),
                label={
                    lang: message("cross_label_separator", lang).join(option.said(lang) for option in cell)
                    for lang in languages
                },
                fixed=all(source.has_steps for source in sources),  # else in no order
            )
            for cell in cells
        )
    alone = {option.id for source in sources for option in source.options if option.exclusive}
    return tuple(
        Option.model_construct(
            id=option.id,
            label=option.label,
            fixed=rule.kind == "bands",
            exclusive=rule.kind == "net" and bool(alone) and set(option.any) <= alone,
        )
        for option in rule.options
    )


def formula_text(survey: Questionnaire, rule: Derived, sources: Sequence[Question], lang: str) -> str:
    """Say in words how a derived variable is made."""
    return FORMS[rule.kind].words(survey, rule, sources, lang)


def derived_question(survey: Questionnaire, rule: Derived, known: Mapping[str, Question]) -> Question:
    """A derived variable as a question: what it does stands where a question has what was asked."""
    sources = sources_of(survey, rule, known)
    text = rule.text or {lang: formula_text(survey, rule, sources, lang) for lang in survey.languages}
    return Question.model_construct(
        id=rule.id,
        kind=made_kind(rule, sources),
        short=rule.short,
        group=rule.group,
        text=text,
        options=made_options(rule, sources, survey.languages),
        assumption=rule.assumption,
    )
