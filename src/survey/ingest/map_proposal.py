"""`survey match`: the map that says how files would be read, to be mended by hand."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.errors import DataError, Place, Problem, usage
from survey.files.grid import Book, read_book
from survey.ingest.cell_values import as_text
from survey.ingest.code_evidence import pieces_of
from survey.ingest.coding import convert, describe
from survey.ingest.column_targets import Match
from survey.ingest.conversion import Contradicted, Conversion
from survey.ingest.dialects import read_grid
from survey.ingest.headers import Headers
from survey.ingest.joined_answers import code_of
from survey.ingest.layout import Habits
from survey.ingest.mapping import TICKS, Mapping, read_mapping
from survey.ingest.merging import merge, pair_up
from survey.ingest.missing_words import missing_kind
from survey.ingest.quality import left_out_text, screen
from survey.ingest.reading import paths_of, read_tables
from survey.ingest.respondents import Devices
from survey.ingest.table_responses import table_responses
from survey.ingest.wave_column import with_wave
from survey.ingest.weight_column import check_weight_named, with_weight
from survey.instrument import Instrument, Question, load_instrument
from survey.messages import message
from survey.wording import near_misses, normalise

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass
class _Counted:
    """A table as it was read, and which of its rows are counted."""

    conversion: Conversion
    rows: "npt.NDArray[np.bool_]"

    @property
    def numbers(self) -> set[int]:
        """The counted rows as the sheet numbers them."""
        return {number for number, here in zip(self.conversion.table.numbers, self.rows, strict=True) if here}


@dataclass
class _Header:
    """What is known of a header in all tables: what it means, whether it is left out, cells under it."""

    meaning: str = ""
    by_number: str = ""
    left_out: bool = False
    filled: int = 0
    again: list[str] = field(default_factory=list)  # letters of further columns under it


def propose_map(  # noqa: PLR0913 - named at the call
    paths: str | Path | Sequence[str | Path],
    instrument: "str | Path | Instrument | None" = None,
    *,
    sheet: str | None = None,
    dialect: str | None = None,
    mapping: "str | Path | Mapping | None" = None,
    keep_personal: bool = False,
    password: str | None = None,
    wave: str | None = None,
    drop: Sequence[str] = (),
    where: Sequence[str] = (),
    weight: str | None = None,
    lang: str = "en",
) -> str:
    """Write how files would be read as one map (YAML): every header, and every label not understood.

    What is matched stands ready; what is not is commented out, with near misses beside it. Nothing near is
    ever filled in.

    Parameters
    ----------
    paths, instrument, sheet, dialect, keep_personal, password, wave
        As of `survey.read_responses`. Cells that cannot be read are set aside.
    mapping
        A map to go on from: what it says stands in the new one.
    weight
        The column that holds the weights: the map says so.
    drop, where
        What is counted: rows left out by the rules named (and those that leave out by themselves), and
        respondents who meet every condition.

    Raises
    ------
    UsageError
        As `survey.read_responses`, `screen` and `Responses.where`.
    DataError
        A file cannot be read at all, the files are of different instruments, or no header matches and no
        instrument was named.
    """
    chosen = with_weight(read_mapping(mapping) if mapping is not None else None, weight)
    wanted = with_wave(chosen, wave)
    devices = Devices()
    tables: list[tuple[Book, Conversion]] = []
    for path in paths_of(paths):
        try:
            tables += read_tables(
                path,
                instrument,
                sheet=sheet,
                dialect=dialect,
                mapping=wanted,
                keep_personal=keep_personal,
                password=password,
                devices=devices,
            )
        except DataError:
            if instrument is None:
                raise
            tables.append(_unmatched(path, load_instrument(instrument), sheet, dialect, password))
    check_weight_named(weight, [conversion.table for _, conversion in tables])
    counted, notes = _counted(tables, drop, where, lang)
    return "\n".join(_lines(counted, chosen or Mapping(), notes, lang)) + "\n"


def _unmatched(
    path: str | Path, instrument: Instrument, sheet: str | None, dialect: str | None, password: str | None
) -> tuple[Book, Conversion]:
    """Read the largest sheet under an instrument none of whose headers it has."""
    book = read_book(path, password=password)
    grids = [grid for grid in book.grids if grid.rows and sheet in (None, grid.sheet)]
    if not grids:
        raise DataError(Problem("workbook_empty", Place(file=book.file)))
    grid = max(grids, key=lambda one: len(one.rows))
    return book, describe(convert(read_grid(grid, dialect), instrument))


def _counted(
    read: list[tuple[Book, Conversion]], drop: Sequence[str], where: Sequence[str], lang: str
) -> tuple[list[_Counted], list[str]]:
    """Tell which rows of each table the analysis would count, and what to say of the others."""
    import numpy as np

    books = {id(conversion): book for book, conversion in read}
    conversions = pair_up([conversion for _, conversion in read])
    parts = [table_responses(books[id(each)], each, set_aside=True) for each in conversions]
    responses, _ = screen(merge(parts) if len(parts) > 1 else parts[0], drop=drop, lang=lang)
    if where:
        responses = responses.where(*where)
        if not len(responses):
            raise usage("where_nobody", condition=message("condition_separator", lang).join(where))
    rows = np.zeros(sum(map(len, parts)), np.bool_)
    rows[responses.data.index] = True
    counted = []
    for conversion, part in zip(conversions, parts, strict=True):
        counted.append(_Counted(conversion, rows[: len(part)]))
        rows = rows[len(part) :]
    return counted, [note for note in (left_out_text(responses, lang), responses.subset_text(lang)) if note]


def _lines(tables: list[_Counted], mapping: Mapping, notes: list[str], lang: str) -> Iterator[str]:
    first = tables[0].conversion
    files, sheets, dialects = (
        list(dict.fromkeys(getattr(table.conversion.table, name) for table in tables))
        for name in ("file", "sheet", "dialect")
    )
    yield "# " + message("map_head", lang, file=list(files), sheet=list(sheets))
    yield from (f"# {note}" for note in notes)
    yield f"instrument: {_quoted(first.schema.reference)}"
    for name in dialects:
        yield f"{'' if len(dialects) == 1 else '# '}dialect: {_quoted(name)}"
    yield ""
    yield "columns:"
    yield from _columns(tables, mapping, lang)
    yield ""
    unknown = _unknown_labels(tables, many=len(files) > 1)
    codes = _codes(tables, many=len(files) > 1)
    questions = dict.fromkeys((*mapping.values, *mapping.missing, *unknown, *codes))
    yield "values:" if questions else "values: {}"
    for question_id in questions:
        question = first.instrument.question(question_id)
        rating = question.kind in ("rating", "nps")
        parts = first.instrument.scale_of(question).points if rating else question.options
        forms = {form: part.id for part in parts for form in part.forms}
        yield f"  {question_id}:"
        for label, code in mapping.values.get(question_id, {}).items():
            yield f"    {_quoted(label)}: {_quoted(code)}"
        for label, kind in mapping.missing.get(question_id, {}).items():
            yield f"    {_quoted(label)}: {{missing: {kind}}}"
        for one in codes.get(question_id, {}).values():
            key = "map_code_place" if one.meaning else "map_code"
            note = message(key, lang, cell=one.cell, count=one.cells, near=list(one.choices))
            meaning = one.meaning or '""'
            yield f"    # {_quoted(one.code)}: {meaning}  # {note}"
        for label, cell in unknown.get(question_id, {}).items():
            near = list(dict.fromkeys(forms[form] for form in near_misses(label, forms)))
            choices = list(near or [part.id for part in parts])
            key = "map_label_near" if near else "map_label"
            gap = "" if near else missing_kind(label)
            meaning = f"{{missing: {gap}}}" if gap else '""'
            yield f"    # {_quoted(label)}: {meaning}  # {message(key, lang, cell=cell, near=choices)}"


def _columns(tables: list[_Counted], mapping: Mapping, lang: str) -> Iterator[str]:
    """One line per header, in the order of the files."""
    names = Headers(tables[0].conversion.instrument)
    headers = _headers(tables)
    for text, header in headers.items():
        line = f"{_quoted(text)}: "
        if header.meaning:
            yield f"  {line}{header.meaning}"
        elif normalise(text) in mapping.columns:  # left out by hand
            yield f"  {line}null"
        elif header.by_number:
            yield f"  # {line}{header.by_number}  # {message('map_part_place', lang)}"
        elif header.left_out:
            yield f"  {line}null  # {message('map_not_kept', lang)}"
        else:
            known = [names.written.get(name, name) for name in names.near(text)]
            near = list(dict.fromkeys(known)) or message("map_nothing_near", lang)
            yield f"  # {line}null  # {message('map_unmatched', lang, filled=header.filled, near=near)}"
        for letter in header.again:
            yield f"  # {letter}: {message('map_header_again', lang)}"
    targets = {header.meaning for header in headers.values()} - {""}
    absent = [
        name
        for name in tables[0].conversion.match.absent
        if name not in targets and all(name in table.conversion.match.absent for table in tables)
    ]
    if absent:
        yield f"  # {message('map_absent', lang, columns=list(absent))}"


def _headers(tables: list[_Counted]) -> dict[str, _Header]:
    """Every header of some tables; one that means something in any of them means it in all."""
    headers: dict[str, _Header] = {}
    for table in tables:
        match = table.conversion.match
        meant = {id(column): target.column for column, target in match.answers}
        places = _by_number(match)
        meant |= {id(column): name for column, name in match.meta}
        left = {id(column) for column in match.not_kept}
        here: set[str] = set()
        for column in table.conversion.table.columns:
            if not column.header:
                continue
            header = headers.setdefault(column.header, _Header())
            if column.header in here:
                header.again += [] if column.letter in header.again else [column.letter]
                continue
            here.add(column.header)
            header.meaning = header.meaning or meant.get(id(column), "")
            header.by_number = header.by_number or places.get(id(column), "")
            header.left_out |= id(column) in left
            header.filled += int((column.cells.filled() & table.rows).sum())
    return headers


def _by_number(match: Match) -> dict[int, str]:
    """What columns that carry numbers only may be, in their order, where there are as many as parts."""
    places: dict[int, str] = {}
    for parts in match.contradicted:
        if len(parts.columns) == len(parts.names):
            places |= dict(zip(map(id, parts.columns), parts.names, strict=True))
    return places


def _unknown_labels(tables: list[_Counted], *, many: bool) -> dict[str, dict[str, str]]:
    """By question the labels in counted rows that are not understood, each with its first cell."""
    unknown: dict[str, dict[str, str]] = {}
    for table in tables:
        questions = {question.id for question in table.conversion.instrument.questions}
        numbers = table.numbers
        for problem in table.conversion.bad:
            question_id = problem.place.subject.split(" / ")[0]
            label = str(problem.values.get("value", ""))
            if problem.key.startswith("cell_not_split"):
                label = str(problem.values.get("rest", label))
            if problem.key == "cell_formula" or question_id not in questions:
                continue
            first = next((cell.place for cell in problem.each() if cell.place.row in numbers), None)
            if first is not None:
                cell = f"{first.file} {first.cell}" if many else first.cell
                unknown.setdefault(question_id, {}).setdefault(label, cell)
    return unknown


@dataclass
class _Code:
    """A code that may be a position: in how many cells it stands, the first of them, what it may mean."""

    code: str
    cell: str
    cells: int
    meaning: str
    choices: list[str]


def _codes(tables: list[_Counted], *, many: bool) -> dict[str, dict[str, _Code]]:
    """By question the codes of columns that are refused as a whole, with their positions to confirm."""
    codes: dict[str, dict[str, _Code]] = {}
    for table in tables:
        read = table.conversion
        for refused in read.contradicted:
            question = read.instrument.question(refused.question)
            own = codes.setdefault(question.id, {})
            for column in refused.columns if refused.key != "parts_not_positions" else ():
                for row, raw in enumerate(column.cells):
                    for piece in _codes_in(raw, question, read.table.habits):
                        if piece not in own:
                            place = read.table.place(column, row)
                            cell = f"{place.file} {place.cell}" if many else place.cell
                            own[piece] = _Code(piece, cell, 0, *_meaning(read, refused, question, piece))
                        own[piece].cells += 1
    by_size = {
        name: sorted(own.values(), key=lambda one: (len(one.code), one.code)) for name, own in codes.items()
    }
    for sorted_codes in by_size.values():
        _by_rank(sorted_codes)
    return {
        question_id: {one.code: one for one in several} for question_id, several in by_size.items() if several
    }


def _by_rank(codes: list[_Code]) -> None:
    """Where codes reach beyond the options or begin at 0, take them in their order, if there are as many."""
    numbers = [int(one.code) for one in codes if one.code.isdigit()]
    options = [name for one in codes[:1] for name in one.choices]
    if len(numbers) == len(codes) == len(options) and not set(numbers) <= set(range(1, len(options) + 1)):
        for one, option in zip(codes, options, strict=True):
            one.meaning = option if set(options) != set(TICKS) else ""


def _codes_in(raw: Any, question: Question, habits: Habits) -> list[str]:
    """The codes that stand in a cell, as written."""
    text = "" if raw is None else as_text(raw)
    pieces = pieces_of(text, habits) if question.kind == "multiple" else [text]
    return [piece.strip() for piece in pieces if code_of(piece, habits) is not None]


def _meaning(read: Conversion, refused: Contradicted, question: Question, code: str) -> tuple[str, list[str]]:
    """What a code may mean by its position alone, "" where nothing; and what it can mean at all."""
    if refused.key == "ticks_two_codes":
        return "", list(TICKS)
    rating = question.kind in ("rating", "nps")
    parts = [part.id for part in (read.instrument.scale_of(question).points if rating else question.options)]
    number = code_of(code, read.table.habits) or 0
    return (parts[number - 1] if 0 < number <= len(parts) else ""), parts


def _quoted(text: str) -> str:
    """Write a text as YAML in one line: JSON is YAML."""
    return json.dumps(text, ensure_ascii=False)


def write_map(text: str, path: str | Path) -> Path:
    """Write a map; a file that is there already is not overwritten, for it may have been edited.

    Raises
    ------
    UsageError
        The file is there already, or cannot be written.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise usage("map_there", path=path) from None
    except OSError as error:
        raise usage("map_unwritable", path=path, told=error) from None
    return path
