"""Text as files and pictures can hold it: cleaned, measured and wrapped."""

import re
import unicodedata

from survey.document import Sentence, is_unfixed

# What XML cannot hold (control characters, lone surrogates, non-characters) or no reader can see.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_WIDE = (
    "\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
)
_CHINESE = re.compile(f"[{_WIDE}\U00020000-\U0003fffd]")
_CLOSING = "\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff1f\uff01\uff09\u300d\u300f\u3011\u300b\u201d\u2019\u2026"
# A piece that may stand at the end of a line: white space, one wide character, or a word.
_PIECE = re.compile(f"[^\\S\u00a0]+|[{_WIDE}][{_CLOSING}]*|(?:[^\\s{_WIDE}]|\u00a0)+")
# Where a word that is longer than a line is best cut: behind a hyphen or stroke, before a bracket.
_JOINT = re.compile(r"(?<=[^\s(\uff08][-/\u2010\u2013])(?=\w)|(?<=\w)(?=[(\uff08\[])")
_REPLACEMENT = "\ufffd"


def clean(text: str) -> str:
    """Replace what a file cannot hold by U+FFFD; line ends become plain newlines."""
    if text.isascii() and text.isprintable():
        return text
    return _UNWRITABLE.sub(_REPLACEMENT, text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Clean a text and bring it on one line."""
    return " ".join(clean(text).split())


def marked_as(text: str, shown: str) -> str:
    """Give what is shown of a text the mark of that text: whether published figures fix it."""
    return Sentence(shown, unfixed=True) if is_unfixed(text) else shown


def has_chinese(text: str) -> bool:
    """Tell whether a text needs a Chinese (CJK) font."""
    return not text.isascii() and bool(_CHINESE.search(text))


def width(text: str) -> int:
    """Measure a text in columns: Chinese and other wide characters count double."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def wrap(text: str, limit: int) -> list[str]:
    """Break a text into lines of at most `limit` columns, between words or Chinese characters."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _PIECE.findall(paragraph):
            if line and width(line + piece.rstrip()) > limit:
                lines.append(line.rstrip())
                line = ""
            if not line:
                piece = piece.lstrip()
            while width(piece) > limit:
                head = _head(piece, limit)
                lines.append(head)
                piece = piece[len(head) :]
            line += piece
        lines.append(line.rstrip())
    return lines


def longest_word(text: str) -> int:
    """Measure the longest piece of a text that `wrap` would rather not break, in columns."""
    return max((width(piece.strip()) for piece in _PIECE.findall(text)), default=0)


def _head(word: str, limit: int) -> str:
    """Cut from an overlong word what fits on a line: up to a joint in it, else at least one character."""
    end = 1
    while end < len(word) and width(word[: end + 1]) <= limit:
        end += 1
    joints = [joint.start() for joint in _JOINT.finditer(word) if joint.start() <= end]
    return word[: joints[-1] if joints else end]
