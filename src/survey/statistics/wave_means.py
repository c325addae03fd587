"""Two waves compared: means of ratings, the respondents that rate both times known to the variance."""

from math import sqrt
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.ingest.responses import ResponsesLike
from survey.messages import message
from survey.statistics.hypotheses import holm
from survey.statistics.intervals import check_confidence, check_min_base
from survey.statistics.wave_answers import WaveAnswers
from survey.statistics.wave_comparisons import not_comparable, whole_counts
from survey.statistics.wave_pairs import WavePair
from survey.statistics.weighted import effective_base
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

_NAN = float("nan")


def compare_wave_means(
    earlier: ResponsesLike,
    later: ResponsesLike,
    question: str | None = None,
    *,
    key: str | None = None,
    confidence: float = 0.95,
    min_base: int = 5,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per item of the ratings: the mean of the later wave, of the earlier one, and the difference.

    `mean` and `other_mean` are in points of the scale, of the `base` and `other_base` who rated; `difference`
    is later minus earlier. `method` is "welch_t" where nobody rated both times, "paired_t" where everybody
    did, else "t_overlap": linearised contributions with respondents as clusters, which the paired t test is a
    case of. `p_adjusted` is Holm's within a question. What may not be compared has no number, as in
    `compare_waves`, where the distribution over the points stands (`battery__item`).

    Parameters
    ----------
    earlier, later
        Responses of two waves of one instrument, or the paths of their files.
    question
        A rating; all of them where None.
    key
        The column that names respondents alike in both waves; their id where None.
    confidence
        Level of the intervals.
    min_base
        With fewer respondents in either wave there is no test; `reason` is small_base untested.
    lang
        Language of `label` and `note`.

    Reasons
    -------
    not_comparable, running_numbers, reconstructed, no_ids, small_base, untested, no_answer, no_variation.

    Raises
    ------
    UsageError
        Two instruments, no such rating or key, or an argument outside its range.
    DataError
        An id stands twice in a wave.

    References
    ----------
    Welch, B. L. (1947), Biometrika 34, 28-35. Liang, K.-Y. & Zeger, S. L. (1986), Biometrika 73, 13-22.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> then = pd.DataFrame({"challenges__geopolitics": [5, 4, 5, 2, 4, 5]})
    >>> now = then - 1
    >>> waves = [survey.from_frame(frame, "executive-survey@1.0.0") for frame in (then, now)]
    >>> row = survey.compare_wave_means(*waves, "challenges").iloc[0]
    >>> row["item"], round(float(row["difference"]), 2), row["method"]
    ('geopolitics', -1.0, 'welch_t')
    """
    import numpy as np

    check_confidence(confidence)
    check_min_base(min_base)
    pair = WavePair.of(earlier, later, key)
    check_lang(lang, *pair.instrument.languages)
    rows: list[dict[str, Any]] = []
    for asked in pair.questions(question, "rating"):
        rating = pair.instrument.points_of(asked)
        now, then = (np.where(np.isin(side, rating), side, _NAN) for side in pair.points(asked))
        own: list[dict[str, Any]] = []
        for place, item in enumerate(asked.items):
            ids = {"question": asked.id, "item": item.id, "label": item.said(lang)}
            if why := pair.why_not(asked, item):
                own.append({"p_value": _NAN, **not_comparable(ids, why, lang)})
                continue
            answers = WaveAnswers.of(pair, now[:, place], then[:, place])
            row = {**ids, **_compared_means(answers, confidence, min_base, lang)}
            row |= remarks((row.get("reason", ""), row.get("note", "")), pair.remark_in(lang), lang=lang)
            own.append(row)
        for row, adjusted in zip(own, holm([row["p_value"] for row in own]).tolist(), strict=True):
            row["p_adjusted"] = adjusted
            row.pop("p_equivalence", None)
        rows += own
    return whole_counts(contract_frame("wave_mean", rows))


def _compared_means(answers: WaveAnswers, confidence: float, min_base: int, lang: str) -> dict[str, Any]:
    """One row of means, but what is adjusted over rows."""
    from scipy.special import stdtr, stdtrit

    base, other_base = answers.bases
    sides = answers.sums()
    row: dict[str, Any] = {"base": base, "other_base": other_base, "both": answers.both, "method": ""}
    row |= dict.fromkeys(("mean", "other_mean", "difference", "ci_low", "ci_high", "p_value"), _NAN)
    row["verdict"] = ""
    for side, (total, size, squares) in zip(("", "other_"), sides, strict=True):
        row |= {f"{side}weighted_n": size, f"{side}weighted_base": size}
        row[f"{side}effective_base"] = float(effective_base(size, squares))
        row[f"{side}mean"] = total / size if size else _NAN
    if not (sides[0][1] and sides[1][1]):
        return row | remarks(("no_answer untested", message("note_wave_no_answers", lang)))
    row["difference"] = row["mean"] - row["other_mean"]
    method, variance, freedom = _mean_variance(answers)
    if variance > 0 and freedom > 0:
        half = float(stdtrit(freedom, (1 + confidence) / 2)) * sqrt(variance)
        row |= {"ci_low": row["difference"] - half, "ci_high": row["difference"] + half}
    if min(base, other_base) < (minimum := max(2, min_base)):
        note = message("note_low_wave", lang, base=min(base, other_base), minimum=minimum)
        return row | remarks(("small_base untested", note))
    if not variance > 0:
        same = 1.0 if row["difference"] == 0 else _NAN
        codes = "no_variation" if same == same else "no_variation untested"
        return row | {"p_value": same} | remarks((codes, message("note_wave_no_variation", lang)))
    p_value = 2 * float(stdtr(freedom, -abs(row["difference"]) / sqrt(variance)))
    return row | {"method": method, "p_value": p_value}


def _mean_variance(answers: WaveAnswers) -> tuple[str, float, float]:
    """The name of the test of two means, the variance of their difference, and its degrees of freedom."""
    own, other, crossed = answers.linearised()
    base, other_base = answers.bases
    if not answers.both and not answers.weighted:
        if min(base, other_base) < 2:
            return "welch_t", 0.0, 0.0
        one, two = own * base / (base - 1), other * other_base / (other_base - 1)
        if not one + two > 0:
            return "welch_t", 0.0, 0.0
        freedom = (one + two) ** 2 / (one**2 / (base - 1) + two**2 / (other_base - 1))
        return "welch_t", one + two, freedom
    clusters = answers.clusters
    variance = max(0.0, own + other - 2 * crossed) * clusters / max(clusters - 1, 1)
    paired = answers.both == base == other_base and not answers.weighted
    return ("paired_t" if paired else "t_overlap"), variance if variance > 1e-18 else 0.0, clusters - 1
