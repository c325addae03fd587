"""Agreement between coders: what was coded by whom, cut into units, and four coefficients with intervals.

The unit is a passage; the decision is whether a code was given to it. Coefficients are sums over units turned
into a number, so that a bootstrap is a change of weights.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang, check_seed
from survey.errors import usage
from survey.instrument.interview_schemas import InterviewCodebook
from survey.interviews.agreement_coefficients import Sums, coefficients, one_never_varies, summed
from survey.interviews.coding_units import Level, Seen, decisions, directions, labels_of
from survey.interviews.reading import segments_of
from survey.interviews.segments import DIRECTIONS, Segments, SegmentsLike
from survey.messages import message
from survey.statistics.intervals import check_confidence
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


COEFFICIENTS = ("agreement", "kappa", "alpha", "ac1")
FEW_UNITS = 30  # below it an interval by resampling is rough: few_units


def calls_for_agreement(codebook: InterviewCodebook) -> bool:
    """Whether the approach of a codebook asks for agreement between coders: coding reliability alone does.

    References
    ----------
    Braun, V. & Clarke, V. (2021), Qualitative Research in Psychology 18(3), 328-352: reflexive analysis has
    no one right coding to agree on; codebook approaches share its values and use the codebook to chart, not
    to measure. O'Connor, C. & Joffe, H. (2020), International Journal of Qualitative Methods 19: where
    agreement is used, say on what units, and why.
    """
    return codebook.approach == "coding-reliability"


def coders_of(segments: Segments) -> tuple[str, ...]:
    """The coders who are named, in order of first appearance."""
    return tuple(dict.fromkeys(segments.data["coder"].dropna()))


def coder_agreement(
    segments: SegmentsLike,
    *,
    level: Level = "code",
    seen: Seen = "document",
    overlap: float = 0.5,
    confidence: float = 0.95,
    draws: int = 1000,
    seed: int = 1,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row for all codes together, one per code, in the order of the codebook; codes nobody gave included.

    All codes together are those that somebody gave: that an unused code was not used is no agreement.

    The unit is a passage: segments of one id, and segments of one document that overlap. The decision is
    whether a coder gave the code to the passage; `units` were decided by two coders or more, `prevalence` is
    the share of yes (`n_yes`) among their `decisions`. Where every coder gave each passage one code at most,
    a second row (`what` is "which") asks which code it was. Where codes have directions, a row (`what` is
    "direction") asks whether coders who gave one code to one passage, and a direction with it, gave the same:
    for, against or mixed. `agreement` is the share of agreeing pairs of
    coders; `kappa` is Cohen's, with several coders the mean over pairs (Light); `alpha` is Krippendorff's for
    nominal data; `ac1` is Gwet's. All but `agreement` are missing where everybody decided the same on every
    unit: nothing varies, so chance cannot be told from skill (no_variation undefined).

    Passages that nobody coded are not in the data; agreement on leaving them out is not counted.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    level
        "code"; "subtheme" or "theme" puts codes together first. A segment coded with a subtheme alone counts
        as seen, and as no code.
    seen
        Which passages a coder decided on: all of a "document" in which this coder gave any code (coders who
        mark freely), or only those with a code of this coder ("segment": passages laid out beforehand).
    overlap
        Two segments are one passage where they share this fraction of the shorter one; above 0, up to 1.
    confidence, draws, seed
        Percentile intervals from `draws` bootstrap samples of the units.
    lang
        Language of `label` and `note`.

    Reasons
    -------
    no_pair, no_variation, undefined, one_constant, single_coder, few_units, resamples_left_out,
    mean_of_pairs, left_out.

    Raises
    ------
    UsageError
        Fewer than two coders are named; an argument outside its range.

    References
    ----------
    Cohen, J. (1960), Educational and Psychological Measurement 20, 37-46. Light, R. J. (1971), Psychological
    Bulletin 76, 365-377. Krippendorff, K. (2011), Computing Krippendorff's alpha-reliability. Gwet, K. L.
    (2008), British Journal of Mathematical and Statistical Psychology 61, 29-48; with missing ratings as in
    Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> codes = list(survey.load_codebook("interview-codebook").code_ids[:2])
    >>> rows = {"segment": ["1", "1", "2", "2"], "participant": "P1", "coder": ["a", "b"] * 2}
    >>> frame = pd.DataFrame(rows | {"code": [codes[0], codes[0], codes[0], codes[1]]})
    >>> segments = survey.segments_from_frame(frame, "interview-codebook")
    >>> first = survey.coder_agreement(segments, seen="segment", draws=10).iloc[0]
    >>> int(first["units"]), int(first["coders"])
    (2, 2)
    """
    import numpy as np

    segments = segments_of(segments)
    check_lang(lang, *segments.codebook.languages)
    check_confidence(confidence)
    check_seed(seed)
    if not 0 < overlap <= 1:
        raise usage("overlap_outside", overlap=overlap)
    if draws < 1:
        raise usage("draws_too_few", draws=draws)
    coders = coders_of(segments)
    if len(coders) < 2:
        raise usage("coders_too_few", count=len(coders))
    labels = labels_of(segments.codebook, level, lang)
    cube, decided = decisions(segments, coders, list(labels), level, seen, overlap)
    weights = np.random.default_rng(seed).multinomial(len(cube), [1 / max(len(cube), 1)] * len(cube), draws)
    unnamed = int(segments.data["coder"].isna().sum())
    row_of = partial(_row, weights=weights, confidence=confidence, lang=lang)
    presence = np.where(decided[:, :, None], cube, -1)
    rows = [_all_codes(cube, presence, row_of, unnamed, lang)]
    if cube.sum(axis=2).max(initial=0) == 1:
        given = decided & (cube.sum(axis=2) == 1)
        which = np.where(given, cube.argmax(axis=2), -1)
        used = {int(code): place for place, code in enumerate(np.unique(which[which >= 0]))}
        which = np.vectorize(lambda code: used.get(code, -1), otypes=[int])(which)[:, :, None]
        text = message("agreement_which", lang)
        row = row_of("which", "", text, which, max(2, len(used)))
        rows.append(row | {"n_yes": None, "prevalence": None})
    if segments.has_directions and level == "code":
        text = message("agreement_direction", lang)
        ratings = directions(segments, coders, list(labels), overlap)
        row = row_of("direction", "", text, ratings, len(DIRECTIONS))
        rows.append(row | {"n_yes": None, "prevalence": None})
    for place, (code, label) in enumerate(labels.items()):
        rows.append(row_of("code", code, label, presence[:, :, [place]], 2))
    frame = contract_frame("coder_agreement", rows)
    whole = ["coders", "units", "decisions", "n_yes"]
    shares = ["prevalence", *(f"{name}{end}" for name in COEFFICIENTS for end in ("", "_low", "_high"))]
    return frame.astype(dict.fromkeys(whole, "Int64") | dict.fromkeys(shares, "float64"))


def _all_codes(
    cube: "np.ndarray[Any, Any]",
    presence: "np.ndarray[Any, Any]",
    row_of: Callable[..., dict[str, Any]],
    unnamed: int,
    lang: str,
) -> dict[str, Any]:
    """The row of the codes that somebody gave, and what takes no part in it."""
    import numpy as np

    used = cube.any(axis=(0, 1))
    pooled = presence[:, :, used] if used.any() else np.full((*presence.shape[:2], 1), -1)
    row = row_of("all", "", message("agreement_all", lang), pooled, 2)
    parts = [(row["reason"], row["note"])]
    if unused := int((~used).sum()):
        values = {"used": int(used.sum()), "unused": unused}
        parts.append(("left_out", message("note_unused", lang, **values)))
    if unnamed:
        parts.append(("left_out", message("note_unnamed", lang, count=unnamed)))
    return row | remarks(*parts, lang=lang)


def _row(
    what: str,
    code: str,
    label: str,
    ratings: "np.ndarray[Any, Any]",
    categories: int,
    *,
    weights: "np.ndarray[Any, Any]",
    confidence: float,
    lang: str,
) -> dict[str, Any]:
    """One row of the contract: the coefficients of some decisions, with intervals over resampled units."""
    import numpy as np

    per_unit, cut = summed(ratings, categories)
    sums = cut(per_unit.sum(axis=0))
    estimates = coefficients(sums)
    rated = (ratings >= 0).sum(axis=1)
    units = int((rated >= 2).any(axis=1).sum())
    decisions, yes = int(sums.values.sum()), int(sums.values[1])
    row: dict[str, Any] = {"what": what, "code": code, "label": label, "units": units}
    row |= {"coders": int(((ratings >= 0).any(axis=(0, 2))).sum()), "decisions": decisions}
    row |= {"n_yes": yes, "prevalence": yes / decisions if decisions else float("nan")}
    drawn = coefficients(cut(weights @ per_unit))
    tail = 100 * (1 - confidence) / 2
    undefined = 0
    for name in COEFFICIENTS:
        value = float(estimates[name])
        defined = drawn[name][~np.isnan(drawn[name])]
        row[name] = value
        if not np.isnan(value) and units > 1 and len(defined) * 2 >= len(weights):
            low, high = np.percentile(defined, [tail, 100 - tail])
            row[f"{name}_low"], row[f"{name}_high"] = float(low), float(high)
            undefined = max(undefined, len(weights) - len(defined))
    if len(sums.pairs) == 1 and one_never_varies(sums):
        row["kappa_low"] = row["kappa_high"] = float("nan")  # 0 in every sample, whatever the agreement
    return row | remarks(*_remarks(row, sums, rated, undefined, len(weights), lang), lang=lang)


def _remarks(
    row: dict[str, Any], sums: Sums, rated: Any, undefined: int, draws: int, lang: str
) -> list[tuple[str, str]]:
    """What a reader must know of a row: nothing to compare, nothing that varies, few units, coders apart."""
    import numpy as np

    if not row["units"]:
        return [("no_pair", message("note_no_pairs", lang))]
    parts = []
    if np.isnan(row["alpha"]):
        parts.append(("no_variation undefined", message("note_constant", lang)))
    elif np.isnan(row["kappa"]):
        parts.append(("no_variation undefined", message("note_kappa_undefined", lang)))
    if one_never_varies(sums) and not np.isnan(row["kappa"]):
        parts.append(("one_constant", message("note_one_constant", lang)))
    single = int(((rated == 1).any(axis=1) & ~(rated >= 2).any(axis=1)).sum())
    if single:
        parts.append(("single_coder", message("note_single", lang, count=single)))
    if row["units"] < FEW_UNITS:
        parts.append(("few_units", message("note_few_units", lang, count=row["units"])))
    if undefined:
        note = message("note_draws_undefined", lang, count=undefined, draws=draws)
        parts.append(("resamples_left_out", note))
    if len(sums.pairs) > 1 and not np.isnan(row["kappa"]):
        parts.append(("mean_of_pairs", message("note_light", lang, pairs=len(sums.pairs))))
    return parts
