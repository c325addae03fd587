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
from survey.statistics.test_rows import UNTESTED, test_row, too_few, untested_if_low
from survey.statistics.weighted import is_target, target_remark
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
            row |= {**UNTESTED, **remarks(target_remark(question, lang))}
    for row in pairs:
        if set_items[row["item"]] and set_items[row["other_item"]]:
            row |= {**UNTESTED, **remarks(target_remark(question, lang))}


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
