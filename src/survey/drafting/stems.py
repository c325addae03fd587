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
    re.compile(r"(?P<head>[A-Za-z]\w*)-(?P<tail>\w+)"),  # groups of ODK
)
# Stems under which anything may stand.
GENERIC = frozenset({"q", "v", "var", "x", "item", "question", "col", "column", "variable", "问题", "题"})
_NUMBERED = re.compile(r"\s*(?:q|第)?\s*\d{1,3}\s*[、.．:：)）题]", re.IGNORECASE)
_SHARED = 0.5  # so many of the answers to a row, or to those before it, are answers to both
_MOST_POINTS, _HIGHEST_POINT = 7, 11  # more different numbers, or higher ones, are amounts


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


def find_stems(profiles: list[Profile], said: Mapping[int, Stem] | None = None) -> dict[int, Stem]:
    """The stem of every column that shares one, by its place: before all others the one that is `said`."""
    ways = {profile.place: list(_ways(profile)) for profile in profiles}
    for place, stem in (said or {}).items():
        ways[place].insert(0, (-2, stem))
    return _shared(ways)


def said_stems(profiles: Sequence[Profile], separator: str = "") -> dict[int, Stem]:
    """The stems that the platform says, where the header of a row may stand without its stem.

    Of rows without stem and number, a matrix ends where the answers are others.
    """
    stems: dict[int, Stem] = {}
    stem, answers, ended = "", set[str](), False
    for profile in profiles:
        column = profile.column
        if column.row_of != stem:
            stem, answers, ended = column.row_of, set(), False
        row = _row_of(profile, stem)
        if not row or column.group or ended:
            continue
        own = _answers(profile, separator)
        named = any(skeleton(stem) in skeleton(name) for name in (column.header, *column.also[:1]))
        certain = named or not answers or _NUMBERED.match(column.header)
        fewest = max(len(own), len(answers)) if profile.numbers else min(len(own), len(answers))
        if not certain and len(own & answers) < _SHARED * fewest:
            ended = True
            continue
        answers |= own
        path = column.header.removesuffix(f"/{row}")  # of a group within a group
        head = path if path.endswith(f"/{stem}") else stem
        stems[profile.place] = Stem(head.strip(), row, True)
    return stems


def _answers(profile: Profile, separator: str) -> set[str]:
    """The different answers of a column, those joined in a cell one by one; amounts count as one."""
    numbers = profile.numbers.values()
    if len(numbers) > _MOST_POINTS or max(numbers, default=0) > _HIGHEST_POINT:
        return {"amounts"}
    texts = [*profile.counts, *profile.aside]
    parts = [part for text in texts for part in (text.split(separator) if separator else [text])]
    return set(map(normalise, parts))


def _row_of(profile: Profile, stem: str) -> str:
    """The name of a row: what a name of its column says behind the stem; "" where none says it."""
    names = [name for name in (*profile.words, profile.header) if stem and name.startswith(stem)]
    return next((row for name in names if (row := name.removeprefix(stem).strip(" :：—–-/_"))), "")


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
    words = profile.words
    if column.row_of and not column.group:  # of a matrix that ended before it
        words = [name for name in words if not name.startswith(column.row_of)]
    if column.group:
        head, tail = _of_group(column.header, column.group)
        if column.also:
            tail = column.also[-1].rsplit("—", 1)[-1].strip()
        yield -1, Stem(head, tail, True, column.group)
    yield from _parted(words, profile.header)


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
