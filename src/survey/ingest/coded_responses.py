"""Answers that were read, as the frames of `Responses`, with what is to be said of the reading."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from survey.errors import Place, Problem
from survey.files.distinct_values import Coded
from survey.ingest.columns_left_out import columns_left_out
from survey.ingest.conversion import Conversion
from survey.ingest.days import DATE
from survey.ingest.deriving import with_derived
from survey.ingest.provenance import Provenance, RuleCount, Screening, add_counts
from survey.ingest.respondents import about_arrays
from survey.ingest.responses import MISSING_KINDS, Responses
from survey.instrument import Instrument, Question

if TYPE_CHECKING:
    import pandas as pd

# Python keeps text, with pyarrow installed or not: pyarrow refuses what a cell can hold (lone surrogates).
TEXT = "string[python]"


def to_responses(
    conversion: Conversion,
    *,
    provenance: Provenance,
    index: "pd.Index | None" = None,
    set_aside: bool = False,
) -> Responses:
    """Build the frames; cells in `conversion.bad` are missing, of kind `refused`, and stand in `problems`."""
    import numpy as np
    import pandas as pd

    instrument, table = conversion.instrument, conversion.table
    size = len(table.numbers)
    rows = pd.RangeIndex(size) if index is None else index
    kinds = pd.CategoricalDtype(["", *MISSING_KINDS])
    nothing, not_asked = Coded.same(None, size), Coded.same("not_asked", size)
    data: dict[str, Any] = {}
    missing: dict[str, Any] = {}
    for question in instrument.questions:
        for name in question.columns:
            dtype = column_dtype(conversion.instrument, question, name)
            data[name] = typed(conversion.values.get(name, nothing), dtype)
            missing[name] = typed(conversion.missing.get(name, not_asked), kinds)
    alike = {"source": table.file, "sheet": table.sheet}
    places = {name: pd.Series([text]).array.take(nothing.codes) for name, text in alike.items()}
    places["row"] = np.array(table.numbers, np.int64)
    about = about_arrays(conversion.about, TEXT)
    responses = Responses(
        data=pd.DataFrame(data, index=rows),
        missing=pd.DataFrame(missing, index=rows),
        meta=pd.DataFrame({**places, **about}, index=rows),
        instrument=conversion.schema,
        problems=(*(conversion.bad if set_aside else ()), *conversion.doubts, *_notices(conversion)),
        accounting=_accounting(conversion),
        provenance=_with_rows_left_out(conversion, provenance),
    )
    return with_derived(responses)


def _with_rows_left_out(conversion: Conversion, provenance: Provenance) -> Provenance:
    """Say which rows were left out while reading, those of earlier readings with them."""
    counts = [RuleCount(rule, n) for rule, n in conversion.left_out.items() if n]
    if not counts:
        return provenance
    rows = len(conversion.table.numbers) + sum(count.n for count in counts)
    earlier = provenance.screening or Screening((), rows)
    screening = Screening(add_counts([*earlier.counts, *counts]), earlier.total)
    return replace(provenance, screening=screening)


def typed(cells: Coded[Any], dtype: Any) -> Any:
    """Make an array of a pandas type: each kind once, then as often as it stands there."""
    import pandas as pd

    return pd.array(list(cells.kinds), dtype=dtype).take(cells.codes)


def column_dtype(instrument: Instrument, question: Question, column: str) -> Any:
    """Give the dtype of a column of `Responses.data`."""
    import pandas as pd

    cells = "text" if column in question.text_columns else question.traits.cells
    if cells == "option":
        return pd.CategoricalDtype([option.id for option in question.options])
    if cells == "point" and not instrument.is_whole(question):
        return "Float64"
    types = {"tick": "boolean", "point": "Int64", "number": "Float64", "date": DATE, "text": TEXT}
    return types[cells]


def _notices(conversion: Conversion) -> list[Problem]:
    """What a reader must know though it stops nothing: columns not matched, parts absent, doubles."""
    notices = list(conversion.match.notices)
    place = Place(file=conversion.table.file, sheet=conversion.table.sheet)
    if not conversion.table.of_no_platform:
        key = "dialect_told" if conversion.table.reason else "dialect_chosen"
        dialect_values = {"dialect": conversion.table.dialect, "reason": conversion.table.reason}
        notices.insert(0, Problem(key, place, dialect_values))
    notices += [Problem(key, place) for key in conversion.table.unverified]
    own = [column.header for column in conversion.match.not_kept if column.role or column.otherwise]
    if own:
        place = Place(file=conversion.table.file, sheet=conversion.table.sheet)
        notices.append(Problem("columns_of_platform", place, {"names": own, "count": len(own)}))
    notices += columns_left_out(conversion)
    if conversion.table.merged:
        ranges = conversion.table.merged[:5]
        place = Place(file=conversion.table.file, sheet=conversion.table.sheet)
        notices.append(
            Problem("cells_merged", place, {"ranges": ranges, "count": len(conversion.table.merged)})
        )
    absent = set(conversion.match.absent) - conversion.values.keys()
    for question in conversion.instrument.questions:
        gone = [name for name in question.columns if name in absent]
        if gone and len(gone) == len(question.columns):
            notices.append(Problem("question_absent", values={"question": question.id}))
        elif gone:
            names = [name.removeprefix(f"{question.id}__") for name in gone]
            notices.append(Problem("parts_absent", values={"question": question.id, "parts": names}))
    return notices


def _accounting(conversion: Conversion) -> "pd.DataFrame":
    import pandas as pd

    read = len(conversion.table.columns) * len(conversion.table.numbers) + conversion.strays
    lines = [
        ("read", ""),
        ("mapped", "answer"),
        ("mapped", "about_respondent"),
        *(("missing", kind) for kind in MISSING_KINDS),
        ("refused", "unreadable_cell"),
        ("refused", "unknown_column"),
        ("refused", "not_kept"),
        ("left_out", "rows"),
    ]
    cells = [read if line[0] == "read" else conversion.counts[line] for line in lines]
    if sum(cells[1:]) != read:
        raise RuntimeError(f"cells read {read}, accounted for {sum(cells[1:])}")
    return pd.DataFrame(
        {"category": [line[0] for line in lines], "kind": [line[1] for line in lines], "cells": cells}
    )
