"""All respondents, then each group of a banner: their answers counted, for tables with a row each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from survey.counts.group_tables import ValueTable
from survey.counts.row_counts import Counts
from survey.instrument import Question
from survey.messages import message
from survey.statistics.crosstabs import check_only, group_label, members_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class CodedGroup:
    """One group and how often each code of a question stands in it.

    `ids`: the columns that name the group in a row; `given`: the indicators of the question, as in `joint`.
    """

    ids: dict[str, str]
    given: "npt.NDArray[np.int64]"


@dataclass(frozen=True, eq=False)
class ValuedGroup:
    """One group and the values of a column of quantities, rising, with how often each occurs."""

    ids: dict[str, str]
    values: list[float]
    counts: list[int]
    exact: bool

    @property
    def base(self) -> int:
        """How many answered."""
        return sum(self.counts)


def banner_of(counts: Counts, banner: str | None) -> Question | None:
    """The question by whose groups rows are made; None where there is none."""
    return None if banner is None else counts.instrument.banner(banner)


def _ids(banner: str, code: str, label: str) -> dict[str, str]:
    return {"banner": banner, "banner_code": code, "banner_label": label}


def coded_groups(
    counts: Counts, question: Question, banner: Question | None, lang: str, *, only: str | None = None
) -> list[CodedGroup]:
    """All respondents, then each group of the banner: the counts of the codes of a question.

    `only` limits the groups to those in no other one ("exclusive"), or to those in another too ("mixed").
    """
    check_only(only)
    everybody = counts.joint(question, question).diagonal()
    groups = [CodedGroup(_ids(banner.id if banner else "", "", message("col_total", lang)), everybody)]
    if banner is not None:
        table = counts.group_table(banner, question)
        members = members_of(banner, table.members, only)
        for place, group in enumerate(banner.groups):
            given = table.counts[members[:, place] == 1].sum(axis=0)
            groups.append(CodedGroup(_ids(banner.id, group.id, group_label(group, only, lang)), given))
    return groups


def valued_groups(
    counts: Counts, column: str, banner: Question | None, lang: str, *, only: str | None = None
) -> list[ValuedGroup]:
    """The same of a column of quantities: its values."""
    check_only(only)
    ids = _ids(banner.id if banner else "", "", message("col_total", lang))
    groups = [_valued(ids, counts.number_values(column), slice(None))]
    if banner is not None:
        table = counts.number_values(column, banner)
        members = members_of(banner, table.members, only)
        for place, group in enumerate(banner.groups):
            inside = members[:, place] == 1
            groups.append(_valued(_ids(banner.id, group.id, group_label(group, only, lang)), table, inside))
    return groups


def _valued(ids: dict[str, str], table: ValueTable, inside: Any) -> ValuedGroup:
    import numpy as np

    values, places = np.unique(table.values[inside], return_inverse=True)
    sums = np.bincount(places.reshape(-1), weights=table.counts[inside], minlength=len(values))
    return ValuedGroup(ids, values.tolist(), sums.astype(np.int64).tolist(), table.exact)


def mean_interval(
    mean: float, spread: float, base: int, confidence: float, limits: Sequence[float]
) -> tuple[float, float]:
    """The t interval of a mean, within what the mean can be."""
    from scipy.special import stdtrit

    half = float(stdtrit(base - 1, (1 + confidence) / 2)) * spread / base**0.5
    return max(limits[0], mean - half), min(limits[1], mean + half)
