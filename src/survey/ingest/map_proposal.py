"""`survey match`: the map that says how a file would be read, to be mended by hand."""

import json
from collections.abc import Iterator
from pathlib import Path

from survey.errors import DataError, Place, Problem, usage
from survey.files.grid import read_book
from survey.ingest.coding import convert, describe
from survey.ingest.conversion import Conversion
from survey.ingest.dialects import read_grid
from survey.ingest.matching import META_HEADERS, Headers
from survey.ingest.reading import read_file
from survey.instrument import Instrument, load_instrument
from survey.messages import message
from survey.wording import near_misses


def propose_map(
    path: str | Path,
    instrument: "str | Path | Instrument | None" = None,
    *,
    sheet: str | None = None,
    dialect: str | None = None,
    password: str | None = None,
    lang: str = "en",
) -> str:
    """Write how a file would be read as a map (YAML): every header, and every label that is not understood.

    What is matched stands ready; what is not is commented out, with near misses beside it. Nothing near is
    ever filled in.

    Raises
    ------
    UsageError
        As `survey.read_responses`.
    DataError
        The file cannot be read at all, or no header matches and no instrument was named.
    """
    try:
        _, done = read_file(path, instrument, sheet=sheet, dialect=dialect, password=password)
    except DataError:
        if instrument is None:
            raise
        done = _unmatched(path, load_instrument(instrument), sheet, dialect, password)
    return "\n".join(_lines(done, lang)) + "\n"


def _unmatched(
    path: str | Path, instrument: Instrument, sheet: str | None, dialect: str | None, password: str | None
) -> Conversion:
    """Read the largest sheet under an instrument none of whose headers it has."""
    book = read_book(path, password=password)
    grids = [grid for grid in book.grids if grid.rows and sheet in (None, grid.sheet)]
    if not grids:
        raise DataError(Problem("workbook_empty", Place(file=book.file)))
    grid = max(grids, key=lambda one: len(one.rows))
    return describe(convert(read_grid(grid, dialect), instrument))


def _lines(done: Conversion, lang: str) -> Iterator[str]:
    table = done.table
    headers = Headers(done.instrument)
    meant = {id(column): target.column for column, target in done.match.answers}
    meant |= {id(column): name for column, name in done.match.meta}
    left = {id(column) for column in done.match.not_kept}
    yield "# " + message("map_head", lang, file=table.file, sheet=table.sheet)
    yield f"instrument: {_quoted(done.instrument.reference)}"
    yield f"dialect: {_quoted(table.dialect)}"
    yield ""
    yield "columns:"
    seen: set[str] = set()
    for column in table.columns:
        if not column.header:
            continue
        if column.header in seen:
            yield f"  # {column.letter}: {message('map_header_again', lang)}"
            continue
        seen.add(column.header)
        line = f"{_quoted(column.header)}: "
        if id(column) in meant:
            yield f"  {line}{meant[id(column)]}"
        elif id(column) in left:
            yield f"  {line}null  # {message('map_not_kept', lang)}"
        else:
            filled = int(column.cells.filled().sum())
            near = headers.near(column.header)
            known = [headers.written.get(name, name) for name in near]
            told = ", ".join(dict.fromkeys(known)) or message("map_nothing_near", lang)
            yield f"  # {line}null  # {message('map_unmatched', lang, filled=filled, near=told)}"
    targets = {name for name in meant.values() if name not in META_HEADERS}
    absent = [name for name in done.match.absent if name not in targets]
    if absent:
        yield f"  # {message('map_absent', lang, columns=', '.join(absent))}"
    yield ""
    unknown: dict[str, dict[str, str]] = {}
    for problem in done.bad:
        question_id = problem.place.subject.split(" / ")[0]
        label = str(problem.values.get("value", ""))
        if problem.key.startswith("cell_not_split"):
            label = str(problem.values.get("rest", label))
        if problem.key != "cell_formula" and question_id in {q.id for q in done.instrument.questions}:
            unknown.setdefault(question_id, {})[label] = problem.place.cell
    if not unknown:
        yield "values: {}"
        return
    yield "values:"
    for question_id, labels in unknown.items():
        question = done.instrument.question(question_id)
        parts = done.instrument.scale_of(question).points if question.kind == "rating" else question.options
        forms = {form: part.id for part in parts for form in part.forms}
        yield f"  {question_id}:"
        for label, cell in labels.items():
            near = list(dict.fromkeys(forms[form] for form in near_misses(label, forms)))
            told = ", ".join(near or [part.id for part in parts])
            key = "map_label_near" if near else "map_label"
            yield f'    # {_quoted(label)}: ""  # {message(key, lang, cell=cell, near=told)}'


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
        raise usage("map_unwritable", path=path, told=error.strerror) from None
    return path
