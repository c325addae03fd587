"""What the headers of several columns have in common: "Stem [row]", "Stem: row", "stem_3"."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey.drafting.profile import Profile
from survey.wording import normalise, skeleton

_STRONG = (
    re.compile(r"(?P<head>.+?)\s*\[(?P<tail>[^\[\]]+)\]"),
    re.compile(r"(?P<head>.+?)\s*\(choice=(?P<tail>.+)\)"),
    re.compile(r"(?P<head>\S+?)___(?P<tail>\S+)"),
    re.compile(r"(?P<head>\S+?)__(?P<tail>\S+)"),
    re.compile(r"(?P<head>.+)/(?P<tail>[^/]+)"),
    re.compile(r"(?P<head>.+?)\s*(?:—|–|：|::)\s*(?P<tail>.+)", re.DOTALL),
    re.compile(r"(?P<head>.+?)\s*:\s+(?P<tail>.+)", re.DOTALL),
    re.compile(r"(?P<head>.+)\s+-\s+(?P<tail>.+)", re.DOTALL),
    re.compile(r"(?P<head>.+?)\s+-\s+(?P<tail>.+)", re.DOTALL),
    re.compile(r"(?P<head>.+?[?？])\s*(?P<tail>.+)", re.DOTALL),
    re.compile(r"\[(?P<tail>[^\[\]]+)\]\s*(?P<head>.+)", re.DOTALL),  # labels that LimeSurvey writes
)
_WEAK = (
    re.compile(r"(?P<head>.*[A-Za-z_. \u4e00-\u9fff])(?P<tail>\d{1,3}[a-z]?)"),
    re.compile(r"(?P<head>.+?)[_.](?P<tail>.+)"),
    re.compile(r"(?P<head>.+)[_.](?P<tail>.+)"),
)
# Stems under which anything may stand.
GENERIC = frozenset({"q", "v", "var", "x", "item", "question", "col", "column", "variable", "问题", "题"})


@dataclass(frozen=True)
class Stem:
    """The part of a header that others share, and the rest; `strong` where a sign parts them."""

    head: str
    tail: str
    strong: bool
    group: str = ""

    @property
    def key(self) -> str:
        """What columns under one stem have in common."""
        if self.group:
            return f"#{self.group}"
        return normalise(self.head).rstrip(" _.-")

    @property
    def generic(self) -> bool:
        """Tell whether the stem says nothing of what stands under it."""
        return skeleton(self.head) in GENERIC


def find_stems(profiles: list[Profile]) -> dict[int, Stem]:
    """The stem of every column that shares one, by its place."""
    return _shared({profile.place: list(_ways(profile)) for profile in profiles})


def shared_stems(names: Mapping[int, tuple[Sequence[str], str]]) -> dict[int, Stem]:
    """The stem of everything that shares one, by its place: of its names in words and a header."""
    return _shared({place: list(_parted(words, header)) for place, (words, header) in names.items()})


def _shared(ways: Mapping[int, list[tuple[int, Stem]]]) -> dict[int, Stem]:
    """The first way of parting that others share."""
    members: dict[tuple[bool, int, str], set[int]] = defaultdict(set)
    for place, stems in ways.items():
        for way, stem in stems:
            members[stem.strong, way, stem.key].add(place)
    found = {}
    for place, stems in ways.items():
        shared = [stem for way, stem in stems if len(members[stem.strong, way, stem.key]) > 1 and stem.key]
        if shared:
            found[place] = shared[0]
    return found


def _ways(profile: Profile) -> Iterator[tuple[int, Stem]]:
    column = profile.column
    if column.group:
        head, tail = _of_group(column.header, column.group)
        if column.also:
            tail = column.also[-1].rsplit("—", 1)[-1].strip()
        yield -1, Stem(head, tail, True, column.group)
    yield from _parted(profile.words, profile.header)


def _parted(words: Sequence[str], header: str) -> Iterator[tuple[int, Stem]]:
    """Every way to part the names in words, and a header."""
    for way, pattern in enumerate(_STRONG):
        for name in dict.fromkeys((*words, header)):
            if match := pattern.fullmatch(name.strip()):
                yield way, Stem(match["head"].strip(), match["tail"].strip(), True)
    for way, pattern in enumerate(_WEAK):
        if match := pattern.fullmatch(header.strip()):
            yield way, Stem(match["head"].strip(), match["tail"].strip(), False)


def _of_group(header: str, group: str) -> tuple[str, str]:
    """The stem and the row of a column whose number the export gives: `3、stem—row`, `2、(option)`."""
    bare = re.sub(r"^\s*(?:q|第)?\s*\d{1,3}\s*[、.．:：)）题]*\s*", "", header, flags=re.IGNORECASE)
    for sign in ("—", ":", "："):
        if sign in bare:
            head, _, tail = bare.partition(sign)
            return head.strip(), tail.strip()
    return f"#{group}", bare.strip(" ()（）:：") or bare
