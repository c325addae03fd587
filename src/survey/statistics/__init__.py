"""NUMBERS: shares, cross-tabs and tests under the column contracts. Knows neither files nor commands."""

from survey.statistics.association import Association, association
from survey.statistics.comparisons import compare_items, compare_ratings
from survey.statistics.cooccurrence import cooccurrence
from survey.statistics.correlations import correlations
from survey.statistics.crosstabs import crosstab
from survey.statistics.frequencies import frequencies
from survey.statistics.importance import importance_shares
from survey.statistics.multiple import mention_summary, mentions, overlaps
from survey.statistics.number_comparisons import compare_numbers
from survey.statistics.number_summaries import number_summary
from survey.statistics.precision import precision
from survey.statistics.ranks import rank_sets
from survey.statistics.ratings import compare_group_ratings
from survey.statistics.reliability import reliability

__all__ = [
    "Association",
    "association",
    "compare_group_ratings",
    "compare_items",
    "compare_numbers",
    "compare_ratings",
    "cooccurrence",
    "correlations",
    "crosstab",
    "frequencies",
    "importance_shares",
    "mention_summary",
    "mentions",
    "number_summary",
    "overlaps",
    "precision",
    "rank_sets",
    "reliability",
]
