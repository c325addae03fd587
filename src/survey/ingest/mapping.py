"""A map made by hand: which header is which question, which label is which option.

```yaml
columns:
  "Q7 (new wording)": firm_type           # a column of the data, or key, submitted, ...
  "Internal note": null                   # left out on purpose
values:
  firm_type:
    "Biotech company": biotech            # for a rating: the point, 5; for a number: the number
    "N/A": {missing: skipped}             # no answer: skipped, empty, not_asked or refused
  tools:
    "1": unticked                         # the codes of a select-all question with one column per option
    "2": ticked
```
"""

import datetime
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from survey.arguments import unfit
from survey.errors import InstrumentError, Place, Problem, UsageError
from survey.ingest.cell_values import Read
from survey.ingest.column_targets import META_HEADERS
from survey.ingest.headers import Headers
from survey.ingest.responses import MISSING_KINDS
from survey.instrument import Instrument, Question
from survey.instrument.yaml_values import Located, parse_values, read_text
from survey.wording import near_misses, normalise

# What the codes of an option's own column may be said to be.
TICKS = {"ticked": True, "unticked": False}


@dataclass(frozen=True)
class Mapping:
    """What a map says: headers (normalised) to columns, labels by question, each with its line.

    `missing`: by question the labels that stand for no answer, with the kind of it. `wave`: the one whose
    rows are read.
    """

    file: str = ""
    columns: dict[str, str | None] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    missing: dict[str, dict[str, str]] = field(default_factory=dict)
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    wave: str | None = None

    def place(self, *where: str) -> Place:
        """The line at which something is said."""
        return Place(file=self.file, line=self.lines.get(where))

    def applied(self, instrument: Instrument) -> Instrument:
        """Give the instrument with the labels of the map as further aliases.

        Raises
        ------
        UsageError
            The map names a column, question or option the instrument does not have, or gives a label of one
            option to another: all of it at once, with lines.
        """
        problems = self._unknown_columns(instrument)
        questions = {question.id: question for question in instrument.questions}
        changed: dict[str, Question] = {}
        for question_id in dict.fromkeys((*self.values, *self.missing)):
            question = questions.get(question_id)
            if question is None:
                near = near_misses(question_id, questions) or "-"
                values = {"question": question_id, "near": near}
                problems.append(Problem("map_unknown_question", self.place("values", question_id), values))
            elif question_id not in self.values:
                continue
            elif question.kind in ("rating", "nps"):
                self._with_labels(question, instrument.scale_of(question).points, problems)
            elif question.traits.cells in ("number", "date", "text"):
                problems += self._no_values(question)
            else:
                options = self._with_labels(question, question.options, problems)
                changed[question_id] = question.model_copy(update={"options": options})
        if problems:
            raise UsageError(*problems)
        kept = tuple(changed.get(question.id, question) for question in instrument.questions)
        return instrument.with_questions(kept)

    def decided(self, instrument: Instrument) -> dict[str, dict[str, Read]]:
        """What single cells mean, by question and normalised text: points, numbers, ticks, no answer."""
        reads: dict[str, dict[str, Read]] = {}
        for question in instrument.questions:
            labels = self.values.get(question.id, {})
            own = {option.id for option in question.options}
            if question.traits.cells == "point":  # of a ranking those labels that are no options
                points = {point.id: point.value for point in instrument.scale_of(question).points}
                reads[question.id] = {
                    normalise(label): Read(points[code]) for label, code in labels.items() if code not in own
                }
            elif question.traits.cells in _VALUES:
                read = _VALUES[question.traits.cells]
                reads[question.id] = {normalise(label): Read(read(code)) for label, code in labels.items()}
            elif question.kind == "single":
                reads[question.id] = {
                    normalise(label): Read(code) for label, code in labels.items() if _is_code(label)
                }
            elif question.kind == "multiple":
                ticks = {label: code for label, code in labels.items() if code in TICKS and code not in own}
                reads[question.id] = {normalise(label): Read(TICKS[code]) for label, code in ticks.items()}
            gaps = self.missing.get(question.id, {})
            reads.setdefault(question.id, {}).update(
                {normalise(label): Read(missing=kind) for label, kind in gaps.items()}
            )
        return reads

    def _no_values(self, question: Question) -> list[Problem]:
        """Tell what a number, date or text is said to be that it cannot be."""
        problems = []
        cells = question.traits.cells
        for label, code in self.values[question.id].items():
            try:
                _VALUES[cells](code)
            except (KeyError, ValueError):
                values = {"question": question.id, "label": label, "told": code}
                place = self.place("values", question.id, label)
                problems.append(Problem(f"map_no_{cells}", place, values))
        return problems

    def _unknown_columns(self, instrument: Instrument) -> list[Problem]:
        known = [*Headers(instrument).targets, *META_HEADERS]
        problems = []
        for header, target in self.columns.items():
            if target is not None and target not in known:
                near = near_misses(target, known) or "-"
                place = self.place("columns", self.written[header])
                problems.append(Problem("map_unknown_column", place, {"column": target, "near": near}))
        return problems

    def _with_labels(
        self, question: Question, parts: tuple[Any, ...], problems: list[Problem]
    ) -> tuple[Any, ...]:
        """Give the options or points of a question with the labels that the map gives them."""
        question_id = question.id
        known = [part.id for part in parts]
        more: dict[str, list[str]] = {}
        for label, code in self.values[question_id].items():
            place = self.place("values", question_id, label)
            owner = next((part.id for part in parts if normalise(label) in map(normalise, part.forms)), code)
            if question.kind == "multiple" and code in TICKS and code not in known:
                continue
            if question.kind == "ranking" and code in map(str, range(1, question.places + 1)):
                continue
            if code not in known:
                near = near_misses(code, known) or "-"
                values = {"question": question_id, "option": code, "near": near}
                problems.append(Problem("map_unknown_option", place, values))
            elif owner != code and question.kind == "single" and _is_code(label):
                continue  # a number may be the label of one option and the code of another
            elif owner != code:
                values = {"label": label, "told": code, "other": owner}
                problems.append(Problem("map_against_label", place, values))
            else:
                more.setdefault(code, []).append(label)
        return tuple(
            part.model_copy(update={"aliases": (*part.aliases, *more.get(part.id, ()))}) for part in parts
        )

    def unused(self, headers: list[str], file: str) -> list[Problem]:
        """Tell the headers of the map that a file does not have."""
        there = {normalise(header) for header in headers}
        return [
            Problem(
                "map_unused",
                self.place("columns", self.written[header]),
                {"header": self.written[header], "file": file},
            )
            for header in self.columns
            if header not in there
        ]


def _is_code(label: str) -> bool:
    return label.strip().isdecimal()


def read_mapping(path: "str | Path | Mapping") -> Mapping:
    """Read a map; see the head of this module for its form.

    Raises
    ------
    UsageError
        There is no such file, it is not YAML, or not of that form; with line.
    """
    if isinstance(path, Mapping):
        return path
    if not isinstance(path, str | Path):
        raise unfit("mapping_needed", path)
    file = str(path)
    try:
        data, located = parse_values(read_text(path), file, as_texts=True)
    except InstrumentError as error:
        raise UsageError(*error.problems) from None
    return _MapReader(file, located).read(data)


class _MapReader:
    """Reads the data of a map; what is not of its form is collected and refused at once."""

    def __init__(self, file: str, located: Located) -> None:
        self.mapping = Mapping(file)
        self.located = located
        self.problems: list[Problem] = []

    def read(self, data: Any) -> Mapping:
        for part, below in self._pairs(data):
            if part == "columns":
                self._columns(below)
            elif part == "values":
                for question, labels in self._pairs(below, part):
                    self._labels(question, labels)
            elif part not in ("instrument", "dialect"):
                self._bad("schema_key_unknown", (part,), {"name": part, "near": "columns, values"})
        if self.problems:
            raise UsageError(*self.problems)
        return self.mapping

    def _columns(self, columns: Any) -> None:
        for header, target in self._pairs(columns, "columns"):
            where, form = ("columns", header), normalise(header)
            if form in self.mapping.columns:
                self._bad("yaml_key_twice", where, {"key": header})
            self.mapping.columns[form] = self._plain(target, where)
            self.mapping.written[form] = header
            self._keep_line(where)

    def _labels(self, question: str, labels: Any) -> None:
        self._keep_line(("values", question))
        codes = self.mapping.values.setdefault(question, {})
        for label, value in self._pairs(labels, "values", question):
            where = ("values", question, label)
            self._keep_line(where)
            if isinstance(value, dict | tuple):
                self._missing(value, where)
            elif value is not None:
                codes[label] = value

    def _missing(self, value: Any, where: tuple[str, ...]) -> None:
        """`{missing: skipped}`: the label stands for no answer."""
        _, question, label = where
        kind = value.get("missing") if isinstance(value, dict) and len(value) == 1 else None
        if not isinstance(kind, str) or kind not in MISSING_KINDS:
            self._bad("map_missing_form", where, {"label": label, "known": list(MISSING_KINDS)})
        else:
            self.mapping.missing.setdefault(question, {})[label] = kind

    def _pairs(self, data: Any, *where: str) -> list[tuple[str, Any]]:
        """The keys and values of a mapping; of what is empty none."""
        if data is None:
            return []
        if not isinstance(data, dict):
            self._bad("map_form", where)
            return []
        return list(data.items())

    def _plain(self, value: Any, where: tuple[str, ...]) -> str | None:
        if isinstance(value, dict | tuple):
            self._bad("map_form", where)
            return None
        return None if value is None else str(value)

    def _keep_line(self, where: tuple[str, ...]) -> None:
        line = self.located(where).line
        if line is not None:
            self.mapping.lines[where] = line

    def _bad(self, key: str, where: tuple[str, ...], values: dict[str, Any] | None = None) -> None:
        self.problems.append(Problem(key, self.located(where), values or {}))


def _finite(code: str) -> float:
    value = float(code)
    if not math.isfinite(value):
        raise ValueError(code)
    return value


# What a map may say that a cell is, where there is no list of answers.
_VALUES: dict[str, Callable[[str], Any]] = {
    "number": _finite,
    "date": datetime.datetime.fromisoformat,
}
