"""Correlations of items and of numbers: every pair, with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.definition import MEASURES
from survey.counts.row_counts import Counts, DataLike, counts_of
from survey.errors import usage
from survey.instrument import Instrument, Question
from survey.messages import message
from survey.statistics.banner_groups import measures_of, rounded_remarks
from survey.statistics.coefficients import Correlation, CountedPairs
from survey.statistics.hypotheses import holm
from survey.statistics.indicators import battery_of
from survey.statistics.intervals import check_confidence, check_min_base
from survey.statistics.weighted import say_unweighted
from survey.statistics.weighted_means import EXACT
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

    With weights all of this is weighted, ranks are those in the weight of both, and the effective base stands
    for the base: Kish's, or a smaller one where the linearised variance says so. Polychoric correlations have
    no weighted form here (`reason` unweighted).

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
    rounded_values, unweighted.

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
    measures = measures_of(counts) if method != "polychoric" else MEASURES[:1]
    rows = [
        {**_ids(one, other, method, lang), **_row(pairs, exact, method, confidence, min_base, lang)}
        for one, other in combinations(sides, 2)
        for pairs, exact in (_pairs(counts, one, other, measures),)
    ]
    for row, adjusted in zip(rows, holm([row["p_value"] for row in rows]), strict=True):
        row["p_adjusted"] = adjusted
    frame = contract_frame("correlation", rows)
    return say_unweighted(frame, counts, lang) if method == "polychoric" else frame


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


def _pairs(counts: Counts, one: _Side, other: _Side, measures: Sequence[str]) -> tuple[CountedPairs, bool]:
    """The pairs of values that occur, and whether the numbers among them are exact."""
    import numpy as np

    if one.scores and other.scores:
        tables = [counts.joint(one.values, other.values, measure) for measure in measures]
        return CountedPairs.of_table(tables[0], one.scores, other.scores, *tables[1:]), True
    if not one.scores and not other.scores:
        pairs = [counts.number_pairs(one.values, other.values, measure) for measure in measures]
        return CountedPairs(*pairs[0][:2], *(sizes.astype(float) for _, _, sizes in pairs)), True
    number, coded = (other, one) if one.scores else (one, other)
    values = [counts.number_values(number.values.id, coded.values, measure) for measure in measures]
    assert values[0].members is not None
    known = (values[0].members == 1).any(axis=1)
    scores = np.asarray(coded.scores)[values[0].members[known].argmax(axis=1)]
    sides = values[0].values[known], scores
    sizes = [table.counts[known].astype(float) for table in values]
    return CountedPairs(*(sides[::-1] if one.scores else sides), *sizes), values[0].exact


def _row(
    pairs: CountedPairs, exact: bool, method: str, confidence: float, min_base: int, lang: str
) -> dict[str, Any]:
    """The numbers of one pair, or why there are none."""
    base = pairs.base
    rounded = rounded_remarks(exact, lang)
    if not base:
        return {"base": 0, **remarks(("no_answer not_computed", message("association_no_base", lang)))}
    row: dict[str, Any] = {"base": base}
    effective, least = float(base), max(min_base, 2)
    if pairs.weights is not None:
        row |= pairs.columns
        effective = pairs.effective_base
    if effective < least - EXACT:
        values: dict[str, Any] = {"base": base, "minimum": least}
        note = message("note_low_base", lang, **values)
        if base >= least:
            note = message("note_low_effective", lang, effective=f"{effective:.1f}", minimum=least)
        return {**row, **remarks(("small_base not_computed", note))}
    if not pairs.varies:
        note = message("correlation_constant", lang)
        return {**row, **remarks(("no_variation not_computed", note), *rounded, lang=lang)}
    correlation = _polychoric(pairs) if method == "polychoric" else _of_pairs(pairs, method)
    low, high = correlation.interval(confidence=confidence, ranks=method == "spearman")
    row |= {"correlation": correlation.value, "ci_low": low, "ci_high": high}
    row["p_value"] = correlation.p_of_z if method == "polychoric" else correlation.p_value
    if low == low:
        return {**row, **remarks(*rounded)}
    code = "at_limit no_interval" if correlation.base > 3 else "too_few_answers no_interval"
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
