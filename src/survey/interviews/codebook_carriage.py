"""The codebook inside the workbook that is coded under it: written to the hidden sheet, and read from it."""

import json

from survey.errors import DataError, InstrumentError, Place, Problem
from survey.files.grid import Book
from survey.files.hidden_sheet import SURVEY_SHEET
from survey.instrument import list_instruments
from survey.instrument.interview_schemas import InterviewCodebook, load_codebook
from survey.instrument.loading import parse_schema

_KEY = "codebook_part_"
_LONGEST = 30_000  # a cell holds 32,767 characters


def codebook_pairs(codebook: InterviewCodebook) -> dict[str, str]:
    """What the hidden sheet says of a codebook: its name, its hash, and the codebook, cut into cells.

    One that travels with the package is named only.
    """
    named = {"codebook": codebook.reference, "codebook_hash": codebook.content_hash}
    if is_packaged(codebook.reference, codebook.content_hash):
        return named
    plain = codebook.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    parts = [text[start : start + _LONGEST] for start in range(0, len(text), _LONGEST)]
    return named | {f"{_KEY}{number:04d}": part for number, part in enumerate(parts, 1)}


def is_packaged(reference: str, content_hash: str) -> bool:
    """Whether a codebook of this name and content travels with the package."""
    known = {f"{schema.id}@{schema.version}" for schema in list_instruments("interview-codebook")}
    return reference in known and load_codebook(reference).content_hash == content_hash


def is_of_codebook(key: str) -> bool:
    """Whether a key of the hidden sheet speaks of the codebook."""
    return key in ("codebook", "codebook_hash") or key.startswith(_KEY)


def carried_codebook(book: Book) -> InterviewCodebook | None:
    """The codebook that a workbook carries; None where it carries none.

    Raises
    ------
    DataError
        It cannot be read, or is another than the workbook says: somebody changed the hidden sheet.
    """
    text = "".join(book.says[key] for key in sorted(book.says) if key.startswith(_KEY))
    if not text:
        return None
    try:
        codebook = parse_schema(text, book.file)
    except InstrumentError:
        codebook = None
    if isinstance(codebook, InterviewCodebook) and codebook.content_hash == book.says.get("codebook_hash"):
        return codebook
    place = Place(file=book.file, sheet=SURVEY_SHEET)
    raise DataError(
        Problem("codebook_carried_wrong", place, {"codebook": book.says.get("codebook", "-")[:80]})
    )
