"""Reading the cells of one column: each different cell once, counted, refused where it cannot be read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from survey.errors import Problem
from survey.files.distinct_values import Coded
from survey.ingest.cell_values import Read, Reader, guarded
from survey.ingest.code_evidence import Codes
from survey.ingest.column_targets import Target
from survey.ingest.conversion import Contradicted, Conversion, Refused
from survey.ingest.raw_table import RawColumn
from survey.instrument import Question
from survey.wording import normalise, quoted

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# The columns of one question, each with what it holds.
Columns = list[tuple[RawColumn, Target]]

_MANY_OTHERS = 4


def refuse_columns(
    conversion: Conversion, columns: list[RawColumn], names: Sequence[str], question: Question, codes: Codes
) -> None:
    """Refuse columns of a question as a whole; the columns of the data are missing where these are filled."""
    for column in columns:
        filled = column.cells.filled()
        count_cells(conversion, ("refused", "unreadable_cell"), int(filled.sum()))
        count_cells(conversion, ("missing", "empty"), int((~filled).sum()))
    several = len(names) == len(columns)
    together = filled_rows(columns, len(conversion.table.numbers))
    for place, name in enumerate(names):
        filled = columns[place].cells.filled() if several else together
        conversion.values[name] = Coded.same(None, len(filled))
        conversion.missing[name] = Coded.same("empty", len(filled)).put(filled, "refused")
    conversion.contradicted.append(Contradicted(columns, question.id, codes.key, codes.values))


def filled_rows(columns: list[RawColumn], size: int) -> "npt.NDArray[np.bool_]":
    """Tell for every row whether any of some columns holds something."""
    import numpy as np

    filled = np.zeros(size, np.bool_)
    for column in columns:
        filled |= column.cells.filled()
    return filled


def refuse_cells(conversion: Conversion, column: RawColumn, subject: str, reads: Coded[Read]) -> None:
    """Refuse the cells that cannot be read."""
    import numpy as np

    wrong = [code for code, read in enumerate(reads.kinds) if read.key]
    if not wrong:
        return
    rows = np.isin(reads.codes, wrong).nonzero()[0]
    of_code: dict[int, list[int]] = defaultdict(list)
    for row, code in zip(rows.tolist(), reads.codes[rows].tolist(), strict=True):
        of_code[code].append(row)
    conversion.refused += [
        Refused(column, subject, reads.kinds[code], rows) for code, rows in of_code.items()
    ]
    count_cells(conversion, ("refused", "unreadable_cell"), len(rows))


def count_cells(conversion: Conversion, line: tuple[str, str], cells: int) -> None:
    """Count cells under a line of the accounting."""
    if cells:
        conversion.counts[line] += cells


def kind_of(read: Read) -> str:
    """The kind of missing that a cell is of; "" where it holds an answer."""
    return "refused" if read.key else read.missing


def read_cells(
    conversion: Conversion,
    column: RawColumn,
    subject: str,
    reader: Reader,
    words: Mapping[str, str],
    decided: Mapping[str, Read],
) -> Coded[Read]:
    """Read a column, each different cell once; count what was found and refuse what cannot be read."""
    reads = column.cells.map(guarded(conversion.instrument, reader, words, decided))
    for read, cells in zip(reads.kinds, reads.numbers().tolist(), strict=True):
        if not read.key:
            count_cells(
                conversion, ("missing", read.missing) if read.missing else ("mapped", "answer"), cells
            )
    refuse_cells(conversion, column, subject, reads)
    return reads


def read_plain(
    conversion: Conversion, column: RawColumn, target: Target, reader: Reader, decided: Mapping[str, Read]
) -> None:
    """Keep what a column says, as its reader reads it."""
    words = conversion.words(target.question)
    reads = read_cells(conversion, column, target.subject, reader, words, decided)
    conversion.values[target.column] = reads.map(lambda read: read.value)
    conversion.missing[target.column] = reads.map(kind_of)
    keep_other_texts(conversion, column, target.question, reads)


def keep_other_texts(
    conversion: Conversion, column: RawColumn, question: Question, reads: Coded[Read]
) -> None:
    """Keep what was written beside an "other" in the same cell; a column for it alone has the last word."""
    rows = reads.where(lambda read: read.text is not None).nonzero()[0]
    if not len(rows):
        return
    first = int(rows[0])
    values = {"question": question.id, "count": len(rows), "value": str(reads[first].text)[:40]}
    conversion.doubts.append(
        Problem("other_texts", conversion.table.place(column, first, question.id), values)
    )
    _flag_renamed(conversion, column, question, reads)
    for option in question.options:
        name = f"{question.id}__{option.id}__text"
        if option.text and name not in {target.column for _, target in conversion.match.answers}:
            conversion.values[name] = reads.map(lambda read: read.text)
            conversion.missing[name] = reads.map(
                lambda read: "" if read.text is not None else kind_of(read) or "empty"
            )


def _flag_renamed(conversion: Conversion, column: RawColumn, question: Question, reads: Coded[Read]) -> None:
    """Flag the same "other" in many cells: an option that was renamed or added while the survey ran."""
    if not conversion.table.habits.free_other:
        return
    counts: dict[str, int] = defaultdict(int)
    written: dict[str, str] = {}
    for read, n in zip(reads.kinds, reads.numbers().tolist(), strict=True):
        if read.text and n:
            form = normalise(read.text)
            counts[form] += n
            written.setdefault(form, read.text)
    for form, n in counts.items():
        if n >= _MANY_OTHERS:
            first = int(reads.where(lambda read, form=form: normalise(read.text or "") == form).argmax())  # type: ignore[misc]
            values = {"question": question.id, "value": quoted(written[form], 60), "count": n}
            place = conversion.table.place(column, first, question.id)
            conversion.doubts.append(Problem("other_repeated", place, values))
