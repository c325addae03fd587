"""Constant sums: a number for each option, which together are the total."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from survey.files.distinct_values import Coded
from survey.ingest.cell_values import BLANK, Read, Reader, guarded, text_reader
from survey.ingest.code_evidence import Codes, Column
from survey.ingest.column_reading import Columns, kind_of, read_cells, refuse_columns
from survey.ingest.conversion import Conversion
from survey.ingest.number_cells import limited, number_reader
from survey.ingest.number_columns import decimal_sign, written
from survey.ingest.row_refusals import refuse_rows
from survey.instrument.question import Limits

_SHOWN = 3  # sums named in a refusal


def read_sums(conversion: Conversion, columns: Columns, decided: Mapping[str, Read]) -> None:
    """Read the numbers of the options of a constant sum, all columns together.

    A blank beside a number is 0: it was shared out without it. Rows whose numbers are not the total, give or
    take the `tolerance`, are refused.
    """
    import numpy as np

    question = columns[0][1].question
    words = conversion.words(question)
    look = guarded(conversion.instrument, text_reader, words, decided)
    standing = [pair for column, _ in columns for pair in Column(column.cells, look).standing()]
    limits = question.number_limits or Limits()
    forms = written([raw for raw, _, read in standing if not (read.missing or isinstance(read.value, float))])
    decimal = decimal_sign(forms, limits, [])
    if decimal.key:
        codes = Codes(key=decimal.key, values=decimal.values or {})
        names = [target.column for _, target in columns]
        refuse_columns(conversion, [column for column, _ in columns], names, question, codes)
        return
    reader: Reader = limited(partial(number_reader, decimal=decimal.sign), limits)
    reads = [
        read_cells(conversion, column, target.subject, reader, words, decided) for column, target in columns
    ]
    numbers = np.column_stack([_numbers(cells) for cells in reads])
    answered = ~np.isnan(numbers).all(axis=1)
    for place, (_, target) in enumerate(columns):
        left = answered & np.isnan(numbers[:, place]) & reads[place].where(lambda read: read is BLANK)
        reads[place] = cells = reads[place].put(left, Read(0.0))
        conversion.values[target.column] = cells.map(lambda read: read.value)
        conversion.missing[target.column] = cells.map(kind_of)
        conversion.counts["missing", "empty"] -= int(left.sum())
        conversion.counts["mapped", "answer"] += int(left.sum())
    unread = np.logical_or.reduce([cells.where(lambda read: read.key) for cells in reads])
    refuse_rows(conversion, columns, reads, unread)
    sums = np.nansum(numbers, axis=1)
    off = answered & ~unread & (np.abs(sums - (question.total or 0)) > question.allowed_error + 1e-9)
    if off.any():
        different = [f"{value:g}" for value in np.unique(sums[off])[:_SHOWN].tolist()]
        values: dict[str, Any] = {"sums": different, "total": f"{question.total:g}"}
        values["tolerance"] = f"{question.allowed_error:g}"
        refuse_rows(conversion, columns, reads, off, ("sums_off", values))


def _numbers(cells: Coded[Read]) -> Any:
    import numpy as np

    values = [np.nan if read.value is None else float(read.value) for read in cells.kinds]
    return np.array(values, float)[cells.codes]
