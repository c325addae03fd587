"""Short names: they name sheets and tables, so they are short, and no two are the same."""

import re
from collections.abc import Iterator

from survey.instrument.schema import Fault, KeyPath, Wording
from survey.messages import LANGUAGES, message
from survey.wording import normalise

SHORT = 20  # characters of a short name: with what stands before it, it names a sheet
_NO_SHEET = frozenset("[]:*?/\\'")  # what cannot name a sheet

# The sheets every report has: no question may be called so.
_SHEETS = tuple(
    f"sheet_{name}"
    for name in (
        *(
            "contents",
            "summary",
            "topline",
            "charts",
            "data",
            "tests",
            "correlations",
            "precision",
            "quality",
        ),
        *("published", "notes", "method", "codebook"),
    )
)


def reserved_shorts() -> set[str]:
    """The names of the sheets every report has, normalised, in every language."""
    return {normalise(message(key, lang)) for key in _SHEETS for lang in LANGUAGES}


def fits(name: str) -> bool:
    """Whether a text can be a short name."""
    return len(name) <= SHORT and not set(name) & _NO_SHEET


def shortened(label: str) -> str:
    """A label as a short name: without its bracket, cut at a word where it is still too long."""
    text = label.translate({ord(sign): " " for sign in "[]:*?/\\'"})  # what cannot name a sheet
    if len(text) > SHORT:
        text = re.sub(r"\s*[(\uff08][^()\uff08\uff09]*[)\uff09]$", "", text) or text
    if len(text) <= SHORT:
        return text
    cut = text[: SHORT - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;(") + "\u2026"


def short_faults(path: KeyPath, short: Wording) -> Iterator[Fault]:
    """Find short names that no sheet can have."""
    for lang, text in short.items():
        if not fits(text):
            yield (*path, "short", lang), "short_unusable", {"short": text}
