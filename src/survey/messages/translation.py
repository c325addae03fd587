"""What a language lacks, for whoever translates: what is said in English there, and what cannot be used."""

import string
from typing import Any

import yaml

from survey.messages import _FOLDER, PARTS, _load, _part, _translations, value_text


def english() -> dict[str, str]:
    """Every message in English, by key."""
    texts = {key: forms["en"] for name in PARTS for key, forms in _part(name).items()}
    return texts | _translations("en")


def translated(lang: str) -> dict[str, str]:
    """The messages that a language has, by key."""
    texts = {key: forms[lang] for name in PARTS for key, forms in _part(name).items() if lang in forms}
    return texts | _translations(lang)


def untranslated(lang: str) -> dict[str, str]:
    """The messages that a language lacks, by key, with what is said instead."""
    known = translated(lang)
    return {key: text for key, text in english().items() if key not in known}


def unusable(lang: str) -> list[str]:
    """The keys of a language that no message has, or whose text has other {values} than the English one.

    A text whose {values} cannot be written, as `{count:Zeile}`, is unusable too.
    """
    wanted = english()
    return [
        key
        for key, text in translated(lang).items()
        if key not in wanted or not _fits(text, wanted[key], lang)
    ]


def unreadable(lang: str) -> list[str]:
    """The files of a language that cannot be read as `key: text`, each with what is wrong there."""
    faults = []
    for path in sorted(_FOLDER.glob(f"{lang}/*.yaml")):
        try:
            texts: Any = _load(path)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            line = f", line {mark.line + 1}" if mark else ""
            faults.append(f"{path.name}{line}: {getattr(error, 'problem', None) or error}")
        else:
            if not isinstance(texts, dict):
                faults.append(f"{path.name}: it is no list of `key: text`")
    return faults


def _fits(text: Any, wanted: str, lang: str) -> bool:
    """Tell whether a text has the {values} of the English one, each in a form in which it can be written."""
    try:
        for _, name, form, _ in string.Formatter().parse(text):
            if name is not None and form not in ("or", "and"):
                value_text(1, form or "", lang)
        return values_of(text) == values_of(wanted)
    except (TypeError, ValueError):
        return False


def values_of(text: str) -> set[str]:
    """The names of the {values} in a message."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
