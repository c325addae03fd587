"""The codebook of an instrument as a data dictionary: for readers (xlsx) and for programs (Table Schema)."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang, path_of
from survey.export.form_wording import own_language, route_text
from survey.files.saving import check_target, describe_workbook, plain_cell, save_text, save_workbook
from survey.ingest.cell_values import MISSING_WORDS
from survey.instrument import Instrument, Option, Question, load_instrument
from survey.instrument.kinds import Cells
from survey.messages import message

if TYPE_CHECKING:
    import pandas as pd

# What a column holds, in the words of the dictionary.
_TYPES: dict[Cells, str] = {
    **{"option": "code", "tick": "0/1", "point": "integer", "number": "number", "date": "date"},
    "text": "text",
}

COLUMNS = (
    *("column", "question", "part", "kind", "label", "text"),
    *("type", "values", "asked_if", "formula", "assumption"),
)


def data_dictionary(instrument: "Instrument | str | Path", *, lang: str = "en") -> "pd.DataFrame":
    """One row per column of `Responses.data`, in order: what it holds, in which codes, of whom it was asked.

    Columns: `column, question, part, kind, label, text, type, values, asked_if, formula, assumption`;
    `values` lists `code=label` separated by "; ", `formula` says how a derived variable is made.

    Parameters
    ----------
    instrument
        `ID`, `ID@VERSION`, the path of a YAML file, or an `Instrument`.
    lang
        Language of the labels.

    Raises
    ------
    UsageError
        There is no such instrument or language.

    Examples
    --------
    >>> import survey
    >>> survey.data_dictionary("executive-survey@1.0.0")[["column", "type"]].values.tolist()[:2]
    [['firm_type', 'code'], ['position', 'code']]
    """
    import pandas as pd

    schema = load_instrument(instrument)
    check_lang(lang, *schema.languages)
    rows = [
        _entry(schema, question, part, column, lang)
        for question in schema.stubs
        for column, part in columns_of(question)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def columns_of(question: Question) -> list[tuple[str, Option | None]]:
    """The columns of a question with the part each belongs to."""
    by_name = {f"{question.id}__{part.id}": part for part in question.parts}
    by_name |= {f"{name}__text": part for name, part in by_name.items()}
    return [(column, by_name.get(column)) for column in question.columns]


def label_of(question: Question, part: Option | None, column: str, lang: str) -> str:
    """The label of a column: short name of the question, then the part."""
    label = question.heading(lang)
    if part and not question.is_lone_rating:
        label += f": {part.said(lang)}"
        if column.endswith("__text"):
            label += f" ({message('dictionary_text', own_language(lang))})"
    return label


def cells_of(question: Question, column: str) -> Cells:
    """What the cells of a column hold."""
    return "text" if column in question.text_columns else question.traits.cells


def codes_of(schema: Instrument, question: Question, column: str, lang: str) -> dict[str, str]:
    """The codes a column may hold and their labels; empty for numbers and texts."""
    cells = cells_of(question, column)
    if cells == "option":
        return {option.id: option.said(lang) for option in question.options}
    if cells == "point":
        return {str(point.value): point.said(lang) for point in schema.scale_of(question).points}
    if cells == "tick":
        own = own_language(lang)
        return {"0": message("dictionary_not_chosen", own), "1": message("dictionary_chosen", own)}
    return {}


def unrated_codes(schema: Instrument, question: Question, column: str) -> dict[str, int | float]:
    """The codes of a column that rate nothing ("don't know"), and their values."""
    points = () if column in question.text_columns else schema.unrated_of(question)
    return {point.id: point.value for point in points}


def _entry(
    schema: Instrument, question: Question, part: Option | None, column: str, lang: str
) -> dict[str, str]:
    assumption = (part.assumption if part else None) or question.assumption or {}
    aside = unrated_codes(schema, question, column)
    unrated = f" ({message('dictionary_unrated', own_language(lang))})"
    reversed_item = (
        f" ({message('dictionary_reversed', own_language(lang))})" if part and part.reverse else ""
    )
    cells = cells_of(question, column)
    is_half = cells == "point" and not schema.is_whole(question)
    codes = codes_of(schema, question, column, lang)
    rule = schema.rule_of(question.id)
    return {
        "column": column,
        "question": question.id,
        "part": part.id if part else "",
        "kind": question.kind,
        "label": label_of(question, part, column, lang) + reversed_item,
        "text": question.said(lang),
        "type": "number" if is_half else _TYPES[cells],
        "values": "; ".join(
            f"{code}={label}{unrated if code in aside else ''}" for code, label in codes.items()
        ),
        "asked_if": route_text(schema, question.asked_if, lang) if question.asked_if else "",
        "formula": schema.formula(rule, lang) if rule else "",
        "assumption": assumption.get(lang) or next(iter(assumption.values()), ""),
    }


def table_schema(instrument: "Instrument | str | Path", *, lang: str = "en") -> dict[str, Any]:
    """The instrument as a Frictionless Table Schema: fields, types, constraints, words for missing answers.

    It describes the file that `survey export --to csv` writes.

    Parameters
    ----------
    instrument
        `ID`, `ID@VERSION`, the path of a YAML file, or an `Instrument`.
    lang
        Language of the titles.

    Raises
    ------
    UsageError
        There is no such instrument or language.

    References
    ----------
    Table Schema, datapackage.org.

    Examples
    --------
    >>> import survey
    >>> described = survey.table_schema("executive-survey@1.0.0")
    >>> described["fields"][0]["name"], described["fields"][0]["type"]
    ('firm_type', 'string')
    """
    schema = load_instrument(instrument)
    check_lang(lang, *schema.languages)
    fields = []
    for question in schema.stubs:
        for column, part in columns_of(question):
            field: dict[str, Any] = {
                "name": column,
                "title": label_of(question, part, column, lang),
                "description": question.said(lang),
            }
            fields.append(field | _type(schema, question, column, lang))
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "name": schema.id,
        "title": schema.titled(lang),
        "version": schema.version,
        "content_hash": schema.content_hash,
        "fields": fields,
        "missingValues": ["", *MISSING_WORDS.values()],
    }


def _type(schema: Instrument, question: Question, column: str, lang: str) -> dict[str, Any]:
    codes = codes_of(schema, question, column, lang)
    cells = cells_of(question, column)
    if cells == "text":
        return {"type": "string"}
    if cells == "tick":
        return {"type": "boolean", "trueValues": ["1"], "falseValues": ["0"]}
    if cells == "number":
        limits = question.number_limits
        bounds: dict[str, Any] = {"minimum": limits.minimum, "maximum": limits.maximum} if limits else {}
        constraints = {name: value for name, value in bounds.items() if value is not None}
        return {"type": "number"} | ({"constraints": constraints} if constraints else {})
    if cells == "date":
        limits = question.limits
        bounds = {"minimum": limits.earliest, "maximum": limits.latest} if limits else {}
        constraints = {name: value for name, value in bounds.items() if value is not None}
        return {"type": "date"} | ({"constraints": constraints} if constraints else {})
    values: list[Any] = [json.loads(code) for code in codes] if cells == "point" else list(codes)
    categories = [
        {"value": value, "label": label} for value, label in zip(values, codes.values(), strict=True)
    ]
    kind = "string"
    if cells == "point":
        kind = "integer" if schema.is_whole(question) else "number"
    return {"type": kind, "constraints": {"enum": values}, "categories": categories}


def export_codebook(instrument: "Instrument | str | Path", path: str | Path, *, lang: str = "en") -> Path:
    """Write the data dictionary: a workbook where the path ends in .xlsx, a Table Schema where in .json.

    Parameters
    ----------
    instrument
        `ID`, `ID@VERSION`, the path of a YAML file, or an `Instrument`.
    path
        Where it goes; the name ends in ".xlsx" or ".json".
    lang
        Language of the labels.

    Raises
    ------
    UsageError
        There is no such instrument or language, the path has another ending, or cannot be written.

    Examples
    --------
    >>> import survey
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     survey.export_codebook("executive-survey", Path(folder) / "codebook.xlsx").name
    'codebook.xlsx'
    """
    schema = load_instrument(instrument)
    check_lang(lang, *schema.languages)
    if path_of(path).suffix.lower() == ".json":
        text = json.dumps(table_schema(schema, lang=lang), ensure_ascii=False, indent=2)
        return save_text(text + "\n", path, ".json")
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    check_target(path)
    book = Workbook()
    sheet = book.worksheets[0]
    own = own_language(lang)
    sheet.title = message("dictionary_sheet", own)
    frame = data_dictionary(schema, lang=lang)
    sheet.append([message(f"dictionary_{name}", own) for name in frame.columns])
    for row in frame.itertuples(index=False):
        sheet.append([plain_cell(sheet, value or None) for value in row])
    for cell in sheet[1]:
        cell.font = Font(name="Calibri", bold=True)
    for letter, width in zip("ABCDEFGHIJK", (34, 20, 26, 10, 34, 44, 10, 60, 34, 60, 44), strict=True):
        sheet.column_dimensions[letter].width = width
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    missing = book.create_sheet(message("dictionary_missing_sheet", own))
    for kind, word in MISSING_WORDS.items():
        missing.append([word, message(f"missing_{kind}", own)])
    missing.column_dimensions["A"].width = missing.column_dimensions["B"].width = 24
    describe_workbook(book, schema.titled(lang), schema.reference)
    return save_workbook(book, path)
