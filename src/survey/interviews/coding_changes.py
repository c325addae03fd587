"""What changed between two codings of the same interviews."""

from typing import TYPE_CHECKING

from survey.arguments import check_lang
from survey.interviews.counting import joined_direction
from survey.interviews.reading import segments_of
from survey.interviews.segments import SegmentsLike
from survey.tables import contract_frame

if TYPE_CHECKING:
    import pandas as pd


def coding_changes(old: SegmentsLike, new: SegmentsLike, *, lang: str = "en") -> "pd.DataFrame":
    """One row per code that a segment got or lost or has in another direction; per code of a new or lost one.

    `change` is "added" or "removed" of a code on a segment that both codings have, "segment_added" or
    "segment_removed" where one of them does not have the segment, "direction" where both have the code and
    say otherwise whether the segment speaks for or against it (`direction_before`, `direction`). Segments are
    the same by their id, else by their place in a document, else by their words. Coders are not told apart: a
    code is there or not.

    Parameters
    ----------
    old, new
        Segments, or the paths of files of them, before and after.
    lang
        Language of `label`.

    Raises
    ------
    UsageError
        There is no such file or language.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = survey.read_segments(resource_folder("interviews") / "segments.xlsx")
    >>> survey.coding_changes(segments, segments).empty
    True
    """
    old, new = segments_of(old), segments_of(new)
    check_lang(lang, *new.codebook.languages, *old.codebook.languages)
    labels = {
        part.id: part.said(lang)
        for book in (old.codebook, new.codebook)
        for part in (*book.subthemes, *book.codes)
    }
    before, after = _by_segment(old.data), _by_segment(new.data)
    renamed = _same(old.data, new.data, before, after)
    before = {renamed.get(segment, segment): rows for segment, rows in before.items()}
    rows: list[dict[str, object]] = []
    for segment in dict.fromkeys([*before, *after]):
        had = set(before[segment]["code"]) if segment in before else set()
        has = set(after[segment]["code"]) if segment in after else set()
        shown = after[segment] if segment in after else before[segment]
        whole = "" if segment in before and segment in after else "segment_"
        for code in sorted(had | has, key=list(labels).index):
            was, now = (_direction(coding.get(segment), code) for coding in (before, after))
            if code in had & has and was == now:
                continue
            change = f"{whole}{'added' if code in has else 'removed'}"
            rows.append(
                {
                    "segment": segment,
                    "participant": shown["participant"].iloc[0],
                    "document": shown["document"].iloc[0],
                    "code": code,
                    "label": labels[code],
                    "change": "direction" if code in had & has else change,
                    "direction_before": was,
                    "direction": now,
                    "gist": next(iter(shown["gist"].dropna()), ""),
                }
            )
    return contract_frame("coding_change", rows)


def _direction(rows: "pd.DataFrame | None", code: str) -> str:
    """The direction of a code on a segment, coders taken together; "" where nobody said."""
    return "" if rows is None else joined_direction(rows.loc[rows["code"] == code, "direction"]) or ""


def _by_segment(data: "pd.DataFrame") -> "dict[str, pd.DataFrame]":
    return {str(segment): rows for segment, rows in data.groupby("segment", sort=False)}


def _same(
    old: "pd.DataFrame",
    new: "pd.DataFrame",
    before: "dict[str, pd.DataFrame]",
    after: "dict[str, pd.DataFrame]",
) -> dict[str, str]:
    """The new id of each old segment that bears another one now: the same place, else the same words."""
    renamed: dict[str, str] = {}
    for names in (["participant", "document", "start", "end"], ["participant", "text"]):
        lost = old[~old["segment"].isin([*after, *renamed])].dropna(subset=names)
        gained = new[~new["segment"].isin([*before, *renamed.values()])].dropna(subset=names)
        places = {tuple(row[1:]): row[0] for row in gained[["segment", *names]].itertuples(index=False)}
        for row in lost[["segment", *names]].itertuples(index=False):
            if (place := tuple(row[1:])) in places:
                renamed[row[0]] = places.pop(place)
    return renamed
