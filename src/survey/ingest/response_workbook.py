"""Writing responses as a workbook of ours: a first sheet that says what it is, the data, a hidden sheet."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.files.hidden_sheet import write_pairs
from survey.files.saving import check_target, describe_workbook, plain_cell, save_workbook
from survey.ingest.cell_values import MISSING_WORDS
from survey.ingest.column_targets import META_HEADERS
from survey.ingest.headers import Headers
from survey.ingest.provenance import Provenance
from survey.ingest.provenance_pairs import provenance_entries, provenance_pairs
from survey.ingest.reading import responses_of
from survey.ingest.responses import Responses, ResponsesLike
from survey.messages import message
from survey.wording import is_blank_text

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

DATA_SHEET = "Responses"


def write_responses(responses: ResponsesLike, path: str | Path, *, lang: str = "en") -> Path:
    """Write responses so that `read_responses` gives the same ones back, each missing answer by its kind.

    The first sheet says what the file is (and that it is a reconstruction, where it is one), under which
    licence and from which source; the data have one row per respondent and the ids as headers; the hidden
    sheet carries instrument, version and provenance. The same responses give the same bytes. What a workbook
    cannot hold is changed: numbers to 16 digits, control characters and over-long texts visibly.

    Parameters
    ----------
    responses
        Responses, or the path of a file of responses.
    path
        Where it goes; the name ends in ".xlsx".
    lang
        Language of the first sheet.

    Raises
    ------
    UsageError
        The path is a folder, does not end in .xlsx, or cannot be written.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> responses = survey.from_frame(pd.DataFrame({"firm_type": ["biotech"]}), "executive-survey")
    >>> with TemporaryDirectory() as folder:
    ...     survey.write_responses(responses, Path(folder) / "responses.xlsx").name
    'responses.xlsx'
    """
    from openpyxl import Workbook

    check_target(path)
    responses = responses_of(responses)
    check_lang(lang, *responses.instrument.languages)
    instrument = responses.instrument
    provenance = responses.provenance
    title = instrument.titled(lang) if is_blank_text(provenance.title) else provenance.title
    book = Workbook()
    about = book.worksheets[0]
    about.title = message("about_sheet", lang)
    for line in (title, *_about(responses, lang)):
        about.append([plain_cell(about, line)])
    about.column_dimensions["A"].width = 110
    sheet = book.create_sheet(DATA_SHEET)
    _fill(sheet, responses)
    pairs = {
        **provenance_pairs(written_provenance(responses)),
        "instrument": instrument.reference,
        "instrument_hash": instrument.content_hash,
        "data_sheet": DATA_SHEET,
    }
    write_pairs(book, pairs)
    describe_workbook(book, title, instrument.reference)
    if provenance.reconstructed:
        book.properties.description = message("reconstructed_warning", lang)
        book.properties.keywords = "reconstructed"
    return save_workbook(book, path)


def written_provenance(responses: Responses) -> Provenance:
    """What a file says of its responses; one of a subset says it is one, of which no published figure is."""
    if not responses.subset:
        return responses.provenance
    provenance = responses.provenance.without_marks()
    return replace(provenance, subset=(*provenance.subset, responses.subset_text()))


def _about(responses: Responses, lang: str) -> Iterator[str]:
    if responses.subset:
        yield message("subset_of_file", lang, said=responses.subset_text(lang))
    if responses.provenance.reconstructed:
        yield message("reconstructed_warning", lang)
    reference = responses.instrument.reference
    yield message("about_respondents", lang, count=len(responses), instrument=reference)
    names = ("source", "licence", "fielded_by", "findings", "seed", "group_bases", "not_met")
    for name, text in provenance_entries(responses.provenance, *names):
        yield message("about_entry", lang, name=message(f"origin_{name}", lang), value=text)


def _fill(sheet: "Worksheet", responses: Responses) -> None:
    """Write the table. Parts that were not asked of anybody get no column.

    A missing answer is a blank where a reader cannot take that for an unticked option, else a word.
    """
    known = Headers(responses.instrument)
    headers: list[str] = []
    columns: list[list[Any]] = []
    for name, forms in META_HEADERS.items():
        if name in responses.meta:
            own = next((heads for key, heads in responses.instrument.meta.items() if key == name), ())
            headers.append([*own, *(form for form in forms if not known.find(form))][0])
            column = responses.meta[name]
            about = zip(column.tolist(), column.isna(), strict=True)
            columns.append(
                [None if gone else value if isinstance(value, float) else str(value) for value, gone in about]
            )
    about_width = len(headers)
    for question in responses.instrument.questions:
        touched = responses.data[list(question.answer_columns)].notna().any(axis=1).tolist()
        for name in question.columns:
            kinds = responses.missing[name].tolist()
            if kinds and set(kinds) == {"not_asked"}:
                continue
            headers.append(name)
            answers = zip(responses.data[name].tolist(), kinds, touched, strict=True)
            ticks = question.kind == "multiple"
            columns.append([_cell(value, kind, plain=not (ticks and row)) for value, kind, row in answers])
    sheet.append(headers)
    for row in zip(*columns, strict=True):
        cells = [plain_cell(sheet, value) for value in row]
        if all(value is None for value in row):  # a row without anything would be no respondent
            cells[about_width] = MISSING_WORDS["empty"]
        sheet.append(cells)
    sheet.freeze_panes = "B2"


def _cell(value: Any, kind: str, *, plain: bool) -> Any:
    if not kind:
        return int(value) if isinstance(value, bool) else value
    return None if kind == "empty" and plain else MISSING_WORDS[kind]
