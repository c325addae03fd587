"""Definitions of surveys elsewhere: an XLSForm, a Qualtrics survey, a LimeSurvey structure."""

import zipfile
from io import BytesIO
from pathlib import Path

from survey.drafting.definitions.lss import lss_sketch
from survey.drafting.definitions.odk_form import form_sheets, form_sketch
from survey.drafting.definitions.qsf import qsf_sketch
from survey.drafting.sketch import Sketch
from survey.errors import DataError, Place, Problem
from survey.files.grid import read_book
from survey.files.guard import check_xml
from survey.files.json_values import parsed_json

_LARGEST = 50_000_000  # bytes of a definition


def definition_sketch(path: str | Path, *, password: str | None = None) -> Sketch | None:
    """Sketch what a definition asks; None where the file is none, but perhaps a file of responses.

    Raises
    ------
    DataError
        The file has the form of a definition, but is damaged, no survey, or asks nothing.
    """
    path = Path(path)
    place = Place(file=path.name)
    ending = path.suffix.lower()
    if not path.is_file():
        return None  # whoever reads it as responses says what is wrong
    sketch: Sketch | None = None
    if ending == ".qsf":
        try:
            data = parsed_json(_text(path, place))
        except ValueError as error:
            raise DataError(Problem("draft_damaged", place, {"told": str(error).splitlines()[0]})) from None
        sketch = qsf_sketch(data, place, path.stem)
    elif ending == ".lss":
        text = _text(path, place)
        check_xml(path.name, text.encode()[:2000], place)
        sketch = lss_sketch(text, place, path.stem)
    elif ending in (".xlsx", ".xls", ".xlsm") and _is_form(path):
        sketch = form_sketch(read_book(path, password=password), place, path.stem)
    if sketch is not None and not sketch.questions:
        raise DataError(Problem("draft_empty_definition", place))
    return sketch


def _text(path: Path, place: Place) -> str:
    if path.stat().st_size > _LARGEST:
        raise DataError(Problem("table_too_large", place, {"limit": _LARGEST}))
    if not path.stat().st_size:
        raise DataError(Problem("file_empty", place))
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(Problem("draft_damaged", place, {"told": error.reason})) from None


def _is_form(path: Path) -> bool:
    """Tell whether a workbook has the sheets of an XLSForm; damaged ones have none."""
    content = path.read_bytes()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            xml = archive.read("xl/workbook.xml")
    except (zipfile.BadZipFile, KeyError, OSError):
        return False
    return form_sheets(xml.decode("utf-8", "replace"))
