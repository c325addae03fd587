"""A schema laid out flat: its parts, words and values by their places."""

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from survey.instrument.question import AskedIf

# Wording that respondents answer to and coders code by; the rest (short names, help) is administration.
ASKED = {"text", "label", "definition", "use_when", "not_when", "unit", "statement"}


# Fields of the schema that say nothing of what was asked.
_ASIDE = {"version", "changes", "retired", "quality", "meta"}


@dataclass
class Layout:
    """One schema taken apart: its parts by place, the order of their children, their fields."""

    parts: dict[str, str] = field(default_factory=dict)
    fields: dict[str, tuple[str, str, Any]] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    orders: dict[str, list[str]] = field(default_factory=dict)


def lay_out(model: BaseModel, where: str, kind: str, into: Layout) -> None:
    """Add every part, word and value of a model, by its place."""
    into.parts[where] = kind
    for attribute, described in type(model).model_fields.items():
        value, name = getattr(model, attribute), described.alias or attribute
        if value == described.default or (not where and name in _ASIDE):
            continue
        place = f"{where}.{name}" if where else name
        if isinstance(value, tuple):
            _lay_out_tuple(value, place, (kind, name), into)
        elif isinstance(value, dict):
            _lay_out_dict(value, place, (kind, name), into)
        elif isinstance(value, BaseModel):
            fields = value.model_dump(mode="json", exclude_defaults=True)
            words = {key: entry for key, entry in fields.items() if _is_wording(entry)}
            into.words |= {f"{place}.{key}": entry for key, entry in words.items()}
            into.fields[place] = (kind, name, {key: v for key, v in fields.items() if key not in words})
        else:
            into.fields[place] = (kind, name, value)


def _lay_out_tuple(value: tuple[Any, ...], place: str, field_of: tuple[str, str], into: Layout) -> None:
    """Parts with names of their own, or plain values; `field_of` is the kind of the owner and its field."""
    if not value or not all(map(_name, value)):
        into.fields |= {f"{place}.{_plain(entry)}": (*field_of, entry) for entry in value}
        return
    into.orders[place] = [_name(entry) for entry in value]
    for entry in value:
        part = "Item" if field_of[1] == "items" else _KINDS.get(type(entry).__name__, type(entry).__name__)
        lay_out(entry, f"{place}.{_name(entry)}", part, into)


def _lay_out_dict(value: dict[str, Any], place: str, field_of: tuple[str, str], into: Layout) -> None:
    """Parts by their names, lists of values, or a wording."""
    if value and all(isinstance(entry, BaseModel) for entry in value.values()):
        for key, entry in value.items():
            lay_out(entry, f"{place}.{key}", type(entry).__name__, into)
    elif value and all(isinstance(entry, tuple) for entry in value.values()):
        for key, entries in value.items():
            into.fields |= {f"{place}.{key}.{entry}": (*field_of, entry) for entry in entries}
    else:
        into.words[place] = dict(value)


def _plain(entry: Any) -> str:
    """A value as its place in a diff names it; a condition as a filter is written."""
    if not isinstance(entry, AskedIf):
        return str(entry)
    name = f"{entry.question}__{entry.item}" if entry.item else entry.question
    codes = [(sign, ",".join(map(str, own))) for sign, own in (("=", entry.any), ("!=", entry.none)) if own]
    ends = [(sign, end) for sign, end in ((">=", entry.at_least), ("<=", entry.at_most)) if end is not None]
    return " & ".join(f"{name}{sign}{said}" for sign, said in (*codes, *ends))


_KINDS = {"Grid": "Question"}  # whose rules hold of a grid as a whole


def _is_wording(entry: Any) -> bool:
    return isinstance(entry, dict) and all(isinstance(text, str) for text in entry.values())


def _name(entry: Any) -> str:
    """What tells a part from its neighbours: its id, or the value of a point."""
    if not isinstance(entry, BaseModel):
        return ""
    return str(getattr(entry, "id", "") or getattr(entry, "value", ""))
