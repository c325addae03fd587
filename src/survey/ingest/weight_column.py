"""The column of weights of a file: named by hand, read under rules, and told.

A weight that is missing, negative or no number is refused, as are weights of nothing but zero. Some zeros and
weights that are all the same are told; respondents of weight zero are still counted in `n` and `base`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from survey.errors import DataError, Place, Problem, UsageError, usage
from survey.ingest.column_targets import META_HEADERS, WEIGHT
from survey.ingest.conversion import Conversion
from survey.ingest.mapping import Mapping
from survey.ingest.provenance import Weighting
from survey.ingest.raw_table import RawColumn, RawTable
from survey.ingest.responses import Responses
from survey.instrument.sampling_design import names_replicate_weights
from survey.wording import near_misses, normalise, quoted

_ABSENT = "weight_column_absent"
_SHOWN = 8  # headers that an error lists


def with_weight(mapping: Mapping | None, weight: str | None) -> Mapping | None:
    """The map with one column more: the one that holds the weights."""
    if weight is None:
        return mapping
    mapping = mapping or Mapping()
    columns = {header: target for header, target in mapping.columns.items() if target != WEIGHT}
    name = normalise(weight)
    written = {**mapping.written, name: weight}
    return replace(mapping, columns={**columns, name: WEIGHT}, written=written)


def check_weight_named(weight: object, tables: Iterable[RawTable]) -> None:
    """Refuse (`UsageError`) the name of no column of weights, of two, and of replicate weights."""
    if weight is None:
        return
    if isinstance(weight, str) and names_replicate_weights(weight):
        raise usage("weights_replicates", name=weight)
    tables = list(tables)
    headers = [column.header for table in tables for column in table.columns if column.header]
    if not isinstance(weight, str) or normalise(weight) not in set(map(normalise, headers)):
        near = near_misses(str(weight), headers) or list(dict.fromkeys(headers))[-_SHOWN:]
        raise usage(_ABSENT, name=weight, known=near)
    for table in tables:
        own = [column for column in table.columns if normalise(column.header or "") == normalise(weight)]
        if len(own) > 1:
            letters = [column.letter for column in own]
            values = {"name": weight, "count": len(own), "letters": letters}
            raise UsageError(Problem("weight_column_twice", table.place(own[1]), values))


def lacks_weights(error: UsageError) -> bool:
    """Whether a file was refused for nothing but that it has no column of the weights that were named."""
    return all(problem.key == _ABSENT for problem in error.problems)


def _column_of(conversion: Conversion) -> RawColumn | None:
    """The column that is read as weights."""
    return next((column for column, name in conversion.match.meta if name == WEIGHT), None)


def weight_problems(conversion: Conversion) -> Iterator[Problem]:
    """The weights that are none, by kind with the first address; nothing but zeros."""
    column = _column_of(conversion)
    if column is None or WEIGHT not in conversion.about:
        return
    weights = list(conversion.about[WEIGHT])
    filled = column.cells.filled().tolist()
    rows = {
        "weights_blank": [row for row, there in enumerate(filled) if not there],
        "weights_unreadable": [row for row, there in enumerate(filled) if there and weights[row] is None],
    }
    for key, bad in rows.items():
        if bad:
            value = quoted(str(column.cells[bad[0]])[:40])
            values = {"count": len(bad), "header": column.header[:80], "value": value}
            yield Problem(key, conversion.table.place(column, bad[0]), values)
    if weights and not any(rows.values()) and not any(weights):
        yield Problem("weights_zero", conversion.table.place(column))


def with_weighting(responses: Responses, conversion: Conversion) -> Responses:
    """The responses with the name of their weights, and with what is to be told of them.

    What a workbook of ours says of its weights stays, unless another column was named.
    """
    column = _column_of(conversion)
    made = responses.provenance.weighting
    if column is None or WEIGHT not in responses.meta:
        return responses
    place = conversion.table.place(column)
    weights = responses.meta[WEIGHT]
    values = {"header": column.header[:80]}
    notices = [Problem("weights_used", place, values)]
    if zeros := int((weights == 0).sum()):
        notices.append(Problem("weights_some_zero", place, {**values, "count": zeros}))
    if len(weights) > 1 and weights.nunique() == 1:
        notices = [Problem("weights_equal", place, values)]
    ours = made is not None and normalise(column.header) in META_HEADERS[WEIGHT]
    own = made if ours else Weighting(column.header)
    return replace(
        responses,
        problems=(*responses.problems, *notices),
        provenance=replace(responses.provenance, weighting=own),
    )


def refuse_partly_weighted(responses: Responses) -> None:
    """Refuse files of which some have weights and others none (`DataError`)."""
    if WEIGHT in responses.meta and (lacking := responses.meta[WEIGHT].isna()).any():
        files = list(dict.fromkeys(responses.meta.loc[lacking, "source"].astype(str)))
        raise DataError(Problem("weights_of_some", Place(), {"files": files, "count": int(lacking.sum())}))
