"""Correlations of counted pairs of values, and their intervals: what several statistics share."""

from dataclasses import dataclass, replace
from math import atanh, sqrt, tanh
from sys import float_info
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Values = npt.NDArray[np.float64]

NAN = float("nan")
_SURE = 1 - 1e-12
_LEAST = float_info.min


@dataclass(frozen=True)
class CountedPairs:
    """Pairs of values that occur, and how many respondents have each: three arrays of one length.

    Where there are weights, `weights` and `squares` are the sums of them, and of their squares, of each pair.
    """

    first: "Values"
    second: "Values"
    counts: "Values"
    weights: "Values | None" = None
    squares: "Values | None" = None

    @classmethod
    def of_table(
        cls, table: Any, scores: Any, other_scores: Any, weights: Any = None, squares: Any = None
    ) -> "CountedPairs":
        """The cells of a joint table that are not empty, each with the score of its row and of its column."""
        import numpy as np

        rows, columns = np.nonzero(table)
        first, second = np.asarray(scores, float)[rows], np.asarray(other_scores, float)[columns]
        sums = [
            None if part is None else np.asarray(part, float)[rows, columns] for part in (weights, squares)
        ]
        return cls(first, second, np.asarray(table, float)[rows, columns], *sums)

    @property
    def base(self) -> int:
        """How many respondents."""
        return int(self.counts.sum())

    @property
    def _own(self) -> "Values":
        """What each pair counts: its weight, or its respondents."""
        return self.counts if self.weights is None else self.weights

    @property
    def effective_base(self) -> float:
        """Kish's effective base; the base where there are no weights."""
        if self.weights is None or self.squares is None:
            return float(self.counts.sum())
        squares = float(self.squares.sum())
        return float(self.weights.sum()) ** 2 / squares if squares > 0 else 0.0

    @property
    def columns(self) -> dict[str, float]:
        """The columns of a row that say how many these are by weight."""
        total = float(self._own.sum())
        return {"weighted_n": total, "weighted_base": total, "effective_base": self.effective_base}

    @property
    def varies(self) -> bool:
        """Whether both values vary among those who count."""
        sides = (side[self._own > 0] for side in (self.first, self.second))
        return all(len(side) and side.min() < side.max() for side in sides)

    def ranked(self) -> "CountedPairs":
        """The same with midranks instead of values."""
        return replace(self, first=midranks(self.first, self._own), second=midranks(self.second, self._own))

    def correlation(self) -> "Correlation":
        """Pearson's correlation and its variance by the delta method; both values must vary."""
        if self.weights is not None:
            return self._weighted()
        base = float(self.counts.sum())
        standard = []
        for side in (self.first, self.second):
            away = side - (side * self.counts).sum() / base
            away = away / abs(away).max()  # so that the squares of very small or large values stay numbers
            standard.append(away / sqrt((away**2 * self.counts).sum() / base))
        one, other = standard
        value = max(-1.0, min(1.0, float((one * other * self.counts).sum() / base)))
        parts = one * other - value / 2 * (one**2 + other**2)  # what each respondent adds
        return Correlation(value, int(base), float((parts**2 * self.counts).sum()) / base**2)

    def _weighted(self) -> "Correlation":
        """The same by weight: the linearised variance, and as many respondents as say as much.

        That is the effective base, or fewer where the weights go together with what the correlation is made
        of (the products of both values).
        """
        weights, squares = self.weights, self.squares
        assert weights is not None
        assert squares is not None
        total = float(weights.sum())
        standard = []
        for side in (self.first, self.second):
            away = side - (side * weights).sum() / total
            away = away / abs(away[weights > 0]).max()
            standard.append(away / sqrt((away**2 * weights).sum() / total))
        one, other = standard
        value = max(-1.0, min(1.0, float((one * other * weights).sum() / total)))
        parts = one * other - value / 2 * (one**2 + other**2)
        products = (one * other) ** 2
        alone = float((products * weights).sum()) * total / float((products * squares).sum())
        size = min(self.effective_base, alone)
        return Correlation(value, size, float((parts**2 * squares).sum()) / total**2)


@dataclass(frozen=True)
class Correlation:
    """A correlation, its base (of weighted pairs the effective one) and its variance by the delta method."""

    value: float
    base: float
    variance: float

    @property
    def p_value(self) -> float:
        """Two-sided, from t with base - 2 degrees of freedom; nan for fewer than three.

        A p-value too small for a number is given as the smallest there is, for it is not nothing.
        """
        from scipy.special import stdtr

        if self.base < 3:
            return NAN
        if abs(self.value) > _SURE:
            return 0.0
        t = abs(self.value) * sqrt((self.base - 2) / (1 - self.value**2))
        return max(_LEAST, float(2 * stdtr(self.base - 2, -t)))

    @property
    def p_of_z(self) -> float:
        """Two-sided, from the interval: on Fisher's z scale."""
        from scipy.special import ndtr

        error = self._error(1.0)
        return max(_LEAST, float(2 * ndtr(-abs(atanh(self.value)) / error))) if error == error else NAN

    def interval(self, *, confidence: float = 0.95, ranks: bool = False) -> tuple[float, float]:
        """Give the limits; nan for three respondents or fewer, and where the correlation is 1 or -1.

        Fisher's z, with the larger of two variances: 1 / (n - 3), or of `ranks` Bonett and Wright's
        (1 + r^2 / 2) / (n - 3); and that of the delta method, which needs no normal distribution.

        References
        ----------
        Fisher, R. A. (1921), Metron 1, 3-32. Bishop, Y., Fienberg, S. & Holland, P. (1975), Discrete
        Multivariate Analysis, 14.6 (delta method). Bonett, D. G. & Wright, T. A. (2000), Psychometrika 65,
        23-28.
        """
        from scipy.special import ndtri

        error = self._error(1 + self.value**2 / 2 if ranks else 1.0)
        if error != error:
            return NAN, NAN
        half = float(ndtri((1 + confidence) / 2)) * error
        return tanh(atanh(self.value) - half), tanh(atanh(self.value) + half)

    def _error(self, least: float) -> float:
        """The standard error on the z scale, squared at least `least` / (n - 3); nan where there is none."""
        if self.base <= 3 or abs(self.value) > _SURE or self.variance != self.variance:
            return NAN
        return sqrt(max(least / (self.base - 3), self.variance / (1 - self.value**2) ** 2))


def midranks(values: Any, counts: Any) -> Any:
    """The midrank of each value among all respondents, equal values together."""
    import numpy as np

    _, places = np.unique(values, return_inverse=True)
    sizes = np.bincount(places, weights=counts)
    return (np.cumsum(sizes) - (sizes - 1) / 2)[places]
