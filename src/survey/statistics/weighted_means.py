"""Weighted means, quantiles, ranks and their comparisons, from sums of weights and of squared weights.

What is known of some values is how many respondents gave each, the sum of their weights and that of their
squared weights: so a tally gives the same numbers as the responses.

References
----------
Kish, L. (1965), Survey Sampling, 11.7. Lumley, T. & Scott, A. (2013), Two-sample rank tests under complex
sampling, Biometrika 100, 831-842. Welch, B. L. (1947, 1951). Cliff, N. (1996).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, nan, sqrt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Values = npt.NDArray[np.float64]

# Sums of weights are rounded: what is so near to a limit is at it.
EXACT = 1e-12


@dataclass(frozen=True, eq=False)
class WeightedValues:
    """Values in rising order, each once: how many respondents gave it, their weights and squared weights.

    >>> import numpy as np
    >>> given = WeightedValues.of(np.array([1.0, 2.0, 4.0]), np.ones(3), np.ones(3), np.ones(3))
    >>> round(given.mean, 4), round(given.sd, 4), given.quantile(0.5), given.effective_base
    (2.3333, 1.5275, 2.0, 3.0)
    """

    values: "Values"
    counts: "Values"
    weights: "Values"
    squares: "Values"

    @classmethod
    def of(cls, values: Any, counts: Any, weights: Any, squares: Any) -> "WeightedValues":
        """Sort the values, and put equal ones together."""
        import numpy as np

        given = np.asarray(values, dtype=float)
        distinct, places = np.unique(given, return_inverse=True)
        sums: list[Any] = [
            np.bincount(places.reshape(-1), weights=np.asarray(part, float), minlength=len(distinct))
            for part in (counts, weights, squares)
        ]
        kept = sums[0] > 0
        return cls(distinct[kept], sums[0][kept], sums[1][kept], sums[2][kept])

    @property
    def base(self) -> int:
        """How many respondents, those of weight zero included."""
        return int(self.counts.sum())

    @cached_property
    def weighted_base(self) -> float:
        """The sum of their weights."""
        return float(self.weights.sum())

    @cached_property
    def effective_base(self) -> float:
        """Kish's: as many respondents of equal weight would say as much; 0 where there is no weight."""
        squares = float(self.squares.sum())
        return self.weighted_base**2 / squares if squares > 0 else 0.0

    @property
    def columns(self) -> dict[str, float]:
        """The columns of a row that say how many these are, weighted."""
        return together([self])

    @property
    def has_weight(self) -> bool:
        """Whether anybody here has a weight above zero."""
        return self.weighted_base > 0

    @property
    def constant(self) -> bool:
        """Whether all who have a weight gave the same value."""
        return int((self.weights > 0).sum()) < 2

    @property
    def lowest(self) -> float:
        """The lowest value of those who have a weight."""
        return float(self.values[self.weights > 0][0])

    @cached_property
    def mean(self) -> float:
        """The weighted mean."""
        return float((self.weights * self.values).sum()) / self.weighted_base

    @cached_property
    def spread(self) -> float:
        """The weighted mean of the squared distances to the mean."""
        return float((self.weights * (self.values - self.mean) ** 2).sum()) / self.weighted_base

    @property
    def sd(self) -> float:
        """The standard deviation with n / (n - 1), n counting the respondents, as R's svyvar; nan for one."""
        return sqrt(self.base / (self.base - 1) * self.spread) if self.base > 1 else nan

    @cached_property
    def linearised(self) -> float:
        """The linearised variance of the mean: that of R's svymean for weights alone; nan for one answer."""
        if self.base < 2:
            return nan
        residuals = float((self.squares * (self.values - self.mean) ** 2).sum())
        return self.base / (self.base - 1) * residuals / self.weighted_base**2

    @property
    def df(self) -> float:
        """The degrees of freedom of its error: the effective base less one."""
        return self.effective_base - 1

    @cached_property
    def variance(self) -> float:
        """The variance of the mean: the larger of the linearised one and that at the effective base.

        The linearised variance alone is too small where a few respondents hold much of the weight; Kish's
        where weight and answer go together. nan for an effective base below 2.
        """
        if self.effective_base < 2 - EXACT:
            return nan
        return max(self.linearised, self.spread / self.df)

    def interval(self, confidence: float, limits: Sequence[float] = (-inf, inf)) -> tuple[float, float]:
        """The t interval of the mean, within what the mean can be; nan for an effective base below 2."""
        from scipy.special import stdtrit

        if self.variance != self.variance:
            return nan, nan
        half = float(stdtrit(self.df, (1 + confidence) / 2)) * sqrt(self.variance)
        return max(limits[0], self.mean - half), min(limits[1], self.mean + half)

    def quantile(self, share: float) -> float:
        """The value at which this share of the weight is reached, counted from the lowest.

        Where it is reached exactly between two values, their middle: the inverse of the weighted distribution
        function (type 2 of Hyndman & Fan 1996, `qrule = "hf2"` of R's svyquantile).
        """
        import numpy as np

        held = self.weights > 0
        values = self.values[held]
        reached = np.cumsum(self.weights[held]) / self.weighted_base
        place = min(int((reached < share - EXACT).sum()), len(values) - 1)
        last = place + 1 >= len(values) or abs(reached[place] - share) > EXACT
        return float(values[place]) if last else float(values[place] + values[place + 1]) / 2

    def scaled(self, factor: float) -> "WeightedValues":
        """The same respondents, whose values are this many times as large."""
        return WeightedValues(self.values * factor, self.counts, self.weights, self.squares)


def together(groups: Sequence[WeightedValues]) -> dict[str, float]:
    """The columns of a row about several groups together that say how many they are, weighted."""
    total = sum(group.weighted_base for group in groups)
    squares = sum(float(group.squares.sum()) for group in groups)
    effective = total**2 / squares if squares > 0 else 0.0
    return {"weighted_n": total, "weighted_base": total, "effective_base": effective}


def ranked(groups: Sequence[WeightedValues]) -> list[WeightedValues]:
    """The same respondents with the ranks of their values among the weight of all groups, from 0 to 1.

    The rank of a value: the share of the weight below it and half of that which shares it.
    """
    import numpy as np

    values, places = np.unique(np.concatenate([group.values for group in groups]), return_inverse=True)
    weights = np.bincount(places.reshape(-1), weights=np.concatenate([group.weights for group in groups]))
    ranks = (np.cumsum(weights) - weights / 2) / weights.sum()
    return [
        WeightedValues(
            ranks[np.searchsorted(values, group.values)], group.counts, group.weights, group.squares
        )
        for group in groups
    ]


def rank_variances(ranks: Sequence[WeightedValues]) -> list[float]:
    """The variance of the mean rank of each group, from `ranked`: at least what it is where no group differs.

    That is the spread of all ranks over the effective base, which with equal weights gives the z of Mann and
    Whitney (without continuity correction) and the H of Kruskal and Wallis.
    """
    whole = sum(group.weighted_base for group in ranks)
    spread = (
        sum(float((group.weights * (group.values - 0.5) ** 2).sum()) for group in ranks) / whole
    )  # the mean rank of all is one half
    size = sum(group.effective_base for group in ranks)
    pooled = spread * size / (size - 1)
    return [max(group.variance, pooled / group.effective_base) for group in ranks]


def rank_difference(first: WeightedValues, second: WeightedValues) -> "Difference":
    """The mean rank of one group less that of another (Lumley & Scott), each from 0 to 1."""
    ranks = ranked([first, second])
    error = sqrt(sum(rank_variances(ranks)))
    return Difference(ranks[0].mean - ranks[1].mean, error, first.effective_base + second.effective_base - 2)


def rank_test(groups: Sequence[WeightedValues]) -> tuple[float, float]:
    """Whether the mean ranks of several groups differ: the statistic over groups - 1 is held against F.

    Its second degrees of freedom are the effective bases less the groups. Gives statistic and p.
    """
    import numpy as np
    from scipy.special import fdtrc

    ranks = ranked(groups)
    precision = 1 / np.array(rank_variances(ranks))
    means = np.array([group.mean for group in ranks])
    middle = (precision * means).sum() / precision.sum()
    statistic = float((precision * (means - middle) ** 2).sum())
    df = sum(group.effective_base for group in groups) - len(groups)
    return statistic, float(fdtrc(len(groups) - 1, df, statistic / (len(groups) - 1)))


@dataclass(frozen=True)
class Difference:
    """The mean of one group less that of another, which share nobody: its standard error and df (Welch's)."""

    value: float
    error: float
    df: float

    @classmethod
    def of(cls, first: WeightedValues, second: WeightedValues) -> "Difference":
        """Compare two groups of whom at least one varies."""
        one, other = first.variance, second.variance
        df = (one + other) ** 2 / (one**2 / first.df + other**2 / second.df)
        return cls(first.mean - second.mean, sqrt(one + other), df)

    @property
    def statistic(self) -> float:
        """The difference over its standard error; 0 where there is neither."""
        return self.value / self.error if self.error else 0.0

    @property
    def p_value(self) -> float:
        """Two-sided, from t."""
        from scipy.special import stdtr

        return float(2 * stdtr(self.df, -abs(self.statistic)))

    def interval(self, confidence: float) -> tuple[float, float]:
        """The limits of the difference."""
        from scipy.special import stdtrit

        half = float(stdtrit(self.df, (1 + confidence) / 2)) * self.error
        return self.value - half, self.value + half


def hedges_g(
    first: WeightedValues, second: WeightedValues, *, confidence: float = 0.95
) -> tuple[float, float, float]:
    """The difference of two means in standard deviations of both, corrected for few, and its limits.

    As without weights, with effective bases for the numbers of respondents.
    """
    from scipy.special import stdtrit

    one, other = first.effective_base, second.effective_base
    both = one + other
    pooled = (one * first.spread + other * second.spread) / (both - 2)
    value = (first.mean - second.mean) / sqrt(pooled) * (1 - 3 / (4 * both - 9))
    error = sqrt(both / (one * other) + value**2 / (2 * both))
    half = float(stdtrit(both - 2, (1 + confidence) / 2)) * error
    return value, value - half, value + half


def cliff_delta(
    first: WeightedValues, second: WeightedValues, *, confidence: float = 0.95
) -> tuple[float, float, float]:
    """P(first > second) - P(first < second) by weight, and its limits: Cliff's, at the effective bases.

    The limits are blank (nan) where an effective base is below 2.
    """
    import numpy as np
    from scipy.special import ndtri

    signs = np.sign(first.values[:, None] - second.values)
    shares = first.weights / first.weighted_base, second.weights / second.weighted_base
    of_first, of_second = signs @ shares[1], shares[0] @ signs
    delta = max(-1.0, min(1.0, float(shares[0] @ of_first)))
    n, m = first.effective_base, second.effective_base
    if min(n, m) < 2 - EXACT:
        return delta, nan, nan
    z = -float(ndtri((1 - confidence) / 2))
    if 1 - abs(delta) < EXACT:
        limit = (min(n, m) - z**2) / (min(n, m) + z**2)
        return (1.0, limit, 1.0) if delta > 0 else (-1.0, -1.0, -limit)
    rows, columns = (
        _mean_variance(group, dominance - delta)
        for group, dominance in ((first, of_first), (second, of_second))
    )
    cells = float(shares[0] @ (signs - delta) ** 2 @ shares[1])
    variance = rows * m / (m - 1) + columns * n / (n - 1) - cells / ((n - 1) * (m - 1))
    variance = max(variance, (1 - delta**2) / (n * m - 1))
    middle, root = delta - delta**3, z * sqrt(variance * ((1 - delta**2) ** 2 + z**2 * variance))
    whole = 1 - delta**2 + z**2 * variance
    return delta, max(-1.0, (middle - root) / whole), min(1.0, (middle + root) / whole)


def _mean_variance(group: WeightedValues, residuals: Any) -> float:
    """The variance of the mean of what respondents contribute, as `WeightedValues.variance`."""
    linear = group.base / (group.base - 1) * float((group.squares * residuals**2).sum())
    spread = float((group.weights * residuals**2).sum()) / group.weighted_base
    return max(linear / group.weighted_base**2, spread / group.df)


@dataclass(frozen=True)
class Between:
    """Several groups, which share nobody: effective bases, means, variances of means, sums of squares.

    `between`, `whole`: the weighted squares between the groups, and of all values.
    """

    sizes: "Values"
    means: "Values"
    variances: "Values"
    between: float
    whole: float

    @classmethod
    def of(cls, groups: Sequence[WeightedValues]) -> "Between":
        """Compare groups of whom each has an effective base of 2."""
        import numpy as np

        sizes, means, variances, weights, spreads = (
            np.array([getattr(group, name) for group in groups])
            for name in ("effective_base", "mean", "variance", "weighted_base", "spread")
        )
        middle = (weights * means).sum() / weights.sum()
        between = float((weights * (means - middle) ** 2).sum())
        return cls(sizes, means, variances, between, between + float((weights * spreads).sum()))
