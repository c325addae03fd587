"""Who a report is from: a questionnaire's source and a study's assumptions never stand for other data."""

import pandas as pd
import pytest

import survey
from survey.document import TitleBlock
from survey.errors import UsageError
from survey.instrument.schema import text_in
from tests.cli.helpers import run
from tests.paths import ROOT, SAMPLE

INSTRUMENT = survey.load_instrument("executive-survey@1.0.0")
SEGMENTS = ROOT / "data" / "interviews" / "segments.xlsx"
FIGURES = ROOT / "data" / "findings" / "executive-survey-2026.csv"
BLOCK = TitleBlock(
    title="Our panel", client="ACME", fieldwork="1-30 Apr 2027", data_source="ACME panel", footer="Draft"
)


def texts_of(report):
    """Every text of a report by the name of its sheet."""
    for sheet in report.sheets:
        yield from ((sheet.name, text) for text in (sheet.title, sheet.base_text, *sheet.lines, *sheet.notes))
        for table in sheet.tables:
            words = table.data.select_dtypes(exclude="number")
            yield from ((sheet.name, str(text)) for text in words.to_numpy().ravel())
    yield from (("properties", text) for text in report.properties.values())


@pytest.fixture(scope="module")
def own():
    """Somebody's own answers to the packaged questionnaire."""
    frame = survey.read_responses(SAMPLE).data.iloc[:30]
    return survey.from_frame(frame.astype(object), INSTRUMENT)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_clients_data_are_not_signed_by_the_questionnaire(own, lang):
    report = survey.analyze(own, lang=lang, title_block=BLOCK)
    signed = {name for name, text in texts_of(report) if "PharmCube" in text}
    assert len(signed) <= 1  # among the notes, as the source of the questionnaire
    assert "properties" not in signed
    lines = [text for _, text in texts_of(report) if "PharmCube" in text]
    assert all(line in INSTRUMENT.sources or "uestionnaire" in line or "问卷" in line for line in lines)
    assert report.title_block == BLOCK
    assert "ACME panel" in report.properties["description"]


def test_assumptions_of_the_published_study_are_not_those_of_other_data(own):
    parts = [part for question in INSTRUMENT.questions for part in (question, *question.parts)]
    parts += list(INSTRUMENT.scales.values())
    assumptions = [text_in(part.assumption, "en") for part in parts if part.assumption]
    assert len(assumptions) > 3

    def shown(report):
        words = [text for _, text in texts_of(report)]
        return [text for text in assumptions if any(text in word for word in words)]

    assert shown(survey.analyze(own)) == []
    assert shown(survey.analyze(SAMPLE)) != []  # its reconstruction rests on them


def test_what_is_left_open_the_data_say():
    made = survey.analyze(SAMPLE).title_block
    assert "PharmCube" in made.data_source
    assert made.fieldwork == "April 2026"
    mine = survey.analyze(SAMPLE, title_block=TitleBlock(data_source="us")).title_block
    assert (mine.data_source, mine.fieldwork) == ("reconstructed from figures of us", "April 2026")


@pytest.mark.parametrize("suppress", [0, 5])
def test_fieldwork_is_from_the_first_answer_to_the_last(suppress):
    frame = pd.DataFrame({"firm_type": ["biotech"] * 6})
    responses = survey.from_frame(frame, INSTRUMENT)
    days = pd.to_datetime(["2027-04-03 08:00", "2027-04-01 23:59", None, "2027-04-30 00:00", None, None])
    responses.meta["submitted"] = days
    block = survey.analyze(responses, suppress=suppress).title_block
    assert block.fieldwork == ("" if suppress else "April 1, 2027 to April 30, 2027")


def test_every_report_has_a_head():
    reports = [
        survey.audit_report(survey.audit(FIGURES), title_block=BLOCK),
        survey.findings_report(FIGURES, title_block=BLOCK),
        survey.analyze_interviews(
            ROOT / "data" / "interviews" / "segments.xlsx", draws=20, title_block=BLOCK
        ),
    ]
    for report in reports:
        assert report.title_block == BLOCK
        told = " ".join(text for name, text in texts_of(report) if name == report.sheets[0].name)
        for text in ("Our panel", "ACME", "1-30 Apr 2027", "ACME panel"):
            assert text in told


@pytest.mark.parametrize("wrong", ["ACME", {"title": "x"}, 3])
def test_anything_else_is_refused(wrong):
    with pytest.raises(UsageError, match="TitleBlock"):
        survey.analyze(SAMPLE, title_block=wrong)


# -- the command -----------------------------------------------------------------------------------------

WORDS = [
    "--title",
    "Our panel",
    "--client",
    "ACME",
    "--fieldwork",
    "1-30 Apr 2027",
    "--data-source",
    "P",
    "--footer",
    "F",
]


@pytest.mark.parametrize(
    "command",
    [
        ["analyze", str(SAMPLE)],
        ["analyze", "--from-findings", str(FIGURES)],
        ["audit", str(FIGURES)],
        ["interviews", "analyze", str(SEGMENTS), "--draws", "20"],
    ],
    ids=lambda command: "-".join(command[:2]).replace(str(FIGURES), "figures"),
)
def test_commands_write_several_files_and_say_where(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ["a.xlsx", "b.html", "c.pptx"]
    outputs = [word for name in names for word in ("-o", name)]
    code, out, err = run(*command, *WORDS, *outputs)
    assert code == 0, err
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert all(name in out for name in names)
    page = (tmp_path / "b.html").read_text(encoding="utf-8")
    assert all(word in page for word in ("Our panel", "ACME", "1-30 Apr 2027"))


@pytest.mark.parametrize(
    "command", [["analyze", str(SAMPLE)], ["audit", str(FIGURES)]], ids=["analyze", "audit"]
)
def test_one_bad_name_stops_all_before_any_work(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words, told in (
        (["-o", "a.html", "-o", "b.docx"], ".xlsx"),
        (["-o", "a.html", "--logo", "no.png"], "no.png"),
        (["-o", "a.html", "--template", "no.pptx"], ".pptx"),
        (["-o", "a.pptx", "--template", str(FIGURES)], "template"),
    ):
        code, out, err = run(*command, *words)
        assert (code, out) == (2, "")
        assert told in err
        assert list(tmp_path.iterdir()) == []


def test_pictures_go_into_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = run("analyze", str(SAMPLE), "-o", "a.html", "--pictures", "pictures")
    assert code == 0, err
    assert "pictures" in out
    written = {path.suffix for path in (tmp_path / "pictures").iterdir()}
    assert written == {".png", ".svg"}
