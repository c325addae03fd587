"""Memos: what researchers wrote beside the material, kept with what it is about."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from survey.files.grid import Book, is_blank
from survey.ingest.cell_values import as_text

# What a memo may be about.
ABOUT = ("segment", "code", "document", "participant", "project")


@dataclass(frozen=True)
class Memo:
    """One memo; `about` is one of `ABOUT`.

    `target` is the id of a segment or code, the name of a document, the pseudonym of a person, "" for the
    project.
    """

    about: str
    target: str
    name: str
    author: str
    text: str


MEMO_COLUMNS = tuple(field.name for field in fields(Memo))


def memos_in(book: Book) -> Iterator[Memo]:
    """The memos on the sheet that a workbook of ours says holds them."""
    for grid in book.grids:
        if grid.sheet != book.says.get("memos_sheet") or not grid.rows:
            continue
        for row in grid.rows[1:]:
            cells = ["" if is_blank(cell) else as_text(cell) for cell in row[: len(MEMO_COLUMNS)]]
            cells += [""] * (len(MEMO_COLUMNS) - len(cells))
            if cells[-1]:
                yield Memo(cells[0] if cells[0] in ABOUT else "project", *cells[1:])
