"""How well the items of a battery hang together."""

from math import sqrt
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.row_counts import DataLike, counts_of
from survey.messages import message
from survey.statistics.comparisons import test_row, too_few, untested_if_low
from survey.statistics.indicators import CompleteTable, asked_parts, battery_of, complete_table, shares
from survey.statistics.intervals import check_confidence, check_min_base
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def reliability(
    data: DataLike,
    question: str | None = None,
    *,
    confidence: float = 0.95,
    min_base: int = 5,
    lang: str = "en",
) -> "pd.DataFrame":
    """One row each for `cronbach_alpha` and `mcdonald_omega`, then one `item_rest` per item that was asked.

    The coefficient stands in `statistic`; alpha has Feldt's interval in `ci_low`, `ci_high`, the others have
    none. Omega is that of one factor (minimum residuals, on the correlations): one minus the unique
    variances over the sum of all correlations. `item_rest` is Pearson's correlation of `item` with the sum of
    the others.

    Base: the respondents who rated every item that was asked. Six lines of arithmetic here rather than
    `pingouin.cronbach_alpha`, whose import takes longer than a whole report; the tests compare the two.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        A rating question; the instrument's default battery where None.
    confidence
        Level of Feldt's interval.
    min_base
        With fewer respondents nothing is computed; `reason` is small_base untested.
    lang
        Language of `note`.

    Reasons
    -------
    small_base, untested, too_few_items, too_few_answers, no_variation, not_computed, left_out,
    improper_solution.

    Raises
    ------
    UsageError
        No such rating battery; a confidence outside (0, 1).

    References
    ----------
    Cronbach, L. J. (1951), Psychometrika 16, 297-334. Feldt, L. S., Woodruff, D. J. & Salih, F. A. (1987),
    Applied Psychological Measurement 11, 93-103. McDonald, R. P. (1999), Test Theory, chapter 6. Harman,
    H. H. & Jones, W. H. (1966), Psychometrika 31, 351-368 (minimum residuals). Nunnally, J. C. (1978).

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> grades = {"geopolitics": [5, 4, 5, 2, 4, 5], "ip_protection": [3, 2, 4, 2, 1, 5]}
    >>> frame = pd.DataFrame(grades).add_prefix("challenges__")
    >>> responses = survey.from_frame(frame, "executive-survey")
    >>> alpha = survey.reliability(responses).iloc[0]
    >>> alpha["test"], round(float(alpha["statistic"]), 2), int(alpha["base"])
    ('cronbach_alpha', 0.74, 6)
    """
    from scipy.stats import f

    check_confidence(confidence)
    check_min_base(min_base)
    counts = counts_of(data)
    check_lang(lang, *counts.instrument.languages)
    asked = battery_of(counts.instrument, question)
    items, absent = asked_parts(asked, shares(counts, asked).base)
    complete = complete_table(counts, asked)
    base, k = complete.base, len(items)
    scatter = _scatter(complete)
    row = test_row(asked, "cronbach_alpha", base)
    if k < 2 or base < 2:
        row |= too_few(k, lang)
    elif not (total := sum(map(sum, scatter))):
        row |= remarks(("no_variation not_computed", message("note_same_total", lang)))
    else:
        alpha = k / (k - 1) * (1 - sum(scatter[place][place] for place in range(k)) / total)
        tail, df1, df2 = (1 - confidence) / 2, base - 1, (base - 1) * (k - 1)
        row["statistic"] = float(alpha)
        row["ci_low"] = float(1 - (1 - alpha) * f.isf(tail, df1, df2))
        row["ci_high"] = float(1 - (1 - alpha) * f.ppf(tail, df1, df2))
    if absent:
        left_out = message("note_items_absent", lang, items=[item.id for item in absent])
        row |= remarks((row["reason"], row["note"]), ("left_out", left_out))
    rows = [row, test_row(asked, "mcdonald_omega", base, **_omega(scatter, base, lang))]
    for place, item in enumerate(items):
        values = _item_rest(scatter, base, place, lang)
        rows.append(test_row(asked, "item_rest", base, item=item.id, **values))
    return contract_frame("test", [untested_if_low(row, min_base, lang) for row in rows])


def _scatter(complete: CompleteTable) -> list[list[int]]:
    """Covariances of the items times n squared, which are whole numbers: n sum(xy) - sum(x) sum(y)."""
    squares, sums, base = complete.squares.tolist(), complete.sums.tolist(), complete.base
    return [
        [base * product - one * other for product, other in zip(row, sums, strict=True)]
        for row, one in zip(squares, sums, strict=True)
    ]


def _omega(scatter: list[list[int]], base: int, lang: str) -> dict[str, Any]:
    """Omega of one factor, or why there is none."""
    import numpy as np

    lacks = {
        "too_few_items": len(scatter) < 3,
        "too_few_answers": base < 3,
        "no_variation": not all(row[place] for place, row in enumerate(scatter)),
    }
    if any(lacks.values()):
        codes = [*(code for code, is_lacking in lacks.items() if is_lacking), "not_computed"]
        return remarks((" ".join(codes), message("note_omega_items", lang)))
    spreads = [sqrt(row[place]) for place, row in enumerate(scatter)]
    correlations = np.array(scatter, dtype=float) / np.outer(spreads, spreads)
    np.fill_diagonal(correlations, 1.0)
    unique, proper = _minimum_residuals(correlations)
    value = float(1 - unique.sum() / correlations.sum())
    remark = ("", "") if proper else ("improper_solution", message("note_omega_heywood", lang))
    return {"statistic": value, **remarks(remark)}


def _minimum_residuals(correlations: Any) -> tuple[Any, bool]:
    """Fit one factor by least squares on the correlations off the diagonal: the unique variances.

    The second value is False where a unique variance had to be held at its bound.
    """
    import numpy as np
    from scipy.optimize import minimize, root

    off = ~np.eye(len(correlations), dtype=bool)

    def residuals(loadings: Any) -> tuple[float, Any]:
        left = np.where(off, correlations - np.outer(loadings, loadings), 0.0)
        return float((left**2).sum()), -4 * left @ loadings

    values, vectors = np.linalg.eigh(correlations)
    start = np.clip(vectors[:, -1] * np.sqrt(values[-1]), -0.95, 0.95)
    tight = {"ftol": 1e-15, "gtol": 1e-12, "maxiter": 5000, "maxfun": 50000}
    solution = minimize(
        residuals, start, jac=True, bounds=[(-_MOST, _MOST)] * len(start), method="L-BFGS-B", options=tight
    )
    proper = bool((abs(solution.x) < _MOST - 1e-9).all())
    loadings = solution.x
    if proper:  # to the last digit, whatever the order of the respondents
        exact = root(lambda values: residuals(values)[1], loadings, tol=1e-14)
        loadings = exact.x if abs(exact.x - loadings).max() < 1e-4 else loadings
    return 1 - loadings**2, proper


_MOST = 0.9975  # a loading: unique variances stay at .005 or above, as in R's psych


def _item_rest(scatter: list[list[int]], base: int, place: int, lang: str) -> dict[str, Any]:
    if len(scatter) < 2 or base < 2:
        return dict(too_few(len(scatter), lang))
    own = scatter[place][place]
    shared = sum(scatter[place]) - own
    rest = sum(map(sum, scatter)) - own - 2 * shared
    if not (own and rest):
        return dict(remarks(("no_variation not_computed", message("note_item_constant", lang))))
    return {"statistic": max(-1.0, min(1.0, shared / sqrt(own * rest)))}
