"""Numbers, percentages, plurals and choices as a language writes them: Babel knows how."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any

from survey.rounding import round_fraction

if TYPE_CHECKING:
    from babel import Locale

_CATEGORIES = ("zero", "one", "two", "few", "many", "other")
_AS_GIVEN = 10  # decimals of a percentage that is not rounded
_MORE_DIGITS = 4  # that a percentage gets which would round to nothing or to all


def percent(fraction: float | Fraction | Decimal, lang: str = "en", digits: int | None = None) -> str:
    """Write a fraction as a percentage: "86.1%"; rounded half up, without `digits` as it was given.

    What is neither nothing nor all is never written as 0% or 100%: it gets the decimals that show it.

    >>> percent(Fraction(118, 137), "en", 1), percent(0.95), percent(0.861, "de", 1)
    ('86.1%', '95%', '86,1\\xa0%')
    >>> percent(Fraction(1999, 2000), "en", 1), percent(1, "en", 1)
    ('99.95%', '100.0%')
    """
    return with_percent_sign(points(fraction, lang, digits), lang)


def points(fraction: float | Fraction | Decimal, lang: str = "en", digits: int | None = None) -> str:
    """Write a fraction as a percentage without its sign, as in "79.4 to 90.9%".

    >>> points(0.794, "en", 1), points(-0.05, "en", 1)
    ('79.4', '-5.0')
    """
    if digits is None:
        return _decimal(100 * Decimal(str(fraction)), "0." + "#" * _AS_GIVEN, lang)
    exact = 100 * Fraction(fraction)
    if 0 < exact < 100:
        more = range(digits, digits + _MORE_DIGITS + 1)
        digits = next((enough for enough in more if _rounded(exact, enough) not in (0, 100)), digits)
    return number(exact, lang, digits)


def with_percent_sign(text: str, lang: str = "en") -> str:
    """Write the percent sign at a number, or at a range of numbers, where the language has it.

    >>> with_percent_sign("30.7 to 49.6"), with_percent_sign("30,7", "de"), with_percent_sign("30,7", "tr")
    ('30.7 to 49.6%', '30,7\\xa0%', '%30,7')
    """
    return _percentage_of_nothing(lang).replace("0", text)


def number(
    value: float | Fraction | Decimal, lang: str = "en", digits: int = 0, *, grouped: bool = False
) -> str:
    """Write a number with `digits` decimals, rounded half up; `grouped` sets its thousands apart.

    >>> number(1234.5, "en", 1, grouped=True), number(1234.5, "de", 1, grouped=True), number(0.125, "zh", 2)
    ('1,234.5', '1.234,5', '0.13')
    """
    whole = "#,##0" if grouped else "0"
    return _decimal(_rounded(value, digits), whole + ("." + "0" * digits if digits else ""), lang)


def plural(count: Any, forms: list[str], lang: str = "en") -> str:
    """Choose the form that goes with a number: they stand in the order zero, one, two, few, many, other.

    >>> [plural(count, ["row", "rows"]) for count in (0, 1, 2, "1")]
    ['rows', 'row', 'rows', 'row']
    """
    try:
        size = abs(Decimal(str(count)))
    except InvalidOperation:  # a text that is no number, such as "3 to 5"
        size = Decimal("NaN")
    category = _locale(lang).plural_form(size) if size.is_finite() else "other"
    return forms[min(plural_categories(lang).index(category), len(forms) - 1)]


def plural_categories(lang: str) -> list[str]:
    """The sorts of numbers that a language tells apart, in the order of the forms: en one, other."""
    tags = {*_locale(lang).plural_form.tags, "other"}
    return [name for name in _CATEGORIES if name in tags]


def choices(parts: Iterable[Any], lang: str = "en") -> str:
    """Write things of which one holds.

    >>> choices(["a", "b"]), choices(["a", "b", "c"]), choices(["甲", "乙", "丙"], "zh")
    ('a or b', 'a, b, or c', '甲、乙或丙')
    """
    from babel.lists import format_list

    return format_list([str(part) for part in parts], style="or", locale=_locale(lang))


def all_of(parts: Iterable[Any], lang: str = "en") -> str:
    """Write things that all hold.

    >>> all_of(["a", "b"]), all_of(["a", "b", "c"]), all_of(["甲", "乙", "丙"], "zh")
    ('a and b', 'a, b, and c', '甲、乙和丙')
    """
    from babel.lists import format_list

    return format_list([str(part) for part in parts], locale=_locale(lang))


def enumeration(parts: Iterable[Any], lang: str = "en") -> str:
    """Write things one after the other, as behind a colon or in brackets.

    >>> enumeration(["a", "b", "c"]), enumeration(["甲", "乙", "丙"], "zh")
    ('a, b, c', '甲、乙、丙')
    """
    between: str = _locale(lang).list_patterns["standard"]["middle"].format("", "")
    return between.join(str(part) for part in parts)


def date_text(day: date | str, lang: str = "en") -> str:
    """Write a date, or the day of a moment, as it stands in a sentence; a text stays as it is.

    >>> date_text(date(2026, 4, 30)), date_text(date(2026, 4, 30), "zh")
    ('April 30, 2026', '2026年4月30日')
    """
    from babel.dates import format_date

    if not isinstance(day, date):
        return str(day)
    return format_date(day, "long", locale=_locale(lang))


def month_text(wave: str, lang: str = "en") -> str:
    """Write out a month ("2026-04"); any other text stays as it is.

    >>> month_text("2026-04"), month_text("2026-04", "zh"), month_text("second wave")
    ('April 2026', '2026年4月', 'second wave')
    """
    from babel.dates import format_skeleton

    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", wave):
        return wave
    return format_skeleton("yMMMM", date.fromisoformat(f"{wave}-01"), locale=_locale(lang))


class Value:
    """A value of a message that knows the language in which it is written."""

    def __init__(self, value: Any, lang: str) -> None:
        """Take the value and the language."""
        self.value, self.lang = value, lang

    def __getattr__(self, name: str) -> "Value":
        """Give a part of the value: `{noun.the}`."""
        return Value(getattr(self.value, name), self.lang)

    def __format__(self, form: str) -> str:
        """Write it: `one|other`, `or`, `and` (lists), `date`, `.1%`, `%`, `.1p` (points), `,`, `.2f`, `g`.

        A plus before the form of a number shows the sign of what is not negative. A text where a number
        belongs ("hidden") stays as it is, and so does what is not finite.
        """
        if "|" in form:
            return plural(self.value, form.split("|"), self.lang)
        if form in _WORDS:
            return _WORDS[form](self.value, self.lang)
        if not form or isinstance(self.value, str) or not isfinite(self.value):
            return str(self.value)
        sign = "+" if form.startswith("+") and self.value >= 0 else ""
        return sign + self._number(form.removeprefix("+"))

    def _number(self, form: str) -> str:
        kind, digits = form[-1], form[:-1].strip(",.")
        if kind in "%p":
            write = percent if kind == "%" else points
            return write(self.value, self.lang, int(digits) if digits else None)
        if kind == "g":
            return _decimal(Decimal(f"{self.value:{form}}"), "0." + "#" * 20, self.lang)
        return number(self.value, self.lang, int(digits or 0), grouped="," in form)


_WORDS: dict[str, Callable[[Any, str], str]] = {"or": choices, "and": all_of, "date": date_text}


def _rounded(value: float | Fraction | Decimal, digits: int) -> Decimal:
    exact = Fraction(value)
    size = round_fraction(abs(exact), digits)
    return -size if exact < 0 else size


def _decimal(value: Decimal, form: str, lang: str) -> str:
    from babel.numbers import format_decimal

    return format_decimal(value, format=form, locale=_locale(lang), decimal_quantization=False)


@cache
def _percentage_of_nothing(lang: str) -> str:
    from babel.numbers import format_percent

    return format_percent(0, locale=_locale(lang))


@cache
def _locale(lang: str) -> "Locale":
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(lang.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")
