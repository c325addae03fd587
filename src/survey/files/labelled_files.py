"""Files of SPSS and Stata, told by their content, with their labels."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from survey.errors import DataError, Place, Problem
from survey.files.plain_values import plain_value

_SPSS = (b"$FL2@(#)", b"$FL3@(#)")
_STATA_XML = b"<stata_dta>"
_STATA_RELEASES = range(104, 116)  # the first byte of the formats before XML; the second says the byte order
_MOST_CELLS = 20_000_000


@dataclass(frozen=True)
class Variable:
    """What a file says of one column: its label, the labels of its codes, the ranges declared missing."""

    name: str
    label: str = ""
    codes: dict[Any, str] = field(default_factory=dict)
    missing: tuple[tuple[Any, Any], ...] = ()
    measure: str = ""

    def is_missing(self, value: Any) -> bool:
        """Tell whether the file declares a value as missing."""
        kind = str if isinstance(value, str) else (int, float)
        return any(isinstance(low, kind) and low <= value <= high for low, high in self.missing)


@dataclass(frozen=True)
class ResponseSet:
    """A multiple-response set: `counted` is the code of a tick; None where each variable holds a category."""

    name: str
    label: str
    variables: tuple[str, ...]
    counted: float | str | None


@dataclass(frozen=True)
class Dictionary:
    """What an SPSS or Stata file says of its columns, in their order."""

    program: str
    title: str
    variables: tuple[Variable, ...]
    sets: tuple[ResponseSet, ...] = ()


def is_labelled(content: bytes) -> bool:
    """Tell whether this is a file of SPSS or Stata."""
    return content.startswith((*_SPSS, _STATA_XML)) or (
        len(content) > 3 and content[0] in _STATA_RELEASES and content[1] in (1, 2) and content[2] == 1
    )


def read_labelled(content: bytes, place: Place) -> tuple[list[list[Any]], Dictionary]:
    """Read the columns of an SPSS or Stata file, as stored, and what it says of them.

    Codes stay codes, also those that are declared missing; a date is a date.

    Raises
    ------
    DataError
        The file is damaged, or holds more cells than are read.
    """
    import pyreadstat

    spss = content.startswith(_SPSS)
    read: Callable[..., Any] = pyreadstat.read_sav if spss else pyreadstat.read_dta
    try:
        _, about = read(BytesIO(content), metadataonly=True)
        if (about.number_rows or 0) * len(about.column_names) > _MOST_CELLS:
            raise DataError(Problem("table_too_large", place, {"limit": _MOST_CELLS}))
        values, about = read(BytesIO(content), user_missing=True, output_format="dict")
    except DataError:
        raise
    except Exception as error:  # whatever the damage makes it raise
        raise DataError(Problem("labelled_damaged", place, {"told": error})) from None
    variables = []
    columns = []
    for name in about.column_names:
        codes = {
            plain_value(code): str(text) for code, text in about.variable_value_labels.get(name, {}).items()
        }
        ranges = tuple(
            (plain_value(one["lo"]), plain_value(one["hi"])) for one in about.missing_ranges.get(name, [])
        )
        ranges += tuple((code, code) for code in about.missing_user_values.get(name, []) if not spss)
        label = (about.column_names_to_labels.get(name) or "").strip()
        measure = about.variable_measure.get(name, "")
        variables.append(Variable(name, label, codes, ranges, "" if measure == "unknown" else measure))
        columns.append([plain_value(value) for value in values[name]])
    sets = tuple(
        ResponseSet(
            name.lstrip("$"),
            one.get("label") or "",
            tuple(one["variable_list"]),
            one["counted_value"] if one["is_dichotomy"] else None,
        )
        for name, one in (getattr(about, "mr_sets", None) or {}).items()
    )
    title = (about.file_label or "").strip()
    return columns, Dictionary("spss" if spss else "stata", title, tuple(variables), sets)
