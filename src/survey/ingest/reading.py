"""Reading responses: which sheet, which instrument, and what to do with cells that cannot be read."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from survey.arguments import path_of, unfit
from survey.errors import DataError, Place, Problem, usage
from survey.files.grid import Book, read_book
from survey.ingest.concatenation import join_responses
from survey.ingest.conversion import Conversion
from survey.ingest.mapping import Mapping, read_mapping
from survey.ingest.merging import merge, pair_up, refuse_other_waves
from survey.ingest.respondents import Devices
from survey.ingest.responses import Responses, ResponsesLike
from survey.ingest.sheet_choice import filled_sheets, read_sheet
from survey.ingest.table_responses import source_file, table_responses
from survey.ingest.wave_column import wave_labels, wave_order, wave_problems, with_wave
from survey.ingest.weight_column import (
    check_weight_named,
    refuse_partly_weighted,
    weight_problems,
    with_weight,
)
from survey.instrument import Instrument
from survey.progress import advance
from survey.wording import public_name, public_names


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
    read = [(books[id(conversion)], conversion) for conversion in conversions]
    _refuse_unfit(read, wave, set_aside=set_aside)
    parts = _responses_of_files(read, mapping, wave, set_aside=set_aside)
    responses = merge(parts) if len(parts) > 1 else parts[0]
    # Of two exports that are one, both; of several sheets of a file, the file once.
    files = {id(book): source_file(book, conversion) for book, conversion in tables}
    refuse_partly_weighted(responses)
    return replace(responses, provenance=replace(responses.provenance, files=tuple(files.values())))


def _refuse_unfit(read: list[tuple[Book, Conversion]], wave: str | None, *, set_aside: bool) -> None:
    """Refuse columns, cells, weights and waves that cannot be read, all at once; or no answer at all."""
    bad: list[Problem] = []
    for book, conversion in read:
        bad += [*conversion.match.faults, *(() if set_aside else conversion.first_bad)]
        bad += weight_problems(conversion)
        bad += wave_problems(conversion.table, conversion.match, book.says.get("wave", ""), wave)
    if bad:
        raise DataError(*bad)
    for _, conversion in read:
        if not conversion.answered:
            place = Place(file=conversion.table.file, sheet=conversion.table.sheet)
            raise DataError(
                Problem("no_answers", place, {"rows": len(conversion.table.numbers)}), *conversion.first_bad
            )


def _responses_of_files(
    read: list[tuple[Book, Conversion]], mapping: Mapping | None, wave: str | None, *, set_aside: bool
) -> list[Responses]:
    """The responses of each file, its sheets joined."""
    parts: list[Responses] = []
    last: Book | None = None
    for book, conversion in read:
        part = table_responses(book, conversion, set_aside=set_aside, wave=wave)
        if mapping is not None:
            headers = [column.header for column in conversion.table.columns]
            unused = mapping.unused(headers, conversion.table.file)
            part = replace(part, problems=(*part.problems, *unused))
        if book is last:  # the next sheet of the same file
            refuse_other_waves([parts[-1], part])
            parts[-1] = join_responses([parts[-1], part])
        else:
            parts.append(part)
        last = book
    return parts


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
        for name in (filled_sheets(book) if sheet is None else [sheet])
    ]
