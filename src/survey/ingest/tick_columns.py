"""Columns of ticks: which cells are unticked, which are no answer, and what forms never opened hold."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from survey.errors import Place, Problem
from survey.files.distinct_values import Coded
from survey.ingest.cell_values import BLANK, MISSING_WORDS, Read, as_text, guarded, remembered, text_reader
from survey.ingest.code_evidence import Column, tick_codes
from survey.ingest.column_reading import filled_rows, keep_other_texts, kind_of, read_cells, refuse_columns
from survey.ingest.column_targets import Target
from survey.ingest.conversion import Conversion
from survey.ingest.option_cells import tick_reader
from survey.ingest.raw_table import RawColumn
from survey.ingest.responses import MISSING_KINDS
from survey.wording import normalise

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


def read_ticks(
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


def tell_texts_without_tick(conversion: Conversion) -> None:
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


def leave_unopened(conversion: Conversion) -> None:
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
