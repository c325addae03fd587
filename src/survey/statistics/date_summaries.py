"""Dates: from when to when, the middle one, and how many in each month or year."""

import datetime
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any, Literal

from survey.arguments import check_lang
from survey.counts.row_counts import DataLike, counts_of
from survey.errors import usage
from survey.messages import message
from survey.statistics.banner_groups import (
    ValuedGroup,
    banner_of,
    rounded_remarks,
    share_columns,
    valued_groups,
)
from survey.statistics.intervals import check_confidence, share_interval
from survey.statistics.moments import quantile
from survey.statistics.weighted import no_weight
from survey.statistics.weighted_means import WeightedValues
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

_EPOCH = datetime.date(1970, 1, 1).toordinal()
_MOST_MONTHS = 24  # dates further apart are counted by year
_MOST_PERIODS = 120  # of more, those without a date are left out


def date_summary(
    data: DataLike, question: str, *, banner: str | None = None, only: str | None = None, lang: str = "en"
) -> "pd.DataFrame":
    """One row for all respondents, then one per group of the banner: the earliest, middle and latest date.

    The median of an even number of dates is the day in the middle of the two middle ones, the earlier where
    there are two. Groups of a select-all banner may overlap; `compare_numbers` compares them. An empty group
    is a row with base 0.

    With weights the median is the day on which half of the weight is reached, and the others are of those
    with a weight.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        A date question.
    banner
        A single or select-all question; only the total where None.
    only
        "exclusive": a group is those in it and in no other; "mixed": those in it and in another too.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    no_answer, no_weight, rounded_values.

    Raises
    ------
    UsageError
        An unknown question or one of another kind, another `only`.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> question = {"id": "since", "kind": "date", "short": {"en": "Since"}, "text": {"en": "Since when?"}}
    >>> schema = {"kind": "survey", "id": "club", "version": "1.0.0", "languages": ["en"]}
    >>> schema |= {"title": {"en": "Club"}, "questions": [question]}
    >>> club = survey.Instrument.model_validate(schema, strict=False)
    >>> frame = pd.DataFrame({"since": ["2020-03-01", "2021-05-04", "2024-12-31"]})
    >>> table = survey.date_summary(survey.from_frame(frame, club), "since")
    >>> table[["base", "earliest", "median", "latest"]].astype(str).values.tolist()
    [['3', '2020-03-01', '2021-05-04', '2024-12-31']]
    """
    counts = counts_of(data, banner)
    check_lang(lang, *counts.instrument.languages)
    asked = counts.instrument.question(question, "date")
    groups = valued_groups(counts, asked.id, banner_of(counts, banner), lang, only=only)
    rows = [{"question": asked.id, **group.ids, **_range(group, lang)} for group in groups]
    return contract_frame("date", rows)


def _range(group: ValuedGroup, lang: str) -> dict[str, Any]:
    if not group.base:
        return {"base": 0} | remarks(("no_answer", message("number_nobody", lang)))
    row: dict[str, Any] = {"base": group.base}
    days, middle = group.values, quantile(group.values, group.counts, Fraction(1, 2))
    if group.weighted is not None:
        row |= group.weighted.columns
        if not group.weighted.has_weight:
            return row | remarks(no_weight(lang))
        days = group.weighted.values[group.weighted.weights > 0].tolist()
        middle = group.weighted.quantile(0.5)
    ends = {"earliest": days[0], "median": middle, "latest": days[-1]}
    rounded = rounded_remarks(group.exact, lang)
    return row | {name: _day(value) for name, value in ends.items()} | remarks(*rounded)


def _day(value: float) -> datetime.date:
    return datetime.date.fromordinal(floor(value) + _EPOCH)


def date_counts(
    data: DataLike,
    question: str,
    *,
    banner: str | None = None,
    only: str | None = None,
    unit: Literal["month", "year"] | None = None,
    interval: str = "wilson",
    confidence: float = 0.95,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per month or year, of all respondents and then of each group: how many dates lie in it.

    Periods run from the first to the last that any date lies in, those without a date included; of more than
    120 only those with one. `period` is "2026" or "2026-03", `proportion` a fraction of `base`, or of its
    weight.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        A date question.
    banner
        A single or select-all question; only the total where None.
    only
        "exclusive": a group is those in it and in no other; "mixed": those in it and in another too.
    unit
        "month" or "year"; where None months, if all dates lie within two years of each other, else years.
    interval, confidence
        Name and level of the interval: see `survey.statistics.intervals.share_interval`.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    no_weight.

    Raises
    ------
    UsageError
        An unknown question or one of another kind, another `only`, another unit, a confidence
        outside 0 to 1, an unknown interval.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> question = {"id": "since", "kind": "date", "short": {"en": "Since"}, "text": {"en": "Since when?"}}
    >>> schema = {"kind": "survey", "id": "club", "version": "1.0.0", "languages": ["en"]}
    >>> schema |= {"title": {"en": "Club"}, "questions": [question]}
    >>> club = survey.Instrument.model_validate(schema, strict=False)
    >>> frame = pd.DataFrame({"since": ["2020-03-01", "2020-05-04", "2022-12-31"]})
    >>> table = survey.date_counts(survey.from_frame(frame, club), "since")
    >>> table[["period", "n", "base"]].values.tolist()
    [['2020', 2, 3], ['2021', 0, 3], ['2022', 1, 3]]
    """
    check_confidence(confidence)
    if unit not in (None, "month", "year"):
        raise usage("date_unit_unknown", unit=unit)
    counts = counts_of(data, banner)
    check_lang(lang, *counts.instrument.languages)
    asked = counts.instrument.question(question, "date")
    groups = valued_groups(counts, asked.id, banner_of(counts, banner), lang, only=only)
    days = [_day(value) for value in groups[0].values]
    used = unit or _unit(days)
    periods = _periods(days, used)
    rows = []
    for group in groups:
        given = dict.fromkeys(periods, 0)
        for value, n in zip(group.values, group.counts, strict=True):
            given[_period(_day(value), used)] += n
        for period, n in given.items():
            row = {"question": asked.id, "unit": used, "period": period, **group.ids, "n": n}
            row |= {"base": group.base}
            if group.weighted is not None and group.base:
                row |= _weighted_share(group.weighted, (period, used), interval, confidence, lang)
            else:
                low, high = share_interval(n, group.base, interval=interval, confidence=confidence)
                share = n / group.base if group.base else None
                row |= {"proportion": share, "ci_low": low, "ci_high": high}
            rows.append(row)
    return contract_frame("date_count", rows)


def _weighted_share(
    given: WeightedValues, when: tuple[str, str], interval: str, confidence: float, lang: str
) -> dict[str, Any]:
    """The share of the weight that lies in a period."""
    import numpy as np

    period, unit = when
    inside = np.array([_period(_day(value), unit) == period for value in given.values])
    row: dict[str, Any] = given.columns | {"weighted_n": float(given.weights[inside].sum())}
    if not given.has_weight:
        return row | remarks(no_weight(lang))
    share = share_columns("proportion", given, inside, interval, confidence)
    limits = {"ci_low": share.pop("proportion_low"), "ci_high": share.pop("proportion_high")}
    return row | share | limits


def _unit(days: list[datetime.date]) -> str:
    months = 12 * (days[-1].year - days[0].year) + days[-1].month - days[0].month if days else 0
    return "month" if months < _MOST_MONTHS else "year"


def _period(day: datetime.date, unit: str) -> str:
    return f"{day.year:04}-{day.month:02}" if unit == "month" else f"{day.year:04}"


def _periods(days: list[datetime.date], unit: str) -> list[str]:
    if not days:
        return []
    first, last = (12 * day.year + day.month - 1 for day in (days[0], days[-1]))
    there = list(dict.fromkeys(_period(day, unit) for day in days))
    if unit == "year":
        all_periods = [f"{year:04}" for year in range(days[0].year, days[-1].year + 1)]
    else:
        all_periods = [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1)]
    return all_periods if len(all_periods) <= _MOST_PERIODS else there
