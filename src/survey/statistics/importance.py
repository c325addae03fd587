"""Importance shares: how many rate each item of a battery in the top box, and where that ranks it."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.definition import MEASURES
from survey.counts.row_counts import DataLike, counts_of
from survey.instrument import Option, Question
from survey.messages import message
from survey.statistics.finite_population import FinitePopulation, Population
from survey.statistics.indicators import battery_of, histograms, share_sums, unrated_counts
from survey.statistics.intervals import check_confidence, check_interval
from survey.statistics.moments import NAN, moments
from survey.statistics.ranks import Ranking, ranking_of
from survey.statistics.weighted import ShareSums, is_target, no_weight, target_remark
from survey.statistics.weighted_means import WeightedValues
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def importance_shares(
    data: DataLike,
    question: str | None = None,
    *,
    top: int | None = None,
    interval: str = "wilson",
    confidence: float = 0.95,
    population: Population | None = None,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per item of a rating battery, the highest share first; items nobody answered last.

    `n_top` counts the ratings among the `top` highest points, `proportion` is its fraction of `base` (those
    who rated the item), `mean`, `sd` (n - 1) and `median` are of the ratings. Ties share the better rank and
    are named in `note`; `rank_low` to `rank_high` holds the true rank of this one item with the stated
    confidence. Both are about the same respondents: where not all items were rated by the same ones, about
    those who rated every item, or there are no limits, which `reason` and `note` say (see
    `survey.rank_sets`).

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        The id of a rating question; the instrument's default battery where None.
    top
        How many points are the top box; what the scale says where None (2 in the executive survey).
    interval, confidence
        Name and level of the interval: see `survey.statistics.intervals.share_interval`; "hypergeometric"
        with a `population` alone.
    population
        How many there are, of whom the respondents are taken as a random sample, or `{"all": 600}` (numbers
        of groups say nothing here). A question that some were not asked has the part that was. Ranks are
        those of firms like these: they do not know it.
    lang
        Language of `label` and `note`.

    Reasons
    -------
    no_answer, no_weight, tie, not_rated, common_respondents, different_bases, no_interval,
    target, population_estimated, population_exact, population_unknown.

    Raises
    ------
    UsageError
        No such battery; `top` outside the scale; a confidence outside (0, 1); an unknown interval
        or language; fewer in the population than answered, or a population of weighted data.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> grades = {"geopolitics": [5, 4, 5, 2, 4, 5], "ip_protection": [3, 2, 4, 2, 1, 5]}
    >>> frame = pd.DataFrame(grades).add_prefix("challenges__")
    >>> responses = survey.from_frame(frame, "executive-survey")
    >>> table = survey.importance_shares(responses)
    >>> table[["item", "n_top", "base", "rank"]].head(2).values.tolist()
    [['geopolitics', 5, 6, 1], ['ip_protection', 2, 6, 2]]
    """
    import numpy as np

    check_confidence(confidence)
    check_interval(interval, finite=population is not None)
    counts = counts_of(data)
    check_lang(lang, *counts.instrument.languages)
    asked = battery_of(counts.instrument, question)
    ids = [item.id for item in asked.items]
    in_top = dict(zip(ids, share_sums(counts, asked, top=top), strict=True))
    targets = dict(zip(ids, is_target(counts, asked), strict=True))
    bases = {item: int(own.base) for item, own in in_top.items()}
    finite = FinitePopulation.of(population, counts)
    whole = finite and finite.of_question(counts, asked, max(bases.values()))
    ranking = ranking_of(counts, asked, top, confidence, lang)
    scale = counts.instrument.scale_of(asked)
    unrated = dict(zip(ids, map(sum, unrated_counts(counts, asked)), strict=True))
    labels = message("item_separator", lang).join(point.said(lang) for point in scale.unrated)
    measures = MEASURES if counts.weighted else MEASURES[:1]
    ratings = zip(*(histograms(counts, asked, measure) for measure in measures), strict=True)
    rows: list[dict[str, Any]] = []
    for item, given in zip(asked.items, ratings, strict=True):
        mean, spread, middle = _moments(scale.values, given)
        row: dict[str, Any] = {
            "question": asked.id,
            "item": item.id,
            "label": item.said(lang),
            "base": bases[item.id],
            "n_top": int(in_top[item.id].n),
            **in_top[item.id].columns(),
            "mean": mean,
            "sd": spread,
            "median": middle,
            **remarks(no_weight(lang) if bases[item.id] else ("no_answer", message("note_no_answers", lang))),
        }
        not_rated = ("not_rated", message("note_not_rated", lang, labels=labels))
        beside = not_rated if unrated[item.id] else ("", "")
        if not in_top[item.id].weighted_base > 0:
            row |= remarks((row["reason"], row["note"]), beside, lang=lang)
        else:
            more = list(whole.remarks(bases[item.id], lang)) if whole else []
            if targets[item.id] and not all(targets.values()):  # of all the ranking says it
                more.append(target_remark(asked, lang))
            row |= _ranked(asked, item, ranking, (beside, *more), lang)
        rows.append(row)
    rows.sort(key=lambda row: _order(in_top[row["item"]]))
    frame = contract_frame("importance", rows)
    for column in ("rank", "rank_low", "rank_high"):
        frame[column] = frame[column].astype("Int64")
    in_order = share_sums(counts, asked, top=top)[[ids.index(item) for item in frame["item"]]]
    frame["proportion"] = in_order.proportion
    limits = in_order.limits(interval, confidence, population=whole and whole.number)
    is_set = frame["item"].map(targets).to_numpy(dtype=bool)
    frame["ci_low"], frame["ci_high"] = np.where(is_set, np.nan, limits)
    return frame


def _ranked(
    asked: Question, item: Option, ranking: Ranking, more: Sequence[tuple[str, str]], lang: str
) -> dict[str, object]:
    """The rank of an item, its limits, and what is said of it."""
    tied = [asked.part(other).said(lang) for other in ranking.tied(item.id)]
    others = message("item_separator", lang).join(tied)
    tie = ("tie", message("note_tied", lang, others=others)) if tied else ("", "")
    parts = [tie, more[0], (ranking.remark["reason"], ranking.remark["note"]), *more[1:]]
    row: dict[str, object] = {"rank": ranking.rank(item.id), **remarks(*parts, lang=lang)}
    for low, high in [ranking.sets["marginal"][item.id]] if ranking.sets else []:
        row |= {"rank_low": low, "rank_high": high}
    return row


def _order(sums: ShareSums) -> tuple[bool, Fraction | float]:
    """What the rows are sorted by: the highest share first, items nobody answered last."""
    if not sums.weighted:
        return not sums.base, -Fraction(int(sums.n), int(sums.base) or 1)
    empty = not sums.weighted_base > 0
    return empty, 0.0 if empty else -round(float(sums.proportion), 12)


def _moments(values: Sequence[float], given: Sequence[Any]) -> tuple[float, float, float]:
    """Mean, standard deviation and median of ratings: of counts, or of counts, weights and their squares."""
    if len(given) == 1:
        return moments(values, given[0])
    own = WeightedValues.of(values, *given)
    return (own.mean, own.sd, own.quantile(0.5)) if own.has_weight else (NAN, NAN, NAN)
