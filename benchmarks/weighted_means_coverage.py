"""How often intervals of a weighted mean hold it, and how often weighted rank tests find what is not there.

`python benchmarks/weighted_means_coverage.py` prints two tables, at 95 % and 5 %. Weights are lognormal with
a coefficient of variation `cv`; `together` is how much of a standard deviation the answers rise with one of
the logarithm of the weight. "r": the linearised variance with n - 1 degrees of freedom, as R has it;
"ours": what `survey.number_summary` and `survey.compare_group_ratings` give, the larger of the linearised
variance and that at the effective base, with the effective base less one. "r" of ranks: R's svyranktest.
"""

import numpy as np
from scipy.special import stdtr, stdtrit

from survey.statistics.weighted_means import WeightedValues, rank_difference, ranked

DRAWS = 2_000
POPULATION = 400_000


def given(values: np.ndarray, weights: np.ndarray) -> WeightedValues:
    """One respondent a value."""
    return WeightedValues.of(values, np.ones(len(weights)), weights, weights**2)


def answers(latent: np.ndarray, together: float, kind: str) -> np.ndarray:
    """Ratings of 1 to 5, or a number with a long tail."""
    standard = latent / np.sqrt(1 + together**2)
    return np.clip(np.round(1.1 * standard + 3.8), 1, 5) if kind == "rating" else np.exp(0.7 * standard)


def means(rng: np.random.Generator) -> None:
    """Coverage of the mean."""
    print("answers together   n   cv      r   ours")
    for kind in ("rating", "number"):
        for together in (0.0, 0.5):
            # Who has a large weight stands for many: its logarithm is higher in the population.
            noise = rng.standard_normal((2, POPULATION))
            truth = answers(noise[0] + together * noise[1], together, kind).mean()
            for n in (12, 29, 137):
                for cv in (0.3, 0.8, 1.2):
                    spread = np.sqrt(np.log(1 + cv**2))
                    held = np.zeros(2)
                    for _ in range(DRAWS):
                        standing = rng.standard_normal(n)
                        latent = rng.standard_normal(n) + together * (standing - spread)
                        one = given(answers(latent, together, kind), np.exp(spread * standing))
                        half = stdtrit(n - 1, 0.975) * one.linearised**0.5
                        low, high = one.interval(0.95)
                        held += [abs(one.mean - truth) <= half, low <= truth <= high]
                    shares = "  ".join(f"{count / DRAWS:.3f}" for count in held)
                    print(f"{kind:7} {together:8.1f} {n:3d} {cv:4.1f}  {shares}")


def ranks(rng: np.random.Generator) -> None:
    """Size of the rank test of two groups."""
    print("\n  n    m   cv      r   ours")
    for n, m in ((12, 25), (29, 108), (68, 69)):
        for cv in (0.3, 0.8, 1.2):
            spread = np.sqrt(np.log(1 + cv**2))
            found = np.zeros(2)
            for _ in range(DRAWS):
                one, other = (
                    given(
                        rng.choice(5, size, p=[0.05, 0.1, 0.2, 0.4, 0.25]).astype(float),
                        np.exp(spread * rng.standard_normal(size)),
                    )
                    for size in (n, m)
                )
                sides = ranked([one, other])
                squares = sum(side.linearised * (side.base - 1) / side.base for side in sides)
                t = (sides[0].mean - sides[1].mean) / np.sqrt((n + m) / (n + m - 1) * squares)
                found += [2 * stdtr(n + m - 2, -abs(t)) < 0.05, rank_difference(one, other).p_value < 0.05]
            print(f"{n:3d} {m:4d} {cv:4.1f}  {found[0] / DRAWS:.3f}  {found[1] / DRAWS:.3f}")


if __name__ == "__main__":
    generator = np.random.default_rng(1)
    means(generator)
    ranks(generator)
