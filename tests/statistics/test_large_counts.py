"""Permutations by rows, patterns and their normal limit have one distribution; what large counts do."""

import re
from dataclasses import replace
from itertools import permutations as orders
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp

import survey
from survey.reasons import REASONS
from survey.statistics import association_tables
from survey.statistics.association_tables import Patterns, drawn_tables, normal_limit, permuted_rows
from survey.statistics.fallbacks import FALLBACKS, LEAST_EXPECTED, permutations_fallback
from tests.counts.shapes import instrument_of, responses_of
from tests.paths import ROOT


def patterns_of(first, second):
    """Patterns of two sets of ticks, respondents x options."""
    one, rows = np.unique(first, axis=0, return_inverse=True)
    other, columns = np.unique(second, axis=0, return_inverse=True)
    keys, counts = np.unique(rows.ravel() * len(other) + columns.ravel(), return_counts=True)
    return Patterns(one, other, keys // len(other), keys % len(other), counts)


def drawn_by(sampler, patterns, draws, seed=1):
    """All counts of every draw, draws x numbers."""
    parts = [
        np.concatenate([np.asarray(table).reshape(len(tables[0]), -1) for table in tables], axis=1)
        for tables in sampler(patterns, draws, np.random.default_rng(seed))
    ]
    return np.concatenate(parts)


@pytest.mark.parametrize("gaps", [False, True], ids=["complete", "gaps"])
@pytest.mark.parametrize("sampler", [permuted_rows, drawn_tables])
def test_every_order_of_five_respondents_is_as_likely_as_it_should_be(sampler, gaps):
    first = np.array([[1, 0], [1, 1], [0, 1], [0, 1], [0, 0]], dtype=float)
    second = np.array([[1], [0], [1], [0], [1]], dtype=float)
    if gaps:
        first[0, 1] = second[3, 0] = np.nan
    seen, also = (~np.isnan(side) for side in (first, second))
    ones, others = np.nan_to_num(first), np.nan_to_num(second)
    expected = {}
    for order in map(list, orders(range(5))):
        tables = (
            ones[order].T @ others,
            ones[order].T @ also,
            seen[order].T.astype(float) @ others,
            seen[order].T.astype(float) @ also,
        )
        key = tuple(np.concatenate([table.ravel() for table in tables]))
        expected[key] = expected.get(key, 0) + 1 / 120
    draws = 6_000
    drawn = drawn_by(sampler, patterns_of(first, second), draws)
    found = pd.Series(list(map(tuple, drawn))).value_counts() / draws
    assert set(found.index) == set(expected)
    for key, share in expected.items():
        assert found[key] == pytest.approx(share, abs=4.5 * np.sqrt(share * (1 - share) / draws))


def ticks(rows, seed, *, gaps=0.0):
    rng = np.random.default_rng(seed)
    first, second = (rng.random((rows, width)) < 0.4 for width in (2, 3))
    first, second = first.astype(float), second.astype(float)
    for side in (first, second):
        side[rng.random(side.shape) < gaps] = np.nan
    return first, second


@pytest.mark.parametrize("gaps", [0.0, 0.1])
def test_rows_patterns_and_their_normal_limit_have_one_distribution(gaps):
    patterns = patterns_of(*ticks(1_500, 4, gaps=gaps))
    rows, tables, normal = (
        drawn_by(sampler, patterns, 1_500, seed)
        for seed, sampler in enumerate((permuted_rows, drawn_tables, normal_limit))
    )
    for place in range(6):  # the six counts of those who ticked both options
        assert ks_2samp(rows[:, place], tables[:, place]).pvalue > 0.001
        rng = np.random.default_rng(place)  # whole numbers against a density: spread them over their unit
        spread = rows[:, place] + rng.random(len(rows)) - 0.5
        assert ks_2samp(spread, normal[:, place]).pvalue > 0.001
    assert np.allclose(np.cov(rows[:, :6].T), np.cov(normal[:, :6].T), rtol=0.3, atol=30)


def test_the_way_is_chosen_by_size(monkeypatch):
    used = []
    for name in ("permuted_rows", "drawn_tables", "normal_limit"):
        real = getattr(association_tables, name)
        monkeypatch.setattr(
            association_tables,
            name,
            lambda *given, name=name, real=real: used.append(name) or real(*given),
        )
    instrument = instrument_of(groups=2, needs=3, exclusive=0, items=0, numbers=0, text=False)
    for rows in (60, 1_500, 6_000):
        survey.association(responses_of(instrument, rows, gaps=0), "models", "needs", draws=9)
    assert used == ["permuted_rows", "drawn_tables", "normal_limit"]


def many(counted, times):
    """A tally of so many times its respondents."""
    while times > 1:
        counted, times = counted + counted, times // 2
    return counted


def test_large_counts_say_what_was_done_instead():
    instrument = instrument_of(groups=3, needs=3, exclusive=0, items=2, numbers=0, text=False)
    counted = survey.tally(responses_of(instrument, 400, gaps=0))
    plain = survey.association(counted, "models", "needs", draws=99).tests
    assert not plain["reason"].str.contains("normal_permutations").any()
    large = many(counted, 256)
    tests = survey.association(large, "models", "needs", draws=99).tests.set_index("method")
    permuted = tests.index.str.startswith("permutation")
    assert (tests["reason"].str.contains("normal_permutations") == permuted).all()
    assert "normal limit" in tests.loc["permutation_sum", "note"]
    assert (tests.loc[permuted, "draws"] == 99).all()
    boschloo = survey.crosstab(large, "sector", test="boschloo")
    assert boschloo["reason"].str.startswith("fisher_for_boschloo").all()
    assert set(boschloo["method"]) == {"fisher_exact"}
    few = survey.crosstab(survey.tally(responses_of(instrument, 60, gaps=0)), "sector", test="boschloo")
    assert not few["reason"].str.contains("fisher_for_boschloo").any()
    # Nothing overflows: everything of a report has a number.
    for ask in (survey.compare_group_ratings, survey.compare_ratings, survey.reliability):
        table = ask(large, "ratings")
        assert table["statistic"].notna().any()
        assert np.isfinite(table["statistic"].dropna()).all()
    for data, is_large in ((large, True), (counted, False)):
        said = survey.analyze(data).sheet("Notes").tables[0].data["what"].astype(str)
        assert said.str.contains("nearly every difference is significant").any() == is_large


def test_a_rare_option_keeps_exact_permutations():
    assert permutations_fallback(1_000_000, LEAST_EXPECTED - 1) == ""
    assert permutations_fallback(1_000_000, LEAST_EXPECTED) == "normal_permutations"
    assert permutations_fallback(FALLBACKS["normal_permutations"].above, 1e9) == ""


def test_too_many_patterns_leave_the_sums(monkeypatch):
    instrument = instrument_of(groups=2, needs=4, items=0, numbers=0, text=False)
    counted = survey.tally(responses_of(instrument, 200))
    full = {key: table.emptied(full=True) for key, table in counted.patterns.items()}
    tests = survey.association(replace(counted, patterns=full), "models", "needs").tests.set_index("method")
    kept = survey.association(counted, "models", "needs", draws=9).tests.set_index("method")
    for name in ("sum", "bonferroni"):
        assert tests.loc[name, "statistic"] == kept.loc[name, "statistic"]
    others = tests.drop(["sum", "bonferroni"])
    assert others["p_value"].isna().all()
    assert others["reason"].str.contains("too_many_patterns untested").all()


def test_values_that_were_rounded_are_said_to_be():
    instrument = instrument_of(groups=0, needs=0, items=0, numbers=1, text=False)
    frame = pd.DataFrame({"number0": np.random.default_rng(1).normal(size=70_000)})
    responses = survey.from_frame(frame, instrument)
    both = (responses, survey.tally(responses))
    of_rows, of_tally = (survey.number_summary(data, "number0") for data in both)
    assert of_rows["reason"].tolist() == [""]
    assert of_tally["reason"].tolist() == ["rounded_values"]
    for name in ("mean", "median", "sd", "q1", "q3"):
        assert of_tally[name].iloc[0] == pytest.approx(of_rows[name].iloc[0], rel=2e-4, abs=1e-5)


def test_the_page_lists_every_fallback():
    page = (ROOT / "docs" / "tally.md").read_text(encoding="utf-8")
    for one in FALLBACKS.values():
        assert f"| `{one.code}` | {one.what} | {one.above:,} | {one.why} |" in page
        assert one.code in REASONS


def test_the_chinese_page_lists_every_fallback():
    page = (ROOT / "docs" / "zh" / "tally.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([\d,]+) \|", page, re.MULTILINE)
    assert sorted(listed) == sorted((one.code, f"{one.above:,}") for one in FALLBACKS.values())


def test_combinations_of_few_points_need_no_rows():
    """No array of pairs of respondents: a million of them take what a thousand take."""
    from survey.statistics.ratings import cliff_delta

    small, large = ([1, 2, 3, 2, 1], [3, 1, 1, 2, 1]), ([10**9, 2 * 10**9, 0, 5, 1], [10**9, 0, 3, 1, 7])
    assert -1 < cliff_delta(*small)[0] < 1
    assert -1 < cliff_delta(*large)[0] < 1
    pairs = list(product(range(5), repeat=2))
    n, m = map(sum, large)
    share = sum(np.sign(a - b) * large[0][a] * large[1][b] for a, b in pairs) / (n * m)
    assert cliff_delta(*large)[0] == pytest.approx(share, abs=1e-15)
