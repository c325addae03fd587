"""Association of two questions, rank sets and co-occurrence: against R and enumeration, in every shape."""

import csv
import itertools
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest

import survey
from survey.statistics import small_cells
from survey.statistics.cooccurrence import phi_interval, phi_of
from survey.statistics.ranks import ordered_p_values, rank_bounds
from tests.paths import EXAMPLES, ROOT, SAMPLE

REFERENCE = ROOT / "tests" / "reference"
HEAD = """
kind: survey
id: pairs
version: "1.0.0"
languages: [en]
title: {en: "Pairs"}
questions:
"""


def question(name, kind, parts):
    lines = [
        f"  - id: {name}",
        f"    kind: {kind}",
        f'    short: {{en: "{name}"}}',
        f'    text: {{en: "{name}?"}}',
        "    options:",
    ]
    return "\n".join([*lines, *(f'      - {{id: {part}, label: {{en: "{part}"}}}}' for part in parts)]) + "\n"


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    path = tmp_path_factory.mktemp("pairs") / "pairs.yaml"
    text = (
        HEAD
        + question("w", "multiple", ["w1", "w2", "w3"])
        + question("y", "multiple", ["y1", "y2", "y3", "y4"])
    )
    path.write_text(text + question("s", "single", ["a", "b", "c"]), encoding="utf-8")
    return survey.load_instrument(path)


@pytest.fixture(scope="module")
def frame():
    return pd.read_csv(REFERENCE / "association-data.csv")


def told(frame, schema):
    named = {name: f"{name[0]}__{name}" for name in frame.columns if name != "s"}
    return survey.from_frame(frame.rename(columns=named), schema)


@pytest.fixture(scope="module")
def stored():
    found = {}
    with (REFERENCE / "association.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            found.setdefault(line["topic"], {})[line["name"]] = float(line["value"])
    return found


@pytest.mark.parametrize("zero", [0.5, 0.25])
@pytest.mark.parametrize(("row", "topic"), [("w", "multiple"), ("s", "single")])
def test_the_same_as_the_published_formulas_in_r(frame, schema, stored, row, topic, zero):
    expected = stored[f"{topic}@{zero:g}"]
    found = survey.association(told(frame, schema), row, "y", draws=19, zero_cells=zero)
    tests = found.tests.set_index("method")
    assert tests.loc["sum", "statistic"] == pytest.approx(expected["sum"], rel=1e-8)
    for method in ("rao_scott", "rao_scott_null"):
        for column, name in (("statistic", "statistic"), ("df", "df"), ("p_value", "p")):
            assert tests.loc[method, column] == pytest.approx(expected[f"{method}:{name}"], rel=1e-8)
    if row == "w":
        assert tests.loc["bonferroni", "p_value"] == pytest.approx(expected["bonferroni:p"], rel=1e-8)
    cells = found.cells.set_index(["row_code", "column_code"])
    for name, value in expected.items():
        if name.startswith("chi:"):
            assert cells.loc[tuple(name.split(":")[1:]), "chi_square"] == pytest.approx(value, rel=1e-8)
        if name.startswith("p:") and row == "w":
            assert cells.loc[tuple(name.split(":")[1:]), "p_value"] == pytest.approx(value, rel=1e-8)
    if row == "w":
        one = cells.loc[("w1", "y1")]
        for column, name in (("odds_ratio", "or"), ("ci_low", "low"), ("ci_high", "high")):
            assert one[column] == pytest.approx(expected[f"{name}:w1:y1"], rel=1e-8)


@pytest.mark.parametrize("zero", [0.5, 0.25])
def test_small_r_by_2_tables_against_all_tables_in_r(frame, schema, stored, zero, monkeypatch):
    responses, known = told(frame, schema), stored[f"single@{zero:g}"]
    exact = min(known[f"p:y{place}"] for place in range(1, 5))
    found = survey.association(responses, "s", "y", test="bonferroni", zero_cells=zero, draws=9)
    assert found.tests["p_value"].iloc[0] == pytest.approx(4 * exact, rel=1e-8)
    assert "exact_small_cells" in found.tests["reason"].iloc[0]
    monkeypatch.setattr(small_cells, "MOST_TABLES", 1)  # too many to list: they are drawn
    draws = 19_999
    drawn = survey.association(responses, "s", "y", test="bonferroni", zero_cells=zero, draws=draws)
    error = 4 * (exact * (1 - exact) / draws) ** 0.5
    assert drawn.tests["p_value"].iloc[0] == pytest.approx(4 * exact, abs=4 * error)


def test_a_group_of_five_is_tested_exactly(schema):
    """Five of five against four of 55: the chi-square says 1.5e-7, Fisher's test .0000231."""
    frame = pd.DataFrame({"w1": [1] * 5 + [0] * 55, "y1": [1] * 9 + [0] * 51})
    for extra in ("w2", "w3", "y2", "y3", "y4"):
        frame[extra] = None
    found = survey.association(told(frame, schema), "w", "y", draws=99)
    cell = found.cells.set_index(["row_code", "column_code"]).loc[("w1", "y1")]
    assert cell["p_value"] == pytest.approx(126 / 5_461_512)  # (9 choose 5) of (60 choose 5)
    assert cell["p_adjusted"] == cell["p_value"]  # the one hypothesis there is
    assert cell["chi_square"] > 27
    assert "exact_small_cells" in cell["reason"]
    assert cell["note"].startswith("Empty cells count 0.5.")
    bonferroni = found.tests.set_index("method").loc["bonferroni"]
    assert bonferroni["p_value"] == cell["p_value"]
    assert "exact_small_cells" in bonferroni["reason"]


def test_large_cells_keep_the_chi_square(schema):
    frame = pd.DataFrame({"w1": [1, 0] * 30, "y1": [1, 1, 0] * 20})
    for extra in ("w2", "w3", "y2", "y3", "y4"):
        frame[extra] = None
    cell = survey.association(told(frame, schema), "w", "y", draws=9).cells.iloc[0]
    assert (cell["p_value"], cell["reason"]) == (1, "")


def test_two_answers_of_a_question_are_one_hypothesis(tmp_path):
    """A single question of two options beside ticks: each table is there twice, and counts once."""
    path = tmp_path / "two.yaml"
    text = HEAD + question("w", "multiple", ["w1", "w2", "w3"]) + question("s", "single", ["yes", "no"])
    path.write_text(text, encoding="utf-8")
    random = np.random.default_rng(4)
    frame = pd.DataFrame((random.random((40, 3)) < 0.4).astype(int), columns=["w__w1", "w__w2", "w__w3"])
    frame["s"] = np.where(random.random(40) < 0.5, "yes", "no")
    responses = survey.from_frame(frame, survey.load_instrument(path))
    for one, other in (("s", "w"), ("w", "s")):
        found = survey.association(responses, one, other, draws=9)
        cells = found.cells.set_index(["row_code", "column_code"])
        assert len(cells) == 6
        assert (cells["p_adjusted"] == np.minimum(1, 3 * cells["p_value"])).all()
        assert cells["reason"].str.contains("same_comparison").sum() == 3
        bonferroni = found.tests.set_index("method").loc["bonferroni", "p_value"]
        assert bonferroni == cells["p_adjusted"].min()


def test_the_orientation_does_not_matter(frame, schema):
    responses = told(frame, schema)
    for one, other in (("w", "y"), ("s", "y")):
        first, second = survey.association(responses, one, other), survey.association(responses, other, one)
        pd.testing.assert_frame_equal(
            first.tests.drop(columns=["p_value", "note"]), second.tests.drop(columns=["p_value", "note"])
        )
        assert first.p_value == pytest.approx(second.p_value, abs=0.05)


def test_permutations_against_all_of_them(schema):
    """Six respondents have 720 permutations: the exact p-values, by a plain loop, and ours."""
    frame = pd.DataFrame(
        {
            "w1": [1, 1, 1, 0, 0, 0],
            "w2": [1, 0, 1, 0, 1, 0],
            "y1": [1, 1, 0, 0, 0, 0],
            "y2": [0, 1, 1, 1, 0, 0],
        }
    )
    first, second = frame[["w1", "w2"]].to_numpy(), frame[["y1", "y2"]].to_numpy()

    def chis(order):
        found = []
        for i, j in itertools.product(range(2), range(2)):
            table = np.array(
                [[((first[order, i] == a) & (second[:, j] == b)).sum() for b in (1, 0)] for a in (1, 0)],
                float,
            )
            table[table == 0] = 0.5
            expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
            found.append(((table - expected) ** 2 / expected).sum())
        return found

    every = [chis(list(order)) for order in itertools.permutations(range(6))]
    seen = chis(list(range(6)))
    exact = {
        "permutation_sum": np.mean([sum(one) >= sum(seen) - 1e-9 for one in every]),
        "permutation_minimum": np.mean([max(one) >= max(seen) - 1e-9 for one in every]),
    }
    draws = 4999
    tests = survey.association(told(frame, schema), "w", "y", draws=draws, seed=1).tests.set_index("method")
    for method, p_value in exact.items():
        error = 4 * np.sqrt(p_value * (1 - p_value) / draws) + 1 / draws
        assert tests.loc[method, "p_value"] == pytest.approx(p_value, abs=error)


def test_gaps_are_handled_as_complete_cases_where_whole_respondents_are_missing(frame, schema):
    holes = frame.astype({name: float for name in frame.columns if name != "s"})
    holes.loc[:9, ["y1", "y2", "y3", "y4"]] = np.nan
    gaps = survey.association(told(holes, schema), "w", "y", draws=199)
    whole = survey.association(told(frame.loc[10:].reset_index(drop=True), schema), "w", "y", draws=199)
    assert gaps.base == whole.base == 50
    pd.testing.assert_frame_equal(gaps.tests, whole.tests)
    pd.testing.assert_frame_equal(gaps.cells, whole.cells)


def test_single_gaps_keep_their_pairs(frame, schema):
    holes = frame.astype({name: float for name in frame.columns if name != "s"})
    holes.loc[0, "y1"] = np.nan
    holes.loc[1, "w2"] = np.nan
    found = survey.association(told(holes, schema), "w", "y", draws=199)
    cells = found.cells.set_index(["row_code", "column_code"])
    assert cells.loc[("w1", "y1"), "base"] == cells.loc[("w2", "y2"), "base"] == 59
    assert cells.loc[("w2", "y1"), "base"] == 58
    assert cells.loc[("w1", "y2"), "base"] == 60
    total = found.tests.set_index("method").loc["sum", "statistic"]
    assert total == pytest.approx(cells["chi_square"].sum(), rel=1e-12)
    assert found.tests["p_value"].iloc[1:].between(0, 1).all()
    nearly = survey.association(told(frame, schema), "w", "y", draws=199).tests
    assert found.tests["statistic"].iloc[1] == pytest.approx(nearly["statistic"].iloc[1], rel=0.25)


def test_swapping_ticked_and_unticked_changes_nothing(frame, schema):
    turned = frame.copy()
    for name in ("y1", "y2", "y3", "w1"):
        turned[name] = 1 - turned[name]
    kept = survey.association(told(frame, schema), "w", "y", draws=199).tests
    after = survey.association(told(turned, schema), "w", "y", draws=199).tests
    drawn = kept["method"].str.startswith("permutation")  # the patterns stand in another order
    pd.testing.assert_frame_equal(kept[~drawn], after[~drawn])
    assert kept["p_value"].to_numpy() == pytest.approx(after["p_value"].to_numpy(), abs=0.12, nan_ok=True)


def test_the_order_of_respondents_changes_nothing(frame, schema):
    mixed = frame.sample(frac=1, random_state=3).reset_index(drop=True)
    kept = survey.association(told(frame, schema), "w", "y", draws=99).tests
    after = survey.association(told(mixed, schema), "w", "y", draws=99).tests
    pd.testing.assert_frame_equal(kept, after)


def test_duplicating_the_sample_doubles_the_sum(frame, schema):
    dense = frame.drop(columns="y4")  # without empty cells
    once = survey.association(told(dense, schema), "w", "y", test="sum").tests["statistic"].iloc[0]
    twice = survey.association(told(pd.concat([dense, dense]), schema), "w", "y", test="sum").tests
    assert twice["statistic"].iloc[0] == pytest.approx(2 * once, rel=1e-12)


def test_chunks_change_nothing(frame, schema, monkeypatch):
    from survey.statistics import association_tables

    known = survey.association(told(frame, schema), "w", "y", test="rao_scott").tests
    monkeypatch.setattr(association_tables, "_CHUNK", 180 * 4)
    monkeypatch.setattr(association_tables, "_PAIRS", 7)
    tests = survey.association(told(frame, schema), "w", "y", draws=50).tests
    assert tests["p_value"].iloc[1:].between(0, 1).all()
    rao_scott = tests.set_index("method").loc["rao_scott", "p_value"]
    assert rao_scott == pytest.approx(known["p_value"].iloc[0], rel=1e-10)


def test_memory_does_not_grow_with_the_draws():
    code = """
import resource, sys, numpy as np
from survey.statistics.association_tables import Patterns, permuted_rows
rng = np.random.default_rng(0)
first, second = (rng.random((20000, 4)) < .3).astype(float), (rng.random((20000, 11)) < .4).astype(float)
patterns = Patterns(first, second, np.arange(20000), np.arange(20000), np.ones(20000, int))
for _ in permuted_rows(patterns, 20, rng): pass
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in permuted_rows(patterns, 200, rng): pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    if sys.platform != "linux":
        pytest.skip("the peak is read the way Linux tells it")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 20_000  # KiB


@pytest.mark.parametrize(
    "change",
    [
        {"y1": 1, "y2": 1, "y3": 1, "y4": 1},
        {"y1": 0, "y2": 0, "y3": 0, "y4": 0},
        {"w1": 1, "w2": 0, "w3": 0},
        {"y1": None, "y2": None, "y3": None, "y4": None},
    ],
    ids=["everybody", "nobody", "constant groups", "nobody answered"],
)
def test_nothing_to_test_is_said(frame, schema, change):
    odd = frame.astype(object).assign(**{name: [value] * 60 for name, value in change.items()})
    found = survey.association(told(odd, schema), "w", "y")
    assert found.tests["p_value"].isna().all()
    assert (found.tests["note"].str.contains("Nothing to test")).all()
    assert found.tests["reason"].str.startswith("no_variation untested").all()
    assert found.cells["chi_square"].isna().all()
    assert (found.cells["note"] != "").all()
    assert "could not be tested" in found.sentence


def test_what_takes_no_part_is_named(frame, schema):
    odd = frame.assign(y2=1, w3=0)
    found = survey.association(told(odd, schema), "w", "y", draws=99)
    assert len(found.notes) >= 2
    assert "w3" in found.tests["note"].iloc[0]
    assert "y2" in found.tests["note"].iloc[0]
    assert set(found.tests["reason"]) <= {"left_out", "left_out empty_cell"}
    cells = found.cells.set_index(["row_code", "column_code"])["reason"]
    assert cells["w3", "y1"] == "nobody untested"
    assert cells["w1", "y2"] == "everybody untested"
    assert cells["w3", "y2"] == "nobody everybody untested"
    less = survey.association(told(frame.drop(columns=["y2", "w3"]), schema), "w", "y", draws=99)
    assert found.tests["statistic"].iloc[0] == pytest.approx(less.tests["statistic"].iloc[0], rel=1e-12)


def test_three_respondents(schema):
    frame = pd.DataFrame({"w1": [1, 0, 1], "w2": [0, 1, 1], "y1": [1, 0, 0], "y2": [1, 1, 0]})
    found = survey.association(told(frame, schema), "w", "y", draws=99)
    assert found.tests["p_value"].iloc[1:].between(0, 1).all()
    assert found.cells["odds_ratio"].notna().sum() == 4


@pytest.mark.parametrize("second", [1, 2])
def test_two_respondents_have_a_reason_for_every_number_that_is_not_there(schema, second):
    """Every residual of so few is 0, and there is no covariance to correct by."""
    rows = [{"w1": 1, "w2": 0, "y1": 1, "y2": 0}, {"w1": 0, "w2": second % 2, "y1": 0, "y2": 1}]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tests = survey.association(told(pd.DataFrame(rows), schema), "w", "y", draws=99).tests
    silent = tests["p_value"].isna() & (tests["method"] != "sum")
    assert silent.any()
    assert tests.loc[silent, "reason"].str.startswith("too_few_answers untested").all()
    assert tests.loc[silent, "note"].str.contains("so few answered both").all()


def test_no_correction_for_empty_cells_on_request(frame, schema):
    found = survey.association(told(frame.assign(y4=frame["w1"]), schema), "w", "y", zero_cells=0, draws=99)
    cell = found.cells.set_index(["row_code", "column_code"]).loc[("w1", "y4")]
    assert cell["chi_square"] == pytest.approx(60)
    assert cell["odds_ratio"] == np.inf
    assert "no interval" in cell["note"]
    assert cell["reason"] == "empty_cell no_interval"


def test_exclusive_options_are_no_group_but_their_respondents_stay():
    responses = survey.read_responses(SAMPLE)
    found = survey.association(responses, "expansion_models", "support_needs", draws=199)
    assert "undecided" not in found.cells["row_code"].tolist()
    assert found.base == 137
    assert set(found.cells["base"]) == {137}
    assert set(found.tests["method"]) == {
        *("sum", "rao_scott", "rao_scott_null", "permutation_sum", "permutation_product"),
        *("permutation_minimum", "bonferroni"),
    }


def test_ratings_are_top_boxes(frame):
    rng = np.random.default_rng(5)
    columns = {f"agreement__{name}": rng.integers(1, 8, 40) for name in ("first", "second", "third")}
    columns["region"] = np.where(rng.random(40) < 0.5, "north", "south")
    responses = survey.from_frame(pd.DataFrame(columns), EXAMPLES / "seven-points.yaml")
    found = survey.association(responses, "region", "agreement", top=3, draws=99)
    first = found.cells[found.cells["column_code"] == "first"].iloc[0]
    assert first["n_column"] == (columns["agreement__first"] >= 5).sum()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("w", "w"), "both sides"),
        (("w", "nothing"), "not a question"),
        (("w", "y", "x"), "no test of association"),
    ],
)
def test_bad_questions_are_told(frame, schema, arguments, said):
    row, column, *test = arguments
    with pytest.raises(survey.UsageError, match=said):
        survey.association(told(frame, schema), row, column, test=test[0] if test else None)
    for wrong in ({"draws": 0}, {"seed": -1}, {"zero_cells": 2}, {"confidence": 95}):
        with pytest.raises(survey.UsageError):
            survey.association(told(frame, schema), "w", "y", **wrong)


# -- rank sets -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [0.95, 0.5])
def test_rank_sets_as_r_finds_them(frame, schema, stored, level):
    table = survey.rank_sets(told(frame, schema), "y", confidence=level).set_index("item")
    for name, value in stored[f"ranks@{level:g}"].items():
        kind, item, end = name.split(":")
        assert table.loc[item, f"{kind}_{end}"] == value, name


def wins_of(ticks):
    """How many have one item and not the other, of those who answered both."""
    return np.nan_to_num(ticks).T @ np.nan_to_num(1 - ticks)


def test_equal_items_may_hold_any_rank_and_a_clear_order_is_found():
    rng = np.random.default_rng(1)
    same = np.repeat((rng.random((30, 1)) < 0.5).astype(float), 4, axis=1)
    assert set(rank_bounds(ordered_p_values(wins_of(same)), 0.95)["marginal"]) == {(1, 4)}
    clear = (np.arange(200)[:, None] < np.array([190, 120, 60, 5])).astype(float)
    assert rank_bounds(ordered_p_values(wins_of(clear)), 0.95)["simultaneous"] == [
        (1, 1),
        (2, 2),
        (3, 3),
        (4, 4),
    ]


def test_rank_sets_hold_the_rank_grow_with_confidence_and_move_with_the_items():
    rng = np.random.default_rng(2)
    ticks = (rng.random((50, 6)) < np.linspace(0.2, 0.8, 6)).astype(float)
    ticks[rng.random(ticks.shape) < 0.1] = np.nan
    before = None
    for level in (0.5, 0.8, 0.95, 0.999):
        sets = rank_bounds(ordered_p_values(wins_of(ticks)), level)
        for (low, high), (outer_low, outer_high) in zip(sets["marginal"], sets["simultaneous"], strict=True):
            assert outer_low <= low <= high <= outer_high
        if before:
            assert all(a[0] >= b[0] and a[1] <= b[1] for a, b in zip(before, sets["marginal"], strict=True))
        before = sets["marginal"]
    order = [3, 1, 5, 0, 2, 4]
    moved = rank_bounds(ordered_p_values(wins_of(ticks[:, order])), 0.95)["marginal"]
    assert moved == [
        rank_bounds(ordered_p_values(wins_of(ticks)), 0.95)["marginal"][place] for place in order
    ]


def test_one_sided_tests_by_hand():
    ticks = np.array([[1, 0]] * 5 + [[0, 1]] * 1 + [[1, 1]] * 3 + [[np.nan, 1]] * 4, dtype=float)
    p_values = ordered_p_values(wins_of(ticks))
    assert p_values[0, 1] == pytest.approx(7 / 64)  # at least 5 of 6
    assert p_values[1, 0] == pytest.approx(63 / 64)
    assert ordered_p_values(wins_of(np.ones((3, 2))))[0, 1] == 1


def test_importance_carries_the_marginal_set():
    responses = survey.read_responses(SAMPLE)
    shares, sets = survey.importance_shares(responses), survey.rank_sets(responses)
    assert shares["rank_low"].tolist() == sets["marginal_low"].tolist()
    assert shares["rank_high"].tolist() == sets["marginal_high"].tolist()
    assert (shares["rank_low"] <= shares["rank"]).all()
    assert (shares["rank"] <= shares["rank_high"]).all()


def test_items_nobody_answered_have_no_rank(schema):
    table = survey.rank_sets(told(pd.DataFrame({"y1": [1, 0], "y2": [1, 1]}), schema), "y", k=1)
    assert table["item"].tolist() == ["y2", "y1", "y3", "y4"]
    assert table["rank"].isna().tolist() == [False, False, True, True]
    assert table["reason"].tolist() == ["", "", "no_answer", "no_answer"]
    with pytest.raises(survey.UsageError):
        survey.rank_sets(told(pd.DataFrame({"y1": [1, 0]}), schema), "y", k=0)


# -- co-occurrence ---------------------------------------------------------------------------------------


def test_phi_as_r_finds_it(frame, schema, stored):
    table = survey.cooccurrence(told(frame, schema), "y").set_index(["code", "other_code"])
    row = table.loc[("y1", "y3")]
    for column, name in (("phi", "phi"), ("ci_low", "low"), ("ci_high", "high")):
        assert row[column] == pytest.approx(stored["phi"][f"y1:y3:{name}"], abs=1e-8)


def test_phi_of_tables_as_r_finds_it(stored):
    keys = {name.partition(":")[0] for name in stored["phi"]} - {"y1"}
    assert len(keys) == 5
    for key in keys:
        cells = [int(count) for count in key.split("-")]
        numbers = [stored["phi"][f"{key}:{name}"] for name in ("phi", "low", "high")]
        assert [phi_of(*cells), *phi_interval(*cells)] == pytest.approx(numbers, abs=1e-8)
    low, high = phi_interval(8, 6, 6, 117)
    assert (round(low, 2), round(high, 2)) == (0.25, 0.72)


def test_the_interval_of_phi_has_its_sides():
    """Turning the second option round turns the limits; few respondents are never surer than normal ones."""
    for cells in ((8, 6, 6, 117), (1, 2, 3, 4), (0, 5, 5, 127), (1, 1, 1, 1), (40_000, 1, 2, 60_000)):
        a, b, c, d = cells
        low, high = phi_interval(*cells)
        assert -1 <= low < phi_of(*cells) < high <= 1
        turned = phi_interval(b, a, d, c)
        assert turned == pytest.approx((-high, -low))
        width = np.arctanh(high) - np.arctanh(low)
        assert width >= 2 * 1.9599 / (sum(cells) - 3) ** 0.5


def test_phi_without_variation_is_said(schema):
    frame = pd.DataFrame({"y1": [1, 0, 1], "y2": [1, 1, 1], "y3": [0, 1, 0], "y4": [None] * 3})
    table = survey.cooccurrence(told(frame, schema), "y").set_index(["code", "other_code"])
    assert table.loc[("y1", "y3"), "phi"] == -1
    assert table["phi"].notna().sum() == 1
    assert (table["note"] != "").all()
    assert table["reason"].to_dict() == {
        ("y1", "y2"): "everybody not_computed",
        ("y1", "y3"): "too_few_answers no_interval",
        ("y1", "y4"): "no_answer not_computed",
        ("y2", "y3"): "everybody not_computed",
        ("y2", "y4"): "no_answer not_computed",
        ("y3", "y4"): "no_answer not_computed",
    }
