"""The columns of a file that no question knows, each with what it may be: weights, parts of a design."""

import re
from typing import Any

from survey.errors import Problem
from survey.ingest.conversion import Conversion
from survey.ingest.headers import Headers
from survey.ingest.number_cells import number_reader
from survey.ingest.raw_table import RawColumn
from survey.instrument.sampling_design import is_design_part, is_replicate_weight
from survey.wording import normalise

_WEIGHT_HEADER = re.compile(
    r"(?:.*[_ .])?(?:weights?|wts?|wgts?|gewicht(?:ung)?|poids|peso|pond(?:eration|eracion)?)(?:[_ .].*)?"
    r"|w[_ .]?(?:final|raked?|trim(?:med)?|post|cal|adj)(?:[_ .]?\w*)?|.*(?:权重|权数|加权).*"
)


_FEW_WEIGHTS = 2  # different ones


def columns_left_out(conversion: Conversion) -> list[Problem]:
    """The columns of no question, each with what it may be; replicate weights together."""
    notices: list[Problem] = []
    headers = Headers(conversion.instrument)
    replicates: list[RawColumn] = []
    for column in conversion.match.unmatched:
        near = [headers.proposed(name) for name in headers.near(*reversed(column.also), column.header)]
        filled = int(column.cells.filled().sum())
        if not (filled or column.header):
            continue  # what it held was in a row that is no respondent, and is told there
        values: dict[str, Any] = {"header": column.header[:80], "filled": filled, "near": near}
        key = "column_unmatched_near" if near else "column_unmatched" if column.header else "column_headless"
        if is_replicate_weight(column.header):
            replicates.append(column)
            continue
        if is_design_part(column.header):
            key = "column_looks_design"
        elif column.header and (weights := _as_weights(column)):
            key = "column_looks_weight"
            values |= weights
        values["letter"] = column.letter
        notices.append(Problem(key, conversion.table.place(column), values))
    if replicates:
        headers_shown = [column.header[:80] for column in replicates[:3]]
        replicate_values = {"headers": headers_shown, "count": len(replicates)}
        at = conversion.table.place(replicates[0])
        notices.append(Problem("columns_look_replicates", at, replicate_values))
    return notices


def _as_weights(column: RawColumn) -> dict[str, str]:
    """What a column looks like that is headed as weights are: numbers, none below zero, around 1; else {}."""
    if not _WEIGHT_HEADER.fullmatch(normalise(column.header)):
        return {}
    counts = column.cells.numbers().tolist()
    reads = [
        (number_reader(kind).value, n)
        for kind, n in zip(column.cells.kinds, counts, strict=True)
        if n and kind is not None
    ]
    numbers = [(value, n) for value, n in reads if value is not None and value >= 0]
    if not numbers or len(numbers) < len(reads) or len(numbers) < _FEW_WEIGHTS:
        return {}
    mean = sum(value * n for value, n in numbers) / sum(n for _, n in numbers)
    low, high = min(value for value, _ in numbers), max(value for value, _ in numbers)
    return {"low": f"{low:.4g}", "high": f"{high:.4g}", "mean": f"{mean:.4g}"}
