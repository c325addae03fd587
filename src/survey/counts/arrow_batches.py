"""Arrow columns as codes, as a coded export has them; what does not fit is refused by column and value."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from survey.counts.arrow_columns import ColumnReader, as_floats
from survey.counts.batches import (
    EMPTY,
    NOT_ASKED,
    REFUSED,
    Batch,
    weights_of,
    with_answered,
    with_derived_codes,
)
from survey.counts.code_columns import CodeColumn
from survey.counts.definition import Definition
from survey.counts.row_totals import refuse_rows
from survey.counts.tally_parts import Refusal
from survey.errors import DataError, Place, Problem
from survey.ingest.number_cells import TOO_LARGE
from survey.ingest.responses import MISSING_KINDS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Codes = npt.NDArray[np.unsignedinteger[Any]]
    Mask = npt.NDArray[np.bool_]


def missing_columns(definition: Definition, names: "list[str]") -> list[str]:
    """The columns that a source must have and does not; open text may be left out of it."""
    wanted = [column.name for column in definition.columns.given if column.cells != "text"]
    wanted += [definition.weight] if definition.weight else []
    wanted += [one.question.id for one in definition.subset if one.question.kind == "text"]
    return [name for name in wanted if name not in set(names)]


def check_columns(definition: Definition, names: "list[str]", source: str) -> None:
    """Refuse columns that are not there, or stand there twice (`DataError`)."""
    gone = missing_columns(definition, names)
    twice = sorted({name for name in needed_columns(definition, names) if names.count(name) > 1})
    if gone or twice:
        key = "tally_columns_absent" if gone else "tally_columns_twice"
        told = {"columns": (gone or twice)[:12], "count": len(gone or twice)}
        if gone and all(f"{name}=" in source for name in gone):
            key = "tally_columns_in_folders"
        values = {**told, "instrument": definition.instrument.reference}
        raise DataError(Problem(key, Place(file=source), values))


def needed_columns(definition: Definition, names: "list[str]") -> list[str]:
    """The columns of a source that are looked at, in its order."""
    own = {column.name for column in definition.columns.given}
    own |= {f"{name}__missing" for name in own} | ({definition.weight} if definition.weight else set())
    return [name for name in names if name in own]


def batch_of_arrow(table: "pa.RecordBatch | pa.Table", definition: Definition, source: str) -> Batch:
    """Code a batch of Arrow columns as `survey export --to parquet` writes them.

    What does not fit is in `refusals`, and missing of kind "refused".

    Raises
    ------
    DataError
        A column is not there, or stands there twice.
    """
    import numpy as np

    names = list(table.schema.names)
    check_columns(definition, names, source)
    batch = Batch(table.num_rows, sources=((source, table.num_rows),))
    wanted_texts = {one.question.id for one in definition.subset if one.question.kind == "text"}
    refusals: list[Refusal] = []
    out_of_range: npt.NDArray[np.int64] | None = None
    for column in definition.columns.given:
        if column.name not in names:
            batch.codes[column.name] = np.zeros(batch.size, np.uint8)
            batch.codes |= {name: np.zeros(batch.size, np.uint8) for name in _beside(definition, column)}
            batch.kinds[column.name] = np.full(batch.size, NOT_ASKED, np.uint8)
            continue
        cells = _whole(table.column(column.name))
        question, unrated = definition.instrument.question(column.question), definition.columns.unrated
        coded = ColumnReader(column, question, cells, unrated.get(column.name))
        batch.codes[column.name] = coded.codes
        batch.codes |= dict.fromkeys(_beside(definition, column), coded.beside_codes)
        if coded.numbers is not None:
            batch.numbers[column.name] = coded.numbers
        if column.name in wanted_texts:
            batch.texts[column.name] = _texts(cells)
        for (key, value), count in coded.refused.items():
            refusals.append(Refusal(source, column.name, key, value, count))
        if coded.set_aside is not None and column.cells in ("point", "number", "date"):
            out_of_range = coded.set_aside + (0 if out_of_range is None else out_of_range)
        if (kinds := _kinds(table, names, column.name, coded)) is not None:
            batch.kinds[column.name] = kinds
    batch.refusals = tuple(refusals)
    batch.out_of_range = out_of_range
    refuse_rows(batch, definition, source)
    if definition.weight:
        cells = _whole(table.column(definition.weight))
        batch.weights = weights_of(as_floats(cells), definition.weight, source)
    return with_answered(with_derived_codes(batch, definition), definition)


def _beside(definition: Definition, column: CodeColumn) -> list[str]:
    """The name of the column that holds what rates nothing in another; none where there is nothing such."""
    unrated = definition.columns.unrated
    return [unrated[column.name].name] if column.name in unrated else []


def _whole(column: Any) -> Any:
    """One array of a column that may come in chunks; extension types as what they are stored in."""
    import pyarrow as pa

    found = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(found, pa.ChunkedArray):  # chunks that do not fit into one array
        found = pa.concat_arrays(found.chunks) if found.num_chunks else pa.array([], found.type)
    if isinstance(found, pa.RunEndEncodedArray):
        import pyarrow.compute as pc

        return pc.run_end_decode(found)
    return found.storage if isinstance(found, pa.ExtensionArray) else found


def _texts(cells: Any) -> list[str | None]:
    return [None if text is None else str(text) for text in cells.to_pylist()]


def _kinds(table: Any, names: list[str], name: str, coded: "ColumnReader") -> "Codes | None":
    """The kind of every gap of a column: as its `__missing` column says, else empty; set aside is refused."""
    import numpy as np
    import pyarrow as pa

    gaps = coded.codes == 0
    if not gaps.any():
        return None
    kinds = np.zeros(len(gaps), np.uint8)
    kinds[gaps] = EMPTY
    said = f"{name}__missing"
    if said in names:
        words = _whole(table.column(said))
        if not pa.types.is_dictionary(words.type):
            words = words.dictionary_encode()
        known = {kind: place for place, kind in enumerate(MISSING_KINDS, 1)}
        lookup = np.array(
            [*(known.get(word, EMPTY) for word in words.dictionary.to_pylist()), EMPTY], np.uint8
        )
        places = words.indices.fill_null(len(lookup) - 1).to_numpy(zero_copy_only=False)
        kinds[gaps] = lookup[places[gaps]]
    if coded.set_aside is not None:
        kinds[coded.set_aside] = REFUSED
    kinds[coded.beside_codes > 0] = 0
    return kinds


def refusal_values(definition: Definition, refusal: Refusal) -> Mapping[str, Any]:
    """What the message of a refusal is filled with."""
    column = definition.columns.by_name[refusal.column]
    question = definition.instrument.question(column.question)
    values: dict[str, Any] = {"value": refusal.value, "count": refusal.n}
    if column.cells == "point":
        values |= {"low": column.codes[0], "high": column.codes[-1]}
    elif column.cells == "date":
        limits = question.limits
        first, last = (limits.earliest, limits.latest) if limits else (None, None)
        values |= {"low": first or "-∞", "high": last or "∞"}
    elif column.cells == "number":
        limits = question.number_limits
        low, high = (limits.minimum, limits.maximum) if limits else (None, None)
        values |= {"limit": f"{TOO_LARGE:g}"}
        values |= {"low": "-∞" if low is None else f"{low:g}", "high": "∞" if high is None else f"{high:g}"}
    elif question.total is not None:
        values |= {"total": f"{question.total:g}", "tolerance": f"{question.allowed_error:g}"}
    return values
