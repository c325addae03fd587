"""What is computed of the kinds of questions whose options have no shares of their own."""

from collections.abc import Callable
from typing import Any, NamedTuple

from survey.statistics.allocations import allocations
from survey.statistics.date_summaries import date_summary
from survey.statistics.net_promoter import net_promoter
from survey.statistics.number_summaries import number_summary
from survey.statistics.rankings import rankings


class Summary(NamedTuple):
    """The contract of a summary and the function that gives it, of all respondents and of each group."""

    contract: str
    compute: Callable[..., Any]
    has_level: bool = True  # whether it has intervals, of some confidence


SUMMARIES: dict[str, Summary] = {
    "number": Summary("number", number_summary),
    "nps": Summary("net_promoter", net_promoter),
    "ranking": Summary("ranking", rankings),
    "constant_sum": Summary("allocation", allocations),
    "date": Summary("date", date_summary, has_level=False),
}
