"""Groups compared by net scores, mean ranks, mean shares and dates: against R, by hand, and in odd shapes."""

import csv
from collections import defaultdict

import numpy as np
import pandas as pd
import pytest

import survey
from survey.statistics.hypotheses import holm
from survey.statistics.measured import MEASURED
from survey.statistics.shared_means import DRAWS, SharedMeans
from tests.answers import FOUR, TEAMS, teams_frame
from tests.paths import ROOT
from tests.statistics.helpers import check_table

REFERENCE = ROOT / "tests" / "reference"
QUESTIONS = {"nps": "recommend", "ranking": "matters", "constant_sum": "budget", "date": "since"}
MEANS = ("welch_t", "permutation_t", "overlap_t")


@pytest.fixture(scope="module")
def data():
    frame = pd.read_csv(REFERENCE / "kind_groups-data.csv", dtype=object)
    return survey.from_frame(frame.where(frame.notna(), None), TEAMS)


@pytest.fixture(scope="module")
def of_r():
    """R's numbers: (kind, item, group, other group) to a dict from statistic to value."""
    numbers = defaultdict(dict)
    with (REFERENCE / "kind_groups.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = row["table"], row["item"], row["group"], row["other"]
            if row["value"] != "NA":
                numbers[place][row["statistic"]] = float(row["value"])
    return numbers


@pytest.mark.parametrize("form", ["responses", "tally"])
@pytest.mark.parametrize("kind", QUESTIONS)
def test_groups_against_all_others_as_in_r(data, of_r, kind, form):
    table = survey.compare_numbers(data if form == "responses" else survey.tally(data), QUESTIONS[kind])
    check_table(table, "test")
    means = table[table["test"].isin(MEANS)].set_index(["item", "group"])
    looked = 0
    for (of, item, group, other), theirs in of_r.items():
        if of != kind or other:
            continue
        row = means.loc[(item, group)]
        assert row["base"] == theirs["base"]
        assert row["effect"] == pytest.approx(theirs["difference"], rel=1e-9)
        assert row["statistic"] == pytest.approx(theirs["t"], rel=1e-7)
        permuted = bool(theirs["permuted"])
        assert (row["test"] == "permutation_t") == permuted == ("permuted" in row["reason"])
        if permuted and kind == "constant_sum":  # R drew them, 4,000 times
            error = (theirs["p"] * (1 - theirs["p"]) / 4000) ** 0.5 + 1 / 4000
            assert abs(row["p_value"] - theirs["p"]) < 4.5 * error
        else:
            assert row["p_value"] == pytest.approx(theirs["p"], rel=1e-7)
        low, high = ("score_low", "score_high") if kind == "nps" else ("low", "high")
        tolerance = 1e-6 if kind == "nps" else 1e-8
        assert row[["ci_low", "ci_high"]].tolist() == pytest.approx(
            [theirs[low], theirs[high]], rel=tolerance
        )
        if "u" in theirs:
            ranks = table[(table["test"] == "mann_whitney") & (table["item"] == item)].set_index("group")
            assert ranks.loc[group, "statistic"] == theirs["u"]
            assert ranks.loc[group, "p_value"] == pytest.approx(theirs["u_p"], rel=1e-9)
        looked += 1
    assert looked == {"nps": 3, "ranking": 12, "constant_sum": 9, "date": 3}[kind]
    adjusted = means["p_adjusted"].to_numpy(float)
    assert adjusted == pytest.approx(holm(means["p_value"].to_numpy(float)))


@pytest.mark.parametrize("kind", QUESTIONS)
def test_columns_that_share_respondents_as_in_r(data, of_r, kind):
    table = survey.compare_numbers(data, QUESTIONS[kind], against="columns")
    rows = table[table["test"].isin(MEANS)].set_index(["item", "group", "other_group"])
    looked = 0
    for (of, item, group, other), theirs in of_r.items():
        if of != kind or not other:
            continue
        row = rows.loc[(item, group, other)]
        assert row["base"] == theirs["base"]
        assert row["effect"] == pytest.approx(theirs["difference"], rel=1e-8)
        assert row["statistic"] == pytest.approx(theirs["t"], rel=1e-7)
        if "permuted_p" in theirs:
            assert row["test"] == "permutation_t"
            error = 0 if kind != "constant_sum" else (theirs["permuted_p"] / 4000) ** 0.5 + 1 / 4000
            assert row["p_value"] == pytest.approx(theirs["permuted_p"], rel=1e-7, abs=4.5 * error)
        else:
            assert row["test"] in ("overlap_t", "welch_t")
            assert row["p_value"] == pytest.approx(theirs["p"], rel=1e-7)
            assert row["df"] == pytest.approx(theirs["df"], rel=1e-7)
        low, high = ("score_low", "score_high") if kind == "nps" else ("low", "high")
        assert row[["ci_low", "ci_high"]].tolist() == pytest.approx([theirs[low], theirs[high]], rel=1e-6)
        looked += 1
    assert looked == {"nps": 3, "ranking": 12, "constant_sum": 9, "date": 3}[kind]


@pytest.mark.parametrize(("top", "name"), [(None, "first"), (2, "top2")])
@pytest.mark.parametrize("form", ["responses", "tally"])
def test_first_ranks_are_compared_as_any_share(data, of_r, top, name, form):
    own = data if form == "responses" else survey.tally(data)
    table = survey.crosstab(own, "matters", top=top)
    check_table(table, "crosstab")
    cells = table.set_index(["stub_code", "banner_code"])
    for (of, item, group, _), theirs in of_r.items():
        if of == name:
            row = cells.loc[(item, group)]
            counts = row[["n", "base", "complement_n", "complement_base"]].tolist()
            assert counts == [theirs[one] for one in ("n", "base", "other_n", "other_base")]
            assert row["p_value"] == pytest.approx(theirs["p"], rel=1e-9)
    ranked = survey.rankings(own, "matters", banner="teams", top=top).set_index(["code", "banner_code"])
    shares = ranked["first" if top is None else "in_top"]
    assert cells["proportion"].to_dict() == {key: shares[key] for key in cells.index}
    pairs = survey.crosstab(own, "matters", compare="columns")
    assert (pairs["overlap"] > 0).all()


def test_a_permutation_by_hand():
    """Two promoters against two detractors: of six ways to divide them two are as far apart."""
    frame = pd.DataFrame({"site": ["north"] * 2 + ["south"] * 2, "recommend": [10, 9, 0, 1]}, dtype=object)
    row = survey.compare_numbers(survey.from_frame(frame, FOUR), "recommend", min_base=2).iloc[0]
    assert row["test"] == "permutation_t"
    assert row["p_value"] == pytest.approx(2 / 6)
    assert row["effect"] == 2
    assert row["ci_low"] < 2 == row["ci_high"]  # limits of scores have width


def test_the_variance_with_overlap_by_hand():
    """Nobody in both is Welch's; everybody in both leaves nothing to vary."""
    values = np.array([1.0, 2.0, 5.0])
    apart = SharedMeans(values, np.array([[3, 2, 1]]), np.array([[1, 1, 4]]), np.zeros(3, int))
    first, second = np.repeat(values, [3, 2, 1]), np.repeat(values, [1, 1, 4])
    assert apart.variances()[0] == pytest.approx(first.var(ddof=1) / 6 + second.var(ddof=1) / 6)
    same = SharedMeans(values, np.zeros((1, 3), int), np.zeros((1, 3), int), np.array([3, 2, 1]))
    assert same.variances()[0] == pytest.approx(0, abs=1e-12)


def test_many_ways_are_drawn():
    random = np.random.default_rng(3)
    values = np.arange(60.0)
    first, second = np.zeros((2, 1, 60), int)
    inside = random.permutation(60) < 25
    first[0, inside], second[0, ~inside] = 1, 1
    shared = SharedMeans(values, first, second, np.zeros(60, int))
    p_value = shared.permutation_p()
    assert p_value == shared.permutation_p()  # a fixed seed
    assert (p_value * (1 + DRAWS)) == pytest.approx(round(p_value * (1 + DRAWS)))
    assert abs(p_value - shared.t_test(0.95)["p_value"]) < 0.05


@pytest.mark.parametrize("question", QUESTIONS.values())
@pytest.mark.parametrize("compare", [None, "complement", "columns"])
@pytest.mark.parametrize("by", ["teams", "site"])
def test_odd_shapes(question, compare, by):
    """No group, one group, everybody in every group, three respondents, answers all alike."""
    frame = teams_frame(40)
    names = [f"teams__{name}" for name in ("lab", "sales", "board")]
    shapes = {
        "whole": frame,
        "no group": frame.assign(**dict.fromkeys(names, 0)),
        "one group": frame.assign(**{name: int(name == names[0]) for name in names}),
        "every group": frame.assign(**dict.fromkeys(names, 1)),
        "three": frame.head(3),
        "none": frame.head(0),
        "alike": frame.assign(
            recommend=10, since="2020-01-01", budget__kitchen=100, budget__staff=0, budget__rooms=0
        ),
    }
    for name, shape in shapes.items():
        responses = survey.from_frame(shape, TEAMS)
        for only in (None, "exclusive", "mixed"):
            table = survey.compare_numbers(responses, question, by=by, against=compare, only=only)
            check_table(table, "test")
            tested = table["p_value"].notna()
            assert (
                tested | table["reason"].str.contains("untested") | (table["test"] == "hedges_g")
            ).all(), name
            assert table.loc[tested, "p_value"].between(0, 1).all()
            assert table.loc[tested, "base"].min() != 0
    if by == "teams" and compare == "columns":
        same = survey.compare_numbers(
            survey.from_frame(shapes["every group"], TEAMS), question, against=compare
        )
        assert set(same["reason"]) == {"same_respondents untested"}


def test_groups_alone_in_one_are_other_people(data):
    """`only` takes those in no other group, as everywhere."""
    ticks = data.data[[f"teams__{name}" for name in ("lab", "sales", "board")]].astype(int)
    scores = data.data["recommend"].astype(float)
    in_lab_alone = ticks["teams__lab"].eq(1) & ticks.sum(axis=1).eq(1)
    alone, others = in_lab_alone & scores.notna(), ~in_lab_alone & scores.notna()
    net = (scores >= 9).astype(int) - (scores <= 6).astype(int)
    row = survey.compare_numbers(data, "recommend", only="exclusive").iloc[0]
    assert row["effect"] == pytest.approx(net[alone].mean() - net[others].mean())


def test_exclusive_groups_of_several_options_are_adjusted_together(data):
    table = survey.compare_numbers(data, "budget", by="site")
    assert set(table["test"]) == {"welch_anova", "permutation_t"}
    for test in ("welch_anova", "permutation_t"):
        own = table[table["test"] == test]
        assert own["p_adjusted"].to_numpy(float) == pytest.approx(holm(own["p_value"].to_numpy(float)))
    one = survey.compare_numbers(data, "since", by="site")
    assert set(one["test"]) == {"welch_anova", "kruskal_wallis", "games_howell", "mann_whitney"}


def test_every_measured_kind_has_an_effect_with_a_label():
    from survey.messages import message

    for measured in MEASURED.values():
        for lang in ("en", "zh"):
            assert message(f"effect_{measured.effect}", lang)


def test_what_does_not_fit_is_refused(data):
    with pytest.raises(survey.UsageError, match="complement"):
        survey.compare_numbers(data, "recommend", against="rows")
    with pytest.raises(survey.UsageError, match="exclusive, mixed"):
        survey.compare_numbers(data, "recommend", only="some")
    with pytest.raises(survey.UsageError, match="multiple question"):
        survey.compare_numbers(data, "teams")
    with pytest.raises(survey.UsageError, match="has 3 places"):
        survey.crosstab(data, "matters", top=4)
    with pytest.raises(survey.UsageError, match="compare_numbers"):
        survey.crosstab(data, "budget")
    with pytest.raises(survey.UsageError):
        survey.association(data, "teams", "matters")


def of_two(kind, values, other, **keys):
    """Answers of three overlapping teams to one question of two options."""
    options = [{"id": one, "label": {"en": one}} for one in ("rent", "food")]
    teams = [{"id": one, "label": {"en": one}} for one in ("lab", "sales", "board")]
    words = {"short": {"en": "Split"}, "text": {"en": "How?"}}
    schema = {"kind": "survey", "id": "two", "version": "1.0.0", "languages": ["en"], "title": {"en": "Two"}}
    schema["questions"] = [
        {
            "id": "teams",
            "kind": "multiple",
            "short": {"en": "Team"},
            "text": {"en": "Which?"},
            "options": teams,
        },
        {"id": "split", "kind": kind, "options": options, **words, **keys},
    ]
    size = len(values)
    frame = {
        f"teams__{one}": [int(n % (at + 2) == 0) for n in range(size)]
        for at, one in enumerate(("lab", "sales", "board"))
    }
    frame |= {"split__rent": values, "split__food": other}
    instrument = survey.Instrument.model_validate(schema, strict=False)
    return survey.from_frame(pd.DataFrame(frame, dtype=object), instrument)


@pytest.mark.parametrize("form", ["responses", "tally"])
def test_two_options_of_a_sum_are_one_hypothesis(form):
    rent = [10 * (n * 7 % 11) for n in range(200)]
    data = of_two("constant_sum", rent, [100 - one for one in rent], total=100)
    table = survey.compare_numbers(
        survey.tally(data, banners=["teams"]) if form == "tally" else data, "split", by="teams"
    )
    means = table[table["test"].isin(MEANS)]
    one, two = (means[means["item"] == item].set_index("group") for item in ("rent", "food"))
    assert two["p_value"].tolist() == one["p_value"].tolist()
    assert two["effect"].to_numpy() == pytest.approx(-one["effect"].to_numpy())
    assert one["p_adjusted"].tolist() == pytest.approx(holm(one["p_value"].to_numpy()).tolist())
    assert two["p_adjusted"].tolist() == one["p_adjusted"].tolist()
    assert not one["reason"].str.contains("same_comparison").any()
    assert two["reason"].str.contains("same_comparison").all()
    assert two["note"].tolist() == [
        f"the same comparison as rent, {team}: counted once" for team in two.index
    ]


def test_sums_that_are_only_nearly_the_total_are_two_hypotheses():
    rent = [10 * (n * 7 % 11) for n in range(80)]
    near = [100 - one + (1 if n == 5 else 0) for n, one in enumerate(rent)]
    data = of_two("constant_sum", rent, near, total=100, tolerance=2)
    table = survey.compare_numbers(data, "split", by="teams")
    means = table[table["test"].isin(MEANS)]
    assert not means["reason"].str.contains("same_comparison").any()
    assert means["p_adjusted"].tolist() == pytest.approx(holm(means["p_value"].to_numpy()).tolist())


def test_full_ranks_of_two_options_are_one_hypothesis():
    first = [1 + n * 5 % 7 % 2 for n in range(80)]
    data = of_two("ranking", first, [3 - one for one in first])
    table = survey.compare_numbers(data, "split", by="teams")
    assert table[table["item"] == "food"]["reason"].str.contains("same_comparison").all()
    alone = [None if one == 1 and n % 9 == 0 else 3 - one for n, one in enumerate(first)]
    table = survey.compare_numbers(of_two("ranking", first, alone), "split", by="teams")
    assert not table["reason"].str.contains("same_comparison").any()
