"""Tables of weights: Pearson's chi-square, and its second-order correction by Rao and Scott, as R's svychisq.

Only sums of weights and of squared weights of the cells are needed.

References
----------
Rao, J. N. K. & Scott, A. J. (1984), Annals of Statistics 12, 46-60. Thomas, D. R. & Rao, J. N. K. (1987),
Journal of the American Statistical Association 82, 630-636 (the F distribution).
"""

from dataclasses import dataclass
from math import exp, inf, log, nan, sqrt
from typing import Any

from survey.messages import message

_NOTHING = 1e-12


@dataclass(frozen=True)
class RaoScott:
    """The test of a table: `statistic` is held against F(`df`, `df` * (base - 1)); nan where it has none.

    `chi_square`: Pearson's of the weighted table, with as many respondents as it has. `effect`: how much
    larger than with equal weights it is on average where nothing goes together.
    """

    chi_square: float
    statistic: float
    df: float
    base: int
    effect: float

    @property
    def p_value(self) -> float:
        """The p-value of F."""
        from scipy.special import fdtrc

        if self.statistic != self.statistic or self.base < 2:
            return nan
        return float(fdtrc(self.df, self.other_df, self.statistic))

    @property
    def columns(self) -> dict[str, object]:
        """The columns of a row of tests."""
        return {"statistic": self.statistic, "df": self.df, "p_value": self.p_value}

    @property
    def other_df(self) -> float:
        """The second degrees of freedom of F."""
        return self.df * (self.base - 1)

    def remark(self, lang: str) -> tuple[str, str]:
        """What `reason` and `note` say of it."""
        if self.statistic != self.statistic:
            return "too_few_answers untested", message("association_no_covariance", lang)
        degrees = {"df": f"{self.df:.3g}", "other_df": f"{self.other_df:.3g}"}
        return "rao_scott", message("note_rao_scott", lang, **degrees)


def rao_scott(weights: Any, squares: Any, base: int) -> RaoScott:
    """Test a table of weights, rows x columns, none of them without any weight.

    >>> import numpy as np
    >>> counts = np.array([[20.0, 10.0], [10.0, 20.0]])
    >>> round(rao_scott(counts, counts, 60).chi_square, 3)
    6.667
    """
    import numpy as np

    sums, of_squares = np.asarray(weights, float), np.asarray(squares, float)
    total = float(sums.sum())
    shares = sums / total
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    chi_square = base * float(((shares - expected) ** 2 / expected).sum())
    contrasts = _interactions(*shares.shape)
    cells, own = shares.ravel(), of_squares.ravel() / total**2
    inverse = np.where(cells > 0, 1 / np.where(cells > 0, cells, 1.0), 0.0)
    # The covariance of the shares, linearised: what respondents of a cell add to each share.
    linear = np.eye(len(cells)) - cells[:, None]
    covariance = (linear * own) @ linear.T * (base / (base - 1))
    scaled = contrasts * inverse[:, None]
    plain = contrasts.T @ (contrasts * inverse[:, None]) / base
    if np.linalg.matrix_rank(plain) < len(plain):  # too many empty cells
        return RaoScott(chi_square, nan, nan, base, nan)
    effects = np.linalg.solve(plain, scaled.T @ covariance @ scaled)
    trace = float(np.trace(effects))
    if not trace > _NOTHING:
        return RaoScott(chi_square, nan, nan, base, nan)
    df = trace**2 / float((effects @ effects).trace())
    return RaoScott(chi_square, chi_square / trace, df, base, trace / len(effects))


def _interactions(rows: int, columns: int) -> Any:
    """Cells x interactions: what remains of the products of contrasts of rows and columns."""
    import numpy as np

    one, other = (np.eye(size)[:, 1:] - 1 / size for size in (rows, columns))
    return np.kron(one, other)


def odds_ratio(weights: Any, squares: Any, base: int, *, confidence: float = 0.95) -> tuple[float, ...]:
    """The odds ratio of a 2 x 2 table of weights and its limits: linearised, on the log scale.

    Without limits (nan) where a cell has no weight.
    """
    import numpy as np
    from scipy.special import ndtri

    (a, b), (c, d) = np.asarray(weights, float).tolist()
    if not (a and b and c and d):
        ratio = nan if a * d == b * c == 0 else inf if b * c == 0 else 0.0
        return ratio, nan, nan
    ratio = a * d / (b * c)
    error = sqrt(base / (base - 1) * float((np.asarray(squares) / np.asarray(weights) ** 2).sum()))
    half = float(ndtri((1 + confidence) / 2)) * error
    return ratio, exp(log(ratio) - half), exp(log(ratio) + half)
