"""What a language lacks, for whoever translates: what is said in English there, and what cannot be used."""

import string

from survey.messages import PARTS, _part, _translations


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
    """The keys of a language that no message has, or whose text has other {values} than the English one."""
    wanted = english()
    return [
        key
        for key, text in translated(lang).items()
        if key not in wanted or values_of(text) != values_of(wanted[key])
    ]


def values_of(text: str) -> set[str]:
    """The names of the {values} in a message."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
