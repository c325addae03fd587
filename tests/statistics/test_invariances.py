"""What must not change, or must change in a known way, when the same respondents are told differently."""

import numpy as np
import pandas as pd
import pytest

import survey
from survey.instrument import Instrument
from tests.paths import EXAMPLES
from tests.statistics.test_shapes import CHANNELS, HURDLES, tables_of

PATH = EXAMPLES / "overlapping-groups.yaml"


def test_the_order_of_the_respondents_does_not_matter(statistics_frame, overlapping):
    shuffled = survey.from_frame(statistics_frame.sample(frac=1, random_state=3), PATH)
    for (_, found), (_, known) in zip(tables_of(shuffled), tables_of(overlapping), strict=True):
        pd.testing.assert_frame_equal(found, known, rtol=1e-12, atol=1e-15)


def test_the_order_of_the_columns_does_not_matter(statistics_frame, overlapping):
    backwards = survey.from_frame(statistics_frame[statistics_frame.columns[::-1]], PATH)
    for (_, found), (_, known) in zip(
        tables_of(backwards, ratings=False), tables_of(overlapping, ratings=False), strict=True
    ):
        pd.testing.assert_frame_equal(found, known)


def test_twice_the_sample_has_the_same_shares(statistics_frame, overlapping):
    twice = survey.from_frame(pd.concat([statistics_frame, statistics_frame]), PATH)
    same = {
        "proportion",
        "difference",
        "mean",
        "median",
        "share_of_mentions",
        "mean_mentions",
        "rank",
    }
    doubled = {
        "n",
        "n_top",
        "base",
        "complement_n",
        "complement_base",
        "mentions",
        "ticked_nothing",
        "no_answer",
    }
    for (_, found), (_, known) in zip(tables_of(twice), tables_of(overlapping), strict=True):
        for name in found.columns:
            if name in same:
                pd.testing.assert_series_equal(found[name], known[name])
            elif name in doubled:
                assert (found[name] == 2 * known[name]).all(), name
        if {"ci_low", "proportion"} <= set(found):
            some = known["base"] > 0  # an empty group has no interval
            widths = [(one["ci_high"] - one["ci_low"])[some] for one in (found, known)]
            assert (widths[0] < widths[1]).all()
    once, now = survey.compare_items(overlapping), survey.compare_items(twice)
    assert now["statistic"].to_numpy() == pytest.approx(2 * once["statistic"].to_numpy())
    assert now["effect"].to_numpy() == pytest.approx(once["effect"].to_numpy())


def rebuilt(change):
    """Another instrument like overlapping-groups; `change` takes and gives its content as plain data."""
    plain = survey.load_instrument(PATH).model_dump(mode="json")
    return Instrument.model_validate(_tupled(change(plain)))


def _tupled(value):
    if isinstance(value, dict):
        return {key: _tupled(one) for key, one in value.items()}
    return tuple(_tupled(one) for one in value) if isinstance(value, list) else value


def test_the_order_of_options_orders_the_rows_and_nothing_else(statistics_frame, overlapping):
    def turn(plain):
        for question in plain["questions"]:
            question["options"].reverse()
            question["items"].reverse()
        return plain

    turned = survey.from_frame(statistics_frame, rebuilt(turn))
    for stub in ("size", "hurdles"):
        keys = ["stub_code", "banner_code"]
        found = survey.crosstab(turned, stub).sort_values(keys, ignore_index=True)
        known = survey.crosstab(overlapping, stub).sort_values(keys, ignore_index=True)
        pd.testing.assert_frame_equal(found, known)
    found = survey.importance_shares(turned).set_index("item").drop(columns="note").sort_index()
    known = survey.importance_shares(overlapping).set_index("item").drop(columns="note").sort_index()
    pd.testing.assert_frame_equal(found, known)
    assert survey.reliability(turned)["statistic"][0] == pytest.approx(
        survey.reliability(overlapping)["statistic"][0]
    )
    # A pair told the other way round: the effect and its limits change sign, the p-value does not.
    found = survey.compare_items(turned).set_index("by").loc["trust|capital"]
    known = survey.compare_items(overlapping).set_index("by").loc["capital|trust"]
    assert found["p_value"] == pytest.approx(known["p_value"])
    assert found["p_adjusted"] == pytest.approx(known["p_adjusted"])
    assert found["effect"] == pytest.approx(-known["effect"])
    assert found["ci_low"] == pytest.approx(-known["ci_high"])


def test_labels_do_not_matter(statistics_frame, overlapping):
    def relabel(plain):
        for question in plain["questions"]:
            for part in [*question["options"], *question["items"]]:
                part["label"] = {lang: f"{said} !" for lang, said in part["label"].items()}
        return plain

    told = survey.from_frame(statistics_frame, rebuilt(relabel))
    said = {"label", "other_label", "stub_label", "banner_label", "note"}
    for (_, found), (_, known) in zip(
        tables_of(told, ratings=False), tables_of(overlapping, ratings=False), strict=True
    ):
        numbers = [name for name in found.columns if name not in said]
        pd.testing.assert_frame_equal(found[numbers], known[numbers])


def test_ratings_turned_upside_down(statistics_frame, overlapping):
    frame = statistics_frame.copy()
    frame[HURDLES] = 6 - frame[HURDLES]
    turned = survey.from_frame(frame, PATH)
    found = survey.importance_shares(turned, top=3).set_index("item").sort_index()
    known = survey.importance_shares(overlapping, top=2).set_index("item").sort_index()
    assert (found["n_top"] == known["base"] - known["n_top"]).all()
    assert np.allclose(found["ci_low"], 1 - known["ci_high"])
    assert np.allclose(found["mean"], 6 - known["mean"])
    assert np.allclose(found["sd"], known["sd"])
    for name in ("statistic", "ci_low", "ci_high"):
        assert survey.reliability(turned)[name][0] == pytest.approx(survey.reliability(overlapping)[name][0])
    upside = survey.compare_items(turned, top=3).set_index("test").loc["cochran_q"]
    assert upside["statistic"] == pytest.approx(survey.compare_items(overlapping)["statistic"][0])


def test_the_transposed_cross_tab_has_the_same_p_values(statistics_frame):
    # Between two single questions or a two-way split the 2 x 2 tables are the same, turned.
    frame = statistics_frame.dropna(subset=["size", *CHANNELS])
    told = survey.from_frame(frame, PATH)
    across = survey.crosstab(told, "size", min_base=1).set_index(["stub_code", "banner_code"])
    down = survey.crosstab(told, "channels", banner="size", min_base=1).set_index(
        ["banner_code", "stub_code"]
    )
    for key, row in across.iterrows():
        assert row["p_value"] == pytest.approx(down.loc[key, "p_value"])
        assert row["n"] == down.loc[key, "n"]


def test_every_respondent_is_in_a_group_or_its_complement(overlapping):
    table = survey.crosstab(overlapping, "hurdles")
    bases = survey.importance_shares(overlapping).set_index("item")["base"]
    answered = overlapping.data[CHANNELS].notna().all(axis=1)
    whole = overlapping.data[HURDLES].notna()[answered].sum()
    for row in table.itertuples():
        together = row.base + row.complement_base
        assert together <= bases[row.stub_code]
        if row.banner_code != "online":  # one respondent left that option open
            assert together >= whole[f"hurdles__{row.stub_code}"]
