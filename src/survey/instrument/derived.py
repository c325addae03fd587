"""Derived variables: what each kind makes of its sources, what is wrong with one, and its formula in words.

A new kind is a line in `FORMS`. The models stand in `schema`, which is built on this module: rules, questions
and routes come as they are there, whatever their class. `survey.ingest.deriving` computes them.
"""

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise, product
from typing import Any

from survey.messages import message
from survey.wording import near_misses

# Between the ids of crossed questions, and between those of their options (which may name columns in SPSS).
CROSSED = "*"
CELL = "."
# A cross of more groups fills no table that anybody reads.
MOST_CELLS = 60

Path = tuple[str | int, ...]
Fault = tuple[Path, str, dict[str, Any]]
# The questions that a rule reads: those that `of` names (items of ratings by their points), else those of its
# conditions.
Sources = Sequence[Any]

_LIMITS = ("at_least", "at_most", "below")
_CONDITIONS = ("all_of", "any_of")


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
    faults: "Callable[[Path, Any, Any, Sources], Iterator[Fault]]"
    words: "Callable[[Any, Any, Sources, str], str]"


# -- what a variable is made of ------------------------------------------------------------------------------


def routes_of(option: Any) -> tuple[Any, ...]:
    """Every condition of an option."""
    return (*option.all_of, *option.any_of)


def read_by(rule: Any) -> tuple[str, ...]:
    """The ids of the variables that a rule reads, each once; of an item that of its rating."""
    names = [name.partition("__")[0] for name in rule.sources]
    names += [route.question for option in rule.options for route in routes_of(option)]
    return tuple(dict.fromkeys(names))


def sources_of(instrument: Any, rule: Any, known: Mapping[str, Any]) -> list[Any]:
    """The questions that a rule reads, of those known; None in the place of what is not among them.

    An nps stands as itself where the rule takes one, else as its scores.
    """
    if rule.sources:
        takes = FORMS[rule.kind].takes or ()
        whole = {name: known[name] for name in rule.sources if name in known and known[name].kind in takes}
        return [whole.get(name) or instrument.source(name, known) for name in rule.sources]
    return [known.get(name) for name in read_by(rule)]


def ordered_rules(rules: Sequence[Any]) -> list[Any]:
    """The rules in an order in which each reads what stands before it; those in a circle are left out."""
    waiting = {rule.id: rule for rule in rules}
    ordered: list[Any] = []
    while ready := [rule for rule in waiting.values() if not set(read_by(rule)) & waiting.keys()]:
        ordered += ready
        for rule in ready:
            del waiting[rule.id]
    return ordered


def roots_of(rules: Sequence[Any], variable: str, asked: Collection[str]) -> frozenset[str]:
    """The questions asked that a variable is made of in the end; of one that was asked itself."""
    made = {rule.id: rule.sources or read_by(rule) for rule in rules}
    roots, waiting = set(), [variable]
    while waiting:
        name = waiting.pop()
        name = name if name in asked else name.partition("__")[0]  # of an item its rating
        if name in made:
            waiting += made[name]
        else:
            roots.add(name)
    return frozenset(roots)


def scored_columns(rule: Any, sources: Sources) -> list[tuple[Any, Any, str]]:
    """What a score is made of: question, item (None where it has none) and column of each."""
    columns = []
    for source in sources:
        if source.kind == "rating":
            for item in source.items:
                if not rule.items or item.id in rule.items:
                    columns.append((source, item, f"{source.id}__{item.id}"))
        else:
            columns.append((source, None, source.id))
    return columns


# -- the question that a variable is -------------------------------------------------------------------------


def made_kind(rule: Any, sources: Sources) -> str:
    """The kind of question that a derived variable is."""
    if made := FORMS[rule.kind].makes:
        return made
    return "single" if all(source.kind == "single" for source in sources) else "multiple"


def made_options(rule: Any, sources: Sources, languages: Sequence[str]) -> list[dict[str, Any]]:
    """The options of a derived variable: those of its rule, or every combination of those crossed."""
    if rule.kind == "cross":
        cells = product(*(source.groups for source in sources))
        return [
            {
                "id": CELL.join(option.id for option in cell),
                "label": {
                    lang: message("cross_label_separator", lang).join(option.said(lang) for option in cell)
                    for lang in languages
                },
                "fixed": all(source.has_steps for source in sources),  # else in no order
            }
            for cell in cells
        ]
    alone = {option.id for source in sources for option in source.options if option.exclusive}
    return [
        {
            "id": option.id,
            "label": option.label,
            "fixed": rule.kind == "bands",
            "exclusive": rule.kind == "net" and bool(alone) and set(option.any) <= alone,
        }
        for option in rule.options
    ]


# -- what it does, in words ----------------------------------------------------------------------------------


def formula_text(instrument: Any, rule: Any, sources: Sources, lang: str) -> str:
    """Say in words how a derived variable is made."""
    return FORMS[rule.kind].words(instrument, rule, sources, lang)


def labels_of(instrument: Any, question: Any) -> dict[Any, Any]:
    """The options of a question or the points of its scale, by what a condition calls them."""
    if question.traits.cells == "point":
        return {point.value: point for point in instrument.scale_of(question).points}
    return {option.id: option for option in question.options}


def condition_text(instrument: Any, route: Any, question: Any, lang: str) -> str:
    """Say in words what a condition asks of the answer to a question."""
    labels = labels_of(instrument, question)
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


def _lines(key: str, rule: Any, sources: Sources, texts: Sequence[str], lang: str) -> str:
    """One sentence of an entry for each option."""
    entries = [
        message("derived_entry", lang, label=option.said(lang), said=text)
        for option, text in zip(rule.options, texts, strict=True)
    ]
    return message(
        key, lang, source=sources[0].named(lang), entries=message("derived_separator", lang).join(entries)
    )


def _band_text(option: Any, lang: str) -> str:
    low, high, below = (getattr(option, name) for name in _LIMITS)
    shown = {
        name: value if isinstance(value, str) else f"{value:g}"
        for name, value in (("low", low), ("high", high), ("below", below))
        if value is not None
    }
    return message(f"derived_band_{'_'.join(shown)}", lang, **shown)


def _bands_words(_: Any, rule: Any, sources: Sources, lang: str) -> str:
    texts = [_band_text(option, lang) for option in rule.options]
    return _lines("derived_bands", rule, sources, texts, lang)


def _options_words(_: Any, rule: Any, sources: Sources, lang: str) -> str:
    labels = {option.id: option.said(lang) for option in sources[0].options}
    texts = [
        message("derived_otherwise", lang)
        if option.otherwise
        else message("derived_any", lang, said=[labels[str(code)] for code in option.any])
        for option in rule.options
    ]
    return _lines(f"derived_{rule.kind}", rule, sources, texts, lang)


def _condition_words(instrument: Any, rule: Any, sources: Sources, lang: str) -> str:
    texts = []
    by_id = {source.id: source for source in sources}
    for option in rule.options:
        parts = []
        for name, joined in (("all_of", "list_and"), ("any_of", "derived_or")):
            said = [
                condition_text(instrument, route, by_id[route.question], lang)
                for route in getattr(option, name)
            ]
            text = message(joined, lang).join(said)
            grouped = name == "any_of" and len(said) > 1 and option.all_of
            parts += [message("derived_grouped", lang, said=text) if grouped else text] if said else []
        texts.append(message("list_and", lang).join(parts) or message("derived_otherwise", lang))
    return _lines("derived_condition", rule, sources, texts, lang)


def _score_words(_: Any, rule: Any, sources: Sources, lang: str) -> str:
    columns = scored_columns(rule, sources)
    names = [item.said(lang) if item else source.named(lang) for source, item, _ in columns]
    turned = [item.said(lang) for _, item, _ in columns if item and getattr(item, "reverse", False)]
    text = message(
        f"derived_score_{rule.take or 'mean'}", lang, items=names, least=rule.least or len(columns)
    )
    return text + (message("derived_turned", lang, items=turned) if turned else "")


def _cross_words(_: Any, rule: Any, sources: Sources, lang: str) -> str:
    return message("derived_cross", lang, sources=[source.named(lang) for source in sources])


# -- what is wrong with it -----------------------------------------------------------------------------------


def derived_faults(instrument: Any) -> Iterator[Fault]:
    """Find derived variables that cannot be made: by their sources, their options, or a circle of them."""
    asked = {one.id: one for one in (*instrument.questions, *instrument.grids)}
    known, clashing = dict(asked), set()
    derived = instrument.derived_rules
    for position, rule in enumerate(derived):
        earlier = [other.id for other in derived[:position]]
        if rule.id in asked or rule.id in earlier:
            clashing.add(position)
            yield ("derived", position, "id"), "id_twice", {"id": rule.id}
    places = {id(rule): position for position, rule in enumerate(derived)}
    rules = [rule for position, rule in enumerate(derived) if position not in clashing]
    ordered = ordered_rules(rules)
    every = [*asked, *(rule.id for rule in rules)]
    broken: set[str] = set()
    for rule in ordered:
        faults = list(_rule_faults(instrument, ("derived", places[id(rule)]), rule, known, every, broken))
        yield from faults
        if faults or set(read_by(rule)) & broken:
            broken.add(rule.id)
        else:
            known[rule.id] = instrument.derived_question(rule, known)
    for rule in rules:
        if rule not in ordered:
            circle = [other.id for other in rules if other not in ordered]
            yield ("derived", places[id(rule)]), "derived_circle", {"id": rule.id, "known": circle}


def _rule_faults(
    instrument: Any,
    path: Path,
    rule: Any,
    known: Mapping[str, Any],
    every: Sequence[str],
    broken: "set[str]",
) -> Iterator[Fault]:
    """The faults of one rule; of what stands on a broken one only its own keys are looked at."""
    form = FORMS[rule.kind]
    values: dict[str, Any] = {"id": rule.id, "kind": rule.kind}
    yield from _key_faults(path, rule, form)
    yield from _option_faults(path, rule, form)
    for name in read_by(rule):
        if name not in every:
            key, listed = _unknown("derived_source_unknown", name, every)
            yield _place_of(path, rule, name), key, {**values, "name": name, **listed}
    if any(name not in known for name in read_by(rule)):
        return
    sources = sources_of(instrument, rule, known)
    faults = [
        fault
        for place, (name, source) in enumerate(zip(rule.sources, sources, strict=False))
        if (fault := _source_fault((*path, "of", place), rule, name, source, known))
    ]
    yield from faults or (form.faults(path, instrument, rule, sources) if sources else ())


def _unknown(key: str, name: str, known: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """What is said of a name that is not known: the nearest there are, or all of them where none is near."""
    near = near_misses(name, known)
    return (f"{key}_near", {"near": near}) if near else (key, {"known": list(known) or "-"})


def _source_fault(path: Path, rule: Any, name: str, source: Any, known: Mapping[str, Any]) -> Fault | None:
    """What is wrong with one of the variables that `of` names."""
    where = path[:-1] if isinstance(rule.of, str) else path
    values: dict[str, Any] = {"id": rule.id, "kind": rule.kind, "name": name}
    takes = FORMS[rule.kind].takes or ()
    if source is None:  # no such item
        battery = known[name.partition("__")[0]]
        parts = getattr(battery, "rows", ()) or getattr(battery, "items", ())
        items = [f"{battery.id}__{part.id}" for part in parts]
        return where, "derived_source_unknown", {**values, "known": items or list(known)}
    if source.kind in takes:
        return None
    if source.kind == "rating" and "single" in takes:
        return where, "derived_source_item", {**values, "items": list(source.answer_columns)}
    return where, "derived_source_kind", {**values, "own": known.get(name, source).kind, "kinds": list(takes)}


def _place_of(path: Path, rule: Any, name: str) -> Path:
    """Where a rule names a variable."""
    for place, source in enumerate(rule.sources):
        if source.partition("__")[0] == name:
            return (*path, "of") if isinstance(rule.of, str) else (*path, "of", place)
    for position, option in enumerate(rule.options):
        for key in _CONDITIONS:
            for place, route in enumerate(getattr(option, key)):
                if route.question == name:
                    return (*path, "options", position, key, place, "question")
    return path


def _key_faults(path: Path, rule: Any, form: Form) -> Iterator[Fault]:
    """Find keys that the kind does not have, and those that it needs."""
    values: dict[str, Any] = {"id": rule.id, "kind": rule.kind}
    few = 1 if form.takes and form.most == 1 else 2 if rule.kind == "cross" else 1 if form.takes else 0
    if not few <= len(rule.sources) <= form.most:
        key = (
            "derived_of_not_here"
            if not form.takes
            else "derived_of_single"
            if form.most == 1
            else "derived_of"
        )
        yield (*path, "of"), key, {**values, "count": few}
    for name in ("items", "take", "least"):
        if getattr(rule, name) and name not in form.further:
            yield (*path, name), "derived_key_not_here", {**values, "name": name}
    if rule.group and form.makes == "number":
        yield (*path, "group"), "derived_key_not_here", {**values, "name": "group"}
    if bool(rule.options) and not form.says:
        yield (*path, "options"), "derived_key_not_here", {**values, "name": "options"}
    elif len(rule.options) < form.fewest:
        yield (*path, "options"), "derived_options_few", {**values, "count": form.fewest}


def _option_faults(path: Path, rule: Any, form: Form) -> Iterator[Fault]:
    """Find options that do not say who is in them, or say it by keys of another kind."""
    others = [position for position, option in enumerate(rule.options) if option.otherwise]
    for position, option in enumerate(rule.options if form.says else ()):
        where = (*path, "options", position)
        own = {"id": rule.id, "kind": rule.kind, "option": option.id}
        given = [*_LIMITS, "any", *_CONDITIONS, "otherwise"]
        given = [name for name in given if getattr(option, name) not in (None, (), False)]
        for name in given:
            if name not in form.says:
                told = {**own, "name": name, "known": list(form.says)}
                yield (*where, name), "derived_option_key", told
        if not set(given) & set(form.says):
            yield where, "derived_option_empty", {**own, "known": list(form.says)}
        elif "otherwise" in given and (len(given) > 1 or position != others[0]):
            yield (*where, "otherwise"), "derived_otherwise_alone", own


def _bands_faults(path: Path, instrument: Any, rule: Any, sources: Sources) -> Iterator[Fault]:
    """Find bands that hold nothing, share numbers, or leave some out between them."""
    source = sources[0]
    dated = source.kind == "date"
    limits = getattr(source, "limits", None)
    whole = dated or source.kind == "nps" or bool(limits and limits.whole)
    least, most = (limits.minimum, limits.maximum) if limits and not dated else (None, None)
    if source.kind == "nps":
        least, *_, most = instrument.points_of(source)
    bands: list[tuple[float, float, int]] = []
    for position, option in enumerate(rule.options):
        where = (*path, "options", position)
        own = {"id": rule.id, "option": option.id}
        if option.at_most is not None and option.below is not None:
            yield (*where, "below"), "derived_band_two_ends", own
            continue
        if fault := next(_limit_faults(where, option, own, dated=dated), None):
            yield fault
            continue
        low, high = band_ends(option, whole=whole)
        low = low if least is None else max(low, least)
        high = high if most is None else min(high, math.nextafter(most, math.inf))
        if low >= high or (whole and not dated and math.ceil(low) >= high):
            yield where, "derived_band_empty", {**own, "source": source.id}
        else:
            bands.append((low, high, position))
    bands.sort()
    for (_, end, one), (start, _, other) in pairwise(bands):
        told = {"id": rule.id, "option": rule.options[other].id, "other": rule.options[one].id}
        if start < end:
            yield (*path, "options", other), "derived_bands_overlap", told
        elif (math.ceil(end) < math.ceil(start)) if whole else end < start:
            yield (*path, "options", other), "derived_bands_gap", told


def _limit_faults(where: Path, option: Any, own: dict[str, Any], *, dated: bool) -> Iterator[Fault]:
    for name in _LIMITS:
        value = getattr(option, name)
        if value is None:
            continue
        told = {**own, "value": value}
        if isinstance(value, str) != dated:
            yield (*where, name), ("derived_band_needs_day" if dated else "derived_band_needs_number"), told
        elif dated and _day(value) is None:
            yield (*where, name), "derived_band_needs_day", told


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def band_ends(option: Any, *, whole: bool = False) -> tuple[float, float]:
    """A band as numbers, the first in it and the first beyond it; days count from the first of 1970."""
    low, high, below = (_as_number(getattr(option, name)) for name in _LIMITS)
    start = -math.inf if low is None else low
    if below is not None:
        return start, below
    if high is None:
        return start, math.inf
    return start, math.floor(high) + 1.0 if whole else math.nextafter(high, math.inf)


def _as_number(value: "float | str | None") -> float | None:
    if isinstance(value, str):
        return float((date.fromisoformat(value) - date(1970, 1, 1)).days)
    return value


def _options_faults(path: Path, _: Any, rule: Any, sources: Sources) -> Iterator[Fault]:
    """Find answers that the source does not have or that stand twice, and options that hold them all."""
    source = sources[0]
    codes = [option.id for option in source.options]
    owner: dict[str, str] = {}
    for position, option in enumerate(rule.options):
        where = (*path, "options", position, "any")
        own = {"id": rule.id, "option": option.id, "source": source.id}
        chosen = [str(code) for code in option.any]
        for place, code in enumerate(chosen):
            if code not in codes:
                key, listed = _unknown("derived_code_unknown", code, codes)
                yield (*where, place), key, {**own, "code": code, **listed}
            first = owner.setdefault(code, option.id)
            if first != option.id and rule.kind == "recode":
                yield (*where, place), "derived_code_twice", {**own, "code": code, "other": first}
        if chosen and set(codes) <= set(chosen):
            yield where, "derived_net_of_all", own


def _condition_faults(path: Path, instrument: Any, rule: Any, sources: Sources) -> Iterator[Fault]:
    """Find conditions on answers that a question cannot hold."""
    by_id = {source.id: source for source in sources}
    for position, option in enumerate(rule.options):
        for name in _CONDITIONS:
            for place, route in enumerate(getattr(option, name)):
                where = (*path, "options", position, name, place)
                yield from instrument.decided_faults(where, rule.id, by_id[route.question], route)


def _score_faults(path: Path, instrument: Any, rule: Any, sources: Sources) -> Iterator[Fault]:
    """Find items that are not there, or that no sum can be made of."""
    ratings = [source for source in sources if source.kind == "rating"]
    known = [item.id for source in ratings for item in source.items]
    for place, name in enumerate(rule.items):
        if name not in known:
            key, listed = _unknown("derived_item_unknown", name, known)
            yield (*path, "items", place), key, {"id": rule.id, "name": name, **listed}
    scales = {instrument.scale_of(source).values if source.kind == "rating" else () for source in sources}
    if len(scales) > 1:
        yield (*path, "of"), "derived_score_scales", {"id": rule.id, "known": list(rule.sources)}
    count = len(scored_columns(rule, sources))
    if rule.least and rule.least > max(count, 1):
        yield (*path, "least"), "derived_score_least", {"id": rule.id, "least": rule.least, "count": count}


def _cross_faults(path: Path, _: Any, rule: Any, sources: Sources) -> Iterator[Fault]:
    cells = math.prod(len(source.groups) for source in sources)
    names = [source.id for source in sources]
    if len(set(names)) < len(names):
        yield (*path, "of"), "derived_cross_twice", {"id": rule.id, "known": names}
    elif cells > MOST_CELLS:
        yield (*path, "of"), "derived_cross_many", {"id": rule.id, "count": cells, "most": MOST_CELLS}


# What each kind takes and makes; a new kind is one line here.
FORMS: dict[str, Form] = {
    "bands": Form(("number", "date", "nps"), 1, _LIMITS, 2, "single", (), _bands_faults, _bands_words),
    "recode": Form(("single",), 1, ("any", "otherwise"), 2, "single", (), _options_faults, _options_words),
    "net": Form(("single", "multiple"), 1, ("any",), 1, "multiple", (), _options_faults, _options_words),
    "condition": Form(
        None, 0, (*_CONDITIONS, "otherwise"), 2, "single", (), _condition_faults, _condition_words
    ),
    "score": Form(
        ("rating", "number"), 99, (), 0, "number", ("items", "take", "least"), _score_faults, _score_words
    ),
    "cross": Form(("single", "multiple"), 9, (), 0, "", (), _cross_faults, _cross_words),
}
