"""Several studies beside one survey: the voices of a joint display, as a schema, a table and sheets."""

from pathlib import Path

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner
from openpyxl import load_workbook

import survey
from survey.cli import main
from survey.errors import InstrumentError, UsageError
from survey.instrument import load_schema
from survey.instrument.joint_displays import JointDisplay
from survey.instrument.locking import check_schemas
from survey.interviews.joint_display import load_joint_display
from survey.tables import CONTRACTS
from tests.helpers import told
from tests.interviews.projects import SEGMENTS, segments_of, small_codebook
from tests.interviews.samples import display_of
from tests.paths import ROOT, SAMPLE

QUOTED = SEGMENTS.with_name("quoted-people.xlsx")
FOLDER = ROOT / "instruments" / "joint-display"

# -- the packaged study of the people whom the report quotes ---------------------------------------------


@pytest.fixture(scope="module")
def quoted():
    return survey.read_segments(QUOTED)


@pytest.fixture(scope="module")
def table(quoted):
    return survey.joint_display([SEGMENTS, quoted], SAMPLE)


def test_the_quoted_people_are_a_study_under_a_codebook_of_their_own(quoted):
    assert quoted.codebook.reference == "report-codebook@1.0.0"
    assert quoted.data["segment"].tolist() == [f"R{number:02}" for number in range(1, 14)]
    assert quoted.data["quote"].nunique() == 5
    assert quoted.bases == {"buyer": 3, "seller": 2}
    assert not survey.attribution_conflicts(quoted)["conflict"].any()
    assert set(quoted.data["code"]) == set(quoted.codebook.code_ids)
    assert survey.check_privacy(QUOTED).empty
    assert "no sample" in quoted.origin["note"]
    assert "no sample" in quoted.codebook.assumption["en"]


def test_the_newest_display_of_so_many_voices_is_the_one_that_is_meant():
    assert load_joint_display().reference == "joint-display@1.0.0"
    assert load_joint_display(voices=2).reference == "joint-display@2.0.0"
    assert load_joint_display(voices=7).reference == "joint-display@2.0.0"
    assert [voice.id for voice in load_schema("joint-display@1.0.0").every_voice] == ["interviewees"]


def test_the_second_display_is_valid_locked_and_an_honest_step():
    for path, schema in check_schemas((FOLDER,)):
        locks = yaml.safe_load((FOLDER / "lock.yaml").read_text(encoding="utf-8"))
        assert locks[schema.version]["whole"] == schema.content_hash, path
    assert survey.diff_instruments("joint-display@1.0.0", "joint-display@2.0.0").honest


def test_every_segment_of_the_quoted_speaks_to_a_topic_once(table, quoted):
    rows = table[table["voice"] == "quoted"].drop_duplicates("topic")
    named = [segment for cell in rows["segments"] for segment in cell]
    without_code = set(quoted.data.loc[quoted.data["code"] == "returned_deals", "segment"])
    assert sorted(named) == sorted(set(quoted.data["segment"]) - without_code)


def test_the_first_voice_is_what_it_is_alone(table):
    alone = survey.joint_display(SEGMENTS, SAMPLE)
    shared = table[(table["voice"] == "interviewees") & table["topic"].isin(alone["topic"])]
    same = ["topic", "item", "n", "base", "people", "people_base", "by_group", "segments", "gists", "note"]
    pd.testing.assert_frame_equal(shared[same].reset_index(drop=True), alone[same])
    assert tuple(table.columns) == CONTRACTS["joint_display"]
    assert not table.duplicated(["topic", "question", "item", "voice"]).any()


# -- a second study, made up -----------------------------------------------------------------------------

STAFF = small_codebook(id="staff")
ROWS = [
    {"segment": "S1", "code": "costs", "participant": "P1", "gist": "dear"},
    {"segment": "S2", "code": "talent", "participant": "P2", "gist": "few people"},
]
OTHERS = [{"segment": "S1", "code": "funds", "participant": "W1", "gist": "no budget"}]
REASON = {"en": "R"}


def made_up(**changes: object) -> JointDisplay:
    """Guests and staff beside the survey of overlapping groups."""
    voices = (
        {"id": "guests", "label": {"en": "Guests"}, "codebook": "small@2.0.0"},
        {"id": "staff", "label": {"en": "Staff"}, "codebook": "staff@2.0.0", "note": {"en": "On shift."}},
    )
    coded = ({"id": "guests", "codes": ("money",)}, {"id": "staff", "codes": ("funds",)})
    fields = {"voices": voices, **changes}
    return display_of("three", "Three", topic={"voices": coded, "reason": REASON}, **fields)


def guests():
    return segments_of(ROWS)


def staff(rows=OTHERS):
    return segments_of(rows, codebook=STAFF)


def faults(display):
    return [key for _, key, _ in display.faults()]


def test_the_same_segment_id_in_two_studies_is_two_segments(overlapping):
    table = survey.joint_display([guests(), staff()], overlapping, joint=made_up()).set_index("voice")
    assert table["gists"].to_dict() == {"guests": "P1 (S1): dear", "staff": "W1 (S1): no budget"}
    assert table[["people", "people_base"]].values.tolist() == [[1, 2], [1, 1]]
    turned = survey.joint_display((staff(), guests()), overlapping, joint=made_up())
    assert turned["voice"].tolist() == ["guests", "staff"]


def test_two_voices_under_one_codebook_take_their_studies_in_order(overlapping):
    names = ("first", "then")
    voices = tuple({"id": name, "label": {"en": name}, "codebook": "small@2.0.0"} for name in names)
    topic = {"id": "money", "label": {"en": "Money"}, "mark": "agree", "reason": REASON}
    evidence = tuple({"id": name, "codes": ("money",)} for name in names)
    display = made_up(voices=voices, topics=({**topic, "voices": evidence},))
    table = survey.joint_display([guests(), segments_of(OTHERS)], overlapping, joint=display)
    assert table["gists"].tolist() == ["P1 (S1): dear", "W1 (S1): no budget"]
    assert table["question"].tolist() == ["", ""]


def test_a_voice_of_nobody_stands_with_nobody(overlapping):
    table = survey.joint_display([guests(), staff([])], overlapping, joint=made_up())
    assert table[["people", "people_base"]].values.tolist() == [[1, 2], [0, 0]]
    assert table["gists"].tolist()[1] == ""


def test_a_voice_without_a_study_and_a_study_without_a_voice_are_refused(overlapping):
    for studies, key in (
        (guests(), "joint_voice_missing"),
        ([guests(), guests()], "joint_other_schema"),
        ([guests(), staff(), staff()], "joint_other_schema"),
        ([], "segments_needed"),
        ([guests(), 5], "segments_needed"),
    ):
        with pytest.raises(UsageError) as error:
            survey.joint_display(studies, overlapping, joint=made_up())
        assert [problem.key for problem in error.value.problems] == [key]
        assert error.value.text("zh")


def test_a_code_that_another_voice_has_is_unknown(overlapping):
    topic = {"id": "x", "label": {"en": "X"}, "mark": "agree", "reason": REASON}
    book = small_codebook(id="staff", codes=small_codebook().codes[:1])
    voices = ({"id": "guests", "codes": ("talent",)}, {"id": "staff", "codes": ("talent",)})
    with pytest.raises(UsageError, match=r"topics\.0\.voices\.1\.codes\.0.*staff@2\.0\.0"):
        survey.joint_display(
            [guests(), segments_of([], codebook=book)],
            overlapping,
            joint=made_up(topics=({**topic, "voices": voices},)),
        )


def test_the_schema_says_what_a_display_of_voices_cannot_be():
    topic = {"id": "x", "label": {"en": "X"}, "mark": "silent", "reason": REASON}
    voices = made_up().voices
    assert faults(made_up()) == []
    assert faults(made_up(voices=(*voices, voices[0]))) == ["id_twice"]
    assert faults(made_up(codebook="small@2.0.0")) == ["joint_codebook_or_voices"]
    neither = made_up(voices=(), topics=({**topic, "items": made_up().topics[0].items},))
    assert faults(neither) == ["joint_codebook_or_voices"]
    nowhere = ({"id": "nobody", "codes": ("costs",)},)
    assert faults(made_up(topics=({**topic, "voices": nowhere},))) == ["topic_voice_unknown"]
    assert faults(made_up(topics=({**topic, "codes": ("costs",)},))) == ["topic_without_voice"]
    twice = ({"id": "staff", "codes": ("costs",)}, {"id": "staff", "codes": ("funds",)})
    assert faults(made_up(topics=({**topic, "voices": twice},))) == ["id_twice"]
    doubled = ({"id": "staff", "codes": ("costs", "costs")},)
    assert faults(made_up(topics=({**topic, "voices": doubled},))) == ["id_twice"]
    one_side = {**topic, "mark": "agree", "voices": ({"id": "staff", "codes": ("costs",)},)}
    assert faults(made_up(topics=(one_side,))) == ["topic_one_sided"]
    assert faults(made_up(topics=({**topic, "voices": ({"id": "staff"},)},))) == ["topic_of_nothing"]


WRONG = [
    ("codebook: report-codebook@1.0.0", "codebook: report-codebook@7.0.0", "topic_no_schema"),
    ("codes: [supply_terms]", "codes: [supply_term]", "topic_unknown"),
    ("  - id: quoted", "  - id: interviewees", "id_twice"),
    ("      - {id: quoted, codes: [supply_terms]}", "      - {codes: [supply_terms]}", "schema_key_missing"),
    ("{id: quoted, codes: [supply_terms]}", "{id: quoted, code: [supply_terms]}", "schema_key_unknown_near"),
]


@pytest.mark.parametrize(("before", "after", "key"), WRONG, ids=[after[:40] for _, after, _ in WRONG])
def test_a_broken_file_is_told_with_its_place(tmp_path, before, after, key):
    text = (FOLDER / "2.0.0.yaml").read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "joint.yaml"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    problems = told(lambda: check_schemas((path,)))
    assert key in [problem.key for problem in problems]
    assert all("joint.yaml" in problem.text("zh") for problem in problems)


# -- the report and the command --------------------------------------------------------------------------


def test_the_report_of_a_made_up_study_has_a_column_for_each_voice(overlapping):
    report = survey.analyze_interviews(
        guests(), beside=staff(), responses=overlapping, joint=made_up(), draws=5
    )
    sheet = report.sheet("Joint display")
    headings = [column.heading for column in sheet.tables[0].columns]
    assert headings[-2:] == ["Guests (of 2)", "Staff (of 1)"]
    assert "On shift." in sheet.lines
    assert sheet.title.startswith("Of 1 topics, survey, guests, and staff agree on 1")
    keys = {key for column in sheet.tables[0].columns for key in sheet.tables[0].keys(column) if key}
    assert {("money", "channels", "online", name) for name in ("guests", "staff")} <= {
        key.ids for key in keys if key.measure == "people"
    }
    with pytest.raises(UsageError, match="--survey"):
        survey.analyze_interviews(guests(), beside=[staff()])


def cells(path: Path, sheet: str) -> list[list[object]]:
    return [list(row) for row in load_workbook(path)[sheet].iter_rows(values_only=True)]


@pytest.mark.parametrize(
    ("lang", "sheet", "heading"),
    [("en", "Joint display", "Quoted people (of 5)"), ("zh", "问卷与访谈对照", "被引用者（共5人）")],
)
def test_the_command_puts_three_voices_side_by_side(tmp_path, lang, sheet, heading):
    target = tmp_path / "r.xlsx"
    words = [str(SEGMENTS), "--beside", str(QUOTED), "--survey", str(SAMPLE), "-o", str(target)]
    words += ["--no-pictures", "--draws", "5", "--lang", lang]
    run = CliRunner().invoke(main, ["interviews", "analyze", *words])
    assert run.exit_code == 0, run.output
    rows = cells(target, sheet)
    head = next(row for row in rows if heading in row)
    trust = next(row for row in rows if row[0] in ("Quality and trust", "质量与信任"))
    assert trust[head.index(heading)] == 2
    notes = cells(target, {"en": "Notes", "zh": "说明"}[lang])
    written = " ".join(str(cell) for row in notes for cell in row)
    assert "quoted-people.xlsx" in written


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda frame: frame.iloc[:0], "no coded segment to count"),
        (lambda frame: frame.drop(columns="participant"), "participant"),
        (lambda frame: frame.drop(columns="code"), "code"),
        (lambda frame: frame.assign(segment="R01", code="partnership"), "R01"),
        (lambda frame: frame.assign(code="nothing"), "interviews convert makes a workbook of it"),
        (lambda frame: frame.assign(code="partnership"), "is made for interview-codebook@1.0.0, report"),
    ],
    ids=["empty", "no participant", "no code", "one id for all", "unknown codes", "another codebook"],
)
def test_a_broken_file_beside_is_refused_by_name(tmp_path, quoted, change, said):
    frame = quoted.data[["segment", "participant", "code", "gist"]].astype(object)
    path = tmp_path / "quoted.xlsx"
    change(frame).to_excel(path, index=False)
    words = [str(SEGMENTS), "--beside", str(path), "--survey", str(SAMPLE), "-o", str(tmp_path / "r.xlsx")]
    run = CliRunner().invoke(main, ["interviews", "analyze", *words, "--no-pictures", "--draws", "5"])
    assert run.exit_code in (1, 2), run.output
    assert "Traceback" not in run.output
    assert said in run.output
    assert not (tmp_path / "r.xlsx").exists()


def test_a_file_that_is_not_there_is_all_that_is_told(tmp_path):
    words = [str(SEGMENTS), "--beside", str(tmp_path / "no.xlsx"), "--survey", str(SAMPLE)]
    run = CliRunner().invoke(main, ["interviews", "analyze", *words, "-o", str(tmp_path / "r.xlsx")])
    assert run.exit_code == 2
    assert "There is no file" in run.stderr
    assert "convert" not in run.stderr


def test_beside_needs_a_survey():
    run = CliRunner().invoke(main, ["interviews", "analyze", str(SEGMENTS), "--beside", str(QUOTED)])
    assert run.exit_code == 2
    assert "--beside is about a survey" in run.output
    with pytest.raises((UsageError, InstrumentError)):
        survey.joint_display([SEGMENTS, QUOTED], SAMPLE, joint="joint-display@1.0.0")
