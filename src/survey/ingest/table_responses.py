"""One table as responses, with what its workbook says of itself and what it hides."""

from dataclasses import replace

from survey.errors import Place, Problem
from survey.files.grid import Book
from survey.files.hidden_parts import Hidden
from survey.files.hidden_sheet import SURVEY_SHEET
from survey.ingest.coded_responses import to_responses
from survey.ingest.conversion import Conversion
from survey.ingest.provenance import SourceFile
from survey.ingest.provenance_pairs import read_provenance
from survey.ingest.raw_table import column_letter
from survey.ingest.responses import Responses
from survey.ingest.wave_column import with_wave_label
from survey.ingest.weight_column import with_weighting
from survey.messages.echoes import one_line
from survey.wording import STRUCK, quoted, runs

# What a hidden sheet says of its workbook; the dialect is that of the file the responses once came from.
_OF_THE_WORKBOOK = ("instrument", "instrument_hash", "data_sheet", "data_sheets", "dialect")


def table_responses(
    book: Book, conversion: Conversion, *, set_aside: bool, wave: str | None = None
) -> Responses:
    """Make responses of one table: one row per respondent, with what its workbook says of itself."""
    schema = conversion.schema
    pairs = {key: value for key, value in book.says.items() if key not in _OF_THE_WORKBOOK}
    provenance, unread = read_provenance(pairs)
    provenance = with_wave_label(provenance, conversion.match, wave)
    provenance = replace(provenance, files=(source_file(book, conversion),))
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


def source_file(book: Book, conversion: Conversion) -> SourceFile:
    """What a table was read from: name, hash and layout."""
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
