"""Numbers of a tally are those of the responses to the last bit, however the responses were split."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import survey
from tests.counts.shapes import instrument_of, responses_of
from tests.paths import SAMPLE

CASES = {
    "sample": lambda: survey.read_responses(SAMPLE),
    "gaps": lambda: responses_of(instrument_of(groups=4, items=5, points=7), 150, gaps=0.15),
    "single banner": lambda: responses_of(instrument_of(groups=0, items=4), 80),
    "one group": lambda: responses_of(instrument_of(groups=1, items=2, points=3), 40),
    "everybody in every group": lambda: responses_of(instrument_of(groups=3), 50, everybody=True),
    "three respondents": lambda: responses_of(instrument_of(groups=2), 3, gaps=0),
}


@pytest.fixture(scope="module", params=CASES)
def case(request):
    responses = CASES[request.param]()
    cuts = [0, *sorted({len(responses) // 3, 2 * len(responses) // 3}), len(responses)]
    parts = []
    for start, stop in pairwise(cuts):
        part = replace(
            responses,
            data=responses.data.iloc[start:stop],
            missing=responses.missing.iloc[start:stop],
            meta=responses.meta.iloc[start:stop],
        )
        parts.append(survey.tally(part, banners=banners_of(responses.instrument)))
    return responses, sum(parts)


def banners_of(instrument):
    """Every question that may be a banner."""
    return [question.id for question in instrument.questions if question.kind in ("single", "multiple")]


def outcomes(data, instrument):
    """Every statistic of every question and banner, by its call."""
    for question in instrument.questions:
        kind = question.kind
        calls = []
        if kind in ("single", "multiple", "rating"):
            calls.append((survey.frequencies, {}))
            for banner in banners_of(instrument):
                if banner == question.id:
                    continue
                for only in (None, "exclusive", "mixed"):
                    calls += [
                        (survey.crosstab, {"banner": banner, "only": only, "compare": compare})
                        for compare in ("complement", "columns")
                    ]
                    if kind == "rating":
                        calls.append((survey.compare_group_ratings, {"by": banner, "only": only}))
                if "multiple" in (kind, instrument.question(banner).kind):
                    calls.append((survey.association, {"column": banner, "draws": 19}))
        if kind == "rating":
            calls += [(survey.importance_shares, {}), (survey.compare_ratings, {}), (survey.reliability, {})]
        if kind == "multiple":
            calls += [(survey.mentions, {}), (survey.mention_summary, {}), (survey.cooccurrence, {})]
            calls.append((survey.overlaps, {}))
        if kind in ("multiple", "rating"):
            tops = [{}, {"top": 1}] if kind == "rating" else [{}]
            calls += [
                (function, top) for function in (survey.compare_items, survey.rank_sets) for top in tops
            ]
        if kind == "number":
            calls += [(survey.number_summary, {"banner": banner}) for banner in banners_of(instrument)]
        for function, arguments in calls:
            yield f"{function.__name__}({question.id}, {arguments})", function(data, question.id, **arguments)
    for banner in banners_of(instrument):
        yield f"precision({banner})", survey.precision(data, banner=banner)


def test_every_statistic_of_a_tally_is_that_of_its_responses(case):
    responses, counted = case
    pairs = zip(
        outcomes(responses, responses.instrument), outcomes(counted, responses.instrument), strict=True
    )
    number = 0
    for (call, of_rows), (_, of_tally) in pairs:
        if isinstance(of_rows, survey.Association):
            assert of_rows.base == of_tally.base, call
            pd.testing.assert_frame_equal(of_rows.cells, of_tally.cells, check_exact=True, obj=call)
            of_rows, of_tally = of_rows.tests, of_tally.tests
        pd.testing.assert_frame_equal(of_rows, of_tally, check_exact=True, obj=call)
        number += 1
    assert number > 30


def test_a_report_of_a_tally_has_the_numbers_of_its_responses():
    responses = CASES["gaps"]()
    of_rows, of_tally = survey.analyze(responses), survey.analyze(survey.tally(responses))
    said = "Made from a tally, which holds no respondent"
    notes = [report.sheet("Notes").tables[0].data["what"] for report in (of_rows, of_tally)]
    assert [bool(texts.astype(str).str.contains(said).any()) for texts in notes] == [False, True]
    tables = {(sheet.name, table.name): table for sheet in of_rows.sheets for table in sheet.tables}
    others = {(sheet.name, table.name): table for sheet in of_tally.sheets for table in sheet.tables}
    assert {sheet for sheet, _ in tables} == {sheet for sheet, _ in others}
    without = {"quality_rules", "quality_rows", "quality_cells", "quality_notices", "notes"}
    for key in others.keys() & tables.keys():
        if key[1] not in without:
            assert tables[key].data.equals(others[key].data), key


def test_hidden_cells_of_a_tally_are_those_of_its_responses():
    for name in ("gaps", "single banner", "everybody in every group"):
        responses = CASES[name]()
        of_rows, of_tally = (
            survey.analyze(data, suppress=5) for data in (responses, survey.tally(responses))
        )
        for one, other in zip(of_rows.sheets, of_tally.sheets, strict=True):
            for table, same in zip(one.tables, other.tables, strict=True):
                assert table.name == "notes" or table.data.equals(same.data), (name, table.name)


def test_what_a_tally_does_not_have_is_named_with_its_remedy():
    responses = responses_of(instrument_of(groups=3), 40)
    counted = survey.tally(responses)
    refused = [
        (lambda: survey.crosstab(counted, "sector", banner="needs", only="mixed"), 'banners=["needs"]'),
        (lambda: survey.crosstab(counted, "sector", banner="needs", compare="columns"), 'banners=["needs"]'),
        (lambda: survey.association(counted, "ratings", "needs"), 'banners=["ratings"]'),
        (lambda: survey.association(counted, "models", "ratings", top=1), "with its top 2 points"),
        (lambda: survey.number_summary(counted, "number0", banner="sector"), 'banners=["sector"]'),
        (lambda: survey.analyze(counted, banner="needs"), 'banners=["needs"]'),
        (lambda: survey.analyze(counted, open_text=True), "analyse the responses themselves"),
        (lambda: survey.screen(counted), "Responses or the path"),
        (lambda: survey.export_responses(counted, "a.csv"), "Responses or the path"),
    ]
    for ask, said in refused:
        with pytest.raises(survey.UsageError) as error:
            ask()
        assert said in str(error.value)
        assert error.value.text("zh") != error.value.text("en")
    # Against the complement any question is a banner, and the sums of an association need no patterns.
    assert len(survey.crosstab(counted, "sector", banner="needs"))
    assert len(survey.association(counted, "ratings", "needs", test="bonferroni").tests)


def test_what_is_already_a_tally_or_of_another_instrument_is_not_counted(tmp_path):
    responses = responses_of(instrument_of(groups=2), 40)
    with pytest.warns(UserWarning, match="not anonymous"):
        path = survey.write_tally(survey.tally(responses), tmp_path / "a.tally")
    with pytest.raises(survey.UsageError, match="read it with read_tally"):
        survey.tally(path)
    with pytest.raises(survey.UsageError, match=r"read under shapes@1\.0\.0, not exec"):
        survey.tally(responses, "executive-survey@1.0.0")
    assert survey.tally(responses, responses.instrument) == survey.tally(responses)


def test_paths_of_tallies_are_taken(tmp_path):
    responses = responses_of(instrument_of(groups=2), 40)
    counted = survey.tally(responses)
    with pytest.warns(UserWarning, match="not anonymous"):
        path = survey.write_tally(counted, tmp_path / "a.tally")
    of_path, of_tally = (survey.crosstab(data, "sector") for data in (path, counted))
    pd.testing.assert_frame_equal(of_path, of_tally)


def test_joint_counts_are_those_of_the_rows(case):
    """The one place all else rests on, by a product of 0 and 1 columns."""
    from survey.counts.row_counts import counts_of

    responses, counted = case
    columns = counted.columns
    for one in responses.instrument.questions:
        for other in responses.instrument.questions:
            sides = []
            for question in (one, other):
                ones = [
                    (responses.data[column.name] == code).fillna(False).to_numpy(dtype=float)
                    if column.codes != ("answered",)
                    else responses.data[list(question.answer_columns)].notna().any(axis=1).to_numpy(float)
                    for column in columns.of_block(question)
                    for code in column.codes
                ]
                sides.append(np.array(ones))
            expected = sides[0] @ sides[1].T
            assert np.array_equal(counts_of(responses).joint(one, other), expected)
            assert np.array_equal(counted.joint(one, other), expected)
