"""`all_needs`: against a hand sandwich in R, invariances, size, and what cannot be modelled."""

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import survey
from survey.counts.row_counts import RowCounts
from survey.models.design import design_of
from survey.models.need_permutations import differing
from survey.models.stacked_needs import Stacked, fit_gee
from survey.tables import CONTRACTS
from tests.models.helpers import firms, made_up, random_firms, reference


def check(table):
    """What every table of all needs holds."""
    assert tuple(table.columns) == CONTRACTS["all_need"]
    assert table["term"].iloc[-1] == "by_need"
    assert ((table["reason"] == "") == (table["note"] == "")).all()
    numbers = table[["coefficient", "se", "odds_ratio", "ci_low", "ci_high", "p_value"]].to_numpy(float)
    assert not np.isinf(numbers).any()
    assert (table.loc[table["p_value"].isna(), "reason"] != "").all()
    assert table["p_value"].dropna().between(0, 1).all()


@pytest.mark.parametrize(("topic", "adjust"), [("gee", ()), ("gee_adjusted", ("firm_type",))])
def test_effects_and_errors_are_those_of_the_sandwich(topic, adjust):
    table = survey.all_needs(made_up(), "support_needs", adjust=adjust, draws=9)
    check(table)
    expected = reference(topic)
    own = table.set_index("term").loc[expected.index]
    assert own["coefficient"].to_numpy() == pytest.approx(expected["coefficient"].to_numpy(), rel=1e-6)
    assert own["se"].to_numpy() == pytest.approx(expected["se"].to_numpy(), rel=1e-6)


def test_the_statistic_is_that_of_the_scores_written_out():
    data = made_up()
    counts = RowCounts(data)
    design = design_of(counts, data.instrument.question("support_needs"), None, ())
    stacked = Stacked.of(counts, design, "en")
    answers = np.stack([stacked.yes * stacked.known, stacked.known.astype(float)], axis=2)
    patterns, of_rows = np.unique(stacked.terms, axis=0, return_inverse=True)
    table = np.zeros((len(patterns), *answers.shape[1:]))
    np.add.at(table, of_rows.reshape(-1), answers)
    assert differing(patterns, table[None])[0] == pytest.approx(
        reference("gee_differing").iloc[0]["statistic"], rel=1e-5
    )


@pytest.mark.parametrize("adjust", [(), ("firm_type",)])
def test_the_order_of_respondents_changes_no_number(adjust):
    data = made_up()
    order = np.random.default_rng(2).permutation(len(data))
    turned = replace(
        data, data=data.data.iloc[order], missing=data.missing.iloc[order], meta=data.meta.iloc[order]
    )
    one, two = (survey.all_needs(each, "support_needs", adjust=adjust, draws=99) for each in (data, turned))
    numbers = ["coefficient", "se", "p_value", "p_adjusted"]
    assert one[numbers].to_numpy(float) == pytest.approx(two[numbers].to_numpy(float), nan_ok=True, rel=1e-6)


@pytest.mark.parametrize("adjust", [(), ("firm_type",)])
def test_effects_that_differ_are_seen_and_effects_that_do_not_are_not(adjust):
    rng = np.random.default_rng(3)
    models = (rng.random((200, 4)) < 0.4).astype(float)
    kinds = rng.choice(["biotech", "biopharma", "big_pharma"], 200)
    names = [option.id for option in firms(models).instrument.question("support_needs").options][:6]

    def given(effects):
        logits = models[:, [2]] @ np.array([effects]) + 0.8 * rng.normal(size=(200, 1))
        ticks = rng.random((200, 6)) < 1 / (1 + np.exp(-logits))
        return firms(
            models,
            firm_type=kinds,
            **{f"support_needs__{name}": ticks[:, place].astype(float) for place, name in enumerate(names)},
        )

    apart = survey.all_needs(given([2, -2, 2, -2, 0, 0]), "support_needs", adjust=adjust, draws=199)
    alike = survey.all_needs(given([1, 1, 1, 1, 1, 1]), "support_needs", adjust=adjust, draws=199)
    assert apart["p_value"].iloc[-1] <= 0.01
    assert alike["p_value"].iloc[-1] > 0.05
    assert alike.set_index("term").loc["licensing", "p_adjusted"] < 1e-3
    method = "wild_bootstrap" if adjust else "permutation"
    assert apart["method"].iloc[-1] == method


def test_what_cannot_be_modelled_has_a_reason():
    cases = [
        random_firms(3),
        firms(np.ones((20, 4)), support_needs__cro_matching=np.arange(20) % 2),
        firms(np.zeros((20, 4)), support_needs__cro_matching=np.arange(20) % 2),
        firms((np.arange(80).reshape(20, 4) % 3 == 0).astype(float), support_needs__cro_matching=np.ones(20)),
        firms(np.ones((20, 4))),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for given in cases:
            for adjust in ((), ("firm_type",)):
                for stub in ("support_needs", "challenges"):
                    table = survey.all_needs(given, stub, adjust=adjust, draws=9)
                    check(table)
                    assert table["p_value"].isna().all()
    one = random_firms(40, needs=1)
    table = survey.all_needs(one, "support_needs", draws=9)
    check(table)
    assert table["reason"].iloc[-1].split()[:2] == ["too_few_items", "untested"]
    licensing = np.tile([0.0, 1.0], 20)
    models = np.column_stack([np.zeros((40, 2)), licensing, np.arange(40) % 3 == 0]).astype(float)
    parted = firms(
        models, **{f"support_needs__{name}": licensing for name in ("cro_matching", "financing_capital")}
    )
    table = survey.all_needs(parted, "support_needs", draws=9)
    check(table)
    assert "separated" in table["reason"].iloc[2].split()


def test_a_tally_is_refused_with_what_to_do_instead():
    with pytest.raises(survey.UsageError, match="model_needs"):
        survey.all_needs(survey.tally(random_firms(10)), "support_needs")


def test_gee_is_logistic_regression_with_clusters():
    """With one need there is one row a respondent: the sandwich of White."""
    rng = np.random.default_rng(5)
    terms = (rng.random((60, 2)) < 0.5).astype(float)
    yes = (rng.random((60, 1)) < 0.5).astype(float)
    effects, se = fit_gee(terms, yes, np.ones((60, 1), bool))
    import statsmodels.api as sm

    plain = sm.GLM(yes[:, 0], sm.add_constant(terms), sm.families.Binomial()).fit(cov_type="HC0")
    assert effects == pytest.approx(plain.params[1:], rel=1e-6)
    assert se == pytest.approx(plain.bse[1:], rel=1e-6)


def test_labels_are_in_the_language_asked_for():
    table = survey.all_needs(made_up(), "support_needs", draws=9, lang="zh")
    check(table)
    assert table["term_label"].iloc[-1] == "效应是否因需求而异"
    assert isinstance(table, pd.DataFrame)


def test_the_points_of_an_item_are_the_same_options_of_a_single_question():
    """All needs by an item is all needs by a single question with the same options."""
    plain = made_up()
    item, kinds = "challenges__geopolitics", plain.instrument.question("firm_type").options
    points = plain.data[item].clip(upper=len(kinds))
    named = points.map({at + 1: kind.id for at, kind in enumerate(kinds)})
    frame = plain.data.astype(object).assign(**{item: points, "firm_type": named})
    given = survey.from_frame(frame, plain.instrument)
    tables = [survey.all_needs(given, "support_needs", by=by, draws=99) for by in (item, "firm_type")]
    check(tables[0])
    one, other = (table.loc[table["p_value"].notna(), "p_value"].to_numpy() for table in tables)
    assert len(one) == len(other) == len(kinds)
    assert one == pytest.approx(other)


def test_the_base_and_what_is_missing_are_said():
    """12 firms without a type are in no model; some answers to needs are blank: the others count."""
    data = made_up()
    whole = survey.all_needs(data, "support_needs", by="firm_type", draws=9)
    assert whole["base"].tolist() == [len(data)] * len(whole)
    assert set(whole["note"]) == {"12 answers missing: a respondent counts for the needs that were answered"}
    frame = data.data.astype(object).where(data.data.notna(), None)
    needs = [name for name in frame if name.startswith("support_needs__") and not name.endswith("__text")]
    frame.loc[frame.index[:12], "firm_type"] = None
    frame.loc[frame.index[20:22], needs[-1]] = None
    missing = int(frame.loc[frame.index[12:], needs].isna().to_numpy().sum())
    given = survey.from_frame(frame, data.instrument)
    gaps = survey.all_needs(given, "support_needs", by="firm_type", draws=9)
    assert gaps["base"].tolist() == [len(data) - 12] * len(gaps)
    for note in gaps["note"]:
        assert "12 who answered this, but not all the terms, take no part" in note
        assert f"{missing} answers missing" in note
    assert set(gaps["reason"]) == {"left_out"}
