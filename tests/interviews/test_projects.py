"""REFI-QDA projects: out and back, valid, the same bytes, and read as other tools write them."""

import zipfile
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from survey.errors import DataError, UsageError
from survey.interviews import read_segments
from survey.interviews.interchange import export_project, read_project
from survey.interviews.interchange.code_trees import guid
from tests.interviews.projects import (
    HARD,
    PLAIN,
    SEGMENTS,
    comparable,
    own_guid,
    project,
    segments_of,
    small_codebook,
)
from tests.paths import ROOT

XSD = next((up / "shared" / "refi-qda" for up in ROOT.parents if (up / "shared").is_dir()), ROOT / "shared")


def keys(segments):
    return sorted({problem.key for problem in segments.problems})


def assert_valid(path: Path) -> None:
    """Check a project against the public schema, where it lies beside the repository."""
    etree = pytest.importorskip("lxml.etree")
    if not XSD.is_dir():
        pytest.skip("the public schemas of REFI-QDA (shared/refi-qda) are not beside the repository")
    with zipfile.ZipFile(path) as archive:
        xml = etree.fromstring(archive.read("project.qde"))
    etree.XMLSchema(etree.parse(XSD / "Project.xsd")).assertValid(xml)


MIXED = [
    {"segment": "S1", "code": "costs", "coder": "Ann", "document": "B1", "gist": "Costs <rise> & \"fall\""},
    {"segment": "S1", "code": "funds", "coder": "Ann", "document": "B1", "gist": "Costs <rise> & \"fall\""},
    {"segment": "S1", "code": "costs", "coder": "王", "document": "B1", "gist": "要点"},
    {"segment": "S2", "code": "people", "participant": "P2", "gist": "Two\nlines", "quote": "Q1"},
    {"segment": "S3", "code": "talent", "participant": "P2", "text": "😀 words 𠮷", "quote": "Q1"},
    {"segment": "S4", "code": "talent", "participant": "P2", "text": "at a place", "document": "elsewhere",
     "start": 7, "end": 17},
    {"segment": "S5", "code": "talent", "participant": "P2"},
]  # fmt: skip
PEOPLE = {
    "P1": {"group": "B", "years": "12"},
    "P2": {"group": "D", "years": None},
    "silent": {"group": "B", "years": "3"},
}


@pytest.fixture(scope="module")
def sample():
    return read_segments(SEGMENTS)


def test_the_sample_goes_out_and_comes_back_the_same(sample, tmp_path):
    path = export_project(sample, tmp_path / "sample.qdpx")
    back = read_segments(path)
    pd.testing.assert_frame_equal(comparable(back), comparable(sample))
    pd.testing.assert_frame_equal(back.participants, sample.participants)
    assert back.codebook == sample.codebook
    assert back.data["segment"].nunique() == 149
    assert not back.problems


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_sample_is_valid_in_both_languages(sample, tmp_path, lang):
    path = export_project(sample, tmp_path / "sample.qdpx", lang=lang)
    assert_valid(path)
    assert len(read_segments(path).data) == 149


def test_coders_gists_quotations_people_and_places_come_back(tmp_path):
    segments = segments_of(MIXED, PEOPLE)
    path = export_project(segments, tmp_path / "mixed.qdpx")
    assert_valid(path)
    back = read_project(path, segments.codebook)
    pd.testing.assert_frame_equal(comparable(back), comparable(segments))
    pd.testing.assert_frame_equal(back.participants, segments.participants)
    assert not back.documents  # the text was made of what there was, and is no document


def test_passages_stand_at_their_place_in_a_known_document(tmp_path):
    start = PLAIN.index("We sell")
    rows = [
        {"segment": "S1", "code": "costs", "document": "B1", "start": start, "end": start + 15,
         "text": "We sell 𠮷 abroad"[:15], "coder": "Ann"},
        {"segment": "S2", "code": "talent", "document": "B1", "start": PLAIN.index("第二段"),
         "end": PLAIN.index("在这里"), "text": "第二段", "participant": "P2"},
    ]  # fmt: skip
    segments = segments_of(rows, PEOPLE, documents={"B1": PLAIN})
    path = export_project(segments, tmp_path / "document.qdpx")
    assert_valid(path)
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if name.startswith("sources/"))
        assert archive.read(name) == PLAIN.encode()
        assert f'startPosition="{start}"'.encode() in archive.read("project.qde")
    back = read_project(path, segments.codebook)
    pd.testing.assert_frame_equal(comparable(back), comparable(segments))
    pd.testing.assert_frame_equal(back.participants, segments.participants)  # two people in one document
    assert back.documents == {"B1": PLAIN}


def test_words_that_stand_elsewhere_are_all_told(tmp_path):
    rows = [
        {"segment": "S1", "code": "costs", "document": "B1", "start": 0, "end": 3, "text": "abc"},
        {"segment": "S2", "code": "costs", "document": "B1", "start": 5, "end": 500, "text": None},
    ]
    target = tmp_path / "wrong.qdpx"
    with pytest.raises(DataError) as error:
        export_project(segments_of(rows, documents={"B1": PLAIN}), target)
    assert [problem.key for problem in error.value.problems] == ["segment_elsewhere"] * 2
    assert not target.exists()


def test_the_same_segments_give_the_same_bytes(sample, tmp_path):
    first = export_project(sample, tmp_path / "one.qdpx").read_bytes()
    assert export_project(sample, tmp_path / "two.qdpx").read_bytes() == first


def test_identifiers_hang_on_ids_alone():
    assert guid("interview-codebook", "code", "profit") == guid("interview-codebook", "code", "profit")
    assert guid("interview-codebook", "code", "profit") != guid("interview-codebook", "subtheme", "profit")


def test_no_segment_at_all_goes_out_and_comes_back(tmp_path):
    segments = segments_of([], PEOPLE)
    path = export_project(segments, tmp_path / "none.qdpx")
    assert_valid(path)
    back = read_project(path, segments.codebook)
    assert list(back.participants.index) == list(PEOPLE)
    assert keys(back) == ["refi_no_codings"]


def test_another_ending_is_refused(sample, tmp_path):
    with pytest.raises(UsageError):
        export_project(sample, tmp_path / "project.zip")


# -- as other tools write ----------------------------------------------------------------------------------

CODES = f"""<CodeBook><Codes>
  <Code guid="{own_guid(1)}" name="Money" isCodable="false">
    <Code guid="{own_guid(2)}" name="Costs &amp; &lt;prices&gt;" isCodable="true" color="#FF0000"/>
    <Code guid="{own_guid(3)}" name="资金" isCodable="true">
      <Description>Where it comes from</Description></Code>
  </Code>
  <Code guid="{own_guid(4)}" name="Talent" isCodable="true"/>
</Codes></CodeBook>"""
USERS = f"""<Users><User guid="{own_guid(90)}" name="Ann"/><User guid="{own_guid(91)}" name="Bo"/></Users>"""


def selection(number, span, code, *, user=90, name="", description=""):
    start, end = span
    return f"""<PlainTextSelection guid="{own_guid(number)}" startPosition="{start}" endPosition="{end}"
      name="{name}" creatingUser="{own_guid(user)}">{description}<Coding guid="{own_guid(number + 500)}"
      creatingUser="{own_guid(user)}"><CodeRef targetGUID="{own_guid(code)}"/></Coding>
      </PlainTextSelection>"""


def span_of(words, text=PLAIN):
    return text.index(words), text.index(words) + len(words)


def test_two_coders_with_the_same_initials_stay_two(tmp_path):
    users = USERS.replace('name="Ann"', 'name="AL"').replace('name="Bo"', 'name="AL"')
    body = f"""{users}{CODES}<Sources><TextSource guid="{own_guid(80)}" name="B1.txt"
      plainTextPath="internal://80.txt">
      {selection(100, span_of("We sell"), 4)}
      {selection(101, span_of("We sell"), 4, user=91)}</TextSource></Sources>"""
    path = project(tmp_path / "s.qdpx", body, {"sources/80.txt": PLAIN.encode()})
    segments = read_project(path, small_codebook())
    assert segments.data["coder"].tolist() == ["AL", "AL (2)"]
    assert "refi_users_of_one_name" in keys(segments)


def test_qualcoder_writes_a_selection_per_coding_and_repeats_its_words(tmp_path):
    """One selection per code and coder, `name` holds the words; a memo is a Description; notes and a Link."""
    words = "第二段"
    body = f"""{USERS}{CODES}
    <Variables><Variable guid="{own_guid(60)}" name="company" typeOfVariable="Text"/>
      <Variable guid="{own_guid(61)}" name="age" typeOfVariable="Float"/></Variables>
    <Cases><Case guid="{own_guid(70)}" name="B1"><Description/>
      <VariableValue><VariableRef targetGUID="{own_guid(60)}"/><TextValue>Firm B</TextValue></VariableValue>
      <VariableValue><VariableRef targetGUID="{own_guid(61)}"/><FloatValue>41.5</FloatValue></VariableValue>
      <SourceRef targetGUID="{own_guid(80)}"/></Case></Cases>
    <Sources><TextSource guid="{own_guid(80)}" name="interview one.docx" richTextPath="internal://80.docx"
      plainTextPath="internal://80.txt">
      {selection(100, span_of(words), 2, name=words)}
      {selection(101, span_of(words), 2, user=91, name=words)}
      {selection(102, span_of("We sell"), 3, name="We sell", description="<Description>A memo</Description>")}
      <NoteRef targetGUID="{own_guid(95)}"/></TextSource></Sources>
    <Notes><Note guid="{own_guid(95)}"><PlainTextContent>Journal</PlainTextContent></Note></Notes>
    <Description>The project</Description>"""
    path = project(tmp_path / "qualcoder.qdpx", body, {"sources/80.txt": PLAIN.encode()})
    found = read_project(path, small_codebook())
    rows = found.data
    assert rows["code"].tolist() == ["costs", "costs", "funds"]
    assert rows["coder"].tolist() == ["Ann", "Bo", "Ann"]
    assert rows["segment"].nunique() == 2  # the two coders marked the same passage
    assert rows["text"].tolist() == [words, words, "We sell"]
    assert rows["gist"].fillna("").tolist() == ["", "", "A memo"]
    assert rows["participant"].unique().tolist() == ["B1"]
    assert found.bases == {"Firm B": 1}
    assert found.participants["age"].tolist() == [41.5]
    assert keys(found) == ["refi_count_comments", "refi_group_from", "refi_memos"]


def test_maxqda_has_nameless_cases_and_selections_without_codes(tmp_path):
    """Braces and capitals in identifiers, a byte order mark, variables in a case without a name, `Sets`."""
    braced = {own_guid(n): "{" + own_guid(n).upper() + "}" for n in (2, 80, 90)}
    selections = selection(100, span_of("We sell"), 2, name="We sell")
    for plain, written in braced.items():
        selections = selections.replace(f'targetGUID="{plain}"', f'targetGUID="{written}"')
    body = f"""{USERS}{CODES}
    <Variables><Variable guid="{own_guid(60)}" name="Group" typeOfVariable="Text"/></Variables>
    <Cases><Case guid="{own_guid(70)}"><VariableValue><VariableRef targetGUID="{own_guid(60)}"/>
      <TextValue>D</TextValue></VariableValue><SourceRef targetGUID="{braced[own_guid(80)]}"/></Case></Cases>
    <Sources><TextSource guid="{own_guid(80)}" name="D1" plainTextPath="internal://80.TXT">{selections}
      <PlainTextSelection guid="{own_guid(101)}" startPosition="0" endPosition="2">
        <Description>only a comment</Description></PlainTextSelection></TextSource></Sources>
    <Sets><Set guid="{own_guid(96)}" name="Best"><MemberCode targetGUID="{own_guid(2)}"/></Set></Sets>"""
    path = project(
        tmp_path / "maxqda.qdpx", body, {"sources/80.txt": PLAIN.encode("utf-8-sig")}, tool="MAXQDA 2022"
    )
    found = read_project(path, small_codebook())
    assert found.data["text"].tolist() == ["We sell"]
    assert found.data["coder"].tolist() == ["Ann"]
    assert found.data["participant"].tolist() == ["D1"]
    assert found.bases == {"D": 1}
    assert keys(found) == ["refi_count_set", "refi_count_uncoded"]


def test_nvivo_codes_people_and_counts_line_ends_as_two(tmp_path):
    """Folder `Sources`, cases that are codes as well, a PDF with its text, positions over CR LF."""
    case = own_guid(70)
    codes = CODES.replace("</Codes>", f'<Code guid="{case}" name="Anna" isCodable="true"/></Codes>')
    whole = f"""<PlainTextSelection guid="{own_guid(100)}" startPosition="0" endPosition="{len(HARD)}">
      <Coding guid="{own_guid(600)}"><CodeRef targetGUID="{case}"/></Coding></PlainTextSelection>"""
    words = span_of("第二段", HARD)
    body = f"""{USERS}{codes}
    <Variables><Variable guid="{own_guid(60)}" name="Cases:Company" typeOfVariable="Text"><Description/>
      </Variable></Variables>
    <Cases><Case guid="{case}" name="Anna"><Description/><VariableValue>
      <VariableRef targetGUID="{own_guid(60)}"/><TextValue>B</TextValue></VariableValue></Case></Cases>
    <Sources><PDFSource guid="{own_guid(80)}" name="Anna.pdf" path="internal://80.pdf">
      <PDFSelection guid="{own_guid(99)}" page="0" firstX="1" firstY="1" secondX="2" secondY="2"/>
      <Representation guid="{own_guid(81)}" name="text" plainTextPath="internal://81.txt">{whole}
      {selection(101, words, 2, name="第二段")}</Representation></PDFSource>
      <PictureSource guid="{own_guid(82)}" name="chart.png" path="internal://82.png"/>
      <AudioSource guid="{own_guid(83)}" name="talk.m4a" path="relative:///talk.m4a"/></Sources>
    <Links><Link guid="{own_guid(97)}" originGUID="{own_guid(80)}" targetGUID="{own_guid(82)}"/></Links>
    <Graphs><Graph guid="{own_guid(98)}" name="Map"/></Graphs>"""
    path = project(tmp_path / "nvivo.qdpx", body, {"Sources/81.txt": HARD.encode()}, tool="NVivo 14")
    found = read_project(path, small_codebook())
    assert found.data["text"].tolist() == ["第二段"]
    assert found.data["participant"].tolist() == ["Anna"]
    assert found.bases == {"B": 1}
    start = PLAIN.index("第二段")
    assert found.data[["start", "end"]].values.tolist() == [[start, start + 3]]
    assert keys(found) == [
        *("refi_count_audiosource", "refi_count_graph", "refi_count_link"),
        *("refi_count_pdfselection", "refi_count_picturesource", "refi_group_from"),
    ]


def test_atlas_counts_a_line_end_as_one_though_two_are_stored(tmp_path):
    """Quotations carry several codes; positions as if line ends were line feeds; names cut short."""
    start = HARD.replace("\r\n", "\n").index("第二段")
    body = f"""{USERS}{CODES}<Sources><TextSource guid="{own_guid(80)}" name="B1" plainTextPath="internal://80.txt">
      <PlainTextSelection guid="{own_guid(100)}" startPosition="{start}" endPosition="{start + 8}"
        name="1:1 第二段" creatingUser="{own_guid(91)}">
        <Coding guid="{own_guid(600)}"><CodeRef targetGUID="{own_guid(2)}"/></Coding>
        <Coding guid="{own_guid(601)}"><CodeRef targetGUID="{own_guid(4)}"/></Coding></PlainTextSelection>
      </TextSource></Sources>"""
    path = project(tmp_path / "atlas.qdpx", body, {"sources/80.txt": HARD.encode()}, tool="ATLAS.ti 23")
    found = read_project(path, small_codebook())
    assert found.data["text"].tolist() == ["第二段在这里。\n"] * 2
    assert found.data["code"].tolist() == ["costs", "talent"]
    assert found.data["coder"].tolist() == ["Bo", "Bo"]
    said = next(problem for problem in found.problems if problem.key == "refi_counted_tool")
    assert "ATLAS.ti 23" in said.text("en")
    assert "crlf-as-one" in said.text("zh")
    standard = read_project(path, small_codebook(), positions="standard")
    assert standard.data["text"].tolist() == ["\n第二段在这里"] * 2
    assert "refi_counted_named" in keys(standard)


def test_a_tool_that_counts_utf16_units_is_found_out_by_its_words(tmp_path):
    words = "We sell 𠮷 abroad."
    start = len(PLAIN[: PLAIN.index(words)].encode("utf-16-le")) // 2
    span = (start, start + len(words.encode("utf-16-le")) // 2)
    body = f"""{USERS}{CODES}<Sources><TextSource guid="{own_guid(80)}" name="B1">
      <PlainTextContent>{PLAIN}</PlainTextContent>{selection(100, span, 2, name=words)}
      </TextSource></Sources>"""
    found = read_project(project(tmp_path / "utf16.qdpx", body), small_codebook())
    assert found.data["text"].tolist() == [words]
    assert found.data["start"].tolist() == [PLAIN.index(words)]
    said = next(problem for problem in found.problems if problem.key == "refi_counted_words")
    assert "utf16" in said.text("en")
    assert "1" in said.text("zh")


NVIVO_LINES = [
    "访谈一",
    "She counts the chairs 😀 twice.",
    "Nobody rings the bell.",
    "我们在雨里关门😀。",
    "It was late.",
]


def test_a_project_as_nvivo_writes_it_repeats_no_words(tmp_path):
    """UTF-16 units, CR LF as two, the byte order mark not counted; two texts, the second decides nothing."""
    text = "\r\n".join(NVIVO_LINES)
    short = "夜晚安静😀夜晚安静"  # every place is between two signs of Chinese

    def span(words, inside):
        start = len(inside[: inside.index(words)].encode("utf-16-le")) // 2
        return start, start + len(words.encode("utf-16-le")) // 2

    coded = "".join(selection(100 + n, span(line, text), 2) for n, line in enumerate(NVIVO_LINES[1:]))
    body = f"""{USERS}{CODES}<Sources>
      <TextSource guid="{own_guid(80)}" name="A" plainTextPath="internal://80.txt">{coded}</TextSource>
      <TextSource guid="{own_guid(81)}" name="B" plainTextPath="internal://81.txt">{
        selection(120, (7, 9), 2)
    }</TextSource></Sources>"""
    sources = {"sources/80.txt": b"\xef\xbb\xbf" + text.encode(), "sources/81.txt": short.encode()}
    path = project(tmp_path / "nvivo.qdpx", body, sources, tool="A tool of 2031")
    found = read_project(path, small_codebook())
    assert found.data["text"].tolist() == [*NVIVO_LINES[1:], short[6:8]]
    assert [key for key in keys(found) if "counted" in key] == ["refi_counted_edges", "refi_counted_project"]


def test_transcripts_of_sound_are_read_by_their_points(tmp_path):
    start, end = span_of("We sell")
    body = f"""{CODES}<Sources><AudioSource guid="{own_guid(80)}" name="talk" path="internal://80.m4a">
      <Transcript guid="{own_guid(81)}" plainTextPath="internal://81.txt">
      <SyncPoint guid="{own_guid(50)}" timeStamp="0" position="{start}"/>
      <SyncPoint guid="{own_guid(51)}" timeStamp="900" position="{end}"/>
      <TranscriptSelection guid="{own_guid(100)}" fromSyncPoint="{own_guid(50)}" toSyncPoint="{own_guid(51)}">
      <Coding guid="{own_guid(600)}"><CodeRef targetGUID="{own_guid(4)}"/></Coding></TranscriptSelection>
      </Transcript></AudioSource></Sources>"""
    path = project(tmp_path / "sound.qdpx", body, {"sources/81.txt": PLAIN.encode()})
    assert read_project(path, small_codebook()).data["text"].tolist() == ["We sell"]


@pytest.mark.parametrize("where", ["relative:///80.txt", "absolute://C:/secret/80.txt", "internal://../../x"])
def test_texts_outside_the_archive_are_never_opened_and_that_is_said(tmp_path, where):
    (tmp_path / "x").write_text("secret")
    body = f"""{CODES}<Sources><TextSource guid="{own_guid(80)}" name="B1" plainTextPath="{where}">
      {selection(100, (3, 9), 2)}</TextSource></Sources>"""
    found = read_project(project(tmp_path / "outside.qdpx", body), small_codebook())
    assert "refi_text_outside" in keys(found)
    assert found.data["text"].isna().all()
    assert found.data[["start", "end"]].values.tolist() == [[3, 9]]


def test_without_a_codebook_one_is_made_of_the_codes(tmp_path):
    body = f"""{CODES}<Sources><TextSource guid="{own_guid(80)}" name="B1" plainTextPath="internal://80.txt">
      {selection(100, span_of("We"), 3)}{selection(101, span_of("sell"), 4)}</TextSource></Sources>"""
    path = project(tmp_path / "study 1.qdpx", body, {"sources/80.txt": PLAIN.encode()})
    found = read_project(path, approach="reflexive")
    book = found.codebook
    assert (book.reference, book.approach, book.guide) == ("study-1@1.0.0", "reflexive", None)
    assert [code.id for code in book.codes] == ["costs_prices", "code_00000000", "talent"]
    assert [part.id for part in book.subthemes] == ["money", "ungrouped_codes"]
    assert book.code("code_00000000").definition == {"en": "Where it comes from"}
    assert not list(book.faults())
    assert "refi_codebook_made" in keys(found)
    assert found.data["code"].tolist() == ["code_00000000", "talent"]


def test_codes_that_are_not_in_the_codebook_are_told_all_at_once_with_places(tmp_path):
    body = f"""{CODES.replace("资金", "Weather").replace("Talent", "Sport")}
      <Sources><TextSource guid="{own_guid(80)}" name="B1" plainTextPath="internal://80.txt">
      {selection(100, (0, 2), 3)}{selection(101, (0, 2), 4)}{selection(102, (0, 2), 77)}
      {selection(103, ("a", "b"), 2)}{selection(104, (5, 2), 2)}{selection(105, (999, 1000), 2)}
      </TextSource></Sources>"""
    path = project(tmp_path / "codes.qdpx", body, {"sources/80.txt": PLAIN.encode()})
    with pytest.raises(DataError) as error:
        read_project(path, small_codebook())
    told = [problem.key for problem in error.value.problems]
    assert sorted(told) == [
        *("refi_beyond", "refi_code_missing", "refi_code_unknown", "refi_code_unknown"),
        *("refi_position", "refi_span"),
    ]
    assert "B1" in error.value.text()
    assert "codes.qdpx" in error.value.text("zh")
    kept = read_project(path, small_codebook(), set_aside=True)
    assert not len(kept.data)
    assert set(told) <= set(keys(kept))


def test_a_list_of_people_of_the_users_own_replaces_that_of_the_file(tmp_path):
    body = f"""{CODES}<Sources><TextSource guid="{own_guid(80)}" name="B1" plainTextPath="internal://80.txt">
      {selection(100, (0, 2), 3)}</TextSource></Sources>"""
    path = project(tmp_path / "people.qdpx", body, {"sources/80.txt": PLAIN.encode()})
    people = pd.DataFrame({"participant": ["B1", "B2"], "group": ["B", "B"]})
    assert read_segments(path, small_codebook(), participants=people).bases == {"B": 2}
    with pytest.raises(DataError, match="B1"):
        read_segments(path, small_codebook(), participants=people.iloc[1:])


def test_variables_that_would_name_people_are_dropped(tmp_path):
    body = f"""{CODES}<Variables>
      <Variable guid="{own_guid(60)}" name="E-mail" typeOfVariable="Text"/></Variables>
      <Cases><Case guid="{own_guid(70)}" name="B1"><VariableValue><VariableRef targetGUID="{own_guid(60)}"/>
      <TextValue>a@b.cn</TextValue></VariableValue></Case></Cases>"""
    path = project(tmp_path / "personal.qdpx", body)
    found = read_segments(path, small_codebook())
    assert list(found.participants.columns) == ["group"]
    assert "personal_dropped" in keys(found)
    assert "E-mail" in read_segments(path, small_codebook(), keep_personal=True).participants


def test_transcripts_of_the_user_give_the_passages_their_place(tmp_path):
    rows = [
        {"segment": "S1", "code": "costs", "document": "one", "text": "We sell 𠮷 abroad."},
        {"segment": "S2", "code": "talent", "participant": "P2", "text": "第二段"},
        {"segment": "S3", "code": "talent", "participant": "P2", "gist": "no words"},
    ]
    segments = segments_of(rows)
    path = export_project(segments, tmp_path / "placed.qdpx", documents={"one": HARD, "P2": HARD, "x": "y"})
    assert_valid(path)
    back = read_project(path, segments.codebook)
    assert back.data["text"].fillna("").tolist() == ["We sell 𠮷 abroad.", "第二段", ""]
    assert back.data["start"].tolist()[:2] == [PLAIN.index("We sell"), PLAIN.index("第二段")]
    assert back.data["participant"].tolist() == ["P1", "P2", "P2"]
    assert sorted(back.documents) == ["P2", "one"]
    with pytest.raises(DataError, match="0 times"):
        export_project(segments, tmp_path / "wrong.qdpx", documents={"one": "other words"})


# -- the commands ------------------------------------------------------------------------------------------


def test_commands_write_every_form_and_read_it_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    for form, name in (("qdpx", "out.qdpx"), ("qdc", "out.qdc"), ("taguette", "out.csv")):
        done = run.invoke(main, ["interviews", "export", str(SEGMENTS), "--to", form, "-o", name])
        assert (done.exit_code, name in done.output) == (0, True), done.output
        made = run.invoke(
            main, ["interviews", "codebook", name, "-o", "book.yaml", "--approach", "reflexive"]
        )
        assert made.exit_code == 0, made.output
        assert "28" in made.output
        checked = run.invoke(main, ["instrument", "validate", "book.yaml"])
        assert checked.exit_code == 0, checked.output
    done = run.invoke(main, ["interviews", "codebook", "interview-codebook", "-o", "own.qdc", "--lang", "zh"])
    assert (done.exit_code, "own.qdc" in done.output) == (0, True)
    wrong = run.invoke(main, ["interviews", "export", str(SEGMENTS), "--to", "qdc", "-o", "out.qdpx"])
    assert (wrong.exit_code, ".qdc" in wrong.output) == (2, True)
    none = run.invoke(main, ["interviews", "codebook", "none.qdc", "-o", "x.yaml", "--lang", "zh"])
    assert (none.exit_code, "none.qdc" in none.output) == (2, True)
    folder = ["--to", "qdpx", "-o", "x.qdpx", "--documents", "nowhere"]
    assert run.invoke(main, ["interviews", "export", str(SEGMENTS), *folder]).exit_code == 2
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "appendix 2.txt").write_text("nothing of it", encoding="utf-8")
    (tmp_path / "texts" / "nobody's.txt").write_text("left out", encoding="utf-8")
    folder[-1] = "texts"
    done = run.invoke(main, ["interviews", "export", str(SEGMENTS), *folder])
    assert done.exit_code == 0, done.output
    assert "left out: nobody's.txt." in done.stderr


def test_memos_are_kept_through_a_workbook_and_a_project(tmp_path):
    body = f"""{USERS}{CODES.replace("</Code>", f'<NoteRef targetGUID="{own_guid(301)}"/></Code>', 1)}
      <Sources><TextSource guid="{own_guid(80)}" name="B1"><PlainTextContent>{PLAIN}</PlainTextContent>
      <PlainTextSelection guid="{own_guid(100)}" startPosition="0" endPosition="4">
        <Coding guid="{own_guid(600)}" creatingUser="{own_guid(91)}"><CodeRef targetGUID="{own_guid(2)}"/>
        <NoteRef targetGUID="{own_guid(302)}"/></Coding></PlainTextSelection>
      <NoteRef targetGUID="{own_guid(303)}"/></TextSource></Sources>
      <Notes><Note guid="{own_guid(301)}" name="On the code">
        <PlainTextContent>Too wide?</PlainTextContent></Note>
      <Note guid="{own_guid(302)}" creatingUser="{own_guid(91)}">
        <PlainTextContent>Ask again.</PlainTextContent></Note>
      <Note guid="{own_guid(303)}" plainTextPath="internal://m.txt"/>
      <Note guid="{own_guid(304)}"><PlainTextContent>In all.</PlainTextContent></Note>
      <Note guid="{own_guid(305)}"/></Notes>"""
    path = project(tmp_path / "memos.qdpx", body, {"sources/m.txt": "第一次\r\n访谈".encode()})
    found = read_project(path, small_codebook())
    kinds = [(memo.about, memo.text) for memo in found.memos]
    assert kinds == [
        *(
            ("code", "Too wide?"),
            ("segment", "Ask again."),
            ("document", "第一次\r\n访谈"),
            ("project", "In all."),
        ),
    ]
    assert found.memos[1].author == "Bo"
    assert found.memos[1].target == found.data["segment"].iloc[0]
    assert {"refi_memos", "refi_count_note"} <= set(keys(found))
    workbook = survey.write_segments(found, tmp_path / "again.xlsx")
    again = survey.read_segments(workbook)
    assert [(memo.about, memo.target) for memo in again.memos] == [
        (memo.about, memo.target) for memo in found.memos
    ]
    out = export_project(found, tmp_path / "out.qdpx")
    assert_valid(out)
    back = read_project(out, small_codebook())
    assert [memo.text for memo in back.memos] == [memo.text.replace("\r\n", "\n") for memo in found.memos]
    assert [memo.about for memo in back.memos] == ["code", "segment", "document", "project"]
