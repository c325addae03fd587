"""Which options of one select-all question are ticked together."""

from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING

from survey.arguments import check_lang
from survey.counts.row_counts import DataLike, counts_of
from survey.messages import message
from survey.statistics.indicators import pair_tables
from survey.statistics.intervals import check_confidence
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def cooccurrence(
    data: DataLike, question: str, *, confidence: float = 0.95, lang: str = "en"
) -> "pd.DataFrame":
    """One row per pair of options: how many ticked both, and phi with its interval.

    phi is the correlation of two ticks, from -1 to 1; the shares limit how far it can reach. The interval
    is Fisher's z on phi. An option that nobody or everybody ticked has no phi, which `note` says. Exclusive
    options are left out. A pair's base is who answered both.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        A select-all question.
    confidence
        Level of the intervals.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    no_answer, nobody, everybody, not_computed, too_few_answers, at_limit, no_interval.

    Raises
    ------
    UsageError
        No such select-all question, or a confidence outside 0 to 1.

    References
    ----------
    Fisher, R. A. (1921), Metron 1, 3-32.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> models = ["licensing; newco", "licensing", "newco", "licensing", "independent"]
    >>> responses = survey.from_frame(pd.DataFrame({"expansion_models": models}), "executive-survey")
    >>> pairs = survey.cooccurrence(responses, "expansion_models").set_index(["code", "other_code"])
    >>> pairs.loc[("licensing", "newco"), ["n", "n_code", "n_other", "base"]].tolist()
    [1, 3, 2, 5]
    """
    import numpy as np
    from scipy.special import ndtri

    check_confidence(confidence)
    counts = counts_of(data)
    check_lang(lang, *counts.instrument.languages)
    asked = counts.instrument.question(question, "multiple")
    tables = pair_tables(counts, asked, asked)
    places = {option.id: place for place, option in enumerate(asked.options)}
    rows: list[dict[str, object]] = []
    for first, second in combinations(asked.groups, 2):
        at = places[first.id], places[second.id]
        base, n = int(tables.base[at]), int(tables.yes_yes[at])
        one, other = n + int(tables.yes_no[at]), n + int(tables.no_yes[at])
        row: dict[str, object] = {
            "question": asked.id,
            "code": first.id,
            "label": first.said(lang),
            "other_code": second.id,
            "other_label": second.said(lang),
            "n": n,
            "n_code": one,
            "n_other": other,
            "base": base,
        }
        rows.append(row)
        if not base or not all(0 < count < base for count in (one, other)):
            row |= constant(base, [one, other], "not_computed", lang)
            continue
        phi = (base * n - one * other) / sqrt(one * (base - one) * other * (base - other))
        row["phi"] = float(np.clip(phi, -1, 1))
        if base > 3 and abs(phi) < 1 - 1e-12:
            half = ndtri((1 + confidence) / 2) / np.sqrt(base - 3)
            row |= {
                "ci_low": float(np.tanh(np.arctanh(phi) - half)),
                "ci_high": float(np.tanh(np.arctanh(phi) + half)),
            }
        else:
            code = "too_few_answers" if base <= 3 else "at_limit"
            row |= remarks((f"{code} no_interval", message("cooccurrence_no_interval", lang)))
    return contract_frame("cooccurrence", rows)


def constant(base: int, counts: list[int], outcome: str, lang: str) -> dict[str, str]:
    """The remark on a pair of options of which one does not vary, or that nobody answered."""
    if not base:
        return remarks((f"no_answer {outcome}", message("association_no_base", lang)))
    codes = [*["nobody"] * (0 in counts), *["everybody"] * (base in counts), outcome]
    return remarks((" ".join(codes), message("association_constant", lang)))
