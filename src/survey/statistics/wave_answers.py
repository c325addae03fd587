"""One answer in two waves, in numbers: bases, weighted sums, and what those in both contribute."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey.statistics.wave_pairs import WavePair

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Values = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class WaveAnswers:
    """One answer in two waves, in numbers (nan: none given): 1 and 0, or the points of a rating.

    `rows` and `other_rows` are those of the respondents in both waves who answered both times.
    """

    current: "Values"
    then: "Values"
    weights: "Values"
    other_weights: "Values"
    rows: "Rows"
    other_rows: "Rows"
    weighted: bool

    @classmethod
    def of(cls, pair: WavePair, now: "Values", then: "Values") -> "WaveAnswers":
        """Take the answers of a column of both waves."""
        import numpy as np

        known = ~np.isnan(now[pair.rows]) & ~np.isnan(then[pair.other_rows])
        weights, other_weights = (counts.weights for counts in pair.counts)
        rows, other_rows = pair.rows[known], pair.other_rows[known]
        return cls(now, then, weights, other_weights, rows, other_rows, pair.weighted)

    @property
    def both(self) -> int:
        """How many answered both times."""
        return len(self.rows)

    @property
    def bases(self) -> tuple[int, int]:
        """How many answered, later and earlier."""
        import numpy as np

        return int((~np.isnan(self.current)).sum()), int((~np.isnan(self.then)).sum())

    @property
    def clusters(self) -> int:
        """How many respondents there are in all, those in both counted once."""
        return sum(self.bases) - self.both

    def sums(self) -> "tuple[tuple[float, float, float], tuple[float, float, float]]":
        """Of either wave the sums of w y, w and w squared over those who answered."""
        import numpy as np

        sides = []
        for values, weights in ((self.current, self.weights), (self.then, self.other_weights)):
            known = ~np.isnan(values)
            own = weights[known]
            sides.append((float((own * values[known]).sum()), float(own.sum()), float((own**2).sum())))
        return sides[0], sides[1]

    def linearised(self) -> tuple[float, float, float]:
        """The sums of squared contributions to the later and earlier mean, and of products in both."""
        import numpy as np

        contributions = []
        for values, weights, (total, size, _) in zip(
            (self.current, self.then), (self.weights, self.other_weights), self.sums(), strict=True
        ):
            own = weights * (values - total / size) / size if size else np.zeros(len(values))
            contributions.append(np.nan_to_num(own))
        now, then = contributions
        crossed = float((now[self.rows] * then[self.other_rows]).sum())
        return float((now**2).sum()), float((then**2).sum()), crossed
