"""Columns of choices and batteries: options in one cell or one column each, items on one scale."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from survey.errors import Problem
from survey.files.distinct_values import Coded
from survey.ingest.cell_values import Read, Reader, guarded, remembered
from survey.ingest.code_evidence import Column, option_codes, rating_codes
from survey.ingest.column_reading import (
    Columns,
    keep_other_texts,
    kind_of,
    read_cells,
    read_plain,
    refuse_columns,
)
from survey.ingest.column_targets import Target
from survey.ingest.conversion import Conversion
from survey.ingest.joined_answers import code_of
from survey.ingest.layout import Habits
from survey.ingest.option_cells import joined_reader, single_reader
from survey.ingest.rating_cells import rating_reader
from survey.ingest.raw_table import RawColumn
from survey.ingest.tick_columns import read_ticks
from survey.instrument import Question
from survey.wording import normalise


def read_choices(conversion: Conversion, columns: Columns, decided: Mapping[str, Read]) -> None:
    """Read options: chosen in one cell, or one column per option."""
    for column, target in columns:
        if target.part is None:
            _choice(conversion, column, target, decided)
    ticks = [(column, target) for column, target in columns if target.part]
    if ticks and ticks[0][1].question.kind == "multiple":
        read_ticks(conversion, ticks, decided)


def read_battery(conversion: Conversion, columns: Columns, decided: Mapping[str, Read]) -> None:
    """Read the items of a battery, all on one scale."""
    question, habits = columns[0][1].question, conversion.table.habits
    scale = conversion.instrument.scale_of(question)
    unrated = {
        normalise(form): Read(point.value)
        for point in scale.unrated
        for form in (*point.label.values(), *point.aliases)
    }  # also where a file declares them missing
    decided = {**unrated, **decided}
    words = conversion.words(question)
    unplaced = remembered(rating_reader(scale, _unplaced(habits)))
    plain = guarded(conversion.instrument, unplaced, words, decided)
    codes = rating_codes(scale, [Column(column.cells, plain) for column, _ in columns], habits)
    if codes.key:
        names = [target.column for _, target in columns]
        refuse_columns(conversion, [column for column, _ in columns], names, question, codes)
        return
    placed = replace(habits, rating_positions=codes.positions)
    reader = rating_reader(scale, placed) if placed.rating_positions else unplaced
    for column, target in columns:
        if codes.positions:
            _note_positions(conversion, column, question)
        read_plain(conversion, column, target, reader, decided)


def _unplaced(habits: Habits) -> Habits:
    return replace(habits, positions=False, rating_positions=False)


def _choice(conversion: Conversion, column: RawColumn, target: Target, decided: Mapping[str, Read]) -> None:
    """Read a single-choice question, or a select-all question in one cell."""
    question, habits = target.question, conversion.table.habits
    joined = question.kind == "multiple"
    make = joined_reader if joined else single_reader
    unplaced = remembered(make(question, _unplaced(habits)))
    plain = guarded(conversion.instrument, unplaced, conversion.words(question), decided)
    coded = partial(_is_coded, conversion, column)
    codes = option_codes(question, Column(column.cells, plain), habits, joined=joined, coded=coded)
    if codes.key:
        names = question.answer_columns
        refuse_columns(conversion, [column], names, question, codes)
        return
    if codes.positions:
        _note_positions(conversion, column, question)
    reader = make(question, replace(habits, positions=True)) if codes.positions else unplaced
    decided = {**codes.decided, **decided}
    (_joined if joined else read_plain)(conversion, column, target, reader, decided)


def _is_coded(conversion: Conversion, but: RawColumn) -> bool:
    """Tell whether no other choice of the table is written in words."""
    return not any(
        not read.missing and not read.key and code_of(raw, conversion.table.habits) is None
        for column, target in conversion.match.answers
        if column is not but and target.question.kind == "single" and not target.text
        for raw, _, read in Column(
            column.cells,
            guarded(conversion.instrument, single_reader(target.question), conversion.words(target.question)),
        ).standing()
    )


def _note_positions(conversion: Conversion, column: RawColumn, question: Question) -> None:
    """Say where numbers were read as positions, which a platform lets its users change."""
    if question.kind != "rating" and conversion.table.habits.rating_positions:
        return  # of this platform they are positions throughout
    for row in column.cells.where(_is_position).nonzero()[0].tolist()[:1]:
        values = {"question": question.id, "value": str(column.cells[row])[:40]}
        conversion.doubts.append(Problem("codes_by_position", conversion.table.place(column, row), values))


def _is_position(raw: Any) -> bool:
    text = "" if raw is None else str(raw).strip()
    return re.fullmatch(r"(?:[a-zA-Z]+)?\d+(?:[.,]\d+)*", text) is not None


def _joined(
    conversion: Conversion, column: RawColumn, target: Target, reader: Reader, decided: Mapping[str, Read]
) -> None:
    question = target.question
    words = conversion.words(question)
    reads = read_cells(conversion, column, target.subject, reader, words, decided)
    kinds = reads.map(kind_of)
    for option in question.options:
        name = f"{question.id}__{option.id}"
        chosen = [
            None if kind else option.id in read.value
            for read, kind in zip(reads.kinds, kinds.kinds, strict=True)
        ]
        conversion.values[name], conversion.missing[name] = Coded(reads.codes, chosen), kinds
    keep_other_texts(conversion, column, question, reads)


def compare_joined(conversion: Conversion, column: RawColumn, question: Question) -> None:
    """Tell where a joined cell and the columns of its options, which count, say different things."""
    habits = conversion.table.habits
    reads = column.cells.map(guarded(conversion.instrument, joined_reader(question, habits), habits.missing))
    apart = reads.where(lambda read: read.key)
    for option in question.options:
        chosen = [option.id in (read.value or ()) for read in reads.kinds]
        ticks = conversion.values.get(f"{question.id}__{option.id}")
        apart |= Coded(reads.codes, chosen).where(bool) != (ticks.where(bool) if ticks is not None else False)
    rows = apart.nonzero()[0].tolist()
    if rows:
        values = {"question": question.id, "count": len(rows)}
        conversion.doubts.append(Problem("joined_disagrees", conversion.table.place(column, rows[0]), values))
