"""Number questions: location and spread, for all and for each group of the banner."""

from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.row_counts import DataLike, counts_of
from survey.messages import message
from survey.statistics.banner_groups import (
    ValuedGroup,
    banner_of,
    mean_interval,
    rounded_remarks,
    too_few_by_weight,
    valued_groups,
)
from survey.statistics.intervals import check_confidence
from survey.statistics.moments import float_moments, quantile
from survey.statistics.weighted import no_weight
from survey.statistics.weighted_means import WeightedValues
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def number_summary(
    data: DataLike,
    question: str,
    *,
    banner: str | None = None,
    only: str | None = None,
    confidence: float = 0.95,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row for all respondents, then one per group of the banner: mean, median, spread of a number.

    Groups of a select-all banner may overlap; `compare_numbers` compares them. Quartiles interpolate linearly
    between order statistics (type 7 of Hyndman & Fan 1996). An empty group is a row with base 0.

    With weights, mean and `sd` (n - 1) are weighted; median and quartiles are where a half, a quarter, three
    quarters of the weight are reached, the middle of two values where that is between them (type 2: weights
    have no order statistics to interpolate); minimum and maximum are of those who have a weight. The interval
    is t at the effective base, with the larger of the linearised variance and Kish's.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        A number question.
    banner
        A single or select-all question; only the total where None.
    only
        "exclusive": a group is those in it and in no other; "mixed": those in it and in another too.
    confidence
        Level of the t interval of the mean.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    no_answer, no_weight, too_few_answers, no_interval, rounded_values.

    Raises
    ------
    UsageError
        An unknown question or one of another kind, another `only`, or a confidence outside 0 to 1.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> question = {"id": "spent", "kind": "number", "short": {"en": "Spent"}, "text": {"en": "How much?"}}
    >>> schema = {"kind": "survey", "id": "trip", "version": "1.0.0", "languages": ["en"]}
    >>> schema |= {"title": {"en": "Trip"}, "questions": [question]}
    >>> trip = survey.Instrument.model_validate(schema, strict=False)
    >>> responses = survey.from_frame(pd.DataFrame({"spent": [10, 20, 60]}), trip)
    >>> survey.number_summary(responses, "spent")[["base", "mean", "median"]].values.tolist()
    [[3.0, 30.0, 20.0]]
    """
    check_confidence(confidence)
    counts = counts_of(data, banner)
    check_lang(lang, *counts.instrument.languages)
    asked = counts.instrument.question(question, "number")
    groups = valued_groups(counts, asked.id, banner_of(counts, banner), lang, only=only)
    rows = [{"question": asked.id, **group.ids, **_described(group, confidence, lang)} for group in groups]
    return contract_frame("number", rows)


def _described(group: ValuedGroup, confidence: float, lang: str) -> dict[str, Any]:
    """The numbers of one row."""
    given, counts, base = group.values, group.counts, group.base
    summary: dict[str, Any] = {"base": base}
    if not base:
        return summary | remarks(("no_answer", message("number_nobody", lang)))
    if group.weighted is not None:
        return summary | _weighted(group.weighted, group.exact, confidence, lang)
    mean, spread = float_moments(given, counts)
    summary |= {
        "mean": mean,
        "median": quantile(given, counts, Fraction(1, 2)),
        "q1": quantile(given, counts, Fraction(1, 4)),
        "q3": quantile(given, counts, Fraction(3, 4)),
        "minimum": given[0],
        "maximum": given[-1],
    }
    rounded = rounded_remarks(group.exact, lang)
    if base < 2:
        one = ("too_few_answers no_interval", message("note_one_answer", lang))
        return summary | remarks(one, *rounded, lang=lang)
    low, high = mean_interval(mean, spread, base, confidence, (-inf, inf))
    return summary | {"sd": spread, "ci_low": low, "ci_high": high} | remarks(*rounded)


def _weighted(given: WeightedValues, exact: bool, confidence: float, lang: str) -> dict[str, Any]:
    """The numbers of one row by weight."""
    summary: dict[str, Any] = dict(given.columns)
    if not given.has_weight:
        return summary | remarks(no_weight(lang))
    low, high = given.interval(confidence)
    held = given.values[given.weights > 0]
    summary |= {"mean": given.mean, "sd": given.sd, "ci_low": low, "ci_high": high}
    summary |= {"median": given.quantile(0.5), "q1": given.quantile(0.25), "q3": given.quantile(0.75)}
    summary |= {"minimum": float(held[0]), "maximum": float(held[-1])}
    too_few = [] if low == low else [too_few_by_weight(given, lang)]
    return summary | remarks(*too_few, *rounded_remarks(exact, lang), lang=lang)
