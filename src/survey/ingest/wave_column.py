"""The wave that responses are of: what the file, a column of it and the reader say must not contradict.

A column is one of waves where the instrument (`meta`) or a map says so. Where it names several, the rows of
the wave that is asked for are read and the others told; without one asked for it is refused, for answers of
different waves are not pooled. Nothing said, an empty cell among them, contradicts nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from survey.errors import DataError, Place, Problem
from survey.ingest.cell_values import as_text
from survey.ingest.column_targets import WAVE, Match
from survey.ingest.mapping import Mapping
from survey.ingest.provenance import Provenance
from survey.ingest.raw_table import RawColumn, RawTable
from survey.wording import is_blank_text, normalise, quoted

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]

_SHOWN = 8  # waves that a message lists
_DATE = re.compile(r"\d{4}(-\d\d){0,2}")  # a label that says when a wave was


def with_wave(mapping: Mapping | None, wave: str | None) -> Mapping | None:
    """The map with the wave whose rows are read."""
    return mapping if not wave else replace(mapping or Mapping(), wave=wave.strip())


def _column_of(match: Match) -> RawColumn | None:
    """The column that names the wave of every row."""
    return next((column for column, name in match.meta if name == WAVE), None)


def _label(raw: object) -> str:
    text = "" if raw is None else as_text(raw).strip()
    return "" if is_blank_text(text) else quoted(text)


def wave_labels(match: Match) -> dict[str, str]:
    """The waves that a table names, by the form in which they are compared, as first written."""
    column = _column_of(match)
    labels: dict[str, str] = {}
    if column is not None:
        counts = column.cells.numbers().tolist()
        for raw, count in zip(column.cells.kinds, counts, strict=True):
            if count and (label := _label(raw)):
                labels.setdefault(normalise(label), label)
    return labels


def same_wave(one: str, other: str) -> bool:
    """Whether two labels are of one wave, however they are spelt ("Wave 1", "wave 1"); none is none's."""
    return bool(one and other) and normalise(one) == normalise(other)


def wave_order(label: str) -> list[tuple[int, str]]:
    """A key that sorts labels as people count: "wave 2" before "wave 10", 2026-04 before 2027-04."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", label)]


def are_out_of_order(labels: Sequence[str]) -> bool:
    """Whether labels that are all dates of one precision (2026, 2026-04, 2026-04-15) do not rise."""
    are_dates = all(map(_DATE.fullmatch, labels)) and len(set(map(len, labels))) == 1
    return are_dates and list(labels) != sorted(labels)


class Others(NamedTuple):
    """The rows of a table that are not read, being of other waves or of none: which, and what is told."""

    rows: "Mask"
    cells: int
    problem: Problem


def rows_of_others(table: RawTable, match: Match, mapping: Mapping | None) -> Others | None:
    """The rows of other waves than the one that is asked for; None where all are read."""
    wave = mapping.wave or "" if mapping else ""
    labels, column = wave_labels(match), _column_of(match)
    if column is None or len(labels) < 2 or normalise(wave) not in labels:
        return None
    rows = column.cells.where(lambda raw: normalise(_label(raw)) != normalise(wave))
    waves = [label for form, label in labels.items() if form != normalise(wave)]
    values = {"count": int(rows.sum()), "wave": wave, "waves": waves[:_SHOWN], "header": column.header[:80]}
    problem = Problem("wave_rows_of_others", table.place(column), values)
    return Others(rows, int(rows.sum()) * len(table.columns), problem)


def wave_problems(table: RawTable, match: Match, own: str, wave: str | None) -> Iterator[Problem]:
    """Where a file contradicts itself or who reads it: `own` is what it says, `wave` what is asked for."""
    column, labels = _column_of(match), wave_labels(match)
    place = Place(file=table.file, sheet=table.sheet) if column is None else table.place(column)
    header = "" if column is None else column.header[:80]
    known = list(labels.values())[:_SHOWN]
    if wave and normalise(wave) not in (labels or {normalise(wave): wave}):
        yield Problem("wave_not_in_column", place, {"header": header, "waves": known, "wave": wave})
    elif len(labels) > 1:
        values = {"header": header, "count": len(labels), "waves": known, "last": known[-1]}
        yield Problem("waves_in_column", place, values)
    if own and labels and {normalise(own)} != labels.keys():
        yield Problem("wave_of_file_otherwise", place, {"header": header, "waves": known, "wave": own})
    if own and wave and not same_wave(own, wave):
        place = Place(file=table.file, sheet=table.sheet)
        yield Problem("wave_asked_otherwise", place, {"own": own, "wave": wave})


def with_wave_label(provenance: Provenance, match: Match, wave: str | None) -> Provenance:
    """The provenance with the wave that the file, its column or its reader says."""
    label = provenance.wave or next(iter(wave_labels(match).values()), "") or (wave or "")
    return replace(provenance, wave=label) if label != provenance.wave else provenance


def labelled(provenance: Provenance, wave: str, file: str) -> Provenance:
    """The provenance with the wave that is asked for; one that says another is refused (`DataError`)."""
    if provenance.wave and not same_wave(provenance.wave, wave):
        values = {"own": provenance.wave, "wave": wave}
        raise DataError(Problem("wave_asked_otherwise", Place(file=file), values))
    return replace(provenance, wave=provenance.wave or wave)
