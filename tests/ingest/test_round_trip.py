"""Written and read again, responses are the same, byte for byte; a failure harms nothing."""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from survey import (
    Instrument,
    Provenance,
    Responses,
    UsageError,
    from_frame,
    load_instrument,
    read_responses,
    write_responses,
)
from survey.files.saving import clean_text
from survey.ingest.provenance import Reconstruction, SourceFile
from survey.wording import is_blank_text
from tests.helpers import answers, missing
from tests.ingest.conftest import CANTEEN, Read
from tests.ingest.test_provenance import EVERYTHING

SURVEY = load_instrument(CANTEEN)
MISSING = [None, "(skipped)", "(refused)", "(not asked)", "(empty)"]
ANYTHING = st.text(st.characters(), max_size=30) | st.sampled_from(
    [
        "=1+1",
        "+1",
        "-1",
        "@a",
        "#N/A",
        "TRUE",
        "5",
        "5.0",
        "'",
        "  a  ",
        "a\r\nb\rc",
        "None",
        "\x00\ud800\ufffe",
    ]
)
ORIGIN = ["wave", "title", "source", "licence", "fielded_by", "carried_from"]
COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "respondent": ANYTHING | st.integers(0, 3) | st.none(),
    "started": st.datetimes() | st.none(),
    "duration": st.floats(0, 1e6) | st.none(),
    "diet": st.sampled_from(["everything", "No meat", "其他", *MISSING]),
    "diet__other__text": ANYTHING | st.sampled_from(MISSING),
    **{
        f"drinks__{drink}": st.sampled_from([0, 1, 0, 1, *MISSING])
        for drink in ("tea", "tea_with_milk", "milk", "nothing")
    },
    "dishes__soup": st.sampled_from([1, 2, 3, 4, 5, *MISSING]),
    "dishes__bread": st.sampled_from([1, 2, 3, 4, 5, *MISSING]),
    "visits": st.floats(-9e59, 9e59) | st.integers(-9, 9) | st.sampled_from(MISSING),
    "remark": ANYTHING | st.sampled_from(MISSING),
}


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    columns = draw(st.lists(st.sampled_from(list(COLUMNS)), min_size=1, unique=True))
    size = draw(st.integers(1, 6))
    values = {name: draw(st.lists(COLUMNS[name], min_size=size, max_size=size)) for name in columns}
    # One answer at least: a workbook without any is refused.
    return pd.DataFrame(
        {**values, "dishes__soup": [3, *values.get("dishes__soup", [None] * size)[1:]]}, dtype=object
    )


def as_written(frame: pd.DataFrame) -> pd.DataFrame:
    """What a workbook can hold of the texts; everything else as it is."""
    texts = frame.select_dtypes("string").columns
    return frame.assign(
        **{name: frame[name].map(clean_text, na_action="ignore").astype("string[python]") for name in texts}
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(frames(), st.dictionaries(st.sampled_from(ORIGIN), ANYTHING, max_size=4))
@example(pd.DataFrame({"dishes__soup": [3, None, "(refused)"]}, dtype=object), {})
@example(
    pd.DataFrame({"dishes__soup": [3, 3], "drinks__tea": [1, None], "drinks__milk": [None, 1]}, dtype=object),
    {},
)
def test_what_is_written_is_read_again(frame: pd.DataFrame, origin: dict[str, str]) -> None:
    responses = from_frame(frame, SURVEY, origin=origin)
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "first.xlsx", Path(folder) / "second.xlsx"
        write_responses(responses, first)
        again = read_responses(first, SURVEY)
        write_responses(again, second)
        assert first.read_bytes() == second.read_bytes()
    pd.testing.assert_frame_equal(again.data, as_written(responses.data), rtol=1e-15, atol=0)
    pd.testing.assert_frame_equal(again.missing, responses.missing)
    about = [name for name in ("key", "started", "submitted", "duration") if name in responses.meta]
    assert [name for name in again.meta if name not in ("source", "sheet", "row")] == about
    pd.testing.assert_frame_equal(again.meta[about], as_written(responses.meta[about]))
    told = {key: clean_text(value) for key, value in origin.items() if not is_blank_text(value)}
    assert {key: getattr(again.provenance, key) for key in told} == told


def test_origin_and_instrument_come_back(tmp_path: Path, read: Read) -> None:
    first = read("| diet | dishes__soup |\n| other | 5 |")
    path = write_responses(replace(first, provenance=EVERYTHING), tmp_path / "w.xlsx")
    again = read_responses(path, CANTEEN)
    (file,) = again.provenance.files
    assert replace(again.provenance, files=EVERYTHING.files) == EVERYTHING
    assert file == SourceFile("w.xlsx", hashlib.sha256(path.read_bytes()).hexdigest())
    pairs = dict(load_workbook(path)["_survey"].values)
    assert pairs["instrument"] == "canteen@1.0.0"
    assert pairs["instrument_hash"] == first.instrument.content_hash


def test_a_packaged_instrument_needs_not_be_named_again(tmp_path: Path) -> None:
    frame = pd.DataFrame({"firm_type": ["biotech", "Biopharma"], "geopolitics": [5, 1]})
    path = write_responses(from_frame(frame, "executive-survey@1.0.0"), tmp_path / "w.xlsx")
    assert read_responses(path).instrument.reference == "executive-survey@1.0.0"


def test_what_was_not_asked_gets_no_column(tmp_path: Path, read: Read) -> None:
    path = write_responses(read("| diet | drinks__tea | id |\n| other | 1 | 7 |"), tmp_path / "w.xlsx")
    rows = list(load_workbook(path)["Responses"].iter_rows(values_only=True))
    assert rows == [("respondent", "diet", "drinks__tea"), ("7", "other", 1)]


def test_cells_set_aside_come_back_as_refused(tmp_path: Path, read: Read) -> None:
    table = """
        | diet  | drinks__tea | drinks__milk | dishes__soup |
        | fish  | x           | maybe        | 9            |
        | other | x           | x            | 5            |
    """
    first = read(table, set_aside=True)
    again = read_responses(write_responses(first, tmp_path / "w.xlsx"), CANTEEN)
    assert missing(again, "drinks__milk") == ["refused", ""]
    pd.testing.assert_frame_equal(again.data, first.data)
    pd.testing.assert_frame_equal(again.missing, first.missing)


def test_the_first_sheet_says_what_the_file_is(tmp_path: Path, read: Read) -> None:
    responses = read("| diet |\n| other |")
    provenance = Provenance(title="=Made up", licence="CC BY 4.0", reconstruction=Reconstruction())
    made = replace(responses, provenance=provenance)
    book = load_workbook(write_responses(made, tmp_path / "w.xlsx"))
    assert book.sheetnames == ["About", "Responses", "_survey"]
    assert book["_survey"].sheet_state == "hidden"
    lines = [row[0].value for row in book["About"].iter_rows()]
    assert lines[0] == "=Made up"
    assert book["About"]["A1"].data_type == "s"
    assert "not the answers of real people" in lines[1]
    assert "CC BY 4.0" in lines[-1]
    assert book.properties.title == "=Made up"
    assert "Reconstructed" in book.properties.description
    chinese = load_workbook(write_responses(made, tmp_path / "zh.xlsx", lang="zh"))
    assert chinese.sheetnames[0] == "说明"


def test_no_text_becomes_a_formula_or_an_error(tmp_path: Path) -> None:
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "#N/A", "#REF!", "TRUE", "007", "{=1}"]
    responses = from_frame(pd.DataFrame({"remark": texts}), CANTEEN)
    path = write_responses(responses, tmp_path / "w.xlsx")
    cells = [row[0] for row in load_workbook(path)["Responses"].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells] == texts
    assert answers(read_responses(path, CANTEEN), "remark") == texts


def test_text_too_long_for_a_cell_is_cut_visibly(tmp_path: Path) -> None:
    responses = from_frame(pd.DataFrame({"remark": ["好" * 40_000]}), CANTEEN)
    (text,) = answers(read_responses(write_responses(responses, tmp_path / "w.xlsx"), CANTEEN), "remark")
    assert len(text) == 32_767
    assert text.endswith("好 [... 40000 characters]")


MAKE = """
import sys
import pandas as pd
from survey import from_frame, write_responses
drinks = [{"tea", "milk", "juice"}, {"nothing"}]
frame = pd.DataFrame({"diet": ["other", "素食"], "drinks": drinks, "remark": ["a", None]})
origin = {name: name for name in {"wave", "title", "licence", "source", "fielded_by"}}
write_responses(from_frame(frame, sys.argv[1], origin=origin), sys.argv[2])
"""


def test_the_same_bytes_in_another_process_and_at_another_time(tmp_path: Path) -> None:
    found = set()
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.xlsx"
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", MAKE, CANTEEN, path], check=True, env=environment)
        time.sleep(2.1 if not found else 0)  # the dates in a zip archive are even seconds
        found.add(path.read_bytes())
    assert len(found) == 1


@pytest.fixture
def responses(canteen: Instrument) -> Responses:
    return from_frame(pd.DataFrame({"diet": ["other"]}), canteen)


def test_a_folder_is_refused(tmp_path: Path, responses: Responses) -> None:
    with pytest.raises(UsageError, match="This is a folder"):
        write_responses(responses, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_made(tmp_path: Path, responses: Responses) -> None:
    path = write_responses(responses, tmp_path / "new" / "deep" / "w.xlsx")
    assert [entry.name for entry in path.parent.iterdir()] == ["w.xlsx"]


def test_a_path_below_a_file_is_refused(tmp_path: Path, responses: Responses) -> None:
    (tmp_path / "file").write_text("here")
    with pytest.raises(UsageError, match="cannot be written"):
        write_responses(responses, tmp_path / "file" / "w.xlsx")


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), ValueError("of another kind")])
@pytest.mark.parametrize(
    "where", ["openpyxl.Workbook.save", "survey.files.saving._repack", "pathlib.Path.replace"]
)
def test_a_failure_leaves_what_was_there(
    tmp_path: Path, responses: Responses, monkeypatch: pytest.MonkeyPatch, where: str, failure: Exception
) -> None:
    path = tmp_path / "w.xlsx"
    path.write_text("what was there")

    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(where, fail)
    with pytest.raises((UsageError, ValueError), match=r"no space left|of another kind"):
        write_responses(responses, path)
    assert path.read_text() == "what was there"
    assert [entry.name for entry in tmp_path.iterdir()] == ["w.xlsx"]


def test_the_file_read_from_may_be_written_to(tmp_path: Path, responses: Responses) -> None:
    path = write_responses(responses, tmp_path / "w.xlsx")
    before = path.read_bytes()
    write_responses(read_responses(path, CANTEEN), path)
    assert path.read_bytes() == before
