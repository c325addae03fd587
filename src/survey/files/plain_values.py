"""Values of other programs' files as a sheet could hold them."""

import datetime
import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any


class Percent(float):
    """A number that its cell shows as a percentage: 0.1 as 10 %."""

    __slots__ = ()

    @property
    def shown(self) -> float:
        """The number before the sign: 10.0."""
        return round(float(self) * 100, 10)

    def __str__(self) -> str:
        """As it is shown: 10%."""
        return f"{self.shown:.10g}%"


def plain_value(value: Any) -> Any:  # noqa: PLR0911 - a rule, an answer
    """A value as a workbook would hold it: no NaN, whole numbers without a fraction, no blanks at the ends.

    What a cell lists is joined by "; "; what no sheet knows becomes text.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, float | Decimal):
        number = float(value)
        if math.isnan(number):
            return None
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime(warn=False)
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return value
    if isinstance(value, Iterable) and not isinstance(value, bytes | dict):
        return "; ".join(str(one) for one in value if one is not None) or None
    return str(value)
