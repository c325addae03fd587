"""Frames that lie in partitions, on one machine or many: their engine maps the counting, only tallies travel.

Dask counts each partition as a delayed task and adds the results in a tree; Spark runs `mapInArrow`. There is
no scheduler, shuffle or retry of our own.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from survey.counts.arrow_batches import needed_columns
from survey.counts.definition import Definition
from survey.counts.model import Tally
from survey.counts.sources import PartitionedSource, arrow_of_pandas
from survey.counts.stream_counts import count_batches, empty_tally
from survey.counts.tally_files import described_definition, packed, unpacked
from survey.counts.tally_reader import read_definition
from survey.errors import DataError, Place, Problem, SurveyError

_AT_ONCE = 8  # tallies that one task of Dask adds; tasks of Spark that add tallies
_ZIP = b"PK"


def count_partitions(source: PartitionedSource, definition: Definition) -> Tally:
    """Count a partitioned frame by its own engine."""
    columns = needed_columns(definition, source.columns)
    count = {"dask": _count_dask, "spark": _count_spark}[source.engine]
    return count(source.frame, columns, definition)


# -- Dask ----------------------------------------------------------------------------------------------------


def _count_dask(frame: Any, columns: list[str], definition: Definition) -> Tally:
    from dask.delayed import delayed

    count, add = delayed(count_pandas, pure=False), delayed(add_tallies, pure=False)
    tallies = [count(part, columns, definition) for part in frame[columns].to_delayed()]
    while len(tallies) > 1:
        tallies = [add(tallies[start : start + _AT_ONCE]) for start in range(0, len(tallies), _AT_ONCE)]
    counted: Tally = tallies[0].compute()
    return counted


def count_pandas(part: Any, columns: list[str], definition: Definition) -> Tally:
    """Count one partition that is a pandas frame."""
    counted = count_batches([arrow_of_pandas(part, columns)], definition)
    return empty_tally(definition) if counted is None else counted


def add_tallies(tallies: list[Tally]) -> Tally:
    """Add some tallies."""
    first, *others = tallies
    for other in others:
        first = first + other
    return first


# -- Spark ---------------------------------------------------------------------------------------------------


def _count_spark(frame: Any, columns: list[str], definition: Definition) -> Tally:
    described = json.dumps(described_definition(definition))

    def count(batches: "Iterable[Any]") -> "Iterator[Any]":
        from survey.counts.engines import count_arrow

        return count_arrow(batches, described)

    def add(batches: "Iterable[Any]") -> "Iterator[Any]":
        from survey.counts.engines import add_arrow

        return add_arrow(batches, described)

    chosen = frame.select(*[f"`{name}`" for name in columns])
    parts = chosen.mapInArrow(count, "tally binary").repartition(_AT_ONCE).mapInArrow(add, "tally binary")
    counted: Tally | None = None
    for row in parts.collect():
        content = bytes(row["tally"])
        if not content.startswith(_ZIP):
            raise DataError(*map(_problem, json.loads(content)))
        part = unpacked(content, Place(file="Spark"), definition=definition)
        counted = part if counted is None else counted + part
    return empty_tally(definition) if counted is None else counted


def count_arrow(batches: "Iterable[Any]", described: str) -> "Iterator[Any]":
    """Count the batches of one partition: one row with the tally as bytes, or with what is wrong."""
    import pyarrow as pa

    try:
        counted = count_batches(batches, read_definition(json.loads(described)))
        content = packed(counted, travelling=True) if counted is not None else None
    except SurveyError as error:
        content = json.dumps([_told(problem) for problem in error.problems]).encode()
    if content is not None:
        yield pa.RecordBatch.from_pydict({"tally": pa.array([content], pa.binary())})


def add_arrow(batches: "Iterable[Any]", described: str) -> "Iterator[Any]":
    """Add the tallies of one partition: one row with the sum; what is wrong stays as it is."""
    import pyarrow as pa

    definition = read_definition(json.loads(described))
    counted: Tally | None = None
    for batch in batches:
        for content in batch.column(0).to_pylist():
            if content.startswith(_ZIP):
                part = unpacked(content, Place(file="Spark"), definition=definition)
                counted = part if counted is None else counted + part
            else:
                yield pa.RecordBatch.from_pydict({"tally": pa.array([content], pa.binary())})
    if counted is not None:
        content = packed(counted, travelling=True)
        yield pa.RecordBatch.from_pydict({"tally": pa.array([content], pa.binary())})


def _told(problem: Problem) -> dict[str, Any]:
    values = {
        name: value if isinstance(value, list | tuple | int | float) else str(value)
        for name, value in problem.values.items()
    }
    return {
        "key": problem.key,
        "file": problem.place.file,
        "subject": problem.place.subject,
        "values": values,
    }


def _problem(told: dict[str, Any]) -> Problem:
    return Problem(told["key"], Place(file=told["file"], subject=told["subject"]), told["values"])
