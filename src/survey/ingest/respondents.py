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
ip         with `email`, `name` and `location`: only where they are kept on purpose
========== =========================================================================================
"""

import math
import re
from typing import TYPE_CHECKING, Any

from survey.errors import Problem
from survey.ingest.cells import as_text
from survey.ingest.columns import RawColumn, RawTable
from survey.ingest.dates import month_first, read_date, read_duration
from survey.ingest.dialects.roles import PERSONAL
from survey.ingest.grid import Uncached, is_blank
from survey.wording import normalise, quoted

if TYPE_CHECKING:
    import pandas as pd

_STATUS = {
    **dict.fromkeys(
        ("1", "survey preview", "preview", "9", "17", "survey preview (spam)", "预览"), "preview"
    ),
    **dict.fromkeys(("2", "survey test", "test", "10", "测试"), "test"),
    **dict.fromkeys(("8", "spam", "12", "imported (spam)"), "spam"),
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
) -> tuple[dict[str, list[Any]], list[tuple[RawColumn, str, bool, list[int]]], list[Problem]]:
    """Read the columns on the respondents.

    `devices` are those of the files read before, so that one device has one code in all of them. Gives the
    columns of `meta`, for every raw column its name, whether it is kept and which rows of it
    could not be read, and what is to be told.
    """
    out: dict[str, list[Any]] = {}
    counted: list[tuple[RawColumn, str, bool, list[int]]] = []
    problems: list[Problem] = []
    codes = Devices() if devices is None else devices
    for column, name in columns:
        cells = [None if is_blank(raw) or isinstance(raw, Uncached) else raw for raw in column.values]
        kept = True
        bad: list[int] = []
        if name in ("started", "submitted"):
            out[name], bad, notices = _dates(table, column, cells)
            problems += notices
        elif name == "duration":
            out[name] = [None if raw is None else read_duration(raw) for raw in cells]
            bad = [row for row, raw in enumerate(cells) if raw is not None and out[name][row] is None]
        elif name == "progress":
            out[name] = [None if raw is None else _percent(raw) for raw in cells]
            bad = [row for row, raw in enumerate(cells) if raw is not None and out[name][row] is None]
        elif name == "finished":
            out[name] = [None if raw is None else _truth(raw) for raw in cells]
            bad = [row for row, raw in enumerate(cells) if raw is not None and out[name][row] is None]
        elif name == "status":
            out[name] = ["" if raw is None else _STATUS.get(normalise(as_text(raw)), "") for raw in cells]
        elif name in PERSONAL:
            kept = keep_personal or name == "ip"  # an address becomes a device even where it is not kept
            texts = [None if raw is None else as_text(raw) for raw in cells]
            if name == "ip":
                _addresses(out, texts, codes, keep_personal=keep_personal)
            elif keep_personal:
                out[name] = texts
        elif name == "device":
            out[name] = codes.of([None if raw is None else as_text(raw) for raw in cells], table.file)
        else:
            out[name] = [None if raw is None else as_text(raw) for raw in cells]
        if bad:
            place = table.place(column, bad[0], name)
            values = {
                "count": len(bad),
                "header": column.header[:80],
                "value": quoted(as_text(cells[bad[0]])),
            }
            problems.append(Problem("about_unreadable", place, values))
        counted.append((column, name, kept, bad))
    channel = out.get("channel")
    if channel and table.dialect == "qualtrics":
        status = out.setdefault("status", [""] * len(channel))
        out["status"] = [
            said or ("preview" if normalise(way or "") in ("preview", "test") else "")
            for said, way in zip(status, channel, strict=True)
        ]
    if table.dialect == "limesurvey" and "submitted" in out and "finished" not in out:
        out["finished"] = [moment is not None for moment in out["submitted"]]
    return out, counted, problems


def _dates(
    table: RawTable, column: RawColumn, cells: list[Any]
) -> tuple[list[Any], list[int], list[Problem]]:
    said = month_first(cells)
    first = table.habits.month_first if said is None else said
    moments = [None if raw is None else read_date(raw, months_first=first) for raw in cells]
    bad = [row for row, raw in enumerate(cells) if raw is not None and moments[row] is None]
    # LimeSurvey writes this where a survey keeps no dates.
    moments = [
        None if one and one.year == 1980 and (one.month, one.day) == (1, 1) else one for one in moments
    ]
    notices = []
    doubtful = [row for row, raw in enumerate(cells) if isinstance(raw, str) and _no_year_first(raw)]
    if said is None and doubtful:
        values = {"header": column.header[:80], "value": as_text(cells[doubtful[0]])[:40]}
        notices.append(Problem("dates_doubtful", table.place(column), values))
    return moments, bad, notices


def _no_year_first(text: str) -> bool:
    return re.match(r"\s*\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", text) is not None


def _percent(raw: Any) -> float | None:
    text = normalise(as_text(raw)).removesuffix("%").strip()
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value <= 100 else None


def _truth(raw: Any) -> bool | None:
    text = normalise(as_text(raw)).removesuffix(".0")
    return True if text in _YES else False if text in _NO else None


def _addresses(
    out: dict[str, list[Any]], texts: list[str | None], codes: "Devices", *, keep_personal: bool
) -> None:
    """Split `1.2.3.4(province-city)`; the address gives the device where the export names none."""
    pairs = [_ADDRESS_AND_PLACE.fullmatch(text.strip()) if text else None for text in texts]
    addresses = [pair[1] if pair else text for pair, text in zip(pairs, texts, strict=True)]
    out.setdefault("device", codes.of(addresses))
    if keep_personal:
        out["ip"] = addresses
        if any(pairs):
            out.setdefault("location", [pair[2] if pair else None for pair in pairs])


def is_running_number(key: str) -> bool:
    """Tell whether an id is a running number such as 序号: two files may both have it."""
    return key.isdigit() and len(key) < _SEQUENCE_DIGITS


class Devices:
    """The devices of one reading: d1, d2, ... in the order of appearance."""

    def __init__(self) -> None:
        """Begin with none."""
        self._codes: dict[str, str] = {}
        self._taken: set[str] = set()

    def of(self, texts: list[str | None], file: str = "") -> list[str | None]:
        """Give the code of each; where a file holds codes already, they are its own and stay if they can."""
        own = all(text is None or _CODE.fullmatch(text) for text in texts)
        return [
            None if text is None else self._code(f"{file}/{text}" if own else text, text if own else "")
            for text in texts
        ]

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


def about_arrays(about: dict[str, list[Any]], text: Any) -> dict[str, Any]:
    """Turn the columns into typed arrays, in the order of the table above; `text` is the type of texts."""
    import pandas as pd

    order = (
        "key", "started", "submitted", "duration", "status", "progress", "finished", "language", "channel",
        "device", *PERSONAL,
    )  # fmt: skip
    arrays: dict[str, Any] = {}
    for name in order:
        if name not in about:
            continue
        values = about[name]
        if name in ("started", "submitted"):
            arrays[name] = _moments(values)
        elif name in ("duration", "progress"):
            arrays[name] = pd.array(values, dtype="Float64")
        elif name == "finished":
            arrays[name] = pd.array(values, dtype="boolean")
        else:
            arrays[name] = pd.array(values, dtype=text)
    return arrays


def _moments(values: list[Any]) -> "pd.DatetimeIndex":
    import numpy as np
    import pandas as pd

    return pd.DatetimeIndex(np.array(values, dtype="datetime64[us]"))
