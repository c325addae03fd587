"""Items of one battery against each other: the same respondents rate them all, so every test is paired."""

from collections.abc import Callable
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.errors import usage
from survey.ingest import ResponsesLike, responses_of
from survey.instrument import Question
from survey.messages import message
from survey.statistics.crosstabs import holm
from survey.statistics.indicators import asked_parts, battery_of, complete_answers, indicators, ratings
from survey.statistics.intervals import (
    PAIRED_INTERVALS,
    check_confidence,
    check_min_base,
    paired_difference_interval,
)
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def compare_items(
    data: ResponsesLike,
    question: str | None = None,
    *,
    top: int | None = None,
    interval: str = "newcombe",
    confidence: float = 0.95,
    min_base: int = 5,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per test: `cochran_q`, `friedman`, then one `mcnemar_exact` per pair of items.

    `cochran_q` compares the top-box shares of all items (for a select-all question the ticks), `friedman` the
    ratings, with Kendall's W as its effect; both use the respondents who answered every item. A
    `mcnemar_exact` row compares two items (`item`, `other_item`) among those who answered both:
    `statistic` counts the discordant respondents who have the first item in the top box and not the
    second, `effect` is the difference of the shares, with Newcombe's or Tango's paired interval. `p_adjusted`
    is Holm's over the pairs. Exclusive options ("not decided") are not compared.

    Parameters
    ----------
    data
        Responses, or the path of a file of responses.
    question
        A rating or select-all question; the instrument's default battery where None.
    top
        How many points are the top box; what the scale says where None.
    interval, confidence
        "newcombe" or "tango" (score), the intervals of the pairs, and their level.
    min_base
        A test with fewer respondents is not computed; `reason` is small_base untested.
    lang
        Language of `note`.

    Reasons
    -------
    small_base, untested, too_few_answers, too_few_items, not_computed, no_variation, left_out,
    discordant_pairs, no_discordant_pair.

    Raises
    ------
    UsageError
        No such battery, or an argument outside its range.

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
    responses = responses_of(data)
    check_lang(lang, *responses.instrument.languages)
    asked = battery_of(responses, question, "rating", "multiple")
    yes = indicators(responses, asked, top=top)
    items, absent = asked_parts(asked, yes)
    items = [item for item in items if not item.exclusive]
    names = ", ".join(item.id for item in absent)
    left_out = [("left_out", message("note_items_absent", lang, items=names))] if absent else []
    rows = [_cochran(complete_answers(yes, items), asked, lang)]
    if asked.kind == "rating":
        rows.append(_friedman(complete_answers(ratings(responses, asked), items), asked, lang))
    for row in rows:
        row |= remarks((row["reason"], row["note"]), *left_out)
    values = {item.id: yes[item.id].to_numpy() for item in items}
    limits = partial(paired_difference_interval, interval=interval, confidence=confidence)
    pairs = [
        _mcnemar(asked, (first.id, second.id), values[first.id], values[second.id], limits, lang)
        for first, second in combinations(items, 2)
    ]
    rows = [untested_if_low(row, min_base, lang) for row in rows]
    pairs = [untested_if_low(row, min_base, lang) for row in pairs]
    for row, adjusted in zip(pairs, holm([row["p_value"] for row in pairs]), strict=True):
        row["p_adjusted"] = adjusted
    return contract_frame("test", [*rows, *pairs])


def untested_if_low(row: dict[str, Any], min_base: int, lang: str) -> dict[str, Any]:
    """Take the numbers out of a row of the test contract whose base is below the minimum, and say so."""
    if row["base"] >= min_base or not row["base"]:
        return row
    note = message("note_low_base", lang, base=row["base"], minimum=min_base)
    blank = dict.fromkeys(("statistic", "df", "p_value", "effect", "ci_low", "ci_high"), float("nan"))
    return {**row, **blank, **remarks(("small_base untested", note))}


def test_row(question: Question, test: str, base: int, **values: Any) -> dict[str, Any]:
    """A row of the test contract: blank but for what is given."""
    names = ("statistic", "df", "p_value", "p_adjusted", "effect", "ci_low", "ci_high")
    texts = ("item", "other_item", "by", "group", "effect_name", "reason", "note")
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


def _cochran(complete: Any, question: Question, lang: str) -> dict[str, Any]:
    from statsmodels.stats.contingency_tables import cochrans_q

    base, items = complete.shape
    if items < 2 or base < 1:
        return test_row(question, "cochran_q", base, **too_few(items, lang))
    return _all_items(complete, question, "cochran_q", "eta_squared_q", cochrans_q, lang)


def _friedman(complete: Any, question: Question, lang: str) -> dict[str, Any]:
    from scipy.stats import friedmanchisquare

    base, items = complete.shape
    if items < 3 or base < 2:
        codes = [*["too_few_items"] * (items < 3), *["too_few_answers"] * (base < 2), "not_computed"]
        note = message("note_too_few_friedman", lang)
        return test_row(question, "friedman", base, **remarks((" ".join(codes), note)))

    def friedman(answers: Any) -> Any:
        return friedmanchisquare(*answers.T)

    return _all_items(complete, question, "friedman", "kendall_w", friedman, lang)


def _all_items(
    complete: Any, question: Question, test: str, effect_name: str, compute: Callable[[Any], Any], lang: str
) -> dict[str, Any]:
    """A test of all items at once; the effect is the statistic over the largest it could be."""
    base, items = complete.shape
    if (complete == complete[:, :1]).all():
        remark = remarks(("no_variation", message("note_no_variation", lang)))
        return test_row(question, test, base, statistic=0.0, df=items - 1, p_value=1.0, **remark)
    outcome = compute(complete)
    statistic = float(outcome.statistic)
    return test_row(
        question,
        test,
        base,
        statistic=statistic,
        df=items - 1,
        p_value=float(outcome.pvalue),
        effect_name=effect_name,
        effect=statistic / (base * (items - 1)),
    )


def _mcnemar(
    question: Question,
    items: tuple[str, str],
    one: Any,
    other: Any,
    limits: "Callable[..., tuple[float, float]]",
    lang: str,
) -> dict[str, Any]:
    from statsmodels.stats.contingency_tables import mcnemar

    both, neither = int(((one == 1) & (other == 1)).sum()), int(((one == 0) & (other == 0)).sum())
    first, second = int(((one == 1) & (other == 0)).sum()), int(((one == 0) & (other == 1)).sum())
    base = both + first + second + neither  # a missing answer is neither 0 nor 1
    pair = dict(zip(("item", "other_item"), items, strict=True))
    if not base:
        return test_row(question, "mcnemar_exact", 0, **pair, **too_few(2, lang))
    low, up = limits(both, first, second, neither)
    p_value, remark = 1.0, ("no_discordant_pair", message("note_no_discordant", lang))
    if first + second:
        p_value = float(mcnemar([[both, first], [second, neither]], exact=True).pvalue)
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
    data: ResponsesLike,
    question: str | None = None,
    *,
    through: str = "scipy",
    min_base: int = 5,
    lang: str = "en",
) -> "pd.DataFrame":
    """One `wilcoxon` row per pair of items: signed ranks of the rating differences.

    `item` against `other_item`: `statistic` is the smaller rank sum W, `effect` the matched-pairs
    rank-biserial correlation (positive where `item` is rated higher), `p_adjusted` Holm's over the pairs.
    Equal ratings take no part; the p-value is exact (over all patterns of signs) where at most 13
    respondents rated both, or at most 50 without ties and equal ratings, else normal with the variance
    corrected for ties and a continuity correction. Base: those who rated both; a pair nobody rated stands
    with base 0.

    Parameters
    ----------
    data
        Responses, or the path of a file of responses.
    question
        A rating question; the instrument's default battery where None.
    through
        "scipy", or "pingouin", whose numbers are the same and whose import takes longer than a whole report.
    min_base
        A test with fewer respondents is not computed; `reason` is small_base untested.
    lang
        Language of `note`.

    Reasons
    -------
    small_base, untested, too_few_answers, not_computed, no_discordant_pair.

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
    responses = responses_of(data)
    check_lang(lang, *responses.instrument.languages)
    asked = battery_of(responses, question)
    answers = ratings(responses, asked)
    rows: list[dict[str, Any]] = []
    for first, second in combinations(asked.items, 2):
        ids = {"item": first.id, "other_item": second.id}
        pair = complete_answers(answers, [first, second])
        if not len(pair):
            rows.append(test_row(asked, "wilcoxon", 0, **ids, **too_few(2, lang)))
            continue
        if not (pair[:, 0] != pair[:, 1]).any():
            remark = remarks(("no_discordant_pair", message("note_no_discordant", lang)))
            rows.append(test_row(asked, "wilcoxon", len(pair), **ids, p_value=1.0, **remark))
            continue
        statistic, p_value, effect = _signed_ranks(pair, through)
        values = {
            "statistic": statistic,
            "p_value": p_value,
            "effect_name": "rank_biserial",
            "effect": effect,
        }
        rows.append(test_row(asked, "wilcoxon", len(pair), **ids, **values))
    rows = [untested_if_low(row, min_base, lang) for row in rows]
    for row, adjusted in zip(rows, holm([row["p_value"] for row in rows]), strict=True):
        row["p_adjusted"] = adjusted
    return contract_frame("test", rows)


def _signed_ranks(pair: Any, through: str) -> tuple[float, float, float]:
    """Compare two columns of ratings: the smaller rank sum, two-sided p-value, rank-biserial correlation."""
    if through == "pingouin":
        from survey.statistics.through_pingouin import wilcoxon as by_pingouin

        return by_pingouin(pair[:, 0], pair[:, 1])
    import numpy as np
    from scipy.stats import rankdata, wilcoxon

    moved = pair[:, 0] - pair[:, 1]
    moved = moved[moved != 0]
    ranks = rankdata(abs(moved))
    higher, lower = float(ranks[moved > 0].sum()), float(ranks[moved < 0].sum())
    statistic, effect = min(higher, lower), (higher - lower) / float(ranks.sum())
    if len(pair) <= _EXACT:
        return statistic, _sign_flips(ranks, statistic), effect
    plain = len(moved) == len(pair) <= _WITHOUT_TIES and len(np.unique(ranks)) == len(ranks)
    method = "exact" if plain else "asymptotic"
    outcome = wilcoxon(pair[:, 0], pair[:, 1], correction=True, method=method)
    return statistic, float(outcome.pvalue), effect


def _sign_flips(ranks: Any, smaller: float) -> float:
    """The exact two-sided p-value of a smaller rank sum: all patterns of signs are equally likely."""
    import numpy as np

    patterns = np.ones(1)  # how many patterns of signs give each sum of ranks; ranks are doubled to be whole
    for rank in np.rint(2 * ranks).astype(int):
        patterns = np.pad(patterns, (0, rank)) + np.pad(patterns, (rank, 0))
    below = patterns[: round(2 * smaller) + 1].sum()
    return float(min(1.0, 2 * below / patterns.sum()))
