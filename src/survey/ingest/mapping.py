"""A map made by hand: which header is which question, which label is which option.

```yaml
columns:
  "Q7 (new wording)": firm_type           # a column of the data, or key, submitted, ...
  "Internal note": null                   # left out on purpose
values:
  firm_type:
    "Biotech company": biotech            # for a rating: the point, 5
```
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from survey.arguments import unfit
from survey.errors import Place, Problem, UsageError, usage
from survey.ingest.matching import META_HEADERS, Headers
from survey.instrument import Instrument, Question
from survey.wording import near_misses, normalise


@dataclass(frozen=True)
class Mapping:
    """What a map says: headers (normalised) to columns, labels by question, each with its line."""

    file: str = ""
    columns: dict[str, str | None] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)

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
        problems = []
        known = [*Headers(instrument).targets, *META_HEADERS]
        for header, target in self.columns.items():
            if target is not None and target not in known:
                near = ", ".join(near_misses(target, known)) or "-"
                place = self.place("columns", self.written[header])
                problems.append(Problem("map_unknown_column", place, {"column": target, "near": near}))
        questions = {question.id: question for question in instrument.questions}
        changed: dict[str, Question] = {}
        scales = dict(instrument.scales)
        for question_id, labels in self.values.items():
            question = questions.get(question_id)
            if question is None:
                near = ", ".join(near_misses(question_id, questions)) or "-"
                values = {"question": question_id, "near": near}
                problems.append(Problem("map_unknown_question", self.place("values", question_id), values))
                continue
            rating = question.kind == "rating"
            parts: Any = scales[question.scale or ""].points if rating else question.options
            more: dict[str, list[str]] = {}
            for label, code in labels.items():
                place = self.place("values", question_id, label)
                owner = next(
                    (part.id for part in parts if normalise(label) in map(normalise, part.forms)), code
                )
                if code not in [part.id for part in parts]:
                    near = ", ".join(near_misses(code, [part.id for part in parts])) or "-"
                    values = {"question": question_id, "option": code, "near": near}
                    problems.append(Problem("map_unknown_option", place, values))
                elif owner != code:
                    values = {"label": label, "told": code, "other": owner}
                    problems.append(Problem("map_against_label", place, values))
                else:
                    more.setdefault(code, []).append(label)
            parts = tuple(
                part.model_copy(update={"aliases": (*part.aliases, *more.get(part.id, ()))}) for part in parts
            )
            if rating:
                scale = scales[question.scale or ""]
                scales[question.scale or ""] = scale.model_copy(update={"points": parts})
            else:
                changed[question_id] = question.model_copy(update={"options": parts})
        if problems:
            raise UsageError(*problems)
        kept = tuple(changed.get(question.id, question) for question in instrument.questions)
        return instrument.model_copy(update={"questions": kept, "scales": scales})

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
    import yaml

    path = Path(path)
    file = str(path)
    if not path.is_file():
        raise usage("file_not_found", path=path)
    try:
        loader = yaml.SafeLoader(path.read_text(encoding="utf-8-sig"))
        root = loader.get_single_node()
    except UnicodeDecodeError:
        raise UsageError(Problem("yaml_not_utf8", Place(file=file))) from None
    except OSError as error:
        raise UsageError(Problem("file_unreadable", Place(file=file), {"told": error.strerror})) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(file=file, line=mark.line + 1 if mark else None)
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise UsageError(Problem("yaml_unreadable", place, {"told": reason})) from None
    mapping = Mapping(file)
    problems: list[Problem] = []

    def pairs(node: Any) -> list[tuple[str, Any, int]]:
        if node is None or (isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")):
            return []
        if not isinstance(node, yaml.MappingNode):
            problems.append(Problem("map_form", Place(file=file, line=node.start_mark.line + 1)))
            return []
        out = []
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                out.append((key.value, value, key.start_mark.line + 1))
            else:
                problems.append(Problem("map_form", Place(file=file, line=key.start_mark.line + 1)))
        return out

    def plain(node: Any, line: int) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            problems.append(Problem("map_form", Place(file=file, line=line)))
            return None
        return None if node.tag.endswith(":null") else node.value

    for part, node, line in pairs(root):
        if part == "columns":
            for header, value, at in pairs(node):
                form = normalise(header)
                if form in mapping.columns:
                    problems.append(Problem("yaml_key_twice", Place(file=file, line=at), {"key": header}))
                mapping.columns[form] = plain(value, at)
                mapping.written[form] = header
                mapping.lines["columns", header] = at
        elif part == "values":
            for question, labels, at in pairs(node):
                mapping.lines["values", question] = at
                chosen = mapping.values.setdefault(question, {})
                for label, value, below in pairs(labels):
                    code = plain(value, below)
                    mapping.lines["values", question, label] = below
                    if code is not None:
                        chosen[label] = code
        elif part not in ("instrument", "dialect"):
            values = {"name": part, "near": "columns, values"}
            problems.append(Problem("schema_key_unknown", Place(file=file, line=line), values))
    if problems:
        raise UsageError(*problems)
    return mapping
