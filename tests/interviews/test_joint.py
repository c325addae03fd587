"""Survey and interviews side by side: the crosswalk as a schema, the table, and the sheets of the report."""

from pathlib import Path

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner
from openpyxl import load_workbook

import survey
from survey.cli import main
from survey.errors import InstrumentError, UsageError
from survey.instrument import load_schema, read_schema
from survey.instrument.joint_displays import JointDisplay
from survey.instrument.locking import check_schemas
from survey.tables import CONTRACTS
from tests.helpers import told
from tests.interviews.projects import SEGMENTS, segments_of, small_codebook
from tests.interviews.samples import FLAT, display_of
from tests.paths import EXAMPLES, ROOT, SAMPLE

PACKAGED = ROOT / "instruments" / "joint-display" / "1.0.0.yaml"


@pytest.fixture(scope="module")
def responses():
    return survey.read_responses(SAMPLE)


@pytest.fixture(scope="module")
def segments():
    return survey.read_segments(SEGMENTS)


@pytest.fixture(scope="module")
def table(segments, responses):
    return survey.joint_display(segments, responses)


def small_display(**changes: object) -> JointDisplay:
    """A crosswalk from the codebook of `projects` to the instrument of overlapping groups."""
    fields = {"codebook": "small@2.0.0", **changes}
    return display_of("small-display", "Small", topic={"codes": ("money",)}, **fields)


# -- the schema --------------------------------------------------------------------------------------------


def test_the_packaged_crosswalk_is_valid_locked_and_says_whose_its_marks_are():
    ((_, schema),) = check_schemas((PACKAGED,))
    assert isinstance(schema, JointDisplay)
    locks = yaml.safe_load((PACKAGED.parent / "lock.yaml").read_text(encoding="utf-8"))
    assert locks["1.0.0"]["whole"] == schema.content_hash
    assert schema.assumption
    asked = {"talent", "funding", "regulation", "partnership_licensing", "commercialization"}
    assert asked | {"intellectual_property"} <= {topic.id for topic in schema.topics}
    assert {topic.mark for topic in schema.topics} == {"agree", "contradict", "silent"}


def test_its_segments_are_those_of_the_data(segments):
    named = {name for topic in load_schema("joint-display").topics for name in topic.segments}
    assert named <= set(segments.data["segment"])


WRONG = [
    ("mark: agree", "mark: perhaps", "schema_choice"),
    ("item: overseas_talent", "item: overseas_talents", "topic_unknown"),
    ("question: challenges, item: overseas_talent", "question: x, item: overseas_talent", "topic_unknown"),
    ("codes: [knowledge_based_resources]", "codes: [knowledge]", "topic_unknown"),
    ("codes: [government_support]", "codes: [government_support, government_support]", "id_twice"),
    ("    mark: silent\n    reason:\n      en: \"Wanted", "    mark: agree\n    reason:\n      en: \"Wanted",
     "topic_one_sided"),
    ("  - id: geopolitics", "  - id: talent", "id_twice"),
    ("codebook: interview-codebook@1.0.0", "codebook: executive-survey@1.0.0", "topic_no_schema"),
    ("survey: executive-survey@1.0.0", "survey: executive-survey@9.0.0", "topic_no_schema"),
    ("    segments: [A033, T030]\n", "", "topic_one_sided"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "key"), WRONG, ids=[after[:40] for _, after, _ in WRONG])
def test_faults_are_told_with_their_place(tmp_path, before, after, key):
    text = PACKAGED.read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "joint.yaml"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    problems = told(lambda: check_schemas((path,)))
    assert key in [problem.key for problem in problems]
    assert all("joint.yaml" in problem.text("zh") for problem in problems)


def test_a_topic_of_nothing_is_a_fault():
    topic = {"id": "x", "label": {"en": "X"}, "mark": "silent", "reason": {"en": "R"}}
    assert [key for _, key, _ in small_display(topics=(topic,)).faults()] == ["topic_of_nothing"]


def test_show_and_diff_know_it(tmp_path):
    shown = CliRunner().invoke(main, ["instrument", "show", "joint-display", "--lang", "zh"])
    assert shown.exit_code == 0
    assert "challenges / overseas_talent" in shown.output
    assert "[contradict]" in shown.output
    newer = tmp_path / "1.1.0.yaml"
    text = PACKAGED.read_text(encoding="utf-8").replace('"1.0.0"', '"1.1.0"', 1)
    newer.write_text(text.replace("mark: contradict", "mark: agree", 1), encoding="utf-8")
    diff = survey.diff_instruments(PACKAGED, newer)
    assert (diff.bump, [one.where for one in diff.alterations]) == ("minor", ["topics.funding.mark"])


# -- the table ---------------------------------------------------------------------------------------------


def test_columns_are_those_of_the_contract_and_shares_those_of_the_survey(table, responses):
    assert tuple(table.columns) == CONTRACTS["joint_display"]
    shares = survey.importance_shares(responses).set_index("item")
    needs = survey.frequencies(responses, "support_needs").set_index("code")
    for row in table[table["question"] != ""].itertuples():
        if row.question == "challenges":
            expected, count = shares.loc[row.item], "n_top"
        elif row.question == "support_needs":
            expected, count = needs.loc[row.item], "n"
        else:
            continue
        assert (row.n, row.base) == (expected[count], expected["base"])
        assert (row.ci_low, row.ci_high) == (expected["ci_low"], expected["ci_high"])
    talent = table[table["item"] == "overseas_talent"].iloc[0]
    assert (talent["n"], talent["base"], talent["statistic"]) == (99, 137, "top_2_box")


def test_people_are_those_behind_the_codes(table, segments):
    row = table[table["topic"] == "government_support"].iloc[0]
    behind = segments.data[
        (segments.data["code"] == "government_support")
        | segments.data["segment"].isin(["T029", "T030", "T031"])
    ]
    assert row["people"] == behind["participant"].nunique() == 7
    assert (row["people_base"], row["by_group"]) == (14, "B 3 of 7; D 4 of 7")
    assert set(row["segments"]) == set(behind["segment"])
    assert row["gists"].count("\n") + 1 == len(behind)
    assert (row["question"], row["mark"]) == ("", "silent")
    assert pd.isna(row["n"])
    silent = table[table["topic"] == "production_supply"]
    assert silent["people"].tolist() == [0, 0, 0]


def test_what_the_published_figures_do_not_fix_is_open(table):
    marks = table.set_index("item")["open"]
    assert not marks[["overseas_talent", "regulatory_barriers", "ip_protection"]].any()
    assert marks["recruitment_training"]
    assert not table.loc[table["question"] == "", "open"].any()


def test_a_subset_leaves_everything_open(segments, responses):
    table = survey.joint_display(segments, responses.where(firm_type="biotech"))
    assert table.loc[table["question"] != "", "open"].all()
    assert table["base"].dropna().unique().tolist() == [len(responses.where(firm_type="biotech"))]


def test_quotations_given_to_several_people_are_told(table):
    row = table[table["topic"] == "intellectual_property"].iloc[0]
    assert "Q10" in row["note"]
    assert row["reason"] == "disputed"
    assert row["why"]


def test_labels_reasons_and_groups_in_chinese(segments, responses):
    row = survey.joint_display(segments, responses, lang="zh").iloc[0]
    assert (row["label"], row["by_group"]) == ("人才", "B 7人中2人；D 7人中3人")


# -- other shapes ------------------------------------------------------------------------------------------

ROWS = [
    {"segment": "S1", "code": "costs", "gist": "dear"},
    {"segment": "S2", "code": "costs", "gist": "dear"},
    {"segment": "S3", "code": "money", "participant": "P2"},
    {"segment": "S4", "code": "talent", "participant": "P3", "gist": "people"},
]


def test_another_survey_and_codebook_without_groups(overlapping):
    table = survey.joint_display(segments_of(ROWS), overlapping, joint=small_display())
    row = table.iloc[0]
    share = survey.frequencies(overlapping, "channels").set_index("code").loc["online"]
    assert (row["n"], row["base"], row["statistic"]) == (share["n"], share["base"], "share_selecting")
    assert (row["people"], row["people_base"], row["by_group"]) == (2, 3, "")
    assert row["gists"] == "P1 (S1): dear"
    assert not row["open"]


def test_themes_and_further_segments_speak_too(overlapping):
    topics = tuple(
        {"id": name, "label": {"en": name}, "mark": "silent", "reason": {"en": "R"}, **extra}
        for name, extra in (
            ("all", {"codes": ("theme",)}),
            ("one", {"segments": ("S4", "S9")}),
            ("fine", {"codes": ("costs",)}),
        )
    )
    table = survey.joint_display(
        segments_of(ROWS), overlapping, joint=small_display(topics=topics)
    ).set_index("topic")
    assert table["people"].tolist() == [3, 1, 1]
    assert "S9" in table.loc["one", "note"]
    assert table["reason"].tolist() == ["", "missing_segments", ""]
    assert table["why"].tolist() == ["R", "R", "R"]


def test_nobody_interviewed_and_nothing_said(overlapping):
    table = survey.joint_display(segments_of([]), overlapping, joint=small_display())
    assert table[["people", "people_base"]].values.tolist() == [[0, 0]]


def test_what_does_not_fit_is_refused_all_at_once(segments, responses, overlapping):
    with pytest.raises(UsageError) as error:
        survey.joint_display(segments, overlapping, joint=small_display())
    assert "small@2.0.0" in error.value.text()
    items = ({"question": "nowhere", "item": "a"}, {"question": "channels", "item": "b"})
    topic = {"id": "x", "label": {"en": "X"}, "mark": "agree", "reason": {"en": "R"}}
    topic |= {"codes": ("nothing",), "items": items}
    with pytest.raises(UsageError) as error:
        survey.joint_display(segments_of(ROWS), overlapping, joint=small_display(topics=(topic,)))
    assert [problem.key for problem in error.value.problems] == ["topic_unknown"] * 3
    with pytest.raises(UsageError, match="executive-survey"):
        survey.joint_display(segments, responses, joint="executive-survey")
    with pytest.raises(UsageError):
        survey.joint_display(segments, responses, confidence=95)
    with pytest.raises(InstrumentError):
        read_schema(EXAMPLES.parent / "reference" / "statistics.md")


# -- the sheets --------------------------------------------------------------------------------------------


def cells(path: Path, sheet: str) -> list[list[object]]:
    return [list(row) for row in load_workbook(path)[sheet].iter_rows(values_only=True)]


@pytest.mark.parametrize(("lang", "names"), [("en", ("Notes", "Joint display")),
                                             ("zh", ("说明", "问卷与访谈对照"))])  # fmt: skip
def test_the_command_writes_both_sheets(tmp_path, lang, names):
    target = tmp_path / "report.xlsx"
    options = ["-o", str(target), "--survey", str(SAMPLE), "--no-pictures", "--draws", "50", "--lang", lang]
    done = CliRunner().invoke(main, ["interviews", "analyze", str(SEGMENTS), *options])
    assert done.exit_code == 0, done.output
    assert set(names) <= set(load_workbook(target).sheetnames)
    words = " ".join(str(cell) for row in cells(target, names[0]) for cell in row if cell)
    assert "2021" in words  # why there is no coefficient
    rows = cells(target, names[1])
    header = next(place for place, row in enumerate(rows) if row.count(None) < 3 and len(row) >= 10)
    body = [row for row in rows[header + 1 :] if row[0]]
    assert len(body) == 17
    reconstructed = {"en": "Reconstructed", "zh": "重构"}[lang]
    assert any(reconstructed in str(row[0]) for row in rows)


def test_without_responses_there_is_no_joint_display(segments):
    report = survey.analyze_interviews(segments, draws=50)
    assert "Joint display" not in [sheet.name for sheet in report.sheets]
    options = {
        "--joint": "joint-display",
        "--instrument": "executive-survey",
        "--dialect": "plain",
        "--map": "m",
    }
    for option, value in options.items():
        done = CliRunner().invoke(main, ["interviews", "analyze", str(SEGMENTS), option, value])
        assert done.exit_code == 2
        assert f"{option} is about a survey" in done.output


def own_study(tmp_path, answers):
    """The files of a study of one's own, and the words of the command that reports on it."""
    survey_file = tmp_path / "clinic.yaml"
    survey_file.write_text(
        "kind: survey\nid: clinic\nversion: 1.0.0\nlanguages: [en]\ntitle: {en: Clinic}\nquestions:\n"
        "  - {id: wishes, kind: multiple, short: {en: Wishes}, text: {en: What?}, options:"
        " [{id: salt, label: {en: Less salt}}, {id: more, label: {en: More}}]}\n",
        encoding="utf-8",
    )
    display = tmp_path / "display.yaml"
    display.write_text(
        "kind: joint-display\nid: mine\nversion: 1.0.0\nlanguages: [en]\ntitle: {en: Mine}\n"
        "survey: clinic@1.0.0\ncodebook: canteen-codebook@1.0.0\ntopics:\n"
        "  - {id: salt, label: {en: Salt}, items: [{question: wishes, item: salt}], codes: [too_salty],"
        " mark: agree, reason: {en: Both.}}\n",
        encoding="utf-8",
    )
    assert [problem.key for problem in told(lambda: check_schemas((display,)))] == ["topic_no_schema"]
    book = tmp_path / "flat.yaml"
    book.write_text(FLAT.read_text(encoding="utf-8"), encoding="utf-8")
    assert [path for path, _ in check_schemas((tmp_path,))]
    (tmp_path / "answers.csv").write_text(answers, encoding="utf-8")
    (tmp_path / "s.csv").write_text("participant,code,gist\nP1,too_salty,x\nP2,fresh,y\n", encoding="utf-8")
    words = ["s.csv", "-o", "r.xlsx", "--codebook", "flat.yaml", "--no-pictures"]
    words += ["--survey", "answers.csv", "--instrument", "clinic.yaml", "--joint", "display.yaml"]
    return [str(tmp_path / word) if "." in word else word for word in words]


def test_a_study_of_ones_own_from_its_files_alone(tmp_path):
    words = own_study(tmp_path, "wishes / salt,wishes / more\n1,0\n1,1\n0,1\n")
    done = CliRunner().invoke(main, ["interviews", "analyze", *words])
    assert done.exit_code == 0, done.output
    (row,) = [row for row in cells(tmp_path / "r.xlsx", "Joint display") if row[0] == "Salt"]
    item = "Wishes: Less salt (chose it)"
    assert [row[place] for place in (1, 2, 3, 4, 8)] == ["\u2713 agree", item, 2, 3, 1]
    assert "Interviewees (of 2)" in [row[8] for row in cells(tmp_path / "r.xlsx", "Joint display")]
    (why,) = [row for row in cells(tmp_path / "r.xlsx", "Joint display, reasons") if row[0] == "Salt"]
    assert why[1:3] == ["\u2713 agree", "Both."]


QUALTRICS = """\
StartDate,EndDate,Status,Finished,ResponseId,DistributionChannel,Q1_1,Q1_2
Start Date,End Date,Response Type,Finished,Response ID,Distribution Channel,What? - Less salt,What? - More
{ids}
{rows}
"""


def test_the_survey_beside_interviews_has_the_respondents_that_analyze_has(tmp_path):
    ids = ",".join('"{""ImportId"":""x""}"' for _ in range(8))
    kinds = ["IP Address,anonymous,1,", "Survey Preview,anonymous,1,", "IP Address,anonymous,1,1"]
    kinds += [
        "Spam,anonymous,1,",
        "IP Address,preview,1,",
        "IP Address,anonymous,,1",
        "Survey Test,anonymous,1,",
    ]
    rows = []
    for number, kind in enumerate(kinds):
        state, rest = kind.split(",", 1)
        rows.append(f"2026-04-01 09:00:00,2026-04-01 09:10:00,{state},True,R_{number},{rest}")
    words = own_study(tmp_path, QUALTRICS.format(ids=ids, rows="\n".join(rows)))
    with (tmp_path / "clinic.yaml").open("a", encoding="utf-8") as file:
        file.write("quality: {duplicate_answers: {action: flag}}\n")
    done = CliRunner().invoke(main, ["interviews", "analyze", *words])
    assert done.exit_code == 0, done.output
    assert done.output.count("Rows left out: 4 (2 preview, 1 test, 1 spam); in the sheet 5, 7-8, 10.") == 1
    (row,) = [row for row in cells(tmp_path / "r.xlsx", "Joint display") if row[0] == "Salt"]
    assert [row[3], row[4]] == [2, 3]
    answers = [str(tmp_path / "answers.csv"), "--instrument", str(tmp_path / "clinic.yaml")]
    plain = CliRunner().invoke(main, ["analyze", *answers, "-o", str(tmp_path / "a.xlsx"), "--no-pictures"])
    assert plain.exit_code == 0, plain.output
    assert plain.output.count("Rows left out: 4 (2 preview, 1 test, 1 spam)") == 1
    words = [
        str(cell) for sheet in load_workbook(tmp_path / "a.xlsx") for row in sheet.values for cell in row
    ]
    assert any("4 of 7 rows were left out" in word for word in words)


def test_the_survey_beside_interviews_takes_a_map_and_a_dialect(tmp_path):
    words = own_study(tmp_path, "Less of it,wishes / more\n1,0\n1,1\n0,1\n")
    by_hand = tmp_path / "map.yaml"
    by_hand.write_text("columns: {Less of it: wishes__salt}", encoding="utf-8")
    done = CliRunner().invoke(
        main, ["interviews", "analyze", *words, "--map", str(by_hand), "--dialect", "plain"]
    )
    assert done.exit_code == 0, done.output
    (row,) = [row for row in cells(tmp_path / "r.xlsx", "Joint display") if row[0] == "Salt"]
    assert [row[3], row[4]] == [2, 3]


def test_rules_that_leave_out_hold_for_the_survey_beside_interviews(tmp_path):
    words = own_study(tmp_path, "id,wishes / salt,wishes / more\n1,1,0\n2,1,1\n2,1,1\n3,0,1\n")
    with (tmp_path / "clinic.yaml").open("a", encoding="utf-8") as file:
        file.write("quality: {duplicate_key: {action: drop}}\n")
    done = CliRunner().invoke(main, ["interviews", "analyze", *words])
    assert done.exit_code == 0, done.output
    (row,) = [row for row in cells(tmp_path / "r.xlsx", "Joint display") if row[0] == "Salt"]
    assert [row[3], row[4]] == [2, 3]
    assert "1 of 4 rows was left out" in done.output


CODED = [
    {"segment": f"S{n}", "code": code, "coder": coder, "gist": "g"}
    for n in range(8)
    for coder, code in (("Ann", "costs" if n % 2 else "funds"), ("王", "costs" if n % 3 else "funds"))
]


def noted(report, lang="en"):
    rows = report.sheet({"en": "Notes", "zh": "说明"}[lang]).tables[0].data
    return rows.loc[rows["topic"].isin(["Agreement between coders", "编码者间一致性"]), "what"].tolist()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_agreement_is_shown_where_the_approach_asks_for_it(lang):
    report = survey.analyze_interviews(segments_of(CODED), lang=lang, draws=50)
    sheet = report.sheet({"en": "Quotations", "zh": "引语与发声"}[lang])
    (shown,) = (shown for shown in sheet.tables if shown.name == "agreement")
    data = shown.data.set_index("code")
    assert data.loc["talent", "kappa"] == {"en": "undefined", "zh": "未定义"}[lang]
    expected = survey.coder_agreement(segments_of(CODED), draws=1).set_index("code").loc["costs", "kappa"]
    assert data.loc["costs", "kappa"] == expected
    headings = [column.heading for column in shown.columns]
    assert len(set(headings)) == len(headings)
    assert any("Ann" in line for line in noted(report, lang))


@pytest.mark.parametrize(
    ("approach", "word"), [("reflexive", "no one right coding"), ("codebook", "no criterion")]
)
def test_else_the_report_says_why_not(approach, word):
    segments = segments_of(CODED, codebook=small_codebook(approach=approach))
    lines = noted(survey.analyze_interviews(segments, draws=50))
    assert word in lines[0]
    assert "coder_agreement" in lines[1]


def test_one_coder_alone_is_told_in_the_report():
    alone = segments_of([row for row in CODED if row["coder"] == "Ann"])
    assert "1" in noted(survey.analyze_interviews(alone, draws=50))[-1]


def test_gists_can_be_left_out_of_the_joint_display(segments, responses):
    report = survey.analyze_interviews(segments, draws=50, responses=responses, gists=False)
    shown = report.sheet("Joint display").tables[0]
    assert "gists" not in [column.key for column in shown.columns]
