"""Columns of days: read as dates, the order of day and month decided by the whole column."""

import datetime
import re
from collections.abc import Mapping
from typing import Any

from survey.errors import Problem
from survey.ingest.cell_values import Read, Reader, as_text
from survey.ingest.code_evidence import Codes
from survey.ingest.column_reading import Columns, read_plain, refuse_columns
from survey.ingest.conversion import Conversion
from survey.ingest.dates import months_first, read_date, signs_of
from survey.ingest.raw_table import Labelled
from survey.instrument import Question
from survey.wording import normalise, quoted

_DAY_AND_MONTH = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*\d{2,4}(?!\d)")


def read_days(conversion: Conversion, columns: Columns, decided: Mapping[str, Read]) -> None:
    """Read the days of a question. A time of day beside them is dropped.

    03/04/2026 has two readings. Where no cell of the column that is written alike bears one out, a table of a
    platform is read as that platform writes dates, which is told; any other column is refused.
    """
    for column, target in columns:
        standing = [raw for raw, n in zip(column.cells.kinds, column.cells.numbers(), strict=True) if n]
        orders = months_first(standing)
        either = next((raw for raw in standing if is_either_day(raw) and orders[signs_of(raw)] is None), None)
        if either is not None:
            readings = [f"{read_date(either, months_first=first):%Y-%m-%d}" for first in (True, False)]
            values = {"value": either, "one": readings[0], "two": readings[1]}
            if conversion.table.of_no_platform:
                codes = Codes(key="days_open", values=values)
                refuse_columns(conversion, [column], [target.column], target.question, codes)
                continue
            usual = conversion.table.habits.month_first
            orders = {signs: usual if order is None else order for signs, order in orders.items()}
            values["taken"] = readings[0 if usual else 1]
            place = conversion.table.place(column, subject=target.question.id)
            conversion.doubts.append(Problem("days_doubtful", place, values))
        read_plain(conversion, column, target, day_reader(target.question, orders), decided)


def is_either_day(raw: Any) -> bool:
    """Whether a text may be two days: its day and month may change places."""
    match = _DAY_AND_MONTH.match(normalise(raw)) if isinstance(raw, str) else None
    return match is not None and match[1] != match[2] and max(int(match[1]), int(match[2])) <= 12


def day_reader(question: Question, orders: Mapping[str, bool | None]) -> Reader:
    """Read a day within the limits of its question; `orders`: whether the month stands first, by signs."""
    limits = question.limits
    low, high = (limits.earliest, limits.latest) if limits else (None, None)

    def read(raw: Any) -> Read:
        written = raw.label if isinstance(raw, Labelled) else raw
        moment = read_date(written, months_first=orders.get(signs_of(written)) is not False)
        if moment is None:
            return Read(key="cell_not_date", values={"value": quoted(as_text(raw))})
        day = moment.date()
        if (low and day < datetime.date.fromisoformat(low)) or (
            high and day > datetime.date.fromisoformat(high)
        ):
            bounds = {name: bound for name, bound in (("low", low), ("high", high)) if bound}
            open_ended = "cell_date_early" if low else "cell_date_late"
            key = "cell_date_outside" if len(bounds) > 1 else open_ended
            return Read(key=key, values={"value": day.isoformat(), **bounds})
        return Read(datetime.datetime(day.year, day.month, day.day))

    return read
