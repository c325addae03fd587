"""Counting at size, as ratios within one run: python benchmarks/tally.py ROWS [FOLDER] [PART ...].

Makes ROWS respondents of executive-survey@1.0.0 (31 columns, 2 % gaps, a seed) as one Parquet file, then
measures each part in a process of its own: CPU seconds, seconds on the clock, peak memory. Products run on
one thread: idle threads of a library for linear algebra spin, and count. PART is one of those below.

numpy     a plain loop over the same batches that makes the one product Z'Z
pairs     the same product as the tally makes it
groups    one-ways and banner x item as the tally makes them
duckdb    the same counted by DuckDB in SQL
whole     the whole tally
dask      the whole tally, partitions counted by Dask
spark     the whole tally, counted by Spark on local[2]
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

INSTRUMENT = "executive-survey@1.0.0"
PARTS = ("numpy", "pairs", "groups", "duckdb", "whole", "dask", "spark")
# part, against, at most
RATIOS = (("pairs", "numpy", 1.3), ("whole", "numpy", 4.0), ("groups", "duckdb", 1.5))
AT_ONCE = 262_144
SLAB = 8_192


def make(path, rows):
    """Write the respondents in row groups as `survey export --to parquet` does."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from survey.files.parquet_files import schema_metadata
    from survey.instrument import load_instrument

    schema = load_instrument(INSTRUMENT)
    random = np.random.default_rng(2026)
    writer = None
    for start in range(0, rows, 1 << 20):
        size = min(1 << 20, rows - start)
        made = {"respondent": pa.array(np.arange(start + 1, start + size + 1).astype(str))}
        kinds = {}
        for question in schema.questions:
            leaning = random.normal(size=size)
            for place, column in enumerate(question.answer_columns):
                gone = random.random(size) < 0.02
                if question.kind == "single":
                    values = random.choice(3, size, p=(0.5, 0.3, 0.2)).astype(np.int8)
                    options = pa.array([option.id for option in question.options])
                    made[column] = pa.DictionaryArray.from_arrays(pa.array(values, mask=gone), options)
                elif question.kind == "multiple":
                    made[column] = pa.array(leaning + random.normal(size=size) > 0.1 * place, mask=gone)
                else:
                    points = np.clip(np.rint(3.5 + 0.7 * leaning + random.normal(size=size)), 1, 5)
                    made[column] = pa.array(points.astype(np.int64), mask=gone)
                words = pa.array(["", "skipped", "empty", "not_asked", "refused"])
                kinds[f"{column}__missing"] = pa.DictionaryArray.from_arrays(
                    pa.array(np.where(gone, 2, 0).astype(np.int8)), words
                )
        table = pa.table({**made, **kinds}).replace_schema_metadata(
            schema_metadata({"instrument": INSTRUMENT})
        )
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    writer.close()


def definition_of():
    from survey.counts.definition import Definition
    from survey.instrument import load_instrument

    return Definition(load_instrument(INSTRUMENT), (("expansion_models",),))


def numpy_loop(path):
    """Z'Z by numpy alone: each column as numbers, its indicators, one product per slab."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = definition_of().columns
    names = [column.name for column in columns.answers]
    product = np.zeros((columns.size, columns.size), np.int64)
    for batch in pq.ParquetFile(path).iter_batches(batch_size=AT_ONCE, columns=names):
        coded = {}
        for column in columns.answers:
            cells = batch.column(column.name)
            if column.kind == "single":
                coded[column.name] = cells.indices.fill_null(-1).to_numpy(zero_copy_only=False)
            elif column.kind == "multiple":
                coded[column.name] = cells.cast(pa.int8()).fill_null(-1).to_numpy(zero_copy_only=False)
            else:
                coded[column.name] = cells.fill_null(0).to_numpy(zero_copy_only=False) - 1
        for question in {column.question for column in columns.columns if column.kind == "answered"}:
            parts = [coded[column.name] for column in columns.answers if column.question == question]
            coded[question] = np.where(np.any([part >= 0 for part in parts], axis=0), 0, -1)
        for start in range(0, batch.num_rows, SLAB):
            width = min(SLAB, batch.num_rows - start)
            z = np.empty((columns.size, width), np.float32)
            row = 0
            for column in columns.columns:
                own = coded[column.name][start : start + width]
                for code in range(len(column.codes)):
                    z[row] = own == code
                    row += 1
            product += (z @ z.T).astype(np.int64)
    return product


def batches(path):
    import pyarrow.parquet as pq

    from survey.counts.arrow_batches import batch_of_arrow

    definition = definition_of()
    names = [column.name for column in definition.columns.answers]
    for table in pq.ParquetFile(path).iter_batches(batch_size=AT_ONCE, columns=names):
        yield definition, batch_of_arrow(table, definition, "")


def pairs(path):
    from survey.counts.batch_counts import BlockCounter

    return sum(BlockCounter(batch, own).all_pairs[0] for own, batch in batches(path))


def groups(path):
    """Patterns of the banner x indicators; one-ways and banner x item are sums of it."""
    from survey.counts.batch_counts import BlockCounter

    first, *others = (BlockCounter(batch, own).groups("expansion_models") for own, batch in batches(path))
    for other in others:
        first = first + other
    return first.sums[0][:, 1:].sum(axis=0)


def duckdb_sql(path):
    """The same in one statement: every indicator counted per combination of the banner's options."""
    import duckdb
    import numpy as np

    definition = definition_of()
    banner = definition.instrument.question("expansion_models").answer_columns
    counts = []
    for column in definition.columns.columns:
        for code in column.codes:
            if column.kind == "answered":
                parts = definition.instrument.question(column.question).answer_columns
                told = f"coalesce({', '.join(f'CAST({part} AS VARCHAR)' for part in parts)}) IS NOT NULL"
            elif column.kind == "single":
                told = f"{column.name} = '{code}'"
            else:
                told = f"{column.name} = {str(code).lower()}"
            counts.append(f"coalesce(count_if({told}), 0)")
    told = f"SELECT {', '.join(banner)}, {', '.join(counts)} FROM '{path}' GROUP BY {', '.join(banner)}"
    rows = duckdb.sql(told).fetchall()
    return np.array([row[len(banner) :] for row in rows], np.int64).sum(axis=0)


def whole(path):
    from survey.counts import tally

    return tally(path).pairs[0]


def dask(path):
    import dask.dataframe as frames

    from survey.counts import tally

    return tally(frames.read_parquet(path, split_row_groups=True), INSTRUMENT).pairs[0]


def spark(path):
    from pyspark.sql import SparkSession

    from survey.counts import tally

    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", str(AT_ONCE))
        .getOrCreate()
    )
    try:
        found = tally(session.read.parquet(path), INSTRUMENT).pairs[0]
        COST["elsewhere"] = sum(map(_cpu, _below(os.getpid())))  # the JVM and its workers
        return found
    finally:
        session.stop()


COST = {"elsewhere": 0.0}


def _below(process):
    """The processes that a process started, and those that they started."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [*children, *(one for child in children for one in _below(child))]


def _cpu(process):
    """The CPU seconds of a process, and of those that it has waited for."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


WORK = dict(zip(PARTS, (numpy_loop, pairs, groups, duckdb_sql, whole, dask, spark), strict=True))


def measure(part, path):
    """Run one part here: its cost, and a sum by which results are compared."""
    import numpy as np

    started = time.perf_counter()
    found = WORK[part](path)
    seconds = time.perf_counter() - started
    own, below = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(
        json.dumps(
            {
                "cpu": COST["elsewhere"] + sum(one.ru_utime + one.ru_stime for one in (own, below)),
                "seconds": seconds,
                "peak": max(own.ru_maxrss, below.ru_maxrss) / 1024,
                "diagonal": np.atleast_2d(found).diagonal().tolist() if found.ndim == 2 else found.tolist(),
            }
        )
    )


def main(rows, folder, parts):
    path = folder / f"respondents-{rows}.parquet"
    if not path.exists():
        subprocess.run([sys.executable, __file__, "--make", str(path), str(rows)], check=True)
    print(f"{rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
    found = {}
    for part in parts:
        command = [sys.executable, __file__, "--part", part, str(path)]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        )
        if done.returncode:
            print(f"{part:8} failed")
            continue
        found[part] = json.loads(done.stdout.splitlines()[-1])
        cost = found[part]
        line = f"{part:8} {cost['cpu']:7.1f} s CPU {cost['seconds']:7.1f} s {cost['peak']:7.0f} MiB"
        same = cost["diagonal"] == next(iter(found.values()))["diagonal"]
        print(line if same else f"{line}  OTHER NUMBERS", flush=True)
    for part, against, most in RATIOS:
        if part in found and against in found:
            print(f"{part} / {against}: {found[part]['cpu'] / found[against]['cpu']:.2f} (at most {most})")


if __name__ == "__main__":
    if sys.argv[1] == "--make":
        make(sys.argv[2], int(sys.argv[3]))
    elif sys.argv[1] == "--part":
        measure(*sys.argv[2:4])
    else:
        where = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.gettempdir())
        main(int(sys.argv[1]), where, sys.argv[3:] or PARTS)
