"""Spark counts where the data lie: a real session on two cores; skipped where Java or pyspark is missing."""

import os
import shutil
import sys
from dataclasses import replace

import numpy as np
import pytest

import survey
from tests.counts.shapes import instrument_of, responses_of

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def session():
    if shutil.which("java") is None:
        pytest.skip("Java is not installed (Debian: default-jre-headless)")
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed (pip install pyspark)")
    pytest.importorskip("pyarrow")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)  # else Spark takes whatever python3 is
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
        yield from _session(sql)


def _session(sql):
    started = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "7")
        .getOrCreate()
    )
    yield started
    started.stop()


@pytest.fixture(scope="module")
def responses():
    responses = responses_of(instrument_of(groups=3, items=4), 50, gaps=0.2)
    weights = np.random.default_rng(2).lognormal(size=50)
    return replace(responses, meta=responses.meta.assign(w=weights))


@pytest.fixture(scope="module")
def frame(session, responses, tmp_path_factory):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path, _ = survey.export_responses(responses, tmp_path_factory.mktemp("spark") / "data.parquet")
    table = pq.read_table(path).append_column("w", pa.array(responses.meta["w"].to_numpy()))
    pq.write_table(table, path)
    return session.read.parquet(str(path)).repartition(4)


def nameless(counted):
    return replace(counted, sources=(), provenances=())


def test_spark_gives_the_same_tally(frame, responses):
    request = {"where": "ratings__i0>=2", "banners": ["sector*models"]}
    counted = survey.tally(frame, responses.instrument, **request)
    assert nameless(counted) == nameless(survey.tally(responses, **request))
    heavy = survey.tally(frame, responses.instrument, weight="w")
    assert nameless(heavy) == nameless(survey.tally(responses, weight="w"))


def test_what_does_not_fit_is_told_by_the_driver(frame, responses):
    from pyspark.sql import functions

    spoilt = frame.withColumn("sector", functions.lit("forestry"))
    with pytest.raises(survey.DataError, match="'forestry' is not the id of an option") as error:
        survey.tally(spoilt, responses.instrument)
    assert error.value.problems[0].values["count"] == 50
    counted = survey.tally(spoilt, responses.instrument, set_aside=True)
    assert counted.missing[0].tolist() == [0, 0, 0, 50]
    with pytest.raises(survey.DataError, match="Weights in 'w' that cannot be used"):
        survey.tally(frame.withColumn("w", functions.lit(-1.0)), responses.instrument, weight="w")
    with pytest.raises(survey.DataError, match="not in the data: sector"):
        survey.tally(frame.drop("sector"), responses.instrument)
    assert len(survey.tally(frame.limit(0), responses.instrument)) == 0
