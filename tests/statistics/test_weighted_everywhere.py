"""Every public statistic with weights: nothing is unweighted in silence, nor what is added tomorrow."""

import inspect
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import survey
from survey.statistics.weighted import effective_base
from survey.tables import WEIGHTED_COLUMNS
from tests.weighted_answers import LIBRARY, library, library_frame

# How each statistic of respondents is asked here. What is not a statistic of answers, and why, stands below.
CALLS = {
    "allocations": [{"question": "budget"}, {"question": "budget", "banner": "uses"}],
    "association": [
        {"row": row, "column": column, "draws": 49}
        for row, column in (("branch", "member"), ("uses", "wishes"), ("branch", "uses"), ("uses", "member"))
    ],
    "compare_group_ratings": [{}, {"by": "uses"}, {"by": "uses", "only": "exclusive"}],
    "compare_items": [{}, {"question": "uses"}],
    "compare_numbers": [{"question": "visits"}, {"question": "distance", "by": "uses"}],
    "compare_ratings": [{}],
    "cooccurrence": [{"question": "uses"}],
    "correlations": [{}, {"questions": ["visits", "distance", "service__staff"]}, {"method": "polychoric"}],
    "crosstab": [
        {"stub": stub, "banner": banner, **settings}
        for stub, banner in (("wishes", "branch"), ("service", "uses"), ("member", "uses"))
        for settings in ({}, {"compare": "columns"}, {"only": "exclusive"})
        if not (banner == "branch" and "only" in settings)
    ],
    "date_counts": [{"question": "joined"}, {"question": "joined", "banner": "branch"}],
    "date_summary": [{"question": "joined", "banner": "branch"}],
    "frequencies": [{"question": name} for name in ("branch", "uses", "service")],
    "importance_shares": [{}],
    "mention_summary": [{"question": "uses"}],
    "mentions": [{"question": "uses"}],
    "net_promoter": [{"question": "recommend"}, {"question": "recommend", "banner": "uses"}],
    "number_summary": [{"question": "visits"}, {"question": "distance", "banner": "uses"}],
    "overlaps": [{"question": "uses"}],
    "precision": [{}],
    "rank_sets": [{}, {"question": "uses"}],
    "rankings": [{"question": "matters"}, {"question": "matters", "banner": "branch"}],
    "reliability": [{}],
    "all_needs": [{"stub": "wishes", "by": "branch", "draws": 49}],
    "model_needs": [{"stub": "wishes", "by": "branch", "draws": 49}],
    "reach": [{"question": "uses", "draws": 49}],
    "response_rates": [{"question": "branch", "population": {"centre": 200, "east": 150, "west": 90}}],
    "sensitivity": [{"stub": "wishes", "by": "branch", "draws": 49}],
}
NO_STATISTICS = {"tally", "read_tally", "write_tally", "suppress", "Tally", "Association"}
# Of two or more waves: how each is asked here.
OF_WAVES = {
    "compare_waves": [{"question": "uses"}, {"question": "service"}],
    "compare_wave_means": [{"question": "service"}],
    "wave_series": [{"question": "uses"}],
    "wave_transitions": [{"question": "branch"}],
}
ROOMS = ("survey.statistics", "survey.models", "survey.counts", "survey.disclosure")


def named():
    """The public names of the rooms whose functions compute from respondents."""
    return {name for name, home in survey._HOMES.items() if home.startswith(ROOMS)}


def tables_of(name, responses, settings):
    """The frames that a statistic gives."""
    result = getattr(survey, name)(responses, **settings)
    return [result.tests, result.cells] if name == "association" else [result]


ASKED = [(name, settings) for name, all_settings in CALLS.items() for settings in all_settings]
IDS = [f"{name}-{'-'.join(map(str, settings.values()))}" for name, settings in ASKED]


def test_every_public_statistic_is_asked_here():
    assert named() - NO_STATISTICS == CALLS.keys() | OF_WAVES.keys()
    for name in CALLS:
        assert next(iter(inspect.signature(getattr(survey, name)).parameters)) in ("data", "responses")


@pytest.mark.parametrize(("name", "settings"), ASKED, ids=IDS)
def test_constant_weights_give_what_no_weights_give(name, settings):
    plain = tables_of(name, library(weights=False), settings)
    for constant in (1.0, 0.37, 250.0):
        weighted = tables_of(name, library(weights=np.full(60, constant)), settings)
        for one, other in zip(plain, weighted, strict=True):
            pd.testing.assert_frame_equal(one, other, check_exact=True)


DAYS = ("earliest", "median", "latest")

# What counts respondents whatever their weights, and what says which row it is.
COUNTED = ("n", "base", "overlap", "draws", "ties", "mentions", "ticked_nothing", "no_answer")


def numbers_of(table):
    """The columns that weights move: numbers and days that are neither counts nor sums of weights."""
    kept = []
    for column in table.columns:
        counts = column in COUNTED or column.startswith("n_") or column.endswith(("_base", "_n"))
        counts &= column != "needed_base"
        is_number = pd.api.types.is_numeric_dtype(table[column]) or column in DAYS
        if is_number and not counts and column not in WEIGHTED_COLUMNS and column not in ("size", "top"):
            kept.append(column)
    return kept


# What tells the rows apart of those whose order the weights may change.
IDS_OF = {"importance_shares": ["item"], "rank_sets": ["item"], "reach": ["group", "size", "options"]}


def rows_like(wanted, table, ids):
    """The rows of a table in the order of another, by their ids."""
    return wanted[ids].merge(table.drop_duplicates(ids), on=ids, how="left")


def said(table):
    """Which rows say that they are unweighted, or that their shares are set."""
    reasons = table["reason"].astype(str).str.split()
    return reasons.map(lambda codes: bool({"unweighted", "target"} & set(codes))).to_numpy(dtype=bool)


def text_of(table, columns):
    """Rows as text, to compare what may be a number, a day or nothing."""
    return [tuple(str(value) for value in row) for row in table[columns].astype(object).values.tolist()]


@pytest.mark.parametrize(("name", "settings"), ASKED, ids=IDS)
def test_weights_that_differ_move_every_row_or_it_says_why_not(name, settings):
    plain, weighted = (tables_of(name, library(weights=one), settings) for one in (False, True))
    for one, other in zip(plain, weighted, strict=True):
        unweighted, columns = said(other), numbers_of(other)
        assert len(one) == len(other)
        [column for column in other.columns if column.endswith(("code", "item")) or column == "question"]
        before = one
        if name in IDS_OF and not unweighted.all():
            before = rows_like(other, one, IDS_OF[name])
        moved = np.array(
            [a != b for a, b in zip(text_of(before, columns), text_of(other, columns), strict=True)]
        )
        still = ~moved & ~unweighted
        # What did not move and does not say why had no number to move; a day in the middle may stay.
        for row in other[still].to_dict("records"):
            values = [row[column] for column in columns if column not in DAYS]
            assert all(pd.isna(value) or value in (0, 1, -1) for value in values), (row, columns)
        assert unweighted.all() or moved.any()
        if "effective_base" in other:
            by_weight = other[~unweighted & (other["base"] > 1)]
            assert (by_weight["effective_base"] < by_weight["base"]).all()
            assert (other["effective_base"][unweighted] == other["base"][unweighted]).all()
        else:
            assert unweighted.all(), "a table without effective bases says that it is unweighted"


# What is a point, not a limit or a test: respondents counted twice move it as a weight of 2 does.
POINTS = (
    *("proportion", "mean", "median", "share", "promoters", "passives", "detractors", "score", "first"),
    *("in_top", "mean_rank", "something", "difference", "correlation", "odds_ratio", "share_of_mentions"),
    *("phi", "mean_mentions", "median_mentions", "minimum", "maximum", "earliest", "latest"),
)
EFFECTS = (
    "mean_difference",
    "cliff_delta",
    "eta_squared",
    "epsilon_squared",
    "cramers_v",
    "pearson",
    "difference",
)


def compare_points(name, weighted, plain):
    """Whether what a statistic says by weight is what it says of other respondents without weights."""
    exact = 1e-7 if name == "reach" else 1e-9  # the search for bundles counts weights in whole steps
    for one, other in zip(weighted, plain, strict=True):
        kept = one[~said(one)]
        beside = rows_like(kept, other, IDS_OF[name]) if name in IDS_OF else other.loc[kept.index]
        for column in (column for column in POINTS if column in one.columns):
            if (name, column) != ("rank_sets", "in_top"):
                pd.testing.assert_series_equal(
                    kept[column].reset_index(drop=True),
                    beside[column].reset_index(drop=True),
                    check_dtype=False,
                    rtol=exact,
                    atol=1e-12,
                )
        if "effect" in one.columns:
            own = kept["effect_name"].isin(EFFECTS).to_numpy()
            pairs = (frame["effect"].to_numpy(float)[own] for frame in (kept, beside))
            np.testing.assert_allclose(*pairs, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("name", "settings"), ASKED, ids=IDS)
def test_a_weight_of_two_is_a_respondent_counted_twice(name, settings):
    times = np.resize([1, 2, 1, 3], 60)
    frame = library_frame().drop(columns="weight")
    rows = frame.loc[np.repeat(frame.index, times)].reset_index(drop=True)
    twice = tables_of(name, survey.from_frame(rows, survey.load_instrument(LIBRARY)), settings)
    weighted = tables_of(name, library(weights=times), settings)
    compare_points(name, weighted, twice)
    for one, other in zip(weighted, twice, strict=True):
        if "weighted_base" in one.columns and name not in IDS_OF:
            kept = one[~said(one)]
            expected = other.loc[kept.index, "base"].to_numpy(float) * 60 / times.sum()
            np.testing.assert_allclose(kept["weighted_base"], expected, rtol=1e-9)


@pytest.mark.parametrize(("name", "settings"), ASKED, ids=IDS)
def test_who_has_no_weight_might_as_well_not_be_there(name, settings):
    weights = np.where(np.arange(60) % 4 == 1, 0, 1)
    frame = library_frame().drop(columns="weight")[weights > 0].reset_index(drop=True)
    without = survey.from_frame(frame, survey.load_instrument(LIBRARY))
    compare_points(
        name, tables_of(name, library(weights=weights), settings), tables_of(name, without, settings)
    )


@pytest.mark.parametrize(("name", "settings"), ASKED, ids=IDS)
def test_weights_of_another_scale_change_nothing(name, settings):
    one, other = (
        tables_of(name, library(weights=scale * library().weights.to_numpy()), settings)
        for scale in (1, 1000)
    )
    for first, second in zip(one, other, strict=True):
        pd.testing.assert_frame_equal(first, second, rtol=1e-9, atol=1e-12)


def test_kish_is_what_the_effective_base_is():
    weights = library().weights
    assert effective_base(weights.sum(), (weights**2).sum()) < 60
    assert survey.frequencies(library(weights=np.ones(60)), "branch")["effective_base"].iloc[0] == 60


def of_waves(name, settings, *, weights):
    """What a statistic of waves gives; the respondents have keys, so that those of both waves are known."""
    waves = []
    for seed in (20261129, 7):
        wave = library(weights=weights, seed=seed)
        keys = pd.Series([f"r{row}" for row in range(100, 160)], index=wave.meta.index, dtype="string")
        provenance = replace(wave.provenance, wave=str(seed))
        waves.append(replace(wave, meta=wave.meta.assign(key=keys), provenance=provenance))
    function = getattr(survey, name)
    return function(waves, **settings) if name == "wave_series" else function(*waves, **settings)


@pytest.mark.parametrize(
    ("name", "settings"), [(name, one) for name, calls in OF_WAVES.items() for one in calls]
)
def test_waves_are_weighted_or_say_why_not(name, settings):
    table = of_waves(name, settings, weights=True)
    unweighted = said(table)
    if "effective_base" in table:
        assert (table["effective_base"] < table["base"])[~unweighted].all()
    else:
        assert unweighted.all()
