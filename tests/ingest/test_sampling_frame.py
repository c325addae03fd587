"""The file of a sampling frame: what is read, and every way in which it is refused."""

import pytest

import survey
from survey.ingest.sampling_frame import frame_of

INSTRUMENT = survey.load_instrument("executive-survey@1.0.0")


def written(folder, text):
    """A file of this text."""
    path = folder / "frame.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_options_go_by_id_or_label_in_any_language(tmp_path):
    label = INSTRUMENT.question("firm_type").part("big_pharma").said("zh")
    text = 'Question,note,option,firms\nfirm_type,,biotech,"1,400"\n,,,\n'
    text += f"firm_type,,{label},60.0\nfirm_type,,BIOPHARMA,7\n"
    frame = frame_of(written(tmp_path, text), INSTRUMENT)
    assert frame == {"firm_type": {"biotech": 1400, "big_pharma": 60, "biopharma": 7}}
    assert frame_of(frame, INSTRUMENT) == frame


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "columns question, option, firms"),
        ("question,option\nfirm_type,biotech\n", "columns question, option, firms"),
        ("question,option,firms\n", "no row"),
        (
            "question,option,firms\nsupport_needs,cro_matching,3\n",
            "line 2: 'support_needs' is no single question",
        ),
        ("question,option,firms\nfirm_type,nonsense,3\n", "line 2: 'nonsense' is no option of firm_type"),
        (
            "question,option,firms\nfirm_type,biotech,3\nfirm_type,Biotech,4\n",
            "line 3: 'biotech' of firm_type stands",
        ),
        ("question,option,firms\nfirm_type,biotech,many\n", "'many' is no number of firms"),
        ("question,option,firms\nfirm_type,biotech,0\n", "'0' is no number of firms"),
        ("question,option,firms\nfirm_type,biotech,2.5\n", "'2.5' is no number of firms"),
        ("question,option,firms\nfirm_type,biotech,\n", "'' is no number of firms"),
    ],
)
def test_what_is_no_frame_is_refused_with_its_place(tmp_path, text, said):
    with pytest.raises(survey.SurveyError) as refused:
        frame_of(written(tmp_path, text), INSTRUMENT)
    if text:
        assert said in refused.value.text()
        assert refused.value.text("zh") != refused.value.text()


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    text = "question,option,firms\nfirm_type,nonsense,3\nfirm_type,biotech,-1\n"
    with pytest.raises(survey.DataError) as refused:
        frame_of(written(tmp_path, text), INSTRUMENT)
    assert len(refused.value.problems) == 2
