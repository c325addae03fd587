"""Equivalence: against R, its four verdicts, its family of hypotheses, and what it never says."""

from functools import partial
from math import isnan, nan

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import survey
from survey import UsageError
from survey.statistics.equivalence import equivalence_p, fill_verdicts, verdict_of
from survey.statistics.fisher import fisher_p
from survey.statistics.hypotheses import holm_over
from survey.statistics.intervals import difference_interval, paired_difference_interval
from tests.statistics.helpers import check_table, close, overlapping_groups
from tests.statistics.test_finite_population import known as known

COUNTED = st.integers(1, 300).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))


def test_p_and_limits_as_in_r(known):
    for key, own in known["equivalence"].items():
        counts = tuple(map(int, key.split("|")))
        limits = partial(difference_interval, *counts)
        assert close(limits(confidence=0.9), (own["low90"], own["high90"])), key
        for within, name in ((0.2, "p_equivalence"), (0.1, "p_tenth")):
            p_value = equivalence_p(limits, within)
            if isnan(own[name]):
                assert p_value < 2e-12
            else:
                assert p_value == pytest.approx(own[name], rel=1e-6), key
    for key, own in known["paired"].items():
        limits = partial(paired_difference_interval, *map(int, key.split("|")))
        assert close(limits(confidence=0.9), (own["low90"], own["high90"])), key
        assert equivalence_p(limits, 0.2) == pytest.approx(own["p_equivalence"], rel=1e-6), key


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ((56, 70, 48, 80), "different"),
        ((120, 300, 126, 310), "equivalent"),
        ((1200, 2000, 1120, 2000), "negligible"),
        ((12, 30, 15, 30), "undecided"),
    ],
)
def test_the_four_verdicts(counts, verdict):
    limits = partial(difference_interval, *counts)
    assert verdict_of(fisher_p(*counts), equivalence_p(limits, 0.2), 0.05) == verdict
    low, high = limits(confidence=0.9)
    assert (low > -0.2 and high < 0.2) == (verdict in {"equivalent", "negligible"})


@given(COUNTED, COUNTED, st.sampled_from([0.05, 0.1, 0.2, 0.5]), st.sampled_from([0.01, 0.05, 0.1]))
def test_p_inverts_the_interval(one, other, within, alpha):
    limits = partial(difference_interval, *one, *other)
    low, high = limits(confidence=1 - 2 * alpha)
    p_value = equivalence_p(limits, within)
    if abs(p_value - alpha) > 1e-9:
        assert (p_value < alpha) == (-within < low and high < within)
    assert p_value == pytest.approx(
        equivalence_p(partial(difference_interval, *other, *one), within), abs=1e-9
    )
    assert equivalence_p(limits, min(0.99, within * 1.5)) <= p_value + 1e-12


def made(counts, other, options=("agents", "branches", "partners")):
    """One group of counts (yes, base) by options, and the others; everybody answers everything."""
    size = ["small"] * counts[0][1] + ["large"] * other[0][1]
    columns = {
        f"channels__{name}": [1] * n + [0] * (base - n) + [1] * m + [0] * (rest - m)
        for name, (n, base), (m, rest) in zip(options, counts, other, strict=True)
    }
    return overlapping_groups(size=size, **columns)


RESPONSES = made([(120, 300), (240, 300), (0, 300)], [(126, 310), (186, 310), (0, 310)])


def test_a_cross_tab_has_verdicts_over_its_hypotheses():
    table = survey.crosstab(RESPONSES, "channels", banner="size", equivalent_within=0.2)
    check_table(table, "crosstab")
    cells = table[table["banner_code"] == "small"].set_index("stub_code")
    raw = {
        "agents": equivalence_p(partial(difference_interval, 120, 300, 126, 310), 0.2),
        "branches": equivalence_p(partial(difference_interval, 240, 300, 186, 310), 0.2),
        "partners": equivalence_p(partial(difference_interval, 0, 300, 0, 310), 0.2),
    }
    adjusted = dict(zip(raw, holm_over(list(raw.values()), list(raw)), strict=True))
    for name, p_value in adjusted.items():
        assert cells.loc[name, "p_equivalence"] == pytest.approx(p_value), name
    assert cells.loc["agents", "verdict"] == cells.loc["partners", "verdict"] == "equivalent"
    assert cells.loc["branches", "verdict"] == "different"  # 20 points apart
    assert "equivalence" in cells.loc["agents", "reason"].split()
    assert cells.loc["agents", "note"] == "the same within 20 points at 5%, by the 90% interval"
    assert "equivalence" not in cells.loc["branches", "reason"]
    other = table[table["banner_code"] == "large"].set_index("stub_code")
    assert (other["verdict"] == cells["verdict"]).all()  # the same comparisons, counted once


def test_verdicts_agree_with_their_columns():
    for table in (
        survey.crosstab(RESPONSES, "channels", banner="size", equivalent_within=0.1),
        survey.crosstab(RESPONSES, "channels", banner="size", compare="columns", equivalent_within=0.1),
        survey.compare_items(RESPONSES, "channels", equivalent_within=0.45),
    ):
        decided = table[table["verdict"] != ""]
        assert len(decided)
        for row in decided.itertuples():
            assert row.verdict == verdict_of(row.p_adjusted, row.p_equivalence, 0.05)
        assert table.loc[table["verdict"] == "", "p_equivalence"].isna().all()


def test_without_a_margin_there_is_no_verdict():
    for table in (
        survey.crosstab(RESPONSES, "channels", banner="size"),
        survey.crosstab(RESPONSES, "channels", banner="size", compare="columns"),
        survey.compare_items(RESPONSES, "channels"),
        survey.compare_ratings(RESPONSES),
    ):
        assert (table["verdict"] == "").all()
        assert table["p_equivalence"].isna().all()
        assert not table["reason"].str.contains("equivalence").any()


def test_what_is_not_tested_has_no_verdict():
    few = overlapping_groups(size=["small", "large", "large"], channels__agents=[1, 1, 0])
    for compare in ("complement", "columns"):
        table = survey.crosstab(few, "channels", banner="size", compare=compare, equivalent_within=0.2)
        assert (table["verdict"] == "").all(), compare
    table = survey.compare_items(few, "channels", equivalent_within=0.2)
    assert (table["verdict"] == "").all()
    nobody = overlapping_groups(size=pd.Series([], dtype=object), channels__agents=pd.Series([], dtype=float))
    check_table(survey.crosstab(nobody, "channels", banner="size", equivalent_within=0.2), "crosstab")
    same = overlapping_groups(
        size=["small", "large"] * 20, channels__agents=[1] * 40, channels__online=[1] * 40
    )
    table = survey.crosstab(same, "size", banner="channels", compare="columns", equivalent_within=0.2)
    alike = table[table["reason"].str.contains("same_respondents")]
    assert len(alike)
    assert (alike["verdict"] == "").all()


def test_nobody_in_either_group_is_the_same_and_a_missing_difference_is_not():
    table = survey.crosstab(
        made([(0, 60)], [(0, 90)], ("agents",)), "channels", banner="size", equivalent_within=0.2
    )
    cell = table[(table["stub_code"] == "agents") & (table["banner_code"] == "small")].iloc[0]
    assert cell["verdict"] == "equivalent"
    assert isnan(cell["p_value"])
    table = survey.crosstab(
        made([(6, 12)], [(7, 14)], ("agents",)), "channels", banner="size", equivalent_within=0.2
    )
    cell = table[(table["stub_code"] == "agents") & (table["banner_code"] == "small")].iloc[0]
    assert cell["difference"] == 0
    assert cell["verdict"] == "undecided"


def test_the_population_narrows_the_verdict():
    responses = made([(24, 60)], [(38, 90)], ("agents",))
    verdicts = {}
    for population in (None, 4000, 160):
        table = survey.crosstab(
            responses, "channels", banner="size", equivalent_within=0.15, population=population
        )
        verdicts[population] = table.loc[table["stub_code"] == "agents", "verdict"].iloc[0]
    assert verdicts == {None: "undecided", 4000: "undecided", 160: "equivalent"}


def test_items_of_the_same_respondents():
    rows = [(1, 1)] * 60 + [(1, 0)] * 10 + [(0, 1)] * 12 + [(0, 0)] * 18
    marks = np.array(rows)
    responses = overlapping_groups(channels__agents=marks[:, 0], channels__online=marks[:, 1])
    for interval in ("newcombe", "tango"):
        table = survey.compare_items(responses, "channels", interval=interval, equivalent_within=0.2)
        check_table(table, "test")
        pair = table[table["test"] == "mcnemar_exact"].iloc[0]
        limits = partial(paired_difference_interval, 60, 10, 12, 18, interval=interval)
        assert pair["p_equivalence"] == pytest.approx(equivalence_p(limits, 0.2))
        assert pair["verdict"] == "equivalent"
        low, high = limits(confidence=0.9)
        assert -0.2 < low < high < 0.2


@pytest.mark.parametrize("within", [0, 1, -0.2, 20, True, "20%", nan])
def test_a_margin_outside_is_refused(within):
    for call in (
        partial(survey.crosstab, RESPONSES, "channels", banner="size"),
        partial(survey.compare_items, RESPONSES, "channels"),
    ):
        with pytest.raises(UsageError, match="fraction between 0 and 1"):
            call(equivalent_within=within)


def test_rows_without_hypotheses_are_each_their_own():
    rows = [{"p_adjusted": 0.5, "reason": "", "note": ""} for _ in range(3)]
    limits = [partial(difference_interval, 120, 300, 126, 310)] * 2 + [None]
    fill_verdicts(rows, limits, within=0.1, confidence=0.95, lang="zh")
    single = equivalence_p(limits[0], 0.1)
    assert [row["p_equivalence"] for row in rows[:2]] == pytest.approx([2 * single] * 2)
    assert [row["verdict"] for row in rows] == ["equivalent", "equivalent", ""]
    assert isnan(rows[2]["p_equivalence"])
    assert "10" in rows[0]["note"]
