"""Several rows of one record: the events and the repeated forms of a platform that follows people over time.

Rows are respondents. A row of a repeated form that has no answer of ours is none; answers to the same
question in two rows of one record are of different waves, which are never pooled.
"""

from typing import TYPE_CHECKING

from survey.errors import Place, Problem
from survey.ingest.cell_values import as_text
from survey.ingest.column_targets import Match
from survey.ingest.dialects.roles import EVENT, REPEAT
from survey.ingest.option_cells import UNTICKED
from survey.ingest.raw_table import RawTable
from survey.wording import normalise

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]

_SHOWN = 5


def rows_of_repeats(table: RawTable, match: Match) -> "Mask":
    """The rows of repeated forms that hold no answer to any question; a zero of a form is none."""
    import numpy as np

    repeated = np.zeros(len(table.numbers), np.bool_)
    for column in table.columns:
        if column.role == REPEAT:
            repeated |= column.cells.filled()
    if repeated.any():
        for mask in _answered(match):
            repeated &= ~mask
    return repeated


def _answered(match: Match) -> "list[Mask]":
    def is_answer(raw: object) -> bool:
        return raw is not None and normalise(as_text(raw)) not in UNTICKED

    return [
        column.cells.where(is_answer) if target.question.traits.cells == "tick" else column.cells.filled()
        for column, target in match.answers
    ]


def events_problem(table: RawTable, match: Match) -> tuple[Problem | None, bool]:
    """Tell of records in several rows, and whether they answer a question twice: that is refused."""
    import pandas as pd

    marks = [column for column in table.columns if column.role in (EVENT, REPEAT)]
    keys = next((column for column, name in match.meta if name == "key"), None)
    if not marks or keys is None:
        return None, False
    key = pd.Series([None if raw is None else as_text(raw) for raw in keys.cells])
    several = (key.notna() & key.duplicated(keep=False)).to_numpy()
    if not several.any():
        return None, False
    twice = any((key[mask & several].value_counts() > 1).any() for mask in _answered(match))
    kinds = dict.fromkeys(
        as_text(raw) for column in marks for raw in column.cells.at(several) if raw is not None
    )
    values = {
        "records": int(key[several].nunique()),
        "count": int(several.sum()),
        "events": [*kinds][:_SHOWN] or "-",
    }
    name = "records_in_several_waves" if twice else "records_in_several_rows"
    return Problem(name, Place(file=table.file, sheet=table.sheet), values), twice
