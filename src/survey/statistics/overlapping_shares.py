"""Two shares of groups that may have respondents in common: the one variance of their difference, and its z.

Cross-tabs compare columns by it, waves the years, and the audit of published figures bounds it over every
joint table. Who is in two columns has given one answer; who is in two waves has given two, which may differ.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import erfc, sqrt


@dataclass(frozen=True)
class SharedGroups:
    """Two groups: counts of yes and bases; `both` respondents are in both groups, `both_yes` of them say yes.

    `changed`: of those in both, how many say yes in the first alone and in the second alone, where they were
    asked twice (waves); None where one answer counts in both groups (columns of a table). All are whole
    numbers, so that variances are exact.
    """

    n: int
    base: int
    other_n: int
    other_base: int
    both: int = 0
    both_yes: int = 0
    changed: tuple[int, int] | None = None

    @property
    def difference(self) -> Fraction:
        """The share of the first less that of the second."""
        return Fraction(self.n, self.base) - Fraction(self.other_n, self.other_base)

    @property
    def pooled(self) -> Fraction:
        """The common share that the test supposes, whoever is in both groups counted twice."""
        return Fraction(self.n + self.other_n, self.base + self.other_base)

    @property
    def covariance(self) -> Fraction:
        """What those in both groups have in common: the sum of (y - p1)(y' - p2), over both bases."""
        share, other_share = Fraction(self.n, self.base), Fraction(self.other_n, self.other_base)
        first_alone, second_alone = self.changed or (0, 0)
        neither = self.both - self.both_yes - first_alone - second_alone
        crossed = self.both_yes * (1 - share) * (1 - other_share) + neither * share * other_share
        crossed -= first_alone * (1 - share) * other_share + second_alone * share * (1 - other_share)
        return crossed / (self.base * self.other_base)

    @property
    def correlation(self) -> float:
        """The correlation of the two shares; 0 where one of them cannot vary."""
        spread = self.n * (self.base - self.n) * self.other_n * (self.other_base - self.other_n)
        spread_of_both = Fraction(spread, self.base**3 * self.other_base**3)
        return float(self.covariance) / sqrt(spread_of_both) if spread else 0.0

    @property
    def homogeneous(self) -> Fraction:
        """The variance if every respondent says yes with the same probability.

        One answer that counts in both groups is as like itself as can be; of two answers it is seen.
        """
        weight, alike = Fraction(1, self.base) + Fraction(1, self.other_base), self.pooled * (1 - self.pooled)
        if self.changed is not None:
            return alike * weight - 2 * self.covariance
        return alike * (weight - Fraction(2 * self.both, self.base * self.other_base))

    @property
    def own(self) -> Fraction:
        """The variance from what each respondent contributes (a cluster of one).

        Around the common share; of those who were asked twice around the share of each wave, as a regression
        with respondents as clusters has it.
        """
        one, other = Fraction(1, self.base**2), Fraction(1, self.other_base**2)
        if self.changed is not None:
            share, other_share = Fraction(self.n, self.base), Fraction(self.other_n, self.other_base)
            spread = share * (1 - share) / self.base + other_share * (1 - other_share) / self.other_base
            clusters = self.base + self.other_base - self.both
            spread -= 2 * self.covariance
            return spread * Fraction(clusters, clusters - 1) if clusters > 1 else Fraction(0)
        p, shared = self.pooled, Fraction(2, self.base * self.other_base)
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
