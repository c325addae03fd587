"""Parquet files of coded responses: what they say of themselves, and their cells as in a sheet."""

import json
from collections.abc import Mapping
from importlib import import_module
from io import BytesIO
from typing import Any

from survey.errors import DataError, Place, Problem, usage
from survey.files.json_values import parsed_json
from survey.files.plain_values import plain_value

MAGIC = b"PAR1"
SAYS_KEY = b"survey"
# A column of kinds of missing answers stands beside that of the answers.
MISSING_SUFFIX = "__missing"
MOST_CELLS = 100_000_000


def said_in_schema(metadata: "Mapping[bytes, bytes] | None") -> dict[str, str]:
    """What a file of ours says of itself (instrument, provenance); nothing of another."""
    try:
        said = parsed_json((metadata or {}).get(SAYS_KEY, b"{}"))
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in said.items()} if isinstance(said, dict) else {}


def schema_metadata(says: Mapping[str, str]) -> dict[bytes, bytes]:
    """The entry of a schema's metadata that says so."""
    return {SAYS_KEY: json.dumps(dict(says), ensure_ascii=False, sort_keys=True).encode()}


def missing_word(kind: str | None) -> str:
    """How a kind of missing answer is written in a cell: "(not asked)"."""
    return f"({(kind or 'empty').replace('_', ' ')})"


def read_parquet(content: bytes, place: Place) -> tuple[list[tuple[Any, ...]], dict[str, str]]:
    """Read a coded file: its header and rows, and what it says of itself.

    A missing answer whose kind stands in a column beside it becomes the word for that kind. A tick that is
    missing is written as empty: in such a file nothing is blank to mean "not ticked".

    Raises
    ------
    UsageError
        pyarrow is needed and absent.
    DataError
        The file is damaged, or so large that only counting it makes sense.
    """
    try:
        import_module("pyarrow")
    except ImportError:
        raise usage("parquet_needs_pyarrow", path=place.file) from None
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(BytesIO(content))
        cells = file.metadata.num_rows * file.metadata.num_columns
        if cells > MOST_CELLS:
            raise DataError(Problem("parquet_too_large", place, {"limit": MOST_CELLS}))
        table = file.read()
    except (pa.ArrowException, OSError) as error:
        raise DataError(Problem("parquet_damaged", place, {"told": error})) from None
    names = table.schema.names
    columns: list[tuple[str, list[Any]]] = []
    for position, name in enumerate(names):
        if name.startswith("__index_level_"):  # of pandas: the numbers of the rows
            continue
        if name.endswith(MISSING_SUFFIX) and name.removesuffix(MISSING_SUFFIX) in names:
            continue
        values = _cells(table.column(position))
        if f"{name}{MISSING_SUFFIX}" in names:
            kinds = _cells(table.column(names.index(f"{name}{MISSING_SUFFIX}")))
            pairs = zip(values, kinds, strict=True)
            values = [missing_word(kind) if value is None else value for value, kind in pairs]
        elif pa.types.is_boolean(table.schema.field(position).type):
            values = [missing_word("empty") if value is None else value for value in values]
        columns.append((name, values))
    header = tuple(name for name, _ in columns)
    rows = zip(*(values for _, values in columns), strict=True)
    return [header, *rows], said_in_schema(table.schema.metadata)


def _cells(column: Any) -> list[Any]:
    """The values of a column as a sheet could hold them."""
    return [plain_value(value) for value in column.to_pylist()]
