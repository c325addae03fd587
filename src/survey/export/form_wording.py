"""What the forms of one instrument share: names of languages, answers as read, routes in words."""

from collections.abc import Callable

from survey.instrument import Instrument, Question
from survey.instrument.derived_words import condition_text
from survey.instrument.question import AskedIf
from survey.instrument.scale import Point
from survey.instrument.schema import text_in
from survey.messages import ENGLISH, LANGUAGES, message


def language_name(lang: str) -> str:
    """The name of a language in itself, as form tools want it; its code where nobody knows it."""
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(lang, sep="-").get_display_name() or lang
    except (UnknownLocaleError, ValueError):
        return lang
    return name[0].upper() + name[1:]


def own_language(lang: str) -> str:
    """The language of our own words beside an instrument in `lang`."""
    return lang if lang in LANGUAGES else ENGLISH


def choices(instrument: Instrument, question: Question, lang: str) -> list[str]:
    """What may be chosen, as a respondent reads it: options, or the points of the scale with their value."""
    if question.traits.cells == "point":
        return [point_text(point, lang) for point in instrument.scale_of(question).points]
    return [option.said(lang) for option in question.options]


def point_text(point: Point, lang: str) -> str:
    """A point as it stands in a form: "5 - Very important"; the value alone where it is the label."""
    label = point.said(lang)
    return label if label == point.id else f"{point.id} - {label}"


def route_text(instrument: Instrument, rule: AskedIf, lang: str) -> str:
    """Say in words who is asked."""
    return condition_text(instrument, rule, instrument.question(rule.question), lang)


def instruction(instrument: Instrument, question: Question, lang: str) -> str:
    """What a respondent must know to answer: how many, which numbers, who is asked."""
    own = own_language(lang)
    parts = []
    if question.asked_if:
        route = route_text(instrument, question.asked_if, lang)
        parts.append(message("form_asked_if", own, route=route))
    if question.help:
        parts.append(text_in(question.help, lang))
    if question.kind in _HOW:
        parts.append(_HOW[question.kind](question, own))
    limits = question.limits
    if limits and question.traits.cells == "number":
        values = {
            "low": "" if limits.minimum is None else f"{limits.minimum:g}",
            "high": "" if limits.maximum is None else f"{limits.maximum:g}",
        }
        key = {(True, True): "form_between", (True, False): "form_from", (False, True): "form_up_to"}.get(
            (bool(values["low"]), bool(values["high"]))
        )
        if key:
            parts.append(message(key, own, **values))
        if limits.whole:
            parts.append(message("form_whole", own))
        if limits.unit:
            parts.append(message("form_unit", own, unit=text_in(limits.unit, lang)))
    if question.required:
        parts.append(message("form_required", own))
    return message("sentence_separator", own).join(parts)


def _days(question: Question, lang: str) -> str:
    """How a date is written, and between which days it lies."""
    limits = question.limits
    ends = (limits.earliest, limits.latest) if limits else (None, None)
    keys = {(True, True): "form_date_between", (True, False): "form_date_from", (False, True): "form_date_to"}
    key = keys.get((ends[0] is not None, ends[1] is not None), "form_date")
    return message(key, lang, low=ends[0] or "", high=ends[1] or "")


def _ranks(question: Question, lang: str) -> str:
    """How many places there are, the best first."""
    key = "form_rank_all" if question.places == len(question.options) else "form_rank_some"
    return message(key, lang, count=question.places)


def _how_many(question: Question, lang: str) -> str:
    if question.least and question.most:
        return message("form_least_most", lang, least=question.least, most=question.most)
    if question.least:
        return message("form_least", lang, least=question.least)
    if question.most:
        return message("form_most", lang, most=question.most)
    return message("form_all", lang)


# What tells a respondent how questions of a kind are answered.
_HOW: dict[str, Callable[[Question, str], str]] = {
    "single": lambda _, lang: message("form_one", lang),
    "multiple": _how_many,
    "ranking": _ranks,
    "nps": lambda _, lang: message("form_nps", lang),
    "constant_sum": lambda question, lang: message("form_sum", lang, total=f"{question.total:g}"),
    "date": _days,
}
