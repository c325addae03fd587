"""Files of SPSS and Stata: codes with their labels, missing codes as declared, sets of several answers."""

from typing import Any

from survey.files.distinct_values import Coded
from survey.files.grid import Grid
from survey.files.labelled_files import Dictionary, ResponseSet, Variable
from survey.ingest.cell_values import MISSING_WORDS, as_text
from survey.ingest.dialects.table import Signs
from survey.ingest.layout import Habits
from survey.ingest.missing_words import missing_kind
from survey.ingest.raw_table import DeclaredMissing, Labelled, RawColumn, RawTable

HABITS = Habits(plain=True, separator="\n")  # between the categories of a set


def detect(grid: Grid) -> Signs:
    """By the format: only these files say what their codes mean."""
    return (grid.dictionary.program.upper(),) if grid.dictionary else None


def read(grid: Grid) -> RawTable:
    """Read one column per variable, named by its name and its label.

    A set whose variables each hold one of the categories is read as one joined column, in their place; a
    variable that ticks an option of a set is named by both, too: "Tools [Phone]".
    """
    assert grid.dictionary is not None
    size = len(grid.numbers) - 1
    columns = []
    ticked = {
        name: answers.label
        for answers in grid.dictionary.sets
        if answers.counted is not None and answers.label
        for name in answers.variables
    }
    for place, variable in enumerate(grid.dictionary.variables):
        cells: Coded[Any] = grid.columns.get(place, Coded.same(None, size + 1))[1:].present()
        values = Coded(cells.codes, [_meaning(raw, variable) for raw in cells.kinds])
        also: tuple[str, ...] = (variable.label,) if variable.label else ()
        if variable.name in ticked:
            also += (f"{ticked[variable.name]} [{variable.label or variable.name}]",)
        columns.append(RawColumn(variable.name, variable.name, values, also=also))
    for answers in categories(grid.dictionary):
        columns = _joined(columns, answers)
    return RawTable(grid.file, grid.sheet, columns, grid.numbers[1:], grid.numbers[0], habits=HABITS)


def categories(dictionary: Dictionary) -> list[ResponseSet]:
    """The sets whose variables hold categories, not ticks, and all are there."""
    known = {variable.name for variable in dictionary.variables}
    return [one for one in dictionary.sets if one.counted is None and known >= set(one.variables)]


def _meaning(raw: Any, variable: Variable) -> Any:
    if raw is None:
        return None
    label = variable.codes.get(raw)
    if variable.is_missing(raw):
        word = MISSING_WORDS[missing_kind(label or "") or "empty"]
        return DeclaredMissing(word, label.strip()) if label else word
    if label is None:
        return raw
    valid = {code for code in variable.codes if not variable.is_missing(code)}
    return Labelled(raw, label.strip(), zero_one=valid <= {0, 1})


def _joined(columns: list[RawColumn], answers: ResponseSet) -> list[RawColumn]:
    """Put one column of joined labels in the place of the variables of a set."""
    parts = [column for column in columns if column.header in answers.variables]
    if not parts:
        return columns
    missing = set(MISSING_WORDS.values())
    rows = []
    for cells in zip(*(column.values for column in parts), strict=True):
        texts = [as_text(cell) for cell in cells if cell is not None]
        chosen = list(dict.fromkeys(text for text in texts if text not in missing))
        rows.append("\n".join(chosen) or (texts[0] if texts else None))
    also = (answers.label,) if answers.label else ()
    joined = RawColumn(answers.name, answers.name, rows, also=also)
    place = columns.index(parts[0])
    rest = [column for column in columns if column not in parts]
    return [*rest[:place], joined, *rest[place:]]
