"""NUMBERS: shares, cross-tabs and tests under the column contracts. Knows neither files nor commands."""

from survey.statistics.comparisons import compare_items, compare_ratings
from survey.statistics.crosstabs import crosstab
from survey.statistics.frequencies import frequencies
from survey.statistics.importance import importance_shares
from survey.statistics.multiple import mention_summary, mentions, overlaps
from survey.statistics.precision import precision
from survey.statistics.ratings import compare_group_ratings
from survey.statistics.reliability import reliability
from survey.statistics.suppression import suppress

__all__ = [
    "compare_group_ratings",
    "compare_items",
    "compare_ratings",
    "crosstab",
    "frequencies",
    "importance_shares",
    "mention_summary",
    "mentions",
    "overlaps",
    "precision",
    "reliability",
    "suppress",
]
