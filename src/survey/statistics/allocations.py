"""Constant sums: the mean share that an option is given of the total."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.row_counts import DataLike, counts_of
from survey.messages import message
from survey.statistics.banner_groups import (
    ValuedGroup,
    banner_of,
    mean_interval,
    rounded_remarks,
    share_columns,
    too_few_by_weight,
    valued_groups,
)
from survey.statistics.intervals import check_confidence, share_interval
from survey.statistics.moments import float_moments, quantile
from survey.statistics.weighted import no_weight
from survey.statistics.weighted_means import WeightedValues
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def allocations(
    data: DataLike,
    question: str,
    *,
    banner: str | None = None,
    only: str | None = None,
    interval: str = "wilson",
    confidence: float = 0.95,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per option, of all respondents and then of each group: its mean share of a constant sum.

    `share` is the mean of what respondents gave the option, as a fraction of the total; the shares of a group
    add to 1 but for rounding in the answers. `sd` and `median` are of the same fractions. `something` is the
    share of respondents who gave it more than 0. Groups of a select-all banner may overlap;
    `compare_numbers` compares them.

    With weights `share`, `sd`, `median` and `something` are weighted, as in `number_summary`; `n_something`
    stays a count.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        A constant sum.
    banner
        A single or select-all question; only the total where None.
    only
        "exclusive": a group is those in it and in no other; "mixed": those in it and in another too.
    interval, confidence
        Name of the interval of `something` (see `survey.statistics.intervals.share_interval`), and level of
        all intervals; that of the mean share is a t interval, within 0 and 1.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    no_answer, no_weight, too_few_answers, no_interval, rounded_values.

    Raises
    ------
    UsageError
        An unknown question or one of another kind, another `only`, a confidence outside 0 to 1, an
        unknown interval.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> options = [{"id": name, "label": {"en": name.title()}} for name in ("rent", "food")]
    >>> question = {"id": "spend", "kind": "constant_sum", "total": 100, "options": options}
    >>> question |= {"short": {"en": "Spend"}, "text": {"en": "Share out 100."}}
    >>> schema = {"kind": "survey", "id": "home", "version": "1.0.0", "languages": ["en"]}
    >>> schema |= {"title": {"en": "Home"}, "questions": [question]}
    >>> home = survey.Instrument.model_validate(schema, strict=False)
    >>> frame = pd.DataFrame({"spend__rent": [50, 70], "spend__food": [50, 30]})
    >>> survey.allocations(survey.from_frame(frame, home), "spend")[["code", "share", "base"]].values.tolist()
    [['rent', 0.6, 2], ['food', 0.4, 2]]
    """
    check_confidence(confidence)
    counts = counts_of(data, banner)
    check_lang(lang, *counts.instrument.languages)
    asked = counts.instrument.question(question, "constant_sum")
    by = banner_of(counts, banner)
    columns = [valued_groups(counts, column, by, lang, only=only) for column in asked.answer_columns]
    rows = [
        {"question": asked.id, "code": option.id, "label": option.said(lang), **group.ids}
        | _described(group, asked.total or 1, (interval, confidence), lang)
        for groups in zip(*columns, strict=True)
        for option, group in zip(asked.options, groups, strict=True)
    ]
    return contract_frame("allocation", rows)


def _described(group: ValuedGroup, total: float, intervals: tuple[str, float], lang: str) -> dict[str, Any]:
    """The numbers of one row."""
    interval, confidence = intervals
    base = group.base
    if group.weighted is not None and base:
        return _weighted(group.weighted, group.exact, total, intervals, lang)
    some = sum(n for value, n in zip(group.values, group.counts, strict=True) if value > 0)
    low, high = share_interval(some, base, interval=interval, confidence=confidence)
    summary: dict[str, Any] = {"base": base, "n_something": some, "something": some / base if base else None}
    summary |= {"something_low": low, "something_high": high}
    if not base:
        return summary | remarks(("no_answer", message("number_nobody", lang)))
    mean, spread = float_moments(group.values, group.counts)
    summary |= {"share": mean / total, "sd": spread / total}
    summary["median"] = quantile(group.values, group.counts, Fraction(1, 2)) / total
    rounded = rounded_remarks(group.exact, lang)
    if base < 2:
        one = ("too_few_answers no_interval", message("note_one_answer", lang))
        return summary | remarks(one, *rounded, lang=lang)
    limits = mean_interval(mean / total, spread / total, base, confidence, (0, 1))
    return summary | {"ci_low": limits[0], "ci_high": limits[1]} | remarks(*rounded)


def _weighted(
    given: WeightedValues, exact: bool, total: float, intervals: tuple[str, float], lang: str
) -> dict[str, Any]:
    """The numbers of one row by weight."""
    interval, confidence = intervals
    some = given.values > 0
    summary: dict[str, Any] = {"base": given.base, "n_something": int(given.counts[some].sum())}
    summary |= given.columns | {"weighted_n": float(given.weights[some].sum())}
    if not given.has_weight:
        return summary | remarks(no_weight(lang))
    summary |= share_columns("something", given, some, interval, confidence)
    shares = given.scaled(1 / total)
    low, high = shares.interval(confidence, (0, 1))
    summary |= {"share": shares.mean, "sd": shares.sd, "median": shares.quantile(0.5)}
    summary |= {"ci_low": low, "ci_high": high}
    too_few = [] if low == low else [too_few_by_weight(given, lang)]
    return summary | remarks(*too_few, *rounded_remarks(exact, lang), lang=lang)
