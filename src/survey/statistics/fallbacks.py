"""What is computed in another way where counts are large: which, from what count on, and why.

A result that was made so has the code in its `reason`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fallback:
    """`code`: in `reason`. `above`: it is used for more respondents than this."""

    code: str
    what: str
    above: int
    why: str


# Fraction of 1: the smallest difference of two shares that is a finding where counts are large.
LEAST_DIFFERENCE = 0.03


FALLBACKS = {
    one.code: one
    for one in (
        Fallback(
            "fisher_for_boschloo",
            'crosstab(test="boschloo"): Fisher\'s exact test instead',
            1_000,
            "Boschloo's test takes seconds a cell at 1,000 respondents and grows with their square; at such "
            "bases the two differ in the third digit",
        ),
        Fallback(
            "normal_permutations",
            "association: permuted counts are drawn from their normal limit, which has the exact means and "
            "covariances, where no cell is expected to hold fewer than 100",
            2_000,
            "a draw then costs the same for any number of respondents, and differs from a permutation by "
            "less than the draws do by chance",
        ),
        Fallback(
            "small_difference",
            f"reports: a difference of fewer than {100 * LEAST_DIFFERENCE:g} points is no finding, however "
            "small its p (crosstab says so); findings are chosen and ordered by the size of the difference",
            10_000,
            "two halves of 10,000 show a difference of 3 points (2.8 with a power of .8); of more "
            "respondents nearly every difference is significant, and p no longer tells which of them matter",
        ),
        Fallback(
            "normal_power",
            "precision: the power of exact tests is that of their normal approximation",
            2_000,
            "adding up all samples takes time with the square of the respondents; at such bases exact tests "
            "and their approximation differ in the third digit",
        ),
    )
}
LEAST_EXPECTED = 100


def permutations_fallback(respondents: int, least_expected: float) -> str:
    """The code of the fallback for permutations, or nothing."""
    large = respondents > FALLBACKS["normal_permutations"].above and least_expected >= LEAST_EXPECTED
    return "normal_permutations" if large else ""


def exact_fallback(test: str, respondents: int) -> str:
    """The code of the fallback for an exact test of two groups, or nothing."""
    large = test == "boschloo" and respondents > FALLBACKS["fisher_for_boschloo"].above
    return "fisher_for_boschloo" if large else ""


def leads_with_effects(respondents: int) -> bool:
    """Whether so many respondents make nearly every difference significant: its size counts then, not p."""
    return respondents > FALLBACKS["small_difference"].above


def is_small_difference(respondents: int, difference: float) -> bool:
    """Whether a difference of two shares is too small to be a finding among so many respondents."""
    return leads_with_effects(respondents) and abs(difference) < LEAST_DIFFERENCE - _EXACT


_EXACT = 1e-12  # a difference of 3 points is not less than 3 points for want of a bit


def exact_power_fallback(respondents: int) -> str:
    """The code of the fallback for the power of exact tests, or nothing."""
    return "normal_power" if respondents > FALLBACKS["normal_power"].above else ""
