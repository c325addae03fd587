"""Where responses come from, as typed fields, and how a hidden sheet of ours writes them as key and value.

Only this module knows the keys and how a value is packed into a cell; everything else reads fields.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, TypeVar

from survey.instrument.shares import Statistic
from survey.wording import is_blank_text

Value = TypeVar("Value")
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

    def entries(self, *names: str) -> Iterator[tuple[str, str]]:
        """Key and value of some keys, as the hidden sheet has them, the blank left out: for people."""
        texts = provenance_pairs(self)
        return ((name, texts[name]) for name in names if name in texts)

    def without_marks(self) -> "Provenance":
        """The same without what published figures say of the data set as a whole."""
        reconstruction = self.reconstruction
        return replace(self, reconstruction=reconstruction.without_marks()) if reconstruction else self


# -- key and value ---------------------------------------------------------------------------------------

TEXTS = ("title", "wave", "source", "licence", "fielded_by", "carried_from")
_NUMBERS = ("seed", "draw", "draws", "mark_draws")
_MARK = "mark "  # begins the key of what the margins say of one result
_NO_MEASURE = "none"  # there was no number to be marked
_LETTERS = {"f": FIXED, "b": BOUNDED, "o": OPEN}

# What may be said of responses in words of a few letters: of a DataFrame, or on a hidden sheet.
KNOWN_KEYS = (
    *TEXTS,
    *("subset", "left_out", "left_out_of", "reconstructed", "findings", "findings_hash"),
    *("seed", "group_bases", "not_met", "draw", "draws", "weights", "weights_from", "weights_set"),
    *("weights_targets", "weights_bounds", "weights_trimmed", "weights_rounds"),
)


def provenance_pairs(provenance: Provenance) -> dict[str, str]:
    """What is said of responses as key and value, blank values left out.

    The files are not part of it: a workbook cannot name the hash of itself.
    """
    pairs = {name: str(getattr(provenance, name)) for name in TEXTS}
    pairs["subset"] = "\n".join(provenance.subset)
    if screening := provenance.screening:
        pairs["left_out"] = " ".join(f"{rule}={n}" for rule, n in screening.counts)
        pairs["left_out_of"] = str(screening.total)
    if weighting := provenance.weighting:
        pairs |= {"weights": weighting.name, "weights_from": weighting.source}
        pairs["weights_set"] = " ".join(weighting.targets)
        pairs["weights_targets"] = "\n".join(
            f"{question} {code} {share!r}" for question, code, share in weighting.shares
        )
        pairs["weights_bounds"] = " ".join(map(repr, weighting.bounds or ()))
        counts = {"weights_trimmed": weighting.trimmed, "weights_rounds": weighting.rounds}
        pairs |= {key: str(count) for key, count in counts.items() if count}
    if reconstruction := provenance.reconstruction:
        pairs |= {
            "reconstructed": "yes",
            "findings": reconstruction.findings,
            "findings_hash": reconstruction.findings_hash,
            "group_bases": ", ".join(f"{group} {base}" for group, base in reconstruction.group_bases.items()),
            "not_met": ", ".join(reconstruction.not_met),
            "mark_answers": reconstruction.answers_digest,
            "fixed": " ".join(map(str, reconstruction.fixed)),
            "below": " ".join(f"{share}:{percent}" for share, percent in reconstruction.below),
        }
        numbers = {name: getattr(reconstruction, name) for name in _NUMBERS}
        pairs |= {name: str(number) for name, number in numbers.items() if number is not None}
        for key, measures in reconstruction.marks.items():
            texts = [f"{measure} {_mark_text(mark)}" for measure, mark in measures.items()]
            pairs[f"{_MARK}{key.result} {':'.join(key.ids)}"] = "; ".join(texts) or _NO_MEASURE
    return {key: text for key, text in pairs.items() if not is_blank_text(text)}


def read_provenance(pairs: Mapping[str, str]) -> tuple[Provenance, dict[str, str]]:
    """Read what is said of responses, and give the pairs besides that nobody can read: unknown, or spoilt."""
    rest = _Pairs(dict(pairs))
    texts: dict[str, Any] = {name: rest.take(name, str, "") for name in TEXTS}
    screening = None
    if "left_out" in pairs and "left_out_of" in pairs:
        counts = rest.take("left_out", _rule_counts, None)
        total = rest.take("left_out_of", _number, None)
        screening = Screening(counts, total) if counts and total is not None else None
    weighting = None
    if name := rest.take("weights", str, ""):
        targets: tuple[str, ...] = rest.take("weights_set", _words, ())
        weighting = Weighting(
            name,
            rest.take("weights_from", str, "column"),
            targets,
            rest.take("weights_targets", _target_shares, ()),
            rest.take("weights_bounds", _bounds_of_weights, None),
            rest.take("weights_trimmed", _number, 0),
            rest.take("weights_rounds", _number, 0),
        )
    reconstruction = None
    if rest.take("reconstructed", _yes, False):
        reconstruction = Reconstruction(
            findings=rest.take("findings", str, ""),
            findings_hash=rest.take("findings_hash", str, ""),
            group_bases=rest.take("group_bases", _group_bases, {}),
            not_met=rest.take("not_met", _claims, ()),
            answers_digest=rest.take("mark_answers", str, ""),
            fixed=rest.take("fixed", _shares, ()),
            below=rest.take("below", _bounds, ()),
            marks=_marks(rest),
            seed=rest.take("seed", _number, None),
            draw=rest.take("draw", _number, None),
            draws=rest.take("draws", _number, None),
            mark_draws=rest.take("mark_draws", _number, None),
        )
    provenance = Provenance(
        **texts,
        subset=rest.take("subset", _lines, ()),
        screening=screening,
        reconstruction=reconstruction,
        weighting=weighting,
    )
    return provenance, rest.left


@dataclass(frozen=True)
class _Pairs:
    """Pairs that are taken one after the other; what cannot be read stays."""

    left: dict[str, str]

    def take(self, key: str, parse: Callable[[str], Value], default: Value) -> Value:
        if key not in self.left:
            return default
        try:
            value = parse(self.left[key])
        except ValueError:
            return default
        del self.left[key]
        return value


def _marks(rest: _Pairs) -> Marks:
    marks: dict[ResultKey, Mapping[str, Mark]] = {}
    for key in [key for key in rest.left if key.startswith(_MARK)]:
        result, _, ids = key.removeprefix(_MARK).partition(" ")
        measures = rest.take(key, _measures, None) if ids else None
        if measures is not None:
            marks[ResultKey(result, tuple(ids.split(":")))] = measures
    return marks


def _mark_text(mark: Mark) -> str:
    """A mark in a few words: "b 0.31 0.42 0.3 0.5", the draws, then what is proved; "-" for no range."""
    if mark.verdict != BOUNDED:
        return mark.verdict[0]
    ends = [end for ends in (mark.draws, mark.proved) for end in ends or ("-", "-")]
    return " ".join(["b", *(end if isinstance(end, str) else f"{end:.6g}" for end in ends)])


def _measures(text: str) -> Mapping[str, Mark]:
    parts = (part.split(" ", 1) for part in text.split("; ") if part != _NO_MEASURE)
    return {measure: _read_mark(mark) for measure, mark in parts}


def _read_mark(text: str) -> Mark:
    letter, *ends = text.split()
    if letter == "b":
        draws_low, draws_high, low, high = ends
        return Mark(BOUNDED, _ends(draws_low, draws_high), _ends(low, high))
    if letter not in _LETTERS or ends:
        raise ValueError(text)
    return Mark(_LETTERS[letter])


def _ends(low: str, high: str) -> Ends | None:
    if low == high == "-":
        return None
    if not float(low) <= float(high):  # nor is anything that is no number
        raise ValueError(low, high)
    return float(low), float(high)


def _yes(text: str) -> bool:
    answers = {"yes": True, "no": False}
    if text.strip().lower() not in answers:
        raise ValueError(text)
    return answers[text.strip().lower()]


def _number(text: str) -> int:
    if int(text) < 0:
        raise ValueError(text)
    return int(text)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.split("\n") if not is_blank_text(line))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _target_shares(text: str) -> tuple[TargetShare, ...]:
    parts = (line.rsplit(" ", 2) for line in _lines(text))
    return tuple(TargetShare(question, code, float(share)) for question, code, share in parts)


def _bounds_of_weights(text: str) -> Ends:
    low, high = map(float, text.split())
    return low, high


def _rule_counts(text: str) -> tuple[RuleCount, ...]:
    parts = (part.split("=") for part in text.split())
    return tuple(RuleCount(rule, _number(n)) for rule, n in parts)


def _group_bases(text: str) -> Mapping[str, int]:
    parts = (part.rsplit(" ", 1) for part in text.split(", "))
    return {group: _number(base) for group, base in parts}


def _claims(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


def _shares(text: str) -> tuple[PublishedShare, ...]:
    return tuple(_share(*word.split(":")) for word in text.split())


def _bounds(text: str) -> tuple[UpperBound, ...]:
    parts = [word.rsplit(":", 1) for word in text.split()]
    for _, percent in parts:
        float(percent)
    return tuple(UpperBound(_share(*share.split(":")), percent) for share, percent in parts)


def _share(*parts: str) -> PublishedShare:
    question, item, group, word = parts
    statistic = Statistic.parse(word)
    if statistic is None:
        raise ValueError(word)
    return PublishedShare(question, item, group, statistic)
