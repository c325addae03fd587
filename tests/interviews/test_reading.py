"""Reading segments: layouts, codes, people, quotations, and every fault with its address."""

import csv

import pandas as pd
import pytest

import survey
from survey.interviews import SEGMENT_COLUMNS
from tests.helpers import rewrite, table_rows, told, workbook
from tests.interviews.conftest import HERE, SEGMENTS
from tests.paths import ROOT

CODEBOOK = "interview-codebook@1.1.0"


def text_table(path, table):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table_rows(table))
    return path


def rows(segments, *columns):
    """The rows as tuples of these columns, None where missing."""
    data = segments.data[list(columns)].astype(object)
    return [tuple(row) for row in data.where(data.notna(), None).itertuples(index=False)]


def faults(path, codebook=CODEBOOK, **settings):
    """The faults of a file as (cell, key)."""
    return [
        (problem.place.cell, problem.key)
        for problem in told(lambda: survey.read_segments(path, codebook, **settings))
    ]


# -- the published segments ------------------------------------------------------------------------------


def test_the_published_segments(published):
    data = published.data
    assert list(data.columns) == list(SEGMENT_COLUMNS)
    assert [str(kind) for kind in data.dtypes] == ["string"] * 10 + ["Int64"] * 2 + ["string", "Int64"]
    assert len(data) == data["segment"].nunique() == 149
    assert data["level"].value_counts().to_dict() == {"code": 102, "subtheme": 47}
    assert published.bases == {"B": 7, "D": 7}
    assert published.groups == ("B", "D")
    shared = data["quote"].value_counts()
    assert (shared > 1).sum() == 18
    assert published.problems == ()
    assert published.codebook.reference == CODEBOOK
    assert published.origin["licence"] == "CC0-1.0"
    assert "Song" in published.origin["source"]
    assert len(published.origin["input_hash"]) == 64


def test_the_published_segments_say_what_the_facts_say(published):
    facts = ROOT.parent / "shared" / "facts" / "interview-segments.csv"
    if not facts.is_file():
        pytest.skip("the folder shared/facts is not beside the repository: nothing to compare with")
    with facts.open(encoding="utf-8", newline="") as file:
        wanted = list(csv.DictReader(file))
    found = rows(published, "segment", "participant", "document", "code", "gist")
    names = ("segment", "participant", "locator", "code", "gist")
    assert found == [tuple(row[name] for name in names) for row in wanted]
    marks = [row["same_quote_as"] or row["segment"] for row in wanted]
    assert published.data["quote"].tolist() == marks


# -- layouts ---------------------------------------------------------------------------------------------

ONE_PER_ROW = """
| segment | participant | code         | gist |
|---------|-------------|--------------|------|
| 1       | B1          | market_share | more |
| 1       | B1          | profit       | more |
| 2       | D1          | technology   | new  |
"""
JOINED = """
| Segment ID | Interviewee | Codes                                 | Paraphrase |
|------------|-------------|---------------------------------------|------------|
| 1          | B1          | Growing profit; Increasing market share | more     |
| 2          | D1          | Technology                            | new        |
"""
COLUMNS = """
| 编号 | 受访者 | 编码         | 编码2    | 要点 |
|------|--------|--------------|----------|------|
| 1    | B1     | 扩大市场份额 | 提升盈利 | more |
| 2    | D1     | 技术         |          | new  |
"""
TAGUETTE = """
| id | document | tag                       | content |
|----|----------|---------------------------|---------|
| 1  | B1.docx  | Motivation.Growing profit | more    |
| 1  | B1.docx  | market_share              | more    |
| 2  | D1.txt   | technology                | new     |
| 3  | D1.txt   |                           | bare    |
"""
LAYOUTS = {"one": ONE_PER_ROW, "joined": JOINED, "columns": COLUMNS, "taguette": TAGUETTE}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_says_the_same(layout, form, tmp_path):
    path = tmp_path / f"segments.{form}"
    if form == "csv":
        text_table(path, LAYOUTS[layout])
    else:
        workbook(path, LAYOUTS[layout])
    found = survey.read_segments(path, CODEBOOK)
    assert sorted(rows(found, "segment", "participant", "code", "quote")) == [
        ("1", "B1", "market_share", "1"),
        ("1", "B1", "profit", "1"),
        ("2", "D1", "technology", "2"),
    ]
    said = "text" if layout == "taguette" else "gist"
    assert set(found.data[said]) == {"more", "new"}
    assert [problem.key for problem in found.problems] == ["highlights_untagged"] * (layout == "taguette")
    assert list(found.participants.index) == ["B1", "D1"]
    assert found.groups == ()
    assert found.bases == {}


def test_a_frame_is_read_as_a_file_is(tmp_path):
    frame = pd.DataFrame({"participant": ["B1", "B1"], "code": ["profit", "技术"], "gist": ["a", "b"]})
    people = pd.DataFrame({"group": ["B", "D"]}, index=pd.Index(["B1", "D1"], name="participant"))
    found = survey.segments_from_frame(frame, CODEBOOK, participants=people)
    assert rows(found, "segment", "code") == [("S001", "profit"), ("S002", "technology")]
    assert found.bases == {"B": 1, "D": 1}
    problems = told(lambda: survey.segments_from_frame(frame.assign(code="x"), CODEBOOK))
    assert [problem.place.cell for problem in problems] == ["[1, 'B']", "[2, 'B']"]


def test_participants_without_a_segment_stay_in_the_base(tmp_path):
    people = "| participant | company |\n| B1 | B |\n| B2 | B |\n| D1 | D |\n"
    path = workbook(tmp_path / "s.xlsx", {"Coded": ONE_PER_ROW, "People": people})
    found = survey.read_segments(path, CODEBOOK)
    assert found.bases == {"B": 2, "D": 1}
    apart = workbook(tmp_path / "p.xlsx", people)
    bare = workbook(tmp_path / "t.xlsx", ONE_PER_ROW)
    again = survey.read_segments(bare, CODEBOOK, participants=apart)
    pd.testing.assert_frame_equal(again.participants, found.participants)


def test_the_list_of_people_is_found_or_asked_for(tmp_path):
    def made(**sheets):
        return workbook(tmp_path / "s.xlsx", {"Coded": ONE_PER_ROW, **sheets})

    ids = "| id | company |\n| B1 | B |\n| B2 | B |\n| D1 | D |\n"
    dates = "| participant | date |\n| B1 | 2026-05-01 |\n"
    bare = "| participant |\n| B1 |\n| D1 |\n"
    assert survey.read_segments(made(Participants=ids), CODEBOOK).bases == {"B": 2, "D": 1}
    assert survey.read_segments(made(People=ids, Dates=dates), CODEBOOK).bases == {"B": 2, "D": 1}
    grouped = ids.replace("| id ", "| participant ")
    assert survey.read_segments(made(X=grouped, Dates=dates), CODEBOOK).bases == {"B": 2, "D": 1}
    with pytest.raises(survey.UsageError, match="X, Dates"):
        survey.read_segments(made(X=bare, Dates=dates), CODEBOOK)
    assert len(survey.read_segments(made(X=ids), CODEBOOK).participants) == 2  # no list of people
    apart = workbook(tmp_path / "p.xlsx", ids)
    for path in (made(), made(X=bare, Dates=dates)):
        assert survey.read_segments(path, CODEBOOK, participants=apart).bases == {"B": 2, "D": 1}


def test_what_is_said_of_people_is_kept_but_their_names(tmp_path):
    people = """
    | participant | group | role | E-Mail | 姓名   |
    |-------------|-------|------|--------|--------|
    | B1          | B     | CEO  | a@b.cn | 王小明 |
    | D1          | D     | CFO  |        |        |
    """
    path = workbook(tmp_path / "s.xlsx", {"Coded": ONE_PER_ROW, "People": people})
    found = survey.read_segments(path, CODEBOOK)
    assert list(found.participants.columns) == ["group", "role"]
    assert [problem.key for problem in found.problems] == ["personal_dropped"]
    assert "王小明" not in found.problems[0].text("zh")
    kept = survey.read_segments(path, CODEBOOK, keep_personal=True)
    assert list(kept.participants.columns) == ["group", "role", "E-Mail", "姓名"]


def test_a_coder_does_not_inherit_the_gist_of_another(tmp_path):
    table = """
    | segment | participant | code       | coder | gist | text |
    |---------|-------------|------------|-------|------|------|
    | 1       | B1          | profit     | X     | a    | t    |
    | 1       |             | profit     | Y     |      |      |
    | 1       |             | technology | X     |      |      |
    | 1       |             | technology |       |      |      |
    | 1       |             | technology | Y     | c    |      |
    """
    read = survey.read_segments(workbook(tmp_path / "s.xlsx", table), CODEBOOK)
    assert list(read.data["gist"].fillna("-")) == ["a", "-", "a", "a", "c"]
    assert list(read.data["text"]) == ["t"] * 5
    gist_alone = "segment,participant,code,coder,gist\n1,B1,profit,X,a\n1,B1,profit,Y,\n"
    (tmp_path / "s.csv").write_text(gist_alone, encoding="utf-8")
    again = survey.read_segments(tmp_path / "s.csv", CODEBOOK)
    assert list(again.data["gist"].fillna("-")) == ["a", "-"]


def test_coders_keep_apart_and_may_agree(tmp_path):
    table = """
    | segment | participant | code       | coder | gist |
    |---------|-------------|------------|-------|------|
    | 1       | B1          | profit     | X     | a    |
    |         |             |            |       |      |
    | 1       | B1          | profit     | Y     | b    |
    | 1       |             | technology | Y     |      |
    """
    found = survey.read_segments(workbook(tmp_path / "s.xlsx", table), CODEBOOK)
    assert rows(found, "segment", "participant", "code", "coder", "gist", "row") == [
        ("1", "B1", "profit", "X", "a", 2),
        ("1", "B1", "profit", "Y", "b", 4),
        ("1", "B1", "technology", "Y", "b", 5),
    ]
    assert len(found.coded_by("Y").data) == 2


def test_the_participant_stands_in_the_name_of_the_document(tmp_path):
    people = pd.DataFrame({"participant": ["B1", "B11", "D1"], "group": ["B", "B", "D"]})
    table = """
    | document                    | tag    | content |
    |-----------------------------|--------|---------|
    | Interview_B1_(2024-05).docx | profit | a       |
    | D1                          | profit | b       |
    """
    path = workbook(tmp_path / "s.xlsx", table)
    found = survey.read_segments(path, CODEBOOK, participants=people)
    assert rows(found, "participant") == [("B1",), ("D1",)]
    other = workbook(tmp_path / "o.xlsx", table.replace("D1", "talk"))
    assert faults(other, participants=people) == [("A3", "participant_not_in_document")]


def test_a_column_may_be_named_for_the_participant(tmp_path):
    path = workbook(tmp_path / "s.xlsx", ONE_PER_ROW.replace("participant", "Voice      "))
    assert faults(path)[0][1] == "segments_no_table"
    coded = workbook(tmp_path / "d.xlsx", TAGUETTE.replace("content", "Voice"))
    found = survey.read_segments(coded, CODEBOOK, participant="voice")
    assert set(found.data["participant"]) == {"more", "new"}
    with pytest.raises(survey.UsageError, match="no column 'vice'"):
        survey.read_segments(coded, CODEBOOK, participant="vice")


# -- quotations ------------------------------------------------------------------------------------------


def test_quotations_are_joined_by_segment_or_by_mark(tmp_path):
    table = """
    | segment | participant | code         | gist | same_quote_as |
    |---------|-------------|--------------|------|---------------|
    | 1       | B1          | profit       | a    |               |
    | 2       | B2          | profit       | a    | 1             |
    | 3       | B3          | technology   | a    | 2             |
    | 4       | B1          | technology   | b    | Q7            |
    | 5       | B1          | market_share | b    | Q7            |
    | 6       | B1          | market_share | c    |               |
    """
    found = survey.read_segments(workbook(tmp_path / "s.xlsx", table), CODEBOOK)
    assert found.data["quote"].tolist() == ["1", "1", "1", "Q7", "Q7", "6"]


def test_a_quotation_that_is_nowhere_is_a_fault(tmp_path):
    table = """
    | segment | participant | code   | gist | same quote as |
    |---------|-------------|--------|------|---------------|
    | A10     | B1          | profit | a    |               |
    | A11     | B2          | profit | a    | A1O           |
    | A12     | B2          | profit | a    | elsewhere     |
    """
    path = workbook(tmp_path / "s.xlsx", table)
    problems = told(lambda: survey.read_segments(path, CODEBOOK))
    assert [(one.place.cell, one.key) for one in problems] == [
        ("E3", "quote_missing_near"),
        ("E4", "quote_missing"),
    ]
    assert "A10" in problems[0].text()


def test_the_words_of_a_quotation_are_no_mark(tmp_path):
    table = "| participant | code | quote | gist |\n| B1 | profit | " + "word " * 30 + "| a |\n"
    assert faults(workbook(tmp_path / "s.xlsx", table)) == [("C2", "quote_is_text")]


# -- faults ----------------------------------------------------------------------------------------------

FAULTY = """
| segment | participant | code              | gist | start | end | group |
|---------|-------------|-------------------|------|-------|-----|-------|
| 1       | B1          | market_shar       | a    |       |     |       |
| 2       |             | profit            | a    |       |     |       |
| 3       | B2          |                   | a    |       |     |       |
| 4       | B2          | profit            |      |       |     |       |
| 5       | B2          | profit            | a    | 3     | 1   |       |
| 6       | B2          | profit            | a    | x     |     |       |
| 7       | B2          | profit            | a    |       |     | B     |
| 8       | B2          | profit            | a    |       |     | D     |
| 8       | B3          | profit            | a    |       |     |       |
| 9       | B3          | location_selection | a   |       |     |       |
| 10      | B3          | profit            | a    |       |     |       |
| 10      | B3          | Growing profit    | a    |       |     |       |
| 11      | B3          | =1+1              | a    |       |     |       |
"""


def test_every_fault_has_its_address_and_all_come_at_once(tmp_path):
    without_formula = FAULTY.replace("=1+1              ", "profit + nonsense ")
    assert faults(workbook(tmp_path / "s.xlsx", without_formula)) == [
        ("C2", "code_unknown_near"),
        ("B3", "segment_no_participant"),
        ("C4", "segment_uncoded"),
        ("D5", "segment_empty"),
        ("F6", "span_reversed"),
        ("E7", "span_no_number"),
        ("G9", "group_conflict"),
        ("B10", "segment_conflict"),
        ("C11", "code_too_coarse"),
        ("A13", "segment_twice"),
        ("C14", "code_unknown"),
    ]
    assert faults(workbook(tmp_path / "f.xlsx", FAULTY)) == [("C14", "cell_formula")]


def test_rows_that_are_wrong_may_be_set_aside(tmp_path):
    path = workbook(tmp_path / "s.xlsx", FAULTY.replace("=1+1", "zzz"))
    found = survey.read_segments(path, CODEBOOK, set_aside=True)
    assert found.data["segment"].tolist() == ["7", "10"]
    assert len(found.problems) == 11


def test_unknown_people_are_told_with_who_is_near(tmp_path):
    people = "| participant | group |\n| B1 | B |\n| D1 | D |\n| d1 | D |\n|  | D |\n"
    path = workbook(tmp_path / "s.xlsx", {"A": ONE_PER_ROW.replace("D1", "D11"), "B": people})
    assert faults(path) == [
        ("A4", "person_twice"),
        ("A5", "person_nameless"),
        ("B4", "participant_unknown_near"),
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_message_can_be_told(lang, tmp_path):
    people = "| participant | group |\n| B1 | B |\n| B1 | D |\n|  | D |\n"
    path = workbook(tmp_path / "s.xlsx", {"A": FAULTY.replace("=1+1", "qqqqq"), "B": people})
    for problem in told(lambda: survey.read_segments(path, CODEBOOK)):
        assert "{" not in problem.text(lang)


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("| x | y |\n| 1 | 2 |\n", "segments_no_table"),
        ("| participant | gist |\n| B1 | 2 |\n", "segments_no_table"),
        ("", "workbook_empty"),
        ("| participant | speaker | code |\n| B1 | B1 | profit |\n", "header_twice"),
    ],
)
def test_what_is_no_table_of_segments(table, key, tmp_path):
    assert [found for _, found in faults(workbook(tmp_path / "s.xlsx", table))] == [key]


def test_several_sheets_of_segments_are_asked_about(tmp_path):
    path = workbook(tmp_path / "s.xlsx", {"One": ONE_PER_ROW, "Two": JOINED})
    with pytest.raises(survey.UsageError, match="One, Two"):
        survey.read_segments(path, CODEBOOK)
    assert len(survey.read_segments(path, CODEBOOK, sheet="Two").data) == 3
    with pytest.raises(survey.UsageError, match="no filled sheet 'Three'"):
        survey.read_segments(path, CODEBOOK, sheet="Three")


def test_columns_that_mean_nothing_are_told(tmp_path):
    path = workbook(tmp_path / "s.xlsx", ONE_PER_ROW.replace("gist", "gists"))
    (problem,) = survey.read_segments(path, CODEBOOK).problems
    assert problem.key == "segment_column_unknown_near"
    assert "gist" in problem.text()


# -- codebooks -------------------------------------------------------------------------------------------


def test_the_workbook_names_its_codebook(tmp_path):
    def made(name, **says):
        return workbook(tmp_path / name, ONE_PER_ROW, says=says)

    def key(path, codebook=None):
        return [problem.key for problem in survey.read_segments(path, codebook).problems]

    assert key(made("none.xlsx")) == []
    assert key(made("same.xlsx", codebook=CODEBOOK)) == []
    assert key(made("hash.xlsx", codebook=CODEBOOK, codebook_hash="0")) == ["codebook_changed"]
    strange = made("strange.xlsx", codebook="../canteen.yaml")
    assert faults(strange, None) == [("", "codebook_not_here")]
    assert key(strange, CODEBOOK) == ["codebook_other"]


def test_another_codebook_in_chinese_alone(tmp_path, canteen):
    table = """
    | 受访者 | 编码                    | 要点 |
    |--------|-------------------------|------|
    | 甲     | 太咸、口味              | 咸   |
    | 甲     | too salty, really; cost | 贵   |
    | 乙     | FLAVOUR                 | 淡   |
    """
    found = survey.read_segments(workbook(tmp_path / "s.xlsx", table), canteen)
    assert rows(found, "participant", "code", "level") == [
        ("甲", "salty", "code"),
        ("甲", "taste", "subtheme"),
        ("甲", "salty", "code"),
        ("甲", "cost", "subtheme"),
        ("乙", "taste", "subtheme"),
    ]


def test_a_label_of_two_parts_means_neither(tmp_path, canteen):
    table = "| 受访者 | 编码 | 要点 |\n| 甲 | 分量 | 少 |\n| 甲 | 价格 | 贵 |\n| 甲 | price; portion | 贵 |\n"
    problems = told(lambda: survey.read_segments(workbook(tmp_path / "s.xlsx", table), canteen))
    assert [(one.place.cell, one.key) for one in problems] == [
        ("B2", "code_ambiguous"),
        ("B3", "code_ambiguous"),
    ]
    assert "portion, quantity" in problems[0].text()
    assert "cost, price" in problems[1].text()


def test_one_person_and_nobody(tmp_path, canteen):
    one = "| 受访者 | 编码 | 组别 |\n| 甲 | salty | 一 |\n"
    found = survey.read_segments(workbook(tmp_path / "one.xlsx", one), canteen)
    assert found.bases == {"一": 1}
    none = survey.read_segments(workbook(tmp_path / "none.xlsx", "| 受访者 | 编码 |\n"), canteen)
    assert len(none.data) == len(none.participants) == 0
    assert list(none.data.columns) == list(SEGMENT_COLUMNS)
    assert none.groups == ()


def test_a_codebook_of_the_wrong_kind_is_refused():
    with pytest.raises(survey.UsageError, match="not a codebook"):
        survey.read_segments(SEGMENTS, "executive-survey")
    with pytest.raises(survey.UsageError, match="not a codebook"):
        survey.read_segments(SEGMENTS, HERE / "canteen-guide.yaml")


# -- files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "key"),
    [(b"", "file_empty"), (b"%PDF-1.4", "file_is_pdf"), (b"\x00\x01\x02" * 50, "file_not_workbook")],
)
def test_files_that_are_no_tables(content, key, tmp_path):
    path = tmp_path / "s.csv"
    path.write_bytes(content)
    assert [found for _, found in faults(path)] == [key]


def test_no_such_file_and_a_folder(tmp_path):
    assert faults(tmp_path / "nowhere.csv") == [("", "file_not_found")]
    assert faults(tmp_path) == [("", "folder_no_project")]


def test_a_document_type_in_a_part_is_refused(tmp_path):
    path = tmp_path / "s.xlsx"
    path.write_bytes(SEGMENTS.read_bytes())
    rewrite(path, "xl/worksheets/sheet2.xml", lambda xml: b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + xml)
    assert [found for _, found in faults(path)] == ["xml_doctype"]


@pytest.mark.parametrize("seed", range(3))
def test_changed_at_random_there_is_no_traceback(seed, tmp_path):
    import random

    chance = random.Random(seed)
    words = [
        "",
        "profit",
        "x" * 300,
        "=1",
        "甲",
        "\u200b",
        "1",
        "B1",
        "Q1",
        "profit;技术",
        "a\nb",
        "#N/A",
        "-1",
    ]
    headers = [
        "segment",
        "participant",
        "code",
        "code 2",
        "same quote as",
        "quote",
        "gist",
        "start",
        "end",
        "",
    ]
    for number in range(25):
        chosen = chance.sample(headers, chance.randint(1, len(headers)))
        lines = [[chance.choice(words) for _ in chosen] for _ in range(chance.randint(0, 6))]
        path = tmp_path / f"{number}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([chosen, *lines])
        for problem in told(lambda path=path: survey.read_segments(path, CODEBOOK)):
            assert problem.text("zh")
        told(lambda path=path: survey.read_segments(path, CODEBOOK, set_aside=True))


ATTRIBUTES = """participant,code,gist,Role,Tenure,Memo,email,company,group
P1,profit,a,night,2,first,x@y.org,Acme,East
P1,technology,b,night,2,second,x@y.org,Acme,East
P2,profit,c,day,5,third,z@y.org,Bolt,West
"""


def test_attributes_of_people_in_a_table_of_segments_are_kept(tmp_path):
    """Columns that say the same of a person in every row; a memo differs, an address would name people."""
    path = tmp_path / "coded.csv"
    path.write_text(ATTRIBUTES, encoding="utf-8")
    segments = survey.read_segments(path)
    people = segments.participants
    assert people.columns.tolist() == ["group", "Role", "Tenure", "company"]
    assert people.loc["P1"].tolist() == ["East", "night", "2", "Acme"]
    keys = [problem.key for problem in segments.problems]
    assert keys.count("segment_column_about_people") == 4
    assert "personal_dropped" in keys
    assert "email" in survey.read_segments(path, keep_personal=True).participants


def test_a_list_with_a_group_and_a_company_keeps_both(tmp_path):
    coded, listed = tmp_path / "coded.csv", tmp_path / "people.csv"
    coded.write_text("participant,code,gist\nP1,profit,a\n", encoding="utf-8")
    listed.write_text(
        "participant,company,group,Role\nP1,Acme,East,night\nP2,Bolt,West,day\n", encoding="utf-8"
    )
    segments = survey.read_segments(coded, participants=listed)
    assert segments.bases == {"East": 1, "West": 1}
    assert segments.participants["company"].tolist() == ["Acme", "Bolt"]
    workbook = survey.write_segments(segments, tmp_path / "again.xlsx")
    again = survey.read_segments(workbook)
    assert again.participants.equals(segments.participants)
    project = survey.export_project(again, tmp_path / "again.qdpx")
    assert survey.read_project(project).participants.loc["P2", "Role"] == "day"
    joined = survey.read_segments(project, participants=listed)
    assert joined.participants.columns.tolist() == ["group", "company", "Role"]


def test_a_project_keeps_its_variables_beside_a_list_of_people(tmp_path):
    coded, listed = tmp_path / "coded.csv", tmp_path / "people.csv"
    coded.write_text(ATTRIBUTES, encoding="utf-8")
    listed.write_text("participant,group\nP1,North\nP2,South\nP3,South\n", encoding="utf-8")
    project = survey.export_project(survey.read_segments(coded), tmp_path / "study.qdpx")
    people = survey.read_segments(project, participants=listed).participants
    assert people["group"].tolist() == ["North", "South", "South"]
    assert people["Role"].fillna("-").tolist() == ["night", "day", "-"]


def test_two_columns_of_one_header_stay_a_fault(tmp_path):
    path = tmp_path / "coded.csv"
    path.write_text("participant,code,group,group\nP1,profit,a,b\n", encoding="utf-8")
    assert [problem.key for problem in told(lambda: survey.read_segments(path))] == ["header_twice"]
