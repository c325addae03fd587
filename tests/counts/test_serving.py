"""What the statistics need can be had from a tally: their counts and integer sums, from its blocks alone."""

import re
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import survey
from survey.counts.row_counts import RowCounts
from survey.statistics.multiple import group_patterns
from tests.counts.shapes import instrument_of, responses_of
from tests.paths import SAMPLE
from tests.statistics.by_rows import indicators, memberships, ratings

CASES = {
    "sample": lambda: survey.read_responses(SAMPLE),
    "gaps": lambda: responses_of(instrument_of(groups=4, items=5, points=7), 150, gaps=0.15),
    "single_banner": lambda: responses_of(instrument_of(groups=0, items=4), 80),
    "three": lambda: responses_of(instrument_of(groups=2), 3, gaps=0),
}


@pytest.fixture(scope="module", params=CASES)
def case(request):
    responses = CASES[request.param]()
    return (
        responses,
        survey.tally(responses),
        responses.instrument.question(responses.instrument.defaults.banner),
    )


@pytest.mark.parametrize("weight", [1.0, 2.5])
def test_equal_weights_of_a_tally_leave_every_number_as_it_is(case, weight, tmp_path):
    responses, counted, _ = case
    heavy = survey.tally(replace(responses, meta=responses.meta.assign(w=weight)), weight="w")
    single, battery = (several(responses, kind)[0].id for kind in ("single", "rating"))
    with pytest.warns(UserWarning, match="not anonymous"):
        path = survey.write_tally(heavy, tmp_path / "heavy.tally")
    assert not heavy.weighted
    assert heavy.unweighted() == counted
    for given in (heavy, path):
        for ask in (
            lambda data: survey.frequencies(data, single),
            lambda data: survey.importance_shares(data, battery),
            lambda data: survey.crosstab(data, battery),
            lambda data: survey.association(data, single, battery, test="sum").tests,
        ):
            assert ask(given).equals(ask(responses))


def several_weights(responses):
    """The same respondents with weights of three sizes, and one of none."""
    values = np.array([0.5, 1.0, 3.0])[np.arange(len(responses)) % 3]
    values[:1] = 0
    return responses.with_weights(values, "by hand")


def test_responses_and_tally_sum_the_same_weights(case):
    responses, _, banner = case
    heavy = several_weights(responses)
    rows, counted = RowCounts(heavy), survey.tally(heavy, banners=[banner.id])
    assert rows.weighted
    assert counted.weighted
    rating, single = (several(responses, kind)[0] for kind in ("rating", "single"))
    several_ticks = [one for one in responses.instrument.questions if one.kind == "multiple"]
    weights = np.asarray(heavy.weights) / np.asarray(heavy.weights).mean()
    for power, measure in ((0, "n"), (1, "w"), (2, "w2")):
        own = weights**power
        known = heavy.data[single.id].notna().to_numpy()
        assert rows.base(single.id, measure) == pytest.approx(own[known].sum())
        for counts in (rows, counted):
            members, sizes = counts.group_patterns(banner, measure)
            assert sizes.sum() == pytest.approx(own.sum(), rel=1e-6)
            assert len(members) == len(sizes)
        blocks = []
        for counts in (rows, counted):
            block = [counts.counts(single.id, measure), counts.joint(rating, single, measure)]
            block += [counts.group_table(banner, rating, measure).counts]
            cases = counts.complete_cases(rating, measure)
            block += [cases.n, cases.pairs, cases.totals, cases.ties]
            block += [counts.tick_counts(one, measure) for one in several_ticks]
            pairs = counts.pattern_pairs(banner, rating, None, measure)
            block += [pairs.counts, pairs.turned().counts]
            blocks.append(block)
        for one, other in zip(*blocks, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)
            assert measure != "n" or one.dtype.kind == other.dtype.kind == "i"


def test_weights_that_are_none_are_refused(case):
    responses, _, _ = case
    size = len(responses)
    for wrong, told in (
        ([float("nan")] + [1.0] * (size - 1), "missing, negative or no finite number"),
        ([-1.0] + [1.0] * (size - 1), "respondent 1 (-1)"),
        ([0.0] * size, "All weights are zero"),
        ([1.0] * (size + 1), f"{size + 1} weights for {size} respondents"),
    ):
        with pytest.raises(survey.DataError, match=re.escape(told)):
            responses.with_weights(wrong, "by hand")
    by_hand = replace(responses, meta=responses.meta.assign(weight=float("inf")))
    with pytest.raises(survey.DataError, match="no finite number"):
        by_hand.weights  # noqa: B018 - reading it checks it
    assert responses.weights is None
    assert responses.with_weights([2.0] * size, "by hand").weights.tolist() == [2.0] * size


def yes_of(counted, question, part):
    """A row of 0 and 1 over the indicators of all columns: yes to an option, or an item in its top box."""
    row = np.zeros(counted.columns.size, np.int64)
    if question.kind == "single":
        column = counted.columns.by_name[question.id]
        row[counted.columns.offsets[question.id] + column.codes.index(part.id)] = 1
        return row
    span = counted.columns.span(f"{question.id}__{part.id}")
    top = counted.instrument.scale_of(question).top if question.kind == "rating" else 1
    row[span.stop - top : span.stop] = 1
    return row


def known_of(counted, question, part):
    """The same of an answer of any kind."""
    row = np.zeros(counted.columns.size, np.int64)
    row[counted.columns.span(question.id if question.kind == "single" else f"{question.id}__{part.id}")] = 1
    return row


def several(responses, *kinds):
    return [question for question in responses.instrument.questions if question.kind in kinds]


def test_frequencies_and_crosstabs_against_the_complement(case):
    responses, counted, banner = case
    pairs = counted.pairs[0]
    for question in several(responses, "single", "multiple", "rating"):
        table = survey.frequencies(responses, question.id)
        for row in table.itertuples():
            name = f"{question.id}__{row.item}" if question.kind == "rating" else question.id
            if question.kind == "multiple":
                name = f"{question.id}__{row.code}"
            codes = counted.columns.by_name[name].codes
            code = True if question.kind == "multiple" else row.code
            at = [str(one) for one in codes].index(str(code))
            assert (row.n, row.base) == (counted.counts(name)[at], counted.base(name))
        if question.id == banner.id:
            continue
        for row in survey.crosstab(responses, question.id).itertuples():
            part, group = question.part(row.stub_code), banner.part(row.banner_code)
            yes, known = yes_of(counted, question, part), known_of(counted, question, part)
            member, either = yes_of(counted, banner, group), known_of(counted, banner, group)
            outside = either - member
            found = [int(one @ pairs @ other) for other in (member, outside) for one in (yes, known)]
            assert [row.n, row.base, row.complement_n, row.complement_base] == found


@pytest.mark.parametrize("only", ["exclusive", "mixed"])
def test_exclusive_and_mixed_groups(case, only):
    responses, counted, banner = case
    values = counted.members(banner.id)
    members = memberships(responses, banner, only=only)
    patterns = pd.DataFrame(values, columns=[option.id for option in banner.options])
    ids = [group.id for group in banner.groups]
    inside = patterns[ids].to_numpy()
    for place, group in enumerate(ids):
        others = np.delete(inside, place, axis=1)
        another = (others == 1).any(axis=1)
        unknown = np.isnan(others).any(axis=1) & ~another
        own = inside[:, place]
        here = (own == 1) & (~another if only == "exclusive" else another) & ~((own == 1) & unknown)
        assert counted.group_counts(banner.id)[here].sum() == (members[group] == 1).sum()
        for question in several(responses, "multiple"):
            for option in question.options if question.id != banner.id else ():
                ticks = responses.data[f"{question.id}__{option.id}"].fillna(False).to_numpy(dtype=bool)
                expected = (ticks & (members[group] == 1).to_numpy()).sum()
                assert (
                    counted.group_counts(banner.id, f"{question.id}__{option.id}")[here, 1].sum() == expected
                )


def test_columns_against_each_other_with_their_overlap(case):
    responses, counted, banner = case
    if len(banner.groups) < 2:
        return
    values = counted.members(banner.id)
    places = {option.id: place for place, option in enumerate(banner.options)}
    for question in several(responses, "multiple", "rating"):
        if question.id == banner.id:
            continue
        for row in survey.crosstab(responses, question.id, compare="columns").itertuples():
            part = question.part(row.stub_code)
            by_pattern = counted.groups[banner.id].sums[0][:, 1:]
            yes = by_pattern @ yes_of(counted, question, part)
            base = by_pattern @ known_of(counted, question, part)
            one, other = values[:, places[row.banner_code]], values[:, places[row.other_code]]
            known = ~np.isnan(one) & ~np.isnan(other)
            first, second = known & (one == 1), known & (other == 1)
            assert (row.n, row.base) == (yes[first].sum(), base[first].sum())
            assert (row.other_n, row.other_base) == (yes[second].sum(), base[second].sum())
            assert row.overlap == base[first & second].sum()


def test_pairs_of_items_cochran_friedman_and_alpha(case):
    responses, counted, _ = case
    for question in several(responses, "rating"):
        top = indicators(responses, question)
        for first, second in combinations(question.items, 2):
            both = top[[first.id, second.id]].dropna().to_numpy()
            table = [[((both[:, 0] == a) & (both[:, 1] == b)).sum() for b in (1, 0)] for a in (1, 0)]
            yes = [yes_of(counted, question, part) for part in (first, second)]
            known = [known_of(counted, question, part) for part in (first, second)]
            sides = [[own, either - own] for own, either in zip(yes, known, strict=True)]
            pairs = counted.pairs[0]
            assert table == [[int(a @ pairs @ b) for b in sides[1]] for a in sides[0]]
        given = ratings(responses, question).dropna().to_numpy()
        block = counted.complete[question.id]
        points = np.array(responses.instrument.scale_of(question).values)
        k, p = len(question.items), len(points)
        joint = block.pairs[0].reshape(k, p, k, p)
        gram = np.einsum("iajb,a,b->ij", joint, points, points)
        assert np.array_equal(gram, given.T @ given)
        sums = np.einsum("iaia,a->i", joint, points)
        assert np.array_equal(sums, given.sum(axis=0))
        assert (block.totals[0] * np.arange(len(block.totals[0]))).sum() == given.sum()
        # Friedman: rank sums, and the correction for ties.
        from scipy.stats import rankdata

        ranks = rankdata(given, axis=1).sum(axis=0) if len(given) else np.zeros(k)
        below = np.einsum("iajb,ab->j", joint, np.less.outer(np.arange(p), np.arange(p)).astype(int))
        same = np.einsum("iaja->j", joint)
        assert np.array_equal(2 * ranks, 2 * below + same + block.n[0])
        ties = sum(int((np.unique(row, return_counts=True)[1] ** 3).sum() - len(row)) for row in given)
        t = np.arange(k + 1)
        assert (block.ties[0] * (t**3 - t)).sum() == ties


def test_numbers_ticks_and_groups(case):
    responses, counted, banner = case
    for question in several(responses, "number"):
        for row in survey.number_summary(responses, question.id, banner=banner.id).itertuples():
            if row.banner_code:
                block = counted.numbers[banner.id, question.id]
                place = [option.id for option in banner.options].index(row.banner_code)
                patterns = counted.definition.spaces[banner.id].members(block.table.keys[:, 0])
                inside = patterns[:, place] == 1
            else:
                block = counted.numbers["", question.id]
                inside = np.ones(len(block.table), bool)
            assert block.bits == 52
            values = np.sort(np.repeat(block.values[inside], block.table.sums[0][inside]))
            assert len(values) == row.base
            if row.base:
                assert np.quantile(values, [0, 0.25, 0.5, 0.75, 1]).tolist() == pytest.approx(
                    [row.minimum, row.q1, row.median, row.q3, row.maximum], abs=1e-12
                )
                assert values.mean() == pytest.approx(row.mean)
    for question in several(responses, "multiple"):
        row = survey.mention_summary(responses, question.id).iloc[0]
        block = counted.ticks[question.id][0]
        assert block.sum() == row["base"]
        assert (block.sum(axis=1) * np.arange(len(block))).sum() == row["mentions"]
        assert block[0, 0] == row["ticked_nothing"]
    if banner.kind == "multiple":
        values = counted.members(banner.id)
        groups = [place for place, option in enumerate(banner.options) if not option.exclusive]
        sizes = {}
        for own, n in zip(values, counted.group_counts(banner.id)[:, 0].tolist(), strict=True):
            if not np.isnan(own).all():
                key = tuple(banner.options[place].id for place in groups if own[place] == 1)
                sizes[key] = sizes.get(key, 0) + n
        assert sizes == dict(group_patterns(responses, banner))


def test_association_has_its_sums_and_the_patterns_to_permute(case):
    responses, counted, banner = case
    for question in several(responses, "multiple", "rating"):
        if question.id == banner.id:
            continue
        found = survey.association(responses, banner.id, question.id, test="sum")
        pairs = counted.pairs[0]
        for row in found.cells.itertuples():
            one, other = banner.part(row.row_code), question.part(row.column_code)
            yes, known = yes_of(counted, banner, one), known_of(counted, banner, one)
            also, either = yes_of(counted, question, other), known_of(counted, question, other)
            assert row.n == yes @ pairs @ also
            assert (row.n_row, row.n_column, row.base) == (
                yes @ pairs @ either,
                known @ pairs @ also,
                known @ pairs @ either,
            )
        # The joint patterns of those who answered both: what a permutation of respondents draws from.
        table = counted.patterns[banner.id, question.id]
        outer, inner = (counted.definition.spaces[name] for name in (banner.id, question.id))
        first, second = np.divmod(table.keys[:, 0], inner.size)
        sides = [outer.members(first), inner.members(second)]
        both = ~np.isnan(sides[0]).all(axis=1) & ~np.isnan(sides[1]).all(axis=1)
        assert table.sums[0][both].sum() == found.base
        assert table.sums[0].sum() == len(responses)


def test_bases_in_words(case):
    responses, counted, _ = case
    for place, question in enumerate(responses.instrument.questions):
        columns = list(question.answer_columns)
        answered = responses.data[columns].notna().any(axis=1)
        assert counted.base(question.id) == answered.sum()
        kinds = responses.missing.loc[~answered, columns[0]].value_counts()
        told = dict(zip(("skipped", "empty", "not_asked", "refused"), counted.unanswered[place], strict=True))
        assert {kind: n for kind, n in told.items() if n} == {kind: n for kind, n in kinds.items() if n}
