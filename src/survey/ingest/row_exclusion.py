"""Rows that are no respondents: previews, tests, spam, the header once more, totals, notes below a table.

Each has a rule with a name; the rows are left out while reading, counted and told. A last respondent who
answered little stays one.
"""

import re
from functools import partial
from operator import eq
from typing import TYPE_CHECKING

from survey.ingest.cell_values import as_text
from survey.ingest.column_targets import Match
from survey.ingest.raw_table import RawColumn, RawTable
from survey.ingest.record_rows import rows_of_repeats
from survey.ingest.respondents import row_states
from survey.ingest.row_words import is_note
from survey.ingest.summary_rows import Summaries
from survey.instrument import Instrument
from survey.wording import near_misses, normalise

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]

STATES = ("preview", "test", "spam")
# The rules, in the order in which they are told; a row that two of them find is of the first.
READING_RULES = (*STATES, "header_again", "repeat_row", "summary_row", "note_row")
_SENTENCE = re.compile(r"(?:\S+\s+){3,}\S+|[\u4e00-\u9fff].{9,}")
_FEW_CELLS = 2
_FEWEST_ROWS = 3  # above a row of sums without a label


def rows_left_out(table: RawTable, match: Match, instrument: Instrument) -> "dict[str, Mask]":
    """Tell by rule the rows that are no respondents; rules that find none are not among them."""
    import numpy as np

    nobody = np.zeros(len(table.numbers), np.bool_)
    rules: dict[str, Mask] = {}
    own = {str(name): rule for name, rule in instrument.quality.items()}.get("test_rows")
    states = row_states(table, match.meta) if own is None or own.action in (None, "drop") else None
    for state in STATES:
        rules[state] = nobody if states is None else states.where(state.__eq__)
    rules["header_again"] = _header_again(table)
    rules["repeat_row"] = rows_of_repeats(table, match)
    taken = np.logical_or.reduce(list(rules.values()))
    for rule in ("summary_row", "note_row"):
        rules[rule] = nobody.copy()
    summaries = Summaries(table, match, instrument)
    rules["summary_row"] = summaries.labelled() & ~taken
    _look_at_the_end(table, summaries, rules, taken)
    earlier = nobody.copy()
    for rule, rows in rules.items():
        rules[rule] = rows & ~earlier
        earlier |= rows
    return {rule: rows for rule, rows in rules.items() if rows.any()}


def _header_again(table: RawTable) -> "Mask":
    """Rows in which every cell that is filled says what its column is headed by, two at least."""
    import numpy as np

    size = len(table.numbers)
    headed = [
        column
        for column in table.columns
        if column.header
        and any(kind == column.header for kind in column.cells.kinds if isinstance(kind, str))
    ]
    if len(headed) < 2:
        return np.zeros(size, np.bool_)
    alike, filled = np.zeros(size, np.int32), np.zeros(size, np.int32)
    for column in table.columns:
        filled += column.cells.filled()
    for column in headed:
        alike += column.cells.where(partial(eq, column.header))
    again: Mask = (alike == filled) & (alike >= 2)
    return again


def _look_at_the_end(table: RawTable, summaries: Summaries, rules: "dict[str, Mask]", taken: "Mask") -> None:
    """Find notes and rows of sums without a label, from the last row upwards, to the first respondent."""
    below = max(rules["summary_row"].nonzero()[0].tolist(), default=len(taken))
    scant = _scant_rows(table, summaries, range(below + 1, len(taken)))
    for row in range(len(taken) - 1, 0, -1):
        if taken[row] or rules["summary_row"][row]:
            continue
        filled = summaries.filled(row)
        if row in scant or _is_note(table, summaries, filled, row):
            rules["note_row"][row] = True
        elif row >= _FEWEST_ROWS and _is_bare(summaries, filled, row) and summaries.is_aggregate(row):
            rules["summary_row"][row] = True
        elif filled:
            break


def _is_bare(summaries: Summaries, filled: list[RawColumn], row: int) -> bool:
    """Tell whether a row holds numbers under questions and nothing else, not even an id."""
    return all(
        summaries.target(column) is not None and not summaries.speaks(column, row) for column in filled
    )


def _scant_rows(table: RawTable, summaries: Summaries, rows: range) -> set[int]:
    """The rows below the last total where none of them has an answer or an id: what stands there is notes."""
    for row in rows:
        filled = summaries.filled(row)
        first = as_text(filled[0].cells[row]).strip() if filled else ""
        answered = any(summaries.target(column) is not None for column in filled)
        if answered or len(filled) > _FEW_CELLS or (filled and _looks_like_others(filled[0], row, first)):
            return set()
    return set(rows)


def _looks_like_others(column: RawColumn, row: int, text: str) -> bool:
    """Tell whether a cell is written as another cell of its column: a31 as a1, not "Confidential" as a1."""
    shape = _shape(text)
    return any(
        _shape(as_text(raw).strip()) == shape
        for raw in column.cells.kinds
        if raw is not None and raw != column.cells[row]
    )


def _shape(text: str) -> str:
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", text))


def _is_note(table: RawTable, summaries: Summaries, filled: list[RawColumn], row: int) -> bool:
    """Notes alone in a row, or a sentence where an id or the answer to a closed question would stand."""
    texts = [as_text(column.cells[row]).strip() for column in filled]
    if not filled or (len(filled) > 1 and not _are_notes(summaries, filled, texts)):
        return False
    column, first, target = filled[0], texts[0], summaries.target(filled[0])
    marked = is_note(first)
    spoken = _SENTENCE.fullmatch(first) is not None
    if target is None:  # an id, or nothing of ours
        others = [as_text(raw).strip() for raw in column.cells.kinds if raw is not None]
        return marked or (spoken and not any(map(_SENTENCE.fullmatch, (t for t in others if t != first))))
    forms = [form for part in target.question.parts for form in part.forms]
    if target.question.traits.cells == "text" or target.text or normalise(first) in map(normalise, forms):
        return False  # it may be what somebody wrote
    # In a narrow table a respondent had little else to answer.
    return len(table.columns) > 2 and (marked or (spoken and not near_misses(first, forms)))


def _are_notes(summaries: Summaries, filled: list[RawColumn], texts: list[str]) -> bool:
    """Tell whether several cells of a row are notes: all begin so, or the first does and one is no answer."""
    if all(map(is_note, texts)):
        return True
    answers = [one for one in map(summaries.target, filled[1:]) if one is not None]
    return (
        is_note(texts[0]) and len(filled) == 2 and all(one.question.traits.cells == "text" for one in answers)
    )
