"""Ratings of a group against its complement: all points of the scale, not only the top box."""

from math import sqrt
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.ingest import ResponsesLike, responses_of
from survey.messages import message
from survey.statistics.comparisons import test_row
from survey.statistics.crosstabs import holm, memberships
from survey.statistics.indicators import banner_of, battery_of, ratings
from survey.statistics.intervals import check_confidence, check_min_base
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def compare_group_ratings(
    data: ResponsesLike,
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
    limits. `p_adjusted` is Holm's over the table; `base` counts both sides.

    Parameters
    ----------
    data
        Responses, or the path of a file of responses.
    question, by
        A rating question and a single or select-all one; the instrument's defaults where None.
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
    small_base, untested, no_variation.

    Raises
    ------
    UsageError
        No such question, or an argument outside its range.

    References
    ----------
    Mann, H. B. & Whitney, D. R. (1947). Cliff, N. (1996), Multivariate Behavioral Research 31, 331-350.
    Feng, D. & Cliff, N. (2004), Journal of Modern Applied Statistical Methods 3, 322-332.

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
    responses = responses_of(data)
    check_lang(lang, *responses.instrument.languages)
    asked, groups = battery_of(responses, question), banner_of(responses, by)
    given, member = ratings(responses, asked), memberships(responses, groups, only=only)
    rows: list[dict[str, Any]] = []
    for item in asked.items:
        points = given[item.id].to_numpy()
        for group in groups.groups:
            inside, outside = points[member[group.id] == 1], points[member[group.id] == 0]
            inside, outside = inside[inside == inside], outside[outside == outside]  # nan: no rating
            values = _compared(inside, outside, confidence, max(1, min_base), lang)
            ids = {"item": item.id, "by": groups.id, "group": group.id}
            base = len(inside) + len(outside)
            rows.append(test_row(asked, "mann_whitney", base, **ids, **values))
    for row, adjusted in zip(rows, holm([row["p_value"] for row in rows]), strict=True):
        row["p_adjusted"] = adjusted
    return contract_frame("test", rows)


def _compared(inside: Any, outside: Any, confidence: float, least: int, lang: str) -> dict[str, Any]:
    from scipy.stats import mannwhitneyu

    smaller = min(len(inside), len(outside))
    if smaller < least:
        small = "note_low_group" if len(inside) <= len(outside) else "note_low_complement"
        return remarks(("small_base untested", message(small, lang, base=smaller, minimum=least)))
    delta, low, high = cliff_delta(inside, outside, confidence=confidence)
    row: dict[str, Any] = {"effect_name": "cliff_delta", "effect": delta, "ci_low": low, "ci_high": high}
    row["statistic"] = len(inside) * len(outside) * (1 + delta) / 2
    if (inside[0] == inside).all() and (inside[0] == outside).all():
        return {**row, "p_value": 1.0, **remarks(("no_variation", message("note_no_variation", lang)))}
    outcome = mannwhitneyu(inside, outside, alternative="two-sided", method="asymptotic")
    return {**row, "statistic": float(outcome.statistic), "p_value": min(1.0, float(outcome.pvalue))}


def cliff_delta(first: Any, second: Any, *, confidence: float = 0.95) -> tuple[float, float, float]:
    """Give P(first > second) - P(first < second) over all pairs, and its limits.

    The limits are blank (nan) where a side has fewer than two values.

    References
    ----------
    Cliff, N. (1996); Feng, D. & Cliff, N. (2004), equations 3 to 6.
    """
    import numpy as np
    from scipy.stats import norm

    one, other = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    above = np.sign(one[:, None] - other[None, :])
    n, m, delta = len(one), len(other), float(above.mean())
    if min(n, m) < 2:
        return delta, float("nan"), float("nan")
    z = float(norm.isf((1 - confidence) / 2))
    if abs(delta) == 1:
        limit = (min(n, m) - z**2) / (min(n, m) + z**2)
        return (delta, limit, 1.0) if delta > 0 else (delta, -1.0, -limit)
    rows = ((above.mean(axis=1) - delta) ** 2).sum()
    columns = ((above.mean(axis=0) - delta) ** 2).sum()
    cells = ((above - delta) ** 2).sum()
    variance = (m**2 * rows + n**2 * columns - cells) / (n * m * (n - 1) * (m - 1))
    variance = max(float(variance), (1 - delta**2) / (n * m - 1))
    middle, root = delta - delta**3, z * sqrt(variance * ((1 - delta**2) ** 2 + z**2 * variance))
    whole = 1 - delta**2 + z**2 * variance
    return delta, max(-1.0, (middle - root) / whole), min(1.0, (middle + root) / whole)
