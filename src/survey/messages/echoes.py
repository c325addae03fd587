"""How an error repeats what a user gave: on one line, in few characters, nothing that moves a terminal."""

import re
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from survey.messages import Phrase

MOST_SHOWN = 100  # characters of a value
_TAIL = 20  # of these from its end
_MOST_OF_PATH = 1000  # a path that is cut cannot be looked up: the longest that systems take is about this
_MOST_LISTED = 60  # things of a list
_MOST_BITS = 300  # of a whole number that is written out: about 90 digits

_LINE_ENDS = re.compile(r"[\r\n\t\v\f\x85\u2028\u2029]+")
# Control characters, lone surrogates, and marks that turn the direction of what follows.
_HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def one_line(text: str) -> str:
    """A text on one line, each sign that would disturb the rest of a sentence as U+FFFD.

    >>> one_line("Q1\\nwhich \\u202efirm")
    'Q1 which \ufffdfirm'
    """
    if text.isascii() and text.isprintable():
        return text
    return _HARMFUL.sub("\ufffd", _LINE_ENDS.sub(" ", text))


def shortened(text: str, most: int = MOST_SHOWN) -> str:
    """The beginning and the end of a text that is longer than `most` characters.

    >>> shortened("abcdefghijklmnopqrstuvwxyz" * 10, 40)
    'abcdefghijklmnopqrs\u2026ghijklmnopqrstuvwxyz'
    """
    return text if len(text) <= most else f"{text[: most - _TAIL - 1]}\u2026{text[-_TAIL:]}"


def echoed_path(path: str | PurePath) -> str:
    """The name of a file as an error repeats it."""
    return shortened(one_line(str(path)), _MOST_OF_PATH)


def echoed(value: Any) -> Any:  # noqa: PLR0911 - a kind of value, a way to say it
    """A value as an error repeats it; a list of more things than anybody reads ends with how many more.

    >>> echoed(10**5000), echoed(["a"] * 70)[-2:]
    ('1e+5000', ['a', '\u2026 (+10)'])
    """
    if isinstance(value, str):
        return shortened(one_line(value))
    if isinstance(value, PurePath):
        return echoed_path(value)
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return f"{'-' * (value < 0)}1e+{round((value.bit_length() - 1) * 0.30103)}"
    if isinstance(value, list | tuple):
        more = len(value) - _MOST_LISTED
        shown = [echoed(one) for one in value[:_MOST_LISTED]]
        return shown + [f"\u2026 (+{more})"] * (more > 0)
    if isinstance(value, dict):
        return {key: echoed(one) for key, one in value.items()}
    if isinstance(value, Phrase):
        return replace(value, values=tuple((name, echoed(one)) for name, one in value.values))
    return value
