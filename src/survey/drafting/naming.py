"""Ids and short names made of headers and labels: unique, in the forms a schema allows."""

import re
import unicodedata
from collections.abc import Iterable

from survey.drafting.nouns import noun_of
from survey.instrument.short_names import reserved_shorts
from survey.wording import normalise

_LONGEST_ID = 40
_LONGEST_SHORT = 20
_MOST_WORDS = 4
# Words that say little of what a question is about.
_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "with",
        "by",
        "from",
        "and",
        "or",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "do",
        "does",
        "did",
        "have",
        "has",
        "had",
        "what",
        "which",
        "who",
        "whom",
        "whose",
        "how",
        "when",
        "where",
        "why",
        "your",
        "you",
        "yours",
        "we",
        "our",
        "us",
        "it",
        "its",
        "this",
        "that",
        "these",
        "those",
        "there",
        "their",
        "they",
        "please",
        "select",
        "choose",
        "all",
        "any",
        "apply",
        "following",
        "would",
        "could",
        "should",
        "will",
        "can",
        "if",
        "as",
        "each",
        "every",
        "much",
        "many",
        "often",
        "long",
    ]
)
_REQUEST = re.compile(
    r"\s*[(（\[【](?:select|choose|check|tick|please|可多选|多选|单选|必填|required)[^)）\]】]*[)）\]】]",
    re.I,
)
_HEADER_IN_WORDS = re.compile(r"[^\W\d_]{3,}(?:[ _][^\W\d_]+)*|[\u4e00-\u9fff]{2,}")
_NUMBER = re.compile(r"^\s*(?:q(?:uestion)?\s*\d{1,3}|第\s*\d{1,3}\s*[题问]|\d{1,3})\s*[.、:：)）-]\s*", re.I)


def has_chinese(text: str) -> bool:
    """Tell whether a text holds Chinese characters."""
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


class Names:
    """Gives every id and every short name once; `headers` are kept clear of, for they name columns."""

    def __init__(self, headers: Iterable[str] = ()) -> None:
        """Begin with no name given."""
        self._headers = {normalise(header) for header in headers}
        self._ids: set[str] = set()
        self._shorts: set[str] = set()

    def id_of(self, text: str, fallback: str, own: Iterable[str] = ()) -> str:
        """An id that says what a text says, and that no header is, but for the headers `own`."""
        taken = self._ids | (self._headers - {normalise(form) for form in own})
        name = unique(slug(text) or fallback, taken)
        self._ids.add(name)
        return name

    def short_of(self, text: str, instead_of: Iterable[str] = (), header: str = "") -> str:
        """A short name, at most 20 characters and fit for a sheet; it may be one of those it stands for."""
        replaced = set(map(normalise, instead_of))
        self._shorts = (self._shorts or reserved_shorts()) - replaced
        short = self._unique_short(shortened(text, header))
        self._shorts |= replaced
        return short

    def _unique_short(self, short: str) -> str:
        self._shorts = self._shorts or reserved_shorts()
        number, name = 1, short
        while normalise(name) in self._shorts:
            number += 1
            name = f"{short[: _LONGEST_SHORT - 1 - len(str(number))].rstrip()} {number}"
        self._shorts.add(normalise(name))
        return name


def unique(name: str, taken: set[str]) -> str:
    """The name, with a number where it is taken; it is taken from now on."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name[: _LONGEST_ID - 4]}_{number}"
    taken.add(found)
    return found


def slug(text: str) -> str:
    """Small letters, digits and underscores of a text; of a long one the words that say the most."""
    plain = unicodedata.normalize("NFKD", _NUMBER.sub("", _REQUEST.sub("", text)) or text)
    plain = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", plain.encode("ascii", "ignore").decode())
    words = re.findall(r"[a-z0-9]+", plain.lower().replace("'", ""))
    if not any(word.isalpha() or not word.isdigit() for word in words):
        return ""
    if len(words) > _MOST_WORDS:
        words = [word for word in words if word not in _SMALL][:_MOST_WORDS] or words[:_MOST_WORDS]
    name = "_".join(words)[:_LONGEST_ID].strip("_")
    name = f"{name}_value" if name in ("null", "true", "false") else name  # YAML takes them for no text
    return name if not name or name[0].isalpha() else f"n{name}"


def _asked_of(text: str) -> str:
    """What a Chinese question is about: "您所在的企业类型是？" asks of "企业类型"."""
    bare = text.strip(" ？?：:。")
    bare = re.sub(r"^(?:请问)?(?:您|你|贵公司|贵单位|贵企业)?(?:目前|现在)?(?:所在|所属)?的?", "", bare)
    bare = re.sub(r"(?:是什么|是多少|是哪[一个些]?|有哪些|是否?|为)$", "", bare)
    return bare if len(bare) > 1 else text


def shortened(text: str, header: str = "") -> str:
    """The noun a text asks about, else its header in words, else its beginning, at a word's end.

    Signs that a sheet's name cannot hold are left out.
    """
    plain = _NUMBER.sub("", _REQUEST.sub("", text)) or text
    chinese = has_chinese(plain)
    noun = noun_of(plain, chinese=chinese)
    named = len(header) <= _LONGEST_SHORT and _HEADER_IN_WORDS.fullmatch(header) is not None
    asks = plain.strip().endswith(("?", "？"))
    plain = noun or (header if named and asks else _asked_of(plain) if chinese else plain)
    plain = " ".join(re.sub(r"[\[\]:*?/\\'\"：？“”_]+", " ", plain).split())
    if len(plain) > _LONGEST_SHORT:
        words = plain.split()
        while len(words) > 1 and words[0].lower() in _SMALL:
            words = words[1:]
        kept = words[:1]
        for word in words[1:]:
            if len(" ".join([*kept, word])) > _LONGEST_SHORT:
                break
            kept.append(word)
        while 1 < len(kept) < len(words) and kept[-1].lower() in _SMALL:
            kept = kept[:-1]
        plain = " ".join(kept)
    plain = plain[:_LONGEST_SHORT].strip(" ,;.-–—")
    return plain[:1].upper() + plain[1:] if plain else "Question"
