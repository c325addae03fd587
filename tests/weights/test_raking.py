"""Raking against R's survey package, its invariances, and what it refuses."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import survey
from survey.cli import main
from tests.paths import EXAMPLES

REFERENCE = Path(__file__).parents[1] / "reference"
SCHOOLS = survey.load_instrument(EXAMPLES / "schools.yaml")
TYPES = {"e": 4421 / 6194, "h": 755 / 6194, "m": 1018 / 6194}
WIDE = {"no": 1072 / 6194, "yes": 5122 / 6194}
CELLS = {
    **{"e*no": 500, "h*no": 272, "m*no": 300, "e*yes": 3921, "h*yes": 483, "m*yes": 718},
}
POST = {"stype*sch_wide": {cell: n / 6194 for cell, n in CELLS.items()}}


def schools(**columns):
    """Responses under the schools' instrument."""
    return survey.from_frame(pd.DataFrame(columns), SCHOOLS)


@pytest.fixture(scope="module")
def api():
    table = pd.read_csv(REFERENCE / "raking-data.csv")
    return survey.from_frame(table[["stype", "sch_wide"]], SCHOOLS), table["start"].to_numpy()


@pytest.fixture(scope="module")
def from_r():
    return pd.read_csv(REFERENCE / "raking.csv")


def problems(error):
    return [problem.key for problem in error.value.problems]


@pytest.mark.parametrize(
    ("column", "targets", "started", "bounds"),
    [
        ("raked", {"stype": TYPES, "sch_wide": WIDE}, False, None),
        ("from_start", {"stype": TYPES, "sch_wide": WIDE}, True, None),
        ("post", POST, False, None),
        ("raked_095_102", {"stype": TYPES, "sch_wide": WIDE}, False, (0.95, 1.02)),
        ("from_08_12", {"stype": TYPES, "sch_wide": WIDE}, True, (0.8, 1.2)),
        ("post_06_11", POST, False, (0.6, 1.1)),
    ],
)
def test_weights_are_those_of_r(api, from_r, column, targets, started, bounds):
    responses, start = api
    made = survey.rake(responses, targets, bounds=bounds, base_weights=start if started else None)
    assert made.weights.to_numpy() == pytest.approx(from_r[column].to_numpy(), abs=2e-9)
    assert made.weights.sum() == pytest.approx(len(responses))


def test_the_printed_weights_of_the_reference(api):
    """The numbers that R prints for the population of 6,194 schools."""
    made = survey.rake(api[0], {"stype": TYPES, "sch_wide": WIDE})
    weights = made.weights * 6194 / 200
    by_cell = weights.groupby([made.data["stype"], made.data["sch_wide"]], observed=True).first()
    assert by_cell["e", "no"] == pytest.approx(28.91076830)
    assert by_cell["m", "yes"] == pytest.approx(31.52924414)
    last = survey.weighting(made).iloc[-1]
    assert last["effective_base"] == pytest.approx(199.8108595)
    assert last["deff"] == pytest.approx(1.000946598)


def test_order_and_scale_change_nothing(api):
    responses, start = api
    one = survey.rake(responses, {"stype": TYPES, "sch_wide": WIDE}, base_weights=start)
    percent = {code: 100 * share for code, share in reversed(list(TYPES.items()))}
    other = survey.rake(responses, {"sch_wide": WIDE, "stype": percent}, base_weights=start * 17)
    assert one.weights.to_numpy() == pytest.approx(other.weights.to_numpy(), abs=1e-8)
    again = survey.rake(one, {"stype": TYPES, "sch_wide": WIDE})
    assert again.weights.to_numpy() == pytest.approx(one.weights.to_numpy(), abs=1e-8)
    assert again.provenance.weighting.rounds == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("emh"), st.booleans()), min_size=6, max_size=60), st.data())
def test_any_interior_target_is_met_or_refused(rows, draw):
    """Shares made from positive weights can always be met; the raked shares are these shares."""
    types, wide = [row[0] for row in rows], ["yes" if row[1] else "no" for row in rows]
    weights = np.array(draw.draw(st.lists(st.floats(0.2, 5), min_size=len(rows), max_size=len(rows))))
    targets = {
        name: {code: float(weights[np.array(values) == code].sum() / weights.sum()) for code in set(values)}
        for name, values in (("stype", types), ("sch_wide", wide))
    }
    made = survey.rake(schools(stype=types, sch_wide=wide), targets)
    table = survey.weighting(made).iloc[:-1]
    assert table["gap"].abs().max() <= 1e-9
    assert (made.weights > 0).all()


def test_doubled_respondents_with_half_weights_are_the_same(api):
    responses, start = api
    table = responses.data.astype(object)
    doubled = survey.from_frame(pd.concat([table, table], ignore_index=True)[["stype", "sch_wide"]], SCHOOLS)
    targets = {"stype": TYPES, "sch_wide": WIDE}
    one = survey.rake(responses, targets, base_weights=start)
    two = survey.rake(doubled, targets, base_weights=np.tile(start / 2, 2))
    assert two.weights.to_numpy()[:200] == pytest.approx(one.weights.to_numpy(), abs=1e-8)


def test_a_respondent_split_in_two_shares_its_weight(api):
    responses, start = api
    table = pd.concat([responses.data, responses.data.iloc[[-1]]], ignore_index=True)[["stype", "sch_wide"]]
    split = survey.from_frame(table, SCHOOLS)
    targets = {"stype": TYPES, "sch_wide": WIDE}
    parts = np.r_[start[:-1], start[-1] / 3, start[-1] * 2 / 3]
    whole = survey.rake(responses, targets, base_weights=start).weights.to_numpy()
    two = survey.rake(split, targets, base_weights=parts).weights.to_numpy()
    joined = np.r_[two[:-2], two[-2:].sum()] * len(responses) / len(split)
    assert joined == pytest.approx(whole, abs=1e-9)
    assert two[-1] == pytest.approx(2 * two[-2])


def test_each_option_of_a_select_all_question_is_a_margin():
    made = survey.rake(
        schools(offers__music=[1, 1, 0, 0, 1], offers__sports=[1, 0, 1, 0, 0]),
        {"offers": {"music": 0.4, "sports": 0.7}},
    )
    table = survey.weighting(made)
    assert table["weighted"].iloc[:2].tolist() == pytest.approx([0.4, 0.7])
    assert table["proportion"].iloc[:2].tolist() == pytest.approx([0.6, 0.4])
    assert made.provenance.weighting.targets == ("offers",)


def test_a_derived_variable_is_raked_and_a_regrouping_of_a_raked_one_is_set():
    responses = schools(stype=["e", "m", "h", "e"])
    later = survey.rake(responses, {"secondary": {"primary": 25, "later": 75}})
    assert later.weights.tolist() == pytest.approx([0.5, 1.5, 1.5, 0.5])
    assert later.provenance.weighting.targets == ("secondary",)
    types = survey.rake(responses, {"stype": {"e": 0.5, "m": 0.25, "h": 0.25}})
    assert types.provenance.weighting.targets == ("stype", "secondary")
    assert later.where(stype="m,h").provenance.weighting.targets == ()


def test_a_crossed_target_sets_its_parts(api):
    made = survey.rake(api[0], POST)
    assert set(made.provenance.weighting.targets) == {"stype*sch_wide", "stype", "sch_wide", "secondary"}
    table = survey.weighting(made, lang="zh")
    assert table["label"].iloc[0] == "小学×否"
    assert table["gap"].iloc[:-1].abs().max() < 1e-12


def test_points_of_a_scale_are_raked():
    shop = survey.load_instrument(EXAMPLES / "shop.yaml")
    frame = pd.DataFrame({"service__fast": [1, 2, 3, 3], "region": ["north", "south", "east", "east"]})
    made = survey.rake(survey.from_frame(frame, shop), {"service__fast": {"1": 0.2, "2": 0.2, "3": 0.6}})
    assert made.weights.tolist() == pytest.approx([0.8, 0.8, 1.2, 1.2])


def test_percentages_of_a_select_all_question_may_be_0_or_1():
    responses = schools(offers__music=[1, 0] * 50, offers__sports=[1, 1, 0, 0] * 25)
    made = survey.rake(responses, {"offers": {"music": 1, "sports": 60}})
    assert survey.weighting(made)["weighted"].tolist()[:2] == pytest.approx([0.01, 0.6])


@pytest.mark.parametrize("weights", [["a", 1, 1], [None, 1, 1], [1, 1], 3, [[1, 1, 1]]])
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(survey.DataError) as error:
        schools(stype=["e", "h", "e"]).with_weights(weights, "mine")
    assert problems(error)[0] in ("weights_unusable", "weights_count")


def test_limits_break_margins_and_say_so(api):
    made = survey.rake(api[0], POST, bounds=(0.6, 1.1))
    table = survey.weighting(made)
    assert made.weights.between(0.6 - 1e-9, 1.1 + 1e-9).all()
    assert table["gap"].abs().max() > 0.01
    assert set(table.loc[table["gap"].abs() > 1e-9, "reason"]) == {"trimmed"}
    last = table.iloc[-1]
    assert last["trimmed"] == made.provenance.weighting.trimmed > 0
    assert last["largest"] == pytest.approx(1.1)


def test_one_respondent_may_hold_half_the_weight():
    responses = schools(stype=["e"] * 49 + ["h"])
    last = survey.weighting(survey.rake(responses, {"stype": {"e": 0.5, "h": 0.5}})).iloc[-1]
    assert last["largest"] == pytest.approx(25)
    assert last["effective_base"] == pytest.approx(1 / (49 * (0.5 / 49) ** 2 + 0.25))


def test_a_respondent_of_weight_zero_stays_at_zero_and_needs_no_answer():
    made = survey.rake(
        schools(stype=["e", "e", "h", None]),
        {"stype": {"e": 0.5, "h": 0.5}},
        bounds=(0.9, 1.3),
        base_weights=[1, 1, 1, 0],
    )
    assert made.weights.tolist()[3] == 0
    assert made.weights.sum() == pytest.approx(4)


def test_everything_wrong_with_targets_is_told_at_once(tmp_path):
    file = tmp_path / "targets.yaml"
    file.write_text(
        "stype:\n  e: 0.5\n  m: 0.5\nsch_wide:\n  no: 0\n  yes: 100\noffers:\n  music: 50\n  sports: 30\n",
        encoding="utf-8",
    )
    responses = schools(
        stype=["e", "h", "e"], sch_wide=["no", "yes", None], offers__music=[1, 1, 1], offers__sports=[0, 0, 0]
    )
    with pytest.raises(survey.DataError) as error:
        survey.rake(responses, file)
    told = {(problem.key, problem.place.line) for problem in error.value.problems}
    assert told == {
        *{("target_nobody", 3), ("target_missing", 1), ("target_gaps", 4)},
        *{("target_everybody", 8), ("target_nobody", 9)},
    }
    assert "targets.yaml" in str(error.value)


@pytest.mark.parametrize(
    ("targets", "key"),
    [
        ({}, "targets_form"),
        ({"stype": 3}, "targets_of_question"),
        ({"stype": {"e": "half"}}, "target_share"),
        ({"stype": {"e": -1, "h": 2}}, "target_share"),
        ({"stype": {"e": True, "h": 0}}, "target_share"),
        ({"stype": {"e": 0.5, "h": 0.4}}, "target_total"),
        ({"stype": {"e": 0.5, "X": 0.5}}, "target_unknown"),
        ({"nonsense": {"e": 1}}, "unknown_question"),
        ({"offers": {"music": 0.5, "sports": 30}}, "target_units"),
        ({"stype*offers": {"e*music": 1}}, "target_crossed_select_all"),
        (7, "targets_needed"),
    ],
)
def test_targets_that_are_none_are_usage(targets, key):
    with pytest.raises(survey.UsageError) as error:
        survey.rake(schools(stype=["e", "h"], offers__music=[1, 0]), targets)
    assert problems(error) == [key]


@pytest.mark.parametrize(
    ("targets", "key"),
    [
        ({"stype": {"e": 0, "h": 1}}, "target_zero"),
        ({"offers": {"music": 0}}, "target_zero"),
        ({"offers": {"music": 1}}, "target_whole"),
        ({"offers": {"sports": 0.5}}, "target_gaps"),
    ],
)
def test_shares_that_no_weights_give(targets, key):
    with pytest.raises(survey.DataError) as error:
        survey.rake(schools(stype=["e", "h"], offers__music=[1, 0], offers__sports=[1, None]), targets)
    assert problems(error) == [key]


def test_margins_that_no_weights_meet_are_named_not_looped_over():
    """All M are No and all H are Yes: the share of Yes is then that of H."""
    responses = schools(
        stype=["m", "m", "h", "h"], sch_wide=["no", "no", "yes", "yes"], offers__music=[1, 0, 1, 0]
    )
    targets = {"stype": {"m": 0.5, "h": 0.5}, "sch_wide": {"no": 0.3, "yes": 0.7}, "offers": {"music": 0.5}}
    with pytest.raises(survey.DataError) as error:
        survey.rake(responses, targets)
    assert problems(error) == ["rake_unmet"]
    assert error.value.problems[0].values["margins"] == ["stype", "sch_wide"]


def test_margins_met_by_weights_of_zero_only_are_refused():
    responses = schools(stype=["m", "m", "h"], sch_wide=["no", "yes", "yes"])
    targets = {"stype": {"m": 0.5, "h": 0.5}, "sch_wide": {"no": 0.5, "yes": 0.5}}
    with pytest.raises(survey.DataError) as error:
        survey.rake(responses, targets)
    assert problems(error) == ["rake_only_zeros"]


@pytest.mark.parametrize("bounds", [(1, 2), (0.5,), (2, 3), (-1, 2), "ab", (0.5, 1), (True, 3)])
def test_limits_that_are_none(bounds):
    with pytest.raises(survey.UsageError) as error:
        survey.rake(schools(stype=["e", "h"]), {"stype": {"e": 0.5, "h": 0.5}}, bounds=bounds)
    assert problems(error) == ["rake_bounds"]


@pytest.mark.parametrize("tolerance", [0, 1, "x", True])
def test_tolerances_that_are_none(tolerance):
    with pytest.raises(survey.UsageError) as error:
        survey.rake(schools(stype=["e", "h"]), {"stype": {"e": 0.5, "h": 0.5}}, tolerance=tolerance)
    assert problems(error) == ["rake_tolerance"]


def test_a_file_that_names_a_key_twice_is_told_with_its_line(tmp_path):
    file = tmp_path / "targets.yaml"
    file.write_text("stype:\n  e: 0.5\n  e: 0.5\n", encoding="utf-8")
    with pytest.raises(survey.InstrumentError) as error:
        survey.rake(schools(stype=["e", "h"]), file)
    assert error.value.problems[0].place.line == 3


def test_without_weights_everybody_counts_as_one():
    table = survey.weighting(schools(stype=["e", "h", "h"]))
    assert len(table) == 1
    assert table.iloc[0][["base", "effective_base", "deff", "reason"]].tolist() == [3, 3.0, 1.0, "no_weights"]
    equal = survey.weighting(schools(stype=["e", "h"]).with_weights([2, 2], "w")).iloc[0]
    assert equal["reason"] == "equal_weights"
    assert equal["largest"] == 1


def test_a_part_of_raked_respondents_says_that_it_is_one(api):
    part = survey.rake(api[0], POST).where(sch_wide="yes")
    table = survey.weighting(part)
    assert "subset" in set(table["reason"])


def test_how_weights_were_made_survives_a_workbook(api, tmp_path):
    made = survey.rake(api[0], POST, bounds=(0.6, 1.1))
    survey.write_responses(made, tmp_path / "made.xlsx")
    again = survey.read_responses(tmp_path / "made.xlsx", SCHOOLS)
    assert again.weights.tolist() == pytest.approx(made.weights.tolist(), abs=1e-12)
    assert again.provenance.weighting == made.provenance.weighting


@pytest.mark.parametrize(("form", "is_said"), [("csv", True), ("r", True), ("parquet", False)])
def test_a_file_that_forgets_the_targets_says_so(tmp_path, form, is_said):
    frame = pd.DataFrame({"firm_type": ["biotech", "biotech", "biopharma"]})
    plain, raked, ending = tmp_path / "plain.csv", tmp_path / "raked", "R" if form == "r" else form
    frame.to_csv(plain, index=False)
    (tmp_path / "targets.yaml").write_text("firm_type: {biotech: 50, biopharma: 50}\n")
    words = ["export", str(plain), "--instrument", "executive-survey@1.0.0", "--to", form]
    words += ["-o", f"{raked}.{ending}"]
    unraked = CliRunner().invoke(main, words)
    assert (unraked.exit_code, "no estimates" in unraked.stderr) == (0, False)
    made = CliRunner().invoke(main, [*words, "--rake", str(tmp_path / "targets.yaml")])
    assert made.exit_code == 0, made.output
    assert ("The weights set the shares of" in made.stderr) is is_said
    if form == "csv":
        assert "no estimates" in raked.with_suffix(".schema.json").read_text(encoding="utf-8")
    if form == "parquet":
        assert survey.read_responses(f"{raked}.parquet").provenance.weighting.targets == ("firm_type",)


def test_weights_are_those_of_other_programs(api):
    """By ipfn and weightipy (tests/reference/raking_programs.py)."""
    responses, start = api
    programs = pd.read_csv(REFERENCE / "raking_programs.csv")
    targets = {"stype": TYPES, "sch_wide": WIDE}
    plain = survey.rake(responses, targets, tolerance=1e-13).weights.to_numpy()
    begun = survey.rake(responses, targets, base_weights=start, tolerance=1e-13).weights.to_numpy()
    assert plain == pytest.approx(programs["ipfn_raked"].to_numpy(), abs=1e-10)
    assert plain == pytest.approx(programs["weightipy_raked"].to_numpy(), abs=1e-10)
    assert begun == pytest.approx(programs["ipfn_from_start"].to_numpy(), abs=1e-10)


@pytest.mark.parametrize(("interval", "what"), [("logit", "logit"), ("korn_graubard", "korn-graubard")])
def test_weighted_shares_are_those_of_svy(api, interval, what):
    responses, start = api
    shares = survey.frequencies(responses.with_weights(start, "start"), "stype", interval=interval)
    expected = pd.read_csv(REFERENCE / "raking_shares.csv").query("what == @what").set_index("code")
    if (
        interval == "korn_graubard"
    ):  # svy lets an effective sample be no larger than the sample; R and we do not
        effective = expected["value"] * (1 - expected["value"]) / expected["error"] ** 2
        assert sorted(expected.index[effective <= len(responses)]) == ["e", "m"]
        expected = expected[effective <= len(responses)]
    for row in shares[shares["code"].isin(expected.index)].itertuples():
        own = expected.loc[row.code]
        assert (row.proportion, row.ci_low, row.ci_high) == pytest.approx(
            (own["value"], own["low"], own["high"]), abs=1e-7
        )


def test_weighted_tests_are_those_of_svy(api):
    responses, start = api
    weighted = responses.with_weights(start, "start")
    expected = pd.read_csv(REFERENCE / "raking_shares.csv").query("what == 'rao_scott_f'").set_index("code")
    table = survey.crosstab(weighted, "sch_wide", banner="stype")
    for row in table[table["stub_code"] == "yes"].itertuples():
        assert row.p_value == pytest.approx(expected.loc[row.banner_code, "value"], rel=1e-6)
    whole = survey.association(weighted, "stype", "sch_wide").tests
    assert whole["p_value"].iloc[0] == pytest.approx(expected.loc["all", "value"], rel=1e-6)
