"""Codes that the same people speak to."""

from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING

from survey.arguments import check_lang
from survey.errors import usage
from survey.interviews.coding_units import units_of
from survey.interviews.counting import coded, presence, units
from survey.interviews.reading import segments_of
from survey.interviews.segments import Segments, SegmentsLike
from survey.messages import message
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def code_cooccurrence(
    segments: SegmentsLike, *, level: str = "code", within: str = "people", lang: str = "en"
) -> "pd.DataFrame":
    """One row per pair of units: how many of the people interviewed speak to both, or how many passages do.

    `n` of `base` people (or passages) have both; `jaccard` is n divided by those who have either, `phi` the
    correlation of having one and the other over all people of the base. Both describe these people; nothing
    is inferred. Where nobody has either, or everybody or nobody has one of the two, a coefficient is
    undefined.

    Reasons
    -------
    nobody, everybody, undefined.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    level
        "code", "subtheme", "theme" or "aim".
    within
        "people": both are spoken to by the same person, anywhere; "passages": both were given to the same
        passage (segments of one id, or of one document that share half of the shorter one), by whomever.
    lang
        Language of labels and of `note`.

    Raises
    ------
    UsageError
        An unknown level, base or language.

    References
    ----------
    Jaccard, P. (1912), New Phytologist 11, 37-50. Yule, G. U. (1912), Journal of the Royal Statistical
    Society 75, 579-652 (phi).

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> survey.code_cooccurrence(segments, level="aim")[["n", "base"]].values.tolist()[:1]
    [[14, 14]]
    """
    segments = segments_of(segments)
    check_lang(lang, *segments.codebook.languages)
    if within not in ("people", "passages"):
        raise usage("within_unknown", within=within)
    table = presence(segments, level) if within == "people" else _passages(segments, level)
    has = table.to_numpy(dtype=int)
    all_units = units(segments.codebook, level, lang)
    both = has.T @ has
    base = len(has)
    rows: list[dict[str, object]] = []
    for (i, one), (j, other) in combinations(enumerate(all_units), 2):
        n, first, second = int(both[i, j]), int(both[i, i]), int(both[j, j])
        either = first + second - n
        spread = first * (base - first) * second * (base - second)
        remark = ("", "")
        if not either:
            remark = ("nobody undefined", message("cooccurrence_neither", lang))
        elif not spread:
            codes = [*["nobody"] * (0 in (first, second)), *["everybody"] * (base in (first, second))]
            remark = (" ".join([*codes, "undefined"]), message("cooccurrence_constant", lang))
        rows.append(
            {
                "level": level,
                "code": one.id,
                "label": one.label,
                "other_code": other.id,
                "other_label": other.label,
                "n": n,
                "n_code": first,
                "n_other": second,
                "base": base,
                "jaccard": n / either if either else float("nan"),
                "phi": (base * n - first * second) / sqrt(spread) if spread else float("nan"),
                **remarks(remark),
            }
        )
    return contract_frame("code_cooccurrence", rows)


def _passages(segments: Segments, level: str) -> "pd.DataFrame":
    """One row per passage, one column per unit: whether it was given to the passage."""
    names = [unit.id for unit in units(segments.codebook, level)]
    passages = units_of(segments.data, 0.5)
    coded_rows = coded(segments, level)
    coded_rows = coded_rows.assign(passage=coded_rows["segment"].map(passages))
    table = coded_rows.groupby(["passage", "unit"]).size().unstack(fill_value=0) > 0
    return table.reindex(
        index=list(dict.fromkeys(passages.values())), columns=names, fill_value=False
    ).astype(bool)
