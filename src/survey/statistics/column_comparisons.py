"""Column against column of a cross-tab: the groups may share respondents, and the variance says so."""

from itertools import combinations
from math import sqrt
from typing import Any

from survey.ingest.raw_table import column_letter
from survey.instrument import Option
from survey.messages import message
from survey.statistics.intervals import share_interval
from survey.tables import remarks


def column_letters(groups: list[Option]) -> dict[str, str]:
    """Give every group of a banner its letter: A, B, ... Z, AA, AB, ..."""
    return {group.id: column_letter(place) for place, group in enumerate(groups)}


def compare_pairs(
    yes: Any,
    member: dict[str, Any],
    groups: list[Option],
    *,
    test: str,
    confidence: float,
    min_base: int,
    lang: str,
) -> list[dict[str, Any]]:
    """One row per pair of groups for one row of the stub, before adjustment.

    `yes` has one entry per respondent (1, 0, nan), `member` one such array per group. Both shares count
    those with a known answer to the stub and to both groups, so that membership is known on both sides.
    """
    import numpy as np

    rows = []
    for first, second in combinations(groups, 2):
        one, other = member[first.id], member[second.id]
        known = ~(np.isnan(yes) | np.isnan(one) | np.isnan(other))
        values, in_one, in_other = yes[known], one[known] == 1, other[known] == 1
        row = _pair(values, in_one, in_other, test=test, confidence=confidence, min_base=min_base, lang=lang)
        rows.append({"banner_code": first.id, "other_code": second.id, **row})
    return rows


def _pair(
    yes: Any, one: Any, other: Any, *, test: str, confidence: float, min_base: int, lang: str
) -> dict[str, Any]:
    nan = float("nan")
    base, other_base = int(one.sum()), int(other.sum())
    n, other_n, overlap = int(yes[one].sum()), int(yes[other].sum()), int((one & other).sum())
    row: dict[str, Any] = {
        **{"n": n, "base": base, "other_n": other_n, "other_base": other_base, "overlap": overlap},
        **dict.fromkeys(("difference", "ci_low", "ci_high", "p_value"), nan),
        "method": "",
    }
    if base and other_base:
        both = int(yes[one & other].sum())
        row["difference"] = n / base - other_n / other_base
        row["ci_low"], row["ci_high"] = overlap_difference_interval(
            n, base, other_n, other_base, both, overlap, confidence=confidence
        )
    weights = one / max(base, 1) - other / max(other_base, 1)
    pooled = (n + other_n) / max(base + other_base, 1)
    # Homogeneous respondents, p(1 - p)(1/n1 + 1/n2 - 2 n12/(n1 n2)), or each respondent's own contribution
    # (the covariance as those in both groups show it): the larger, since either alone is too small at times.
    variance = float((weights**2).sum() * max(pooled * (1 - pooled), 0.0))
    variance = max(variance, float((weights**2 * (yes - pooled) ** 2).sum()))
    if min(base, other_base) < (minimum := max(1, min_base)):
        note = message("note_low_column", lang, base=min(base, other_base), minimum=minimum)
        row |= remarks(("small_base untested", note))
    elif n + other_n in (0, base + other_base):
        row |= one_answer_only("nobody" if n + other_n == 0 else "everybody", lang)
    elif overlap == base == other_base:
        row |= {"ci_low": 0.0, "ci_high": 0.0}
        row |= remarks(("same_respondents untested", message("note_same_respondents", lang)))
    elif test != "z" and not overlap:
        row |= {"method": f"{test}_exact", "p_value": exact_test(n, base, other_n, other_base, test)}
    elif not variance > 1e-12:
        row |= remarks(("no_variation untested", message("note_no_variance", lang)))
    else:
        from scipy.stats import norm

        z = row["difference"] / sqrt(variance)
        row |= {"method": "z_overlap", "p_value": float(2 * norm.sf(abs(z)))}
    return row


def one_answer_only(code: str, lang: str) -> dict[str, str]:
    """The remark on a cell that `nobody` or `everybody` chose, in the group and outside it."""
    return remarks((f"{code} untested", message(f"note_{code}", lang)))


def exact_test(n: int, base: int, other_n: int, other_base: int, test: str) -> float:
    """Two-sided p of two disjoint groups: "fisher", or "boschloo", twice the smaller of its two sides."""
    from scipy.stats import boschloo_exact, fisher_exact

    table = [[n, base - n], [other_n, other_base - other_n]]
    if test == "fisher":
        return float(fisher_exact(table).pvalue)
    # scipy wants the groups as columns.
    return min(1.0, float(boschloo_exact([list(column) for column in zip(*table, strict=True)]).pvalue))


def overlap_difference_interval(
    n: int, base: int, other_n: int, other_base: int, both_n: int, both: int, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Give the limits of the difference of two shares of groups that share `both` respondents.

    The Wilson limits of both shares, combined with the correlation that the shared respondents bring
    (`both_n` of them say yes): Newcombe's interval where nobody is shared; nan where a base is 0.

    References
    ----------
    Newcombe, R. G. (1998), Statistics in Medicine 17, 873-890, method 10. Zou, G. Y. & Donner, A. (2008),
    Statistics in Medicine 27, 1693-1702 (limits combined with a correlation).
    """
    if not base or not other_base:
        return float("nan"), float("nan")
    share, other_share = n / base, other_n / other_base
    # The sum of (y - p1)(y - p2) over the respondents in both groups.
    crossed = both_n * (1 - share) * (1 - other_share) + (both - both_n) * share * other_share
    spread = sqrt(share * (1 - share) * other_share * (1 - other_share) * base * other_base)
    correlation = max(-1.0, min(1.0, crossed / spread)) if spread else 0.0
    (low, high), (other_low, other_high) = (
        share_interval(count, of, confidence=confidence) for count, of in ((n, base), (other_n, other_base))
    )
    below, above = share - low, high - share
    other_below, other_above = other_share - other_low, other_high - other_share
    down = sqrt(max(0.0, below**2 - 2 * correlation * below * other_above + other_above**2))
    up = sqrt(max(0.0, above**2 - 2 * correlation * above * other_below + other_below**2))
    difference = share - other_share
    return max(-1.0, difference - down), min(1.0, difference + up)
