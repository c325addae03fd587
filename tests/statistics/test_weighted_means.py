"""Weighted means, ranks, correlations and tables against R's survey; what weights may not change."""

import csv
import datetime
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import stdtrit

import survey
from survey.statistics.coefficients import CountedPairs
from survey.statistics.rao_scott import odds_ratio, rao_scott
from survey.statistics.weighted_means import (
    Difference,
    WeightedValues,
    cliff_delta,
    hedges_g,
    rank_difference,
    rank_test,
    ranked,
)
from tests.paths import ROOT
from tests.weighted_answers import library

REFERENCE = ROOT / "tests" / "reference"


def stored():
    """What R gives: {of: {statistic: value}}."""
    values = {}
    with (REFERENCE / "weighted_means.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            values.setdefault(row["of"], {})[row["statistic"]] = float(row["value"])
    return values


R = stored()
APISTRAT = pd.read_csv(REFERENCE / "weighted_means-apistrat.csv")
LIBRARY = pd.read_csv(REFERENCE / "weighted_means-data.csv")


def given(values, weights):
    weights = np.asarray(weights, float)
    return WeightedValues.of(values, np.ones(len(weights)), weights, weights**2)


def described(group):
    return {
        **{"mean": group.mean, "se": group.linearised**0.5, "sd": group.sd},
        "effective": group.effective_base,
        **dict(zip(("q1", "median", "q3"), map(group.quantile, (0.25, 0.5, 0.75)), strict=True)),
    }


@pytest.mark.parametrize("of", ["api00", "api00 E", "api00 H", "api00 M"])
def test_a_mean_is_that_of_r(of):
    schools = APISTRAT[APISTRAT["stype"].str.contains(of[6:])]
    assert described(given(schools["api00"], schools["pw"])) == pytest.approx(R[of], rel=1e-9)


def pooled_error(first, second):
    """The error of a difference, with n / (n - 1) of both groups together, as R's svyglm has it."""
    n = first.base + second.base
    parts = [one.linearised * (one.base - 1) / one.base for one in (first, second)]
    return (n / (n - 1) * sum(parts)) ** 0.5


def test_differences_of_means_and_of_ranks_are_those_of_r():
    two = APISTRAT[APISTRAT["stype"] != "M"].reset_index(drop=True)
    broken = two["enroll"] + (np.arange(len(two)) + 1) / 1000
    sides = [given(broken[two["stype"] == kind], two["pw"][two["stype"] == kind]) for kind in "EH"]
    expected = R["enroll"]
    assert sides[0].mean - sides[1].mean == pytest.approx(expected["difference"], rel=1e-9)
    assert pooled_error(*sides) == pytest.approx(expected["difference_se"], rel=1e-9)
    ranks = ranked(sides)
    difference = ranks[0].mean - ranks[1].mean
    assert difference == pytest.approx(expected["rank_difference"], rel=1e-9)
    assert difference / pooled_error(*ranks) == pytest.approx(expected["rank_t"], rel=1e-9)
    assert cliff_delta(*sides)[0] == pytest.approx(2 * difference, rel=1e-9)


def test_nearly_equal_weights_are_nearly_no_weights():
    from scipy.stats import ttest_ind

    from survey.statistics import through_pingouin
    from survey.statistics.eta_squared import eta_squared, weighted_eta_squared, weighted_welch_f
    from survey.statistics.ratings import cliff_delta as plain_delta
    from survey.statistics.weighted_means import Between

    rng = np.random.default_rng(3)
    groups = [np.round(rng.normal(place, 2, 9 + 3 * place)) for place in range(3)]
    sides = [given(group, 1 + 1e-11 * rng.normal(size=len(group))) for group in groups]
    plain = ttest_ind(*groups[:2], equal_var=False)
    difference = Difference.of(*sides[:2])
    own = (difference.statistic, difference.df, difference.p_value, *difference.interval(0.9))
    expected = (plain.statistic, plain.df, plain.pvalue, *plain.confidence_interval(0.9))
    assert own == pytest.approx(expected, rel=1e-7)
    assert hedges_g(*sides[:2], confidence=0.9) == pytest.approx(
        through_pingouin.hedges_g(*groups[:2], 0.9), rel=1e-7
    )
    assert weighted_eta_squared(Between.of(sides)) == pytest.approx(eta_squared(groups), rel=1e-7)
    assert weighted_welch_f(Between.of(sides))[0] == pytest.approx(
        through_pingouin.welch_anova(groups)[0], rel=1e-7
    )
    points = np.union1d(*groups[:2])
    histograms = [[int((group == point).sum()) for point in points] for group in groups[:2]]
    assert cliff_delta(*sides[:2]) == pytest.approx(plain_delta(*histograms), rel=1e-7)


def test_weights_of_another_scale_change_nothing_but_their_sums():
    values, weights = [1, 2, 2, 5, 9], np.array([0.5, 1, 2, 3, 0.25])
    one, other = given(values, weights), given(values, 1000 * weights)
    for name in ("mean", "sd", "linearised", "variance", "effective_base"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-12)
    assert other.interval(0.9) == pytest.approx(one.interval(0.9), rel=1e-12)


def test_respondents_split_in_two_leave_every_point_where_it_was():
    values, weights = np.array([1, 2, 2, 5, 9]), np.array([0.5, 1, 2, 3, 0.25])
    whole = given(values, weights)
    halves = given(np.repeat(values, 2), np.repeat(weights / 2, 2))
    assert (halves.mean, halves.spread) == pytest.approx((whole.mean, whole.spread), rel=1e-12)
    shares = np.linspace(0.05, 0.95, 19)
    assert [halves.quantile(share) for share in shares] == [whole.quantile(share) for share in shares]
    assert halves.effective_base == pytest.approx(2 * whole.effective_base, rel=1e-12)


def test_who_has_no_weight_counts_and_says_nothing():
    with_nobody = WeightedValues.of([1, 2, 7], [1, 1, 1], [1.0, 1.0, 0.0], [1.0, 1.0, 0.0])
    assert (with_nobody.base, with_nobody.mean, with_nobody.effective_base) == (3, 1.5, 2.0)
    assert [with_nobody.quantile(share) for share in (0.4, 0.5, 0.6, 1.0)] == [1, 1.5, 2, 2]
    alone = WeightedValues.of([3, 4], [1, 1], [1.0, 0.0], [1.0, 0.0])
    assert alone.constant
    assert all(limit != limit for limit in alone.interval(0.95))


def test_one_respondent_with_half_the_weight_widens_the_interval():
    values = np.arange(1.0, 11.0)
    equal, heavy = given(values, np.ones(10)), given(values, [9, *[1] * 9])
    assert heavy.effective_base == pytest.approx(18**2 / 90)
    assert heavy.interval(0.95)[1] - heavy.interval(0.95)[0] > 1.5 * (
        equal.interval(0.95)[1] - equal.interval(0.95)[0]
    )


def test_everybody_higher_has_cliffs_limits():
    first, second = given([4, 5, 5], [1, 2, 1]), given([1, 2, 3], [1, 1, 3])
    delta, low, high = cliff_delta(first, second)
    assert (delta, high) == (1.0, 1.0)
    assert low < 1
    assert cliff_delta(second, first) == (-1.0, -1.0, -low)


def pairs_of(first, second, weights):
    kept = pd.DataFrame({"x": first, "y": second, "w": weights}).dropna().astype(float)
    squares = kept["w"] ** 2
    parts = (kept["x"], kept["y"], np.ones(len(kept)), kept["w"], squares)
    return CountedPairs(*(np.asarray(part, float) for part in parts))


@pytest.mark.parametrize(
    ("of", "ranks"),
    [
        ("api99 api00", False),
        ("visits distance", False),
        ("visits distance ranks", True),
        ("staff rooms ranks", True),
        ("staff rooms", False),
    ],
)
def test_a_correlation_is_that_of_r(of, ranks):
    names = of.removesuffix(" ranks").split()
    if names[0] == "api99":
        pairs = pairs_of(APISTRAT["api99"], APISTRAT["api00"], APISTRAT["pw"])
    else:
        columns = [next(column for column in LIBRARY if column.endswith(name)) for name in names]
        pairs = pairs_of(*(LIBRARY[column] for column in columns), LIBRARY["weight"])
    correlation = (pairs.ranked() if ranks else pairs).correlation()
    error = (correlation.variance * pairs.base / (pairs.base - 1)) ** 0.5
    assert (correlation.value, error) == pytest.approx((R[of]["r"], R[of]["r_se"]), rel=1e-9)
    assert correlation.base <= pairs.effective_base


def test_a_correlation_of_nearly_equal_weights_is_that_of_none():
    pairs = pairs_of(LIBRARY["visits"], LIBRARY["distance"], np.linspace(1, 1 + 1e-11, len(LIBRARY)))
    plain = CountedPairs(pairs.first, pairs.second, pairs.counts)
    for one, other in ((pairs, plain), (pairs.ranked(), plain.ranked())):
        first, second = one.correlation(), other.correlation()
        assert first.interval() == pytest.approx(second.interval(), rel=1e-8)
        assert (first.value, first.p_value) == pytest.approx((second.value, second.p_value), rel=1e-8)


def tables_of(first, second, weights):
    kept = pd.DataFrame({"a": first, "b": second, "w": weights, "w2": np.asarray(weights) ** 2}).dropna()
    sums = [kept.pivot_table(name, "a", "b", "sum", fill_value=0.0).to_numpy() for name in ("w", "w2")]
    return *sums, len(kept)


@pytest.mark.parametrize("of", ["stype awards", "sch.wide awards", "branch member", "books hours"])
def test_a_table_is_that_of_r(of):
    names = of.split()
    data = APISTRAT if "awards" in names else LIBRARY
    columns = [next(column for column in data if column.endswith(name)) for name in names]
    weights, squares, base = tables_of(*(data[name] for name in columns), data[data.columns[-1]])
    tested = rao_scott(weights, squares, base)
    own = {
        **{"f": tested.statistic, "ndf": tested.df, "ddf": tested.df * (base - 1), "p": tested.p_value},
        **{"chi_square": tested.chi_square},
        "v": (tested.chi_square / base / (min(weights.shape) - 1)) ** 0.5,
    }
    if weights.shape == (2, 2):
        ratio, low, high = odds_ratio(weights, squares, base)
        own |= {"log_or": np.log(ratio), "log_or_se": np.log(high / low) / 2 / 1.959963984540054}
    expected = R[of] if weights.all() else R[of] | {"log_or": np.inf, "log_or_se": np.nan}
    assert own == pytest.approx(expected, rel=1e-9, nan_ok=True)


def test_ranks_of_nearly_equal_weights_are_judged_hardly_more_carefully_than_without():
    from scipy.special import ndtri
    from scipy.stats import kruskal, mannwhitneyu

    rng = np.random.default_rng(5)
    groups = [np.round(rng.normal(place / 2, 2, 9 + 3 * place)) for place in range(3)]
    sides = [given(group, 1 + 1e-11 * rng.normal(size=len(group))) for group in groups]
    plain = mannwhitneyu(groups[0], groups[2], use_continuity=False, method="asymptotic")
    statistic, z = abs(rank_difference(sides[0], sides[2]).statistic), -ndtri(plain.pvalue / 2)
    assert 0.9 * z < statistic <= z * (1 + 1e-9)
    plain_h = kruskal(*groups).statistic
    assert 0.9 * plain_h < rank_test(sides)[0] <= plain_h * (1 + 1e-9)
    assert rank_test([sides[0], sides[2]])[0] == pytest.approx(statistic**2, rel=1e-9)


def test_groups_that_nothing_joins_have_a_p_all_the_same():
    first, second = given([5] * 6, np.linspace(1, 2, 6)), given([3] * 7, np.linspace(1, 2, 7))
    difference = rank_difference(first, second)
    assert difference.value == pytest.approx(0.5)
    assert 0 < difference.p_value < 0.01


def rows_of(frame, *keys):
    return {
        tuple(row[key] for key in keys): row
        for row in frame.fillna(dict.fromkeys(keys, "")).to_dict("records")
    }


@pytest.mark.parametrize("banner", ["branch", "uses"])
def test_number_summaries_are_those_of_r(banner):
    for question in ("visits", "distance"):
        for row in survey.number_summary(library(), question, banner=banner).to_dict("records"):
            expected = R[f"{question} {row['banner_code']}".strip()]
            for name in ("mean", "sd", "q1", "median", "q3"):
                assert row[name] == pytest.approx(expected[name], rel=1e-9)
            assert row["effective_base"] == pytest.approx(expected["effective"], rel=1e-9)
            half = (row["ci_high"] - row["ci_low"]) / 2
            t_of_half = half / expected["se"]
            assert t_of_half >= stdtrit(expected["effective"] - 1, 0.975) * (1 - 1e-9)


def test_scores_rankings_sums_and_dates_are_those_of_r():
    responses = library()
    for row in survey.net_promoter(responses, "recommend", banner="branch").to_dict("records"):
        assert row["mean"] == pytest.approx(R[f"recommend {row['banner_code']}".strip()]["mean"], rel=1e-9)
    for row in survey.rankings(responses, "matters", banner="uses").to_dict("records"):
        of = f"matters__{row['code']} {row['banner_code']}".strip()
        assert row["mean_rank"] == pytest.approx(R[of]["mean"], rel=1e-9)
    for row in survey.allocations(responses, "budget", banner="branch").to_dict("records"):
        expected = R[f"budget__{row['code']} {row['banner_code']}".strip()]
        own = [100 * row[name] for name in ("share", "sd", "median")]
        assert own == pytest.approx([expected[name] for name in ("mean", "sd", "median")], rel=1e-9)
    middle = survey.date_summary(responses, "joined").iloc[0]["median"]
    assert (middle - datetime.date(1970, 1, 1)).days == R["joined"]["median"]


def test_shares_of_scores_rankings_sums_and_dates_are_shares_of_the_weight():
    frame, responses = LIBRARY, library()
    answered = frame.dropna(subset="recommend")
    row = survey.net_promoter(responses, "recommend").iloc[0]
    promoters = answered["weight"][answered["recommend"] >= 9].sum() / answered["weight"].sum()
    detractors = answered["weight"][answered["recommend"] <= 6].sum() / answered["weight"].sum()
    assert row["promoters"] == pytest.approx(promoters)
    assert row["score"] == pytest.approx(promoters - detractors)
    assert row["ci_low"] < row["score"] < row["ci_high"]
    ranked_any = frame[frame.filter(like="matters__").notna().any(axis=1)]
    first = ranked_any["weight"][ranked_any["matters__help"] == 1].sum() / ranked_any["weight"].sum()
    assert rows_of(survey.rankings(responses, "matters"), "code")[("help",)]["first"] == pytest.approx(first)
    gave = frame.dropna(subset="budget__stock")
    some = gave["weight"][gave["budget__stock"] > 0].sum() / gave["weight"].sum()
    assert survey.allocations(responses, "budget").iloc[0]["something"] == pytest.approx(some)
    dated = frame.dropna(subset="joined")
    share = dated["weight"][dated["joined"].str[:4] == "2023"].sum() / dated["weight"].sum()
    counted = rows_of(survey.date_counts(responses, "joined"), "period")
    assert counted[("2023",)]["proportion"] == pytest.approx(share)


def test_tests_of_association_are_those_of_r():
    responses = library()
    line = survey.association(responses, "branch", "member").tests.set_index("method").loc["chi_square"]
    expected = R["branch member"]
    own = [line["statistic"], line["df"], line["p_value"], line["effect"]]
    assert own == pytest.approx([expected[name] for name in ("f", "ndf", "p", "v")], rel=1e-9)
    found = survey.association(responses, "uses", "wishes", draws=9)
    line, expected = found.tests.set_index("method").loc["rao_scott"], R["uses wishes"]
    own = [line["statistic"], line["df"], line["p_value"]]
    assert own == pytest.approx([expected[name] for name in ("f", "ndf", "p")], rel=1e-9)
    assert found.p_value == line["p_value"]
    assert "Rao-Scott F = 0.53" in found.sentence
    total = found.tests.set_index("method").loc["sum", "statistic"]
    assert total == pytest.approx(expected["sum"], rel=1e-9)
    cell = rows_of(found.cells, "row_code", "column_code")[("books", "hours")]
    kept = LIBRARY.dropna(subset=["uses__books", "wishes__hours"])
    assert len(kept) == cell["base"]
    assert cell["p_value"] == pytest.approx(R["books hours"]["p"], rel=1e-9)
    assert np.log(cell["odds_ratio"]) == pytest.approx(R["books hours"]["log_or"], rel=1e-7)
    assert "加权" in survey.association(responses, "uses", "wishes", draws=9, lang="zh").sentence
    single = survey.association(responses, "branch", "member", draws=9)
    assert single.reported == "chi_square"
    assert "Rao-Scott F = 0.07" in single.sentence


def test_correlations_are_those_of_r():
    rows = rows_of(survey.correlations(library()), "item", "other_item")
    assert rows["staff", "rooms"]["correlation"] == pytest.approx(R["staff rooms ranks"]["r"], rel=1e-9)
    two = survey.correlations(library(), ["visits", "distance"], method="pearson").iloc[0]
    assert two["correlation"] == pytest.approx(R["visits distance"]["r"], rel=1e-9)


def test_two_questions_raked_crossed_have_a_table_that_is_set():
    told = library()
    weighting = replace(told.provenance.weighting, source="rake", targets=("branch*member", "wishes__cafe"))
    raked = replace(told, provenance=replace(told.provenance, weighting=weighting))
    found = survey.association(raked, "member", "branch", draws=9)
    for table in (found.tests, found.cells):
        assert all("target untested" in reason for reason in table["reason"])
        assert table["p_value"].isna().all()
        assert table["effective_base"].notna().all()
    assert "could not be tested" in found.sentence
    beside = survey.association(raked, "branch", "uses", draws=9)
    assert not beside.tests["reason"].str.contains("target").any()


def test_intervals_of_the_linearised_variance_are_those_of_shares():
    responses = library()
    for interval in ("logit", "korn_graubard"):
        score = survey.net_promoter(responses, "recommend", interval=interval).iloc[0]
        own = survey.frequencies(responses, "recommend", interval=interval)
        assert own["effective_base"].iloc[0] == pytest.approx(score["effective_base"])
        one = survey.rankings(responses, "matters", interval=interval).iloc[0]
        assert one["first_low"] < one["first"] < one["first_high"]
    narrow, wide = (
        survey.allocations(responses, "budget", interval=interval).iloc[0]
        for interval in ("wilson", "korn_graubard")
    )
    assert narrow["something"] == wide["something"]
    assert narrow["something_low"] != wide["something_low"]
