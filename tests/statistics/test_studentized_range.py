"""Quantiles of the studentized range: near those of scipy, and the same whenever they are computed."""

import math

import pytest
from scipy.stats import studentized_range

from survey.statistics.studentized_range import studentized_ranges

DFS = [5.3 + 1.7 * place for place in range(12)]


@pytest.mark.parametrize("dfs", [DFS, DFS[:3], [7.0] * 12, [*DFS, math.nan]], ids=len)
def test_they_are_those_of_scipy_and_the_same_every_time(dfs):
    first = studentized_ranges(0.95, 4, dfs)
    assert all(repr(studentized_ranges(0.95, 4, dfs)) == repr(first) for _ in range(3))
    for df, quantile in list(zip(dfs, first, strict=True))[::4]:
        if df == df:
            assert quantile == pytest.approx(studentized_range.ppf(0.95, 4, df), abs=1e-5)
        else:
            assert math.isnan(quantile)
