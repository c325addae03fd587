"""Responses from a DataFrame: its values as a workbook could hold them."""

import datetime
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.arguments import unfit
from survey.errors import DataError, Place, usage
from survey.files.distinct_values import Coded
from survey.files.grid import Grid, unless_blank
from survey.ingest.cell_values import as_text
from survey.ingest.coded_responses import to_responses
from survey.ingest.coding import convert, describe
from survey.ingest.dialects import read_grid
from survey.ingest.nearest_headers import headers_problem
from survey.ingest.provenance import Provenance
from survey.ingest.provenance_pairs import KNOWN_KEYS, read_provenance
from survey.ingest.raw_table import RawColumn, RawTable, column_letter
from survey.ingest.responses import Responses
from survey.ingest.wave_column import wave_problems, with_wave, with_wave_label
from survey.ingest.weight_column import check_weight_named, weight_problems, with_weight, with_weighting
from survey.instrument import Instrument, load_instrument
from survey.wording import quoted

if TYPE_CHECKING:
    import pandas as pd


def from_frame(
    frame: "pd.DataFrame",
    instrument: "str | Path | Instrument",
    *,
    origin: "Provenance | dict[str, Any] | None" = None,
    set_aside: bool = False,
    dialect: str | None = None,
    weight: str | None = None,
) -> Responses:
    """Take responses from a DataFrame: one row per respondent, columns headed as in a workbook.

    Cells mean what they mean in a workbook: codes, labels or numbers; missing values of pandas are blanks.
    The index is kept. `origin` is what a file would say of itself: a dictionary such as `{"wave": "2027-04"}`
    (also `title`, `source`, `licence`, `fielded_by`, and `"reconstructed": "yes"` of made-up answers), or a
    `Provenance`. A frame without rows gives responses without respondents.

    Parameters
    ----------
    frame
        One row per respondent, columns headed as in a workbook.
    instrument
        `ID`, `ID@VERSION`, the path of a YAML file, or an `Instrument`.
    origin
        What a file would say of itself (`{"wave": "2027-04"}`), or a `Provenance`.
    set_aside
        Go on without the cells that cannot be read; they stay listed in `problems`.
    dialect
        The layout of the platform that the frame was exported from (`qualtrics`, ...), further header rows of
        it included; a plain table where None. Rows that are no respondents are left out, as of a file.
    weight
        The column of weights; where None, the one that the instrument or its own name says is one.

    Raises
    ------
    UsageError
        There is no such instrument or dialect, `frame` is no DataFrame, or `origin` has an entry that is
        unknown or cannot be read.
    DataError
        No column matches, two columns mean the same, or cells cannot be read (all of them at once).

    Examples
    --------
    >>> import pandas as pd
    >>> import survey
    >>> frame = pd.DataFrame({"firm_type": ["biotech", "biopharma"], "challenges__geopolitics": [5, 2]})
    >>> survey.from_frame(frame, "executive-survey@1.0.0", origin={"wave": "2027-04"})
    <Responses: 2 respondents, executive-survey@1.0.0>
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise unfit("frame_needed", frame)
    schema = load_instrument(instrument)
    provenance = _provenance_of(origin)
    names = [heading(name) for name in frame.columns]
    cells = [plain_values(frame.iloc[:, position]) for position in range(len(names))]
    if dialect is None:
        columns = [RawColumn(name, name, values) for name, values in zip(names, cells, strict=True)]
        table = RawTable("DataFrame", "", columns, list(range(len(frame))), 0)
    else:
        table = _frame_table(names, cells, dialect)
    check_weight_named(weight, [table])
    wave = provenance.wave or None
    mapping = with_wave(with_weight(None, weight), wave)
    conversion = describe(convert(table, schema, every_row=True, mapping=mapping))
    if not conversion.match.fits:
        raise DataError(headers_problem(names, [schema], Place(file="DataFrame")))
    bad = [
        *conversion.match.faults,
        *(() if set_aside else conversion.first_bad),
        *weight_problems(conversion),
    ]
    bad += wave_problems(conversion.table, conversion.match, "", wave)
    if bad:
        raise DataError(*bad)
    index = frame.index.take(conversion.table.numbers)
    provenance = with_wave_label(provenance, conversion.match, wave)
    responses = to_responses(conversion, provenance=provenance, index=index, set_aside=set_aside)
    return with_weighting(responses, conversion)


def _frame_table(names: list[str], cells: list[list[Any]], dialect: str) -> RawTable:
    """The table of a frame in the layout of a platform: its columns are named, its rows counted from 0."""
    columns = {
        place: Coded.of([name or None, *values]).map(unless_blank)
        for place, (name, values) in enumerate(zip(names, cells, strict=True))
    }
    rows = max(map(len, cells), default=0)
    table = read_grid(Grid("DataFrame", "", columns, list(range(-1, rows))), dialect)
    by_letter = {column_letter(place): name for place, name in enumerate(names)}
    named = [replace(column, letter=by_letter[column.letter]) for column in table.columns]
    return replace(table, columns=named)


def _provenance_of(origin: "Provenance | dict[str, Any] | None") -> Provenance:
    if isinstance(origin, Provenance):
        return origin
    given = {str(key): value for key, value in (origin or {}).items() if value is not None}
    yes_no = {True: "yes", False: "no"}
    texts = {key: yes_no[value] if isinstance(value, bool) else str(value) for key, value in given.items()}
    provenance, unread = read_provenance(texts)
    if unread:
        entries = [f"{key} = {quoted(value)}" for key, value in unread.items()]
        raise usage("origin_unread", entries=entries, known=list(KNOWN_KEYS))
    return provenance


def heading(name: Any) -> str:
    """Give the name of a column as a header; the levels of a MultiIndex stand one after the other."""
    levels = name if isinstance(name, tuple) else (name,)
    texts = [as_text(plain) for plain in map(_plain_value, levels) if plain is not None]
    return ": ".join(text for text in texts if text)


def plain_values(column: "pd.Series[Any]") -> list[Any]:
    """The values of a column as a workbook could hold them; None for what is missing."""
    cells = zip(column.tolist(), column.isna(), strict=True)
    return [None if gone else _plain_value(value) for value, gone in cells]


def _plain_value(value: Any) -> Any:
    """Turn a value of pandas, numpy or Python into one a workbook could hold; several into joined text."""
    if value is None or isinstance(value, str | bool | int) or (type(value) is float and value == value):
        return value
    import numpy as np
    import pandas as pd

    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    elif isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)
    if isinstance(value, Iterable) and not isinstance(value, str) and not isinstance(value, bytes | dict):
        return "; ".join(as_text(plain) for plain in map(_plain_value, value) if plain is not None)
    if pd.isna(value):  # within a list
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime(warn=False)
    if isinstance(value, Decimal | Fraction):
        return float(value)
    kept = str | bool | int | float | datetime.date | datetime.time
    return value if isinstance(value, kept) else str(value)
