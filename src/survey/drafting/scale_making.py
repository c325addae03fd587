"""The scale of a battery: its points, those that rate nothing, and what is to be said of their order."""

from survey.drafting.naming import slug, unique
from survey.drafting.profile import Profile
from survey.drafting.question_making import QuestionMaker
from survey.drafting.sketch import SketchScale, Words
from survey.drafting.word_scales import WordScale, value_aside
from survey.ingest.missing_words import missing_kind, rates_nothing
from survey.ingest.raw_table import Labelled
from survey.messages import enumerated
from survey.wording import normalise

Points = list[tuple[int | float, Words, list[str]]]


def scale_for(maker: QuestionMaker, scale: WordScale, members: list[Profile]) -> str:
    """Give the id of a scale; one that is there already is used again."""
    points: Points = [(value, maker.say(label), list(forms)) for value, label, forms in scale.points]
    unrated = _unrated(maker, {value for value, _, _ in points}, members)
    for known in maker.sketch.scales.values():
        if _shown([*known.points, *known.unrated]) == _shown([*points, *unrated]):
            return known.id
    scale_id = unique(slug(scale.name) or "scale", set(maker.sketch.scales))
    top = 2 if len(points) > 3 else 1
    notes: list[tuple[str, dict[str, object]]] = []
    order = enumerated((label[maker.lang] for _, label, _ in points), maker.lang)
    if scale.reason == "degree_words":
        notes.append(("draft_order_guessed", {"order": order}))
    elif scale.reason == "codes":
        notes.append(("draft_points_asked", {}))
    elif scale.seen < len(points):
        notes.append(("draft_points_unseen", {"count": len(points) - scale.seen}))
    if _reversed(scale, members):
        notes.append(("draft_order_reversed", {}))
    if unrated:
        labels = enumerated((label[maker.lang] for _, label, _ in unrated), maker.lang)
        notes.append(("draft_points_aside", {"labels": labels}))
    maker.sketch.scales[scale_id] = SketchScale(scale_id, points, top, notes, unrated)
    return scale_id


def _unrated(maker: QuestionMaker, values: set[float], members: list[Profile]) -> Points:
    """The points of several columns that rate nothing, under the codes of the file where it has codes.

    What is no answer at all ("no answer", "refused") is put under `missing` instead.
    """
    points: Points = []
    raws = {normalise(text): (text, raw) for one in members for text, raw in one.raws_aside.items()}
    for text, raw in raws.values():
        if not rates_nothing(text):
            words = maker.sketch.missing.setdefault(missing_kind(text), [])
            words += [text] if text not in words else []
            continue
        code = raw.code if isinstance(raw, Labelled) else None
        taken = {*values, *(value for value, _, _ in points)}
        if not isinstance(code, int | float) or not float(code).is_integer() or code in taken:
            code = value_aside(taken)
        points.append((int(code), maker.say(text), []))
    return sorted(points, key=lambda point: point[0])


def _reversed(scale: WordScale, members: list[Profile]) -> bool:
    """Tell whether the codes of the file fall where the points rise."""
    variable = next((one.variable for one in members if one.variable and one.variable.codes), None)
    if variable is None:
        return False
    codes = {normalise(label): code for code, label in variable.codes.items()}
    found = [codes[form] for form in (normalise(label) for _, label, _ in scale.points) if form in codes]
    return len(found) > 1 and found == sorted(found, reverse=True)


def _shown(points: Points) -> list[tuple[int | float, Words]]:
    """Points without the ways they are written."""
    return [(value, label) for value, label, _ in points]
