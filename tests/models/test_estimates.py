"""The quick fits of many data sets against the libraries, and against `model_needs` and `reach`."""

import numpy as np
import pandas as pd
import pytest

import survey
from survey.counts.row_counts import RowCounts
from survey.models.bundles import reach_of
from survey.models.estimates import MEASURES, estimates_of_needs
from survey.models.firth import fit_firth, judge_firth_often
from survey.models.proportional_odds import fit_proportional_odds, fit_quickly
from survey.models.rated_needs import ASSUMPTION
from survey.models.stacked_needs import fit_gee
from tests.models.helpers import firms, made_up, random_firms
from tests.paths import EXAMPLES


def compare(responses, stub, by, min_events=5):
    """The estimates beside what `model_needs` gives."""
    counts = RowCounts(responses)
    quick = estimates_of_needs(counts, counts.instrument.question(stub), by, min_events=min_events)
    full = survey.model_needs(responses, stub, by=by, draws=1, min_events=min_events)
    assert quick["stub_code"].tolist() == full["stub_code"].tolist()
    assert quick["term"].tolist() == full["term"].tolist()
    for name in MEASURES:
        expected = full[name].to_numpy(float)
        np.testing.assert_allclose(quick[name].to_numpy(float), expected, rtol=2e-4, atol=5e-5, err_msg=name)
    return quick


@pytest.mark.parametrize("stub", ["support_needs", "challenges"])
@pytest.mark.parametrize("by", ["expansion_models", "firm_type"])
def test_the_estimates_are_those_of_the_models(stub, by):
    quick = compare(made_up(), stub, by)
    assert quick["odds_ratio"].notna().sum() > 5


def test_other_shapes_give_the_same_rows():
    for given in (
        random_firms(3),
        random_firms(40, share=0.1),
        firms(np.ones((12, 4)), support_needs__cro_matching=[1.0, 0.0] * 6),
        firms(np.zeros((12, 4)), support_needs__cro_matching=[1.0, 0.0] * 6),
    ):
        compare(given, "support_needs", "expansion_models", min_events=1)
    ratings = np.random.default_rng(2).integers(1, 8, 40)
    frame = pd.DataFrame({"region": ["north", "south"] * 20, "agreement__first": ratings})
    seven = survey.from_frame(frame, EXAMPLES / "seven-points.yaml")
    quick = compare(seven, "agreement", "region")
    assert ASSUMPTION in set(quick["term"])


def test_where_a_term_separates_ratings_the_top_box_stands_in():
    frame = pd.DataFrame({"region": ["north"] * 20 + ["south"] * 20})
    frame["agreement__first"] = [1, 2] * 10 + [7, 6] * 10
    given = survey.from_frame(frame, EXAMPLES / "seven-points.yaml")
    row = survey.model_needs(given, "agreement", by="region", draws=1).iloc[0]
    assert row["method"] == "firth"
    compare(given, "agreement", "region")


def test_tests_of_many_samples_are_those_of_the_library():
    rng = np.random.default_rng(3)
    patterns = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)], float)
    yes, no = rng.integers(0, 9, (5, 8)), rng.integers(0, 9, (5, 8))
    estimates, p_values = judge_firth_often(patterns, yes, no)
    for sample in range(5):
        fit = fit_firth(patterns, yes[sample], no[sample], confidence=0.95, limits=False)
        np.testing.assert_allclose(estimates[sample, 1:], fit.coefficients, atol=1e-5)
        np.testing.assert_allclose(p_values[sample], fit.p_values, atol=1e-7)
    constant, same = np.ones((1, 2)), np.array([[0.0], [0.0]])
    estimates, p_values = judge_firth_often(same, constant, constant)
    assert np.isnan(estimates).all()
    assert np.isnan(p_values).all()


def test_proportional_odds_are_those_of_statsmodels_from_its_own_start():
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    rng = np.random.default_rng(4)
    patterns = np.array([[a, b] for a in (0, 1) for b in (0, 1)], float)
    given = rng.multinomial(30, [0.1, 0.2, 0.3, 0.25, 0.15], size=4)
    quick, full = fit_quickly(patterns, given), fit_proportional_odds(patterns, given)
    at, point = np.nonzero(given)
    often = given[at, point]
    codes = pd.Series(pd.Categorical(np.repeat(point, often), ordered=True))
    alone = OrderedModel(codes, np.repeat(patterns[at], often, axis=0), distr="logit").fit(
        method="bfgs", disp=False, gtol=1e-9, maxiter=500
    )
    for fit in (quick, full):
        assert fit.converged
        np.testing.assert_allclose(fit.coefficients, alone.params[:2], atol=1e-5)
        np.testing.assert_allclose(np.diag(fit.covariance)[:2], alone.bse[:2] ** 2, rtol=1e-4)
        assert fit.log_likelihood == pytest.approx(alone.llf, abs=1e-8)


def test_a_separated_rating_has_no_quick_fit():
    patterns = np.array([[0.0], [1.0]])
    assert not fit_quickly(patterns, np.array([[5, 5, 0, 0], [0, 0, 5, 5]])).converged


def test_the_common_effects_are_those_of_statsmodels():
    from statsmodels.genmod.cov_struct import Independence
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_estimating_equations import GEE

    rng = np.random.default_rng(5)
    terms = (rng.random((60, 3)) < 0.4).astype(float)
    known = rng.random((60, 5)) < 0.9
    yes = (rng.random((60, 5)) < 0.5) * known.astype(float)
    effects, se = fit_gee(terms, yes, known)
    people, needs = np.nonzero(known)
    rows = np.hstack([np.eye(5)[needs], terms[people]])
    model = GEE(yes[known], rows, groups=people, family=Binomial(), cov_struct=Independence())
    result = model.fit(ctol=1e-12, maxiter=100)
    np.testing.assert_allclose(effects, result.params[5:], atol=1e-8)
    np.testing.assert_allclose(se, result.bse[5:], atol=1e-8)
    assert fit_gee(np.column_stack([terms, terms[:, 0]]), yes, known) is None
    assert fit_gee(terms[:, :1], terms[:, [0, 0]], np.ones((60, 2), bool)) is None  # it separates


def test_bundles_of_another_data_set_reach_what_counting_says():
    given = random_firms(50, needs=4)
    counts = RowCounts(given)
    asked, banner = (given.instrument.question(name) for name in ("support_needs", "expansion_models"))
    options = tuple(option.id for option in asked.options[:2])
    unasked = (asked.options[10].id,)
    reached = reach_of(counts, asked, banner, [("newco", options), ("newco", unasked)])
    inside = given.data["expansion_models__newco"] == 1
    ticked = (given.data[[f"support_needs__{name}" for name in options]] == 1).any(axis=1)
    assert reached[0] == (int((inside & ticked).sum()), int(inside.sum()))
    assert np.isnan(reached[1][0])


def test_a_limit_that_the_library_cannot_reach_leaves_the_others(monkeypatch):
    from firthmodels import FirthLogisticRegression

    whole = FirthLogisticRegression.conf_int

    def conf_int(self, *, features, **settings):
        if features == [0]:
            raise np.linalg.LinAlgError("Weighted design matrix is rank deficient")
        return whole(self, features=features, **settings)

    patterns = np.array([[a, b] for a in (0, 1) for b in (0, 1)], float)
    yes, no = np.array([3, 5, 4, 6]), np.array([6, 4, 5, 3])
    expected = fit_firth(patterns, yes, no, confidence=0.95)
    monkeypatch.setattr(FirthLogisticRegression, "conf_int", conf_int)
    fit = fit_firth(patterns, yes, no, confidence=0.95)
    assert np.isnan([fit.low[0], fit.high[0]]).all()
    assert (fit.low[1], fit.high[1]) == (expected.low[1], expected.high[1])
    assert (fit.p_values == expected.p_values).all()
