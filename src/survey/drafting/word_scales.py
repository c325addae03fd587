"""Words that make a scale: the common scales, words of degree, numbers with labels, and bare numbers."""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from survey.wording import normalise

_NUMBERED = re.compile(r"\(?([+-]?\d{1,2})\s*(?:[-–—.:、)=]+\s*|\s+|(?=\())\s*(\D.*)")
_BARE = re.compile(r"\(?([+-]?\d{1,2})\)?")
_FEWEST, _MOST = 3, 11


@dataclass(frozen=True)
class WordScale:
    """Points, lowest first: value, label, every way the file writes it. `seen`: how many points occur.

    `reason` says what put them in order: `scale_words`, `degree_words`, `numbered_labels`, `file_labels` or
    `codes`.
    """

    name: str
    points: tuple[tuple[int, str, tuple[str, ...]], ...]
    reason: str
    seen: int

    @property
    def values(self) -> dict[str, int]:
        """The value of every way a point is written, normalised."""
        return {normalise(form): value for value, label, forms in self.points for form in (label, *forms)}

    @property
    def is_nominal(self) -> bool:
        """Whether it is words that a file has for its codes, of which nothing says an order."""
        return self.reason == "file_labels" and not any(
            re.match(r"\(?[+-]?\d", label.strip()) for _, label, _ in self.points
        )

    @property
    def signature(self) -> tuple[tuple[int, str], ...]:
        """What two columns must share to be items of one battery."""
        return tuple((value, normalise(label)) for value, label, _ in self.points)


@cache
def _table() -> tuple[dict[str, list[list[str]]], list[list[str]]]:
    import yaml

    text = resources.files("survey.drafting").joinpath("common_scales.yaml").read_text(encoding="utf-8")
    data = yaml.load(text, Loader=yaml.BaseLoader)  # No and None are words here
    return data["scales"], data["degrees"]


def find_scale(words: Iterable[str]) -> WordScale | None:
    """Find the scale that a set of different answers makes; None where their order is not known."""
    words = list({normalise(word): word for word in words}.values())
    if not 2 <= len(words) <= _MOST:
        return None
    return numbered_scale(words) or common_scale(words) or degree_scale(words)


def common_scale(words: list[str]) -> WordScale | None:
    """The common scale that has all the words, with the fewest points; two words must be its ends."""
    fitting = []
    for name, points in _table()[0].items():
        place = {normalise(form): value for value, forms in enumerate(points, 1) for form in forms}
        ranks = [place.get(normalise(word), 0) for word in words]
        if 0 in ranks or len(set(ranks)) < len(words):
            continue
        if len(words) < _FEWEST and set(ranks) != {1, len(points)}:
            continue
        fitting.append((len(points), name, points, dict(zip(words, ranks, strict=True))))
    if not fitting:
        return None
    _, name, points, values = min(fitting, key=lambda one: one[0])
    middle = (len(points) + 1) // 2
    seen = set(values.values())
    every = set(range(1, len(points) + 1))
    # Where both sides were used in full and the middle never, the scale has none; the same for its ends.
    kept = sorted(seen if seen in (every - {middle}, every - {1, len(points)}) else every)
    written = {value: word for word, value in values.items()}
    zh = any("\u4e00" <= sign <= "\u9fff" for word in words for sign in word)
    drawn = tuple(
        (place, written.get(value) or _label(points[value - 1], zh=zh), ())
        for place, value in enumerate(kept, 1)
    )
    return WordScale(name, drawn, "scale_words", len(seen))


def _label(forms: list[str], *, zh: bool) -> str:
    return next((form for form in forms if ("\u4e00" <= form[0] <= "\u9fff") == zh), forms[0])


def degree_scale(words: list[str]) -> WordScale | None:
    """Put labels in order by their words of degree, where they share all their other words."""
    if len(words) < _FEWEST:
        return None
    degrees = {normalise(form): rank for rank, forms in enumerate(_table()[1]) for form in forms}
    forms = {word: normalise(word) for word in words}
    ranks: dict[str, tuple[int, str]] = {}
    for word, form in forms.items():
        hits = [
            degree for degree in degrees if form == degree or form.startswith((f"{degree} ", f"{degree}_"))
        ]
        if not form.isascii():
            hits = [degree for degree in degrees if form.startswith(degree)]
        if not hits:
            return None
        longest = max(hits, key=len)
        ranks[word] = degrees[longest], form.removeprefix(longest).strip(" _")
    rests = {rest for _, rest in ranks.values()} - {""}
    if len(rests) > 1 or len({rank for rank, _ in ranks.values()}) < len(words):
        return None
    ordered = sorted(words, key=lambda word: ranks[word][0])
    points = tuple((place, word, ()) for place, word in enumerate(ordered, 1))
    name = next(iter(rests), "") or "degree"
    return WordScale(name, points, "degree_words", len(words))


def numbered_scale(words: list[str]) -> WordScale | None:
    """Take the order from the numbers before the labels: "1 - not at all", and bare numbers between them."""
    labels: dict[int, tuple[str, str]] = {}
    named = 0
    for word in words:
        both = _NUMBERED.fullmatch(normalise(word))
        number = both or _BARE.fullmatch(normalise(word))
        if number is None or int(number[1]) in labels:
            return None
        named += both is not None
        text = re.sub(r"^\s*\(?[+-]?\d{1,2}\s*[-–—.:、)=]*\s*", "", word).strip(" ()")
        labels[int(number[1])] = (text or number[1], word)
    if not named or len(labels) < _FEWEST:
        return None
    low, high = min(labels), max(labels)
    if high - low >= _MOST or any(
        text[:1].isdigit() or "-" in text[:3] for text, _ in labels.values() if not text.isdigit()
    ):
        return None
    points = tuple(
        (
            value,
            labels[value][0],
            (labels[value][1],) if value in labels and labels[value][1] != str(value) else (),
        )
        if value in labels
        else (value, str(value), ())
        for value in range(low, high + 1)
    )
    return WordScale("numbered", points, "numbered_labels", len(labels))


def coded_scale(values: Iterable[float]) -> WordScale | None:
    """A scale of bare whole numbers, from 0 or 1 (or as far below zero as above) upwards."""
    codes = {int(value) for value in values}
    if len(codes) < 2:
        return None
    low, high = min(codes), max(codes)
    if not (low in (0, 1) or low == -high) or high - low >= _MOST or high - low < 2:
        return None
    points = tuple((value, str(value), ()) for value in range(low, high + 1))
    return WordScale(f"points_{low}_to_{high}".replace("-", "minus_"), points, "codes", len(codes))


def lettered_scale(texts: Iterable[str]) -> WordScale | None:
    """A scale of codes with a letter, as LimeSurvey writes them: A1 to A5."""
    matches = [re.fullmatch(r"(AO?)0*(\d{1,2})", text.strip()) for text in texts]
    found = [match for match in matches if match]
    if len(found) < len(matches) or len({match[1].casefold() for match in found}) != 1:
        return None
    scale = coded_scale(float(match[2]) for match in found)
    if scale is None:
        return None
    written = {int(match[2]): match[0] for match in found}
    points = tuple(
        (value, label, (written.get(value, f"{found[0][1]}{value}"),)) for value, label, _ in scale.points
    )
    return WordScale(scale.name, points, "codes", scale.seen)


def labelled_scale(codes: Mapping[int, str], seen: int) -> WordScale | None:
    """A scale by what the file says of its codes; points between without a label get their number."""
    if not codes:
        return None
    low, high = min(codes), max(codes)
    if high - low >= _MOST or high - low < 2:
        return None
    points = tuple((value, codes.get(value, str(value)), ()) for value in range(low, high + 1))
    return WordScale("labels", points, "file_labels", seen)


def value_aside(taken: Container[float]) -> int:
    """A value for a point that rates nothing, far from those that rate."""
    free: int = next(code for code in (99, 98, 97, *range(900, 1000)) if code not in taken)
    return free
