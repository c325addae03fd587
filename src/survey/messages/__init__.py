"""The one catalogue of what the tool says, and the one place that knows in which languages.

A language is a folder here that holds `language.yaml`: what the language calls itself, how it joins sentences
and lists, which font it needs. The files beside this one hold English and Chinese in one entry, for they are
written together; a translator into any other language edits the folder of that language alone: `key: text`,
in as many files as wanted. What a language lacks is said in English; `python -m survey.messages de` lists it.

{values} are filled in. A value may say how, and is written as the language does: `{count:row|rows}` chooses
the word that goes with such a number, `{share:.1%}` writes a fraction as a percentage (`{low:.1p}` without
its sign), `{mean:.2f}` and `{count:,}` a number, `{answers:or}` a list of choices, `{names:and}` one of what
all holds, `{day:date}` a date. Every message of an error says the problem and the remedy; the place comes
before it by itself.
"""

import errno
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent

ENGLISH = "en"  # what is said where another language has no words
LANGUAGES = (ENGLISH, *sorted({path.parent.name for path in _FOLDER.glob("*/language.yaml")} - {ENGLISH}))

# The parts of the catalogue, in the order in which they are looked through: a part is read as YAML when a key
# of it is wanted, so that a small job does not wait for the words of the others.
PARTS = (
    "ground",
    "command",
    "help",
    "reading",
    "dialects",
    "survey_report",
    "workbook",
    "outputs",
    "plans",
    "saving",
    "quality",
    "files",
    "statistics",
    "association",
    "population",
    "equivalence",
    "tables",
    "published",
    "audit",
    "findings_report",
    "schemas",
    "versions",
    "export",
    "interviews",
    "interviews_report",
    "segments",
    "interchange",
    "agreement",
    "joint",
    "interview_sheets",
    "drafting",
    "tally",
    "weights",
    "waves",
    "changes_since",
    "weighted_means",
    "case_facts",
    "models",
)

# Characters of what somebody else's code says went wrong.
_LONGEST_CAUSE = 200
_KEY = re.compile(r'^"?([a-z0-9_]+)"?:', re.MULTILINE)
_HAS_FORMAT = re.compile(r"\{[a-z0-9_]+:")


def _load(path: Path) -> dict[str, Any]:
    """Read a file of the catalogue; one that is JSON, which is YAML too, without the time that YAML takes."""
    text = path.read_text(encoding="utf-8")
    if text.startswith("{"):
        import json

        return dict(json.loads(text))
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader) or {}


@cache
def _keys(name: str) -> frozenset[str]:
    """The keys of a part, which begin its lines."""
    return frozenset(_KEY.findall((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")))


@cache
def _part(name: str) -> dict[str, dict[str, str]]:
    """The entries of a part: by key, the text in each language that it has."""
    return _load(_FOLDER / f"{name}.yaml")


@cache
def _translations(lang: str) -> dict[str, str]:
    """What the folder of a language says, by key."""
    texts: dict[str, str] = {}
    for path in sorted(_FOLDER.glob(f"{lang}/*.yaml")) if lang in LANGUAGES else ():
        texts |= _load(path)
    return texts


@cache
def _text(key: str, lang: str) -> tuple[str, str]:
    """The text of a key before it is filled, and its language: English where the one wanted has none."""
    if key.startswith("help_") and lang in _part("help").get(key, {}):  # --help waits for nothing else
        return _part("help")[key][lang], lang
    for choice in (lang, ENGLISH):
        if key in _translations(choice):
            return _translations(choice)[key], choice
    for name in PARTS:
        if key in _keys(name):
            forms = _part(name)[key]
            return (forms[lang], lang) if lang in forms else (forms[ENGLISH], ENGLISH)
    raise KeyError(key)


def template(key: str, lang: str = "en", /) -> tuple[str, str]:
    """The message `key` before it is filled, and its language: English where the one wanted has none."""
    return _text(key, lang)


def value_text(value: Any, form: str, lang: str) -> str:
    """Write a value as the message says: `{count:row|rows}`, `{share:.1%}`."""
    if not form:
        return str(value)
    from survey.messages.number_forms import Value

    return format(Value(value, lang), form)


def enumerated(parts: Iterable[Any], lang: str = "en") -> str:
    """Write things one after the other, as a language enumerates them."""
    from survey.messages.number_forms import enumeration

    return enumeration(parts, lang)


def _cause(error: Exception, lang: str) -> str:
    """What went wrong in somebody else's code: the first line of its words, never the name of a class.

    Of an error of the operating system why it refused; of an unusual reason the number.
    """
    if not isinstance(error, OSError) or (error.errno is None and str(error)):
        words = str(error).strip().splitlines()
        return words[0][:_LONGEST_CAUSE] if words else message("cause_unknown", lang)
    key = f"os_{errno.errorcode.get(error.errno or 0, 'other').lower()}"
    known = key in _keys("saving")
    return message(key if known else "os_other", lang, number=error.errno or "-")


@dataclass(frozen=True)
class Phrase:
    """A message within another: it is filled in the language of that."""

    key: str
    values: tuple[tuple[str, Any], ...] = ()

    def text(self, lang: str) -> str:
        """Say it."""
        return message(self.key, lang, **dict(self.values))


def message(key: str, lang: str = "en", /, **values: Any) -> str:
    """Fill the message `key` in `lang` with `values`; a language that is not there falls back to English.

    A list or tuple is written as the language enumerates, or as its choices: `{answers:or}`, or with its
    last thing joined to the others: `{names:and}`. A wording by language is said in `lang`, or in the first
    there is. An error says what went wrong.
    """
    text, lang = _text(key, lang)
    for name, value in values.items():
        if isinstance(value, list | tuple):
            things = [one.text(lang) if isinstance(one, Phrase) else one for one in value]
            joined = f"{{{name}:or}}" in text or f"{{{name}:and}}" in text
            values[name] = things if joined else enumerated(things, lang)
        elif isinstance(value, dict) and value and all(isinstance(one, str) for one in value.values()):
            values[name] = value.get(lang) or next(iter(value.values()))
        elif isinstance(value, Exception):
            values[name] = _cause(value, lang)
    if _HAS_FORMAT.search(text):
        from survey.messages.number_forms import Value

        values = {name: Value(value, lang) for name, value in values.items()}
    return text.format(**values)
