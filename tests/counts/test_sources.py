"""The same answers counted from every kind of source: equal to the bit; and every kind of bad input."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import survey
from survey.counts import sources
from tests.counts.shapes import instrument_of, responses_of, split
from tests.paths import EXAMPLES, SAMPLE

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

ROWS = 60


@pytest.fixture(scope="module")
def instrument():
    return instrument_of(groups=3, items=4, points=7, numbers=2)


@pytest.fixture(scope="module")
def responses(instrument):
    return responses_of(instrument, ROWS, gaps=0.2)


@pytest.fixture(scope="module")
def expected(responses):
    return nameless(survey.tally(responses))


@pytest.fixture(scope="module")
def path(responses, tmp_path_factory):
    return survey.export_responses(responses, tmp_path_factory.mktemp("coded") / "data.parquet")[0]


@pytest.fixture(scope="module")
def frame(path):
    return pd.read_parquet(path)


def nameless(counted):
    """Without the names of files."""
    return replace(counted, sources=(("", len(counted)),), provenances=())


def as_batches(table, size=17):
    return table.to_batches(max_chunksize=size)


def duckdb_relation(path):
    duckdb = pytest.importorskip("duckdb")
    return duckdb.connect().sql(f"SELECT * FROM '{path}'")


def polars_frame(path, *, lazy):
    polars = pytest.importorskip("polars")
    return polars.scan_parquet(path) if lazy else polars.read_parquet(path)


def dask_frame(path, parts):
    frames = pytest.importorskip("dask.dataframe")
    return frames.from_pandas(pd.read_parquet(path), npartitions=parts)


class Stream:
    """Anything that hands over an Arrow stream."""

    def __init__(self, table):
        self.table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self.table.__arrow_c_stream__(requested_schema)


SOURCES = {
    "path": lambda path: path,
    "text": str,
    "list_of_paths": lambda path: [path],
    "table": lambda path: pq.read_table(path),
    "batch": lambda path: pq.read_table(path).combine_chunks().to_batches()[0],
    "list_of_batches": lambda path: as_batches(pq.read_table(path)),
    "iterator_of_batches": lambda path: iter(as_batches(pq.read_table(path))),
    "reader": lambda path: pa.RecordBatchReader.from_batches(
        pq.read_schema(path), as_batches(pq.read_table(path))
    ),
    "stream": lambda path: Stream(pq.read_table(path)),
    "dataset": lambda path: pytest.importorskip("pyarrow.dataset").dataset(path),
    "pandas": pd.read_parquet,
    "pandas_of_objects": lambda path: (
        pd.read_parquet(path).astype(object).where(lambda one: one.notna(), None)
    ),
    "pandas_of_floats": lambda path: pd.read_parquet(path).pipe(floats),
    "polars": lambda path: polars_frame(path, lazy=False),
    "polars_lazy": lambda path: polars_frame(path, lazy=True),
    "duckdb": duckdb_relation,
    "dask_1": lambda path: dask_frame(path, 1),
    "dask_20": lambda path: dask_frame(path, 20),
}


def floats(frame):
    """Ticks and points as pandas has them where something is missing: 1.0, 0.0, nan."""
    other = frame.copy()
    for name in frame:
        if str(frame[name].dtype) in ("boolean", "Int64"):
            other[name] = frame[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    return other


@pytest.mark.filterwarnings("ignore::FutureWarning:dask")
@pytest.mark.parametrize("name", SOURCES)
def test_every_source_gives_the_same_tally(name, path, expected, instrument):
    counted = survey.tally(SOURCES[name](path), instrument)
    assert nameless(counted) == expected
    assert not [problem for problem in counted.problems if problem.key != "tally_small_counts"]


@pytest.mark.filterwarnings("ignore::FutureWarning:dask")
@pytest.mark.parametrize("name", ["path", "pandas", "polars", "duckdb", "dask_20", "list_of_batches"])
def test_filters_banners_and_weights_hold_in_every_source(name, path, responses, instrument, tmp_path):
    weights = np.random.default_rng(2).lognormal(size=ROWS)
    table = pq.read_table(path).append_column("weight", pa.array(weights))
    pq.write_table(table, tmp_path / "weighted.parquet")
    request = {
        "where": ["ratings__i0>=3", "needs=n0,n1", "number0<100"],
        "banners": ["sector*models", "sector"],
        "weight": "weight",
    }
    heavy = replace(responses, meta=responses.meta.assign(weight=weights))
    wanted = nameless(survey.tally(heavy, **request))
    assert 0 < len(wanted) < wanted.total == ROWS
    counted = survey.tally(SOURCES[name](tmp_path / "weighted.parquet"), instrument, **request)
    assert nameless(counted) == wanted
    assert counted.subset_text() == wanted.subset_text()


def test_a_condition_on_open_text_reads_that_text(path, responses, instrument):
    counted = survey.tally(path, instrument, where="remark=text 1")
    assert nameless(counted) == nameless(survey.tally(responses, where="remark=text 1"))
    assert 0 < len(counted) < ROWS


def test_batches_of_any_size_give_the_same(path, expected, instrument, monkeypatch):
    for size in (1, 7, ROWS - 1, ROWS):
        monkeypatch.setattr(sources, "ROWS_AT_ONCE", size)
        assert nameless(survey.tally(path, instrument)) == expected
        assert nameless(survey.tally(pd.read_parquet(path), instrument)) == expected


def test_a_folder_is_the_sum_of_its_files(responses, instrument, expected, tmp_path):
    for number, part in enumerate(split(responses, 20, 20, 45)):
        folder = tmp_path / "wave" / f"part={number % 2}"
        folder.mkdir(parents=True, exist_ok=True)
        survey.export_responses(part, folder / f"{number}.parquet")
    (tmp_path / "wave" / "_temporary").mkdir()
    (tmp_path / "wave" / "_temporary" / "half.parquet").write_bytes(b"PAR1 half written")
    counted = survey.tally(tmp_path / "wave", instrument)
    assert nameless(counted) == expected
    named = dict(counted.sources)
    assert named == {
        "part=0/0.parquet": 20,
        "part=0/2.parquet": 25,
        "part=1/3.parquet": 15,
    }
    apart = [survey.tally(one, instrument) for one in sorted((tmp_path / "wave").glob("part=*"))]
    assert nameless(sum(apart)) == expected


def test_types_as_other_programs_write_them(path, instrument, expected):
    table = pq.read_table(path)
    changed = []
    for name in table.schema.names:
        column = table.column(name)
        kind = column.type
        if pa.types.is_dictionary(kind):
            column = (
                column.cast(pa.large_string()) if not name.endswith("__missing") else column.cast(pa.string())
            )
        elif pa.types.is_boolean(kind):
            column = column.cast(pa.int8())
        elif pa.types.is_integer(kind):
            column = column.cast(pa.decimal128(20, 0))
        elif pa.types.is_string(kind):
            column = column.cast(pa.string_view())
        changed.append(column)
    counted = survey.tally(pa.table(dict(zip(table.schema.names, changed, strict=True))), instrument)
    assert nameless(counted) == expected


def test_nobody_is_counted_as_nobody(path, responses, instrument):
    nobody = pq.read_table(path).slice(0, 0)
    counted = survey.tally(nobody, instrument)
    assert len(counted) == 0
    assert counted == replace(survey.tally(split(responses, 0)[0]), sources=())
    assert len(survey.tally(path, instrument, where="number0>1e9")) == 0


def test_the_file_says_which_instrument_it_is(tmp_path):
    sample = survey.read_responses(SAMPLE)
    path, _ = survey.export_responses(sample, tmp_path / "data.parquet")
    counted = survey.tally(path)
    assert counted.reconstructed
    assert [(one.wave, one.file_names) for one in counted.provenances] == [("2026-04", "data.parquet")]
    assert nameless(counted) == nameless(survey.tally(sample))
    assert survey.tally(pd.read_parquet(path)).instrument == sample.instrument  # known by its columns
    with pytest.raises(survey.UsageError, match="Name it: instrument="):
        survey.tally(pd.DataFrame({"a": [1]}))


def test_columns_that_are_not_counted_are_named(path, frame, instrument):
    counted = survey.tally(
        frame.assign(region="north").drop(columns=["remark", "sector__s2__text"]), instrument
    )
    told = {problem.key: problem.text() for problem in counted.problems}
    assert "not counted: region (1)" in told["tally_columns_unknown"]
    assert "not asked: sector__s2__text, remark" in told["tally_texts_absent"]
    at = [column.name for column in counted.columns.answers].index("remark")
    assert counted.missing[at].tolist() == [0, 0, ROWS, 0]


# -- what does not fit -----------------------------------------------------------------------------------


def spoilt(frame):
    other = frame.copy()
    other["sector"] = other["sector"].astype(object).where(~other.index.isin([3, 4]), "forestry")
    other["ratings__i1"] = other["ratings__i1"].astype("Float64").where(~other.index.isin([5]), 9)
    other["ratings__i2"] = other["ratings__i2"].astype("Float64").where(~other.index.isin([6]), 2.5)
    other["needs__n1"] = other["needs__n1"].astype("Int64").where(~other.index.isin([7, 8, 9]), 2)
    other["number0"] = other["number0"].where(~other.index.isin([10]), np.inf)
    other["number1"] = "many"
    other["models__g0"] = pd.Timestamp("2026-01-01")
    return other


def test_cells_that_do_not_fit_are_refused_all_at_once(frame, instrument):
    with pytest.raises(survey.DataError) as error:
        survey.tally(spoilt(frame), instrument)
    told = {(problem.place.subject, problem.key): problem.values for problem in error.value.problems}
    assert told["sector", "cells_not_option"] == {"value": "forestry", "count": 2}
    assert told["ratings__i1", "cells_not_on_scale"] == {"value": "9", "count": 1, "low": 1, "high": 7}
    assert told["ratings__i2", "cells_not_on_scale"]["value"] == "2.5"
    assert told["needs__n1", "cells_not_tick"] == {"value": "2", "count": 3}
    assert told["number0", "cells_not_number"]["value"] == "inf"
    assert told["number1", "cells_not_number"]["count"] == ROWS
    assert told["models__g0", "cells_not_tick"]["count"] == ROWS
    assert len(told) == 7
    assert "'forestry' is not the id of an option" in str(error.value)


@pytest.mark.filterwarnings("ignore::FutureWarning:dask")
@pytest.mark.parametrize("engine", ["pandas", "dask"])
def test_cells_set_aside_are_missing_and_counted(engine, frame, instrument):
    other = spoilt(frame)
    if engine == "dask":
        other = pytest.importorskip("dask.dataframe").from_pandas(other, npartitions=4)
    counted = survey.tally(other, instrument, set_aside=True)
    at = {column.name: place for place, column in enumerate(counted.columns.answers)}
    refused = counted.missing[:, 3]
    gone = (frame["needs__n1__missing"] == "refused") | frame.index.isin([7, 8, 9])
    assert refused[at["needs__n1"]] == gone.sum()
    assert refused[at["number1"]] == ROWS
    assert counted.base("number1") == 0
    assert {one.column for one in counted.refusals} == {
        *("sector", "ratings__i1", "ratings__i2", "needs__n1", "number0", "number1", "models__g0")
    }
    assert sum(problem.key.startswith("cells_") for problem in counted.problems) == 7
    # out of range, by the rules of data quality: points that are none, and a number that is none
    assert counted.rules["out_of_range"] == (2 + 1 + ROWS, ROWS)


def test_numbers_outside_their_limits_are_refused():
    from tests.paths import EXAMPLES

    instrument = survey.load_instrument(EXAMPLES / "everything.yaml")
    frame = pd.DataFrame(
        {name: pd.Series([None] * 4, dtype="Float64") for name in instrument.columns}
        | {"minutes": [10, 601, -1, 2.5], "spent": [0.5, -0.5, 1e9, None]}
    )
    counted = survey.tally(frame, instrument, set_aside=True)
    told = sorted((one.column, one.key, one.value) for one in counted.refusals)
    assert told == [
        ("minutes", "cells_not_whole", "2.5"),
        ("minutes", "cells_out_of_range", "-1"),
        ("minutes", "cells_out_of_range", "601"),
        ("spent", "cells_out_of_range", "-0.5"),
    ]
    assert (counted.base("minutes"), counted.base("spent")) == (1, 2)


def told(source, *arguments, **settings):
    with pytest.raises(survey.SurveyError) as error:
        survey.tally(source, *arguments, **settings)
    return str(error.value)


def test_missing_and_doubled_columns_are_refused(path, frame, instrument, tmp_path):
    text = told(frame.drop(columns=["sector", "ratings__i0"]), instrument)
    assert "not in the data: sector, ratings__i0 (2)" in text
    table = pq.read_table(path)
    assert "more than once: sector (1)" in told(
        table.append_column("sector", table.column("sector")), instrument
    )
    pq.write_table(table.drop_columns(["needs__n0"]), tmp_path / "b.parquet")
    (tmp_path / "a.parquet").write_bytes(path.read_bytes())
    assert told(tmp_path, instrument).startswith("b.parquet: Columns of shapes@1.0.0")


def test_a_batch_with_another_schema_is_refused(path, instrument):
    table = pq.read_table(path)
    batches = as_batches(table, 20)
    batches[2] = batches[2].drop_columns(["needs__n0"])
    assert "Batch 3 lacks columns that the first one has: needs__n0 (1)" in told(iter(batches), instrument)
    retyped = [
        *as_batches(table, 20)[:2],
        *as_batches(
            table.set_column(
                table.schema.names.index("ratings__i0"),
                "ratings__i0",
                table.column("ratings__i0").cast(pa.int16()),
            ),
            20,
        )[2:],
    ]
    assert len(survey.tally(iter(retyped), instrument)) == ROWS  # another width of numbers is no other answer


def test_what_is_no_source_is_refused(tmp_path, instrument, path):
    assert "are needed here, not int" in told(3, instrument)
    assert "are needed here, not str" in told(iter(["a"]), instrument)
    assert "Name each file once" in told([path, path.parent], instrument)
    assert "There is no file" in told(tmp_path / "nothing.parquet", instrument)
    assert "no .parquet file" in told(tmp_path, instrument)
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(path.read_bytes()[:-100])
    assert told(cut, instrument).startswith("cut.parquet: The Parquet file cannot be read to its end")
    content = bytearray(path.read_bytes())
    content[2000:2600] = bytes(600)
    cut.write_bytes(bytes(content))
    assert "cut.parquet" in told(cut, instrument)
    mixed = pd.DataFrame({name: pd.Series([1, "x"], dtype=object) for name in instrument.columns})
    assert "several types" in told(mixed, instrument)
    assert "no column of weights 'w'" in told(path, instrument, weight="w")
    assert "not a question" in told(path, instrument, banners=["nothing"])
    assert "not a question" in told(path, instrument, where="nothing=1")


def test_files_of_different_instruments_are_refused(tmp_path):
    sample = survey.read_responses(SAMPLE)
    survey.export_responses(sample, tmp_path / "a.parquet")
    survey.export_responses(survey.carry_over(sample, "executive-survey@1.1.0"), tmp_path / "b.parquet")
    assert "executive-survey@1.0.0, executive-survey@1.1.0" in told(tmp_path)


@pytest.mark.parametrize("value", [np.nan, -1.0, 1e9])
def test_weights_that_are_none_are_refused(frame, instrument, value):
    other = frame.assign(w=np.where(np.arange(ROWS) == 5, value, 1.0))
    assert "Weights in 'w' that cannot be used: 1" in told(other, instrument, weight="w")


def test_weights_of_text_are_said_to_be_none(frame, instrument):
    message = told(frame.assign(w=["heavy"] * len(frame)), instrument, weight="w")
    assert "the first missing or not a number" in message
    assert "nan" not in message


def test_weights_on_another_scale_are_refused(frame, instrument):
    assert "Divide them by their mean" in told(frame.assign(w=1e-6), instrument, weight="w")


def test_without_the_libraries_the_error_names_the_command(path, instrument, monkeypatch):
    monkeypatch.setattr(sources, "import_module", lambda name: (_ for _ in ()).throw(ImportError(name)))
    assert "pip install 'expansion-survey[engines]'" in told(path, instrument)


def test_rules_that_would_leave_respondents_out_are_named(frame, instrument):
    from survey.instrument.questionnaire import QualityRule

    strict = instrument.model_copy(update={"quality": {"straight_lining": QualityRule(action="drop")}})
    counted = survey.tally(frame, strict)
    assert len(counted) == ROWS
    assert "rules find: straight_lining" in counted.problems[0].text()


def test_many_columns_are_counted_in_smaller_batches(path, instrument, expected, monkeypatch):
    monkeypatch.setattr(sources, "_CELLS_AT_ONCE", 200)
    assert sources.rows_at_once(["a"] * 40) == 5
    assert sources.rows_at_once(["a"] * 1000) == 1
    assert nameless(survey.tally(path, instrument)) == expected


def test_batches_that_do_not_fit_together_are_refused(path, instrument):
    table = pq.read_table(path)
    name = "ratings__i0"
    place = table.schema.names.index(name)
    texts = table.set_column(place, name, pa.array(["4"] * table.num_rows))
    twice = table.append_column(name, table[name])
    for other, told in (
        (texts, f"{name}: The column holds values of several types"),
        (twice, rf"Batch 2 holds columns more than once: {name} \(1\)"),
    ):
        with pytest.raises(survey.DataError, match=told):
            survey.tally(iter([table, other]), instrument)
    with pytest.raises(survey.UsageError, match="not int"):
        survey.tally(iter([table, 5]), instrument)


def test_encodings_and_types_that_programs_hand_over(path, instrument, expected):
    import pyarrow.compute as pc

    table = pq.read_table(path)
    place = table.schema.names.index("sector")
    runs = pc.run_end_encode(table["sector"].cast(pa.string()))
    assert nameless(survey.tally(table.set_column(place, "sector", runs), instrument)) == expected
    polars = pytest.importorskip("polars")
    if hasattr(polars, "Int128"):
        wide = polars.read_parquet(path).with_columns(polars.col("ratings__i0").cast(polars.Int128))
        with pytest.raises(survey.DataError, match="integers of 64 bits"):
            survey.tally(wide, instrument)


def test_folders_of_any_writing(path, instrument, expected, tmp_path):
    """Endings in capitals count; columns that are names of folders are told, and how to have them."""
    import pyarrow.dataset as datasets

    (tmp_path / "up").mkdir()
    (tmp_path / "up" / "WAVE.PARQUET").write_bytes(path.read_bytes())
    assert nameless(survey.tally(tmp_path / "up", instrument)) == expected
    table = pq.read_table(path)
    texts = table["sector"].cast(pa.string()).fill_null("s0")
    table = table.set_column(table.schema.names.index("sector"), "sector", texts)
    pq.write_to_dataset(table, str(tmp_path / "hive"), partition_cols=["sector"])
    with pytest.raises(survey.DataError, match="names of folders") as told:
        survey.tally(tmp_path / "hive", instrument)
    assert 'partitioning="hive"' in str(told.value)
    opened = survey.tally(datasets.dataset(tmp_path / "hive", partitioning="hive"), instrument)
    assert np.array_equal(opened.pairs, survey.tally(table, instrument).pairs)


def test_a_list_of_paths_may_hold_files_of_every_kind(tmp_path):
    coded = survey.export_responses(survey.read_responses(SAMPLE), tmp_path / "a.parquet")[0]
    both = survey.tally([coded, SAMPLE])
    assert len(both) == 274
    assert np.array_equal(both.pairs, 2 * survey.tally(coded).pairs)
    with pytest.warns(UserWarning, match="not anonymous"):
        survey.write_tally(both, tmp_path / "b.tally")
    with pytest.raises(survey.UsageError, match="is a tally already"):
        survey.tally([coded, tmp_path / "b.tally"])


def test_parquet_of_raked_responses_is_counted_with_its_weights(tmp_path):
    """As the responses are, without --weight; shares that raking set stay set."""
    frame = pd.DataFrame({"stype": ["e", "e", "m", "h"] * 15, "sch_wide": ["yes", "no", "no"] * 20})
    responses = survey.from_frame(frame, EXAMPLES / "schools.yaml")
    raked = survey.rake(responses, {"stype": {"e": 0.2, "m": 0.3, "h": 0.5}})
    file = survey.export_responses(raked, tmp_path / "raked.parquet")[0]
    counted = survey.tally(file, EXAMPLES / "schools.yaml")
    table = survey.frequencies(counted, "stype").set_index("code")
    assert table.loc["h", "proportion"] == pytest.approx(0.5)
    assert set(table["reason"]) == {"target"}
    assert [problem.key for problem in counted.problems if problem.key == "tally_weighted"]
    file = survey.export_responses(responses, tmp_path / "plain.parquet")[0]
    plain = survey.tally(file, EXAMPLES / "schools.yaml")
    assert not plain.weighted
    assert not [problem for problem in plain.problems if problem.key == "tally_weighted"]
