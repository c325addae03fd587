"""Small cells: hidden, and not to be worked back, as integer programs of our own try to."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

import survey
from survey.disclosure.suppression import feasible
from tests.paths import EXAMPLES
from tests.statistics.helpers import overlapping_groups

COUNTS = ("n", "proportion", "ci_low", "ci_high")


def attack(table, *, exhaustive, apart=False):
    """The least and largest value of every hidden count, from what is printed and the bases (integers)."""
    groups = list(dict.fromkeys(table["banner_code"]))
    stubs = list(dict.fromkeys(table["stub_code"]))
    patterns = [p for p in product((0, 1), repeat=len(groups)) if not apart or sum(p) <= 1]
    answers = stubs if exhaustive else ["yes", "no"]
    columns = list(product(range(len(patterns)), answers))
    for stub_set in [stubs] if exhaustive else [[stub] for stub in stubs]:
        rows, low, high, aims = [], [], [], {}
        for row in table[table["stub_code"].isin(stub_set)].itertuples():
            at, answer = groups.index(row.banner_code), row.stub_code if exhaustive else "yes"

            def count(inside, wanted=None, at=at):
                return [patterns[p][at] == inside and wanted in (None, a) for p, a in columns]

            known = [(count(1), row.base), (count(0), row.complement_base)]
            known += [(count(1, answer), row.n), (count(0, answer), row.complement_n)]
            for coefficients, value in known:
                if not pd.isna(value):
                    rows.append(coefficients), low.append(value), high.append(value)
            if pd.isna(row.n):
                aims[row.stub_code, row.banner_code] = np.array(count(1, answer), dtype=float)
        for key, aim in aims.items():
            limits = []
            for sign in (1, -1):
                found = milp(
                    sign * aim,
                    constraints=LinearConstraint(np.array(rows, dtype=float), low, high) if rows else None,
                    integrality=np.ones(len(columns)),
                    bounds=Bounds(0, 500),
                )
                assert found.status == 0
                limits.append(round(sign * found.fun))
            yield key, limits


def some_responses(seed, size, exclusive=False):
    random = np.random.default_rng(seed)
    ticks = random.random((size, 4)) < [0.6, 0.15, 0.4, 0.3]
    if exclusive:
        ticks = np.eye(4, dtype=bool)[random.integers(0, 4, size)]
    names = ("agents", "branches", "partners", "online")
    columns = {f"channels__{name}": ticks[:, at].astype(int) for at, name in enumerate(names)}
    sizes = random.choice(["small", "medium", "large"], size, p=[0.7, 0.2, 0.1])
    return overlapping_groups(size=sizes, **columns, hurdles__law=random.integers(1, 6, size))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([25, 60, 137]), st.booleans())
def test_no_hidden_count_can_be_worked_back(seed, size, exclusive):
    told = some_responses(seed, size, exclusive)
    for stub, exhaustive in (("size", True), ("hurdles", False)):
        whole = survey.crosstab(told, stub).query("base > 0 and complement_base > 0")
        whole = whole[whole["stub_code"].isin(["small", "medium", "large", "law"])].reset_index(drop=True)
        safe = survey.suppress(whole)
        small = whole[["n", "complement_n", "base", "complement_base"]].isin(range(1, 5)).any(axis=1)
        assert safe.loc[small, "n"].isna().all()
        assert (
            safe.loc[safe["n"].isna(), [*COUNTS, "complement_n", "difference", "p_value"]]
            .isna()
            .all(axis=None)
        )
        if safe["n"].isna().all():
            continue
        truth = whole.set_index(["stub_code", "banner_code"])
        for key, (low, high) in attack(safe, exhaustive=exhaustive, apart=exclusive):
            row = truth.loc[key]
            assert low <= row["n"] <= high
            if row["n"]:
                assert low < high, key
                assert high >= min(5, row["base"], row["n"] + row["complement_n"]), key


@pytest.mark.parametrize("exclusive", [False, True])
@pytest.mark.parametrize("size", [9, 25, 60])
def test_a_hidden_row_has_no_number_left_but_its_bases(size, exclusive):
    """Whatever columns a contract gets: each is a share or count of its own, or is known beforehand."""
    responses = some_responses(7, size, exclusive)
    known = {"hypothesis", "code"}
    sides = ("", "complement_")
    for table in (
        survey.crosstab(responses, "hurdles", banner="channels"),
        survey.crosstab(responses, "size", banner="channels"),
        survey.frequencies(responses, "size"),
        survey.frequencies(responses, "hurdles"),
    ):
        shown = survey.suppress(table, minimum=5)
        rows = shown[shown["reason"].str.contains("suppressed")]
        numbers = [
            name for name in rows if rows[name].dtype.kind in "fiu" or str(rows[name].dtype) == "Int64"
        ]
        for row in rows.to_dict("records"):
            left = {name for name in numbers if not pd.isna(row[name])} - known
            bases = {side + name for side in sides for name in ("base", "weighted_base", "effective_base")}
            assert left <= (set() if pd.isna(row["base"]) else bases), left


def test_a_weighted_table_is_refused():
    responses = some_responses(7, 40)
    weighted = responses.with_weights([1.0, 2.0] * 20, "w")
    for table in (
        survey.crosstab(weighted, "size", banner="channels"),
        survey.frequencies(weighted, "size"),
    ):
        with pytest.raises(survey.UsageError, match="unweighted"):
            survey.suppress(table)
    survey.suppress(survey.frequencies(weighted.unweighted(), "size"))
    survey.suppress(survey.frequencies(responses.with_weights([2.0] * 40, "w"), "size"))


def test_one_hidden_cell_of_a_single_question_takes_others_with_it():
    told = overlapping_groups(
        size=["small"] * 20 + ["medium"] * 17 + ["large"] * 3, channels__agents=[1] * 8 + [0] * 32
    )
    table = survey.frequencies(told, "size")
    safe = survey.suppress(table)
    assert safe["n"].isna().tolist() == [False, True, True]  # 40 - 20 - 17 would be 3
    assert safe["note"][2].startswith("[c] hidden: a count below 5")
    assert safe["reason"].tolist() == ["", "suppressed", "suppressed"]
    assert safe["base"].tolist() == [40, 40, 40]
    assert feasible(table, {2}, 2) == (3, 3)  # alone it would be known
    assert feasible(table, {1, 2}, 2) == (0, 20)


def test_a_group_and_its_complement_go_together():
    told = overlapping_groups(
        size=["small"] * 3 + ["large"] * 37, channels__agents=[1] * 10 + [0] * 30,
        channels__branches=[0, 1] * 20, channels__partners=[0] * 20 + [1] * 20, channels__online=[1] * 40,
    )  # fmt: skip
    table = survey.crosstab(told, "size")
    safe = survey.suppress(table)
    hidden = safe[safe["n"].isna()]
    assert hidden["complement_n"].isna().all()
    assert hidden["method"].eq("").all()
    shown = safe["p_adjusted"].dropna()
    again = survey.suppress(table[safe["n"].notna()].reset_index(drop=True))
    assert shown.to_numpy() == pytest.approx(again["p_adjusted"].dropna().to_numpy())


def test_nothing_small_changes_nothing(overlapping):
    table = survey.crosstab(overlapping, "hurdles")
    safe = survey.suppress(table, minimum=1)
    pd.testing.assert_frame_equal(safe, table, check_dtype=False)


@pytest.mark.parametrize("size", [0, 1, 3])
def test_few_respondents(statistics_frame, size):
    told = survey.from_frame(statistics_frame.head(size), EXAMPLES / "overlapping-groups.yaml")
    for table in (survey.crosstab(told, "size"), survey.frequencies(told, "hurdles")):
        safe = survey.suppress(table)
        assert not (safe["n"].fillna(0) > 0).any()


def test_what_cannot_be_protected_is_told(overlapping):
    table = survey.crosstab(overlapping, "size")
    with pytest.raises(survey.UsageError, match="whole number, 1 or more"):
        survey.suppress(table, minimum=0)
    with pytest.raises(survey.UsageError, match="frequency, crosstab"):
        survey.suppress(survey.importance_shares(overlapping))
    with pytest.raises(survey.UsageError, match="hidden cells already"):
        survey.suppress(survey.suppress(table, minimum=30), minimum=30)
