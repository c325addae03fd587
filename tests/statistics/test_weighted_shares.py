"""Weighted shares: R's survey package, what weights must not change, what they cannot say, tallies."""

import json
from dataclasses import replace
from functools import cache
from itertools import combinations
from math import atanh, sqrt, tanh

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import survey
from survey import Instrument
from survey.ingest.provenance import Weighting
from survey.statistics.indicators import share_sums
from survey.statistics.intervals import share_interval
from survey.statistics.weighted import effective_base, rao_scott_f, share_variance
from tests.counts.shapes import instrument_of, responses_of
from tests.paths import ROOT

FOLDER = ROOT / "tests" / "reference"
TICKS = {"yes": "awards", "wide": "sch.wide", "grown": "comp.imp", "two": "both"}
CASES = ("apistrat", "apisrs", "lottery")


def options_of(*codes):
    return [{"id": code, "label": {"en": code.title()}} for code in codes]


@cache
def schools():
    """The instrument of R's samples of schools: their type, and four properties twice."""
    questions = [
        {"id": "stype", "kind": "single", "options": options_of("e", "h", "m")},
        {"id": "ticks", "kind": "multiple", "options": options_of(*TICKS)},
        {"id": "traits", "kind": "multiple", "options": options_of(*TICKS)},
    ]
    for question in questions:
        question |= {"short": {"en": question["id"]}, "text": {"en": question["id"]}}
    data = {"kind": "survey", "id": "schools", "version": "1.0.0", "languages": ["en"]}
    data |= {"title": {"en": "Schools"}, "questions": questions, "defaults": {"banner": "stype"}}
    return Instrument.model_validate_json(json.dumps(data))


@cache
def sample(case):
    """One of R's samples with its weights, which are raked of the second and drawn of the third."""
    table = pd.read_csv(FOLDER / "weights-data.csv")
    table = table[table["sample"] == ("apisrs" if case == "apisrs" else "apistrat")].reset_index(drop=True)
    frame = pd.DataFrame({"stype": table["stype"].str.lower()})
    for code, column in TICKS.items():
        for question in ("ticks", "traits"):
            frame[f"{question}__{code}"] = (table[column] == "Yes").astype(int)
    weights = table["lottery" if case == "lottery" else "w"]
    return survey.from_frame(frame, schools()).with_weights(weights, "w")


@cache
def numbers():
    """The numbers of R by case and name."""
    table = pd.read_csv(FOLDER / "weights.csv")
    return {(row.case, row.name_): row.value for row in table.rename(columns={"name": "name_"}).itertuples()}


def of_r(case, *names):
    return numbers()[case, " ".join(names)]


# -- R's survey package --------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_shares_and_their_intervals_are_those_of_r(case):
    for level in (0.9, 0.95):
        for interval, method in (("logit", "logit"), ("logit", "xlogit"), ("korn_graubard", "beta")):
            table = survey.frequencies(sample(case), "ticks", interval=interval, confidence=level)
            for row in table.itertuples():
                assert row.proportion == pytest.approx(of_r(case, "share", row.code), rel=1e-12)
                own = [of_r(case, method, str(level), row.code, end) for end in ("low", "high")]
                assert [row.ci_low, row.ci_high] == pytest.approx(own, rel=1e-9)
                assert row.effective_base == pytest.approx(of_r(case, "kish"), rel=1e-12)
                assert row.weighted_base == pytest.approx(200)
                assert row.weighted_n == pytest.approx(200 * row.proportion)


@pytest.mark.parametrize("case", CASES)
def test_standard_errors_are_those_of_r_and_wilson_is_at_the_effective_base(case):
    responses = sample(case)
    table = survey.frequencies(responses, "ticks")
    weights = responses.weights.to_numpy()
    for row in table.itertuples():
        ticked = responses.data[f"ticks__{row.code}"].to_numpy(dtype=float)
        sums = [side @ weights**power for power in (1, 2) for side in (ticked, 1 - ticked)]
        assert sqrt(share_variance(200, *sums)) == pytest.approx(of_r(case, "se", row.code), rel=1e-12)
        size = weights.sum() ** 2 / (weights**2).sum()
        share = (ticked @ weights) / weights.sum()
        wilson = share_interval(share * size, size)
        assert [row.ci_low, row.ci_high] == pytest.approx(wilson, rel=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_a_group_against_the_rest_is_that_of_r(case):
    table = survey.crosstab(sample(case), "ticks")
    assert set(table["method"]) == {"rao_scott_f"}
    for row in table.itertuples():
        names = (row.banner_code.upper(), row.stub_code)
        assert row.difference == pytest.approx(of_r(case, "difference", *names), rel=1e-10, abs=1e-14)
        assert row.p_value == pytest.approx(of_r(case, "chisq p", *names), rel=1e-8)
        assert row.base + row.complement_base == of_r(case, "chisq df", *names) + 1
        one, other = row.proportion, row.proportion - row.difference
        sizes = (row.effective_base, row.complement_effective_base)
        limits = [share_interval(share * size, size) for share, size in zip((one, other), sizes, strict=True)]
        low = row.difference - sqrt((one - limits[0][0]) ** 2 + (limits[1][1] - other) ** 2)
        high = row.difference + sqrt((limits[0][1] - one) ** 2 + (other - limits[1][0]) ** 2)
        assert [row.difference_low, row.difference_high] == pytest.approx([low, high], abs=1e-12)
    rows = table[table["p_value"].notna()]
    assert (rows["p_adjusted"] >= rows["p_value"]).all()


def test_the_statistic_is_that_of_svychisq():
    for case in CASES:
        responses = sample(case)
        weights = responses.weights.to_numpy()
        for group in "ehm":
            inside = (responses.data["stype"] == group).to_numpy()
            for code in TICKS:
                ticked = responses.data[f"ticks__{code}"].to_numpy(dtype=bool)
                cells = [a & b for a in (inside, ~inside) for b in (ticked, ~ticked)]
                sums = [[(weights[cell] ** power).sum() for cell in cells] for power in (1, 2)]
                own = rao_scott_f(*sums, 200)
                assert own == pytest.approx(of_r(case, "chisq F", group.upper(), code), rel=1e-8)


@pytest.mark.parametrize("case", CASES)
def test_items_of_the_same_schools_are_those_of_r(case):
    table = survey.compare_items(sample(case), "ticks")
    pairs = table[table["test"] == "paired_f"]
    assert len(pairs) == 6
    for row in pairs.itertuples():
        names = (row.item, row.other_item)
        assert row.effect == pytest.approx(of_r(case, "paired", *names), rel=1e-9, abs=1e-14)
        expected = of_r(case, "paired p", *names)
        assert row.p_value == pytest.approx(1.0 if expected != expected else expected, rel=1e-7)
        assert row.ci_low <= row.effect <= row.ci_high
        if expected == expected:
            own = (row.effect / of_r(case, "paired se", *names)) ** 2
            assert row.statistic == pytest.approx(own, rel=1e-7)
    (whole,) = table[table["test"] == "cochran_q"].itertuples()
    assert "unweighted" in whole.reason.split()
    plain = survey.compare_items(plain_of(sample(case)), "ticks")
    assert whole.statistic == plain.loc[0, "statistic"]


@pytest.mark.parametrize("case", CASES)
def test_columns_that_share_schools_are_those_of_r(case):
    table = survey.crosstab(sample(case), "ticks", banner="traits", compare="columns")
    cells = table.set_index(["stub_code", "banner_code", "other_code"])
    row = cells.loc[("yes", "wide", "grown")]
    assert row["method"] == "overlap_f"
    assert row["difference"] == pytest.approx(of_r(case, "overlap wide grown"), rel=1e-10)
    either = int(row["base"] + row["other_base"] - row["overlap"])
    # R counts all 200 schools, of which those in neither group contribute nothing.
    squared = of_r(case, "overlap se wide grown") ** 2 * (199 / 200) * either / (either - 1)
    assert row["p_value"] == pytest.approx(
        stats.f.sf(row["difference"] ** 2 / squared, 1, either - 1), rel=1e-8
    )
    assert row["ci_low"] < row["difference"] < row["ci_high"]


@pytest.mark.parametrize("case", CASES)
def test_phi_is_that_of_r(case):
    table = survey.cooccurrence(sample(case), "ticks").set_index(["code", "other_code"])
    row = table.loc[("yes", "wide")]
    phi, se = of_r(case, "phi yes wide"), of_r(case, "phi se yes wide")
    assert row["phi"] == pytest.approx(phi, rel=1e-10)
    half = 1.959963984540054 * max(se / (1 - phi**2), 1 / sqrt(row["effective_base"] - 3))
    assert [row["ci_low"], row["ci_high"]] == pytest.approx(
        [tanh(atanh(phi) - half), tanh(atanh(phi) + half)]
    )


def test_unweighted_intervals_of_the_variance_are_those_of_equal_weights():
    # n_eff = p (1 - p) / variance = 199 of 200, as svyciprop(method = "beta") has it without weights
    low, high = share_interval(113, 200, interval="korn_graubard")
    own = stats.beta.ppf([0.025, 0.975], [0.565 * 199, 0.565 * 199 + 1], [0.435 * 199 + 1, 0.435 * 199])
    assert [low, high] == pytest.approx(own)
    middle, half = np.log(0.565 / 0.435), stats.t.ppf(0.975, 199) / sqrt(199 * 0.565 * 0.435)
    own = 1 / (1 + np.exp(-(middle + np.array([-half, half]))))
    assert share_interval(113, 200, interval="logit") == pytest.approx(own)
    for interval in ("logit", "korn_graubard"):
        assert share_interval(0, 20, interval=interval) == pytest.approx((0, 1 - 0.025 ** (1 / 20)))
        assert share_interval(20, 20, interval=interval) == pytest.approx((0.025 ** (1 / 20), 1))
        assert np.isnan(share_interval(0, 0, interval=interval)).all()
        assert share_interval(1, 1, interval=interval)[1] == 1.0


# -- what weights must not change ----------------------------------------------------------------------------


def plain_of(responses):
    """The same without weights."""
    return replace(responses, meta=responses.meta.drop(columns="weight"))


def tables_of(data, instrument):
    """Every statistic of shares of every question and banner, by its call."""
    groups = [one for one in instrument.questions if one.kind in ("single", "multiple")]
    for question in instrument.questions:
        name = question.id
        if question.kind in ("single", "multiple", "rating"):
            for interval in ("wilson", "logit", "korn_graubard", "clopper_pearson"):
                yield f"frequencies {name} {interval}", survey.frequencies(data, name, interval=interval)
            for banner in groups:
                if banner.id == name:
                    continue
                for only in (None, "exclusive", "mixed"):
                    for compare in ("complement", "columns"):
                        call = {"banner": banner.id, "only": only, "compare": compare}
                        margin = {"equivalent_within": 0.2} if only is None else {}
                        yield f"crosstab {name} {call}", survey.crosstab(data, name, **call, **margin)
        if question.kind in ("multiple", "rating"):
            yield f"compare_items {name}", survey.compare_items(data, name, equivalent_within=0.2)
            yield f"rank_sets {name}", survey.rank_sets(data, name)
        if question.kind == "rating":
            yield f"importance {name}", survey.importance_shares(data, name)
        if question.kind == "multiple":
            yield f"cooccurrence {name}", survey.cooccurrence(data, name)
            yield f"mentions {name}", survey.mentions(data, name)
            yield f"mention_summary {name}", survey.mention_summary(data, name)
            yield f"reach {name}", survey.reach(data, name, draws=9)
        if question.kind in ("single", "multiple"):
            yield f"overlaps {name}", survey.overlaps(data, name)


SHAPES = {
    "gaps": lambda: responses_of(instrument_of(groups=4, items=4, points=7), 60, gaps=0.15),
    "no group": lambda: responses_of(instrument_of(groups=0), 40),
    "one group": lambda: responses_of(instrument_of(groups=1, items=2, points=3), 40),
    "everybody in every group": lambda: responses_of(instrument_of(groups=3), 30, everybody=True),
    "three respondents": lambda: responses_of(instrument_of(groups=2), 3, gaps=0),
    "twenty groups": lambda: responses_of(instrument_of(groups=20, needs=2, exclusive=0, items=2), 80),
}


@cache
def shape(name):
    return SHAPES[name]()


def lottery(size, seed=5):
    weights = np.random.default_rng(seed).lognormal(sigma=0.7, size=size)
    weights[1:2] = 0
    return weights


@pytest.mark.parametrize("name", SHAPES)
def test_equal_weights_give_the_numbers_of_today_to_the_bit(name):
    responses = shape(name)
    heavy = responses.with_weights(np.full(len(responses), 3.7), "all alike")
    for (call, own), (_, other) in zip(
        tables_of(heavy, responses.instrument), tables_of(responses, responses.instrument), strict=True
    ):
        pd.testing.assert_frame_equal(own, other, check_exact=True, obj=call)


@pytest.mark.parametrize("name", SHAPES)
def test_the_scale_of_weights_does_not_matter(name):
    responses = shape(name)
    weights = lottery(len(responses))
    one, other = (responses.with_weights(weights * factor, "w") for factor in (1, 1234.5))
    number = 0
    for (call, own), (_, scaled) in zip(
        tables_of(one, responses.instrument), tables_of(other, responses.instrument), strict=True
    ):
        pd.testing.assert_frame_equal(own, scaled, rtol=1e-8, atol=1e-10, obj=call)
        number += 1
    assert number > 20


@pytest.mark.parametrize("name", SHAPES)
def test_a_tally_of_the_same_respondents_has_the_same_numbers(name):
    responses = shape(name)
    heavy = responses.with_weights(lottery(len(responses)), "w")
    banners = [one.id for one in responses.instrument.questions if one.kind in ("single", "multiple")]
    half = len(heavy) // 2
    parts = [
        replace(
            heavy, data=heavy.data.iloc[part], missing=heavy.missing.iloc[part], meta=heavy.meta.iloc[part]
        )
        for part in (slice(None, half), slice(half, None))
    ]
    counted = sum(survey.tally(part, banners=banners) for part in parts)
    assert counted.weighted
    for (call, own), (_, other) in zip(
        tables_of(heavy, responses.instrument), tables_of(counted, responses.instrument), strict=True
    ):
        pd.testing.assert_frame_equal(own, other, rtol=1e-4, atol=1e-5, obj=call)


POINT = ("proportion", "difference", "effect", "phi", "share_of_mentions", "weighted_n", "weighted_base")


def same_points(one, other, factor=1.0, *, apart=()):
    """The point estimates of two frames agree, where they are weighted; sums of weights by a factor."""
    if "reason" in one:
        one, other = (frame[~frame["reason"].str.contains("unweighted")] for frame in (one, other))
    for column in [name for name in POINT if name in one and name not in apart]:
        scale = factor if column.startswith("weighted") else 1.0
        np.testing.assert_allclose(one[column].astype(float) * scale, other[column].astype(float), atol=1e-9)


def rows_of(responses, places, weights):
    """Some respondents, some more than once, with weights."""
    parts = {
        part: getattr(responses, part).iloc[places].reset_index(drop=True)
        for part in ("data", "missing", "meta")
    }
    return replace(responses, **parts).with_weights(weights, "w")


@pytest.mark.parametrize("name", ["gaps", "no group", "one group", "everybody in every group"])
def test_doubled_rows_of_half_the_weight_and_split_respondents_keep_the_shares(name):
    responses = shape(name)
    size, weights = len(responses), lottery(len(responses))
    whole = rows_of(responses, np.arange(size), weights)
    doubled = rows_of(responses, np.tile(np.arange(size), 2), np.tile(weights / 2, 2))
    last = size - 1
    split = rows_of(
        responses,
        np.r_[np.arange(size), last],
        np.r_[weights[:-1], [weights[last] / 3, weights[last] * 2 / 3]],
    )
    for other, factor in ((doubled, 2.0), (split, (size + 1) / size)):
        for (call, one), (_, two) in zip(
            tables_of(whole, responses.instrument), tables_of(other, responses.instrument), strict=True
        ):
            if call.startswith(("rank", "importance", "reach", "mention_summary", "compare")):
                one, two = (frame.sort_values(list(frame.columns[:3]), kind="stable") for frame in (one, two))
            if not call.startswith("reach"):
                same_points(one.reset_index(), two.reset_index(), factor, apart=("effect",))


# -- what weights cannot say ---------------------------------------------------------------------------------


def two_groups(n=40):
    """Two sizes of firms, each with and without a need, in turn."""
    instrument = instrument_of(single=2, needs=3, exclusive=0, items=0, numbers=0, text=False)
    frame = pd.DataFrame({"sector": ["s0", "s1"] * (n // 2)})
    for place in range(3):
        frame[f"needs__n{place}"] = [int(row // 2 % (place + 2) == 0) for row in range(n)]
    return survey.from_frame(frame, instrument)


def test_one_respondent_with_half_the_weight_leaves_a_base_of_four():
    responses = two_groups(40)
    weights = np.ones(40)
    weights[0] = 39.0
    heavy = responses.with_weights(weights, "w")
    row = survey.frequencies(heavy, "needs").iloc[0]
    assert row["effective_base"] == pytest.approx(78**2 / (39**2 + 39))
    assert row["base"] == 40
    assert row["ci_high"] - row["ci_low"] > 0.6
    cells = survey.crosstab(heavy, "needs")
    small = cells[cells["banner_code"] == "s0"]
    assert small["effective_base"].iloc[0] == pytest.approx(58**2 / (39**2 + 19))
    assert all("small_base" in reason for reason in cells["reason"])
    assert cells["p_value"].isna().all()
    assert cells["difference_low"].notna().all()
    assert "effective base 2.2, fewer than 5" in small["note"].iloc[0]
    items = survey.compare_items(heavy, "needs")
    pairs = items[items["test"] == "paired_f"]
    assert all(reason == "small_base untested" for reason in pairs["reason"])
    assert pairs["p_value"].isna().all()


def test_a_group_of_weight_zero_has_a_base_and_no_share():
    responses = two_groups(40)
    heavy = responses.with_weights(np.where(np.arange(40) % 2, 0.0, np.linspace(1, 2, 40)), "w")
    cells = survey.crosstab(heavy, "needs").set_index(["stub_code", "banner_code"])
    nobody = cells.loc[("n0", "s1")]
    assert (nobody["base"], nobody["weighted_base"], nobody["effective_base"]) == (20, 0, 0)
    for name in ("proportion", "ci_low", "ci_high", "difference", "difference_low", "p_value"):
        assert np.isnan(nobody[name]), name
    assert nobody["reason"] == "small_base untested"
    assert cells.loc[("n0", "s0"), "proportion"] > 0
    columns = survey.crosstab(heavy, "needs", compare="columns")
    assert columns["reason"].eq("small_base untested").all()
    shares = survey.frequencies(heavy, "sector").set_index("code")
    assert shares.loc["s1", ["n", "proportion"]].tolist() == [20, 0.0]
    assert shares.loc["s0", "proportion"] == 1.0
    assert shares.loc["s0", "ci_high"] == 1.0


def test_shares_of_nought_and_one_have_intervals_and_no_test():
    responses = two_groups(40)
    data = responses.data.assign(needs__n0=pd.array([False] * 40, dtype="boolean"))
    data["needs__n1"] = pd.array([True] * 40, dtype="boolean")
    heavy = replace(responses, data=data).with_weights(lottery(40), "w")
    cells = survey.crosstab(heavy, "needs").set_index(["stub_code", "banner_code"])
    for code, reason in (("n0", "nobody"), ("n1", "everybody")):
        row = cells.loc[(code, "s0")]
        assert row["reason"] == f"{reason} untested"
        assert row["difference"] == 0
        assert row["difference_low"] < 0 < row["difference_high"]
        assert 0 < row["ci_high"] - row["ci_low"] < 1
    table = survey.compare_items(heavy, "needs", equivalent_within=0.9)
    pair = table.set_index(["item", "other_item"]).loc[("n0", "n1")]
    assert pair["effect"] == -1
    assert pair["p_value"] < 1e-4
    assert pair["ci_low"] == -1
    assert pair["ci_high"] < -0.8


def raked(responses, *targets, weights=None):
    """The same responses as if weights had set some shares."""
    heavy = responses.with_weights(lottery(len(responses)) if weights is None else weights, "rim")
    weighting = Weighting("rim", "rake", targets)
    return replace(heavy, provenance=replace(heavy.provenance, weighting=weighting))


@pytest.mark.parametrize("target", ["needs", "needs*sector"])
def test_shares_that_weights_have_set_have_neither_interval_nor_test(target):
    heavy = raked(two_groups(), target)
    for data in (heavy, survey.tally(heavy)):
        shares = survey.frequencies(data, "needs")
        assert shares["reason"].eq("target").all()
        assert shares["note"].str.contains("the weights set the shares of 'Needs'").all()
        assert shares["proportion"].notna().all()
        assert shares[["ci_low", "ci_high"]].isna().all(axis=None)
        for compare in ("complement", "columns"):
            cells = survey.crosstab(data, "needs", compare=compare, equivalent_within=0.5)
            assert cells["reason"].eq("target").all()
            low = "difference_low" if compare == "complement" else "ci_low"
            assert cells[["p_value", "p_adjusted", low, "ci_low"]].isna().all(axis=None)
            assert cells["difference"].notna().all()
            assert cells["verdict"].eq("").all()
            assert cells["note"].str.contains("and so bear on those of groups").all()
        tests = survey.compare_items(data, "needs")
        assert tests["reason"].eq("target").all()
        assert tests["p_value"].isna().all()
        ranks = survey.rank_sets(data, "needs")
        assert ranks["reason"].eq("target").all()
        assert ranks["marginal_low"].isna().all()
        assert survey.mentions(data, "needs")["reason"].eq("target").all()
    other = survey.crosstab(raked(two_groups(), "sector"), "needs")
    assert other["p_value"].notna().all()
    assert survey.frequencies(raked(two_groups(), "sector"), "needs")["reason"].eq("").all()
    alike = raked(two_groups(), "needs", weights=np.ones(40))
    assert survey.frequencies(alike, "needs")["ci_low"].notna().all()


def test_one_option_may_be_set_alone():
    heavy = raked(two_groups(), "needs__n1")
    shares = survey.frequencies(heavy, "needs").set_index("code")
    assert shares["reason"].tolist() == ["", "target", ""]
    assert shares["ci_low"].isna().tolist() == [False, True, False]
    tests = survey.compare_items(heavy, "needs")
    assert tests.loc[tests["test"] == "paired_f", "p_value"].notna().all()
    made = survey.rake(two_groups(), {"needs": {"n1": 0.5}})
    shares = survey.frequencies(made, "needs").set_index("code")
    assert shares["reason"].tolist() == ["", "target", ""]
    assert shares.loc["n1", "proportion"] == pytest.approx(0.5)
    single = survey.rake(two_groups(), {"sector": {"s0": 0.4, "s1": 0.6}})
    shares = survey.frequencies(survey.tally(single), "sector")
    assert shares["reason"].eq("target").all()
    assert shares["proportion"].tolist() == pytest.approx([0.4, 0.6])


def test_what_has_no_weighted_form_is_refused_by_name():
    heavy = two_groups().with_weights(lottery(40), "w")
    for test in ("fisher", "boschloo"):
        with pytest.raises(survey.UsageError, match=rf"'{test}' counts respondents.*rao_scott_f"):
            survey.crosstab(heavy, "needs", test=test)
    assert survey.crosstab(heavy, "needs", compare="columns", test="z")["p_value"].notna().all()
    with pytest.raises(survey.UsageError, match=r"'tango' has no weighted form.*newcombe"):
        survey.compare_items(heavy, "needs", interval="tango")
    with pytest.raises(survey.UsageError, match="korn_graubard"):
        survey.frequencies(heavy, "needs", interval="wald")


def test_columns_of_the_same_respondents_and_of_two_groups():
    responses = shape("everybody in every group")
    heavy = responses.with_weights(lottery(len(responses)), "w")
    cells = survey.crosstab(heavy, "needs", banner="models", compare="columns")
    same = cells[(cells["overlap"] == cells["base"]) & (cells["overlap"] == cells["other_base"])]
    assert same["p_value"].isna().all()
    # Two groups that share nobody: the columns are the group against the rest.
    heavy = two_groups().with_weights(lottery(40), "w")
    columns = survey.crosstab(heavy, "needs", compare="columns")
    rest = survey.crosstab(heavy, "needs")
    own = rest[rest["banner_code"] == "s0"]
    assert columns["method"].eq("rao_scott_f").all()
    np.testing.assert_allclose(columns["p_value"], own["p_value"], rtol=1e-12)
    np.testing.assert_allclose(columns["ci_low"], own["difference_low"], atol=1e-12)
    both = rest.set_index(["stub_code", "banner_code"])["p_value"].unstack()
    np.testing.assert_allclose(both["s0"], both["s1"], rtol=1e-12)
    assert rest["hypothesis"].nunique() == 3


def test_verdicts_of_weighted_shares_invert_their_interval():
    heavy = two_groups(200).with_weights(lottery(200), "w")
    cells = survey.crosstab(heavy, "needs", equivalent_within=0.4)
    row = cells.iloc[0]
    alpha = row["p_equivalence"] / cells["hypothesis"].nunique()
    assert row["verdict"] == "equivalent"
    assert 0 < alpha < 0.05
    sides = [(row["proportion"], row["effective_base"])]
    sides.append((row["proportion"] - row["difference"], row["complement_effective_base"]))
    (one, _, high), (other, below, above) = (
        (share, *share_interval(share * size, size, confidence=0.9)) for share, size in sides
    )
    own = row["difference"] + sqrt((high - one) ** 2 + (other - below) ** 2)
    assert own < 0.4
    assert above > other


def test_ranks_by_weight_follow_the_weighted_shares():
    heavy = sample("lottery")
    ranks = survey.rank_sets(heavy, "ticks")
    assert ranks["proportion"].is_monotonic_decreasing
    shares = survey.frequencies(heavy, "ticks").set_index("code")["proportion"]
    assert ranks.set_index("item")["proportion"].to_dict() == pytest.approx(shares.to_dict())
    tied = ranks.set_index("item")
    assert tied.loc["yes", "rank"] == tied.loc["two", "rank"]  # the same schools
    for row in ranks.itertuples():
        assert row.simultaneous_low <= row.marginal_low <= row.rank <= row.marginal_high
    # One-sided tests on t, Holm over the ordered pairs of an item: by hand from R's paired p-values.
    places = {code: place for place, code in enumerate(TICKS)}
    p_values = np.ones((4, 4))
    for one, other in combinations(TICKS, 2):
        gap, p_value = of_r("lottery", "paired", one, other), of_r("lottery", "paired p", one, other)
        if p_value == p_value and gap:
            up, down = places[one], places[other]
            p_values[(up, down) if gap > 0 else (down, up)] = p_value / 2
    alpha = 0.05
    for code, place in places.items():
        family = sorted(
            [(p_values[at, place], "above") for at in range(4) if at != place]
            + [(p_values[place, at], "below") for at in range(4) if at != place]
        )
        rejected = {"above": 0, "below": 0}
        for step, (p_value, side) in enumerate(family):
            if p_value > alpha / (len(family) - step):
                break
            rejected[side] += 1
        assert tied.loc[code, "marginal_low"] == 1 + rejected["above"]
        assert tied.loc[code, "marginal_high"] == 4 - rejected["below"]


def test_the_effective_base_is_that_of_the_base_alone():
    responses = shape("gaps")
    heavy = responses.with_weights(lottery(len(responses)), "w")
    weights = heavy.weights.to_numpy()
    for question in responses.instrument.questions:
        if question.kind != "multiple":
            continue
        table = survey.frequencies(heavy, question.id).set_index("code")
        for option in question.options:
            known = heavy.data[f"{question.id}__{option.id}"].notna().to_numpy()
            own = effective_base(weights[known].sum(), (weights[known] ** 2).sum())
            assert table.loc[option.id, "effective_base"] == pytest.approx(own)
            assert table.loc[option.id, "base"] == known.sum()
    sums = share_sums(survey.counts.row_counts.RowCounts(heavy), responses.instrument.question("needs"))
    assert (sums.effective_base <= sums.base).all()


def test_importance_by_weight_is_that_of_the_top_box():
    responses = shape("gaps")
    heavy = responses.with_weights(lottery(len(responses)), "w")
    weights = heavy.weights.to_numpy()
    for data in (heavy, survey.tally(heavy)):
        table = survey.importance_shares(data, "ratings")
        assert table["proportion"].is_monotonic_decreasing
        for row in table.itertuples():
            given = heavy.data[f"ratings__{row.item}"].to_numpy(dtype=float, na_value=np.nan)
            known = ~np.isnan(given)
            own, values = weights[known], given[known]
            mean = (own @ values) / own.sum()
            assert row.proportion == pytest.approx(own[values >= 6].sum() / own.sum(), rel=1e-5)
            assert row.mean == pytest.approx(mean, rel=1e-5)
            spread = own @ (values - mean) ** 2 / own.sum() * known.sum() / (known.sum() - 1)
            assert row.sd == pytest.approx(sqrt(spread), rel=1e-5)
            assert row.median in values
            assert row.n_top == (values >= 6).sum()
            assert row.rank_low <= row.rank <= row.rank_high
    set_item = survey.importance_shares(raked(responses, "ratings__i1"), "ratings").set_index("item")
    assert "target" in set_item.loc["i1", "reason"].split()
    assert set_item["ci_low"].isna().to_dict() == {f"i{n}": n == 1 for n in range(4)}


def test_reach_by_weight_is_the_most_that_any_bundle_has():
    responses = shape("gaps")
    heavy = responses.with_weights(lottery(len(responses)), "w")
    members = heavy.data[[f"models__g{n}" for n in range(4)] + ["models__undecided"]]
    kept = members.notna().all(axis=1).to_numpy()
    ticks = members[kept].to_numpy(dtype=float)[:, :4] == 1
    weights = heavy.weights.to_numpy()
    weights = weights[kept] / weights.mean()
    for data in (heavy, survey.tally(heavy)):
        table = survey.reach(data, "models", draws=99)
        for row in table.itertuples():
            totals = {
                bundle: weights[ticks[:, list(bundle)].any(axis=1)].sum()
                for bundle in combinations(range(4), row.size)
            }
            best = max(totals, key=lambda bundle: totals[bundle])
            assert row.weighted_n == pytest.approx(totals[best], rel=1e-5)
            assert row.options == tuple(f"g{place}" for place in best)
            assert row.reach == ticks[:, list(best)].any(axis=1).sum()
            assert row.base == kept.sum()
            assert row.proportion == pytest.approx(totals[best] / weights.sum(), rel=1e-5)
            size = weights.sum() ** 2 / (weights**2).sum()
            limits = share_interval(row.proportion * size, size)
            assert [row.ci_low, row.ci_high] == pytest.approx(limits, rel=1e-4)
            assert 0 <= row.chosen_first <= 1
            assert row.reason in ("", "left_out")
    of_group = survey.reach(heavy, "models", by="sector", size=1, draws=9)
    assert of_group["effective_base"].lt(of_group["base"]).all()
    nobody = heavy.with_weights(np.where(kept, 0.0, 1.0), "w")
    assert survey.reach(nobody, "models", draws=9)["reason"].iloc[0].startswith("no_answer")


def test_mentions_by_weight():
    responses = shape("gaps")
    heavy = responses.with_weights(lottery(len(responses)), "w")
    weights = heavy.weights.to_numpy() / heavy.weights.mean()
    table = survey.mentions(heavy, "models").set_index("code")
    ticked = {code: heavy.data[f"models__{code}"].fillna(False).to_numpy(dtype=bool) for code in table.index}
    whole = sum(weights[ticked[code]].sum() for code in table.index if code != "undecided")
    for code in table.index:
        assert table.loc[code, "weighted_n"] == pytest.approx(weights[ticked[code]].sum())
        if code != "undecided":
            own = weights[ticked[code]].sum() / whole
            assert table.loc[code, "share_of_mentions"] == pytest.approx(own)
    (row,) = survey.mention_summary(heavy, "models").itertuples()
    answered = heavy.data[[f"models__{code}" for code in table.index]].notna().any(axis=1).to_numpy()
    mentioned = sum(ticked[code].astype(int) for code in table.index if code != "undecided")
    own = weights[answered]
    assert row.mean_mentions == pytest.approx((own @ mentioned[answered]) / own.sum())
    assert row.weighted_base == pytest.approx(own.sum())
    assert row.mentions == mentioned.sum()
