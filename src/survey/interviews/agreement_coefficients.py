"""Coefficients of agreement between coders, from sums over units."""

from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np


class Sums(NamedTuple):
    """What the coefficients are made of, summed over units: one entry, or one per bootstrap sample.

    Attributes
    ----------
    pairable, agreeing
        Decisions with two coders or more, and the sum of their shares of agreeing pairs.
    any_rated, shares
        Decisions with a coder at all, and the sum of the shares of each category among their coders.
    disagreeing, values
        Krippendorff's observed disagreement (times n), and how often each category stands in pairable units.
    pairs
        For every two coders: decisions of both, how many agree, and how often each gave each category.
    """

    pairable: Any
    agreeing: Any
    any_rated: Any
    shares: Any
    disagreeing: Any
    values: Any
    pairs: tuple[tuple[Any, Any, Any, Any], ...]


def summed(ratings: "np.ndarray[Any, Any]", categories: int) -> "tuple[np.ndarray[Any, Any], Any]":
    """Per unit, everything that `Sums` adds up, as one row of numbers; and how to cut such a row into `Sums`.

    `ratings` is units x coders x decisions: the number of a category, -1 where a coder did not decide.
    """
    import numpy as np

    units, coders, decisions = ratings.shape
    counts = np.stack([(ratings == category).sum(axis=1) for category in range(categories)], axis=-1)
    rated = counts.sum(axis=-1)
    several, some = rated >= 2, rated >= 1
    pairs_of = np.where(several, rated * (rated - 1), 1)
    parts: list[Any] = [
        several,
        np.where(several, (counts * (counts - 1)).sum(axis=-1) / pairs_of, 0.0),
        some,
        np.where(some[..., None], counts / np.where(some, rated, 1)[..., None], 0.0),
        np.where(several, (rated**2 - (counts**2).sum(axis=-1)) / np.where(several, rated - 1, 1), 0.0),
        np.where(several[..., None], counts, 0),
    ]
    for one, other in combinations(range(coders), 2):
        both = (ratings[:, one] >= 0) & (ratings[:, other] >= 0)
        parts += [both, both & (ratings[:, one] == ratings[:, other])]
        for coder in (one, other):
            given = [both & (ratings[:, coder] == category) for category in range(categories)]
            parts.append(np.stack(given, axis=-1))
    columns = [part.reshape(units, decisions, -1).sum(axis=1, dtype=float) for part in parts]
    edges = np.cumsum([column.shape[1] for column in columns])[:-1]

    def cut(row: Any) -> Sums:
        blocks = np.split(row, edges, axis=-1)
        single = [blocks[place][..., 0] for place in (0, 1, 2, 4)]
        pairs = tuple(
            (blocks[at][..., 0], blocks[at + 1][..., 0], blocks[at + 2], blocks[at + 3])
            for at in range(6, len(blocks), 4)
        )
        return Sums(single[0], single[1], single[2], blocks[3], single[3], blocks[5], pairs)

    return np.concatenate(columns, axis=1), cut


def coefficients(sums: Sums) -> dict[str, Any]:
    """Percent agreement, kappa, alpha and AC1 from sums; nan where there is nothing or nothing varies."""
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        agreement = sums.agreeing / np.where(sums.pairable > 0, sums.pairable, np.nan)
        total = sums.values.sum(axis=-1)
        varies = (sums.values > 0).sum(axis=-1) > 1
        expected = (total**2 - (sums.values**2).sum(axis=-1)) / (total - 1)
        alpha = np.where(varies, 1 - sums.disagreeing / np.where(varies, expected, 1), np.nan)
        share = sums.shares / np.where(sums.any_rated > 0, sums.any_rated, np.nan)[..., None]
        by_chance = (share * (1 - share)).sum(axis=-1) / (sums.shares.shape[-1] - 1)
        mixed = (sums.shares > 0).sum(axis=-1) > 1
        ac1 = np.where(mixed, (agreement - by_chance) / np.where(mixed, 1 - by_chance, 1), np.nan)
        kappas = [_kappa(*pair) for pair in sums.pairs]
    stacked = np.stack(kappas) if kappas else np.full((1, *np.shape(agreement)), np.nan)
    defined = ~np.isnan(stacked)
    count = defined.sum(axis=0)
    kappa = np.where(count > 0, np.where(defined, stacked, 0).sum(axis=0) / np.maximum(count, 1), np.nan)
    return {"agreement": agreement, "kappa": kappa, "alpha": alpha, "ac1": ac1}


def _kappa(both: Any, agreeing: Any, first: Any, second: Any) -> Any:
    """Cohen's kappa of two coders; nan where both gave one and the same category throughout."""
    import numpy as np

    chance = (first * second).sum(axis=-1) / both**2
    varies = ((first + second) > 0).sum(axis=-1) > 1
    return np.where(varies & (both > 0), (agreeing / both - chance) / np.where(varies, 1 - chance, 1), np.nan)


def one_never_varies(sums: Sums) -> bool:
    """Whether of two coders one gave a single category throughout and the other did not: kappa is then 0."""

    def constant(given: Any) -> bool:
        return int((given > 0).sum()) == 1

    return any(constant(one) != constant(other) for _, _, one, other in sums.pairs)
