"""How well the items of a battery hang together."""

from math import sqrt
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang
from survey.counts.row_counts import DataLike, counts_of
from survey.messages import message
from survey.statistics.indicators import CompleteTable, asked_parts, battery_of, complete_table, shares
from survey.statistics.intervals import check_confidence, check_min_base
from survey.statistics.test_rows import test_row, too_few, untested_if_low
from survey.statistics.weighted import say_unweighted
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

    Items that the schema declares reversed (`reverse: true`) are turned round first, for every row (`reason`
    keyed_items; `note` names them).

    Items whose item-rest correlation is negative all the same run against the others, by their wording or by
    how they were read, and make alpha meaningless. Where there are any, `cronbach_alpha_keyed` and
    `mcdonald_omega_keyed` follow: the same with these items turned round (the fewer of both directions;
    `reason` reversed_items, `note` names them). The item is turned whose correlation with the rest is the
    lowest, until none is negative.

    None of this uses weights: where there are any, `reason` is unweighted.

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
    improper_solution, keyed_items, reversed_items, unweighted.

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
    check_confidence(confidence)
    check_min_base(min_base)
    counts = counts_of(data)
    check_lang(lang, *counts.instrument.languages)
    asked = battery_of(counts.instrument, question)
    items, absent = asked_parts(asked, shares(counts, asked).base)
    complete = complete_table(counts, asked)
    base = complete.base
    declared = [-1 if item.reverse else 1 for item in items]
    scatter = _keyed(_scatter(complete), declared)
    reversed_items = [item.said(lang) for item in items if item.reverse]
    note = message("note_keyed_items", lang, items=reversed_items)
    keyed = [("keyed_items", note)] if reversed_items else []
    row = test_row(asked, "cronbach_alpha", base, **_alpha(scatter, base, confidence, lang))
    signs = directions(scatter)
    turned = (
        [item.said(lang) for item, sign in zip(items, signs, strict=True) if sign < 0] if base > 1 else []
    )
    reverse = ("reversed_items", message("note_reversed_items", lang, items=turned))
    parts = [(row["reason"], row["note"]), *keyed]
    if turned and row["statistic"] == row["statistic"]:
        parts.append(reverse)
    if absent:
        left_out = message("note_items_absent", lang, items=[item.said(lang) for item in absent])
        parts.append(("left_out", left_out))
    row |= remarks(*parts, lang=lang)
    omega = test_row(asked, "mcdonald_omega", base, **_omega(scatter, base, lang))
    rows = [row, omega | remarks((omega["reason"], omega["note"]), *keyed, lang=lang)]
    if turned:
        positive = _keyed(scatter, signs)
        for test, values in (
            ("cronbach_alpha_keyed", _alpha(positive, base, confidence, lang)),
            ("mcdonald_omega_keyed", _omega(positive, base, lang)),
        ):
            remark = remarks((values.get("reason", ""), values.get("note", "")), *keyed, reverse, lang=lang)
            rows.append(test_row(asked, test, base, **{**values, **remark}))
    for place, item in enumerate(items):
        values = _item_rest(scatter, base, place, lang)
        if item.reverse:
            turned_round = ("keyed_items", message("note_keyed_item", lang))
            own = (values.get("reason", ""), values.get("note", ""))
            values = {**values, **remarks(own, turned_round, lang=lang)}
        rows.append(test_row(asked, "item_rest", base, item=item.id, **values))
    frame = contract_frame("test", [untested_if_low(row, min_base, lang) for row in rows])
    return say_unweighted(frame, counts, lang)


def _alpha(scatter: list[list[int]], base: int, confidence: float, lang: str) -> dict[str, Any]:
    """Alpha with Feldt's interval, or why there is none."""
    from scipy.special import fdtri

    k = len(scatter)
    if k < 2 or base < 2:
        return dict(too_few(k, lang))
    if not (total := sum(map(sum, scatter))):
        return dict(remarks(("no_variation not_computed", message("note_same_total", lang))))
    alpha = k / (k - 1) * (1 - sum(scatter[place][place] for place in range(k)) / total)
    tail, df1, df2 = (1 - confidence) / 2, base - 1, (base - 1) * (k - 1)
    low, high = (1 - (1 - alpha) * quantile for quantile in fdtri(df1, df2, [1 - tail, tail]))
    return {"statistic": float(alpha), "ci_low": float(low), "ci_high": float(high)}


def directions(scatter: list[list[int]]) -> list[int]:
    """For each item 1, or -1 where it runs against the others: no item-rest correlation is negative then."""
    signs = [1] * len(scatter)
    while True:
        with_rest = [_with_rest(scatter, signs, place) for place in range(len(scatter))]
        if min(with_rest, default=0.0) >= 0:
            break
        signs[with_rest.index(min(with_rest))] *= -1  # the sum of all covariances grows at each step
    against = signs.count(-1)
    turn = 2 * against > len(signs) or (2 * against == len(signs) and signs[:1] == [-1])
    return [-sign for sign in signs] if turn else signs


def _with_rest(scatter: list[list[int]], signs: list[int], place: int) -> float:
    """The correlation of an item with the sum of the others, each turned as `signs` says; 0 if undefined."""
    others = [at for at in range(len(scatter)) if at != place]
    shared = signs[place] * sum(signs[at] * scatter[place][at] for at in others)
    rest = sum(signs[at] * signs[other] * scatter[at][other] for at in others for other in others)
    own = scatter[place][place]
    return shared / sqrt(own * rest) if own and rest else 0.0


def _scatter(complete: CompleteTable) -> list[list[int]]:
    """Covariances of the items times n squared, which are whole numbers: n sum(xy) - sum(x) sum(y)."""
    squares, sums, base = complete.squares.tolist(), complete.sums.tolist(), complete.base
    return [
        [base * product - one * other for product, other in zip(row, sums, strict=True)]
        for row, one in zip(squares, sums, strict=True)
    ]


def _keyed(scatter: list[list[int]], signs: list[int]) -> list[list[int]]:
    """The covariances with the items of sign -1 turned round."""
    return [
        [one * other * cell for other, cell in zip(signs, line, strict=True)]
        for one, line in zip(signs, scatter, strict=True)
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

    Minres (Harman & Jones 1966); Newton steps settle the last digits, whatever the order of the respondents.
    The second value is False where a unique variance had to be held at its bound: such a problem can have
    several minima, so it is begun from every item, too, and the smallest is taken.
    """
    import numpy as np

    shared = np.where(np.eye(len(correlations), dtype=bool), 0.0, correlations)
    values, vectors = np.linalg.eigh(correlations)
    loadings = _coordinate_descent(shared, np.clip(vectors[:, -1] * np.sqrt(values[-1]), -0.95, 0.95))
    proper = bool((abs(loadings) < _MOST - 1e-9).all())
    if not proper:
        others = [_coordinate_descent(shared, np.clip(column, -_MOST, _MOST)) for column in correlations]
        loadings = min([loadings, *others], key=lambda candidate: _residual_squares(shared, candidate))
        return 1 - loadings**2, False
    for _ in range(3):
        squares = loadings**2
        slope = loadings * (squares.sum() - squares) - shared @ loadings
        curvature = 2 * np.outer(loadings, loadings) - shared
        np.fill_diagonal(curvature, squares.sum() - squares)
        if np.linalg.cond(curvature) > 1e10:
            break
        loadings = loadings - np.linalg.solve(curvature, slope)
    return 1 - loadings**2, True


def _coordinate_descent(shared: Any, loadings: Any) -> Any:
    """Give each loading in turn the value that is best beside the others, until none moves."""
    import numpy as np

    for _ in range(5000):
        before = loadings.copy()
        for item in range(len(loadings)):
            others = loadings @ loadings - loadings[item] ** 2
            if others > 0:
                loadings[item] = np.clip(shared[item] @ loadings / others, -_MOST, _MOST)
        if abs(loadings - before).max() < 1e-12:
            break
    return loadings


def _residual_squares(shared: Any, loadings: Any) -> float:
    """What the loadings leave of the correlations off the diagonal: the sum of squares."""
    import numpy as np

    explained = np.outer(loadings, loadings)
    np.fill_diagonal(explained, 0.0)
    return float(((shared - explained) ** 2).sum())


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
