"""A tally is the same to the bit however respondents are split; tallies that do not fit are refused."""

import random
from dataclasses import replace
from functools import reduce
from operator import add

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import survey
from survey.counts import tallying
from survey.ingest.provenance import RuleCount, Screening
from tests.counts.shapes import instrument_of, responses_of, split
from tests.paths import SAMPLE

SHAPES = [
    {"groups": 0},
    {"groups": 3},
    {"groups": 20, "items": 8},
    {"groups": 2, "points": 7, "items": 6, "numbers": 2},
]


def weighted(responses):
    values = np.random.default_rng(5).lognormal(size=len(responses))
    return replace(responses, meta=responses.meta.assign(weight=values / max(values.mean(), 0.1)))


@pytest.mark.parametrize("has", SHAPES)
@pytest.mark.parametrize("change", [lambda one: one, weighted], ids=["plain", "weighted"])
def test_every_split_in_two_gives_the_whole(has, change):
    responses = change(responses_of(instrument_of(**has), 12, gaps=0.3))
    whole = survey.tally(responses)
    for place in range(len(responses) + 1):
        one, other = map(survey.tally, split(responses, place))
        assert one + other == whole
        assert other + one == whole


@settings(max_examples=20)
@given(
    places=st.lists(st.integers(0, 60), max_size=5).map(sorted),
    seed=st.integers(0, 1000),
    gaps=st.sampled_from([0.0, 0.2, 0.8]),
    order=st.randoms(use_true_random=False),
)
def test_parts_add_up_in_any_order(places, seed, gaps, order):
    responses = weighted(responses_of(instrument_of(groups=3, items=4), 60, seed=seed, gaps=gaps))
    parts = [survey.tally(part) for part in split(responses, *places)]
    order.shuffle(parts)
    assert reduce(add, parts) == survey.tally(responses)


def test_an_item_that_only_some_parts_have_leaves_nobody_complete_elsewhere():
    responses = responses_of(instrument_of(items=3), 30, gaps=0)
    blank = responses.data.assign(ratings__i2=responses.data["ratings__i2"].where(np.arange(30) < 10))
    kinds = responses.missing.assign(
        ratings__i2=responses.missing["ratings__i2"].where(np.arange(30) < 10, "not_asked")
    )
    responses = replace(responses, data=blank, missing=kinds)
    with_it, without = map(survey.tally, split(responses, 10))
    assert (with_it.complete["ratings"].n[0], without.complete["ratings"].n[0]) == (10, 20)
    whole = survey.tally(responses)
    assert with_it + without == whole
    assert whole.complete["ratings"].n[0] == 10


@pytest.mark.parametrize("limit", [1, 3, 10, 30, 100])
def test_what_is_too_much_is_so_however_it_is_split(limit, monkeypatch):
    from survey.counts import batch_counts

    for name in ("MOST_GROUPS", "MOST_PATTERNS", "MOST_VALUES"):
        monkeypatch.setattr(batch_counts, name, limit)
    responses = responses_of(instrument_of(groups=3, items=4), 60)
    values = np.random.default_rng(8).integers(1, 8, 60) * (1 + np.arange(60) * 1e-8)
    responses = replace(
        responses,
        data=responses.data.assign(
            number0=responses.data["number0"].mask(responses.data["number0"].notna(), values)
        ),
    )
    whole = survey.tally(responses)
    assert any(table.full for table in whole.patterns.values()) == (limit < 100)
    for places in ([30], [1, 2, 40], [10, 20, 30, 40, 50]):
        parts = [survey.tally(part) for part in split(responses, *places)]
        random.Random(1).shuffle(parts)
        assert reduce(add, parts) == whole
    kept = whole.numbers["", "number0"]
    if limit == 30:
        assert 0 < len(kept.table) <= 30
        assert kept.bits < 52
        assert np.sort(kept.values) == pytest.approx(np.unique(kept.values), rel=2.0**-kept.bits)


def test_batches_of_any_size_give_the_same(monkeypatch):
    responses = responses_of(instrument_of(groups=3), 50)
    whole = survey.tally(responses)
    for size in (1, 7, 50):
        monkeypatch.setattr(tallying, "ROWS_AT_ONCE", size)
        assert survey.tally(responses) == whole


def test_slabs_of_any_size_give_the_same(monkeypatch):
    from survey.counts import batch_counts

    responses = weighted(responses_of(instrument_of(groups=3), 150))
    whole = survey.tally(responses)
    monkeypatch.setattr(batch_counts, "_CACHED", 0)
    for size in (64, 128):
        monkeypatch.setattr(batch_counts, "WEIGHTED_ROWS", size)
        monkeypatch.setattr(batch_counts, "_SLAB", size)
        assert survey.tally(responses) == whole


def test_the_sum_of_a_list_works_and_lengths_add():
    parts = [survey.tally(part) for part in split(responses_of(instrument_of(), 20), 5, 9)]
    counted = sum(parts)
    assert len(counted) == 20
    assert repr(counted) == "<Tally: 20 respondents, shapes@1.0.0>"
    with pytest.raises(TypeError):
        counted + 1


def test_rows_left_out_of_a_file_are_counted_once():
    responses = survey.read_responses(SAMPLE)
    screening = Screening((RuleCount("test_rows", 3), RuleCount("speeders", 1)), 141)
    responses = replace(responses, provenance=replace(responses.provenance, screening=screening))
    whole = survey.tally(responses)
    assert [one.screening for one in whole.provenances] == [screening]
    parts = [survey.tally(part) for part in split(responses, 60)]
    assert sum(parts) == whole


# -- what cannot be added --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample():
    return survey.read_responses(SAMPLE)


def refused(one, other):
    with pytest.raises(survey.UsageError) as error:
        one + other
    return str(error.value)


def test_different_instruments_versions_and_contents_are_refused(sample):
    counted = survey.tally(sample)
    text = refused(counted, survey.tally(responses_of(instrument_of(), 5)))
    assert "'executive-survey' and 'shapes'" in text
    newer = survey.tally(survey.carry_over(sample, "executive-survey@1.1.0"))
    assert "executive-survey@1.0.0 and executive-survey@1.1.0" in refused(counted, newer)
    instrument = instrument_of()
    other = instrument.model_copy(update={"title": {"en": "Another"}})
    text = refused(survey.tally(responses_of(instrument, 5)), survey.tally(responses_of(other, 5)))
    assert "different contents of shapes@1.0.0" in text


def test_different_banners_conditions_and_weights_are_refused(sample):
    counted = survey.tally(sample)
    by_type = survey.tally(sample, banners=["firm_type", "position"])
    assert "expansion_models against firm_type, position" in refused(counted, by_type)
    biotech = survey.tally(sample, where="firm_type=biotech")
    text = refused(counted, biotech)
    assert "where - against where firm_type=biotech" in text
    heavy = replace(sample, meta=sample.meta.assign(weight=1.0))
    assert "weighted differently: - against weight" in refused(counted, survey.tally(heavy))
    assert len(refused(by_type, survey.tally(heavy, where="firm_type=biotech")).splitlines()) == 3


def test_the_order_of_banners_and_conditions_does_not_matter(sample):
    one = survey.tally(
        sample, banners=["firm_type", "position"], where=["firm_type=biotech", "position!=director"]
    )
    two = survey.tally(
        sample, banners=["position", "firm_type"], where=["position!=director", "firm_type=biotech"]
    )
    assert one == two
    assert len(one + two) == 2 * len(one)


def test_a_filter_is_that_of_the_responses(sample):
    where = ["firm_type=biotech", "challenges__geopolitics>=4", "support_needs!=cro_matching"]
    counted = survey.tally(sample, where=where)
    assert counted == survey.tally(sample.where(*where))
    assert counted.subset_text() == sample.where(*where).subset_text()
    assert (len(counted), counted.total) == (len(sample.where(*where)), 137)
    assert survey.tally(sample.where(where[0]), where=where[1:]) == counted
