"""Groups of interviewees side by side: how many people stand behind each code, in each company or other case.

Nothing is inferred: the people were chosen on purpose, so a p-value would have no population to speak of. The
intervals say only how little so few people would fix if they were a random sample.
"""

from typing import TYPE_CHECKING

from survey.arguments import check_lang
from survey.interviews.counting import check_level, coded, members, units
from survey.interviews.reading import segments_of
from survey.interviews.segments import SegmentsLike
from survey.messages import message
from survey.statistics.intervals import check_confidence, share_interval
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def compare_cases(
    segments: SegmentsLike,
    *,
    level: str = "code",
    by: str | None = None,
    confidence: float = 0.95,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row per unit and group, the total (`group` empty) first: people of those interviewed, quotations.

    `n` of `base` people have a segment of it, as attributed; `n_undisputed` have one that is given to nobody
    else. `proportion` and its exact (Clopper-Pearson) limits are fractions of `base`.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    level
        "code", "subtheme", "theme" or "aim".
    by
        An attribute of the participants that takes the place of their group.
    confidence
        Level of the intervals, 0 to 1.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    nobody, one_group.

    Raises
    ------
    UsageError
        An unknown level, attribute or language, or a confidence outside 0 to 1.

    References
    ----------
    Clopper, C. & Pearson, E. S. (1934), Biometrika 26, 404-413.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> table = survey.compare_cases(segments, level="aim")
    >>> table[["code", "group", "n", "base"]].values.tolist()[:2]
    [['international_location', '', 14, 14], ['international_location', 'B', 7, 7]]
    """
    segments = segments_of(segments).grouped_by(by)
    check_lang(lang, *segments.codebook.languages)
    check_level(level)
    check_confidence(confidence)
    coded_rows = coded(segments, level)
    by_unit = dict(iter(coded_rows.groupby("unit")))
    nothing = coded_rows.iloc[:0]
    groups = members(segments)
    rows: list[dict[str, object]] = []
    for unit in units(segments.codebook, level, lang):
        behind = by_unit.get(unit.id, nothing)
        cells = {group: behind[behind["participant"].isin(people)] for group, people in groups.items()}
        cells[""] = behind
        spread = [group for group in segments.groups if len(cells[group])]
        for group, people in groups.items():
            cell, base = cells[group], len(people)
            inside = cell[cell["participant"].isin(people)]
            n = inside["participant"].nunique()
            rows.append(
                {
                    "level": level,
                    "code": unit.id,
                    "label": unit.label,
                    "group": group,
                    "n": n,
                    "base": base,
                    "proportion": n / base if base else float("nan"),
                    "n_undisputed": inside.loc[~inside["disputed"], "participant"].nunique(),
                    "n_quotations": cell["quote"].nunique(),
                    "n_segments": cell["segment"].nunique(),
                    **({} if group else _remark(spread, segments.groups, n, lang)),
                }
            )
    counts, bases = [row["n"] for row in rows], [row["base"] for row in rows]
    limits = share_interval(counts, bases, interval="clopper_pearson", confidence=confidence)
    for row, low, high in zip(rows, *limits, strict=True):
        row |= {"ci_low": float(low), "ci_high": float(high)}
    return contract_frame("case_comparison", rows)


def _remark(spread: list[str], groups: tuple[str, ...], n: int, lang: str) -> dict[str, str]:
    """Say that nobody speaks to it, or one group alone."""
    if not n:
        return remarks(("nobody", message("case_nobody", lang)))
    if len(groups) > 1 and len(spread) == 1:
        return remarks(("one_group", message("case_one_group", lang, group=spread[0])))
    return remarks()
