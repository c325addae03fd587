"""Several tables of responses to one instrument as one."""

from collections.abc import Sequence
from dataclasses import replace

from survey.ingest.responses import Responses


def join_responses(parts: Sequence[Responses]) -> Responses:
    """Put responses to the same instrument one after the other; where each came from stays in `meta`.

    The categories of the accounting add up. What the files say of themselves is taken from the first.
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
    )
