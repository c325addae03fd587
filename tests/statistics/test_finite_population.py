"""Shares of finite populations: against R, against what is certain, and in every table that takes one."""

import csv
import math
from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import survey
from survey import UsageError
from survey.instrument.question import AskedIf
from survey.statistics.finite_population import hypergeometric_limits
from survey.statistics.intervals import difference_interval, share_interval
from tests.conftest import REFERENCE
from tests.statistics.helpers import check_table, close, overlapping_groups

DRAWN = st.integers(1, 400).flatmap(
    lambda size: st.integers(1, size).flatmap(
        lambda base: st.tuples(st.integers(0, base), st.just(base), st.just(size))
    )
)


@pytest.fixture(scope="module")
def known():
    numbers = defaultdict(lambda: defaultdict(dict))
    with (REFERENCE / "population.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            value = math.nan if row["value"] == "NA" else float(row["value"])
            numbers[row["topic"]][row["key"]][row["statistic"]] = value
    return numbers


def test_shares_as_in_r(known):
    assert len(known["share"]) == 63
    for key, own in known["share"].items():
        *whole, level = key.split("|")
        n, base, size = map(int, whole)
        limits = share_interval(n, base, population=size, confidence=float(level))
        assert close(limits, (own["low"], own["high"])), key
        if own["exact_low"] == own["exact_low"]:
            exact = share_interval(
                n, base, population=size, confidence=float(level), interval="hypergeometric"
            )
            assert close(exact, (own["exact_low"], own["exact_high"])), key


@pytest.mark.parametrize(
    ("n", "low", "high", "exact_low", "exact_high"),
    [(118, 0.8027, 0.9046, 0.8017, 0.9083), (41, 0.2367, 0.3704, 0.2333, 0.3733), (0, 0, 0.0212, 0, 0.0233)],
)
def test_137_of_600(n, low, high, exact_low, exact_high):
    assert [round(float(one), 4) for one in share_interval(n, 137, population=600)] == [low, high]
    exact = share_interval(n, 137, population=600, interval="hypergeometric")
    assert [round(float(one), 4) for one in exact] == [exact_low, exact_high]


def test_differences_as_in_r(known):
    for key, own in known["difference"].items():
        n, base, size, other_n, other_base, other_size = map(int, key.split("|"))
        limits = difference_interval(n, base, other_n, other_base, populations=(size, other_size))
        assert close(limits, (own["low"], own["high"])), key
    unknown = difference_interval(9, 10, 3, 10, populations=(math.nan, math.nan))
    assert close(unknown, difference_interval(9, 10, 3, 10))


@given(DRAWN, st.sampled_from(["wilson", "hypergeometric"]), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_limits_are_certain_mirrored_and_no_wider_than_without(drawn, interval, confidence):
    n, base, size = drawn
    low, high = share_interval(n, base, population=size, interval=interval, confidence=confidence)
    assert n / size - 1e-12 <= low <= n / base + 1e-12
    assert n / base - 1e-12 <= high <= (size - base + n) / size + 1e-12
    mirrored = share_interval(base - n, base, population=size, interval=interval, confidence=confidence)
    assert close((1 - mirrored[1], 1 - mirrored[0]), (low, high))
    whole = "wilson" if interval == "wilson" else "clopper_pearson"
    least, most = share_interval(n, base, interval=whole, confidence=confidence)
    if interval == "wilson" and size - base >= 10:
        assert least - 1e-9 <= low
        assert high <= most + 1e-9
    if size == base:
        assert low == high == n / base


def test_a_large_population_is_none():
    assert close(share_interval(41, 137, population=math.nan), share_interval(41, 137))
    assert share_interval(41, 137, population=10**9) == pytest.approx(share_interval(41, 137), abs=1e-6)
    exact = share_interval(41, 137, population=10**7, interval="hypergeometric")
    assert exact == pytest.approx(share_interval(41, 137, interval="clopper_pearson"), abs=1e-5)


def test_few_left_take_the_exact_limits():
    for size in range(21, 30):
        exact = hypergeometric_limits(11, 20, size, 0.95)
        assert tuple(map(float, share_interval(11, 20, population=size))) == exact
    score = tuple(map(float, share_interval(11, 20, population=30)))
    assert score != hypergeometric_limits(11, 20, 30, 0.95)
    # None of 20 of 22: one may yet be there, which the corrected score interval rules out.
    assert share_interval(0, 20, population=22)[1] == 1 / 22


def test_arrays_may_know_some_populations():
    low, high = share_interval([3, 3, 3, 0], [4, 4, 4, 0], population=[4, math.nan, 400, 8])
    assert (low[0], high[0]) == (0.75, 0.75)
    assert close((low[1], high[1]), share_interval(3, 4))
    assert low[1] < low[2] < high[2] < high[1]
    assert np.isnan([low[3], high[3]]).all()
    exact = share_interval([3, 3], [4, 4], population=[math.nan, 5], interval="hypergeometric")
    assert close((exact[0][0], exact[1][0]), share_interval(3, 4, interval="clopper_pearson"))
    assert (exact[0][1], exact[1][1]) == (0.6, 0.8)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"population": 3}, "4 answered, more than the population of 3"),
        ({"interval": "hypergeometric"}, "Say how many there are"),
        ({"interval": "jeffreys", "population": 9}, "not made for a finite population"),
        ({"interval": "wald", "population": 9}, "hypergeometric"),
    ],
)
def test_what_cannot_be_is_refused(settings, words):
    with pytest.raises(UsageError, match=words):
        share_interval(3, 4, **settings)


def single_questions(**questions):
    """An instrument of single questions from the ids of their options."""
    schema = {
        "kind": "survey",
        "id": "singles",
        "version": "1.0.0",
        "languages": ["en"],
        "title": {"en": "Singles"},
    }
    schema["questions"] = [
        {
            **{"id": name, "kind": "single", "short": {"en": name}, "text": {"en": name}},
            "options": [{"id": option, "label": {"en": option}} for option in options],
        }
        for name, options in questions.items()
    ]
    return survey.Instrument.model_validate(schema, strict=False)


SIZES = overlapping_groups(
    size=["small"] * 8 + ["large"] * 12,
    **{f"channels__{name}": [1, 0] * 10 for name in ("agents", "online")},
    **{f"channels__{name}": [1, 0, 0, 0] * 5 for name in ("branches", "partners")},
)


def test_frequencies_know_the_population():
    plain = survey.frequencies(SIZES, "size").set_index("code")
    table = survey.frequencies(SIZES, "size", population=100)
    check_table(table, "frequency")
    own = table.set_index("code")
    assert close(own.loc["small", ["ci_low", "ci_high"]].tolist(), share_interval(8, 20, population=100))
    assert (own["ci_high"] - own["ci_low"] <= plain["ci_high"] - plain["ci_low"]).all()
    same = survey.frequencies(SIZES, "size", population={"all": 100})
    pd.testing.assert_frame_equal(table, same)
    everybody = survey.frequencies(SIZES, "size", population=20)
    assert (everybody["ci_low"] == everybody["proportion"]).all()
    assert (everybody["ci_high"] == everybody["proportion"]).all()
    exact = survey.frequencies(SIZES, "size", population=100, interval="hypergeometric")
    assert (exact["ci_high"] * 100 % 1 < 1e-9).all()


def test_importance_says_where_it_is_exact(overlapping):
    bases = survey.importance_shares(overlapping)["base"]
    table = survey.importance_shares(overlapping, population=int(bases.max()) + 3)
    check_table(table, "importance")
    assert table["reason"].str.contains("population_exact").all()
    assert "not asked: exact interval" in table["note"].iloc[0]
    many = survey.importance_shares(overlapping, population=500)
    assert not many["reason"].str.contains("population").any()
    low, high = share_interval(many["n_top"], many["base"], population=500)
    assert close(many["ci_low"].tolist(), low.tolist())
    assert close(many["ci_high"].tolist(), high.tolist())


def test_a_question_that_some_were_not_asked_has_their_part():
    asked_if = {"question": "exports", "any": ["yes"]}
    firms = single_questions(exports=["yes", "no"], places=["asia", "us"])
    routed = firms.questions[1].model_copy(
        update={"asked_if": AskedIf.model_validate(asked_if, strict=False)}
    )
    firms = firms.with_question(routed)
    frame = pd.DataFrame(
        {"exports": ["yes"] * 4 + ["no"] * 6, "places": ["asia", "us", "asia", "asia"] + [None] * 6}
    )
    responses = survey.from_frame(frame, firms)
    whole = survey.frequencies(responses, "places", population=10)
    assert whole["ci_low"].tolist() == whole["ci_high"].tolist() == [0.75, 0.25]  # all four were asked
    table = survey.frequencies(responses, "places", population=101).set_index("code")
    assert close(table.loc["asia", ["ci_low", "ci_high"]].tolist(), share_interval(3, 4, population=41))
    assert (table["reason"] == "population_estimated").all()
    assert ": 41" in table.loc["asia", "note"]


def test_groups_have_their_own_population_or_their_part():
    table = survey.crosstab(SIZES, "channels", banner="size", population={"all": 100, "small": 10})
    check_table(table, "crosstab")
    cells = table.set_index(["stub_code", "banner_code"])
    small = cells.loc["agents", "small"]
    assert close(tuple(small[["ci_low", "ci_high"]]), share_interval(4, 8, population=10))
    limits = difference_interval(4, 8, 6, 12, populations=(10, 90))
    assert close(tuple(small[["difference_low", "difference_high"]]), limits)
    assert small["reason"] == "population_exact test_uncorrected"
    large = cells.loc["agents", "large"]
    assert close(tuple(large[["ci_low", "ci_high"]]), share_interval(6, 12, population=60))
    assert "population_estimated" in large["reason"]
    assert ": 60" in large["note"]
    plain = survey.crosstab(SIZES, "channels", banner="size")
    assert plain["p_value"].tolist() == pytest.approx(table["p_value"].tolist(), nan_ok=True)


def test_estimates_are_rounded_up():
    table = survey.crosstab(SIZES, "channels", banner="size", population=51)  # 8 and 12 of 20
    cells = table.set_index(["stub_code", "banner_code"])
    assert ": 21" in cells.loc[("agents", "small"), "note"]
    assert ": 31" in cells.loc[("agents", "large"), "note"]


def test_a_group_of_which_nothing_is_known_is_not_corrected():
    known = {"small": 8}
    for compare in ("complement", "columns"):
        table = survey.crosstab(SIZES, "channels", banner="size", population=known, compare=compare)
        plain = survey.crosstab(SIZES, "channels", banner="size", compare=compare)
        check_table(table, compare if compare == "columns" else "crosstab")
        large = table["banner_code"] == "large"
        assert close(table.loc[large, "ci_low"].tolist(), plain.loc[large, "ci_low"].tolist())
        if compare == "complement":
            assert table.loc[large, "reason"].str.contains("population_unknown").all()
            small = table["banner_code"] == "small"
            assert (table.loc[small, "ci_low"] == table.loc[small, "ci_high"]).all()


def test_everybody_asked_leaves_no_interval_but_the_test():
    for compare in ("complement", "columns"):
        table = survey.crosstab(SIZES, "channels", banner="size", population=20, compare=compare)
        low, high = ("ci_low", "ci_high") if compare == "columns" else ("difference_low", "difference_high")
        table = table[table["difference"].notna()]
        assert close(table[low].tolist(), table["difference"].tolist())
        assert close(table[high].tolist(), table["difference"].tolist())
        assert table["p_value"].notna().any()
        assert table.loc[table["p_value"].notna(), "reason"].str.contains("test_uncorrected").all()


def test_columns_with_overlap_know_both_populations():
    responses = overlapping_groups(
        size=["small", "large", "small"] * 9,
        **{f"channels__{name}": marks for name, marks in _overlapping().items()},
    )
    wide = survey.crosstab(responses, "size", banner="channels", compare="columns")
    table = survey.crosstab(responses, "size", banner="channels", compare="columns", population=40)
    check_table(table, "columns")
    both = wide["ci_low"].notna() & (wide["overlap"] < wide["base"])
    assert (
        table.loc[both, "ci_high"] - table.loc[both, "ci_low"]
        < wide.loc[both, "ci_high"] - wide.loc[both, "ci_low"]
    ).all()
    assert table["p_value"].tolist() == pytest.approx(wide["p_value"].tolist(), nan_ok=True)


def _overlapping():
    return {
        "agents": [1, 1, 0] * 9,
        "branches": [1, 0, 0] * 9,
        "partners": [0, 1, 1] * 9,
        "online": [1] * 20 + [0] * 7,
    }


@pytest.mark.parametrize(
    ("population", "words"),
    [
        (True, "whole number"),
        (0, "whole number"),
        (600.0, "whole number"),
        ("600", "whole number"),
        ({}, "names nothing"),
        ({"all": -1}, "'all'"),
        ({1: 20}, "'1'"),
        ({"tiny": 20}, "No group of 'size' has the code tiny"),
        ({"all": 50, "small": 60}, "cannot be 60 of 'small' among 50"),
        (19, "channels: 20 answered, more than the population of 19"),
        ({"small": 7}, "channels . size . small: 8 answered"),
        (
            {"all": 100, "small": 95},
            "channels . size . small: 12 outside the group answered, more than the 5",
        ),
    ],
)
def test_a_population_that_cannot_be_is_refused(population, words):
    with pytest.raises(UsageError, match=words):
        survey.crosstab(SIZES, "channels", banner="size", population=population)


@pytest.mark.parametrize("size", [4, 5, 12, 4000])
def test_three_of_four_respondents(size):
    few = overlapping_groups(size=["small", "small", "small", "large"], channels__agents=[1, 1, 0, 1])
    for table in (
        survey.frequencies(few, "size", population=size),
        survey.frequencies(few, "channels", population=size),
    ):
        check_table(table, "frequency")
    for compare in ("complement", "columns"):
        table = survey.crosstab(few, "channels", banner="size", population=size, compare=compare, min_base=1)
        check_table(table, "columns" if compare == "columns" else "crosstab")
    assert share_interval(3, 4, population=4)[0] == 0.75


def test_no_respondents_and_everyone_in_every_group():
    nobody = overlapping_groups(size=pd.Series([], dtype=object), channels__agents=pd.Series([], dtype=float))
    check_table(survey.frequencies(nobody, "size", population=600), "frequency")
    check_table(survey.crosstab(nobody, "channels", banner="size", population=600), "crosstab")
    marks = {f"channels__{name}": [1] * 30 for name in ("agents", "branches", "partners", "online")}
    all_in_all = overlapping_groups(size=["small", "large", "small"] * 10, **marks)
    for compare in ("complement", "columns"):
        table = survey.crosstab(all_in_all, "size", banner="channels", population=45, compare=compare)
        check_table(table, "columns" if compare == "columns" else "crosstab")
    shares = survey.crosstab(all_in_all, "size", banner="channels", population=45)
    cell = shares[(shares["stub_code"] == "small") & (shares["banner_code"] == "agents")].iloc[0]
    assert close((cell["ci_low"], cell["ci_high"]), share_interval(20, 30, population=45))


def test_twenty_groups():
    firms = single_questions(group=[f"g{place}" for place in range(20)], yes=["yes", "no"])
    frame = pd.DataFrame(
        {"group": [f"g{place % 20}" for place in range(140)], "yes": ["yes", "no", "no"] * 46 + ["yes", "no"]}
    )
    responses = survey.from_frame(frame, firms)
    own = {f"g{place}": 7 + place for place in range(10)}
    table = survey.crosstab(responses, "yes", banner="group", population={"all": 600, **own})
    check_table(table, "crosstab")
    cells = table[table["stub_code"] == "yes"].set_index("banner_code")
    assert cells.loc["g0", "ci_low"] == cells.loc["g0", "ci_high"] == cells.loc["g0", "proportion"]
    assert (cells.loc[[f"g{place}" for place in range(10, 20)], "reason"].str.contains("estimated")).all()


def test_weighted_data_have_no_population():
    weights = pd.Series([0.5, 1.5] * 10)
    weighted = SIZES.with_weights(weights, "weight")
    for call in (survey.frequencies, survey.crosstab):
        with pytest.raises(UsageError, match="simple random sample"):
            call(
                weighted,
                "channels",
                population=100,
                **({"banner": "size"} if call is survey.crosstab else {}),
            )
    equal = SIZES.with_weights(pd.Series([2.0] * 20), "weight")
    pd.testing.assert_frame_equal(
        survey.frequencies(equal, "size", population=100), survey.frequencies(SIZES, "size", population=100)
    )


def test_precision_as_in_r(known):
    respondents = overlapping_groups(size=["small"] * 60 + ["large"] * 77)
    for key, own in known["sample"].items():
        size, margin = key.split("|")
        table = survey.precision(
            respondents, banner="size", population=int(size), margins=(float(margin),), questions=["size"]
        )
        check_table(table, "precision")
        row = table[(table["what"] == "sample") & (table["group"] == "")].iloc[0]
        assert row["needed_base"] == own["needed"], key
        base = table[table["what"] == "base"].iloc[0]
        assert base["margin"] == pytest.approx(own["margin"])
        assert base["population"] == int(size)


def test_precision_says_what_a_census_would_add():
    respondents = overlapping_groups(size=["small"] * 60 + ["large"] * 77)
    table = survey.precision(respondents, banner="size", population={"all": 600, "small": 61})
    census = table[table["what"] == "census"].set_index("group")
    assert census.loc["", ["base", "other_base", "population"]].tolist() == [137, 463, 600]
    assert census.loc["", "margin"] == pytest.approx(0.0736096742957446)
    note = (
        "asking the other 463 would take away the margin of ±7.4 points; asking 232 of them would leave ±3.2"
    )
    assert census.loc["", "note"] == note
    assert census.loc["small", "note"].startswith("asking the one that is left")
    assert census.loc["large", "reason"] == "census population_estimated"
    assert census.loc["large", "population"] == 338  # 600 x 77/137 = 337.2
    group = table[(table["what"] == "group") & (table["group"] == "large")].iloc[0]
    assert group["margin"] == census.loc["large", "margin"]
    whole = survey.precision(respondents, banner="size", population=137)
    done = whole[whole["what"] == "census"]
    assert (done["margin"] == 0).all()
    assert done["note"].str.contains("everybody was asked").all()
    samples = whole[(whole["what"] == "sample")]
    assert (samples["needed_base"] <= 137).all()
    plain = survey.precision(respondents, banner="size")
    assert not (plain["what"] == "census").any()
    assert plain["population"].isna().all()
    groups = survey.precision(respondents, banner="size", population={"small": 80})
    assert groups[groups["what"] == "census"]["group"].tolist() == ["small"]
    large = groups[(groups["what"] == "group") & (groups["group"] == "large")].iloc[0]
    assert large["reason"].split() == ["population_unknown"]
    with pytest.raises(UsageError, match="137 answered, more than the population of 136"):
        survey.precision(respondents, banner="size", population=136)


def test_a_tally_gives_the_same_numbers(overlapping):
    tally = survey.tally(overlapping, banners=["size", "channels"])
    for population in (len(overlapping), len(overlapping) + 4, 300, {"all": 300, "large": 60}):
        for call, question, settings in (
            (survey.frequencies, "channels", {}),
            (survey.importance_shares, "hurdles", {}),
            (survey.crosstab, "hurdles", {"banner": "size", "equivalent_within": 0.3}),
            (survey.crosstab, "size", {"banner": "channels", "compare": "columns"}),
        ):
            if isinstance(population, dict) and settings.get("banner") == "channels":
                continue
            own, other = (
                call(data, question, population=population, **settings) for data in (overlapping, tally)
            )
            pd.testing.assert_frame_equal(own, other, check_exact=True)


def test_hidden_cells_bear_no_corrected_intervals():
    for settings in ({"population": 100}, {"equivalent_within": 0.4}):
        table = survey.crosstab(SIZES, "channels", banner="size", **settings)
        with pytest.raises(UsageError, match="hidden counts"):
            survey.suppress(table)


@pytest.mark.parametrize(
    ("call", "question"), [(survey.frequencies, "channels"), (survey.importance_shares, "hurdles")]
)
def test_groups_alone_correct_no_share_of_all_and_that_is_said(overlapping, call, question):
    plain, own = call(overlapping, question), call(overlapping, question, population={"large": 60})
    assert own["ci_low"].tolist() == plain["ci_low"].tolist()
    assert own["reason"].str.contains("population_unknown").all()


def test_groups_that_exclude_each_other_are_no_more_than_all(overlapping):
    sizes = {"all": 200, "small": 130, "large": 120}
    with pytest.raises(UsageError, match="250 together, more than the population of 200"):
        survey.crosstab(overlapping, "channels", banner="size", population=sizes)
    with pytest.raises(UsageError, match="250 together"):
        survey.precision(overlapping, banner="size", population=sizes)
