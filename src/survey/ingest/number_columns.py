"""What the commas, points and per cents of a column of numbers are: the column decides, or it is refused.

"1.250" is 1.25 or 1250, and "4,812" is 4.812 or 4812: that hangs on how the other cells are written ("12,5",
"1.250,50", "0,4"), on the limits of the question, and on the other number columns of the table. "0.28" is
0.28 per cent or 28: that hangs on what stands beside it.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from survey.errors import Problem
from survey.files.plain_values import Percent
from survey.ingest.cell_values import Read, Reader, guarded, text_reader
from survey.ingest.code_evidence import Codes, Column
from survey.ingest.column_reading import Columns, read_plain, refuse_columns
from survey.ingest.column_targets import Target
from survey.ingest.conversion import Conversion
from survey.ingest.number_cells import bare_number, is_outside, limited, number_reader, share_reader
from survey.ingest.raw_table import RawColumn
from survey.instrument.question import Limits
from survey.wording import normalise

_ONE_SEPARATOR = re.compile(r"([+-]?)(\d*)([.,])(\d*)")
_GROUPS = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})+")
_BOTH = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})*(?!\1)([.,])\d+")
_OF_INDIA = re.compile(r"[+-]?\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")
_OTHER = {".": ",", ",": "."}
# So many numbers without a zero at the end are no thousands: of these every tenth ends with one.
_MANY_WITHOUT_ZERO = 29
_ALL = 100  # per cent
# What questionnaires write for no answer: -9, -99, 999.
_CODES = re.compile(r"-(?:[1-9]|66|77|88|9[6-9]|9{3,6})|9{2,6}|8{3,6}")
_FEW_NUMBERS = 3


@dataclass
class Written:
    """How the texts of a column are written: by the decimal sign they bear out the first of them, and the
    first that may be read both ways, by the sign in it; whole numbers without any sign, the largest of
    them; money.
    """

    decimals: dict[str, str]
    open: dict[str, str]
    open_texts: list[str]
    small: bool = False
    large: bool = False
    largest: float = -math.inf
    money: bool = False


class Decimal(NamedTuple):
    """The decimal sign of a column; or the message of why it cannot be told, with the evidence.

    Values without a message: it was taken, and may be doubted.
    """

    sign: str = "."
    key: str = ""
    values: dict[str, Any] | None = None


def written(cells: Iterable[Any]) -> Written:
    """Look at the different cells of a column."""
    column = Written({}, {}, [])
    for raw in cells:
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            column.small = column.small or (float(raw).is_integer() and abs(raw) < 1000)
            column.largest = max(column.largest, abs(raw))
        if not isinstance(raw, str):
            continue
        text, is_money = bare_number(raw)
        text = re.sub(r"e[+-]?\d+$", "", text)
        if re.fullmatch(r"[+-]?\d+", text):
            digits = len(text.lstrip("+-"))
            column.small, column.large = column.small or digits < 4, column.large or digits > 3
            column.largest = max(column.largest, abs(float(text)))
        sign, is_open = _sign(text)
        if is_open:
            column.open.setdefault(sign, raw.strip())
            column.open_texts.append(text)
            column.money = column.money or is_money
        elif sign:
            column.decimals.setdefault(sign, raw.strip())
    return column


def _sign(text: str) -> tuple[str, bool]:
    """The decimal sign that a text bears out; of one that may be read both ways its only sign, and True."""
    if _OF_INDIA.fullmatch(text):
        return ".", False
    if both := _BOTH.fullmatch(text):
        if both[1]:
            return both[2], False
    elif groups := _GROUPS.fullmatch(text):
        return _OTHER[groups[1]], False
    one = _ONE_SEPARATOR.fullmatch(text)
    if one is None:
        return "", False
    _, head, sign, tail = one.groups()
    is_open = len(tail) == 3 and 0 < len(head) < 4 and not head.startswith("0")
    return sign, is_open


def decimal_sign(column: Written, limits: Limits | None, elsewhere: Sequence[str]) -> Decimal:
    """Decide on a column; `elsewhere` are the decimal signs of the other number columns of the table."""
    for signs in (column.decimals, {} if column.decimals else column.open):
        if len(signs) > 1:
            return Decimal(key="numbers_mixed", values={"one": signs["."], "two": signs[","]})
    if column.decimals or not column.open:
        return Decimal(next(iter(column.decimals), "."))
    by_limits = [way for way in ".," if _within(column.open_texts, way, limits)]
    if len(by_limits) == 1:
        return Decimal(by_limits[0])
    return Decimal(elsewhere[0]) if len(set(elsewhere)) == 1 else _by_itself(column)


def _by_itself(column: Written) -> Decimal:
    """Decide on a column in which every number may be read both ways, by what stands beside them."""
    (sign, example), *_ = column.open.items()
    readings = [number_reader(example, way).value for way in ".,"]
    values = {"value": example, "one": f"{readings[0]:.10g}", "two": f"{readings[1]:.10g}"}
    grouped = column.money or (column.small and not column.large)  # 950 beside 1,200
    if sign == ",":
        return Decimal(".") if grouped else Decimal(key="numbers_open", values=values)
    broken = max((abs(number_reader(text).value or 0) for text in column.open_texts), default=0)
    if grouped and column.largest > broken:  # 950 beside 1.724
        return Decimal(key="numbers_open_beside", values={**values, "whole": f"{column.largest:g}"})
    # Programs write fractions without zeros at the end: 0.125, never 1.250.
    by_program = not column.money and not any(text.endswith("0") for text in column.open_texts)
    many = len(column.open_texts) >= _MANY_WITHOUT_ZERO
    return Decimal(".") if by_program and many else Decimal(values=values)


class Standing(NamedTuple):
    """A number that stands in a column: its value, its cell as it is, and how often."""

    value: float
    raw: Any
    cells: int


def standing_numbers(cells: Iterable[tuple[Any, int]], sign: str) -> list[Standing]:
    """The numbers among the different cells of a column."""
    numbers = [(number_reader(raw, sign).value, raw, count) for raw, count in cells]
    return [Standing(value, raw, count) for value, raw, count in numbers if value is not None]


def codes_for_nothing(numbers: Iterable[Standing]) -> list[tuple[float, int]]:
    """The numbers of a column that look like codes for no answer, and how often each stands there.

    Below zero where no other number is; nines (or eights) several times, above twice the next largest number.
    """
    counts: Counter[float] = Counter()
    for one in numbers:
        counts[one.value] += one.cells
    codes = {value for value in counts if _CODES.fullmatch(f"{value:.10g}")}
    others = [value for value in counts if value not in codes]
    if len(others) < _FEW_NUMBERS:
        return []
    low, high = min(others), max(others)
    found = [
        value
        for value in codes
        if (value < 0 <= low) or (value > 2 * high and value > 0 and counts[value] > 1)
    ]
    return [(value, counts[value]) for value in sorted(found)]


class Percents(NamedTuple):
    """What stands against reading a column of per cents as it stands: a message, and whether it refuses."""

    key: str = ""
    values: dict[str, Any] | None = None
    refused: bool = False


def percents(numbers: Iterable[Standing], limits: Limits | None) -> Percents:
    """Look for fractions of one among the numbers of a column.

    Numbers from 0 to 1 beside per cents, or alone where the limits end at 100, may be either.
    """
    signed: list[tuple[float, Any, int]] = []
    bare: list[tuple[float, Any, int]] = []
    for value, raw, count in numbers:
        is_signed = isinstance(raw, Percent) or (isinstance(raw, str) and normalise(raw).endswith("%"))
        (signed if is_signed else bare).append((abs(value), raw, count))
    top = limits.maximum if limits else None
    fractions = [one for one in bare if 0 < one[0] < 1]
    if not fractions or (top is not None and top <= 1) or not (signed or top == _ALL):
        return Percents()
    count = sum(n for _, _, n in fractions)
    values: dict[str, Any] = {"value": str(fractions[0][1]).strip(), "count": count}
    if any(value > 1 for value, _, _ in bare):
        return Percents("fractions_doubtful", values)
    if not signed:
        return Percents("fractions_or_per_cents", values, refused=True)
    if any(value > 1 for value, _, _ in signed):
        return Percents(
            "fractions_beside_per_cents", {**values, "other": str(signed[0][1]).strip()}, refused=True
        )
    return Percents()


def _within(texts: list[str], sign: str, limits: Limits | None) -> bool:
    if limits is None:
        return True
    values = [number_reader(text, sign).value for text in texts]
    low, high = limits.minimum, limits.maximum
    return all(
        value is not None
        and (low is None or value >= low)
        and (high is None or value <= high)
        and not (limits.whole and value != int(value))
        for value in values
    )


def read_numbers(conversion: Conversion, columns: Columns, decided: Mapping[str, Read]) -> None:
    """Read numbers, each column for itself."""
    for column, target in columns:
        _number(conversion, column, target, decided)


def _number(conversion: Conversion, column: RawColumn, target: Target, decided: Mapping[str, Read]) -> None:
    """Read a number question; what its commas and points are, the column decides."""
    question = target.question
    look = guarded(conversion.instrument, text_reader, conversion.words(question), decided)
    standing = Column(column.cells, look).standing()
    # What a map says is no text any more.
    own = [(raw, n) for raw, n, read in standing if not (read.missing or isinstance(read.value, float))]
    forms = written(raw for raw, _ in own)
    elsewhere = _decimal_signs(conversion, column) if forms.open and len(forms.decimals) != 1 else []
    decimal = decimal_sign(forms, question.limits, elsewhere)
    numbers = standing_numbers(own, decimal.sign)
    shares = percents(numbers, question.limits)
    if decimal.key or shares.refused:
        key, values = (decimal.key, decimal.values) if decimal.key else (shares.key, shares.values)
        refuse_columns(conversion, [column], [target.column], question, Codes(key=key, values=values or {}))
        return
    doubts = {"numbers_doubtful": decimal.values, shares.key: shares.values}
    codes = codes_for_nothing(numbers)
    if question.limits:  # what they refuse is not read as it stands
        codes = [one for one in codes if not is_outside(one[0], question.limits)]
    if codes:
        values = {"codes": [f"{code:.10g}" for code, _ in codes], "count": sum(n for _, n in codes)}
        doubts["numbers_look_missing"] = values
    place = conversion.table.place(column, subject=question.id)
    conversion.doubts += [Problem(key, place, values) for key, values in doubts.items() if values]
    limits = question.limits
    unit = tuple(limits.unit.values()) if limits and limits.unit else ()
    reader: Reader = partial(number_reader, decimal=decimal.sign, unit=unit)
    if limits:
        is_share = limits.maximum is not None and limits.maximum <= 1
        reader = limited(share_reader(reader) if is_share else reader, limits)
    read_plain(conversion, column, target, reader, decided)


def _decimal_signs(conversion: Conversion, but: RawColumn) -> list[str]:
    """The decimal signs that the other number columns of the table bear out."""
    return [
        sign
        for column, target in conversion.match.answers
        if target.question.kind == "number" and column is not but
        for sign in written(column.cells.kinds).decimals
    ]
