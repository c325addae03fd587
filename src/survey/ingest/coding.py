"""Matched columns to `Responses`: every raw cell becomes an answer, a kind of missing, or a refusal."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from survey.errors import Place, Problem
from survey.files.distinct_values import Coded
from survey.files.grid import Uncached
from survey.ingest.cell_values import (
    BLANK,
    MISSING_WORDS,
    Read,
    Reader,
    as_text,
    guarded,
    is_outside,
    joined_reader,
    limited,
    number_reader,
    rating_reader,
    remembered,
    share_reader,
    single_reader,
    text_reader,
    tick_reader,
)
from survey.ingest.code_evidence import Codes, Column, option_codes, rating_codes, tick_codes
from survey.ingest.column_reading import (
    Columns,
    count_cells,
    filled_rows,
    keep_other_texts,
    kind_of,
    read_cells,
    read_plain,
    refuse_cells,
    refuse_columns,
)
from survey.ingest.conversion import Conversion
from survey.ingest.day_columns import read_days
from survey.ingest.days import DATE
from survey.ingest.deriving import with_derived
from survey.ingest.joined_answers import code_of
from survey.ingest.layout import Habits
from survey.ingest.mapping import Mapping as Map
from survey.ingest.matching import Headers, Target
from survey.ingest.number_columns import codes_for_nothing, decimal_sign, percents, standing_numbers, written
from survey.ingest.provenance import Provenance, RuleCount, Screening, add_counts
from survey.ingest.ranking_columns import read_ranking
from survey.ingest.raw_table import RawColumn, RawTable
from survey.ingest.record_rows import events_problem
from survey.ingest.respondents import Devices, about_arrays, about_columns
from survey.ingest.responses import MISSING_KINDS, Responses
from survey.ingest.routing import route
from survey.ingest.row_exclusion import rows_left_out
from survey.ingest.sum_columns import read_sums
from survey.ingest.wave_column import rows_of_others
from survey.instrument import Instrument, Question
from survey.instrument.sampling_design import is_design_part, is_replicate_weight
from survey.messages import Phrase
from survey.wording import normalise, runs

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

# Python keeps text, with pyarrow installed or not: pyarrow refuses what a cell can hold (lone surrogates).
TEXT = "string[python]"
# What programs write where there is nothing: R, pandas, databases, SPSS and SAS.
_WORDS_OF_PROGRAMS = ("NA", "NaN", "nan", "<NA>", "NULL", "#NULL!", ".")
_WEIGHT_HEADER = re.compile(
    r"(?:.*[_ .])?(?:weights?|wts?|wgts?|gewicht(?:ung)?|poids|peso|pond(?:eration|eracion)?)(?:[_ .].*)?"
    r"|w[_ .]?(?:final|raked?|trim(?:med)?|post|cal|adj)(?:[_ .]?\w*)?|.*(?:权重|权数|加权).*"
)
_FEW_WEIGHTS = 2  # different ones


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
    match = headers.match(table, mapped)
    others = rows_of_others(table, match, mapping)
    if others is not None:
        table = table.only((~others.rows).nonzero()[0])
        match = headers.match(table, mapped)
    left_out = rows_left_out(table, match, instrument) if match.fits else {}
    filled = filled_rows(match.known, len(table.numbers))
    strays = filled & False if every_row or not match.known else ~filled
    kept = ~strays
    for rows in left_out.values():
        kept &= ~rows
    conversion = Conversion(instrument, schema, table, match, decided=decided)
    if not kept.all():
        respondents = table.only(kept.nonzero()[0])
        match = headers.match(respondents, mapped)
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
    _leave_unopened(conversion)
    _tell_texts_without_tick(conversion)
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
        _compare_joined(conversion, column, question)


def _convert_question(conversion: Conversion, columns: list[tuple[RawColumn, Target]]) -> None:
    """Read all columns of a question; what their numbers mean is decided by all of them together."""
    question = columns[0][1].question
    _READERS[question.kind](conversion, columns, _decided(conversion, question))


def _texts(conversion: Conversion, columns: Columns, decided: Mapping[str, Read]) -> None:
    """Read open text."""
    for column, target in columns:
        read_plain(conversion, column, target, text_reader, decided)


def _numbers(conversion: Conversion, columns: Columns, decided: Mapping[str, Read]) -> None:
    """Read numbers, each column for itself."""
    for column, target in columns:
        _number(conversion, column, target, decided)


def _choices(conversion: Conversion, columns: Columns, decided: Mapping[str, Read]) -> None:
    """Read options: chosen in one cell, or one column per option."""
    for column, target in columns:
        if target.part is None:
            _choice(conversion, column, target, decided)
    ticks = [(column, target) for column, target in columns if target.part]
    if ticks and ticks[0][1].question.kind == "multiple":
        _ticks(conversion, ticks, decided)


def _battery(conversion: Conversion, columns: Columns, decided: Mapping[str, Read]) -> None:
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


def _decided(conversion: Conversion, question: Question) -> dict[str, Read]:
    """What single cells of a question mean before all else: by its own `missing`, by the map."""
    missing = [*question.missing.items()]
    if question.traits.measured:  # a code for no answer is no number
        missing = [*conversion.instrument.missing.items(), *missing]
    decided = {normalise(str(word)): Read(missing=kind) for kind, words in missing for word in words}
    return {**decided, **conversion.decided.get(question.id, {})}


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


def _number(conversion: Conversion, column: RawColumn, target: Target, decided: Mapping[str, Read]) -> None:
    """Read a number question; what its commas and points are, the column decides."""
    question = target.question
    look = guarded(conversion.instrument, text_reader, conversion.words(question), decided)
    standing = Column(column.cells, look).standing()
    # What a map says is no text any more.
    own = [(raw, n) for raw, n, read in standing if not (read.missing or isinstance(read.value, float))]
    forms = written(raw for raw, _ in own)
    elsewhere = _decimal_signs(conversion, column) if forms.open and len(forms.decimals) != 1 else []
    decimal = decimal_sign(forms, question.limits, elsewhere)
    numbers = standing_numbers(own, decimal.sign)
    shares = percents(numbers, question.limits)
    if decimal.key or shares.refused:
        key, values = (decimal.key, decimal.values) if decimal.key else (shares.key, shares.values)
        refuse_columns(conversion, [column], [target.column], question, Codes(key=key, values=values or {}))
        return
    doubts = {"numbers_doubtful": decimal.values, shares.key: shares.values}
    codes = codes_for_nothing(numbers)
    if question.limits:  # what they refuse is not read as it stands
        codes = [one for one in codes if not is_outside(one[0], question.limits)]
    if codes:
        values = {"codes": [f"{code:.10g}" for code, _ in codes], "count": sum(n for _, n in codes)}
        doubts["numbers_look_missing"] = values
    place = conversion.table.place(column, subject=question.id)
    conversion.doubts += [Problem(key, place, values) for key, values in doubts.items() if values]
    limits = question.limits
    unit = tuple(limits.unit.values()) if limits and limits.unit else ()
    reader: Reader = partial(number_reader, decimal=decimal.sign, unit=unit)
    if limits:
        is_share = limits.maximum is not None and limits.maximum <= 1
        reader = limited(share_reader(reader) if is_share else reader, limits)
    read_plain(conversion, column, target, reader, decided)


def _decimal_signs(conversion: Conversion, but: RawColumn) -> list[str]:
    """The decimal signs that the other number columns of the table bear out."""
    return [
        sign
        for column, target in conversion.match.answers
        if target.question.kind == "number" and column is not but
        for sign in written(column.cells.kinds).decimals
    ]


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


def _compare_joined(conversion: Conversion, column: RawColumn, question: Question) -> None:
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


def _ticks(
    conversion: Conversion, columns: list[tuple[RawColumn, Target]], decided: Mapping[str, Read]
) -> None:
    """Read a select-all question with one column per option.

    Where unticked is written (1/0), a row of zeros is an answer and a blank cell is none; where unticked is
    blank, a row blank throughout the question is no answer. The layout is what most unticked cells are.
    Where neither stands beside a tick, only words for a missing answer (NA, -99), these are unticked there.
    An "other" whose column holds its text has no other way to be unticked than to stay blank.
    """
    import numpy as np

    habits = conversion.table.habits
    question = columns[0][1].question
    words = {**conversion.words(question), **habits.missing_ticks}
    parts = [target.part for _, target in columns if target.part]
    readers = [remembered(tick_reader(question, part, habits)) for part in parts]
    decided = {**{code: Read(value) for code, value in habits.ticks.items()}, **decided}
    looked_at = [
        Column(column.cells, guarded(conversion.instrument, reader, words, decided))
        for (column, _), reader in zip(columns, readers, strict=True)
    ]
    own_forms = [{*map(normalise, part.forms), *decided} for part in parts]
    codes = tick_codes(looked_at, own_forms, habits)
    if codes[0].key:
        names = [target.column for _, target in columns]
        refuse_columns(conversion, [column for column, _ in columns], names, question, codes[0])
        return
    reads = [
        read_cells(conversion, column, target.subject, reader, words, {**code.decided, **decided})
        for (column, target), reader, code in zip(columns, readers, codes, strict=True)
    ]
    plain = guarded(conversion.instrument, text_reader, words, decided)
    asked = np.zeros(len(conversion.table.numbers), np.bool_)
    for stranger in conversion.match.strangers.get(question.id, []):
        asked |= stranger.cells.where(lambda raw: not plain(raw).missing)
    _keep_ticks(conversion, columns, reads, asked)


def _keep_ticks(
    conversion: Conversion,
    columns: list[tuple[RawColumn, Target]],
    reads: list[Coded[Read]],
    asked: "npt.NDArray[np.bool_]",
) -> None:
    """Keep the ticks of a question, and say which cells that hold none are unticked beside them.

    `asked` are the rows that have an answer under an option that the question does not have.
    """
    import numpy as np

    touched = asked.copy()
    for cells in reads:
        touched |= cells.where(lambda read: read.value is not None)
    zeros = sum(int(cells.where(lambda read: read.value is False).sum()) for cells in reads)
    gaps = [cells.where(lambda read: read is BLANK) & touched for cells in reads]
    other_in_tick = conversion.table.habits.other_in_tick
    by_text = [other_in_tick and target.part.text for _, target in columns if target.part]
    blanks = sum(int(gap.sum()) for gap, text in zip(gaps, by_text, strict=True) if not text)
    blank_is_unticked = blanks > zeros
    if blanks and zeros:
        values = {"blanks": blanks, "zeros": zeros}
        key = "layout_mixed_blank" if blank_is_unticked else "layout_mixed_zero"
        first = conversion.table.place(columns[0][0], subject=columns[0][1].question.id)
        conversion.doubts.append(Problem(key, first, values))
    standing = [
        cells.where(_is_missing_word) & column.cells.where(_is_foreign) & touched
        for (column, _), cells in zip(columns, reads, strict=True)
    ]
    unticked_words = sum(map(int, map(np.sum, standing)))
    words_are_unticked = not zeros and unticked_words > blanks
    if words_are_unticked:
        _note_unticked_words(conversion, columns, standing)
    for (column, target), cells, gap, worded, text in zip(
        columns, reads, gaps, standing, by_text, strict=True
    ):
        ticks: Coded[Any] = cells.map(lambda read: read.value)
        kinds = cells.map(kind_of)
        if (blank_is_unticked or text) and gap.any():
            ticks, kinds = ticks.put(gap, False), kinds.put(gap, "")
            conversion.counts["missing", "empty"] -= int(gap.sum())
            conversion.counts["mapped", "answer"] += int(gap.sum())
        if words_are_unticked and worded.any():
            for kind in MISSING_KINDS:
                conversion.counts["missing", kind] -= int((kinds.where(kind.__eq__) & worded).sum())
            conversion.counts["mapped", "answer"] += int(worded.sum())
            ticks, kinds = ticks.put(worded, False), kinds.put(worded, "")
        conversion.values[target.column], conversion.missing[target.column] = ticks, kinds
        keep_other_texts(conversion, column, target.question, cells)


def _tell_texts_without_tick(conversion: Conversion) -> None:
    """Tell where something is written beside an option that the same row does not tick."""
    for column, target in conversion.match.answers:
        ticks = conversion.values.get(target.column.removesuffix("__text")) if target.text else None
        if ticks is None or target.question.traits.cells != "tick":
            continue
        texts = conversion.values[target.column].where(bool)
        rows = (texts & ~ticks.where(bool)).nonzero()[0].tolist()
        if rows:
            place = conversion.table.place(column, rows[0], target.subject)
            values = {"count": len(rows), "texts": int(texts.sum())}
            conversion.doubts.append(Problem("texts_without_tick", place, values))


def _is_missing_word(read: Read) -> bool:
    return bool(read.missing) and read is not BLANK


def _is_foreign(raw: Any) -> bool:
    """Tell whether a cell is no word of our own for a missing answer, beside which unticked is written."""
    return raw is None or normalise(as_text(raw)) not in MISSING_WORDS.values()


def _note_unticked_words(
    conversion: Conversion,
    columns: list[tuple[RawColumn, Target]],
    standing: "list[npt.NDArray[np.bool_]]",
) -> None:
    """Say once of a question which words beside a tick were read as unticked."""
    cells = [
        as_text(column.cells[row])
        for (column, _), rows in zip(columns, standing, strict=True)
        for row in rows.nonzero()[0].tolist()
    ]
    question = columns[0][1].question.id
    values = {"words": sorted(set(cells))[:5], "count": len(cells), "question": question}
    place = conversion.table.place(columns[0][0], subject=question)
    conversion.doubts.append(Problem("words_unticked", place, values))


def _leave_unopened(conversion: Conversion) -> None:
    """Take the zeros of a form without any answer as none: they are exported of forms never opened, too."""
    forms: dict[str, list[tuple[RawColumn, Target]]] = defaultdict(list)
    for column, target in conversion.match.answers:
        forms[column.form].append((column, target))
    for form, columns in forms.items():
        ticks = [target for _, target in columns if target.question.kind == "multiple" and not target.text]
        ticks = [target for target in ticks if target.part and target.column in conversion.values]
        zeros = _only_zeros(conversion, form, columns, ticks) if ticks else None
        if zeros is None or not zeros.any():
            continue
        for target in ticks:
            gone = zeros & conversion.values[target.column].where(lambda value: value is False)
            conversion.counts["mapped", "answer"] -= int(gone.sum())
            conversion.counts["missing", "empty"] += int(gone.sum())
            conversion.values[target.column] = conversion.values[target.column].put(gone, None)
            conversion.missing[target.column] = conversion.missing[target.column].put(gone, "empty")
        place = Place(file=conversion.table.file, sheet=conversion.table.sheet)
        values = {"question": ticks[0].question.id, "count": int(zeros.sum())}
        conversion.doubts.append(Problem("zeros_of_no_answer", place, values))


def _only_zeros(
    conversion: Conversion, form: str, columns: list[tuple[RawColumn, Target]], ticks: list[Target]
) -> "npt.NDArray[np.bool_] | None":
    """Tell the rows in which a form holds a zero for every option, and no answer.

    Where a form asks nothing but select-all questions, only its own state tells that it was not filled in:
    without one None is given.
    """
    size = len(conversion.table.numbers)
    names = {target.column for target in ticks}
    others = [(column, target) for column, target in columns if target.column not in names]
    zeros = ~filled_rows([column for column, _ in others], size)
    for column, target in columns:
        if target.column in names:
            zeros &= ~conversion.values[target.column].where(lambda value: value is not False)
            if not (target.part and target.part.text):  # which may have nothing but its text
                zeros &= column.cells.filled()
    if any(target.question.kind != "text" and not target.text for _, target in others):
        return zeros
    states = [one for one in conversion.table.columns if one.role == "finished" and one.form == form]
    if not (form and states):
        return None
    for state in states:
        zeros &= state.cells.where(lambda raw: raw is None or as_text(raw).strip() in ("0", "Incomplete"))
    return zeros


# How the columns of a question are read, by its kind.
_READERS: dict[str, Callable[[Conversion, Columns, Mapping[str, Read]], None]] = {
    "single": _choices,
    "multiple": _choices,
    "rating": _battery,
    "number": _numbers,
    "text": _texts,
    "ranking": read_ranking,
    "nps": _battery,
    "constant_sum": read_sums,
    "date": read_days,
}


def to_responses(
    conversion: Conversion,
    *,
    provenance: Provenance,
    index: "pd.Index | None" = None,
    set_aside: bool = False,
) -> Responses:
    """Build the frames; cells in `conversion.bad` are missing, of kind `refused`, and stand in `problems`."""
    import numpy as np
    import pandas as pd

    instrument, table = conversion.instrument, conversion.table
    size = len(table.numbers)
    rows = pd.RangeIndex(size) if index is None else index
    kinds = pd.CategoricalDtype(["", *MISSING_KINDS])
    nothing, not_asked = Coded.same(None, size), Coded.same("not_asked", size)
    data: dict[str, Any] = {}
    missing: dict[str, Any] = {}
    for question in instrument.questions:
        for name in question.columns:
            dtype = column_dtype(conversion.instrument, question, name)
            data[name] = typed(conversion.values.get(name, nothing), dtype)
            missing[name] = typed(conversion.missing.get(name, not_asked), kinds)
    alike = {"source": table.file, "sheet": table.sheet}
    places = {name: pd.Series([text]).array.take(nothing.codes) for name, text in alike.items()}
    places["row"] = np.array(table.numbers, np.int64)
    about = about_arrays(conversion.about, TEXT)
    responses = Responses(
        data=pd.DataFrame(data, index=rows),
        missing=pd.DataFrame(missing, index=rows),
        meta=pd.DataFrame({**places, **about}, index=rows),
        instrument=conversion.schema,
        problems=(*(conversion.bad if set_aside else ()), *conversion.doubts, *_notices(conversion)),
        accounting=_accounting(conversion),
        provenance=_with_rows_left_out(conversion, provenance),
    )
    return with_derived(responses)


def _with_rows_left_out(conversion: Conversion, provenance: Provenance) -> Provenance:
    """Say which rows were left out while reading, those of earlier readings with them."""
    counts = [RuleCount(rule, n) for rule, n in conversion.left_out.items() if n]
    if not counts:
        return provenance
    rows = len(conversion.table.numbers) + sum(count.n for count in counts)
    earlier = provenance.screening or Screening((), rows)
    screening = Screening(add_counts([*earlier.counts, *counts]), earlier.total)
    return replace(provenance, screening=screening)


def typed(cells: Coded[Any], dtype: Any) -> Any:
    """Make an array of a pandas type: each kind once, then as often as it stands there."""
    import pandas as pd

    return pd.array(list(cells.kinds), dtype=dtype).take(cells.codes)


def column_dtype(instrument: Instrument, question: Question, column: str) -> Any:
    """Give the dtype of a column of `Responses.data`."""
    import pandas as pd

    cells = "text" if column in question.text_columns else question.traits.cells
    if cells == "option":
        return pd.CategoricalDtype([option.id for option in question.options])
    if cells == "point" and not instrument.is_whole(question):
        return "Float64"
    types = {"tick": "boolean", "point": "Int64", "number": "Float64", "date": DATE, "text": TEXT}
    return types[cells]


def _notices(conversion: Conversion) -> list[Problem]:
    """What a reader must know though it stops nothing: columns not matched, parts absent, doubles."""
    notices = list(conversion.match.notices)
    place = Place(file=conversion.table.file, sheet=conversion.table.sheet)
    if not conversion.table.of_no_platform:
        key = "dialect_told" if conversion.table.reason else "dialect_chosen"
        dialect_values = {"dialect": conversion.table.dialect, "reason": conversion.table.reason}
        notices.insert(0, Problem(key, place, dialect_values))
    notices += [Problem(key, place) for key in conversion.table.unverified]
    own = [column.header for column in conversion.match.not_kept if column.role or column.otherwise]
    if own:
        place = Place(file=conversion.table.file, sheet=conversion.table.sheet)
        notices.append(Problem("columns_of_platform", place, {"names": own, "count": len(own)}))
    notices += _columns_left_out(conversion)
    if conversion.table.merged:
        ranges = conversion.table.merged[:5]
        place = Place(file=conversion.table.file, sheet=conversion.table.sheet)
        notices.append(
            Problem("cells_merged", place, {"ranges": ranges, "count": len(conversion.table.merged)})
        )
    absent = set(conversion.match.absent) - conversion.values.keys()
    for question in conversion.instrument.questions:
        gone = [name for name in question.columns if name in absent]
        if gone and len(gone) == len(question.columns):
            notices.append(Problem("question_absent", values={"question": question.id}))
        elif gone:
            names = [name.removeprefix(f"{question.id}__") for name in gone]
            notices.append(Problem("parts_absent", values={"question": question.id, "parts": names}))
    return notices


def _columns_left_out(conversion: Conversion) -> list[Problem]:
    """The columns of no question, each with what it may be; replicate weights together."""
    notices: list[Problem] = []
    headers = Headers(conversion.instrument)
    replicates: list[RawColumn] = []
    for column in conversion.match.unmatched:
        near = [headers.proposed(name) for name in headers.near(*reversed(column.also), column.header)]
        filled = int(column.cells.filled().sum())
        if not (filled or column.header):
            continue  # what it held was in a row that is no respondent, and is told there
        values: dict[str, Any] = {"header": column.header[:80], "filled": filled, "near": near}
        key = "column_unmatched_near" if near else "column_unmatched" if column.header else "column_headless"
        if is_replicate_weight(column.header):
            replicates.append(column)
            continue
        if is_design_part(column.header):
            key = "column_looks_design"
        elif column.header and (weights := _as_weights(column)):
            key = "column_looks_weight"
            values |= weights
        values["letter"] = column.letter
        notices.append(Problem(key, conversion.table.place(column), values))
    if replicates:
        headers_shown = [column.header[:80] for column in replicates[:3]]
        replicate_values = {"headers": headers_shown, "count": len(replicates)}
        at = conversion.table.place(replicates[0])
        notices.append(Problem("columns_look_replicates", at, replicate_values))
    return notices


def _as_weights(column: RawColumn) -> dict[str, str]:
    """What a column looks like that is headed as weights are: numbers, none below zero, around 1; else {}."""
    if not _WEIGHT_HEADER.fullmatch(normalise(column.header)):
        return {}
    counts = column.cells.numbers().tolist()
    reads = [
        (number_reader(kind).value, n)
        for kind, n in zip(column.cells.kinds, counts, strict=True)
        if n and kind is not None
    ]
    numbers = [(value, n) for value, n in reads if value is not None and value >= 0]
    if not numbers or len(numbers) < len(reads) or len(numbers) < _FEW_WEIGHTS:
        return {}
    mean = sum(value * n for value, n in numbers) / sum(n for _, n in numbers)
    low, high = min(value for value, _ in numbers), max(value for value, _ in numbers)
    return {"low": f"{low:.4g}", "high": f"{high:.4g}", "mean": f"{mean:.4g}"}


def _accounting(conversion: Conversion) -> "pd.DataFrame":
    import pandas as pd

    read = len(conversion.table.columns) * len(conversion.table.numbers) + conversion.strays
    lines = [
        ("read", ""),
        ("mapped", "answer"),
        ("mapped", "about_respondent"),
        *(("missing", kind) for kind in MISSING_KINDS),
        ("refused", "unreadable_cell"),
        ("refused", "unknown_column"),
        ("refused", "not_kept"),
        ("left_out", "rows"),
    ]
    cells = [read if line[0] == "read" else conversion.counts[line] for line in lines]
    if sum(cells[1:]) != read:
        raise RuntimeError(f"cells read {read}, accounted for {sum(cells[1:])}")
    return pd.DataFrame(
        {"category": [line[0] for line in lines], "kind": [line[1] for line in lines], "cells": cells}
    )
