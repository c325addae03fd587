"""Two single-choice questions: one table of respondents, its chi-square, Cramer's V, and a linear trend."""

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any

from survey.counts.row_counts import Counts
from survey.instrument import Question
from survey.messages import message
from survey.rounding import printed_range
from survey.statistics.banner_groups import measures_of
from survey.statistics.coefficients import CountedPairs
from survey.statistics.rao_scott import rao_scott
from survey.tables import has_reason, remarks

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

SINGLE_METHODS = ("chi_square", "permutation_chi_square", "linear_trend")
LEAST_EXPECTED = 5  # below it the permutation is reported, as Cochran's rule has it
_TIE = 1e-9

Remark = tuple[str, str]


@dataclass(frozen=True)
class Contingency:
    """The joint table of two single questions: the options that anybody chose who answered both.

    `places`: where these options stand among all of each question; `left_out`: the others, in words.
    `weights`, `squares`: the sums of weights and of squared weights of the cells, where there are weights; an
    option must have some weight then.
    """

    first: Question
    second: Question
    table: "npt.NDArray[np.int64]"
    places: tuple[list[int], list[int]]
    base: int
    left_out: tuple[Remark, ...] = ()
    weights: "npt.NDArray[np.float64] | None" = None
    squares: "npt.NDArray[np.float64] | None" = None

    @classmethod
    def of(cls, counts: Counts, first: Question, second: Question, lang: str) -> "Contingency":
        """Count them; an option that nobody chose takes no part."""
        joint, *weighted = (counts.joint(first, second, measure) for measure in measures_of(counts))
        held = weighted[0] if weighted else joint
        places = (held.sum(axis=1).nonzero()[0].tolist(), held.sum(axis=0).nonzero()[0].tolist())
        left_out = []
        for question, kept in zip((first, second), places, strict=True):
            names = [option.said(lang) for at, option in enumerate(question.options) if at not in kept]
            if names and int(joint.sum()):
                values: dict[str, Any] = {"question": question.named(lang), "options": names}
                left_out.append(("left_out", message("association_left_out", lang, **values)))
        table, *sums = (part[places[0]][:, places[1]] for part in (joint, *weighted))
        return cls(first, second, table, places, int(joint.sum()), tuple(left_out), *sums)

    @property
    def effective_base(self) -> float:
        """Kish's effective base; the base where there are no weights."""
        if self.weights is None or self.squares is None:
            return float(self.base)
        return float(self.weights.sum() ** 2 / self.squares.sum()) if self.squares.any() else 0.0

    @property
    def columns(self) -> dict[str, float]:
        """The columns of a row that say how many these are by weight."""
        if self.weights is None:
            return {}
        total = float(self.weights.sum())
        return {"weighted_n": total, "weighted_base": total, "effective_base": self.effective_base}

    @property
    def least_expected(self) -> float:
        """The smallest count that any cell is expected to have under independence, of the effective base."""
        cells = self.table if self.weights is None else self.weights
        share = float(cells.sum(axis=1).min() * cells.sum(axis=0).min() / cells.sum() ** 2)
        return share * self.effective_base

    @property
    def sparse(self) -> bool:
        """Whether some cell is expected to hold too few for the chi-square distribution."""
        return min(self.table.shape) > 1 and self.least_expected < LEAST_EXPECTED

    @property
    def reported(self) -> str:
        """The test that a sentence rests on."""
        return SINGLE_METHODS[1 if self.sparse and self.weights is None else 0]

    def tests(
        self, wanted: tuple[str, ...], *, draws: int, seed: int, confidence: float, lang: str
    ) -> list[dict[str, object]]:
        """One row per test that is wanted, under the contract association_test."""
        import numpy as np

        if min(self.table.shape, default=0) < 2:
            code = "no_variation" if self.base else "no_answer"
            key = "contingency_constant" if self.base else "association_no_base"
            reason = (f"{code} untested", message(key, lang))
            blank = {"effect_name": "", "base": self.base, **self.columns}
            blank |= remarks(reason, *self.left_out, lang=lang)
            return [{"method": name, **blank} for name in wanted]
        random = np.random.default_rng(seed)
        trend = "linear_trend" in wanted and self.sparse and self.weights is None
        needed = "permutation_chi_square" in wanted or trend
        permuted = permuted_tables(self.table, draws, random) if needed else None
        rows = []
        for name in wanted:
            by_weight = self.weights is not None and name in _BY_WEIGHT
            row, own = (_BY_WEIGHT if by_weight else _TESTS)[name](self, permuted, confidence, lang)
            blank = {"method": name, "effect_name": "", "base": self.base}
            if by_weight:
                blank |= self.columns
            elif self.weights is not None:
                own = [*own, ("unweighted", message("note_unweighted", lang))]
            rows.append({**blank, **row, **remarks(*own, *self.left_out, lang=lang)})
        return rows

    def scores(self) -> tuple[Any, Any] | None:
        """Scores 1, 2, ... of the options of both questions, where a trend can be asked for.

        Each must be ordered, or have two options that anybody chose.
        """
        import numpy as np

        sides = zip((self.first, self.second), self.places, strict=True)
        if not all(question.has_steps or len(kept) == 2 for question, kept in sides):
            return None
        return tuple(np.array(kept, float) + 1 for kept in self.places)  # type: ignore[return-value]


def single_sentence(tests: "pd.DataFrame", reported: str, confidence: float, lang: str, **names: str) -> str:
    """One sentence: whether two single questions go together, how closely, by which test."""
    by_method = tests.set_index("method")
    line = by_method.loc[reported]
    p_value = float(line["p_value"])
    verdict = "shown" if p_value < 1 - confidence else "not_shown"
    method = "contingency_chi_square" if reported == SINGLE_METHODS[0] else "contingency_permuted"
    values = {"statistic": f"{line['statistic']:.1f}", "base": int(line["base"])}
    if has_reason(line["reason"], "rao_scott"):
        method = "contingency_rao_scott"
        values = {**values, "statistic": f"{line['statistic']:.2f}"}
        values |= {"effective": f"{line['effective_base']:.1f}"}
    elif reported == SINGLE_METHODS[0]:
        values |= {"df": f"{line['df']:.0f}"}
    else:
        values |= {"draws": int(line["draws"])}
    return message(
        f"contingency_{verdict}",
        lang,
        **names,
        test=message(method, lang, **values),
        effect=f"{line['effect']:.2f}",
        limits=printed_range(f"{line['ci_low']:.2f}", f"{line['ci_high']:.2f}"),
        p=f"= {p_value:.4f}" if p_value >= 0.0001 else "< 0.0001",
    )


def permuted_tables(table: Any, draws: int, random: Any) -> Any:
    """Tables that permuting respondents gives, draws x rows x columns: the margins stay as they are.

    Cell by cell from the hypergeometric distribution, all draws at once.
    """
    import numpy as np

    rows, columns = table.sum(axis=1), table.sum(axis=0)
    permuted = np.zeros((draws, *table.shape), np.int64)
    left = np.repeat(columns[None], draws, axis=0)  # of each column, not dealt yet
    for row, size in enumerate(rows[:-1]):
        wanted = np.full(draws, size)
        for column in range(len(columns) - 1):
            drawn = random.hypergeometric(left[:, column], left[:, column + 1 :].sum(axis=1), wanted)
            permuted[:, row, column] = drawn
            wanted = wanted - drawn
        permuted[:, row, -1] = wanted
        left -= permuted[:, row]
    permuted[:, -1] = left
    return permuted


def chi_squares(tables: Any) -> Any:
    """Pearson's chi-square of each of some tables with the same margins, without empty rows and columns."""
    first = tables[0]
    base = first.sum()
    expected = first.sum(axis=1)[:, None] * (first.sum(axis=0) / base)
    return ((tables - expected) ** 2 / expected).sum(axis=(1, 2))


def cramers_v(
    chi_square: float, shape: tuple[int, int], base: float, *, confidence: float = 0.95
) -> tuple[float, float, float]:
    """Give Cramer's V of a table without empty rows and columns, and its limits.

    The limits are the noncentralities of the chi-square distribution under which a chi-square this large,
    or this small, is not too rare, as V; where V itself, which is too large on average, lies above them,
    it is the upper limit.

    References
    ----------
    Cramer, H. (1946). Smithson, M. (2003), Confidence Intervals, chapter 4. Steiger, J. H. (2004),
    Psychological Methods 9, 164-182.
    """
    least = base * (min(shape) - 1)
    df = (shape[0] - 1) * (shape[1] - 1)
    tail = (1 - confidence) / 2
    value = min(1.0, sqrt(chi_square / least))
    low, high = (sqrt(_noncentrality(chi_square, df, share) / least) for share in (1 - tail, tail))
    return value, min(low, value), min(1.0, max(high, value))


def _noncentrality(chi_square: float, df: int, share: float) -> float:
    """The noncentrality under which this share of chi-squares is no larger; 0 where none is."""
    from scipy.special import chdtr, chndtrinc

    return 0.0 if chdtr(df, chi_square) <= share else max(0.0, float(chndtrinc(chi_square, df, share)))


def _chi_square(
    cells: Contingency, _: Any, confidence: float, lang: str
) -> tuple[dict[str, object], list[Remark]]:
    from scipy.special import chdtrc

    statistic = float(chi_squares(cells.table[None])[0])
    df = float((cells.table.shape[0] - 1) * (cells.table.shape[1] - 1))
    row: dict[str, object] = {"statistic": statistic, "df": df, "p_value": float(chdtrc(df, statistic))}
    sparse = ("sparse", message("contingency_sparse", lang, least=f"{cells.least_expected:.1f}"))
    return row | _effect(cells, statistic, confidence), [sparse] if cells.sparse else []


def _effect(cells: Contingency, chi_square: float, confidence: float) -> dict[str, object]:
    rows, columns = cells.table.shape
    value, low, high = cramers_v(chi_square, (rows, columns), cells.base, confidence=confidence)
    return {"effect_name": "cramers_v", "effect": value, "ci_low": low, "ci_high": high}


def _permutation(
    cells: Contingency, permuted: Any, confidence: float, lang: str
) -> tuple[dict[str, object], list[Remark]]:
    observed = float(chi_squares(cells.table[None])[0])
    extreme = int((chi_squares(permuted) >= observed * (1 - _TIE) - _TIE).sum())
    row = {"statistic": observed, "p_value": (1 + extreme) / (1 + len(permuted)), "draws": len(permuted)}
    return row | _effect(cells, observed, confidence), []


def _trend(
    cells: Contingency, permuted: Any, confidence: float, lang: str
) -> tuple[dict[str, object], list[Remark]]:
    """The linear-by-linear test: scores of rows and columns, (base - 1) times their squared correlation."""
    import numpy as np

    scores = cells.scores()
    if scores is None:
        return {}, [("not_ordered untested", message("contingency_not_ordered", lang))]
    from statsmodels.stats.contingency_tables import Table

    whole = Table(cells.table, shift_zeros=False)
    result = whole.test_ordinal_association(row_scores=scores[0], col_scores=scores[1])
    row: dict[str, object] = {
        "statistic": float(result.zscore) ** 2,
        "df": 1.0,
        "p_value": float(result.pvalue),
    }
    own: list[Remark] = []
    if cells.sparse:
        sums = np.einsum("dij,i,j->d", permuted, *scores) - float(result.null_mean)
        observed = abs(float(result.statistic) - float(result.null_mean))
        extreme = int((np.abs(sums) >= observed * (1 - _TIE) - _TIE).sum())
        row |= {"p_value": (1 + extreme) / (1 + len(permuted)), "draws": len(permuted)}
        own = [("sparse", message("contingency_sparse_trend", lang, draws=len(permuted)))]
    correlation = CountedPairs.of_table(cells.table, *scores).correlation()
    low, high = correlation.interval(confidence=confidence)
    row |= {"effect_name": "pearson", "effect": correlation.value, "ci_low": low, "ci_high": high}
    return row, own if low == low else [*own, ("no_interval", message("correlation_no_interval", lang))]


def _rao_scott(
    cells: Contingency, _: Any, confidence: float, lang: str
) -> tuple[dict[str, object], list[Remark]]:
    """The chi-square by weight; V's limits at as many respondents as would say as much."""
    tested = rao_scott(cells.weights, cells.squares, cells.base)
    own = [tested.remark(lang)]
    if tested.statistic != tested.statistic:
        return {}, own
    rows, columns = cells.table.shape
    shrink = max(tested.effect, cells.base / cells.effective_base)
    value, low, high = cramers_v(
        tested.chi_square / shrink, (rows, columns), cells.base / shrink, confidence=confidence
    )
    effect = {"effect_name": "cramers_v", "effect": value, "ci_low": low, "ci_high": high}
    if cells.sparse:
        least = f"{cells.least_expected:.1f}"
        own.append(("sparse", message("note_sparse_weighted", lang, least=least)))
    return tested.columns | effect, own


def _trend_by_weight(
    cells: Contingency, _: Any, confidence: float, lang: str
) -> tuple[dict[str, object], list[Remark]]:
    """The linear trend by weight: the effective base less one, times the squared correlation."""
    from scipy.special import chdtrc

    scores = cells.scores()
    if scores is None:
        return {}, [("not_ordered untested", message("contingency_not_ordered", lang))]
    pairs = CountedPairs.of_table(cells.table, *scores, cells.weights, cells.squares)
    correlation = pairs.correlation()
    statistic = (correlation.base - 1) * correlation.value**2
    low, high = correlation.interval(confidence=confidence)
    row: dict[str, object] = {
        **{"statistic": statistic, "df": 1.0, "p_value": float(chdtrc(1, statistic))},
        **{"effect_name": "pearson", "effect": correlation.value, "ci_low": low, "ci_high": high},
    }
    own: list[Remark] = []
    if cells.sparse:
        least = f"{cells.least_expected:.1f}"
        own = [("sparse", message("note_sparse_weighted", lang, least=least))]
    return row, own if low == low else [*own, ("no_interval", message("correlation_no_interval", lang))]


_BY_WEIGHT = {"chi_square": _rao_scott, "linear_trend": _trend_by_weight}
_TESTS = {"chi_square": _chi_square, "permutation_chi_square": _permutation, "linear_trend": _trend}
