"""Equivalence: whether two shares differ by less than a margin, which no missing difference shows."""

from collections.abc import Callable, Hashable, Sequence
from math import isnan
from numbers import Real
from typing import Any

from survey.errors import usage
from survey.messages import message
from survey.statistics.hypotheses import holm_over
from survey.tables import remarks

DIFFERENT, EQUIVALENT, NEGLIGIBLE, UNDECIDED = VERDICTS = (
    "different",
    "equivalent",
    "negligible",
    "undecided",
)

# The limits of a difference by the name `confidence`: the interval in use.
Limits = Callable[..., tuple[float, float]]

_FARTHEST = 8.0  # normal quantile: a confidence of 1 - 1e-15, beyond which no level can be told from 1
_NEAREST = 1e-4  # and one near 0: alpha is .49996


def check_equivalent_within(equivalent_within: object) -> None:
    """Refuse a margin that is no fraction between 0 and 1."""
    if equivalent_within is None:
        return
    fits = isinstance(equivalent_within, Real) and not isinstance(equivalent_within, bool)
    if not fits or not 0 < equivalent_within < 1:  # type: ignore[operator]
        raise usage("equivalent_within_outside", within=equivalent_within)


def equivalence_p(limits: Limits, within: float) -> float:
    """The smallest alpha whose 1 - 2 alpha interval lies strictly inside the margin; 1 where none does.

    With the usual intervals these are two one-sided tests: that the difference is no less than `within` above
    0, and no less below it.

    References
    ----------
    Schuirmann, D. J. (1987), Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680. Berger, R. L. &
    Hsu, J. C. (1996), Statistical Science 11, 283-319 (tests from intervals).

    Examples
    --------
    >>> from functools import partial
    >>> from survey.statistics.intervals import difference_interval
    >>> round(equivalence_p(partial(difference_interval, 120, 300, 126, 310), 0.1), 4)
    0.0087
    """
    from scipy.optimize import brentq
    from scipy.special import ndtr

    def beyond(quantile: float) -> float:
        low, high = limits(confidence=1 - 2 * float(ndtr(-quantile)))
        return max(-low, high) - within

    if isnan(beyond(1.0)) or not beyond(_NEAREST) < 0:
        return 1.0
    if beyond(_FARTHEST) < 0:
        return float(ndtr(-_FARTHEST))
    return float(ndtr(-brentq(beyond, _NEAREST, _FARTHEST, xtol=1e-12)))


def verdict_of(p_adjusted: float, p_equivalence: float, alpha: float) -> str:
    """What two adjusted p-values say together: of a difference (nan: not tested), and of equivalence."""
    if isnan(p_equivalence):
        return ""
    names = (UNDECIDED, EQUIVALENT), (DIFFERENT, NEGLIGIBLE)
    return names[bool(p_adjusted < alpha)][bool(p_equivalence < alpha)]


def fill_verdicts(
    rows: Sequence[dict[str, Any]],
    limits: Sequence[Limits | None],
    *,
    within: float | None,
    confidence: float,
    lang: str,
    hypotheses: Sequence[Hashable] | None = None,
) -> None:
    """Fill `verdict` and `p_equivalence` of the rows of a table that have their `p_adjusted`.

    `p_equivalence` is Holm's over the hypotheses of the table (each row one, where none are given), as
    `p_adjusted` is. Both are blank where there is no margin, and in rows without `limits`. A row that is
    equivalent has the reason equivalence, whose note says which interval shows it.
    """
    if within is None:
        for row in rows:
            row |= {"verdict": "", "p_equivalence": float("nan")}
        return
    alpha = 1 - confidence
    first: dict[Hashable, float] = {}
    names = list(range(len(rows))) if hypotheses is None else list(hypotheses)
    for name, own in zip(names, limits, strict=True):
        if own is not None and name not in first:
            first[name] = equivalence_p(own, within)
    values = [
        first[name] if own is not None else float("nan") for name, own in zip(names, limits, strict=True)
    ]
    level = f"{100 * (1 - 2 * alpha):.3g}"
    note = message("note_equivalence", lang, within=points(within), alpha=f"{100 * alpha:.3g}", level=level)
    for row, p_equivalence in zip(rows, holm_over(values, names).tolist(), strict=True):
        verdict = verdict_of(row["p_adjusted"], p_equivalence, alpha)
        row |= {"verdict": verdict, "p_equivalence": p_equivalence}
        if verdict in (EQUIVALENT, NEGLIGIBLE):
            own_remark = (row.get("reason", ""), row.get("note", ""))
            row |= remarks(own_remark, ("equivalence", note), lang=lang)


def points(within: float) -> str:
    """A margin in percentage points, as it is said."""
    return f"{100 * within:.3g}"
