"""Who is coded with what, as a matrix of 0 and 1 for other programs."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

from survey.arguments import path_of
from survey.errors import usage
from survey.files.saving import describe_workbook, plain_cell, save_through, save_workbook
from survey.interviews.reading import segments_of
from survey.interviews.segments import Segments, SegmentsLike


def export_matrix(segments: SegmentsLike, path: str | Path) -> Path:
    """Write a matrix of 0 and 1: one row per person interviewed, one column per code, unused ones included.

    Columns `participant` and `group` come first, codes under their ids. Who says nothing has a row of 0. A
    subtheme has a column where it was given itself. The codes of several coders are taken together. What was
    said, and how often, is not in a matrix; `read_segments` reads it back with a row for a segment.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    path
        Where it goes; `.csv` (UTF-8 with a byte order mark, for Excel) or `.xlsx`.

    Raises
    ------
    UsageError
        The path has another ending, or cannot be written.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     matrix = survey.export_matrix(segments, Path(folder) / "matrix.csv")
    ...     len(matrix.read_text(encoding="utf-8-sig").splitlines())
    15
    """
    path = path_of(path)
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise usage("matrix_ending", path=path)
    segments = segments_of(segments)
    table = _table(segments)
    if path.suffix.lower() == ".xlsx":
        return _save_workbook(table, path, segments)
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(table)
    content = text.getvalue().encode("utf-8-sig")
    return save_through(path, lambda target: target.write_bytes(content))


def _table(segments: Segments) -> list[list[Any]]:
    """The header, and a row per person."""
    given = set(zip(segments.data["participant"], segments.data["code"], strict=True))
    coarse = [part for part in segments.codebook.subtheme_ids if any(code == part for _, code in given)]
    codes = [*segments.codebook.code_ids, *coarse]
    groups = segments.participants["group"].astype(object)
    groups = groups.where(groups.notna(), "")
    rows = [
        [person, group, *(int((person, code) in given) for code in codes)] for person, group in groups.items()
    ]
    return [["participant", "group", *codes], *rows]


def _save_workbook(table: list[list[Any]], path: Path, segments: Segments) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "matrix"
    for row in table:
        sheet.append([plain_cell(sheet, value) for value in row])
    sheet.freeze_panes = "C2"
    describe_workbook(book, sheet.title, segments.codebook.reference)
    return save_workbook(book, path)
