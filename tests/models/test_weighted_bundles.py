"""How often a bundle is the best in bootstrap samples with weights: against samples of respondents."""

import numpy as np
import pytest

import survey
from tests.weighted_answers import library

DRAWS = 4000


def by_respondents(data, bundles, draws=DRAWS, seed=3):
    """The share of samples of respondents in which each bundle has the most weight; ties are shared."""
    rng = np.random.default_rng(seed)
    ticks = data.data[["uses__books", "uses__study", "uses__events"]].astype(float)
    kept = ticks.notna().all(axis=1).to_numpy()
    ticks, weights = ticks[kept].to_numpy() == 1, data.weights.to_numpy()[kept]
    reached = np.array([ticks[:, list(bundle)].any(axis=1) for bundle in bundles]) * weights
    drawn = rng.multinomial(len(weights), np.full(len(weights), 1 / len(weights)), size=draws)
    sums = (reached @ drawn.T).round(9)
    best = sums == sums.max(axis=0)
    return (best / best.sum(axis=0)).mean(axis=1)


@pytest.mark.parametrize("spread", [0.4, 1.1])
@pytest.mark.parametrize("size", [30, 90])
def test_samples_of_patterns_are_near_those_of_respondents(size, spread):
    """Weights differ a lot within a pattern; the sum of those drawn of it is taken as normal."""
    weights = np.random.default_rng(size).lognormal(0, spread, size)
    data = library(size, weights=weights, missing=0)
    options = ("books", "study", "events")
    pairs = [(0, 1), (0, 2), (1, 2)]
    for own, bundles in ((1, [(0,), (1,), (2,)]), (2, pairs)):
        row = survey.reach(data, "uses", size=own, draws=DRAWS).iloc[0]
        wanted = by_respondents(data, bundles)
        place = bundles.index(tuple(options.index(option) for option in row["options"]))
        assert row["chosen_first"] == pytest.approx(wanted[place], abs=0.03)


def test_equal_weights_change_nothing():
    data = library(40, weights=False, missing=0)
    plain = survey.reach(data, "uses", size=1)
    same = survey.reach(data.with_weights([2.0] * 40, "w"), "uses", size=1)
    assert plain["chosen_first"].tolist() == same["chosen_first"].tolist()
