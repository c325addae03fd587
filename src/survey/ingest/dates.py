"""Dates, durations and the like as platforms write them; what cannot be read is told, never guessed."""

import datetime
import math
import re
from collections.abc import Iterable
from typing import Any

from survey.wording import normalise

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        1,
    )
    for name in names
}
# What most exports write, in one look.
_USUAL = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T](\d{1,2}):(\d{2}):(\d{2})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})[:.时](\d{1,2})分?(?:[:.]?(\d{1,2})(?:[.,](\d+))?秒?)?")
_ZONE = re.compile(
    r"\s*(?:z|utc|gmt|[ecmp][sd]t|ce?st|ces?t|bst|ist|jst|hkt|sgt|ae[sd]t)?\s*(?:[+-]\d{1,2}(?::?\d{2})?)?\s*(?:\([^)]*\))?$"
)
_NUMBERS = re.compile(r"(\d{1,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,4})日?")
_DAY_NAME = re.compile(r"(\d{1,2})[-\s]([a-z]{3,9})\.?[-,\s]+(\d{2,4})")
_NAME_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_AFTERNOON, _MORNING = ("pm", "p.m.", "下午", "晚上"), ("am", "a.m.", "上午", "凌晨", "早上")
_SERIALS = range(20_000, 80_000)  # 1954 to 2119: what an Excel serial of a survey may be
_EPOCH = datetime.datetime(1899, 12, 30)

Parts = tuple[int, int, int]


def signs_of(raw: Any) -> str:
    """The signs of a date that has its year last, "//" of 3/4/2026; "" of anything else."""
    if not isinstance(raw, str) or raw[:4].isdigit():
        return ""
    match = _NUMBERS.match(normalise(raw))
    return re.sub(r"[\d\s]", "", match[0]) if match and len(match[1]) <= 2 else ""


def months_first(values: Iterable[Any]) -> dict[str, bool | None]:
    """Tell from a whole column whether 3/4/2026 has the month first; None where it does not say.

    By the signs between the numbers (`signs_of`): 31.1.2026 says nothing of 3/4/2026, which another program,
    or person, wrote.
    """
    first: dict[str, bool] = {}
    second: dict[str, bool] = {}
    for raw in values:
        if (signs := signs_of(raw)) and (match := _NUMBERS.match(normalise(raw))):
            first[signs] = first.get(signs, False) or int(match[1]) > 12
            second[signs] = second.get(signs, False) or int(match[2]) > 12
    return {signs: None if first[signs] == second[signs] else second[signs] for signs in first}


def read_date(raw: Any, *, months_first: bool = True) -> datetime.datetime | None:
    """Read a moment as it stands on the wall clock of the export, without its zone; None if it is none."""
    if isinstance(raw, datetime.datetime):
        return raw.replace(tzinfo=None)
    if isinstance(raw, datetime.date):
        return datetime.datetime(raw.year, raw.month, raw.day)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return _serial(float(raw))
    if not isinstance(raw, str):
        return None
    if usual := _USUAL.fullmatch(raw):
        return _moment(*map(int, usual.groups()))
    return _written(normalise(raw), months_first)


def _moment(*parts: int) -> datetime.datetime | None:
    try:
        return datetime.datetime(*parts)  # type: ignore[arg-type]
    except ValueError:
        return None


def _written(text: str, months_first: bool) -> datetime.datetime | None:
    try:
        return _serial(float(text))
    except ValueError:
        pass
    text = re.sub(r"(?<=\d)t(?=\d)", " ", text)
    half = next((word for word in (*_AFTERNOON, *_MORNING) if word in text), "")
    text = text.replace(half, " ").strip() if half else text
    date_and_rest = _date_of(text, months_first)
    if date_and_rest is None:
        return None
    date, rest = date_and_rest
    clock = _CLOCK.match(rest.lstrip(" ,t"))
    hour = minute = second = micro = 0
    if clock:
        hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        micro = int((clock[4] or "0").ljust(6, "0")[:6])
        if half and hour <= 12:
            hour = hour % 12 + (12 if half in _AFTERNOON else 0)
        rest = rest.lstrip(" ,t")[clock.end() :]
    if rest.strip() and not _ZONE.fullmatch(rest):
        return None
    return _moment(*date, hour, minute, second, micro)


def _date_of(text: str, months_first: bool) -> tuple[Parts, str] | None:
    """Give year, month and day, and what follows them."""
    text = re.sub(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+", "", text)
    if match := _NUMBERS.match(text):
        one, two, three = int(match[1]), int(match[2]), int(match[3])
        if len(match[1]) == 4:
            parts = one, two, three
        else:
            year = three + 2000 if three < 100 else three
            months_first = two > 12 or (months_first and one <= 12)
            parts = (year, one, two) if months_first else (year, two, one)
    elif match := _DAY_NAME.match(text):
        year = int(match[3])
        parts = (year + 2000 if year < 100 else year), _MONTHS.get(match[2], 0), int(match[1])
    elif match := _NAME_DAY.match(text):
        parts = int(match[3]), _MONTHS.get(match[1], 0), int(match[2])
    else:
        return None
    return parts, text[match.end() :]


def _serial(number: float) -> datetime.datetime | None:
    if not math.isfinite(number) or int(number) not in _SERIALS:
        return None
    return _EPOCH + datetime.timedelta(seconds=round(number * 86_400))


_UNITS = {
    "d": 86_400, "day": 86_400, "days": 86_400, "天": 86_400, "日": 86_400,
    "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600, "小时": 3600, "时": 3600, "小時": 3600,
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60, "分": 60, "分钟": 60, "分鐘": 60,
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "秒": 1, "秒钟": 1,
}  # fmt: skip
_PIECE = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+|[^\d\s.,]+)\s*[,，]?\s*")
_HOURS = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)")


def read_duration(raw: Any) -> float | None:  # noqa: PLR0911 - a way of writing, an answer
    """Read a duration in seconds: 312, 312秒, 5分12秒, 5 min 12 s, 0:05:12, a time of Excel; None if none."""
    if isinstance(raw, datetime.timedelta):
        return raw.total_seconds()
    if isinstance(raw, datetime.time):
        return float(raw.hour * 3600 + raw.minute * 60 + raw.second)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return float(raw) if math.isfinite(raw) and raw >= 0 else None
    if not isinstance(raw, str):
        return None
    text = normalise(raw)
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text)
    if clock := _HOURS.fullmatch(text):
        return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + float(clock[3])
    seconds, place = 0.0, 0
    while match := _PIECE.match(text, place):
        if match[2] not in _UNITS:
            return None
        seconds += float(match[1]) * _UNITS[match[2]]
        place = match.end()
    return seconds if place and place == len(text) else None
