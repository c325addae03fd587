"""Coded Parquet files are read as responses: what `survey export --to parquet` wrote comes back."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import survey
from survey.files.parquet_files import missing_word
from survey.ingest.cell_values import MISSING_WORDS
from tests.counts.shapes import instrument_of, responses_of
from tests.paths import EXAMPLES, SAMPLE

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def test_the_words_for_missing_answers_are_those_of_reading():
    assert {kind: missing_word(kind) for kind in MISSING_WORDS} == MISSING_WORDS


def same(responses, again):
    assert again.instrument == responses.instrument
    pd.testing.assert_frame_equal(again.data, responses.data.reset_index(drop=True))
    pd.testing.assert_frame_equal(again.missing, responses.missing.reset_index(drop=True))


@pytest.mark.parametrize("gaps", [0.0, 0.2, 0.7])
@pytest.mark.parametrize("has", [{"groups": 0}, {"groups": 3, "points": 7}, {"groups": 20}])
def test_what_was_exported_comes_back(has, gaps, tmp_path):
    responses = responses_of(instrument_of(**has), 40, gaps=gaps)
    path, _ = survey.export_responses(responses, tmp_path / "data.parquet")
    same(responses, survey.read_responses(path, responses.instrument))


def test_the_sample_comes_back_with_what_it_says_of_itself(tmp_path):
    sample = survey.read_responses(SAMPLE)
    path, _ = survey.export_responses(sample, tmp_path / "data.parquet")
    again = survey.read_responses(path)
    same(sample, again)
    assert replace(again.provenance, files=()) == replace(sample.provenance, files=())
    assert again.provenance.file_names == "data.parquet"
    assert again.meta["key"].tolist() == sample.meta["key"].tolist()
    subset, _ = survey.export_responses(sample.where("firm_type=biotech"), tmp_path / "subset.parquet")
    assert "70 of 137" in survey.read_responses(subset).provenance.subset[0]


def test_odd_answers_come_back(tmp_path):
    frame = pd.DataFrame(
        {
            "visit": ["other", "regular", None, "(skipped)", "first"],
            "visit__other__text": ["=cmd()", None, None, None, None],
            "rooms__coins": [1, 0, None, "(refused)", 1],
            "rooms__none": [0, 1, None, "(refused)", 0],
            "enjoyment__light": [7, None, 1, 2, "(refused)"],
            "habits__theatre": [0, 1, 2, "(not asked)", None],
            "minutes": [45, 0, 600, "(skipped)", None],
            "spent": [1.5, None, 2, 0, None],
            "remark": ["None", "NA", "one\ntwo", None, 'a,b "c"'],
        },
        dtype=object,
    )
    responses = survey.from_frame(frame, EXAMPLES / "everything.yaml")
    path, _ = survey.export_responses(responses, tmp_path / "data.parquet")
    same(responses, survey.read_responses(path, EXAMPLES / "everything.yaml"))


def test_a_plain_file_of_another_program_is_read(tmp_path):
    instrument = instrument_of(groups=2, numbers=1)
    responses = responses_of(instrument, 30, gaps=0.2)
    frame = responses.data.assign(sector=responses.data["sector"].astype(object))
    frame.to_parquet(tmp_path / "plain.parquet", index=False)
    again = survey.read_responses(tmp_path / "plain.parquet", instrument)
    pd.testing.assert_frame_equal(again.data, responses.data)
    assert set(np.unique(again.missing.astype(str))) <= {"", "empty"}


def test_several_files_are_merged_and_analysed(tmp_path):
    sample = survey.read_responses(SAMPLE)
    for name, rows in (("a", slice(0, 70)), ("b", slice(70, None))):
        part = replace(
            sample,
            data=sample.data.iloc[rows],
            missing=sample.missing.iloc[rows],
            meta=sample.meta.iloc[rows],
        )
        survey.export_responses(part, tmp_path / f"{name}.parquet")
    both = survey.read_responses([tmp_path / "a.parquet", tmp_path / "b.parquet"])
    assert len(both) == 137
    pd.testing.assert_frame_equal(both.data, sample.data)


def test_a_damaged_or_huge_file_is_one_clear_error(tmp_path, monkeypatch):
    from survey.files import parquet_files

    path, _ = survey.export_responses(survey.read_responses(SAMPLE), tmp_path / "data.parquet")
    content = path.read_bytes()
    for length in (4, 12, 1000, len(content) - 1):
        path.write_bytes(content[:length])
        with pytest.raises(survey.DataError, match="cannot be read to its end"):
            survey.read_responses(path)
    path.write_bytes(content)
    monkeypatch.setattr(parquet_files, "MOST_CELLS", 1000)
    with pytest.raises(survey.DataError, match="survey tally"):
        survey.read_responses(path)
    monkeypatch.setattr(parquet_files, "import_module", lambda name: (_ for _ in ()).throw(ImportError(name)))
    with pytest.raises(survey.UsageError, match="needs pyarrow"):
        survey.read_responses(path)


def test_columns_of_any_type_do_not_break_the_reading(tmp_path):
    instrument = instrument_of(numbers=1, text=False)
    table = pa.table(
        {
            "sector": ["s0", "s1"],
            "number0": pa.array([1, 2], pa.int32()).cast(pa.decimal128(12, 2)),
            "lists": [[1, 2], None],
            "bytes": pa.array([b"\xff", None]),
        }
    )
    pq.write_table(table, tmp_path / "odd.parquet")
    read = survey.read_responses(tmp_path / "odd.parquet", instrument)
    assert read.data["number0"].tolist() == [1.0, 2.0]
    assert read.data["sector"].tolist() == ["s0", "s1"]
