"""Several tables of responses to one instrument as one."""

from collections.abc import Sequence
from dataclasses import replace

from survey.ingest.provenance import Screening, add_counts
from survey.ingest.responses import Responses


def add_screenings(parts: Sequence[Responses]) -> Screening | None:
    """The rows left out of all parts, by rule; None where none were."""
    if not any(part.provenance.screening for part in parts):
        return None
    screenings = [part.provenance.screening or Screening((), len(part)) for part in parts]
    counts = add_counts(count for screening in screenings for count in screening.counts)
    return Screening(counts, sum(screening.total for screening in screenings))


def join_responses(parts: Sequence[Responses]) -> Responses:
    """Put responses to the same instrument one after the other; where each came from stays in `meta`.

    The categories of the accounting add up. What the files say of themselves is taken from the first, their
    wave from the first that says one.
    """
    import pandas as pd

    first = parts[0]
    if len(parts) == 1:
        return first
    accounting = None
    counted = [part.accounting for part in parts if part.accounting is not None]
    if counted:
        accounting = counted[0].assign(cells=sum(frame["cells"] for frame in counted))
    return replace(
        first,
        data=pd.concat([part.data for part in parts], ignore_index=True),
        missing=pd.concat([part.missing for part in parts], ignore_index=True),
        meta=pd.concat([part.meta for part in parts], ignore_index=True),
        problems=tuple(problem for part in parts for problem in part.problems),
        accounting=accounting,
        provenance=replace(
            first.provenance,
            wave=next((part.provenance.wave for part in parts if part.provenance.wave), ""),
            screening=add_screenings(parts),
        ),
    )
