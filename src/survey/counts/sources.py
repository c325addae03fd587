"""What can be counted: sources of Arrow batches, and frames of engines that count by themselves."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import unfit
from survey.errors import DataError, Place, Problem, usage
from survey.files.parquet_files import MAGIC, said_in_schema
from survey.ingest.provenance import Provenance, SourceFile
from survey.ingest.provenance_pairs import read_provenance
from survey.wording import public_names

if TYPE_CHECKING:
    import pyarrow as pa

# Rows that are counted at once, fewer where there are many columns: memory does not grow beyond them.
ROWS_AT_ONCE = 262_144
_CELLS_AT_ONCE = 1 << 24

Batches = Iterator["pa.RecordBatch | pa.Table"]


@dataclass(frozen=True)
class ArrowSource:
    """One file or frame. `open(columns)` gives batches of some columns; `says` is what it says of itself."""

    name: str
    columns: list[str]
    open: Callable[[list[str]], Batches]
    rows: int | None = None
    says: dict[str, str] = field(default_factory=dict)

    @cached_property
    def provenance(self) -> Provenance:
        """Where the responses come from, as the file says."""
        provenance, _ = read_provenance(self.says)
        return replace(provenance, files=(SourceFile(self.name),) if self.name else ())


@dataclass(frozen=True)
class PartitionedSource:
    """A frame of an engine ("dask", "spark") that counts its partitions where they lie."""

    name: str
    columns: list[str]
    engine: str
    frame: Any


def open_sources(source: Any) -> "list[ArrowSource] | PartitionedSource":
    """Look at what is to be counted.

    Raises
    ------
    UsageError
        It is nothing that can be counted, there is no such file, or a library is needed and absent.
    DataError
        A folder without a Parquet file, or a file that is damaged.
    """
    if isinstance(source, str | Path):
        return parquet_sources([Path(source)])
    if isinstance(source, Sequence) and source and all(isinstance(one, str | Path) for one in source):
        return parquet_sources([Path(path) for path in source])
    if source is None or (isinstance(source, bytes | list | tuple) and not source):
        raise unfit("tally_source", source)
    _needed("pyarrow")
    import pyarrow as pa

    if isinstance(source, pa.RecordBatch | pa.Table):
        return [_of_table(source)]
    if isinstance(source, Iterator | list | tuple):
        return [_of_batches(iter(source))]
    if (found := _of_dataset(source)) is not None:
        return [found]
    return _of_frame(source)


# -- files ---------------------------------------------------------------------------------------------------


def is_parquet(path: Path) -> bool:
    """Whether a path is a Parquet file, told by its content, or a folder."""
    if path.is_dir():
        return True
    if not path.is_file():  # nothing there, or a pipe, which would be waited for
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def parquet_sources(paths: list[Path]) -> list[ArrowSource]:
    """The Parquet files at some paths, and all below those that are folders, by name; none twice."""
    files = [file for path in paths for file in _parquet_files(path)]
    _needed("pyarrow")
    seen: set[Path] = set()
    for path, _ in files:
        if path.resolve() in seen:
            raise usage("files_same", path=path)
        seen.add(path.resolve())
    names = public_names([name for _, name in files])
    return [_parquet_source(path, name) for (path, _), name in zip(files, names, strict=True)]


def _parquet_files(path: Path) -> list[tuple[Path, str]]:
    """Each file with its name: below a folder, the path from there."""
    if not path.exists():
        raise usage("file_not_found", path=path)
    if path.is_file():
        return [(path, path.name)]
    found = sorted(
        one
        for one in path.rglob("*")
        if one.suffix.lower() == ".parquet"
        and one.is_file()
        and not any(part.startswith((".", "_")) for part in one.relative_to(path).parts)
    )
    if not found:
        raise DataError(Problem("folder_without_parquet", Place(file=str(path))))
    return [(one, one.relative_to(path).as_posix()) for one in found]


def _parquet_source(path: Path, name: str) -> ArrowSource:
    import pyarrow.parquet as pq

    with parquet_errors(name), pq.ParquetFile(path) as file:
        schema, rows = file.schema_arrow, file.metadata.num_rows

    def batches(columns: list[str]) -> Batches:
        with parquet_errors(name), pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=rows_at_once(columns), columns=columns)

    return ArrowSource(name, list(schema.names), batches, rows, said_in_schema(schema.metadata))


@contextmanager
def parquet_errors(name: str) -> Iterator[None]:
    """Tell what pyarrow finds wrong with a file as a problem of ours."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise DataError(Problem("parquet_damaged", Place(file=name), {"told": error})) from None


# -- frames and streams --------------------------------------------------------------------------------------


def _of_table(table: "pa.RecordBatch | pa.Table") -> ArrowSource:
    says = said_in_schema(table.schema.metadata)

    def batches(columns: list[str]) -> Batches:
        yield table.select(columns)

    return ArrowSource("", list(table.schema.names), batches, table.num_rows, says)


def _of_batches(batches: "Iterator[Any]") -> ArrowSource:
    """Batches one after the other, from Python; the first says which columns there are."""
    import pyarrow as pa

    first = next(batches, None)
    if not isinstance(first, pa.RecordBatch | pa.Table):
        raise unfit("tally_source", first)

    def each(columns: list[str]) -> Batches:
        for number, batch in enumerate(chain([first], batches), 1):
            if not isinstance(batch, pa.RecordBatch | pa.Table):
                raise unfit("tally_source", batch)
            names = batch.schema.names
            for key, wrong in (
                ("tally_batch_changed", [name for name in columns if name not in names]),
                ("tally_batch_twice", [name for name in columns if names.count(name) > 1]),
            ):
                if wrong:
                    values = {"batch": number, "columns": wrong[:12], "count": len(wrong)}
                    raise DataError(Problem(key, values=values))
            yield batch.select(columns)

    return ArrowSource("", list(first.schema.names), each, None, said_in_schema(first.schema.metadata))


def _of_dataset(source: Any) -> ArrowSource | None:
    """A dataset of pyarrow."""
    if not type(source).__module__.startswith("pyarrow._dataset") or not hasattr(source, "to_batches"):
        return None
    schema = source.schema

    def batches(columns: list[str]) -> Batches:
        with parquet_errors("dataset"):
            yield from source.to_batches(columns=columns, batch_size=rows_at_once(columns))

    return ArrowSource("", list(schema.names), batches, None, said_in_schema(schema.metadata))


def _of_reader(reader: "pa.RecordBatchReader", name: str = "") -> ArrowSource:
    def batches(columns: list[str]) -> Batches:
        with parquet_errors(name or "stream"), reader:
            for batch in reader:
                yield batch.select(columns)

    return ArrowSource(name, list(reader.schema.names), batches, None, said_in_schema(reader.schema.metadata))


def _of_frame(source: Any) -> "list[ArrowSource] | PartitionedSource":
    """A frame of any library that narwhals knows, else whatever hands over an Arrow stream."""
    import pyarrow as pa

    if isinstance(source, pa.RecordBatchReader):
        return [_of_reader(source)]
    _needed("narwhals")
    import narwhals as nw
    from narwhals import dependencies

    if dependencies.is_dask_dataframe(source):
        return PartitionedSource("", [str(name) for name in source.columns], "dask", source)
    if dependencies.is_pyspark_dataframe(source) or dependencies.is_pyspark_connect_dataframe(source):
        return PartitionedSource("", list(source.columns), "spark", source)
    if dependencies.is_pandas_dataframe(source):
        return [_of_pandas(source)]
    try:
        frame: Any = nw.from_native(source)
    except TypeError:
        if hasattr(source, "__arrow_c_stream__"):
            return [_of_reader(pa.RecordBatchReader.from_stream(source))]
        raise unfit("tally_source", source) from None
    names = frame.collect_schema().names()
    return [ArrowSource("", names, lambda columns: _frame_batches(frame, columns))]


def _frame_batches(frame: Any, columns: list[str]) -> Batches:
    """The batches of a narwhals frame, as its own library hands them over."""
    chosen = frame.select(*columns)
    native = chosen.to_native()
    if hasattr(native, "to_arrow_reader"):  # DuckDB
        yield from native.to_arrow_reader(rows_at_once(columns))
    elif hasattr(native, "collect_batches"):  # Polars, not yet computed
        for part in native.collect_batches(chunk_size=rows_at_once(columns)):
            with _as_arrow():
                table = part.to_arrow()
            yield table
    elif hasattr(native, "to_pyarrow_batches"):  # Ibis
        yield from native.to_pyarrow_batches(chunk_size=rows_at_once(columns))
    else:
        with _as_arrow():
            eager = chosen.collect(backend="pyarrow") if hasattr(chosen, "collect") else chosen
            table = eager.to_arrow()
        yield table


@contextmanager
def _as_arrow() -> Iterator[None]:
    """Tell of a type of a frame that Arrow, or this version of it, does not know."""
    import pyarrow as pa

    try:
        yield
    except pa.ArrowException as error:
        raise DataError(Problem("tally_type_foreign", values={"told": error})) from None


def _of_pandas(frame: Any) -> ArrowSource:
    names = [str(name) for name in frame.columns]

    def batches(columns: list[str]) -> Batches:
        step = rows_at_once(columns)
        for start in range(0, max(len(frame), 1), step):
            yield arrow_of_pandas(frame.iloc[start : start + step], columns, names)

    return ArrowSource("", names, batches, len(frame))


def arrow_of_pandas(frame: Any, columns: list[str], names: list[str] | None = None) -> "pa.Table":
    """Some columns of a pandas frame as an Arrow table; one that holds several types is a `DataError`."""
    import pyarrow as pa

    names = [str(name) for name in frame.columns] if names is None else names
    made, mixed = {}, []
    for name in columns:
        try:
            made[name] = pa.array(frame.iloc[:, names.index(name)], from_pandas=True)
        except (pa.ArrowException, TypeError):
            mixed.append(Problem("tally_types_mixed", Place(subject=name)))
    if mixed:
        raise DataError(*mixed)
    return pa.table(made)


def rows_at_once(columns: list[str]) -> int:
    """How many rows of so many columns are counted at once."""
    return max(1, min(ROWS_AT_ONCE, _CELLS_AT_ONCE // max(len(columns), 1)))


def sized(batches: Iterable[Any]) -> Batches:
    """The same rows in batches of at most so many as are counted at once, small ones put together."""
    import pyarrow as pa

    waiting: list[Any] = []
    rows = 0
    for batch in batches:
        most = rows_at_once(batch.schema.names)
        for start in range(0, batch.num_rows, most):
            part = batch.slice(start, most)
            if rows and (rows + part.num_rows > most or part.schema.names != waiting[0].schema.names):
                yield _together(waiting)
                waiting, rows = [], 0
            waiting.append(part if isinstance(part, pa.Table) else pa.Table.from_batches([part]))
            rows += part.num_rows
    if waiting:
        yield _together(waiting)


def _together(tables: "list[pa.Table]") -> "pa.Table":
    import pyarrow as pa

    if len(tables) == 1:
        return tables[0]
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except pa.ArrowException:
        names = tables[0].schema.names
        types = {name: {table.schema.field(name).type for table in tables} for name in names}
        mixed = [Problem("tally_types_mixed", Place(subject=name)) for name in names if len(types[name]) > 1]
        if not mixed:
            raise
        raise DataError(*mixed) from None


def _needed(library: str) -> None:
    """Refuse, with the command that installs it, what needs a library that is absent."""
    try:
        import_module(library)
    except ImportError:
        raise usage("tally_needs_library", library=library) from None
