"""Matched columns to `Responses`: every raw cell becomes an answer, a kind of missing, or a refusal."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from survey.errors import Place, Problem
from survey.ingest.cells import (
    BLANK,
    Read,
    Reader,
    guarded,
    joined_reader,
    limited,
    number_reader,
    rating_reader,
    read_column,
    single_reader,
    text_reader,
    tick_reader,
)
from survey.ingest.columns import RawColumn, RawTable
from survey.ingest.grid import Uncached, is_blank
from survey.ingest.habits import Habits
from survey.ingest.mapping import Mapping
from survey.ingest.match import Headers, Match, Target
from survey.ingest.respondents import Devices, about_arrays, about_columns
from survey.ingest.responses import MISSING_KINDS, Responses
from survey.ingest.routing import route
from survey.instrument import Instrument, Question

if TYPE_CHECKING:
    import pandas as pd

# Python keeps text, with pyarrow installed or not: pyarrow refuses what a cell can hold (lone surrogates).
TEXT = "string[python]"


@dataclass
class Conversion:
    """One table read under one instrument; `about` is what it says of the respondents beside the answers.

    `schema` is the instrument without the labels that a map added.
    """

    instrument: Instrument
    schema: Instrument
    table: RawTable
    match: Match
    values: dict[str, list[Any]] = field(default_factory=dict)
    missing: dict[str, list[str]] = field(default_factory=dict)
    about: dict[str, list[Any]] = field(default_factory=dict)
    refused: list[tuple[int, RawColumn, Problem]] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    strays: int = 0

    @property
    def bad(self) -> list[Problem]:
        """The cells that cannot be read, each with its address, row by row."""
        return [problem for _, _, problem in self.refused]

    @property
    def misfit(self) -> tuple[int, int]:
        """How badly the instrument fits: headers and options unmatched first, then parts absent."""
        faults = len(self.match.faults) + len(self.match.unmatched)
        options = {(problem.place.subject, problem.values.get("value")) for problem in self.bad}
        return faults + len(options), len(self.match.absent)

    @property
    def answered(self) -> int:
        """Count the cells that hold an answer."""
        return self.counts["mapped", "answer"]


def convert(
    table: RawTable,
    instrument: Instrument,
    *,
    every_row: bool = False,
    mapping: Mapping | None = None,
    keep_personal: bool = False,
    devices: Devices | None = None,
) -> Conversion:
    """Read a table under an instrument. Nothing is refused yet: what is wrong is in `bad` and `match`.

    A row that holds something only outside the known columns is no respondent, unless `every_row` is one.
    `mapping` says by hand what headers and labels mean.
    """
    schema = instrument
    mapped = mapping.columns if mapping else None
    instrument = mapping.applied(instrument) if mapping else instrument
    headers = Headers(instrument)
    match = headers.match(table, mapped)
    known = [column for column, _ in (*match.answers, *match.meta)]
    rows = range(len(table.numbers))
    kept = [row for row in rows if any(not is_blank(column.values[row]) for column in known)]
    if every_row or not known or len(kept) == len(rows):
        done = Conversion(instrument, schema, table, match)
    else:
        strays = sorted(set(rows) - set(kept))
        respondents = table.only(kept)
        done = Conversion(instrument, schema, respondents, headers.match(respondents, mapped))
        done.strays = sum(not is_blank(column.values[row]) for column in table.columns for row in strays)
        done.counts["refused", "unknown_column"] += done.strays
        told = ", ".join(str(table.numbers[row]) for row in strays[:5])
        values = {"rows": told, "count": len(strays), "cells": done.strays}
        done.doubts.append(Problem("rows_stray", Place(file=table.file, sheet=table.sheet), values))
    for column in done.match.unmatched:
        done.counts["refused", "unknown_column"] += len(column.values)
    for column in done.match.not_kept:
        done.counts["refused", "not_kept"] += len(column.values)
    _about_respondents(done, keep_personal=keep_personal, devices=devices)
    by_question: dict[str, list[tuple[RawColumn, Target]]] = defaultdict(list)
    for column, target in done.match.answers:
        if target.text:
            _plain(done, column, target, text_reader)
        elif target.question.kind == "multiple" and target.part is None:
            _joined(done, column, target)
        elif target.question.kind == "multiple":
            by_question[target.question.id].append((column, target))
        else:
            _plain(done, column, target, _reader_of(instrument, target.question, table.habits))
    for columns in by_question.values():
        _ticks(done, columns)
    for column, question in done.match.doubled:
        _compare_joined(done, column, question)
    route(done)
    order = {id(column): position for position, column in enumerate(done.table.columns)}
    done.refused.sort(key=lambda refused: (refused[0], order[id(refused[1])]))
    return done


def _reader_of(instrument: Instrument, question: Question, habits: Habits) -> Reader:
    if question.kind == "single":
        return single_reader(question, habits)
    if question.kind == "rating":
        return rating_reader(instrument.scale_of(question), habits)
    if question.kind == "number":
        return limited(number_reader, question.limits) if question.limits else number_reader
    return text_reader


def _refuse(done: Conversion, column: RawColumn, row: int, subject: str, read: Read) -> None:
    problem = Problem(read.key, done.table.place(column, row, subject), read.values)
    done.refused.append((row, column, problem))
    done.counts["refused", "unreadable_cell"] += 1


def _about_respondents(done: Conversion, *, keep_personal: bool, devices: Devices | None) -> None:
    """Read what the file says of the respondents; a lost formula is refused, other faults are only told."""
    done.about, counted, problems = about_columns(
        done.table, done.match.meta, keep_personal=keep_personal, devices=devices
    )
    done.doubts += problems
    for column, name, kept, bad in counted:
        unread = set(bad)
        for row, raw in enumerate(column.values):
            if isinstance(raw, Uncached):
                _refuse(done, column, row, name, Read(key="cell_formula", values={"value": raw.formula}))
            elif is_blank(raw):
                done.counts["missing", "empty"] += 1
            else:
                taken = kept and row not in unread
                done.counts[("mapped", "about_respondent") if taken else ("refused", "not_kept")] += 1


def _plain(done: Conversion, column: RawColumn, target: Target, reader: Reader) -> None:
    values: list[Any] = []
    missing: list[str] = []
    texts: list[str | None] = []
    guard = guarded(done.instrument, reader, done.table.habits.missing)
    _tell_positions(done, column, target.question)
    for row, read in enumerate(read_column(column.values, guard)):
        texts.append(read.text)
        if read.key:
            _refuse(done, column, row, target.subject, read)
        else:
            done.counts[("missing", read.missing) if read.missing else ("mapped", "answer")] += 1
        values.append(read.value)
        missing.append("refused" if read.key else read.missing)
    done.values[target.column], done.missing[target.column] = values, missing
    if any(text is not None for text in texts):
        _other_texts(done, column, target.question, texts, missing)


def _tell_positions(done: Conversion, column: RawColumn, question: Question) -> None:
    """Say where numbers were read as positions of options, which a platform lets its users change."""
    habits = done.table.habits
    if question.kind == "rating":
        points = done.instrument.scale_of(question).values
        if not habits.rating_positions or points == tuple(range(1, len(points) + 1)):
            return
    elif not habits.positions or habits.rating_positions or question.kind not in ("single", "multiple"):
        return
    for row, raw in enumerate(column.values):
        if raw is not None and re.fullmatch(r"(?:[a-zA-Z]+)?\d+(?:[.,]\d+)*", str(raw).strip()):
            values = {"question": question.id, "value": str(raw)[:40]}
            done.doubts.append(Problem("codes_by_position", done.table.place(column, row), values))
            return


def _other_texts(
    done: Conversion, column: RawColumn, question: Question, texts: list[str | None], missing: list[str]
) -> None:
    """Keep what was written beside an "other" in the same cell; a column for it alone has the last word."""
    first = next(row for row, text in enumerate(texts) if text is not None)
    count = sum(text is not None for text in texts)
    values = {"question": question.id, "count": count, "value": str(texts[first])[:40]}
    done.doubts.append(Problem("other_texts", done.table.place(column, first, question.id), values))
    for option in question.options:
        name = f"{question.id}__{option.id}__text"
        if option.text and name not in {target.column for _, target in done.match.answers}:
            done.values[name] = list(texts)
            kinds = zip(texts, missing, strict=True)
            done.missing[name] = ["" if text is not None else kind or "empty" for text, kind in kinds]


def _joined(done: Conversion, column: RawColumn, target: Target) -> None:
    question = target.question
    habits = done.table.habits
    _tell_positions(done, column, question)
    reads = read_column(
        column.values, guarded(done.instrument, joined_reader(question, habits), habits.missing)
    )
    for row, read in enumerate(reads):
        if read.key:
            _refuse(done, column, row, target.subject, read)
        else:
            done.counts[("missing", read.missing) if read.missing else ("mapped", "answer")] += 1
    kinds = ["refused" if read.key else read.missing for read in reads]
    for option in question.options:
        name = f"{question.id}__{option.id}"
        done.values[name] = [
            None if kind else option.id in read.value for read, kind in zip(reads, kinds, strict=True)
        ]
        done.missing[name] = list(kinds)
    if any(read.text is not None for read in reads):
        _other_texts(done, column, question, [read.text for read in reads], kinds)


def _compare_joined(done: Conversion, column: RawColumn, question: Question) -> None:
    """Tell where a joined cell and the columns of its options, which count, say different things."""
    habits = done.table.habits
    reads = read_column(
        column.values, guarded(done.instrument, joined_reader(question, habits), habits.missing)
    )
    apart = []
    for row, read in enumerate(reads):
        names = {option.id: f"{question.id}__{option.id}" for option in question.options}
        ticked = {one for one, name in names.items() if name in done.values and done.values[name][row]}
        if read.key or (set(read.value or ()) != ticked):
            apart.append(row)
    if apart:
        values = {"question": question.id, "count": len(apart)}
        done.doubts.append(Problem("joined_disagrees", done.table.place(column, apart[0]), values))


def _ticks(done: Conversion, columns: list[tuple[RawColumn, Target]]) -> None:
    """Read a select-all question with one column per option.

    Where unticked is written (1/0), a row of zeros is an answer and a blank cell is none; where unticked is
    blank, a row blank throughout the question is no answer. The layout is what most unticked cells are.
    """
    reads = []
    for column, target in columns:
        assert target.part is not None
        habits = done.table.habits
        reader = tick_reader(target.question, target.part, habits)
        reader = guarded(done.instrument, reader, {**habits.missing, **habits.missing_ticks})
        reads.append(read_column(column.values, reader))
    rows = range(len(done.table.numbers))
    touched = [any(read[row].value is not None for read in reads) for row in rows]
    zeros = sum(read[row].value is False for read in reads for row in rows)
    blanks = sum(read[row] is BLANK for read in reads for row in rows if touched[row])
    blank_is_unticked = blanks > zeros
    if blanks and zeros:
        question = columns[0][1].question
        values = {"blanks": blanks, "zeros": zeros}
        key = "layout_mixed_blank" if blank_is_unticked else "layout_mixed_zero"
        first = done.table.place(columns[0][0], subject=question.id)
        done.doubts.append(Problem(key, first, values))
    for (column, target), cells in zip(columns, reads, strict=True):
        values_out: list[Any] = []
        missing: list[str] = []
        for row, read in enumerate(cells):
            value, kind = read.value, read.missing
            if read.key:
                _refuse(done, column, row, target.subject, read)
                kind = "refused"
            elif read is BLANK and blank_is_unticked and touched[row]:
                value, kind = False, ""
            if not read.key:
                done.counts[("missing", kind) if kind else ("mapped", "answer")] += 1
            values_out.append(value)
            missing.append(kind)
        done.values[target.column], done.missing[target.column] = values_out, missing
        if any(read.text is not None for read in cells):
            _other_texts(done, column, target.question, [read.text for read in cells], missing)


def to_responses(
    done: Conversion, *, origin: dict[str, str], index: "pd.Index | None" = None, set_aside: bool = False
) -> Responses:
    """Build the frames. Cells in `done.bad` are missing here, of kind `refused`, and listed in `problems`."""
    import pandas as pd

    instrument, table = done.instrument, done.table
    size = len(table.numbers)
    rows = pd.RangeIndex(size) if index is None else index
    kinds = pd.CategoricalDtype(["", *MISSING_KINDS])
    data: dict[str, Any] = {}
    missing: dict[str, Any] = {}
    for question in instrument.questions:
        for name in question.columns:
            values = done.values.get(name, [None] * size)
            data[name] = pd.array(values, dtype=column_dtype(question, name))
            missing[name] = pd.Categorical(done.missing.get(name, ["not_asked"] * size), dtype=kinds)
    places = {"source": [table.file] * size, "sheet": [table.sheet] * size, "row": table.numbers}
    about = about_arrays(done.about, TEXT)
    return Responses(
        data=pd.DataFrame(data, index=rows),
        missing=pd.DataFrame(missing, index=rows),
        meta=pd.DataFrame({**places, **about}, index=rows),
        instrument=done.schema,
        problems=(*(done.bad if set_aside else ()), *done.doubts, *_notices(done)),
        accounting=_accounting(done),
        origin=origin,
    )


def column_dtype(question: Question, column: str) -> Any:
    """Give the dtype of a column of `Responses.data`."""
    import pandas as pd

    if column in question.text_columns or question.kind == "text":
        return TEXT
    if question.kind == "single":
        return pd.CategoricalDtype([option.id for option in question.options])
    return {"rating": "Int64", "multiple": "boolean", "number": "Float64"}[question.kind]


def _notices(done: Conversion) -> list[Problem]:
    """What a reader must know though it stops nothing: columns not matched, parts absent, doubles."""
    notices = list(done.match.notices)
    place = Place(file=done.table.file, sheet=done.table.sheet)
    if done.table.dialect != "plain":
        key = "dialect_told" if done.table.reason else "dialect_chosen"
        told = {"dialect": done.table.dialect, "reason": done.table.reason}
        notices.insert(0, Problem(key, place, told))
    notices += [Problem(key, place) for key in done.table.unverified]
    headers = Headers(done.instrument)
    for column in done.match.unmatched:
        near = headers.near(column.header) if column.header else []
        filled = sum(not is_blank(raw) for raw in column.values)
        if not (filled or column.header):
            continue  # what it held was in a row that is no respondent, and is told there
        values: dict[str, Any] = {"header": column.header[:80], "filled": filled, "near": ", ".join(near)}
        key = "column_unmatched_near" if near else "column_unmatched" if column.header else "column_headless"
        values["letter"] = column.letter
        notices.append(Problem(key, done.table.place(column), values))
    if done.table.merged:
        ranges = ", ".join(done.table.merged[:5])
        place = Place(file=done.table.file, sheet=done.table.sheet)
        notices.append(Problem("cells_merged", place, {"ranges": ranges, "count": len(done.table.merged)}))
    absent = set(done.match.absent) - done.values.keys()
    for question in done.instrument.questions:
        gone = [name for name in question.columns if name in absent]
        if gone and len(gone) == len(question.columns):
            notices.append(Problem("question_absent", values={"question": question.id}))
        elif gone:
            names = ", ".join(name.removeprefix(f"{question.id}__") for name in gone)
            notices.append(Problem("parts_absent", values={"question": question.id, "parts": names}))
    return notices


def _accounting(done: Conversion) -> "pd.DataFrame":
    import pandas as pd

    read = len(done.table.columns) * len(done.table.numbers) + done.strays
    lines = [
        ("read", ""),
        ("mapped", "answer"),
        ("mapped", "about_respondent"),
        *(("missing", kind) for kind in MISSING_KINDS),
        ("refused", "unreadable_cell"),
        ("refused", "unknown_column"),
        ("refused", "not_kept"),
    ]
    cells = [read if line[0] == "read" else done.counts[line] for line in lines]
    if sum(cells[1:]) != read:
        raise RuntimeError(f"cells read {read}, accounted for {sum(cells[1:])}")
    return pd.DataFrame(
        {"category": [line[0] for line in lines], "kind": [line[1] for line in lines], "cells": cells}
    )
