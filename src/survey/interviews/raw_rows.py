"""One row of a file as it came, whatever the file: what every reader of segments hands to `assemble`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.errors import Place


@dataclass(frozen=True)
class RawRow:
    """What a row says of a segment or of a person; values are text or None, nothing is checked yet.

    Attributes
    ----------
    source, row
        The file, and the line in it.
    values
        By column: for a segment those of `SEGMENT_COLUMNS` but `code`, `level`, `source` and `row`, also
        `same_quote_as` (a segment whose quotation this is, or a mark that segments share) and `group`; for a
        person `participant`, `group` and whatever else there is. A column the file does not have is absent.
    codes
        The codes as written, each with its address in the file; several may stand joined in one.
    at
        The address of each value; where there is none, the line stands for it.
    sheet
        The sheet, where there are sheets.
    about
        What the row of a segment says of who speaks, by header: attributes beside the group.
    """

    source: str
    row: int
    values: Mapping[str, Any]
    codes: tuple[tuple[str, str], ...] = ()
    at: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    about: Mapping[str, str | None] = field(default_factory=dict)

    def place(self, name: str = "", *, cell: str = "", subject: str = "") -> Place:
        """Give the address of a value, or of a cell, or of the whole row."""
        cell = cell or self.at.get(name, "")
        line = None if cell else self.row
        return Place(file=self.source, sheet=self.sheet, cell=cell, line=line, subject=subject)

    def get(self, name: str) -> str | None:
        """Give a value, None where it is blank or has no column."""
        return self.values.get(name)
