"""`reach`: against enumeration by hand, ties, and what has no bundle."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import survey
from survey.models import bundles
from survey.statistics.intervals import share_interval
from survey.tables import CONTRACTS
from tests.models.helpers import firms, made_up, random_firms


def check(table):
    """What every table of bundles holds."""
    assert tuple(table.columns) == CONTRACTS["reach"]
    assert ((table["reason"] == "") == (table["note"] == "")).all()
    best = table[table["options"].map(len) > 0]
    assert (best["options"].map(len) == best["size"]).all()
    assert (best["labels"].map(len) == best["size"]).all()
    assert (best["proportion"] == best["reach"] / best["base"]).all()
    assert best["chosen_first"].between(0, 1).all()
    assert (table.loc[table["options"].map(len) == 0, "reason"] != "").all()
    shares = best.groupby(["group", "size"])["chosen_first"].sum()
    assert (shares <= 1 + 1e-9).all()


def enumerated(ticks, size):
    """The best reach and the bundles that have it, one respondent at a time."""
    best = {}
    for bundle in combinations(ticks.columns, size):
        best[bundle] = sum(any(row[name] for name in bundle) for _, row in ticks.iterrows())
    most = max(best.values())
    return most, [bundle for bundle, count in best.items() if count == most]


def test_the_best_bundles_are_those_of_enumeration():
    data = made_up()
    table = survey.reach(data, "support_needs", by="expansion_models", draws=19)
    check(table)
    needs = data.columns_of(data.instrument.question("support_needs"))
    models = data.columns_of(data.instrument.question("expansion_models"))
    for (group, size), rows in table.groupby(["group", "size"], sort=False):
        ticks = needs[(models[group].fillna(False)) & needs.notna().all(axis=1)].astype(bool)
        most, winners = enumerated(ticks, size)
        assert rows["reach"].tolist() == [most] * len(rows)
        assert rows["base"].tolist() == [len(ticks)] * len(rows)
        assert rows["ties"].tolist() == [len(winners)] * len(rows)
        assert set(rows["options"]) == set(winners[:50])
        low, high = share_interval(most, len(ticks))
        assert rows.iloc[0][["ci_low", "ci_high"]].tolist() == pytest.approx([low, high])
    assert set(table["group"]) == {"independent", "co_development", "licensing", "newco"} | set(
        table["group"]
    ) - {"undecided"}


def test_chosen_first_is_the_share_of_samples_that_a_bundle_wins():
    ticks = np.zeros((20, 4))
    ticks[:12, 0] = ticks[8:, 1] = 1
    names = ("cro_matching", "cmo_cdmo_matching", "financing_capital", "virtual_data_room")
    columns = {f"support_needs__{name}": ticks[:, place] for place, name in enumerate(names)}
    data = survey.from_frame(pd.DataFrame(columns), "executive-survey@1.0.0")
    table = survey.reach(data, "support_needs", size=1, draws=499)
    check(table)
    assert set(table["options"]) == {("cro_matching",), ("cmo_cdmo_matching",)}
    assert table["chosen_first"].sum() == pytest.approx(1)  # ties share a sample
    assert table["chosen_first"].to_numpy() == pytest.approx([0.5, 0.5], abs=0.1)
    two = survey.reach(data, "support_needs", draws=49)
    assert two["size"].tolist() == [1, 1, 2]  # two reach everybody, so that larger ones are not looked at
    assert two.iloc[-1][["reach", "ties"]].tolist() == [20, 1]
    assert two.iloc[-1]["chosen_first"] == 1


def test_a_tally_and_another_order_give_the_same():
    data = made_up()
    for by in (None, "expansion_models"):
        expected = survey.reach(data, "support_needs", size=3, by=by, draws=49)
        pd.testing.assert_frame_equal(
            expected, survey.reach(survey.tally(data), "support_needs", size=3, by=by, draws=49)
        )


def test_what_has_no_bundle_has_a_reason():
    nothing = firms(np.ones((6, 4)), support_needs__cro_matching=np.zeros(6))
    table = survey.reach(nothing, "support_needs", by="expansion_models", draws=9)
    check(table)
    assert set(table["reason"]) == {"nobody"} | (
        {"no_answer"} if "no_answer" in set(table["reason"]) else set()
    )
    assert survey.reach(nothing, "support_needs", size=3, draws=9)["reason"].tolist() == ["nobody"]
    unasked = firms(np.ones((6, 4)))
    assert survey.reach(unasked, "support_needs", draws=9)["reason"].tolist() == ["no_answer"]
    three = random_firms(3)
    check(survey.reach(three, "support_needs", by="expansion_models", draws=9))
    check(survey.reach(three, "support_needs", by="firm_type", draws=9, lang="zh"))


def test_too_many_bundles_are_said_and_not_tried(monkeypatch):
    monkeypatch.setattr(bundles, "MOST_BUNDLES", 60)
    table = survey.reach(random_firms(40), "support_needs", draws=9)
    check(table)
    assert table.iloc[-1]["reason"] == "too_many_bundles not_computed"
    assert table.iloc[-1]["size"] == 3  # 165 bundles
    monkeypatch.setattr(bundles, "MOST_BUNDLES", 1000)
    monkeypatch.setattr(bundles, "MOST_TIES", 2)
    same = firms(
        np.ones((6, 4)),
        **{
            f"support_needs__{name}": np.ones(6)
            for name in ("cro_matching", "cmo_cdmo_matching", "financing_capital")
        },
    )
    table = survey.reach(same, "support_needs", draws=9)
    assert table[["ties", "reason"]].to_numpy().tolist() == [[3, "too_many_bundles"]] * 2


def test_gaps_are_left_out_and_counted():
    data = made_up()
    row = survey.reach(data, "support_needs", size=2, draws=9).iloc[0]
    needs = data.columns_of(data.instrument.question("support_needs"))
    assert row["base"] == needs.notna().all(axis=1).sum()
    assert "left_out" in row["reason"].split()


@pytest.mark.parametrize(
    "arguments",
    [{"size": 0}, {"size": 12}, {"size": 1.5}, {"draws": 0}, {"by": "support_needs"}, {"by": "challenges"}],
)
def test_unfit_arguments_are_refused(arguments):
    with pytest.raises(survey.UsageError) as refused:
        survey.reach(random_firms(5), "support_needs", **arguments)
    assert refused.value.text("zh") != refused.value.text("en")
