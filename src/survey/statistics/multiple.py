"""Select-all questions: shares of mentions, how many options are ticked, and how groups overlap."""

from typing import TYPE_CHECKING

from survey.arguments import check_lang
from survey.ingest import Responses, ResponsesLike, responses_of
from survey.instrument import Question
from survey.statistics.indicators import banner_of, indicators
from survey.tables import contract_frame

if TYPE_CHECKING:
    import pandas as pd


def mentions(data: ResponsesLike, question: str, *, lang: str = "en") -> "pd.DataFrame":
    """One row per option of a select-all question, those nobody ticked included.

    `proportion` is `n` of `base`, the share of respondents, and may add past 1; `share_of_mentions` is `n`
    of `mentions`, all ticks together, and adds to 1. An exclusive option is an answer but no mention: its
    share of mentions is missing.

    Parameters
    ----------
    data
        Responses, or the path of a file of responses.
    question
        A select-all question.
    lang
        Language of `label`.

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
    responses = responses_of(data)
    check_lang(lang, *responses.instrument.languages)
    asked = responses.instrument.question(question, "multiple")
    ticks = indicators(responses, asked)
    counts = {option.id: int(ticks[option.id].sum()) for option in asked.options}
    total = sum(counts[option.id] for option in asked.groups)
    rows: list[dict[str, object]] = []
    for option in asked.options:
        base = int(ticks[option.id].notna().sum())
        n = counts[option.id]
        rows.append(
            {
                "question": asked.id,
                "code": option.id,
                "label": option.said(lang),
                "n": n,
                "base": base,
                "proportion": n / base if base else float("nan"),
                "mentions": total,
                "share_of_mentions": n / total if total and not option.exclusive else float("nan"),
            }
        )
    return contract_frame("mention", rows)


def mention_summary(data: ResponsesLike, question: str) -> "pd.DataFrame":
    """One row: how many options the respondents ticked, exclusive ones apart.

    `base` are those who answered the question; `mean_mentions`, `sd_mentions` (n - 1) and `median_mentions`
    are per respondent of the base; `ticked_nothing` counts those who answered and ticked no option at all,
    `no_answer` those without an answer.

    Parameters
    ----------
    data
        Responses, or the path of a file of responses.
    question
        A select-all question.

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
    >>> survey.mention_summary(responses, "expansion_models")[["base", "mentions"]].values.tolist()
    [[5, 6]]
    """
    responses = responses_of(data)
    asked = responses.instrument.question(question, "multiple")
    ticks = indicators(responses, asked)
    answered = ticks[ticks.notna().any(axis=1)]
    per_respondent = answered[[option.id for option in asked.groups]].sum(axis=1)
    row: dict[str, object] = {
        "question": asked.id,
        "base": len(answered),
        "mentions": int(per_respondent.sum()),
        "mean_mentions": per_respondent.mean(),
        "sd_mentions": per_respondent.std(),
        "median_mentions": per_respondent.median(),
        "ticked_nothing": int((answered.sum(axis=1) == 0).sum()),
        "no_answer": len(ticks) - len(answered),
    }
    return contract_frame("mention_summary", [row])


def overlaps(data: ResponsesLike, question: str | None = None, *, lang: str = "en") -> "pd.DataFrame":
    """One row per ordered pair of groups, each with itself included.

    `n` respondents are in both groups; `base` is the size of the first (`code`), so that `proportion` is
    the share of the first group that is also in the second (`other_code`). On the diagonal `n` is `base`.
    Both sizes count respondents with an answer to both options.

    Parameters
    ----------
    data
        Responses, or the path of a file of responses.
    question
        A select-all (or single) question; the instrument's default banner where None.
    lang
        Language of the labels.

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
    responses = responses_of(data)
    check_lang(lang, *responses.instrument.languages)
    asked = banner_of(responses, question)
    ticks = indicators(responses, asked)
    rows: list[dict[str, object]] = []
    for group in asked.groups:
        for other in asked.groups:
            both = ticks[[group.id, other.id]].dropna().to_numpy()
            base = int((both[:, 0] == 1).sum())
            n = int(((both[:, 0] == 1) & (both[:, 1] == 1)).sum())
            rows.append(
                {
                    "question": asked.id,
                    "code": group.id,
                    "label": group.said(lang),
                    "other_code": other.id,
                    "other_label": other.said(lang),
                    "n": n,
                    "base": base,
                    "proportion": n / base if base else float("nan"),
                }
            )
    return contract_frame("overlap", rows)


def group_patterns(responses: Responses, question: Question) -> list[tuple[tuple[str, ...], int]]:
    """Count the respondents by the exact set of groups they are in, the largest set of respondents first."""
    from collections import Counter

    ticks = indicators(responses, question)
    answered = ticks[ticks.notna().any(axis=1)]
    ids = [group.id for group in question.groups]
    patterns = Counter(
        tuple(group for group, yes in zip(ids, row, strict=True) if yes == 1)
        for row in answered[ids].to_numpy()
    )
    return sorted(patterns.items(), key=lambda entry: (-entry[1], [ids.index(group) for group in entry[0]]))
