"""Every two kinds of questions: numbers against R, the page that lists the pairs, odd shapes, tallies."""

import csv
import re
import sys
import warnings
from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_1samp

import survey
from survey.statistics.coefficients import Correlation, CountedPairs
from survey.statistics.contingency import cramers_v, permuted_tables
from survey.statistics.eta_squared import eta_squared
from survey.statistics.studentized_range import studentized_ranges
from survey.tables import CONTRACTS
from tests.answers import TEAMS, teams_frame
from tests.paths import ROOT
from tests.statistics.helpers import check_table, close

REFERENCE = ROOT / "tests" / "reference"
PAGE = ROOT / "docs" / "pairs.md"


def options(*names, fixed=False):
    return [{"id": name, "label": {"en": name}, "fixed": fixed} for name in names]


def question(name, kind, **more):
    return {"id": name, "kind": kind, "short": {"en": name}, "text": {"en": name}, **more}


def points(count):
    return {"top": 2, "points": [{"value": n, "label": {"en": f"point {n}"}} for n in range(1, count + 1)]}


def made_survey(*, fixed=True):
    """Single, select-all, rating and number questions, two of each."""
    schema = {
        "kind": "survey",
        "id": "pairs",
        "version": "1.0.0",
        "languages": ["en"],
        "title": {"en": "Pairs"},
        "defaults": {"banner": "channels", "battery": "hurdles"},
        "scales": {"five": points(5), "seven": points(7)},
        "questions": [
            question("size", "single", options=options("small", "medium", "large", fixed=fixed)),
            question("stage", "single", options=options("planned", "begun", "ended", "dropped", fixed=fixed)),
            question("channels", "multiple", options=options("agents", "online")),
            question("services", "multiple", options=options("legal", "search", "training")),
            question("hurdles", "rating", scale="five", items=options("law", "tax")),
            question("trends", "rating", scale="seven", items=options("growth")),
            question("turnover", "number"),
            question("staff", "number"),
        ],
    }
    return survey.Instrument.model_validate(schema, strict=False)


@pytest.fixture(scope="module")
def frame():
    """The 90 respondents of tests/reference/pairs.md, with three services drawn beside them."""
    answers = pd.read_csv(REFERENCE / "pairs-data.csv")
    drawn = np.random.default_rng(1).random((len(answers), 3)) < [0.3, 0.5, 0.7]
    return answers.assign(
        **{f"services__{name}": drawn[:, at] for at, name in enumerate(("legal", "search"))}
    ).assign(services__training=drawn[:, 2])


@pytest.fixture(scope="module")
def data(frame):
    return survey.from_frame(frame, made_survey())


@pytest.fixture(scope="module")
def of_r():
    """R's numbers: `of_r[topic][key]` is a dict from statistic to value."""
    numbers = defaultdict(lambda: defaultdict(dict))
    with (REFERENCE / "pairs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            numbers[row["topic"]][row["key"]][row["statistic"]] = float(row["value"])
    return numbers


# -- against R --------------------------------------------------------------------------------------------


def test_two_single_questions_against_r(data, of_r):
    assert len(of_r["single"]) == 3
    for key, expected in of_r["single"].items():
        result = survey.association(data, *key.split("|"))
        tests = result.tests.set_index("method")
        chi, trend = tests.loc["chi_square"], tests.loc["linear_trend"]
        assert result.base == expected["base"] == chi["base"]
        assert close(chi["statistic"], expected["chi_square"])
        assert close(chi["p_value"], expected["p_value"])
        assert chi["df"] == expected["df"]
        assert close(chi["effect"], expected["v"])
        assert chi["ci_low"] == pytest.approx(expected["v_low"], abs=1e-7)
        assert chi["ci_high"] == pytest.approx(expected["v_high"], abs=1e-7)
        assert close(trend["statistic"], expected["trend"])
        assert close(trend["effect"], expected["r"])
        assert (expected["least_expected"] < 5) == ("sparse" in chi["reason"])
        assert result.reported == "permutation_chi_square"  # all three are sparse
        permuted = of_r["permuted"][key]["p_value"]
        error = (permuted * (1 - permuted) / 1999) ** 0.5
        assert abs(tests.loc["permutation_chi_square", "p_value"] - permuted) < 4 * error
        assert abs(trend["p_value"] - expected["trend_p"]) < 0.03  # a permutation, where cells are small


def test_numbers_by_overlapping_groups_against_r(data, of_r):
    table = survey.compare_numbers(data, "turnover", by="channels")
    check_table(table, "test")
    for key, expected in of_r["two"].items():
        own = table[table["group"] == key.split("|")[1]].set_index("test")
        means, ranks, size = own.loc["welch_t"], own.loc["mann_whitney"], own.loc["hedges_g"]
        assert means["base"] == expected["base"]
        found = means[["statistic", "df", "p_value", "effect", "ci_low", "ci_high"]].astype(float).tolist()
        assert close(found, [expected[name] for name in ("t", "df", "p_value", "difference", "low", "high")])
        assert close(
            size[["effect", "ci_low", "ci_high"]].astype(float).tolist(),
            [expected[name] for name in ("g", "g_low", "g_high")],
        )
        assert close(
            ranks[["statistic", "p_value", "effect"]].astype(float).tolist(),
            [expected[name] for name in ("u", "u_p", "delta")],
        )


def test_numbers_by_exclusive_groups_against_r(data, of_r):
    table = survey.compare_numbers(data, "turnover", by="size")
    check_table(table, "test")
    expected = of_r["all"]["turnover|size"]
    means, ranks = (table[table["test"] == test].iloc[0] for test in ("welch_anova", "kruskal_wallis"))
    assert means["base"] == ranks["base"] == expected["base"]
    assert close(
        means[["statistic", "df", "p_value", "effect"]].astype(float).tolist(),
        [expected[name] for name in ("f", "df", "p_value", "eta_squared")],
    )
    assert close(ranks[["statistic", "p_value"]].astype(float).tolist(), [expected["h"], expected["h_p"]])
    for test, topic in (("welch_anova", "eta"), ("kruskal_wallis", "epsilon")):
        for key, limits in of_r[topic].items():
            name, by = key.split("|")
            own = survey.compare_numbers(data, name, by=by, min_base=2).set_index("test").loc[test]
            assert "no_interval" not in own["reason"]
            values = own[["effect", "ci_low", "ci_high"]].astype(float).tolist()
            assert values == pytest.approx([limits[one] for one in ("value", "low", "high")], abs=1e-8)
            assert limits.get("of_h", limits["value"]) == pytest.approx(limits["value"], rel=1e-12)
            if topic == "eta":
                assert own["ci_low"] == 0 or own["p_value"] < 0.025
    pairs = table[table["test"] == "games_howell"]
    pairs = pairs.set_index(pairs["group"] + "|" + pairs["other_group"])
    assert set(pairs.index) == set(of_r["games_howell"])
    names = {"statistic": "t", "df": "df", "p_value": "p_value", "effect": "difference"}
    for key, numbers in of_r["games_howell"].items():
        for name, theirs in names.items():
            assert close(pairs.loc[key, name], numbers[theirs]), (key, name)
        for name, theirs in {"p_adjusted": "p_adjusted", "ci_low": "low", "ci_high": "high"}.items():
            assert pairs.loc[key, name] == pytest.approx(numbers[theirs], rel=1e-5), (
                key,
                name,
            )  # Tukey's range


def test_groups_without_spread_have_an_effect_and_no_interval(frame):
    """Every group has its one value: ranks are as far apart as they can be."""
    apart = survey.from_frame(
        frame.assign(turnover=frame["size"].map({"small": 1, "medium": 2, "large": 3})), made_survey()
    )
    ranks = survey.compare_numbers(apart, "turnover", by="size").set_index("test").loc["kruskal_wallis"]
    assert ranks["effect"] == pytest.approx(1)
    assert np.isnan(ranks["ci_low"])
    assert ranks["reason"] == "at_limit no_interval"
    assert "hardly vary" in ranks["note"]
    assert all(np.isnan(eta_squared([np.ones(3), np.ones(4)])))
    one_constant = eta_squared([np.array([1.0, 1, 1]), np.array([2.0, 2, 3])])  # Welch's F is not defined
    assert one_constant[0] == pytest.approx(0.8)
    assert 0 < one_constant[1] < 0.8 < one_constant[2] < 1
    rising = [eta_squared([np.arange(6.0), shift + np.arange(9.0)], confidence=0.9) for shift in (0, 2, 9)]
    assert [low for _, low, _ in rising] == sorted(low for _, low, _ in rising)
    assert all(low <= value <= high for value, low, high in rising)


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_correlations_of_values_whose_squares_are_no_numbers(scale):
    values, others = np.array([1.0, 2, 3, 5, 8]), np.array([2.0, 1, 4, 4, 9])
    plain = CountedPairs(values, others, np.ones(5)).correlation()
    moved = CountedPairs(values * scale, others, np.ones(5)).correlation()
    assert moved.value == pytest.approx(plain.value, rel=1e-12)
    assert moved.interval() == pytest.approx(plain.interval(), rel=1e-12)


def test_a_p_value_is_nothing_only_where_the_correlation_is_perfect():
    """R's pt(..., log.p = TRUE): the first is 10^-361, which no number holds, the second 10^-213.5."""
    assert Correlation(0.9, 1000, 0.0).p_value == sys.float_info.min
    assert Correlation(0.79, 1000, 0.0).p_value == pytest.approx(2.920574e-214, rel=1e-6)
    assert Correlation(0.999, 5000, 0.0).p_of_z == sys.float_info.min
    assert Correlation(1.0, 1000, 0.0).p_value == 0.0


def test_correlations_against_r(data, of_r):
    for method in ("pearson", "spearman", "polychoric"):
        assert of_r[method]
        for key, expected in of_r[method].items():
            names = key.split("|")
            row = survey.correlations(data, names, method=method).iloc[0]
            tolerance = 1e-4 if method == "polychoric" else 1e-9
            assert row["base"] == expected["base"]
            assert row["correlation"] == pytest.approx(expected["r"], abs=tolerance), key
            if method == "polychoric":
                assert row["correlation"] == pytest.approx(expected["psych"], abs=1e-4)
                assert row["ci_low"] < row["correlation"] < row["ci_high"]
                continue
            found = row[["p_value", "ci_low", "ci_high"]].astype(float).tolist()
            assert close(found, [expected[name] for name in ("p_value", "low", "high")]), key


def test_correlations_are_those_of_scipy_and_pingouin(frame, data):
    from scipy.stats import pearsonr, spearmanr

    from survey.quiet import without_warnings

    known = frame[["hurdles__law", "hurdles__tax"]].dropna()
    for method, function in (("pearson", pearsonr), ("spearman", spearmanr)):
        row = survey.correlations(data, "hurdles", method=method).iloc[0]
        theirs = function(known["hurdles__law"], known["hurdles__tax"])
        assert close([row["correlation"], row["p_value"]], [theirs.statistic, theirs.pvalue])
    with without_warnings():
        import pingouin

        theirs = pingouin.corr(known["hurdles__law"], known["hurdles__tax"]).iloc[0]
    assert row["correlation"] != theirs["r"]
    row = survey.correlations(data, "hurdles", method="pearson").iloc[0]
    assert row["correlation"] == pytest.approx(theirs["r"])


# -- by hand ------------------------------------------------------------------------------------------------


def test_v_of_a_table_that_leaves_no_doubt():
    """Everybody of one kind gives one answer: V is 1, and so is its upper limit; without any, 0."""
    whole = survey.from_frame(
        pd.DataFrame({"size": ["small"] * 10 + ["large"] * 10, "stage": ["begun"] * 10 + ["ended"] * 10}),
        made_survey(),
    )
    line = survey.association(whole, "size", "stage").tests.set_index("method").loc["chi_square"]
    assert line[["statistic", "df", "effect", "ci_high"]].tolist() == [20.0, 1.0, 1.0, 1.0]
    assert cramers_v(0.0, (2, 3), 60) == (0.0, 0.0, 0.0)
    value, low, high = cramers_v(12.0, (3, 3), 100)
    assert (round(value, 4), low < value < high) == (0.2449, True)


def test_a_trend_is_the_squared_correlation_of_the_steps(data):
    trend = survey.association(data, "size", "stage", test="linear_trend").tests.iloc[0]
    assert trend["statistic"] == pytest.approx((trend["base"] - 1) * trend["effect"] ** 2)
    unordered = survey.from_frame(data.data.astype(object), made_survey(fixed=False))
    trend = survey.association(unordered, "size", "stage", test="linear_trend").tests.iloc[0]
    assert trend["reason"] == "not_ordered untested"
    assert np.isnan(trend["p_value"])


def test_permuted_tables_keep_their_margins_and_means():
    table = np.array([[5, 0, 2], [1, 4, 3]])
    drawn = permuted_tables(table, 4000, np.random.default_rng(1))
    assert (drawn.sum(axis=1) == table.sum(axis=0)).all()
    assert (drawn.sum(axis=2) == table.sum(axis=1)).all()
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    assert drawn.mean(axis=0) == pytest.approx(expected, abs=0.08)


def test_a_correlation_of_two_ticks_is_phi_and_its_delta_variance():
    """14 and 14 of 137, 8 in both: .25 to .72 by the delta method (docs of the design of statistics)."""
    cells = np.array([[117, 6], [6, 8]])
    correlation = CountedPairs.of_table(cells, (0, 1), (0, 1)).correlation()
    assert correlation.value == pytest.approx((137 * 8 - 14 * 14) / (14 * 123))
    low, high = correlation.interval()
    assert (round(low, 2), round(high, 2)) == (0.25, 0.72)


def test_a_sentence_says_how_closely_and_by_which_test(data):
    for lang in ("en", "zh"):
        text = survey.association(data, "size", "stage", lang=lang).sentence
        assert "0.20" in text
        assert "0.00\u20130.29" in text
        assert "1999" in text
    even = pd.DataFrame({"size": ["small", "large"] * 40, "stage": (["begun"] * 2 + ["ended"] * 2) * 20})
    result = survey.association(survey.from_frame(even, made_survey()), "size", "stage")
    assert result.reported == "chi_square"
    assert "on 1 df" in result.sentence


# -- the page -----------------------------------------------------------------------------------------------


def calls_of_page():
    rows = [
        line.split("|")[1:-1]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    return [tuple(cell.strip() for cell in row) for row in rows if "data" in row[2]]


NEWER = ("nps", "ranking", "constant sum", "date")  # by groups, of another made-up survey


def test_the_page_has_every_two_kinds():
    newer = {row[1] for row in calls_of_page() if row[1] in NEWER}
    assert newer == set(NEWER)
    assert {(first, second) for first, second, *_ in calls_of_page()} >= {
        (first, second) for first in ("single", "select-all") for second in NEWER
    }
    kinds = ("single", "select-all", "rating", "number")
    listed = {frozenset(row[:2]) for row in calls_of_page()}
    for at, one in enumerate(kinds):
        for other in kinds[at:]:
            assert {one, other} in listed or (one == other and {one, "itself"} in listed), (one, other)
    assert all(all(row) for row in calls_of_page())


@pytest.mark.parametrize("row", calls_of_page(), ids=lambda row: row[2])
def test_every_line_of_the_page_runs(row, data):
    match = re.fullmatch(r"`(\w+)\((.*)\)`", row[2])
    assert match, row[2]
    own = survey.from_frame(teams_frame(), TEAMS) if row[1] in NEWER else data
    result = eval(f"survey.{match[1]}({match[2]})", {"survey": survey, "data": own})
    frame = result.tests if isinstance(result, survey.Association) else result
    numbers = frame.select_dtypes("number").drop(columns=["base"], errors="ignore")
    assert numbers.notna().any().any()
    tested = row[3] == "none" or frame["p_value"].notna().any()
    assert tested


# -- an item of a rating as groups --------------------------------------------------------------------------


def test_an_item_as_banner_has_its_points_as_groups(frame, data):
    table = survey.crosstab(data, "services", banner="hurdles__law")
    assert table["banner_code"].unique().tolist() == ["1", "2", "3", "4", "5"]
    cell = table.set_index(["stub_code", "banner_code"]).loc[("legal", "4")]
    inside = frame["hurdles__law"] == 4
    assert (cell["n"], cell["base"]) == (frame.loc[inside, "services__legal"].sum(), inside.sum())
    own = survey.crosstab(data, "hurdles", banner="hurdles__law").set_index(["stub_code", "banner_code"])
    assert own.loc["law", "reason"].tolist() == ["same_item untested"] * 5
    assert own.loc["tax", "p_value"].notna().any()
    assert survey.crosstab(data, "size", banner="trends").equals(
        survey.crosstab(data, "size", banner="trends__growth")
    )  # a rating of one item is that item


def test_a_rating_of_several_items_says_which_to_name(data):
    with pytest.raises(survey.UsageError, match="hurdles__law, hurdles__tax"):
        survey.crosstab(data, "size", banner="hurdles")
    with pytest.raises(survey.UsageError, match="not a question"):
        survey.crosstab(data, "size", banner="hurdles__nothing")


def test_a_report_by_an_item(data):
    report = survey.analyze(data, banner=["hurdles__law", "channels"])
    names = [sheet.name for sheet in report.sheets]
    assert "By law" in names
    assert "Correlations" in names
    tests = report.sheet("Tests").tables[0].data
    assert {"welch_anova", "welch_t", "games_howell", "chi_square"} <= {*tests["test"], *tests["method"]}
    hidden = survey.analyze(data, banner="hurdles__law", suppress=5)
    assert "Correlations" not in [sheet.name for sheet in hidden.sheets]
    assert set(hidden.sheet("Tests").tables[0].data["result"]) == {"crosstab"}


# -- odd shapes ---------------------------------------------------------------------------------------------


def of_shape(frame, shape):
    odd = frame.astype(object)
    if shape == "nobody":
        odd = odd.iloc[:0]
    elif shape == "three":
        odd = odd.iloc[:3]
    elif shape == "constant":
        odd = odd.assign(size="small", hurdles__law=4, hurdles__tax=4, turnover=7, staff=7)
    elif shape == "one group":
        odd = odd.assign(channels__agents=1, channels__online=1, size="large")
    elif shape == "gaps":
        odd = odd.mask(np.random.default_rng(2).random(odd.shape) < 0.6)
    elif shape == "apart":  # nobody answered two of them
        odd.loc[:44, ["hurdles__law", "turnover", "size"]] = None
        odd.loc[45:, ["hurdles__tax", "staff", "stage", "trends__growth"]] = None
    elif shape == "perfect":
        odd = odd.assign(hurdles__tax=odd["hurdles__law"], staff=odd["turnover"])
    elif shape == "constant in groups":
        odd = odd.assign(turnover=odd["size"].map({"small": 1, "medium": 2, "large": 3}))
    return survey.from_frame(odd, made_survey())


SHAPES = ("nobody", "three", "constant", "one group", "gaps", "apart", "perfect", "constant in groups")


@pytest.mark.parametrize("shape", SHAPES)
def test_odd_shapes_give_reasons_not_warnings(shape, frame):
    odd = of_shape(frame, shape)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for least in (1, 5):
            for by in ("size", "channels", "hurdles__law"):
                check_table(survey.compare_numbers(odd, "turnover", by=by, min_base=least), "test")
            for method in ("spearman", "pearson", "polychoric"):
                names = ["hurdles", "trends"] + (
                    [] if method == "polychoric" else ["turnover", "staff", "size"]
                )
                table = survey.correlations(odd, names, method=method, min_base=least)
                check_table(table, "correlation")
                assert (table["correlation"].isna() <= (table["note"] != "")).all()
                assert (table["ci_low"].isna() <= (table["note"] != "")).all()
        for pair in (("size", "stage"), ("hurdles__law", "trends__growth"), ("size", "hurdles__law")):
            result = survey.association(odd, *pair, draws=99)
            assert tuple(result.tests.columns) == CONTRACTS["association_test"]
            assert (result.tests["p_value"].isna() <= (result.tests["note"] != "")).all()
            assert result.sentence


def test_a_number_that_stands_apart_in_small_groups_is_left_out(frame):
    odd = frame.astype(object)
    odd.loc[odd["size"] == "large", "size"] = ["large"] * 2 + ["small"] * (odd["size"].eq("large").sum() - 2)
    table = survey.compare_numbers(survey.from_frame(odd, made_survey()), "turnover", by="size")
    whole = table[table["test"] == "welch_anova"].iloc[0]
    assert "left_out" in whole["reason"]
    assert "large" in whole["note"]
    assert whole["df"] == 1
    assert set(table.loc[table["other_group"] == "large", "reason"]) == {"small_base untested"}


def test_many_quantiles_of_the_studentized_range_are_those_of_scipy():
    from scipy.stats import studentized_range

    dfs = [4.0, 5.5, 7.0, 9.0, 12.0, 20.0, 33.0, 60.0, 110.0, 400.0]
    found = studentized_ranges(0.95, 12, dfs)
    assert found == pytest.approx([studentized_range.ppf(0.95, 12, df) for df in dfs], abs=1e-5)


def test_many_groups_and_many_items_stay_whole():
    """Twenty groups and sixty items: every pair has its row, and the picture can be drawn."""
    random = np.random.default_rng(3)
    schema = made_survey().model_dump(exclude_defaults=True)
    schema["questions"] = [
        question("size", "single", options=options(*(f"g{n}" for n in range(20)))),
        question("hurdles", "rating", scale="seven", items=options(*(f"i{n}" for n in range(60)))),
        question("turnover", "number"),
    ]
    schema["defaults"] = {"banner": "size", "battery": "hurdles"}
    instrument = survey.Instrument.model_validate(schema, strict=False)
    answers = {f"hurdles__i{n}": random.integers(1, 8, 200) for n in range(60)}
    answers |= {"size": [f"g{n % 20}" for n in range(200)], "turnover": random.integers(0, 90, 200)}
    many = survey.from_frame(pd.DataFrame(answers), instrument)
    assert len(survey.correlations(many)) == 60 * 59 / 2
    assert (survey.compare_numbers(many, "turnover")["test"] == "games_howell").sum() == 190
    from survey.render.pictures import draw
    from survey.report.survey import correlated
    from survey.report.survey.context import SurveyContext

    context = SurveyContext(responses=many, banners=(instrument.question("size"),))
    (sheet,) = correlated.sheets(context)
    assert len(sheet.tables[0].data) == 100
    assert "1670" in sheet.lines[0] or "1,670" in sheet.lines[0]
    assert draw(sheet.pictures[0], "en", form="svg")


# -- tallies ------------------------------------------------------------------------------------------------


def test_a_tally_gives_the_same_numbers_and_says_what_it_lacks(data):
    banners = ["size", "channels", "hurdles__law"]
    counted = survey.tally(data, banners=banners)
    for by in banners:
        own, other = (survey.compare_numbers(one, "turnover", by=by) for one in (data, counted))
        pd.testing.assert_frame_equal(own, other, check_exact=True)
    for names in (["hurdles", "trends", "size"], ["turnover", "hurdles__law"]):
        own, other = (survey.correlations(one, names) for one in (data, counted))
        pd.testing.assert_frame_equal(own, other, check_exact=True)
    for pair in (("size", "stage"), ("hurdles__law", "stage")):
        own, other = (survey.association(one, *pair, draws=99) for one in (data, counted))
        pd.testing.assert_frame_equal(own.tests, other.tests, check_exact=True)
    with pytest.raises(survey.UsageError, match="--by hurdles__tax"):
        survey.correlations(counted, ["turnover", "hurdles__tax"])
    with pytest.raises(survey.UsageError, match="holds each number by itself"):
        survey.correlations(counted, ["turnover", "staff"])
    report = survey.analyze(counted)
    notes = " ".join(report.sheet("Notes").tables[0].data["what"].astype(str))
    assert "Correlations between numbers need respondents" in notes
    assert [table.name for table in report.sheet("Correlations").tables] == ["correlations_hurdles"]


# -- what is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda data: survey.correlations(data, "hurdles", method="kendall"), "no method of correlation"),
        (lambda data: survey.correlations(data, ["turnover"]), "needs two"),
        (lambda data: survey.correlations(data, []), "needs two"),
        (lambda data: survey.correlations(data, ["turnover", "hurdles"], method="polychoric"), "is a number"),
        (lambda data: survey.correlations(data, "channels"), "multiple question"),
        (lambda data: survey.compare_numbers(data, "size"), "single question"),
        (lambda data: survey.association(data, "size", "stage", test="sum"), "no test of association"),
        (lambda data: survey.association(data, "size", "channels", test="chi_square"), "no test"),
    ],
)
def test_what_does_not_fit_is_refused(call, match, data):
    with pytest.raises(survey.UsageError, match=match):
        call(data)


def test_options_without_an_order_have_no_correlation(data):
    unordered = survey.from_frame(data.data.astype(object), made_survey(fixed=False))
    with pytest.raises(survey.UsageError, match="have no order"):
        survey.correlations(unordered, ["size", "hurdles"])


@pytest.mark.parametrize("groups", [2, 3])
def test_a_group_of_one_value_has_its_test_and_a_reason(groups):
    """Welch's t of values against a constant is the one-sample t against it."""
    names = ["small", "medium", "large"][:groups]
    values = {"small": [3.3] * 6, "medium": [1.0, 2.0, 4.0, 5.5, 7.0, 3.0], "large": [2.0, 9, 8, 4, 6, 7]}
    odd = pd.DataFrame({"size": np.repeat(names, 6), "turnover": np.concatenate([values[n] for n in names])})
    schema = made_survey().model_dump(mode="json", exclude_none=True)
    schema["questions"][0]["options"] = schema["questions"][0]["options"][:groups]
    given = survey.from_frame(odd, survey.Instrument.model_validate(schema, strict=False))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = survey.compare_numbers(given, "turnover", by="size")
    check_table(table, "test")
    own = table[table["effect_name"] == "mean_difference"]
    constant = (own["group"] == "small") | (own["other_group"] == "small")
    assert (own["reason"].str.contains("constant_side") == constant).all()
    assert own["p_value"].notna().all()
    row = own.iloc[0]
    exact = ttest_1samp(values["medium"], 3.3)
    assert abs(row["statistic"]) == pytest.approx(abs(exact.statistic))
    assert row["p_value"] == pytest.approx(exact.pvalue)


def test_a_number_where_shares_are_needed_points_to_what_compares_numbers(data):
    for ask in (
        lambda: survey.association(data, "size", "turnover"),
        lambda: survey.association(data, "turnover", "hurdles"),
        lambda: survey.crosstab(data, "turnover", banner="size"),
    ):
        with pytest.raises(survey.UsageError, match=r"compare_numbers.data, .turnover., by="):
            ask()


def test_an_option_or_item_is_said_to_be_one(data):
    with pytest.raises(survey.UsageError, match=r"'hurdles__law' is an option or item of .*Give 'hurdles'"):
        survey.all_needs(data, "hurdles__law")
    with pytest.raises(survey.UsageError, match=r"'channels__agents' is an option or item of .*'channels'"):
        survey.frequencies(data, "channels__agents")
    with pytest.raises(survey.UsageError, match=r"of 'hurdles', a rating question; .* kind number"):
        survey.compare_numbers(data, "hurdles__law")


def test_notes_name_options_by_their_labels():
    schema = made_survey().model_dump(exclude_defaults=True)
    for asked in schema["questions"]:
        for part in (*asked.get("options", ()), *asked.get("items", ())):
            part["label"] = {"en": part["id"].upper()}
    answers = pd.DataFrame({"size": ["small", "medium"] * 10, "stage": (["begun"] * 3 + ["ended"]) * 5})
    answers["turnover"] = range(20)
    labelled = survey.from_frame(answers, survey.Instrument.model_validate(schema, strict=False))
    assert "LARGE" in survey.association(labelled, "size", "stage").tests["note"].iloc[0]
    assert "LARGE" in survey.compare_numbers(labelled, "turnover", by="size")["note"].iloc[0]
