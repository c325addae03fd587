"""What the commas and points of a column of numbers are: the column itself decides, or it is refused.

"1.250" is 1.25 or 1250, and "4,812" is 4.812 or 4812: that hangs on how the other cells are written ("12,5",
"1.250,50", "0,4"), on the limits of the question, and on the other number columns of the table.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from survey.ingest.cell_values import bare_number, number_reader
from survey.instrument.schema import Limits

_ONE_SEPARATOR = re.compile(r"([+-]?)(\d*)([.,])(\d*)")
_GROUPS = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})+")
_BOTH = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})*(?!\1)([.,])\d+")
_OTHER = {".": ",", ",": "."}


@dataclass
class Written:
    """How the texts of a column are written: by the decimal sign they bear out the first of them, and the
    first that may be read both ways, by the sign in it; whole numbers without any sign; money.
    """

    decimals: dict[str, str]
    open: dict[str, str]
    open_texts: list[str]
    small: bool = False
    large: bool = False
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
        if not isinstance(raw, str):
            continue
        text, is_money = bare_number(raw)
        text = re.sub(r"e[+-]?\d+$", "", text)
        if re.fullmatch(r"[+-]?\d+", text):
            column.small, column.large = column.small or len(text) < 4, column.large or len(text) > 3
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
    (sign, example), *_ = column.open.items()
    by_limits = [way for way in ".," if _within(column.open_texts, way, limits)]
    grouped = column.money or (column.small and not column.large)  # 950 beside 1,200
    # Programs write fractions without zeros at the end: 0.125, never 1.250.
    by_program = not column.money and not any(text.endswith("0") for text in column.open_texts)
    if len(by_limits) == 1:
        return Decimal(by_limits[0])
    if len(set(elsewhere)) == 1:
        return Decimal(elsewhere[0])
    if grouped if sign == "," else by_program:
        return Decimal(".")
    readings = [f"{number_reader(example, way).value:.10g}" for way in ".,"]
    values = {"value": example, "one": readings[0], "two": readings[1]}
    return Decimal(key="numbers_open", values=values) if sign == "," else Decimal(values=values)


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
