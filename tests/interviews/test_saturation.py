"""Saturation by hand, against R, and in every shape."""

import math

import pytest

import survey
from survey.errors import UsageError
from survey.interviews.counting import presence
from survey.tables import CONTRACTS
from tests.interviews.samples import SHAPES, canteen, nothing, reference, shipped


def test_by_hand():
    # New codes 1, 1, 0, 1: base of two has 2 codes; the run 3-4 brings 1, which is half of the base.
    table = """
    | participant | code      |
    |-------------|-----------|
    | a           | too_salty |
    | b           | too_bland |
    | c           | too_salty |
    | d           | fresh     |
    """
    found = survey.saturation(canteen(table), base_size=2, run_length=2, threshold=0.5)
    assert found.curve["new"].tolist() == [1, 1, 0, 1]
    assert found.curve["cumulative"].tolist() == [1, 2, 2, 3]
    assert found.curve["ratio"].tolist()[3] == 0.5
    point = found.points.iloc[0]
    assert (point["base_codes"], point["reached"], point["stops_at"]) == (2, 4, 2)
    stricter = survey.saturation(canteen(table), base_size=2, run_length=2, threshold=0.49).points.iloc[0]
    assert math.isnan(stricter["reached"])
    assert stricter["reason"] == "not_reached"
    one = survey.saturation(canteen(table), base_size=2, run_length=1, threshold=0).points.iloc[0]
    assert (one["reached"], one["stops_at"]) == (3, 2)


def test_the_order_can_be_given():
    segments = SHAPES["no group"]()
    found = survey.saturation(segments, base_size=1, run_length=1, order=["c", "a", "b", "d"])
    assert found.curve["participant"].tolist() == ["c", "a", "b", "d"]
    assert found.curve["new"].tolist() == [1, 2, 0, 0]
    with pytest.raises(UsageError, match="a, b, c, d"):
        survey.saturation(segments, order=["a", "b", "c"])


def test_the_order_as_given_is_that_of_r():
    found = survey.saturation(shipped(), draws=50)
    told = [row["cumulative"] for row in reference()["given"].values()]
    assert found.curve["cumulative"].tolist() == told
    points = {f"{row.base_size}+{row.run_length}@{row.threshold:g}": row for row in found.points.itertuples()}
    assert len(points) == 12
    assert {key: row.reached for key, row in points.items()} == {
        key: row["reached"] for key, row in reference()["points"].items()
    }


def test_the_mean_over_all_orders_is_exact():
    found = survey.saturation(shipped(), draws=50)
    told = [row["mean"] for row in reference()["all"].values()]
    assert found.curve["mean_cumulative"].tolist() == pytest.approx(told, abs=1e-9)
    assert found.curve["mean_new"].sum() == pytest.approx(24)


def test_drawn_orders_agree_with_those_of_r_within_their_error():
    found = survey.saturation(shipped())
    assert not found.exact
    assert found.draws == 10_000
    drawn = reference()["drawn"]
    assert found.points["share_reached"].iloc[0] == pytest.approx(
        drawn["4+2@0.05"]["share_reached"], abs=0.003
    )
    shares = found.curve.set_index("interview")["share_reached"]
    for held in (6, 7, 8, 9, 10, 11, 12):
        p = drawn[str(held)]["share_reached"]
        assert shares[held] == pytest.approx(p, abs=4.5 * math.sqrt(p * (1 - p) * (1 / 10_000 + 1 / 20_000)))


def test_few_people_have_every_order_once():
    from dataclasses import replace

    segments = shipped()
    six = replace(segments, participants=segments.participants.iloc[:6])
    found = survey.saturation(six, base_size=2, run_length=2, threshold=0.2)
    told = reference()["six"]["2+2@0.2"]
    assert found.exact
    assert found.draws == told["orders"] == 720
    point = found.points.iloc[0]
    assert point["share_reached"] == pytest.approx(told["share_reached"])
    for name, quantile in (("low", "0.05"), ("median", "0.5"), ("high", "0.95")):
        value = told[f"quantile_{quantile}"]
        assert math.isnan(point[name]) if math.isinf(value) else point[name] == value
    for row in found.curve.itertuples():
        ends = reference()["six"][str(row.interview)]
        assert (row.low_cumulative, row.high_cumulative) == (ends["cumulative_0.05"], ends["cumulative_0.95"])
    # Every order once: the mean is exact by both ways.
    has = presence(six).to_numpy()
    assert found.curve["mean_cumulative"].iloc[-1] == pytest.approx(has.any(axis=0).sum())


def test_the_seed_makes_it_repeatable():
    first, again, other = (survey.saturation(shipped(), draws=300, seed=seed) for seed in (5, 5, 6))
    assert first.points.equals(again.points)
    assert not first.points.equals(other.points)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape(shape):
    segments = SHAPES[shape]()
    found = survey.saturation(segments, draws=100)
    assert tuple(found.curve.columns) == CONTRACTS["saturation"]
    assert tuple(found.points.columns) == CONTRACTS["saturation_point"]
    assert len(found.curve) == len(segments.participants)
    if len(found.curve):
        assert found.curve["cumulative"].is_monotonic_increasing
        assert found.curve["cumulative"].iloc[-1] == found.curve["mean_cumulative"].iloc[-1].round()
    small = found.points["base"] < found.points["base_size"] + found.points["run_length"]
    assert (found.points.loc[small, "reason"] == "too_few_interviews").all()


def test_a_base_without_codes_divides_nothing():
    found = survey.saturation(nothing("a b c d"), base_size=2, run_length=1)
    assert math.isnan(found.points["reached"].iloc[0])
    assert found.points["share_reached"].iloc[0] == 0
    assert found.points["reason"].iloc[0] == "no_code_in_base"


@pytest.mark.parametrize(
    "setting", [{"base_size": 0}, {"run_length": 0}, {"draws": 0}, {"threshold": 5}, {"threshold": -0.1}]
)
def test_settings_outside_their_range(setting):
    with pytest.raises(UsageError):
        survey.saturation(SHAPES["no group"](), **setting)
