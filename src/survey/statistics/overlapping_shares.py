"""Two shares of groups that may have respondents in common: the one variance of their difference, and its z.

Cross-tabs compare columns by it, and the audit of published figures bounds it over every joint table.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import erfc, sqrt


@dataclass(frozen=True)
class SharedGroups:
    """Two groups: counts of yes and bases; `both` respondents are in both groups, `both_yes` of them say yes.

    All are whole numbers, so that variances are exact.
    """

    n: int
    base: int
    other_n: int
    other_base: int
    both: int = 0
    both_yes: int = 0

    @property
    def difference(self) -> Fraction:
        """The share of the first less that of the second."""
        return Fraction(self.n, self.base) - Fraction(self.other_n, self.other_base)

    @property
    def pooled(self) -> Fraction:
        """The common share that the test supposes, whoever is in both groups counted twice."""
        return Fraction(self.n + self.other_n, self.base + self.other_base)

    @property
    def homogeneous(self) -> Fraction:
        """The variance if every respondent says yes with the same probability."""
        weight = Fraction(1, self.base) + Fraction(1, self.other_base)
        weight -= Fraction(2 * self.both, self.base * self.other_base)
        return self.pooled * (1 - self.pooled) * weight

    @property
    def own(self) -> Fraction:
        """The variance from what each respondent contributes around the common share (a cluster of one)."""
        one, other, p = Fraction(1, self.base**2), Fraction(1, self.other_base**2), self.pooled
        shared = Fraction(2, self.base * self.other_base)
        yes = self.n * one + self.other_n * other - self.both_yes * shared
        no = (self.base - self.n) * one + (self.other_base - self.other_n) * other
        no -= (self.both - self.both_yes) * shared
        return (1 - p) ** 2 * yes + p**2 * no

    @property
    def variance(self) -> Fraction:
        """The larger of the two, since either alone is too small at times.

        References
        ----------
        Kish, L. (1965), Survey Sampling, 12.4 (shares of groups that overlap). Liang, K.-Y. & Zeger, S. L.
        (1986), Biometrika 73, 13-22 (contributions of clusters, here under the null hypothesis).
        """
        return max(self.homogeneous, self.own)


def z_p(difference: Fraction, variance: Fraction | float) -> float:
    """Give the two-sided normal p-value; 1 where there is no difference, or nothing that could vary."""
    if difference == 0 or variance <= 0:
        return 1.0
    return erfc(abs(float(difference)) / sqrt(float(variance)) / sqrt(2))
