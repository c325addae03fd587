"""Rankings: who puts an option first or among the uppermost, and its mean rank."""

from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.row_counts import DataLike, counts_of
from survey.instrument import Question
from survey.messages import message
from survey.statistics.banner_groups import (
    banner_of,
    coded_groups,
    mean_interval,
    share_columns,
    too_few_by_weight,
)
from survey.statistics.indicators import ranks_on_top
from survey.statistics.intervals import check_confidence, share_interval
from survey.statistics.moments import moments
from survey.statistics.weighted import no_weight
from survey.statistics.weighted_means import WeightedValues
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def rankings(
    data: DataLike,
    question: str,
    *,
    banner: str | None = None,
    only: str | None = None,
    top: int | None = None,
    interval: str = "wilson",
    confidence: float = 0.95,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per option, of all respondents and then of each group: first choices, top ranks, mean rank.

    `first` is the share that ranked the option first, `in_top` the share that ranked it among the first
    `top`: fractions of `base`, those who ranked any option. `mean_rank` (1 is best) is of the `n_ranked` who
    ranked this option; where some left it out, `note` says so, and the mean flatters options that few rank:
    read it beside `n_ranked`. Groups of a select-all banner may overlap: `crosstab` compares shares,
    `compare_numbers` mean ranks.

    With weights the shares and the mean rank are weighted, `n_ranked`, `n_first` and `n_in_top` stay counts.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        A ranking.
    banner
        A single or select-all question; only the total where None.
    only
        "exclusive": a group is those in it and in no other; "mixed": those in it and in another too.
    top
        How many ranks count as the uppermost; 3 where None, or fewer where there are not so many.
    interval, confidence
        Name of the interval of the shares (see `survey.statistics.intervals.share_interval`), and level of
        all intervals; that of the mean rank is a t interval.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    no_answer, no_weight, partial_ranking, too_few_answers, no_interval.

    Raises
    ------
    UsageError
        An unknown question or one of another kind, another `only`, a `top` that is no number of
        ranks, a confidence outside 0 to 1, an unknown interval.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> options = [{"id": name, "label": {"en": name.title()}} for name in ("price", "taste", "speed")]
    >>> question = {"id": "wish", "kind": "ranking", "short": {"en": "Wish"}, "text": {"en": "Which first?"}}
    >>> schema = {"kind": "survey", "id": "shop", "version": "1.0.0", "languages": ["en"]}
    >>> schema |= {"title": {"en": "Shop"}, "questions": [question | {"options": options}]}
    >>> shop = survey.Instrument.model_validate(schema, strict=False)
    >>> orders = pd.DataFrame({"wish": ["taste > price > speed", "price > taste > speed"]})
    >>> table = survey.rankings(survey.from_frame(orders, shop), "wish")
    >>> table[["code", "n_first", "base", "mean_rank"]].values.tolist()
    [['price', 1, 2, 1.5], ['taste', 1, 2, 1.5], ['speed', 0, 2, 3.0]]
    """
    check_confidence(confidence)
    counts = counts_of(data, banner)
    check_lang(lang, *counts.instrument.languages)
    asked = counts.instrument.question(question, "ranking")
    uppermost = _top(asked, top)
    rows = []
    for group in coded_groups(counts, asked, banner_of(counts, banner), lang, only=only):
        *given, base = group.given.tolist()
        for place, option in enumerate(asked.options):
            places = slice(place * asked.places, (place + 1) * asked.places)
            weighted = group.weighted(places, range(1, asked.places + 1))
            ids = {"question": asked.id, "code": option.id, "label": option.said(lang), **group.ids}
            numbers = _described(given[places], base, uppermost, (interval, confidence), lang)
            if weighted is not None and base:
                everybody = group.weighted(slice(-1, None), [0.0])
                assert everybody is not None
                ranks = (uppermost, asked.places)
                numbers |= _weighted(weighted, everybody, ranks, (interval, confidence), lang)
            rows.append(ids | numbers)
    return contract_frame("ranking", rows)


def _top(question: Question, top: int | None) -> int:
    if top is None:
        return max(1, min(3, question.places, len(question.options) - 1))
    return ranks_on_top(question, top)


def _described(
    given: list[int], base: int, top: int, intervals: tuple[str, float], lang: str
) -> dict[str, Any]:
    """The numbers of one row; `given`: how many gave the option each rank, 1 first."""
    interval, confidence = intervals
    ranked = sum(given)
    summary: dict[str, Any] = {"base": base, "n_ranked": ranked, "top": top}
    for name, n in (("first", given[0]), ("in_top", sum(given[:top]))):
        low, high = share_interval(n, base, interval=interval, confidence=confidence)
        summary |= {f"n_{name}": n, name: n / base if base else None}
        summary |= {f"{name}_low": low, f"{name}_high": high}
    if not base:
        return summary | remarks(("no_answer", message("number_nobody", lang)))
    partial = [("partial_ranking", message("ranking_partial", lang, n=base - ranked, base=base))]
    partial = partial if ranked < base else []
    if not ranked:
        return summary | remarks(*partial)
    mean, spread, _ = moments(range(1, len(given) + 1), given)
    summary["mean_rank"] = mean
    if ranked < 2:
        one = ("too_few_answers no_interval", message("note_one_answer", lang))
        return summary | remarks(one, *partial, lang=lang)
    summary["ci_low"], summary["ci_high"] = mean_interval(mean, spread, ranked, confidence, (1, len(given)))
    return summary | remarks(*partial)


def _weighted(
    given: WeightedValues,
    everybody: WeightedValues,
    ranks: tuple[int, int],
    intervals: tuple[str, float],
    lang: str,
) -> dict[str, Any]:
    """What changes of a row by weight; `everybody`: those who ranked any option; `ranks`: uppermost, all."""
    interval, confidence = intervals
    summary: dict[str, Any] = everybody.columns | {"weighted_n": given.weighted_base}
    blank = ("first", "in_top", "mean_rank", "first_low", "first_high", "in_top_low", "in_top_high")
    summary |= dict.fromkeys((*blank, "ci_low", "ci_high"))
    if not everybody.has_weight:
        return summary | remarks(no_weight(lang))
    for name, own in (("first", given.values == 1), ("in_top", given.values <= ranks[0])):
        summary |= share_columns(name, given, own, interval, confidence, everybody)
    ranked, base = given.base, everybody.base
    partial = [("partial_ranking", message("ranking_partial", lang, n=base - ranked, base=base))]
    partial = partial if ranked < base else []
    if not given.has_weight:
        return summary | remarks(*([no_weight(lang)] if ranked else []), *partial, lang=lang)
    low, high = given.interval(confidence, (1, ranks[1]))
    too_few = [] if low == low else [too_few_by_weight(given, lang)]
    summary |= {"mean_rank": given.mean, "ci_low": low, "ci_high": high}
    return summary | remarks(*too_few, *partial, lang=lang)
