"""The one catalogue of what the tool says, in English and Chinese: the `.yaml` files beside this one.

One key, one line per language, {values} filled in. Every message of an error says the problem and the remedy;
the place comes before it by itself.
"""

from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("en", "zh")

# The parts of the catalogue, in the order in which they are looked through: a part is read when a key is in
# none before it, so that a small job does not wait for the words of the others.
PARTS = (
    "ground",
    "command",
    "reading",
    "dialects",
    "survey_report",
    "workbook",
    "saving",
    "quality",
    "files",
    "statistics",
    "association",
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
    "drafting",
    "tally",
)


@cache
def _part(name: str) -> dict[str, dict[str, str]]:
    import yaml

    text = resources.files("survey.messages").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    part: dict[str, dict[str, str]] = yaml.load(text, Loader=loader)
    return part


@cache
def _forms(key: str) -> dict[str, str]:
    for name in PARTS:
        if key in _part(name):
            return _part(name)[key]
    raise KeyError(key)


def template(key: str, lang: str = "en", /) -> str:
    """The message `key` before it is filled."""
    forms = _forms(key)
    return forms.get(lang, forms["en"])


def message(key: str, lang: str = "en", /, **values: Any) -> str:
    """Fill the message `key` in `lang` with `values`; a language that is not there falls back to English.

    A list or tuple is written as the language enumerates.
    """
    for name, value in values.items():
        if isinstance(value, list | tuple):
            between = _forms("enumeration_separator")
            values[name] = between.get(lang, between["en"]).join(map(str, value))
    return template(key, lang).format(**values)
