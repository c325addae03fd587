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
    PAIRED_METHODS,
    check_confidence,
    check_min_base,
    paired_difference_interval,
)
from survey.tables import contract_frame

if TYPE_CHECKING:
    import pandas as pd

_NOTHING = {"statistic": float("nan"), "df": float("nan"), "p_value": float("nan")}


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
    `mcnemar_exact` row compares two items (`by` is `item|item`) among those who answered both:
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
        A test with fewer respondents is not computed; `note` says [low].
    lang
        Language of `note`.

    Raises
    ------
    UsageError
        No such battery, or an argument outside its range.

    References
    ----------
    Cochran, W. G. (1950), Biometrika 37, 256-266. Friedman, M. (1937). Kendall, M. & Babington Smith, B.
    (1939). McNemar, Q. (1947), Psychometrika 12, 153-157. Newcombe, R. G. (1998), Statistics in Medicine
    17, 2635-2650, method 10. Tango, T. (1998), Statistics in Medicine 17, 891-908.
    """
    check_confidence(confidence)
    if interval not in PAIRED_METHODS:
        raise usage("interval_unknown", interval=interval, known=", ".join(PAIRED_METHODS))
    check_min_base(min_base)
    responses = responses_of(data)
    check_lang(lang, *responses.instrument.languages)
    asked = battery_of(responses, question, "rating", "multiple")
    yes = indicators(responses, asked, top=top)
    items, absent = asked_parts(asked, yes)
    items = [item for item in items if not item.exclusive]
    left_out = message("note_items_absent", lang, items=", ".join(i.id for i in absent)) if absent else ""
    rows = [_cochran(complete_answers(yes, items), asked, lang)]
    if asked.kind == "rating":
        rows.append(_friedman(complete_answers(ratings(responses, asked), items), asked, lang))
    for row in rows:
        row["note"] = " ".join(part for part in (row["note"], left_out) if part)
    values = {item.id: yes[item.id].to_numpy() for item in items}
    limits = partial(paired_difference_interval, confidence=confidence, method=interval)
    pairs = [
        _mcnemar(values[first.id], values[second.id], asked, f"{first.id}|{second.id}", limits, lang)
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
    return {**row, **blank, "note": note}


def _row(question: Question, by: str, test: str, base: int, **values: Any) -> dict[str, Any]:
    blank = {"p_adjusted": float("nan"), "effect_name": "", "effect": float("nan")}
    limits = {"ci_low": float("nan"), "ci_high": float("nan"), "note": ""}
    return {
        "question": question.id,
        "by": by,
        "test": test,
        "base": base,
        **_NOTHING,
        **blank,
        **limits,
        **values,
    }


def _cochran(complete: Any, question: Question, lang: str) -> dict[str, Any]:
    from statsmodels.stats.contingency_tables import cochrans_q

    base, items = complete.shape
    if items < 2 or base < 1:
        note = message("note_too_few_items" if items < 2 else "note_too_few", lang)
        return _row(question, "items", "cochran_q", base, note=note)
    if (complete == complete[:, :1]).all():
        note = message("note_no_variation", lang)
        return _row(question, "items", "cochran_q", base, statistic=0.0, df=items - 1, p_value=1.0, note=note)
    found = cochrans_q(complete)
    return _row(
        question,
        "items",
        "cochran_q",
        base,
        statistic=float(found.statistic),
        df=items - 1,
        p_value=float(found.pvalue),
        effect_name="eta_squared_q",
        effect=float(found.statistic) / (base * (items - 1)),
    )


def _friedman(complete: Any, question: Question, lang: str) -> dict[str, Any]:
    from scipy.stats import friedmanchisquare

    base, items = complete.shape
    if items < 3 or base < 2:
        return _row(question, "items", "friedman", base, note=message("note_too_few_friedman", lang))
    if (complete == complete[:, :1]).all():
        note = message("note_no_variation", lang)
        return _row(question, "items", "friedman", base, statistic=0.0, df=items - 1, p_value=1.0, note=note)
    found = friedmanchisquare(*complete.T)
    return _row(
        question,
        "items",
        "friedman",
        base,
        statistic=float(found.statistic),
        df=items - 1,
        p_value=float(found.pvalue),
        effect_name="kendall_w",
        effect=float(found.statistic) / (base * (items - 1)),
    )


def _mcnemar(
    one: Any, other: Any, question: Question, by: str, limits: "Callable[..., tuple[float, float]]", lang: str
) -> dict[str, Any]:
    from statsmodels.stats.contingency_tables import mcnemar

    both, neither = int(((one == 1) & (other == 1)).sum()), int(((one == 0) & (other == 0)).sum())
    first, second = int(((one == 1) & (other == 0)).sum()), int(((one == 0) & (other == 1)).sum())
    base = both + first + second + neither  # a missing answer is neither 0 nor 1
    if not base:
        return _row(question, by, "mcnemar_exact", 0, note=message("note_too_few", lang))
    low, up = limits(both, first, second, neither)
    note = message("note_discordant", lang, first=first, second=second)
    p_value = 1.0
    if first + second:
        p_value = float(mcnemar([[both, first], [second, neither]], exact=True).pvalue)
    else:
        note = message("note_no_discordant", lang)
    return _row(
        question,
        by,
        "mcnemar_exact",
        base,
        statistic=first,
        p_value=p_value,
        effect_name="difference",
        effect=(first - second) / base,
        ci_low=low,
        ci_high=up,
        note=note,
    )


def compare_ratings(
    data: ResponsesLike,
    question: str | None = None,
    *,
    through: str = "scipy",
    min_base: int = 5,
    lang: str = "en",
) -> "pd.DataFrame":
    """One `wilcoxon` row per pair of items: signed ranks of the rating differences.

    `by` is `item|item`, `statistic` the smaller rank sum W, `effect` the matched-pairs rank-biserial
    correlation (positive where the first item is rated higher), `p_adjusted` Holm's over the pairs. Equal
    ratings take no part; the p-value is exact where none are equal and few respondents rated, else normal
    with the variance corrected for ties and a continuity correction. Base: those who rated both; a pair
    nobody rated stands with base 0.

    Parameters
    ----------
    data
        Responses, or the path of a file of responses.
    question
        A rating question; the instrument's default battery where None.
    through
        "scipy", or "pingouin", whose numbers are the same and whose import takes longer than a whole report.
    min_base
        A test with fewer respondents is not computed; `note` says [low].
    lang
        Language of `note`.

    Raises
    ------
    UsageError
        No such rating battery, or an argument outside its range.

    References
    ----------
    Wilcoxon, F. (1945). Kerby, D. S. (2014), Comprehensive Psychology 3, 11.IT.3.1.
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
        by = f"{first.id}|{second.id}"
        pair = complete_answers(answers, [first, second])
        if not (pair[:, 0] != pair[:, 1]).any():
            note = message("note_no_discordant" if len(pair) else "note_too_few", lang)
            p_value = 1.0 if len(pair) else float("nan")
            rows.append(_row(asked, by, "wilcoxon", len(pair), p_value=p_value, note=note))
            continue
        statistic, p_value, effect = _signed_ranks(pair, through)
        values = {
            "statistic": statistic,
            "p_value": p_value,
            "effect_name": "rank_biserial",
            "effect": effect,
        }
        rows.append(_row(asked, by, "wilcoxon", len(pair), **values))
    rows = [untested_if_low(row, min_base, lang) for row in rows]
    for row, adjusted in zip(rows, holm([row["p_value"] for row in rows]), strict=True):
        row["p_adjusted"] = adjusted
    return contract_frame("test", rows)


def _signed_ranks(pair: Any, through: str) -> tuple[float, float, float]:
    """Compare two columns of ratings: the smaller rank sum, two-sided p-value, rank-biserial correlation."""
    if through == "pingouin":
        from survey.statistics.through_pingouin import wilcoxon as by_pingouin

        return by_pingouin(pair[:, 0], pair[:, 1])
    from scipy.stats import rankdata, wilcoxon

    found = wilcoxon(pair[:, 0], pair[:, 1], correction=True)
    moved = pair[:, 0] - pair[:, 1]
    moved = moved[moved != 0]
    ranks = rankdata(abs(moved))
    effect = (ranks[moved > 0].sum() - ranks[moved < 0].sum()) / ranks.sum()
    return float(found.statistic), float(found.pvalue), float(effect)
