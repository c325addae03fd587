"""Reading responses: which sheet, which instrument, and what to do with cells that cannot be read."""

import datetime
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.errors import DataError, Place, Problem, UsageError, usage
from survey.ingest.cells import as_text
from survey.ingest.columns import RawColumn, RawTable
from survey.ingest.convert import Conversion, convert, to_responses
from survey.ingest.dialects import read_grid
from survey.ingest.grid import SURVEY_SHEET, Book, Grid, is_blank, read_book
from survey.ingest.joining import join_responses
from survey.ingest.responses import Responses
from survey.instrument import Instrument, list_instruments, load_instrument

if TYPE_CHECKING:
    import pandas as pd


def read_responses(
    path: str | Path,
    instrument: "str | Path | Instrument | None" = None,
    *,
    sheet: str | None = None,
    set_aside: bool = False,
    password: str | None = None,
) -> Responses:
    """Read a workbook of responses: one row per respondent, one header row.

    Parameters
    ----------
    path
        A workbook (.xlsx, .xlsm, .xls, .ods) or a text table (.csv, .tsv), told by its content. It is only
        read.
    instrument
        `ID`, `ID@VERSION`, the path of a YAML file, or an `Instrument`. Where nothing is said, the hidden
        sheet of the workbook says it, else the headers: among the versions of one instrument the one that
        leaves fewest headers and options unmatched, then the one with fewest parts absent, then the oldest.
    sheet
        The data sheet. Where nothing is said: the one the hidden sheet names, else the only one whose
        header matches.
    set_aside
        Go on without the cells that cannot be read: they become missing (`refused`) and stay listed in
        `problems`. Otherwise any such cell raises.

    password
        Opens an encrypted workbook.

    Raises
    ------
    UsageError
        There is no such file, sheet or instrument, or several instruments fit equally well.
    DataError
        The file is no workbook, no sheet matches, or cells cannot be read: all of them, with address.
    """
    book = read_book(path, password=password)
    several = book.says.get("data_sheets", "").split("\n")
    if sheet is None and several != [""]:
        used = [grid.sheet for grid in book.grids if grid.sheet in several and len(grid.rows) > 1]
        used = used or [grid.sheet for grid in book.grids if grid.sheet in several][:1]
        if used:
            return join_responses([_read(book, instrument, name, set_aside) for name in used])
    return _read(book, instrument, sheet, set_aside)


def _read(
    book: Book, instrument: "str | Path | Instrument | None", sheet: str | None, set_aside: bool
) -> Responses:
    """Read one sheet of a book."""
    filled = [grid for grid in book.grids if grid.rows]
    if not filled:
        raise DataError(Problem("workbook_empty", Place(file=book.file)))
    instruments = _candidates(book, instrument)
    wanted = sheet or book.says.get("data_sheet")
    if wanted is not None:
        filled = [grid for grid in filled if grid.sheet == wanted]
        if not filled:
            names = ", ".join(grid.sheet for grid in book.grids)
            raise usage("sheet_not_found", sheet=wanted, file=book.file, known=names)
    grid, tried = _data_sheet(book, filled, instruments)
    done = _best(book, tried)
    if not done.table.numbers:
        raise DataError(Problem("no_respondents", Place(file=book.file, sheet=grid.sheet)))
    structural = done.match.faults
    if structural or (done.bad and not set_aside):
        raise DataError(*structural, *done.bad)
    if not done.answered:
        values = {"rows": len(done.table.numbers)}
        raise DataError(Problem("no_answers", Place(file=book.file, sheet=grid.sheet), values), *done.bad)
    schema, origin = done.instrument, {**book.says, "input": book.file, "input_hash": book.sha256}
    found = to_responses(done, origin=origin, set_aside=set_aside)
    same_version = book.says.get("instrument") == schema.reference
    if same_version and book.says.get("instrument_hash", schema.content_hash) != schema.content_hash:
        changed = Problem("instrument_changed", Place(file=book.file), {"instrument": schema.reference})
        found = replace(found, problems=(*found.problems, changed))
    return found


def _candidates(book: Book, told: "str | Path | Instrument | None") -> list[Instrument]:
    if told is not None:
        return [load_instrument(told)]
    if "instrument" in book.says:
        return [_named_instrument(book, book.says["instrument"])]
    return [load_instrument(known.path) for known in list_instruments("survey")]


def _named_instrument(book: Book, reference: str) -> Instrument:
    """Load what the hidden sheet names; a path in it is not followed, and errors say who named it."""
    try:
        if set(reference) & set("/\\") or reference.endswith((".yaml", ".yml")):
            known = ", ".join(sorted({known.id for known in list_instruments("survey")}))
            raise usage("unknown_instrument", instrument=reference, known=known)
        return load_instrument(reference)
    except UsageError as error:
        place = Place(file=book.file, sheet=SURVEY_SHEET)
        raise UsageError(*(replace(problem, place=place) for problem in error.problems)) from None


def _data_sheet(
    book: Book, grids: list[Grid], instruments: list[Instrument]
) -> tuple[Grid, list[Conversion]]:
    """Pick the one sheet whose header matches any instrument, read under each that matches."""
    fitting: list[tuple[Grid, list[Conversion]]] = []
    for grid in grids:
        table = read_grid(grid)
        tried = [convert(table, instrument) for instrument in instruments]
        matching = [done for done in tried if done.match.answers or done.match.faults]
        if matching:
            fitting.append((grid, matching))
    if len(fitting) > 1:
        names = ", ".join(grid.sheet for grid, _ in fitting)
        raise usage("sheets_several", file=book.file, known=names)
    if not fitting:
        headers = ", ".join(as_text(cell) for cell in grids[0].rows[0] if not is_blank(cell))
        tried_names = ", ".join(instrument.reference for instrument in instruments)
        place = Place(file=book.file, sheet=grids[0].sheet, line=grids[0].numbers[0])
        values = {"headers": headers[:120], "tried": tried_names}
        raise DataError(Problem("headers_unknown", place, values))
    return fitting[0]


def _best(book: Book, tried: list[Conversion]) -> Conversion:
    """Pick the instrument that fits best; versions come in rising order, so that the oldest wins a tie."""
    best = min(tried, key=lambda done: done.misfit)
    rivals = {
        done.instrument.id
        for done in tried
        if done.instrument.id != best.instrument.id and done.misfit[0] == best.misfit[0]
    }
    if rivals:
        known = ", ".join(sorted({best.instrument.id, *rivals}))
        raise usage("instruments_several", file=book.file, known=known)
    return best


def from_frame(
    frame: "pd.DataFrame",
    instrument: "str | Path | Instrument",
    *,
    origin: dict[str, str] | None = None,
    set_aside: bool = False,
) -> Responses:
    """Take responses from a DataFrame: one row per respondent, columns headed as in a workbook.

    Cells mean what they mean in a workbook: codes, labels or numbers; missing values of pandas are blanks.
    The index is kept. `origin` is what a file would say of itself (`wave`, `reconstructed`). A frame without
    rows gives responses without respondents.

    Raises
    ------
    UsageError
        There is no such instrument.
    DataError
        No column matches, two columns mean the same, or cells cannot be read (all of them at once).
    """
    schema = load_instrument(instrument)
    names = [_heading(name) for name in frame.columns]
    columns = [
        RawColumn(name, name, _plain_values(frame.iloc[:, position])) for position, name in enumerate(names)
    ]
    table = RawTable("DataFrame", "", columns, list(range(len(frame))), 0)
    done = convert(table, schema, every_row=True)
    if not done.match.answers and not done.match.faults:
        values = {"headers": ", ".join(names)[:120] or "-", "tried": schema.reference}
        raise DataError(Problem("headers_unknown", Place(file="DataFrame"), values))
    if done.match.faults or (done.bad and not set_aside):
        raise DataError(*done.match.faults, *done.bad)
    told = {str(key): str(value) for key, value in (origin or {}).items()}
    return to_responses(done, origin=told, index=frame.index, set_aside=set_aside)


def _heading(name: Any) -> str:
    """Give the name of a column as a header; the levels of a MultiIndex stand one after the other."""
    levels = name if isinstance(name, tuple) else (name,)
    texts = [as_text(plain) for plain in map(_plain_value, levels) if plain is not None]
    return ": ".join(text for text in texts if text)


def _plain_values(column: "pd.Series[Any]") -> list[Any]:
    cells = zip(column.tolist(), column.isna(), strict=True)
    return [None if gone else _plain_value(value) for value, gone in cells]


def _plain_value(value: Any) -> Any:
    """Turn a value of pandas, numpy or Python into one a workbook could hold; several into joined text."""
    if value is None or isinstance(value, str | bool | int) or (type(value) is float and value == value):
        return value
    import numpy as np
    import pandas as pd

    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    elif isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    if isinstance(value, Iterable) and not isinstance(value, str) and not isinstance(value, bytes | dict):
        return "; ".join(as_text(plain) for plain in map(_plain_value, value) if plain is not None)
    if pd.isna(value):  # within a list
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime(warn=False)
    if isinstance(value, Decimal | Fraction):
        return float(value)
    kept = str | bool | int | float | datetime.date | datetime.time
    return value if isinstance(value, kept) else str(value)
