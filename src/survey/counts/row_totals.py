"""Answers of a batch that hold only together: ranks that are 1, 2, 3 and so on, numbers that add up."""

from typing import TYPE_CHECKING, Any

from survey.counts.batches import REFUSED, Batch
from survey.counts.definition import Definition
from survey.counts.tally_parts import Refusal
from survey.instrument import Question

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]

_MOST_SHOWN = 1_000  # different values of refusals


def refuse_rows(batch: Batch, definition: Definition, source: str) -> None:
    """Set the rows of rankings and constant sums aside that cannot be, and count them by what they are."""
    import numpy as np

    for question in definition.questions("ranking", "constant_sum"):
        look = _ranks_off if question.kind == "ranking" else _sums_off
        wrong, values = look(batch, question)
        if not wrong.any():
            continue
        for name in question.answer_columns:
            batch.codes[name][wrong] = 0
            if name in batch.numbers:
                batch.numbers[name][wrong] = np.nan
            batch.kinds.setdefault(name, np.zeros(batch.size, np.uint8))[wrong] = REFUSED
        different, counts = np.unique(values[wrong], return_counts=True)
        pairs = list(zip(different.tolist(), counts.tolist(), strict=True))[:_MOST_SHOWN]
        key = {"ranking": "cells_not_ranking", "constant_sum": "cells_not_total"}[question.kind]
        batch.refusals += tuple(Refusal(source, question.id, key, str(value), n) for value, n in pairs)


def _ranks_off(batch: Batch, question: Question) -> "tuple[Mask, Any]":
    """The rows whose ranks tie or leave a gap, and the ranks of all rows as text."""
    import numpy as np

    ranks = np.column_stack([batch.codes[name].astype(np.int64) for name in question.answer_columns])
    given = (ranks > 0).sum(axis=1)
    ordered = np.sort(np.where(ranks > 0, ranks, np.iinfo(np.int64).max), axis=1)
    counted = np.arange(1, ranks.shape[1] + 1)
    wrong: Mask = ((ordered != counted) & (counted <= given[:, None])).any(axis=1)
    texts = np.full(batch.size, "", object)
    for row in wrong.nonzero()[0].tolist():
        texts[row] = ", ".join(map(str, ordered[row, : given[row]].tolist()))
    return wrong, texts


def _sums_off(batch: Batch, question: Question) -> "tuple[Mask, Any]":
    """The rows whose numbers are not the total, and the sums of all rows as text."""
    import numpy as np

    numbers = [batch.numbers[name] for name in question.answer_columns if name in batch.numbers]
    if len(numbers) < len(question.options):  # some columns are not there: nothing is known of the sums
        return np.zeros(batch.size, np.bool_), np.full(batch.size, "", object)
    answered = ~np.isnan(numbers).all(axis=0)
    sums = np.nansum(numbers, axis=0)
    wrong: Mask = answered & (np.abs(sums - (question.total or 0)) > question.allowed_error + 1e-9)
    return wrong, np.array([f"{value:g}" for value in sums.tolist()], object)
