"""Which options of one select-all question are ticked together."""

from collections.abc import Sequence
from functools import partial
from itertools import combinations
from math import atanh, sqrt, tanh
from typing import TYPE_CHECKING

from survey.arguments import check_lang
from survey.counts.row_counts import DataLike, counts_of
from survey.messages import message
from survey.statistics.indicators import pair_tables
from survey.statistics.intervals import check_confidence
from survey.statistics.weighted import PairedSums, paired_sums
from survey.tables import WEIGHTED_COLUMNS, contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd


def cooccurrence(
    data: DataLike, question: str, *, confidence: float = 0.95, lang: str = "en"
) -> "pd.DataFrame":
    """One row per pair of options: how many ticked both, and phi with its interval.

    phi is the correlation of two ticks, from -1 to 1; the shares limit how far it can reach. The interval is
    made on Fisher's z scale with the variance that phi has between ticks, by the delta method, and never with
    less than 1 / (n - 3), which is that of a correlation of normal variables. An option that nobody or
    everybody ticked has no phi, which `note` says. With weights phi is of the weighted shares, its variance
    linearised, and n the effective base. Exclusive options are left out. A pair's base is who
    answered both.

    Parameters
    ----------
    data
        Responses, a tally, or the path of a file of one of them.
    question
        A select-all question.
    confidence
        Level of the intervals.
    lang
        Language of labels and of `note`.

    Reasons
    -------
    no_answer, nobody, everybody, not_computed, too_few_answers, at_limit, no_interval.

    Raises
    ------
    UsageError
        No such select-all question, or a confidence outside 0 to 1.

    References
    ----------
    Bishop, Y. M. M., Fienberg, S. E. & Holland, P. W. (1975), Discrete Multivariate Analysis, 11.3 (the
    variance of phi). Fisher, R. A. (1921), Metron 1, 3-32.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> models = ["licensing; newco", "licensing", "newco", "licensing", "independent"]
    >>> responses = survey.from_frame(pd.DataFrame({"expansion_models": models}), "executive-survey")
    >>> pairs = survey.cooccurrence(responses, "expansion_models").set_index(["code", "other_code"])
    >>> pairs.loc[("licensing", "newco"), ["n", "n_code", "n_other", "base"]].tolist()
    [1, 3, 2, 5]
    """
    check_confidence(confidence)
    counts = counts_of(data)
    check_lang(lang, *counts.instrument.languages)
    asked = counts.instrument.question(question, "multiple")
    tables = pair_tables(counts, asked, asked)
    sums = paired_sums(partial(pair_tables, counts, asked, asked)) if counts.weighted else None
    places = {option.id: place for place, option in enumerate(asked.options)}
    rows: list[dict[str, object]] = []
    for first, second in combinations(asked.groups, 2):
        at = places[first.id], places[second.id]
        base, n = int(tables.base[at]), int(tables.yes_yes[at])
        one, other = n + int(tables.yes_no[at]), n + int(tables.no_yes[at])
        row: dict[str, object] = {
            "question": asked.id,
            "code": first.id,
            "label": first.said(lang),
            "other_code": second.id,
            "other_label": second.said(lang),
            "n": n,
            "n_code": one,
            "n_other": other,
            "base": base,
        }
        rows.append(row)
        if sums is not None:
            row |= _weighted(sums[at], [one, other], confidence, lang)
            continue
        if not base or not all(0 < count < base for count in (one, other)):
            row |= constant(base, [one, other], "not_computed", lang)
            continue
        cells = (n, one - n, other - n, base - one - other + n)
        phi = phi_of(*cells)
        row["phi"] = phi
        if base > 3 and abs(phi) < 1:
            row["ci_low"], row["ci_high"] = phi_interval(*cells, confidence=confidence)
        else:
            code = "too_few_answers" if base <= 3 else "at_limit"
            row |= remarks((f"{code} no_interval", message("cooccurrence_no_interval", lang)))
    return contract_frame("cooccurrence", rows)


def _weighted(pair: PairedSums, counts: list[int], confidence: float, lang: str) -> dict[str, object]:
    """phi of two ticks by weight, and its interval; `counts`: how many ticked one, and the other."""
    weights = pair.weights.tolist()
    size, total = float(pair.effective_base), sum(weights)
    row: dict[str, object] = dict(zip(WEIGHTED_COLUMNS, (weights[0], total, size), strict=True))
    margins = (
        (weights[0] + weights[1], weights[2] + weights[3]),
        (weights[0] + weights[2], weights[1] + weights[3]),
    )
    if not all(min(margin) > 0 for margin in margins):
        base = int(pair.base) if size > 0 else 0
        return row | constant(base, counts, "not_computed", lang)
    shares = [weight / total for weight in weights]
    phi = phi_of(*shares)
    row["phi"] = phi
    if size > 3 and abs(phi) < 1:
        variance = phi_variance(shares, [square / total**2 for square in pair.squares.tolist()])
        bases = int(pair.base)
        row["ci_low"], row["ci_high"] = _limits(phi, variance * bases / (bases - 1), size, confidence)
        return row
    code = "too_few_answers" if size <= 3 else "at_limit"
    return row | remarks((f"{code} no_interval", message("cooccurrence_no_interval", lang)))


def phi_variance(shares: Sequence[float], squares: Sequence[float]) -> float:
    """The variance of phi from its influence on the four cells (delta method), but for n/(n - 1).

    `shares`: of both, the first alone, the second alone, neither; `squares`: the sums of the squared weights
    there, of which the sum of weights is 1.
    """
    both, first, second, neither = shares
    one, other, phi = both + first, both + second, phi_of(both, first, second, neither)
    spread = sqrt(one * (1 - one) * other * (1 - other))
    slopes = (
        neither / spread - phi * (1 / one + 1 / other) / 2,
        -second / spread - phi * (1 / one + 1 / (1 - other)) / 2,
        -first / spread - phi * (1 / (1 - one) + 1 / other) / 2,
        both / spread - phi * (1 / (1 - one) + 1 / (1 - other)) / 2,
    )
    middle = sum(slope * share for slope, share in zip(slopes, shares, strict=True))
    return sum((slope - middle) ** 2 * square for slope, square in zip(slopes, squares, strict=True))


def phi_of(both: float, first: float, second: float, neither: float) -> float:
    """The correlation of two ticks, from who ticked both, the first alone, the second alone, neither."""
    if not (first or second):
        return 1.0
    if not (both or neither):
        return -1.0
    margins = (both + first) * (second + neither) * (both + second) * (first + neither)
    return (both * neither - first * second) / sqrt(margins)


def phi_interval(
    both: int, first: int, second: int, neither: int, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Give the limits of phi; the counts are those of `phi_of`, and phi is not at its limit.

    The variance is that of phi under the multinomial distribution of the four counts (delta method), carried
    to the z scale; where it is smaller than 1 / (n - 3) that is used.

    References
    ----------
    Bishop, Y. M. M., Fienberg, S. E. & Holland, P. W. (1975), Discrete Multivariate Analysis, 11.3.
    """
    size = both + first + second + neither
    phi = phi_of(both, first, second, neither)
    share, other = (both + first) / size, (both + second) / size
    spreads = share * (1 - share), other * (1 - other)
    skews = 2 * share - 1, 2 * other - 1
    variance = 1 - phi**2 + (phi + phi**3 / 2) * skews[0] * skews[1] / sqrt(spreads[0] * spreads[1])
    variance -= 0.75 * phi**2 * sum(skew**2 / spread for skew, spread in zip(skews, spreads, strict=True))
    return _limits(phi, variance / size, size, confidence)


def _limits(phi: float, variance: float, size: float, confidence: float) -> tuple[float, float]:
    """The limits of phi with a variance, of so many respondents, on Fisher's z scale."""
    from scipy.special import ndtri

    on_z = max(variance / (1 - phi**2) ** 2, 1 / (size - 3))
    middle, half = atanh(phi), float(ndtri((1 + confidence) / 2)) * sqrt(on_z)
    return tanh(middle - half), tanh(middle + half)


def constant(base: int, counts: list[int], outcome: str, lang: str) -> dict[str, str]:
    """The remark on a pair of options of which one does not vary, or that nobody answered."""
    if not base:
        return remarks((f"no_answer {outcome}", message("association_no_base", lang)))
    codes = [*["nobody"] * (0 in counts), *["everybody"] * (base in counts), outcome]
    return remarks((" ".join(codes), message("association_constant", lang)))
