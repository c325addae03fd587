"""Do two questions go together, where at least one of them is select-all? Tests over all pairs of options.

A Pearson chi-square on the table of ticks is wrong here: respondents tick several options, so ticks are
not independent, and counting non-ticks instead would change it. The tests below sum the chi-squares of each
pair of options (ticked against not ticked), and judge the sum by permuting respondents, or by its covariance.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang, check_seed
from survey.errors import usage
from survey.ingest import Responses, ResponsesLike, responses_of
from survey.instrument import Option, Question
from survey.messages import message
from survey.statistics.cooccurrence import constant
from survey.statistics.indicators import indicators
from survey.statistics.intervals import check_confidence
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

METHODS = (
    *("sum", "rao_scott", "rao_scott_null", "permutation_sum", "permutation_product"),
    *("permutation_minimum", "bonferroni"),
)
_CHUNK = 2_000_000  # cells of permuted ticks held at once
_TIE = 1e-9


@dataclass(frozen=True)
class Association:
    """Tests of two questions.

    `tests`: one row per method (contract association_test). `cells`: one row per pair of options
    (contract association). `base`: respondents who answered both. `lang`: language of labels and sentence.
    """

    row: Question
    column: Question
    tests: "pd.DataFrame"
    cells: "pd.DataFrame"
    base: int
    lang: str = "en"
    notes: tuple[str, ...] = field(default=())
    confidence: float = 0.95

    @property
    def p_value(self) -> float:
        """The p-value that sentence and Summary use: permutation of respondents, sum of chi-squares."""
        p_values = self.tests.loc[self.tests["method"] == "permutation_sum", "p_value"]
        return float(p_values.iloc[0]) if len(p_values) else float("nan")

    @property
    def sentence(self) -> str:
        """One sentence: whether the two questions go together, by which test, on how many respondents."""
        p_value = self.p_value
        names = {"row": self.row.named(self.lang), "column": self.column.named(self.lang)}
        if p_value != p_value:
            return message("association_untested", self.lang, **names)
        line = self.tests.set_index("method").loc["permutation_sum"]
        values = {"statistic": f"{line['statistic']:.1f}", "base": self.base, "draws": int(line["draws"])}
        key = "association_shown" if p_value < 1 - self.confidence else "association_not_shown"
        shown = f"{p_value:.4f}" if p_value >= 0.0001 else "< 0.0001"
        return message(key, self.lang, p=shown, **names, **values)


def association(  # noqa: PLR0913 - named at the call
    data: ResponsesLike,
    row: str,
    column: str,
    *,
    top: int | None = None,
    test: str | None = None,
    zero_cells: float = 0.5,
    draws: int = 1999,
    seed: int = 1,
    confidence: float = 0.95,
    lang: str = "en",
) -> Association:
    """Test whether two questions go together; one of them at least is select-all or a rating (as top box).

    Exclusive options ("not decided") are never a group, but who ticked them stays in the base. Options not
    asked, or that nobody or everybody ticked, take no part (left_out); `note` names them. Missing answers:
    each pair of options is judged on the respondents who answered both, and a permutation moves a
    respondent's answers with their gaps.

    Parameters
    ----------
    data
        Responses, or the path of a file of responses.
    row, column
        Single, select-all or rating questions. A single question beside a select-all one is tested item by
        item over all its options at once (r x 2 tables); its cells are still option against rest.
    top
        How many points of a rating are the top box; the scale's own number where None.
    test
        One of these, all of them where None: `sum` (the sum alone, no p-value), `rao_scott` (second-order
        correction as published), `rao_scott_null` (the same with the covariance estimated under
        independence), `permutation_sum`, `permutation_product`, `permutation_minimum` (sum of the
        chi-squares, product and minimum of their p-values), `bonferroni` (smallest p-value times the number
        of tests).
    zero_cells
        What an empty cell of a table counts; 0 leaves it empty. `reason` says empty_cell where used.
    draws, seed
        Permutations of respondents; p = (1 + as extreme) / (1 + draws).
    confidence
        Level of the odds-ratio intervals (Woolf's, on the log scale).
    lang
        Language of labels, of `note` and of the sentence.

    Reasons
    -------
    left_out, no_variation, untested, empty_cell, no_interval, no_answer, nobody, everybody.

    Raises
    ------
    UsageError
        An unknown question or test, twice the same question, two single questions, or an argument outside
        its range.

    References
    ----------
    Agresti, A. & Liu, I. (1999), Biometrics 55, 936-943. Bilder, C. R. & Loughin, T. M. (2004), Biometrics
    60, 241-248. Loughin, T. M. & Scherer, P. N. (1998), Biometrics 54, 630-637. Thomas, D. R. & Decady,
    Y. J. (2004), International Journal of Testing 4, 43-59. Woolf, B. (1955).

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> models = ["licensing; newco", "licensing", "newco", "licensing", "independent"]
    >>> frame = pd.DataFrame({"expansion_models": models * 4, "firm_type": ["biotech", "biopharma"] * 10})
    >>> responses = survey.from_frame(frame, "executive-survey")
    >>> found = survey.association(responses, "firm_type", "expansion_models", draws=99)
    >>> found.base, found.p_value > 0.9
    (20, True)
    """
    import numpy as np

    check_confidence(confidence)
    responses = responses_of(data)
    check_lang(lang, *responses.instrument.languages)
    first = responses.instrument.question(row, "single", "multiple", "rating")
    second = responses.instrument.question(column, "single", "multiple", "rating")
    wanted = METHODS if test is None else (test,)
    if not set(wanted) <= set(METHODS):
        raise usage("association_test_unknown", test=test, known=list(METHODS))
    if first.id == second.id:
        raise usage("association_same", question=row)
    if first.kind == second.kind == "single":
        raise usage("association_single", row=row, column=column)
    if not isinstance(draws, int) or draws < 1:
        raise usage("association_draws", draws=draws)
    check_seed(seed)
    if not 0 <= zero_cells <= 1:
        raise usage("association_zero", value=zero_cells)
    sides = [_Side.of(responses, question, top) for question in (first, second)]
    both = sides[0].answered & sides[1].answered
    parts = [remark for side in sides for remark in side.remarks(both, lang)]
    cells = _cells(sides, both, zero_cells, confidence, lang)
    # The side of a single question stands first in the tests: r x 2 tables, one for each option of the other.
    ordered = sides if second.kind != "single" else sides[::-1]
    taking_part = [side.taking_part(both) for side in ordered]
    table = _Tables(taking_part[0], taking_part[1], ordered[0].question.kind, zero_cells)
    tests: list[dict[str, object]] = []
    if not table.size:
        nothing = ("no_variation untested", message("association_nothing", lang))
        tests = [{"method": name, **remarks(nothing, *parts)} for name in wanted]
    else:
        chi = table.chi_squares(table.counts())
        if table.touched:
            parts.append(("empty_cell", message("association_zero_cells", lang, value=f"{zero_cells:g}")))
        permuted = None
        if any(name.startswith("permutation") for name in wanted):
            permuted = table.permutations(chi, draws, np.random.default_rng(seed))
        tests = [{**_test(name, table, chi, permuted, draws), **remarks(*parts)} for name in wanted]
    return Association(
        first,
        second,
        contract_frame("association_test", tests),
        cells,
        int(both.sum()),
        lang,
        tuple(note for _, note in parts),
        confidence,
    )


@dataclass
class _Side:
    """One question as ticks: an array of 1, 0 and nan (no answer), one column per option."""

    question: Question
    options: list[Option]
    ticks: Any
    answered: Any

    @classmethod
    def of(cls, responses: Responses, question: Question, top: int | None) -> "_Side":
        rating = question.kind == "rating"
        frame = indicators(responses, question, top=top if rating else None)
        answered = frame.notna().any(axis=1).to_numpy()
        options = list(question.items if rating else question.groups)
        return cls(question, options, frame[[option.id for option in options]].to_numpy(), answered)

    def _useful(self, both: Any) -> Any:
        import numpy as np

        ticks = self.ticks[both]
        return (np.nansum(ticks, axis=0) > 0) & (np.nansum(1 - ticks, axis=0) > 0)

    def taking_part(self, both: Any) -> Any:
        """The ticks that vary, of the respondents who answered both questions."""
        return self.ticks[both][:, self._useful(both)]

    def remarks(self, both: Any, lang: str) -> list[tuple[str, str]]:
        useful = self._useful(both)
        left = [option.id for option, kept in zip(self.options, useful, strict=True) if not kept]
        values = {"question": self.question.id, "options": ", ".join(left)}
        return [("left_out", message("association_left_out", lang, **values))] if left else []


class _Tables:
    """All item-by-item tables of two sets of ticks, `first` (n x i) and `second` (n x j).

    For a single question `first` is its options and the tests are one r x 2 table per column of `second`;
    otherwise one 2 x 2 table per pair.
    """

    def __init__(self, first: Any, second: Any, kind: str, zero_cells: float) -> None:
        import numpy as np

        self.single = kind == "single"
        self.zero_cells = zero_cells
        self.masks = [~np.isnan(side) for side in (first, second)]
        self.sides = [np.nan_to_num(side) for side in (first, second)]
        self.complete = all(bool(mask.all()) for mask in self.masks)
        rows, columns = first.shape[1], second.shape[1]
        if self.single and rows < 2:
            rows = 0
        self.size = (columns if self.single else rows * columns) if rows else 0
        self.df = rows - 1 if self.single else 1
        self.touched = False

    def counts(self) -> tuple[Any, Any, Any, Any]:
        """Give n11, the row totals, the column totals and the bases, each i x j."""
        return self._counts(self.sides[0][None], self.masks[0][None])

    def _counts(self, first: Any, mask: Any) -> tuple[Any, Any, Any, Any]:
        """The same for a stack of permuted first sides (d x n x i): each d x i x j."""
        import numpy as np

        second, second_mask = self.sides[1], self.masks[1].astype(float)
        turned = first.transpose(0, 2, 1)
        both = turned @ second
        if self.complete:
            rows = np.broadcast_to(first[0].sum(axis=0)[None, :, None], both.shape)
            columns = np.broadcast_to(second.sum(axis=0)[None, None, :], both.shape)
            return both, rows, columns, np.full(both.shape, float(len(second)))
        seen = mask.astype(float).transpose(0, 2, 1)
        return both, turned @ second_mask, seen @ second, seen @ second_mask

    def chi_squares(self, counts: tuple[Any, Any, Any, Any]) -> Any:
        """The chi-squares of all tests, d x tests; a table without variation gives 0."""
        import numpy as np

        both, rows, columns, bases = counts
        cells = [both, rows - both, columns - both, bases - rows - columns + both]
        if self.single:
            cells = cells[:2]  # the options of a single question: ticked and not, one row of the table each
        if self.zero_cells:
            empty = [cell < 0.5 for cell in cells]
            if any(bool(one.any()) for one in empty):
                self.touched = self.touched or len(both) == 1
                cells = [np.where(no, self.zero_cells, cell) for no, cell in zip(empty, cells, strict=True)]
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.single:
                yes, no = cells
                total = yes.sum(axis=1, keepdims=True) + no.sum(axis=1, keepdims=True)
                share = yes.sum(axis=1, keepdims=True) / total
                expected = (yes + no) * share
                parts = (yes - expected) ** 2 / (expected * (1 - share))
                return np.nan_to_num(parts, nan=0.0, posinf=0.0).sum(axis=1)
            one, two, three, four = cells
            total = one + two + three + four
            below = (one + two) * (three + four) * (one + three) * (two + four)
            chi_squares = total * (one * four - two * three) ** 2 / below
        return np.nan_to_num(chi_squares, nan=0.0, posinf=0.0).reshape(len(both), -1)

    def log_p(self, chi: Any) -> Any:
        """Logarithms of the p-values of chi-squares, also where they underflow."""
        import numpy as np
        from scipy.special import chdtrc, log_ndtr

        if self.df == 1:
            return np.log(2) + log_ndtr(-np.sqrt(chi))
        with np.errstate(divide="ignore"):
            return np.maximum(np.log(chdtrc(self.df, chi)), -745.0)

    def permutations(self, chi: Any, draws: int, random: Any) -> dict[str, float]:
        """The p-values of the three permutation statistics; memory does not grow with the draws."""
        import numpy as np

        size, width = self.sides[0].shape
        chunk = max(1, min(draws, _CHUNK // max(1, size * width)))
        observed = {"sum": chi.sum(), "product": -self.log_p(chi).sum(), "minimum": chi.max()}
        extreme = dict.fromkeys(observed, 0)
        order = np.arange(size)
        counted = 0
        while counted < draws:
            count = min(chunk, draws - counted)
            if count == 1:
                places = random.permutation(size)[None]
            else:
                places = random.permuted(np.broadcast_to(order, (count, size)), axis=1)
            first = self.sides[0][places]
            mask = self.masks[0][places] if not self.complete else None
            drawn = self.chi_squares(self._counts(first, mask))
            extremes = {
                "sum": drawn.sum(axis=1),
                "product": -self.log_p(drawn).sum(axis=1),
                "minimum": drawn.max(axis=1),
            }
            for name, values in extremes.items():
                extreme[name] += int((values >= observed[name] * (1 - _TIE) - _TIE).sum())
            counted += count
        return {f"permutation_{name}": (1 + count) / (1 + draws) for name, count in extreme.items()}

    def eigenvalue_squares(self, *, null: bool) -> float:
        """The sum of the squared eigenvalues of the covariance of the chi-squares' roots.

        Each respondent contributes one vector; pairs are scaled by their own base, so that gaps are allowed.
        For two select-all questions this is appendix A of Bilder & Loughin (2004) without the 2^(i+j) answer
        patterns; under independence the covariance is the product of those of the two questions.
        """
        import numpy as np

        first, second = (
            np.where(mask, side, np.nan) for side, mask in zip(self.sides, self.masks, strict=True)
        )
        correlation = [_correlations(side) for side in (first, second)]
        if null:
            rows = self.df if self.single else float((correlation[0] ** 2).sum())
            return float(rows * (correlation[1] ** 2).sum())
        width, height = first.shape[1], second.shape[1]
        seen = (self.masks[0][:, :, None] & self.masks[1][:, None, :]).reshape(len(first), -1)
        bases = np.maximum(seen.sum(axis=0), 1)
        left = np.repeat(first, height, axis=1)
        right = np.tile(second, (1, width))
        left, right = (np.where(seen, side, 0.0) for side in (left, right))
        share, other = left.sum(axis=0) / bases, right.sum(axis=0) / bases
        if self.single:
            within = (left * right).sum(axis=0) / np.maximum(left.sum(axis=0), 1)
            own = (left.reshape(-1, width, height) * within.reshape(width, height)).sum(axis=1)
            residual = right - np.tile(own, (1, width))
            with np.errstate(divide="ignore", invalid="ignore"):
                vectors = (left / share - 1) * residual * np.sqrt(share) / np.sqrt(other * (1 - other))
        else:
            product = (left - share) * (right - other)
            product = product - (np.where(seen, product, 0).sum(axis=0) / bases)
            with np.errstate(divide="ignore", invalid="ignore"):
                vectors = product / np.sqrt(share * (1 - share) * other * (1 - other))
        vectors = np.where(seen, np.nan_to_num(vectors, posinf=0.0, neginf=0.0), 0.0) / np.sqrt(bases)
        covariance = vectors.T @ vectors
        return float((covariance**2).sum())


def _correlations(ticks: Any) -> Any:
    """Correlations of the columns over the respondents who answered both of a pair; 0 where undefined."""
    import numpy as np

    seen = (~np.isnan(ticks)).astype(float)
    filled = np.nan_to_num(ticks)
    bases = np.maximum(seen.T @ seen, 1)
    first, second = filled.T @ seen, seen.T @ filled
    covariance = (filled.T @ filled) / bases - first * second / bases**2
    spread = (first / bases) * (1 - first / bases) * (second / bases) * (1 - second / bases)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(covariance / np.sqrt(spread), posinf=0.0, neginf=0.0)


def _test(
    name: str, table: _Tables, chi: Any, permuted: dict[str, float] | None, draws: int
) -> dict[str, object]:
    import numpy as np
    from scipy.special import chdtrc

    total, tests = float(chi.sum()), table.size
    if name == "sum":
        return {"method": name, "statistic": total, "df": float(table.df * tests)}
    if name.startswith("rao_scott"):
        squares = table.eigenvalue_squares(null=name.endswith("null"))
        if not squares:
            return {"method": name}
        whole = table.df * tests
        statistic, df = whole * total / squares, whole**2 / squares
        p_value = float(chdtrc(df, statistic))
        return {"method": name, "statistic": statistic, "df": df, "p_value": p_value}
    if name == "bonferroni":
        p_value = min(1.0, tests * float(chdtrc(table.df, chi.max())))
        values: dict[str, object] = {"statistic": float(chi.max()), "df": float(table.df)}
        return {"method": name, "p_value": p_value} | values
    assert permuted is not None
    logs = table.log_p(chi)
    statistic = {
        "permutation_sum": total,
        "permutation_product": float(np.exp(logs.sum())),
        "permutation_minimum": float(np.exp(logs.min())),
    }[name]
    return {"method": name, "statistic": statistic, "p_value": permuted[name], "draws": draws}


def _cells(sides: list[_Side], both: Any, zero_cells: float, confidence: float, lang: str) -> "pd.DataFrame":
    """One row per pair of options: the 2 x 2 table's numbers, its chi-square, odds ratio and interval."""
    import numpy as np
    from scipy.special import chdtrc, ndtri

    first, second = sides
    ticks = [side.ticks[both] for side in sides]
    rows: list[dict[str, object]] = []
    tests = 0
    for i, option in enumerate(first.options):
        for j, other in enumerate(second.options):
            left, right = ticks[0][:, i], ticks[1][:, j]
            seen = ~np.isnan(left) & ~np.isnan(right)
            left, right = left[seen], right[seen]
            base, n, n_row, n_column = len(left), int(left @ right), int(left.sum()), int(right.sum())
            row: dict[str, object] = {
                "row": first.question.id,
                "row_code": option.id,
                "row_label": option.said(lang),
                "column": second.question.id,
                "column_code": other.id,
                "column_label": other.said(lang),
                "n": n,
                "n_row": n_row,
                "n_column": n_column,
                "base": base,
            }
            rows.append(row)
            if not (0 < n_row < base and 0 < n_column < base):
                row |= constant(base, [n_row, n_column], "untested", lang)
                continue
            tests += 1
            table = np.array([n, n_row - n, n_column - n, base - n_row - n_column + n], dtype=float)
            if (table == 0).any():
                key = "association_zero_cells" if zero_cells else "association_empty_cell"
                code = "empty_cell" if zero_cells else "empty_cell no_interval"
                row |= remarks((code, message(key, lang, value=f"{zero_cells:g}")))
                table = np.where(table == 0, zero_cells, table)
            a, b, c, d = table
            chi = table.sum() * (a * d - b * c) ** 2 / ((a + b) * (c + d) * (a + c) * (b + d))
            row |= {"chi_square": chi, "p_value": float(chdtrc(1, chi))}
            if table.all():
                ratio = a * d / (b * c)
                width = ndtri((1 + confidence) / 2) * np.sqrt((1 / table).sum())
                row |= {
                    "odds_ratio": ratio,
                    "ci_low": ratio * np.exp(-width),
                    "ci_high": ratio * np.exp(width),
                }
            else:
                row["odds_ratio"] = 0.0 if a * d == 0 else float("inf")
    for row in rows:
        if "p_value" in row:
            row["p_adjusted"] = min(1.0, tests * float(str(row["p_value"])))
    return contract_frame("association", rows)
