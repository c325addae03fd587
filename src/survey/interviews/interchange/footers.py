"""What other tools have no field for stands in the last line of a description: `survey: {...}`."""

import json
import re
from typing import Any

from survey.files.json_values import parsed_json
from survey.interviews.interchange.positions import FURTHEST
from survey.interviews.segments import DIRECTIONS

_FOOTER = re.compile(r"(?:^|\n)survey: (\{.*\})\s*\Z")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def writable(text: str) -> str:
    """Text that XML can hold, character for character; line ends become line feeds."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def with_footer(text: str, facts: dict[str, Any]) -> str:
    """The text with the facts below it; facts that are None stay away."""
    kept = {key: value for key, value in facts.items() if value is not None}
    line = "survey: " + json.dumps(kept, ensure_ascii=False) if kept else ""
    return writable("\n".join(part for part in (text, line) if part))


def split_footer(text: str) -> tuple[str, dict[str, Any]]:
    """The text without its footer, and what the footer says; nothing where there is none that can be read."""
    match = _FOOTER.search(text)
    if not match:
        return text, {}
    try:
        facts = parsed_json(match[1])
    except ValueError:
        return text, {}
    return text[: match.start()], facts if isinstance(facts, dict) else {}


def fits(key: str, value: Any) -> bool:
    """Whether a fact of a footer is of its kind: anybody may have edited it."""
    if key in ("start", "end"):
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < FURTHEST
    if key == "directions":
        return isinstance(value, dict) and all(
            isinstance(given, dict) and set(map(str, given.values())) <= set(DIRECTIONS)
            for given in value.values()
        )
    if key == "made":
        return value in ("text", "gist", "nothing")
    return isinstance(value, str) and bool(value.strip())
