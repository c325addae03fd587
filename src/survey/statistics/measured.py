"""What of a question is compared between groups by means and ranks: a value per respondent, or per option."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey.counts.group_tables import ValueTable
from survey.counts.row_counts import Counts
from survey.instrument import Question
from survey.statistics.group_members import members_of
from survey.statistics.net_promoter import SCORES

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True)
class Measured:
    """How the groups of one kind of question are compared.

    Attributes
    ----------
    effect
        The name of the difference of means.
    further
        Whether two groups are also compared by `hedges_g` and by `mann_whitney`.
    few_values
        Whether answers take so few or so skewed values that tests of small groups are permutations.
    by_scores
        Whether a value is 1, 0 or -1: the interval is that of two net scores.
    """

    effect: str
    further: tuple[str, ...] = ()
    few_values: bool = False
    by_scores: bool = False


MEASURED: dict[str, Measured] = {
    "number": Measured("mean_difference", ("hedges_g", "mann_whitney")),
    "nps": Measured("score_difference", few_values=True, by_scores=True),
    "ranking": Measured("rank_difference", ("mann_whitney",), few_values=True),
    "constant_sum": Measured("share_difference", few_values=True),
    "date": Measured("day_difference", ("mann_whitney",)),
}


def measured_values(
    counts: Counts, question: Question, banner: Question, measures: Sequence[str], *, only: str | None = None
) -> Iterator[tuple[str, list[ValueTable]]]:
    """The values of a question by the groups of a banner, under the id of each option ("" where none).

    One table a measure (respondents, weights). A number as it is; of a score to recommend 1 for promoters,
    -1 for detractors; the rank of an option, of those who ranked it; the share of the total that an option
    was given; days.
    """
    own = _of_codes if question.traits.cells == "point" else _of_quantities
    for item, tables in own(counts, question, banner, measures):
        members = members_of(banner, tables[0].members, only)
        yield item, [ValueTable(members, table.values, table.counts, table.exact) for table in tables]


def _of_quantities(
    counts: Counts, question: Question, banner: Question, measures: Sequence[str]
) -> Iterator[tuple[str, list[ValueTable]]]:
    """The values of answers that are kept as quantities, by the patterns of a banner."""
    total = (question.total or 1) if question.kind == "constant_sum" else 1
    for column in question.answer_columns:
        tables = [counts.number_values(column, banner, measure) for measure in measures]
        item = column.removeprefix(question.id).removeprefix("__")
        yield item, [ValueTable(one.members, one.values / total, one.counts, one.exact) for one in tables]


def _of_codes(
    counts: Counts, question: Question, banner: Question, measures: Sequence[str]
) -> Iterator[tuple[str, list[ValueTable]]]:
    """The same of answers that are kept as one of a few codes."""
    import numpy as np

    tables = [counts.group_table(banner, question, measure) for measure in measures]
    ranked = question.kind == "ranking"
    codes: npt.NDArray[np.float64] = np.array(range(1, question.places + 1) if ranked else SCORES, float)
    members = np.repeat(tables[0].members, len(codes), axis=0)
    values = np.tile(codes, len(tables[0].counts))
    for place, item in enumerate([option.id for option in question.options] if ranked else [""]):
        block = slice(place * len(codes), (place + 1) * len(codes))
        kept = tables[0].counts[:, block].ravel() > 0
        yield (
            item,
            [ValueTable(members[kept], values[kept], one.counts[:, block].ravel()[kept]) for one in tables],
        )
