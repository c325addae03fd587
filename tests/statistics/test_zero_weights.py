"""Respondents who answered and weigh nothing: counted, without a share, and that has a reason."""

import pytest

import survey
from tests.weighted_answers import LIBRARY, library_frame


@pytest.fixture(scope="module")
def half_weightless():
    """Twenty respondents without weight, who alone answered wishes and service."""
    frame = library_frame(40, missing=0).drop(columns="weight")
    answers = [name for name in frame if name.startswith(("wishes", "service"))]
    frame.loc[frame.index[20:], answers] = None
    responses = survey.from_frame(frame, survey.load_instrument(LIBRARY))
    return responses.with_weights([0.0] * 20 + [1.0] * 19 + [2.0], "w")


@pytest.mark.parametrize("through", [lambda data: data, lambda data: survey.tally(data, weight="weight")])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("compute", "blank"),
    [
        (lambda data, lang: survey.frequencies(data, "wishes", lang=lang), "proportion"),
        (lambda data, lang: survey.frequencies(data, "service", lang=lang), "proportion"),
        (lambda data, lang: survey.importance_shares(data, "service", lang=lang), "proportion"),
        (lambda data, lang: survey.mentions(data, "wishes", lang=lang), "share_of_mentions"),
        (lambda data, lang: survey.mention_summary(data, "wishes", lang=lang), "mean_mentions"),
        (lambda data, lang: survey.overlaps(data, "wishes", lang=lang), "proportion"),
    ],
)
def test_a_base_without_weight_has_a_reason(half_weightless, compute, blank, lang, through):
    table = compute(through(half_weightless), lang)
    assert (table["base"] > 0).all()
    assert table[blank].isna().all()
    assert (table["reason"] == "no_weight").all()
    assert (table["note"] != "").all()
    assert (table["effective_base"] == 0).all()


def test_who_has_weight_has_no_such_reason(half_weightless):
    for table in (survey.frequencies(half_weightless, "uses"), survey.overlaps(half_weightless, "uses")):
        assert table["proportion"].notna().all()
        assert not table["reason"].str.contains("no_weight").any()


def test_nobody_asked_is_no_base_without_weight():
    frame = library_frame(9, missing=0).drop(columns="weight")
    frame[[name for name in frame if name.startswith("wishes")]] = None
    responses = survey.from_frame(frame, survey.load_instrument(LIBRARY))
    responses = responses.with_weights([1.0, 2.0, 0.0] * 3, "w")
    assert (survey.frequencies(responses, "wishes")["reason"] == "").all()
