"""`sensitivity` against all ways to fill gaps, and `response_rates`."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

import survey
from survey.models.firth import fit_firth_often
from survey.models.option_model import marginal_effects
from survey.tables import CONTRACTS
from tests.models.helpers import firms, made_up, random_firms


def test_the_worst_cases_are_those_of_all_fillings():
    rng = np.random.default_rng(1)
    models = (rng.random((40, 4)) < 0.45).astype(float)
    need = (rng.random(40) < 0.5).astype(float)
    need[:5] = np.nan
    given = firms(models, support_needs__cro_matching=need)
    table = survey.sensitivity(given, "support_needs", draws=9, min_events=3)
    assert tuple(table.columns) == CONTRACTS["sensitivity"]
    rows = table[table["stub_code"] == "cro_matching"]
    fills = np.array(list(product((0.0, 1.0), repeat=5)))
    yes = np.tile(need, (32, 1))
    yes[:, :5] = fills
    estimates = fit_firth_often(models, yes, 1 - yes)
    for at, row in enumerate(rows.to_dict("records")):
        on, off = models.copy(), models.copy()
        on[:, at], off[:, at] = 1, 0
        effects = marginal_effects(estimates, on, off, np.ones_like(yes))
        assert row["missing"] == 5
        assert row["worst_low"] == pytest.approx(effects.min(), abs=0.01)
        assert row["worst_high"] == pytest.approx(effects.max(), abs=0.01)


def test_without_gaps_and_careless_respondents_nothing_changes():
    given = random_firms(60)
    table = survey.sensitivity(given, "support_needs", draws=19)
    assert (table["missing"] == 0).all()
    assert table["worst_low"].to_numpy(float) == pytest.approx(table["marginal"].to_numpy(float), abs=1e-3)
    pd.testing.assert_series_equal(table["screened_marginal"], table["marginal"], check_names=False)
    expected = survey.model_needs(given, "support_needs", draws=19)
    pd.testing.assert_series_equal(table["marginal"], expected["marginal"])


def test_straight_liners_are_left_out_beside():
    given = random_firms(60, needs=3)
    ratings = np.random.default_rng(2).integers(1, 6, (60, 8)).astype(float)
    ratings[:10] = 5
    battery = given.instrument.question("challenges")
    frame = given.data.astype(object).assign(
        **{name: ratings[:, at] for at, name in enumerate(battery.answer_columns)}
    )
    table = survey.sensitivity(survey.from_frame(frame, given.instrument), "support_needs", draws=9)
    own = table[table["base"] > 0]
    assert set(own["base"]) == {60}
    assert set(own["screened_base"]) == {50}
    whole = survey.sensitivity(made_up(), "support_needs", adjust=["firm_type"], draws=9, lang="zh")
    assert len(whole) == 66
    everybody_same = firms(np.ones((4, 4)))
    assert survey.sensitivity(everybody_same, "support_needs", draws=9)["marginal"].isna().all()
    with pytest.raises(survey.UsageError, match="tally"):
        survey.sensitivity(survey.tally(given), "support_needs")


def test_rates_of_the_frame():
    frame = pd.DataFrame({"firm_type": ["biotech"] * 30 + ["big_pharma"] * 5})
    given = survey.from_frame(frame, "executive-survey")
    table = survey.response_rates(given, "firm_type", population={"biotech": 100, "big_pharma": 50})
    assert tuple(table.columns) == CONTRACTS["response_rate"]
    rows = table.set_index("code")
    from scipy.stats import fisher_exact

    assert rows.loc["biotech", "p_value"] == pytest.approx(fisher_exact([[30, 70], [5, 45]]).pvalue)
    assert rows.loc["big_pharma", "proportion"] == 0.1
    assert rows.loc["biopharma", "reason"] == "not_in_data"
    alone = survey.response_rates(given, "firm_type", population={"biotech": 100})
    assert alone.set_index("code").loc["biotech", "reason"] == "untested"
    for wrong in ({}, {"biotech": 29}, {"biotech": 30.5}, {"nonsense": 3}, 7, None):
        with pytest.raises(survey.UsageError) as refused:
            survey.response_rates(given, "firm_type", population=wrong)
        assert refused.value.text("zh") != refused.value.text("en")


def test_the_points_of_an_item_are_groups_here_too():
    item = "challenges__geopolitics"
    table = survey.sensitivity(made_up(), "support_needs", by=item, draws=9)
    expected = survey.model_needs(made_up(), "support_needs", by=item, draws=9)
    pd.testing.assert_series_equal(table["marginal"], expected["marginal"])
    assert table["worst_low"].notna().any()
    assert (table["worst_low"].notna() == table["marginal"].notna()).all()


def test_the_reference_stays_where_careless_respondents_leave():
    """Most firms are biotech; most of those who stay are biopharma."""
    ratings = np.random.default_rng(2).integers(1, 6, (60, 8)).astype(object)
    ratings[:20] = 5
    base = random_firms(60, needs=3)
    battery = base.instrument.question("challenges")
    frame = base.data.astype(object).assign(
        firm_type=["biotech"] * 35 + ["biopharma"] * 25,
        **{name: ratings[:, at] for at, name in enumerate(battery.answer_columns)},
    )
    given = survey.from_frame(frame, base.instrument)
    table = survey.sensitivity(given, "support_needs", by="firm_type", draws=9)
    assert "biotech" not in set(table["term"])
    own = table[(table["term"] == "biopharma") & table["marginal"].notna()]
    assert len(own) == 3
    assert (own["screened_base"] == 40).all()
    assert own["screened_marginal"].notna().all()
