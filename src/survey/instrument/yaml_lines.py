"""Lines of YAML as people read them: texts in quotes, lists and mappings in one line, wrapped comments."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

LINE_WIDTH = 110
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NO_TEXT = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")  # what YAML takes for something else


def quoted(text: str) -> str:
    """A text as YAML in one line: JSON is YAML, but for signs that YAML takes for line ends."""
    written = json.dumps(text, ensure_ascii=False)
    return re.sub(
        "[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]",
        lambda sign: f"\\u{ord(sign[0]):04x}",
        written,
    )


def flow(value: Any) -> str:
    """A value in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and value.lower() not in _NO_TEXT else quoted(value)
    return ".inf" if value == float("inf") else json.dumps(value)


def comment_lines(text: str, start: str = "# ") -> Iterator[str]:
    """A comment, wrapped; nothing in a header can end it."""
    text = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())
    text = re.sub("[\ud800-\udfff\ufeff\ufffe\uffff]", "\N{REPLACEMENT CHARACTER}", text)
    line, first = "", True
    after = " " * (len(start) - len(start.lstrip())) + "#" + " " * (len(start.lstrip()) - 1)
    for word in text.split(" "):
        if line and len(line) + len(word) + len(start) > LINE_WIDTH:
            yield f"{start if first else after}{line}"
            line, first = "", False
        line = f"{line} {word}" if line else word
    yield f"{start if first else after}{line}"
