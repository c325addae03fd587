"""How often each option or scale point was chosen."""

from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.row_counts import Counts, DataLike, counts_of
from survey.instrument import Question
from survey.instrument.kinds import kinds_with
from survey.statistics.finite_population import FinitePopulation, Population
from survey.statistics.indicators import histograms, share_sums, unrated_counts
from survey.statistics.intervals import check_confidence, check_interval
from survey.statistics.weighted import ShareSums, is_target, no_weight, target_remark, weighs_nothing
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

    `proportion` is a fraction of `base`, the respondents who answered that option or item; with weights it is
    `weighted_n` of `weighted_base`. The shares of a
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
        Language of `label` and `note`.

    Reasons
    -------
    target, no_weight, population_estimated, population_exact, population_unknown.

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
    import numpy as np

    check_confidence(confidence)
    check_interval(interval, finite=population is not None)
    counts = counts_of(data)
    check_lang(lang, *counts.instrument.languages)
    asked = counts.instrument.question(question, *kinds_with(shares=True))
    finite = FinitePopulation.of(population, counts)
    sums, targets = _sums(counts, asked), is_target(counts, asked)
    rows: list[dict[str, object]] = []
    is_set: list[bool] = []
    for part, target in zip(asked.parts, targets, strict=True):
        codes: list[tuple[str, str | float, str]] = [("", part.id, part.said(lang))]
        if asked.kind == "rating":
            scale = counts.instrument.scale_of(asked)
            codes = [(part.id, point.value, point.said(lang)) for point in (*scale.rated, *scale.unrated)]
        for item, code, label in codes:
            rows.append({"question": asked.id, "item": item, "code": code, "label": label})
            is_set.append(target)
    whole = finite and finite.of_question(counts, asked, int(sums.base.max(initial=0)))
    numbers = zip(
        rows, is_set, weighs_nothing(sums).tolist(), sums.n.tolist(), sums.base.tolist(), strict=True
    )
    for row, target, is_weightless, n, base in numbers:
        parts = [target_remark(asked, lang)] if target else []
        parts += [no_weight(lang)] if is_weightless else []
        parts += whole.remarks(base, lang) if whole else []
        row |= {"n": n, "base": base, **remarks(*parts, lang=lang)}
    frame = contract_frame("frequency", rows).assign(**sums.columns())
    if not all(isinstance(row["code"], str | int) for row in rows):
        import pandas as pd

        own = [row["code"] for row in rows]  # 1 and 1.5, as the scale has them
        frame["code"] = pd.Series(own, dtype=object, index=frame.index)
    frame["proportion"] = sums.proportion
    low, high = sums.limits(interval, confidence, population=whole and whole.number)
    frame["ci_low"], frame["ci_high"] = np.where(is_set, np.nan, (low, high))
    return frame


def _sums(counts: Counts, question: Question) -> ShareSums:
    """The shares of the options, or of the points of every item, those that rate nothing last."""
    import numpy as np

    if question.kind != "rating":
        return share_sums(counts, question)

    def sums(measure: str) -> tuple[Any, Any]:
        rated, beside = histograms(counts, question, measure), unrated_counts(counts, question, measure)
        given = [np.array([*own, *other]) for own, other in zip(rated.tolist(), beside, strict=True)]
        return np.concatenate(given), np.concatenate([own.sum() - own for own in given])

    return ShareSums.of(counts, sums)
