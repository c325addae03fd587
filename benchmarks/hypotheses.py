"""What counting a hypothesis once is worth: two groups rate eight items, Mann-Whitney, Holm at 5 %.

Run: python benchmarks/hypotheses.py. 4,000 samples of 60 and 77, seed 1. `twice`: Holm over both rows of each
item, the group against the rest and the rest against the group, as until November 2026; `once`: as now.
"""

import numpy as np

from survey.statistics.hypotheses import holm
from survey.statistics.ratings import mann_whitney

SIZES, ITEMS, DRAWS = (60, 77), 8, 4_000
POINTS = np.array([0.1, 0.15, 0.25, 0.3, 0.2])
SHIFTED = np.array([0.04, 0.08, 0.2, 0.33, 0.35])  # of the first item in the first group


def simulate(first: np.ndarray) -> dict[str, tuple[float, float]]:
    """By way of counting: how often the first item is found, and any of the others (a false alarm)."""
    random = np.random.default_rng(1)
    found = {"twice": np.zeros(2), "once": np.zeros(2)}
    for _ in range(DRAWS):
        inside = random.multinomial(SIZES[0], POINTS, size=ITEMS)
        inside[0] = random.multinomial(SIZES[0], first)
        outside = random.multinomial(SIZES[1], POINTS, size=ITEMS)
        p_values = np.array(
            [mann_whitney(a.tolist(), b.tolist()) for a, b in zip(inside, outside, strict=True)]
        )
        for name, adjusted in (("twice", holm(np.repeat(p_values, 2))[::2]), ("once", holm(p_values))):
            found[name] += adjusted[0] < 0.05, (adjusted[1:] < 0.05).any()
    return {name: tuple(float(one) for one in counts / DRAWS) for name, counts in found.items()}


if __name__ == "__main__":
    for label, first in (("nothing differs", POINTS), ("the first item differs", SHIFTED)):
        for name, (hit, false) in simulate(first).items():
            print(f"{label}, {name}: first item {hit:.3f}, any other {false:.3f}")
