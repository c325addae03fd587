"""What must not change, or must change in a known way, when the same respondents are told differently."""

import numpy as np
import pandas as pd
import pytest

import survey
from survey.instrument import Instrument
from tests.paths import EXAMPLES
from tests.statistics.helpers import by_pair
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
    found = by_pair(survey.compare_items(turned)).loc["trust|capital"]
    known = by_pair(survey.compare_items(overlapping)).loc["capital|trust"]
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


# -- association, rank sets, co-occurrence, columns, ratings, omega, precision, suppress --------------------


def newer(told):
    """Tables by name, with the columns that name a row."""
    found = survey.association(told, "channels", "size", draws=99)
    many = survey.association(told, "channels", "hurdles", draws=99)
    return {
        "association": (found.tests, ["method"]),
        "association of ratings": (many.tests, ["method"]),
        "cells": (found.cells, ["row_code", "column_code"]),
        "ranks": (survey.rank_sets(told, "hurdles"), ["item"]),
        "ranks of ticks": (survey.rank_sets(told, "channels"), ["item"]),
        "columns": (
            survey.crosstab(told, "size", compare="columns"),
            ["stub_code", "banner_code", "other_code"],
        ),
        "group ratings": (survey.compare_group_ratings(told), ["item", "group"]),
        "ratings": (survey.compare_ratings(told), ["item", "other_item"]),
        "omega": (survey.reliability(told), ["item", "test"]),
        "precision": (survey.precision(told), ["what", "question", "group"]),
        "suppressed": (survey.suppress(survey.crosstab(told, "size")), ["stub_code", "banner_code"]),
    }


def same(found, known, *, without=("note",), simulated=True):
    """The same rows in any order, but for what depends on the draws of a permutation."""
    for name, (table, keys) in known.items():
        one, other = (
            each.set_index(keys).sort_index().drop(columns=[column for column in without if column in each])
            for each in (found[name][0], table)
        )
        if simulated and "draws" in one:
            drawn = [place for place in one.index if str(place).startswith("permutation")]
            one, other = (each.drop(index=drawn) for each in (one, other))
        pd.testing.assert_frame_equal(one, other, rtol=1e-8, atol=1e-8, obj=name, check_dtype=False)


def test_newer_tables_do_not_depend_on_the_order_of_respondents(statistics_frame, overlapping):
    shuffled = survey.from_frame(statistics_frame.sample(frac=1, random_state=5), PATH)
    same(newer(shuffled), newer(overlapping), without=())


def test_newer_tables_do_not_depend_on_the_order_of_options_and_groups(statistics_frame, overlapping):
    def turn(plain):
        for question in plain["questions"]:
            question["options"].reverse()
            question["items"].reverse()
        return plain

    turned = newer(survey.from_frame(statistics_frame, rebuilt(turn)))
    known = newer(overlapping)
    for name in ("columns", "ratings"):  # told by pairs: the other way round, with the other sign
        del turned[name], known[name]
    del turned["suppressed"], known["suppressed"]  # which of two equal counts is hidden is a matter of order
    same(turned, known, without=("note",))
    found = by_pair(survey.compare_ratings(survey.from_frame(statistics_frame, rebuilt(turn))))
    known_pairs = by_pair(survey.compare_ratings(overlapping))
    for by, row in known_pairs.iterrows():
        other = found.loc["|".join(reversed(by.split("|")))]
        assert other["effect"] == pytest.approx(-row["effect"])
        assert other["p_adjusted"] == pytest.approx(row["p_adjusted"])
    columns = survey.crosstab(survey.from_frame(statistics_frame, rebuilt(turn)), "size", compare="columns")
    columns = columns.set_index(["stub_code", "banner_code", "other_code"])
    for row in survey.crosstab(overlapping, "size", compare="columns").itertuples():
        other = columns.loc[row.stub_code, row.other_code, row.banner_code]
        assert other["difference"] == pytest.approx(-row.difference)
        assert other["ci_low"] == pytest.approx(-row.ci_high)
        assert other["p_adjusted"] == pytest.approx(row.p_adjusted, nan_ok=True)


def test_ticked_and_unticked_swapped(statistics_frame, overlapping):
    frame = statistics_frame.copy()
    frame[CHANNELS] = 1 - frame[CHANNELS]
    swapped = survey.from_frame(frame, PATH)
    for stub in ("size", "hurdles"):
        one = survey.association(swapped, "channels", stub, draws=99).tests
        other = survey.association(overlapping, "channels", stub, draws=99).tests
        drawn = one["method"].str.startswith("permutation")  # the patterns stand in another order
        pd.testing.assert_frame_equal(one[~drawn], other[~drawn], rtol=1e-8, atol=1e-12)
    one, other = (survey.cooccurrence(told, "channels") for told in (swapped, overlapping))
    assert one["phi"].to_numpy() == pytest.approx(other["phi"].to_numpy(), nan_ok=True)
    # Who is highest is now lowest: the ranks are turned, with their sets.
    one, other = (survey.rank_sets(told, "channels").set_index("item") for told in (swapped, overlapping))
    items = len(other)
    for item, row in other.iterrows():
        assert one["marginal_low"][item] == items + 1 - row["marginal_high"]
        assert one["simultaneous_high"][item] == items + 1 - row["simultaneous_low"]
    # A group and its complement change places.
    one, other = (survey.compare_group_ratings(told) for told in (swapped, overlapping))
    assert one["effect"].to_numpy() == pytest.approx(-other["effect"].to_numpy())
    assert one["p_value"].to_numpy() == pytest.approx(other["p_value"].to_numpy())


def test_the_sample_twice(statistics_frame, overlapping):
    twice = newer(survey.from_frame(pd.concat([statistics_frame, statistics_frame]), PATH))
    once = newer(overlapping)
    sums = [tables["association"][0].set_index("method")["statistic"]["sum"] for tables in (twice, once)]
    assert sums[0] == pytest.approx(2 * sums[1])
    assert (twice["cells"][0]["odds_ratio"] - once["cells"][0]["odds_ratio"]).abs().max() == pytest.approx(0)
    phis = [
        survey.cooccurrence(told, "channels")["phi"].to_numpy()
        for told in (survey.from_frame(pd.concat([statistics_frame, statistics_frame]), PATH), overlapping)
    ]
    assert phis[0] == pytest.approx(phis[1])
    for name, near in (("ratings", 0.01), ("group ratings", 1e-12)):  # rank r becomes 2 r - 1/2
        effects = [tables[name][0]["effect"].to_numpy() for tables in (twice, once)]
        assert effects[0] == pytest.approx(effects[1], abs=near, nan_ok=True)
    assert twice["omega"][0]["statistic"].to_numpy()[1:] == pytest.approx(
        once["omega"][0]["statistic"].to_numpy()[1:]
    )
    for name in ("marginal", "simultaneous"):  # more respondents, never less certain ranks here
        widths = [
            (tables["ranks"][0][f"{name}_high"] - tables["ranks"][0][f"{name}_low"]).sum()
            for tables in (twice, once)
        ]
        assert widths[0] <= widths[1]
    margins = [
        tables["precision"][0].set_index(["what", "question", "group"])["margin"] for tables in (twice, once)
    ]
    kinds = margins[0].dropna().index.get_level_values("what")
    ratios = (margins[0].dropna() / margins[1].dropna()).to_numpy()
    assert ratios[kinds != "sample"] == pytest.approx(2**-0.5)
    assert (ratios[kinds == "sample"] == 1).all()  # a planned margin is what was asked for
    differences = [tables["columns"][0]["difference"].to_numpy() for tables in (twice, once)]
    assert differences[0] == pytest.approx(differences[1], nan_ok=True)
    hidden = [tables["suppressed"][0]["n"].isna().sum() for tables in (twice, once)]
    assert hidden[0] <= hidden[1]
