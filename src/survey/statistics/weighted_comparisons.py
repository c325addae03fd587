"""Comparisons of weighted shares: items of the same respondents, and groups of a cross-tab.

References
----------
Rao, J. N. K. & Scott, A. J. (1984), Annals of Statistics 12, 46-60. Zou, G. Y. & Donner, A. (2008),
Statistics in Medicine 27, 1693-1702 (limits combined with a correlation).
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations
from math import sqrt
from typing import Any

from survey.instrument import Option, Question
from survey.messages import message
from survey.statistics.column_comparisons import one_answer_only
from survey.statistics.equivalence import Limits
from survey.statistics.indicators import PairTables
from survey.statistics.weighted import ShareSums, difference_limits, f_p_value, paired_sums, rao_scott_f
from survey.tables import WEIGHTED_COLUMNS, remarks

PAIRED_TEST = "paired_f"
DISJOINT_TEST, OVERLAP_TEST = WEIGHTED_TESTS = ("rao_scott_f", "overlap_f")


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


def compare_weighted_groups(
    group: ShareSums, rest: ShareSums, *, confidence: float, min_base: int, lang: str
) -> dict[str, Any]:
    """Compare a group with its complement, one cell: difference, interval, test, and why there is no test."""
    comparison: dict[str, Any] = {"method": "", "p_value": float("nan"), "limits": None}
    sizes = float(group.effective_base), float(rest.effective_base)
    if min(sizes) > 0:
        limits = partial(
            difference_limits, float(group.proportion), sizes[0], float(rest.proportion), sizes[1]
        )
        low, high = limits(confidence=confidence)
        comparison |= {"difference": float(group.proportion - rest.proportion), "limits": limits}
        comparison |= {"difference_low": low, "difference_high": high}
    return comparison | (_untested(group, rest, min_base, lang) or _disjoint_test(group, rest, lang))


def _untested(one: ShareSums, other: ShareSums, min_base: int, lang: str) -> dict[str, str]:
    """Why two shares are not tested; nothing where they are."""
    size = min(float(one.effective_base), float(other.effective_base))
    if not size > 0 or size < max(1, min_base):
        note = message("note_low_effective", lang, effective=f"{size:.1f}", minimum=max(1, min_base))
        return remarks(("small_base untested", note))
    if not (one.yes + other.yes > 0 and one.no + other.no > 0):
        return one_answer_only("everybody" if one.yes + other.yes > 0 else "nobody", lang)
    return {}


def _disjoint_test(one: ShareSums, other: ShareSums, lang: str) -> dict[str, Any]:
    """Rao and Scott's test of two shares of different respondents."""
    weights = (one.yes, one.no, other.yes, other.no)
    squares = (one.yes_squares, one.no_squares, other.yes_squares, other.no_squares)
    base = int(one.base + other.base)
    statistic = rao_scott_f(weights, squares, base)
    if statistic != statistic:
        return {**remarks(("no_variation untested", message("note_no_variance", lang)))}
    return {"method": DISJOINT_TEST, "p_value": f_p_value(statistic, base)}


def compare_weighted_pairs(
    answers: ShareSums, member: Any, groups: list[Option], *, confidence: float, min_base: int, lang: str
) -> list[dict[str, Any]]:
    """One row per pair of groups for one row of the stub, before adjustment; `limits` are its interval.

    `answers`: by pattern of the banner; `member` (patterns x groups) says who is in a group (1, 0, nan).
    Both shares count those with a known answer to the stub and to both groups.
    """
    rows = []
    for (place, first), (at, second) in combinations(enumerate(groups), 2):
        one, other = member[:, place], member[:, at]
        cells = [
            answers[kind].total()
            for kind in ((one == 1) & (other == 1), (one == 1) & (other == 0), (one == 0) & (other == 1))
        ]
        row = _pair(*cells, confidence=confidence, min_base=min_base, lang=lang)
        rows.append({"banner_code": first.id, "other_code": second.id, **row})
    return rows


def _pair(
    both: ShareSums, alone: ShareSums, other_alone: ShareSums, *, confidence: float, min_base: int, lang: str
) -> dict[str, Any]:
    """Compare two groups from those in both, in the first alone and in the second alone."""
    nan = float("nan")
    one, other = both + alone, both + other_alone
    row: dict[str, Any] = {
        **{"n": int(one.n), "base": int(one.base), "other_n": int(other.n), "other_base": int(other.base)},
        **{"overlap": int(both.base), **one.columns(), **other.columns("other_")},
        **dict.fromkeys(("difference", "ci_low", "ci_high", "p_value"), nan),
        **{"method": "", "limits": None, "populations": None},
    }
    sizes = float(one.effective_base), float(other.effective_base)
    if not min(sizes) > 0:
        return row | _untested(one, other, min_base, lang)
    shares = float(one.proportion), float(other.proportion)
    variance, correlation = _overlap(both, alone, other_alone, *shares)
    limits = partial(difference_limits, shares[0], sizes[0], shares[1], sizes[1], correlation=correlation)
    low, high = limits(confidence=confidence)
    difference = shares[0] - shares[1]
    row |= {"difference": difference, "limits": limits, "ci_low": low, "ci_high": high}
    if untested := _untested(one, other, min_base, lang):
        return row | untested
    if int(both.base) == int(one.base) == int(other.base):
        note = message("note_same_respondents", lang)
        return row | {"ci_low": 0.0, "ci_high": 0.0, **remarks(("same_respondents untested", note))}
    if not both.weighted_base > 0:
        return row | _disjoint_test(one, other, lang)
    if not variance > _NO_VARIANCE:
        return row | remarks(("no_variation untested", message("note_no_variance", lang)))
    base = int(one.base + other.base - both.base)
    return row | {"method": OVERLAP_TEST, "p_value": f_p_value(difference**2 / variance, base)}


_NO_VARIANCE = 1e-12


def _overlap(
    both: ShareSums, alone: ShareSums, other_alone: ShareSums, share: float, other_share: float
) -> tuple[float, float]:
    """The linearised variance of the difference of two groups' shares, and the correlation of the two.

    A respondent of weight w contributes w (y - p1)/W1 in the first group, less w (y - p2)/W2 in the second.
    """
    total, other_total = (float(side.weighted_base) for side in (both + alone, both + other_alone))
    own = other_own = shared = variance = 0.0
    for cells, inside, other_inside in ((both, 1, 1), (alone, 1, 0), (other_alone, 0, 1)):
        for answer, squares in ((1, float(cells.yes_squares)), (0, float(cells.no_squares))):
            one = inside * (answer - share) / total
            other = other_inside * (answer - other_share) / other_total
            own += squares * one**2
            other_own += squares * other**2
            shared += squares * one * other
            variance += squares * (one - other) ** 2
    base = int(both.base + alone.base + other_alone.base)
    spread = sqrt(own * other_own)
    return variance * base / max(base - 1, 1), shared / spread if spread > 0 else 0.0
