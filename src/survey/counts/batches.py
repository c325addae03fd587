"""A batch of respondents as codes: from `Responses`, or from Arrow columns as a coded export has them."""

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from survey.counts.code_columns import ANSWERED, CodeColumn, CodeColumns
from survey.counts.definition import WEIGHT_UNIT, Definition
from survey.counts.tally_parts import Refusal
from survey.errors import DataError, Place, Problem
from survey.ingest.days import DATE, days_as_dates, quantities
from survey.ingest.deriving import derive
from survey.ingest.quality_rules import RULES, Unchecked
from survey.ingest.responses import MISSING_KINDS, Responses
from survey.instrument.derived import read_by

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Codes = npt.NDArray[np.unsignedinteger[Any]]
    Mask = npt.NDArray[np.bool_]

EMPTY, NOT_ASKED, REFUSED = (MISSING_KINDS.index(kind) + 1 for kind in ("empty", "not_asked", "refused"))
# A weight above this is no weight of a survey: divide weights by their mean first.
MOST_WEIGHT = 256.0


@dataclass
class Batch:
    """Some respondents. `codes`: per code column one each; `kinds`: per column with gaps that of each gap.

    `kinds` holds 0 where there is an answer, else the place in `MISSING_KINDS` from 1; a column without gaps
    is not in it. `numbers`: nan where there is no answer. `weights`: in units of `WEIGHT_UNIT`, and their
    squares. `unfinished`: what the file says of forms that were not completed. `out_of_range`: how many cells
    of each respondent were. `tests`: how many of them are test rows; None where nobody knows.
    """

    size: int
    codes: "dict[str, Codes]" = field(default_factory=dict)
    numbers: "dict[str, npt.NDArray[np.float64]]" = field(default_factory=dict)
    kinds: "dict[str, Codes]" = field(default_factory=dict)
    weights: "tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]] | None" = None
    unfinished: "Mask | None" = None
    out_of_range: "npt.NDArray[np.int64] | None" = None
    tests: int | None = None
    reconstructed: bool = False
    refusals: tuple[Refusal, ...] = ()
    sources: tuple[tuple[str, int], ...] = ()
    texts: "dict[str, list[str | None]]" = field(default_factory=dict)

    def only(self, kept: "Mask") -> "Batch":
        """Keep some respondents."""
        if kept.all():
            return self
        at = kept.nonzero()[0]
        name = self.sources[0][0] if self.sources else ""
        return replace(
            self,
            size=len(at),
            codes={key: codes[at] for key, codes in self.codes.items()},
            numbers={key: values[at] for key, values in self.numbers.items()},
            kinds={key: kinds[at] for key, kinds in self.kinds.items()},
            weights=(self.weights[0][at], self.weights[1][at]) if self.weights else None,
            out_of_range=self.out_of_range[at] if self.out_of_range is not None else None,
            sources=((name, len(at)),),
        )

    def subset(self, definition: Definition) -> "Batch":
        """Keep those who meet the conditions of a definition."""
        import numpy as np

        kept = np.ones(self.size, np.bool_)
        for condition in definition.subset:
            asked = condition.question
            names = [f"{asked.id}__{condition.part.id}"] if condition.part else list(asked.answer_columns)
            frame = self.frame(names, definition.columns)
            kept &= condition.holds(frame).to_numpy(dtype=bool)
        return self.only(kept)

    def frame(self, names: list[str], columns: CodeColumns) -> "pd.DataFrame":
        """Some columns of answers with the types of `Responses.data`."""
        import pandas as pd

        return pd.DataFrame({name: self._typed(columns.by_name[name], columns) for name in names})

    def _points(self, column: CodeColumn, columns: CodeColumns) -> Any:
        """The answers on a scale, those that rate nothing among them."""
        import numpy as np
        import pandas as pd

        values, gone = self._values(column), self.codes[column.name] == 0
        if (beside := columns.unrated.get(column.name)) is not None:
            is_further = self.codes[beside.name] > 0
            values, gone = np.where(is_further, self._values(beside), values), gone & ~is_further
        if values.dtype.kind == "f":
            return pd.arrays.FloatingArray(values.astype(np.float64), gone)
        return pd.arrays.IntegerArray(values.astype(np.int64), gone)

    def _values(self, column: CodeColumn) -> Any:
        """What the codes of a column stand for; its first code where there is none."""
        import numpy as np

        return np.array([column.codes[0], *column.codes])[self.codes[column.name]]

    def _typed(self, column: CodeColumn, columns: CodeColumns) -> Any:
        import numpy as np
        import pandas as pd

        codes = self.codes[column.name].astype(np.int64)
        if column.cells == "text":
            return pd.array(self.texts[column.name], dtype="string[python]")
        if column.cells == "number":
            return pd.array(self.numbers[column.name], dtype="Float64")
        if column.cells == "date":
            return pd.array(days_as_dates(self.numbers[column.name]), dtype=DATE)
        if column.cells == "option":
            return pd.Categorical.from_codes(codes - 1, categories=list(column.codes))
        if column.cells == "point":
            return self._points(column, columns)
        return pd.arrays.BooleanArray(self._values(column).astype(np.bool_), codes == 0)


def narrowest(column: CodeColumn) -> Any:
    """The type of the codes of a column."""
    import numpy as np

    return np.uint8 if len(column.codes) < 255 else np.uint16


def with_answered(batch: Batch, definition: Definition) -> Batch:
    """Add who answered any part of the questions that have several."""
    for column in definition.columns.columns:
        if column.cells == ANSWERED:
            names = _parts_of(definition, column.question)
            batch.codes[column.name] = _answered_any([batch.codes[name] for name in names])
    return batch


def with_derived_codes(batch: Batch, definition: Definition) -> Batch:
    """Add the derived variables, computed of the columns that were read."""
    import pandas as pd

    instrument = definition.instrument
    if not instrument.rules:
        return batch
    read = {name for rule in instrument.rules for name in read_by(rule)}
    heads = {one.question: one.question.partition("__")[0] for one in definition.columns.given}
    columns = [
        one
        for one in definition.columns.given
        if {one.question, heads[one.question]} & read and one.cells != "text"  # of a row the grid is named
    ]
    kinds = pd.CategoricalDtype(["", *MISSING_KINDS])
    data = batch.frame([column.name for column in columns], definition.columns)
    missing = pd.DataFrame(
        {
            column.name: pd.Categorical.from_codes(
                batch.kinds[column.name] if column.name in batch.kinds else [0] * batch.size, dtype=kinds
            )
            for column in columns
        }
    )
    made, gaps, _ = derive(instrument, data, missing, instrument.rules)
    for column in definition.columns.answers:
        if column.derived:
            _take_series(batch, column, definition.columns, made, gaps)
    return batch


def _take_series(
    batch: Batch, column: CodeColumn, columns: CodeColumns, data: "pd.DataFrame", missing: "pd.DataFrame"
) -> None:
    """Code a column of answers with its kinds of missing."""
    import numpy as np

    answers, kinds, unrated = data[column.name], missing[column.name], columns.unrated

    batch.codes[column.name] = _codes_of_series(column, answers)
    if (beside := unrated.get(column.name)) is not None:
        batch.codes[beside.name] = _codes_of_series(beside, answers)
    if column.cells in ("number", "date"):
        batch.numbers[column.name] = quantities(answers)
    places = kinds.cat.codes.to_numpy() if kinds.dtype == "category" else None
    if places is None or kinds.cat.categories.tolist() != ["", *MISSING_KINDS]:
        known = {kind: place for place, kind in enumerate(("", *MISSING_KINDS))}
        places = np.array([known[kind] for kind in kinds.tolist()], np.int8)
    if (batch.codes[column.name] == 0).any():
        batch.kinds[column.name] = places.astype(np.uint8)


def _parts_of(definition: Definition, question: str) -> list[str]:
    """The code columns of the answers to a question: what rates nothing is an answer, too."""
    names = definition.instrument.question(question).answer_columns
    unrated = definition.columns.unrated
    return [*names, *(unrated[name].name for name in names if name in unrated)]


def _answered_any(parts: "list[Codes]") -> "Codes":
    """1 for each respondent who answered any part, else 0."""
    answered = parts[0] > 0
    for codes in parts[1:]:
        answered |= codes > 0
    return answered.view("uint8")


# -- Responses -----------------------------------------------------------------------------------------------


def batch_of_responses(responses: Responses, definition: Definition) -> Batch:
    """Code responses; conditions are theirs already."""
    import numpy as np

    batch = Batch(len(responses), reconstructed=responses.provenance.reconstructed)
    for column in definition.columns.answers:
        _take_series(batch, column, definition.columns, responses.data, responses.missing)
    meta = responses.meta
    if "finished" in meta:
        batch.unfinished = ~meta["finished"].fillna(True).to_numpy(dtype=bool)
    if "status" in meta:
        batch.tests = len(_hits("test_rows", responses))
    batch.out_of_range = np.bincount(_hits("out_of_range", responses), minlength=len(responses))
    if definition.weight:
        batch.weights = weights_of(_weight_column(responses, definition.weight), definition.weight, "")
    files = Counter(meta["source"].tolist()) if "source" in meta else Counter({"": len(responses)})
    batch.sources = tuple(sorted((str(name), n) for name, n in files.items()))
    return with_answered(batch, definition)


class CodesOfResponses(dict[str, "Codes"]):
    """The codes of responses by column, each coded when it is first asked for."""

    def __init__(self, responses: Responses, definition: Definition) -> None:
        """Take the responses."""
        super().__init__()
        self._responses, self._definition = responses, definition

    def __missing__(self, name: str) -> "Codes":
        """Code a column."""
        column = self._definition.columns.by_name[name]
        if column.cells == ANSWERED:
            codes = _answered_any([self[part] for part in _parts_of(self._definition, column.question)])
        else:
            codes = _codes_of_series(column, self._responses.data[column.source or name])
        self[name] = codes
        return codes


def _hits(rule: str, responses: Responses) -> "npt.NDArray[np.int64]":
    """The respondents that a rule finds, each as often as it finds them."""
    import numpy as np

    found = RULES[rule].look(responses, 0.0)
    places = [] if isinstance(found, Unchecked) else [place for place, _ in found]
    return np.array(places, np.int64)


def _weight_column(responses: Responses, name: str) -> "npt.NDArray[np.float64]":
    import numpy as np

    column = responses.meta[name] if name in responses.meta else responses.data[name]
    weights: npt.NDArray[np.float64] = column.to_numpy(dtype=float, na_value=np.nan)
    return weights


def _codes_of_series(column: CodeColumn, answers: "pd.Series[Any]") -> "Codes":
    import numpy as np

    codes: npt.NDArray[Any]
    if column.cells == "option":
        codes = answers.cat.codes.to_numpy() + 1
        if answers.cat.categories.tolist() != list(column.codes):
            own = [0, *(column.codes.index(value) + 1 for value in answers.cat.categories)]
            codes = np.array(own)[codes]
    elif column.cells in ("number", "date", "text"):
        codes = answers.notna().to_numpy()
    else:
        if column.cells == "tick":
            codes = answers.to_numpy(dtype=bool, na_value=False) + 1
        else:
            points = np.array(column.codes)
            values = answers.to_numpy(dtype=points.dtype, na_value=points[0])
            codes = codes_of_points(points, values)
        codes[answers.isna().to_numpy()] = 0
    found: Codes = codes.astype(narrowest(column))
    return found


def codes_of_points(points: "npt.NDArray[Any]", values: "npt.NDArray[Any]") -> "npt.NDArray[Any]":
    """The code of each value: 1 that of the first point, 0 of what is none of them."""
    import numpy as np

    order = np.argsort(points, kind="stable")
    places = np.minimum(np.searchsorted(points, values, sorter=order), len(points) - 1)
    codes = order[places] + 1
    codes[points[order[places]] != values] = 0
    return codes


def weights_of(
    values: "npt.NDArray[np.float64]", name: str, source: str
) -> "tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]":
    """Weights and their squares, in whole units.

    Raises
    ------
    DataError
        A weight is missing, negative, or too large to be one.
    """
    import numpy as np

    wrong = ~((values >= 0) & (values <= MOST_WEIGHT))
    if wrong.any():
        count = int(wrong.sum())
        first = values[int(wrong.argmax())]
        told = {"weight": name, "count": count, "value": f"{first:g}", "most": f"{MOST_WEIGHT:g}"}
        key = "tally_weights_empty" if np.isnan(first) else "tally_weights_unusable"
        raise DataError(Problem(key, Place(file=source), told))
    return np.rint(values / WEIGHT_UNIT), np.rint(values**2 / WEIGHT_UNIT)
