"""Column against column of a cross-tab: the groups may share respondents, and the variance says so."""

from collections.abc import Callable
from functools import partial
from itertools import combinations
from math import sqrt
from typing import Any

from survey.ingest.raw_table import column_letter
from survey.instrument import Option
from survey.messages import message
from survey.statistics.fallbacks import exact_fallback
from survey.statistics.finite_population import GroupPopulation
from survey.statistics.fisher import fisher_p
from survey.statistics.intervals import share_interval
from survey.statistics.overlapping_shares import SharedGroups, z_p
from survey.tables import remarks


def column_letters(groups: list[Option]) -> dict[str, str]:
    """Give every group of a banner its letter: A, B, ... Z, AA, AB, ..."""
    return {group.id: column_letter(place) for place, group in enumerate(groups)}


def compare_pairs(
    yes: Any,
    no: Any,
    member: Any,
    groups: list[Option],
    *,
    test: str,
    confidence: float,
    min_base: int,
    lang: str,
    populations: Callable[[str, int, int], GroupPopulation] | None = None,
) -> list[dict[str, Any]]:
    """One row per pair of groups for one row of the stub, before adjustment; `limits` are its interval.

    `populations` gives how many there are in a group, from its id, its base and how many answered.

    `yes` and `no` count the answers by pattern of the banner, `member` (patterns x groups) says who is in a
    group (1, 0, nan). Both shares count those with a known answer to the stub and to both groups, so that
    membership is known on both sides.
    """
    rows = []
    for (place, first), (at, second) in combinations(enumerate(groups), 2):
        one, other = member[:, place], member[:, at]
        kinds = {
            "both": (one == 1) & (other == 1),
            "first": (one == 1) & (other == 0),
            "second": (one == 0) & (other == 1),
        }
        cells = {name: (int(yes[kind].sum()), int(no[kind].sum())) for name, kind in kinds.items()}
        outside = (one == 0) & (other == 0)
        answered = sum(map(sum, cells.values())) + int(yes[outside].sum()) + int(no[outside].sum())
        bases = [sum(cells["both"]) + sum(cells[name]) for name in ("first", "second")]
        sizes = None
        if populations is not None:
            sizes = [
                populations(group.id, base, answered)
                for group, base in zip((first, second), bases, strict=True)
            ]
        row = _pair(cells, test, confidence, min_base, lang, sizes)
        rows.append({"banner_code": first.id, "other_code": second.id, **row})
    return rows


def _pair(
    cells: dict[str, tuple[int, int]],
    test: str,
    confidence: float,
    min_base: int,
    lang: str,
    populations: list[GroupPopulation] | None = None,
) -> dict[str, Any]:
    """Compare two groups from (yes, no) of those in both, in the first alone and in the second alone."""
    nan = float("nan")
    both = cells["both"][0]
    overlap = sum(cells["both"])
    base, other_base = overlap + sum(cells["first"]), overlap + sum(cells["second"])
    n, other_n = both + cells["first"][0], both + cells["second"][0]
    row: dict[str, Any] = {
        **{"n": n, "base": base, "other_n": other_n, "other_base": other_base, "overlap": overlap},
        **dict.fromkeys(("difference", "ci_low", "ci_high", "p_value"), nan),
        "method": "",
        "limits": None,
        "populations": populations,
    }
    if base and other_base:
        row["difference"] = n / base - other_n / other_base
        sizes = (populations[0].number, populations[1].number) if populations else None
        counted = n, base, other_n, other_base, both, overlap
        own = partial(overlap_difference_interval, *counted, populations=sizes)
        row["limits"], (row["ci_low"], row["ci_high"]) = own, own(confidence=confidence)
    if min(base, other_base) < (minimum := max(1, min_base)):
        note = message("note_low_column", lang, base=min(base, other_base), minimum=minimum)
        row |= remarks(("small_base untested", note))
    elif n + other_n in (0, base + other_base):
        row |= one_answer_only("nobody" if n + other_n == 0 else "everybody", lang)
    elif overlap == base == other_base:
        row |= {"ci_low": 0.0, "ci_high": 0.0}
        row |= remarks(("same_respondents untested", message("note_same_respondents", lang)))
    elif test != "z" and not overlap:
        row |= exact_comparison(n, base, other_n, other_base, test, lang)
    else:
        shares = SharedGroups(n, base, other_n, other_base, overlap, both)
        if not (variance := shares.variance) > 1e-12:
            row |= remarks(("no_variation untested", message("note_no_variance", lang)))
        else:
            row |= {"method": "z_overlap", "p_value": z_p(shares.difference, variance)}
    return row


def one_answer_only(code: str, lang: str) -> dict[str, str]:
    """The remark on a cell that `nobody` or `everybody` chose, in the group and outside it."""
    return remarks((f"{code} untested", message(f"note_{code}", lang)))


def exact_comparison(
    n: int, base: int, other_n: int, other_base: int, test: str, lang: str
) -> dict[str, object]:
    """The method and p-value of two disjoint groups, and what it stands in for where they are too large."""
    fallback = exact_fallback(test, base + other_base)
    used = "fisher" if fallback else test
    row: dict[str, object] = {
        "method": f"{used}_exact",
        "p_value": exact_test(n, base, other_n, other_base, used),
    }
    return row | (remarks((fallback, message(f"fallback_{fallback}", lang))) if fallback else {})


def exact_test(n: int, base: int, other_n: int, other_base: int, test: str) -> float:
    """Two-sided p of two disjoint groups: "fisher", or "boschloo", twice the smaller of its two sides."""
    if test == "fisher":
        return fisher_p(n, base, other_n, other_base)
    from scipy.stats import boschloo_exact

    # scipy wants the groups as columns.
    return min(1.0, float(boschloo_exact([[n, other_n], [base - n, other_base - other_n]]).pvalue))


def overlap_difference_interval(
    n: int,
    base: int,
    other_n: int,
    other_base: int,
    both_n: int,
    both: int,
    *,
    confidence: float = 0.95,
    populations: tuple[float, float] | None = None,
) -> tuple[float, float]:
    """Give the limits of the difference of two shares of groups that share `both` respondents.

    The Wilson limits of both shares, combined with the correlation that the shared respondents bring
    (`both_n` of them say yes): Newcombe's interval where nobody is shared; nan where a base is 0. With
    `populations`, how many there are of either group (nan: not known), each share has the limits of its own.

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
        share_interval(count, of, confidence=confidence, population=size)
        for (count, of), size in zip(
            ((n, base), (other_n, other_base)), populations or (None, None), strict=True
        )
    )
    below, above = share - low, high - share
    other_below, other_above = other_share - other_low, other_high - other_share
    down = sqrt(max(0.0, below**2 - 2 * correlation * below * other_above + other_above**2))
    up = sqrt(max(0.0, above**2 - 2 * correlation * above * other_below + other_below**2))
    difference = share - other_share
    return max(-1.0, difference - down), min(1.0, difference + up)
