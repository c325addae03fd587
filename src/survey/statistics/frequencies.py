"""How often each option or scale point was chosen."""

from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.row_counts import DataLike, counts_of
from survey.instrument.kinds import kinds_with
from survey.statistics.finite_population import FinitePopulation, Population
from survey.statistics.indicators import histograms, shares, unrated_counts
from survey.statistics.intervals import check_confidence, check_interval, share_interval
from survey.statistics.weighted import say_unweighted
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def frequencies(
    data: DataLike,
    question: str,
    *,
    interval: str = "wilson",
    confidence: float = 0.95,
    population: Population | None = None,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per option, or per item and scale point, those nobody chose included.

    `proportion` is a fraction of `base`, the respondents who answered that option or item. The shares of a
    select-all question may add past 1. For a rating battery `item` is the item and `code` the scale point
    (a number), those that rate nothing ("don't know") last: `base` counts them, too. For the other kinds
    `item` is empty and `code` is the option.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        The id of a single, multiple or rating question.
    interval, confidence
        Name and level of the interval: see `survey.statistics.intervals.share_interval`; "hypergeometric"
        with a `population` alone.
    population
        How many there are, of whom the respondents are taken as a random sample, or `{"all": 600}` (numbers
        of groups say nothing here). A question that some were not asked has the part that was.
    lang
        Language of `label`.

    Reasons
    -------
    population_estimated, population_exact.

    Raises
    ------
    UsageError
        No such question, or one of another kind; a confidence outside (0, 1); an unknown interval
        or language; fewer in the population than answered, or a population of weighted data.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frame = pd.DataFrame({"firm_type": ["biotech", "biotech", "biopharma", None]})
    >>> table = survey.frequencies(survey.from_frame(frame, "executive-survey"), "firm_type")
    >>> table[["code", "n", "base"]].values.tolist()
    [['biotech', 2, 3], ['biopharma', 1, 3], ['big_pharma', 0, 3]]
    """
    check_confidence(confidence)
    check_interval(interval, finite=population is not None)
    counts = counts_of(data)
    check_lang(lang, *counts.instrument.languages)
    asked = counts.instrument.question(question, *kinds_with(shares=True))
    finite = FinitePopulation.of(population, counts)
    rows: list[dict[str, Any]] = []
    if asked.kind == "rating":
        scale = counts.instrument.scale_of(asked)
        points = (*scale.rated, *scale.unrated)
        rated, unrated = histograms(counts, asked).tolist(), unrated_counts(counts, asked)
        for item, own, beside in zip(asked.items, rated, unrated, strict=True):
            given = [*own, *beside]
            for point, n in zip(points, given, strict=True):
                rows.append(
                    {
                        "item": item.id,
                        "code": point.value,
                        "label": point.said(lang),
                        "n": n,
                        "base": sum(given),
                    }
                )
    else:
        chosen = shares(counts, asked)
        for option, n, base in zip(asked.options, chosen.n, chosen.base, strict=True):
            rows.append(
                {
                    "item": "",
                    "code": option.id,
                    "label": option.said(lang),
                    "n": n,
                    "base": base,
                }
            )
    whole = None
    if finite is not None:
        whole = finite.of_question(counts, asked, max((row["base"] for row in rows), default=0))
        rows = [{**row, **remarks(*whole.remarks(row["base"], lang), lang=lang)} for row in rows]
    frame = contract_frame("frequency", [{"question": asked.id, **row} for row in rows])
    if not all(isinstance(row["code"], str | int) for row in rows):
        import pandas as pd

        codes = [row["code"] for row in rows]  # 1 and 1.5, as the scale has them
        frame["code"] = pd.Series(codes, dtype=object, index=frame.index)
    frame["proportion"] = frame["n"] / frame["base"].where(frame["base"] > 0)
    frame["ci_low"], frame["ci_high"] = share_interval(
        *(frame["n"], frame["base"]),
        interval=interval,
        confidence=confidence,
        population=whole and whole.number,
    )
    return say_unweighted(frame, counts, lang)
