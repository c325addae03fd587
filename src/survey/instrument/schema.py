"""What every schema file under `instruments/` shares: ids, wording by language, the strict model, hashes.

Wording is a mapping from language to text, so that a language is added in the data alone.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints

from survey.errors import usage
from survey.wording import near_misses, normalise

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
# The name of a question wherever one may stand: a row of a grid is `grid__row`.
QuestionName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(__?[a-z0-9]+)*$")]
# An option by its id, which in a cross is made of several: `drugs.small`, "1.5" of two items of ratings.
_CODE = r"^([a-z][a-z0-9]*(_[a-z0-9]+)*|[a-z0-9]+(_[a-z0-9]+)*([.][a-z0-9]+(_[a-z0-9]+)*)+)$"
OptionCode = Annotated[str, StringConstraints(pattern=_CODE)]
SchemaId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Version = Annotated[str, StringConstraints(pattern=r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$")]
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$"
Language = Annotated[str, StringConstraints(pattern=_LANGUAGE)]
Day = Annotated[str, StringConstraints(pattern=_DAY)]
Text = Annotated[str, StringConstraints(pattern=r"\S")]
Wording = Annotated[dict[Language, Text], Field(min_length=1)]

# A place inside a schema (keys and positions), the message that says what is wrong there, and its values.
KeyPath = tuple[str | int, ...]
Fault = tuple[KeyPath, str, dict[str, Any]]


def check_language(language: object) -> None:
    """Refuse what is no code of a language, such as "en", "zh" or "pt-BR"."""
    if not isinstance(language, str) or not re.match(_LANGUAGE, language):
        raise usage("language_no_code", language=language)


def text_in(wording: Wording, lang: str) -> str:
    """The wording in `lang`, or in the first language there is: an instrument may lack the report's."""
    return wording.get(lang) or next(iter(wording.values()))


class HasId(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str:
        """The id."""


Part = TypeVar("Part", bound=HasId)


def by_id(parts: Sequence[Part], part_id: str, key: str, **values: str) -> Part:
    """Find a part by id; an unknown id is a `UsageError` (`key`, `values`) with the nearest there are."""
    for part in parts:
        if part.id == part_id:
            return part
    ids = [part.id for part in parts]
    raise usage(key, **values, known=list(near_misses(part_id, ids) or ids) or "-")


class Strict(BaseModel):
    """Frozen, without coercion and without unknown keys."""

    # What is never checked on its own (a part of a file, a kind that is not read) is not built either.
    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", serialize_by_alias=True, defer_build=True
    )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values; what was computed of the original (`cached_property`) is not kept."""
        copy = super().model_copy(update=update, deep=deep)
        for name in set(copy.__dict__) - set(type(copy).model_fields):
            del copy.__dict__[name]
        return copy


def _hashed(canonical: dict[str, Any]) -> str:
    text = json.dumps(canonical, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


# What may be reworded without a change of meaning; `text` only where it is wording, not an option's flag.
_WORDS = {
    *("title", "description", "sources", "short", "group", "label", "aliases", "text_aliases", "assumption"),
    *("help", "changes", "quality", "meta", "fixed", "definition", "use_when", "not_when", "probes"),
    *("note", "reason", "pinned", "what", "statement", "needs"),
}


def _without_wording(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_wording(entry)
            for key, entry in value.items()
            if key not in _WORDS
            and not (key == "text" and isinstance(entry, dict))
            and not (key == "other" and isinstance(entry, dict) and "below" in entry)
        }
    return [_without_wording(entry) for entry in value] if isinstance(value, list) else value


class Change(Strict):
    """What a changed wording means, as its author declares it; `where` as `instrument diff` has it."""

    where: Text
    kind: Literal["typo", "clarification", "meaning"]
    note: Wording | None = None


class FileModel(Strict):
    """What every YAML file of the package says: its kind."""

    kind: str

    def faults(self) -> Iterator[Fault]:
        """Find what the types alone cannot; here nothing."""
        yield from ()


class Schema(FileModel):
    """What every versioned file under `instruments/` has."""

    id: SchemaId
    version: Version
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    title: Wording
    description: Wording | None = None
    sources: tuple[Text, ...] = ()
    changes: tuple[Change, ...] = ()
    _folder: Path | None = PrivateAttr(default=None)

    @property
    def folder(self) -> Path | None:
        """The folder of its file, with other versions and crosswalks; None where there is no file."""
        return self._folder

    def __eq__(self, other: object) -> bool:
        """Whether both say the same, wherever their files are."""
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in type(self).model_fields)

    def titled(self, lang: str) -> str:
        """The title in `lang`, or in the first language there is."""
        return text_in(self.title, lang)

    @property
    def reference(self) -> str:
        """The id with the version: `executive-survey@1.0.0`."""
        return f"{self.id}@{self.version}"

    @property
    def lock_name(self) -> str:
        """What its hashes are kept under in the `lock.yaml` beside it; "" of what is never locked."""
        return self.version

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of the canonical form (JSON, sorted keys): the same for any layout of the YAML."""
        return _hashed(self._canonical())

    @cached_property
    def semantic_hash(self) -> str:
        """SHA-256 of what gives answers their meaning: ids, codes, scales, routing; no wording, no help."""
        return _hashed(_without_wording(self._canonical()))

    def _canonical(self) -> dict[str, Any]:
        """What the file says, what it leaves at its default left out: a new key of ours changes no hash."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def faults(self) -> Iterator[Fault]:
        """Find what the types alone cannot: here, wording that lacks a declared language."""
        yield from _wording_faults(self, (), self.languages)


def doubles(path: KeyPath, name: str, parts: Sequence[HasId]) -> Iterator[Fault]:
    """Find ids used twice, and wordings that two parts share: no answer could be told apart."""
    ids: set[str] = set()
    owner: dict[str, str] = {}
    for position, part in enumerate(parts):
        if part.id in ids:
            yield (*path, name, position, "id"), "id_twice", {"id": part.id}
        ids.add(part.id)
        for form in getattr(part, "forms", ()):
            first = owner.setdefault(normalise(form), part.id)
            if first != part.id:
                yield (*path, name, position), "wording_shared", {"form": form, "id": part.id, "other": first}


def _wording_faults(model: BaseModel, path: KeyPath, languages: tuple[str, ...]) -> Iterator[Fault]:
    """Walk every wording below `model` and compare its languages with the declared ones."""
    for name, field in type(model).model_fields.items():  # not what was computed of them
        yield from _wording_faults_in(getattr(model, name), (*path, field.alias or name), languages)


def _wording_faults_in(value: Any, path: KeyPath, languages: tuple[str, ...]) -> Iterator[Fault]:
    if isinstance(value, BaseModel):
        yield from _wording_faults(value, path, languages)
    elif isinstance(value, tuple):
        for position, entry in enumerate(value):
            yield from _wording_faults_in(entry, (*path, position), languages)
    elif isinstance(value, dict) and value and all(isinstance(entry, str) for entry in value.values()):
        for lang in (lang for lang in languages if lang not in value):
            yield path, "wording_missing", {"lang": lang}
        for lang in (lang for lang in value if lang not in languages):
            yield (*path, lang), "wording_undeclared", {"lang": lang, "languages": list(languages)}
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from _wording_faults_in(entry, (*path, key), languages)
