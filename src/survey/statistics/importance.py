"""Importance shares: how many rate each item of a battery in the top box, and where that ranks it."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.row_counts import DataLike, counts_of
from survey.messages import message
from survey.statistics.finite_population import FinitePopulation, Population
from survey.statistics.indicators import battery_of, histograms, shares, unrated_counts
from survey.statistics.intervals import check_confidence, check_interval, share_interval
from survey.statistics.moments import moments
from survey.statistics.ranks import ranking_of
from survey.statistics.weighted import say_unweighted
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
    no_answer, tie, not_rated, common_respondents, different_bases, no_interval,
    population_estimated, population_exact.

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
    check_confidence(confidence)
    check_interval(interval, finite=population is not None)
    counts = counts_of(data)
    check_lang(lang, *counts.instrument.languages)
    asked = battery_of(counts.instrument, question)
    ids = [item.id for item in asked.items]
    in_top = shares(counts, asked, top=top)
    n_top, bases = dict(zip(ids, in_top.n, strict=True)), dict(zip(ids, in_top.base, strict=True))
    finite = FinitePopulation.of(population, counts)
    whole = finite and finite.of_question(counts, asked, max(bases.values()))
    ranking = ranking_of(counts, asked, top, confidence, lang)
    scale = counts.instrument.scale_of(asked)
    unrated = dict(zip(ids, map(sum, unrated_counts(counts, asked)), strict=True))
    labels = message("item_separator", lang).join(point.said(lang) for point in scale.unrated)
    ratings = dict(zip(ids, histograms(counts, asked), strict=True))
    rows: list[dict[str, Any]] = []
    for item in asked.items:
        mean, spread, middle = moments(scale.values, ratings[item.id])
        row: dict[str, Any] = {
            "question": asked.id,
            "item": item.id,
            "label": item.said(lang),
            "base": bases[item.id],
            "n_top": n_top[item.id],
            "mean": mean,
            "sd": spread,
            "median": middle,
            **remarks(("no_answer", message("note_no_answers", lang))),
        }
        not_rated = ("not_rated", message("note_not_rated", lang, labels=labels))
        beside = not_rated if unrated[item.id] else ("", "")
        if not bases[item.id]:
            row |= remarks((row["reason"], row["note"]), beside, lang=lang)
        else:
            tied = [asked.part(other).said(lang) for other in ranking.tied(item.id)]
            separator = message("item_separator", lang)
            tie = ("tie", message("note_tied", lang, others=separator.join(tied))) if tied else ("", "")
            of_whom = (ranking.remark["reason"], ranking.remark["note"])
            parts = [tie, beside, of_whom, *(whole.remarks(bases[item.id], lang) if whole else ())]
            row |= {"rank": ranking.rank(item.id), **remarks(*parts, lang=lang)}
            for low, high in [ranking.sets["marginal"][item.id]] if ranking.sets else []:
                row |= {"rank_low": low, "rank_high": high}
        rows.append(row)
    rows.sort(
        key=lambda row: (not bases[row["item"]], -Fraction(n_top[row["item"]], bases[row["item"]] or 1))
    )
    frame = contract_frame("importance", rows)
    for column in ("rank", "rank_low", "rank_high"):
        frame[column] = frame[column].astype("Int64")
    frame["proportion"] = frame["n_top"] / frame["base"].where(frame["base"] > 0)
    frame["ci_low"], frame["ci_high"] = share_interval(
        *(frame["n_top"], frame["base"]),
        interval=interval,
        confidence=confidence,
        population=whole and whole.number,
    )
    return say_unweighted(frame, counts, lang)
