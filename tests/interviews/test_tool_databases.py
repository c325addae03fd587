"""Projects of QualCoder, RQDA and Taguette, read as their programs lay them out."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

import survey
from survey.cli import main
from survey.errors import DataError, UsageError
from survey.interviews import read_segments
from survey.interviews.interchange.databases import Database
from survey.interviews.interchange.html_texts import html_text
from survey.interviews.interchange.placing import place_all, scales_of
from survey.interviews.interchange.positions import Claim
from tests.interviews.projects import SEGMENTS, small_codebook
from tests.interviews.tool_databases import added, qualcoder, rqda, taguette

# Chinese, an emoji, a letter beyond the basic plane, line ends of Windows.
HARD = "访谈B1：\r\n😀 We sell 𠮷 abroad.\r\n第二段在这里。\r\n"
PLAIN = HARD.replace("\r\n", "\n")


def keys(segments):
    return sorted({problem.key for problem in segments.problems})


def refused(path, **settings) -> set[str]:
    with pytest.raises(DataError) as caught:
        read_segments(path, **settings)
    return {problem.key for problem in caught.value.problems}


def span(words, *, utf16=False, pairs=True, text=HARD):
    """Where words begin and end in a text, counted as a tool counts."""
    counted = text if pairs else text.replace("\r\n", "\n")
    start = counted.index(words)
    if not utf16:
        return start, start + len(words)
    return tuple(len(counted[:place].encode("utf-16-le")) // 2 for place in (start, start + len(words)))


# -- QualCoder -------------------------------------------------------------------------------------------

CODES = {
    "code_cat": [{"catid": 1, "name": "Money", "supercatid": None}, {"catid": 2, "name": "Empty"}],
    "code_name": [
        {"cid": 1, "name": "Costs & <prices>", "catid": 1, "memo": "What things cost."},
        {"cid": 2, "name": "资金", "catid": 1},
        {"cid": 3, "name": "Talent", "catid": None},
    ],
}


def coded(ctid, cid, words, positions, owner="ann", fid=1, **more):
    return {
        **{"ctid": ctid, "cid": cid, "fid": fid, "seltext": words, "owner": owner, **more},
        **{"pos0": positions[0], "pos1": positions[1]},
    }


def hard_project(folder: Path, **settings) -> Path:
    """Every way QualCoder counts, in one text: by hand (as Qt does), by its program, and wrongly."""
    rows = {
        **CODES,
        "source": [
            {"id": 1, "name": "B1.txt", "fulltext": HARD},
            {"id": 2, "name": "B2.txt", "fulltext": "Nothing is coded here."},
            {"id": 3, "name": "plan.png", "fulltext": None, "mediapath": "/images/plan.png"},
        ],
        "code_text": [
            coded(1, 1, "We sell 𠮷 abroad.", span("We sell 𠮷 abroad.", utf16=True, pairs=False)),
            coded(2, 2, "第二段在这里。", span("第二段在这里。"), "bo", memo="His best line"),
            coded(3, 3, "第二段", span("第二段", utf16=True, pairs=False), "bo"),
            coded(4, 3, "sell 𠮷", (0, 3), "bo"),
            coded(5, 3, "never said", (0, 4), "bo"),
            coded(6, 1, "gone", (0, 4), fid=77),
            coded(7, 99, "第二段在这里。", span("第二段在这里。")),  # of a code that was deleted
        ],
        "annotation": [{"fid": 1, "pos0": 0, "pos1": 2, "memo": "look"}],
    }
    return qualcoder(folder, rows, **settings)


@pytest.mark.parametrize("inside", [False, True])
def test_qualcoder_counts_in_two_ways_and_every_passage_has_its_words(tmp_path, inside):
    folder = hard_project(tmp_path / "study.qda")
    segments = read_segments(folder / "data.qda" if inside else folder, small_codebook())
    data = segments.data.set_index("segment")
    assert list(data["code"]) == ["costs", "funds", "talent", "talent", "talent"]
    assert list(data["coder"]) == ["ann", "bo", "bo", "bo", "bo"]
    for row in data.dropna(subset=["start"]).itertuples():
        assert segments.documents["B1.txt"][row.start : row.end] == row.text
    assert list(data["text"]) == ["We sell 𠮷 abroad.", "第二段在这里。", "第二段", "sell 𠮷", "never said"]
    assert data.loc["q5", ["start", "end"]].isna().all()
    assert segments.documents["B1.txt"] == PLAIN
    assert len(read_segments(folder).codebook.codes) == 3  # the Chinese one has an id, too
    assert list(segments.participants.index) == ["B1", "B2"]  # who says nothing is in the base
    assert data.loc["q2", "gist"] == "His best line"
    assert [(memo.about, memo.target, memo.name, memo.text) for memo in segments.memos] == [
        ("document", "B1.txt", "访谈", "look"),
        ("code", "costs", "Costs & <prices>", "What things cost."),
    ]
    assert keys(segments) == [
        *("codings_nowhere", "passages_elsewhere", "passages_lost", "refi_count_comments"),
        *("refi_count_picturesource", "refi_memos", "refi_no_groups"),
    ]


def test_qualcoder_cases_are_people_with_their_attributes(tmp_path):
    text = "Ann: I stay.\nBo: I go.\n"
    rows = {
        **CODES,
        "source": [
            {"id": 1, "name": "group", "fulltext": text},
            {"id": 2, "name": "alone", "fulltext": "Me."},
        ],
        "cases": [{"caseid": 1, "name": "Ann"}, {"caseid": 2, "name": "Bo"}, {"caseid": 3, "name": "Silent"}],
        "case_text": [
            {"caseid": 1, "fid": 1, "pos0": 0, "pos1": 12},
            {"caseid": 2, "fid": 1, "pos0": 13, "pos1": 22},
            {"caseid": 3, "fid": 2, "pos0": 0, "pos1": 0},
        ],
        "attribute": [
            {"name": "company", "attr_type": "case", "value": "D", "id": 1},
            {"name": "age", "attr_type": "case", "value": "41", "id": 2},
            {"name": "phone", "attr_type": "case", "value": "13800138000", "id": 2},
            {"name": "place", "attr_type": "file", "value": "Wuhan", "id": 2},
        ],
        "code_text": [
            coded(1, 1, "I stay", (5, 11)),
            coded(2, 1, "I go", (17, 21)),
            coded(3, 3, "Me", (0, 2), fid=2),
            coded(4, 3, "stay.\nBo", (7, 15)),
        ],
    }
    segments = read_segments(qualcoder(tmp_path / "s.qda", rows), small_codebook())
    assert list(segments.data["participant"]) == ["Ann", "Bo", "group", "Silent"]
    people = segments.participants
    assert list(people.index) == ["Ann", "Bo", "Silent", "group"]
    assert people.loc["Ann", "group"] == "D"
    assert people.loc["Bo", "age"] == "41"
    assert people.loc["Silent", "place"] == "Wuhan"
    assert "phone" not in people.columns
    assert "personal_dropped" in keys(segments)
    kept = read_segments(tmp_path / "s.qda", small_codebook(), keep_personal=True)
    assert kept.participants.loc["Bo", "phone"] == "13800138000"


def test_a_codebook_is_made_of_nested_categories_and_codes_below_codes(tmp_path):
    rows = {
        "code_cat": [
            {"catid": 1, "name": "Work", "supercatid": None},
            {"catid": 2, "name": "Pay", "supercatid": 1},
            {"catid": 3, "name": "Circle", "supercatid": 4},
            {"catid": 4, "name": "Round", "supercatid": 3},
            {"catid": 5, "name": "Empty", "supercatid": None},
        ],
        "code_name": [
            {"cid": 1, "name": "Low pay", "catid": 2, "memo": "Too little."},
            {"cid": 2, "name": "Late pay", "supercid": 1, "catid": None},
            {"cid": 3, "name": "Lost", "catid": 99},
            {"cid": 4, "name": "Turning", "catid": 3},
            {"cid": 5, "name": "ANN", "owner": "📌 Speaker coding"},
        ],
        "source": [{"id": 1, "name": "a", "fulltext": "Late again."}],
        "code_text": [coded(1, 2, "Late", (0, 4)), coded(2, 5, "Late", (0, 4), "📌 Speaker coding")],
    }
    folder = qualcoder(tmp_path / "s.qda", rows)
    segments = read_segments(folder)
    book = segments.codebook
    assert {code.label["en"] for code in book.codes} == {"Late pay", "Lost", "Turning"}
    assert {part.label["en"] for part in book.subthemes} >= {"Low pay"}
    assert list(segments.data["code"]) == ["late_pay"]
    assert {"codings_speakers", "refi_codebook_made"} <= set(keys(segments))
    assert survey.read_codes(folder).codes == book.codes
    assert survey.read_project(folder, approach="reflexive").codebook.approach == "reflexive"


def test_codes_that_a_codebook_lacks_are_told_once_each(tmp_path):
    rows = {
        "code_name": [{"cid": 1, "name": "Strange"}, {"cid": 2, "name": "Talent"}],
        "source": [{"id": 1, "name": "a", "fulltext": "one two three"}],
        "code_text": [coded(n, 1, "one", (0, 3), f"coder {n}") for n in range(1, 40)]
        + [coded(50, 2, "two", (4, 7))],
    }
    folder = qualcoder(tmp_path / "s.qda", rows)
    with pytest.raises(DataError) as caught:
        read_segments(folder, small_codebook())
    (problem,) = caught.value.problems
    assert problem.key == "refi_code_unknown"
    assert problem.values["count"] == 39
    segments = read_segments(folder, small_codebook(), set_aside=True)
    assert list(segments.data["code"]) == ["talent"]
    assert "refi_code_unknown" in keys(segments)


def test_overlapping_codings_of_two_coders_meet_in_one_segment(tmp_path):
    rows = {
        **CODES,
        "source": [{"id": 1, "name": "a", "fulltext": "one two three"}],
        "code_text": [
            coded(1, 1, "one two", (0, 7), "ann"),
            coded(2, 1, "one two", (0, 7), "bo"),
            coded(3, 3, "two three", (4, 13), "bo"),
        ],
    }
    data = read_segments(qualcoder(tmp_path / "s.qda", rows), small_codebook()).data
    assert list(data["segment"]) == ["q1", "q1", "q3"]
    table = survey.coder_agreement(read_segments(tmp_path / "s.qda", small_codebook()), draws=2)
    assert table.set_index("code").loc["costs", "n_yes"] >= 2


# -- RQDA ------------------------------------------------------------------------------------------------


def rqda_rows(**more):
    return {
        "source": [
            {"id": 1, "name": "B1", "file": PLAIN},
            {"id": 2, "name": "old", "file": "x", "status": 0},
        ],
        "freecode": [
            {"id": 1, "name": "Talent"},
            {"id": 2, "name": "资金"},
            {"id": 3, "name": "gone", "status": 0},
        ],
        "codecat": [{"catid": 1, "name": "People"}],
        "treecode": [{"cid": 1, "catid": 1}],
        **more,
    }


def round_of(cid, words, owner="ann", *, stored=None, **more):
    start, end = span(words, text=PLAIN)
    return {
        **{"cid": cid, "fid": 1, "seltext": words if stored is None else stored, "owner": owner},
        **{"selfirst": float(start), "selend": float(end), **more},
    }


def test_rqda_is_read_with_both_rounds_and_without_what_is_deleted(tmp_path):
    rows = rqda_rows(
        coding=[
            round_of(1, "We sell 𠮷 abroad."),
            round_of(2, "sell 𠮷", stored=" sell 𠮷"),  # as RQDA stores it after an edit
            round_of(2, "段在", stored="二段在"),
            round_of(1, "第二段", status=0),
            round_of(3, "第二段"),
        ],
        coding2=[round_of(1, "We sell 𠮷 abroad.")],
        cases=[{"id": 1, "name": "Ann"}],
        caselinkage=[{"caseid": 1, "fid": 1, "selfirst": 0.0, "selend": float(len(PLAIN))}],
        caseAttr=[
            {"variable": "group", "value": "D", "caseID": 1},
            {"variable": "age", "value": "NA", "caseID": 1},
        ],
    )
    segments = read_segments(rqda(tmp_path / "s.rqda", rows), small_codebook())
    data = segments.data
    assert list(data["text"]) == ["We sell 𠮷 abroad.", "sell 𠮷", "段在", "We sell 𠮷 abroad."]
    assert list(data["coder"]) == ["ann", "ann", "ann", "ann (coding2)"]
    assert data["segment"].iloc[0] == data["segment"].iloc[3]
    assert set(data["participant"]) == {"Ann"}
    assert segments.bases == {"D": 1}
    for row in data.itertuples():
        assert PLAIN[row.start : row.end] == row.text
    assert keys(segments) == ["codings_nowhere"]


def test_an_old_rqda_project_without_a_second_round_or_categories(tmp_path):
    without = ["coding2", "codecat", "treecode", "caseAttr", "fileAttr", "image", "imageCoding", "journal"]
    rows = {
        "source": [{"id": 1, "name": "a", "file": "We go."}],
        "freecode": [{"id": 1, "name": "Talent"}],
        "coding": [{"cid": 1, "fid": 1, "seltext": "We", "selfirst": 0.0, "selend": 2.0}],
    }
    segments = read_segments(
        rqda(tmp_path / "s.rqda", rows, version="0.1.8", without=without), small_codebook()
    )
    assert list(segments.data["text"]) == ["We"]


# -- Taguette --------------------------------------------------------------------------------------------

PAGE = "<h1>访谈 B1</h1><p>😀 We sell <b>𠮷</b> &amp; more.</p>\r\n<p>Last&nbsp;line.</p><pre>\nkept</pre>"
TEXT = "访谈 B1😀 We sell 𠮷 & more.\nLast\u00a0line.kept"  # what Taguette counts, in bytes


def marked(number, words, snippet=None, text=TEXT, shift=0):
    start = len(text[: text.index(words)].encode()) + shift
    snippet = snippet or f"<p>{words.replace('&', '&amp;')}</p>"
    offsets = {"start_offset": start, "end_offset": start + len(words.encode())}
    return {"id": number, "document_id": 1, **offsets, "snippet": snippet}


def test_taguette_counts_bytes_of_the_text_of_a_page(tmp_path):
    rows = {
        "documents": [{"id": 1, "name": "B1.docx", "contents": PAGE}],
        "tags": [{"id": 1, "path": "Talent"}, {"id": 2, "path": "Money"}, {"id": 3, "path": "Money.资金"}],
        "highlights": [
            marked(1, "We sell 𠮷 & more.", "<p>We sell <b>𠮷</b> &amp; more.</p>"),
            marked(2, "B1😀 We", "<h1>B1</h1><p>😀 We</p>"),
            marked(3, "line.kept", "<p>line.</p><pre>kept</pre>"),
            marked(4, "Last"),
        ],
        "highlight_tags": [
            *({"highlight_id": 1, "tag_id": tag} for tag in (1, 3)),
            *({"highlight_id": number, "tag_id": 1} for number in (2, 3)),
        ],
        "commands": [added(1, [1], "ann"), added(1, [1, 3], "bo"), added(2, [1], "bo"), added(9, [1], "bo")],
    }
    segments = read_segments(taguette(tmp_path / "t.sqlite3", rows), small_codebook())
    data = segments.data
    assert list(data["text"]) == ["We sell 𠮷 & more."] * 2 + ["B1\n😀 We", "line.\nkept"]
    assert list(data["coder"].fillna("-")) == ["ann", "bo", "bo", "-"]
    assert list(data["code"]) == ["talent", "funds", "talent", "talent"]
    assert segments.documents["B1.docx"] == "访谈 B1\n😀 We sell 𠮷 & more.\nLast\u00a0line.\nkept"
    for row in data.itertuples():
        assert segments.documents["B1.docx"][row.start : row.end] == row.text
    assert set(data["participant"]) == {"B1"}
    assert keys(segments) == ["refi_count_uncoded", "refi_no_groups"]


def test_white_space_before_a_page_counts_in_the_browser_alone(tmp_path):
    rows = {
        "documents": [{"id": 1, "name": "a", "contents": "\n  <p>We go.</p>"}],
        "tags": [{"id": 1, "path": "Talent"}],
        "highlights": [marked(1, "We", text="We go.", shift=3), marked(2, "go", text="We go.")],
        "highlight_tags": [{"highlight_id": 1, "tag_id": 1}, {"highlight_id": 2, "tag_id": 1}],
    }
    segments = read_segments(taguette(tmp_path / "t.sqlite3", rows), small_codebook())
    assert list(segments.data["text"]) == ["We", "go"]
    assert "passages_elsewhere" not in keys(segments)


def test_several_projects_are_told_and_one_is_named(tmp_path):
    rows = {
        "projects": [{"id": 1, "name": "First"}, {"id": 2, "name": "Second"}],
        "documents": [
            {"id": 1, "name": "a", "contents": "<p>We</p>"},
            {"id": 2, "name": "b", "contents": "<p>We</p>", "project_id": 2},
        ],
        "tags": [{"id": 1, "path": "Talent"}, {"id": 2, "path": "Talent", "project_id": 2}],
        "highlights": [marked(1, "We", text="We"), {**marked(2, "We", text="We"), "document_id": 2}],
        "highlight_tags": [{"highlight_id": 1, "tag_id": 1}, {"highlight_id": 2, "tag_id": 2}],
    }
    path = taguette(tmp_path / "t.sqlite3", rows)
    with pytest.raises(UsageError) as caught:
        read_segments(path, small_codebook())
    assert caught.value.problems[0].key == "projects_several"
    with pytest.raises(UsageError):
        read_segments(path, small_codebook(), sheet="Third")
    segments = read_segments(path, small_codebook(), sheet="Second")
    assert list(segments.data["segment"]) == ["h2"]
    assert segments.origin["project"] == "Second"


def test_a_list_of_people_finds_them_in_the_names_of_documents(tmp_path):
    rows = {
        "documents": [{"id": 1, "name": "Interview B1.docx", "contents": "<p>We</p>"}],
        "tags": [{"id": 1, "path": "Talent"}],
        "highlights": [marked(1, "We", text="We")],
        "highlight_tags": [{"highlight_id": 1, "tag_id": 1}],
    }
    people = tmp_path / "people.csv"
    people.write_text("participant,group\nB1,B\nB2,B\n", encoding="utf-8")
    segments = read_segments(taguette(tmp_path / "t.sqlite3", rows), small_codebook(), participants=people)
    assert list(segments.data["participant"]) == ["B1"]
    assert segments.bases == {"B": 2}


def test_the_text_of_a_page_hides_no_words_and_shows_no_script():
    assert html_text("<p>a &lt;b&gt;</p><script>x</script><ul><li>c<li>d</ul>") == "a <b>\nc\nd"


# -- every tool ------------------------------------------------------------------------------------------

BUILD = {
    "qualcoder": lambda folder, **settings: qualcoder(folder / "s.qda", {}, **settings) / "data.qda",
    "rqda": lambda folder, **settings: rqda(folder / "s.rqda", {}, **settings),
    "taguette": lambda folder, **settings: taguette(folder / "t.sqlite3", {}, **settings),
}


@pytest.mark.parametrize("tool", BUILD)
def test_an_empty_project_has_no_segments(tmp_path, tool):
    path = BUILD[tool](tmp_path)
    segments = read_segments(path, small_codebook())
    assert segments.data.empty
    assert segments.participants.empty
    assert "refi_no_codings" in keys(segments)
    assert refused(path) == {"refi_no_codes"}


@pytest.mark.parametrize("tool", BUILD)
def test_reading_leaves_the_folder_as_it_was(tmp_path, tool):
    path = BUILD[tool](tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    before = path.read_bytes()
    path.chmod(0o444)
    names = sorted(path.parent.iterdir())
    read_segments(path, small_codebook())
    assert sorted(path.parent.iterdir()) == names
    assert path.read_bytes() == before


@pytest.mark.parametrize("tool", BUILD)
def test_changes_in_a_file_beside_the_database_are_told(tmp_path, tool):
    path = BUILD[tool](tmp_path)
    path.with_name(path.name + "-wal").write_bytes(b"something")
    assert "database_unsaved" in keys(read_segments(path, small_codebook()))


@pytest.mark.parametrize("tool", BUILD)
def test_a_database_that_is_cut_short_or_damaged_is_one_clear_error(tmp_path, tool):
    path = BUILD[tool](tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-4096])
    assert refused(path) == {"database_cut"}
    path.write_bytes(whole[:4096].ljust(len(whole), b"\xff"))
    assert refused(path) == {"database_damaged"}
    path.write_bytes(whole[:16])
    assert refused(path) == {"database_damaged"}


@pytest.mark.parametrize("tool", BUILD)
def test_an_encrypted_database_is_told_for_what_it_is(tmp_path, tool):
    path = BUILD[tool](tmp_path)
    inside = path / "data.qda" if path.is_dir() else path
    for content in (
        bytes((number * 167 + 13) % 256 for number in range(8192)),
        bytes(9 + (number * 167 + 13) % 247 for number in range(8192)),  # no byte that is a sign of control
    ):
        inside.write_bytes(content)
        assert refused(path) == {"database_encrypted"}


@pytest.mark.parametrize(
    ("tool", "table"), [("qualcoder", "code_text"), ("rqda", "coding"), ("taguette", "highlights")]
)
def test_a_missing_table_is_named(tmp_path, tool, table):
    path = BUILD[tool](tmp_path, without=[table])
    with pytest.raises(DataError) as caught:
        read_segments(path)
    (problem,) = caught.value.problems
    assert (problem.key, problem.values["tables"]) == ("database_lacks_tables", [table])
    assert table in str(caught.value)


@pytest.mark.parametrize(
    ("tool", "column"),
    [("qualcoder", "code_text.pos1"), ("rqda", "coding.selfirst"), ("taguette", "highlights.snippet")],
)
def test_a_missing_column_is_named(tmp_path, tool, column):
    path = BUILD[tool](tmp_path, without=[column])
    with pytest.raises(DataError) as caught:
        read_segments(path, small_codebook())
    (problem,) = caught.value.problems
    assert problem.key == "database_lacks"
    table, name = column.split(".")
    assert (problem.values["table"], problem.values["columns"]) == (table, [name])


def test_a_database_of_no_tool_is_named_with_its_tables(tmp_path):
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE moves (a)")
    with pytest.raises(DataError) as caught:
        read_segments(path)
    assert "moves" in str(caught.value)
    assert "QualCoder" in str(caught.value)


@pytest.mark.parametrize(("tool", "version"), [("qualcoder", "v99"), ("rqda", "0.10.0")])
def test_a_newer_version_is_read_and_told_where_its_tables_are_there(tmp_path, tool, version):
    path = BUILD[tool](tmp_path, version=version)
    assert "database_newer" in keys(read_segments(path, small_codebook()))
    assert "database_newer" not in keys(read_segments(BUILD[tool](tmp_path / "known"), small_codebook()))


def test_views_virtual_tables_and_computed_columns_of_a_file_are_not_run(tmp_path):
    path = BUILD["qualcoder"](tmp_path, without=["code_text", "attribute"])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIEW code_text AS SELECT 1 AS ctid")
    assert refused(path) == {"database_lacks_tables"}
    path = BUILD["rqda"](tmp_path, without=["coding"])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE coding (cid, fid, seltext AS (hex(zeroblob(1))), selfirst, selend, status, owner)"
        )
    assert refused(path) == {"database_lacks"}


def test_a_name_in_a_file_is_never_a_part_of_a_query(tmp_path):
    name = 'x"; DROP TABLE source; --'
    rows = {
        "source": [{"id": 1, "name": name, "fulltext": "We go."}],
        "code_name": [{"cid": 1, "name": name}],
        "code_text": [coded(1, 1, "We", (0, 2), name)],
        "cases": [{"caseid": 1, "name": name}],
    }
    segments = read_segments(qualcoder(tmp_path / "s.qda", rows))
    assert set(segments.data["document"]) == {name}
    assert set(segments.data["coder"]) == {name}


def test_values_of_other_kinds_than_the_program_writes_do_no_harm(tmp_path):
    rows = {
        **CODES,
        "source": [
            {"id": 1, "name": None, "fulltext": "We go."},
            {"id": 2, "name": "b", "fulltext": b"\xff\x00"},
        ],
        "code_text": [
            coded(1, 1, None, (0, 2)),
            coded(2, 1, "x", ("a", 2)),
            coded(3, 1, b"\xff", (0, 2), "bo"),
            coded(4, 3, "We", (-5, 2)),
            coded(5, 3, "We", (5, 1)),
            coded(6, 2, "We", (0, 1 << 60)),
        ],
    }
    segments = read_segments(qualcoder(tmp_path / "s.qda", rows), small_codebook())
    assert list(segments.data["text"]) == ["We", "We", "We"]
    assert {"codings_nowhere", "passages_unchecked", "passages_elsewhere"} <= set(keys(segments))


def test_a_table_with_too_many_rows_is_refused(tmp_path, monkeypatch):
    rows = {"code_name": [{"cid": n, "name": str(n)} for n in range(1, 8)]}
    path = qualcoder(tmp_path / "s.qda", rows)
    monkeypatch.setattr("survey.interviews.interchange.databases._MOST_ROWS", 5)
    assert refused(path) == {"database_large"}
    monkeypatch.setattr("survey.interviews.interchange.databases.MOST_BYTES", 5)
    assert refused(path) == {"database_large"}


def test_work_on_a_database_is_counted(tmp_path, monkeypatch):
    rows = {"code_name": [{"cid": n, "name": str(n)} for n in range(1, 4000)]}
    path = qualcoder(tmp_path / "s.qda", rows)
    monkeypatch.setattr("survey.interviews.interchange.databases._STEPS", 100)
    monkeypatch.setattr("survey.interviews.interchange.databases._MOST_LOOKS", 10)
    assert refused(path) == {"database_damaged"}


def test_tables_are_listed_and_a_missing_one_counts_as_empty(tmp_path):
    path = BUILD["rqda"](tmp_path)
    database = Database(path, "RQDA", survey.errors.Place(file=path.name))
    assert "coding" in database.tables
    assert database.count("nothing") == 0


# -- placing ---------------------------------------------------------------------------------------------


def test_words_that_stand_several_times_are_not_put_at_one_of_them():
    (placement,) = place_all([Claim(5, 7, "ab")], scales_of("ab ab x"))
    assert placement.how == "lost"
    assert placement.start is None
    assert placement.words == "ab"


def test_each_passage_is_placed_by_the_way_it_was_counted():
    text = "😀a😀b😀c"
    claims = [Claim(2, 3, "a"), Claim(3, 4, "b"), Claim(8, 9, "c")]  # UTF-16, code points, UTF-16
    assert [placement.words for placement in place_all(claims, scales_of(text))] == ["a", "b", "c"]
    assert {placement.how for placement in place_all(claims, scales_of(text))} == {"there"}


# -- memos -----------------------------------------------------------------------------------------------


def with_memos(folder: Path, tool: str) -> Path:
    """A project with a memo of every kind that its tool knows, and one that is empty."""
    if tool == "QualCoder":
        rows = {
            "project": [{"databaseversion": "v17", "memo": "About the study"}],
            "code_name": [{"cid": 1, "name": "Talent", "memo": "On talent"}],
            "source": [
                {"id": 1, "name": "B1.txt", "fulltext": HARD, "memo": "Loud café", "owner": "ann"},
                {"id": 2, "name": "B2.txt", "fulltext": "x", "memo": " "},
            ],
            "cases": [{"caseid": 1, "name": "Ann", "memo": "Was late\r\nand tired", "owner": "bo"}],
            "case_text": [{"caseid": 1, "fid": 1, "pos0": 0, "pos1": 0}],
            "annotation": [
                {"fid": 1, "pos0": 6, "pos1": 8, "memo": "smiles", "owner": "bo"},
                {"fid": 9, "pos0": 0, "pos1": 2, "memo": "of a text that is gone"},
            ],
            "journal": [{"name": "Day 1", "jentry": "We began.", "owner": "ann"}],
        }
        return qualcoder(folder / "s.qda", rows)
    if tool == "RQDA":
        rows = {
            "project": [{"databaseversion": "0.2.2", "memo": "About the study"}],
            "freecode": [{"id": 1, "name": "Talent", "memo": "On talent"}],
            "source": [
                {"id": 1, "name": "B1.txt", "file": PLAIN, "memo": "Loud café", "owner": "ann"},
                {"id": 2, "name": "B2", "file": "x", "memo": "deleted", "status": 0},
            ],
            "cases": [{"id": 1, "name": "Ann", "memo": "Was late\r\nand tired", "owner": "bo"}],
            "caselinkage": [{"caseid": 1, "fid": 1, "selfirst": 0.0, "selend": 30.0}],
            "annotation": [
                {"fid": 1, "position": 6, "annotation": "smiles", "owner": "bo"},
                {"fid": 2, "position": 0, "annotation": "of a text that is gone"},
            ],
            "journal": [{"name": "Day 1", "journal": "We began.", "owner": "ann"}],
        }
        return rqda(folder / "s.rqda", rows)
    rows = {
        "projects": [{"id": 1, "name": "Study", "description": "About the study"}],
        "tags": [{"id": 1, "path": "Talent", "description": "On talent"}],
        "documents": [
            {"id": 1, "name": "B1.txt", "contents": "<p>x</p>", "description": "Loud café"},
            {"id": 2, "name": "B2.txt", "contents": "<p>x</p>", "description": ""},
        ],
    }
    return taguette(folder / "t.sqlite3", rows)


MEMOS = {
    ("project", "", "", "", "About the study"),
    ("document", "B1.txt", "", "ann", "Loud café"),
    ("code", "talent", "Talent", "", "On talent"),
}
MORE_MEMOS = {
    ("participant", "Ann", "", "bo", "Was late\nand tired"),
    ("project", "", "Day 1", "ann", "We began."),
}


@pytest.mark.parametrize("tool", ["QualCoder", "RQDA", "Taguette"])
def test_memos_of_databases_travel_with_the_segments(tmp_path, tool):
    path = with_memos(tmp_path, tool)
    segments = read_segments(path, small_codebook())
    memos = {(memo.about, memo.target, memo.name, memo.author, memo.text) for memo in segments.memos}
    if tool == "Taguette":
        assert memos == {(*memo[:3], "", memo[4]) for memo in MEMOS}
    else:
        heading = "😀" if tool == "QualCoder" else "😀 We sell 𠮷 abroad. 第二段在这里。"
        notes = {
            ("document", "B1.txt", heading, "bo", "smiles"),
            ("project", "", "", "", "of a text that is gone"),
        }
        assert memos == MEMOS | MORE_MEMOS | notes
    assert [problem.values["count"] for problem in segments.problems if problem.key == "refi_memos"] == [
        len(memos)
    ]
    own = read_segments(path).memos  # a codebook made of the codes has what is said of them as definitions
    assert not [memo for memo in own if memo.about == "code"]
    assert read_segments(path).codebook.codes[0].definition["en"] == "On talent"
    survey.write_segments(segments, tmp_path / "out.xlsx")
    assert set(survey.read_segments(tmp_path / "out.xlsx").memos) == set(segments.memos)
    survey.export_project(segments, tmp_path / "out.qdpx")
    again = {memo.text for memo in read_segments(tmp_path / "out.qdpx", small_codebook()).memos}
    assert again == {memo.text for memo in segments.memos}


def test_what_would_name_a_person_is_looked_for_in_memos_too(tmp_path):
    rows = {"project": [{"databaseversion": "v17", "memo": "Ask me@example.org"}], **CODES}
    hits = survey.check_privacy(qualcoder(tmp_path / "s.qda", rows))
    assert list(hits["column"]) == ["memo"]


# -- what a database cannot be read with -----------------------------------------------------------------


@pytest.mark.parametrize("tool", BUILD)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_settings_that_mean_nothing_for_a_database_are_refused(tmp_path, tool, lang):
    path = BUILD[tool](tmp_path)
    for settings, key in (
        ({"positions": "utf16"}, "positions_not_here"),
        ({"participant": "Who"}, "participant_not_here"),
        *([] if tool == "taguette" else [({"sheet": "First"}, "sheet_not_here")]),
    ):
        with pytest.raises(UsageError) as caught:
            read_segments(path, small_codebook(), **settings)
        assert [problem.key for problem in caught.value.problems] == [key]
        (option,) = settings
        run = [*("interviews", "analyze", str(path)), f"--{option}", settings[option], "--lang", lang]
        result = CliRunner().invoke(main, run)
        assert result.exit_code == 2, result.output
        assert f"--{option}" in result.output
    with pytest.raises(UsageError):
        survey.read_project(path, positions="utf16")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("study.nvp", "project_closed"),
        ("study.nvpx", "project_closed"),
        ("study.mx24", "project_closed"),
        ("study.atlproj", "project_closed"),
        ("talk.docx", "document_uncoded"),
        ("talk.pdf", "document_uncoded"),
        ("folder", "folder_no_project"),
        ("cut.qdpx", "refi_damaged"),
    ],
)
def test_files_of_a_wrong_kind_are_told_for_what_they_are(tmp_path, name, key, lang):
    path = tmp_path / name
    if "." in name:
        path.write_bytes(b"PK\x03\x04 no archive")
    else:
        path.mkdir()
        (path / "B1.txt").write_text("I: How was it?\nB1: Good.\n", encoding="utf-8")
    assert refused(path) == {key}
    with pytest.raises(DataError):
        survey.read_codes(path)
    for command in (["check"], ["words"], ["analyze", "-o", str(tmp_path / "report.xlsx")]):
        result = CliRunner().invoke(main, ["interviews", command[0], str(path), *command[1:], "--lang", lang])
        assert result.exit_code == 1, result.output
        assert name in result.output


def test_settings_that_mean_nothing_for_tables_and_exchange_projects(tmp_path):
    with pytest.raises(UsageError) as caught:
        read_segments(SEGMENTS, positions="utf16")
    assert caught.value.problems[0].key == "positions_in_table"
    path = survey.export_project(SEGMENTS, tmp_path / "s.qdpx")
    for settings, key in (({"sheet": "x"}, "sheet_not_here"), ({"participant": "x"}, "participant_not_here")):
        with pytest.raises(UsageError) as caught:
            read_segments(path, **settings)
        assert caught.value.problems[0].key == key
    changes = ["interviews", "changes", str(path), str(SEGMENTS)]  # each file takes what is for its kind
    result = CliRunner().invoke(main, [*changes, "--positions", "standard", "--sheet", "Segments"])
    assert result.exit_code == 0, result.output


# -- on the command line ---------------------------------------------------------------------------------


def test_commands_take_projects_of_other_tools(tmp_path):
    folder = hard_project(tmp_path / "study.qda")
    run = CliRunner()
    target = tmp_path / "codes.yaml"
    result = run.invoke(main, ["interviews", "codebook", str(folder), "-o", str(target)])
    assert result.exit_code == 0, result.output
    result = run.invoke(
        main,
        ["interviews", "convert", str(folder), "-o", str(tmp_path / "s.xlsx"), "--codebook", str(target)],
    )
    assert result.exit_code == 0, result.output
    again = read_segments(tmp_path / "s.xlsx", target)
    assert len(again.data) == 5
    assert set(again.data["coder"]) == {"ann", "bo"}
    result = run.invoke(main, ["interviews", "check", str(folder)])
    assert result.exit_code == 0, result.output


def test_check_takes_a_database_of_several_projects(tmp_path):
    rows = {
        "projects": [{"id": 1, "name": "First"}, {"id": 2, "name": "Second"}],
        "documents": [{"id": 1, "name": "a", "contents": "<p>Write to me@example.org</p>"}],
        "tags": [{"id": 1, "path": "Talent"}],
        "highlights": [marked(1, "me@example.org", text="Write to me@example.org")],
        "highlight_tags": [{"highlight_id": 1, "tag_id": 1}],
    }
    path = taguette(tmp_path / "t.sqlite3", rows)
    result = CliRunner().invoke(main, ["interviews", "check", str(path), "--sheet", "First"])
    assert result.exit_code == 0, result.output
    assert "me@" not in result.output
    assert "1" in result.output


def test_other_commands_say_what_a_database_is(tmp_path):
    path = BUILD["taguette"](tmp_path)
    result = CliRunner().invoke(main, ["analyze", str(path)])
    assert result.exit_code == 1
    assert "SQLite" in result.output
    assert "Excel" not in result.output
