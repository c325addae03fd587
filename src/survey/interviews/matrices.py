"""Codes by participant: who said something on what, and who nothing."""

from typing import TYPE_CHECKING

from survey.arguments import check_lang
from survey.interviews.counting import check_level, coded, units
from survey.interviews.reading import segments_of
from survey.interviews.segments import SegmentsLike
from survey.tables import contract_frame

if TYPE_CHECKING:
    import pandas as pd


def code_matrix(
    segments: SegmentsLike, *, level: str = "code", by: str | None = None, lang: str = "en"
) -> "pd.DataFrame":
    """One row per unit and person interviewed, those who said nothing on it included.

    `n_segments` counts segments, `n_quotations` different quotations, `present` says whether there is any.
    The same quotation given to two people counts for both here: see `attribution_conflicts`.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    level
        "code", "subtheme", "theme" or "aim": each holds what stands below it. A segment that is coded to a
        subtheme counts from the subtheme upwards.
    by
        An attribute of the participants that takes the place of their group.
    lang
        Language of `label`.

    Raises
    ------
    UsageError
        An unknown level, attribute or language.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> table = survey.code_matrix(segments, level="aim")
    >>> table[["code", "participant", "n_segments"]].values.tolist()[:1]
    [['international_location', 'B1', 4]]
    """
    segments = segments_of(segments).grouped_by(by)
    check_lang(lang, *segments.codebook.languages)
    check_level(level)
    people = segments.participants
    coded_rows = coded(segments, level)
    counts = coded_rows.groupby(["unit", "participant"]).agg({"segment": "nunique", "quote": "nunique"})
    by_place = {
        place: (int(row[0]), int(row[1])) for place, row in zip(counts.index, counts.values, strict=True)
    }
    rows: list[dict[str, object]] = []
    for unit in units(segments.codebook, level, lang):
        for person, group in zip(people.index, people["group"], strict=True):
            n_segments, n_quotations = by_place.get((unit.id, person), (0, 0))
            rows.append(
                {
                    "level": level,
                    "code": unit.id,
                    "label": unit.label,
                    "participant": person,
                    "group": group,
                    "n_segments": n_segments,
                    "n_quotations": n_quotations,
                    "present": n_segments > 0,
                }
            )
    return contract_frame("code_matrix", rows)
