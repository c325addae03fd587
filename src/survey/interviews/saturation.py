"""Saturation: how many new codes each further interview brings, in the order as given and over all orders."""

from dataclasses import dataclass
from itertools import permutations
from math import comb, factorial
from typing import TYPE_CHECKING, Any

from survey.arguments import check_lang, check_seed
from survey.errors import usage
from survey.interviews.counting import presence
from survey.interviews.reading import segments_of
from survey.interviews.segments import SegmentsLike
from survey.messages import message
from survey.tables import contract_frame, remarks

if TYPE_CHECKING:
    import pandas as pd

# The settings that Guest, Namey & Chen offer; each combination is one row of `points`.
BASE_SIZES = (4, 5, 6)
RUN_LENGTHS = (2, 3)
THRESHOLDS = (0.05, 0.0)


@dataclass(frozen=True)
class Saturation:
    """New codes per interview, and when so few of them come that saturation is said to be reached.

    Attributes
    ----------
    curve
        One row per number of interviews: in the order as given `participant`, `new` codes, `cumulative` and
        the `ratio` of the run that ends there to the base (nan before the first run is complete); over all
        orders the mean of new and of cumulative codes (exact), the middle 90% of cumulative, and the share
        of orders in which saturation is reached by then.
    points
        One row per base size, run length and threshold: the number of interviews with which it is reached,
        the run included, in the order as given and over all orders (missing where it is not). `stops_at` is
        the number before the run: "4+2" is written for a base reached at 4 and a run of 2.
    base_size, run_length, threshold
        The settings of `curve`.
    draws
        How many orders were looked at; `exact` where they are all there are, else drawn with `seed`.
    """

    curve: "pd.DataFrame"
    points: "pd.DataFrame"
    base_size: int
    run_length: int
    threshold: float
    draws: int
    seed: int
    exact: bool


def saturation(
    segments: SegmentsLike,
    *,
    level: str = "code",
    base_size: int = 4,
    run_length: int = 2,
    threshold: float = 0.05,
    order: "tuple[str, ...] | list[str] | None" = None,
    draws: int = 10_000,
    seed: int = 1,
    lang: str = "en",
) -> Saturation:
    """New codes per interview, one row per number of interviews held, and the points of saturation.

    The codes in the first `base_size` interviews are the base. Then the codes that are new in each run of
    `run_length` consecutive interviews are divided by the base: saturation is reached with the first run
    whose ratio is at most `threshold`. An interview without a code counts as an interview that brings
    nothing.

    Saturation of codes is a property of this codebook on these people; it does not say that the themes are
    understood. Where the codebook was made after the interviews, the order is that of the file, not of the
    work.

    Parameters
    ----------
    segments
        Segments, or the path of a file of them.
    level
        "code", "subtheme", "theme" or "aim".
    base_size, run_length
        Numbers of interviews, at least 1.
    threshold
        The largest ratio that counts as saturated, a fraction: 0.05 or 0.
    order
        The participants in the order of the interviews; that of `segments.participants` where None.
    draws
        How many orders are drawn at random, without regard to each other; where there are no more orders than
        that, all of them are taken once.
    seed
        Makes the draws repeatable.
    lang
        Language of `note`.

    Reasons
    -------
    too_few_interviews, no_code_in_base, not_reached.

    Raises
    ------
    UsageError
        A setting outside its range, an order that does not name everybody once, an unknown level or language.

    References
    ----------
    Guest, G., Namey, E. & Chen, M. (2020), PLoS ONE 15(5), e0232076. The exact mean over all orders is the
    sample-based rarefaction of Gotelli, N. & Colwell, R. (2001), Ecology Letters 4, 379-391.

    Examples
    --------
    >>> import survey
    >>> from survey.resources import resource_folder
    >>> segments = resource_folder("interviews") / "segments.xlsx"
    >>> found = survey.saturation(segments, draws=20)
    >>> len(found.curve), found.exact
    (14, False)
    """
    import numpy as np

    segments = segments_of(segments)
    check_lang(lang, *segments.codebook.languages)
    _check(base_size, run_length, threshold, draws)
    check_seed(seed)
    has = presence(segments, level)
    people = list(has.index) if order is None else list(order)
    if sorted(people) != sorted(has.index):
        raise usage("order_incomplete", known=list(map(str, has.index)))
    matrix = has.loc[people].to_numpy(dtype=bool)
    exact = len(people) < 20 and factorial(len(people)) <= draws
    places = _orders(len(people), draws, seed, exact)
    cumulative = _cumulative(matrix, places)
    given = _cumulative(matrix, np.arange(len(people)).reshape(1, -1))
    settings = [(base, run, limit) for base in BASE_SIZES for run in RUN_LENGTHS for limit in THRESHOLDS]
    own = (base_size, run_length, threshold)
    points = [
        _point(given, cumulative, setting, lang) for setting in sorted({own, *settings}, key=_from_own(own))
    ]
    reached = _reached(cumulative, *own)
    return Saturation(
        contract_frame(
            "saturation",
            _curve(people, matrix, given, cumulative, reached, base_size=base_size, run_length=run_length),
        ),
        contract_frame("saturation_point", points),
        *own,
        draws=len(places),
        seed=seed,
        exact=exact,
    )


def _check(base_size: int, run_length: int, threshold: float, draws: int) -> None:
    for name, value in (("base_size", base_size), ("run_length", run_length), ("draws", draws)):
        if not isinstance(value, int) or value < 1:
            raise usage("saturation_setting", name=name, value=value)
    if not 0 <= threshold < 1:
        raise usage("saturation_threshold", threshold=threshold)


def _from_own(own: tuple[int, int, float]) -> Any:
    """Sort the settings, the one asked for first; the looser threshold before the stricter."""
    return lambda setting: (setting != own, setting[0], setting[1], -setting[2])


def _orders(count: int, draws: int, seed: int, exact: bool) -> Any:
    """One row per order: the place of each person in it."""
    import numpy as np

    if exact:
        return np.array(list(permutations(range(count))), dtype=int).reshape(factorial(count), count)
    return np.random.default_rng(seed).permuted(np.tile(np.arange(count), (draws, 1)), axis=1)


def _cumulative(matrix: Any, places: Any) -> Any:
    """One row per order: how many different codes there are after each interview."""
    import numpy as np

    new = np.zeros(places.shape, dtype=int)
    rows = np.arange(len(places))
    for has in matrix.T:
        if has.any():
            new[rows, places[:, has].min(axis=1)] += 1
    return new.cumsum(axis=1)


def _ratios(cumulative: Any, base_size: int, run_length: int) -> Any:
    """The ratio of every run to the base, nan where there is none: one column per number of interviews."""
    import numpy as np

    ratios = np.full(cumulative.shape, np.nan)
    first = base_size + run_length
    if first <= cumulative.shape[1]:
        base = cumulative[:, base_size - 1].astype(float)
        base[base == 0] = np.nan
        new = cumulative[:, first - 1 :] - cumulative[:, base_size - 1 : -run_length]
        ratios[:, first - 1 :] = new / base[:, None]
    return ratios


def _reached(cumulative: Any, base_size: int, run_length: int, threshold: float) -> Any:
    """The number of interviews with which saturation is reached in each order, inf where it is not."""
    import numpy as np

    saturated = _ratios(cumulative, base_size, run_length) <= threshold + 1e-12
    if not saturated.shape[1]:
        return np.full(len(saturated), np.inf)
    return np.where(saturated.any(axis=1), saturated.argmax(axis=1) + 1.0, np.inf)


def _point(given: Any, cumulative: Any, setting: tuple[int, int, float], lang: str) -> dict[str, object]:
    import numpy as np

    base_size, run_length, threshold = setting
    total = cumulative.shape[1]
    nan = float("nan")
    row: dict[str, object] = {
        "base_size": base_size,
        "run_length": run_length,
        "threshold": threshold,
        **dict.fromkeys(("base_codes", "reached", "stops_at", "low", "median", "high", "share_reached"), nan),
        "base": total,
    }
    if total < base_size + run_length:
        note = message("saturation_too_few", lang, needed=base_size + run_length, base=total)
        return row | remarks(("too_few_interviews", note))
    own = float(_reached(given, *setting)[0])
    others = _reached(cumulative, *setting)
    ends = np.quantile(others, (0.05, 0.5, 0.95), method="inverted_cdf")
    row |= {"base_codes": int(given[0, base_size - 1]), "share_reached": float(np.isfinite(others).mean())}
    row |= {
        name: nan if np.isinf(end) else float(end)
        for name, end in zip(("low", "median", "high"), ends, strict=True)
    }
    if np.isfinite(own):
        row |= {"reached": own, "stops_at": own - run_length}
    elif not row["base_codes"]:
        row |= remarks(("no_code_in_base", message("saturation_no_base", lang)))
    else:
        row |= remarks(("not_reached", message("saturation_not_reached", lang)))
    return row


def _curve(
    people: list[str],
    matrix: Any,
    given: Any,
    cumulative: Any,
    reached: Any,
    *,
    base_size: int,
    run_length: int,
) -> list[dict[str, object]]:
    import numpy as np

    total = len(people)
    if not total:
        return []
    new = np.diff(given[0], prepend=0)
    ratios = _ratios(given, base_size, run_length)[0]
    carriers = matrix.sum(axis=0)
    means = [_expected(carriers, total, held) for held in range(total + 1)]
    low, high = np.quantile(cumulative, (0.05, 0.95), axis=0, method="inverted_cdf")
    return [
        {
            "interview": place + 1,
            "participant": person,
            "new": int(new[place]),
            "cumulative": int(given[0, place]),
            "ratio": float(ratios[place]),
            "mean_new": means[place + 1] - means[place],
            "mean_cumulative": means[place + 1],
            "low_cumulative": float(low[place]),
            "high_cumulative": float(high[place]),
            "share_reached": float((reached <= place + 1).mean()),
        }
        for place, person in enumerate(people)
    ]


def _expected(carriers: Any, total: int, held: int) -> float:
    """The mean number of codes in `held` of `total` interviews, over every choice of them."""
    return sum(1 - comb(total - int(count), held) / comb(total, held) for count in carriers)
