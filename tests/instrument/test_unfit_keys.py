"""A key that does nothing for a kind is refused: every key of a question and of its parts, of every kind."""

import pytest

from survey.errors import InstrumentError
from survey.instrument.derived import Derived
from survey.instrument.kinds import KINDS
from survey.instrument.loading import parse_schema
from survey.instrument.option import Option
from survey.instrument.question import Question

HEAD = """\
kind: survey
id: keys
version: "1.0.0"
languages: [en]
title: {en: "Keys"}
scales: {three: {top: 1, points: [{value: 1, label: {en: One}}, {value: 2, label: {en: Two}}]}}
questions:
  - {id: first, kind: number, short: {en: First}, text: {en: "First?"}}
"""
# What each key may say, and the kinds for which it does something.
ALL = frozenset(KINDS)
KEYS = {
    **dict.fromkeys(("id", "kind", "short", "text", "options", "items"), ("", ALL)),
    "group": ("{en: team}", {"single", "multiple", "rating", "ranking", "nps"}),
    "help": ("{en: Do}", ALL),
    "aliases": ("[Q2]", ALL),
    "required": ("true", ALL),
    "asked_if": ("{question: first, at_least: 3}", ALL),
    "missing": ('{refused: ["99"]}', ALL),
    "assumption": ("{en: Guessed}", ALL),
    "least": ("1", {"multiple"}),
    "most": ("2", {"multiple"}),
    "limits": ("{}", {"number", "date"}),
    "ranks": ("2", {"ranking"}),
    "total": ("100", {"constant_sum"}),
    "tolerance": ("1", {"constant_sum"}),
    "scale": ("three", {"rating"}),
    "fixed": ("true", {"single", "multiple", "rating", "ranking", "constant_sum"}),
    "other": ("{below: 3}", {"single", "multiple"}),
}
WITH_PARTS = {name for name, kind in KINDS.items() if kind.parts}
PART_KEYS = {
    **dict.fromkeys(("id", "label", "text_aliases"), ("", WITH_PARTS)),
    "aliases": ("[x]", WITH_PARTS),
    "assumption": ("{en: Guessed}", WITH_PARTS),
    "text": ("true", WITH_PARTS),
    "fixed": ("true", WITH_PARTS),
    "pinned": ("last", WITH_PARTS),
    "exclusive": ("true", {"single", "multiple"}),
    "reverse": ("true", {"rating"}),
}


def keys_told(kind, key="", said="", part=""):
    """The messages about a question of a kind with one more key, or with a part that has one."""
    entries = {"id": "second", "kind": kind, "short": "{en: Second}", "text": '{en: "Second?"}'}
    parts = [f"{{id: {name}, label: {{en: {name}}}{part if name == 'c' else ''}}}" for name in "abc"]
    if KINDS[kind].parts:
        entries[KINDS[kind].parts] = f"[{', '.join(parts)}]"
    entries |= {"rating": {"scale": "three"}, "constant_sum": {"total": "50"}}.get(kind, {})
    entries |= {key: said} if key else {}
    text = f"{HEAD}  - {{{', '.join(f'{name}: {value}' for name, value in entries.items())}}}\n"
    try:
        parse_schema(text, "keys.yaml")
    except InstrumentError as error:
        return [problem.key for problem in error.problems]
    return []


def test_every_key_stands_here():
    assert set(KEYS) == set(Question.model_fields)
    assert set(PART_KEYS) == set(Option.model_fields)


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_without_effect_is_refused(kind):
    assert keys_told(kind) == []
    taken = {key for key, (said, _) in KEYS.items() if said and not keys_told(kind, key, said)}
    assert taken == {key for key, (said, kinds) in KEYS.items() if said and kind in kinds}
    if kind in WITH_PARTS:
        told = {key: keys_told(kind, part=f", {key}: {said}") for key, (said, _) in PART_KEYS.items() if said}
        wanted = {key for key, (said, kinds) in PART_KEYS.items() if said and kind in kinds}
        assert {key for key in told if not told[key]} == wanted
        assert keys_told(kind, part=', text_aliases: ["x"]') == ["text_aliases_alone"]
        assert keys_told(kind, part=', text: true, text_aliases: ["x"]') == []


@pytest.mark.parametrize(
    ("said", "part", "told"),
    [
        ("fixed: true, other: {below: 3}", "", ["other_and_fixed"]),
        ("other: {below: 3}", ", pinned: last", []),
        ("other: {below: 3}", ", fixed: true", []),
    ],
)
def test_options_without_a_free_place_cannot_be_shown_together(said, part, told):
    key, value = said.split(": ", 1)
    assert keys_told("single", key, value, part) == told


def test_one_option_alone_is_not_shown_together():
    start = f"{HEAD}  - {{id: second, kind: single, short: {{en: S}}, text: {{en: S}}, other: {{below: 3}}, "
    two = start + "options: [%s]}\n"
    free, pinned, other = (
        f"{{id: {name}, label: {{en: {name}}}{more}}}"
        for name, more in (("a", ""), ("b", ", pinned: last"), ("other", ", text: true"))
    )
    parse_schema(two % f"{free}, {pinned}, {other}", "keys.yaml")
    for options in (f"{free}, {pinned}", f"{pinned}, {other}"):
        with pytest.raises(InstrumentError, match="show nothing together"):
            parse_schema(two % options, "keys.yaml")


@pytest.mark.parametrize("kind", ["bands", "recode", "net", "condition", "score", "cross"])
def test_a_score_forms_no_groups(kind):
    """What makes no options has no noun for a group; the other keys: `test_derived_rules`."""
    assert "group" in Derived.model_fields
    said = {
        "bands": "of: n, options: [{id: a, label: {en: A}, below: 3}, {id: b, label: {en: B}, at_least: 3}]",
        "recode": "of: s, options: [{id: a, label: {en: A}, any: [x]},"
        " {id: b, label: {en: B}, otherwise: true}]",
        "net": "of: s, options: [{id: a, label: {en: A}, any: [x]}]",
        "condition": "options: [{id: a, label: {en: A}, all_of: [{question: n, at_least: 3}]},"
        " {id: b, label: {en: B}, otherwise: true}]",
        "score": "of: n",
        "cross": "of: [s, t]",
    }[kind]
    words = "options: [{id: x, label: {en: X}}, {id: y, label: {en: Y}}]"
    text = HEAD + "  - {id: n, kind: number, short: {en: N}, text: {en: N}}\n"
    text += "".join(
        f"  - {{id: {name}, kind: single, short: {{en: {name}}}, text: {{en: T}}, {words}}}\n"
        for name in "st"
    )
    rule = f"derived: [{{id: made, kind: {kind}, group: {{en: g}}, short: {{en: Made}}, {said}}}]\n"
    if kind == "score":
        with pytest.raises(InstrumentError, match="has no `group`"):
            parse_schema(text + rule, "keys.yaml")
    else:
        parse_schema(text + rule, "keys.yaml")
