"""The question of a column that stands alone."""

import re

from survey.drafting.option_lists import check_exclusive, choices_of, keep_bands, options_of
from survey.drafting.profile import Profile
from survey.drafting.question_making import QuestionMaker, numbered_id
from survey.drafting.recognition import Kind, kind_of, no_remarks
from survey.drafting.scale_making import scale_for
from survey.drafting.sketch import Sketch, SketchPart, SketchQuestion
from survey.ingest.missing_words import missing_kind
from survey.ingest.raw_table import Labelled
from survey.messages import message

_MOST_POINTS = 7  # columns that share so many answers or fewer may be items of one battery


def lone_question(  # noqa: C901, PLR0912 - a kind, a branch
    maker: QuestionMaker, profile: Profile, sharing: int
) -> SketchQuestion:
    """What one column asks; `sharing`: so many columns that stand alone have the same answers."""
    kind = kind_of(profile, maker.habits)
    if profile.aside and kind.kind != "rating":
        profile.put_back()
        kind = kind_of(profile, maker.habits)
    if kind.reason == "few_answers" and sharing > 2 and 2 < profile.different <= _MOST_POINTS:
        kind = Kind("single", "shared_answers", 0.6, values={"count": sharing})
    text, header = profile.label, profile.header
    name = header if len(header) <= 24 else text
    question = maker.question(kind.kind, name, text, numbered_id(profile), (header, text))
    if header != text:
        question.aliases.append(header)
    column = question.id
    if kind.kind == "rating":
        assert kind.scale is not None
        item = maker.names.id_of(f"{question.id} item", "item")
        question.items = [SketchPart(item, maker.say(text), [header] if header != text else [])]
        question.scale = scale_for(maker, kind.scale, [profile])
        column = f"{question.id}__{item}"
    elif kind.kind == "multiple":
        assert kind.joined is not None
        question.options = options_of(list(kind.joined.options.items()), maker.lang, several=True)
        check_exclusive(question, profile, kind, maker.lang)
    elif kind.kind == "ranking":
        assert kind.order is not None
        question.options = options_of(list(kind.order.options.items()), maker.lang)
        question.ranks = kind.order.places if kind.order.places < len(question.options) else None
    elif kind.kind == "single":
        question.options = choices_of(profile, kind, maker.lang)
        keep_bands(question, maker.lang)
    elif kind.reason == "remarks" and (words := no_remarks(profile)):
        question.missing["empty"] = words
    elif kind.kind == "nps":
        question.short = maker.say(maker.names.short_of(message("draft_recommend", maker.lang)))
    elif kind.kind == "number":
        _limit(maker.sketch, question, profile)
    for option in question.options:
        option.text = option.text or option.label[maker.lang] in profile.with_text
    maker.guess(question, profile, kind, column)
    return question


def _limit(sketch: Sketch, question: SketchQuestion, profile: Profile) -> None:
    """Keep codes of missing answers out of a number by limits: they would be numbers otherwise."""
    gaps = [float(word) for word in profile.gaps if re.fullmatch(r"[+-]?\d+(?:\.\d+)?", word)]
    special = {
        text: profile.numbers[text]
        for text, raw in profile.raws.items()
        if isinstance(raw, Labelled) and missing_kind(raw.label)
    }
    for text in special:
        words = sketch.missing.setdefault(missing_kind(text) or "empty", [])
        if text not in words:
            words.append(text)
    outside = [*gaps, *special.values()]
    inside = [number for text, number in profile.numbers.items() if text not in special]
    if not outside or not inside:
        return
    if min(outside) < min(inside):
        question.limits["minimum"] = _plain(min(inside) if min(inside) < 0 else 0)
    if max(outside) > max(inside):
        question.limits["maximum"] = _plain(max(inside))


def _plain(number: float) -> int | float:
    return int(number) if float(number).is_integer() else number
