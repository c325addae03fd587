"""Codebooks of other tools: REFI-QDA (.qdc), Taguette (.csv), and back into a codebook of ours."""

import csv

import pytest

import survey
from survey.errors import DataError, UsageError
from survey.instrument import load_schema, read_schema
from survey.interviews.interchange import export_codes, read_codes
from survey.interviews.interchange.code_trees import guid, tree_of
from tests.helpers import told
from tests.interviews.projects import own_guid, small_codebook
from tests.interviews.test_projects import CODES, XSD

DEEP = "<CodeBook><Codes>" + "<Code name='a'>" * 80 + "</Code>" * 80 + "</Codes></CodeBook>"


@pytest.fixture(scope="module")
def codebook():
    return load_schema("interview-codebook")


def in_language(part, lang):
    """A code or subtheme as an export in one language can hold it."""
    plain = part.model_dump()
    return {
        key: {"en": "", lang: value[lang]} if isinstance(value, dict) else value
        for key, value in plain.items()
        if key != "aliases"
    }


@pytest.mark.parametrize("ending", ["qdc", "csv"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_our_codebook_comes_back_with_its_ids_words_and_levels(codebook, tmp_path, ending, lang):
    back = read_codes(export_codes(codebook, tmp_path / f"codes.{ending}", lang=lang), language=lang)
    for level in ("codes", "subthemes", "themes", "aims"):
        ours = [in_language(part, lang) for part in getattr(codebook, level)]
        theirs = [in_language(part, lang) for part in getattr(back, level)]
        assert theirs == ours
    assert not list(back.faults())
    if ending == "qdc":
        assert back.reference == codebook.reference


def test_the_codebook_is_valid_against_the_public_schema(codebook, tmp_path):
    etree = pytest.importorskip("lxml.etree")
    if not XSD.is_dir():
        pytest.skip("the public schemas of REFI-QDA (shared/refi-qda) are not beside the repository")
    schema = etree.XMLSchema(etree.parse(XSD / "Codebook.xsd"))
    for book in (codebook, small_codebook()):
        schema.assertValid(etree.parse(export_codes(book, tmp_path / "codes.qdc")))


def test_themes_only_group_and_subthemes_can_be_given_to_passages(codebook):
    levels = [[node for top in tree_of(codebook) for node in top.walk() if f'"{level}"' in node.description]
              for level in ("aim", "theme", "subtheme", "code")]  # fmt: skip
    assert [len(nodes) for nodes in levels] == [2, 4, 15, 28]
    assert [{node.codable for node in nodes} for nodes in levels] == [{False}, {False}, {True}, {True}]


def test_labels_that_are_the_same_are_told_apart_by_id(tmp_path):
    subthemes = (
        {"id": "money", "label": {"en": "Talent"}, "theme": "theme"},
        {"id": "people", "label": {"en": "People"}, "theme": "theme"},
    )
    book = small_codebook(subthemes=subthemes)
    names = [node.name for top in tree_of(book) for node in top.walk()]
    assert len(set(names)) == len(names)
    assert {"Talent (money)", "Talent (talent)"} <= set(names)


def test_yaml_of_ours_is_read_as_a_schema_and_is_the_same(codebook, tmp_path):
    assert read_schema(export_codes(codebook, tmp_path / "book.yaml")) == codebook


def test_taguette_reads_parents_before_their_children(codebook, tmp_path):
    with export_codes(codebook, tmp_path / "codes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["tag", "parent", "description"]
    seen = {""}
    for row in rows:
        assert row["parent"] in seen
        assert row["tag"] not in seen
        assert len(row["tag"]) <= 200
        seen.add(row["tag"])
    assert len(rows) == 2 + 4 + 15 + 28


def test_an_export_of_taguette_becomes_a_codebook(tmp_path):
    path = tmp_path / "codebook.csv"
    path.write_text(
        "tag,parent,description,number of highlights\r\n"
        "interesting,,Further review required,3\r\nPeople,,,0\r\n"
        "人才,People,谁在海外,12\r\nHiring,People,,1\r\n",
        encoding="utf-8",
    )
    book = read_codes(path)
    assert [code.id for code in book.codes][::2] == ["interesting", "hiring"]
    assert book.codes[1].id.startswith("code_")
    assert book.codes[1].definition == {"en": "谁在海外"}
    assert book.codes[2].definition == {"en": "Not stated in the file this codebook was read from."}
    assert [part.id for part in book.subthemes] == ["ungrouped_codes", "people"]
    assert not list(book.faults())


def test_dotted_tags_of_older_exports_are_nested(tmp_path):
    path = tmp_path / "old.csv"
    path.write_text("tag,description\na,A\na.b,B\na.b.c,C\nv1.2,not nested\n", encoding="utf-8")
    book = read_codes(path)
    assert [code.label["en"] for code in book.codes] == ["a.b.c", "v1.2"]
    assert [part.label["en"] for part in book.subthemes] == ["a", "a.b", "Ungrouped codes"]


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("codes,description\na,b\n", ["codes_no_column"]),
        ("tag,name\na,b\n", ["codes_columns_several"]),
        ("tag,parent\na,\na,\n,\nb,c\n", ["codes_twice", "codes_parent_unknown"]),
        ("tag,parent\na,b\nb,a\n", ["codes_parent_circle", "codes_parent_circle"]),
        ("tag,description\n,words\n", ["codes_no_name"]),
        ("tag,description\n", ["refi_no_codes"]),
        ('<?xml version="1.0"?><CodeBook><Codes/></CodeBook>', ["refi_no_codes"]),
        ("<CodeBook><Codes><Code></Codes></CodeBook>", ["refi_no_xml"]),
        ("<html/>", ["refi_root"]),
        ('<!DOCTYPE x [<!ENTITY a "b">]><CodeBook/>', ["xml_doctype"]),
        ('<?xml version="1.0" encoding="nonsense"?><CodeBook/>', ["refi_no_xml"]),
        (
            "<CodeBook><Codes>" + "<Code name='a'>" * 80 + "</Code>" * 80 + "</Codes></CodeBook>",
            ["refi_too_deep"],
        ),
    ],
)
def test_wrong_files_are_told_in_both_languages(tmp_path, table, keys):
    path = tmp_path / "codes.csv"
    path.write_text(table, encoding="utf-8")
    problems = told(lambda: read_codes(path))
    assert [problem.key for problem in problems] == keys
    for problem in problems:
        assert "codes.csv" in problem.text("en")
        assert problem.text("zh") != problem.text("en")


def test_codes_of_any_depth_find_their_levels(tmp_path):
    def code(number, name, inside="", codable="true"):
        return f'<Code guid="{own_guid(number)}" name="{name}" isCodable="{codable}">{inside}</Code>'

    deep = code(1, "A", code(2, "B", code(3, "C", code(4, "D", code(5, "E")))), "false")
    mixed = code(6, "X", code(7, "Y") + code(8, "Z", code(9, "Y")))
    path = tmp_path / "deep.qdc"
    path.write_text(f"<CodeBook><Codes>{deep}{mixed}</Codes></CodeBook>", encoding="utf-8")
    book = read_codes(path, approach="coding-reliability", title="Mine")
    assert [(code.id, code.subtheme) for code in book.codes] == [("e", "d"), ("y", "x"), ("y_2", "z")]
    assert [code.label["en"] for code in book.codes] == ["E", "Y", "Z / Y"]
    assert {part.id: part.theme for part in book.subthemes} == {
        **{"b": "a", "c": "b", "d": "c"},
        **{"x": "x", "z": "x"},
    }
    assert (book.title, book.approach) == ({"en": "Mine"}, "coding-reliability")
    assert not list(book.faults())


def test_names_without_letters_or_words_still_give_ids(tmp_path):
    names = ("", "???", "2026 plan", "Größe", "人才", "a" * 300)
    codes = "".join(
        f'<Code guid="{own_guid(n)}" name="{name}" isCodable="true"/>' for n, name in enumerate(names)
    )
    path = tmp_path / "names.qdc"
    path.write_text(f"<CodeBook><Codes>{codes}</Codes></CodeBook>", encoding="utf-8")
    book = read_codes(path)
    assert len({code.id for code in book.codes}) == len(names)
    assert not list(book.faults())
    assert book.codes[2].id == "code_2026_plan"


def test_a_project_gives_its_codes(tmp_path):
    from tests.interviews.projects import project

    book = read_codes(project(tmp_path / "study.qdpx", CODES))
    assert [code.label["en"] for code in book.codes] == ["Costs & <prices>", "资金", "Talent"]
    with pytest.raises(DataError):
        read_codes(project(tmp_path / "none.qdpx", ""))


def test_other_endings_are_refused(codebook, tmp_path):
    with pytest.raises(UsageError, match="qdc"):
        export_codes(codebook, tmp_path / "codes.xml")
    with pytest.raises(UsageError):
        read_codes(tmp_path / "missing.qdc")


def test_a_codebook_of_one_code_keeps_its_guid_over_versions():
    assert (
        guid("small", "code", "costs")
        == tree_of(small_codebook(version="3.0.0"))[0].children[0].children[0].children[0].guid
    )


def test_a_codebook_is_made_of_a_table_of_highlights(tmp_path):
    """As Taguette exports them; a tag with a dot lies below the tag before it, where there is one."""
    path = tmp_path / "highlights.csv"
    path.write_text(
        "id,document,tag,content\n1,B1.txt,money.costs,too much\n2,B1.txt,money,again\n"
        "3,B2.txt,people,left\n4,B2.txt,money.costs,still\n5,B2.txt,,marked only\n",
        encoding="utf-8",
    )
    book = survey.read_codes(path, approach="reflexive")
    assert [code.label["en"] for code in book.codes] == ["money.costs", "people"]
    assert "money" in book.subthemes[0].label["en"]
    segments = survey.read_segments(path, book)
    assert segments.data["level"].tolist() == ["code", "subtheme", "code", "code"]
    assert segments.data["participant"].tolist() == ["B1", "B1", "B2", "B2"]


def test_codes_joined_in_a_cell_and_in_columns_of_their_own_are_codes(tmp_path):
    path = tmp_path / "coded.csv"
    path.write_text(
        "participant,code,code 2,gist\nP1,dear; far,,x\nP2,far,late,y\nP3,,late,z\n", encoding="utf-8"
    )
    book = survey.read_codes(path)
    assert [code.label["en"] for code in book.codes] == ["dear", "far", "late"]
    assert len(survey.read_segments(path, book).data) == 5


def test_a_table_of_highlights_without_a_single_code(tmp_path):
    path = tmp_path / "coded.csv"
    path.write_text("participant,code,gist\nP1,,x\n", encoding="utf-8")
    (problem,) = told(lambda: survey.read_codes(path))
    assert problem.key == "refi_no_codes"
