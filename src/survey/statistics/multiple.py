"""Select-all questions: shares of mentions, how many options are ticked, and how groups overlap."""

from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.definition import MEASURES
from survey.counts.row_counts import DataLike, counts_of
from survey.instrument import Question
from survey.statistics.indicators import banner_of, pair_tables, share_sums
from survey.statistics.moments import moments
from survey.statistics.weighted import ShareSums, is_target, no_weight, target_remark, weighs_nothing
from survey.statistics.weighted_means import WeightedValues
from survey.tables import WEIGHTED_COLUMNS, contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def mentions(data: DataLike, question: str, *, lang: str = "en") -> "pd.DataFrame":
    """One row per option of a select-all question, those nobody ticked included.

    `proportion` is `n` of `base`, the share of respondents, and may add past 1; `share_of_mentions` is `n`
    of `mentions`, all ticks together, and adds to 1. An exclusive option is an answer but no mention: its
    share of mentions is missing.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        A select-all question.
    lang
        Language of `label` and `note`.

    Reasons
    -------
    target, no_weight.

    Raises
    ------
    UsageError
        No such select-all question.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> models = ["licensing; newco", "licensing", "newco", "licensing", "independent"]
    >>> responses = survey.from_frame(pd.DataFrame({"expansion_models": models}), "executive-survey")
    >>> table = survey.mentions(responses, "expansion_models").set_index("code")
    >>> table.loc["licensing", ["n", "base", "mentions"]].tolist()
    [3, 5, 6]
    """
    counts = counts_of(data)
    check_lang(lang, *counts.instrument.languages)
    asked = counts.instrument.question(question, "multiple")
    ticks = share_sums(counts, asked)
    groups = [place for place, option in enumerate(asked.options) if not option.exclusive]
    total, weighted = int(ticks.n[groups].sum()), float(ticks.yes[groups].sum())
    rows: list[dict[str, object]] = []
    for option, own, is_set in zip(asked.options, ticks, is_target(counts, asked), strict=True):
        share = float(own.yes) / weighted if weighted and not option.exclusive else float("nan")
        rows.append(
            {
                "question": asked.id,
                "code": option.id,
                "label": option.said(lang),
                "n": int(own.n),
                "base": int(own.base),
                "proportion": float(own.proportion),
                "mentions": total,
                "share_of_mentions": share,
                **own.columns(),
                **remarks(
                    *([target_remark(asked, lang)] if is_set else []),
                    *([no_weight(lang)] if weighs_nothing(own) else []),
                    lang=lang,
                ),
            }
        )
    return contract_frame("mention", rows)


def mention_summary(data: DataLike, question: str, *, lang: str = "en") -> "pd.DataFrame":
    """One row: how many options the respondents ticked, exclusive ones apart.

    `base` are those who answered the question; with weights means are weighted and `weighted_n` is that of
    the mentions; `mean_mentions`, `sd_mentions` (n - 1) and `median_mentions`
    are per respondent of the base; `ticked_nothing` counts those who answered and ticked no option at all,
    `no_answer` those without an answer.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        A select-all question.
    lang
        Language of `note`.

    Reasons
    -------
    no_weight.

    Raises
    ------
    UsageError
        No such select-all question or language.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> models = ["licensing; newco", "licensing", "newco", "licensing", "independent"]
    >>> responses = survey.from_frame(pd.DataFrame({"expansion_models": models}), "executive-survey")
    >>> survey.mention_summary(responses, "expansion_models")[["base", "mentions"]].values.tolist()
    [[5, 6]]
    """
    counts = counts_of(data)
    check_lang(lang, *counts.instrument.languages)
    asked = counts.instrument.question(question, "multiple")
    ticked = counts.tick_counts(asked)  # groups x exclusive options
    per_respondent = ticked.sum(axis=1)
    base = int(ticked.sum())
    values = range(len(per_respondent))
    mean, spread, middle = moments(values, per_respondent)
    weighted: dict[str, float] = {}
    remark: dict[str, str] = {}
    if counts.weighted:
        sums = [counts.tick_counts(asked, measure).sum(axis=1) for measure in MEASURES]
        own = WeightedValues.of(list(values), *sums)
        mean = spread = middle = float("nan")
        if own.has_weight:
            mean, spread, middle = own.mean, own.sd, own.quantile(0.5)
        elif base:
            remark = remarks(no_weight(lang))
        size = (own.weighted_base, own.effective_base)
        mentioned = float((sums[1] * list(values)).sum())
        weighted = dict(zip(WEIGHTED_COLUMNS, (mentioned, *size), strict=True))
    row: dict[str, object] = {
        "question": asked.id,
        "base": base,
        "mentions": sum(ticks * n for ticks, n in enumerate(per_respondent.tolist())),
        "mean_mentions": mean,
        "sd_mentions": spread,
        "median_mentions": middle,
        "ticked_nothing": int(ticked[0, 0]),
        "no_answer": len(counts) - base,
        **weighted,
        **remark,
    }
    return contract_frame("mention_summary", [row])


def overlaps(data: DataLike, question: str | None = None, *, lang: str = "en") -> "pd.DataFrame":
    """One row per ordered pair of groups, each with itself included.

    `n` respondents are in both groups; `base` is the size of the first (`code`), so that `proportion` is
    the share of the first group that is also in the second (`other_code`). On the diagonal `n` is `base`.
    Both sizes count respondents with an answer to both options.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        A select-all (or single) question; the instrument's default banner where None.
    lang
        Language of labels and `note`.

    Reasons
    -------
    no_weight.

    Raises
    ------
    UsageError
        No such question.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> models = ["licensing; newco", "licensing", "newco", "licensing", "independent"]
    >>> responses = survey.from_frame(pd.DataFrame({"expansion_models": models}), "executive-survey")
    >>> table = survey.overlaps(responses).set_index(["code", "other_code"])
    >>> table.loc[("licensing", "newco"), ["n", "base"]].tolist()
    [1, 3]
    """
    counts = counts_of(data)
    check_lang(lang, *counts.instrument.languages)
    asked = banner_of(counts.instrument, question)

    def inside(measure: str) -> tuple[Any, Any]:
        tables = pair_tables(counts, asked, asked, measure)
        return tables.yes_yes, tables.yes_no

    both = ShareSums.of(counts, inside)
    places = {option.id: place for place, option in enumerate(asked.options)}
    rows: list[dict[str, object]] = []
    for group in asked.groups:
        for other in asked.groups:
            own = both[places[group.id], places[other.id]]
            rows.append(
                {
                    "question": asked.id,
                    "code": group.id,
                    "label": group.said(lang),
                    "other_code": other.id,
                    "other_label": other.said(lang),
                    "n": int(own.n),
                    "base": int(own.base),
                    "proportion": float(own.proportion),
                    **own.columns(),
                    **(remarks(no_weight(lang)) if weighs_nothing(own) else {}),
                }
            )
    return contract_frame("overlap", rows)


def group_patterns(
    data: DataLike, question: Question, measure: str = "n"
) -> list[tuple[tuple[str, ...], float]]:
    """Count the respondents by the exact set of groups they are in, the largest set of respondents first.

    `measure` "w": their weights.
    """
    from collections import defaultdict

    import numpy as np

    members, sizes = counts_of(data).group_patterns(question, measure)
    ids = [option.id for option in question.groups]
    own = [place for place, option in enumerate(question.options) if option.id in ids]
    patterns: dict[tuple[str, ...], float] = defaultdict(int)
    for row, size in zip(members, sizes.tolist(), strict=True):
        if not np.isnan(row).all():
            patterns[tuple(group for group, yes in zip(ids, row[own], strict=True) if yes == 1)] += size
    return sorted(patterns.items(), key=lambda entry: (-entry[1], [ids.index(group) for group in entry[0]]))
