"""Weighted statistics of few respondents, groups without weight, weight in few hands; and of tallies."""

import warnings

import numpy as np
import pandas as pd
import pytest

import survey
from survey.tables import has_reason
from tests.paths import EXAMPLES
from tests.statistics.helpers import groups
from tests.statistics.test_weighted_everywhere import ASKED, IDS, tables_of
from tests.weighted_answers import LIBRARY, library, library_frame


def shaped(change, size=60):
    """Responses whose frame (with its weights) was changed."""
    frame = library_frame(size)
    change(frame)
    weights = frame.pop("weight").astype(float)
    return survey.from_frame(frame, survey.load_instrument(LIBRARY)).with_weights(weights, "weight")


def half_in_one_hand(frame):
    frame.loc[frame.index[0], "weight"] = frame["weight"].iloc[1:].sum()


def nobody_in_the_west(frame):
    frame.loc[frame["branch"] == "west", "weight"] = 0


def one_with_weight(frame):
    frame.loc[frame.index[1:], "weight"] = 0


def everybody_everywhere(frame):
    frame[["uses__books", "uses__study", "uses__events"]] = 1


def all_alike(frame):
    for column in frame.columns.drop(["weight", "branch", "uses__books"]):
        frame[column] = [frame[column].iloc[1]] * len(frame)


def alike_who_count(frame):
    """Answers differ only of those without weight."""
    all_alike(frame)
    frame.loc[frame.index[:3], ["service__staff", "visits", "recommend"]] = [1, 99, 0]
    frame.loc[frame.index[:3], "weight"] = 0


def one_branch(frame):
    frame["branch"] = "centre"


def nobody_answers(frame):
    frame[frame.columns.drop("weight")] = None


SHAPES = {
    **{
        one.__name__: (lambda one=one: shaped(one))
        for one in (
            *(half_in_one_hand, nobody_in_the_west, one_with_weight, everybody_everywhere),
            *(all_alike, alike_who_count, one_branch, nobody_answers),
        )
    },
    "three_respondents": lambda: shaped(lambda frame: None, 3),
    "two_respondents": lambda: shaped(lambda frame: None, 2),
}

LIMITS = (
    *(("proportion", "ci_low", "ci_high"), ("mean", "ci_low", "ci_high"), ("share", "ci_low", "ci_high")),
    *(("promoters", "promoters_low", "promoters_high"), ("score", "ci_low", "ci_high")),
    *(("first", "first_low", "first_high"), ("something", "something_low", "something_high")),
    *(
        ("effect", "ci_low", "ci_high"),
        ("correlation", "ci_low", "ci_high"),
        ("odds_ratio", "ci_low", "ci_high"),
    ),
)


# Means without limits, beside the limits of something else.
OTHERS_LIMITS = {("net_promoter", "mean"), ("importance_shares", "mean")}


@pytest.fixture(scope="module", params=SHAPES)
def responses(request):
    return SHAPES[request.param]()


@pytest.mark.parametrize(("name", "settings"), ASKED, ids=IDS)
def test_every_shape_has_its_numbers_or_a_reason(responses, name, settings):
    if name in ("all_needs", "sensitivity", "model_needs", "response_rates"):
        return  # unweighted: see their own tests
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        tables = tables_of(name, responses, settings)
    for table in tables:
        for point, low, high in LIMITS:
            if {point, low, high} <= set(table.columns) and (name, point) not in OTHERS_LIMITS:
                rows = table.dropna(subset=[low, high, point])
                assert (rows[low].astype(float) <= rows[point].astype(float) + 1e-9).all()
                assert (rows[point].astype(float) <= rows[high].astype(float) + 1e-9).all()
        if "p_value" in table and "effective_base" in table:
            blank = table[table["p_value"].isna()]
            quiet = blank["reason"].eq("") & ~blank.get("test", blank["reason"]).isin(
                ["hedges_g", "item_rest"]
            )
            quiet &= ~blank.get("method", blank["reason"]).isin(["sum"])
            assert not quiet.any(), blank[quiet].to_dict("records")
            assert not (table["p_value"].astype(float) > 1).any()


def test_a_group_of_weight_zero_is_counted_and_says_nothing():
    told = shaped(nobody_in_the_west)
    for table in (
        survey.number_summary(told, "visits", banner="branch"),
        survey.net_promoter(told, "recommend", banner="branch"),
        survey.rankings(told, "matters", banner="branch"),
        survey.allocations(told, "budget", banner="branch"),
        survey.date_summary(told, "joined", banner="branch"),
        survey.date_counts(told, "joined", banner="branch"),
    ):
        west = table[table["banner_code"] == "west"]
        assert (west["base"] > 0).all()
        assert (west["effective_base"] == 0).all()
        assert all(has_reason(reason, "no_weight") for reason in west["reason"])
        points = [
            name for name in ("mean", "score", "first", "share", "median", "proportion") if name in west
        ]
        assert west[points].isna().all(axis=None)
    compared = survey.compare_group_ratings(told)
    assert compared.loc[compared["group"] == "west", "reason"].eq("small_base untested").all()
    cells = survey.association(told, "branch", "uses", draws=9).cells
    assert all("no_weight untested" in reason for reason in cells.loc[cells["row_code"] == "west", "reason"])


def test_small_effective_bases_are_not_tested():
    told = shaped(half_in_one_hand)
    assert survey.number_summary(told, "visits")["effective_base"].iloc[0] < 5
    for table in (
        survey.compare_group_ratings(told),
        survey.compare_numbers(told, "visits", by="uses"),
        survey.correlations(told),
    ):
        assert table["p_value"].isna().all()
        assert all(has_reason(reason, "small_base") for reason in table["reason"])
        assert table["note"].str.contains("effective base").all()
    assert survey.correlations(told, min_base=2)["correlation"].notna().all()


def test_a_scale_of_seven_points_and_twenty_groups():
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(
        {
            "visit": rng.choice(["first", "again", "regular"], 400),
            "enjoyment__labels": rng.integers(1, 8, 400),
            "rooms__coins": 1,
            "minutes": rng.integers(0, 90, 400),
        }
    )
    told = survey.from_frame(frame, EXAMPLES / "everything.yaml").with_weights(rng.uniform(0.2, 3, 400), "w")
    table = survey.compare_group_ratings(told, "enjoyment", by="visit")
    assert table.loc[table["item"] == "labels", "p_value"].notna().sum() == 3
    options = [{"id": f"g{place}", "label": {"en": f"Group {place}"}} for place in range(20)]
    spent = {"id": "spent", "kind": "number", "short": {"en": "Spent"}, "text": {"en": "How much?"}}
    group = {
        "id": "group",
        "kind": "single",
        "short": {"en": "Group"},
        "text": {"en": "Which?"},
        "options": options,
    }
    schema = {
        "kind": "survey",
        "id": "many",
        "version": "1.0.0",
        "languages": ["en"],
        "title": {"en": "Many"},
    }
    many = survey.Instrument.model_validate(schema | {"questions": [group, spent]}, strict=False)
    frame = pd.DataFrame(
        {"group": rng.choice([one["id"] for one in options], 400), "spent": rng.gamma(2, 5, 400)}
    )
    told = survey.from_frame(frame, many).with_weights(rng.uniform(0.2, 3, 400), "w")
    compared = survey.compare_numbers(told, "spent", by="group")
    assert len(compared) == 2 + 3 * 190
    assert compared["p_value"].dropna().between(0, 1).all()


@pytest.fixture(scope="module")
def tallied():
    return survey.tally(library(), banners=["branch", "uses", "member"])


@pytest.mark.parametrize(("name", "settings"), ASKED, ids=IDS)
def test_a_tally_gives_the_same(tallied, name, settings):
    if name in ("all_needs", "sensitivity") or "distance" in settings.get("questions", ()):
        with pytest.raises(survey.UsageError):
            tables_of(name, tallied, settings)
        return
    for one, other in zip(
        tables_of(name, library(), settings), tables_of(name, tallied, settings), strict=True
    ):
        pd.testing.assert_frame_equal(one, other, rtol=1e-6, atol=1e-7)


def test_one_respondent_with_half_the_weight_ranks_nothing():
    """The linearised variance is near 0 where one respondent is nearly the share: it tells no pair apart."""
    answers = groups([1, 0, 0, 0], *[[1, 0, 0, 0]] * 40, *[[0, 1, 0, 0]] * 19)
    weighted = [answers.with_weights([own] + [1] * 59, "w") for own in (2, 59)]
    plain, held = (survey.rank_sets(own, "channels") for own in weighted)
    assert plain["simultaneous_high"].iloc[0] == 1
    assert held["effective_base"].iloc[0] < 5
    assert held[["simultaneous_low", "simultaneous_high"]].values.tolist() == [[1, 4]] * 4
    assert held["rank"].iloc[0] == 1
