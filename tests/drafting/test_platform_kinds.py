"""Drafts of every newer kind of question from the export of each platform: the kind, and the numbers."""

import pandas as pd
import pytest

import survey
from tests.drafting import platform_exports as made
from tests.ingest.dialects.test_same_answers import written


def drafted(folder, rows):
    path = written(folder / "export.xlsx", rows)
    draft = survey.draft_instrument(path)
    return draft, survey.read_responses(path, draft.instrument)


def numbers_of(draft, responses):
    """The numbers of each kind, as the report has them."""
    numbers = {}
    for question in draft.instrument.listed:
        if question.kind == "ranking":
            numbers["ranking"] = sorted(survey.rankings(responses, question.id)["n_first"])
        elif question.kind == "nps":
            counts = survey.net_promoter(responses, question.id).iloc[0]
            numbers["nps"] = [counts["n_promoters"], counts["n_detractors"]]
        elif question.kind == "constant_sum":
            numbers["constant_sum"] = survey.allocations(responses, question.id)["share"].tolist()
        elif question.kind == "date":
            days = survey.date_summary(responses, question.id).iloc[0]
            numbers["date"] = [pd.Timestamp(days[name]).date() for name in ("earliest", "latest")]
        elif question.kind == "grid":
            numbers[f"grid of {question.answer}"] = [
                sorted(survey.frequencies(responses, f"{question.id}__{row.id}")["n"])
                for row in question.rows
            ]
    return numbers


@pytest.mark.parametrize("make", made.EXPORTS, ids=lambda make: make.__name__)
def test_each_kind_is_drafted_and_its_numbers_are_right(tmp_path, make):
    draft, responses = drafted(tmp_path, make())
    numbers = numbers_of(draft, responses)
    assert len(responses) == made.RESPONDENTS
    expected = {kind: made.TRUTH[kind] for kind in made.EXPORTS[make]}
    assert numbers.pop("constant_sum", None) == pytest.approx(expected.pop("constant_sum", None))
    assert numbers == expected
