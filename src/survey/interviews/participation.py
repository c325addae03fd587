"""How much of the evidence each person gives, in all and in each document."""

from typing import TYPE_CHECKING

from survey.interviews.reading import segments_of
from survey.interviews.segments import DIRECTIONS, SegmentsLike
from survey.tables import contract_frame

if TYPE_CHECKING:
    import pandas as pd


def voices(segments: SegmentsLike) -> "pd.DataFrame":
    """One row per person and document, first (`document` empty) over all: segments, quotations, codes.

    Everybody interviewed has a row for every document, also with nothing in it. `share` is that of the
    segments of the document; `n_codes` counts different codes and subthemes. `n_for`, `n_against` and
    `n_mixed` are the segments that have a code of that direction: one with codes of two counts in both.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.

    Raises
    ------
    UsageError
        There is no such file.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> int(survey.voices(segments).query("document == ''")["n_segments"].sum())
    149
    """
    segments = segments_of(segments)
    data = segments.data.assign(quote=segments.data["quote"].fillna(segments.data["segment"]))
    people = segments.participants
    documents = [
        (str(name), data[data["document"] == name]) for name in dict.fromkeys(data["document"].dropna())
    ]
    rows: list[dict[str, object]] = []
    for name, inside in [("", data), *documents]:
        base = inside["segment"].nunique()
        counts = inside.groupby("participant")[["segment", "quote", "code"]].nunique()
        by_direction = {
            name: inside[inside["direction"] == name].groupby("participant")["segment"].nunique()
            for name in DIRECTIONS
        }
        counts = counts.reindex(people.index, fill_value=0)
        for person, group in zip(people.index, people["group"], strict=True):
            n_segments, n_quotations, n_codes = (int(value) for value in counts.loc[person])
            rows.append(
                {
                    "participant": person,
                    "group": group,
                    "document": name,
                    "n_segments": n_segments,
                    "base": base,
                    "share": n_segments / base if base else float("nan"),
                    "n_quotations": n_quotations,
                    "n_codes": n_codes,
                    **{f"n_{name}": int(held.get(person, 0)) for name, held in by_direction.items()},
                }
            )
    return contract_frame("voice", rows)
