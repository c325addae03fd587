"""Arguments of the wrong type are refused as arguments out of range are: no traceback."""

import pytest

import survey

UNFIT = [
    lambda given: survey.frequencies(given, "size", confidence="0.95"),
    lambda given: survey.crosstab(given, "size", confidence=None),
    lambda given: survey.crosstab(given, "size", confidence=True),
    lambda given: survey.crosstab(given, "size", min_base=True),
    lambda given: survey.precision(given, power="high"),
    lambda given: survey.precision(given, margins=("a",)),
    lambda given: survey.precision(given, margins="0.05"),
    lambda given: survey.correlations(given, 5),
    lambda given: survey.correlations(given, ["size", None]),
    lambda given: survey.model_needs(given, "channels", by="size", adjust=None),
]


@pytest.mark.parametrize("ask", UNFIT)
def test_a_wrong_type_is_a_usage_error(overlapping, ask):
    with pytest.raises(survey.UsageError):
        ask(overlapping)


def test_one_margin_is_a_margin(overlapping):
    assert len(survey.precision(overlapping, margins=0.05)) == len(
        survey.precision(overlapping, margins=(0.05,))
    )
