# ruff: noqa: E501 - tables are wide
"""Moments and durations in every form that platforms write."""

import datetime

import pytest

from survey.ingest.dates import months_first, read_date, read_duration

MOMENT = datetime.datetime(2026, 4, 13, 9, 5, 7)


@pytest.mark.parametrize(
    "raw",
    [
        MOMENT,
        MOMENT.replace(tzinfo=datetime.UTC),
        "2026-04-13 09:05:07",
        "2026-04-13T09:05:07",
        "2026-04-13T09:05:07Z",
        "2026-04-13T09:05:07+08:00",
        "2026/4/13 9:05:07",
        "2026/04/13 9:05:07 上午 GMT+8",
        "2026/4/13 上午 9:05:07",
        "2026年4月13日 9:05:07",
        "2026年4月13日 9时05分07秒",
        "13-Apr-2026 09:05:07",
        "4/13/2026 9:05:07 AM",
        "4/13/26 9:05:07",
        "13/04/2026 09:05:07",
        "13.04.2026 09:05:07",
        "Apr 13, 2026 9:05:07 am",
        "April 13, 2026 09:05:07 UTC",
        "Mon, 13 Apr 2026 09:05:07",
        " ２０２６-04-13 09:05:07 ",
    ],
)
def test_one_moment_in_many_forms(raw: object) -> None:
    assert read_date(raw) == MOMENT


@pytest.mark.parametrize(
    "raw", ["", "soon", "2026-13-40 09:05", "2026-04-13 25:00", "2026-02-30", 3, True, float("inf"), "NaN", "1e400", "2026-04-13 noon", []]
)  # fmt: skip
def test_what_is_no_moment(raw: object) -> None:
    assert read_date(raw) is None


def test_serials_of_excel() -> None:
    # 1 January 2026 is day 46023 of Excel's count from 1900.
    assert read_date(46023) == datetime.datetime(2026, 1, 1)
    assert read_date("46023.5") == datetime.datetime(2026, 1, 1, 12)


def test_noon_and_midnight() -> None:
    assert read_date("4/13/2026 12:05:07 AM") == datetime.datetime(2026, 4, 13, 0, 5, 7)
    assert read_date("4/13/2026 12:05:07 PM") == datetime.datetime(2026, 4, 13, 12, 5, 7)
    assert read_date("2026/4/13 下午 3:05") == datetime.datetime(2026, 4, 13, 15, 5)


def test_a_column_tells_whether_the_month_stands_first() -> None:
    assert months_first(["3/4/2026", "3/14/2026", None]) == {"//": True}
    assert months_first(["3/4/2026", "14/3/2026 9:30"]) == {"//": False}
    assert months_first(["3/4/2026"]) == {"//": None}
    assert months_first(["13/4/2026", "4/13/2026"]) == {"//": None}
    assert months_first(["2026-04-13", "2026年4月13日", 46_000]) == {}
    assert months_first(["3/4/2026", "31.1.2026", "3 - 14 - 26"]) == {"//": None, "..": False, "--": True}
    assert read_date("3/4/2026", months_first=False) == datetime.datetime(2026, 4, 3)
    assert read_date("3/4/2026") == datetime.datetime(2026, 3, 4)


@pytest.mark.parametrize(
    ("raw", "seconds"),
    [
        (312, 312), (312.5, 312.5), ("312", 312), ("312秒", 312), ("5分12秒", 312), ("1小时5分12秒", 3912), ("0:05:12", 312),
        ("5:12", 312), ("00:05:12", 312), ("5 min 12 s", 312), ("1 hour, 2 minutes", 3720), ("2天", 172800), ("0", 0),
        (datetime.time(0, 5, 12), 312), (datetime.timedelta(minutes=5, seconds=12), 312),
        ("", None), ("long", None), ("5 apples", None), (-1, None), (True, None), ("12-13", None), (float("nan"), None),
    ],
)  # fmt: skip
def test_durations(raw: object, seconds: float | None) -> None:
    assert read_duration(raw) == seconds
