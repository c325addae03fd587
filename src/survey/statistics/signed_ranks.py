"""Ratings of two items by the same respondents: Wilcoxon's signed ranks, exact where that is possible."""

from itertools import combinations
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.row_counts import DataLike, counts_of
from survey.errors import usage
from survey.messages import message
from survey.statistics.hypotheses import holm
from survey.statistics.indicators import battery_of
from survey.statistics.intervals import check_min_base
from survey.statistics.test_rows import test_row, too_few, untested_if_low
from survey.statistics.weighted import say_unweighted
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

_EXACT = 13  # respondents: as in scipy, whose enumeration of the 2^13 patterns takes half a second a pair


_WITHOUT_TIES = 50


def compare_ratings(
    data: DataLike,
    question: str | None = None,
    *,
    through: str = "scipy",
    min_base: int = 5,
    lang: str = "en",
) -> "pd.DataFrame":
    """One `wilcoxon` row per pair of items: signed ranks of the rating differences.

    `item` against `other_item`: `statistic` is the smaller rank sum W, `effect` the matched-pairs
    rank-biserial correlation (positive where `item` is rated higher), `p_adjusted` Holm's over the pairs.
    Equal ratings take no part (Wilcoxon's way with zeros; `base` counts them). The two-sided p-value is
    exact, over all patterns of signs of the midranks, where at most 13 respondents rated both, or at most 50
    without ties and equal ratings; else it is normal, with the variance corrected for ties and a continuity
    correction. R's `wilcox.test` has the exact one only where there are neither ties nor equal ratings, and
    takes the normal one with a warning for small samples with ties, where this is exact. A pair nobody rated
    stands with base 0; a battery of one item has no rows. Signed ranks have no weighted form: weights are
    left out, and `reason` is unweighted.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        A rating question; the instrument's default battery where None.
    through
        "scipy": the arithmetic here, which is held against scipy's; or "pingouin", which asks pingouin: the
        same numbers, but its import takes longer than a whole report.
    min_base
        A test with fewer respondents is not computed; `reason` is small_base untested.
    lang
        Language of `note`.

    Reasons
    -------
    small_base, untested, too_few_answers, not_computed, no_discordant_pair, unweighted.

    Raises
    ------
    UsageError
        No such rating battery, or an argument outside its range.

    References
    ----------
    Wilcoxon, F. (1945). Kerby, D. S. (2014), Comprehensive Psychology 3, 11.IT.3.1.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> grades = {"geopolitics": [5, 4, 5, 2, 4, 5], "ip_protection": [3, 2, 4, 2, 1, 5]}
    >>> frame = pd.DataFrame(grades).add_prefix("challenges__")
    >>> responses = survey.from_frame(frame, "executive-survey")
    >>> table = survey.compare_ratings(responses)
    >>> table[table["base"] > 0][["item", "other_item", "statistic", "base"]].values.tolist()
    [['geopolitics', 'ip_protection', 0.0, 6]]
    """
    check_min_base(min_base)
    if through not in ("scipy", "pingouin"):
        raise usage("through_unknown", through=through, known="scipy, pingouin")
    counts = counts_of(data)
    check_lang(lang, *counts.instrument.languages)
    asked = battery_of(counts.instrument, question)
    values = counts.instrument.scale_of(asked).steps
    joint = counts.joint(asked, asked)[:-1, :-1].reshape(len(asked.items), len(values), -1, len(values))
    rows: list[dict[str, Any]] = []
    for (place, first), (at, second) in combinations(enumerate(asked.items), 2):
        ids = {"item": first.id, "other_item": second.id}
        table = joint[place, :, at]
        base = int(table.sum())
        if not base:
            rows.append(test_row(asked, "wilcoxon", 0, **ids, **too_few(2, lang)))
            continue
        if int(table.trace()) == base:
            remark = remarks(("no_discordant_pair", message("note_no_discordant", lang)))
            rows.append(test_row(asked, "wilcoxon", base, **ids, p_value=1.0, **remark))
            continue
        statistic, p_value, effect = _signed_ranks(table, values, through)
        numbers = {
            "statistic": statistic,
            "p_value": p_value,
            "effect_name": "rank_biserial",
            "effect": effect,
        }
        rows.append(test_row(asked, "wilcoxon", base, **ids, **numbers))
    rows = [untested_if_low(row, min_base, lang) for row in rows]
    for row, adjusted in zip(rows, holm([row["p_value"] for row in rows]), strict=True):
        row["p_adjusted"] = adjusted
    return say_unweighted(contract_frame("test", rows), counts, lang)


def _signed_ranks(table: Any, values: tuple[int, ...], through: str) -> tuple[float, float, float]:
    """Compare two items by their joint table: smaller rank sum, two-sided p, rank-biserial correlation."""
    import numpy as np

    points = np.array(values)
    if through == "pingouin":
        from survey.statistics.through_pingouin import wilcoxon as by_pingouin

        rows, columns = (
            np.repeat(places, table.ravel()) for places in np.indices(table.shape).reshape(2, -1)
        )
        return by_pingouin(points[rows], points[columns])
    moved = points[:, None] - points
    steps, places = np.unique(moved, return_inverse=True)
    counted = np.bincount(places.ravel(), weights=table.ravel(), minlength=len(steps)).astype(np.int64)
    of_step = dict(zip(steps.tolist(), counted.tolist(), strict=True))
    sizes = [step for step in of_step if step > 0 and of_step[step] + of_step[-step]]
    up, down = ([of_step[sign * size] for size in sizes] for sign in (1, -1))
    ties = [more + fewer for more, fewer in zip(up, down, strict=True)]
    n, base, seen = sum(ties), int(table.sum()), 0
    twice = []  # twice the midrank of every size of a difference
    for tied in ties:
        twice.append(2 * seen + tied + 1)
        seen += tied
    higher, lower = (
        sum(rank * count for rank, count in zip(twice, side, strict=True)) for side in (up, down)
    )
    smaller, effect = min(higher, lower), (higher - lower) / (n * (n + 1))
    if base <= _EXACT or (n == base <= _WITHOUT_TIES and max(ties) == 1):
        p_value = _sign_flips(
            [rank for rank, tied in zip(twice, ties, strict=True) for _ in range(tied)], smaller
        )
    else:
        p_value = _normal_p(higher - lower, n, sum(tied**3 - tied for tied in ties))
    return smaller / 2, p_value, effect


def _normal_p(twice: int, n: int, tied: int) -> float:
    """The two-sided p of signed ranks of n differences, corrected for ties and for continuity.

    `twice`: twice the sum of the higher ranks less that of the lower.
    """
    from math import sqrt

    from scipy.special import ndtr

    spread = sqrt((n * (n + 1) * (2 * n + 1) - tied / 2) / 24)
    distance = abs(twice) / 4
    z = (distance - 0.5) / spread if twice else 0.0
    return float(2 * ndtr(-abs(z)))


def _sign_flips(twice: list[int], smaller: int) -> float:
    """The exact two-sided p-value of a smaller rank sum: all patterns of signs are equally likely.

    `twice`, `smaller`: twice the ranks, and twice that sum, which are whole.
    """
    import numpy as np

    patterns = np.ones(1)  # how many patterns of signs give each sum of ranks
    for rank in twice:
        patterns = np.pad(patterns, (0, rank)) + np.pad(patterns, (rank, 0))
    below = patterns[: smaller + 1].sum()
    return float(min(1.0, 2 * below / patterns.sum()))
