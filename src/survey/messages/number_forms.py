"""Numbers, percentages and plurals as a language writes them: Babel knows how."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from survey.rounding import round_fraction

if TYPE_CHECKING:
    from babel import Locale

_CATEGORIES = ("zero", "one", "two", "few", "many", "other")


def percent(fraction: float | Fraction | Decimal, lang: str = "en", digits: int | None = None) -> str:
    """Write a fraction as a percentage: "86.1%"; rounded half up, without `digits` as it was given.

    >>> percent(Fraction(118, 137), "en", 1), percent(0.95), percent(0.861, "de", 1)
    ('86.1%', '95%', '86,1\\xa0%')
    """
    from babel.numbers import format_percent

    locale = _locale(lang)
    whole = locale.percent_formats[None].pattern
    if digits is None:
        return format_percent(
            Decimal(str(fraction)), format=whole.replace("0", "0." + "#" * 10), locale=locale
        )
    pattern = whole.replace("0", f"0.{'0' * digits}" if digits else "0")
    return format_percent(_rounded(fraction, digits + 2), format=pattern, locale=locale)


def plural(count: Any, forms: list[str], lang: str = "en") -> str:
    """Choose the form that goes with a number: they stand in the order zero, one, two, few, many, other.

    >>> [plural(count, ["row", "rows"]) for count in (0, 1, 2, "1")]
    ['rows', 'row', 'rows', 'row']
    """
    rule = _locale(lang).plural_form
    try:
        category = rule(abs(Decimal(str(count))))
    except InvalidOperation:  # a text that is no number, such as "3 to 5"
        category = "other"
    return forms[min(plural_categories(lang).index(category), len(forms) - 1)]


def plural_categories(lang: str) -> list[str]:
    """The sorts of numbers that a language tells apart, in the order of the forms: en one, other."""
    tags = {*_locale(lang).plural_form.tags, "other"}
    return [name for name in _CATEGORIES if name in tags]


class Value:
    """A value of a message that knows the language in which it is written."""

    def __init__(self, value: Any, lang: str) -> None:
        """Take the value and the language."""
        self.value, self.lang = value, lang

    def __format__(self, form: str) -> str:
        """Write it: `one|other`, `.1%`, `%`, `,`, `.2f`, or as it is."""
        if "|" in form:
            return plural(self.value, form.split("|"), self.lang)
        if form.endswith("%"):
            return percent(self.value, self.lang, int(form[1:-1]) if form != "%" else None)
        if form == "," or form.endswith("f"):
            from babel.numbers import format_decimal

            digits = int(form.strip(",.f") or 0)
            pattern = f"{'#,##0' if ',' in form else '0'}{'.' + '0' * digits if digits else ''}"
            return format_decimal(_rounded(self.value, digits), format=pattern, locale=_locale(self.lang))
        return format(self.value, form)


def _rounded(value: float | Fraction | Decimal, digits: int) -> Decimal:
    exact = Fraction(value)
    size = round_fraction(abs(exact), digits)
    return -size if exact < 0 else size


@cache
def _locale(lang: str) -> "Locale":
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(lang)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")
