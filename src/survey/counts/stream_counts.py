"""Streams of Arrow batches into one tally: a batch is coded, filtered, counted, added, and forgotten."""

from dataclasses import replace
from typing import Any

from survey.counts.arrow_batches import batch_of_arrow, needed_columns
from survey.counts.batch_counts import count_batch
from survey.counts.definition import Definition
from survey.counts.model import Tally
from survey.counts.sources import ArrowSource, sized
from survey.progress import advance


def empty_tally(definition: Definition) -> Tally:
    """The tally of nobody."""
    import pyarrow as pa

    columns = [*(one.name for one in definition.columns.given), *filter(None, [definition.weight])]
    nobody = pa.table({name: pa.array([], pa.null()) for name in columns})
    return replace(count_batch(batch_of_arrow(nobody, definition, ""), definition), sources=())


def count_batches(
    batches: Any, definition: Definition, source: ArrowSource | None = None, counted: Tally | None = None
) -> Tally | None:
    """Add Arrow batches of a source to a tally, one after the other; None where there is neither."""
    for table in sized(batches):
        batch = batch_of_arrow(table, definition, source.name if source else "")
        batch.reconstructed = source is not None and source.provenance.reconstructed
        kept = batch.subset(definition)
        own = count_batch(kept, definition, total=batch.size, so_far=counted)
        own = replace(own, refusals=batch.refusals)
        counted = own if counted is None else counted + own
    return counted


def count_streams(sources: list[ArrowSource], definition: Definition) -> Tally:
    """Count every source, one after the other, and tell how far it is."""
    known = [source.rows for source in sources]
    total = None if None in known else sum(rows or 0 for rows in known)
    counted: Tally | None = None
    for source in sources:
        for table in sized(source.open(needed_columns(definition, source.columns))):
            counted = count_batches([table], definition, source, counted)
            advance("rows", counted.total if counted else 0, total)
    return empty_tally(definition) if counted is None else counted
