"""Instruments drafted from definitions: what they ask, and the exports of those tools read with them."""

import json

import pytest
from openpyxl import Workbook

import survey
from survey import DataError
from tests.helpers import answers
from tests.paths import EXAMPLES, EXECUTIVE, ROOT

FILES = ROOT / "tests" / "drafting" / "files"


def saved(draft, folder):
    path = folder / "drafted.yaml"
    path.write_text(draft.yaml, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "source",
    [EXECUTIVE, *(EXAMPLES / name for name in ("everything.yaml", "seven-points.yaml", "more-kinds.yaml"))],
)
def test_an_xlsform_of_ours_comes_back(tmp_path, source):
    before = survey.load_instrument(source)
    survey.export_xlsform(before, tmp_path / "form.xlsx")
    draft = survey.draft_instrument(tmp_path / "form.xlsx")
    assert not draft.answers
    after = survey.load_instrument(saved(draft, tmp_path))
    assert [question.id for question in after.questions] == [question.id for question in before.questions]
    for was, now in zip(before.questions, after.questions, strict=True):
        assert (now.kind, now.text, now.required) == (was.kind, was.text, was.required)
        assert [(part.id, part.label) for part in now.parts] == [(part.id, part.label) for part in was.parts]
        assert [part.text for part in now.options] == [part.text for part in was.options]
        assert [part.exclusive for part in now.options] == [part.exclusive for part in was.options]
        assert (now.least, now.most) == (was.least, was.most)
        assert (now.ranks, now.total) == (was.ranks, was.total)
        if was.kind == "rating":
            points = before.scale_of(was).points
            assert [(p.value, p.label) for p in after.scale_of(now).points] == [
                (p.value, p.label) for p in points
            ]
        if was.limits:
            assert (now.limits.minimum, now.limits.maximum) == (was.limits.minimum, was.limits.maximum)
            assert (now.limits.earliest, now.limits.latest) == (was.limits.earliest, was.limits.latest)


def form(path, survey_rows, choices=(), settings=()):
    book = Workbook()
    for name, rows in (("survey", survey_rows), ("choices", choices), ("settings", settings)):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.remove(book.worksheets[0])
    book.save(path)
    return path


def test_a_form_of_odk(tmp_path):
    path = form(
        tmp_path / "form.xlsx",
        [
            ["type", "name", "label::English (en)", "label::中文 (zh)", "relevant", "constraint", "required"],
            ["start", "start"],
            ["note", "hello", "Welcome", "欢迎"],
            ["select_one place", "site", "Where?", "哪里？", None, None, "yes"],
            ["text", "site_other", "Which?", "请说明", "${site} = 'other'"],
            ["select_multiple tool", "tools", "Which tools?", "哪些工具？", "selected(${site}, 'n')"],
            ["begin_group", "sat", "How satisfied?", "满意吗？"],
            ["select_one likert", "sat_pay", "Pay", "薪酬"],
            ["select_one likert", "sat_hours", "Hours", "工时"],
            ["end_group", "sat"],
            ["integer", "age", "Age", "年龄", "${site} != 's' and ${age} > 3", ". >= 16 and . <= 99"],
            ["geopoint", "where", "Place", "地点"],
        ],
        [
            ["list_name", "name", "label::English (en)", "label::中文 (zh)"],
            ["place", "n", "North", "北"],
            ["place", "s", "South", "南"],
            ["place", "other", "Other", "其他"],
            ["tool", 1, "Phone", "电话"],
            ["tool", 2, "Mail", "邮件"],
            *[["likert", n, f"Level {n}", f"{n}级"] for n in range(1, 6)],
        ],
        [["form_title", "form_id"], ["Office", "office_form"]],
    )
    draft = survey.draft_instrument(path)
    made = draft.instrument
    assert (made.id, made.titled("en"), made.languages) == ("office-form", "Office", ("en", "zh"))
    assert [(q.id, q.kind) for q in made.questions] == [
        *(("site", "single"), ("tools", "multiple"), ("sat", "rating"), ("age", "number"), ("where", "text")),
    ]
    assert made.question("site").required
    assert made.question("site").part("other").text_aliases == ("site_other",)
    assert made.question("tools").asked_if.any == ("n",)
    assert made.question("age").limits.model_dump(exclude_defaults=True) == {
        "minimum": 16,
        "maximum": 99,
        "whole": True,
    }
    assert any("its condition" in doubt for doubt in draft.doubts)
    assert any("geopoint" in doubt for doubt in draft.doubts)
    (tmp_path / "data.csv").write_text(
        "SubmissionDate,site,site_other,tools,sat-sat_pay,sat-sat_hours,age,KEY,FormVersion,SubmitterID\n"
        "2026-04-01T09:00:00.1Z,n,,1 2,3,4,30,uuid:1,1,1\n"
        "2026-04-01T09:00:00.1Z,other,Sea,,5,1,31,uuid:2,1,1\n",
        encoding="utf-8",
    )
    responses = survey.read_responses(tmp_path / "data.csv", saved(draft, tmp_path))
    assert answers(responses, "site") == ["n", "other"]
    assert answers(responses, "site__other__text") == [None, "Sea"]
    assert answers(responses, "tools__phone") == [True, None]
    assert answers(responses, "age") == [30, 31]


def test_a_qualtrics_survey_and_its_export(tmp_path):
    draft = survey.draft_instrument(FILES / "office.qsf")
    made = draft.instrument
    assert [(q.id, q.kind) for q in made.questions] == [
        *(("site", "single"), ("tools", "multiple"), ("sat", "rating"), ("age", "number"), ("else", "text")),
        *(("rank", "ranking"), ("map", "text")),
    ]
    assert made.languages == ("en", "zh")
    assert made.question("site").text == {"en": "Which site do you work at?", "zh": "您在哪个地点工作？"}
    assert made.question("site").required
    assert made.question("tools").most == 2
    assert made.question("tools").options[2].exclusive
    scale = made.scale_of(made.question("sat"))
    assert [point.said("en") for point in scale.points][::4] == ["Very dissatisfied", "Very satisfied"]
    assert made.question("age").limits.maximum == 99
    assert any("HeatMap" in doubt for doubt in draft.doubts)
    tags = [
        "StartDate",
        "EndDate",
        "Status",
        "ResponseId",
        "Site",
        "Site_4_TEXT",
        "Tools",
        "Sat_1",
        "Sat_2",
        "Age",
    ]
    words = [
        *(
            "Start Date",
            "End Date",
            "Response Type",
            "Response ID",
            "Which site do you work at? - Selected Choice",
        ),
        *("Which site do you work at? - Elsewhere - Text", "Which tools do you use?"),
        *(
            "How satisfied are you with these? - Pay",
            "How satisfied are you with these? - Hours",
            "How old are you?",
        ),
    ]
    ids = [json.dumps({"ImportId": tag}) for tag in tags]
    about = ["2026-04-01 09:00:00", "2026-04-01 09:05:00", "IP Address"]
    rows = [
        [*about, "R_1", "North", "", "Phone,Mail, letters", "Very satisfied", "Neutral", "30"],
        [*about, "R_2", "Elsewhere", "At sea", "None of these", "Dissatisfied", "Satisfied", "41"],
    ]
    import csv

    with (tmp_path / "export.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([tags, words, ids, *rows])
    responses = survey.read_responses(tmp_path / "export.csv", saved(draft, tmp_path))
    assert answers(responses, "site") == ["north", "elsewhere"]
    assert answers(responses, "site__elsewhere__text") == [None, "At sea"]
    assert answers(responses, "tools__mail_letters") == [True, False]
    assert answers(responses, "sat__pay") == [5, 2]
    assert answers(responses, "age") == [30, 41]


def test_a_limesurvey_structure_and_its_export(tmp_path):
    draft = survey.draft_instrument(FILES / "office.lss")
    made = draft.instrument
    assert [(q.id, q.kind) for q in made.questions] == [
        *(
            ("site", "single"),
            ("tools", "multiple"),
            ("sat", "rating"),
            ("age", "number"),
            ("again", "single"),
        ),
        ("remark", "text"),
    ]
    assert made.title == {"en": "Office survey", "zh": "办公室调查"}
    assert made.question("site").required
    (tmp_path / "export.csv").write_text(
        "id,submitdate,lastpage,startlanguage,site,site[other],tools[SQ001],tools[SQ002],sat[SQ001],sat[SQ002],age,again\n"
        "1,2026-04-01 09:00:00,3,en,A2,,Y,,A3,A1,30,Y\n"
        "2,2026-04-01 09:00:00,3,en,-oth-,At sea,,Y,A2,A2,41,N\n",
        encoding="utf-8",
    )
    responses = survey.read_responses(tmp_path / "export.csv", saved(draft, tmp_path))
    assert answers(responses, "site") == ["south", "other"]
    assert answers(responses, "site__other__text") == [None, "At sea"]
    assert answers(responses, "tools__mail_letters") == [False, True]
    assert answers(responses, "sat__pay") == [3, 2]
    assert answers(responses, "again") == ["yes", "no"]


def qsf(*payloads):
    """A Qualtrics survey of some questions."""
    elements = [
        {"Element": "SQ", "PrimaryAttribute": f"QID{n}", "Payload": {"QuestionID": f"QID{n}", **one}}
        for n, one in enumerate(payloads, 1)
    ]
    entry = {"SurveyName": "Canteen", "SurveyLanguage": "EN"}
    return json.dumps({"SurveyEntry": entry, "SurveyElements": elements})


def test_ranks_sums_scores_and_dates_of_qualtrics(tmp_path):
    choices = {"1": {"Display": "Price"}, "2": {"Display": "Speed"}, "3": {"Display": "Taste"}}
    total = {"Validation": {"Settings": {"Type": "ChoicesTotal", "ChoiceTotal": "100"}}}
    day = {"Validation": {"Settings": {"Type": "ContentType", "ContentType": "ValidDate"}}}
    (tmp_path / "canteen.qsf").write_text(
        qsf(
            {"QuestionText": "Rank.", "DataExportTag": "Q1", "QuestionType": "RO", "Choices": choices},
            {"QuestionText": "Share.", "DataExportTag": "Q2", "QuestionType": "CS", "Choices": choices}
            | total,
            {
                "QuestionText": "Just numbers.",
                "DataExportTag": "Q3",
                "QuestionType": "CS",
                "Choices": choices,
            },
            {"QuestionText": "Recommend?", "DataExportTag": "Q4", "QuestionType": "MC", "Selector": "NPS"},
            {"QuestionText": "When?", "DataExportTag": "Q5", "QuestionType": "TE", "Selector": "SL"} | day,
        ),
        encoding="utf-8",
    )
    draft = survey.draft_instrument(tmp_path / "canteen.qsf")
    kinds = [(question.id, question.kind) for question in draft.instrument.questions]
    assert kinds == [
        *(("q1", "ranking"), ("q2", "constant_sum")),
        *(("q3_1", "number"), ("q3_2", "number"), ("q3_3", "number"), ("q4", "nps"), ("q5", "date")),
    ]
    tags = ["StartDate", "EndDate", "Status", "ResponseId", "Q1_1", "Q1_2", "Q1_3", "Q2_1", "Q2_2", "Q2_3"]
    tags += ["Q4_NPS_GROUP", "Q4", "Q5"]
    labels = [
        *tags[:4],
        *(f"{text} - {one['Display']}" for text in ("Rank.", "Share.") for one in choices.values()),
    ]
    labels += ["Recommend? - Group", "Recommend?", "When?"]
    ids = [json.dumps({"ImportId": tag}) for tag in tags]
    answered = [
        "2026-04-01 09:00:00",
        "2026-04-01 09:05:00",
        "IP Address",
        "R_1",
        2,
        1,
        3,
        50,
        50,
        "",
        3,
        9,
        "01/31/2026",
    ]
    import csv

    with (tmp_path / "export.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([tags, labels, ids, answered])
    responses = survey.read_responses(tmp_path / "export.csv", saved(draft, tmp_path))
    assert responses.data["q1__speed"].tolist() == [1]
    assert responses.data["q2__taste"].tolist() == [0]
    assert responses.data["q4"].tolist() == [9]
    assert responses.data["q5"].dt.strftime("%Y-%m-%d").tolist() == ["2026-01-31"]
    assert not [problem for problem in responses.problems if problem.key.startswith("column_unmatched")]


LSS = """<document><LimeSurveyDocType>Survey</LimeSurveyDocType>
<surveys><rows><row><language>en</language></row></rows></surveys>
<questions><rows>
<row><qid>1</qid><type>R</type><title>rank</title><question>Rank.</question></row>
<row><qid>2</qid><type>K</type><title>sum</title><question>Share.</question></row>
<row><qid>3</qid><type>D</type><title>since</title><question>When?</question></row>
<row><qid>4</qid><type>K</type><title>how</title><question>How many?</question></row>
</rows></questions>
<subquestions><rows>
<row><qid>21</qid><parent_qid>2</parent_qid><title>SQ001</title><question>Rent</question></row>
<row><qid>22</qid><parent_qid>2</parent_qid><title>SQ002</title><question>Food</question></row>
<row><qid>41</qid><parent_qid>4</parent_qid><title>SQ001</title><question>Cats</question></row>
</rows></subquestions>
<answers><rows>
<row><qid>1</qid><code>A1</code><answer>Price</answer><sortorder>1</sortorder></row>
<row><qid>1</qid><code>A2</code><answer>Speed</answer><sortorder>2</sortorder></row>
<row><qid>1</qid><code>A3</code><answer>Taste</answer><sortorder>3</sortorder></row>
</rows></answers>
<question_attributes><rows>
<row><qid>1</qid><attribute>max_subquestions</attribute><value>2</value></row>
<row><qid>2</qid><attribute>equals_num_value</attribute><value>100</value></row>
</rows></question_attributes></document>"""


def test_ranks_sums_and_dates_of_limesurvey(tmp_path):
    (tmp_path / "canteen.lss").write_text(LSS, encoding="utf-8")
    draft = survey.draft_instrument(tmp_path / "canteen.lss")
    made = draft.instrument
    kinds = [(question.id, question.kind) for question in made.questions]
    assert kinds == [("rank", "ranking"), ("sum", "constant_sum"), ("since", "date"), ("how_sq001", "number")]
    assert (made.question("rank").ranks, made.question("sum").total) == (2, 100)
    (tmp_path / "export.csv").write_text(
        "id,submitdate,lastpage,startlanguage,rank[1],rank[2],sum[SQ001],sum[SQ002],since\n"
        "1,2026-04-01 09:00:00,3,en,A2,A1,70,30,2020-01-31 00:00:00\n"
        "2,2026-04-01 09:00:00,3,en,A3,,0,100,2021-02-28 00:00:00\n",
        encoding="utf-8",
    )
    responses = survey.read_responses(tmp_path / "export.csv", saved(draft, tmp_path))
    assert answers(responses, "rank__speed") == [1, None]
    assert answers(responses, "rank__taste") == [None, 1]
    assert answers(responses, "sum__rent") == [70, 0]
    assert survey.date_summary(responses, "since")["base"].tolist() == [2]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("x.qsf", '{"hello": 1}', "JSON, but no survey"),
        ("x.qsf", "[]", "JSON, but no survey"),
        ("x.qsf", "not json", "cannot be read"),
        ("x.qsf", "", "empty"),
        ("x.qsf", '{"SurveyEntry": {}, "SurveyElements": []}', "no question that is answered"),
        ("x.qsf", '{"SurveyEntry": {}, "SurveyElements": [{"Element": "SQ"}, 3, null]}', "no question"),
        ("x.lss", "<a/>", "XML, but no survey"),
        ("x.lss", "<a", "cannot be read"),
        ("x.lss", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
        (
            "x.lss",
            "<document><LimeSurveyDocType>Survey</LimeSurveyDocType><questions/></document>",
            "no question",
        ),
    ],
)
def test_what_is_no_survey_is_one_clear_error(tmp_path, name, text, told):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        survey.draft_instrument(tmp_path / name)
    (problem,) = caught.value.problems
    assert told in problem.text()


def test_a_form_without_its_columns(tmp_path):
    path = form(tmp_path / "form.xlsx", [["question", "answer"], ["a", "b"]], [["list_name"]])
    with pytest.raises(DataError, match="XLSForm, but no survey"):
        survey.draft_instrument(path)
