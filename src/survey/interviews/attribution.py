"""The same quotation in more than one place, and in more than one mouth."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from survey.errors import usage
from survey.interviews.counting import distinct
from survey.interviews.reading import segments_of
from survey.interviews.segments import Segments, SegmentsLike
from survey.tables import contract_frame
from survey.wording import skeleton

if TYPE_CHECKING:
    import pandas as pd

_SHORTEST = 24  # letters and digits, a Chinese character for two: shorter texts are alike by chance
# What the transcriber put in brackets; in round ones only what is short, for people speak in asides, too.
_REMARK = re.compile(
    r"\[[^\[\]]*\]|\u3010[^\u3010\u3011]*\u3011|\uff3b[^\uff3b\uff3d]*\uff3d|\u3014[^\u3014\u3015]*\u3015|[(\uff08][^()\uff08\uff09]{1,40}[)\uff09]"
)
_BLOCK = 64  # texts compared with all others at a time


def attribution_conflicts(segments: SegmentsLike, *, similarity: float = 0.9) -> "pd.DataFrame":
    """One row per quotation that stands in more than one segment, those given to different people first.

    A quotation is recognised by its shared id (`by` "id") and, where segments have their text, by text that
    is nearly the same although the ids differ (`by` "text"): compared without case, spaces, punctuation and
    remarks of the transcriber in brackets, alike to at least `similarity`, or one contained in the other.
    Every two texts of a row are so: a short text inside two long ones that are unlike is a row with each.
    `conflict` says that more than one person is named, `across_groups` that they belong to more than one
    group, `within_code` names the codes (or subthemes) that have it from more than one person. `similarity`
    is that of the two least similar texts, 1 for a shared id.

    Several ids in one cell are a tuple.

    What is found by text is a proposal for a reader; no count of this package merges it.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    similarity
        1 minus the share of edits (normalised Indel similarity), above 0.5 and at most 1.

    Raises
    ------
    UsageError
        A similarity outside its range.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> int(survey.attribution_conflicts(segments)["conflict"].sum())
    10
    """
    segments = segments_of(segments)
    if not 0.5 < similarity <= 1:
        raise usage("similarity_outside", similarity=similarity)
    data = segments.data.assign(quote=segments.data["quote"].fillna(segments.data["segment"]))
    rows = [
        _row(segments, data[data["segment"].isin(group)], quote, "id", 1.0)
        for quote, group in data.groupby("quote", sort=False)["segment"].unique().items()
        if len(group) > 1
    ]
    for group, alike in _near_duplicates(data, similarity):
        rows.append(_row(segments, data[data["segment"].isin(group)], group[0], "text", alike))
    rows.sort(key=lambda row: (not row["conflict"], not row["within_code"], not row["across_groups"]))
    return contract_frame("attribution", rows)


def _row(segments: Segments, rows: "pd.DataFrame", quote: str, by: str, alike: float) -> dict[str, Any]:
    people = list(dict.fromkeys(rows["participant"].dropna()))
    groups = list(dict.fromkeys(segments.participants["group"].reindex(people).dropna()))
    speakers = rows.groupby("code")["participant"].nunique()
    gists = rows["gist"].dropna()
    return {
        "quote": quote,
        "by": by,
        "similarity": alike,
        "segments": distinct(rows["segment"]),
        "participants": distinct(people),
        "groups": distinct(groups),
        "codes": distinct(rows["code"]),
        "conflict": len(people) > 1,
        "across_groups": len(groups) > 1,
        "within_code": distinct(code for code in rows["code"] if speakers[code] > 1),
        "gist": gists.iloc[0] if len(gists) else "",
    }


def _near_duplicates(data: "pd.DataFrame", similarity: float) -> Iterator[tuple[list[str], float]]:
    """Give the segments of each cluster of texts that are nearly the same, and its least similarity."""
    texts = data.dropna(subset=["text"]).drop_duplicates("segment")
    forms: dict[str, list[str]] = {}
    quotes: dict[str, set[str]] = {}
    for segment, quote, text in zip(texts["segment"], texts["quote"], texts["text"], strict=True):
        form = skeleton(_REMARK.sub(" ", text))
        if sum(2 if character > "\u2e7f" else 1 for character in form) >= _SHORTEST:
            forms.setdefault(form, []).append(segment)
            quotes.setdefault(form, set()).add(quote)
    links = {(one, other): value for one, other, value in _links(list(forms), similarity)}
    for members in _all_alike(list(forms), links):
        if len(set().union(*(quotes[form] for form in members))) > 1:
            alike = [value for pair, value in links.items() if members.issuperset(pair)]
            ordered = [form for form in forms if form in members]
            yield [segment for form in ordered for segment in forms[form]], min(alike, default=1.0)


def _all_alike(forms: list[str], links: dict[tuple[str, str], float]) -> list[set[str]]:
    """Groups of texts of which every two are linked; a link between two groups is a group of its own.

    The most similar are joined first, so that likeness is not handed on from text to text.
    """
    group: dict[str, set[str]] = {form: {form} for form in forms}
    linked = set(links) | {(other, one) for one, other in links}
    left = []
    for one, other in sorted(links, key=lambda pair: -links[pair]):
        mine, yours = group[one], group[other]
        if mine is yours:
            continue
        if all((here, there) in linked for here in mine for there in yours):
            mine |= yours
            group |= dict.fromkeys(yours, mine)
        else:
            left.append({one, other})
    distinct_groups = list({id(members): members for members in group.values()}.values())
    return distinct_groups + [
        pair for pair in left if not any(pair <= members for members in distinct_groups)
    ]


def _links(forms: list[str], similarity: float) -> Iterator[tuple[str, str, float]]:
    """Every two texts that are alike enough, or of which one contains the other."""
    from rapidfuzz.distance import Indel

    ordered = sorted(forms, key=len)
    pairs = set(_alike(ordered, similarity)) | set(_contained(ordered))
    for one, other in sorted(pairs):
        yield (
            ordered[one],
            ordered[other],
            Indel.normalized_similarity(ordered[one], ordered[other]),
        )


def _alike(ordered: list[str], similarity: float) -> Iterator[tuple[int, int]]:
    """Pairs of texts, the shorter first, that are alike to at least `similarity`; their lengths are, too."""
    import numpy as np
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import cdist

    lengths = [len(text) for text in ordered]
    for start in range(0, len(ordered), _BLOCK):
        block = ordered[start : start + _BLOCK]
        end = bisect_right(lengths, lengths[start + len(block) - 1] * (2 - similarity) / similarity + 1)
        settings: dict[str, Any] = {"score_cutoff": similarity, "dtype": np.float32}
        scores = cdist(block, ordered[start:end], scorer=Indel.normalized_similarity, **settings)
        for row, column in np.argwhere(scores > 0).tolist():
            if column > row:
                yield start + row, start + column


def _contained(ordered: list[str]) -> Iterator[tuple[int, int]]:
    """Pairs of texts of which the first, the shorter, is part of the second: all are searched as one."""
    whole = "\n".join(ordered)  # no form has a line end
    starts = [0, *accumulate(len(text) + 1 for text in ordered)]
    for place, text in enumerate(ordered):
        at = whole.find(text, starts[place + 1])
        while at >= 0:
            other = bisect_right(starts, at) - 1
            yield place, other
            at = whole.find(text, starts[other + 1])
