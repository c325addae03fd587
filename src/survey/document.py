"""What a report is: pure data, until a writer takes it.

A `Report` is a list of sheets; a sheet is one table (seldom more) with what stands above it, its pictures
and its native charts. Nothing here knows how a number was computed or how a cell is written.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

# How a column is shown. Shares and points are fractions in the frame; the writer shows them as percentages.
Form = Literal["text", "count", "share", "points", "number", "p"]
PictureKind = Literal[
    "diverging",
    "importance",
    "heatmap",
    "overlaps",
    "ranks",
    "p_intervals",
    "bases",
    "mixing",
    "code_matrix",
    "thematic_map",
    "saturation",
]


@dataclass(frozen=True)
class Column:
    """One column of a shown table: its key in the frame, the heading a reader sees, and its form.

    Columns with the same `part` belong together: a wide table is never torn inside a part when printed.
    """

    key: str
    heading: str
    form: Form = "text"
    part: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """One frame, the columns of it that are shown, in order, and what a reader needs beside it.

    `name` is the table's id (letters, digits, underscores); `data` keeps fractions and bare ids; `contract`
    names the contract of its rows, where they are results.
    """

    name: str
    title: str
    base_text: str
    data: "pd.DataFrame"
    columns: tuple[Column, ...]
    contract: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture to be drawn from a contract frame. The same object on two sheets is drawn once.

    `kind` picks the drawing; `data` is a frame under that drawing's contract (diverging: frequency,
    importance: importance, heatmap: crosstab, overlaps: overlap); `words` holds the wording inside the
    picture; `alt` says in a sentence what the picture shows.
    """

    name: str
    kind: PictureKind
    data: Any
    alt: str
    title: str
    words: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Chart:
    """A native chart over columns of the sheet's first table, which a reader can restyle.

    `kind` is "bar" (one bar per row and series, horizontal) or "stacked" (100 % stacked horizontal bars).
    `said` stands under the title: what a reader of the chart alone must know of the data.
    """

    name: str
    kind: Literal["bar", "stacked"]
    title: str
    categories: str
    series: tuple[str, ...]
    alt: str
    rows: int | None = None  # the first so many rows of the table; all of them where None
    said: str = ""


@dataclass(frozen=True)
class Sheet:
    """One sheet. `question` is the wording as asked; `lines` are the sentences above the table."""

    name: str
    title: str
    question: str = ""
    base_text: str = ""
    lines: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True)
class Report:
    """A whole report. `warning` stands on every sheet (reconstructed data, a subset); `properties` are the
    document properties (`title`, `subject`, `creator`, `description`, `keywords`, `date` as ISO text).
    """

    lang: str
    sheets: tuple[Sheet, ...]
    warning: str = ""
    properties: dict[str, str] = field(default_factory=dict)

    def sheet(self, name: str) -> Sheet:
        """Find a sheet by its name."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise KeyError(name)
