"""Every block of a tally against a naive count of the same answers, for surveys of many shapes."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import survey
from survey.counts.batch_counts import totals_range
from survey.counts.keyed_counts import numbers_of
from survey.ingest.deriving import crossed
from survey.ingest.responses import MISSING_KINDS
from tests.counts.shapes import decoded_groups, instrument_of, naive, responses_of
from tests.paths import EXAMPLES, SAMPLE

# name: (what the instrument has, how many respondents and how they answer)
SHAPES = {
    "no_group": ({"groups": 0}, {"rows": 40}),
    "one_group": ({"groups": 1}, {"rows": 40}),
    "everybody_in_every_group": ({"groups": 4}, {"rows": 40, "everybody": True, "gaps": 0}),
    "three_respondents": ({"groups": 3}, {"rows": 3}),
    "nobody": ({"groups": 3}, {"rows": 0}),
    "seven_points": ({"groups": 3, "points": 7, "items": 6}, {"rows": 60}),
    "two_points": ({"points": 2, "items": 2}, {"rows": 30}),
    "twenty_groups": ({"groups": 20}, {"rows": 80}),
    "sixty_items": ({"groups": 2, "items": 60, "points": 7}, {"rows": 40, "gaps": 0.01}),
    "no_gaps": ({"groups": 4}, {"rows": 50, "gaps": 0}),
    "half_missing": ({"groups": 4, "items": 4}, {"rows": 80, "gaps": 0.5}),
    "all_missing": ({"groups": 2}, {"rows": 10, "gaps": 1.0}),
    "only_a_choice": ({"needs": 0, "items": 0, "numbers": 0, "text": False}, {"rows": 30}),
    "exclusive_options_only": ({"needs": 2, "exclusive": 2}, {"rows": 30}),
}


@pytest.fixture(scope="module", params=SHAPES)
def shape(request):
    has, answers = SHAPES[request.param]
    responses = responses_of(instrument_of(**has), **answers)
    return responses, survey.tally(responses)


def test_pairs_and_groups_are_those_of_a_naive_count(shape):
    responses, counted = shape
    check_pairs_and_groups(responses, counted)


def check_pairs_and_groups(responses, counted, weights=None):
    expected = naive(responses, counted, weights)
    for place, measure in enumerate(counted.definition.measures):
        block = counted.pairs[place]
        there = {(int(one), int(other)): int(block[one, other]) for one, other in np.argwhere(block)}
        assert there == {key: n for key, n in expected["pairs", measure].items() if n}
        for banner in counted.groups:
            assert decoded_groups(counted, banner, place) == +expected["groups", banner, measure]


def test_complete_cases_are_those_of_a_naive_count(shape):
    responses, counted = shape
    for question in responses.instrument.questions:
        if question.kind not in ("multiple", "rating"):
            continue
        parts = [part for part in question.parts if not (question.kind == "multiple" and part.exclusive)]
        data = responses.data[[f"{question.id}__{part.id}" for part in parts]].set_axis(
            [part.id for part in parts], axis=1
        )
        asked = [part.id for part in parts if data[part.id].notna().any()]
        rows = data[asked].dropna().to_numpy(dtype=float) if asked else np.empty((0, 0))
        block = counted.complete[question.id]
        assert block.asked.tolist() == [part.id in asked for part in parts]
        assert block.n.tolist() == [len(rows)]
        lowest, highest = totals_range(counted.definition, question)
        totals = Counter((rows.sum(axis=1) - lowest).astype(int).tolist()) if asked else Counter()
        assert block.totals[0].tolist() == [totals[total] for total in range(highest - lowest + 1)]
        codes = (
            [0, 1] if question.kind == "multiple" else list(responses.instrument.scale_of(question).values)
        )
        ties = Counter(int((row == code).sum()) for row in rows for code in codes)
        assert block.ties[0].tolist() == [ties[count] for count in range(len(parts) + 1)]
        places = [place for place, part in enumerate(parts) if part.id in asked]
        pairs = np.zeros_like(block.pairs[0])
        for row in rows:
            at = [places[n] * len(codes) + codes.index(value) for n, value in enumerate(row)]
            pairs[np.ix_(at, at)] += 1
        assert np.array_equal(block.pairs[0], pairs)


def test_ticks_patterns_and_numbers_are_those_of_a_naive_count(shape):
    responses, counted = shape
    for question in responses.instrument.questions:
        own = responses.data[list(question.answer_columns)]
        if question.kind == "multiple":
            alone = [option.exclusive for option in question.options]
            ticked = own.fillna(False).to_numpy(dtype=bool)
            answered = own.notna().any(axis=1).to_numpy()
            cells = Counter(
                (int((row & ~np.array(alone)).sum()), int((row & np.array(alone)).sum()))
                for row in ticked[answered]
            )
            block = counted.ticks[question.id][0]
            assert {(int(a), int(b)): int(block[a, b]) for a, b in np.argwhere(block)} == dict(cells)
        if question.kind == "number":
            values = Counter(own.iloc[:, 0].dropna().tolist())
            table = counted.numbers["", question.id]
            there = numbers_of(table.table.keys[:, -1]).tolist()
            assert dict(zip(there, table.table.sums[0].tolist(), strict=True)) == dict(values)
            for banner in counted.groups:
                by_group = Counter()
                members = _patterns(responses, counted, banner)
                for pattern, value in zip(members, own.iloc[:, 0].tolist(), strict=True):
                    if not pd.isna(value):
                        by_group[pattern, value] += 1
                assert _decoded_numbers(counted, banner, question.id) == by_group
    for (banner, question), table in counted.patterns.items():
        rows = zip(
            *(_patterns(responses, counted, name) for name in ([banner] if banner else []) + [question]),
            strict=True,
        )
        outer = [counted.definition.spaces[banner]] if banner else []
        space = counted.definition.spaces[question]
        if len(space.columns) > 39:  # 3^40 patterns are more than a machine word tells apart
            assert table.full
            assert not len(table)
            continue
        found = Counter()
        for code, n in zip(table.keys[:, 0].tolist(), table.sums[0].tolist(), strict=True):
            parts = divmod(code, space.size) if banner else (code,)
            digits = [one.decode([part])[0] for one, part in zip([*outer, space], parts, strict=True)]
            found[tuple(tuple(one.tolist()) for one in digits)] += n
        assert found == Counter(rows)


def _patterns(responses, counted, name):
    """The digits of every respondent for a banner or question, by pandas."""
    found = []
    for asked in [name]:
        question = responses.instrument.question(asked)
        own = responses.data[list(question.answer_columns)]
        if question.kind == "single":
            places = {option.id: place for place, option in enumerate(question.options, 1)}
            found.append([(0 if pd.isna(value) else places[value],) for value in own.iloc[:, 0].tolist()])
            continue
        if question.kind == "rating":
            scale = responses.instrument.scale_of(question)
            yes = own >= scale.values[-scale.top]
        else:
            yes = own
        blank = own.isna().to_numpy()
        ticked = yes.fillna(False).to_numpy(dtype=bool)
        found.append(
            [tuple(np.where(gone, 0, 1 + own).tolist()) for gone, own in zip(blank, ticked, strict=True)]
        )
    return [sum(parts, ()) for parts in zip(*found, strict=True)]


def _decoded_numbers(counted, banner, question):
    table = counted.numbers[banner, question].table
    digits = counted.definition.spaces[banner].decode(table.keys[:, 0])
    values = numbers_of(table.keys[:, 1]).tolist()
    pairs = zip(digits.tolist(), values, table.sums[0].tolist(), strict=True)
    return Counter({(tuple(pattern), value): n for pattern, value, n in pairs})


def test_missing_answers_are_counted_by_kind(shape):
    responses, counted = shape
    for column, kinds in zip(counted.columns.answers, counted.missing, strict=True):
        found = responses.missing[column.name].value_counts()
        assert kinds.tolist() == [found.get(kind, 0) for kind in MISSING_KINDS]
        assert kinds.sum() + counted.base(column.name) == len(responses)
    for question, kinds in zip(responses.instrument.questions, counted.unanswered, strict=True):
        columns = list(question.answer_columns)
        gone = responses.data[columns].isna().all(axis=1)
        found = responses.missing.loc[gone, columns[0]].value_counts()
        assert kinds.tolist() == [found.get(kind, 0) for kind in MISSING_KINDS]


def test_rules_find_what_the_screening_finds(shape):
    responses, counted = shape
    _, quality = survey.screen(responses) if len(responses) else (None, None)
    if quality is None:
        return
    for rule in quality.rules.itertuples():
        if rule.rule in counted.rules:
            assert counted.rules[rule.rule] == ((rule.n, rule.base) if rule.checked else (0, 0)), rule.rule


@settings(max_examples=25)
@given(
    has=st.fixed_dictionaries(
        {
            "groups": st.integers(0, 5),
            "single": st.integers(1, 4),
            "needs": st.integers(1, 6),
            "items": st.integers(1, 5),
            "points": st.integers(2, 7),
            "numbers": st.integers(0, 2),
        }
    ),
    rows=st.integers(1, 25),
    gaps=st.sampled_from([0.0, 0.05, 0.4, 0.9]),
    seed=st.integers(0, 10_000),
)
def test_any_survey_is_counted_as_a_naive_count_does(has, rows, gaps, seed):
    responses = responses_of(instrument_of(**has, exclusive=min(1, has["needs"])), rows, gaps=gaps, seed=seed)
    counted = survey.tally(responses)
    check_pairs_and_groups(responses, counted)
    test_complete_cases_are_those_of_a_naive_count((responses, counted))
    test_ticks_patterns_and_numbers_are_those_of_a_naive_count((responses, counted))
    test_missing_answers_are_counted_by_kind((responses, counted))
    test_rules_find_what_the_screening_finds((responses, counted))


@pytest.mark.parametrize("name", ["everything.yaml", "seven-points.yaml", "overlapping-groups.yaml"])
def test_the_instruments_of_the_tests_are_counted_right(name):
    instrument = survey.load_instrument(EXAMPLES / name)
    responses = responses_of(instrument, 30, seed=4) if name != "everything.yaml" else None
    if responses is None:
        frame = pd.DataFrame(
            {
                "visit": ["other", "regular", None, "(skipped)", "first"],
                "visit__other__text": ["here", None, None, None, None],
                "rooms__coins": [1, 0, "(empty)", "(refused)", 1],
                "rooms__maps": [1, 1, "(empty)", "(refused)", 1],
                "rooms__none": [0, 1, "(empty)", "(refused)", 0],
                "enjoyment__light": [7, None, 1, 2, "(refused)"],
                "habits__theatre": [0, 1, 2, "(not asked)", None],
                "habits__cinema": [0, 1, 2, 2, None],
                "minutes": [45, 0, 600, "(skipped)", None],
                "spent": [1.5, None, 2, 0, None],
                "remark": ["None", "NA", "one\ntwo", None, "a"],
            },
            dtype=object,
        )
        responses = survey.from_frame(frame, instrument)
    counted = survey.tally(responses, banners=[instrument.defaults.banner])
    check_pairs_and_groups(responses, counted)
    test_complete_cases_are_those_of_a_naive_count((responses, counted))
    test_ticks_patterns_and_numbers_are_those_of_a_naive_count((responses, counted))
    test_missing_answers_are_counted_by_kind((responses, counted))
    test_rules_find_what_the_screening_finds((responses, counted))


def test_weights_and_their_squares_are_summed():
    from dataclasses import replace

    responses = responses_of(instrument_of(groups=3), 60)
    weights = np.random.default_rng(3).lognormal(size=60)
    weights /= weights.mean()
    responses = replace(responses, meta=responses.meta.assign(weight=weights))
    counted = survey.tally(responses)
    assert counted.definition.measures == ("n", "w", "w2")
    check_pairs_and_groups(responses, counted, weights.tolist())
    tick = responses.data["needs__n0"].fillna(False).to_numpy(dtype=bool)
    assert counted.counts("needs__n0", "w")[1] == pytest.approx(weights[tick].sum(), abs=1e-5)
    assert counted.counts("needs__n0", "w2")[1] == pytest.approx((weights[tick] ** 2).sum(), abs=1e-5)
    plain = survey.tally(replace(responses, meta=responses.meta.drop(columns="weight")))
    assert np.array_equal(plain.pairs[0], counted.pairs[0])
    for blocks in ("groups", "patterns"):
        for key, table in getattr(counted, blocks).items():
            assert np.array_equal(table.sums[0], getattr(plain, blocks)[key].sums[0])
            assert table.sums.shape[0] == 3


def test_crossed_banners_and_several_at_once():
    responses = responses_of(instrument_of(groups=2), 50)
    counted = survey.tally(responses, banners=["sector", "models", "sector*models"])
    assert list(counted.groups) == ["sector", "models", "sector*models"]
    check_pairs_and_groups(crossed(responses, ["sector*models"]), counted)
    cells = [option.id for option in counted.instrument.question("sector*models").options]
    inside = counted.members("sector*models")[:, cells.index("s0.g1")] == 1
    both = (responses.data["sector"] == "s0").fillna(False) & responses.data["models__g1"].fillna(False)
    assert counted.group_counts("sector*models")[inside].sum() == both.sum()
    assert counted.counts("sector*models__s0.g1")[1] == both.sum()


def test_too_many_patterns_are_not_kept_and_too_many_values_lose_digits(monkeypatch):
    import survey.counts.batch_counts as blocks

    responses = responses_of(instrument_of(groups=6), 200, gaps=0.2)
    for name in ("MOST_GROUPS", "MOST_PATTERNS", "MOST_VALUES"):
        monkeypatch.setattr(blocks, name, 5)
    counted = survey.tally(responses)
    assert counted.groups["models"].full
    assert not len(counted.groups["models"])
    assert counted.patterns["", "models"].full
    with pytest.raises(survey.UsageError, match="more than"):
        counted.members("models")
    assert counted.counts("models__g1").sum() == responses.data["models__g1"].notna().sum()


def test_what_was_not_counted_is_named():
    counted = survey.tally(SAMPLE)
    with pytest.raises(survey.UsageError, match=r"no patterns of 'firm_type'.*--by firm_type"):
        counted.members("firm_type")
    with pytest.raises(survey.UsageError, match="no measure 'w'"):
        counted.counts("firm_type", "w")
    with pytest.raises(survey.UsageError, match="names a question twice"):
        survey.tally(SAMPLE, banners=["firm_type*firm_type"])
    with pytest.raises(survey.UsageError, match="Name one: challenges__"):
        survey.tally(SAMPLE, banners=["challenges"])
