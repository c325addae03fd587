"""Answers that are bands of a number: "Under 50", "50-249", "250 or more", in the order of their bounds."""

import math
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from survey.ingest.missing_words import missing_kind
from survey.wording import normalise

_NUMBER = r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_TIMES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_TIMES |= {"千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8}
_SIZE = rf"{_NUMBER}\s*({'|'.join(sorted(_TIMES, key=len, reverse=True))})?(?![a-z])"
_UNIT = r"\s*(?:[a-z][a-z /.-]*|[^\W\da-z_]{1,6}|%)?"  # employees, years old, 人, %
_MONEY = r"(?:[$€£¥￥]|rmb|usd|eur|cny|hk\$)?\s*"
_BELOW = r"(?:<=?|≤|under|below|less than|fewer than|up to|at most|少于|低于|小于|不足|不到|最多)"
_ABOVE = r"(?:>=?|≥|over|above|more than|greater than|at least|from|超过|多于|大于|高于|至少)"
_OR_LESS = r"(?:or|and) (?:less|fewer|under|below|younger)|(?:及|或|\(含\))?以[下内]"
_OR_MORE = r"\+|(?:or|and) (?:more|over|above|older|greater|up)|plus|(?:及|或|\(含\))?以上"
_TO = r"(?:-|–|—|~|to|and|至|到)"
_FORMS = (
    ("below", re.compile(rf"{_BELOW}\s*{_MONEY}{_SIZE}{_UNIT}")),
    ("below", re.compile(rf"{_MONEY}{_SIZE}{_UNIT}?\s*(?:{_OR_LESS}){_UNIT}")),
    ("above", re.compile(rf"{_ABOVE}\s*{_MONEY}{_SIZE}{_UNIT}")),
    ("above", re.compile(rf"{_MONEY}{_SIZE}{_UNIT}?\s*(?:{_OR_MORE}){_UNIT}")),
    ("between", re.compile(rf"(?:between )?{_MONEY}{_SIZE}{_UNIT}?\s*{_TO}\s*{_MONEY}{_SIZE}{_UNIT}")),
    ("alone", re.compile(rf"{_MONEY}{_SIZE}{_UNIT}")),
)
_FEWEST, _MOST = 2, 20
_LONGEST = 60


class Band(NamedTuple):
    """From where to where an answer reaches; one whose ends are the same is a lone number."""

    low: float
    high: float


def band_of(text: str) -> Band | None:
    """Read one answer as a band."""
    form = normalise(text)
    if len(form) > _LONGEST:
        return None
    for name, pattern in _FORMS:
        match = pattern.fullmatch(form)
        if match is None:
            continue
        ends = [_size(*match.groups()[place : place + 2]) for place in range(0, len(match.groups()), 2)]
        if name == "between":
            first, last = match[2], match[4]
            ends[0] = _size(match[1], last) if last and not first else ends[0]  # 1-5 million
            return Band(ends[0], ends[1]) if ends[0] < ends[1] else None
        return {
            "below": Band(-math.inf, ends[0]),
            "above": Band(ends[0], math.inf),
            "alone": Band(ends[0], ends[0]),
        }[name]
    return None


def _size(number: str, times: str | None) -> float:
    return float(number.replace(",", "")) * (_TIMES[times] if times else 1)


def bands_in_order(texts: Iterable[str]) -> list[str] | None:
    """The answers in the order of their bounds, those that say "don't know" last; None where they are none.

    At least two are bands and no lone numbers, and none reaches into the next one.
    """
    bands: dict[str, Band] = {}
    beside = []
    for text in texts:
        band = band_of(text)
        if band is not None:
            bands[text] = band
        elif missing_kind(text):
            beside.append(text)
        else:
            return None
    wide = sum(band.low < band.high for band in bands.values())
    if wide < max(_FEWEST, len(bands) / 2) or len(bands) > _MOST:
        return None
    ordered = sorted(bands, key=lambda text: (bands[text].low, bands[text].high))
    for first, second in pairwise(ordered):
        if bands[first].high > bands[second].low or bands[first] == bands[second]:
            return None
    return [*ordered, *beside]
