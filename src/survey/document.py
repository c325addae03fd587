"""What a report is: pure data, until a writer takes it.

A `Report` is a list of sheets; a sheet is one table (seldom more) with what stands above it, its pictures
and its native charts. Nothing here knows how a number was computed or how a cell is written. Every number of
a table, and every sentence about numbers, can be asked what identifies its results: their keys.

What a reader must know of one number stands beside it as marks, not inside it: the number stays a number, and
each renderer shows the marks in its own way (formats and fills, classes, words).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from survey.errors import Place, Problem, UsageError
from survey.result_ids import IDS
from survey.tables import CONTRACTS

if TYPE_CHECKING:
    import pandas as pd

# How a column is shown. Shares and points are fractions in the frame: the writer shows them as whole
# percentages and whole points. "number" has two decimals, "value" as many as it needs; "range" is a text, two
# numbers that are aligned as one.
Form = Literal["text", "count", "share", "points", "number", "p", "value", "range"]

WORDS = ("text", "range")  # forms of columns that hold no numbers

# What may be marked of one number, several codes with a blank between them. Capital letters are marks too:
# those of the columns whose number is reliably lower.
CELL_MARKS: dict[str, str] = {
    "up": "reliably higher than what it is compared with: arrow, fill and bold",
    "down": "reliably lower: arrow, fill and bold",
    "small": "rests on few: in brackets",
    "hidden": "there is a number, and it is hidden: [c]",
    "unfixed": "reconstructed data, and published figures do not fix it: grey italics",
}
PictureKind = Literal[
    "diverging",
    "importance",
    "heatmap",
    "overlaps",
    "ranks",
    "slopes",
    "effects",
    "correlations",
    "p_intervals",
    "bases",
    "mixing",
    "code_matrix",
    "thematic_map",
    "saturation",
    "timeline",
    "bars",
    "stacked_bars",
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
        The results on which it rests.
    unfixed
        Whether some of them, of reconstructed data, are not fixed by published figures.
    """

    keys: tuple[Key, ...]
    unfixed: bool

    def __new__(cls, text: str, keys: Iterable[Key] = (), *, unfixed: bool = False) -> "Sentence":
        """Take the text and what it tells of."""
        sentence = super().__new__(cls, text)
        sentence.keys, sentence.unfixed = tuple(keys), unfixed
        return sentence


def is_unfixed(text: str) -> bool:
    """Whether a text rests on results of reconstructed data that published figures do not fix."""
    return isinstance(text, Sentence) and text.unfixed


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
    marks
        The column of the frame that holds the marks of its numbers (see `CELL_MARKS`), if there is one.
    keys
        The column of the frame that holds the keys of its numbers, where rows are of many kinds.
    bar
        Whether each cell draws its share as a bar from 0 to 100%.
    total
        Whether it is about everybody, beside columns about parts of them.
    """

    key: str
    heading: str
    form: Form = "text"
    part: str = ""
    result: str = ""
    ids: Mapping[str, str] = field(default_factory=dict, hash=False)
    measures: tuple[str, ...] | None = None
    marks: str = ""
    keys: str = ""
    bar: bool = False
    total: bool = False


@dataclass(frozen=True, eq=False)
class Table:
    """One frame, the columns of it that are shown, in order, and what a reader needs beside it.

    `name` is the table's id (letters, digits, underscores); `data` keeps fractions and bare ids. `contract`
    names the kind of result in its rows, if they are results; where they are of several kinds, the frame has
    a column `result` with the kind of each. Where the frame has a column `section`, its true rows head those
    below them, and their numbers are the bases of these: n, or what a column `head_measure` names.
    `sorted_by` is the key of the column by which the rows of a section fall. `filtered`: whether readers get
    buttons to filter and sort.
    """

    name: str
    title: str
    base_text: str
    data: "pd.DataFrame"
    columns: tuple[Column, ...]
    contract: str = ""
    notes: tuple[str, ...] = ()
    sorted_by: str = ""
    filtered: bool = True

    @property
    def sections(self) -> list[bool]:
        """Whether each row heads a section."""
        if "section" in self.data.columns:
            return [bool(is_head) for is_head in self.data["section"]]
        return [False] * len(self.data)

    @property
    def head_measures(self) -> list[str]:
        """What the numbers of each row that heads a section are: n ("base"), or bases by weight; "" below."""
        heads = self.sections
        named = self.data["head_measure"] if "head_measure" in self.data else ["base"] * len(heads)
        return [str(measure) if is_head else "" for measure, is_head in zip(named, heads, strict=True)]

    def marks(self, column: Column) -> list[tuple[str, ...]]:
        """The marks of the number of a column in each row."""
        if not column.marks:
            return [()] * len(self.data)
        return [tuple(str(codes).split()) for codes in self.data[column.marks].tolist()]

    @property
    def kinds(self) -> list[str]:
        """The kind of result in each row; "" where a row is none."""
        if "result" in self.data.columns:
            return [str(kind) for kind in self.data["result"].tolist()]
        return [self.contract] * len(self.data)

    def keys(self, column: Column) -> list[Key | None]:
        """What identifies the number of a column in each row; None where the column shows no result of it."""
        if column.keys:
            return list(self.data[column.keys])
        kinds = [column.result] * len(self.data) if column.result else self.kinds
        measures = {kind: _measure_of(kind, column) for kind in set(kinds)}
        ids = {
            kind: list(zip(*(self._ids(column, name) for name in IDS.get(kind, ())), strict=True))
            for kind, measure in measures.items()
            if measure
        }
        heads = self.head_measures
        return [
            Key(kind, ids[kind][row] if ids[kind] else (), heads[row] or measures[kind])
            if measures[kind]
            else None
            for row, kind in enumerate(kinds)
        ]

    def _ids(self, column: Column, name: str) -> list[str]:
        """One of the ids by which the results of a column are known, row by row."""
        if name in column.ids:
            return [column.ids[name]] * len(self.data)
        if name not in self.data.columns:
            raise ValueError(f"table {self.name!r} has no column {name!r} to tell its results apart")
        return [str(value) for value in self.data[name].tolist()]


def _measure_of(kind: str, column: Column) -> str:
    """What a column shows of a kind of result; "" where it shows nothing of it."""
    own = () if column.form in WORDS else (column.key,)
    measures = own if column.measures is None else column.measures
    if not kind or len(measures) < 2:
        return measures[0] if kind and measures else ""
    return next((name for name in measures if name in CONTRACTS.get(kind, measures)), "")


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture to be drawn from a contract frame. The same object on two sheets is drawn once.

    `kind` picks the drawing; `data` is a frame under that drawing's contract (diverging: frequency,
    importance: importance, heatmap: crosstab, overlaps: overlap); `words` holds the wording inside the
    picture; `alt` says in a sentence what the picture shows. `title` is its finding, `subtitle` what is
    measured and of whom, `footer` the source and the test.
    """

    name: str
    kind: PictureKind
    data: Any
    alt: str
    title: str
    words: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    subtitle: str = ""
    footer: str = ""


@dataclass(frozen=True)
class Chart:
    """A native chart over some rows and columns of a table, which a reader can restyle.

    Attributes
    ----------
    kind
        "bar" (one bar per row and series, horizontal) or "stacked" (100% stacked horizontal bars).
    title, subtitle
        What it shows, and what a reader of the chart alone must know: what is measured, of whom.
    categories, series
        The keys of the columns with the labels and the numbers.
    alt
        What it shows, in a sentence.
    table
        The name of the table, on whatever sheet; "" is the first one of its own sheet.
    first, rows
        The first row, counted from 0, and how many; all that follow where None.
    accent
        The rows, counted from `first`, that bear the accent while the others are grey; all where None.
    aside
        How many of the last series of a stacked chart are no points of its scale: they are grey.
    ordered
        Whether the series of a stacked chart go from low to high; only then their colours do.
    notes
        What who presents it must know: the wording of the question, base and test.
    """

    name: str
    kind: Literal["bar", "stacked"]
    title: str
    categories: str
    series: tuple[str, ...]
    alt: str
    subtitle: str = ""
    table: str = ""
    first: int = 0
    rows: int | None = None
    accent: tuple[int, ...] | None = None
    aside: int = 0
    ordered: bool = True
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Note:
    """One note of a report: what it is about, and what it says."""

    topic: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """One sheet: what stands above its tables, the tables, pictures and charts.

    Attributes
    ----------
    title, subtitle
        What the sheet shows, a finding where there is one; and in a line under it of whom, and how it reads.
    findings
        Numbered sentences, one each.
    question
        The wording as asked.
    lines
        Sentences above the table.
    lines_across
        Whether these stand over all columns of the table, on as many rows as they need, and not in the first
        one alone: for tables whose first column is narrow.
    notes
        Notes of this sheet alone, where the report has no notes by number.
    footnotes
        The numbers of the notes of the report that concern the sheet.
    appendix
        Whether it is for those who look things up: its tab is grey.
    one_page
        Whether all of it is laid out to be seen at once and printed on one page, tables at the left.
    printed
        Whether its tables are printed; else only what stands above them, for they are to be filtered.
    """

    name: str
    title: str
    question: str = ""
    base_text: str = ""
    lines: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    charts: tuple[Chart, ...] = ()
    subtitle: str = ""
    findings: tuple[str, ...] = ()
    footnotes: tuple[int, ...] = ()
    appendix: bool = False
    one_page: bool = False
    printed: bool = True
    lines_across: bool = False


@dataclass(frozen=True, kw_only=True)
class TitleBlock:
    """Who a report is from and for, and whose data it shows; "" where nobody says.

    Attributes
    ----------
    title
        What the report is called; the title of the data or the questionnaire where it is "".
    client, fieldwork
        For whom it is made, and when the answers were given ("1-30 Apr 2027"), as they are to be printed.
    data_source
        Where the data are from. The source of a questionnaire never stands for it.
    footer
        What stands at the foot of every page and slide.
    logo
        A picture (PNG or JPEG), or the path of its file, which is read at once.

    Raises
    ------
    UsageError
        The logo cannot be read, or is neither PNG nor JPEG.
    """

    title: str = ""
    client: str = ""
    fieldwork: str = ""
    data_source: str = ""
    footer: str = ""
    logo: bytes | str | Path = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        """Put every text on one line, and read the logo."""
        for name in ("title", "client", "fieldwork", "data_source", "footer"):
            object.__setattr__(self, name, " ".join(str(getattr(self, name)).split()))
        if not isinstance(self.logo, bytes):
            object.__setattr__(self, "logo", _logo_of(self.logo) if str(self.logo) else b"")

    @property
    def logo_bytes(self) -> bytes:
        """The bytes of the logo; none where there is none."""
        return self.logo if isinstance(self.logo, bytes) else b""

    @property
    def logo_type(self) -> str:
        """The media type of the logo: "image/png" or "image/jpeg"; "" where there is none."""
        return next((kind for kind, start in _LOGOS.items() if self.logo_bytes.startswith(start)), "")

    def completed(self, **texts: str) -> "TitleBlock":
        """The same, with these texts where it says nothing itself."""
        return replace(self, **{name: text for name, text in texts.items() if not getattr(self, name)})


_LOGOS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


def _logo_of(path: str | Path) -> bytes:
    """Read a logo from its file."""
    place = Place(file=str(path))
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise UsageError(Problem("logo_unreadable", place, {"told": error})) from None
    if not content.startswith(tuple(_LOGOS.values())):
        raise UsageError(Problem("logo_kind", place))
    return content


@dataclass(frozen=True)
class Report:
    """A whole report. `warning` stands on every sheet (reconstructed data, a subset); `data_note` says in a
    few words that data are reconstructed, on every slide, for it may be copied alone. `properties` are the
    document properties (`title`, `subject`, `creator`, `description`, `keywords`). `notes` are its notes,
    each once: the first is number 1. Every renderer links its first sheet to all others. `title_block` says
    who it is from.
    """

    lang: str
    sheets: tuple[Sheet, ...]
    warning: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    title_block: TitleBlock = field(default_factory=TitleBlock)
    data_note: str = ""

    def sheet(self, name: str) -> Sheet:
        """Find a sheet by its name."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise KeyError(name)
