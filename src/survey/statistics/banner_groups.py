"""All respondents, then each group of a banner: their answers counted, for tables with a row each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from survey.counts.definition import MEASURES
from survey.counts.group_tables import ValueTable
from survey.counts.row_counts import Counts
from survey.instrument import Question
from survey.messages import message
from survey.statistics.group_members import check_only, group_label, members_of
from survey.statistics.intervals import share_interval
from survey.statistics.weighted import share_variance
from survey.statistics.weighted_means import EXACT, WeightedValues

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class CodedGroup:
    """One group and how often each code of a question stands in it.

    `ids`: the columns that name the group in a row; `given`: the indicators of the question, as in `joint`;
    `weights`, `squares`: the sums of the weights, and of their squares, where there are weights.
    """

    ids: dict[str, str]
    given: "npt.NDArray[np.int64]"
    weights: "npt.NDArray[np.float64] | None" = None
    squares: "npt.NDArray[np.float64] | None" = None

    def weighted(self, places: slice, values: Sequence[float]) -> WeightedValues | None:
        """The answers at some places as values, by weight; None where there are no weights."""
        if self.weights is None or self.squares is None:
            return None
        return WeightedValues.of(values, self.given[places], self.weights[places], self.squares[places])


@dataclass(frozen=True, eq=False)
class ValuedGroup:
    """One group and the values of a column of quantities, rising, with how often each occurs.

    `weighted`: the same by weight, where there are weights.
    """

    ids: dict[str, str]
    values: list[float]
    counts: list[int]
    exact: bool
    weighted: WeightedValues | None = None

    @property
    def base(self) -> int:
        """How many answered."""
        return sum(self.counts)


def banner_of(counts: Counts, banner: str | None) -> Question | None:
    """The question by whose groups rows are made; None where there is none."""
    return None if banner is None else counts.instrument.banner(banner)


def _ids(banner: str, code: str, label: str) -> dict[str, str]:
    return {"banner": banner, "banner_code": code, "banner_label": label}


def measures_of(counts: Counts) -> tuple[str, ...]:
    """What is summed: how many respondents, and where there are weights these and their squares."""
    return MEASURES if counts.weighted else MEASURES[:1]


def coded_groups(
    counts: Counts, question: Question, banner: Question | None, lang: str, *, only: str | None = None
) -> list[CodedGroup]:
    """All respondents, then each group of the banner: the counts of the codes of a question.

    `only` limits the groups to those in no other one ("exclusive"), or to those in another too ("mixed").
    """
    check_only(only)
    measures = measures_of(counts)
    everybody = [counts.joint(question, question, measure).diagonal() for measure in measures]
    groups = [CodedGroup(_ids(banner.id if banner else "", "", message("col_total", lang)), *everybody)]
    if banner is not None:
        tables = [counts.group_table(banner, question, measure) for measure in measures]
        members = members_of(banner, tables[0].members, only)
        for place, group in enumerate(banner.groups):
            given = [table.counts[members[:, place] == 1].sum(axis=0) for table in tables]
            groups.append(CodedGroup(_ids(banner.id, group.id, group_label(group, only, lang)), *given))
    return groups


def valued_groups(
    counts: Counts, column: str, banner: Question | None, lang: str, *, only: str | None = None
) -> list[ValuedGroup]:
    """The same of a column of quantities: its values."""
    check_only(only)
    measures = measures_of(counts)
    ids = _ids(banner.id if banner else "", "", message("col_total", lang))
    groups = [_valued(ids, [counts.number_values(column, None, measure) for measure in measures])]
    if banner is not None:
        tables = [counts.number_values(column, banner, measure) for measure in measures]
        members = members_of(banner, tables[0].members, only)
        for place, group in enumerate(banner.groups):
            ids = _ids(banner.id, group.id, group_label(group, only, lang))
            groups.append(_valued(ids, tables, members[:, place] == 1))
    return groups


def _valued(ids: dict[str, str], tables: list[ValueTable], inside: Any = slice(None)) -> ValuedGroup:
    """The values of everybody, or of those in a group of the banner."""
    import numpy as np

    first = tables[0]
    values, places = np.unique(first.values[inside], return_inverse=True)
    sums = np.bincount(places.reshape(-1), weights=first.counts[inside], minlength=len(values))
    weighted = None
    if len(tables) > 1:
        weighted = WeightedValues.of(first.values[inside], *(table.counts[inside] for table in tables))
    return ValuedGroup(ids, values.tolist(), sums.astype(np.int64).tolist(), first.exact, weighted)


def mean_interval(
    mean: float, spread: float, base: int, confidence: float, limits: Sequence[float]
) -> tuple[float, float]:
    """The t interval of a mean, within what the mean can be."""
    from scipy.special import stdtrit

    half = float(stdtrit(base - 1, (1 + confidence) / 2)) * spread / base**0.5
    return max(limits[0], mean - half), min(limits[1], mean + half)


def rounded_remarks(exact: bool, lang: str) -> list[tuple[str, str]]:
    """What `reason` and `note` say of values of which a tally kept fewer digits."""
    return [] if exact else [("rounded_values", message("number_rounded", lang))]


def too_few_by_weight(given: WeightedValues, lang: str) -> tuple[str, str]:
    """The remark on answers whose effective base is too small for an interval."""
    if given.base < 2:
        return "too_few_answers no_interval", message("note_one_answer", lang)
    note = message("note_effective_one", lang, effective=f"{given.effective_base:.1f}")
    return "too_few_answers no_interval", note


def share_columns(
    name: str,
    given: WeightedValues,
    own: Any,
    interval: str,
    confidence: float,
    everybody: WeightedValues | None = None,
) -> dict[str, float]:
    """The share of the weight of `everybody` (of these where None) that some values have, and its limits.

    `own`: which values. The interval is that of as many respondents as the effective base, or that of the
    linearised variance ("logit", "korn_graubard").
    """
    base = everybody or given
    yes, yes_squares = float(given.weights[own].sum()), float(given.squares[own].sum())
    no, no_squares = base.weighted_base - yes, float(base.squares.sum()) - yes_squares
    share = yes / base.weighted_base
    share = 1.0 if share > 1 - EXACT else share
    low, high = share_interval(
        share * base.effective_base,
        base.effective_base,
        interval=interval,
        confidence=confidence,
        variance=share_variance(base.base, yes, no, yes_squares, no_squares),
        respondents=base.base,
    )
    return {name: share, f"{name}_low": float(low), f"{name}_high": float(high)}
