"""The workbook of segments: what is written is read back, its lists, and what LibreOffice makes of it."""

import json
import subprocess
import sys

import pandas as pd
import pytest
from openpyxl import load_workbook

import survey
from survey.interviews.segment_workbook import code_list
from tests.helpers import told
from tests.interviews.conftest import HERE, SEGMENTS
from tests.office import converted

CODEBOOK = "interview-codebook"
PLACE = ["source", "row"]  # where a row was read


def filled(path, target, lines, people=()):
    """Fill a workbook in by hand."""
    book = load_workbook(path)
    segments, persons = book.worksheets[1:3]
    for line in lines:
        segments.append(line)
    for person in people:
        persons.append(person)
    book.save(target)
    return target


def test_the_published_segments_are_written_byte_for_byte(tmp_path):
    """In a process of its own: openpyxl writes other bytes where lxml was chosen when it was imported."""
    target = tmp_path / "again.xlsx"
    command = [sys.executable, "-m", "survey", "interviews", "convert", str(SEGMENTS), "-o", str(target)]
    subprocess.run(command, check=True, capture_output=True)
    assert target.read_bytes() == SEGMENTS.read_bytes()


def test_the_published_workbook_says_what_it_is():
    book = load_workbook(SEGMENTS)
    assert book.sheetnames == ["About", "Segments", "Participants", "Codebook", "_lists", "_survey"]
    words = " ".join(str(row[0]) for row in book["About"].iter_rows(values_only=True))
    for said in ("149", "14 interviews", "Song, Xu (2025)", "our own words", "CC0-1.0"):
        assert said in words
    says = dict(book["_survey"].iter_rows(values_only=True))
    codebook = survey.load_codebook(CODEBOOK)
    assert says["codebook"] == codebook.reference
    assert says["codebook_hash"] == codebook.content_hash
    assert {"source", "licence"} <= set(says)
    assert book["_survey"].sheet_state == book["_lists"].sheet_state == "hidden"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_written_is_read_back(lang, tmp_path, canteen):
    frame = pd.DataFrame(
        {
            "segment": ["1", "1", "2", "3", "3", "4"],
            "participant": ["甲", "甲", "乙", "乙", "乙", "甲"],
            "code": ["salty", "cost", "price", "salty", "salty", "taste"],
            "coder": ["x", "x", "x", "x", "y", None],
            "quote": ["q", "q", "q", None, None, "1"],
            "gist": ["=1+1", "=1+1", "#N/A", "a\nb", "other", None],
            "text": [None, None, None, " spaced ", None, "word 𠀀😀"],
            "document": ["d", "d", None, None, None, "d"],
            "start": [0, 0, None, None, None, 5],
            "end": [3, 3, None, None, None, 9],
        }
    )
    people = pd.DataFrame(
        {"participant": ["甲", "乙", "丙"], "group": ["A", None, "B"], "年龄": ["30", None, "?"]}
    )
    segments = survey.segments_from_frame(frame, canteen, participants=people)
    path = survey.write_segments(segments, tmp_path / "s.xlsx", lang=lang)
    again = survey.read_segments(path, canteen)
    pd.testing.assert_frame_equal(again.data.drop(columns=PLACE), segments.data.drop(columns=PLACE))
    pd.testing.assert_frame_equal(again.participants, segments.participants)
    assert again.problems == ()
    twice = survey.write_segments(again, tmp_path / "t.xlsx", lang=lang)
    assert twice.read_bytes() == path.read_bytes()


def test_nothing_is_written_and_read_back(tmp_path, canteen):
    none = survey.segments_from_frame(pd.DataFrame(columns=["participant", "code"]), canteen)
    again = survey.read_segments(survey.write_segments(none, tmp_path / "s.xlsx"), canteen)
    assert len(again.data) == len(again.participants) == 0


def test_the_list_is_grouped_by_theme_and_every_line_is_read(canteen):
    lines = code_list(survey.load_codebook(CODEBOOK), "en")
    assert len(lines) == 4 + 15 + 28
    assert lines[:3] == ["— Motivation of internationalization —", "    Stage", "        Strong motivation"]
    shared = code_list(canteen, "zh")
    assert shared == [
        *("— 食物 —", "    口味", "        太咸", "    cost"),
        *("        price", "        quantity", "        portion"),
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_empty_workbook_is_filled_in_and_read(lang, tmp_path):
    path = survey.export_segments_template(CODEBOOK, tmp_path / "t.xlsx", lang=lang)
    assert len(survey.read_segments(path).data) == 0
    lines = code_list(survey.load_codebook(CODEBOOK), lang)
    codes = [line for line in lines if not line.startswith("—")]
    rows = [[None, "P1", code, codes[0] if code != codes[0] else None, None, None, "gist"] for code in codes]
    done = filled(path, tmp_path / "done.xlsx", rows, [["P1", "B"], ["P2", "D"]])
    found = survey.read_segments(done)
    assert set(found.data["code"]) == {
        *found.codebook.code_ids,
        *found.codebook.subtheme_ids,
    }
    assert len(found.data) == 2 * len(codes) - 1
    assert found.bases == {"B": 1, "D": 1}
    heading = filled(path, tmp_path / "heading.xlsx", [[None, "P1", lines[0], None, None, None, "gist"]])
    wrong = told(lambda: survey.read_segments(heading))
    assert [(problem.place.cell, problem.key) for problem in wrong] == [
        ("B2", "participant_unknown"),
        ("C2", "code_too_coarse"),
    ]


def test_the_drop_downs_reach_the_lists(tmp_path):
    book = load_workbook(survey.export_segments_template(CODEBOOK, tmp_path / "t.xlsx"))
    checks = {str(check.sqref): check for check in book["Segments"].data_validations.dataValidation}
    codes = checks["C2:C2001 D2:D2001 E2:E2001"]
    assert codes.formula1 == "'_lists'!$A$1:$A$47"
    assert book["_lists"]["A47"].value.strip() == "Improvement by learning from competitors"
    assert codes.errorStyle == "warning"
    assert checks["B2:B2001"].formula1 == "'Participants'!$A$2:$A$201"
    assert book["Codebook"].max_row == 1 + 28
    assert "D2" not in book["Participants"]


def test_another_codebook_needs_no_code(tmp_path, canteen):
    one = survey.export_segments_template(HERE / "canteen.yaml", tmp_path / "1.xlsx", lang="en")
    two = survey.export_segments_template(canteen, tmp_path / "2.xlsx", lang="en")
    assert one.read_bytes() == two.read_bytes()
    done = filled(
        one, tmp_path / "done.xlsx", [["1", "甲", "太咸", None, None, "支持", "咸"]], [["甲", None]]
    )
    read = survey.read_segments(done)  # the workbook carries its codebook
    assert read.codebook == canteen
    assert not read.problems
    assert read.data["code"].tolist() == ["salty"]
    assert read.data["direction"].tolist() == ["for"]
    again = survey.write_segments(read, tmp_path / "again.xlsx")
    assert survey.read_segments(again).codebook == canteen
    assert survey.read_codes(again) == canteen
    assert not any(key.startswith("codebook") for key in read.origin)
    assert survey.read_segments(done, canteen).data["code"].tolist() == ["salty"]


def test_a_codebook_longer_than_a_cell_travels_in_several(tmp_path, canteen):
    plain = canteen.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    first = {key: value for key, value in plain["codes"][0].items() if key not in ("opposite", "aliases")}
    plain["codes"] = [
        first
        | {"id": f"code_{n}", "label": {"zh": f"编码{n}"}, "definition": {"zh": f"=1+1 {n} " + "长" * 900}}
        for n in range(80)
    ]
    longer = type(canteen).model_validate_json(json.dumps(plain))
    template = survey.export_segments_template(longer, tmp_path / "t.xlsx", lang="zh")
    assert survey.read_segments(template).codebook == longer


@pytest.mark.parametrize(
    ("before", "after"), [('"id":"', '"id":"other_'), ("{", "["), ("languages", "sprachen")]
)
def test_a_codebook_that_somebody_changed_in_the_hidden_sheet_is_not_taken(tmp_path, canteen, before, after):
    template = survey.export_segments_template(canteen, tmp_path / "t.xlsx", lang=canteen.languages[0])
    book = load_workbook(template)
    for row in book["_survey"].iter_rows():
        if str(row[0].value).startswith("codebook_part"):
            row[1].value = row[1].value.replace(before, after, 1)
    book.save(template)
    (problem,) = told(lambda: survey.read_segments(template))
    assert problem.key == "codebook_carried_wrong"
    assert survey.read_segments(template, canteen).codebook == canteen


def test_targets_that_cannot_be(tmp_path):
    with pytest.raises(survey.UsageError, match=r"\.xlsx"):
        survey.export_segments_template(CODEBOOK, tmp_path / "t.csv")
    with pytest.raises(survey.UsageError, match="folder"):
        survey.export_segments_template(CODEBOOK, tmp_path)


def test_libreoffice_saves_it_and_it_is_read_again(tmp_path, published):
    template = survey.export_segments_template(CODEBOOK, tmp_path / "t.xlsx")
    rows = [
        ["1", "P1", "        Growing profit", None, "    Stage", "against", "gist", None, None, None, "me"]
    ]
    done = filled(template, tmp_path / "done.xlsx", rows, [["P1", "B"], ["P2", None]])
    (tmp_path / "saved").mkdir()
    for path in (done, SEGMENTS):
        converted(path, "xlsx:Calc MS Excel 2007 XML", tmp_path / "saved")
    found = survey.read_segments(tmp_path / "saved" / "done.xlsx")
    assert found.data["code"].tolist() == ["profit", "stage"]
    assert found.data["direction"].tolist() == ["against", "against"]
    assert found.bases == {"B": 1}
    assert len(found.participants) == 2
    again = survey.read_segments(tmp_path / "saved" / "segments.xlsx")
    pd.testing.assert_frame_equal(again.data.drop(columns=PLACE), published.data.drop(columns=PLACE))
    book = load_workbook(tmp_path / "saved" / "done.xlsx")
    assert len(book["Segments"].data_validations.dataValidation) >= 2
