"""What coders decided on: units of text, and the categories that each gave."""

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Literal

from survey.errors import usage
from survey.instrument.interview_schemas import InterviewCodebook
from survey.interviews.segments import DIRECTIONS, Segments

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Level = Literal["code", "subtheme", "theme"]

Seen = Literal["document", "segment"]


def labels_of(codebook: InterviewCodebook, level: Level, lang: str) -> dict[str, str]:
    """The parts of a level by id, in words."""
    parts = {"code": codebook.codes, "subtheme": codebook.subthemes, "theme": codebook.themes}
    if level not in parts:
        raise usage("level_unknown", level=level, known=list(parts))
    return {part.id: part.said(lang) for part in parts[level]}


def category(codebook: InterviewCodebook, level: Level) -> dict[str, str]:
    """What each code and subtheme counts as on a level; a subtheme says nothing of codes."""
    themes = {part.id: part.theme for part in codebook.subthemes}
    if level == "code":
        return {code.id: code.id for code in codebook.codes}
    above = {part.id: part.id for part in codebook.subthemes}
    above |= {code.id: code.subtheme for code in codebook.codes}
    return above if level == "subtheme" else {key: themes[subtheme] for key, subtheme in above.items()}


def decisions(
    segments: Segments,
    coders: tuple[str, ...],
    categories: list[str],
    level: Level,
    seen: Seen,
    overlap: float,
) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]":
    """Whether each coder gave each category to each unit (units x coders x categories), and who decided."""
    import numpy as np

    if seen not in ("document", "segment"):
        raise usage("seen_unknown", seen=seen, known="document, segment")
    rows = segments.data[segments.data["coder"].notna()]
    units = units_of(rows, overlap)
    numbers = {unit: place for place, unit in enumerate(dict.fromkeys(units.values()))}
    counts_as = category(segments.codebook, level)
    shape = len(numbers), len(coders), len(categories)
    cube, decided = np.zeros(shape, dtype=int), np.zeros(shape[:2], dtype=bool)
    texts: dict[Any, set[int]] = defaultdict(set)
    readers: dict[Any, set[int]] = defaultdict(set)
    place_of = {category: place for place, category in enumerate(categories)}
    for segment, code, coder, text in zip(
        rows["segment"], rows["code"], rows["coder"], _texts(rows), strict=True
    ):
        unit, reader = numbers[units[segment]], coders.index(coder)
        decided[unit, reader] = True
        texts[text].add(unit)
        readers[text].add(reader)
        if code in counts_as:
            cube[unit, reader, place_of[counts_as[code]]] = 1
    if seen == "document":
        for text, inside in texts.items():
            decided[np.ix_(sorted(inside), sorted(readers[text]))] = True
    return cube, decided


def directions(
    segments: Segments, coders: tuple[str, ...], codes: list[str], overlap: float
) -> "np.ndarray[Any, Any]":
    """The direction each coder gave with each code to each unit (units x coders x codes), -1 where none."""
    import numpy as np

    rows = segments.data[segments.data["coder"].notna()]
    units = units_of(rows, overlap)
    numbers = {unit: place for place, unit in enumerate(dict.fromkeys(units.values()))}
    ratings = np.full((len(numbers), len(coders), len(codes)), -1)
    rows = rows[rows["direction"].notna() & rows["code"].isin(codes)]
    for segment, code, coder, direction in zip(
        rows["segment"], rows["code"], rows["coder"], rows["direction"], strict=True
    ):
        ratings[numbers[units[segment]], coders.index(coder), codes.index(code)] = DIRECTIONS.index(direction)
    return ratings


def _texts(rows: "pd.DataFrame") -> list[tuple[str, str]]:
    return list(zip(rows["participant"].fillna(""), rows["document"].fillna(""), strict=True))


def units_of(rows: "pd.DataFrame", overlap: float) -> dict[str, str]:
    """The unit of each segment, named after its first segment: segments that overlap enough are one.

    Chains join: where A overlaps B and B overlaps C, all three are one passage.
    """
    unit = {segment: segment for segment in rows["segment"]}

    def first(segment: str) -> str:
        while unit[segment] != segment:
            unit[segment] = unit[unit[segment]]
            segment = unit[segment]
        return segment

    spans: dict[tuple[str, str], dict[tuple[int, int, str], None]] = defaultdict(dict)
    placed = rows[rows["start"].notna() & rows["end"].notna() & rows["document"].notna()]
    for text, start, end, segment in zip(
        _texts(placed), placed["start"], placed["end"], placed["segment"], strict=True
    ):
        spans[text][int(start), int(end), segment] = None
    for inside in spans.values():
        open_spans: list[tuple[int, int, str]] = []
        for start, end, segment in sorted(inside):
            open_spans = [span for span in open_spans if span[1] > start]
            for other_start, other_end, other in open_spans:
                shared = min(end, other_end) - start
                if shared >= overlap * min(end - start, other_end - other_start) and shared > 0:
                    unit[first(segment)] = first(other)
            open_spans.append((start, end, segment))
    order = {segment: place for place, segment in enumerate(unit)}
    members: dict[str, str] = {}
    for segment in sorted(unit, key=order.__getitem__):
        members.setdefault(first(segment), segment)
    return {segment: members[first(segment)] for segment in unit}
