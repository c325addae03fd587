"""What is wrong with the derived variables of a survey: their sources, their keys, or a circle of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from survey.instrument.derived import BAND_ENDS, CONDITIONS, Derived, circle_of, ordered_rules, read_by
from survey.instrument.derived_forms import FORMS, Form, derived_question, named_sources
from survey.instrument.question import Question
from survey.instrument.questionnaire import Questionnaire
from survey.instrument.route_faults import unknown_fault
from survey.instrument.schema import Fault, KeyPath


def derived_faults(survey: Questionnaire) -> Iterator[Fault]:
    """Find derived variables that cannot be made: by their sources, their options, or a circle of them."""
    known = {question.id: question for question in survey.questions}
    asked = [*known, *(grid.id for grid in survey.grids)]
    clashing: set[int] = set()
    derived = survey.derived_rules
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
        faults = list(_rule_faults(survey, ("derived", places[id(rule)]), rule, known, every, broken))
        yield from faults
        if faults or set(read_by(rule)) & broken:
            broken.add(rule.id)
        else:
            known[rule.id] = derived_question(survey, rule, known)
    for rule in rules:
        if circle := circle_of(rule, rules):
            yield ("derived", places[id(rule)]), "derived_circle", {"id": rule.id, "known": circle}


def _rule_faults(
    survey: Questionnaire,
    path: KeyPath,
    rule: Derived,
    known: Mapping[str, Question],
    every: Sequence[str],
    broken: Collection[str],
) -> Iterator[Fault]:
    """The faults of one rule; of what stands on a broken one only its own keys are looked at."""
    form = FORMS[rule.kind]
    values: dict[str, Any] = {"id": rule.id, "kind": rule.kind}
    yield from _key_faults(path, rule, form)
    yield from _option_faults(path, rule, form)
    for name in read_by(rule):
        if name not in every:
            others = [one for one in every if one != rule.id]
            key, listed = unknown_fault("derived_source_unknown", name, others)
            yield _place_of(path, rule, name), key, {**values, "name": name, **listed}
    readable = {*known, *(grid.id for grid in survey.grids)}
    if any(name not in readable for name in read_by(rule)):
        return
    sources = named_sources(survey, rule, known)
    faults = [
        fault
        for place, (name, source) in enumerate(zip(rule.sources, sources, strict=False))
        if (fault := _source_fault(survey, (*path, "of", place), rule, name, source, known))
    ]
    questions = [source for source in sources if source is not None]
    yield from faults or (form.faults(path, survey, rule, questions) if questions else ())


def _source_fault(
    survey: Questionnaire,
    path: KeyPath,
    rule: Derived,
    name: str,
    source: Question | None,
    known: Mapping[str, Question],
) -> Fault | None:
    """What is wrong with one of the variables that `of` names."""
    where = path[:-1] if isinstance(rule.of, str) else path
    values: dict[str, Any] = {"id": rule.id, "kind": rule.kind, "name": name}
    takes = FORMS[rule.kind].takes or ()
    if source is None:  # no such item
        whole = name.partition("__")[0]
        columns = known[whole].answer_columns if whole in known else ()
        if name in columns:  # a part that nothing can be made of
            own = {"own": known[whole].kind, "kinds": list(takes)}
            return where, "derived_source_kind", {**values, **own}
        rows = [row.id for row in survey.questions if row.whole and row.whole.id == whole]
        key = "derived_source_row" if name == whole else "derived_source_unknown"
        return where, key, {**values, "known": rows or list(columns) or list(known)}
    if source.kind in takes:
        return None
    if source.kind == "rating" and "single" in takes:
        return where, "derived_source_item", {**values, "items": list(source.answer_columns)}
    return where, "derived_source_kind", {**values, "own": known.get(name, source).kind, "kinds": list(takes)}


def _place_of(path: KeyPath, rule: Derived, name: str) -> KeyPath:
    """Where a rule names a variable."""
    for place, source in enumerate(rule.sources):
        if source.partition("__")[0] == name:
            return (*path, "of") if isinstance(rule.of, str) else (*path, "of", place)
    for position, option in enumerate(rule.options):
        for key in CONDITIONS:
            for place, route in enumerate(getattr(option, key)):
                if route.question == name:
                    return (*path, "options", position, key, place, "question")
    return path


def _key_faults(path: KeyPath, rule: Derived, form: Form) -> Iterator[Fault]:
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


def _option_faults(path: KeyPath, rule: Derived, form: Form) -> Iterator[Fault]:
    """Find options that do not say who is in them, or say it by keys of another kind."""
    others = [position for position, option in enumerate(rule.options) if option.otherwise]
    for position, option in enumerate(rule.options if form.says else ()):
        where = (*path, "options", position)
        own = {"id": rule.id, "kind": rule.kind, "option": option.id}
        given = [*BAND_ENDS, "any", *CONDITIONS, "otherwise"]
        given = [name for name in given if getattr(option, name) not in (None, (), False)]
        for name in given:
            if name not in form.says:
                told = {**own, "name": name, "known": list(form.says)}
                yield (*where, name), "derived_option_key", told
        if not set(given) & set(form.says):
            yield where, "derived_option_empty", {**own, "known": list(form.says)}
        elif "otherwise" in given and (len(given) > 1 or position != others[0]):
            yield (*where, "otherwise"), "derived_otherwise_alone", own
