"""A column of Arrow cells as codes, and the cells that are none."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from survey.counts.batches import codes_of_points, narrowest
from survey.counts.code_columns import CodeColumn
from survey.ingest.days import day_limits, days_of
from survey.ingest.number_cells import TOO_LARGE
from survey.instrument import Question
from survey.wording import quoted

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Codes = npt.NDArray[np.unsignedinteger[Any]]
    Mask = npt.NDArray[np.bool_]


class ColumnReader:
    """The cells of one Arrow column as codes, and what of it does not fit, by reason and value."""

    def __init__(
        self, column: CodeColumn, question: Question, cells: Any, beside: CodeColumn | None = None
    ) -> None:
        """Read the cells; what is a code of the column `beside` goes there."""
        import numpy as np
        import pyarrow as pa

        self.column, self.question, self.beside = column, question, beside
        self.codes: Codes = np.zeros(len(cells), narrowest(column))
        self.beside_codes: Codes = np.zeros(len(cells), np.uint8)
        self.numbers: npt.NDArray[np.float64] | None = None
        self.refused: Counter[tuple[str, str]] = Counter()
        self.set_aside: Mask | None = None
        if column.cells in ("number", "date"):
            self.numbers = np.full(len(cells), np.nan)
        if pa.types.is_null(cells.type):
            return
        readers = {"text": self._read_texts, "option": self._read_options, "date": self._read_days}
        readers.get(column.cells, self._read_coded)(cells)

    def _read_coded(self, cells: Any) -> None:
        """Read what is written as numbers, or as true and false."""
        import pyarrow as pa

        if pa.types.is_dictionary(cells.type):
            cells = cells.dictionary_decode()
        numeric = pa.types.is_integer(cells.type) or pa.types.is_floating(cells.type)
        if self.column.cells == "tick" and pa.types.is_boolean(cells.type):
            self._read_ticks(cells)
        elif not (numeric or pa.types.is_decimal(cells.type)):
            self._refuse_all(cells)
        elif self.column.cells == "number":
            self._read_numbers(cells)
        else:
            self._read_points(cells)

    @property
    def _key(self) -> str:
        """The message for a value that is none of the column's."""
        names = {"option": "option", "point": "on_scale", "tick": "tick", "number": "number", "date": "date"}
        return f"cells_not_{names[self.column.cells]}"

    def _refuse(self, key: str, wrong: "Mask", values: Any) -> None:
        """Refuse some cells; `values` are those of all cells."""
        import numpy as np

        self.codes[wrong] = 0
        if self.numbers is not None:
            self.numbers[wrong] = np.nan
        self.set_aside = wrong if self.set_aside is None else self.set_aside | wrong
        different, counts = np.unique(values[wrong], return_counts=True)
        for value, count in zip(different.tolist(), counts.tolist(), strict=True):
            self.refused[key, _shown(value)] += count

    def _refuse_all(self, cells: Any) -> None:
        """Refuse every cell of a column of another type."""
        import numpy as np

        there = cells.is_valid().to_numpy(zero_copy_only=False)
        if there.any():
            self._refuse(self._key, there, np.array([_shown(value) for value in cells.to_pylist()], object))

    def _read_texts(self, cells: Any) -> None:
        """Only who wrote something counts."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if pa.types.is_dictionary(cells.type):
            cells = cells.dictionary_decode()
        there = cells.is_valid()
        if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
            there = pc.and_(
                there, pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(cells)), 0).fill_null(False)
            )
        self.codes[there.to_numpy(zero_copy_only=False)] = 1

    def _read_options(self, cells: Any) -> None:
        import numpy as np
        import pyarrow as pa

        if not pa.types.is_dictionary(cells.type):
            kind = cells.type
            if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or kind == pa.string_view()):
                self._refuse_all(cells)
                return
            cells = (cells.cast(pa.large_string()) if kind == pa.string_view() else cells).dictionary_encode()
        known = {option: code for code, option in enumerate(self.column.codes, 1)}
        values = cells.dictionary.to_pylist()
        lookup = np.array([*(known.get(value, 0) for value in values), 0], self.codes.dtype)
        indices = cells.indices.fill_null(len(values)) if cells.indices.null_count else cells.indices
        places = indices.to_numpy(zero_copy_only=False)
        self.codes = lookup[places]
        unknown = [place for place, value in enumerate(values) if value is not None and value not in known]
        if unknown:
            wrong = np.isin(places, unknown)
            if wrong.any():
                shown = np.array([*map(_shown, values), ""], object)
                self._refuse(self._key, wrong, shown[places])

    def _read_ticks(self, cells: Any) -> None:
        import pyarrow as pa

        filled = cells.fill_null(False) if cells.null_count else cells
        self.codes = filled.cast(pa.uint8()).to_numpy(zero_copy_only=False) + 1
        if cells.null_count:
            self.codes[~cells.is_valid().to_numpy(zero_copy_only=False)] = 0

    def _read_points(self, cells: Any) -> None:
        """Read points of a scale, or ticks written 0 and 1."""
        if self.beside is not None or not all(isinstance(code, int) for code in self.column.codes):
            self._read_any_points(cells)
        else:
            self._read_whole_points(cells)

    def _read_whole_points(self, cells: Any) -> None:
        """Read points that are whole numbers and all rate, or ticks written 0 and 1."""
        import numpy as np
        import pyarrow as pa

        points = np.array([int(point) for point in self.column.codes], np.int64)
        gone = None
        if cells.null_count:
            gone = ~cells.is_valid().to_numpy(zero_copy_only=False)
        if pa.types.is_integer(cells.type):
            filled = cells.fill_null(int(points[0])) if gone is not None else cells
            values = filled.to_numpy(zero_copy_only=False)
        else:
            values = cells.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
            blank = np.isnan(values)
            gone = blank if gone is None else gone | blank
            values = np.where(blank, points[0], values)
        low, high = points[0], points[-1]
        wrong = None
        if len(values) and not (low <= values.min() and values.max() <= high):
            wrong = (values < low) | (values > high)
            whole = np.where(wrong, low, values)
        else:
            whole = values
        consecutive = high - low + 1 == len(points)
        if consecutive and whole.dtype.kind != "f":
            self.codes = (whole - whole.dtype.type(low) + whole.dtype.type(1)).astype(self.codes.dtype)
        else:
            places = np.minimum(np.searchsorted(points, whole), len(points) - 1)
            between = points[places] != whole
            wrong = between if wrong is None else wrong | between
            self.codes = (places + 1).astype(self.codes.dtype)
        if wrong is not None and wrong.any():
            self._refuse(self._key, wrong, values)
        if gone is not None:
            self.codes[gone] = 0

    def _read_any_points(self, cells: Any) -> None:
        """Read points of a scale that has half points, or points that rate nothing."""
        import numpy as np

        values = as_floats(cells)
        self.codes = codes_of_points(np.array(self.column.codes, float), values).astype(self.codes.dtype)
        if self.beside is not None:
            further = np.array(self.beside.codes, float)
            self.beside_codes = codes_of_points(further, values).astype(np.uint8)
        wrong = ~np.isnan(values) & (self.codes == 0) & (self.beside_codes == 0)
        if wrong.any():
            self._refuse(self._key, wrong, values)

    def _read_days(self, cells: Any) -> None:
        """Read days, from dates or moments."""
        import numpy as np
        import pyarrow as pa

        if not (pa.types.is_date(cells.type) or pa.types.is_timestamp(cells.type)):
            self._refuse_all(cells)
            return
        days = cells.cast(pa.timestamp("us"), safe=False).to_numpy(zero_copy_only=False)
        numbers = days_of(days)
        self.numbers = numbers
        there = ~np.isnan(numbers)
        self.codes = there.view(np.uint8).copy()
        low, high = day_limits(self.question)
        with np.errstate(invalid="ignore"):
            outside = there & ((numbers < low) | (numbers > high))
        self._check(outside, "cells_out_of_range", np.array([str(day)[:10] for day in days], object))

    def _read_numbers(self, cells: Any) -> None:
        import numpy as np

        values = as_floats(cells)
        there = ~np.isnan(values)
        self.numbers = np.where(there, values + 0.0, np.nan)
        self.codes = there.view(np.uint8).copy()
        with np.errstate(invalid="ignore"):
            self._check(~np.isfinite(values) & there, self._key, values)
            there = ~np.isnan(self.numbers)
            self._check(there & (np.abs(values) >= TOO_LARGE), "cells_number_too_large", values)
            limits = self.question.number_limits
            if limits is not None:
                low = -np.inf if limits.minimum is None else limits.minimum
                high = np.inf if limits.maximum is None else limits.maximum
                there = ~np.isnan(self.numbers)
                outside = there & ((values < low) | (values > high))
                self._check(outside, "cells_out_of_range", values)
                if limits.whole:
                    self._check(there & ~outside & (values != np.floor(values)), "cells_not_whole", values)

    def _check(self, wrong: "Mask", key: str, values: Any) -> None:
        if wrong.any():
            self._refuse(key, wrong, values)


def _shown(value: Any) -> str:
    """A value as a problem names it."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return quoted(str(value), 40)


def as_floats(cells: Any) -> "npt.NDArray[np.float64]":
    """Numbers of any type; nan where there is none, or something else than a number."""
    import numpy as np
    import pyarrow as pa

    kind = cells.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        found: npt.NDArray[np.float64] = cells.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        return found
    return np.full(len(cells), np.nan)
