"""Labels as people and platforms decorate them: numbered, marked as required, in two languages at once."""

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
        return self.paired.get(skeleton(form)) if self.paired else None
