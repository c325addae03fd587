"""Reading responses: which sheet, which instrument, and what to do with cells that cannot be read."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import path_of, unfit
from survey.errors import DataError, Place, Problem, UsageError, usage
from survey.files.distinct_values import Coded
from survey.files.grid import Book, Grid, is_blank, read_book, unless_blank
from survey.files.hidden_parts import Hidden
from survey.files.hidden_sheet import SURVEY_SHEET
from survey.ingest.cell_values import as_text
from survey.ingest.coding import convert, describe, to_responses
from survey.ingest.concatenation import join_responses
from survey.ingest.conversion import Conversion
from survey.ingest.dialects import read_grid
from survey.ingest.mapping import Mapping, read_mapping
from survey.ingest.merging import merge, pair_up, refuse_other_waves
from survey.ingest.nearest_headers import headers_problem
from survey.ingest.provenance import KNOWN_KEYS, Provenance, SourceFile, read_provenance
from survey.ingest.raw_table import RawColumn, RawTable, column_letter
from survey.ingest.respondents import Devices
from survey.ingest.responses import Responses, ResponsesLike
from survey.ingest.wave_column import wave_labels, wave_order, wave_problems, with_wave, with_wave_label
from survey.ingest.weight_column import (
    check_weight_named,
    refuse_partly_weighted,
    weight_problems,
    with_weight,
    with_weighting,
)
from survey.instrument import Instrument, list_instruments, load_instrument
from survey.messages.echoes import one_line
from survey.progress import advance
from survey.wording import STRUCK, public_name, public_names, quoted, runs

if TYPE_CHECKING:
    import pandas as pd


def read_responses(  # noqa: PLR0913 - named at the call
    path: str | Path | Sequence[str | Path],
    instrument: "str | Path | Instrument | None" = None,
    *,
    sheet: str | None = None,
    set_aside: bool = False,
    dialect: str | None = None,
    mapping: "str | Path | Mapping | None" = None,
    keep_personal: bool = False,
    password: str | None = None,
    weight: str | None = None,
    wave: str | None = None,
) -> Responses:
    """Read the responses of one survey: the export of a platform or a plain table, one file or several.

    Parameters
    ----------
    path
        A workbook, or several of one survey, which are merged: Chinese and English exports become one code
        set, and Wenjuanxing's exports by text and by number of the same responses are compared cell by
        cell. A workbook (.xlsx, .xlsm, .xlsb, .xls, .ods), a text table (.csv, .tsv), a file of SPSS or
        Stata (.sav, .dta) with its labels or a Parquet file is told by its content; a .zip may hold one
        of these. Files are only read.
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
    dialect
        The layout (`wjx_text`, `qualtrics`, ...: see `survey.ingest.dialects`); found out where None.
    mapping
        A map made by hand, of headers and labels (see `survey.ingest.mapping`).
    keep_personal
        Keep addresses, e-mail, names and places in `meta`; otherwise they are dropped while reading.
    password
        Opens an encrypted workbook.
    weight
        The header of the column of weights; where None, the one that the instrument (`meta`) or its own name
        (`weight`, `w_final`, ...) says is one.
    wave
        What this fielding is called ("2027-04"), where the files do not say. Of a file whose column of waves
        (`meta: {wave: ...}` of the instrument, or a map) names several, the one whose rows are read.

    Raises
    ------
    UsageError
        There is no such file, sheet, dialect or instrument, several instruments fit equally well, or the map
        names what there is not, or no file has the column of weights.
    DataError
        The file is no workbook, no sheet matches, the files are of different instruments, or cells cannot
        be read, or weights are missing, negative or no numbers: all of them, with address. A column names
        several waves and none is asked for, or a file is of another wave than it says, or is asked for.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> table = pd.DataFrame({"firm_type": ["biotech", "biotech", "biopharma"]})
    >>> with TemporaryDirectory() as folder:
    ...     table.to_csv(Path(folder) / "r.csv", index=False)
    ...     survey.read_responses(Path(folder) / "r.csv", "executive-survey@1.0.0")
    <Responses: 3 respondents, executive-survey@1.0.0>
    """
    paths = paths_of(path)
    mapping = read_mapping(mapping) if mapping is not None else None
    mapping = with_wave(with_weight(mapping, weight), wave)
    tables: list[tuple[Book, Conversion]] = []
    devices = Devices()
    names = public_names([Path(file).name for file in paths])
    for number, file in enumerate(paths):
        if len(paths) > 1:
            advance("files", number, len(paths))
        tables += read_tables(
            file,
            instrument,
            shown=names[number],
            sheet=sheet,
            dialect=dialect,
            mapping=mapping,
            keep_personal=keep_personal,
            password=password,
            devices=devices,
        )
    _refuse_same_bytes([book for book, _ in tables])
    books = {id(conversion): book for book, conversion in tables}
    conversions = pair_up([conversion for _, conversion in tables])
    for conversion in conversions:
        _refuse_empty(books[id(conversion)], conversion)
    check_weight_named(weight, [conversion.table for conversion in conversions])
    bad = [
        problem
        for conversion in conversions
        for problem in (
            *conversion.match.faults,
            *(() if set_aside else conversion.first_bad),
            *weight_problems(conversion),
            *wave_problems(
                conversion.table, conversion.match, books[id(conversion)].says.get("wave", ""), wave
            ),
        )
    ]
    if bad:
        raise DataError(*bad)
    for conversion in conversions:
        if not conversion.answered:
            place = Place(file=conversion.table.file, sheet=conversion.table.sheet)
            raise DataError(
                Problem("no_answers", place, {"rows": len(conversion.table.numbers)}), *conversion.first_bad
            )
    parts: list[Responses] = []
    last: Book | None = None
    for conversion in conversions:
        part = table_responses(books[id(conversion)], conversion, set_aside=set_aside, wave=wave)
        if mapping is not None:
            headers = [column.header for column in conversion.table.columns]
            unused = mapping.unused(headers, conversion.table.file)
            part = replace(part, problems=(*part.problems, *unused))
        if books[id(conversion)] is last:  # the next sheet of the same file
            refuse_other_waves([parts[-1], part])
            parts[-1] = join_responses([parts[-1], part])
        else:
            parts.append(part)
        last = books[id(conversion)]
    responses = merge(parts) if len(parts) > 1 else parts[0]
    # Of two exports that are one, both; of several sheets of a file, the file once.
    files = {id(book): _source_file(book, conversion) for book, conversion in tables}
    refuse_partly_weighted(responses)
    return replace(responses, provenance=replace(responses.provenance, files=tuple(files.values())))


def waves_in(
    path: str | Path,
    instrument: "str | Path | Instrument | None" = None,
    *,
    mapping: "str | Path | Mapping | None" = None,
    **reading: Any,
) -> list[str]:
    """The waves that the column of waves of a file names, 2 before 10; none where there is no such column.

    Takes what `read_tables` takes.
    """
    chosen = read_mapping(mapping) if mapping is not None else None
    labels: dict[str, str] = {}
    for _, conversion in read_tables(path, instrument, mapping=chosen, **reading):
        labels = wave_labels(conversion.match) | labels
    return sorted(labels.values(), key=wave_order)


def _refuse_same_bytes(books: list[Book]) -> None:
    """Refuse files of the same content under several names: their respondents would count twice."""
    names: dict[str, dict[int, str]] = {}
    for book in books:
        names.setdefault(book.sha256, {})[id(book)] = book.file
    problems = [
        Problem("files_same_bytes", values={"files": list(files.values())})
        for files in names.values()
        if len(files) > 1
    ]
    if problems:
        raise DataError(*problems)


def paths_of(path: str | Path | Sequence[str | Path]) -> list[Path]:
    """The files that are named, one at least; none stands there twice (`UsageError`)."""
    paths = [path_of(one) for one in path] if isinstance(path, list | tuple) else [path_of(path)]
    doubles = {one for one in paths if paths.count(one) > 1}
    if doubles or not paths:
        raise usage("files_same", path=sorted(map(str, doubles)) or "-")
    return paths


def responses_of(data: ResponsesLike) -> Responses:
    """Give responses as they are, or those of the file at a path; refuse anything else (`UsageError`)."""
    if isinstance(data, Responses):
        return data
    if isinstance(data, str | Path):
        return read_responses(data)
    raise unfit("responses_needed", data)


_ROWS_ABOVE = 10  # how far down a header is looked for
# What a hidden sheet says of its workbook; the dialect is that of the file the responses once came from.
_OF_THE_WORKBOOK = ("instrument", "instrument_hash", "data_sheet", "data_sheets", "dialect")


def _refuse_empty(book: Book, conversion: Conversion) -> None:
    if conversion.table.numbers:
        return
    place = Place(file=book.file, sheet=conversion.table.sheet)
    if conversion.left_out:
        raise DataError(
            *(one for one in conversion.doubts if one.key == "rows_left_out"),
            Problem("rows_all_left_out", place),
        )
    if conversion.strays:
        unmatched = conversion.match.unmatched
        headers = [
            column.header or column.letter for column in unmatched if column.header or len(unmatched) < 2
        ]
        rows = next((one.values["count"] for one in conversion.doubts if one.key == "rows_stray"), 0)
        raise DataError(Problem("rows_without_columns", place, {"count": rows, "headers": headers or "-"}))
    raise DataError(Problem("no_respondents", place))


def read_tables(
    path: str | Path,
    instrument: "str | Path | Instrument | None" = None,
    *,
    shown: str | None = None,
    sheet: str | None = None,
    dialect: str | None = None,
    mapping: Mapping | None = None,
    keep_personal: bool = False,
    password: str | None = None,
    devices: Devices | None = None,
) -> list[tuple[Book, Conversion]]:
    """Read the tables of one file as far as it goes: what is wrong with their cells is not raised.

    One conversion per sheet of answers, of which only a collection workbook has several. `shown`: what the
    file is called in everything that is said of it; else its name without what names a person.
    """
    book = read_book(path, password=password)
    shown = public_name(book.file) if shown is None else shown
    book = replace(book, file=shown, grids=[replace(grid, file=shown) for grid in book.grids])
    return [
        (
            book,
            read_sheet(
                book,
                instrument,
                name,
                dialect=dialect,
                mapping=mapping,
                keep_personal=keep_personal,
                devices=devices,
            ),
        )
        for name in (_sheets_filled(book) if sheet is None else [sheet])
    ]


def _sheets_filled(book: Book) -> list[str | None]:
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


def table_responses(
    book: Book, conversion: Conversion, *, set_aside: bool, wave: str | None = None
) -> Responses:
    """Make responses of one table: one row per respondent, with what its workbook says of itself."""
    schema = conversion.schema
    pairs = {key: value for key, value in book.says.items() if key not in _OF_THE_WORKBOOK}
    provenance, unread = read_provenance(pairs)
    provenance = with_wave_label(provenance, conversion.match, wave)
    provenance = replace(provenance, files=(_source_file(book, conversion),))
    responses = with_weighting(
        to_responses(conversion, provenance=provenance, set_aside=set_aside), conversion
    )
    if unread:
        place = Place(file=book.file, sheet=SURVEY_SHEET)
        spoilt = Problem("provenance_unread", place, {"count": len(unread), "keys": list(unread)})
        responses = replace(responses, problems=(*responses.problems, spoilt))
    said = book.says.get("instrument", schema.reference)
    if said != schema.reference:
        values = {"said": quoted(said), "instrument": schema.reference}
        other = Problem("instrument_otherwise", Place(file=book.file), values)
        responses = replace(responses, problems=(*responses.problems, other))
    same_version = said == schema.reference
    if same_version and book.says.get("instrument_hash", schema.content_hash) != schema.content_hash:
        changed = Problem("instrument_changed", Place(file=book.file), {"instrument": schema.reference})
        responses = replace(responses, problems=(*responses.problems, changed))
    notices = _hidden_notices(book, conversion)
    if STRUCK in book.file:
        notices.append(Problem("file_name_personal", values={"shown": book.file}))
    return replace(responses, problems=(*responses.problems, *notices)) if notices else responses


def _source_file(book: Book, conversion: Conversion) -> SourceFile:
    return SourceFile(one_line(book.file), book.sha256, conversion.table.dialect)


def _hidden_notices(book: Book, conversion: Conversion) -> list[Problem]:
    """Tell what a workbook hides: of the data, which were read all the same, and whole sheets beside them."""
    place = Place(file=book.file, sheet=conversion.table.sheet)
    hidden = book.hidden.get(conversion.table.sheet, Hidden())
    rows = [number for number in conversion.table.numbers if number in hidden.rows]
    letters = {column_letter(position) for position in hidden.columns}
    columns = [column.letter for column in conversion.table.columns if column.letter in letters]
    others = [grid.sheet for grid in book.grids if grid.rows and grid.sheet != conversion.table.sheet]
    away = [name for name in others if book.hidden.get(name, Hidden()).sheet]
    hidden_parts = [
        ("rows_hidden", runs(rows), len(rows)),
        ("columns_hidden", columns, len(columns)),
        ("sheet_hidden", [conversion.table.sheet], int(hidden.sheet)),
        ("sheets_hidden", away, len(away)),
    ]
    return [
        Problem(key, place, {"count": count, "names": names}) for key, names, count in hidden_parts if count
    ]


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


def from_frame(
    frame: "pd.DataFrame",
    instrument: "str | Path | Instrument",
    *,
    origin: "Provenance | dict[str, Any] | None" = None,
    set_aside: bool = False,
    dialect: str | None = None,
    weight: str | None = None,
) -> Responses:
    """Take responses from a DataFrame: one row per respondent, columns headed as in a workbook.

    Cells mean what they mean in a workbook: codes, labels or numbers; missing values of pandas are blanks.
    The index is kept. `origin` is what a file would say of itself: a dictionary such as `{"wave": "2027-04"}`
    (also `title`, `source`, `licence`, `fielded_by`, and `"reconstructed": "yes"` of made-up answers), or a
    `Provenance`. A frame without rows gives responses without respondents.

    Parameters
    ----------
    frame
        One row per respondent, columns headed as in a workbook.
    instrument
        `ID`, `ID@VERSION`, the path of a YAML file, or an `Instrument`.
    origin
        What a file would say of itself (`{"wave": "2027-04"}`), or a `Provenance`.
    set_aside
        Go on without the cells that cannot be read; they stay listed in `problems`.
    dialect
        The layout of the platform that the frame was exported from (`qualtrics`, ...), further header rows of
        it included; a plain table where None. Rows that are no respondents are left out, as of a file.
    weight
        The column of weights; where None, the one that the instrument or its own name says is one.

    Raises
    ------
    UsageError
        There is no such instrument or dialect, `frame` is no DataFrame, or `origin` has an entry that is
        unknown or cannot be read.
    DataError
        No column matches, two columns mean the same, or cells cannot be read (all of them at once).

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frame = pd.DataFrame({"firm_type": ["biotech", "biopharma"], "challenges__geopolitics": [5, 2]})
    >>> survey.from_frame(frame, "executive-survey@1.0.0", origin={"wave": "2027-04"})
    <Responses: 2 respondents, executive-survey@1.0.0>
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise unfit("frame_needed", frame)
    schema = load_instrument(instrument)
    provenance = _provenance_of(origin)
    names = [_heading(name) for name in frame.columns]
    cells = [_plain_values(frame.iloc[:, position]) for position in range(len(names))]
    if dialect is None:
        columns = [RawColumn(name, name, values) for name, values in zip(names, cells, strict=True)]
        table = RawTable("DataFrame", "", columns, list(range(len(frame))), 0)
    else:
        table = _frame_table(names, cells, dialect)
    check_weight_named(weight, [table])
    wave = provenance.wave or None
    mapping = with_wave(with_weight(None, weight), wave)
    conversion = describe(convert(table, schema, every_row=True, mapping=mapping))
    if not conversion.match.fits:
        raise DataError(headers_problem(names, [schema], Place(file="DataFrame")))
    bad = [
        *conversion.match.faults,
        *(() if set_aside else conversion.first_bad),
        *weight_problems(conversion),
    ]
    bad += wave_problems(conversion.table, conversion.match, "", wave)
    if bad:
        raise DataError(*bad)
    index = frame.index.take(conversion.table.numbers)
    provenance = with_wave_label(provenance, conversion.match, wave)
    responses = to_responses(conversion, provenance=provenance, index=index, set_aside=set_aside)
    return with_weighting(responses, conversion)


def _frame_table(names: list[str], cells: list[list[Any]], dialect: str) -> RawTable:
    """The table of a frame in the layout of a platform: its columns are named, its rows counted from 0."""
    columns = {
        place: Coded.of([name or None, *values]).map(unless_blank)
        for place, (name, values) in enumerate(zip(names, cells, strict=True))
    }
    rows = max(map(len, cells), default=0)
    table = read_grid(Grid("DataFrame", "", columns, list(range(-1, rows))), dialect)
    by_letter = {column_letter(place): name for place, name in enumerate(names)}
    named = [replace(column, letter=by_letter[column.letter]) for column in table.columns]
    return replace(table, columns=named)


def _provenance_of(origin: "Provenance | dict[str, Any] | None") -> Provenance:
    if isinstance(origin, Provenance):
        return origin
    given = {str(key): value for key, value in (origin or {}).items() if value is not None}
    yes_no = {True: "yes", False: "no"}
    texts = {key: yes_no[value] if isinstance(value, bool) else str(value) for key, value in given.items()}
    provenance, unread = read_provenance(texts)
    if unread:
        entries = [f"{key} = {quoted(value)}" for key, value in unread.items()]
        raise usage("origin_unread", entries=entries, known=list(KNOWN_KEYS))
    return provenance


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
