"""Answers and gaps by question: who answered, and who did not, are all respondents, of every kind."""

import pytest

import survey
from survey.ingest.responses import MISSING_KINDS
from tests.answers import four_kinds
from tests.weighted_answers import library


def gaps(report):
    (table,) = [one for sheet in report.sheets for one in sheet.tables if one.name == "quality_answers"]
    return table.data.set_index("label")


def by_rows(responses):
    """How many answered each question, read off the rows."""
    asked = responses.instrument.questions
    return {
        one.named("en"): int(responses.data[list(one.answer_columns)].notna().any(axis=1).sum())
        for one in asked
    }


@pytest.mark.parametrize(
    "responses",
    [
        pytest.param(four_kinds(60, seed=3), id="four kinds"),
        pytest.param(four_kinds(50, missing=0), id="all answered"),
        pytest.param(four_kinds(3, missing=0.5), id="three respondents"),
        pytest.param(library(60, weights=False), id="every kind"),
        pytest.param(library(60), id="weighted"),
    ],
)
def test_the_answered_are_those_of_the_rows(responses):
    for data in (responses, survey.tally(responses)):
        shown = gaps(survey.analyze(data))
        assert shown["answered"].to_dict() == by_rows(responses)
        assert (shown[["answered", *MISSING_KINDS]].sum(axis=1) == len(responses)).all()
