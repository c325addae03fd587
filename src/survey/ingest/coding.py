"""Matched columns to `Responses`: every raw cell becomes an answer, a kind of missing, or a refusal."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from survey.errors import Place, Problem
from survey.files.grid import Uncached
from survey.ingest.cell_values import BLANK, Read, text_reader
from survey.ingest.choice_columns import compare_joined, read_battery, read_choices
from survey.ingest.column_reading import (
    Columns,
    count_cells,
    filled_rows,
    read_plain,
    refuse_cells,
    refuse_columns,
)
from survey.ingest.column_targets import Target
from survey.ingest.conversion import Conversion
from survey.ingest.day_columns import read_days
from survey.ingest.headers import Headers
from survey.ingest.mapping import Mapping as Map
from survey.ingest.matching import match_columns
from survey.ingest.number_columns import read_numbers
from survey.ingest.ranking_columns import read_ranking
from survey.ingest.raw_table import RawColumn, RawTable
from survey.ingest.record_rows import events_problem
from survey.ingest.respondents import Devices, about_columns
from survey.ingest.routing import route
from survey.ingest.row_exclusion import rows_left_out
from survey.ingest.sum_columns import read_sums
from survey.ingest.tick_columns import leave_unopened, tell_texts_without_tick
from survey.ingest.wave_column import rows_of_others
from survey.instrument import Instrument, Question
from survey.messages import Phrase
from survey.wording import normalise, runs

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# What programs write where there is nothing: R, pandas, databases, SPSS and SAS.
_WORDS_OF_PROGRAMS = ("NA", "NaN", "nan", "<NA>", "NULL", "#NULL!", ".")


def convert(
    table: RawTable,
    instrument: Instrument,
    *,
    every_row: bool = False,
    mapping: Map | None = None,
) -> Conversion:
    """Read the answers of a table under an instrument; `describe` reads the rest.

    Nothing is refused yet: what is wrong is in `bad` and `match`.

    A row that holds something only outside the known columns is no respondent, unless `every_row` is one.
    `mapping` says by hand what headers and labels mean, and of which wave the rows are that are read.
    """
    schema = instrument
    mapped = mapping.columns if mapping else None
    instrument = mapping.applied(instrument) if mapping else instrument
    decided = mapping.decided(instrument) if mapping else {}
    headers = Headers(instrument)
    match = match_columns(headers, table, mapped)
    others = rows_of_others(table, match, mapping)
    if others is not None:
        table = table.only((~others.rows).nonzero()[0])
        match = match_columns(headers, table, mapped)
    left_out = rows_left_out(table, match, instrument) if match.fits else {}
    filled = filled_rows(match.known, len(table.numbers))
    strays = filled & False if every_row or not match.known else ~filled
    kept = ~strays
    for rows in left_out.values():
        kept &= ~rows
    conversion = Conversion(instrument, schema, table, match, decided=decided)
    if not kept.all():
        respondents = table.only(kept.nonzero()[0])
        match = match_columns(headers, respondents, mapped)
        conversion = Conversion(instrument, schema, respondents, match, decided=decided)
        if strays.any():
            _count_strays(conversion, table, ~strays)
        _count_left_out(conversion, table, {rule: rows & ~strays for rule, rows in left_out.items()})
    if others is not None:
        conversion.strays += others.cells
        conversion.counts["left_out", "rows"] += others.cells
        conversion.doubts.append(others.problem)
    _look_for_events(conversion)
    _count_columns_left_out(conversion)
    _note_gaps_of_programs(conversion)
    _convert_answers(conversion)
    leave_unopened(conversion)
    tell_texts_without_tick(conversion)
    route(conversion)
    return conversion


def _count_strays(conversion: Conversion, table: RawTable, kept: "npt.NDArray[np.bool_]") -> None:
    """Count and tell the cells of rows that are no respondents."""
    strays = (~kept).nonzero()[0].tolist()
    conversion.strays = sum(int((column.cells.filled() & ~kept).sum()) for column in table.columns)
    conversion.counts["refused", "unknown_column"] += conversion.strays
    numbers = [str(table.numbers[row]) for row in strays[:5]]
    values = {"rows": numbers, "count": len(strays), "cells": conversion.strays}
    conversion.doubts.append(Problem("rows_stray", Place(file=table.file, sheet=table.sheet), values))


def _count_left_out(
    conversion: Conversion, table: RawTable, left_out: "dict[str, npt.NDArray[np.bool_]]"
) -> None:
    """Count and tell the rows that rules leave out."""
    numbers: list[int] = []
    for rule, rows in left_out.items():
        places = rows.nonzero()[0].tolist()
        conversion.left_out[rule] = len(places)
        numbers += [table.numbers[row] for row in places]
    cells = len(numbers) * len(table.columns)
    conversion.strays += cells
    conversion.counts["left_out", "rows"] += cells
    if numbers:
        reasons = [Phrase(f"row_rule_{rule}", (("n", n),)) for rule, n in conversion.left_out.items() if n]
        values = {"count": len(numbers), "reasons": reasons, "rows": runs(sorted(numbers))}
        conversion.doubts.append(Problem("rows_left_out", Place(file=table.file, sheet=table.sheet), values))


def _look_for_events(conversion: Conversion) -> None:
    """Refuse answers of several waves in one table; tell of records that stand in several rows."""
    problem, is_refused = events_problem(conversion.table, conversion.match)
    if problem is not None:
        (conversion.match.faults if is_refused else conversion.doubts).append(problem)


def _count_columns_left_out(conversion: Conversion) -> None:
    match = conversion.match
    for column in match.unmatched:
        conversion.counts["refused", "unknown_column"] += len(column.values)
    for column in match.not_kept:
        conversion.counts["refused", "not_kept"] += len(column.values)
    if match.faults:  # a header that could mean several things, or says what another said
        sorted_out = {id(column) for column in match.known}
        sorted_out |= {id(column) for column in (*match.unmatched, *match.not_kept)}
        for column in conversion.table.columns:
            if id(column) not in sorted_out:
                conversion.counts["refused", "unknown_column"] += len(column.values)


def _note_gaps_of_programs(conversion: Conversion) -> None:
    """Take NA, NULL and the like for empty where a program wrote the table.

    One of them stands in several columns, and no cell of an answer is blank.
    """
    if not conversion.table.of_no_platform:
        return
    gaps: dict[str, list[int]] = defaultdict(list)
    for column, target in conversion.match.answers:
        counts = column.cells.numbers().tolist()
        standing = {kind: n for kind, n in zip(column.cells.kinds, counts, strict=True) if n}
        if None in standing and target.question.kind != "text" and not target.text:
            return
        for word in _WORDS_OF_PROGRAMS:
            if word in standing:
                gaps[word].append(standing[word])
    for word, columns in gaps.items():
        if len(columns) > 1:
            conversion.further_words = {**conversion.further_words, word: "empty"}
            place = Place(file=conversion.table.file, sheet=conversion.table.sheet)
            values = {"word": word, "count": sum(columns), "columns": len(columns)}
            conversion.doubts.append(Problem("gaps_of_programs", place, values))


def _convert_answers(conversion: Conversion) -> None:
    by_question: dict[str, list[tuple[RawColumn, Target]]] = defaultdict(list)
    for column, target in conversion.match.answers:
        if target.text:
            read_plain(conversion, column, target, text_reader, {})
        else:
            by_question[target.question.id].append((column, target))
    for columns in by_question.values():
        _convert_question(conversion, columns)
    for refused in conversion.match.contradicted:
        refuse_columns(conversion, refused.columns, refused.names, refused.question, refused.codes)
    for column, question in conversion.match.doubled:
        compare_joined(conversion, column, question)


def _convert_question(conversion: Conversion, columns: list[tuple[RawColumn, Target]]) -> None:
    """Read all columns of a question; what their numbers mean is decided by all of them together."""
    question = columns[0][1].question
    _READERS[question.kind](conversion, columns, _decided(conversion, question))


def _texts(conversion: Conversion, columns: Columns, decided: Mapping[str, Read]) -> None:
    """Read open text."""
    for column, target in columns:
        read_plain(conversion, column, target, text_reader, decided)


def _decided(conversion: Conversion, question: Question) -> dict[str, Read]:
    """What single cells of a question mean before all else: by its own `missing`, by the map."""
    missing = [*question.missing.items()]
    if question.traits.measured:  # a code for no answer is no number
        missing = [*conversion.instrument.missing.items(), *missing]
    decided = {normalise(str(word)): Read(missing=kind) for kind, words in missing for word in words}
    return {**decided, **conversion.decided.get(question.id, {})}


def describe(
    conversion: Conversion, *, keep_personal: bool = False, devices: Devices | None = None
) -> Conversion:
    """Read what the file says of the respondents; a lost formula is refused, other faults are only told."""
    conversion.about, counted, problems = about_columns(
        conversion.table, conversion.match.meta, keep_personal=keep_personal, devices=devices
    )
    first = sum(problem.key == "rows_stray" for problem in conversion.doubts)
    conversion.doubts[first:first] = problems
    for column, name, kept, unread in counted:
        reads = column.cells.map(_lost)
        refuse_cells(conversion, column, name, reads)
        blank = int((~column.cells.filled()).sum())
        there = len(column.cells) - blank - int(reads.where(lambda read: read.key).sum())
        taken = there - int(unread.sum()) if kept else 0
        count_cells(conversion, ("missing", "empty"), blank)
        count_cells(conversion, ("mapped", "about_respondent"), taken)
        count_cells(conversion, ("refused", "not_kept"), there - taken)
    return conversion


def _lost(raw: Any) -> Read:
    return Read(key="cell_formula", values={"value": raw.formula}) if isinstance(raw, Uncached) else BLANK


# How the columns of a question are read, by its kind.
_READERS: dict[str, Callable[[Conversion, Columns, Mapping[str, Read]], None]] = {
    "single": read_choices,
    "multiple": read_choices,
    "rating": read_battery,
    "number": read_numbers,
    "text": _texts,
    "ranking": read_ranking,
    "nps": read_battery,
    "constant_sum": read_sums,
    "date": read_days,
}
