"""Which sheet of a workbook holds the answers, and under which instrument they are read."""

from dataclasses import replace
from pathlib import Path

from survey.errors import DataError, Place, Problem, UsageError, usage
from survey.files.grid import Book, Grid, is_blank
from survey.files.hidden_sheet import SURVEY_SHEET
from survey.ingest.cell_values import as_text
from survey.ingest.coding import convert, describe
from survey.ingest.conversion import Conversion
from survey.ingest.dialects import read_grid
from survey.ingest.mapping import Mapping
from survey.ingest.nearest_headers import headers_problem
from survey.ingest.respondents import Devices
from survey.instrument import Instrument, list_instruments, load_instrument

_ROWS_ABOVE = 10  # how far down a header is looked for


def filled_sheets(book: Book) -> list[str | None]:
    """The sheets of a collection workbook that hold answers, at least its first; else whichever fits."""
    several = book.says.get("data_sheets", "").split("\n")
    named = [grid for grid in book.grids if grid.sheet in several]
    filled = [grid.sheet for grid in named if len(grid.rows) > 1] or [grid.sheet for grid in named[:1]]
    return [*filled] or [None]


def read_sheet(
    book: Book,
    instrument: "str | Path | Instrument | None",
    sheet: str | None,
    *,
    dialect: str | None = None,
    mapping: Mapping | None = None,
    keep_personal: bool = False,
    devices: Devices | None = None,
) -> Conversion:
    """Read one sheet of a book; where None, the one the hidden sheet names or the only one that matches."""
    filled = [grid for grid in book.grids if grid.rows]
    if not filled:
        raise DataError(Problem("workbook_empty", Place(file=book.file)))
    instruments = _candidates(book, instrument)
    wanted = sheet or book.says.get("data_sheet")
    if wanted is not None:
        filled = [grid for grid in filled if grid.sheet == wanted]
        if not filled:
            names = [grid.sheet for grid in book.grids]
            raise usage("sheet_not_found", sheet=wanted, file=book.file, known=names)
    instruments = _under(mapping, instruments)
    tried = _data_sheet(book, filled, instruments, dialect, mapping)
    return describe(_best(book, tried), keep_personal=keep_personal, devices=devices)


def _under(mapping: Mapping | None, instruments: list[Instrument]) -> list[Instrument]:
    """Keep the instruments a map fits; where it fits none, say what is wrong under the last."""
    if mapping is None:
        return instruments
    fitting = []
    for instrument in instruments:
        try:
            mapping.applied(instrument)
        except UsageError as error:
            wrong = error
        else:
            fitting.append(instrument)
    if not fitting:
        raise wrong
    return fitting


def _candidates(book: Book, instrument: "str | Path | Instrument | None") -> list[Instrument]:
    if instrument is not None:
        return [load_instrument(instrument)]
    if "instrument" in book.says:
        return [_named_instrument(book, book.says["instrument"])]
    return [load_instrument(known.path) for known in list_instruments("survey")]


def _named_instrument(book: Book, reference: str) -> Instrument:
    """Load what the hidden sheet names; a path in it is not followed, and errors say who named it."""
    try:
        if set(reference) & set("/\\") or reference.endswith((".yaml", ".yml")):
            known = sorted({known.id for known in list_instruments("survey")})
            raise usage("unknown_instrument", instrument=reference, known=known)
        return load_instrument(reference)
    except UsageError as error:
        place = Place(file=book.file, sheet=SURVEY_SHEET)
        raise UsageError(*(replace(problem, place=place) for problem in error.problems)) from None


def _data_sheet(
    book: Book,
    grids: list[Grid],
    instruments: list[Instrument],
    dialect: str | None,
    mapping: Mapping | None,
) -> list[Conversion]:
    """Pick the one sheet whose header matches any instrument, read under each that matches."""
    fitting: list[tuple[Grid, list[Conversion]]] = []
    for find in (_under_first_row, _under_a_title):
        for grid in grids if not fitting else ():
            if matching := find(grid, instruments, dialect, mapping):
                fitting.append((grid, matching))
    if len(fitting) > 1:
        names = [grid.sheet for grid, _ in fitting]
        raise usage("sheets_several", file=book.file, known=names)
    if not fitting:
        headers = [as_text(cell) for cell in grids[0].rows[0] if not is_blank(cell)]
        place = Place(file=book.file, sheet=grids[0].sheet, line=grids[0].numbers[0])
        raise DataError(headers_problem(headers, instruments, place))
    _refuse_draws(fitting[0][0])
    return fitting[0][1]


def _under_first_row(
    grid: Grid, instruments: list[Instrument], dialect: str | None, mapping: Mapping | None
) -> list[Conversion]:
    """A sheet read under every instrument that its first row matches."""
    table = read_grid(grid, dialect)
    tried = [convert(table, instrument, mapping=mapping) for instrument in instruments]
    return [conversion for conversion in tried if conversion.match.fits]


def _under_a_title(
    grid: Grid, instruments: list[Instrument], dialect: str | None, mapping: Mapping | None
) -> list[Conversion]:
    """The same where the header stands below a title or other lines: it heads two columns at least."""
    for row in range(1, min(_ROWS_ABOVE, len(grid.numbers) - 1)):
        columns = {place: column[row:].present() for place, column in grid.columns.items()}
        below = replace(grid, columns=columns, numbers=grid.numbers[row:])
        matching = [
            conversion
            for conversion in _under_first_row(below, instruments, dialect, mapping)
            if len(conversion.match.answers) > 1
        ]
        if matching:
            place = Place(file=grid.file, sheet=grid.sheet, line=grid.numbers[row])
            told = Problem("header_below", place, {"count": row})
            for conversion in matching:
                conversion.doubts.insert(0, told)
            return matching
    return []


def _refuse_draws(grid: Grid) -> None:
    """Refuse many reconstructed data sets in one table: its rows are not as many respondents."""
    if grid.rows[0][:2] == ("draw", "respondent"):
        rows = len(grid.rows) - 1
        raise DataError(Problem("file_of_draws", Place(file=grid.file, sheet=grid.sheet), {"rows": rows}))


def _best(book: Book, tried: list[Conversion]) -> Conversion:
    """Pick the instrument that fits best; versions come in rising order, so that the oldest wins a tie."""
    best = min(tried, key=lambda conversion: conversion.misfit)
    rivals = {
        conversion.instrument.id
        for conversion in tried
        if conversion.instrument.id != best.instrument.id and conversion.misfit[0] == best.misfit[0]
    }
    if rivals:
        known = sorted({best.instrument.id, *rivals})
        raise usage("instruments_several", file=book.file, known=known)
    return best
