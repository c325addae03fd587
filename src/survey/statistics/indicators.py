"""Every question as yes and no: the common ground of shares, cross-tabs and paired tests, all from counts."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from survey.counts.group_tables import GroupTable
from survey.counts.row_counts import Counts
from survey.errors import usage
from survey.instrument import Instrument, Option, Question
from survey.instrument.kinds import kinds_with
from survey.statistics.weighted import ShareSums

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]
    Members = npt.NDArray[np.float64]


@dataclass(frozen=True)
class YesNo:
    """Which indicators of a question say yes, and which say no, to each of its parts: parts x indicators.

    The parts of a single question are its options; those of a select-all question its options; those of a
    rating battery its items, yes being one of the `top` highest points; those of a ranking its options, yes
    being one of the `top` first ranks, of those who ranked any option. `answered`: the indicators whose sum
    says who answered the question at all.
    """

    yes: "Whole"
    no: "Whole"
    answered: "Whole"

    @classmethod
    def of(cls, instrument: Instrument, question: Question, *, top: int | None = None) -> "YesNo":
        """Lay a question out; the scale's own top box where `top` is None."""
        import numpy as np

        parts = len(question.parts)
        if question.kind == "single":
            same = np.eye(parts, dtype=np.int64)
            return cls(same, 1 - same, np.ones(parts, np.int64))
        if question.kind == "ranking":
            uppermost = np.arange(question.places) < top_points(instrument, question, top)
            blank = np.zeros((parts, 1), np.int64)  # who ranked any option
            ranked = np.hstack([np.kron(np.eye(parts, dtype=np.int64), uppermost.astype(np.int64)), blank])
            anything = np.eye(ranked.shape[1], dtype=np.int64)[-1]
            return cls(ranked, anything - ranked, anything)
        says_yes = np.array([False, True])
        if question.kind == "rating":
            points = len(instrument.scale_of(question).values)
            says_yes = np.arange(points) >= points - top_points(instrument, question, top)
        blank = np.zeros((parts, 1), np.int64)  # who answered any part
        yes, no = (
            np.hstack([np.kron(np.eye(parts, dtype=np.int64), codes.astype(np.int64)), blank])
            for codes in (says_yes, ~says_yes)
        )
        return cls(yes, no, np.eye(yes.shape[1], dtype=np.int64)[-1])


@dataclass(frozen=True)
class Shares:
    """Counts of yes and bases (who answered) of every part, in the order of the parts."""

    n: list[int]
    base: list[int]


def shares(counts: Counts, question: Question, *, top: int | None = None) -> Shares:
    """How many said yes to each part of a question, of how many who answered it."""
    yes, no = answers(counts, question, top=top)
    return Shares(yes.tolist(), (yes + no).tolist())


def answers(
    counts: Counts, question: Question, measure: str = "n", *, top: int | None = None
) -> "tuple[npt.NDArray[Any], npt.NDArray[Any]]":
    """How many said yes, and no, to each part of a question."""
    import numpy as np

    layout = YesNo.of(counts.instrument, question, top=top)
    given = np.diagonal(counts.joint(question, question, measure))
    return layout.yes @ given, layout.no @ given


def share_sums(counts: Counts, question: Question, *, top: int | None = None) -> ShareSums:
    """The shares of those who say yes to each part of a question."""
    return ShareSums.of(counts, lambda measure: answers(counts, question, measure, top=top))


def answered(counts: Counts, question: Question) -> int:
    """How many answered a question: of several parts, any of them."""
    import numpy as np

    given = np.diagonal(counts.joint(question, question))
    return int(given[-1] if question.traits.split else given.sum())


def column_bases(counts: Counts, question: Question) -> list[int]:
    """How many answered each column of a question."""
    import numpy as np

    given = np.diagonal(counts.joint(question, question)).tolist()
    if len(question.answer_columns) == 1:
        return [answered(counts, question)]
    width = (len(given) - 1) // len(question.answer_columns)
    return [sum(given[start : start + width]) for start in range(0, len(given) - 1, width)]


@dataclass(frozen=True)
class PairTables:
    """The 2 x 2 tables of the parts of two questions, each parts x parts, of those who answered both parts.

    `yes_no`: yes to the part of the first and no to that of the second.
    """

    yes_yes: "npt.NDArray[Any]"
    yes_no: "npt.NDArray[Any]"
    no_yes: "npt.NDArray[Any]"
    no_no: "npt.NDArray[Any]"

    @property
    def base(self) -> "npt.NDArray[Any]":
        """Who answered both parts."""
        total: npt.NDArray[Any] = self.yes_yes + self.yes_no + self.no_yes + self.no_no
        return total

    def of(self, places: list[int]) -> "PairTables":
        """Those of some parts of one question with each other."""
        tables = (self.yes_yes, self.yes_no, self.no_yes, self.no_no)
        return PairTables(*(table[places][:, places] for table in tables))


def pair_tables(
    counts: Counts,
    one: Question,
    other: Question,
    measure: str = "n",
    *,
    top: int | None = None,
    other_top: int | None = None,
) -> PairTables:
    """The 2 x 2 tables of every part of one question with every part of the other."""
    first = YesNo.of(counts.instrument, one, top=top)
    second = YesNo.of(counts.instrument, other, top=other_top)
    joint = counts.joint(one, other, measure)
    return PairTables(
        *(side @ joint @ across.T for side in (first.yes, first.no) for across in (second.yes, second.no))
    )


def histograms(counts: Counts, question: Question, measure: str = "n") -> "npt.NDArray[Any]":
    """How often each point that rates was given to each item of a battery: items x points."""
    import numpy as np

    given = np.diagonal(counts.joint(question, question, measure))[:-1]
    return given.reshape(len(question.items), -1)


def unrated_counts(counts: Counts, question: Question, measure: str = "n") -> "list[list[Any]]":
    """How often each point that rates nothing was given to each item of a battery: items x such points."""
    columns, names = counts.definition.columns.unrated, question.answer_columns
    return [counts.point_counts(columns[name], measure) if name in columns else [] for name in names]


def group_table(counts: Counts, banner: Question, question: Question, measure: str = "n") -> GroupTable:
    """The patterns of a banner x the indicators of a question; those of a single question are its options."""
    import numpy as np

    if banner.kind == "single":
        return GroupTable(np.eye(len(banner.options)), counts.joint(banner, question, measure))
    return counts.group_table(banner, question, measure)


def top_points(instrument: Instrument, question: Question, top: int | None) -> int:
    """How many points are the top box: as asked, else as the scale says; of a ranking how many first ranks.

    Raises `UsageError` if too many.
    """
    if question.kind == "ranking":
        return ranks_on_top(question, 1 if top is None else top)
    scale = instrument.scale_of(question)
    if top is None:
        return scale.top
    if not isinstance(top, int) or not 1 <= top < len(scale.values):
        raise usage("top_outside_scale", top=top, points=len(scale.values))
    return top


def ranks_on_top(question: Question, top: int) -> int:
    """How many ranks are the uppermost. Raises `UsageError` if they are no number of ranks."""
    if isinstance(top, bool) or not isinstance(top, int) or not 1 <= top <= question.places:
        raise usage("ranks_top_unfit", top=top, question=question.id, places=question.places)
    return top


def battery_of(instrument: Instrument, battery: str | None, *kinds: str) -> Question:
    """The battery that is meant: the one named, else the default. `UsageError` if there is none."""
    wanted = instrument.defaults.battery if battery is None else battery
    if wanted is None:
        raise usage("no_battery", instrument=instrument.reference)
    return instrument.question(wanted, *(kinds or ("rating",)))


def question_with_shares(instrument: Instrument, name: str, *further: str) -> Question:
    """A question whose options or items have shares, or of some further kinds.

    Of what is measured the error says what compares numbers.
    """
    kinds = (*kinds_with(shares=True), *further)
    if any(asked.id == name and asked.traits.cells in ("number", "date") for asked in instrument.variables):
        raise usage("number_has_no_shares", question=name)
    return instrument.question(name, *kinds)


def banner_of(instrument: Instrument, banner: str | None) -> Question:
    """The banner that is meant: the one named, else the default. `UsageError` if there is none."""
    wanted = instrument.defaults.banner if banner is None else banner
    if wanted is None:
        raise usage("no_banner", instrument=instrument.reference)
    return instrument.banner(wanted)


def own_part(question: Question, banner: Question) -> str:
    """The item of a rating whose points are the groups of a banner; "" where it has none such."""
    battery, item = banner.item_of
    return item if battery == question.id else ""


def asked_parts(question: Question, bases: list[int]) -> tuple[list[Option], list[Option]]:
    """Split the parts of a question, given their bases, into those anybody answered and those nobody did."""
    answered = [part for part, base in zip(question.parts, bases, strict=True) if base]
    return answered, [part for part in question.parts if part not in answered]


@dataclass(frozen=True)
class CompleteTable:
    """Sums over those who answered every part that anybody answered.

    `items`: those parts, exclusive options apart; `joint`: item x code x item x code, the joint table of
    their answers; `values`: the code of each answer as a whole number (half points doubled);
    `ties`: over respondents and points, how often so many items were answered alike.
    """

    items: list[Option]
    base: Any
    joint: "npt.NDArray[Any]"
    values: "Whole"
    ties: "Whole"

    @property
    def squares(self) -> "Whole":
        """Items x items: sums of products of the answers."""
        import numpy as np

        products: npt.NDArray[np.int64] = np.einsum("iajb,a,b->ij", self.joint, self.values, self.values)
        return products

    @property
    def sums(self) -> "Whole":
        """The sum of the answers to each item."""
        import numpy as np

        own: npt.NDArray[np.int64] = np.einsum("iaia,a->i", self.joint, self.values)
        return own


def complete_table(counts: Counts, question: Question, measure: str = "n") -> CompleteTable:
    """The complete cases of a battery, or of a select-all question without its exclusive options."""
    import numpy as np

    cases = counts.complete_cases(question, measure)
    own = [part for part in question.parts if not (question.kind == "multiple" and part.exclusive)]
    values = [0, 1] if question.kind == "multiple" else counts.instrument.scale_of(question).steps
    width, asked = len(values), cases.asked
    joint = cases.pairs[0].reshape(len(own), width, len(own), width)[asked][:, :, asked]
    items = [part for part, here in zip(own, asked, strict=True) if here]
    base = cases.n[0].item()
    return CompleteTable(items, base, joint, np.array(values, np.int64), cases.ties[0])
