"""Ranks where some items are asked of a fifth of the respondents: how often rank and set are of one thing.

Run: python benchmarks/rank_routing.py. 2,000 samples of 137, level 95 %, seed 1. Six items; the last three
are asked of a fifth alone, who find the first three more important than the others do. `mixed`: ranks by each
item's own respondents, sets from the pairs who answered both, as until November 2026. `common`: both among
those who answered every item, as now.
"""

import numpy as np

from survey.statistics.ranks import rank_bounds

SIZE, DRAWS, ROUTED = 137, 2_000, 0.2
ROUTED_SHARES = np.array([0.9, 0.85, 0.8, 0.5, 0.45, 0.4])
OTHER_SHARES = np.array([0.3, 0.25, 0.2, 0.5, 0.45, 0.4])
TRUE = 1 + (ROUTED_SHARES[:, None] < ROUTED_SHARES).sum(axis=1)  # among those who are asked everything


def wins_of(ticks: np.ndarray) -> np.ndarray:
    """Who has one item and not the other, of those who answered both."""
    yes, no = ticks == 1, ticks == 0
    return yes.astype(int).T @ no.astype(int)


def judged(ranks: np.ndarray, sets: list[tuple[int, int]]) -> tuple[bool, bool]:
    """Whether any printed rank lies outside its set, and whether every set holds the true rank."""
    low, high = np.array(sets).T
    return bool(((ranks < low) | (ranks > high)).any()), bool(((low <= TRUE) & (high >= TRUE)).all())


def simulate() -> dict[str, tuple[float, float]]:
    """By way of ranking: how often a rank lies outside its set, and all sets at once hold the true ranks."""
    random = np.random.default_rng(1)
    sums = {"mixed": np.zeros(2), "common": np.zeros(2)}
    for _ in range(DRAWS):
        routed = random.random(SIZE) < ROUTED
        ticks = (random.random((SIZE, 6)) < np.where(routed[:, None], ROUTED_SHARES, OTHER_SHARES)).astype(
            float
        )
        ticks[~routed, 3:] = np.nan
        common = ticks[routed]
        for name, of_ranks, of_sets in (("mixed", ticks, ticks), ("common", common, common)):
            shares = np.nanmean(of_ranks, axis=0)
            ranks = 1 + (shares[:, None] < shares).sum(axis=1)
            sums[name] += judged(ranks, rank_bounds(wins_of(of_sets), 0.95)["simultaneous"])
    return {name: tuple(float(one) for one in counts / DRAWS) for name, counts in sums.items()}


if __name__ == "__main__":
    for name, (outside, held) in simulate().items():
        print(
            f"{name}: a rank outside its set in {outside:.3f} of samples, all true ranks held in {held:.3f}"
        )
