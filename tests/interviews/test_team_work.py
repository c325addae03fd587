"""What a team works with: framework, attributes, passages, consensus, changes, checks, words, reporting."""

from zipfile import ZipFile

import pandas as pd
import pytest
from click.testing import CliRunner
from docx import Document
from openpyxl import load_workbook

import survey
from survey.cli import main
from survey.errors import DataError, UsageError
from survey.interviews.words import words_of
from survey.messages import message
from survey.report.interviews.lists import changes_report, keyword_report, words_report
from tests.interviews.samples import SHAPES, canteen, shipped
from tests.interviews.tool_databases import qualcoder

CODED = """
| segment | participant | code      | coder | gist        | text                             | document |
|---------|-------------|-----------|-------|-------------|----------------------------------|----------|
| s1      | a           | too_salty | Ann   | salty soup  | The soup is too salty, too salty | D1       |
| s1      | a           | too_bland | Bo    | salty soup  | The soup is too salty, too salty | D1       |
| s2      | a           | fresh     | Ann   | fresh bread | Bread is fresh                   | D1       |
| s2      | a           | fresh     | Bo    | fresh bread | Bread is fresh                   | D1       |
| s3      | b           | fresh     | Ann   |             | 面包很新鲜，汤太咸了。               | D2       |
| s4      | b           | taste     | Ann   | taste       |                                  | D2       |
"""


def coded(people="a=North b=South c=South"):
    segments = canteen(CODED, people)
    return segments.__class__(
        **{**segments.__dict__, "participants": segments.participants.assign(Shift=["night", "day", "night"])}
    )


# -- framework -------------------------------------------------------------------------------------------


def test_a_framework_has_a_cell_for_everybody_and_every_theme():
    frame = survey.framework_matrix(coded())
    assert frame["participant"].tolist() == ["a", "b", "c"]
    assert frame["gists"].tolist() == [("salty soup", "fresh bread"), ("taste",), ()]
    assert frame["n_without_gist"].tolist() == [0, 1, 0]
    quoting = survey.framework_matrix(coded(), quotations=True)
    assert quoting["gists"].tolist()[1] == ("“面包很新鲜，汤太咸了。”", "taste")
    assert quoting["n_without_gist"].tolist() == [0, 0, 0]
    assert frame["segments"].tolist() == [("s1", "s2"), ("s3", "s4"), ()]
    codes = survey.framework_matrix(coded(), level="code")
    assert len(codes) == 3 * 3
    assert codes["n_segments"].sum() == 4  # the segment at the subtheme is under no code


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_has_a_framework(shape, tmp_path):
    segments = SHAPES[shape]()
    frame = survey.framework_matrix(segments)
    assert len(frame) == len(segments.participants) * len(segments.codebook.themes)
    assert survey.export_framework(segments, tmp_path / "f.docx").exists()


def test_the_framework_on_paper_is_the_same_bytes_and_holds_the_gists(tmp_path):
    one, two = (survey.export_framework(coded(), tmp_path / f"{n}.docx", level="code") for n in "12")
    assert one.read_bytes() == two.read_bytes()
    (table,) = Document(str(one)).tables
    texts = [[cell.text for cell in row.cells] for row in table.rows]
    assert texts[0][1:] == ["Too salty", "Too bland", "Fresh"]
    assert texts[1] == ["a\nNorth", "• salty soup", "• salty soup", "• fresh bread"]
    assert texts[3] == ["c\nSouth", "–", "–", "–"]


WORDS = "面包很新鲜，汤太咸了。"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("quotations", [False, True])
def test_words_stand_in_a_report_and_a_framework_only_where_they_are_asked_for(tmp_path, lang, quotations):
    segments = coded()
    segments.data["gist"] = pd.NA  # as in an export of MAXQDA or NVivo
    report = survey.analyze_interviews(segments, quotations=quotations, lang=lang, draws=10)
    for name in ("r.xlsx", "r.html"):
        survey.write_report(report, tmp_path / name)
    book = load_workbook(tmp_path / "r.xlsx")
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    paper = survey.export_framework(segments, tmp_path / "f.docx", quotations=quotations, lang=lang)
    texts = [cell.text for table in Document(str(paper)).tables for row in table.rows for cell in row.cells]
    for words in (WORDS, "Bread is fresh"):
        assert any(words in cell for cell in cells) == quotations
        assert any(words in text for text in texts) == quotations
        assert (words in (tmp_path / "r.html").read_text(encoding="utf-8")) == quotations
    if not quotations:
        told = "(2 segments without a gist)" if lang == "en" else "（2 个片段没有要点）"
        assert told in texts
        assert told in cells


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_check_tells_the_words_of_a_person_from_the_gists(tmp_path, lang):
    papers = {path.stem: path for path in survey.export_member_checks(coded(), tmp_path, lang=lang)}
    for person, words in (("a", False), ("b", True)):
        document = Document(str(papers[person]))
        lines = [line.text for line in document.paragraphs]
        assert (message("member_about_words", lang) in lines) == words
        assert (message("member_about", lang) in lines) != words
        heads = [cell.text for table in document.tables for cell in table.rows[0].cells]
        assert (message("member_taken", lang) in heads) == words
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        assert (f"“{WORDS}”" in cells) == words


# -- attributes --------------------------------------------------------------------------------------------


def test_people_are_compared_by_any_attribute_of_theirs():
    table = survey.compare_cases(coded(), level="theme", by="shift")
    assert table[["group", "n", "base"]].values.tolist() == [["", 2, 3], ["night", 1, 2], ["day", 1, 1]]
    assert survey.code_matrix(coded(), by="Shift")["group"].tolist()[:3] == ["night", "day", "night"]
    assert survey.compare_cases(coded(), by="group").equals(survey.compare_cases(coded()))
    report = survey.analyze_interviews(coded(), by="Shift", draws=10)
    assert "night" in report.sheets[0].subtitle


@pytest.mark.parametrize("function", [survey.code_matrix, survey.compare_cases, survey.framework_matrix])
def test_an_attribute_nobody_has_is_told_with_those_there_are(function):
    with pytest.raises(UsageError, match=r"'Age'.*Shift"):
        function(coded(), by="Age")


# -- passages ----------------------------------------------------------------------------------------------


def test_codes_occur_together_on_passages_or_in_people():
    pairs = survey.code_cooccurrence(coded(), within="passages").set_index(["code", "other_code"])
    row = pairs.loc["too_salty", "too_bland"]
    assert row[["n", "n_code", "n_other", "base", "jaccard"]].tolist() == [1, 1, 1, 4, 1]
    assert pairs.loc["too_salty", "fresh"]["n"] == 0
    people = survey.code_cooccurrence(coded()).set_index(["code", "other_code"])
    assert people.loc["too_salty", "fresh"]["n"] == 1
    with pytest.raises(UsageError, match="people or passages"):
        survey.code_cooccurrence(coded(), within="pages")


# -- consensus ---------------------------------------------------------------------------------------------


def test_where_coders_differ_is_listed_decided_and_read_back(tmp_path):
    segments = coded()
    differing = survey.coding_differences(segments)
    assert differing[["passage", "code"]].values.tolist() == [["s1", "too_salty"], ["s1", "too_bland"]]
    assert differing["given_by"].tolist() == [("Ann",), ("Bo",)]  # Bo did not read b's document
    for lang, words in (("en", ("yes", "no")), ("zh", ("是", "否"))):
        path = survey.export_consensus(segments, tmp_path / f"{lang}.xlsx", lang=lang)
        with pytest.raises(DataError) as caught:
            survey.apply_consensus(segments, path)
        assert [problem.key for problem in caught.value.problems] == ["consensus_undecided"] * 2
        book = load_workbook(path)
        sheet = book.worksheets[0]
        column = [cell.value for cell in sheet[1]].index({"en": "Decision", "zh": "决定"}[lang]) + 1
        for row, word in enumerate(words, 2):
            sheet.cell(row, column).value = word
        book.save(path)
        agreed = survey.apply_consensus(segments, path)
        assert agreed.data[["segment", "code"]].values.tolist() == [
            *(["s1", "too_salty"], ["s2", "fresh"], ["s3", "fresh"], ["s4", "taste"]),
        ]
        assert set(agreed.data["coder"]) == {"consensus"}
        assert len(agreed.participants) == 3


def test_decisions_about_something_else_are_told():
    rows = [("s1", "too_salty", "yes"), ("s2", "fresh", "no"), ("s1", "too_bland", "perhaps")]
    decided = pd.DataFrame(rows, columns=["passage", "code", "decision"])
    with pytest.raises(DataError) as caught:
        survey.apply_consensus(coded(), decided)
    keys = [problem.key for problem in caught.value.problems]
    assert keys == ["consensus_no_difference", "consensus_undecided"]
    with pytest.raises(DataError) as caught:
        survey.apply_consensus(coded(), decided.iloc[:1])
    assert [problem.key for problem in caught.value.problems] == ["consensus_missing"]


# -- two codings -------------------------------------------------------------------------------------------


def test_what_changed_between_two_codings():
    after = CODED.replace("too_bland", "fresh    ").replace(
        "| s4      | b           | taste     |", "| s9 | b | taste |"
    )
    after = after.replace("| s3      | b           | fresh     |", "| t3 | b | too_salty |")
    table = survey.coding_changes(coded(), canteen(after))
    assert table[["segment", "code", "change"]].values.tolist() == [
        ["s1", "too_bland", "removed"],
        ["s1", "fresh", "added"],
        ["t3", "too_salty", "added"],  # the same words under another id
        ["t3", "fresh", "removed"],
        ["s4", "taste", "segment_removed"],
        ["s9", "taste", "segment_added"],
    ]


# -- member checks -----------------------------------------------------------------------------------------


def test_each_person_gets_what_this_person_said_and_nothing_else(tmp_path):
    paths = survey.export_member_checks(coded(), tmp_path / "checks")
    assert [path.name for path in paths] == ["a.docx", "b.docx", "c.docx"]

    def words(path):
        document = Document(str(path))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])

    assert "salty soup" in words(paths[0])
    assert "too salty, too salty" not in words(paths[0])
    assert "面包" in words(paths[1])  # there is no gist
    assert "salty soup" not in words(paths[1])
    assert "Nothing was taken" in words(paths[2])
    quoted = survey.export_member_checks(coded(), tmp_path / "quoted", quotations=True, lang="en")
    assert "too salty, too salty" in words(quoted[0])
    odd = canteen("| participant | code |\n|---|---|\n| a/b | fresh |\n| a:b | fresh |")
    assert len({path.name for path in survey.export_member_checks(odd, tmp_path / "odd")}) == 2


# -- words -------------------------------------------------------------------------------------------------


def test_words_are_counted_in_all_and_by_group():
    table = survey.word_counts(coded(), drop=["is", "the"])
    first = table.set_index(["word", "group"]).loc[("too", "")]
    assert first[["n", "n_participants"]].tolist() == [2, 1]
    chinese = table[(table["group"] == "South") & (table["n"] > 0)]["word"].tolist()
    assert "面包" in chinese
    assert "新鲜" in chinese
    assert table.groupby("group")["n"].sum().to_dict() == table.groupby("group")["base"].first().to_dict()
    assert words_of("It's well-known, 2nd!") == ["it's", "well-known", "nd"]


def test_a_keyword_stands_in_its_context():
    table = survey.keyword_in_context(coded(), "SALT*", window=8)
    assert table[["before", "keyword", "after"]].values.tolist() == [
        [" is too ", "salty", ", too sa"],
        ["ty, too ", "salty", ""],
    ]
    assert survey.keyword_in_context(coded(), "salt").empty
    assert survey.keyword_in_context(coded(), "新鲜")["before"].tolist() == ["面包很"]
    for keyword, window in (("  ", 40), ("*", 40), ("salt", 0)):
        with pytest.raises(UsageError):
            survey.keyword_in_context(coded(), keyword, window=window)


# -- reporting ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("standard", "count"), [("coreq", 32), ("srqr", 21)])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_reporting_lists_have_every_item_and_what_is_known(standard, count, lang):
    table = survey.reporting_checklist(shipped(), standard=standard, lang=lang)
    assert table["item"].tolist() == list(range(1, count + 1))
    assert table["label"].is_unique
    assert (table["known"] != "").sum() == (table["status"] == "known").sum() >= 9
    text = " ".join(table["known"])
    assert "14" in text
    assert "149" in text
    with pytest.raises(UsageError, match="coreq"):
        survey.reporting_checklist(shipped(), standard="consort")


@pytest.mark.parametrize("shape", SHAPES)
def test_the_report_has_the_new_sheets_for_every_shape(shape):
    names = [sheet.name for sheet in survey.analyze_interviews(SHAPES[shape](), draws=5).sheets]
    assert "COREQ \N{MIDDLE DOT} SRQR" in names
    assert ("Framework" in names) == (len(SHAPES[shape]().data) > 0)
    assert "To decide" not in names


def test_the_report_lists_where_coders_differ():
    report = survey.analyze_interviews(coded(), draws=5)
    tables = {shown.name: shown.data for sheet in report.sheets for shown in sheet.tables}
    assert len(tables["differences"]) == 2
    assert tables["passages"]["n"].tolist() == [1]


# -- lists as workbooks ----------------------------------------------------------------------------------

GISTS = """
| segment | participant | code      | coder | gist  | text      |
|---------|-------------|-----------|-------|-------|-----------|
| s1      | a           | too_salty | Ann   | salty | Salt soup |
| s1      | a           | fresh     | Bo    |       | Salt soup |
"""


def test_a_gist_stands_for_the_segment_where_a_coder_wrote_none(tmp_path):
    segments = canteen(GISTS)
    assert segments.data["gist"].fillna("-").tolist() == ["salty", "-"]
    table = survey.framework_matrix(segments, level="code").set_index("code")
    assert table.loc["fresh", "gists"] == table.loc["too_salty", "gists"] == ("salty",)
    (paper,) = survey.export_member_checks(segments, tmp_path / "checks", level="code")
    tables = Document(str(paper)).tables
    texts = [cell.text for table in tables for row in table.rows for cell in row.cells]
    assert [text for text in texts if "Salt soup" in text] == []
    path = survey.export_project(segments, tmp_path / "s.qdpx")
    again = survey.read_project(path, segments.codebook)
    assert again.data["segment"].unique().tolist() == ["s1"]
    with ZipFile(path) as archive:  # the text made of the passages has the words once
        texts = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".txt")]
    assert "".join(texts).count("Salt soup") == 1
    assert set(zip(again.data["coder"], again.data["gist"].fillna("-"), strict=True)) == {
        ("Ann", "salty"),
        ("Bo", "-"),
    }


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_words_places_and_changes_are_workbooks_too(tmp_path, lang):
    segments = coded()
    words = words_report(segments, top=3, lang=lang).sheets[0].tables[0]
    counts = survey.word_counts(segments)
    top = list(counts["word"].unique()[:3])
    assert words.data["word"].tolist() == top
    everybody = counts[counts["group"] == ""].set_index("word")["n"]
    assert words.data["n_0"].tolist() == everybody[top].tolist()
    places = keyword_report(segments, "salty", lang=lang).sheets[0]
    assert len(places.tables[0].data) == 2
    after = canteen(CODED.replace("too_bland", "fresh    "))
    changes = changes_report(segments, after, lang=lang).sheets[0]
    assert len(changes.tables[0].data) == len(survey.coding_changes(segments, after)) == 2
    path = survey.write_segments(segments, tmp_path / "s.xlsx")
    for command in (["words"], ["words", "--keyword", "salty"], ["changes", str(path)]):
        target = tmp_path / f"{len(command)}{command[0]}.xlsx"
        call = ["interviews", command[0], str(path), *command[1:], "-o", str(target), "--lang", lang]
        result = CliRunner().invoke(main, call)
        assert result.exit_code == 0, result.output
        assert len(load_workbook(target).sheetnames) == 1
    refused = CliRunner().invoke(main, ["interviews", "words", str(path), "-o", str(path), "--lang", lang])
    assert refused.exit_code == 2


@pytest.mark.parametrize("people", ["", "a= b="])
def test_lists_of_nothing_are_workbooks_as_well(tmp_path, people):
    segments = canteen("| participant | code | gist |\n|---|---|---|\n| a | fresh | x |", people)
    for number, report in enumerate(
        (words_report(segments), keyword_report(segments, "x"), changes_report(segments, segments))
    ):
        assert survey.write_report(report, tmp_path / f"{number}.xlsx").exists()
    path = survey.write_segments(segments, tmp_path / "s.xlsx")
    result = CliRunner().invoke(main, ["interviews", "words", str(path)])
    assert "nothing can be counted" in result.output


TWO_TASTES = """Document group,Document name,Code,Segment,Role
Staff,Ann,Food > Taste,The soup is salty,cook
Staff,Bob,taste,The stew is bland,guest
Staff,Bob,Price,Six euros,guest
"""


def test_codes_of_one_name_in_two_places_are_named(tmp_path):
    path = tmp_path / "maxqda.csv"
    path.write_text(TWO_TASTES, encoding="utf-8")
    (notice,) = (one for one in survey.read_segments(path).problems if one.key == "codes_alike")
    assert notice.values["codes"] == ["Food > Taste", "taste"]
    for lang, label in (("en", "Ungrouped codes"), ("zh", "未分组编码")):
        assert label in set(survey.framework_matrix(path, lang=lang)["label"])
    path.write_text(TWO_TASTES.replace(",taste,", ",smell,"), encoding="utf-8")
    assert "codes_alike" not in {one.key for one in survey.read_segments(path).problems}


def test_notices_are_told_with_the_problems_and_not_counted(tmp_path):
    path, people = tmp_path / "maxqda.csv", tmp_path / "people.csv"
    path.write_text(TWO_TASTES, encoding="utf-8")
    people.write_text("participant,group\nAnn,Staff\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        survey.read_segments(path, participants=people)
    assert {problem.key for problem in caught.value.problems} == {"participant_not_in_document"}
    assert "codes_alike" in {problem.key for problem in caught.value.notices}
    count = len(caught.value.problems)
    for lang, words in (("en", f"\n{count} problems. "), ("zh", f"\n共 {count} 处问题。")):
        command = ["interviews", "analyze", str(path), "--participants", str(people), "--lang", lang]
        told = CliRunner().invoke(main, [*command, "-o", str(tmp_path / "r.xlsx")]).output
        assert words in told
        assert "Food > Taste" in told


def test_grouping_by_an_attribute_asks_for_no_group(tmp_path):
    folder = qualcoder(
        tmp_path / "s.qda",
        {
            "code_name": [{"cid": 1, "name": "Taste", "catid": None}],
            "source": [{"id": 1, "name": "a", "fulltext": "It is salt."}],
            "code_text": [
                {"ctid": 1, "cid": 1, "fid": 1, "seltext": "salt", "owner": "x", "pos0": 6, "pos1": 10}
            ],
            "attribute": [{"name": "Role", "attr_type": "file", "value": "cook", "id": 1}],
        },
    )
    for by, asked in (((), True), (("--by", "Role"), False)):
        told = CliRunner().invoke(main, ["interviews", "words", str(folder), *by])
        assert told.exit_code == 0
        assert ("Name one 'group'" in told.stderr) == asked
    assert all(len(cell) < 8 for line in told.stdout.splitlines()[1:] for cell in line.split("\t"))
