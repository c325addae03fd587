"""`model_needs`: Firth and proportional odds against R, and what cannot be modelled."""

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

import survey
from survey.models.firth import fit_firth, fit_firth_often
from survey.models.proportional_odds import assumption_statistic, fit_proportional_odds, merged_points
from survey.models.separated import endless_terms
from survey.reasons import REASONS
from survey.tables import CONTRACTS
from tests.models.helpers import MODELS, REFERENCE, firms, made_up, random_firms, reference
from tests.paths import EXAMPLES

# The library stops at its default tolerances, 1e-4; R's numbers are exact to 1e-8.
CLOSE = {"rel": 2e-3, "abs": 2e-4}
FITS = ("coefficient", "se", "odds_ratio", "ci_low", "ci_high", "p_value")
NUMBERS = (*FITS, "marginal", "marginal_low", "marginal_high")


@pytest.fixture(scope="module")
def data():
    return made_up()


def check(table):
    """What every table of needs holds."""
    assert tuple(table.columns) == CONTRACTS["model_need"]
    numbers = table[list(NUMBERS)].to_numpy(float)
    assert not np.isinf(numbers).any()
    assert ((table["reason"] == "") == (table["note"] == "")).all()
    assert {code for reason in table["reason"] for code in reason.split()} <= REASONS.keys()
    silent = table[table["p_value"].isna()]
    assert (silent["reason"] != "").all()
    assert silent["odds_ratio"].isna().all()
    fitted = table.dropna(subset=["odds_ratio"])
    assert fitted["p_value"].between(0, 1).all()
    assert (fitted["ci_low"].fillna(0) <= fitted["odds_ratio"]).all()
    assert (fitted["ci_high"].fillna(np.inf) >= fitted["odds_ratio"]).all()
    known = table.dropna(subset=["marginal_low"])
    assert (known["marginal_low"] <= known["marginal"]).all()
    assert (known["marginal"] <= known["marginal_high"]).all()
    assert known[["marginal_low", "marginal_high"]].abs().le(1).all(axis=None)
    assert not table.duplicated(["stub_code", "term"]).any()


@pytest.mark.parametrize(
    ("name", "outcome", "terms"),
    [
        ("sex2", "case", ["age", "oc", "vic", "vicl", "vis", "dia"]),
        ("endometrial", "HG", ["NV", "PI", "EH"]),
    ],
)
def test_firth_is_that_of_brglm2_case_by_case(name, outcome, terms):
    table = pd.read_csv(REFERENCE / f"models-{name}.csv")
    expected = reference(f"firth_{name}").loc[terms]
    yes = table[outcome].to_numpy()
    fit = fit_firth(table[terms].to_numpy(float), yes, 1 - yes, confidence=0.95)
    for got, statistic in (
        *((fit.coefficients, "coefficient"), (fit.se, "se"), (fit.p_values, "p")),
        *((fit.low, "low"), (fit.high, "high")),
    ):
        assert got == pytest.approx(expected[statistic].to_numpy(), **CLOSE)
    often = fit_firth_often(table[terms].to_numpy(float), yes[None, :], 1 - yes[None, :])
    assert often[0, 1:] == pytest.approx(expected["coefficient"].to_numpy(), rel=1e-6)


@pytest.mark.parametrize(("topic", "adjust"), [("firth", ()), ("firth_adjusted", ("firm_type",))])
def test_every_need_and_term_is_that_of_r(data, topic, adjust):
    table = survey.model_needs(data, "support_needs", adjust=adjust, draws=9)
    check(table)
    expected = reference(topic)
    table.index = table["stub_code"] + "|" + table["term"]
    assert set(table.index) == set(expected.index)
    expected = expected.loc[table.index]
    assert table["coefficient"].to_numpy() == pytest.approx(expected["coefficient"].to_numpy(), **CLOSE)
    assert table["se"].to_numpy() == pytest.approx(expected["se"].to_numpy(), **CLOSE)
    assert np.log(table["ci_low"]).to_numpy() == pytest.approx(expected["low"].to_numpy(), **CLOSE)
    assert np.log(table["ci_high"]).to_numpy() == pytest.approx(expected["high"].to_numpy(), **CLOSE)
    assert table["p_value"].to_numpy() == pytest.approx(expected["p"].to_numpy(), **CLOSE)
    assert table["marginal"].to_numpy() == pytest.approx(expected["marginal"].to_numpy(), **CLOSE)
    assert table[["base", "n_yes"]].to_numpy() == pytest.approx(expected[["base", "n_yes"]].to_numpy())


def test_ratings_are_those_of_clm(data):
    table = survey.model_needs(data, "challenges", draws=9)
    check(table)
    expected = reference("ordinal")
    table.index = table["stub_code"] + "|" + table["term"]
    own = table.loc[expected.index]
    z = norm.isf(0.025)
    assert own["coefficient"].to_numpy() == pytest.approx(expected["coefficient"].to_numpy(), rel=1e-3)
    assert own["se"].to_numpy() == pytest.approx(expected["se"].to_numpy(), rel=1e-3)
    assert own["p_value"].to_numpy() == pytest.approx(expected["p"].to_numpy(), rel=1e-3, abs=1e-5)
    assert own["marginal"].to_numpy() == pytest.approx(expected["marginal"].to_numpy(), rel=1e-3, abs=1e-5)
    spread = (own["marginal_high"] - own["marginal_low"]) / (2 * z)
    assert spread.to_numpy() == pytest.approx(expected["marginal_se"].to_numpy(), rel=1e-3)
    assert own["n_yes"].to_numpy() == pytest.approx(expected["n_yes"].to_numpy())
    for item, row in reference("ordinal_assumption").iterrows():
        if row["smallest_cut"] >= 5:  # else points are put together first
            p_value = table.loc[f"{item}|proportional_odds", "p_value"]
            assert p_value == pytest.approx(row["p"], rel=5e-3)


def test_separation_gives_finite_numbers_and_says_so():
    """6 of 6 against 30 of 60: 2.565, limits .358 to 7.452 (references of the design)."""
    needs = ["ip_diligence_patents"] * 6 + ["virtual_data_room"] * 30 + ["ip_diligence_patents"] * 30
    frame = pd.DataFrame({"support_needs": needs, "firm_type": ["biotech"] * 6 + ["biopharma"] * 60})
    table = survey.model_needs(
        survey.from_frame(frame, "executive-survey"), "support_needs", by="firm_type", draws=99
    )
    check(table)
    row = table[(table["stub_code"] == "ip_diligence_patents") & (table["term"] == "biotech")].iloc[0]
    assert row["reason"].split() == ["separated", "resamples_left_out"]  # a sample without the six
    expected = reference("firth_separated").iloc[0]
    assert row["coefficient"] == pytest.approx(expected["coefficient"], abs=1e-3)
    assert row["coefficient"] == pytest.approx(2.565, abs=1e-3)
    assert np.log([row["ci_low"], row["ci_high"]]) == pytest.approx([0.358, 7.452], abs=2e-3)
    assert row["p_value"] == pytest.approx(expected["p"], rel=1e-3)


def test_a_tally_gives_the_same_and_refuses_what_needs_rows(data):
    counted = survey.tally(data)
    for stub in ("support_needs", "firm_type", "challenges"):
        pd.testing.assert_frame_equal(
            survey.model_needs(data, stub, draws=49), survey.model_needs(counted, stub, draws=49)
        )
    with pytest.raises(survey.UsageError, match="adjust"):
        survey.model_needs(counted, "support_needs", adjust=["firm_type"])


def test_neither_the_order_of_respondents_nor_that_of_the_terms_matters(data):
    order = np.random.default_rng(3).permutation(len(data))
    turned = replace(
        data, data=data.data.iloc[order], missing=data.missing.iloc[order], meta=data.meta.iloc[order]
    )
    pd.testing.assert_frame_equal(
        survey.model_needs(data, "support_needs", draws=49),
        survey.model_needs(turned, "support_needs", draws=49),
    )


def test_swapping_yes_and_no_turns_every_sign():
    base = random_firms(60, needs=3)
    names = [name for name in base.data if name.startswith("support_needs__")][:3]
    swapped = base.data.assign(**{name: ~base.data[name] for name in names})
    other = survey.from_frame(swapped, base.instrument)
    one, two = (survey.model_needs(given, "support_needs", draws=9) for given in (base, other))
    fitted = one["coefficient"].notna()
    assert fitted.sum() == 12
    assert one.loc[fitted, "coefficient"].to_numpy() == pytest.approx(
        -two.loc[fitted, "coefficient"].to_numpy(), abs=1e-3
    )
    assert one.loc[fitted, "marginal"].to_numpy() == pytest.approx(
        -two.loc[fitted, "marginal"].to_numpy(), abs=1e-3
    )


def test_overlapping_models_are_told_apart():
    """Licensing alone drives the need; NewCo goes with licensing, and is cleared of it."""
    rng = np.random.default_rng(4)
    licensing = rng.random(400) < 0.5
    newco = np.where(licensing, rng.random(400) < 0.8, rng.random(400) < 0.2)
    need = rng.random(400) < np.where(licensing, 0.8, 0.3)
    models = np.column_stack([rng.random(400) < 0.3, rng.random(400) < 0.3, licensing, newco]).astype(float)
    given = firms(models, support_needs__virtual_data_room=need.astype(float))
    table = survey.model_needs(given, "support_needs", draws=49).set_index(["stub_code", "term"])
    assert table.loc[("virtual_data_room", "licensing"), "p_adjusted"] < 1e-6
    assert table.loc[("virtual_data_room", "newco"), "p_adjusted"] > 0.2
    cross = survey.crosstab(given, "support_needs").set_index(["stub_code", "banner_code"])
    assert cross.loc[("virtual_data_room", "newco"), "p_value"] < 1e-4  # a cross-tab cannot tell


def codes(table, **where):
    """The reasons of some rows."""
    for name, value in where.items():
        table = table[table[name] == value]
    return {code for reason in table["reason"] for code in reason.split()}


def test_what_nobody_was_asked_and_what_does_not_vary_has_a_reason():
    n = 40
    rng = np.random.default_rng(5)
    models = (rng.random((n, 4)) < 0.5).astype(float)
    given = firms(
        models,
        support_needs__virtual_data_room=np.ones(n),
        support_needs__financing_capital=np.zeros(n),
        support_needs__cro_matching=np.r_[np.ones(3), np.zeros(n - 3)],
        support_needs__recruitment_training=(rng.random(n) < 0.5).astype(float),
    )
    table = survey.model_needs(given, "support_needs", draws=29)
    check(table)
    assert len(table) == 11 * 4
    assert codes(table, stub_code="virtual_data_room") == {"everybody", "untested"}
    assert codes(table, stub_code="financing_capital") == {"nobody", "untested"}
    assert codes(table, stub_code="cro_matching") == {"few_events", "untested"}
    assert codes(table, stub_code="supply_chain_compliance") == {"no_answer", "untested"}
    assert codes(table, stub_code="recruitment_training") <= {"resamples_left_out"}
    three = survey.model_needs(given, "support_needs", min_events=3, draws=29)
    assert "few_events" not in codes(three, stub_code="cro_matching")


def test_groups_that_cannot_be_told_apart():
    n = 60
    rng = np.random.default_rng(6)
    licensing = (rng.random(n) < 0.5).astype(float)
    models = np.column_stack([np.ones(n), np.zeros(n), licensing, licensing])
    given = firms(models, support_needs__cro_matching=(rng.random(n) < 0.5).astype(float))
    table = survey.model_needs(given, "support_needs", draws=29)
    check(table)
    own = table[table["stub_code"] == "cro_matching"].set_index("term")["reason"]
    assert own.to_dict() == {
        "independent": "no_complement untested",
        "co_development": "nobody untested",
        "licensing": "collinear untested",
        "newco": "collinear untested",
    }
    few = firms(
        np.column_stack([np.arange(n) < 3, rng.random(n) < 0.4, licensing, np.zeros(n)]).astype(float),
        support_needs__cro_matching=(rng.random(n) < 0.5).astype(float),
    )
    table = survey.model_needs(few, "support_needs", draws=29)
    check(table)
    assert codes(table, stub_code="cro_matching", term="independent") == {"small_base", "untested"}
    assert table.set_index(["stub_code", "term"]).loc[("cro_matching", "licensing"), "p_value"] < 1


@pytest.mark.parametrize("models", [np.ones((30, 4)), np.zeros((30, 4))])
def test_everybody_or_nobody_in_every_group(models):
    rng = np.random.default_rng(7)
    given = firms(models, support_needs__cro_matching=(rng.random(30) < 0.5).astype(float))
    for stub in ("support_needs", "challenges"):
        table = survey.model_needs(given, stub, draws=9)
        check(table)
        assert table["coefficient"].isna().all()


def test_one_group_three_respondents_and_nobody():
    given = random_firms(3)
    for stub in ("support_needs", "challenges", "firm_type"):
        table = survey.model_needs(given, stub, draws=9)
        check(table)
        assert table["coefficient"].isna().all()
    alone = survey.from_frame(
        pd.DataFrame({"firm_type": ["biotech"] * 20, "support_needs": ["cro_matching"] * 9 + [""] * 11}),
        "executive-survey",
    )
    table = survey.model_needs(alone, "support_needs", by="firm_type", draws=9)
    check(table)
    assert set(table["term"]) == {"biopharma", "big_pharma"}
    assert "nobody" in codes(table, stub_code="cro_matching") | {"nobody"}
    nobody = given.where(firm_type="biotech").where(firm_type="biopharma")
    check(survey.model_needs(nobody, "support_needs", draws=9))


def test_seven_points_one_group_and_a_lopsided_scale():
    rng = np.random.default_rng(8)
    region = np.array(["north"] * 30 + ["south"] * 30)
    first = np.where(region == "north", rng.integers(4, 8, 60), rng.integers(1, 6, 60))
    second = np.where(region == "north", 7, rng.integers(1, 7, 60))  # separated over all points
    third = np.r_[np.full(57, 4), [1, 2, 3]]
    frame = pd.DataFrame({"region": region, "agreement__first": first, "agreement__second": second})
    given = survey.from_frame(frame.assign(agreement__third=third), EXAMPLES / "seven-points.yaml")
    table = survey.model_needs(given, "agreement", draws=99)
    check(table)
    rows = table.set_index(["stub_code", "term"])
    term = next(term for term in table["term"] if term in ("north", "south"))
    assert rows.loc[("first", term), "method"] == "proportional_odds"
    assert rows.loc[("second", term), "method"] == "firth"
    assert "separated" in rows.loc[("second", term), "reason"].split()
    assert codes(table, stub_code="third") == {"few_events", "untested"}


def test_twenty_groups_and_sixty_options(tmp_path):
    """Many terms, few respondents: numbers or reasons, no warnings."""
    lines = ["kind: survey", "id: wide", "version: 1.0.0", "languages: [en]", "title: {en: W}", "questions:"]
    option = "      - {{id: {name}{number}, label: {{en: L{number}}}}}"
    for name, size in (("groups", 20), ("needs", 60)):
        lines += [f"  - id: {name}", "    kind: multiple", f"    short: {{en: {name}}}", "    text: {en: N}"]
        lines += ["    options:", *(option.format(name=name[0], number=k) for k in range(size))]
    (tmp_path / "wide.yaml").write_text("\n".join(lines))
    rng = np.random.default_rng(9)
    frame = pd.DataFrame(
        {
            **{f"groups__g{k}": (rng.random(80) < 0.2).astype(float) for k in range(20)},
            **{f"needs__n{k}": (rng.random(80) < k / 60).astype(float) for k in range(60)},
        }
    )
    given = survey.from_frame(frame, tmp_path / "wide.yaml")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = survey.model_needs(given, "needs", by="groups", draws=9)
    check(table)
    assert len(table) == 1200
    assert table["coefficient"].notna().sum() > 500


def test_gaps_leave_respondents_out_and_are_counted(data):
    table = survey.model_needs(data, "support_needs", draws=9)
    answered = data.data["support_needs__regulatory_consultancy"].notna().sum()
    row = table[table["stub_code"] == "regulatory_consultancy"].iloc[0]
    assert row["base"] < answered
    assert "left_out" in row["reason"].split()
    assert str(answered - row["base"]) in row["note"]
    check(survey.model_needs(data, "support_needs", draws=9, lang="zh"))


def test_weights_are_not_used_and_it_is_said():
    given = random_firms(40, needs=2)
    weighted = replace(given, meta=given.meta.assign(weight=np.linspace(0.5, 2, 40)))
    table = survey.model_needs(weighted, "support_needs", draws=9)
    assert all("unweighted" in reason.split() for reason in table["reason"])
    plain = survey.model_needs(given, "support_needs", draws=9)
    pd.testing.assert_series_equal(table["coefficient"], plain["coefficient"])


def test_holm_runs_over_options_and_the_terms_of_by(data):
    table = survey.model_needs(data, "support_needs", adjust=["firm_type"], draws=9)
    held = table["term"].str.startswith("firm_type=")
    assert table.loc[held, "p_adjusted"].isna().all()
    assert all("held" in reason.split() for reason in table.loc[held, "reason"])
    tested = table[~held].dropna(subset=["p_value"])
    assert tested["p_adjusted"].min() == pytest.approx(min(1, len(tested) * tested["p_value"].min()))


@pytest.mark.parametrize(
    "arguments",
    [
        {"draws": 0},
        {"draws": True},
        {"min_events": 0},
        {"min_events": 2.5},
        {"confidence": 95},
        {"seed": -1},
        {"adjust": "firm_type"},
        {"adjust": ["nonsense"]},
        {"adjust": ["expansion_models"]},
        {"adjust": ["firm_type", "firm_type"]},
        {"by": "support_needs"},
        {"by": "challenges"},
    ],
)
def test_unfit_arguments_are_refused(data, arguments):
    with pytest.raises(survey.UsageError) as refused:
        survey.model_needs(data, "support_needs", **arguments)
    assert refused.value.text("zh") != refused.value.text("en")


def test_separation_is_found_where_the_likelihood_has_no_top():
    rng = np.random.default_rng(10)
    for _ in range(40):
        patterns = np.unique((rng.random((12, 3)) < 0.5).astype(float), axis=0)
        given = rng.integers(0, 3, (len(patterns), 3))
        if (given.sum(axis=0) > 0).sum() < 2 or np.linalg.matrix_rank(
            np.column_stack([np.ones((given.sum(axis=1) > 0).sum()), patterns[given.sum(axis=1) > 0]])
        ) < 4:
            continue
        if not endless_terms(patterns, given).any():
            fit = fit_proportional_odds(patterns, given)
            assert np.abs(fit.coefficients).max() < 15
    pattern, answers = np.array([[0.0], [1.0]]), np.array([[30, 30], [0, 6]])
    assert endless_terms(pattern, answers).tolist() == [True]
    assert endless_terms(pattern, np.array([[30, 30], [1, 6]])).tolist() == [False]


def test_points_are_merged_until_every_cut_has_enough():
    given = np.array([[1, 2, 0, 9, 3], [1, 0, 0, 8, 1]])
    assert merged_points(given, 4).sum(axis=0).tolist() == [4, 17, 4]
    assert merged_points(given, 5).tolist() == [[15], [10]]
    statistic, df = assumption_statistic(np.array([[0.0], [1.0]]), merged_points(given, 5))
    assert df == 0
    assert statistic != statistic


def test_many_fits_at_once_are_those_of_the_library():
    rng = np.random.default_rng(11)
    patterns = np.unique((rng.random((40, 4)) < 0.5).astype(float), axis=0)
    yes = rng.integers(0, 5, (20, len(patterns)))
    no = rng.integers(0, 5, (20, len(patterns)))
    many = fit_firth_often(patterns, yes, no)
    for sample in range(20):
        fit = fit_firth(patterns, yes[sample], no[sample], confidence=0.95, limits=False)
        assert many[sample, 1:] == pytest.approx(fit.coefficients, abs=2e-4)
    assert np.isnan(fit_firth_often(patterns * 0, yes, no)).all()


def test_terms_are_named_by_their_groups(data):
    table = survey.model_needs(data, "support_needs", draws=9)
    assert tuple(table["term"].unique()) == MODELS


def _with_items(data, seed=4):
    """The made-up firms with gaps in an item, so that its bases differ."""
    frame = data.data.astype(object)
    blank = np.random.default_rng(seed).choice(len(frame), 6, replace=False)
    frame.iloc[blank, frame.columns.get_loc("challenges__geopolitics")] = None
    return survey.from_frame(frame, data.instrument)


def _dummies(answers, terms, prefix=""):
    """0 and 1 by hand of the points that are terms."""
    points = [int(term.removeprefix(prefix)) for term in terms]
    return np.column_stack([answers == point for point in points]).astype(float)


@pytest.mark.parametrize("stub", ["support_needs", "firm_type", "challenges__ip_protection", "challenges"])
def test_the_points_of_an_item_are_groups_as_those_of_a_tally(data, stub):
    item = "challenges__geopolitics"
    given = _with_items(data)
    own = survey.model_needs(given, stub, by=item, draws=9)
    counted = survey.model_needs(survey.tally(given, banners=[item]), stub, by=item, draws=9)
    check(own)
    pd.testing.assert_frame_equal(own, counted)
    table = survey.crosstab(given, stub, banner=item)
    sizes = table[table["stub_code"] == table["stub_code"].iloc[0]].set_index("banner_code")["base"]
    first = own[(own["stub_code"] == own["stub_code"].iloc[-1]) & (own["term"] != "proportional_odds")]
    nobody = first["reason"].str.split().map(lambda codes: "nobody" in codes)
    assert (nobody.to_numpy() == (sizes[first["term"]] == 0).to_numpy()).all()
    assert own["p_value"].notna().any()


def test_an_item_as_by_held_or_stub_is_its_dummies_fitted_by_hand(data):
    item, need = "challenges__geopolitics", "support_needs__cro_matching"
    given = _with_items(data)
    answers, yes = (
        given.data[name].astype("Float64").to_numpy(float, na_value=np.nan) for name in (item, need)
    )
    models = given.data[[f"expansion_models__{name}" for name in MODELS]].astype("Float64")
    groups = models.to_numpy(float, na_value=np.nan)

    def fitted(terms, said):
        kept = ~np.isnan(said) & ~np.isnan(terms).any(axis=1)
        return fit_firth(terms[kept], said[kept], 1 - said[kept], confidence=0.95)

    table = survey.model_needs(given, "support_needs", by=item, draws=9, min_events=1)
    rows = table[table["stub_code"] == "cro_matching"]
    terms = _dummies(answers, rows["term"])
    terms[np.isnan(answers)] = np.nan
    by_hand = fitted(terms, yes)
    assert rows["coefficient"].to_numpy() == pytest.approx(by_hand.coefficients, abs=1e-6)
    assert rows["p_value"].to_numpy() == pytest.approx(by_hand.p_values, abs=1e-6)

    table = survey.model_needs(given, "support_needs", adjust=[item], draws=9, min_events=1)
    rows = table[table["stub_code"] == "cro_matching"]
    held = _dummies(answers, rows["term"].iloc[4:], prefix=f"{item}=")
    held[np.isnan(answers)] = np.nan
    by_hand = fitted(np.hstack([groups, held]), yes)
    assert rows["coefficient"].to_numpy() == pytest.approx(by_hand.coefficients, abs=1e-6)
    plain = survey.model_needs(given, "support_needs", draws=9, min_events=1)
    assert (plain.loc[plain["stub_code"] == "cro_matching", "base"] > rows["base"].iloc[0]).all()

    table = survey.model_needs(given, item, draws=9, min_events=1)
    for point in ("4", "5"):
        rows = table[table["stub_code"] == point]
        said = np.where(np.isnan(answers), np.nan, answers == int(point)).astype(float)
        assert rows["coefficient"].to_numpy() == pytest.approx(fitted(groups, said).coefficients, abs=1e-6)


@pytest.mark.parametrize(
    "arguments", [{"by": "challenges__geopolitics"}, {"adjust": ["challenges__geopolitics"]}]
)
def test_an_item_does_not_explain_itself(data, arguments):
    table = survey.model_needs(data, "challenges", draws=9, **arguments)
    check(table)
    same = table["reason"].str.split().map(lambda codes: "same_item" in codes)
    assert (same == (table["stub_code"] == "geopolitics")).all()
    assert table.loc[same, "p_value"].isna().all()
    whole = survey.all_needs(data, "challenges", draws=9, **arguments)
    assert whole["reason"].str.contains("same_item").all()
    with pytest.raises(survey.UsageError):
        survey.model_needs(data, "challenges__geopolitics", draws=9, **arguments)
    item = "challenges__geopolitics"
    with pytest.raises(survey.UsageError):
        survey.model_needs(data, "challenges", by=item, adjust=[item], draws=9)


@pytest.mark.parametrize("counted", [False, True])
def test_the_reference_is_the_same_whatever_is_explained(counted):
    """Most firms are biotech, of those who rated biopharma; where needs are routed, no biotech answered."""
    kinds = ["biotech"] * 30 + ["biopharma"] * 20 + ["big_pharma"] * 15
    rng = np.random.default_rng(6)
    ratings = rng.integers(1, 6, 65).astype(object)
    ratings[:20] = None
    needs = (rng.random(65) < 0.5).astype(object)
    routed = needs.copy()
    routed[:30] = None
    answers = {"firm_type": kinds, "challenges__geopolitics": ratings}

    def references(need):
        given = survey.from_frame(
            pd.DataFrame({**answers, "support_needs__cro_matching": need}), "executive-survey@1.0.0"
        )
        given = survey.tally(given, banners=["firm_type"]) if counted else given
        for stub in ("support_needs", "challenges"):
            table = survey.model_needs(given, stub, by="firm_type", draws=9)
            yield set(table["term"]) - {"proportional_odds"}

    others = {
        option.id for option in survey.load_instrument("executive-survey@1.1.0").question("firm_type").options
    }
    assert list(references(needs)) == [others - {"biotech"}] * 2
    assert list(references(routed)) == [others - {"biopharma"}, others - {"biotech"}]
