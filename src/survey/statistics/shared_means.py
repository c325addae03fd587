"""Two means of groups that may have respondents in common: the variance of their difference, tests, limits.

Groups without a common respondent are compared as by Welch's test.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Any

from survey.statistics.intervals import paired_difference_interval
from survey.statistics.small_cells import tables_with

FEW = 30  # answers to one side: with fewer, values of few kinds are tested by permutations
DRAWS = 9_999
_SEED = 1


@dataclass(frozen=True, eq=False)
class SharedMeans:
    """How often each of some values occurs in the first group alone, in the second alone, and in both.

    `first`, `second`: one row per way to divide those who are in one group alone; the answers are one row.
    """

    values: Any
    first: Any
    second: Any
    both: Any

    @property
    def bases(self) -> tuple[int, int]:
        """How many are in each group."""
        shared = int(self.both.sum())
        return int(self.first[0].sum()) + shared, int(self.second[0].sum()) + shared

    def means(self) -> tuple[Any, Any]:
        """The means of both groups, of each way to divide."""
        one, other = self.bases
        shared = self.both @ self.values
        return (self.first @ self.values + shared) / one, (self.second @ self.values + shared) / other

    @property
    def constant(self) -> tuple[bool, bool]:
        """Whether all values of each group are the same."""
        one, other = (((own[0] + self.both) > 0).sum() < 2 for own in (self.first, self.second))
        return bool(one), bool(other)

    def spreads(self) -> tuple[Any, Any, Any]:
        """The variances of both groups (n - 1), and the sum over who is in both of products of deviations."""
        import numpy as np

        values = self.values - self.values.mean()  # squares of days, or of values close together, lose digits
        shared, shared_sum, shared_square = self.both.sum(), self.both @ values, self.both @ values**2
        means, spreads = [], []
        for own, base in zip((self.first, self.second), self.bases, strict=True):
            means.append((own @ values + shared_sum) / base)
            sums = own @ values**2 + shared_square - base * means[-1] ** 2
            varies = ((own + self.both) > 0).sum(axis=1) > 1
            spreads.append(np.where(varies, sums.clip(0), 0.0) / max(base - 1, 1))
        one, other = means
        crossed = shared_square - (one + other) * shared_sum + shared * one * other
        return spreads[0], spreads[1], crossed

    def variances(self) -> Any:
        """The variance of the difference, of each way to divide: the larger of two.

        The one takes the spread of those in both from their answers, the other supposes it to be that of the
        groups; each alone is too small at times. Both are Welch's where nobody is in both, and 0 where all
        are.
        """
        import numpy as np

        one, other = self.bases
        spread, other_spread, crossed = self.spreads()
        apart = spread / one + other_spread / other
        own = apart - 2 * crossed / sqrt(one * max(one - 1, 1) * other * max(other - 1, 1))
        alike = apart - 2 * np.sqrt(spread * other_spread) * (self.both.sum() / (one * other))
        return np.maximum(own, alike).clip(0)

    def statistics(self) -> Any:
        """The difference of the means over its standard error: 0 where there is none, else infinite at 0."""
        import numpy as np

        one, other = self.means()
        difference = one - other
        scale = max(float(np.abs(self.values).max()), 1e-300)
        difference = np.where(np.abs(difference) < 1e-12 * scale, 0.0, difference)
        errors = np.sqrt(self.variances())
        errors = np.where(errors < 1e-12 * scale, 0.0, errors)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(difference == 0, 0.0, difference / errors)

    def df(self) -> float:
        """Degrees of freedom: Welch's, and fewer the more respondents are in both (Derrick et al. 2017)."""
        one, other = self.bases
        spread, other_spread, _ = (float(value[0]) for value in self.spreads())
        first, second = spread / one, other_spread / other
        squares = first**2 / (one - 1) + second**2 / (other - 1)
        welch = (first + second) ** 2 / squares if squares else float("nan")
        shared = int(self.both.sum())
        if not shared:
            return welch
        alone = one + other - 2 * shared
        return (shared - 1) + (welch - shared + 1) / (one + other) * alone

    def t_test(self, confidence: float) -> dict[str, float]:
        """The t test of the difference, its p and its limits."""
        from scipy.special import stdtr, stdtrit

        (one,), (other,) = self.means()
        df, error = self.df(), float(sqrt(self.variances()[0]))
        statistic = float(self.statistics()[0])
        half = float(stdtrit(df, (1 + confidence) / 2)) * error
        difference = float(one - other)
        limits = {"ci_low": difference - half, "ci_high": difference + half}
        return {"statistic": statistic, "df": df, "p_value": float(2 * stdtr(df, -abs(statistic)))} | limits

    def permutation_p(self) -> float:
        """How probable a t as large is when those in one group alone change places at random.

        Exact over all ways to divide them; where these are too many, (1 + as large) / (1 + draws).

        References
        ----------
        Janssen, A. (1997), Statistics & Probability Letters 36, 9-21 (permutations of Welch's statistic are
        valid where the spreads differ, too, in large samples; exact where the groups are alike).
        """
        import numpy as np

        sizes = (self.first[0] + self.second[0]).astype(np.int64)
        size = int(self.first[0].sum())
        tables, weights = tables_with(sizes, size)
        drawn = tables is None
        if drawn:
            random = np.random.default_rng(_SEED)
            tables = random.multivariate_hypergeometric(sizes, size, size=DRAWS, method="marginals")
        divided = SharedMeans(self.values, tables, sizes - tables, self.both)
        observed = abs(float(self.statistics()[0]))
        reached = np.abs(divided.statistics()) >= observed * (1 - 1e-9)
        if drawn:
            return float((1 + reached.sum()) / (1 + DRAWS))
        return min(1.0, float(weights[reached].sum()))

    def score_limits(self, confidence: float) -> dict[str, float]:
        """The limits of a difference of net scores (values 1, 0 and -1).

        Tango's limits of both scores, combined with the correlation that common respondents bring: they have
        width where all of a group are of one class, too.

        References
        ----------
        Tango, T. (1998), Statistics in Medicine 17, 891-908. Zou, G. Y. & Donner, A. (2008), Statistics in
        Medicine 27, 1693-1702.
        """
        ends = []
        for own in (self.first[0] + self.both, self.second[0] + self.both):
            up, down = (int(own[self.values == value].sum()) for value in (1.0, -1.0))
            rest = int(own.sum()) - up - down
            low, high = paired_difference_interval(0, up, down, rest, interval="tango", confidence=confidence)
            score = (up - down) / (up + down + rest)
            ends.append((score - low, high - score))
        (below, above), (other_below, other_above) = ends
        (one,), (other,) = self.means()
        base, other_base = self.bases
        spread, other_spread, crossed = (float(value[0]) for value in self.spreads())
        scale = sqrt(spread * (base - 1) * other_spread * (other_base - 1))
        correlation = max(-1.0, min(1.0, crossed / scale)) if scale else 0.0
        down_by = sqrt(max(0.0, below**2 - 2 * correlation * below * other_above + other_above**2))
        up_by = sqrt(max(0.0, above**2 - 2 * correlation * above * other_below + other_below**2))
        difference = float(one - other)
        return {"ci_low": max(-2.0, difference - down_by), "ci_high": min(2.0, difference + up_by)}
