"""Likelihood to recommend, 0 to 10: promoters, passives, detractors, and the net score with its interval."""

from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.row_counts import DataLike, counts_of
from survey.messages import message
from survey.statistics.banner_groups import CodedGroup, banner_of, coded_groups, share_columns
from survey.statistics.intervals import check_confidence, paired_difference_interval, share_interval
from survey.statistics.weighted import no_weight
from survey.statistics.weighted_means import WeightedValues
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

# The scores of each class, by the definition of Reichheld (2003).
CLASSES = {"promoters": range(9, 11), "passives": range(7, 9), "detractors": range(7)}
# What each answer adds to the net score: -1, 0 or 1.
SCORES = tuple((score in CLASSES["promoters"]) - (score in CLASSES["detractors"]) for score in range(11))


def net_promoter(
    data: DataLike,
    question: str,
    *,
    banner: str | None = None,
    only: str | None = None,
    interval: str = "wilson",
    confidence: float = 0.95,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row for all respondents, then one per group: shares of promoters and detractors, the net score.

    `promoters` gave 9 or 10, `passives` 7 or 8, `detractors` 0 to 6: fractions of `base`, each with its count
    and limits. `score` is promoters less detractors, from -1 to 1 (+22 points are .22); `mean` that of the
    answers. Groups of a select-all banner may overlap; `compare_numbers` compares them.

    The limits of the score are those of a score test of two shares of the same respondents (Tango 1998), for
    which only promoters, detractors and base count. They hold their level in small samples too, where the
    plain interval of a mean does not: see `benchmarks/net_promoter_coverage.py`.

    With weights shares, score and mean are weighted, the counts stay counts; the intervals are the same at
    the effective base.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        A question of kind nps.
    banner
        A single or select-all question; only the total where None.
    only
        "exclusive": a group is those in it and in no other; "mixed": those in it and in another too.
    interval, confidence
        Name of the interval of the three shares (see `survey.statistics.intervals.share_interval`), and level
        of all intervals.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    no_answer, no_weight.

    Raises
    ------
    UsageError
        An unknown question or one of another kind, another `only`, a confidence outside 0 to 1, an
        unknown interval.

    References
    ----------
    Reichheld, F. F. (2003), Harvard Business Review 81(12), 46-54. Tango, T. (1998), Statistics in Medicine
    17, 891-908. Rocks, B. (2016), The American Statistician 70(4), 365-372, compares intervals of this score.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> question = {"id": "tell", "kind": "nps", "short": {"en": "Tell"}, "text": {"en": "Recommend us?"}}
    >>> schema = {"kind": "survey", "id": "shop", "version": "1.0.0", "languages": ["en"]}
    >>> schema |= {"title": {"en": "Shop"}, "questions": [question]}
    >>> shop = survey.Instrument.model_validate(schema, strict=False)
    >>> responses = survey.from_frame(pd.DataFrame({"tell": [10, 9, 8, 3]}), shop)
    >>> table = survey.net_promoter(responses, "tell")
    >>> table[["n_promoters", "n_detractors", "base", "score"]].values.tolist()
    [[2.0, 1.0, 4.0, 0.25]]
    """
    check_confidence(confidence)
    counts = counts_of(data, banner)
    check_lang(lang, *counts.instrument.languages)
    asked = counts.instrument.question(question, "nps")
    groups = coded_groups(counts, asked, banner_of(counts, banner), lang, only=only)
    rows = [
        {"question": asked.id, **group.ids, **_described(group, interval, confidence, lang)}
        for group in groups
    ]
    return contract_frame("net_promoter", rows)


def _described(group: CodedGroup, interval: str, confidence: float, lang: str) -> dict[str, Any]:
    """The numbers of one row."""
    given: list[int] = group.given.tolist()  # how many gave each score, 0 first
    base = sum(given)
    weighted = group.weighted(slice(None), range(len(given)))
    if weighted is not None and base:
        return _weighted(weighted, interval, confidence, lang)
    summary: dict[str, Any] = {"base": base}
    for name, scores in CLASSES.items():
        n = sum(given[score] for score in scores)
        summary[f"n_{name}"] = n
        summary[name] = n / base if base else None
        limits = share_interval(n, base, interval=interval, confidence=confidence)
        summary[f"{name}_low"], summary[f"{name}_high"] = limits
    if not base:
        return summary | remarks(("no_answer", message("number_nobody", lang)))
    first, second = summary["n_promoters"], summary["n_detractors"]
    low, high = paired_difference_interval(
        0, first, second, base - first - second, interval="tango", confidence=confidence
    )
    mean = sum(score * n for score, n in enumerate(given)) / base
    return summary | {"score": (first - second) / base, "ci_low": low, "ci_high": high, "mean": mean}


def _weighted(given: WeightedValues, interval: str, confidence: float, lang: str) -> dict[str, Any]:
    """The numbers of one row by weight."""
    import numpy as np

    inside = {name: np.isin(given.values, scores) for name, scores in CLASSES.items()}
    summary: dict[str, Any] = {"base": given.base, **given.columns}
    summary |= {f"n_{name}": int(given.counts[own].sum()) for name, own in inside.items()}
    summary["weighted_n"] = float(given.weights[inside["promoters"]].sum())
    if not given.has_weight:
        return summary | remarks(no_weight(lang))
    for name, own in inside.items():
        summary |= share_columns(name, given, own, interval, confidence)
    first, second = summary["promoters"], summary["detractors"]
    parts = (first, second, max(0.0, 1 - first - second))
    low, high = paired_difference_interval(
        0, *(part * given.effective_base for part in parts), interval="tango", confidence=confidence
    )
    return summary | {"score": first - second, "ci_low": low, "ci_high": high, "mean": given.mean}
