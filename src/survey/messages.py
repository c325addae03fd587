"""The one catalogue of what the tool says, in English and Chinese (`messages.yaml` beside this file)."""

from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("en", "zh")


@cache
def _catalogue() -> dict[str, dict[str, str]]:
    import yaml

    text = resources.files("survey").joinpath("messages.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    catalogue: dict[str, dict[str, str]] = yaml.load(text, Loader=loader)
    return catalogue


def message(key: str, lang: str = "en", /, **values: Any) -> str:
    """Fill the message `key` in `lang` with `values`; a language that is not there falls back to English."""
    forms = _catalogue()[key]
    return forms.get(lang, forms["en"]).format(**values)
