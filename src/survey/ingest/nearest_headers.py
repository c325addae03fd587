"""No column is headed by a question: which headers come nearest, and what to do."""

from collections.abc import Iterable
from operator import itemgetter

from survey.errors import Place, Problem
from survey.ingest.headers import Headers
from survey.instrument import Instrument
from survey.messages import Phrase
from survey.wording import normalise

_SHOWN = 3
_FIRST = 8
_LOOKED_AT = 300
_NEAR = 72  # of 100: Respondent is 67 like independent, Size of company 67 like Size of the market


def headers_problem(headers: Iterable[str], instruments: list[Instrument], place: Place) -> Problem:
    """Say that no header is known, with the nearest ones uncut; the first ones where none is near."""
    from rapidfuzz import fuzz, process

    headers = [header for header in dict.fromkeys(headers) if header.strip()]
    known: dict[str, str | Phrase] = {}
    for instrument in instruments:
        columns = Headers(instrument)
        for form in columns.written:
            known.setdefault(normalise(form), columns.proposed(form))
    scored = []
    for header in headers[:_LOOKED_AT]:
        best = process.extractOne(normalise(header), known.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
        if best is not None:
            scored.append((-best[1], header, known[best[0]]))
    tried = [instrument.reference for instrument in instruments]
    key = "headers_unknown" if place.sheet or place.line is not None else "headers_unknown_frame"
    if scored:
        scored.sort(key=itemgetter(0, 1))
        near = [
            Phrase("near_header", (("header", header), ("near", [form])))
            for _, header, form in scored[:_SHOWN]
        ]
        return Problem(f"{key}_near", place, {"tried": tried, "near": near, "file": place.file})
    return Problem(key, place, {"tried": tried, "headers": headers[:_FIRST] or "-", "file": place.file})
