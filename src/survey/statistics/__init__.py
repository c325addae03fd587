"""NUMBERS: shares, cross-tabs and tests under the column contracts. Knows neither files nor commands."""

from survey.statistics.allocations import allocations
from survey.statistics.association import Association, association
from survey.statistics.comparisons import compare_items
from survey.statistics.cooccurrence import cooccurrence
from survey.statistics.correlations import correlations
from survey.statistics.crosstabs import crosstab
from survey.statistics.date_summaries import date_counts, date_summary
from survey.statistics.frequencies import frequencies
from survey.statistics.importance import importance_shares
from survey.statistics.multiple import mention_summary, mentions, overlaps
from survey.statistics.net_promoter import net_promoter
from survey.statistics.number_comparisons import compare_numbers
from survey.statistics.number_summaries import number_summary
from survey.statistics.precision import precision
from survey.statistics.rankings import rankings
from survey.statistics.ranks import rank_sets
from survey.statistics.ratings import compare_group_ratings
from survey.statistics.reliability import reliability
from survey.statistics.signed_ranks import compare_ratings
from survey.statistics.wave_comparisons import compare_waves
from survey.statistics.wave_means import compare_wave_means
from survey.statistics.wave_panels import wave_series, wave_transitions

__all__ = [
    "Association",
    "allocations",
    "association",
    "compare_group_ratings",
    "compare_items",
    "compare_numbers",
    "compare_ratings",
    "compare_wave_means",
    "compare_waves",
    "cooccurrence",
    "correlations",
    "crosstab",
    "date_counts",
    "date_summary",
    "frequencies",
    "importance_shares",
    "mention_summary",
    "mentions",
    "net_promoter",
    "number_summary",
    "overlaps",
    "precision",
    "rank_sets",
    "rankings",
    "reliability",
    "wave_series",
    "wave_transitions",
]
