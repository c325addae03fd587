"""What of a question is compared between groups by means and ranks: a value per respondent, or per option."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey.counts.group_tables import ValueTable
from survey.counts.row_counts import Counts
from survey.instrument import Question
from survey.statistics.crosstabs import members_of
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
    counts: Counts, question: Question, banner: Question, *, only: str | None = None
) -> Iterator[tuple[str, ValueTable]]:
    """The values of a question by the groups of a banner, under the id of each option ("" where none).

    A number as it is; of a score to recommend 1 for promoters, -1 for detractors; the rank of an option, of
    those who ranked it; the share of the total that an option was given; days.
    """
    if question.traits.cells == "point":
        tables = _of_codes(counts, question, banner)
    else:
        tables = _of_quantities(counts, question, banner)
    for item, table in tables:
        members = members_of(banner, table.members, only)
        yield item, ValueTable(members, table.values, table.counts, table.exact)


def _of_quantities(counts: Counts, question: Question, banner: Question) -> Iterator[tuple[str, ValueTable]]:
    """The values of answers that are kept as quantities, by the patterns of a banner."""
    for column in question.answer_columns:
        table = counts.number_values(column, banner)
        values = table.values / (question.total or 1) if question.kind == "constant_sum" else table.values
        item = column.removeprefix(question.id).removeprefix("__")
        yield item, ValueTable(table.members, values, table.counts, table.exact)


def _of_codes(counts: Counts, question: Question, banner: Question) -> Iterator[tuple[str, ValueTable]]:
    """The same of answers that are kept as one of a few codes."""
    import numpy as np

    table = counts.group_table(banner, question)
    ranked = question.kind == "ranking"
    values: npt.NDArray[np.float64] = np.array(range(1, question.places + 1) if ranked else SCORES, float)
    members = np.repeat(table.members, len(values), axis=0)
    for place, item in enumerate([option.id for option in question.options] if ranked else [""]):
        given = table.counts[:, place * len(values) : (place + 1) * len(values)].ravel()
        kept = given > 0
        yield item, ValueTable(members[kept], np.tile(values, len(table.counts))[kept], given[kept])
