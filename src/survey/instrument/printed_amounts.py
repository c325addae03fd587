"""Amounts as texts print them ("about 8.87 billion yuan", "35%-40%", "- 17614"): the range each allows.

An amount is read as the values that could have been printed so: half a unit of its last digit to both sides,
5% to both sides of what is called about or nearly, everything above what is called a least.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

_SCALES = {
    **{"thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12},
    **{"\u5343": 1e3, "\u4e07": 1e4, "\u767e\u4e07": 1e6, "\u5343\u4e07": 1e7, "\u4ebf": 1e8},
}
_CURRENCIES = {
    **{"yuan": "yuan", "rmb": "yuan", "cny": "yuan", "\u5143": "yuan"},
    **{"$": "dollar", "dollar": "dollar", "dollars": "dollar", "usd": "dollar", "\u7f8e\u5143": "dollar"},
    **{"euro": "euro", "euros": "euro", "eur": "euro", "\u20ac": "euro", "\u6b27\u5143": "euro"},
    **{"pound": "pound", "pounds": "pound", "gbp": "pound", "\u00a3": "pound", "\u82f1\u9551": "pound"},
    **{"franc": "franc", "francs": "franc", "chf": "franc", "\u745e\u58eb\u6cd5\u90ce": "franc"},
    **{"yen": "yen", "jpy": "yen", "\u65e5\u5143": "yen"},
    **{"hk": "hk_dollar", "hkd": "hk_dollar", "\u6e2f\u5143": "hk_dollar", "\u6e2f\u5e01": "hk_dollar"},
}
_NEAR = r"about|around|approximately|nearly|almost|some|~|\u7ea6|\u8fd1"
_LEAST = r"at least|more than|over|exceeds|exceeded|above|\u8d85\u8fc7|\u81f3\u5c11"
_MOST = r"at most|less than|under|below|up to|\u4e0d\u8d85\u8fc7|\u4e0d\u5230"
_LOSS = r"\bloss\b|\u4e8f\u635f"
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_THOUSANDS = r"\d+|\d{1,3}(?:,\d{3})+"  # commas stand before three digits each, else they are no thousands
_WORDS = {word: number for number, word in enumerate(("zero", "one", "two", "three", "four", "five"))}
_SHARP = 1e-6  # of a value that was not rounded, for ranges to overlap by
ABOUT = 0.05  # to both sides of what is called about


@dataclass(frozen=True)
class Amount:
    """The values that a printed amount allows, in the smallest unit: yuan, not millions; 0.35, not 35%."""

    low: float
    high: float
    unit: str = ""

    @property
    def middle(self) -> float:
        """The value itself; of what has no end on one side the other end."""
        ends = [end for end in (self.low, self.high) if math.isfinite(end)]
        return sum(ends) / len(ends)

    def agrees(self, other: "Amount") -> bool:
        """Whether some value could be printed as both; amounts in different units are not compared."""
        slack = 1e-9 * max(1.0, *(abs(end) for end in (self.low, self.high) if math.isfinite(end)))
        overlap = min(self.high, other.high) - max(self.low, other.low)
        return self.unit != other.unit or overlap > slack  # ends that touch print differently

    def without_sign(self) -> "Amount":
        """The same as a positive amount."""
        return self if self.low >= 0 else Amount(-self.high, -self.low, self.unit)

    def counted(self) -> "Amount":
        """The same of what is counted: a whole number was not rounded, so that it is sharp."""
        if not math.isclose(self.high - self.low, 1.0):
            return self
        sharp = _SHARP * max(1.0, abs(self.middle))
        return Amount(self.middle - sharp, self.middle + sharp, self.unit)

    def times(self, factor: float) -> "Amount":
        """A positive multiple of it."""
        return Amount(self.low * factor, self.high * factor, self.unit)


def read_amount(value: str, unit: str = "") -> Amount | None:
    """Read a value as printed; what it does not say itself of its unit `unit` says. None: it is no amount.

    >>> read_amount("about 7.5", "billion yuan")
    Amount(low=7125000000.0, high=7875000000.0, unit='yuan')
    >>> read_amount("35%-40%").high
    0.405
    """
    text = " ".join(value.casefold().replace("\u2212", "-").replace("\u2013", "-").split())
    fraction = re.fullmatch(r"(\d+)\s*/\s*(\d+)", text)
    if fraction and int(fraction[2]):
        share = int(fraction[1]) / int(fraction[2])
        return Amount(share - 0.005, share + 0.005)
    text = re.sub(r"\b(" + "|".join(_WORDS) + r")\b", lambda word: str(_WORDS[word[1]]), text)
    numbers = list(re.finditer(_NUMBER, text))
    if not numbers or len(numbers) > 2 or _is_garbled(text):
        return None
    beside = f"{re.sub(_NUMBER, ' ', text)} {unit.casefold()}"
    scale, currency, percent = _unit_of(beside)
    factor = scale * (0.01 if percent else 1.0)
    values = [float(number[0].replace(",", "")) for number in numbers]
    half = max(_half_unit(number[0]) for number in numbers)
    if len(values) == 2 and not re.search(r"\d\s*(?:%|[a-z]*)\s*(?:-|to|\u81f3|\u5230)\s*\$?\d", text):
        return None
    low, high = min(values) - half, max(values) + half
    if re.search(_NEAR, text):
        low, high = min(low, min(values) * (1 - ABOUT)), max(high, max(values) * (1 + ABOUT))
    if re.search(_LEAST, text) or re.search(r"\d\s*[a-z]*\+", text):
        high = math.inf
    elif re.search(_MOST, text):
        low = -math.inf
    amount = Amount(low * factor, high * factor, currency)
    negative = re.search(_LOSS, text) or re.match(r"-\s*[$\u20ac\u00a3]?\s*\d", text)
    return Amount(-amount.high, -amount.low, currency) if negative else amount


def _is_garbled(text: str) -> bool:
    """Whether letters that are no unit touch a number ("14O", "50m"), or its commas are no thousands."""
    touching = re.findall(r"(?<=\d)[a-z]+|[a-z]+(?=\d)", text)
    if any(word not in _SCALES and word not in _CURRENCIES and word != "to" for word in touching):
        return True
    numbers = [number.partition(".")[0] for number in re.findall(_NUMBER, text)]
    return not all(re.fullmatch(_THOUSANDS, number) for number in numbers)


def _unit_of(text: str) -> tuple[float, str, bool]:
    """Scale, currency and whether it is a percentage, by the words beside a number."""
    words = re.findall(r"[a-z]+|[$\u20ac\u00a3%]|[\u4e00-\u9fff]+", text)
    scale = next((_SCALES[word] for word in words if word in _SCALES), 1.0)
    if scale == 1.0:
        ends = _in_chinese(_SCALES, text)
        scale = _SCALES[ends] if ends else 1.0
    currency = next((_CURRENCIES[word] for word in words if word in _CURRENCIES), "")
    if not currency:
        currency = _CURRENCIES.get(_in_chinese(_CURRENCIES, text), "")
    return scale, currency, "%" in words


def _in_chinese(signs: Iterable[str], text: str) -> str:
    """The longest of some signs that stands in a text without spaces: US dollars before the yuan in them."""
    there = [sign for sign in signs if ord(sign[0]) > 127 and sign in text]
    return max(there, key=len, default="")


def _half_unit(number: str) -> float:
    """Half a unit of the last digit that is printed."""
    return 0.5 * 10.0 ** -len(number.partition(".")[2])
