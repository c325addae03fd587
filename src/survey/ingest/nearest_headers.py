"""No column is headed by a question: which headers come nearest, and what to do."""

from collections.abc import Iterable

from survey.errors import Place, Problem
from survey.ingest.matching import Headers
from survey.instrument import Instrument
from survey.wording import normalise

_SHOWN = 3
_FIRST = 8
_LOOKED_AT = 300
_NEAR = 60  # of 100


def headers_problem(headers: Iterable[str], instruments: list[Instrument], place: Place) -> Problem:
    """Say that no header is known, with the nearest ones uncut; the first ones where none is near."""
    from rapidfuzz import fuzz, process

    headers = [header for header in dict.fromkeys(headers) if header.strip()]
    known: dict[str, str] = {}
    for instrument in instruments:
        for form in Headers(instrument).written:
            known.setdefault(normalise(form), form)
    scored = []
    for header in headers[:_LOOKED_AT]:
        best = process.extractOne(normalise(header), known.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
        if best is not None:
            scored.append((-best[1], header, known[best[0]]))
    tried = [instrument.reference for instrument in instruments]
    key = "headers_unknown" if place.sheet or place.line is not None else "headers_unknown_frame"
    if scored:
        near = [f"{header} ({form})" for _, header, form in sorted(scored)[:_SHOWN]]
        return Problem(f"{key}_near", place, {"tried": tried, "near": near, "file": place.file})
    return Problem(key, place, {"tried": tried, "headers": headers[:_FIRST] or "-", "file": place.file})
