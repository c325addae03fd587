"""Correlations of items and of numbers: every pair, with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.row_counts import Counts, DataLike, counts_of
from survey.errors import usage
from survey.instrument import Instrument, Question
from survey.messages import message
from survey.statistics.coefficients import Correlation, CountedPairs
from survey.statistics.hypotheses import holm
from survey.statistics.indicators import battery_of
from survey.statistics.intervals import check_confidence, check_min_base
from survey.statistics.weighted import say_unweighted
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

METHODS = ("spearman", "pearson", "polychoric")

Remark = tuple[str, str]


def correlations(
    data: DataLike,
    questions: str | Sequence[str] | None = None,
    *,
    method: str = "spearman",
    confidence: float = 0.95,
    min_base: int = 5,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per pair of items or numbers: their correlation, with its interval, in `base` respondents.

    `base` answered both. The interval is on Fisher's z scale; its variance is the larger of the usual one
    (1 / (n - 3); of ranks Bonett and Wright's) and that of the delta method, which holds for few points and
    skewed answers, too. `p_value` is from t with base - 2 degrees of freedom (polychoric: from z), and
    `p_adjusted` Holm's over all pairs. Correlations say that two go together, not which one comes first.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them. Two numbers need responses; of a tally a
        number needs the other as a banner.
    questions
        One or several: ratings (all their items), single items (`battery__item`), numbers, single questions
        whose options are steps (all `fixed`). The instrument's default battery where None.
    method
        "spearman" (midranks), "pearson" (points, numbers, the places of steps) or "polychoric" (of the
        normal variables that points are thought to cut, through ordinalcorr; not for numbers).
    confidence
        Level of the intervals.
    min_base
        A pair that fewer answered is not computed; `reason` is small_base not_computed.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    small_base, no_answer, no_variation, too_few_answers, not_computed, at_limit, no_interval,
    rounded_values.

    Raises
    ------
    UsageError
        An unknown question or one without an order, a method that does not fit, what a tally does not hold,
        or an argument outside its range.

    References
    ----------
    Pearson, K. (1896). Spearman, C. (1904). Fisher, R. A. (1921), Metron 1, 3-32. Bonett, D. G. & Wright,
    T. A. (2000), Psychometrika 65, 23-28. Olsson, U. (1979), Psychometrika 44, 443-460 (polychoric, two
    steps).

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> grades = {"geopolitics": [5, 4, 5, 2, 4, 5], "ip_protection": [3, 2, 4, 2, 1, 5]}
    >>> frame = pd.DataFrame(grades).add_prefix("challenges__")
    >>> responses = survey.from_frame(frame, "executive-survey")
    >>> pair = survey.correlations(responses, method="pearson").iloc[0]
    >>> pair["item"], pair["other_item"], int(pair["base"])
    ('geopolitics', 'regulatory_barriers', 0)
    >>> names = ["challenges__geopolitics", "challenges__ip_protection"]
    >>> round(float(survey.correlations(responses, names, method="pearson").iloc[0]["correlation"]), 3)
    0.601
    """
    check_confidence(confidence)
    check_min_base(min_base)
    if method not in METHODS:
        raise usage("correlation_method_unknown", method=method, known=list(METHODS))
    counts = counts_of(data)
    check_lang(lang, *counts.instrument.languages)
    sides = _sides(counts.instrument, questions, method)
    rows = [
        {**_ids(one, other, method, lang), **_row(pairs, exact, method, confidence, min_base, lang)}
        for one, other in combinations(sides, 2)
        for pairs, exact in (_pairs(counts, one, other),)
    ]
    for row, adjusted in zip(rows, holm([row["p_value"] for row in rows]), strict=True):
        row["p_adjusted"] = adjusted
    return say_unweighted(contract_frame("correlation", rows), counts, lang)


@dataclass(frozen=True)
class _Side:
    """One variable: a number, or a single question (or item as one) whose codes have scores."""

    question: str
    item: str
    label: dict[str, str]
    values: Question
    scores: tuple[float, ...] = ()

    def said(self, lang: str) -> str:
        return self.label.get(lang) or next(iter(self.label.values()))


def _sides(instrument: Instrument, questions: str | Sequence[str] | None, method: str) -> list[_Side]:
    """The variables that are meant, each once; at least two of them."""
    if questions is None:
        questions = battery_of(instrument, None).id
    names: list[Any] = list(questions) if isinstance(questions, list | tuple) else [questions]
    sides: dict[tuple[str, str], _Side] = {}
    for name in names:
        for side in _of_name(instrument, name):
            sides[side.question, side.item] = side
            if method == "polychoric" and not side.scores:
                raise usage("correlation_polychoric_number", question=name)
    if len(sides) < 2:
        raise usage("correlation_one", questions=list(map(str, names)) or "-")
    return list(sides.values())


def _of_name(instrument: Instrument, name: str) -> list[_Side]:
    """The variables of one name: an item, all items of a rating, a number, or an ordered question."""
    asked = instrument.question(name, "rating", "number", "single")
    battery_id, item_id = asked.item_of
    if asked.kind == "rating" or item_id:
        battery = instrument.question(battery_id or asked.id, "rating")
        scores = tuple(map(float, instrument.scale_of(battery).values))
        return [
            _Side(battery.id, item.id, item.label, instrument.question(column, "single"), scores)
            for item, column in zip(battery.items, battery.answer_columns, strict=True)
            if item_id in ("", item.id)
        ]
    if asked.kind == "number":
        return [_Side(asked.id, "", asked.short, asked)]
    if not asked.has_steps:
        raise usage("correlation_no_order", question=name)
    return [_Side(asked.id, "", asked.short, asked, tuple(range(1, len(asked.options) + 1)))]


def _ids(one: _Side, other: _Side, method: str, lang: str) -> dict[str, Any]:
    return {
        "question": one.question,
        "item": one.item,
        "label": one.said(lang),
        "other_question": other.question,
        "other_item": other.item,
        "other_label": other.said(lang),
        "method": method,
        **dict.fromkeys(("correlation", "ci_low", "ci_high", "p_value"), float("nan")),
    }


def _pairs(counts: Counts, one: _Side, other: _Side) -> tuple[CountedPairs, bool]:
    """The pairs of values that occur, and whether the numbers among them are exact."""
    import numpy as np

    if one.scores and other.scores:
        table = counts.joint(one.values, other.values)
        return CountedPairs.of_table(table, one.scores, other.scores), True
    if not one.scores and not other.scores:
        first, second, sizes = counts.number_pairs(one.values, other.values)
        return CountedPairs(first, second, sizes.astype(float)), True
    number, coded = (other, one) if one.scores else (one, other)
    values = counts.number_values(number.values.id, coded.values)
    assert values.members is not None
    known = (values.members == 1).any(axis=1)
    scores = np.asarray(coded.scores)[values.members[known].argmax(axis=1)]
    sides = values.values[known], scores
    sizes = values.counts[known].astype(float)
    return CountedPairs(*(sides[::-1] if one.scores else sides), sizes), values.exact


def _row(
    pairs: CountedPairs, exact: bool, method: str, confidence: float, min_base: int, lang: str
) -> dict[str, Any]:
    """The numbers of one pair, or why there are none."""
    base = pairs.base
    rounded = [] if exact else [("rounded_values", message("number_rounded", lang))]
    if not base:
        return {"base": 0, **remarks(("no_answer not_computed", message("association_no_base", lang)))}
    if base < max(min_base, 2):
        values: dict[str, object] = {"base": base, "minimum": max(min_base, 2)}
        return {
            "base": base,
            **remarks(("small_base not_computed", message("note_low_base", lang, **values))),
        }
    if not pairs.varies:
        note = message("correlation_constant", lang)
        return {"base": base, **remarks(("no_variation not_computed", note), *rounded, lang=lang)}
    correlation = _polychoric(pairs) if method == "polychoric" else _of_pairs(pairs, method)
    low, high = correlation.interval(confidence=confidence, ranks=method == "spearman")
    row: dict[str, Any] = {"base": base, "correlation": correlation.value, "ci_low": low, "ci_high": high}
    row["p_value"] = correlation.p_of_z if method == "polychoric" else correlation.p_value
    if low == low:
        return {**row, **remarks(*rounded)}
    code = "at_limit no_interval" if base > 3 else "too_few_answers no_interval"
    return {**row, **remarks((code, message("correlation_no_interval", lang)), *rounded, lang=lang)}


def _of_pairs(pairs: CountedPairs, method: str) -> Correlation:
    return (pairs.ranked() if method == "spearman" else pairs).correlation()


def _polychoric(pairs: CountedPairs) -> Correlation:
    """The polychoric correlation of the table of the points that occur."""
    import numpy as np

    from survey.statistics.through_ordinalcorr import polychoric

    places = [np.unique(side, return_inverse=True)[1] for side in (pairs.first, pairs.second)]
    table = np.zeros([place.max() + 1 for place in places], np.int64)
    np.add.at(table, tuple(places), pairs.counts.astype(np.int64))
    value, variance = polychoric(table)
    return Correlation(value, pairs.base, variance)
