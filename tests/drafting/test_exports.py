"""Drafts from the export of every platform: what each column asks, and the answers as they truly are."""

import pytest

import survey
from tests.ingest.dialects.exports import EXPORTS, TRUTH
from tests.ingest.dialects.test_same_answers import written

# Labels with blanks joined by blanks, or with commas by commas, cannot be told apart without the options.
JOINED = {"kobo_labels_joined", "qualtrics_text_joined"}
CODES = {
    *("redcap_raw", "sosci_names", "surveycto_joined", "surveycto_split"),
    *("odk_central_joined", "odk_central_split", "odk_central_bare_names"),
}
# These head the words beside a single choice in a way of their own: they are a question in the draft.
APART = {"surveymonkey_numbers", "typeform", "sosci_labels", "sosci_labels_zh", "sosci_names"}
# These write the text of an "other" in place of the option.
FREE = {"googleforms", "googleforms_zh_tw", "googleforms_de", "msforms_en", "msforms_zh", "jotform", "feishu"}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_drafted_and_read_without_a_refusal(tmp_path, name):
    path = written(tmp_path / f"{name}.xlsx", EXPORTS[name][1]())
    draft = survey.draft_instrument(path)
    (tmp_path / "mine.yaml").write_text(draft.yaml, encoding="utf-8")
    responses = survey.read_responses(path, tmp_path / "mine.yaml")
    assert len(responses) == len(TRUTH)
    kinds = [
        question.kind
        for question in draft.instrument.questions
        if not question.id.endswith(("text", "other"))
    ]
    assert kinds[0] == "single"
    if name in APART:
        assert "multiple" in kinds[1:3]
    else:
        assert kinds[1] == ("text" if name in JOINED else "multiple")
    assert kinds[-2:] == ["number", "text"]
    if name not in CODES:  # two columns of bare codes under a weak stem are no battery
        (battery,) = [question for question in draft.instrument.questions if question.kind == "rating"]
        answered = responses.data[list(battery.answer_columns)].notna().sum().tolist()
        assert answered == [
            sum(one.courts is not None for one in TRUTH),
            sum(one.people is not None for one in TRUTH),
        ]
    if name not in JOINED:
        ticks = next(question for question in draft.instrument.questions if question.kind == "multiple")
        if name not in FREE:
            asked = sum(len(one.sports) for one in TRUTH if one.sports)
            assert int(responses.data[list(ticks.answer_columns)].sum().sum()) == asked
    visits = next(question for question in draft.instrument.questions if question.kind == "number")
    assert responses.data[visits.id].sum() == sum(one.visits or 0 for one in TRUTH)
