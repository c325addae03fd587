"""Items of one battery against each other: the same respondents rate them all, so every test is paired."""

from collections.abc import Callable
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.row_counts import Counts, DataLike, counts_of
from survey.errors import usage
from survey.instrument import Option, Question
from survey.messages import message
from survey.statistics.equivalence import Limits, check_equivalent_within, fill_verdicts
from survey.statistics.hypotheses import holm
from survey.statistics.indicators import (
    CompleteTable,
    PairTables,
    asked_parts,
    battery_of,
    complete_table,
    pair_tables,
    shares,
    top_points,
)
from survey.statistics.intervals import (
    PAIRED_INTERVALS,
    check_confidence,
    check_min_base,
    paired_difference_interval,
)
from survey.statistics.weighted import is_target, say_unweighted, target_remark
from survey.statistics.weighted_comparisons import PAIRED_TEST, compare_weighted_items
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def compare_items(
    data: DataLike,
    question: str | None = None,
    *,
    top: int | None = None,
    interval: str = "newcombe",
    confidence: float = 0.95,
    min_base: int = 5,
    equivalent_within: float | None = None,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per test: `cochran_q`, `friedman`, then one `mcnemar_exact` per pair of items.

    `cochran_q` compares the top-box shares of all items (for a select-all question the ticks), `friedman` the
    ratings, with Kendall's W as its effect; both use the respondents who answered every item. A
    `mcnemar_exact` row compares two items (`item`, `other_item`) among those who answered both:
    `statistic` counts the discordant respondents who have the first item in the top box and not the
    second, `effect` is the difference of the shares, with Newcombe's or Tango's paired interval. `p_adjusted`
    is Holm's over the pairs. Exclusive options ("not decided") are not compared. With `equivalent_within` the
    pairs have a `verdict`: different, equivalent (the shares differ by less than that), negligible (both) or
    undecided; see `survey.crosstab`.

    With weights the pairs are `paired_f`: the squared difference of the weighted shares over its linearised
    variance (`statistic`), on F(1, n - 1); the limits combine the Wilson limits at the effective base with
    the correlation of the linearised shares. The tests of all items count respondents (unweighted).

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        A rating or select-all question; the instrument's default battery where None.
    top
        How many points are the top box; what the scale says where None.
    interval, confidence
        "newcombe" or "tango" (score), the intervals of the pairs, and their level.
    min_base
        A test with fewer respondents is not computed; `reason` is small_base untested.
    equivalent_within
        The margin within which two shares are the same, as a fraction; no verdicts where None.
    lang
        Language of `note`.

    Reasons
    -------
    small_base, untested, too_few_answers, too_few_items, not_computed, no_variation, left_out,
    discordant_pairs, no_discordant_pair, equivalence, unweighted, target.

    Raises
    ------
    UsageError
        No such battery, or an argument outside its range; Tango's interval of weighted data.

    References
    ----------
    Cochran, W. G. (1950), Biometrika 37, 256-266. Friedman, M. (1937). Kendall, M. & Babington Smith, B.
    (1939). McNemar, Q. (1947), Psychometrika 12, 153-157. Newcombe, R. G. (1998), Statistics in Medicine
    17, 2635-2650, method 10. Tango, T. (1998), Statistics in Medicine 17, 891-908.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> grades = {"geopolitics": [5, 4, 5, 2, 4, 5], "ip_protection": [3, 2, 4, 2, 1, 5]}
    >>> frame = pd.DataFrame(grades).add_prefix("challenges__")
    >>> responses = survey.from_frame(frame, "executive-survey")
    >>> table = survey.compare_items(responses)
    >>> pair = table[table["test"] == "mcnemar_exact"].iloc[0]
    >>> pair["item"], pair["other_item"], int(pair["statistic"]), float(pair["p_value"])
    ('geopolitics', 'ip_protection', 3, 0.25)
    """
    check_confidence(confidence)
    if interval not in PAIRED_INTERVALS:
        raise usage("interval_unknown", interval=interval, known=list(PAIRED_INTERVALS))
    check_min_base(min_base)
    check_equivalent_within(equivalent_within)
    counts = counts_of(data)
    check_lang(lang, *counts.instrument.languages)
    if counts.weighted and interval != PAIRED_INTERVALS[0]:
        raise usage("interval_unweighted", interval=interval, known=list(PAIRED_INTERVALS[:1]))
    asked = battery_of(counts.instrument, question, "rating", "multiple")
    items, absent = asked_parts(asked, shares(counts, asked, top=top).base)
    items = [item for item in items if not item.exclusive]
    names = [item.said(lang) for item in absent]
    left_out = [("left_out", message("note_items_absent", lang, items=names))] if absent else []
    complete = complete_table(counts, asked)
    uppermost = top_points(counts.instrument, asked, top) if asked.kind == "rating" else 1
    rows = [_cochran(complete, uppermost, asked, lang)]
    if asked.kind == "rating":
        rows.append(_friedman(complete, asked, lang))
    unweighted = [("unweighted", message("note_unweighted", lang))] if counts.weighted else []
    for row in rows:
        row |= remarks((row["reason"], row["note"]), *left_out, *unweighted, lang=lang)
    tables = partial(pair_tables, counts, asked, asked, top=top, other_top=top)
    two = list(combinations(items, 2))
    limits: list[Limits | None]
    if counts.weighted:
        numbers, limits = compare_weighted_items(asked, two, tables, confidence, lang)
        pairs = [test_row(asked, PAIRED_TEST, **{**too_few(2, lang), **row}) for row in numbers]
    else:
        cells, paired = tables("n"), partial(paired_difference_interval, interval=interval)
        limits = [partial(paired, *_pair_cells(asked, *pair, cells)) for pair in two]
        own = partial(paired, confidence=confidence)
        pairs = [_mcnemar(asked, *pair, _pair_cells(asked, *pair, cells), own, lang) for pair in two]
    rows = [untested_if_low(row, min_base, lang) for row in rows]
    pairs = [untested_if_low(row, min_base, lang) for row in pairs]
    if counts.weighted:
        _untest_targets(counts, asked, rows, pairs, lang)
    for row, adjusted in zip(pairs, holm([row["p_value"] for row in pairs]), strict=True):
        row["p_adjusted"] = adjusted
    tested = [
        one if row["p_value"] == row["p_value"] else None for row, one in zip(pairs, limits, strict=True)
    ]
    fill_verdicts(pairs, tested, within=equivalent_within, confidence=confidence, lang=lang)
    return contract_frame("test", [*rows, *pairs])


def _untest_targets(
    counts: Counts, question: Question, rows: list[dict[str, Any]], pairs: list[dict[str, Any]], lang: str
) -> None:
    """Take the numbers out of the rows of items whose shares the weights have set, and say so."""
    items = zip(question.parts, is_target(counts, question), strict=True)
    set_items = {item.id: is_set for item, is_set in items}
    for row in rows:
        if all(set_items.values()):
            row |= {**_UNTESTED, **remarks(target_remark(question, lang))}
    for row in pairs:
        if set_items[row["item"]] and set_items[row["other_item"]]:
            row |= {**_UNTESTED, **remarks(target_remark(question, lang))}


_UNTESTED = dict.fromkeys(("statistic", "df", "p_value", "effect", "ci_low", "ci_high"), float("nan"))


def untested_if_low(row: dict[str, Any], min_base: int, lang: str) -> dict[str, Any]:
    """Take the numbers out of a row of the test contract whose base is below the minimum, and say so.

    Of a weighted row that is the effective base.
    """
    if row.get("effective_base", row["base"]) >= min_base or not row["base"]:
        return row
    note = message("note_low_base", lang, base=row["base"], minimum=min_base)
    if "effective_base" in row:
        effective = f"{row['effective_base']:.1f}"
        note = message("note_low_effective", lang, effective=effective, minimum=min_base)
    return {**row, **_UNTESTED, **remarks(("small_base untested", note))}


def test_row(question: Question, test: str, base: int, **values: Any) -> dict[str, Any]:
    """A row of the test contract: blank but for what is given."""
    names = ("statistic", "df", "p_value", "p_adjusted", "effect", "ci_low", "ci_high", "p_equivalence")
    texts = ("item", "other_item", "by", "group", "other_group", "effect_name", "verdict", "reason", "note")
    return {
        **{"question": question.id, "test": test, "base": base},
        **dict.fromkeys(names, float("nan")),
        **dict.fromkeys(texts, ""),
        **values,
    }


def too_few(items: int, lang: str) -> dict[str, str]:
    """The remark that something needs two items, or more complete answers."""
    if items < 2:
        return remarks(("too_few_items not_computed", message("note_too_few_items", lang)))
    return remarks(("too_few_answers not_computed", message("note_too_few", lang)))


def _cochran(complete: CompleteTable, top: int, question: Question, lang: str) -> dict[str, Any]:
    base, items = complete.base, len(complete.items)
    if items < 2 or base < 1:
        return test_row(question, "cochran_q", base, **too_few(items, lang))
    # How many have both of two items in the top box; on the diagonal, one.
    both = complete.joint[:, -top:, :, -top:].sum(axis=(1, 3)).tolist()
    yes = [both[place][place] for place in range(items)]
    total, squares = sum(yes), sum(map(sum, both))  # the sum of the squared totals of respondents
    statistic = None
    if items * total != squares:
        deviations = items * sum(n * n for n in yes) - total * total
        statistic = (items - 1) * deviations / (items * total - squares)
    return _all_items(statistic, complete, question, "cochran_q", "eta_squared_q", lang)


def _friedman(complete: CompleteTable, question: Question, lang: str) -> dict[str, Any]:
    import numpy as np

    base, items = complete.base, len(complete.items)
    if items < 3 or base < 2:
        codes = [*["too_few_items"] * (items < 3), *["too_few_answers"] * (base < 2), "not_computed"]
        note = message("note_too_few_friedman", lang)
        return test_row(question, "friedman", base, **remarks((" ".join(codes), note)))

    # Twice the sum of midranks of each item: 2 for every other item below, 1 for every one tied, and 2.
    points = np.arange(len(complete.values))
    lower = 2 * (points[:, None] > points) + (points[:, None] == points)
    twice = np.einsum("iajb,ab->i", complete.joint, lower) + base  # an item is tied with itself
    tied = sum(int(n) * (size**3 - size) for size, n in enumerate(complete.ties))
    correction = 1 - tied / (items * (items * items - 1) * base)
    statistic = None
    if tied != items * (items * items - 1) * base:
        squares = sum(int(rank) ** 2 for rank in twice) / 4
        statistic = (12.0 / (items * base * (items + 1)) * squares - 3 * base * (items + 1)) / correction
    return _all_items(statistic, complete, question, "friedman", "kendall_w", lang)


def _all_items(
    statistic: float | None,
    complete: CompleteTable,
    question: Question,
    test: str,
    effect_name: str,
    lang: str,
) -> dict[str, Any]:
    """A test of all items at once (None: everybody answers all alike).

    The effect is the statistic over the largest it could be.
    """
    from scipy.special import chdtrc

    base, items = complete.base, len(complete.items)
    if statistic is None:
        remark = remarks(("no_variation", message("note_no_variation", lang)))
        return test_row(question, test, base, statistic=0.0, df=items - 1, p_value=1.0, **remark)
    return test_row(
        question,
        test,
        base,
        statistic=statistic,
        df=items - 1,
        p_value=float(chdtrc(items - 1, statistic)),
        effect_name=effect_name,
        effect=statistic / (base * (items - 1)),
    )


def _pair_cells(
    question: Question, item: Option, other: Option, tables: PairTables
) -> tuple[int, int, int, int]:
    """How many have both items in the top box, the first alone, the second alone, and neither."""
    at = question.parts.index(item), question.parts.index(other)
    both, neither = int(tables.yes_yes[at]), int(tables.no_no[at])
    return both, int(tables.yes_no[at]), int(tables.no_yes[at]), neither


def _mcnemar(
    question: Question,
    item: Option,
    other: Option,
    cells: tuple[int, int, int, int],
    limits: "Callable[..., tuple[float, float]]",
    lang: str,
) -> dict[str, Any]:
    from scipy.special import bdtr

    _, first, second, _ = cells
    base = sum(cells)
    pair = {"item": item.id, "other_item": other.id}
    if not base:
        return test_row(question, "mcnemar_exact", 0, **pair, **too_few(2, lang))
    low, up = limits(*cells)
    p_value, remark = 1.0, ("no_discordant_pair", message("note_no_discordant", lang))
    if first + second:
        if abs(first - second) > 1:  # else every split is as far from the middle
            p_value = 2 * float(bdtr(min(first, second), first + second, 0.5))
        remark = ("discordant_pairs", message("note_discordant", lang, first=first, second=second))
    return test_row(
        question,
        "mcnemar_exact",
        base,
        **pair,
        **remarks(remark),
        statistic=first,
        p_value=p_value,
        effect_name="difference",
        effect=(first - second) / base,
        ci_low=low,
        ci_high=up,
    )


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
