"""The same where there are weights: means, sizes of differences and ranks by weight."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import Any

from survey.messages import message
from survey.statistics.eta_squared import weighted_eta_squared, weighted_welch_f
from survey.statistics.number_groups import NAN, NumberGroups
from survey.statistics.ratings import low_by_weight, ranks_by_weight
from survey.statistics.weighted_means import (
    Between,
    Difference,
    WeightedValues,
    hedges_g,
    rank_test,
    ranked,
    together,
)


@dataclass(frozen=True)
class WeightedNumberGroups(NumberGroups):
    """The same where there are weights: the tables of respondents, of weights and of their squares."""

    def sample(self, inside: Any) -> WeightedValues:
        """The values of some respondents, with their weights."""
        return WeightedValues.of(self.table.values[inside], *(table.counts[inside] for table in self.tables))

    def columns(self, samples: Sequence[WeightedValues]) -> dict[str, float]:
        """How many these are by weight."""
        return together(samples)

    def low(self, first: WeightedValues, second: WeightedValues) -> dict[str, str]:
        """The remark on two sides of which one has too small an effective base."""
        return low_by_weight(first, second, self.least, self.lang)

    def is_permuted(self, smaller: int) -> bool:
        """Never: permutations have no weighted form."""
        return False

    def of_means(self, first: WeightedValues, second: WeightedValues, *, permuted: bool) -> dict[str, Any]:
        """The numbers of Welch's t test, with its own limits."""
        return self.welch_t(first, second)

    def of_all(
        self, test: str, samples: list[WeightedValues]
    ) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """The numbers of a test of all groups, by weight, and remarks."""
        from scipy.special import fdtrc

        if test == "welch_anova":
            name, remark, sides = "eta_squared", [], Between.of(samples)
            statistic, df, other_df = weighted_welch_f(sides)
            p_value = float(fdtrc(df, other_df, statistic))
        else:
            name, sides = "epsilon_squared", Between.of(ranked(samples))
            remark = [("weighted_ranks", message("note_weighted_ranks", self.lang))]
            statistic, p_value = rank_test(samples)
        effect, low, high = weighted_eta_squared(sides, confidence=self.confidence)
        effects = {"effect_name": name, "effect": effect, "ci_low": low, "ci_high": high}
        return {"statistic": statistic, "df": len(samples) - 1, "p_value": p_value, **effects}, remark

    def pairs_of(self, samples: list[WeightedValues]) -> list[tuple[float, float, float, float]]:
        """Of every pair t, df, the p-value of all pairs, and the standard error."""
        from scipy.stats import studentized_range

        pairs = []
        for first, second in combinations(samples, 2):
            if first.constant and second.constant:
                pairs.append((NAN, NAN, NAN, NAN))
                continue
            one = Difference.of(first, second)
            p_value = float(studentized_range.sf(sqrt(2) * abs(one.statistic), len(samples), one.df))
            pairs.append((one.statistic, one.df, min(1.0, p_value), one.error))
        return pairs

    def welch_t(self, first: WeightedValues, second: WeightedValues) -> dict[str, Any]:
        """The numbers of t with the larger of the two variances."""
        difference = Difference.of(first, second)
        low, high = difference.interval(self.confidence)
        limits = {"ci_low": low, "ci_high": high}
        return {
            "statistic": difference.statistic,
            "df": difference.df,
            "p_value": difference.p_value,
            **limits,
        }

    def hedges_g(self, first: WeightedValues, second: WeightedValues) -> dict[str, Any]:
        """The weighted difference of the means in standard deviations, with its interval."""
        value, low, high = hedges_g(first, second, confidence=self.confidence)
        effect = {"effect_name": "hedges_g", "effect": value, "ci_low": low, "ci_high": high}
        return {"statistic": value, **effect}

    def mann_whitney(self, first: WeightedValues, second: WeightedValues) -> dict[str, Any]:
        """The numbers of the test of weighted ranks."""
        return ranks_by_weight(first, second, self.confidence, self.lang)
