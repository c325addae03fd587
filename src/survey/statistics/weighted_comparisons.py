"""Comparisons of weighted shares: items of the same respondents, and groups of a cross-tab.

References
----------
Rao, J. N. K. & Scott, A. J. (1984), Annals of Statistics 12, 46-60. Zou, G. Y. & Donner, A. (2008),
Statistics in Medicine 27, 1693-1702 (limits combined with a correlation).
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from survey.instrument import Option, Question
from survey.messages import message
from survey.statistics.equivalence import Limits
from survey.statistics.indicators import PairTables
from survey.statistics.weighted import difference_limits, f_p_value, paired_sums
from survey.tables import WEIGHTED_COLUMNS, remarks

PAIRED_TEST = "paired_f"


def compare_weighted_items(
    question: Question,
    pairs: Sequence[tuple[Option, Option]],
    tables: Callable[[str], PairTables],
    confidence: float,
    lang: str,
) -> tuple[list[dict[str, Any]], list[Limits | None]]:
    """What a row of the test contract says of each pair of items, and its interval by confidence.

    The squared difference of the shares over its linearised variance, on F(1, n - 1). A pair without any
    weight has no numbers.
    """
    sums, counted = paired_sums(tables), tables("n")
    rows: list[dict[str, Any]] = []
    limits: list[Limits | None] = []
    for first, second in pairs:
        at = question.parts.index(first), question.parts.index(second)
        own = sums[at]
        base, size, weight = int(own.base), float(own.effective_base), float(own.weights.sum())
        row: dict[str, Any] = {"item": first.id, "other_item": second.id, "base": base}
        row |= zip(WEIGHTED_COLUMNS, (weight, weight, size), strict=True)
        rows.append(row)
        if not size > 0:
            limits.append(None)
            continue
        one, other = own.shares
        two = (float(one), size, float(other), size)
        interval = partial(difference_limits, *two, correlation=float(own.correlation))
        limits.append(interval)
        apart = {"first": int(counted.yes_no[at]), "second": int(counted.no_yes[at])}
        remark = ("no_discordant_pair", message("note_no_discordant", lang))
        if any(apart.values()):
            remark = ("discordant_pairs", message("note_discordant", lang, **apart))
        statistic = float(own.t) ** 2
        row |= {"statistic": statistic, "df": base - 1, "p_value": f_p_value(statistic, base)}
        row |= {"effect_name": "difference", "effect": float(own.difference), **remarks(remark)}
        row["ci_low"], row["ci_high"] = interval(confidence=confidence)
    return rows, limits
