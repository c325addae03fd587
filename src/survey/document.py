"""What a report is: pure data, until a writer takes it.

A `Report` is a list of sheets; a sheet is one table (seldom more) with what stands above it, its pictures
and its native charts. Nothing here knows how a number was computed or how a cell is written. Every number of
a table, and every sentence about numbers, can be asked what identifies its results: their keys.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from survey.tables import CONTRACTS, IDS

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
class Key:
    """What identifies one number of a report: the kind of result, the ids of its row, and the measure.

    The kind is the name of a contract, the ids are those of the contract's rows (`IDS` in `survey.tables`).
    """

    result: str
    ids: tuple[str, ...]
    measure: str


class Sentence(str):
    """A text that knows the results it tells of; to everybody else it is a text.

    Attributes
    ----------
    keys
        The results on which the whole sentence rests.
    within
        Where numbers of other results end inside the text: so many characters from its beginning, and the
        keys of the number (two where it is an interval).
    rivals, least
        Results that must not exceed `least` if the sentence is to hold ("most often chosen").
    """

    keys: tuple[Key, ...]
    within: tuple[tuple[int, tuple[Key, ...]], ...]
    rivals: tuple[Key, ...]
    least: float

    def __new__(
        cls,
        text: str,
        keys: Iterable[Key] = (),
        *,
        within: Iterable[tuple[int, tuple[Key, ...]]] = (),
        rivals: Iterable[Key] = (),
        least: float = 0.0,
    ) -> "Sentence":
        """Take the text and what it tells of."""
        sentence = super().__new__(cls, text)
        sentence.keys, sentence.within = tuple(keys), tuple(within)
        sentence.rivals, sentence.least = tuple(rivals), least
        return sentence

    def followed_by(self, text: str) -> "Sentence":
        """The same with a text behind it."""
        return Sentence(f"{self}{text}", self.keys, within=self.within, rivals=self.rivals, least=self.least)

    def while_below(self, least: float, rivals: Iterable[Key]) -> "Sentence":
        """The same, which holds only while these results do not exceed `least`."""
        return Sentence(self, self.keys, within=self.within, rivals=rivals, least=least)

    @classmethod
    def of_number(cls, text: str, *keys: Key) -> "Sentence":
        """The text of a number, to be put into a sentence; of an empty text, the place where one ends."""
        return cls(text, within=[(len(text), keys)])


@dataclass(frozen=True)
class Column:
    """One column of a shown table: its key in the frame, the heading a reader sees, and its form.

    Attributes
    ----------
    part
        Columns with the same part belong together: a wide table is never torn inside one when printed.
    result, ids
        The kind of result in the column where it is not that of the rows, and ids that the column fixes for
        all of them: `{"banner_code": "newco"}`. All other ids are columns of the frame.
    measures
        What of the result the column shows, or in a column of words tells of: its key, where None. Where rows
        are of several kinds, of each the first that its contract has.
    name
        What a list of measures calls it.
    """

    key: str
    heading: str
    form: Form = "text"
    part: str = ""
    result: str = ""
    ids: Mapping[str, str] = field(default_factory=dict, hash=False)
    measures: tuple[str, ...] | None = None
    name: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """One frame, the columns of it that are shown, in order, and what a reader needs beside it.

    `name` is the table's id (letters, digits, underscores); `data` keeps fractions and bare ids. `contract`
    names the kind of result in its rows, if they are results; where they are of several kinds, the frame has
    a column `result` with the kind of each.
    """

    name: str
    title: str
    base_text: str
    data: "pd.DataFrame"
    columns: tuple[Column, ...]
    contract: str = ""
    notes: tuple[str, ...] = ()

    @property
    def kinds(self) -> list[str]:
        """The kind of result in each row; "" where a row is none."""
        if "result" in self.data.columns:
            return [str(kind) for kind in self.data["result"]]
        return [self.contract] * len(self.data)

    def keys(self, column: Column) -> list[Key | None]:
        """What identifies the number of a column in each row; None where the column shows no result of it."""
        kinds = [column.result] * len(self.data) if column.result else self.kinds
        measures = {kind: _measure_of(kind, column) for kind in set(kinds)}
        ids = {
            kind: list(zip(*(self._ids(column, name) for name in IDS.get(kind, ())), strict=True))
            for kind, measure in measures.items()
            if measure
        }
        return [
            Key(kind, ids[kind][row] if ids[kind] else (), measures[kind]) if measures[kind] else None
            for row, kind in enumerate(kinds)
        ]

    def _ids(self, column: Column, name: str) -> list[str]:
        """One of the ids by which the results of a column are known, row by row."""
        if name in column.ids:
            return [column.ids[name]] * len(self.data)
        if name not in self.data.columns:
            raise ValueError(f"table {self.name!r} has no column {name!r} to tell its results apart")
        return [str(value) for value in self.data[name]]


def _measure_of(kind: str, column: Column) -> str:
    """What a column shows of a kind of result; "" where it shows nothing of it."""
    own = () if column.form == "text" else (column.key,)
    measures = own if column.measures is None else column.measures
    if not kind or len(measures) < 2:
        return measures[0] if kind and measures else ""
    return next((name for name in measures if name in CONTRACTS.get(kind, measures)), "")


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
