"""Answers that fit cell by cell and not together: the rows of one question refused as a whole."""

from typing import TYPE_CHECKING, Any

from survey.files.distinct_values import Coded
from survey.ingest.cell_values import Read
from survey.ingest.column_reading import Columns, count_cells
from survey.ingest.conversion import Conversion, Refused

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]


def refuse_rows(
    conversion: Conversion,
    columns: Columns,
    reads: list[Coded[Read]],
    wrong: "Mask",
    fault: tuple[str, dict[str, Any]] | None = None,
) -> None:
    """Refuse the answers to a question in some rows; `fault` says why, once for all of them.

    `reads` are what its columns say. The columns of the data are missing there, of kind "refused", also those
    whose cell is blank. Without a `fault` it has been said of one of the cells.
    """
    if not wrong.any():
        return
    question = columns[0][1].question
    for cells in reads:
        taken = int((wrong & cells.where(is_answer)).sum())
        count_cells(conversion, ("mapped", "answer"), -taken)
        count_cells(conversion, ("refused", "unreadable_cell"), taken)
    for name in question.answer_columns:
        if name in conversion.missing:
            conversion.values[name] = conversion.values[name].put(wrong, None)
            conversion.missing[name] = conversion.missing[name].put(wrong, "refused")
    if fault is not None:
        key, values = fault
        rows = wrong.nonzero()[0].tolist()
        read = Read(key=key, values={"question": question.id, "count": len(rows), **values})
        conversion.refused.append(Refused(columns[0][0], question.id, read, rows))


def is_answer(read: Read) -> bool:
    """Tell whether a cell holds an answer."""
    return not (read.key or read.missing)
