"""Random questionnaires and answers to them: groups of every kind, rules, routes, gaps, broken rules."""

import numpy as np
import pandas as pd

import survey
from tests.disclosure.rule_attack import is_blank, lets, ways_to_answer

BANNERS = ("single", "multiple", "bands", "recode", "item", "net", "cross")


def question(name, kind, options=(), **more):
    """A question with these options; a "none" excludes the others."""
    listed = [
        {"id": one, "label": {"en": one.title()}} | ({"exclusive": True} if one == "none" else {})
        for one in options
    ]
    texts = {"short": {"en": name.title()}, "text": {"en": f"{name.title()}?"}}
    return {"id": name, "kind": kind, **texts, **({"options": listed} if listed else {}), **more}


def survey_of(*questions, derived=(), default=None):
    """An instrument of these questions, the first the banner."""
    schema = {"kind": "survey", "id": "poll", "version": "1.0.0", "languages": ["en"]}
    schema |= {"title": {"en": "Poll"}, "defaults": {"banner": default or questions[0]["id"]}}
    if any(one["kind"] == "rating" for one in questions):
        points = [{"value": value, "label": {"en": str(value)}} for value in (1, 2, 3)]
        schema["scales"] = {"three": {"top": 1, "points": points}}
    schema |= {"questions": list(questions)} | ({"derived": list(derived)} if derived else {})
    return survey.Instrument.model_validate(schema, strict=False)


def _derived(name, kind, of, options):
    listed = [{"id": one, "label": {"en": one.title()}, **holds} for one, holds in options.items()]
    return {"id": name, "kind": kind, "of": of, "options": listed, "short": {"en": name.title()}}


def random_instrument(random):
    """A questionnaire, and the name of its banner."""
    kind = BANNERS[random.integers(len(BANNERS))]
    groups = ["north", "south", "west"][: 2 if kind == "cross" else int(random.integers(2, 4))]
    rules = {}
    if random.random() < 0.5:
        rules["least"] = int(random.integers(1, 3))
    if random.random() < 0.4:
        rules["most"] = max(int(random.integers(1, 3)), rules.get("least", 1))
    names = ["mail", "phone", "press"] + (["none"] if random.random() < 0.4 else [])
    required = {"required": True} if random.random() < 0.3 else {}
    office = question("office", "multiple" if kind == "multiple" else "single", groups)
    channel = question("channel", "multiple", names, **rules, **required)
    size = question("size", "single", ["small", "medium", "large"])
    limits = {"limits": {"minimum": 0, "maximum": 40, "whole": True}}
    years = question("years", "number", **limits)
    mood = question("mood", "rating", scale="three", items=[{"id": "calm", "label": {"en": "Calm"}}])
    chosen = [office]
    with_years = kind == "bands" or random.random() < 0.35
    chosen += [years] if with_years else []
    chosen += [channel] if kind == "net" or random.random() < 0.65 else []
    chosen += [size] if kind in ("recode", "cross") or random.random() < 0.3 else []
    chosen += [mood] if kind == "item" or (random.random() < 0.2 and len(chosen) < 4) else []
    routes = [{"question": "office", "any": [groups[0]]}, {"question": "office", "none": [groups[0]]}]
    names = [one["id"] for one in chosen]
    if "channel" in names:
        routes += [
            {"question": "channel", "any": ["mail"]},
            {"question": "channel", "any": ["mail", "phone"]},
        ]
        routes += [{"question": "channel", "none": ["press"]}]
    if "size" in names:
        routes += [{"question": "size", "none": ["small"]}]
    if "mood" in names:
        routes += [{"question": "mood", "item": "calm", "at_least": 2}]
    if "years" in names:
        routes = [{"question": "years", "at_least": low} for low in (3, 5)]
        routes += [{"question": "years", "at_most": high} for high in (2, 4)]
        routes += [{"question": "years", "at_least": 3, "at_most": 4}]
    follow = ("tool", "plan") if with_years and random.random() < 0.6 else ("tool",)
    for name in follow if random.random() < 0.65 else ():
        more = {"asked_if": routes[random.integers(len(routes))]}
        more |= {"required": True} if random.random() < 0.4 else {}
        chosen.append(question(name, "single", ["phone", "paper"], **more))
    derived = []
    if kind == "bands":
        bands = {"new": {"below": 3}, "some": {"at_least": 3, "below": 5}, "long": {"at_least": 5}}
        derived = [_derived("tenure", "bands", "years", bands)]
    elif kind == "recode":
        derived = [
            _derived(
                "scale", "recode", "size", {"little": {"any": ["small", "medium"]}, "big": {"any": ["large"]}}
            )
        ]
    elif kind == "net":
        derived = [
            _derived(
                "way",
                "net",
                "channel",
                {"wire": {"any": ["mail", "phone"]}, "ink": {"any": ["phone", "press"]}},
            )
        ]
    name = {"cross": "office*size"}.get(kind, derived[0]["id"] if derived else "office")
    return survey_of(*chosen, derived=derived, default="office"), name, kind


def random_responses(seed):
    """6 to 60 respondents to a random questionnaire; the name of the banner, and its kind."""
    random = np.random.default_rng(seed)
    size = int(random.integers(6, 61))
    instrument, banner, kind = random_instrument(random)
    places = {one.id: place for place, one in enumerate(instrument.questions)}
    people = [[] for _ in range(size)]
    for one in instrument.questions:
        ways = ways_to_answer(one)
        chances = random.dirichlet(np.full(len(ways), 0.6))
        blank = np.array([is_blank(one, way) for way in ways])
        some = random.random() < 0.4 and not one.required
        for person in people:
            own = chances * ~blank + (0.1 if some else 0) * blank
            if not (chances * ~blank).sum():
                own = own + ~blank
            route = one.asked_if
            if route:
                decides = instrument.question(route.question)
                verdict = lets(route, decides, person[places[route.question]])
                if not verdict:
                    own = blank.astype(float)
            person.append(ways[random.choice(len(ways), p=own / own.sum())])
    breaks = random.random() < 0.1  # somebody does not keep to the questionnaire
    if breaks and instrument.questions[-1].asked_if:
        people[0][-1] = ways_to_answer(instrument.questions[-1])[0]
    frame = {}
    for place, one in enumerate(instrument.questions):
        given = [person[place] for person in people]
        if one.kind == "number":
            spread = {1: (0, 1, 2), 3: (3, 4), 5: (5, 9, 17)}
            frame[one.id] = [None if way is None else int(random.choice(spread[way])) for way in given]
        elif one.kind == "single":
            frame[one.id] = [None if way is None else next(iter(way)) for way in given]
        elif one.kind == "rating":
            for at, item in enumerate(one.items):
                frame[f"{one.id}__{item.id}"] = [way[at] for way in given]
        else:
            for option in one.options:
                ticks = [None if way is None else int(option.id in way) for way in given]
                frame[f"{one.id}__{option.id}"] = ticks
    return survey.from_frame(pd.DataFrame(frame, dtype=object), instrument), banner, kind
