"""Cells of numbers: signs, thousands, units, currencies and per cents as people and programs write them."""

import datetime
import math
import re
from typing import Any

from survey.files.plain_values import Percent
from survey.ingest.cell_values import Read, Reader, as_text, unread
from survey.ingest.raw_table import Labelled
from survey.instrument.question import Limits
from survey.wording import normalise

# Numbers stay below this, so that no statistic of them leaves the range of a float: some take fourth powers.
TOO_LARGE = 1e60


NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?")  # R writes 100000 as 1e+05


_MULTIPLES = {
    **{"千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8, "萬": 1e4, "億": 1e8},
    **{"k": 1e3, "thousand": 1e3, "mn": 1e6, "mio": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9},
}


_TIMES = re.compile(r"(?<=\d)\s*(千万|百万|十万|[千万亿萬億]|k|thousand|mn|mio|million|bn|billion)\.?$")


_CURRENCY_BEFORE = re.compile(
    r"^([+-]?)(?:(?:rmb|cny|usd|eur|gbp|hkd|jpy|chf|us\$|hk\$|nt\$)\s*|[¥€$£₩₹]\s*)"
)


_CURRENCY_AFTER = re.compile(
    r"\s*(?:人民币|元|圆|块|rmb|cny|usd|eur|gbp|hkd|jpy|chf|euros?|dollars?|[¥€$£])$"
)


# The minus that typography has, and the dash that Word makes of one; (3) of accounts is -3.
_MINUS = re.compile(r"^[\u2012-\u2015]\s*(?=\S*\d)|\u2212\s*(?=\S*\d)")


_ACCOUNTING = re.compile(r"([^\d()+-]{0,4})\(([^()+-]*\d[^()+-]*)\)")


_QUOTE = re.compile(r"(?<=\d)['\u2019](?=\d{3})")  # 1'250, as in Switzerland


_GROUPED = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})(?:\.\d+)?")  # 1,200 and 1,00,200


# 1 250 and 1 250,50, as in France: NFKC makes plain spaces of the narrow ones.
_SPACED_GROUPS = re.compile(r"([+-]?\d{1,3}(?: \d{3})+)(?=[.,]\d+$|$)")


def plain_minus(text: str) -> str:
    """A number with the sign of the keyboard: "\u22125" and "(5)" are "-5".

    >>> plain_minus("\u22125.5"), plain_minus("(3)"), plain_minus("$(1,200)"), plain_minus("3-5")
    ('-5.5', '-3', '-$1,200', '3-5')
    """
    if negative := _ACCOUNTING.fullmatch(text):
        return f"-{negative[1]}{negative[2]}"
    return text if text.isascii() else _MINUS.sub("-", text)


def bare_number(text: str) -> tuple[str, bool]:
    """A number without currency, multiple (10万) or per cent sign; and whether there was a currency."""
    form = _QUOTE.sub("", plain_minus(normalise(text)))
    bare = _CURRENCY_AFTER.sub("", _CURRENCY_BEFORE.sub(r"\1", form))
    number = _TIMES.sub("", bare.removesuffix("%").rstrip())
    if " " in number and (groups := _SPACED_GROUPS.match(number)):
        number = groups[1].replace(" ", "") + number[groups.end() :]
    return number, bare != form


def number_reader(raw: Any, decimal: str = ".", unit: tuple[str, ...] = ()) -> Read:
    """Read a number, also from text ("1,200", "1e+05", "¥1,200", "10万", "10 %"); of a label the code.

    `decimal` is the decimal sign of its column, `unit` the forms of a unit that may follow: where it counts
    in multiples (万元), a multiple behind a number (10万) is the unit.
    """
    if isinstance(raw, Labelled):
        found = number_reader(raw.label, decimal, unit)
        return number_reader(raw.code, decimal, unit) if found.key else found
    if isinstance(raw, Percent):
        return Read(raw.shown)
    if isinstance(raw, float):  # also one that Python writes as 1e-07
        return _within_floats(raw, raw)
    text = "" if isinstance(raw, bool | datetime.date | datetime.time) else normalise(as_text(raw))
    for form in (*unit, *(sign for sign in _MULTIPLES if any(one.startswith(sign) for one in unit))):
        text = text.removesuffix(normalise(form)).rstrip() if form else text
    text = plain_minus(text)
    bare, _ = bare_number(text)
    times = _TIMES.search(_CURRENCY_AFTER.sub("", text))
    if decimal == ",":
        bare = bare.replace(",", "\0").replace(".", ",").replace("\0", ".")
    written = NUMBER.fullmatch(bare) or _GROUPED.fullmatch(bare)
    value = float(bare.replace(",", "")) if written else math.nan
    if times:
        value = round(value * _MULTIPLES[times[1]], 6)
    return _within_floats(value, raw)


def _within_floats(value: float, raw: Any) -> Read:
    """A number that can be computed with; + 0.0 makes -0.0 the 0.0 it equals."""
    if abs(value) < TOO_LARGE:
        return Read(value + 0.0)
    if math.isfinite(value):
        return unread("cell_number_too_large", f"{value:g}", limit=f"{TOO_LARGE:g}")
    return unread("cell_not_number", raw)


def share_reader(reader: Reader) -> Reader:
    """Read per cents as fractions: for a question whose limits end at 1."""

    def read(raw: Any) -> Read:
        if isinstance(raw, Percent):
            return Read(float(raw))
        meaning = reader(raw)
        percent = isinstance(raw, str) and normalise(raw).endswith("%") and meaning.value is not None
        return Read(round(meaning.value / 100, 12)) if percent else meaning

    return read


def limited(reader: Reader, limits: Limits) -> Reader:
    """Refuse numbers outside the limits of the question, and broken ones where it wants whole numbers."""
    bounds: dict[str, Any] = {
        name: f"{bound:g}"
        for name, bound in (("low", limits.minimum), ("high", limits.maximum))
        if bound is not None
    }
    open_ended = {"low": "cell_too_low", "high": "cell_too_high"}
    key = "cell_out_of_range" if len(bounds) > 1 else open_ended.get(next(iter(bounds), ""), "")

    def read(raw: Any) -> Read:
        meaning = reader(raw)
        if meaning.key or meaning.value is None:
            return meaning
        if is_outside(meaning.value, limits):
            return unread(key, raw, **bounds)
        if limits.whole and meaning.value != int(meaning.value):
            return unread("cell_not_whole", raw)
        return meaning

    return read


def is_outside(number: float, limits: Limits) -> bool:
    """Whether a number is less or more than a question allows."""
    low, high = limits.minimum, limits.maximum
    return (low is not None and number < low) or (high is not None and number > high)
