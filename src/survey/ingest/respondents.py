"""What an export says of its respondents beside the answers: typed, and personal fields only on purpose.

========== =========================================================================================
column     what it is
========== =========================================================================================
key        the platform's id, text
started    datetime64, the wall clock of the export, without zone; `submitted` the same
duration   seconds
status     "" for an ordinary row, "test", "preview", "spam"
progress   0 to 100
finished   boolean
language   as the platform writes it; `channel` the same
device     d1, d2, ...: one per different address or device of all files; itself it is not kept
weight     a number, at least 0
wave       not kept: `Provenance.wave` says it, of all respondents alike
ip         with `email`, `name` and `location`: only where they are kept on purpose
========== =========================================================================================
"""

import datetime
import math
import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from survey.errors import Problem
from survey.files.distinct_values import Coded
from survey.files.grid import Uncached
from survey.ingest.cell_values import as_text
from survey.ingest.dates import months_first, read_date, read_duration, signs_of
from survey.ingest.dialects.roles import PERSONAL
from survey.ingest.layout import Habits
from survey.ingest.number_cells import number_reader
from survey.ingest.raw_table import RawColumn, RawTable
from survey.wording import normalise, quoted

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Mask = npt.NDArray[np.bool_]

_MOMENTS = ("started", "submitted")
_STATUS = {
    **dict.fromkeys(("survey preview", "preview", "survey preview (spam)", "预览"), "preview"),
    **dict.fromkeys(("survey test", "test", "测试"), "test"),
    **dict.fromkeys(("spam", "imported (spam)"), "spam"),
}
_YES = frozenset({"1", "true", "yes", "是", "2", "complete", "completed", "finished", "已完成", "完成"})
_NO = frozenset(
    {"0", "false", "no", "否", "incomplete", "unverified", "partial", "partially completed", "disqualified"}
)
_ADDRESS_AND_PLACE = re.compile(r"([0-9a-fA-F.:*]+)\s*[(（](.*)[)）]")
_CODE = re.compile(r"d\d+")
_SEQUENCE_DIGITS = 6


def about_columns(
    table: RawTable,
    columns: list[tuple[RawColumn, str]],
    *,
    keep_personal: bool,
    devices: "Devices | None" = None,
) -> tuple[dict[str, Coded[Any]], list[tuple[RawColumn, str, bool, "Mask"]], list[Problem]]:
    """Read the columns on the respondents.

    `devices` are those of the files read before, so that one device has one code in all of them. Gives the
    columns of `meta`, for every raw column its name, whether it is kept and which rows of it
    could not be read, and what is to be told.
    """
    out: dict[str, Coded[Any]] = {}
    counted: list[tuple[RawColumn, str, bool, Mask]] = []
    problems: list[Problem] = []
    codes = Devices() if devices is None else devices
    habits = table.habits
    statuses = {**_STATUS, **habits.statuses}
    for column, name in columns:
        cells = column.cells.map(lambda raw: None if isinstance(raw, Uncached) else raw)
        texts = cells.map(lambda raw: None if raw is None else as_text(raw))
        read = _READERS.get(name)
        if name in _MOMENTS:
            read, notices = _date_reader(table, column, cells)
            problems += notices
        bad = cells.where(lambda raw: False)
        if read is not None:
            out[name], bad = _parsed(cells, read)
            if name in _MOMENTS:
                out[name] = out[name].map(partial(_kept_moment, no_date=habits.no_date))
        elif name == "status":
            out[name] = texts.map(lambda text: statuses.get(normalise(text or ""), ""))
        else:
            _read_text(out, name, texts, codes, table.file, keep_personal=keep_personal)
        if bad.any():
            first = int(bad.argmax())
            place = table.place(column, first, name)
            example = quoted(str(texts[first]))
            values = {"count": int(bad.sum()), "header": column.header[:80], "value": example}
            problems.append(Problem("about_unreadable", place, values))
        if name == "key" and (cut := texts.where(_is_scientific)).any():
            first = int(cut.argmax())
            values = {"count": int(cut.sum()), "header": column.header[:80], "value": texts[first]}
            problems.append(Problem("ids_scientific", table.place(column, first, name), values))
        counted.append((column, name, keep_personal or name == "ip" or name not in PERSONAL, bad))
    _complete(out, habits)
    return out, counted, problems


def row_states(table: RawTable, columns: list[tuple[RawColumn, str]]) -> Coded[str] | None:
    """What the platform says that every row is: "" for an ordinary one, "preview", "test" or "spam"."""
    by_name = {name: column for column, name in columns}
    habits = table.habits
    state: Coded[str] | None = None
    if (column := by_name.get("status")) is not None:
        statuses = {**_STATUS, **habits.statuses}
        state = column.cells.map(lambda raw: statuses.get(normalise(as_text(raw or "")), ""))
    channel = by_name.get("channel")
    if channel is not None and habits.preview_channels:
        before = state if state is not None else Coded.same("", len(channel.cells))
        ways = channel.cells.where(lambda raw: normalise(as_text(raw or "")) in habits.preview_channels)
        state = before.put(ways & ~before.where(bool), "preview")
    return state


def _parsed(cells: Coded[Any], read: Callable[[Any], Any]) -> tuple[Coded[Any], "Mask"]:
    """The cells as a reader reads them, and which of them it cannot read."""
    parsed = [None if raw is None else read(raw) for raw in cells.kinds]
    lost = [raw is not None and value is None for raw, value in zip(cells.kinds, parsed, strict=True)]
    return Coded(cells.codes, parsed), Coded(cells.codes, lost).where(bool)


def _read_text(
    out: dict[str, Coded[Any]],
    name: str,
    texts: Coded[str | None],
    codes: "Devices",
    file: str,
    *,
    keep_personal: bool,
) -> None:
    if name == "ip":
        _addresses(out, texts, codes, keep_personal=keep_personal)
    elif name == "device":
        out[name] = codes.of(texts, file)
    elif keep_personal or name not in PERSONAL:
        out[name] = texts


def _complete(out: dict[str, Coded[Any]], habits: Habits) -> None:
    """Add what an export says of one thing in the column of another."""
    channel = out.get("channel")
    if channel is not None and habits.preview_channels:
        status = out.setdefault("status", Coded.same("", len(channel)))
        preview = channel.where(lambda way: normalise(way or "") in habits.preview_channels)
        out["status"] = status.put(preview & ~status.where(bool), "preview")
    if habits.dated_if_finished and "submitted" in out and "finished" not in out:
        out["finished"] = out["submitted"].map(lambda moment: moment is not None)


def _date_reader(
    table: RawTable, column: RawColumn, cells: Coded[Any]
) -> tuple[Callable[[Any], Any], list[Problem]]:
    orders, usual = months_first(cells.kinds), table.habits.month_first

    def order_of(raw: Any) -> bool | None:
        return orders.get(signs_of(raw))

    doubtful = cells.where(lambda raw: isinstance(raw, str) and _no_year_first(raw) and order_of(raw) is None)
    notices = []
    if doubtful.any():
        value = as_text(cells[int(doubtful.argmax())])[:40]
        values = {"header": column.header[:80], "value": value}
        notices.append(Problem("dates_doubtful", table.place(column), values))

    def read(raw: Any) -> datetime.datetime | None:
        order = order_of(raw)
        return read_date(raw, months_first=usual if order is None else order)

    return read, notices


def _kept_moment(
    moment: datetime.datetime | None, *, no_date: datetime.date | None
) -> datetime.datetime | None:
    """Drop what an export writes where a survey keeps no dates."""
    return None if moment is not None and moment.date() == no_date else moment


def _no_year_first(text: str) -> bool:
    return re.match(r"\s*\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", text) is not None


def _percent(raw: Any) -> float | None:
    text = normalise(as_text(raw)).removesuffix("%").strip()
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value <= 100 else None


def _weight(raw: Any) -> float | None:
    found = number_reader(raw).value
    return found if found is not None and found >= 0 else None


def _truth(raw: Any) -> bool | None:
    text = normalise(as_text(raw)).removesuffix(".0")
    return True if text in _YES else False if text in _NO else None


# What one cell says, None where it cannot be read.
_READERS: dict[str, Callable[[Any], Any]] = {
    "duration": read_duration,
    "progress": _percent,
    "finished": _truth,
    "weight": _weight,
}


def _addresses(
    out: dict[str, Coded[Any]], texts: Coded[str | None], codes: "Devices", *, keep_personal: bool
) -> None:
    """Split `1.2.3.4(province-city)`; the address gives the device where the export names none."""
    pairs = texts.map(lambda text: _ADDRESS_AND_PLACE.fullmatch(text.strip()) if text else None)
    parted = [pair[1] if pair else text for pair, text in zip(pairs.kinds, texts.kinds, strict=True)]
    addresses = Coded(texts.codes, parted)
    if "device" not in out:
        out["device"] = codes.of(addresses)
    if keep_personal:
        out["ip"] = addresses
        if any(pairs.kinds):
            out.setdefault("location", pairs.map(lambda pair: pair[2] if pair else None))


def _is_scientific(text: str | None) -> bool:
    return text is not None and re.fullmatch(r"\d[.,]\d+e\+\d+", text.strip(), re.IGNORECASE) is not None


def is_running_number(key: str) -> bool:
    """Tell whether an id is a running number such as 序号: two files may both have it."""
    return key.isdigit() and len(key) < _SEQUENCE_DIGITS


class Devices:
    """The devices of one reading: d1, d2, ... in the order of appearance."""

    def __init__(self) -> None:
        """Begin with none."""
        self._codes: dict[str, str] = {}
        self._taken: set[str] = set()

    def of(self, texts: Coded[str | None], file: str = "") -> Coded[str | None]:
        """Give the code of each; where a file holds codes already, they are its own and stay if they can."""
        texts = texts.present()
        own = all(text is None or _CODE.fullmatch(text) for text in texts.kinds)
        return texts.map(
            lambda text: (
                None if text is None else self._code(f"{file}/{text}" if own else text, text if own else "")
            )
        )

    def _code(self, device: str, wish: str = "") -> str:
        if device not in self._codes:
            number = len(self._codes) + 1
            code = wish or f"d{number}"
            while code in self._taken:
                code = f"d{number}"
                number += 1
            self._codes[device] = code
            self._taken.add(code)
        return self._codes[device]


def about_arrays(about: dict[str, Coded[Any]], text: Any) -> dict[str, Any]:
    """Turn the columns into typed arrays, in the order of the table above; `text` is the type of texts."""
    import pandas as pd

    order = (
        "key", "started", "submitted", "duration", "status", "progress", "finished", "language", "channel",
        "device", "weight", *PERSONAL,
    )  # fmt: skip
    arrays: dict[str, Any] = {}
    for name in order:
        if name not in about:
            continue
        cells = about[name]
        if name in ("started", "submitted"):
            arrays[name] = _moments(list(cells.kinds)).take(cells.codes)
        else:
            dtype = {
                "duration": "Float64",
                "weight": "Float64",
                "progress": "Float64",
                "finished": "boolean",
            }.get(name, text)
            arrays[name] = pd.array(list(cells.kinds), dtype=dtype).take(cells.codes)
    return arrays


def _moments(values: list[Any]) -> "pd.DatetimeIndex":
    import numpy as np
    import pandas as pd

    return pd.DatetimeIndex(np.array(values, dtype="datetime64[us]"))
