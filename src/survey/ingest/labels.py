"""Labels as people and platforms decorate them: numbered, marked as required, in two languages at once."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations

from survey.wording import normalise, skeleton

# "1.5 million" is not the first item, "5 million".
# All of these look at normalised text: half-width, lower case, single spaces.
_NUMBERING = re.compile(
    r"(?:\*\s*)?(?:第\s*\d{1,3}\s*[题問问]\s*[.、:)]*|[(]\d{1,3}[)]|q(?:uestion)?\s*\d{1,3}\s*(?:[、)]|[.:](?!\d))|q\d{1,3}\s+-|"
    r"\d{1,3}(?:\.\d{1,2})*\s*(?:[、)]|[.:](?!\d)))\s*"
)
# "A. Meat", "A.肉": but "U.S." is no lettered S.
_LETTERING = re.compile(r"(?:[(]?[a-z][)]|[a-z][.、:])(?:\s+|(?![a-z0-9]))")
_MARK = re.compile(
    r"\s*(?:\*+|[(\[【](?:required|必填|必答|(?:单|多|填空|矩阵|量表|评分|排序)[^)\]】]{0,6}题?|"
    r"select all that apply|check all that apply|可多选|多选)[)\]】])\s*$"
)
# How platforms ask for the text of an "other": "Other (please specify)", "其他（请补充）", "其他____".
_REQUEST = re.compile(
    r"\s*(?:[(\[](?:please\s+)?(?:specify|describe|explain|state)[)\]]|"
    r"[-–—,:]\s*please\s+(?:specify|describe|state)|"
    r"[(\[]请?(?:具体)?(?:注明|补充|填写|说明|列明|写明|描述)[)\]]|_{2,})\s*:?\s*$"
)


# What a platform fills in when it asks, and where it cuts a label.
_HOLE = re.compile(
    r"\$\{[^}]*\}|\{\{[^}]*\}\}|%\{[^}]*\}|\{[a-z][\w.:/]*\}|\[(?:field|question|q|recall)\s*:[^\]]*\]|…|\.{3}",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_CERTAIN = 10  # letters beside a hole, a Chinese character counting as two: fewer could be any label


def without_markup(text: str) -> str:
    """Drop the tags and entities of HTML, as platforms leave them in labels; nothing else is changed."""
    if "<" not in text and "&" not in text:
        return text
    plain = html.unescape(_TAG.sub(" ", text))
    return text if plain == text else " ".join(plain.split())


def has_holes(text: str) -> bool:
    """Tell whether a platform fills something in, or cut the label."""
    return _HOLE.search(text) is not None


def holed(text: str) -> re.Pattern[str] | None:
    """The skeletons that a label with holes (text filled in, or cut) may stand for; None without holes."""
    if not has_holes(text):
        return None
    pieces = [skeleton(piece) for piece in _HOLE.split(text)]
    letters = sum(2 if ord(letter) > 0x2E80 else 1 for piece in pieces for letter in piece)
    return re.compile(".*".join(map(re.escape, pieces))) if letters >= _CERTAIN else None


def without_request(form: str) -> str:
    """Drop what asks for the text of an "other" from the end of a normalised label."""
    return _REQUEST.sub("", form) or form


def undecorated(form: str) -> str:
    """Drop numbering before a normalised label, and marks of required questions or an "other" after it."""
    bare = _NUMBERING.sub("", form, count=1) if _NUMBERING.match(form) else form.removeprefix("*").lstrip()
    while (shorter := _MARK.sub("", bare)) != bare:
        bare = shorter
    return without_request(bare) or form


def both_languages(wording: Mapping[str, str]) -> Iterator[str]:
    """Give the skeletons of a label written in two languages, one after the other in either order."""
    for one, other in permutations(wording.values(), 2):
        if normalise(one) != normalise(other):
            yield skeleton(one) + skeleton(other)


class Labels:
    """Forms and what they mean; a label is found as it is, without its decoration, or in two languages."""

    def __init__(self, entries: Iterable[tuple[str, Iterable[str], Mapping[str, str]]]) -> None:
        """Take (meaning, forms, wording) of every part."""
        self.exact: dict[str, str] = {}
        self.paired: dict[str, str] = {}
        for meaning, forms, wording in entries:
            for form in forms:
                self.exact[normalise(form)] = meaning
            for pair in both_languages(wording):
                self.paired.setdefault(pair, meaning)

    def find(self, text: str) -> str | None:
        """Give what a label means, or None; nothing is guessed."""
        form = normalise(text)
        meaning = self.exact.get(form)
        if meaning is None and (bare := without_request(form)) != form:
            form, meaning = bare, self.exact.get(bare)
        if meaning is not None:
            return meaning
        for pattern in (_NUMBERING, _LETTERING):
            match = pattern.match(form)
            if match and (meaning := self.exact.get(form[match.end() :])) is not None:
                return meaning
        if self.paired and (meaning := self.paired.get(skeleton(form))) is not None:
            return meaning
        plain = without_markup(text)
        return self.find(plain) if plain != text else self._cut(text)

    def _cut(self, text: str) -> str | None:
        """What a label that was cut means, where it can be one thing only."""
        pattern = holed(text)
        if pattern is None:
            return None
        meanings = {meaning for form, meaning in self.exact.items() if pattern.fullmatch(skeleton(form))}
        return meanings.pop() if len(meanings) == 1 else None
