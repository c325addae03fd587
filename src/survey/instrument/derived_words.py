"""How a derived variable is made, in words: one function for each kind of rule."""

from collections.abc import Mapping, Sequence

from survey.instrument.derived import BAND_ENDS, Derived, DerivedOption, scored_columns
from survey.instrument.option import Option
from survey.instrument.question import AskedIf, Question
from survey.instrument.questionnaire import Questionnaire
from survey.instrument.scale import Point
from survey.messages import message


def labels_of(survey: Questionnaire, question: Question) -> Mapping[str | int | float, Point | Option]:
    """The options of a question or the points of its scale, by what a condition calls them."""
    if question.traits.cells == "point":
        return {point.value: point for point in survey.scale_of(question).points}
    return {option.id: option for option in question.options}


def condition_text(survey: Questionnaire, route: AskedIf, question: Question, lang: str) -> str:
    """Say in words what a condition asks of the answer to a question."""
    labels = labels_of(survey, question)
    subject = question.named(lang)
    if route.item:
        subject += f" / {question.part(route.item).said(lang)}"
    parts = []
    for key, codes in (("route_any", route.any), ("route_none", route.none)):
        if codes:
            parts.append(
                message(key, lang, subject=subject, said=[labels[code].said(lang) for code in codes])
            )
    if route.at_least is not None:
        parts.append(message("route_at_least", lang, subject=subject, value=route.at_least))
    if route.at_most is not None:
        parts.append(message("route_at_most", lang, subject=subject, value=route.at_most))
    return message("list_and", lang).join(parts)


def _lines(key: str, rule: Derived, sources: Sequence[Question], texts: Sequence[str], lang: str) -> str:
    """One sentence of an entry for each option."""
    entries = [
        message("derived_entry", lang, label=option.said(lang), said=text)
        for option, text in zip(rule.options, texts, strict=True)
    ]
    return message(
        key, lang, source=sources[0].named(lang), entries=message("derived_separator", lang).join(entries)
    )


def _band_text(option: DerivedOption, lang: str) -> str:
    low, high, below = (getattr(option, name) for name in BAND_ENDS)
    shown = {
        name: value if isinstance(value, str) else f"{value:g}"
        for name, value in (("low", low), ("high", high), ("below", below))
        if value is not None
    }
    return message(f"derived_band_{'_'.join(shown)}", lang, **shown)


def bands_words(_: Questionnaire, rule: Derived, sources: Sequence[Question], lang: str) -> str:
    """Which numbers or days are in which band."""
    texts = [_band_text(option, lang) for option in rule.options]
    return _lines("derived_bands", rule, sources, texts, lang)


def options_words(_: Questionnaire, rule: Derived, sources: Sequence[Question], lang: str) -> str:
    """Which answers are in which option."""
    labels = {option.id: option.said(lang) for option in sources[0].options}
    texts = [
        message("derived_otherwise", lang)
        if option.otherwise
        else message("derived_any", lang, said=[labels[str(code)] for code in option.any])
        for option in rule.options
    ]
    return _lines(f"derived_{rule.kind}", rule, sources, texts, lang)


def condition_words(survey: Questionnaire, rule: Derived, sources: Sequence[Question], lang: str) -> str:
    """Which conditions make which option."""
    texts = []
    by_id = {source.id: source for source in sources}
    for option in rule.options:
        parts = []
        for name, joined in (("all_of", "list_and"), ("any_of", "derived_or")):
            said = [
                condition_text(survey, route, by_id[route.question], lang) for route in getattr(option, name)
            ]
            text = message(joined, lang).join(said)
            grouped = name == "any_of" and len(said) > 1 and option.all_of
            parts += [message("derived_grouped", lang, said=text) if grouped else text] if said else []
        texts.append(message("list_and", lang).join(parts) or message("derived_otherwise", lang))
    return _lines("derived_condition", rule, sources, texts, lang)


def score_words(_: Questionnaire, rule: Derived, sources: Sequence[Question], lang: str) -> str:
    """What is averaged or added up, and what is turned round for it."""
    columns = scored_columns(rule, sources)
    names = [item.said(lang) if item else source.named(lang) for source, item, _ in columns]
    turned = [item.said(lang) for _, item, _ in columns if item and getattr(item, "reverse", False)]
    text = message(
        f"derived_score_{rule.take or 'mean'}", lang, items=names, least=rule.least or len(columns)
    )
    return text + (message("derived_turned", lang, items=turned) if turned else "")


def cross_words(_: Questionnaire, rule: Derived, sources: Sequence[Question], lang: str) -> str:
    """What is crossed."""
    return message("derived_cross", lang, sources=[source.named(lang) for source in sources])
