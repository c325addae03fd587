"""Fisher's exact test of ours against scipy's, on tables of every size and at the edges."""

import numpy as np
import pytest
from scipy.stats import fisher_exact

from survey.statistics.fisher import fisher_p


@pytest.mark.parametrize("respondents", [1, 3, 8, 30, 137, 1_000, 20_000])
def test_as_scipy_has_it(respondents):
    random = np.random.default_rng(respondents)
    for share in (0.02, 0.3, 0.5, 1.0):
        for _ in range(25):
            base = int(random.integers(0, respondents + 1))
            n, other_n = random.binomial([base, respondents - base], [share, share * 0.97])
            table = [[n, base - n], [other_n, respondents - base - other_n]]
            p_value = fisher_p(int(n), base, int(other_n), respondents - base)
            assert p_value == pytest.approx(fisher_exact(table).pvalue, rel=1e-10), table


def test_by_hand():
    # Of 8 cups 4 have milk first; 3 of them are named: (1 + 16 + 16 + 1) / 70.
    assert fisher_p(3, 4, 1, 4) == pytest.approx(34 / 70)
    assert fisher_p(4, 4, 0, 4) == pytest.approx(2 / 70)


@pytest.mark.parametrize(
    "table", [(0, 0, 3, 5), (3, 5, 0, 0), (0, 0, 0, 0), (0, 4, 0, 9), (4, 4, 9, 9), (0, 1, 1, 1)]
)
def test_nothing_to_compare_is_no_evidence(table):
    assert fisher_p(*table) == 1


def test_which_group_stands_first_makes_no_difference():
    assert fisher_p(12, 41, 40, 96) == pytest.approx(fisher_p(40, 96, 12, 41), rel=1e-12)
    assert fisher_p(12, 41, 40, 96) == pytest.approx(fisher_p(29, 41, 56, 96), rel=1e-12)


def test_a_million_respondents_and_a_p_value_near_nothing():
    assert fisher_p(250_000, 500_000, 250_900, 500_000) == pytest.approx(
        0.07217649316747701, rel=1e-9
    )  # scipy 1.17.1
    assert 0 <= fisher_p(9_000, 10_000, 1_000, 10_000) < 1e-300
