"""Where responses come from, as typed fields, and how a hidden sheet of ours writes them as key and value.

Only this module knows the keys and how a value is packed into a cell; everything else reads fields.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from survey.instrument.shares import Statistic

Ends = tuple[float, float]

FIXED, BOUNDED, OPEN = "fixed", "bounded", "open"


@dataclass(frozen=True)
class SourceFile:
    """A file that was read: its name, the SHA-256 of its bytes, the layout it was read in."""

    name: str
    sha256: str = ""
    dialect: str = "plain"


class RuleCount(NamedTuple):
    """How many rows a rule left out."""

    rule: str
    n: int


def add_counts(counts: Iterable[RuleCount]) -> tuple[RuleCount, ...]:
    """One count per rule, in order of first appearance; rules that left nobody out are not among them."""
    sums: dict[str, int] = {}
    for rule, n in counts:
        sums[rule] = sums.get(rule, 0) + n
    return tuple(RuleCount(rule, n) for rule, n in sums.items() if n)


@dataclass(frozen=True)
class Screening:
    """The rows that rules left out, of how many respondents."""

    counts: tuple[RuleCount, ...]
    total: int


class TargetShare(NamedTuple):
    """A share that weights were made to meet: the question as its target names it, the option, a fraction."""

    question: str
    code: str
    share: float


@dataclass(frozen=True)
class Weighting:
    """How respondents are weighted, and which shares the weights set.

    Attributes
    ----------
    name
        What the weights are called: the column they were read from, or what made them.
    source
        "column" where they were read, "rake" where they were made here.
    targets
        The questions and variables whose shares were set: these are no estimates.
    shares
        The shares that were to be met.
    bounds
        The smallest and largest weight that was allowed, in multiples of the mean; None without limits.
    trimmed, rounds
        How many weights were cut to these, and after how many rounds the shares were met.
    """

    name: str
    source: str = "column"
    targets: tuple[str, ...] = ()
    shares: tuple[TargetShare, ...] = ()
    bounds: Ends | None = None
    trimmed: int = 0
    rounds: int = 0


class PublishedShare(NamedTuple):
    """A share as a findings file names it; `group` is "all" or an option of the banner."""

    question: str
    item: str
    group: str
    statistic: Statistic

    def __str__(self) -> str:
        """As the hidden sheet has it."""
        return ":".join(map(str, self))


class UpperBound(NamedTuple):
    """A share of which only a bound above it was published; `percent` is as printed."""

    share: PublishedShare
    percent: str


@dataclass(frozen=True)
class Mark:
    """What the margins say of one number of a report.

    `verdict` is "fixed" (one value in every data set with these margins), "bounded" or "open"; `draws` the
    range over made-up data sets with these margins, `proved` the range over all. Ends are kept to six digits,
    as they are stored: what is read again is equal.
    """

    verdict: str
    draws: Ends | None = None
    proved: Ends | None = None

    def __post_init__(self) -> None:
        """Round the ends."""
        for name in ("draws", "proved"):
            if ends := getattr(self, name):
                low, high = (float(f"{end:.6g}") for end in ends)
                object.__setattr__(self, name, (low, high))


class ResultKey(NamedTuple):
    """Which result of a report: its kind, and the ids that tell it apart from others of the kind."""

    result: str
    ids: tuple[str, ...]


Marks = Mapping[ResultKey, Mapping[str, Mark]]


def key_of(result: str, ids: Iterable[object]) -> ResultKey:
    """The key of a result, whatever its ids are made of."""
    return ResultKey(result, tuple(map(str, ids)))


@dataclass(frozen=True)
class Reconstruction:
    """How a data set was made from published figures, and what the figures say of the results of its report.

    Attributes
    ----------
    findings, findings_hash
        The file of published findings, and the SHA-256 of its bytes.
    seed, draw, draws
        What the random numbers started from; which of how many data sets this is, where there are several.
    group_bases
        The sizes of the groups that were taken.
    not_met
        The claims that no count meets.
    answers_digest
        A digest of the answers as they were made: of what is changed later no figure holds.
    marks, mark_draws
        By result and measure what the margins say, and over how many data sets that was found.
    fixed, below
        The shares that were published, and those of which an upper bound was.
    """

    findings: str = ""
    findings_hash: str = ""
    seed: int | None = None
    group_bases: Mapping[str, int] = field(default_factory=dict, hash=False)
    not_met: tuple[str, ...] = ()
    draw: int | None = None
    draws: int | None = None
    answers_digest: str = ""
    marks: Marks = field(default_factory=dict, hash=False)
    mark_draws: int | None = None
    fixed: tuple[PublishedShare, ...] = ()
    below: tuple[UpperBound, ...] = ()

    def without_marks(self) -> "Reconstruction":
        """The same without what holds of the whole data set only: for a part of it, or more than it."""
        return replace(self, answers_digest="", marks={}, mark_draws=None, fixed=(), below=())


@dataclass(frozen=True)
class Provenance:
    """Where responses come from: what the files say of themselves, and what was done to their rows.

    Attributes
    ----------
    files
        The files that were read, each with its hash and the layout it was read in; none of a DataFrame.
    title, wave, source, licence, fielded_by
        What the survey is called, its fielding ("2027-04"), where the data or figures are from, under which
        licence, and who was in the field; "" where nothing is said.
    carried_from
        The version of the instrument the questions were asked with, where the answers were carried over.
    subset
        Of which respondents the files are a part, one sentence for each part.
    screening
        The rows that rules left out; None where none were.
    reconstruction
        How the data set was made from published figures; None for answers of real people.
    weighting
        How the respondents are weighted; None where they are not, or nobody said.
    """

    files: tuple[SourceFile, ...] = ()
    title: str = ""
    wave: str = ""
    source: str = ""
    licence: str = ""
    fielded_by: str = ""
    carried_from: str = ""
    subset: tuple[str, ...] = ()
    screening: Screening | None = None
    reconstruction: Reconstruction | None = None
    weighting: Weighting | None = None

    @property
    def reconstructed(self) -> bool:
        """Whether the answers were made from published figures, and nobody gave them."""
        return self.reconstruction is not None

    @property
    def dialect(self) -> str:
        """The layout all files were read in; "" where there are several, or no file."""
        layouts = {file.dialect for file in self.files}
        return layouts.pop() if len(layouts) == 1 else ""

    @property
    def file_names(self) -> str:
        """The names of the files as one text, for people."""
        return ", ".join(file.name for file in self.files)

    @property
    def file_hashes(self) -> str:
        """The hashes of the files as one text, for people."""
        return ", ".join(file.sha256 for file in self.files)

    def without_marks(self) -> "Provenance":
        """The same without what published figures say of the data set as a whole."""
        reconstruction = self.reconstruction
        return replace(self, reconstruction=reconstruction.without_marks()) if reconstruction else self
