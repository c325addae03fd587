"""Ratings of a group against its complement: all points of the scale, not only the top box."""

from collections.abc import Sequence
from math import sqrt
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.row_counts import Counts, DataLike, counts_of
from survey.instrument import Question
from survey.messages import message
from survey.statistics.banner_groups import measures_of
from survey.statistics.group_members import check_only, group_label, members_of
from survey.statistics.hypotheses import adjust_hypotheses, first_of_complements
from survey.statistics.indicators import YesNo, banner_of, battery_of, group_table, own_part
from survey.statistics.intervals import check_confidence, check_min_base
from survey.statistics.test_rows import test_row
from survey.statistics.weighted_means import EXACT, WeightedValues, rank_difference, together
from survey.statistics.weighted_means import cliff_delta as weighted_delta
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def compare_group_ratings(
    data: DataLike,
    question: str | None = None,
    *,
    by: str | None = None,
    only: str | None = None,
    confidence: float = 0.95,
    min_base: int = 5,
    lang: str = "en",
) -> "pd.DataFrame":
    """One `mann_whitney` row per item and group: the ratings in the group against those outside it.

    `by` is the banner, `group` one of its groups; `statistic` is U of the group (R's W), the p-value
    two-sided, with midranks, the variance corrected for ties and a continuity correction. `effect` is Cliff's
    delta (positive where the group rates higher) with Cliff's interval: consistent variance, asymmetric
    limits. `p_adjusted` is Holm's over the hypotheses of the table: of two groups, with nobody outside both,
    each against the rest is the other against the rest, which is counted once. An item that everybody rates
    alike is not tested and takes no part in it. `base` counts both sides.

    With weights ranks are those in the weight of both sides, `statistic` is the difference of their mean
    ranks over its standard error and p from t (Lumley & Scott 2013) with the effective bases less two as
    degrees of freedom; `effect` is Cliff's delta by weight, the interval Cliff's at the effective bases
    (`reason` is weighted_ranks). `min_base` is held against the effective base of each side.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question, by
        A rating question and a single or select-all one (or an item by its points, `battery__item`); the
        instrument's defaults where None.
    only
        "exclusive" or "mixed" groups, as in `crosstab`.
    confidence
        Level of Cliff's interval.
    min_base
        Fewer respondents in the group or outside it are not compared; `reason` is small_base untested.
    lang
        Language of `note`.

    Reasons
    -------
    small_base, untested, no_variation, same_item, same_comparison, weighted_ranks.

    Raises
    ------
    UsageError
        No such question, or an argument outside its range.

    References
    ----------
    Mann, H. B. & Whitney, D. R. (1947). Cliff, N. (1996), Multivariate Behavioral Research 31, 331-350.
    Feng, D. & Cliff, N. (2004), Journal of Modern Applied Statistical Methods 3, 322-332. Lumley, T. & Scott,
    A. J. (2013), Biometrika 100, 831-842.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frame = pd.DataFrame({"challenges__geopolitics": [5, 4, 5, 4, 5, 2, 1, 2, 3, 1]})
    >>> frame["firm_type"] = ["biotech"] * 5 + ["biopharma"] * 5
    >>> responses = survey.from_frame(frame, "executive-survey")
    >>> table = survey.compare_group_ratings(responses, by="firm_type").set_index(["item", "group"])
    >>> float(table.loc[("geopolitics", "biotech"), "effect"])
    1.0
    """
    check_confidence(confidence)
    check_min_base(min_base)
    counts = counts_of(data, by)
    check_lang(lang, *counts.instrument.languages)
    check_only(only)
    asked, groups = battery_of(counts.instrument, question), banner_of(counts.instrument, by)
    sides = [_histograms(counts, asked, groups, only, measure) for measure in measures_of(counts)]
    inside_all, outside_all = sides[0]
    points = range(inside_all.shape[2])
    sizes, outside_sizes = (side.sum(axis=2) for side in (inside_all, outside_all))  # groups x items
    whole = sizes + outside_sizes
    first = first_of_complements(counts, groups, groups.groups, sizes, whole, asked, asked.items)
    rows: list[dict[str, Any]] = []
    hypotheses: list[tuple[int, int]] = []
    for place, item in enumerate(asked.items):
        for at, group in enumerate(groups.groups):
            inside, outside = inside_all[at, place].tolist(), outside_all[at, place].tolist()
            own: dict[str, Any] = {}
            if counts.weighted:
                pair = [
                    WeightedValues.of(points, *(measure[side][at, place] for measure in sides))
                    for side in (0, 1)
                ]
                own = together(pair)
                line = compared_by_weight(*pair, confidence=confidence, least=max(1, min_base), lang=lang)
            else:
                line = _compared(inside, outside, confidence, max(1, min_base), lang)
            if item.id == own_part(asked, groups):
                line = remarks(("same_item untested", message("note_same_item", lang)))
            ids = {"item": item.id, "by": groups.id, "group": group.id}
            base = sum(inside) + sum(outside)
            rows.append(test_row(asked, "mann_whitney", base, **ids, **own, **line))
            hypotheses.append((place, int(first[at, place])))
    labels = {group.id: group_label(group, only, lang) for group in groups.groups}
    adjust_hypotheses(rows, hypotheses, lambda row: labels[row["group"]], lang)
    return contract_frame("test", rows)


def _histograms(
    counts: Counts, battery: Question, groups: Question, only: str | None, measure: str
) -> tuple[Any, Any]:
    """How often each point was given inside each group and outside it: groups x items x points.

    Whole groups need the joint table of the two questions alone; those of `only` the patterns of the banner.
    """
    points = len(counts.instrument.scale_of(battery).values)
    shape = (len(groups.groups), len(battery.items), points)
    if only is None:
        layout = YesNo.of(counts.instrument, groups)
        places = [groups.options.index(group) for group in groups.groups]
        joint = counts.joint(groups, battery, measure)[:, :-1]
        return tuple((side[places] @ joint).reshape(shape) for side in (layout.yes, layout.no))
    table = group_table(counts, groups, battery, measure)
    member = members_of(groups, table.members, only)
    given = table.counts[:, :-1]
    return tuple(((member == value).astype(int).T @ given).reshape(shape) for value in (1, 0))


def _compared(
    inside: list[int], outside: list[int], confidence: float, least: int, lang: str
) -> dict[str, Any]:
    """Compare two histograms over the points of a scale."""
    n, m = sum(inside), sum(outside)
    smaller = min(n, m)
    if smaller < least:
        small = "note_low_group" if n <= m else "note_low_complement"
        return remarks(("small_base untested", message(small, lang, base=smaller, minimum=least)))
    delta, low, high = cliff_delta(inside, outside, confidence=confidence)
    row: dict[str, Any] = {"effect_name": "cliff_delta", "effect": delta, "ci_low": low, "ci_high": high}
    row["statistic"] = twice_u(inside, outside) / 2
    if sum(a + b > 0 for a, b in zip(inside, outside, strict=True)) == 1:
        return {**row, **remarks(("no_variation untested", message("note_rated_alike", lang)))}
    return {**row, "p_value": mann_whitney(inside, outside)}


def low_by_weight(first: WeightedValues, second: WeightedValues, least: int, lang: str) -> dict[str, str]:
    """The remark on two sides of which one has too small an effective base; empty where none has."""
    smaller = min(first.effective_base, second.effective_base)
    if smaller >= max(2, least) - EXACT:
        return {}
    values: dict[str, Any] = {"effective": f"{smaller:.1f}", "minimum": max(2, least)}
    return remarks(("small_base untested", message("note_low_effective", lang, **values)))


def compared_by_weight(
    first: WeightedValues, second: WeightedValues, *, confidence: float, least: int, lang: str
) -> dict[str, Any]:
    """Compare two sides by weight, as `_compared`."""
    if low := low_by_weight(first, second, least, lang):
        return dict(low)
    given = {value for side in (first, second) for value in side.values[side.weights > 0].tolist()}
    line = ranks_by_weight(first, second, confidence, lang)
    if len(given) > 1:
        return line
    effect = {name: line[name] for name in ("effect_name", "effect", "ci_low", "ci_high")}
    return {**effect, **remarks(("no_variation untested", message("note_rated_alike", lang)))}


def ranks_by_weight(
    first: WeightedValues, second: WeightedValues, confidence: float, lang: str
) -> dict[str, Any]:
    """Compare the ranks of two sides by weight: t, df and p, Cliff's delta and its limits."""
    delta, low, high = weighted_delta(first, second, confidence=confidence)
    effect = {"effect_name": "cliff_delta", "effect": delta, "ci_low": low, "ci_high": high}
    difference = rank_difference(first, second)
    row = {"statistic": difference.statistic, "df": difference.df, "p_value": difference.p_value}
    return row | effect | remarks(("weighted_ranks", message("note_weighted_ranks", lang)))


def twice_u(first: Sequence[int], second: Sequence[int]) -> int:
    """Twice the U of the first of two histograms: twice the pairs in which it is higher, and its ties."""
    below = twice = 0
    for one, other in zip(first, second, strict=True):
        twice += one * (2 * below + other)
        below += other
    return twice


def mann_whitney(first: Sequence[int], second: Sequence[int]) -> float:
    """The two-sided p-value of two histograms: normal, corrected for ties and for continuity."""
    from scipy.special import ndtr

    n, m = sum(first), sum(second)
    larger = max(twice_u(first, second), twice_u(second, first)) / 2
    ties = sum((a + b) ** 3 - (a + b) for a, b in zip(first, second, strict=True))
    spread = sqrt(n * m / 12 * ((n + m + 1) - ties / ((n + m) * (n + m - 1))))
    return min(1.0, float(2 * ndtr((n * m / 2 + 0.5 - larger) / spread)))


def cliff_delta(
    first: Sequence[int], second: Sequence[int], *, confidence: float = 0.95
) -> tuple[float, float, float]:
    """Give P(first > second) - P(first < second) over all pairs, and its limits, from two histograms.

    Both count the same points, lowest first. The limits are blank (nan) where a side has fewer than two.

    References
    ----------
    Cliff, N. (1996); Feng, D. & Cliff, N. (2004), equations 3 to 6.
    """
    from scipy.special import ndtri

    n, m = sum(first), sum(second)
    delta = (twice_u(first, second) - n * m) / (n * m)
    if min(n, m) < 2:
        return delta, float("nan"), float("nan")
    z = -float(ndtri((1 - confidence) / 2))
    if abs(delta) == 1:
        limit = (min(n, m) - z**2) / (min(n, m) + z**2)
        return (delta, limit, 1.0) if delta > 0 else (delta, -1.0, -limit)
    rows = _dominances(first, second, delta)
    columns = _dominances(second, first, -delta)
    tied = sum(one * other for one, other in zip(first, second, strict=True))
    cells = n * m - tied - n * m * delta**2  # the sum of (sign - delta) squared over all pairs
    variance = (m**2 * rows + n**2 * columns - cells) / (n * m * (n - 1) * (m - 1))
    variance = max(variance, (1 - delta**2) / (n * m - 1))
    middle, root = delta - delta**3, z * sqrt(variance * ((1 - delta**2) ** 2 + z**2 * variance))
    whole = 1 - delta**2 + z**2 * variance
    return delta, max(-1.0, (middle - root) / whole), min(1.0, (middle + root) / whole)


def _dominances(first: Sequence[int], second: Sequence[int], delta: float) -> float:
    """The sum over the first side of (share of the second below, less that above, less delta) squared."""
    below, above, total = 0, sum(second), 0.0
    for one, other in zip(first, second, strict=True):
        above -= other
        total += one * ((below - above) / sum(second) - delta) ** 2
        below += other
    return total
