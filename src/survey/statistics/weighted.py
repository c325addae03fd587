"""Weights: the effective base, linearised variances, intervals and tests of weighted shares.

Everything here is made of three sums over respondents: how many they are, their weights, and their squared
weights. So a tally gives the same numbers as the responses.

References
----------
Kish, L. (1965), Survey Sampling, 11.7 (effective size). Rao, J. N. K. & Scott, A. J. (1984), Annals of
Statistics 12, 46-60. Korn, E. L. & Graubard, B. I. (1998), Survey Methodology 24, 193-201. Zou, G. Y. &
Donner, A. (2008), Statistics in Medicine 27, 1693-1702.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

from survey.counts.definition import MEASURES
from survey.counts.row_counts import Counts
from survey.instrument import Question
from survey.instrument.derived import CROSSED
from survey.messages import message
from survey.statistics.intervals import share_interval
from survey.tables import WEIGHTED_COLUMNS, remarks

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class ShareSums:
    """Shares of several cells, in arrays of one shape: their counts, and what the weights make of them.

    `n`, `base`: how many say yes, of how many. `yes`, `no`: the sums of the weights of those who do, and of
    the others; `yes_squares`, `no_squares`: of their squared weights. Without weights these are the counts,
    and every number is made from counts alone.
    """

    weighted: bool
    n: Any
    base: Any
    yes: Any
    no: Any
    yes_squares: Any
    no_squares: Any

    @classmethod
    def of(cls, counts: Counts, sums: Callable[[str], tuple[Any, Any]]) -> "ShareSums":
        """Take them from what gives the sums of yes and of no for a measure."""
        import numpy as np

        yes, no = (np.asarray(side) for side in sums("n"))
        if not counts.weighted:
            return cls(False, yes, yes + no, yes, no, yes, no)
        measured = [np.asarray(side, float) for measure in ("w", "w2") for side in sums(measure)]
        # Where nobody says it there is no weight either, whatever floating point leaves of a difference.
        kept = [
            np.where(count > 0, np.maximum(own, 0.0), 0.0)
            for own, count in zip(measured, (yes, no) * 2, strict=True)
        ]
        return cls(True, yes, yes + no, *kept)

    def __getitem__(self, place: Any) -> "ShareSums":
        """Those of one cell, or of some."""
        return self._with(lambda part: part[place])

    def flat(self) -> "ShareSums":
        """The same cells in one row."""
        return self._with(lambda part: part.reshape(-1))

    def total(self) -> "ShareSums":
        """All cells together, as they hold different respondents."""
        return self._with(lambda part: part.sum())

    def __add__(self, other: "ShareSums") -> "ShareSums":
        """The respondents of both together; nobody is in both."""
        return ShareSums(self.weighted, *(a + b for a, b in zip(self._parts, other._parts, strict=True)))

    @property
    def _parts(self) -> tuple[Any, ...]:
        return self.n, self.base, self.yes, self.no, self.yes_squares, self.no_squares

    def _with(self, change: Callable[[Any], Any]) -> "ShareSums":
        return ShareSums(self.weighted, *map(change, self._parts))

    def __iter__(self) -> "Iterator[ShareSums]":
        """Those of one cell after the other."""
        return (self[place] for place in range(len(self.n)))

    @property
    def weighted_base(self) -> Any:
        """The sum of the weights of the base."""
        return self.yes + self.no

    @property
    def effective_base(self) -> Any:
        """Kish's effective base; the base where there are no weights."""
        if not self.weighted:
            return self.base
        return effective_base(self.weighted_base, self.yes_squares + self.no_squares)

    @property
    def proportion(self) -> Any:
        """The share; nan where the base is 0, or without weight."""
        import numpy as np

        base = self.weighted_base
        return np.where(base > 0, self.yes / np.where(base > 0, base, 1), np.nan)[()]

    @property
    def variance(self) -> Any:
        """The linearised variance of the share."""
        return share_variance(self.base, self.yes, self.no, self.yes_squares, self.no_squares)

    def columns(self, side: str = "") -> dict[str, Any]:
        """The columns of weights of a contract, of one side of a comparison."""
        import numpy as np

        values = (self.yes, self.weighted_base, self.effective_base)
        return {
            side + name: np.asarray(value, float)[()]
            for name, value in zip(WEIGHTED_COLUMNS, values, strict=True)
        }

    def limits(self, interval: str = "wilson", confidence: float = 0.95, **population: Any) -> Any:
        """The limits of the shares: at the effective base, or those of the linearised variance."""
        if not self.weighted:
            return share_interval(self.n, self.base, interval=interval, confidence=confidence, **population)
        size = self.effective_base
        return share_interval(
            *(self.proportion * size, size),
            interval=interval,
            confidence=confidence,
            variance=self.variance,
            respondents=self.base,
        )


def is_target(counts: Counts, question: Question) -> list[bool]:
    """Of each part of a question whether its share was set by the weights, and is no estimate."""
    weighting = counts.provenance.weighting
    if weighting is None or not counts.weighted:
        return [False] * len(question.parts)
    names = {name for target in weighting.targets for name in (target, *target.split(CROSSED))}
    columns = [f"{question.id}__{part.id}" in names for part in question.parts]
    if question.id not in names:
        return columns
    # Of a select-all question the options that a target names are set, the others are not.
    codes = {share.code for share in weighting.shares if share.question == question.id}
    every = question.kind != "multiple" or not codes
    return [every or part.id in codes for part in question.parts]


def target_remark(question: Question, lang: str, *, in_groups: bool = False) -> tuple[str, str]:
    """What `reason` and `note` say of a share that was set by the weights, or of groups by such a share."""
    key = "note_target_groups" if in_groups else "note_target"
    return "target", message(key, lang, question=question.named(lang))


def no_weight(lang: str) -> tuple[str, str]:
    """What `reason` and `note` say where respondents answered, and none has a weight above zero."""
    return "no_weight", message("note_no_weight", lang)


def weighs_nothing(sums: ShareSums) -> Any:
    """Whether a base has respondents, and none has a weight above zero."""
    return (sums.base > 0) & (sums.weighted_base <= 0)


def effective_base(weights: Any, squares: Any) -> Any:
    """Kish's effective base from the sums of weights and of squared weights; 0 where there is no weight.

    >>> float(effective_base(4.0, 4.0)), float(effective_base(4.0, 8.0))
    (4.0, 2.0)
    """
    import numpy as np

    sums, of_squares = np.asarray(weights, float), np.asarray(squares, float)
    return np.where(of_squares > 0, sums**2 / np.where(of_squares > 0, of_squares, 1.0), 0.0)[()]


def share_variance(base: Any, yes: Any, no: Any, yes_squares: Any, no_squares: Any) -> Any:
    """The linearised variance of a weighted share; nan where it has no base of two or no weight.

    n/(n - 1) times the sum of (w (y - p) / sum w)^2 over the `base` respondents, from the sums of weights and
    of squared weights of those who say yes, and no.
    """
    import numpy as np

    bases, total = np.asarray(base, float), np.asarray(yes, float) + np.asarray(no, float)
    usable = (bases > 1) & (total > 0)
    safe, own = np.where(usable, bases, 2.0), np.where(usable, total, 1.0)
    share = np.asarray(yes, float) / own
    spread = (1 - share) ** 2 * np.asarray(yes_squares, float) + share**2 * np.asarray(no_squares, float)
    return np.where(usable, safe / (safe - 1) * spread / own**2, np.nan)[()]


def difference_limits(
    share: float,
    effective: float,
    other_share: float,
    other_effective: float,
    *,
    correlation: float = 0.0,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """The limits of the difference of two weighted shares; nan where one of them has no weight.

    The Wilson limits of both at their effective bases, combined as Newcombe does; where the two share
    respondents, with the `correlation` of their linearised estimates.

    >>> low, high = difference_limits(0.5, 40, 0.25, 60)
    >>> round(low, 4), round(high, 4)
    (0.058, 0.4244)
    """
    if not (effective > 0 and other_effective > 0):
        return float("nan"), float("nan")
    (low, high), (other_low, other_high) = (
        share_interval(own * size, size, confidence=confidence)
        for own, size in ((share, effective), (other_share, other_effective))
    )
    bounded = max(-1.0, min(1.0, correlation))
    below, above = share - low, high - share
    other_below, other_above = other_share - other_low, other_high - other_share
    down = sqrt(max(0.0, below**2 - 2 * bounded * below * other_above + other_above**2))
    up = sqrt(max(0.0, above**2 - 2 * bounded * above * other_below + other_below**2))
    difference = share - other_share
    return max(-1.0, difference - down), min(1.0, difference + up)


@dataclass(frozen=True, eq=False)
class PairedSums:
    """Two shares of the same respondents, in arrays: `base` counts them; weights and squared weights by cell.

    The cells stand first: yes to both, to the first alone, to the second alone, to neither.
    """

    base: Any
    weights: Any
    squares: Any

    def __getitem__(self, place: Any) -> "PairedSums":
        """Those of one pair."""
        own = (slice(None), *place)
        return PairedSums(self.base[place], self.weights[own], self.squares[own])

    @property
    def total(self) -> Any:
        """The sum of the weights; 1 where there is none, for nothing is divided by it then."""
        import numpy as np

        total = self.weights.sum(axis=0)
        return np.where(total > 0, total, 1.0)[()]

    @property
    def effective_base(self) -> Any:
        """Kish's effective base."""
        return effective_base(self.weights.sum(axis=0), self.squares.sum(axis=0))

    @property
    def shares(self) -> tuple[Any, Any]:
        """Both shares."""
        both, first, second, _ = self.weights
        return (both + first) / self.total, (both + second) / self.total

    @property
    def difference(self) -> Any:
        """The first share less the second."""
        return (self.weights[1] - self.weights[2]) / self.total

    @property
    def variance(self) -> Any:
        """The linearised variance of the difference: n/(n - 1) times the sum of (w (y1 - y2 - d) / sum w)^2.

        Where everybody answers the two differently, and alike, there is none: then it is that around 0.
        """
        import numpy as np

        _, first, second, _ = self.squares
        gap, apart = self.difference, first + second
        rest = self.squares.sum(axis=0) - apart
        own = first * (1 - gap) ** 2 + second * (1 + gap) ** 2 + np.maximum(rest, 0.0) * gap**2
        bases = np.maximum(self.base, 2)
        return bases / (bases - 1) * np.where(own > _NO_SPREAD * apart, own, apart) / self.total**2

    @property
    def correlation(self) -> Any:
        """The correlation of the linearised shares; 0 where one of them does not vary."""
        import numpy as np

        one, other = self.shares
        signs = ((1 - one) * (1 - other), -(1 - one) * other, -one * (1 - other), one * other)
        shared = sum(square * sign for square, sign in zip(self.squares, signs, strict=True))
        both, first, second, neither = self.squares
        spread = (both + first) * (1 - one) ** 2 + (second + neither) * one**2
        spread = spread * ((both + second) * (1 - other) ** 2 + (first + neither) * other**2)
        return np.where(spread > 0, shared / np.sqrt(np.where(spread > 0, spread, 1.0)), 0.0)[()]

    @property
    def t(self) -> Any:
        """The difference over its standard error; 0 where nobody differs."""
        import numpy as np

        variance = self.variance
        return np.where(variance > 0, self.difference / np.sqrt(np.where(variance > 0, variance, 1.0)), 0.0)


# Of the squared weights of those who differ: what is less is nothing but rounding.
_NO_SPREAD = 1e-12


def paired_sums(tables: Callable[[str], Any]) -> PairedSums:
    """The sums of pairs, from what gives their 2 x 2 tables (`PairTables`) for a measure."""
    import numpy as np

    n, weights, squares = (
        np.array([own.yes_yes, own.yes_no, own.no_yes, own.no_no]) for own in map(tables, MEASURES)
    )
    kept = n > 0
    return PairedSums(n.sum(axis=0), np.where(kept, weights, 0.0), np.where(kept, squares, 0.0))


def f_p_value(statistic: float, base: int) -> float:
    """The p-value of a statistic on F(1, base - 1); nan for fewer than two respondents.

    >>> round(f_p_value(3.84, 1000), 3)
    0.05
    """
    from scipy.special import fdtrc

    return float(fdtrc(1, base - 1, statistic)) if base > 1 else float("nan")


def rao_scott_f(weights: Any, squares: Any, base: int) -> float:
    """The second-order Rao-Scott statistic of a 2 x 2 table of weights, to be held against F(1, base - 1).

    `weights`, `squares`: the sums of weights and of squared weights of its four cells, row by row. Pearson's
    chi-square of the weighted table, with as many respondents as it has, over its design effect, as R's
    svychisq has it (cells without weight take no part in the design effect). nan where a margin is 0.
    """
    import numpy as np

    sums, of_squares = np.asarray(weights, float), np.asarray(squares, float)
    shares = sums / sums.sum()
    rows, columns = shares.reshape(2, 2).sum(axis=1), shares.reshape(2, 2).sum(axis=0)
    if base < 2 or not (rows.all() and columns.all()):
        return float("nan")
    chi_square = base * (shares[0] * shares[3] - shares[1] * shares[2]) ** 2 / (rows.prod() * columns.prod())
    held = shares > 0
    contrast = np.where(held, np.array([1.0, -1.0, -1.0, 1.0]) / np.where(held, shares, 1.0), 0.0)
    linear = contrast - (contrast * shares).sum()
    variance = base / (base - 1) * (of_squares * linear**2).sum() / sums.sum() ** 2
    effect = variance / ((contrast**2 * shares).sum() / base)
    return float(chi_square / effect) if effect > 0 else float("nan")


def say_unweighted(frame: "pd.DataFrame", counts: Counts, lang: str = "en") -> "pd.DataFrame":
    """Say in every row of a result that it does not use the weights that the data carry; else leave it."""
    if not counts.weighted:
        return frame
    note = ("unweighted", message("note_unweighted", lang))
    texts = [
        remarks((str(reason), str(own)), note, lang=lang)
        for reason, own in zip(frame["reason"], frame["note"], strict=True)
    ]
    return frame.assign(**{name: [text[name] for text in texts] for name in ("reason", "note")})
