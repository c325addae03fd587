"""Raking: weights that make the shares of the data meet targets, by iterative proportional fitting.

Respondents who are in the same category of every margin (and only those) get the same factor, so the fitting
works on these patterns and not on respondents: a round costs the same for a hundred or a million of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

from survey.errors import DataError, Problem, UsageError, usage
from survey.ingest.provenance import TargetShare, Weighting
from survey.ingest.reading import responses_of
from survey.ingest.responses import Responses, ResponsesLike
from survey.instrument import Instrument
from survey.instrument.report_plans import Plan
from survey.instrument.yaml_values import Located
from survey.weights.target_shares import (
    RAKED,
    Margin,
    Targets,
    TargetsLike,
    set_by,
    target_problems,
    targets_of,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_BEFORE_PROOF = 200  # rounds, after which it is proved that the margins can be met
_MOST_ROUNDS = 20_000
_MOST_TRIMS = 1_000
_SAME = 1e-12  # weights, in multiples of their mean
_NO_BOUNDS = (0.0, float("inf"))
_LEAST = 1e-9  # of a share: what a program may call zero


def rake(
    responses: ResponsesLike,
    targets: TargetsLike,
    *,
    bounds: tuple[float, float] | None = None,
    base_weights: "Sequence[float] | None" = None,
    tolerance: float = 1e-10,
) -> Responses:
    """The same respondents with weights (mean 1) under which the shares of some questions meet targets.

    `survey.weighting` shows what the weights cost, and how far limits keep the shares from their targets.

    Parameters
    ----------
    responses
        Responses, or the path of their file.
    targets
        `{question: {option: share}}`, or the path of a YAML file that says it. Shares of a question add up to
        1 or to 100. Each option of a select-all question is a margin of its own, ticked or not, and they need
        no sum; a derived variable is named as a question; questions of one answer are crossed as
        `{"firm_type*position": {"biotech*director": 0.2, ...}}`: with this one target alone the weights are
        those of post-stratification.
    bounds
        The smallest and largest weight, in multiples of the mean weight: low < 1 < high. Weights beyond are
        cut, and what is cut is spread over the others, until none is beyond; margins may then be missed.
    base_weights
        Weights to start from, one per respondent; those that the responses carry where None, else 1.
    tolerance
        The largest difference of a share from its target at which the fitting stops.

    Raises
    ------
    UsageError
        There is no such file; targets name what the instrument does not have, or do not add up to 1 or 100;
        `bounds` or `tolerance` are none.
    InstrumentError
        The file of the targets is wrong; every problem carries file and line.
    DataError
        A target for a category nobody chose, a category chosen without a target, gaps in a raking variable
        (all at once), or margins that no weights can meet together.

    References
    ----------
    Deming, W. E. & Stephan, F. F. (1940), Annals of Mathematical Statistics 11, 427-444. Deville, J.-C.,
    Sarndal, C.-E. & Sautory, O. (1993), JASA 88, 1013-1020. Trimming: Lumley, T. (2010), Complex Surveys, 7.

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frame = pd.DataFrame({"firm_type": ["biotech"] * 3 + ["biopharma"]})
    >>> responses = survey.from_frame(frame, "executive-survey")
    >>> raked = survey.rake(responses, {"firm_type": {"biotech": 0.5, "biopharma": 0.5}})
    >>> raked.weights.round(3).tolist()
    [0.667, 0.667, 0.667, 2.0]
    """
    low, high = _checked_bounds(bounds)
    if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or not 0 < tolerance < 1:
        raise usage("rake_tolerance", given=repr(tolerance))
    responses = responses_of(responses)
    if base_weights is not None:
        responses = responses.with_weights(base_weights, "base_weights")
    return _raked(responses, targets, None if bounds is None else (low, high), tolerance)


def _raked(
    responses: Responses,
    targets: TargetsLike,
    bounds: tuple[float, float] | None,
    tolerance: float = 1e-10,
    located: Located | None = None,
) -> Responses:
    """The responses raked; `located` says where targets stand that are no file of their own."""
    import numpy as np

    carried = responses.weights
    start = np.ones(len(responses)) if carried is None else carried.to_numpy()
    wanted = targets_of(targets, responses, start, located)
    fitted = _fitted(wanted.margins, start / start.mean(), tolerance)
    weights, trimmed = _trimmed(fitted.weights, *(bounds or _NO_BOUNDS))
    return _with(responses, weights, wanted, bounds, trimmed, fitted.rounds)


def rake_as_planned(responses: Responses, plan: Plan) -> Responses:
    """The responses with the weights that a plan asks for; as they are where it asks for none.

    Raises
    ------
    UsageError, InstrumentError, DataError
        As `rake`, with the lines of the plan.
    """
    if problems := raking_problems(plan):
        raise UsageError(*problems)
    targets = plan.said("rake")
    if targets is None:
        return responses
    return _raked(responses, targets, plan.said("weight_bounds"), located=_within(plan))


def raking_problems(plan: Plan, instrument: Instrument | None = None) -> list[Problem]:
    """What is wrong with what a plan says of raking; without an instrument, of the limits alone."""
    bounds, targets = plan.said("weight_bounds"), plan.said("rake")
    problems = []
    if bounds is not None:
        place = plan.place("weight_bounds")
        try:
            _checked_bounds(bounds)
        except UsageError as error:
            problems += [replace(problem, place=place) for problem in error.problems]
        if targets is None:
            problems.append(Problem("weight_bounds_alone", place))
    if targets is not None and instrument is not None:
        problems += target_problems(targets, instrument, _within(plan))
    return problems


def _within(plan: Plan) -> Located:
    """Where the targets of a plan stand in its file."""
    return lambda path: plan.place("rake", None, *path)


def _checked_bounds(bounds: Any) -> tuple[float, float]:
    """The limits of the weights; none where None."""
    if bounds is None:
        return _NO_BOUNDS
    pair = tuple(bounds) if isinstance(bounds, tuple | list) else ()
    numbers = [one for one in pair if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(pair) != 2 or len(numbers) != 2 or not 0 <= numbers[0] < 1 < numbers[1]:
        raise usage("rake_bounds", given=repr(bounds))
    return float(numbers[0]), float(numbers[1])


def _with(
    responses: Responses,
    weights: "Floats",
    targets: Targets,
    bounds: tuple[float, float] | None,
    trimmed: int,
    rounds: int,
) -> Responses:
    """The responses with the weights, and what is to be known of how they were made."""
    names = list(dict.fromkeys(category.question for category in targets.categories))
    earlier = responses.provenance.weighting
    begun = "" if earlier is None or earlier.source == RAKED else earlier.name
    weighting = Weighting(
        begun or RAKED,
        RAKED,
        set_by(responses.instrument, names),
        shares=tuple(TargetShare(*category) for category in targets.categories),
        bounds=bounds,
        trimmed=trimmed,
        rounds=rounds,
    )
    made = responses.with_weights(weights, RAKED)
    return replace(made, provenance=replace(made.provenance, weighting=weighting))


# -- iterative proportional fitting --------------------------------------------------------------------------


@dataclass(frozen=True)
class _Fit:
    weights: "Floats"  # of respondents, mean 1
    rounds: int


def _fitted(margins: Sequence[Margin], start: "Floats", tolerance: float) -> _Fit:
    """Weights that meet the margins; a `DataError` names those that none can meet."""
    import numpy as np

    table = np.column_stack([margin.places for margin in margins])
    patterns, rows = np.unique(table[start > 0], axis=0, return_inverse=True)
    rows = rows.reshape(-1)
    before = np.bincount(rows, weights=start[start > 0], minlength=len(patterns))
    sums = before / before.sum()
    rounds = 0
    while (gap := _gap(margins, patterns, sums)) > tolerance:
        rounds += 1
        for place, margin in enumerate(margins):
            shares = np.bincount(patterns[:, place], weights=sums, minlength=len(margin.shares))
            factors = np.divide(margin.shares, shares, out=np.zeros(len(shares)), where=shares > 0)
            sums = sums * factors[patterns[:, place]]
        if rounds == _BEFORE_PROOF:
            _refuse_unmet(margins, patterns)
        if rounds == _MOST_ROUNDS:
            values = {"rounds": rounds, "gap": f"{gap:.1g}", "margins": [margin.name for margin in margins]}
            raise DataError(Problem("rake_slow", values=values))
    weights = np.zeros(len(start))
    weights[start > 0] = start[start > 0] * (sums / before)[rows]
    return _Fit(weights * len(start) / weights.sum(), rounds)


def _gap(margins: Sequence[Margin], patterns: Any, sums: "Floats") -> float:
    """The largest difference of a share from its target."""
    import numpy as np

    return max(
        float(
            np.abs(
                np.bincount(patterns[:, place], weights=sums, minlength=len(margin.shares)) - margin.shares
            ).max()
        )
        for place, margin in enumerate(margins)
    )


def _refuse_unmet(margins: Sequence[Margin], patterns: Any) -> None:
    """Refuse margins that no weights meet together, or only weights of zero; the fewest that conflict."""
    everything = range(len(margins))
    if _least_share(margins, patterns, everything) > _LEAST:
        return
    conflict = next(
        (
            several
            for size in (2, 3)
            for several in combinations(everything, size)
            if _least_share(margins, patterns, several) <= _LEAST
        ),
        tuple(everything),
    )
    names = [margins[place].name for place in conflict]
    key = "rake_only_zeros" if _least_share(margins, patterns, conflict) >= 0 else "rake_unmet"
    raise DataError(Problem(key, values={"margins": names}))


def _least_share(margins: Sequence[Margin], patterns: Any, chosen: Sequence[int]) -> float:
    """The largest share that every pattern can have at least with the margins met; -1: they cannot be."""
    import numpy as np
    from scipy.optimize import linprog

    own = np.unique(patterns[:, list(chosen)], axis=0)
    rows, values = [], []
    for column, place in enumerate(chosen):
        for code, share in enumerate(margins[place].shares):
            rows.append(np.append((own[:, column] == code).astype(float), 0.0))
            values.append(share)
    above = np.hstack([-np.eye(len(own)), np.ones((len(own), 1))])  # the least is no larger than any
    solved = linprog(
        np.append(np.zeros(len(own)), -1.0),
        A_ub=above,
        b_ub=np.zeros(len(own)),
        A_eq=np.array(rows),
        b_eq=np.array(values),
        bounds=[(0, 1)] * (len(own) + 1),
        method="highs",
    )
    return -float(solved.fun) if solved.success else -1.0


# -- limits --------------------------------------------------------------------------------------------


def _trimmed(weights: "Floats", low: float, high: float) -> "tuple[Floats, int]":
    """Weights within limits, their sum as it was, and how many were cut.

    As R's `trimWeights(strict = TRUE)`: what is cut is added in equal parts to the others, again and again.
    Weights of zero stay zero.
    """
    import numpy as np

    counted = weights > 0
    mean = weights[counted].mean()
    low, high = low * mean, high * mean
    cut = np.zeros(len(weights), bool)
    own = weights.copy()
    for _ in range(_MOST_TRIMS):
        outside = counted & ((own < low - _SAME) | (own > high + _SAME))
        if not outside.any():
            break
        cut |= outside
        within = np.clip(own, low, high)
        spread = (own[outside] - within[outside]).sum()
        own[outside] = within[outside]
        others = counted & ~outside
        if not others.any():  # all were cut: to those who can take it
            others = counted & ((own < high) if spread > 0 else (own > low))
        if others.any():
            own[others] += spread / others.sum()
    return own, int(cut.sum())
