"""Writing responses back as a workbook of ours: a first sheet that says what it is, the data, a hidden sheet."""

from pathlib import Path
from typing import TYPE_CHECKING

from survey.ingest.grid import SURVEY_SHEET
from survey.ingest.responses import Responses
from survey.messages import message
from survey.saving import plain_cell, save_workbook

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

DATA_SHEET = "Responses"


def write_responses(responses: Responses, path: str | Path, *, lang: str = "en") -> Path:
    """Write responses so that `read_responses` gives the same ones back.

    The first sheet says what the file is (and that it is a reconstruction, where it is one), under which
    licence and from which source; the data have one row per respondent and the ids as headers; the hidden
    sheet carries instrument, version and origin. The same responses give the same bytes.

    Raises
    ------
    UsageError
        The path is a folder or cannot be written.
    """
    from openpyxl import Workbook

    instrument, origin = responses.instrument, responses.origin
    book = Workbook()
    about = book.worksheets[0]
    about.title = message("about_sheet", lang)
    for line in _about(responses, lang):
        about.append([plain_cell(about, line)])
    about.column_dimensions["A"].width = 110
    sheet = book.create_sheet(DATA_SHEET)
    _fill(sheet, responses)
    hidden = book.create_sheet(SURVEY_SHEET)
    hidden.sheet_state = "hidden"
    says = {key: value for key, value in origin.items() if key not in ("input", "input_hash")}
    says |= {
        "instrument": instrument.reference,
        "instrument_hash": instrument.content_hash,
        "data_sheet": DATA_SHEET,
    }
    for key in sorted(says):
        hidden.append([plain_cell(hidden, key), plain_cell(hidden, says[key])])
    properties = book.properties
    properties.title = origin.get("title") or instrument.title.get(lang, instrument.id)
    properties.creator = "expansion-survey"
    properties.subject = instrument.reference
    if origin.get("reconstructed") == "yes":
        properties.description = message("reconstructed_warning", lang)
        properties.keywords = "reconstructed"
    return save_workbook(book, path)


def _about(responses: Responses, lang: str) -> list[str]:
    instrument, origin = responses.instrument, responses.origin
    lines = [origin.get("title") or instrument.title.get(lang, instrument.id)]
    if origin.get("reconstructed") == "yes":
        lines.append(message("reconstructed_warning", lang))
    lines.append(message("about_respondents", lang, count=len(responses), instrument=instrument.reference))
    for key in ("source", "licence", "findings", "seed", "group_bases", "not_met"):
        if origin.get(key):
            lines.append(message("about_entry", lang, name=message(f"origin_{key}", lang), value=origin[key]))
    return lines


def _fill(sheet: "Worksheet", responses: Responses) -> None:
    keys = responses.meta["key"].tolist() if "key" in responses.meta else None
    sheet.append([*(["respondent"] if keys else []), *responses.instrument.columns])
    columns = [responses.data[name] for name in responses.instrument.columns]
    values = [
        [None if absent else value for value, absent in zip(column.tolist(), column.isna(), strict=True)]
        for column in columns
    ]
    for row in range(len(responses)):
        answers = [column[row] for column in values]
        cells = [int(answer) if isinstance(answer, bool) else plain_cell(sheet, answer) for answer in answers]
        sheet.append([*([plain_cell(sheet, keys[row])] if keys else []), *cells])
    sheet.freeze_panes = "B2"
